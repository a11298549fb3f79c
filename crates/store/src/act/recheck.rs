//! What was heard on a call is written down: a case that stands as it was, got worse or got help, a volunteer who
//! is there or away, a service point that takes people or not.

use jiff::civil::Date;
use jitasa_domain::{
    Assignment, Availability, Case, ClosingReason, Entity, Need, NeedState, PointState,
    ReceiverWord, ServicePoint, Timestamp, Urgency, Volunteer, care,
    lifecycle::{AssignmentMove, NeedMove},
};
use uuid::Uuid;

use super::{
    Act,
    assignment::{self, MoveAssignment},
    care::is_open,
    case::with_line,
    follow_up,
    need::needs_of,
};
use crate::{StoreError, rows};

/// What was heard.
#[derive(Debug, Clone)]
pub struct RecheckAnswer {
    /// `Case`, `Volunteer` or `ServicePoint`.
    pub entity: Entity,
    pub id: Uuid,
    pub word: RecheckWord,
    pub note: Option<String>,
    /// Of a case: which needs the word is about. None named: the only one that is open.
    pub need_ids: Vec<Uuid>,
    /// Of a volunteer who is away: the day he is back. Absent: in seven days.
    pub back_on: Option<Date>,
}

/// What was said on the telephone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecheckWord {
    /// A case: as it was.
    StillNeeded,
    /// A case: help came.
    Met,
    /// A case: some of it came.
    Partly,
    /// A case: help is not wanted any more.
    NoLongerWanted,
    /// A case: it has become more pressing.
    Worse,
    /// A volunteer: can be asked.
    StillAvailable,
    /// A volunteer: cannot.
    Away,
    /// A service point takes people.
    Open,
    /// It has no room.
    Full,
    /// It takes nobody.
    Closed,
    /// Nobody answered.
    NoAnswer,
}

impl RecheckWord {
    /// Its stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::StillNeeded => "still_needed",
            Self::Met => "met",
            Self::Partly => "partly",
            Self::NoLongerWanted => "no_longer_wanted",
            Self::Worse => "worse",
            Self::StillAvailable => "still_available",
            Self::Away => "away",
            Self::Open => "open",
            Self::Full => "full",
            Self::Closed => "closed",
            Self::NoAnswer => "no_answer",
        }
    }
}

/// When somebody who says that he is away, and not for how long, is asked again.
const BACK_AFTER_DAYS: i64 = 7;

pub(super) fn answer_recheck(act: &mut Act, answer: &RecheckAnswer) -> Result<Uuid, StoreError> {
    match answer.entity {
        Entity::Case => of_case(act, answer)?,
        Entity::Volunteer => of_volunteer(act, answer)?,
        Entity::ServicePoint => of_point(act, answer)?,
        _ => return Err(unfitting()),
    }
    Ok(answer.id)
}

fn unfitting() -> StoreError {
    StoreError::Invalid {
        code: "recheck_answer_unfitting",
        field: "answer",
    }
}

/// One more call without an answer, if there was one since somebody was last heard of.
pub(super) fn one_more_try(tries: u32, tried_at: Option<Timestamp>, heard: Timestamp) -> u32 {
    if tried_at.is_some_and(|at| at > heard) {
        tries.saturating_add(1)
    } else {
        1
    }
}

