//! Who is to be rung: cases, volunteers and service points that nobody has heard of for a while.

use jitasa_domain::{
    Availability, ServicePoint, Timestamp, Urgency, Volunteer,
    care::{self, Freshness, Heard},
    rules::Rules,
};
use rusqlite::{Connection, params_from_iter, types::Value as Cell};

use super::{
    Conditions,
    cases::{self, CaseLine},
};
use crate::{StoreError, rows};

/// Somebody or something to ring.
#[derive(Debug, Clone)]
pub enum Call {
    Case(Box<CaseLine>),
    Volunteer(Box<Volunteer>),
    ServicePoint(Box<ServicePoint>),
}

/// A call, with when it was last heard of.
#[derive(Debug, Clone)]
pub struct Recheck {
    pub call: Call,
    pub last_heard: Timestamp,
    pub heard_by: Option<String>,
    pub freshness: Freshness,
    /// Calls nobody answered since.
    pub tries: u32,
    tried_at: Option<Timestamp>,
}

/// What is rung.
#[derive(Debug, Clone)]
pub struct RecheckQuery<'a> {
    pub kinds: &'a [Heard],
    /// Codes of villages, or of areas above them; none: everywhere.
    pub areas: &'a [String],
    /// What the person may see: a headman's villages. `None` is the whole office.
    pub villages: Option<&'a [String]>,
    pub now: Timestamp,
    /// Only what is stale, not what fades.
    pub only_stale: bool,
}

/// Whoever did not answer a moment ago is not rung again before the others.
const RUNG_JUST_NOW_MS: i64 = 3_600_000;

impl RecheckQuery<'_> {
    /// What was last heard of by this moment is to be rung.
    fn heard_by(&self, kind: Heard, rules: &Rules) -> i64 {
        let (fading, stale) = care::fresh_for_ms(kind, rules);
        let age = if self.only_stale { stale } else { fading };
        self.now.0.saturating_sub(age)
    }

    fn places(&self, conditions: &mut Conditions, column: &str) {
        conditions.within(column, self.areas);
        if let Some(villages) = self.villages {
            if villages.is_empty() {
                conditions.add("0");
            }
            conditions.one_of(column, villages.iter().cloned());
        }
    }

    fn of(&self, kind: Heard, rules: &Rules) -> Conditions {
        let mut conditions = Conditions::default();
        let heard = match kind {
            Heard::Case => {
                conditions.add(
                    "c.void_reason IS NULL AND c.is_open = 1 AND c.urgency_rank IN (0, 1, 2, 3)",
                );
                "max(c.reported_at, coalesce(c.confirmed_at, 0))"
            }
            Heard::Volunteer => {
                // Whoever is there, or should be back; and, once the word is stale, whoever is away and did
                // not say until when.
                let today = self.now.date().to_string();
                let stale = Self {
                    only_stale: true,
                    ..self.clone()
                }
                .heard_by(kind, rules);
                conditions.with(
                    "c.void_reason IS NULL AND (c.availability = ? OR (c.availability = ?
                     AND (c.away_until < ? OR (c.away_until IS NULL
                     AND coalesce(c.confirmed_at, c.created_at) <= ?))))",
                    [
                        Cell::Text(Availability::Available.code().into()),
                        Cell::Text(Availability::OnLeave.code().into()),
                        Cell::Text(today),
                        Cell::Integer(stale),
                    ],
                );
                "coalesce(c.confirmed_at, c.created_at)"
            }
            Heard::ServicePoint => {
                conditions.add("c.void_reason IS NULL");
                "coalesce(c.confirmed_at, c.created_at)"
            }
        };
        conditions.with(
            format!("{heard} <= ?"),
            [Cell::Integer(self.heard_by(kind, rules))],
        );
        self.places(&mut conditions, "c.area_code");
        conditions
    }
}

const fn table(kind: Heard) -> &'static str {
    match kind {
        Heard::Case => "\"case\" c INDEXED BY case_heard_of",
        Heard::Volunteer => "volunteer c",
        Heard::ServicePoint => "service_point c",
    }
}

/// How many are to be rung.
///
/// # Errors
/// When the file cannot be read.
pub fn count(conn: &Connection, query: &RecheckQuery, rules: &Rules) -> Result<i64, StoreError> {
    let mut total = 0;
    for kind in query.kinds {
        let conditions = query.of(*kind, rules);
        let sql = format!("SELECT count(*) FROM {} {}", table(*kind), conditions.sql());
        total += conn
            .prepare_cached(&sql)?
            .query_row(params_from_iter(conditions.cells), |row| {
                row.get::<_, i64>(0)
            })?;
    }
    Ok(total)
}

