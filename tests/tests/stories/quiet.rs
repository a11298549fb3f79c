//! Nothing goes quiet: a case that waits is told to the supervisor and then to the district, dates to look
//! again are set and kept.

use jitasa_tests::desk::{StoryDesk, a_case, a_volunteer, text, with};
use proptest::prelude::*;
use serde_json::{Value, json};

pub(crate) fn an_office(seed: u64) -> (tempfile::TempDir, StoryDesk) {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), seed);
    (folder, desk)
}

/// A call of one need, as urgent as said.
pub(crate) fn a_call(urgency: &str) -> Value {
    with(
        a_case(),
        &json!({ "urgency": urgency, "needs": [{ "kind": "food_water", "detail": "" }] }),
    )
}

pub(crate) fn pass(desk: &StoryDesk, minutes: i64) -> Value {
    desk.env.pass_minutes(minutes);
    desk.ok("time.pass", json!({}))
}

fn told(supervisor: u32, district: u32) -> Value {
    json!({ "expired": 0, "escalated_supervisor": supervisor, "escalated_district": district })
}

pub(crate) fn need_id(desk: &StoryDesk, case: &str) -> String {
    text(&desk.whole(case)["needs"][0]["id"])
}

/// Somebody takes the case's need; answers the assignment's id and what accepting did.
pub(crate) fn hands_for(desk: &StoryDesk, case: &str) -> (String, Value) {
    let volunteer = desk.volunteer(&a_volunteer());
    let id = text(
        &desk.ok(
            "assignment.propose",
            json!({ "need_id": need_id(desk, case), "volunteer_id": volunteer, "offered": true }),
        )["id"],
    );
    let accepted = step(desk, &id, "accept");
    (id, accepted)
}

pub(crate) fn step(desk: &StoryDesk, assignment: &str, step: &str) -> Value {
    desk.ok(
        "assignment.move",
        json!({ "id": assignment, "step": step, "reason": "ไปไม่ถึง" }),
    )
}

pub(crate) fn version(desk: &StoryDesk) -> Value {
    desk.ok("status.get", json!({}))["data_version"].clone()
}

#[test]
fn a_case_nobody_touches_is_told_to_the_supervisor_and_then_to_the_district() {
    let (_folder, desk) = an_office(41);
    let case = desk.case(&a_call("critical"));
    let undo = desk.ok("status.get", json!({}))["undo"].clone();
    let before = version(&desk);
    assert_eq!(pass(&desk, 59), told(0, 0));
    assert_eq!(version(&desk), before, "nothing was due");
    assert_eq!(pass(&desk, 1), told(1, 0));
    assert_eq!(pass(&desk, 0), told(0, 0));

    let whole = desk.whole(&case);
    assert_eq!(whole["escalation"], "supervisor");
    assert_eq!(whole["escalation_reason"], "unverified");
    let fell_due = whole["reported_at"].as_i64().unwrap() + 60 * 60_000;
    assert_eq!(whole["escalated_at"], fell_due);
    assert_eq!(whole["history"][0]["actor"], "โปรแกรม");
    // What the clock did is nobody's to take back, and not what the clerk's key would take back.
    assert_eq!(desk.ok("status.get", json!({}))["undo"], undo);

    let seen = json!({ "case_ids": [case], "note": "โทรหา อบต. ข้างเคียงแล้ว" });
    let refused = desk.refused("escalation.seen", seen.clone());
    assert_eq!(refused.code, "denied_role");
    desk.sit_down("supervisor");
    assert_eq!(desk.ok("today.get", json!({}))["escalated"], 1);
    let acted = desk.ok("escalation.seen", seen.clone());
    let row = desk.ok("escalation.list", json!({}))["rows"][0].clone();
    assert_eq!(row["seen_by"], "หัวหน้าสำนักปลัด");
    assert_eq!(row["reason"], "unverified");
    assert_eq!(desk.ok("today.get", json!({}))["escalated"], 0);
    let _ = desk.undo(&acted);
    assert_eq!(desk.ok("today.get", json!({}))["escalated"], 1);
    let _ = desk.ok("escalation.seen", seen);

    assert_eq!(pass(&desk, 119), told(0, 0));
    assert_eq!(pass(&desk, 1), told(0, 1));
    let whole = desk.whole(&case);
    assert_eq!(whole["escalation"], "district");
    assert_eq!(
        whole["escalation_seen_at"],
        Value::Null,
        "the district has not seen it"
    );
}

