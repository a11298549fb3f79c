//! What people do: each is one act of several changes, lawful or not as it comes.

use super::*;

pub(super) fn a_case(act: &mut Act) -> Option<()> {
    let (case, person) = (act.new_id(), act.new_id());
    let office = act.at.disk.office;
    let village = format!("{office:0<6}0{}", 1 + act.at.chance.below(3));
    let (note, house) = (act.word(), act.word());
    let mut said = fields(json!({
        "id": case, "number": format!("{office}-69-{}", act.at.disk.device_seq), "office_code": office,
        "area_code": village, "note": note, "house_no": house, "person_id": person, "created_by": act.at.actor,
        "reported_at": act.at.now.0, "created_at": act.at.now.0,
    }));
    if act.at.is_newer {
        let word = act.word();
        said.insert(OF_NEXT_YEAR.into(), word);
    }
    act.write((Entity::Case, case), said);
    let word = act.word();
    act.write(
        (Entity::Person, person),
        fields(json!({ "id": person, "case_id": case, "office_code": office, "given_name": word })),
    );
    for _ in 0..1 + act.at.chance.below(2) {
        let need = act.new_id();
        let word = act.word();
        act.write(
            (Entity::Need, need),
            fields(json!({ "id": need, "case_id": case, "kind": "food_water", "detail": word })),
        );
    }
    Some(())
}

pub(super) fn an_edit(act: &mut Act) -> Option<()> {
    let case = act.at.some(Entity::Case)?;
    for _ in 0..1 + act.at.chance.below(3) {
        let word = act.word();
        let said = match act.at.chance.below(8) {
            0..3 => json!({ "note": word }),
            3 => json!({ "landmark": word }),
            4 => json!({ "house_no": word, "reporter": null }),
            5 => json!({ "people_count": act.number() }),
            6 => json!({ "urgency": *act.at.chance.of(&["normal", "urgent", "critical"]) }),
            _ => json!({ "vulnerable": [word], "reporter": word }),
        };
        act.write(case, fields(said));
    }
    if act.at.is_newer {
        let word = act.word();
        act.write(case, fields(json!({ OF_NEXT_YEAR: word })));
    }
    if act.at.chance.per_mille(300)
        && let Some(person) = act.at.some(Entity::Person)
    {
        let word = act.word();
        act.write(person, fields(json!({ "given_name": word })));
    }
    Some(())
}

fn degrees(number: u64) -> f64 {
    16.0 + f64::from(u32::try_from(number).unwrap_or(0)) / 100_000.0
}

pub(super) fn a_pin(act: &mut Act) -> Option<()> {
    let case = act.at.some(Entity::Case)?;
    let (number, more) = (act.number(), act.number());
    act.write(
        case,
        fields(json!({
            "lat": degrees(number), "lon": degrees(more), "accuracy_m": number, "place_source": "pin",
        })),
    );
    Some(())
}

pub(super) fn moves_need(act: &mut Act, need: Key, to: NeedState) {
    let number = act.number();
    act.write(
        need,
        fields(json!({ "state": to.code(), "state_since": act.at.now.0 + i64::try_from(number).unwrap_or(0) })),
    );
}

pub(super) fn a_need_moves(act: &mut Act) -> Option<()> {
    let need = act.at.some(Entity::Need)?;
    let from = act.text(need, "state");
    let steps: Vec<_> = NEED
        .iter()
        .filter(|(state, ..)| state.code() == from)
        .collect();
    let (_, _, to) = **act.at.chance.of(&steps);
    moves_need(act, need, to);
    let word = act.word();
    if act.at.chance.per_mille(200) {
        act.write(need, fields(json!({ "detail": word })));
    }
    Some(())
}

pub(super) fn an_assignment(act: &mut Act) -> Option<()> {
    let need = act.at.some(Entity::Need)?;
    let id = act.new_id();
    let case = act.text(need, "case_id");
    let word = act.word();
    let state = *act
        .at
        .chance
        .of(&["proposed", "offered", "offered", "accepted"]);
    act.write(
        (Entity::Assignment, id),
        fields(json!({
            "id": id, "case_id": case, "need_id": need.1, "volunteer_label": word, "volunteer_id": need.1,
            "state": state, "number": word, "created_at": act.at.now.0,
        })),
    );
    let stands = NeedState::from_code(&act.text(need, "state"))?;
    if state == "accepted" && matches!(stands, NeedState::Open | NeedState::PartlyMet) {
        moves_need(act, need, NeedState::Assigned);
    }
    Some(())
}

