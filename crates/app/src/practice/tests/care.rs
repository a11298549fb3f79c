//! That the made-up office is looked after: what a newcomer finds on the first screen, whatever the
//! seed and the hour.

use std::{
    ops::RangeInclusive,
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
};

use serde_json::{Value, json};

use super::{fate::Ending, *};
use crate::{App, Env};

/// A clock that stands still until it is moved, and bytes that never come twice.
#[derive(Debug)]
struct Clock(AtomicI64, AtomicU64);

impl Env for Clock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }

    fn fill_random(&self, bytes: &mut [u8]) {
        for piece in bytes.chunks_mut(8) {
            let next = self.1.fetch_add(1, Ordering::SeqCst).to_be_bytes();
            piece.copy_from_slice(&next[8 - piece.len()..]);
        }
    }
}

/// A practice office as the first screen opens it.
struct Opened {
    app: App,
    clock: Arc<Clock>,
    /// What stands beside a figure that is not as it should be.
    said: String,
    _dir: tempfile::TempDir,
}

fn opened(hours: i64, seed: u64) -> Opened {
    let dir = tempfile::tempdir().unwrap();
    let clock = Arc::new(Clock(
        AtomicI64::new(NOW.0 + hours * HOUR_MS),
        AtomicU64::new(1),
    ));
    let env: Arc<dyn Env> = clock.clone();
    let app = App::open(dir.path(), env).unwrap();
    app.init_practice("office", seed).unwrap();
    let said = format!("seed {seed}, {} of Bangkok", app.env().now().in_bangkok());
    Opened {
        app,
        clock,
        said,
        _dir: dir,
    }
}

impl Opened {
    fn call(&self, command: &str, request: Value) -> Value {
        self.app.call(command, request).unwrap()
    }

    fn number(&self, sql: &str) -> i64 {
        let store = self.app.store().unwrap();
        store
            .read(|conn| Ok(conn.query_row(sql, [], |row| row.get(0))?))
            .unwrap()
    }

    fn lies(&self, what: &str, figure: i64, range: RangeInclusive<i64>) {
        assert!(range.contains(&figure), "{what} is {figure}: {}", self.said);
    }

    fn become_one(&self, role: Role) {
        let users = self.app.store().unwrap().read(reading::desk_users).unwrap();
        let user = users.iter().find(|user| user.role == role).unwrap();
        self.call("actor.switch", json!({ "actor_id": user.id.to_string() }));
    }
}

#[test]
fn a_newcomer_finds_an_office_that_is_looked_after_by_day() {
    for (hours, seed) in [(0, 7), (3, 2_564), (-1, 3)] {
        is_looked_after(&opened(hours, seed));
    }
}

#[test]
fn a_newcomer_finds_an_office_that_is_looked_after_in_the_evening_and_at_night() {
    for (hours, seed) in [(12, 5), (15, 2_569), (-6, 1)] {
        is_looked_after(&opened(hours, seed));
    }
}

fn is_looked_after(office: &Opened) {
    first_screen(office);
    nothing_old_is_left_lying(office);
    told_further(office);
    headmans_inbox(office);
    something_to_suggest(office);
    looked_at_in_time(office);
    stays_so_while_he_looks_around(office);
}

fn first_screen(office: &Opened) {
    let today = office.call("today.get", json!({}));
    for (what, range) in [
        ("open_cases", 60..=110),
        ("critical_open", 3..=12),
        ("needs_without_hands", 25..=60),
        ("offers_unanswered", 3..=20),
        ("offers_expiring", 1..=6),
        ("awaiting_review", 30..=90),
        ("overdue_follow_ups", 8..=20),
        ("escalated", 2..=9),
        ("to_recheck", 12..=40),
        ("stale_cases", 0..=12),
    ] {
        office.lies(what, today[what].as_i64().unwrap(), range);
    }
    let total = office.number("SELECT count(*) FROM \"case\"");
    assert_eq!(total, 420, "{}", office.said);
}

fn nothing_old_is_left_lying(office: &Opened) {
    let now = office.app.env().now().0;
    let open = |days: i64| {
        let before = now - days * DAY_MS;
        office.number(&format!(
            "SELECT count(*) FROM \"case\" WHERE is_open AND reported_at < {before}"
        ))
    };
    office.lies("open after ten days", open(10), 0..=0);
    office.lies("open after six days", open(6), 0..=8);
    office.lies("open after four days", open(4), 0..=28);
    let waits = "SELECT min(waits_since) FROM \"case\" WHERE is_open";
    let waits_hours = (now - office.number(waits)) / HOUR_MS;
    office.lies("hours of the longest wait", waits_hours, 24..=100);
}

