//! The API every host calls: one list of commands over one office's store.
//!
//! A host (desktop, command line, browser) opens an [`App`] on a folder and calls commands by name
//! with JSON. Words for people do not live here: answers carry codes, the catalogue has the words.
//! It must not know which host calls it.
#![cfg_attr(test, allow(clippy::unwrap_used))]
#![expect(clippy::needless_pass_by_value, reason = "a command owns its request")]

mod areas;
mod assignments;
mod boards;
mod care;
mod carrying;
mod case_views;
mod cases;
mod commands;
mod env;
mod error;
mod exports;
mod forms;
mod imports;
mod kinds;
mod maps;
mod messages;
mod no_ids;
mod offers;
mod paper;
mod patches;
mod picture;
mod places;
mod plans;
pub mod practice;
mod reports;
mod reviews;
mod rules;
mod search;
mod setup;
mod shift_paper;
mod shifts;
mod slips;
mod status;
mod successors;
mod suggest;
mod syncing;
mod teams;
mod ticks;
mod triage;
mod troubles;
pub mod views;
mod volunteer_draft;
mod volunteers;
mod words;

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, RwLock},
};

use jitasa_domain::{ActionKind, Actor, Subject, authorize};
use jitasa_store::{Acted, Action, Store, StoreError, StoreFiles, desk};
use serde_json::Value;

pub use commands::{COMMANDS, Command, visit_types};
pub use env::{Env, SystemEnv};
pub use error::ApiError;
pub use words::message;

/// One desk: the store of a folder and the commands on it.
#[derive(Debug)]
pub struct App {
    dir: PathBuf,
    env: Arc<dyn Env>,
    run: env::RunIds,
    store: RwLock<Option<Arc<Store>>>,
    /// Code of why a store that is there does not open.
    store_problem: Mutex<Option<String>>,
    /// One sync at a time.
    syncing: Mutex<()>,
    /// What triage looks at, as it was read last.
    known: triage::Kept,
    /// Open needs and hands, read when somebody first asks.
    picture: Mutex<Option<picture::Picture>>,
}

impl App {
    /// Opens the desk in a folder. A folder without a store is a desk nobody has set up yet; a store
    /// that does not open is left as it is and shown to the clerk.
    ///
    /// # Errors
    /// When the folder cannot be used at all.
    pub fn open(dir: &Path, env: Arc<dyn Env>) -> Result<Self, ApiError> {
        let run = env::RunIds::default();
        let (store, problem) = if StoreFiles::in_dir(dir).exist() {
            let supervisor = || jitasa_domain::IdSource::next(&mut run.of(&*env), env.now());
            let opened = Store::open(dir)
                .and_then(with_shipped_lists)
                .and_then(|store| setup::with_supervisor(store, supervisor));
            match opened {
                Ok(store) => (Some(Arc::new(store)), None),
                Err(error) => (None, Some(error.code().to_string())),
            }
        } else {
            (None, None)
        };
        Ok(Self {
            dir: dir.to_path_buf(),
            env,
            run,
            store: RwLock::new(store),
            store_problem: Mutex::new(problem),
            syncing: Mutex::new(()),
            known: triage::Kept::default(),
            picture: Mutex::new(None),
        })
    }

    /// Calls a command by name.
    ///
    /// # Errors
    /// The command's refusal, or that there is no such command.
    pub fn call(&self, name: &str, request: Value) -> Result<Value, ApiError> {
        let command = COMMANDS
            .iter()
            .find(|command| command.name == name)
            .ok_or_else(|| ApiError::new("command_unknown").with("command", name))?;
        (command.run)(self, request)
    }

