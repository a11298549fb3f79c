//! What crosses to the screens, the command line and the browser: shapes only, no rules.
//!
//! Moments are milliseconds since 1970 UTC, dates are `YYYY-MM-DD` of the common era (the screen
//! shows B.E.), states are codes, places are degrees of WGS 84. A citizen id is masked in every
//! list; only the one open case shows it whole.

pub mod area;
pub mod assignment;
pub mod care;
pub mod case;
pub mod export;
pub mod import;
pub mod kind;
pub mod map;
pub mod print;
pub mod report;
pub mod review;
pub mod rule;
pub mod search;
pub mod status;
pub mod sync;
pub mod volunteer;

/// Declares views: plain shapes that serde and TypeScript both know.
macro_rules! views {
    ($( $(#[$meta:meta])* $name:ident { $( $(#[$fmeta:meta])* $field:ident : $ty:ty, )* } )*) => {
        $(
            $(#[$meta])*
            #[derive(Debug, Clone, Default, serde::Serialize, serde::Deserialize, ts_rs::TS)]
            #[serde(default, deny_unknown_fields)]
            pub struct $name { $( $(#[$fmeta])* pub $field: $ty, )* }
        )*
    };
}
pub(crate) use views;

views! {
    /// A request that says nothing.
    Nothing {}

    /// One record by id.
    ById {
        id: String,
    }

    /// What a change did: the screen reloads these kinds of record, and offers to undo it.
    Acted {
        /// Names of entities that changed: `case`, `need`, `assignment`, ...
        changed: Vec<String>,
        /// The act, for undo.
        act_id: String,
        /// Code of what was done, for "ย้อน ...".
        action: String,
        /// The record that was made or changed, where there is one.
        id: Option<String>,
        /// Tasks that a volunteer still holds whom the act says is not there.
        still_holds: u32,
    }
}
