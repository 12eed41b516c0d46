//! The web app, embedded in the binary: its files, its start page for every address of the app, and their caching.
//!
//! `web/` is built by the set-up commands into `web/dist` before cargo runs. A binary that was built without it says
//! so on `/`; everything else works.

use std::borrow::Cow;

use actix_web::http::Method;
use actix_web::http::header::{
    ACCEPT, ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, IF_NONE_MATCH,
    VARY,
};
use actix_web::{HttpRequest, HttpResponse};
use rust_embed::{EmbeddedFile, RustEmbed};

/// The built app. Files that shrink have a `.gz` beside them, made by the build.
#[derive(RustEmbed)]
#[folder = "web/dist/"]
#[allow_missing = true]
struct Built;

const START_PAGE: &str = "index.html";
/// Vite names files in this folder by their content, so they never change.
const HASHED: &str = "assets/";
/// Addresses under these belong to the interface, whoever asks.
const INTERFACE: [&str; 6] = ["/api", "/docs", "/openapi.json", "/healthz", "/readyz", "/metrics"];

const NOT_BUILT: &str = "\
paiban: 此程序未包含网页；接口说明见 /docs/。在源码目录运行 make run 即可构建并包含网页。

paiban: this program was built without its web app; the interface is described at /docs/.
Run `make run` in the source folder: it builds the app and then the program with it.
";

/// Answers a GET that no route of the interface takes: a file of the app, or its start page where a browser asks for a
/// page. None is left to the interface's own 404.
#[must_use]
pub fn answer(request: &HttpRequest) -> Option<HttpResponse> {
    let path = request.path();
    if !matches!(*request.method(), Method::GET | Method::HEAD) || belongs_to_interface(path) {
        return None;
    }
    let name = path.trim_start_matches('/');
    if !name.is_empty()
        && !is_internal(name)
        && let Some(file) = Built::get(name)
    {
        return Some(respond(request, name, file));
    }
    let page = path == "/" || (wants_page(request.headers()) && !name.starts_with(HASHED));
    page.then(|| match Built::get(START_PAGE) {
        Some(file) => respond(request, START_PAGE, file),
        None => HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(NOT_BUILT),
    })
}

fn belongs_to_interface(path: &str) -> bool {
    INTERFACE
        .iter()
        .any(|prefix| path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
}

/// The compressed twins are served in place of their files, never by their own names.
fn is_internal(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, extension)| extension == "gz")
}

/// A browser that follows a link or reloads names HTML; scripts and other programs do not.
fn wants_page(headers: &HeaderMap) -> bool {
    lists(headers, &ACCEPT, "text/html")
}

fn lists(headers: &HeaderMap, name: &HeaderName, wanted: &str) -> bool {
    headers.get_all(name).filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(',')).any(|part| {
        let mut pieces = part.split(';').map(str::trim);
        pieces.next().is_some_and(|kind| kind.eq_ignore_ascii_case(wanted)) && !pieces.any(|piece| piece == "q=0")
    })
}

fn respond(request: &HttpRequest, name: &str, file: EmbeddedFile) -> HttpResponse {
    let tag = format!("\"{}\"", hex(&file.metadata.sha256_hash()));
    let caching = if name.starts_with(HASHED) { "public, max-age=31536000, immutable" } else { "no-cache" };
    let known = request.headers().get(IF_NONE_MATCH).is_some_and(|value| value.as_bytes() == tag.as_bytes());
    if known {
        return HttpResponse::NotModified()
            .insert_header((ETAG, tag))
            .insert_header((CACHE_CONTROL, caching))
            .insert_header((VARY, ACCEPT_ENCODING.as_str()))
            .finish();
    }
    let mut response = HttpResponse::Ok();
    response
        .insert_header((CONTENT_TYPE, content_type(name)))
        .insert_header((ETAG, tag))
        .insert_header((CACHE_CONTROL, caching))
        .insert_header((VARY, ACCEPT_ENCODING.as_str()));
    let small =
        if lists(request.headers(), &ACCEPT_ENCODING, "gzip") { Built::get(&format!("{name}.gz")) } else { None };
    match small {
        Some(small) => response.insert_header((CONTENT_ENCODING, "gzip")).body(bytes(small)),
        None => response.body(bytes(file)),
    }
}

fn bytes(file: EmbeddedFile) -> actix_web::web::Bytes {
    match file.data {
        Cow::Borrowed(data) => actix_web::web::Bytes::from_static(data),
        Cow::Owned(data) => data.into(),
    }
}

fn hex(hash: &[u8]) -> String {
    hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("json") => "application/json",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    fn page(path: &str) -> Option<HttpResponse> {
        answer(&TestRequest::with_uri(path).insert_header((ACCEPT, "text/html,*/*;q=0.8")).to_http_request())
    }

    #[test]
    fn every_address_of_the_app_gets_its_start_page_and_no_other_does() {
        for path in ["/", "/board", "/people/p-1", "/map?unit=1"] {
            assert!(page(path).is_some_and(|response| response.status().is_success()), "{path}");
        }
        for path in ["/api/v1/nowhere", "/api", "/docs/", "/openapi.json", "/healthz", "/assets/gone.js"] {
            assert!(page(path).is_none(), "{path}");
        }
        assert!(page("/apiary").is_some(), "only whole segments belong to the interface");
    }

    #[test]
    fn programs_that_do_not_ask_for_a_page_get_none() {
        let request = TestRequest::with_uri("/board").insert_header((ACCEPT, "*/*")).to_http_request();
        assert!(answer(&request).is_none());
        let request = TestRequest::post().uri("/board").insert_header((ACCEPT, "text/html")).to_http_request();
        assert!(answer(&request).is_none());
    }

    #[test]
    fn a_refused_encoding_is_not_used() {
        let gzip = |value: &str| {
            let request = TestRequest::default().insert_header((ACCEPT_ENCODING, value)).to_http_request();
            lists(request.headers(), &ACCEPT_ENCODING, "gzip")
        };
        assert!(gzip("gzip, deflate, br"));
        assert!(gzip("br;q=1, GZIP;q=0.5"));
        assert!(!gzip("gzip;q=0, br"));
        assert!(!gzip("identity"));
    }
}
