//! The program as an operator with PostgreSQL meets it: its words, its exit codes, and that it tells no secret.

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _},
    process::{Command, Output, Stdio},
};

use jitasa_tests::{
    keeper::{Keeper, Place},
    postgres::Cluster,
    programs::program,
};

const SECRET: &str = "s3cret-in-the-url";

fn url(place: &Place) -> String {
    let url = Cluster::of_this_process().url(place.database().unwrap());
    format!("{url}&password={SECRET}")
}

/// What lies beside the database: certificates, and what the server says of itself.
fn data() -> &'static std::path::Path {
    static DATA: std::sync::OnceLock<tempfile::TempDir> = std::sync::OnceLock::new();
    DATA.get_or_init(|| tempfile::tempdir().unwrap()).path()
}

fn line(url: &str, arguments: &[&str]) -> Command {
    let mut line = Command::new(program("jitasa-province"));
    line.arg("--data").arg(data());
    line.args(["--database", url, "--province", "45"])
        .args(arguments);
    line.env_remove("JITASA_DATABASE")
        .env("JITASA_LOG", "debug");
    line
}

fn said(url: &str, arguments: &[&str]) -> Output {
    let output = line(url, arguments).output().unwrap();
    let all = [output.stdout.clone(), output.stderr.clone()].concat();
    assert!(!String::from_utf8(all).unwrap().contains(SECRET));
    output
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn the_program_serves_from_postgres_and_its_other_commands_use_the_same_ledger() {
    let place = Place::new(Keeper::Postgres);
    let url = url(&place);
    assert_eq!(
        said(&url, &["restored"]).status.code(),
        Some(1),
        "no province yet"
    );
    assert_eq!(
        out(&said(&url, &["enrol", "--office", "450905"]))
            .trim()
            .len(),
        10
    );
    assert_eq!(
        said(&url, &["enrol", "--office", "500101"]).status.code(),
        Some(1)
    );
    assert!(said(&url, &["offices"]).status.success());

    let mut server = line(&url, &["serve", "--listen", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = String::new();
    BufReader::new(server.stdout.take().unwrap())
        .read_line(&mut first)
        .unwrap();
    let address = first.trim().strip_prefix("listening on ").unwrap();
    let health = ureq::get(format!("{address}/healthz")).call().unwrap();
    assert_eq!(health.status().as_u16(), 200);
    // A code is given by another process meanwhile.
    assert!(
        said(&url, &["enrol", "--office", "450909"])
            .status
            .success()
    );
    let stop = Command::new("kill")
        .arg("-TERM")
        .arg(server.id().to_string())
        .status();
    assert!(stop.unwrap().success());
    let mut log = String::new();
    server
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut log)
        .unwrap();
    assert_eq!(server.wait().unwrap().code(), Some(0), "{log}");
    assert!(
        !log.contains(SECRET) && !log.contains("postgres://"),
        "{log}"
    );
}

#[test]
fn a_dump_that_was_put_back_begins_a_new_epoch_when_somebody_says_so() {
    let place = Place::new(Keeper::Postgres);
    let url = url(&place);
    assert!(
        said(&url, &["enrol", "--office", "450905"])
            .status
            .success()
    );
    let epochs = || place.open().standing().unwrap().unwrap().epochs.len();
    assert_eq!(epochs(), 1);
    assert!(said(&url, &["restored"]).status.success());
    assert_eq!(epochs(), 2);
    // The other way: the mark of a copy, and the next beginning of the server.
    let mut client = Cluster::of_this_process().client(place.database().unwrap());
    client
        .batch_execute("UPDATE province SET is_copy = 1 WHERE province = '45'")
        .unwrap();
    place.open().make_whole(crate::line::NOW).unwrap();
    assert_eq!(epochs(), 3);
}

#[test]
fn what_is_wrong_with_a_database_is_said_without_its_url() {
    let place = Place::new(Keeper::Postgres);
    let wrong = url(&place).replace("story_", "nowhere_");
    let refused = said(&wrong, &["offices"]);
    assert_eq!(refused.status.code(), Some(1));
    let words = String::from_utf8(refused.stderr).unwrap();
    assert!(
        words.contains("3D000") && !words.contains("nowhere_"),
        "{words}"
    );
    let mut of_none = Command::new(program("jitasa-province"));
    of_none
        .arg("--data")
        .arg(data())
        .args(["--database", &wrong, "offices"]);
    assert_eq!(
        of_none.output().unwrap().status.code(),
        Some(2),
        "of which province?"
    );
}

#[test]
fn a_password_may_lie_in_a_file() {
    let place = Place::new(Keeper::Postgres);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("password");
    let url = Cluster::of_this_process().url(place.database().unwrap());
    let with = |file: &std::path::Path| {
        said(
            &url,
            &["--password-file", file.to_str().unwrap(), "offices"],
        )
    };
    assert_eq!(with(&file).status.code(), Some(1), "the file is not there");
    fs::write(&file, format!("{SECRET}\n")).unwrap();
    assert!(with(&file).status.success());
}
