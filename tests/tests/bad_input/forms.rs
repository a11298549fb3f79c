//! Forms: what is keyed wrong is refused beside its field, and what is only odd is kept as text.

use jitasa_tests::desk::{StoryDesk, a_case, a_volunteer, with};
use serde_json::{Value, json};

use crate::has_words;

/// A refusal names the field, has words, and has changed nothing.
#[track_caller]
fn refused(desk: &StoryDesk, command: &str, request: Value, code: &str, field: Option<&str>) {
    let version = desk.ok("status.get", json!({}))["data_version"].clone();
    let shown = request.to_string();
    let refusal = desk.refused(command, request);
    let shown: String = shown.chars().take(300).collect();
    assert_eq!(refusal.code, code, "{command} {shown}");
    assert_eq!(
        refusal.details.get("field").map(String::as_str),
        field,
        "{command} {shown}"
    );
    has_words(code, &jitasa_app::message(&refusal));
    assert_eq!(
        desk.ok("status.get", json!({}))["data_version"],
        version,
        "{command} {shown}"
    );
}

#[test]
fn a_field_that_cannot_be_right_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 1);
    let long = "ก".repeat(5_000);
    let wrong: &[(Value, &str, &str)] = &[
        (json!({ "given_name": "" }), "name_empty", "given_name"),
        (
            json!({ "given_name": " \u{200b}.. " }),
            "name_empty",
            "given_name",
        ),
        (json!({ "given_name": long }), "name_too_long", "given_name"),
        (
            json!({ "family_name": long }),
            "name_too_long",
            "family_name",
        ),
        (
            json!({ "citizen_id": "110170023070" }),
            "id_length",
            "citizen_id",
        ),
        (
            json!({ "citizen_id": "11017002307081" }),
            "id_length",
            "citizen_id",
        ),
        (
            json!({ "citizen_id": "1111111111111" }),
            "id_placeholder",
            "citizen_id",
        ),
        (
            json!({ "citizen_id": "1.1017E+12" }),
            "id_scientific",
            "citizen_id",
        ),
        (
            json!({ "citizen_id": "บัตรหาย" }),
            "id_unreadable",
            "citizen_id",
        ),
        (json!({ "phone": "12" }), "phone_unreadable", "phone"),
        (
            json!({ "phone": "0812345678, 0898765432" }),
            "phone_several",
            "phone",
        ),
        (
            json!({ "area_code": "99010105" }),
            "area_unknown",
            "area_code",
        ),
        (
            json!({ "area_code": "45090500" }),
            "area_unknown",
            "area_code",
        ),
        (json!({ "area_code": "4509" }), "area_unknown", "area_code"),
        (json!({ "area_code": "" }), "area_unknown", "area_code"),
        (
            json!({ "lat": 104.2, "lon": 16.3 }),
            "coordinate_swapped",
            "lat",
        ),
        (json!({ "lat": 0.0, "lon": 0.0 }), "coordinate_zero", "lat"),
        (
            json!({ "lat": 35.68, "lon": 139.69 }),
            "coordinate_outside",
            "lat",
        ),
        (
            json!({ "lat": 16.3, "lon": null }),
            "coordinate_unreadable",
            "lat",
        ),
        (
            json!({ "people_count": 0 }),
            "people_count_wrong",
            "people_count",
        ),
        (
            json!({ "people_count": 100_001 }),
            "people_count_wrong",
            "people_count",
        ),
        (json!({ "urgency": "soon" }), "code_unknown", "urgency"),
        (json!({ "channel": "pigeon" }), "code_unknown", "channel"),
        (
            json!({ "place_source": "guess" }),
            "code_unknown",
            "place_source",
        ),
        (
            json!({ "vulnerable": ["sleepy"] }),
            "code_unknown",
            "vulnerable",
        ),
        (json!({ "needs": [] }), "case_no_need", "needs"),
        (
            json!({ "needs": [{ "kind": "submarine", "detail": "" }] }),
            "kind_unknown",
            "needs",
        ),
        (
            json!({ "note": "ก".repeat(20_001) }),
            "text_too_long",
            "note",
        ),
        (
            json!({ "landmark": "ก".repeat(501) }),
            "text_too_long",
            "landmark",
        ),
        (
            json!({ "house_no": "9".repeat(61) }),
            "text_too_long",
            "house_no",
        ),
        (
            json!({ "reported_at": 4_102_444_800_000_i64 }),
            "date_in_future",
            "reported_at",
        ),
        (
            json!({ "client_key": "not-a-key" }),
            "code_unknown",
            "client_key",
        ),
    ];
    let id = desk.case(&a_case());
    let version = desk.whole(&id)["version"].clone();
    for (fields, code, field) in wrong {
        let draft = with(a_case(), fields);
        refused(&desk, "case.create", draft.clone(), code, Some(field));
        if !fields.as_object().unwrap().contains_key("client_key")
            && !fields.as_object().unwrap().contains_key("needs")
        {
            let edit = json!({ "id": id, "version": version, "draft": draft });
            refused(&desk, "case.edit", edit, code, Some(field));
        }
    }
    let total = desk.ok("case.list", json!({}))["total"].clone();
    assert_eq!(total, 1);
}

