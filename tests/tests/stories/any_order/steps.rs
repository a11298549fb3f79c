//! The steps: what a clerk and a headman can do, chosen by numbers among what there is.

use jitasa_tests::desk::{StoryDesk, VILLAGES, a_case, with};
use proptest::prelude::*;
use serde_json::{Value, json};

/// One thing somebody does; numbers choose among what there is.
#[derive(Debug, Clone)]
pub(super) enum Step {
    Create {
        village: usize,
        place: Option<(u8, u8)>,
        urgency: usize,
        needs: usize,
    },
    Edit {
        case: usize,
        village: usize,
        urgency: usize,
        place: bool,
    },
    Place {
        case: usize,
        at: (u8, u8),
    },
    Close {
        case: usize,
    },
    Reopen {
        case: usize,
    },
    MoveNeed {
        case: usize,
        need: usize,
        step: usize,
    },
    Propose {
        case: usize,
        need: usize,
    },
    MoveAssignment {
        case: usize,
        step: usize,
    },
    Decide {
        case: usize,
        verdict: usize,
        on_assignment: bool,
    },
    Undo,
    UndoOf {
        act: usize,
    },
}

pub(super) const URGENCIES: [&str; 4] = ["normal", "urgent", "very_urgent", "critical"];
const NEED_STEPS: [&str; 5] = ["verify", "open", "meet", "close", "reopen"];
const ASSIGNMENT_STEPS: [&str; 9] = [
    "offer",
    "accept",
    "decline",
    "depart",
    "arrive",
    "finish",
    "finish_partly",
    "fail",
    "revoke",
];
const VERDICTS: [&str; 4] = ["confirmed", "returned", "not_found", "rejected"];
pub(super) const KINDS: [&str; 3] = ["food_water", "medicine", "bed"];

pub(super) fn any_step() -> impl Strategy<Value = Step> {
    let (at, n) = (any::<(u8, u8)>(), 0..100_usize);
    prop_oneof![
        4 => (n.clone(), proptest::option::of(at), n.clone(), 1..4_usize).prop_map(
            |(village, place, urgency, needs)| Step::Create { village, place, urgency, needs }
        ),
        2 => (n.clone(), n.clone(), n.clone(), any::<bool>()).prop_map(
            |(case, village, urgency, place)| Step::Edit { case, village, urgency, place }
        ),
        1 => (n.clone(), at).prop_map(|(case, at)| Step::Place { case, at }),
        2 => n.clone().prop_map(|case| Step::Close { case }),
        1 => n.clone().prop_map(|case| Step::Reopen { case }),
        2 => (n.clone(), n.clone(), n.clone())
            .prop_map(|(case, need, step)| Step::MoveNeed { case, need, step }),
        2 => (n.clone(), n.clone()).prop_map(|(case, need)| Step::Propose { case, need }),
        2 => (n.clone(), n.clone()).prop_map(|(case, step)| Step::MoveAssignment { case, step }),
        1 => (n.clone(), n.clone(), any::<bool>())
            .prop_map(|(case, verdict, on_assignment)| Step::Decide { case, verdict, on_assignment }),
        2 => Just(Step::Undo),
        1 => n.prop_map(|act| Step::UndoOf { act }),
    ]
}

fn point((north, east): (u8, u8)) -> (f64, f64) {
    (
        16.28 + f64::from(north) / 4_000.0,
        104.18 + f64::from(east) / 4_000.0,
    )
}

pub(super) struct Office {
    pub(super) desk: StoryDesk,
    pub(super) volunteers: Vec<String>,
    pub(super) created: usize,
    pub(super) acts: Vec<Value>,
}

impl Office {
    fn case(&self, n: usize) -> Option<Value> {
        let list = self.desk.ok(
            "case.list",
            json!({ "filter": { "all_states": true }, "sort": "number", "limit": 500 }),
        );
        let rows = list["rows"].as_array().unwrap();
        let row = rows.get(n.checked_rem(rows.len())?)?;
        Some(self.desk.whole(row["id"].as_str().unwrap()))
    }

    /// Tries a step: most are refused at some time, and a refusal changes nothing.
    pub(super) fn attempt(&mut self, step: &Step) {
        self.desk.env.pass_minutes(1);
        let Some((role, command, request)) = self.request(step) else {
            return;
        };
        self.desk.sit_down(role);
        let before = self.desk.ok("status.get", json!({}))["data_version"].clone();
        match self.desk.app.call(command, request) {
            Ok(acted) => self.acts.push(acted["act_id"].clone()),
            Err(refusal) => {
                assert!(
                    !refusal.code.starts_with("store_"),
                    "{command}: {refusal:?}"
                );
                let after = self.desk.ok("status.get", json!({}))["data_version"].clone();
                assert_eq!(before, after, "{command} was refused and changed something");
            }
        }
        self.desk.sit_down("clerk");
    }

