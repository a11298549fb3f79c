//! The first page: what needs attention, and every office with its devices.

use std::{collections::BTreeMap, sync::Arc};

use axum::{Extension, extract::State, response::Response};
use jitasa_domain::Timestamp;
use maud::{Markup, html};

use super::{DEVICE_PATH, PAGE_PATH, ask, page, session::Session};
use crate::{
    backup,
    book::{Device, Status},
    clock::now,
    doctor::{DISK_FREE_MIN_BYTES, QUIET_DAYS, disk_free_bytes},
    http::Rim,
    register::{OfficeOverview, OpenCode, Overview, is_clock_wrong},
    say::{ago, bytes, days, moment, number, place, skew, t, with},
    words::Words,
};

/// A backup is made every day; two days without one is a fault.
const BACKUP_DAYS_MAX: i64 = 2;
/// So many changes that an office has not heard of are worth a look.
const LAG_SHOWN: u64 = 1_000;

/// What of the machine is shown.
struct Machine {
    backup_at: Option<Timestamp>,
    disk_free: Option<u64>,
}

pub(in crate::http) async fn first(
    State(rim): State<Arc<Rim>>,
    Extension(session): Extension<Session>,
) -> Response {
    let province = Arc::clone(&rim.province);
    let at = now();
    let overview = match ask(move || province.overview(at)).await {
        Ok(overview) => overview,
        Err(response) => return response,
    };
    let folder = rim.serving.folder.as_deref();
    let machine = Machine {
        backup_at: folder.and_then(backup::last).map(|last| last.at),
        disk_free: folder.and_then(disk_free_bytes),
    };
    let code = overview
        .as_ref()
        .map(|overview| overview.province_code.clone());
    let body = match &overview {
        Some(overview) => whole(overview, &machine, at),
        None => html! {
            (figures(None, &machine, at))
            p.notice { (t("no_offices")) }
            p { a.button.main href="/operator/enrol" { (t("nav_enrol")) } }
        },
    };
    page(
        t("nav_overview"),
        PAGE_PATH,
        &session,
        code.as_deref(),
        &body,
    )
}

fn whole(overview: &Overview, machine: &Machine, at: Timestamp) -> Markup {
    html! {
        (figures(Some(overview), machine, at))
        (care(overview, machine, at))
        @if overview.offices.is_empty() {
            p.notice { (t("no_offices")) }
        } @else {
            table.offices data-testid="offices" {
                thead { tr {
                    th { (t("col_device")) }
                    th { (t("col_status")) }
                    th { (t("col_seen")) }
                    th.number { (t("col_lag")) }
                    th.number { (t("col_waiting")) }
                    th { (t("col_program")) }
                    th { (t("col_clock")) }
                } }
                @for office in &overview.offices { (office_rows(office, overview.head, at)) }
            }
        }
        .side-by-side {
            (reasons(overview))
            (codes(&overview.codes))
        }
    }
}

fn figures(overview: Option<&Overview>, machine: &Machine, at: Timestamp) -> Markup {
    let in_use = overview.map_or(0, |overview| {
        overview.devices_by_status()[&Status::Confirmed]
    });
    let offices = overview.map_or(0, |overview| overview.offices.len() as u64);
    let backup = match machine.backup_at {
        Some(made) => ago(made, at),
        None => t("no_backup").to_string(),
    };
    let free = machine
        .disk_free
        .map_or_else(|| t("unknown").to_string(), bytes);
    let cells = [
        (t("fig_offices"), number(offices)),
        (t("fig_devices"), number(in_use)),
        (t("fig_head"), number(overview.map_or(0, |o| o.head))),
        (t("fig_kept"), number(overview.map_or(0, Overview::kept))),
        (t("fig_backup"), backup),
        (t("fig_disk"), free),
        (
            t("fig_ledger"),
            overview
                .and_then(|o| o.ledger_bytes)
                .map_or_else(|| "-".to_string(), bytes),
        ),
        (t("fig_version"), env!("CARGO_PKG_VERSION").to_string()),
    ];
    html! {
        dl.figures {
            @for (name, value) in cells { div { dt { (name) } dd { (value) } } }
        }
    }
}

/// What somebody has to do something about, the most urgent first.
fn care(overview: &Overview, machine: &Machine, at: Timestamp) -> Markup {
    let mut lines: Vec<(String, Option<String>)> = Vec::new();
    if overview.is_copy {
        lines.push((t("care_copy").to_string(), None));
    }
    if let Some(free) = machine.disk_free.filter(|free| *free < DISK_FREE_MIN_BYTES) {
        lines.push((with("care_disk", &[("free", &bytes(free))]), None));
    }
    match machine.backup_at.map(|made| days(made, at)) {
        None => lines.push((t("care_backup_never").to_string(), None)),
        Some(old) if old >= BACKUP_DAYS_MAX => {
            lines.push((with("care_backup_old", &[("days", &old.to_string())]), None));
        }
        Some(_) => {}
    }
    for device in overview.devices() {
        if let Some(words) = device_care(device, at) {
            lines.push((words, Some(device_link(device))));
        }
    }
    for office in &overview.offices {
        let lag = office.lag(overview.head);
        if lag >= LAG_SHOWN {
            let blanks = [
                ("office", &*place(&office.office_code)),
                ("count", &*number(lag)),
            ];
            lines.push((with("care_lag", &blanks), None));
        }
    }
    html! {
        section.care data-testid="care" {
            h2 { (t("needs_care")) }
            @if lines.is_empty() { p.good { (t("all_well")) } }
            ul {
                @for (words, link) in lines {
                    li { @match link {
                        Some(link) => { a href=(link) { (words) } },
                        None => { (words) },
                    } }
                }
            }
        }
    }
}

