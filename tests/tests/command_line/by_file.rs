//! Two desks without any line, and a province on the other side of a stick.

use std::{fs, path::PathBuf};

use jitasa_tests::{
    lists::List,
    programs::{Desk, Server, province},
};
use serde_json::json;
use tempfile::TempDir;

use crate::every_case;

/// A folder with a province, and desks that it has let in by file.
struct Stick {
    house: TempDir,
}

impl Stick {
    fn new() -> Self {
        Self {
            house: tempfile::tempdir().unwrap(),
        }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.house.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        self.at(name).to_str().unwrap().to_string()
    }

    /// A desk that wrote its wish to a file, and took the province's grant from one.
    fn a_desk(&self, name: &str, office: &str) -> Desk {
        let desk = Desk::init(&self.at(name), office);
        let (wish, grant) = (
            self.text(&format!("{name}.wish")),
            self.text(&format!("{name}.grant")),
        );
        let words = desk.run(&["enrol", "--request", &wish]).ended(0).out;
        let admitted = self
            .province(&["admit", &wish, "--bundle", &grant])
            .ended(0);
        let spoken = admitted.out.lines().last().unwrap().to_string();
        assert!(words.contains(&spoken), "both read the same six words");
        let _ = desk.run(&["enrol", "--bundle", &grant]).ended(0);
        desk
    }

    fn province(&self, arguments: &[&str]) -> jitasa_tests::programs::Said {
        province(&self.at("province"), arguments)
    }

    fn keys_cases(&self, desk: &Desk, count: usize) {
        let list = List::made_up("โคกสว่าง", 1, count);
        let file = self.at("ผู้ประสบภัย.csv");
        fs::write(&file, list.utf8(0)).unwrap();
        let _ = desk
            .run(&["import", "cases", file.to_str().unwrap(), "--accept-valid"])
            .ended(0);
    }
}

#[test]
fn what_two_desks_do_goes_by_stick_and_taken_twice_it_is_taken_once() {
    let stick = Stick::new();
    let first = stick.a_desk("first", "450905");
    let second = stick.a_desk("second", "450905");
    stick.keys_cases(&first, 20);

    let (batch, receipt) = (stick.text("first.batch"), stick.text("first.receipt"));
    let written = first
        .run(&["batch", "write", &batch, "--json"])
        .ended(0)
        .json();
    let changes = written["changes"].as_i64().unwrap();
    assert!(changes >= 60 && written["left"] == 0, "{written}");
    // Written again, it is the same run, and waits for the same receipt.
    let again = first
        .run(&["batch", "write", &batch, "--json"])
        .ended(0)
        .json();
    assert_eq!(again["changes"], written["changes"]);

    let taken = stick
        .province(&["batch", "take", &batch, "--receipt", &receipt])
        .ended(0);
    assert!(
        taken.out.contains(&format!("{changes} new")),
        "{}",
        taken.out
    );
    let said_once = fs::read(&receipt).unwrap();
    let _ = stick
        .province(&["batch", "take", &batch, "--receipt", &receipt])
        .ended(0);

    let counts = first
        .run(&["batch", "receipt", &receipt, "--json"])
        .ended(0)
        .json();
    assert_eq!(
        (&counts["sent"], &counts["new"], &counts["pending"]),
        (&json!(changes), &json!(changes), &json!(0))
    );
    // The answer to the file that was taken first says nothing more.
    fs::write(&receipt, said_once).unwrap();
    let counts = first
        .run(&["batch", "receipt", &receipt, "--json"])
        .ended(0)
        .json();
    assert_eq!(
        (&counts["sent"], &counts["received"]),
        (&json!(0), &json!(0))
    );

    // The second desk asks by file, and gets all of it.
    let (asks, answer) = (stick.text("second.batch"), stick.text("second.receipt"));
    let _ = second.run(&["batch", "write", &asks]).ended(0);
    let _ = stick
        .province(&["batch", "take", &asks, "--receipt", &answer])
        .ended(0);
    let _ = second.run(&["batch", "receipt", &answer]).ended(0);
    let numbers = |desk: &Desk| {
        let mut numbers: Vec<_> = every_case(desk)
            .iter()
            .map(|case| case["number"].clone())
            .collect();
        numbers.sort_by_key(ToString::to_string);
        numbers
    };
    assert_eq!(numbers(&second).len(), 20);
    assert_eq!(numbers(&second), numbers(&first));
}

