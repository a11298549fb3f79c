//! One row to one case: each field read by its own rule.
//!
//! Knows the rules of the fields; where the cells come from is [`crate::binding`], how Thai is read
//! is `jitasa-thai` behind [`crate::read_cells`].

use crate::binding::{RowReader, longer_than, with_line};
use crate::cases::{CaseRow, CaseRules, CitizenNumber, Reported};
use crate::headings::Field;
use crate::problem::AreaProblem;
use crate::read_cells as cells;
use jitasa_thai::name::{MAX_LETTERS as NAME_MAX, PersonName};
use std::collections::HashMap;

const HOUSE_NO_MAX: usize = 200;
const NOTE_MAX: usize = 20_000;
const PEOPLE_MAX: u32 = 9_999;

/// Words of the office's needs, ready to be looked up.
pub(crate) struct NeedIndex<'a>(HashMap<String, &'a str>);

impl<'a> NeedIndex<'a> {
    pub(crate) fn of(rules: &'a CaseRules<'_>) -> NeedIndex<'a> {
        let mut index = HashMap::new();
        for kind in rules.need_kinds {
            for word in kind.words.iter().chain([&kind.code]) {
                index
                    .entry(cells::loose_key(word))
                    .or_insert(kind.code.as_str());
            }
        }
        NeedIndex(index)
    }

    fn code(&self, word: &str) -> Option<&'a str> {
        self.0.get(&cells::loose_key(word)).copied()
    }

    /// Codes of a cell, or the first part of it that is no need. A label may hold a slash or "และ"
    /// itself, so a part is split further only when it is unknown as it stands.
    fn codes(&self, cell: &str) -> Result<Vec<String>, String> {
        let mut codes: Vec<String> = Vec::new();
        let mut add = |code: &str| {
            if !codes.iter().any(|known| known == code) {
                codes.push(code.to_owned());
            }
        };
        if let Some(code) = self.code(cell) {
            add(code);
            return Ok(codes);
        }
        let parts = cell.split([',', '，', ';', '|', '\n', '•']);
        for part in parts.map(str::trim).filter(|part| !part.is_empty()) {
            if let Some(code) = self.code(part) {
                add(code);
                continue;
            }
            let finer: Vec<&str> = part
                .split(['/', '+', '&'])
                .flat_map(|piece| piece.split("และ"))
                .map(str::trim)
                .filter(|piece| !piece.is_empty())
                .collect();
            for piece in &finer {
                add(self.code(piece).ok_or_else(|| part.to_owned())?);
            }
        }
        Ok(codes)
    }
}

/// The case of a row; nothing when it must be set aside. Problems are left in the reader.
pub(crate) fn read(
    reader: &mut RowReader<'_>,
    rules: &CaseRules<'_>,
    needs: &NeedIndex<'_>,
) -> Option<CaseRow> {
    if reader.failed() {
        return None;
    }
    let reported = reported(reader, rules);
    let name = name(reader);
    let citizen_id = citizen_id(reader);
    let (phone, phone_left_over) = phone(reader);
    let house_no = house_no(reader);
    let (subdistrict, moo, area_code) = place(reader, rules);
    let needs = need_codes(reader, needs);
    let urgency = urgency(reader);
    let people_count = people_count(reader);
    let (point, link) = point(reader);
    if link.is_some() {
        reader.fix(Field::Point, "coordinate_short_link", None);
    }
    let mut note = reader.text(Field::Note);
    if longer_than(&note, NOTE_MAX) {
        reader.error(Field::Note, "note_too_long", None);
    }
    for (words, left_over) in [("โทรศัพท์ตามแฟ้ม", phone_left_over), ("แผนที่ตามแฟ้ม", link)]
    {
        if let Some(left_over) = left_over {
            note = with_line(&note, &format!("{words}: {left_over}"));
        }
    }
    if reader.failed() {
        return None;
    }
    Some(CaseRow {
        row: reader.number(),
        reported,
        title: name.title,
        given: name.given,
        family: name.family,
        citizen_id,
        phone,
        house_no,
        moo,
        subdistrict,
        area_code,
        needs,
        urgency,
        people_count,
        point,
        note,
        fixes: std::mem::take(&mut reader.fixes),
    })
}

