//! The office's day, tick by tick, through the API alone.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use jitasa_domain::ids::SeededIds;
use jitasa_tests::desk::{StoryDesk, text};
use serde_json::{Value, json};

use crate::{
    flood::{self, Call},
    limits,
};

/// Minutes of a tick.
pub(crate) const TICK_MIN: i64 = 10;

/// What a volunteer will do next with what he was given.
#[derive(Debug)]
struct Fate {
    assignment: String,
    at_min: i64,
    step: &'static str,
}

/// The desk, the day's calls to come, and what volunteers are about to do.
pub(crate) struct Day {
    desk: StoryDesk,
    chance: SeededIds,
    calls: Vec<Call>,
    fates: Vec<Fate>,
    /// Volunteers who are ill, and until when.
    ill: Vec<(String, i64)>,
    limits: BTreeMap<String, i64>,
    now_min: i64,
    pub(crate) needs_recorded: usize,
    /// How often what happened.
    pub(crate) told: BTreeMap<&'static str, usize>,
}

impl Day {
    /// A practice district with its 1,170 volunteers and no case yet.
    pub(crate) fn begin(folder: &Path, seed: u64) -> Self {
        let desk = StoryDesk::open(folder, seed);
        desk.app.init_practice("0", seed).unwrap();
        let _ = desk.ok(
            "incident.save",
            json!({ "name": "น้ำท่วมวันเดียว (ฝึกหัด)", "kind": "flood", "started_on": "2026-11-22" }),
        );
        let villages = desk.ok("village.list", json!({}));
        let mut chance = SeededIds(seed);
        let calls = flood::calls(
            &mut chance,
            villages["villages"].as_array().unwrap(),
            crate::TICKS,
        );
        let volunteers = desk.ok("volunteer.list", json!({ "limit": 1 }));
        assert_eq!(volunteers["total"], 1_170);
        Self {
            limits: limits(&desk),
            desk,
            chance,
            calls,
            fates: Vec::new(),
            ill: Vec::new(),
            now_min: 0,
            needs_recorded: 0,
            told: ["declined", "expired", "done", "handed_over", "escalated"]
                .map(|what| (what, 0))
                .into(),
        }
    }

    fn count(&mut self, what: &'static str, n: usize) {
        *self.told.entry(what).or_default() += n;
    }

    pub(crate) fn next_tick(&mut self) {
        self.desk.env.pass_minutes(TICK_MIN);
        self.now_min += TICK_MIN;
    }

    pub(crate) fn calls_come_in(&mut self, tick: i64) {
        let later = self.calls.iter().position(|call| call.tick > tick);
        let now: Vec<Call> = self
            .calls
            .drain(..later.unwrap_or(self.calls.len()))
            .collect();
        for call in now {
            let _ = self.desk.case(&call.draft);
            self.needs_recorded += call.needs;
        }
    }

    /// Whatever volunteers were about to do by now. Steps of a kind go in one act.
    pub(crate) fn volunteers_answer(&mut self) {
        let now = self.now_min;
        let (due, later) = std::mem::take(&mut self.fates)
            .into_iter()
            .partition::<Vec<_>, _>(|fate| fate.at_min <= now);
        self.fates = later;
        for step in ["accept", "decline", "finish", "finish_partly", "fail"] {
            let ids: Vec<&str> = due
                .iter()
                .filter(|fate| fate.step == step)
                .map(|fate| fate.assignment.as_str())
                .collect();
            if ids.is_empty() {
                continue;
            }
            let reason = matches!(step, "decline" | "fail").then_some("ติดภารกิจอื่น");
            let outcome = step.starts_with("finish").then_some("ส่งของแล้ว");
            let _ = self.desk.ok(
                "assignment.move_all",
                json!({ "ids": ids, "step": step, "reason": reason, "outcome": outcome }),
            );
            match step {
                "accept" => {
                    for id in ids {
                        let (after, step) = match self.chance.below(20) {
                            0 => (60, "fail"),
                            1 => (90, "finish_partly"),
                            _ => (30 + 10 * self.chance.below(10), "finish"),
                        };
                        self.fates.push(Fate {
                            assignment: id.to_string(),
                            at_min: now + i64::try_from(after).unwrap(),
                            step,
                        });
                    }
                }
                "decline" => self.count("declined", ids.len()),
                "finish" => self.count("done", ids.len()),
                _ => {}
            }
        }
    }

    /// Now and then somebody falls ill: what he holds goes to others, and he is back some hours later.
    pub(crate) fn somebody_falls_ill(&mut self, tick: i64) {
        let (back, ill) = std::mem::take(&mut self.ill)
            .into_iter()
            .partition::<Vec<_>, _>(|(_, until)| *until <= self.now_min);
        self.ill = ill;
        for (id, _) in back {
            let _ = self.desk.ok(
                "volunteer.away",
                json!({ "id": id, "availability": "available" }),
            );
        }
        if tick % 5 != 4 {
            return;
        }
        let busy = self.desk.ok("assignment.list", json!({ "limit": 50 }));
        let rows = busy["rows"].as_array().unwrap();
        let Some(row) = rows.get(self.chance.below(rows.len())) else {
            return;
        };
        let id = text(&row["volunteer_id"]);
        let could = self
            .desk
            .ok("assignment.replacements", json!({ "volunteer_id": id }));
        let to: Vec<Value> = could["rows"]
            .as_array()
            .unwrap()
            .iter()
            .map(|each| json!({ "assignment_id": each["assignment"]["id"], "volunteer_id": each["chosen"] }))
            .collect();
        let held: BTreeSet<String> = to.iter().map(|line| text(&line["assignment_id"])).collect();
        let _ = self.desk.ok(
            "assignment.hand_over",
            json!({
                "volunteer_id": id, "reason": "ป่วย", "to": to, "offered": true, "channel": "phone",
                "away": { "id": id, "availability": "on_leave", "away_from": null, "away_until": null, "reason": "ป่วย" },
            }),
        );
        self.count("handed_over", held.len());
        self.fates.retain(|fate| !held.contains(&fate.assignment));
        self.ill.push((id, self.now_min + 180));
        self.schedule_new_offers();
    }

