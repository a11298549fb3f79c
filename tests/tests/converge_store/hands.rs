//! Who goes where: what people do about it, and that what one desk of an office did is lawful at the server and seen by
//! the other.

use jitasa_domain::{
    Assignment, AssignmentState, Availability, Entity, Need, NeedState, Role, Vetting, Volunteer,
    lifecycle::AssignmentMove, records::ReceiverWord,
};
use jitasa_store::{
    Action,
    act::{
        Away, HandOver, MoveAssignment, Propose, ReceiverSaid, Reject, Successor, TeamFields,
        VolunteerFields,
    },
};
use uuid::Uuid;

use crate::{
    a_shared_case,
    deeds::{WORDS, one_of},
    desks::{ADesk, Offices},
};

fn a_volunteer(all: &mut Offices, name: &str) -> Uuid {
    let before = all.desks[0].ids_of(Entity::Volunteer, "");
    let fields = VolunteerFields {
        given_name: name.into(),
        area_code: "45090501".into(),
        max_open_tasks: 3,
        vetting: Vetting::Vetted,
        ..VolunteerFields::default()
    };
    all.act(0, Role::Clerk, Action::CreateVolunteer(fields));
    let mut after = all.desks[0].ids_of(Entity::Volunteer, "");
    after.retain(|id| !before.contains(id));
    after[0]
}

fn given(need_id: Uuid, volunteer_id: Uuid) -> Propose {
    Propose {
        need_id,
        volunteer_id,
        offered: true,
        ..Propose::default()
    }
}

fn of(all: &Offices, who: usize, volunteer_id: Uuid) -> Vec<Assignment> {
    let his = format!("AND volunteer_id = '{volunteer_id}'");
    let ids = all.desks[who].ids_of(Entity::Assignment, &his);
    ids.into_iter().map(|id| all.desks[who].get(id)).collect()
}

#[test]
fn every_act_on_who_goes_where_is_lawful_at_the_server_and_reaches_the_other_desk() {
    let mut all = Offices::new();
    a_shared_case(&mut all);
    let need_id = all.desks[0].ids_of(Entity::Need, "")[0];
    let people: Vec<Uuid> = ["มานี", "ชูใจ", "ปิติ", "วีระ"]
        .iter()
        .map(|name| a_volunteer(&mut all, name))
        .collect();
    let clerk = |all: &mut Offices, action| {
        all.act(0, Role::Clerk, action);
        let receipt = all.sync(0);
        assert!(receipt.sent > 0, "nothing was done");
        assert_eq!((receipt.held, receipt.conflicts), (0, 0));
    };
    clerk(&mut all, Action::SetHands { need_id, hands: 3 });
    let reject = Reject {
        need_id,
        volunteer_id: people[3],
        volunteer_label: "อสม.".into(),
        reason: "เป็นญาติกัน".into(),
    };
    clerk(&mut all, Action::Reject(reject));
    let (volunteer_id, pairs) = (
        people[3],
        vec![given(need_id, people[0]), given(need_id, people[3])],
    );
    clerk(&mut all, Action::ProposeAll(pairs));
    assert!(of(&all, 0, people[3]).iter().all(|each| each.set_aside));
    clerk(
        &mut all,
        Action::Reconsider {
            need_id,
            volunteer_id,
        },
    );
    clerk(&mut all, Action::Claim(given(need_id, people[1])));
    clerk(&mut all, Action::Propose(given(need_id, people[3])));
    let step = |id, step: AssignmentMove| {
        Action::MoveAssignment(MoveAssignment {
            id,
            step,
            ..MoveAssignment::default()
        })
    };
    use AssignmentMove as M;
    let first = of(&all, 0, people[0])[0].id;
    clerk(&mut all, step(first, M::Accept));
    let claimed = of(&all, 0, people[1])[0].id;
    clerk(&mut all, step(claimed, M::Finish));
    let over = HandOver {
        volunteer_id: people[0],
        reason: "ป่วย".into(),
        to: vec![Successor {
            assignment_id: first,
            volunteer_id: Some(people[2]),
            volunteer_label: "อสม.".into(),
            distance_m: None,
            why: Vec::new(),
        }],
        away: Some(Away {
            id: people[0],
            availability: Availability::OnLeave,
            away_from: None,
            away_until: None,
            reason: Some("ป่วย".into()),
        }),
        offered: true,
        channel: None,
    };
    clerk(&mut all, Action::HandOver(over));
    clerk(
        &mut all,
        Action::ReceiverSaid(ReceiverSaid {
            assignment_id: claimed,
            word: ReceiverWord::NotCome,
            note: None,
            follow_up_note: "ไปดู".into(),
        }),
    );
    all.sync(1);
    let here = of(&all, 1, people[2])[0].clone();
    assert_eq!(
        (here.state, here.replaces_id),
        (AssignmentState::Offered, Some(first))
    );
    let ill: Volunteer = all.desks[1].get(people[0]);
    assert_eq!(ill.availability, Availability::OnLeave);

    // Nobody answers. Both desks look at the clock before either has heard of the other: they write the same.
    for who in [0, 1] {
        all.act(who, Role::Timekeeper, Action::ExpireOffers);
    }
    for who in [0, 1, 0] {
        let receipt = all.sync(who);
        assert_eq!((receipt.held, receipt.conflicts), (0, 0), "desk {who}");
    }
    for who in [0, 1] {
        let need: Need = all.desks[who].get(need_id);
        assert_eq!(need.state, NeedState::Met, "who claimed it is done");
        for volunteer_id in [people[2], people[3]] {
            let all_his = of(&all, who, volunteer_id);
            let last = all_his.last().unwrap();
            assert_eq!(last.state, AssignmentState::Expired);
            assert_eq!(Some(last.state_since), last.expires_at);
        }
    }
}

