//! In and out. A link is made on the machine itself; opening it shows one button, and only pressing
//! it uses the link up, so that a browser that looks ahead does not.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Form,
    extract::{Query, State},
    http::{StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
};
use maud::html;
use serde::Deserialize;

use super::{PAGE_PATH, Posted, SIGN_IN_PATH, link, plain, session::set_cookie};
use crate::{clock::now, http::Rim, operator::Operator, province::random, say::t};

#[derive(Debug, Deserialize)]
pub(in crate::http) struct Asked {
    #[serde(default)]
    link: String,
}

/// How to come in, for who has no link.
pub(super) fn how(status: StatusCode, notice: Option<&str>) -> Response {
    let body = html! {
        section.narrow {
            h1 { (t("sign_in_title")) }
            @if let Some(notice) = notice { p.notice.alarm data-testid="notice" { (notice) } }
            p { (t("sign_in_how")) }
            pre { "jitasa-province --data DIR operator" }
            p { (t("sign_in_then")) }
        }
    };
    plain(status, t("sign_in_title"), &body)
}

pub(in crate::http) async fn ask(Query(asked): Query<Asked>) -> Response {
    if asked.link.is_empty() {
        return how(StatusCode::OK, None);
    }
    let body = html! {
        section.narrow {
            h1 { (t("sign_in_title")) }
            p { (t("sign_in_press")) }
            form method="post" action=(SIGN_IN_PATH) {
                input type="hidden" name="link" value=(asked.link);
                button.main data-testid="sign-in" autofocus { (t("sign_in")) }
            }
        }
    };
    plain(StatusCode::OK, t("sign_in_title"), &body)
}

pub(in crate::http) async fn enter(
    State(rim): State<Arc<Rim>>,
    Form(fields): Form<BTreeMap<String, String>>,
) -> Response {
    let token = fields.get("link").map_or("", |token| token.trim());
    let at = now();
    let folder = rim.serving.folder.as_deref();
    let who = folder.and_then(|folder| link::redeem(folder, token, at));
    let (Some(who), Ok(random)) = (who, random()) else {
        tracing::warn!(what = "operator", "a link was refused");
        return how(StatusCode::FORBIDDEN, Some(t("link_over")));
    };
    let province = Arc::clone(&rim.province);
    let by = who.clone();
    let written = super::ask(move || province.signed_in(Operator { who: &by, now: at })).await;
    if let Err(response) = written {
        return response;
    }
    tracing::info!(what = "operator", "signed in");
    let id = rim.sessions().open(who, random, at);
    leading_to(PAGE_PATH, &set_cookie(&id, rim.serving.secure))
}

pub(in crate::http) async fn leave(State(rim): State<Arc<Rim>>, posted: Posted) -> Response {
    rim.sessions().close(&posted.session);
    leading_to(SIGN_IN_PATH, &set_cookie("", rim.serving.secure))
}

fn leading_to(path: &str, cookie: &str) -> Response {
    (
        [
            (header::SET_COOKIE, cookie),
            (header::CACHE_CONTROL, "no-store"),
        ],
        Redirect::to(path),
    )
        .into_response()
}
