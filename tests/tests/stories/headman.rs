//! A headman sees his villages and no other, and nobody reviews his own work.

use jitasa_tests::desk::{StoryDesk, a_case, a_volunteer, text, with};
use serde_json::json;

#[test]
fn a_headman_sees_his_villages_and_anything_else_is_not_found() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 1);
    let his = desk.case(&a_case());
    let other = desk.case(&with(
        a_case(),
        &json!({ "area_code": "45090501", "given_name": "บุญมี", "family_name": "แก้วมณี" }),
    ));
    let unknown_village = desk.case(&with(a_case(), &json!({ "area_code": "450905" })));
    let other_case = desk.whole(&other);
    let other_need = text(&other_case["needs"][0]["id"]);
    let _ = desk.ok(
        "follow_up.add",
        json!({ "case_id": other, "due_on": "2026-11-23", "note": "เยี่ยมซ้ำ" }),
    );
    let volunteer = desk.volunteer(&a_volunteer());

    desk.sit_down("headman");
    assert_eq!(desk.whole(&his)["id"], his.as_str());
    let nobody = uuid::Uuid::from_u128(7).to_string();
    // Another village's case answers word for word as one that does not exist.
    for id in [&other, &unknown_village] {
        for (command, request, unknown) in [
            ("case.get", json!({ "id": id }), json!({ "id": nobody })),
            (
                "case.place",
                json!({ "id": id, "lat": 16.3, "lon": 104.2 }),
                json!({ "id": nobody, "lat": 16.3, "lon": 104.2 }),
            ),
            (
                "follow_up.add",
                json!({ "case_id": id, "due_on": "2026-11-23", "note": "ก" }),
                json!({ "case_id": nobody, "due_on": "2026-11-23", "note": "ก" }),
            ),
            (
                "review.decide",
                json!({ "case_id": id, "verdict": "confirmed" }),
                json!({ "case_id": nobody, "verdict": "confirmed" }),
            ),
        ] {
            let refused = desk.refused(command, request);
            assert_eq!(refused.code, "not_found", "{command}");
            let missing = desk.refused(command, unknown);
            assert_eq!(missing.code, "not_found", "{command}");
            assert_eq!(
                jitasa_app::message(&refused),
                jitasa_app::message(&missing),
                "{command} gives away that the case exists"
            );
            assert_eq!(
                refused.details, missing.details,
                "{command} gives away that it exists"
            );
        }
    }
    let refused = desk.refused("case.get", json!({ "id": other_case["number"] }));
    assert_eq!(refused.code, "not_found");

    // Lists, counts, search, map and inbox hold his villages only.
    let all = json!({ "filter": { "all_states": true } });
    let list = desk.ok("case.list", all);
    assert_eq!(
        (&list["total"], &list["rows"][0]["id"]),
        (&json!(1), &json!(his))
    );
    let filter = json!({ "filter": { "areas": ["45090501"], "all_states": true } });
    assert_eq!(desk.ok("case.list", filter)["total"], 0);
    for text in ["บุญมี", "แก้วมณี", "0800999888", "บัวลี"] {
        let hits = desk.ok("search.find", json!({ "text": text }));
        assert_eq!(hits["hits"], json!([]), "{text}");
    }
    let thailand = json!({ "west": 97.0, "south": 5.0, "east": 106.0, "north": 21.0, "zoom": 15.0,
                "filter": { "all_states": true }, "points": true, "volunteers": true });
    let map = desk.ok("map.view", thailand);
    assert_eq!(
        (&map["total"], &map["without_place"]),
        (&json!(1), &json!(0))
    );
    assert_eq!(
        map["marks"],
        json!([]),
        "where a volunteer lives is not his to see"
    );
    assert_eq!(desk.ok("review.inbox", json!({}))["total"], 1);
    // The day the rule set for his own case, and no other's.
    let days = desk.ok("follow_up.list", json!({}));
    assert_eq!(
        (&days["total"], &days["follow_ups"][0]["case_id"]),
        (&json!(1), &json!(his))
    );
    assert_eq!(days["follow_ups"].as_array().unwrap().len(), 1);

    // What is the office's to do is not his.
    for (command, request) in [
        ("case.create", a_case()),
        (
            "case.edit",
            json!({ "id": his, "version": 1, "draft": a_case() }),
        ),
        ("case.close", json!({ "id": his, "reason": "met" })),
        ("case.refer", json!({ "id": his, "office_code": "450909" })),
        ("volunteer.create", a_volunteer()),
        ("volunteer.list", json!({})),
        ("assignment.board", json!({})),
        (
            "assignment.propose",
            json!({ "need_id": other_need, "volunteer_id": volunteer }),
        ),
        ("export.run", json!({ "kind": "cases", "format": "csv" })),
        ("import.run", json!({ "kind": "cases", "path": "x.csv" })),
        (
            "village.save",
            json!({ "subdistrict_code": "450905", "moo": 3, "name": "ใหม่" }),
        ),
        (
            "sync.enrol",
            json!({ "server_url": "https://example.go.th", "code": "AAAAAAAAAA" }),
        ),
    ] {
        let refused = desk.refused(command, request);
        assert!(
            matches!(refused.code.as_str(), "denied_role" | "not_found"),
            "{command}: {refused:?}"
        );
    }
}

