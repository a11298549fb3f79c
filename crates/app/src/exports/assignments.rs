//! The register of assignments.

use std::collections::HashMap;

use jitasa_domain::{Assignment, KindList, Timestamp};
use jitasa_exchange::{Cell, Column, ColumnKind as K};
use jitasa_store::query::assignments::{self, AssignmentLine};
use jitasa_thai::date;
use uuid::Uuid;

use super::{Context, ExportError, ExportRow, Rows, cases::urgency_word, ordinal};
use crate::words::thai;

pub(super) struct AssignmentRegister;

/// The screen's own word for a code.
fn word(group: &str, code: &str) -> String {
    thai(&format!("assignment.{group}.{code}"))
}

/// A reason as it is read: a code's word, with what was typed after it, or all as it was typed.
fn why_words(kept: &str) -> String {
    let (code, more) = kept.split_once(": ").unwrap_or((kept, ""));
    let key = format!("assignment.reason.{code}");
    let word = thai(&key);
    if word == key {
        return kept.to_string();
    }
    format!("{word} {more}").trim_end().to_string()
}

/// Whether somebody was only not chosen: nobody was told of it, so it is no task.
fn was_no_task(assignment: &Assignment) -> bool {
    assignment.set_aside && assignment.offered_at.is_none()
}

impl Rows for AssignmentRegister {
    const TITLE: &'static str = "บัญชีการมอบหมายงานจิตอาสา";
    const SHEET: &'static str = "แบบพิมพ์";

    fn form_columns() -> Vec<Column> {
        vec![
            Column::new("ลำดับที่", K::Whole, 7.0),
            Column::new("งานเลขที่", K::Code, 20.0),
            Column::new("ผู้ขอความช่วยเหลือ", K::Text, 26.0).wrap(),
            Column::new("ที่อยู่", K::Text, 22.0).wrap(),
            Column::new("ความต้องการ", K::Text, 22.0).wrap(),
            Column::new("จิตอาสา", K::Text, 26.0).wrap(),
            Column::new("ไปกี่คน", K::Whole, 8.0),
            Column::new("สถานะ", K::Text, 18.0).wrap(),
            Column::new("ตั้งแต่วันที่", K::Date, 13.0),
            Column::new("ผล", K::Text, 26.0).wrap(),
        ]
    }

    fn data_columns() -> Vec<Column> {
        vec![
            Column::new("ลำดับ", K::Whole, 7.0),
            Column::new("งานเลขที่", K::Code, 20.0),
            Column::new("เลขที่เรื่อง", K::Code, 17.0),
            Column::new("ผู้ขอความช่วยเหลือ", K::Text, 26.0),
            Column::new("บ้านเลขที่", K::Code, 10.0),
            Column::new("หมู่บ้าน", K::Text, 20.0),
            Column::new("ความต้องการ", K::Text, 24.0),
            Column::new("ความเร่งด่วน", K::Text, 12.0),
            Column::new("จิตอาสา", K::Text, 28.0),
            Column::new("ทีม", K::Text, 20.0),
            Column::new("ไปกี่คน", K::Whole, 8.0),
            Column::new("ไปครั้งเดียวกับงานเลขที่", K::Code, 20.0),
            Column::new("รับต่อจาก", K::Text, 28.0),
            Column::new("มอบหมายเมื่อ", K::DateTime, 20.0),
            Column::new("มอบหมายเมื่อ (พ.ศ.)", K::Text, 18.0),
            Column::new("แจ้งทาง", K::Text, 14.0),
            Column::new("แจ้งเมื่อ", K::DateTime, 20.0),
            Column::new("ต้องตอบภายใน", K::DateTime, 20.0),
            Column::new("สถานะ", K::Text, 20.0),
            Column::new("สถานะตั้งแต่", K::DateTime, 20.0),
            Column::new("เหตุผล", K::Text, 24.0),
            Column::new("ผล", K::Text, 30.0),
            Column::new("ใช้เวลา (นาที)", K::Whole, 10.0),
            Column::new("คำของผู้ขอความช่วยเหลือ", K::Text, 18.0),
            Column::new("บันทึกคำของผู้ขอความช่วยเหลือ", K::Text, 28.0),
            Column::new("ระยะทาง (เมตร)", K::Whole, 12.0),
            Column::new("รหัสระบบ", K::Text, 38.0).hidden(),
        ]
    }

