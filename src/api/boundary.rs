//! The outermost middleware: request id, language of errors, security headers, metrics, and the one log line.

use std::time::Instant;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpResponse, web};
use uuid::Uuid;

use super::lang::Lang;
use super::metrics::Metrics;
use super::problem::{PROBLEM_JSON, Problem};

/// Header that carries the request id, both ways.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The id of a request, in its extensions.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

const SECURITY_HEADERS: [(HeaderName, &str); 5] = [
    (HeaderName::from_static("x-content-type-options"), "nosniff"),
    (HeaderName::from_static("x-frame-options"), "DENY"),
    (HeaderName::from_static("referrer-policy"), "no-referrer"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
];

/// Nothing from elsewhere, nothing inline: what users type can never run or dress up a page.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
                      connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; \
                      frame-ancestors 'none'";

/// The reference page writes styles into the page; it shows nothing that users type.
const REFERENCE_POLICY: &str = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; \
                                base-uri 'none'; frame-ancestors 'none'";

/// Facts about a request that are needed once its answer is there.
struct Context {
    id: String,
    lang: Lang,
    method: String,
    path: String,
    started: Instant,
}

/// Wraps every request.
///
/// # Errors
/// Only answers of inner layers that are errors already; they carry a problem document.
pub async fn boundary(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let context = Context {
        id: request_id(request.headers()),
        lang: Lang::of(request.headers()),
        method: request.method().to_string(),
        path: request.path().to_owned(),
        started: Instant::now(),
    };
    let metrics = request.app_data::<web::Data<Metrics>>().cloned();
    request.extensions_mut().insert(RequestId(context.id.clone()));
    match next.call(request).await {
        Ok(response) => {
            let route = response.request().match_pattern();
            let mut response = as_problem(response, &context);
            finish(
                &context,
                metrics.as_ref().map(web::Data::get_ref),
                route.as_deref(),
                response.status(),
                response.headers_mut(),
            );
            Ok(response)
        }
        Err(error) => {
            let problem = problem_of(&error, error.as_response_error().status_code());
            log_problem(&problem, &context.id);
            let mut response = problem.response(context.lang, &context.path, &context.id);
            finish(&context, metrics.as_ref().map(web::Data::get_ref), None, response.status(), response.headers_mut());
            Err(InternalError::from_response(error, response).into())
        }
    }
}

/// Takes the caller's id when it is harmless in logs and headers, or makes one.
fn request_id(headers: &HeaderMap) -> String {
    headers
        .get(REQUEST_ID)
        .and_then(|value| value.to_str().ok())
        .filter(|text| (1..=64).contains(&text.len()))
        .filter(|text| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')))
        .map_or_else(|| Uuid::new_v4().to_string(), str::to_owned)
}

/// Rewrites an error answer as a problem document in the reader's language.
fn as_problem(response: ServiceResponse<impl MessageBody + 'static>, context: &Context) -> ServiceResponse<BoxBody> {
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response.map_into_boxed_body();
    }
    let (request, answer) = response.into_parts();
    let problem = match answer.error() {
        Some(error) => problem_of(error, status),
        None if is_problem(answer.headers()) => return ServiceResponse::new(request, answer.map_into_boxed_body()),
        None => Problem::of_status(status),
    };
    log_problem(&problem, &context.id);
    let mut rewritten: HttpResponse = problem.response(context.lang, &context.path, &context.id);
    for (name, value) in answer.headers() {
        // `Allow` of a 405 and the like survive; the old body's own headers do not.
        if !rewritten.headers().contains_key(name) && !name.as_str().starts_with("content-") {
            rewritten.headers_mut().append(name.clone(), value.clone());
        }
    }
    ServiceResponse::new(request, rewritten)
}

fn problem_of(error: &Error, status: StatusCode) -> Problem {
    error.as_error::<Problem>().cloned().unwrap_or_else(|| {
        let problem = Problem::of_status(status);
        if status.is_server_error() { Problem { internal: Some(error.to_string()), ..problem } } else { problem }
    })
}

fn is_problem(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_TYPE).is_some_and(|value| value.as_bytes().starts_with(PROBLEM_JSON.as_bytes()))
}

fn log_problem(problem: &Problem, id: &str) {
    if problem.code.status().is_server_error() {
        tracing::error!(request_id = id, code = problem.code.as_str(), "{problem}");
    } else {
        tracing::debug!(request_id = id, code = problem.code.as_str(), "{problem}");
    }
}

fn finish(
    context: &Context,
    metrics: Option<&Metrics>,
    route: Option<&str>,
    status: StatusCode,
    headers: &mut HeaderMap,
) {
    if let Ok(value) = HeaderValue::from_str(&context.id) {
        headers.insert(REQUEST_ID, value);
    }
    for (name, value) in SECURITY_HEADERS {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    let policy = if context.path.starts_with("/docs/") { REFERENCE_POLICY } else { POLICY };
    if !headers.contains_key(CONTENT_SECURITY_POLICY) {
        headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    }
    let seconds = context.started.elapsed().as_secs_f64();
    if let Some(metrics) = metrics {
        metrics.observe_request(&context.method, route.unwrap_or("unmatched"), status.as_u16(), seconds);
    }
    tracing::info!(
        request_id = %context.id,
        method = %context.method,
        path = %context.path,
        status = status.as_u16(),
        duration_ms = seconds * 1000.0,
        "request"
    );
}
