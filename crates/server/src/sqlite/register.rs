//! The operator's questions and acts. Every statement names the province first.

use jitasa_domain::Timestamp;
use rusqlite::{Row, params};

use super::SqlitePages;
use crate::{
    enrol::TRIES_MAX,
    ledger::LedgerError,
    register::{Deed, KeptCount, OpenCode, OperatorAct, Register},
    row::{count, number, uuid},
};

impl Register for SqlitePages<'_> {
    fn kept(&mut self, province: &str) -> Result<Vec<KeptCount>, LedgerError> {
        let mut statement = self.transaction.prepare_cached(
            "SELECT office_code, reason, count(*) FROM held
             WHERE province = ?1 GROUP BY office_code, reason ORDER BY office_code, reason",
        )?;
        let mut rows = statement.query(params![province])?;
        let mut kept = Vec::new();
        while let Some(row) = rows.next()? {
            kept.push(KeptCount {
                office_code: row.get(0)?,
                reason: row.get(1)?,
                count: count(row.get(2)?),
            });
        }
        Ok(kept)
    }

    fn open_codes(&mut self, province: &str, now: Timestamp) -> Result<Vec<OpenCode>, LedgerError> {
        let mut statement = self.transaction.prepare_cached(
            "SELECT office_code, expires_at, devices_max,
                    (SELECT count(*) FROM enrol_use u
                     WHERE u.province = enrol_code.province AND u.code_id = enrol_code.id)
             FROM enrol_code WHERE province = ?1 AND expires_at > ?2 AND tries < ?3
             ORDER BY expires_at, id",
        )?;
        let mut rows = statement.query(params![province, now.0, TRIES_MAX])?;
        let mut codes = Vec::new();
        while let Some(row) = rows.next()? {
            codes.push(OpenCode {
                office_code: row.get(0)?,
                expires_at: Timestamp(row.get(1)?),
                devices_max: count(row.get(2)?),
                devices: count(row.get(3)?),
            });
        }
        codes.retain(|code| code.devices < code.devices_max);
        Ok(codes)
    }

    fn write_down(&mut self, province: &str, act: &OperatorAct) -> Result<(), LedgerError> {
        let last: i64 = self
            .transaction
            .prepare_cached("SELECT coalesce(max(id), 0) FROM operator_log WHERE province = ?1")?
            .query_row(params![province], |row| row.get(0))?;
        self.transaction
            .prepare_cached(
                "INSERT INTO operator_log (province, id, at, who, deed, office_code, device, note)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?
            .execute(params![
                province,
                number(count(last) + 1),
                act.at.0,
                act.who,
                act.deed.code(),
                act.office_code,
                act.device.map(|id| id.to_string()),
                act.note,
            ])?;
        Ok(())
    }

    fn acts(&mut self, province: &str, limit: u32) -> Result<Vec<OperatorAct>, LedgerError> {
        let mut statement = self.transaction.prepare_cached(
            "SELECT at, who, deed, office_code, device, note FROM operator_log
             WHERE province = ?1 ORDER BY id DESC LIMIT ?2",
        )?;
        let mut rows = statement.query(params![province, limit])?;
        let mut acts = Vec::new();
        while let Some(row) = rows.next()? {
            acts.push(act(row)?);
        }
        Ok(acts)
    }

    fn ledger_bytes(&mut self) -> Result<Option<u64>, LedgerError> {
        let asked = |question| -> Result<i64, rusqlite::Error> {
            self.transaction.query_row(question, [], |row| row.get(0))
        };
        let (pages, bytes) = (asked("PRAGMA page_count")?, asked("PRAGMA page_size")?);
        Ok(Some(count(pages.saturating_mul(bytes))))
    }
}

fn act(row: &Row) -> Result<OperatorAct, LedgerError> {
    let deed: String = row.get(2)?;
    let device: Option<String> = row.get(4)?;
    Ok(OperatorAct {
        at: Timestamp(row.get(0)?),
        who: row.get(1)?,
        deed: Deed::from_code(&deed).ok_or(LedgerError::Row("deed"))?,
        office_code: row.get(3)?,
        device: device.as_deref().map(uuid).transpose()?,
        note: row.get(5)?,
    })
}
