//! Showing cases: lists, one case whole, cases that look alike, what is due.

use jiff::civil::Date;
use jitasa_domain::{
    ActionKind, Actor, Assignment, Case, CaseState, FollowUp, Need, ReviewState, Timestamp,
    Urgency, authorize,
    care::{self, Freshness, Heard},
    gazetteer::{self, Gazetteer},
    lifecycle::{self, NeedMove as NeedStep},
    rules::Rules,
};
use jitasa_store::{
    StoreError,
    act::{ASK_HELP_CAME, LOOK_AGAIN},
    query::{
        cases::{self, CaseLine, CaseQuery, CaseSort, HistoryEntry, Only},
        follow_ups::{self, DueFollowUp},
        likeness,
        likeness::Likeness,
        office,
    },
    sync,
};
use jitasa_thai::{citizen_id, phone, place};

use crate::{
    ApiError, App, assignments, forms,
    places::{self, Villages},
    reviews, search,
    triage::{self, Pressing},
    views::{ById, case::*},
};

/// What a figure of the first screen counts, at this moment.
fn only(app: &App, code: &str) -> Result<Only, ApiError> {
    let now = app.env().now();
    let (from, to) = (forms::midnight(now.date()), now.plus_ms(1));
    match code {
        "new_today" => Ok(Only::Reported { from, to }),
        "met_today" => Ok(Only::Met { from, to }),
        "stale" => {
            let rules = app.store()?.read(office::rules)?;
            let (_, stale) = care::fresh_for_ms(Heard::Case, &rules);
            Ok(Only::HeardBy(now.plus_ms(-stale)))
        }
        _ => Err(ApiError::field("code_unknown", "only")),
    }
}

/// A filter as the screens state it, as a query narrowed to what the person may see.
pub(crate) fn query_of(
    app: &App,
    actor: &Actor,
    filter: &CaseFilter,
) -> Result<CaseQuery, ApiError> {
    Ok(CaseQuery {
        only: filter
            .only
            .as_deref()
            .map(|code| only(app, code))
            .transpose()?,
        states: forms::codes(&filter.states, "states", CaseState::from_code)?,
        all_states: filter.all_states,
        urgencies: forms::codes(&filter.urgencies, "urgencies", Urgency::from_code)?,
        need_kinds: filter.need_kinds.clone(),
        areas: filter.areas.clone(),
        only_villages: App::limited_to(actor),
        review_states: forms::codes(
            &filter.review_states,
            "review_states",
            ReviewState::from_code,
        )?,
        incident_id: filter.incident_id.as_deref().map(forms::id).transpose()?,
        text: filter.text.as_deref().map(search::as_stored),
        no_place: filter.no_place,
        within_box: None,
    })
}

/// What lines of lists are made with, read once for a page.
#[derive(Debug)]
pub(crate) struct Rows {
    pub(crate) villages: Villages,
    pressing: Pressing,
    rules: Rules,
    now: Timestamp,
}

impl Rows {
    pub(crate) fn of(app: &App) -> Result<Self, ApiError> {
        let store = app.store()?;
        Ok(Self {
            villages: Villages::of(&store)?,
            pressing: app.pressing()?,
            rules: store.read(office::rules)?,
            now: app.env().now(),
        })
    }

    /// One line of a list.
    pub(crate) fn row(&self, line: &CaseLine) -> CaseRow {
        let case = &line.case;
        let (waiting_since, _) = care::waiting(case.reported_at, &line.needs);
        CaseRow {
            freshness: self.freshness(case).code().into(),
            score: self.pressing.case(line).score,
            waiting_min: waiting_since.map(|since| triage::minutes(since, self.now)),
            overdue_days: line
                .follow_due
                .map_or(0, |due| days_late(due, self.now.date())),
            ..row_of(line, &self.villages)
        }
    }

    fn freshness(&self, case: &Case) -> Freshness {
        care::freshness(Heard::Case, care::last_heard(case), self.now, &self.rules)
    }

