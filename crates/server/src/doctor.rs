//! Looks after a server the way a careful officer would: folder, disk, ledger, certificate, clock,
//! devices, codes, backups. It reads and changes nothing; the server may be running.

use std::{fs, path::Path};

use jitasa_domain::{Timestamp, gazetteer::Gazetteer};

use crate::{
    backup,
    book::{Device, Status},
    certificate::{read, validity},
    ledger::LedgerError,
    operator,
    own_root::RENEW_DAYS,
    province::LEDGER_FILE,
    register::Overview,
    say::{bytes, moment},
    serving_file::ServingNow,
    sqlite::{self, copy::ProvinceFound},
    words::Words,
};

/// With less free disk than that, somebody should make room.
pub const DISK_FREE_MIN_BYTES: u64 = 2_000_000_000;
/// A device that was not heard of for so long is a telephone call.
pub const QUIET_DAYS: i64 = 7;
/// Backups are made every day.
pub const BACKUP_DAYS_MAX: i64 = 2;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// A certificate of others is renewed by others; a month is time to ask them.
const CERTIFICATE_DAYS_MIN: i64 = 30;
/// The program was not there before (2026-01-01), and will not run for a century (2100-01-01).
const CLOCK_FROM: Timestamp = Timestamp(1_767_225_600_000);
const CLOCK_TO: Timestamp = Timestamp(4_102_444_800_000);
/// Names listed on one line.
const LISTED_MAX: usize = 10;

/// How things stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Health {
    /// As it should be.
    Well,
    /// Somebody should look at it.
    Look,
    /// Something is wrong.
    Wrong,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How it stands.
    pub health: Health,
    /// What, as the stable key of its words.
    pub key: &'static str,
    blanks: Vec<(&'static str, String)>,
}

impl Finding {
    fn new(health: Health, key: &'static str) -> Self {
        Self {
            health,
            key,
            blanks: Vec::new(),
        }
    }

    fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.blanks.push((name, value.into()));
        self
    }

    /// In Thai, then in English.
    #[must_use]
    pub fn lines(&self) -> [String; 2] {
        let level = match self.health {
            Health::Well => "doctor_well",
            Health::Look => "doctor_look",
            Health::Wrong => "doctor_wrong",
        };
        let blanks: Vec<_> = self
            .blanks
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        [Words::thai(), Words::english()]
            .map(|words| format!("{}: {}", words.get(level), words.with(self.key, &blanks)))
    }
}

/// Looks at everything.
#[must_use]
pub fn examine(data: &Path, now: Timestamp) -> Vec<Finding> {
    let mut findings = vec![folder(data), disk(data)];
    let found = ledger(data, &mut findings);
    findings.push(certificate(data, now));
    findings.push(clock(
        found.as_ref().and_then(|found| found.last_received_at),
        now,
    ));
    if found.is_some() {
        devices(data, now, &mut findings);
    }
    findings.push(last_backup(data, now));
    findings
}

#[cfg(unix)]
fn folder(data: &Path) -> Finding {
    use std::os::unix::fs::PermissionsExt as _;
    match fs::metadata(data) {
        Err(_) => Finding::new(Health::Wrong, "doctor_folder_unreadable"),
        Ok(about) if about.permissions().mode() & 0o077 != 0 => {
            let mode = format!("{:o}", about.permissions().mode() & 0o777);
            Finding::new(Health::Wrong, "doctor_folder_open").with("mode", mode)
        }
        Ok(_) => Finding::new(Health::Well, "doctor_folder_good"),
    }
}

#[cfg(not(unix))]
fn folder(data: &Path) -> Finding {
    match fs::metadata(data) {
        Err(_) => Finding::new(Health::Wrong, "doctor_folder_unreadable"),
        Ok(_) => Finding::new(Health::Well, "doctor_folder_good"),
    }
}

/// Bytes of free disk where the data lies.
#[cfg(unix)]
#[must_use]
pub fn disk_free_bytes(data: &Path) -> Option<u64> {
    let about = rustix::fs::statvfs(data).ok()?;
    Some(about.f_bavail.saturating_mul(about.f_frsize))
}

/// Bytes of free disk where the data lies.
#[cfg(not(unix))]
#[must_use]
pub fn disk_free_bytes(_: &Path) -> Option<u64> {
    None
}

fn disk(data: &Path) -> Finding {
    match disk_free_bytes(data) {
        None => Finding::new(Health::Well, "doctor_disk_unknown"),
        Some(free) if free < DISK_FREE_MIN_BYTES => Finding::new(Health::Look, "doctor_disk_low")
            .with("free", bytes(free))
            .with("least", bytes(DISK_FREE_MIN_BYTES)),
        Some(free) => Finding::new(Health::Well, "doctor_disk_good").with("free", bytes(free)),
    }
}

