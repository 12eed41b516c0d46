//! What residents bring to receptions: booking windows online, taking matters out, and the record afterwards.

use actix_web::http::header::LOCATION;
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::documents::{MatterDocument, ReceptionDocument};
use super::{document, missing, reception_of};
use crate::api::access::guard::allow_entity;
use crate::api::access::trail::Tell as _;
use crate::api::cases::documents::ResidentInput;
use crate::api::etag::{IfMatch, etag};
use crate::api::extract::Json;
use crate::api::openapi::{BookErrors, GetErrors, MoveErrors};
use crate::api::problem::Problem;
use crate::api::resources::{expected, id_at, path_id, word_at};
use crate::api::state::AppState;
use crate::db::{reception_matters, receptions};
use crate::domain::{Contact, MatterStatus, ReceptionId, ReceptionStatus, Right, Who, local_date};
use crate::reception::matters::{NewMatter, book_matter, take_out};
use crate::reception::record::{RecordedMatter, keep_record};
use crate::sharing::booking::Author;

/// Adds the handlers to the router.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(list_matters)
        .service(create_matter)
        .service(cancel_matter)
        .service(solve_matter)
        .service(record_reception);
}

/// Lists the matters of a reception by number, contacts masked.
#[utoipa::path(tag = "receptions", params(("id" = String, Path, description = "Id")), responses(
    (status = 200, description = "Every matter", body = Vec<MatterDocument>), GetErrors,
))]
#[get("/receptions/{id}/bookings")]
pub async fn list_matters(
    state: web::Data<AppState>,
    who: Who,
    id: web::Path<String>,
) -> Result<web::Json<Vec<MatterDocument>>, Problem> {
    let id: ReceptionId = path_id(&id)?;
    let matters = state
        .read(move |conn| {
            reception_of(&who, Right::Inspect, conn, &id)?;
            reception_matters::of_reception(conn, &id)
        })
        .await?;
    Ok(web::Json(matters.into_iter().map(MatterDocument::from).collect()))
}

/// What a resident brings.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({
    "startMinute": 540, "subject": "养老金转移", "description": null, "skill": null,
    "resident": {"name": "李明", "phone": "13900000000"}
}))]
pub struct MatterInput {
    /// First minute of the window.
    start_minute: u16,
    /// What it is about, in one line.
    subject: String,
    /// In the resident's words.
    description: Option<String>,
    /// Id of the domain that it falls into.
    skill: Option<String>,
    /// How to reach the resident.
    resident: ResidentInput,
}

/// Books a matter into a window of an announced reception; 409 with the free windows when it is full.
#[utoipa::path(tag = "receptions", request_body = MatterInput, params(("id" = String, Path, description = "Id")),
    responses((status = 201, description = "Booked", body = MatterDocument,
        headers(("Location" = String, description = "Where the reception's matters are"))), BookErrors))]
#[post("/receptions/{id}/bookings")]
pub async fn create_matter(
    request: HttpRequest,
    state: web::Data<AppState>,
    who: Who,
    id: web::Path<String>,
    body: Json<MatterInput>,
) -> Result<HttpResponse, Problem> {
    let id: ReceptionId = path_id(&id)?;
    let wanted = NewMatter {
        start_minute: body.0.start_minute,
        subject: body.0.subject,
        description: body.0.description,
        skill: body.0.skill.map(|id| id_at(&id, "/skill")).transpose()?,
        contact: Contact::from(body.0.resident),
    };
    let now = state.clock.now();
    let author = who.clone();
    let matter = state
        .change(&who, move |tx| {
            let reception = receptions::get(tx, &id)?;
            let path = allow_entity(&author, tx, &reception, "reception", id.as_str())?;
            if reception.status == ReceptionStatus::Planned && !author.may(Right::Inspect, path.as_deref()) {
                return Err(missing(&id));
            }
            let matter = MatterDocument::from(book_matter(tx, &id, wanted, now)?);
            tx.did("book-matter", ("reception", id.as_str()), path, None, Some(&matter));
            Ok(matter)
        })
        .await?;
    let location = request.path().to_owned();
    Ok(HttpResponse::Created().insert_header((LOCATION, location)).json(matter))
}

/// Why a matter is taken out.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"note": "社保窗口已当场办结"}))]
pub struct MatterNote {
    /// Why, or how it was solved.
    note: String,
}

macro_rules! taken_out {
    ($($path:tt $word:tt $name:ident $status:ident $doc:tt;)*) => {$(
        #[doc = $doc]
        #[utoipa::path(tag = "receptions", request_body = MatterNote, params(
            ("id" = String, Path, description = "Id"), ("number" = u32, Path, description = "Number of the matter"),
        ), responses((status = 200, description = "Taken out", body = MatterDocument), BookErrors))]
        #[post($path)]
        pub async fn $name(
            state: web::Data<AppState>,
            who: Who,
            path: web::Path<(String, u32)>,
            body: Json<MatterNote>,
        ) -> Result<web::Json<MatterDocument>, Problem> {
            let (id, number) = path.into_inner();
            let id: ReceptionId = path_id(&id)?;
            let author = who.clone();
            let matter = state
                .change(&who, move |tx| {
                    let (_, path) = reception_of(&author, Right::Edit, tx, &id)?;
                    let matter = take_out(tx, &id, number, MatterStatus::$status, &body.0.note)?;
                    let matter = MatterDocument::from(matter);
                    tx.did($word, ("reception", id.as_str()), path, None, Some(&matter));
                    Ok(matter)
                })
                .await?;
            Ok(web::Json(matter))
        }
    )*};
}

