//! Our desks: the real store, the real core of sync, over a real line.

use std::{
    cell::RefCell,
    fs,
    io::{BufWriter, Write as _},
    path::{Path, PathBuf},
};

use jitasa_domain::{
    Actor, Entity, IdSource, Kind, Office, Role, Timestamp, change::Change, ids::SeededIds,
};
use jitasa_protocol::{
    PROTOCOL,
    payload::{BatchHead, Request, RequestHead},
};
use jitasa_store::{
    Action, DeskUser, Setup, Store,
    act::EditCase,
    desk::reading,
    query::cases::{self, CaseLine, CaseQuery, CaseSort},
};
use jitasa_sync::{
    Desk as _, HttpTransport, Receipt, StoreDesk, Terms, Transport, TransportError, enrol,
    envelope, run,
};
use uuid::Uuid;

use super::calls::{Call, NOW, OFFICE, document, keyed};
use crate::Outcome;

/// Acts of one transaction while a desk is made ready; nobody waits for that.
const ACTS_A_TRANSACTION: usize = 2_000;

/// Changes that are gathered at once to be written as documents.
const GATHERED: usize = 1_000;

/// Ids as a desk draws them: what one run of the program shares, and a count (RFC 9562, 6.2).
#[derive(Debug)]
struct RunIds {
    shared: [u8; 6],
    count: u32,
}

impl RunIds {
    fn new(seed: u64) -> Self {
        let mut chance = SeededIds(seed);
        let [a, b, c, d, e, f, ..] = chance.next_u64().to_be_bytes();
        Self {
            shared: [a, b, c, d, e, f],
            count: 0,
        }
    }
}

impl IdSource for RunIds {
    fn random(&mut self) -> [u8; 10] {
        let mut bytes = [0; 10];
        bytes[..6].copy_from_slice(&self.shared);
        bytes[6..].copy_from_slice(&self.count.to_be_bytes());
        self.count += 1;
        bytes
    }
}

/// A desk of the office and its clerk.
#[derive(Debug)]
pub(super) struct Desk {
    pub(super) store: Store,
    seed: u64,
    actor: Actor,
    ids: RunIds,
    /// What is corrected, and how.
    chance: SeededIds,
}

impl Desk {
    /// A new desk in a folder.
    pub(super) fn new(folder: &Path, seed: u64, kinds: &[Kind]) -> Outcome<Self> {
        let mut chance = SeededIds(seed ^ 0xDE5C);
        let mut key = [0; 32];
        for bytes in key.chunks_mut(8) {
            bytes.copy_from_slice(&chance.next_u64().to_le_bytes());
        }
        let store = Store::create(folder, key)?;
        store.set_up(&Setup {
            office: Office {
                code: OFFICE.into(),
                name: "ที่ว่าการอำเภอหนองพอก".into(),
            },
            practice: false,
            device_id: chance.next(NOW),
            users: vec![DeskUser {
                id: chance.next(NOW),
                name: format!("เสมียน โต๊ะ {seed}"),
                role: Role::Clerk,
                villages: Vec::new(),
                volunteer_id: None,
            }],
            kinds: kinds.to_vec(),
            centre: (16.3, 104.2),
        })?;
        drop(store);
        Self::open(folder, seed)
    }

    /// The desk that lies in a folder.
    pub(super) fn open(folder: &Path, seed: u64) -> Outcome<Self> {
        let store = Store::open(folder)?;
        let actor = store.read(reading::actor)?.ok_or("nobody sits there")?;
        Ok(Self {
            store,
            seed,
            actor,
            ids: RunIds::new(seed),
            chance: SeededIds(seed ^ 0xED17),
        })
    }

    /// Keys calls in, each an act of its own.
    pub(super) fn key(&mut self, calls: impl Iterator<Item = Call>) -> Outcome<()> {
        let Self {
            store, actor, ids, ..
        } = self;
        let mut calls = calls.peekable();
        while calls.peek().is_some() {
            store.acts(|acts| {
                for call in calls.by_ref().take(ACTS_A_TRANSACTION) {
                    let _ = acts.act(actor, call.at, ids, Action::CreateCase(call.new))?;
                }
                Ok(())
            })?;
        }
        Ok(())
    }

