//! The headman's inbox and his word.

use jitasa_domain::{ActionKind, Actor, Denied, Review, ReviewState, Role, Subject, authorize};
use jitasa_store::{
    Action,
    act::Decide,
    query::{
        inbox::{self, InboxLine},
        office, tick_lists,
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
    let page = store.read(|conn| inbox::inbox(conn, &villages, request.after.as_deref(), limit))?;
    let items = page
        .rows
        .iter()
        .map(|item| InboxItem {
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
            denied: own_work(&actor, item).map(|denied| denied.code().into()),
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

/// Why this headman may not judge a thing of his own villages: he entered it, did it himself, or went along.
fn own_work(actor: &Actor, item: &InboxLine) -> Option<Denied> {
    if actor.role != Role::Headman {
        return None;
    }
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
