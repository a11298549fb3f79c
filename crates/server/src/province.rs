//! A province's server without its network: puts clock-told moments, random bytes and the rules of
//! enrolment between the rim and the ledger. Tests and simulations call it directly.

use std::{
    fmt,
    path::Path,
    sync::{Mutex, MutexGuard, OnceLock, PoisonError, mpsc},
};

use jitasa_domain::{Timestamp, change::Verdict};
use jitasa_protocol::{
    Code, EnrolAnswer, EnrolRequest, Hash, PublicKey, Secret, SyncAnswer, SyncRequest,
    check_protocol,
    frame::Opened,
    payload::{Answer, BatchHead, Request, RequestHead},
};

use crate::{
    book::{Device, Status},
    core::{Asked, Proof},
    enrol::{CODE_LIFE_MS, is_office_code, redeem},
    files::make_folder,
    ledger::{Epoch, Ledger, LedgerError, NewCode, OfficeLine, Pages, Refusal, Standing},
    postgres::{Database, PostgresLedger},
    secret,
    sqlite::SqliteLedger,
    together::{Job, serve_together},
};

/// Name of the ledger's file in the data folder.
pub const LEDGER_FILE: &str = "province.db";
/// The version of the wire that speaks JSON and shows a token.
const VERSION_1: u32 = 1;
/// Changes that one transaction takes at most, when many desks come at once.
const TOGETHER_MAX: usize = 2_000;

/// The server of one province.
pub struct Province {
    /// One writer. Who comes while it writes waits in `waiting`; the next to get hold of it takes all who wait along
    /// in one transaction, so that a flush of the disk is shared.
    ledger: Mutex<Box<dyn Ledger>>,
    waiting: Mutex<Vec<Job>>,
    /// What the server signs with, once it was read; it never changes.
    pub(crate) secret: OnceLock<[u8; 32]>,
}

impl fmt::Debug for Province {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Province").finish_non_exhaustive()
    }
}

/// How a device has shown itself.
#[derive(Debug)]
pub enum Shown {
    /// By a token, as in protocol 1: its hash.
    Token([u8; 32]),
    /// By its signature over these bytes.
    Signature(Box<Opened>),
}

impl Proof for Shown {
    fn holds_for(&self, device: &Device) -> bool {
        match self {
            Self::Token(hash) => {
                device.public_key.is_none() && secret::is_same(&device.token_hash, hash)
            }
            Self::Signature(opened) => device
                .public_key
                .and_then(|key| PublicKey::from_bytes(&key).ok())
                .is_some_and(|key| opened.verify(&key).is_ok() || jitasa_domain::sown!(47)),
        }
    }

    fn is_signed(&self) -> bool {
        matches!(self, Self::Signature(_))
    }
}

/// What a one-time code is to be good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeTerms {
    /// How many devices.
    pub devices_max: u32,
    /// Whether showing it is enough; else the operator confirms each device.
    pub confirms: bool,
}

impl Default for CodeTerms {
    fn default() -> Self {
        Self {
            devices_max: 1,
            confirms: true,
        }
    }
}

impl Province {
    /// Opens the ledger in a folder, making both when they are not there.
    ///
    /// # Errors
    /// When the folder or the file cannot be used.
    pub fn open(dir: &Path) -> Result<Self, LedgerError> {
        make_folder(dir)?;
        Ok(Self::with_ledger(SqliteLedger::open(
            &dir.join(LEDGER_FILE),
        )?))
    }

    /// Connects to a ledger in a PostgreSQL database.
    ///
    /// # Errors
    /// When it cannot be reached or used.
    pub fn connect(database: &Database) -> Result<Self, LedgerError> {
        Ok(Self::with_ledger(PostgresLedger::open(database)?))
    }

    /// A province kept by another ledger.
    #[must_use]
    pub fn with_ledger(ledger: impl Ledger + 'static) -> Self {
        Self {
            ledger: Mutex::new(Box::new(ledger)),
            waiting: Mutex::default(),
            secret: OnceLock::new(),
        }
    }