pub(super) fn an_assignment_moves(act: &mut Act) -> Option<()> {
    let assignment = act.at.some(Entity::Assignment)?;
    let from = AssignmentState::from_code(&act.text(assignment, "state"))?;
    let steps: Vec<_> = ASSIGNMENT
        .iter()
        .filter(|(state, ..)| *state == from)
        .collect();
    if steps.is_empty() {
        return None;
    }
    let (_, _, to, follows) = **act.at.chance.of(&steps);
    let number = act.number();
    let word = act.word();
    act.write(
        assignment,
        fields(json!({
            "state": to.code(), "state_since": act.at.now.0 + i64::try_from(number).unwrap_or(0), "outcome": word,
        })),
    );
    let need: Uuid = act.text(assignment, "need_id").parse().ok()?;
    let need = (Entity::Need, need);
    let stands = NeedState::from_code(&act.text(need, "state"))?;
    if let Some(step) = follows
        && let Ok(next) = need_after(stands, step)
    {
        moves_need(act, need, next);
    }
    Some(())
}

pub(super) fn an_offer_expires(act: &mut Act) -> Option<()> {
    let assignment = act.at.some(Entity::Assignment)?;
    if act.text(assignment, "state") != "offered" {
        return None;
    }
    act.write(
        assignment,
        fields(json!({ "state": "expired", "state_since": act.at.now.0 })),
    );
    Some(())
}

pub(super) fn an_escalation(act: &mut Act) -> Option<()> {
    let case = act.at.some(Entity::Case)?;
    let to = *act.at.chance.of(&["supervisor", "district", "none"]);
    act.write(
        case,
        fields(json!({ "escalation": to, "escalated_at": act.at.now.0 })),
    );
    Some(())
}

pub(super) fn a_review(act: &mut Act) -> Option<()> {
    let case = act.at.some(Entity::Case)?;
    let from = ReviewState::from_code(&act.text(case, "review_state"))?;
    let steps: Vec<_> = REVIEW
        .iter()
        .filter(|(state, to)| *state == from && *to != ReviewState::Unreviewed)
        .collect();
    if steps.is_empty() {
        return None;
    }
    let (_, to) = **act.at.chance.of(&steps);
    let review = act.new_id();
    let word = act.word();
    act.write(
        (Entity::Review, review),
        fields(json!({ "id": review, "case_id": case.1, "verdict": to.code(), "reviewer": word })),
    );
    act.write(
        case,
        fields(json!({ "review_state": to.code(), "confirmed_at": act.at.now.0, "confirmed_by": word })),
    );
    Some(())
}

/// Another office is asked to help, or need not any more.
pub(super) fn a_referral(act: &mut Act) -> Option<()> {
    let case = act.at.some(Entity::Case)?;
    let to = match act.shown(case, "referred_to") {
        Value::Null => Value::from(*act.at.chance.of(&OFFICES)),
        _ => Value::Null,
    };
    let word = act.word();
    let mut said = fields(json!({ "referred_to": to }));
    if act.at.chance.per_mille(300) {
        said.insert("referral_note".into(), word);
    }
    act.write(case, said);
    Some(())
}

/// The case is another office's from now on: lawful where one office watches over both.
pub(super) fn a_hand_over(act: &mut Act) -> Option<()> {
    let case = act.at.some(Entity::Case)?;
    let to = *act.at.chance.of(&OFFICES);
    if !to.starts_with(act.at.disk.office) && act.at.chance.per_mille(800) {
        return None;
    }
    let mut said = fields(json!({ "office_code": to }));
    if act.at.chance.per_mille(500) {
        said.insert("referred_to".into(), Value::Null);
    }
    act.write(case, said);
    Some(())
}

/// The same village is keyed by several desks.
pub(super) fn a_village(act: &mut Act) -> Option<()> {
    let office = act.at.disk.office;
    let within = *act.at.chance.of(&OFFICES.map(|each| {
        if each.starts_with(office) {
            each
        } else {
            office
        }
    }));
    let code = format!("{within:0<6}0{}", 1 + act.at.chance.below(3));
    let id = area_id(&code);
    let word = act.word();
    let mut said = fields(json!({ "id": id, "code": code, "name": word, "office_code": office }));
    let number = act.number();
    if number.is_multiple_of(3) {
        // Where it lies, as far as somebody knows.
        said.extend(fields(
            json!({ "lat": degrees(number), "lon": degrees(number) }),
        ));
    }
    act.write((Entity::Area, id), said);
    Some(())
}

pub(super) fn a_kind(act: &mut Act) -> Option<()> {
    let office = act.at.disk.office;
    let code = *act.at.chance.of(&["boat", "saw"]);
    let id = kind_id(office, "need", code);
    let word = act.word();
    act.write(
        (Entity::Kind, id),
        fields(
            json!({ "id": id, "office_code": office, "list": "need", "code": code, "th": word }),
        ),
    );
    Some(())
}

