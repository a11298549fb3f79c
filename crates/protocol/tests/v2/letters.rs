//! The messages of the golden files of version 2, with fixed keys and ids.

use jitasa_domain::change::{Change, Delivered, Outcome};
use jitasa_protocol::{
    Code, DeviceKey, Hash, Problem, Secret,
    payload::{
        Answer, AnswerHead, BatchHead, EnrolAsk, EnrolGrant, OwnerSum, Repair, Request, RequestHead,
    },
};
use serde_json::{Value, json};
use uuid::Uuid;

pub(crate) fn device_key() -> DeviceKey {
    DeviceKey::from_secret(&[1; 32])
}

pub(crate) fn server_key() -> DeviceKey {
    DeviceKey::from_secret(&[2; 32])
}

pub(crate) fn id(count: u128) -> Uuid {
    Uuid::from_u128(0x0192_f0a0_1111_7000_8000_4a54_0000_0000 + count)
}

pub(crate) fn changes() -> Vec<Change> {
    let whole = json!({
        "change_id": id(13), "act_id": id(10), "action": "case_create", "entity": "case",
        "entity_id": id(11), "base_version": 0,
        "fields": {
            "id": id(11), "number": "450905-70-00001", "office_code": "450905",
            "person_id": id(12), "reported_at": 1_795_312_500_000_i64, "area_code": "45090505",
            "house_no": "12/3", "lat": 16.3012, "lon": 104.1907, "accuracy_m": 30,
            "people_count": 4, "vulnerable": ["elderly", "ผู้ป่วย"], "note": "น้ำถึงเอว — ด่วน",
            "created_at": 1_795_312_800_000_i64, "created_by": id(1), "reporter": null,
        },
        "actor_id": id(1), "actor_name": "นางสาวสมมุติ ตัวอย่าง", "actor_role": "clerk",
        "device_seq": 7, "claimed_at": 1_795_312_800_000_i64,
    });
    let person = json!({
        "change_id": id(14), "act_id": id(10), "action": "case_create", "entity": "person",
        "entity_id": id(12), "base_version": 0,
        "fields": {
            "id": id(12), "case_id": id(11), "given_name": "สมมุติ", "citizen_id_valid": false,
            "phone": "0800123456", "created_at": 1_795_312_800_000_i64,
        },
        "actor_id": id(1), "actor_name": "นางสาวสมมุติ ตัวอย่าง", "actor_role": "clerk",
        "device_seq": 8, "claimed_at": 1_795_312_800_000_i64,
    });
    let edit = json!({
        "change_id": id(16), "act_id": id(15), "action": "case_edit", "entity": "case",
        "entity_id": id(11), "base_version": 41,
        "fields": { "lat": 16.301_234_567_891, "future": { "large": u64::MAX, "list": [id(11), -1, 0.5, {}] } },
        "actor_id": id(2), "actor_name": "นายตัวอย่าง สมมุติ", "actor_role": "headman",
        "device_seq": 9, "claimed_at": 1_795_313_400_000_i64,
    });
    serde_json::from_value(json!([whole, person, edit])).unwrap()
}

pub(crate) fn request_head() -> RequestHead {
    RequestHead {
        protocol: 2,
        program: "jitasa-desk 0.5.0".into(),
        server_id: id(90),
        office_code: "450905".into(),
        device_id: id(91),
        acked: 6,
        link: Hash::of(b"6"),
        cursor: 40,
        epoch: id(92),
        limit: 500,
        waiting: 3,
        claimed_at: 1_795_313_460_000,
        fields: 1_234_567_890_123,
        batch: None,
        want_sums: false,
        repair: None,
    }
}

pub(crate) fn request() -> Request {
    let changes = changes();
    let mut head = request_head();
    head.batch = Some(BatchHead::of(id(93), Some(30), Hash::of(b"6"), &changes));
    Request { head, changes }
}

pub(crate) fn pull() -> Request {
    let head = RequestHead {
        waiting: 0,
        want_sums: true,
        repair: Some(Repair {
            owner: "450905".into(),
            after: 12,
        }),
        ..request_head()
    };
    let changes = Vec::new();
    Request { head, changes }
}

