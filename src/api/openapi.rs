//! The OpenAPI document, its reference page, and the error answers that operations declare.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, get, web};
use utoipa::openapi::{Content, OpenApi as Document, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{IntoResponses, OpenApi};

use super::problem::{Code, PROBLEM_JSON, Problem, ProblemDocument, ProblemError};

/// Head of the document; paths and schemas are collected from the router.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "paiban",
        description = "Rosters for a network of community-service stations, each with a proof of how good it is. \
                       Every error is an RFC 9457 problem document with a stable `code`. Lists are paged by `limit` and \
                       `cursor`; follow `next`. Edits carry `If-Match` with the `ETag` of what was read. \
                       Sign in at `/api/v1/session` and send its `csrfToken` as `X-CSRF-Token` with every \
                       unsafe request, or send an API key as bearer token. What lies outside the subtrees of one's roles \
                       does not exist: it answers 404. Durations are minutes, distances metres, days ISO 8601 dates, times ISO 8601 with offset."
    ),
    components(schemas(ProblemDocument, ProblemError)),
    tags(
        (name = "operations", description = "Health and metrics of the server"),
        (name = "organisation", description = "Units, stations, people and what they can do"),
        (name = "demand", description = "Calendars, shift types, demand templates and posts"),
        (name = "accounts", description = "Signing in, accounts and their roles, API keys, and the audit trail"),
        (name = "me", description = "What everybody sees and does about themselves"),
        (name = "service", description = "Duties in force: swaps, open duties, check-in, hours, calendars"),
        (name = "notifications", description = "Where notifications go, and how far they have come"),
        (name = "reports", description = "Coverage, fairness, hours and what is late, as JSON and as sheets"),
        (name = "exchange", description = "Spreadsheets in and out, and print pages"),
        (name = "rules", description = "Rule catalogue and constraint profiles"),
        (name = "cases", description = "Residents' cases: intake, moves, history, reports"),
        (name = "receptions", description = "Deputies' reception days, visits, quotas"),
        (name = "sharing", description = "Shared venues, vehicles, goods and money: lists, loans, bookings, activities"),
        (name = "planning", description = "Schedules: planning a week, following it, its proof and its roster"),
    )
)]
struct Head;

/// The document without paths.
#[must_use]
pub fn head() -> Document {
    Head::openapi()
}

/// The collected document, as served.
#[derive(Debug)]
pub struct Served(pub String);

/// Answers the OpenAPI 3.1 document.
#[get("/openapi.json")]
pub async fn get_openapi(document: web::Data<Served>) -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body(document.0.clone())
}

/// The document as pretty JSON with a last line break, as committed in docs/openapi.json.
///
/// # Errors
/// `internal` when a schema cannot be written as JSON.
pub fn to_text(document: &Document) -> Result<String, Problem> {
    document.to_pretty_json().map(|text| text + "\n").map_err(Problem::internal)
}

/// Error answers by status for the given codes.
#[must_use]
pub fn error_responses(codes: &[Code]) -> BTreeMap<String, RefOr<Response>> {
    let mut by_status: BTreeMap<String, Vec<Code>> = BTreeMap::new();
    for code in codes {
        by_status.entry(code.status().as_str().to_owned()).or_default().push(*code);
    }
    by_status
        .into_iter()
        .map(|(status, codes)| {
            let names: Vec<&str> = codes.iter().map(|code| code.as_str()).collect();
            let content = Content::new(Some(Ref::from_schema_name("Problem")));
            let response = ResponseBuilder::new()
                .description(format!("Codes: {}", names.join(", ")))
                .content(PROBLEM_JSON, content)
                .build();
            (status, RefOr::T(response))
        })
        .collect()
}

