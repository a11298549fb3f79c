//! Turns fates into events: which act happens when. The steps of one story follow each other at the
//! pace of an office, drawn together where there was too little time until now. It must not know who
//! acts.

use std::collections::BTreeSet;

use jiff::{ToSpan, civil::Date};
use jitasa_domain::{
    AssignmentState, ClosingReason, Escalation, ReviewState, Timestamp, Urgency, care,
    lifecycle::AssignmentMove, rules::Rules,
};

use super::{
    calls::{Call, DAY_MS, HOUR_MS, MINUTE_MS},
    chance::Chance,
    fate::{Ending, Fate, LookAgain, Word},
};

/// One act.
#[derive(Debug, Clone)]
pub(super) enum Step {
    Create,
    Verify,
    Review(ReviewState),
    Mend,
    Close(ClosingReason),
    Refer,
    FollowUp(Date),
    Propose {
        need: usize,
        offered: bool,
    },
    Move {
        need: usize,
        step: AssignmentMove,
    },
    Judge {
        need: usize,
        verdict: ReviewState,
    },
    SavePoint,
    HearFrom,
    /// What comes round every hour: the clock, and the clerk's looking again.
    Hour,
    /// The supervisor takes note of what he was told, all but the latest.
    TakeNote,
}

/// One act at its time.
#[derive(Debug, Clone)]
pub(super) struct Event {
    pub(super) at: Timestamp,
    /// The call it is about, or the service point, or the volunteer.
    pub(super) subject: usize,
    pub(super) step: Step,
}

/// The steps of one story, each so long after the one before it.
type Chain = Vec<(i64, Step)>;

/// Everything that happened, in order of time.
pub(super) fn events(
    calls: &[Call],
    fates: &[Fate],
    now: Timestamp,
    chance: &mut Chance,
) -> Vec<Event> {
    let mut events = Vec::with_capacity(calls.len() * 8);
    let rules = Rules::default();
    for (subject, (call, fate)) in calls.iter().zip(fates).enumerate() {
        events.push(Event {
            at: call.entered_at,
            subject,
            step: Step::Create,
        });
        let mut lay = |chain: Chain, late_ms| lay(&mut events, subject, call, now, chain, late_ms);
        lay(words(fate, chance), 0);
        if fate.referred {
            lay(vec![(chance.between(1, 5) * HOUR_MS, Step::Refer)], 0);
        }
        for (need, endings) in fate.hands.iter().enumerate() {
            let mut chain = Chain::new();
            for ending in endings {
                attempt(&mut chain, need, *ending, chance);
            }
            let late_ms = if fate.open {
                late_ms(&chain, call, now, endings.last(), &rules, chance)
            } else {
                0
            };
            lay(chain, late_ms);
        }
        if let Some(look_again) = fate.look_again {
            lay(looking_again(look_again, call, now, chance), 0);
        }
    }
    ask_just_now(&mut events, calls, fates, now, chance);
    events.sort_by_key(|event| event.at);
    events
}

/// How much later than it might have a story began that is not over yet: what was done last was done
/// lately. Not so late that the supervisor would have been told of it meanwhile.
fn late_ms(
    chain: &Chain,
    call: &Call,
    now: Timestamp,
    last: Option<&Ending>,
    rules: &Rules,
    chance: &mut Chance,
) -> i64 {
    let (least, most) = match last {
        // These are put where they belong afterwards.
        Some(Ending::At(AssignmentState::Offered)) => return 0,
        Some(Ending::At(AssignmentState::Done | AssignmentState::PartlyDone)) => (60, 26 * 60),
        Some(_) => (5, 200),
        None => return 0,
    };
    let ended = now.0 - chance.between(least, most) * MINUTE_MS;
    let patience =
        care::patience_ms(Escalation::Supervisor, call.fields.urgency, rules).unwrap_or(0);
    (ended - call.entered_at.0 - natural_ms(chain, call)).clamp(0, patience * 2 / 3)
}

