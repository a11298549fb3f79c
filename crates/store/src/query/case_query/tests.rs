//! A query means the same whichever way its cases are come by.

use jitasa_domain::{
    Case, ClosingReason, Need, NeedState, Office, Person, Timestamp, ids::SeededIds,
};

use super::*;
use crate::{
    Setup, Store,
    query::cases::{self, CaseLine},
};

fn a_case(serial: u32, chance: &mut SeededIds) -> (Case, Person, Vec<Need>) {
    let id = |part| Uuid::from_u128(u128::from(serial) * 10 + part);
    let state = NeedState::ALL[chance.below(NeedState::ALL.len())];
    let has_place = chance.below(4) > 0;
    let case = Case {
        id: id(1),
        number: format!("450905-69-{serial:05}"),
        office_code: "4509".into(),
        person_id: Some(id(2)),
        area_code: ["45090501", "45090502", "45090601", "450907"][chance.below(4)].into(),
        urgency: Urgency::ALL[chance.below(Urgency::ALL.len())],
        review_state: ReviewState::ALL[chance.below(ReviewState::ALL.len())],
        // Few moments, so that keys must tell apart what was reported together.
        reported_at: Timestamp(1_790_000_000_000 + 1_000 * chance.below(20) as i64),
        lat: has_place.then_some(16.2 + f64::from(serial % 10) / 100.0),
        lon: has_place.then_some(104.2),
        ..Case::default()
    };
    let person = Person {
        id: id(2),
        case_id: Some(case.id),
        given_name: ["บัวลา", "คำผาย"][chance.below(2)].into(),
        ..Person::default()
    };
    let need = Need {
        id: id(3),
        case_id: case.id,
        kind: ["oxygen", "food_water"][chance.below(2)].into(),
        state,
        closing_reason: (state == NeedState::Closed).then_some(ClosingReason::Met),
        ..Need::default()
    };
    (case, person, vec![need])
}

fn a_desk(cases: u32) -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::create(dir.path(), [7; 32]).unwrap();
    let setup = Setup {
        office: Office {
            code: "4509".into(),
            name: "ฝึกหัด".into(),
        },
        practice: true,
        device_id: Uuid::from_u128(1),
        users: Vec::new(),
        kinds: Vec::new(),
        centre: (16.3, 104.2),
    };
    store.set_up(&setup).unwrap();
    let mut chance = SeededIds(11);
    store
        .load_practice((1..=cases).map(|serial| a_case(serial, &mut chance)))
        .unwrap();
    (dir, store)
}

fn queries() -> Vec<CaseQuery> {
    let one = CaseQuery::default;
    let texts = |texts: &[&str]| texts.iter().map(ToString::to_string).collect();
    vec![
        one(),
        CaseQuery {
            all_states: true,
            ..one()
        },
        CaseQuery {
            states: vec![CaseState::Closed],
            ..one()
        },
        CaseQuery {
            states: vec![CaseState::Reported, CaseState::Open],
            urgencies: vec![Urgency::Critical, Urgency::Urgent],
            ..one()
        },
        CaseQuery {
            states: vec![CaseState::Met, CaseState::Closed],
            areas: texts(&["450905"]),
            ..one()
        },
        CaseQuery {
            areas: texts(&["45090501", "450907"]),
            no_place: true,
            ..one()
        },
        CaseQuery {
            only_villages: Some(texts(&["45090601"])),
            review_states: vec![ReviewState::Unreviewed],
            ..one()
        },
        CaseQuery {
            only_villages: Some(Vec::new()),
            all_states: true,
            ..one()
        },
        CaseQuery {
            review_states: vec![ReviewState::Confirmed, ReviewState::Returned],
            all_states: true,
            ..one()
        },
        CaseQuery {
            review_states: vec![ReviewState::Unreviewed],
            states: vec![
                CaseState::Reported,
                CaseState::Open,
                CaseState::InProgress,
                CaseState::Met,
            ],
            ..one()
        },
        CaseQuery {
            review_states: vec![ReviewState::Unreviewed],
            states: vec![CaseState::Open, CaseState::Closed],
            ..one()
        },
        CaseQuery {
            need_kinds: texts(&["oxygen"]),
            ..one()
        },
        CaseQuery {
            text: Some("คำผาย".into()),
            ..one()
        },
        CaseQuery {
            within_box: Some((104.0, 16.22, 104.3, 16.25)),
            ..one()
        },
        CaseQuery {
            all_states: true,
            within_box: Some((90.0, -5.0, 110.0, 25.0)),
            ..one()
        },
        CaseQuery {
            text: Some("บัวลา".into()),
            within_box: Some((104.0, 16.2, 104.3, 16.25)),
            ..one()
        },
    ]
}

