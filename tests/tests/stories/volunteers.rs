//! The register of volunteers as an office keeps it: houses to answer for, leave, vetting, teams.

use jitasa_tests::desk::{StoryDesk, a_case, a_volunteer, text, with};
use serde_json::{Value, json};

fn of(desk: &StoryDesk, id: &str) -> Value {
    desk.ok("volunteer.get", json!({ "id": id }))
}

fn listed(desk: &StoryDesk, request: Value) -> Vec<String> {
    let list = desk.ok("volunteer.list", request);
    let rows = list["rows"].as_array().unwrap();
    assert_eq!(list["total"], rows.len(), "{list}");
    rows.iter().map(|row| text(&row["id"])).collect()
}

#[test]
fn a_patch_is_typed_as_people_write_it_and_shows_the_cases_within() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 21);
    let read = |typed: &str| {
        desk.ok(
            "patch.read",
            json!({ "text": typed, "area_code": "45090505" }),
        )
    };
    let understood = read("๑-๑๐, 12, ๑๕/๒ ม.5; ทั้งหมู่บ้าน ม.9");
    assert_eq!(
        understood["parts"],
        json!([
            { "value": "45090505:1-10,12,15/2", "label": "ม.5 บ้านเหล่าหม้อ เลขที่ 1-10, 12, 15/2", "houses": 12 },
            { "value": "45090509", "label": "ม.9 บ้านหนองแสง", "houses": null },
        ])
    );
    let misread = read("10-1 ม.5");
    assert_eq!(misread["problem"], "houses_reversed");
    assert_eq!(misread["piece"], "10-1");
    assert_eq!(misread["parts"], json!([]));

    let draft = with(
        a_volunteer(),
        &json!({ "patch": ["1-10, 12, 15/2 ม.5", "ม.9"] }),
    );
    let id = desk.volunteer(&draft);
    let own = desk.case(&a_case());
    let _next_door = desk.case(&with(a_case(), &json!({ "house_no": "13" })));
    let village = desk.case(&with(
        a_case(),
        &json!({ "area_code": "45090509", "house_no": "" }),
    ));
    let shown = of(&desk, &id);
    assert_eq!(
        shown["draft"]["patch"],
        json!(["45090505:1-10,12,15/2", "45090509"])
    );
    let places = shown["patch"].as_array().unwrap();
    let cases: Vec<_> = places
        .iter()
        .map(|place| {
            let cases = place["cases"].as_array().unwrap();
            cases
                .iter()
                .map(|case| text(&case["id"]))
                .collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(cases, [vec![own], vec![village]], "12/3 stands beside 12");
    assert_eq!(places[0]["houses"], "1-10,12,15/2");
    // What was stored goes into the form and back as it is.
    let again = json!({ "id": id, "version": shown["version"], "draft": shown["draft"] });
    let _ = desk.ok("volunteer.edit", again);
    assert_eq!(of(&desk, &id)["draft"]["patch"], shown["draft"]["patch"]);
    let refused = desk.refused(
        "volunteer.create",
        with(a_volunteer(), &json!({ "patch": ["1-10, สิบสอง ม.5"] })),
    );
    assert_eq!(refused.code, "houses_unreadable");
    assert_eq!(refused.details["field"], "patch");
    assert_eq!(refused.details["piece"], "สิบสอง");
}

#[test]
fn a_volunteer_goes_on_leave_and_is_back_when_it_is_over() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 22);
    let id = desk.volunteer(&a_volunteer());
    assert_eq!(of(&desk, &id)["free_now"], true);
    let leave = desk.ok(
        "volunteer.away",
        json!({ "id": id, "availability": "on_leave", "away_from": "2026-11-22",
                "away_until": "2026-11-23", "reason": "ไปเฝ้าไข้ที่ รพ.ร้อยเอ็ด" }),
    );
    let away = of(&desk, &id);
    assert_eq!(away["free_now"], false);
    assert_eq!(away["why_not"], "away");
    assert_eq!(away["draft"]["note"], "ไปเฝ้าไข้ที่ รพ.ร้อยเอ็ด");
    let on_leave = json!({ "availability": "on_leave" });
    assert_eq!(listed(&desk, on_leave.clone()), std::slice::from_ref(&id));
    assert!(listed(&desk, json!({ "free_now": true })).is_empty());
    // Two days later nobody has to tell the office that he is back.
    desk.env.pass_minutes(2 * 24 * 60);
    assert_eq!(of(&desk, &id)["free_now"], true);
    assert!(listed(&desk, on_leave.clone()).is_empty());
    assert_eq!(
        listed(
            &desk,
            json!({ "availability": "available", "free_now": true })
        ),
        std::slice::from_ref(&id)
    );
    desk.env.pass_minutes(-2 * 24 * 60);
    let _ = desk.undo(&leave);
    let back = of(&desk, &id);
    assert_eq!(back["free_now"], true);
    assert_eq!(back["draft"]["note"], "");
    assert_eq!(back["draft"]["away_from"], Value::Null);
    let reversed = json!({ "id": id, "availability": "on_leave", "away_from": "2026-11-25",
                           "away_until": "2026-11-24" });
    assert_eq!(
        desk.refused("volunteer.away", reversed).code,
        "dates_reversed"
    );
    let _ = desk.ok(
        "volunteer.away",
        json!({ "id": id, "availability": "left" }),
    );
    assert_eq!(of(&desk, &id)["why_not"], "left");
}

