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

use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::config::Settings;
use crate::domain::AccountId;

/// Adds the handlers to the router.
pub fn configure(config: &mut ServiceConfig) {
    session::configure(config);
    me::configure(config);
    accounts::configure(config);
    keys::configure(config);
    audit::configure(config);
    personal::configure(config);
}

/// Whose writes are counted together.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Writer {
    /// An account, by session and by keys.
    Account(AccountId),
    /// An address, where nobody signs in.
    Address(IpAddr),
}

/// Keys that are remembered before those that have been idle are forgotten, so that tables stay small.
const MOST_REMEMBERED: usize = 10_000;

/// How the server lets people in.
#[derive(Debug)]
pub struct Doors {
    /// No signing in.
    pub open: bool,
    /// Cookies are sent by HTTPS only.
    pub https: bool,
    attempts: DefaultKeyedRateLimiter<IpAddr>,
    writes: DefaultKeyedRateLimiter<Writer>,
}

impl Doors {
    /// As the settings say.
    #[must_use]
    pub fn new(settings: &Settings) -> Self {
        let minutely = |rate| Quota::per_minute(NonZeroU32::new(rate).unwrap_or(NonZeroU32::MIN));
        Self {
            open: settings.open,
            https: settings.https,
            attempts: RateLimiter::keyed(minutely(settings.sign_ins_per_minute)),
            writes: RateLimiter::keyed(minutely(settings.writes_per_minute)),
        }
    }

    /// Counts a try of an address to sign in.
    ///
    /// # Errors
    /// The seconds until the next try, when there have been too many.
    pub fn try_to_sign_in(&self, address: IpAddr) -> Result<(), u64> {
        count(&self.attempts, &address)
    }

    /// Counts a request that may change something.
    ///
    /// # Errors
    /// The seconds until the next one, when there have been too many.
    pub fn write(&self, writer: &Writer) -> Result<(), u64> {
        count(&self.writes, writer)
    }
}

fn count<K: Clone + Eq + Hash>(limiter: &DefaultKeyedRateLimiter<K>, key: &K) -> Result<(), u64> {
    if limiter.len() > MOST_REMEMBERED {
        limiter.retain_recent();
    }
    limiter.check_key(key).map_err(|early| {
        let wait = early.wait_time_from(DefaultClock::default().now());
        // Whoever comes back a fraction too early would be refused again.
        wait.as_secs() + 1
    })
}
