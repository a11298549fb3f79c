//! What a shift hands over: what happened since somebody last looked, and what the next one must know.

use jitasa_domain::{ActionKind, AssignmentState, Timestamp, authorize, care::Heard};
use jitasa_store::{
    Connection, StoreError,
    query::{
        cases::{self, CaseLine},
        escalations, figures, follow_ups, office,
        rechecks::{self, Call, RecheckQuery},
        shift::{self, Listed, Span},
    },
    sync::{self, trouble::TroubleQuery},
};

use crate::{
    ApiError, App, care,
    case_views::Rows,
    places::Villages,
    views::{Nothing, care::*},
    words,
};

/// Somebody who has never looked sees the last half day.
const NEVER_LOOKED_MS: i64 = 12 * 3_600_000;
/// Lines of a list; the rest is counted.
const LINES_MAX: u32 = 10;
/// The farthest back one looks at once.
const SPAN_MS_MAX: i64 = 31 * 86_400_000;

pub(crate) fn get(app: &App, request: ShiftRequest) -> Result<ShiftPage, ApiError> {
    page(app, request.since, LINES_MAX)
}

/// The page since a moment (absent: since he last looked), with at most so many lines a list.
pub(crate) fn page(app: &App, since: Option<i64>, lines_max: u32) -> Result<ShiftPage, ApiError> {
    let actor = app.reader(ActionKind::Read)?;
    let now = app.env().now();
    let villages = App::limited_to(&actor);
    // What leaves the office, and what comes to it, is not a headman's.
    let sees_sync = authorize(
        &actor,
        ActionKind::Export,
        &jitasa_domain::Subject {
            office_code: &actor.office_code,
            ..Default::default()
        },
    )
    .is_ok();
    let rows = Rows::of(app)?;
    let page = app.store()?.read(|conn| {
        // Up to that very moment he has seen.
        let looked = shift::looked_at(conn, actor.id)?;
        let since = since
            .map(Timestamp)
            .or(looked.map(|at| at.plus_ms(1)))
            .unwrap_or_else(|| now.plus_ms(-NEVER_LOOKED_MS));
        let span = Span {
            since: since.clamp(now.plus_ms(-SPAN_MS_MAX), now),
            // What was done at this very moment is seen, too.
            until: now.plus_ms(1),
            villages: villages.as_deref(),
        };
        let look = Look {
            conn,
            span,
            office_code: &actor.office_code,
            villages: &rows.villages,
            lines_max,
        };
        let mut sections = look.sections()?;
        if sees_sync {
            sections.insert(sections.len() - 1, look.conflicts()?);
        }
        Ok(ShiftPage {
            since: span.since.0,
            until: now.0,
            figures: figures_of(conn, &span)?,
            sections,
        })
    })?;
    Ok(page)
}

pub(crate) fn seen(app: &App, request: ShiftSeen) -> Result<Nothing, ApiError> {
    let actor = app.reader(ActionKind::Read)?;
    // Nobody has read what has not happened yet.
    let until = Timestamp(request.until.clamp(0, app.env().now().0));
    app.store()?.set_looked_at(actor.id, until)?;
    Ok(Nothing {})
}

/// Acts worth a figure, with the code they are counted under.
const COUNTED: &[(&str, &str)] = &[
    ("case_create", "case_create"),
    ("cases_import", "case_create"),
    ("case_close", "case_close"),
    ("case_reopen", "case_reopen"),
    ("assignment_propose", "assignment_propose"),
    ("assignment_claim", "assignment_propose"),
    ("review_decide", "review_decide"),
    ("tick_list_key_back", "review_decide"),
    ("follow_up_done", "follow_up_done"),
    ("recheck_answer", "recheck_answer"),
    ("receiver_word", "receiver_word"),
    ("cases_escalate", "escalated"),
];

fn figures_of(conn: &Connection, span: &Span) -> Result<Vec<ShiftFigure>, StoreError> {
    use AssignmentState as S;
    let done = shift::done(conn, span)?;
    let mut figures: Vec<ShiftFigure> = Vec::new();
    let mut add = |code: &str, count: i64| match figures.iter_mut().find(|each| each.code == code) {
        Some(figure) => figure.count += count,
        None => figures.push(ShiftFigure {
            code: code.into(),
            count,
        }),
    };
    for (action, code) in COUNTED {
        let of_action = done.iter().find(|(done, _)| done == action);
        add(code, of_action.map_or(0, |(_, count)| *count));
    }
    if span.villages.is_none() {
        add(
            "need_met",
            figures::met_needs(conn, None, span.since, span.until)?,
        );
    }
    let states: [(&str, &[S]); 3] = [
        ("assignment_done", &[S::Done, S::PartlyDone, S::Confirmed]),
        ("assignment_declined", &[S::Declined, S::Failed]),
        ("assignment_expired", &[S::Expired]),
    ];
    for (code, states) in states {
        add(code, shift::came_to(conn, span, states)?);
    }
    Ok(figures)
}

/// What was written down where nothing was said is a code of the program; people read words.
fn worded(notes: Listed) -> Listed {
    let lines = notes.lines.into_iter().map(|(line, at, note)| {
        let note = note.map(|note| words::word("recheck.outcome", &note).unwrap_or(note));
        (line, at, note)
    });
    Listed {
        lines: lines.collect(),
        ..notes
    }
}

