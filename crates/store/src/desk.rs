//! What the desk knows of itself: its office, its people, its device, where sync stands, what it
//! imported and exported. Not records: they do not travel, and have neither audit nor undo.

use jitasa_domain::{Actor, Kind, Office, Role, Timestamp};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Store, StoreError, act::SourceFile, rows, shipped};

/// A person who works at this desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeskUser {
    /// His id on this desk.
    pub id: Uuid,
    /// As shown.
    pub name: String,
    /// What he is.
    pub role: Role,
    /// A headman's villages.
    pub villages: Vec<String>,
    /// Himself in the register of volunteers.
    pub volunteer_id: Option<Uuid>,
}

/// How the provincial server knows this desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolment {
    /// `https://...`, or `http://` on loopback.
    pub server_url: String,
    /// The server's own id; another one is another (or a restored) server.
    pub server_id: Uuid,
    /// The province it keeps.
    pub province_code: String,
    /// What a desk of protocol 1 shows to be let in; empty for one that signs.
    #[serde(default)]
    pub device_token: String,
    /// What the server signs with; none from protocol 1.
    #[serde(default)]
    pub server_key: Option<[u8; 32]>,
    /// The authority of the server's certificate (PEM), when it is the province's own.
    #[serde(default)]
    pub root_certificate: Option<String>,
    /// The stretch of the server's order that the desk knows.
    #[serde(default)]
    pub epoch: Uuid,
}

/// What a new desk begins with.
#[derive(Debug, Clone)]
pub struct Setup {
    pub office: Office,
    pub practice: bool,
    pub device_id: Uuid,
    pub users: Vec<DeskUser>,
    /// The lists as they ship.
    pub kinds: Vec<Kind>,
    /// Where the map begins.
    pub centre: (f64, f64),
}

/// An earlier import of a file.
#[derive(Debug, Clone)]
pub struct ImportFile {
    pub file_name: String,
    pub at: Timestamp,
    pub rows: i64,
}

impl Store {
    /// Makes a new store the desk of an office.
    ///
    /// # Errors
    /// When it is one already, or the disk fails.
    pub fn set_up(&self, setup: &Setup) -> Result<(), StoreError> {
        let mut writer = self.writer();
        let tx = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
        if get_meta(&tx, "office_code")?.is_some() {
            return Err(StoreError::Exists);
        }
        set_meta(&tx, "office_code", &setup.office.code)?;
        set_meta(&tx, "office_name", &setup.office.name)?;
        set_meta(&tx, "practice", if setup.practice { "1" } else { "0" })?;
        set_meta(&tx, "device_id", &setup.device_id.to_string())?;
        set_meta(
            &tx,
            "centre",
            &format!("{},{}", setup.centre.0, setup.centre.1),
        )?;
        if let Some(first) = setup.users.first() {
            set_meta(&tx, "actor_id", &first.id.to_string())?;
        }
        for (position, user) in setup.users.iter().enumerate() {
            save_user(&tx, user, position)?;
        }
        for kind in &setup.kinds {
            shipped::ship(&tx, &setup.office.code, kind)?;
        }
        bump_data_version(&tx)?;
        tx.commit()?;
        Ok(())
    }

