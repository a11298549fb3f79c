//! Printing a village's list: what it asks, in the order of the houses, for its headman; or what he may
//! not judge himself, for another. And printing it again, for one that was lost.

use std::collections::HashMap;

use jitasa_domain::{ActionKind, Actor, Entity, KindList, Role, TickList, Timestamp, tick};
use jitasa_print::{Asks, HEAD_LETTERS_MAX, TickLine, TickList as Page};
use jitasa_store::{
    Action, Connection, DeskUser, StoreError,
    act::NewTickList,
    desk,
    query::{
        assignments::AssignmentLine,
        cases::CaseLine,
        inbox::InboxLine,
        office,
        tick_lists::{self, Headman as Judge},
    },
};
use jitasa_thai::{date, text};
use uuid::Uuid;

use super::sees;
use crate::{
    ApiError, App, forms,
    paper::{self, short},
    places,
    views::{
        print::PrintDone,
        review::{TickPrintRequest, TickReprint},
    },
};

/// Where each thing is that is out on paper already: the list's number.
type Out = HashMap<(Entity, Uuid), String>;

pub(crate) fn print(app: &App, request: TickPrintRequest) -> Result<PrintDone, ApiError> {
    let actor = app.reader(ActionKind::TickListPrint)?;
    let area_code = forms::area_code(&request.area_code, "area_code")?;
    if area_code.len() != 8 {
        // A subdistrict has no headman.
        return Err(ApiError::field("area_unknown", "area_code").with("code", area_code));
    }
    if !sees(&actor, &area_code) {
        return Err(ApiError::not_found());
    }
    let given = forms::optional_line(request.reviewer.as_deref(), "reviewer", 100)?;
    let headman = if request.for_another {
        another(given)?
    } else {
        headman_of(app, &actor, &area_code, given)?
    };
    let (asked, out) = to_ask(app, &request, &area_code, &headman)?;
    let acted = app.act(Action::PrintTickList(NewTickList {
        area_code,
        reviewer: headman.stored.clone(),
        reviewer_id: headman.id,
        lines: asked.iter().map(about).collect(),
    }))?;
    let printed = put_on_paper(app, &request, &asked, &out, &headman, acted.id.as_deref());
    printed.or_else(|refusal| {
        // No paper, no list: it would wait for ever for its lines to come back.
        let act_id = acted
            .act_id
            .parse()
            .map_err(|_| ApiError::new("internal"))?;
        app.act(Action::Undo { act_id })?;
        Err(refusal)
    })
}

/// What the list asks, by house, and what of it is out on another list.
fn to_ask(
    app: &App,
    request: &TickPrintRequest,
    area_code: &str,
    headman: &Headman,
) -> Result<(Vec<InboxLine>, Out), ApiError> {
    let store = app.store()?;
    let limit = u32::try_from(tick::LINES_MAX).unwrap_or(u32::MAX);
    let since = app.env().now().plus_ms(-tick_lists::KEPT_MS);
    let (mut asked, out, total) = store.read(|conn| {
        let all = tick_lists::to_ask(conn, area_code, limit)?;
        let total = all.len();
        let judge = Judge::of(conn, area_code, &headman.stored, headman.id)?;
        let known = Judge::known_of(conn, area_code)?;
        let mut asked = Vec::new();
        for line in all {
            // A word that would not count is not asked for.
            let his = !tick_lists::is_own_work(conn, &judge, &line)?;
            let left_over = match (&known, request.for_another) {
                (Some(known), true) => tick_lists::is_own_work(conn, known, &line)?,
                (None, true) => false,
                (_, false) => true,
            };
            if his && left_over {
                asked.push(line);
            }
        }
        let out = tick_lists::out_on_paper(conn, since, area_code)?;
        Ok((asked, out, total))
    })?;
    let none = |code: &str| Err(ApiError::field(code, "area_code"));
    if total == 0 {
        return none("tick_nothing_to_ask");
    }
    if asked.is_empty() {
        return none(if request.for_another {
            "tick_nothing_for_another"
        } else {
            "tick_only_own_work"
        });
    }
    if request.leave_out_printed {
        asked.retain(|line| !out.contains_key(&about(line)));
        if asked.is_empty() {
            return none("tick_all_printed");
        }
    }
    // He walks from house to house.
    asked.sort_by_cached_key(|line| {
        let case = &line.line.case;
        (
            house_key(&case.house_no),
            case.number.clone(),
            line.assignment.is_some(),
        )
    });
    Ok((asked, out))
}

/// Of what waits in a village: how much is out on paper, and how much its headman may not judge.
pub(super) fn of_those(
    conn: &Connection,
    now: Timestamp,
    area_code: &str,
) -> Result<(u32, u32), StoreError> {
    let out = tick_lists::out_on_paper(conn, now.plus_ms(-tick_lists::KEPT_MS), area_code)?;
    let known = Judge::known_of(conn, area_code)?;
    if out.is_empty() && known.is_none() {
        return Ok((0, 0));
    }
    let limit = u32::try_from(tick::LINES_MAX).unwrap_or(u32::MAX);
    let (mut printed, mut not_his) = (0, 0);
    for line in tick_lists::to_ask(conn, area_code, limit)? {
        printed += u32::from(out.contains_key(&about(&line)));
        if let Some(known) = &known {
            not_his += u32::from(tick_lists::is_own_work(conn, known, &line)?);
        }
    }
    Ok((printed, not_his))
}

