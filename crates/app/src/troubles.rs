//! What the server did not apply: both sides of it, and what a person decides.

use jitasa_domain::{
    ActionKind, Entity, Role,
    change::{Author, Change},
    gazetteer::{Gazetteer, Place},
    records::full_name,
};
use jitasa_store::{
    Action, Connection, StoreError,
    act::{DecideTroubles, Seen},
    query::cases,
    sync::trouble::{self, Decision, Side, Standing, Trouble, TroubleQuery},
};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::{
    ApiError, App, forms,
    places::Villages,
    views::{Acted, ById, sync::*},
};

/// Matters that are decided in one act.
const MATTERS_MAX: usize = 500;

/// How people call what a change is about.
#[derive(Debug, Default)]
pub(crate) struct Label {
    pub(crate) case_id: Option<Uuid>,
    pub(crate) number: String,
    pub(crate) name: String,
    pub(crate) village: String,
}

/// Names of what values only point at.
#[derive(Debug)]
pub(crate) struct Names {
    villages: Villages,
}

impl Names {
    pub(crate) fn of(app: &App) -> Result<Self, ApiError> {
        Ok(Self {
            villages: Villages::of(app.store()?.as_ref())?,
        })
    }

    /// The case a change belongs to, and whose it is; the record's own name where it is part of none.
    pub(crate) fn label(&self, conn: &Connection, change: &Change) -> Result<Label, StoreError> {
        let case_id = match change.entity {
            Entity::Case => Some(change.entity_id),
            entity => match cases::case_of(conn, entity, change.entity_id)? {
                Some(id) => Some(id),
                None => text(&change.fields, "case_id").and_then(|id| id.parse().ok()),
            },
        };
        if let Some(case_id) = case_id {
            let line = cases::line(conn, case_id)?;
            return Ok(line.map_or_else(
                || Label {
                    number: text(&change.fields, "number").unwrap_or_default().into(),
                    ..Label::default()
                },
                |line| Label {
                    case_id: Some(case_id),
                    number: line.case.number.clone(),
                    name: line.person.full_name(),
                    village: self.villages.label(&line.case.area_code),
                },
            ));
        }
        let standing = trouble::standing(conn, change.entity, change.entity_id)?;
        let fields = standing.fields().unwrap_or(&change.fields);
        Ok(Label {
            name: self.own_name(change.entity, fields),
            village: match change.entity {
                Entity::Area => String::new(),
                _ => text(fields, "area_code")
                    .map(|code| self.villages.label(code))
                    .unwrap_or_default(),
            },
            ..Label::default()
        })
    }

    fn own_name(&self, entity: Entity, fields: &Map<String, Value>) -> String {
        let of = |name| text(fields, name).unwrap_or_default();
        match entity {
            Entity::Volunteer | Entity::Person => {
                full_name(of("title"), of("given_name"), of("family_name"))
            }
            Entity::Area => self.villages.label(of("code")),
            Entity::Kind => of("th").into(),
            Entity::TickList | Entity::Case | Entity::Assignment => of("number").into(),
            Entity::Rule => of("code").into(),
            _ => of("name").into(),
        }
    }

    /// A value as text, with the name of what it points at. Codes and moments stay what they are: the screen has
    /// their words.
    pub(crate) fn shown(
        &self,
        conn: &Connection,
        field: &str,
        value: Option<&Value>,
    ) -> Result<Option<String>, StoreError> {
        let Some(value) = value.filter(|value| !value.is_null()) else {
            return Ok(None);
        };
        let plain = value
            .as_str()
            .map_or_else(|| value.to_string(), ToString::to_string);
        let points_at = match field {
            "area_code" => return Ok(Some(self.villages.label(&plain))),
            "referred_to" | "office_code" => return Ok(Some(office_name(&plain))),
            "volunteer_id" | "leader_id" | "companions" | "members" => Entity::Volunteer,
            "team_id" => Entity::Team,
            "incident_id" => Entity::Incident,
            "person_id" => Entity::Person,
            _ => return Ok(Some(plain)),
        };
        let name = |id: &str| -> Result<String, StoreError> {
            let Ok(id) = id.parse() else {
                return Ok(String::new());
            };
            let standing = trouble::standing(conn, points_at, id)?;
            Ok(standing
                .fields()
                .map(|fields| self.own_name(points_at, fields))
                .unwrap_or_default())
        };
        let named = match value {
            Value::Array(ids) => ids
                .iter()
                .filter_map(Value::as_str)
                .map(name)
                .collect::<Result<Vec<_>, _>>()?
                .join(", "),
            _ => name(&plain)?,
        };
        Ok(Some(named).filter(|name| !name.is_empty()))
    }
}

