use std::collections::HashSet;

use proptest::prelude::*;

use super::*;

fn every_code() -> Vec<Code> {
    let mut seen = HashSet::new();
    let mut code = Code::at(0);
    while seen.insert(code) {
        code = code.next();
    }
    seen.into_iter().collect()
}

fn written(signs: &[u8]) -> String {
    signs.iter().map(|sign| char::from(*sign)).collect()
}

#[test]
fn the_round_holds_thousands_of_codes_each_with_a_letter() {
    let codes = every_code();
    assert!(codes.len() > 11_500, "{}", codes.len());
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
                assert!(Code::parse(&written(&wrong)).is_err(), "{code} at {at}");
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
                    assert!(Code::parse(&written(&wrong)).is_err(), "{code} {a} {b}");
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
        format!("{a}{b}W{d}"),
        format!("{a} {b}-w{d}"),
    ] {
        assert!(code.is_a_slip_from(&slip), "{slip} of {text}");
    }
    for other in ["", "W", "WWWW", "ไม่พบ", &format!("{d}{c}{b}{a}")] {
        assert!(!code.is_a_slip_from(other), "{other} of {text}");
    }
}

#[test]
fn a_list_says_its_village_year_and_serial() {
    let at = crate::Timestamp(1_795_312_800_000);
    assert_eq!(list_number("45090505", at, 12), "ม.5-69-012");
    assert_eq!(list_number("45090512", at, 1_234), "ม.12-69-1234");
    assert_eq!(list_number("450905", at, 1), "450905-69-001");
}

#[test]
fn two_desks_begin_their_rounds_apart() {
    let starts: HashSet<_> = (0..200)
        .map(|desk| Code::at(first_place(crate::ids::area_id(&desk.to_string()))))
        .collect();
    assert!(starts.len() > 190, "{}", starts.len());
}

fn a_case() -> Case {
    Case {
        area_code: "45090505".into(),
        house_no: "12/3".into(),
        ..Case::default()
    }
}

#[test]
fn what_has_changed_since_the_print_is_said() {
    let need = Need {
        kind: "food_water".into(),
        state: NeedState::Open,
        ..Need::default()
    };
    let printed = Shown::now(&a_case(), "open", std::slice::from_ref(&need));
    assert!(printed.changed(&printed, CaseState::Open).is_empty());
    let moved = Case {
        house_no: "12/4".into(),
        review_state: ReviewState::Returned,
        ..a_case()
    };
    let met = Need {
        state: NeedState::Met,
        ..need
    };
    let now = Shown::now(&moved, "met", &[met]);
    assert_eq!(
        printed.changed(&now, CaseState::Met),
        ["state", "reviewed", "place", "needs"]
    );
    assert_eq!(
        printed.changed(&now, CaseState::Closed),
        ["closed", "reviewed", "place", "needs"]
    );
}

#[test]
fn each_box_does_what_the_headman_means() {
    use Effect as E;
    let boxes = |entity, awaits, in_need| -> Vec<Effect> {
        Answer::ALL
            .iter()
            .map(|answer| effect(entity, *answer, awaits, in_need))
            .collect()
    };
    assert_eq!(
        boxes(Entity::Case, false, true),
        [E::ConfirmCase, E::CaseNotFound, E::ReturnCase, E::MeetCase]
    );
    assert_eq!(boxes(Entity::Case, true, true)[3], E::ConfirmHelp);
    assert_eq!(boxes(Entity::Case, false, false)[3], E::ConfirmCase);
    assert_eq!(
        boxes(Entity::Assignment, true, true),
        [E::ReturnHelp, E::ReturnHelp, E::ReturnHelp, E::ConfirmHelp]
    );
}

#[test]
fn a_line_of_a_later_version_is_read_for_what_is_known() {
    let line = Line {
        code: Code::at(77),
        entity: Entity::Case,
        id: Uuid::from_u128(9),
        shown: Shown::now(&a_case(), "open", &[]),
    };
    assert_eq!(format!("{line} more to come").parse(), Ok(line));
    for torn in ["", "12", "A000 case", "A000 person x open unreviewed 0 0"] {
        assert_eq!(torn.parse::<Line>(), Err(LineError), "{torn}");
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
        let _ = typed.parse::<Line>();
    }

    #[test]
    fn a_line_comes_back_as_it_was_printed(
        place in any::<u64>(), id in any::<u128>(), state in "[a-z_]{1,12}", review in 0usize..5,
        marks in any::<(u32, u32)>(), about_help in any::<bool>(),
    ) {
        let line = Line {
            code: Code::at(place),
            entity: if about_help { Entity::Assignment } else { Entity::Case },
            id: Uuid::from_u128(id),
            shown: Shown { state, review: ReviewState::ALL[review], place: marks.0, needs: marks.1 },
        };
        prop_assert_eq!(line.to_string().parse(), Ok(line));
    }
}