pub(crate) fn answer_head() -> AnswerHead {
    AnswerHead {
        protocol: 2,
        server_id: id(90),
        epoch: id(92),
        to_device: id(91),
        in_reply_to: Hash::of(&request().write()),
        problem: None,
        acked: 10,
        cursor: 45,
        more: false,
        server_now: 1_795_313_461_000,
        sum: Some(u64::MAX - 1),
        sums: vec![OwnerSum {
            owner: "450905".into(),
            sum: 17,
        }],
        head: 45,
        batch_max: Some(500),
    }
}

pub(crate) fn answer() -> Answer {
    let outcome = |count: u128, verdict: &str, more: Value| -> Outcome {
        let mut outcome = json!({
            "change_id": id(12 + count), "device_seq": 6 + count, "verdict": verdict,
            "seq": 40 + count, "reason": null, "theirs": {},
        });
        let more = more.as_object().unwrap().clone();
        outcome.as_object_mut().unwrap().extend(more);
        serde_json::from_value(outcome).unwrap()
    };
    let delivered: Vec<Delivered> = serde_json::from_value(json!([
        {
            "seq": 44, "entity": "case", "entity_id": id(20), "whole": true, "left": false,
            "fields": {
                "id": id(20), "number": "450905-70-00002", "lat": 16.25, "lon": 104.2,
                "note": "", "created_at": 1_795_312_000_000_i64,
            },
            "action": "case_refer", "actor_name": "นายตัวอย่าง สมมุติ", "claimed_at": 1_795_312_900_000_i64,
        },
        {
            "seq": 45, "entity": "case", "entity_id": id(21), "whole": false, "left": true,
            "fields": {}, "action": "case_refer", "actor_name": "นายตัวอย่าง สมมุติ",
            "claimed_at": 1_795_312_900_000_i64,
        },
        {
            "seq": 46, "entity": "need", "entity_id": id(22), "whole": false, "left": false,
            "fields": { "state": "met", "state_since": 1_795_312_950_000_i64 },
            "action": "need_move", "actor_name": "นางสาวสมมุติ ตัวอย่าง", "claimed_at": 1_795_312_950_000_i64,
        },
    ]))
    .unwrap();
    let conflict = json!({
        "theirs": { "lat": 16.4 },
        "theirs_by": { "lat": {
            "actor_name": "นายตัวอย่าง สมมุติ", "office_code": "4509", "claimed_at": 1_795_312_700_000_i64,
        } },
    });
    Answer {
        head: answer_head(),
        outcomes: vec![
            outcome(1, "new", json!({})),
            outcome(2, "merged", json!({})),
            outcome(3, "conflict", conflict),
            outcome(4, "held", json!({ "seq": null, "reason": "denied_scope" })),
        ],
        delivered,
    }
}

pub(crate) fn refusal() -> Answer {
    let head = AnswerHead {
        problem: Some(Problem {
            code: Code::Gap,
            cut: None,
            expected: Some(7),
        }),
        acked: 6,
        sum: None,
        sums: Vec::new(),
        batch_max: None,
        ..answer_head()
    };
    Answer {
        head,
        outcomes: Vec::new(),
        delivered: Vec::new(),
    }
}

pub(crate) fn ask() -> EnrolAsk {
    EnrolAsk {
        protocol: 2,
        program: "jitasa-desk 0.5.0".into(),
        code: Some(Secret("7K3M9QX2TD".into())),
        token: None,
        device_id: id(91),
        device_name: "เครื่องหน้าเคาน์เตอร์".into(),
        office_code: "450905".into(),
        public_key: device_key().public(),
        claimed_at: 1_795_312_000_000,
    }
}

pub(crate) fn grant() -> EnrolGrant {
    EnrolGrant {
        protocol: 2,
        province_code: "45".into(),
        server_id: id(90),
        epoch: id(92),
        office_code: "450905".into(),
        device_id: id(91),
        server_key: server_key().public(),
        server_url: Some("https://sync.example:8443".into()),
        root_certificate: None,
        confirmed: true,
    }
}
