use std::collections::HashSet;

use proptest::prelude::*;

use super::*;

#[test]
fn a_list_says_its_village_year_and_serial() {
    let at = crate::Timestamp(1_795_312_800_000);
    assert_eq!(list_number("45090505", at, 12, "กต"), "ม.5-69-012กต");
    assert_eq!(list_number("45090512", at, 1_234, "กต"), "ม.12-69-1234กต");
    assert_eq!(list_number("450905", at, 1, "กต"), "450905-69-001กต");
}

#[test]
fn two_desks_begin_their_rounds_apart() {
    let starts: HashSet<_> = (0..200)
        .map(|desk| Code::at(first_place(crate::ids::area_id(&desk.to_string()))))
        .collect();
    assert!(starts.len() > 190, "{}", starts.len());
}

#[test]
fn two_desks_mark_their_lists_apart() {
    let marks: HashSet<_> = (0..20)
        .map(|desk| desk_mark(crate::ids::area_id(&desk.to_string())))
        .collect();
    assert!(marks.len() > 18, "{marks:?}");
    assert!(marks.iter().all(|mark| mark.chars().count() == 2));
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
    let boxes = |entity, seen| -> Vec<Option<Effect>> {
        let all = Answer::ALL.iter();
        all.map(|answer| effect(entity, *answer, seen)).collect()
    };
    let open = Seen {
        in_need: true,
        ..Seen::default()
    };
    assert_eq!(
        boxes(Entity::Case, open),
        [
            Some(E::ConfirmCase),
            Some(E::CaseNotFound),
            Some(E::ReturnCase),
            Some(E::MeetCase),
            None
        ]
    );
    // Of help: whether the person is there says nothing of whether it came, and data to be corrected
    // is not help that did not come.
    let awaits = Seen {
        awaits_word: true,
        ..open
    };
    assert_eq!(
        boxes(Entity::Assignment, awaits),
        [
            None,
            Some(E::ReturnHelp),
            Some(E::ReturnCase),
            Some(E::ConfirmHelp),
            Some(E::ReturnHelp)
        ]
    );
}

#[test]
fn helped_closes_only_what_the_paper_asked_about_and_nobody_is_going_for() {
    use Effect as E;
    let said = |seen| effect(Entity::Case, Answer::Helped, seen);
    let open = Seen {
        in_need: true,
        ..Seen::default()
    };
    let awaits = Seen {
        awaits_word: true,
        ..open
    };
    for (seen, does) in [
        (Seen::default(), E::ConfirmCase),
        (open, E::MeetCase),
        (awaits, E::ConfirmHelp),
        (
            Seen {
                needs_changed: true,
                ..open
            },
            E::ClerkDecides,
        ),
        (
            Seen {
                noted: true,
                ..open
            },
            E::ClerkDecides,
        ),
        (
            Seen {
                noted: true,
                ..awaits
            },
            E::ClerkDecides,
        ),
        (
            Seen {
                noted: true,
                ..Seen::default()
            },
            E::ConfirmCase,
        ),
        (
            Seen {
                going: true,
                ..open
            },
            E::OnTheWay,
        ),
        (
            Seen {
                going: true,
                ..Seen::default()
            },
            E::OnTheWay,
        ),
    ] {
        assert_eq!(said(seen), Some(does), "{seen:?}");
    }
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
