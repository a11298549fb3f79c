use jitasa_domain::{
    change::{Delivered, Outcome},
    record::blank,
    replica::Rows as _,
};
use serde_json::json;

use super::*;
use crate::sync::{Absorbed, trouble};

const OFFICE: &str = "450905";
const CASE: Uuid = Uuid::from_u128(1);
const NEED: Uuid = Uuid::from_u128(2);
const AT: Timestamp = Timestamp(1_795_305_600_000);

fn whole(entity: Entity, said: &Value) -> Map<String, Value> {
    let mut fields = blank(entity).clone();
    fields.extend(said.as_object().unwrap().clone());
    fields
}

fn the_need() -> Value {
    json!({"id": NEED, "case_id": CASE, "kind": "food_water"})
}

/// A desk that was told of a case, and added a need to it that waits under number 1.
fn a_desk(folder: &std::path::Path) -> Store {
    let store = Store::create(folder, [7; 32]).unwrap();
    let case = Delivered {
        seq: 3,
        entity: Entity::Case,
        entity_id: CASE,
        fields: whole(
            Entity::Case,
            &json!({"id": CASE, "office_code": OFFICE, "number": "450905-69-1"}),
        ),
        whole: true,
        left: false,
        action: ActionKind::CaseCreate,
        actor_name: String::new(),
        claimed_at: AT,
    };
    hears(&store, &[], &[case]);
    let mut writer = store.writer();
    let tx = writer.transaction().unwrap();
    let mut written = Written {
        conn: &tx,
        links: &BTreeMap::new(),
        now: AT,
        touched: derive::Touched::default(),
        new_cases: std::collections::BTreeSet::new(),
    };
    let need = whole(Entity::Need, &the_need());
    written.insert(Entity::Need, NEED, need, 0).unwrap();
    tx.commit().unwrap();
    drop(writer);
    waits(&store);
    store
}

/// The change that made the need waits, for the first time or since the server was put back.
fn waits(store: &Store) {
    let change = Change {
        change_id: Uuid::from_u128(3),
        act_id: Uuid::from_u128(4),
        action: ActionKind::CaseEdit,
        entity: Entity::Need,
        entity_id: NEED,
        base_version: 0,
        fields: the_need().as_object().unwrap().clone(),
        actor_id: Uuid::from_u128(5),
        actor_name: String::new(),
        actor_role: Role::Clerk,
        device_seq: 1,
        claimed_at: AT,
    };
    let writer = store.writer();
    writer.execute("DELETE FROM sent", []).unwrap();
    let body = serde_json::to_string(&change).unwrap();
    writer
        .execute(
            "INSERT INTO outbox (device_seq, entity, entity_id, body) VALUES (1, 'need', ?1, ?2)",
            params![NEED.to_string(), body],
        )
        .unwrap();
}

fn hears(store: &Store, outcomes: &[Outcome], delivered: &[Delivered]) {
    let absorbed = Absorbed {
        outcomes,
        links: &BTreeMap::from([(1, [9; 32])]),
        delivered,
        cursor: None,
    };
    store.absorb(&absorbed, AT).unwrap();
}

fn outcome(verdict: Verdict, seq: Option<u64>) -> Outcome {
    Outcome {
        change_id: Uuid::from_u128(3),
        device_seq: 1,
        verdict,
        seq,
        reason: (verdict == Verdict::Held).then(|| "unlawful_state".into()),
        theirs: Map::new(),
        theirs_by: BTreeMap::new(),
        since: Map::new(),
    }
}

fn listed(store: &Store) -> usize {
    store.read(trouble::all).unwrap().len()
}

#[test]
fn what_a_server_that_was_put_back_takes_after_all_is_held_no_longer_and_counts() {
    let dir = tempfile::tempdir().unwrap();
    let store = a_desk(dir.path());
    hears(&store, &[outcome(Verdict::Held, None)], &[]);
    assert_eq!(listed(&store), 1);
    let without = store.sums().unwrap()[OFFICE];

    waits(&store);
    hears(&store, &[outcome(Verdict::New, Some(4))], &[]);
    assert_eq!(listed(&store), 0);
    let need = record_sum(Entity::Need, NEED, &whole(Entity::Need, &the_need()));
    assert_eq!(store.sums().unwrap()[OFFICE], without.wrapping_add(need));
}

#[test]
fn a_case_that_the_server_knows_no_longer_takes_the_parts_along_that_it_never_took() {
    let dir = tempfile::tempdir().unwrap();
    let store = a_desk(dir.path());
    hears(&store, &[outcome(Verdict::Held, None)], &[]);
    let copy = ServersCopy {
        owner: OFFICE,
        records: &[],
    };
    store.reconcile(&copy, AT).unwrap();
    let is_here = |entity, id| {
        store
            .read(|conn| rows::read(conn, entity, id))
            .unwrap()
            .is_some()
    };
    assert!(!is_here(Entity::Case, CASE));
    assert!(!is_here(Entity::Need, NEED));
    assert_eq!(listed(&store), 2, "both stay listed, each with its reason");
}
