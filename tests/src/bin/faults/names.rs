//! What the desks here write: made-up people, each with a mark by which he is found again.

use jitasa_tests::desk::{a_case, with};
use serde_json::{Value, json};

/// The office of the stories.
pub(crate) const OFFICE: &str = "450905";
/// The one above it, which sees what that has.
pub(crate) const DISTRICT: &str = "4509";

/// Villages of the office: those that made-up lists name.
const VILLAGES: u32 = 10;

/// The call of a made-up person; `mark` is found in its landmark, and `key` is the record's own id.
pub(crate) fn marked_case(mark: &str, key: &str) -> Value {
    with(
        a_case(),
        &json!({ "landmark": mark, "client_key": key, "phone": null }),
    )
}

/// An empty desk opens an office, with its villages and its incident.
pub(crate) fn open_office(app: &jitasa_app::App, code: &str) -> crate::Outcome<()> {
    app.init_office(code, None)?;
    for moo in 1..=VILLAGES {
        let village =
            json!({ "subdistrict_code": OFFICE, "moo": moo, "name": format!("บ้านที่ {moo}") });
        let _ = app.call("village.save", village)?;
    }
    let incident =
        json!({ "name": "น้ำท่วมปลายฝน 2569", "kind": "flood", "started_on": "2026-11-15" });
    let _ = app.call("incident.save", incident)?;
    Ok(())
}
