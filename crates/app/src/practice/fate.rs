//! What becomes of each made-up call, decided beforehand: an office that is looked after. What is old
//! was met or closed with a reason; what is open came lately and is within its time, or somebody is on
//! his way; a few things slipped, and those whose task it is were told. Quotas for each village, so
//! that its headman has an inbox one can work through. It must not know how a fate is brought about.

use jitasa_domain::{
    AssignmentState, ClosingReason, Escalation, ReviewState, Timestamp, Urgency, care, rules::Rules,
};

use super::{
    calls::{Call, DAY_MS, HOUR_MS, MINUTE_MS},
    chance::Chance,
    decks::Decks,
    wave::JUST_NOW_MIN,
};

/// What the headman says of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    /// Nothing yet.
    None,
    Said(ReviewState),
    /// Sent back, mended by the clerk, and confirmed then.
    Mended,
}

/// When somebody is to look again, set by the clerk himself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LookAgain {
    /// Some days after the call.
    Then,
    Today,
    Later,
}

/// What becomes of a call.
#[derive(Debug, Clone)]
pub(super) struct Fate {
    /// Its story is not over.
    pub(super) open: bool,
    pub(super) word: Word,
    /// For each need, the states in which its assignments end, one after another.
    pub(super) hands: Vec<Vec<Ending>>,
    /// Closed by the clerk, without anybody being sent.
    pub(super) closed: Option<ClosingReason>,
    pub(super) verifying: bool,
    pub(super) referred: bool,
    pub(super) look_again: Option<LookAgain>,
}

impl Fate {
    fn new(open: bool, word: Word, call: &Call) -> Self {
        Self {
            open,
            word,
            hands: vec![Vec::new(); call.needs.len()],
            closed: None,
            verifying: false,
            referred: false,
            look_again: None,
        }
    }

    fn has_nobody(&self) -> bool {
        self.hands.iter().all(Vec::is_empty)
    }
}

/// How one assignment ends, or how far it has come by now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    At(AssignmentState),
    /// Part of the help came, and the headman says so.
    PartlyConfirmed,
}

const CONFIRMED: Word = Word::Said(ReviewState::Confirmed);
/// What the headman has before him came within so long.
const LATELY_MS: i64 = 6 * DAY_MS;
/// How many of a hundred calls are still open after none, one, two.. days.
const OPEN_PERCENT: [usize; 8] = [99, 98, 97, 93, 78, 42, 14, 3];
/// A need that waits has so much of its time left, so that the desk is still in order when the newcomer
/// has looked around.
const LEFT_MS: i64 = 45 * MINUTE_MS;
/// Help for what has waited its time is on its way for so long at most.
const ON_THE_WAY_MS: i64 = 20 * HOUR_MS;

/// What one village's headman still has before him.
struct Quota {
    unreviewed: i64,
    awaiting: i64,
    /// Late calls of the village not decided yet.
    calls_left: i64,
}

/// What must be met in every office, however small: so many calls are left for each.
struct SetApart {
    /// Offers that run out soon.
    offered: usize,
    /// Others that have been asked and have time to answer.
    asked: usize,
    /// The headman did not confirm, and the clerk has yet to see to it.
    trouble: usize,
    /// Waited too long: the supervisor was told.
    supervisor: usize,
    /// Went on to the district.
    district: usize,
}

struct Deciding<'a> {
    own_village: Option<usize>,
    rules: Rules,
    decks: Decks,
    quotas: Vec<Quota>,
    set_apart: SetApart,
    chance: &'a mut Chance,
}

/// For every so many calls of the month something slips: once for a subdistrict, ten times for a
/// district.
pub(super) fn scale(calls: usize) -> usize {
    ((calls + 210) / 420).max(1)
}

