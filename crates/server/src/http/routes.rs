//! Every route there is, in one table: who may call it, how much he may send, how long it may take.
//!
//! The router is built from the table and from nothing else, so that a route without an entry does
//! not exist; the description at `/openapi.json` and the matrix of who may do what are read from it.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::Method,
    middleware::from_fn_with_state,
    routing::{MethodRouter, get, post},
};
use jitasa_protocol::{ENROL_PATH, ENROL_PATH_V1, HEALTH_PATH, SYNC_PATH, SYNC_PATH_V1, limits};

use super::{Rim, enrol, guard, health, metrics, openapi, operator, sync};

/// Who may call a route. What is not granted is denied before the body is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caller {
    /// Anybody who reaches the server.
    Anybody,
    /// A device of protocol 1, by its token; whose it is, and what it may do, the province decides.
    Token,
    /// A device by its signature over what it sends; the province checks it.
    Signature,
    /// The operator, signed in. A `POST` of his must come from our own page.
    Operator,
    /// A program on this machine that watches the server, or the operator.
    Watch,
}

/// One route.
#[derive(Debug, Clone, Copy)]
pub struct Route {
    /// `GET` or `POST`.
    pub method: Verb,
    /// Its path; no path has a variable part.
    pub path: &'static str,
    /// Who may call it.
    pub who: Caller,
    /// Bytes a body may have.
    pub body_bytes_max: usize,
    /// A request that is not answered by then is given up.
    pub timeout_s: u64,
    /// Whether it counts among the requests at once, and is refused when there are too many.
    pub waits_in_line: bool,
    /// What may stand behind a question mark, each as text.
    pub asks: &'static [&'static str],
    /// What it is for, in one sentence.
    pub purpose: &'static str,
    answers: fn() -> MethodRouter<Arc<Rim>>,
}

/// How a route is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// Asks and changes nothing.
    Get,
    /// Does something.
    Post,
}

impl Verb {
    /// As HTTP has it.
    #[must_use]
    pub const fn method(self) -> Method {
        match self {
            Self::Get => Method::GET,
            Self::Post => Method::POST,
        }
    }
}

/// A form of the operator's page.
const FORM_BYTES_MAX: usize = 16 * 1024;
/// Time for what only reads a little.
const SHORT_S: u64 = 10;
/// Time for an exchange over a slow line.
const EXCHANGE_S: u64 = 30;

const fn reads(
    path: &'static str,
    who: Caller,
    purpose: &'static str,
    answers: fn() -> MethodRouter<Arc<Rim>>,
) -> Route {
    Route {
        method: Verb::Get,
        path,
        who,
        body_bytes_max: 0,
        timeout_s: SHORT_S,
        waits_in_line: false,
        asks: &[],
        purpose,
        answers,
    }
}

const fn asks(route: Route, asks: &'static [&'static str]) -> Route {
    Route { asks, ..route }
}

const fn acts(
    path: &'static str,
    who: Caller,
    purpose: &'static str,
    answers: fn() -> MethodRouter<Arc<Rim>>,
) -> Route {
    Route {
        method: Verb::Post,
        body_bytes_max: FORM_BYTES_MAX,
        ..reads(path, who, purpose, answers)
    }
}

const fn exchange(
    path: &'static str,
    who: Caller,
    purpose: &'static str,
    answers: fn() -> MethodRouter<Arc<Rim>>,
) -> Route {
    Route {
        body_bytes_max: limits::BODY_BYTES_MAX,
        timeout_s: EXCHANGE_S,
        waits_in_line: true,
        ..acts(path, who, purpose, answers)
    }
}

