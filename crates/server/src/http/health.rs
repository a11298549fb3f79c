//! Whether the server is alive: 200 while the ledger can be read.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode, response::Response};
use jitasa_protocol::{Code, PROTOCOL};

use super::{
    Rim,
    answer::{json, problem},
};

pub(super) async fn health(State(rim): State<Arc<Rim>>) -> Response {
    let province = Arc::clone(&rim.province);
    let answered = tokio::task::spawn_blocking(move || province.standing()).await;
    if matches!(answered, Ok(Ok(_))) {
        let health = serde_json::json!({
            "status": "ok", "protocol": PROTOCOL, "version": env!("CARGO_PKG_VERSION"),
        });
        json(StatusCode::OK, &health)
    } else {
        problem(Code::Internal.into())
    }
}
