//! The frame: office, people, undo, preferences, drafts, doctor.

use jitasa_domain::{ActionKind, Actor, IdSource as _, Incident, Role, gazetteer::Gazetteer};
use jitasa_store::{Action, DeskUser, Draft, desk, query, sync};

use uuid::Uuid;

use crate::{
    ApiError, App, forms, places,
    views::{Acted, Nothing, status::*},
};

pub(crate) fn get(app: &App, _: Nothing) -> Result<Status, ApiError> {
    let now = app.env().now();
    let mut status = Status {
        needs_setup: true,
        store_problem: app.problem(),
        now: now.0,
        today: now.date().to_string(),
        app_version: env!("CARGO_PKG_VERSION").into(),
        ..Status::default()
    };
    if status.store_problem.is_some() {
        status.needs_setup = false;
        return Ok(status);
    }
    let Some(store) = app.try_store() else {
        return Ok(status);
    };
    store.read(|conn| {
        let Some(office) = desk::reading::office(conn)? else {
            return Ok(());
        };
        status.needs_setup = false;
        status.practice = desk::reading::is_practice(conn)?;
        let (lat, lon) = desk::reading::centre(conn)?.unwrap_or((13.5, 101.0));
        status.office = Some(OfficeView {
            level: office.level().code().into(),
            area_name: Gazetteer::bundled()
                .full_name(&office.code)
                .unwrap_or_default(),
            code: office.code,
            name: office.name,
            lat,
            lon,
        });
        if let Some(id) = desk::reading::incident_id(conn)? {
            status.incident = query::office::incident(conn, id)?.map(|each| incident_view(&each));
        }
        let actor = desk::reading::actor(conn)?;
        if let Some(actor) = &actor {
            status.undo = desk::reading::undoable(conn, actor.id)?
                .map(|(act_id, action)| UndoView { act_id, action });
        }
        status.actor = actor.map(|actor| actor_view(&actor));
        status.actors = desk::reading::desk_users(conn)?
            .iter()
            .map(user_view)
            .collect();
        status.data_version = desk::reading::data_version(conn)?;
        status.sync = SyncChip {
            enrolled: desk::reading::enrolment(conn)?.is_some(),
            pending: sync::pending_count(conn)?,
            last_sync_at: sync::reading::last_sync_at(conn)?,
            needs_person: match &status.actor {
                // What he wrote himself is his to know of; of the rest he is not told.
                Some(actor) if actor.role == Role::Headman.code() => {
                    let own = sync::trouble::counts(conn, actor.id.parse().ok())?;
                    own.conflicts + own.held
                }
                _ => sync::trouble::open_count(conn)?,
            },
            last_error: sync::reading::last_error(conn)?,
        };
        Ok(())
    })?;
    Ok(status)
}

pub(crate) fn incident_view(incident: &Incident) -> IncidentView {
    IncidentView {
        id: incident.id.to_string(),
        name: incident.name.clone(),
        kind: incident.kind.code().into(),
        started_on: incident.started_on.map(|date| date.to_string()),
        ended_on: incident.ended_on.map(|date| date.to_string()),
    }
}

fn actor_view(actor: &Actor) -> ActorView {
    ActorView {
        id: actor.id.to_string(),
        name: actor.name.clone(),
        role: actor.role.code().into(),
        villages: actor.villages.clone(),
        volunteer_id: actor.volunteer_id.map(|id| id.to_string()),
    }
}

fn user_view(user: &DeskUser) -> ActorView {
    ActorView {
        id: user.id.to_string(),
        name: user.name.clone(),
        role: user.role.code().into(),
        villages: user.villages.clone(),
        volunteer_id: user.volunteer_id.map(|id| id.to_string()),
    }
}

pub(crate) fn start(app: &App, request: SetupRequest) -> Result<Status, ApiError> {
    match request.mode.as_str() {
        "practice" => app.init_practice("office", crate::setup::PRACTICE_SEED)?,
        "office" => app.init_office(
            request.office_code.as_deref().unwrap_or_default(),
            request.office_name.as_deref(),
        )?,
        _ => return Err(ApiError::field("code_unknown", "mode")),
    }
    get(app, Nothing {})
}

pub(crate) fn switch(app: &App, request: ActorSwitch) -> Result<Status, ApiError> {
    app.store()?.switch_actor(forms::id(&request.actor_id)?)?;
    get(app, Nothing {})
}

