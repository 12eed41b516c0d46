//! Errors of the REST interface as RFC 9457 documents: the only place that knows which status a code has.

use std::fmt;
use std::num::NonZeroU32;

use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_LANGUAGE, CONTENT_TYPE, RETRY_AFTER};
use actix_web::{HttpResponse, ResponseError};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::lang::{Lang, Text};

/// Media type of every error answer.
pub const PROBLEM_JSON: &str = "application/problem+json";

macro_rules! codes {
    ($($name:ident $code:literal $status:ident $zh:literal $en:literal;)*) => {
        /// Stable code of an error; the table below gives its status and its titles.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[expect(missing_docs, reason = "the English title in the table says what each code means")]
        pub enum Code { $($name),* }

        impl Code {
            /// Every code, in order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The code as clients see it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code),* }
            }

            /// The HTTP status.
            #[must_use]
            pub const fn status(self) -> StatusCode {
                match self { $(Self::$name => StatusCode::$status),* }
            }

            /// The title in one language.
            #[must_use]
            pub const fn title(self, lang: Lang) -> &'static str {
                match (self, lang) { $((Self::$name, Lang::Zh) => $zh, (Self::$name, Lang::En) => $en),* }
            }
        }
    };
}

codes! {
    BadRequest "bad-request" BAD_REQUEST "请求无法理解" "The request cannot be understood";
    InvalidQuery "invalid-query" BAD_REQUEST "查询参数有误" "A query parameter is wrong";
    InvalidJson "invalid-json" BAD_REQUEST "请求正文不是合法的 JSON" "The body is not valid JSON";
    InvalidCursor "invalid-cursor" BAD_REQUEST "翻页标记无效" "The page cursor is not valid";
    InvalidHeader "invalid-header" BAD_REQUEST "请求头有误" "A request header is wrong";
    InvalidBody "invalid-body" UNPROCESSABLE_ENTITY "请求正文的字段有误" "A field of the body is wrong";
    InvalidValue "invalid-value" UNPROCESSABLE_ENTITY "数据不符合规则" "A value breaks a rule";
    UnknownReference "unknown-reference" UNPROCESSABLE_ENTITY "引用的对象不存在" "A referenced object does not exist";
    UnitCycle "unit-cycle" UNPROCESSABLE_ENTITY "单位的上级关系成环" "The unit tree would contain a cycle";
    NoCalendar "no-calendar" UNPROCESSABLE_ENTITY "该周没有法定日历" "The week has no statutory calendar";
    InvalidProblem "invalid-problem" UNPROCESSABLE_ENTITY "数据不足以排班" "The data cannot be planned";
    Infeasible "infeasible" UNPROCESSABLE_ENTITY "锁定的安排互相冲突" "Pinned assignments contradict each other";
    NotSignedIn "not-signed-in" UNAUTHORIZED "请先登录" "Sign in first";
    WrongCredentials "wrong-credentials" UNAUTHORIZED "用户名或密码不对" "The name or the password is wrong";
    Forbidden "forbidden" FORBIDDEN "没有此项权限" "Your roles do not allow this";
    CsrfFailed "csrf-failed" FORBIDDEN "缺少或错误的 CSRF 令牌" "The CSRF token is missing or wrong";
    ForeignOrigin "foreign-origin" FORBIDDEN "请求来自其他网站" "The request comes from another site";
    PrivateAddress "private-address" FORBIDDEN "地址指向内部网络" "The address leads into a private network";
    PasswordChangeRequired "password-change-required" FORBIDDEN "请先修改一次性密码" "Change the one-time password first";
    TooManyAttempts "too-many-attempts" TOO_MANY_REQUESTS "尝试次数过多" "Too many attempts";
    NotFound "not-found" NOT_FOUND "没有这个资源" "There is no such resource";
    MethodNotAllowed "method-not-allowed" METHOD_NOT_ALLOWED "此资源不支持该方法" "The resource does not know this method";
    NotAcceptable "not-acceptable" NOT_ACCEPTABLE "无法提供所要求的格式" "The requested format is not available";
    Duplicate "duplicate" CONFLICT "编码已被使用" "The code is already in use";
    InUse "in-use" CONFLICT "仍被引用，不能删除" "Still referred to, so it cannot be deleted";
    Conflict "conflict" CONFLICT "与当前状态冲突" "Conflicts with the present state";
    PastPublished "past-published" CONFLICT "已经生效的班次不能改写" "Duties that have begun are never rewritten";
    IllegalMove "illegal-move" CONFLICT "当前状态不允许这样办理" "The present state does not allow this move";
    BookingClash "booking-clash" CONFLICT "该时间已被占用，或数量不足" "Taken at that time, or not enough of it";
    WindowFull "window-full" CONFLICT "该时段已约满" "Every place of the window is taken";
    BaseReplanned "base-replanned" CONFLICT "班表已变动，请重新提出" "The roster has changed meanwhile; offer it anew";
    RuleBroken "rule-broken" CONFLICT "会违反排班规则" "Rules would be broken";
    WrongTime "wrong-time" CONFLICT "不在允许的时间内" "Not at this time";
    UnreadableFile "unreadable-file" UNPROCESSABLE_ENTITY "文件无法读取" "The file cannot be read";
    ExportOnly "export-only" UNPROCESSABLE_ENTITY "这种表格只能导出" "Tables of this kind are only exported";
    ImportRefused "import-refused" UNPROCESSABLE_ENTITY "文件中有错误，未导入任何数据" "The file has errors; nothing was imported";
    NotReady "not-ready" CONFLICT "班表尚未排好" "The roster is not ready yet";
    IdempotencyMismatch "idempotency-mismatch" UNPROCESSABLE_ENTITY "同一幂等键用于不同请求"
        "The Idempotency-Key was used with another request";
    Finished "finished" GONE "任务已结束，不再有事件" "The run has ended and sends no more events";
    PreconditionFailed "precondition-failed" PRECONDITION_FAILED "数据已被他人修改" "The resource has changed meanwhile";
    PreconditionRequired "precondition-required" PRECONDITION_REQUIRED "缺少 If-Match 请求头" "The If-Match header is missing";
    BodyTooLarge "body-too-large" PAYLOAD_TOO_LARGE "请求正文过大" "The body is too large";
    UnsupportedMediaType "unsupported-media-type" UNSUPPORTED_MEDIA_TYPE "正文须为 application/json"
        "The body must be application/json";
    TooManyWrites "too-many-writes" TOO_MANY_REQUESTS "写入过于频繁" "Too many writes";
    QueueFull "queue-full" TOO_MANY_REQUESTS "排队的排班任务过多" "Too many runs are waiting";
    Internal "internal" INTERNAL_SERVER_ERROR "服务器内部错误" "Internal error";
    StorageFull "storage-full" INSUFFICIENT_STORAGE "磁盘或数据库已满，未写入任何数据" "The disk or database is full; nothing was written";
    Unavailable "unavailable" SERVICE_UNAVAILABLE "数据库暂时不可用" "The database is not available at the moment";
    ShuttingDown "shutting-down" SERVICE_UNAVAILABLE "服务正在关闭" "The server is shutting down";
}

