//! Who acts: the one place that tells. There are no accounts yet, so a request on the loopback address acts for the
//! person that it names, or for the coordinator at the machine.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::HeaderName;
use actix_web::{FromRequest, HttpRequest};

use super::lang::Text;
use super::problem::{Code, Problem};
use crate::domain::PersonId;

/// Header that names the person for whom a request acts.
pub const ACTING_PERSON: HeaderName = HeaderName::from_static("x-acting-person");

/// Who acts when a request names nobody.
const COORDINATOR: &str = "coordinator";

/// Who makes a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Name for histories.
    pub name: String,
    /// The person, if the request acts for one.
    pub person: Option<PersonId>,
}

impl FromRequest for Actor {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        let Some(value) = request.headers().get(ACTING_PERSON) else {
            return ready(Ok(Self { name: COORDINATOR.to_owned(), person: None }));
        };
        let person = value.to_str().ok().and_then(|text| PersonId::parse(text).ok());
        ready(person.map(|person| Self { name: person.as_str().to_owned(), person: Some(person) }).ok_or_else(|| {
            Problem::new(Code::InvalidHeader).at(
                ACTING_PERSON.as_str(),
                Text::new("不是人员编号", "it is no person's id"),
                Text::new("填写人员编号，或不带该请求头", "give a person's id, or leave the header out"),
            )
        }))
    }
}
