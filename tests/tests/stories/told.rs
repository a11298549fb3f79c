//! How somebody is told of an assignment, and what is heard of it: offers and their time, claims, visits, messages,
//! slips, the word of the person in need.

use jitasa_tests::desk::{StoryDesk, a_case, a_volunteer, text, with};
use serde_json::{Value, json};

use crate::assignments::{another, assignment, need, need_id, propose, step};

#[test]
fn an_offer_says_how_and_until_when_by_urgency() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 33);
    let volunteer = desk.volunteer(&a_volunteer());
    for (urgency, minutes) in [("critical", 30), ("urgent", 480)] {
        let case = desk.case(&with(a_case(), &json!({ "urgency": urgency })));
        let id = propose(
            &desk,
            &need_id(&desk, &case, "food_water"),
            &volunteer,
            true,
        );
        let offer = assignment(&desk, &case, &id);
        assert_eq!(offer["offered_by"], "phone");
        let waits = offer["expires_at"].as_i64().unwrap() - offer["offered_at"].as_i64().unwrap();
        assert_eq!(waits, minutes * 60_000, "{urgency}");
        let _ = step(&desk, &id, "revoke");
    }
    let refused = desk.refused(
        "assignment.propose",
        json!({ "need_id": "x", "volunteer_id": volunteer, "offered": true, "channel": "claimed" }),
    );
    assert_eq!(refused.code, "not_found");
}

#[test]
fn a_volunteer_takes_needs_himself_up_to_the_offices_limit() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 38);
    let volunteer = desk.volunteer(&with(a_volunteer(), &json!({ "max_open_tasks": 9 })));
    let mut claimed = Vec::new();
    for _ in 0..2 {
        let case = desk.case(&a_case());
        let wanted = need_id(&desk, &case, "food_water");
        let acted = desk.ok(
            "assignment.claim",
            json!({ "need_id": wanted, "volunteer_id": volunteer }),
        );
        let own = assignment(&desk, &case, &text(&acted["id"]));
        assert_eq!(
            (&own["state"], &own["offered_by"]),
            (&json!("accepted"), &json!("claimed"))
        );
        assert_eq!(need(&desk, &case, "food_water")["state"], "assigned");
        claimed.push((case, acted));
    }
    let case = desk.case(&a_case());
    let wanted = need_id(&desk, &case, "food_water");
    let third = json!({ "need_id": wanted, "volunteer_id": volunteer });
    assert_eq!(
        desk.refused("assignment.claim", third.clone()).code,
        "claim_limit_reached"
    );
    let _ = propose(&desk, &wanted, &volunteer, true);
    let (case, acted) = claimed.pop().unwrap();
    let _ = desk.undo(&acted);
    assert_eq!(
        need(&desk, &case, "food_water")["state"],
        "reported",
        "as it was before he took it"
    );
}

#[test]
fn several_needs_in_one_visit_are_one_task_and_one_message() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 39);
    let volunteer = desk.volunteer(&with(a_volunteer(), &json!({ "max_open_tasks": 1 })));
    let other = another(&desk, "ปิติ");
    let case = desk.case(&a_case());
    let neighbour = desk.case(&with(
        a_case(),
        &json!({ "house_no": "14", "given_name": "บุญมี" }),
    ));
    let needs = [
        need_id(&desk, &case, "food_water"),
        need_id(&desk, &case, "medicine"),
        need_id(&desk, &neighbour, "medicine"),
    ];
    let pairs: Vec<Value> = needs
        .iter()
        .map(|need| json!({ "need_id": need, "volunteer_id": volunteer }))
        .collect();
    let mixed = json!([pairs[0], { "need_id": needs[1], "volunteer_id": other }]);
    assert_eq!(
        desk.refused(
            "assignment.propose_all",
            json!({ "pairs": mixed, "one_visit": true })
        )
        .code,
        "visit_several_volunteers"
    );
    let made = desk.ok(
        "assignment.propose_all",
        json!({ "pairs": pairs, "offered": true, "channel": "message", "one_visit": true }),
    );
    assert_eq!(made["refused"], json!([]), "{made}");
    let ids: Vec<String> = made["ids"].as_array().unwrap().iter().map(text).collect();
    let visit = assignment(&desk, &case, &ids[0])["visit_id"].clone();
    assert!(visit.is_string());
    assert_eq!(assignment(&desk, &neighbour, &ids[2])["visit_id"], visit);

    let messages = desk.ok("assignment.message", json!({ "assignment_ids": ids }));
    let messages = messages["messages"].as_array().unwrap().clone();
    assert_eq!(messages.len(), 1);
    let message = text(&messages[0]["text"]);
    for piece in [
        "นางบัวลี ศรีสุข",
        "450905-69-00001-01, 450905-69-00001-02",
        "450905-69-00002-01",
        "ม.5 บ้านเหล่าหม้อ ต.โคกสว่าง",
        "วันนี้ 17.00 น.",
        "1) ",
        "2) ",
    ] {
        assert!(message.contains(piece), "{piece} in\n{message}");
    }
    assert_eq!(message.matches("เรียน").count(), 1, "{message}");

    // One step for the whole visit, and one undo.
    let all = desk.ok(
        "assignment.move_all",
        json!({ "ids": ids, "step": "accept" }),
    );
    let _ = desk.undo(&all);
    assert_eq!(assignment(&desk, &case, &ids[1])["state"], "offered");
    let none = json!({ "ids": [ids[0], "019aa000-0000-7000-8000-0000000000ff"], "step": "accept" });
    assert_eq!(desk.refused("assignment.move_all", none).code, "not_found");
    assert_eq!(
        assignment(&desk, &case, &ids[0])["state"],
        "offered",
        "all or none"
    );
}

