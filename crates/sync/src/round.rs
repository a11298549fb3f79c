//! Drives the core for a desk over a transport, and enrols a desk.

use jitasa_domain::Timestamp;
use jitasa_protocol::{
    Bundle, DeviceKey, PROTOCOL, PublicKey, Secret,
    payload::{EnrolAsk, EnrolGrant},
};
use serde::Serialize;
use uuid::Uuid;

use crate::{
    core::{Effect, Event, PAGE_FIRST, State, Tally, step},
    desk_side::{Absorbed, Desk, Enrolment, Identity},
    envelope,
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
    /// Rows that were fetched again, because a checksum differed.
    #[serde(skip_serializing_if = "is_none")]
    pub repaired: u64,
    /// Whether the desk was compared with the server in this round, and holds what it holds.
    #[serde(skip)]
    pub compared: bool,
    /// Changes that still wait.
    pub pending: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it so")]
const fn is_none(count: &u64) -> bool {
    *count == 0
}

impl Receipt {
    pub(crate) const fn of(tally: Tally, pending: u64) -> Self {
        Self {
            sent: tally.sent,
            new: tally.new,
            merged: tally.merged,
            conflicts: tally.conflicts,
            held: tally.held,
            received: tally.received,
            repaired: tally.repaired,
            compared: tally.compared,
            pending,
        }
    }
}

/// How a round is to be run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// The desk's clock, for its own list of rounds, and told to the server.
    pub now: Timestamp,
    /// Whether to make sure, at the end, that the desk holds what the server holds. It reads all records once.
    pub compares: bool,
    /// Rows to ask for at first; more while the line holds.
    pub page: u32,
}

impl Terms {
    /// A round as desks run it.
    #[must_use]
    pub const fn at(now: Timestamp) -> Self {
        Self {
            now,
            compares: false,
            page: PAGE_FIRST,
        }
    }
}

/// Version of this program, for the operator's list.
pub const PROGRAM: &str = concat!("jitasa-desk ", env!("CARGO_PKG_VERSION"));

/// One round: pushes everything that waits, pulls everything there is.
///
/// # Errors
/// Why the round ended early. What was absorbed by then stays; the rest waits for the next round.
pub fn run(
    desk: &mut dyn Desk,
    transport: &dyn Transport,
    terms: Terms,
) -> Result<Receipt, SyncError> {
    let identity = desk.identity()?;
    let enrolment = desk.enrolment()?.ok_or(SyncError::NotEnrolled)?;
    let (Some(server_key), Some(key)) = (enrolment.server_key, &identity.key) else {
        return Err(SyncError::NotEnrolled);
    };
    let mut state = State::new(standing_of(desk, terms)?);
    let mut event = Event::Start;
    loop {
        let (next, effect) = step(state, event);
        state = next;
        event = match effect {
            Effect::Gather { after, limit } => Event::Gathered(desk.gather(after, limit)?),
            Effect::Send(request) => {
                let sealed = envelope::seal(&request, key);
                let answered = transport.exchange(&sealed.frame).and_then(|bytes| {
                    envelope::open(&bytes, &server_key, identity.device_id, sealed.name)
                });
                match answered {
                    Ok(answer) => Event::Answered(Box::new(answer)),
                    Err(error) => Event::Failed(error),
                }
            }
            Effect::Absorb {
                acked,
                links,
                answer,
                repairs,
            } => {
                let cursor = (!repairs).then_some(answer.head.cursor);
                let answer = *answer;
                let absorbed = Absorbed {
                    acked,
                    outcomes: answer.outcomes,
                    links,
                    delivered: answer.delivered,
                    cursor,
                    at: terms.now,
                };
                Event::Absorbed(desk.absorb(&absorbed)?.received)
            }
            Effect::Rebase {
                epoch,
                cut,
                expected,
            } => {
                desk.rebase(epoch, cut, expected)?;
                Event::Rebased(Box::new(standing_of(desk, terms)?))
            }
            Effect::Sum => Event::Summed(desk.sums()?),
            Effect::Reconcile { owner, records } => {
                desk.reconcile(&owner, &records, terms.now)?;
                Event::Reconciled
            }
            Effect::Finished(tally) => return Ok(Receipt::of(tally, desk.pending_count()?)),
            Effect::GaveUp(error) => return Err(error),
        };
    }
}

pub(crate) fn standing_of(
    desk: &dyn Desk,
    terms: Terms,
) -> Result<crate::core::Standing, SyncError> {
    Ok(crate::core::Standing {
        program: PROGRAM.to_string(),
        claimed_at: terms.now.0,
        compares: terms.compares,
        page: terms.page,
        ..desk.standing()?
    })
}

/// Makes a desk belong to the province whose server is at `server_url`. A desk that belonged to it before begins
/// anew: as another device, which offers all that it still holds. `secret` becomes its key when it has none yet.
///
/// # Errors
/// Why it does not. A desk that belongs to one server is not taken over by another.
pub fn enrol(
    desk: &mut dyn Desk,
    transport: &dyn Transport,
    server_url: &str,
    code: &str,
    secret: [u8; 32],
    now: Timestamp,
) -> Result<Enrolment, SyncError> {
    enrol_trusting(
        desk,
        transport,
        server_url,
        code,
        &Trust::default(),
        secret,
        now,
    )
}