/// All of them.
pub const ROUTES: &[Route] = &[
    exchange(
        ENROL_PATH,
        Caller::Anybody,
        "A desk asks to belong to the province, with a one-time code and its key.",
        || post(enrol::enrol_signed),
    ),
    exchange(
        SYNC_PATH,
        Caller::Signature,
        "Push, acknowledge and pull in one round trip, as a signed frame.",
        || post(sync::sync_signed),
    ),
    exchange(
        ENROL_PATH_V1,
        Caller::Anybody,
        "A desk of protocol 1 asks to belong to the province, with a one-time code.",
        || post(enrol::enrol),
    ),
    exchange(
        SYNC_PATH_V1,
        Caller::Token,
        "Push, acknowledge and pull in one round trip, in protocol 1.",
        || post(sync::sync),
    ),
    reads(
        HEALTH_PATH,
        Caller::Anybody,
        "Whether the server is alive.",
        || get(health::health),
    ),
    reads(
        "/openapi.json",
        Caller::Anybody,
        "This description.",
        || get(openapi::description),
    ),
    reads("/metrics", Caller::Watch, "Figures for Prometheus.", || {
        get(metrics::figures)
    }),
    reads(
        "/operator/style.css",
        Caller::Anybody,
        "How the operator's page looks.",
        || get(operator::style),
    ),
    reads(
        "/operator/page.js",
        Caller::Anybody,
        "What the operator's page does by itself: print and copy.",
        || get(operator::script),
    ),
    reads(
        "/operator/sarabun-regular.ttf",
        Caller::Anybody,
        "The letters of the operator's page.",
        || get(operator::face_regular),
    ),
    reads(
        "/operator/sarabun-bold.ttf",
        Caller::Anybody,
        "The bold letters of the operator's page.",
        || get(operator::face_bold),
    ),
    asks(
        reads(
            operator::SIGN_IN_PATH,
            Caller::Anybody,
            "Where the one-time link leads: one button signs the operator in.",
            || get(operator::sign_in::ask),
        ),
        &["link"],
    ),
    acts(
        operator::SIGN_IN_PATH,
        Caller::Anybody,
        "Signs the operator in with a one-time link of this machine.",
        || post(operator::sign_in::enter),
    ),
    acts(
        "/operator/sign-out",
        Caller::Operator,
        "Ends the operator's session.",
        || post(operator::sign_in::leave),
    ),
    reads(
        operator::PAGE_PATH,
        Caller::Operator,
        "Offices, devices and the state of the server.",
        || get(operator::overview::first),
    ),
    asks(
        reads(
            "/operator/enrol",
            Caller::Operator,
            "Chooses the office that is to get a one-time code.",
            || get(operator::enrol::choose),
        ),
        &["text"],
    ),
    acts(
        "/operator/enrol",
        Caller::Operator,
        "Makes a one-time code and shows it once.",
        || post(operator::enrol::make),
    ),
    asks(
        reads(
            operator::DEVICE_PATH,
            Caller::Operator,
            "One device, and what can be done about it.",
            || get(operator::device::page),
        ),
        &["id"],
    ),
    acts(
        "/operator/confirm",
        Caller::Operator,
        "Confirms a device whose six words were compared.",
        || post(operator::device::confirm),
    ),
    acts(
        "/operator/revoke",
        Caller::Operator,
        "Shuts a device out, with a reason.",
        || post(operator::device::revoke),
    ),
    reads(
        "/operator/log",
        Caller::Operator,
        "What operators did.",
        || get(operator::log::page),
    ),
];

/// The router of the table.
pub fn router(rim: Arc<Rim>) -> Router {
    let mut router = Router::new();
    for route in ROUTES {
        let watched = (route.answers)()
            .route_layer(DefaultBodyLimit::max(route.body_bytes_max))
            .route_layer(from_fn_with_state(
                guard::Watched {
                    rim: Arc::clone(&rim),
                    route,
                },
                guard::watch,
            ));
        router = router.route(route.path, watched);
    }
    router.with_state(rim)
}

impl Route {
    /// How long a request may take.
    pub(super) const fn timeout(&self) -> Duration {
        Duration::from_secs(self.timeout_s)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_stands_in_the_table_once() {
        for (at, route) in ROUTES.iter().enumerate() {
            let again = ROUTES[at + 1..]
                .iter()
                .any(|other| other.path == route.path && other.method == route.method);
            assert!(!again, "{}", route.path);
        }
    }

    #[test]
    fn what_changes_something_is_no_get_and_what_only_reads_takes_no_body() {
        for route in ROUTES {
            assert_eq!(
                route.method == Verb::Get,
                route.body_bytes_max == 0,
                "{}",
                route.path
            );
            assert!(route.timeout_s <= EXCHANGE_S && !route.purpose.is_empty());
        }
    }
}
