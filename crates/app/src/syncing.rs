//! ส่งข้อมูล: enrolment, one round of push and pull, the outbox and what needs a person.

use jitasa_domain::{ActionKind, Timestamp, change::Change};
use jitasa_store::{
    BatchLine, Connection, Store, StoreError, desk,
    sync::{self, reading::Exchange},
};
use jitasa_sync::{HttpTransport, Receipt, StoreDesk, SyncError, Terms, TransportError, Trust};

use crate::{
    ApiError, App,
    troubles::{self, Names},
    views::{Nothing, sync::*},
};

/// Lines of the outbox that one answer shows.
const LINES_MAX: u32 = 100;

pub(crate) fn status(app: &App, _: Nothing) -> Result<SyncStatus, ApiError> {
    let limited = troubles::limited_to(app)?;
    let names = Names::of(app)?;
    let status = app.store()?.read(|conn| {
        let enrolment = desk::reading::enrolment(conn)?;
        let outbox = sync::reading::outbox(conn, 0, LINES_MAX)?;
        let counts = sync::trouble::counts(conn, limited)?;
        Ok(SyncStatus {
            enrolled: enrolment.is_some(),
            server_url: enrolment
                .map(|enrolment| enrolment.server_url)
                .filter(|url| !url.is_empty()),
            device_id: desk::reading::device_id(conn)?.map(|id| id.to_string()),
            pending: sync::pending_count(conn)?,
            last_sync_at: sync::reading::last_sync_at(conn)?,
            last_error: sync::reading::last_error(conn)?,
            batches: sync::reading::batches(conn, 30)?
                .into_iter()
                .map(batch_view)
                .collect(),
            oldest_at: outbox.first().map(|change| change.claimed_at.0),
            // Whoever is limited to his own is not told what others did.
            outbox: match limited {
                None => outbox_lines(conn, &names, &outbox)?,
                Some(_) => Vec::new(),
            },
            conflicts: counts.conflicts,
            held: counts.held,
            decided: counts.decided,
        })
    })?;
    Ok(status)
}

fn batch_view(exchange: Exchange) -> SyncBatch {
    let line = exchange.line;
    SyncBatch {
        at: line.at.0,
        sent: line.sent,
        new: line.new,
        merged: line.merged,
        conflicts: line.conflicts,
        held: line.held,
        received: line.received,
        by: exchange.by,
        state: exchange.state,
        file_name: exchange.file_name,
        receipted_at: exchange.receipted_at.map(|at| at.0),
    }
}

pub(crate) fn outbox(app: &App, request: OutboxRequest) -> Result<OutboxPage, ApiError> {
    app.reader(ActionKind::Export)?;
    let names = Names::of(app)?;
    let limit = request.limit.clamp(1, LINES_MAX);
    let lines = app.store()?.read(|conn| {
        let outbox = sync::reading::outbox(conn, request.after, limit)?;
        outbox_lines(conn, &names, &outbox)
    })?;
    Ok(OutboxPage { lines })
}

fn outbox_lines(
    conn: &Connection,
    names: &Names,
    outbox: &[Change],
) -> Result<Vec<OutboxLine>, StoreError> {
    let line = |change: &Change| {
        let label = names.label(conn, change)?;
        Ok(OutboxLine {
            device_seq: i64::try_from(change.device_seq).unwrap_or(i64::MAX),
            entity: change.entity.code().into(),
            label: label.number,
            name: label.name,
            action: change.action.code().into(),
            actor: change.actor_name.clone(),
            at: change.claimed_at.0,
        })
    };
    outbox.iter().map(line).collect()
}

pub(crate) fn lend(store: &Store) -> StoreDesk<'_> {
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
    let trust = Trust {
        server_key: None,
        root_certificate: request.root_certificate,
    };
    let code = &request.code;
    jitasa_sync::enrol_trusting(&mut desk, &transport, url, code, &trust, a_secret(app), now)?;
    status(app, Nothing {})
}

pub(crate) fn a_secret(app: &App) -> [u8; 32] {
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
    if enrolment.server_url.is_empty() {
        // Let in by file, by a province that named no address.
        return Err(ApiError::new("sync_no_address"));
    }
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
    match round {
        Ok(receipt) => {
            if receipt.compared {
                store.note_compared(at)?;
            }
            store.record_sync(at, Ok(line_of(&receipt, at)))?;
            Ok(receipt_view(&receipt))
        }
        Err(error) => {
            store.record_sync(at, Err(error.code()))?;
            Err(error.into())
        }
    }
}

/// A receipt as the desk keeps it.
pub(crate) fn line_of(receipt: &Receipt, at: Timestamp) -> BatchLine {
    BatchLine {
        at,
        sent: number(receipt.sent),
        new: number(receipt.new),
        merged: number(receipt.merged),
        conflicts: number(receipt.conflicts),
        held: number(receipt.held),
        received: number(receipt.received),
    }
}

pub(crate) fn receipt_view(receipt: &Receipt) -> SyncReceipt {
    SyncReceipt {
        sent: number(receipt.sent),
        new: number(receipt.new),
        merged: number(receipt.merged),
        conflicts: number(receipt.conflicts),
        held: number(receipt.held),
        received: number(receipt.received),
        pending: number(receipt.pending),
    }
}

pub(crate) fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
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