#[test]
fn what_the_clock_does_stands_in_the_way_of_no_form_and_no_undo() {
    let (_folder, desk) = an_office(47);
    let case = desk.case(&a_call("critical"));
    let created = desk.ok("status.get", json!({}))["undo"].clone();
    let placed = desk.ok(
        "case.place",
        json!({ "id": case, "lat": 16.31, "lon": 104.21 }),
    );
    let shown = desk.whole(&case)["version"].clone();
    assert_eq!(pass(&desk, 60), told(1, 0));
    desk.sit_down("supervisor");
    let _ = desk.ok(
        "escalation.seen",
        json!({ "case_ids": [case], "note": null }),
    );
    desk.sit_down("clerk");
    let draft = with(a_call("critical"), &json!({ "house_no": "7" }));
    let edited = desk.ok(
        "case.edit",
        json!({ "id": case, "version": shown, "draft": draft }),
    );
    assert_eq!(desk.whole(&case)["escalation"], "supervisor");
    for act in [&edited, &placed, &created] {
        let _ = desk.undo(act);
    }
    assert_eq!(desk.ok("case.list", json!({}))["total"], 0);
}

#[test]
fn a_form_that_shows_how_many_hands_a_need_takes_is_old_when_that_was_changed() {
    let (_folder, desk) = an_office(48);
    let case = desk.case(&a_call("urgent"));
    let shown = desk.whole(&case)["version"].clone();
    let more = json!({ "id": need_id(&desk, &case), "hands": 3 });
    let _ = desk.ok("need.hands", more);
    let draft = with(a_call("urgent"), &json!({ "house_no": "7" }));
    let late = desk.refused(
        "case.edit",
        json!({ "id": case, "version": shown, "draft": draft }),
    );
    assert_eq!(late.code, "clash");
}

#[test]
fn the_supervisor_takes_note_of_all_he_was_shown_in_one_act() {
    let (_folder, desk) = an_office(54);
    let cases: Vec<String> = (0..3).map(|_| desk.case(&a_call("critical"))).collect();
    assert_eq!(pass(&desk, 60), told(3, 0));
    let seen = |ids: &[String]| json!({ "case_ids": ids, "note": null });
    assert_eq!(
        desk.refused("escalation.seen", seen(&cases)).code,
        "denied_role"
    );
    // Between his looking and his pressing, one of them got hands.
    let _ = hands_for(&desk, &cases[2]);
    desk.sit_down("supervisor");
    let acted = desk.ok("escalation.seen", seen(&cases));
    let by = |case: &String| desk.whole(case)["escalation_seen_by"].clone();
    assert_eq!(by(&cases[0]), "หัวหน้าสำนักปลัด");
    assert_eq!(by(&cases[1]), "หัวหน้าสำนักปลัด");
    assert_eq!(
        by(&cases[2]),
        Value::Null,
        "it was let down: nothing to see"
    );
    assert_eq!(desk.ok("today.get", json!({}))["escalated"], 0);
    let undo = desk.ok("status.get", json!({}))["undo"].clone();
    assert_eq!(undo["act_id"], acted["act_id"]);
    assert_eq!(undo["action"], "escalation_seen");

    let _ = desk.undo(&acted);
    assert_eq!(desk.ok("today.get", json!({}))["escalated"], 2);
    assert_eq!(by(&cases[0]), Value::Null);
    assert_eq!(by(&cases[1]), Value::Null);

    let refused = desk.refused("escalation.seen", seen(&cases[2..]));
    assert_eq!(refused.code, "case_not_escalated");
    let refused = desk.refused("escalation.seen", seen(&[]));
    assert_eq!(refused.code, "nothing_chosen");
    let many = vec![cases[0].clone(); 201];
    assert_eq!(
        desk.refused("escalation.seen", seen(&many)).code,
        "too_many"
    );
}

#[test]
fn a_desk_that_was_off_tells_the_moment_it_fell_due_not_the_moment_it_noticed() {
    let (_folder, desk) = an_office(42);
    let case = desk.case(&a_call("very_urgent"));
    desk.sit_down("headman");
    assert_eq!(pass(&desk, 5_000), told(0, 1));
    desk.sit_down("clerk");
    let whole = desk.whole(&case);
    let fell_due = whole["reported_at"].as_i64().unwrap() + 720 * 60_000;
    assert_eq!(whole["escalated_at"], fell_due);
}

