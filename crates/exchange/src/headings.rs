//! The words columns go by: one field, its official heading, and what offices call it instead.
//!
//! Exports use [`Field::heading`], so that our own files always read back. A heading is compared by
//! its key: without spaces, dots, dashes and brackets, in one spelling. Order never matters.

use crate::read_cells::spelling;
use std::collections::HashMap;
use std::sync::OnceLock;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    Sequence,
    ReportedOn,
    ReportedTime,
    Title,
    Given,
    Family,
    /// Title, given and family name in one cell.
    FullName,
    CitizenId,
    Phone,
    HouseNo,
    Moo,
    Subdistrict,
    Needs,
    Urgency,
    PeopleCount,
    Lat,
    Lon,
    /// Latitude and longitude in one cell.
    Point,
    Note,
    VillageCode,
    VillageName,
}

struct Words {
    field: Field,
    code: &'static str,
    heading: &'static str,
    others: &'static [&'static str],
}

const WORDS: &[Words] = &[
    Words {
        field: Field::Sequence,
        code: "sequence",
        heading: "ลำดับ",
        others: &["ที่", "ลำดับที่", "no", "#"],
    },
    Words {
        field: Field::ReportedOn,
        code: "reported_on",
        heading: "วันที่แจ้ง",
        others: &[
            "วันที่",
            "วันที่รับแจ้ง",
            "วันรับแจ้ง",
            "วันแจ้ง",
            "วันที่รับเรื่อง",
            "วันเดือนปี",
            "วันเดือนปีที่แจ้ง",
            "วดป",
            "วันที่แจ้งเหตุ",
            "วันเวลาที่แจ้ง",
            "วันที่และเวลา",
            "date",
        ],
    },
    Words {
        field: Field::ReportedTime,
        code: "reported_time",
        heading: "เวลาแจ้ง",
        others: &["เวลา", "เวลาที่แจ้ง", "เวลารับแจ้ง", "time"],
    },
    Words {
        field: Field::Title,
        code: "title",
        heading: "คำนำหน้า",
        others: &["คำนำหน้าชื่อ", "คำนำหน้านาม", "title"],
    },
    Words {
        field: Field::Given,
        code: "given",
        heading: "ชื่อ",
        others: &["ชื่อตัว", "ชื่อจริง", "ชื่อผู้แจ้ง", "ชื่อผู้ขอรับความช่วยเหลือ", "firstname"],
    },
    Words {
        field: Field::Family,
        code: "family",
        heading: "สกุล",
        others: &["นามสกุล", "ชื่อสกุลเดิม", "lastname", "surname"],
    },
    Words {
        field: Field::FullName,
        code: "full_name",
        heading: "ชื่อ-สกุล",
        others: &[
            "ชื่อ-นามสกุล",
            "ชื่อและนามสกุล",
            "ชื่อและสกุล",
            "ชื่อ-ชื่อสกุล",
            "ชื่อตัว-ชื่อสกุล",
            "ชื่อสกุลผู้แจ้ง",
            "ชื่อนามสกุลผู้แจ้ง",
            "คำนำหน้า-ชื่อ-สกุล",
            "คำนำหน้าชื่อ-สกุล",
            "คำนำหน้า ชื่อ นามสกุล",
            "รายชื่อ",
            "name",
            "fullname",
        ],
    },
    Words {
        field: Field::CitizenId,
        code: "citizen_id",
        heading: "เลขประจำตัวประชาชน",
        others: &[
            "เลขประจำตัวประชาชน 13 หลัก",
            "เลขประจำตัว",
            "เลขบัตร",
            "เลขบัตรประชาชน",
            "เลขที่บัตรประชาชน",
            "เลขบัตรประจำตัวประชาชน",
            "หมายเลขบัตรประชาชน",
            "หมายเลขประจำตัวประชาชน",
            "เลข 13 หลัก",
            "เลขประชาชน",
            "เลข ปชช.",
            "ปชช.",
            "บัตรประชาชน",
            "cid",
            "citizenid",
            "idcard",
        ],
    },
    Words {
        field: Field::Phone,
        code: "phone",
        heading: "โทรศัพท์",
        others: &[
            "เบอร์โทร",
            "เบอร์โทรศัพท์",
            "เบอร์",
            "เบอร์มือถือ",
            "เบอร์ติดต่อ",
            "โทร.",
            "โทรศัพท์มือถือ",
            "หมายเลขโทรศัพท์",
            "เลขโทรศัพท์",
            "มือถือ",
            "tel",
            "phone",
            "mobile",
        ],
    },
    Words {
        field: Field::HouseNo,
        code: "house_no",
        heading: "บ้านเลขที่",
        others: &["เลขที่บ้าน", "เลขที่", "บ้าน เลขที่", "houseno"],
    },
    Words {
        field: Field::Moo,
        code: "moo",
        heading: "หมู่ที่",
        others: &["หมู่", "ม.", "หมู่บ้านที่", "moo"],
    },
    Words {
        field: Field::Subdistrict,
        code: "subdistrict",
        heading: "ตำบล",
        others: &["ต.", "แขวง", "ตำบล/แขวง", "ชื่อตำบล", "tambon", "subdistrict"],
    },
    Words {
        field: Field::Needs,
        code: "needs",
        heading: "ความต้องการ",
        others: &[
            "ความต้องการช่วยเหลือ",
            "ความช่วยเหลือที่ต้องการ",
            "สิ่งที่ต้องการ",
            "ต้องการ",
            "เรื่องที่ขอ",
            "เรื่องที่ขอความช่วยเหลือ",
            "ประเภทความช่วยเหลือ",
            "ประเภทความต้องการ",
            "needs",
            "need",
        ],
    },
    Words {
        field: Field::Urgency,
        code: "urgency",
        heading: "ความเร่งด่วน",
        others: &["เร่งด่วน", "ระดับความเร่งด่วน", "ความด่วน", "urgency", "priority"],
    },
    Words {
        field: Field::PeopleCount,
        code: "people_count",
        heading: "จำนวนคน",
        others: &[
            "จำนวน (คน)",
            "จำนวนผู้เดือดร้อน",
            "จำนวนสมาชิก",
            "จำนวนผู้ประสบภัย",
            "สมาชิกในครัวเรือน",
            "จำนวนสมาชิกในครัวเรือน",
            "people",
        ],
    },
    Words {
        field: Field::Lat,
        code: "lat",
        heading: "ละติจูด",
        others: &["ละติจุด", "ละติจูต", "lat", "latitude", "พิกัดละติจูด", "y"],
    },
    Words {
        field: Field::Lon,
        code: "lon",
        heading: "ลองจิจูด",
        others: &[
            "ลองติจูด",
            "ลองกิจูด",
            "ลองจิจุด",
            "lng",
            "lon",
            "long",
            "longitude",
            "พิกัดลองจิจูด",
            "x",
        ],
    },
    Words {
        field: Field::Point,
        code: "point",
        heading: "พิกัด",
        others: &[
            "พิกัดบ้าน",
            "พิกัดที่ตั้ง",
            "พิกัดgps",
            "gps",
            "ละติจูด,ลองจิจูด",
            "lat,lng",
            "lat,lon",
            "latlong",
            "location",
        ],
    },
    Words {
        field: Field::Note,
        code: "note",
        heading: "หมายเหตุ",
        others: &[
            "รายละเอียด",
            "รายละเอียดเพิ่มเติม",
            "บันทึก",
            "note",
            "notes",
            "remark",
        ],
    },
    Words {
        field: Field::VillageCode,
        code: "village_code",
        heading: "รหัสหมู่บ้าน",
        others: &[
            "รหัสหมู่บ้าน 8 หลัก",
            "รหัส",
            "รหัสหมู่",
            "vcode",
            "villagecode",
            "village_code",
            "code",
        ],
    },
    Words {
        field: Field::VillageName,
        code: "village_name",
        heading: "ชื่อหมู่บ้าน",
        others: &[
            "หมู่บ้าน",
            "ชื่อบ้าน",
            "บ้าน",
            "village",
            "villagename",
            "name_th",
            "nameth",
        ],
    },
];

