//! A desk in a process of its own, as the judge holds it: started, heard, killed, started again.

use std::{
    fs::File,
    io::{BufRead as _, BufReader},
    path::PathBuf,
    process::{Child, ChildStdin, Command, Stdio},
    sync::mpsc::Sender,
};

use crate::{
    Outcome,
    at_work::{self, Word},
    judge::{self, Look},
    ledger::Ledger,
};

/// What reaches the judge: a word of a desk, or its end.
#[derive(Debug)]
pub(super) enum Heard {
    Said(usize, Word),
    Ended(usize),
}

/// Refusals that belong to work with others, or to a desk that has just begun.
const LAWFUL: [&str; 2] = ["clash", "not_found"];
/// How a round of sync may end when the server dies under it.
const LINE_BROKEN: [&str; 3] = ["sync_unreachable", "sync_timeout", "sync_busy"];

/// One desk of a world.
#[derive(Debug)]
pub(super) struct Desk {
    pub(super) name: &'static str,
    pub(super) office: &'static str,
    pub(super) folder: PathBuf,
    place: usize,
    log: PathBuf,
    at_work: Option<(Child, ChildStdin)>,
    runs: u32,
    /// Said to be begun, and not yet answered.
    begun: Option<(String, String)>,
    /// Acts that were answered as done, and cases by their mark and id: since the last look, and all.
    done: Vec<String>,
    cases: Vec<(String, String)>,
    pub(super) done_ever: Vec<String>,
    cases_ever: Vec<(String, String)>,
    /// Up to here its changes were compared with the server's.
    compared: u64,
    /// Rounds of sync that ended well, and that did not.
    pub(super) synced: u32,
    pub(super) cut_off: u32,
}

impl Desk {
    pub(super) fn new(
        place: usize,
        name: &'static str,
        office: &'static str,
        folder: PathBuf,
        log: PathBuf,
    ) -> Self {
        Self {
            name,
            office,
            folder,
            place,
            log,
            at_work: None,
            runs: 0,
            begun: None,
            done: Vec::new(),
            cases: Vec::new(),
            done_ever: Vec::new(),
            cases_ever: Vec::new(),
            compared: 0,
            synced: 0,
            cut_off: 0,
        }
    }

    /// Starts the process. What it says goes to `heard`.
    pub(super) fn start(&mut self, seed: u64, heard: &Sender<Heard>) -> Outcome<()> {
        self.runs += 1;
        let log = File::options().create(true).append(true).open(&self.log)?;
        let mut command = Command::new(std::env::current_exe()?);
        command
            .arg(at_work::WORD)
            .arg(&self.folder)
            .args([self.office, &format!("{}{}", self.name, self.runs)])
            .arg(seed.to_string());
        if let Some((mark, key)) = &self.begun {
            command.args([mark, key]);
        }
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err("a desk without a voice".into());
        };
        let (place, heard) = (self.place, heard.clone());
        std::thread::spawn(move || {
            // A line that was cut off was never said.
            let lines = BufReader::new(output).lines().map_while(Result::ok);
            for word in lines.filter_map(|line| Word::read(&line)) {
                if heard.send(Heard::Said(place, word)).is_err() {
                    return;
                }
            }
            let _ = heard.send(Heard::Ended(place));
        });
        self.at_work = Some((child, input));
        Ok(())
    }

    /// SIGKILL. Its last words are still to be heard, up to [`Heard::Ended`].
    pub(super) fn kill(&mut self) {
        if let Some((mut child, input)) = self.at_work.take() {
            let _ = child.kill();
            drop(input);
            let _ = child.wait();
        }
    }

    /// Asks it to end its work.
    pub(super) fn stop(&mut self) -> Outcome<()> {
        if let Some((mut child, input)) = self.at_work.take() {
            drop(input);
            let ended = child.wait()?;
            if !ended.success() {
                return Err(format!("desk {} ended with {ended}; see its log", self.name).into());
            }
        }
        Ok(())
    }

    /// Keeps what it said.
    pub(super) fn said(&mut self, word: Word) -> Outcome<()> {
        match word {
            Word::Open | Word::Syncing => {}
            Word::Begun { mark, key } => self.begun = Some((mark, key)),
            Word::Done { act_id, case } => {
                if let Some(case) = case {
                    self.begun = None;
                    self.cases.push(case);
                }
                self.done.push(act_id);
            }
            Word::Kept { mark, key } => {
                self.begun = None;
                self.cases.push((mark, key));
            }
            Word::Synced => self.synced += 1,
            Word::NotSynced(code) if LINE_BROKEN.contains(&code.as_str()) => self.cut_off += 1,
            Word::NotSynced(code) => {
                return Err(format!("desk {}: a sync ended with {code}", self.name).into());
            }
            Word::Refused(code) if LAWFUL.contains(&code.as_str()) => {}
            Word::Refused(code) => {
                return Err(format!("desk {}: an act was refused with {code}", self.name).into());
            }
        }
        Ok(())
    }

    /// What it acknowledged since the last look, or ever, is there and at the server as it should be.
    pub(super) fn look(&mut self, ledger: &Ledger, whole: bool) -> Outcome<()> {
        self.done_ever.append(&mut self.done.clone());
        self.cases_ever.append(&mut self.cases.clone());
        let (acts, cases) = if whole {
            (&self.done_ever, &self.cases_ever)
        } else {
            (&self.done, &self.cases)
        };
        self.compared = judge::look(
            &Look {
                folder: &self.folder,
                from: if whole { 0 } else { self.compared },
                acts,
                cases,
                whole,
            },
            ledger,
        )?;
        self.done.clear();
        self.cases.clear();
        Ok(())
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.kill();
    }
}
