//! Whose acts practice is made of: the people of the desk, the program's clock, and the headmen of the
//! villages, each of whom stands in the register. It must not know what they do.

use jitasa_domain::{Actor, Office, Role, gazetteer::Gazetteer, ids::area_id};
use jitasa_store::{DeskUser, Store};
use uuid::Uuid;

use super::{ground::Village, perform::Stage, volunteers::Enlisted};
use crate::ApiError;

/// Everybody who acts.
#[derive(Debug)]
pub(super) struct Cast {
    pub(super) clerk: Actor,
    pub(super) supervisor: Actor,
    pub(super) timekeeper: Actor,
    /// One for each village, once the register is written.
    pub(super) headmen: Vec<Actor>,
}

impl Cast {
    pub(super) fn new(users: &[DeskUser], own: &Office) -> Self {
        Self {
            clerk: actor_of(users, own, Role::Clerk),
            supervisor: actor_of(users, own, Role::Supervisor),
            timekeeper: Actor::timekeeper(&own.code),
            headmen: Vec::new(),
        }
    }
}

fn actor_of(users: &[DeskUser], own: &Office, role: Role) -> Actor {
    let user = users.iter().find(|user| user.role == role);
    Actor {
        id: user.map(|user| user.id).unwrap_or_default(),
        name: user.map(|user| user.name.clone()).unwrap_or_default(),
        role,
        office_code: own.code.clone(),
        villages: user.map(|user| user.villages.clone()).unwrap_or_default(),
        volunteer_id: None,
    }
}

/// The headmen of the villages. Each is somebody in the register, so that nobody judges what he did
/// himself; he who sits at the desk is called there as he is in the register.
pub(super) fn headmen(
    store: &Store,
    stage: &Stage,
    enlisted: &[Enlisted],
    users: &[DeskUser],
    own: &Office,
) -> Result<Vec<Actor>, ApiError> {
    let mut headmen = Vec::new();
    for (home, village) in stage.story.villages.iter().enumerate() {
        let in_register = enlisted
            .iter()
            .zip(&stage.hands)
            .find(|(one, _)| one.home == home && one.is_headman());
        let volunteer_id = in_register.map(|(_, hand)| hand.id);
        let at_desk = users.iter().find(|user| {
            user.role == Role::Headman && user.villages.iter().any(|code| code == village.code)
        });
        let headman = match (at_desk, in_register) {
            (Some(user), Some((one, _))) => {
                let name = one.full_name();
                store.save_user(&DeskUser {
                    name: name.clone(),
                    volunteer_id,
                    ..user.clone()
                })?;
                Actor {
                    name,
                    ..actor_of(users, own, Role::Headman)
                }
            }
            _ => headman_elsewhere(village, own),
        };
        headmen.push(Actor {
            volunteer_id,
            ..headman
        });
    }
    Ok(headmen)
}

/// A headman who does not sit at this desk.
fn headman_elsewhere(village: &Village, own: &Office) -> Actor {
    let subdistrict = Gazetteer::bundled().get(village.subdistrict());
    let name = match subdistrict.filter(|_| own.code.len() == 4) {
        Some(place) => format!("ผญบ. ม.{} ต.{}", village.moo(), place.name_th),
        None => format!("ผญบ. ม.{}", village.moo()),
    };
    Actor {
        // Made from the village's id, so that he is the same person on every practice desk.
        id: Uuid::new_v5(&area_id(village.code), b"headman"),
        name,
        role: Role::Headman,
        office_code: own.code.clone(),
        villages: vec![village.code.into()],
        volunteer_id: None,
    }
}