/// A list again as it was printed: the same lines under the same codes.
pub(crate) fn reprint(app: &App, request: TickReprint) -> Result<PrintDone, ApiError> {
    let actor = app.reader(ActionKind::TickListPrint)?;
    let id = forms::id(&request.id)?;
    let store = app.store()?;
    let list = store
        .read(|conn| tick_lists::by_id(conn, id))?
        .filter(|list| sees(&actor, &list.area_code))
        .ok_or_else(ApiError::not_found)?;
    if list.void_reason.is_some() {
        return Err(ApiError::new("tick_list_void"));
    }
    let kind = kinds(app)?;
    let lines = store.read(|conn| {
        tick_lists::lines_of(&list)
            .into_iter()
            .map(|(_, line)| {
                let standing = tick_lists::standing(conn, &list, &line)?;
                Ok(standing.map_or_else(
                    || gone(&line),
                    |now| printed_line(&line, &now.line, now.assignment.as_ref(), None, &kind),
                ))
            })
            .collect::<Result<Vec<_>, StoreError>>()
    })?;
    let unnamed = list.reviewer.starts_with(UNNAMED);
    let name = if unnamed { "" } else { list.reviewer.as_str() };
    let page = page(app, &list, lines, name)?;
    finish(&list, &page, request.path.as_deref())
}

/// A line whose record is there no more keeps its place, so that the paper is the same.
fn gone(line: &tick::Line) -> TickLine {
    TickLine {
        code: line.code.to_string(),
        name: "(ไม่มีเรื่องนี้แล้ว ไม่ต้องตรวจ)".into(),
        house: String::new(),
        needs: Vec::new(),
        asks: Asks::Report {
            told: String::new(),
        },
    }
}

fn about(line: &InboxLine) -> (Entity, uuid::Uuid) {
    match &line.assignment {
        Some(found) => (Entity::Assignment, found.assignment.id),
        None => (Entity::Case, line.line.case.id),
    }
}

/// Numbers of a house in their order: 9 before 12, 12 before 12/3; houses without a number last.
fn house_key(house_no: &str) -> (Vec<u32>, String) {
    let plain = text::arabic_digits(house_no);
    let mut numbers: Vec<u32> = plain
        .split(|letter: char| !letter.is_ascii_digit())
        .filter_map(|digits| digits.parse().ok())
        .collect();
    if numbers.is_empty() {
        numbers.push(u32::MAX);
    }
    (numbers, plain)
}

struct Headman {
    /// On the paper; empty leaves dots.
    printed: String,
    /// Whose word it will be.
    stored: String,
    /// Where he is one of the desk.
    id: Option<uuid::Uuid>,
}

/// Somebody else for what the headman may not judge: the kamnan, or an assistant.
fn another(given: Option<String>) -> Result<Headman, ApiError> {
    let name = given.ok_or_else(|| ApiError::field("tick_reviewer_missing", "reviewer"))?;
    Ok(Headman {
        printed: name.clone(),
        stored: name,
        id: None,
    })
}

/// What stands for a headman whose name nobody gave.
const UNNAMED: &str = "ผู้ใหญ่บ้าน ม.";

/// The headman of a village: who prints, if it is his; who was named; who is known to the desk.
fn headman_of(
    app: &App,
    actor: &Actor,
    area_code: &str,
    given: Option<String>,
) -> Result<Headman, ApiError> {
    let users = app.store()?.read(desk::reading::desk_users)?;
    let is_his = |user: &&DeskUser| {
        user.role == Role::Headman && user.villages.iter().any(|code| code == area_code)
    };
    let known = users
        .iter()
        .find(|user| user.id == actor.id && is_his(user))
        .or_else(|| users.iter().find(is_his));
    let own = actor.role == Role::Headman;
    Ok(match (given.filter(|_| !own), known) {
        (Some(name), known) => Headman {
            id: known.filter(|user| user.name == name).map(|user| user.id),
            printed: name.clone(),
            stored: name,
        },
        (None, Some(user)) => Headman {
            id: Some(user.id),
            printed: user.name.clone(),
            stored: user.name.clone(),
        },
        (None, None) => Headman {
            id: None,
            printed: String::new(),
            stored: format!("{UNNAMED}{}", places::moo_of(area_code).unwrap_or_default()),
        },
    })
}

