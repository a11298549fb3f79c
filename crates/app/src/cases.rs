//! Acts on cases: recording, correcting, closing, referring, following up.

use std::collections::BTreeMap;

use jitasa_domain::{
    Channel, ClosingReason, KindList, PlaceSource, Urgency,
    gazetteer::{self, Gazetteer, Level},
    lifecycle::NeedMove as NeedStep,
    permission::office_covers,
};
use jitasa_store::{
    Action,
    act::{
        CaseFields, CloseCase, EditCase, Looked, MoveNeed, NewCase, NewNeed, PersonFields,
        PlaceCase,
    },
};

use crate::{
    ApiError, App, case_views, forms, kinds, maps, places,
    views::{Acted, case::*},
};

/// Codes of persons with specific needs (`facts` of the field: bedridden, pregnant, ...).
pub(crate) const VULNERABLE: &[&str] = &[
    "bedridden",
    "pregnant",
    "infant",
    "child",
    "elderly",
    "disabled",
    "dialysis",
    "oxygen",
    "chronic",
];

fn person_of(draft: &CaseDraft) -> Result<PersonFields, ApiError> {
    forms::person(
        &draft.title,
        &draft.given_name,
        &draft.family_name,
        draft.citizen_id.as_deref(),
        draft.phone.as_deref(),
    )
}

fn fields_of(app: &App, draft: &CaseDraft, reported_at: i64) -> Result<CaseFields, ApiError> {
    let now = app.env().now();
    let reported_at = draft.reported_at.unwrap_or(reported_at);
    // A desk's clock may be a little behind the phone that called.
    if reported_at > now.0 + 3_600_000 {
        return Err(ApiError::field("date_in_future", "reported_at"));
    }
    if !(1..=100_000).contains(&draft.people_count) {
        return Err(ApiError::field("people_count_wrong", "people_count"));
    }
    let point = forms::optional_point(draft.lat, draft.lon)?;
    let place_source = forms::code(
        Some(draft.place_source.as_str())
            .filter(|code| !code.is_empty())
            .unwrap_or("none"),
        "place_source",
        PlaceSource::from_code,
    )?;
    let vulnerable = forms::codes(&draft.vulnerable, "vulnerable", |code| {
        VULNERABLE
            .iter()
            .find(|known| **known == code)
            .map(|code| (*code).to_string())
    })?;
    Ok(CaseFields {
        channel: forms::code(&draft.channel, "channel", Channel::from_code)?,
        reported_at: jitasa_domain::Timestamp(reported_at),
        reporter: forms::optional_line(draft.reporter.as_deref(), "reporter", 200)?,
        area_code: forms::area_code(&draft.area_code, "area_code")?,
        house_no: forms::house_no(&draft.house_no)?,
        landmark: forms::line(&draft.landmark, "landmark", 500)?,
        lat: point.map(|(lat, _)| lat),
        lon: point.map(|(_, lon)| lon),
        accuracy_m: draft.accuracy_m.filter(|_| point.is_some()),
        place_source: if point.is_some() {
            place_source
        } else {
            PlaceSource::None
        },
        people_count: draft.people_count,
        vulnerable,
        urgency: forms::code(&draft.urgency, "urgency", Urgency::from_code)?,
        note: forms::note(&draft.note, "note")?,
    })
}

fn needs_of(app: &App, draft: &CaseDraft) -> Result<Vec<NewNeed>, ApiError> {
    let codes: Vec<String> = draft.needs.iter().map(|need| need.kind.clone()).collect();
    kinds::check_codes(app, KindList::Need, &codes, "needs")?;
    let mut needs = BTreeMap::new();
    for (at, need) in draft.needs.iter().enumerate() {
        let detail = forms::line(&need.detail, "needs", 1_000)?;
        // The same kind keyed twice is one need.
        needs.entry(&need.kind).or_insert((at, detail, need.hands));
    }
    let mut needs: Vec<_> = needs.into_iter().collect();
    needs.sort_by_key(|(_, (at, ..))| *at);
    Ok(needs
        .into_iter()
        .map(|(kind, (_, detail, hands))| NewNeed {
            kind: kind.clone(),
            detail,
            hands,
        })
        .collect())
}

/// A case lies in the area of the office that answers for it: the server holds back any other.
fn lies_with(offices: &[&str], area_code: &str) -> Result<(), ApiError> {
    if offices
        .iter()
        .any(|office| office_covers(office, area_code))
    {
        return Ok(());
    }
    Err(ApiError::field("area_outside_office", "area_code"))
}

pub(crate) fn create(app: &App, draft: CaseDraft) -> Result<Acted, ApiError> {
    let now = app.env().now();
    let fields = fields_of(app, &draft, now.0)?;
    lies_with(&[&app.actor()?.office_code], &fields.area_code)?;
    let new = NewCase {
        id: match &draft.client_key {
            Some(key) => Some(
                key.parse()
                    .map_err(|_| ApiError::field("code_unknown", "client_key"))?,
            ),
            None => None,
        },
        person: person_of(&draft)?,
        fields,
        needs: needs_of(app, &draft)?,
        import_id: None,
    };
    app.act(Action::CreateCase(new))
}

