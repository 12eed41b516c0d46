//! What people do with their duties in force, and what coordinators see of it.

pub mod availability;
pub mod calendars;
pub mod changes;
pub mod duties;
pub mod hours;
pub mod open_duties;
pub mod overrides;
pub mod policies;
pub mod swaps;

use utoipa_actix_web::service_config::ServiceConfig;

use super::problem::{Code, Problem};
use crate::domain::{PersonId, Right, Who};

/// Adds the handlers to the router.
pub fn configure(config: &mut ServiceConfig) {
    duties::configure(config);
    availability::configure(config);
    swaps::configure(config);
    open_duties::configure(config);
    hours::configure(config);
    policies::configure(config);
    calendars::configure(config);
    overrides::configure(config);
    changes::configure(config);
}

/// The author's own person.
///
/// # Errors
/// `not-found` when the account is nobody's.
pub fn own_person(who: &Who) -> Result<PersonId, Problem> {
    who.person.clone().ok_or_else(|| {
        Problem::new(Code::NotFound)
            .detail("此账号没有对应的人员", "the account is nobody's: an administrator can bind it to a person")
    })
}

/// As [`own_person`], for changes: a key that may only read changes nothing.
///
/// # Errors
/// `not-found`, `forbidden`.
pub fn acting_person(who: &Who) -> Result<PersonId, Problem> {
    let person = own_person(who)?;
    if who.scopes.as_ref().is_none_or(|scopes| scopes.iter().any(|scope| scope.allows(Right::Edit))) {
        return Ok(person);
    }
    Err(Problem::new(Code::Forbidden).detail("此密钥只能读取", "the key has no scope that changes anything"))
}
