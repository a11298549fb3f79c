//! The description of every route, for whoever writes a client: made from the table of routes, with
//! the schemas of the wire beside it. Golden files of the wire keep the schemas true.

use axum::{http::StatusCode, response::Response};
use jitasa_protocol::{
    Code, ENROL_PATH, ENROL_PATH_V1, FRAME_TYPE, SYNC_PATH, SYNC_PATH_V1, limits,
};
use utoipa::openapi::{
    ComponentsBuilder, Content, ContentBuilder, HeaderBuilder, InfoBuilder, OpenApi,
    OpenApiBuilder, PathItem, PathsBuilder, Ref, RefOr, Required, ResponseBuilder,
    path::{HttpMethod, OperationBuilder, ParameterBuilder, ParameterIn},
    request_body::RequestBodyBuilder,
    schema::{ObjectBuilder, Schema, Type},
    security::{
        ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
    },
};

use super::{
    answer::json,
    operator::COOKIE,
    routes::{Caller, ROUTES, Route, Verb},
};

const SCHEMAS: &str = include_str!("schemas.json");

pub(super) async fn description() -> Response {
    json(StatusCode::OK, &document())
}

/// The whole description.
#[must_use]
pub fn document() -> OpenApi {
    let mut paths = PathsBuilder::new();
    for route in ROUTES {
        let method = match route.method {
            Verb::Get => HttpMethod::Get,
            Verb::Post => HttpMethod::Post,
        };
        paths = paths.path(route.path, PathItem::new(method, operation(route)));
    }
    let mut components = ComponentsBuilder::new()
        .security_scheme(
            "device_token",
            SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build()),
        )
        .security_scheme(
            "operator_session",
            SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new(COOKIE))),
        );
    // A file of ours: a test reads it, so it can be read here.
    let schemas: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(SCHEMAS).unwrap_or_default();
    for (name, schema) in schemas {
        if let Ok(schema) = serde_json::from_value::<RefOr<Schema>>(schema) {
            components = components.schema(name, schema);
        }
    }
    OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title("Jitasa Desk, provincial server")
                .version(env!("CARGO_PKG_VERSION"))
                .description(Some(
                    "Desks enrol and exchange changes here. What the fields mean is told in \
                     docs/sync-protocol.md. Pages of the operator are HTML.",
                ))
                .build(),
        )
        .paths(paths.build())
        .components(Some(components.build()))
        .build()
}

fn operation(route: &Route) -> OperationBuilder {
    let mut operation = OperationBuilder::new()
        .summary(Some(route.purpose))
        .description(Some(limits_of(route)))
        .operation_id(Some(name_of(route)));
    operation = match route.who {
        // A signature is inside the frame: OpenAPI knows no scheme for that.
        Caller::Anybody | Caller::Signature => operation,
        Caller::Token => operation.security(SecurityRequirement::new(
            "device_token",
            Vec::<String>::new(),
        )),
        Caller::Operator | Caller::Watch => operation.security(SecurityRequirement::new(
            "operator_session",
            Vec::<String>::new(),
        )),
    };
    match route.path {
        ENROL_PATH => exchange(operation, FRAME_TYPE, [text(), text()], ENROL_CODES),
        SYNC_PATH => exchange(operation, FRAME_TYPE, [text(), text()], SYNC_CODES),
        ENROL_PATH_V1 => {
            let schemas = [schema("EnrolRequest"), schema("EnrolAnswer")];
            exchange(operation, "application/json", schemas, ENROL_CODES)
        }
        SYNC_PATH_V1 => {
            let schemas = [schema("SyncRequest"), schema("SyncAnswer")];
            exchange(operation, "application/json", schemas, SYNC_CODES)
        }
        "/healthz" => operation.response("200", answered("application/json", schema("Health"))),
        "/openapi.json" => operation.response("200", answered("application/json", anything())),
        "/metrics" => {
            watched(operation.response("200", answered("application/openmetrics-text", text())))
        }
        _ => page(operation, route),
    }
}

/// How a route is called in generated clients: `post_v1_sync`.
fn name_of(route: &Route) -> String {
    let method = match route.method {
        Verb::Get => "get",
        Verb::Post => "post",
    };
    format!("{method}{}", route.path.replace(['/', '.', '-'], "_"))
}

fn limits_of(route: &Route) -> String {
    let mut text = format!("Given up after {} s.", route.timeout_s);
    if route.body_bytes_max > 0 {
        text.push_str(&format!(
            " A body has at most {} bytes.",
            route.body_bytes_max
        ));
    }
    if route.waits_in_line {
        text.push_str(&format!(
            " At most {} changes in a batch and {} rows in an answer. When the server is busy it \
             answers 503 with Retry-After.",
            limits::CHANGES_MAX,
            limits::DELIVERED_MAX
        ));
    }
    text
}

