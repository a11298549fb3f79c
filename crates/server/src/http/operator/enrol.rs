//! A one-time code for an office: the office is found by name or code, the code is shown once on a
//! slip that can be printed.

use std::sync::Arc;

use axum::{
    Extension,
    extract::{Query, State},
    response::Response,
};
use jitasa_domain::gazetteer::{Gazetteer, Level, Place};
use maud::{Markup, html};
use serde::Deserialize;

use super::{
    Posted, csrf, page,
    session::{Session, hex},
};
use crate::{
    certificate::fingerprint,
    clock::now,
    enrol::{CODE_LIFE_MS, is_office_code},
    http::Rim,
    province::{CodeTerms, NewCodeError, random},
    say::{moment, place, t, with},
};

/// Devices that one code may let in.
const DEVICES_MAX: u32 = 20;
const PATH: &str = "/operator/enrol";

#[derive(Debug, Default, Deserialize)]
pub(in crate::http) struct Sought {
    #[serde(default)]
    text: String,
}

pub(in crate::http) async fn choose(
    State(rim): State<Arc<Rim>>,
    Extension(session): Extension<Session>,
    Query(sought): Query<Sought>,
) -> Response {
    form(&rim, &session, sought.text.trim(), None).await
}

async fn form(rim: &Arc<Rim>, session: &Session, text: &str, notice: Option<String>) -> Response {
    let province = Arc::clone(&rim.province);
    let standing = match super::ask(move || province.standing()).await {
        Ok(standing) => standing,
        Err(response) => return response,
    };
    let province = standing.map(|standing| standing.province_code);
    let found = offices(text, province.as_deref());
    let form_id = random::<16>().map(|bytes| hex(&bytes)).unwrap_or_default();
    let body = html! {
        h1 { (t("enrol_title")) }
        p.hint { (t("enrol_what")) }
        @if province.is_none() { p.notice { (t("enrol_first")) } }
        @if let Some(notice) = notice { p.notice.alarm data-testid="notice" { (notice) } }
        form.line method="get" action=(PATH) {
            label { (t("enrol_find"))
                input type="search" name="text" value=(text) autofocus data-testid="office-text"; }
            button data-testid="office-search" { (t("enrol_search")) }
        }
        @if !text.is_empty() && found.is_empty() {
            p.notice { (with("enrol_none", &[("text", text)])) }
        }
        @if !found.is_empty() { (choice(session, &found, &form_id)) }
    };
    page(t("enrol_title"), PATH, session, province.as_deref(), &body)
}

fn choice(session: &Session, found: &[&Place], form_id: &str) -> Markup {
    html! {
        form method="post" action=(PATH) {
            (csrf(session))
            input type="hidden" name="form" value=(form_id);
            fieldset.choices { legend { (t("enrol_choose")) }
                // Of several none is taken for the one that is meant.
                @for office in found {
                    label { input type="radio" name="office" value=(office.code) checked[found.len() == 1] required
                        data-testid={ "office-" (office.code) };
                        (office_name(office.code)) " " span.code { (office.code) } }
                }
            }
            label { input type="checkbox" name="compare" value="yes" checked data-testid="compare"; (t("enrol_compare")) }
            .line {
                label { (t("enrol_devices"))
                    input type="number" name="devices" value="1" min="1" max=(DEVICES_MAX) data-testid="devices"; }
                button.main data-testid="make-code" { (t("enrol_make")) }
            }
        }
    }
}

/// Offices a text may mean: those of this province, once it is known.
fn offices(text: &str, province: Option<&str>) -> Vec<&'static Place> {
    if text.is_empty() {
        return Vec::new();
    }
    let gazetteer = Gazetteer::bundled();
    if is_office_code(text) {
        return gazetteer.get(text).into_iter().collect();
    }
    let mut found = gazetteer.find(text, province);
    found.retain(|place| place.level != Level::Province);
    found
}

/// With its province: a code of another province can be typed.
fn office_name(code: &str) -> String {
    Gazetteer::bundled()
        .full_name(code)
        .unwrap_or_else(|| code.to_string())
}

pub(in crate::http) async fn make(State(rim): State<Arc<Rim>>, posted: Posted) -> Response {
    let office_code = posted.field("office").to_string();
    let terms = CodeTerms {
        devices_max: posted.field("devices").parse().unwrap_or(0),
        confirms: posted.field("compare") != "yes",
    };
    let devices = terms.devices_max;
    if !is_office_code(&office_code) || !(1..=DEVICES_MAX).contains(&devices) {
        return form(&rim, &posted.session, &office_code, None).await;
    }
    // Loading the answer anew must not make a second code.
    if !rim
        .sessions()
        .use_form(&posted.session, posted.field("form"))
    {
        let notice = Some(t("code_used_form").to_string());
        return form(&rim, &posted.session, "", notice).await;
    }
    let (province, at) = (Arc::clone(&rim.province), now());
    let (office, who) = (office_code.clone(), posted.session.who.clone());
    let made = super::ask(move || {
        let by = crate::operator::Operator { who: &who, now: at };
        match province.code_for(&office, terms, by) {
            Ok(code) => Ok(Ok(code)),
            Err(NewCodeError::Ledger(error)) => Err(error),
            Err(refused) => Ok(Err(refused)),
        }
    })
    .await;
    let code = match made {
        Err(response) => return response,
        Ok(Err(NewCodeError::OtherProvince(code))) => {
            let notice = with("enrol_other_province", &[("province", &place(&code))]);
            return form(&rim, &posted.session, "", Some(notice)).await;
        }
        Ok(Err(_)) => return form(&rim, &posted.session, &office_code, None).await,
        Ok(Ok(code)) => code,
    };
    tracing::info!(what = "operator", office_code, devices, "code made");
    let until = moment(at.plus_ms(CODE_LIFE_MS));
    let body = slip(&rim, &office_code, &code, devices, &until);
    let title = with("code_title", &[("office", &place(&office_code))]);
    page(&title, PATH, &posted.session, office_code.get(..2), &body)
}

fn slip(rim: &Rim, office_code: &str, code: &str, devices: u32, until: &str) -> Markup {
    let office = place(office_code);
    let count = devices.to_string();
    let root = rim.serving.root_certificate.as_deref();
    let fingerprint = root.and_then(|root| fingerprint(root.as_bytes()).ok());
    // Two groups of five are read over the telephone without losing the place.
    let (first, second) = code.split_at_checked(5).unwrap_or((code, ""));
    html! {
        h1 { (with("code_title", &[("office", &office)])) }
        p.notice.alarm.unprinted { (t("code_once")) }
        section.slip data-testid="slip" {
            dl {
                div { dt { (t("code_server")) } dd.copy { (rim.serving.url) } }
                div { dt { (t("code_code")) } dd.secret data-testid="code" data-code=(code) { (first) "-" (second) } }
                div { dt { (t("code_for")) } dd { (with("code_for_devices", &[("count", &count), ("office", &office)])) } }
                div { dt { (t("code_until")) } dd { (until) } }
                @if let Some(fingerprint) = fingerprint {
                    div { dt { (t("code_root")) } dd.fingerprint { (fingerprint) } }
                }
            }
            p { (t("code_steps")) }
            p.hint { (t("code_destroy")) }
        }
        p.line.unprinted {
            button.main type="button" data-print="" { (t("code_print")) }
            a.button href=(PATH) { (t("code_another")) }
            a.button href=(super::PAGE_PATH) { (t("back")) }
        }
    }
}
