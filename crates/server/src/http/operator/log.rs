//! What operators did.

use std::{collections::HashMap, sync::Arc};

use axum::{Extension, extract::State, response::Response};
use maud::html;

use super::{ask, session::Session};
use crate::{
    clock::now,
    http::Rim,
    register::{Deed, OperatorAct},
    say::{moment, place, t, with},
    words::Words,
};

pub(in crate::http) async fn page(
    State(rim): State<Arc<Rim>>,
    Extension(session): Extension<Session>,
) -> Response {
    let (province, at) = (Arc::clone(&rim.province), now());
    let asked = ask(move || Ok((province.acts()?, province.overview(at)?))).await;
    let (acts, overview) = match asked {
        Ok(asked) => asked,
        Err(response) => return response,
    };
    let names: HashMap<_, _> = overview
        .iter()
        .flat_map(crate::register::Overview::devices)
        .map(|device| {
            (
                device.id,
                format!("{} · {}", device.name, place(&device.office_code)),
            )
        })
        .collect();
    let about = |act: &OperatorAct| match (act.device, &act.office_code) {
        (Some(id), _) => names.get(&id).cloned().unwrap_or_else(|| id.to_string()),
        (None, Some(code)) => place(code),
        (None, None) => String::new(),
    };
    // A device is shut out with how and why; a code is made for a number of devices.
    let note = |act: &OperatorAct| match (act.deed, act.note.split_once(": ")) {
        (Deed::CodeMade, _) => with("devices_count", &[("count", &act.note)]),
        (Deed::Revoked, Some((how, reason))) => {
            let key = format!("how_{how}");
            format!("{}: {reason}", Words::thai().get(&key))
        }
        _ => act.note.clone(),
    };
    let deed = |act: &OperatorAct| {
        let key = format!("deed_{}", act.deed.code());
        Words::thai().get(&key).to_string()
    };
    let body = html! {
        h1 { (t("log_title")) }
        p.hint { (t("log_note")) }
        @if acts.is_empty() { p { (t("log_none")) } } @else {
            table data-testid="acts" {
                thead { tr {
                    th { (t("col_when")) } th { (t("col_who")) } th { (t("col_deed")) }
                    th { (t("col_about")) } th { (t("col_note")) }
                } }
                tbody { @for act in &acts {
                    tr data-deed=(act.deed.code()) {
                        td { (moment(act.at)) } td { (act.who) } td { (deed(act)) }
                        td { (about(act)) } td { (note(act)) }
                    }
                } }
            }
        }
    };
    let code = overview.as_ref().map(|overview| &*overview.province_code);
    super::page(t("log_title"), "/operator/log", &session, code, &body)
}