    fn each(
        &self,
        context: &Context,
        visit: &mut dyn FnMut(ExportRow) -> Result<(), ExportError>,
    ) -> Result<(), ExportError> {
        let words = context.words(KindList::Need)?;
        let (mut count, mut after) = (0, 0);
        // A visit is told by the number that stands first of it.
        let mut visits: HashMap<Uuid, String> = HashMap::new();
        loop {
            let page = context
                .store
                .read(|conn| assignments::after(conn, after, 200))?;
            let Some((last, _)) = page.last() else {
                return Ok(());
            };
            after = *last;
            for (_, line) in &page {
                let assignment = &line.assignment;
                if was_no_task(assignment) {
                    continue;
                }
                count += 1;
                let first = assignment.visit_id.map(|id| {
                    let first = visits.entry(id);
                    first.or_insert_with(|| number_of(line)).clone()
                });
                visit(row_of(context, line, &words, count, first))?;
            }
        }
    }
}

/// An assignment of an earlier program has no number of its own.
fn number_of(line: &AssignmentLine) -> String {
    let own = &line.assignment.number;
    if own.is_empty() {
        line.line.case.number.clone()
    } else {
        own.clone()
    }
}

fn row_of(
    context: &Context,
    line: &AssignmentLine,
    words: &HashMap<String, String>,
    count: usize,
    visit: Option<String>,
) -> ExportRow {
    let assignment = &line.assignment;
    let case = &line.line.case;
    let village = context.villages.label(&case.area_code);
    let need = words
        .get(&line.need_kind)
        .cloned()
        .unwrap_or_else(|| line.need_kind.clone());
    let at = |moment: Option<Timestamp>| {
        moment.map_or(Cell::Empty, |at| Cell::DateTime(at.in_bangkok()))
    };
    let created = assignment.created_at.in_bangkok();
    let since = assignment.state_since.in_bangkok();
    let state = Cell::text(word("state", assignment.state.code()));
    let reason = assignment.reason.as_deref().map(why_words);
    let outcome = assignment.outcome.clone();
    let go = Cell::Whole(i64::try_from(assignment.hands()).unwrap_or(i64::MAX));
    let replaced = line
        .replaces
        .as_ref()
        .map(|before| format!("{} {}", before.volunteer_label, before.number));
    let channel = assignment
        .offered_by
        .map(|channel| word("channel", channel.code()));
    let receiver = assignment
        .receiver_word
        .map(|said| word("receiver", said.code()));
    ExportRow {
        form: vec![
            ordinal(count),
            Cell::text(number_of(line)),
            Cell::text(line.line.person.full_name()),
            Cell::text(format!("{} {village}", case.house_no)),
            Cell::text(&need),
            Cell::text(&assignment.volunteer_label),
            go.clone(),
            state.clone(),
            Cell::Date(since.date()),
            Cell::from(outcome.clone().or_else(|| reason.clone())),
        ],
        data: vec![
            ordinal(count),
            Cell::text(number_of(line)),
            Cell::text(&case.number),
            Cell::text(line.line.person.full_name()),
            Cell::text(&case.house_no),
            Cell::text(&village),
            Cell::text(&need),
            Cell::text(urgency_word(case.urgency)),
            Cell::text(&assignment.volunteer_label),
            Cell::from(line.team.clone()),
            go,
            Cell::from(visit),
            Cell::from(replaced),
            Cell::DateTime(created),
            Cell::text(date::format_short(created.date())),
            Cell::from(channel),
            at(assignment.offered_at),
            at(assignment.expires_at),
            state,
            Cell::DateTime(since),
            Cell::from(reason),
            Cell::from(outcome),
            Cell::from(assignment.minutes_given.map(i64::from)),
            Cell::from(receiver),
            Cell::from(assignment.receiver_note.clone()),
            Cell::from(assignment.distance_m.map(i64::from)),
            Cell::text(assignment.id.to_string()),
        ],
        point: case.lat.zip(case.lon),
        properties: vec![
            ("number", Cell::text(number_of(line))),
            ("case_number", Cell::text(&case.number)),
            ("need", Cell::text(&need)),
            ("state", Cell::text(assignment.state.code())),
            ("area_code", Cell::text(&case.area_code)),
            ("id", Cell::text(assignment.id.to_string())),
        ],
    }
}
