//! The one question of permission: may this actor do this to this record? Desk, server and batch
//! files all ask it here; what the table does not allow is denied.

use uuid::Uuid;

use crate::{ActionKind, code::codes};

codes! {
    /// What somebody is at his office.
    Role {
        Auditor = "auditor", Clerk = "clerk", Supervisor = "supervisor", Headman = "headman",
        Administrator = "administrator",
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
    /// Nobody reviews what he entered himself.
    #[error("who entered a record may not review it")]
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
    /// As `Villages`, but not what he entered himself.
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
            | A::AssignmentPropose
            | A::AssignmentMove
            | A::FollowUpAdd
            | A::FollowUpDone
            | A::VillageSave
            | A::ServicePointSave
            | A::IncidentSave
            | A::CasesImport
            | A::VillagesImport
            | A::KindSave
            | A::Undo,
        )
        | (
            Role::Administrator,
            A::VillageSave | A::VillagesImport | A::IncidentSave | A::KindSave,
        )
        | (Role::Auditor, A::Read | A::ReadHistory | A::Export) => Reach::Office,
        (Role::Headman, A::Read | A::ReadHistory | A::CasePlace | A::FollowUpAdd | A::Undo) => {
            Reach::Villages
        }
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
    if reach == Reach::VillagesOfOthers && record.entered_by == Some(actor.id) {
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
