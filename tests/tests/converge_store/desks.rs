//! Four real desks of three offices, each with its encrypted store, and their province.

use std::collections::BTreeSet;

use jitasa_domain::{
    Actor, Entity, IdSource as _, Kind, KindList, Office, Role, Timestamp, ids::SeededIds, record,
};
use jitasa_server::Province;
use jitasa_server::province::CodeTerms;
use jitasa_store::{Action, Connection, Setup, Store, StoreError};
use jitasa_sync::{
    Absorbed, Desk as _, Receipt, StoreDesk, SyncError, Terms, Transport as _, TransportError,
    core::{Effect, Event, Standing, State, step},
    enrol, envelope, run,
};
use jitasa_tests::keeper::{Keeper, Place};
use serde_json::Value;
use tempfile::TempDir;
use uuid::Uuid;

use crate::line::{Fault, Line};

pub(crate) use jitasa_tests::rows::{Fields, Records};

pub(crate) const START: Timestamp = Timestamp(1_795_305_600_000);
pub(crate) const OFFICES: [&str; 4] = ["450905", "450905", "450909", "4509"];

pub(crate) struct Offices {
    pub(crate) _dirs: Vec<TempDir>,
    pub(crate) province: Province,
    pub(crate) ledger: Place,
    pub(crate) desks: Vec<ADesk>,
    pub(crate) now: i64,
}

pub(crate) struct ADesk {
    pub(crate) store: Store,
    pub(crate) ids: SeededIds,
    pub(crate) office: &'static str,
    pub(crate) clerk: Actor,
    pub(crate) headman: Actor,
    /// A round under way, and what it hears next.
    pub(crate) round: Option<(State, Event)>,
    pub(crate) acts: Vec<(Uuid, Role)>,
    pub(crate) changes: BTreeSet<Uuid>,
}

impl ADesk {
    pub(crate) fn lent(&self) -> StoreDesk<'_> {
        StoreDesk {
            store: &self.store,
            device_name: "โต๊ะรับเรื่อง".into(),
        }
    }

    /// Ids of what counts, in an order that a seed replays.
    pub(crate) fn ids_of(&self, entity: Entity, condition: &str) -> Vec<Uuid> {
        let sql = format!(
            "SELECT id FROM \"{}\" WHERE void_reason IS NULL {condition} ORDER BY id",
            entity.code()
        );
        self.column(&sql)
            .iter()
            .map(|id| id.parse().unwrap())
            .collect()
    }

    pub(crate) fn column(&self, sql: &str) -> Vec<String> {
        let read = |conn: &Connection| -> Result<Vec<String>, StoreError> {
            let mut statement = conn.prepare(sql)?;
            let column = statement.query_map([], |row| row.get(0))?;
            Ok(column.collect::<Result<_, _>>()?)
        };
        self.store.read(read).unwrap()
    }

    pub(crate) fn records(&self) -> Records {
        jitasa_tests::rows::records(&self.store)
    }

    pub(crate) fn get<R: record::Record>(&self, id: Uuid) -> R {
        let fields = self.records().remove(&(R::ENTITY, id)).unwrap();
        serde_json::from_value(Value::Object(fields)).unwrap()
    }

    pub(crate) fn version(&self, entity: Entity, id: Uuid) -> i64 {
        let sql = format!(
            "SELECT CAST(version AS TEXT) FROM \"{}\" WHERE id = '{id}'",
            entity.code()
        );
        self.column(&sql)[0].parse().unwrap()
    }
}

impl Offices {
    pub(crate) fn new() -> Self {
        Self::on(Keeper::Sqlite)
    }

