//! A desk at work, as a process that may be killed at any moment: it writes and syncs as fast as it can, on the real
//! store, and says on its output what it is about to do and, once the store has answered, what was done. What it said
//! was acknowledged; whoever reads it holds the desk and the server to that.

use std::{
    io::{Read as _, Write as _},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use jitasa_app::{ApiError, App, Env as _, SystemEnv};
use jitasa_domain::ids::{IdSource as _, SeededIds};
use jitasa_tests::desk::{a_case, a_volunteer, with};
use serde_json::{Value, json};

use crate::{
    Outcome,
    names::{DISTRICT, marked_case},
};

/// The first word of such a process's command line.
pub(crate) const WORD: &str = "desk-at-work";

/// Cases that a desk looks at for something to correct.
const LOOKED_AT: usize = 20;

/// What the process says, one on a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Word {
    /// The store is open.
    Open,
    /// A case is about to be saved under this mark and id.
    Begun { mark: String, key: String },
    /// The act was answered as done; when it made the case that was begun, with its mark.
    Done {
        act_id: String,
        case: Option<(String, String)>,
    },
    /// A case of a run before that was begun and not answered is there now, once more or for the first time.
    Kept { mark: String, key: String },
    /// A round of sync begins.
    Syncing,
    /// It ended well.
    Synced,
    /// It ended with this code.
    NotSynced(String),
    /// An act was refused with this code.
    Refused(String),
}

impl Word {
    fn line(&self) -> String {
        match self {
            Self::Open => "open".into(),
            Self::Begun { mark, key } => format!("begun {mark} {key}"),
            Self::Done { act_id, case: None } => format!("done {act_id}"),
            Self::Done {
                act_id,
                case: Some((mark, key)),
            } => format!("done {act_id} {mark} {key}"),
            Self::Kept { mark, key } => format!("kept {mark} {key}"),
            Self::Syncing => "syncing".into(),
            Self::Synced => "synced".into(),
            Self::NotSynced(code) => format!("not-synced {code}"),
            Self::Refused(code) => format!("refused {code}"),
        }
    }

    /// What a line says.
    pub(crate) fn read(line: &str) -> Option<Self> {
        let words: Vec<_> = line.split(' ').map(ToString::to_string).collect();
        Some(match words.as_slice() {
            [open] if open == "open" => Self::Open,
            [begun, mark, key] if begun == "begun" => Self::Begun {
                mark: mark.clone(),
                key: key.clone(),
            },
            [done, act_id] if done == "done" => Self::Done {
                act_id: act_id.clone(),
                case: None,
            },
            [done, act_id, mark, key] if done == "done" => Self::Done {
                act_id: act_id.clone(),
                case: Some((mark.clone(), key.clone())),
            },
            [kept, mark, key] if kept == "kept" => Self::Kept {
                mark: mark.clone(),
                key: key.clone(),
            },
            [syncing] if syncing == "syncing" => Self::Syncing,
            [synced] if synced == "synced" => Self::Synced,
            [not, code] if not == "not-synced" => Self::NotSynced(code.clone()),
            [refused, code] if refused == "refused" => Self::Refused(code.clone()),
            _ => return None,
        })
    }
}

/// `FOLDER OFFICE PREFIX SEED [MARK KEY]`: works until its input closes. The last two are a case of a run before that
/// was begun and not answered: it is saved again first, as a form does that is still open after a power cut.
pub(crate) fn run(arguments: &[String]) -> Outcome<()> {
    let [folder, office, prefix, seed, again @ ..] = arguments else {
        return Err("a desk at work needs a folder, an office, a prefix and a seed".into());
    };
    let mut desk = AtWork {
        app: App::open(Path::new(folder), Arc::new(SystemEnv))?,
        writes: office != DISTRICT,
        prefix: prefix.clone(),
        chance: SeededIds(seed.parse()?),
        begun: 0,
        known: Vec::new(),
    };
    desk.look()?;
    say(&Word::Open)?;
    let stopped = until_input_closes();
    if let [mark, key] = again {
        desk.keep(mark, key)?;
    }
    while !stopped.load(Ordering::Relaxed) {
        desk.next()?;
    }
    Ok(())
}

fn until_input_closes() -> Arc<AtomicBool> {
    let stopped = Arc::new(AtomicBool::new(false));
    let stop = Arc::clone(&stopped);
    std::thread::spawn(move || {
        // Nothing is ever written to it.
        let _ = std::io::stdin().read(&mut [0]);
        stop.store(true, Ordering::Relaxed);
    });
    stopped
}