#[test]
fn whoever_goes_to_a_house_for_one_need_is_the_first_to_be_asked_for_its_other_and_goes_once() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 44);
    let busy = json!({ "max_open_tasks": 1, "patch": [], "area_code": "45090509", "lat": null, "lon": null });
    let goes = desk.volunteer(&with(a_volunteer(), &busy));
    let _ = another(&desk, "ปิติ");
    let case = desk.case(&a_case());
    let needs = ["food_water", "medicine"].map(|kind| need_id(&desk, &case, kind));
    let first = |desk: &StoryDesk, need: &str| {
        let answer = desk.ok("assignment.suggest", json!({ "need_id": need }));
        answer["suggestions"][0].clone()
    };
    assert_ne!(first(&desk, &needs[1])["volunteer_id"], goes.as_str());
    let one = propose(&desk, &needs[0], &goes, true);
    let best = first(&desk, &needs[1]);
    assert_eq!(best["volunteer_id"], goes.as_str(), "{best}");
    assert_eq!(best["why"][0], "goes_there");
    let pair = json!({ "need_id": needs[1], "volunteer_id": goes, "offered": true });
    let second = desk.ok("assignment.propose", pair);
    let other = text(&second["id"]);
    let visit = |id: &str| assignment(&desk, &case, id)["visit_id"].clone();
    assert!(visit(&one).is_string());
    assert_eq!(visit(&one), visit(&other));
    let messages = desk.ok(
        "assignment.message",
        json!({ "assignment_ids": [one, other] }),
    );
    assert_eq!(messages["messages"].as_array().unwrap().len(), 1);
    let volunteer = desk.ok("volunteer.get", json!({ "id": goes }));
    assert_eq!(volunteer["open_tasks"], 1);
    let _ = desk.undo(&second);
    assert_eq!(visit(&one), Value::Null, "a visit by itself again");
}

/// What somebody reads on a PDF, spaces aside.
fn read(pdf: &std::path::Path) -> String {
    let out = std::process::Command::new("pdftotext")
        .args(["-q", "-layout"])
        .arg(pdf)
        .arg("-")
        .output()
        .expect("pdftotext (poppler-utils) reads what was printed");
    assert!(out.status.success());
    let text = String::from_utf8(out.stdout).unwrap();
    text.split_whitespace().collect()
}

#[test]
fn a_slip_tells_the_number_of_each_task_of_its_visit_and_who_goes_along() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 45);
    let case = desk.case(&a_case());
    let (goes, along) = (desk.volunteer(&a_volunteer()), another(&desk, "ปิติ"));
    let team = json!({ "name": "กู้ภัย", "leader_id": goes, "members": [goes, along], "note": "" });
    let team = text(&desk.ok("team.save", team)["id"]);
    let pairs: Vec<Value> = ["food_water", "medicine"]
        .iter()
        .map(|kind| json!({ "need_id": need_id(&desk, &case, kind), "volunteer_id": goes }))
        .collect();
    let made = desk.ok(
        "assignment.propose_all",
        json!({ "pairs": pairs, "offered": true, "channel": "slip", "one_visit": true, "team_id": team }),
    );
    let request = json!({ "assignment_ids": made["ids"] });
    let message = text(&desk.ok("assignment.message", request)["messages"][0]["text"]);
    assert!(message.contains("ไปกับทีมกู้ภัย รวม 2 คน"), "{message}");
    let path = folder.path().join("slips.pdf");
    let to_file = json!({ "assignment_ids": made["ids"], "path": path });
    assert_eq!(desk.ok("print.slips", to_file)["lines"], 1);
    let slip = read(&path);
    for number in ["450905-69-00001-01", "450905-69-00001-02"] {
        assert!(slip.contains(number), "{number} in {slip}");
    }
    assert!(slip.contains("2คน"), "{slip}");
}

