//! Servers that are not the desk's: at a wrong address, of another province, under a certificate that does not hold, and
//! one that is its own and says what no server says. Each is named for what it is, and nothing is taken from it.

use std::{cell::RefCell, path::Path, sync::Arc};

use jitasa_domain::{
    ActionKind, Entity, IdSource as _, Office, Timestamp, change::Delivered, ids::SeededIds,
};
use jitasa_protocol::{
    Bundle, Code, DeviceKey, Hash, Secret,
    frame::{self, Compression, Kind},
    limits,
    payload::{Answer, AnswerHead, Request},
};
use jitasa_server::{certificate, clock::now, own_root::OwnRoot, province::CodeTerms};
use jitasa_store::{Setup, Store};
use jitasa_sync::{
    Desk as _, Enrolment, HttpTransport, StoreDesk, SyncError, Transport, TransportError, enrol,
    enrol_by_bundle, run,
};
use jitasa_tests::keeper::Keeper;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    desk::{MemoryDesk, fields},
    line::{House, NOW, SECRET, TERMS, refused},
    over_http::Running,
};

/// What a clerk reads when a round ends like this.
fn in_words(error: &SyncError) -> String {
    let words: Value =
        serde_json::from_str(include_str!("../../../assets/words/th/error.json")).unwrap();
    let key = format!("error.{}", error.code());
    words[&key]
        .as_str()
        .unwrap_or_else(|| panic!("no words for {key}"))
        .to_string()
}

struct Certified {
    root: String,
    config: Arc<rustls::ServerConfig>,
}

/// A certificate for these names, made by an authority of its own at a moment.
fn certified(folder: &Path, names: &[&str], made_at: Timestamp) -> Certified {
    let own = OwnRoot::of(folder, made_at).unwrap();
    let names: Vec<_> = names.iter().map(ToString::to_string).collect();
    own.renew(&names, made_at).unwrap();
    let read = |path| std::fs::read(path).unwrap();
    Certified {
        root: String::from_utf8(read(own.root())).unwrap(),
        config: certificate::config(&read(own.leaf()), &read(own.leaf_key())).unwrap(),
    }
}

#[test]
fn a_certificate_that_is_over_of_another_name_or_of_an_unknown_authority_is_named_as_such() {
    let folders: Vec<_> = (0..4).map(|_| tempfile::tempdir().unwrap()).collect();
    let here = ["127.0.0.1", "localhost"];
    let sound = certified(folders[0].path(), &here, now());
    let two_years = 2 * 365 * 86_400_000;
    let over = certified(folders[1].path(), &here, now().plus_ms(-two_years));
    let not_yet = certified(folders[2].path(), &here, now().plus_ms(two_years));
    let elsewhere = certified(folders[3].path(), &["jitasa.example.go.th"], now());
    let house = House::on(Keeper::Sqlite);
    let mut desk = house.a_desk("450905", 1);
    desk.keys_a_case("น้ำถึงเอว");
    for (what, shown, trusted) in [
        ("over", &over, Some(&over.root)),
        ("not yet", &not_yet, Some(&not_yet.root)),
        ("another name", &elsewhere, Some(&elsewhere.root)),
        ("another authority", &sound, Some(&over.root)),
        ("an authority nobody gave the desk", &sound, None),
    ] {
        let running = Running::with(&house, Some(Arc::clone(&shown.config)));
        let transport = HttpTransport::new(&running.url, trusted.map(String::as_str)).unwrap();
        let heard = run(&mut desk, &transport, TERMS).unwrap_err();
        assert_eq!(heard, TransportError::Certificate.into(), "{what}");
        // A clock that is wrong looks the same: the words say to look at it first.
        assert!(in_words(&heard).contains("ตรวจวันที่"), "{}", in_words(&heard));
        assert!(desk.outcomes.is_empty());
    }
    let running = Running::with(&house, Some(Arc::clone(&sound.config)));
    let transport = HttpTransport::new(&running.url, Some(&sound.root)).unwrap();
    assert_eq!(run(&mut desk, &transport, TERMS).unwrap().new, 3);
}

