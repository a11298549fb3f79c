//! ส่งข้อมูล: enrolment, one round of push and pull, the outbox and what needs a person.

use jitasa_domain::{ActionKind, Entity, change::Change};
use jitasa_store::{BatchLine, Store, StoreError, Trouble, desk, query::cases, sync};
use jitasa_sync::{HttpTransport, StoreDesk, SyncError, Terms, TransportError};
use serde_json::Value;

use crate::{
    ApiError, App,
    views::{Nothing, sync::*},
};

/// Lines of the outbox and of troubles that the screen shows.
const LINES_MAX: u32 = 200;

pub(crate) fn status(app: &App, _: Nothing) -> Result<SyncStatus, ApiError> {
    app.reader(ActionKind::Export)?;
    let status = app.store()?.read(|conn| {
        let enrolment = desk::reading::enrolment(conn)?;
        let outbox = sync::reading::outbox(conn, LINES_MAX)?;
        let troubles = sync::reading::troubles(conn, LINES_MAX)?;
        Ok(SyncStatus {
            enrolled: enrolment.is_some(),
            server_url: enrolment.map(|enrolment| enrolment.server_url),
            device_id: desk::reading::device_id(conn)?.map(|id| id.to_string()),
            pending: sync::pending_count(conn)?,
            last_sync_at: sync::reading::last_sync_at(conn)?,
            last_error: sync::reading::last_error(conn)?,
            batches: sync::reading::batches(conn, 30)?
                .into_iter()
                .map(batch_view)
                .collect(),
            outbox: outbox
                .iter()
                .map(|change| {
                    Ok(OutboxLine {
                        device_seq: i64::try_from(change.device_seq).unwrap_or(i64::MAX),
                        entity: change.entity.code().into(),
                        label: label_of(conn, change)?.1,
                        action: change.action.code().into(),
                        actor: change.actor_name.clone(),
                        at: change.claimed_at.0,
                    })
                })
                .collect::<Result<_, StoreError>>()?,
            troubles: troubles
                .iter()
                .map(|trouble| trouble_views(conn, trouble))
                .collect::<Result<Vec<_>, StoreError>>()?
                .concat(),
        })
    })?;
    Ok(status)
}

fn batch_view(line: BatchLine) -> SyncBatch {
    SyncBatch {
        at: line.at.0,
        sent: line.sent,
        new: line.new,
        merged: line.merged,
        conflicts: line.conflicts,
        held: line.held,
        received: line.received,
    }
}

/// The case a change belongs to, and how people call it.
fn label_of(
    conn: &jitasa_store::Connection,
    change: &Change,
) -> Result<(Option<String>, String), StoreError> {
    let case_id = match change.entity {
        Entity::Case => Some(change.entity_id),
        _ => cases::case_of(conn, change.entity, change.entity_id)?,
    };
    let Some(case_id) = case_id else {
        return Ok((None, String::new()));
    };
    let line = cases::line(conn, case_id)?;
    Ok((
        Some(case_id.to_string()),
        line.map(|line| line.case.number).unwrap_or_default(),
    ))
}

/// One line a field in conflict; one line for a change that is held whole.
fn trouble_views(
    conn: &jitasa_store::Connection,
    trouble: &Trouble,
) -> Result<Vec<SyncTrouble>, StoreError> {
    let (case_id, label) = label_of(conn, &trouble.change)?;
    let whole = SyncTrouble {
        change_id: trouble.change.change_id.to_string(),
        kind: trouble.kind.clone(),
        reason: trouble.reason.clone(),
        entity: trouble.change.entity.code().into(),
        entity_id: trouble.change.entity_id.to_string(),
        case_id,
        label,
        at: trouble.at.0,
        ..SyncTrouble::default()
    };
    if trouble.theirs.is_empty() {
        return Ok(vec![whole]);
    }
    let shown = |value: Option<&Value>| {
        value.map(|value| {
            value
                .as_str()
                .map_or_else(|| value.to_string(), ToString::to_string)
        })
    };
    Ok(trouble
        .theirs
        .iter()
        .map(|(field, theirs)| SyncTrouble {
            field: Some(field.clone()),
            ours: shown(trouble.change.fields.get(field)),
            theirs: shown(Some(theirs)),
            ..whole.clone()
        })
        .collect())
}