fn text<'a>(fields: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    fields
        .get(name)
        .and_then(Value::as_str)
        .filter(|text| !text.is_empty())
}

pub(crate) fn office_name(code: &str) -> String {
    Gazetteer::bundled()
        .get(code)
        .map_or_else(|| code.to_string(), Place::titled)
}

/// Whose troubles a person sees: the office's; a headman, who sees only his villages, those of his own acts.
pub(crate) fn limited_to(app: &App) -> Result<Option<Uuid>, ApiError> {
    let actor = app.actor()?;
    if actor.role == Role::Headman {
        app.reader(ActionKind::TroubleDecide)?;
        return Ok(Some(actor.id));
    }
    app.reader(ActionKind::Export)?;
    Ok(None)
}

pub(crate) fn list(app: &App, request: TroubleListRequest) -> Result<TroubleList, ApiError> {
    let limited = limited_to(app)?;
    let actor = app.actor()?;
    let names = Names::of(app)?;
    let query = TroubleQuery {
        decided: request.decided,
        of_actor: limited,
        after: request.after.as_deref().map(forms::id).transpose()?,
        limit: forms::page_size(request.limit),
    };
    let found = app.store()?.read(|conn| {
        let counts = trouble::counts(conn, limited)?;
        let rows = trouble::list(conn, &query)?
            .iter()
            .map(|(first, changes)| {
                let matter;
                let whole = if *changes > 1 {
                    matter = trouble::matter(conn, first.change.change_id)?;
                    &matter[..]
                } else {
                    std::slice::from_ref(first)
                };
                line(conn, &names, whole, actor.id)
            })
            .collect::<Result<_, _>>()?;
        Ok(TroubleList {
            rows,
            conflicts: counts.conflicts,
            held: counts.held,
            decided: counts.decided,
        })
    })?;
    Ok(found)
}

/// A matter in one line; it has at least one change.
fn line(
    conn: &Connection,
    names: &Names,
    matter: &[Trouble],
    actor_id: Uuid,
) -> Result<SyncTrouble, StoreError> {
    let first = matter.first().ok_or(StoreError::NotFound("trouble"))?;
    let change = &first.change;
    let label = names.label(conn, change)?;
    Ok(SyncTrouble {
        change_id: change.change_id.to_string(),
        kind: first.kind.clone(),
        reason: first.reason.clone(),
        entity: change.entity.code().into(),
        entity_id: change.entity_id.to_string(),
        case_id: label.case_id.map(|id| id.to_string()),
        label: label.number,
        name: label.name,
        village: label.village,
        action: change.action.code().into(),
        actor: change.actor_name.clone(),
        done_at: change.claimed_at.0,
        mine: change.actor_id == actor_id,
        at: first.at.0,
        fields: first.theirs.keys().cloned().collect(),
        changes: i64::try_from(matter.len()).unwrap_or(i64::MAX),
        seen: trouble::seen(conn, matter)?.to_string(),
        decided_at: first.decided_at.map(|at| at.0),
        decided_by: first.decided_by.clone(),
        side: first
            .decisions
            .last()
            .map(|decision| decision.side.code().into()),
    })
}

