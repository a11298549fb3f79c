//! The register of volunteers.

use std::collections::HashMap;

use jitasa_domain::{Availability, Kind, KindList, Reach, Timestamp, Vetting, hours::Span};
use jitasa_exchange::{Cell, Column, ColumnKind as K};
use jitasa_store::{
    StoreError,
    query::{
        office, teams,
        volunteers::{self, Given, VolunteerLine, VolunteerQuery},
    },
};
use jitasa_thai::date;
use uuid::Uuid;

use super::{Context, ExportError, ExportRow, PAGE_ROWS, Rows, each_of, ordinal};
use crate::{
    patches,
    places::{self, moo_of},
};

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
            Column::new("บ้านที่รับผิดชอบ", K::Text, 24.0).wrap(),
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
            Column::new("อุปกรณ์", K::Text, 30.0),
            Column::new("ยานพาหนะ", K::Text, 16.0),
            Column::new("ที่นั่ง", K::Whole, 8.0),
            Column::new("ขนได้", K::Text, 24.0),
            Column::new("บ้านเลขที่", K::Code, 10.0),
            Column::new("หมู่ที่", K::Whole, 7.0),
            Column::new("ตำบล", K::Text, 16.0),
            Column::new("บ้านที่รับผิดชอบ", K::Text, 30.0),
            Column::new("ไปช่วยได้", K::Text, 24.0),
            Column::new("วันเวลาที่ช่วยได้", K::Text, 30.0),
            Column::new("ทีม", K::Text, 20.0),
            Column::new("งานที่ถืออยู่", K::Whole, 10.0),
            Column::new("งานได้ไม่เกิน", K::Whole, 10.0),
            Column::new("งานที่เสร็จ", K::Whole, 10.0),
            Column::new("นาทีที่ช่วย", K::Whole, 10.0),
            Column::new("ละติจูด", K::Number, 12.0),
            Column::new("ลองจิจูด", K::Number, 12.0),
            Column::new("สถานะ", K::Text, 10.0),
            Column::new("ลาตั้งแต่", K::Date, 13.0),
            Column::new("ลาถึง", K::Date, 13.0),
            Column::new("การตรวจสอบ", K::Text, 14.0),
            Column::new("ตรวจสอบโดย", K::Text, 18.0),
            Column::new("ตรวจสอบเมื่อ", K::DateTime, 20.0),
            Column::new("การอบรม", K::Text, 40.0),
            Column::new("ยืนยันข้อมูลล่าสุด", K::DateTime, 20.0),
            Column::new("หมายเหตุ", K::Text, 30.0),
            Column::new("รหัสระบบ", K::Text, 38.0).hidden(),
        ]
    }

    fn each(
        &self,
        context: &Context,
        visit: &mut dyn FnMut(ExportRow) -> Result<(), ExportError>,
    ) -> Result<(), ExportError> {
        let words = Words::of(context)?;
        each_of(
            context.store,
            |conn, after| volunteers::page(conn, &VolunteerQuery::default(), after, PAGE_ROWS),
            |count, line| visit(row_of(context, line, &words, count)),
        )
    }
}

/// What all rows have in common.
struct Words {
    /// What each kind of volunteer can serve.
    serving: Vec<Kind>,
    kinds: HashMap<String, String>,
    needs: HashMap<String, String>,
    equipment: HashMap<String, String>,
    trainings: HashMap<String, String>,
    teams: HashMap<Uuid, Vec<String>>,
    given: HashMap<Uuid, Given>,
}

impl Words {
    fn of(context: &Context) -> Result<Self, StoreError> {
        let store = context.store;
        Ok(Self {
            serving: store.read(|conn| office::kinds(conn, KindList::Volunteer))?,
            kinds: context.words(KindList::Volunteer)?,
            needs: context.words(KindList::Need)?,
            equipment: context.words(KindList::Equipment)?,
            trainings: context.words(KindList::Training)?,
            teams: store.read(teams::names_by_member)?,
            given: store.read(volunteers::given_by_all)?,
        })
    }

    /// "1 พ.ค. 2569 ปฐมพยาบาลเบื้องต้น" of `2026-05-01 first_aid`.
    fn training(&self, entry: &str) -> String {
        let (day, what) = entry.split_once(' ').unwrap_or(("", entry));
        let what = self.trainings.get(what).map_or(what, String::as_str);
        match day.parse() {
            Ok(day) => format!("{} {what}", date::format_short(day)),
            Err(_) => entry.into(),
        }
    }
}