#[test]
fn hours_are_those_of_the_wall_clock() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 23);
    // Stories begin on a Sunday at nine.
    let draft = with(
        a_volunteer(),
        &json!({ "hours": ["7 17.00-21.00 น.", "1 08:00-16:30"] }),
    );
    let id = desk.volunteer(&draft);
    let shown = of(&desk, &id);
    assert_eq!(
        shown["draft"]["hours"],
        json!(["1 08:00-16:30", "7 17:00-21:00"])
    );
    assert_eq!(shown["why_not"], "off_hours");
    desk.env.pass_minutes(8 * 60);
    assert_eq!(of(&desk, &id)["free_now"], true);
    let refused = desk.refused(
        "volunteer.create",
        with(a_volunteer(), &json!({ "hours": ["ทุกวัน"] })),
    );
    assert_eq!(
        (refused.code.as_str(), refused.details["field"].as_str()),
        ("hours_unreadable", "hours")
    );
}

#[test]
fn several_are_vetted_at_once_and_that_is_taken_back_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 24);
    let ids: Vec<_> = ["ประนอม", "สมบูรณ์", "วิไล"]
        .map(|given| {
            let fields = json!({ "given_name": given, "vetting": "" });
            desk.volunteer(&with(a_volunteer(), &fields))
        })
        .into();
    assert_eq!(of(&desk, &ids[0])["why_not"], "not_vetted");
    desk.env.pass_minutes(30);
    let vetted = desk.ok("volunteer.vet", json!({ "ids": ids, "vetting": "vetted" }));
    for id in &ids {
        let one = of(&desk, id);
        assert_eq!(one["free_now"], true);
        assert_eq!(one["vetted_by"], "เสมียน");
        assert_eq!(one["vetted_at"], 1_795_312_800_000_i64 + 30 * 60_000);
    }
    assert_eq!(listed(&desk, json!({ "vetting": "unvetted" })).len(), 0);
    // A form that says nothing of it leaves it as it is.
    let one = of(&desk, &ids[0]);
    let draft = with(one["draft"].clone(), &json!({ "vetting": "" }));
    let edit = json!({ "id": ids[0], "version": one["version"], "draft": draft });
    let edited = desk.ok("volunteer.edit", edit);
    assert_eq!(of(&desk, &ids[0])["draft"]["vetting"], "vetted");
    let _ = desk.undo(&edited);
    let _ = desk.undo(&vetted);
    assert_eq!(listed(&desk, json!({ "vetting": "unvetted" })).len(), 3);
    let vetted = desk.ok("volunteer.vet", json!({ "ids": ids, "vetting": "vetted" }));
    let again = desk.ok(
        "volunteer.vet",
        json!({ "ids": ids[1..], "vetting": "refused" }),
    );
    let refused = desk.refused("undo.run", json!({ "act_id": vetted["act_id"] }));
    assert_eq!(refused.code, "undo_touched_since");
    let _ = desk.undo(&again);
    assert_eq!(listed(&desk, json!({ "vetting": "vetted" })).len(), 3);
    assert_eq!(
        desk.refused("volunteer.vet", json!({ "ids": [], "vetting": "vetted" }))
            .code,
        "nobody_chosen"
    );
}

