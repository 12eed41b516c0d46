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
    ("/api/v1/schedules/{id}/publication", &[("GET", INSPECT)]),
    ("/api/v1/schedules/{id}/versions", &[("GET", INSPECT)]),
    ("/api/v1/schedules/{id}/diff/{other}", &[("GET", INSPECT)]),
    ("/api/v1/schedules/{id}/publish", &[("POST", PUBLISH)]),
    ("/api/v1/schedules/{id}/withdraw", &[("POST", PUBLISH)]),
    ("/api/v1/rosters/{unit}/{week}.json", &[("GET", SEE)]),
    ("/api/v1/schedules/{id}/assignments/{assignment}/check-in", &[("POST", EDIT)]),
    ("/api/v1/schedules/{id}/assignments/{assignment}/check-out", &[("POST", EDIT)]),
    ("/api/v1/schedules/{id}/assignments/{assignment}/person", &[("PUT", PLAN)]),
    ("/api/v1/schedules/{id}/overrides", &[("GET", INSPECT)]),
    ("/api/v1/me/assignments/{id}/{assignment}/confirm", &[("POST", SignedIn)]),
    ("/api/v1/me/assignments/{id}/{assignment}/decline", &[("POST", SignedIn)]),
    ("/api/v1/me/assignments/{id}/{assignment}/check-in", &[("POST", SignedIn)]),
    ("/api/v1/me/assignments/{id}/{assignment}/check-out", &[("POST", SignedIn)]),
    ("/api/v1/me/availability", &[("GET", SignedIn), ("POST", SignedIn)]),
    ("/api/v1/me/availability/{id}", &[("DELETE", SignedIn)]),
    ("/api/v1/me/hours", &[("GET", SignedIn)]),
    ("/api/v1/me/service-records", &[("POST", SignedIn)]),
    ("/api/v1/me/service-records/{code}", &[("GET", SignedIn)]),
    ("/api/v1/me/swaps", &[("GET", SignedIn)]),
    ("/api/v1/me/calendar-keys", &[("GET", SignedIn), ("POST", SignedIn)]),
    ("/api/v1/me/calendar-keys/{id}", &[("DELETE", SignedIn)]),
    ("/api/v1/ical/{key}.ics", &[("GET", Public)]),
    ("/api/v1/service-records/{code}", &[("GET", Public)]),
    ("/api/v1/people/{id}/hours", &[("GET", INSPECT)]),
    ("/api/v1/swaps", &[("GET", INSPECT), ("POST", SignedIn)]),
    ("/api/v1/swaps/{id}/take", &[("POST", SignedIn)]),
    ("/api/v1/swaps/{id}/approve", &[("POST", PUBLISH)]),
    ("/api/v1/swaps/{id}/decline", &[("POST", SignedIn)]),
    ("/api/v1/open-duties", &[("GET", SEE)]),
    ("/api/v1/open-duties/{post}/claim", &[("POST", SignedIn)]),
    ("/api/v1/replan-events", &[("GET", INSPECT)]),
    ("/api/v1/channels", &[("GET", EDIT), ("POST", EDIT)]),
    ("/api/v1/channels/{id}", &[("GET", EDIT), ("PUT", EDIT), ("DELETE", EDIT)]),
    ("/api/v1/channels/{id}/deliveries", &[("GET", EDIT)]),
    ("/api/v1/channels/{id}/deliveries/{delivery}/redeliver", &[("POST", EDIT)]),
    ("/api/v1/me/notifications", &[("GET", SignedIn), ("PUT", SignedIn)]),
    ("/api/v1/templates/{kind}.xlsx", &[("GET", SEE)]),
    ("/api/v1/exports/{kind}.xlsx", &[("GET", INSPECT)]),
    ("/api/v1/imports/{kind}", &[("POST", EDIT)]),
    ("/api/v1/calendar-imports", &[("POST", ADMINISTER)]),
    ("/api/v1/rosters/{unit}/{week}.xlsx", &[("GET", SEE)]),
    ("/api/v1/rosters/{unit}/{week}.html", &[("GET", SEE)]),
    ("/api/v1/service-policies/{unit}", &[("GET", SEE), ("PUT", EDIT)]),
];

/// What a route asks for; none when it is not in the table.
#[must_use]
pub fn need(method: &str, pattern: &str) -> Option<Need> {
    let (_, methods) = TABLE.iter().find(|(known, _)| *known == pattern)?;
    methods.iter().find(|(known, _)| *known == method).map(|(_, need)| *need)
}