#[test]
fn hands_let_a_case_down_and_its_history_keeps_that_it_was_taken_further() {
    let (_folder, desk) = an_office(43);
    let case = desk.case(&a_call("critical"));
    assert_eq!(pass(&desk, 70), told(1, 0));
    let (assignment, accepted) = hands_for(&desk, &case);
    let whole = desk.whole(&case);
    assert_eq!(whole["escalation"], "none");
    assert_eq!(whole["escalated_at"], Value::Null);
    let history = whole["history"].to_string();
    assert!(history.contains("cases_escalate"), "{history}");
    assert_eq!(desk.ok("escalation.list", json!({}))["rows"], json!([]));

    let _ = desk.undo(&accepted);
    assert_eq!(desk.whole(&case)["escalation"], "supervisor");
    let _ = step(&desk, &assignment, "accept");
    // It is free again: waiting begins anew, and the clock with it.
    desk.env.pass_minutes(200);
    let _ = step(&desk, &assignment, "fail");
    assert_eq!(desk.whole(&case)["escalation"], "none");
    assert_eq!(pass(&desk, 59), told(0, 0));
    assert_eq!(pass(&desk, 1), told(1, 0));
    assert_eq!(desk.whole(&case)["escalation_reason"], "no_hands");
    let _ = desk.ok(
        "case.close",
        json!({ "id": case, "reason": "met_by_others" }),
    );
    assert_eq!(desk.whole(&case)["escalation"], "none");
}

#[test]
fn an_offices_own_patience_counts() {
    let (_folder, desk) = an_office(44);
    let rule = json!({ "code": "care.supervisor_critical", "value": "๑๕" });
    let _ = desk.ok("rule.save", rule);
    let _ = desk.case(&a_call("critical"));
    assert_eq!(pass(&desk, 14), told(0, 0));
    assert_eq!(pass(&desk, 1), told(1, 0));
}

/// The follow-ups of a case that are not done: day, why, by rule.
pub(crate) fn dates(desk: &StoryDesk, case: &str) -> Vec<(String, String, bool)> {
    let whole = desk.whole(case);
    let all = whole["follow_ups"].as_array().unwrap().clone();
    all.iter()
        .filter(|each| each["done_at"].is_null())
        .map(|each| {
            let by_rule = each["by_rule"].as_bool().unwrap();
            (text(&each["due_on"]), text(&each["why"]), by_rule)
        })
        .collect()
}

pub(crate) fn by_rule(day: &str, why: &str) -> Vec<(String, String, bool)> {
    vec![(day.into(), why.into(), true)]
}

#[test]
fn every_open_case_has_a_day_to_look_again_and_a_closed_one_has_none() {
    let (_folder, desk) = an_office(45);
    let shelter = json!({ "needs": [{ "kind": "other", "detail": "" }], "urgency": "normal" });
    let case = desk.case(&with(a_case(), &shelter));
    let first = dates(&desk, &case);
    assert_eq!(first.len(), 1);
    assert!(first[0].2 && first[0].1 == "look_again" && first[0].0.as_str() > "2026-11-23");

    // More urgent: sooner. Taken back: as it was.
    let whole = desk.whole(&case);
    let draft = with(with(a_case(), &shelter), &json!({ "urgency": "critical" }));
    let edit = json!({ "id": case, "version": whole["version"], "draft": draft });
    let acted = desk.ok("case.edit", edit);
    assert_eq!(dates(&desk, &case), by_rule("2026-11-23", "look_again"));
    let _ = desk.undo(&acted);
    assert_eq!(dates(&desk, &case), first);

    // Done: the next one stands. Taken back: the first again.
    let id = text(&desk.whole(&case)["follow_ups"][0]["id"]);
    desk.env.pass_minutes(24 * 60);
    let acted = desk.ok(
        "follow_up.done",
        json!({ "id": id, "outcome": "ยังรอซ่อมหลังคา" }),
    );
    assert_eq!(dates(&desk, &case).len(), 1);
    assert_ne!(dates(&desk, &case), first);
    let _ = desk.undo(&acted);
    assert_eq!(dates(&desk, &case), first);

    // A day somebody set himself stays his when the case is closed; the rule's goes.
    let own = json!({ "case_id": case, "due_on": "2026-12-01", "note": "เยี่ยมหลังน้ำลด" });
    let _ = desk.ok("follow_up.add", own);
    let closed = desk.ok(
        "case.close",
        json!({ "id": case, "reason": "met_by_others" }),
    );
    let his = vec![("2026-12-01".to_string(), String::new(), false)];
    assert_eq!(dates(&desk, &case), his);
    let _ = desk.undo(&closed);
    assert_eq!(dates(&desk, &case).len(), 2);

    let other = desk.case(&a_call("urgent"));
    let _ = desk.ok("case.close", json!({ "id": other, "reason": "not_true" }));
    assert_eq!(dates(&desk, &other), []);
    let _ = desk.ok("case.reopen", json!({ "id": other, "note": "โทรมาอีกครั้ง" }));
    assert_eq!(dates(&desk, &other).len(), 1);
}