pub(crate) fn settings(app: &App, _: Nothing) -> Result<SettingsView, ApiError> {
    let mut view = SettingsView {
        language: "th".into(),
        theme: "light".into(),
        text_percent: 100,
        ..SettingsView::default()
    };
    let Some(store) = app.try_store() else {
        return Ok(view);
    };
    store.read(|conn| {
        let setting = |name: &str| desk::reading::setting(conn, name);
        view.language = setting("language")?.unwrap_or(view.language.clone());
        view.theme = setting("theme")?.unwrap_or(view.theme.clone());
        view.looped = setting("looped")?.as_deref() == Some("1");
        let percent = setting("text_percent")?.and_then(|text| text.parse().ok());
        view.text_percent = percent.unwrap_or(100);
        if let Some(actor) = desk::reading::actor(conn)? {
            let columns = setting(&case_columns_of(actor.id))?.unwrap_or_default();
            let columns = columns.split(',').filter(|code| !code.is_empty());
            view.case_columns = columns.map(ToString::to_string).collect();
        }
        Ok(())
    })?;
    for user in store.read(desk::reading::desk_users)? {
        match user.role {
            Role::Clerk => view.clerk_name = user.name,
            Role::Supervisor => view.supervisor_name = user.name,
            Role::Headman => view.headmen.push(HeadmanView {
                id: Some(user.id.to_string()),
                name: user.name,
                villages: user.villages,
                volunteer_id: user.volunteer_id.map(|id| id.to_string()),
            }),
            Role::Administrator | Role::Auditor | Role::Timekeeper => {}
        }
    }
    Ok(view)
}

/// The setting that keeps somebody's own columns.
fn case_columns_of(actor_id: Uuid) -> String {
    format!("case_columns.{actor_id}")
}

/// More columns than any list will ever have.
const COLUMNS_MAX: usize = 40;

/// Codes of columns. Which there are is the screens' to know.
fn column_codes(codes: &[String]) -> Result<String, ApiError> {
    if codes.len() > COLUMNS_MAX {
        return Err(ApiError::field("too_many", "case_columns").with("max", COLUMNS_MAX));
    }
    let codes = forms::codes(codes, "case_columns", |code| {
        let letters = code.bytes().all(|each| matches!(each, b'a'..=b'z' | b'_'));
        (letters && (1..=40).contains(&code.len())).then(|| code.to_string())
    })?;
    Ok(codes.join(","))
}

pub(crate) fn save_settings(app: &App, view: SettingsView) -> Result<SettingsView, ApiError> {
    let store = app.store()?;
    if !matches!(view.language.as_str(), "th" | "en") {
        return Err(ApiError::field("code_unknown", "language"));
    }
    if !matches!(view.theme.as_str(), "light" | "dark") {
        return Err(ApiError::field("code_unknown", "theme"));
    }
    let percent = view.text_percent.clamp(100, 150);
    let columns = column_codes(&view.case_columns)?;
    let before = store.read(desk::reading::desk_users)?;
    let people = people_of(app, &view, &before)?;
    if people != before {
        // How the screen looks is anybody's; who may see which village is the office's.
        app.reader(ActionKind::KindSave)?;
        store.save_users(&people)?;
    }
    store.set_setting("language", &view.language)?;
    store.set_setting("theme", &view.theme)?;
    store.set_setting("text_percent", &percent.to_string())?;
    store.set_setting("looped", if view.looped { "1" } else { "0" })?;
    store.set_setting(&case_columns_of(app.actor()?.id), &columns)?;
    settings(app, Nothing {})
}

/// The people of the desk as the settings have them: the headmen stand where the first of them stood.
fn people_of(
    app: &App,
    view: &SettingsView,
    before: &[DeskUser],
) -> Result<Vec<DeskUser>, ApiError> {
    let clerk = forms::required_name(&view.clerk_name, "clerk_name")?;
    // A screen of before there was a supervisor does not name him: he stays as he is.
    let supervisor = match view.supervisor_name.trim() {
        "" => None,
        typed => Some(forms::required_name(typed, "supervisor_name")?),
    };
    let mut headmen = Some(headmen_of(app, &view.headmen, before)?);
    let mut people = Vec::new();
    for user in before {
        match user.role {
            Role::Clerk => people.push(DeskUser {
                name: clerk.clone(),
                ..user.clone()
            }),
            Role::Supervisor => people.push(DeskUser {
                name: supervisor.clone().unwrap_or_else(|| user.name.clone()),
                ..user.clone()
            }),
            Role::Headman => people.extend(headmen.take().into_iter().flatten()),
            Role::Administrator | Role::Auditor | Role::Timekeeper => people.push(user.clone()),
        }
    }
    people.extend(headmen.into_iter().flatten());
    Ok(people)
}

/// Those who were known keep their ids, and with them what they did; no village has two.
fn headmen_of(
    app: &App,
    views: &[HeadmanView],
    before: &[DeskUser],
) -> Result<Vec<DeskUser>, ApiError> {
    let mut headmen: Vec<DeskUser> = Vec::new();
    for (at, view) in views.iter().enumerate() {
        let beside = |name: &str| format!("headmen.{at}.{name}");
        let known = match view.id.as_deref().filter(|id| !id.is_empty()) {
            None => None,
            Some(id) => {
                let id = forms::id(id)?;
                let is_he = |user: &&DeskUser| user.id == id && user.role == Role::Headman;
                Some(before.iter().find(is_he).ok_or_else(ApiError::not_found)?)
            }
        };
        let villages: Vec<String> = view
            .villages
            .iter()
            .map(|code| forms::area_code(code, &beside("villages")))
            .collect::<Result<_, _>>()?;
        let taken = villages
            .iter()
            .find(|code| headmen.iter().any(|other| other.villages.contains(code)));
        if let Some(code) = taken {
            return Err(
                ApiError::field("headman_village_twice", &beside("villages"))
                    .with("village", places::full_name(code)),
            );
        }
        let volunteer_id = view.volunteer_id.as_deref().filter(|id| !id.is_empty());
        headmen.push(DeskUser {
            id: known.map_or_else(|| app.ids().next(app.env().now()), |user| user.id),
            name: forms::required_name(&view.name, &beside("name"))?,
            role: Role::Headman,
            villages,
            volunteer_id: volunteer_id
                .map(|id| volunteer_named(app, id, &beside("volunteer_id")))
                .transpose()?,
        });
    }
    Ok(headmen)
}

