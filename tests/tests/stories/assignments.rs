//! The whole life of an assignment, through the API: each lawful step and no other, several hands on one need, who was
//! set aside and reconsidered.

use jitasa_domain::{
    AssignmentState, NeedState,
    lifecycle::{self, AssignmentMove},
};
use jitasa_tests::desk::{StoryDesk, a_case, a_volunteer, text, with};
use serde_json::{Value, json};

/// The need of this kind of a case.
#[track_caller]
pub(crate) fn need(desk: &StoryDesk, case: &str, kind: &str) -> Value {
    let whole = desk.whole(case);
    let needs = whole["needs"].as_array().unwrap().clone();
    needs.into_iter().find(|need| need["kind"] == kind).unwrap()
}

pub(crate) fn need_id(desk: &StoryDesk, case: &str, kind: &str) -> String {
    text(&need(desk, case, kind)["id"])
}

#[track_caller]
pub(crate) fn assignment(desk: &StoryDesk, case: &str, id: &str) -> Value {
    let whole = desk.whole(case);
    let all = whole["assignments"].as_array().unwrap().clone();
    all.into_iter().find(|each| each["id"] == id).unwrap()
}

#[track_caller]
pub(crate) fn propose(desk: &StoryDesk, need: &str, volunteer: &str, offered: bool) -> String {
    let request = json!({ "need_id": need, "volunteer_id": volunteer, "offered": offered,
        "channel": offered.then_some("phone") });
    text(&desk.ok("assignment.propose", request)["id"])
}

#[track_caller]
pub(crate) fn step(desk: &StoryDesk, id: &str, step: &str) -> Value {
    desk.ok(
        "assignment.move",
        json!({ "id": id, "step": step, "reason": "ตามที่แจ้ง" }),
    )
}

pub(crate) fn another(desk: &StoryDesk, name: &str) -> String {
    desk.volunteer(&with(
        a_volunteer(),
        &json!({ "given_name": name, "phone": null }),
    ))
}

/// The steps that lead from a proposal to a state. `confirm` and `return` are the headman's, `expire` is the clock's,
/// and `reassign` is a hand-over.
fn way_to(state: AssignmentState) -> &'static [&'static str] {
    use AssignmentState as S;
    match state {
        S::Proposed => &[],
        S::Offered => &["offer"],
        S::Accepted => &["offer", "accept"],
        S::Declined => &["offer", "decline"],
        S::Expired => &["offer", "expire"],
        S::EnRoute => &["offer", "accept", "depart"],
        S::OnSite => &["offer", "accept", "depart", "arrive"],
        S::Done => &["offer", "accept", "finish"],
        S::PartlyDone => &["offer", "accept", "finish_partly"],
        S::Failed => &["offer", "accept", "fail"],
        S::Confirmed => &["offer", "accept", "finish", "confirm"],
        S::Returned => &["offer", "accept", "finish", "return"],
        S::Revoked => &["revoke"],
        S::Reassigned => &["offer", "reassign"],
    }
}

/// Brings an assignment further on its way, by whoever does that.
fn lead(desk: &StoryDesk, case: &str, id: &str, move_code: &str) {
    match move_code {
        "expire" => {
            desk.env.pass_minutes(8 * 60);
            assert!(desk.ok("time.pass", json!({}))["expired"].as_u64() > Some(0));
        }
        "reassign" => {
            let from = text(&assignment(desk, case, id)["volunteer_id"]);
            let to = another(desk, "ชูใจ");
            let over = json!({ "volunteer_id": from, "reason": "ตามที่แจ้ง",
                "to": [{ "assignment_id": id, "volunteer_id": to }] });
            let _ = desk.ok("assignment.hand_over", over);
        }
        _ => drop(take(desk, case, id, move_code).unwrap()),
    }
}

