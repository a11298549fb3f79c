//! The one question of permission: may this actor do this to this record? Desk, server and batch
//! files all ask it here; what the table does not allow is denied.

use uuid::Uuid;

use crate::{ActionKind, code::codes};

codes! {
    /// What somebody is at his office. The timekeeper is the program itself, for what falls due by
    /// the clock.
    Role {
        Auditor = "auditor", Clerk = "clerk", Supervisor = "supervisor", Headman = "headman",
        Administrator = "administrator",
        Timekeeper = "timekeeper",
    }
}

/// Somebody who acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// His id on his desk.
    pub id: Uuid,
    /// As shown to people.
    pub name: String,
    /// What he is.
    pub role: Role,
    /// The office he works for.
    pub office_code: String,
    /// A headman's villages (8-digit codes); empty for others.
    pub villages: Vec<String>,
    /// Himself in the register of volunteers, when he is there.
    pub volunteer_id: Option<Uuid>,
}

impl Actor {
    /// The program itself, for what falls due by the clock at an office: the same on every desk, so that
    /// the history of two desks names one.
    #[must_use]
    pub fn timekeeper(office_code: &str) -> Self {
        Self {
            id: Uuid::new_v5(&Uuid::nil(), b"timekeeper"),
            name: "โปรแกรม".into(),
            role: Role::Timekeeper,
            office_code: office_code.into(),
            villages: Vec::new(),
            volunteer_id: None,
        }
    }
}

/// What has to be known of a record to decide: whose it is and where it lies.
#[derive(Debug, Clone, Copy, Default)]
pub struct Subject<'a> {
    /// The office that answers for it.
    pub office_code: &'a str,
    /// An office that was asked to help.
    pub referred_to: Option<&'a str>,
    /// Where it lies.
    pub area_code: Option<&'a str>,
    /// Who entered it.
    pub entered_by: Option<Uuid>,
    /// The volunteers who did the work that is to be judged: who was asked, and who of his team went along.
    pub done_by: &'a [Uuid],
}

/// Why it was denied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// The role never does this.
    #[error("the role may not do this")]
    Role,
    /// The record belongs to another office. Answered to people as "not found".
    #[error("the record is outside the office's scope")]
    Scope,
    /// The record lies in another village. Answered to people as "not found".
    #[error("the record is outside the headman's villages")]
    Village,
    /// Nobody reviews what he entered or did himself.
    #[error("who entered or did a thing may not review it")]
    OwnWork,
}

impl Denied {
    /// The stable code of this reason.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Role => "denied_role",
            Self::Scope => "denied_scope",
            Self::Village => "denied_village",
            Self::OwnWork => "denied_own_work",
        }
    }
}

/// Which records a role may do something to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    Nowhere,
    /// Records of his office, and those referred to it.
    Office,
    /// Records of his office that lie in his villages.
    Villages,
    /// As `Villages`, but not what he entered or did himself.
    VillagesOfOthers,
}

const fn reach(role: Role, action: ActionKind) -> Reach {
    use ActionKind as A;
    match (role, action) {
        (
            Role::Clerk | Role::Supervisor,
            A::Read
            | A::ReadHistory
            | A::Export
            | A::CaseCreate
            | A::CaseEdit
            | A::CasePlace
            | A::CaseRefer
            | A::CaseClose
            | A::CaseReopen
            | A::NeedMove
            | A::VolunteerCreate
            | A::VolunteerEdit
            | A::VolunteerAway
            | A::TeamSave
            | A::NeedHands
            | A::AssignmentPropose
            | A::AssignmentMove
            | A::AssignmentReject
            | A::AssignmentClaim
            | A::AssignmentHandOver
            | A::ReceiverWord
            | A::RecheckAnswer
            | A::TickListPrint
            | A::TickListVoid
            | A::TickListKeyBack
            | A::FollowUpAdd
            | A::FollowUpDone
            | A::VillageSave
            | A::ServicePointSave
            | A::IncidentSave
            | A::CasesImport
            | A::VillagesImport
            | A::KindSave
            | A::RuleSave
            | A::TroubleDecide
            | A::Undo,
        )
        | (Role::Supervisor, A::EscalationSeen)
        | (
            Role::Administrator,
            A::VillageSave
            | A::VillagesImport
            | A::IncidentSave
            | A::KindSave
            | A::RuleSave
            | A::TroubleDecide,
        )
        | (Role::Timekeeper, A::Read | A::OffersExpire | A::CasesEscalate)
        | (Role::Auditor, A::Read | A::ReadHistory | A::Export) => Reach::Office,
        (
            Role::Headman,
            A::Read
            | A::ReadHistory
            | A::CasePlace
            | A::FollowUpAdd
            | A::TickListPrint
            | A::TroubleDecide
            | A::Undo,
        ) => Reach::Villages,
        (Role::Headman, A::ReviewDecide) => Reach::VillagesOfOthers,
        _ => Reach::Nowhere,
    }
}