#[test]
fn a_wrong_address_and_another_provinces_server_are_named_as_such_and_are_told_nothing() {
    let house = House::on(Keeper::Sqlite);
    let mut desk = house.a_desk("450905", 1);
    desk.keys_a_case("น้ำถึงเอว");
    let elsewhere = House::on(Keeper::Sqlite);
    let new_code = |house: &House, office: &str| {
        let terms = CodeTerms::default();
        house.province.new_code(office, terms, now())
    };
    let theirs = new_code(&elsewhere, "450905").unwrap();
    assert!(
        new_code(&elsewhere, "460101").is_err(),
        "a server is of one province"
    );
    let running = Running::of(&elsewhere);
    let transport = HttpTransport::new(&running.url, None).unwrap();
    // It has no such device, and says no more than that.
    let heard = run(&mut desk, &transport, TERMS).unwrap_err();
    assert_eq!(heard, refused(Code::DeviceUnknown));
    in_words(&heard);
    // A code of one province is none of the other's; an enrolment file names the key that has to answer.
    let code = new_code(&house, "450905").unwrap();
    let mut fresh = MemoryDesk::new("450905", 9);
    let heard = enrol(&mut fresh, &transport, &running.url, &code, SECRET, NOW).unwrap_err();
    assert_eq!(heard, refused(Code::CodeUnknown));
    in_words(&heard);
    let bundle = Bundle {
        kind: Bundle::KIND.into(),
        server_url: running.url.clone(),
        office_code: "450905".into(),
        code: Secret(theirs),
        server_key: house.province.public_key().unwrap(),
        root_certificate: None,
    };
    let heard = enrol_by_bundle(&mut fresh, &transport, &bundle, SECRET, NOW).unwrap_err();
    assert_eq!(heard, TransportError::NotOurServer.into());
    in_words(&heard);
    assert!(fresh.enrolment().unwrap().is_none());
    for address in [
        "http://10.0.0.1",
        "http://sync.example.go.th",
        "ftp://x",
        "https://a:b@c",
        "",
    ] {
        let heard: SyncError = HttpTransport::new(address, None).unwrap_err().into();
        assert_eq!(heard, TransportError::BadAddress.into(), "{address}");
        in_words(&heard);
    }
    assert_eq!(house.sync(&mut desk).new, 3);
}

/// It has the server's key, and says what it likes.
struct FalseServer {
    key: DeviceKey,
    says: RefCell<Vec<Delivered>>,
}

const SERVER_ID: Uuid = Uuid::from_u128(0x5e);

impl Transport for FalseServer {
    fn enrol(&self, _: &[u8]) -> Result<Vec<u8>, TransportError> {
        Err(TransportError::Unreachable)
    }

    fn exchange(&self, bytes: &[u8]) -> Result<Vec<u8>, TransportError> {
        let opened = frame::open(bytes, limits::BODY_BYTES_MAX).unwrap();
        let request = Request::read(&opened.payload).unwrap();
        let delivered = self.says.borrow().clone();
        let cursor = delivered.last().map_or(request.head.cursor, |row| row.seq);
        let answer = Answer {
            head: AnswerHead {
                protocol: 2,
                server_id: SERVER_ID,
                to_device: request.head.device_id,
                in_reply_to: Hash::of(&opened.payload),
                cursor,
                head: cursor,
                ..AnswerHead::default()
            },
            outcomes: Vec::new(),
            delivered,
        };
        let payload = answer.write();
        Ok(frame::seal(
            Kind::Answer,
            &payload,
            &self.key,
            Compression::Zstd,
        ))
    }
}

fn a_case(seq: u64, said: Value) -> Delivered {
    Delivered {
        seq,
        entity: Entity::Case,
        entity_id: Uuid::from_u128(u128::from(seq)),
        fields: fields(said),
        whole: true,
        left: false,
        action: ActionKind::CaseEdit,
        actor_name: "ผู้ปฏิบัติงาน".into(),
        claimed_at: NOW,
    }
}

