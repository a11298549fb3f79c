//! That nothing goes quiet: what falls due by the clock, what was taken further, who is to be rung.

use jitasa_domain::{
    ActionKind, Actor, Entity, Escalation, NeedState,
    care::{self, Heard},
};
use jitasa_store::{
    Action, StoreError,
    act::{ESCALATED_AT_ONCE_MAX, RecheckAnswer as Answer, RecheckWord},
    query::{
        cases::CaseLine,
        escalations, office,
        rechecks::{self, Call, Recheck, RecheckQuery},
    },
    sync,
};
use jitasa_thai::phone;

use crate::{
    ApiError, App, assignments,
    case_views::{self, Rows},
    forms,
    places::Villages,
    views::{Acted, Nothing, care::*},
};

/// The minute's round: what falls due comes about, and the picture that suggestions and the plan are made from is
/// looked at, so that whoever asks for hands next finds it read and the plan made.
pub(crate) fn pass_time(app: &App, _: Nothing) -> Result<TimePassed, ApiError> {
    let passed = fall_due(app)?;
    app.make_ready()?;
    Ok(passed)
}

/// Whoever sits at the desk, the clock goes on: it is the program that acts, and nobody's undo takes it
/// back. When nothing is due nothing is written, so that no screen reloads.
fn fall_due(app: &App) -> Result<TimePassed, ApiError> {
    let timekeeper = Actor::timekeeper(&app.actor()?.office_code);
    let (now, office) = (app.env().now(), timekeeper.office_code.clone());
    let store = app.store()?;
    let anything = store.read(|conn| {
        Ok(escalations::offers_expired(conn, now)? > 0
            || !escalations::due(conn, &office, now, 1)?.is_empty())
    })?;
    if !anything {
        return Ok(TimePassed::default());
    }
    let mut ids = app.ids();
    let passed = store.acts(|acts| {
        let expired = escalations::offers_expired(acts.conn(), now)?;
        if expired > 0 {
            acts.act(&timekeeper, now, &mut ids, Action::ExpireOffers)?;
        }
        let due = escalations::due(acts.conn(), &office, now, ESCALATED_AT_ONCE_MAX)?;
        if !due.is_empty() {
            acts.act(&timekeeper, now, &mut ids, Action::EscalateCases)?;
        }
        let taken = |to| {
            let those = due.iter().filter(|each| each.due.to == to);
            u32::try_from(those.count()).unwrap_or(u32::MAX)
        };
        Ok(TimePassed {
            expired: u32::try_from(expired).unwrap_or(u32::MAX),
            escalated_supervisor: taken(Escalation::Supervisor),
            escalated_district: taken(Escalation::District),
        })
    })?;
    Ok(passed)
}

/// Cases one answer lists, and of which note is taken at once.
const ESCALATIONS_MAX: u32 = 200;

pub(crate) fn escalations(app: &App, _: Nothing) -> Result<EscalationList, ApiError> {
    let actor = app.reader(ActionKind::Read)?;
    let villages = App::limited_to(&actor);
    let rows = Rows::of(app)?;
    let (lines, (total, _)) = app.store()?.read(|conn| {
        let (office, villages) = (actor.office_code.as_str(), villages.as_deref());
        let lines = escalations::taken_further(conn, office, villages, ESCALATIONS_MAX)?;
        let lines = lines
            .into_iter()
            .map(|line| Ok((sync::reading::escalation_sent(conn, line.case.id)?, line)))
            .collect::<Result<Vec<_>, StoreError>>()?;
        Ok((lines, escalations::count(conn, office, villages)?))
    })?;
    let rows = lines
        .iter()
        .map(|(sent, line)| EscalationRow {
            sent: *sent,
            case: rows.row(line),
            escalation: line.case.escalation.code().into(),
            escalated_at: line.case.escalated_at.map_or(0, |at| at.0),
            reason: line.case.escalation_reason.clone().unwrap_or_default(),
            seen_at: line.case.escalation_seen_at.map(|at| at.0),
            seen_by: line.case.escalation_seen_by.clone(),
        })
        .collect();
    Ok(EscalationList { rows, total })
}

pub(crate) fn see_escalations(app: &App, request: EscalationSeen) -> Result<Acted, ApiError> {
    if request.case_ids.is_empty() {
        return Err(ApiError::field("nothing_chosen", "case_ids"));
    }
    if request.case_ids.len() > ESCALATIONS_MAX as usize {
        return Err(ApiError::field("too_many", "case_ids").with("max", ESCALATIONS_MAX));
    }
    let case_ids = request.case_ids.iter().map(|id| forms::id(id));
    app.act(Action::SeeEscalations {
        case_ids: case_ids.collect::<Result<_, _>>()?,
        note: forms::optional_line(request.note.as_deref(), "note", 1_000)?,
    })
}

/// What is to be rung, as a request names it: nothing named is all of it.
pub(crate) fn kinds_of(codes: &[String]) -> Result<Vec<Heard>, ApiError> {
    if codes.is_empty() {
        return Ok(Heard::ALL.to_vec());
    }
    forms::codes(codes, "kinds", Heard::from_code)
}

