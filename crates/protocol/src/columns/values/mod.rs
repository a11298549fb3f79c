//! The values of one field of one kind of record, in the order of the rows.
//!
//! A column is runs of values of the same form. A run begins with a byte: the form in its lower four
//! bits, in its upper four one less than how many values follow; 15 there means that a number with
//! what is over 16 comes next. Then the values:
//!
//! | form | value | bytes |
//! |---|---|---|
//! | 0 again | the value before it | none |
//! | 1, 2, 3 | null, false, true | none |
//! | 4 own | the row's own id, as text | none |
//! | 5 actor | the id of who did it, as text | none |
//! | 6 near | an id as text | step from the place of the row's own id in the table |
//! | 7 id | an id as text | step from the place of the column's id before (6 or 7; at first 0) |
//! | 8 time | a whole number | step from the row's `claimed_at` |
//! | 9 whole | a whole number | step from 0 |
//! | 10 fraction | a number with a fraction | once for the run how many digits stand behind the point; then of each the digits without the point, a step from the fraction before (at first 0) |
//! | 11 text | text | see `text` |
//! | 12 counted | text | the text before it in the column, with the number of up to 18 digits at its end moved by a step; as many digits as before |
//! | 13 plain | anything | see `plain` |
//!
//! A column may begin with byte 14, "listed", instead: then follows a number for each row, 0 for a
//! value that is new and `n` for the `n`th that was; then the new values as runs, of the forms 1, 2,
//! 3, 11, 12 and 13 only.

mod read;
mod write;

use uuid::Uuid;

pub(super) use self::{read::read_column, write::put_column};

const AGAIN: u8 = 0;
const NULL: u8 = 1;
const FALSE: u8 = 2;
const TRUE: u8 = 3;
const OWN: u8 = 4;
const ACTOR: u8 = 5;
const NEAR: u8 = 6;
const ID: u8 = 7;
const TIME: u8 = 8;
const WHOLE: u8 = 9;
const FRACTION: u8 = 10;
const TEXT: u8 = 11;
const COUNTED: u8 = 12;
const PLAIN: u8 = 13;
const LISTED: u8 = 14;

/// Digits of a fraction that an `f64` gives back as they were.
const DIGITS_EXACT: u64 = 1 << 53;
const POWERS_OF_TEN: [f64; 16] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
];
/// Digits of a number at the end of text.
const COUNTED_MAX: usize = 18;

/// What the values of a row may lean on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Context {
    /// The record.
    pub(super) own: Uuid,
    /// Its place in the table of ids.
    pub(super) place: u64,
    /// Who did it; deliveries do not say.
    pub(super) actor: Option<Uuid>,
    /// When the desk's clock says.
    pub(super) claimed_at: i64,
}

/// What the values before have left behind, the same for whoever writes and whoever reads.
#[derive(Debug, Default)]
struct Before {
    place: u64,
    digits: u64,
    scale: u8,
    text: String,
}

/// A number of so many digits behind the point, when an `f64` holds all of them.
fn read_fraction(digits: i64, scale: u8) -> Option<f64> {
    let power = POWERS_OF_TEN.get(usize::from(scale))?;
    if digits.unsigned_abs() > DIGITS_EXACT {
        return None;
    }
    #[expect(
        clippy::cast_precision_loss,
        reason = "at most 2^53, which an f64 holds exactly"
    )]
    let digits = digits as f64;
    // Both are exact, so the quotient is the f64 nearest to the decimal number.
    Some(digits / power)
}

/// Text and the number at its end.
fn split_number(text: &str) -> (&str, &str) {
    let digits = text.bytes().rev().take(COUNTED_MAX);
    let length = digits.take_while(u8::is_ascii_digit).count();
    text.split_at(text.len() - length)
}
