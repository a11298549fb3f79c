//! What goes between the desk and the province on a stick: changes and their answer, the wish to be let in and its
//! grant. The bytes are those that would have gone by the line.

use std::{
    fs,
    io::{self, Write as _},
    path::Path,
};

use jitasa_domain::ActionKind;
use jitasa_protocol::{Bundle, limits};
use jitasa_sync::{Desk as _, HttpTransport, SyncError, by_file};

use crate::{
    ApiError, App,
    syncing::{a_secret, lend, line_of, number, receipt_view, status},
    views::{Nothing, sync::*},
};

pub(crate) fn batch_write(app: &App, request: SyncBatchPath) -> Result<SyncBatchFile, ApiError> {
    app.reader(ActionKind::Export)?;
    let Ok(_one_at_a_time) = app.syncing.try_lock() else {
        return Err(ApiError::new("sync_under_way"));
    };
    let store = app.store()?;
    let at = app.env().now();
    let written = by_file::write(&lend(&store), at)?;
    let path = Path::new(&request.path);
    put(path, &written.frame)?;
    let (first, last) = written.run.unwrap_or((1, 0));
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    store.note_file_batch(at, &name, &written.name.0, first, last)?;
    Ok(SyncBatchFile {
        path: request.path,
        changes: number((last + 1).saturating_sub(first)),
        bytes: number(written.frame.len() as u64),
        first_seq: number(first),
        last_seq: number(last),
        left: number(written.left),
    })
}

pub(crate) fn batch_receipt(app: &App, request: SyncBatchPath) -> Result<SyncReceipt, ApiError> {
    app.reader(ActionKind::CaseCreate)?;
    let Ok(_one_at_a_time) = app.syncing.try_lock() else {
        return Err(ApiError::new("sync_under_way"));
    };
    let store = app.store()?;
    let at = app.env().now();
    let bytes = take(&request.path, limits::ANSWER_BYTES_MAX)?;
    let (name, receipt) = by_file::take_in(&mut lend(&store), &bytes, at)?;
    store.receipt_file_batch(&name.0, line_of(&receipt, at), at)?;
    Ok(receipt_view(&receipt))
}

/// Writes the wish to be let in, for a province that this desk has no line to.
pub(crate) fn enrol_request(app: &App, request: SyncBatchPath) -> Result<SyncEnrolFile, ApiError> {
    app.reader(ActionKind::CaseCreate)?;
    let store = app.store()?;
    let (mut desk, now) = (lend(&store), app.env().now());
    let asked = by_file::ask(&mut desk, a_secret(app), now)?;
    put(Path::new(&request.path), &asked.frame)?;
    Ok(SyncEnrolFile {
        path: request.path,
        words: asked.words.iter().map(ToString::to_string).collect(),
    })
}

/// Takes the province's file: an enrolment file with a code, which needs a line, or the grant to a wish.
pub(crate) fn enrol_file(app: &App, request: SyncBatchPath) -> Result<SyncStatus, ApiError> {
    app.reader(ActionKind::CaseCreate)?;
    let bytes = take(&request.path, limits::BODY_BYTES_MAX as u64)?;
    let store = app.store()?;
    let (mut desk, now) = (lend(&store), app.env().now());
    match Bundle::read(&bytes) {
        Ok(bundle) => {
            let office = desk.identity().map_err(SyncError::from)?.office_code;
            if bundle.office_code != office {
                return Err(ApiError::new("sync_file_other_office")
                    .with("office", bundle.office_code.as_str()));
            }
            let transport =
                HttpTransport::new(&bundle.server_url, bundle.root_certificate.as_deref())?;
            jitasa_sync::enrol_by_bundle(&mut desk, &transport, &bundle, a_secret(app), now)?;
        }
        Err(_) => {
            by_file::take_grant(&mut desk, &bytes)?;
        }
    }
    status(app, Nothing {})
}

fn take(path: &str, most: u64) -> Result<Vec<u8>, ApiError> {
    let size = fs::metadata(path)
        .map_err(|error| failed("file_not_read", &error))?
        .len();
    if size > most {
        return Err(ApiError::new("sync_not_our_server"));
    }
    fs::read(path).map_err(|error| failed("file_not_read", &error))
}

/// Beside, flushed, and then in its place: a stick that is pulled out leaves no half a file under the name.
fn put(path: &Path, bytes: &[u8]) -> Result<(), ApiError> {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(".part");
    let beside = path.with_file_name(name);
    let written = fs::File::create(&beside).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&beside, path)
    });
    written.map_err(|error| failed("sync_file_unwritable", &error))
}

fn failed(code: &str, error: &io::Error) -> ApiError {
    ApiError::new(code).with("cause", error.kind().to_string())
}