#[test]
fn a_file_that_is_damaged_foreign_or_for_another_desk_is_refused_whole() {
    let stick = Stick::new();
    let desk = stick.a_desk("first", "450905");
    let other = stick.a_desk("other", "450909");
    stick.keys_cases(&desk, 3);
    let (batch, receipt) = (stick.text("first.batch"), stick.text("first.receipt"));
    let _ = desk.run(&["batch", "write", &batch]).ended(0);
    let whole = fs::read(&batch).unwrap();
    let damaged = stick.text("damaged.batch");
    let take = |bytes: &[u8]| {
        fs::write(&damaged, bytes).unwrap();
        stick.province(&["batch", "take", &damaged, "--receipt", &receipt])
    };
    let mut flipped = whole.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 1;
    let longer = [whole.as_slice(), b"x"].concat();
    for bytes in [
        &whole[..whole.len() - 1],
        &whole[..20],
        &flipped,
        &longer,
        b"",
        b"PK\x03\x04",
    ] {
        let _ = take(bytes).ended(1);
        assert!(!stick.at("first.receipt").exists(), "nothing was answered");
    }
    // To another province's server it is nobody's.
    let elsewhere = stick.at("elsewhere");
    let _ = province(&elsewhere, &["enrol", "--office", "450905"]).ended(0);
    let _ = province(
        &elsewhere,
        &["batch", "take", &batch, "--receipt", &receipt],
    )
    .ended(1);

    let _ = stick
        .province(&["batch", "take", &batch, "--receipt", &receipt])
        .ended(0);
    let said = fs::read(&receipt).unwrap();
    let refused = other.run(&["batch", "receipt", &receipt]).ended(1);
    assert!(refused.err.contains("เป็นของเครื่องอื่น"), "{}", refused.err);
    fs::write(&damaged, &said[..said.len() - 3]).unwrap();
    let _ = desk.run(&["batch", "receipt", &damaged]).ended(1);
    let counts = desk
        .run(&["batch", "receipt", &receipt, "--json"])
        .ended(0)
        .json();
    assert_eq!(counts["pending"], 0);
}

#[test]
fn an_enrolment_file_says_where_the_server_is_and_lets_its_office_in() {
    let stick = Stick::new();
    let bundle = stick.text("bundle");
    let not_yet = stick
        .province(&["enrol", "--office", "450905", "--bundle", &bundle])
        .ended(1);
    assert!(not_yet.err.contains("serve"), "{}", not_yet.err);
    let server = Server::start(&stick.at("province"), &stick.at("server.log"));
    let _ = stick
        .province(&["enrol", "--office", "450905", "--bundle", &bundle])
        .ended(0);
    let desk = Desk::init(&stick.at("desk"), "450905");
    let stranger = Desk::init(&stick.at("stranger"), "450909");
    let refused = stranger.run(&["enrol", "--bundle", &bundle]).ended(1);
    assert!(refused.err.contains("รหัส 450905"), "{}", refused.err);
    let _ = desk.run(&["enrol", "--bundle", &bundle]).ended(0);
    stick.keys_cases(&desk, 2);
    let receipt = desk.run(&["sync", "--json"]).ended(0).json();
    assert_eq!(receipt["pending"], 0, "{receipt}");
    // The line and the stick tell one story: what went by the line is not told again by file.
    let (asks, answer) = (stick.text("asks"), stick.text("answer"));
    let written = desk
        .run(&["batch", "write", &asks, "--json"])
        .ended(0)
        .json();
    assert_eq!(written["changes"], 0);
    drop(server);
    let _ = stick
        .province(&["batch", "take", &asks, "--receipt", &answer])
        .ended(0);
    let counts = desk
        .run(&["batch", "receipt", &answer, "--json"])
        .ended(0)
        .json();
    assert_eq!(
        (&counts["sent"], &counts["received"]),
        (&json!(0), &json!(0))
    );
}
