//! Made-up offices as flows: volunteers around villages, needs near them, the 20 nearest with the skill as edges.
//! The same seed makes the same office.

use jitasa_matching::flow::{Curve, NO_LIMIT};

use super::given::{Given, GivenTask};

/// splitmix64.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    /// A number below `end`.
    pub(super) fn below(&mut self, end: u32) -> u32 {
        let end = u64::from(end.max(1));
        u32::try_from(self.bits() % end).unwrap_or(0)
    }

    pub(super) fn place(&mut self, end: usize) -> usize {
        self.below(u32::try_from(end).unwrap_or(u32::MAX)) as usize
    }

    fn metres(&mut self, end: u32) -> i64 {
        i64::from(self.below(end))
    }
}

/// Kinds of need; a volunteer can serve three of eight.
const KINDS: u32 = 8;
const CANDIDATES: usize = 20;
/// An amphoe of 1,170 volunteers is about so wide; others in proportion.
const AMPHOE: (f64, f64) = (1_170.0, 50_000.0);
/// What a need without hands costs by urgency, in metres, before waiting doubles it.
const WAYS_OUT: [i64; 4] = [20_000, 40_000, 80_000, 160_000];

/// An office, and needs of it that have not come yet.
pub(super) struct MadeUp {
    pub(super) given: Given,
    pub(super) to_come: Vec<GivenTask>,
    pub(super) villages: usize,
}

impl MadeUp {
    /// Needs, volunteers, and needs to come.
    pub(super) fn new(needs: usize, volunteers: u32, to_come: usize, seed: u64) -> Self {
        let mut dice = Dice(seed);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "some hundred kilometres in metres"
        )]
        let side = (AMPHOE.1 * (f64::from(volunteers) / AMPHOE.0).sqrt()) as u32;
        let villages: Vec<(i64, i64)> = (0..(volunteers / 12).max(3))
            .map(|_| (dice.metres(side), dice.metres(side)))
            .collect();
        let mut given = Given::default();
        for _ in &villages {
            given.agents.push(Curve {
                first: 0,
                step: 200,
                units: NO_LIMIT,
            });
        }
        let mut homes = Vec::new();
        for _ in 0..volunteers {
            let units = 1 + dice.below(10);
            given.agents.push(Curve {
                first: 0,
                step: 700,
                units,
            });
            let village = villages[dice.place(villages.len())];
            let home = (
                village.0 + dice.metres(1_500),
                village.1 + dice.metres(1_500),
            );
            let skills = (0..KINDS).map(|_| dice.below(8) < 3).collect::<Vec<_>>();
            homes.push((home, skills));
        }
        let mut a_need = || {
            let at_village = dice.place(villages.len());
            let village = villages[at_village];
            let at = (
                village.0 + dice.metres(2_000) - 250,
                village.1 + dice.metres(2_000) - 250,
            );
            let kind = dice.place(KINDS as usize);
            let mut near: Vec<(i64, usize)> = homes
                .iter()
                .enumerate()
                .filter(|(_, (_, skills))| skills[kind])
                .map(|(place, (home, _))| {
                    (
                        (home.0 - at.0).pow(2) + (home.1 - at.1).pow(2),
                        villages.len() + place,
                    )
                })
                .collect();
            if near.len() > CANDIDATES {
                near.select_nth_unstable(CANDIDATES - 1);
                near.truncate(CANDIDATES);
            }
            near.sort_unstable();
            let edges = near.into_iter().map(|(square, agent)| {
                let way = square.isqrt();
                // His own patch, a household he knows.
                let patch = if way < 1_500 && dice.below(3) == 0 {
                    4
                } else {
                    1
                };
                let known = if dice.below(50) == 0 { 2 } else { 1 };
                (agent, way / patch / known)
            });
            let edges = edges.collect();
            let urgency = WAYS_OUT[[0, 0, 0, 1, 1, 1, 1, 2, 2, 3][dice.place(10)]];
            let way_out = (at_village, urgency + urgency * dice.metres(24) / 24);
            GivenTask {
                units: 1,
                way_out,
                edges,
            }
        };
        given.tasks = (0..needs).map(|_| a_need()).collect();
        let to_come = (0..to_come).map(|_| a_need()).collect();
        Self {
            given,
            to_come,
            villages: villages.len(),
        }
    }
}
