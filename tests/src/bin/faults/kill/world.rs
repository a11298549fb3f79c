//! One province and its desks, all in processes of their own: two desks of one office, which write the same cases, and
//! the district above them. A round lets them work until a moment that the seed chooses, kills who the seed chooses,
//! starts them again and looks at what is there.

use std::{
    net::{SocketAddr, TcpListener},
    path::Path,
    sync::{
        Arc,
        mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    },
    time::Duration,
};

use jitasa_app::{App, SystemEnv};
use jitasa_domain::ids::SeededIds;
use jitasa_tests::{
    postgres::Cluster,
    programs::{Server, one_time_code_from},
};
use serde_json::json;

use super::{
    Keeper,
    desk::{Desk, Heard},
};
use crate::{
    Outcome,
    at_work::Word,
    judge,
    ledger::Ledger,
    names::{DISTRICT, OFFICE, open_office},
};

/// Who dies in a round, and when.
#[derive(Debug)]
struct Plan {
    desks: Vec<usize>,
    server: bool,
    /// After so many words of the desks ...
    words: usize,
    /// ... of which the last is the begin of a sync, or any ...
    syncing: bool,
    /// ... and so long after it, or at the next word.
    then: Duration,
    /// Who was started again is killed once more while it opens, so long after its start.
    again: Option<Duration>,
}

impl Plan {
    fn from(chance: &mut SeededIds, desks: usize) -> Self {
        let one = chance.below(desks);
        let (dying, server) = match chance.below(100) {
            0..40 => (vec![one], false),
            40..75 => (Vec::new(), true),
            75..90 => (vec![one], true),
            _ => ((0..desks).collect(), true),
        };
        let mut micros = |most: usize| Duration::from_micros(chance.below(most) as u64);
        let then = micros(25_000);
        let again = Some(micros(60_000));
        Self {
            desks: dying,
            server,
            words: 1 + chance.below(40),
            syncing: chance.below(2) == 0,
            then,
            again: again.filter(|_| chance.below(8) == 0),
        }
    }
}

/// How many were killed.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Deaths {
    pub(super) desks: u32,
    pub(super) servers: u32,
}

/// What a world came to.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Came {
    pub(super) changes: u64,
    pub(super) acts: usize,
    pub(super) synced: u32,
    pub(super) cut_off: u32,
    pub(super) deaths: Deaths,
}

pub(super) struct World {
    folder: std::path::PathBuf,
    ledger: Ledger,
    server: Option<Server>,
    address: SocketAddr,
    desks: Vec<Desk>,
    hears: Receiver<Heard>,
    says: Sender<Heard>,
    chance: SeededIds,
    deaths: Deaths,
}

impl World {
    /// Makes it, every desk let in and at work.
    pub(super) fn begin(folder: &Path, keeper: Keeper, seed: u64) -> Outcome<Self> {
        let province = folder.join("province");
        let ledger = match keeper {
            Keeper::Sqlite => Ledger::Folder(province),
            Keeper::Postgres => Ledger::Postgres(Cluster::of_this_process().database()),
        };
        let (says, hears) = channel();
        let desk = |place, name, office| {
            let log = folder.join(format!("{name}.log"));
            Desk::new(place, name, office, folder.join(name), log)
        };
        let mut world = Self {
            folder: folder.to_path_buf(),
            ledger,
            server: None,
            address: a_port()?,
            desks: vec![
                desk(0, "a", OFFICE),
                desk(1, "b", OFFICE),
                desk(2, "district", DISTRICT),
            ],
            hears,
            says,
            chance: SeededIds(seed),
            deaths: Deaths::default(),
        };
        world.start_server()?;
        for desk in &world.desks {
            let app = App::open(&desk.folder, Arc::new(SystemEnv))?;
            // The second of an office is told by the first what is in it.
            if desk.name == "b" {
                app.init_office(desk.office, None)?;
            } else {
                open_office(&app, desk.office)?;
            }
            let code = one_time_code_from(&world.place_of_ledger(), desk.office);
            let server = format!("http://{}", world.address);
            let _ = app.call("sync.enrol", json!({ "server_url": server, "code": code }))?;
            let _ = app.call("sync.now", json!({}))?;
        }
        for place in 0..world.desks.len() {
            world.start_desk(place)?;
        }
        Ok(world)
    }

    fn place_of_ledger(&self) -> Vec<String> {
        let mut arguments = vec![
            "--data".to_string(),
            self.folder.join("province").display().to_string(),
        ];
        if let Ledger::Postgres(name) = &self.ledger {
            let url = Cluster::of_this_process().url(name);
            arguments.extend(["--database".into(), url, "--province".into(), "45".into()]);
        }
        arguments
    }

    /// On the same port as before: desks know the address. Another program may hold it for a moment.
    fn start_server(&mut self) -> Outcome<()> {
        const TRIES: u32 = 20;
        let arguments = self.place_of_ledger();
        let log = self.folder.join("server.log");
        for _ in 0..TRIES {
            if let Some(server) = Server::start_at(&arguments, &self.address.to_string(), &log) {
                self.server = Some(server);
                return Ok(());
            }
        }
        Err("the server does not start; see server.log".into())
    }

    fn start_desk(&mut self, place: usize) -> Outcome<()> {
        self.spawn_desk(place)?;
        while !matches!(self.hear(None)?, Some((of, Word::Open)) if of == place) {}
        Ok(())
    }