/// Whoever is still being asked was asked lately: an older offer would have run out. Those who are asked
/// for what is very urgent have not much time left.
fn ask_just_now(
    events: &mut [Event],
    calls: &[Call],
    fates: &[Fate],
    now: Timestamp,
    chance: &mut Chance,
) {
    let is_asked = |(subject, need)| -> bool {
        let fate: &Fate = &fates[subject];
        let last = fate
            .hands
            .get::<usize>(need)
            .and_then(|endings| endings.last());
        matches!(last, Some(Ending::At(AssignmentState::Offered)))
    };
    let mut moved = BTreeSet::new();
    for event in events.iter_mut().rev() {
        let Step::Propose {
            need,
            offered: true,
        } = event.step
        else {
            continue;
        };
        if is_asked((event.subject, need)) && moved.insert((event.subject, need)) {
            let call = &calls[event.subject];
            let (least, most) = match call.fields.urgency {
                Urgency::Critical => (3, 20),
                Urgency::VeryUrgent => (70, 105),
                Urgency::Urgent | Urgency::Normal => (3, 240),
            };
            let asked = now.plus_ms(-chance.between(least, most) * MINUTE_MS);
            // Whoever was asked in vain was asked before him.
            let earliest = match fates[event.subject].hands[need].len() {
                1 => call.entered_at.plus_ms(MINUTE_MS),
                _ => event.at,
            };
            event.at = asked.max(earliest);
        }
    }
}

/// The headman's word and the clerk's closing.
fn words(fate: &Fate, chance: &mut Chance) -> Chain {
    let mut chain = Chain::new();
    if fate.verifying {
        chain.push((chance.between(20, 240) * MINUTE_MS, Step::Verify));
    }
    let first = chance.between(1, 20) * HOUR_MS;
    match fate.word {
        Word::None => {}
        Word::Said(verdict) => chain.push((first, Step::Review(verdict))),
        Word::Mended => {
            chain.push((first, Step::Review(ReviewState::Returned)));
            chain.push((chance.between(1, 20) * HOUR_MS, Step::Mend));
            chain.push((
                chance.between(2, 20) * HOUR_MS,
                Step::Review(ReviewState::Confirmed),
            ));
        }
    }
    if let Some(reason) = fate.closed {
        chain.push((chance.between(4, 40) * HOUR_MS, Step::Close(reason)));
    }
    chain
}

/// One volunteer asked, to whatever end.
fn attempt(chain: &mut Chain, need: usize, ending: Ending, chance: &mut Chance) {
    use AssignmentMove as M;
    use AssignmentState as S;
    let minutes = |chance: &mut Chance, low, high| chance.between(low, high) * MINUTE_MS;
    let end = match ending {
        Ending::At(state) => state,
        Ending::PartlyConfirmed => S::PartlyDone,
    };
    let offered = end == S::Offered || end != S::Proposed && chance.percent(60);
    chain.push((minutes(chance, 15, 300), Step::Propose { need, offered }));
    if end == S::Proposed {
        return;
    }
    let mut take = |step, chance: &mut Chance, low, high| {
        chain.push((minutes(chance, low, high), Step::Move { need, step }));
    };
    if !offered {
        take(M::Offer, chance, 3, 40);
    }
    match end {
        S::Offered => return,
        S::Declined => return take(M::Decline, chance, 10, 150),
        S::Expired => return take(M::Expire, chance, 360, 720),
        _ => {}
    }
    let before_yes = matches!(end, S::Revoked | S::Reassigned) && chance.percent(40);
    if !before_yes {
        take(M::Accept, chance, 3, 80);
    }
    match end {
        S::Accepted => return,
        S::Revoked => return take(M::Revoke, chance, 20, 200),
        S::Reassigned => return take(M::Reassign, chance, 20, 200),
        _ => {}
    }
    // Not everybody calls the office on the way.
    let tells = matches!(end, S::EnRoute | S::OnSite) || chance.percent(55);
    if tells {
        take(M::Depart, chance, 10, 90);
    }
    if end == S::EnRoute {
        return;
    }
    if tells && (end == S::OnSite || chance.percent(60)) {
        take(M::Arrive, chance, 8, 45);
    }
    match end {
        S::OnSite => return,
        S::Failed => return take(M::Fail, chance, 10, 60),
        S::PartlyDone => take(M::FinishPartly, chance, 15, 150),
        _ => take(M::Finish, chance, 15, 150),
    }
    let verdict = match (ending, end) {
        (Ending::PartlyConfirmed, _) | (_, S::Confirmed) => ReviewState::Confirmed,
        (_, S::Returned) => ReviewState::Returned,
        _ => return,
    };
    chain.push((
        chance.between(2, 30) * HOUR_MS,
        Step::Judge { need, verdict },
    ));
}

