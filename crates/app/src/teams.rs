//! Teams of volunteers.

use jitasa_domain::ActionKind;
use jitasa_store::{Action, act::TeamFields, query::teams};
use jitasa_thai::phone;

use crate::{
    ApiError, App, forms,
    views::{Acted, Nothing, volunteer::*},
    volunteers::Register,
};

/// Members of one team, at most.
const MEMBERS_MAX: usize = 100;

pub(crate) fn list(app: &App, _request: Nothing) -> Result<TeamList, ApiError> {
    app.reader(ActionKind::TeamSave)?;
    let store = app.store()?;
    let register = Register::of(app, &store)?;
    let lines = store.read(teams::lines)?;
    let teams = lines.into_iter().map(|line| {
        let team = line.team;
        let members = line.members.iter().map(|member| TeamMember {
            id: member.volunteer.id.to_string(),
            name: member.volunteer.full_name(),
            phone: member.volunteer.phone.as_deref().map(phone::format),
            free_now: register.why_not(member).is_none(),
        });
        let leader = line
            .members
            .iter()
            .find(|member| Some(member.volunteer.id) == team.leader_id);
        TeamView {
            leader: leader.map(|member| member.volunteer.full_name()),
            id: team.id.to_string(),
            name: team.name,
            leader_id: team.leader_id.map(|id| id.to_string()),
            members: members.collect(),
            note: team.note,
            open_tasks: line.open_tasks,
        }
    });
    Ok(TeamList {
        teams: teams.collect(),
    })
}

pub(crate) fn save(app: &App, request: TeamSave) -> Result<Acted, ApiError> {
    let id = request.id.as_deref().map(forms::id).transpose()?;
    if request.disband {
        return app.act(Action::SaveTeam(TeamFields {
            id,
            disband: true,
            ..TeamFields::default()
        }));
    }
    if request.members.len() > MEMBERS_MAX {
        return Err(ApiError::field("too_many", "members").with("max", MEMBERS_MAX));
    }
    let members = request.members.iter().map(|id| forms::id(id));
    app.act(Action::SaveTeam(TeamFields {
        id,
        name: forms::line(&request.name, "name", 100)?,
        leader_id: request
            .leader_id
            .as_deref()
            .filter(|id| !id.is_empty())
            .map(forms::id)
            .transpose()?,
        members: members.collect::<Result<_, _>>()?,
        note: forms::note(&request.note, "note")?,
        disband: false,
    }))
}