pub(crate) fn get(app: &App, request: ById) -> Result<TroubleWhole, ApiError> {
    let limited = limited_to(app)?;
    let actor = app.actor()?;
    let names = Names::of(app)?;
    let id = forms::id(&request.id)?;
    let (mut whole, seen) = app.store()?.read(|conn| {
        let matter = trouble::matter(conn, id)?;
        let first = matter.first().ok_or(StoreError::NotFound("trouble"))?;
        if limited.is_some_and(|own| own != first.change.actor_id) {
            return Err(StoreError::NotFound("trouble"));
        }
        let change = &first.change;
        let standing = trouble::standing(conn, change.entity, change.entity_id)?;
        let whole = TroubleWhole {
            trouble: line(conn, &names, &matter, actor.id)?,
            stands: match standing {
                Standing::Here(_) => "here",
                Standing::Voided(_) => "voided",
                Standing::Gone => "gone",
            }
            .into(),
            groups: first
                .groups()
                .iter()
                .map(|group| group_view(conn, &names, first, group, &standing, &actor.office_code))
                .collect::<Result<_, _>>()?,
            also: matter[1..]
                .iter()
                .map(|each| each.change.entity.code().to_string())
                .collect(),
            decisions: first.decisions.iter().map(decision_view).collect(),
            ..TroubleWhole::default()
        };
        Ok((whole, trouble::seen(conn, &matter)?))
    })?;
    // Asked of the very act, so that what the screen offers is what would be done.
    let refusal = |side| {
        let decide = DecideTroubles {
            matters: vec![Seen {
                change_id: id,
                seen,
            }],
            side,
            fields: Vec::new(),
        };
        app.rehearse(Action::DecideTroubles(decide), |_| Ok(()))
            .err()
    };
    whole.ours_refused = refusal(Side::Ours);
    if whole.trouble.kind == "conflict" {
        whole.theirs_refused = refusal(Side::Theirs);
    }
    Ok(whole)
}

fn group_view(
    conn: &Connection,
    names: &Names,
    trouble: &Trouble,
    group: &[&str],
    standing: &Standing,
    office_code: &str,
) -> Result<TroubleGroup, StoreError> {
    let (mine, theirs) = (&trouble.change.fields, &trouble.theirs);
    let now = standing.fields();
    let of_now = |name: &str| now.and_then(|fields| fields.get(name));
    let mut author: Option<&Author> = None;
    for name in group {
        if let Some(by) = trouble.theirs_by.get(*name)
            && author.is_none_or(|known| known.claimed_at < by.claimed_at)
        {
            author = Some(by);
        }
    }
    let moved_on = now.is_some()
        && group.iter().any(|name| {
            let there = theirs.get(*name);
            there.is_some() && there != of_now(name)
        });
    let case_id = names.label(conn, &trouble.change)?.case_id;
    let by_history = |far| -> Result<Option<TroubleAuthor>, StoreError> {
        let written = trouble::last_written(conn, &trouble.change, case_id, group, far)?;
        Ok(written.map(|(name, at)| TroubleAuthor {
            name,
            at: at.0,
            ..TroubleAuthor::default()
        }))
    };
    Ok(TroubleGroup {
        fields: group
            .iter()
            .map(|name| {
                Ok(TroubleField {
                    field: (*name).into(),
                    ours: names.shown(conn, name, mine.get(*name))?,
                    theirs: names.shown(conn, name, theirs.get(*name))?,
                    now: names.shown(conn, name, of_now(name))?,
                })
            })
            .collect::<Result<_, StoreError>>()?,
        theirs_by: match author {
            Some(by) => Some(TroubleAuthor {
                name: by.actor_name.clone(),
                office: office_name(&by.office_code),
                own_office: by.office_code == office_code,
                at: by.claimed_at.0,
            }),
            // An older server does not say; what it delivered since does, but for the office.
            None if trouble.is_conflict() && !moved_on => by_history(true)?,
            None => None,
        },
        now_by: if moved_on { by_history(false)? } else { None },
        decided: group
            .first()
            .and_then(|name| trouble.decision_on(name))
            .map(decision_view),
        moved_on,
    })
}

fn decision_view(decision: &Decision) -> TroubleDecision {
    TroubleDecision {
        side: decision.side.code().into(),
        fields: decision.fields.clone(),
        by: decision.by.clone(),
        at: decision.at.0,
    }
}

pub(crate) fn decide(app: &App, request: TroubleDecide) -> Result<Acted, ApiError> {
    if request.matters.is_empty() {
        return Err(ApiError::field("nothing_chosen", "matters"));
    }
    if request.matters.len() > MATTERS_MAX {
        return Err(ApiError::field("too_many", "matters").with("max", MATTERS_MAX));
    }
    let matters = request.matters.iter().map(|matter| {
        Ok(Seen {
            change_id: forms::id(&matter.change_id)?,
            seen: forms::id(&matter.seen)?,
        })
    });
    app.act(Action::DecideTroubles(DecideTroubles {
        matters: matters.collect::<Result<_, ApiError>>()?,
        side: forms::code(&request.side, "side", Side::from_code)?,
        fields: request.fields,
    }))
}
