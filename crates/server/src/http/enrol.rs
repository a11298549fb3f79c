//! A desk asks to belong to the province.

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    response::Response,
};
use jitasa_protocol::EnrolRequest;

use super::{
    Rim,
    answer::{framed, off_the_loop, problem, read, refused, respond, whole},
};
use crate::clock::now;

/// With a key, as a signed frame.
pub(super) async fn enrol_signed(
    State(rim): State<Arc<Rim>>,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let body = match whole(body) {
        Ok(body) => body,
        Err(refused) => return problem(refused),
    };
    let (province, address) = (Arc::clone(&rim.province), rim.serving.address());
    let granted = off_the_loop(move || province.enrol_signed(&body, &address, now())).await;
    match granted {
        Ok(frame) => {
            tracing::info!("enrolled");
            framed(frame)
        }
        Err(refusal) => {
            refused("enrol", "", &refusal);
            respond::<()>(Err(refusal))
        }
    }
}

/// In protocol 1, for a token.
pub(super) async fn enrol(
    State(rim): State<Arc<Rim>>,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let request: EnrolRequest = match read(body) {
        Ok(request) => request,
        Err(refused) => return problem(refused),
    };
    let office_code = request.office_code.clone();
    let province = Arc::clone(&rim.province);
    let answer = off_the_loop(move || province.enrol(&request, now())).await;
    match &answer {
        Ok(_) => tracing::info!(office_code, "enrolled"),
        Err(refusal) => refused("enrol", &office_code, refusal),
    }
    respond(answer)
}
