//! The headman's inbox and his word.

use jitasa_domain::{ActionKind, Review, ReviewState, Role};
use jitasa_store::{
    Action,
    act::Decide,
    query::{assignments, office},
};

use crate::{
    ApiError, App, assignments as assignment_api, case_views, forms,
    places::Villages,
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
    let labels = Villages::of(&store)?;
    let limit = forms::page_size(request.limit);
    let page =
        store.read(|conn| assignments::inbox(conn, &villages, request.after.as_deref(), limit))?;
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
            case: case_views::row_of(&item.line, &labels),
            note: item.line.case.note.clone(),
            landmark: item.line.case.landmark.clone(),
            lat: item.line.case.lat,
            lon: item.line.case.lon,
            assignment: item
                .assignment
                .as_ref()
                .map(|line| assignment_api::view(line, &labels)),
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

pub(crate) fn view(review: &Review) -> ReviewView {
    ReviewView {
        id: review.id.to_string(),
        assignment_id: review.assignment_id.map(|id| id.to_string()),
        verdict: review.verdict.code().into(),
        reason: review.reason.clone(),
        reviewer: review.reviewer.clone(),
        reviewed_at: review.reviewed_at.0,
    }
}
