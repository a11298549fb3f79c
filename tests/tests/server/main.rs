//! Desks and a provincial server: nothing lost, nothing doubled, nothing silently overwritten.
#![allow(clippy::unwrap_used, reason = "a story that cannot go on has failed")]

/// The same story on every ledger.
macro_rules! story {
    ($name:ident) => {
        mod $name {
            use jitasa_tests::keeper::Keeper;

            #[test]
            fn on_sqlite() {
                super::$name(Keeper::Sqlite);
            }

            #[test]
            fn on_postgres() {
                super::$name(Keeper::Postgres);
            }

            #[test]
            fn on_postgres_partitioned_by_province() {
                super::$name(Keeper::Partitioned);
            }
        }
    };
}

mod broken_line;
mod clocks;
mod converge;
mod database;
mod desk;
mod enrolment;
mod heavy;
mod hostile;
mod line;
mod operator;
mod other_client;
mod over_http;
mod refused_whole;
mod restored;
mod scope;
mod wrong_server;

use jitasa_domain::{
    ActionKind, Entity,
    change::{Change, Verdict},
};
use jitasa_protocol::Code;
use jitasa_sync::{Desk as _, TransportError, run};
use jitasa_tests::keeper::Keeper;
use serde_json::json;
use uuid::Uuid;

use crate::{
    desk::{MemoryDesk, fields},
    line::{House, TERMS},
};

story!(a_batch_sent_twice_gets_the_same_answer_and_is_applied_once);
fn a_batch_sent_twice_gets_the_same_answer_and_is_applied_once(ledger: Keeper) {
    let house = House::on(ledger);
    let mut desk = house.a_desk("450905", 1);
    desk.keys_a_case("น้ำถึงเอว");
    let request = desk.a_request(&desk.outbox);
    let first = house.says(&desk, &request);
    let again = house.says(&desk, &request);
    assert_eq!(first, again);
    assert_eq!(first.head.acked, 3);
    assert!(
        first
            .outcomes
            .iter()
            .all(|outcome| outcome.verdict == Verdict::New)
    );

    let mut other = house.a_desk("450905", 2);
    assert_eq!(house.sync(&mut other).received, 3);
}

story!(a_batch_that_leaves_a_number_out_is_refused_whole_with_the_number_that_is_missing);
fn a_batch_that_leaves_a_number_out_is_refused_whole_with_the_number_that_is_missing(
    ledger: Keeper,
) {
    let house = House::on(ledger);
    let mut desk = house.a_desk("450905", 1);
    for _ in 0..3 {
        desk.keys_a_case("น้ำถึงเอว");
    }
    let mut late = desk.a_request(&desk.outbox[4..]);
    // As if it had been told that the first four had arrived.
    late.head.acked = 0;
    let problem = house.says(&desk, &late).head.problem.unwrap();
    assert_eq!(problem.code, Code::Gap);
    assert_eq!(problem.expected, Some(1));
    assert_eq!(house.sync(&mut desk).new, 9);
}

story!(a_number_that_comes_again_with_another_change_shows_a_cloned_disk_and_changes_nothing);
fn a_number_that_comes_again_with_another_change_shows_a_cloned_disk_and_changes_nothing(
    ledger: Keeper,
) {
    let house = House::on(ledger);
    let mut desk = house.a_desk("450905", 1);
    let case = desk.keys_a_case("น้ำถึงเอว");
    house.sync(&mut desk);
    let forged = Change {
        change_id: Uuid::from_u128(77),
        ..desk.outbox[0].clone()
    };
    let forged = Change {
        fields: fields(json!({"note": "จากเครื่องที่โคลนมา"})),
        ..forged
    };
    let refused = house.says(&desk, &desk.a_request(&[forged]));
    assert_eq!(refused.head.problem, Some(Code::DeviceForked.into()));
    // Neither of the two is believed from now on.
    assert_eq!(
        house.try_sync(&mut desk),
        Err(line::refused(Code::DeviceForked))
    );
    let mut other = house.a_desk("450905", 2);
    house.sync(&mut other);
    assert_eq!(other.get(Entity::Case, case).unwrap()["note"], "น้ำถึงเอว");
}

story!(a_push_whose_answers_are_lost_and_whose_server_dies_loses_and_doubles_nothing);
fn a_push_whose_answers_are_lost_and_whose_server_dies_loses_and_doubles_nothing(ledger: Keeper) {
    let mut house = House::on(ledger);
    let mut desk = house.a_desk("450905", 1);
    for each in 0..60 {
        desk.keys_a_case(&format!("บ้านที่ {each}"));
    }
    let line = house.line();
    line.lose_answer.set(2);
    // Two batches are taken by the server, the desk hears of neither; the third is heard.
    run(&mut desk, &line, TERMS).unwrap();
    for each in 60..80 {
        desk.keys_a_case(&format!("บ้านที่ {each}"));
    }
    let line = house.line();
    line.lose_answer.set(3);
    let gave_up = run(&mut desk, &line, TERMS).unwrap_err();
    assert_eq!(gave_up, TransportError::Timeout.into());
    assert_eq!(desk.pending_count().unwrap(), 60);

    house.restarts();
    let receipt = house.sync(&mut desk);
    assert_eq!((receipt.sent, receipt.new, receipt.pending), (60, 60, 0));
    assert_eq!(desk.outcomes.len(), 240, "one word on each change");
    let again = house.sync(&mut desk);
    assert_eq!((again.sent, again.received), (0, 0));

    let mut other = house.a_desk("450905", 2);
    assert_eq!(house.sync(&mut other).received, 240);
    assert_eq!(other.records(), desk.records());
}

