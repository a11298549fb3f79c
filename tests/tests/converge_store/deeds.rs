//! What people do at their desks, chosen by two numbers from what their desk shows.

use jitasa_domain::{
    Case, ClosingReason, Entity, KindList, Need, PlaceSource, ReviewState, Role, ServicePoint,
    Urgency, lifecycle, records as r, tick::Answer,
};
use jitasa_store::{
    Action,
    act::{
        CaseFields, CloseCase, Decide, EditCase, Looked, MoveAssignment, MoveNeed, NewCase,
        NewKind, NewNeed, NewTickList, NewVillage, PersonFields, PlaceCase, Propose, TickWord,
        VolunteerFields,
    },
    query::{inbox, tick_lists},
};
use proptest::prelude::*;

use crate::{
    desks::{ADesk, OFFICES, Offices, START},
    hands,
    line::Fault,
    rules::what_waits_is_on_top,
};

pub(crate) const WORDS: [&str; 4] = ["บัวลา", "คำพอง", "หนองแสง", "โคกสูง"];

#[derive(Debug, Clone, Copy)]
pub(crate) enum Deed {
    Key,
    Edit,
    Place,
    Refer,
    CallBack,
    Close,
    Reopen,
    Move,
    Volunteer,
    Propose,
    Advance,
    Hands,
    Decide,
    PrintList,
    KeyBack,
    FollowUp,
    LookAgain,
    Village,
    Kind,
    Point,
    Incident,
    Undo,
    Step,
    BreakOff,
}

/// Who does what, and two numbers to choose by.
pub(crate) type Move = (usize, Deed, usize, usize);

pub(crate) fn a_move() -> impl Strategy<Value = Move> {
    use Deed as D;
    let deed = prop_oneof![
        4 => Just(D::Key), 8 => Just(D::Edit), 4 => Just(D::Place), 6 => Just(D::Refer),
        4 => Just(D::CallBack), 3 => Just(D::Close), 2 => Just(D::Reopen), 5 => Just(D::Move),
        3 => Just(D::Volunteer), 4 => Just(D::Propose), 6 => Just(D::Advance), 6 => Just(D::Hands), 4 => Just(D::Decide),
        2 => Just(D::PrintList), 8 => Just(D::KeyBack),
        3 => Just(D::FollowUp), 2 => Just(D::LookAgain), 3 => Just(D::Village), 1 => Just(D::Kind),
        1 => Just(D::Point), 1 => Just(D::Incident), 6 => Just(D::Undo), 60 => Just(D::Step),
        2 => Just(D::BreakOff),
    ];
    (0..OFFICES.len(), deed, 0usize..840, 0usize..840)
}

/// Cases that go to the third desk's office and come back, while it works on them.
pub(crate) fn a_hand_over() -> impl Strategy<Value = Move> {
    use Deed as D;
    let (office, number) = (Just(0usize), 0usize..840);
    let helper = prop_oneof![
        6 => Just(D::Step), 1 => Just(D::BreakOff), 2 => Just(D::FollowUp), 1 => Just(D::Edit),
        1 => Just(D::LookAgain), 1 => Just(D::Propose), 1 => Just(D::Move), 1 => Just(D::Undo),
    ];
    let owner = prop_oneof![
        6 => Just(D::Step), 3 => Just(D::Refer), 3 => Just(D::CallBack), 1 => Just(D::Edit),
        1 => Just(D::FollowUp),
    ];
    prop_oneof![
        (office, owner, number.clone(), number.clone()),
        (Just(2usize), helper, number.clone(), number),
    ]
}

pub(crate) fn one_of<T: Copy>(all: &[T], pick: usize) -> Option<T> {
    (!all.is_empty()).then(|| all[pick % all.len()])
}

pub(crate) fn a_person(pick: usize) -> PersonFields {
    PersonFields {
        given_name: WORDS[pick % 4].into(),
        phone: pick
            .is_multiple_of(2)
            .then(|| format!("08000000{:02}", pick % 5)),
        ..PersonFields::default()
    }
}

