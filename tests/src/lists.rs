//! Made-up lists of people in need, as offices keep them: the same rows under other headings, in
//! another order, in another encoding. What each row says is known, so that a story can compare
//! what was stored with what was meant.

use jiff::civil::{Date, date};
use jitasa_domain::ids::SeededIds;
use jitasa_thai::{
    citizen_id,
    date::{MONTHS_SHORT, buddhist_year},
    text::thai_digits,
};

/// Headings of each column: the official one, then what offices write instead.
const HEADINGS: [&[&str]; 16] = [
    &["ลำดับ", "ที่", "ลำดับที่", "No."],
    &["วันที่แจ้ง", "วันที่รับแจ้ง", "วัน/เดือน/ปี", "ว.ด.ป.", "Date"],
    &["คำนำหน้า", "คำนำหน้าชื่อ", "คำนำหน้านาม"],
    &["ชื่อ", "ชื่อตัว", "ชื่อผู้แจ้ง", "First name"],
    &["สกุล", "นามสกุล", "Last name"],
    &[
        "เลขประจำตัวประชาชน",
        "เลข ปชช.",
        "เลขบัตรประชาชน",
        "เลขประจําตัวประชาชน (๑๓ หลัก)",
    ],
    &["โทรศัพท์", "เบอร์โทร.", "เบอร์โทรศัพท์ (ถ้ามี)", "มือถือ"],
    &["บ้านเลขที่", "เลขที่", "บ้าน เลขที่"],
    &["หมู่ที่", "หมู่", "ม."],
    &["ตำบล", "ต.", "ตำบล/แขวง"],
    &["ความต้องการ", "สิ่งที่ต้องการ", "เรื่องที่ขอความช่วยเหลือ"],
    &["ความเร่งด่วน", "ระดับความเร่งด่วน", "เร่งด่วน"],
    &["จำนวนคน", "จำนวน (คน)", "สมาชิกในครัวเรือน"],
    &["ละติจูด", "Latitude", "lat"],
    &["ลองจิจูด", "ลองติจูด", "Lng"],
    &["หมายเหตุ", "รายละเอียดเพิ่มเติม", "Remark"],
];

/// How many sets of headings there are.
pub const HEADING_SETS: usize = 5;

const GIVEN: [(&str, &str); 24] = [
    ("นาย", "สมชาย"),
    ("นาย", "บุญมี"),
    ("นาย", "ประเสริฐ"),
    ("นาย", "ทองใบ"),
    ("นาย", "คำพันธ์"),
    ("นาย", "วิเชียร"),
    ("นาย", "สุรศักดิ์"),
    ("นาย", "อนุชา"),
    ("นาง", "สมหมาย"),
    ("นาง", "บัวลี"),
    ("นาง", "ทองคำ"),
    ("นาง", "ประนอม"),
    ("นาง", "สุภาพร"),
    ("นาง", "จันทร์เพ็ญ"),
    ("นาง", "หนูเพียร"),
    ("นาง", "อรุณี"),
    ("นางสาว", "กาญจนา"),
    ("นางสาว", "พิมพ์ใจ"),
    ("นางสาว", "น้ำฝน"),
    ("นางสาว", "รุ่งนภา"),
    ("เด็กชาย", "ธนกร"),
    ("เด็กชาย", "ภูผา"),
    ("เด็กหญิง", "ข้าวหอม"),
    ("เด็กหญิง", "ใบเตย"),
];

const FAMILY: [&str; 23] = [
    "ใจดี",
    "ศรีสุข",
    "แก้วมณี",
    "พรมดี",
    "บุญเรือง",
    "ทองสุข",
    "สีหาราช",
    "วงศ์คำ",
    "จันทะแจ่ม",
    "ภูมิพันธ์",
    "โพธิ์ชัย",
    "ไชยวงษ์",
    "คำแสน",
    "นามวงศ์",
    "สุวรรณไตร",
    "เหล่าทองสาร",
    "แสนสุข",
    "มูลตรี",
    "ผลาผล",
    "ดวงแก้ว",
    "กุลวงษ์",
    "ประทุมชาติ",
    "อินทะสอน",
];

/// A word of the list, and the code of the need it means.
const NEEDS: [(&str, &str); 12] = [
    ("อาหารและน้ำดื่ม", "food_water"),
    ("ถุงยังชีพ", "supplies"),
    ("ยารักษาโรค", "medicine"),
    ("รับส่งผู้ป่วย", "transport"),
    ("ออกซิเจน", "oxygen"),
    ("เตียง", "bed"),
    ("ตรวจคัดกรอง", "test"),
    ("ฉีดวัคซีน", "vaccine"),
    ("ที่พักพิง", "shelter"),
    ("ซ่อมแซมบ้าน", "repair"),
    ("ความช่วยเหลือทางการแพทย์", "medical"),
    ("จัดการศพ", "funeral"),
];

