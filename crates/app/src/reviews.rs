//! The headman's inbox and his word.

use std::collections::HashMap;

use jitasa_domain::{ActionKind, Actor, Denied, Review, ReviewState, Role, Subject, authorize};
use jitasa_store::{
    Action, Connection, StoreError,
    act::Decide,
    query::{
        inbox::{self, InboxLine},
        office,
        tick_lists::{self, Headman},
    },
};

use crate::{
    ApiError, App, assignments as assignment_api,
    case_views::Rows,
    forms,
    views::{Acted, review::*},
};

pub(crate) fn inbox(app: &App, request: InboxRequest) -> Result<Inbox, ApiError> {
    let actor = app.reader(ActionKind::Read)?;
    let store = app.store()?;
    // The office sees what waits for any headman; a headman sees his own villages.
    let villages = match actor.role {
        Role::Headman => actor.villages.clone(),
        _ => store
            .read(|conn| office::villages(conn, None))?
            .into_iter()
            .map(|area| area.code)
            .collect(),
    };
    let shown = Rows::of(app)?;
    let limit = forms::page_size(request.limit);
    let (page, denied) = store.read(|conn| {
        let page = inbox::inbox(conn, &villages, request.after.as_deref(), limit)?;
        let denied = denied(conn, &actor, &page.rows)?;
        Ok((page, denied))
    })?;
    let items = page
        .rows
        .iter()
        .zip(denied)
        .map(|(item, denied)| InboxItem {
            kind: if item.assignment.is_some() {
                "assignment"
            } else {
                "case"
            }
            .into(),
            case: shown.row(&item.line),
            note: item.line.case.note.clone(),
            landmark: item.line.case.landmark.clone(),
            lat: item.line.case.lat,
            lon: item.line.case.lon,
            assignment: item
                .assignment
                .as_ref()
                .map(|line| assignment_api::view(line, &shown.villages)),
            denied: denied.map(|denied| denied.code().into()),
            entered_by: item.entered_by.clone(),
        })
        .collect();
    Ok(Inbox {
        items,
        next: page.next,
        total: page.total,
    })
}

pub(crate) fn decide(app: &App, request: ReviewDecide) -> Result<Acted, ApiError> {
    app.act(Action::Decide(Decide {
        case_id: forms::id(&request.case_id)?,
        assignment_id: request
            .assignment_id
            .as_deref()
            .map(forms::id)
            .transpose()?,
        verdict: forms::code(&request.verdict, "verdict", ReviewState::from_code)?,
        reason: forms::optional_line(request.reason.as_deref(), "reason", 500)?,
    }))
}

/// Why the headman may not judge each thing: he who reads, or for the office the one who is known for
/// the village. He entered it, did it himself, or went along.
fn denied(
    conn: &Connection,
    actor: &Actor,
    items: &[InboxLine],
) -> Result<Vec<Option<Denied>>, StoreError> {
    if actor.role == Role::Headman {
        return Ok(items.iter().map(|item| own_work(actor, item)).collect());
    }
    let mut known: HashMap<&str, Option<Headman>> = HashMap::new();
    let mut all = Vec::with_capacity(items.len());
    for item in items {
        let area = item.line.case.area_code.as_str();
        if !known.contains_key(area) {
            let _ = known.insert(area, Headman::known_of(conn, area)?);
        }
        let own = match known.get(area).and_then(Option::as_ref) {
            Some(headman) => tick_lists::is_own_work(conn, headman, item)?,
            None => false,
        };
        all.push(own.then_some(Denied::OwnWork));
    }
    Ok(all)
}

fn own_work(actor: &Actor, item: &InboxLine) -> Option<Denied> {
    let done_by: Vec<_> = item
        .assignment
        .iter()
        .flat_map(|line| line.assignment.who_go())
        .collect();
    let subject = Subject {
        done_by: &done_by,
        ..item.line.case.subject()
    };
    let denied = authorize(actor, ActionKind::ReviewDecide, &subject).err();
    denied.filter(|denied| *denied == Denied::OwnWork)
}

/// Words that were given, with the number of the paper they came on.
pub(crate) fn views(app: &App, reviews: &[Review]) -> Result<Vec<ReviewView>, ApiError> {
    app.store()?
        .read(|conn| {
            reviews
                .iter()
                .map(|review| {
                    let list = match review.tick_list_id {
                        Some(id) => tick_lists::by_id(conn, id)?,
                        None => None,
                    };
                    Ok(ReviewView {
                        id: review.id.to_string(),
                        assignment_id: review.assignment_id.map(|id| id.to_string()),
                        verdict: review.verdict.code().into(),
                        reason: review.reason.clone(),
                        reviewer: review.reviewer.clone(),
                        reviewed_at: review.reviewed_at.0,
                        medium: review.medium.code().into(),
                        tick_list: list.map(|list| list.number),
                        keyed_by: review.keyed_by.clone(),
                    })
                })
                .collect()
        })
        .map_err(ApiError::from)
}
