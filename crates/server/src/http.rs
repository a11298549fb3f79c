//! The rim: HTTP in, HTTP out, and a log that names no person.
//!
//! It must not decide anything about a change; it bounds what comes in, hands it on, and words the
//! answer as the protocol lays down.

use std::{future::Future, io, sync::Arc, time::Duration};

use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, Request, State, rejection::BytesRejection},
    http::{HeaderMap, StatusCode, header},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use jitasa_domain::change::Verdict;
use jitasa_protocol::{
    Code, ENROL_PATH, ENROL_PATH_V1, EnrolRequest, FRAME_TYPE, HEALTH_PATH, PROTOCOL, Problem,
    Protocol, SYNC_PATH, SYNC_PATH_V1, SyncRequest, check_protocol, limits,
};
use serde::{Serialize, de::DeserializeOwned};
use tokio::{net::TcpListener, sync::Semaphore};

use crate::{
    clock::{now, stopwatch},
    frames::Address,
    ledger::Refusal,
    province::{Province, tally},
};

/// Requests under way at once; one writer serves them, so more would only wait.
const AT_ONCE_MAX: usize = 64;
/// A request that is not answered by then is given up, whether it came in too slowly or waited.
const REQUEST_TIMEOUT_S: u64 = 30;
/// What a desk is told to wait when the server is busy.
const RETRY_AFTER_S: &str = "5";
/// After the signal to stop, requests under way have this long to end.
const STOP_TIMEOUT_S: u64 = 10;

/// The routes of a province.
pub fn router(province: Arc<Province>) -> Router {
    let gate = Arc::new(Semaphore::new(AT_ONCE_MAX));
    Router::new()
        .route(ENROL_PATH, post(enrol_signed))
        .route(SYNC_PATH, post(sync_signed))
        .route(ENROL_PATH_V1, post(enrol))
        .route(SYNC_PATH_V1, post(sync))
        .layer(DefaultBodyLimit::max(limits::BODY_BYTES_MAX))
        .layer(from_fn_with_state(gate, bounded))
        .route(HEALTH_PATH, get(health))
        .with_state(province)
}

/// Serves until `stop` ends, then lets requests under way finish.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    listener: TcpListener,
    province: Arc<Province>,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let (stopping, stopped) = tokio::sync::oneshot::channel::<()>();
    let serving = axum::serve(listener, router(province)).with_graceful_shutdown(async move {
        stop.await;
        drop(stopping);
    });
    let overdue = async {
        let _ = stopped.await;
        tokio::time::sleep(Duration::from_secs(STOP_TIMEOUT_S)).await;
    };
    tokio::select! {
        ended = serving => ended,
        () = overdue => Ok(()),
    }
}

async fn bounded(State(gate): State<Arc<Semaphore>>, request: Request, next: Next) -> Response {
    let Ok(_permit) = gate.try_acquire_owned() else {
        return problem(Code::Busy.into());
    };
    let within = Duration::from_secs(REQUEST_TIMEOUT_S);
    match tokio::time::timeout(within, next.run(request)).await {
        Ok(response) => response,
        Err(_) => problem(Code::Busy.into()),
    }
}

