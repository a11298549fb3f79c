//! Requests in, answers out: pages by path, commands by name.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use jitasa_app::{ApiError, App};
use serde_json::Value;

use crate::{CONTENT_POLICY, Pages, gate};

/// An imported file travels inside a call as base64; the API has its own, lower limits.
const BODY_BYTES_MAX: usize = 96 * 1024 * 1024;

/// The whole host for pages served at this port of loopback.
pub fn router(app: Arc<App>, pages: Arc<Pages>, port: u16) -> Router {
    Router::new()
        .route(
            "/api/{name}",
            post(answer).layer(DefaultBodyLimit::max(BODY_BYTES_MAX)),
        )
        .with_state(app)
        .fallback_service(get(page).with_state(pages))
        .layer(middleware::from_fn(move |request: Request, next: Next| {
            guard(port, request, next)
        }))
}

async fn guard(port: u16, request: Request, next: Next) -> Response {
    if !gate::names_us(request.headers(), port) {
        return refusal(&ApiError::new("denied_host"));
    }
    let mut response = next.run(request).await;
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, CONTENT_POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        // Answers hold people; a rebuilt page must be seen at once.
        (header::CACHE_CONTROL, "no-store"),
    ] {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    response
}

async fn page(State(pages): State<Arc<Pages>>, request: Request) -> Response {
    match pages.get(request.uri().path()) {
        Some((content_type, body)) => {
            ([(header::CONTENT_TYPE, content_type)], body).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn answer(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if !gate::is_ours(&headers) {
        return refusal(&ApiError::new("denied_origin"));
    }
    let request = match read(&body) {
        Ok(request) => request,
        Err(error) => return refusal(&error),
    };
    // The API blocks; the threads that talk to the network must not.
    let answered = tokio::task::spawn_blocking(move || app.call(&name, request)).await;
    match answered {
        Ok(Ok(response)) => Json(response).into_response(),
        Ok(Err(error)) => refusal(&error),
        Err(_) => refusal(&ApiError::new("internal")),
    }
}

fn read(body: &[u8]) -> Result<Value, ApiError> {
    if body.is_empty() {
        return Ok(Value::Null);
    }
    let request: Value = serde_json::from_slice(body)
        .map_err(|error| ApiError::new("request_unreadable").with("why", error))?;
    // A browser has no business with the files of this machine.
    match request.get("path") {
        None | Some(Value::Null) => Ok(request),
        Some(_) => Err(ApiError::new("denied_path")),
    }
}

fn refusal(error: &ApiError) -> Response {
    (status_of(&error.code), Json(error)).into_response()
}

fn status_of(code: &str) -> StatusCode {
    match code {
        "not_found" => StatusCode::NOT_FOUND,
        "internal" => StatusCode::INTERNAL_SERVER_ERROR,
        _ if code.starts_with("denied") => StatusCode::FORBIDDEN,
        "not_set_up" | "already_set_up" => StatusCode::CONFLICT,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use axum::http::Request;
    use jitasa_app::SystemEnv;
    use tower::ServiceExt;

    use super::*;

    struct Host {
        _place: tempfile::TempDir,
        router: Router,
    }

    fn host() -> Host {
        let place = tempfile::tempdir().unwrap();
        let ui = place.path().join("ui");
        std::fs::create_dir_all(ui.join("assets")).unwrap();
        std::fs::write(ui.join("index.html"), "<!doctype html>").unwrap();
        std::fs::write(ui.join("assets/main.js"), "1").unwrap();
        std::fs::write(place.path().join("secret"), "x").unwrap();
        let app = App::open(&place.path().join("data"), Arc::new(SystemEnv)).unwrap();
        let pages = Pages::read(&ui).unwrap();
        Host {
            router: router(Arc::new(app), Arc::new(pages), 4180),
            _place: place,
        }
    }

    async fn ask(host: &Host, request: Request<Body>) -> (StatusCode, HeaderMap, Value) {
        let response = host.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, 1 << 20).await.unwrap();
        (
            parts.status,
            parts.headers,
            serde_json::from_slice(&body).unwrap_or_default(),
        )
    }

    fn get_of(path: &str) -> Request<Body> {
        Request::get(path)
            .header("host", "localhost:4180")
            .body(Body::empty())
            .unwrap()
    }

    fn call(name: &str, body: &'static str) -> Request<Body> {
        Request::post(format!("/api/{name}"))
            .header("host", "127.0.0.1:4180")
            .header("x-jitasa", "1")
            .body(Body::from(body))
            .unwrap()
    }

    #[tokio::test]
    async fn pages_come_with_their_type_and_the_policy() {
        let host = host();
        let (status, headers, _) = ask(&host, get_of("/")).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(headers["content-type"], "text/html; charset=utf-8");
        assert_eq!(headers["content-security-policy"], CONTENT_POLICY);
        let (_, headers, _) = ask(&host, get_of("/assets/main.js")).await;
        assert_eq!(headers["content-type"], "text/javascript; charset=utf-8");
    }

    #[tokio::test]
    async fn no_path_leads_out_of_the_pages() {
        let host = host();
        for path in [
            "/../secret",
            "/assets/../../secret",
            "/%2e%2e/secret",
            "/nothing",
        ] {
            let (status, ..) = ask(&host, get_of(path)).await;
            assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
        }
    }

    #[tokio::test]
    async fn a_command_answers_before_an_office_is_set_up() {
        let (status, _, body) = ask(&host(), call("status.get", "{}")).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(body["needs_setup"], true);
    }

    #[tokio::test]
    async fn a_call_without_our_header_is_refused() {
        let mut foreign = call("status.get", "{}");
        foreign.headers_mut().remove("x-jitasa");
        let (status, _, body) = ask(&host(), foreign).await;
        assert_eq!(
            (status, body["code"].as_str()),
            (StatusCode::FORBIDDEN, Some("denied_origin"))
        );
    }

    #[tokio::test]
    async fn a_foreign_name_for_this_machine_is_refused_for_pages_and_calls() {
        let host = host();
        for mut request in [get_of("/"), call("status.get", "{}")] {
            request
                .headers_mut()
                .insert("host", "evil.example:4180".parse().unwrap());
            let (status, _, body) = ask(&host, request).await;
            assert_eq!(status, StatusCode::FORBIDDEN);
            assert_eq!(body["code"], "denied_host");
        }
    }

    #[tokio::test]
    async fn a_page_cannot_name_a_file_of_this_machine() {
        let request = call("export.run", r#"{"path":"/etc/passwd"}"#);
        let (status, _, body) = ask(&host(), request).await;
        assert_eq!(
            (status, body["code"].as_str()),
            (StatusCode::FORBIDDEN, Some("denied_path"))
        );
    }

    #[tokio::test]
    async fn what_is_not_json_and_what_is_no_command_are_refused_with_a_code() {
        let host = host();
        let (status, _, body) = ask(&host, call("status.get", "{")).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(body["code"], "request_unreadable");
        let (status, _, body) = ask(&host, call("host.pick_open", "{}")).await;
        assert!(status.is_client_error());
        assert!(body["message_key"].as_str().unwrap().starts_with("error."));
    }
}
