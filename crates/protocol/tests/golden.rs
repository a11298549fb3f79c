//! The wire as files: what an older program wrote is still read, and what this one writes is what
//! another team's client was promised.

use jitasa_protocol::{EnrolAnswer, EnrolRequest, Problem, SyncAnswer, SyncRequest};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

fn is_written_as_it_was_read<T: Serialize + DeserializeOwned>(name: &str) {
    let path = format!(
        "{}/../../tests/wire/v1/{name}.json",
        env!("CARGO_MANIFEST_DIR")
    );
    let text = std::fs::read_to_string(&path).expect("the golden file is there");
    let read: T = serde_json::from_str(&text).expect("the golden file is understood");
    let golden: Value = serde_json::from_str(&text).expect("the golden file is JSON");
    assert_eq!(
        serde_json::to_value(&read).expect("it can be written"),
        golden,
        "{name}"
    );
}

#[test]
fn every_message_of_version_1_is_read_and_written_as_its_golden_file() {
    is_written_as_it_was_read::<EnrolRequest>("enrol-request");
    is_written_as_it_was_read::<EnrolAnswer>("enrol-answer");
    is_written_as_it_was_read::<SyncRequest>("sync-request");
    is_written_as_it_was_read::<SyncAnswer>("sync-answer");
    is_written_as_it_was_read::<Problem>("problem-gap");
    is_written_as_it_was_read::<Problem>("problem-busy");
}
