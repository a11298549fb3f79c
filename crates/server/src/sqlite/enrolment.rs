//! Codes, devices and offices.

use jitasa_domain::Timestamp;
use jitasa_protocol::Code;
use rusqlite::{Connection, Transaction, params};
use uuid::Uuid;

use super::row::{count, hash, uuid};
use crate::{
    enrol::{EnrolCode, TRIES_MAX, redeem},
    ledger::{Candidate, LedgerError, NewCode, OfficeLine},
    sqlite::load,
};

pub(super) fn add_code(
    connection: &Connection,
    province: &str,
    code: &NewCode,
) -> Result<(), LedgerError> {
    connection.execute(
        "INSERT INTO enrol_code (province, id, office_code, hash, expires_at)
         SELECT ?1, coalesce(max(id), 0) + 1, ?2, ?3, ?4 FROM enrol_code WHERE province = ?1",
        params![
            province,
            code.office_code,
            code.hash.as_slice(),
            code.expires_at.0
        ],
    )?;
    Ok(())
}

fn codes_of(
    transaction: &Transaction,
    province: &str,
    office_code: &str,
) -> Result<Vec<EnrolCode>, LedgerError> {
    let mut statement = transaction.prepare_cached(
        "SELECT id, hash, expires_at, tries, used_by FROM enrol_code
         WHERE province = ?1 AND office_code = ?2 ORDER BY id",
    )?;
    let mut rows = statement.query(params![province, office_code])?;
    let mut codes = Vec::new();
    while let Some(row) = rows.next()? {
        codes.push(EnrolCode {
            id: row.get(0)?,
            hash: hash(&row.get::<_, Vec<u8>>(1)?)?,
            expires_at: Timestamp(row.get(2)?),
            tries: row.get(3)?,
            used_by: row
                .get::<_, Option<String>>(4)?
                .as_deref()
                .map(uuid)
                .transpose()?,
        });
    }
    Ok(codes)
}

/// The outer result is a failure, the inner one the answer.
pub(super) fn enrol(
    transaction: &Transaction,
    province: &str,
    candidate: &Candidate,
    now: Timestamp,
) -> Result<Result<(), Code>, LedgerError> {
    let codes = codes_of(transaction, province, &candidate.office_code)?;
    let id = match redeem(&codes, &candidate.code_hash, candidate.device_id, now) {
        Ok(id) => id,
        Err(code) => {
            if code == Code::CodeUnknown {
                transaction.execute(
                    "UPDATE enrol_code SET tries = tries + 1
                     WHERE province = ?1 AND office_code = ?2 AND used_by IS NULL AND tries < ?3",
                    params![province, candidate.office_code, TRIES_MAX],
                )?;
            }
            return Ok(Err(code));
        }
    };
    if let Some(device) = load::device(transaction, province, candidate.device_id)? {
        if device.office_code != candidate.office_code {
            return Ok(Err(Code::DeviceUnknown));
        }
        if device.revoked {
            return Ok(Err(Code::DeviceRevoked));
        }
    }
    let device = candidate.device_id.to_string();
    transaction.execute(
        "UPDATE enrol_code SET used_by = ?3 WHERE province = ?1 AND id = ?2",
        params![province, id, device],
    )?;
    transaction.execute(
        "INSERT INTO device (province, device, office_code, name, token_hash, enrolled_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (province, device) DO UPDATE SET name = ?4, token_hash = ?5",
        params![
            province,
            device,
            candidate.office_code,
            candidate.device_name,
            candidate.token_hash.as_slice(),
            now.0
        ],
    )?;
    Ok(Ok(()))
}

/// Remembers that a device was heard, to the minute: a desk that only asks should not cost a flush.
pub(super) fn seen(
    transaction: &Transaction,
    province: &str,
    device: Uuid,
    now: Timestamp,
) -> Result<(), LedgerError> {
    transaction
        .prepare_cached(
            "UPDATE device SET last_seen_at = ?3 WHERE province = ?1 AND device = ?2
             AND (last_seen_at IS NULL OR abs(?3 - last_seen_at) >= 60000)",
        )?
        .execute(params![province, device.to_string(), now.0])?;
    Ok(())
}

pub(super) fn offices(
    connection: &Connection,
    province: &str,
) -> Result<Vec<OfficeLine>, LedgerError> {
    let mut statement = connection.prepare_cached(
        "SELECT d.office_code, sum(d.revoked = 0), max(d.last_seen_at),
                (SELECT count(*) FROM held h
                 WHERE h.province = d.province AND h.office_code = d.office_code)
         FROM device d WHERE d.province = ?1 GROUP BY d.office_code ORDER BY d.office_code",
    )?;
    let mut rows = statement.query(params![province])?;
    let mut offices = Vec::new();
    while let Some(row) = rows.next()? {
        offices.push(OfficeLine {
            office_code: row.get(0)?,
            devices: count(row.get(1)?),
            last_seen_at: row.get::<_, Option<i64>>(2)?.map(Timestamp),
            kept: count(row.get(3)?),
        });
    }
    Ok(offices)
}
