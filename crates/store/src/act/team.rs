//! Teams of volunteers.

use std::collections::BTreeSet;

use jitasa_domain::{Team, Volunteer};
use uuid::Uuid;

use super::Act;
use crate::{StoreError, query::teams};

/// A team, as checked by the caller.
#[derive(Debug, Clone, Default)]
pub struct TeamFields {
    /// Absent: a new one.
    pub id: Option<Uuid>,
    pub name: String,
    pub leader_id: Option<Uuid>,
    pub members: Vec<Uuid>,
    pub note: String,
    /// The team is no more; nothing else is changed then.
    pub disband: bool,
}

pub(super) fn save(act: &mut Act, fields: TeamFields) -> Result<Uuid, StoreError> {
    let stored = fields.id.map(|id| act.get::<Team>(id)).transpose()?;
    if fields.disband {
        let (team, _) = stored.ok_or(StoreError::NotFound("team"))?;
        act.update(&Team {
            void_reason: Some("disbanded".into()),
            ..team.clone()
        })?;
        return Ok(team.id);
    }
    let is_new = stored.is_none();
    let team = stored.map_or_else(
        || Team {
            id: act.new_id(),
            office_code: act.office_code.clone(),
            created_at: act.now,
            ..Team::default()
        },
        |(team, _)| team,
    );
    let team = Team {
        members: members(act, &team, &fields)?,
        name: fields.name,
        leader_id: fields.leader_id,
        note: fields.note,
        ..team
    };
    if is_new {
        act.create(&team)?;
    } else {
        act.update(&team)?;
    }
    Ok(team.id)
}

/// The members, each once, when everything about the team is as it must be.
fn members(act: &Act, team: &Team, fields: &TeamFields) -> Result<Vec<String>, StoreError> {
    let refuse = |code, field| Err(StoreError::Invalid { code, field });
    if fields.name.is_empty() {
        return refuse("name_empty", "name");
    }
    let others = teams::all(act.conn())?;
    if others
        .iter()
        .any(|other| other.id != team.id && other.name == fields.name)
    {
        return refuse("team_name_taken", "name");
    }
    let mut once = BTreeSet::new();
    let mut members = fields.members.clone();
    members.retain(|id| once.insert(*id));
    if members.is_empty() {
        return refuse("team_empty", "members");
    }
    for id in &members {
        let own = match act.get::<Volunteer>(*id) {
            Ok((volunteer, _)) => volunteer.office_code == team.office_code,
            Err(StoreError::NotFound(_)) => false,
            Err(error) => return Err(error),
        };
        // Who left the register while he was a member stays until somebody takes him out.
        if !own && !team.members.contains(&id.to_string()) {
            return refuse("team_member_unknown", "members");
        }
    }
    if fields
        .leader_id
        .is_some_and(|leader| !once.contains(&leader))
    {
        return refuse("team_leader_not_member", "leader_id");
    }
    Ok(members.iter().map(ToString::to_string).collect())
}
