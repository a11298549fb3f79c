//! Figures for Prometheus: counts, codes of offices and states of devices; no name of anybody.
//!
//! What happens is counted as it happens; what stands in the ledger is read when somebody asks.

use std::sync::{Arc, atomic::AtomicU64};

use axum::{
    body::HttpBody as _,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
};
use jitasa_domain::change::{Outcome, Verdict};
use jitasa_protocol::Code;
use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{
        counter::Counter,
        family::Family,
        gauge::Gauge,
        histogram::{Histogram, exponential_buckets},
        info::Info,
    },
    registry::Registry,
};

use super::{Rim, answer::problem, routes::Route};
use crate::{backup, clock::now, province::tally, register::Overview};

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    route: &'static str,
    status: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OnRoute {
    route: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfVerdict {
    verdict: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfStatus {
    status: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfOffice {
    office: String,
}

/// What is counted while the server runs.
pub(super) struct Figures {
    registry: Registry,
    requests: Family<Answered, Counter>,
    seconds: Family<OnRoute, Histogram, fn() -> Histogram>,
    changes: Family<OfVerdict, Counter>,
    batches: Counter,
    bytes_in: Counter,
    bytes_out: Counter,
    under_way: Gauge,
    devices: Family<OfStatus, Gauge>,
    lag: Family<OfOffice, Gauge>,
    kept: Gauge,
    backup_age_s: Gauge<f64, AtomicU64>,
    ledger_bytes: Gauge,
    head: Gauge,
}

const VERDICTS: [(Verdict, &str); 4] = [
    (Verdict::New, "new"),
    (Verdict::Merged, "merged"),
    (Verdict::Conflict, "conflict"),
    (Verdict::Held, "held"),
];

impl Figures {
    pub(super) fn new() -> Self {
        let mut figures = Self {
            registry: Registry::with_prefix("jitasa"),
            requests: Family::default(),
            seconds: Family::new_with_constructor(|| {
                // 1 ms to about 30 s, the longest a request may take.
                Histogram::new(exponential_buckets(0.001, 2.0, 16))
            }),
            changes: Family::default(),
            batches: Counter::default(),
            bytes_in: Counter::default(),
            bytes_out: Counter::default(),
            under_way: Gauge::default(),
            devices: Family::default(),
            lag: Family::default(),
            kept: Gauge::default(),
            backup_age_s: Gauge::default(),
            ledger_bytes: Gauge::default(),
            head: Gauge::default(),
        };
        figures.name_them();
        figures
    }

    fn name_them(&mut self) {
        let r = &mut self.registry;
        r.register(
            "build",
            "The program",
            Info::new(vec![("version", env!("CARGO_PKG_VERSION"))]),
        );
        r.register(
            "requests",
            "Requests by route and status",
            self.requests.clone(),
        );
        r.register(
            "request_seconds",
            "How long they took",
            self.seconds.clone(),
        );
        r.register(
            "changes",
            "Changes answered, by verdict",
            self.changes.clone(),
        );
        r.register("batches", "Batches answered", self.batches.clone());
        r.register(
            "request_bytes",
            "Bytes of bodies that came in",
            self.bytes_in.clone(),
        );
        r.register(
            "answer_bytes",
            "Bytes of bodies that went out",
            self.bytes_out.clone(),
        );
        r.register(
            "requests_under_way",
            "Exchanges being served or waiting",
            self.under_way.clone(),
        );
        r.register("devices", "Devices by status", self.devices.clone());
        r.register(
            "office_lag_changes",
            "Places of the order an office's slowest device has not heard of",
            self.lag.clone(),
        );
        r.register(
            "kept_changes",
            "Changes in conflict or held",
            self.kept.clone(),
        );
        r.register(
            "backup_age_seconds",
            "Since the last verified backup; -1 when there is none",
            self.backup_age_s.clone(),
        );
        r.register(
            "ledger_bytes",
            "Size of the ledger",
            self.ledger_bytes.clone(),
        );
        r.register(
            "head",
            "The last place given in the province's order",
            self.head.clone(),
        );
    }

    /// A request was answered.
    pub(super) fn answered(
        &self,
        route: &Route,
        status: StatusCode,
        took_us: u64,
        bytes_in: u64,
        response: &Response,
    ) {
        let label = Answered {
            route: route.path,
            status: status.as_u16().into(),
        };
        self.requests.get_or_create(&label).inc();
        // A request takes seconds: its microseconds fit a double.
        #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
        let seconds = took_us as f64 / 1_000_000.0;
        let label = OnRoute { route: route.path };
        self.seconds.get_or_create(&label).observe(seconds);
        self.bytes_in.inc_by(bytes_in);
        self.bytes_out
            .inc_by(response.body().size_hint().exact().unwrap_or_default());
    }

    /// A device was told what became of its changes; of none, when it only asked.
    pub(super) fn exchanged(&self, outcomes: &[Outcome]) {
        if !outcomes.is_empty() {
            self.batches.inc();
        }
        for (verdict, code) in VERDICTS {
            self.changes
                .get_or_create(&OfVerdict { verdict: code })
                .inc_by(tally(outcomes, verdict) as u64);
        }
    }

    fn stand(&self, overview: &Overview) {
        self.devices.clear();
        for (status, count) in overview.devices_by_status() {
            let label = OfStatus {
                status: status.code(),
            };
            self.devices.get_or_create(&label).set(signed(count));
        }
        self.lag.clear();
        for office in &overview.offices {
            let label = OfOffice {
                office: office.office_code.clone(),
            };
            self.lag
                .get_or_create(&label)
                .set(signed(office.lag(overview.head)));
        }
        self.kept.set(signed(overview.kept()));
        self.ledger_bytes
            .set(signed(overview.ledger_bytes.unwrap_or_default()));
        self.head.set(signed(overview.head));
    }
}

fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

pub(super) async fn figures(State(rim): State<Arc<Rim>>) -> Response {
    let province = Arc::clone(&rim.province);
    let asked = tokio::task::spawn_blocking(move || province.overview(now())).await;
    let Ok(Ok(overview)) = asked else {
        return problem(Code::Internal.into());
    };
    let figures = &rim.figures;
    if let Some(overview) = &overview {
        figures.stand(overview);
    }
    figures
        .under_way
        .set(signed(rim.requests_under_way() as u64));
    let age_s = rim
        .serving
        .folder
        .as_deref()
        .and_then(backup::last)
        .map_or(-1.0, |last| last.age_s(now()));
    figures.backup_age_s.set(age_s);
    let mut text = String::new();
    if encode(&mut text, &figures.registry).is_err() {
        return problem(Code::Internal.into());
    }
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    (
        [
            (header::CONTENT_TYPE, kind),
            (header::CACHE_CONTROL, "no-store"),
        ],
        text,
    )
        .into_response()
}