#[test]
fn a_headman_without_villages_sees_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 2);
    let id = desk.case(&a_case());
    let mut settings = desk.ok("settings.get", json!({}));
    settings["headmen"][0]["villages"] = json!([]);
    let _ = desk.ok("settings.save", settings);
    desk.sit_down("headman");
    assert_eq!(
        desk.refused("case.get", json!({ "id": id })).code,
        "not_found"
    );
    if let Ok(list) = desk
        .app
        .call("case.list", json!({ "filter": { "all_states": true } }))
    {
        assert_eq!(list["total"], 0);
    }
}

#[test]
fn nobody_reviews_what_he_entered_himself() {
    use jitasa_domain::{ActionKind, Actor, Denied, Role, Subject, authorize};

    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 3);
    let id = desk.case(&a_case());
    // The clerk who keyed it may not confirm it; at this desk nobody but the headman reviews.
    let word = json!({ "case_id": id, "verdict": "confirmed" });
    assert_eq!(desk.refused("review.decide", word).code, "denied_role");
    // And where a headman keys a case himself (on his telephone, later), the rule is there already.
    let headman = Actor {
        id: uuid::Uuid::from_u128(1),
        name: "ผู้ใหญ่บ้าน".into(),
        role: Role::Headman,
        office_code: "450905".into(),
        villages: vec!["45090505".into()],
        volunteer_id: None,
    };
    let own = Subject {
        office_code: "450905",
        area_code: Some("45090505"),
        entered_by: Some(headman.id),
        ..Subject::default()
    };
    assert_eq!(
        authorize(&headman, ActionKind::ReviewDecide, &own),
        Err(Denied::OwnWork)
    );
}

#[test]
fn a_word_against_a_case_needs_a_reason() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 4);
    let id = desk.case(&a_case());
    desk.sit_down("headman");
    for verdict in ["returned", "not_found", "rejected"] {
        let word = json!({ "case_id": id, "verdict": verdict });
        assert_eq!(
            desk.refused("review.decide", word).code,
            "reason_missing",
            "{verdict}"
        );
    }
    let word = json!({ "case_id": id, "verdict": "unreviewed", "reason": "ก" });
    assert_eq!(desk.refused("review.decide", word).code, "verdict_unknown");
    let word = json!({ "case_id": id, "verdict": "returned", "reason": "บ้านเลขที่ไม่ตรง" });
    let _ = desk.ok("review.decide", word);
    let case = desk.whole(&id);
    assert_eq!(case["review_state"], "returned");
    assert_eq!(case["reviews"][0]["reason"], "บ้านเลขที่ไม่ตรง");
}