fn told_further(office: &Opened) {
    let list = office.call("escalation.list", json!({}));
    office.lies("taken further", list["total"].as_i64().unwrap(), 8..=20);
    let rows = list["rows"].as_array().unwrap();
    let count = |fits: &dyn Fn(&Value) -> bool| {
        i64::try_from(rows.iter().filter(|row| fits(row)).count()).unwrap()
    };
    let to = |level: &'static str| count(&|row| row["escalation"] == level);
    let because = |reason: &'static str| count(&|row| row["reason"] == reason);
    office.lies("told to the supervisor", to("supervisor"), 5..=18);
    office.lies("told to the district", to("district"), 1..=6);
    let waited = because("no_hands") + because("unverified");
    office.lies("told for waiting", waited, 3..=14);
    office.lies("told for a follow-up", because("follow_up_overdue"), 2..=8);
    let new_to_him = count(&|row| row["escalation"] == "supervisor" && row["seen_at"].is_null());
    office.lies("new to the supervisor", new_to_him, 1..=8);
    let seen = count(&|row| !row["seen_at"].is_null());
    office.lies("seen by the supervisor", seen, 3..=16);
}

fn headmans_inbox(office: &Opened) {
    office.become_one(Role::Headman);
    let inbox = office.call("review.inbox", json!({ "after": null, "limit": 200 }));
    office.become_one(Role::Clerk);
    office.lies("his inbox", inbox["total"].as_i64().unwrap(), 8..=14);
    let items = inbox["items"].as_array().unwrap();
    let of = |kind: &str| {
        let of_kind = items.iter().filter(|item| item["kind"] == kind);
        i64::try_from(of_kind.count()).unwrap()
    };
    office.lies("help for him to confirm", of("assignment"), 2..=6);
    office.lies("cases for him to look at", of("case"), 4..=12);
    let refused = items.iter().filter(|item| !item["denied"].is_null());
    assert_eq!(refused.count(), 0, "his own work: {}", office.said);
}

fn something_to_suggest(office: &Opened) {
    let everything = json!({ "areas": [], "need_kinds": [], "pins": [], "without": [] });
    let plan = office.call("assignment.plan", everything);
    let lines = i64::try_from(plan["lines"].as_array().unwrap().len()).unwrap();
    office.lies("lines of the plan", lines, 15..=80);
    let first = json!({ "areas": [], "need_kinds": [], "after": null, "limit": 1 });
    let board = office.call("assignment.board", first);
    let need_id = &board["rows"][0]["need_id"];
    let request = json!({ "need_id": need_id, "limit": 9, "text": null });
    let found = office.call("assignment.suggest", request);
    let suggested = found["suggestions"].as_array().unwrap().len();
    assert!(
        suggested > 0,
        "nobody for what presses most: {}",
        office.said
    );
}

/// Whatever fell due was looked at by the clerk, and what he found was written down.
fn looked_at_in_time(office: &Opened) {
    let today = office.app.env().now().date();
    let due = |which: &str| {
        office.number(&format!(
            "SELECT count(*) FROM follow_up WHERE void_reason IS NULL AND due_on < '{today}' AND {which}"
        ))
    };
    office.lies("due and done", due("done_at IS NOT NULL"), 150..=1_500);
    let late = due("date(done_at / 1000 + 25200, 'unixepoch') > due_on");
    office.lies("done after its day", late, 0..=0);
    let wordless =
        "SELECT count(*) FROM follow_up WHERE done_at IS NOT NULL AND coalesce(outcome, '') = ''";
    office.lies("done without a word", office.number(wordless), 0..=0);
    let acts =
        "SELECT count(*) FROM audit WHERE action = 'follow_up_done' AND entity = 'follow_up'";
    office.lies("history of it", office.number(acts), 150..=1_500);
}

/// A register that was written thirty days ago fades in the first minutes; most have been heard since.
fn stays_so_while_he_looks_around(office: &Opened) {
    let half_an_hour = 30 * calls::MINUTE_MS;
    office.clock.0.fetch_add(half_an_hour, Ordering::SeqCst);
    office.call("time.pass", json!({}));
    let today = office.call("today.get", json!({}));
    let to_ring = today["to_recheck"].as_i64().unwrap();
    office.lies("to ring after half an hour", to_ring, 15..=42);
    let list = office.call("escalation.list", json!({}));
    let total = list["total"].as_i64().unwrap();
    office.lies("taken further after half an hour", total, 8..=23);
}

