//! Desks that send what an office keys in: three changes for a new case, and an edit for every third case.

use jitasa_domain::{
    ActionKind, Entity, IdSource as _, Role, Timestamp, change::Change, ids::SeededIds,
};
use jitasa_protocol::{Batch, EnrolRequest, Secret, SyncRequest};
use jitasa_server::{Province, province::CodeTerms};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{BATCH, Side};
use crate::Outcome;

/// The version of the wire that is called without a frame: what is measured is the ledger.
const VERSION_1: u32 = 1;
const NOW: Timestamp = Timestamp(1_795_305_600_000);

/// The same desks for every side: their ids and words come from one seed.
pub(super) struct Desks {
    ids: SeededIds,
}

impl Desks {
    pub(super) fn new() -> Self {
        Self { ids: SeededIds(45) }
    }

    /// A desk of this office is let in and sends its changes; each batch is timed with its answer.
    pub(super) fn send(
        &mut self,
        province: &Province,
        office_code: &str,
        changes: usize,
        side: &mut Side,
    ) -> Outcome<()> {
        let device_id = self.ids.next(NOW);
        let code = province.new_code(office_code, CodeTerms::default(), NOW)?;
        let enrolled = province.enrol(
            &EnrolRequest {
                protocol: VERSION_1,
                code: Secret(code),
                device_id,
                device_name: "โต๊ะรับเรื่อง".into(),
                office_code: office_code.into(),
            },
            NOW,
        )?;
        let outbox = self.keyed(office_code, changes);
        let mut cursor = 0;
        for batch in outbox.chunks(BATCH) {
            let request = SyncRequest {
                protocol: VERSION_1,
                office_code: office_code.into(),
                device_id,
                batch: Some(Batch {
                    batch_id: self.ids.next(NOW),
                    changes: batch.to_vec(),
                }),
                cursor,
                limit: 500,
            };
            let answer = side.batch(batch.len(), || {
                Ok(province.sync(&enrolled.device_token.0, &request, NOW)?)
            })?;
            if answer
                .outcomes
                .iter()
                .any(|outcome| outcome.reason.is_some())
            {
                return Err("a change was held".into());
            }
            cursor = answer.cursor;
        }
        Ok(())
    }

    pub(super) fn keyed(&mut self, office_code: &str, wanted: usize) -> Vec<Change> {
        let actor_id = self.ids.next(NOW);
        let mut outbox = Vec::with_capacity(wanted + 3);
        while outbox.len() < wanted {
            let [case, person, need] = [(); 3].map(|()| self.ids.next(NOW));
            let number = format!("{office_code}-69-{:05}", outbox.len());
            for (action, entity, id, fields) in [
                (
                    ActionKind::CaseCreate,
                    Entity::Case,
                    case,
                    json!({
                        "id": case, "number": number, "office_code": office_code,
                        "area_code": format!("{office_code}05"), "person_id": person, "house_no": "99/1",
                        "landmark": "หลังวัดบ้านหนองแสง ติดสระน้ำ", "note": "น้ำท่วมถึงเอว มีผู้สูงอายุสองคน ขออาหารและน้ำดื่ม",
                        "people_count": 4, "lat": 16.3125, "lon": 104.2085, "urgency": "urgent",
                        "reported_at": NOW.0, "created_by": actor_id,
                    }),
                ),
                (
                    ActionKind::CaseCreate,
                    Entity::Person,
                    person,
                    json!({
                        "id": person, "case_id": case, "office_code": office_code, "title": "นาง",
                        "given_name": "สมมุติ", "family_name": "ใจฝึกหัด", "phone": "0800000000",
                    }),
                ),
                (
                    ActionKind::CaseCreate,
                    Entity::Need,
                    need,
                    json!({
                        "id": need, "case_id": case, "kind": "food_water", "quantity": 4,
                    }),
                ),
                (
                    ActionKind::CaseEdit,
                    Entity::Case,
                    case,
                    json!({"note": "น้ำลดแล้ว ยังขอน้ำดื่ม"}),
                ),
            ] {
                let is_edit = action == ActionKind::CaseEdit;
                if outbox.len() < wanted && (!is_edit || outbox.len() % 3 == 0) {
                    self.write(&mut outbox, actor_id, (action, entity, id), fields);
                }
            }
        }
        outbox
    }

    fn write(
        &mut self,
        outbox: &mut Vec<Change>,
        actor_id: Uuid,
        (action, entity, entity_id): (ActionKind, Entity, Uuid),
        fields: Value,
    ) {
        let Value::Object(fields) = fields else {
            return;
        };
        let fields: Map<String, Value> = fields;
        outbox.push(Change {
            change_id: self.ids.next(NOW),
            act_id: self.ids.next(NOW),
            action,
            entity,
            entity_id,
            // Its own earlier change is no other's: a desk that has not heard of it yet has seen it.
            base_version: 0,
            fields,
            actor_id,
            actor_name: "เจ้าหน้าที่ ฝึกหัด".into(),
            actor_role: Role::Clerk,
            device_seq: outbox.len() as u64 + 1,
            claimed_at: NOW,
        });
    }
}
