//! What becomes of each made-up call, decided beforehand: who is never looked at, whom the headman
//! sends back, whose help is under way today. Decks rather than dice where every state must be met,
//! and quotas for each village so that its headman has an inbox one can work through. It must not
//! know how a fate is brought about.

use jitasa_domain::{AssignmentState, ClosingReason, ReviewState, Timestamp, Urgency};

use super::{
    calls::{Call, DAY_MS, HOUR_MS},
    chance::{Chance, Deck},
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

/// When somebody is to look again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LookAgain {
    Overdue,
    Today,
    Later,
    Done,
}

/// What becomes of a call.
#[derive(Debug, Clone)]
pub(super) struct Fate {
    pub(super) word: Word,
    /// For each need, the states in which its assignments end, one after another.
    pub(super) hands: Vec<Vec<Ending>>,
    /// Closed by the clerk, without anybody being sent.
    pub(super) closed: Option<ClosingReason>,
    pub(super) verifying: bool,
    pub(super) referred: bool,
    pub(super) look_again: Option<LookAgain>,
}

/// How one assignment ends, or how far it has come by now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    At(AssignmentState),
    /// Part of the help came, and the headman says so.
    PartlyConfirmed,
}

/// Decks that last over all calls.
struct Decks {
    under_way: Deck<AssignmentState>,
    awaiting: Deck<AssignmentState>,
    finished: Deck<Finish>,
    in_vain: Deck<AssignmentState>,
    left: Deck<AssignmentState>,
    trouble: Deck<Word>,
    closing: Deck<ClosingReason>,
    look_again: Deck<LookAgain>,
}

#[derive(Debug, Clone, Copy)]
enum Finish {
    Confirmed,
    PartlyConfirmed,
    Returned,
    ReturnedThenConfirmed,
    Left,
}

impl Decks {
    fn new(chance: &mut Chance) -> Self {
        use AssignmentState as A;
        use ClosingReason as C;
        let finished = [
            [Finish::Confirmed; 26].as_slice(),
            &[
                Finish::PartlyConfirmed,
                Finish::PartlyConfirmed,
                Finish::Returned,
                Finish::ReturnedThenConfirmed,
                Finish::Left,
                Finish::Left,
            ],
        ]
        .concat();
        Self {
            under_way: Deck::new(
                chance,
                &[
                    A::Offered,
                    A::Proposed,
                    A::Accepted,
                    A::EnRoute,
                    A::Offered,
                    A::OnSite,
                ],
            ),
            awaiting: Deck::new(chance, &[A::Done, A::Done, A::PartlyDone]),
            finished: Deck::new(chance, &finished),
            in_vain: Deck::new(
                chance,
                &[
                    A::Declined,
                    A::Declined,
                    A::Expired,
                    A::Failed,
                    A::Revoked,
                    A::Reassigned,
                ],
            ),
            left: Deck::new(chance, &[A::Declined, A::Expired, A::Failed, A::Revoked]),
            trouble: Deck::new(
                chance,
                &[
                    Word::Said(ReviewState::Returned),
                    Word::Said(ReviewState::NotFound),
                    Word::Said(ReviewState::Rejected),
                    Word::Mended,
                ],
            ),
            closing: Deck::new(
                chance,
                &[
                    C::NoLongerWanted,
                    C::MetByOthers,
                    C::CannotReach,
                    C::OutOfScope,
                    C::Duplicate,
                    C::ReferredOut,
                    C::Died,
                    C::PartlyMet,
                    C::Met,
                    C::NotTrue,
                    C::MetByOthers,
                    C::NoLongerWanted,
                ],
            ),
            look_again: Deck::new(
                chance,
                &[
                    LookAgain::Overdue,
                    LookAgain::Today,
                    LookAgain::Later,
                    LookAgain::Overdue,
                ],
            ),
        }
    }
}

/// What one village's headman still has before him.
struct Quota {
    unreviewed: i64,
    awaiting: i64,
    /// Calls of the village not decided yet.
    calls_left: i64,
}

/// Decides, latest call first; may make a few of the latest calls critical.
pub(super) fn decide(
    calls: &mut [Call],
    villages: usize,
    now: Timestamp,
    chance: &mut Chance,
) -> Vec<Fate> {
    let mut decks = Decks::new(chance);
    let mut quotas: Vec<Quota> = (0..villages)
        .map(|village| Quota {
            unreviewed: chance.between(6, 8),
            awaiting: chance.between(3, 4),
            calls_left: i64::try_from(
                calls
                    .iter()
                    .filter(|call| call.village == Some(village))
                    .count(),
            )
            .unwrap_or(0),
        })
        .collect();
    let mut fates: Vec<Fate> = Vec::with_capacity(calls.len());
    for call in calls.iter().rev() {
        let age_ms = now.0 - call.entered_at.0;
        let quota = call.village.map(|village| &mut quotas[village]);
        let mut fate = decided(call, age_ms, quota, &mut decks, chance);
        fate.look_again = look_again(&fate, age_ms, &mut decks, chance);
        fates.push(fate);
    }
    fates.reverse();
    leave_some_critical(calls, &fates, chance);
    refer_some(calls, &mut fates);
    fates
}