async fn health(State(province): State<Arc<Province>>) -> Response {
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

async fn enrol_signed(
    State(province): State<Arc<Province>>,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let body = match bounded_body(body) {
        Ok(body) => body,
        Err(refused) => return problem(refused),
    };
    let address = Address::default();
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

async fn sync_signed(
    State(province): State<Arc<Province>>,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let body = match bounded_body(body) {
        Ok(body) => body,
        Err(refused) => return problem(refused),
    };
    let took_us = stopwatch();
    match off_the_loop(move || province.take(&body, now())).await {
        Ok(answered) => {
            tell(
                &answered.office_code,
                None,
                &answered.answer.outcomes,
                answered.answer.delivered.len(),
                answered.answer.head.cursor,
                took_us(),
            );
            framed(answered.frame)
        }
        Err(refusal) => {
            refused("sync", "", &refusal);
            respond::<()>(Err(refusal))
        }
    }
}

fn framed(frame: Vec<u8>) -> Response {
    (
        [
            (header::CACHE_CONTROL, "no-store"),
            (header::CONTENT_TYPE, FRAME_TYPE),
        ],
        frame,
    )
        .into_response()
}

async fn enrol(
    State(province): State<Arc<Province>>,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let request: EnrolRequest = match read(body) {
        Ok(request) => request,
        Err(refused) => return problem(refused),
    };
    let office_code = request.office_code.clone();
    let answer = off_the_loop(move || province.enrol(&request, now())).await;
    match &answer {
        Ok(_) => tracing::info!(office_code, "enrolled"),
        Err(refusal) => refused("enrol", &office_code, refusal),
    }
    respond(answer)
}

async fn sync(
    State(province): State<Arc<Province>>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let request: SyncRequest = match read(body) {
        Ok(request) => request,
        Err(refused) => return problem(refused),
    };
    let Some(token) = bearer(&headers) else {
        return problem(Code::DeviceUnknown.into());
    };
    let took_us = stopwatch();
    let office_code = request.office_code.clone();
    let batch_id = request
        .batch
        .as_ref()
        .map(|batch| batch.batch_id.to_string());
    let answer = off_the_loop(move || province.sync(&token, &request, now())).await;
    match &answer {
        Ok(answer) => tell(
            &office_code,
            batch_id.as_deref(),
            &answer.outcomes,
            answer.delivered.len(),
            answer.cursor,
            took_us(),
        ),
        Err(refusal) => refused("sync", &office_code, refusal),
    }
    respond(answer)
}

/// One line for each exchange: codes, ids of batches and counts; never a name or a place.
fn tell(
    office_code: &str,
    batch_id: Option<&str>,
    outcomes: &[jitasa_domain::change::Outcome],
    delivered: usize,
    cursor: u64,
    took_us: u64,
) {
    tracing::info!(
        office_code,
        batch_id,
        changes = outcomes.len(),
        new = tally(outcomes, Verdict::New),
        merged = tally(outcomes, Verdict::Merged),
        conflicts = tally(outcomes, Verdict::Conflict),
        held = tally(outcomes, Verdict::Held),
        delivered,
        cursor,
        took_us,
        "synced"
    );
}

fn refused(what: &str, office_code: &str, refusal: &Refusal) {
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
fn cause(error: &dyn std::error::Error) -> Option<String> {
    error.source().map(ToString::to_string)
}

async fn off_the_loop<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    match tokio::task::spawn_blocking(work).await {
        Ok(answer) => answer,
        Err(_) => Err(Code::Internal.into()),
    }
}

fn bounded_body(body: Result<Bytes, BytesRejection>) -> Result<Bytes, Problem> {
    body.map_err(|rejection| {
        let too_large = rejection.status() == StatusCode::PAYLOAD_TOO_LARGE;
        if too_large {
            Code::TooLarge.into()
        } else {
            Code::Malformed.into()
        }
    })
}

fn read<T: DeserializeOwned>(body: Result<Bytes, BytesRejection>) -> Result<T, Problem> {
    let body = bounded_body(body)?;
    // The version first: what a newer desk says need not make sense to this server.
    let spoken: Protocol = serde_json::from_slice(&body).map_err(|_| Code::Malformed)?;
    check_protocol(spoken.protocol)?;
    serde_json::from_slice(&body).map_err(|_| Code::Malformed.into())
}

fn bearer(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    value.strip_prefix("Bearer ").map(ToString::to_string)
}

fn respond<T: Serialize>(answer: Result<T, Refusal>) -> Response {
    match answer {
        Ok(answer) => json(StatusCode::OK, &answer),
        Err(Refusal::Problem(refused)) => problem(refused),
        Err(Refusal::Ledger(_)) => problem(Code::Internal.into()),
    }
}

fn problem(refused: Problem) -> Response {
    let status = StatusCode::from_u16(refused.code.status());
    let mut response = json(
        status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
        &refused,
    );
    if refused.code == Code::Busy {
        response.headers_mut().insert(
            header::RETRY_AFTER,
            header::HeaderValue::from_static(RETRY_AFTER_S),
        );
    }
    response
}

fn json<T: Serialize>(status: StatusCode, body: &T) -> Response {
    (
        status,
        [(header::CACHE_CONTROL, "no-store")],
        axum::Json(body),
    )
        .into_response()
}
