use serde_json::json;

use super::*;
use crate::Enrolment;

const OLD: Uuid = Uuid::from_u128(1);
const NEW: Uuid = Uuid::from_u128(2);

/// A desk whose changes have their word: the place in the server's order, or none where they were held.
fn a_desk(folder: &std::path::Path, places: &[Option<i64>]) -> Store {
    let store = Store::create(folder, [7; 32]).unwrap();
    store
        .save_enrolment(&Enrolment {
            server_url: "https://jitasa.example".into(),
            server_id: Uuid::nil(),
            province_code: "45".into(),
            device_token: String::new(),
            server_key: Some([3; 32]),
            root_certificate: None,
            epoch: OLD,
        })
        .unwrap();
    let writer = store.writer();
    for (at, place) in places.iter().enumerate() {
        let number = i64::try_from(at).unwrap() + 1;
        let body = json!({"entity": "case", "entity_id": Uuid::nil(), "device_seq": number});
        writer
            .execute(
                "INSERT INTO sent (device_seq, link, seq, body) VALUES (?1, ?2, ?3, ?4)",
                params![number, [0u8; 32].as_slice(), place, body.to_string()],
            )
            .unwrap();
    }
    set_meta(&writer, "device_seq", &places.len().to_string()).unwrap();
    drop(writer);
    store
}

fn waiting(store: &Store) -> Vec<i64> {
    store
        .read(|conn| {
            let mut statement = conn.prepare("SELECT device_seq FROM outbox ORDER BY 1")?;
            let numbers = statement.query_map([], |row| row.get(0))?;
            Ok(numbers.collect::<Result<_, _>>()?)
        })
        .unwrap()
}

#[test]
fn what_the_server_judged_after_the_orders_parted_is_offered_again_though_it_holds_it() {
    let places = [Some(5), None, Some(8), None, Some(12), None];
    for (cut, expected, again) in [
        // The server waits for the seventh, but only the first three were judged in the order that goes on.
        (10, 7, vec![4, 5, 6]),
        (20, 7, vec![6]),
        (20, 2, vec![2, 3, 4, 5, 6]),
        (4, 7, vec![1, 2, 3, 4, 5, 6]),
    ] {
        let dir = tempfile::tempdir().unwrap();
        let store = a_desk(dir.path(), &places);
        store.rebase(NEW, cut, expected).unwrap();
        assert_eq!(waiting(&store), again, "cut {cut}, expected {expected}");
        assert_eq!(store.acked().unwrap(), again[0].unsigned_abs() - 1);
    }
}