#[test]
fn the_headman_at_the_desk_is_the_one_in_the_register() {
    for seed in [7, 2_564] {
        let office = opened(0, seed);
        let users = office
            .app
            .store()
            .unwrap()
            .read(reading::desk_users)
            .unwrap();
        let headman = users
            .iter()
            .find(|user| user.role == Role::Headman)
            .unwrap();
        let id = headman.volunteer_id.expect("he is linked");
        let his = office
            .app
            .store()
            .unwrap()
            .read(|conn| query::volunteers::line(conn, id))
            .unwrap()
            .unwrap();
        assert_eq!(headman.name, his.volunteer.full_name());
        assert_eq!(his.volunteer.area_code, HEADMANS_VILLAGE);
        assert!(his.volunteer.kinds.contains(&"village_head".to_string()));
        let settings = office.call("settings.get", json!({}));
        assert_eq!(settings["headmen"][0]["volunteer_id"], id.to_string());

        // Nobody types his name for the list that is printed for him.
        let print = json!({ "area_code": HEADMANS_VILLAGE, "path": null, "reviewer": null });
        let _ = office.call("tick.print", print);
        let lists = office.call("tick.lists", json!({ "area_code": HEADMANS_VILLAGE }));
        assert_eq!(lists["lists"][0]["reviewer"], headman.name.as_str());
        assert_eq!(office.number(JUDGES_HIMSELF), 0);
    }
}

/// What a headman was asked to do in his own village, where it is he who says whether help came.
const JUDGES_HIMSELF: &str = "SELECT count(*) FROM assignment a JOIN \"case\" c ON c.id = a.case_id
     JOIN volunteer v ON v.id = a.volunteer_id
     WHERE instr(v.kinds, 'village_head') AND v.area_code = c.area_code";

#[test]
fn headmen_lend_a_hand_in_other_villages_only() {
    let desk = practised(8);
    assert_eq!(desk.number(JUDGES_HIMSELF), 0);
    let helped = "SELECT count(*) FROM assignment a JOIN volunteer v ON v.id = a.volunteer_id
         WHERE instr(v.kinds, 'village_head')";
    assert!(desk.number(helped) > 0);
}

#[test]
fn a_district_in_the_middle_of_the_wave_has_a_plan_to_make_and_nothing_old_left_lying() {
    let kinds: Vec<String> = kinds()
        .into_iter()
        .filter(|kind| kind.list == KindList::Need)
        .map(|kind| kind.code)
        .collect();
    for seed in [1, 7, 2_564] {
        let villages = ground::lay_out("4509", seed);
        let own = villages
            .iter()
            .position(|each| each.code == HEADMANS_VILLAGE);
        let mut people = People::new(Words::read());
        let extent = Size::Amphoe.extent();
        let wave = (extent.wave, extent.acted);
        let made = Calls::new(
            &mut people,
            &villages,
            &kinds,
            wave,
            NOW,
            Chance::new(seed, 3),
        );
        let mut calls: Vec<_> = made.hitting(own).collect();
        assert_eq!(calls.len(), 4_000);
        let chance = &mut Chance::new(seed, 4);
        let fates = fate::decide(&mut calls, villages.len(), own, NOW, chance);
        let (mut open, mut plan, mut oldest_ms) = (0, 0, 0);
        for (call, fate) in calls.iter().zip(&fates).filter(|(_, fate)| fate.open) {
            open += 1;
            let mut waits = |hands: &&Vec<Ending>| match hands.last() {
                None => true,
                Some(Ending::At(state)) => {
                    matches!(state, AssignmentState::Proposed | AssignmentState::Offered)
                }
                Some(Ending::PartlyConfirmed) => false,
            };
            plan += fate.hands.iter().filter(&mut waits).count();
            oldest_ms = oldest_ms.max(NOW.0 - call.entered_at.0);
        }
        assert!((1_300..=2_000).contains(&open), "{open} open");
        assert!((900..=2_000).contains(&plan), "{plan} to plan for");
        assert!(oldest_ms < 10 * DAY_MS, "{} days", oldest_ms / DAY_MS);
    }
}
