//! The operator's page: offices and their devices at a glance, codes, confirming and shutting out.
//! Plain pages made here; a form does what a link must not.
//!
//! It never shows a name of a person or the content of a change: the ledger's register yields none.

pub(super) mod device;
pub(super) mod enrol;
pub mod link;
pub(super) mod log;
pub(super) mod overview;
pub(super) mod session;
pub(super) mod sign_in;

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Form,
    extract::{FromRequest, Request},
    http::{HeaderName, StatusCode, header},
    response::{IntoResponse, Response},
};
use maud::{DOCTYPE, Markup, html};

use jitasa_protocol::Code;

use super::{Rim, answer::problem};
use crate::{
    ledger::LedgerError,
    say::{place, t, with},
    secret::is_same_text,
};

pub(super) use session::COOKIE;
use session::Session;

/// The first page; all others lie under it.
pub(super) const PAGE_PATH: &str = "/operator";
/// Where the one-time link leads.
pub const SIGN_IN_PATH: &str = "/operator/sign-in";
/// One device.
pub(super) const DEVICE_PATH: &str = "/operator/device";

/// What a page may load: our own style, script and letters, and nothing else.
const CONTENT_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; \
    font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

fn answer(status: StatusCode, page: Markup) -> Response {
    let headers: [(HeaderName, &str); 6] = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, CONTENT_POLICY),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        // Not `no-referrer`: it would take the origin off our own forms.
        (header::REFERRER_POLICY, "same-origin"),
    ];
    (status, headers, page.into_string()).into_response()
}

/// A page of somebody who is signed in. `here` is the path of its entry in the bar.
fn page(
    title: &str,
    here: &str,
    session: &Session,
    province: Option<&str>,
    body: &Markup,
) -> Response {
    let entries = [
        (PAGE_PATH, t("nav_overview")),
        ("/operator/enrol", t("nav_enrol")),
        ("/operator/log", t("nav_log")),
    ];
    let bar = html! {
        nav {
            @for (path, words) in entries {
                a href=(path) aria-current=[(path == here).then_some("page")] { (words) }
            }
        }
        form.who method="post" action="/operator/sign-out" {
            span { (with("signed_in_as", &[("who", &session.who)])) }
            (csrf(session))
            button.quiet data-testid="sign-out" { (t("sign_out")) }
        }
    };
    answer(StatusCode::OK, sheet(title, province, &bar, body))
}

/// A page of nobody in particular.
fn plain(status: StatusCode, title: &str, body: &Markup) -> Response {
    answer(status, sheet(title, None, &html! {}, body))
}

fn sheet(title: &str, province: Option<&str>, bar: &Markup, body: &Markup) -> Markup {
    let server = match province {
        Some(code) => with("server_of", &[("province", &place(code))]),
        None => t("server").to_string(),
    };
    html! {
        (DOCTYPE)
        html lang="th" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " · " (server) }
                link rel="stylesheet" href="/operator/style.css";
                script src="/operator/page.js" defer {}
            }
            body {
                header { strong { (server) } (bar) }
                main { (body) }
            }
        }
    }
}

fn csrf(session: &Session) -> Markup {
    html! { input type="hidden" name="csrf" value=(session.csrf); }
}

/// Why a caller is not let through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Denied {
    NoToken,
    NotSignedIn,
    OtherName,
    OtherPage,
}

/// The answer to him.
pub(super) fn denied(why: Denied) -> Response {
    let (status, words) = match why {
        Denied::NoToken => return problem(Code::DeviceUnknown.into()),
        Denied::NotSignedIn => {
            return sign_in::how(StatusCode::UNAUTHORIZED, None);
        }
        Denied::OtherName => (StatusCode::MISDIRECTED_REQUEST, t("other_name")),
        Denied::OtherPage => (StatusCode::FORBIDDEN, t("other_page")),
    };
    plain(status, t("sign_in_title"), &html! { p.notice { (words) } })
}

/// The answer when the ledger fails.
fn failed(error: &LedgerError) -> Response {
    tracing::error!(what = "operator", error = %error, "failed");
    let body = html! {
        p.notice.alarm { (t("failed")) }
        p { a href=(PAGE_PATH) { (t("back")) } }
    };
    plain(StatusCode::INTERNAL_SERVER_ERROR, t("server"), &body)
}

/// Asks the ledger away from the threads that serve connections.
async fn ask<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, LedgerError> + Send + 'static,
) -> Result<T, Response> {
    match tokio::task::spawn_blocking(work).await {
        Ok(answer) => answer.map_err(|error| failed(&error)),
        Err(_) => Err(failed(&LedgerError::Row("answer"))),
    }
}

/// A form that a signed-in operator sent from our own page. There is no other way to its fields.
#[derive(Debug)]
pub(super) struct Posted {
    session: Session,
    fields: BTreeMap<String, String>,
}

impl Posted {
    fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", |value| value.trim())
    }
}

impl FromRequest<Arc<Rim>> for Posted {
    type Rejection = Response;

    async fn from_request(request: Request, rim: &Arc<Rim>) -> Result<Self, Response> {
        // The guard put it there.
        let session = request.extensions().get::<Session>().cloned();
        let session = session.ok_or_else(|| denied(Denied::NotSignedIn))?;
        let Ok(Form(fields)) = Form::<BTreeMap<String, String>>::from_request(request, rim).await
        else {
            return Err(denied(Denied::OtherPage));
        };
        let shown = fields.get("csrf").map_or("", String::as_str);
        if !is_same_text(shown, &session.csrf) {
            return Err(denied(Denied::OtherPage));
        }
        Ok(Self { session, fields })
    }
}

pub(super) async fn style() -> Response {
    asset(
        "text/css; charset=utf-8",
        include_bytes!("../../../../../assets/server/operator.css"),
    )
}

pub(super) async fn script() -> Response {
    asset(
        "text/javascript; charset=utf-8",
        include_bytes!("../../../../../assets/server/operator.js"),
    )
}

pub(super) async fn face_regular() -> Response {
    asset(
        "font/ttf",
        include_bytes!("../../../../../assets/fonts/Sarabun-Regular.ttf"),
    )
}

pub(super) async fn face_bold() -> Response {
    asset(
        "font/ttf",
        include_bytes!("../../../../../assets/fonts/Sarabun-Bold.ttf"),
    )
}

fn asset(kind: &'static str, bytes: &'static [u8]) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "max-age=3600"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, bytes).into_response()
}
