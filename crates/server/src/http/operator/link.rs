//! The one-time link by which the operator of this machine signs in: whoever may read the data folder
//! may ask for it. The folder holds its hash only; a new link ends the one before.

use std::{io, path::Path};

use jitasa_domain::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    files::{read_json, write_json},
    secret::{is_same, link_hash},
};

pub use super::SIGN_IN_PATH;

/// How long a link is good.
pub const LINK_MS: i64 = 10 * 60 * 1000;
const LINK_FILE: &str = "operator-link.json";
const USED_FILE: &str = "operator-link.used.json";

#[derive(Debug, Serialize, Deserialize)]
struct Link {
    hash: [u8; 32],
    ends_at: Timestamp,
    who: String,
}

/// Keeps a new link's token, hashed, for the account that asked for it.
///
/// # Errors
/// When the folder cannot be written.
pub fn keep(folder: &Path, token: &str, who: &str, now: Timestamp) -> io::Result<()> {
    let link = Link {
        hash: link_hash(token),
        ends_at: now.plus_ms(LINK_MS),
        who: who.to_string(),
    };
    write_json(&folder.join(LINK_FILE), &link)
}

/// Uses a link: who asked for it, when it is the living one. It cannot be used again.
pub(crate) fn redeem(folder: &Path, token: &str, now: Timestamp) -> Option<String> {
    let kept: Link = read_json(&folder.join(LINK_FILE))?;
    if !is_same(&kept.hash, &link_hash(token)) || now >= kept.ends_at {
        return None;
    }
    // Of two who come at once only one can take the file away.
    std::fs::rename(folder.join(LINK_FILE), folder.join(USED_FILE)).ok()?;
    Some(kept.who)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_signs_in_once_within_ten_minutes_and_a_wrong_one_does_not_use_it_up() {
        let dir = tempfile::tempdir().unwrap();
        let at = |token: &str, now| redeem(dir.path(), token, Timestamp(now));
        assert_eq!(at("a", 0), None, "no link was made");
        keep(dir.path(), "a", "somchai", Timestamp(0)).unwrap();
        assert_eq!(at("b", 1), None);
        assert_eq!(at("a", LINK_MS), None, "too late");
        assert_eq!(at("a", LINK_MS - 1).as_deref(), Some("somchai"));
        assert_eq!(at("a", LINK_MS - 1), None, "used");
    }

    #[test]
    fn a_new_link_ends_the_one_before_and_the_folder_does_not_hold_it() {
        let dir = tempfile::tempdir().unwrap();
        keep(dir.path(), "first-token", "a", Timestamp(0)).unwrap();
        keep(dir.path(), "second-token", "a", Timestamp(0)).unwrap();
        assert_eq!(redeem(dir.path(), "first-token", Timestamp(1)), None);
        let kept = std::fs::read_to_string(dir.path().join(LINK_FILE)).unwrap();
        assert!(!kept.contains("second-token"));
    }
}
