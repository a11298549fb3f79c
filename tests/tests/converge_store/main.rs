//! Four real desks of three offices and the real province, with random work and a line that loses
//! requests and answers: whatever happens between, in the end every desk holds what the server
//! holds of its scope, and every change has had its one word.
//!
//! A round of sync is driven one exchange or one absorbing at a time, so that people work between a
//! request and its answer, and between two pages. `PROPTEST_CASES` asks for more of it.
#![allow(clippy::unwrap_used, reason = "a story that cannot go on has failed")]

mod deeds;
mod desks;
mod district;
mod hands;
mod line;
mod rules;

use jitasa_domain::{
    Case, ClosingReason, Entity, KindList, Need, NeedState, Person, Role, lifecycle::NeedMove,
};
use jitasa_store::{
    Action,
    act::{CaseFields, CloseCase, EditCase, MoveNeed, NewCase, NewKind, NewNeed, PersonFields},
};
use jitasa_sync::Receipt;
use jitasa_tests::keeper::Keeper;
use proptest::{prelude::*, test_runner::FileFailurePersistence};
use uuid::Uuid;

use crate::{
    deeds::{Move, a_hand_over, a_move, does},
    desks::{Offices, START},
    line::Fault,
    rules::{
        Ledger, every_change_has_its_word, holds_what_the_server_holds, what_is_derived_is_fresh,
        what_waits_is_on_top,
    },
};

fn converges(keeper: Keeper, moves: &[Move]) {
    let mut all = Offices::on(keeper);
    // Something to work on that three of the offices hold: a case that was referred.
    let case = a_shared_case(&mut all);
    let (office_code, note) = (Some("450909".into()), None);
    all.act(
        0,
        Role::Clerk,
        Action::ReferCase {
            id: case,
            office_code,
            note,
        },
    );
    for who in 0..all.desks.len() {
        all.sync(who);
    }
    for each in moves {
        does(&mut all, *each);
    }
    for desk in &mut all.desks {
        desk.round = None;
    }
    for _ in 0..2 {
        for who in 0..all.desks.len() {
            all.sync(who);
        }
    }
    for who in 0..all.desks.len() {
        assert_eq!(
            all.sync(who),
            Receipt {
                compared: true,
                ..Receipt::default()
            },
            "quiet after two rounds each, and compared with the server"
        );
    }
    let ledger = Ledger::read(&all);
    every_change_has_its_word(&all, &ledger);
    for desk in &all.desks {
        holds_what_the_server_holds(desk, &ledger);
        what_is_derived_is_fresh(desk);
        assert_eq!(desk.store.check().unwrap(), Vec::<String>::new());
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(24),
        failure_persistence: Some(Box::new(FileFailurePersistence::WithSource(
            "proptest-regressions",
        ))),
        ..ProptestConfig::default()
    })]

    #[test]
    fn real_desks_converge_whatever_people_and_the_line_do(
        moves in prop_oneof![
            prop::collection::vec(a_move(), 20..160),
            prop::collection::vec(a_hand_over(), 20..80),
        ]
    ) {
        converges(Keeper::Sqlite, &moves);
    }
}

proptest! {
    // Few: what is random in it is the desks' work, and that is tried above.
    #![proptest_config(ProptestConfig { cases: 3, ..ProptestConfig::default() })]

    #[test]
    fn real_desks_converge_on_postgres_too(
        moves in prop_oneof![
            prop::collection::vec(a_move(), 20..160),
            prop::collection::vec(a_hand_over(), 20..80),
        ]
    ) {
        converges(Keeper::Postgres, &moves);
    }
}

fn edits(all: &mut Offices, who: usize, id: Uuid, note: &str) {
    let desk = &all.desks[who];
    let stored: Case = desk.get(id);
    let person: Person = desk.get(stored.person_id.unwrap());
    let edit = EditCase {
        id,
        version: desk.version(Entity::Case, id),
        person: PersonFields {
            given_name: person.given_name,
            phone: person.phone,
            ..PersonFields::default()
        },
        fields: CaseFields {
            note: note.into(),
            reported_at: stored.reported_at,
            area_code: stored.area_code,
            ..CaseFields::default()
        },
        needs: Vec::new(),
    };
    all.act(who, Role::Clerk, Action::EditCase(edit));
}

/// A case of the first desk that the second one of its office holds too.
fn a_shared_case(all: &mut Offices) -> Uuid {
    let new = NewCase {
        fields: CaseFields {
            area_code: "45090501".into(),
            reported_at: START,
            ..CaseFields::default()
        },
        needs: vec![NewNeed {
            kind: "food_water".into(),
            ..NewNeed::default()
        }],
        ..NewCase::default()
    };
    all.act(0, Role::Clerk, Action::CreateCase(new));
    all.sync(0);
    all.sync(1);
    all.desks[0].ids_of(Entity::Case, "")[0]
}