    /// Writes one of the desk's own settings.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn set_setting(&self, name: &str, value: &str) -> Result<(), StoreError> {
        let writer = self.writer();
        set_meta(&writer, &format!("setting.{name}"), value)?;
        bump_data_version(&writer)
    }

    /// Somebody has read the page a shift hands over with, up to a moment. The desk's own: nothing of
    /// the office's has changed, so no screen reloads for it.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn set_looked_at(&self, actor_id: Uuid, until: Timestamp) -> Result<(), StoreError> {
        set_meta(
            &self.writer(),
            &format!("looked.{actor_id}"),
            &until.0.to_string(),
        )
    }

    /// Who sits at the desk from now on.
    ///
    /// # Errors
    /// When there is no such person.
    pub fn switch_actor(&self, id: Uuid) -> Result<(), StoreError> {
        let writer = self.writer();
        if !users(&writer)?.iter().any(|user| user.id == id) {
            return Err(StoreError::NotFound("actor"));
        }
        set_meta(&writer, "actor_id", &id.to_string())?;
        bump_data_version(&writer)
    }

    /// Changes a person's name and villages.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn save_user(&self, user: &DeskUser) -> Result<(), StoreError> {
        let writer = self.writer();
        let position = users(&writer)?
            .iter()
            .position(|each| each.id == user.id)
            .unwrap_or(99);
        save_user(&writer, user, position)?;
        bump_data_version(&writer)
    }

    /// The people of the desk are these, in this order; whoever is not among them is one no longer. What they
    /// did keeps their names.
    ///
    /// # Errors
    /// When the disk fails; nothing has changed then.
    pub fn save_users(&self, people: &[DeskUser]) -> Result<(), StoreError> {
        let mut writer = self.writer();
        let tx = writer.transaction()?;
        for user in users(&tx)? {
            if !people.iter().any(|one| one.id == user.id) {
                tx.execute("DELETE FROM desk_user WHERE id = ?1", [user.id.to_string()])?;
            }
        }
        for (position, user) in people.iter().enumerate() {
            save_user(&tx, user, position)?;
        }
        bump_data_version(&tx)?;
        Ok(tx.commit()?)
    }

    /// From now on nothing done so far can be taken back; the audit keeps what was done.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn forget_undo(&self) -> Result<(), StoreError> {
        self.writer().execute("DELETE FROM act", [])?;
        Ok(())
    }

    /// The incident new cases belong to.
    ///
    /// # Errors
    /// When there is no such incident.
    pub fn choose_incident(&self, id: Uuid) -> Result<(), StoreError> {
        let writer = self.writer();
        rows::get::<jitasa_domain::Incident>(&writer, id)?
            .ok_or(StoreError::NotFound("incident"))?;
        set_current_incident(&writer, Some(id))?;
        bump_data_version(&writer)
    }

    /// Notes that a list left the office.
    ///
    /// # Errors
    /// When the disk fails.
    #[expect(clippy::too_many_arguments, reason = "one line of a log")]
    pub fn record_export(
        &self,
        at: Timestamp,
        actor: &str,
        kind: &str,
        format: &str,
        filter: &str,
        rows: i64,
        unmasked: bool,
        reason: Option<&str>,
    ) -> Result<(), StoreError> {
        self.writer().execute(
            "INSERT INTO export_log (at, actor_name, kind, format, filter, rows, unmasked, reason)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![at.0, actor, kind, format, filter, rows, unmasked, reason],
        )?;
        Ok(())
    }
}

/// Reading what the desk knows of itself.
pub mod reading {
    use super::{
        Actor, Connection, DeskUser, Enrolment, ImportFile, Office, OptionalExtension, StoreError,
        Timestamp, Uuid, current_incident, get_meta, users,
    };

    /// The office, once the desk is set up.
    pub fn office(conn: &Connection) -> Result<Option<Office>, StoreError> {
        let Some(code) = get_meta(conn, "office_code")? else {
            return Ok(None);
        };
        Ok(Some(Office {
            code,
            name: get_meta(conn, "office_name")?.unwrap_or_default(),
        }))
    }

    /// Whether this is practice.
    pub fn is_practice(conn: &Connection) -> Result<bool, StoreError> {
        Ok(get_meta(conn, "practice")?.as_deref() == Some("1"))
    }

    /// Where the map begins: latitude, longitude.
    pub fn centre(conn: &Connection) -> Result<Option<(f64, f64)>, StoreError> {
        Ok(get_meta(conn, "centre")?.and_then(|text| {
            let (lat, lon) = text.split_once(',')?;
            Some((lat.parse().ok()?, lon.parse().ok()?))
        }))
    }

