//! The hand-over page and the list of calls on paper: what the screens show, in the catalogue's words.

use std::collections::HashMap;

use jiff::civil::Date;
use jitasa_domain::{KindList, Timestamp};
use jitasa_print::{
    CallList, Cells, Column, FIELD_LETTERS_MAX, Figure, LINES_MAX, PARAGRAPH_LETTERS_MAX, Section,
    ShiftPage as Paper,
};
use jitasa_store::query::office;

use crate::{
    ApiError, App, care,
    paper::{self, short},
    places::Villages,
    shifts,
    views::{
        care::{RecheckRow, ShiftRow, ShiftSection},
        print::{CallListRequest, PrintDone, ShiftPrintRequest},
    },
    words::thai,
};

/// Lines of one list of the page: a hand-over is two or three sheets, and says how many more there are.
const SHIFT_LINES: u32 = 5;

/// The Thai of the office's own lists.
struct Kinds(HashMap<String, String>);

impl Kinds {
    fn of(app: &App) -> Result<Self, ApiError> {
        let all = app.store()?.read(|conn| {
            let mut all = HashMap::new();
            // Kinds of need last: where two lists share a code (`other`) the need's word stands.
            for list in [KindList::ServicePoint, KindList::Volunteer, KindList::Need] {
                for kind in office::kinds(conn, list)? {
                    all.insert(kind.code, kind.th);
                }
            }
            Ok(all)
        })?;
        Ok(Self(all))
    }

    fn words(&self, codes: &[String]) -> String {
        let words = codes
            .iter()
            .map(|code| self.0.get(code).unwrap_or(code).as_str());
        words.collect::<Vec<_>>().join(", ")
    }
}

fn column(title: &str, cells: Cells) -> Column {
    Column {
        title: title.into(),
        cells,
    }
}

fn cell(text: &str) -> String {
    short(text, FIELD_LETTERS_MAX)
}

fn number(count: i64) -> u32 {
    u32::try_from(count).unwrap_or(0)
}

/// `22 พ.ย. 20:00`, short, for a column: the year (พ.ศ.) only where it is another than this one.
fn when(at: i64, today: Date) -> String {
    let at = Timestamp(at).in_bangkok();
    let day = jitasa_thai::date::format_short(at.date());
    let year = day.rsplit_once(' ').filter(|_| at.year() == today.year());
    let day = year.map_or(day.as_str(), |(day, _)| day);
    format!("{day} {:02}:{:02}", at.hour(), at.minute())
}

pub(crate) fn shift(app: &App, request: ShiftPrintRequest) -> Result<PrintDone, ApiError> {
    let page = shifts::page(app, request.since, SHIFT_LINES)?;
    let kinds = Kinds::of(app)?;
    let day = Timestamp(page.until).date();
    let (notes, sections): (Vec<_>, Vec<_>) = page
        .sections
        .iter()
        .filter(|section| section.total > 0)
        .partition(|section| section.code == "notes");
    let lines: usize = page.sections.iter().map(|section| section.rows.len()).sum();
    let bytes = jitasa_print::shift(&Paper {
        head: paper::head(app)?,
        from: paper::moment(Timestamp(page.since)),
        to: paper::moment(Timestamp(page.until)),
        hands_over: app.actor()?.name,
        takes_over: String::new(),
        figures: page
            .figures
            .iter()
            .filter(|figure| figure.count > 0)
            .map(|figure| Figure {
                name: thai(&format!("shift.figure.{}", figure.code)),
                value: figure.count.to_string(),
                change: String::new(),
            })
            .collect(),
        sections: sections
            .into_iter()
            .map(|section| section_of(section, &kinds, day))
            .collect(),
        notes: notes
            .into_iter()
            .flat_map(|section| &section.rows)
            .map(|row| {
                let note = row.note.as_deref().unwrap_or_default();
                let number = row.number.as_deref().unwrap_or_default();
                short(
                    &format!("{number} {}: {note}", paper::known(&row.name)),
                    PARAGRAPH_LETTERS_MAX,
                )
            })
            .collect(),
    })?;
    paper::done(
        format!("shift-{}.pdf", paper::file_day(day)),
        &bytes,
        request.path.as_deref(),
        lines,
    )
}