/// One write for a line: either all of it reaches the reader or nothing.
fn say(word: &Word) -> Outcome<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(format!("{}\n", word.line()).as_bytes())?;
    Ok(out.flush()?)
}

struct AtWork {
    app: App,
    writes: bool,
    prefix: String,
    chance: SeededIds,
    begun: u32,
    known: Vec<String>,
}

impl AtWork {
    fn next(&mut self) -> Outcome<()> {
        let dice = self.chance.below(100);
        match dice {
            0..40 if self.writes => {
                self.begun += 1;
                let mark = format!("{}-{}", self.prefix, self.begun);
                let key = self.chance.next(SystemEnv.now()).to_string();
                self.save(&mark, &key)
            }
            40..60 => self.correct(),
            60..66 if self.writes => self.volunteer(),
            _ => self.sync(),
        }
    }

    /// Something to correct: the latest cases that this desk sees.
    fn look(&mut self) -> Outcome<()> {
        let list =
            json!({ "filter": { "all_states": true }, "sort": "newest", "limit": LOOKED_AT });
        let list = self.app.call("case.list", list)?;
        let rows = list["rows"].as_array().map_or(&[][..], Vec::as_slice);
        self.known = rows
            .iter()
            .filter_map(|row| Some(row["id"].as_str()?.to_string()))
            .collect();
        Ok(())
    }

    fn save(&mut self, mark: &str, key: &str) -> Outcome<()> {
        let (mark, key) = (mark.to_string(), key.to_string());
        say(&Word::Begun {
            mark: mark.clone(),
            key: key.clone(),
        })?;
        let draft = marked_case(&mark, &key);
        let answer = self.app.call("case.create", draft);
        self.known.push(key.clone());
        told(answer, Some((mark, key)))
    }

    fn keep(&mut self, mark: &str, key: &str) -> Outcome<()> {
        let (mark, key) = (mark.to_string(), key.to_string());
        match self.app.call("case.create", marked_case(&mark, &key)) {
            // When it was there already, nothing was done: there is no act to look for.
            Ok(_) => say(&Word::Kept { mark, key }),
            Err(refusal) => say(&Word::Refused(refusal.code)),
        }
    }

    fn correct(&mut self) -> Outcome<()> {
        if self.known.is_empty() {
            return Ok(());
        }
        let id = self.known[self.chance.below(self.known.len())].clone();
        let Ok(shown) = self.app.call("case.get", json!({ "id": id })) else {
            return Ok(());
        };
        let note = format!("{} {}", self.prefix, self.chance.below(1_000_000));
        // What was shown goes back with it, as a form does it.
        let mut draft = with(
            a_case(),
            &json!({ "landmark": shown["landmark"], "phone": null }),
        );
        if self.chance.below(2) == 0 {
            draft["note"] = json!(note);
            draft["people_count"] = shown["people_count"].clone();
        } else {
            draft["note"] = shown["note"].clone();
            draft["people_count"] = json!(1 + shown["people_count"].as_u64().unwrap_or(0) % 9);
        }
        let edit = json!({ "id": id, "version": shown["version"], "draft": draft });
        told(self.app.call("case.edit", edit), None)
    }

    fn volunteer(&mut self) -> Outcome<()> {
        let name = format!("{} {}", self.prefix, self.chance.below(1_000_000));
        let draft = with(a_volunteer(), &json!({ "note": name, "phone": "" }));
        told(self.app.call("volunteer.create", draft), None)
    }

    fn sync(&mut self) -> Outcome<()> {
        say(&Word::Syncing)?;
        match self.app.call("sync.now", json!({})) {
            Ok(receipt) => {
                say(&Word::Synced)?;
                if receipt["received"] != json!(0) {
                    self.look()?;
                }
                Ok(())
            }
            Err(refusal) => say(&Word::NotSynced(refusal.code)),
        }
    }
}

fn told(answer: Result<Value, ApiError>, case: Option<(String, String)>) -> Outcome<()> {
    match answer {
        Ok(acted) => say(&Word::Done {
            act_id: acted["act_id"].as_str().unwrap_or_default().to_string(),
            case,
        }),
        Err(refusal) => say(&Word::Refused(refusal.code)),
    }
}
