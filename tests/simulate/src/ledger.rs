//! The ledger of a province in memory. A transaction is kept or leaves nothing; a copy of the whole is a clone.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use jitasa_domain::{
    Entity, Timestamp,
    change::{Change, Outcome},
};
use jitasa_protocol::Hash;
use jitasa_server::register::{KeptCount, OpenCode, OperatorAct, Register};
use jitasa_server::{
    book::{Book, Device, Entry, FeedRow, Key, Scope, Status, Stored, Taken},
    enrol::EnrolCode,
    ledger::{Epoch, FeedLine, Ledger, LedgerError, NewCode, OfficeLine, Pages, Reading, Standing},
};
use serde_json::{Map, Value};
use uuid::Uuid;

/// A line of the log: what arrived, from whom, and what was answered.
#[derive(Debug)]
pub(crate) struct Line {
    /// The change with its place and outcome.
    pub entry: Entry,
    /// Whose office.
    pub office_code: String,
    /// Which device.
    pub device: Uuid,
}

/// What the server's disk holds.
#[derive(Debug, Default, Clone)]
pub(crate) struct Rows {
    pub standing: Option<Standing>,
    pub devices: BTreeMap<Uuid, Device>,
    pub records: BTreeMap<Key, Arc<Stored>>,
    /// By rising `seq`.
    pub log: Vec<Arc<Line>>,
    pub sums: BTreeMap<Scope, u64>,
    by_case: HashMap<Uuid, BTreeSet<Key>>,
    by_change: HashMap<Uuid, usize>,
    by_number: HashMap<(Uuid, u64), usize>,
    feed: BTreeMap<String, Vec<FeedRow>>,
    codes: Vec<(String, EnrolCode)>,
}

impl Rows {
    /// What was answered to a change, if it is here.
    pub(crate) fn outcome(&self, change: Uuid) -> Option<&Outcome> {
        let place = self.by_change.get(&change)?;
        Some(&self.log[*place].entry.outcome)
    }

    /// A device's chain at one of its numbers; none for what came by protocol 1.
    fn link_at(&self, device: Uuid, number: u64) -> Option<Hash> {
        let place = self.by_number.get(&(device, number))?;
        let link = self.log[*place].entry.link;
        (link != Hash::GENESIS).then_some(link)
    }

    /// The change itself.
    pub(crate) fn change(&self, id: Uuid) -> Option<&Change> {
        let place = self.by_change.get(&id)?;
        Some(&self.log[*place].entry.change)
    }
}

/// The disk, and when it fails.
#[derive(Debug, Default)]
pub(crate) struct Disk {
    pub rows: Rows,
    /// The write that fails, counted from now: a full disk, or the end of the process before the commit.
    pub fails_in: Option<u32>,
    /// What a database with its keys would have refused: never to happen.
    pub broken: Option<&'static str>,
}

/// The ledger, and who looks into it.
#[derive(Debug, Default, Clone)]
pub(crate) struct MemoryLedger(pub Arc<Mutex<Disk>>);

impl MemoryLedger {
    pub(crate) fn disk(&self) -> MutexGuard<'_, Disk> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ledger for MemoryLedger {
    fn begin(&mut self) -> Result<Box<dyn Pages + '_>, LedgerError> {
        Ok(Box::new(Transaction {
            disk: self.disk(),
            undo: Vec::new(),
        }))
    }
}

struct Transaction<'a> {
    disk: MutexGuard<'a, Disk>,
    undo: Vec<Undo>,
}

enum Undo {
    Standing(Option<Box<Standing>>),
    Device(Uuid, Option<Box<Device>>),
    Record(Key, Option<Arc<Stored>>),
    Part(Uuid, Key),
    Logged,
    Fed(String),
    Sum(Scope, Option<u64>),
    Codes(Vec<(String, EnrolCode)>),
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        let rows = &mut self.disk.rows;
        while let Some(undo) = self.undo.pop() {
            match undo {
                Undo::Standing(was) => rows.standing = was.map(|was| *was),
                Undo::Device(id, was) => put_back(&mut rows.devices, id, was.map(|was| *was)),
                Undo::Record(key, was) => put_back(&mut rows.records, key, was),
                Undo::Part(case, key) => {
                    if let Some(parts) = rows.by_case.get_mut(&case) {
                        parts.remove(&key);
                    }
                }
                Undo::Logged => {
                    if let Some(line) = rows.log.pop() {
                        let change = &line.entry.change;
                        rows.by_change.remove(&change.change_id);
                        rows.by_number.remove(&(line.device, change.device_seq));
                    }
                }
                Undo::Fed(office) => {
                    if let Some(feed) = rows.feed.get_mut(&office) {
                        feed.pop();
                    }
                }
                Undo::Sum(scope, was) => put_back(&mut rows.sums, scope, was),
                Undo::Codes(was) => rows.codes = was,
            }
        }
    }
}

