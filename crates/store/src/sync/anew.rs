//! What the desk does when the past is not what it was: the server was restored from a copy, or this desk has to
//! become another device because two histories were told under its name. Nothing that a person did is given up: what
//! the desk still holds waits again, and the server knows each change by its id.

use rusqlite::{Connection, params};
use uuid::Uuid;

use super::{keep_secret, number, read_change, reading};
use crate::{
    Store, StoreError,
    desk::{self, get_meta, set_meta},
    rows,
};

impl Store {
    /// Goes by another epoch of the server: changes from `expected` on wait again, and those whose word was given
    /// above `cut`; what was seen above it was seen in an order that is over, and the scope is fetched anew.
    ///
    /// # Errors
    /// When the disk fails; nothing has changed then.
    pub fn rebase(&self, epoch: Uuid, cut: u64, expected: u64) -> Result<(), StoreError> {
        let mut writer = self.writer();
        let tx = writer.transaction()?;
        let mut enrolment =
            desk::reading::enrolment(&tx)?.ok_or(StoreError::NotFound("enrolment"))?;
        enrolment.epoch = epoch;
        let text = serde_json::to_string(&enrolment).map_err(|_| StoreError::Row("enrolment"))?;
        set_meta(&tx, "enrolment", &text)?;
        for entity in jitasa_domain::Entity::ALL {
            let sql = format!(
                "UPDATE {} SET server_seq = ?1 WHERE server_seq > ?1",
                rows::table(*entity)
            );
            tx.execute(&sql, [number(cut)])?;
        }
        let last = get_meta(&tx, "device_seq")?.and_then(|text| text.parse().ok());
        cap(&tx, last.unwrap_or(0), cut)?;
        offer_again(&tx, expected.min(first_judged_after(&tx, cut)?))?;
        fetch_anew(&tx)?;
        desk::bump_data_version(&tx)?;
        tx.commit()?;
        Ok(())
    }

    /// Becomes another device: its changes count from 1 again, all that it still holds waits again, and the scope is
    /// fetched anew.
    ///
    /// # Errors
    /// When the disk fails; nothing has changed then.
    pub fn start_anew(&self, device_id: Uuid, secret: &[u8; 32]) -> Result<(), StoreError> {
        let mut writer = self.writer();
        let tx = writer.transaction()?;
        offer_again(&tx, 0)?;
        let count = renumber(&tx)?;
        set_meta(&tx, "device_id", &device_id.to_string())?;
        keep_secret(&tx, secret)?;
        set_meta(&tx, "device_seq", &count.to_string())?;
        set_meta(&tx, "link_base", "0")?;
        if let Some(base) = reading::caps(&tx)?.into_iter().map(|(_, base)| base).min() {
            set_meta(&tx, "caps", "[]")?;
            cap(&tx, count, base)?;
        }
        fetch_anew(&tx)?;
        desk::bump_data_version(&tx)?;
        tx.commit()?;
        Ok(())
    }
}

/// The scope is fetched from the beginning. What the server lost and nobody offers again is still here: only comparing
/// shows that, so the next round compares, however lately one did.
fn fetch_anew(conn: &Connection) -> Result<(), StoreError> {
    set_meta(conn, "cursor", "0")?;
    set_meta(conn, "compared_at", "")
}

fn cap(conn: &Connection, up_to: u64, base: u64) -> Result<(), StoreError> {
    let mut caps = reading::caps(conn)?;
    caps.push((up_to, base));
    let text = serde_json::to_string(&caps).map_err(|_| StoreError::Row("caps"))?;
    set_meta(conn, "caps", &text)
}

/// The first of the changes whose word may have been given after the two orders parted. The server may hold such a one
/// all the same, because this desk was put back too: then its word may be another by now. One that was held has no
/// place in the order; those before one that has it were judged before it.
fn first_judged_after(conn: &Connection, cut: u64) -> Result<u64, StoreError> {
    let before: Option<i64> = conn.query_row(
        "SELECT max(device_seq) FROM sent WHERE seq <= ?1",
        [number(cut)],
        |row| row.get(0),
    )?;
    Ok(before.map_or(0, |before| u64::try_from(before).unwrap_or(0) + 1))
}

/// Acknowledged changes from a number on wait again.
fn offer_again(conn: &Connection, from: u64) -> Result<(), StoreError> {
    conn.execute(
        "INSERT INTO outbox (device_seq, entity, entity_id, body)
         SELECT device_seq, json_extract(body, '$.entity'), json_extract(body, '$.entity_id'), body
         FROM sent WHERE device_seq >= ?1 ON CONFLICT DO NOTHING",
        [number(from)],
    )?;
    conn.execute("DELETE FROM sent WHERE device_seq >= ?1", [number(from)])?;
    Ok(())
}

/// Changes that wait count from 1, in the order they had.
fn renumber(conn: &Connection) -> Result<u64, StoreError> {
    let mut statement = conn.prepare("SELECT body FROM outbox ORDER BY device_seq")?;
    let bodies = statement.query_map([], |row| row.get::<_, String>(0))?;
    let mut changes = Vec::new();
    for body in bodies {
        changes.push(read_change(&body?)?);
    }
    conn.execute("DELETE FROM outbox", [])?;
    let mut insert = conn.prepare(
        "INSERT INTO outbox (device_seq, entity, entity_id, body) VALUES (?1, ?2, ?3, ?4)",
    )?;
    let mut count = 0;
    for mut change in changes {
        count += 1;
        change.device_seq = count;
        let body = serde_json::to_string(&change).map_err(|_| StoreError::Row("outbox"))?;
        insert.execute(params![
            number(count),
            change.entity.code(),
            change.entity_id.to_string(),
            body
        ])?;
    }
    Ok(count)
}

#[cfg(test)]
mod tests;
