//! What each route asks for: the one table of rights. A route that is not in it is refused, and a test fails.

use crate::domain::Right;

/// What a route asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Nothing.
    Public,
    /// Being signed in: the route is about the author.
    SignedIn,
    /// A right over what the route is about.
    Right(Right),
}

use Need::{Public, SignedIn};
const SEE: Need = Need::Right(Right::See);
const INSPECT: Need = Need::Right(Right::Inspect);
const EDIT: Need = Need::Right(Right::Edit);
const PLAN: Need = Need::Right(Right::Plan);
const PUBLISH: Need = Need::Right(Right::Publish);
const RULES: Need = Need::Right(Right::Rules);
const REGISTER: Need = Need::Right(Right::Register);
const FOLLOW: Need = Need::Right(Right::Follow);
const HANDLE: Need = Need::Right(Right::Handle);
const RECEIVE: Need = Need::Right(Right::Receive);
const UNMASK: Need = Need::Right(Right::Unmask);
const ADMINISTER: Need = Need::Right(Right::Administer);

/// Patterns as the router has them, with methods and needs.
pub const TABLE: &[(&str, &[(&str, Need)])] = &[
    ("/healthz", &[("GET", Public)]),
    ("/readyz", &[("GET", Public)]),
    ("/metrics", &[("GET", ADMINISTER)]),
    ("/api/v1/session", &[("GET", SignedIn), ("POST", Public), ("DELETE", SignedIn)]),
    ("/api/v1/me", &[("GET", SignedIn)]),
    ("/api/v1/me/password", &[("POST", SignedIn)]),
    ("/api/v1/me/assignments", &[("GET", SignedIn)]),
    ("/api/v1/api-keys", &[("GET", SignedIn), ("POST", SignedIn)]),
    ("/api/v1/api-keys/{id}", &[("DELETE", SignedIn)]),
    ("/api/v1/accounts", &[("GET", ADMINISTER), ("POST", ADMINISTER)]),
    ("/api/v1/accounts/{id}", &[("GET", ADMINISTER), ("PUT", ADMINISTER), ("DELETE", ADMINISTER)]),
    ("/api/v1/accounts/{id}/password", &[("POST", ADMINISTER)]),
    ("/api/v1/audit", &[("GET", ADMINISTER)]),
    ("/api/v1/audit/export", &[("GET", ADMINISTER)]),
    ("/api/v1/audit/verification", &[("GET", ADMINISTER)]),
    ("/api/v1/units", &[("GET", SEE), ("POST", ADMINISTER)]),
    ("/api/v1/units/{id}", &[("GET", SEE), ("PUT", ADMINISTER), ("DELETE", ADMINISTER)]),
    ("/api/v1/stations", &[("GET", SEE), ("POST", EDIT)]),
    ("/api/v1/stations/{id}", &[("GET", SEE), ("PUT", EDIT), ("DELETE", EDIT)]),
    ("/api/v1/skills", &[("GET", SEE), ("POST", EDIT)]),
    ("/api/v1/skills/{id}", &[("GET", SEE), ("PUT", EDIT), ("DELETE", EDIT)]),
    ("/api/v1/contracts", &[("GET", SEE), ("POST", EDIT)]),
    ("/api/v1/contracts/{id}", &[("GET", SEE), ("PUT", EDIT), ("DELETE", EDIT)]),
    ("/api/v1/shift-types", &[("GET", SEE), ("POST", EDIT)]),
    ("/api/v1/shift-types/{id}", &[("GET", SEE), ("PUT", EDIT), ("DELETE", EDIT)]),
    ("/api/v1/calendars", &[("GET", SEE), ("POST", ADMINISTER)]),
    ("/api/v1/calendars/{id}", &[("GET", SEE), ("PUT", ADMINISTER), ("DELETE", ADMINISTER)]),
    ("/api/v1/people", &[("GET", INSPECT), ("POST", EDIT)]),
    ("/api/v1/people/{id}", &[("GET", INSPECT), ("PUT", EDIT), ("DELETE", EDIT)]),
    ("/api/v1/people/{id}/assignments", &[("GET", INSPECT)]),
    ("/api/v1/people/{id}/unmask", &[("POST", UNMASK)]),
    ("/api/v1/people/{id}/erase", &[("POST", ADMINISTER)]),
    ("/api/v1/secondments", &[("GET", INSPECT), ("POST", EDIT)]),
    ("/api/v1/secondments/{id}", &[("GET", INSPECT), ("PUT", EDIT), ("DELETE", EDIT)]),
    ("/api/v1/lendings", &[("GET", INSPECT), ("POST", EDIT)]),
    ("/api/v1/lendings/{id}", &[("GET", INSPECT), ("PUT", EDIT), ("DELETE", EDIT)]),
    ("/api/v1/availability", &[("GET", INSPECT), ("POST", EDIT)]),
    ("/api/v1/availability/{id}", &[("GET", INSPECT), ("PUT", EDIT), ("DELETE", EDIT)]),
    ("/api/v1/demand-templates", &[("GET", INSPECT), ("POST", EDIT)]),
    ("/api/v1/demand-templates/{id}", &[("GET", INSPECT), ("PUT", EDIT), ("DELETE", EDIT)]),
    ("/api/v1/posts", &[("GET", INSPECT), ("POST", EDIT)]),
    ("/api/v1/posts/{id}", &[("GET", INSPECT), ("PUT", EDIT), ("DELETE", EDIT)]),
    ("/api/v1/rules", &[("GET", SEE)]),
    ("/api/v1/constraint-profiles", &[("GET", INSPECT), ("POST", RULES)]),
    ("/api/v1/constraint-profiles/{id}", &[("GET", INSPECT), ("PUT", RULES), ("DELETE", RULES)]),
    ("/api/v1/constraint-profiles/{id}/versions", &[("GET", INSPECT), ("POST", RULES)]),
    ("/api/v1/constraint-profiles/{id}/versions/{number}", &[("GET", INSPECT)]),
    ("/api/v1/demo-data", &[("POST", ADMINISTER)]),
    ("/api/v1/schedules", &[("GET", INSPECT), ("POST", PLAN)]),
    ("/api/v1/schedules/{id}", &[("GET", INSPECT), ("DELETE", PLAN)]),
    ("/api/v1/schedules/{id}/events", &[("GET", INSPECT)]),
    ("/api/v1/schedules/{id}/certificate", &[("GET", INSPECT)]),
    ("/api/v1/schedules/{id}/unmet", &[("GET", INSPECT)]),
    ("/api/v1/schedules/{id}/assignments", &[("GET", INSPECT)]),
    ("/api/v1/schedules/{id}/assignments/{assignment}/pin", &[("PUT", PLAN), ("DELETE", PLAN)]),
    ("/api/v1/schedules/{id}/replan", &[("POST", PLAN)]),
    ("/api/v1/schedules/{id}/explanation", &[("GET", INSPECT)]),
    ("/api/v1/schedules/{id}/recommendations", &[("GET", INSPECT)]),
    ("/api/v1/schedules/{id}/prices", &[("GET", INSPECT)]),
    ("/api/v1/schedules/{id}/what-if", &[("POST", INSPECT)]),
    ("/api/v1/schedules/{id}/publication", &[("GET", INSPECT)]),
    ("/api/v1/schedules/{id}/versions", &[("GET", INSPECT)]),
    ("/api/v1/schedules/{id}/diff/{other}", &[("GET", INSPECT)]),
    ("/api/v1/schedules/{id}/publish", &[("POST", PUBLISH)]),
    ("/api/v1/schedules/{id}/withdraw", &[("POST", PUBLISH)]),
    ("/api/v1/case-categories", &[("GET", SEE), ("POST", EDIT)]),
    ("/api/v1/case-categories/{id}", &[("GET", SEE), ("PUT", EDIT), ("DELETE", EDIT)]),
    ("/api/v1/cases", &[("GET", FOLLOW), ("POST", REGISTER)]),
    ("/api/v1/cases/{id}", &[("GET", FOLLOW)]),
    ("/api/v1/cases/{id}/timeline", &[("GET", FOLLOW)]),
    ("/api/v1/cases/{id}/duplicates", &[("GET", FOLLOW)]),
    ("/api/v1/cases/{id}/unmask", &[("POST", UNMASK)]),
    ("/api/v1/cases/{id}/triage", &[("POST", EDIT)]),
    ("/api/v1/cases/{id}/assign", &[("POST", EDIT)]),
    ("/api/v1/cases/{id}/accept", &[("POST", HANDLE)]),
    ("/api/v1/cases/{id}/return", &[("POST", HANDLE)]),
    ("/api/v1/cases/{id}/escalate", &[("POST", HANDLE)]),
    ("/api/v1/cases/{id}/extend", &[("POST", HANDLE)]),
    ("/api/v1/cases/{id}/explain", &[("POST", HANDLE)]),
    ("/api/v1/cases/{id}/resolve", &[("POST", HANDLE)]),
    ("/api/v1/cases/{id}/call-back", &[("POST", EDIT)]),
    ("/api/v1/cases/{id}/reopen", &[("POST", EDIT)]),
    ("/api/v1/case-transfers", &[("POST", ADMINISTER)]),
    ("/api/v1/reports/three-rates.json", &[("GET", INSPECT)]),
    ("/api/v1/receptions", &[("GET", SEE), ("POST", EDIT)]),
    ("/api/v1/receptions/{id}", &[("GET", SEE), ("PUT", EDIT)]),
    ("/api/v1/receptions/{id}/announce", &[("POST", EDIT)]),
    ("/api/v1/receptions/{id}/cancel", &[("POST", EDIT)]),
    ("/api/v1/receptions/{id}/replace-deputy", &[("POST", EDIT)]),
    ("/api/v1/receptions/{id}/notice", &[("GET", SEE)]),
    ("/api/v1/receptions/{id}/fit", &[("GET", INSPECT)]),
    ("/api/v1/receptions/{id}/bookings", &[("GET", FOLLOW), ("POST", REGISTER)]),
    ("/api/v1/receptions/{id}/bookings/{number}/cancel", &[("POST", RECEIVE)]),
    ("/api/v1/receptions/{id}/bookings/{number}/solved", &[("POST", RECEIVE)]),
    ("/api/v1/receptions/{id}/record", &[("POST", RECEIVE)]),
    ("/api/v1/visits", &[("GET", INSPECT), ("POST", EDIT)]),
    ("/api/v1/visits/{id}", &[("GET", INSPECT), ("PUT", EDIT), ("DELETE", EDIT)]),
    ("/api/v1/quotas", &[("GET", INSPECT), ("POST", EDIT)]),
    ("/api/v1/quotas/{id}", &[("GET", INSPECT), ("PUT", EDIT), ("DELETE", EDIT)]),
    ("/api/v1/quota-progress", &[("GET", INSPECT)]),
    ("/api/v1/resources", &[("GET", SEE), ("POST", EDIT)]),
    ("/api/v1/resources/{id}", &[("GET", SEE), ("PUT", EDIT), ("DELETE", EDIT)]),
    ("/api/v1/resources/{id}/withdraw", &[("POST", EDIT)]),
    ("/api/v1/resources/{id}/restore", &[("POST", EDIT)]),
    ("/api/v1/resource-events", &[("GET", INSPECT)]),
    ("/api/v1/resource-loans", &[("GET", INSPECT), ("POST", EDIT)]),
    ("/api/v1/resource-loans/{id}", &[("GET", INSPECT), ("PUT", EDIT), ("DELETE", EDIT)]),
    ("/api/v1/bookings", &[("GET", INSPECT), ("POST", EDIT)]),
    ("/api/v1/bookings/{id}", &[("GET", INSPECT)]),
    ("/api/v1/bookings/{id}/cancel", &[("POST", EDIT)]),
    ("/api/v1/activities", &[("GET", SEE), ("POST", EDIT)]),
    ("/api/v1/activities/{id}", &[("GET", SEE)]),
    ("/api/v1/activities/{id}/cancel", &[("POST", EDIT)]),
    ("/api/v1/needs", &[("GET", SEE), ("POST", EDIT)]),
    ("/api/v1/needs/{id}", &[("GET", SEE), ("PUT", EDIT), ("DELETE", EDIT)]),
    ("/api/v1/projects", &[("GET", SEE), ("POST", EDIT)]),
    ("/api/v1/projects/{id}", &[("GET", SEE), ("PUT", EDIT), ("DELETE", EDIT)]),
    ("/api/v1/rosters/{unit}/{week}.json", &[("GET", SEE)]),
];

/// What a route asks for; none when it is not in the table.
#[must_use]
pub fn need(method: &str, pattern: &str) -> Option<Need> {
    let (_, methods) = TABLE.iter().find(|(known, _)| *known == pattern)?;
    methods.iter().find(|(known, _)| *known == method).map(|(_, need)| *need)
}