/// As [`enrol`], over a line that is trusted by what somebody was told of the server beforehand.
///
/// # Errors
/// As [`enrol`]; `NotOurServer` when another key answers.
pub fn enrol_trusting(
    desk: &mut dyn Desk,
    transport: &dyn Transport,
    server_url: &str,
    code: &str,
    trust: &Trust,
    secret: [u8; 32],
    now: Timestamp,
) -> Result<Enrolment, SyncError> {
    let before = desk.enrolment()?;
    let identity = match &before {
        // Its old name stays as it is until the server has let the new one in.
        Some(_) => successor(with_key(desk, secret)?, code)?,
        None => with_key(desk, secret)?,
    };
    let key = identity.key.as_ref().ok_or(SyncError::NotEnrolled)?;
    let ask = ask_of(&identity, key, Some(code.trim()), None, now);
    let grant = envelope::open_grant(&transport.enrol(&envelope::seal_ask(&ask, key))?)?;
    if trust
        .server_key
        .is_some_and(|expected| expected != grant.server_key)
    {
        return Err(TransportError::NotOurServer.into());
    }
    let mut enrolment = granted(&identity, &grant, server_url)?;
    if enrolment.root_certificate.is_none() {
        // What the line was trusted by this once, it is trusted by from now on.
        enrolment
            .root_certificate
            .clone_from(&trust.root_certificate);
    }
    if let Some(before) = before {
        if before.server_id != enrolment.server_id {
            return Err(SyncError::OtherServer);
        }
        desk.start_anew(identity.device_id, key.secret())?;
        // What was seen on this desk, was seen in the order that it knows. When the server was put back since, it is
        // still to be told so: else what others wrote after the copy would count as seen.
        if !jitasa_domain::sown!(46) {
            enrolment.epoch = before.epoch;
        }
    }
    desk.save_enrolment(&enrolment)?;
    Ok(enrolment)
}

/// As [`enrol`], with what a province's enrolment file says: the server must answer with the key that it names.
///
/// # Errors
/// As [`enrol`].
pub fn enrol_by_bundle(
    desk: &mut dyn Desk,
    transport: &dyn Transport,
    bundle: &Bundle,
    secret: [u8; 32],
    now: Timestamp,
) -> Result<Enrolment, SyncError> {
    let trust = Trust {
        server_key: Some(bundle.server_key),
        root_certificate: bundle.root_certificate.clone(),
    };
    enrol_trusting(
        desk,
        transport,
        &bundle.server_url,
        &bundle.code.0,
        &trust,
        secret,
        now,
    )
}

/// What a desk knows of its server before it is let in.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    /// The key that it must answer with.
    pub server_key: Option<PublicKey>,
    /// The root certificate of its line, in PEM: from then on the line is trusted by it.
    pub root_certificate: Option<String>,
}

/// The device that this one becomes by a code: the same for the same code, so that an answer may be lost.
fn successor(before: Identity, code: &str) -> Result<Identity, SyncError> {
    let key = before.key.as_ref().ok_or(SyncError::NotEnrolled)?;
    Ok(Identity {
        device_id: Uuid::new_v5(&before.device_id, code.trim().as_bytes()),
        key: Some(key.successor(code.trim())),
        ..before
    })
}

/// A desk that was let in by protocol 1 begins to sign. Does nothing for any other.
///
/// # Errors
/// Why it does not; then everything is as before.
pub fn begin_to_sign(
    desk: &mut dyn Desk,
    transport: &dyn Transport,
    secret: [u8; 32],
    now: Timestamp,
) -> Result<(), SyncError> {
    let Some(before) = desk
        .enrolment()?
        .filter(|before| before.server_key.is_none())
    else {
        return Ok(());
    };
    let identity = with_key(desk, secret)?;
    let key = identity.key.as_ref().ok_or(SyncError::NotEnrolled)?;
    let ask = ask_of(&identity, key, None, before.token.as_deref(), now);
    let grant = envelope::open_grant(&transport.enrol(&envelope::seal_ask(&ask, key))?)?;
    let enrolment = granted(&identity, &grant, &before.server_url)?;
    if enrolment.server_id != before.server_id {
        return Err(SyncError::OtherServer);
    }
    desk.save_enrolment(&enrolment)?;
    Ok(())
}

/// The desk with a key to sign with; `secret` becomes it when there is none.
pub(crate) fn with_key(desk: &mut dyn Desk, secret: [u8; 32]) -> Result<Identity, SyncError> {
    let identity = desk.identity()?;
    if identity.key.is_some() {
        return Ok(identity);
    }
    desk.save_key(secret)?;
    Ok(desk.identity()?)
}

pub(crate) fn ask_of(
    identity: &Identity,
    key: &DeviceKey,
    code: Option<&str>,
    token: Option<&str>,
    now: Timestamp,
) -> EnrolAsk {
    EnrolAsk {
        protocol: PROTOCOL,
        program: PROGRAM.to_string(),
        code: code.map(|code| Secret(code.to_string())),
        token: token.map(|token| Secret(token.to_string())),
        device_id: identity.device_id,
        device_name: identity.device_name.clone(),
        office_code: identity.office_code.clone(),
        public_key: key.public(),
        claimed_at: now.0,
    }
}

/// What a grant makes of a desk; it has to be meant for it.
pub(crate) fn granted(
    identity: &Identity,
    grant: &EnrolGrant,
    server_url: &str,
) -> Result<Enrolment, SyncError> {
    if grant.office_code != identity.office_code || grant.device_id != identity.device_id {
        return Err(TransportError::NotOurServer.into());
    }
    Ok(Enrolment {
        server_url: server_url.trim().trim_end_matches('/').to_string(),
        server_id: grant.server_id,
        province_code: grant.province_code.clone(),
        server_key: Some(grant.server_key),
        root_certificate: grant.root_certificate.clone(),
        epoch: grant.epoch,
        token: None,
    })
}