fn section_of(section: &ShiftSection, kinds: &Kinds, today: Date) -> Section {
    let shown = i64::try_from(section.rows.len()).unwrap_or(0);
    let with_notes = section.rows.iter().any(|row| row.note.is_some());
    let mut columns = vec![
        // One under the other: a case's number beside the name leaves the other columns too little.
        column(
            &format!(
                "{} {}",
                thai("shift.paper.name"),
                thai("shift.paper.number")
            ),
            Cells::Whole,
        ),
        column(&thai("shift.paper.village"), Cells::Whole),
        column(&thai("shift.paper.needs"), Cells::Prose),
        column(&thai("shift.paper.urgency"), Cells::Whole),
        column(&thai("shift.paper.at"), Cells::Line),
    ];
    if with_notes {
        columns.push(column(&thai("shift.paper.note"), Cells::Prose));
    }
    let cells = |row: &ShiftRow| {
        let mut cells = cells_of(row, kinds, today);
        if with_notes {
            cells.push(cell(row.note.as_deref().unwrap_or_default()));
        }
        cells
    };
    Section {
        title: thai(&format!("shift.section.{}", section.code)),
        count: number(section.total),
        columns: if section.rows.is_empty() {
            Vec::new()
        } else {
            columns
        },
        rows: section.rows.iter().map(cells).collect(),
        more: number(section.total.saturating_sub(shown)),
    }
}

fn cells_of(row: &ShiftRow, kinds: &Kinds, today: Date) -> Vec<String> {
    let urgency = row.urgency.as_deref();
    vec![
        cell(
            format!(
                "{} {}",
                paper::known(&row.name),
                row.number.as_deref().unwrap_or_default()
            )
            .trim(),
        ),
        cell(&row.village),
        cell(&kinds.words(&row.needs)),
        urgency.map_or_else(String::new, |code| thai(&format!("urgency.{code}"))),
        row.at.map(|at| when(at, today)).unwrap_or_default(),
    ]
}

/// Boxes beside a row, by what is rung. One kind alone has its own; several share what any may answer.
fn ticks(kinds: &[String]) -> Vec<String> {
    let codes: &[&str] = match kinds {
        // Five are what a line has room for; that help is not wanted any more is written on its note line.
        [kind] if kind == "case" => &["still_needed", "met", "partly", "worse", "no_answer"],
        [kind] if kind == "volunteer" => &["still_available", "away", "no_answer"],
        [kind] if kind == "service_point" => &["open", "full", "closed", "no_answer"],
        _ => &["no_answer"],
    };
    codes
        .iter()
        .map(|code| thai(&format!("recheck.answer.{code}")))
        .collect()
}

pub(crate) fn call_list(app: &App, request: CallListRequest) -> Result<PrintDone, ApiError> {
    let limit = u32::try_from(LINES_MAX).unwrap_or(500).min(500);
    let (calls, total) = care::calls(app, &request.kinds, &request.areas, limit)?;
    if calls.is_empty() {
        return Err(ApiError::field("recheck_nobody", "kinds"));
    }
    let villages = Villages::of(app.store()?.as_ref())?;
    let kinds = Kinds::of(app)?;
    let rows: Vec<RecheckRow> = calls
        .iter()
        .map(|call| care::row_of(call, &villages))
        .collect();
    let day = app.env().now().date();
    let asks = match request.kinds.as_slice() {
        [kind] => thai(&format!("recheck.ask.{kind}")),
        _ => String::new(),
    };
    let bytes = jitasa_print::call_list(&CallList {
        head: paper::head(app)?,
        title: thai("recheck.file"),
        asks,
        caller: String::new(),
        columns: vec![
            column(&thai("recheck.paper.name"), Cells::Whole),
            column(&thai("recheck.paper.phone"), Cells::Whole),
            column(&thai("recheck.paper.village"), Cells::Whole),
            column(&thai("recheck.paper.what"), Cells::Prose),
            column(&thai("recheck.paper.heard"), Cells::Line),
        ],
        rows: rows
            .iter()
            .map(|row| {
                vec![
                    cell(&paper::known(&row.name)),
                    cell(row.phone.as_deref().unwrap_or_default()),
                    cell(&row.village),
                    cell(&kinds.words(&row.what)),
                    when(row.last_heard_at, day),
                ]
            })
            .collect(),
        ticks: ticks(&request.kinds),
        more: number(total - i64::try_from(rows.len()).unwrap_or(0)),
    })?;
    paper::done(
        format!("calls-{}.pdf", paper::file_day(day)),
        &bytes,
        request.path.as_deref(),
        rows.len(),
    )
}