fn looking_again(look_again: LookAgain, call: &Call, now: Timestamp, chance: &mut Chance) -> Chain {
    let (from, days) = match look_again {
        LookAgain::Then => (call.entered_at.date(), chance.between(2, 4)),
        LookAgain::Today => (now.date(), 0),
        LookAgain::Later => (now.date(), chance.between(1, 6)),
    };
    let due_on = from.saturating_add(days.days());
    vec![(chance.between(1, 6) * HOUR_MS, Step::FollowUp(due_on))]
}

/// So many hundredths of what a step takes where nothing presses.
const fn pace(call: &Call) -> i64 {
    match call.fields.urgency {
        Urgency::Normal => 120,
        Urgency::Urgent => 80,
        Urgency::VeryUrgent => 45,
        Urgency::Critical => 20,
    }
}

/// How long a story takes when there is time for it.
fn natural_ms(chain: &Chain, call: &Call) -> i64 {
    let pace = pace(call);
    chain.iter().map(|(delay, _)| delay * pace / 100).sum()
}

/// Puts a story's steps on the clock: quicker for what presses, by day where that fits, and all of
/// them before now. `late_ms` is how long it waited before it began.
fn lay(
    events: &mut Vec<Event>,
    subject: usize,
    call: &Call,
    now: Timestamp,
    chain: Chain,
    late_ms: i64,
) {
    let pace = pace(call);
    let whole = late_ms + natural_ms(&chain, call);
    // A little is left over, so that nothing happens in the moment the desk opens.
    let room = (now.0 - call.entered_at.0) * 19 / 20;
    let mut natural = late_ms;
    let mut last = call.entered_at.0;
    for (delay, step) in chain {
        natural += delay * pace / 100;
        // In seconds, so that the product of two spans of weeks cannot overflow.
        let drawn = if whole > room {
            natural / 1_000 * room / (whole / 1_000)
        } else {
            natural
        };
        let plain = (call.entered_at.0 + drawn).max(last + 1);
        // What waited for the morning does not happen all at once then.
        let gap = delay * pace / 800;
        let by_day = waking(plain).max(last + 1 + gap);
        // Shifted to the morning only where the rest of the story still fits behind it.
        let rest = whole.min(room) - drawn;
        last = if by_day + rest < now.0 { by_day } else { plain };
        events.push(Event {
            at: Timestamp(last.min(now.0)),
            subject,
            step,
        });
    }
}

/// The same moment, or one in the morning after a moment of the night: between seven and about ten,
/// in the order of the night.
fn waking(at: i64) -> i64 {
    let (dawn, dusk) = (7 * HOUR_MS, 43 * HOUR_MS / 2);
    let night = DAY_MS - dusk + dawn;
    let into_night = (at + 7 * HOUR_MS - dusk).rem_euclid(DAY_MS);
    if into_night < night {
        at + night - into_night + into_night / 3
    } else {
        at
    }
}