fn vetting_word(vetting: Vetting) -> &'static str {
    match vetting {
        Vetting::Unvetted => "ยังไม่ตรวจสอบ",
        Vetting::Vetted => "ตรวจสอบแล้ว",
        Vetting::Refused => "ไม่ผ่าน",
    }
}

const fn reach_word(reach: Reach) -> &'static str {
    match reach {
        Reach::Village => "เฉพาะหมู่บ้านและบ้านที่ดูแล",
        Reach::Subdistrict => "ทั้งตำบลของตน",
        Reach::Office => "ทุกที่ที่หน่วยงานดูแล",
    }
}

fn carries_word(code: &str) -> &str {
    match code {
        "goods" => "สิ่งของ",
        "wheelchair" => "รถเข็น",
        "stretcher" => "เปลนอน",
        "oxygen" => "ออกซิเจน",
        "infected" => "ผู้ติดเชื้อ",
        other => other,
    }
}

/// "จ. 08:00-16:30" of `1 08:00-16:30`.
fn hours_word(entry: &str) -> String {
    const DAYS: [&str; 7] = ["จ.", "อ.", "พ.", "พฤ.", "ศ.", "ส.", "อา."];
    let named = Span::parse(entry).ok().and_then(|span| {
        let times = span.to_string();
        let (_, times) = times.split_once(' ')?;
        let day = DAYS.get(usize::from(span.day) - 1)?;
        Some(format!("{day} {times}"))
    });
    named.unwrap_or_else(|| entry.into())
}

fn row_of(context: &Context, line: &VolunteerLine, words: &Words, count: usize) -> ExportRow {
    let volunteer = &line.volunteer;
    let join = |codes: &[String], words: &HashMap<String, String>| {
        let words: Vec<&str> = codes
            .iter()
            .map(|code| words.get(code).map_or(code.as_str(), String::as_str))
            .collect();
        words.join(", ")
    };
    let each = |entries: &[String], word: &dyn Fn(&str) -> String| {
        let words: Vec<String> = entries.iter().map(|entry| word(entry)).collect();
        Cell::text(words.join(", "))
    };
    let moment = |at: Option<Timestamp>| Cell::from(at.map(Timestamp::in_bangkok));
    let given = words.given.get(&volunteer.id).copied().unwrap_or_default();
    let teams = words.teams.get(&volunteer.id).map(|teams| teams.join(", "));
    let subdistrict = places::subdistrict(&volunteer.area_code);
    let patch = each(&volunteer.patch, &|value| {
        patches::label_of(value, &context.villages)
    });
    let phone = Cell::from(volunteer.phone.clone());
    let moo = Cell::from(moo_of(&volunteer.area_code).map(i64::from));
    let state = Cell::text(availability_word(volunteer.availability));
    let kinds = Cell::text(join(&volunteer.kinds, &words.kinds));
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
            patch.clone(),
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
            Cell::text(join(&volunteer.serves(&words.serving), &words.needs)),
            Cell::text(join(&volunteer.equipment, &words.equipment)),
            Cell::from(volunteer.vehicle.clone()),
            Cell::from(volunteer.vehicle_seats.map(i64::from)),
            each(&volunteer.vehicle_carries, &|code| {
                carries_word(code).into()
            }),
            Cell::text(&volunteer.house_no),
            moo,
            Cell::text(subdistrict),
            patch,
            Cell::text(reach_word(volunteer.reach)),
            each(&volunteer.hours, &hours_word),
            Cell::from(teams),
            load.clone(),
            Cell::Whole(i64::from(volunteer.max_open_tasks)),
            Cell::Whole(given.tasks),
            Cell::Whole(given.minutes),
            Cell::from(volunteer.lat),
            Cell::from(volunteer.lon),
            state,
            Cell::from(volunteer.away_from),
            Cell::from(volunteer.away_until),
            Cell::text(vetting_word(volunteer.vetting)),
            Cell::from(volunteer.vetted_by.clone()),
            moment(volunteer.vetted_at),
            each(&volunteer.training, &|entry| words.training(entry)),
            moment(volunteer.confirmed_at),
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
