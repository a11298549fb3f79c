//! The register of cases.

use jitasa_domain::{CaseState, KindList, ReviewState, Urgency};
use jitasa_exchange::{Cell, Column, ColumnKind as K};
use jitasa_store::query::cases::{self, CaseLine, CaseQuery};
use jitasa_thai::{citizen_id, date};
use std::collections::HashMap;

use super::{Context, ExportError, ExportRow, PAGE_ROWS, Rows, each_of, ordinal};
use crate::places::{self, moo_of};

pub(super) struct CaseRegister {
    pub(super) query: CaseQuery,
}

/// Words of fixed codes as they stand in a register; the screens have their own catalogue.
pub(super) fn urgency_word(urgency: Urgency) -> &'static str {
    match urgency {
        Urgency::Normal => "ปกติ",
        Urgency::Urgent => "ด่วน",
        Urgency::VeryUrgent => "ด่วนมาก",
        Urgency::Critical => "วิกฤต",
    }
}

fn state_word(state: CaseState) -> &'static str {
    match state {
        CaseState::Reported => "รับแจ้งแล้ว",
        CaseState::Open => "รอความช่วยเหลือ",
        CaseState::InProgress => "กำลังช่วยเหลือ",
        CaseState::Met => "ช่วยเหลือแล้ว",
        CaseState::Closed => "ปิดเรื่อง",
    }
}

fn review_word(state: ReviewState) -> &'static str {
    match state {
        ReviewState::Unreviewed => "ยังไม่ตรวจ",
        ReviewState::Confirmed => "รับรองแล้ว",
        ReviewState::Returned => "ส่งกลับแก้ไข",
        ReviewState::NotFound => "ไม่พบ",
        ReviewState::Rejected => "ไม่รับรอง",
    }
}

impl Rows for CaseRegister {
    const TITLE: &'static str = "บัญชีรายชื่อผู้ขอรับความช่วยเหลือ";
    const SHEET: &'static str = "แบบพิมพ์";

    fn form_columns() -> Vec<Column> {
        vec![
            Column::new("ลำดับที่", K::Whole, 7.0),
            Column::new("เลขที่เรื่อง", K::Code, 17.0),
            Column::new("วันที่แจ้ง", K::Date, 13.0),
            Column::new("ชื่อ - สกุล", K::Text, 26.0).wrap(),
            Column::new("โทรศัพท์", K::Code, 14.0),
            Column::new("บ้านเลขที่", K::Code, 10.0),
            Column::new("หมู่ที่", K::Whole, 7.0),
            Column::new("ตำบล", K::Text, 15.0).wrap(),
            Column::new("ความต้องการ", K::Text, 26.0).wrap(),
            Column::new("ความเร่งด่วน", K::Code, 12.0),
            Column::new("จำนวนคน", K::Whole, 9.0),
            Column::new("สถานะ", K::Code, 15.0),
            Column::new("หมายเหตุ", K::Text, 30.0).wrap(),
        ]
    }

    fn data_columns() -> Vec<Column> {
        vec![
            Column::new("ลำดับ", K::Whole, 7.0),
            Column::new("เลขที่เรื่อง", K::Code, 17.0),
            Column::new("วันที่แจ้ง", K::DateTime, 20.0),
            Column::new("วันที่แจ้ง (พ.ศ.)", K::Text, 18.0),
            Column::new("คำนำหน้า", K::Text, 10.0),
            Column::new("ชื่อ", K::Text, 16.0),
            Column::new("สกุล", K::Text, 18.0),
            Column::new("เลขประจำตัวประชาชน", K::Code, 20.0),
            Column::new("โทรศัพท์", K::Code, 14.0),
            Column::new("บ้านเลขที่", K::Code, 10.0),
            Column::new("หมู่ที่", K::Whole, 7.0),
            Column::new("ตำบล", K::Text, 16.0),
            Column::new("ความต้องการ", K::Text, 30.0),
            Column::new("ความเร่งด่วน", K::Text, 12.0),
            Column::new("จำนวนคน", K::Whole, 9.0),
            Column::new("ละติจูด", K::Number, 12.0),
            Column::new("ลองจิจูด", K::Number, 12.0),
            Column::new("สถานะ", K::Text, 16.0),
            Column::new("ผลตรวจรับรอง", K::Text, 14.0),
            Column::new("หมายเหตุ", K::Text, 40.0),
            Column::new("รหัสระบบ", K::Text, 38.0).hidden(),
        ]
    }

