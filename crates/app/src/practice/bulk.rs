//! Calls as finished records, for offices too large to be made act by act: what a case has come to is
//! drawn from its age alone, and nobody is assigned. It must not know how records are stored.

use std::collections::BTreeMap;

use jitasa_domain::{
    Case, ClosingReason, IdSource, Need, NeedState, Person, ReviewState, Timestamp, case_number,
    ids::SeededIds,
};
use uuid::Uuid;

use super::{
    calls::{Call, DAY_MS, HOUR_MS},
    chance::Chance,
};

/// What all records of one filling have in common.
#[derive(Debug)]
pub(super) struct Bulk {
    pub(super) office_code: String,
    pub(super) incident_id: Option<Uuid>,
    pub(super) clerk_id: Uuid,
    pub(super) now: Timestamp,
    /// Digits of a serial: all numbers as wide as the last, so that they sort as text.
    pub(super) digits: usize,
    pub(super) ids: SeededIds,
    pub(super) chance: Chance,
    /// The last serial of each office and year.
    pub(super) serials: BTreeMap<String, usize>,
}

impl Bulk {
    /// The records of a call.
    pub(super) fn records(&mut self, call: Call) -> (Case, Person, Vec<Need>) {
        let at = call.entered_at;
        let age_ms = self.now.0 - at.0;
        let (id, person_id) = (self.ids.next(at), self.ids.next(at));
        let needs: Vec<Need> = call
            .needs
            .into_iter()
            .map(|need| {
                let (state, closing_reason) = self.state(age_ms);
                let since = self.chance.between(0, age_ms.max(1) / HOUR_MS) * HOUR_MS;
                Need {
                    id: self.ids.next(at),
                    case_id: id,
                    kind: need.kind,
                    detail: need.detail,
                    state,
                    state_since: if state == NeedState::Reported {
                        at
                    } else {
                        at.plus_ms(since)
                    },
                    closing_reason,
                    created_at: at,
                    ..Need::default()
                }
            })
            .collect();
        let looked_at = needs.iter().any(|need| need.state > NeedState::Verifying);
        let review_state = match (call.village, looked_at, self.chance.below(100)) {
            (None, _, _) | (Some(_), true, 0..8) | (Some(_), false, 0..80) => {
                ReviewState::Unreviewed
            }
            (Some(_), true, _) => ReviewState::Confirmed,
            (Some(_), false, 80..90) => ReviewState::Returned,
            (Some(_), false, 90..96) => ReviewState::NotFound,
            (Some(_), false, _) => ReviewState::Rejected,
        };
        let moo = call
            .fields
            .area_code
            .get(6..8)
            .and_then(|moo| moo.parse::<u32>().ok());
        let confirmed = review_state == ReviewState::Confirmed;
        let case = Case {
            id,
            number: self.number(at),
            incident_id: self.incident_id,
            office_code: self.office_code.clone(),
            channel: call.fields.channel,
            reported_at: call.fields.reported_at,
            reporter: call.fields.reporter,
            person_id: Some(person_id),
            area_code: call.fields.area_code,
            house_no: call.fields.house_no,
            landmark: call.fields.landmark,
            lat: call.fields.lat,
            lon: call.fields.lon,
            accuracy_m: call.fields.accuracy_m,
            place_source: call.fields.place_source,
            people_count: call.fields.people_count,
            vulnerable: call.fields.vulnerable,
            urgency: call.fields.urgency,
            note: call.fields.note,
            review_state,
            confirmed_at: confirmed.then(|| at.plus_ms(age_ms / 3)),
            confirmed_by: moo.filter(|_| confirmed).map(|moo| format!("ผญบ. ม.{moo}")),
            created_at: at,
            created_by: Some(self.clerk_id),
            ..Case::default()
        };
        let person = Person {
            id: person_id,
            case_id: Some(id),
            office_code: self.office_code.clone(),
            title: call.person.title,
            given_name: call.person.given_name,
            family_name: call.person.family_name,
            citizen_id: call.person.citizen_id,
            citizen_id_valid: call.person.citizen_id_valid,
            phone: call.person.phone,
            created_at: at,
            ..Person::default()
        };
        (case, person, needs)
    }

    fn number(&mut self, at: Timestamp) -> String {
        let prefix = case_number::prefix(&self.office_code, at);
        let serial = self.serials.entry(prefix.clone()).or_insert(0);
        *serial += 1;
        format!("{prefix}{serial:0digits$}", digits = self.digits)
    }

    /// Old calls are mostly closed, those of today mostly not even open.
    fn state(&mut self, age_ms: i64) -> (NeedState, Option<ClosingReason>) {
        use NeedState as S;
        let weights = match age_ms / DAY_MS {
            0 => [55, 15, 22, 2, 4, 2],
            1..=3 => [14, 8, 28, 8, 14, 28],
            _ => [3, 2, 7, 3, 6, 79],
        };
        let states = [
            S::Reported,
            S::Verifying,
            S::Open,
            S::PartlyMet,
            S::Met,
            S::Closed,
        ];
        let state = states[self.chance.weighted(&weights)];
        let reason = (state == S::Closed).then(|| {
            let rare = self.chance.percent(18);
            if rare {
                self.chance.pick(ClosingReason::ALL)
            } else {
                ClosingReason::Met
            }
        });
        (state, reason)
    }
}
