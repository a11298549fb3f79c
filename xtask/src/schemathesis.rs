//! Holds the provincial server to its own description: schemathesis (from PyPI) makes up requests from
//! `/openapi.json` and looks whether any is answered with a failure, or with what is not described.
//! `tests/schemathesis/hooks.py` gets them past the door: devices that sign, an operator who is signed in.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, Result, bail};

use crate::Usage;
use crate::process::{self, Background};
use crate::python;
use crate::repository::Repository;
use crate::say;

const REQUIREMENTS: &str = "tests/schemathesis/requirements.txt";
/// Requests at least.
const CASES: u32 = 5_000;
/// Operations that have something to make up; the others are asked once.
const OPERATIONS: u32 = 14;
/// No failure of ours, and nothing that is not described.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
    response_schema_conformance,response_headers_conformance";
/// One caller sends all of it.
const RATE: &str = "1000000";

/// `schemathesis [--cases N] [--seed S]`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Options {
    cases: u32,
    seed: u32,
}

impl Options {
    pub(crate) fn parse(arguments: &[&str]) -> Result<Self> {
        let mut options = Self {
            cases: CASES,
            seed: 1,
        };
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            let place = match *argument {
                "--cases" => &mut options.cases,
                "--seed" => &mut options.seed,
                other => bail!(Usage::new(&format!("`{other}` was not expected"))),
            };
            *place = rest
                .next()
                .and_then(|number| number.replace('_', "").parse().ok())
                .ok_or_else(|| Usage::new(&format!("{argument} takes a number")))?;
        }
        Ok(options)
    }

    /// Returns the exit code of schemathesis, or fails when it asked fewer times than it was to.
    pub(crate) fn run(&self, repository: &Repository) -> Result<u8> {
        let environment =
            python::environment(repository, "schemathesis", "schemathesis", REQUIREMENTS)?;
        process::run(&mut process::cargo(
            &["build", "-p", "jitasa-server"],
            repository.root(),
        ))?;
        let province = repository.program("jitasa-province")?;
        let folder = environment.join("run");
        if folder.exists() {
            std::fs::remove_dir_all(&folder).context("the run of before")?;
        }
        std::fs::create_dir_all(&folder)?;
        let data = folder.join("province");
        let (_server, url) = serve(repository, &province, &data, &folder.join("server.log"))?;
        say::work(&format!("schemathesis: {} requests to {url}", self.cases));
        let counts = folder.join("counts.json");
        let arguments = [
            "run".to_owned(),
            format!("{url}/openapi.json"),
            format!("--max-examples={}", self.cases.div_ceil(OPERATIONS)),
            format!("--seed={}", self.seed),
            format!("--checks={CHECKS}"),
            "--phases=coverage,fuzzing".to_owned(),
            "--suppress-health-check=all".to_owned(),
            // That made-up requests are refused is what most of them are for.
            "--warnings=off".to_owned(),
            "--generation-database=none".to_owned(),
            "--continue-on-failure".to_owned(),
            "--no-color".to_owned(),
        ];
        let mut command = process::command(
            python::program(&environment, "schemathesis"),
            &arguments,
            &folder,
        );
        command
            .env("SCHEMATHESIS_HOOKS", "hooks")
            .env("PYTHONPATH", repository.path("tests/schemathesis"))
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("PROVINCE", &province)
            .env("DATA", &data)
            .env("URL", &url)
            .env(
                "DICTIONARY",
                repository.path("crates/protocol/dictionaries/v2.dict"),
            )
            .env("GOLDEN", repository.path("tests/wire/v2/request.frame"))
            .env("COUNTS", &counts);
        let status = process::status(&mut command)?;
        let counted: BTreeMap<String, u64> = serde_json::from_slice(&std::fs::read(&counts)?)?;
        for (what, count) in &counted {
            say::detail(&format!("{count:>6}  {what}"));
        }
        let asked = told(&counted);
        say::work(&format!("{asked} requests were answered"));
        if status.success() && asked < u64::from(self.cases) {
            bail!("fewer than {} were asked for", self.cases);
        }
        Ok(process::exit_code(status))
    }
}

/// Requests; what stands indented tells of what was in an answer.
fn told(counted: &BTreeMap<String, u64>) -> u64 {
    let requests = counted.iter().filter(|(what, _)| !what.starts_with(' '));
    requests.map(|(_, count)| count).sum()
}

/// A server of a province of its own, on a free port.
fn serve(
    repository: &Repository,
    province: &Path,
    data: &Path,
    log: &Path,
) -> Result<(Background, String)> {
    let data = data.to_string_lossy();
    let arguments = [
        "--data",
        &data,
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--device-rate",
        RATE,
    ];
    let mut command = process::command(province, &arguments, repository.root());
    command
        .stdout(Stdio::piped())
        .stderr(std::fs::File::create(log)?);
    let mut server = Background::start(&mut command)?;
    let said = server.stdout().context("the server has no output")?;
    let line = BufReader::new(said)
        .lines()
        .next()
        .context("the server ended at once")??;
    let url = line
        .strip_prefix("listening on ")
        .with_context(|| format!("the server said `{line}`"))?;
    Ok((server, url.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_thousand_are_made_up_unless_said_otherwise() {
        let options = Options::parse(&[]).unwrap();
        assert_eq!((options.cases, options.seed), (CASES, 1));
        let options = Options::parse(&["--cases", "1_000", "--seed", "7"]).unwrap();
        assert_eq!((options.cases, options.seed), (1_000, 7));
        assert!(Options::parse(&["--cases"]).is_err());
        assert!(Options::parse(&["quick"]).is_err());
    }

    #[test]
    fn only_requests_are_counted_as_requests() {
        let counted = [
            ("GET /healthz 200", 3),
            ("  held", 9),
            ("POST /v1/sync 422", 4),
        ]
        .map(|(what, count)| (what.to_owned(), count));
        assert_eq!(told(&BTreeMap::from(counted)), 7);
    }
}
