//! That nothing goes quiet: how long a word stays fresh, when somebody must look again, when a case that
//! waits is taken further. Rules over moments; it asks no clock and knows no table.

use jiff::{ToSpan, civil::Date};

use crate::{
    Timestamp,
    code::codes,
    lifecycle::{self, NeedMove, UnlawfulMove},
    records::{Case, ClosingReason, Escalation, Need, NeedState, Urgency},
    rules::Rules,
};

codes! {
    /// How old the last word of something is.
    Freshness { Fresh = "fresh", Fading = "fading", Stale = "stale" }
}
codes! {
    /// What is heard of, and rung when it is not.
    Heard { Case = "case", Volunteer = "volunteer", ServicePoint = "service_point" }
}
codes! {
    /// Why a case is taken further.
    EscalationReason {
        HelpNotCome = "help_not_come", Unverified = "unverified", NoHands = "no_hands",
        FollowUpOverdue = "follow_up_overdue",
    }
}

impl EscalationReason {
    /// The one place that says which reason weighs more: somebody who has been let down, somebody for whom
    /// nobody goes, a date that nobody kept. A weightier one is told anew.
    #[must_use]
    pub const fn weight(self) -> u8 {
        match self {
            Self::HelpNotCome => 3,
            Self::Unverified | Self::NoHands => 2,
            Self::FollowUpOverdue => 1,
        }
    }
}

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;

/// Milliseconds after which a word fades, and after which it is stale. Stale is never before fading,
/// whatever an office has set.
#[must_use]
pub fn fresh_for_ms(kind: Heard, rules: &Rules) -> (i64, i64) {
    let (fading, stale, unit) = match kind {
        Heard::Case => ("freshness.case_fading", "freshness.case_stale", HOUR_MS),
        Heard::Volunteer => (
            "freshness.volunteer_fading",
            "freshness.volunteer_stale",
            DAY_MS,
        ),
        Heard::ServicePoint => ("freshness.point_fading", "freshness.point_stale", HOUR_MS),
    };
    let fading = rules.whole(fading) * unit;
    (fading, (rules.whole(stale) * unit).max(fading))
}

/// How old a word is.
#[must_use]
pub fn freshness(kind: Heard, last_heard: Timestamp, now: Timestamp, rules: &Rules) -> Freshness {
    let (fading, stale) = fresh_for_ms(kind, rules);
    let age = now.0.saturating_sub(last_heard.0);
    if age >= stale {
        Freshness::Stale
    } else if age >= fading {
        Freshness::Fading
    } else {
        Freshness::Fresh
    }
}

/// When a case was last heard of: reported, or confirmed since.
#[must_use]
pub fn last_heard(case: &Case) -> Timestamp {
    case.confirmed_at
        .map_or(case.reported_at, |at| at.max(case.reported_at))
}

/// The day on which somebody must look again: the earlier of what the kind of need says and what the
/// urgency says. Never the same day.
#[must_use]
pub fn follow_up_on(from: Date, kind_days: Option<u32>, urgency: Urgency, rules: &Rules) -> Date {
    let by_urgency = rules.by_urgency("care.follow_up", urgency);
    let days = kind_days.map_or(by_urgency, |days| i64::from(days).min(by_urgency));
    days_after(from, days.max(1))
}

/// A number of days later; the last day there is when the calendar ends.
#[must_use]
pub fn days_after(from: Date, days: i64) -> Date {
    from.checked_add(days.days()).unwrap_or(Date::MAX)
}

/// Milliseconds a need may wait for hands before it is taken this far. The district is never told
/// before the supervisor, and what is more urgent never waits longer, whatever an office has set.
#[must_use]
pub fn patience_ms(level: Escalation, urgency: Urgency, rules: &Rules) -> Option<i64> {
    let least = |prefix: &str| {
        Urgency::ALL
            .iter()
            .filter(|each| **each <= urgency)
            .map(|each| rules.by_urgency(prefix, *each))
            .min()
            .unwrap_or(0)
            * MINUTE_MS
    };
    let supervisor = least("care.supervisor");
    match level {
        Escalation::None => None,
        Escalation::Supervisor => Some(supervisor),
        Escalation::District => Some(least("care.district").max(supervisor)),
    }
}

