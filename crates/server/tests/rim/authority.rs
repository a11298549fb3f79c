//! Who may call what: every route of the table under every way of showing oneself. A route without a
//! row of expectations fails, and so does a row without a route.

use axum::http::header;
use jitasa_protocol::{
    DeviceKey, ENROL_PATH, ENROL_PATH_V1, SYNC_PATH, SYNC_PATH_V1,
    frame::{Compression, Kind, open as unseal, seal},
    limits,
    payload::{Answer, Request, RequestHead},
};
use jitasa_server::{
    book::Status,
    http::routes::{Caller, ROUTES, Route, Verb},
};
use uuid::Uuid;

use crate::house::{Call, Desk, HOST, House, OTHERS, OURS, form, sync_body};

/// What a route answers to whom.
struct Row {
    method: Verb,
    path: &'static str,
    who: Caller,
    /// To somebody who shows nothing.
    nobody: u16,
    /// To a confirmed device that shows its token.
    device: u16,
    /// To the operator, from our own page.
    operator: u16,
    /// To whoever comes from another machine and shows nothing.
    from_afar: u16,
    /// To the operator, asked for under a name of others.
    other_name: u16,
}

const fn open(method: Verb, path: &'static str, answer: u16) -> Row {
    Row {
        method,
        path,
        who: Caller::Anybody,
        nobody: answer,
        device: answer,
        operator: answer,
        from_afar: answer,
        other_name: answer,
    }
}

/// A page that anybody may have, under our own name.
const fn open_page(method: Verb, path: &'static str, answer: u16) -> Row {
    Row {
        other_name: 421,
        ..open(method, path, answer)
    }
}

const fn page(method: Verb, path: &'static str, answer: u16) -> Row {
    Row {
        who: Caller::Operator,
        nobody: 401,
        device: 401,
        from_afar: 401,
        ..open_page(method, path, answer)
    }
}

const EXPECTED: &[Row] = &[
    // No code is in the body of this call, so nobody is let in.
    open(Verb::Post, ENROL_PATH_V1, 422),
    // A body that is no signed frame says nothing to anybody.
    open(Verb::Post, ENROL_PATH, 422),
    Row {
        who: Caller::Signature,
        ..open(Verb::Post, SYNC_PATH, 422)
    },
    Row {
        who: Caller::Token,
        nobody: 401,
        device: 200,
        operator: 401,
        from_afar: 401,
        other_name: 401,
        ..open(Verb::Post, SYNC_PATH_V1, 0)
    },
    open(Verb::Get, "/healthz", 200),
    open(Verb::Get, "/openapi.json", 200),
    Row {
        who: Caller::Watch,
        from_afar: 401,
        ..open(Verb::Get, "/metrics", 200)
    },
    open_page(Verb::Get, "/operator/style.css", 200),
    open_page(Verb::Get, "/operator/page.js", 200),
    open_page(Verb::Get, "/operator/sarabun-regular.ttf", 200),
    open_page(Verb::Get, "/operator/sarabun-bold.ttf", 200),
    open_page(Verb::Get, "/operator/sign-in", 200),
    // The link in the body was never made.
    open_page(Verb::Post, "/operator/sign-in", 403),
    page(Verb::Post, "/operator/sign-out", 303),
    page(Verb::Get, "/operator", 200),
    page(Verb::Get, "/operator/enrol", 200),
    page(Verb::Post, "/operator/enrol", 200),
    page(Verb::Get, "/operator/device", 200),
    page(Verb::Post, "/operator/confirm", 200),
    page(Verb::Post, "/operator/revoke", 200),
    page(Verb::Get, "/operator/log", 200),
];

fn row_of(route: &Route) -> &'static Row {
    EXPECTED
        .iter()
        .find(|row| row.path == route.path && row.method == route.method)
        .unwrap_or_else(|| panic!("{} has no row of expectations", route.path))
}

/// A request to a route that is sound but for who sends it.
fn sound(route: &Route, desk: &Desk, csrf: &str) -> Call {
    let fields = format!(
        "csrf={csrf}&office={OURS}&devices=1&form=f&how=lost&reason=r&heard=yes&link=none&device={}",
        Uuid::from_u128(77)
    );
    let call = match (route.method, route.path) {
        (Verb::Get, path) => Call::get(path),
        (Verb::Post, path) if !path.starts_with("/operator") => {
            Call::post(path, sync_body(desk.office_code, desk.id, &[]))
        }
        (Verb::Post, path) => form(path, &fields),
    };
    match route.method {
        Verb::Post => call.with(header::ORIGIN, format!("http://{HOST}")),
        Verb::Get => call,
    }
}

