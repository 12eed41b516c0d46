//! Personal data: unmasking for a reason, and erasing on request. Both leave an entry in the audit trail.

use actix_web::{HttpResponse, post, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::guard::allow_entity;
use super::trail::Tell as _;
use crate::api::extract::Json;
use crate::api::lang::Text;
use crate::api::openapi::SubCreateErrors;
use crate::api::problem::{Code, Problem};
use crate::api::resources::path_id;
use crate::api::state::AppState;
use crate::db::{audit, people};
use crate::domain::{Location, PersonId, Who};

/// Adds the handlers to the router.
pub fn configure(config: &mut ServiceConfig) {
    config.service(unmask_person).service(erase_person);
}

/// Why somebody asks.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"reason": "电话通知临时换班"}))]
pub struct Reason {
    /// In words; it is kept.
    reason: String,
}

impl Reason {
    /// A reason that came with other fields.
    #[must_use]
    pub const fn of(reason: String) -> Self {
        Self { reason }
    }

    /// The reason, if there is one.
    ///
    /// # Errors
    /// `invalid-value` at `/reason`.
    pub fn given(self) -> Result<String, Problem> {
        let reason = self.reason.trim();
        if (1..=300).contains(&reason.chars().count()) && !reason.chars().any(char::is_control) {
            return Ok(reason.to_owned());
        }
        Err(Problem::new(Code::InvalidValue).at(
            "/reason",
            Text::new("请写明原因（1 到 300 字）", "the reason is empty, too long or holds control characters"),
            Text::new("写一句话", "write a sentence of 1 to 300 characters"),
        ))
    }
}

/// What is masked elsewhere.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({"person": "p-1", "phone": "13800005678", "home": [43.88123, 125.32456]}))]
pub struct Unmasked {
    /// Id of the person.
    person: String,
    /// Telephone number.
    phone: Option<String>,
    /// Where the person lives, `[latitude, longitude]`.
    home: Option<[f64; 2]>,
}

/// Answers a person's telephone number and home, for a reason that the audit trail keeps.
#[utoipa::path(tag = "organisation", params(("id" = String, Path, description = "Id")), request_body = Reason,
    responses((status = 200, description = "Unmasked", body = Unmasked), SubCreateErrors))]
#[post("/people/{id}/unmask")]
pub async fn unmask_person(
    state: web::Data<AppState>,
    who: Who,
    id: web::Path<String>,
    body: Json<Reason>,
) -> Result<web::Json<Unmasked>, Problem> {
    let id: PersonId = path_id(&id)?;
    let reason = body.0.given()?;
    let author = who.clone();
    let person = state
        .change(&who, move |tx| {
            let person = people::get(tx, &id)?;
            let path = allow_entity(&author, tx, &person, "person", id.as_str())?;
            tx.because("unmask", ("person", id.as_str()), path, Some(reason));
            Ok(person)
        })
        .await?;
    let home = person.home.map(|Location { latitude, longitude }| [latitude, longitude]);
    Ok(web::Json(Unmasked { person: person.id.to_string(), phone: person.phone, home }))
}

/// Erases a person on request: name, telephone number, home, statements of availability and account go, and so does what
/// the audit trail told of them. Rosters and hours stay under the bare id.
#[utoipa::path(tag = "organisation", params(("id" = String, Path, description = "Id")), request_body = Reason,
    responses((status = 204, description = "Erased"), SubCreateErrors))]
#[post("/people/{id}/erase")]
pub async fn erase_person(
    state: web::Data<AppState>,
    who: Who,
    id: web::Path<String>,
    body: Json<Reason>,
) -> Result<HttpResponse, Problem> {
    let id: PersonId = path_id(&id)?;
    let reason = body.0.given()?;
    let author = who.clone();
    let today = state.clock.now().with_timezone(&chrono_tz::Asia::Shanghai).date_naive();
    state
        .change(&who, move |tx| {
            let person = people::get(tx, &id)?;
            let path = allow_entity(&author, tx, &person, "person", id.as_str())?;
            people::erase(tx, &person, today)?;
            audit::erase(tx, "person", id.as_str())?;
            tx.because("erase", ("person", id.as_str()), path, Some(reason));
            Ok(())
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