#[test]
fn no_message_and_no_slip_tells_a_citizen_id() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 40);
    let case = desk.case(&with(
        a_case(),
        &json!({ "citizen_id": "1-4599-00123-45-4", "landmark": "ถามหาบัตร 1459900123454 หรือ 1 – 4599 – 00123 – 45 – 4",
            "needs": [{ "kind": "medicine", "detail": "ยาความดัน บัตร 1-4599-00123-45-4" }] }),
    ));
    let volunteer = desk.volunteer(&a_volunteer());
    let id = propose(&desk, &need_id(&desk, &case, "medicine"), &volunteer, true);
    let refused = desk.refused(
        "rule.save",
        json!({ "code": "texts.message", "value": "บัตร {citizen_id}" }),
    );
    assert_eq!(refused.code, "text_field_unknown");
    let _ = desk.ok(
        "rule.save",
        json!({ "code": "texts.message",
            "value": "{volunteer} {office} {need} {detail} {person} {house} {village} {landmark} {people} {number} {case_number} {answer_by} {map}" }),
    );
    let request = json!({ "assignment_ids": [id] });
    let message = text(&desk.ok("assignment.message", request.clone())["messages"][0]["text"]);
    let tells_none = |written: &str| {
        let digits: String = written.chars().filter(char::is_ascii_digit).collect();
        !digits.contains("1459900123454") && !written.contains("00123454")
    };
    assert!(tells_none(&message), "{message}");
    assert!(message.contains("ยาความดัน"), "{message}");
    let slips = desk.ok("print.slips", request);
    assert_eq!((&slips["pages"], &slips["lines"]), (&json!(1), &json!(1)));
    assert!(text(&slips["bytes_base64"]).starts_with("JVBERi"), "a PDF");
    let path = folder.path().join("slips.pdf");
    let to_file = json!({ "assignment_ids": [id], "path": path });
    assert_eq!(desk.ok("print.slips", to_file)["bytes_base64"], Value::Null);
    let slip = read(&path);
    assert!(slip.contains("ยาความดัน"), "{slip}");
    assert!(tells_none(&slip), "{slip}");
}

#[test]
fn what_the_receiver_says_is_kept_and_not_come_is_looked_into_today() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 41);
    let case = desk.case(&a_case());
    let volunteer = desk.volunteer(&a_volunteer());
    let id = propose(
        &desk,
        &need_id(&desk, &case, "food_water"),
        &volunteer,
        true,
    );
    let word = |word: &str| json!({ "id": id, "word": word, "note": "ยังไม่ได้รับข้าว" });
    assert_eq!(
        desk.refused("assignment.receiver_word", word("came")).code,
        "receiver_word_too_early"
    );
    let _ = step(&desk, &id, "accept");
    let _ = step(&desk, &id, "finish");
    let by_rule = |desk: &StoryDesk| -> Vec<Value> {
        let whole = desk.whole(&case);
        let all = whole["follow_ups"].as_array().unwrap().clone();
        all.into_iter()
            .filter(|each| each["note"].as_str().unwrap().contains("ยังไม่มีใครไปช่วย"))
            .collect()
    };
    let said = desk.ok("assignment.receiver_word", word("not_come"));
    let looks = by_rule(&desk);
    assert_eq!(looks.len(), 1);
    assert_eq!(looks[0]["due_on"], "2026-11-22");
    assert!(text(&looks[0]["note"]).contains("450905-69-00001-01"));
    assert_eq!(assignment(&desk, &case, &id)["receiver_word"], "not_come");
    desk.env.pass_minutes(10);
    let _ = desk.ok("assignment.receiver_word", word("not_come"));
    assert_eq!(by_rule(&desk).len(), 1, "one look is enough");
    assert_eq!(
        desk.app
            .call("undo.run", json!({ "act_id": said["act_id"] }))
            .unwrap_err()
            .code,
        "undo_touched_since"
    );
    // The office opens the need again by hand: it waits for hands at once.
    let wanted = need_id(&desk, &case, "food_water");
    let _ = desk.ok("need.move", json!({ "id": wanted, "step": "reopen" }));
    let board = desk.ok("assignment.board", json!({ "need_kinds": ["food_water"] }));
    assert_eq!(board["total"], 1);
}