/// How the lists of a page are come by.
struct Look<'a> {
    conn: &'a Connection,
    span: Span<'a>,
    office_code: &'a str,
    villages: &'a Villages,
    lines_max: u32,
}

impl Look<'_> {
    /// What the next shift must know, most pressing first.
    fn sections(&self) -> Result<Vec<ShiftSection>, StoreError> {
        let (conn, span, max) = (self.conn, &self.span, self.lines_max);
        Ok(vec![
            self.section("critical_new", shift::critical_new(conn, span, max)?),
            self.escalated()?,
            self.section("sent_back", shift::sent_back(conn, span, max)?),
            self.section("waiting_longest", shift::waiting_longest(conn, span, max)?),
            self.section("declined", shift::come_to_nothing(conn, span, max)?),
            self.section(
                "offers_unanswered",
                shift::offers_unanswered(conn, span, max)?,
            ),
            self.overdue()?,
            self.stale()?,
            self.section("notes", worded(shift::notes(conn, span, max)?)),
        ])
    }

    fn section(&self, code: &str, listed: Listed) -> ShiftSection {
        ShiftSection {
            code: code.into(),
            total: listed.total,
            rows: listed
                .lines
                .iter()
                .map(|(line, at, note)| self.row(line, *at, note.clone()))
                .collect(),
        }
    }

    fn row(&self, line: &CaseLine, at: Option<Timestamp>, note: Option<String>) -> ShiftRow {
        ShiftRow {
            case_id: Some(line.case.id.to_string()),
            number: Some(line.case.number.clone()),
            name: line.person.full_name(),
            village: self.villages.label(&line.case.area_code),
            needs: care::open_needs(line),
            urgency: Some(line.case.urgency.code().into()),
            at: at.map(|at| at.0),
            note: note.filter(|note| !note.is_empty()),
        }
    }

    fn escalated(&self) -> Result<ShiftSection, StoreError> {
        let (office, villages) = (self.office_code, self.span.villages);
        let lines = escalations::taken_further(self.conn, office, villages, self.lines_max)?;
        let (total, _) = escalations::count(self.conn, office, villages)?;
        Ok(ShiftSection {
            code: "escalated".into(),
            total,
            rows: lines
                .iter()
                .map(|line| self.row(line, line.case.escalated_at, None))
                .collect(),
        })
    }

    fn overdue(&self) -> Result<ShiftSection, StoreError> {
        let late = Some(care::yesterday(self.span.until.date()));
        let villages = self.span.villages;
        let due = follow_ups::due_follow_ups(self.conn, late, villages, self.lines_max)?;
        Ok(ShiftSection {
            code: "overdue_follow_ups".into(),
            total: follow_ups::count(self.conn, late, villages)?,
            rows: due
                .into_iter()
                .map(|due| {
                    let at = Timestamp::from_bangkok(due.follow_up.due_on.at(0, 0, 0, 0));
                    // What the rule set carries a code there, for which the screens have words.
                    let note = Some(due.follow_up.note).filter(|_| !due.follow_up.by_rule);
                    self.row(&due.line, Some(at), note)
                })
                .collect(),
        })
    }

    fn stale(&self) -> Result<ShiftSection, StoreError> {
        let rules = office::rules(self.conn)?;
        let query = RecheckQuery {
            kinds: &[Heard::Case],
            areas: &[],
            villages: self.span.villages,
            now: self.span.until,
            only_stale: true,
        };
        let calls = rechecks::list(self.conn, &query, &rules, self.lines_max as usize)?;
        Ok(ShiftSection {
            code: "stale".into(),
            total: rechecks::count(self.conn, &query, &rules)?,
            rows: calls
                .iter()
                .filter_map(|recheck| match &recheck.call {
                    Call::Case(line) => Some(self.row(line, Some(recheck.last_heard), None)),
                    Call::Volunteer(_) | Call::ServicePoint(_) => None,
                })
                .collect(),
        })
    }

    /// Changes that need a person to decide.
    fn conflicts(&self) -> Result<ShiftSection, StoreError> {
        let mut rows = Vec::new();
        let open = TroubleQuery {
            limit: self.lines_max,
            ..TroubleQuery::default()
        };
        for (trouble, _) in sync::trouble::list(self.conn, &open)? {
            let change = &trouble.change;
            let case_id = match change.entity {
                jitasa_domain::Entity::Case => Some(change.entity_id),
                entity => cases::case_of(self.conn, entity, change.entity_id)?,
            };
            let line = match case_id {
                Some(id) => cases::line(self.conn, id)?,
                None => None,
            };
            rows.push(match line {
                Some(line) => self.row(&line, Some(trouble.at), None),
                None => ShiftRow {
                    at: Some(trouble.at.0),
                    ..ShiftRow::default()
                },
            });
        }
        Ok(ShiftSection {
            code: "conflicts".into(),
            total: sync::trouble::open_count(self.conn)?,
            rows,
        })
    }
}

/// What others did since this person last looked, and when that was.
pub(crate) fn since_last_look(
    conn: &Connection,
    actor_id: uuid::Uuid,
    now: Timestamp,
) -> Result<(i64, Option<Timestamp>), StoreError> {
    let looked = shift::looked_at(conn, actor_id)?;
    let since = looked.unwrap_or_else(|| now.plus_ms(-NEVER_LOOKED_MS));
    Ok((shift::changed_by_others(conn, actor_id, since)?, looked))
}