fn put_back<K: Ord, V>(map: &mut BTreeMap<K, V>, key: K, was: Option<V>) {
    match was {
        Some(was) => map.insert(key, was),
        None => map.remove(&key),
    };
}

fn full() -> LedgerError {
    LedgerError::Folder(io::ErrorKind::StorageFull.into())
}

impl Transaction<'_> {
    fn writes(&mut self) -> Result<(), LedgerError> {
        match self.disk.fails_in.as_mut() {
            None => Ok(()),
            Some(0) => {
                self.disk.fails_in = None;
                Err(full())
            }
            Some(left) => {
                *left -= 1;
                Ok(())
            }
        }
    }

    fn changes_standing(&mut self) -> Result<&mut Standing, LedgerError> {
        self.writes()?;
        let was = self.disk.rows.standing.clone().map(Box::new);
        self.undo.push(Undo::Standing(was));
        self.disk
            .rows
            .standing
            .as_mut()
            .ok_or(LedgerError::Row("province"))
    }

    fn changes_codes(&mut self) -> Result<&mut Vec<(String, EnrolCode)>, LedgerError> {
        self.writes()?;
        let was = self.disk.rows.codes.clone();
        self.undo.push(Undo::Codes(was));
        Ok(&mut self.disk.rows.codes)
    }

    fn log(&mut self, device: &Device, entry: &Entry) {
        let disk = &mut *self.disk;
        let rows = &mut disk.rows;
        let place = rows.log.len();
        let number = (device.id, entry.change.device_seq);
        if rows
            .by_change
            .insert(entry.change.change_id, place)
            .is_some()
        {
            disk.broken = Some("a change is in the log twice");
        }
        if rows.by_number.insert(number, place).is_some() {
            disk.broken = Some("a number of a device is in the log twice");
        }
        if rows
            .log
            .last()
            .is_some_and(|last| last.entry.seq >= entry.seq)
        {
            disk.broken = Some("the log does not rise");
        }
        rows.log.push(Arc::new(Line {
            entry: entry.clone(),
            office_code: device.office_code.clone(),
            device: device.id,
        }));
        self.undo.push(Undo::Logged);
    }

    fn lays_open(&self, change: &Change, book: &mut Book) {
        let rows = &self.disk.rows;
        if let Some(place) = rows.by_change.get(&change.change_id) {
            let line = &rows.log[*place];
            let known = (line.office_code.clone(), line.entry.outcome.clone());
            book.outcomes.insert(change.change_id, known);
        }
        let key = (change.entity, change.entity_id);
        let mut open = |key: Key| {
            if let Some(stored) = rows.records.get(&key) {
                let stored = || Stored {
                    dirty: false,
                    ..Stored::clone(stored)
                };
                book.records.entry(key).or_insert_with(stored);
            }
        };
        open(key);
        let stored_case = rows
            .records
            .get(&key)
            .and_then(|stored| case_of(key.0, &stored.body));
        for case in stored_case
            .into_iter()
            .chain(case_of(key.0, &change.fields))
        {
            open((Entity::Case, case));
        }
        let changes_hands = change.entity == Entity::Case
            && ["office_code", "referred_to"]
                .iter()
                .any(|name| change.fields.contains_key(*name));
        if changes_hands && !book.parts.contains_key(&change.entity_id) {
            let parts = rows
                .by_case
                .get(&change.entity_id)
                .cloned()
                .unwrap_or_default();
            for part in &parts {
                open(*part);
            }
            book.parts.insert(change.entity_id, parts);
        }
    }
}

fn case_of(entity: Entity, body: &Map<String, Value>) -> Option<Uuid> {
    let is_part = matches!(
        entity,
        Entity::Person | Entity::Need | Entity::Assignment | Entity::Review | Entity::FollowUp
    );
    let case = body.get("case_id").filter(|_| is_part)?;
    case.as_str()?.parse().ok()
}