/// Whether `actor` may do `action` to a record.
///
/// # Errors
/// The reason it is denied. Scope and village are to be answered as "not found", so that nobody
/// learns that a record exists.
pub fn authorize(actor: &Actor, action: ActionKind, record: &Subject) -> Result<(), Denied> {
    let reach = reach(actor.role, action);
    if reach == Reach::Nowhere {
        return Err(Denied::Role);
    }
    let own = office_covers(&actor.office_code, record.office_code)
        || record.referred_to == Some(actor.office_code.as_str());
    if !own {
        return Err(Denied::Scope);
    }
    if reach == Reach::Office {
        return Ok(());
    }
    let lies_in_his = record
        .area_code
        .is_some_and(|area| actor.villages.iter().any(|village| village == area));
    if !lies_in_his {
        return Err(Denied::Village);
    }
    let did_it = actor
        .volunteer_id
        .is_some_and(|his| record.done_by.contains(&his));
    if reach == Reach::VillagesOfOthers && (record.entered_by == Some(actor.id) || did_it) {
        return Err(Denied::OwnWork);
    }
    Ok(())
}

/// Whether an office answers for (or, as a district, watches over) another office's records.
#[must_use]
pub fn office_covers(office_code: &str, owner_code: &str) -> bool {
    !office_code.is_empty() && owner_code.starts_with(office_code)
}