pub(crate) fn edit(app: &App, request: CaseEdit) -> Result<Acted, ApiError> {
    let id = forms::id(&request.id)?;
    let line = case_views::visible_line(app, &request.id)?;
    let fields = fields_of(app, &request.draft, line.case.reported_at.0)?;
    let own = app.actor()?.office_code;
    lies_with(&[&own, &line.case.office_code], &fields.area_code)?;
    app.act(Action::EditCase(EditCase {
        id,
        version: request.version,
        person: person_of(&request.draft)?,
        fields,
        needs: needs_of(app, &request.draft)?,
    }))
}

pub(crate) fn close(app: &App, request: CaseClose) -> Result<Acted, ApiError> {
    app.act(Action::CloseCase(CloseCase {
        id: forms::id(&request.id)?,
        reason: forms::code(&request.reason, "reason", ClosingReason::from_code)?,
        note: forms::optional_line(request.note.as_deref(), "note", 1_000)?,
    }))
}

pub(crate) fn reopen(app: &App, request: CaseReopen) -> Result<Acted, ApiError> {
    let note = forms::note(&request.note, "note")?;
    app.act(Action::ReopenCase {
        id: forms::id(&request.id)?,
        note,
    })
}

pub(crate) fn place(app: &App, request: CasePlace) -> Result<Acted, ApiError> {
    let (lat, lon) = forms::point(request.lat, request.lon)?;
    let line = case_views::visible_line(app, &request.id)?;
    let reason = forms::optional_line(request.reason.as_deref(), "reason", 500)?;
    let elsewhere = maps::subdistrict_at(app, lat, lon)?
        .filter(|code| line.case.area_code.get(..6) != Some(code.as_str()));
    if let (Some(code), None) = (&elsewhere, &reason) {
        // Boundaries are some years old and village lines are disputed: asked about, never refused.
        return Err(
            ApiError::field("point_elsewhere", "reason").with("area", places::full_name(code))
        );
    }
    app.act(Action::PlaceCase(PlaceCase {
        id: line.case.id,
        lat,
        lon,
        accuracy_m: request.accuracy_m,
        reason: reason.filter(|_| elsewhere.is_some()),
    }))
}

pub(crate) fn refer(app: &App, request: CaseRefer) -> Result<Acted, ApiError> {
    let office_code = match request.office_code.filter(|code| !code.is_empty()) {
        None => None,
        Some(code) => Some(
            gazetteer::parse_code(&code)
                .filter(|code| {
                    let place = Gazetteer::bundled().get(code);
                    place.is_some_and(|place| place.level != Level::Province)
                })
                .ok_or_else(|| ApiError::field("office_unknown", "office_code"))?,
        ),
    };
    let note = forms::optional_line(request.note.as_deref(), "note", 1_000)?;
    app.act(Action::ReferCase {
        id: forms::id(&request.id)?,
        office_code,
        note,
    })
}

pub(crate) fn move_need(app: &App, request: NeedMove) -> Result<Acted, ApiError> {
    let step = forms::code(&request.step, "step", NeedStep::from_code)?;
    if !matches!(
        step,
        NeedStep::Verify | NeedStep::Open | NeedStep::Meet | NeedStep::Close | NeedStep::Reopen
    ) {
        // Hands come and go through assignments, so that somebody's name stands behind each step.
        return Err(ApiError::field("need_step_by_assignment", "step"));
    }
    app.act(Action::MoveNeed(MoveNeed {
        id: forms::id(&request.id)?,
        step,
        reason: request
            .reason
            .as_deref()
            .map(|reason| forms::code(reason, "reason", ClosingReason::from_code))
            .transpose()?,
        note: forms::optional_line(request.note.as_deref(), "note", 1_000)?,
    }))
}

pub(crate) fn add_follow_up(app: &App, request: FollowUpAdd) -> Result<Acted, ApiError> {
    let due_on = forms::date(&request.due_on, "due_on")?;
    if due_on < app.env().now().date() {
        return Err(ApiError::field("date_in_past", "due_on"));
    }
    app.act(Action::AddFollowUp {
        case_id: forms::id(&request.case_id)?,
        due_on,
        note: forms::line(&request.note, "note", 1_000)?,
    })
}

pub(crate) fn finish_follow_up(app: &App, request: FollowUpDone) -> Result<Acted, ApiError> {
    app.act(Action::FinishFollowUp(Looked {
        id: forms::id(&request.id)?,
        outcome: forms::line(&request.outcome, "outcome", 1_000)?,
        no_answer: request.no_answer,
    }))
}