    /// The folder of this desk.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    pub(crate) fn ids(&self) -> env::EnvIds<'_> {
        self.run.of(self.env())
    }

    pub(crate) fn env(&self) -> &dyn Env {
        self.env.as_ref()
    }

    pub(crate) fn try_store(&self) -> Option<Arc<Store>> {
        self.store
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub(crate) fn store(&self) -> Result<Arc<Store>, ApiError> {
        self.try_store().ok_or_else(|| match self.problem() {
            Some(code) => ApiError::new(&code),
            None => ApiError::new("not_set_up"),
        })
    }

    pub(crate) fn problem(&self) -> Option<String> {
        self.store_problem
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Who sits at the desk.
    pub(crate) fn actor(&self) -> Result<Actor, ApiError> {
        self.store()?
            .read(desk::reading::actor)?
            .ok_or_else(|| ApiError::new("not_set_up"))
    }

    /// Who sits at the desk, if he may read here at all.
    pub(crate) fn reader(&self, action: ActionKind) -> Result<Actor, ApiError> {
        let actor = self.actor()?;
        // The office's own record stands for "something of this office"; a headman's queries are
        // narrowed to his villages besides.
        let subject = Subject {
            office_code: &actor.office_code,
            area_code: actor.villages.first().map(String::as_str),
            ..Subject::default()
        };
        authorize(&actor, action, &subject).map_err(StoreError::from)?;
        Ok(actor)
    }

    /// Carries out an action as whoever sits at the desk.
    pub(crate) fn act(&self, action: Action) -> Result<views::Acted, ApiError> {
        Ok(self.carry_out(action)?.into())
    }

    /// The same, with all that the store says of it.
    pub(crate) fn carry_out(&self, action: Action) -> Result<Acted, ApiError> {
        let actor = self.actor()?;
        let now = self.env.now();
        let mut ids = self.ids();
        Ok(self.store()?.act(&actor, now, &mut ids, action)?)
    }

    /// What would be read after an action of whoever sits at the desk; nothing of it stays.
    pub(crate) fn rehearse<T>(
        &self,
        action: Action,
        read: impl FnOnce(&jitasa_store::Connection) -> Result<T, StoreError>,
    ) -> Result<T, ApiError> {
        let actor = self.actor()?;
        let now = self.env.now();
        let mut ids = self.ids();
        Ok(self
            .store()?
            .rehearse(&actor, now, &mut ids, action, read)?)
    }

    /// The villages a person is limited to; `None` for the whole office.
    pub(crate) fn limited_to(actor: &Actor) -> Option<Vec<String>> {
        (actor.role == jitasa_domain::Role::Headman).then(|| actor.villages.clone())
    }
}

/// A desk that an earlier program made gets the lists that ship by now.
fn with_shipped_lists(store: Store) -> Result<Store, StoreError> {
    store.ship_kinds(&setup::shipped_kinds())?;
    Ok(store)
}

impl From<Acted> for views::Acted {
    fn from(acted: Acted) -> Self {
        Self {
            changed: acted
                .changed
                .iter()
                .map(|entity| entity.code().to_string())
                .collect(),
            act_id: acted.act_id.to_string(),
            action: acted.action.code().to_string(),
            id: acted.subject.map(|id| id.to_string()),
            still_holds: 0,
        }
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        let refusal = Self::new(error.code());
        match error {
            // Whoever may not see a record is not told that it is there.
            StoreError::Denied(jitasa_domain::Denied::Scope | jitasa_domain::Denied::Village) => {
                Self::not_found()
            }
            StoreError::Invalid { field, .. } => refusal.with("field", field),
            StoreError::InvalidRow { field, id, .. } => {
                refusal.with("field", field).with("assignment_id", id)
            }
            // The same answer, to the letter, as for a record that is not there.
            StoreError::NotFound(_) => Self::not_found(),
            StoreError::Unlawful(unlawful) => refusal
                .with("entity", unlawful.entity)
                .with("from", unlawful.from)
                .with("step", unlawful.step),
            StoreError::TooNew { found, known } => {
                refusal.with("found", found).with("known", known)
            }
            _ => refusal,
        }
    }
}
