use std::collections::HashSet;

use proptest::prelude::*;

use super::*;

fn every_code() -> Vec<Code> {
    let all: HashSet<_> = (0..u64::from(CODES)).map(Code::at).collect();
    all.into_iter().collect()
}

fn as_code(signs: &[u8]) -> [u8; 4] {
    signs.try_into().unwrap()
}

#[test]
fn the_round_holds_thousands_of_codes_each_with_a_letter() {
    let codes = every_code();
    assert!(codes.len() > 6_200, "{}", codes.len());
    for code in codes {
        let text = code.to_string();
        assert_eq!(text.len(), 4);
        assert!(
            text.bytes().any(|sign| sign.is_ascii_alphabetic()),
            "{text}"
        );
        assert_eq!(Code::parse(&text), Ok(code));
    }
}

#[test]
fn every_single_wrong_sign_of_every_code_is_caught() {
    for code in every_code() {
        let right = code.to_string().into_bytes();
        for at in 0..4 {
            for sign in SIGNS.iter().filter(|sign| **sign != right[at]) {
                let mut wrong = right.clone();
                wrong[at] = *sign;
                assert!(!holds(as_code(&wrong), &SIGNS), "{code} at {at}");
            }
        }
    }
}

#[test]
fn every_swap_of_two_signs_of_every_code_is_caught() {
    for code in every_code() {
        let right = code.to_string().into_bytes();
        for a in 0..4 {
            for b in a + 1..4 {
                let mut wrong = right.clone();
                wrong.swap(a, b);
                if wrong != right {
                    assert!(!holds(as_code(&wrong), &SIGNS), "{code} {a} {b}");
                }
            }
        }
    }
}

#[test]
fn a_number_is_never_a_code() {
    for number in 0..10_000 {
        assert_eq!(
            Code::parse(&format!("{number:04}")),
            Err(CodeError::Unreadable)
        );
    }
}

#[test]
fn a_slip_of_the_hand_is_known_as_one() {
    let code = Code::at(600);
    let text = code.to_string();
    let [a, b, c, d] = text.chars().collect::<Vec<_>>()[..] else {
        panic!()
    };
    for slip in [
        format!("{a}{b}{c}"),
        format!("{a}{b}{b}{c}{d}"),
        format!("{a}{c}{b}{d}"),
        format!("{a}{b}Y{d}"),
        format!("{a} {b}-y{d}"),
    ] {
        assert!(code.is_a_slip_from(&slip), "{slip} of {text}");
    }
    for other in ["", "Y", "YYYY", "ไม่พบ", &format!("{d}{c}{b}{a}")] {
        assert!(!code.is_a_slip_from(other), "{other} of {text}");
    }
}

#[test]
fn two_lines_one_under_the_other_differ_in_more_than_their_last_counting_sign() {
    for place in 0..u64::from(CODES) {
        let (one, next) = (Code::at(place).0, Code::at(place + 1).0);
        if one == next {
            // A place without a code of its own stands for the one after it.
            continue;
        }
        let differ = (0..3).filter(|at| one[*at] != next[*at]).count();
        assert!(differ >= 2, "{} {}", Code::at(place), Code::at(place + 1));
    }
}

#[test]
fn a_code_of_an_earlier_version_is_read() {
    // Printed by the round of 23 signs: 4*1 + 3*2 + 2*10 = 30, and M, the sixteenth, makes 46.
    for printed in ["12AM", "3CJ7", "7K0H"] {
        let by_old = holds(printed.as_bytes().try_into().unwrap(), &OLD_SIGNS);
        assert_eq!(Code::parse(printed).is_ok(), by_old, "{printed}");
    }
    assert_eq!(
        Code::parse("12AM").map(|code| code.to_string()),
        Ok("12AM".into())
    );
    assert_eq!(Code::parse("12AJ"), Err(CodeError::Check));
}

/// Words that look like a code in what clerks are taught, with or without the answer's number.
fn examples(words: &str) -> Vec<String> {
    words
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .filter(|word| matches!(word.len(), 4 | 5))
        .filter(|word| {
            word.bytes()
                .next()
                .is_some_and(|first| first.is_ascii_digit())
        })
        .filter(|word| word.bytes().any(|sign| sign.is_ascii_uppercase()))
        .map(|word| word[..4].to_string())
        .collect()
}

#[test]
fn every_code_that_clerks_are_taught_by_is_one() {
    for words in [
        include_str!("../../../../../assets/words/th/review.json"),
        include_str!("../../../../../assets/words/en/review.json"),
        include_str!("../../../../../assets/words/th/error.json"),
        include_str!("../../../../../assets/words/en/error.json"),
    ] {
        let examples = examples(words);
        assert!(!examples.is_empty());
        for example in examples {
            let new = example.bytes().all(|sign| SIGNS.contains(&sign));
            assert!(new && Code::parse(&example).is_ok(), "{example}");
        }
    }
}

proptest! {
    #[test]
    fn a_code_is_read_however_it_is_written(
        place in any::<u64>(), small in any::<[bool; 4]>(), thai in any::<bool>(),
        gap in prop_oneof![Just(""), Just(" "), Just("-"), Just(" - "), Just("\u{a0}")], likes in any::<u64>(),
    ) {
        let code = Code::at(place);
        let mut typed = String::new();
        for (at, sign) in code.to_string().chars().enumerate() {
            if at == 2 { typed.push_str(gap); }
            let likes: Vec<_> = LOOK_ALIKES.iter().filter(|(_, meant)| *meant == sign)
                .map(|(looks, _)| *looks).filter(|_| likes >> at & 1 == 1).collect();
            let sign = likes.first().copied().unwrap_or(sign);
            typed.push(if small[at] { sign.to_ascii_lowercase() } else { sign });
        }
        if thai { typed = text::thai_digits(&typed); }
        prop_assert_eq!(Code::parse(&typed), Ok(code), "{}", typed);
    }

    #[test]
    fn no_text_is_too_strange_for_a_code(typed in any::<String>(), place in any::<u64>()) {
        if let Ok(code) = Code::parse(&typed) {
            prop_assert_eq!(Code::parse(&code.to_string()), Ok(code));
        }
        let _ = Code::at(place).is_a_slip_from(&typed);
    }
}
