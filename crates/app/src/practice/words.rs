//! The lists that made-up people, houses and calls are composed of (`data/practice`). Nobody in them
//! is a real person. It must not know how they are combined.

use crate::setup::rows_of;

const MALE: &str = include_str!("../../../../data/practice/given-names-male.tsv");
const FEMALE: &str = include_str!("../../../../data/practice/given-names-female.tsv");
const SURNAMES: &str = include_str!("../../../../data/practice/surnames.tsv");
const LANDMARKS: &str = include_str!("../../../../data/practice/landmarks.tsv");
const NEED_NOTES: &str = include_str!("../../../../data/practice/need-notes.tsv");
const VILLAGES: &str = include_str!("../../../../data/practice/villages.tsv");
const CENTRES: &str = include_str!("../../../../data/practice/tambon-centres.tsv");

/// When somebody was born, as far as a given name tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Generation {
    Old,
    Middle,
    Young,
}

/// The lists, read once.
#[derive(Debug)]
pub(super) struct Words {
    male: [Vec<&'static str>; 3],
    female: [Vec<&'static str>; 3],
    pub(super) surnames: Vec<&'static str>,
    pub(super) landmarks: Vec<&'static str>,
    notes: Vec<(&'static str, &'static str)>,
}

impl Words {
    pub(super) fn read() -> Self {
        Self {
            male: by_generation(MALE),
            female: by_generation(FEMALE),
            surnames: firsts(SURNAMES),
            landmarks: firsts(LANDMARKS),
            notes: rows_of(NEED_NOTES)
                .filter_map(|row| Some((*row.first()?, *row.get(1)?)))
                .collect(),
        }
    }

    /// Given names of a sex and generation.
    pub(super) fn given(&self, female: bool, generation: Generation) -> &[&'static str] {
        let names = if female { &self.female } else { &self.male };
        &names[generation as usize]
    }

    /// What a clerk keys about a need of this kind.
    pub(super) fn notes(&self, kind: &str) -> Vec<&'static str> {
        self.notes
            .iter()
            .filter(|(of, _)| *of == kind)
            .map(|(_, note)| *note)
            .collect()
    }
}

fn firsts(table: &'static str) -> Vec<&'static str> {
    rows_of(table)
        .filter_map(|row| row.first().copied())
        .collect()
}

fn by_generation(table: &'static str) -> [Vec<&'static str>; 3] {
    ["old", "middle", "young"].map(|generation| {
        rows_of(table)
            .filter(|row| row.get(1) == Some(&generation))
            .filter_map(|row| row.first().copied())
            .collect()
    })
}

/// The villages of an area by code: code and name without บ้าน.
pub(super) fn villages_of(area: &str) -> Vec<(&'static str, &'static str)> {
    rows_of(VILLAGES)
        .filter_map(|row| {
            let code: &'static str = row.first()?;
            let name: &'static str = row.get(3)?;
            Some((code, name.strip_prefix("บ้าน").unwrap_or(name)))
        })
        .filter(|(code, _)| code.starts_with(area))
        .collect()
}

/// The middle of a subdistrict, or of the subdistricts of a district: latitude, longitude.
pub(super) fn centre_of(area: &str) -> Option<(f64, f64)> {
    if !matches!(area.len(), 4 | 6) {
        return None;
    }
    let points: Vec<(f64, f64)> = rows_of(CENTRES)
        .filter(|row| row.first().is_some_and(|code| code.starts_with(area)))
        .filter_map(|row| Some((row.get(1)?.parse().ok()?, row.get(2)?.parse().ok()?)))
        .collect();
    let count = f64::from(
        u32::try_from(points.len())
            .ok()
            .filter(|count| *count > 0)?,
    );
    let (lat, lon) = points
        .iter()
        .fold((0.0, 0.0), |sum, at| (sum.0 + at.0, sum.1 + at.1));
    Some((lat / count, lon / count))
}