#[test]
fn when_help_is_said_to_have_come_the_next_day_the_person_is_asked() {
    let (_folder, desk) = an_office(46);
    let case = desk.case(&a_call("normal"));
    let (assignment, _) = hands_for(&desk, &case);
    let before = dates(&desk, &case);
    let done = step(&desk, &assignment, "finish");
    assert_eq!(dates(&desk, &case), by_rule("2026-11-23", "ask_help_came"));
    let _ = desk.undo(&done);
    assert_eq!(dates(&desk, &case), before);
    let _ = step(&desk, &assignment, "finish");

    // He says that nobody came: the supervisor is told at once, and it is kept whatever follows.
    let word = json!({ "id": assignment, "word": "not_come", "note": "รอทั้งวัน" });
    let _ = desk.ok("assignment.receiver_word", word);
    assert_eq!(pass(&desk, 0), told(1, 0));
    let whole = desk.whole(&case);
    assert_eq!(whole["escalation_reason"], "help_not_come");
    assert_eq!(whole["assignments"][0]["receiver_word"], "not_come");
    assert_eq!(whole["assignments"][0]["receiver_note"], "รอทั้งวัน");
    let word = json!({ "id": assignment, "word": "came", "note": "มาตอนค่ำ" });
    let _ = desk.ok("assignment.receiver_word", word);
    assert_eq!(desk.whole(&case)["escalation"], "none");
}

#[test]
fn a_day_to_look_again_that_nobody_kept_is_told_to_the_supervisor() {
    let (_folder, desk) = an_office(47);
    let case = desk.case(&a_call("normal"));
    let (assignment, _) = hands_for(&desk, &case);
    let due = dates(&desk, &case)[0].0.clone();
    let list = desk.ok("follow_up.list", json!({}));
    assert_eq!(
        (&list["total"], &list["follow_ups"][0]["overdue_days"]),
        (&json!(1), &json!(0))
    );
    let days = due.parse::<jiff::civil::Date>().unwrap();
    let today: jiff::civil::Date = "2026-11-22".parse().unwrap();
    let until = i64::from(today.until(days).unwrap().get_days());
    // Two days late, at midnight.
    assert_eq!(pass(&desk, (until + 1) * 24 * 60), told(0, 0));
    assert_eq!(pass(&desk, 15 * 60), told(1, 0));
    let whole = desk.whole(&case);
    assert_eq!(whole["escalation_reason"], "follow_up_overdue");
    assert_eq!(whole["follow_ups"][0]["overdue_days"], 2);
    let row = desk.ok("escalation.list", json!({}))["rows"][0]["case"].clone();
    assert_eq!(
        (&row["overdue_days"], &row["freshness"]),
        (&json!(2), &json!("stale"))
    );
    assert_eq!(desk.ok("today.get", json!({}))["overdue_follow_ups"], 1);

    let id = text(&whole["follow_ups"][0]["id"]);
    let _ = desk.ok(
        "follow_up.done",
        json!({ "id": id, "outcome": "อาสากำลังไป" }),
    );
    assert_eq!(desk.whole(&case)["escalation"], "none");
    let _ = step(&desk, &assignment, "finish");
}