fn ledger(data: &Path, findings: &mut Vec<Finding>) -> Option<ProvinceFound> {
    let file = data.join(LEDGER_FILE);
    if !file.is_file() {
        findings.push(Finding::new(Health::Look, "doctor_ledger_none"));
        return None;
    }
    let Ok(found) = sqlite::copy::inspect(&file) else {
        findings.push(Finding::new(Health::Wrong, "doctor_ledger_unreadable"));
        return None;
    };
    findings.push(match found.damage.first() {
        None => Finding::new(Health::Well, "doctor_ledger_good"),
        Some(what) => Finding::new(Health::Wrong, "doctor_ledger_damaged").with("what", what),
    });
    let (layout, ours) = (found.layout, sqlite::LAYOUT);
    let (health, key) = match layout.cmp(&ours) {
        std::cmp::Ordering::Equal => (Health::Well, "doctor_layout_good"),
        std::cmp::Ordering::Less => (Health::Look, "doctor_layout_old"),
        std::cmp::Ordering::Greater => (Health::Wrong, "doctor_layout_new"),
    };
    findings.push(
        Finding::new(health, key)
            .with("layout", layout.to_string())
            .with("ours", ours.to_string()),
    );
    let province = found.province?;
    let head = province.head.to_string();
    findings.push(if province.highest_seq > province.head {
        Finding::new(Health::Wrong, "doctor_order_wrong")
            .with("highest", province.highest_seq.to_string())
            .with("head", head)
    } else {
        Finding::new(Health::Well, "doctor_order_good").with("head", head)
    });
    // Only a ledger of our own layout is asked further.
    (layout == ours).then_some(province)
}

fn certificate(data: &Path, now: Timestamp) -> Finding {
    let serving = ServingNow::of(data);
    let own = data.join(crate::own_root::FOLDER).join("server.pem");
    let (path, days_min) = match serving.and_then(|serving| serving.certificate) {
        Some(path) if path != own => (path, CERTIFICATE_DAYS_MIN),
        Some(path) => (path, 0),
        None if own.exists() => (own, 0),
        None => return Finding::new(Health::Well, "doctor_certificate_none"),
    };
    let Ok(validity) = read(&path).and_then(|pem| validity(&pem)) else {
        return Finding::new(Health::Wrong, "doctor_certificate_unreadable");
    };
    let left_days = (validity.ends_at.0 - now.0) / DAY_MS;
    // Our own renews itself long before; when it has not, the server has not been running.
    let late_days = if days_min == 0 {
        RENEW_DAYS / 2
    } else {
        days_min
    };
    let (health, key) = if now < validity.begins_at || now >= validity.ends_at {
        (Health::Wrong, "doctor_certificate_over")
    } else if left_days < late_days {
        (Health::Look, "doctor_certificate_soon")
    } else {
        (Health::Well, "doctor_certificate_good")
    };
    Finding::new(health, key).with("until", moment(validity.ends_at))
}

fn clock(last_received_at: Option<Timestamp>, now: Timestamp) -> Finding {
    let shown = moment(now);
    match last_received_at {
        _ if now < CLOCK_FROM || now > CLOCK_TO => {
            Finding::new(Health::Wrong, "doctor_clock_wrong").with("now", shown)
        }
        Some(last) if now < last => Finding::new(Health::Wrong, "doctor_clock_back")
            .with("now", shown)
            .with("last", moment(last)),
        _ => Finding::new(Health::Well, "doctor_clock_good").with("now", shown),
    }
}

fn devices(data: &Path, now: Timestamp, findings: &mut Vec<Finding>) {
    let Ok(Some(overview)) = overview(data, now) else {
        findings.push(Finding::new(Health::Wrong, "doctor_ledger_unreadable"));
        return;
    };
    if overview.is_copy {
        findings.push(Finding::new(Health::Look, "doctor_copy"));
    }
    let days = QUIET_DAYS.to_string();
    let quiet = listed(&overview, |device| {
        let heard = device.last_seen_at.unwrap_or(device.enrolled_at);
        device.status == Status::Confirmed && (now.0 - heard.0) / DAY_MS >= QUIET_DAYS
    });
    findings.push(match quiet {
        None => Finding::new(Health::Well, "doctor_quiet_good").with("days", days),
        Some(devices) => Finding::new(Health::Look, "doctor_quiet")
            .with("days", days)
            .with("devices", devices),
    });
    if let Some(devices) = listed(&overview, |device| device.status == Status::Pending) {
        findings.push(Finding::new(Health::Look, "doctor_pending").with("devices", devices));
    }
    findings.push(match overview.codes.len() {
        0 => Finding::new(Health::Well, "doctor_codes_none"),
        count => Finding::new(Health::Well, "doctor_codes").with("count", count.to_string()),
    });
}