    /// Corrects one field of each of so many cases, the newest first.
    pub(super) fn edit(&mut self, count: usize) -> Outcome<()> {
        let all = CaseQuery {
            all_states: true,
            ..CaseQuery::default()
        };
        let limit = u32::try_from(count)?;
        let page = self
            .store
            .read(|conn| cases::page(conn, &all, CaseSort::Newest, None, limit))?;
        if page.rows.len() < count {
            return Err("too few cases to edit".into());
        }
        let mut at = NOW;
        for line in page.rows {
            at = at.plus_ms(60_000 + i64::try_from(self.chance.below(500_000))?);
            let edit = corrected(line, &mut self.chance);
            let _ = self
                .store
                .act(&self.actor, at, &mut self.ids, Action::EditCase(edit))?;
        }
        Ok(())
    }

    /// Becomes a desk of the province.
    pub(super) fn enrol(&self, url: &str, root: Option<&str>, code: &str) -> Outcome<()> {
        let transport = HttpTransport::new(url, root)?;
        let mut secret = [7; 32];
        secret[..8].copy_from_slice(&self.seed.to_le_bytes());
        let mut desk = self.lent();
        let mut enrolment = enrol(&mut desk, &transport, url, code, secret, jitasa_now())?;
        enrolment.root_certificate = root.map(ToString::to_string);
        Ok(desk.save_enrolment(&enrolment)?)
    }

    fn lent(&self) -> StoreDesk<'_> {
        StoreDesk {
            store: &self.store,
            device_name: format!("โต๊ะ {}", self.seed),
        }
    }

    /// One round over a line; what it weighed comes with the receipt.
    pub(super) fn sync(&self, url: &str, terms: Terms) -> Outcome<(Receipt, Weight)> {
        let mut desk = self.lent();
        let root = desk.enrolment()?.and_then(|kept| kept.root_certificate);
        let line = Weighed::new(HttpTransport::new(url, root.as_deref())?);
        let receipt = run(&mut desk, &line, terms)?;
        if receipt.sent != receipt.new + receipt.merged || receipt.pending != 0 {
            return Err(format!("not all was taken: {receipt:?}").into());
        }
        Ok((receipt, line.weight.into_inner()))
    }

    /// All that waits in exactly one batch, whatever the size with which a round would begin. The desk hears the word on
    /// it in its next round.
    pub(super) fn send_in_one_batch(&self, url: &str) -> Outcome<(usize, Weight)> {
        let desk = self.lent();
        let standing = desk.standing()?;
        let waiting = desk.gather(standing.acked, usize::MAX)?;
        let enrolment = desk.enrolment()?.ok_or("not enrolled")?;
        let link = waiting.link.ok_or("no chain")?;
        let name = Uuid::new_v5(&standing.device_id, b"one batch");
        let request = Request {
            head: RequestHead {
                protocol: PROTOCOL,
                program: jitasa_sync::round::PROGRAM.into(),
                server_id: standing.server_id,
                office_code: standing.office_code,
                device_id: standing.device_id,
                acked: standing.acked,
                link,
                cursor: standing.cursor,
                epoch: standing.epoch,
                limit: jitasa_sync::core::PAGE_FIRST,
                waiting: waiting.waiting,
                claimed_at: jitasa_now().0,
                fields: jitasa_domain::sum::fields_covered(),
                batch: Some(BatchHead::of(name, None, link, &waiting.changes)),
                want_sums: false,
                repair: None,
            },
            changes: waiting.changes,
        };
        let key = desk.identity()?.key.ok_or("no key")?;
        let server_key = enrolment.server_key.ok_or("no server key")?;
        let sealed = envelope::seal(&request, &key);
        let line = Weighed::new(HttpTransport::new(
            url,
            enrolment.root_certificate.as_deref(),
        )?);
        let bytes = line.exchange(&sealed.frame)?;
        let answer = envelope::open(&bytes, &server_key, standing.device_id, sealed.name)?;
        let taken = answer.outcomes.iter().filter(|word| word.reason.is_none());
        if answer.head.problem.is_some() || taken.count() != request.changes.len() {
            return Err("the batch was not taken".into());
        }
        Ok((request.changes.len(), line.weight.into_inner()))
    }

    /// All that waits, as documents, one a line. What followed from a new case came right after it.
    pub(super) fn write_documents(&self, file: &Path) -> Outcome<()> {
        let mut out = BufWriter::new(fs::File::create(file)?);
        let (mut after, mut begun) = (0, Vec::<Change>::new());
        loop {
            let changes = self.store.gather(after, GATHERED)?.changes;
            let Some(last) = changes.last() else {
                break;
            };
            after = last.device_seq;
            begun.extend(changes);
            // The last case may go on in what is gathered next.
            let cases: Vec<_> = begun.chunk_by(|a, b| case_of(a) == case_of(b)).collect();
            let whole = &cases[..cases.len() - 1];
            for case in whole {
                writeln!(out, "{}", document(case)?)?;
            }
            let written = whole.iter().map(|case| case.len()).sum::<usize>();
            begun.drain(..written);
        }
        if !begun.is_empty() {
            writeln!(out, "{}", document(&begun)?)?;
        }
        Ok(out.flush()?)
    }

    /// How many cases the desk holds.
    pub(super) fn cases(&self) -> Outcome<usize> {
        let all = CaseQuery {
            all_states: true,
            ..CaseQuery::default()
        };
        let count = self.store.read(|conn| cases::count(conn, &all))?;
        Ok(usize::try_from(count)?)
    }

    /// The checksum of all that it holds.
    pub(super) fn sum(&self) -> Outcome<u64> {
        let sums = self.store.sums()?;
        Ok(sums.values().fold(0, |all, sum| all.wrapping_add(*sum)))
    }
}