fn device_care(device: &Device, at: Timestamp) -> Option<String> {
    let office = place(&device.office_code);
    let blanks = [("name", &*device.name), ("office", &*office)];
    match device.status {
        Status::Pending => Some(with("care_pending", &blanks)),
        Status::Forked => Some(with("care_forked", &blanks)),
        Status::Revoked => None,
        Status::Confirmed if is_clock_wrong(device) => {
            let skew = skew(device.skew_ms);
            Some(with("care_clock", &[blanks[0], blanks[1], ("skew", &skew)]))
        }
        Status::Confirmed => {
            let quiet = days(device.last_seen_at.unwrap_or(device.enrolled_at), at);
            let words = || {
                let quiet = quiet.to_string();
                with("care_quiet", &[blanks[0], blanks[1], ("days", &quiet)])
            };
            (quiet >= QUIET_DAYS).then(words)
        }
    }
}

fn office_rows(office: &OfficeOverview, head: u64, at: Timestamp) -> Markup {
    let (shut, open): (Vec<_>, Vec<_>) = office
        .devices
        .iter()
        .partition(|device| device.status == Status::Revoked);
    let in_use = open
        .iter()
        .filter(|device| device.status == Status::Confirmed)
        .count();
    html! {
        tbody data-testid="office" data-office=(office.office_code) {
            tr.office { th colspan="7" scope="rowgroup" {
                (place(&office.office_code)) " "
                span.code { (office.office_code) }
                span.aside { (with("devices_in_use", &[("count", &in_use.to_string())])) " · " (kept_line(office)) }
            } }
            @for device in open { (device_row(device, head, at)) }
            @if !shut.is_empty() {
                tr.shut { td colspan="7" { details {
                    summary { (with("closed_devices", &[("count", &shut.len().to_string())])) }
                    ul { @for device in shut { li data-testid="device-shut" data-id=(device.id) {
                        a href=(device_link(device)) { (device.name) }
                        " · " (status(device))
                        @if let Some(seen) = device.last_seen_at { " · " (moment(seen)) }
                    } } }
                } } }
            }
        }
    }
}

fn kept_line(office: &OfficeOverview) -> String {
    let conflicts = office.kept.get("conflict").copied().unwrap_or_default();
    let held = office.kept.values().sum::<u64>() - conflicts;
    if conflicts + held == 0 {
        return t("kept_none").to_string();
    }
    with(
        "kept_line",
        &[("conflicts", &number(conflicts)), ("held", &number(held))],
    )
}

fn device_row(device: &Device, head: u64, at: Timestamp) -> Markup {
    let lag = head.saturating_sub(device.last_cursor);
    html! {
        tr data-testid="device" data-id=(device.id) data-status=(device.status.code()) {
            td { a href=(device_link(device)) { (device.name) } }
            td { span.status data-status=(device.status.code()) { (status(device)) } }
            td { (seen(device, at)) }
            td.number { (number(lag)) }
            td.number { (number(device.waiting)) }
            td { @if device.program.is_empty() { "–" } @else { (device.program) } }
            td.wrong[is_clock_wrong(device)] { (clock(device)) }
        }
    }
}

pub(super) fn device_link(device: &Device) -> String {
    format!("{DEVICE_PATH}?id={}", device.id)
}

/// `30 พ.ย. 2569 เวลา 14:05 น. · 3 ชม. ก่อน`
pub(super) fn seen(device: &Device, at: Timestamp) -> String {
    device.last_seen_at.map_or_else(
        || t("never").to_string(),
        |seen| format!("{} · {}", moment(seen), ago(seen, at)),
    )
}

pub(super) fn clock(device: &Device) -> String {
    if device.last_seen_at.is_none() {
        t("unknown").to_string()
    } else if is_clock_wrong(device) {
        skew(device.skew_ms)
    } else {
        t("clock_right").to_string()
    }
}

pub(super) fn status(device: &Device) -> String {
    let words = match device.status {
        Status::Pending => t("status_pending"),
        Status::Confirmed => t("status_confirmed"),
        Status::Revoked => t("status_revoked"),
        Status::Forked => t("status_forked"),
    };
    match &device.revoked_how {
        Some(how) => {
            let key = format!("how_{how}");
            format!("{words} ({})", Words::thai().get(&key))
        }
        None => words.to_string(),
    }
}

/// What waits, by reason, over all offices. A reason of a newer server is shown by its code.
fn reasons(overview: &Overview) -> Markup {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for (reason, count) in overview.offices.iter().flat_map(|office| &office.kept) {
        *counts.entry(reason).or_default() += count;
    }
    let words = |reason: &str| {
        let key = format!("reason_{reason}");
        Words::thai().known(&key).map_or_else(
            || with("reason_other", &[("code", reason)]),
            ToString::to_string,
        )
    };
    html! {
        @if !counts.is_empty() {
            section data-testid="reasons" {
                h2 { (t("reasons_title")) }
                table {
                    thead { tr { th { (t("col_reason")) } th.number { (t("col_count")) } } }
                    tbody { @for (reason, count) in counts {
                        tr { td { (words(reason)) } td.number { (number(count)) } }
                    } }
                }
                p.hint { (t("reasons_note")) }
            }
        }
    }
}

fn codes(codes: &[OpenCode]) -> Markup {
    html! {
        @if !codes.is_empty() {
            section data-testid="codes" {
                h2 { (t("codes_title")) }
                ul { @for code in codes { li { (with("code_open", &[
                    ("office", &place(&code.office_code)),
                    ("used", &code.devices.to_string()),
                    ("max", &code.devices_max.to_string()),
                    ("until", &moment(code.expires_at)),
                ])) } } }
            }
        }
    }
}
