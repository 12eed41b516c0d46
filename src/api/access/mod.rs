//! Who is let in: signing in, keys, rights by route and by unit, accounts, and the audit trail.

pub mod accounts;
pub mod audit;
pub mod guard;
pub mod keys;
pub mod me;
pub mod personal;
pub mod rights;
pub mod session;
pub mod trail;

use std::net::IpAddr;
use std::num::NonZeroU32;

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::config::Settings;

/// Adds the handlers to the router.
pub fn configure(config: &mut ServiceConfig) {
    session::configure(config);
    me::configure(config);
    accounts::configure(config);
    keys::configure(config);
    audit::configure(config);
    personal::configure(config);
}

/// How the server lets people in.
#[derive(Debug)]
pub struct Doors {
    /// No signing in.
    pub open: bool,
    /// Cookies are sent by HTTPS only.
    pub https: bool,
    attempts: DefaultKeyedRateLimiter<IpAddr>,
}

impl Doors {
    /// As the settings say.
    #[must_use]
    pub fn new(settings: &Settings) -> Self {
        let rate = NonZeroU32::new(settings.sign_ins_per_minute).unwrap_or(NonZeroU32::MIN);
        Self { open: settings.open, https: settings.https, attempts: RateLimiter::keyed(Quota::per_minute(rate)) }
    }

    /// Whether an address may try to sign in now.
    #[must_use]
    pub fn may_try(&self, address: IpAddr) -> bool {
        // Addresses that have not been seen for long are forgotten, so that the table stays small.
        if self.attempts.len() > 10_000 {
            self.attempts.retain_recent();
        }
        self.attempts.check_key(&address).is_ok()
    }
}
