//! Printing a village's list: what it asks, in the order of the houses, for its headman.

use jitasa_domain::{ActionKind, Actor, Entity, KindList, Role, TickList, tick};
use jitasa_print::{Asks, TickLine, TickList as Page};
use jitasa_store::{
    Action, DeskUser,
    act::NewTickList,
    desk,
    query::{inbox::InboxLine, office, tick_lists},
};
use jitasa_thai::{date, text};

use super::sees;
use crate::{
    ApiError, App, forms,
    paper::{self, short},
    places,
    views::{print::PrintDone, review::TickPrintRequest},
};

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
    let store = app.store()?;
    let limit = u32::try_from(tick::LINES_MAX).unwrap_or(u32::MAX);
    let mut asked = store.read(|conn| tick_lists::to_ask(conn, &area_code, limit))?;
    if asked.is_empty() {
        return Err(ApiError::field("tick_nothing_to_ask", "area_code"));
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
    let given = forms::optional_line(request.reviewer.as_deref(), "reviewer", 100)?;
    let headman = headman_of(app, &actor, &area_code, given)?;
    let acted = app.act(Action::PrintTickList(NewTickList {
        area_code,
        reviewer: headman.stored.clone(),
        reviewer_id: headman.id,
        lines: asked.iter().map(about).collect(),
    }))?;
    let printed = put_on_paper(app, &request, &asked, &headman, acted.id.as_deref());
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
            stored: format!(
                "ผู้ใหญ่บ้าน ม.{}",
                places::moo_of(area_code).unwrap_or_default()
            ),
        },
    })
}

fn put_on_paper(
    app: &App,
    request: &TickPrintRequest,
    asked: &[InboxLine],
    headman: &Headman,
    list_id: Option<&str>,
) -> Result<PrintDone, ApiError> {
    let id = forms::id(list_id.unwrap_or_default())?;
    let store = app.store()?;
    let list = store
        .read(|conn| tick_lists::by_id(conn, id))?
        .ok_or_else(|| ApiError::new("internal"))?;
    let page = page(app, &list, asked, headman)?;
    let bytes = jitasa_print::tick_list(&page)?;
    let number = list.number.replace("ม.", "moo");
    let file_name = format!("tick-list-{}-{number}.pdf", list.area_code);
    let done = paper::done(file_name, &bytes, request.path.as_deref(), page.lines.len())?;
    Ok(PrintDone {
        id: Some(list.id.to_string()),
        ..done
    })
}

fn page(
    app: &App,
    list: &TickList,
    asked: &[InboxLine],
    headman: &Headman,
) -> Result<Page, ApiError> {
    let store = app.store()?;
    let (kinds, village) = store.read(|conn| {
        Ok((
            office::kinds(conn, KindList::Need)?,
            office::village(conn, &list.area_code)?,
        ))
    })?;
    let kind = |code: &str| {
        let found = kinds.iter().find(|kind| kind.code == code);
        found.map_or_else(|| code.to_string(), |kind| kind.th.clone())
    };
    let lines = tick_lists::lines_of(list)
        .into_iter()
        .zip(asked)
        .map(|((_, line), asked)| printed_line(&line, asked, &kind))
        .collect();
    let moo = places::moo_of(&list.area_code).unwrap_or_default();
    let name = village
        .map(|village| format!("บ้าน{} ", village.name))
        .unwrap_or_default();
    Ok(Page {
        head: paper::head(app)?,
        number: list.number.clone(),
        village: short(
            &format!("หมู่ที่ {moo} {name}{}", places::full_name(&list.area_code)),
            300,
        ),
        headman: headman.printed.clone(),
        lines,
    })
}

/// Letters of a name, of a house with its landmark, and of a volunteer.
const NAME_MAX: usize = 120;

fn printed_line(line: &tick::Line, asked: &InboxLine, kind: &dyn Fn(&str) -> String) -> TickLine {
    let case = &asked.line.case;
    let landmark = case.landmark.trim();
    let house = match (case.house_no.as_str(), landmark) {
        (house, "") => house.to_string(),
        ("", landmark) => landmark.to_string(),
        (house, landmark) => format!("{house} ({landmark})"),
    };
    let (needs, asks) = match &asked.assignment {
        Some(found) => (
            vec![kind(&found.need_kind)],
            Asks::Help {
                who: short(&found.assignment.volunteer_label, NAME_MAX),
                // The day alone: it stands in one line with who went.
                when: date::format_short(found.assignment.state_since.date()),
            },
        ),
        None => (
            asked
                .line
                .needs
                .iter()
                .filter(|need| tick::waits(need.state))
                .map(|need| short(&kind(&need.kind), NAME_MAX))
                .take(12)
                .collect(),
            Asks::Report {
                told: format!("แจ้งเมื่อ {}", date::format_short(case.reported_at.date())),
            },
        ),
    };
    TickLine {
        code: line.code.to_string(),
        name: short(&asked.line.person.full_name(), NAME_MAX),
        house: short(&house, NAME_MAX),
        needs,
        asks,
    }
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
