//! Hides whatever reads as a citizen id in a text that leaves the office: what leaves this way is passed on. It must not
//! take the number of a case or a telephone for one.

use jitasa_thai::{citizen_id, text};

/// Digits of a citizen id.
const DIGITS: usize = 13;
/// How it is grouped on its card.
const ON_CARD: [usize; 5] = [1, 4, 5, 2, 1];
/// How a case's number is grouped, which has as many digits.
const OF_A_CASE: [usize; 3] = [6, 2, 5];
/// Signs between two groups, at most: " - ".
const BETWEEN_MAX: usize = 3;
const HIDDEN: &str = "(ปิดเลขประจำตัว)";

/// The text with whatever reads as a citizen id hidden: thirteen digits on end or grouped as on the card; grouped in any
/// other way, where its check digit is right. Spaces and dashes of any kind may stand between.
pub(crate) fn without_ids(written: &str) -> String {
    let letters: Vec<char> = written.chars().collect();
    let digits: Vec<char> = text::arabic_digits(written).chars().collect();
    let mut out = String::with_capacity(written.len());
    let mut at = 0;
    while at < letters.len() {
        let begins = at == 0 || !digits[at - 1].is_ascii_digit();
        match begins.then(|| id_at(&digits, at)).flatten() {
            Some(length) => {
                out.push_str(HIDDEN);
                at += length;
            }
            None => {
                out.push(letters[at]);
                at += 1;
            }
        }
    }
    out
}

/// How many letters a citizen id takes that begins here.
fn id_at(all: &[char], begin: usize) -> Option<usize> {
    let digits = &all[begin..];
    let run = |from: usize, is: fn(char) -> bool| {
        digits[from..].iter().take_while(|each| is(**each)).count()
    };
    let (mut at, mut groups, mut number) = (0, Vec::new(), String::new());
    loop {
        let length = run(at, |each| each.is_ascii_digit());
        number.extend(&digits[at..at + length]);
        groups.push(length);
        at += length;
        if length == 0 || number.len() > DIGITS {
            return None;
        }
        if number.len() == DIGITS {
            break;
        }
        let between = run(at, is_between);
        if !(1..=BETWEEN_MAX).contains(&between) {
            return None;
        }
        at += between;
    }
    let is_id = if groups.len() == 1 || groups == ON_CARD {
        true
    } else {
        // Digits of a longer number before it, or those of a case: no id.
        !follows_digits(&all[..begin])
            && groups != OF_A_CASE
            && citizen_id::read(&number).is_ok_and(|read| read.checksum_ok)
    };
    is_id.then_some(at)
}

fn follows_digits(before: &[char]) -> bool {
    let signs = before.iter().rev().take_while(|each| is_between(**each));
    let signs = signs.count();
    signs > 0 && before.len() > signs && before[before.len() - signs - 1].is_ascii_digit()
}

/// A space or a dash of any kind, on one line.
fn is_between(each: char) -> bool {
    let dash = matches!(
        each,
        '-' | '\u{ad}' | '\u{2010}'
            ..='\u{2015}' | '\u{2043}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}'
    );
    let unseen = matches!(each, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}');
    dash || unseen || each.is_whitespace() && each != '\n'
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn whatever_reads_as_a_citizen_id_is_hidden_and_no_number_of_a_case_is() {
        for (written, hidden) in [
            ("บัตร 1459900123454 ครับ", "บัตร (ปิดเลขประจำตัว) ครับ"),
            ("บัตร 1-4599-00123-45-4", "บัตร (ปิดเลขประจำตัว)"),
            ("๑๔๕๙๙๐๐๑๒๓๔๕๔", "(ปิดเลขประจำตัว)"),
            ("1 4599 00123 45 4.", "(ปิดเลขประจำตัว)."),
            ("1 – 4599 – 00123 – 45 – 4", "(ปิดเลขประจำตัว)"),
            ("ห้อง 2 1  4599  00123  45  4", "ห้อง 2 (ปิดเลขประจำตัว)"),
        ] {
            assert_eq!(without_ids(written), hidden);
        }
        for whole in [
            "450905-69-00123-02",
            "450905-69-00123",
            "450905-69-00001-01, 450905-69-00001-02",
            "0800123456",
            "12345678901234",
            "",
        ] {
            assert_eq!(without_ids(whole), whole);
        }
    }

    /// Thirteen digits of which the last is the check digit.
    fn an_id() -> impl Strategy<Value = String> {
        prop::collection::vec(0..10_u32, 11).prop_flat_map(|rest| {
            (1..9_u32).prop_map(move |first| {
                let twelve: Vec<u32> = std::iter::once(first).chain(rest.clone()).collect();
                let sum: u32 = (2..=13)
                    .rev()
                    .zip(&twelve)
                    .map(|(by, digit)| by * digit)
                    .sum();
                let check = (11 - sum % 11) % 10;
                let all = twelve.iter().chain([&check]);
                all.filter_map(|digit| char::from_digit(*digit, 10))
                    .collect()
            })
        })
    }

    fn signs() -> impl Strategy<Value = String> {
        prop::collection::vec(
            prop::sample::select(vec![
                ' ', '-', '–', '—', '‑', '\u{a0}', '\u{200b}', '−', '\t',
            ]),
            1..=BETWEEN_MAX,
        )
        .prop_map(|signs| signs.into_iter().collect())
    }

    proptest! {
        #[test]
        fn no_id_passes_however_it_is_grouped_and_whatever_stands_between(
            id in an_id(),
            cuts in prop::collection::vec(any::<bool>(), 12),
            signs in prop::collection::vec(signs(), 12),
            thai in any::<bool>(),
        ) {
            let groups: Vec<usize> = (0..12).filter(|at| cuts[*at]).collect();
            prop_assume!(groups != [5, 7]); // A case's number is grouped so.
            let mut typed = String::from("บัตร ");
            for (at, digit) in id.chars().enumerate() {
                if at > 0 && cuts[at - 1] {
                    typed.push_str(&signs[at - 1]);
                }
                let value = digit.to_digit(10).unwrap_or_default();
                let in_thai = char::from_u32('๐' as u32 + value).unwrap_or(digit);
                typed.push(if thai { in_thai } else { digit });
            }
            prop_assert_eq!(without_ids(&typed), "บัตร (ปิดเลขประจำตัว)");
        }

        #[test]
        fn the_number_of_a_case_or_an_assignment_is_never_taken_for_an_id(
            office in 100_000..999_999_u32, year in 60..99_u32, serial in 0..99_999_u32, task in 1..99_u32,
        ) {
            for number in [
                format!("{office}-{year}-{serial:05}"),
                format!("{office}-{year}-{serial:05}-{task:02}"),
                format!("งาน {office}-{year}-{serial:05}-{task:02} 12 คน"),
            ] {
                prop_assert_eq!(without_ids(&number), number);
            }
        }
    }
}