    pub(crate) fn time_passes(&mut self) {
        let passed = self.desk.ok("time.pass", json!({}));
        let of = |name: &str| usize::try_from(passed[name].as_u64().unwrap()).unwrap();
        self.count("expired", of("expired"));
        self.count(
            "escalated",
            of("escalated_supervisor") + of("escalated_district"),
        );
    }

    /// The office asks for the plan, sees that it is the best there is, and offers all of it.
    pub(crate) fn office_plans(&mut self) {
        let plan = self.desk.ok("assignment.plan", json!({}));
        assert_eq!(plan["cost"], plan["bound"], "the plan is not the best one");
        let fresh: Vec<Value> = plan["lines"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|line| line["change"] != "keep")
            .map(|line| {
                let replaces = (line["change"] == "instead").then(|| &line["assignment_id"]);
                json!({
                    "need_id": line["need_id"], "volunteer_id": line["volunteer_id"], "replaces": replaces,
                })
            })
            .collect();
        if fresh.is_empty() {
            return;
        }
        let done = self.desk.ok(
            "assignment.propose_all",
            json!({ "pairs": fresh, "offered": true, "channel": "phone" }),
        );
        assert_eq!(done["refused"], json!([]), "the plan breaks a rule");
        let replaced: BTreeSet<&str> = fresh
            .iter()
            .filter_map(|pair| pair["replaces"].as_str())
            .collect();
        self.fates
            .retain(|fate| !replaced.contains(fate.assignment.as_str()));
        self.count("asked_another", replaced.len());
        self.schedule_new_offers();
    }

    /// Everybody who was asked and of whom nothing is scheduled yet will do something, or stay silent.
    fn schedule_new_offers(&mut self) {
        let known: BTreeSet<String> = self
            .fates
            .iter()
            .map(|fate| fate.assignment.clone())
            .collect();
        let now = self.desk.ok("status.get", json!({}))["now"]
            .as_i64()
            .unwrap();
        let mut after = Value::Null;
        loop {
            let page = self.desk.ok(
                "assignment.list",
                json!({ "states": ["offered"], "limit": 500, "after": after }),
            );
            for row in page["rows"].as_array().unwrap() {
                let id = text(&row["id"]);
                // Asked in this very minute; who was asked earlier and has no fate stays silent.
                if row["offered_at"].as_i64() != Some(now) || known.contains(&id) {
                    continue;
                }
                let step = match self.chance.below(100) {
                    0..=77 => "accept",
                    78..=89 => "decline",
                    _ => continue,
                };
                let wait = 5 + 5 * i64::try_from(self.chance.below(5)).unwrap();
                self.fates.push(Fate {
                    assignment: id,
                    at_min: self.now_min + wait,
                    step,
                });
            }
            after = page["next"].clone();
            if after.is_null() {
                return;
            }
        }
    }

    /// Each need without hands: younger than its limit, or the supervisor (or the district) has been told.
    pub(crate) fn nothing_is_quiet(&self) {
        let mut after = Value::Null;
        loop {
            let page = self
                .desk
                .ok("assignment.board", json!({ "limit": 500, "after": after }));
            for row in page["rows"].as_array().unwrap() {
                let limit = self.limits[row["case"]["urgency"].as_str().unwrap()];
                let told = row["case"]["escalation"] != "none";
                assert!(
                    told || row["waiting_min"].as_i64().unwrap() <= limit,
                    "nobody was told of {row}"
                );
            }
            after = page["next"].clone();
            if after.is_null() {
                return;
            }
        }
    }

    pub(crate) fn a_new_plan_costs_the_same(&self, folder: &Path) {
        let kept = self.desk.ok("assignment.plan", json!({}));
        let other = StoryDesk::open(folder, 1);
        other.env.pass_minutes(self.now_min);
        let made_anew = other.ok("assignment.plan", json!({}));
        assert_eq!(kept["cost"], made_anew["cost"]);
        assert_eq!(made_anew["cost"], made_anew["bound"]);
    }

    /// Needs of the office by where they stand add up to all that were recorded.
    pub(crate) fn every_need_is_accounted_for(&self) {
        let mut needs = 0;
        let mut after = Value::Null;
        loop {
            let page = self.desk.ok(
                "case.list",
                json!({ "filter": { "all_states": true }, "sort": "number", "limit": 500, "after": after }),
            );
            for row in page["rows"].as_array().unwrap() {
                needs += row["needs"].as_array().unwrap().len();
            }
            after = page["next"].clone();
            if after.is_null() {
                break;
            }
        }
        assert_eq!(needs, self.needs_recorded);
    }
}
