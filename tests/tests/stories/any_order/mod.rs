//! Whatever people do, in whatever order: the counts are the counts of the rows, the map shows what
//! the list counts, and everybody can be found.

mod steps;

use std::collections::BTreeMap;

use jitasa_tests::desk::{StoryDesk, VILLAGES, a_volunteer, with};
use proptest::prelude::*;
use serde_json::{Value, json};

use self::steps::{KINDS, Office, URGENCIES, any_step};

impl Office {
    /// Cases counted one by one.
    fn plain_rows(&self) -> Vec<Value> {
        let mut rows = Vec::new();
        let mut after = Value::Null;
        loop {
            let page = self.desk.ok(
                "case.list",
                json!({ "filter": { "all_states": true }, "limit": 3, "after": after }),
            );
            rows.extend(page["rows"].as_array().unwrap().iter().cloned());
            after = page["next"].clone();
            if after.is_null() {
                return rows;
            }
        }
    }

    fn counts_hold(&self) {
        let rows = self.plain_rows();
        let total =
            |filter: Value| self.desk.ok("case.list", json!({ "filter": filter }))["total"].clone();
        let count =
            |keep: &dyn Fn(&Value) -> bool| json!(rows.iter().filter(|row| keep(row)).count());
        assert_eq!(total(json!({ "all_states": true })), count(&|_| true));
        assert_eq!(total(json!({})), count(&|row| row["state"] != "closed"));
        for state in ["reported", "open", "in_progress", "met", "closed"] {
            assert_eq!(
                total(json!({ "states": [state] })),
                count(&|row| row["state"] == state),
                "{state}"
            );
        }
        for urgency in URGENCIES {
            let filter = json!({ "urgencies": [urgency], "all_states": true });
            assert_eq!(
                total(filter),
                count(&|row| row["urgency"] == urgency),
                "{urgency}"
            );
        }
        for (code, ..) in VILLAGES {
            let filter = json!({ "areas": [code], "all_states": true });
            assert_eq!(
                total(filter),
                count(&|row| row["area_code"] == code),
                "{code}"
            );
        }
        let filter = json!({ "areas": ["450905"], "all_states": true });
        assert_eq!(total(filter), count(&|_| true));
        let filter = json!({ "no_place": true, "all_states": true });
        assert_eq!(total(filter), count(&|row| row["has_place"] == false));
        for kind in KINDS {
            let has = |row: &Value| {
                row["needs"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .any(|need| need["kind"] == kind)
            };
            let filter = json!({ "need_kinds": [kind], "all_states": true });
            assert_eq!(total(filter), count(&has), "{kind}");
        }
        for verdict in ["unreviewed", "confirmed", "returned"] {
            let filter = json!({ "review_states": [verdict], "all_states": true });
            assert_eq!(
                total(filter),
                count(&|row| row["review_state"] == verdict),
                "{verdict}"
            );
        }
    }

    /// Rows of a list that comes in pages, and the total it states.
    fn paged(&self, command: &str, rows: &str) -> (usize, Value) {
        let (mut count, mut after) = (0, Value::Null);
        loop {
            let page = self.desk.ok(command, json!({ "limit": 2, "after": after }));
            count += page[rows].as_array().unwrap().len();
            after = page["next"].clone();
            if after.is_null() {
                return (count, page["total"].clone());
            }
        }
    }

    fn the_first_screen_counts_the_rows(&self) {
        let today = self.desk.ok("today.get", json!({}));
        let rows = self.plain_rows();
        let open = |row: &&Value| row["state"] != "closed";
        let count = |keep: &dyn Fn(&&Value) -> bool| json!(rows.iter().filter(keep).count());
        assert_eq!(today["open_cases"], count(&open));
        assert_eq!(
            today["without_place"],
            count(&|row| open(row) && row["has_place"] == false)
        );
        let waits = |row: &&Value| {
            ["reported", "open", "in_progress"]
                .iter()
                .any(|state| row["state"] == *state)
        };
        let critical = count(&|row| waits(row) && row["urgency"] == "critical");
        assert_eq!(today["critical_open"], critical);
        for (command, rows, figure) in [
            ("assignment.board", "rows", "needs_without_hands"),
            ("review.inbox", "items", "awaiting_review"),
        ] {
            let (count, total) = self.paged(command, rows);
            assert_eq!(
                (&json!(count), &total),
                (&total, &today[figure]),
                "{command}"
            );
        }
        let (count, total) = self.paged("assignment.list", "rows");
        assert_eq!(json!(count), total);
    }

    fn the_map_shows_what_the_list_counts(&self) {
        let rows = self.plain_rows();
        let wholes: Vec<_> = rows
            .iter()
            .map(|row| self.desk.whole(row["id"].as_str().unwrap()))
            .collect();
        let boxes = [
            (97.0, 5.0, 106.0, 21.0),
            (104.18, 16.28, 104.21, 16.31),
            (104.2, 16.3, 104.3, 16.4),
        ];
        for (west, south, east, north) in boxes {
            for zoom in [5.0, 11.0, 14.0, 18.0] {
                let view = self.desk.ok(
                    "map.view",
                    json!({ "west": west, "south": south, "east": east, "north": north, "zoom": zoom,
                            "filter": { "all_states": true } }),
                );
                let inside = wholes
                    .iter()
                    .filter(|case| {
                        case["lat"]
                            .as_f64()
                            .is_some_and(|lat| (south..=north).contains(&lat))
                            && case["lon"]
                                .as_f64()
                                .is_some_and(|lon| (west..=east).contains(&lon))
                    })
                    .count();
                let pins = view["pins"].as_array().unwrap().len() as u64;
                let clusters = view["clusters"].as_array().unwrap();
                let gathered: u64 = clusters
                    .iter()
                    .map(|cluster| cluster["count"].as_u64().unwrap())
                    .sum();
                let by_state: u64 = clusters
                    .iter()
                    .flat_map(|cluster| cluster["by_state"].as_array().unwrap())
                    .map(|count| count.as_u64().unwrap())
                    .sum();
                assert_eq!(
                    (pins + gathered, gathered),
                    (inside as u64, by_state),
                    "zoom {zoom}"
                );
                assert_eq!(view["total"], json!(inside));
                let without = rows.iter().filter(|row| row["has_place"] == false).count();
                assert_eq!(view["without_place"], json!(without));
            }
        }
    }

    fn everybody_is_found(&self) {
        for row in self.plain_rows() {
            let case = self.desk.whole(row["id"].as_str().unwrap());
            let person = &case["person"];
            for text in [
                &person["phone"],
                &person["full_name"],
                &person["family_name"],
                &case["number"],
            ] {
                let found = self
                    .desk
                    .ok("search.find", json!({ "text": text, "limit": 50 }));
                let hits = found["hits"].as_array().unwrap();
                assert!(
                    hits.iter().any(|hit| hit["id"] == case["id"]),
                    "{text} finds {found}"
                );
            }
            let filter = json!({ "filter": { "text": person["phone"], "all_states": true } });
            let listed = self.desk.ok("case.list", filter);
            assert_eq!(
                (&listed["total"], &listed["rows"][0]["id"]),
                (&json!(1), &case["id"])
            );
        }
    }

    /// A case stands where its needs stand.
    fn states_follow_from_needs(&self) {
        for row in self.plain_rows() {
            let mut states: BTreeMap<&str, usize> = BTreeMap::new();
            for need in row["needs"].as_array().unwrap() {
                *states.entry(need["state"].as_str().unwrap()).or_default() += 1;
            }
            let all_closed = states.len() == 1 && states.contains_key("closed");
            assert_eq!(row["state"] == "closed", all_closed, "{row}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 10, failure_persistence: None, max_shrink_iters: 60, ..ProptestConfig::default()
    })]

    #[test]
    fn whatever_people_do_counts_map_and_search_agree_with_the_rows(
        steps in proptest::collection::vec(any_step(), 10..45),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let desk = StoryDesk::office(folder.path(), 7);
        let volunteers = (0..3)
            .map(|n| desk.volunteer(&with(a_volunteer(), &json!({ "phone": format!("081000000{n}") }))))
            .collect();
        let mut office = Office { desk, volunteers, created: 0, acts: Vec::new() };
        for step in &steps {
            office.attempt(step);
        }
        office.counts_hold();
        office.the_first_screen_counts_the_rows();
        office.the_map_shows_what_the_list_counts();
        office.everybody_is_found();
        office.states_follow_from_needs();
        prop_assert_eq!(&office.desk.ok("doctor.run", json!({}))["ok"], &json!(true));
        // The same after the program was closed and opened again.
        drop(office.desk);
        office.desk = StoryDesk::open(folder.path(), 8);
        office.counts_hold();
    }
}
