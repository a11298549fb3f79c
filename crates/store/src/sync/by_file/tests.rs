use crate::sync::reading;

use super::*;

fn a_line(sent: i64) -> BatchLine {
    BatchLine {
        at: Timestamp(9),
        sent,
        new: sent - 1,
        conflicts: 1,
        ..BatchLine::default()
    }
}

#[test]
fn a_file_waits_for_its_receipt_and_the_receipt_counts_once() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::create(dir.path(), [7; 32]).unwrap();
    let hash = [3; 32];
    let at = Timestamp(1_795_305_600_000);
    store
        .note_file_batch(at, "stick.jitasabatch", &hash, 5, 14)
        .unwrap();
    // The stick was lost, and the same changes are written once more.
    store
        .note_file_batch(at.plus_ms(60_000), "other.jitasabatch", &hash, 5, 14)
        .unwrap();
    // Exchanges by line do not push it out of sight.
    for each in 0..5 {
        store
            .record_sync(at.plus_ms(90_000 + each), Ok(BatchLine::default()))
            .unwrap();
    }
    let listed = store.read(|conn| reading::batches(conn, 3)).unwrap();
    let waits = &listed[0];
    assert_eq!(
        (waits.by.as_str(), waits.state.as_str()),
        ("file", "written")
    );
    assert_eq!(waits.file_name.as_deref(), Some("other.jitasabatch"));
    assert_eq!(waits.line.sent, 10);

    let later = at.plus_ms(86_400_000);
    store.receipt_file_batch(&hash, a_line(10), later).unwrap();
    store
        .receipt_file_batch(&hash, a_line(10), later.plus_ms(1))
        .unwrap();
    assert_eq!(store.read(reading::last_sync_at).unwrap(), Some(later.0));
    let all = store.read(|conn| reading::batches(conn, 30)).unwrap();
    let by_file: Vec<_> = all.iter().filter(|each| each.by == "file").collect();
    assert_eq!(by_file.len(), 1);
    let done = by_file[0];
    assert_eq!(done.state, "receipted");
    assert_eq!(done.receipted_at, Some(later));
    assert_eq!(
        (done.line.sent, done.line.new, done.line.conflicts),
        (10, 9, 1)
    );
}

#[test]
fn a_receipt_of_a_file_that_nobody_remembers_is_noted_all_the_same() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::create(dir.path(), [7; 32]).unwrap();
    let at = Timestamp(1_795_305_600_000);
    store.receipt_file_batch(&[4; 32], a_line(3), at).unwrap();
    let all = store.read(|conn| reading::batches(conn, 30)).unwrap();
    assert_eq!(
        (all.len(), all[0].line.new, all[0].receipted_at),
        (1, 2, Some(at))
    );
}
