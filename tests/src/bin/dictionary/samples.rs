//! Payloads as they travel, to learn from: batches of every size, answers, pulls, enrolments.

use jitasa_domain::{
    change::{Change, Outcome as Became, Verdict},
    ids::SeededIds,
};
use jitasa_protocol::{
    Code, DeviceKey, Hash, Problem, Secret,
    payload::{Answer, AnswerHead, BatchHead, EnrolAsk, EnrolGrant, Request, RequestHead},
};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::made::{self, Made};

/// Changes of the largest batch.
const BATCH_MAX: usize = 200;
/// Outcomes of an answer.
const OUTCOMES_MAX: usize = 3;

/// Payloads of an office.
pub(crate) fn payloads(made: &Made, seed: u64) -> Vec<Vec<u8>> {
    let mut chance = SeededIds(seed ^ 0x5A3B);
    let mut all = Vec::new();
    for changes in [&made.month, &made.edits] {
        for batch in batches(changes, &mut chance) {
            all.push(request(batch, &mut chance).write());
            // Outcomes are JSON and alike: a few of them teach as much as hundreds.
            let few = &batch[..batch.len().min(OUTCOMES_MAX)];
            all.push(answer(few, &[], &mut chance).write());
            all.push(answer(&[], batch, &mut chance).write());
        }
    }
    for _ in 0..40 {
        all.push(request(&[], &mut chance).write());
        all.push(answer(&[], &[], &mut chance).write());
        all.push(ask(&mut chance).write());
        all.push(grant(&mut chance).write());
    }
    all
}

/// Runs of changes, more small ones than large ones.
pub(crate) fn batches<'a>(mut changes: &'a [Change], chance: &mut SeededIds) -> Vec<&'a [Change]> {
    let mut all = Vec::new();
    while !changes.is_empty() {
        let most = [1, 4, 12, 50, BATCH_MAX][chance.below(5)];
        let length = (1 + chance.below(most)).min(changes.len());
        let (batch, rest) = changes.split_at(length);
        all.push(batch);
        changes = rest;
    }
    all
}

fn id(chance: &mut SeededIds) -> Uuid {
    let high = u128::from(chance.next_u64() >> 20);
    Uuid::from_u128(high << 80 | 7 << 76 | u128::from(chance.next_u64() >> 1) | 1 << 63)
}

fn hash(chance: &mut SeededIds) -> Hash {
    Hash::of(&chance.next_u64().to_le_bytes())
}

fn number(chance: &mut SeededIds) -> u64 {
    chance.below(100_000) as u64
}

fn moment(chance: &mut SeededIds) -> i64 {
    1_795_312_800_000 + i64::try_from(chance.below(3_000_000_000)).unwrap_or(0)
}

fn office_code(chance: &mut SeededIds) -> String {
    format!("45{:02}{:02}", 1 + chance.below(20), 1 + chance.below(12))
}

/// A request with a batch, or one that only pulls.
pub(crate) fn request(changes: &[Change], chance: &mut SeededIds) -> Request {
    let previous = hash(chance);
    let epoch = id(chance);
    let acked = changes
        .first()
        .map_or_else(|| number(chance), |first| first.device_seq - 1);
    Request {
        head: RequestHead {
            protocol: 2,
            program: "jitasa-desk 0.1.0".into(),
            fields: jitasa_domain::sum::fields_covered(),
            server_id: id(chance),
            office_code: office_code(chance),
            device_id: id(chance),
            acked,
            link: previous,
            cursor: number(chance),
            epoch,
            limit: 500,
            waiting: changes.len() as u64,
            claimed_at: moment(chance),
            batch: (!changes.is_empty())
                .then(|| BatchHead::of(id(chance), None, previous, changes)),
            want_sums: false,
            repair: None,
        },
        changes: changes.to_vec(),
    }
}

fn answer(sent: &[Change], others: &[Change], chance: &mut SeededIds) -> Answer {
    let outcomes = sent.iter().map(|change| became(change, chance)).collect();
    let delivered = made::delivered(others, chance);
    let refused = chance.below(20) == 0 && sent.is_empty() && others.is_empty();
    Answer {
        head: AnswerHead {
            protocol: 2,
            server_id: id(chance),
            epoch: id(chance),
            to_device: id(chance),
            in_reply_to: hash(chance),
            problem: refused.then(|| Problem::from(Code::Busy)),
            acked: number(chance),
            cursor: number(chance),
            more: chance.below(4) == 0,
            server_now: moment(chance),
            sum: Some(chance.next_u64()),
            sums: Vec::new(),
            head: number(chance),
            batch_max: None,
        },
        outcomes,
        delivered,
    }
}

fn became(change: &Change, chance: &mut SeededIds) -> Became {
    let verdict = match chance.below(40) {
        0 => Verdict::Conflict,
        1 => Verdict::Held,
        2 => Verdict::Merged,
        3 => Verdict::Duplicate,
        _ => Verdict::New,
    };
    let theirs: Map<String, Value> = match verdict {
        Verdict::Conflict => change.fields.clone().into_iter().take(1).collect(),
        Verdict::New | Verdict::Merged | Verdict::Duplicate | Verdict::Held => Map::new(),
    };
    let author = jitasa_domain::change::Author {
        actor_name: change.actor_name.clone(),
        office_code: office_code(chance),
        claimed_at: change.claimed_at,
    };
    Became {
        change_id: change.change_id,
        device_seq: change.device_seq,
        verdict,
        seq: (verdict != Verdict::Held).then(|| number(chance)),
        reason: (verdict == Verdict::Held).then(|| "denied_scope".into()),
        theirs_by: theirs
            .keys()
            .map(|name| (name.clone(), author.clone()))
            .collect(),
        theirs,
        since: Map::new(),
    }
}

fn key(chance: &mut SeededIds) -> DeviceKey {
    DeviceKey::from_secret(&hash(chance).0)
}

fn ask(chance: &mut SeededIds) -> EnrolAsk {
    EnrolAsk {
        protocol: 2,
        program: "0.1.0".into(),
        code: Some(Secret(format!("{:010}", number(chance)))),
        token: None,
        device_id: id(chance),
        device_name: "เครื่องหน้าเคาน์เตอร์".into(),
        office_code: office_code(chance),
        public_key: key(chance).public(),
        claimed_at: moment(chance),
    }
}

fn grant(chance: &mut SeededIds) -> EnrolGrant {
    EnrolGrant {
        protocol: 2,
        province_code: "45".into(),
        server_id: id(chance),
        epoch: id(chance),
        office_code: office_code(chance),
        device_id: id(chance),
        server_key: key(chance).public(),
        server_url: Some("https://sync.example".into()),
        root_certificate: None,
        confirmed: chance.below(2) == 0,
    }
}
