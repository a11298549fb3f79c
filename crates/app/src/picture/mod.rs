//! The office's open needs and hands in one picture, kept in memory: what suggestions, the plan and the board are made
//! from. It is read once and then mended by what changed, so that an answer is there while the finger is still on
//! the key. It must not know a request or a view, and it writes nothing.

mod matching;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jitasa_domain::{Entity, KindList, Timestamp, Volunteer, triage::Triage};
use jitasa_matching::{Hand, Planner, Step, Weights};
use jitasa_store::{
    Connection, Store, StoreError,
    query::{
        assignments,
        hands::{self, Given, Mark, Since, WantLine},
        office, teams,
    },
};
use uuid::Uuid;

pub(crate) use self::matching::is_barred;
use self::matching::{counted_out, hand_of, is_on};
use crate::{ApiError, App, triage::Pressing};

/// More open needs than this are not looked at together: the least pressing are left out, and said to be.
const WANTS_MAX: u32 = 10_000;
/// Waiting moves a score slowly: it is reckoned anew each minute.
const SCORES_STAND_MS: i64 = 60_000;

/// A need that wants hands.
#[derive(Debug, Clone)]
pub(crate) struct Open {
    pub(crate) line: WantLine,
    pub(crate) triage: Triage,
}

/// Somebody who could be asked, before the clock and his load are looked at.
#[derive(Debug, Clone)]
pub(crate) struct Somebody {
    pub(crate) volunteer: Volunteer,
    pub(crate) teams: Vec<String>,
    hand: Hand,
    /// Numbers with a stroke that are his by themselves, with their village.
    counted_out: Vec<(String, String)>,
}

/// What somebody has to do.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Load {
    /// Visits: several needs in one go are one.
    pub(crate) visits: u32,
    /// Assignments.
    pub(crate) assignments: u32,
}

impl Load {
    /// Assignments that are no further visit: the others of a visit to several needs.
    pub(crate) const fn shared(self) -> u32 {
        self.assignments.saturating_sub(self.visits)
    }
}

/// See the module.
#[derive(Debug)]
pub(crate) struct Picture {
    mark: Mark,
    scored_at: Timestamp,
    pressing: Pressing,
    /// By need.
    wants: BTreeMap<Uuid, Open>,
    /// Open needs beyond [`WANTS_MAX`].
    pub(crate) left_out: u32,
    /// By case.
    given: HashMap<Uuid, Vec<Given>>,
    /// By case.
    known_by: HashMap<Uuid, Vec<u128>>,
    pub(crate) people: BTreeMap<Uuid, Somebody>,
    /// Village and number of houses with a stroke that are somebody's by themselves.
    counted_out: BTreeSet<(String, String)>,
    /// By kind of need: equipment that helps.
    helpful: HashMap<String, Vec<String>>,
    pub(crate) weights: Weights,
    planner: Planner,
}

impl App {
    /// Looks at the picture as it is now.
    pub(crate) fn look<T>(
        &self,
        at: impl FnOnce(&mut Picture, &Connection) -> Result<T, StoreError>,
    ) -> Result<T, ApiError> {
        let store = self.store()?;
        let now = self.env().now();
        let mut kept = self
            .picture
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let picture = match kept.take() {
            Some(mut picture) => {
                picture.mend(&store, now)?;
                kept.insert(picture)
            }
            None => kept.insert(Picture::read(&store, now)?),
        };
        Ok(store.read(|conn| at(picture, conn))?)
    }
}