#[test]
fn a_team_has_members_of_the_register_and_a_leader_among_them() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 25);
    let ids: Vec<_> = ["ประนอม", "สมบูรณ์", "วิไล"]
        .map(|given| desk.volunteer(&with(a_volunteer(), &json!({ "given_name": given }))))
        .into();
    let team = json!({ "name": "ชุดกู้ชีพ", "leader_id": ids[1], "members": [ids[0], ids[1]],
                       "note": "เรือท้องแบน 1 ลำ" });
    for (fields, code) in [
        (json!({ "leader_id": ids[2] }), "team_leader_not_member"),
        (json!({ "members": [], "leader_id": null }), "team_empty"),
        (json!({ "name": " " }), "name_empty"),
        (
            json!({ "members": [ids[1], "01890000-0000-7000-8000-000000000000"] }),
            "team_member_unknown",
        ),
    ] {
        assert_eq!(
            desk.refused("team.save", with(team.clone(), &fields)).code,
            code
        );
    }
    let made = desk.ok("team.save", team.clone());
    assert_eq!(
        desk.refused("team.save", team.clone()).code,
        "team_name_taken"
    );
    let id = text(&made["id"]);
    let teams = || desk.ok("team.list", json!({}))["teams"].clone();
    assert_eq!(teams()[0]["leader"], "นางสมบูรณ์ ศรีสุข");
    assert_eq!(teams()[0]["members"].as_array().unwrap().len(), 2);
    assert_eq!(of(&desk, &ids[0])["teams"], json!(["ชุดกู้ชีพ"]));
    let larger = with(team, &json!({ "id": id, "members": ids }));
    let changed = desk.ok("team.save", larger);
    assert_eq!(teams()[0]["members"].as_array().unwrap().len(), 3);
    let _ = desk.undo(&changed);
    assert_eq!(teams()[0]["members"].as_array().unwrap().len(), 2);
    let gone = desk.ok("team.save", json!({ "id": id, "disband": true }));
    assert_eq!(teams(), json!([]));
    assert_eq!(of(&desk, &ids[0])["teams"], json!([]));
    let _ = desk.undo(&gone);
    assert_eq!(teams()[0]["name"], "ชุดกู้ชีพ");
}

