//! What only a database server does to its ledger: it goes away, it breaks deadlocks, it refuses what others keep.

use std::sync::mpsc;

use jitasa_domain::Entity;
use jitasa_protocol::Code;
use jitasa_server::{
    Province, Refusal,
    book::{Book, Device, FeedKind, FeedRow, Scope, Stored, Taken},
    ledger::LedgerError,
    province::CodeTerms,
};
use jitasa_sync::envelope;
use jitasa_tests::{
    keeper::{Keeper, Place, database},
    postgres::Cluster,
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    desk::{MemoryDesk, fields},
    line::{House, NOW},
};

/// All that a desk has to say, signed.
fn frame_of(desk: &MemoryDesk) -> Vec<u8> {
    envelope::seal(&desk.a_request(&desk.outbox), &desk.key()).frame
}

fn name_of(place: &Place) -> &str {
    place.database().unwrap()
}

#[test]
fn a_connection_that_was_lost_is_made_anew_and_nothing_is_half_kept() {
    let house = House::on(Keeper::Postgres);
    let mut desk = house.a_desk("450905", 1);
    desk.keys_a_case("น้ำถึงเอว");
    let mut operator = Cluster::of_this_process().client("postgres");
    let hangs_up =
        "SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity WHERE datname = $1";
    let name = name_of(&house.place);
    operator.query(hangs_up, &[&name]).unwrap();
    assert_eq!(
        house.sync(&mut desk).new,
        3,
        "found out at the beginning, and made good"
    );

    // In the midst of a transaction: all of it is gone, and the next one goes through.
    let gone = house.province.within(|pages| -> Result<(), LedgerError> {
        pages.count_try("45", "450905")?;
        let device = pages.device("45", desk.device_id)?.unwrap();
        pages.save_device(
            "45",
            &Device {
                name: "ครึ่งเดียว".into(),
                ..device
            },
        )?;
        operator.query(hangs_up, &[&name]).unwrap();
        pages.standing().map(drop)
    });
    assert!(gone.unwrap_err().is_busy(), "a desk is told to ask again");
    let device = house
        .province
        .within(|pages| pages.device("45", desk.device_id))
        .unwrap();
    assert_eq!(device.unwrap().name, "โต๊ะทดสอบ");
}

#[test]
fn a_desk_is_told_to_ask_again_while_the_database_is_away() {
    let house = House::on(Keeper::Postgres);
    let mut desk = house.a_desk("450905", 1);
    desk.keys_a_case("น้ำถึงเอว");
    let frame = frame_of(&desk);
    let mut operator = Cluster::of_this_process().client("postgres");
    let name = name_of(&house.place);
    let away = |away: bool| format!("ALTER DATABASE {name} ALLOW_CONNECTIONS {}", !away);
    operator.batch_execute(&away(true)).unwrap();
    operator
        .query("SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity WHERE datname = $1", &[&name])
        .unwrap();
    let refusal = house.province.take(&frame, NOW).unwrap_err();
    let Refusal::Problem(problem) = refusal else {
        panic!("a problem")
    };
    assert_eq!(problem.code, Code::Busy);
    operator.batch_execute(&away(false)).unwrap();
    assert_eq!(house.sync(&mut desk).new, 3);
}

#[test]
fn who_fell_victim_to_a_deadlock_goes_through_when_it_is_over() {
    let house = House::on(Keeper::Postgres);
    let mut desk = house.a_desk("450905", 1);
    desk.keys_a_case("น้ำถึงเอว");
    house.sync(&mut desk);
    let name = name_of(&house.place).to_string();
    let (ready, begin) = mpsc::channel();
    let (held, holds) = mpsc::channel();
    let (done, over) = mpsc::channel();
    // Takes the locks the other way round, and is the more patient of the two.
    let other = std::thread::spawn(move || {
        let mut client = Cluster::of_this_process().client(&name);
        let mut transaction = client.transaction().unwrap();
        transaction
            .batch_execute("SET LOCAL deadlock_timeout = '1h'; UPDATE scope_sum SET sum = sum")
            .unwrap();
        held.send(()).unwrap();
        begin.recv().unwrap();
        transaction
            .batch_execute("UPDATE device SET waiting = 7")
            .unwrap();
        transaction.commit().unwrap();
        done.send(()).unwrap();
    });
    holds.recv().unwrap();
    let mut attempts = 0;
    house
        .province
        .within(|pages| -> Result<(), LedgerError> {
            attempts += 1;
            if attempts == 2 {
                over.recv().unwrap();
            }
            let device = pages.device("45", desk.device_id)?.unwrap();
            pages.save_device("45", &device)?;
            if attempts == 1 {
                ready.send(()).unwrap();
            }
            let book = pages.open("45", &device, &[])?;
            let scope = Scope {
                office_code: "450905".into(),
                referred_to: None,
            };
            let taken = Taken {
                sums: [(scope, 1)].into(),
                ..Taken::default()
            };
            pages.keep("45", &device, &book, &taken, NOW)
        })
        .unwrap();
    other.join().unwrap();
    assert_eq!(attempts, 2);
}

#[test]
fn two_programs_that_found_a_province_at_the_same_time_are_of_one() {
    let place = Place::new(Keeper::Postgres);
    let [one, two] = [place.open(), place.open()];
    let found = |province: Province| {
        std::thread::spawn(move || {
            province
                .new_code("450905", CodeTerms::default(), NOW)
                .unwrap();
            province.standing().unwrap().unwrap().server_id
        })
    };
    let [one, two] = [one, two].map(found);
    assert_eq!(one.join().unwrap(), two.join().unwrap());
}