/// One wrong place in a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// JSON pointer into the body, or the name of a parameter or header.
    pub pointer: String,
    /// What is wrong.
    pub cause: Text,
    /// What to do about it.
    pub action: Text,
}

impl FieldError {
    /// An error at a JSON pointer.
    pub fn new(pointer: impl Into<String>, cause: Text, action: Text) -> Self {
        Self { pointer: pointer.into(), cause, action }
    }
}

/// An error on its way to the client; the boundary middleware writes it in the reader's language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What went wrong.
    pub code: Code,
    /// This occurrence in words.
    pub detail: Option<Text>,
    /// The wrong places.
    pub errors: Vec<FieldError>,
    /// What could be done instead, if the state of the resource refused the request.
    pub legal_moves: Option<Box<[&'static str]>>,
    /// Seconds after which the same request may be let through, if they are known.
    pub retry_after: Option<NonZeroU32>,
    /// What is logged and never sent: the chain of causes of an internal error.
    pub internal: Option<String>,
}

impl Problem {
    /// A problem of which the title says everything.
    #[must_use]
    pub const fn new(code: Code) -> Self {
        Self { code, detail: None, errors: Vec::new(), legal_moves: None, retry_after: None, internal: None }
    }

    /// With a sentence about this occurrence.
    #[must_use]
    pub fn detail(mut self, zh: impl Into<String>, en: impl Into<String>) -> Self {
        self.detail = Some(Text::new(zh, en));
        self
    }

