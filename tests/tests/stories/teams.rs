//! A team goes as a team: each of it is a hand of the need, has it to do, is credited for it, and judges none of it.

use jitasa_tests::desk::{StoryDesk, text};
use serde_json::{Value, json};

use crate::hands::{board, helper, hungry, need_id};

/// Three people who go together.
fn a_team(desk: &StoryDesk) -> (String, Vec<String>) {
    let members: Vec<String> = ["มานี", "ชูใจ", "ปิติ"]
        .iter()
        .map(|name| helper(desk, name, &json!({ "max_open_tasks": 1 })))
        .collect();
    let made = desk.ok(
        "team.save",
        json!({ "name": "กู้ภัยโคกสว่าง", "leader_id": members[0], "members": members, "note": "" }),
    );
    (text(&made["id"]), members)
}

fn give(desk: &StoryDesk, need: &str, volunteer: &str, team: &str) -> String {
    let request = json!({ "need_id": need, "volunteer_id": volunteer, "team_id": team, "offered": true,
        "channel": "phone" });
    text(&desk.ok("assignment.propose", request)["id"])
}

#[track_caller]
fn assignment(desk: &StoryDesk, case: &str, id: &str) -> Value {
    let whole = desk.whole(case);
    let all = whole["assignments"].as_array().unwrap().clone();
    all.into_iter().find(|each| each["id"] == id).unwrap()
}

fn a_need_of(desk: &StoryDesk, name: &str, hands: u32) -> (String, String) {
    let case = desk.case(&hungry(name, &json!({})));
    let need = need_id(desk, &case, "food_water");
    let _ = desk.ok("need.hands", json!({ "id": need, "hands": hands }));
    (case, need)
}

#[test]
fn a_team_of_three_is_three_hands_and_none_of_it_is_free_meanwhile() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 71);
    let (team, members) = a_team(&desk);
    let (case, need) = a_need_of(&desk, "สมชาย", 3);
    let id = give(&desk, &need, &members[0], &team);
    let made = assignment(&desk, &case, &id);
    assert_eq!(made["team"], "กู้ภัยโคกสว่าง");
    let along = made["companions"].as_array().unwrap();
    assert_eq!(along.len(), 2, "{made}");
    assert_eq!(board(&desk), Vec::<String>::new(), "it has its three hands");
    let more = helper(&desk, "วีระ", &json!({}));
    let pair = json!({ "need_id": need, "volunteer_id": more });
    assert_eq!(
        desk.refused("assignment.propose", pair).code,
        "need_has_hands"
    );
    let fewer = json!({ "id": need, "hands": 2 });
    assert_eq!(
        desk.refused("need.hands", fewer).code,
        "hands_fewer_than_held"
    );

    // A member has as much to do as he takes: in suggestions, in the register, when he is asked, in the plan.
    let (_, other) = a_need_of(&desk, "สมหญิง", 1);
    let answer = desk.ok(
        "assignment.suggest",
        json!({ "need_id": other, "text": "ชูใจ" }),
    );
    assert_eq!(answer["suggestions"][0]["why_not"], "full", "{answer}");
    assert_eq!(answer["suggestions"][0]["open_tasks"], 1);
    let asked = json!({ "need_id": other, "volunteer_id": members[1] });
    assert_eq!(
        desk.refused("assignment.propose", asked).code,
        "volunteer_full"
    );
    let planned = |desk: &StoryDesk| {
        let plan = desk.ok("assignment.plan", json!({}));
        let lines = plan["lines"].as_array().unwrap().clone();
        let of = |need: &str| {
            let line = lines.iter().find(|line| line["need_id"] == need).unwrap();
            (line["volunteer_id"].clone(), line["change"].clone())
        };
        assert_eq!(of(&need), (json!(members[0]), json!("keep")), "{plan}");
        assert_eq!(of(&other), (json!(more), json!("new")), "{plan}");
    };
    planned(&desk);
    let teams = desk.ok("team.list", json!({}));
    let free: Vec<&Value> = teams["teams"][0]["members"]
        .as_array()
        .unwrap()
        .iter()
        .map(|member| &member["free_now"])
        .collect();
    assert_eq!(free, [false, false, false]);
    let again = json!({ "need_id": need, "volunteer_id": members[1] });
    assert_eq!(
        desk.refused("assignment.propose", again).code,
        "need_has_hands"
    );

    // One picture read anew says the same.
    planned(&StoryDesk::open(folder.path(), 1));
}