impl Field {
    fn words(self) -> &'static Words {
        // Every field stands in the table; the test below walks them all.
        WORDS
            .iter()
            .find(|words| words.field == self)
            .unwrap_or(&WORDS[0])
    }

    /// Stable code, as JSON spells it.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.words().code
    }

    /// Official heading: what exports write, and what messages call the column when a file lacks it.
    #[must_use]
    pub fn heading(self) -> &'static str {
        self.words().heading
    }

    /// The field a heading of a file means, if it is one we know.
    #[must_use]
    pub fn of_heading(heading: &str) -> Option<Field> {
        let wanted = key(heading);
        if wanted.is_empty() {
            return None;
        }
        static BY_KEY: OnceLock<HashMap<String, Field>> = OnceLock::new();
        let by_key = BY_KEY.get_or_init(|| {
            let spellings = |words: &'static Words| {
                std::iter::once(&words.heading)
                    .chain(words.others)
                    .map(|spelling| (key(spelling), words.field))
            };
            WORDS.iter().flat_map(spellings).collect()
        });
        by_key.get(&wanted).copied()
    }
}

/// The fields of an import of cases, in the order of our own export.
pub const CASE_FIELDS: [Field; 16] = [
    Field::Sequence,
    Field::ReportedOn,
    Field::Title,
    Field::Given,
    Field::Family,
    Field::CitizenId,
    Field::Phone,
    Field::HouseNo,
    Field::Moo,
    Field::Subdistrict,
    Field::Needs,
    Field::Urgency,
    Field::PeopleCount,
    Field::Lat,
    Field::Lon,
    Field::Note,
];