/// What is looked at to know whether a case has waited too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Quiet {
    /// Since when its longest waiting need has been without hands.
    pub waiting_since: Option<Timestamp>,
    /// Every need that waits has still to be verified.
    pub unverified: bool,
    /// The earliest date on which somebody was to look again and has not.
    pub follow_up_due: Option<Date>,
    /// When the person in need said that help which is said to have come did not, and nobody has been
    /// sent since.
    pub not_come_at: Option<Timestamp>,
    /// What it was taken further for and somebody there has taken note of.
    pub noted: Option<EscalationReason>,
}

/// Where a case is to be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// To whom.
    pub to: Escalation,
    /// Why.
    pub reason: EscalationReason,
    /// The moment it fell due, which is the same on every desk.
    pub at: Timestamp,
}

/// How far a case should have been taken by now; `None` while it is within its time.
///
/// Every reason takes it to the supervisor and, after the district's own patience, to the district: a need
/// without hands whatever the supervisor has said, the others unless he has taken note of this or of something
/// weightier. It stands as far as any reason takes it, for the weightiest that is due; the moment is the last
/// one that changed either, so that desks which look at different times write the same.
#[must_use]
pub fn due(quiet: &Quiet, urgency: Urgency, now: Timestamp, rules: &Rules) -> Option<Due> {
    let mut steps = steps(quiet, urgency, rules);
    steps.retain(|step| step.at <= now);
    // Of two at one moment the weightier first, so that it is the one that is told.
    steps.sort_by_key(|step| (step.at, std::cmp::Reverse(step.reason.weight()), step.to));
    steps.into_iter().reduce(|stands, step| {
        let told = Due {
            to: stands.to.max(step.to),
            reason: weightier(stands.reason, step.reason),
            at: step.at,
        };
        if (told.to, told.reason) == (stands.to, stands.reason) {
            stands
        } else {
            told
        }
    })
}

/// Where each reason takes a case, and when.
fn steps(quiet: &Quiet, urgency: Urgency, rules: &Rules) -> Vec<Due> {
    let patience = |to| patience_ms(to, urgency, rules).unwrap_or(0);
    let waiting = if quiet.unverified {
        EscalationReason::Unverified
    } else {
        EscalationReason::NoHands
    };
    let overdue = quiet.follow_up_due.map(|due| overdue_at(due, rules));
    let reasons = [
        // A need's patience runs from when it was free; what was missed or broken is told at once.
        (
            waiting,
            quiet.waiting_since,
            patience(Escalation::Supervisor),
        ),
        (EscalationReason::HelpNotCome, quiet.not_come_at, 0),
        (EscalationReason::FollowUpOverdue, overdue, 0),
    ];
    let mut steps = Vec::new();
    for (reason, since, to_supervisor) in reasons {
        let Some(since) = since else { continue };
        let mut step = |to, after| {
            steps.push(Due {
                to,
                reason,
                at: since.plus_ms(after),
            });
        };
        step(Escalation::Supervisor, to_supervisor);
        let noted = quiet
            .noted
            .is_some_and(|noted| noted.weight() >= reason.weight());
        if reason == waiting || !noted {
            step(Escalation::District, patience(Escalation::District));
        }
    }
    steps
}

fn weightier(stands: EscalationReason, other: EscalationReason) -> EscalationReason {
    if other.weight() > stands.weight() {
        other
    } else {
        stands
    }
}

/// Whether a case that stands here for this reason is to be told (anew): it goes farther, or for something
/// that weighs more than what is known there. Answers where it then stands.
#[must_use]
pub fn told_anew(stands: Escalation, reason: Option<EscalationReason>, due: Due) -> Option<Due> {
    // What was taken further before reasons were kept had no hands.
    let known = reason.unwrap_or(EscalationReason::NoHands).weight();
    let weighs_more = stands == Escalation::None || due.reason.weight() > known;
    (due.to > stands || weighs_more).then_some(Due {
        to: due.to.max(stands),
        ..due
    })
}

/// Whether somebody of an office may take note of what was taken this far: what came to the district is the
/// district's, which has a code of four digits.
#[must_use]
pub fn may_take_note(office_code: &str, escalation: Escalation) -> bool {
    escalation != Escalation::District || office_code.len() == 4
}

/// The moment at which a follow-up that nobody has done is the supervisor's to know of.
#[must_use]
pub fn overdue_at(due_on: Date, rules: &Rules) -> Timestamp {
    let day = days_after(due_on, rules.whole("care.overdue_to_supervisor"));
    Timestamp::from_bangkok(day.at(0, 0, 0, 0))
}

