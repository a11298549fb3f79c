//! What both sides are asked. `store.*` asks the store's own queries, `api.*` asks as a screen does, JSON in and out.

use std::{cell::RefCell, io::Write, rc::Rc};

use jitasa_app::App;
use jitasa_domain::{Actor, CaseState, Channel, PlaceSource, Timestamp, Urgency};
use jitasa_store::{
    Action, Store,
    act::{CaseFields, NewCase, NewNeed, PersonFields},
    desk::reading,
    query::{
        cases::{self, CaseQuery, CaseSort},
        places,
    },
};
use rusqlite::params;
use serde_json::{Value, json};

use super::{
    desk::{FreshIds, Kept},
    plain::{INSERT, OpenPlain, Plain, SCAN},
    samples::{Known, Samples},
};
use crate::{
    Outcome,
    figure::{Question, millis, percentile},
    machine,
};

/// Rows of a page.
const PAGE: u32 = 100;
/// Half the side of the box, in degrees.
const BOX_HALF: f64 = 0.05;
/// The zoom at which a screen shows such a box.
const BOX_ZOOM: f64 = 12.0;

/// A screen that takes this long is not asked again.
const SCREEN_ENOUGH_NS: u64 = 1_000_000_000;

const PLAIN_PAGE: &str =
    "WHERE state = ?1 AND void_reason IS NULL ORDER BY reported_at DESC, pk DESC LIMIT 100";

fn of_state(state: CaseState) -> CaseQuery {
    CaseQuery {
        states: vec![state],
        ..CaseQuery::default()
    }
}

fn full<T>(rows: &[T]) -> Outcome<()> {
    expect(rows.len() == PAGE as usize, "the page is not full")
}

fn expect(holds: bool, otherwise: &'static str) -> Outcome<()> {
    holds.then_some(()).ok_or(otherwise.into())
}

/// The first page after opening, connections and statements included.
pub(super) fn opening<'a>(kept: &'a Kept, plain: &'a Plain) -> Question<'a> {
    // Closed after the answer, outside the measured time.
    let stores = Rc::new(RefCell::new(None));
    let plains = Rc::new(RefCell::new(None));
    let (open_stores, open_plains) = (Rc::clone(&stores), Rc::clone(&plains));
    Question::new("store.open_page", [0.05, 0.05], move |turn| {
        let store = Store::open(&kept.desk_dir())?;
        let query = of_state(Samples::state(turn));
        let page = store.read(|conn| cases::page(conn, &query, CaseSort::Newest, None, PAGE))?;
        *stores.borrow_mut() = Some(store);
        full(&page.rows)
    })
    .beside(SCAN, move |turn| {
        let plain = plain.open()?;
        let seen = plain.ask(PLAIN_PAGE, [Samples::state(turn).code()])?;
        *plains.borrow_mut() = Some(plain);
        expect(seen == PAGE as usize, "the plain page is not full")
    })
    .afterwards(move || {
        open_stores.borrow_mut().take();
        open_plains.borrow_mut().take();
    })
}

