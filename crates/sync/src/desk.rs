//! The store of a real desk, as sync sees it.

use std::collections::BTreeMap;

use jitasa_domain::{Entity, Timestamp};
use jitasa_protocol::{DeviceKey, Hash, PublicKey};
use jitasa_store::{
    Absorbed as Answer, Enrolment as Kept, Store, StoreError, desk::reading, sync::ServersCopy,
};
use uuid::Uuid;

use crate::{
    AbsorbCounts, Absorbed, Desk, DeskError, Enrolment, Identity,
    core::{Cap, Gathered, Standing},
};

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

fn damaged() -> DeskError {
    DeskError {
        code: "store_damaged".into(),
    }
}

impl Desk for StoreDesk<'_> {
    fn identity(&self) -> Result<Identity, DeskError> {
        let (office, device_id, secret) = self.store.read(|conn| {
            Ok((
                reading::office(conn)?,
                reading::device_id(conn)?,
                reading::device_secret(conn)?,
            ))
        })?;
        Ok(Identity {
            device_id: device_id.ok_or_else(not_set_up)?,
            device_name: self.device_name.clone(),
            office_code: office.ok_or_else(not_set_up)?.code,
            key: secret.map(|secret| DeviceKey::from_secret(&secret)),
        })
    }

    fn save_key(&mut self, secret: [u8; 32]) -> Result<(), DeskError> {
        Ok(self.store.save_device_secret(&secret)?)
    }

    fn enrolment(&self) -> Result<Option<Enrolment>, DeskError> {
        let Some(kept) = self.store.read(reading::enrolment)? else {
            return Ok(None);
        };
        let server_key = match kept.server_key {
            Some(bytes) => Some(PublicKey::from_bytes(&bytes).map_err(|_| damaged())?),
            None => None,
        };
        Ok(Some(Enrolment {
            server_url: kept.server_url,
            server_id: kept.server_id,
            province_code: kept.province_code,
            server_key,
            root_certificate: kept.root_certificate,
            epoch: kept.epoch,
            token: Some(kept.device_token).filter(|token| !token.is_empty()),
        }))
    }

    fn save_enrolment(&mut self, enrolment: &Enrolment) -> Result<(), DeskError> {
        Ok(self.store.save_enrolment(&Kept {
            server_url: enrolment.server_url.clone(),
            server_id: enrolment.server_id,
            province_code: enrolment.province_code.clone(),
            device_token: enrolment.token.clone().unwrap_or_default(),
            server_key: enrolment.server_key.map(|key| key.to_bytes()),
            root_certificate: enrolment.root_certificate.clone(),
            epoch: enrolment.epoch,
        })?)
    }

    fn start_anew(&mut self, device_id: Uuid, secret: [u8; 32]) -> Result<(), DeskError> {
        Ok(self.store.start_anew(device_id, &secret)?)
    }

    fn standing(&self) -> Result<Standing, DeskError> {
        let identity = self.identity()?;
        let enrolment = self.enrolment()?.ok_or_else(not_set_up)?;
        let caps = self.store.read(jitasa_store::sync::reading::caps)?;
        Ok(Standing {
            device_id: identity.device_id,
            office_code: identity.office_code,
            server_id: enrolment.server_id,
            epoch: enrolment.epoch,
            acked: self.store.acked()?,
            cursor: self.store.cursor()?,
            caps: caps
                .into_iter()
                .map(|(up_to, base)| Cap { up_to, base })
                .collect(),
            ..Standing::default()
        })
    }

    fn gather(&self, after: u64, limit: usize) -> Result<Gathered, DeskError> {
        let waiting = self.store.gather(after, limit)?;
        Ok(Gathered {
            changes: waiting.changes,
            link: waiting.link.map(Hash),
            waiting: waiting.count,
        })
    }

    fn pending_count(&self) -> Result<u64, DeskError> {
        Ok(u64::try_from(self.store.pending_count()?).unwrap_or(0))
    }

    fn absorb(&mut self, answer: &Absorbed) -> Result<AbsorbCounts, DeskError> {
        let links = answer.links.iter().map(|(seq, link)| (*seq, link.0));
        let received = self.store.absorb(
            &Answer {
                outcomes: &answer.outcomes,
                links: &links.collect(),
                delivered: &answer.delivered,
                cursor: answer.cursor,
            },
            answer.at,
        )?;
        Ok(AbsorbCounts {
            received: received.received,
        })
    }

    fn rebase(&mut self, epoch: Uuid, cut: u64, expected: u64) -> Result<(), DeskError> {
        Ok(self.store.rebase(epoch, cut, expected)?)
    }

    fn sums(&self) -> Result<BTreeMap<String, u64>, DeskError> {
        Ok(self.store.sums()?)
    }

    fn reconcile(
        &mut self,
        owner: &str,
        records: &[(Entity, Uuid)],
        at: Timestamp,
    ) -> Result<(), DeskError> {
        Ok(self.store.reconcile(&ServersCopy { owner, records }, at)?)
    }
}