/// Decides, latest call first; may change how urgent a few of the calls are. `own_village` is that of
/// the headman at the desk.
pub(super) fn decide(
    calls: &mut [Call],
    villages: usize,
    own_village: Option<usize>,
    now: Timestamp,
    chance: &mut Chance,
) -> Vec<Fate> {
    let scale = scale(calls.len());
    let mut deciding = Deciding {
        own_village,
        rules: Rules::default(),
        decks: Decks::new(chance),
        quotas: (0..villages)
            .map(|village| quota(calls, village, own_village, now, chance))
            .collect(),
        set_apart: SetApart {
            offered: 3 * scale,
            asked: 4 * scale,
            trouble: 4 * scale,
            supervisor: 4 * scale,
            district: 2 * scale,
        },
        chance,
    };
    let mut fates: Vec<Fate> = Vec::with_capacity(calls.len());
    for call in calls.iter_mut().rev() {
        let age_ms = now.0 - call.entered_at.0;
        let mut fate = deciding.decided(call, age_ms);
        fate.look_again = deciding.look_again(&fate, age_ms);
        fates.push(fate);
    }
    fates.reverse();
    leave_some_critical(calls, &mut fates, now, 2 + scale);
    refer_some(calls, &mut fates, 2.max(calls.len() / 400));
    fates
}

fn quota(
    calls: &[Call],
    village: usize,
    own_village: Option<usize>,
    now: Timestamp,
    chance: &mut Chance,
) -> Quota {
    let lately =
        |call: &&Call| call.village == Some(village) && now.0 - call.entered_at.0 < LATELY_MS;
    let late = i64::try_from(calls.iter().filter(lately).count()).unwrap_or(0);
    let (unreviewed, awaiting) = if own_village == Some(village) {
        (chance.between(6, 8), chance.between(3, 4))
    } else {
        let share = |percent: i64| (late * percent / 100).max(1);
        (share(chance.between(32, 46)), share(chance.between(10, 18)))
    };
    Quota {
        unreviewed,
        awaiting,
        calls_left: late,
    }
}