impl Picture {
    fn read(store: &Store, now: Timestamp) -> Result<Self, ApiError> {
        let pressing = Pressing::of(store, now)?;
        Ok(store.read(|conn| {
            let mark = hands::mark(conn)?;
            let rules = office::rules(conn)?;
            let step = |name: &str| {
                Step::from_code(rules.step(&format!("matching.{name}")).code())
                    .unwrap_or(Step::Normal)
            };
            let kinds = office::kinds(conn, KindList::Need)?;
            let mut picture = Self {
                mark,
                scored_at: now,
                pressing,
                wants: BTreeMap::new(),
                left_out: 0,
                given: HashMap::new(),
                known_by: HashMap::new(),
                people: BTreeMap::new(),
                counted_out: BTreeSet::new(),
                helpful: kinds
                    .into_iter()
                    .map(|kind| (kind.code, kind.wants))
                    .collect(),
                weights: Weights {
                    unserved: step("unserved"),
                    patch: step("own_patch"),
                    equipment: step("equipment"),
                    travel: step("travel"),
                    load: step("even_load"),
                    stability: step("stability"),
                    fairness: step("fairness"),
                    require_vetted: rules.flag("matching.only_vetted"),
                },
                planner: Planner::default(),
            };
            let lines = hands::wants(conn, None, WANTS_MAX)?;
            if lines.len() >= WANTS_MAX as usize {
                let all = assignments::without_hands(conn, &[])?;
                picture.left_out = u32::try_from(all).unwrap_or(0).saturating_sub(WANTS_MAX);
            }
            let needs: Vec<Uuid> = lines.iter().map(|line| line.need_id).collect();
            picture.take_given(hands::given(conn, &needs)?);
            let cases: BTreeSet<Uuid> = lines.iter().map(|line| line.case_id).collect();
            let cases: Vec<Uuid> = cases.into_iter().collect();
            picture.take_known(hands::known_by(conn, &cases)?);
            picture.take_wants(lines);
            picture.take_people(conn, None)?;
            Ok(picture)
        })?)
    }

