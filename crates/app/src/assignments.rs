//! Who goes where.

use jitasa_domain::{
    ActionKind, Assignment, AssignmentState, Case, KindList, Volunteer, lifecycle,
    lifecycle::AssignmentMove as Step,
};
use jitasa_map::LatLon;
use jitasa_matching::{Candidate, Wanted, suggest as best};
use jitasa_store::{
    Action,
    act::{MoveAssignment, Propose},
    query::{
        assignments::{self, AssignmentLine},
        cases::{self, CaseLine, CaseWhole},
        office, volunteers,
        volunteers::VolunteerLine,
    },
};
use jitasa_thai::phone;

use crate::{
    ApiError, App, case_views, forms,
    places::Villages,
    views::{Acted, assignment::*},
};

pub(crate) fn board(app: &App, request: BoardRequest) -> Result<Board, ApiError> {
    app.reader(ActionKind::AssignmentPropose)?;
    let store = app.store()?;
    let villages = Villages::of(&store)?;
    let limit = forms::page_size(request.limit);
    let page = store.read(|conn| {
        let after = request.after.as_deref();
        assignments::board(conn, &request.areas, &request.need_kinds, after, limit)
    })?;
    let rows = page
        .rows
        .into_iter()
        .map(|row| BoardRow {
            need_id: row.need.id.to_string(),
            need_kind: row.need.kind,
            need_detail: row.need.detail,
            need_state: row.need.state.code().into(),
            case: case_views::row_of(&row.line, &villages),
        })
        .collect();
    Ok(Board {
        rows,
        next: page.next,
        total: page.total,
    })
}

fn distance_m(case: &Case, volunteer: &Volunteer) -> Option<u32> {
    let from = LatLon {
        lat: volunteer.lat?,
        lon: volunteer.lon?,
    };
    let to = LatLon {
        lat: case.lat?,
        lon: case.lon?,
    };
    let metres = jitasa_map::distance_m(from, to).round();
    // Within one country: at most two thousand kilometres.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "see above"
    )]
    Some(metres.clamp(0.0, 1e9) as u32)
}

fn candidate(index: usize, line: &VolunteerLine, case: &Case) -> Candidate {
    let volunteer = &line.volunteer;
    Candidate {
        index,
        skills: volunteer.skills.clone(),
        patch: volunteer.patch.clone(),
        area_code: volunteer.area_code.clone(),
        distance_m: distance_m(case, volunteer),
        has_vehicle: volunteer.vehicle.is_some(),
        open_tasks: line.open_tasks,
        max_open_tasks: volunteer.max_open_tasks,
    }
}

fn need_and_case(app: &App, need_id: &str) -> Result<(jitasa_domain::Need, CaseLine), ApiError> {
    let id = forms::id(need_id)?;
    let need = app
        .store()?
        .read(|conn| cases::need(conn, id))?
        .ok_or_else(ApiError::not_found)?;
    let line = case_views::visible_line(app, &need.case_id.to_string())?;
    Ok((need, line))
}

pub(crate) fn suggest(app: &App, request: SuggestRequest) -> Result<Suggestions, ApiError> {
    app.reader(ActionKind::AssignmentPropose)?;
    let (need, line) = need_and_case(app, &request.need_id)?;
    let store = app.store()?;
    let villages = Villages::of(&store)?;
    let free = store.read(volunteers::available)?;
    let candidates: Vec<_> = free
        .iter()
        .enumerate()
        .map(|(index, volunteer)| candidate(index, volunteer, &line.case))
        .collect();
    let wanted = Wanted {
        kind: &need.kind,
        area_code: &line.case.area_code,
    };
    let limit = if request.limit == 0 {
        10
    } else {
        request.limit.min(50)
    };
    let suggestions = best(wanted, &candidates, limit as usize)
        .into_iter()
        .filter_map(|suggestion| {
            let line = free.get(suggestion.index)?;
            let volunteer = &line.volunteer;
            Some(Suggestion {
                volunteer_id: volunteer.id.to_string(),
                name: volunteer.full_name(),
                phone: volunteer.phone.as_deref().map(phone::format),
                kinds: volunteer.kinds.clone(),
                vehicle: volunteer.vehicle.clone(),
                village: villages.label(&volunteer.area_code),
                distance_m: candidates.get(suggestion.index)?.distance_m,
                open_tasks: line.open_tasks,
                max_open_tasks: volunteer.max_open_tasks,
                why: suggestion
                    .why
                    .into_iter()
                    .map(|why| why.code().into())
                    .collect(),
            })
        })
        .collect();
    Ok(Suggestions { suggestions })
}