/// The latest due date that has become the supervisor's to know of by a day.
#[must_use]
pub fn overdue_by(today: Date, rules: &Rules) -> Date {
    today
        .checked_sub(rules.whole("care.overdue_to_supervisor").days())
        .unwrap_or(Date::MIN)
}

/// Whether what a case was taken further for still stands. When it does not the case is let down again;
/// that it was taken, and when, stays in its history.
#[must_use]
pub fn still_stands(reason: Option<&str>, quiet: &Quiet, today: Date) -> bool {
    match reason.and_then(EscalationReason::from_code) {
        Some(EscalationReason::FollowUpOverdue) => {
            quiet.follow_up_due.is_some_and(|due| due < today)
        }
        Some(EscalationReason::HelpNotCome) => quiet.not_come_at.is_some(),
        Some(EscalationReason::Unverified | EscalationReason::NoHands) | None => {
            quiet.waiting_since.is_some()
        }
    }
}

impl Need {
    /// The need after a step, with the moments that belong to it.
    ///
    /// # Errors
    /// When the lifecycle does not allow the step.
    pub fn stepped(
        self,
        step: NeedMove,
        now: Timestamp,
        closing: Option<(ClosingReason, Option<String>)>,
    ) -> Result<Self, UnlawfulMove> {
        let state = lifecycle::need_after(self.state, step)?;
        let began_to_wait = state.wants_hands() && !self.state.wants_hands();
        let closing = closing.filter(|_| state == NeedState::Closed);
        Ok(Self {
            state,
            state_since: now,
            waiting_since: if began_to_wait {
                Some(now)
            } else {
                self.waiting_since
            },
            closing_reason: closing.as_ref().map(|(reason, _)| *reason),
            closing_note: closing.and_then(|(_, note)| note),
            ..self
        })
    }
}

/// Since when the longest waiting of a case's needs has been without hands, and whether all that wait
/// have still to be verified.
#[must_use]
pub fn waiting<'a>(
    reported_at: Timestamp,
    needs: impl IntoIterator<Item = &'a Need>,
) -> (Option<Timestamp>, bool) {
    let mut since: Option<Timestamp> = None;
    let mut unverified = true;
    for need in needs {
        if need.void_reason.is_none() && need.state.wants_hands() {
            let own = need.waiting_since.unwrap_or(reported_at);
            since = Some(since.map_or(own, |since| since.min(own)));
            unverified &= matches!(need.state, NeedState::Reported | NeedState::Verifying);
        }
    }
    (since, since.is_some() && unverified)
}

