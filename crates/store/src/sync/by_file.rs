//! Exchanges by file: a batch written on a stick waits for its receipt, which may come days later.

use jitasa_domain::Timestamp;
use rusqlite::params;

use super::BatchLine;
use crate::{
    Store, StoreError,
    desk::{self, set_meta},
};

impl Store {
    /// Notes that changes were written to a file, from one `device_seq` to another. `body_hash` is the batch's
    /// own; written once more, it is the same exchange.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn note_file_batch(
        &self,
        at: Timestamp,
        file_name: &str,
        body_hash: &[u8],
        first_seq: u64,
        last_seq: u64,
    ) -> Result<(), StoreError> {
        let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        let sent = (last_seq + 1).saturating_sub(first_seq);
        let writer = self.writer();
        let known = writer.execute(
            "UPDATE sync_batch SET at = ?1, file_name = ?2 WHERE by = 'file' AND state = 'written' AND body_hash = ?3",
            params![at.0, file_name, body_hash],
        )?;
        if known == 0 {
            writer.execute(
                "INSERT INTO sync_batch (at, sent, new, merged, conflicts, held, received, by, state, file_name,
                     body_hash, first_seq, last_seq)
                 VALUES (?1, ?2, 0, 0, 0, 0, 0, 'file', 'written', ?3, ?4, ?5, ?6)",
                params![
                    at.0,
                    number(sent),
                    file_name,
                    body_hash,
                    number(first_seq),
                    number(last_seq)
                ],
            )?;
        }
        desk::bump_data_version(&writer)
    }

    /// Notes the receipt of a batch that travelled by file. One whose writing this desk does not remember (it was
    /// restored since) is noted all the same; the receipt once more changes nothing.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn receipt_file_batch(
        &self,
        body_hash: &[u8],
        line: BatchLine,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let writer = self.writer();
        let receipted = writer
            .prepare("SELECT 1 FROM sync_batch WHERE by = 'file' AND state = 'receipted' AND body_hash = ?1")?
            .exists([body_hash])?;
        if receipted {
            return Ok(());
        }
        let counts = params![
            line.sent,
            line.new,
            line.merged,
            line.conflicts,
            line.held,
            line.received,
            at.0,
            body_hash
        ];
        let known = writer.execute(
            "UPDATE sync_batch SET sent = ?1, new = ?2, merged = ?3, conflicts = ?4, held = ?5, received = ?6,
                 state = 'receipted', receipted_at = ?7
             WHERE by = 'file' AND state = 'written' AND body_hash = ?8",
            counts,
        )?;
        if known == 0 {
            writer.execute(
                "INSERT INTO sync_batch (sent, new, merged, conflicts, held, received, receipted_at, body_hash, at,
                     by, state)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?7, 'file', 'receipted')",
                counts,
            )?;
        }
        set_meta(&writer, "last_sync_at", &at.0.to_string())?;
        desk::bump_data_version(&writer)
    }
}

#[cfg(test)]
mod tests;