/// How long a need may wait, as the program ships it.
fn patience_min(urgency: &str) -> (i64, i64) {
    match urgency {
        "critical" => (60, 180),
        "very_urgent" => (240, 720),
        "urgent" => (1_440, 4_320),
        _ => (4_320, 10_080),
    }
}

#[derive(Debug, Clone)]
enum Happens {
    Call(usize),
    Hands(usize),
    LetGo(usize),
    Close(usize),
    Reopen(usize),
    Minutes(i64),
}

fn any_event() -> impl Strategy<Value = Happens> {
    prop_oneof![
        2 => (0_usize..4).prop_map(Happens::Call),
        2 => (0_usize..8).prop_map(Happens::Hands),
        2 => (0_usize..8).prop_map(Happens::LetGo),
        1 => (0_usize..8).prop_map(Happens::Close),
        1 => (0_usize..8).prop_map(Happens::Reopen),
        6 => prop_oneof![1_i64..90, 90_i64..3_000].prop_map(Happens::Minutes),
    ]
}

/// What the test itself knows of a case.
struct Known {
    id: String,
    urgency: &'static str,
    /// Since when its need has no hands.
    waits_since: Option<i64>,
    held: Option<String>,
    closed: bool,
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_no_need_is_older_than_its_limit_without_somebody_told(
        events in proptest::collection::vec(any_event(), 1..40),
    ) {
        let (_folder, desk) = an_office(53);
        let volunteer = desk.volunteer(&with(a_volunteer(), &json!({ "max_open_tasks": 50 })));
        let mut cases: Vec<Known> = Vec::new();
        let mut minute = 0_i64;
        for event in events {
            let count = cases.len().max(1);
            match event {
                Happens::Call(at) => {
                    let urgency = ["normal", "urgent", "very_urgent", "critical"][at];
                    let id = desk.case(&a_call(urgency));
                    cases.push(Known { id, urgency, waits_since: Some(minute), held: None, closed: false });
                }
                Happens::Hands(at) => {
                    let Some(case) = cases.get_mut(at % count).filter(|case| case.waits_since.is_some()) else {
                        continue;
                    };
                    let request = json!({ "need_id": need_id(&desk, &case.id), "volunteer_id": volunteer, "offered": true });
                    let id = text(&desk.ok("assignment.propose", request)["id"]);
                    let _ = step(&desk, &id, "accept");
                    case.waits_since = None;
                    case.held = Some(id);
                }
                Happens::LetGo(at) => {
                    let Some(case) = cases.get_mut(at % count) else { continue };
                    let Some(id) = case.held.take() else { continue };
                    let _ = step(&desk, &id, "fail");
                    case.waits_since = Some(minute);
                }
                Happens::Close(at) => {
                    let Some(case) = cases.get_mut(at % count).filter(|case| case.waits_since.is_some()) else {
                        continue;
                    };
                    let _ = desk.ok("case.close", json!({ "id": case.id, "reason": "no_longer_wanted" }));
                    case.waits_since = None;
                    case.closed = true;
                }
                Happens::Reopen(at) => {
                    let Some(case) = cases.get_mut(at % count).filter(|case| case.closed) else { continue };
                    let _ = desk.ok("case.reopen", json!({ "id": case.id, "note": "" }));
                    case.waits_since = Some(minute);
                    case.closed = false;
                }
                Happens::Minutes(minutes) => {
                    minute += minutes;
                    let _ = pass(&desk, minutes);
                }
            }
            let _ = desk.ok("time.pass", json!({}));
            for case in &cases {
                let whole = desk.whole(&case.id);
                let (supervisor, district) = patience_min(case.urgency);
                let waited = case.waits_since.map_or(-1, |since| minute - since);
                let told = text(&whole["escalation"]);
                if waited >= district {
                    prop_assert_eq!(&told, "district");
                } else if waited >= supervisor {
                    // A day to look again that nobody kept has its own way to the district.
                    let dates = whole["follow_ups"].as_array().unwrap();
                    let overdue = dates.iter().any(|date| date["overdue_days"].as_i64() > Some(0));
                    prop_assert!(told == "supervisor" || (overdue && told == "district"), "{told}");
                } else if whole["escalation_reason"] != "follow_up_overdue" {
                    prop_assert_eq!(&told, "none", "{} waited {}", case.urgency, waited);
                }
            }
        }
    }
}
