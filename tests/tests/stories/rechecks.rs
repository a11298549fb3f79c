//! The list of calls: who has not been heard of is rung, and what is heard counts.

use jitasa_tests::desk::{StoryDesk, a_volunteer, text, with};
use serde_json::{Value, json};

use crate::quiet::{a_call, an_office, by_rule, dates, hands_for, step};

fn calls(desk: &StoryDesk, kinds: &Value) -> Vec<(String, String, u64)> {
    let list = desk.ok("recheck.list", json!({ "kinds": kinds }));
    let rows = list["rows"].as_array().unwrap().clone();
    assert_eq!(list["total"], rows.len());
    rows.iter()
        .map(|row| {
            (
                text(&row["id"]),
                text(&row["freshness"]),
                row["tries"].as_u64().unwrap(),
            )
        })
        .collect()
}

fn answer(desk: &StoryDesk, kind: &str, id: &str, word: &str) -> Value {
    desk.ok(
        "recheck.answer",
        json!({ "kind": kind, "id": id, "answer": word, "note": "คุยกับลูกสาว" }),
    )
}

#[test]
fn who_has_not_been_heard_of_is_rung_most_pressing_first_and_what_was_heard_counts() {
    let (_folder, desk) = an_office(48);
    let normal = desk.case(&a_call("normal"));
    desk.env.pass_minutes(60);
    let urgent = desk.case(&with(a_call("urgent"), &json!({ "given_name": "คำปุ่น" })));
    let none = json!(["case"]);
    assert_eq!(calls(&desk, &none), []);
    desk.env.pass_minutes(25 * 60);
    let fading = |id: &str, tries| (id.to_string(), "fading".to_string(), tries);
    assert_eq!(
        calls(&desk, &none),
        [fading(&urgent, 0), fading(&normal, 0)]
    );

    // Nobody answers: he comes after the others for an hour, and each try is counted.
    let tried = answer(&desk, "case", &urgent, "no_answer");
    assert_eq!(
        calls(&desk, &none),
        [fading(&normal, 0), fading(&urgent, 1)]
    );
    let _ = desk.undo(&tried);
    assert_eq!(
        calls(&desk, &none),
        [fading(&urgent, 0), fading(&normal, 0)]
    );
    let _ = answer(&desk, "case", &urgent, "no_answer");
    desk.env.pass_minutes(61);
    let _ = answer(&desk, "case", &urgent, "no_answer");
    desk.env.pass_minutes(61);
    assert_eq!(calls(&desk, &none)[0], fading(&urgent, 2));

    // Worse: one step more urgent, and sooner looked at.
    let acted = answer(&desk, "case", &urgent, "worse");
    let whole = desk.whole(&urgent);
    assert_eq!(
        (&whole["urgency"], &whole["freshness"]),
        (&json!("very_urgent"), &json!("fresh"))
    );
    assert!(text(&whole["note"]).ends_with("คุยกับลูกสาว"));
    assert_eq!(dates(&desk, &urgent), by_rule("2026-11-24", "look_again"));
    assert_eq!(calls(&desk, &none), [fading(&normal, 0)]);
    let _ = desk.undo(&acted);
    assert_eq!(desk.whole(&urgent)["urgency"], "urgent");

    let _ = answer(&desk, "case", &urgent, "still_needed");
    assert_eq!(desk.whole(&urgent)["confirmed_by"], "เสมียน");
    // Help came from somebody else: the need is met by others, and the case is closed.
    let acted = answer(&desk, "case", &normal, "met");
    let whole = desk.whole(&normal);
    assert_eq!(whole["needs"][0]["closing_reason"], "met_by_others");
    assert_eq!(dates(&desk, &normal), []);
    let _ = desk.undo(&acted);
    assert_eq!(desk.whole(&normal)["state"], "reported");
    let refused = desk.refused(
        "recheck.answer",
        json!({ "kind": "case", "id": normal, "answer": "full" }),
    );
    assert_eq!(refused.code, "code_unknown");
}

#[test]
fn help_that_came_by_our_own_volunteer_is_the_receivers_word_on_his_work() {
    let (_folder, desk) = an_office(49);
    let case = desk.case(&a_call("urgent"));
    let (assignment, _) = hands_for(&desk, &case);
    let _ = step(&desk, &assignment, "finish");
    let _ = answer(&desk, "case", &case, "met");
    let whole = desk.whole(&case);
    assert_eq!(whole["assignments"][0]["receiver_word"], "came");
    // The headman still has his word.
    assert_eq!(whole["assignments"][0]["state"], "done");
    assert_eq!(whole["state"], "met");
}

#[test]
fn volunteers_and_service_points_are_rung_when_their_word_has_faded() {
    let (_folder, desk) = an_office(50);
    let volunteer = desk.volunteer(&a_volunteer());
    let kinds = json!(["volunteer", "service_point"]);
    assert_eq!(calls(&desk, &kinds), []);
    desk.env.pass_minutes(31 * 24 * 60);
    assert_eq!(calls(&desk, &kinds).len(), 1);
    let acted = answer(&desk, "volunteer", &volunteer, "away");
    let whole = desk.ok("volunteer.get", json!({ "id": volunteer }));
    assert!(whole.to_string().contains("on_leave"), "{whole}");
    assert_eq!(calls(&desk, &kinds), []);
    let _ = desk.undo(&acted);
    let _ = answer(&desk, "volunteer", &volunteer, "no_answer");
    assert_eq!(calls(&desk, &kinds)[0].2, 1);
    let _ = answer(&desk, "volunteer", &volunteer, "still_available");
    assert_eq!(calls(&desk, &kinds), []);
}
