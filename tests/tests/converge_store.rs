//! Four real desks of three offices and the real province, with random work and a line that loses
//! requests and answers: whatever happens between, in the end every desk holds what the server
//! holds of its scope, and every change has had its one word.
//!
//! A round of sync is driven one exchange or one absorbing at a time, so that people work between a
//! request and its answer, and between two pages. `PROPTEST_CASES` asks for more of it.
#![allow(clippy::unwrap_used, reason = "a story that cannot go on has failed")]

use std::collections::{BTreeMap, BTreeSet};

use jitasa_domain::{
    ActionKind, Actor, Area, AssignmentState, Case, ClosingReason, Entity, FieldKind, IdSource as _,
    Kind, KindList, Need, NeedState, Office, Person, PlaceSource, ReviewState, Role, ServicePoint,
    Timestamp, Urgency, Volunteer, change::Outcome, fields_of, ids::SeededIds, lifecycle, merge,
    permission::is_in_scope, record, records as r,
};
use jitasa_protocol::{EnrolAnswer, EnrolRequest, Secret, SyncAnswer, SyncRequest};
use jitasa_server::{Province, Refusal};
use jitasa_store::{
    Action, Connection, Setup, Store, StoreError,
    act::{
        CaseFields, CloseCase, Decide, EditCase, MoveAssignment, MoveNeed, NewCase, NewKind,
        NewNeed, NewVillage, PersonFields, PlaceCase, Propose, VolunteerFields,
    },
    query,
};
use jitasa_sync::{
    Absorbed, Desk as _, Receipt, StoreDesk, SyncError, Transport, TransportError,
    core::{Effect, Event, State, step},
    enrol, run,
};
use jitasa_thai::search;
use proptest::prelude::*;
use serde_json::{Map, Value};
use tempfile::TempDir;
use uuid::Uuid;

type Fields = Map<String, Value>;
type Records = BTreeMap<(Entity, Uuid), Fields>;

const START: Timestamp = Timestamp(1_795_305_600_000);
const OFFICES: [&str; 4] = ["450905", "450905", "450909", "4509"];
const WORDS: [&str; 4] = ["บัวลา", "คำพอง", "หนองแสง", "โคกสูง"];

// --- the line -------------------------------------------------------------------------------

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    None,
    RequestLost,
    AnswerLost,
    NoLine,
}

struct Line<'a> {
    province: &'a Province,
    fault: Fault,
    page: u32,
}

impl Transport for Line<'_> {
    fn enrol(&self, request: &EnrolRequest) -> Result<EnrolAnswer, TransportError> {
        Ok(self.province.enrol(request, START).unwrap())
    }

    fn exchange(
        &self,
        token: &Secret,
        request: &SyncRequest,
    ) -> Result<SyncAnswer, TransportError> {
        match self.fault {
            Fault::RequestLost => return Err(TransportError::Timeout),
            Fault::NoLine => return Err(TransportError::Unreachable),
            Fault::None | Fault::AnswerLost => {}
        }
        // Everything crosses as the JSON it would be on a wire.
        let mut request: SyncRequest =
            serde_json::from_str(&serde_json::to_string(request).unwrap()).unwrap();
        request.limit = request.limit.min(self.page);
        let answer = match self.province.sync(&token.0, &request, START) {
            Ok(answer) => answer,
            Err(Refusal::Problem(problem)) => return Err(TransportError::Refused(problem)),
            Err(Refusal::Ledger(error)) => panic!("the ledger failed: {error:?}"),
        };
        if self.fault == Fault::AnswerLost {
            return Err(TransportError::Timeout);
        }
        Ok(serde_json::from_str(&serde_json::to_string(&answer).unwrap()).unwrap())
    }
}

// --- the desks ------------------------------------------------------------------------------

struct Office4 {
    _dirs: Vec<TempDir>,
    ledger: TempDir,
    province: Province,
    desks: Vec<ADesk>,
    now: i64,
}

struct ADesk {
    store: Store,
    ids: SeededIds,
    office: &'static str,
    clerk: Actor,
    headman: Actor,
    /// A round under way, and what it hears next.
    round: Option<(State, Event)>,
    acts: Vec<(Uuid, Role)>,
    changes: BTreeSet<Uuid>,
}

