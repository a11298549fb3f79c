//! What a volunteer answers for, as it is stored: an area (`45090505`, a village; `450905`, a whole
//! subdistrict) or houses of a village (`45090505:1-10,12,15/2`). It must not know who he is.

use std::fmt;

use jitasa_thai::houses::{HouseNo, Houses};

/// A part of somebody's patch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patch {
    /// A village's 8 digits, or a subdistrict's 6.
    pub area: String,
    /// Houses of the village; `None` for the whole area.
    pub houses: Option<Houses>,
}

/// How a patch takes a house in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cover {
    /// The area around it is his.
    Village,
    /// The house itself is counted out to him.
    House,
}

/// The stored value is no patch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a patch is a village's code, or one and its houses")]
pub struct PatchUnreadable;

impl Patch {
    /// Reads a stored value.
    ///
    /// # Errors
    /// When it is none.
    pub fn parse(value: &str) -> Result<Self, PatchUnreadable> {
        let (area, houses) = match value.split_once(':') {
            Some((area, houses)) => {
                let houses = Houses::read(houses).map_err(|_| PatchUnreadable)?;
                (area, Some(houses))
            }
            None => (value, None),
        };
        let digits = area.bytes().all(|byte| byte.is_ascii_digit());
        let length = area.len() == 8 || area.len() == 6 && houses.is_none();
        if !digits || !length || area.len() == 8 && area.ends_with("00") {
            return Err(PatchUnreadable);
        }
        Ok(Self {
            area: area.into(),
            houses,
        })
    }

    /// Whether a house lies in it. The house number is as it stands in an address; of an address
    /// without a number only the village is known.
    #[must_use]
    pub fn covers(&self, area_code: &str, house_no: &str) -> Option<Cover> {
        match &self.houses {
            None => area_code.starts_with(&self.area).then_some(Cover::Village),
            Some(_) if area_code != self.area => None,
            Some(houses) => {
                let house = HouseNo::read(house_no)?;
                houses.has(house).then_some(Cover::House)
            }
        }
    }
}

impl fmt::Display for Patch {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        out.write_str(&self.area)?;
        self.houses
            .as_ref()
            .map_or(Ok(()), |houses| write!(out, ":{houses}"))
    }
}

/// How a whole patch takes a house in: the nearest of its parts. What cannot be read covers nothing.
#[must_use]
pub fn cover(patch: &[String], area_code: &str, house_no: &str) -> Option<Cover> {
    patch
        .iter()
        .filter_map(|value| Patch::parse(value).ok())
        .filter_map(|part| part.covers(area_code, house_no))
        .max()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_patch_is_a_village_or_houses_of_one() {
        let village = Patch::parse("45090505").unwrap();
        assert_eq!(village.covers("45090505", "12"), Some(Cover::Village));
        assert_eq!(village.covers("45090505", ""), Some(Cover::Village));
        assert_eq!(village.covers("45090506", "12"), None);
        assert_eq!(
            village.covers("450905", "12"),
            None,
            "the village is not known"
        );
        let houses = Patch::parse("45090505:1-10,12,15/2").unwrap();
        assert_eq!(houses.covers("45090505", "บ้านเลขที่ ๑๒"), Some(Cover::House));
        assert_eq!(houses.covers("45090505", "15/2"), Some(Cover::House));
        assert_eq!(houses.covers("45090505", "15"), None);
        assert_eq!(houses.covers("45090505", ""), None);
        assert_eq!(houses.covers("45090506", "12"), None);
        let subdistrict = Patch::parse("450905").unwrap();
        assert_eq!(subdistrict.covers("45090509", "1"), Some(Cover::Village));
    }

    #[test]
    fn the_house_counted_out_is_nearer_than_its_village() {
        let patch = ["45090505".into(), "45090505:1-10".into(), "ม.5".into()];
        assert_eq!(cover(&patch, "45090505", "7/1"), Some(Cover::House));
        assert_eq!(cover(&patch, "45090505", "70"), Some(Cover::Village));
        assert_eq!(cover(&patch, "45090507", "7"), None);
    }

    #[test]
    fn what_is_no_patch_is_refused() {
        for value in [
            "",
            "4509",
            "45090500",
            "4509050x",
            "450905051",
            "450905:1-10",
            "45090505:",
            "45090505:10-1",
            "45090505:1-10 ม.5",
            "๔๕๐๙๐๕๐๕",
        ] {
            assert_eq!(Patch::parse(value), Err(PatchUnreadable), "{value}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(
            moo in 1u32..=99,
            runs in prop::collection::vec((1u32..300, 0u32..20), 0..4),
        ) {
            let runs: Vec<_> = runs.into_iter().map(|(first, more)| (first, first + more)).collect();
            let houses = Some(Houses::new(&runs, &[])).filter(|houses| !houses.is_empty());
            let patch = Patch { area: format!("450905{moo:02}"), houses };
            prop_assert_eq!(Patch::parse(&patch.to_string()).unwrap(), patch);
        }

        #[test]
        fn no_text_is_too_strange(value in any::<String>(), house in any::<String>()) {
            prop_assert!(cover(&[value], "45090505", &house).is_none_or(|cover| cover == Cover::Village || !house.is_empty()));
        }
    }
}