impl Pages for Transaction<'_> {
    fn standing(&mut self) -> Result<Option<Standing>, LedgerError> {
        Ok(self.disk.rows.standing.clone())
    }

    fn found(&mut self, founding: &Standing, _: Timestamp) -> Result<(), LedgerError> {
        self.writes()?;
        let was = self.disk.rows.standing.take().map(Box::new);
        self.undo.push(Undo::Standing(was));
        self.disk.rows.standing = Some(founding.clone());
        Ok(())
    }

    fn save_secret(&mut self, _: &str, secret: [u8; 32]) -> Result<(), LedgerError> {
        self.changes_standing()?.secret = Some(secret);
        Ok(())
    }

    fn begin_epoch(
        &mut self,
        _: &str,
        _: usize,
        epoch: Epoch,
        _: Timestamp,
    ) -> Result<(), LedgerError> {
        let standing = self.changes_standing()?;
        standing.epochs.push(epoch);
        standing.is_copy = false;
        Ok(())
    }

    fn add_code(&mut self, _: &str, code: &NewCode) -> Result<(), LedgerError> {
        let codes = self.changes_codes()?;
        let id = i64::try_from(codes.len()).unwrap_or(i64::MAX);
        codes.push((
            code.office_code.clone(),
            EnrolCode {
                id,
                hash: code.hash,
                expires_at: code.expires_at,
                tries: 0,
                used_by: Vec::new(),
                devices_max: code.devices_max,
                confirms: code.confirms,
            },
        ));
        Ok(())
    }

    fn codes(&mut self, _: &str, office: &str) -> Result<Vec<EnrolCode>, LedgerError> {
        let codes = self.disk.rows.codes.iter();
        Ok(codes
            .filter(|(of, _)| of == office)
            .map(|(_, code)| code.clone())
            .collect())
    }

    fn count_try(&mut self, _: &str, office: &str) -> Result<(), LedgerError> {
        for (of, code) in self.changes_codes()? {
            code.tries += u32::from(of == office);
        }
        Ok(())
    }

    fn use_code(&mut self, _: &str, code: i64, device: Uuid) -> Result<(), LedgerError> {
        for (_, known) in self.changes_codes()? {
            if known.id == code && !known.used_by.contains(&device) {
                known.used_by.push(device);
            }
        }
        Ok(())
    }

    fn device(&mut self, _: &str, id: Uuid) -> Result<Option<Device>, LedgerError> {
        Ok(self.disk.rows.devices.get(&id).cloned())
    }

    fn devices(&mut self, _: &str) -> Result<Vec<Device>, LedgerError> {
        Ok(self.disk.rows.devices.values().cloned().collect())
    }

    fn save_device(&mut self, _: &str, device: &Device) -> Result<(), LedgerError> {
        self.writes()?;
        let was = self.disk.rows.devices.insert(device.id, device.clone());
        self.undo.push(Undo::Device(device.id, was.map(Box::new)));
        Ok(())
    }

    fn open(&mut self, _: &str, device: &Device, changes: &[Change]) -> Result<Book, LedgerError> {
        let rows = &self.disk.rows;
        let standing = rows.standing.as_ref().ok_or(LedgerError::Row("province"))?;
        let living = rows
            .devices
            .values()
            .filter(|device| device.status != Status::Revoked);
        let offices: BTreeSet<_> = living.map(|device| device.office_code.clone()).collect();
        let mut book = Book {
            head: standing.head,
            province_code: standing.province_code.clone(),
            offices: offices.into_iter().collect(),
            ..Book::default()
        };
        let before = changes
            .first()
            .map(|first| first.device_seq.saturating_sub(1));
        let numbers = changes.iter().map(|change| change.device_seq);
        for number in before.into_iter().chain(numbers) {
            if number < device.last_seq || (number == device.last_seq && before != Some(number)) {
                let link = rows.link_at(device.id, number);
                book.links.extend(link.map(|link| (number, link)));
            }
        }
        for change in changes {
            self.lays_open(change, &mut book);
        }
        Ok(book)
    }

    fn keep(
        &mut self,
        _: &str,
        device: &Device,
        book: &Book,
        taken: &Taken,
        _: Timestamp,
    ) -> Result<(), LedgerError> {
        for entry in &taken.entries {
            self.writes()?;
            self.log(device, entry);
        }
        for (key, stored) in book.records.iter().filter(|(_, stored)| stored.dirty) {
            let rows = &mut self.disk.rows;
            let was = rows.records.insert(*key, Arc::new(stored.clone()));
            self.undo.push(Undo::Record(*key, was));
            if let Some(case) = stored.case_id
                && rows.by_case.entry(case).or_default().insert(*key)
            {
                self.undo.push(Undo::Part(case, *key));
            }
        }
        for row in &taken.feed {
            let feed = &mut self.disk.rows.feed;
            feed.entry(row.office_code.clone())
                .or_default()
                .push(row.clone());
            self.undo.push(Undo::Fed(row.office_code.clone()));
        }
        for (scope, change) in &taken.sums {
            let sums = &mut self.disk.rows.sums;
            let was = sums.get(scope).copied();
            sums.insert(scope.clone(), was.unwrap_or(0).wrapping_add(*change));
            self.undo.push(Undo::Sum(scope.clone(), was));
        }
        self.changes_standing()?.head = book.head;
        Ok(())
    }

    fn feed(
        &mut self,
        _: &str,
        asked: Reading<'_>,
        only_left: bool,
    ) -> Result<Vec<FeedLine>, LedgerError> {
        use jitasa_server::book::FeedKind;
        let rows = &self.disk.rows;
        let Some(feed) = rows.feed.get(asked.office_code) else {
            return Ok(Vec::new());
        };
        let from = feed.partition_point(|row| row.seq <= asked.after);
        let wanted = feed[from..]
            .iter()
            .filter(|row| row.author_device != Some(asked.device))
            .filter(|row| !only_left || row.kind == FeedKind::Left)
            .take(asked.limit as usize);
        wanted
            .map(|row| {
                let stored = rows.records.get(&row.key).ok_or(LedgerError::Row("feed"))?;
                let place = rows.log.partition_point(|line| line.entry.seq < row.seq);
                let line = rows.log.get(place).filter(|line| line.entry.seq == row.seq);
                Ok(FeedLine {
                    seq: row.seq,
                    kind: row.kind,
                    key: row.key,
                    stored: Stored::clone(stored),
                    told: line.map(|line| (line.entry.change.clone(), line.entry.outcome.clone())),
                })
            })
            .collect()
    }

    fn records(&mut self, _: &str, asked: Reading<'_>) -> Result<Vec<(Key, Stored)>, LedgerError> {
        Ok(self.in_order(asked.after, asked.limit, |stored| {
            (stored.scope.office_code.starts_with(asked.office_code)
                || stored.scope.referred_to.as_deref() == Some(asked.office_code))
                && stored.only_device != Some(asked.device)
        }))
    }

    fn records_of_owner(
        &mut self,
        _: &str,
        owner: &str,
        after: u64,
        limit: u32,
    ) -> Result<Vec<(Key, Stored)>, LedgerError> {
        Ok(self.in_order(after, limit, |stored| stored.scope.office_code == owner))
    }

    fn sums(&mut self, _: &str, office: &str) -> Result<Vec<(Scope, u64)>, LedgerError> {
        let sums = self.disk.rows.sums.iter();
        Ok(sums
            .filter(|(scope, _)| {
                scope.office_code.starts_with(office)
                    || scope.referred_to.as_deref() == Some(office)
            })
            .map(|(scope, sum)| (scope.clone(), *sum))
            .collect())
    }

    fn link_at(&mut self, _: &str, device: Uuid, seq: u64) -> Result<Option<Hash>, LedgerError> {
        Ok(self.disk.rows.link_at(device, seq))
    }

    fn offices(&mut self, _: &str) -> Result<Vec<OfficeLine>, LedgerError> {
        Ok(Vec::new())
    }

    fn commit(mut self: Box<Self>) -> Result<(), LedgerError> {
        self.writes()?;
        self.undo.clear();
        Ok(())
    }
}