impl ADesk {
    fn lent(&self) -> StoreDesk<'_> {
        StoreDesk {
            store: &self.store,
            device_name: "โต๊ะรับเรื่อง".into(),
        }
    }

    /// Ids of what counts, in an order that a seed replays.
    fn ids_of(&self, entity: Entity, condition: &str) -> Vec<Uuid> {
        let sql = format!(
            "SELECT id FROM \"{}\" WHERE void_reason IS NULL {condition} ORDER BY id",
            entity.code()
        );
        self.column(&sql).iter().map(|id| id.parse().unwrap()).collect()
    }

    fn column(&self, sql: &str) -> Vec<String> {
        let read = |conn: &Connection| -> Result<Vec<String>, StoreError> {
            let mut statement = conn.prepare(sql)?;
            let column = statement.query_map([], |row| row.get(0))?;
            Ok(column.collect::<Result<_, _>>()?)
        };
        self.store.read(read).unwrap()
    }

    fn records(&self) -> Records {
        let read = |conn: &Connection| -> Result<Records, StoreError> {
            let mut records = Records::new();
            for entity in Entity::ALL {
                let fields = fields_of(*entity);
                let names: Vec<_> = fields.iter().map(|field| field.name).collect();
                let sql = format!("SELECT {} FROM \"{}\"", names.join(", "), entity.code());
                let mut statement = conn.prepare(&sql)?;
                let mut rows = statement.query([])?;
                while let Some(row) = rows.next()? {
                    let mut record = Fields::new();
                    for (index, field) in fields.iter().enumerate() {
                        let value = match row.get_ref(index)? {
                            rusqlite::types::ValueRef::Integer(n) if field.kind == FieldKind::Flag => {
                                Value::from(n != 0)
                            }
                            rusqlite::types::ValueRef::Integer(n) => Value::from(n),
                            rusqlite::types::ValueRef::Real(n) => Value::from(n),
                            rusqlite::types::ValueRef::Text(text) => {
                                let text = String::from_utf8(text.to_vec()).unwrap();
                                match field.kind {
                                    FieldKind::List => serde_json::from_str(&text).unwrap(),
                                    _ => Value::from(text),
                                }
                            }
                            _ => Value::Null,
                        };
                        record.insert(field.name.into(), value);
                    }
                    let id = record["id"].as_str().unwrap().parse().unwrap();
                    records.insert((*entity, id), record);
                }
            }
            Ok(records)
        };
        self.store.read(read).unwrap()
    }

    fn get<R: record::Record>(&self, id: Uuid) -> R {
        let fields = self.records().remove(&(R::ENTITY, id)).unwrap();
        serde_json::from_value(Value::Object(fields)).unwrap()
    }

    fn version(&self, entity: Entity, id: Uuid) -> i64 {
        let sql = format!(
            "SELECT CAST(version AS TEXT) FROM \"{}\" WHERE id = '{id}'",
            entity.code()
        );
        self.column(&sql)[0].parse().unwrap()
    }
}

impl Office4 {
    fn new() -> Self {
        let ledger = tempfile::tempdir().unwrap();
        let province = Province::open(ledger.path()).unwrap();
        let mut dirs = Vec::new();
        let mut desks = Vec::new();
        for (office, seed) in OFFICES.into_iter().zip(1..) {
            let dir = tempfile::tempdir().unwrap();
            let store = Store::create(dir.path(), [u8::try_from(seed).unwrap(); 32]).unwrap();
            let mut ids = SeededIds(seed);
            let person = |role, id| Actor {
                id,
                name: format!("ผู้ปฏิบัติงาน {seed}"),
                role,
                office_code: office.into(),
                villages: vec!["45090501".into(), "45090502".into(), "45090901".into()],
            };
            let clerk = person(Role::Clerk, ids.next(START));
            let headman = person(Role::Headman, ids.next(START));
            let setup = Setup {
                office: Office { code: office.into(), name: "สำนักงานฝึกหัด".into() },
                practice: false,
                device_id: ids.next(START),
                users: Vec::new(),
                kinds: vec![Kind {
                    list: KindList::Need,
                    code: "food_water".into(),
                    th: "อาหารและน้ำ".into(),
                    active: true,
                    ..Kind::default()
                }],
                centre: (16.3, 104.2),
            };
            store.set_up(&setup).unwrap();
            let desk = ADesk {
                store, ids, office, clerk, headman,
                round: None, acts: Vec::new(), changes: BTreeSet::new(),
            };
            let code = province.new_code(office, START).unwrap();
            let line = Line { province: &province, fault: Fault::None, page: 500 };
            enrol(&mut desk.lent(), &line, "http://127.0.0.1:8450", &code).unwrap();
            desks.push(desk);
            dirs.push(dir);
        }
        Self { _dirs: dirs, ledger, province, desks, now: START.0 }
    }

