//! Pages to print: one plain layout, its style allowed by its hash, everything that people typed escaped.

use actix_web::HttpResponse;
use actix_web::http::header::CONTENT_SECURITY_POLICY;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

const STYLE: &str = "@page{size:A4 landscape;margin:12mm}body{font-family:'Noto Sans CJK SC','Microsoft YaHei',\
sans-serif;font-size:11pt;margin:0}h1{font-size:18pt;text-align:center;margin:0 0 4mm}h2{font-size:13pt;\
text-align:center;font-weight:normal;margin:0 0 4mm}table{border-collapse:collapse;width:100%}th,td{border:1px solid \
#000;padding:1.2mm 2mm;text-align:left;vertical-align:top}thead{display:table-header-group}tr{break-inside:avoid}\
.holiday{color:#c00}section{break-after:page}section:last-child{break-after:auto}footer{display:flex;\
justify-content:space-between;margin-top:8mm}";

/// The text with everything escaped that means something in HTML.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// A page whose body is HTML already.
#[must_use]
pub fn page(title: &str, body: &str) -> HttpResponse {
    let hash = STANDARD.encode(Sha256::digest(STYLE.as_bytes()));
    let policy = format!("default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; frame-ancestors 'none'");
    let title = escape(title);
    HttpResponse::Ok().insert_header((CONTENT_SECURITY_POLICY, policy)).content_type("text/html; charset=utf-8").body(
        format!(
            "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>{title}</title>\
             <style>{STYLE}</style></head><body>{body}</body></html>"
        ),
    )
}