/// How pressing a call is: stale before fading, urgent before the rest, longest unheard first. Smaller
/// is rung first.
#[must_use]
pub fn call_order(
    freshness: Freshness,
    urgency: Option<Urgency>,
    last_heard: Timestamp,
) -> (u8, u8, Timestamp) {
    let stale = match freshness {
        Freshness::Stale => 0,
        Freshness::Fading => 1,
        Freshness::Fresh => 2,
    };
    // A place that people are sent to comes with the urgent, a volunteer's word with the ordinary.
    let urgency = urgency.unwrap_or(Urgency::Normal);
    (Urgency::Critical as u8 - urgency as u8, stale, last_heard)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    const HOUR: i64 = HOUR_MS;

    #[test]
    fn a_word_fades_and_then_is_stale() {
        let rules = Rules::default();
        let heard = Timestamp(1_790_000_000_000);
        let after = |hours: i64| freshness(Heard::Case, heard, heard.plus_ms(hours * HOUR), &rules);
        assert_eq!(after(23), Freshness::Fresh);
        assert_eq!(after(24), Freshness::Fading);
        assert_eq!(after(71), Freshness::Fading);
        assert_eq!(after(72), Freshness::Stale);
        assert_eq!(after(-5), Freshness::Fresh);
    }

    #[test]
    fn an_office_that_sets_stale_before_fading_gets_stale_at_once() {
        let rules = Rules::new([
            ("freshness.case_fading".to_string(), "48".to_string()),
            ("freshness.case_stale".to_string(), "2".to_string()),
        ]);
        assert_eq!(fresh_for_ms(Heard::Case, &rules), (48 * HOUR, 48 * HOUR));
    }

    #[test]
    fn the_earlier_of_kind_and_urgency_says_when_to_look_again() {
        let rules = Rules::default();
        let from = date(2026, 11, 23);
        let on = |kind, urgency| follow_up_on(from, kind, urgency, &rules);
        assert_eq!(on(None, Urgency::Normal), date(2026, 11, 30));
        assert_eq!(on(Some(2), Urgency::Normal), date(2026, 11, 25));
        assert_eq!(on(Some(30), Urgency::Critical), date(2026, 11, 24));
        assert_eq!(on(Some(0), Urgency::Critical), date(2026, 11, 24));
    }

    #[test]
    fn a_case_without_hands_goes_to_the_supervisor_and_then_to_the_district() {
        let rules = Rules::default();
        let since = Timestamp(1_790_000_000_000);
        let quiet = Quiet {
            waiting_since: Some(since),
            unverified: true,
            ..Quiet::default()
        };
        let at = |minutes: i64| {
            let now = since.plus_ms(minutes * MINUTE_MS);
            due(&quiet, Urgency::Critical, now, &rules).map(|due| (due.to, due.reason, due.at))
        };
        assert_eq!(at(59), None);
        let told = since.plus_ms(60 * MINUTE_MS);
        let unverified = EscalationReason::Unverified;
        assert_eq!(at(60), Some((Escalation::Supervisor, unverified, told)));
        assert_eq!(at(179), Some((Escalation::Supervisor, unverified, told)));
        let told = since.plus_ms(180 * MINUTE_MS);
        assert_eq!(at(100_000), Some((Escalation::District, unverified, told)));
    }

    #[test]
    fn a_follow_up_nobody_did_is_told_at_the_midnight_after_its_days() {
        let rules = Rules::default();
        let due_on = date(2026, 11, 20);
        let quiet = Quiet {
            follow_up_due: Some(due_on),
            ..Quiet::default()
        };
        let midnight = Timestamp::from_bangkok(date(2026, 11, 22).at(0, 0, 0, 0));
        assert_eq!(overdue_at(due_on, &rules), midnight);
        let before = due(&quiet, Urgency::Normal, midnight.plus_ms(-1), &rules);
        assert_eq!(before, None);
        let told = due(&quiet, Urgency::Normal, midnight, &rules).unwrap();
        assert_eq!(told.reason, EscalationReason::FollowUpOverdue);
        assert_eq!(overdue_by(date(2026, 11, 22), &rules), due_on);
    }

    #[test]
    fn waiting_begins_anew_when_hands_let_go_and_not_when_a_need_is_verified() {
        let (start, later) = (Timestamp(1_000), Timestamp(9_000));
        let need = Need {
            state_since: start,
            ..Need::default()
        };
        let open = need.stepped(NeedMove::Open, later, None).unwrap();
        assert_eq!(waiting(start, [&open]), (Some(start), false));
        let held = open.stepped(NeedMove::Assign, later, None).unwrap();
        assert_eq!(waiting(start, [&held]), (None, false));
        let free = held.stepped(NeedMove::Release, later, None).unwrap();
        assert_eq!(waiting(start, [&free]), (Some(later), false));
    }

    #[test]
    fn a_reason_that_has_gone_stands_no_longer() {
        let today = date(2026, 11, 23);
        let waits = Quiet {
            waiting_since: Some(Timestamp(1)),
            ..Quiet::default()
        };
        assert!(still_stands(Some("no_hands"), &waits, today));
        assert!(!still_stands(Some("no_hands"), &Quiet::default(), today));
        assert!(!still_stands(Some("help_not_come"), &waits, today));
        let tomorrow = Quiet {
            follow_up_due: Some(date(2026, 11, 24)),
            ..Quiet::default()
        };
        assert!(!still_stands(Some("follow_up_overdue"), &tomorrow, today));
    }

    #[test]
    fn what_nobody_takes_note_of_goes_on_to_the_district_and_what_was_noted_does_not() {
        let rules = Rules::default();
        let said = Timestamp(1_790_000_000_000);
        let quiet = Quiet {
            not_come_at: Some(said),
            ..Quiet::default()
        };
        let to = |quiet: &Quiet, minutes: i64| {
            due(
                quiet,
                Urgency::Critical,
                said.plus_ms(minutes * MINUTE_MS),
                &rules,
            )
            .map(|due| (due.to, due.at))
        };
        assert_eq!(to(&quiet, 0), Some((Escalation::Supervisor, said)));
        let told = said.plus_ms(180 * MINUTE_MS);
        assert_eq!(to(&quiet, 180), Some((Escalation::District, told)));
        let noted = |reason| Quiet {
            noted: Some(reason),
            ..quiet
        };
        let his = noted(EscalationReason::HelpNotCome);
        assert_eq!(to(&his, 900), Some((Escalation::Supervisor, said)));
        let lighter = noted(EscalationReason::FollowUpOverdue);
        assert_eq!(to(&lighter, 900), Some((Escalation::District, told)));
    }

    #[test]
    fn a_weightier_reason_is_told_anew_and_a_lighter_one_is_not() {
        let due = |reason| Due {
            to: Escalation::Supervisor,
            reason,
            at: Timestamp(5),
        };
        let (heavy, light) = (
            EscalationReason::HelpNotCome,
            EscalationReason::FollowUpOverdue,
        );
        let anew = |stands, known, reason| told_anew(stands, Some(known), due(reason));
        let at = |escalation| move |told: Due| told.to == escalation;
        assert!(anew(Escalation::Supervisor, light, heavy).is_some_and(at(Escalation::Supervisor)));
        assert!(anew(Escalation::District, light, heavy).is_some_and(at(Escalation::District)));
        assert_eq!(anew(Escalation::Supervisor, heavy, light), None);
        assert_eq!(anew(Escalation::District, heavy, heavy), None);
    }

    proptest! {
        #[test]
        fn a_desk_that_looks_once_writes_what_one_that_looks_each_hour_wrote(
            waits in proptest::option::of(0_i64..5_000),
            not_come in proptest::option::of(0_i64..5_000),
            overdue in proptest::option::of(1_i8..4),
            hours in 0_i64..200,
        ) {
            let rules = Rules::default();
            let begin = Timestamp::from_bangkok(date(2026, 11, 23).at(0, 0, 0, 0));
            let after = |minutes: i64| begin.plus_ms(minutes * MINUTE_MS);
            let quiet = |now: Timestamp| Quiet {
                waiting_since: waits.map(after).filter(|at| *at <= now),
                not_come_at: not_come.map(after).filter(|at| *at <= now),
                follow_up_due: overdue.map(|day| date(2026, 11, 22 + day)),
                ..Quiet::default()
            };
            let mut stands: Option<Due> = None;
            for hour in 0..=hours {
                let now = after(hour * 60);
                if let Some(due) = due(&quiet(now), Urgency::VeryUrgent, now, &rules) {
                    let (to, reason) = stands
                        .map_or((Escalation::None, None), |due| (due.to, Some(due.reason)));
                    stands = told_anew(to, reason, due).or(stands);
                }
            }
            let now = after(hours * 60);
            let once = due(&quiet(now), Urgency::VeryUrgent, now, &rules);
            prop_assert_eq!(once, stands);
        }

        #[test]
        fn longer_waiting_never_takes_a_case_less_far(
            limits in proptest::collection::vec(5_i64..40_000, 8),
            urgency in 0_usize..4,
            waited_min in 0_i64..200_000,
            more_min in 0_i64..200_000,
        ) {
            let own = |(at, limit): (usize, &i64)| {
                let level = if at < 4 { "supervisor" } else { "district" };
                let code = format!("care.{level}_{}", Urgency::ALL[at % 4].code());
                (code, limit.to_string())
            };
            let rules = Rules::new(limits.iter().enumerate().map(own));
            let since = Timestamp(1_790_000_000_000);
            let quiet = Quiet { waiting_since: Some(since), ..Quiet::default() };
            let urgency = Urgency::ALL[urgency];
            let to = |minutes: i64, urgency| {
                due(&quiet, urgency, since.plus_ms(minutes * MINUTE_MS), &rules)
                    .map_or(Escalation::None, |due| due.to)
            };
            let now = to(waited_min, urgency);
            prop_assert!(to(waited_min + more_min, urgency) >= now);
            prop_assert!(to(waited_min, Urgency::Critical) >= now);
            let limit = rules.by_urgency("care.supervisor", urgency);
            prop_assert!(waited_min < limit || now != Escalation::None);
        }
    }
}
