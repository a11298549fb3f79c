//! One device: what is known of it, confirming it, shutting it out.

use std::sync::Arc;

use axum::{
    Extension,
    extract::{Query, State},
    response::Response,
};
use jitasa_domain::Timestamp;
use jitasa_protocol::PublicKey;
use maud::{Markup, html};
use serde::Deserialize;
use uuid::Uuid;

use super::{PAGE_PATH, Posted, csrf, overview, session::Session};
use crate::{
    book::{Device, Status},
    clock::now,
    http::Rim,
    operator::Operator,
    register::RevokedHow,
    say::{moment, number, place, t, with},
};

/// Letters of a reason.
const REASON_MAX: usize = 500;

#[derive(Debug, Deserialize)]
pub(in crate::http) struct Asked {
    #[serde(default)]
    id: String,
}

pub(in crate::http) async fn page(
    State(rim): State<Arc<Rim>>,
    Extension(session): Extension<Session>,
    Query(asked): Query<Asked>,
) -> Response {
    show(&rim, &session, asked.id.parse().ok(), None).await
}

/// What came of what was just done.
struct Notice {
    words: &'static str,
    is_alarm: bool,
}

async fn show(
    rim: &Arc<Rim>,
    session: &Session,
    id: Option<Uuid>,
    notice: Option<Notice>,
) -> Response {
    let (province, at) = (Arc::clone(&rim.province), now());
    let overview = match super::ask(move || province.overview(at)).await {
        Ok(overview) => overview,
        Err(response) => return response,
    };
    let device = overview
        .as_ref()
        .and_then(|overview| overview.devices().find(|device| Some(device.id) == id));
    let body = html! {
        @if let Some(notice) = notice {
            p.notice.alarm[notice.is_alarm] data-testid="notice" { (notice.words) }
        }
        @match device {
            None => { p.notice { (t("device_unknown")) } },
            Some(device) => {
                h1 { (with("device_title", &[("name", &device.name)])) }
                (facts(device, at))
                .side-by-side {
                    @if device.status == Status::Pending { (confirm_form(device, session)) }
                    @if device.status != Status::Revoked { (revoke_form(device, session)) }
                }
            },
        }
        p { a href=(PAGE_PATH) { (t("back")) } }
    };
    let title = device.map_or(t("col_device"), |device| &device.name);
    let code = overview.as_ref().map(|overview| &*overview.province_code);
    super::page(title, PAGE_PATH, session, code, &body)
}

fn facts(device: &Device, at: Timestamp) -> Markup {
    let rows = [
        (t("col_office"), place(&device.office_code)),
        (t("col_status"), overview::status(device)),
        (t("col_seen"), overview::seen(device, at)),
        (t("device_enrolled"), moment(device.enrolled_at)),
        (t("col_waiting"), number(device.waiting)),
        (t("col_clock"), overview::clock(device)),
        (
            t("col_program"),
            if device.program.is_empty() {
                t("unknown").to_string()
            } else {
                device.program.clone()
            },
        ),
        (t("device_protocol"), device.protocol.to_string()),
        (t("device_id"), device.id.to_string()),
    ];
    html! {
        dl.facts data-testid="device-facts" data-status=(device.status.code()) {
            @for (name, value) in rows { div { dt { (name) } dd { (value) } } }
        }
    }
}

fn confirm_form(device: &Device, session: &Session) -> Markup {
    let key = device
        .public_key
        .and_then(|bytes| PublicKey::from_bytes(&bytes).ok());
    html! {
        section {
            h2 { (t("confirm_title")) }
            @match key {
                Some(key) => {
                    p { (t("confirm_how")) }
                    ol.words data-testid="six-words" { @for word in key.fingerprint_words() { li { (word) } } }
                },
                None => {
                    @let id = device.id.to_string();
                    p { (with("confirm_no_key", &[("tail", &id[id.len() - 4..])])) }
                },
            }
            form method="post" action="/operator/confirm" {
                (csrf(session))
                input type="hidden" name="device" value=(device.id);
                label { input type="checkbox" name="heard" value="yes" required data-testid="heard"; @if key.is_some() { (t("confirm_heard")) } @else { (t("confirm_heard_id")) } }
                button.main data-testid="confirm" { (t("confirm")) }
            }
            p.hint { (t("confirm_differs")) }
        }
    }
}

fn revoke_form(device: &Device, session: &Session) -> Markup {
    let ways = [
        (RevokedHow::Lost, t("revoke_lost"), t("revoke_lost_what")),
        (
            RevokedHow::Retired,
            t("revoke_retired"),
            t("revoke_retired_what"),
        ),
    ];
    html! {
        section {
            h2 { (t("revoke_title")) }
            p { (t("revoke_what")) }
            @if device.waiting > 0 {
                p.notice.alarm { (with("revoke_waiting", &[("count", &number(device.waiting))])) }
            }
            form method="post" action="/operator/revoke" {
                (csrf(session))
                input type="hidden" name="device" value=(device.id);
                fieldset.choices {
                    @for (how, name, what) in ways {
                        label { input type="radio" name="how" value=(how.code()) required data-testid={ "how-" (how.code()) };
                            strong { (name) } " " (what) }
                    }
                }
                label.wide { (t("revoke_reason"))
                    input name="reason" required maxlength=(REASON_MAX) data-testid="reason"; }
                button.alarm data-testid="revoke" { (t("revoke")) }
            }
        }
    }
}

pub(in crate::http) async fn confirm(State(rim): State<Arc<Rim>>, posted: Posted) -> Response {
    let id: Option<Uuid> = posted.field("device").parse().ok();
    let (province, at) = (Arc::clone(&rim.province), now());
    let who = posted.session.who.clone();
    let heard = posted.field("heard") == "yes";
    let confirmed = super::ask(move || match id.filter(|_| heard) {
        Some(id) => province.confirm(id, Operator { who: &who, now: at }),
        None => Ok(false),
    })
    .await;
    let notice = match confirmed {
        Err(response) => return response,
        Ok(true) => Notice {
            words: t("confirmed"),
            is_alarm: false,
        },
        Ok(false) => Notice {
            words: t("not_confirmed"),
            is_alarm: true,
        },
    };
    show(&rim, &posted.session, id, Some(notice)).await
}

pub(in crate::http) async fn revoke(State(rim): State<Arc<Rim>>, posted: Posted) -> Response {
    let id: Option<Uuid> = posted.field("device").parse().ok();
    let reason = posted.field("reason").to_string();
    let how = RevokedHow::from_code(posted.field("how"));
    let good = !reason.is_empty() && reason.chars().count() <= REASON_MAX;
    let Some(how) = how.filter(|_| good) else {
        let notice = Notice {
            words: t("revoke_reason_missing"),
            is_alarm: true,
        };
        return show(&rim, &posted.session, id, Some(notice)).await;
    };
    let (province, at) = (Arc::clone(&rim.province), now());
    let who = posted.session.who.clone();
    let shut_out = super::ask(move || match id {
        Some(id) => province.shut_out(id, how, &reason, Operator { who: &who, now: at }),
        None => Ok(false),
    })
    .await;
    let notice = match shut_out {
        Err(response) => return response,
        Ok(true) => Notice {
            words: t("revoked"),
            is_alarm: false,
        },
        Ok(false) => Notice {
            words: t("not_revoked"),
            is_alarm: true,
        },
    };
    tracing::info!(what = "operator", how = how.code(), "device shut out");
    show(&rim, &posted.session, id, Some(notice)).await
}
