use super::*;

struct Answer {
    exit: Exit,
    out: String,
    err: String,
}

fn jitasa(arguments: &[&str]) -> Answer {
    jitasa_reading(arguments, "")
}

fn jitasa_reading(arguments: &[&str], input: &str) -> Answer {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut streams = Streams {
        input: &mut input.as_bytes(),
        out: &mut out,
        err: &mut err,
    };
    let exit = run(
        std::iter::once("jitasa").chain(arguments.iter().copied()),
        &mut streams,
    );
    Answer {
        exit,
        out: String::from_utf8(out).unwrap(),
        err: String::from_utf8(err).unwrap(),
    }
}

const SUBCOMMANDS: [&str; 7] = [
    "init", "call", "import", "export", "enrol", "sync", "doctor",
];

#[test]
fn every_subcommand_has_help_and_version_and_every_argument_a_line() {
    use clap::CommandFactory;
    for subcommand in SUBCOMMANDS {
        let help = jitasa(&[subcommand, "--help"]);
        assert_eq!(help.exit, Exit::Done, "{subcommand}");
        assert!(help.out.contains("Usage:"), "{subcommand}");
        assert_eq!(
            jitasa(&[subcommand, "--version"]).exit,
            Exit::Done,
            "{subcommand}"
        );
    }
    for subcommand in Arguments::command().get_subcommands() {
        for argument in subcommand.get_arguments() {
            let described = argument.get_help().is_some();
            assert!(described, "{} {}", subcommand.get_name(), argument.get_id());
        }
    }
}

#[test]
fn the_help_of_the_program_names_every_subcommand_and_exit_code() {
    let help = jitasa(&["--help"]).out;
    for word in SUBCOMMANDS {
        assert!(help.contains(word), "{word}");
    }
    assert!(help.contains("Exit codes:") && help.contains("  3  "));
}

#[test]
fn what_is_not_understood_ends_with_2() {
    for wrong in [
        &["--data", "d"][..],
        &["--data", "d", "fly"],
        &["--data", "d", "init"],
        &["--data", "d", "init", "--office"],
        &["--data", "d", "init", "--practice", "--size", "huge"],
        &["--data", "d", "import", "cats", "file.csv"],
        &[
            "--data",
            "d",
            "import",
            "cases",
            "file.csv",
            "--dry-run",
            "--accept-valid",
        ],
        &["--data", "d", "export", "cases"],
        &[
            "--data",
            "d",
            "export",
            "cases",
            "--out",
            "x.xlsx",
            "--unmasked",
        ],
        &["--data", "d", "enrol", "--server", "http://localhost"],
        &["--data", "d", "call"],
    ] {
        let answer = jitasa(wrong);
        assert_eq!(answer.exit, Exit::Usage, "{wrong:?}");
        assert!(!answer.err.is_empty() && answer.out.is_empty(), "{wrong:?}");
    }
}

#[test]
fn the_commands_are_listed_without_a_desk() {
    let answer = jitasa(&["call", "--list"]);
    assert_eq!(answer.exit, Exit::Done);
    assert!(answer.out.contains("case.create"));
}

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_str().unwrap().to_owned()
    }

    fn desk(&self, arguments: &[&str]) -> Answer {
        jitasa(&[&["--data", &self.path("desk")], arguments].concat())
    }

    fn office() -> Self {
        let folder = Self::new();
        let answer = folder.desk(&["init", "--office", "450905"]);
        assert_eq!(answer.exit, Exit::Done, "{}", answer.err);
        folder
    }

    fn file(&self, name: &str, text: &str) -> String {
        std::fs::write(self.path(name), text).unwrap();
        self.path(name)
    }
}

#[test]
fn a_call_prints_its_answer_as_json() {
    let folder = Folder::office();
    let answer = folder.desk(&["call", "status.get"]);
    assert_eq!(answer.exit, Exit::Done);
    let status: serde_json::Value = serde_json::from_str(&answer.out).unwrap();
    assert_eq!(status["office"]["code"], "450905");
}

