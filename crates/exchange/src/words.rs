//! The Thai words of every refusal and problem: what, where, what to do next.
//!
//! One table keyed by code. A value of a cell is shown only where it cannot be a person's name, id
//! or telephone number, and never when it holds so many digits that it might be one.

use crate::table::{ROWS_MAX, TableError};

/// What is wrong, and what to do, for each code of a problem. `{}` is where the value goes.
const PROBLEMS: &[(&str, &str, &str)] = &[
    // The row as it was written.
    (
        "text_damaged",
        "มีตัวอักษรที่อ่านไม่ออก",
        "เปิดแฟ้มต้นฉบับ พิมพ์แถวนี้ใหม่ แล้วบันทึกเป็น CSV UTF-8",
    ),
    (
        "text_garbled",
        "ตัวอักษรไทยเพี้ยน",
        "เปิดแฟ้มต้นฉบับ พิมพ์แถวนี้ใหม่ แล้วบันทึกเป็น CSV UTF-8",
    ),
    (
        "quote_unbalanced",
        "เครื่องหมายคำพูด (\") ไม่ครบคู่ ข้อความอาจปนกับแถวถัดไป",
        "ตรวจแถวนี้กับแถวถัดไปในแฟ้ม ลบหรือเติมเครื่องหมายคำพูดให้ครบคู่",
    ),
    (
        "row_misaligned",
        "มีข้อมูลเกินจำนวนหัวตาราง ข้อมูลอาจเลื่อนไปอยู่ผิดช่อง",
        "ตรวจว่ามีเครื่องหมายคั่นอยู่ในข้อความหรือไม่ แก้ให้ตรงช่อง",
    ),
    // Headings.
    (
        "heading_duplicate",
        "มีหัวตารางเรื่องเดียวกันมากกว่าหนึ่งช่อง ระบบอ่านช่องแรก",
        "ลบช่องที่ซ้ำออก หรือเปลี่ยนชื่อหัวตารางให้ต่างกัน",
    ),
    (
        "value_conflict",
        "หัวตารางเรื่องเดียวกันมีสองช่อง และข้อมูลไม่ตรงกัน",
        "เหลือข้อมูลที่ถูกต้องไว้เพียงช่องเดียว",
    ),
    // Name.
    (
        "name_empty",
        "ไม่มีชื่อ",
        "กรอกชื่อผู้ขอรับความช่วยเหลือ หากไม่ทราบชื่อให้กรอกว่า ไม่ทราบชื่อ",
    ),
    (
        "name_too_long",
        "ชื่อยาวเกิน 200 ตัวอักษร",
        "ตรวจว่ามีข้อความอื่นปนอยู่ในช่องชื่อหรือไม่",
    ),
    // Identity.
    (
        "id_scientific",
        "เลขประจำตัวประชาชนกลายเป็นตัวเลขย่อ เลขท้ายหายไปแล้ว",
        "ในแฟ้มต้นฉบับ จัดรูปแบบคอลัมน์เป็นข้อความ แล้วกรอกเลข 13 หลักใหม่",
    ),
    (
        "id_length",
        "เลขประจำตัวประชาชนไม่ครบ 13 หลัก",
        "ตรวจเลขจากบัตร หากไม่มีเลขให้เว้นว่าง",
    ),
    (
        "id_unreadable",
        "อ่านเลขประจำตัวประชาชนไม่ได้",
        "กรอกเป็นตัวเลข 13 หลัก หากไม่มีเลขให้เว้นว่าง",
    ),
    (
        "id_checksum",
        "เลขประจำตัวประชาชนไม่ผ่านการตรวจหลักสุดท้าย รับไว้เป็นเลขที่ยังไม่ยืนยัน",
        "ตรวจเลขกับบัตรอีกครั้ง",
    ),
    (
        "id_placeholder",
        "เลขประจำตัวประชาชนเป็นเลขเดียวกันทั้ง 13 หลัก ระบบเว้นว่างไว้",
        "ขอเลขจากบัตรแล้วเพิ่มในเคส",
    ),
    // Phone.
    (
        "phone_zero_restored",
        "หมายเลขโทรศัพท์ไม่มีเลข 0 นำหน้า ระบบเติมให้แล้ว",
        "ตรวจหมายเลขอีกครั้ง",
    ),
    (
        "phone_unreadable",
        "อ่านหมายเลขโทรศัพท์ไม่ได้ ระบบเก็บข้อความเดิมไว้ในหมายเหตุ",
        "สอบถามหมายเลขแล้วแก้ในเคส",
    ),
    (
        "phone_several",
        "มีหมายเลขโทรศัพท์มากกว่าหนึ่งหมายเลข ระบบเก็บข้อความเดิมไว้ในหมายเหตุ",
        "เลือกหมายเลขที่ติดต่อได้ แล้วกรอกในเคส",
    ),
    (
        "phone_extension",
        "หมายเลขโทรศัพท์มีเบอร์ต่อ ระบบเก็บข้อความเดิมไว้ในหมายเหตุ",
        "ไม่ต้องแก้ไข",
    ),
    // Day and time.
    (
        "date_unreadable",
        "อ่านวันที่ “{}” ไม่ได้",
        "กรอกเป็น วัน/เดือน/ปี พ.ศ. เช่น 5/11/2569",
    ),
    (
        "date_impossible",
        "ไม่มีวันที่ “{}” ในปฏิทิน",
        "ตรวจวัน เดือน และปี เช่น 5/11/2569",
    ),
    (
        "date_in_future",
        "วันที่ “{}” ยังมาไม่ถึง",
        "ตรวจวัน เดือน และปี พ.ศ. ให้ถูกต้อง",
    ),
    (
        "date_not_whole",
        "“{}” ไม่ครบวัน เดือน ปี",
        "กรอกให้ครบ เช่น 5/11/2569 หากไม่ทราบให้เว้นว่าง",
    ),
    (
        "date_year_unclear",
        "ไม่แน่ใจว่าปีใน “{}” เป็น พ.ศ. หรือ ค.ศ.",
        "กรอกปี พ.ศ. ให้ครบสี่หลัก เช่น 5/11/2569",
    ),
    (
        "date_serial",
        "วันที่เป็นเลขลำดับของ Excel (“{}”) ระบบแปลงเป็นวันที่ให้แล้ว",
        "ตรวจวันที่อีกครั้ง",
    ),
    (
        "time_unreadable",
        "อ่านเวลา “{}” ไม่ได้",
        "กรอกเป็น ชั่วโมง:นาที เช่น 14:30 หรือเว้นว่าง",
    ),
    // Place.
    (
        "house_no_like_date",
        "บ้านเลขที่ดูเหมือนวันที่ Excel อาจเปลี่ยนเลขที่แบบ 5/11 ไปแล้ว",
        "ตรวจบ้านเลขที่กับต้นฉบับ",
    ),
    (
        "house_no_too_long",
        "บ้านเลขที่ยาวเกิน 200 ตัวอักษร",
        "แก้ให้เหลือเฉพาะบ้านเลขที่",
    ),
    ("moo_unreadable", "อ่านหมู่ที่ “{}” ไม่ได้", "กรอกเป็นตัวเลข 1 ถึง 99"),
    (
        "subdistrict_unknown",
        "ไม่พบตำบล “{}”",
        "ตรวจตัวสะกดชื่อตำบล และตรวจว่าอยู่ในเขตของสำนักงาน",
    ),
    (
        "subdistrict_ambiguous",
        "มีตำบลชื่อ “{}” มากกว่าหนึ่งแห่ง",
        "กรอกรหัสตำบล 6 หลักแทนชื่อตำบล",
    ),
    (
        "village_unknown",
        "ตำบลนี้ไม่มีหมู่ที่ “{}”",
        "ตรวจเลขหมู่ หรือนำเข้าบัญชีหมู่บ้านของตำบลนี้ก่อน",
    ),
    (
        "area_outside_office",
        "“{}” อยู่นอกเขตของสำนักงาน",
        "ตรวจตำบลและหมู่ หากถูกต้องแล้วให้ส่งต่อสำนักงานเจ้าของพื้นที่",
    ),
    ("area_missing", "ยังไม่รู้ว่าอยู่หมู่บ้านใด", "กรอกตำบลและหมู่ที่"),
    // Point.
    (
        "coordinate_outside",
        "พิกัด “{}” อยู่นอกประเทศไทย",
        "ตรวจละติจูดและลองจิจูด หากไม่ทราบให้เว้นว่าง",
    ),
    (
        "coordinate_unreadable",
        "อ่านพิกัด “{}” ไม่ได้",
        "กรอกเป็นองศาทศนิยม เช่น 16.3096 และ 104.2030 หรือเว้นว่าง",
    ),
    (
        "coordinate_zero",
        "พิกัดเป็น 0, 0",
        "กรอกพิกัดจริง หากไม่ทราบให้เว้นว่าง",
    ),
    (
        "coordinate_short_link",
        "ลิงก์แผนที่แบบย่อไม่มีพิกัดอยู่ในตัว ระบบเก็บลิงก์ไว้ในหมายเหตุ",
        "เปิดลิงก์แล้วปักหมุดในเคส",
    ),
    (
        "coordinate_incomplete",
        "พิกัดมีเพียงค่าเดียว (“{}”)",
        "กรอกทั้งละติจูดและลองจิจูด หรือเว้นว่างทั้งสองช่อง",
    ),
    (
        "coordinate_swapped",
        "ละติจูดกับลองจิจูดสลับกัน ระบบสลับให้แล้ว",
        "ตรวจหมุดบนแผนที่อีกครั้ง",
    ),
    // Need and urgency.
    (
        "need_missing",
        "ไม่ได้บอกความต้องการ",
        "กรอกความต้องการอย่างน้อยหนึ่งอย่าง",
    ),
    (
        "need_unknown",
        "ไม่รู้จักความต้องการ “{}”",
        "แก้ให้ตรงกับรายการความต้องการของสำนักงาน ถ้ามีหลายอย่างให้คั่นด้วยเครื่องหมายจุลภาค",
    ),
    (
        "urgency_unknown",
        "ไม่รู้จักความเร่งด่วน “{}”",
        "กรอก ปกติ ด่วน ด่วนมาก หรือ วิกฤต",
    ),
    (
        "number_unreadable",
        "อ่านจำนวนคน “{}” ไม่ได้",
        "กรอกเป็นจำนวนเต็ม เช่น 4",
    ),
    (
        "number_too_large",
        "จำนวนคน “{}” มากเกินไป",
        "กรอกจำนวนตั้งแต่ 1 ถึง 9,999 คน",
    ),
    (
        "people_count_zero",
        "จำนวนคนเป็นศูนย์",
        "กรอกจำนวนคนที่ต้องการความช่วยเหลือ อย่างน้อย 1 คน",
    ),
    (
        "note_too_long",
        "หมายเหตุยาวเกิน 20,000 ตัวอักษร",
        "ย่อข้อความให้เหลือเฉพาะที่จำเป็น",
    ),
    // Villages.
    (
        "village_link_unread",
        "ลิงก์แผนที่แบบย่อไม่มีพิกัดอยู่ในตัว หมู่บ้านนี้จึงยังไม่มีหมุด",
        "เปิดลิงก์แล้วปักหมุดหมู่บ้านบนแผนที่",
    ),
    (
        "village_code_unreadable",
        "รหัสหมู่บ้าน “{}” ไม่ใช่ตัวเลข 8 หลัก",
        "กรอกรหัสตำบล 6 หลัก ตามด้วยหมู่ 2 หลัก เช่น 45090501",
    ),
    (
        "village_code_unknown",
        "ไม่พบตำบลของรหัสหมู่บ้าน “{}”",
        "ตรวจรหัสตำบล 6 หลักแรก",
    ),
    (
        "village_code_conflict",
        "รหัสหมู่บ้าน “{}” ไม่ตรงกับตำบลหรือหมู่ที่ในแถวเดียวกัน",
        "แก้ให้ตรงกัน หรือเหลือไว้เพียงรหัสหมู่บ้าน",
    ),
    ("village_name_empty", "ไม่มีชื่อหมู่บ้าน", "กรอกชื่อหมู่บ้าน"),
    (
        "village_name_too_long",
        "ชื่อหมู่บ้านยาวเกิน 200 ตัวอักษร",
        "ตรวจว่ามีข้อความอื่นปนอยู่หรือไม่",
    ),
    (
        "village_duplicate",
        "หมู่บ้าน “{}” มีอยู่แล้วในแถวก่อนหน้า",
        "เหลือไว้เพียงแถวเดียว",
    ),
];