#[test]
fn every_route_answers_each_caller_as_its_row_says_and_denies_by_default() {
    assert_eq!(EXPECTED.len(), ROUTES.len(), "a row without a route");
    let house = House::new();
    let desk = house.desk(OURS, 1, Status::Confirmed);
    for route in ROUTES {
        let row = row_of(route);
        assert_eq!(row.who, route.who, "{}", route.path);
        // Anew for each route: one of them ends the session.
        let (cookie, csrf) = house.signed_in();
        let call = sound(route, &desk, &csrf);
        let signed_in = call.clone().with(header::COOKIE, &cookie);
        let callers = [
            ("nobody", row.nobody, call.clone()),
            (
                "a wrong token",
                if row.device == 200 && row.nobody == 401 {
                    401
                } else {
                    row.device
                },
                call.clone().with(header::AUTHORIZATION, "Bearer 00ff"),
            ),
            (
                "a device",
                row.device,
                call.clone()
                    .with(header::AUTHORIZATION, format!("Bearer {}", desk.token)),
            ),
            (
                "a made-up session",
                row.nobody,
                call.clone().with(header::COOKIE, "jitasa_operator=00ff"),
            ),
            (
                "somebody afar",
                row.from_afar,
                call.clone().coming_from_afar(),
            ),
            (
                "a proxy for somebody",
                row.from_afar,
                call.clone().with(header::FORWARDED, "for=192.0.2.7"),
            ),
            (
                "another name",
                row.other_name,
                signed_in.clone().with(header::HOST, "evil.example:8450"),
            ),
            ("the operator", row.operator, signed_in.clone()),
        ];
        for (who, status, call) in callers {
            let said = house.call(&call);
            assert_eq!(said.status, status, "{} {}: {who}", call.method, route.path);
        }
    }
}

#[test]
fn an_act_of_the_operator_needs_the_cookie_the_page_and_what_the_page_carries() {
    let house = House::new();
    let desk = house.desk(OURS, 1, Status::Confirmed);
    let acts = ROUTES
        .iter()
        .filter(|route| route.who == Caller::Operator && route.method == Verb::Post);
    for route in acts {
        let (cookie, csrf) = house.signed_in();
        let (_, others_csrf) = house.signed_in();
        let good = sound(route, &desk, &csrf).with(header::COOKIE, &cookie);
        let without_origin = Call {
            headers: good
                .headers
                .iter()
                .filter(|(name, _)| *name != header::ORIGIN)
                .cloned()
                .collect(),
            ..good.clone()
        };
        for (why, call) in [
            (
                "another page",
                good.clone().with(header::ORIGIN, "https://evil.example"),
            ),
            (
                "a page without a name",
                good.clone().with(header::ORIGIN, "null"),
            ),
            ("no page", without_origin),
            (
                "no csrf",
                sound(route, &desk, "").with(header::COOKIE, &cookie),
            ),
            (
                "the csrf of another session",
                sound(route, &desk, &others_csrf).with(header::COOKIE, &cookie),
            ),
            (
                "no form",
                Call {
                    body: "{}".into(),
                    ..good.clone()
                }
                .with(header::CONTENT_TYPE, "application/json"),
            ),
        ] {
            let said = house.call(&call);
            assert_eq!(said.status, 403, "{}: {why}", route.path);
        }
    }
}

#[test]
fn what_is_in_no_row_of_the_table_does_not_exist() {
    let house = House::new();
    let (cookie, _) = house.signed_in();
    for path in [
        "/",
        "/operator/",
        "/operator/devices",
        "/v1/",
        "/v1/sync/x",
        "/.git/config",
    ] {
        let said = house.call(&Call::get(path).with(header::COOKIE, &cookie));
        assert_eq!(said.status, 404, "{path}");
    }
    for route in ROUTES.iter().filter(|route| route.method == Verb::Get) {
        let also_post = ROUTES
            .iter()
            .any(|other| other.path == route.path && other.method == Verb::Post);
        let said = house.call(&form(route.path, "").with(header::COOKIE, &cookie));
        assert_eq!(said.status == 405, !also_post, "{}", route.path);
    }
}

#[test]
fn a_page_allows_itself_nothing_but_its_own_files_and_is_kept_nowhere() {
    let house = House::new();
    let (cookie, _) = house.signed_in();
    for route in ROUTES
        .iter()
        .filter(|route| route.method == Verb::Get && route.who == Caller::Operator)
    {
        let said = house.call(&Call::get(route.path).with(header::COOKIE, &cookie));
        let policy = said.headers[header::CONTENT_SECURITY_POLICY]
            .to_str()
            .unwrap();
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"));
        assert_eq!(said.headers[header::CACHE_CONTROL], "no-store");
        assert!(!said.text.contains("style=") && !said.text.contains("<script>"));
    }
}

