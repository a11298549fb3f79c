//! Backups, and looking after the server.

use std::{
    io::{self, Write as _},
    path::Path,
    process::ExitCode,
};

use anyhow::{Context as _, bail};
use jitasa_server::{
    backup::{self, BackupError, Manifest},
    clock::now,
    doctor::{Health, examine},
    postgres::{self, Spread},
};

use super::Place;

/// Something was found that somebody has to look at.
const FOUND: u8 = 3;

/// Copies of a database are its own tools' to make.
fn in_a_folder(place: &Place) -> anyhow::Result<()> {
    if place.database.is_some() {
        bail!("the ledger is in PostgreSQL: copy it with pg_dump, see the runbook");
    }
    Ok(())
}

pub(super) fn layout(partition: Vec<String>, citus: bool) -> anyhow::Result<ExitCode> {
    let spread = match (citus, partition.is_empty()) {
        (true, _) => Spread::Citus,
        (false, true) => Spread::Together,
        (false, false) => Spread::Partitioned(partition),
    };
    write!(io::stdout(), "{}", postgres::layout(&spread))?;
    Ok(ExitCode::SUCCESS)
}

pub(super) fn backup(data: &Place, to: &Path, keep: Option<u16>) -> anyhow::Result<ExitCode> {
    in_a_folder(data)?;
    if keep.is_some() && !to.is_dir() {
        bail!(
            "--keep needs a folder of backups, and {} is none",
            to.display()
        );
    }
    let (file, manifest) = match backup::make(data, to, now()) {
        Err(error @ BackupError::NotNoted(_)) => return Err(error.into()),
        made => made.with_context(|| format!("no backup was made at {}", to.display()))?,
    };
    let mut out = io::stdout().lock();
    writeln!(out, "{}", file.display())?;
    told(&manifest)?;
    if let Some(keep) = keep {
        for gone in backup::prune(to, keep.into())? {
            writeln!(io::stderr(), "taken away: {}", gone.display())?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn told(manifest: &Manifest) -> io::Result<()> {
    let rows: u64 = manifest.tables.values().map(|table| table.rows).sum();
    writeln!(
        io::stderr(),
        "verified: {} bytes, {rows} rows in {} tables, up to place {}",
        manifest.bytes,
        manifest.tables.len(),
        manifest.head
    )
}

pub(super) fn verify(file: &Path) -> anyhow::Result<ExitCode> {
    match backup::verify(file) {
        Ok(manifest) => {
            writeln!(io::stdout(), "whole: {}", file.display())?;
            told(&manifest)?;
            Ok(ExitCode::SUCCESS)
        }
        Err(error @ BackupError::File(_)) => {
            Err(error).with_context(|| format!("{} cannot be read", file.display()))
        }
        Err(error) => {
            writeln!(
                io::stderr(),
                "jitasa-province: {} is not to be relied on: {:#}",
                file.display(),
                anyhow::Error::new(error)
            )?;
            Ok(ExitCode::from(FOUND))
        }
    }
}

pub(super) fn doctor(data: &Place) -> anyhow::Result<ExitCode> {
    in_a_folder(data)?;
    let findings = examine(data, now());
    let mut out = io::stdout().lock();
    for finding in &findings {
        let [thai, english] = finding.lines();
        writeln!(out, "{thai}\n    {english}")?;
    }
    let is_well = findings
        .iter()
        .all(|finding| finding.health == Health::Well);
    Ok(if is_well {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(FOUND)
    })
}
