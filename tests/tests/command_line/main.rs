//! The programs in order, as an office's IT officer would type them: two desks, one server, a list of
//! five hundred, a case that is referred, a server that is killed, a workbook that others open.
#![allow(clippy::unwrap_used, reason = "a story that cannot go on has failed")]
#![allow(clippy::print_stdout, reason = "what was skipped is said")]

mod by_file;
mod in_order;
mod paper;
mod usage;
mod workbook;

use jitasa_tests::{lists::Row, programs::Desk};
use jitasa_thai::phone;
use serde_json::{Value, json};

const EVERY_CASE: &str = r#"{"filter":{"all_states":true},"sort":"number","limit":500}"#;

/// Every case of a desk that has at most five hundred, latest number first.
pub(crate) fn every_case(desk: &Desk) -> Vec<Value> {
    let list = desk.run(&["call", "case.list", EVERY_CASE]).ended(0).json();
    let rows = list["rows"].as_array().unwrap().clone();
    assert_eq!(
        list["total"],
        json!(rows.len()),
        "the count is the count of the rows"
    );
    rows
}

/// A row of the list of cases says what the row of the file said.
pub(crate) fn says_the_same(case: &Value, row: &Row, office: &str) {
    let phone = (!row.phone.is_empty()).then(|| phone::format(&row.phone));
    let needs: Vec<_> = row.needs.iter().map(|(_, code)| *code).collect();
    let kinds: Vec<_> = case["needs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|need| &need["kind"])
        .collect();
    assert_eq!(
        case["name"],
        format!("{}{} {}", row.title, row.given, row.family)
    );
    assert_eq!(case["phone"], json!(phone), "{case}");
    assert_eq!(case["house_no"], row.house_no);
    assert_eq!(case["area_code"], format!("{office}{:02}", row.moo));
    assert_eq!(kinds, needs, "{case}");
    assert_eq!(case["urgency"], row.urgency.1);
    assert_eq!(case["people_count"], row.people_count);
    assert_eq!(case["has_place"], row.point.is_some());
    let midnight = row.reported_on.at(0, 0, 0, 0);
    assert_eq!(
        case["reported_at"],
        jitasa_domain::Timestamp::from_bangkok(midnight).0
    );
}
