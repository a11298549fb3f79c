//! Starts the fuzzer (`fuzz/`): libFuzzer with coverage counters, on the toolchain that builds everything else. The
//! package stands outside the workspace, so that no other build sees it.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::Usage;
use crate::process;
use crate::repository::Repository;
use crate::say;

/// What is fuzzed, and how many bytes an input has at most: enough for a few rows, few enough for tens of thousands of
/// runs a second.
const TARGETS: &[(&str, u32)] = &[("frame", 1024), ("changes", 1024), ("enrolment", 1024)];
/// Runs of each target that are not asked for otherwise.
const RUNS: u64 = 10_000_000;
/// Above this a run is a finding; the allocator of the targets refuses earlier what reading itself takes too much.
const MEMORY_MAX_MB: u32 = 1024;
/// So is a run of so many seconds: nothing of this size may keep a server busy.
const RUN_MAX_S: u32 = 10;

/// Counts edges and tells the fuzzer what is compared: what `cargo fuzz --sanitizer none` passes, but for `--cfg
/// fuzzing`, which some crates take as leave to check nothing.
const COUNTED: &str = "-Cpasses=sancov-module \
    -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares \
    -Cllvm-args=-simplifycfg-branch-fold-threshold=0 \
    -Ccodegen-units=1";

/// `fuzz [TARGET] [--runs N]`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Options {
    targets: Vec<&'static (&'static str, u32)>,
    runs: u64,
}

impl Options {
    pub(crate) fn parse(arguments: &[&str]) -> Result<Self> {
        let mut options = Self {
            targets: TARGETS.iter().collect(),
            runs: RUNS,
        };
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            if *argument == "--runs" {
                options.runs = rest
                    .next()
                    .and_then(|runs| runs.replace('_', "").parse().ok())
                    .ok_or_else(|| Usage::new("--runs takes a number"))?;
            } else if let Some(target) = TARGETS.iter().find(|(name, _)| name == argument) {
                options.targets = vec![target];
            } else {
                bail!(Usage::new(&format!(
                    "nothing called `{argument}` is fuzzed"
                )));
            }
        }
        Ok(options)
    }

    /// Builds, and runs one target after another; the first that finds something ends it.
    pub(crate) fn run(&self, repository: &Repository) -> Result<u8> {
        let place = Place::of(repository)?;
        say::work("The fuzzer, with counters; the first time this compiles for some minutes");
        place.build(repository)?;
        place.seed(repository)?;
        for (target, bytes_max) in &self.targets {
            say::work(&format!("{target}: {} runs", self.runs));
            let code = place.fuzz(repository, target, *bytes_max, self.runs)?;
            if code != 0 {
                say::problem(&format!(
                    "{target}: found something; the input lies in {}. Once it is mended, keep it in fuzz/kept/{target}/",
                    place.found(target).display()
                ));
                return Ok(code);
            }
        }
        Ok(0)
    }
}

/// Where the fuzzer keeps what it makes: below the folder that cargo builds in.
struct Place {
    folder: PathBuf,
    host: String,
}

impl Place {
    fn of(repository: &Repository) -> Result<Self> {
        let metadata = repository.metadata()?;
        let target = metadata["target_directory"]
            .as_str()
            .context("no target directory")?;
        let version = process::output(&mut process::command(
            "rustc",
            &["--version", "--verbose"],
            repository.root(),
        ))?;
        let host = version
            .lines()
            .find_map(|line| line.strip_prefix("host: "))
            .context("rustc does not say what it builds for")?;
        Ok(Self {
            folder: Path::new(target).join("fuzz"),
            host: host.to_owned(),
        })
    }

    fn program(&self, name: &str) -> PathBuf {
        let name = format!("{name}{}", std::env::consts::EXE_SUFFIX);
        self.folder
            .join("build")
            .join(&self.host)
            .join("release")
            .join(name)
    }

    fn found(&self, target: &str) -> PathBuf {
        self.folder.join("found").join(target)
    }

    fn build(&self, repository: &Repository) -> Result<()> {
        let folder = self.folder.join("build");
        // With a target named, what runs while building (macros, build scripts) is not counted.
        let arguments = ["build", "--release", "--target", &self.host, "--locked"];
        let mut cargo = process::cargo(&arguments, &repository.path("fuzz"));
        cargo
            .env("CARGO_TARGET_DIR", folder)
            .env("RUSTFLAGS", COUNTED);
        process::run(&mut cargo)
    }

    /// What the fuzzer begins with: made anew from the golden files.
    fn seed(&self, repository: &Repository) -> Result<()> {
        let seeds = self.folder.join("seeds");
        if seeds.exists() {
            std::fs::remove_dir_all(&seeds).context("the seeds of before")?;
        }
        let mut command = process::command(self.program("seeds"), &["-runs=0"], repository.root());
        command
            .env("WIRE", repository.path("tests/wire"))
            .env("SEEDS", &seeds);
        process::output(&mut command).map(drop)
    }

    fn fuzz(&self, repository: &Repository, target: &str, bytes_max: u32, runs: u64) -> Result<u8> {
        let corpus = self.folder.join("corpus").join(target);
        let found = self.found(target);
        for folder in [&corpus, &found] {
            std::fs::create_dir_all(folder).context("a folder of the fuzzer")?;
        }
        let seeds = self.folder.join("seeds");
        let mut command = process::command(
            self.program(target),
            &[
                format!("-runs={runs}"),
                format!("-max_len={bytes_max}"),
                format!("-rss_limit_mb={MEMORY_MAX_MB}"),
                format!("-timeout={RUN_MAX_S}"),
                format!("-dict={}", seeds.join("words.dict").display()),
                format!("-artifact_prefix={}/", found.display()),
                "-print_final_stats=1".to_owned(),
            ],
            repository.root(),
        );
        command.arg(corpus).arg(seeds.join(target));
        // What was found before and mended is tried first.
        let kept = repository.path("fuzz/kept").join(target);
        if kept.exists() {
            command.arg(kept);
        }
        Ok(process::exit_code(process::status(&mut command)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_targets_are_fuzzed_ten_million_times_unless_said_otherwise() {
        let all = Options::parse(&[]).unwrap();
        assert_eq!((all.targets.len(), all.runs), (TARGETS.len(), RUNS));
        let one = Options::parse(&["changes", "--runs", "5_000"]).unwrap();
        assert_eq!((one.targets[0].0, one.runs), ("changes", 5_000));
        assert!(Options::parse(&["tickets"]).is_err());
        assert!(Options::parse(&["--runs"]).is_err());
    }
}
