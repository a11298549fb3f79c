//! Databases as each released schema left them: every later program opens a copy, walks it to its own
//! schema and lists the same cases. A frozen file is never changed; a new schema adds a new one.
#![allow(clippy::unwrap_used, reason = "a story that cannot go on has failed")]

use std::{
    fs,
    path::{Path, PathBuf},
};

use jitasa_sqlite3mc as _;
use jitasa_tests::desk::{StoryDesk, a_case, a_volunteer, text, with};
use serde_json::{Value, json};

fn fixtures(version: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures")
        .join(version)
}

/// Released schemas, the newest last.
const VERSIONS: [&str; 3] = ["v1", "v2", "v3"];

/// What everybody must still read in each file.
fn cases() -> Value {
    json!([
        [
            "450905-69-00005",
            "เด็กหญิงใบเตย ทองสุข",
            "450905",
            "reported",
            "unreviewed",
            null
        ],
        [
            "450905-69-00004",
            "นางบัวลี ศรีสุข",
            "45090509",
            "closed",
            "confirmed",
            "080-000-0004"
        ],
        [
            "450905-69-00003",
            "นายคำพันธ์ แก้วมณี",
            "45090501",
            "in_progress",
            "unreviewed",
            "080-000-0003"
        ],
        [
            "450905-69-00002",
            "นางสาวน้ำฝน โพธิ์ชัย",
            "45090505",
            "open",
            "confirmed",
            "080-000-0002"
        ],
        [
            "450905-69-00001",
            "นายสมชาย ใจดี",
            "45090505",
            "open",
            "confirmed",
            "080-012-3456"
        ],
    ])
}

fn listed(desk: &StoryDesk) -> Value {
    let list = desk.ok(
        "case.list",
        json!({ "filter": { "all_states": true }, "sort": "number", "limit": 500 }),
    );
    let of = |row: &Value| {
        json!([
            row["number"],
            row["name"],
            row["area_code"],
            row["state"],
            row["review_state"],
            row["phone"]
        ])
    };
    list["rows"].as_array().unwrap().iter().map(of).collect()
}

/// A copy of a frozen file, in a folder of its own.
fn thawed(version: &str, folder: &Path) {
    fs::create_dir_all(folder).unwrap();
    for name in ["store.db", "store.key"] {
        fs::copy(fixtures(version).join(name), folder.join(name)).unwrap();
    }
}

#[test]
fn a_copy_of_each_version_opens_at_head_and_lists_the_same_cases() {
    for version in VERSIONS {
        opens_at_head(version);
    }
}

fn opens_at_head(version: &str) {
    let folder = tempfile::tempdir().unwrap();
    thawed(version, folder.path());
    let desk = StoryDesk::open(folder.path(), 1);
    let status = desk.ok("status.get", json!({}));
    assert_eq!(status["store_problem"], Value::Null);
    assert_eq!(status["office"]["code"], "450905");
    assert_eq!(status["incident"]["name"], "น้ำท่วมปลายฝน 2569");
    assert_eq!(listed(&desk), cases());
    // Whom version 1 did not know: somebody is told when a case waits too long, and at once.
    desk.sit_down("supervisor");
    desk.env.pass_minutes(30 * 24 * 60);
    let passed = desk.ok("time.pass", json!({}));
    assert!(
        passed["escalated_district"].as_i64().unwrap() > 0,
        "{passed}"
    );
    desk.sit_down("clerk");
    let first = desk.whole("450905-69-00001");
    assert_eq!(
        (&first["lat"], &first["note"]),
        (&json!(16.3012), &json!("น้ำท่วมถึงชั้นสอง"))
    );
    let dates = first["follow_ups"].as_array().unwrap();
    assert!(dates.iter().any(|each| each["due_on"] == "2026-11-25"));
    assert!(!first["history"].as_array().unwrap().is_empty());
    let third = desk.whole("450905-69-00003");
    assert_eq!(third["assignments"][0]["state"], "accepted");
    assert_eq!(third["referred_to"], "450909");
    // Nothing that waited to be sent is lost, and what follows is work as ever.
    assert!(
        desk.ok("sync.status", json!({}))["pending"]
            .as_i64()
            .unwrap()
            > 20
    );
    let hits = desk.ok("search.find", json!({ "text": "น้ำฝน" }));
    assert_eq!(hits["hits"][0]["title"], "นางสาวน้ำฝน โพธิ์ชัย");
    assert_eq!(
        desk.ok("draft.get", json!({ "key": "case.new" }))["draft"]["body"],
        "{\"note\":\"ค้างไว้\"}"
    );
    let _ = desk.case(&a_case());
    assert_eq!(desk.ok("case.list", json!({}))["total"], 5);
    let report = desk.ok("doctor.run", json!({}));
    let damage = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .find(|finding| finding["code"] == "integrity_bad");
    assert_eq!(damage, None);
}