/// Message of a problem. `column` may be empty: the whole row is meant.
pub(crate) fn of_problem(code: &str, row: usize, column: &str, value: Option<&str>) -> String {
    let (what, next) = PROBLEMS.iter().find(|(known, _, _)| *known == code).map_or(
        ("ข้อมูลไม่ถูกต้อง", "ตรวจแถวนี้ในแฟ้ม"),
        |(_, what, next)| (*what, *next),
    );
    let what = match value.and_then(showable) {
        Some(value) => what.replace("{}", &value),
        None => without_value(what),
    };
    let column = column.trim();
    if column.is_empty() {
        format!("{what} · แถว {row} · {next}")
    } else {
        format!("{what} · แถว {row} ช่อง “{column}” · {next}")
    }
}

/// A value short enough to read, or nothing when it might be an id or a telephone number.
fn showable(value: &str) -> Option<String> {
    const SHOWN_MAX: usize = 60;
    let value: String = value.split_whitespace().collect::<Vec<_>>().join(" ");
    let digit = |c: char| c.is_ascii_digit() || ('๐'..='๙').contains(&c);
    // A decimal degree has a point after two or three digits; an id or a telephone has none.
    let mut run = 0;
    let mut longest = 0;
    for c in value.chars().filter(|c| !matches!(c, '-' | ' ')) {
        run = if digit(c) { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let decimal = value.contains(['.', '°']);
    if value.is_empty() || (longest >= 9 && !decimal) {
        return None;
    }
    if value.chars().count() > SHOWN_MAX {
        return Some(value.chars().take(SHOWN_MAX).chain(['…']).collect());
    }
    Some(value)
}

/// "อ่านหมู่ที่ “๕” ไม่ได้" becomes "อ่านหมู่ที่นี้ไม่ได้".
fn without_value(what: &str) -> String {
    what.replace(" (“{}”)", "")
        .replace(" “{}” ", "นี้")
        .replace(" “{}”", "นี้")
        .replace("“{}” ", "ข้อมูลนี้")
}

/// Message of a file that is refused whole.
pub(crate) fn of_table(error: &TableError) -> String {
    let resave = "เปิดแฟ้มต้นฉบับใน Excel เลือก บันทึกเป็น แล้วเลือกชนิด CSV UTF-8 จากนั้นนำเข้าอีกครั้ง";
    match error {
        TableError::Empty => "แฟ้มว่างเปล่า · เลือกแฟ้มที่มีข้อมูล แล้วนำเข้าอีกครั้ง".to_owned(),
        TableError::TooBig => "แฟ้มใหญ่เกิน 64 เมกะไบต์ · แบ่งเป็นหลายแฟ้ม แล้วนำเข้าทีละแฟ้ม".to_owned(),
        TableError::IsWorkbook => format!("แฟ้มนี้เป็นสมุดงาน Excel ไม่ใช่ CSV · {resave}"),
        TableError::IsWebPage => format!("แฟ้มนี้เป็นหน้าเว็บ ไม่ใช่ CSV · {resave}"),
        TableError::NotText => format!("แฟ้มนี้ไม่ใช่ข้อความที่อ่านได้ · {resave}"),
        TableError::Garbled => {
            format!("ตัวอักษรไทยในแฟ้มเพี้ยนมาก่อนแล้ว (เช่น เธชเธก หรือ ????) · {resave}")
        }
        TableError::CellTooLong { row } => format!(
            "มีเซลล์ยาวเกิน 32,767 ตัวอักษร · แถว {row} · ตรวจเครื่องหมายคำพูดและข้อความในแถวนี้ แล้วนำเข้าอีกครั้ง"
        ),
        TableError::TooManyColumns { row } => {
            format!("มีข้อมูลเกิน 200 ช่อง · แถว {row} · ลบช่องที่ไม่ใช้ออก แล้วนำเข้าอีกครั้ง")
        }
        TableError::TooManyRows => format!(
            "แฟ้มมีเกิน {},000 แถว · แบ่งเป็นหลายแฟ้ม แล้วนำเข้าทีละแฟ้ม",
            ROWS_MAX / 1_000
        ),
        TableError::HeaderNotFound => {
            "ไม่พบหัวตารางใน 15 แถวแรก · ใส่หัวตาราง เช่น ชื่อ สกุล หมู่ที่ ตำบล ความต้องการ (รายชื่อหมู่บ้านใช้ รหัสหมู่บ้าน ชื่อหมู่บ้าน) แล้วนำเข้าอีกครั้ง"
                .to_owned()
        }
        TableError::NoRows => "แฟ้มมีแต่หัวตาราง ไม่มีข้อมูล · เลือกแฟ้มที่มีข้อมูล แล้วนำเข้าอีกครั้ง".to_owned(),
        TableError::ColumnMissing { columns } => format!(
            "ไม่พบหัวตาราง {} · เพิ่มหัวตารางนี้ในแฟ้ม หรือแก้ชื่อหัวตารางให้ตรง แล้วนำเข้าอีกครั้ง",
            columns
                .iter()
                .map(|column| format!("“{column}”"))
                .collect::<Vec<_>>()
                .join(", ")
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_says_what_where_and_what_next() {
        assert_eq!(
            of_problem("moo_unreadable", 12, "หมู่ที่", Some("บ้านแก้ง")),
            "อ่านหมู่ที่ “บ้านแก้ง” ไม่ได้ · แถว 12 ช่อง “หมู่ที่” · กรอกเป็นตัวเลข 1 ถึง 99"
        );
        assert_eq!(
            of_problem("text_damaged", 3, "", None),
            "มีตัวอักษรที่อ่านไม่ออก · แถว 3 · เปิดแฟ้มต้นฉบับ พิมพ์แถวนี้ใหม่ แล้วบันทึกเป็น CSV UTF-8"
        );
    }

    #[test]
    fn what_may_be_an_id_or_a_telephone_is_never_shown() {
        for value in ["1-1017-00230-70-8", "๐๘๑ ๒๓๔ ๕๖๗๘", "1101700230708"] {
            let message = of_problem("moo_unreadable", 2, "หมู่ที่", Some(value));
            assert_eq!(
                message,
                "อ่านหมู่ที่นี้ไม่ได้ · แถว 2 ช่อง “หมู่ที่” · กรอกเป็นตัวเลข 1 ถึง 99"
            );
        }
        let point = of_problem(
            "coordinate_outside",
            2,
            "พิกัด",
            Some("13.7563309, 0.5017651"),
        );
        assert!(point.contains("13.7563309"));
    }

    #[test]
    fn every_code_that_reading_thai_gives_has_its_words() {
        use jitasa_thai::citizen_id::CitizenIdError;
        use jitasa_thai::coordinate::CoordinateError;
        use jitasa_thai::date::DateError;
        use jitasa_thai::name::NameError;
        use jitasa_thai::number::NumberError;
        use jitasa_thai::phone::PhoneError;
        use jitasa_thai::place::PlaceError;
        for code in [
            CitizenIdError::Scientific.code(),
            CitizenIdError::Length.code(),
            CitizenIdError::Unreadable.code(),
            CitizenIdError::Placeholder.code(),
            CoordinateError::Zero.code(),
            CoordinateError::Outside.code(),
            CoordinateError::Unreadable.code(),
            CoordinateError::ShortLink.code(),
            DateError::Unreadable.code(),
            DateError::Impossible.code(),
            DateError::YearUnclear.code(),
            NameError::Empty.code(),
            NameError::TooLong.code(),
            NumberError::Unreadable.code(),
            NumberError::TooLarge.code(),
            PhoneError::Several.code(),
            PhoneError::Unreadable.code(),
            PlaceError::MooUnreadable.code(),
        ] {
            assert!(
                PROBLEMS.iter().any(|(known, _, _)| *known == code),
                "{code}"
            );
        }
    }

    #[test]
    fn every_problem_reads_well_with_and_without_its_value() {
        for (code, what, _) in PROBLEMS {
            let shown = of_problem(code, 2, "ช่อง", Some("ค่า"));
            assert_eq!(
                shown.contains("ค่า"),
                what.contains("{}") || what.contains("ค่า"),
                "{code}"
            );
            assert!(
                !of_problem(code, 2, "", None).contains(['{', '“']),
                "{code}"
            );
        }
    }
}