    fn act(&mut self, who: usize, role: Role, action: Action) {
        self.now += 60_000;
        let desk = &mut self.desks[who];
        // The third desk's clock is a year ahead; clocks decide nothing.
        let now = Timestamp(self.now + if who == 2 { 31_536_000_000 } else { 0 });
        let actor = if role == Role::Headman { &desk.headman } else { &desk.clerk };
        match desk.store.act(actor, now, &mut desk.ids, action) {
            Ok(acted) => desk.acts.push((acted.act_id, role)),
            Err(refusal) => assert!(
                !matches!(refusal.code().split_once('_'), Some(("store" | "disk", _))),
                "{refusal:?}"
            ),
        }
        let waiting = desk.store.pending(0, usize::MAX).unwrap();
        desk.changes.extend(waiting.iter().map(|change| change.change_id));
    }

    /// One exchange, or the absorbing of its answer.
    fn steps(&mut self, who: usize, fault: Fault, page: u32) {
        let desk = &mut self.desks[who];
        let mut lent = StoreDesk { store: &desk.store, device_name: String::new() };
        let (mut state, mut event) = desk.round.take().unwrap_or_else(|| {
            let (identity, kept) = (lent.identity().unwrap(), lent.enrolment().unwrap().unwrap());
            let (acked, cursor) = (lent.acked().unwrap(), lent.cursor().unwrap());
            let state =
                State::new(identity.device_id, identity.office_code, kept.server_id, acked, cursor);
            (state, Event::Start)
        });
        let token = lent.enrolment().unwrap().unwrap().device_token;
        let line = Line { province: &self.province, fault, page };
        loop {
            let (next, effect) = step(state, event);
            state = next;
            match effect {
                Effect::Gather { after, limit } => {
                    event = Event::Gathered(lent.pending(after, limit).unwrap());
                }
                Effect::Send(request) => {
                    event = match line.exchange(&token, &request) {
                        Ok(answer) => Event::Answered(Box::new(answer)),
                        Err(error) => Event::Failed(error),
                    };
                    desk.round = Some((state, event));
                    return;
                }
                Effect::Absorb { acked, answer } => {
                    let absorbed = Absorbed {
                        acked,
                        outcomes: answer.outcomes,
                        delivered: answer.delivered,
                        cursor: answer.cursor,
                        server_id: answer.server_id,
                        at: START,
                    };
                    let received = lent.absorb(&absorbed).unwrap().received;
                    desk.round = Some((state, Event::Absorbed(received)));
                    return;
                }
                Effect::Finished(_) => return,
                Effect::GaveUp(error) => {
                    let line = [TransportError::Timeout, TransportError::Unreachable];
                    assert!(line.map(SyncError::from).contains(&error), "{error:?}");
                    return;
                }
            }
        }
    }

    fn sync(&mut self, who: usize) -> Receipt {
        let line = Line { province: &self.province, fault: Fault::None, page: 500 };
        let receipt = run(&mut self.desks[who].lent(), &line, START).unwrap();
        assert_eq!(
            receipt.sent,
            receipt.new + receipt.merged + receipt.conflicts + receipt.held
        );
        receipt
    }
}

// --- what people do -------------------------------------------------------------------------

#[derive(Debug, Clone, Copy)]
enum Deed {
    Key, Edit, Place, Refer, CallBack, Close, Reopen, Move, Volunteer, Propose, Advance, Decide,
    FollowUp, LookAgain, Village, Kind, Point, Incident, Undo, Step, BreakOff,
}

/// Who does what, and two numbers to choose by.
type Move = (usize, Deed, usize, usize);