/// The case that a change is about.
fn case_of(change: &Change) -> Option<&str> {
    let id = match change.entity {
        Entity::Case => "id",
        _ => "case_id",
    };
    change.fields.get(id)?.as_str()
}

/// The server goes by the clock of this machine, and a code is good for a day of it.
pub(super) fn jitasa_now() -> Timestamp {
    jitasa_server::clock::now()
}

/// A round as desks run it.
pub(super) fn terms() -> Terms {
    Terms::at(jitasa_now())
}

fn corrected(line: CaseLine, chance: &mut SeededIds) -> EditCase {
    let (id, version) = (line.case.id, line.version);
    let (person, fields) = keyed(line.case, line.person);
    let mut edit = EditCase {
        id,
        version,
        person,
        fields,
        needs: Vec::new(),
    };
    match chance.below(4) {
        0 => edit.person.phone = Some(format!("08{:08}", chance.below(100_000_000))),
        1 => edit.fields.people_count += 1 + u32::try_from(chance.below(5)).unwrap_or(0),
        2 => edit.fields.house_no = format!("{}/{}", 201 + chance.below(200), chance.below(9)),
        _ => {
            // Said by the one who keyed it, in words of his own.
            let words = [
                "น้ำลดแล้ว",
                "ยังขอน้ำดื่ม",
                "ญาติมารับแล้ว",
                "ไฟฟ้ายังไม่มา",
                "โทรกลับไม่ติด",
            ];
            let [a, b] = [(); 2].map(|()| words[chance.below(words.len())]);
            edit.fields.note = format!("{a} {b} {}", chance.below(100));
        }
    }
    edit
}

/// Bytes of the frames themselves, without what carries them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Weight {
    /// Requests.
    pub(super) requests: u64,
    /// Bytes of requests.
    pub(super) up: u64,
    /// Bytes of answers.
    pub(super) down: u64,
}

/// A line that weighs what it carries.
#[derive(Debug)]
struct Weighed {
    line: HttpTransport,
    weight: RefCell<Weight>,
}

impl Weighed {
    fn new(line: HttpTransport) -> Self {
        Self {
            line,
            weight: RefCell::default(),
        }
    }
}

impl Transport for Weighed {
    fn enrol(&self, frame: &[u8]) -> Result<Vec<u8>, TransportError> {
        self.line.enrol(frame)
    }

    fn exchange(&self, frame: &[u8]) -> Result<Vec<u8>, TransportError> {
        let answer = self.line.exchange(frame)?;
        let mut weight = self.weight.borrow_mut();
        weight.requests += 1;
        weight.up += frame.len() as u64;
        weight.down += answer.len() as u64;
        Ok(answer)
    }
}

/// The folder of one desk among many.
pub(super) fn folder_of(folder: &Path, number: usize) -> PathBuf {
    folder.join(format!("desk-{number}"))
}
