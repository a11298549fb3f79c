//! Who goes where.

use jitasa_domain::{
    ActionKind, AssignmentState, Availability, Kind, KindList, OfferChannel, Volunteer, lifecycle,
    lifecycle::AssignmentMove as Step,
};
use jitasa_store::{
    Action,
    act::{MoveAssignment, Propose},
    query::{
        assignments::{self, AssignmentLine},
        cases::CaseWhole,
        hands, held_up, office, volunteers,
    },
};
use jitasa_thai::phone;
use uuid::Uuid;

use crate::{
    ApiError, App, forms,
    places::Villages,
    suggest,
    views::{Acted, assignment::*},
};

/// A volunteer as he is told of: name, kind, and the team he goes with.
pub(crate) fn label_of(volunteer: &Volunteer, kinds: &[Kind], team: Option<&str>) -> String {
    let kind = volunteer
        .kinds
        .first()
        .and_then(|code| kinds.iter().find(|kind| kind.code == *code))
        .map(|kind| format!(" ({})", kind.th))
        .unwrap_or_default();
    let team = team.map(|name| format!(" {name}")).unwrap_or_default();
    format!("{}{kind}{team}", volunteer.full_name())
}

/// How somebody was told; a claim is no way of telling.
pub(crate) fn channel(typed: Option<&str>) -> Result<Option<OfferChannel>, ApiError> {
    let typed = typed.filter(|text| !text.is_empty());
    let channel = typed
        .map(|text| forms::code(text, "channel", OfferChannel::from_code))
        .transpose()?;
    match channel {
        Some(OfferChannel::Claimed) => Err(ApiError::field("code_unknown", "channel")),
        other => Ok(other),
    }
}

/// A pair made ready for the store: who he is, how far he has and what spoke for him.
pub(crate) fn prepare(
    app: &App,
    need_id: &str,
    volunteer_id: &str,
    team_id: Option<&str>,
) -> Result<Propose, ApiError> {
    let (need, line) = suggest::need_and_case(app, need_id)?;
    let volunteer_id = forms::id(volunteer_id)?;
    let team_id = team_id
        .filter(|id| !id.is_empty())
        .map(forms::id)
        .transpose()?;
    let (volunteer, kinds, team) = app.store()?.read(|conn| {
        let team = match team_id {
            Some(id) => hands::team(conn, id)?,
            None => None,
        };
        let kinds = office::kinds(conn, KindList::Volunteer)?;
        Ok((volunteers::line(conn, volunteer_id)?, kinds, team))
    })?;
    let volunteer = volunteer.ok_or_else(ApiError::not_found)?.volunteer;
    let now = app.env().now();
    let (distance_m, why) = app.look(|picture, conn| {
        let row = suggest::row_of(picture, conn, &need, &line)?;
        let hands = picture.hands(now);
        let hand = hands.iter().find(|hand| hand.id == volunteer_id.as_u128());
        Ok(suggest::reasons(picture, &row, hand, now))
    })?;
    let team = team.as_ref().map(|team| team.name.as_str());
    Ok(Propose {
        need_id: need.id,
        volunteer_id,
        volunteer_label: label_of(&volunteer, &kinds, team),
        distance_m,
        why,
        team_id,
        ..Propose::default()
    })
}

pub(crate) fn propose(app: &App, request: ProposeRequest) -> Result<Acted, ApiError> {
    let pair = prepare(
        app,
        &request.need_id,
        &request.volunteer_id,
        request.team_id.as_deref(),
    )?;
    app.act(Action::Propose(Propose {
        offered: request.offered,
        channel: channel(request.channel.as_deref())?,
        pinned: request.pinned,
        ..pair
    }))
}

/// The longest time one assignment takes, in minutes: a week.
const MINUTES_MAX: u32 = 7 * 24 * 60;

pub(crate) fn step_of(request: AssignmentMove) -> Result<MoveAssignment, ApiError> {
    if request
        .minutes_given
        .is_some_and(|minutes| minutes > MINUTES_MAX)
    {
        return Err(ApiError::field("minutes_wrong", "minutes_given"));
    }
    let step = forms::code(&request.step, "step", Step::from_code)?;
    match step {
        // An offer runs out when its time is up: nobody says so for the clock.
        Step::Expire => return Err(ApiError::field("expire_is_the_clocks", "step")),
        // Who takes over stands in the new assignment, or nobody finds from one to the other.
        Step::Reassign => return Err(ApiError::field("reassign_without_successor", "step")),
        _ => {}
    }
    Ok(MoveAssignment {
        id: forms::id(&request.id)?,
        step,
        reason: forms::optional_line(request.reason.as_deref(), "reason", 500)?,
        outcome: forms::optional_line(request.outcome.as_deref(), "outcome", 1_000)?,
        channel: channel(request.channel.as_deref())?,
        minutes_given: request.minutes_given,
    })
}

pub(crate) fn advance(app: &App, request: AssignmentMove) -> Result<Acted, ApiError> {
    app.act(Action::MoveAssignment(step_of(request)?))
}