pub(crate) fn case_fields(office: &str, a: usize, b: usize) -> CaseFields {
    let village = match b % 20 {
        0 => "46010101".into(), // in no office's land: the server holds it
        _ => format!("{office:0<6}0{}", 1 + b % 2),
    };
    CaseFields {
        area_code: village,
        house_no: format!("{}", a % 3),
        landmark: WORDS[b % 4].into(),
        note: WORDS[a % 4].into(),
        urgency: Urgency::ALL[a % Urgency::ALL.len()],
        vulnerable: if a.is_multiple_of(3) {
            vec!["elderly".into()]
        } else {
            Vec::new()
        },
        lat: b.is_multiple_of(2).then_some(16.25),
        lon: b.is_multiple_of(2).then_some(104.25),
        place_source: if b.is_multiple_of(2) {
            PlaceSource::Pin
        } else {
            PlaceSource::None
        },
        reported_at: START,
        ..CaseFields::default()
    }
}

pub(crate) fn needs(a: usize) -> Vec<NewNeed> {
    let need = |kind: &str| NewNeed {
        kind: kind.into(),
        detail: WORDS[a % 4].into(),
        hands: None,
    };
    match a % 3 {
        0 => vec![need("food_water"), need("medicine")],
        1 => vec![need("food_water")],
        _ => vec![need("boat")],
    }
}

