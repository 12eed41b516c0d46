//! Reading requests: JSON bodies with the pointer of what is wrong, and the error handlers of paths and queries.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::error::{PathError, QueryPayloadError};
use actix_web::http::header::CONTENT_TYPE;
use actix_web::{FromRequest, HttpRequest, web};
use serde::de::DeserializeOwned;

use super::lang::Text;
use super::problem::{Code, Problem};

/// Most bytes in a JSON body; enough for the largest demand template, far below what could hurt.
pub const BODY_LIMIT_BYTES: usize = 1024 * 1024;

/// A JSON body.
#[derive(Debug)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Json<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let media_type = request
            .headers()
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .and_then(|text| text.split(';').next())
            .map(|text| text.trim().to_ascii_lowercase());
        if media_type.as_deref() != Some("application/json") {
            return Box::pin(async { Err(Problem::new(Code::UnsupportedMediaType)) });
        }
        let bytes = web::Bytes::from_request(request, payload);
        Box::pin(async move {
            let bytes = bytes.await.map_err(|error| body_problem(&error))?;
            parse(&bytes).map(Self)
        })
    }
}

fn body_problem(error: &actix_web::Error) -> Problem {
    let status = error.as_response_error().status_code();
    if status == Code::BodyTooLarge.status() {
        Problem::new(Code::BodyTooLarge)
            .detail(format!("正文最多 {BODY_LIMIT_BYTES} 字节"), format!("a body has at most {BODY_LIMIT_BYTES} bytes"))
    } else {
        Problem::of_status(status)
    }
}

/// Reads a JSON body; the errors name the place by JSON pointer.
///
/// # Errors
/// `invalid-json` when the text is not JSON, `invalid-body` when it does not have the expected shape.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let pointer = pointer_of(error.path());
        let inner = error.into_inner();
        if inner.is_data() { shape_problem(pointer, &inner) } else { syntax_problem(&inner) }
    })?;
    reader.end().map_err(|error| syntax_problem(&error))?;
    Ok(value)
}

fn syntax_problem(error: &serde_json::Error) -> Problem {
    Problem::new(Code::InvalidJson)
        .detail(format!("第 {} 行第 {} 列：{error}", error.line(), error.column()), error.to_string())
}

fn shape_problem(pointer: String, error: &serde_json::Error) -> Problem {
    let text = error.to_string();
    let cause = text.rsplit_once(" at line ").map_or(text.as_str(), |(cause, _)| cause);
    let (zh, action) = if cause.starts_with("unknown field") {
        ("未知字段", Text::new("删去该字段，或改正拼写", "remove the field or correct its spelling"))
    } else if cause.starts_with("missing field") {
        ("缺少字段", Text::new("补上该字段", "add the field"))
    } else if cause.starts_with("unknown variant") {
        ("取值不在列表中", Text::new("改用列表中的值", "use one of the listed values"))
    } else if cause.starts_with("duplicate field") {
        ("字段重复", Text::new("只保留一个", "keep one of them"))
    } else if cause.starts_with("invalid type") {
        ("类型不对", Text::new("按接口文档改正类型", "use the type that the API reference names"))
    } else {
        ("值无效", Text::new("按接口文档改正该值", "correct the value as the API reference says"))
    };
    Problem::new(Code::InvalidBody).at(pointer, Text::new(format!("{zh}：{cause}"), cause), action)
}

fn pointer_of(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let mut pointer = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => pointer = format!("{pointer}/{index}"),
            Segment::Map { key } => {
                pointer = format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
            }
            Segment::Enum { variant } => pointer = format!("{pointer}/{variant}"),
            Segment::Unknown => {}
        }
    }
    pointer
}

/// Problem for a query string that does not parse.
#[must_use]
#[expect(clippy::needless_pass_by_value, reason = "the signature that actix-web calls")]
pub fn query_error(error: QueryPayloadError, request: &HttpRequest) -> actix_web::Error {
    let text = error.to_string();
    let cause = text.split_once(": ").map_or(text.as_str(), |(_, cause)| cause);
    Problem::new(Code::InvalidQuery)
        .at(
            request.query_string().to_owned(),
            Text::new(format!("查询参数有误：{cause}"), cause),
            Text::new("按接口文档改正查询参数", "correct the parameter as the API reference says"),
        )
        .into()
}

/// Problem for a path parameter that does not parse: such a resource cannot exist.
#[must_use]
pub fn path_error(_error: PathError, _request: &HttpRequest) -> actix_web::Error {
    Problem::new(Code::NotFound).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only parsed")]
    struct Outer {
        list: Vec<Inner>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only parsed")]
    struct Inner {
        date: chrono::NaiveDate,
    }

    fn fault(text: &str) -> (Code, String, String) {
        let problem = parse::<Outer>(text.as_bytes()).unwrap_err();
        let error = problem.errors.first();
        (
            problem.code,
            error.map(|error| error.pointer.clone()).unwrap_or_default(),
            error.map(|error| error.cause.en.clone()).unwrap_or_default(),
        )
    }

    #[test]
    fn the_pointer_names_the_wrong_place() {
        let (code, pointer, cause) = fault(r#"{"list":[{"date":"2026-01-01"},{"date":"2026-02-30"}]}"#);
        assert_eq!((code, pointer.as_str()), (Code::InvalidBody, "/list/1/date"));
        assert!(cause.contains("out of range"), "{cause}");
        let (_, pointer, cause) = fault(r#"{"list":[{"day":1}]}"#);
        assert_eq!(pointer, "/list/0/day");
        assert_eq!(cause, "unknown field `day`, expected `date`");
        assert_eq!(fault(r#"{"list":7}"#).1, "/list");
    }

    #[test]
    fn text_that_is_not_json_is_another_code() {
        assert_eq!(fault("{").0, Code::InvalidJson);
        assert_eq!(fault(r#"{"list":[]} x"#).0, Code::InvalidJson);
    }
}