fn reported(reader: &mut RowReader<'_>, rules: &CaseRules<'_>) -> Option<Reported> {
    let cell = reader.text(Field::ReportedOn);
    if cell.is_empty() {
        return None;
    }
    let read = match cells::date(&cell, rules.today) {
        Ok(read) => read,
        Err(code) => {
            reader.error(Field::ReportedOn, code, Some(&cell));
            return None;
        }
    };
    if read.date > rules.today {
        reader.error(Field::ReportedOn, "date_in_future", Some(&cell));
        return None;
    }
    if let Some(code) = read.fix {
        reader.fix(Field::ReportedOn, code, Some(&cell));
    }
    let mut time = read.time;
    let apart = reader.text(Field::ReportedTime);
    if !apart.is_empty() {
        match cells::time(&apart) {
            Some(read) => time = Some(read),
            None => reader.error(Field::ReportedTime, "time_unreadable", Some(&apart)),
        }
    }
    Some(Reported {
        date: read.date,
        time,
    })
}

fn name(reader: &mut RowReader<'_>) -> PersonName {
    let full = reader.text(Field::FullName);
    let title = reader.text(Field::Title);
    let given = reader.text(Field::Given);
    let family = reader.text(Field::Family);
    let column = if given.is_empty() && reader.has(Field::FullName) {
        Field::FullName
    } else {
        Field::Given
    };
    let read = cells::name(&full, &title, &given, &family);
    let parts = [&read.title, &read.given, &read.family];
    if parts.iter().any(|part| longer_than(part, NAME_MAX)) {
        reader.error(column, "name_too_long", None);
    } else if !read.given.chars().any(char::is_alphanumeric) {
        reader.error(column, "name_empty", None);
    }
    read
}

fn citizen_id(reader: &mut RowReader<'_>) -> Option<CitizenNumber> {
    let cell = reader.text(Field::CitizenId);
    if cell.is_empty() {
        return None;
    }
    match cells::citizen_number(&cell) {
        Ok(number) => {
            if !number.checksum_ok {
                reader.fix(Field::CitizenId, "id_checksum", None);
            }
            Some(number)
        }
        // Thirteen equal digits are what people type to get past a required box.
        Err(code @ "id_placeholder") => {
            reader.fix(Field::CitizenId, code, None);
            None
        }
        Err(code) => {
            reader.error(Field::CitizenId, code, None);
            None
        }
    }
}

/// Digits of the telephone, and the cell as it was when not all of it could be kept.
fn phone(reader: &mut RowReader<'_>) -> (String, Option<String>) {
    let cell = reader.text(Field::Phone);
    if cell.is_empty() {
        return (String::new(), None);
    }
    match cells::phone(&cell) {
        Ok(read) => {
            if read.repaired {
                reader.fix(Field::Phone, "phone_zero_restored", None);
            }
            if read.ext.is_none() {
                return (read.digits, None);
            }
            reader.fix(Field::Phone, "phone_extension", None);
            (read.digits, Some(cell))
        }
        // Help is not held up by a telephone number: what was written goes into the note.
        Err(code) => {
            reader.fix(Field::Phone, code, None);
            (String::new(), Some(cell))
        }
    }
}

fn house_no(reader: &mut RowReader<'_>) -> String {
    let cell = reader.text(Field::HouseNo);
    if longer_than(&cell, HOUSE_NO_MAX) {
        reader.error(Field::HouseNo, "house_no_too_long", None);
    } else if cells::is_like_excel_date(&cell) {
        reader.fix(Field::HouseNo, "house_no_like_date", None);
    }
    cells::house_no(&cell)
}

