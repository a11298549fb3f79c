//! Names of records. Every record has a UUIDv7: it sorts by the time its desk claimed, and two
//! desks that never met do not give the same one.

use uuid::Uuid;

use crate::Timestamp;

/// Where new ids come from; randomness is an argument below the hosts, so that a seed replays a run.
pub trait IdSource {
    /// Ten random bytes.
    fn random(&mut self) -> [u8; 10];

    /// A new UUIDv7 for something that happened `now`.
    fn next(&mut self, now: Timestamp) -> Uuid {
        let ms = u64::try_from(now.0).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(ms, &self.random()).into_uuid()
    }
}

/// Ids from a seed (SplitMix64): practice data, tests and simulations.
#[derive(Debug, Clone)]
pub struct SeededIds(pub u64);

impl SeededIds {
    /// The next 64 bits.
    pub fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number in `0..below`; `below` is at least 1.
    pub fn below(&mut self, below: usize) -> usize {
        let below = below.max(1) as u64;
        usize::try_from(self.next_u64() % below).unwrap_or(0)
    }
}

impl IdSource for SeededIds {
    fn random(&mut self) -> [u8; 10] {
        let mut bytes = [0; 10];
        bytes[..8].copy_from_slice(&self.next_u64().to_le_bytes());
        bytes[8..].copy_from_slice(&self.next_u64().to_le_bytes()[..2]);
        bytes
    }
}

/// The id of an area's record: made from its code, so that two offices that key the same village
/// offline key the same record.
#[must_use]
pub fn area_id(code: &str) -> Uuid {
    Uuid::new_v5(&AREA_NAMESPACE, code.as_bytes())
}

/// The id of an entry of an office's list (kinds of need, of volunteer, of service point).
#[must_use]
pub fn kind_id(office_code: &str, list: &str, code: &str) -> Uuid {
    Uuid::new_v5(
        &KIND_NAMESPACE,
        format!("{office_code}/{list}/{code}").as_bytes(),
    )
}

/// The id of an office's rule: made from its code, so that two desks of an office that set the same rule
/// set the same record.
#[must_use]
pub fn rule_id(office_code: &str, code: &str) -> Uuid {
    Uuid::new_v5(&RULE_NAMESPACE, format!("{office_code}/{code}").as_bytes())
}

const RULE_NAMESPACE: Uuid = Uuid::from_u128(0x6f1d_2c0e_58a7_4b7e_9a34_0d5c_11e0_7a1e);
const AREA_NAMESPACE: Uuid = Uuid::from_u128(0x6f1d_2c0e_58a7_4b7e_9a34_0d5c_11e0_a4ea);
const KIND_NAMESPACE: Uuid = Uuid::from_u128(0x6f1d_2c0e_58a7_4b7e_9a34_0d5c_11e0_41d5);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_id_is_a_version_7_uuid_that_sorts_by_time() {
        let mut ids = SeededIds(1);
        let first = ids.next(Timestamp(1_700_000_000_000));
        let second = ids.next(Timestamp(1_700_000_000_001));
        assert_eq!(first.get_version_num(), 7);
        assert!(first < second);
    }

    #[test]
    fn the_same_village_has_the_same_id_on_every_desk() {
        assert_eq!(area_id("45090505"), area_id("45090505"));
        assert_ne!(area_id("45090505"), area_id("45090506"));
    }
}
