//! Lists on paper: what to print, what was printed, and what of it has come back.

use std::collections::{HashMap, HashSet};

use jitasa_domain::{
    Actor, Assignment, Case, Denied, Entity, NeedState, Review, Role, Subject, TickList, Timestamp,
    Volunteer, authorize,
    lifecycle::{self, AssignmentMove, Fellow},
    tick::{self, Answer, Code, Effect, Line, Seen, Shown},
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
    /// Every assignment of the case.
    pub assignments: Vec<Assignment>,
    /// The line's word is in, when it is.
    pub said: Option<Review>,
    /// The latest word on it from elsewhere since the print.
    pub newer: Option<Review>,
    /// Why this headman's word does not count here.
    pub denied: Option<Denied>,
    /// Why his word on help that waits for it does not count, where it is asked of the case.
    pub help_denied: Option<Denied>,
}

impl Standing {
    /// Assignments that wait for the headman: the line's own, or all of its case.
    pub fn awaiting(&self) -> impl Iterator<Item = &Assignment> {
        let own = self.assignment.as_ref().map(|found| found.assignment.id);
        self.assignments
            .iter()
            .filter(move |each| own.is_none_or(|own| own == each.id))
            .filter(|each| each.state.awaits_review())
    }

    /// Needs that somebody is on the way for, or being asked: he will say himself what he found.
    #[must_use]
    pub fn busy(&self) -> HashSet<Uuid> {
        let active = self
            .assignments
            .iter()
            .filter(|each| each.state.is_active());
        active.map(|each| each.need_id).collect()
    }

    /// What the answer of a line is judged by; `noted` when words stand beside the box.
    #[must_use]
    pub fn seen(&self, line: &Line, noted: bool) -> Seen {
        let busy = self.busy();
        let open = || {
            let needs = self.line.needs.iter();
            needs.filter(|need| need.state != NeedState::Closed)
        };
        Seen {
            awaits_word: self.awaiting().next().is_some(),
            in_need: open().any(|need| !busy.contains(&need.id)),
            going: open().any(|need| busy.contains(&need.id)),
            needs_changed: line.shown.needs != self.shown.needs,
            noted,
        }
    }

    /// What the answer of a line does; nothing where it answers another question.
    #[must_use]
    pub fn effect(&self, line: &Line, answer: Answer, noted: bool) -> Option<Effect> {
        tick::effect(line.entity, answer, self.seen(line, noted))
    }

    /// Where the line stands once the word on a help of the same case has been taken: that is taken
    /// first, and a word on the case speaks for what is left.
    pub fn after_word(&mut self, assignment_id: Uuid, effect: Effect) {
        let step = match effect {
            Effect::ConfirmHelp => AssignmentMove::Confirm,
            Effect::ReturnHelp => AssignmentMove::Return,
            _ => return,
        };
        let at = self
            .assignments
            .iter()
            .position(|each| each.id == assignment_id);
        let Some(moved) = at.and_then(|at| self.assignments.get_mut(at)) else {
            return;
        };
        let Ok((state, asked)) = lifecycle::assignment_after(moved.state, step) else {
            return;
        };
        moved.state = state;
        let need_id = moved.need_id;
        let need = self.line.needs.iter_mut().find(|need| need.id == need_id);
        let (Some(need), Some(asked)) = (need, asked) else {
            return;
        };
        let fellows: Vec<Fellow> = self
            .assignments
            .iter()
            .filter(|each| each.need_id == need_id && each.id != assignment_id)
            .map(|each| Fellow {
                state: each.state,
                this_round: each.state_since >= need.state_since,
            })
            .collect();
        for step in lifecycle::need_follows(need.state, asked, &fellows) {
            if let Ok(state) = lifecycle::need_after(need.state, step) {
                need.state = state;
            }
        }
        self.shown.needs = Shown::now(&self.line.case, "", &self.line.needs).needs;
    }
}

/// What stands in a list whose print was undone: nothing of it is shown any more.
const UNDONE: &str = "undo";

/// For so long a line that has not come back counts as being out on paper: its code is given to no
/// other.
pub const KEPT_MS: i64 = 60 * 24 * 3_600_000;

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

/// As [`since`], with those that were taken out of use.
///
/// # Errors
/// When the file cannot be read.
pub fn all_since(conn: &Connection, since: Timestamp) -> Result<Vec<TickList>, StoreError> {
    rows::select(
        conn,
        "WHERE r.created_at >= ?1 AND r.void_reason IS NOT 'undo'
         ORDER BY r.created_at DESC, r.pk DESC",
        &[&since.0],
    )
}

/// What is out on paper and has not come back: the list on which a case or an assignment was printed
/// last.
///
/// # Errors
/// When the file cannot be read.
pub fn out_on_paper(
    conn: &Connection,
    since: Timestamp,
    area_code: &str,
) -> Result<HashMap<(Entity, Uuid), String>, StoreError> {
    let mut out = HashMap::new();
    for list in self::since(conn, since, Some(area_code))? {
        let back = answered(conn, list.id)?;
        for (_, line) in lines_of(&list) {
            if !back.contains(&line.id) {
                out.entry((line.entity, line.id))
                    .or_insert_with(|| list.number.clone());
            }
        }
    }
    Ok(out)
}

/// Who is on the way to a case, or being asked, as people call them.
///
/// # Errors
/// When the file cannot be read.
pub fn going(conn: &Connection, case_id: Uuid) -> Result<Vec<String>, StoreError> {
    let mut names = Vec::new();
    for each in of_case(conn, case_id)? {
        if each.state.is_active() && !names.contains(&each.volunteer_label) {
            names.push(each.volunteer_label);
        }
    }
    Ok(names)
}

