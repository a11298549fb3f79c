//! The enrolment file that a province gives an office: where its server is, how it is trusted, and a one-time code.
//! JSON, so that people can see what they carry.

use serde::{Deserialize, Serialize};

use crate::{PublicKey, Secret, WireError, limits};

/// What an enrolment file holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bundle {
    /// Says what the file is: [`Bundle::KIND`].
    pub kind: String,
    /// Where the server is.
    pub server_url: String,
    /// The office it is for.
    pub office_code: String,
    /// The one-time code.
    pub code: Secret,
    /// What the server signs with: whoever answers with another key is another.
    pub server_key: PublicKey,
    /// PEM of the authority that signed the server's certificate, when it is the province's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub root_certificate: Option<String>,
}

impl Bundle {
    /// How such a file names itself.
    pub const KIND: &str = "jitasa enrolment";

    /// As text.
    #[must_use]
    pub fn write(&self) -> String {
        // An object of text: there is nothing in it that JSON cannot say.
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    /// From the bytes of a file.
    ///
    /// # Errors
    /// When it is no enrolment file.
    pub fn read(bytes: &[u8]) -> Result<Self, WireError> {
        if bytes.len() > limits::BODY_BYTES_MAX {
            return Err(WireError::TooLarge);
        }
        let bundle: Self = serde_json::from_slice(bytes).map_err(|_| WireError::Malformed)?;
        if bundle.kind == Self::KIND {
            Ok(bundle)
        } else {
            Err(WireError::Malformed)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::DeviceKey;

    #[test]
    fn an_enrolment_file_is_read_as_it_was_written_and_nothing_else_is_one() {
        let bundle = Bundle {
            kind: Bundle::KIND.into(),
            server_url: "https://jitasa.example.go.th".into(),
            office_code: "450905".into(),
            code: Secret("7K3M9QX2TD".into()),
            server_key: DeviceKey::from_secret(&[1; 32]).public(),
            root_certificate: None,
        };
        assert_eq!(Bundle::read(bundle.write().as_bytes()), Ok(bundle.clone()));
        let other = Bundle {
            kind: "else".into(),
            ..bundle
        };
        assert_eq!(
            Bundle::read(other.write().as_bytes()),
            Err(WireError::Malformed)
        );
        for junk in [&b""[..], b"{}", b"JTSA\x02", b"\xff"] {
            assert_eq!(Bundle::read(junk), Err(WireError::Malformed));
        }
    }
}
