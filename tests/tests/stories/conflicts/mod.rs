//! Two desks write one field, or the province holds what was done: a person decides, nothing is lost.

mod held;
mod province;

use jitasa_tests::desk::{StoryDesk, a_case, with};
use province::{Running, decision, matters, pending, sync, the_matter, whole};
use serde_json::{Value, json};
use tempfile::TempDir;

/// Two desks of one office, both enrolled, both with the same case.
struct Two {
    _folders: [TempDir; 2],
    ours: StoryDesk,
    theirs: StoryDesk,
    case: String,
    _province: Running,
}

impl Two {
    fn begin() -> Self {
        let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        let province = Running::begin();
        let ours = StoryDesk::office(folders[0].path(), 1);
        let theirs = StoryDesk::open(folders[1].path(), 2);
        theirs.app.init_office("450905", None).unwrap();
        province.enrol(&ours);
        province.enrol(&theirs);
        let case = ours.case(&a_case());
        let _ = sync(&ours);
        let _ = sync(&theirs);
        Self {
            _folders: folders,
            ours,
            theirs,
            case,
            _province: province,
        }
    }

    /// Both correct the case without a line; the other desk is heard first.
    fn both_write(&self, ours: &Value, theirs: &Value) {
        self.edit(&self.theirs, theirs);
        self.edit(&self.ours, ours);
        let _ = sync(&self.theirs);
        let receipt = sync(&self.ours);
        assert_eq!(receipt["conflicts"], 1, "{receipt}");
    }

    fn edit(&self, desk: &StoryDesk, fields: &Value) -> Value {
        let shown = desk.whole(&self.case);
        let mut draft = a_case();
        for name in [
            "note",
            "urgency",
            "landmark",
            "people_count",
            "house_no",
            "lat",
            "lon",
        ] {
            draft[name] = shown[name].clone();
        }
        let draft = with(draft, fields);
        let edit = json!({ "id": self.case, "version": shown["version"], "draft": draft });
        desk.ok("case.edit", edit)
    }

    fn note(&self, desk: &StoryDesk) -> String {
        desk.whole(&self.case)["note"].as_str().unwrap().to_string()
    }
}

fn said(whole: &Value, group: usize, field: usize) -> (String, String, String) {
    let one = &whole["groups"][group]["fields"][field];
    let text = |name: &str| one[name].as_str().unwrap_or_default().to_string();
    (text("ours"), text("theirs"), text("now"))
}

#[test]
fn both_values_stand_side_by_side_and_what_was_recorded_here_travels_once_a_person_has_put_it() {
    let two = Two::begin();
    two.both_write(&json!({ "note": "น้ำถึงเข่า" }), &json!({ "note": "น้ำถึงอก" }));
    assert_eq!(
        two.note(&two.ours),
        "น้ำถึงอก",
        "what stands at the province stands"
    );
    let shown = the_matter(&two.ours);
    assert_eq!(
        said(&shown, 0, 0),
        ("น้ำถึงเข่า".into(), "น้ำถึงอก".into(), "น้ำถึงอก".into())
    );
    let line = &shown["trouble"];
    assert_eq!(line["action"], "case_edit");
    assert_eq!(line["case_id"], json!(two.case));
    assert_eq!(line["name"], "นายสมชาย ใจดี");
    assert_eq!(
        (&shown["stands"], &shown["ours_refused"]),
        (&json!("here"), &Value::Null)
    );
    assert_eq!(
        two.ours.ok("status.get", json!({}))["sync"]["needs_person"],
        1
    );

    let acted = two.ours.ok("sync.decide", decision(&shown, "ours"));
    assert_eq!(acted["action"], "trouble_decide");
    assert_eq!(two.note(&two.ours), "น้ำถึงเข่า");
    assert_eq!(matters(&two.ours, false).len(), 0);
    let history = two.ours.whole(&two.case)["history"].to_string();
    assert!(history.contains("trouble_decide"), "{history}");
    let receipt = sync(&two.ours);
    assert_eq!(
        (&receipt["conflicts"], &receipt["held"]),
        (&json!(0), &json!(0)),
        "{receipt}"
    );
    let _ = sync(&two.theirs);
    assert_eq!(two.note(&two.theirs), "น้ำถึงเข่า");
}