    /// With the seconds after which the same request may be let through.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = NonZeroU32::new(u32::try_from(seconds).unwrap_or(u32::MAX));
        self
    }

    /// With one more wrong place.
    #[must_use]
    pub fn at(mut self, pointer: impl Into<String>, cause: Text, action: Text) -> Self {
        self.errors.push(FieldError::new(pointer, cause, action));
        self
    }

    /// An internal error; the cause is logged and not sent.
    pub fn internal(cause: impl fmt::Display) -> Self {
        Self { internal: Some(cause.to_string()), ..Self::new(Code::Internal) }
    }

    /// The nearest problem for a status that some library chose.
    #[must_use]
    pub fn of_status(status: StatusCode) -> Self {
        let code = match status {
            StatusCode::BAD_REQUEST => Code::BadRequest,
            StatusCode::UNAUTHORIZED => Code::NotSignedIn,
            StatusCode::FORBIDDEN => Code::Forbidden,
            StatusCode::NOT_FOUND => Code::NotFound,
            StatusCode::METHOD_NOT_ALLOWED => Code::MethodNotAllowed,
            StatusCode::NOT_ACCEPTABLE => Code::NotAcceptable,
            StatusCode::PAYLOAD_TOO_LARGE => Code::BodyTooLarge,
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Code::UnsupportedMediaType,
            StatusCode::SERVICE_UNAVAILABLE => Code::Unavailable,
            status if status.is_client_error() => Code::BadRequest,
            _ => Code::Internal,
        };
        Self::new(code)
    }

    /// The document that is sent.
    #[must_use]
    pub fn document(&self, lang: Lang, instance: &str, request_id: &str) -> ProblemDocument {
        ProblemDocument {
            r#type: format!("urn:paiban:problem:{}", self.code.as_str()),
            title: self.code.title(lang).to_owned(),
            status: self.code.status().as_u16(),
            detail: self.detail.as_ref().map(|text| text.get(lang).to_owned()),
            instance: instance.to_owned(),
            code: self.code.as_str().to_owned(),
            request_id: request_id.to_owned(),
            errors: self
                .errors
                .iter()
                .map(|error| ProblemError {
                    pointer: error.pointer.clone(),
                    cause: error.cause.get(lang).to_owned(),
                    action: error.action.get(lang).to_owned(),
                })
                .collect(),
            legal_moves: self.legal_moves.as_ref().map(|names| names.iter().map(|name| (*name).to_owned()).collect()),
        }
    }

    /// The whole answer.
    #[must_use]
    pub fn response(&self, lang: Lang, instance: &str, request_id: &str) -> HttpResponse {
        let mut builder = HttpResponse::build(self.code.status());
        builder.insert_header((CONTENT_TYPE, PROBLEM_JSON)).insert_header((CONTENT_LANGUAGE, lang.tag()));
        let usual = matches!(self.code, Code::Unavailable | Code::QueueFull).then_some(5);
        if let Some(seconds) = self.retry_after.map(NonZeroU32::get).or(usual) {
            builder.insert_header((RETRY_AFTER, seconds));
        }
        let document = self.document(lang, instance, request_id);
        builder.body(serde_json::to_vec(&document).unwrap_or_default())
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.code.as_str())?;
        if let Some(detail) = &self.detail {
            write!(formatter, ": {}", detail.en)?;
        }
        for error in &self.errors {
            write!(formatter, "; {}: {}", error.pointer, error.cause.en)?;
        }
        if let Some(cause) = &self.internal {
            write!(formatter, ": {cause}")?;
        }
        Ok(())
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.code.status()
    }

    /// Used only outside the boundary middleware, which knows language, path and request id.
    fn error_response(&self) -> HttpResponse<BoxBody> {
        self.response(Lang::default(), "", "")
    }
}

/// An error answer (RFC 9457).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Problem, example = json!({
    "type": "urn:paiban:problem:not-found", "title": "There is no such resource", "status": 404,
    "instance": "/api/v1/people/p-0", "code": "not-found", "requestId": "2f1c8f1e-0d0c-4d9a-9f6a-1f0f4f1d2c3b", "errors": []
}))]
pub struct ProblemDocument {
    /// URN of the kind of error.
    pub r#type: String,
    /// What went wrong, in the reader's language.
    pub title: String,
    /// HTTP status.
    pub status: u16,
    /// This occurrence in words, in the reader's language.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub detail: Option<String>,
    /// Path of the request.
    pub instance: String,
    /// Stable code in English.
    pub code: String,
    /// Id of the request, also in the `X-Request-Id` header and in the log.
    pub request_id: String,
    /// The wrong places.
    pub errors: Vec<ProblemError>,
    /// With code `illegal-move`: the moves that the present state allows.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub legal_moves: Option<Vec<String>>,
}

/// One wrong place in a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProblemError {
    /// JSON pointer into the body, or the name of a parameter or header.
    pub pointer: String,
    /// What is wrong.
    pub cause: String,
    /// What to do about it.
    pub action: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_code_is_unique_and_an_error_status() {
        let codes: BTreeSet<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(codes.len(), Code::ALL.len());
        for code in Code::ALL {
            assert!(code.status().is_client_error() || code.status().is_server_error(), "{}", code.as_str());
            assert!(!code.title(Lang::Zh).is_ascii(), "{} has a Chinese title", code.as_str());
            assert!(code.title(Lang::En).is_ascii(), "{} has an English title", code.as_str());
        }
    }

    #[test]
    fn an_internal_error_never_carries_its_cause() {
        let problem = Problem::internal("password=hunter2");
        let text = serde_json::to_string(&problem.document(Lang::En, "/x", "r")).unwrap();
        assert!(!text.contains("hunter2"));
        assert!(problem.to_string().contains("hunter2"), "the log carries it");
    }
}
