//! SHA-256 as it travels, and the chain that ties a device's changes together.

use std::fmt;

use jitasa_domain::change::Change;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// 32 bytes of SHA-256; in JSON 64 lower-case hexadecimal digits. The default is 32 zero bytes:
/// where a device's chain begins.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Hash(pub [u8; 32]);

impl Hash {
    /// What a device's chain begins with, before its first change.
    pub const GENESIS: Self = Self([0; 32]);

    /// The hash of bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&to_hex(&self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::str::FromStr for Hash {
    type Err = crate::WireError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        from_hex(text).map(Self).ok_or(crate::WireError::Malformed)
    }
}

impl Serialize for Hash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        from_hex(&text)
            .map(Self)
            .ok_or_else(|| D::Error::custom("64 lower-case hexadecimal digits"))
    }
}

/// The next link of a device's chain: SHA-256 over the 32 bytes of the link before, followed by the
/// change as canonical JSON.
///
/// Canonical JSON: the members of [`Change`] as `serde_json` writes them, the keys of every object
/// in the order of their UTF-8 bytes, no spaces, and text with only `"`, `\` and control characters
/// escaped. So the link does not depend on the order in which a form wrote its fields, nor on how
/// the change travelled.
#[must_use]
pub fn link(previous: &Hash, change: &Change) -> Hash {
    let mut digest = Sha256::new();
    digest.update(previous.0);
    let mut text = Vec::with_capacity(1_024);
    // A change is an object of text, numbers and JSON values: there is nothing in it that JSON cannot say.
    let value = serde_json::to_value(change).unwrap_or_default();
    put_canonical(&mut text, &value);
    digest.update(&text);
    Hash(digest.finalize().into())
}

fn put_canonical(out: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Object(members) => {
            let mut sorted: Vec<_> = members.iter().collect();
            sorted.sort_unstable_by_key(|(key, _)| key.as_str());
            out.push(b'{');
            for (index, (key, value)) in sorted.into_iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                put_json(out, key.as_str());
                out.push(b':');
                put_canonical(out, value);
            }
            out.push(b'}');
        }
        Value::Array(values) => {
            out.push(b'[');
            for (index, value) in values.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                put_canonical(out, value);
            }
            out.push(b']');
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            put_json(out, value);
        }
    }
}

/// As `serde_json` writes it; into memory, and without a map whose keys could be none, nothing fails.
fn put_json<T: Serialize + ?Sized>(out: &mut Vec<u8>, value: &T) {
    let _ = serde_json::to_writer(out, value);
}

pub(crate) fn to_hex(bytes: &[u8]) -> String {
    use fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing into text does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// 32 bytes from 64 lower-case digits: one form only, so that text can be compared.
pub(crate) fn from_hex(text: &str) -> Option<[u8; 32]> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let mut bytes = [0; 32];
    if text.len() != 64 {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn change(fields: &Value) -> Change {
        serde_json::from_value(json!({
            "change_id": "0192f0a0-3333-7000-8000-000000000001",
            "act_id": "0192f0a0-4444-7000-8000-000000000001",
            "action": "case_edit", "entity": "case",
            "entity_id": "0192f0a0-5555-7000-8000-000000000001",
            "base_version": 7, "fields": fields,
            "actor_id": "0192f0a0-6666-7000-8000-000000000001",
            "actor_name": "นางสาวสมมุติ", "actor_role": "clerk",
            "device_seq": 3, "claimed_at": 1_795_305_600_000_i64,
        }))
        .unwrap()
    }

    #[test]
    fn the_link_does_not_depend_on_the_order_of_fields() {
        let one = change(&json!({ "note": "ก", "lat": 16.3, "more": { "b": [1], "a": null } }));
        let other = change(&json!({ "more": { "a": null, "b": [1] }, "lat": 16.3, "note": "ก" }));
        assert_eq!(link(&Hash::GENESIS, &one), link(&Hash::GENESIS, &other));
    }

    #[test]
    fn the_link_depends_on_the_link_before_and_on_every_value() {
        let one = change(&json!({ "note": "ก" }));
        let other = change(&json!({ "note": "ข" }));
        let first = link(&Hash::GENESIS, &one);
        assert_ne!(first, link(&Hash::GENESIS, &other));
        assert_ne!(first, link(&first, &one));
    }

    /// What another team's client checks itself against.
    #[test]
    fn canonical_json_has_sorted_keys_and_no_spaces() {
        let mut text = Vec::new();
        put_canonical(
            &mut text,
            &json!({ "b": [true, { "d": 1.5, "c": "\"ก\n" }], "a": -1, "é": null, "z": {} }),
        );
        assert_eq!(
            String::from_utf8_lossy(&text),
            "{\"a\":-1,\"b\":[true,{\"c\":\"\\\"ก\\n\",\"d\":1.5}],\"z\":{},\"é\":null}"
        );
    }

    #[test]
    fn a_hash_is_read_only_in_the_form_in_which_it_is_written() {
        let hash = Hash::of(b"");
        let text = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(serde_json::to_value(hash).unwrap(), text);
        assert_eq!(text.parse(), Ok(hash));
        for wrong in [&text.to_uppercase(), &text[..62], "", &"é".repeat(32)] {
            assert!(wrong.parse::<Hash>().is_err());
        }
    }
}
