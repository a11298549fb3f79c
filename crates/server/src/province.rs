//! A province's server without its network: puts clock-told moments, random bytes and the rules of
//! enrolment between the rim and the ledger. Tests and simulations call it directly.

use std::{
    fmt, fs,
    path::Path,
    sync::{Mutex, PoisonError},
};

use jitasa_domain::{Timestamp, change::Verdict};
use jitasa_protocol::{
    Code, EnrolAnswer, EnrolRequest, PROTOCOL, Secret, SyncAnswer, SyncRequest, check_protocol,
};
use uuid::Uuid;

use crate::{
    book::Taken,
    enrol::{CODE_LIFE_MS, is_office_code},
    ledger::{Candidate, Ledger, LedgerError, NewCode, OfficeLine, Page, Refusal, Standing},
    secret,
    sqlite::SqliteLedger,
};

/// Name of the ledger's file in the data folder.
pub const LEDGER_FILE: &str = "province.db";

/// The server of one province.
pub struct Province {
    /// One writer: who comes second waits here.
    ledger: Mutex<Box<dyn Ledger>>,
}

impl fmt::Debug for Province {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Province").finish_non_exhaustive()
    }
}

impl Province {
    /// Opens the ledger in a folder, making both when they are not there.
    ///
    /// # Errors
    /// When the folder or the file cannot be used.
    pub fn open(dir: &Path) -> Result<Self, LedgerError> {
        fs::create_dir_all(dir)?;
        only_for_its_owner(dir)?;
        Ok(Self::with_ledger(SqliteLedger::open(
            &dir.join(LEDGER_FILE),
        )?))
    }

    /// A province kept by another ledger.
    #[must_use]
    pub fn with_ledger(ledger: impl Ledger + 'static) -> Self {
        Self {
            ledger: Mutex::new(Box::new(ledger)),
        }
    }

    fn locked<T>(&self, work: impl FnOnce(&mut dyn Ledger) -> T) -> T {
        // A panic inside a call rolled its transaction back, so the ledger itself is sound.
        let mut ledger = self.ledger.lock().unwrap_or_else(PoisonError::into_inner);
        work(ledger.as_mut())
    }

    /// The province, once its first office has been let in.
    ///
    /// # Errors
    /// When the ledger fails.
    pub fn standing(&self) -> Result<Option<Standing>, LedgerError> {
        self.locked(|ledger| ledger.standing())
    }

    /// A new one-time code for a device of an office. The first one makes this the server of the
    /// office's province.
    ///
    /// # Errors
    /// When the office's code is none, or is of another province.
    pub fn new_code(&self, office_code: &str, now: Timestamp) -> Result<String, NewCodeError> {
        if !is_office_code(office_code) {
            return Err(NewCodeError::OfficeCode);
        }
        let code = secret::code_from(random()?);
        let founding = Standing {
            province_code: office_code[..2].to_string(),
            server_id: uuid::Builder::from_random_bytes(random()?).into_uuid(),
            head: 0,
        };
        self.locked(|ledger| {
            ledger.found(&founding, now)?;
            let standing = ledger.standing()?.ok_or(LedgerError::Row("province"))?;
            if standing.province_code != founding.province_code {
                return Err(NewCodeError::OtherProvince(standing.province_code));
            }
            let hash = secret::code_hash(office_code, &code);
            let expires_at = now.plus_ms(CODE_LIFE_MS);
            let new = NewCode {
                office_code: office_code.to_string(),
                hash,
                expires_at,
            };
            ledger.add_code(&standing.province_code, &new)?;
            Ok(code)
        })
    }

    /// Enrols a device.
    ///
    /// # Errors
    /// As the protocol lays down for `/v1/enrol`.
    pub fn enrol(&self, request: &EnrolRequest, now: Timestamp) -> Result<EnrolAnswer, Refusal> {
        check_protocol(request.protocol)?;
        request.check()?;
        let token = secret::token_from(random()?);
        let candidate = Candidate {
            device_id: request.device_id,
            device_name: request.device_name.clone(),
            office_code: request.office_code.clone(),
            code_hash: secret::code_hash(&request.office_code, &request.code.0),
            token_hash: secret::token_hash(&token),
        };
        self.locked(|ledger| {
            let standing = ledger.standing()?.ok_or(Code::CodeUnknown)?;
            ledger.enrol(&standing.province_code, &candidate, now)?;
            Ok(EnrolAnswer {
                protocol: PROTOCOL,
                province_code: standing.province_code,
                server_id: standing.server_id,
                device_token: Secret(token),
                office_code: candidate.office_code,
            })
        })
    }

