//! Data to work with: a made-up office of a chosen size, and the gazetteer that is committed under `data/`.

use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::Usage;
use crate::process;
use crate::repository::Repository;
use crate::say;

/// What `cargo xtask seed` was asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Seed {
    size: String,
    seed: u64,
    out: PathBuf,
}

/// The size that takes so long to make that an optimised build pays.
const LARGE: &str = "million";

impl Seed {
    /// Reads the arguments; the seed is 1 unless given.
    pub(crate) fn parse(arguments: &[&str]) -> Result<Self> {
        let (mut size, mut seed, mut out) = (None, 1, None);
        let mut rest = arguments.iter();
        while let Some(name) = rest.next() {
            let Some(value) = rest.next() else {
                bail!(Usage::new(&format!("`{name}` needs a value")))
            };
            match *name {
                "--size" => size = Some((*value).to_owned()),
                "--seed" => {
                    seed = value
                        .parse()
                        .map_err(|_| Usage::new("--seed is a whole number"))?;
                }
                "--out" => out = Some(PathBuf::from(value)),
                other => bail!(Usage::new(&format!("`{other}` was not expected"))),
            }
        }
        let (Some(size), Some(out)) = (size, out) else {
            bail!(Usage::new("seed needs --size and --out"))
        };
        let known = ["office", "amphoe", "province", LARGE];
        if !known.contains(&size.as_str()) {
            bail!(Usage::new(&format!(
                "--size is one of {}",
                known.join(", ")
            )));
        }
        Ok(Self { size, seed, out })
    }

    /// Makes the office with the command line, as anybody could.
    pub(crate) fn run(&self, repository: &Repository) -> Result<u8> {
        // A relative folder is meant from where one stands, and cargo is called at the root.
        let out = std::env::current_dir()?.join(&self.out);
        say::work(&format!(
            "A made-up office of size {} in {}",
            self.size,
            out.display()
        ));
        let (out, seed) = (out.to_string_lossy(), self.seed.to_string());
        let build: &[&str] = if self.size == LARGE {
            &["--release"]
        } else {
            &[]
        };
        let arguments = [
            &["run", "-q"],
            build,
            &[
                "-p",
                "jitasa-cli",
                "--bin",
                "jitasa",
                "--",
                "--data",
                &out,
                "init",
                "--practice",
            ],
            &["--size", &self.size, "--seed", &seed],
        ]
        .concat();
        let status = process::status(&mut process::cargo(&arguments, repository.root()))?;
        Ok(process::exit_code(status))
    }
}

/// Rebuilds `data/gazetteer` from its source.
pub(crate) fn gazetteer(repository: &Repository, arguments: &[&str]) -> Result<u8> {
    say::work("Rebuilding data/gazetteer from its source");
    let arguments = [&["xtask/gazetteer.py"][..], arguments].concat();
    let status = process::status(&mut process::command(
        "python3",
        &arguments,
        repository.root(),
    ))?;
    Ok(process::exit_code(status))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_is_read_with_its_parts_in_any_order() {
        let seed = Seed::parse(&["--out", "x", "--seed", "7", "--size", "amphoe"]).unwrap();
        assert_eq!(
            seed,
            Seed {
                size: "amphoe".to_owned(),
                seed: 7,
                out: PathBuf::from("x")
            }
        );
        assert_eq!(
            Seed::parse(&["--size", "office", "--out", "x"])
                .unwrap()
                .seed,
            1
        );
    }

    #[test]
    fn a_seed_that_is_not_understood_is_a_question_of_usage() {
        for wrong in [
            &["--size", "huge", "--out", "x"][..],
            &["--size", "office"],
            &["--out", "x"],
            &["--size"],
            &["--size", "office", "--out", "x", "--seed", "many"],
            &["--size", "office", "--out", "x", "--colour", "red"],
        ] {
            assert!(Seed::parse(wrong).unwrap_err().is::<Usage>(), "{wrong:?}");
        }
    }
}
