//! Changes that the server did not apply, until a person has decided about each and after: what was decided stays
//! listed with both values, so that the other side can be put back.
//!
//! What a person decides at once is one *matter*: a change in conflict; of what was held, all that one act wrote of
//! one case (a call with its person and its needs is one thing to whoever keyed it).

use std::collections::{BTreeMap, BTreeSet};

use jitasa_domain::{
    Entity, Timestamp,
    change::{Author, Change},
    merge::groups,
};
use rusqlite::{Connection, OptionalExtension, Row, ToSql, params};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::{StoreError, form, rows};

/// A change the server did not apply.
#[derive(Debug, Clone)]
pub struct Trouble {
    /// `conflict` or `held`.
    pub kind: String,
    /// Code of the reason.
    pub reason: String,
    pub change: Change,
    /// The values that stood at the server: per field in conflict; per field of a held change that the office may see.
    pub theirs: Map<String, Value>,
    /// Who wrote them, where the server says so.
    pub theirs_by: BTreeMap<String, Author>,
    /// When this desk was told.
    pub at: Timestamp,
    /// When all of it was decided, and by whom.
    pub decided_at: Option<Timestamp>,
    pub decided_by: Option<String>,
    /// What was decided, the last at the end.
    pub decisions: Vec<Decision>,
}

/// For which side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// What stands stays. Of a held change: no more is needed.
    Stands,
    /// What this desk wrote is written again.
    Ours,
    /// What stood at the server is put back.
    Theirs,
}

impl Side {
    /// Its stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Stands => "stands",
            Self::Ours => "ours",
            Self::Theirs => "theirs",
        }
    }

    /// The side of a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Stands, Self::Ours, Self::Theirs]
            .into_iter()
            .find(|side| side.code() == code)
    }
}

/// One decision about some fields of a change.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Decision {
    /// The act it was, which undo takes back.
    pub act_id: Uuid,
    pub side: Side,
    pub fields: Vec<String>,
    /// What stood, where something was put over it; also in fields that the change did not write and that belong
    /// with those it did.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub was: Map<String, Value>,
    /// As shown to people.
    pub by: String,
    pub at: Timestamp,
}

impl Trouble {
    /// Whether two desks wrote the same field; else it was held.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        self.kind == "conflict"
    }

    /// The fields it is about.
    pub fn fields(&self) -> impl Iterator<Item = &String> {
        if self.is_conflict() {
            self.theirs.keys()
        } else {
            self.change.fields.keys()
        }
    }

    /// The same in parts that are decided together, each in the order in which its record lists them.
    #[must_use]
    pub fn groups(&self) -> Vec<Vec<&str>> {
        let mut parts: Vec<Vec<&str>> = Vec::new();
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        let about: Vec<&str> = self.fields().map(String::as_str).collect();
        for name in &about {
            if seen.contains(name) {
                continue;
            }
            let part: Vec<&str> = groups(self.change.entity)
                .iter()
                .find(|group| group.contains(name))
                .map_or_else(
                    || vec![*name],
                    |group| {
                        group
                            .iter()
                            .copied()
                            .filter(|each| about.contains(each))
                            .collect()
                    },
                );
            seen.extend(part.iter().copied());
            parts.push(part);
        }
        parts
    }

    /// The last decision about a field.
    #[must_use]
    pub fn decision_on(&self, field: &str) -> Option<&Decision> {
        self.decisions
            .iter()
            .rev()
            .find(|each| each.fields.iter().any(|name| name == field))
    }

    fn is_decided(&self) -> bool {
        self.fields().all(|name| self.decision_on(name).is_some())
    }
}

/// What stands of a record now.
#[derive(Debug, Clone, PartialEq)]
pub enum Standing {
    Here(Map<String, Value>),
    /// It was taken out of use.
    Voided(Map<String, Value>),
    /// It is not on this desk: it left the office's scope, or never came to be.
    Gone,
}

impl Standing {
    /// The record's fields, where it is on this desk.
    #[must_use]
    pub const fn fields(&self) -> Option<&Map<String, Value>> {
        match self {
            Self::Here(fields) | Self::Voided(fields) => Some(fields),
            Self::Gone => None,
        }
    }
}

/// Which matters to list.
#[derive(Debug, Clone, Default)]
pub struct TroubleQuery {
    pub decided: bool,
    /// Only what this person wrote.
    pub of_actor: Option<Uuid>,
    /// Go on after this one (its change).
    pub after: Option<Uuid>,
    pub limit: u32,
}

/// How many matters there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TroubleCounts {
    /// To decide: two desks wrote one field.
    pub conflicts: i64,
    /// To decide: held.
    pub held: i64,
    pub decided: i64,
}

const COLUMNS: &str = "t.kind, t.reason, t.change, t.theirs, t.theirs_by, t.at, t.decided_at, t.decided_by, t.decision";