const URGENCIES: [(&str, &str); 5] = [
    ("ปกติ", "normal"),
    ("", "normal"),
    ("ด่วน", "urgent"),
    ("ด่วนมาก", "very_urgent"),
    ("วิกฤต", "critical"),
];

/// Notes; some begin with what a spreadsheet would run.
const NOTES: [&str; 8] = [
    "",
    "",
    "ผู้ป่วยติดเตียง อยู่กับหลานสองคน",
    "=HYPERLINK(\"http://example.com\",\"คลิก\")",
    "+66 ติดต่อลูกสาว",
    "-ไม่มีรถ",
    "@วัดป่า, ศาลาใหญ่",
    "น้ำท่วมถึงชั้นสอง \"ออกไม่ได้\"",
];

/// What one row says.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    pub reported_on: Date,
    pub title: &'static str,
    pub given: &'static str,
    pub family: &'static str,
    /// 13 digits, or nothing.
    pub citizen_id: String,
    /// 10 digits, or nothing.
    pub phone: String,
    pub house_no: String,
    pub moo: u8,
    /// Words of the list and the codes they mean.
    pub needs: Vec<(&'static str, &'static str)>,
    pub urgency: (&'static str, &'static str),
    pub people_count: u32,
    /// Latitude and longitude, as texts with five decimals.
    pub point: Option<(String, String)>,
    pub note: &'static str,
    /// Which of the ways of writing this row uses.
    hand: usize,
}

/// A made-up list of one subdistrict.
#[derive(Debug, Clone)]
pub struct List {
    /// Its name without ตำบล.
    pub subdistrict: &'static str,
    pub rows: Vec<Row>,
}

/// The byte order mark that Excel puts before UTF-8.
const BOM: char = '\u{FEFF}';

impl List {
    /// So many people of a subdistrict. No two share name, telephone number or identity number.
    #[must_use]
    pub fn made_up(subdistrict: &'static str, seed: u64, count: usize) -> Self {
        let mut chance = SeededIds(seed);
        let rows = (0..count)
            .map(|index| row(index, seed, &mut chance))
            .collect();
        Self { subdistrict, rows }
    }

    /// The list as text: under the `set`-th headings, in the order of columns that goes with it.
    #[must_use]
    pub fn csv(&self, set: usize) -> String {
        let order = order(set);
        let mut text = String::new();
        let head: Vec<_> = order.iter().map(|at| quoted(heading(*at, set))).collect();
        text.push_str(&head.join(","));
        text.push_str("\r\n");
        for (index, row) in self.rows.iter().enumerate() {
            let cells = cells(row, index, self.subdistrict);
            let line: Vec<_> = order.iter().map(|at| quoted(&cells[*at])).collect();
            text.push_str(&line.join(","));
            text.push_str("\r\n");
        }
        text
    }

    /// As Excel saves "CSV UTF-8".
    #[must_use]
    pub fn utf8(&self, set: usize) -> Vec<u8> {
        format!("{BOM}{}", self.csv(set)).into_bytes()
    }

    /// As Excel on a Thai Windows saves "CSV".
    #[must_use]
    pub fn windows_874(&self, set: usize) -> Vec<u8> {
        windows_874(&self.csv(set))
    }
}

/// A text as Windows-874.
///
/// # Panics
/// When the text holds a letter that Windows-874 has not.
#[must_use]
pub fn windows_874(text: &str) -> Vec<u8> {
    let (bytes, _, lossy) = encoding_rs::WINDOWS_874.encode(text);
    assert!(
        !lossy,
        "a made-up list holds a letter that Windows-874 does not have"
    );
    bytes.into_owned()
}

fn heading(column: usize, set: usize) -> &'static str {
    let words = HEADINGS[column];
    words[set.min(words.len() - 1)]
}

/// Columns in any order: each set turns and reverses them its own way.
fn order(set: usize) -> Vec<usize> {
    let mut order: Vec<_> = (0..HEADINGS.len()).collect();
    order.rotate_left(set * 3);
    if set % 2 == 1 {
        order.reverse();
    }
    order
}

fn quoted(cell: &str) -> String {
    if cell.contains(['"', ',', '\n']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_string()
    }
}