/// Takes a step as whoever takes it: the headman's word through his inbox.
fn take(
    desk: &StoryDesk,
    case: &str,
    id: &str,
    move_code: &str,
) -> Result<Value, jitasa_app::ApiError> {
    let verdict = match move_code {
        "confirm" => "confirmed",
        "return" => "returned",
        _ => {
            let request = json!({ "id": id, "step": move_code, "reason": "ตามที่แจ้ง" });
            return desk.app.call("assignment.move", request);
        }
    };
    desk.sit_down("headman");
    let word =
        json!({ "case_id": case, "assignment_id": id, "verdict": verdict, "reason": "ตามที่เห็น" });
    let answer = desk.app.call("review.decide", word);
    desk.sit_down("clerk");
    answer
}

#[test]
fn from_each_state_the_lawful_steps_lead_on_and_all_others_change_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 31);
    for state in AssignmentState::ALL {
        let case = desk.case(&with(
            a_case(),
            &json!({ "needs": [{ "kind": "food_water", "detail": "" }] }),
        ));
        let volunteer = another(&desk, "มานี");
        let id = propose(
            &desk,
            &need_id(&desk, &case, "food_water"),
            &volunteer,
            false,
        );
        for code in way_to(*state) {
            lead(&desk, &case, &id, code);
        }
        let before = assignment(&desk, &case, &id);
        assert_eq!(before["state"], state.code());
        let need_before = need(&desk, &case, "food_water")["state"].clone();
        for move_taken in AssignmentMove::ALL {
            let code = move_taken.code();
            let lawful = lifecycle::assignment_after(*state, *move_taken);
            let by_itself = match move_taken {
                AssignmentMove::Expire => Some("expire_is_the_clocks"),
                AssignmentMove::Reassign => Some("reassign_without_successor"),
                _ => None,
            };
            match (take(&desk, &case, &id, code), lawful) {
                (Err(refused), _) if by_itself.is_some() => {
                    assert_eq!(Some(refused.code.as_str()), by_itself, "{state:?} {code}");
                }
                (Ok(acted), Ok((after, _))) => {
                    let moved = assignment(&desk, &case, &id);
                    assert_eq!(moved["state"], after.code(), "{state:?} {code}");
                    if matches!(code, "confirm" | "return") {
                        desk.sit_down("headman");
                    }
                    let _ = desk.undo(&acted);
                    desk.sit_down("clerk");
                }
                (Err(refused), Err(_)) => {
                    assert_eq!(refused.code, "unlawful_move", "{state:?} {code}");
                    assert_eq!(refused.details["from"], state.code());
                    assert_eq!(refused.details["step"], code);
                }
                (answer, lawful) => panic!("{state:?} {code}: {answer:?} against {lawful:?}"),
            }
            let now = assignment(&desk, &case, &id);
            for field in ["state", "state_since", "reason", "outcome", "offered_at"] {
                assert_eq!(now[field], before[field], "{state:?} {code}: {field}");
            }
            let need_now = need(&desk, &case, "food_water")["state"].clone();
            assert_eq!(need_now, need_before, "{state:?} {code}");
        }
    }
}

#[test]
fn a_number_is_the_cases_with_a_serial_and_finds_the_case() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 32);
    let case = desk.case(&a_case());
    let volunteer = desk.volunteer(&a_volunteer());
    let first = propose(
        &desk,
        &need_id(&desk, &case, "food_water"),
        &volunteer,
        true,
    );
    let second = desk.ok(
        "assignment.propose",
        json!({ "need_id": need_id(&desk, &case, "medicine"), "volunteer_id": volunteer }),
    );
    assert_eq!(
        assignment(&desk, &case, &first)["number"],
        "450905-69-00001-01"
    );
    // One that was taken back keeps its number: it may stand on a slip.
    let _ = desk.undo(&second);
    let third = propose(&desk, &need_id(&desk, &case, "medicine"), &volunteer, true);
    assert_eq!(
        assignment(&desk, &case, &third)["number"],
        "450905-69-00001-03"
    );
    let hits = desk.ok("search.find", json!({ "text": "450905-69-00001-03" }));
    assert_eq!(hits["hits"][0]["id"], case.as_str(), "{hits}");
}

