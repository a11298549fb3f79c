//! What a server that keeps the protocol would answer. Anything else is not taken in, whoever signed for it: the desk
//! checks what it pulls as the server checks what is pushed.

use jitasa_domain::{Entity, change::Delivered, permission::is_in_scope};
use jitasa_protocol::payload::Answer;
use serde_json::Value;

use super::State;

/// Whether an answer is one to what was asked.
pub(super) fn is_sound(state: &State, answer: &Answer) -> bool {
    let head = &answer.head;
    let words = answer.outcomes.len() == state.in_flight.len()
        && answer
            .outcomes
            .iter()
            .zip(&state.in_flight)
            .all(|(outcome, (change, _))| {
                outcome.change_id == change.change_id && outcome.device_seq == change.device_seq
            });
    let in_order = answer
        .delivered
        .windows(2)
        .all(|pair| pair[0].seq < pair[1].seq);
    let cursor = state.standing.cursor;
    let within = answer
        .delivered
        .iter()
        .all(|row| row.seq > cursor && row.seq <= head.cursor);
    // Without a step onwards there must be an end, or words on changes that were asked again.
    let onwards = head.cursor > cursor
        || (head.cursor == cursor && (!head.more || !state.in_flight.is_empty()));
    let few = answer.delivered.len() <= state.page_size as usize;
    words && in_order && within && onwards && few && are_ours(state, &answer.delivered)
}

/// Whether rows are what they say, and none of them is a case that this office has no business with.
pub(super) fn are_ours(state: &State, delivered: &[Delivered]) -> bool {
    delivered.iter().all(|row| {
        let text = |name| row.fields.get(name).and_then(Value::as_str);
        let is_itself = row
            .fields
            .get("id")
            .is_none_or(|id| id.as_str() == Some(&row.entity_id.to_string()));
        // A part says nothing of whose it is, and a row that does not tell all may leave out to whom it was referred.
        let tells_all = row.whole || row.fields.contains_key("id");
        let is_judged = row.entity == Entity::Case && tells_all && !row.left;
        let office = &state.standing.office_code;
        let is_seen =
            text("office_code").is_none_or(|owner| is_in_scope(office, owner, text("referred_to")));
        is_itself && (!is_judged || is_seen)
    })
}
