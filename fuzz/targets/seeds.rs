//! Writes what each target begins with: the golden files of the wire, dressed in every way that the target knows, and
//! the words of the wire as a dictionary. It is linked as a target is, and written before the first run of none:
//! `WIRE=.. SEEDS=.. seeds -runs=0`.
#![no_main]

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use jitasa_domain::{ActionKind, Entity, Role};
use jitasa_fuzz::{changes, enrolment, frame};
use jitasa_protocol::{
    Bundle, DeviceKey, Secret, columns, limits,
    payload::{Answer, Request},
};

libfuzzer_sys::fuzz_target!(init: write().expect("the seeds are written"), |_bytes: &[u8]| {});

fn write() -> io::Result<()> {
    let (Ok(wire), Ok(folder)) = (std::env::var("WIRE"), std::env::var("SEEDS")) else {
        return Err(io::Error::other("WIRE and SEEDS name two folders"));
    };
    let (wire, folder) = (Path::new(&wire), PathBuf::from(folder));
    for target in ["frame", "changes", "enrolment"] {
        fs::create_dir_all(folder.join(target))?;
    }
    for (name, bytes) in files(&wire.join("v2"), "frame")? {
        let keep = |target: &str, way: u8, bytes: &[u8]| keep(&folder, target, way, &name, bytes);
        keep("frame", frame::WHOLE, &bytes)?;
        let Ok(opened) = jitasa_protocol::frame::open(
            &bytes,
            usize::try_from(limits::ANSWER_BYTES_MAX).unwrap_or(usize::MAX),
        ) else {
            continue;
        };
        let kind = opened.kind.byte() - 1;
        let payload = opened.payload;
        keep("frame", frame::PAYLOAD, &[&[kind], &payload[..]].concat())?;
        keep(
            "frame",
            frame::SEALED,
            &[&[2, kind, 9], &payload[..]].concat(),
        )?;
        keep(
            "frame",
            frame::SEALED,
            &[&[0x40, kind, 77], &payload[..]].concat(),
        )?;
        keep("enrolment", enrolment::PAYLOAD, &payload)?;
        if let Ok(request) = Request::read(&payload) {
            let section = columns::write_changes(&request.changes);
            keep("frame", frame::SECTION, &section)?;
            keep("changes", changes::OF_CHANGES, &section)?;
        }
        if let Ok(answer) = Answer::read(&payload) {
            keep(
                "changes",
                changes::OF_DELIVERED,
                &columns::write_delivered(&answer.delivered),
            )?;
        }
    }
    for (name, bytes) in files(&wire.join("v2"), "json")? {
        keep(&folder, "enrolment", enrolment::ASK, &name, &bytes)?;
        keep(&folder, "enrolment", enrolment::GRANT, &name, &bytes)?;
    }
    for (name, bytes) in files(&wire.join("v1"), "json")? {
        keep(&folder, "enrolment", enrolment::VERSION_1, &name, &bytes)?;
        keep(&folder, "changes", changes::OF_REQUEST_V1, &name, &bytes)?;
        keep(&folder, "changes", changes::OF_ANSWER_V1, &name, &bytes)?;
    }
    let bundle = Bundle {
        kind: Bundle::KIND.into(),
        server_url: "https://jitasa.example.go.th".into(),
        office_code: "450905".into(),
        code: Secret("7K3M9QX2TD".into()),
        server_key: DeviceKey::from_secret(&[1; 32]).public(),
        root_certificate: Some("-----BEGIN CERTIFICATE-----\n".into()),
    };
    keep(
        &folder,
        "enrolment",
        enrolment::BUNDLE,
        "bundle",
        bundle.write().as_bytes(),
    )?;
    fs::write(folder.join("words.dict"), words())
}

fn keep(folder: &Path, target: &str, way: u8, name: &str, bytes: &[u8]) -> io::Result<()> {
    fs::write(
        folder
            .join(target)
            .join(format!("{name}-{way}-{}", bytes.first().unwrap_or(&0))),
        [&[way], bytes].concat(),
    )
}

fn files(folder: &Path, ending: &str) -> io::Result<Vec<(String, Vec<u8>)>> {
    let mut found = Vec::new();
    for file in fs::read_dir(folder)? {
        let path = file?.path();
        if path.extension().is_some_and(|each| each == ending) {
            let name = path.file_stem().unwrap_or_default().to_string_lossy();
            found.push((name.into_owned(), fs::read(&path)?));
        }
    }
    Ok(found)
}

/// Every code of the wire, as text of a section: twice its length before it.
fn words() -> String {
    let codes = (Entity::ALL.iter().map(|each| each.code()))
        .chain(ActionKind::ALL.iter().map(|each| each.code()))
        .chain(Role::ALL.iter().map(|each| each.code()));
    codes
        .flat_map(|code| {
            [
                format!("\"\\x{:02x}{code}\"\n", code.len() * 2),
                format!("\"{code}\"\n"),
            ]
        })
        .collect()
}