/// A heading without what people vary: spaces, dots, dashes, stars, what stands in brackets,
/// capital letters, Thai digits, spelling slips. "จำนวน (คน)" keeps its bracket, because without it
/// the heading says nothing: a bracket is dropped only when it is a remark ("เบอร์โทร (ถ้ามี)").
fn key(heading: &str) -> String {
    let spelled = spelling(heading).to_lowercase();
    let outside = match spelled.find(['(', '[']) {
        Some(at) if at > 0 && !spelled[at..].contains("คน") => &spelled[..at],
        _ => &spelled,
    };
    outside
        .chars()
        .filter(|c| c.is_alphanumeric() || is_thai_mark(*c) || *c == '#')
        .collect()
}

fn is_thai_mark(c: char) -> bool {
    ('\u{0e31}'..='\u{0e4e}').contains(&c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_means_one_field() {
        let mut seen: HashMap<String, Field> = HashMap::new();
        for words in WORDS {
            assert_eq!(
                Field::of_heading(words.heading),
                Some(words.field),
                "{}",
                words.heading
            );
            assert_eq!(words.field.code(), words.code);
            for other in words.others {
                let field = *seen.entry(key(other)).or_insert(words.field);
                assert_eq!(field, words.field, "{other} means two fields");
                assert_eq!(Field::of_heading(other), Some(words.field), "{other}");
            }
        }
    }

    #[test]
    fn headings_are_read_as_offices_write_them() {
        for (heading, field) in [
            (" ชื่อ - สกุล ", Field::FullName),
            ("เลขประจำตัวประชาชน\n(๑๓ หลัก)", Field::CitizenId),
            ("เลขประจําตัวประชาชน", Field::CitizenId),
            ("เบอร์โทร. (ถ้ามี)", Field::Phone),
            ("หมู่ ที่", Field::Moo),
            ("ม.", Field::Moo),
            ("จำนวน (คน)", Field::PeopleCount),
            ("Latitude", Field::Lat),
            ("*ความต้องการ", Field::Needs),
            ("วัน/เดือน/ปี", Field::ReportedOn),
        ] {
            assert_eq!(Field::of_heading(heading), Some(field), "{heading}");
        }
        assert_eq!(Field::of_heading("สถานะ"), None);
        assert_eq!(Field::of_heading(" - "), None);
    }
}
