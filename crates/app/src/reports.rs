//! วันนี้, and the figures of the situation report.

use jitasa_domain::{
    ActionKind, AssignmentState, CaseState, KindList, ReviewState, Timestamp, Urgency,
};
use jitasa_store::{
    desk,
    query::{
        assignments,
        cases::{self, CaseQuery, CaseSort},
        escalations,
        figures::{self, Figure},
        follow_ups, held_up, office,
    },
    sync,
};

use crate::{
    ApiError, App, care,
    case_views::{self, Rows},
    forms,
    places::Villages,
    shifts, status,
    views::{Nothing, report::*},
};

const DAY_MS: i64 = 86_400_000;
const HOUR_MS: i64 = 3_600_000;
/// Lines of each list of the first screen.
const LINES: u32 = 8;
/// The longest span of a report.
const SPAN_DAYS_MAX: i64 = 400;

pub(crate) fn today(app: &App, _: Nothing) -> Result<Today, ApiError> {
    // The office's own page: it names people of every village.
    let actor = app.reader(ActionKind::Export)?;
    let now = app.env().now();
    let date = now.date();
    let (from, to) = (forms::midnight(date), now.plus_ms(1));
    let store = app.store()?;
    let rows = Rows::of(app)?;
    let limited = App::limited_to(&actor);
    let his = limited.as_deref();
    let own = CaseQuery {
        only_villages: limited.clone(),
        ..CaseQuery::default()
    };
    let today = store.read(|conn| {
        let count = |query: CaseQuery| cases::count(conn, &query);
        let waiting = cases::page(
            conn,
            &CaseQuery {
                states: vec![CaseState::Reported, CaseState::Open],
                ..own.clone()
            },
            CaseSort::Waiting,
            None,
            LINES,
        )?;
        let board = assignments::board(conn, &[], &[], None, 1)?;
        let (to_recheck, stale_cases) = care::to_recheck(conn, now, his)?;
        let (_, escalated) = escalations::count(conn, &actor.office_code, his)?;
        let (since_last_look, looked) = shifts::since_last_look(conn, actor.id, now)?;
        let inbox_villages: Vec<String> = match limited.clone() {
            Some(villages) => villages,
            None => office::villages(conn, None)?
                .into_iter()
                .map(|area| area.code)
                .collect(),
        };
        Ok(Today {
            date: date.to_string(),
            new_cases: figures::new_cases(conn, None, from, to)?,
            met_needs: figures::met_needs(conn, None, from, to)?,
            open_cases: count(own.clone())?,
            critical_open: count(CaseQuery {
                urgencies: vec![Urgency::Critical],
                states: vec![CaseState::Reported, CaseState::Open, CaseState::InProgress],
                ..own.clone()
            })?,
            needs_without_hands: board.total,
            offers_unanswered: assignments::count_in(conn, &[AssignmentState::Offered])?,
            awaiting_review: assignments::inbox(conn, &inbox_villages, None, 1)?.total,
            sent_back: count(CaseQuery {
                review_states: ReviewState::SENT_BACK.to_vec(),
                ..own.clone()
            })?,
            without_place: count(CaseQuery {
                no_place: true,
                ..own.clone()
            })?,
            overdue_follow_ups: follow_ups::count(conn, Some(care::yesterday(date)), his)?,
            stale_cases,
            pending_changes: sync::pending_count(conn)?,
            needs_person: sync::trouble::open_count(conn)?,
            escalated,
            offers_expiring: escalations::offers_expired(conn, now.plus_ms(HOUR_MS))?,
            held_up: i64::try_from(held_up::all(conn, now, &office::rules(conn)?)?.len())
                .unwrap_or(i64::MAX),
            to_recheck,
            since_last_look,
            last_look_at: looked.map(|at| at.0),
            escalations: escalations::taken_further(conn, &actor.office_code, his, LINES)?
                .iter()
                .map(|line| rows.row(line))
                .collect(),
            waiting_longest: waiting.rows.iter().map(|line| rows.row(line)).collect(),
            follow_ups: follow_ups::due_follow_ups(conn, Some(date), his, LINES)?
                .iter()
                .map(|due| rows.follow_up(due))
                .collect(),
            recent: cases::recent(conn, from, 12)?
                .into_iter()
                .map(case_views::history_line)
                .collect(),
        })
    })?;
    Ok(today)
}

pub(crate) fn report(app: &App, request: ReportRequest) -> Result<Report, ApiError> {
    app.reader(ActionKind::Export)?;
    let from = forms::date(&request.from, "from")?;
    let to = forms::date(&request.to, "to")?;
    if to < from {
        return Err(ApiError::field("dates_reversed", "to"));
    }
    let start = forms::midnight(from);
    let end = forms::midnight(to).plus_ms(DAY_MS);
    let days = (end.0 - start.0) / DAY_MS;
    if days > SPAN_DAYS_MAX {
        return Err(ApiError::field("span_too_long", "to").with("max", SPAN_DAYS_MAX));
    }
    let before = Timestamp(start.0 - (end.0 - start.0));
    let store = app.store()?;
    let villages = Villages::of(&store)?;
    let report = store.read(|conn| {
        let incident = desk::reading::incident_id(conn)?;
        let current = match incident {
            Some(id) => office::incident(conn, id)?,
            None => None,
        };
        let needs = office::kinds(conn, KindList::Need)?;
        let need_label = |code: &str| {
            needs
                .iter()
                .find(|kind| kind.code == code)
                .map_or_else(|| code.into(), |kind| kind.th.clone())
        };
        let mut new_by_day = Vec::new();
        for day in 0..days {
            let (since, until) = (
                start.plus_ms(day * DAY_MS),
                start.plus_ms((day + 1) * DAY_MS),
            );
            new_by_day.push(ReportDay {
                date: since.date().to_string(),
                new: figures::new_cases(conn, incident, since, until)?,
                met: figures::met_needs(conn, incident, since, until)?,
            });
        }
        let by_state = figures::cases_by_state(conn, incident, end)?;
        Ok(Report {
            incident: current.map(|each| status::incident_view(&each)),
            from: from.to_string(),
            to: to.to_string(),
            cases_total: by_state.iter().map(|figure| figure.total).sum(),
            cases_new: figures::new_cases(conn, incident, start, end)?,
            cases_before: figures::new_cases(conn, incident, before, start)?,
            people_total: figures::people(conn, incident, end)?,
            needs_by_kind: lines(figures::needs_by_kind(conn, incident, end)?, need_label),
            cases_by_village: lines(figures::cases_by_area(conn, incident, end)?, |code| {
                villages.label(code)
            }),
            // The words of these codes are in the catalogue.
            cases_by_urgency: lines(figures::cases_by_urgency(conn, incident, end)?, |_| {
                String::new()
            }),
            cases_by_state: lines(by_state, |_| String::new()),
            new_by_day,
        })
    })?;
    Ok(report)
}

fn lines(figures: Vec<Figure>, label: impl Fn(&str) -> String) -> Vec<ReportLine> {
    figures
        .into_iter()
        .map(|figure| ReportLine {
            label: label(&figure.code),
            code: figure.code,
            total: figure.total,
            open: figure.open,
            met: figure.met,
        })
        .collect()
}
