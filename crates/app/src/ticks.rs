//! The headman's list on paper, and keying it back.

mod lists;
mod paper;
mod reading;

use jitasa_domain::{ActionKind, Actor};
use jitasa_store::{
    Action,
    query::{inbox, tick_lists},
};

pub(crate) use self::paper::print;
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
    let (lists, waiting) = store.read(|conn| {
        let area = request.area_code.as_deref();
        Ok((
            tick_lists::latest(conn, area, limited.as_deref(), LISTS_MAX)?,
            inbox::waiting_by_village(conn)?,
        ))
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
                printed_at: line.list.created_at.0,
                lines: u32::try_from(line.list.lines.len()).unwrap_or(u32::MAX),
                answered: line.answered,
            })
            .collect(),
        waiting: waiting
            .into_iter()
            .filter(|(code, _)| {
                sees(&actor, code) && request.area_code.as_ref().is_none_or(|area| area == code)
            })
            .map(|(area_code, waiting)| TickWaiting {
                village: villages.label(&area_code),
                area_code,
                waiting,
            })
            .collect(),
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

pub(crate) fn read(app: &App, request: TickReadRequest) -> Result<TickReading, ApiError> {
    app.reader(ActionKind::TickListKeyBack)?;
    let entries = reading::read(app, &request.text)?;
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
    app.reader(ActionKind::TickListKeyBack)?;
    let read = reading::read(app, &request.text)?;
    let problems = read.iter().filter(|each| each.word.is_none()).count();
    if problems > 0 {
        return Err(ApiError::field("tick_has_problems", "text").with("count", problems));
    }
    let words = read.into_iter().filter_map(|each| each.word).collect();
    app.act(Action::KeyBack(words))
}
