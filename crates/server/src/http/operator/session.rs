//! Who is signed in on the operator's page: kept in memory, so that a restart ends every session.
//! Pure: moments and random bytes are arguments.

use std::collections::{HashMap, HashSet};

use axum::http::{HeaderMap, header};
use jitasa_domain::Timestamp;
use sha2::{Digest as _, Sha256};

/// How long a session lasts.
const SESSION_MS: i64 = 12 * 60 * 60 * 1000;
/// Sessions at once; the oldest ends when there is one more.
const SESSIONS_MAX: usize = 16;
pub(crate) const COOKIE: &str = "jitasa_operator";

/// An operator who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Session {
    key: [u8; 32],
    /// The account on this machine that asked for the link.
    pub(crate) who: String,
    /// What every form of his carries.
    pub(crate) csrf: String,
}

#[derive(Debug)]
struct Kept {
    session: Session,
    ends_at: Timestamp,
    /// Forms that made something and must not make it again when a page is loaded anew.
    used_forms: HashSet<String>,
}

/// All who are signed in. The cookies themselves are not kept, only their hashes.
#[derive(Debug, Default)]
pub(crate) struct Sessions {
    living: HashMap<[u8; 32], Kept>,
}

impl Sessions {
    /// Signs somebody in; the value of his cookie.
    pub(crate) fn open(&mut self, who: String, random: [u8; 64], now: Timestamp) -> String {
        self.living.retain(|_, kept| now < kept.ends_at);
        if self.living.len() >= SESSIONS_MAX {
            let oldest = self.living.iter().min_by_key(|(_, kept)| kept.ends_at);
            if let Some(key) = oldest.map(|(key, _)| *key) {
                self.living.remove(&key);
            }
        }
        let (id, csrf) = (hex(&random[..32]), hex(&random[32..]));
        let key = key_of(&id);
        let kept = Kept {
            session: Session { key, who, csrf },
            ends_at: now.plus_ms(SESSION_MS),
            used_forms: HashSet::new(),
        };
        self.living.insert(key, kept);
        id
    }

    /// The session whose cookie a request carries.
    pub(crate) fn of(&self, headers: &HeaderMap, now: Timestamp) -> Option<Session> {
        let id = cookie(headers)?;
        let kept = self.living.get(&key_of(id))?;
        (now < kept.ends_at).then(|| kept.session.clone())
    }

    /// Whether a form is sent for the first time.
    pub(crate) fn use_form(&mut self, session: &Session, form: &str) -> bool {
        self.living
            .get_mut(&session.key)
            .is_some_and(|kept| kept.used_forms.insert(form.to_string()))
    }

    /// Signs somebody out.
    pub(crate) fn close(&mut self, session: &Session) {
        self.living.remove(&session.key);
    }
}

/// The header that gives a browser its cookie; an empty value takes it back.
pub(crate) fn set_cookie(id: &str, secure: bool) -> String {
    let age_s = if id.is_empty() { 0 } else { SESSION_MS / 1000 };
    let secure = if secure { "; Secure" } else { "" };
    format!("{COOKIE}={id}; Path=/; HttpOnly; SameSite=Strict; Max-Age={age_s}{secure}")
}

fn cookie(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split("; "))
        .find_map(|pair| pair.strip_prefix(COOKIE)?.strip_prefix('='))
}

fn key_of(id: &str) -> [u8; 32] {
    Sha256::digest(format!("jitasa operator session {id}")).into()
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_cookie(id: &str) -> HeaderMap {
        let value = format!("lang=th; {COOKIE}={id}");
        HeaderMap::from_iter([(header::COOKIE, value.parse().unwrap())])
    }

    #[test]
    fn a_session_ends_after_twelve_hours_or_when_its_owner_signs_out() {
        let mut sessions = Sessions::default();
        let id = sessions.open("somchai".into(), [7; 64], Timestamp(0));
        let session = sessions.of(&with_cookie(&id), Timestamp(1)).unwrap();
        assert_eq!(sessions.of(&with_cookie(&id), Timestamp(SESSION_MS)), None);
        assert_eq!(sessions.of(&with_cookie("00"), Timestamp(1)), None);
        assert_eq!(sessions.of(&HeaderMap::new(), Timestamp(1)), None);
        sessions.close(&session);
        assert_eq!(sessions.of(&with_cookie(&id), Timestamp(1)), None);
    }

    #[test]
    fn a_form_makes_something_once() {
        let mut sessions = Sessions::default();
        let id = sessions.open("somchai".into(), [7; 64], Timestamp(0));
        let session = sessions.of(&with_cookie(&id), Timestamp(1)).unwrap();
        assert!(sessions.use_form(&session, "a"));
        assert!(!sessions.use_form(&session, "a"));
        assert!(sessions.use_form(&session, "b"));
    }

    #[test]
    fn no_more_than_a_few_are_signed_in_and_the_oldest_goes_first() {
        let mut sessions = Sessions::default();
        let first = sessions.open("a".into(), [0; 64], Timestamp(0));
        for each in 1..=SESSIONS_MAX {
            let byte = u8::try_from(each).unwrap();
            sessions.open("b".into(), [byte; 64], Timestamp(i64::from(byte)));
        }
        assert_eq!(sessions.living.len(), SESSIONS_MAX);
        assert_eq!(sessions.of(&with_cookie(&first), Timestamp(20)), None);
    }

    #[test]
    fn the_cookie_is_for_this_server_alone_and_no_script_reads_it() {
        let cookie = set_cookie("ab", true);
        for word in ["HttpOnly", "SameSite=Strict", "Secure", "Max-Age=43200"] {
            assert!(cookie.contains(word), "{cookie}");
        }
        assert!(!set_cookie("ab", false).contains("Secure"));
        assert!(set_cookie("", false).contains("Max-Age=0"));
    }
}
