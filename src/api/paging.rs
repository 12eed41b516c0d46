//! Keyset paging: an opaque cursor holds the last key of a page, and `next` is a ready link.

use actix_web::HttpRequest;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use utoipa::ToSchema;

use super::lang::Text;
use super::problem::{Code, Problem};

/// Items of a page unless the client says otherwise.
pub const DEFAULT_LIMIT: u32 = 50;
/// Most items of a page.
pub const MAX_LIMIT: u32 = 500;

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Page<T> {
    /// Items in the list's order.
    pub items: Vec<T>,
    /// Link to the next page; null on the last one.
    pub next: Option<String>,
}

/// Which page a client asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRequest {
    /// Most items, 1 to [`MAX_LIMIT`].
    pub limit: u32,
    /// Key of the last item of the page before.
    pub after: Option<String>,
}

impl PageRequest {
    /// Reads `limit` and `cursor`.
    ///
    /// # Errors
    /// `invalid-query` for a limit outside its range, `invalid-cursor` for a cursor that no page gave.
    pub fn parse(limit: Option<u32>, cursor: Option<&str>) -> Result<Self, Problem> {
        let limit = limit.unwrap_or(DEFAULT_LIMIT);
        if !(1..=MAX_LIMIT).contains(&limit) {
            return Err(Problem::new(Code::InvalidQuery).at(
                "limit",
                Text::new(format!("limit 为 {limit}"), format!("limit is {limit}")),
                Text::new(format!("取 1 到 {MAX_LIMIT}"), format!("use 1 to {MAX_LIMIT}")),
            ));
        }
        Ok(Self { limit, after: cursor.map(decode).transpose()? })
    }
}

impl<T> Page<T> {
    /// The page of these items; `after` is the key from which the next page goes on.
    #[must_use]
    pub fn new(request: &HttpRequest, items: Vec<T>, after: Option<&str>) -> Self {
        Self { items, next: after.map(|key| next_link(request, key)) }
    }
}

/// The same request with another cursor.
#[must_use]
pub fn next_link(request: &HttpRequest, key: &str) -> String {
    let mut parameters: Vec<&str> =
        request.query_string().split('&').filter(|part| !part.is_empty() && !part.starts_with("cursor=")).collect();
    let cursor = format!("cursor={}", URL_SAFE_NO_PAD.encode(key));
    parameters.push(&cursor);
    format!("{}?{}", request.path(), parameters.join("&"))
}

fn decode(cursor: &str) -> Result<String, Problem> {
    URL_SAFE_NO_PAD.decode(cursor).ok().and_then(|bytes| String::from_utf8(bytes).ok()).ok_or_else(bad_cursor)
}

/// The problem of a cursor that no page gave.
#[must_use]
pub fn bad_cursor() -> Problem {
    Problem::new(Code::InvalidCursor).at(
        "cursor",
        Text::new("不是本接口给出的翻页标记", "no page gave this cursor"),
        Text::new("使用上一页的 next 链接", "follow the next link of the page before"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    #[test]
    fn the_next_link_keeps_filters_and_leads_on() {
        let request = TestRequest::with_uri("/api/v1/people?unit=1&cursor=old&limit=2").to_http_request();
        let first = Page::new(&request, vec!["a", "b"], Some("b"));
        let next = first.next.unwrap();
        assert!(next.starts_with("/api/v1/people?unit=1&limit=2&cursor="), "{next}");
        let cursor = next.rsplit_once("cursor=").unwrap().1;
        assert_eq!(PageRequest::parse(None, Some(cursor)).unwrap().after.as_deref(), Some("b"));
        let last = Page::new(&request, vec!["d", "e"], None);
        assert_eq!(last.next, None);
    }

    #[test]
    fn limits_and_cursors_are_checked() {
        assert_eq!(PageRequest::parse(Some(0), None).unwrap_err().code, Code::InvalidQuery);
        assert_eq!(PageRequest::parse(Some(501), None).unwrap_err().code, Code::InvalidQuery);
        assert_eq!(PageRequest::parse(None, Some("!!")).unwrap_err().code, Code::InvalidCursor);
    }
}