#[test]
fn a_request_may_come_on_standard_input() {
    let folder = Folder::office();
    let arguments = ["--data", &folder.path("desk"), "call", "area.find", "-"];
    let answer = jitasa_reading(&arguments, r#"{"text":"450905"}"#);
    assert_eq!(answer.exit, Exit::Done, "{}", answer.out);
    assert!(answer.out.contains("450905"));
}

#[test]
fn a_refused_call_prints_code_message_and_details_and_ends_with_1() {
    let folder = Folder::office();
    let answer = folder.desk(&["call", "case.get", r#"{"id":"no such case"}"#]);
    assert_eq!(answer.exit, Exit::Refused);
    let refusal: serde_json::Value = serde_json::from_str(&answer.out).unwrap();
    assert!(refusal["code"].is_string() && refusal["details"].is_object());
    assert!(!refusal["message"].as_str().unwrap().is_empty());
}

#[test]
fn a_second_office_on_the_same_folder_is_refused_in_words() {
    let folder = Folder::office();
    let answer = folder.desk(&["init", "--office", "450909"]);
    assert_eq!(answer.exit, Exit::Refused);
    assert!(
        answer.out.is_empty()
            && answer
                .err
                .chars()
                .any(|letter| ('ก'..='๙').contains(&letter))
    );
    let status = folder.desk(&["call", "status.get"]).out;
    assert!(status.contains("\"450905\""));
}

#[test]
fn an_office_that_is_not_in_the_gazetteer_is_refused() {
    let answer = Folder::new().desk(&["init", "--office", "999999"]);
    assert_eq!(answer.exit, Exit::Refused);
}

const GOOD_AND_BAD: &str = "ชื่อ,สกุล,โทรศัพท์,บ้านเลขที่,หมู่ที่,ตำบล,ความต้องการ\n\
    สมมติ,ทดลองใจ,0812345678,12,5,โคกสว่าง,อาหาร\n\
    สมมุติ,ทดลองดี,0812345679,13,ห้าสิบหมู่,โคกสว่าง,ไม่มีอย่างนี้\n";

#[test]
fn nothing_is_stored_when_a_row_is_set_aside_unless_the_good_rows_are_accepted() {
    let folder = Folder::office();
    let file = folder.file("cases.csv", GOOD_AND_BAD);
    let refused = folder.desk(&["import", "cases", &file, "--json"]);
    assert_eq!(refused.exit, Exit::NeedsPerson, "{}", refused.err);
    let report: serde_json::Value = serde_json::from_str(&refused.out).unwrap();
    assert_eq!(
        (&report["rows"], &report["set_aside"]),
        (&2.into(), &1.into())
    );
    assert_eq!(report["stored"], false);
    assert_eq!(report["problems"][0]["row"], 3);

    let accepted = folder.desk(&["import", "cases", &file, "--accept-valid", "--json"]);
    assert_eq!(accepted.exit, Exit::NeedsPerson);
    let report: serde_json::Value = serde_json::from_str(&accepted.out).unwrap();
    assert_eq!(
        (&report["stored"], &report["accepted"]),
        (&true.into(), &1.into())
    );
}

#[test]
fn a_person_reads_in_thai_what_became_of_an_import() {
    let folder = Folder::office();
    let file = folder.file("cases.csv", GOOD_AND_BAD);
    let answer = folder.desk(&["import", "cases", &file]);
    assert!(answer.out.contains("แถวที่ 3") && answer.out.contains("ยังไม่บันทึกอะไร"));
}

#[test]
fn an_export_chooses_its_format_by_the_ending_of_the_name() {
    let folder = Folder::office();
    for name in ["out.xlsx", "out.csv", "out.geojson"] {
        let out = folder.path(name);
        let answer = folder.desk(&["export", "cases", "--out", &out]);
        assert_eq!(answer.exit, Exit::Done, "{name}: {}", answer.err);
        assert!(std::fs::metadata(out).unwrap().len() > 0, "{name}");
    }
    let out = folder.path("out.doc");
    assert_eq!(
        folder.desk(&["export", "cases", "--out", &out]).exit,
        Exit::Usage
    );
}

#[test]
fn a_filter_with_an_unknown_field_is_refused_and_writes_no_file() {
    let folder = Folder::office();
    let out = folder.path("out.csv");
    let answer = folder.desk(&[
        "export",
        "cases",
        "--out",
        &out,
        "--filter",
        r#"{"colour":"red"}"#,
    ]);
    assert_eq!(answer.exit, Exit::Refused);
    assert!(!std::path::Path::new(&out).exists());
}

#[test]
fn a_desk_that_is_not_enrolled_cannot_sync_and_says_so_in_thai() {
    let folder = Folder::office();
    let answer = folder.desk(&["sync", "--json"]);
    assert_eq!(answer.exit, Exit::Refused);
    assert!(
        answer
            .err
            .chars()
            .any(|letter| ('ก'..='๙').contains(&letter))
    );
}

#[test]
fn the_doctor_finds_a_new_office_in_order() {
    let folder = Folder::office();
    let answer = folder.desk(&["doctor", "--json"]);
    assert_eq!(answer.exit, Exit::Done, "{}", answer.out);
    let report: serde_json::Value = serde_json::from_str(&answer.out).unwrap();
    assert_eq!(report["ok"], true);
}
