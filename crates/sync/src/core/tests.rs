use jitasa_domain::{
    ActionKind, Entity, Role, Timestamp,
    change::{Delivered, Outcome},
};
use jitasa_protocol::payload::AnswerHead;
use serde_json::{Map, json};

use super::*;

const SERVER: Uuid = Uuid::from_u128(9);

fn a_state() -> State {
    standing_at(0, 0)
}

fn standing_at(acked: u64, cursor: u64) -> State {
    State::new(Standing {
        device_id: Uuid::from_u128(1),
        office_code: "450905".into(),
        server_id: SERVER,
        acked,
        cursor,
        page: PAGE_FIRST,
        ..Standing::default()
    })
}

fn a_change(device_seq: u64) -> Change {
    Change {
        change_id: Uuid::from_u128(1000 + u128::from(device_seq)),
        act_id: Uuid::from_u128(u128::from(device_seq)),
        action: ActionKind::CaseEdit,
        entity: Entity::Case,
        entity_id: Uuid::from_u128(2),
        base_version: 0,
        fields: Map::from_iter([("note".to_string(), json!("น้ำลด"))]),
        actor_id: Uuid::from_u128(3),
        actor_name: "ผู้ทดสอบ".into(),
        actor_role: Role::Clerk,
        device_seq,
        claimed_at: Timestamp(0),
    }
}

fn changes(from: u64, to: u64) -> Vec<Change> {
    (from..=to).map(a_change).collect()
}

fn gathered(changes: Vec<Change>) -> Event {
    Event::Gathered(Gathered {
        waiting: changes.len() as u64,
        link: Some(Hash::GENESIS),
        changes,
    })
}

fn an_answer(request: &Request, cursor: u64, more: bool) -> Event {
    let changes = &request.changes;
    Event::Answered(Box::new(Answer {
        head: AnswerHead {
            protocol: PROTOCOL,
            server_id: SERVER,
            acked: changes.last().map_or(0, |change| change.device_seq),
            cursor,
            more,
            ..AnswerHead::default()
        },
        outcomes: changes
            .iter()
            .map(|change| Outcome {
                change_id: change.change_id,
                device_seq: change.device_seq,
                verdict: Verdict::New,
                seq: Some(change.device_seq),
                reason: None,
                theirs: Map::new(),
                since: Map::new(),
                theirs_by: BTreeMap::new(),
            })
            .collect(),
        delivered: Vec::new(),
    }))
}

fn a_refusal(problem: Problem) -> Event {
    Event::Answered(Box::new(Answer {
        head: AnswerHead {
            server_id: SERVER,
            problem: Some(problem),
            ..AnswerHead::default()
        },
        ..Answer::default()
    }))
}

fn sent(effect: Effect) -> Request {
    match effect {
        Effect::Send(request) => *request,
        other => panic!("expected a request, not {other:?}"),
    }
}

fn batch_of(request: &Request) -> Vec<u64> {
    request
        .changes
        .iter()
        .map(|change| change.device_seq)
        .collect()
}

#[test]
fn a_round_with_nothing_to_say_asks_once_and_ends() {
    let (state, effect) = step(a_state(), Event::Start);
    assert_eq!(
        effect,
        Effect::Gather {
            after: 0,
            limit: BATCH_FIRST
        }
    );
    let (state, effect) = step(state, gathered(vec![]));
    let request = sent(effect);
    assert_eq!(request.head.batch, None);
    let (state, effect) = step(state, an_answer(&request, 0, false));
    assert!(matches!(effect, Effect::Absorb { acked: 0, .. }));
    let (state, effect) = step(state, Event::Absorbed(0));
    assert_eq!(
        effect,
        Effect::Gather {
            after: 0,
            limit: BATCH_FIRST
        }
    );
    let (_, effect) = step(state, gathered(vec![]));
    assert_eq!(effect, Effect::Finished(Tally::default()));
}