fn row(index: usize, seed: u64, chance: &mut SeededIds) -> Row {
    // Walks all pairs of names before one comes again: the two counts share no divisor.
    let (title, given) = GIVEN[index % GIVEN.len()];
    let family = FAMILY[index % FAMILY.len()];
    let serial = index as u64 + seed * 1_000;
    let first = chance.below(NEEDS.len());
    let second = chance.below(NEEDS.len());
    let mut needs = vec![NEEDS[first]];
    if second != first && index.is_multiple_of(3) {
        needs.push(NEEDS[second]);
    }
    Row {
        reported_on: date(2021, 7, 1)
            .saturating_add(jiff::Span::new().days(i64::try_from(index % 150).unwrap_or(0))),
        title,
        given,
        family,
        citizen_id: if index.is_multiple_of(4) {
            String::new()
        } else {
            made_up_id(serial)
        },
        phone: if index.is_multiple_of(7) {
            String::new()
        } else {
            format!("0800{:06}", serial % 1_000_000)
        },
        house_no: match index % 3 {
            0 => format!("{}", 1 + chance.below(400)),
            1 => format!("{}/{}", 1 + chance.below(400), 1 + chance.below(30)),
            _ => format!("{}", 100 + index),
        },
        moo: u8::try_from(1 + chance.below(10)).unwrap_or(1),
        needs,
        urgency: URGENCIES[chance.below(URGENCIES.len())],
        people_count: u32::try_from(1 + chance.below(8)).unwrap_or(1),
        point: (!index.is_multiple_of(5)).then(|| {
            let (north, east) = (chance.below(8_000), chance.below(8_000));
            (
                format!("16.{:05}", 28_000 + north),
                format!("104.{:05}", 18_000 + east),
            )
        }),
        note: NOTES[index % NOTES.len()],
        hand: chance.below(4),
    }
}

/// A number whose check digit is right and whose register (9999) is nobody's.
fn made_up_id(serial: u64) -> String {
    let digits = format!("39999{serial:07}");
    let mut body = [0; 12];
    for (digit, letter) in body.iter_mut().zip(digits.bytes()) {
        *digit = letter - b'0';
    }
    format!("{digits}{}", citizen_id::check_digit(&body))
}

/// The cells of a row in the official order, written by one of four hands.
fn cells(row: &Row, index: usize, subdistrict: &str) -> [String; 16] {
    let (lat, lon) = row.point.clone().unwrap_or_default();
    let plain = row.hand == 0;
    let digits = |text: &str| {
        if row.hand == 2 {
            thai_digits(text)
        } else {
            text.to_string()
        }
    };
    [
        digits(&(index + 1).to_string()),
        written_date(row.reported_on, row.hand),
        row.title.into(),
        row.given.into(),
        row.family.into(),
        digits(&if plain {
            row.citizen_id.clone()
        } else {
            citizen_id::format(&row.citizen_id)
        }),
        written_phone(&row.phone, row.hand),
        digits(&row.house_no),
        match row.hand {
            0 => row.moo.to_string(),
            1 => format!("หมู่ {}", row.moo),
            2 => thai_digits(&row.moo.to_string()),
            _ => format!("ม.{}", row.moo),
        },
        match row.hand {
            0 => subdistrict.into(),
            1 => format!("ต.{subdistrict}"),
            _ => format!("ตำบล{subdistrict}"),
        },
        row.needs
            .iter()
            .map(|(word, _)| *word)
            .collect::<Vec<_>>()
            .join(", "),
        row.urgency.0.into(),
        digits(&row.people_count.to_string()),
        lat,
        lon,
        row.note.into(),
    ]
}

fn written_date(day: Date, hand: usize) -> String {
    let month = MONTHS_SHORT[usize::from(day.month().unsigned_abs()) - 1];
    let year = buddhist_year(day);
    match hand {
        0 => format!("{}/{}/{year}", day.day(), day.month()),
        1 => format!("{} {month} {}", day.day(), year % 100),
        2 => thai_digits(&format!("{} {month} {year}", day.day())),
        _ => day.to_string(),
    }
}

fn written_phone(phone: &str, hand: usize) -> String {
    match hand {
        _ if phone.is_empty() => "-".into(),
        0 => phone.into(),
        1 => format!("{}-{}-{}", &phone[..3], &phone[3..6], &phone[6..]),
        2 => thai_digits(phone),
        // What Excel leaves of a number that begins with zero.
        _ => phone[1..].into(),
    }
}