fn of_case(act: &mut Act, answer: &RecheckAnswer) -> Result<(), StoreError> {
    let (case, _) = act.get::<Case>(answer.id)?;
    if !is_open(act, case.id)? {
        return Err(StoreError::Invalid {
            code: "case_closed_already",
            field: "id",
        });
    }
    let mut case = Case {
        note: match &answer.note {
            Some(note) => with_line(&case.note, note),
            None => case.note.clone(),
        },
        ..case
    };
    if answer.word == RecheckWord::NoAnswer {
        case.tries = one_more_try(case.tries, case.tried_at, care::last_heard(&case));
        case.tried_at = Some(act.now);
        act.update(&case)?;
        return Ok(());
    }
    case.confirmed_at = Some(act.now);
    case.confirmed_by = Some(act.actor.name.clone());
    match answer.word {
        RecheckWord::StillNeeded => {}
        RecheckWord::Worse => case.urgency = one_step_up(case.urgency),
        RecheckWord::Met => {
            act.update(&case)?;
            help_came(act, &case, answer)?;
        }
        RecheckWord::Partly => {
            act.update(&case)?;
            let about = about(act, &case, answer)?;
            receiver_says(act, case.id, ReceiverWord::Partly, answer, |need| {
                about.iter().any(|each| each.id == need)
            })?;
        }
        RecheckWord::NoLongerWanted => {
            act.update(&case)?;
            for need in one_or_named(act, &case, answer)? {
                if !need.state.wants_hands() {
                    // Somebody is on his way: he has to be told first.
                    return Err(StoreError::Invalid {
                        code: "case_has_assignments",
                        field: "need_ids",
                    });
                }
                let_go(
                    act,
                    &need,
                    ClosingReason::NoLongerWanted,
                    answer.note.clone(),
                )?;
            }
        }
        _ => return Err(unfitting()),
    }
    act.update(&case)?;
    follow_up::looked(
        act,
        &case,
        follow_up::said(answer.note.as_deref(), answer.word.code()),
    )
}

/// The needs of a case that are neither met nor closed.
fn open_needs(act: &Act, case: &Case) -> Result<Vec<Need>, StoreError> {
    let mut needs = needs_of(act, case.id)?;
    needs.retain(|need| !matches!(need.state, NeedState::Met | NeedState::Closed));
    Ok(needs)
}

/// The needs a word names; all that are open when it names none.
fn about(act: &Act, case: &Case, answer: &RecheckAnswer) -> Result<Vec<Need>, StoreError> {
    let mut open = open_needs(act, case)?;
    if answer.need_ids.is_empty() {
        return Ok(open);
    }
    let is_open = |id: &Uuid| open.iter().any(|need| need.id == *id);
    if !answer.need_ids.iter().all(is_open) {
        return Err(StoreError::Invalid {
            code: "recheck_need_gone",
            field: "need_ids",
        });
    }
    open.retain(|need| answer.need_ids.contains(&need.id));
    Ok(open)
}

/// As [`about`], for a word that closes: of several needs it must name which.
fn one_or_named(act: &Act, case: &Case, answer: &RecheckAnswer) -> Result<Vec<Need>, StoreError> {
    let about = about(act, case, answer)?;
    if answer.need_ids.is_empty() && about.len() > 1 {
        return Err(StoreError::Invalid {
            code: "recheck_which_need",
            field: "need_ids",
        });
    }
    Ok(about)
}

fn one_step_up(urgency: Urgency) -> Urgency {
    match urgency {
        Urgency::Normal => Urgency::Urgent,
        Urgency::Urgent => Urgency::VeryUrgent,
        Urgency::VeryUrgent | Urgency::Critical => Urgency::Critical,
    }
}

/// The person in need says that help came. Where a volunteer of ours holds the need it is his word on
/// that work, which the headman still confirms; a need that nobody holds was met by others, and whoever
/// was still being asked for it need not go.
fn help_came(act: &mut Act, case: &Case, answer: &RecheckAnswer) -> Result<(), StoreError> {
    let open = open_needs(act, case)?;
    let about = one_or_named(act, case, answer)?;
    // When all that was open came, what was done before came too.
    let all = about.len() == open.len();
    receiver_says(act, case.id, ReceiverWord::Came, answer, |need| {
        all || about.iter().any(|each| each.id == need)
    })?;
    for need in about {
        if need.state.wants_hands() {
            let_go(act, &need, ClosingReason::MetByOthers, answer.note.clone())?;
        }
    }
    Ok(())
}

