//! What a practice office must show, whatever the seed.

use std::collections::{BTreeMap, BTreeSet};

use jitasa_domain::{AssignmentState, NeedState, ReviewState, Role};
use jitasa_map::{LatLon, distance_m};
use jitasa_store::{Setup, query};

use super::*;

mod care;
mod register;

/// 23 November 2026 (พ.ศ. 2569), 09:15 in Thailand.
const NOW: Timestamp = Timestamp(1_795_400_100_000);

fn kinds() -> Vec<Kind> {
    crate::setup::shipped_kinds()
}

struct Desk {
    store: Store,
    _dir: tempfile::TempDir,
}

fn a_desk(office: &Office, practice: bool) -> Desk {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::create(dir.path(), [7; 32]).unwrap();
    let user = |id, name: &str, role, villages| DeskUser {
        id: Uuid::from_u128(id),
        name: name.into(),
        role,
        villages,
        volunteer_id: None,
    };
    store
        .set_up(&Setup {
            office: office.clone(),
            practice,
            device_id: Uuid::from_u128(9),
            users: vec![
                user(1, "เสมียนฝึกหัด", Role::Clerk, Vec::new()),
                user(2, "ผู้ใหญ่บ้านฝึกหัด", Role::Headman, headman_villages(office)),
                user(3, "หัวหน้าสำนักปลัด", Role::Supervisor, Vec::new()),
            ],
            kinds: kinds(),
            centre: centre_of(&office.code).unwrap(),
        })
        .unwrap();
    Desk { store, _dir: dir }
}

fn practised(seed: u64) -> Desk {
    let desk = a_desk(&office_of(Size::Office), true);
    fill(&desk.store, NOW, Size::Office, seed).unwrap();
    desk
}

impl Desk {
    /// The first column of a query.
    fn texts(&self, sql: &str) -> Vec<String> {
        self.store
            .read(|conn| {
                let mut statement = conn.prepare(sql)?;
                let texts = statement.query_map([], |row| row.get::<_, String>(0))?;
                Ok(texts.collect::<Result<Vec<_>, _>>()?)
            })
            .unwrap()
    }

    fn number(&self, sql: &str) -> i64 {
        self.store
            .read(|conn| Ok(conn.query_row(sql, [], |row| row.get(0))?))
            .unwrap()
    }

    fn codes(&self, sql: &str) -> BTreeSet<String> {
        self.texts(sql).into_iter().collect()
    }
}

fn all(codes: impl IntoIterator<Item = &'static str>) -> BTreeSet<String> {
    codes.into_iter().map(Into::into).collect()
}

#[test]
fn a_seed_and_a_moment_replay_an_office_and_another_seed_does_not() {
    // The outbox is every field of every record as it was written, with ids and times.
    let made = |seed| practised(seed).texts("SELECT body FROM outbox ORDER BY device_seq");
    let first = made(1);
    assert!(first.len() > 3_000, "{}", first.len());
    assert!(first == made(1), "the same seed made another office");
    assert!(first != made(2), "another seed made the same office");
}

#[test]
fn every_state_and_kind_is_met_and_the_headman_has_an_inbox_to_work_through() {
    for seed in [1, 7, 2_569] {
        let desk = practised(seed);
        shows_every_state(&desk);
        shows_every_kind(&desk);
        leaves_work_for_today(&desk);
        breaks_no_secret(&desk);
        happened_within_the_month(&desk);
    }
}

fn shows_every_state(desk: &Desk) {
    assert_eq!(
        desk.codes("SELECT DISTINCT state FROM assignment"),
        all(AssignmentState::ALL.iter().map(|state| state.code()))
    );
    assert_eq!(
        desk.codes("SELECT DISTINCT review_state FROM \"case\""),
        all(ReviewState::ALL.iter().map(|state| state.code()))
    );
    assert_eq!(
        desk.codes("SELECT DISTINCT state FROM need"),
        all(NeedState::ALL.iter().map(|state| state.code()))
    );
    assert_eq!(
        desk.codes("SELECT DISTINCT closing_reason FROM need WHERE closing_reason IS NOT NULL"),
        all(jitasa_domain::ClosingReason::ALL
            .iter()
            .map(|reason| reason.code()))
    );
}

