//! One-time codes and device tokens: how they look, how they are kept, how they are compared. The
//! ledger holds hashes only. Randomness is an argument.

use sha2::{Digest, Sha256};

const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Letters of a one-time code: 50 bits.
pub(crate) const CODE_LETTERS: usize = 10;

/// A one-time code from ten random bytes.
pub(crate) fn code_from(random: [u8; CODE_LETTERS]) -> String {
    random
        .iter()
        .map(|byte| char::from(CROCKFORD[usize::from(byte % 32)]))
        .collect()
}

/// A code as it was meant: what people read wrongly is put right, as Crockford lays down.
pub(crate) fn read_code(typed: &str) -> String {
    typed
        .chars()
        .filter(|letter| !matches!(letter, ' ' | '-'))
        .map(|letter| match letter.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect()
}

/// A code as it is kept, bound to its office.
pub(crate) fn code_hash(office_code: &str, code: &str) -> [u8; 32] {
    Sha256::digest(format!("jitasa enrol {office_code} {}", read_code(code))).into()
}

/// A device token from 32 random bytes.
pub(crate) fn token_from(random: [u8; 32]) -> String {
    random.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A token as it is kept.
pub(crate) fn token_hash(token: &str) -> [u8; 32] {
    Sha256::digest(format!("jitasa device {token}")).into()
}

/// The operator's one-time link as it is kept.
pub(crate) fn link_hash(token: &str) -> [u8; 32] {
    Sha256::digest(format!("jitasa operator link {token}")).into()
}

/// Compares without telling by its time where the difference is.
pub(crate) fn is_same(a: &[u8; 32], b: &[u8; 32]) -> bool {
    let difference = a.iter().zip(b).fold(0, |sum, (a, b)| sum | (a ^ b));
    std::hint::black_box(difference) == 0
}

/// The same for texts.
pub(crate) fn is_same_text(a: &str, b: &str) -> bool {
    is_same(&Sha256::digest(a).into(), &Sha256::digest(b).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_ten_letters_nobody_mixes_up() {
        let code = code_from([0, 31, 32, 255, 18, 17, 20, 1, 2, 3]);
        assert_eq!(code.len(), CODE_LETTERS);
        assert!(!code.contains(['I', 'L', 'O', 'U']));
    }

    #[test]
    fn a_code_typed_in_lower_case_with_a_hyphen_is_the_same_code() {
        assert_eq!(
            code_hash("450905", "7k3m9-qxotl"),
            code_hash("450905", "7K3M9QX0T1")
        );
        assert_ne!(
            code_hash("450905", "7K3M9QX0T1"),
            code_hash("450909", "7K3M9QX0T1")
        );
    }

    #[test]
    fn hashes_that_differ_in_one_bit_are_not_the_same() {
        let hash = token_hash("a");
        let mut other = hash;
        other[31] ^= 1;
        assert!(is_same(&hash, &hash));
        assert!(!is_same(&hash, &other));
    }
}