/// A list by id, also one that was taken out of use; not one whose print was undone.
///
/// # Errors
/// When the file cannot be read.
pub fn by_id(conn: &Connection, id: Uuid) -> Result<Option<TickList>, StoreError> {
    let list = rows::get::<TickList>(conn, id)?;
    Ok(list.filter(|list| list.void_reason.as_deref() != Some(UNDONE)))
}

/// The latest lists, with how many of their lines have been answered; also those taken out of use.
///
/// # Errors
/// When the file cannot be read.
pub fn latest(
    conn: &Connection,
    area_code: Option<&str>,
    villages: Option<&[String]>,
    limit: usize,
) -> Result<Vec<ListLine>, StoreError> {
    let mut lists = all_since(conn, Timestamp(0))?;
    lists.retain(|list| area_code.is_none_or(|area| list.area_code == area));
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
    let about = assignment.as_ref().map(|found| found.assignment.id);
    let mut reviews = rows::select::<Review>(
        conn,
        "WHERE r.case_id = ?1 AND r.void_reason IS NULL ORDER BY r.reviewed_at, r.pk",
        &[&case_id.to_string()],
    )?;
    reviews.retain(|review| review.assignment_id == about);
    let headman = headman(conn, list)?;
    let counts =
        |assignment: Option<&Assignment>| may_say(conn, &headman, &case.case, assignment).err();
    let mut standing = Standing {
        denied: counts(assignment.as_ref().map(|found| &found.assignment)),
        help_denied: None,
        said: reviews
            .iter()
            .rfind(|review| review.tick_list_id == Some(list.id))
            .cloned(),
        newer: reviews.into_iter().rfind(|review| {
            review.reviewed_at > list.created_at && review.tick_list_id != Some(list.id)
        }),
        assignments: of_case(conn, case_id)?,
        line: case.clone(),
        assignment,
        shown,
    };
    let help_denied = standing.awaiting().find_map(|each| counts(Some(each)));
    standing.help_denied = help_denied;
    Ok(Some(standing))
}

/// Whether the headman who is known for a village may not judge a thing himself: he entered it, or
/// did it.
///
/// # Errors
/// When the file cannot be read.
pub fn is_own_work(
    conn: &Connection,
    headman: &Headman,
    item: &inbox::InboxLine,
) -> Result<bool, StoreError> {
    let about = item.assignment.as_ref().map(|found| &found.assignment);
    Ok(may_say(conn, headman, &item.line.case, about) == Err(Denied::OwnWork))
}

/// What a line shows of a case, or of an assignment of it.
pub(crate) fn shown(case: &CaseLine, assignment: Option<&Assignment>) -> Shown {
    let state = assignment.map_or(case.state.code(), |assignment| assignment.state.code());
    Shown::now(&case.case, state, &case.needs)
}

fn of_case(conn: &Connection, case_id: Uuid) -> Result<Vec<Assignment>, StoreError> {
    rows::select(
        conn,
        "WHERE r.case_id = ?1 AND r.void_reason IS NULL ORDER BY r.pk",
        &[&case_id.to_string()],
    )
}

/// The headman whose word a list carries, as permission knows him.
#[derive(Debug)]
pub struct Headman {
    actor: Actor,
    /// As he stands on the paper: for one who is not among the people of the desk.
    name: String,
}

impl Headman {
    /// Whoever answers for a village. He is known by his id where he is somebody of the desk, and
    /// otherwise by his name.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn of(
        conn: &Connection,
        area_code: &str,
        name: &str,
        id: Option<Uuid>,
    ) -> Result<Self, StoreError> {
        let users = desk::reading::desk_users(conn)?;
        let user = users.into_iter().find(|user| match id {
            Some(id) => user.id == id,
            None => user.name == name,
        });
        let (user_id, volunteer_id) =
            user.map_or((None, None), |user| (Some(user.id), user.volunteer_id));
        Ok(Self {
            actor: Actor {
                id: id.or(user_id).unwrap_or_default(),
                name: name.into(),
                role: Role::Headman,
                office_code: desk::office_code(conn)?,
                villages: vec![area_code.into()],
                volunteer_id,
            },
            name: name.into(),
        })
    }

    /// The one of the desk who is headman of a village, if there is one.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn known_of(conn: &Connection, area_code: &str) -> Result<Option<Self>, StoreError> {
        let users = desk::reading::desk_users(conn)?;
        let his = users.into_iter().find(|user| {
            user.role == Role::Headman && user.villages.iter().any(|code| code == area_code)
        });
        his.map(|user| Self::of(conn, area_code, &user.name, Some(user.id)))
            .transpose()
    }

    /// His name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// The name of a village's headman: of the desk, else of the register; `None` where neither knows one.
///
/// # Errors
/// When the file cannot be read.
pub fn headman_name(conn: &Connection, area_code: &str) -> Result<Option<String>, StoreError> {
    if let Some(known) = Headman::known_of(conn, area_code)? {
        return Ok(Some(known.name));
    }
    let registered = rows::select::<Volunteer>(
        conn,
        "WHERE r.area_code = ?1 AND r.void_reason IS NULL AND r.availability <> 'left'
         AND instr(r.kinds, '\"village_head\"') > 0 ORDER BY r.pk LIMIT 1",
        &[&area_code],
    )?;
    Ok(registered.first().map(Volunteer::full_name))
}

/// Who answered a list.
pub(crate) fn headman(conn: &Connection, list: &TickList) -> Result<Headman, StoreError> {
    let mut headman = Headman::of(conn, &list.area_code, &list.reviewer, list.reviewer_id)?;
    headman.actor.office_code.clone_from(&list.office_code);
    Ok(headman)
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
