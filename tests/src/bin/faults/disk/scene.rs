//! A province and two desks of one office, let in by file, in a folder that is put back for every try: at the same
//! place, since it is by their paths that writes are refused.

use std::{
    fs,
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    sync::Arc,
};

use jitasa_app::{App, SystemEnv};
use jitasa_server::{Province, clock, frames::Address};
use jitasa_store::Store;
use serde_json::{Value, json};

use super::deeds::Deed;
use crate::{
    Outcome, judge,
    ledger::Ledger,
    names::{OFFICE, marked_case, open_office},
};

/// Cases that there are before the deed.
const CASES: usize = 5;

#[derive(Debug)]
pub(super) struct Scene {
    house: PathBuf,
    address: SocketAddr,
}

impl Scene {
    /// Makes it, as it is when the deed begins.
    pub(super) fn made(house: &Path, deed: &Deed) -> Outcome<Self> {
        let scene = Self {
            house: house.to_path_buf(),
            address: TcpListener::bind("127.0.0.1:0")?.local_addr()?,
        };
        fs::create_dir_all(scene.folder())?;
        let province = Province::open(&scene.at("province"))?;
        for name in ["desk", "other"] {
            let app = scene.app(name)?;
            match name {
                "desk" => open_office(&app, OFFICE)?,
                _ => app.init_office(OFFICE, None)?,
            }
            let (wish, grant) = (scene.text("wish"), scene.text("grant"));
            let _ = app.call("sync.enrol_request", json!({ "path": wish }))?;
            let address = Address {
                server_url: Some(format!("http://{}", scene.address)),
                root_certificate: None,
            };
            let granted = province.admit(&fs::read(&wish)?, &address, clock::now());
            fs::write(&grant, granted.map_err(|refusal| format!("{refusal:?}"))?)?;
            let _ = app.call("sync.enrol_file", json!({ "path": grant }))?;
            fs::remove_file(&wish)?;
            fs::remove_file(&grant)?;
            exchange(&scene, &app, &province)?;
        }
        // Each has something to tell, and the desk something to hear.
        for (name, cases) in [("other", 0..2), ("desk", 2..CASES)] {
            let app = scene.app(name)?;
            for at in cases {
                let draft = marked_case(&format!("ที่ {at}"), &key(at));
                let _ = app.call("case.create", draft)?;
            }
            if name == "other" {
                exchange(&scene, &app, &province)?;
            }
        }
        drop(province);
        (deed.prepare)(&scene)?;
        copy(&scene.folder(), &scene.house.join("before"))?;
        Ok(scene)
    }

    /// As it was before the deed.
    pub(super) fn again(&self) -> Outcome<()> {
        fs::remove_dir_all(self.folder())?;
        copy(&self.house.join("before"), &self.folder())
    }

    pub(super) fn folder(&self) -> PathBuf {
        self.house.join("scene")
    }

    pub(super) fn at(&self, name: &str) -> PathBuf {
        self.folder().join(name)
    }

    pub(super) fn text(&self, name: &str) -> String {
        self.at(name).display().to_string()
    }

    pub(super) fn address(&self) -> String {
        self.address.to_string()
    }

    /// What strace tells.
    pub(super) fn log(&self) -> PathBuf {
        self.house.join("strace.log")
    }

    /// What the server logs.
    pub(super) fn server_log(&self) -> PathBuf {
        self.house.join("server.log")
    }

    pub(super) fn app(&self, name: &str) -> Outcome<App> {
        Ok(App::open(&self.at(name), Arc::new(SystemEnv))?)
    }

    pub(super) fn province(&self) -> Outcome<Province> {
        Ok(Province::open(&self.at("province"))?)
    }

    /// A desk's answer to a command.
    pub(super) fn ask(&self, name: &str, command: &str, request: Value) -> Outcome<Value> {
        Ok(self.app(name)?.call(command, request)?)
    }

    /// A desk goes by the line.
    pub(super) fn sync(&self, name: &str) -> Outcome<()> {
        self.ask(name, "sync.now", json!({})).map(drop)
    }

    /// Whether a desk holds so many cases.
    pub(super) fn has_cases(&self, name: &str, count: usize) -> Outcome<bool> {
        let list = json!({ "filter": { "all_states": true }, "sort": "number", "limit": 1 });
        let list = self.ask(name, "case.list", list)?;
        Ok(list["total"] == json!(count))
    }

    /// How many of a desk's changes wait.
    pub(super) fn waiting(&self, name: &str) -> Outcome<i64> {
        let status = self.ask(name, "sync.status", json!({}))?;
        Ok(status["pending"]
            .as_i64()
            .ok_or("a status without a count")?)
    }

    /// Every file opens, and is sound.
    pub(super) fn is_sound(&self) -> Outcome<()> {
        for name in ["desk", "other"] {
            let found = Store::open(&self.at(name))?.check()?;
            if !found.is_empty() {
                return Err(format!("{name} is damaged: {found:?}").into());
            }
        }
        self.ledger().check()
    }

    fn ledger(&self) -> Ledger {
        Ledger::Folder(self.at("province"))
    }

    /// All tell each other everything: each case is there once, on both desks and at the province.
    pub(super) fn converges(&self, deed: &Deed) -> Outcome<()> {
        let province = self.province()?;
        for name in ["desk", "other", "desk"] {
            exchange(self, &self.app(name)?, &province)?;
        }
        drop(province);
        let _ = judge::order(&self.ledger())?;
        let theirs = judge::sums(&self.ledger())?;
        for name in ["desk", "other"] {
            if !self.has_cases(name, CASES + deed.adds)? {
                return Err(format!("{name} has another number of cases than it should").into());
            }
            let look = judge::Look {
                folder: &self.at(name),
                from: 0,
                acts: &[],
                cases: &[],
                whole: true,
            };
            let acked = judge::look(&look, &self.ledger())?;
            if self.waiting(name)? != 0 || acked == 0 {
                return Err(format!("{name} still has something to tell").into());
            }
            let ours = judge::sums_of(&self.at(name))?;
            let differs: Vec<_> = theirs
                .iter()
                .filter(|(owner, sum)| ours.get(*owner) != Some(*sum))
                .collect();
            if !differs.is_empty() {
                return Err(
                    format!("{name} holds something else than the province: {differs:?}").into(),
                );
            }
        }
        Ok(())
    }
}

/// The record of a case of the scene.
pub(super) fn key(at: usize) -> String {
    format!("01920000-0000-7000-8000-{at:012}")
}

/// A desk and the province by file, until neither has anything to say.
pub(super) fn exchange(scene: &Scene, app: &App, province: &Province) -> Outcome<()> {
    let (file, receipt) = (scene.text("exchange"), scene.text("exchange.receipt"));
    loop {
        let _ = app.call("sync.batch_write", json!({ "path": file }))?;
        let answered = province
            .take(&fs::read(&file)?, clock::now())
            .map_err(|refusal| format!("the province refused: {refusal:?}"))?;
        fs::write(&receipt, &answered.frame)?;
        let counts = app.call("sync.batch_receipt", json!({ "path": receipt }))?;
        if ["sent", "received", "pending"]
            .iter()
            .all(|name| counts[*name] == json!(0))
        {
            break;
        }
    }
    fs::remove_file(&file)?;
    Ok(fs::remove_file(&receipt)?)
}

fn copy(from: &Path, to: &Path) -> Outcome<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let there = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &there)?;
        } else {
            let _ = fs::copy(entry.path(), there)?;
        }
    }
    Ok(())
}