    fn spawn_desk(&mut self, place: usize) -> Outcome<()> {
        let seed = self.chance.next_u64();
        self.desks[place].start(seed, &self.says)
    }

    /// The next word of a desk; none when nothing was said for so long.
    fn hear(&mut self, at_most: Option<Duration>) -> Outcome<Option<(usize, Word)>> {
        let heard = match at_most {
            None => self.hears.recv()?,
            Some(at_most) => match self.hears.recv_timeout(at_most) {
                Ok(heard) => heard,
                Err(RecvTimeoutError::Timeout) => return Ok(None),
                Err(error) => return Err(error.into()),
            },
        };
        match heard {
            Heard::Said(place, word) => {
                self.desks[place].said(word.clone())?;
                Ok(Some((place, word)))
            }
            Heard::Ended(place) => {
                let name = self.desks[place].name;
                Err(format!("desk {name} ended by itself; see {name}.log").into())
            }
        }
    }

    fn kill_desk(&mut self, place: usize) -> Outcome<()> {
        self.desks[place].kill();
        self.deaths.desks += 1;
        self.last_words(place)
    }

    fn last_words(&mut self, place: usize) -> Outcome<()> {
        loop {
            match self.hears.recv()? {
                Heard::Ended(ended) if ended == place => return Ok(()),
                Heard::Ended(other) => {
                    return Err(format!("desk {} ended by itself", self.desks[other].name).into());
                }
                Heard::Said(of, word) => self.desks[of].said(word)?,
            }
        }
    }

    fn kill_server(&mut self) {
        self.server = None;
        self.deaths.servers += 1;
    }

    /// One round.
    pub(super) fn round(&mut self) -> Outcome<()> {
        let plan = Plan::from(&mut self.chance, self.desks.len());
        let mut left = plan.words;
        while left > 0 || plan.syncing {
            let heard = self.hear(None)?;
            left = left.saturating_sub(1);
            if left == 0 && matches!(heard, Some((_, Word::Syncing))) {
                break;
            }
        }
        let _ = self.hear(Some(plan.then))?;
        // The server first or last, as it falls.
        if plan.server && self.chance.below(2) == 0 {
            self.kill_server();
        }
        for place in &plan.desks {
            self.kill_desk(*place)?;
        }
        if plan.server && self.server.is_some() {
            self.kill_server();
        }
        if let Some(after) = plan.again {
            self.die_while_opening(&plan, after)?;
        }
        if self.server.is_none() {
            self.start_server()?;
        }
        for place in &plan.desks {
            self.start_desk(*place)?;
        }
        self.look(false)
    }

    fn die_while_opening(&mut self, plan: &Plan, after: Duration) -> Outcome<()> {
        if plan.server {
            let arguments = self.place_of_ledger();
            let address = self.address.to_string();
            let mut starts =
                Server::spawn_at(&arguments, &address, &self.folder.join("server.log"));
            let heard = self.hear(Some(after));
            let _ = starts.kill();
            let _ = starts.wait();
            let _ = heard?;
            self.deaths.servers += 1;
        }
        for place in plan.desks.clone() {
            self.spawn_desk(place)?;
            let _ = self.hear(Some(after))?;
            self.kill_desk(place)?;
        }
        Ok(())
    }

    fn look(&mut self, whole: bool) -> Outcome<()> {
        for desk in &mut self.desks {
            desk.look(&self.ledger, whole)
                .map_err(|error| format!("desk {}: {error}", desk.name))?;
        }
        Ok(())
    }

    /// All stop and tell each other what is left: everything acknowledged is everywhere once, and all hold the same.
    pub(super) fn end(&mut self) -> Outcome<Came> {
        for place in 0..self.desks.len() {
            self.desks[place].stop()?;
            self.last_words(place)?;
        }
        let apps = self
            .desks
            .iter()
            .map(|desk| App::open(&desk.folder, Arc::new(SystemEnv)))
            .collect::<Result<Vec<_>, _>>()?;
        loop {
            let mut moved = 0;
            for app in &apps {
                let receipt = app.call("sync.now", json!({}))?;
                for name in ["sent", "received", "pending"] {
                    moved += receipt[name].as_i64().ok_or("a receipt without counts")?;
                }
            }
            if moved == 0 {
                break;
            }
        }
        drop(apps);
        self.look(true)?;
        let changes = judge::order(&self.ledger)?;
        let theirs = judge::sums(&self.ledger)?;
        for desk in &self.desks {
            let ours = judge::sums_of(&desk.folder)?;
            // An office does not see what is the district's.
            let differs = theirs
                .iter()
                .filter(|(owner, sum)| {
                    owner.starts_with(desk.office) && ours.get(*owner) != Some(*sum)
                })
                .map(|(owner, _)| owner.clone())
                .collect::<Vec<_>>();
            if !differs.is_empty() {
                return Err(format!(
                    "desk {} holds something else than the server, of {differs:?}",
                    desk.name
                )
                .into());
            }
        }
        Ok(Came {
            changes,
            acts: self.desks.iter().map(|desk| desk.done_ever.len()).sum(),
            synced: self.desks.iter().map(|desk| desk.synced).sum(),
            cut_off: self.desks.iter().map(|desk| desk.cut_off).sum(),
            deaths: self.deaths,
        })
    }
}

impl Drop for World {
    fn drop(&mut self) {
        if let Ledger::Postgres(name) = &self.ledger {
            self.server = None;
            Cluster::of_this_process().drop_database(name);
        }
    }
}

/// An address that is free now.
fn a_port() -> Outcome<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}