fn a_move() -> impl Strategy<Value = Move> {
    use Deed as D;
    let deed = prop_oneof![
        4 => Just(D::Key), 8 => Just(D::Edit), 4 => Just(D::Place), 6 => Just(D::Refer),
        4 => Just(D::CallBack), 3 => Just(D::Close), 2 => Just(D::Reopen), 5 => Just(D::Move),
        3 => Just(D::Volunteer), 4 => Just(D::Propose), 6 => Just(D::Advance), 4 => Just(D::Decide),
        3 => Just(D::FollowUp), 2 => Just(D::LookAgain), 3 => Just(D::Village), 1 => Just(D::Kind),
        1 => Just(D::Point), 1 => Just(D::Incident), 6 => Just(D::Undo), 60 => Just(D::Step),
        2 => Just(D::BreakOff),
    ];
    (0..OFFICES.len(), deed, 0usize..840, 0usize..840)
}

fn one_of<T: Copy>(all: &[T], pick: usize) -> Option<T> {
    (!all.is_empty()).then(|| all[pick % all.len()])
}

fn a_person(pick: usize) -> PersonFields {
    PersonFields {
        given_name: WORDS[pick % 4].into(),
        phone: pick.is_multiple_of(2).then(|| format!("08000000{:02}", pick % 5)),
        ..PersonFields::default()
    }
}

fn case_fields(office: &str, a: usize, b: usize) -> CaseFields {
    let village = match b % 20 {
        0 => "46010101".into(), // in no office's land: the server holds it
        _ => format!("{office:0<6}0{}", 1 + b % 2),
    };
    CaseFields {
        area_code: village,
        house_no: format!("{}", a % 3),
        landmark: WORDS[b % 4].into(),
        note: WORDS[a % 4].into(),
        urgency: Urgency::ALL[a % Urgency::ALL.len()],
        vulnerable: if a.is_multiple_of(3) { vec!["elderly".into()] } else { Vec::new() },
        lat: b.is_multiple_of(2).then_some(16.25),
        lon: b.is_multiple_of(2).then_some(104.25),
        place_source: if b.is_multiple_of(2) { PlaceSource::Pin } else { PlaceSource::None },
        reported_at: START,
        ..CaseFields::default()
    }
}

fn needs(a: usize) -> Vec<NewNeed> {
    let need = |kind: &str| NewNeed { kind: kind.into(), detail: WORDS[a % 4].into() };
    match a % 3 {
        0 => vec![need("food_water"), need("medicine")],
        1 => vec![need("food_water")],
        _ => vec![need("boat")],
    }
}