    pub(crate) fn follow_up(&self, due: &DueFollowUp) -> FollowUpView {
        follow_up_view(&due.follow_up, &due.line, self.now.date(), &self.villages)
    }
}

/// Days from a date to today; 0 when it has not come.
fn days_late(due_on: Date, today: Date) -> i64 {
    due_on
        .until(today)
        .map_or(0, |span| i64::from(span.get_days()))
        .max(0)
}

pub(crate) fn list(app: &App, request: CaseListRequest) -> Result<CaseList, ApiError> {
    let actor = app.reader(ActionKind::Read)?;
    let query = query_of(app, &actor, &request.filter)?;
    let sort = match request.sort.as_str() {
        "waiting" => CaseSort::Waiting,
        "number" => CaseSort::Number,
        "" | "newest" => CaseSort::Newest,
        _ => return Err(ApiError::field("code_unknown", "sort")),
    };
    let store = app.store()?;
    let rows = Rows::of(app)?;
    let limit = forms::page_size(request.limit);
    let page =
        store.read(|conn| cases::page(conn, &query, sort, request.after.as_deref(), limit))?;
    Ok(CaseList {
        rows: page.rows.iter().map(|line| rows.row(line)).collect(),
        next: page.next,
        total: page.total,
    })
}

/// One line of a list, but for what depends on the moment; see [`Rows::row`].
pub(crate) fn row_of(line: &CaseLine, villages: &Villages) -> CaseRow {
    let case = &line.case;
    CaseRow {
        id: case.id.to_string(),
        number: case.number.clone(),
        name: line.person.full_name(),
        phone: line.person.phone.as_deref().map(phone::format),
        house_no: case.house_no.clone(),
        area_code: case.area_code.clone(),
        village: villages.label(&case.area_code),
        needs: line.needs.iter().map(chip).collect(),
        people_count: case.people_count,
        urgency: case.urgency.code().into(),
        state: line.state.code().into(),
        review_state: case.review_state.code().into(),
        reported_at: case.reported_at.0,
        confirmed_at: case.confirmed_at.map(|at| at.0),
        confirmed_by: case.confirmed_by.clone(),
        escalation: case.escalation.code().into(),
        has_place: case.lat.is_some(),
        referred_to: case.referred_to.clone(),
        office_code: case.office_code.clone(),
        ..CaseRow::default()
    }
}

pub(crate) fn chip(need: &Need) -> NeedChip {
    NeedChip {
        id: need.id.to_string(),
        kind: need.kind.clone(),
        state: need.state.code().into(),
        hands: need.hands.unwrap_or(1),
    }
}

/// A case this person may see; any other is not found.
pub(crate) fn visible_line(app: &App, id: &str) -> Result<CaseLine, ApiError> {
    let actor = app.actor()?;
    let id = forms::id(id)?;
    let line = app
        .store()?
        .read(|conn| cases::line(conn, id))?
        .ok_or_else(ApiError::not_found)?;
    authorize(&actor, ActionKind::Read, &line.case.subject()).map_err(StoreError::from)?;
    Ok(line)
}

