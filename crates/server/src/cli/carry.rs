//! What goes between the province and its offices on a stick.

use std::{
    fs,
    io::{self, Write as _},
    path::Path,
    process::ExitCode,
};

use anyhow::{Context as _, bail};
use jitasa_domain::change::Verdict;
use jitasa_protocol::{Bundle, Secret, limits};
use jitasa_server::{
    Province, clock::now, files::write_whole, frames::read_ask, province::tally,
    serving_file::ServingNow,
};

use super::{Place, existing, open};

/// Writes an enrolment file.
pub(super) fn bundle(
    province: &Province,
    file: &Path,
    office: &str,
    code: &str,
    serving: &ServingNow,
) -> anyhow::Result<()> {
    let bundle = Bundle {
        kind: Bundle::KIND.to_string(),
        server_url: serving.url.clone(),
        office_code: office.to_string(),
        code: Secret(code.to_string()),
        server_key: province.public_key()?,
        root_certificate: serving.root_certificate.clone(),
    };
    written(file, bundle.write().as_bytes())
}

pub(super) fn admit(data: &Place, request: &Path, grant: &Path) -> anyhow::Result<ExitCode> {
    let bytes = whole(request)?;
    let ask = read_ask(&bytes).with_context(|| not_ours(request))?;
    let address = ServingNow::of(data)
        .map(|serving| serving.address())
        .unwrap_or_default();
    let granted = open(data)?.admit(&bytes, &address, now())?;
    written(grant, &granted)?;
    let mut out = io::stdout();
    writeln!(out, "admitted a device of office {}", ask.office_code)?;
    writeln!(out, "{}", ask.public_key.fingerprint_words().join(" "))?;
    Ok(ExitCode::SUCCESS)
}

pub(super) fn take(data: &Place, file: &Path, receipt: &Path) -> anyhow::Result<ExitCode> {
    let bytes = whole(file)?;
    let province = existing(data)?;
    province.make_whole(now())?;
    let answered = province
        .take(&bytes, now())
        .with_context(|| not_ours(file))?;
    written(receipt, &answered.frame)?;
    let outcomes = &answered.answer.outcomes;
    let counts = [
        ("new", tally(outcomes, Verdict::New)),
        ("merged", tally(outcomes, Verdict::Merged)),
        ("conflicts", tally(outcomes, Verdict::Conflict)),
        ("held", tally(outcomes, Verdict::Held)),
        ("delivered", answered.answer.delivered.len()),
    ];
    let mut out = io::stdout();
    write!(
        out,
        "office {}: {} changes",
        answered.office_code,
        outcomes.len()
    )?;
    for (what, count) in counts {
        write!(out, ", {count} {what}")?;
    }
    writeln!(out)?;
    if let Some(problem) = answered.answer.head.problem {
        bail!("refused ({problem}); the receipt tells the desk so");
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) fn restored(data: &Place, fresh: bool) -> anyhow::Result<ExitCode> {
    let province = existing(data)?;
    if province.standing()?.is_none() {
        bail!("there is no province in this ledger");
    }
    province.restored((!fresh).then_some(0), now())?;
    writeln!(
        io::stdout(),
        "a new epoch has begun; desks offer again what is not here"
    )?;
    Ok(ExitCode::SUCCESS)
}

fn not_ours(file: &Path) -> String {
    format!("{} is damaged, or is not for this server", file.display())
}

fn whole(file: &Path) -> anyhow::Result<Vec<u8>> {
    let cannot = || format!("{} cannot be read", file.display());
    let size = fs::metadata(file).with_context(cannot)?.len();
    if size > limits::BODY_BYTES_MAX as u64 {
        bail!("{}", not_ours(file));
    }
    fs::read(file).with_context(cannot)
}

fn written(file: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    write_whole(file, bytes).with_context(|| format!("{} cannot be written", file.display()))
}
