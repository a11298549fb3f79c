//! Every province, district and subdistrict of Thailand by its DOPA code, and the abolished ones.
//!
//! It exists because names are no keys: six subdistricts are called โคกสว่าง, and old sheets carry
//! names and codes that are gone. It never guesses among several; it answers with all of them and a
//! person chooses. Villages are not here: an office imports its own, and the store keeps them.
//!
//! Source: `data/gazetteer` (GeoThai, CC BY 4.0; its README says what the columns mean).

mod rows;

use jitasa_thai::place::strip_area_prefix;
use jitasa_thai::text::normalize;
use rows::{abolished_area, place, rows};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::OnceLock;

/// Bangkok says แขวง and เขต where the provinces say ตำบล and อำเภอ.
const BANGKOK: &str = "10";

/// Common short names of provinces, and what they stand for.
const NICKNAMES: [(&str, &str); 4] = [
    ("กทม", "10"),
    ("กทม.", "10"),
    ("อยุธยา", "14"),
    ("โคราช", "30"),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    Province,
    District,
    Subdistrict,
}

impl Level {
    /// Digits of a code of this level.
    #[must_use]
    pub const fn digits(self) -> usize {
        match self {
            Self::Province => 2,
            Self::District => 4,
            Self::Subdistrict => 6,
        }
    }

    fn of_code(code: &str) -> Option<Self> {
        [Self::Province, Self::District, Self::Subdistrict]
            .into_iter()
            .find(|level| level.digits() == code.len())
    }
}

/// An area in force today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub code: &'static str,
    pub level: Level,
    /// Without ตำบล, อำเภอ or จังหวัด; the districts of Bangkok carry เขต, as in the source.
    pub name_th: &'static str,
    pub name_en: &'static str,
    /// Of a subdistrict, one or two; empty for the levels above.
    pub postcodes: Vec<&'static str>,
}

impl Place {
    /// The name as an office writes it: ตำบลโคกสว่าง, อำเภอหนองพอก, จังหวัดร้อยเอ็ด, เขตพระนคร.
    #[must_use]
    pub fn titled(&self) -> String {
        let bangkok = self.code.starts_with(BANGKOK);
        let title = match self.level {
            Level::Province | Level::District if bangkok => "",
            Level::Province => "จังหวัด",
            Level::District => "อำเภอ",
            Level::Subdistrict if bangkok => "แขวง",
            Level::Subdistrict => "ตำบล",
        };
        format!("{title}{}", self.name_th)
    }
}

/// An area that is no more. Old records may hold its code or name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Abolished {
    pub code: &'static str,
    pub level: Option<Level>,
    pub name_th: &'static str,
    /// Empty when the source knows none.
    pub name_en: &'static str,
    /// ISO 8601, Common Era. `2006-01-01` means on or before that day.
    pub abolished_on: &'static str,
    /// Codes in force today; empty when none is known, then a person must choose.
    pub successors: Vec<&'static str>,
    pub basis: Option<Basis>,
}

/// How the successors of an abolished area are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// From a notice in the royal gazette.
    Notice,
    /// One area of the neighbourhood has the same name today.
    Name,
}