pub(crate) fn get(app: &App, request: ById) -> Result<CaseDetail, ApiError> {
    // People say the number; programs say the id.
    let id = match request.id.parse() {
        Ok(id) => id,
        Err(_) => {
            let number = jitasa_thai::text::arabic_digits(request.id.trim());
            let line = app.store()?.read(|conn| cases::by_number(conn, &number))?;
            line.ok_or_else(ApiError::not_found)?.case.id
        }
    };
    visible_line(app, &id.to_string())?;
    let store = app.store()?;
    let rows = Rows::of(app)?;
    let villages = &rows.villages;
    let (whole, escalation_sent) = store.read(|conn| {
        Ok((
            cases::whole(conn, id)?,
            sync::reading::escalation_sent(conn, id)?,
        ))
    })?;
    let whole = whole.ok_or_else(ApiError::not_found)?;
    let CaseLine {
        case,
        state,
        version,
        person,
        needs,
        ..
    } = &whole.line;
    let office_name = |code: &str| {
        Gazetteer::bundled()
            .get(code)
            .map_or_else(|| code.to_string(), gazetteer::Place::titled)
    };
    Ok(CaseDetail {
        id: case.id.to_string(),
        version: *version,
        number: case.number.clone(),
        incident_id: case.incident_id.map(|id| id.to_string()),
        office_code: case.office_code.clone(),
        office_name: office_name(&case.office_code),
        referred_to: case.referred_to.clone(),
        referred_to_name: case.referred_to.as_deref().map(office_name),
        referral_note: case.referral_note.clone(),
        channel: case.channel.code().into(),
        reported_at: case.reported_at.0,
        reporter: case.reporter.clone(),
        person: PersonView {
            id: case.person_id.map(|id| id.to_string()),
            title: person.title.clone(),
            given_name: person.given_name.clone(),
            family_name: person.family_name.clone(),
            full_name: person.full_name(),
            citizen_id: person.citizen_id.as_deref().map(citizen_id::format),
            citizen_id_valid: person.citizen_id_valid,
            phone: person.phone.as_deref().map(phone::format),
        },
        area_name: places::full_name(&case.area_code),
        village: villages.label(&case.area_code),
        area_code: case.area_code.clone(),
        house_no: case.house_no.clone(),
        landmark: case.landmark.clone(),
        lat: case.lat,
        lon: case.lon,
        accuracy_m: case.accuracy_m,
        place_source: case.place_source.code().into(),
        people_count: case.people_count,
        vulnerable: case.vulnerable.clone(),
        urgency: case.urgency.code().into(),
        note: case.note.clone(),
        state: state.code().into(),
        review_state: case.review_state.code().into(),
        confirmed_at: case.confirmed_at.map(|at| at.0),
        confirmed_by: case.confirmed_by.clone(),
        freshness: rows.freshness(case).code().into(),
        triage: triage::view(&rows.pressing.case(&whole.line)),
        escalation: case.escalation.code().into(),
        escalated_at: case.escalated_at.map(|at| at.0),
        escalation_reason: case.escalation_reason.clone(),
        escalation_seen_at: case.escalation_seen_at.map(|at| at.0),
        escalation_seen_by: case.escalation_seen_by.clone(),
        escalation_sent,
        needs: needs
            .iter()
            .map(|need| NeedView {
                id: need.id.to_string(),
                kind: need.kind.clone(),
                detail: need.detail.clone(),
                state: need.state.code().into(),
                state_since: need.state_since.0,
                closing_reason: need.closing_reason.map(|reason| reason.code().into()),
                closing_note: need.closing_note.clone(),
                hands: need.hands.unwrap_or(1),
                hands_held: hands_held(need, &whole.assignments),
                moves: by_hand(need.state).map(|step| step.code().into()).collect(),
            })
            .collect(),
        assignments: assignments::views_of_case(app, &whole, villages)?,
        reviews: reviews::views(app, &whole.reviews)?,
        follow_ups: whole
            .follow_ups
            .iter()
            .map(|each| follow_up_view(each, &whole.line, rows.now.date(), villages))
            .collect(),
        history: whole.history.into_iter().map(history_line).collect(),
        pending: whole.pending,
    })
}

/// The steps a person takes with a need by hand; the others follow from its assignment.
fn by_hand(state: jitasa_domain::NeedState) -> impl Iterator<Item = NeedStep> {
    lifecycle::need_moves(state).filter(|step| {
        matches!(
            step,
            NeedStep::Verify | NeedStep::Open | NeedStep::Meet | NeedStep::Close | NeedStep::Reopen
        )
    })
}