/// Questions that write nothing.
pub(super) fn reading<'a>(
    store: &'a Store,
    app: &'a App,
    plain: &'a OpenPlain,
    samples: &'a Samples,
) -> Vec<Question<'a>> {
    let plain_page = |turn| {
        let seen = plain.ask(PLAIN_PAGE, [Samples::state(turn).code()])?;
        expect(seen == PAGE as usize, "the plain page is not full")
    };
    let plain_box = move |turn| {
        let [west, south, east, north] = box_around(samples.at(turn));
        let seen = plain.read(
            "SELECT pk, lat, lon, state, urgency FROM cases
             WHERE lat BETWEEN ?1 AND ?2 AND lon BETWEEN ?3 AND ?4 AND is_open = 1 AND void_reason IS NULL",
            [south, north, west, east],
        )?;
        expect(seen > 0, "the plain box is empty")
    };
    let deep = |turn| samples.at(turn);
    vec![
        Question::new("store.page_first", [0.02, 0.02], |turn| {
            let query = of_state(Samples::state(turn));
            let page = store.read(|conn| cases::page(conn, &query, CaseSort::Newest, None, PAGE))?;
            full(&page.rows)
        })
        .beside(SCAN, plain_page),
        Question::new("api.page_first", [0.02, 0.02], |turn| {
            let state = Samples::state(turn).code();
            let request = json!({"filter": {"states": [state]}, "sort": "newest", "limit": PAGE});
            let answer = app.call("case.list", request)?;
            full(answer["rows"].as_array().map_or(&[], Vec::as_slice))
        })
        .beside(SCAN, plain_page),
        Question::new("store.page_deep", [0.02, 0.02], move |turn| {
            let known = deep(turn);
            let query = of_state(known.state);
            let after = format!("{}.{}", known.reported_at, known.pk);
            store.read(|conn| cases::page(conn, &query, CaseSort::Newest, Some(&after), PAGE))?;
            Ok(())
        })
        .beside(SCAN, move |turn| {
            let known = deep(turn);
            plain.ask(
                "WHERE state = ?1 AND void_reason IS NULL AND (reported_at, pk) < (?2, ?3)
                 ORDER BY reported_at DESC, pk DESC LIMIT 100",
                params![known.state.code(), known.reported_at, known.pk],
            )?;
            Ok(())
        }),
        Question::new("store.count", [0.002, 0.02], move |turn| {
            let known = samples.at(turn);
            let query = CaseQuery {
                areas: vec![known.area_code[..6].into()],
                ..of_state(known.state)
            };
            let n = store.read(|conn| cases::count(conn, &query))?;
            expect(n > 0, "nothing counted")
        })
        .beside(SCAN, move |turn| {
            let known = samples.at(turn);
            let subdistrict = &known.area_code[..6];
            plain.read(
                "SELECT count(*) FROM cases WHERE state = ?1 AND void_reason IS NULL
                 AND area_code >= ?2 AND area_code < ?2 || ':'",
                [known.state.code(), subdistrict],
            )?;
            Ok(())
        }),
        Question::new("store.point_read", [0.002, 0.02], move |turn| {
            let whole = store.read(|conn| cases::whole(conn, samples.at(turn).id))?;
            expect(whole.is_some(), "no such case")
        })
        .beside(SCAN, move |turn| {
            let seen = plain.ask("WHERE id = ?1", [samples.at(turn).id.to_string()])?;
            expect(seen == 1, "no such plain case")
        }),
        Question::new("store.box", [0.15, 0.3], move |turn| {
            let [west, south, east, north] = box_around(samples.at(turn));
            let query = CaseQuery {
                within_box: Some((west, south, east, north)),
                ..CaseQuery::default()
            };
            store.read(|conn| places::points(conn, &query))?;
            Ok(())
        })
        .beside(SCAN, plain_box),
        Question::new("api.map_view", [0.2, 0.4], move |turn| {
            let [west, south, east, north] = box_around(samples.at(turn));
            let request = json!({
                "west": west, "south": south, "east": east, "north": north, "zoom": BOX_ZOOM, "filter": {},
            });
            let answer = app.call("map.view", request)?;
            expect(answer["total"].as_i64() > Some(0), "the map is empty")
        })
        .beside(SCAN, plain_box),
    ]
}

fn box_around(known: &Known) -> [f64; 4] {
    [
        known.lon - BOX_HALF,
        known.lat - BOX_HALF,
        known.lon + BOX_HALF,
        known.lat + BOX_HALF,
    ]
}