fn lend(store: &Store) -> StoreDesk<'_> {
    let name = std::env::var("COMPUTERNAME").or_else(|_| std::env::var("HOSTNAME"));
    StoreDesk {
        store,
        device_name: name.unwrap_or_else(|_| "desk".into()),
    }
}

pub(crate) fn enrol(app: &App, request: EnrolRequest) -> Result<SyncStatus, ApiError> {
    app.reader(ActionKind::CaseCreate)?;
    let store = app.store()?;
    let url = request.server_url.trim();
    let transport = HttpTransport::new(url, request.root_certificate.as_deref())?;
    let (mut desk, now) = (lend(&store), app.env().now());
    let mut enrolment = jitasa_sync::enrol(
        &mut desk,
        &transport,
        url,
        &request.code,
        a_secret(app),
        now,
    )?;
    if enrolment.root_certificate.is_none() && request.root_certificate.is_some() {
        // What the line was trusted by this once, it is trusted by from now on.
        enrolment.root_certificate = request.root_certificate;
        jitasa_sync::Desk::save_enrolment(&mut desk, &enrolment).map_err(SyncError::from)?;
    }
    status(app, Nothing {})
}

fn a_secret(app: &App) -> [u8; 32] {
    let mut secret = [0; 32];
    app.env().fill_random(&mut secret);
    secret
}

/// A desk makes sure this often that it holds what the server holds.
const COMPARE_EVERY_MS: u64 = 6 * 60 * 60 * 1000;

pub(crate) fn now(app: &App, _: Nothing) -> Result<SyncReceipt, ApiError> {
    // The program may do this by itself, whoever sits at the desk.
    app.actor()?;
    let Ok(_one_at_a_time) = app.syncing.try_lock() else {
        return Err(ApiError::new("sync_under_way"));
    };
    let store = app.store()?;
    let Some(enrolment) = store.read(desk::reading::enrolment)? else {
        return Err(SyncError::NotEnrolled.into());
    };
    let at = app.env().now();
    let (practice, compared_at) = store.read(|conn| {
        Ok((
            desk::reading::is_practice(conn)?,
            sync::reading::compared_at(conn)?,
        ))
    })?;
    // The made-up cases of a practice desk were never sent.
    let compares =
        !practice && compared_at.is_none_or(|before| at.0.abs_diff(before) >= COMPARE_EVERY_MS);
    let terms = Terms {
        compares,
        ..Terms::at(at)
    };
    let root = enrolment.root_certificate.as_deref();
    let round = HttpTransport::new(&enrolment.server_url, root)
        .map_err(SyncError::from)
        .and_then(|transport| {
            let mut desk = lend(&store);
            jitasa_sync::begin_to_sign(&mut desk, &transport, a_secret(app), at)?;
            jitasa_sync::run(&mut desk, &transport, terms)
        });
    if compares && round.is_ok() {
        store.note_compared(at)?;
    }
    let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    match round {
        Ok(receipt) => {
            let line = BatchLine {
                at,
                sent: number(receipt.sent),
                new: number(receipt.new),
                merged: number(receipt.merged),
                conflicts: number(receipt.conflicts),
                held: number(receipt.held),
                received: number(receipt.received),
            };
            store.record_sync(at, Ok(line))?;
            Ok(SyncReceipt {
                sent: line.sent,
                new: line.new,
                merged: line.merged,
                conflicts: line.conflicts,
                held: line.held,
                received: line.received,
                pending: number(receipt.pending),
            })
        }
        Err(error) => {
            store.record_sync(at, Err(error.code()))?;
            Err(error.into())
        }
    }
}

impl From<SyncError> for ApiError {
    fn from(error: SyncError) -> Self {
        let refusal = Self::new(error.code());
        match error {
            SyncError::Desk(desk) => Self::new(&desk.code),
            _ => refusal,
        }
    }
}

impl From<TransportError> for ApiError {
    fn from(error: TransportError) -> Self {
        SyncError::from(error).into()
    }
}