#[test]
fn when_what_stands_is_kept_nothing_travels_and_the_other_value_can_be_put_later() {
    let two = Two::begin();
    two.both_write(&json!({ "note": "น้ำถึงเข่า" }), &json!({ "note": "น้ำถึงอก" }));
    let _ = two
        .ours
        .ok("sync.decide", decision(&the_matter(&two.ours), "stands"));
    assert_eq!(pending(&two.ours), 0);
    assert_eq!(matters(&two.ours, false).len(), 0);
    let history = two.ours.whole(&two.case)["history"].to_string();
    assert!(history.contains("trouble_decide"), "{history}");

    let decided = matters(&two.ours, true);
    let shown = whole(&two.ours, &decided[0]);
    assert_eq!((&decided[0]["side"], decided.len()), (&json!("stands"), 1));
    assert_eq!(said(&shown, 0, 0).0, "น้ำถึงเข่า");
    assert!(!shown["decisions"][0]["by"].as_str().unwrap().is_empty());
    let _ = two.ours.ok("sync.decide", decision(&shown, "ours"));
    let _ = sync(&two.ours);
    let _ = sync(&two.theirs);
    assert_eq!(two.note(&two.theirs), "น้ำถึงเข่า");
    // And back again.
    let shown = whole(&two.ours, &matters(&two.ours, true)[0]);
    assert_eq!(shown["trouble"]["side"], "ours");
    let _ = two.ours.ok("sync.decide", decision(&shown, "theirs"));
    let _ = sync(&two.ours);
    let _ = sync(&two.theirs);
    assert_eq!(two.note(&two.theirs), "น้ำถึงอก");
    assert_eq!(matters(&two.ours, true)[0]["side"], "theirs");
}

#[test]
fn undo_opens_the_matter_again_whichever_side_was_chosen() {
    let two = Two::begin();
    two.both_write(&json!({ "note": "น้ำถึงเข่า" }), &json!({ "note": "น้ำถึงอก" }));
    for side in ["stands", "ours"] {
        let acted = two
            .ours
            .ok("sync.decide", decision(&the_matter(&two.ours), side));
        let before = two.ours.ok("status.get", json!({}))["data_version"].clone();
        let undone = two.ours.ok("status.get", json!({}))["undo"]["act_id"].clone();
        assert_eq!(undone, acted["act_id"], "{side}");
        let _ = two.ours.undo(&acted);
        let after = two.ours.ok("status.get", json!({}))["data_version"].clone();
        assert_ne!(before, after, "screens reload");
        assert_eq!(matters(&two.ours, true).len(), 0, "{side}");
        assert_eq!(two.note(&two.ours), "น้ำถึงอก");
    }
    // The undo of what had been put travels too, and both desks agree.
    let _ = sync(&two.ours);
    let _ = sync(&two.theirs);
    assert_eq!(two.note(&two.theirs), "น้ำถึงอก");
    assert_eq!(matters(&two.ours, false).len(), 1);
}

#[test]
fn a_decision_about_what_no_longer_stands_is_refused_and_the_value_of_now_is_shown() {
    let two = Two::begin();
    two.both_write(&json!({ "note": "น้ำถึงเข่า" }), &json!({ "note": "น้ำถึงอก" }));
    let shown = the_matter(&two.ours);
    two.edit(&two.theirs, &json!({ "note": "น้ำลดแล้ว" }));
    let _ = sync(&two.theirs);
    let _ = sync(&two.ours);
    for side in ["ours", "stands"] {
        let refusal = two.ours.refused("sync.decide", decision(&shown, side));
        assert_eq!(refusal.code, "trouble_moved_on");
    }
    assert_eq!(two.note(&two.ours), "น้ำลดแล้ว");
    let now = the_matter(&two.ours);
    assert_eq!(now["groups"][0]["moved_on"], true);
    assert_eq!(now["groups"][0]["now_by"]["name"], "เสมียน", "who wrote it");
    assert_eq!(said(&now, 0, 0).2, "น้ำลดแล้ว");
    let _ = two.ours.ok("sync.decide", decision(&now, "stands"));
    assert_eq!(two.note(&two.ours), "น้ำลดแล้ว");
}