#[test]
fn a_device_is_answered_by_its_state_its_token_and_its_office() {
    let house = House::new();
    let foreign = house.desk(OTHERS, 100, Status::Confirmed);
    let states = [
        (Status::Pending, 403, "device_pending"),
        (Status::Confirmed, 200, ""),
        (Status::Revoked, 410, "device_revoked"),
        (Status::Forked, 409, "device_forked"),
    ];
    for (number, (status, answer, code)) in (1..).zip(states) {
        let desk = house.desk(OURS, number, status);
        for office_code in [OURS, OTHERS] {
            for (token, is_its_own) in [(&desk.token, true), (&foreign.token, false)] {
                let call = Call::post("/v1/sync", sync_body(office_code, desk.id, &[]))
                    .with(header::AUTHORIZATION, format!("Bearer {token}"));
                let said = house.call(&call);
                // Who does not show that he is the device is not even told its state.
                let (answer, code) = match is_its_own && office_code == OURS {
                    true => (answer, code),
                    false => (401, "device_unknown"),
                };
                let case = format!("{status:?} {office_code} {is_its_own}: {}", said.text);
                assert_eq!(said.status, answer, "{case}");
                if answer != 200 {
                    assert_eq!(said.json()["code"], code, "{case}");
                    assert!(!said.text.contains("delivered"), "{case}");
                }
            }
        }
    }
    let unknown = Call::post("/v1/sync", sync_body(OURS, Uuid::from_u128(55), &[]))
        .with(header::AUTHORIZATION, format!("Bearer {}", foreign.token));
    assert_eq!(house.call(&unknown).status, 401);
}

/// What a signed question is answered: the code, and whether rows came with it.
fn asked_signed(house: &House, office_code: &str, device: Uuid, key: &DeviceKey) -> (u16, String) {
    let standing = house.province.standing().unwrap().unwrap();
    let request = Request {
        head: RequestHead {
            protocol: 2,
            server_id: standing.server_id,
            // As it was told when it was let in.
            epoch: standing.epochs.last().unwrap().id,
            office_code: office_code.to_string(),
            device_id: device,
            ..RequestHead::default()
        },
        changes: Vec::new(),
    };
    let frame = seal(Kind::Request, &request.write(), key, Compression::None);
    let said = house.call(&Call::post(SYNC_PATH, frame));
    let status = said.status.as_u16();
    if status != 200 {
        return (status, said.json()["code"].as_str().unwrap().to_string());
    }
    let opened = unseal(&said.bytes, limits::BODY_BYTES_MAX).unwrap();
    let answer = Answer::read(&opened.payload).unwrap();
    assert!(answer.delivered.is_empty() && answer.outcomes.is_empty());
    let code = answer.head.problem.map(|problem| problem.code.text());
    (status, code.unwrap_or("served").to_string())
}

#[test]
fn a_signing_device_is_answered_by_its_state_its_key_and_its_office() {
    let house = House::new();
    let (own, other) = (
        DeviceKey::from_secret(&[7; 32]),
        DeviceKey::from_secret(&[8; 32]),
    );
    let states = [
        (Status::Pending, "device_pending"),
        (Status::Confirmed, "served"),
        (Status::Revoked, "device_revoked"),
        (Status::Forked, "device_forked"),
    ];
    for (number, (status, code)) in (1..).zip(states) {
        let desk = house.desk(OURS, number, status);
        house.signs_with(desk.id, own.public().to_bytes());
        for office_code in [OURS, OTHERS] {
            for key in [&own, &other] {
                let is_its_own = std::ptr::eq(key, &own) && office_code == OURS;
                let (answered, told) = asked_signed(&house, office_code, desk.id, key);
                let case = format!("{status:?} {office_code} {is_its_own}: {answered} {told}");
                if is_its_own {
                    // A refusal is a signed answer too, once it is known who asks.
                    assert_eq!((answered, told.as_str()), (200, code), "{case}");
                } else {
                    assert_eq!((answered, told.as_str()), (401, "device_unknown"), "{case}");
                }
            }
        }
        // Its old token is good for nothing any more.
        let call = Call::post(SYNC_PATH_V1, sync_body(OURS, desk.id, &[]))
            .with(header::AUTHORIZATION, format!("Bearer {}", desk.token));
        assert_eq!(house.call(&call).status, 401);
    }
}
