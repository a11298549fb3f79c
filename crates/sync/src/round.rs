//! Drives the core for a desk over a transport, and enrols a desk.

use jitasa_domain::Timestamp;
use jitasa_protocol::{EnrolRequest, PROTOCOL, Secret};
use serde::Serialize;

use crate::{
    core::{Effect, Event, State, step},
    desk_side::{Absorbed, Desk, Enrolment},
    error::SyncError,
    transport::{Transport, TransportError},
};

/// What a round of sync came to. `sent = new + merged + conflicts + held`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Receipt {
    /// Changes the server gave its word on.
    pub sent: u64,
    /// Applied as they were.
    pub new: u64,
    /// Applied beside what others had changed.
    pub merged: u64,
    /// In conflict with what others wrote, kept for a person to decide.
    pub conflicts: u64,
    /// Held with a reason.
    pub held: u64,
    /// Rows of others taken in.
    pub received: u64,
    /// Changes that still wait.
    pub pending: u64,
}

/// One round: pushes everything that waits, pulls everything there is. `now` is the desk's clock, for
/// its own list of rounds.
///
/// # Errors
/// Why the round ended early. What was absorbed by then stays; the rest waits for the next round.
pub fn run(
    desk: &mut dyn Desk,
    transport: &dyn Transport,
    now: Timestamp,
) -> Result<Receipt, SyncError> {
    let identity = desk.identity()?;
    let enrolment = desk.enrolment()?.ok_or(SyncError::NotEnrolled)?;
    let mut state = State::new(
        identity.device_id,
        identity.office_code,
        enrolment.server_id,
        desk.acked()?,
        desk.cursor()?,
    );
    let mut event = Event::Start;
    loop {
        let (next, effect) = step(state, event);
        state = next;
        event = match effect {
            Effect::Gather { after, limit } => Event::Gathered(desk.pending(after, limit)?),
            Effect::Send(request) => match transport.exchange(&enrolment.device_token, &request) {
                Ok(answer) => Event::Answered(Box::new(answer)),
                Err(error) => Event::Failed(error),
            },
            Effect::Absorb { acked, answer } => {
                let answer = *answer;
                let absorbed = Absorbed {
                    acked,
                    outcomes: answer.outcomes,
                    delivered: answer.delivered,
                    cursor: answer.cursor,
                    server_id: answer.server_id,
                    at: now,
                };
                Event::Absorbed(desk.absorb(&absorbed)?.received)
            }
            Effect::Finished(tally) => {
                return Ok(Receipt {
                    sent: tally.sent,
                    new: tally.new,
                    merged: tally.merged,
                    conflicts: tally.conflicts,
                    held: tally.held,
                    received: tally.received,
                    pending: desk.pending_count()?,
                });
            }
            Effect::GaveUp(error) => return Err(error),
        };
    }
}

/// Makes a desk belong to the province whose server is at `server_url`.
///
/// # Errors
/// Why it does not. A desk that belongs to one server is not taken over by another.
pub fn enrol(
    desk: &mut dyn Desk,
    transport: &dyn Transport,
    server_url: &str,
    code: &str,
) -> Result<Enrolment, SyncError> {
    let identity = desk.identity()?;
    let answer = transport.enrol(&EnrolRequest {
        protocol: PROTOCOL,
        code: Secret(code.trim().to_string()),
        device_id: identity.device_id,
        device_name: identity.device_name,
        office_code: identity.office_code.clone(),
    })?;
    if desk
        .enrolment()?
        .is_some_and(|before| before.server_id != answer.server_id)
    {
        return Err(SyncError::OtherServer);
    }
    if answer.office_code != identity.office_code {
        return Err(TransportError::NotOurServer.into());
    }
    let enrolment = Enrolment {
        server_url: server_url.trim_end_matches('/').to_string(),
        server_id: answer.server_id,
        province_code: answer.province_code,
        device_token: answer.device_token,
    };
    desk.save_enrolment(&enrolment)?;
    Ok(enrolment)
}
