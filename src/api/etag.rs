//! Entity tags from integer versions, and the `If-Match` that edits must carry.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::{ETAG, HeaderName, HeaderValue, IF_MATCH, IF_NONE_MATCH};
use actix_web::{FromRequest, HttpRequest};

use super::lang::Text;
use super::problem::{Code, Problem};

/// The entity tag header of a version.
#[must_use]
pub fn etag(version: i64) -> (HeaderName, HeaderValue) {
    let value = HeaderValue::from_str(&format!("\"{version}\"")).unwrap_or(HeaderValue::from_static("\"0\""));
    (ETAG, value)
}

/// What a client expects to edit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IfMatch {
    /// `*`: whatever is there.
    Any,
    /// One of these versions.
    Versions(Vec<i64>),
}

impl IfMatch {
    /// Lets an edit of the given version go on.
    ///
    /// # Errors
    /// `precondition-failed` when the client has seen another version.
    pub fn check(&self, version: i64) -> Result<(), Problem> {
        match self {
            Self::Any => Ok(()),
            Self::Versions(versions) if versions.contains(&version) => Ok(()),
            Self::Versions(_) => Err(stale()),
        }
    }

    /// The one version that the client expects, if it names one.
    #[must_use]
    pub fn version(&self) -> Option<i64> {
        match self {
            Self::Any => None,
            Self::Versions(versions) => versions.first().copied(),
        }
    }
}

/// The problem of an edit made on an old version.
#[must_use]
pub fn stale() -> Problem {
    Problem::new(Code::PreconditionFailed)
        .detail("请重新读取后再修改", "read the resource again and repeat the edit on what you get")
}

impl FromRequest for IfMatch {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        ready(parse(request.headers().get(IF_MATCH)))
    }
}

fn parse(header: Option<&HeaderValue>) -> Result<IfMatch, Problem> {
    let Some(header) = header else {
        return Err(Problem::new(Code::PreconditionRequired).at(
            "If-Match",
            Text::new("没有 If-Match 请求头", "there is no If-Match header"),
            Text::new("带上读取时得到的 ETag", "send the ETag that reading the resource gave"),
        ));
    };
    let text = header.to_str().unwrap_or_default();
    if text.trim() == "*" {
        return Ok(IfMatch::Any);
    }
    // A tag that is not ours matches nothing, as the RFC wants; it is not an error of form.
    let versions = text
        .split(',')
        .filter_map(|tag| tag.trim().strip_prefix('"')?.strip_suffix('"')?.parse::<i64>().ok())
        .collect();
    Ok(IfMatch::Versions(versions))
}

/// Whether the client already holds this version.
#[must_use]
pub fn is_known(request: &HttpRequest, version: i64) -> bool {
    let tag = format!("\"{version}\"");
    request
        .headers()
        .get(IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|text| text.split(',').any(|part| part.trim().trim_start_matches("W/") == tag))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_header_is_required_and_a_stale_one_fails() {
        assert_eq!(parse(None).unwrap_err().code, Code::PreconditionRequired);
        let expected = parse(Some(&HeaderValue::from_static("\"3\", \"4\""))).unwrap();
        assert!(expected.check(4).is_ok());
        assert_eq!(expected.check(5).unwrap_err().code, Code::PreconditionFailed);
        let foreign = parse(Some(&HeaderValue::from_static("W/\"3\""))).unwrap();
        assert_eq!(foreign.check(3).unwrap_err().code, Code::PreconditionFailed);
        assert!(parse(Some(&HeaderValue::from_static("*"))).unwrap().check(9).is_ok());
    }
}
