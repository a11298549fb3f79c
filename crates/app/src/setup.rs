//! First start: a desk for an office, or a made-up office to practise on.

use jitasa_domain::{
    IdSource, Kind, KindList, Office, OfficeLevel, Role,
    gazetteer::{self, Gazetteer, Level},
};
use jitasa_store::{DeskUser, Setup, Store, StoreError, StoreFiles, desk::reading};
use std::sync::{Arc, PoisonError};
use uuid::Uuid;

use crate::{ApiError, App, practice};

/// The lists that ship.
pub(crate) const NEED_KINDS: &str = include_str!("../../../data/need-kinds/need-kinds.tsv");
const VOLUNTEER_KINDS: &str = include_str!("../../../data/volunteer-kinds/volunteer-kinds.tsv");
const POINT_KINDS: &str = include_str!("../../../data/service-point-kinds/service-point-kinds.tsv");
const EQUIPMENT_KINDS: &str = include_str!("../../../data/equipment-kinds/equipment-kinds.tsv");
const TRAINING_KINDS: &str = include_str!("../../../data/training-kinds/training-kinds.tsv");

/// The practice office that the first screen opens is the same one each time.
pub(crate) const PRACTICE_SEED: u64 = 2564;

/// Where the map begins when nothing is known of the office's area: the middle of the country.
const THAILAND: (f64, f64) = (13.5, 101.0);

impl App {
    /// Opens an office of one's own.
    ///
    /// # Errors
    /// When the code is no subdistrict or district, or the desk is set up already.
    pub fn init_office(&self, code: &str, name: Option<&str>) -> Result<(), ApiError> {
        let gazetteer = Gazetteer::bundled();
        let code = gazetteer::parse_code(code)
            .ok_or_else(|| ApiError::field("office_unknown", "office_code"))?;
        let place = gazetteer
            .get(&code)
            .filter(|place| place.level != Level::Province);
        let Some(place) = place else {
            let refused = ApiError::field("office_unknown", "office_code");
            return Err(match gazetteer.abolished(&code) {
                Some(abolished) => refused.with("successors", abolished.successors.join(" ")),
                None => refused,
            });
        };
        let given = name
            .map(jitasa_thai::text::clean)
            .filter(|name| !name.is_empty());
        let name = given.unwrap_or_else(|| match place.level {
            Level::District => format!("ที่ว่าการ{}", place.titled()),
            _ => format!("องค์การบริหารส่วน{}", place.titled()),
        });
        let office = Office {
            code: code.clone(),
            name,
        };
        let people = (None, None, Vec::new());
        let centre = practice::centre_of(&code).unwrap_or(THAILAND);
        let store = self.set_up(office, false, centre, people)?;
        self.publish(store);
        Ok(())
    }

    /// Opens a made-up office to practise on. `size` is `office`, `amphoe`, `province`, `million` or
    /// a number of cases.
    ///
    /// # Errors
    /// When the size is unknown or the desk is set up already.
    pub fn init_practice(&self, size: &str, seed: u64) -> Result<(), ApiError> {
        let size = practice::Size::from_code(size)
            .ok_or_else(|| ApiError::field("practice_size_unknown", "size"))?;
        let office = practice::office_of(size);
        let centre = practice::centre_of(&office.code).unwrap_or(THAILAND);
        let villages = practice::headman_villages(&office);
        let people = (Some("เสมียนฝึกหัด"), Some("ผู้ใหญ่บ้านฝึกหัด"), villages);
        let store = self.set_up(office, true, centre, people)?;
        practice::fill(&store, self.env().now(), size, seed)?;
        // What the made-up people did is not the newcomer's to take back.
        store.forget_undo()?;
        // Only now: nobody sees a half-filled office.
        self.publish(store);
        Ok(())
    }

    fn set_up(
        &self,
        office: Office,
        is_practice: bool,
        centre: (f64, f64),
        (clerk, headman, villages): (Option<&str>, Option<&str>, Vec<String>),
    ) -> Result<Arc<Store>, ApiError> {
        let store = self.store_for_setup()?;
        let now = self.env().now();
        let mut ids = self.ids();
        let mut user = |name: &str, role, villages| DeskUser {
            id: ids.next(now),
            name: name.into(),
            role,
            villages,
            volunteer_id: None,
        };
        let users = vec![
            user(clerk.unwrap_or("เสมียน"), Role::Clerk, Vec::new()),
            user(headman.unwrap_or("ผู้ใหญ่บ้าน"), Role::Headman, villages),
            user(supervisor_title(&office), Role::Supervisor, Vec::new()),
        ];
        let device_id: Uuid = ids.next(now);
        store.set_up(&Setup {
            office,
            practice: is_practice,
            device_id,
            users,
            kinds: shipped_kinds(),
            centre,
        })?;
        Ok(store)
    }

    fn publish(&self, store: Arc<Store>) {
        *self.store.write().unwrap_or_else(PoisonError::into_inner) = Some(store);
    }

    /// A new store, or the one a crash left before anybody set it up.
    fn store_for_setup(&self) -> Result<Arc<Store>, ApiError> {
        if let Some(code) = self.problem() {
            return Err(ApiError::new(&code));
        }
        if let Some(store) = self.try_store() {
            return Ok(store);
        }
        if StoreFiles::in_dir(&self.dir).exist() {
            return Ok(Arc::new(Store::open(&self.dir)?));
        }
        let mut key = [0; 32];
        self.env().fill_random(&mut key);
        Ok(Arc::new(Store::create(&self.dir, key)?))
    }
}