    /// The people of the desk.
    pub fn desk_users(conn: &Connection) -> Result<Vec<DeskUser>, StoreError> {
        users(conn)
    }

    /// Who sits at the desk.
    pub fn actor(conn: &Connection) -> Result<Option<Actor>, StoreError> {
        let Some(office) = office(conn)? else {
            return Ok(None);
        };
        let id = get_meta(conn, "actor_id")?;
        let user = users(conn)?
            .into_iter()
            .find(|user| Some(user.id.to_string()) == id);
        Ok(user.map(|user| Actor {
            id: user.id,
            name: user.name,
            role: user.role,
            office_code: office.code,
            villages: user.villages,
            volunteer_id: user.volunteer_id,
        }))
    }

    /// Grows with every change.
    pub fn data_version(conn: &Connection) -> Result<i64, StoreError> {
        Ok(get_meta(conn, "data_version")?
            .and_then(|text| text.parse().ok())
            .unwrap_or(0))
    }

    /// One of the desk's own settings.
    pub fn setting(conn: &Connection, name: &str) -> Result<Option<String>, StoreError> {
        get_meta(conn, &format!("setting.{name}"))
    }

    /// The incident new cases belong to.
    pub fn incident_id(conn: &Connection) -> Result<Option<Uuid>, StoreError> {
        current_incident(conn)
    }

    /// This desk's name to the server.
    pub fn device_id(conn: &Connection) -> Result<Option<Uuid>, StoreError> {
        Ok(get_meta(conn, "device_id")?.and_then(|text| text.parse().ok()))
    }

    /// What this device signs with.
    pub fn device_secret(conn: &Connection) -> Result<Option<[u8; 32]>, StoreError> {
        get_meta(conn, "device_secret")?
            .map(|text| serde_json::from_str(&text).map_err(|_| StoreError::Row("device_secret")))
            .transpose()
    }

    /// How the server knows this desk.
    pub fn enrolment(conn: &Connection) -> Result<Option<Enrolment>, StoreError> {
        get_meta(conn, "enrolment")?
            .map(|text| serde_json::from_str(&text).map_err(|_| StoreError::Row("enrolment")))
            .transpose()
    }

