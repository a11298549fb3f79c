//! The office's lists.

use jitasa_domain::{ActionKind, KindList as List};
use jitasa_store::{Action, act::NewKind, query};

use crate::{
    ApiError, App, forms,
    views::{Acted, kind::*},
    volunteer_draft::CARRIES,
};

pub(crate) fn list(app: &App, request: KindListRequest) -> Result<KindList, ApiError> {
    app.reader(ActionKind::Read)?;
    let list = forms::code(&request.list, "list", List::from_code)?;
    let kinds = app.store()?.read(|conn| query::office::kinds(conn, list))?;
    let kinds = kinds
        .into_iter()
        .map(|kind| KindView {
            list: kind.list.code().into(),
            code: kind.code,
            th: kind.th,
            en: kind.en,
            serves: kind.serves,
            wants: kind.wants,
            gravity: kind.gravity,
            follow_up_days: kind.follow_up_days,
            position: kind.position,
            active: kind.active,
        })
        .collect();
    Ok(KindList { kinds })
}

pub(crate) fn save(app: &App, request: KindSave) -> Result<Acted, ApiError> {
    let list = forms::code(&request.list, "list", List::from_code)?;
    let code = forms::line(&request.code, "code", 40)?;
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    if code.is_empty() || !code.bytes().all(plain) {
        return Err(ApiError::field("kind_code_unreadable", "code"));
    }
    check_codes(app, List::Need, &request.serves, "serves")?;
    // A vehicle and what it carries stand in a volunteer's own fields, not on the list of equipment.
    let mut wants = request.wants.clone();
    wants.retain(|code| code != "vehicle" && !CARRIES.contains(&code.as_str()));
    check_codes(app, List::Equipment, &wants, "wants")?;
    if request.gravity.is_some_and(|gravity| gravity > 100) {
        return Err(ApiError::field("gravity_wrong", "gravity"));
    }
    if request
        .follow_up_days
        .is_some_and(|days| !(1..=365).contains(&days))
    {
        return Err(ApiError::field("follow_up_days_wrong", "follow_up_days"));
    }
    app.act(Action::SaveKind(NewKind {
        list,
        code,
        th: forms::required_name(&request.th, "th")?,
        en: forms::line(&request.en, "en", 100)?,
        serves: request.serves,
        wants: request.wants,
        gravity: request.gravity,
        follow_up_days: request.follow_up_days,
        position: request.position,
        active: request.active,
    }))
}

/// Every code is an entry of the office's list.
pub(crate) fn check_codes(
    app: &App,
    list: List,
    codes: &[String],
    field: &str,
) -> Result<(), ApiError> {
    let kinds = app.store()?.read(|conn| query::office::kinds(conn, list))?;
    match codes
        .iter()
        .find(|code| kinds.iter().all(|kind| kind.code != **code))
    {
        Some(unknown) => Err(ApiError::field("kind_unknown", field).with("code", unknown)),
        None => Ok(()),
    }
}
