//! The code of a line: read aloud over a bad line, written by hand and keyed by somebody in a hurry.
//!
//! So it is short, of signs that neither the ear nor the eye takes for one another, and it carries a
//! check: a weighted sum over a prime number of signs, which no single wrong sign and no swap of two
//! signs survives. It must not know what the line is about.

use std::fmt;

use jitasa_thai::text;

/// The signs of a code. Without O I L S Z B Q G (they look like digits), without E D N U V and C J P K
/// (read aloud in Thai they sound like others: ซี and สี่, เจ and เจ็ด, พี and ที, เอ เจ เค). 19 of them: a
/// prime, which the check rests on.
pub const SIGNS: [u8; 19] = *b"0123456789AFHMRTWXY";

/// The signs of the lists that earlier versions printed. Their codes go on being read.
const OLD_SIGNS: [u8; 23] = *b"0123456789ACFHJKMPRTWXY";

/// What a hand or a keyboard puts for a sign: each stands for one sign only, and the check must hold.
pub(super) const LOOK_ALIKES: [(char, char); 8] = [
    ('O', '0'),
    ('Q', '0'),
    ('I', '1'),
    ('L', '1'),
    ('Z', '2'),
    ('S', '5'),
    ('G', '6'),
    ('B', '8'),
];

/// Weights of the four signs: all different and none zero modulo the number of signs.
const WEIGHTS: [usize; 4] = [4, 3, 2, 1];

/// Places in the round of all codes. An office has a line out for each case that waits for its
/// headman: of 40,000 cases some 4,000 at a time, which the round holds. Where it comes round to codes
/// that are still out, keying asks which list is meant.
pub const CODES: u32 = 19 * 19 * 19;
const _: () = assert!(SIGNS.len() == 19, "as many places as three signs make");

/// From one place of the round to the next: no multiple of 19, so that all places come, and large, so
/// that two lines one under the other differ in more than their last sign.
const STEP: u32 = 1_941;

/// The code of a line: three signs that count and one that checks. At least one is a letter, so that
/// no house number, year or count is ever taken for a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code([u8; 4]);

/// Why a text is no code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// Not four signs of a code.
    #[error("not four signs of a code")]
    Unreadable,
    /// Four signs, and one of them is wrong.
    #[error("the check of the code does not hold")]
    Check,
}

impl CodeError {
    /// The stable code of this reason.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unreadable => "tick_code_unreadable",
            Self::Check => "tick_check_wrong",
        }
    }
}

impl Code {
    /// The code at (or next after) a place in the round of all codes.
    #[must_use]
    pub fn at(place: u64) -> Self {
        let place = u32::try_from(place % u64::from(CODES)).unwrap_or(0);
        let at = |place: u32| Self::of_number(place % CODES * STEP % CODES);
        // Codes of four digits never follow one another for long.
        (place..place + CODES)
            .map(at)
            .find(|code| code.has_letter())
            .unwrap_or_else(|| at(place))
    }

    fn of_number(number: u32) -> Self {
        let base = SIGNS.len();
        let number = usize::try_from(number).unwrap_or(0);
        let counts = [
            number / (base * base) % base,
            number / base % base,
            number % base,
        ];
        let sum: usize = counts
            .iter()
            .zip(WEIGHTS)
            .map(|(sign, weight)| sign * weight)
            .sum();
        let [a, b, c] = counts;
        let check = (base - sum % base) % base;
        Self([a, b, c, check].map(|sign| SIGNS.get(sign).copied().unwrap_or(b'0')))
    }

    /// Reads a code as somebody wrote it: small letters, Thai digits, gaps and dashes inside, and
    /// signs that look like others.
    ///
    /// # Errors
    /// When it is not four signs, or its check does not hold.
    pub fn parse(typed: &str) -> Result<Self, CodeError> {
        let signs = signs_of(typed).ok_or(CodeError::Unreadable)?;
        let signs: [u8; 4] = signs.try_into().map_err(|_| CodeError::Unreadable)?;
        let code = Self(signs);
        if !code.has_letter() {
            return Err(CodeError::Unreadable);
        }
        if holds(signs, &SIGNS) || holds(signs, &OLD_SIGNS) {
            Ok(code)
        } else {
            Err(CodeError::Check)
        }
    }

    fn has_letter(self) -> bool {
        self.0.iter().any(u8::is_ascii_uppercase)
    }

    /// Whether what was typed is this code but for one slip of the hand: a wrong sign, one too many,
    /// one too few, or two neighbours swapped.
    #[must_use]
    pub fn is_a_slip_from(self, typed: &str) -> bool {
        signs_of(typed).is_some_and(|typed| one_slip(&typed, &self.0))
    }
}

/// Whether the weighted sum of four signs is a multiple of the number of signs there are.
fn holds(code: [u8; 4], signs: &[u8]) -> bool {
    let mut sum = 0;
    for (sign, weight) in code.iter().zip(WEIGHTS) {
        let Some(value) = signs.iter().position(|known| known == sign) else {
            return false;
        };
        sum += value * weight;
    }
    sum % signs.len() == 0
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .iter()
            .try_for_each(|sign| write!(f, "{}", char::from(*sign)))
    }
}

/// The signs somebody wrote, gaps left out; nothing when a letter stands for no sign.
fn signs_of(typed: &str) -> Option<Vec<u8>> {
    text::arabic_digits(typed)
        .chars()
        .filter(|letter| !letter.is_whitespace() && !matches!(letter, '-' | '\u{2013}' | '.'))
        .map(|letter| {
            let letter = letter.to_ascii_uppercase();
            let meant = LOOK_ALIKES
                .iter()
                .find(|(looks, _)| *looks == letter)
                .map_or(letter, |(_, sign)| *sign);
            OLD_SIGNS
                .iter()
                .copied()
                .find(|sign| char::from(*sign) == meant)
        })
        .collect()
}

fn one_slip(typed: &[u8], meant: &[u8]) -> bool {
    let same_but = |long: &[u8], short: &[u8]| {
        (0..long.len()).any(|out| long[..out] == short[..out] && long[out + 1..] == short[out..])
    };
    if typed.len() == meant.len() + 1 {
        return same_but(typed, meant);
    }
    if typed.len() + 1 == meant.len() {
        return same_but(meant, typed);
    }
    if typed.len() != meant.len() {
        return false;
    }
    let wrong: Vec<_> = (0..meant.len())
        .filter(|at| typed[*at] != meant[*at])
        .collect();
    match wrong[..] {
        [_] => true,
        [a, b] => b == a + 1 && typed[a] == meant[b] && typed[b] == meant[a],
        _ => false,
    }
}

#[cfg(test)]
mod tests;
