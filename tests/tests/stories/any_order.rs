//! Whatever people do, in whatever order: the counts are the counts of the rows, the map shows what
//! the list counts, and everybody can be found.

use std::collections::BTreeMap;

use jitasa_tests::desk::{StoryDesk, VILLAGES, a_case, a_volunteer, with};
use proptest::prelude::*;
use serde_json::{Value, json};

/// One thing somebody does; numbers choose among what there is.
#[derive(Debug, Clone)]
enum Step {
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

const URGENCIES: [&str; 4] = ["normal", "urgent", "very_urgent", "critical"];
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
const KINDS: [&str; 3] = ["food_water", "medicine", "bed"];

fn any_step() -> impl Strategy<Value = Step> {
    let (at, n) = (any::<(u8, u8)>(), 0..100_usize);
    prop_oneof![
        4 => (n.clone(), proptest::option::of(at.clone()), n.clone(), 1..4_usize).prop_map(
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

struct Office {
    desk: StoryDesk,
    volunteers: Vec<String>,
    created: usize,
    acts: Vec<Value>,
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
    fn attempt(&mut self, step: &Step) {
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

    /// Cases counted one by one.
    fn plain_rows(&self) -> Vec<Value> {
        let mut rows = Vec::new();
        let mut after = Value::Null;
        loop {
            let page = self.desk.ok(
                "case.list",
                json!({ "filter": { "all_states": true }, "limit": 3, "after": after }),
            );
            rows.extend(page["rows"].as_array().unwrap().iter().cloned());
            after = page["next"].clone();
            if after.is_null() {
                return rows;
            }
        }
    }

    fn counts_hold(&self) {
        let rows = self.plain_rows();
        let total =
            |filter: Value| self.desk.ok("case.list", json!({ "filter": filter }))["total"].clone();
        let count =
            |keep: &dyn Fn(&Value) -> bool| json!(rows.iter().filter(|row| keep(row)).count());
        assert_eq!(total(json!({ "all_states": true })), count(&|_| true));
        assert_eq!(total(json!({})), count(&|row| row["state"] != "closed"));
        for state in ["reported", "open", "in_progress", "met", "closed"] {
            assert_eq!(
                total(json!({ "states": [state] })),
                count(&|row| row["state"] == state),
                "{state}"
            );
        }
        for urgency in URGENCIES {
            let filter = json!({ "urgencies": [urgency], "all_states": true });
            assert_eq!(
                total(filter),
                count(&|row| row["urgency"] == urgency),
                "{urgency}"
            );
        }
        for (code, ..) in VILLAGES {
            let filter = json!({ "areas": [code], "all_states": true });
            assert_eq!(
                total(filter),
                count(&|row| row["area_code"] == code),
                "{code}"
            );
        }
        let filter = json!({ "areas": ["450905"], "all_states": true });
        assert_eq!(total(filter), count(&|_| true));
        let filter = json!({ "no_place": true, "all_states": true });
        assert_eq!(total(filter), count(&|row| row["has_place"] == false));
        for kind in KINDS {
            let has = |row: &Value| {
                row["needs"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .any(|need| need["kind"] == kind)
            };
            let filter = json!({ "need_kinds": [kind], "all_states": true });
            assert_eq!(total(filter), count(&has), "{kind}");
        }
        for verdict in ["unreviewed", "confirmed", "returned"] {
            let filter = json!({ "review_states": [verdict], "all_states": true });
            assert_eq!(
                total(filter),
                count(&|row| row["review_state"] == verdict),
                "{verdict}"
            );
        }
    }

    fn the_map_shows_what_the_list_counts(&self) {
        let rows = self.plain_rows();
        let wholes: Vec<_> = rows
            .iter()
            .map(|row| self.desk.whole(row["id"].as_str().unwrap()))
            .collect();
        let boxes = [
            (97.0, 5.0, 106.0, 21.0),
            (104.18, 16.28, 104.21, 16.31),
            (104.2, 16.3, 104.3, 16.4),
        ];
        for (west, south, east, north) in boxes {
            for zoom in [5.0, 11.0, 14.0, 18.0] {
                let view = self.desk.ok(
                    "map.view",
                    json!({ "west": west, "south": south, "east": east, "north": north, "zoom": zoom,
                            "filter": { "all_states": true } }),
                );
                let inside = wholes
                    .iter()
                    .filter(|case| {
                        case["lat"]
                            .as_f64()
                            .is_some_and(|lat| (south..=north).contains(&lat))
                            && case["lon"]
                                .as_f64()
                                .is_some_and(|lon| (west..=east).contains(&lon))
                    })
                    .count();
                let pins = view["pins"].as_array().unwrap().len() as u64;
                let clusters = view["clusters"].as_array().unwrap();
                let gathered: u64 = clusters
                    .iter()
                    .map(|cluster| cluster["count"].as_u64().unwrap())
                    .sum();
                let by_state: u64 = clusters
                    .iter()
                    .flat_map(|cluster| cluster["by_state"].as_array().unwrap())
                    .map(|count| count.as_u64().unwrap())
                    .sum();
                assert_eq!(
                    (pins + gathered, gathered),
                    (inside as u64, by_state),
                    "zoom {zoom}"
                );
                assert_eq!(view["total"], json!(inside));
                let without = rows.iter().filter(|row| row["has_place"] == false).count();
                assert_eq!(view["without_place"], json!(without));
            }
        }
    }

    fn everybody_is_found(&self) {
        for row in self.plain_rows() {
            let case = self.desk.whole(row["id"].as_str().unwrap());
            let person = &case["person"];
            for text in [
                &person["phone"],
                &person["full_name"],
                &person["family_name"],
                &case["number"],
            ] {
                let found = self
                    .desk
                    .ok("search.find", json!({ "text": text, "limit": 50 }));
                let hits = found["hits"].as_array().unwrap();
                assert!(
                    hits.iter().any(|hit| hit["id"] == case["id"]),
                    "{text} finds {found}"
                );
            }
            let filter = json!({ "filter": { "text": person["phone"], "all_states": true } });
            let listed = self.desk.ok("case.list", filter);
            assert_eq!(
                (&listed["total"], &listed["rows"][0]["id"]),
                (&json!(1), &case["id"])
            );
        }
    }

    /// A case stands where its needs stand.
    fn states_follow_from_needs(&self) {
        for row in self.plain_rows() {
            let mut states: BTreeMap<&str, usize> = BTreeMap::new();
            for need in row["needs"].as_array().unwrap() {
                *states.entry(need["state"].as_str().unwrap()).or_default() += 1;
            }
            let all_closed = states.len() == 1 && states.contains_key("closed");
            assert_eq!(row["state"] == "closed", all_closed, "{row}");
        }
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

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 10, failure_persistence: None, max_shrink_iters: 60, ..ProptestConfig::default()
    })]

    #[test]
    fn whatever_people_do_counts_map_and_search_agree_with_the_rows(
        steps in proptest::collection::vec(any_step(), 10..45),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let desk = StoryDesk::office(folder.path(), 7);
        let volunteers = (0..3)
            .map(|n| desk.volunteer(&with(a_volunteer(), &json!({ "phone": format!("081000000{n}") }))))
            .collect();
        let mut office = Office { desk, volunteers, created: 0, acts: Vec::new() };
        for step in &steps {
            office.attempt(step);
        }
        office.counts_hold();
        office.the_map_shows_what_the_list_counts();
        office.everybody_is_found();
        office.states_follow_from_needs();
        prop_assert_eq!(&office.desk.ok("doctor.run", json!({}))["ok"], &json!(true));
        // The same after the program was closed and opened again.
        drop(office.desk);
        office.desk = StoryDesk::open(folder.path(), 8);
        office.counts_hold();
    }
}
