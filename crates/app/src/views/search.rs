//! One box over people, cases, volunteers and places.

use super::views;

views! {
    /// What was typed.
    SearchRequest {
        text: String,
        /// 1 to 50.
        limit: u32,
    }

    /// A hit.
    SearchHit {
        /// `case`, `volunteer`, `village`.
        kind: String,
        id: String,
        title: String,
        subtitle: String,
    }

    /// Hits, best first.
    SearchHits {
        hits: Vec<SearchHit>,
        /// The text that was searched when the one typed was on the wrong keyboard.
        read_as: Option<String>,
    }
}