/// A need that was offered to a volunteer, and the offer; both desks of the office hold them.
fn an_offer(all: &mut Offices) -> (Uuid, Uuid) {
    a_shared_case(all);
    let need_id = all.desks[0].ids_of(Entity::Need, "")[0];
    let volunteer_id = a_volunteer(all, "มานี");
    all.act(
        0,
        Role::Clerk,
        Action::Propose(given(need_id, volunteer_id)),
    );
    all.sync(0);
    all.sync(1);
    (need_id, all.desks[0].ids_of(Entity::Assignment, "")[0])
}

fn takes(id: Uuid, step: AssignmentMove) -> Action {
    Action::MoveAssignment(MoveAssignment {
        id,
        step,
        reason: Some("mistake".into()),
        ..MoveAssignment::default()
    })
}

fn troubles(all: &Offices, who: usize) -> usize {
    all.desks[who].column("SELECT change_id FROM trouble").len()
}

#[test]
fn an_answer_that_races_the_clock_of_another_desk_counts_whoever_comes_first() {
    for first in [0, 1] {
        let mut all = Offices::new();
        let (need_id, offer) = an_offer(&mut all);
        all.act(0, Role::Clerk, takes(offer, AssignmentMove::Accept));
        all.act(1, Role::Timekeeper, Action::ExpireOffers);
        for who in [first, 1 - first, first] {
            all.sync(who);
        }
        for who in [0, 1] {
            let given: Assignment = all.desks[who].get(offer);
            assert_eq!(given.state, AssignmentState::Accepted, "{first} {who}");
            let need: Need = all.desks[who].get(need_id);
            assert_eq!(need.state, NeedState::Assigned);
            assert_eq!(troubles(&all, who), 0, "the clock's step needs nobody");
        }
    }
}

#[test]
fn a_need_does_not_follow_an_assignment_that_the_province_did_not_take() {
    let mut all = Offices::new();
    let (need_id, offer) = an_offer(&mut all);
    all.act(1, Role::Clerk, takes(offer, AssignmentMove::Revoke));
    all.act(0, Role::Clerk, takes(offer, AssignmentMove::Accept));
    all.sync(1);
    assert!(all.sync(0).held >= 2, "the step and what followed from it");
    all.sync(1);
    for who in [0, 1] {
        let given: Assignment = all.desks[who].get(offer);
        assert_eq!(given.state, AssignmentState::Revoked);
        let need: Need = all.desks[who].get(need_id);
        assert_eq!(need.state, NeedState::Reported, "it waits for hands again");
    }
    assert!(troubles(&all, 0) > 0, "whoever accepted is told");
}

