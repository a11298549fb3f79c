//! The lists that ship with the program: the same on every desk, so that putting them there is no
//! change to send. It must not know what they contain.

use jitasa_domain::{Entity, Kind, ids::kind_id, record::to_fields};
use rusqlite::{Connection, TransactionBehavior, params};

use crate::{Store, StoreError, desk, rows};

impl Store {
    /// Gives a desk that an earlier program made what ships by now: a list it has nothing of, and in
    /// entries nobody has touched what they had no word for then. Not changes to send, as in `set_up`.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn ship_kinds(&self, kinds: &[Kind]) -> Result<(), StoreError> {
        let mut writer = self.writer();
        let Some(office_code) = desk::get_meta(&writer, "office_code")? else {
            return Ok(());
        };
        // What the office has neither changed nor made itself.
        let untouched =
            "id = ?1 AND version = 1 AND server_seq = 0 AND gravity IS NULL AND wants = '[]'";
        let id_of = |kind: &Kind| kind_id(&office_code, kind.list.code(), &kind.code).to_string();
        let (mut missing, mut older) = (Vec::new(), Vec::new());
        for kind in kinds {
            let any = "SELECT 1 FROM kind WHERE list = ?1 LIMIT 1";
            let old = format!("SELECT 1 FROM kind WHERE {untouched}");
            if !writer.prepare_cached(any)?.exists([kind.list.code()])? {
                missing.push(kind);
            } else if kind.gravity.is_some()
                && writer.prepare_cached(&old)?.exists([id_of(kind)])?
            {
                older.push(kind);
            }
        }
        if missing.is_empty() && older.is_empty() {
            return Ok(());
        }
        let tx = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for kind in missing {
            ship(&tx, &office_code, kind)?;
        }
        for kind in older {
            tx.execute(
                &format!(
                    "UPDATE kind SET wants = ?2, gravity = ?3, follow_up_days = ?4 WHERE {untouched}"
                ),
                params![
                    id_of(kind),
                    serde_json::Value::from(kind.wants.clone()).to_string(),
                    kind.gravity,
                    kind.follow_up_days,
                ],
            )?;
        }
        desk::bump_data_version(&tx)?;
        tx.commit()?;
        Ok(())
    }
}

/// An entry of a list that ships. It is the same on every desk, so it is no change to send.
pub(crate) fn ship(conn: &Connection, office_code: &str, kind: &Kind) -> Result<(), StoreError> {
    let kind = Kind {
        id: kind_id(office_code, kind.list.code(), &kind.code),
        office_code: office_code.into(),
        ..kind.clone()
    };
    let fields = to_fields(&kind).map_err(|_| StoreError::Row("kind"))?;
    let meta = rows::RowMeta {
        version: 1,
        server_seq: 0,
    };
    rows::insert(conn, Entity::Kind, &fields, meta, None)
}