pub(crate) fn propose(app: &App, request: ProposeRequest) -> Result<Acted, ApiError> {
    let (need, line) = need_and_case(app, &request.need_id)?;
    let volunteer_id = forms::id(&request.volunteer_id)?;
    let store = app.store()?;
    let (volunteer, kinds) = store.read(|conn| {
        Ok((
            volunteers::line(conn, volunteer_id)?,
            office::kinds(conn, KindList::Volunteer)?,
        ))
    })?;
    let volunteer = volunteer.ok_or_else(ApiError::not_found)?;
    let candidate = candidate(0, &volunteer, &line.case);
    let wanted = Wanted {
        kind: &need.kind,
        area_code: &line.case.area_code,
    };
    // Somebody may be chosen by hand whom no reason speaks for: that is the person's to decide.
    let why = best(wanted, std::slice::from_ref(&candidate), 1)
        .into_iter()
        .flat_map(|suggestion| suggestion.why)
        .map(|why| why.code().to_string())
        .collect();
    let kind = volunteer
        .volunteer
        .kinds
        .first()
        .and_then(|code| kinds.iter().find(|kind| kind.code == *code))
        .map(|kind| format!(" ({})", kind.th))
        .unwrap_or_default();
    app.act(Action::Propose(Propose {
        need_id: need.id,
        volunteer_id,
        volunteer_label: format!("{}{kind}", volunteer.volunteer.full_name()),
        distance_m: candidate.distance_m,
        why,
        offered: request.offered,
    }))
}

pub(crate) fn advance(app: &App, request: AssignmentMove) -> Result<Acted, ApiError> {
    app.act(Action::MoveAssignment(MoveAssignment {
        id: forms::id(&request.id)?,
        step: forms::code(&request.step, "step", Step::from_code)?,
        reason: forms::optional_line(request.reason.as_deref(), "reason", 500)?,
        outcome: forms::optional_line(request.outcome.as_deref(), "outcome", 1_000)?,
    }))
}

pub(crate) fn list(app: &App, request: AssignmentListRequest) -> Result<AssignmentList, ApiError> {
    app.reader(ActionKind::AssignmentMove)?;
    let states = forms::codes(&request.states, "states", AssignmentState::from_code)?;
    let volunteer = request.volunteer_id.as_deref().map(forms::id).transpose()?;
    let store = app.store()?;
    let villages = Villages::of(&store)?;
    let limit = forms::page_size(request.limit);
    let page = store.read(|conn| {
        assignments::page(conn, &states, volunteer, request.after.as_deref(), limit)
    })?;
    Ok(AssignmentList {
        rows: page.rows.iter().map(|line| view(line, &villages)).collect(),
        next: page.next,
        total: page.total,
    })
}

/// An assignment for the screens.
pub(crate) fn view(line: &AssignmentLine, villages: &Villages) -> AssignmentView {
    view_of(
        &line.assignment,
        &line.line,
        line.need_kind.clone(),
        line.volunteer_phone.as_deref(),
        villages,
    )
}

fn view_of(
    assignment: &Assignment,
    line: &CaseLine,
    need_kind: String,
    volunteer_phone: Option<&str>,
    villages: &Villages,
) -> AssignmentView {
    AssignmentView {
        id: assignment.id.to_string(),
        case_id: assignment.case_id.to_string(),
        case_number: line.case.number.clone(),
        case_name: line.person.full_name(),
        village: villages.label(&line.case.area_code),
        house_no: line.case.house_no.clone(),
        need_id: assignment.need_id.to_string(),
        need_kind,
        volunteer_id: assignment.volunteer_id.to_string(),
        volunteer: assignment.volunteer_label.clone(),
        volunteer_phone: volunteer_phone.map(phone::format),
        state: assignment.state.code().into(),
        state_since: assignment.state_since.0,
        reason: assignment.reason.clone(),
        outcome: assignment.outcome.clone(),
        distance_m: assignment.distance_m,
        why: assignment.why.clone(),
        created_at: assignment.created_at.0,
        moves: lifecycle::assignment_moves(assignment.state)
            // The headman's word is given in his inbox.
            .filter(|step| !matches!(step, Step::Confirm | Step::Return))
            .map(|step| step.code().into())
            .collect(),
    }
}

/// The assignments of one case.
pub(crate) fn views_of_case(
    app: &App,
    whole: &CaseWhole,
    villages: &Villages,
) -> Result<Vec<AssignmentView>, ApiError> {
    let store = app.store()?;
    whole
        .assignments
        .iter()
        .map(|assignment| {
            let phone = store
                .read(|conn| volunteers::line(conn, assignment.volunteer_id))?
                .and_then(|line| line.volunteer.phone);
            let kind = whole
                .line
                .needs
                .iter()
                .find(|need| need.id == assignment.need_id)
                .map(|need| need.kind.clone())
                .unwrap_or_default();
            Ok(view_of(
                assignment,
                &whole.line,
                kind,
                phone.as_deref(),
                villages,
            ))
        })
        .collect()
}
