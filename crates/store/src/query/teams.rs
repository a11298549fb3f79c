//! Teams of volunteers.

use std::collections::HashMap;

use jitasa_domain::Team;
use rusqlite::Connection;
use uuid::Uuid;

use super::volunteers::{self, VolunteerLine};
use crate::{StoreError, rows};

/// A team with who is in it now.
#[derive(Debug, Clone)]
pub struct TeamLine {
    pub team: Team,
    /// In the team's order; whoever is no longer in the register is left out.
    pub members: Vec<VolunteerLine>,
    /// Needs it goes to now.
    pub open_tasks: u32,
}

/// Teams that have not been disbanded, in Thai dictionary order.
///
/// # Errors
/// When the file cannot be read.
pub fn all(conn: &Connection) -> Result<Vec<Team>, StoreError> {
    rows::select(
        conn,
        "WHERE r.void_reason IS NULL ORDER BY r.name COLLATE thai, r.pk",
        &[],
    )
}

/// As [`all`], with members and load.
///
/// # Errors
/// When the file cannot be read.
pub fn lines(conn: &Connection) -> Result<Vec<TeamLine>, StoreError> {
    let mut open = conn.prepare_cached(
        "SELECT count(DISTINCT a.need_id) FROM assignment a WHERE a.team_id = ?1 AND a.void_reason IS NULL
         AND a.state IN ('proposed', 'offered', 'accepted', 'en_route', 'on_site')",
    )?;
    let mut lines = Vec::new();
    for team in all(conn)? {
        let mut members = Vec::with_capacity(team.members.len());
        for id in member_ids(&team) {
            members.extend(volunteers::line(conn, id)?);
        }
        lines.push(TeamLine {
            open_tasks: open.query_row([team.id.to_string()], |row| row.get(0))?,
            members,
            team,
        });
    }
    Ok(lines)
}

/// Names of the teams of each volunteer.
///
/// # Errors
/// When the file cannot be read.
pub fn names_by_member(conn: &Connection) -> Result<HashMap<Uuid, Vec<String>>, StoreError> {
    let mut names: HashMap<Uuid, Vec<String>> = HashMap::new();
    for team in all(conn)? {
        for id in member_ids(&team) {
            names.entry(id).or_default().push(team.name.clone());
        }
    }
    Ok(names)
}

fn member_ids(team: &Team) -> impl Iterator<Item = Uuid> {
    team.members.iter().filter_map(|id| id.parse().ok())
}
