//! The headman's list on paper, and keying it back.

mod asked;
mod lists;
mod paper;
mod reading;

use jitasa_domain::{ActionKind, Actor};
use jitasa_store::{
    Action,
    query::{inbox, tick_lists},
};

use self::asked::Asked;
pub(crate) use self::paper::{print, reprint};
use crate::{
    ApiError, App, forms,
    places::Villages,
    views::{Acted, ById, review::*},
};

/// Lists that one answer shows.
const LISTS_MAX: usize = 200;

/// Whether somebody may know of a village's lists.
fn sees(actor: &Actor, area_code: &str) -> bool {
    App::limited_to(actor).is_none_or(|villages| villages.iter().any(|each| each == area_code))
}

pub(crate) fn lists(app: &App, request: TickListsRequest) -> Result<TickLists, ApiError> {
    let actor = app.reader(ActionKind::TickListPrint)?;
    let limited = App::limited_to(&actor);
    let store = app.store()?;
    let villages = Villages::of(&store)?;
    let now = app.env().now();
    let (lists, waiting) = store.read(|conn| {
        let area = request.area_code.as_deref();
        let mut waiting = Vec::new();
        for (area_code, count) in inbox::waiting_by_village(conn)? {
            if sees(&actor, &area_code) && area.is_none_or(|area| area == area_code) {
                let (printed, not_his) = paper::of_those(conn, now, &area_code)?;
                waiting.push(TickWaiting {
                    headman: tick_lists::headman_name(conn, &area_code)?,
                    village: villages.label(&area_code),
                    area_code,
                    waiting: count,
                    printed,
                    not_his,
                });
            }
        }
        let lists = tick_lists::latest(conn, area, limited.as_deref(), LISTS_MAX)?;
        Ok((lists, waiting))
    })?;
    Ok(TickLists {
        lists: lists
            .into_iter()
            .map(|line| TickListView {
                id: line.list.id.to_string(),
                village: villages.label(&line.list.area_code),
                number: line.list.number,
                area_code: line.list.area_code,
                reviewer: line.list.reviewer,
                void_reason: line.list.void_reason,
                printed_at: line.list.created_at.0,
                lines: u32::try_from(line.list.lines.len()).unwrap_or(u32::MAX),
                answered: line.answered,
            })
            .collect(),
        waiting,
    })
}

/// A list as it was printed: where each line stands now, and the box that was ticked where it has
/// come back.
pub(crate) fn get(app: &App, request: ById) -> Result<TickReading, ApiError> {
    let actor = app.reader(ActionKind::TickListPrint)?;
    let id = forms::id(&request.id)?;
    let store = app.store()?;
    let list = store
        .read(|conn| tick_lists::by_id(conn, id))?
        .filter(|list| sees(&actor, &list.area_code))
        .ok_or_else(ApiError::not_found)?;
    let villages = Villages::of(&store)?;
    let entries: Vec<_> = store
        .read(|conn| reading::as_printed(conn, &list, &villages))?
        .into_iter()
        .collect();
    Ok(summed_up(entries))
}

/// Takes a printed list out of use; its codes are then refused.
pub(crate) fn void(app: &App, request: TickVoid) -> Result<Acted, ApiError> {
    let actor = app.reader(ActionKind::TickListVoid)?;
    let id = forms::id(&request.id)?;
    let reason = forms::optional_line(Some(&request.reason), "reason", 200)?
        .ok_or_else(|| ApiError::field("reason_missing", "reason"))?;
    let list = app.store()?.read(|conn| tick_lists::by_id(conn, id))?;
    list.filter(|list| sees(&actor, &list.area_code))
        .ok_or_else(ApiError::not_found)?;
    app.act(Action::VoidTickList { id, reason })
}

pub(crate) fn read(app: &App, request: TickReadRequest) -> Result<TickReading, ApiError> {
    app.reader(ActionKind::TickListKeyBack)?;
    let asked = Asked::of(request.text, request.signed_on.as_deref(), &request.over)?;
    let entries = reading::read(app, &asked)?;
    Ok(summed_up(
        entries.into_iter().map(|each| each.entry).collect(),
    ))
}

fn summed_up(entries: Vec<TickEntry>) -> TickReading {
    let problems = entries
        .iter()
        .filter(|entry| entry.problem.is_some())
        .count();
    let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    TickReading {
        ready: count(entries.len() - problems),
        problems: count(problems),
        entries,
    }
}

pub(crate) fn apply(app: &App, request: TickApply) -> Result<Acted, ApiError> {
    let actor = app.reader(ActionKind::TickListKeyBack)?;
    let asked = Asked::of(request.text, request.signed_on.as_deref(), &request.over)?;
    let read = reading::read(app, &asked)?;
    let problems = read.iter().filter(|each| each.word.is_none()).count();
    if problems > 0 {
        return Err(ApiError::field("tick_has_problems", "text").with("count", problems));
    }
    let corrected: Vec<_> = read.iter().filter_map(|each| each.corrects).collect();
    let words = read.into_iter().filter_map(|each| each.word).collect();
    let now = app.env().now();
    let mut ids = app.ids();
    // What is corrected is taken back by an act of its own, so that the server sees each step.
    let acted = app.store()?.acts(|acts| {
        if !corrected.is_empty() {
            let _ = acts.act(&actor, now, &mut ids, Action::TakeBackLines(corrected))?;
        }
        acts.act(&actor, now, &mut ids, Action::KeyBack(words))
    })?;
    Ok(acted.into())
}