#[test]
fn what_lies_hidden_under_a_waiting_change_is_not_written_over_unseen() {
    let mut all = Offices::new();
    let case = a_shared_case(&mut all);
    edits(&mut all, 1, case, "ของเขา");
    all.sync(1);
    all.steps(0, Fault::None, 500);
    edits(&mut all, 0, case, "ของเรา");
    // Only now the first desk hears of the other's note, under its own.
    all.steps(0, Fault::None, 500);
    edits(&mut all, 0, case, "ของเราอีกครั้ง");
    all.desks[0].round = None;
    assert_eq!(all.sync(0).conflicts, 2);
    all.sync(1);
    for who in [0, 1] {
        assert_eq!(all.desks[who].get::<Case>(case).note, "ของเขา");
    }
}

#[test]
fn an_entry_of_a_list_that_an_office_made_is_known_to_be_the_servers() {
    let mut all = Offices::new();
    let new = NewKind {
        code: "boat".into(),
        th: "เรือ".into(),
        list: KindList::Need,
        en: String::new(),
        serves: Vec::new(),
        wants: Vec::new(),
        gravity: None,
        follow_up_days: None,
        position: 0,
        active: true,
    };
    all.act(0, Role::Clerk, Action::SaveKind(new));
    let receipt = all.sync(0);
    assert!(receipt.compared);
    assert_eq!((receipt.new, receipt.repaired), (1, 0));
}

#[test]
fn what_was_done_to_a_case_while_it_went_and_came_back_is_still_there() {
    let mut all = Offices::new();
    let id = a_shared_case(&mut all);
    for to in [Some("450909"), None, Some("450909")] {
        let office_code = to.map(String::from);
        let refer = Action::ReferCase {
            id,
            office_code,
            note: None,
        };
        all.act(0, Role::Clerk, refer);
        all.sync(0);
        if to.is_some() && all.desks[2].ids_of(Entity::Case, "").is_empty() {
            all.sync(2);
        }
    }
    // The answer that takes the case away and brings it again is on its way.
    all.steps(2, Fault::None, 500);
    edits(&mut all, 2, id, "ของผู้ช่วย");
    let (due_on, note) = (START.date(), String::new());
    all.act(
        2,
        Role::Clerk,
        Action::AddFollowUp {
            case_id: id,
            due_on,
            note,
        },
    );
    all.steps(2, Fault::None, 500);
    what_waits_is_on_top(&all.desks[2]);
    assert_eq!(all.desks[2].get::<Case>(id).note, "ของผู้ช่วย");
    all.desks[2].round = None;
    assert_eq!(all.sync(2).held, 0);
    all.sync(0);
    for who in [0, 2] {
        assert_eq!(all.desks[who].get::<Case>(id).note, "ของผู้ช่วย");
        // The one that was added, and the one the rule set when the case was recorded.
        assert_eq!(all.desks[who].ids_of(Entity::FollowUp, "").len(), 2);
    }
}

#[test]
fn a_form_that_shows_a_person_whom_another_desk_has_corrected_since_is_not_saved_over_him() {
    let mut all = Offices::new();
    let case = a_shared_case(&mut all);
    let shown = all.desks[0].version(Entity::Case, case);
    let person_id = all.desks[1].get::<Case>(case).person_id.unwrap();
    let stored: Case = all.desks[1].get(case);
    let edit = |version, given_name: &str| {
        Action::EditCase(EditCase {
            id: case,
            version,
            person: PersonFields {
                given_name: given_name.into(),
                ..PersonFields::default()
            },
            fields: CaseFields {
                area_code: stored.area_code.clone(),
                reported_at: stored.reported_at,
                ..CaseFields::default()
            },
            needs: Vec::new(),
        })
    };
    let version = all.desks[1].version(Entity::Case, case);
    all.act(1, Role::Clerk, edit(version, "บัวลา"));
    all.sync(1);
    all.sync(0);
    // The form shows the name as it was; the store answers that it is old.
    all.act(0, Role::Clerk, edit(shown, ""));
    assert_eq!(all.sync(0).sent, 0);
    assert_eq!(all.desks[0].get::<Person>(person_id).given_name, "บัวลา");
}

#[test]
fn closing_a_case_whose_need_was_given_by_hand_is_lawful_at_the_server() {
    let mut all = Offices::new();
    let case = a_shared_case(&mut all);
    let id = all.desks[0].ids_of(Entity::Need, "")[0];
    for step in [NeedMove::Open, NeedMove::Assign] {
        let (reason, note) = (None, None);
        all.act(
            0,
            Role::Clerk,
            Action::MoveNeed(MoveNeed {
                id,
                step,
                reason,
                note,
            }),
        );
    }
    let (reason, note) = (ClosingReason::NoLongerWanted, None);
    all.act(
        0,
        Role::Clerk,
        Action::CloseCase(CloseCase {
            id: case,
            reason,
            note,
        }),
    );
    let receipt = all.sync(0);
    // Two steps by hand, the two of closing, and the day to look again that the rule had set ends.
    assert_eq!((receipt.new, receipt.sent), (5, 5));
    assert_eq!(all.desks[0].get::<Need>(id).state, NeedState::Closed);
}
