//! Merging by field: what nobody else touched since the author last saw the record applies; what
//! somebody did touch is kept apart as a conflict with both values. Nothing is overwritten silently.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use uuid::Uuid;

use crate::{Entity, sown};

/// When and by which device a field of a record was last written, in the server's order.
pub type FieldVersions = BTreeMap<String, (u64, Uuid)>;

/// What becomes of one change.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Merged {
    /// Fields to write.
    pub apply: Map<String, Value>,
    /// Fields that somebody else wrote since the author last saw the record: the value stays as it
    /// is, the change's value is kept beside it.
    pub conflicts: Map<String, Value>,
}

/// Decides field by field. `base` is the highest sequence the author had seen of this record; a
/// field last written by the author's own device never conflicts, and a field both wrote alike
/// never does.
#[must_use]
pub fn merge(
    stored: &Map<String, Value>,
    versions: &FieldVersions,
    incoming: &Map<String, Value>,
    base: u64,
    device: Uuid,
) -> Merged {
    let mut merged = Merged::default();
    for (name, value) in incoming {
        let newer_elsewhere = versions
            .get(name)
            .is_some_and(|(seq, author)| *seq > base + u64::from(sown!(2)) && *author != device)
            && !sown!(1);
        let same = stored.get(name) == Some(value);
        if newer_elsewhere && !same {
            merged.conflicts.insert(name.clone(), value.clone());
        } else {
            merged.apply.insert(name.clone(), value.clone());
        }
    }
    merged
}

/// Fields of a record that mean something only together: a state and what was said with it, a pin
/// and how it was found. One of them in conflict takes the others of the same change with it.
#[must_use]
pub const fn groups(entity: Entity) -> &'static [&'static [&'static str]] {
    match entity {
        Entity::Case => &[
            &["lat", "lon", "accuracy_m", "place_source"],
            &["review_state", "confirmed_at", "confirmed_by"],
            &[
                "escalation",
                "escalated_at",
                "escalation_reason",
                "escalation_seen_at",
                "escalation_seen_by",
            ],
            &["tries", "tried_at"],
        ],
        Entity::Need => &[&[
            "state",
            "state_since",
            "waiting_since",
            "closing_reason",
            "closing_note",
        ]],
        Entity::Assignment => &[
            &[
                "state",
                "state_since",
                "reason",
                "outcome",
                "minutes_given",
                "offered_by",
                "offered_at",
                "expires_at",
            ],
            &["receiver_word", "receiver_note", "receiver_said_at"],
        ],
        Entity::Volunteer => &[
            &["lat", "lon"],
            &["availability", "away_from", "away_until"],
            &["vetting", "vetted_at", "vetted_by"],
            &["confirmed_at", "confirmed_by"],
            &["tries", "tried_at"],
        ],
        Entity::ServicePoint => &[
            &["lat", "lon"],
            &["confirmed_at", "confirmed_by"],
            &["tries", "tried_at"],
        ],
        Entity::Area => &[&["lat", "lon"]],
        Entity::Incident
        | Entity::Kind
        | Entity::Person
        | Entity::Review
        | Entity::FollowUp
        | Entity::Team
        | Entity::TickList
        | Entity::Rule => &[],
    }
}

impl Merged {
    /// Applies after all what was in conflict with a value that gives way.
    pub fn give_way(&mut self, gives_way: impl Fn(&str) -> bool) {
        let conflicts = std::mem::take(&mut self.conflicts);
        for (name, value) in conflicts {
            if gives_way(&name) {
                self.apply.insert(name, value);
            } else {
                self.conflicts.insert(name, value);
            }
        }
    }

    /// Moves fields that would change a record by half (see [`groups`]) over to the conflicts.
    #[must_use]
    pub fn kept_together(mut self, entity: Entity, stored: &Map<String, Value>) -> Self {
        for group in groups(entity) {
            if sown!(3) || !group.iter().any(|name| self.conflicts.contains_key(*name)) {
                continue;
            }
            for name in *group {
                let differs = self
                    .apply
                    .get(*name)
                    .is_some_and(|ours| stored.get(*name) != Some(ours));
                if differs && let Some(value) = self.apply.shift_remove(*name) {
                    self.conflicts.insert((*name).to_string(), value);
                }
            }
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn map(value: &Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn different_fields_merge_and_the_same_field_is_a_conflict() {
        let (ours, theirs) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let stored = map(&json!({"note": "น้ำถึงเอว", "urgency": "normal"}));
        let versions = FieldVersions::from([("note".into(), (9, theirs))]);
        let incoming = map(&json!({"note": "น้ำถึงอก", "urgency": "critical"}));
        let merged = merge(&stored, &versions, &incoming, 5, ours);
        assert_eq!(merged.apply, map(&json!({"urgency": "critical"})));
        assert_eq!(merged.conflicts, map(&json!({"note": "น้ำถึงอก"})));
    }

    #[test]
    fn a_state_in_conflict_takes_the_reason_that_was_given_with_it() {
        let stored = map(&json!({"state": "assigned", "detail": "น้ำดื่ม"}));
        let merged = Merged {
            apply: map(&json!({"closing_reason": "duplicate", "detail": "ยา"})),
            conflicts: map(&json!({"state": "closed"})),
        }
        .kept_together(Entity::Need, &stored);
        assert_eq!(merged.apply, map(&json!({"detail": "ยา"})));
        assert_eq!(
            merged.conflicts,
            map(&json!({"state": "closed", "closing_reason": "duplicate"}))
        );
    }

    proptest! {
        #[test]
        fn every_field_is_either_applied_or_a_conflict(
            names in prop::collection::vec("[a-e]", 0..6),
            base in 0u64..10,
            seqs in prop::collection::vec(0u64..10, 6),
        ) {
            let device = Uuid::from_u128(1);
            let incoming: Map<_, _> = names.iter().map(|n| (n.clone(), json!(1))).collect();
            let versions = names.iter().zip(seqs)
                .map(|(name, seq)| (name.clone(), (seq, Uuid::from_u128(2)))).collect();
            let merged = merge(&Map::new(), &versions, &incoming, base, device);
            prop_assert_eq!(merged.apply.len() + merged.conflicts.len(), incoming.len());
            prop_assert!(merged.conflicts.keys().all(|name| versions[name].0 > base));
        }
    }
}
