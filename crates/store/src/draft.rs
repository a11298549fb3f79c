//! Text being typed, kept so that a crash, a power cut or a switch of person loses none of it.

use jitasa_domain::Timestamp;
use rusqlite::{OptionalExtension, params};
use uuid::Uuid;

use crate::{Store, StoreError};

/// A draft of one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Which form: `case.new`, `case.<id>`, ...
    pub key: String,
    /// As the form keeps it.
    pub body: String,
    /// When.
    pub saved_at: Timestamp,
}

impl Store {
    /// Keeps a draft.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn save_draft(&self, actor_id: Uuid, draft: &Draft) -> Result<(), StoreError> {
        self.writer()
            .prepare_cached(
                "INSERT INTO draft VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT DO UPDATE SET body = excluded.body, saved_at = excluded.saved_at",
            )?
            .execute(params![
                draft.key,
                actor_id.to_string(),
                draft.body,
                draft.saved_at.0
            ])?;
        Ok(())
    }

    /// A draft of this person; another person's is his alone.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn draft(&self, actor_id: Uuid, key: &str) -> Result<Option<Draft>, StoreError> {
        self.read(|conn| {
            Ok(conn
                .query_row(
                    "SELECT body, saved_at FROM draft WHERE key = ?1 AND actor_id = ?2",
                    [key, &actor_id.to_string()],
                    |row| {
                        Ok(Draft {
                            key: key.into(),
                            body: row.get(0)?,
                            saved_at: Timestamp(row.get(1)?),
                        })
                    },
                )
                .optional()?)
        })
    }

    /// Throws a draft away.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn discard_draft(&self, actor_id: Uuid, key: &str) -> Result<(), StoreError> {
        self.writer().execute(
            "DELETE FROM draft WHERE key = ?1 AND actor_id = ?2",
            [key, &actor_id.to_string()],
        )?;
        Ok(())
    }
}