    /// Reads again what changed since.
    fn mend(&mut self, store: &Store, now: Timestamp) -> Result<(), ApiError> {
        let (mark, since) = store.read(|conn| {
            let mark = hands::mark(conn)?;
            Ok((mark, hands::since(conn, self.mark, mark)?))
        })?;
        let changed = match since {
            Since::Nothing => Vec::new(),
            Since::These(changed) => changed,
            Since::Everything => return self.begin_again(store, now),
        };
        let (mut cases, mut people, mut moved) =
            (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for (entity, id, case_id) in changed {
            if entity == Entity::Assignment {
                moved.insert(id);
            }
            match (entity, case_id) {
                (_, Some(case_id)) => drop(cases.insert(case_id)),
                (Entity::Volunteer, _) => drop(people.insert(id)),
                // Nothing of these is in the picture.
                (Entity::Person | Entity::Incident | Entity::TickList, _) => {}
                _ => return self.begin_again(store, now),
            }
        }
        // A picture that leaves needs out cannot know which one takes a free place.
        if self.left_out > 0 && !cases.is_empty() {
            return self.begin_again(store, now);
        }
        let (cases, people): (Vec<_>, Vec<_>) =
            (cases.into_iter().collect(), people.into_iter().collect());
        if !people.is_empty() || now.0 - self.scored_at.0 >= SCORES_STAND_MS {
            self.pressing = Pressing::of(store, now)?;
            self.scored_at = now;
            for open in self.wants.values_mut() {
                open.triage = self.pressing.want(&open.line);
            }
        }
        store.read(|conn| {
            if !people.is_empty() {
                self.take_people(conn, Some(&people))?;
            }
            if !cases.is_empty() {
                self.wants
                    .retain(|_, open| !cases.contains(&open.line.case_id));
                for case_id in &cases {
                    self.given.remove(case_id);
                    self.known_by.remove(case_id);
                }
                let given = hands::given_of(conn, &cases)?;
                let has_helped = given
                    .iter()
                    .any(|each| moved.contains(&each.id) && each.state.is_finished());
                self.take_given(given);
                let lines = hands::wants(conn, Some(&cases), WANTS_MAX)?;
                self.take_wants(lines);
                if has_helped {
                    // He is known to the house from now on, in whichever case.
                    self.known_by.clear();
                    let all: BTreeSet<Uuid> =
                        self.wants.values().map(|open| open.line.case_id).collect();
                    let all: Vec<Uuid> = all.into_iter().collect();
                    self.take_known(hands::known_by(conn, &all)?);
                } else {
                    self.take_known(hands::known_by(conn, &cases)?);
                }
            }
            Ok(())
        })?;
        self.mark = mark;
        Ok(())
    }

    /// All anew, but for the plan, which takes the new picture as it takes any other.
    fn begin_again(&mut self, store: &Store, now: Timestamp) -> Result<(), ApiError> {
        let planner = std::mem::take(&mut self.planner);
        *self = Self::read(store, now)?;
        self.planner = planner;
        Ok(())
    }

    /// Adds what is known of a case that has no open need in the picture, so that its needs can be looked at too.
    pub(crate) fn complete(&mut self, case_id: Uuid, given: Vec<Given>, known: Vec<(Uuid, Uuid)>) {
        self.given.insert(case_id, Vec::new());
        self.take_given(given);
        self.known_by.insert(case_id, Vec::new());
        self.take_known(known);
    }

    fn take_wants(&mut self, lines: Vec<WantLine>) {
        for line in lines {
            let triage = self.pressing.want(&line);
            self.wants.insert(line.need_id, Open { line, triage });
        }
    }

    fn take_given(&mut self, lines: Vec<Given>) {
        for line in lines {
            self.given.entry(line.case_id).or_default().push(line);
        }
    }

    fn take_known(&mut self, pairs: Vec<(Uuid, Uuid)>) {
        for (case_id, volunteer_id) in pairs {
            let known = self.known_by.entry(case_id).or_default();
            known.push(volunteer_id.as_u128());
        }
    }

    fn take_people(&mut self, conn: &Connection, only: Option<&[Uuid]>) -> Result<(), StoreError> {
        let kinds = office::kinds(conn, KindList::Volunteer)?;
        let villages = office::villages(conn, None)?;
        let villages: Vec<String> = villages.into_iter().map(|area| area.code).collect();
        let mut names = teams::names_by_member(conn)?;
        for id in only.unwrap_or_default() {
            self.people.remove(id);
        }
        for volunteer in hands::volunteers(conn, only)? {
            let hand = hand_of(&volunteer, &kinds, &villages);
            let counted_out = counted_out(&volunteer).collect();
            let teams = names.remove(&volunteer.id).unwrap_or_default();
            let somebody = Somebody {
                volunteer,
                teams,
                hand,
                counted_out,
            };
            self.people.insert(somebody.volunteer.id, somebody);
        }
        // From all anew: a house that was taken out of somebody's patch belongs to whoever has the house beside it.
        let counted_out = self.people.values().flat_map(|each| &each.counted_out);
        self.counted_out = counted_out.cloned().collect();
        Ok(())
    }

    /// Needs that want hands, most pressing first, and among equals the one that was keyed first.
    pub(crate) fn by_score(&self) -> Vec<&Open> {
        let mut all: Vec<&Open> = self.wants.values().collect();
        all.sort_by_key(|open| (std::cmp::Reverse(open.triage.score), open.line.pk));
        all
    }

    /// A need that wants hands.
    pub(crate) fn open(&self, need_id: Uuid) -> Option<&Open> {
        self.wants.get(&need_id)
    }

    /// How pressing a need is that may have its hands already.
    pub(crate) fn triage_of(&self, line: &WantLine) -> Triage {
        self.pressing.want(line)
    }

    /// Assignments of a need.
    pub(crate) fn given_to<'a>(&'a self, line: &WantLine) -> impl Iterator<Item = &'a Given> {
        let need_id = line.need_id;
        let of_case = self.given.get(&line.case_id).into_iter().flatten();
        of_case.filter(move |each| each.need_id == need_id)
    }

    /// How many volunteers hold a need or are being asked, with those who have done their part while others are
    /// still at it.
    pub(crate) fn hands_held(&self, line: &WantLine) -> u32 {
        let on_it = self.given_to(line).filter(|each| is_on(line, each));
        let hands = on_it.map(|each| each.who_go().count()).sum::<usize>();
        u32::try_from(hands).unwrap_or(u32::MAX)
    }
}
