//! The same as the window meets it: a made-up district's desk, JSON in and out, by the clock. What the minute's
//! round made ready is what a finger finds: the first suggestion and the first plan after the start are told apart
//! from those after an act. There is no peer for these, so they are no figures.

use std::{
    io::{self, Write as _},
    sync::Arc,
};

use jitasa_app::{App, SystemEnv};
use serde_json::{Value, json};

use super::{median, percentile};
use crate::{Outcome, machine};

/// The same made-up people in every run.
const SEED: u64 = 2_569;
/// Starts of the program, and acts after the last of them.
const STARTS: usize = 7;
const ACTS: usize = 40;

/// Measures and prints.
pub(super) fn run() -> Outcome<()> {
    let dir = tempfile::tempdir()?;
    let env = Arc::new(SystemEnv);
    App::open(dir.path(), env.clone())?.init_practice("amphoe", SEED)?;
    let mut first = [const { Vec::new() }; 3];
    let mut desk = None;
    for _ in 0..STARTS {
        let app = App::open(dir.path(), env.clone())?;
        let mut ask = |at: usize, name: &str| -> Outcome<Value> {
            let (answer, ms) = timed(&app, name, json!({}))?;
            first[at].push(ms);
            Ok(answer)
        };
        ask(0, "time.pass")?;
        let board = ask(1, "assignment.board")?;
        let plan = ask(2, "assignment.plan")?;
        desk = Some((app, board, plan));
    }
    let (app, board, plan) = desk.ok_or("no start")?;
    let needs: Vec<&str> = board["rows"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|need| need["need_id"].as_str())
        .collect();
    let lines = plan["lines"].as_array().map_or(0, Vec::len);
    let mut out = io::stdout();
    writeln!(
        out,
        "a made-up district through the API (by the clock): {} needs without hands, {lines} lines of a plan",
        board["total"],
    )?;
    say("the minute's round, the first after the start", &first[0])?;
    say("the board, the first time", &first[1])?;
    say("the plan, the first time", &first[2])?;

    let mut after = [const { Vec::new() }; 4];
    for need in needs.iter().take(ACTS) {
        let (found, ms) = timed(&app, "assignment.suggest", json!({ "need_id": need }))?;
        after[0].push(ms);
        let Some(hand) = found["suggestions"][0]["volunteer_id"].as_str() else {
            continue;
        };
        let pair = json!({ "need_id": need, "volunteer_id": hand, "offered": true });
        after[1].push(timed(&app, "assignment.propose", pair)?.1);
        after[2].push(timed(&app, "assignment.suggest", json!({ "need_id": need }))?.1);
        after[3].push(timed(&app, "assignment.plan", json!({}))?.1);
    }
    say("hands for one need", &after[0])?;
    say("one is told", &after[1])?;
    say("hands for one need, after an act", &after[2])?;
    say("the plan, after an act", &after[3])
}

fn timed(app: &App, name: &str, request: Value) -> Outcome<(Value, f64)> {
    let (answer, took) = machine::timed(|| Ok(app.call(name, request)?))?;
    Ok((answer, took.as_secs_f64() * 1e3))
}

fn say(what: &str, samples: &[f64]) -> Outcome<()> {
    let [p50, p99] = [median(samples), percentile(samples, 99)];
    Ok(writeln!(
        io::stdout(),
        "  {what}: {p50:.1} / {p99:.1} ms ({} times)",
        samples.len()
    )?)
}