#[test]
fn all_who_went_are_credited_and_it_stands_on_their_pages() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 72);
    let (team, members) = a_team(&desk);
    // One of the team is away that day and stays behind.
    let _ = desk.ok(
        "volunteer.away",
        json!({ "id": members[2], "availability": "on_leave" }),
    );
    let (case, need) = a_need_of(&desk, "สมชาย", 2);
    let id = give(&desk, &need, &members[0], &team);
    let page = desk.ok("volunteer.get", json!({ "id": members[1] }));
    let row = &page["assignments"][0];
    assert_eq!(
        (&row["id"], &row["team"], &row["companions"]),
        (&json!(id), &json!("กู้ภัยโคกสว่าง"), &json!([page["name"]]))
    );
    for step in ["accept", "finish"] {
        let _ = desk.ok(
            "assignment.move",
            json!({ "id": id, "step": step, "outcome": "ส่งของ", "minutes_given": 90 }),
        );
    }
    let given = |member: &str| {
        let page = desk.ok("volunteer.get", json!({ "id": member }));
        (page["minutes_given"].clone(), page["tasks_done"].clone())
    };
    for member in &members[..2] {
        assert_eq!(given(member), (json!(90), json!(1)));
    }
    assert_eq!(given(&members[2]), (json!(0), json!(0)));
    // What they helped is known to each of them a week later.
    desk.env.pass_minutes(7 * 24 * 60);
    let (_, again) = a_need_of(&desk, "สมชาย", 1);
    let answer = desk.ok(
        "assignment.suggest",
        json!({ "need_id": again, "text": "ชูใจ" }),
    );
    let why = answer["suggestions"][0]["why"].as_array().unwrap();
    assert!(why.contains(&json!("knows_household")), "{answer}");
    assert_eq!(assignment(&desk, &case, &id)["state"], "done");
}

#[test]
fn a_headman_who_went_along_judges_none_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 73);
    let (team, members) = a_team(&desk);
    let mut settings = desk.ok("settings.get", json!({}));
    settings["headmen"][0]["volunteer_id"] = json!(members[1]);
    let _ = desk.ok("settings.save", settings);
    let (case, need) = a_need_of(&desk, "สมชาย", 3);
    let id = give(&desk, &need, &members[0], &team);
    for step in ["accept", "finish"] {
        let _ = desk.ok("assignment.move", json!({ "id": id, "step": step }));
    }
    desk.sit_down("headman");
    let inbox = desk.ok("review.inbox", json!({ "limit": 10 }));
    let items = inbox["items"].as_array().unwrap();
    let item = items
        .iter()
        .find(|item| item["assignment"]["id"] == id.as_str())
        .unwrap();
    assert_eq!(item["denied"], "denied_own_work");
    let word = json!({ "case_id": case, "assignment_id": id, "verdict": "confirmed" });
    assert_eq!(desk.refused("review.decide", word).code, "denied_own_work");
}

#[test]
fn a_visit_that_served_three_needs_took_its_time_once() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 74);
    let volunteer = helper(&desk, "มานี", &json!({ "max_open_tasks": 5 }));
    let case = desk.case(&jitasa_tests::desk::a_case());
    let other = desk.case(&hungry("สมหญิง", &json!({})));
    let needs = [
        need_id(&desk, &case, "food_water"),
        need_id(&desk, &case, "medicine"),
        need_id(&desk, &other, "food_water"),
    ];
    let pairs: Vec<Value> = needs
        .iter()
        .map(|need| json!({ "need_id": need, "volunteer_id": volunteer }))
        .collect();
    let made = desk.ok(
        "assignment.propose_all",
        json!({ "pairs": pairs, "offered": true, "channel": "phone", "one_visit": true }),
    );
    let all = |step: &str, minutes: Option<u32>| {
        let request = json!({ "ids": made["ids"], "step": step, "minutes_given": minutes });
        let _ = desk.ok("assignment.move_all", request);
    };
    all("accept", None);
    all("finish", Some(60));
    let given = |desk: &StoryDesk| {
        let page = desk.ok("volunteer.get", json!({ "id": volunteer }));
        (page["minutes_given"].clone(), page["tasks_done"].clone())
    };
    assert_eq!(given(&desk), (json!(60), json!(3)));

    // He went for nothing: it took its time, and nothing was done.
    let third = desk.case(&hungry("บุญมี", &json!({})));
    let need = need_id(&desk, &third, "food_water");
    let id = desk.ok(
        "assignment.propose",
        json!({ "need_id": need, "volunteer_id": volunteer, "offered": true }),
    )["id"]
        .clone();
    let _ = desk.ok("assignment.move", json!({ "id": id, "step": "accept" }));
    let _ = desk.ok(
        "assignment.move",
        json!({ "id": id, "step": "fail", "reason": "not_home", "minutes_given": 30 }),
    );
    assert_eq!(given(&desk), (json!(90), json!(3)));
}