#[expect(clippy::too_many_lines, reason = "one arm a deed")]
fn an_action(desk: &ADesk, deed: Deed, a: usize, b: usize) -> Option<(Role, Action)> {
    let case = || one_of(&desk.ids_of(Entity::Case, ""), a);
    let clerk = |action| Some((Role::Clerk, action));
    match deed {
        Deed::Key => clerk(Action::CreateCase(NewCase {
            person: a_person(a),
            fields: case_fields(desk.office, a, b),
            needs: needs(a),
            ..NewCase::default()
        })),
        Deed::Edit => {
            let id = case()?;
            let stored: Case = desk.get(id);
            let mut fields = case_fields(&stored.office_code, b / 4, b);
            // A form writes everything it shows; mostly one thing of it is new.
            if b % 7 != 0 {
                fields = CaseFields {
                    house_no: if b % 7 == 1 { fields.house_no } else { stored.house_no },
                    landmark: if b % 7 == 2 { fields.landmark } else { stored.landmark },
                    note: if b % 7 == 3 { fields.note } else { stored.note },
                    urgency: if b % 7 == 4 { fields.urgency } else { stored.urgency },
                    area_code: if b % 7 == 5 { fields.area_code } else { stored.area_code },
                    vulnerable: stored.vulnerable,
                    lat: stored.lat,
                    lon: stored.lon,
                    accuracy_m: stored.accuracy_m,
                    place_source: stored.place_source,
                    ..fields
                };
            }
            let needs = if b.is_multiple_of(5) { needs(a) } else { Vec::new() };
            let version = desk.version(Entity::Case, id);
            let person = a_person(b / 8);
            clerk(Action::EditCase(EditCase { id, version, person, fields, needs }))
        }
        Deed::Place => {
            let place = PlaceCase {
                id: case()?,
                lat: 16.0 + f64::from(u8::try_from(b % 5).unwrap()) / 10.0,
                lon: 104.5,
                accuracy_m: (!b.is_multiple_of(2)).then_some(30),
                reason: b.is_multiple_of(3).then(|| "นอกเขต".into()),
            };
            let role = if b.is_multiple_of(4) { Role::Headman } else { Role::Clerk };
            Some((role, Action::PlaceCase(place)))
        }
        Deed::Refer => {
            // The last one is no office of this province.
            let to = ["450905", "450909", "450909", "450909", "4509", "100101"][b % 6];
            let note = Some(WORDS[b % 4].into());
            clerk(Action::ReferCase { id: case()?, office_code: Some(to.into()), note })
        }
        Deed::CallBack => {
            let id = one_of(&desk.ids_of(Entity::Case, "AND referred_to IS NOT NULL"), a)?;
            clerk(Action::ReferCase { id, office_code: None, note: None })
        }
        Deed::Close => clerk(Action::CloseCase(CloseCase {
            id: case()?,
            reason: ClosingReason::ALL[b % ClosingReason::ALL.len()],
            note: None,
        })),
        Deed::Reopen => clerk(Action::ReopenCase { id: case()?, note: WORDS[b % 4].into() }),
        Deed::Move => {
            let id = one_of(&desk.ids_of(Entity::Need, ""), a)?;
            let need: Need = desk.get(id);
            let step = one_of(&lifecycle::need_moves(need.state).collect::<Vec<_>>(), b)?;
            let reason = Some(ClosingReason::Met);
            clerk(Action::MoveNeed(MoveNeed { id, step, reason, note: None }))
        }
        Deed::Volunteer => {
            let fields = VolunteerFields {
                given_name: WORDS[a % 4].into(),
                family_name: WORDS[b % 4].into(),
                max_open_tasks: 3,
                area_code: format!("{:0<6}01", desk.office),
                ..VolunteerFields::default()
            };
            match one_of(&desk.ids_of(Entity::Volunteer, ""), a) {
                Some(id) if !b.is_multiple_of(3) => {
                    let version = desk.version(Entity::Volunteer, id);
                    clerk(Action::EditVolunteer { id, version, fields })
                }
                _ => clerk(Action::CreateVolunteer(fields)),
            }
        }
        Deed::Propose => clerk(Action::Propose(Propose {
            need_id: one_of(&desk.ids_of(Entity::Need, ""), a)?,
            volunteer_id: one_of(&desk.ids_of(Entity::Volunteer, ""), b)?,
            volunteer_label: "อสม.".into(),
            distance_m: Some(400),
            why: vec!["near".into()],
            offered: b.is_multiple_of(2),
        })),
        Deed::Advance => {
            let id = one_of(&desk.ids_of(Entity::Assignment, ""), a)?;
            let assignment: r::Assignment = desk.get(id);
            let steps: Vec<_> = lifecycle::assignment_moves(assignment.state).collect();
            let step = one_of(&steps, b)?;
            let (reason, outcome) = (Some("ฝนตกหนัก".into()), None);
            clerk(Action::MoveAssignment(MoveAssignment { id, step, reason, outcome }))
        }
        Deed::Decide => {
            let case_id = case()?;
            let done = format!("AND case_id = '{case_id}' AND state IN ('done', 'partly_done')");
            let decide = Decide {
                case_id,
                assignment_id: one_of(&desk.ids_of(Entity::Assignment, &done), b),
                verdict: ReviewState::ALL[1 + b % 4],
                reason: Some(WORDS[b % 4].into()),
            };
            Some((Role::Headman, Action::Decide(decide)))
        }
        Deed::FollowUp => clerk(Action::AddFollowUp {
            case_id: case()?,
            due_on: START.date(),
            note: WORDS[b % 4].into(),
        }),
        Deed::LookAgain => {
            let id = one_of(&desk.ids_of(Entity::FollowUp, "AND done_at IS NULL"), a)?;
            clerk(Action::FinishFollowUp { id, outcome: WORDS[b % 4].into() })
        }
        Deed::Village => clerk(Action::SaveVillage(NewVillage {
            code: ["45090501", "45090502", "45090901"][a % 3].into(),
            name: WORDS[b % 4].into(),
            lat: b.is_multiple_of(2).then_some(16.5),
            lon: b.is_multiple_of(2).then_some(104.5),
        })),
        Deed::Kind => clerk(Action::SaveKind(NewKind {
            list: KindList::Need,
            code: ["food_water", "boat"][a % 2].into(),
            th: WORDS[b % 4].into(),
            en: String::new(),
            serves: Vec::new(),
            position: 0,
            active: b.is_multiple_of(2),
        })),
        Deed::Point => {
            let point = ServicePoint { name: WORDS[b % 4].into(), ..ServicePoint::default() };
            let id = one_of(&desk.ids_of(Entity::ServicePoint, ""), a).unwrap_or_default();
            clerk(Action::SaveServicePoint(ServicePoint { id, ..point }))
        }
        Deed::Incident => {
            let incident = r::Incident { name: WORDS[b % 4].into(), ..r::Incident::default() };
            let id = one_of(&desk.ids_of(Entity::Incident, ""), a).unwrap_or_default();
            clerk(Action::SaveIncident(r::Incident { id, ..incident }))
        }
        Deed::Undo => {
            let latest: Vec<_> = desk.acts.iter().rev().take(1 + b % 6).copied().collect();
            let (act_id, role) = one_of(&latest, a)?;
            Some((role, Action::Undo { act_id }))
        }
        Deed::Step | Deed::BreakOff => None,
    }
}