fn put_on_paper(
    app: &App,
    request: &TickPrintRequest,
    asked: &[InboxLine],
    out: &Out,
    headman: &Headman,
    list_id: Option<&str>,
) -> Result<PrintDone, ApiError> {
    let id = forms::id(list_id.unwrap_or_default())?;
    let list = app
        .store()?
        .read(|conn| tick_lists::by_id(conn, id))?
        .ok_or_else(|| ApiError::new("internal"))?;
    let kind = kinds(app)?;
    let lines = tick_lists::lines_of(&list)
        .into_iter()
        .zip(asked)
        .map(|((_, line), asked)| {
            let printed = out.get(&about(asked)).map(String::as_str);
            printed_line(
                &line,
                &asked.line,
                asked.assignment.as_ref(),
                printed,
                &kind,
            )
        })
        .collect();
    let page = page(app, &list, lines, &headman.printed)?;
    finish(&list, &page, request.path.as_deref())
}

fn finish(list: &TickList, page: &Page, path: Option<&str>) -> Result<PrintDone, ApiError> {
    let bytes = jitasa_print::tick_list(page)?;
    let number = list.number.replace("ม.", "moo");
    let file_name = format!("tick-list-{}-{number}.pdf", list.area_code);
    let done = paper::done(file_name, &bytes, path, page.lines.len())?;
    Ok(PrintDone {
        id: Some(list.id.to_string()),
        ..done
    })
}

/// Names of the needs by their codes.
fn kinds(app: &App) -> Result<HashMap<String, String>, ApiError> {
    let kinds = app
        .store()?
        .read(|conn| office::kinds(conn, KindList::Need))?;
    Ok(kinds.into_iter().map(|kind| (kind.code, kind.th)).collect())
}

fn page(app: &App, list: &TickList, lines: Vec<TickLine>, headman: &str) -> Result<Page, ApiError> {
    let village = app
        .store()?
        .read(|conn| office::village(conn, &list.area_code))?;
    let moo = places::moo_of(&list.area_code).unwrap_or_default();
    let name = village
        .map(|village| format!("บ้าน{} ", village.name))
        .unwrap_or_default();
    Ok(Page {
        head: paper::head(app)?,
        number: list.number.clone(),
        village: short(
            &format!("หมู่ที่ {moo} {name}{}", places::full_name(&list.area_code)),
            HEAD_LETTERS_MAX,
        ),
        headman: headman.to_string(),
        lines,
    })
}

/// Letters of a name, of a house with its landmark, and of a volunteer.
const NAME_MAX: usize = 120;
/// Needs that one line names.
const NEEDS_MAX: usize = 12;

fn printed_line(
    line: &tick::Line,
    of: &CaseLine,
    help: Option<&AssignmentLine>,
    printed: Option<&str>,
    kinds: &HashMap<String, String>,
) -> TickLine {
    let case = &of.case;
    let kind = |code: &str| {
        let name = kinds.get(code).map_or(code, String::as_str);
        short(name, NAME_MAX)
    };
    let landmark = case.landmark.trim();
    let house = match (case.house_no.as_str(), landmark) {
        (house, "") => house.to_string(),
        ("", landmark) => landmark.to_string(),
        (house, landmark) => format!("{house} ({landmark})"),
    };
    // He has two papers with the same line: that is said on the second.
    let also = printed.map(|number| format!("อยู่ในใบ {number} ด้วย"));
    let told = |text: String| {
        [Some(text), also.clone()]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
    };
    let (needs, asks) = match help {
        Some(found) => (
            vec![kind(&found.need_kind)],
            Asks::Help {
                who: short(&found.assignment.volunteer_label, NAME_MAX),
                // The day alone: it stands in one line with who went.
                when: told(date::format_short(found.assignment.state_since.date())).join(" · "),
            },
        ),
        None => (
            needs_of(of, &kind),
            Asks::Report {
                told: told(format!(
                    "แจ้งเมื่อ {}",
                    date::format_short(case.reported_at.date())
                ))
                .join(" · "),
            },
        ),
    };
    TickLine {
        code: line.code.to_string(),
        name: short(&paper::known(&of.person.full_name()), NAME_MAX),
        house: short(&house, NAME_MAX),
        needs,
        asks,
    }
}

/// What the case still waits for; where all of it is said to be met, that, and that it is.
fn needs_of(of: &CaseLine, kind: &dyn Fn(&str) -> String) -> Vec<String> {
    let waiting: Vec<_> = of
        .needs
        .iter()
        .filter(|need| tick::waits(need.state))
        .map(|need| kind(&need.kind))
        .take(NEEDS_MAX)
        .collect();
    if !waiting.is_empty() {
        return waiting;
    }
    let met = of.needs.iter().take(NEEDS_MAX);
    met.map(|need| format!("{} (แจ้งว่าช่วยแล้ว)", kind(&need.kind)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn houses_stand_in_the_order_of_their_numbers() {
        let mut houses = ["112", "12/10", "๙", "12", "", "12/3", "ท้ายหมู่บ้าน", "9/1"];
        houses.sort_by_cached_key(|house| house_key(house));
        assert_eq!(
            houses,
            ["๙", "9/1", "12", "12/3", "12/10", "112", "", "ท้ายหมู่บ้าน"]
        );
    }
}