#[test]
fn what_version_2_added_is_still_read() {
    let folder = tempfile::tempdir().unwrap();
    thawed("v2", folder.path());
    let desk = StoryDesk::open(folder.path(), 1);
    let volunteers = desk.ok("volunteer.list", json!({}));
    let volunteer = &volunteers["rows"][0];
    assert_eq!(volunteer["patch"], json!(["45090505:1-10,12,15/2"]));
    assert_eq!(volunteer["vetting"], "vetted");
    assert_eq!(volunteer["teams"], json!(["ทีมเรือท้องแบน"]));
    let third = desk.whole("450905-69-00003");
    assert_eq!(third["assignments"][0]["number"], "450905-69-00003-01");
    assert_eq!(third["assignments"][0]["offered_by"], "phone");
    let lists = desk.ok("tick.lists", json!({}));
    assert_eq!(lists["lists"][0]["area_code"], "45090501");
    let rules = desk.ok("rule.list", json!({}));
    let groups = rules["groups"].as_array().unwrap();
    let limit = groups
        .iter()
        .flat_map(|group| group["rules"].as_array().unwrap())
        .find(|rule| rule["code"] == "offers.claim_limit")
        .unwrap();
    assert_eq!(limit["value"], "4");
}

#[test]
fn the_file_says_which_older_program_may_open_it() {
    for version in VERSIONS {
        says_who_may_open_it(version);
    }
}

fn says_who_may_open_it(version: &str) {
    let folder = tempfile::tempdir().unwrap();
    thawed(version, folder.path());
    let of_its_own: i64 = version[1..].parse().unwrap();
    let key = fs::read_to_string(folder.path().join("store.key")).unwrap();
    let conn = rusqlite::Connection::open(folder.path().join("store.db")).unwrap();
    conn.execute_batch(&format!(
        "PRAGMA cipher = 'chacha20'; PRAGMA key = 'raw:{}';",
        key.trim()
    ))
    .unwrap();
    let number = |sql: &str| conn.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(number("PRAGMA user_version"), of_its_own);
    assert_eq!(
        number("PRAGMA application_id"),
        i64::from(u32::from_be_bytes(*b"JTSA"))
    );
    assert_eq!(
        number("SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'readable_from'"),
        of_its_own
    );
}

