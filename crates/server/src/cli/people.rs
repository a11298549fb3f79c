//! Offices, devices and the operator's way in.

use std::{
    io::{self, Write as _},
    path::Path,
    process::ExitCode,
};

use anyhow::{Context as _, bail};
use jitasa_domain::Timestamp;
use jitasa_server::{
    clock::now,
    enrol::is_office_code,
    http::link,
    operator::Operator,
    province::{CodeTerms, NewCodeError},
    register::RevokedHow,
    serving_file::ServingNow,
};
use uuid::Uuid;

use super::{Place, account, existing, open};

pub(super) fn operator(data: &Place, who: Option<String>) -> anyhow::Result<ExitCode> {
    let Some(serving) = ServingNow::of(data) else {
        bail!(
            "no server was started on {}: start `serve` first",
            data.display()
        );
    };
    let who = who.unwrap_or_else(account);
    let token = jitasa_server::province::random_token()?;
    link::keep(data, &token, &who, now())
        .with_context(|| format!("the data folder {} cannot be written", data.display()))?;
    let path = link::SIGN_IN_PATH;
    writeln!(io::stdout(), "{}{path}?link={token}", serving.url)?;
    writeln!(
        io::stderr(),
        "open it in a browser within ten minutes; it works once"
    )?;
    Ok(ExitCode::SUCCESS)
}

pub(super) fn enrol(
    data: &Place,
    office: &str,
    terms: CodeTerms,
    bundle: Option<&Path>,
) -> anyhow::Result<ExitCode> {
    if !is_office_code(office) {
        // Said before anything is made on the disk.
        bail!(NewCodeError::OfficeCode);
    }
    let who = account();
    let by = Operator {
        who: &who,
        now: now(),
    };
    let address = ServingNow::of(data);
    if bundle.is_some() && address.is_none() {
        bail!(
            "no server was started on {}: start `serve` first, so that the file can say where it is",
            data.display()
        );
    }
    let province = open(data)?;
    let code = province.code_for(office, terms, by)?;
    if let (Some(file), Some(serving)) = (bundle, address) {
        super::carry::bundle(&province, file, office, &code, &serving)?;
    }
    writeln!(io::stdout(), "{code}")?;
    writeln!(
        io::stderr(),
        "for {} devices of office {office}; good for 24 hours and five tries",
        terms.devices_max
    )?;
    Ok(ExitCode::SUCCESS)
}

pub(super) fn revoke(
    data: &Place,
    device: Uuid,
    how: RevokedHow,
    reason: &str,
) -> anyhow::Result<ExitCode> {
    let who = account();
    let by = Operator {
        who: &who,
        now: now(),
    };
    if !existing(data)?.shut_out(device, how, reason, by)? {
        bail!("no device of that id has been let in, or it was shut out before");
    }
    writeln!(io::stdout(), "shut out {device}")?;
    Ok(ExitCode::SUCCESS)
}

pub(super) fn offices(data: &Place) -> anyhow::Result<ExitCode> {
    let offices = existing(data)?.offices()?;
    let mut out = io::stdout().lock();
    writeln!(
        out,
        "{:<8} {:>7}  {:<16}  {:>5}",
        "office", "devices", "last heard (B.E.)", "held"
    )?;
    for office in &offices {
        let heard = office
            .last_seen_at
            .map_or_else(|| "-".to_string(), in_buddhist_era);
        let (code, devices, kept) = (&office.office_code, office.devices, office.kept);
        writeln!(out, "{code:<8} {devices:>7}  {heard:<17}  {kept:>4}")?;
    }
    Ok(ExitCode::SUCCESS)
}

fn in_buddhist_era(moment: Timestamp) -> String {
    let at = moment.in_bangkok();
    let (year, month, day) = (i32::from(at.year()) + 543, at.month(), at.day());
    format!(
        "{year}-{month:02}-{day:02} {:02}:{:02}",
        at.hour(),
        at.minute()
    )
}
