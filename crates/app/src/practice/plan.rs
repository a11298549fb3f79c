//! Turns fates into events: which act happens when. The steps of one story follow each other at the
//! pace of an office, drawn together where there was too little time until now. It must not know who
//! acts.

use std::collections::BTreeSet;

use jiff::{ToSpan, civil::Date};
use jitasa_domain::{
    AssignmentState, ClosingReason, ReviewState, Timestamp, Urgency, lifecycle::AssignmentMove,
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
    FinishFollowUp,
    Propose { need: usize, offered: bool },
    Move { need: usize, step: AssignmentMove },
    Judge { need: usize, verdict: ReviewState },
    SavePoint,
    HearFrom,
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
    for (subject, (call, fate)) in calls.iter().zip(fates).enumerate() {
        events.push(Event {
            at: call.entered_at,
            subject,
            step: Step::Create,
        });
        let mut lay = |chain: Chain| lay(&mut events, subject, call, now, chain);
        lay(words(fate, chance));
        if fate.referred {
            lay(vec![(chance.between(1, 5) * HOUR_MS, Step::Refer)]);
        }
        for (need, endings) in fate.hands.iter().enumerate() {
            let mut chain = Chain::new();
            for ending in endings {
                attempt(&mut chain, need, *ending, chance);
            }
            lay(chain);
        }
        if let Some(look_again) = fate.look_again {
            lay(looking_again(look_again, call, now, chance));
        }
    }
    ask_just_now(&mut events, calls, fates, now, chance);
    events.sort_by_key(|event| event.at);
    events
}

/// Whoever is still being asked was asked within the last half hour: an older offer would have run out.
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
        let (Step::Propose {
            need,
            offered: true,
        }
        | Step::Move {
            need,
            step: AssignmentMove::Offer,
        }) = event.step
        else {
            continue;
        };
        if is_asked((event.subject, need)) && moved.insert((event.subject, need)) {
            let asked = now.plus_ms(-chance.between(3, 25) * MINUTE_MS);
            event.at = asked.max(calls[event.subject].entered_at.plus_ms(MINUTE_MS));
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
    let offered = end != S::Proposed && chance.percent(60);
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
    let today = now.date();
    let days_ago = |days: i64| today.saturating_sub(days.days());
    let age_days = (now.0 - call.entered_at.0) / DAY_MS;
    let due_on = match look_again {
        LookAgain::Overdue => days_ago(chance.between(1, (age_days - 1).clamp(1, 4))),
        LookAgain::Today => today,
        LookAgain::Later => days_ago(-chance.between(1, 6)),
        LookAgain::Done => days_ago(age_days - 3),
    };
    let mut chain = vec![(chance.between(1, 6) * HOUR_MS, Step::FollowUp(due_on))];
    if look_again == LookAgain::Done {
        chain.push((chance.between(50, 80) * HOUR_MS, Step::FinishFollowUp));
    }
    chain
}

/// Puts a story's steps on the clock: quicker for what presses, by day where that fits, and all of
/// them before now.
fn lay(events: &mut Vec<Event>, subject: usize, call: &Call, now: Timestamp, chain: Chain) {
    let pace = match call.fields.urgency {
        Urgency::Normal => 120,
        Urgency::Urgent => 80,
        Urgency::VeryUrgent => 45,
        Urgency::Critical => 20,
    };
    let whole: i64 = chain.iter().map(|(delay, _)| delay * pace / 100).sum();
    // A little is left over, so that nothing happens in the moment the desk opens.
    let room = (now.0 - call.entered_at.0) * 19 / 20;
    let mut natural = 0;
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
