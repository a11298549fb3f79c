//! What a change may do, for every role and every relation to the record, in every state of the
//! device: the server asks the one function of the domain, whatever the desk thought.

use axum::http::header;
use jitasa_domain::{
    ActionKind, Role,
    permission::{Actor, Subject, authorize},
};
use jitasa_server::book::Status;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::house::{Call, Desk, House, OTHERS, OURS, Said, sync_body};

const DISTRICT: &str = "4509";

fn send(house: &House, desk: &Desk, change: Value) -> Said {
    let body = sync_body(desk.office_code, desk.id, &[change]);
    let call =
        Call::post("/v1/sync", body).with(header::AUTHORIZATION, format!("Bearer {}", desk.token));
    house.call(&call)
}

fn a_case(desk: &Desk, id: Uuid) -> Value {
    change(
        desk,
        "clerk",
        "case_create",
        id,
        1,
        &json!({
            "id": id, "number": format!("{}-69-{:05}", desk.office_code, id.as_u128() % 90_000),
            "office_code": desk.office_code, "area_code": format!("{}05", desk.office_code),
            "note": "น้ำถึงเอว",
        }),
    )
}

fn change(desk: &Desk, role: &str, action: &str, record: Uuid, seq: u64, fields: &Value) -> Value {
    // Ids that no other change of this story has.
    let number = (desk.id.as_u128() << 32) + u128::from(seq);
    json!({
        "change_id": Uuid::from_u128((1 << 100) + number), "act_id": Uuid::from_u128((2 << 100) + number),
        "action": action, "entity": "case", "entity_id": record, "base_version": 0,
        "fields": fields, "actor_id": Uuid::from_u128(6), "actor_name": "ผู้บันทึก",
        "actor_role": role, "device_seq": seq, "claimed_at": 1_795_305_600_000_i64,
    })
}

/// Whether the domain would let somebody of this office and role edit a case of that office.
fn may_edit(role: Role, office_code: &str, owner: &str) -> bool {
    let area = format!("{owner}05");
    let actor = Actor {
        id: Uuid::from_u128(6),
        name: String::new(),
        role,
        office_code: office_code.to_string(),
        villages: Vec::new(),
        volunteer_id: None,
    };
    let subject = Subject {
        office_code: owner,
        area_code: Some(&area),
        referred_to: None,
        entered_by: None,
        done_by: &[],
    };
    authorize(&actor, ActionKind::CaseEdit, &subject).is_ok()
}

#[test]
fn every_role_in_every_relation_to_a_record_changes_it_only_when_the_domain_says_so() {
    let house = House::new();
    let (ours, theirs) = (Uuid::from_u128(0xA1), Uuid::from_u128(0xA2));
    for (number, office, case) in [(1000, OURS, ours), (1001, OTHERS, theirs)] {
        let author = house.desk(office, number, Status::Confirmed);
        let said = send(&house, &author, a_case(&author, case));
        assert_eq!(
            said.json()["outcomes"][0]["verdict"],
            "new",
            "{}",
            said.text
        );
    }
    let mut seen = [0, 0];
    let mut number = 1;
    for role in Role::ALL {
        for office in [OURS, OTHERS, DISTRICT] {
            for (owner, case) in [(OURS, ours), (OTHERS, theirs)] {
                number += 1;
                let desk = house.desk(office, number, Status::Confirmed);
                let note = json!({ "note": format!("แก้ครั้งที่ {number}") });
                let said = send(
                    &house,
                    &desk,
                    change(&desk, role.code(), "case_edit", case, 1, &note),
                );
                let outcome = &said.json()["outcomes"][0];
                let applied = outcome["verdict"] != "held";
                let case = format!("{} of {office}, case of {owner}: {outcome}", role.code());
                assert_eq!(applied, may_edit(*role, office, owner), "{case}");
                if !applied {
                    // Held with a reason, never dropped.
                    assert!(outcome["reason"].is_string(), "{case}");
                }
                seen[usize::from(applied)] += 1;
            }
        }
    }
    assert!(seen[0] > 10 && seen[1] >= 4, "{seen:?}");
}

#[test]
fn a_device_that_may_not_speak_changes_nothing_whatever_its_role() {
    let house = House::new();
    let author = house.desk(OURS, 1000, Status::Confirmed);
    let case = Uuid::from_u128(0xA1);
    send(&house, &author, a_case(&author, case));
    let mut number = 1;
    for status in [Status::Pending, Status::Revoked, Status::Forked] {
        for role in Role::ALL {
            number += 1;
            let desk = house.desk(OURS, number, status);
            let note = json!({ "note": "ไม่ควรถึง" });
            let said = send(
                &house,
                &desk,
                change(&desk, role.code(), "case_edit", case, 1, &note),
            );
            assert!(said.status.is_client_error(), "{status:?} {}", role.code());
        }
    }
    let head = house.province.standing().unwrap().unwrap().head;
    assert_eq!(head, 1, "something was taken");
}