#[test]
fn several_go_and_the_need_is_met_when_the_last_of_them_is_done() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 34);
    let case = desk.case(&a_case());
    let wanted = need_id(&desk, &case, "food_water");
    let people: Vec<String> = ["มานี", "ชูใจ", "ปิติ", "วีระ"]
        .iter()
        .map(|name| another(&desk, name))
        .collect();
    let first = propose(&desk, &wanted, &people[0], true);
    let second_too_many = json!({ "need_id": wanted, "volunteer_id": people[1] });
    assert_eq!(
        desk.refused("assignment.propose", second_too_many).code,
        "need_has_hands"
    );
    for (hands, code) in [(0, "hands_wrong"), (51, "hands_wrong")] {
        let refused = desk.refused("need.hands", json!({ "id": wanted, "hands": hands }));
        assert_eq!(refused.code, code, "{hands}");
    }
    let _ = desk.ok("need.hands", json!({ "id": wanted, "hands": 3 }));
    let second = propose(&desk, &wanted, &people[1], true);
    let third = propose(&desk, &wanted, &people[2], true);
    assert_eq!(
        desk.refused("need.hands", json!({ "id": wanted, "hands": 2 }))
            .code,
        "hands_fewer_than_held"
    );
    let state = |desk: &StoryDesk| text(&need(desk, &case, "food_water")["state"]);
    let _ = step(&desk, &first, "accept");
    let _ = step(&desk, &second, "accept");
    assert_eq!(state(&desk), "assigned");
    desk.env.pass_minutes(10);
    let _ = step(&desk, &first, "finish");
    assert_eq!(state(&desk), "in_progress", "the second is still at it");
    // The third declines: there is room again, and the board shows it.
    let _ = step(&desk, &third, "decline");
    let board = desk.ok("assignment.board", json!({ "need_kinds": ["food_water"] }));
    assert_eq!(board["total"], 1, "{board}");
    assert_eq!(
        (&board["rows"][0]["hands"], &board["rows"][0]["hands_held"]),
        (&json!(3), &json!(2))
    );
    desk.env.pass_minutes(10);
    let fell_ill = step(&desk, &second, "fail");
    assert_eq!(state(&desk), "met", "whoever stayed with it is done");
    let _ = desk.undo(&fell_ill);
    assert_eq!(state(&desk), "in_progress");
    let fourth = propose(&desk, &wanted, &people[3], true);
    let _ = step(&desk, &second, "fail");
    assert_eq!(
        state(&desk),
        "in_progress",
        "the fourth is still being asked"
    );
    let _ = step(&desk, &fourth, "accept");
    let _ = step(&desk, &fourth, "finish_partly");
    assert_eq!(state(&desk), "partly_met", "one of them did a part");

    // The headman confirms the one that was done; the need is not closed by it.
    take(&desk, &case, &first, "confirm").unwrap();
    assert_eq!(state(&desk), "partly_met");
}

#[test]
fn a_need_of_two_is_closed_when_the_headman_has_confirmed_both() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 35);
    let case = desk.case(&a_case());
    let wanted = need_id(&desk, &case, "food_water");
    let _ = desk.ok("need.hands", json!({ "id": wanted, "hands": 2 }));
    let ids: Vec<String> = ["มานี", "ชูใจ"]
        .iter()
        .map(|name| propose(&desk, &wanted, &another(&desk, name), true))
        .collect();
    for id in &ids {
        let _ = step(&desk, id, "accept");
    }
    for id in &ids {
        desk.env.pass_minutes(5);
        let _ = step(&desk, id, "finish");
    }
    let state = |desk: &StoryDesk| text(&need(desk, &case, "food_water")["state"]);
    assert_eq!(state(&desk), NeedState::Met.code());
    take(&desk, &case, &ids[0], "confirm").unwrap();
    assert_eq!(state(&desk), "met", "he has yet to say a word on the other");
    take(&desk, &case, &ids[1], "confirm").unwrap();
    assert_eq!(state(&desk), "closed");
}