/// Subdistrict as written, หมู่, and the area code that the caller knows for them.
fn place(reader: &mut RowReader<'_>, rules: &CaseRules<'_>) -> (String, Option<u8>, String) {
    let moo_cell = reader.text(Field::Moo);
    let tambon_cell = reader.text(Field::Subdistrict);
    let subdistrict = cells::subdistrict(&tambon_cell);
    let moo = match moo_cell.as_str() {
        "" => None,
        cell => match cells::moo(cell) {
            Ok(moo) => Some(moo),
            Err(code) => {
                reader.error(Field::Moo, code, Some(cell));
                return (subdistrict, None, String::new());
            }
        },
    };
    let area = if subdistrict.is_empty() && moo.is_none() {
        Err(AreaProblem::NotEnough)
    } else {
        (rules.resolve_area)(&subdistrict, moo)
    };
    match area {
        Ok(code) => (subdistrict, moo, code),
        Err(problem) => {
            let at_moo = problem == AreaProblem::VillageUnknown || !reader.has(Field::Subdistrict);
            let (field, value) = if at_moo {
                (Field::Moo, &moo_cell)
            } else {
                (Field::Subdistrict, &tambon_cell)
            };
            reader.error(field, problem.code(), Some(value));
            (subdistrict, moo, String::new())
        }
    }
}

fn need_codes(reader: &mut RowReader<'_>, index: &NeedIndex<'_>) -> Vec<String> {
    let cell = reader.text(Field::Needs);
    match index.codes(&cell) {
        Ok(codes) if codes.is_empty() => {
            reader.error(Field::Needs, "need_missing", None);
            codes
        }
        Ok(codes) => codes,
        Err(part) => {
            reader.error(Field::Needs, "need_unknown", Some(&part));
            Vec::new()
        }
    }
}

fn urgency(reader: &mut RowReader<'_>) -> &'static str {
    let cell = reader.text(Field::Urgency);
    match cells::loose_key(&cell).as_str() {
        "" | "ปกติ" | "ทั่วไป" | "ไม่ด่วน" | "ไม่เร่งด่วน" | "normal" => {
            "normal"
        }
        "ด่วน" | "เร่งด่วน" | "urgent" => "urgent",
        "ด่วนมาก" | "เร่งด่วนมาก" | "veryurgent" | "very_urgent" => {
            "very_urgent"
        }
        "วิกฤต" | "วิกฤติ" | "ด่วนที่สุด" | "ฉุกเฉิน" | "critical" => {
            "critical"
        }
        _ => {
            reader.error(Field::Urgency, "urgency_unknown", Some(&cell));
            "normal"
        }
    }
}

fn people_count(reader: &mut RowReader<'_>) -> u32 {
    let cell = reader.text(Field::PeopleCount);
    if cell.is_empty() {
        return 1;
    }
    let code = match cells::count(&cell) {
        Ok(count @ 1..=PEOPLE_MAX) => return count,
        Ok(0) => "people_count_zero",
        Ok(_) => "number_too_large",
        Err(code) => code,
    };
    reader.error(Field::PeopleCount, code, Some(&cell));
    1
}

/// The point of a row that has ละติจูด and ลองจิจูด, or both in one cell; and a short map link,
/// which cannot be opened here: what becomes of it is the caller's. Also for villages.
pub(crate) fn point(reader: &mut RowReader<'_>) -> (Option<(f64, f64)>, Option<String>) {
    let (lat, lon) = (reader.text(Field::Lat), reader.text(Field::Lon));
    let (field, cell, read) = match (lat.is_empty(), lon.is_empty()) {
        (true, true) => {
            let cell = reader.text(Field::Point);
            if cell.is_empty() {
                return (None, None);
            }
            let read = cells::point(&cell);
            (Field::Point, cell, read)
        }
        (false, false) => (
            Field::Lat,
            format!("{lat}, {lon}"),
            cells::point_of(&lat, &lon),
        ),
        (false, true) => (Field::Lon, lat, Err("coordinate_incomplete")),
        (true, false) => (Field::Lat, lon, Err("coordinate_incomplete")),
    };
    match read {
        Ok(read) => {
            if read.swapped {
                reader.fix(field, "coordinate_swapped", None);
            }
            (Some((read.lat, read.lon)), None)
        }
        Err("coordinate_short_link") => (None, Some(cell)),
        Err(code) => {
            reader.error(field, code, Some(&cell));
            (None, None)
        }
    }
}