#[test]
fn fields_of_one_change_are_decided_together_or_one_by_one_and_a_pin_as_a_whole() {
    let two = Two::begin();
    let pin = |lat: f64, lon: f64, note: &str| json!({ "lat": lat, "lon": lon, "accuracy_m": 10, "place_source": "pin", "note": note });
    two.both_write(&pin(16.31, 104.21, "ก"), &pin(16.32, 104.22, "ข"));
    let shown = the_matter(&two.ours);
    let groups = shown["groups"].as_array().unwrap();
    assert_eq!(groups.len(), 2, "{shown}");
    let names = |group: &Value| -> Vec<String> {
        let fields = group["fields"].as_array().unwrap();
        fields
            .iter()
            .map(|one| one["field"].as_str().unwrap().to_string())
            .collect()
    };
    let place = groups.iter().find(|group| names(group).len() > 1).unwrap();
    assert_eq!(names(place), ["lat", "lon"]);

    // Half of a place names all of it.
    let mut only = decision(&shown, "ours");
    only["fields"] = json!(["lat"]);
    let _ = two.ours.ok("sync.decide", only);
    let case = two.ours.whole(&two.case);
    assert_eq!(
        (&case["lat"], &case["lon"], &case["note"]),
        (&json!(16.31), &json!(104.21), &json!("ข"))
    );
    let half = the_matter(&two.ours);
    let decided: Vec<_> = half["groups"]
        .as_array()
        .unwrap()
        .iter()
        .map(|group| !group["decided"].is_null())
        .collect();
    assert_eq!(decided.iter().filter(|each| **each).count(), 1);
    let mut rest = decision(&half, "stands");
    rest["fields"] = json!(["note"]);
    let _ = two.ours.ok("sync.decide", rest);
    assert_eq!(matters(&two.ours, true).len(), 1);
    let mut unknown = decision(&whole(&two.ours, &matters(&two.ours, true)[0]), "ours");
    unknown["fields"] = json!(["urgency"]);
    assert_eq!(
        two.ours.refused("sync.decide", unknown).code,
        "field_unknown"
    );
}

#[test]
fn several_are_left_as_they_stand_in_one_act_that_is_taken_back_as_one() {
    let two = Two::begin();
    let other = two.ours.case(&with(
        a_case(),
        &json!({ "given_name": "สมหมาย", "phone": "0800123457" }),
    ));
    let _ = sync(&two.ours);
    let _ = sync(&two.theirs);
    let note = |desk: &StoryDesk, id: &str, note: &str| {
        let draft = with(
            a_case(),
            &json!({ "note": note, "given_name": desk.whole(id)["person"]["given_name"] }),
        );
        let _ = desk.ok(
            "case.edit",
            json!({ "id": id, "version": desk.whole(id)["version"], "draft": draft }),
        );
    };
    for id in [&two.case, &other] {
        note(&two.theirs, id, "ของเขา");
        note(&two.ours, id, "ของเรา");
    }
    let _ = sync(&two.theirs);
    let _ = sync(&two.ours);
    let open = matters(&two.ours, false);
    assert_eq!(open.len(), 2, "{open:?}");
    let first = two
        .ours
        .ok("sync.troubles", json!({ "decided": false, "limit": 1 }));
    assert_eq!(
        (first["rows"].as_array().unwrap().len(), &first["conflicts"]),
        (1, &json!(2))
    );
    let next = json!({ "decided": false, "limit": 1, "after": first["rows"][0]["change_id"] });
    assert_eq!(
        two.ours.ok("sync.troubles", next)["rows"][0]["change_id"],
        open[1]["change_id"]
    );

    let all: Vec<_> = open
        .iter()
        .map(|row| json!({ "change_id": row["change_id"], "seen": row["seen"] }))
        .collect();
    let put = json!({ "matters": all, "side": "ours" });
    assert_eq!(
        two.ours.refused("sync.decide", put).code,
        "trouble_one_by_one"
    );
    let acted = two
        .ours
        .ok("sync.decide", json!({ "matters": all, "side": "stands" }));
    assert_eq!((matters(&two.ours, true).len(), pending(&two.ours)), (2, 0));
    let after =
        json!({ "decided": true, "limit": 1, "after": matters(&two.ours, true)[0]["change_id"] });
    assert_eq!(
        two.ours.ok("sync.troubles", after)["rows"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let _ = two.ours.undo(&acted);
    assert_eq!(matters(&two.ours, false).len(), 2);
}

#[test]
fn whoever_may_not_write_the_record_may_not_decide_about_it() {
    let two = Two::begin();
    two.both_write(&json!({ "note": "น้ำถึงเข่า" }), &json!({ "note": "น้ำถึงอก" }));
    let shown = the_matter(&two.ours);
    two.ours.sit_down("headman");
    // It is not of his own doing.
    assert_eq!(matters(&two.ours, false).len(), 0);
    let id = json!({ "id": shown["trouble"]["change_id"] });
    assert_eq!(two.ours.refused("sync.trouble", id).code, "not_found");
    assert_eq!(
        two.ours
            .refused("sync.decide", decision(&shown, "ours"))
            .code,
        "denied_role"
    );
    assert_eq!(
        two.ours.ok("status.get", json!({}))["sync"]["needs_person"],
        0
    );
}