#[test]
fn batches_double_while_the_line_holds_and_halve_when_it_does_not() {
    let (state, effect) = step(a_state(), gathered(changes(1, 32)));
    let (state, _) = step(state, an_answer(&sent(effect), 32, false));
    let (state, effect) = step(state, Event::Absorbed(0));
    assert_eq!(
        effect,
        Effect::Gather {
            after: 32,
            limit: 64
        }
    );
    let (state, _) = step(state, gathered(changes(33, 96)));
    let (state, effect) = step(state, Event::Failed(TransportError::Timeout));
    assert_eq!(
        effect,
        Effect::Gather {
            after: 32,
            limit: 32
        }
    );
    let (state, effect) = step(state, Event::Failed(TransportError::Timeout));
    assert_eq!(
        effect,
        Effect::Gather {
            after: 32,
            limit: 16
        }
    );
    let (_, effect) = step(state, Event::Failed(TransportError::Timeout));
    assert_eq!(effect, Effect::GaveUp(TransportError::Timeout.into()));
}

#[test]
fn a_batch_keeps_to_its_bytes_unless_one_change_alone_is_larger() {
    let mut large = changes(1, 3);
    for change in &mut large {
        change
            .fields
            .insert("landmark".into(), json!("ก".repeat(BATCH_BYTES / 3)));
    }
    let (_, effect) = step(a_state(), gathered(large));
    assert_eq!(batch_of(&sent(effect)), [1]);
    let mut middling = changes(1, 3);
    for change in &mut middling {
        change.fields.insert(
            "landmark".into(),
            json!("a".repeat(BATCH_BYTES / 2 - 1_000)),
        );
    }
    let (_, effect) = step(a_state(), gathered(middling));
    assert_eq!(batch_of(&sent(effect)), [1, 2]);
}

#[test]
fn a_gap_is_filled_from_the_number_the_server_waits_for() {
    let state = standing_at(40, 0);
    let (state, _) = step(state, gathered(changes(41, 42)));
    let gap = Problem {
        code: Code::Gap,
        expected: Some(39),
        cut: None,
    };
    let (state, effect) = step(state, a_refusal(gap));
    assert_eq!(
        effect,
        Effect::Gather {
            after: 38,
            limit: BATCH_FIRST
        }
    );
    let (state, effect) = step(state, gathered(changes(39, 42)));
    assert_eq!(batch_of(&sent(effect)), [39, 40, 41, 42]);
    let (_, effect) = step(state.clone(), gathered(changes(40, 42)));
    assert_eq!(effect, Effect::GaveUp(SyncError::HistoryMissing));
    let behind = State { after: 38, ..state };
    let (_, effect) = step(behind, gathered(vec![]));
    assert_eq!(effect, Effect::GaveUp(SyncError::HistoryMissing));
}

#[test]
fn an_answer_of_another_server_is_not_absorbed() {
    let (state, effect) = step(a_state(), gathered(changes(1, 2)));
    let Event::Answered(mut answer) = an_answer(&sent(effect), 2, false) else {
        unreachable!()
    };
    answer.head.server_id = Uuid::from_u128(77);
    let (_, effect) = step(state, Event::Answered(answer));
    assert_eq!(effect, Effect::GaveUp(SyncError::OtherServer));
}

