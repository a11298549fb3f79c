//! Certificates as files: what the server shows to desks, until when it is good, and how its root is
//! told apart by people. `ring` does the arithmetic; there is no OpenSSL.

use std::{fmt::Write as _, fs, io, path::Path, sync::Arc};

use jitasa_domain::Timestamp;
use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
};
use sha2::{Digest as _, Sha256};
use x509_parser::{extensions::GeneralName, parse_x509_certificate};

/// Why a certificate cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// The file.
    #[error("the file {0} cannot be read")]
    Unreadable(String, #[source] io::Error),
    /// No certificate in PEM.
    #[error("there is no certificate in it (PEM begins with -----BEGIN CERTIFICATE-----)")]
    NoCertificate,
    /// No key in PEM.
    #[error("there is no private key in it (PEM begins with -----BEGIN PRIVATE KEY-----)")]
    NoKey,
    /// Certificate and key do not belong together, or are of a kind nobody speaks any more.
    #[error("certificate and key cannot be used together")]
    Unusable(#[from] rustls::Error),
    /// Our own could not be made.
    #[error("a certificate could not be made")]
    Make(#[from] rcgen::Error),
    /// The folder of our own.
    #[error("the folder of certificates cannot be used")]
    Folder(#[from] io::Error),
}

impl CertificateError {
    /// The stable code of the log.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unreadable(..) => "certificate_unreadable",
            Self::NoCertificate => "certificate_missing",
            Self::NoKey => "certificate_key_missing",
            Self::Unusable(_) => "certificate_unusable",
            Self::Make(_) => "certificate_not_made",
            Self::Folder(_) => "certificate_folder",
        }
    }
}

/// For whom and until when a certificate is good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Validity {
    /// From then on.
    pub begins_at: Timestamp,
    /// Until then.
    pub ends_at: Timestamp,
    /// Names and addresses it was made for.
    pub names: Vec<String>,
}

pub(crate) fn read(path: &Path) -> Result<Vec<u8>, CertificateError> {
    let unreadable = |error| CertificateError::Unreadable(path.display().to_string(), error);
    fs::read(path).map_err(unreadable)
}

/// The first certificate of a PEM file: its own bytes.
fn first(pem: &[u8]) -> Result<CertificateDer<'static>, CertificateError> {
    CertificateDer::from_pem_slice(pem).map_err(|_| CertificateError::NoCertificate)
}

/// For whom and until when the first certificate of a PEM file is good.
///
/// # Errors
/// When there is none.
pub fn validity(pem: &[u8]) -> Result<Validity, CertificateError> {
    let der = first(pem)?;
    let (_, certificate) =
        parse_x509_certificate(&der).map_err(|_| CertificateError::NoCertificate)?;
    let moment = |seconds: i64| Timestamp(seconds.saturating_mul(1000));
    let names = certificate
        .subject_alternative_name()
        .ok()
        .flatten()
        .map(|names| names.value.general_names.iter().filter_map(name).collect())
        .unwrap_or_default();
    Ok(Validity {
        begins_at: moment(certificate.validity().not_before.timestamp()),
        ends_at: moment(certificate.validity().not_after.timestamp()),
        names,
    })
}

fn name(name: &GeneralName) -> Option<String> {
    match name {
        GeneralName::DNSName(name) => Some((*name).to_string()),
        GeneralName::IPAddress(bytes) => {
            let v4 = <[u8; 4]>::try_from(*bytes).map(std::net::IpAddr::from);
            let v6 = <[u8; 16]>::try_from(*bytes).map(std::net::IpAddr::from);
            v4.or(v6).ok().map(|address| address.to_string())
        }
        _ => None,
    }
}

/// SHA-256 of a certificate, in groups that people can compare: `3F2A 90C1 ...`.
///
/// # Errors
/// When there is no certificate in it.
pub fn fingerprint(pem: &[u8]) -> Result<String, CertificateError> {
    let mut text = String::new();
    for (at, byte) in Sha256::digest(first(pem)?).iter().enumerate() {
        if at > 0 && at % 2 == 0 {
            text.push(' ');
        }
        let _ = write!(text, "{byte:02X}");
    }
    Ok(text)
}

/// What the server shows and proves: TLS 1.2 and 1.3, no certificate asked of desks (they sign).
///
/// # Errors
/// When one of the two is missing, or they do not belong together.
pub fn config(chain_pem: &[u8], key_pem: &[u8]) -> Result<Arc<ServerConfig>, CertificateError> {
    let chain: Vec<_> = CertificateDer::pem_slice_iter(chain_pem)
        .collect::<Result<_, _>>()
        .map_err(|_| CertificateError::NoCertificate)?;
    if chain.is_empty() {
        return Err(CertificateError::NoCertificate);
    }
    let key = PrivateKeyDer::from_pem_slice(key_pem).map_err(|_| CertificateError::NoKey)?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_certificate_or_key_is_refused_with_what_is_missing() {
        assert!(matches!(
            config(b"", b""),
            Err(CertificateError::NoCertificate)
        ));
        assert!(matches!(
            validity(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
            Err(CertificateError::NoCertificate)
        ));
    }
}
