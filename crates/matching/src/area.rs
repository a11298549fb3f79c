//! Codes of areas as numbers: a village's 8 digits, a subdistrict's 6, in one word that is compared at once. Knows no
//! place on the earth.

/// An area's code, its characters from the highest byte down: the order is that of the texts, and a beginning of the
/// code is a beginning of the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(crate) struct Area(u64);

/// Characters of a village's code and a subdistrict's.
const VILLAGE: usize = 8;
const SUBDISTRICT: usize = 6;

impl Area {
    /// Of a code. What is longer than a village's is no area, and is like one that is not known: an empty one.
    pub(crate) fn of(code: &str) -> Self {
        let mut bytes = [0; VILLAGE];
        if let Some(begin) = bytes.get_mut(..code.len()) {
            begin.copy_from_slice(code.as_bytes());
        }
        Self(u64::from_be_bytes(bytes))
    }

    /// The same, when it is a village.
    pub(crate) fn village(self) -> Option<Self> {
        (self.len() == VILLAGE).then_some(self)
    }

    /// The subdistrict it is or lies in.
    pub(crate) fn subdistrict(self) -> Option<Self> {
        (self.len() >= SUBDISTRICT).then_some(Self(self.0 & mask(SUBDISTRICT)))
    }

    /// Whether another one's code begins with this one. With an empty one every code begins.
    pub(crate) fn holds(self, other: Self) -> bool {
        other.0 & mask(self.len()) == self.0
    }

    fn len(self) -> usize {
        VILLAGE - self.0.trailing_zeros() as usize / 8
    }
}

/// The bits of so many characters.
fn mask(characters: usize) -> u64 {
    let bits = 8 * u32::try_from(VILLAGE - characters).unwrap_or(0);
    u64::MAX.checked_shl(bits).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_are_like_their_codes_in_order_and_in_how_they_begin() {
        let codes = ["", "45", "4509", "450905", "45090505", "45090506", "451005"];
        for one in codes {
            for other in codes {
                let (area, with) = (Area::of(one), Area::of(other));
                assert_eq!(area.cmp(&with), one.cmp(other), "{one} {other}");
                assert_eq!(area.holds(with), other.starts_with(one), "{one} {other}");
            }
        }
    }

    #[test]
    fn a_village_has_eight_digits_and_lies_in_its_first_six() {
        let village = Area::of("45090505");
        assert_eq!(village.village(), Some(village));
        assert_eq!(village.subdistrict(), Some(Area::of("450905")));
        let subdistrict = Area::of("450905");
        assert_eq!(subdistrict.village(), None);
        assert_eq!(subdistrict.subdistrict(), Some(subdistrict));
        assert_eq!(Area::of("4509").subdistrict(), None);
        assert_eq!(Area::of("450905051"), Area::default());
    }
}