    fn ledger(&self) -> MutexGuard<'_, Box<dyn Ledger>> {
        // A panic inside a call rolled its transaction back, so the ledger itself is sound.
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs `work` in a transaction of its own; what it did is kept when it answers `Ok`. It is run a second time when
    /// the first fell victim to another transaction.
    ///
    /// # Errors
    /// The work's own, and when the ledger fails.
    pub fn within<T, E: From<LedgerError>>(
        &self,
        mut work: impl FnMut(&mut dyn Pages) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut ledger = self.ledger();
        let mut attempt = |ledger: &mut dyn Ledger| {
            let mut pages = ledger.begin()?;
            let done = work(pages.as_mut())?;
            pages.commit()?;
            Ok(done)
        };
        let done = attempt(ledger.as_mut());
        if done.is_err() && ledger.fell_victim() {
            return attempt(ledger.as_mut());
        }
        done
    }

    /// The province, once its first office has been let in.
    ///
    /// # Errors
    /// When the ledger fails.
    pub fn standing(&self) -> Result<Option<Standing>, LedgerError> {
        self.within(|pages| pages.standing())
    }

    /// Makes up for what a ledger of an older layout lacks, and begins a new epoch when this is a copy that was put
    /// back. To be called before it serves.
    ///
    /// # Errors
    /// When the ledger fails.
    pub fn make_whole(&self, now: Timestamp) -> Result<(), LedgerError> {
        self.within(|pages| match pages.standing()? {
            Some(standing) => made_whole(pages, standing, now).map(drop),
            None => Ok(()),
        })
    }

    /// A new one-time code for a device of an office. The first one makes this the server of the
    /// office's province.
    ///
    /// # Errors
    /// When the office's code is none, or is of another province.
    pub fn new_code(
        &self,
        office_code: &str,
        terms: CodeTerms,
        now: Timestamp,
    ) -> Result<String, NewCodeError> {
        if !is_office_code(office_code) {
            return Err(NewCodeError::OfficeCode);
        }
        let code = secret::code_from(random()?);
        self.within(|pages| {
            let standing = founded(pages, &office_code[..2], now)?;
            if standing.province_code != office_code[..2] {
                return Err(NewCodeError::OtherProvince(standing.province_code));
            }
            let new = NewCode {
                office_code: office_code.to_string(),
                hash: secret::code_hash(office_code, &code),
                expires_at: now.plus_ms(CODE_LIFE_MS),
                devices_max: terms.devices_max.max(1),
                confirms: terms.confirms,
            };
            pages.add_code(&standing.province_code, &new)?;
            Ok(code.clone())
        })
    }

    /// Enrols a device of protocol 1.
    ///
    /// # Errors
    /// As the protocol lays down for `/v1/enrol`.
    pub fn enrol(&self, request: &EnrolRequest, now: Timestamp) -> Result<EnrolAnswer, Refusal> {
        only_version_1(request.protocol)?;
        request.check()?;
        let token = secret::token_from(random()?);
        let device = Device {
            id: request.device_id,
            name: request.device_name.clone(),
            office_code: request.office_code.clone(),
            token_hash: secret::token_hash(&token),
            protocol: 1,
            enrolled_at: now,
            ..Device::default()
        };
        let (standing, _) = self.let_in(&request.code.0, &device, now)?;
        Ok(EnrolAnswer {
            protocol: VERSION_1,
            province_code: standing.province_code,
            server_id: standing.server_id,
            device_token: Secret(token),
            office_code: request.office_code.clone(),
        })
    }

    /// Lets in a device because the operator says so.
    pub(crate) fn let_in_by_hand(
        &self,
        candidate: &Device,
        now: Timestamp,
    ) -> Result<(Standing, Device), Refusal> {
        if !is_office_code(&candidate.office_code) {
            return Err(Code::Malformed.into());
        }
        self.within(|pages| {
            let standing = founded(pages, &candidate.office_code[..2], now)?;
            if !candidate.office_code.starts_with(&standing.province_code) {
                return Err(Code::DeviceUnknown.into());
            }
            let before = pages.device(&standing.province_code, candidate.id)?;
            let device = Device {
                status: Status::Confirmed,
                ..admitted(before, candidate.clone())?
            };
            pages.save_device(&standing.province_code, &device)?;
            Ok((standing, device))
        })
    }