pub(crate) fn history_line(entry: HistoryEntry) -> HistoryLine {
    HistoryLine {
        at: entry.at.0,
        actor: entry.actor,
        action: entry.action,
        entity: entry.entity,
        fields: entry.fields,
    }
}

pub(crate) fn like(app: &App, request: CaseLikeRequest) -> Result<CaseLikeList, ApiError> {
    app.reader(ActionKind::CaseCreate)?;
    // While somebody is typing nothing is refused: what cannot be read yet is not searched for.
    let likeness = Likeness {
        phone: request
            .phone
            .as_deref()
            .and_then(|text| phone::read(text).ok())
            .map(|p| p.digits),
        citizen_id: request
            .citizen_id
            .as_deref()
            .and_then(|text| citizen_id::read(text).ok())
            .filter(|reading| reading.checksum_ok)
            .map(|reading| reading.digits),
        given_name: request
            .given_name
            .map(|text| jitasa_thai::text::normalize(&text)),
        family_name: request
            .family_name
            .map(|text| jitasa_thai::text::normalize(&text)),
        house_no: request.house_no.as_deref().map(place::read_house_no),
        area_code: request.area_code,
    };
    let store = app.store()?;
    let rows = Rows::of(app)?;
    let likely = store.read(|conn| likeness::like(conn, &likeness, 8))?;
    let likely = likely
        .iter()
        .map(|(line, why)| CaseLike {
            row: rows.row(line),
            why: why.iter().map(ToString::to_string).collect(),
        })
        .collect();
    Ok(CaseLikeList { likely })
}

/// Volunteers who hold a need, or are being asked for it.
fn hands_held(need: &Need, assignments: &[Assignment]) -> u32 {
    let holding = assignments
        .iter()
        .filter(|each| each.need_id == need.id && each.state.is_active());
    u32::try_from(holding.count()).unwrap_or(u32::MAX)
}

/// Follow-ups that one answer lists.
const FOLLOW_UPS_MAX: u32 = 500;

pub(crate) fn follow_ups(
    app: &App,
    request: FollowUpListRequest,
) -> Result<FollowUpList, ApiError> {
    let actor = app.reader(ActionKind::Read)?;
    let due_by = forms::optional_date(request.due_by.as_deref(), "due_by")?;
    let villages = App::limited_to(&actor);
    let rows = Rows::of(app)?;
    let (due, total) = app.store()?.read(|conn| {
        let villages = villages.as_deref();
        Ok((
            follow_ups::due_follow_ups(conn, due_by, villages, FOLLOW_UPS_MAX)?,
            follow_ups::count(conn, due_by, villages)?,
        ))
    })?;
    Ok(FollowUpList {
        follow_ups: due.iter().map(|each| rows.follow_up(each)).collect(),
        total,
    })
}

/// A date to look again. What the rule set says why by a code; the screens have the words.
fn follow_up_view(
    follow_up: &FollowUp,
    line: &CaseLine,
    today: Date,
    villages: &Villages,
) -> FollowUpView {
    let case = &line.case;
    let is_code = follow_up.by_rule && [LOOK_AGAIN, ASK_HELP_CAME].contains(&&*follow_up.note);
    let (why, note) = if is_code {
        (follow_up.note.clone(), String::new())
    } else {
        (String::new(), follow_up.note.clone())
    };
    FollowUpView {
        id: follow_up.id.to_string(),
        case_id: case.id.to_string(),
        case_number: case.number.clone(),
        name: line.person.full_name(),
        due_on: follow_up.due_on.to_string(),
        note,
        done_at: follow_up.done_at.map(|at| at.0),
        outcome: follow_up.outcome.clone(),
        by_rule: follow_up.by_rule,
        why,
        overdue_days: if follow_up.done_at.is_some() {
            0
        } else {
            days_late(follow_up.due_on, today)
        },
        phone: line.person.phone.as_deref().map(phone::format),
        village: villages.label(&case.area_code),
        urgency: case.urgency.code().into(),
    }
}