/// Whether an office's desks are to hold a record: its own, those of offices under it, and those
/// referred to it.
#[must_use]
pub fn is_in_scope(office_code: &str, owner_code: &str, referred_to: Option<&str>) -> bool {
    office_covers(office_code, owner_code) || referred_to == Some(office_code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn an_actor(role: Role) -> Actor {
        Actor {
            id: Uuid::from_u128(7),
            name: "ผู้ทดสอบ".into(),
            role,
            office_code: "450905".into(),
            villages: vec!["45090505".into()],
            volunteer_id: None,
        }
    }

    fn a_case() -> Subject<'static> {
        Subject {
            office_code: "450905",
            area_code: Some("45090505"),
            ..Subject::default()
        }
    }

    #[test]
    fn every_role_and_action_is_decided_and_reviewing_is_the_headmans_alone() {
        for role in Role::ALL {
            for action in ActionKind::ALL {
                let answer = authorize(&an_actor(*role), *action, &a_case());
                if *action == ActionKind::ReviewDecide {
                    assert_eq!(answer.is_ok(), *role == Role::Headman, "{role:?}");
                }
            }
        }
    }

    #[test]
    fn the_supervisor_does_a_clerks_work_and_alone_takes_note_of_what_came_to_him() {
        for action in ActionKind::ALL {
            let may = |role| authorize(&an_actor(role), *action, &a_case()).is_ok();
            let seen = *action == ActionKind::EscalationSeen;
            assert_eq!(
                may(Role::Supervisor),
                may(Role::Clerk) || seen,
                "{action:?}"
            );
            assert!(!(seen && may(Role::Clerk)));
        }
    }

    #[test]
    fn the_timekeeper_does_what_the_clock_says_and_nothing_else() {
        let timekeeper = Actor::timekeeper("450905");
        for action in ActionKind::ALL {
            let by_the_clock = matches!(
                action,
                ActionKind::Read | ActionKind::OffersExpire | ActionKind::CasesEscalate
            );
            let answer = authorize(&timekeeper, *action, &a_case());
            assert_eq!(answer.is_ok(), by_the_clock, "{action:?}");
            let people = [
                Role::Clerk,
                Role::Supervisor,
                Role::Headman,
                Role::Administrator,
            ];
            for role in people {
                let alone = matches!(action, ActionKind::OffersExpire | ActionKind::CasesEscalate);
                assert!(!alone || authorize(&an_actor(role), *action, &a_case()).is_err());
            }
        }
        let elsewhere = Subject {
            office_code: "450909",
            ..a_case()
        };
        let answer = authorize(&timekeeper, ActionKind::CasesEscalate, &elsewhere);
        assert_eq!(answer, Err(Denied::Scope));
    }

    #[test]
    fn a_headman_sees_his_villages_only_and_does_not_review_his_own_entry() {
        let headman = an_actor(Role::Headman);
        let elsewhere = Subject {
            area_code: Some("45090506"),
            ..a_case()
        };
        assert_eq!(
            authorize(&headman, ActionKind::Read, &elsewhere),
            Err(Denied::Village)
        );
        let own = Subject {
            entered_by: Some(headman.id),
            ..a_case()
        };
        assert_eq!(
            authorize(&headman, ActionKind::ReviewDecide, &own),
            Err(Denied::OwnWork)
        );
        assert_eq!(
            authorize(&headman, ActionKind::ReviewDecide, &a_case()),
            Ok(())
        );
    }

    #[test]
    fn nobody_judges_what_he_did_himself() {
        let his = Uuid::from_u128(99);
        let headman = Actor {
            volunteer_id: Some(his),
            ..an_actor(Role::Headman)
        };
        let other = Uuid::from_u128(5);
        let judge = |actor: &Actor, done_by: &[Uuid]| {
            let subject = Subject {
                done_by,
                ..a_case()
            };
            authorize(actor, ActionKind::ReviewDecide, &subject)
        };
        assert_eq!(judge(&headman, &[his]), Err(Denied::OwnWork));
        // He went along with another.
        assert_eq!(judge(&headman, &[other, his]), Err(Denied::OwnWork));
        assert_eq!(judge(&headman, &[other]), Ok(()));
        assert_eq!(judge(&headman, &[]), Ok(()));
        // Who is no volunteer did nothing himself, also where nobody is known to have done it.
        assert_eq!(judge(&an_actor(Role::Headman), &[]), Ok(()));
    }

    #[test]
    fn a_list_is_printed_by_the_office_and_by_the_headman_of_its_village_and_keyed_by_the_office() {
        let elsewhere = Subject {
            area_code: Some("45090506"),
            ..a_case()
        };
        let may = |role, action, subject: &Subject| authorize(&an_actor(role), action, subject);
        for role in [Role::Clerk, Role::Headman] {
            assert_eq!(may(role, ActionKind::TickListPrint, &a_case()), Ok(()));
        }
        let print = ActionKind::TickListPrint;
        assert_eq!(may(Role::Headman, print, &elsewhere), Err(Denied::Village));
        let key_back = ActionKind::TickListKeyBack;
        assert_eq!(may(Role::Clerk, key_back, &elsewhere), Ok(()));
        assert_eq!(may(Role::Headman, key_back, &a_case()), Err(Denied::Role));
    }

    #[test]
    fn another_offices_case_is_out_of_scope_until_it_is_referred() {
        let clerk = an_actor(Role::Clerk);
        let theirs = Subject {
            office_code: "450909",
            ..a_case()
        };
        assert_eq!(
            authorize(&clerk, ActionKind::CaseEdit, &theirs),
            Err(Denied::Scope)
        );
        let referred = Subject {
            referred_to: Some("450905"),
            ..theirs
        };
        assert_eq!(authorize(&clerk, ActionKind::CaseEdit, &referred), Ok(()));
    }

    #[test]
    fn a_district_office_watches_over_its_subdistricts() {
        assert!(is_in_scope("4509", "450905", None));
        assert!(!is_in_scope("450905", "4509", None));
        assert!(!is_in_scope("", "450905", None));
    }
}
