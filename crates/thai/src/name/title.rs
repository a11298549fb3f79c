//! The titles and how each is written.

use crate::text;

/// How a title may be joined to the name behind it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Joins {
    /// Written onto the name (`นายสมชาย`), when a family name proves that there is a name behind it.
    Onto,
    /// Only with a space or dot: names begin with the same letters, as คุณากร or พระพาย.
    Apart,
}

struct Title {
    full: &'static str,
    /// A dot in a form matches a dot and spaces behind it.
    forms: &'static [&'static str],
    joins: Joins,
    /// Whether a second title may follow (`ผศ. ดร.`); behind นาย or คุณ the next word is the name.
    may_be_followed: bool,
}

/// A title at the beginning of a name.
pub(super) struct Found<'a> {
    pub(super) full: &'static str,
    pub(super) rest: &'a str,
    pub(super) may_be_followed: bool,
}

const fn civil(full: &'static str, forms: &'static [&'static str]) -> Title {
    Title {
        full,
        forms,
        joins: Joins::Onto,
        may_be_followed: false,
    }
}

const fn role(full: &'static str, forms: &'static [&'static str]) -> Title {
    Title {
        full,
        forms,
        joins: Joins::Apart,
        may_be_followed: true,
    }
}

/// Titles that no given name begins with are customarily written onto the name.
const fn learned(full: &'static str, forms: &'static [&'static str]) -> Title {
    Title {
        full,
        forms,
        joins: Joins::Onto,
        may_be_followed: true,
    }
}

const TITLES: &[Title] = &[
    civil("นาย", &["นาย"]),
    civil("นาง", &["นาง"]),
    civil("นางสาว", &["นางสาว", "น.ส.", "น.ส", "นส.", "นส"]),
    civil("เด็กชาย", &["เด็กชาย", "ด.ช.", "ด.ช", "ดช.", "ดช"]),
    civil("เด็กหญิง", &["เด็กหญิง", "ด.ญ.", "ด.ญ", "ดญ.", "ดญ"]),
    Title {
        full: "คุณ",
        forms: &["คุณ"],
        joins: Joins::Apart,
        may_be_followed: false,
    },
    role("พระ", &["พระ"]),
    role("พระครู", &["พระครู"]),
    role("พระมหา", &["พระมหา"]),
    role("พระอธิการ", &["พระอธิการ"]),
    role("สามเณร", &["สามเณร"]),
    role("แม่ชี", &["แม่ชี"]),
    role("กำนัน", &["กำนัน"]),
    learned("ผู้ใหญ่บ้าน", &["ผู้ใหญ่บ้าน", "ผญบ.", "ผ.ญ.บ."]),
    role("ผู้ใหญ่บ้าน", &["ผญบ", "ผู้ใหญ่"]),
    learned(
        "ผู้ช่วยผู้ใหญ่บ้าน",
        &["ผู้ช่วยผู้ใหญ่บ้าน", "ผู้ช่วยผญบ.", "ผช.ผญบ.", "ผช.ผู้ใหญ่บ้าน"],
    ),
    role("ผู้ช่วย", &["ผู้ช่วย"]),
    role("สารวัตรกำนัน", &["สารวัตรกำนัน"]),
    role("แพทย์ประจำตำบล", &["แพทย์ประจำตำบล"]),
    learned(
        "อาสาสมัครสาธารณสุขประจำหมู่บ้าน",
        &["อาสาสมัครสาธารณสุขประจำหมู่บ้าน", "อสม.", "อ.ส.ม."],
    ),
    role("อาสาสมัครสาธารณสุขประจำหมู่บ้าน", &["อสม"]),
    learned("ดอกเตอร์", &["ดอกเตอร์", "ดร."]),
    role("ดอกเตอร์", &["ดร"]),
    learned("ศาสตราจารย์", &["ศาสตราจารย์", "ศ."]),
    learned("รองศาสตราจารย์", &["รองศาสตราจารย์", "รศ."]),
    learned("ผู้ช่วยศาสตราจารย์", &["ผู้ช่วยศาสตราจารย์", "ผศ."]),
    learned("นายแพทย์", &["นายแพทย์", "นพ.", "น.พ."]),
    learned("แพทย์หญิง", &["แพทย์หญิง", "พญ.", "พ.ญ."]),
    learned("ทันตแพทย์", &["ทันตแพทย์", "ทพ."]),
    learned("ทันตแพทย์หญิง", &["ทันตแพทย์หญิง", "ทพญ."]),
    learned("เภสัชกร", &["เภสัชกร", "ภก."]),
    learned("เภสัชกรหญิง", &["เภสัชกรหญิง", "ภญ."]),
    learned("หม่อมราชวงศ์", &["หม่อมราชวงศ์", "ม.ร.ว."]),
    learned("หม่อมหลวง", &["หม่อมหลวง", "ม.ล."]),
];

/// A rank: the full word, alone, for an acting officer (ว่าที่), for a woman, and for both.
struct Rank {
    forms: [&'static str; 2],
    full: [&'static str; 4],
}

macro_rules! ranks {
    ($($full:literal $short:literal)*) => {
        &[$(Rank {
            forms: [$full, $short],
            full: [
                $full,
                concat!("ว่าที่", $full),
                concat!($full, "หญิง"),
                concat!("ว่าที่", $full, "หญิง"),
            ],
        }),*]
    };
}

/// `จ.ส.ต.` and `น.อ.` stand for ranks of two services each; which one is not guessed.
const RANKS: &[Rank] = ranks! {
    "พลตำรวจเอก" "พล.ต.อ."
    "พลตำรวจโท" "พล.ต.ท."
    "พลตำรวจตรี" "พล.ต.ต."
    "พันตำรวจเอก" "พ.ต.อ."
    "พันตำรวจโท" "พ.ต.ท."
    "พันตำรวจตรี" "พ.ต.ต."
    "ร้อยตำรวจเอก" "ร.ต.อ."
    "ร้อยตำรวจโท" "ร.ต.ท."
    "ร้อยตำรวจตรี" "ร.ต.ต."
    "ดาบตำรวจ" "ด.ต."
    "จ่าสิบตำรวจ" "จ่าสิบตำรวจ"
    "สิบตำรวจเอก" "ส.ต.อ."
    "สิบตำรวจโท" "ส.ต.ท."
    "สิบตำรวจตรี" "ส.ต.ต."
    "พลเอก" "พล.อ."
    "พลโท" "พล.ท."
    "พลตรี" "พล.ต."
    "พันเอก" "พ.อ."
    "พันโท" "พ.ท."
    "พันตรี" "พ.ต."
    "ร้อยเอก" "ร.อ."
    "ร้อยโท" "ร.ท."
    "ร้อยตรี" "ร.ต."
    "จ่าสิบเอก" "จ.ส.อ."
    "จ่าสิบโท" "จ.ส.ท."
    "จ่าสิบตรี" "จ่าสิบตรี"
    "สิบเอก" "ส.อ."
    "สิบโท" "ส.ท."
    "สิบตรี" "ส.ต."
    "จ่าเอก" "จ.อ."
    "จ่าโท" "จ.ท."
    "จ่าตรี" "จ.ต."
    "พันจ่าเอก" "พ.จ.อ."
    "พันจ่าอากาศเอก" "พ.อ.อ."
    "จ.ส.ต." "จ.ส.ต."
    "น.อ." "น.อ."
    "น.ท." "น.ท."
    "น.ต." "น.ต."
};

/// The beginnings of offices that look like นาย and a name.
const OFFICES: [&str; 10] = [
    "นายกเทศมนตรี",
    "นายกองค์การ",
    "นายกอบต",
    "นายกอบจ",
    "นายกอ.",
    "นายกฯ",
    "นายกรัฐมนตรี",
    "นายกสมาคม",
    "นายกสภา",
    "นายกเหล่ากาชาด",
];

/// The longest title at the beginning of a normalised name that leaves a name behind it.
pub(super) fn find(text: &str) -> Option<Found<'_>> {
    if OFFICES.iter().any(|office| text.starts_with(office)) {
        return None;
    }
    candidates(text)
        .into_iter()
        .filter_map(|candidate| {
            let name = leaves_name(&candidate)?;
            Some(Found {
                full: candidate.full,
                rest: name,
                may_be_followed: candidate.may_be_followed,
            })
        })
        .min_by_key(|found| found.rest.len())
}

/// The title that the whole text is.
pub(super) fn read(text: &str) -> Option<&'static str> {
    candidates(text)
        .into_iter()
        .find(|candidate| candidate.rest.chars().all(is_separator))
        .map(|candidate| candidate.full)
}

struct Candidate<'a> {
    full: &'static str,
    /// From the end of the title, separators included.
    rest: &'a str,
    /// The title ended in a dot, which separates by itself.
    dotted: bool,
    joins: Joins,
    may_be_followed: bool,
}

/// The name behind a title, or nothing if what was read as a title may belong to the name.
fn leaves_name<'a>(candidate: &Candidate<'a>) -> Option<&'a str> {
    let name = candidate.rest.trim_start_matches(is_separator);
    let apart = candidate.dotted || name.len() < candidate.rest.len();
    // `นางสาวิตรี` is not นางสาว: nothing begins with a mark or a following vowel.
    if !name.chars().next().is_some_and(text::begins_word) {
        return None;
    }
    let onto = || {
        let (given, family) = name.split_once(' ').unwrap_or((name, ""));
        let letters = given
            .chars()
            .filter(|letter| text::is_base(*letter))
            .count();
        candidate.joins == Joins::Onto && letters >= 2 && family.chars().any(char::is_alphanumeric)
    };
    (apart || onto()).then_some(name)
}