pub(super) fn a_rule(act: &mut Act) -> Option<()> {
    let office = act.at.disk.office;
    let code = *act.at.chance.of(&["offer_minutes", "recheck_days"]);
    let id = rule_id(office, code);
    let word = act.word();
    act.write(
        (Entity::Rule, id),
        fields(json!({ "id": id, "office_code": office, "code": code, "value": word })),
    );
    Some(())
}

pub(super) fn a_volunteer(act: &mut Act) -> Option<()> {
    let word = act.word();
    match act
        .at
        .some(Entity::Volunteer)
        .filter(|_| act.at.chance.per_mille(700))
    {
        Some(volunteer) => act.write(volunteer, fields(json!({ "note": word, "phone": word }))),
        None => {
            let id = act.new_id();
            let office = act.at.disk.office;
            act.action = ActionKind::VolunteerCreate;
            act.write(
                (Entity::Volunteer, id),
                fields(json!({ "id": id, "office_code": office, "given_name": word, "skills": [word] })),
            );
        }
    }
    Some(())
}

pub(super) fn a_follow_up(act: &mut Act) -> Option<()> {
    let word = act.word();
    match act
        .at
        .some(Entity::FollowUp)
        .filter(|_| act.at.chance.per_mille(500))
    {
        Some(follow_up) => {
            act.action = ActionKind::FollowUpDone;
            act.write(
                follow_up,
                fields(json!({ "outcome": word, "done_at": act.at.now.0 })),
            );
        }
        None => {
            let case = act.at.some(Entity::Case)?;
            let id = act.new_id();
            act.write(
                (Entity::FollowUp, id),
                fields(
                    json!({ "id": id, "case_id": case.1, "due_on": "2026-12-01", "note": word }),
                ),
            );
        }
    }
    Some(())
}

pub(super) fn a_void(act: &mut Act) -> Option<()> {
    let entity = *act
        .at
        .chance
        .of(&[Entity::Case, Entity::Need, Entity::FollowUp]);
    let record = act.at.some(entity)?;
    let word = act.word();
    act.write(record, fields(json!({ "void_reason": word })));
    Some(())
}

/// Takes back something of this desk that still stands, field by field, as undo does.
pub(super) fn an_undo(act: &mut Act) -> Option<()> {
    let latest: Vec<_> = act.at.disk.outbox.values().rev().take(6).cloned().collect();
    if latest.is_empty() {
        return None;
    }
    let change = act.at.chance.of(&latest).clone();
    let key = (change.entity, change.entity_id);
    if change.fields.contains_key("id") {
        let word = act.word();
        act.write(key, fields(json!({ "void_reason": word })));
        return Some(());
    }
    let blank = jitasa_domain::record::blank(change.entity);
    let mut before = Map::new();
    for (name, value) in &change.fields {
        if act.shown(key, name) == *value {
            let was = act.at.oracle.before(&change, name);
            let was = was.or_else(|| blank.get(name).cloned());
            before.extend(was.map(|was| (name.clone(), was)));
        }
    }
    act.write(key, before);
    Some(())
}

/// What no desk of ours would do.
pub(super) fn out_of_bounds(act: &mut Act) -> Option<()> {
    let word = act.word();
    match act.at.chance.below(6) {
        0 => {
            let case = act.at.some(Entity::Case)?;
            act.write(case, fields(json!({ "review_state": "confirmed" })));
        }
        1 => {
            let need = act.at.some(Entity::Need)?;
            let to = *act.at.chance.of(&["met", "closed", "assigned"]);
            act.write(need, fields(json!({ "state": to })));
        }
        2 => {
            let case = act.at.some(Entity::Case)?;
            act.write(case, fields(json!({ "number": word })));
        }
        3 => {
            // A case in another office's name.
            let id = act.new_id();
            let office = *act.at.chance.of(&OFFICES);
            act.write(
                (Entity::Case, id),
                fields(json!({ "id": id, "office_code": office, "number": word })),
            );
            if act.number().is_multiple_of(2) {
                // And what follows on it, as if it had been taken.
                let own = act.at.disk.office;
                act.write((Entity::Case, id), fields(json!({ "office_code": own })));
            }
        }
        4 => {
            // A part of a case that nobody knows.
            let id = act.new_id();
            let case = act.new_id();
            act.write(
                (Entity::Need, id),
                fields(json!({ "id": id, "case_id": case, "kind": "food_water" })),
            );
        }
        _ => {
            let case = act.at.some(Entity::Case)?;
            act.write(case, fields(json!({ "people_count": "many" })));
        }
    }
    Some(())
}