    fn each(
        &self,
        context: &Context,
        visit: &mut dyn FnMut(ExportRow) -> Result<(), ExportError>,
    ) -> Result<(), ExportError> {
        let words = context.words(KindList::Need)?;
        each_of(
            context.store,
            |conn, after| cases::page(conn, &self.query, cases::CaseSort::Newest, after, PAGE_ROWS),
            |count, line| visit(row_of(context, line, &words, count)),
        )
    }
}

fn row_of(
    context: &Context,
    line: &CaseLine,
    words: &HashMap<String, String>,
    count: usize,
) -> ExportRow {
    let case = &line.case;
    let person = &line.person;
    let reported = case.reported_at.in_bangkok();
    let needs: Vec<&str> = line
        .needs
        .iter()
        .map(|need| {
            words
                .get(&need.kind)
                .map_or(need.kind.as_str(), String::as_str)
        })
        .collect();
    let needs = needs.join(", ");
    let subdistrict = places::subdistrict(&case.area_code);
    let moo = Cell::from(moo_of(&case.area_code).map(i64::from));
    let citizen_id = person.citizen_id.as_deref().map(|id| {
        if context.unmasked {
            id.to_string()
        } else {
            citizen_id::mask(id)
        }
    });
    let phone = Cell::from(person.phone.clone());
    let people = Cell::Whole(i64::from(case.people_count));
    ExportRow {
        form: vec![
            ordinal(count),
            Cell::text(&case.number),
            Cell::Date(reported.date()),
            Cell::text(person.full_name()),
            phone.clone(),
            Cell::text(&case.house_no),
            moo.clone(),
            Cell::text(subdistrict),
            Cell::text(&needs),
            Cell::text(urgency_word(case.urgency)),
            people.clone(),
            Cell::text(state_word(line.state)),
            Cell::text(&case.note),
        ],
        data: vec![
            ordinal(count),
            Cell::text(&case.number),
            Cell::DateTime(reported),
            Cell::text(date::format_short(reported.date())),
            Cell::text(&person.title),
            Cell::text(&person.given_name),
            Cell::text(&person.family_name),
            Cell::from(citizen_id),
            phone,
            Cell::text(&case.house_no),
            moo,
            Cell::text(subdistrict),
            Cell::text(&needs),
            Cell::text(urgency_word(case.urgency)),
            people.clone(),
            Cell::from(case.lat),
            Cell::from(case.lon),
            Cell::text(state_word(line.state)),
            Cell::text(review_word(case.review_state)),
            Cell::text(&case.note),
            Cell::text(case.id.to_string()),
        ],
        point: case.lat.zip(case.lon),
        properties: vec![
            ("number", Cell::text(&case.number)),
            ("reported_at", Cell::DateTime(reported)),
            ("area_code", Cell::text(&case.area_code)),
            (
                "village",
                Cell::text(context.villages.label(&case.area_code)),
            ),
            ("needs", Cell::text(&needs)),
            ("urgency", Cell::text(case.urgency.code())),
            ("state", Cell::text(line.state.code())),
            ("review_state", Cell::text(case.review_state.code())),
            ("people_count", people),
            ("accuracy_m", Cell::from(case.accuracy_m.map(i64::from))),
            ("id", Cell::text(case.id.to_string())),
        ],
    }
}