/// Who is to be rung, most pressing first: danger to life, then places people are sent to, then the rest;
/// of these whoever was heard of longest ago. Who did not answer within the hour comes last.
///
/// # Errors
/// When the file cannot be read.
pub fn list(
    conn: &Connection,
    query: &RecheckQuery,
    rules: &Rules,
    limit: usize,
) -> Result<Vec<Recheck>, StoreError> {
    let mut calls = Vec::new();
    for kind in query.kinds {
        let conditions = query.of(*kind, rules);
        let order = match kind {
            Heard::Case => "c.urgency_rank, max(c.reported_at, coalesce(c.confirmed_at, 0)), c.pk",
            Heard::Volunteer | Heard::ServicePoint => {
                "coalesce(c.confirmed_at, c.created_at), c.pk"
            }
        };
        // Those tried just now fill the page only when there are no others.
        let just_now = query.now.plus_ms(-RUNG_JUST_NOW_MS).0;
        for tried in ["coalesce(c.tried_at, 0) <= ?", "c.tried_at > ?"] {
            let room = limit.saturating_sub(calls.len());
            if tried.starts_with("c.tried_at") && room == 0 {
                continue;
            }
            let mut those = conditions.clone();
            those.with(tried, [Cell::Integer(just_now)]);
            those
                .cells
                .push(Cell::Integer(i64::try_from(limit).unwrap_or(i64::MAX)));
            let sql = format!(
                "SELECT c.id FROM {} {} ORDER BY {order} LIMIT ?",
                table(*kind),
                those.sql()
            );
            let ids: Vec<String> = conn
                .prepare_cached(&sql)?
                .query_map(params_from_iter(those.cells), |row| row.get(0))?
                .collect::<Result<_, _>>()?;
            for id in ids {
                let id = id.parse().map_err(|_| StoreError::Row("id"))?;
                calls.extend(call(conn, *kind, id, query.now, rules)?);
            }
        }
    }
    calls.sort_by_key(|each| {
        let just_tried = each
            .tried_at
            .is_some_and(|at| at.0 > query.now.0 - RUNG_JUST_NOW_MS);
        let order = care::call_order(each.freshness, urgency(&each.call), each.last_heard);
        (just_tried, order)
    });
    calls.truncate(limit);
    Ok(calls)
}

/// A service point comes with the urgent: people are sent there.
fn urgency(call: &Call) -> Option<Urgency> {
    match call {
        Call::Case(line) => Some(line.case.urgency),
        Call::ServicePoint(_) => Some(Urgency::Urgent),
        Call::Volunteer(_) => None,
    }
}

fn call(
    conn: &Connection,
    kind: Heard,
    id: uuid::Uuid,
    now: Timestamp,
    rules: &Rules,
) -> Result<Option<Recheck>, StoreError> {
    let made = |call, last_heard, heard_by, tries, tried_at: Option<Timestamp>| Recheck {
        call,
        last_heard,
        heard_by,
        freshness: care::freshness(kind, last_heard, now, rules),
        tries: if tried_at.is_some_and(|at| at > last_heard) {
            tries
        } else {
            0
        },
        tried_at,
    };
    Ok(match kind {
        Heard::Case => cases::line(conn, id)?.map(|line| {
            let case = &line.case;
            let heard = care::last_heard(case);
            let by = case.confirmed_by.clone();
            let (tries, tried_at) = (case.tries, case.tried_at);
            made(Call::Case(Box::new(line)), heard, by, tries, tried_at)
        }),
        Heard::Volunteer => rows::get::<Volunteer>(conn, id)?.map(|who| {
            let heard = who.confirmed_at.unwrap_or(who.created_at);
            let by = who.confirmed_by.clone();
            let (tries, tried_at) = (who.tries, who.tried_at);
            made(Call::Volunteer(Box::new(who)), heard, by, tries, tried_at)
        }),
        Heard::ServicePoint => rows::get::<ServicePoint>(conn, id)?.map(|point| {
            let heard = point.confirmed_at.unwrap_or(point.created_at);
            let by = point.confirmed_by.clone();
            let (tries, tried_at) = (point.tries, point.tried_at);
            made(
                Call::ServicePoint(Box::new(point)),
                heard,
                by,
                tries,
                tried_at,
            )
        }),
    })
}