#[test]
fn who_goes_along_with_a_team_is_known_at_the_other_desk_also_when_the_team_is_another_by_then() {
    let mut all = Offices::new();
    a_shared_case(&mut all);
    let need_id = all.desks[0].ids_of(Entity::Need, "")[0];
    let people: Vec<Uuid> = ["มานี", "ชูใจ", "ปิติ"]
        .iter()
        .map(|name| a_volunteer(&mut all, name))
        .collect();
    let team = |members: &[Uuid], id: Option<Uuid>| {
        Action::SaveTeam(TeamFields {
            id,
            name: "กู้ภัย".into(),
            leader_id: Some(people[0]),
            members: members.to_vec(),
            ..TeamFields::default()
        })
    };
    all.act(0, Role::Clerk, Action::SetHands { need_id, hands: 3 });
    all.act(0, Role::Clerk, team(&people, None));
    let team_id = all.desks[0].ids_of(Entity::Team, "")[0];
    for who in [0, 1] {
        all.sync(who);
    }
    // One desk sends the team; the other takes somebody out of it meanwhile.
    let with_team = Propose {
        team_id: Some(team_id),
        ..given(need_id, people[0])
    };
    all.act(0, Role::Clerk, Action::Propose(with_team));
    all.act(1, Role::Clerk, team(&people[..2], Some(team_id)));
    for who in [0, 1, 0] {
        let receipt = all.sync(who);
        assert_eq!((receipt.held, receipt.conflicts), (0, 0), "desk {who}");
    }
    let along: Vec<String> = people[1..].iter().map(ToString::to_string).collect();
    for who in [0, 1] {
        let sent = &of(&all, who, people[0])[0];
        assert_eq!(sent.companions, along, "desk {who}");
    }
}

/// What else is done about who goes where.
pub(crate) fn deed(desk: &ADesk, a: usize, b: usize) -> Option<(Role, Action)> {
    let need = || one_of(&desk.ids_of(Entity::Need, ""), a);
    let volunteer = || one_of(&desk.ids_of(Entity::Volunteer, ""), b / 8);
    let assignment = |state: &str| one_of(&desk.ids_of(Entity::Assignment, state), a);
    let action = match b % 8 {
        0 => Action::Reject(Reject {
            need_id: need()?,
            volunteer_id: volunteer()?,
            volunteer_label: "อสม.".into(),
            reason: WORDS[a % 4].into(),
        }),
        1 => Action::Reconsider {
            need_id: need()?,
            volunteer_id: volunteer()?,
        },
        2 => Action::Claim(Propose {
            need_id: need()?,
            volunteer_id: volunteer()?,
            volunteer_label: "อสม.".into(),
            ..Propose::default()
        }),
        3 => Action::SetHands {
            need_id: need()?,
            hands: 1 + u32::try_from(b % 3).ok()?,
        },
        4 => Action::ReceiverSaid(ReceiverSaid {
            assignment_id: assignment("AND state IN ('accepted', 'done', 'failed')")?,
            word: ReceiverWord::ALL[b / 8 % 3],
            note: None,
            follow_up_note: WORDS[a % 4].into(),
        }),
        5 => Action::ProposeAll(vec![Propose {
            need_id: need()?,
            volunteer_id: volunteer()?,
            volunteer_label: "อสม.".into(),
            offered: true,
            replaces_id: assignment("AND state IN ('proposed', 'offered')"),
            ..Propose::default()
        }]),
        6 => {
            let id = assignment("AND state IN ('proposed', 'offered', 'accepted', 'en_route')")?;
            let held: Assignment = desk.get(id);
            let to = (b / 16).is_multiple_of(2);
            Action::HandOver(HandOver {
                volunteer_id: held.volunteer_id,
                reason: WORDS[b % 4].into(),
                to: vec![Successor {
                    assignment_id: id,
                    volunteer_id: if to { volunteer() } else { None },
                    volunteer_label: "อสม.".into(),
                    distance_m: None,
                    why: Vec::new(),
                }],
                away: None,
                offered: true,
                channel: None,
            })
        }
        _ => return Some((Role::Timekeeper, Action::ExpireOffers)),
    };
    Some((Role::Clerk, action))
}