fn decided(
    call: &Call,
    age_ms: i64,
    quota: Option<&mut Quota>,
    decks: &mut Decks,
    chance: &mut Chance,
) -> Fate {
    let mut fate = Fate {
        word: Word::None,
        hands: vec![Vec::new(); call.needs.len()],
        closed: None,
        verifying: false,
        referred: false,
        look_again: None,
    };
    let Some(quota) = quota else {
        // Without a village there is no headman to ask.
        if age_ms > 5 * DAY_MS {
            fate.closed = Some(ClosingReason::CannotReach);
        }
        return fate;
    };
    quota.calls_left -= 1;
    let fresh = age_ms < HOUR_MS;
    let must = quota.calls_left < quota.unreviewed + quota.awaiting;
    if fresh || quota.unreviewed > 0 && (must || chance.percent(62)) {
        quota.unreviewed -= 1;
        // What the headman has not seen may be under way already: help does not wait for paper.
        if !fresh && chance.percent(38) {
            fate.hands[0] = vec![Ending::At(decks.under_way.deal())];
            send_to_all(&mut fate, call, decks);
        } else {
            fate.verifying = !fresh && chance.percent(25);
        }
        return fate;
    }
    fate.word = Word::Said(ReviewState::Confirmed);
    if age_ms > 6 * HOUR_MS && quota.awaiting > 0 {
        quota.awaiting -= 1;
        fate.hands[0] = vec![Ending::At(decks.awaiting.deal())];
        return fate;
    }
    if call.repeated && chance.percent(60) {
        fate.closed = Some(ClosingReason::Duplicate);
        return fate;
    }
    let (no_hands, under_way) = match age_ms / DAY_MS {
        0 => (40, 60),
        1..=3 => (14, 30),
        _ => (5, 3),
    };
    let drawn = chance.below(100);
    if drawn < no_hands {
        return fate;
    }
    if drawn < no_hands + under_way {
        fate.hands[0] = attempts(Ending::At(decks.under_way.deal()), decks, chance);
        send_to_all(&mut fate, call, decks);
        return fate;
    }
    match chance.below(100) {
        0..9 => {
            let reason = decks.closing.deal();
            fate.word = match reason {
                ClosingReason::NotTrue => Word::Said(ReviewState::Rejected),
                ClosingReason::CannotReach => Word::Said(ReviewState::NotFound),
                _ => fate.word,
            };
            fate.closed = Some(reason);
        }
        9..14 => fate.word = decks.trouble.deal(),
        _ => {
            for hands in &mut fate.hands {
                *hands = finished(decks, chance);
            }
        }
    }
    fate
}

/// Where there is danger to life, somebody is asked for every need at once.
fn send_to_all(fate: &mut Fate, call: &Call, decks: &mut Decks) {
    if call.fields.urgency == Urgency::Critical {
        for hands in fate.hands.iter_mut().skip(1) {
            hands.push(Ending::At(decks.under_way.deal()));
        }
    }
}

/// The assignments of a need whose story is over, or nearly.
fn finished(decks: &mut Decks, chance: &mut Chance) -> Vec<Ending> {
    let confirmed = Ending::At(AssignmentState::Confirmed);
    let returned = Ending::At(AssignmentState::Returned);
    match decks.finished.deal() {
        Finish::Confirmed => attempts(confirmed, decks, chance),
        Finish::PartlyConfirmed => attempts(Ending::PartlyConfirmed, decks, chance),
        Finish::Returned => vec![returned],
        Finish::ReturnedThenConfirmed => vec![returned, confirmed],
        Finish::Left => vec![Ending::At(decks.left.deal())],
    }
}

/// Sometimes somebody was asked in vain before.
fn attempts(last: Ending, decks: &mut Decks, chance: &mut Chance) -> Vec<Ending> {
    if chance.percent(14) {
        vec![Ending::At(decks.in_vain.deal()), last]
    } else {
        vec![last]
    }
}

fn look_again(
    fate: &Fate,
    age_ms: i64,
    decks: &mut Decks,
    chance: &mut Chance,
) -> Option<LookAgain> {
    let over =
        |endings: &Vec<Ending>| endings.last() == Some(&Ending::At(AssignmentState::Confirmed));
    let closed = fate.closed.is_some() || fate.hands.iter().all(over);
    if closed {
        return (age_ms > 5 * DAY_MS && chance.percent(8)).then_some(LookAgain::Done);
    }
    (age_ms > 3 * DAY_MS && chance.percent(20)).then(|| decks.look_again.deal())
}

/// A desk opened today shows some danger to life that nobody has been sent to, and not so much of it
/// that the office would seem asleep.
fn leave_some_critical(calls: &mut [Call], fates: &[Fate], chance: &mut Chance) {
    let mut wanted = 4 + calls.len() / 400;
    for (call, fate) in calls.iter_mut().zip(fates).rev() {
        if fate.closed.is_some() || !fate.hands.iter().all(Vec::is_empty) {
            continue;
        }
        if wanted > 0 && call.is_grave() && chance.percent(70) {
            call.fields.urgency = Urgency::Critical;
            wanted -= 1;
        } else {
            call.fields.urgency = call.fields.urgency.min(Urgency::VeryUrgent);
        }
    }
}

/// Two calls of a subdistrict are passed to the next one.
fn refer_some(calls: &[Call], fates: &mut [Fate]) {
    let wanted = 2.max(calls.len() / 400);
    let waiting = fates.iter_mut().zip(calls).rev().filter(|(fate, call)| {
        fate.word == Word::Said(ReviewState::Confirmed)
            && fate.closed.is_none()
            && fate.hands.iter().all(Vec::is_empty)
            && call.fields.urgency < Urgency::Critical
    });
    for (fate, _) in waiting.take(wanted) {
        fate.referred = true;
    }
}