#[test]
fn who_declined_or_was_set_aside_is_asked_again_only_when_he_is_reconsidered() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 36);
    let case = desk.case(&a_case());
    let wanted = need_id(&desk, &case, "food_water");
    let (declines, aside) = (another(&desk, "มานี"), another(&desk, "ชูใจ"));
    let offer = propose(&desk, &wanted, &declines, true);
    let told = json!({ "need_id": wanted, "volunteer_id": declines, "reason": "ไกล" });
    assert_eq!(
        desk.refused("assignment.reject", told).code,
        "volunteer_told_already"
    );
    let _ = step(&desk, &offer, "decline");
    let reject = json!({ "need_id": wanted, "volunteer_id": aside, "reason": "เป็นญาติกัน" });
    let without = with(reject.clone(), &json!({ "reason": " " }));
    assert_eq!(
        desk.refused("assignment.reject", without).code,
        "reason_missing"
    );
    let rejected = desk.ok("assignment.reject", reject.clone());
    assert_eq!(
        desk.refused("assignment.reject", reject).code,
        "volunteer_declined_need"
    );

    let suggested = desk.ok("assignment.suggest", json!({ "need_id": wanted }));
    assert_eq!(suggested["suggestions"], json!([]), "{suggested}");
    assert_eq!(
        suggested["not_suited"],
        json!([{ "code": "barred", "count": 2 }])
    );
    let notes: Vec<_> = suggested["set_aside"]
        .as_array()
        .unwrap()
        .iter()
        .map(|each| text(&each["why_not_note"]))
        .collect();
    assert_eq!(notes, ["ตามที่แจ้ง", "เป็นญาติกัน"]);
    for volunteer in [&declines, &aside] {
        let pair = json!({ "need_id": wanted, "volunteer_id": volunteer });
        assert_eq!(
            desk.refused("assignment.propose", pair).code,
            "volunteer_declined_need"
        );
    }

    // Taken back, he may be suggested; reconsidered, the other may too. His history stays in the case's.
    let _ = desk.undo(&rejected);
    let pair = json!({ "need_id": wanted, "volunteer_id": declines });
    let reconsidered = desk.ok("assignment.reconsider", pair.clone());
    assert_eq!(
        desk.refused("assignment.reconsider", pair.clone()).code,
        "not_set_aside"
    );
    let suggested = desk.ok("assignment.suggest", json!({ "need_id": wanted }));
    assert_eq!(suggested["suggestions"].as_array().unwrap().len(), 2);
    let _ = desk.undo(&reconsidered);
    assert_eq!(
        desk.refused("assignment.propose", pair).code,
        "volunteer_declined_need"
    );
    // A proposal nobody was told of is set aside where it stands.
    let standing = propose(&desk, &wanted, &aside, false);
    let reject = json!({ "need_id": wanted, "volunteer_id": aside, "reason": "ติดธุระ" });
    let _ = desk.ok("assignment.reject", reject);
    assert_eq!(assignment(&desk, &case, &standing)["state"], "revoked");
}

#[test]
fn only_the_vetted_are_given_work_unless_the_office_says_otherwise() {
    let folder = tempfile::tempdir().unwrap();
    let desk = StoryDesk::office(folder.path(), 37);
    let case = desk.case(&a_case());
    let wanted = need_id(&desk, &case, "food_water");
    let new = desk.volunteer(&with(a_volunteer(), &json!({ "vetting": "unvetted" })));
    let pair = json!({ "need_id": wanted, "volunteer_id": new });
    assert_eq!(
        desk.refused("assignment.propose", pair.clone()).code,
        "volunteer_not_vetted"
    );
    let suggested = desk.ok("assignment.suggest", json!({ "need_id": wanted }));
    assert_eq!(suggested["suggestions"], json!([]));
    assert_eq!(suggested["not_suited"][0]["code"], "not_vetted");
    let found = desk.ok(
        "assignment.suggest",
        json!({ "need_id": wanted, "text": "บัวลี" }),
    );
    assert_eq!(found["suggestions"][0]["why_not"], "not_vetted", "{found}");
    let _ = desk.ok(
        "rule.save",
        json!({ "code": "matching.only_vetted", "value": "no" }),
    );
    let suggested = desk.ok("assignment.suggest", json!({ "need_id": wanted }));
    assert_eq!(suggested["suggestions"][0]["volunteer_id"], new.as_str());
    let _ = desk.ok("assignment.propose", pair);
}