/// Keeps his word on the work of those who hold these needs, or say that they have been.
fn receiver_says(
    act: &mut Act,
    case_id: Uuid,
    word: ReceiverWord,
    answer: &RecheckAnswer,
    is_about: impl Fn(Uuid) -> bool,
) -> Result<(), StoreError> {
    for each in assignments_of(act, case_id)? {
        if is_about(each.need_id) && (each.state.is_held() || each.state.awaits_review()) {
            act.update(&Assignment {
                receiver_word: Some(word),
                receiver_note: answer.note.clone().or(each.receiver_note.clone()),
                receiver_said_at: Some(act.now),
                ..each
            })?;
        }
    }
    Ok(())
}

fn assignments_of(act: &Act, case_id: Uuid) -> Result<Vec<Assignment>, StoreError> {
    rows::select(
        act.conn(),
        "WHERE r.case_id = ?1 AND r.void_reason IS NULL",
        &[&case_id.to_string()],
    )
}

/// Closes a need that nobody holds; whoever was still being asked for it need not go.
fn let_go(
    act: &mut Act,
    need: &Need,
    reason: ClosingReason,
    note: Option<String>,
) -> Result<(), StoreError> {
    for each in assignments_of(act, need.case_id)? {
        if each.need_id == need.id && each.state.is_active() && !each.state.is_held() {
            assignment::take(
                act,
                &MoveAssignment {
                    id: each.id,
                    step: AssignmentMove::Revoke,
                    reason: Some(reason.code().into()),
                    ..MoveAssignment::default()
                },
            )?;
        }
    }
    let (need, _) = act.get::<Need>(need.id)?;
    act.update(&need.stepped(NeedMove::Close, act.now, Some((reason, note)))?)?;
    Ok(())
}

fn of_volunteer(act: &mut Act, answer: &RecheckAnswer) -> Result<(), StoreError> {
    let (volunteer, _) = act.get::<Volunteer>(answer.id)?;
    let heard = volunteer.confirmed_at.unwrap_or(volunteer.created_at);
    let mut volunteer = Volunteer {
        note: match &answer.note {
            Some(note) => with_line(&volunteer.note, note),
            None => volunteer.note.clone(),
        },
        ..volunteer
    };
    match answer.word {
        RecheckWord::NoAnswer => {
            volunteer.tries = one_more_try(volunteer.tries, volunteer.tried_at, heard);
            volunteer.tried_at = Some(act.now);
            act.update(&volunteer)?;
            return Ok(());
        }
        RecheckWord::StillAvailable => {
            volunteer.availability = Availability::Available;
            volunteer.away_from = None;
            volunteer.away_until = None;
        }
        RecheckWord::Away => {
            let today = act.now.date();
            let back = answer
                .back_on
                .unwrap_or_else(|| care::days_after(today, BACK_AFTER_DAYS));
            volunteer.availability = Availability::OnLeave;
            volunteer.away_from = Some(today);
            // The last day he is away.
            volunteer.away_until = Some(care::days_after(back, -1).max(today));
        }
        _ => return Err(unfitting()),
    }
    volunteer.confirmed_at = Some(act.now);
    volunteer.confirmed_by = Some(act.actor.name.clone());
    act.update(&volunteer)?;
    Ok(())
}

fn of_point(act: &mut Act, answer: &RecheckAnswer) -> Result<(), StoreError> {
    let (point, _) = act.get::<ServicePoint>(answer.id)?;
    let heard = point.confirmed_at.unwrap_or(point.created_at);
    let state = match answer.word {
        RecheckWord::NoAnswer => {
            act.update(&ServicePoint {
                tries: one_more_try(point.tries, point.tried_at, heard),
                tried_at: Some(act.now),
                ..point
            })?;
            return Ok(());
        }
        RecheckWord::Open => PointState::Open,
        RecheckWord::Full => PointState::Full,
        RecheckWord::Closed => PointState::Closed,
        _ => return Err(unfitting()),
    };
    act.update(&ServicePoint {
        state,
        confirmed_at: Some(act.now),
        confirmed_by: Some(act.actor.name.clone()),
        ..point
    })?;
    Ok(())
}