#[test]
fn a_case_of_another_offices_area_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 2);
    let draft = with(a_case(), &json!({ "area_code": "45090903" }));
    refused(
        &desk,
        "case.create",
        draft,
        "area_outside_office",
        Some("area_code"),
    );
}

#[test]
fn a_village_is_its_own_offices_to_keep() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 8);
    for (subdistrict, moo, code, field) in [
        ("450909", 1, "area_outside_office", "subdistrict_code"),
        ("100101", 1, "area_outside_office", "subdistrict_code"),
        ("990101", 1, "area_unknown", "subdistrict_code"),
        ("4509", 1, "area_unknown", "subdistrict_code"),
        ("450905", 0, "moo_unreadable", "moo"),
        ("450905", 100, "moo_unreadable", "moo"),
    ] {
        let village = json!({ "subdistrict_code": subdistrict, "moo": moo, "name": "ใหม่" });
        refused(&desk, "village.save", village, code, Some(field));
    }
    let nameless = json!({ "subdistrict_code": "450905", "moo": 2, "name": " " });
    refused(&desk, "village.save", nameless, "name_empty", Some("name"));
}

#[test]
fn odd_texts_are_kept_as_texts_and_unseen_letters_are_not() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 3);
    for (typed, kept) in [
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("'; DROP TABLE \"case\"; --", "'; DROP TABLE \"case\"; --"),
        ("สมชาย😀", "สมชาย😀"),
        ("=HYPERLINK(\"x\")", "=HYPERLINK(\"x\")"),
        ("สม\u{202e}ชาย\u{200b}", "สมชาย"),
        ("สม\u{0}ชาย\u{7}", "สมชาย"),
    ] {
        let id = desk.case(&with(a_case(), &json!({ "given_name": typed })));
        assert_eq!(desk.whole(&id)["person"]["given_name"], kept, "{typed:?}");
    }
    assert_eq!(desk.ok("case.list", json!({}))["total"], 6);
}

#[test]
fn what_is_only_written_otherwise_is_understood() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 4);
    for (typed, kept, valid) in [
        ("1-1017-00230-70-8", "1-1017-00230-70-8", true),
        ("๑๑๐๑๗๐๐๒๓๐๗๐๘", "1-1017-00230-70-8", true),
        // The last digit does not fit: kept, and marked as not confirmed.
        ("1101700230705", "1-1017-00230-70-5", false),
    ] {
        let id = desk.case(&with(a_case(), &json!({ "citizen_id": typed })));
        let person = desk.whole(&id)["person"].clone();
        assert_eq!(
            (&person["citizen_id"], &person["citizen_id_valid"]),
            (&json!(kept), &json!(valid))
        );
    }
    for typed in [
        "0812345678",
        "081-234 5678",
        "+66 81 234 5678",
        "๐๘๑๒๓๔๕๖๗๘",
        "812345678",
    ] {
        let id = desk.case(&with(a_case(), &json!({ "phone": typed })));
        assert_eq!(
            desk.whole(&id)["person"]["phone"],
            "081-234-5678",
            "{typed}"
        );
    }
    // สระอำ in two pieces and เ typed twice: the text stays, search finds it all the same.
    let id = desk.case(&with(
        a_case(),
        &json!({ "given_name": "คํามี", "family_name": "เเสนสุข" }),
    ));
    for text in ["คำมี", "แสนสุข", "คำมี แสนสุข"] {
        let hits = desk.ok("search.find", json!({ "text": text, "limit": 5 }));
        assert_eq!(hits["hits"][0]["id"], id.as_str(), "{text}: {hits}");
    }
}

