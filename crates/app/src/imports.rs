//! Lists that come in as files: read, told what was understood, stored as one act.

use std::path::Path;

use jitasa_domain::{
    ActionKind, Channel, PlaceSource, Timestamp, Urgency,
    gazetteer::{self, Gazetteer, Resolution},
};
use jitasa_exchange::{
    AreaProblem, Problem, Severity, Table, TableError,
    cases::{self, CaseRow, CaseRules, ColumnBinding, NeedWords},
    villages::{self, VillageRules},
};
use jitasa_store::{
    Action,
    act::{CaseFields, ImportedVillage, NewCase, NewNeed, NewVillage, PersonFields, SourceFile},
    desk,
    query::office,
};
use sha2::{Digest, Sha256};

use crate::{
    ApiError, App,
    setup::{NEED_KINDS, rows_of},
    views::import::*,
};

/// The largest file that is read.
const BYTES_MAX: u64 = 64 << 20;

/// The bytes of a file by path, or as the browser sent them.
pub(crate) fn bytes_of(path: Option<&str>, base64: Option<&str>) -> Result<Vec<u8>, ApiError> {
    if let Some(path) = path.filter(|path| !path.is_empty()) {
        let failed = |error: &std::io::Error| {
            let code = match error.kind() {
                std::io::ErrorKind::NotFound => "file_missing",
                std::io::ErrorKind::PermissionDenied => "file_forbidden",
                _ => "file_not_read",
            };
            ApiError::new(code).with("path", path)
        };
        let size = std::fs::metadata(path).map_err(|error| failed(&error))?;
        if size.len() > BYTES_MAX {
            return Err(ApiError::new("file_too_big").with("path", path));
        }
        return std::fs::read(path).map_err(|error| failed(&error));
    }
    let text = base64.ok_or_else(|| ApiError::new("file_missing").with("path", ""))?;
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD
        .decode(text)
        .map_err(|_| ApiError::new("file_not_read").with("path", ""))
}

struct Source {
    file: SourceFile,
    table: Table,
}