#[test]
fn what_one_desk_sent_that_cannot_be_kept_is_no_reason_to_refuse_another() {
    let house = House::on(Keeper::Postgres);
    let mut sound = house.a_desk("450905", 1);
    let mut odd = house.a_desk("450905", 2);
    // Nothing that a desk may send is known to be of this kind, so the database is made to refuse one village.
    let mut client = Cluster::of_this_process().client(name_of(&house.place));
    let refuses = "ALTER TABLE record ADD CHECK (office_code <> '45090599')";
    client.batch_execute(refuses).unwrap();
    let id = odd.an_id();
    odd.write(
        jitasa_domain::ActionKind::VillageSave,
        Entity::Area,
        id,
        fields(json!({"id": id, "code": "45090599", "name": "ไม่มี", "office_code": "450905"})),
    );
    sound.keys_a_case("น้ำถึงเอว");
    let province = &house.province;
    let [frame, other] = [&sound, &odd].map(frame_of);
    std::thread::scope(|scope| {
        // Both wait for the ledger, so that they are served together.
        let (waiting, waits) = mpsc::channel::<()>();
        let holder = scope.spawn(move || {
            province.within(|_| -> Result<(), LedgerError> {
                waits.recv().unwrap();
                Ok(())
            })
        });
        let first = scope.spawn(|| province.take(&frame, NOW));
        let second = scope.spawn(|| province.take(&other, NOW));
        waiting.send(()).unwrap();
        holder.join().unwrap().unwrap();
        assert_eq!(first.join().unwrap().unwrap().answer.head.acked, 3);
        assert!(second.join().unwrap().is_err());
    });
}

#[test]
fn sums_wrap_texts_keep_every_sign_and_json_its_order_and_digits() {
    for keeper in [Keeper::Sqlite, Keeper::Postgres, Keeper::Partitioned] {
        let house = House::on(keeper);
        let desk = house.a_desk("450905", 1);
        let scope = Scope {
            office_code: "450905".into(),
            referred_to: None,
        };
        let key = (Entity::Case, Uuid::from_u128(9));
        let body = r#"{"z":1.10,"a":12345678901234567,"note":"\u0000 \\ น้ำ","m":{"b":1,"a":2}}"#;
        let stored = Stored {
            body: serde_json::from_str(body).unwrap(),
            scope: scope.clone(),
            area_code: Some("45\0\\0".into()),
            last_seq: 7,
            last: jitasa_server::book::LastAct {
                actor_name: "ก\0ข\\".into(),
                ..Default::default()
            },
            sum: u64::MAX,
            dirty: true,
            ..Stored::default()
        };
        let adds = [u64::MAX, 1 << 63, 1 << 63, 5];
        for (turn, add) in adds.into_iter().enumerate() {
            house
                .province
                .within(|pages| -> Result<(), LedgerError> {
                    let device = pages.device("45", desk.device_id)?.unwrap();
                    let opened = pages.open("45", &device, &[])?;
                    let head = opened.head + 1;
                    let book = Book {
                        head,
                        records: [(key, stored.clone())].into(),
                        ..opened
                    };
                    let feed = FeedRow {
                        office_code: "450905".into(),
                        seq: head,
                        kind: FeedKind::Whole,
                        key,
                        author_device: None,
                    };
                    let taken = Taken {
                        sums: [(scope.clone(), add)].into(),
                        feed: vec![feed],
                        ..Taken::default()
                    };
                    pages.keep("45", &device, &book, &taken, NOW)?;
                    let sum = adds[..=turn]
                        .iter()
                        .fold(0_u64, |sum, add| sum.wrapping_add(*add));
                    assert_eq!(pages.sums("45", "450905")?, [(scope.clone(), sum)]);
                    Ok(())
                })
                .unwrap();
        }
        let found = house
            .province
            .within(|pages| pages.records_of_owner("45", "450905", 0, 10))
            .unwrap();
        let read = Stored {
            dirty: false,
            ..stored.clone()
        };
        assert_eq!(found, [(key, read)], "{keeper:?}");
        assert_eq!(
            serde_json::to_string(&found[0].1.body).unwrap(),
            serde_json::to_string(&stored.body).unwrap()
        );
    }
}

#[test]
fn a_ledger_opened_for_one_province_is_of_no_other() {
    let place = Place::new(Keeper::Postgres);
    let elsewhere = place.open().new_code("500101", CodeTerms::default(), NOW);
    assert!(elsewhere.is_err());
    let mut of_46 = database(name_of(&place));
    of_46.province = "46".into();
    let of_46 = Province::connect(&of_46).unwrap();
    of_46.new_code("460101", CodeTerms::default(), NOW).unwrap();
    let of_45 = place.open();
    assert_eq!(of_45.standing().unwrap(), None);
    of_45.new_code("450905", CodeTerms::default(), NOW).unwrap();
    let [a, b] = [&of_45, &of_46].map(|province| province.standing().unwrap().unwrap());
    assert_eq!(
        (a.province_code.as_str(), b.province_code.as_str()),
        ("45", "46")
    );
    assert_ne!(a.server_id, b.server_id);
}

#[test]
fn a_database_of_somebody_else_or_of_a_newer_program_is_left_alone() {
    let cluster = Cluster::of_this_process();
    let name = cluster.database();
    let mut client = cluster.client(&name);
    client
        .batch_execute("CREATE TABLE province (name text)")
        .unwrap();
    assert!(Province::connect(&database(&name)).is_err());
    client
        .batch_execute("COMMENT ON TABLE province IS 'jitasa ledger, layout 999'")
        .unwrap();
    let newer = Province::connect(&database(&name)).unwrap_err();
    let LedgerError::Postgres(why) = newer else {
        panic!("{newer:?}")
    };
    assert!(why.to_string().contains("999"), "{why}");
    drop(client);
    cluster.drop_database(&name);
}
