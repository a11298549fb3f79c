//! Bytes of a new case and of an edit, in batches of 1, 10 and 100.

use std::io::{self, Write as _};

use jitasa_domain::{change::Change, ids::SeededIds};
use jitasa_protocol::{
    DeviceKey,
    columns::write_changes,
    frame::{self, Compression, Kind},
};
use serde_json::Value;

use crate::{
    LEARNT_FROM, Outcome, learnt,
    made::{self, Made},
    samples,
};

const LEVEL: i32 = 19;

pub(crate) fn print(made: &Made) -> Outcome<()> {
    let other = made::office(LEARNT_FROM[0])?;
    let mut chance = SeededIds(1);
    let json_samples: Vec<Vec<u8>> = [&other.month, &other.edits]
        .into_iter()
        .flat_map(|changes| samples::batches(changes, &mut chance))
        .map(serde_json::to_vec)
        .collect::<Result<_, _>>()?;
    let json_dictionary = learnt(&json_samples, 64)?;
    let cases: Vec<&[Change]> = made
        .month
        .chunk_by(|a, b| a.act_id == b.act_id)
        .filter(|act| made::new_cases(act).count() == 1)
        .collect();
    let edits: Vec<&[Change]> = made.edits.chunks(1).collect();
    let strange: Vec<Vec<Change>> = cases.iter().map(|act| strangers(act)).collect();
    let strange: Vec<&[Change]> = strange.iter().map(Vec::as_slice).collect();
    let mut out = io::stdout().lock();
    let changes: usize = cases.iter().map(|act| act.len()).sum();
    writeln!(
        out,
        "{} cases of {changes} changes, {} edits",
        cases.len(),
        edits.len()
    )?;
    writeln!(
        out,
        "what, batch: JSON | JSON zstd dictionary | columns | columns zstd | columns zstd dictionary | whole frame"
    )?;
    for (name, acts) in [
        ("case", &cases),
        ("case of strangers", &strange),
        ("edit", &edits),
    ] {
        for batch in [1, 10, 100] {
            let mut sums = [0; 6];
            let mut count = 0;
            for acts in acts.chunks_exact(batch).take(60) {
                let changes = numbered(acts);
                let json = serde_json::to_vec(&changes)?;
                let columns = write_changes(&changes);
                let whole = samples::request(&changes, &mut chance).write();
                let sizes = [
                    json.len(),
                    zstd::bulk::Compressor::with_dictionary(LEVEL, &json_dictionary)?
                        .compress(&json)?
                        .len(),
                    columns.len(),
                    section(&columns, Compression::Zstd),
                    section(&columns, Compression::Dictionary),
                    packed(&whole, Compression::Dictionary),
                ];
                for (sum, size) in sums.iter_mut().zip(sizes) {
                    *sum += size;
                }
                count += batch;
            }
            let [a, b, c, d, e, f] = sums.map(|sum| sum as f64 / count.max(1) as f64);
            writeln!(
                out,
                "{name}, {batch}: {a:.1} | {b:.1} | {c:.1} | {d:.1} | {e:.1} | {f:.1}"
            )?;
        }
    }
    Ok(())
}

fn packed(payload: &[u8], compression: Compression) -> usize {
    let key = DeviceKey::from_secret(&[7; 32]);
    frame::seal(Kind::Request, payload, &key, compression).len()
}

/// What a section takes by itself: a frame of it without magic, version, kind, compression, length and
/// signature.
fn section(payload: &[u8], compression: Compression) -> usize {
    let length = match payload.len() {
        0..0x80 => 1,
        0x80..0x4000 => 2,
        _ => 3,
    };
    packed(payload, compression) - 4 - 3 - length - 64
}

/// Acts one after another, as a desk that made nothing else in between numbers them.
fn numbered(acts: &[&[Change]]) -> Vec<Change> {
    let mut changes: Vec<Change> = acts.concat();
    for (seq, change) in (500..).zip(&mut changes) {
        change.device_seq = seq;
    }
    changes
}

/// The same with names and words that no dictionary has seen: every Thai consonant is another one.
fn strangers(act: &[Change]) -> Vec<Change> {
    let mut act = act.to_vec();
    for change in &mut act {
        for name in [
            "given_name",
            "family_name",
            "note",
            "landmark",
            "detail",
            "reporter",
        ] {
            if let Some(Value::String(text)) = change.fields.get_mut(name) {
                *text = text.chars().map(other_letter).collect();
            }
        }
    }
    act
}

fn other_letter(letter: char) -> char {
    match letter {
        'ก'..='ฮ' => {
            let turned = (u32::from(letter) - u32::from('ก') + 17) % 46 + u32::from('ก');
            char::from_u32(turned).unwrap_or(letter)
        }
        _ => letter,
    }
}
