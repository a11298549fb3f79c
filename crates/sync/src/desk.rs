//! The store of a real desk, as sync sees it.

use jitasa_domain::change::Change;
use jitasa_protocol::Secret;
use jitasa_store::{Absorbed as Answer, Enrolment as Kept, Store, StoreError, desk::reading};

use crate::{AbsorbCounts, Absorbed, Desk, DeskError, Enrolment, Identity};

/// A desk's store, lent to one round of sync.
#[derive(Debug)]
pub struct StoreDesk<'a> {
    /// The store.
    pub store: &'a Store,
    /// What the operator's list calls this desk.
    pub device_name: String,
}

impl From<StoreError> for DeskError {
    fn from(error: StoreError) -> Self {
        Self {
            code: error.code().to_string(),
        }
    }
}

fn not_set_up() -> DeskError {
    DeskError {
        code: "not_set_up".into(),
    }
}

impl Desk for StoreDesk<'_> {
    fn identity(&self) -> Result<Identity, DeskError> {
        let (office, device_id) = self
            .store
            .read(|conn| Ok((reading::office(conn)?, reading::device_id(conn)?)))?;
        Ok(Identity {
            device_id: device_id.ok_or_else(not_set_up)?,
            device_name: self.device_name.clone(),
            office_code: office.ok_or_else(not_set_up)?.code,
        })
    }

    fn enrolment(&self) -> Result<Option<Enrolment>, DeskError> {
        let kept = self.store.read(reading::enrolment)?;
        Ok(kept.map(|kept| Enrolment {
            server_url: kept.server_url,
            server_id: kept.server_id,
            province_code: kept.province_code,
            device_token: Secret(kept.device_token),
        }))
    }

    fn save_enrolment(&mut self, enrolment: &Enrolment) -> Result<(), DeskError> {
        Ok(self.store.save_enrolment(&Kept {
            server_url: enrolment.server_url.clone(),
            server_id: enrolment.server_id,
            province_code: enrolment.province_code.clone(),
            device_token: enrolment.device_token.0.clone(),
        })?)
    }

    fn acked(&self) -> Result<u64, DeskError> {
        Ok(self.store.acked()?)
    }

    fn pending(&self, after: u64, limit: usize) -> Result<Vec<Change>, DeskError> {
        Ok(self.store.pending(after, limit)?)
    }

    fn pending_count(&self) -> Result<u64, DeskError> {
        Ok(u64::try_from(self.store.pending_count()?).unwrap_or(0))
    }

    fn cursor(&self) -> Result<u64, DeskError> {
        Ok(self.store.cursor()?)
    }

    fn absorb(&mut self, answer: &Absorbed) -> Result<AbsorbCounts, DeskError> {
        let received = self.store.absorb(
            &Answer {
                outcomes: &answer.outcomes,
                delivered: &answer.delivered,
                cursor: answer.cursor,
            },
            answer.at,
        )?;
        Ok(AbsorbCounts {
            received: received.received,
        })
    }
}
