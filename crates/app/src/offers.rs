//! Offers: set aside, claimed, handed over; what the person in need says.

use jitasa_domain::{Availability, KindList, ReceiverWord};
use jitasa_store::{
    Action,
    act::{Away, HandOver, Propose, ReceiverSaid, Reject, Successor},
    query::{assignments as rows, office, volunteers},
};

use crate::{
    ApiError, App, assignments, forms, suggest,
    views::{Acted, assignment::*, volunteer::VolunteerAway},
};

fn reason(typed: &str) -> Result<String, ApiError> {
    forms::optional_line(Some(typed), "reason", 500)?
        .ok_or_else(|| ApiError::field("reason_missing", "reason"))
}

pub(crate) fn reject(app: &App, request: RejectRequest) -> Result<Acted, ApiError> {
    let volunteer_id = forms::id(&request.volunteer_id)?;
    let (volunteer, kinds) = app.store()?.read(|conn| {
        let kinds = office::kinds(conn, KindList::Volunteer)?;
        Ok((volunteers::line(conn, volunteer_id)?, kinds))
    })?;
    let volunteer = volunteer.ok_or_else(ApiError::not_found)?.volunteer;
    app.act(Action::Reject(Reject {
        need_id: forms::id(&request.need_id)?,
        volunteer_id,
        volunteer_label: assignments::label_of(&volunteer, &kinds, None),
        reason: reason(&request.reason)?,
    }))
}

pub(crate) fn reconsider(app: &App, request: Pair) -> Result<Acted, ApiError> {
    app.act(Action::Reconsider {
        need_id: forms::id(&request.need_id)?,
        volunteer_id: forms::id(&request.volunteer_id)?,
    })
}

pub(crate) fn claim(app: &App, request: ClaimRequest) -> Result<Acted, ApiError> {
    let pair = assignments::prepare(
        app,
        &request.need_id,
        &request.volunteer_id,
        request.team_id.as_deref(),
    )?;
    app.act(Action::Claim(pair))
}

pub(crate) fn advance_all(app: &App, request: AssignmentMoveAll) -> Result<Acted, ApiError> {
    let steps = request.ids.into_iter().map(|id| {
        assignments::step_of(AssignmentMove {
            id,
            step: request.step.clone(),
            reason: request.reason.clone(),
            outcome: request.outcome.clone(),
            channel: request.channel.clone(),
            minutes_given: request.minutes_given,
        })
    });
    let steps = steps.collect::<Result<Vec<_>, _>>()?;
    if steps.is_empty() {
        return Err(ApiError::field("nothing_chosen", "ids"));
    }
    app.act(Action::MoveAssignments(steps))
}

fn away(request: VolunteerAway) -> Result<Away, ApiError> {
    Ok(Away {
        id: forms::id(&request.id)?,
        availability: forms::code(
            &request.availability,
            "availability",
            Availability::from_code,
        )?,
        away_from: forms::optional_date(request.away_from.as_deref(), "away_from")?,
        away_until: forms::optional_date(request.away_until.as_deref(), "away_until")?,
        reason: forms::optional_line(request.reason.as_deref(), "reason", 500)?,
    })
}

pub(crate) fn hand_over(app: &App, request: HandOverRequest) -> Result<Acted, ApiError> {
    let volunteer_id = forms::id(&request.volunteer_id)?;
    let held = app
        .store()?
        .read(|conn| rows::held_by(conn, volunteer_id))?;
    let mut to = Vec::with_capacity(request.to.len());
    for line in &request.to {
        let assignment_id = forms::id(&line.assignment_id)?;
        let his = held
            .iter()
            .find(|each| each.assignment.id == assignment_id)
            .ok_or_else(|| ApiError::field("hand_over_of_another", "to"))?;
        let pair = match line.volunteer_id.as_deref().filter(|id| !id.is_empty()) {
            Some(id) => {
                let need_id = his.assignment.need_id.to_string();
                Some(assignments::prepare(app, &need_id, id, None)?)
            }
            None => None,
        };
        let successor = pair.map(|pair| (pair.volunteer_id, pair));
        let (volunteer_id, pair) = match successor {
            Some((id, pair)) => (Some(id), pair),
            None => (None, Propose::default()),
        };
        to.push(Successor {
            assignment_id,
            volunteer_id,
            volunteer_label: pair.volunteer_label,
            distance_m: pair.distance_m,
            why: pair.why,
        });
    }
    let away = request.away.map(away).transpose()?;
    if to.is_empty() && away.is_none() {
        return Err(ApiError::field("nothing_chosen", "to"));
    }
    app.act(Action::HandOver(HandOver {
        volunteer_id,
        reason: reason(&request.reason)?,
        to,
        away,
        offered: request.offered,
        channel: assignments::channel(request.channel.as_deref())?,
    }))
}

pub(crate) fn receiver_word(app: &App, request: ReceiverWordRequest) -> Result<Acted, ApiError> {
    let assignment_id = forms::id(&request.id)?;
    let line = app
        .store()?
        .read(|conn| rows::line(conn, assignment_id))?
        .ok_or_else(ApiError::not_found)?;
    let note = forms::optional_line(request.note.as_deref(), "note", 1_000)?;
    let mut look = format!(
        "ผู้รับแจ้งว่ายังไม่มีใครไปช่วย ตามงานเลขที่ {} ({})",
        line.assignment.number, line.assignment.volunteer_label
    );
    if let Some(note) = &note {
        look = format!("{look}: {note}");
    }
    app.act(Action::ReceiverSaid(ReceiverSaid {
        assignment_id,
        word: forms::code(&request.word, "word", ReceiverWord::from_code)?,
        note,
        follow_up_note: look,
    }))
}

pub(crate) fn set_hands(app: &App, request: NeedHands) -> Result<Acted, ApiError> {
    let (need, _) = suggest::need_and_case(app, &request.id)?;
    app.act(Action::SetHands {
        need_id: need.id,
        hands: request.hands,
    })
}
