//! When a volunteer leaves: what he holds goes to others at once, as it was suggested, or says which of it could not.

use jitasa_tests::desk::{StoryDesk, text};
use serde_json::{Value, json};

use crate::hands::{helper, hungry, need_id};

/// Needs of cases in the same village, each given to this volunteer and taken.
fn holds(desk: &StoryDesk, volunteer: &str, names: &[&str]) -> Vec<String> {
    let each = names.iter().map(|name| {
        let case = desk.case(&hungry(name, &json!({})));
        let need = need_id(desk, &case, "food_water");
        let made = desk.ok(
            "assignment.propose",
            json!({ "need_id": need, "volunteer_id": volunteer, "offered": true, "channel": "phone" }),
        );
        let _ = desk.ok(
            "assignment.move",
            json!({ "id": made["id"], "step": "accept" }),
        );
        text(&made["id"])
    });
    each.collect()
}

fn replacements(desk: &StoryDesk, volunteer: &str) -> Vec<Value> {
    let answer = desk.ok(
        "assignment.replacements",
        json!({ "volunteer_id": volunteer }),
    );
    answer["rows"].as_array().unwrap().clone()
}

/// The hand-over as the screen begins it.
fn as_suggested(volunteer: &str, rows: &[Value]) -> Value {
    let to: Vec<Value> = rows
        .iter()
        .map(|row| json!({ "assignment_id": row["assignment"]["id"], "volunteer_id": row["chosen"] }))
        .collect();
    json!({ "volunteer_id": volunteer, "reason": "ill", "to": to, "offered": true, "channel": "phone" })
}

#[test]
fn what_is_suggested_for_all_that_a_leaver_holds_can_be_given_as_it_stands() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 61);
    let leaver = helper(&desk, "มานี", &json!({ "max_open_tasks": 3 }));
    let mine = holds(&desk, &leaver, &["สมชาย", "สมหญิง", "บุญมี"]);
    // The neighbour is the best for each of them, and takes one task; the others live further away.
    let neighbour = helper(
        &desk,
        "ชูใจ",
        &json!({ "max_open_tasks": 1, "patch": ["45090505:1-20"] }),
    );
    for name in ["ปิติ", "วีระ"] {
        let far = json!({ "max_open_tasks": 1, "patch": [], "lat": 16.33, "lon": 104.23 });
        let _ = helper(&desk, name, &far);
    }
    let rows = replacements(&desk, &leaver);
    assert_eq!(rows.len(), 3);
    let mut chosen: Vec<String> = rows.iter().map(|row| text(&row["chosen"])).collect();
    for row in &rows {
        assert_eq!(
            row["suggestions"][0]["volunteer_id"],
            neighbour.as_str(),
            "alternatives remain, best first"
        );
    }
    chosen.sort();
    chosen.dedup();
    assert_eq!(chosen.len(), 3, "each takes one");
    assert!(chosen.contains(&neighbour));

    // The same neighbour for all of them: refused, and it is said for which.
    let all_to_one: Vec<Value> = mine
        .iter()
        .map(|id| json!({ "assignment_id": id, "volunteer_id": neighbour }))
        .collect();
    let refused = desk.refused(
        "assignment.hand_over",
        json!({ "volunteer_id": leaver, "reason": "ill", "to": all_to_one }),
    );
    assert_eq!(refused.code, "volunteer_full");
    assert_eq!(refused.details["assignment_id"], mine[1]);

    let handed = desk.ok("assignment.hand_over", as_suggested(&leaver, &rows));
    assert_eq!(replacements(&desk, &leaver), Vec::<Value>::new());
    let _ = desk.undo(&handed);
    assert_eq!(replacements(&desk, &leaver).len(), 3);
}

#[test]
fn what_is_one_visit_goes_to_one_person() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 62);
    let leaver = helper(&desk, "มานี", &json!({}));
    let case = desk.case(&jitasa_tests::desk::a_case());
    let pairs: Vec<Value> = ["food_water", "medicine"]
        .iter()
        .map(|kind| json!({ "need_id": need_id(&desk, &case, kind), "volunteer_id": leaver }))
        .collect();
    let _ = desk.ok(
        "assignment.propose_all",
        json!({ "pairs": pairs, "offered": true, "channel": "phone", "one_visit": true }),
    );
    // The nearest of all can serve one of the two needs only.
    let _ = helper(
        &desk,
        "ชูใจ",
        &json!({ "kinds": ["waste_volunteer"], "skills": ["food_water"], "patch": ["45090505:1-20"] }),
    );
    let both = helper(&desk, "ปิติ", &json!({ "max_open_tasks": 1 }));
    let rows = replacements(&desk, &leaver);
    assert_eq!(rows.len(), 2);
    for row in &rows {
        assert_eq!(row["chosen"], both.as_str(), "{row}");
    }
    let _ = desk.ok("assignment.hand_over", as_suggested(&leaver, &rows));
    let whole = desk.whole(&case);
    let all = whole["assignments"].as_array().unwrap();
    let visits: Vec<&Value> = all
        .iter()
        .filter(|each| each["volunteer_id"] == both.as_str())
        .map(|each| &each["visit_id"])
        .collect();
    assert_eq!(visits.len(), 2);
    assert_eq!(visits[0], visits[1], "it is one visit still");
}

#[test]
fn a_task_goes_to_another_by_naming_him_and_runs_out_by_the_clock_alone() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 63);
    let holder = helper(&desk, "มานี", &json!({}));
    let mine = holds(&desk, &holder, &["สมชาย", "สมหญิง"]);
    let other = helper(&desk, "ชูใจ", &json!({}));
    let step = |step: &str| json!({ "id": mine[0], "step": step, "reason": "too_far" });
    for (code, refusal) in [
        ("reassign", "reassign_without_successor"),
        ("expire", "expire_is_the_clocks"),
    ] {
        assert_eq!(desk.refused("assignment.move", step(code)).code, refusal);
        let all = json!({ "ids": mine, "step": code, "reason": "too_far" });
        assert_eq!(desk.refused("assignment.move_all", all).code, refusal);
    }
    let one = json!({ "volunteer_id": holder, "assignment_id": mine[0] });
    let rows = desk.ok("assignment.replacements", one)["rows"].clone();
    assert_eq!(rows.as_array().unwrap().len(), 1, "of this one only");
    assert_eq!(rows[0]["chosen"], other.as_str());
    let over = json!({ "volunteer_id": holder, "reason": "too_far", "offered": true, "channel": "phone",
        "to": [{ "assignment_id": mine[0], "volunteer_id": other }] });
    let handed = desk.ok("assignment.hand_over", over);
    let find = |id: &str| {
        let list = desk.ok(
            "assignment.list",
            json!({ "volunteer_id": id, "states": [], "limit": 10 }),
        );
        list["rows"].as_array().unwrap().clone()
    };
    let old = find(&holder)
        .into_iter()
        .find(|row| row["id"] == mine[0].as_str())
        .unwrap();
    assert_eq!(
        (&old["state"], &old["reason"]),
        (&json!("reassigned"), &json!("too_far"))
    );
    let new = find(&other);
    assert_eq!((new.len(), &new[0]["state"]), (1, &json!("offered")));
    assert_eq!(
        new[0]["replaces"], old["number"],
        "the chain leads from one to the other"
    );
    let _ = desk.undo(&handed);
    assert_eq!(find(&other).len(), 0);
}