#[test]
fn the_inbox_is_paged_through_help_and_then_cases_each_thing_once() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 5);
    let volunteer = desk.volunteer(&with(a_volunteer(), &json!({ "max_open_tasks": 9 })));
    for house in 1..=4 {
        let draft = with(a_case(), &json!({ "house_no": house.to_string() }));
        let id = desk.case(&draft);
        if house > 1 {
            let need = &desk.whole(&id)["needs"][0]["id"];
            let request = json!({ "need_id": need, "volunteer_id": volunteer, "offered": true, "channel": "phone" });
            let assignment = text(&desk.ok("assignment.propose", request)["id"]);
            for step in ["accept", "finish"] {
                let request = json!({ "id": assignment, "step": step, "outcome": "มอบของแล้ว" });
                let _ = desk.ok("assignment.move", request);
            }
        }
    }
    desk.sit_down("headman");
    for limit in [1, 2, 3, 4, 7, 100] {
        let (mut seen, mut after) = (Vec::new(), serde_json::Value::Null);
        loop {
            let page = desk.ok("review.inbox", json!({ "after": after, "limit": limit }));
            assert_eq!(page["total"], 7, "three that were helped, four cases");
            for item in page["items"].as_array().unwrap() {
                let kind = text(&item["kind"]);
                let id = if kind == "case" {
                    &item["case"]["id"]
                } else {
                    &item["assignment"]["id"]
                };
                seen.push((kind, text(id)));
            }
            after = page["next"].clone();
            if after.is_null() {
                break;
            }
        }
        let kinds: Vec<_> = seen.iter().map(|(kind, _)| kind.as_str()).collect();
        assert_eq!(kinds[..3], ["assignment"; 3], "limit {limit}");
        assert_eq!(kinds[3..], ["case"; 4], "limit {limit}");
        let once: std::collections::BTreeSet<_> = seen.iter().collect();
        assert_eq!(once.len(), 7, "limit {limit}");
    }
}

#[test]
fn who_keyed_a_case_himself_sees_it_and_judges_it_neither_on_the_screen_nor_on_paper() {
    use jitasa_domain::{Actor, Role, ids::SeededIds};
    use jitasa_store::{Action, Store, act, desk as at_desk};
    use jitasa_tests::desk::MORNING;

    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 6);
    // The headman helps out at the office's telephone.
    let store = Store::open(folder.path()).unwrap();
    let users = store.read(at_desk::reading::desk_users).unwrap();
    let headman = users
        .iter()
        .find(|user| user.role == Role::Headman)
        .unwrap();
    let at_the_telephone = Actor {
        id: headman.id,
        name: headman.name.clone(),
        role: Role::Clerk,
        office_code: "450905".into(),
        villages: Vec::new(),
        volunteer_id: None,
    };
    let call = act::NewCase {
        person: act::PersonFields {
            given_name: "ดวงใจ".into(),
            ..Default::default()
        },
        fields: act::CaseFields {
            area_code: "45090505".into(),
            people_count: 1,
            reported_at: MORNING,
            ..Default::default()
        },
        needs: vec![act::NewNeed {
            kind: "food_water".into(),
            ..Default::default()
        }],
        ..Default::default()
    };
    let made = store
        .act(
            &at_the_telephone,
            MORNING,
            &mut SeededIds(8),
            Action::CreateCase(call),
        )
        .unwrap();
    drop(store);
    let id = made.subject.unwrap().to_string();

    // It is not asked of him on paper, but of somebody else.
    let his = json!({ "area_code": "45090505" });
    assert_eq!(
        desk.refused("tick.print", his.clone()).code,
        "tick_only_own_work"
    );
    let another = json!({ "for_another": true, "reviewer": "นายกำธร ศรีโคก" });
    let printed = desk.ok("tick.print", with(his, &another));
    let list = desk.ok("tick.get", json!({ "id": printed["id"] }));
    assert_eq!(list["entries"][0]["problem"], serde_json::Value::Null);
    desk.sit_down("headman");
    let inbox = desk.ok("review.inbox", json!({}));
    let item = &inbox["items"][0];
    assert_eq!(
        (&item["case"]["id"], &item["denied"]),
        (&json!(id), &json!("denied_own_work"))
    );
    let word = json!({ "case_id": id, "verdict": "confirmed" });
    assert_eq!(desk.refused("review.decide", word).code, "denied_own_work");
}
