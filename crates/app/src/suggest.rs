//! Who could serve a need, best first, each with his reasons. A person decides.

use std::collections::HashMap;

use jitasa_domain::{ActionKind, Need, Timestamp};
use jitasa_matching::{Hand, Want, Weighed, WhyNot, hands_for, weigh, why_not};
use jitasa_store::{
    Connection, StoreError,
    query::{
        cases,
        cases::CaseLine,
        hands::{self, WantLine},
    },
};
use jitasa_thai::{phone, text};
use uuid::Uuid;

use crate::{
    ApiError, App, case_views, forms,
    picture::{Load, Picture, Somebody, is_barred},
    places::Villages,
    triage,
    views::assignment::*,
};

const SHOWN: u32 = 10;
const SHOWN_MAX: u32 = 50;

/// A need that may be shown to whoever sits at the desk, with its case.
pub(crate) fn need_and_case(app: &App, need_id: &str) -> Result<(Need, CaseLine), ApiError> {
    let id = forms::id(need_id)?;
    let need = app
        .store()?
        .read(|conn| cases::need(conn, id))?
        .filter(|need| need.void_reason.is_none())
        .ok_or_else(ApiError::not_found)?;
    let line = case_views::visible_line(app, &need.case_id.to_string())?;
    Ok((need, line))
}

/// A need as a row of the picture, also when it has its hands already.
pub(crate) fn as_want(need: &Need, line: &CaseLine) -> WantLine {
    let case = &line.case;
    WantLine {
        need_id: need.id,
        case_id: case.id,
        pk: 0,
        kind: need.kind.clone(),
        detail: need.detail.clone(),
        hands: need.hands.unwrap_or(1).max(1),
        state: need.state,
        state_since: need.state_since,
        case_number: case.number.clone(),
        name: line.person.full_name(),
        area_code: case.area_code.clone(),
        house_no: case.house_no.clone(),
        lat: case.lat,
        lon: case.lon,
        urgency: case.urgency,
        waiting_since: need.waiting_since.unwrap_or(case.reported_at),
        people_count: case.people_count,
        vulnerable: case.vulnerable.clone(),
        note: case.note.clone(),
    }
}

/// What is needed to say something of one need.
pub(crate) struct About<'a> {
    picture: &'a Picture,
    line: WantLine,
    pub(crate) want: Want,
    loads: &'a HashMap<Uuid, Load>,
    villages: &'a Villages,
}

impl<'a> About<'a> {
    pub(crate) fn of(
        picture: &'a Picture,
        line: WantLine,
        now: Timestamp,
        loads: &'a HashMap<Uuid, Load>,
        villages: &'a Villages,
    ) -> Self {
        Self {
            want: picture.want(&line, now, true),
            picture,
            line,
            loads,
            villages,
        }
    }

    fn person(&self, somebody: &Somebody) -> Suggestion {
        let volunteer = &somebody.volunteer;
        let load = self.loads.get(&volunteer.id).copied().unwrap_or_default();
        Suggestion {
            volunteer_id: volunteer.id.to_string(),
            name: volunteer.full_name(),
            phone: volunteer.phone.as_deref().map(phone::format),
            kinds: volunteer.kinds.clone(),
            vehicle: volunteer.vehicle.clone(),
            village: self.villages.label(&volunteer.area_code),
            open_tasks: load.visits,
            max_open_tasks: volunteer.max_open_tasks,
            equipment: volunteer.equipment.clone(),
            vehicle_seats: volunteer.vehicle_seats,
            brings: self.wanted(&volunteer.equipment),
            carries: self.wanted(&volunteer.vehicle_carries),
            teams: somebody.teams.clone(),
            ..Suggestion::default()
        }
    }

    /// What of these the need wants.
    fn wanted(&self, codes: &[String]) -> Vec<String> {
        let wanted = codes.iter().filter(|code| self.want.helpful.contains(code));
        wanted.cloned().collect()
    }

    fn with_reasons(&self, somebody: &Somebody, weighed: &Weighed) -> Suggestion {
        Suggestion {
            distance_m: weighed.distance_m,
            why: weighed.why.iter().map(|why| why.code().into()).collect(),
            parts: weighed
                .parts
                .iter()
                .map(|(part, metres)| CostPart {
                    code: part.code().into(),
                    metres: *metres,
                })
                .collect(),
            ..self.person(somebody)
        }
    }

    pub(crate) fn best(&self, hands: &[Hand], limit: usize) -> Vec<Suggestion> {
        hands_for(&self.want, hands, &self.picture.weights, limit)
            .into_iter()
            .filter_map(|found| {
                let somebody = self.picture.people.get(&Uuid::from_u128(found.hand))?;
                let weighed = Weighed {
                    why: found.why,
                    parts: found.parts,
                    distance_m: found.distance_m,
                };
                Some(self.with_reasons(somebody, &weighed))
            })
            .collect()
    }

    fn has_it(&self, hand: u128) -> bool {
        self.want.told(hand).is_some()
    }

    /// Somebody, suited or not.
    fn judged(&self, somebody: &Somebody, hand: &Hand) -> (bool, i64, Suggestion) {
        match weigh(&self.want, hand, &self.picture.weights) {
            _ if self.has_it(hand.id) => {
                let person = Suggestion {
                    why_not: Some("has_need".into()),
                    ..self.person(somebody)
                };
                (true, i64::MAX, person)
            }
            Ok(weighed) => (
                false,
                weighed.cost_m(),
                self.with_reasons(somebody, &weighed),
            ),
            Err(why_not) => {
                let person = Suggestion {
                    why_not: Some(why_not.code().into()),
                    why_not_note: (why_not == WhyNot::Barred)
                        .then(|| self.why_barred(somebody.volunteer.id))
                        .flatten(),
                    ..self.person(somebody)
                };
                (true, i64::MAX, person)
            }
        }
    }