macro_rules! error_sets {
    ($($(#[$doc:meta])* $name:ident: $($code:ident)*;)*) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name;

        impl IntoResponses for $name {
            fn responses() -> BTreeMap<String, RefOr<Response>> {
                error_responses(&[$(Code::$code),*])
            }
        }
    )*};
}

error_sets! {
    /// Signing in.
    SignInErrors: InvalidJson WrongCredentials BodyTooLarge UnsupportedMediaType InvalidBody TooManyAttempts Internal
        Unavailable StorageFull;
    /// Signing out.
    SessionErrors: NotSignedIn CsrfFailed TooManyWrites ForeignOrigin Internal Unavailable StorageFull;
    /// Reading about oneself.
    SignedInErrors: NotSignedIn ForeignOrigin Internal Unavailable;
    /// Reading what belongs to one's own person.
    SelfErrors: InvalidQuery NotSignedIn ForeignOrigin NotFound Internal Unavailable;
    /// Changing one's password.
    PasswordErrors: InvalidJson NotSignedIn WrongCredentials Forbidden CsrfFailed TooManyWrites ForeignOrigin BodyTooLarge
        UnsupportedMediaType InvalidBody InvalidValue Internal Unavailable StorageFull;
    /// Making a key.
    KeyErrors: InvalidJson NotSignedIn Forbidden CsrfFailed TooManyWrites ForeignOrigin BodyTooLarge UnsupportedMediaType InvalidBody
        InvalidValue Internal Unavailable StorageFull;
    /// Reading one thing.
    GetErrors: NotSignedIn Forbidden ForeignOrigin PasswordChangeRequired NotFound Internal Unavailable;
    /// Reading how to fill a table in.
    TemplateErrors: NotSignedIn Forbidden ForeignOrigin PasswordChangeRequired NotFound ExportOnly Internal Unavailable;
    /// Reading a list.
    ListErrors: NotSignedIn Forbidden ForeignOrigin PasswordChangeRequired InvalidQuery InvalidCursor Internal Unavailable;
    /// Reading a list below something.
    SubListErrors: NotSignedIn Forbidden ForeignOrigin PasswordChangeRequired InvalidQuery InvalidCursor NotFound Internal Unavailable;
    /// Reading what does not change.
    StaticErrors: Internal;
    /// Reading what needs no more than a right.
    PlainErrors: NotSignedIn Forbidden ForeignOrigin PasswordChangeRequired Internal Unavailable;
    /// Creating.
    CreateErrors: NotSignedIn Forbidden CsrfFailed TooManyWrites ForeignOrigin PasswordChangeRequired InvalidJson Duplicate BodyTooLarge UnsupportedMediaType InvalidBody InvalidValue UnknownReference
        UnitCycle Internal Unavailable StorageFull;
    /// Creating below something.
    SubCreateErrors: NotSignedIn Forbidden CsrfFailed TooManyWrites ForeignOrigin PasswordChangeRequired InvalidJson NotFound Duplicate BodyTooLarge UnsupportedMediaType InvalidBody InvalidValue
        UnknownReference Internal Unavailable StorageFull;
    /// Replacing.
    ReplaceErrors: NotSignedIn Forbidden CsrfFailed TooManyWrites ForeignOrigin PasswordChangeRequired InvalidJson NotFound PreconditionFailed PreconditionRequired BodyTooLarge UnsupportedMediaType
        InvalidBody InvalidValue UnknownReference UnitCycle Internal Unavailable StorageFull;
    /// Replacing what has no version.
    PutErrors: NotSignedIn Forbidden CsrfFailed TooManyWrites ForeignOrigin PasswordChangeRequired InvalidJson NotFound BodyTooLarge UnsupportedMediaType InvalidBody InvalidValue UnknownReference
        Internal Unavailable StorageFull;
    /// Deleting.
    DeleteErrors: NotSignedIn Forbidden CsrfFailed TooManyWrites ForeignOrigin PasswordChangeRequired NotFound InUse PreconditionFailed PreconditionRequired Internal Unavailable StorageFull;
    /// Deleting what has no version.
    RemoveErrors: NotSignedIn Forbidden CsrfFailed TooManyWrites ForeignOrigin PasswordChangeRequired NotFound InUse Internal Unavailable StorageFull;
    /// Asking for a plan.
    PlanErrors: NotSignedIn Forbidden CsrfFailed TooManyWrites ForeignOrigin PasswordChangeRequired InvalidJson InvalidHeader Duplicate BodyTooLarge UnsupportedMediaType InvalidBody InvalidValue
        UnknownReference NoCalendar IdempotencyMismatch QueueFull Internal Unavailable StorageFull ShuttingDown;
    /// Reading what exists only once a roster has been made.
    RosterErrors: NotSignedIn Forbidden ForeignOrigin PasswordChangeRequired InvalidQuery InvalidCursor NotFound NotReady Internal Unavailable;
    /// Following a run.
    EventErrors: NotSignedIn Forbidden ForeignOrigin PasswordChangeRequired NotFound Finished Internal Unavailable;
    /// Stopping a run.
    StopErrors: NotSignedIn Forbidden CsrfFailed TooManyWrites ForeignOrigin PasswordChangeRequired NotFound Conflict Internal Unavailable;
    /// Planning again.
    ReplanErrors: InvalidJson NotSignedIn Forbidden CsrfFailed TooManyWrites ForeignOrigin PasswordChangeRequired InvalidHeader NotFound Conflict NotReady IdempotencyMismatch
        BodyTooLarge InvalidBody InvalidValue InvalidProblem Infeasible NoCalendar QueueFull Internal Unavailable StorageFull;
    /// Asking about a roster.
    QuestionErrors: NotSignedIn Forbidden ForeignOrigin PasswordChangeRequired InvalidQuery NotFound NotReady NoCalendar
        InvalidProblem QueueFull Internal Unavailable;
    /// Asking what another problem would give.
    WhatIfErrors: InvalidJson InvalidQuery NotSignedIn Forbidden CsrfFailed TooManyWrites ForeignOrigin PasswordChangeRequired NotFound NotReady
        BodyTooLarge UnsupportedMediaType InvalidBody InvalidValue InvalidProblem Infeasible NoCalendar QueueFull Internal Unavailable;
    /// Loading demo data.
    DemoErrors: NotSignedIn Forbidden CsrfFailed TooManyWrites ForeignOrigin PasswordChangeRequired InvalidJson InvalidHeader Conflict BodyTooLarge UnsupportedMediaType InvalidBody InvalidValue
        IdempotencyMismatch Internal Unavailable StorageFull;
    /// Pinning.
    PinErrors: NotSignedIn Forbidden CsrfFailed TooManyWrites ForeignOrigin PasswordChangeRequired NotFound Conflict PastPublished PreconditionFailed PreconditionRequired Internal Unavailable StorageFull;
    /// Comparing two schedules.
    PublishErrors: NotSignedIn Forbidden ForeignOrigin PasswordChangeRequired NotFound Conflict Internal Unavailable;
    /// Taking a schedule out of force.
    WithdrawErrors: InvalidJson NotSignedIn Forbidden CsrfFailed TooManyWrites ForeignOrigin PasswordChangeRequired NotFound Conflict
        PastPublished PreconditionFailed PreconditionRequired BodyTooLarge UnsupportedMediaType InvalidBody InvalidValue
        Internal Unavailable StorageFull;
    /// Registering a case.
    IntakeErrors: NotSignedIn Forbidden CsrfFailed TooManyWrites ForeignOrigin PasswordChangeRequired InvalidJson InvalidHeader Duplicate BodyTooLarge UnsupportedMediaType InvalidBody InvalidValue
        UnknownReference IdempotencyMismatch Internal Unavailable StorageFull;
    /// Booking, lending, holding.
    BookErrors: NotSignedIn Forbidden CsrfFailed TooManyWrites ForeignOrigin PasswordChangeRequired InvalidJson NotFound Duplicate Conflict BookingClash WindowFull BodyTooLarge UnsupportedMediaType
        InvalidBody InvalidValue UnknownReference Internal Unavailable StorageFull;
    /// Moving a case, a reception or a booking.
    MoveErrors: NotSignedIn Forbidden CsrfFailed TooManyWrites ForeignOrigin PasswordChangeRequired InvalidJson NotFound IllegalMove Conflict BookingClash PreconditionFailed PreconditionRequired BodyTooLarge
        UnsupportedMediaType InvalidBody InvalidValue UnknownReference Internal Unavailable StorageFull;
    /// Doing something with duties in force.
    ServiceErrors: InvalidJson NotSignedIn Forbidden CsrfFailed TooManyWrites ForeignOrigin PasswordChangeRequired NotFound Conflict
        BaseReplanned RuleBroken WrongTime PrivateAddress PreconditionFailed PreconditionRequired
        BodyTooLarge UnsupportedMediaType
        InvalidBody InvalidValue UnknownReference Internal Unavailable StorageFull;
    /// Changing duties of a roster that is not in force.
    ChangeErrors: InvalidJson NotSignedIn Forbidden CsrfFailed TooManyWrites ForeignOrigin PasswordChangeRequired NotFound Conflict
        BaseReplanned RuleBroken BodyTooLarge UnsupportedMediaType InvalidBody InvalidValue UnknownReference Internal
        Unavailable StorageFull;
    /// Reading what everybody may who knows its address.
    SecretErrors: NotFound Internal Unavailable;
    /// Importing a file.
    ImportErrors: InvalidQuery InvalidHeader NotSignedIn Forbidden CsrfFailed TooManyWrites ForeignOrigin PasswordChangeRequired NotFound
        BodyTooLarge UnsupportedMediaType UnreadableFile ExportOnly ImportRefused IdempotencyMismatch Internal Unavailable StorageFull;
    /// Readiness.
    ReadyErrors: Unavailable ShuttingDown;
}