fn does(all: &mut Office4, (who, deed, a, b): Move) {
    match deed {
        Deed::Step => {
            let faults = [Fault::None, Fault::RequestLost, Fault::AnswerLost, Fault::NoLine];
            let fault = faults[if a % 12 < 4 { a % 12 } else { 0 }];
            let page = [1, 2, 3, 5, 500][b % 5];
            all.steps(who, fault, page);
        }
        // The program is closed in the middle of a round.
        Deed::BreakOff => all.desks[who].round = None,
        _ => {
            if let Some((role, action)) = an_action(&all.desks[who], deed, a, b) {
                all.act(who, role, action);
            }
        }
    }
    what_waits_is_on_top(&all.desks[who]);
}

// --- what must be so ------------------------------------------------------------------------

/// What a person wrote is what he sees until the server has answered.
fn what_waits_is_on_top(desk: &ADesk) {
    let records = desk.records();
    let mut on_top = Records::new();
    for change in desk.store.pending(0, usize::MAX).unwrap() {
        on_top.entry((change.entity, change.entity_id)).or_default().extend(change.fields);
    }
    for (key, fields) in on_top {
        let Some(row) = records.get(&key) else { continue };
        for (name, value) in fields {
            assert_eq!(row[&name], value, "{key:?} {name}");
        }
    }
}

fn blank(entity: Entity) -> Fields {
    match entity {
        Entity::Incident => record::to_fields(&r::Incident::default()),
        Entity::Area => record::to_fields(&Area::default()),
        Entity::Kind => record::to_fields(&Kind::default()),
        Entity::Person => record::to_fields(&Person::default()),
        Entity::Case => record::to_fields(&Case::default()),
        Entity::Need => record::to_fields(&Need::default()),
        Entity::Volunteer => record::to_fields(&Volunteer::default()),
        Entity::Assignment => record::to_fields(&r::Assignment::default()),
        Entity::Review => record::to_fields(&r::Review::default()),
        Entity::FollowUp => record::to_fields(&r::FollowUp::default()),
        Entity::ServicePoint => record::to_fields(&ServicePoint::default()),
    }
    .unwrap()
}

/// What the server's file holds.
struct Ledger {
    records: BTreeMap<(Entity, Uuid), (String, Option<String>, Fields)>,
    outcomes: BTreeMap<Uuid, Outcome>,
}

impl Ledger {
    fn read(all: &Office4) -> Self {
        let conn = Connection::open(all.ledger.path().join("province.db")).unwrap();
        let mut statement = conn
            .prepare("SELECT entity, entity_id, office_code, referred_to, body FROM record")
            .unwrap();
        let records = statement
            .query_map([], |row| {
                let entity = Entity::from_code(&row.get::<_, String>(0)?).unwrap();
                let id: Uuid = row.get::<_, String>(1)?.parse().unwrap();
                let mut fields = blank(entity);
                let body: Fields = serde_json::from_str(&row.get::<_, String>(4)?).unwrap();
                fields.extend(body);
                Ok(((entity, id), (row.get(2)?, row.get(3)?, fields)))
            })
            .unwrap()
            .map(Result::unwrap)
            .collect();
        let mut statement = conn.prepare("SELECT outcome FROM change_log").unwrap();
        let said: Vec<Outcome> = statement
            .query_map([], |row| row.get::<_, String>(0))
            .unwrap()
            .map(|outcome| serde_json::from_str(&outcome.unwrap()).unwrap())
            .collect();
        let count = said.len();
        let outcomes: BTreeMap<_, _> = said.into_iter().map(|each| (each.change_id, each)).collect();
        assert_eq!(outcomes.len(), count, "a change arrived twice");
        Self { records, outcomes }
    }