fn overview(data: &Path, now: Timestamp) -> Result<Option<Overview>, LedgerError> {
    sqlite::copy::asked(&data.join(LEDGER_FILE), |pages| match pages.standing()? {
        Some(standing) => operator::overview(pages, &standing, now).map(Some),
        None => Ok(None),
    })
}

/// Devices by office and name, the first few; nothing when there is none.
fn listed(overview: &Overview, is_meant: impl Fn(&Device) -> bool) -> Option<String> {
    let meant: Vec<_> = overview
        .devices()
        .filter(|device| is_meant(device))
        .collect();
    let name = |code: &str| {
        Gazetteer::bundled()
            .get(code)
            .map(jitasa_domain::gazetteer::Place::titled)
    };
    let mut listed: Vec<_> = meant
        .iter()
        .take(LISTED_MAX)
        .map(|device| {
            let office = name(&device.office_code).unwrap_or_else(|| device.office_code.clone());
            format!("{} ({office})", device.name)
        })
        .collect();
    if meant.len() > LISTED_MAX {
        listed.push(format!("+{}", meant.len() - LISTED_MAX));
    }
    (!listed.is_empty()).then(|| listed.join(", "))
}

fn last_backup(data: &Path, now: Timestamp) -> Finding {
    let Some(last) = backup::last(data) else {
        return Finding::new(Health::Look, "doctor_backup_none");
    };
    let at = moment(last.at);
    if (now.0 - last.at.0) / DAY_MS >= BACKUP_DAYS_MAX {
        return Finding::new(Health::Look, "doctor_backup_old")
            .with("at", at)
            .with("days", BACKUP_DAYS_MAX.to_string());
    }
    if !last.file.exists() {
        return Finding::new(Health::Look, "doctor_backup_gone").with("at", at);
    }
    Finding::new(Health::Well, "doctor_backup_good").with("at", at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Province, province::CodeTerms};

    const NOW: Timestamp = Timestamp(1_795_305_600_000);

    fn keys(data: &Path, now: Timestamp, health: Health) -> Vec<&'static str> {
        let found = examine(data, now);
        found
            .iter()
            .filter(|finding| finding.health == health)
            .map(|finding| finding.key)
            .collect()
    }

    #[test]
    fn a_new_server_lacks_only_its_first_backup_and_then_nothing() {
        let (data, shelf) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let province = Province::open(data.path()).unwrap();
        province
            .new_code("450905", CodeTerms::default(), NOW)
            .unwrap();
        assert_eq!(keys(data.path(), NOW, Health::Wrong), Vec::<&str>::new());
        let look = keys(data.path(), NOW, Health::Look);
        assert_eq!(
            look.iter()
                .filter(|key| **key != "doctor_disk_low")
                .collect::<Vec<_>>(),
            [&"doctor_backup_none"]
        );
        backup::make(data.path(), shelf.path(), NOW).unwrap();
        assert!(keys(data.path(), NOW, Health::Well).contains(&"doctor_backup_good"));
        let later = NOW.plus_ms(3 * DAY_MS);
        assert!(keys(data.path(), later, Health::Look).contains(&"doctor_backup_old"));
    }

    #[test]
    fn a_clock_of_buddhist_years_or_of_1970_cannot_be() {
        let data = tempfile::tempdir().unwrap();
        for now in [Timestamp(0), NOW.plus_ms(543 * 365 * DAY_MS)] {
            assert!(keys(data.path(), now, Health::Wrong).contains(&"doctor_clock_wrong"));
        }
        assert_eq!(clock(Some(NOW), NOW.plus_ms(-1)).key, "doctor_clock_back");
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_that_others_can_open_and_a_damaged_ledger_are_wrong() {
        use std::os::unix::fs::PermissionsExt as _;
        let data = tempfile::tempdir().unwrap();
        drop(Province::open(data.path()).unwrap());
        fs::set_permissions(data.path(), fs::Permissions::from_mode(0o755)).unwrap();
        fs::write(data.path().join(LEDGER_FILE), b"not a database").unwrap();
        let wrong = keys(data.path(), NOW, Health::Wrong);
        assert!(wrong.contains(&"doctor_folder_open"), "{wrong:?}");
        assert!(wrong.contains(&"doctor_ledger_unreadable"), "{wrong:?}");
    }

    #[test]
    fn every_finding_has_words_in_both_languages_with_no_blank_left() {
        let source = include_str!("doctor.rs").split("#[cfg(test)]").next();
        let mut asked = 0;
        for rest in source.unwrap().split("\"doctor_").skip(1) {
            let key = format!("doctor_{}", rest.split('"').next().unwrap());
            assert!(Words::thai().known(&key).is_some(), "{key}");
            asked += 1;
        }
        assert!(asked > 30);
        let data = tempfile::tempdir().unwrap();
        for finding in examine(data.path(), NOW) {
            for line in finding.lines() {
                assert!(!line.contains('{'), "{line}");
            }
        }
    }
}
