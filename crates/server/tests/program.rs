//! The program as an operator meets it: its words, its exit codes, its death and its return.
#![allow(clippy::unwrap_used, reason = "a story that cannot go on has failed")]

use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Output, Stdio},
};

fn province(dir: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_jitasa-province"))
        .arg("--data")
        .arg(dir)
        .args(arguments)
        .output()
        .unwrap()
}

const COMMANDS: [&str; 8] = [
    "serve", "operator", "enrol", "offices", "revoke", "backup", "verify", "doctor",
];

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// A server under way; it is killed at once when the story ends or drops it.
struct Serving {
    child: Child,
    url: String,
}

impl Serving {
    fn from(dir: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_jitasa-province"))
            .arg("--data")
            .arg(dir)
            .args(["serve", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let url = line
            .trim()
            .strip_prefix("listening on ")
            .unwrap()
            .to_string();
        Self { child, url }
    }

    fn post(&self, path: &str, token: &str, body: &serde_json::Value) -> serde_json::Value {
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .proxy(None)
            .build();
        let mut answer = agent
            .new_agent()
            .post(format!("{}{path}", self.url))
            .header("Authorization", format!("Bearer {token}"))
            .send_json(body)
            .unwrap();
        answer.body_mut().read_json().unwrap()
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

#[test]
fn help_and_version_are_there_for_the_program_and_each_command() {
    let dir = tempfile::tempdir().unwrap();
    for command in COMMANDS {
        for flag in ["--help", "--version"] {
            let said = province(dir.path(), &[command, flag]);
            assert_eq!(said.status.code(), Some(0), "{command} {flag}");
            assert!(!said.stdout.is_empty());
        }
    }
    let help = text(&province(dir.path(), &["--help"]).stdout);
    assert!(COMMANDS.iter().all(|command| help.contains(command)));
    assert!(
        !dir.path().join("province.db").exists(),
        "asking for help makes nothing"
    );
}

#[test]
fn wrong_usage_is_2_and_a_refusal_is_1_with_a_sentence() {
    let dir = tempfile::tempdir().unwrap();
    for arguments in [&["sevre"][..], &["enrol"], &["revoke", "--device", "7"]] {
        assert_eq!(
            province(dir.path(), arguments).status.code(),
            Some(2),
            "{arguments:?}"
        );
    }
    let open = province(dir.path(), &["serve", "--listen", "0.0.0.0:0"]);
    assert_eq!(open.status.code(), Some(1));
    assert!(
        text(&open.stderr).contains("reverse proxy"),
        "{}",
        text(&open.stderr)
    );
    for arguments in [&["enrol", "--office", "ร้อยเอ็ด"][..], &["offices"]] {
        let refused = province(dir.path(), arguments);
        assert_eq!(refused.status.code(), Some(1), "{arguments:?}");
        assert!(text(&refused.stderr).starts_with("jitasa-province: "));
    }
}

#[test]
fn a_code_is_printed_alone_and_an_office_of_another_province_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let code = text(&province(dir.path(), &["enrol", "--office", "450905"]).stdout);
    assert_eq!(code.trim_end().len(), 10);
    let elsewhere = province(dir.path(), &["enrol", "--office", "500101"]);
    assert_eq!(elsewhere.status.code(), Some(1));
    assert!(elsewhere.stdout.is_empty());
}

#[test]
fn a_server_that_is_killed_and_started_again_still_has_what_it_said_it_has() {
    let dir = tempfile::tempdir().unwrap();
    let serving = Serving::from(dir.path());
    // The code is given while the server runs, by another process.
    let code = text(&province(dir.path(), &["enrol", "--office", "450905"]).stdout);
    let device = "0192f0a0-1111-7000-8000-000000000001";
    let enrolled = serving.post(
        "/v1/enrol",
        "",
        &serde_json::json!({
            "protocol": 1, "code": code.trim(), "device_id": device, "device_name": "โต๊ะ 1",
            "office_code": "450905",
        }),
    );
    let token = enrolled["device_token"].as_str().unwrap().to_string();
    let mut request: serde_json::Value =
        serde_json::from_str(include_str!("../../../tests/wire/v1/sync-request.json")).unwrap();
    request["cursor"] = 0.into();
    let first = serving.post("/v1/sync", &token, &request);
    assert_eq!(first["outcomes"][0]["verdict"], "new", "{first}");
    drop(serving);

    let serving = Serving::from(dir.path());
    assert_eq!(serving.post("/v1/sync", &token, &request), first);
    let offices = text(&province(dir.path(), &["offices"]).stdout);
    assert!(offices.contains("450905"), "{offices}");
    assert!(offices.contains(" 25"), "the year is Buddhist: {offices}");
}

#[cfg(unix)]
#[test]
fn a_server_that_is_asked_to_stop_ends_well() {
    let dir = tempfile::tempdir().unwrap();
    let mut serving = Serving::from(dir.path());
    let asked = Command::new("kill")
        .arg("-TERM")
        .arg(serving.child.id().to_string())
        .status();
    assert!(asked.unwrap().success());
    assert_eq!(serving.child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_backup_is_made_while_the_server_runs_verified_and_kept_in_number() {
    let (dir, shelf) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let _serving = Serving::from(dir.path());
    province(dir.path(), &["enrol", "--office", "450905"]);
    let to = shelf.path().to_str().unwrap();
    let made = province(dir.path(), &["backup", to, "--keep", "3"]);
    assert_eq!(made.status.code(), Some(0), "{}", text(&made.stderr));
    let file = text(&made.stdout).trim().to_string();
    let verified = province(dir.path(), &["verify", &file]);
    assert_eq!(
        verified.status.code(),
        Some(0),
        "{}",
        text(&verified.stderr)
    );
    let doctor = province(dir.path(), &["doctor"]);
    assert!(text(&doctor.stdout).contains("the ledger is whole"));

    let mut bytes = std::fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x40;
    std::fs::write(&file, bytes).unwrap();
    let verified = province(dir.path(), &["verify", &file]);
    assert_eq!(verified.status.code(), Some(3));
    assert!(verified.stdout.is_empty());
    let absent = province(dir.path(), &["verify", "/nowhere/at/all.db"]);
    assert_eq!(absent.status.code(), Some(1));
}

#[test]
fn a_link_for_the_operator_is_of_the_server_that_runs() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(province(dir.path(), &["operator"]).status.code(), Some(1));
    let serving = Serving::from(dir.path());
    let link = text(&province(dir.path(), &["operator"]).stdout);
    assert!(
        link.starts_with(&format!("{}/operator/sign-in?link=", serving.url)),
        "{link}"
    );
}

#[test]
fn a_server_with_its_own_root_says_where_the_root_is_and_listens_under_tls() {
    let dir = tempfile::tempdir().unwrap();
    let arguments = [
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--own-root",
        "--name",
        "jitasa.example.go.th",
    ];
    let mut child = Command::new(env!("CARGO_BIN_EXE_jitasa-province"))
        .arg("--data")
        .arg(dir.path())
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    assert!(
        line.starts_with("listening on https://127.0.0.1:"),
        "{line}"
    );
    assert!(dir.path().join("tls/root.pem").is_file());
    let link = text(&province(dir.path(), &["operator"]).stdout);
    assert!(link.starts_with("https://jitasa.example.go.th:"), "{link}");
    let doctor = text(&province(dir.path(), &["doctor"]).stdout);
    assert!(doctor.contains("the certificate is good until"), "{doctor}");
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn the_unit_of_the_server_is_one_that_systemd_understands() {
    // A unit names a program that is not installed here; everything else is to be understood.
    let dir = tempfile::tempdir().unwrap();
    let program = env!("CARGO_BIN_EXE_jitasa-province");
    let units = [
        "jitasa-province.service",
        "jitasa-backup.service",
        "jitasa-backup.timer",
    ];
    for name in units {
        let unit = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../assets/server")
            .join(name);
        let written = std::fs::read_to_string(&unit).unwrap();
        let here = written.replace("/usr/local/bin/jitasa-province", program);
        std::fs::write(dir.path().join(name), here).unwrap();
    }
    let Ok(said) = Command::new("systemd-analyze")
        .arg("verify")
        .args(units.map(|name| dir.path().join(name)))
        .output()
    else {
        // No systemd on this machine; CI has one.
        return;
    };
    let said = text(&said.stderr);
    let about_us: Vec<_> = said
        .lines()
        .filter(|line| line.contains("jitasa"))
        .collect();
    assert!(about_us.is_empty(), "{about_us:?}");
}