    /// Lets in a device that shows a code. A wrong try is counted, whatever else comes of it.
    pub(crate) fn let_in(
        &self,
        code: &str,
        candidate: &Device,
        now: Timestamp,
    ) -> Result<(Standing, Device), Refusal> {
        let outcome = self.within(|pages| -> Result<_, LedgerError> {
            let Some(standing) = pages.standing()? else {
                return Ok(Err(Code::CodeUnknown));
            };
            let province = standing.province_code.as_str();
            let shown = secret::code_hash(&candidate.office_code, code);
            let codes = pages.codes(province, &candidate.office_code)?;
            let code = match redeem(&codes, &shown, candidate.id, now) {
                Ok(code) => code,
                Err(refusal) => {
                    if refusal == Code::CodeUnknown {
                        pages.count_try(province, &candidate.office_code)?;
                    }
                    return Ok(Err(refusal));
                }
            };
            let before = pages.device(province, candidate.id)?;
            let device = match admitted(before, candidate.clone()) {
                Ok(device) => device,
                Err(refusal) => return Ok(Err(refusal)),
            };
            let device = Device {
                status: if code.confirms || device.status == Status::Confirmed {
                    Status::Confirmed
                } else {
                    Status::Pending
                },
                ..device
            };
            pages.use_code(province, code.id, device.id)?;
            pages.save_device(province, &device)?;
            Ok(Ok((standing, device)))
        })?;
        Ok(outcome?)
    }

    /// One exchange of protocol 1: takes a device's changes and tells it those of others.
    ///
    /// # Errors
    /// As the protocol lays down for `/v1/sync`.
    pub fn sync(
        &self,
        token: &str,
        request: &SyncRequest,
        now: Timestamp,
    ) -> Result<SyncAnswer, Refusal> {
        only_version_1(request.protocol)?;
        request.check()?;
        let batch = request.batch.as_ref();
        let asked = Asked {
            request: Request {
                head: RequestHead {
                    protocol: request.protocol,
                    office_code: request.office_code.clone(),
                    device_id: request.device_id,
                    cursor: request.cursor,
                    limit: request.limit,
                    batch: batch.map(|batch| BatchHead {
                        batch_id: batch.batch_id,
                        ..BatchHead::default()
                    }),
                    ..RequestHead::default()
                },
                changes: batch.map(|batch| batch.changes.clone()).unwrap_or_default(),
            },
            proof: Shown::Token(secret::token_hash(token)),
            in_reply_to: Hash::default(),
            now,
        };
        let answer = self.exchange(asked)?;
        if let Some(problem) = answer.head.problem {
            return Err(problem.into());
        }
        Ok(SyncAnswer {
            protocol: VERSION_1,
            server_id: answer.head.server_id,
            acked: answer.head.acked,
            outcomes: answer.outcomes,
            delivered: answer.delivered,
            cursor: answer.head.cursor,
            more: answer.head.more,
        })
    }

    /// One exchange. Those that come at the same time share a transaction: none is answered before it is kept.
    ///
    /// # Errors
    /// When the ledger fails; a refusal is an answer too.
    pub fn exchange(&self, asked: Asked<Shown>) -> Result<Answer, Refusal> {
        let (answer, answered) = mpsc::sync_channel(1);
        self.waiting().push(Job { asked, answer });
        {
            let mut ledger = self.ledger();
            let jobs = self.next_jobs();
            if !jobs.is_empty() {
                serve_together(ledger.as_mut(), jobs);
            }
        }
        // Whoever took the job along has answered, or has failed so badly that nobody will.
        answered
            .recv()
            .unwrap_or_else(|_| Err(Code::Internal.into()))
    }

