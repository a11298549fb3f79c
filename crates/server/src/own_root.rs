//! The server's own root, for a province without a certificate of a public authority: a root of ten
//! years that stays in the data folder, and below it a certificate for the server's names that is
//! made anew before it ends. Desks trust this root for this server alone; the enrolment file carries it.

use std::{
    fs,
    path::{Path, PathBuf},
};

use jitasa_domain::Timestamp;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};

use crate::{
    certificate::{CertificateError, read, validity},
    files::write_whole,
};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// How long the root is good.
const ROOT_DAYS: i64 = 3653;
/// How long a certificate below it is good.
const LEAF_DAYS: i64 = 365;
/// With less than that left, a new one is made.
pub const RENEW_DAYS: i64 = 60;
/// A desk whose clock is a day behind must not be shut out by a certificate of today.
const BEFORE_DAYS: i64 = 2;

/// Folder of the certificates inside the data folder.
pub const FOLDER: &str = "tls";
const ROOT: &str = "root.pem";
const ROOT_KEY: &str = "root.key";
const LEAF: &str = "server.pem";
const LEAF_KEY: &str = "server.key";

/// Where they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnRoot {
    folder: PathBuf,
}

impl OwnRoot {
    /// That of a data folder, made if there is none.
    ///
    /// # Errors
    /// When the folder cannot be used. A root that is there and cannot be read is left as it is:
    /// every desk of the province trusts it.
    pub fn of(data: &Path, now: Timestamp) -> Result<Self, CertificateError> {
        let own = Self {
            folder: data.join(FOLDER),
        };
        fs::create_dir_all(&own.folder)?;
        if !own.root().exists() {
            own.make_root(now)?;
        }
        Ok(own)
    }

    /// The root's certificate, which desks are given.
    #[must_use]
    pub fn root(&self) -> PathBuf {
        self.folder.join(ROOT)
    }

    /// The server's certificate.
    #[must_use]
    pub fn leaf(&self) -> PathBuf {
        self.folder.join(LEAF)
    }

    /// The key of the server's certificate.
    #[must_use]
    pub fn leaf_key(&self) -> PathBuf {
        self.folder.join(LEAF_KEY)
    }

    fn make_root(&self, now: Timestamp) -> Result<(), CertificateError> {
        let key = KeyPair::generate()?;
        let mut params = CertificateParams::default();
        params.distinguished_name.push(
            DnType::CommonName,
            "Jitasa Desk, root of one provincial server",
        );
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        (params.not_before, params.not_after) = span(now, ROOT_DAYS);
        // The key first: a root without its key would be found, and could never renew.
        write_whole(&self.folder.join(ROOT_KEY), key.serialize_pem().as_bytes())?;
        write_whole(&self.root(), params.self_signed(&key)?.pem().as_bytes())?;
        Ok(())
    }

    /// Makes a certificate for these names, unless there is one that is good for long enough.
    /// Says whether it made one.
    ///
    /// # Errors
    /// When the root cannot be read, or a name cannot stand in a certificate.
    pub fn renew(&self, names: &[String], now: Timestamp) -> Result<bool, CertificateError> {
        if self.is_good(names, now) {
            return Ok(false);
        }
        let root_key = KeyPair::from_pem(&text(&self.folder.join(ROOT_KEY))?)?;
        let root = Issuer::from_ca_cert_pem(&text(&self.root())?, root_key)?;
        let key = KeyPair::generate()?;
        let mut params = CertificateParams::new(names.to_vec())?;
        params
            .distinguished_name
            .push(DnType::CommonName, "Jitasa Desk, provincial server");
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        (params.not_before, params.not_after) = span(now, LEAF_DAYS);
        let leaf = params.signed_by(&key, &root)?;
        write_whole(&self.leaf_key(), key.serialize_pem().as_bytes())?;
        write_whole(&self.leaf(), leaf.pem().as_bytes())?;
        Ok(true)
    }

    fn is_good(&self, names: &[String], now: Timestamp) -> bool {
        let Ok(validity) = read(&self.leaf()).and_then(|pem| validity(&pem)) else {
            return false;
        };
        self.leaf_key().exists()
            && validity.names == names
            && now >= validity.begins_at
            && validity.ends_at.0 - now.0 >= RENEW_DAYS * DAY_MS
    }
}

fn text(path: &Path) -> Result<String, CertificateError> {
    String::from_utf8(read(path)?).map_err(|_| CertificateError::NoCertificate)
}

fn span(now: Timestamp, days: i64) -> (time::OffsetDateTime, time::OffsetDateTime) {
    let day = |at: Timestamp| {
        let date = at.date();
        let part = |number: i8| u8::try_from(number).unwrap_or(1);
        date_time_ymd(date.year().into(), part(date.month()), part(date.day()))
    };
    (
        day(now.plus_ms(-BEFORE_DAYS * DAY_MS)),
        day(now.plus_ms(days * DAY_MS)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::certificate::{config, fingerprint};

    const NOW: Timestamp = Timestamp(1_795_305_600_000);

    fn days(count: i64) -> Timestamp {
        NOW.plus_ms(count * DAY_MS)
    }

    #[test]
    fn a_certificate_is_made_anew_with_less_than_60_days_left_and_the_root_stays() {
        let dir = tempfile::tempdir().unwrap();
        let names = ["jitasa.example.go.th".to_string(), "127.0.0.1".to_string()];
        let own = OwnRoot::of(dir.path(), NOW).unwrap();
        assert!(own.renew(&names, NOW).unwrap());
        let root = fs::read(own.root()).unwrap();
        let first = validity(&fs::read(own.leaf()).unwrap()).unwrap();
        assert_eq!(first.names, names);

        let own = OwnRoot::of(dir.path(), days(300)).unwrap();
        assert!(!own.renew(&names, days(LEAF_DAYS - RENEW_DAYS - 2)).unwrap());
        assert!(own.renew(&names, days(LEAF_DAYS - RENEW_DAYS + 1)).unwrap());
        let second = validity(&fs::read(own.leaf()).unwrap()).unwrap();
        assert!(second.ends_at > first.ends_at);
        assert_eq!(fs::read(own.root()).unwrap(), root);
        config(
            &fs::read(own.leaf()).unwrap(),
            &fs::read(own.leaf_key()).unwrap(),
        )
        .unwrap();
        let shown = fingerprint(&root).unwrap();
        assert_eq!(shown.len(), 16 * 4 + 15, "{shown}");
    }

    #[test]
    fn other_names_get_another_certificate_and_a_clock_of_543_years_ahead_is_survived() {
        let dir = tempfile::tempdir().unwrap();
        let own = OwnRoot::of(dir.path(), NOW).unwrap();
        let (one, two) = (["a.example".to_string()], ["b.example".to_string()]);
        assert!(own.renew(&one, NOW).unwrap());
        assert!(own.renew(&two, NOW).unwrap());
        assert!(own.renew(&two, days(543 * 365)).unwrap());
        // The clock is put right: what was made lies in the future and is made anew.
        assert!(own.renew(&two, NOW).unwrap());
    }

    #[cfg(unix)]
    #[test]
    fn keys_are_read_by_their_owner_only() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = tempfile::tempdir().unwrap();
        let own = OwnRoot::of(dir.path(), NOW).unwrap();
        own.renew(&["a.example".to_string()], NOW).unwrap();
        for name in [ROOT_KEY, LEAF_KEY] {
            let path = dir.path().join(FOLDER).join(name);
            let mode = fs::metadata(path).unwrap().permissions().mode();
            assert_eq!(mode & 0o077, 0, "{name}");
        }
    }
}
