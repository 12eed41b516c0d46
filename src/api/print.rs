//! Pages to print: the style of each is allowed by its hash, since the policy of everything else forbids styles in pages.

use actix_web::HttpResponse;
use actix_web::http::header::CONTENT_SECURITY_POLICY;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use crate::html::escape;

/// Style of tables on A4, across.
pub const TABLES: &str = "@page{size:A4 landscape;margin:12mm}body{font-family:'Noto Sans CJK SC','Microsoft YaHei',\
sans-serif;font-size:11pt;margin:0}h1{font-size:18pt;text-align:center;margin:0 0 4mm}h2{font-size:13pt;\
text-align:center;font-weight:normal;margin:0 0 4mm}table{border-collapse:collapse;width:100%}th,td{border:1px solid \
#000;padding:1.2mm 2mm;text-align:left;vertical-align:top}thead{display:table-header-group}tr{break-inside:avoid}\
.holiday{color:#c00}section{break-after:page}section:last-child{break-after:auto}footer{display:flex;\
justify-content:space-between;margin-top:8mm}";

/// A page whose body is HTML already.
#[must_use]
pub fn page(title: &str, style: &str, body: &str) -> HttpResponse {
    let hash = STANDARD.encode(Sha256::digest(style.as_bytes()));
    let policy = format!("default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; frame-ancestors 'none'");
    let title = escape(title);
    HttpResponse::Ok().insert_header((CONTENT_SECURITY_POLICY, policy)).content_type("text/html; charset=utf-8").body(
        format!(
            "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>{title}</title>\
             <style>{style}</style></head><body>{body}</body></html>"
        ),
    )
}