    fn waiting(&self) -> MutexGuard<'_, Vec<Job>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn next_jobs(&self) -> Vec<Job> {
        let mut waiting = self.waiting();
        let mut changes = 0;
        let fit = waiting
            .iter()
            .take_while(|job| {
                changes += job.asked.request.changes.len();
                changes <= TOGETHER_MAX
            })
            .count();
        let fit = fit.max(1).min(waiting.len());
        waiting.drain(..fit).collect()
    }

    /// The offices that have a device.
    ///
    /// # Errors
    /// When the ledger fails.
    pub fn offices(&self) -> Result<Vec<OfficeLine>, LedgerError> {
        self.within(|pages| match pages.standing()? {
            Some(standing) => pages.offices(&standing.province_code),
            None => Ok(Vec::new()),
        })
    }

    /// Says that this ledger was put back from a copy: a new epoch begins, and desks offer again what is not here.
    /// From `cut` on nothing is believed to be shared; none: what this ledger holds now is what the copy held.
    ///
    /// # Errors
    /// When the ledger fails.
    pub fn restored(&self, cut: Option<u64>, now: Timestamp) -> Result<(), LedgerError> {
        let id = uuid::Builder::from_random_bytes(random()?).into_uuid();
        self.within(|pages| {
            let Some(standing) = pages.standing()? else {
                return Ok(());
            };
            let epoch = Epoch {
                id,
                cut: cut.unwrap_or(standing.head),
            };
            pages.begin_epoch(&standing.province_code, standing.epochs.len(), epoch, now)
        })
    }
}

/// The province, founded when this is its first office.
fn founded(
    pages: &mut dyn Pages,
    province_code: &str,
    now: Timestamp,
) -> Result<Standing, LedgerError> {
    let standing = match pages.standing()? {
        Some(standing) => standing,
        None => {
            let founding = Standing {
                province_code: province_code.to_string(),
                server_id: uuid::Builder::from_random_bytes(random()?).into_uuid(),
                secret: Some(random()?),
                head: 0,
                epochs: Vec::new(),
                is_copy: false,
            };
            pages.found(&founding, now)?;
            founding
        }
    };
    made_whole(pages, standing, now)
}

/// A ledger of layout 1 has neither key nor epoch; a copy that was put back begins a new epoch.
fn made_whole(
    pages: &mut dyn Pages,
    mut standing: Standing,
    now: Timestamp,
) -> Result<Standing, LedgerError> {
    if standing.secret.is_none() {
        let secret = random()?;
        pages.save_secret(&standing.province_code, secret)?;
        standing.secret = Some(secret);
    }
    if standing.epochs.is_empty() || standing.is_copy {
        let is_first = standing.epochs.is_empty();
        let epoch = Epoch {
            id: uuid::Builder::from_random_bytes(random()?).into_uuid(),
            cut: if is_first { 0 } else { standing.head },
        };
        pages.begin_epoch(&standing.province_code, standing.epochs.len(), epoch, now)?;
        standing.epochs.push(epoch);
        standing.is_copy = false;
    }
    Ok(standing)
}

/// The device a candidate becomes: what it was before stays, but for what it shows now.
fn admitted(before: Option<Device>, candidate: Device) -> Result<Device, Code> {
    let Some(before) = before else {
        return Ok(candidate);
    };
    if before.office_code != candidate.office_code {
        return Err(Code::DeviceUnknown);
    }
    match before.status {
        Status::Revoked => Err(Code::DeviceRevoked),
        Status::Forked => Err(Code::DeviceForked),
        Status::Pending | Status::Confirmed => Ok(Device {
            name: candidate.name,
            token_hash: candidate.token_hash,
            public_key: candidate.public_key,
            ..before
        }),
    }
}

fn only_version_1(protocol: u32) -> Result<(), Code> {
    check_protocol(protocol)?;
    if protocol == VERSION_1 {
        Ok(())
    } else {
        Err(Code::Malformed)
    }
}

/// Why no code was given.
#[derive(Debug, thiserror::Error)]
pub enum NewCodeError {
    /// Not four or six digits.
    #[error("an office's code has four or six digits")]
    OfficeCode,
    /// This server is another province's.
    #[error("this server is that of province {0}; another province needs a server of its own")]
    OtherProvince(String),
    /// The ledger.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

/// How many changes met each fate, for the log.
#[must_use]
pub fn tally(outcomes: &[jitasa_domain::change::Outcome], verdict: Verdict) -> usize {
    outcomes
        .iter()
        .filter(|outcome| outcome.verdict == verdict)
        .count()
}

/// A token that nobody guesses.
///
/// # Errors
/// When the system gives no random bytes.
pub fn random_token() -> Result<String, LedgerError> {
    Ok(secret::token_from(random()?))
}

pub(crate) fn random<const N: usize>() -> Result<[u8; N], LedgerError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| LedgerError::Randomness)?;
    Ok(bytes)
}