    fn seen_by(&self, office: &str) -> Records {
        self.records
            .iter()
            .filter(|(_, (owner, referred, _))| is_in_scope(office, owner, referred.as_deref()))
            .map(|(key, (_, _, fields))| (*key, fields.clone()))
            .collect()
    }
}

/// Each desk holds what the server holds of its scope; beyond it only what the server did not take.
fn holds_what_the_server_holds(desk: &ADesk, ledger: &Ledger) {
    let troubles = desk.store.read(|conn| jitasa_store::sync::reading::troubles(conn, 10_000));
    let own_only: BTreeSet<_> = troubles
        .unwrap()
        .into_iter()
        .filter(|each| each.kind == "held" && each.change.fields.contains_key("id"))
        .map(|each| (each.change.entity, each.change.entity_id))
        .collect();
    let mut held = desk.records();
    for (key, fields) in ledger.seen_by(desk.office) {
        let row = held.remove(&key);
        assert_eq!(row.as_ref(), Some(&fields), "{key:?} on a desk of {}", desk.office);
    }
    for (key, fields) in held {
        let shipped = key.0 == Entity::Kind && fields["th"] == "อาหารและน้ำ";
        assert!(
            shipped || own_only.contains(&key) && !ledger.records.contains_key(&key),
            "{key:?} does not belong on a desk of {}: {fields:?}",
            desk.office
        );
    }
}

/// Every change had one word, and what was not applied is in its author's list.
fn every_change_has_its_word(all: &Office4, ledger: &Ledger) {
    let made: BTreeSet<_> = all.desks.iter().flat_map(|desk| desk.changes.clone()).collect();
    assert_eq!(made, ledger.outcomes.keys().copied().collect());
    for desk in &all.desks {
        let kept: BTreeSet<_> = desk
            .column("SELECT change_id || ' ' || kind FROM trouble")
            .into_iter()
            .collect();
        let wanted: BTreeSet<_> = desk
            .changes
            .iter()
            .map(|id| (id, ledger.outcomes[id].verdict.code()))
            .filter(|(_, verdict)| matches!(*verdict, "conflict" | "held"))
            .map(|(id, verdict)| format!("{id} {verdict}"))
            .collect();
        assert_eq!(kept, wanted);
    }
}

fn words_of(records: &Records) -> BTreeMap<(&'static str, String), String> {
    let text = |fields: &Fields, name: &str| fields[name].as_str().unwrap_or_default().to_string();
    let joined = |fields: &Fields, names: &[&str]| {
        names.iter().map(|name| text(fields, name)).collect::<Vec<_>>().join(" ")
    };
    let mut words = BTreeMap::new();
    for ((entity, id), fields) in records {
        if !fields["void_reason"].is_null() {
            continue;
        }
        let (kind, said) = match entity {
            Entity::Case => {
                let person = fields["person_id"].as_str().and_then(|id| id.parse().ok());
                let person = person.and_then(|id| records.get(&(Entity::Person, id)));
                let names = ["title", "given_name", "family_name", "phone", "citizen_id"];
                let person = person.map(|person| joined(person, &names)).unwrap_or_default();
                let case = joined(fields, &["number", "house_no", "landmark"]);
                ("case", format!("{case} {person}"))
            }
            Entity::Volunteer => {
                ("volunteer", joined(fields, &["title", "given_name", "family_name", "phone"]))
            }
            Entity::Area => ("village", joined(fields, &["name", "code"])),
            _ => continue,
        };
        words.insert((kind, id.to_string()), said);
    }
    words
}