impl Deciding<'_> {
    fn decided(&mut self, call: &mut Call, age_ms: i64) -> Fate {
        let Some(village) = call.village else {
            return self.without_village(call, age_ms);
        };
        let lately = age_ms < LATELY_MS;
        self.quotas[village].calls_left -= i64::from(lately);
        if self.own_village != Some(village)
            && let Some(fate) = self.set_apart(call, age_ms)
        {
            return fate;
        }
        let quota = &self.quotas[village];
        let (unreviewed, awaiting) = (quota.unreviewed > 0, quota.awaiting > 0);
        let must = lately
            && self.own_village == Some(village)
            && quota.calls_left < quota.unreviewed + quota.awaiting;
        let fresh = age_ms < HOUR_MS;
        let still = OPEN_PERCENT.get(usize::try_from(age_ms / DAY_MS).unwrap_or(usize::MAX));
        let stays_open = still.is_some_and(|percent| self.chance.percent(*percent));
        if !(fresh || must || stays_open) {
            return self.settled(call);
        }
        let may_go_on = self.is_in_time(call, age_ms) || self.may_be_under_way(call, age_ms);
        if fresh || unreviewed && (must || may_go_on && self.chance.percent(70)) {
            self.quotas[village].unreviewed -= 1;
            return self.unreviewed(call, age_ms);
        }
        if awaiting && age_ms > 6 * HOUR_MS && (must || self.chance.percent(75)) {
            self.quotas[village].awaiting -= 1;
            return self.awaiting(call, age_ms);
        }
        self.confirmed(call, village, age_ms)
    }

    /// How long it may wait before the supervisor is told.
    fn patience_ms(&self, call: &Call) -> i64 {
        care::patience_ms(Escalation::Supervisor, call.fields.urgency, &self.rules).unwrap_or(0)
    }

    fn is_in_time(&self, call: &Call, age_ms: i64) -> bool {
        age_ms + LEFT_MS < self.patience_ms(call)
    }

    fn may_be_under_way(&self, call: &Call, age_ms: i64) -> bool {
        age_ms < self.patience_ms(call) + ON_THE_WAY_MS
    }

    /// Without a village there is no headman to ask, and soon nobody to look for.
    fn without_village(&mut self, call: &mut Call, age_ms: i64) -> Fate {
        let open = age_ms < 20 * HOUR_MS;
        let mut fate = Fate::new(open, Word::None, call);
        if open && !self.is_in_time(call, age_ms) {
            call.fields.urgency = Urgency::Urgent;
        }
        fate.closed = (!open).then_some(ClosingReason::CannotReach);
        fate
    }

    /// One of the few calls that every office must have, when this may be one.
    fn set_apart(&mut self, call: &mut Call, age_ms: i64) -> Option<Fate> {
        let within = |from: i64, to: i64| (from * HOUR_MS..to * HOUR_MS).contains(&age_ms);
        let soon = (72 * MINUTE_MS..JUST_NOW_MIN * MINUTE_MS).contains(&age_ms);
        let left = &mut self.set_apart;
        if soon && left.offered > 0 {
            left.offered -= 1;
            call.fields.urgency = Urgency::VeryUrgent;
            let mut fate = Fate::new(true, CONFIRMED, call);
            fate.hands[0] = vec![Ending::At(AssignmentState::Offered)];
            return Some(fate);
        }
        if !self.chance.percent(60) {
            return None;
        }
        if within(4, 20) && left.asked > 0 {
            left.asked -= 1;
            call.fields.urgency = call.fields.urgency.min(Urgency::Urgent);
            let mut fate = Fate::new(true, CONFIRMED, call);
            fate.hands[0] = vec![Ending::At(AssignmentState::Offered)];
            return Some(fate);
        }
        if within(8, 45) && left.trouble > 0 {
            left.trouble -= 1;
            call.fields.urgency = Urgency::Normal;
            let word = Word::Said(self.decks.trouble.deal());
            return Some(Fate::new(true, word, call));
        }
        let slipped = if within(25, 60) {
            &mut left.supervisor
        } else if within(73, 98) {
            &mut left.district
        } else {
            return None;
        };
        *slipped = slipped.checked_sub(1)?;
        call.fields.urgency = Urgency::Urgent;
        Some(Fate::new(true, self.decks.told.deal(), call))
    }

    /// The headman has not seen it. It may be under way already: help does not wait for paper.
    fn unreviewed(&mut self, call: &Call, age_ms: i64) -> Fate {
        let mut fate = Fate::new(true, Word::None, call);
        if !self.is_in_time(call, age_ms) && age_ms > LEFT_MS {
            self.hold(&mut fate);
        } else if age_ms > 4 * HOUR_MS && self.chance.percent(55) {
            fate.hands[0] = vec![Ending::At(self.decks.under_way.deal())];
            self.hold_most(&mut fate);
        } else {
            fate.verifying = age_ms > HOUR_MS && self.decks.verifying.deal();
        }
        fate
    }

    /// Help is said to have come, and the headman is to say whether it did.
    fn awaiting(&mut self, call: &Call, age_ms: i64) -> Fate {
        let mut fate = Fate::new(true, CONFIRMED, call);
        // What came in part waits for the rest: only where that may wait, and not since long ago.
        let state = match call.fields.urgency {
            Urgency::Normal if age_ms < 4 * DAY_MS => self.decks.awaiting.deal(),
            _ => AssignmentState::Done,
        };
        fate.hands[0] = vec![Ending::At(state)];
        let may_wait = self.is_in_time(call, age_ms);
        for hands in fate.hands.iter_mut().skip(1) {
            if !may_wait || self.chance.percent(70) {
                *hands = self.decks.finished(self.chance);
            }
        }
        fate
    }

    /// The headman has confirmed it, and help is sought or on its way.
    fn confirmed(&mut self, call: &Call, village: usize, age_ms: i64) -> Fate {
        let mut fate = Fate::new(true, CONFIRMED, call);
        if self.is_in_time(call, age_ms) {
            match self.chance.below(100) {
                0..30 => {}
                30..92 => {
                    let state = Ending::At(self.decks.under_way.deal());
                    fate.hands[0] = self.decks.attempts(state, self.chance);
                    self.hold_most(&mut fate);
                }
                _ => fate.hands[0] = vec![Ending::At(self.decks.left.deal())],
            }
            return fate;
        }
        if self.may_be_under_way(call, age_ms) {
            self.hold(&mut fate);
            return fate;
        }
        if self.own_village == Some(village) || self.chance.percent(20) {
            return self.settled(call);
        }
        self.awaiting(call, age_ms)
    }

    /// Somebody has taken each need that nobody has been asked for.
    fn hold(&mut self, fate: &mut Fate) {
        for hands in fate.hands.iter_mut().filter(|hands| hands.is_empty()) {
            hands.push(Ending::At(self.decks.held.deal()));
        }
    }

    /// The same for most of them.
    fn hold_most(&mut self, fate: &mut Fate) {
        for hands in fate.hands.iter_mut().filter(|hands| hands.is_empty()) {
            if self.chance.percent(60) {
                hands.push(Ending::At(self.decks.held.deal()));
            }
        }
    }

    /// Met and confirmed, or closed with a reason.
    fn settled(&mut self, call: &Call) -> Fate {
        let mut fate = Fate::new(false, CONFIRMED, call);
        if call.repeated && self.chance.percent(60) {
            fate.closed = Some(ClosingReason::Duplicate);
            return fate;
        }
        match self.chance.below(100) {
            0..11 => {
                let reason = self.decks.closing.deal();
                fate.word = match reason {
                    ClosingReason::NotTrue => Word::Said(ReviewState::Rejected),
                    ClosingReason::CannotReach => Word::Said(ReviewState::NotFound),
                    _ => fate.word,
                };
                fate.closed = Some(reason);
                return fate;
            }
            11..15 => fate.word = Word::Mended,
            _ => {}
        }
        for hands in &mut fate.hands {
            *hands = self.decks.finished(self.chance);
        }
        fate
    }

    fn look_again(&mut self, fate: &Fate, age_ms: i64) -> Option<LookAgain> {
        if !fate.open {
            return (age_ms > 5 * DAY_MS && self.chance.percent(8)).then_some(LookAgain::Then);
        }
        (age_ms > 6 * HOUR_MS && self.chance.percent(16)).then(|| self.decks.look_again.deal())
    }
}

