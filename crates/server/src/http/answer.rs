//! How answers and refusals look on the wire, and what the log says of them.

use std::error::Error;

use axum::{
    body::Bytes,
    extract::rejection::BytesRejection,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use jitasa_protocol::{Code, FRAME_TYPE, Problem, Protocol, check_protocol};
use serde::{Serialize, de::DeserializeOwned};

use crate::ledger::Refusal;

/// What a desk is told to wait when the server is busy.
const RETRY_AFTER_S: u64 = 5;

/// The body, within its route's limit.
pub(super) fn whole(body: Result<Bytes, BytesRejection>) -> Result<Bytes, Problem> {
    body.map_err(|rejection| {
        let too_large = rejection.status() == StatusCode::PAYLOAD_TOO_LARGE;
        if too_large {
            Code::TooLarge.into()
        } else {
            Code::Malformed.into()
        }
    })
}

/// A body of protocol 1.
pub(super) fn read<T: DeserializeOwned>(body: Result<Bytes, BytesRejection>) -> Result<T, Problem> {
    let body = whole(body)?;
    // The version first: what a newer desk says need not make sense to this server.
    let spoken: Protocol = serde_json::from_slice(&body).map_err(|_| Code::Malformed)?;
    check_protocol(spoken.protocol)?;
    serde_json::from_slice(&body).map_err(|_| Code::Malformed.into())
}

/// A signed frame.
pub(super) fn framed(frame: Vec<u8>) -> Response {
    let headers = [
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_TYPE, FRAME_TYPE),
    ];
    (headers, frame).into_response()
}

/// Does what waits for the disk away from the threads that serve connections.
pub(super) async fn off_the_loop<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    match tokio::task::spawn_blocking(work).await {
        Ok(answer) => answer,
        Err(_) => Err(Code::Internal.into()),
    }
}

pub(super) fn respond<T: Serialize>(answer: Result<T, Refusal>) -> Response {
    match answer {
        Ok(answer) => json(StatusCode::OK, &answer),
        Err(Refusal::Problem(refused)) => problem(refused),
        Err(Refusal::Ledger(_)) => problem(Code::Internal.into()),
    }
}

pub(super) fn problem(refused: Problem) -> Response {
    if refused.code == Code::Busy {
        return busy(RETRY_AFTER_S);
    }
    let status = StatusCode::from_u16(refused.code.status());
    json(
        status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
        &refused,
    )
}

/// Not now; ask again after so many seconds.
pub(super) fn busy(retry_after_s: u64) -> Response {
    let mut response = json(StatusCode::SERVICE_UNAVAILABLE, &Problem::from(Code::Busy));
    response
        .headers_mut()
        .insert(header::RETRY_AFTER, HeaderValue::from(retry_after_s));
    response
}

pub(super) fn json<T: Serialize>(status: StatusCode, body: &T) -> Response {
    (
        status,
        [(header::CACHE_CONTROL, "no-store")],
        axum::Json(body),
    )
        .into_response()
}

/// One line on a refusal.
pub(super) fn refused(what: &str, office_code: &str, refusal: &Refusal) {
    // The office's code is whatever the caller wrote until he is known: only digits are logged.
    let office_code = Some(office_code)
        .filter(|code| code.len() <= 6 && code.bytes().all(|byte| byte.is_ascii_digit()));
    match refusal {
        Refusal::Problem(problem) => {
            tracing::warn!(what, office_code, code = problem.code.text(), "refused");
        }
        Refusal::Ledger(error) => {
            tracing::error!(what, office_code, error = %error, cause = cause(error), "failed");
        }
    }
}

/// What lies under a failure: SQLite's words on its own state, never a row's content.
fn cause(error: &dyn Error) -> Option<String> {
    error.source().map(ToString::to_string)
}