/// Who is told first when a case waits too long, as his office calls him: the deputy district chief, or
/// the head of the local government's own office.
fn supervisor_title(office: &Office) -> &'static str {
    match office.level() {
        OfficeLevel::District => "ปลัดอำเภอ",
        OfficeLevel::Subdistrict => "หัวหน้าสำนักปลัด",
    }
}

/// A desk that an earlier program made has nobody yet who is told when a case waits too long.
pub(crate) fn with_supervisor(
    store: Store,
    id: impl FnOnce() -> Uuid,
) -> Result<Store, StoreError> {
    let (office, users) =
        store.read(|conn| Ok((reading::office(conn)?, reading::desk_users(conn)?)))?;
    let missing = users.iter().all(|user| user.role != Role::Supervisor);
    if let (Some(office), true) = (office, missing) {
        store.save_user(&DeskUser {
            id: id(),
            name: supervisor_title(&office).into(),
            role: Role::Supervisor,
            villages: Vec::new(),
            volunteer_id: None,
        })?;
    }
    Ok(store)
}

/// Rows of a shipped table, without its header line.
pub(crate) fn rows_of(table: &str) -> impl Iterator<Item = Vec<&str>> {
    table
        .lines()
        .skip(1)
        .filter(|line| !line.is_empty())
        .map(|line| line.split('\t').collect())
}

/// The lists as they ship.
pub(crate) fn shipped_kinds() -> Vec<Kind> {
    /// Codes with commas between them.
    fn codes(row: &[&str], at: usize) -> Vec<String> {
        let codes = row.get(at).copied().unwrap_or_default().split(',');
        codes
            .filter(|code| !code.is_empty())
            .map(Into::into)
            .collect()
    }
    fn number(row: &[&str], at: usize) -> Option<u32> {
        row.get(at)?.parse().ok()
    }
    let list = |list: KindList, table: &'static str, rest: fn(Kind, &[&str]) -> Kind| {
        rows_of(table).enumerate().map(move |(position, row)| {
            let kind = Kind {
                list,
                code: row.first().copied().unwrap_or_default().into(),
                th: row.get(1).copied().unwrap_or_default().into(),
                en: row.get(2).copied().unwrap_or_default().into(),
                position: u32::try_from(position).unwrap_or(0),
                active: true,
                ..Kind::default()
            };
            rest(kind, &row)
        })
    };
    let needs = list(KindList::Need, NEED_KINDS, |kind, row| Kind {
        serves: codes(row, 4),
        wants: codes(row, 6),
        gravity: number(row, 7),
        follow_up_days: number(row, 8),
        ..kind
    });
    let helpers = list(KindList::Volunteer, VOLUNTEER_KINDS, |kind, row| Kind {
        serves: codes(row, 3),
        ..kind
    });
    let points = list(KindList::ServicePoint, POINT_KINDS, |kind, row| Kind {
        serves: codes(row, 5),
        ..kind
    });
    needs
        .chain(helpers)
        .chain(points)
        .chain(list(KindList::Equipment, EQUIPMENT_KINDS, |kind, _| kind))
        .chain(list(KindList::Training, TRAINING_KINDS, |kind, _| kind))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_lists_cover_the_ministrys_letter() {
        let kinds = shipped_kinds();
        let codes = |list| {
            kinds
                .iter()
                .filter(|kind| kind.list == list)
                .map(|kind| kind.code.as_str())
                .collect::<Vec<_>>()
        };
        assert_eq!(
            codes(KindList::Need),
            [
                "medical",
                "transport",
                "oxygen",
                "bed",
                "test",
                "vaccine",
                "food_water",
                "medicine",
                "supplies",
                "shelter",
                "funeral",
                "repair",
                "other"
            ]
        );
        assert_eq!(
            codes(KindList::Volunteer),
            [
                "kamnan",
                "village_head",
                "vhv",
                "lao_officer",
                "student",
                "cd_leader",
                "community_leader",
                "women_fund",
                "waste_volunteer",
                "civil_defence",
                "other"
            ]
        );
        let needs = codes(KindList::Need);
        for kind in kinds.iter().filter(|kind| kind.list == KindList::Volunteer) {
            assert!(
                kind.serves
                    .iter()
                    .all(|code| needs.contains(&code.as_str())),
                "{}",
                kind.code
            );
        }
    }

    #[test]
    fn what_a_need_wants_is_a_vehicle_with_what_it_carries_or_stands_on_the_list_of_equipment() {
        let kinds = shipped_kinds();
        let has = |code: &str| {
            code == "vehicle"
                || crate::volunteer_draft::CARRIES.contains(&code)
                || kinds
                    .iter()
                    .any(|kind| kind.list == KindList::Equipment && kind.code == code)
        };
        let needs: Vec<_> = kinds
            .iter()
            .filter(|kind| kind.list == KindList::Need)
            .collect();
        assert!(
            needs
                .iter()
                .flat_map(|kind| &kind.wants)
                .all(|code| has(code))
        );
        assert!(needs.iter().filter(|kind| kind.wants.is_empty()).count() == 1);
        for kind in needs {
            let shipped = jitasa_domain::triage::gravity_of(&kind.code);
            assert_eq!(kind.gravity, Some(shipped), "{}", kind.code);
        }
        assert!(
            kinds
                .iter()
                .filter(|kind| kind.list == KindList::Training)
                .count()
                > 10
        );
    }
}