pub(crate) fn list(app: &App, request: AssignmentListRequest) -> Result<AssignmentList, ApiError> {
    app.reader(ActionKind::AssignmentMove)?;
    let states = forms::codes(&request.states, "states", AssignmentState::from_code)?;
    let volunteer = request.volunteer_id.as_deref().map(forms::id).transpose()?;
    let store = app.store()?;
    let villages = Villages::of(&store)?;
    let limit = forms::page_size(request.limit);
    if request.held_up {
        return held_up(app, &villages, request.after.as_deref(), limit as usize);
    }
    let page = store.read(|conn| {
        assignments::page(conn, &states, volunteer, request.after.as_deref(), limit)
    })?;
    Ok(AssignmentList {
        rows: page.rows.iter().map(|line| view(line, &villages)).collect(),
        next: page.next,
        total: page.total,
    })
}

/// What was taken and does not go on. There are never many, so all are found for each page.
fn held_up(
    app: &App,
    villages: &Villages,
    after: Option<&str>,
    limit: usize,
) -> Result<AssignmentList, ApiError> {
    let now = app.env().now();
    Ok(app.store()?.read(|conn| {
        let all = held_up::all(conn, now, &office::rules(conn)?)?;
        let total = i64::try_from(all.len()).unwrap_or(i64::MAX);
        let last = all
            .iter()
            .position(|(id, _)| Some(id.to_string().as_str()) == after);
        let begin = last.map_or(0, |last| last + 1);
        let mut rows = Vec::new();
        for (id, why) in all.iter().skip(begin).take(limit) {
            if let Some(line) = assignments::line(conn, *id)? {
                rows.push(AssignmentView {
                    held_up: Some(why.code().into()),
                    ..view(&line, villages)
                });
            }
        }
        let shown = all
            .get(begin + limit - 1)
            .filter(|_| begin + limit < all.len());
        Ok(AssignmentList {
            rows,
            next: shown.map(|(id, _)| id.to_string()),
            total,
        })
    })?)
}

/// The answer of an act on a volunteer, with how many tasks he holds when he is not there any more.
pub(crate) fn with_what_he_holds(app: &App, acted: Acted, id: Uuid) -> Result<Acted, ApiError> {
    let holds = app.store()?.read(|conn| {
        let line = volunteers::line(conn, id)?;
        let is_away = |line: &volunteers::VolunteerLine| {
            line.volunteer.availability != Availability::Available
        };
        match line.filter(is_away) {
            Some(_) => Ok(assignments::held_by(conn, id)?.len()),
            None => Ok(0),
        }
    })?;
    Ok(Acted {
        still_holds: u32::try_from(holds).unwrap_or(u32::MAX),
        ..acted
    })
}

/// An assignment for the screens.
pub(crate) fn view(whole: &AssignmentLine, villages: &Villages) -> AssignmentView {
    let (assignment, line) = (&whole.assignment, &whole.line);
    let at = |moment: Option<jitasa_domain::Timestamp>| moment.map(|moment| moment.0);
    AssignmentView {
        id: assignment.id.to_string(),
        number: assignment.number.clone(),
        case_id: assignment.case_id.to_string(),
        case_number: line.case.number.clone(),
        case_name: line.person.full_name(),
        village: villages.label(&line.case.area_code),
        house_no: line.case.house_no.clone(),
        need_id: assignment.need_id.to_string(),
        need_kind: whole.need_kind.clone(),
        volunteer_id: assignment.volunteer_id.to_string(),
        volunteer: assignment.volunteer_label.clone(),
        volunteer_phone: whole.volunteer_phone.as_deref().map(phone::format),
        state: assignment.state.code().into(),
        held_up: None,
        state_since: assignment.state_since.0,
        reason: assignment.reason.clone(),
        outcome: assignment.outcome.clone(),
        distance_m: assignment.distance_m,
        why: assignment.why.clone(),
        created_at: assignment.created_at.0,
        moves: lifecycle::assignment_moves(assignment.state)
            // The headman's word is given in his inbox; what runs out is the clock's.
            .filter(|step| !matches!(step, Step::Confirm | Step::Return | Step::Expire))
            .map(|step| step.code().into())
            .collect(),
        team: whole.team.clone(),
        companions: whole.companions.clone(),
        replaces: whole.replaces.as_ref().map(|one| one.number.clone()),
        replaces_whose: whole
            .replaces
            .as_ref()
            .map(|one| one.volunteer_label.clone()),
        visit_id: assignment.visit_id.map(|id| id.to_string()),
        pinned: assignment.pinned,
        offered_by: assignment.offered_by.map(|channel| channel.code().into()),
        offered_at: at(assignment.offered_at),
        expires_at: at(assignment.expires_at),
        minutes_given: assignment.minutes_given,
        receiver_word: assignment.receiver_word.map(|word| word.code().into()),
        receiver_note: assignment.receiver_note.clone(),
        receiver_said_at: at(assignment.receiver_said_at),
        urgency: line.case.urgency.code().into(),
    }
}

/// The assignments of one case.
pub(crate) fn views_of_case(
    app: &App,
    whole: &CaseWhole,
    villages: &Villages,
) -> Result<Vec<AssignmentView>, ApiError> {
    let lines: Vec<AssignmentLine> = app.store()?.read(|conn| {
        let each = whole.assignments.iter().map(|assignment| {
            let of_kind = whole
                .line
                .needs
                .iter()
                .find(|need| need.id == assignment.need_id);
            let kind = of_kind.map(|need| need.kind.clone()).unwrap_or_default();
            assignments::in_case(conn, assignment.clone(), kind, whole.line.clone())
        });
        each.collect::<Result<_, _>>()
    })?;
    Ok(lines.iter().map(|line| view(line, villages)).collect())
}