#[expect(clippy::too_many_lines, reason = "one arm a deed")]
pub(crate) fn an_action(desk: &ADesk, deed: Deed, a: usize, b: usize) -> Option<(Role, Action)> {
    let case = || one_of(&desk.ids_of(Entity::Case, ""), a);
    let clerk = |action| Some((Role::Clerk, action));
    match deed {
        Deed::Key => clerk(Action::CreateCase(NewCase {
            person: a_person(a),
            fields: case_fields(desk.office, a, b),
            needs: needs(a),
            ..NewCase::default()
        })),
        Deed::Edit => {
            let id = case()?;
            let stored: Case = desk.get(id);
            let mut fields = case_fields(&stored.office_code, b / 4, b);
            // A form writes everything it shows; mostly one thing of it is new.
            if !b.is_multiple_of(7) {
                fields = CaseFields {
                    house_no: if b % 7 == 1 {
                        fields.house_no
                    } else {
                        stored.house_no
                    },
                    landmark: if b % 7 == 2 {
                        fields.landmark
                    } else {
                        stored.landmark
                    },
                    note: if b % 7 == 3 { fields.note } else { stored.note },
                    urgency: if b % 7 == 4 {
                        fields.urgency
                    } else {
                        stored.urgency
                    },
                    area_code: if b % 7 == 5 {
                        fields.area_code
                    } else {
                        stored.area_code
                    },
                    vulnerable: stored.vulnerable,
                    lat: stored.lat,
                    lon: stored.lon,
                    accuracy_m: stored.accuracy_m,
                    place_source: stored.place_source,
                    ..fields
                };
            }
            let needs = if b.is_multiple_of(5) {
                needs(a)
            } else {
                Vec::new()
            };
            let version = desk.version(Entity::Case, id);
            let person = a_person(b / 8);
            clerk(Action::EditCase(EditCase {
                id,
                version,
                person,
                fields,
                needs,
            }))
        }
        Deed::Place => {
            let place = PlaceCase {
                id: case()?,
                lat: 16.0 + f64::from(u8::try_from(b % 5).unwrap()) / 10.0,
                lon: 104.5,
                accuracy_m: (!b.is_multiple_of(2)).then_some(30),
                reason: b.is_multiple_of(3).then(|| "นอกเขต".into()),
            };
            let role = if b.is_multiple_of(4) {
                Role::Headman
            } else {
                Role::Clerk
            };
            Some((role, Action::PlaceCase(place)))
        }
        Deed::Refer => {
            // The last one is no office of this province.
            let to = ["450905", "450909", "450909", "450909", "4509", "100101"][b % 6];
            let note = Some(WORDS[b % 4].into());
            clerk(Action::ReferCase {
                id: case()?,
                office_code: Some(to.into()),
                note,
            })
        }
        Deed::CallBack => {
            let id = one_of(&desk.ids_of(Entity::Case, "AND referred_to IS NOT NULL"), a)?;
            clerk(Action::ReferCase {
                id,
                office_code: None,
                note: None,
            })
        }
        Deed::Close => clerk(Action::CloseCase(CloseCase {
            id: case()?,
            reason: ClosingReason::ALL[b % ClosingReason::ALL.len()],
            note: None,
        })),
        Deed::Reopen => clerk(Action::ReopenCase {
            id: case()?,
            note: WORDS[b % 4].into(),
        }),
        Deed::Move => {
            let id = one_of(&desk.ids_of(Entity::Need, ""), a)?;
            let need: Need = desk.get(id);
            let step = one_of(&lifecycle::need_moves(need.state).collect::<Vec<_>>(), b)?;
            let reason = Some(ClosingReason::Met);
            clerk(Action::MoveNeed(MoveNeed {
                id,
                step,
                reason,
                note: None,
            }))
        }
        Deed::Volunteer => {
            let fields = VolunteerFields {
                given_name: WORDS[a % 4].into(),
                family_name: WORDS[b % 4].into(),
                max_open_tasks: 3,
                area_code: format!("{:0<6}01", desk.office),
                vetting: jitasa_domain::Vetting::Vetted,
                ..VolunteerFields::default()
            };
            match one_of(&desk.ids_of(Entity::Volunteer, ""), a) {
                Some(id) if !b.is_multiple_of(3) => {
                    let version = desk.version(Entity::Volunteer, id);
                    clerk(Action::EditVolunteer {
                        id,
                        version,
                        fields,
                    })
                }
                _ => clerk(Action::CreateVolunteer(fields)),
            }
        }
        Deed::Propose => clerk(Action::Propose(Propose {
            need_id: one_of(&desk.ids_of(Entity::Need, ""), a)?,
            volunteer_id: one_of(&desk.ids_of(Entity::Volunteer, ""), b)?,
            volunteer_label: "อสม.".into(),
            distance_m: Some(400),
            why: vec!["near".into()],
            offered: b.is_multiple_of(2),
            ..Propose::default()
        })),
        Deed::Advance => {
            let id = one_of(&desk.ids_of(Entity::Assignment, ""), a)?;
            let assignment: r::Assignment = desk.get(id);
            let steps: Vec<_> = lifecycle::assignment_moves(assignment.state).collect();
            let step = one_of(&steps, b)?;
            let (reason, outcome) = (Some("ฝนตกหนัก".into()), None);
            clerk(Action::MoveAssignment(MoveAssignment {
                id,
                step,
                reason,
                outcome,
                ..MoveAssignment::default()
            }))
        }
        Deed::Hands => hands::deed(desk, a, b),
        Deed::Decide => {
            let case_id = case()?;
            let done = format!("AND case_id = '{case_id}' AND state IN ('done', 'partly_done')");
            let decide = Decide {
                case_id,
                assignment_id: one_of(&desk.ids_of(Entity::Assignment, &done), b),
                verdict: ReviewState::ALL[1 + b % 4],
                reason: Some(WORDS[b % 4].into()),
            };
            Some((Role::Headman, Action::Decide(decide)))
        }
        Deed::PrintList => {
            let village = desk.get::<Case>(case()?).area_code;
            let limit = 1 + u32::try_from(b % 5).unwrap();
            let ask = |conn: &_| tick_lists::to_ask(conn, &village, limit);
            let asked = desk.store.read(ask).unwrap();
            let about = |line: &inbox::InboxLine| match &line.assignment {
                Some(found) => (Entity::Assignment, found.assignment.id),
                None => (Entity::Case, line.line.case.id),
            };
            clerk(Action::PrintTickList(NewTickList {
                area_code: village.clone(),
                reviewer: WORDS[b % 4].into(),
                reviewer_id: None,
                lines: asked.iter().map(about).collect(),
            }))
        }
        Deed::KeyBack => {
            let lists = desk.ids_of(Entity::TickList, "");
            let Some(list) = one_of(&lists, a) else {
                return an_action(desk, Deed::PrintList, a, b);
            };
            let list: r::TickList = desk.get(list);
            let words = tick_lists::lines_of(&list).into_iter().take(1 + b % 3);
            let words = words.filter_map(|(place, line)| {
                let standing = desk
                    .store
                    .read(|conn| tick_lists::standing(conn, &list, &line));
                let standing = standing.unwrap()?;
                let answer = Answer::ALL[(a / 3 + usize::try_from(place).unwrap()) % 5];
                let effect = standing.effect(&line, answer, true)?;
                Some(TickWord {
                    tick_list_id: list.id,
                    case_id: standing.line.case.id,
                    assignment_id: standing.assignment.map(|found| found.assignment.id),
                    answer,
                    effect,
                    reason: Some(WORDS[b % 4].into()),
                    noted: true,
                    signed_at: list.created_at,
                })
            });
            clerk(Action::KeyBack(words.collect()))
        }
        Deed::FollowUp => clerk(Action::AddFollowUp {
            case_id: case()?,
            due_on: START.date(),
            note: WORDS[b % 4].into(),
        }),
        Deed::LookAgain => {
            let id = one_of(&desk.ids_of(Entity::FollowUp, "AND done_at IS NULL"), a)?;
            clerk(Action::FinishFollowUp(Looked {
                id,
                outcome: WORDS[b % 4].into(),
                no_answer: b.is_multiple_of(3),
            }))
        }
        Deed::Village => clerk(Action::SaveVillage(NewVillage {
            code: ["45090501", "45090502", "45090901"][a % 3].into(),
            name: WORDS[b % 4].into(),
            lat: b.is_multiple_of(2).then_some(16.5),
            lon: b.is_multiple_of(2).then_some(104.5),
        })),
        Deed::Kind => clerk(Action::SaveKind(NewKind {
            list: KindList::Need,
            code: ["food_water", "boat"][a % 2].into(),
            th: WORDS[b % 4].into(),
            en: String::new(),
            serves: Vec::new(),
            wants: Vec::new(),
            gravity: None,
            follow_up_days: None,
            position: 0,
            active: b.is_multiple_of(2),
        })),
        Deed::Point => {
            let point = ServicePoint {
                name: WORDS[b % 4].into(),
                ..ServicePoint::default()
            };
            let id = one_of(&desk.ids_of(Entity::ServicePoint, ""), a).unwrap_or_default();
            clerk(Action::SaveServicePoint(ServicePoint { id, ..point }))
        }
        Deed::Incident => {
            let incident = r::Incident {
                name: WORDS[b % 4].into(),
                ..r::Incident::default()
            };
            let id = one_of(&desk.ids_of(Entity::Incident, ""), a).unwrap_or_default();
            clerk(Action::SaveIncident(r::Incident { id, ..incident }))
        }
        Deed::Undo => {
            let latest: Vec<_> = desk.acts.iter().rev().take(1 + b % 6).copied().collect();
            let (act_id, role) = one_of(&latest, a)?;
            Some((role, Action::Undo { act_id }))
        }
        Deed::Step | Deed::BreakOff => None,
    }
}

pub(crate) fn does(all: &mut Offices, (who, deed, a, b): Move) {
    match deed {
        Deed::Step => {
            let faults = [
                Fault::None,
                Fault::RequestLost,
                Fault::AnswerLost,
                Fault::NoLine,
            ];
            let fault = faults[if a % 12 < 4 { a % 12 } else { 0 }];
            let page = [1, 2, 3, 5, 500][b % 5];
            all.steps(who, fault, page);
        }
        // The program is closed in the middle of a round.
        Deed::BreakOff => all.desks[who].round = None,
        _ => {
            if let Some((role, action)) = an_action(&all.desks[who], deed, a, b) {
                all.act(who, role, action);
            }
        }
    }
    what_waits_is_on_top(&all.desks[who]);
}