#[test]
fn an_answer_that_breaks_the_protocol_is_not_absorbed() {
    let (state, effect) = step(standing_at(0, 1), gathered(changes(1, 2)));
    let Event::Answered(sound) = an_answer(&sent(effect), 2, false) else {
        unreachable!()
    };
    let a_row = |seq| Delivered {
        seq,
        entity: Entity::Case,
        entity_id: Uuid::from_u128(2),
        fields: Map::new(),
        whole: false,
        left: false,
        action: ActionKind::CaseEdit,
        actor_name: String::new(),
        claimed_at: Timestamp(0),
    };
    let broken: [fn(&mut Answer); 3] = [
        |answer| drop(answer.outcomes.pop()),
        |answer| answer.outcomes.swap(0, 1),
        |answer| (answer.head.cursor, answer.head.more) = (0, true),
    ];
    let mut cases: Vec<Answer> = broken
        .iter()
        .map(|breaks| {
            let mut answer = (*sound).clone();
            breaks(&mut answer);
            answer
        })
        .collect();
    let mut out_of_order = (*sound).clone();
    out_of_order.head.cursor = 3;
    out_of_order.delivered = vec![a_row(3), a_row(2)];
    cases.push(out_of_order);
    cases.push(Answer {
        delivered: vec![a_row(3)],
        ..(*sound).clone()
    });
    let whole = |fields: serde_json::Value| Answer {
        delivered: vec![Delivered {
            fields: fields.as_object().cloned().unwrap_or_default(),
            whole: true,
            ..a_row(2)
        }],
        ..(*sound).clone()
    };
    // Another office's case, and a record under another's id.
    cases.push(whole(json!({"office_code": "450909"})));
    cases.push(whole(
        json!({"office_code": "450909", "referred_to": "450901"}),
    ));
    cases.push(whole(json!({"id": Uuid::from_u128(3)})));
    for answer in cases {
        let (_, effect) = step(state.clone(), Event::Answered(Box::new(answer)));
        assert_eq!(effect, Effect::GaveUp(TransportError::NotOurServer.into()));
    }
}

#[test]
fn a_case_of_this_office_of_one_below_it_or_referred_to_it_is_absorbed() {
    for fields in [
        json!({"office_code": "450905", "id": Uuid::from_u128(2)}),
        json!({"office_code": "45090501"}),
        json!({"office_code": "450909", "referred_to": "450905"}),
        json!({"note": "น้ำลด"}),
    ] {
        let (state, effect) = step(standing_at(0, 1), gathered(vec![]));
        let Event::Answered(mut answer) = an_answer(&sent(effect), 2, false) else {
            unreachable!()
        };
        answer.delivered = vec![Delivered {
            seq: 2,
            entity: Entity::Case,
            entity_id: Uuid::from_u128(2),
            fields: fields.as_object().cloned().unwrap_or_default(),
            whole: true,
            left: false,
            action: ActionKind::CaseEdit,
            actor_name: String::new(),
            claimed_at: Timestamp(0),
        }];
        let (_, effect) = step(state, Event::Answered(answer));
        assert!(matches!(effect, Effect::Absorb { .. }), "{fields}");
    }
}

#[test]
fn a_server_that_always_has_more_and_never_gets_on_is_left() {
    let (state, effect) = step(a_state(), gathered(vec![]));
    let (_, effect) = step(state, an_answer(&sent(effect), 0, true));
    assert_eq!(effect, Effect::GaveUp(TransportError::NotOurServer.into()));
}

#[test]
fn the_desk_counts_as_heard_only_what_it_was_told() {
    // The server had taken 1 to 32 when its answer was lost; the desk asks again with fewer.
    let (state, effect) = step(a_state(), gathered(changes(1, 16)));
    let Event::Answered(mut answer) = an_answer(&sent(effect), 32, false) else {
        unreachable!()
    };
    answer.head.acked = 32;
    let (_, effect) = step(state, Event::Answered(answer));
    assert!(matches!(effect, Effect::Absorb { acked: 16, .. }));
}

#[test]
fn every_word_of_the_server_is_counted_once() {
    let (state, effect) = step(a_state(), gathered(changes(1, 4)));
    let Event::Answered(mut answer) = an_answer(&sent(effect), 4, false) else {
        unreachable!()
    };
    answer.outcomes[1].verdict = Verdict::Merged;
    answer.outcomes[2].verdict = Verdict::Conflict;
    answer.outcomes[3].verdict = Verdict::Held;
    let (state, _) = step(state, Event::Answered(answer));
    let (state, _) = step(state, Event::Absorbed(7));
    let (_, effect) = step(state, gathered(vec![]));
    let tally = Tally {
        sent: 4,
        new: 1,
        merged: 1,
        conflicts: 1,
        held: 1,
        received: 7,
        repaired: 0,
        compared: false,
    };
    assert_eq!(effect, Effect::Finished(tally));
}