    pub(crate) fn on(keeper: Keeper) -> Self {
        let ledger = Place::new(keeper);
        let province = ledger.open();
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
                volunteer_id: None,
            };
            let clerk = person(Role::Clerk, ids.next(START));
            let headman = person(Role::Headman, ids.next(START));
            let setup = Setup {
                office: Office {
                    code: office.into(),
                    name: "สำนักงานฝึกหัด".into(),
                },
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
                store,
                ids,
                office,
                clerk,
                headman,
                round: None,
                acts: Vec::new(),
                changes: BTreeSet::new(),
            };
            let code = province
                .new_code(office, CodeTerms::default(), START)
                .unwrap();
            let line = Line {
                province: &province,
                fault: Fault::None,
            };
            let secret = [u8::try_from(seed).unwrap(); 32];
            enrol(
                &mut desk.lent(),
                &line,
                "http://127.0.0.1:8450",
                &code,
                secret,
                START,
            )
            .unwrap();
            desks.push(desk);
            dirs.push(dir);
        }
        Self {
            _dirs: dirs,
            ledger,
            province,
            desks,
            now: START.0,
        }
    }

    pub(crate) fn act(&mut self, who: usize, role: Role, action: Action) {
        self.now += 60_000;
        let desk = &mut self.desks[who];
        // The third desk's clock is a year ahead; clocks decide nothing.
        let now = Timestamp(self.now + if who == 2 { 31_536_000_000 } else { 0 });
        // The program itself acts at the clerk's desk; what falls due by the clock has fallen due by then.
        let program = Actor {
            role: Role::Timekeeper,
            ..desk.clerk.clone()
        };
        let (actor, now) = match role {
            Role::Headman => (&desk.headman, now),
            Role::Timekeeper => (&program, now.plus_ms(86_400_000)),
            _ => (&desk.clerk, now),
        };
        match desk.store.act(actor, now, &mut desk.ids, action) {
            Ok(acted) => desk.acts.push((acted.act_id, role)),
            Err(refusal) => assert!(
                !matches!(refusal.code().split_once('_'), Some(("store" | "disk", _))),
                "{refusal:?}"
            ),
        }
        let waiting = desk.store.gather(0, usize::MAX).unwrap().changes;
        desk.changes
            .extend(waiting.iter().map(|change| change.change_id));
    }

    /// One exchange, or the absorbing of its answer.
    pub(crate) fn steps(&mut self, who: usize, fault: Fault, page: u32) {
        let desk = &mut self.desks[who];
        let mut lent = StoreDesk {
            store: &desk.store,
            device_name: String::new(),
        };
        let (mut state, mut event) = desk.round.take().unwrap_or_else(|| {
            let standing = Standing {
                page,
                ..lent.standing().unwrap()
            };
            (State::new(standing), Event::Start)
        });
        let key = lent.identity().unwrap().key.unwrap();
        let kept = lent.enrolment().unwrap().unwrap();
        let line = Line {
            province: &self.province,
            fault,
        };
        loop {
            let (next, effect) = step(state, event);
            state = next;
            match effect {
                Effect::Gather { after, limit } => {
                    event = Event::Gathered(lent.gather(after, limit).unwrap());
                }
                Effect::Send(request) => {
                    let sealed = envelope::seal(&request, &key);
                    let device = request.head.device_id;
                    let answered = line.exchange(&sealed.frame).and_then(|bytes| {
                        envelope::open(&bytes, &kept.server_key.unwrap(), device, sealed.name)
                    });
                    event = match answered {
                        Ok(answer) => Event::Answered(Box::new(answer)),
                        Err(error) => Event::Failed(error),
                    };
                    desk.round = Some((state, event));
                    return;
                }
                Effect::Absorb {
                    acked,
                    links,
                    answer,
                    ..
                } => {
                    let absorbed = Absorbed {
                        acked,
                        outcomes: answer.outcomes,
                        links,
                        delivered: answer.delivered,
                        cursor: Some(answer.head.cursor),
                        at: START,
                    };
                    let received = lent.absorb(&absorbed).unwrap().received;
                    desk.round = Some((state, Event::Absorbed(received)));
                    return;
                }
                Effect::Rebase { .. } | Effect::Sum | Effect::Reconcile { .. } => {
                    panic!("nothing was restored, and nobody compares in the middle: {effect:?}")
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

    pub(crate) fn sync(&mut self, who: usize) -> Receipt {
        let line = Line {
            province: &self.province,
            fault: Fault::None,
        };
        let terms = Terms {
            compares: true,
            ..Terms::at(START)
        };
        let receipt = run(&mut self.desks[who].lent(), &line, terms).unwrap();
        assert_eq!(
            receipt.sent,
            receipt.new + receipt.merged + receipt.conflicts + receipt.held
        );
        receipt
    }
}