/// One case saved, on the disk when it is answered; nobody else writes.
pub(super) fn saving<'a>(
    store: &'a Store,
    app: &'a App,
    plain: &'a OpenPlain,
    samples: &'a Samples,
) -> Outcome<Vec<Question<'a>>> {
    let clerk: Actor = store
        .read(reading::actor)?
        .ok_or("nobody sits at the desk")?;
    let plain_save = move |turn| plain.save_copy(samples.at(turn).pk);
    Ok(vec![
        Question::new("store.save", [5.0, 5.0], move |turn| {
            let known = samples.at(turn);
            let now = Timestamp(known.reported_at);
            store.act(
                &clerk,
                now,
                &mut FreshIds,
                Action::CreateCase(a_case(known)),
            )?;
            Ok(())
        })
        .beside(INSERT, plain_save),
        Question::new("api.save", [5.0, 5.0], move |turn| {
            app.call("case.create", a_draft(samples.at(turn)))?;
            Ok(())
        })
        .beside(INSERT, plain_save),
    ])
}

fn a_case(known: &Known) -> NewCase {
    NewCase {
        person: PersonFields {
            title: "นาง".into(),
            given_name: "บัวลา".into(),
            family_name: "ศรีสมมุติ".into(),
            phone: Some("0800123456".into()),
            ..PersonFields::default()
        },
        fields: CaseFields {
            channel: Channel::Phone,
            reported_at: Timestamp(known.reported_at),
            area_code: known.area_code.clone(),
            house_no: "99/1".into(),
            landmark: "หลังวัด".into(),
            lat: Some(known.lat),
            lon: Some(known.lon),
            accuracy_m: Some(30),
            place_source: PlaceSource::Pin,
            people_count: 3,
            vulnerable: vec!["elderly".into()],
            urgency: Urgency::Urgent,
            note: "น้ำท่วมถึงชั้นล่าง ขอข้าวและน้ำดื่ม".into(),
            ..CaseFields::default()
        },
        needs: ["food_water", "medicine"]
            .map(|kind| NewNeed {
                kind: kind.into(),
                detail: String::new(),
                ..NewNeed::default()
            })
            .into(),
        ..NewCase::default()
    }
}

fn a_draft(known: &Known) -> Value {
    json!({
        "channel": "phone", "title": "นาง", "given_name": "บัวลา", "family_name": "ศรีสมมุติ",
        "phone": "0800123456", "area_code": known.area_code, "house_no": "99/1", "landmark": "หลังวัด",
        "lat": known.lat, "lon": known.lon, "accuracy_m": 30, "place_source": "pin", "people_count": 3,
        "vulnerable": ["elderly"], "urgency": "urgent", "note": "น้ำท่วมถึงชั้นล่าง ขอข้าวและน้ำดื่ม",
        "needs": [{"kind": "food_water"}, {"kind": "medicine"}],
    })
}

/// The other screens, for us to see what is slow; no peer answers them, so they are no figures.
pub(super) fn screens(app: &App, out: &mut impl Write) -> Outcome<()> {
    let asked = [
        ("today.get", json!({})),
        (
            "case.list",
            json!({"filter": {}, "sort": "waiting", "limit": PAGE}),
        ),
        (
            "case.list",
            json!({"filter": {"text": "บัวลา"}, "sort": "newest", "limit": PAGE}),
        ),
        (
            "case.list",
            json!({"filter": {"need_kinds": ["oxygen"]}, "limit": PAGE}),
        ),
        (
            "case.like",
            json!({"given_name": "บัวลา", "family_name": "ศรีสมมุติ", "phone": "0800123456"}),
        ),
        ("search.find", json!({"text": "บัวลา"})),
        ("assignment.board", json!({"limit": 50})),
        ("review.inbox", json!({"limit": 50})),
        ("sync.status", json!({})),
        (
            "report.get",
            json!({"from": "2026-11-16", "to": "2026-11-22"}),
        ),
    ];
    for (command, request) in asked {
        let mut samples = Vec::new();
        while samples.len() < 5 && samples.iter().sum::<u64>() < SCREEN_ENOUGH_NS {
            let (_, took) = machine::timed(|| Ok(app.call(command, request.clone())?))?;
            samples.push(u64::try_from(took.as_nanos())?);
        }
        writeln!(
            out,
            "screen: {command} {request} first {:.1} ms, median of {} {:.1} ms",
            millis(samples[0]),
            samples.len(),
            millis(percentile(&samples, 50)),
        )?;
    }
    Ok(())
}
