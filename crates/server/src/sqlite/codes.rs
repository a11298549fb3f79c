//! The province itself, its epochs and its one-time codes.

use jitasa_domain::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

use super::row::{count, hash, number, uuid};
use crate::{
    enrol::{EnrolCode, TRIES_MAX},
    ledger::{Epoch, LedgerError, NewCode, Standing},
};

pub(super) fn standing(connection: &Connection) -> Result<Option<Standing>, LedgerError> {
    let found = connection
        .prepare_cached("SELECT province, server_id, secret, head, is_copy FROM province LIMIT 1")?
        .query_row([], |row| {
            Ok((
                row.get::<_, String>(0)?,
                row.get::<_, String>(1)?,
                row.get::<_, Option<Vec<u8>>>(2)?,
                row.get::<_, i64>(3)?,
                row.get::<_, bool>(4)?,
            ))
        })
        .optional()?;
    let Some((province_code, server_id, secret, head, is_copy)) = found else {
        return Ok(None);
    };
    Ok(Some(Standing {
        epochs: epochs(connection, &province_code)?,
        province_code,
        server_id: uuid(&server_id)?,
        secret: secret.as_deref().map(hash).transpose()?,
        head: count(head),
        is_copy,
    }))
}

fn epochs(connection: &Connection, province: &str) -> Result<Vec<Epoch>, LedgerError> {
    let mut statement = connection
        .prepare_cached("SELECT epoch, cut FROM epoch WHERE province = ?1 ORDER BY number")?;
    let mut rows = statement.query(params![province])?;
    let mut epochs = Vec::new();
    while let Some(row) = rows.next()? {
        epochs.push(Epoch {
            id: uuid(&row.get::<_, String>(0)?)?,
            cut: count(row.get(1)?),
        });
    }
    Ok(epochs)
}

pub(super) fn found(
    connection: &Connection,
    founding: &Standing,
    now: Timestamp,
) -> Result<(), LedgerError> {
    connection.execute(
        "INSERT INTO province (province, server_id, secret, head, created_at) VALUES (?1, ?2, ?3, 0, ?4)",
        params![
            founding.province_code,
            founding.server_id.to_string(),
            founding.secret.as_ref().map(<[u8; 32]>::as_slice),
            now.0
        ],
    )?;
    Ok(())
}

pub(super) fn begin_epoch(
    connection: &Connection,
    province: &str,
    place: usize,
    epoch: Epoch,
    now: Timestamp,
) -> Result<(), LedgerError> {
    connection.execute(
        "INSERT INTO epoch (province, number, epoch, cut, begun_at) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![
            province,
            number(place as u64),
            epoch.id.to_string(),
            number(epoch.cut),
            now.0
        ],
    )?;
    connection.execute(
        "UPDATE province SET is_copy = 0 WHERE province = ?1",
        params![province],
    )?;
    Ok(())
}

pub(super) fn add_code(
    connection: &Connection,
    province: &str,
    code: &NewCode,
) -> Result<(), LedgerError> {
    connection.execute(
        "INSERT INTO enrol_code (province, id, office_code, hash, expires_at, devices_max, confirms)
         SELECT ?1, coalesce(max(id), 0) + 1, ?2, ?3, ?4, ?5, ?6 FROM enrol_code WHERE province = ?1",
        params![
            province,
            code.office_code,
            code.hash.as_slice(),
            code.expires_at.0,
            code.devices_max,
            code.confirms
        ],
    )?;
    Ok(())
}

pub(super) fn codes(
    connection: &Connection,
    province: &str,
    office_code: &str,
) -> Result<Vec<EnrolCode>, LedgerError> {
    let mut statement = connection.prepare_cached(
        "SELECT id, hash, expires_at, tries, devices_max, confirms FROM enrol_code
         WHERE province = ?1 AND office_code = ?2 ORDER BY id",
    )?;
    let mut rows = statement.query(params![province, office_code])?;
    let mut codes = Vec::new();
    while let Some(row) = rows.next()? {
        let id = row.get(0)?;
        codes.push(EnrolCode {
            id,
            hash: hash(&row.get::<_, Vec<u8>>(1)?)?,
            expires_at: Timestamp(row.get(2)?),
            tries: row.get(3)?,
            devices_max: row.get(4)?,
            confirms: row.get(5)?,
            used_by: used_by(connection, province, id)?,
        });
    }
    Ok(codes)
}

fn used_by(connection: &Connection, province: &str, code: i64) -> Result<Vec<Uuid>, LedgerError> {
    let mut statement = connection.prepare_cached(
        "SELECT device FROM enrol_use WHERE province = ?1 AND code_id = ?2 ORDER BY device",
    )?;
    let mut rows = statement.query(params![province, code])?;
    let mut devices = Vec::new();
    while let Some(row) = rows.next()? {
        devices.push(uuid(&row.get::<_, String>(0)?)?);
    }
    Ok(devices)
}

pub(super) fn count_try(
    connection: &Connection,
    province: &str,
    office_code: &str,
) -> Result<(), LedgerError> {
    connection.execute(
        "UPDATE enrol_code SET tries = tries + 1
         WHERE province = ?1 AND office_code = ?2 AND tries < ?3
           AND (SELECT count(*) FROM enrol_use u
                WHERE u.province = enrol_code.province AND u.code_id = enrol_code.id) < devices_max",
        params![province, office_code, TRIES_MAX],
    )?;
    Ok(())
}

pub(super) fn use_code(
    connection: &Connection,
    province: &str,
    code: i64,
    device: Uuid,
) -> Result<(), LedgerError> {
    connection.execute(
        "INSERT INTO enrol_use (province, code_id, device) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
        params![province, code, device.to_string()],
    )?;
    Ok(())
}
