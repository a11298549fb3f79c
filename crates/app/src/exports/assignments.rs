//! The register of assignments.

use std::collections::HashMap;

use jitasa_domain::{AssignmentState, KindList};
use jitasa_exchange::{Cell, Column, ColumnKind as K};
use jitasa_store::query::assignments::{self, AssignmentLine};
use jitasa_thai::date;

use super::{Context, ExportError, ExportRow, Rows, cases::urgency_word, ordinal};

pub(super) struct AssignmentRegister;

fn state_word(state: AssignmentState) -> &'static str {
    match state {
        AssignmentState::Proposed => "เสนอชื่อ",
        AssignmentState::Offered => "แจ้งแล้ว รอตอบ",
        AssignmentState::Accepted => "รับงาน",
        AssignmentState::Declined => "ไม่รับ",
        AssignmentState::Expired => "หมดเวลาตอบ",
        AssignmentState::EnRoute => "กำลังเดินทาง",
        AssignmentState::OnSite => "ถึงที่แล้ว",
        AssignmentState::Done => "ช่วยแล้ว รอรับรอง",
        AssignmentState::PartlyDone => "ช่วยได้บางส่วน รอรับรอง",
        AssignmentState::Failed => "ช่วยไม่สำเร็จ",
        AssignmentState::Confirmed => "รับรองแล้ว",
        AssignmentState::Returned => "ส่งกลับ",
        AssignmentState::Revoked => "ยกเลิก",
        AssignmentState::Reassigned => "มอบผู้อื่นแทน",
    }
}

impl Rows for AssignmentRegister {
    const TITLE: &'static str = "บัญชีการมอบหมายงานจิตอาสา";
    const SHEET: &'static str = "แบบพิมพ์";

    fn form_columns() -> Vec<Column> {
        vec![
            Column::new("ลำดับที่", K::Whole, 7.0),
            Column::new("เลขที่เรื่อง", K::Code, 17.0),
            Column::new("ผู้ขอรับความช่วยเหลือ", K::Text, 26.0).wrap(),
            Column::new("ที่อยู่", K::Text, 22.0).wrap(),
            Column::new("ความต้องการ", K::Text, 22.0).wrap(),
            Column::new("จิตอาสา", K::Text, 26.0).wrap(),
            Column::new("สถานะ", K::Text, 18.0).wrap(),
            Column::new("ตั้งแต่วันที่", K::Date, 13.0),
            Column::new("ผล", K::Text, 26.0).wrap(),
        ]
    }

    fn data_columns() -> Vec<Column> {
        vec![
            Column::new("ลำดับ", K::Whole, 7.0),
            Column::new("เลขที่เรื่อง", K::Code, 17.0),
            Column::new("ผู้ขอรับความช่วยเหลือ", K::Text, 26.0),
            Column::new("บ้านเลขที่", K::Code, 10.0),
            Column::new("หมู่บ้าน", K::Text, 20.0),
            Column::new("ความต้องการ", K::Text, 24.0),
            Column::new("ความเร่งด่วน", K::Text, 12.0),
            Column::new("จิตอาสา", K::Text, 28.0),
            Column::new("มอบหมายเมื่อ", K::DateTime, 20.0),
            Column::new("มอบหมายเมื่อ (พ.ศ.)", K::Text, 18.0),
            Column::new("สถานะ", K::Text, 20.0),
            Column::new("สถานะตั้งแต่", K::DateTime, 20.0),
            Column::new("เหตุผล", K::Text, 24.0),
            Column::new("ผล", K::Text, 30.0),
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
        loop {
            let page = context
                .store
                .read(|conn| assignments::after(conn, after, 200))?;
            let Some((last, _)) = page.last() else {
                return Ok(());
            };
            after = *last;
            for (_, line) in &page {
                count += 1;
                visit(row_of(context, line, &words, count))?;
            }
        }
    }
}

fn row_of(
    context: &Context,
    line: &AssignmentLine,
    words: &HashMap<String, String>,
    count: usize,
) -> ExportRow {
    let assignment = &line.assignment;
    let case = &line.line.case;
    let village = context.villages.label(&case.area_code);
    let need = words
        .get(&line.need_kind)
        .cloned()
        .unwrap_or_else(|| line.need_kind.clone());
    let created = assignment.created_at.in_bangkok();
    let since = assignment.state_since.in_bangkok();
    let state = Cell::text(state_word(assignment.state));
    let outcome = assignment
        .outcome
        .clone()
        .or_else(|| assignment.reason.clone());
    ExportRow {
        form: vec![
            ordinal(count),
            Cell::text(&case.number),
            Cell::text(line.line.person.full_name()),
            Cell::text(format!("{} {village}", case.house_no)),
            Cell::text(&need),
            Cell::text(&assignment.volunteer_label),
            state.clone(),
            Cell::Date(since.date()),
            Cell::from(outcome),
        ],
        data: vec![
            ordinal(count),
            Cell::text(&case.number),
            Cell::text(line.line.person.full_name()),
            Cell::text(&case.house_no),
            Cell::text(&village),
            Cell::text(&need),
            Cell::text(urgency_word(case.urgency)),
            Cell::text(&assignment.volunteer_label),
            Cell::DateTime(created),
            Cell::text(date::format_short(created.date())),
            state,
            Cell::DateTime(since),
            Cell::from(assignment.reason.clone()),
            Cell::from(assignment.outcome.clone()),
            Cell::from(assignment.distance_m.map(i64::from)),
            Cell::text(assignment.id.to_string()),
        ],
        point: case.lat.zip(case.lon),
        properties: vec![
            ("number", Cell::text(&case.number)),
            ("need", Cell::text(&need)),
            ("state", Cell::text(assignment.state.code())),
            ("area_code", Cell::text(&case.area_code)),
            ("id", Cell::text(assignment.id.to_string())),
        ],
    }
}