story!(a_desk_that_missed_its_answers_does_not_undo_what_others_wrote_over_its_changes);
fn a_desk_that_missed_its_answers_does_not_undo_what_others_wrote_over_its_changes(ledger: Keeper) {
    let house = House::on(ledger);
    let mut ours = house.a_desk("450905", 1);
    let mut theirs = house.a_desk("450905", 2);
    let cases: Vec<_> = (0..32)
        .map(|each| ours.keys_a_case(&format!("บ้านที่ {each}")))
        .collect();
    house.sync(&mut ours);
    for case in &cases {
        ours.edits(*case, json!({"note": "ของเรา"}));
    }
    let line = house.line();
    line.lose_answer.set(3);
    run(&mut ours, &line, TERMS).unwrap_err();
    // The server has all 32; the other desk reads them and goes on from there.
    house.sync(&mut theirs);
    for case in &cases {
        theirs.edits(*case, json!({"note": "ของเขา"}));
    }
    assert_eq!(house.sync(&mut theirs).new, 32);
    // Again the first answer is lost, so the desk asks for fewer at a time.
    let line = house.line();
    line.lose_answer.set(1);
    let receipt = run(&mut ours, &line, TERMS).unwrap();
    assert_eq!((receipt.new, receipt.received), (32, 32));
    assert_eq!(ours.records(), theirs.records());
    assert_eq!(ours.get(Entity::Case, cases[31]).unwrap()["note"], "ของเขา");
}

story!(different_fields_merge_and_the_same_field_becomes_a_conflict_with_both_values);
fn different_fields_merge_and_the_same_field_becomes_a_conflict_with_both_values(ledger: Keeper) {
    let house = House::on(ledger);
    let mut ours = house.a_desk("450905", 1);
    let mut theirs = house.a_desk("450905", 2);
    let case = ours.keys_a_case("น้ำถึงเอว");
    house.sync(&mut ours);
    house.sync(&mut theirs);

    theirs.edits(case, json!({"note": "น้ำถึงอก"}));
    house.sync(&mut theirs);
    let merges = ours.edits(case, json!({"urgency": "critical"}));
    let clashes = ours.edits(case, json!({"note": "น้ำถึงเข่า", "landmark": "หลังวัด"}));
    let receipt = house.sync(&mut ours);
    assert_eq!(
        (receipt.merged, receipt.conflicts, receipt.received),
        (1, 1, 1)
    );
    assert_eq!(ours.outcome(merges).verdict, Verdict::Merged);
    let clash = ours.outcome(clashes);
    assert_eq!(clash.verdict, Verdict::Conflict);
    assert_eq!(clash.theirs, fields(json!({"note": "น้ำถึงอก"})));
    let standing = ours.get(Entity::Case, case).unwrap();
    assert_eq!(standing["note"], "น้ำถึงอก");
    assert_eq!(
        standing["landmark"], "หลังวัด",
        "what nobody else wrote is applied"
    );
    assert_eq!(house.province.offices().unwrap()[0].kept, 1);

    house.sync(&mut theirs);
    assert_eq!(theirs.records(), ours.records());
}

story!(a_state_that_cannot_follow_from_the_servers_is_held_and_does_not_block_what_comes_after);
fn a_state_that_cannot_follow_from_the_servers_is_held_and_does_not_block_what_comes_after(
    ledger: Keeper,
) {
    let house = House::on(ledger);
    let mut ours = house.a_desk("450905", 1);
    let mut theirs = house.a_desk("450905", 2);
    let case = ours.keys_a_case("น้ำถึงเอว");
    house.sync(&mut ours);
    house.sync(&mut theirs);
    let need = ours.outbox[2].entity_id;
    let moves = |desk: &mut MemoryDesk, state: &str| {
        desk.write(
            ActionKind::NeedMove,
            Entity::Need,
            need,
            fields(json!({"state": state})),
        )
    };
    moves(&mut theirs, "closed");
    house.sync(&mut theirs);
    moves(&mut ours, "verifying");
    let unlawful = moves(&mut ours, "open");
    moves(&mut ours, "assigned");
    let behind = ours.edits(case, json!({"landmark": "หลังวัด"}));
    let receipt = house.sync(&mut ours);
    assert_eq!((receipt.held, receipt.conflicts, receipt.new), (2, 1, 1));
    // From closed nothing leads to verifying or assigned; it may be opened again, but the author
    // had not seen it closed, so a person decides.
    assert_eq!(ours.outcome(unlawful).verdict, Verdict::Conflict);
    assert_eq!(ours.outcome(behind).verdict, Verdict::New);
}

story!(another_server_is_not_taken_for_the_desks_own);
fn another_server_is_not_taken_for_the_desks_own(ledger: Keeper) {
    let house = House::on(ledger);
    let mut desk = house.a_desk("450905", 1);
    desk.keys_a_case("น้ำถึงเอว");
    house.sync(&mut desk);
    let before = (desk.records(), desk.cursor_now());

    // It knows a device of this very id and key, but it is another server.
    let elsewhere = House::on(ledger);
    elsewhere.a_desk("450905", 1);
    assert_eq!(
        elsewhere.try_sync(&mut desk),
        Err(TransportError::NotOurServer.into())
    );
    assert_eq!((desk.records(), desk.cursor_now()), before);
}