/// What a subdistrict's name stands for, seen from an office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolution {
    One(&'static str),
    /// Several as near as each other: a person chooses.
    Many(Vec<&'static str>),
    Abolished {
        code: &'static str,
        successors: Vec<&'static str>,
    },
    None,
}

#[derive(Debug)]
pub struct Gazetteer {
    /// By level, then by code: the children of an area lie side by side.
    places: Vec<Place>,
    provinces: Range<usize>,
    districts: Range<usize>,
    subdistricts: Range<usize>,
    /// By code.
    abolished: Vec<Abolished>,
    by_name: HashMap<String, Vec<usize>>,
    abolished_by_name: HashMap<String, Vec<usize>>,
}

impl Gazetteer {
    /// The gazetteer inside the program. Built on first use, in a few hundredths of a second.
    pub fn bundled() -> &'static Self {
        static BUNDLED: OnceLock<Gazetteer> = OnceLock::new();
        BUNDLED.get_or_init(|| {
            Self::read(
                [
                    include_str!("../../../data/gazetteer/provinces.tsv"),
                    include_str!("../../../data/gazetteer/districts.tsv"),
                    include_str!("../../../data/gazetteer/subdistricts.tsv"),
                ],
                include_str!("../../../data/gazetteer/abolished.tsv"),
            )
        })
    }

    fn read(levels: [&'static str; 3], abolished: &'static str) -> Self {
        let mut places: Vec<Place> = levels
            .into_iter()
            .flat_map(rows)
            .filter_map(place)
            .collect();
        places.sort_by_key(|place| (place.level, place.code));
        let range = |level| {
            places.partition_point(|p| p.level < level)
                ..places.partition_point(|p| p.level <= level)
        };
        let (provinces, districts, subdistricts) = (
            range(Level::Province),
            range(Level::District),
            range(Level::Subdistrict),
        );
        let mut by_name = HashMap::new();
        for (index, place) in places.iter().enumerate() {
            index_names(&mut by_name, index, place);
        }
        let mut abolished: Vec<Abolished> = rows(abolished).filter_map(abolished_area).collect();
        abolished.sort_by_key(|area| area.code);
        let mut abolished_by_name: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, area) in abolished.iter().enumerate() {
            if area.level == Some(Level::Subdistrict) {
                abolished_by_name
                    .entry(fold(area.name_th))
                    .or_default()
                    .push(index);
            }
        }
        Self {
            places,
            provinces,
            districts,
            subdistricts,
            abolished,
            by_name,
            abolished_by_name,
        }
    }

    /// The area with exactly this code of 2, 4 or 6 digits; see [`parse_code`] for codes as typed.
    #[must_use]
    pub fn get(&self, code: &str) -> Option<&Place> {
        let places = self.level(Level::of_code(code)?);
        let index = places
            .binary_search_by_key(&code, |place| place.code)
            .ok()?;
        Some(&places[index])
    }

    /// All provinces, in the order of their codes.
    #[must_use]
    pub fn provinces(&self) -> &[Place] {
        self.level(Level::Province)
    }

    /// The districts of a province or the subdistricts of a district, in the order of their codes.
    /// Empty for anything else.
    #[must_use]
    pub fn children(&self, code: &str) -> &[Place] {
        let places = match Level::of_code(code) {
            Some(Level::Province) => self.level(Level::District),
            Some(Level::District) => self.level(Level::Subdistrict),
            Some(Level::Subdistrict) | None => return &[],
        };
        let first = places.partition_point(|place| place.code < code);
        let count = places[first..]
            .iter()
            .take_while(|place| place.code.starts_with(code))
            .count();
        &places[first..first + count]
    }

    /// Areas of this name, Thai or English, inside the area `within` (the start of their codes).
    /// A prefix (ต. อ. จ. ตำบล ...) is forgiven and, when some area fits it, keeps only that level.
    /// In the order of level, then code. An อ.เมือง is the capital district of its province.
    #[must_use]
    pub fn find(&self, text: &str, within: Option<&str>) -> Vec<&Place> {
        let (name, level) = self.name_and_level(text);
        let found = self.by_name.get(&name).into_iter().flatten();
        let mut places: Vec<&Place> = found
            .map(|&index| &self.places[index])
            .filter(|place| place.code.starts_with(within.unwrap_or_default()))
            .collect();
        if let Some(level) = level
            && places.iter().any(|place| place.level == level)
        {
            places.retain(|place| place.level == level);
        }
        places
    }

    /// The subdistrict a name in a sheet stands for, seen from the office with the code `near`:
    /// its own subdistrict, then its district, its province, the country. The nearest ring that
    /// knows the name answers. An abolished subdistrict of a nearer ring than today's bearer of the
    /// name stands for its successors, not for a namesake far away.
    #[must_use]
    pub fn subdistrict_named(&self, name: &str, near: &str) -> Resolution {
        let (folded, level) = self.name_and_level(name);
        if level.is_some_and(|level| level != Level::Subdistrict) {
            return Resolution::None;
        }
        let mut current = self.find(name, None);
        current.retain(|place| place.level == Level::Subdistrict);
        let old = self.abolished_by_name.get(&folded).into_iter().flatten();
        let old: Vec<_> = old.map(|&index| &self.abolished[index]).collect();
        let rings = [6, 4, 2]
            .into_iter()
            .filter_map(|digits| near.get(..digits))
            .chain([""]);
        for ring in rings {
            let here: Vec<_> = codes_within(current.iter().map(|place| place.code), ring);
            match here.as_slice() {
                [] => {}
                [one] => return Resolution::One(one),
                _ => return Resolution::Many(here),
            }
            let gone: Vec<_> = old
                .iter()
                .filter(|area| area.code.starts_with(ring))
                .collect();
            if let Some(first) = gone.first() {
                let mut successors: Vec<_> = gone
                    .iter()
                    .flat_map(|area| area.successors.iter().copied())
                    .collect();
                successors.sort_unstable();
                successors.dedup();
                let same_place = gone.iter().all(|area| area.code[..4] == first.code[..4]);
                return match successors.as_slice() {
                    // The subdistrict kept its name and changed its district.
                    [one] if current.iter().any(|place| place.code == *one) => Resolution::One(one),
                    _ if same_place => Resolution::Abolished {
                        code: first.code,
                        successors,
                    },
                    [] => Resolution::None,
                    _ => Resolution::Many(successors),
                };
            }
        }
        Resolution::None
    }

    /// `ตำบลโคกสว่าง อำเภอหนองพอก จังหวัดร้อยเอ็ด`; with หมู่ที่ in front for the 8 digits of a village.
    /// `None` when a level of the code is not in force.
    #[must_use]
    pub fn full_name(&self, code: &str) -> Option<String> {
        let (area, moo) = if code.len() == 8 {
            (code.get(..6)?, code.get(6..)?)
        } else {
            (code, "")
        };
        let mut parts = Vec::with_capacity(4);
        if !moo.is_empty() {
            parts.push(format!("หมู่ที่ {}", moo.parse::<u8>().ok()?));
        }
        for digits in [6, 4, 2] {
            if digits <= area.len() {
                parts.push(self.get(area.get(..digits)?)?.titled());
            }
        }
        // Codes of odd lengths have no name of their own.
        Level::of_code(area)?;
        Some(parts.join(" "))
    }

    /// The abolished area with exactly this code.
    #[must_use]
    pub fn abolished(&self, code: &str) -> Option<&Abolished> {
        let index = self
            .abolished
            .binary_search_by_key(&code, |area| area.code)
            .ok()?;
        Some(&self.abolished[index])
    }

    fn level(&self, level: Level) -> &[Place] {
        let range = match level {
            Level::Province => &self.provinces,
            Level::District => &self.districts,
            Level::Subdistrict => &self.subdistricts,
        };
        &self.places[range.clone()]
    }

    /// The folded name, and the level its prefix says. The name as it stands comes first: จ.ป.ร. is a
    /// subdistrict that only looks like three prefixes, and บ้านแพง a district.
    fn name_and_level(&self, text: &str) -> (String, Option<Level>) {
        let whole = fold(text);
        if self.by_name.contains_key(&whole) || self.abolished_by_name.contains_key(&whole) {
            return (whole, None);
        }
        match level_said(text) {
            Some(level) => (fold(strip_area_prefix(text)), Some(level)),
            // Also บ้าน and บ.: the name of a village must not find the subdistrict of that name.
            None => (whole, None),
        }
    }
}