/// What a query means, written without SQL.
fn meets(line: &CaseLine, query: &CaseQuery) -> bool {
    fn named<T: PartialEq>(named: &[T], value: &T) -> bool {
        named.is_empty() || named.contains(value)
    }
    let case = &line.case;
    let within = query.within_box.is_none_or(|(west, south, east, north)| {
        let (lat, lon) = (case.lat.unwrap_or(0.0), case.lon.unwrap_or(0.0));
        (west..=east).contains(&lon) && (south..=north).contains(&lat)
    });
    let state = if query.states.is_empty() {
        query.all_states || line.state != CaseState::Closed
    } else {
        query.states.contains(&line.state)
    };
    let area = |code: &String| case.area_code.starts_with(code);
    within
        && state
        && named(&query.urgencies, &case.urgency)
        && named(&query.review_states, &case.review_state)
        && named(&query.need_kinds, &line.needs[0].kind)
        && (query.areas.is_empty() || query.areas.iter().any(area))
        && query
            .only_villages
            .as_ref()
            .is_none_or(|own| own.contains(&case.area_code))
        && (!query.no_place || case.lat.is_none())
        && query
            .text
            .as_ref()
            .is_none_or(|text| line.person.given_name == *text)
}

#[test]
fn a_query_has_the_same_cases_in_the_same_order_whichever_way_they_are_come_by() {
    let (_dir, store) = a_desk(300);
    let everything = CaseQuery {
        all_states: true,
        ..CaseQuery::default()
    };
    let number = CaseSort::Number;
    let all = store
        .read(|conn| cases::page(conn, &everything, number, None, 500))
        .unwrap()
        .rows;
    assert_eq!(all.len(), 300);
    for (query, sort) in queries().iter().flat_map(|query| {
        [CaseSort::Newest, CaseSort::Waiting, CaseSort::Number].map(|sort| (query, sort))
    }) {
        let mut expected: Vec<&CaseLine> = all.iter().filter(|line| meets(line, query)).collect();
        // Rows were loaded in the order of their numbers.
        expected.sort_by(|a, b| match sort {
            CaseSort::Newest => {
                let key = |line: &CaseLine| (line.case.reported_at, line.case.number.clone());
                key(b).cmp(&key(a))
            }
            CaseSort::Waiting => {
                let key = |line: &CaseLine| {
                    let pressing = std::cmp::Reverse(line.case.urgency);
                    (pressing, line.case.reported_at, line.case.number.clone())
                };
                key(a).cmp(&key(b))
            }
            CaseSort::Number => b.case.number.cmp(&a.case.number),
        });
        let expected: Vec<Uuid> = expected.iter().map(|line| line.case.id).collect();
        let total = store.read(|conn| count(conn, query)).unwrap();
        assert_eq!(total, i64::try_from(expected.len()).unwrap(), "{query:?}");
        for way in [Way::Find, Way::Walk(sort)] {
            let (mut seen, mut after) = (Vec::new(), None::<String>);
            loop {
                let (rows, next) = store
                    .read(|conn| cases::page_by(conn, query, sort, way, after.as_deref(), 7))
                    .unwrap();
                seen.extend(rows.iter().map(|line| line.case.id));
                match next {
                    Some(next) => after = Some(next),
                    None => break,
                }
            }
            assert_eq!(seen, expected, "{query:?} {sort:?} {way:?}");
        }
    }
}

/// How SQLite would answer.
fn plan_of(store: &Store, sql: &str, conditions: Conditions) -> Vec<String> {
    store
        .read(|conn| {
            let mut statement = conn.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
            let lines =
                statement.query_map(params_from_iter(conditions.cells), |row| row.get(3))?;
            Ok(lines.collect::<Result<_, _>>()?)
        })
        .unwrap()
}

#[test]
fn the_map_of_a_box_is_read_from_its_index_alone() {
    let (_dir, store) = a_desk(1);
    for edges in [(104.0, 16.22, 104.3, 16.25), (90.0, -5.0, 110.0, 25.0)] {
        let query = CaseQuery {
            within_box: Some(edges),
            only_villages: Some(vec!["45090501".into()]),
            ..CaseQuery::default()
        };
        let (sql, conditions) = crate::query::places::points_sql(&query);
        let plan = plan_of(&store, &sql, conditions);
        let lookup = "COVERING INDEX case_map (is_open=? AND <expr>";
        assert!(plan[0].contains(lookup), "{plan:?}");
        assert_eq!(plan.len(), 1, "{plan:?}");
    }
}

#[test]
fn no_page_of_a_large_office_sorts_or_reads_through_its_cases() {
    let (_dir, store) = a_desk(1);
    let large = FOUND_MAX + 1;
    for query in queries() {
        for sort in [CaseSort::Newest, CaseSort::Waiting] {
            let way = Way::to_page(&query, sort, large);
            let nobody = query.only_villages.as_ref().is_some_and(Vec::is_empty);
            if nobody || way == Way::Find || (sort == CaseSort::Waiting && !all_open(&query)) {
                continue;
            }
            let conditions = conditions(&query, way);
            let (at, rank) = (way.sorter("reported_at"), way.sorter("urgency_rank"));
            let order = match sort {
                CaseSort::Waiting => format!("{rank}, {at}, c.pk"),
                _ => format!("{at} DESC, c.pk DESC"),
            };
            let sql = format!(
                "SELECT c.pk FROM {} {} ORDER BY {order} LIMIT 100",
                source(&query),
                conditions.sql()
            );
            let plan = plan_of(&store, &sql, conditions);
            assert!(
                !plan.iter().any(|line| line.contains("TEMP B-TREE")),
                "{query:?} {sort:?}: {plan:?}"
            );
        }
    }
}
