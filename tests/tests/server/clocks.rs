//! Clocks decide nothing: 543 years ahead, back in 1970, at the ends of all numbers.

use jitasa_domain::{Entity, Timestamp, change::Verdict};
use jitasa_server::register::is_clock_wrong;
use jitasa_sync::{Terms, run};
use jitasa_tests::keeper::Keeper;
use serde_json::json;

use crate::line::{House, NOW, TERMS};

const YEAR_MS: i64 = 31_556_952_000;

story!(whatever_a_clock_says_the_servers_order_stands_and_the_clock_is_pointed_out);
fn whatever_a_clock_says_the_servers_order_stands_and_the_clock_is_pointed_out(ledger: Keeper) {
    let house = House::on(ledger);
    let mut wrong = house.a_desk("450905", 1);
    let mut right = house.a_desk("450905", 2);
    let case = wrong.keys_a_case("ครั้งที่ 0");
    house.sync(&mut wrong);
    house.sync(&mut right);
    for (turn, clock) in [
        NOW.0 + 543 * YEAR_MS,
        NOW.0 - 543 * YEAR_MS,
        // In the middle of a day's work it is yesterday.
        NOW.0 - 86_400_000,
        0,
        -1,
        i64::MAX,
        i64::MIN,
    ]
    .into_iter()
    .enumerate()
    {
        let said = format!("ครั้งที่ {turn}");
        let edit = wrong.edits(case, json!({"note": said}));
        wrong.outbox.last_mut().unwrap().claimed_at = Timestamp(clock);
        let terms = Terms {
            now: Timestamp(clock),
            ..TERMS
        };
        let receipt = run(&mut wrong, &house.line(), terms).unwrap();
        assert_eq!(receipt.sent, 1);
        assert_ne!(wrong.outcome(edit).verdict, Verdict::Held);
        house.sync(&mut right);
        assert_eq!(right.get(Entity::Case, case).unwrap()["note"], said);
        // Who wrote later in the server's order stands, however early his clock says it was.
        let later = format!("หลังครั้งที่ {turn}");
        right.edits(case, json!({"note": later}));
        house.sync(&mut right);
        let device = house
            .province
            .within(|pages| pages.device("45", wrong.device_id))
            .unwrap()
            .unwrap();
        assert!(is_clock_wrong(&device), "{clock}");
        run(&mut wrong, &house.line(), terms).unwrap();
        assert_eq!(wrong.get(Entity::Case, case).unwrap()["note"], later);
    }
    assert_eq!(wrong.records(), right.records());
}