pub(crate) fn run(app: &App, request: ImportRequest) -> Result<ImportReport, ApiError> {
    let kind = match request.kind.as_str() {
        "cases" => ActionKind::CasesImport,
        "villages" => ActionKind::VillagesImport,
        _ => return Err(ApiError::field("import_kind_unknown", "kind")),
    };
    app.reader(kind)?;
    let bytes = bytes_of(request.path.as_deref(), request.bytes_base64.as_deref())?;
    let name = request.file_name.clone().or_else(|| {
        let path = Path::new(request.path.as_deref()?);
        Some(path.file_name()?.to_string_lossy().into_owned())
    });
    let file = SourceFile {
        sha256: hex(&Sha256::digest(&bytes)),
        name: name.unwrap_or_else(|| "list.csv".into()),
    };
    let table = Table::read(&bytes).map_err(|error| refused(&error))?;
    let source = Source { file, table };
    if kind == ActionKind::CasesImport {
        import_cases(app, &request, source)
    } else {
        import_villages(app, &request, source)
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A file that is refused whole: the words come with the refusal.
fn refused(error: &TableError) -> ApiError {
    ApiError::new(error.code()).with("message", error.message())
}

fn import_cases(
    app: &App,
    request: &ImportRequest,
    source: Source,
) -> Result<ImportReport, ApiError> {
    let store = app.store()?;
    let now = app.env().now();
    let (office, known) =
        store.read(|conn| Ok((desk::reading::office(conn)?, office::villages(conn, None)?)))?;
    let office = office.ok_or_else(|| ApiError::new("not_set_up"))?;
    let known: Vec<String> = known.into_iter().map(|area| area.code).collect();
    let kinds = need_words(app)?;
    let resolve = |subdistrict: &str, moo: Option<u8>| {
        let code = subdistrict_of(subdistrict, &office.code)?;
        let Some(moo) = moo else { return Ok(code) };
        let village = format!("{code}{moo:02}");
        // An office that has listed the villages of a subdistrict has said which there are.
        let listed = known.iter().any(|known| known.starts_with(&code));
        if listed && !known.contains(&village) {
            return Err(AreaProblem::VillageUnknown);
        }
        Ok(village)
    };
    let rules = CaseRules {
        today: now.date(),
        need_kinds: &kinds,
        resolve_area: &resolve,
    };
    let reading = cases::read(&source.table, &rules).map_err(|error| refused(&error))?;
    let new: Vec<NewCase> = reading.rows.iter().map(|row| new_case(row, now)).collect();
    let read = Read {
        total: reading.total,
        set_aside: reading.set_aside.len(),
        problems: reading.problems,
        columns: reading.columns,
    };
    finish(app, request, source, read, new, |file, cases| {
        Action::ImportCases { file, cases }
    })
}

fn need_words(app: &App) -> Result<Vec<NeedWords>, ApiError> {
    let kinds = app
        .store()?
        .read(|conn| office::kinds(conn, jitasa_domain::KindList::Need))?;
    Ok(kinds
        .into_iter()
        .filter(|kind| kind.active)
        .map(|kind| {
            let synonyms = rows_of(NEED_KINDS)
                .find(|row| row.first() == Some(&kind.code.as_str()))
                .and_then(|row| {
                    row.get(5)
                        .map(|words| words.split('|').map(String::from).collect())
                })
                .unwrap_or_else(Vec::new);
            let mut words = vec![kind.th, kind.en];
            words.extend(synonyms);
            words.retain(|word| !word.is_empty());
            NeedWords {
                code: kind.code,
                words,
            }
        })
        .collect())
}

/// A subdistrict by name or code, in the office's reach; never by name alone among several.
fn subdistrict_of(text: &str, office_code: &str) -> Result<String, AreaProblem> {
    let gazetteer = Gazetteer::bundled();
    let code = if text.is_empty() {
        if office_code.len() != 6 {
            return Err(AreaProblem::NotEnough);
        }
        office_code.to_string()
    } else if let Some(code) = gazetteer::parse_code(text).filter(|code| code.len() == 6) {
        gazetteer
            .get(&code)
            .ok_or(AreaProblem::SubdistrictUnknown)?;
        code
    } else {
        match gazetteer.subdistrict_named(text, office_code) {
            Resolution::One(code) => code.to_string(),
            Resolution::Many(_) => return Err(AreaProblem::SubdistrictAmbiguous),
            Resolution::Abolished { .. } | Resolution::None => {
                return Err(AreaProblem::SubdistrictUnknown);
            }
        }
    };
    if code.starts_with(office_code) {
        Ok(code)
    } else {
        Err(AreaProblem::OutsideOffice)
    }
}

fn new_case(row: &CaseRow, now: Timestamp) -> NewCase {
    let reported_at = row.reported.as_ref().map_or(now, |reported| {
        let time = reported.time.unwrap_or_else(jiff::civil::Time::midnight);
        Timestamp::from_bangkok(reported.date.to_datetime(time))
    });
    NewCase {
        id: None,
        person: PersonFields {
            title: row.title.clone(),
            given_name: row.given.clone(),
            family_name: row.family.clone(),
            citizen_id_valid: row.citizen_id.as_ref().is_some_and(|id| id.checksum_ok),
            citizen_id: row.citizen_id.as_ref().map(|id| id.digits.clone()),
            phone: Some(row.phone.clone()).filter(|phone| !phone.is_empty()),
        },
        fields: CaseFields {
            channel: Channel::Import,
            reported_at,
            area_code: row.area_code.clone(),
            house_no: row.house_no.clone(),
            lat: row.point.map(|(lat, _)| lat),
            lon: row.point.map(|(_, lon)| lon),
            place_source: row
                .point
                .map_or(PlaceSource::None, |_| PlaceSource::Imported),
            people_count: row.people_count,
            urgency: Urgency::from_code(row.urgency).unwrap_or_default(),
            note: row.note.clone(),
            ..CaseFields::default()
        },
        needs: row
            .needs
            .iter()
            .map(|kind| NewNeed {
                kind: kind.clone(),
                detail: String::new(),
                ..NewNeed::default()
            })
            .collect(),
        import_id: None,
    }
}

fn import_villages(
    app: &App,
    request: &ImportRequest,
    source: Source,
) -> Result<ImportReport, ApiError> {
    let office = app
        .store()?
        .read(desk::reading::office)?
        .ok_or_else(|| ApiError::new("not_set_up"))?;
    // A village is its own subdistrict's to keep: the server holds back any other office's word on
    // it. A district's office keeps those of all its subdistricts.
    let knows =
        |code: &str| code.starts_with(&office.code) && Gazetteer::bundled().get(code).is_some();
    let resolve = |text: &str| subdistrict_of(text, &office.code);
    let rules = VillageRules {
        knows_subdistrict: &knows,
        resolve_subdistrict: &resolve,
    };
    let reading = villages::read(&source.table, &rules).map_err(|error| refused(&error))?;
    let new: Vec<ImportedVillage> = reading
        .rows
        .iter()
        .map(|row| NewVillage {
            code: row.code.clone(),
            name: row.name.clone(),
            lat: row.point.map(|(lat, _)| lat),
            lon: row.point.map(|(_, lon)| lon),
        })
        .collect();
    let read = Read {
        total: reading.total,
        set_aside: reading.set_aside.len(),
        problems: reading.problems,
        columns: reading.columns,
    };
    finish(app, request, source, read, new, |file, villages| {
        Action::ImportVillages { file, villages }
    })
}

struct Read {
    total: usize,
    set_aside: usize,
    problems: Vec<Problem>,
    columns: Vec<ColumnBinding>,
}

/// Stores what passed, if it is to be stored, and tells what was understood.
fn finish<T>(
    app: &App,
    request: &ImportRequest,
    source: Source,
    read: Read,
    rows: Vec<T>,
    action: impl FnOnce(SourceFile, Vec<T>) -> Action,
) -> Result<ImportReport, ApiError> {
    let before = app
        .store()?
        .read(|conn| desk::reading::imported_before(conn, &source.file.sha256, &request.kind))?;
    let accepted = rows.len();
    // All or nothing unless somebody says otherwise; the very same file adds nothing again.
    let store_it = !request.dry_run
        && before.is_none()
        && accepted > 0
        && (read.set_aside == 0 || request.accept_valid);
    let (file_name, encoding) = (source.file.name.clone(), source.table.encoding.name());
    let act = if store_it {
        Some(app.act(action(source.file, rows))?)
    } else {
        None
    };
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let (problems, fixes): (Vec<_>, Vec<_>) = read
        .problems
        .into_iter()
        .partition(|problem| problem.severity == Severity::Error);
    Ok(ImportReport {
        kind: request.kind.clone(),
        file_name,
        dry_run: request.dry_run,
        stored: act.is_some(),
        encoding: encoding.into(),
        header_row: u32::try_from(source.table.header_row).unwrap_or(0),
        rows: count(read.total),
        accepted: count(accepted),
        set_aside: count(read.set_aside),
        imported_before_at: before.map(|before| before.at.0),
        columns: read
            .columns
            .into_iter()
            .map(|column| ImportColumn {
                heading: column.heading,
                field: column.field.map(|field| field.code().into()),
            })
            .collect(),
        problems: problems.into_iter().map(problem_view).collect(),
        fixes: fixes.into_iter().map(problem_view).collect(),
        act,
    })
}

fn problem_view(problem: Problem) -> ImportProblem {
    ImportProblem {
        row: u32::try_from(problem.row).unwrap_or(0),
        column: problem.column,
        code: problem.code.into(),
        message: problem.message,
    }
}