/// The code as digits: Thai digits, spaces, dashes, a leading `TH` and the `00` with which tables
/// fill up to full length are forgiven. Says nothing about whether the area exists.
#[must_use]
pub fn parse_code(text: &str) -> Option<String> {
    let mut digits = String::with_capacity(8);
    let text = text.trim();
    let text = text
        .get(..2)
        .filter(|th| th.eq_ignore_ascii_case("TH"))
        .map_or(text, |_| &text[2..]);
    for c in text.chars() {
        match c {
            '0'..='9' => digits.push(c),
            '๐'..='๙' => digits.push(char::from_digit(u32::from(c) - u32::from('๐'), 10)?),
            ' ' | '-' | '\u{a0}' => {}
            _ => return None,
        }
    }
    if !matches!(digits.len(), 2 | 4 | 6 | 8) {
        return None;
    }
    while digits.len() > 2 && digits.ends_with("00") {
        digits.truncate(digits.len() - 2);
    }
    ("10"..="99").contains(&&digits[..2]).then_some(digits)
}

fn codes_within(codes: impl Iterator<Item = &'static str>, ring: &str) -> Vec<&'static str> {
    codes.filter(|code| code.starts_with(ring)).collect()
}

/// A name as it is compared: spelling normalised, English in small letters, no spaces or hyphens.
fn fold(name: &str) -> String {
    let name = normalize(name);
    name.chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .flat_map(char::to_lowercase)
        .collect()
}

/// The level that a prefix names, when there is one.
fn level_said(text: &str) -> Option<Level> {
    let text = text.trim();
    let prefix = text.strip_suffix(strip_area_prefix(text))?;
    match prefix.chars().next()? {
        'ต' | 'แ' => Some(Level::Subdistrict),
        'อ' | 'เ' => Some(Level::District),
        'จ' => Some(Level::Province),
        _ => None,
    }
}

/// Every way a current area may be called. Two ways that fold alike count once.
fn index_names(by_name: &mut HashMap<String, Vec<usize>>, index: usize, place: &Place) {
    let mut names = vec![fold(place.name_th), fold(place.name_en)];
    if place.level == Level::District && place.code.starts_with(BANGKOK) {
        names.push(fold(strip_area_prefix(place.name_th)));
    }
    if place.level == Level::District
        && place.code.ends_with("01")
        && place.name_th.starts_with("เมือง")
    {
        names.push(fold("เมือง"));
    }
    // ปอภาร (ปอพาน): either spelling.
    if let Some((one, other)) = place.name_th.split_once('(') {
        names.extend([fold(one), fold(other.trim_end_matches(')'))]);
    }
    let nicknames = NICKNAMES.iter().filter(|(_, code)| *code == place.code);
    names.extend(nicknames.map(|(name, _)| fold(name)));
    names.sort_unstable();
    names.dedup();
    for name in names {
        by_name.entry(name).or_default().push(index);
    }
}

#[cfg(test)]
mod tests;
