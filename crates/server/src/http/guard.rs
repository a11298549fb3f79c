//! What stands before every handler: who may call, how often, how many at once, how long; and what
//! the figures are told afterwards. What is not granted is denied before the body is read.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderName, header},
    middleware::Next,
    response::Response,
};
use jitasa_protocol::Code;
use sha2::{Digest as _, Sha256};

use super::{
    Rim,
    answer::{busy, problem},
    bucket::CallerKey,
    operator::{self, Denied, session::Session},
    routes::{Caller, Route, Verb},
    sync::bearer,
};
use crate::clock::{now, stopwatch};

/// So many times what a route takes is no mistake of a few bytes.
const FAR_TOO_MUCH: u64 = 8;

/// A route with what its guard needs.
#[derive(Debug, Clone)]
pub(super) struct Watched {
    pub(super) rim: Arc<Rim>,
    pub(super) route: &'static Route,
}

/// Lets a request through to its route, or answers in its place.
pub(super) async fn watch(
    State(Watched { rim, route }): State<Watched>,
    request: Request,
    next: Next,
) -> Response {
    let took_us = stopwatch();
    let bytes_in = header_number(request.headers(), &header::CONTENT_LENGTH);
    let response = pass(&rim, route, request, next).await;
    rim.figures
        .answered(route, response.status(), took_us(), bytes_in, &response);
    response
}

async fn pass(rim: &Rim, route: &Route, mut request: Request, next: Next) -> Response {
    let peer = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map(|ConnectInfo(peer)| *peer);
    let session = rim.session_of(request.headers(), now());
    if let Err(denied) = may_call(rim, route, &request, peer, session.as_ref()) {
        return operator::denied(denied);
    }
    if let Some(session) = session {
        request.extensions_mut().insert(session);
    }
    if let Some(caller) = caller_key(&request, peer)
        && let Err(retry_after_s) = rim.take_turn(caller, now())
    {
        return busy(retry_after_s);
    }
    // What says itself that it is far too much need not be sent. What is a little over is read and refused: who is
    // hung up on while he sends may never hear why.
    let announced = header_number(request.headers(), &header::CONTENT_LENGTH);
    if route.method == Verb::Post && announced / FAR_TOO_MUCH > route.body_bytes_max as u64 {
        return problem(Code::TooLarge.into());
    }
    let _permit = if route.waits_in_line {
        let Ok(permit) = Arc::clone(&rim.gate).try_acquire_owned() else {
            return problem(Code::Busy.into());
        };
        Some(permit)
    } else {
        None
    };
    match tokio::time::timeout(route.timeout(), next.run(request)).await {
        Ok(response) => response,
        // Whether it came in too slowly or waited: the desk asks again.
        Err(_) => problem(Code::Busy.into()),
    }
}

/// The one place that says who may call.
fn may_call(
    rim: &Rim,
    route: &Route,
    request: &Request,
    peer: Option<SocketAddr>,
    session: Option<&Session>,
) -> Result<(), Denied> {
    let headers = request.headers();
    let is_page = route.path.starts_with(operator::PAGE_PATH);
    // A name of others that was made to point here must not become a door to the page.
    if is_page && !rim.serving.is_named_in(headers) {
        return Err(Denied::OtherName);
    }
    if is_page && route.method == Verb::Post && !rim.serving.is_from_our_page(headers) {
        return Err(Denied::OtherPage);
    }
    let is_granted = match route.who {
        // Whose signature it is is inside the body: it is checked before anything is done.
        Caller::Anybody | Caller::Signature => true,
        Caller::Token => bearer(headers).is_some(),
        Caller::Operator => session.is_some(),
        Caller::Watch => session.is_some() || is_here(headers, peer),
    };
    match (is_granted, route.who) {
        (true, _) => Ok(()),
        (false, Caller::Token) => Err(Denied::NoToken),
        (false, _) => Err(Denied::NotSignedIn),
    }
}

/// Whether a program on this machine asks, and for itself.
fn is_here(headers: &HeaderMap, peer: Option<SocketAddr>) -> bool {
    peer.is_some_and(|peer| peer.ip().to_canonical().is_loopback())
        && !FORWARDED.iter().any(|name| headers.contains_key(name))
        && names_loopback(headers)
}

/// Headers by which a proxy says that it speaks for somebody else.
const FORWARDED: [HeaderName; 3] = [
    header::FORWARDED,
    header::VIA,
    HeaderName::from_static("x-forwarded-for"),
];

/// Whether the request was made for a name of this machine alone.
pub(super) fn names_loopback(headers: &HeaderMap) -> bool {
    let Some(host) = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
    else {
        return false;
    };
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next(),
        None => host.split(':').next(),
    };
    matches!(name, Some("localhost" | "127.0.0.1" | "::1"))
}

/// Whose bucket a request is counted in: the device by what it shows, else the address it comes
/// from. What comes from this machine without a token is the operator, or a proxy for everybody.
fn caller_key(request: &Request, peer: Option<SocketAddr>) -> Option<CallerKey> {
    if let Some(token) = bearer(request.headers()) {
        return Some(Sha256::digest(format!("jitasa caller {token}")).into());
    }
    let ip = peer?.ip().to_canonical();
    (!ip.is_loopback()).then(|| Sha256::digest(format!("jitasa address {ip}")).into())
}

fn header_number(headers: &HeaderMap, name: &HeaderName) -> u64 {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.parse().ok())
        .unwrap_or_default()
}
