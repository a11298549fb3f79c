//! Lists on paper: what to print, what was printed, and what of it has come back.

use std::collections::{HashMap, HashSet};

use jitasa_domain::{
    Actor, Assignment, Case, Denied, Entity, NeedState, Review, Role, Subject, TickList, Timestamp,
    authorize,
    tick::{Code, Line, Shown},
};
use jitasa_thai::{name, text};
use rusqlite::Connection;
use uuid::Uuid;

use super::{
    assignments::{self, AssignmentLine},
    cases::{self, CaseLine},
    inbox,
};
use crate::{StoreError, desk, rows};

/// A list with how far it has come back.
#[derive(Debug, Clone)]
pub struct ListLine {
    pub list: TickList,
    pub answered: u32,
}

/// Where a line stands now.
#[derive(Debug, Clone)]
pub struct Standing {
    pub line: CaseLine,
    pub assignment: Option<AssignmentLine>,
    pub shown: Shown,
    /// Help for the case (or of this assignment) waits for the headman's word.
    pub awaits_word: bool,
    /// Something of the case would be closed by the word that help has come.
    pub in_need: bool,
    /// The line's word is in, when it is.
    pub said: Option<Review>,
    /// Somebody gave his word on it after the print.
    pub reviewed_since: bool,
    /// Why this headman's word does not count here.
    pub denied: Option<Denied>,
    /// Why his word on help that waits for it does not count, where it is asked of the case.
    pub help_denied: Option<Denied>,
}

/// What a village's list asks, at most `limit` lines: help that is said to have come and cases nobody
/// has looked at, the most pressing of each.
///
/// # Errors
/// When the file cannot be read.
pub fn to_ask(
    conn: &Connection,
    area_code: &str,
    limit: u32,
) -> Result<Vec<inbox::InboxLine>, StoreError> {
    Ok(inbox::inbox(conn, &[area_code.to_string()], None, limit)?.rows)
}

/// Lists printed since a moment, latest first; of one village when it is given.
///
/// # Errors
/// When the file cannot be read.
pub fn since(
    conn: &Connection,
    since: Timestamp,
    area_code: Option<&str>,
) -> Result<Vec<TickList>, StoreError> {
    rows::select(
        conn,
        "WHERE r.void_reason IS NULL AND r.created_at >= ?1 AND (?2 IS NULL OR r.area_code = ?2)
         ORDER BY r.created_at DESC, r.pk DESC",
        &[&since.0, &area_code],
    )
}

/// A list by id.
///
/// # Errors
/// When the file cannot be read.
pub fn by_id(conn: &Connection, id: Uuid) -> Result<Option<TickList>, StoreError> {
    Ok(rows::get::<TickList>(conn, id)?.filter(|list| list.void_reason.is_none()))
}

/// The latest lists, with how many of their lines have been answered.
///
/// # Errors
/// When the file cannot be read.
pub fn latest(
    conn: &Connection,
    area_code: Option<&str>,
    villages: Option<&[String]>,
    limit: usize,
) -> Result<Vec<ListLine>, StoreError> {
    let mut lists = since(conn, Timestamp(0), area_code)?;
    lists.retain(|list| villages.is_none_or(|villages| villages.contains(&list.area_code)));
    lists.truncate(limit);
    lists
        .into_iter()
        .map(|list| {
            let answered = answered(conn, list.id)?;
            let count = lines_of(&list)
                .iter()
                .filter(|(_, line)| answered.contains(&line.id))
                .count();
            Ok(ListLine {
                list,
                answered: u32::try_from(count).unwrap_or(u32::MAX),
            })
        })
        .collect()
}

/// The lines of a list with their places on it, from 1. A line that this version cannot read is
/// passed over.
#[must_use]
pub fn lines_of(list: &TickList) -> Vec<(u32, Line)> {
    (1..)
        .zip(&list.lines)
        .filter_map(|(place, line)| Some((place, line.parse().ok()?)))
        .collect()
}

/// Where each code of some lists stands: which list, which line of it (from 0). The lists' order is
/// kept.
#[must_use]
pub fn codes_of(lists: &[TickList]) -> HashMap<Code, Vec<(usize, usize)>> {
    let mut codes: HashMap<Code, Vec<(usize, usize)>> = HashMap::new();
    for (at, list) in lists.iter().enumerate() {
        for (place, line) in list.lines.iter().enumerate() {
            if let Some(code) = line.get(..4).and_then(|code| Code::parse(code).ok()) {
                codes.entry(code).or_default().push((at, place));
            }
        }
    }
    codes
}

/// What of a list has come back: ids of cases and assignments.
///
/// # Errors
/// When the file cannot be read.
pub fn answered(conn: &Connection, list_id: Uuid) -> Result<HashSet<Uuid>, StoreError> {
    let reviews = rows::select::<Review>(
        conn,
        "WHERE r.tick_list_id = ?1 AND r.void_reason IS NULL",
        &[&list_id.to_string()],
    )?;
    Ok(reviews
        .into_iter()
        .map(|review| review.assignment_id.unwrap_or(review.case_id))
        .collect())
}

