//! What the operator looks at and does, between the rim or the command line and the ledger: each act
//! is written down in the transaction that does it.

use std::collections::BTreeMap;

use jitasa_domain::Timestamp;
use uuid::Uuid;

use crate::{
    book::{Device, Status},
    ledger::{LedgerError, Pages, Standing},
    province::{CodeTerms, NewCodeError, Province},
    register::{Deed, OfficeOverview, OperatorAct, Overview, RevokedHow},
};

/// Lines of the list of acts that are shown.
const ACTS_SHOWN: u32 = 200;

/// Who acts, and when.
#[derive(Debug, Clone, Copy)]
pub struct Operator<'a> {
    /// The account on this machine.
    pub who: &'a str,
    /// When.
    pub now: Timestamp,
}

impl Operator<'_> {
    fn act(&self, deed: Deed, note: &str) -> OperatorAct {
        OperatorAct {
            at: self.now,
            who: self.who.to_string(),
            deed,
            office_code: None,
            device: None,
            note: note.trim().to_string(),
        }
    }
}

/// Offices, devices, codes and sizes as a transaction has them.
///
/// # Errors
/// When the ledger fails.
pub fn overview(
    pages: &mut dyn Pages,
    standing: &Standing,
    now: Timestamp,
) -> Result<Overview, LedgerError> {
    let province = standing.province_code.as_str();
    let mut offices: BTreeMap<String, OfficeOverview> = BTreeMap::new();
    let mut devices = pages.devices(province)?;
    // The order of statuses is the order in which somebody has to look.
    let urgency = |device: &Device| match device.status {
        Status::Pending => 0,
        Status::Forked => 1,
        Status::Confirmed => 2,
        Status::Revoked => 3,
    };
    devices.sort_by(|a, b| (urgency(a), &a.name, a.id).cmp(&(urgency(b), &b.name, b.id)));
    for device in devices {
        office(&mut offices, &device.office_code)
            .devices
            .push(device);
    }
    for kept in pages.kept(province)? {
        office(&mut offices, &kept.office_code)
            .kept
            .insert(kept.reason, kept.count);
    }
    Ok(Overview {
        province_code: standing.province_code.clone(),
        head: standing.head,
        is_copy: standing.is_copy,
        offices: offices.into_values().collect(),
        codes: pages.open_codes(province, now)?,
        ledger_bytes: pages.ledger_bytes()?,
    })
}

fn office<'a>(
    offices: &'a mut BTreeMap<String, OfficeOverview>,
    office_code: &str,
) -> &'a mut OfficeOverview {
    offices
        .entry(office_code.to_string())
        .or_insert_with(|| OfficeOverview {
            office_code: office_code.to_string(),
            ..OfficeOverview::default()
        })
}

impl Province {
    fn ask<T>(
        &self,
        mut question: impl FnMut(&mut dyn Pages, &Standing) -> Result<T, LedgerError>,
    ) -> Result<Option<T>, LedgerError> {
        self.within(|pages| match pages.standing()? {
            Some(standing) => question(pages, &standing).map(Some),
            None => Ok(None),
        })
    }

    /// Offices, devices, codes and sizes; nothing before the first office was let in.
    ///
    /// # Errors
    /// When the ledger fails.
    pub fn overview(&self, now: Timestamp) -> Result<Option<Overview>, LedgerError> {
        self.ask(|pages, standing| overview(pages, standing, now))
    }

    /// The last acts, the newest first.
    ///
    /// # Errors
    /// When the ledger fails.
    pub fn acts(&self) -> Result<Vec<OperatorAct>, LedgerError> {
        let acts = self.ask(|pages, standing| pages.acts(&standing.province_code, ACTS_SHOWN));
        Ok(acts?.unwrap_or_default())
    }

    /// Writes down that somebody signed in; before the first office there is no list yet.
    ///
    /// # Errors
    /// When the ledger fails.
    pub fn signed_in(&self, by: Operator) -> Result<(), LedgerError> {
        let act = by.act(Deed::SignedIn, "");
        self.ask(|pages, standing| pages.write_down(&standing.province_code, &act))?;
        Ok(())
    }

    /// A one-time code for some devices of an office, written down (the code itself is not).
    ///
    /// # Errors
    /// As [`Province::new_code`].
    pub fn code_for(
        &self,
        office_code: &str,
        terms: CodeTerms,
        by: Operator,
    ) -> Result<String, NewCodeError> {
        let code = self.new_code(office_code, terms, by.now)?;
        let act = OperatorAct {
            office_code: Some(office_code.to_string()),
            ..by.act(Deed::CodeMade, &terms.devices_max.to_string())
        };
        self.ask(|pages, standing| pages.write_down(&standing.province_code, &act))?;
        Ok(code)
    }

    /// Confirms a device that has shown a code; false when none of that id waits.
    ///
    /// # Errors
    /// When the ledger fails.
    pub fn confirm(&self, device: Uuid, by: Operator) -> Result<bool, LedgerError> {
        self.act_on(device, &by.act(Deed::Confirmed, ""), |device| {
            let waits = device.status == Status::Pending;
            if waits {
                device.status = Status::Confirmed;
            }
            waits
        })
    }

    /// Shuts a device out, with a reason; false when there is none, or it was shut out before.
    ///
    /// # Errors
    /// When the ledger fails.
    pub fn shut_out(
        &self,
        device: Uuid,
        how: RevokedHow,
        reason: &str,
        by: Operator,
    ) -> Result<bool, LedgerError> {
        let note = format!("{}: {}", how.code(), reason.trim());
        self.act_on(device, &by.act(Deed::Revoked, &note), |device| {
            let speaks = device.status != Status::Revoked;
            if speaks {
                device.status = Status::Revoked;
                device.revoked_how = Some(how.code().to_string());
            }
            speaks
        })
    }

    /// Changes a device and writes the act down, when `change` says that it did something.
    fn act_on(
        &self,
        id: Uuid,
        act: &OperatorAct,
        mut change: impl FnMut(&mut Device) -> bool,
    ) -> Result<bool, LedgerError> {
        let done = self.ask(|pages, standing| {
            let province = standing.province_code.as_str();
            let Some(mut device) = pages.device(province, id)? else {
                return Ok(false);
            };
            if !change(&mut device) {
                return Ok(false);
            }
            pages.save_device(province, &device)?;
            let act = OperatorAct {
                office_code: Some(device.office_code),
                device: Some(id),
                ..act.clone()
            };
            pages.write_down(province, &act)?;
            Ok(true)
        })?;
        Ok(done.unwrap_or(false))
    }
}