    /// Takes a device's changes and tells it those of others.
    ///
    /// # Errors
    /// As the protocol lays down for `/v1/sync`.
    pub fn sync(
        &self,
        token: &str,
        request: &SyncRequest,
        now: Timestamp,
    ) -> Result<SyncAnswer, Refusal> {
        check_protocol(request.protocol)?;
        let token_hash = secret::token_hash(token);
        self.locked(|ledger| {
            let standing = ledger.standing()?.ok_or(Code::DeviceUnknown)?;
            let province = standing.province_code.as_str();
            let device = ledger.device(province, request.device_id)?;
            // An unknown device takes the same way as a wrong token.
            let kept_hash = device.as_ref().map_or([0; 32], |device| device.token_hash);
            let known = secret::is_same(&kept_hash, &token_hash);
            let device = device
                .filter(|device| known && device.office_code == request.office_code)
                .ok_or(Code::DeviceUnknown)?;
            if device.revoked {
                return Err(Code::DeviceRevoked.into());
            }
            request.check()?;
            if request.cursor > standing.head {
                // The desk has heard more than this ledger holds: it was restored from an old copy.
                return Err(Code::CursorUnknown.into());
            }
            let taken = match &request.batch {
                Some(batch) => ledger.absorb(province, device.id, &batch.changes, now)?,
                None => Taken {
                    device_seq: device.last_seq,
                    ..Taken::default()
                },
            };
            let told_up_to = request
                .batch
                .as_ref()
                .and_then(|batch| batch.changes.last());
            let owes_its_word = told_up_to.is_some_and(|last| last.device_seq < taken.device_seq);
            let page = if owes_its_word {
                // Answers were lost, and the device asks again with fewer changes. It has to hear
                // of all its own before it hears what others wrote over them.
                Page {
                    delivered: Vec::new(),
                    cursor: request.cursor,
                    more: true,
                }
            } else {
                ledger.deliver(province, device.id, request.cursor, request.limit, now)?
            };
            Ok(SyncAnswer {
                protocol: PROTOCOL,
                server_id: standing.server_id,
                acked: taken.device_seq,
                outcomes: taken.outcomes,
                delivered: page.delivered,
                cursor: page.cursor,
                more: page.more,
            })
        })
    }

    /// Shuts a device out; false when there is none of that id.
    ///
    /// # Errors
    /// When the ledger fails.
    pub fn revoke(&self, device_id: Uuid) -> Result<bool, LedgerError> {
        self.locked(|ledger| match ledger.standing()? {
            Some(standing) => ledger.revoke(&standing.province_code, device_id),
            None => Ok(false),
        })
    }

    /// The offices that have a device.
    ///
    /// # Errors
    /// When the ledger fails.
    pub fn offices(&self) -> Result<Vec<OfficeLine>, LedgerError> {
        self.locked(|ledger| match ledger.standing()? {
            Some(standing) => ledger.offices(&standing.province_code),
            None => Ok(Vec::new()),
        })
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
pub fn tally(answer: &SyncAnswer, verdict: Verdict) -> usize {
    answer
        .outcomes
        .iter()
        .filter(|outcome| outcome.verdict == verdict)
        .count()
}

fn random<const N: usize>() -> Result<[u8; N], LedgerError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| LedgerError::Randomness)?;
    Ok(bytes)
}

#[cfg(unix)]
fn only_for_its_owner(dir: &Path) -> Result<(), LedgerError> {
    use std::os::unix::fs::PermissionsExt as _;
    Ok(fs::set_permissions(dir, fs::Permissions::from_mode(0o700))?)
}

#[cfg(not(unix))]
fn only_for_its_owner(_: &Path) -> Result<(), LedgerError> {
    Ok(())
}