    /// What Ctrl+Z would take back: this person's latest act that stands.
    pub fn undoable(
        conn: &Connection,
        actor_id: Uuid,
    ) -> Result<Option<(String, String)>, StoreError> {
        Ok(conn
            .query_row(
                "SELECT act_id, action FROM act WHERE actor_id = ?1 AND undone = 0 AND action <> 'undo'
                 ORDER BY pk DESC LIMIT 1",
                [actor_id.to_string()],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .optional()?)
    }

    /// When this very file was imported before.
    pub fn imported_before(
        conn: &Connection,
        sha256: &str,
        kind: &str,
    ) -> Result<Option<ImportFile>, StoreError> {
        Ok(conn
            .query_row(
                "SELECT f.file_name, f.at, f.rows FROM import_file f JOIN act a ON a.act_id = f.act_id
                 WHERE f.sha256 = ?1 AND f.kind = ?2 AND a.undone = 0 ORDER BY f.at DESC LIMIT 1",
                [sha256, kind],
                |row| {
                    Ok(ImportFile {
                        file_name: row.get(0)?,
                        at: Timestamp(row.get(1)?),
                        rows: row.get(2)?,
                    })
                },
            )
            .optional()?)
    }
}

pub(crate) fn get_meta(conn: &Connection, key: &str) -> Result<Option<String>, StoreError> {
    Ok(conn
        .prepare_cached("SELECT value FROM meta WHERE key = ?1")?
        .query_row([key], |row| row.get(0))
        .optional()?)
}

pub(crate) fn set_meta(conn: &Connection, key: &str, value: &str) -> Result<(), StoreError> {
    conn.prepare_cached(
        "INSERT INTO meta VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = excluded.value",
    )?
    .execute([key, value])?;
    Ok(())
}

/// Counts up by one and answers the new count.
pub(crate) fn count_up(conn: &Connection, key: &str) -> Result<i64, StoreError> {
    Ok(conn
        .prepare_cached(
            "INSERT INTO meta VALUES (?1, '1')
             ON CONFLICT DO UPDATE SET value = CAST(value AS INTEGER) + 1
             RETURNING CAST(value AS INTEGER)",
        )?
        .query_row([key], |row| row.get(0))?)
}

/// The device's gapless count of changes.
pub(crate) fn next_device_seq(conn: &Connection) -> Result<u64, StoreError> {
    Ok(u64::try_from(count_up(conn, "device_seq")?).unwrap_or(0))
}

pub(crate) fn bump_data_version(conn: &Connection) -> Result<(), StoreError> {
    count_up(conn, "data_version").map(|_| ())
}

pub(crate) fn office_code(conn: &Connection) -> Result<String, StoreError> {
    get_meta(conn, "office_code")?.ok_or(StoreError::NotFound("office"))
}

pub(crate) fn current_incident(conn: &Connection) -> Result<Option<Uuid>, StoreError> {
    Ok(get_meta(conn, "incident_id")?.and_then(|text| text.parse().ok()))
}

pub(crate) fn set_current_incident(conn: &Connection, id: Option<Uuid>) -> Result<(), StoreError> {
    set_meta(
        conn,
        "incident_id",
        &id.map(|id| id.to_string()).unwrap_or_default(),
    )
}

/// After an incident was taken back: the latest one that stands.
pub(crate) fn forget_void_incident(conn: &Connection) -> Result<(), StoreError> {
    let latest: Option<String> = conn
        .query_row(
            "SELECT id FROM incident WHERE void_reason IS NULL ORDER BY pk DESC LIMIT 1",
            [],
            |row| row.get(0),
        )
        .optional()?;
    set_meta(conn, "incident_id", &latest.unwrap_or_default())
}

pub(crate) fn record_import(
    conn: &Connection,
    file: &SourceFile,
    kind: &str,
    at: Timestamp,
    rows: usize,
    act_id: Uuid,
) -> Result<(), StoreError> {
    conn.execute(
        "INSERT INTO import_file (sha256, kind, file_name, at, rows, act_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![
            file.sha256,
            kind,
            file.name,
            at.0,
            i64::try_from(rows).unwrap_or(i64::MAX),
            act_id.to_string()
        ],
    )?;
    Ok(())
}

fn save_user(conn: &Connection, user: &DeskUser, position: usize) -> Result<(), StoreError> {
    conn.execute(
        "INSERT INTO desk_user (id, name, role, villages, position, volunteer_id)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (id) DO UPDATE SET name = excluded.name,
         villages = excluded.villages, volunteer_id = excluded.volunteer_id, position = excluded.position",
        params![
            user.id.to_string(),
            user.name,
            user.role.code(),
            serde_json::Value::from(user.villages.clone()).to_string(),
            i64::try_from(position).unwrap_or(0),
            user.volunteer_id.map(|id| id.to_string()),
        ],
    )?;
    Ok(())
}

fn users(conn: &Connection) -> Result<Vec<DeskUser>, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT id, name, role, villages, volunteer_id FROM desk_user ORDER BY position",
    )?;
    let mut rows = statement.query([])?;
    let mut users = Vec::new();
    while let Some(row) = rows.next()? {
        let (id, role, villages): (String, String, String) =
            (row.get(0)?, row.get(2)?, row.get(3)?);
        users.push(DeskUser {
            id: id.parse().map_err(|_| StoreError::Row("desk_user"))?,
            name: row.get(1)?,
            role: Role::from_code(&role).ok_or(StoreError::Row("desk_user"))?,
            villages: serde_json::from_str(&villages).unwrap_or_default(),
            volunteer_id: row
                .get::<_, Option<String>>(4)?
                .and_then(|id| id.parse().ok()),
        });
    }
    Ok(users)
}