impl Transaction<'_> {
    fn in_order(
        &self,
        after: u64,
        limit: u32,
        wanted: impl Fn(&Stored) -> bool,
    ) -> Vec<(Key, Stored)> {
        let records = self.disk.rows.records.iter();
        let mut found: Vec<_> = records
            .filter(|(_, stored)| stored.last_seq > after && wanted(stored))
            .collect();
        found.sort_by_key(|(_, stored)| stored.last_seq);
        found.truncate(limit as usize);
        found
            .into_iter()
            .map(|(key, stored)| (*key, Stored::clone(stored)))
            .collect()
    }
}

/// Nobody looks on as operator; what he asks is answered from an empty register.
impl Register for Transaction<'_> {
    fn kept(&mut self, _: &str) -> Result<Vec<KeptCount>, LedgerError> {
        Ok(Vec::new())
    }

    fn open_codes(&mut self, _: &str, _: Timestamp) -> Result<Vec<OpenCode>, LedgerError> {
        Ok(Vec::new())
    }

    fn write_down(&mut self, _: &str, _: &OperatorAct) -> Result<(), LedgerError> {
        Ok(())
    }

    fn acts(&mut self, _: &str, _: u32) -> Result<Vec<OperatorAct>, LedgerError> {
        Ok(Vec::new())
    }

    fn ledger_bytes(&mut self) -> Result<Option<u64>, LedgerError> {
        Ok(None)
    }
}