/// What makes one matter: the change in conflict, or the act and the case of what was held.
const MATTER: &str = "CASE t.kind WHEN 'conflict' THEN t.change_id ELSE
    json_extract(t.change, '$.act_id') || coalesce(json_extract(t.change, '$.fields.case_id'),
        CASE t.entity
            WHEN 'need' THEN (SELECT case_id FROM need r WHERE r.id = t.entity_id)
            WHEN 'assignment' THEN (SELECT case_id FROM assignment r WHERE r.id = t.entity_id)
            WHEN 'review' THEN (SELECT case_id FROM review r WHERE r.id = t.entity_id)
            WHEN 'follow_up' THEN (SELECT case_id FROM follow_up r WHERE r.id = t.entity_id)
            WHEN 'person' THEN (SELECT case_id FROM person r WHERE r.id = t.entity_id)
        END, t.entity_id) END";

fn read_row(row: &Row) -> Result<Trouble, StoreError> {
    fn json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, StoreError> {
        serde_json::from_str(text).map_err(|_| StoreError::Row("trouble"))
    }
    let text = |index: usize| row.get::<_, String>(index);
    let decisions: Option<String> = row.get(8)?;
    Ok(Trouble {
        kind: text(0)?,
        reason: text(1)?,
        change: json(&text(2)?)?,
        theirs: json(&text(3)?)?,
        theirs_by: json(&text(4)?)?,
        at: Timestamp(row.get(5)?),
        decided_at: row.get::<_, Option<i64>>(6)?.map(Timestamp),
        decided_by: row.get(7)?,
        decisions: decisions.map_or_else(|| Ok(Vec::new()), |text| json(&text))?,
    })
}

fn select(
    conn: &Connection,
    rest: &str,
    params: &[&dyn ToSql],
) -> Result<Vec<Trouble>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM trouble t {rest}");
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query(params)?;
    let mut troubles = Vec::new();
    while let Some(row) = rows.next()? {
        troubles.push(read_row(row)?);
    }
    Ok(troubles)
}

/// Every change that was not applied, the first first.
///
/// # Errors
/// When the file cannot be read.
pub fn all(conn: &Connection) -> Result<Vec<Trouble>, StoreError> {
    select(conn, "ORDER BY t.pk", &[])
}

/// All troubles ever about one record.
pub(super) fn of_record(conn: &Connection, id: Uuid) -> Result<Vec<Trouble>, StoreError> {
    select(conn, "WHERE t.entity_id = ?1", &[&id.to_string()])
}

/// How many matters there are, of one person or of all.
pub fn counts(conn: &Connection, of_actor: Option<Uuid>) -> Result<TroubleCounts, StoreError> {
    let sql = format!(
        "SELECT count(DISTINCT CASE WHEN t.decided_at IS NULL AND t.kind = 'conflict' THEN {MATTER} END),
                count(DISTINCT CASE WHEN t.decided_at IS NULL AND t.kind = 'held' THEN {MATTER} END),
                count(DISTINCT CASE WHEN t.decided_at IS NOT NULL THEN {MATTER} END)
         FROM trouble t WHERE ?1 IS NULL OR json_extract(t.change, '$.actor_id') = ?1"
    );
    let of_actor = of_actor.map(|id| id.to_string());
    Ok(conn.prepare_cached(&sql)?.query_row([of_actor], |row| {
        Ok(TroubleCounts {
            conflicts: row.get(0)?,
            held: row.get(1)?,
            decided: row.get(2)?,
        })
    })?)
}

/// How many matters wait for a person.
pub fn open_count(conn: &Connection) -> Result<i64, StoreError> {
    let sql = format!("SELECT count(DISTINCT {MATTER}) FROM trouble t WHERE t.decided_at IS NULL");
    Ok(conn.prepare_cached(&sql)?.query_row([], |row| row.get(0))?)
}

/// Matters by their first change: those to decide, the oldest first; those decided, the last decided first. With how
/// many changes each is of.
pub fn list(conn: &Connection, query: &TroubleQuery) -> Result<Vec<(Trouble, i64)>, StoreError> {
    let of_actor = query.of_actor.map(|id| id.to_string());
    let after = query.after.map(|id| id.to_string());
    let (which, order, beyond) = if query.decided {
        (
            "t.decided_at IS NOT NULL",
            "max(t.decided_at) DESC, min(t.pk) DESC",
            "(max(t.decided_at), min(t.pk)) < (SELECT decided_at, pk FROM trouble WHERE change_id = ?2)",
        )
    } else {
        (
            "t.decided_at IS NULL",
            "min(t.pk)",
            "min(t.pk) > (SELECT pk FROM trouble WHERE change_id = ?2)",
        )
    };
    let sql = format!(
        "SELECT min(t.pk), count(*) FROM trouble t
         WHERE {which} AND (?1 IS NULL OR json_extract(t.change, '$.actor_id') = ?1)
         GROUP BY {MATTER} HAVING ?2 IS NULL OR {beyond} ORDER BY {order} LIMIT ?3"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let firsts = statement
        .query_map(params![of_actor, after, query.limit], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?))
        })?
        .collect::<Result<Vec<_>, _>>()?;
    let mut listed = Vec::with_capacity(firsts.len());
    for (pk, of) in firsts {
        let first = select(conn, "WHERE t.pk = ?1", &[&pk])?;
        listed.extend(first.into_iter().map(|first| (first, of)));
    }
    Ok(listed)
}