const ENROL_CODES: &[Code] = &[
    Code::CodeUnknown,
    Code::CodeUsed,
    Code::CodeExpired,
    Code::DeviceUnknown,
    Code::DeviceRevoked,
    Code::SignatureBad,
    Code::TooLarge,
    Code::Malformed,
    Code::ProtocolTooNew,
    Code::ProtocolTooOld,
    Code::Busy,
    Code::Internal,
];
const SYNC_CODES: &[Code] = &[
    Code::DeviceUnknown,
    Code::DevicePending,
    Code::DeviceRevoked,
    Code::SignatureBad,
    Code::OtherServer,
    Code::DeviceForked,
    Code::Gap,
    Code::CursorUnknown,
    Code::EpochChanged,
    Code::EpochUnknown,
    Code::TooLarge,
    Code::Malformed,
    Code::ProtocolTooNew,
    Code::ProtocolTooOld,
    Code::Busy,
    Code::Internal,
];

fn exchange(
    mut operation: OperationBuilder,
    kind: &str,
    [request, answer]: [RefOr<Schema>; 2],
    codes: &[Code],
) -> OperationBuilder {
    let body = RequestBodyBuilder::new()
        .required(Some(Required::True))
        .content(kind, content(request))
        .build();
    operation = operation
        .request_body(Some(body))
        .response("200", answered(kind, answer));
    let mut statuses: Vec<u16> = codes.iter().map(|code| code.status()).collect();
    statuses.sort_unstable();
    statuses.dedup();
    for status in statuses {
        let meant: Vec<_> = codes
            .iter()
            .filter(|code| code.status() == status)
            .map(|code| code.text())
            .collect();
        let mut response = ResponseBuilder::new()
            .description(meant.join(", "))
            .content("application/json", content(schema("Problem")));
        if status == Code::Busy.status() {
            let seconds = ObjectBuilder::new().schema_type(Type::Integer);
            response = response.header("Retry-After", HeaderBuilder::new().schema(seconds).build());
        }
        operation = operation.response(status.to_string(), response.build());
    }
    operation
}

/// What only a program on this machine, or the operator, is told.
fn watched(operation: OperationBuilder) -> OperationBuilder {
    operation.response("401", answered("text/html", text()))
}

fn page(mut operation: OperationBuilder, route: &Route) -> OperationBuilder {
    if route.method == Verb::Post {
        let body = RequestBodyBuilder::new()
            .required(Some(Required::True))
            .content("application/x-www-form-urlencoded", content(anything()))
            .build();
        operation = operation
            .request_body(Some(body))
            .response(
                "303",
                ResponseBuilder::new()
                    .description("see the page named")
                    .build(),
            )
            .response("403", answered("text/html", text()))
            .response(
                "413",
                ResponseBuilder::new().description("too large").build(),
            )
            .response("415", ResponseBuilder::new().description("no form").build())
            .response(
                "422",
                ResponseBuilder::new()
                    .description("no form that can be read")
                    .build(),
            );
    }
    for name in route.asks {
        let parameter = ParameterBuilder::new()
            .name(*name)
            .parameter_in(ParameterIn::Query)
            .required(Required::False)
            .schema(Some(text()))
            .build();
        operation = operation.parameter(parameter);
    }
    let kind = match route.path.rsplit_once('.').map(|(_, ending)| ending) {
        Some("css") => "text/css",
        Some("js") => "text/javascript",
        Some("ttf") => "font/ttf",
        _ => "text/html",
    };
    operation
        .response("200", answered(kind, text()))
        .response("401", answered("text/html", text()))
        .response("421", answered("text/html", text()))
        .response("500", answered("text/html", text()))
}

fn answered(kind: &str, schema: RefOr<Schema>) -> utoipa::openapi::Response {
    ResponseBuilder::new()
        .description("answered")
        .content(kind, content(schema))
        .build()
}

fn content(schema: RefOr<Schema>) -> Content {
    ContentBuilder::new().schema(Some(schema)).build()
}

fn schema(name: &str) -> RefOr<Schema> {
    RefOr::Ref(Ref::from_schema_name(name))
}

fn anything() -> RefOr<Schema> {
    ObjectBuilder::new().schema_type(Type::Object).into()
}

fn text() -> RefOr<Schema> {
    ObjectBuilder::new().schema_type(Type::String).into()
}