/// Every table, index and trigger of a store, as SQL; the folder's store is read as it lies there.
fn schema_of(folder: &Path) -> Vec<String> {
    let key = fs::read_to_string(folder.join("store.key")).unwrap();
    let conn = rusqlite::Connection::open(folder.join("store.db")).unwrap();
    let unlock = format!(
        "PRAGMA cipher = 'chacha20'; PRAGMA key = 'raw:{}';",
        key.trim()
    );
    conn.execute_batch(&unlock).unwrap();
    let mut statement = conn
        .prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY sql")
        .unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

#[test]
fn a_released_schema_is_not_changed_afterwards() {
    for version in VERSIONS {
        is_not_changed(version);
    }
}

fn is_not_changed(version: &str) {
    let folder = tempfile::tempdir().unwrap();
    let (frozen, fresh) = (folder.path().join("frozen"), folder.path().join("fresh"));
    thawed(version, &frozen);
    // Walked to head, the old file has the tables that a new one begins with.
    drop(StoryDesk::open(&frozen, 1));
    drop(StoryDesk::office(&fresh, 1));
    let (old, new) = (schema_of(&frozen), schema_of(&fresh));
    let only = |these: &[String], those: &[String]| -> Vec<String> {
        these
            .iter()
            .filter(|sql| !those.contains(sql))
            .cloned()
            .collect()
    };
    assert_eq!(
        (only(&old, &new), only(&new, &old)),
        (Vec::new(), Vec::new()),
        "a file of {version} and a new store differ: a change of a released schema is a step of its \
         own (before the release: delete its folder and freeze it again)"
    );
}

/// Makes the frozen file of the schema that this program writes, from made-up people, a fixed clock
/// and a fixed seed. Run once when a schema is released, never again for the same one (before its
/// release the folder may be deleted and made anew):
/// `cargo test -p jitasa-tests --test frozen freeze -- --ignored`
#[test]
#[ignore = "writes a fixture; run once for each released schema"]
fn freeze() {
    let out = fixtures(VERSIONS[VERSIONS.len() - 1]);
    assert!(
        !out.join("store.db").exists(),
        "a frozen file is never changed"
    );
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 2569);
    let person = |title: &str, given: &str, family: &str, phone: Value, more: Value| {
        let names =
            json!({ "title": title, "given_name": given, "family_name": family, "phone": phone });
        with(with(a_case(), &names), &more)
    };
    let first = desk.case(&a_case());
    let second = desk.case(&person(
        "นางสาว",
        "น้ำฝน",
        "โพธิ์ชัย",
        json!("0800000002"),
        json!({ "urgency": "critical", "needs": [{ "kind": "oxygen", "detail": "" }] }),
    ));
    let third = desk.case(&person(
        "นาย",
        "คำพันธ์",
        "แก้วมณี",
        json!("0800000003"),
        json!({ "area_code": "45090501", "citizen_id": "1101700230708" }),
    ));
    let fourth = desk.case(&person(
        "นาง",
        "บัวลี",
        "ศรีสุข",
        json!("0800000004"),
        json!({ "area_code": "45090509", "lat": null, "lon": null }),
    ));
    let _ = desk.case(&person(
        "เด็กหญิง",
        "ใบเตย",
        "ทองสุข",
        Value::Null,
        json!({ "area_code": "450905", "people_count": 1 }),
    ));
    let patch = json!({ "patch": ["1-10, 12, 15/2 ม.5"] });
    let volunteer = desk.volunteer(&with(a_volunteer(), &patch));
    let _ = desk.ok(
        "team.save",
        json!({ "name": "ทีมเรือท้องแบน", "leader_id": volunteer, "members": [volunteer] }),
    );
    let _ = desk.ok(
        "rule.save",
        json!({ "code": "offers.claim_limit", "value": "4" }),
    );
    desk.env.pass_minutes(45);
    desk.sit_down("headman");
    for id in [&first, &second, &fourth] {
        let _ = desk.ok(
            "review.decide",
            json!({ "case_id": id, "verdict": "confirmed" }),
        );
    }
    desk.sit_down("clerk");
    let need = text(&desk.whole(&third)["needs"][0]["id"]);
    let proposed = desk.ok(
        "assignment.propose",
        json!({ "need_id": need, "volunteer_id": volunteer, "offered": true, "channel": "phone" }),
    );
    let _ = desk.ok(
        "assignment.move",
        json!({ "id": proposed["id"], "step": "accept" }),
    );
    let _ = desk.ok(
        "case.refer",
        json!({ "id": third, "office_code": "450909", "note": "ขอเรือ" }),
    );
    let _ = desk.ok("case.close", json!({ "id": fourth, "reason": "met" }));
    let _ = desk.ok(
        "follow_up.add",
        json!({ "case_id": first, "due_on": "2026-11-25", "note": "เยี่ยมซ้ำ" }),
    );
    let _ = desk.ok(
        "draft.save",
        json!({ "key": "case.new", "body": "{\"note\":\"ค้างไว้\"}" }),
    );
    let _ = desk.ok("tick.print", json!({ "area_code": "45090501" }));
    assert_eq!(listed(&desk), cases());
    drop(desk);
    assert!(
        !folder.path().join("store.db-wal").exists(),
        "everything is in the one file"
    );
    fs::create_dir_all(&out).unwrap();
    for name in ["store.db", "store.key"] {
        fs::copy(folder.path().join(name), out.join(name)).unwrap();
    }
}
