//! One box over cases, people, volunteers and villages.

use jitasa_domain::{ActionKind, Actor};
use jitasa_store::{
    Store,
    query::{cases, hands, search, search::Hit, volunteers},
};
use jitasa_thai::{keyboard, phone};

use crate::{
    ApiError, App,
    places::{self, Villages},
    views::search::*,
};

pub(crate) fn find(app: &App, request: SearchRequest) -> Result<SearchHits, ApiError> {
    let actor = app.reader(ActionKind::Read)?;
    let store = app.store()?;
    let limit = if request.limit == 0 {
        20
    } else {
        request.limit.min(50)
    };
    let villages = Villages::of(&store)?;
    let hits = look(&store, &actor, &as_stored(&request.text), limit, &villages)?;
    if !hits.is_empty() {
        return Ok(SearchHits {
            hits,
            read_as: None,
        });
    }
    // Nothing found and nothing Thai in it: the keyboard may have been on the other language.
    let has_thai = request
        .text
        .chars()
        .any(|letter| ('\u{0E00}'..='\u{0E7F}').contains(&letter));
    if has_thai || request.text.trim().is_empty() {
        return Ok(SearchHits::default());
    }
    let read_as = keyboard::to_thai(&request.text);
    let hits = look(&store, &actor, &read_as, limit, &villages)?;
    let read_as = (!hits.is_empty()).then_some(read_as);
    Ok(SearchHits { hits, read_as })
}

/// What was typed, the way it is stored: a telephone number is one word of digits there, and its
/// pieces between dashes would be found in numbers of other people.
pub(crate) fn as_stored(text: &str) -> String {
    let has_letters = text.chars().any(char::is_alphabetic);
    match phone::read(text) {
        // A zero is not put back: eight or nine digits may be the end of a number.
        Ok(number) if !has_letters && !number.repaired => number.digits,
        _ => text.to_string(),
    }
}

fn look(
    store: &Store,
    actor: &Actor,
    text: &str,
    limit: u32,
    villages: &Villages,
) -> Result<Vec<SearchHit>, ApiError> {
    let only = App::limited_to(actor);
    let found = store.read(|conn| {
        let mut lines = by_assignment(conn, text, only.as_deref(), villages)?;
        // A headman's hits lie in his villages, so more are looked at than shown.
        for hit in search::find(conn, text, if only.is_some() { 500 } else { limit })? {
            if let Some(line) = describe(conn, &hit, only.as_deref(), villages)?
                && lines.iter().all(|known| known.id != line.id)
            {
                lines.push(line);
            }
            if lines.len() == limit as usize {
                break;
            }
        }
        Ok(lines)
    })?;
    Ok(found)
}

/// The case of the assignment with this number: what a scanner types when it reads a slip.
fn by_assignment(
    conn: &jitasa_store::Connection,
    text: &str,
    only: Option<&[String]>,
    villages: &Villages,
) -> Result<Vec<SearchHit>, jitasa_store::StoreError> {
    let number = jitasa_thai::text::arabic_digits(text.trim());
    let mut lines = Vec::new();
    for assignment in hands::by_number(conn, &number)? {
        let hit = Hit {
            kind: "case".into(),
            id: assignment.case_id,
        };
        lines.extend(describe(conn, &hit, only, villages)?);
    }
    lines.dedup_by(|one, other| one.id == other.id);
    Ok(lines)
}

fn describe(
    conn: &jitasa_store::Connection,
    hit: &Hit,
    only: Option<&[String]>,
    villages: &Villages,
) -> Result<Option<SearchHit>, jitasa_store::StoreError> {
    let sees = |code: &String| only.is_none_or(|only| only.contains(code));
    let described = match hit.kind.as_str() {
        "case" => cases::line(conn, hit.id)?
            .filter(|line| sees(&line.case.area_code))
            .map(|line| SearchHit {
                kind: "case".into(),
                id: hit.id.to_string(),
                title: line.person.full_name(),
                subtitle: format!(
                    "{} · {} {}",
                    line.case.number,
                    line.case.house_no,
                    villages.label(&line.case.area_code)
                ),
            }),
        "volunteer" if only.is_none() => volunteers::line(conn, hit.id)?.map(|line| SearchHit {
            kind: "volunteer".into(),
            id: hit.id.to_string(),
            title: line.volunteer.full_name(),
            subtitle: villages.label(&line.volunteer.area_code),
        }),
        "village" => search::village(conn, hit.id)?
            .filter(|area| sees(&area.code))
            .map(|area| SearchHit {
                kind: "village".into(),
                id: area.code.clone(),
                title: villages.label(&area.code),
                subtitle: places::full_name(&area.code),
            }),
        _ => None,
    };
    Ok(described)
}
