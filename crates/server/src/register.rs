//! What the operator asks of a transaction beside devices and codes: what is held, which codes are
//! open, and the list of his own acts, which is only ever added to.
//!
//! It must not know HTTP, a clock or chance, and it never yields a name of a person or the content of
//! a change: counts and codes only.

use std::collections::BTreeMap;

use jitasa_domain::Timestamp;
use uuid::Uuid;

use crate::{
    book::{Device, Status},
    ledger::LedgerError,
};

/// How far a desk's clock may be off before it is pointed out.
pub const SKEW_MS_MAX: i64 = 5 * 60 * 1000;

/// Why a device is shut out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RevokedHow {
    /// Lost or stolen.
    Lost,
    /// Retired in order: it had sent everything.
    Retired,
}

impl RevokedHow {
    /// As it is kept.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Lost => "lost",
            Self::Retired => "retired",
        }
    }

    /// Reads what a form says.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Lost, Self::Retired]
            .into_iter()
            .find(|how| how.code() == code)
    }
}

/// Whether a device's clock is so far off that people would be misled.
#[must_use]
pub fn is_clock_wrong(device: &Device) -> bool {
    device.skew_ms.saturating_abs() > SKEW_MS_MAX
}

/// How many of an office's changes were not applied for one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptCount {
    /// Whose changes.
    pub office_code: String,
    /// `conflict`, or why they are held.
    pub reason: String,
    /// How many.
    pub count: u64,
}

/// A code that may still let devices in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenCode {
    /// The office it is good for.
    pub office_code: String,
    /// When it ends.
    pub expires_at: Timestamp,
    /// Devices it may let in.
    pub devices_max: u64,
    /// Devices it has let in.
    pub devices: u64,
}

/// What an operator did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// Signed in on the page.
    SignedIn,
    /// Made a one-time code.
    CodeMade,
    /// Confirmed a device.
    Confirmed,
    /// Shut a device out.
    Revoked,
}

impl Deed {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::SignedIn,
        Self::CodeMade,
        Self::Confirmed,
        Self::Revoked,
    ];

    /// As it is kept.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::SignedIn => "signed_in",
            Self::CodeMade => "code_made",
            Self::Confirmed => "confirmed",
            Self::Revoked => "revoked",
        }
    }

    /// Reads what is kept.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|deed| deed.code() == code)
    }
}

/// A line of the list of acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperatorAct {
    /// When.
    pub at: Timestamp,
    /// Who: the account on this machine that asked for the link, or that ran the command.
    pub who: String,
    /// What.
    pub deed: Deed,
    /// Which office it was about.
    pub office_code: Option<String>,
    /// Which device it was about.
    pub device: Option<Uuid>,
    /// The reason that was given, or how many devices.
    pub note: String,
}

/// What the operator asks of a transaction.
pub trait Register {
    /// What was not applied, by office and reason.
    ///
    /// # Errors
    /// When the ledger fails, as for every call here.
    fn kept(&mut self, province: &str) -> Result<Vec<KeptCount>, LedgerError>;

    /// Codes that may still let devices in, those that end first before others.
    fn open_codes(&mut self, province: &str, now: Timestamp) -> Result<Vec<OpenCode>, LedgerError>;

    /// Adds a line to the list of acts.
    fn write_down(&mut self, province: &str, act: &OperatorAct) -> Result<(), LedgerError>;

    /// The last acts, the newest first.
    fn acts(&mut self, province: &str, limit: u32) -> Result<Vec<OperatorAct>, LedgerError>;

    /// Bytes that the whole ledger takes; none when it shares its place with others.
    fn ledger_bytes(&mut self) -> Result<Option<u64>, LedgerError>;
}

/// An office with its devices and what of its changes waits for a person.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OfficeOverview {
    /// Its code.
    pub office_code: String,
    /// Its devices: those to be confirmed first, those shut out last.
    pub devices: Vec<Device>,
    /// Changes that were not applied, by reason; `conflict` is one of them.
    pub kept: BTreeMap<String, u64>,
}

impl OfficeOverview {
    /// Places of the order that its slowest confirmed device has not heard of.
    #[must_use]
    pub fn lag(&self, head: u64) -> u64 {
        self.devices
            .iter()
            .filter(|device| device.status == Status::Confirmed)
            .map(|device| head.saturating_sub(device.last_cursor))
            .max()
            .unwrap_or_default()
    }
}

/// Everything the operator looks at, at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overview {
    /// The province's code.
    pub province_code: String,
    /// The last place given.
    pub head: u64,
    /// Whether this is a backup that nobody has served from yet.
    pub is_copy: bool,
    /// In the order of their codes.
    pub offices: Vec<OfficeOverview>,
    /// Codes that are open.
    pub codes: Vec<OpenCode>,
    /// Bytes of the ledger.
    pub ledger_bytes: Option<u64>,
}

impl Overview {
    /// How many devices there are of each status, those of none included.
    #[must_use]
    pub fn devices_by_status(&self) -> BTreeMap<Status, u64> {
        let mut counts: BTreeMap<_, _> = Status::ALL.map(|status| (status, 0)).into();
        for device in self.devices() {
            *counts.entry(device.status).or_default() += 1;
        }
        counts
    }

    /// All devices.
    pub fn devices(&self) -> impl Iterator<Item = &Device> {
        self.offices.iter().flat_map(|office| &office.devices)
    }

    /// Changes that wait for a person.
    #[must_use]
    pub fn kept(&self) -> u64 {
        self.offices
            .iter()
            .flat_map(|office| office.kept.values())
            .sum()
    }
}