fn candidates(text: &str) -> Vec<Candidate<'_>> {
    let mut found = Vec::new();
    for title in TITLES {
        for form in title.forms {
            if let Some(rest) = strip_form(text, form) {
                found.push(Candidate {
                    full: title.full,
                    rest,
                    dotted: form.ends_with('.'),
                    joins: title.joins,
                    may_be_followed: title.may_be_followed,
                });
            }
        }
    }
    let acting = text
        .strip_prefix("ว่าที่")
        .map(|rest| rest.trim_start_matches(is_separator));
    for rank in RANKS {
        for form in rank.forms {
            let Some(rest) = strip_form(acting.unwrap_or(text), form) else {
                continue;
            };
            let dotted = form.ends_with('.');
            let offset = usize::from(acting.is_some());
            found.push(rank_candidate(rank.full[offset], rest, dotted));
            let woman = rest.trim_start();
            if let Some(name) = woman.strip_prefix("(หญิง)") {
                found.push(rank_candidate(rank.full[offset + 2], name, true));
            } else if let Some(name) = woman.strip_prefix("หญิง") {
                // `ร.ต. หญิง ใจดี` is somebody named หญิง; with two more words it is the title.
                if woman.len() == rest.len() || name.trim().is_empty() || name.trim().contains(' ')
                {
                    found.push(rank_candidate(rank.full[offset + 2], name, false));
                }
            }
        }
    }
    found
}

fn rank_candidate<'a>(full: &'static str, rest: &'a str, dotted: bool) -> Candidate<'a> {
    Candidate {
        full,
        rest,
        dotted,
        joins: Joins::Onto,
        may_be_followed: true,
    }
}

/// What is behind `form` at the beginning of `text`. Between the letters of a short form, spaces may
/// stand behind a dot (`น. ส.`).
fn strip_form<'a>(text: &'a str, form: &str) -> Option<&'a str> {
    let mut rest = text;
    let mut letters = form.chars().peekable();
    while let Some(letter) = letters.next() {
        rest = rest.strip_prefix(letter)?;
        if letter == '.' && letters.peek().is_some() {
            rest = rest.trim_start();
        }
    }
    Some(rest)
}

fn is_separator(letter: char) -> bool {
    matches!(letter, ' ' | '.')
}

#[cfg(test)]
pub(super) fn all_full() -> impl Iterator<Item = &'static str> {
    let titles = TITLES.iter().map(|title| title.full);
    titles.chain(RANKS.iter().flat_map(|rank| rank.full))
}
