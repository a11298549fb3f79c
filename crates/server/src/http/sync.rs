//! Push, acknowledge and pull in one round trip.

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    http::{HeaderMap, header},
    response::Response,
};
use jitasa_domain::change::{Outcome, Verdict};
use jitasa_protocol::{Code, SyncRequest};

use super::{
    Rim,
    answer::{framed, off_the_loop, problem, read, refused, respond, whole},
};
use crate::{
    clock::{now, stopwatch},
    province::tally,
};

pub(super) async fn sync(
    State(rim): State<Arc<Rim>>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let request: SyncRequest = match read(body) {
        Ok(request) => request,
        Err(refused) => return problem(refused),
    };
    let Some(token) = bearer(&headers).map(ToString::to_string) else {
        return problem(Code::DeviceUnknown.into());
    };
    let took_us = stopwatch();
    let office_code = request.office_code.clone();
    let batch_id = request
        .batch
        .as_ref()
        .map(|batch| batch.batch_id.to_string());
    let province = Arc::clone(&rim.province);
    let answer = off_the_loop(move || province.sync(&token, &request, now())).await;
    match &answer {
        Ok(answer) => {
            let told = Told {
                office_code: &office_code,
                batch_id: batch_id.as_deref(),
                outcomes: &answer.outcomes,
                delivered: answer.delivered.len(),
                cursor: answer.cursor,
            };
            tell(&rim, &told, took_us());
        }
        Err(refusal) => refused("sync", &office_code, refusal),
    }
    respond(answer)
}

/// A signed frame in, a signed frame out.
pub(super) async fn sync_signed(
    State(rim): State<Arc<Rim>>,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let body = match whole(body) {
        Ok(body) => body,
        Err(refused) => return problem(refused),
    };
    let took_us = stopwatch();
    let province = Arc::clone(&rim.province);
    match off_the_loop(move || province.take(&body, now())).await {
        Ok(answered) => {
            let told = Told {
                office_code: &answered.office_code,
                batch_id: None,
                outcomes: &answered.answer.outcomes,
                delivered: answered.answer.delivered.len(),
                cursor: answered.answer.head.cursor,
            };
            tell(&rim, &told, took_us());
            framed(answered.frame)
        }
        Err(refusal) => {
            refused("sync", "", &refusal);
            respond::<()>(Err(refusal))
        }
    }
}

/// What the log and the figures are told of an exchange.
struct Told<'a> {
    office_code: &'a str,
    batch_id: Option<&'a str>,
    outcomes: &'a [Outcome],
    delivered: usize,
    cursor: u64,
}

/// One line for each exchange: codes, ids of batches and counts; never a name or a place.
fn tell(rim: &Rim, told: &Told, took_us: u64) {
    rim.figures.exchanged(told.outcomes);
    tracing::info!(
        office_code = told.office_code,
        batch_id = told.batch_id,
        changes = told.outcomes.len(),
        new = tally(told.outcomes, Verdict::New),
        merged = tally(told.outcomes, Verdict::Merged),
        conflicts = tally(told.outcomes, Verdict::Conflict),
        held = tally(told.outcomes, Verdict::Held),
        delivered = told.delivered,
        cursor = told.cursor,
        took_us,
        "synced"
    );
}

/// The token a device shows.
pub(super) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    value.strip_prefix("Bearer ")
}