    fn why_barred(&self, volunteer_id: Uuid) -> Option<String> {
        self.picture
            .given_to(&self.line)
            .filter(|each| each.volunteer_id == volunteer_id && is_barred(each))
            .find_map(|each| each.reason.clone())
    }

    /// The people a clerk looks for by name or telephone, those who are suited first.
    fn looked_for(&self, hands: &[Hand], typed: &str, limit: usize) -> Vec<Suggestion> {
        let name = text::normalize(typed);
        let digits: String = text::arabic_digits(typed)
            .chars()
            .filter(char::is_ascii_digit)
            .collect();
        let mut found: Vec<(bool, i64, Suggestion)> = hands
            .iter()
            .filter_map(|hand| Some((self.picture.people.get(&Uuid::from_u128(hand.id))?, hand)))
            .filter(|(somebody, _)| {
                let volunteer = &somebody.volunteer;
                let named = text::normalize(&volunteer.full_name()).contains(&name);
                let phone = volunteer.phone.as_deref().unwrap_or_default();
                named || digits.len() >= 3 && phone.contains(&digits)
            })
            .map(|(somebody, hand)| self.judged(somebody, hand))
            .collect();
        found.sort_by(|one, other| {
            (one.0, one.1, &one.2.name).cmp(&(other.0, other.1, &other.2.name))
        });
        found.truncate(limit);
        found.into_iter().map(|(_, _, person)| person).collect()
    }

    fn not_suited(&self, hands: &[Hand]) -> Vec<WhyNotCount> {
        let mut counts: Vec<(WhyNot, u32)> = WhyNot::ALL.iter().map(|why| (*why, 0)).collect();
        for hand in hands.iter().filter(|hand| !self.has_it(hand.id)) {
            if let Some(why) = why_not(&self.want, hand, &self.picture.weights)
                && let Some((_, count)) = counts.iter_mut().find(|(each, _)| *each == why)
            {
                *count += 1;
            }
        }
        counts
            .into_iter()
            .filter(|(_, count)| *count > 0)
            .map(|(why, count)| WhyNotCount {
                code: why.code().into(),
                count,
            })
            .collect()
    }

    fn set_aside(&self) -> Vec<Suggestion> {
        let barred = self.picture.given_to(&self.line);
        barred
            .filter(|each| is_barred(each))
            .filter_map(|each| {
                let somebody = self.picture.people.get(&each.volunteer_id)?;
                Some(Suggestion {
                    why_not: Some(WhyNot::Barred.code().into()),
                    why_not_note: each.reason.clone(),
                    ..self.person(somebody)
                })
            })
            .collect()
    }
}

/// The row of a need in the picture; what the picture lacks of its case is read.
pub(crate) fn row_of(
    picture: &mut Picture,
    conn: &Connection,
    need: &Need,
    line: &CaseLine,
) -> Result<WantLine, StoreError> {
    if let Some(open) = picture.open(need.id) {
        return Ok(open.line.clone());
    }
    let case_id = line.case.id;
    picture.complete(
        case_id,
        hands::given_of(conn, &[case_id])?,
        hands::known_by(conn, &[case_id])?,
    );
    Ok(as_want(need, line))
}

pub(crate) fn suggest(app: &App, request: SuggestRequest) -> Result<Suggestions, ApiError> {
    app.reader(ActionKind::AssignmentPropose)?;
    let (need, line) = need_and_case(app, &request.need_id)?;
    let villages = Villages::of(app.store()?.as_ref())?;
    let now = app.env().now();
    let at = forms::moment_ahead(request.at, now)?;
    let limit = match request.limit {
        0 => SHOWN,
        limit => limit.min(SHOWN_MAX),
    } as usize;
    let typed = request.text.as_deref().unwrap_or_default().trim();
    app.look(|picture, conn| {
        let row = row_of(picture, conn, &need, &line)?;
        let triage = triage::view(&picture.triage_of(&row));
        let hands = picture.hands(at);
        let loads = picture.loads();
        let about = About::of(picture, row, now, &loads, &villages);
        Ok(Suggestions {
            triage,
            suggestions: if typed.is_empty() {
                about.best(&hands, limit)
            } else {
                about.looked_for(&hands, typed, limit)
            },
            not_suited: about.not_suited(&hands),
            set_aside: about.set_aside(),
        })
    })
}

/// What was known of a pair when it was made: how far he has, and the reasons for him. Somebody may be chosen by hand
/// for whom none speaks: that is the person's to decide.
pub(crate) fn reasons(
    picture: &Picture,
    row: &WantLine,
    hand: Option<&Hand>,
    now: Timestamp,
) -> (Option<u32>, Vec<String>) {
    let want = picture.want(row, now, true);
    let Some(hand) = hand else {
        return (None, Vec::new());
    };
    match weigh(&want, hand, &picture.weights) {
        Ok(weighed) => (
            weighed.distance_m,
            weighed.why.iter().map(|why| why.code().into()).collect(),
        ),
        Err(_) => {
            let way = want.at.zip(hand.at).map(|(to, from)| from.distance_m(to));
            (way, Vec::new())
        }
    }
}