/// The calls of a request, most pressing first, and how many there are in all.
pub(crate) fn calls(
    app: &App,
    kinds: &[String],
    areas: &[String],
    limit: u32,
) -> Result<(Vec<Recheck>, i64), ApiError> {
    let actor = app.reader(ActionKind::RecheckAnswer)?;
    let kinds = kinds_of(kinds)?;
    let villages = App::limited_to(&actor);
    let query = RecheckQuery {
        kinds: &kinds,
        areas,
        villages: villages.as_deref(),
        now: app.env().now(),
        only_stale: false,
    };
    let found = app.store()?.read(|conn| {
        let rules = office::rules(conn)?;
        Ok((
            rechecks::list(conn, &query, &rules, limit as usize)?,
            rechecks::count(conn, &query, &rules)?,
        ))
    })?;
    Ok(found)
}

pub(crate) fn rechecks(app: &App, request: RecheckRequest) -> Result<RecheckList, ApiError> {
    let limit = forms::page_size(request.limit);
    let (calls, total) = calls(app, &request.kinds, &request.areas, limit)?;
    let villages = Villages::of(app.store()?.as_ref())?;
    let rows = calls.iter().map(|call| row_of(call, &villages)).collect();
    Ok(RecheckList { rows, total })
}

/// Kinds of the needs of a case that are not met.
pub(crate) fn open_needs(line: &CaseLine) -> Vec<String> {
    line.needs
        .iter()
        .filter(|need| !matches!(need.state, NeedState::Met | NeedState::Closed))
        .map(|need| need.kind.clone())
        .collect()
}

pub(crate) fn row_of(recheck: &Recheck, villages: &Villages) -> RecheckRow {
    let row = RecheckRow {
        last_heard_at: recheck.last_heard.0,
        last_heard_by: recheck.heard_by.clone(),
        freshness: recheck.freshness.code().into(),
        tries: recheck.tries,
        ..RecheckRow::default()
    };
    match &recheck.call {
        Call::Case(line) => RecheckRow {
            kind: Heard::Case.code().into(),
            id: line.case.id.to_string(),
            number: Some(line.case.number.clone()),
            name: line.person.full_name(),
            phone: line.person.phone.as_deref().map(phone::format),
            village: villages.label(&line.case.area_code),
            what: open_needs(line),
            needs: line
                .needs
                .iter()
                .filter(|need| !matches!(need.state, NeedState::Met | NeedState::Closed))
                .map(case_views::chip)
                .collect(),
            urgency: Some(line.case.urgency.code().into()),
            ..row
        },
        Call::Volunteer(volunteer) => RecheckRow {
            kind: Heard::Volunteer.code().into(),
            id: volunteer.id.to_string(),
            name: volunteer.full_name(),
            phone: volunteer.phone.as_deref().map(phone::format),
            village: villages.label(&volunteer.area_code),
            what: volunteer.kinds.clone(),
            ..row
        },
        Call::ServicePoint(point) => RecheckRow {
            kind: Heard::ServicePoint.code().into(),
            id: point.id.to_string(),
            name: point.name.clone(),
            phone: point.phone.as_deref().map(phone::format),
            village: villages.label(&point.area_code),
            what: vec![point.kind.clone()],
            ..row
        },
    }
}

pub(crate) fn answer_recheck(app: &App, request: RecheckAnswer) -> Result<Acted, ApiError> {
    use RecheckWord as W;
    let kind = forms::code(&request.kind, "kind", Heard::from_code)?;
    let (entity, words): (_, &[W]) = match kind {
        Heard::Case => (
            Entity::Case,
            &[
                W::StillNeeded,
                W::Met,
                W::Partly,
                W::NoLongerWanted,
                W::Worse,
                W::NoAnswer,
            ],
        ),
        Heard::Volunteer => (
            Entity::Volunteer,
            &[W::StillAvailable, W::Away, W::NoAnswer],
        ),
        Heard::ServicePoint => (
            Entity::ServicePoint,
            &[W::Open, W::Full, W::Closed, W::NoAnswer],
        ),
    };
    let word = forms::code(&request.answer, "answer", |code| {
        words.iter().copied().find(|word| word.code() == code)
    })?;
    let back_on = forms::optional_date(request.back_on.as_deref(), "back_on")?;
    if back_on.is_some_and(|day| day <= app.env().now().date()) {
        return Err(ApiError::field("date_in_past", "back_on"));
    }
    let id = forms::id(&request.id)?;
    let acted = app.act(Action::AnswerRecheck(Answer {
        need_ids: request
            .need_ids
            .iter()
            .map(|id| forms::id(id))
            .collect::<Result<_, _>>()?,
        back_on,
        entity,
        id,
        word,
        note: forms::optional_line(request.note.as_deref(), "note", 1_000)?,
    }))?;
    match kind {
        Heard::Volunteer => assignments::with_what_he_holds(app, acted, id),
        _ => Ok(acted),
    }
}

/// How many cases, volunteers and service points are to be rung, and how many cases are stale.
pub(crate) fn to_recheck(
    conn: &jitasa_store::Connection,
    now: jitasa_domain::Timestamp,
    villages: Option<&[String]>,
) -> Result<(i64, i64), StoreError> {
    let rules = office::rules(conn)?;
    let query = RecheckQuery {
        kinds: Heard::ALL,
        areas: &[],
        villages,
        now,
        only_stale: false,
    };
    let stale = RecheckQuery {
        kinds: &[Heard::Case],
        only_stale: true,
        ..query.clone()
    };
    Ok((
        rechecks::count(conn, &query, &rules)?,
        rechecks::count(conn, &stale, &rules)?,
    ))
}

/// The day before; follow-ups due by it are late.
pub(crate) fn yesterday(today: jiff::civil::Date) -> jiff::civil::Date {
    care::days_after(today, -1)
}