#[test]
fn a_server_that_says_what_no_server_says_is_believed_no_more_for_its_signature() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::create(folder.path(), [1; 32]).unwrap();
    let mut ids = SeededIds(1);
    store
        .set_up(&Setup {
            office: Office {
                code: "450905".into(),
                name: "สำนักงานฝึกหัด".into(),
            },
            practice: false,
            device_id: ids.next(NOW),
            users: Vec::new(),
            kinds: Vec::new(),
            centre: (16.3, 104.2),
        })
        .unwrap();
    let mut desk = StoreDesk {
        store: &store,
        device_name: "โต๊ะรับเรื่อง".into(),
    };
    desk.save_key(SECRET).unwrap();
    let server = FalseServer {
        key: DeviceKey::from_secret(&[5; 32]),
        says: RefCell::default(),
    };
    desk.save_enrolment(&Enrolment {
        server_url: "http://127.0.0.1:1".into(),
        server_id: SERVER_ID,
        province_code: "45".into(),
        server_key: Some(server.key.public()),
        root_certificate: None,
        epoch: Uuid::nil(),
        token: None,
    })
    .unwrap();

    let ours = |seq: u64, note: &str| {
        let id = Uuid::from_u128(u128::from(seq));
        a_case(
            seq,
            json!({"id": id, "number": format!("450905-69-{seq}"), "office_code": "450905", "note": note}),
        )
    };
    let with = |name: &str, value: Value| {
        let mut row = ours(1, "น้ำถึงเอว");
        row.fields.insert(name.into(), value);
        row
    };
    let not_ours: SyncError = TransportError::NotOurServer.into();
    let huge = "ก".repeat(usize::try_from(limits::ANSWER_BYTES_MAX).unwrap());
    for (what, says) in [
        (
            "another office's case",
            vec![with("office_code", json!("450909"))],
        ),
        (
            "a case referred to another office",
            vec![with("office_code", json!("450909")), {
                let mut row = with("referred_to", json!("450909"));
                row.fields.insert("office_code".into(), json!("450901"));
                Delivered { seq: 2, ..row }
            }],
        ),
        (
            "a record under another's id",
            vec![with("id", json!(Uuid::from_u128(7)))],
        ),
        (
            "more rows than were asked for",
            (1..=600).map(|seq| ours(seq, "")).collect(),
        ),
        ("rows that go backwards", vec![ours(2, ""), ours(1, "")]),
        (
            "more than anybody has to read",
            vec![with("note", json!(huge))],
        ),
    ] {
        *server.says.borrow_mut() = says;
        assert_eq!(
            run(&mut desk, &server, TERMS),
            Err(not_ours.clone()),
            "{what}"
        );
        assert_eq!(desk.standing().unwrap().cursor, 0, "{what}");
        assert!(desk.sums().unwrap().is_empty(), "{what}");
    }
    // A value that the record has no room for: refused with the whole answer, not bent to fit.
    *server.says.borrow_mut() = vec![ours(1, "น้ำถึงเอว"), {
        let mut row = ours(2, "");
        row.fields.insert("people_count".into(), json!("หลายคน"));
        row
    }];
    let heard = run(&mut desk, &server, TERMS).unwrap_err();
    assert!(matches!(heard, SyncError::Desk(_)), "{heard:?}");
    assert!(desk.sums().unwrap().is_empty());

    // Text is text, whatever it looks like.
    let signs = "<script>alert(1)</script> '; DROP TABLE \"case\"; -- ../../etc/passwd \u{202e}กลับ {blank} =HYPERLINK()";
    *server.says.borrow_mut() = vec![ours(1, signs)];
    assert_eq!(run(&mut desk, &server, TERMS).unwrap().received, 1);
    let kept: String = store
        .read(|conn| {
            let note = conn.query_row("SELECT note FROM \"case\"", [], |row| row.get(0))?;
            Ok(note)
        })
        .unwrap();
    assert_eq!(kept, signs);
}
