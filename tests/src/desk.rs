//! A desk in this process: the API over a real store in a temporary folder, with a clock that the
//! story sets and chance that comes from a seed.

use std::{
    path::Path,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
};

use jitasa_app::{ApiError, App, Env};
use jitasa_domain::{Timestamp, ids::SeededIds};
use serde_json::{Value, json};

/// Sunday 22 November 2569 (B.E.), nine in the morning: when stories begin.
pub const MORNING: Timestamp = Timestamp(1_795_312_800_000);

/// Villages of the office of the stories: code, number, name.
pub const VILLAGES: [(&str, u32, &str); 3] = [
    ("45090501", 1, "โคกสว่าง"),
    ("45090505", 5, "เหล่าหม้อ"),
    ("45090509", 9, "หนองแสง"),
];

/// A clock that stands still until it is moved, and chance from a seed.
#[derive(Debug)]
pub struct StoryEnv {
    now_ms: AtomicI64,
    chance: Mutex<SeededIds>,
}

impl StoryEnv {
    /// [`MORNING`], with this seed.
    #[must_use]
    pub fn new(seed: u64) -> Arc<Self> {
        Arc::new(Self {
            now_ms: AtomicI64::new(MORNING.0),
            chance: Mutex::new(SeededIds(seed)),
        })
    }

    /// Lets so many minutes pass.
    pub fn pass_minutes(&self, minutes: i64) {
        self.now_ms.fetch_add(minutes * 60_000, Ordering::SeqCst);
    }
}

impl Env for StoryEnv {
    fn now(&self) -> Timestamp {
        Timestamp(self.now_ms.load(Ordering::SeqCst))
    }

    fn fill_random(&self, bytes: &mut [u8]) {
        let mut chance = self.chance.lock().unwrap_or_else(PoisonError::into_inner);
        for piece in bytes.chunks_mut(8) {
            piece.copy_from_slice(&chance.next_u64().to_le_bytes()[..piece.len()]);
        }
    }
}

/// A desk and its clock.
#[derive(Debug)]
pub struct StoryDesk {
    pub app: App,
    pub env: Arc<StoryEnv>,
}

impl StoryDesk {
    /// Opens whatever is in a folder.
    ///
    /// # Panics
    /// When the folder cannot be used.
    #[must_use]
    pub fn open(folder: &Path, seed: u64) -> Self {
        let env = StoryEnv::new(seed);
        let app = App::open(folder, env.clone()).expect("the folder can be used");
        Self { app, env }
    }

    /// The office of ตำบลโคกสว่าง with [`VILLAGES`] and its incident; the headman looks after หมู่ 5
    /// and 9. The clerk sits at the desk.
    ///
    /// # Panics
    /// When any of that is refused.
    #[must_use]
    pub fn office(folder: &Path, seed: u64) -> Self {
        let desk = Self::open(folder, seed);
        desk.app
            .init_office("450905", None)
            .expect("an empty folder");
        for (_, moo, name) in VILLAGES {
            let _ = desk.ok(
                "village.save",
                json!({ "subdistrict_code": "450905", "moo": moo, "name": name }),
            );
        }
        let _ = desk.ok(
            "incident.save",
            json!({ "name": "น้ำท่วมปลายฝน 2569", "kind": "flood", "started_on": "2026-11-15" }),
        );
        let mut settings = desk.ok("settings.get", json!({}));
        settings["headmen"][0]["villages"] = json!(["45090505", "45090509"]);
        let _ = desk.ok("settings.save", settings);
        desk
    }

    /// The answer of a command that is not refused.
    ///
    /// # Panics
    /// When it is refused.
    #[must_use]
    #[track_caller]
    pub fn ok(&self, command: &str, request: Value) -> Value {
        let shown = request.to_string();
        self.app
            .call(command, request)
            .unwrap_or_else(|refusal| panic!("{command} {shown}: {refusal:?}"))
    }

    /// The refusal of a command.
    ///
    /// # Panics
    /// When it is carried out.
    #[must_use]
    #[track_caller]
    pub fn refused(&self, command: &str, request: Value) -> ApiError {
        match self.app.call(command, request) {
            Err(refusal) => refusal,
            Ok(answer) => panic!("{command} was carried out: {answer}"),
        }
    }

    /// Lets the person of this role sit down.
    ///
    /// # Panics
    /// When there is none.
    pub fn sit_down(&self, role: &str) {
        let status = self.ok("status.get", json!({}));
        let people = status["actors"].as_array().expect("people of the desk");
        let person = people
            .iter()
            .find(|person| person["role"] == role)
            .expect("such a person");
        let _ = self.ok("actor.switch", json!({ "actor_id": person["id"] }));
    }

    /// Records a case and answers its id.
    #[must_use]
    #[track_caller]
    pub fn case(&self, draft: &Value) -> String {
        text(&self.ok("case.create", draft.clone())["id"])
    }

    /// Adds a volunteer and answers his id.
    #[must_use]
    #[track_caller]
    pub fn volunteer(&self, draft: &Value) -> String {
        text(&self.ok("volunteer.create", draft.clone())["id"])
    }

    /// A case, whole.
    #[must_use]
    #[track_caller]
    pub fn whole(&self, id: &str) -> Value {
        self.ok("case.get", json!({ "id": id }))
    }

    /// Undoes what an answer says was done.
    #[must_use]
    #[track_caller]
    pub fn undo(&self, acted: &Value) -> Value {
        self.ok("undo.run", json!({ "act_id": acted["act_id"] }))
    }
}

/// The text of a JSON value.
///
/// # Panics
/// When it is none.
#[must_use]
#[track_caller]
pub fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{value} is no text"))
        .to_string()
}

/// A call for help as a clerk keys it: นายสมชาย ใจดี, หมู่ 5, needs food and medicine.
#[must_use]
pub fn a_case() -> Value {
    json!({
        "channel": "phone", "reporter": "ลูกสาว", "title": "นาย", "given_name": "สมชาย",
        "family_name": "ใจดี", "citizen_id": null, "phone": "080-012-3456",
        "area_code": "45090505", "house_no": "12/3", "landmark": "ข้างศาลากลางบ้าน",
        "lat": 16.3012, "lon": 104.2034, "accuracy_m": 30, "place_source": "pin",
        "people_count": 4, "vulnerable": ["elderly"], "urgency": "urgent",
        "note": "น้ำท่วมถึงชั้นสอง",
        "needs": [{ "kind": "food_water", "detail": "" }, { "kind": "medicine", "detail": "ยาความดัน" }],
    })
}

/// A village health volunteer of หมู่ 5, vetted, who brings medicine and food.
#[must_use]
pub fn a_volunteer() -> Value {
    json!({
        "title": "นาง", "given_name": "บัวลี", "family_name": "ศรีสุข", "phone": "0800999888",
        "kinds": ["vhv"], "skills": ["medicine", "food_water"], "vehicle": "รถจักรยานยนต์",
        "area_code": "45090505", "house_no": "7", "lat": 16.3020, "lon": 104.2040,
        "patch": ["45090505"], "max_open_tasks": 3, "availability": "available", "vetting": "vetted",
        "note": "",
    })
}

/// The same draft with some fields as given.
#[must_use]
pub fn with(mut draft: Value, fields: &Value) -> Value {
    if let (Some(draft), Some(fields)) = (draft.as_object_mut(), fields.as_object()) {
        draft.extend(fields.clone());
    }
    draft
}
