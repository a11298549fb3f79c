//! Registers that leave as files: a workbook to print and sign with its data sheet, CSV, GeoJSON.
//! Each export is noted: who, what, how many rows, why.

mod assignments;
mod cases;
mod troubles;
mod volunteers;

use std::{collections::HashMap, io::Cursor, path::Path};

use jitasa_domain::{ActionKind, Actor, KindList, Office};
use jitasa_exchange::{
    Cell, Column, Register, WriteError,
    book::BookWriter,
    csv_out::CsvWriter,
    file::{folder_of, replace_file},
    geojson::GeoJsonWriter,
};
use jitasa_store::{
    Connection, Store, StoreError, desk,
    query::{Page, office},
};
use jitasa_thai::{date, text};

use crate::{
    ApiError, App, case_views, forms, places,
    places::Villages,
    troubles::Names,
    views::export::{ExportDone, ExportRequest},
};

/// What every register of one export shares.
struct Context<'a> {
    store: &'a Store,
    villages: Villages,
    /// Citizen ids whole.
    unmasked: bool,
}

impl Context<'_> {
    /// The office's words for the codes of a list.
    fn words(&self, list: KindList) -> Result<HashMap<String, String>, StoreError> {
        let kinds = self.store.read(|conn| office::kinds(conn, list))?;
        Ok(kinds.into_iter().map(|kind| (kind.code, kind.th)).collect())
    }
}

/// Visits every row of a paged query with its running number, from 1. A page at a time, so that the
/// writing does not hold the store's readers.
fn each_of<T>(
    store: &Store,
    fetch: impl Fn(&Connection, Option<&str>) -> Result<Page<T>, StoreError>,
    mut visit: impl FnMut(usize, &T) -> Result<(), ExportError>,
) -> Result<(), ExportError> {
    let (mut count, mut after) = (0, None::<String>);
    loop {
        let page = store.read(|conn| fetch(conn, after.as_deref()))?;
        for row in &page.rows {
            count += 1;
            visit(count, row)?;
        }
        match page.next {
            Some(next) => after = Some(next),
            None => return Ok(()),
        }
    }
}

/// Rows of one page.
const PAGE_ROWS: u32 = 500;

