//! Signing in: passwords, tokens, and who a request's author is.

pub mod identify;
pub mod password;
pub mod sign_in;
pub mod token;

pub use identify::{Identified, by_key, by_session};
pub use sign_in::{SignInError, SignedIn, ensure_administrator, reset, sign_in};
