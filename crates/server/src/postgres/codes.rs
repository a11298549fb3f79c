//! The province itself, its epochs and its one-time codes.

use std::collections::HashMap;

use jitasa_domain::Timestamp;
use uuid::Uuid;

use super::{PostgresPages, error::PostgresError, load::small, statements as s};
use crate::{
    enrol::{EnrolCode, TRIES_MAX},
    ledger::{Epoch, LedgerError, NewCode, Standing},
    row::{count, hash, number},
};

pub(super) fn standing(pages: &mut PostgresPages) -> Result<Option<Standing>, LedgerError> {
    let rows = pages.rows(s::STANDING, &[])?;
    let Some(row) = rows.first() else {
        return Ok(None);
    };
    let mut epochs = Vec::new();
    for row in pages.rows(s::EPOCHS, &[])? {
        epochs.push(Epoch {
            id: row.try_get(0)?,
            cut: count(row.try_get(1)?),
        });
    }
    Ok(Some(Standing {
        province_code: pages.province.clone(),
        server_id: row.try_get(0)?,
        secret: row.try_get::<_, Option<&[u8]>>(1)?.map(hash).transpose()?,
        head: count(row.try_get(2)?),
        is_copy: row.try_get::<_, i16>(3)? != 0,
        epochs,
    }))
}

pub(super) fn found(
    pages: &mut PostgresPages,
    founding: &Standing,
    now: Timestamp,
) -> Result<(), LedgerError> {
    if founding.province_code != pages.province {
        return Err(PostgresError::OtherProvince(pages.province.clone()).into());
    }
    let secret = founding.secret.as_ref().map(<[u8; 32]>::as_slice);
    pages.found(&[&founding.server_id, &secret, &now.0])
}

pub(super) fn begin_epoch(
    pages: &mut PostgresPages,
    place: usize,
    epoch: Epoch,
    now: Timestamp,
) -> Result<(), LedgerError> {
    let place = number(place as u64);
    pages.run(
        s::BEGIN_EPOCH,
        &[&place, &epoch.id, &number(epoch.cut), &now.0],
    )?;
    pages.run(s::NO_COPY, &[])
}

pub(super) fn add_code(pages: &mut PostgresPages, code: &NewCode) -> Result<(), LedgerError> {
    // The province's row is locked: nobody else adds one meanwhile.
    let last: i64 = pages
        .rows(s::LAST_CODE, &[])?
        .first()
        .ok_or(LedgerError::Row("code"))?
        .try_get(0)?;
    pages.run(
        s::ADD_CODE,
        &[
            &(last + 1),
            &code.office_code,
            &code.hash.as_slice(),
            &code.expires_at.0,
            &i64::from(code.devices_max),
            &code.confirms,
        ],
    )
}

pub(super) fn codes(
    pages: &mut PostgresPages,
    office_code: &str,
) -> Result<Vec<EnrolCode>, LedgerError> {
    let rows = pages.rows(s::CODES, &[&office_code])?;
    let ids: Vec<i64> = rows
        .iter()
        .map(|row| row.try_get(0))
        .collect::<Result<_, _>>()?;
    let mut uses = HashMap::<i64, Vec<Uuid>>::new();
    for row in pages.rows(s::CODE_USES, &[&ids])? {
        uses.entry(row.try_get(0)?)
            .or_default()
            .push(row.try_get(1)?);
    }
    let mut codes = Vec::with_capacity(rows.len());
    for row in &rows {
        let id = row.try_get(0)?;
        codes.push(EnrolCode {
            id,
            hash: hash(row.try_get(1)?)?,
            expires_at: Timestamp(row.try_get(2)?),
            tries: small(row, 3)?,
            devices_max: small(row, 4)?,
            confirms: row.try_get(5)?,
            used_by: uses.remove(&id).unwrap_or_default(),
        });
    }
    Ok(codes)
}

pub(super) fn count_try(pages: &mut PostgresPages, office_code: &str) -> Result<(), LedgerError> {
    pages.run(s::COUNT_TRY, &[&office_code, &i64::from(TRIES_MAX)])
}

pub(super) fn use_code(
    pages: &mut PostgresPages,
    code: i64,
    device: Uuid,
) -> Result<(), LedgerError> {
    pages.run(s::USE_CODE, &[&code, &device])
}