/// One row of a register, for each of its forms.
struct ExportRow {
    form: Vec<Cell>,
    data: Vec<Cell>,
    /// Latitude and longitude.
    point: Option<(f64, f64)>,
    /// For GeoJSON: nothing that names a person.
    properties: Vec<(&'static str, Cell)>,
}

/// A register: its columns and its rows.
trait Rows {
    const TITLE: &'static str;
    const SHEET: &'static str;
    fn form_columns() -> Vec<Column>;
    fn data_columns() -> Vec<Column>;
    fn each(
        &self,
        context: &Context,
        visit: &mut dyn FnMut(ExportRow) -> Result<(), ExportError>,
    ) -> Result<(), ExportError>;
}

/// Why an export stopped.
#[derive(Debug, thiserror::Error)]
enum ExportError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Write(#[from] WriteError),
}

impl From<ExportError> for ApiError {
    fn from(error: ExportError) -> Self {
        match error {
            ExportError::Store(error) => error.into(),
            ExportError::Write(error) => Self::new(error.code()),
        }
    }
}

pub(crate) fn run(app: &App, request: ExportRequest) -> Result<ExportDone, ApiError> {
    let actor = app.reader(ActionKind::Export)?;
    let reason = forms::optional_line(request.reason.as_deref(), "reason", 500)?;
    if request.unmasked && reason.is_none() {
        return Err(ApiError::field("reason_missing", "reason"));
    }
    if !matches!(request.format.as_str(), "xlsx" | "csv" | "geojson") {
        return Err(ApiError::field("format_unknown", "format"));
    }
    match request.kind.as_str() {
        "cases" => {
            let query = case_views::query_of(app, &actor, &request.filter)?;
            write(app, &actor, &request, &cases::CaseRegister { query })
        }
        "volunteers" => write(app, &actor, &request, &volunteers::VolunteerRegister),
        "assignments" => write(app, &actor, &request, &assignments::AssignmentRegister),
        // They lie nowhere on a map.
        "troubles" if request.format == "geojson" => {
            Err(ApiError::field("format_unknown", "format"))
        }
        "troubles" => {
            let names = Names::of(app)?;
            write(app, &actor, &request, &troubles::TroubleRegister { names })
        }
        _ => Err(ApiError::field("export_kind_unknown", "kind")),
    }
}

fn write<R: Rows>(
    app: &App,
    actor: &Actor,
    request: &ExportRequest,
    rows: &R,
) -> Result<ExportDone, ApiError> {
    let store = app.store()?;
    let office = store
        .read(desk::reading::office)?
        .ok_or_else(|| ApiError::new("not_set_up"))?;
    let now = app.env().now();
    let context = Context {
        store: &store,
        villages: Villages::of(&store)?,
        unmasked: request.unmasked,
    };
    let made_at = now.in_bangkok();
    let (year, month, day) = (
        date::buddhist_year(made_at.date()),
        made_at.month(),
        made_at.day(),
    );
    let file_name = format!(
        "{}-{}-{year}-{month:02}-{day:02}.{}",
        request.kind, office.code, request.format
    );
    let path = request.path.as_deref().filter(|path| !path.is_empty());
    let (count, bytes) = match path {
        Some(path) => {
            let count = to_file(
                Path::new(path),
                request,
                rows,
                &context,
                &register::<R>(&office, actor, now),
            )?;
            (count, None)
        }
        None => {
            let (count, bytes) = to_bytes(
                app,
                request,
                rows,
                &context,
                &register::<R>(&office, actor, now),
            )?;
            (count, Some(bytes))
        }
    };
    let filter = serde_json::to_string(&request.filter).unwrap_or_default();
    let rows = i64::try_from(count).unwrap_or(i64::MAX);
    store.record_export(
        now,
        &actor.name,
        &request.kind,
        &request.format,
        &filter,
        rows,
        request.unmasked,
        request.reason.as_deref(),
    )?;
    Ok(ExportDone {
        kind: request.kind.clone(),
        file_name,
        path: path.map(ToString::to_string),
        bytes_base64: bytes.map(|bytes| {
            use base64::Engine as _;
            base64::engine::general_purpose::STANDARD.encode(bytes)
        }),
        rows,
    })
}

fn register<R: Rows>(office: &Office, actor: &Actor, now: jitasa_domain::Timestamp) -> Register {
    let made_at = now.in_bangkok();
    let on = date::format_long_thai_digits(made_at.date());
    let time = text::thai_digits(&format!("{:02}.{:02}", made_at.hour(), made_at.minute()));
    Register {
        title_lines: vec![
            R::TITLE.into(),
            format!("{} {}", office.name, places::full_name(&office.code)),
            format!("ข้อมูล ณ วันที่ {on} เวลา {time} น."),
        ],
        form_sheet_name: R::SHEET.into(),
        data_sheet_name: "ข้อมูล".into(),
        form_columns: R::form_columns(),
        data_columns: R::data_columns(),
        signature: true,
        made_line: format!("จัดทำโดย {} เมื่อวันที่ {on} เวลา {time} น.", actor.name),
        made_at,
    }
}

fn to_file<R: Rows>(
    path: &Path,
    request: &ExportRequest,
    rows: &R,
    context: &Context,
    register: &Register,
) -> Result<usize, ApiError> {
    if request.format == "xlsx" {
        let mut book =
            BookWriter::create(register.clone(), folder_of(path)).map_err(ExportError::from)?;
        rows.each(context, &mut |row| Ok(book.row(&row.form, &row.data)?))?;
        return Ok(book.finish_file(path).map_err(ExportError::from)?.rows);
    }
    let mut failed = None;
    let written = replace_file(path, |file| match to_text(file, request, rows, context) {
        Ok(count) => Ok(count),
        Err(ExportError::Write(error)) => Err(error),
        Err(error @ ExportError::Store(_)) => {
            failed = Some(error);
            Err(WriteError::from(std::io::Error::other(
                "the store stopped the export",
            )))
        }
    });
    match (written, failed) {
        (_, Some(error)) => Err(error.into()),
        (written, None) => Ok(written.map_err(ExportError::from)?),
    }
}

fn to_bytes<R: Rows>(
    app: &App,
    request: &ExportRequest,
    rows: &R,
    context: &Context,
    register: &Register,
) -> Result<(usize, Vec<u8>), ApiError> {
    let mut bytes = Vec::new();
    if request.format == "xlsx" {
        let mut book =
            BookWriter::create(register.clone(), app.dir()).map_err(ExportError::from)?;
        rows.each(context, &mut |row| Ok(book.row(&row.form, &row.data)?))?;
        let mut cursor = Cursor::new(&mut bytes);
        let summary = book.finish(&mut cursor).map_err(ExportError::from)?;
        return Ok((summary.rows, bytes));
    }
    let count = to_text(&mut bytes, request, rows, context)?;
    Ok((count, bytes))
}

fn to_text<R: Rows>(
    to: &mut impl std::io::Write,
    request: &ExportRequest,
    rows: &R,
    context: &Context,
) -> Result<usize, ExportError> {
    if request.format == "csv" {
        let headings: Vec<String> = R::data_columns()
            .into_iter()
            .map(|column| column.heading)
            .collect();
        let mut csv = CsvWriter::create(to, &headings)?;
        rows.each(context, &mut |row| Ok(csv.row(&row.data)?))?;
        return Ok(csv.finish()?);
    }
    let mut map = GeoJsonWriter::create(to)?;
    rows.each(context, &mut |row| {
        Ok(map.feature(row.point, &row.properties)?)
    })?;
    Ok(map.finish()?)
}

/// A running number of the form, in Thai digits as offices print it.
fn ordinal(count: usize) -> Cell {
    Cell::Whole(i64::try_from(count).unwrap_or(i64::MAX))
}