fn shows_every_kind(desk: &Desk) {
    let of = |list| -> BTreeSet<String> {
        kinds()
            .into_iter()
            .filter(|kind| kind.list == list)
            .map(|kind| kind.code)
            .collect()
    };
    assert_eq!(
        desk.codes("SELECT DISTINCT kind FROM need"),
        of(KindList::Need)
    );
    assert_eq!(
        desk.codes("SELECT DISTINCT value FROM volunteer, json_each(kinds)"),
        of(KindList::Volunteer)
    );
    assert_eq!(
        desk.codes("SELECT DISTINCT kind FROM service_point"),
        of(KindList::ServicePoint)
    );
}

fn leaves_work_for_today(desk: &Desk) {
    let inbox = desk
        .store
        .read(|conn| query::assignments::inbox(conn, &[HEADMANS_VILLAGE.into()], None, 100))
        .unwrap();
    assert!((8..=15).contains(&inbox.total), "inbox of {}", inbox.total);
    assert!(inbox.rows.iter().any(|row| row.assignment.is_some()));
    let board = desk
        .store
        .read(|conn| query::assignments::board(conn, &[], &[], None, 100))
        .unwrap();
    let critical = jitasa_domain::Urgency::Critical;
    let waiting = board
        .rows
        .iter()
        .filter(|row| row.line.case.urgency == critical)
        .count();
    assert!(
        (3..=20).contains(&waiting),
        "{waiting} critical needs without hands"
    );
    for (sql, least) in [
        ("SELECT count(*) FROM assignment WHERE state = 'offered'", 5),
        (
            "SELECT count(*) FROM follow_up WHERE done_at IS NULL AND due_on < '2026-11-23'",
            3,
        ),
        (
            "SELECT count(*) FROM follow_up WHERE done_at IS NULL AND due_on = '2026-11-23'",
            1,
        ),
        (
            "SELECT count(*) FROM follow_up WHERE done_at IS NOT NULL",
            100,
        ),
        ("SELECT count(*) FROM \"case\" WHERE lat IS NULL", 15),
        ("SELECT count(*) FROM \"case\" WHERE state = 'closed'", 300),
    ] {
        let count = desk.number(sql);
        assert!(count >= least, "{count}: {sql}");
    }
    assert_eq!(
        desk.number("SELECT count(*) FROM \"case\" WHERE referred_to = '450909' AND is_open"),
        2
    );
}

fn breaks_no_secret(desk: &Desk) {
    let ids = desk.texts("SELECT citizen_id FROM person WHERE citizen_id IS NOT NULL");
    assert!(ids.len() > 100);
    assert_eq!(
        ids.iter().collect::<BTreeSet<_>>().len(),
        ids.len(),
        "an id number came twice"
    );
    for id in ids {
        let read = jitasa_thai::citizen_id::read(&id).unwrap();
        assert!(read.checksum_ok && &id[1..5] == "9999", "{id}");
    }
    for phone in desk.texts(
        "SELECT phone FROM person WHERE phone IS NOT NULL UNION SELECT phone FROM volunteer
         WHERE phone IS NOT NULL UNION SELECT phone FROM service_point WHERE phone IS NOT NULL",
    ) {
        assert_eq!(jitasa_thai::phone::read(&phone).unwrap().digits, phone);
        assert!(phone.starts_with("0800"));
    }
    assert_eq!(
        desk.texts("SELECT name FROM incident"),
        ["น้ำท่วมสมมุติ พ.ศ. 2569 (ฝึกหัด)"]
    );
    for (lat, lon) in places(desk) {
        let point = jitasa_thai::coordinate::check(lat, lon).unwrap();
        assert!(!point.swapped);
        let away_m = distance_m(middle("450905"), LatLon { lat, lon });
        assert!(
            away_m < 6_000.0,
            "{away_m} m from the middle of its subdistrict"
        );
    }
}

fn places(desk: &Desk) -> Vec<(f64, f64)> {
    desk.store
        .read(|conn| {
            let mut statement = conn.prepare(
                "SELECT lat, lon FROM \"case\" WHERE lat IS NOT NULL
                 UNION ALL SELECT lat, lon FROM volunteer UNION ALL SELECT lat, lon FROM area
                 UNION ALL SELECT lat, lon FROM service_point",
            )?;
            let places = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok(places.collect::<Result<Vec<_>, _>>()?)
        })
        .unwrap()
}

fn middle(subdistrict: &str) -> LatLon {
    let (lat, lon) = centre_of(subdistrict).unwrap();
    LatLon { lat, lon }
}