#[test]
fn the_register_of_assignments_says_who_went_how_he_was_told_and_what_came_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 75);
    let (team, members) = a_team(&desk);
    let (_, need) = a_need_of(&desk, "สมชาย", 3);
    let id = give(&desk, &need, &members[0], &team);
    let other = helper(&desk, "วีระ", &json!({}));
    let over = json!({ "volunteer_id": members[0], "reason": "ill: ไข้สูง", "offered": true, "channel": "phone",
        "to": [{ "assignment_id": id, "volunteer_id": other }] });
    let _ = desk.ok("assignment.hand_over", over);
    let list = desk.ok(
        "assignment.list",
        json!({ "volunteer_id": other, "states": [], "limit": 1 }),
    );
    let second = &list["rows"][0]["id"];
    for step in ["accept", "finish"] {
        let _ = desk.ok(
            "assignment.move",
            json!({ "id": second, "step": step, "outcome": "ส่งของแล้ว", "minutes_given": 45 }),
        );
    }
    let came = json!({ "id": second, "word": "came", "note": "ได้ข้าวแล้ว" });
    let _ = desk.ok("assignment.receiver_word", came);
    // Not chosen for another need: nobody was told, and it is no task.
    let (_, third) = a_need_of(&desk, "สมหญิง", 1);
    let aside = json!({ "need_id": third, "volunteer_id": members[1], "reason": "at_odds" });
    let _ = desk.ok("assignment.reject", aside);

    let path = folder.path().join("assignments.csv");
    let export =
        json!({ "kind": "assignments", "format": "csv", "path": path, "reason": "ตรวจงาน" });
    let _ = desk.ok("export.run", export);
    let table = std::fs::read_to_string(&path).unwrap();
    let table = table.trim_start_matches('\u{feff}');
    let rows: Vec<Vec<String>> = table
        .lines()
        .map(|line| {
            let cells = line.split(',');
            cells
                .map(|cell| cell.trim_matches('"').to_string())
                .collect()
        })
        .collect();
    assert_eq!(rows.len(), 3, "{table}");
    let cell = |row: usize, heading: &str| {
        let at = rows[0].iter().position(|each| each == heading);
        rows[row][at.unwrap_or_else(|| panic!("{heading} in {table}"))].clone()
    };
    assert_eq!(cell(1, "งานเลขที่"), "450905-69-00001-01");
    assert_eq!(cell(1, "ทีม"), "กู้ภัยโคกสว่าง");
    assert_eq!(cell(1, "ไปกี่คน"), "3");
    assert_eq!(cell(1, "สถานะ"), "เปลี่ยนผู้รับงาน");
    assert_eq!(cell(1, "เหตุผล"), "เจ็บป่วย ไข้สูง");
    assert_eq!(cell(1, "แจ้งทาง"), "โทรศัพท์");
    assert_ne!(cell(1, "แจ้งเมื่อ"), "");
    assert_ne!(cell(1, "ต้องตอบภายใน"), "");
    assert!(cell(2, "รับต่อจาก").ends_with("450905-69-00001-01"));
    assert_eq!(cell(2, "ใช้เวลา (นาที)"), "45");
    assert_eq!(cell(2, "คำของผู้ขอความช่วยเหลือ"), "ได้รับแล้ว");
    assert_eq!(cell(2, "ผล"), "ส่งของแล้ว");
}
