//! `Idempotency-Key`: the same key with the same request gives the same answer, and is done once.

use std::fmt;
use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};

use super::lang::Text;
use super::problem::{Code, Problem};
use crate::db::{DbResult, Tx, idempotency};

/// Most characters of a key.
const MAX_KEY: usize = 200;

/// The client's `Idempotency-Key`, if it sent one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey(Option<String>);

impl FromRequest for IdempotencyKey {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        let Some(value) = request.headers().get("idempotency-key") else { return ready(Ok(Self(None))) };
        let key = value.to_str().ok().filter(|key| (1..=MAX_KEY).contains(&key.len()));
        ready(key.map(|key| Self(Some(key.to_owned()))).ok_or_else(|| {
            Problem::new(Code::InvalidHeader).at(
                "Idempotency-Key",
                Text::new("应为 1 到 200 个可见 ASCII 字符", "it has 1 to 200 visible ASCII characters"),
                Text::new("例如用 UUID", "use a UUID, for example"),
            )
        }))
    }
}

/// One request under its key: who asks for which operation with what.
#[derive(Debug, Clone)]
pub struct Once {
    operation: &'static str,
    key: Option<String>,
    fingerprint: String,
}

impl IdempotencyKey {
    /// The key of an operation's request; `request` is everything that tells one request from another.
    #[must_use]
    pub fn of(self, operation: &'static str, request: &dyn fmt::Debug) -> Once {
        let digest = Sha256::digest(format!("{request:?}").as_bytes());
        let fingerprint = digest.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
        Once { operation, key: self.0, fingerprint }
    }
}

impl Once {
    /// What the request was answered with before.
    ///
    /// # Errors
    /// A conflict when the key came with another request; [`mismatch`] gives it its code.
    pub fn before(&self, tx: &mut Tx<'_>) -> DbResult<Option<String>> {
        match &self.key {
            Some(key) => idempotency::find(tx, self.operation, key, &self.fingerprint),
            None => Ok(None),
        }
    }

    /// Keeps the answer, in the transaction of what the request did.
    ///
    /// # Errors
    /// A conflict when a request with the same key came first.
    pub fn keep(&self, tx: &mut Tx<'_>, answer: &str, now: DateTime<Utc>) -> DbResult<()> {
        match &self.key {
            Some(key) => idempotency::insert(tx, self.operation, key, &self.fingerprint, answer, now),
            None => Ok(()),
        }
    }
}

/// The database calls a key with another request a wrong state of the key.
#[must_use]
pub fn mismatch(problem: Problem) -> Problem {
    let of_key = problem.detail.as_ref().is_some_and(|detail| detail.en.starts_with("the key was used"));
    if of_key { Problem { code: Code::IdempotencyMismatch, ..problem } } else { problem }
}