/// Somebody in the register of volunteers.
fn volunteer_named(app: &App, id: &str, field: &str) -> Result<Uuid, ApiError> {
    let id = forms::id(id)?;
    let found = app
        .store()?
        .read(|conn| query::volunteers::line(conn, id))?;
    found
        .map(|_| id)
        .ok_or_else(|| ApiError::field("volunteer_unknown", field))
}

pub(crate) fn undo(app: &App, request: UndoRequest) -> Result<Acted, ApiError> {
    let act_id = request
        .act_id
        .parse()
        .map_err(|_| ApiError::new("undo_unknown"))?;
    app.act(Action::Undo { act_id })
}

/// The longest draft: a form, not an archive.
const DRAFT_BYTES_MAX: usize = 1 << 20;

pub(crate) fn save_draft(app: &App, request: DraftSave) -> Result<Nothing, ApiError> {
    if request.body.len() > DRAFT_BYTES_MAX || request.key.len() > 100 {
        return Err(ApiError::field("text_too_long", "draft").with("max", DRAFT_BYTES_MAX));
    }
    let actor = app.actor()?;
    let draft = Draft {
        key: request.key,
        body: request.body,
        saved_at: app.env().now(),
    };
    app.store()?.save_draft(actor.id, &draft)?;
    Ok(Nothing {})
}

pub(crate) fn get_draft(app: &App, request: DraftKey) -> Result<DraftFound, ApiError> {
    let actor = app.actor()?;
    let draft = app.store()?.draft(actor.id, &request.key)?;
    Ok(DraftFound {
        draft: draft.map(|draft| DraftView {
            key: draft.key,
            body: draft.body,
            saved_at: draft.saved_at.0,
        }),
    })
}

pub(crate) fn discard_draft(app: &App, request: DraftKey) -> Result<Nothing, ApiError> {
    let actor = app.actor()?;
    app.store()?.discard_draft(actor.id, &request.key)?;
    Ok(Nothing {})
}

pub(crate) fn doctor(app: &App, _: Nothing) -> Result<DoctorReport, ApiError> {
    let mut findings = Vec::new();
    let mut note = |code: &str, level: &str, details: Vec<String>| {
        findings.push(DoctorFinding {
            code: code.into(),
            level: level.into(),
            details,
        });
    };
    if let Some(code) = app.problem() {
        note(&code, "problem", vec![app.dir().display().to_string()]);
        return Ok(DoctorReport {
            ok: false,
            findings,
        });
    }
    let store = app.store()?;
    note(
        "store_encrypted",
        "ok",
        vec![store.files().database.display().to_string()],
    );
    // Until people sign in, the key is a file: said plainly, each time.
    note(
        "key_beside_store",
        "note",
        vec![store.files().key.display().to_string()],
    );
    match store.files().key_is_private() {
        Some(true) => note("key_private", "ok", Vec::new()),
        Some(false) => note("key_readable_by_others", "problem", Vec::new()),
        None => note("key_privacy_unknown", "note", Vec::new()),
    }
    let damage = store.check()?;
    if damage.is_empty() {
        note("integrity_ok", "ok", Vec::new());
    } else {
        note("integrity_bad", "problem", damage);
    }
    let status = get(app, Nothing {})?;
    let places = store.read(|conn| query::office::villages(conn, None))?;
    if places.is_empty() {
        note("villages_missing", "note", Vec::new());
    }
    if let Some(office) = &status.office {
        note(
            "office",
            "ok",
            vec![office.code.clone(), places::full_name(&office.code)],
        );
    }
    match (status.sync.enrolled, status.sync.last_sync_at) {
        (false, _) => note(
            "sync_not_enrolled",
            "note",
            vec![status.sync.pending.to_string()],
        ),
        (true, None) => note("sync_never", "note", vec![status.sync.pending.to_string()]),
        (true, Some(_)) => note("sync_ok", "ok", vec![status.sync.pending.to_string()]),
    }
    if status.sync.needs_person > 0 {
        note(
            "sync_needs_person",
            "problem",
            vec![status.sync.needs_person.to_string()],
        );
    }
    let ok = findings.iter().all(|finding| finding.level != "problem");
    Ok(DoctorReport { ok, findings })
}