/// What is decided together with a change, in the order in which it was done; nothing where there is no such trouble.
pub fn matter(conn: &Connection, change_id: Uuid) -> Result<Vec<Trouble>, StoreError> {
    let found: Option<(String, bool)> = conn
        .prepare_cached(&format!(
            "SELECT {MATTER}, t.decided_at IS NULL FROM trouble t WHERE t.change_id = ?1"
        ))?
        .query_row([change_id.to_string()], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    let Some((key, open)) = found else {
        return Ok(Vec::new());
    };
    select(
        conn,
        &format!("WHERE (t.decided_at IS NULL) = ?2 AND {MATTER} = ?1 ORDER BY t.pk"),
        &[&key, &open],
    )
}

/// What stands of a record now.
pub fn standing(conn: &Connection, entity: Entity, id: Uuid) -> Result<Standing, StoreError> {
    Ok(match rows::read(conn, entity, id)? {
        None => Standing::Gone,
        Some((fields, _)) if is_void(&fields) => Standing::Voided(fields),
        Some((fields, _)) => Standing::Here(fields),
    })
}

pub(crate) fn is_void(fields: &Map<String, Value>) -> bool {
    fields
        .get("void_reason")
        .is_some_and(|reason| !reason.is_null())
}

/// A name for what stands now where a matter is about. Whoever decides says which he saw.
pub fn seen(conn: &Connection, matter: &[Trouble]) -> Result<Uuid, StoreError> {
    let mut all = String::new();
    for trouble in matter {
        let id = trouble.change.entity_id;
        let imprint = match standing(conn, trouble.change.entity, id)?.fields() {
            Some(fields) => {
                let mut told: BTreeMap<&str, &Value> = trouble
                    .fields()
                    .filter_map(|name| Some((name.as_str(), fields.get(name)?)))
                    .collect();
                if let Some(void) = fields.get("void_reason") {
                    told.insert("void_reason", void);
                }
                form::imprint(id, &told)
            }
            None => Uuid::nil(),
        };
        all.push_str(&imprint.to_string());
    }
    Ok(Uuid::new_v5(&Uuid::nil(), all.as_bytes()))
}

/// Who last wrote one of a change's fields, as the history of this desk has it: his name and when he says he did.
/// `far`: only what others did and the server told. The history is kept by case and by volunteer; of other records it
/// does not say.
pub fn last_written(
    conn: &Connection,
    change: &Change,
    case_id: Option<Uuid>,
    fields: &[&str],
    far: bool,
) -> Result<Option<(String, Timestamp)>, StoreError> {
    let of_it = match (case_id, change.entity) {
        (Some(_), _) => "a.case_id = ?4 AND a.entity_id = ?1",
        (None, Entity::Volunteer) => "a.entity = 'volunteer' AND a.entity_id = ?1 AND ?4 IS NULL",
        (None, _) => return Ok(None),
    };
    let names = serde_json::to_string(fields).map_err(|_| StoreError::Row("audit"))?;
    let sql = format!(
        "SELECT a.actor_name, a.at FROM audit a WHERE {of_it} AND (NOT ?3 OR a.act_id = '')
             AND EXISTS (SELECT 1 FROM json_each(a.fields) w
                         WHERE w.value IN (SELECT value FROM json_each(?2)))
         ORDER BY a.pk DESC LIMIT 1"
    );
    let written = conn.prepare_cached(&sql)?.query_row(
        params![
            change.entity_id.to_string(),
            names,
            far,
            case_id.map(|id| id.to_string())
        ],
        |row| Ok((row.get(0)?, Timestamp(row.get(1)?))),
    );
    Ok(written.optional()?)
}

/// Keeps a decision.
pub(crate) fn decide(
    conn: &Connection,
    trouble: &Trouble,
    decision: Decision,
) -> Result<(), StoreError> {
    let mut decided = trouble.clone();
    decided.decisions.push(decision);
    save(conn, &decided)
}

/// Takes back what an act decided.
pub(crate) fn open_again(conn: &Connection, act_id: Uuid) -> Result<(), StoreError> {
    let told = format!("%{act_id}%");
    for mut trouble in select(conn, "WHERE t.decision LIKE ?1", &[&told])? {
        trouble.decisions.retain(|each| each.act_id != act_id);
        save(conn, &trouble)?;
    }
    Ok(())
}

fn save(conn: &Connection, trouble: &Trouble) -> Result<(), StoreError> {
    let decisions =
        serde_json::to_string(&trouble.decisions).map_err(|_| StoreError::Row("trouble"))?;
    let last = trouble.decisions.last().filter(|_| trouble.is_decided());
    conn.prepare_cached(
        "UPDATE trouble SET decision = ?2, decided_at = ?3, decided_by = ?4 WHERE change_id = ?1",
    )?
    .execute(params![
        trouble.change.change_id.to_string(),
        decisions,
        last.map(|last| last.at.0),
        last.map(|last| &last.by),
    ])?;
    Ok(())
}