/// What is derived is as if it had been derived now.
fn what_is_derived_is_fresh(desk: &ADesk) {
    let records = desk.records();
    let mut states = BTreeMap::<String, Vec<NeedState>>::new();
    for ((entity, _), fields) in &records {
        if *entity == Entity::Need && fields["void_reason"].is_null() {
            let state = NeedState::from_code(fields["state"].as_str().unwrap()).unwrap();
            states.entry(fields["case_id"].as_str().unwrap().into()).or_default().push(state);
        }
    }
    let mut lines = Vec::new();
    let mut counts = BTreeMap::<String, i64>::new();
    let mut places = Vec::new();
    for ((_, id), fields) in records.iter().filter(|(key, _)| key.0 == Entity::Case) {
        let case: Case = serde_json::from_value(Value::Object(fields.clone())).unwrap();
        let needs = states.remove(&id.to_string()).unwrap_or_default();
        let state = lifecycle::case_state(&needs).code();
        let rank = Urgency::ALL.iter().position(|each| *each == case.urgency).unwrap();
        lines.push(format!("{id} {state} {} {rank}", u8::from(state != "closed")));
        if case.void_reason.is_none() {
            let placed = u8::from(case.lat.is_some());
            let count = format!("{} {state} {} {placed}", case.area_code, case.urgency.code());
            *counts.entry(count).or_default() += 1;
            if let (Some(lat), Some(lon)) = (case.lat, case.lon) {
                places.push(format!("{id} {lat:.3} {lat:.3} {lon:.3} {lon:.3}"));
            }
        }
    }
    let stored = desk.column(
        "SELECT id || ' ' || state || ' ' || is_open || ' ' || urgency_rank FROM \"case\" ORDER BY id",
    );
    assert_eq!(stored, lines);
    let stored = desk.column(
        "SELECT area_code || ' ' || state || ' ' || urgency || ' ' || has_place || ' ' || n
         FROM case_count WHERE n <> 0 ORDER BY 1",
    );
    let counts: BTreeSet<_> = counts.into_iter().map(|(key, n)| format!("{key} {n}")).collect();
    assert_eq!(stored.into_iter().collect::<BTreeSet<_>>(), counts);
    let stored = desk.column(
        "SELECT coalesce(c.id, 'nobody') || printf(' %.3f %.3f %.3f %.3f', p.min_lat, p.max_lat, p.min_lon, p.max_lon)
         FROM case_place p LEFT JOIN \"case\" c ON c.pk = p.pk ORDER BY c.id",
    );
    assert_eq!(stored, places);

    let words = words_of(&records);
    let stored = desk.column("SELECT kind || ' ' || record_id FROM search_doc ORDER BY 1");
    let docs: Vec<_> = words.keys().map(|(kind, id)| format!("{kind} {id}")).collect();
    assert_eq!(stored, docs);
    let probes = ["บัวลา", "คำพอง", "หนองแสง", "โคกสูง", "450905", "0800000001", "2", "สูง"];
    for probe in probes {
        let fresh: BTreeSet<_> = words
            .iter()
            .filter(|(_, said)| finds(said, probe))
            .map(|((kind, id), _)| format!("{kind} {id}"))
            .collect();
        let found = desk.store.read(|conn| query::search::find(conn, probe, 10_000)).unwrap();
        let found: Vec<_> = found.iter().map(|hit| format!("{} {}", hit.kind, hit.id)).collect();
        assert_eq!(found.len(), fresh.len(), "{probe}");
        assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), fresh, "{probe}");
    }
}

/// Whether a text is found by a probe of one word: its pairs stand in a row in the text's pairs.
fn finds(said: &str, probe: &str) -> bool {
    let terms = format!(" {} ", search::index_terms(said));
    let wanted = search::index_terms(probe);
    if probe.chars().count() == 1 {
        terms.contains(&format!(" {wanted}"))
    } else {
        terms.contains(&format!(" {wanted} "))
    }
}

fn converges(moves: &[Move]) {
    let mut all = Office4::new();
    for each in moves {
        does(&mut all, *each);
    }
    for desk in &mut all.desks {
        desk.round = None;
    }
    for _ in 0..2 {
        for who in 0..all.desks.len() {
            all.sync(who);
        }
    }
    for who in 0..all.desks.len() {
        assert_eq!(all.sync(who), Receipt::default(), "quiet after two rounds each");
    }
    let ledger = Ledger::read(&all);
    every_change_has_its_word(&all, &ledger);
    for desk in &all.desks {
        holds_what_the_server_holds(desk, &ledger);
        what_is_derived_is_fresh(desk);
        assert_eq!(desk.store.check().unwrap(), Vec::<String>::new());
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(24),
        max_shrink_iters: 400,
        ..ProptestConfig::default()
    })]

    #[test]
    fn real_desks_converge_whatever_people_and_the_line_do(
        moves in prop::collection::vec(a_move(), 20..160)
    ) {
        converges(&moves);
    }
}
