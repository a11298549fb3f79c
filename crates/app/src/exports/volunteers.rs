//! The register of volunteers.

use std::collections::HashMap;

use jitasa_domain::{Availability, KindList};
use jitasa_exchange::{Cell, Column, ColumnKind as K};
use jitasa_store::query::volunteers::{self, VolunteerLine, VolunteerQuery};

use super::{Context, ExportError, ExportRow, PAGE_ROWS, Rows, each_of, ordinal};
use crate::places::{self, moo_of};

pub(super) struct VolunteerRegister;

fn availability_word(availability: Availability) -> &'static str {
    match availability {
        Availability::Available => "พร้อม",
        Availability::OnLeave => "ลา",
        Availability::Left => "พ้นหน้าที่",
    }
}

impl Rows for VolunteerRegister {
    const TITLE: &'static str = "ทะเบียนจิตอาสา";
    const SHEET: &'static str = "แบบพิมพ์";

    fn form_columns() -> Vec<Column> {
        vec![
            Column::new("ลำดับที่", K::Whole, 7.0),
            Column::new("ชื่อ - สกุล", K::Text, 28.0).wrap(),
            Column::new("ประเภท", K::Text, 26.0).wrap(),
            Column::new("โทรศัพท์", K::Code, 14.0),
            Column::new("บ้านเลขที่", K::Code, 10.0),
            Column::new("หมู่ที่", K::Whole, 7.0),
            Column::new("ตำบล", K::Text, 16.0),
            Column::new("ยานพาหนะ", K::Text, 16.0).wrap(),
            Column::new("งานที่ถืออยู่", K::Whole, 10.0),
            Column::new("สถานะ", K::Code, 10.0),
            Column::new("หมายเหตุ", K::Text, 26.0).wrap(),
        ]
    }

    fn data_columns() -> Vec<Column> {
        vec![
            Column::new("ลำดับ", K::Whole, 7.0),
            Column::new("คำนำหน้า", K::Text, 10.0),
            Column::new("ชื่อ", K::Text, 16.0),
            Column::new("สกุล", K::Text, 18.0),
            Column::new("โทรศัพท์", K::Code, 14.0),
            Column::new("ประเภท", K::Text, 26.0),
            Column::new("ช่วยเรื่อง", K::Text, 40.0),
            Column::new("ยานพาหนะ", K::Text, 16.0),
            Column::new("บ้านเลขที่", K::Code, 10.0),
            Column::new("หมู่ที่", K::Whole, 7.0),
            Column::new("ตำบล", K::Text, 16.0),
            Column::new("หมู่บ้านที่รับผิดชอบ", K::Text, 24.0),
            Column::new("งานที่ถืออยู่", K::Whole, 10.0),
            Column::new("งานได้ไม่เกิน", K::Whole, 10.0),
            Column::new("ละติจูด", K::Number, 12.0),
            Column::new("ลองจิจูด", K::Number, 12.0),
            Column::new("สถานะ", K::Text, 10.0),
            Column::new("หมายเหตุ", K::Text, 30.0),
            Column::new("รหัสระบบ", K::Text, 38.0).hidden(),
        ]
    }

    fn each(
        &self,
        context: &Context,
        visit: &mut dyn FnMut(ExportRow) -> Result<(), ExportError>,
    ) -> Result<(), ExportError> {
        let (kinds, needs) = (
            context.words(KindList::Volunteer)?,
            context.words(KindList::Need)?,
        );
        each_of(
            context.store,
            |conn, after| volunteers::page(conn, &VolunteerQuery::default(), after, PAGE_ROWS),
            |count, line| visit(row_of(context, line, &kinds, &needs, count)),
        )
    }
}

fn row_of(
    context: &Context,
    line: &VolunteerLine,
    kinds: &HashMap<String, String>,
    needs: &HashMap<String, String>,
    count: usize,
) -> ExportRow {
    let volunteer = &line.volunteer;
    let join = |codes: &[String], words: &HashMap<String, String>| {
        let words: Vec<&str> = codes
            .iter()
            .map(|code| words.get(code).map_or(code.as_str(), String::as_str))
            .collect();
        words.join(", ")
    };
    let subdistrict = places::subdistrict(&volunteer.area_code);
    let patch: Vec<String> = volunteer
        .patch
        .iter()
        .map(|code| context.villages.label(code))
        .collect();
    let phone = Cell::from(volunteer.phone.clone());
    let moo = Cell::from(moo_of(&volunteer.area_code).map(i64::from));
    let state = Cell::text(availability_word(volunteer.availability));
    let kinds = Cell::text(join(&volunteer.kinds, kinds));
    let load = Cell::Whole(i64::from(line.open_tasks));
    ExportRow {
        form: vec![
            ordinal(count),
            Cell::text(volunteer.full_name()),
            kinds.clone(),
            phone.clone(),
            Cell::text(&volunteer.house_no),
            moo.clone(),
            Cell::text(subdistrict),
            Cell::from(volunteer.vehicle.clone()),
            load.clone(),
            state.clone(),
            Cell::text(&volunteer.note),
        ],
        data: vec![
            ordinal(count),
            Cell::text(&volunteer.title),
            Cell::text(&volunteer.given_name),
            Cell::text(&volunteer.family_name),
            phone,
            kinds.clone(),
            Cell::text(join(&volunteer.skills, needs)),
            Cell::from(volunteer.vehicle.clone()),
            Cell::text(&volunteer.house_no),
            moo,
            Cell::text(subdistrict),
            Cell::text(patch.join(", ")),
            load.clone(),
            Cell::Whole(i64::from(volunteer.max_open_tasks)),
            Cell::from(volunteer.lat),
            Cell::from(volunteer.lon),
            state,
            Cell::text(&volunteer.note),
            Cell::text(volunteer.id.to_string()),
        ],
        point: volunteer.lat.zip(volunteer.lon),
        properties: vec![
            ("kinds", kinds),
            ("area_code", Cell::text(&volunteer.area_code)),
            ("open_tasks", load),
            ("availability", Cell::text(volunteer.availability.code())),
            ("id", Cell::text(volunteer.id.to_string())),
        ],
    }
}
