//! Whether a one-time code enrols a device: 24 hours, five tries, as many devices as it was made for. Pure.

use jitasa_domain::Timestamp;
use jitasa_protocol::Code;
use uuid::Uuid;

use crate::secret::is_same;

/// How long a code lives.
pub const CODE_LIFE_MS: i64 = 24 * 60 * 60 * 1000;
/// Wrong tries after which a code is dead.
pub const TRIES_MAX: u32 = 5;

/// Whether this can be an office's code: four digits of a district, six of a subdistrict.
#[must_use]
pub fn is_office_code(code: &str) -> bool {
    matches!(code.len(), 4 | 6) && code.bytes().all(|byte| byte.is_ascii_digit())
}

/// A code as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnrolCode {
    /// Its row.
    pub id: i64,
    /// Hash of office and code.
    pub hash: [u8; 32],
    /// When it ends.
    pub expires_at: Timestamp,
    /// Wrong tries so far.
    pub tries: u32,
    /// The devices it let in.
    pub used_by: Vec<Uuid>,
    /// How many it may let in.
    pub devices_max: u32,
    /// Whether showing it is enough; else the operator confirms each device.
    pub confirms: bool,
}

/// Which of an office's codes a device has shown.
///
/// A device whose answer was lost may show its own used code again; no other device may, once as many as it is good
/// for have.
///
/// # Errors
/// The code to answer. After `code_unknown` every living code of the office has one try less:
/// nobody can tell which one was meant.
pub fn redeem<'a>(
    codes: &'a [EnrolCode],
    shown: &[u8; 32],
    device_id: Uuid,
    now: Timestamp,
) -> Result<&'a EnrolCode, Code> {
    let code = codes
        .iter()
        .find(|code| is_same(&code.hash, shown))
        .filter(|code| code.tries < TRIES_MAX)
        .ok_or(Code::CodeUnknown)?;
    let is_full = code.used_by.len() >= code.devices_max as usize;
    if is_full && !code.used_by.contains(&device_id) {
        return Err(Code::CodeUsed);
    }
    if now >= code.expires_at {
        return Err(Code::CodeExpired);
    }
    Ok(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn a_code() -> EnrolCode {
        EnrolCode {
            id: 1,
            hash: [7; 32],
            expires_at: Timestamp(CODE_LIFE_MS),
            tries: 0,
            used_by: Vec::new(),
            devices_max: 1,
            confirms: true,
        }
    }

    const DEVICE: Uuid = Uuid::from_u128(1);

    #[test]
    fn a_code_enrols_one_device_and_forgives_that_device_a_lost_answer() {
        let used = EnrolCode {
            used_by: vec![DEVICE],
            ..a_code()
        };
        assert_eq!(
            redeem(&[a_code()], &[7; 32], DEVICE, Timestamp(0)),
            Ok(&a_code())
        );
        assert_eq!(
            redeem(std::slice::from_ref(&used), &[7; 32], DEVICE, Timestamp(1)),
            Ok(&used)
        );
        let other = Uuid::from_u128(2);
        assert_eq!(
            redeem(&[used], &[7; 32], other, Timestamp(1)),
            Err(Code::CodeUsed)
        );
    }

    #[test]
    fn a_code_ends_after_24_hours_and_after_five_wrong_tries() {
        let end = Timestamp(CODE_LIFE_MS);
        assert_eq!(
            redeem(&[a_code()], &[7; 32], DEVICE, end),
            Err(Code::CodeExpired)
        );
        let tried = EnrolCode {
            tries: TRIES_MAX,
            ..a_code()
        };
        assert_eq!(
            redeem(&[tried], &[7; 32], DEVICE, Timestamp(0)),
            Err(Code::CodeUnknown)
        );
        assert_eq!(
            redeem(&[a_code()], &[8; 32], DEVICE, Timestamp(0)),
            Err(Code::CodeUnknown)
        );
    }
}
