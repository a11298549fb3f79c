//! A province with a rim and no socket: requests go in, answers come out.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::ConnectInfo,
    http::{Request, StatusCode, header},
};
use jitasa_server::{
    Province, Rim, Serving,
    book::{Device, Status},
    clock::now,
    http::link,
    ledger::LedgerError,
    province::CodeTerms,
    router,
};
use serde_json::{Value, json};
use tower::ServiceExt as _;
use uuid::Uuid;

pub(crate) const OURS: &str = "450905";
pub(crate) const OTHERS: &str = "450302";
pub(crate) const HOST: &str = "127.0.0.1:8450";

/// A device with its token.
#[derive(Debug, Clone)]
pub(crate) struct Desk {
    pub(crate) id: Uuid,
    pub(crate) office_code: &'static str,
    pub(crate) token: String,
}

pub(crate) struct House {
    pub(crate) province: Arc<Province>,
    pub(crate) data: tempfile::TempDir,
    router: Router,
    runtime: tokio::runtime::Runtime,
}

/// One request, as a caller may word it.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) peer: SocketAddr,
    pub(crate) headers: Vec<(header::HeaderName, String)>,
    pub(crate) body: Vec<u8>,
}

impl Call {
    pub(crate) fn get(path: &str) -> Self {
        Self {
            method: "GET",
            path: path.to_string(),
            peer: "127.0.0.1:40000".parse().unwrap(),
            headers: vec![(header::HOST, HOST.to_string())],
            body: Vec::new(),
        }
    }

    pub(crate) fn post(path: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            method: "POST",
            body: body.into(),
            ..Self::get(path)
        }
    }

    pub(crate) fn with(mut self, name: header::HeaderName, value: impl Into<String>) -> Self {
        self.headers.retain(|(other, _)| *other != name);
        self.headers.push((name, value.into()));
        self
    }

    pub(crate) fn coming_from_afar(mut self) -> Self {
        self.peer = "192.0.2.7:40000".parse().unwrap();
        self
    }
}

#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) status: StatusCode,
    pub(crate) headers: axum::http::HeaderMap,
    pub(crate) text: String,
    pub(crate) bytes: Vec<u8>,
}

impl Said {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }
}

impl House {
    pub(crate) fn new() -> Self {
        Self::serving(|_| ())
    }

    pub(crate) fn serving(change: impl FnOnce(&mut Serving)) -> Self {
        let data = tempfile::tempdir().unwrap();
        let province = Arc::new(Province::open(data.path()).unwrap());
        let mut serving = Serving {
            folder: Some(data.path().to_path_buf()),
            ..Serving::plain(format!("http://{HOST}"))
        };
        change(&mut serving);
        let rim = Rim::new(Arc::clone(&province), serving);
        Self {
            province,
            data,
            router: router(rim),
            runtime: tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap(),
        }
    }

    pub(crate) fn call(&self, call: &Call) -> Said {
        let mut request = Request::builder().method(call.method).uri(&call.path);
        for (name, value) in &call.headers {
            request = request.header(name, value);
        }
        let request = request
            .extension(ConnectInfo(call.peer))
            .body(Body::from(call.body.clone()))
            .unwrap();
        self.runtime.block_on(async {
            let answer = self.router.clone().oneshot(request).await.unwrap();
            let (parts, body) = answer.into_parts();
            let bytes = to_bytes(body, 16 << 20).await.unwrap();
            Said {
                status: parts.status,
                headers: parts.headers,
                text: String::from_utf8_lossy(&bytes).into_owned(),
                bytes: bytes.to_vec(),
            }
        })
    }

    /// A desk that was let in, and its status then.
    pub(crate) fn desk(&self, office_code: &'static str, number: u128, status: Status) -> Desk {
        let code = self
            .province
            .new_code(office_code, CodeTerms::default(), now())
            .unwrap();
        let id = Uuid::from_u128(number);
        let body = json!({
            "protocol": 1, "code": code, "device_id": id, "device_name": "โต๊ะ",
            "office_code": office_code,
        });
        let said = self.call(&Call::post("/v1/enrol", body.to_string()));
        assert_eq!(said.status, 200, "{}", said.text);
        let token = said.json()["device_token"].as_str().unwrap().to_string();
        self.becomes(id, status);
        Desk {
            id,
            office_code,
            token,
        }
    }

    pub(crate) fn becomes(&self, id: Uuid, status: Status) {
        self.province
            .within(|pages| {
                let device = pages.device("45", id)?.unwrap();
                pages.save_device("45", &Device { status, ..device })
            })
            .unwrap_or_else(|error: LedgerError| panic!("{error}"));
    }

    pub(crate) fn signs_with(&self, id: Uuid, public_key: [u8; 32]) {
        self.province
            .within(|pages| {
                let mut device = pages.device("45", id)?.unwrap();
                device.public_key = Some(public_key);
                pages.save_device("45", &device)
            })
            .unwrap_or_else(|error: LedgerError| panic!("{error}"));
    }

    /// A fresh session: the cookie, and what forms carry.
    pub(crate) fn signed_in(&self) -> (String, String) {
        link::keep(self.data.path(), "a-token", "somchai", now()).unwrap();
        let said = self.call(
            &form(link::SIGN_IN_PATH, "link=a-token")
                .with(header::ORIGIN, format!("http://{HOST}")),
        );
        assert_eq!(said.status, 303, "{}", said.text);
        let cookie = said.headers[header::SET_COOKIE].to_str().unwrap();
        let cookie = cookie.split(';').next().unwrap().to_string();
        let page = self.call(&Call::get("/operator").with(header::COOKIE, &cookie));
        let (_, rest) = page.text.split_once("name=\"csrf\" value=\"").unwrap();
        let csrf = rest.split('"').next().unwrap().to_string();
        (cookie, csrf)
    }
}

pub(crate) fn form(path: &str, body: &str) -> Call {
    Call::post(path, body).with(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
}

pub(crate) fn sync_body(office_code: &str, device: Uuid, changes: &[Value]) -> String {
    let batch = json!({ "batch_id": Uuid::from_u128(9), "changes": changes });
    json!({
        "protocol": 1, "office_code": office_code, "device_id": device, "cursor": 0,
        "batch": if changes.is_empty() { Value::Null } else { batch },
    })
    .to_string()
}