fn happened_within_the_month(desk: &Desk) {
    assert!(desk.number("SELECT min(at) FROM audit") >= NOW.0 - DAYS * DAY_MS);
    assert!(desk.number("SELECT max(at) FROM audit") <= NOW.0);
    let in_order =
        "SELECT count(*) FROM (SELECT at < lag(at) OVER (ORDER BY pk) AS back FROM act) WHERE back";
    assert_eq!(desk.number(in_order), 0, "acts stand in the order of time");
}

#[test]
fn the_flood_rises_steeply_around_the_twentieth_day_and_declines() {
    let desk = practised(3);
    let mut days: BTreeMap<i64, usize> = BTreeMap::new();
    for at in desk.texts("SELECT CAST(reported_at AS TEXT) FROM \"case\"") {
        let ago_ms = NOW.0 - at.parse::<i64>().unwrap();
        *days.entry(DAYS - ago_ms / DAY_MS).or_default() += 1;
    }
    let of = |from, to| days.range(from..=to).map(|(_, count)| count).sum::<usize>();
    assert_eq!(of(0, 31), 420);
    assert!(
        of(0, 15) < 60 && of(18, 22) > 180 && 3 * of(27, 30) < of(18, 22),
        "{days:?}"
    );
}

#[test]
fn villages_lie_one_to_three_kilometres_from_the_next() {
    for seed in 0..20 {
        let villages = ground::lay_out("4509", seed);
        assert_eq!(villages.len(), 120);
        for own in villages.chunk_by(|a, b| a.subdistrict() == b.subdistrict()) {
            for village in own {
                let next_m = own
                    .iter()
                    .filter(|other| other.code != village.code)
                    .map(|other| distance_m(village.at, other.at))
                    .fold(f64::MAX, f64::min);
                assert!(
                    (1_000.0..3_000.0).contains(&next_m),
                    "{next_m} at {}",
                    village.code
                );
            }
        }
    }
}

#[test]
fn a_subdistrict_lies_the_same_for_its_own_office_and_for_the_district() {
    let own: Vec<_> = ground::lay_out("450905", 4)
        .into_iter()
        .map(|v| (v.code, v.at))
        .collect();
    let mut district = ground::lay_out("4509", 4);
    district.retain(|village| village.subdistrict() == "450905");
    assert_eq!(
        own,
        district
            .into_iter()
            .map(|v| (v.code, v.at))
            .collect::<Vec<_>>()
    );
}

#[test]
fn what_is_loaded_stands_beside_what_was_acted_and_numbers_go_on() {
    let office = office_of(Size::Million);
    let desk = a_desk(&office, true);
    let lists = [KindList::Need, KindList::Volunteer, KindList::ServicePoint].map(|list| {
        kinds()
            .into_iter()
            .filter(|kind| kind.list == list)
            .collect()
    });
    let users = desk.store.read(reading::desk_users).unwrap();
    let extent = Extent {
        wave: wave::MEASURED,
        acted: 60,
        loaded: 700,
        volunteers: 150,
    };
    fill_desk(&desk.store, &office, &users, lists, NOW, extent, 5).unwrap();
    assert_eq!(
        desk.number("SELECT count(DISTINCT number) FROM \"case\""),
        760
    );
    assert_eq!(
        desk.number("SELECT count(*) FROM \"case\" WHERE number > '4509-69-00700'"),
        60
    );
    assert_eq!(desk.number("SELECT sum(n) FROM case_count"), 760);
    assert_eq!(
        desk.number("SELECT count(*) FROM search_doc WHERE kind = 'case'"),
        760
    );
    assert_eq!(
        desk.number("SELECT count(*) FROM audit WHERE action = 'case_create' AND entity = 'case'"),
        60
    );
    let twice = "SELECT count(citizen_id) - count(DISTINCT citizen_id) FROM person";
    assert_eq!(desk.number(twice), 0);
}

#[test]
fn a_real_office_is_not_filled() {
    let desk = a_desk(&office_of(Size::Office), false);
    let refused = fill(&desk.store, NOW, Size::Office, 1).unwrap_err();
    assert_eq!(refused.code, "not_practice");
    assert_eq!(desk.number("SELECT count(*) FROM act"), 0);
}

#[test]
fn the_middle_of_a_district_is_that_of_its_subdistricts() {
    let (lat, lon) = centre_of("4509").unwrap();
    assert!((16.2..16.4).contains(&lat) && (104.1..104.3).contains(&lon));
    assert_eq!(centre_of("450905"), Some((16.268, 104.275)));
    assert_eq!(centre_of("1001"), None);
    assert_eq!(centre_of(""), None);
}