/// Where a line of a list stands now; nothing when what it asks about is gone or not of the office.
///
/// # Errors
/// When the file cannot be read.
pub fn standing(
    conn: &Connection,
    list: &TickList,
    line: &Line,
) -> Result<Option<Standing>, StoreError> {
    let assignment = match line.entity {
        Entity::Assignment => match assignments::line(conn, line.id)? {
            Some(found) if found.assignment.void_reason.is_none() => Some(found),
            _ => return Ok(None),
        },
        _ => None,
    };
    let case_id = assignment
        .as_ref()
        .map_or(line.id, |found| found.assignment.case_id);
    let Some(case) = cases::line(conn, case_id)? else {
        return Ok(None);
    };
    let shown = shown(&case, assignment.as_ref().map(|found| &found.assignment));
    let awaiting = match &assignment {
        Some(found) => vec![found.assignment.clone()],
        None => awaiting(conn, case_id)?,
    };
    let reviews = rows::select::<Review>(
        conn,
        "WHERE r.case_id = ?1 AND r.void_reason IS NULL",
        &[&case_id.to_string()],
    )?;
    let about = assignment.as_ref().map(|found| found.assignment.id);
    let of_line = || {
        reviews
            .iter()
            .filter(|review| review.assignment_id == about)
    };
    let headman = headman(conn, list)?;
    let busy = busy_needs(conn, case_id)?;
    let counts =
        |assignment: Option<&Assignment>| may_say(conn, &headman, &case.case, assignment).err();
    Ok(Some(Standing {
        denied: counts(assignment.as_ref().map(|found| &found.assignment)),
        help_denied: awaiting.iter().find_map(|each| counts(Some(each))),
        in_need: case
            .needs
            .iter()
            .any(|need| need.state != NeedState::Closed && !busy.contains(&need.id)),
        awaits_word: awaiting.iter().any(|each| each.state.awaits_review()),
        said: of_line()
            .find(|review| review.tick_list_id == Some(list.id))
            .cloned(),
        reviewed_since: of_line().any(|review| {
            review.reviewed_at > list.created_at && review.tick_list_id != Some(list.id)
        }),
        line: case,
        assignment,
        shown,
    }))
}

/// What a line shows of a case, or of an assignment of it.
pub(crate) fn shown(case: &CaseLine, assignment: Option<&Assignment>) -> Shown {
    let state = assignment.map_or(case.state.code(), |assignment| assignment.state.code());
    Shown::now(&case.case, state, &case.needs)
}

/// Needs of a case that somebody is on the way for, or being asked: he will say himself what he found.
pub(crate) fn busy_needs(conn: &Connection, case_id: Uuid) -> Result<HashSet<Uuid>, StoreError> {
    let all = rows::select::<Assignment>(
        conn,
        "WHERE r.case_id = ?1 AND r.void_reason IS NULL",
        &[&case_id.to_string()],
    )?;
    let active = all.into_iter().filter(|each| each.state.is_active());
    Ok(active.map(|each| each.need_id).collect())
}

/// Assignments of a case that wait for the headman's word.
pub(crate) fn awaiting(conn: &Connection, case_id: Uuid) -> Result<Vec<Assignment>, StoreError> {
    rows::select(
        conn,
        "WHERE r.case_id = ?1 AND r.void_reason IS NULL AND r.state IN ('done', 'partly_done')
         ORDER BY r.pk",
        &[&case_id.to_string()],
    )
}

/// The headman whose word a list carries, as permission knows him.
pub(crate) struct Headman {
    actor: Actor,
    /// As he stands on the paper: for one who is not among the people of the desk.
    name: String,
}

/// Who answered a list. He is known by his id where the list was printed for somebody of the desk,
/// and otherwise by his name.
pub(crate) fn headman(conn: &Connection, list: &TickList) -> Result<Headman, StoreError> {
    let users = desk::reading::desk_users(conn)?;
    let user = users.into_iter().find(|user| match list.reviewer_id {
        Some(id) => user.id == id,
        None => user.name == list.reviewer,
    });
    let (user_id, volunteer_id) =
        user.map_or((None, None), |user| (Some(user.id), user.volunteer_id));
    Ok(Headman {
        actor: Actor {
            id: list.reviewer_id.or(user_id).unwrap_or_default(),
            name: list.reviewer.clone(),
            role: Role::Headman,
            office_code: list.office_code.clone(),
            villages: vec![list.area_code.clone()],
            volunteer_id,
        },
        name: list.reviewer.clone(),
    })
}

/// Whether his word on a case, or on an assignment of it, counts: the same question as on the screen.
pub(crate) fn may_say(
    conn: &Connection,
    headman: &Headman,
    case: &Case,
    assignment: Option<&Assignment>,
) -> Result<(), Denied> {
    let done_by: Vec<_> = assignment
        .into_iter()
        .flat_map(Assignment::who_go)
        .collect();
    let subject = Subject {
        done_by: &done_by,
        ..case.subject()
    };
    authorize(
        &headman.actor,
        jitasa_domain::ActionKind::ReviewDecide,
        &subject,
    )?;
    let is_his = |volunteer_id| {
        rows::get::<jitasa_domain::Volunteer>(conn, volunteer_id)
            .is_ok_and(|found| found.is_some_and(|volunteer| is_named(&volunteer, &headman.name)))
    };
    if headman.actor.volunteer_id.is_none() && done_by.into_iter().any(is_his) {
        return Err(Denied::OwnWork);
    }
    Ok(())
}

/// Whether a volunteer bears this name, titles aside.
fn is_named(volunteer: &jitasa_domain::Volunteer, full_name: &str) -> bool {
    let named = name::split(full_name);
    let key = |given: &str, family: &str| (text::normalize(given), text::normalize(family));
    !named.family.is_empty()
        && key(&named.given, &named.family) == key(&volunteer.given_name, &volunteer.family_name)
}
