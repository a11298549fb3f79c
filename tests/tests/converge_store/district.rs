//! A subdistrict's case that waited too long comes to the district's list, and the district's word comes back.

use jitasa_domain::{Actor, Case, Entity, Escalation, Role, Timestamp};
use jitasa_store::{
    Action, StoreError,
    act::{NewCase, NewNeed},
    query::escalations,
    sync::reading,
};
use uuid::Uuid;

use crate::desks::{ADesk, Offices, START};

/// Desks of the subdistrict and of the district, in `desks::OFFICES`.
const SUBDISTRICT: usize = 0;
const DISTRICT: usize = 3;

fn does(desk: &mut ADesk, role: Role, at: Timestamp, action: Action) -> Result<Uuid, StoreError> {
    let actor = match role {
        Role::Timekeeper => Actor::timekeeper(desk.office),
        role => Actor {
            role,
            name: format!("หัวหน้างาน {}", desk.office),
            ..desk.clerk.clone()
        },
    };
    let acted = desk.store.act(&actor, at, &mut desk.ids, action)?;
    Ok(acted.subject.unwrap_or_default())
}

fn list(desk: &ADesk) -> Vec<(Uuid, bool)> {
    let lines = desk
        .store
        .read(|conn| escalations::taken_further(conn, desk.office, None, 10))
        .unwrap();
    let rows = lines.iter().map(|line| &line.case);
    rows.map(|case| (case.id, case.escalation_seen_at.is_some()))
        .collect()
}

#[test]
fn what_came_to_the_district_stands_in_its_list_and_its_word_comes_back() {
    let mut all = Offices::new();
    let call = NewCase {
        fields: jitasa_store::act::CaseFields {
            area_code: "45090501".into(),
            people_count: 1,
            reported_at: START,
            ..Default::default()
        },
        needs: vec![NewNeed {
            kind: "food_water".into(),
            ..NewNeed::default()
        }],
        ..NewCase::default()
    };
    let ours = &mut all.desks[SUBDISTRICT];
    let case = does(ours, Role::Clerk, START, Action::CreateCase(call)).unwrap();
    // The district's patience of an ordinary case: seven days.
    let late = START.plus_ms(8 * 86_400_000);
    does(ours, Role::Timekeeper, late, Action::EscalateCases).unwrap();
    let sent = |desk: &ADesk| {
        let asked = |conn: &jitasa_store::Connection| reading::escalation_sent(conn, case);
        desk.store.read(asked).unwrap()
    };
    assert!(!sent(&all.desks[SUBDISTRICT]), "it waits in the outbox");
    assert_eq!(list(&all.desks[DISTRICT]), []);

    all.sync(SUBDISTRICT);
    assert!(sent(&all.desks[SUBDISTRICT]));
    all.sync(DISTRICT);
    assert_eq!(list(&all.desks[DISTRICT]), [(case, false)]);

    // The subdistrict's supervisor does not take note in the district's place.
    let seen = || Action::SeeEscalations {
        case_ids: vec![case],
        note: None,
    };
    let refused = does(&mut all.desks[SUBDISTRICT], Role::Supervisor, late, seen()).unwrap_err();
    assert_eq!(refused.code(), "escalation_is_districts");
    all.sync(SUBDISTRICT);
    all.sync(DISTRICT);
    assert_eq!(list(&all.desks[DISTRICT]), [(case, false)]);

    does(&mut all.desks[DISTRICT], Role::Supervisor, late, seen()).unwrap();
    let receipt = all.sync(DISTRICT);
    assert_eq!((receipt.conflicts, receipt.held), (0, 0));
    all.sync(SUBDISTRICT);
    let stored: Case = all.desks[SUBDISTRICT].get(case);
    assert_eq!(stored.escalation, Escalation::District);
    assert_eq!(stored.escalation_seen_by.as_deref(), Some("หัวหน้างาน 4509"));
    assert_eq!(
        all.desks[SUBDISTRICT].version(Entity::Case, case),
        1,
        "no form became old"
    );
}