#[test]
fn dates_that_are_in_no_calendar_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 5);
    let id = desk.case(&a_case());
    for date in [
        "2026-02-30",
        "2027-02-29",
        "2026-13-01",
        "22/11/2569",
        "พรุ่งนี้",
        "",
    ] {
        let follow_up = json!({ "case_id": id, "due_on": date, "note": "เยี่ยมอีกครั้ง" });
        refused(
            &desk,
            "follow_up.add",
            follow_up,
            "date_unreadable",
            Some("due_on"),
        );
        if !date.is_empty() {
            let incident = json!({ "name": "น้ำท่วม", "kind": "flood", "started_on": date });
            refused(
                &desk,
                "incident.save",
                incident,
                "date_unreadable",
                Some("started_on"),
            );
        }
    }
    let past = json!({ "case_id": id, "due_on": "2026-11-21", "note": "เมื่อวาน" });
    refused(&desk, "follow_up.add", past, "date_in_past", Some("due_on"));
    let reversed = json!({ "name": "น้ำท่วม", "kind": "flood", "started_on": "2026-11-20", "ended_on": "2026-11-19" });
    refused(
        &desk,
        "incident.save",
        reversed,
        "dates_reversed",
        Some("ended_on"),
    );
}

#[test]
fn a_pin_in_the_wrong_place_is_refused_and_the_old_one_stays() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 6);
    let id = desk.case(&a_case());
    for (lat, lon, code) in [
        (104.2, 16.3, "coordinate_swapped"),
        (0.0, 0.0, "coordinate_zero"),
        (51.5, -0.1, "coordinate_outside"),
    ] {
        let place = json!({ "id": id, "lat": lat, "lon": lon });
        refused(&desk, "case.place", place, code, Some("lat"));
    }
    let case = desk.whole(&id);
    assert_eq!(
        (&case["lat"], &case["lon"]),
        (&json!(16.3012), &json!(104.2034))
    );
    // What is pasted is read, and put right where that is safe.
    let read = desk.ok("place.read", json!({ "text": "104.2034, 16.3012" }));
    assert_eq!(
        (&read["lat"], &read["swapped"]),
        (&json!(16.3012), &json!(true))
    );
    let read = desk.ok("place.read", json!({ "text": "ข้างวัด" }));
    assert!(
        read["lat"].is_null() && read["problem"].is_string(),
        "{read}"
    );
}

#[test]
fn a_volunteer_who_cannot_be_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 7);
    for (fields, code, field) in [
        (json!({ "given_name": "" }), "name_empty", "given_name"),
        (json!({ "kinds": [] }), "volunteer_no_kind", "kinds"),
        (json!({ "kinds": ["wizard"] }), "kind_unknown", "kinds"),
        (json!({ "skills": ["magic"] }), "kind_unknown", "skills"),
        (json!({ "phone": "abc" }), "phone_unreadable", "phone"),
        (
            json!({ "area_code": "990101" }),
            "area_unknown",
            "area_code",
        ),
        (
            json!({ "patch": ["45090505", "x"] }),
            "houses_unreadable",
            "patch",
        ),
        (
            json!({ "max_open_tasks": 0 }),
            "max_open_tasks_wrong",
            "max_open_tasks",
        ),
        (
            json!({ "availability": "asleep" }),
            "code_unknown",
            "availability",
        ),
        (
            json!({ "lat": 104.2, "lon": 16.3 }),
            "coordinate_swapped",
            "lat",
        ),
    ] {
        refused(
            &desk,
            "volunteer.create",
            with(a_volunteer(), &fields),
            code,
            Some(field),
        );
    }
}