taken_out! {
    "/receptions/{id}/bookings/{number}/cancel" "cancel-matter" cancel_matter Cancelled
        "Cancels a booked matter; its place is free again.";
    "/receptions/{id}/bookings/{number}/solved" "solve-matter" solve_matter SolvedBefore
        "Marks a booked matter as solved before the day; its place is free again.";
}

/// What became of a matter.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RecordedMatterInput {
    /// Number of the booked matter; left out for somebody who came without booking.
    number: Option<u32>,
    /// First minute of its window, for one that was not booked.
    start_minute: Option<u16>,
    /// What it is about; the booking's unless given.
    subject: Option<String>,
    /// In the resident's words; the booking's unless given.
    description: Option<String>,
    /// Id of its domain; the booking's unless given.
    skill: Option<String>,
    /// How to reach the resident; the booking's unless given.
    resident: Option<ResidentInput>,
    /// `case`, `answered` or `absent`.
    outcome: String,
    /// What was said; needed for `answered`.
    note: Option<String>,
    /// Id of the case's category.
    category: Option<String>,
    /// Urgency of the case, 1 ordinary (unless given) to 5.
    urgency: Option<u8>,
}

impl RecordedMatterInput {
    fn into_recorded(self, index: usize) -> Result<RecordedMatter, Problem> {
        let at = |field: &str| format!("/matters/{index}/{field}");
        Ok(RecordedMatter {
            number: self.number,
            start_minute: self.start_minute,
            subject: self.subject,
            description: self.description,
            skill: self.skill.map(|id| id_at(&id, &at("skill"))).transpose()?,
            contact: self.resident.map(Contact::from),
            outcome: word_at(&self.outcome, &at("outcome"), MatterStatus::parse)?,
            note: self.note,
            category: self.category.map(|id| id_at(&id, &at("category"))).transpose()?,
            urgency: self.urgency.unwrap_or(1),
        })
    }
}

/// The record of a reception.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"matters": [
    {"number": 1, "outcome": "case", "category": "housing"}, {"number": 2, "outcome": "answered", "note": "已说明政策"}
]}))]
pub struct RecordInput {
    /// Every booked matter, and whoever came without booking.
    matters: Vec<RecordedMatterInput>,
}

/// A recorded reception.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({"reception": {"id": "re-1", "status": "held", "version": 3}, "matters": []}))]
pub struct Recorded {
    /// The reception.
    reception: ReceptionDocument,
    /// Its matters with the cases that they became.
    matters: Vec<MatterDocument>,
}

/// Keeps the record of a reception that took place: each booked matter gets an outcome, and cases follow.
#[utoipa::path(tag = "receptions", request_body = RecordInput, params(
    ("id" = String, Path, description = "Id"),
    ("If-Match" = String, Header, description = "ETag of the version that is recorded", example = "\"1\""),
), responses((status = 200, description = "Recorded", body = Recorded,
    headers(("ETag" = String, description = "The new version"))), MoveErrors))]
#[post("/receptions/{id}/record")]
pub async fn record_reception(
    state: web::Data<AppState>,
    who: Who,
    id: web::Path<String>,
    if_match: IfMatch,
    body: Json<RecordInput>,
) -> Result<HttpResponse, Problem> {
    let id: ReceptionId = path_id(&id)?;
    let lines = body.0.matters.into_iter().enumerate();
    let lines: Vec<RecordedMatter> = lines.map(|(index, line)| line.into_recorded(index)).collect::<Result<_, _>>()?;
    let (now, entropy) = (state.clock.now(), state.entropy.clone());
    let author = who.clone();
    let recorded = state
        .change(&who, move |tx| {
            let (stored, path) = reception_of(&author, Right::Edit, tx, &id)?;
            let version = expected(&if_match, tx, |_| Ok(stored.version))?;
            let by = Author { actor: &author.actor, now, entropy: &*entropy };
            let (reception, matters) = keep_record(tx, &id, version, lines, by)?;
            let recorded = Recorded {
                reception: document(tx, &author, reception, local_date(now))?,
                matters: matters.into_iter().map(MatterDocument::from).collect(),
            };
            tx.did("record", ("reception", id.as_str()), path, None, Some(&recorded));
            Ok(recorded)
        })
        .await?;
    Ok(HttpResponse::Ok().insert_header(etag(recorded.reception.version)).json(recorded))
}
