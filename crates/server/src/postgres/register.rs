//! The operator's questions and acts.

use jitasa_domain::Timestamp;
use uuid::Uuid;

use super::{PostgresPages, statements as s};
use crate::{
    enrol::TRIES_MAX,
    ledger::LedgerError,
    register::{Deed, KeptCount, OpenCode, OperatorAct, Register},
    row::{count, text, text_kept},
};

impl Register for PostgresPages<'_> {
    fn kept(&mut self, province: &str) -> Result<Vec<KeptCount>, LedgerError> {
        self.is_of(province)?;
        let mut kept = Vec::new();
        for row in self.rows(s::KEPT, &[])? {
            kept.push(KeptCount {
                office_code: row.try_get(0)?,
                reason: row.try_get(1)?,
                count: count(row.try_get(2)?),
            });
        }
        Ok(kept)
    }

    fn open_codes(&mut self, province: &str, now: Timestamp) -> Result<Vec<OpenCode>, LedgerError> {
        self.is_of(province)?;
        let mut codes = Vec::new();
        for row in self.rows(s::OPEN_CODES, &[&now.0, &i64::from(TRIES_MAX)])? {
            codes.push(OpenCode {
                office_code: row.try_get(0)?,
                expires_at: Timestamp(row.try_get(1)?),
                devices_max: count(row.try_get(2)?),
                devices: count(row.try_get(3)?),
            });
        }
        codes.retain(|code| code.devices < code.devices_max);
        Ok(codes)
    }

    fn write_down(&mut self, province: &str, act: &OperatorAct) -> Result<(), LedgerError> {
        self.is_of(province)?;
        let last: i64 = match self.rows(s::LAST_ACT, &[])?.first() {
            Some(row) => row.try_get(0)?,
            None => 0,
        };
        self.run(
            s::WRITE_DOWN,
            &[
                &(last + 1),
                &act.at.0,
                &text_kept(&act.who),
                &act.deed.code(),
                &act.office_code,
                &act.device,
                &text_kept(&act.note),
            ],
        )
    }

    fn acts(&mut self, province: &str, limit: u32) -> Result<Vec<OperatorAct>, LedgerError> {
        self.is_of(province)?;
        let mut acts = Vec::new();
        for row in self.rows(s::ACTS, &[&i64::from(limit)])? {
            let deed: &str = row.try_get(2)?;
            acts.push(OperatorAct {
                at: Timestamp(row.try_get(0)?),
                who: text(row.try_get(1)?),
                deed: Deed::from_code(deed).ok_or(LedgerError::Row("deed"))?,
                office_code: row.try_get(3)?,
                device: row.try_get::<_, Option<Uuid>>(4)?,
                note: text(row.try_get(5)?),
            });
        }
        Ok(acts)
    }

    /// The database's own tools tell it; other provinces may lie beside this one.
    fn ledger_bytes(&mut self) -> Result<Option<u64>, LedgerError> {
        Ok(None)
    }
}