    fn request(&mut self, step: &Step) -> Option<(&'static str, &'static str, Value)> {
        let clerk = |command, request| Some(("clerk", command, request));
        match step {
            Step::Create {
                village,
                place,
                urgency,
                needs,
            } => {
                self.created += 1;
                clerk(
                    "case.create",
                    self.draft(self.created, *village, *place, *urgency, *needs),
                )
            }
            Step::Edit {
                case,
                village,
                urgency,
                place,
            } => {
                let case = self.case(*case)?;
                let n = case["person"]["family_name"].as_str()?.len();
                let place = place.then_some((7, 9));
                let mut draft = self.draft(n, *village, place, *urgency, 1);
                for part in ["given_name", "family_name", "phone"] {
                    draft[part] = case["person"][part].clone();
                }
                clerk(
                    "case.edit",
                    json!({ "id": case["id"], "version": case["version"], "draft": draft }),
                )
            }
            Step::Place { case, at } => {
                let (lat, lon) = point(*at);
                clerk(
                    "case.place",
                    json!({ "id": self.case(*case)?["id"], "lat": lat, "lon": lon }),
                )
            }
            Step::Close { case } => clerk(
                "case.close",
                json!({ "id": self.case(*case)?["id"], "reason": "met" }),
            ),
            Step::Reopen { case } => clerk(
                "case.reopen",
                json!({ "id": self.case(*case)?["id"], "note": "อีกครั้ง" }),
            ),
            Step::MoveNeed { case, need, step } => {
                let step = NEED_STEPS[step % NEED_STEPS.len()];
                let reason = (step == "close").then_some("met");
                let need = pick(&self.case(*case)?["needs"], *need)?;
                clerk(
                    "need.move",
                    json!({ "id": need["id"], "step": step, "reason": reason }),
                )
            }
            Step::Propose { case, need } => {
                let need = pick(&self.case(*case)?["needs"], *need)?;
                let volunteer = &self.volunteers[case % self.volunteers.len()];
                clerk(
                    "assignment.propose",
                    json!({ "need_id": need["id"], "volunteer_id": volunteer, "offered": case % 2 == 0 }),
                )
            }
            Step::MoveAssignment { case, step } => {
                let assignment = pick(&self.case(*case)?["assignments"], *step)?;
                let step = ASSIGNMENT_STEPS[step % ASSIGNMENT_STEPS.len()];
                clerk(
                    "assignment.move",
                    json!({ "id": assignment["id"], "step": step, "reason": "ตามที่แจ้ง" }),
                )
            }
            Step::Decide {
                case,
                verdict,
                on_assignment,
            } => {
                let case = self.case(*case)?;
                let assignment = if *on_assignment {
                    pick(&case["assignments"], 0)?["id"].clone()
                } else {
                    Value::Null
                };
                let word = json!({
                    "case_id": case["id"], "assignment_id": assignment,
                    "verdict": VERDICTS[verdict % VERDICTS.len()], "reason": "ไปดูมาแล้ว",
                });
                Some(("headman", "review.decide", word))
            }
            Step::Undo => {
                let undo = self.desk.ok("status.get", json!({}))["undo"].clone();
                clerk("undo.run", json!({ "act_id": undo["act_id"].as_str()? }))
            }
            Step::UndoOf { act } => {
                let act = self.acts.get(act.checked_rem(self.acts.len())?)?;
                clerk("undo.run", json!({ "act_id": act }))
            }
        }
    }

    fn draft(
        &self,
        n: usize,
        village: usize,
        place: Option<(u8, u8)>,
        urgency: usize,
        needs: usize,
    ) -> Value {
        let at = place.map(point);
        let needs: Vec<_> = KINDS
            .iter()
            .take(needs)
            .map(|kind| json!({ "kind": kind, "detail": "" }))
            .collect();
        with(
            a_case(),
            &json!({
                "given_name": "สมชาย", "family_name": family(n), "phone": format!("0800{n:06}"),
                "area_code": VILLAGES[village % VILLAGES.len()].0,
                "lat": at.map(|(lat, _)| lat), "lon": at.map(|(_, lon)| lon),
                "urgency": URGENCIES[urgency % URGENCIES.len()], "needs": needs,
            }),
        )
    }
}

fn pick(list: &Value, n: usize) -> Option<Value> {
    let list = list.as_array()?;
    list.get(n.checked_rem(list.len())?).cloned()
}

/// A family name that is another one for each number.
fn family(n: usize) -> String {
    const SYLLABLES: [&str; 10] = [
        "แก้ว",
        "บุญ",
        "ทอง",
        "ศรี",
        "พร",
        "ชัย",
        "คำ",
        "มณี",
        "วงศ์",
        "สุข",
    ];
    format!("{n:03}")
        .bytes()
        .map(|digit| SYLLABLES[usize::from(digit - b'0')])
        .collect()
}