/// A desk opened today shows some danger to life that nobody has been sent to: calls of these hours, so
/// that the office does not seem asleep. Whatever else still waits is not quite so urgent.
fn leave_some_critical(calls: &mut [Call], fates: &mut [Fate], now: Timestamp, mut wanted: usize) {
    let is_late = |call: &Call| {
        call.village.is_some() && now.0 - call.entered_at.0 < JUST_NOW_MIN * MINUTE_MS
    };
    let mut chosen = vec![false; calls.len()];
    // Those that sound like it first, then any; at night there are few, and help has not come yet.
    for (sounds_like_it, nobody_yet) in [(true, true), (false, true), (false, false)] {
        for (index, call) in calls.iter().enumerate().rev() {
            let fits = (call.is_grave() || !sounds_like_it)
                && (fates[index].has_nobody() || !nobody_yet)
                && is_late(call);
            if wanted > 0 && fits && !chosen[index] {
                chosen[index] = true;
                wanted -= 1;
            }
        }
    }
    for ((call, fate), chosen) in calls.iter_mut().zip(fates).zip(chosen) {
        if chosen {
            call.fields.urgency = Urgency::Critical;
            fate.hands.iter_mut().for_each(Vec::clear);
        } else if fate.closed.is_none() && fate.has_nobody() {
            call.fields.urgency = call.fields.urgency.min(Urgency::VeryUrgent);
        }
    }
}

/// Two calls of a subdistrict are passed to the next one.
fn refer_some(calls: &[Call], fates: &mut [Fate], wanted: usize) {
    let waiting = fates.iter_mut().zip(calls).rev().filter(|(fate, call)| {
        fate.open
            && fate.word == CONFIRMED
            && fate.has_nobody()
            && call.fields.urgency < Urgency::Critical
    });
    for (fate, _) in waiting.take(wanted) {
        fate.referred = true;
    }
}