#[test]
fn what_a_volunteer_brings_along_is_kept_and_found() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 26);
    let fields = json!({
        "equipment": ["boat", "life_jacket"], "vehicle": "เรือท้องแบน", "vehicle_seats": 6,
        "vehicle_carries": ["goods"], "training": ["2024-03-09 water_rescue", "2025-08-01 ว่ายน้ำ"],
    });
    let boat = desk.volunteer(&with(a_volunteer(), &fields));
    let _none = desk.volunteer(&a_volunteer());
    assert_eq!(
        listed(&desk, json!({ "equipment": ["boat", "saw"] })),
        std::slice::from_ref(&boat)
    );
    let draft = of(&desk, &boat)["draft"].clone();
    assert_eq!(
        draft["training"],
        json!(["2025-08-01 ว่ายน้ำ", "2024-03-09 water_rescue"])
    );
    assert_eq!(draft["vehicle_seats"], 6);
    for (fields, code, field) in [
        (
            json!({ "equipment": ["jetpack"] }),
            "kind_unknown",
            "equipment",
        ),
        (
            json!({ "vehicle": null, "vehicle_seats": 4 }),
            "vehicle_missing",
            "vehicle",
        ),
        (
            json!({ "vehicle_seats": 400 }),
            "vehicle_seats_wrong",
            "vehicle_seats",
        ),
        (
            json!({ "vehicle_carries": ["sheep"] }),
            "code_unknown",
            "vehicle_carries",
        ),
        (
            json!({ "training": ["2027-01-01 cpr"] }),
            "training_in_future",
            "training",
        ),
        (
            json!({ "training": ["cpr"] }),
            "training_unreadable",
            "training",
        ),
        (json!({ "vetting": "maybe" }), "code_unknown", "vetting"),
    ] {
        let refused = desk.refused("volunteer.create", with(a_volunteer(), &fields));
        assert_eq!(
            (refused.code.as_str(), refused.details["field"].as_str()),
            (code, field)
        );
    }
    let history = of(&desk, &boat)["history"].clone();
    assert_eq!(history[0]["action"], "volunteer_create");
    // Who has not been heard of for a month fades, for three months is stale.
    for (days, freshness) in [(0, "fresh"), (31, "fading"), (60, "stale")] {
        desk.env.pass_minutes(days * 24 * 60);
        assert_eq!(of(&desk, &boat)["freshness"], freshness);
    }
}

#[test]
fn the_lists_of_equipment_and_training_ship() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 27);
    for (list, code) in [("equipment", "life_jacket"), ("training", "cpr")] {
        let kinds = desk.ok("kind.list", json!({ "list": list }))["kinds"].clone();
        let kinds = kinds.as_array().unwrap();
        assert!(kinds.iter().any(|kind| kind["code"] == code), "{kinds:?}");
    }
    let needs = desk.ok("kind.list", json!({ "list": "need" }))["kinds"].clone();
    let oxygen = needs
        .as_array()
        .unwrap()
        .iter()
        .find(|kind| kind["code"] == "oxygen");
    let oxygen = oxygen.unwrap();
    assert_eq!(oxygen["gravity"], 100);
    assert_eq!(oxygen["wants"][0], "oxygen_set");
    let save = |fields: Value| with(oxygen.clone(), &fields);
    for (fields, code) in [
        (json!({ "gravity": 101 }), "gravity_wrong"),
        (json!({ "follow_up_days": 0 }), "follow_up_days_wrong"),
        (json!({ "wants": ["jetpack"] }), "kind_unknown"),
    ] {
        assert_eq!(desk.refused("kind.save", save(fields)).code, code);
    }
    let _ = desk.ok("kind.save", save(json!({ "wants": ["vehicle", "boat"] })));
}

#[test]
fn a_desk_that_the_first_program_made_gets_the_new_lists_without_a_change_to_send() {
    let folder = tempfile::tempdir().unwrap();
    let frozen = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/v1");
    for name in ["store.db", "store.key"] {
        std::fs::copy(frozen.join(name), folder.path().join(name)).unwrap();
    }
    let mut pending = Vec::new();
    for _ in 0..2 {
        let desk = StoryDesk::open(folder.path(), 1);
        let list = |list: &str| desk.ok("kind.list", json!({ "list": list }))["kinds"].clone();
        assert!(list("equipment").as_array().unwrap().len() > 15);
        assert!(list("training").as_array().unwrap().len() > 10);
        let needs = list("need");
        let medical = needs
            .as_array()
            .unwrap()
            .iter()
            .find(|kind| kind["code"] == "medical");
        assert_eq!(medical.unwrap()["gravity"], 95);
        pending.push(desk.ok("sync.status", json!({}))["pending"].clone());
    }
    assert_eq!(pending[0], pending[1]);
}
