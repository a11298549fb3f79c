//! Which cases are asked about: drawn from the desk by a seed, the same for both sides and every run.

use jitasa_domain::{CaseState, ids::SeededIds};
use jitasa_store::Store;
use uuid::Uuid;

use super::desk::Kept;
use crate::Outcome;

/// How many of each; questions go round them.
const DRAWN: usize = 211;

/// A case of the desk, as far as questions need it.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub(super) pk: i64,
    pub(super) id: Uuid,
    pub(super) state: CaseState,
    pub(super) reported_at: i64,
    pub(super) area_code: String,
    pub(super) lat: f64,
    pub(super) lon: f64,
}

/// Cases to ask about, all with a place.
#[derive(Debug)]
pub(super) struct Samples(Vec<Known>);

impl Samples {
    /// Draws them.
    pub(super) fn draw(kept: &Kept) -> Outcome<Self> {
        let store = Store::open(&kept.desk_dir())?;
        let mut chance = SeededIds(7);
        let known = store.read(|conn| {
            let last = "SELECT max(pk) FROM \"case\"";
            let last: u32 = conn.query_row(last, [], |row| row.get(0))?;
            let mut statement = conn.prepare(
                "SELECT pk, id, state, reported_at, area_code, lat, lon FROM \"case\"
                 WHERE pk >= ?1 AND lat IS NOT NULL AND void_reason IS NULL AND length(area_code) = 8
                 ORDER BY pk LIMIT 1",
            )?;
            // Not the very last rows: after each there must be one with a place.
            let begin = last.saturating_sub(500) as usize;
            let mut known = Vec::with_capacity(DRAWN);
            for _ in 0..DRAWN {
                known.push(statement.query_row([i64::try_from(chance.below(begin)).unwrap_or(0)], |row| {
                    let (id, state): (String, String) = (row.get(1)?, row.get(2)?);
                    Ok(Known {
                        pk: row.get(0)?,
                        id: id.parse().unwrap_or_default(),
                        state: CaseState::from_code(&state).unwrap_or_default(),
                        reported_at: row.get(3)?,
                        area_code: row.get(4)?,
                        lat: row.get(5)?,
                        lon: row.get(6)?,
                    })
                })?);
            }
            Ok(known)
        })?;
        Ok(Self(known))
    }

    /// The case of a turn.
    pub(super) fn at(&self, turn: usize) -> &Known {
        &self.0[turn % self.0.len()]
    }

    /// The state of a turn: each in its turn.
    pub(super) fn state(turn: usize) -> CaseState {
        CaseState::ALL[turn % CaseState::ALL.len()]
    }
}
