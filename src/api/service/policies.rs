//! Service policies: how a unit and those below it handle swaps, availability, check-in and notifications.

use actix_web::{HttpResponse, get, put, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::api::access::guard::allow;
use crate::api::access::trail::Tell as _;
use crate::api::etag::{IfMatch, etag};
use crate::api::extract::Json;
use crate::api::openapi::{GetErrors, ReplaceErrors};
use crate::api::problem::Problem;
use crate::api::resources::{expected, path_id, word_at};
use crate::api::state::AppState;
use crate::db::{placement, policies};
use crate::domain::{ServicePolicy, SwapMode, UnitId, Who};

/// Adds the handlers to the router.
pub fn configure(config: &mut ServiceConfig) {
    config.service(get_service_policy).service(put_service_policy);
}

/// How a unit and those below it handle service.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = ServicePolicy, example = json!({
    "unit": "220102001000", "swapMode": "coordinator", "availabilityWeekday": 4, "availabilityMinute": 1440,
    "checkInBeforeMinutes": 30, "checkInAfterMinutes": 30, "quietFromMinute": 1320, "quietToMinute": 420,
    "reminderHours": 24, "openAlertHours": 48, "version": 1
}))]
pub struct PolicyDocument {
    /// Unit that it stands at: the asked one, or the nearest above that has one; read only.
    unit: Option<String>,
    /// Who agrees to swaps besides the two: `automatic` nobody, `coordinator` afterwards, `coordinatorFirst` before
    /// they are offered.
    swap_mode: String,
    /// Weekday, 1 Monday to 7 Sunday, until which people state their availability for the next week.
    availability_weekday: u8,
    /// First minute of that day that is too late; 1440 for none.
    availability_minute: u16,
    /// Check-in opens so many minutes before a duty's start.
    check_in_before_minutes: u16,
    /// Check-in closes so many minutes after a duty's start, check-out so many after its end.
    check_in_after_minutes: u16,
    /// From this minute of the day people are not disturbed ...
    quiet_from_minute: u16,
    /// ... until this one.
    quiet_to_minute: u16,
    /// People are reminded so many hours before a duty.
    reminder_hours: u16,
    /// Coordinators are alerted of duties that fall open so many hours before their start or less.
    open_alert_hours: u16,
    /// Counts the edits, 0 while nothing is stored; never read.
    #[schema(read_only)]
    version: Option<i64>,
}

impl PolicyDocument {
    fn into_policy(self, unit: UnitId) -> Result<ServicePolicy, Problem> {
        Ok(ServicePolicy {
            unit,
            swap_mode: word_at(&self.swap_mode, "/swapMode", SwapMode::parse)?,
            availability_weekday: self.availability_weekday,
            availability_minute: self.availability_minute,
            check_in_before_minutes: self.check_in_before_minutes,
            check_in_after_minutes: self.check_in_after_minutes,
            quiet_from_minute: self.quiet_from_minute,
            quiet_to_minute: self.quiet_to_minute,
            reminder_hours: self.reminder_hours,
            open_alert_hours: self.open_alert_hours,
            version: 0,
        })
    }
}

impl From<ServicePolicy> for PolicyDocument {
    fn from(policy: ServicePolicy) -> Self {
        Self {
            unit: Some(policy.unit.to_string()),
            swap_mode: policy.swap_mode.to_string(),
            availability_weekday: policy.availability_weekday,
            availability_minute: policy.availability_minute,
            check_in_before_minutes: policy.check_in_before_minutes,
            check_in_after_minutes: policy.check_in_after_minutes,
            quiet_from_minute: policy.quiet_from_minute,
            quiet_to_minute: policy.quiet_to_minute,
            reminder_hours: policy.reminder_hours,
            open_alert_hours: policy.open_alert_hours,
            version: Some(policy.version),
        }
    }
}

/// Answers the policy that holds at a unit: its own, that of the nearest unit above, or the usual one.
#[utoipa::path(tag = "service", params(("unit" = String, Path, description = "Code of the unit")), responses(
    (status = 200, description = "The policy", body = PolicyDocument,
        headers(("ETag" = String, description = "Version of the unit's own policy, 0 for none"))),
    GetErrors,
))]
#[get("/service-policies/{unit}")]
pub async fn get_service_policy(
    state: web::Data<AppState>,
    who: Who,
    unit: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let unit: UnitId = path_id(&unit)?;
    let (own, policy) = state
        .read(move |conn| {
            let path = placement::of_unit(conn, &unit)?;
            allow(&who, path, "unit", unit.as_str())?;
            let own = policies::find(conn, &unit)?.map_or(0, |policy| policy.version);
            Ok((own, policies::effective(conn, &unit)?))
        })
        .await?;
    Ok(HttpResponse::Ok().insert_header(etag(own)).json(PolicyDocument::from(policy)))
}

/// Sets a unit's own policy.
#[utoipa::path(tag = "service", request_body = PolicyDocument, params(
    ("unit" = String, Path, description = "Code of the unit"),
    ("If-Match" = String, Header, description = "ETag of the policy that is replaced; \"0\" for the first", example = "\"0\""),
), responses(
    (status = 200, description = "Set", body = PolicyDocument, headers(("ETag" = String, description = "The new version"))),
    ReplaceErrors,
))]
#[put("/service-policies/{unit}")]
pub async fn put_service_policy(
    state: web::Data<AppState>,
    who: Who,
    unit: web::Path<String>,
    if_match: IfMatch,
    body: Json<PolicyDocument>,
) -> Result<HttpResponse, Problem> {
    let unit: UnitId = path_id(&unit)?;
    let mut policy = body.0.into_policy(unit.clone())?;
    let author = who.clone();
    let policy = state
        .change(&who, move |tx| {
            let path = placement::of_unit(tx, &unit)?;
            let path = allow(&author, path, "unit", unit.as_str())?;
            let before = policies::find(tx, &unit)?;
            policy.version = expected(&if_match, tx, |_| Ok(before.as_ref().map_or(0, |stored| stored.version)))?;
            policy.version = policies::put(tx, &policy)?;
            let (before, after) = (before.map(PolicyDocument::from), PolicyDocument::from(policy.clone()));
            tx.did("update", ("service policy", unit.as_str()), path, before.as_ref(), Some(&after));
            Ok(policy)
        })
        .await?;
    Ok(HttpResponse::Ok().insert_header(etag(policy.version)).json(PolicyDocument::from(policy)))
}
