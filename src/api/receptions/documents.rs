//! Receptions and their matters as JSON documents.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::cases::documents::ResidentDocument;
use crate::api::problem::Problem;
use crate::api::resources::document::JsonField as _;
use crate::api::resources::id_at;
use crate::domain::{Matter, PersonId, Reception, ReceptionId, ReceptionStatus};
use crate::reception::announce::Warning;
use crate::reception::matters::free_windows;

/// A reception to plan or change.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({
    "title": "人大代表接待日", "station": "st-1", "date": "2026-12-07", "startMinute": 540, "endMinute": 660,
    "slotMinutes": 20, "perSlot": 1, "venue": "rs-1", "host": "p-1", "deputies": ["d-1", "d-2"]
}))]
pub struct ReceptionInput {
    /// What the notice is headed.
    title: String,
    /// Id of the station.
    station: String,
    /// Date; a day off moves to the next working day.
    date: NaiveDate,
    /// First minute of the day.
    start_minute: u16,
    /// First minute after the end.
    end_minute: u16,
    /// Minutes of a window that residents book.
    slot_minutes: u16,
    /// Residents in a window (1 unless given).
    per_slot: Option<u16>,
    /// Id of the room, a venue at the station; needed for the announcement.
    venue: Option<String>,
    /// Id of the member of staff who is host; needed for the announcement.
    host: Option<String>,
    /// Ids of the deputies; several for a joint reception.
    #[serde(default)]
    deputies: Vec<String>,
}

impl ReceptionInput {
    /// The reception.
    ///
    /// # Errors
    /// `invalid-value` with the pointer of what does not parse.
    pub fn into_reception(self, id: ReceptionId, version: i64) -> Result<Reception, Problem> {
        let deputies = self.deputies.iter().enumerate();
        let mut deputies: Vec<PersonId> =
            deputies.map(|(index, id)| id_at(id, &format!("/deputies/{index}"))).collect::<Result<_, _>>()?;
        deputies.sort();
        Ok(Reception {
            id,
            title: self.title,
            station: id_at(&self.station, "/station")?,
            date: self.date,
            start_minute: self.start_minute,
            end_minute: self.end_minute,
            slot_minutes: self.slot_minutes,
            per_slot: self.per_slot.unwrap_or(1),
            venue: self.venue.map(|id| id_at(&id, "/venue")).transpose()?,
            host: self.host.map(|id| id_at(&id, "/host")).transpose()?,
            status: ReceptionStatus::Planned,
            announced_at: None,
            moved_from: None,
            moved_because: None,
            recorded_at: None,
            handover_due: self.date,
            deputies,
            version,
        })
    }
}

/// Something that has come up since the announcement.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WarningDocument {
    /// `deputy-away`, `host-away`, `venue-lost`, `day-off` or `record-late`.
    code: String,
    /// Whom or what it is about.
    about: String,
}

/// A reception.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Reception, example = json!({
    "id": "re-1", "title": "人大代表接待日", "station": "st-1", "date": "2026-12-07", "startMinute": 540,
    "endMinute": 660, "slotMinutes": 20, "perSlot": 1, "venue": "rs-1", "host": "p-1", "deputies": ["d-1"],
    "status": "announced", "announcedAt": "2026-11-30T01:00:00Z", "movedFrom": "2026-12-06",
    "movedBecause": "2026-12-06 为休息日，顺延至 2026-12-07", "recordedAt": null, "handoverDue": "2026-12-09",
    "windows": [540, 560, 580, 600, 620, 640], "freeWindows": [560, 580, 600, 620, 640], "booked": 1, "warnings": [],
    "version": 2
}))]
pub struct ReceptionDocument {
    /// Id.
    pub id: String,
    /// What the notice is headed.
    pub title: String,
    /// Id of the station.
    pub station: String,
    /// Date, a working day.
    pub date: NaiveDate,
    /// First minute of the day.
    pub start_minute: u16,
    /// First minute after the end.
    pub end_minute: u16,
    /// Minutes of a window.
    pub slot_minutes: u16,
    /// Residents in a window.
    pub per_slot: u16,
    /// Id of the room.
    pub venue: Option<String>,
    /// Id of the host.
    pub host: Option<String>,
    /// Ids of the deputies.
    pub deputies: Vec<String>,
    /// `planned`, `announced`, `held` or `cancelled`.
    pub status: String,
    /// When it was announced.
    pub announced_at: Option<DateTime<Utc>>,
    /// Day on which it was first wanted, if a day off moved it.
    pub moved_from: Option<NaiveDate>,
    /// Why it was moved.
    pub moved_because: Option<String>,
    /// When its record came in.
    pub recorded_at: Option<DateTime<Utc>>,
    /// Last day for the record.
    pub handover_due: NaiveDate,
    /// First minutes of the windows.
    pub windows: Vec<u16>,
    /// First minutes of the windows in which somebody still fits.
    pub free_windows: Vec<u16>,
    /// Matters that take a place.
    pub booked: usize,
    /// What has come up since the announcement and must be settled.
    pub warnings: Vec<WarningDocument>,
    /// Counts the edits, as in the `ETag`.
    pub version: i64,
}

impl ReceptionDocument {
    /// The reception with its matters and what has come up.
    #[must_use]
    pub fn new(reception: Reception, matters: &[Matter], warnings: Vec<Warning>) -> Self {
        Self {
            windows: reception.windows(),
            free_windows: free_windows(&reception, matters),
            booked: matters.iter().filter(|matter| matter.status.takes_place()).count(),
            warnings: warnings
                .into_iter()
                .map(|warning| WarningDocument { code: warning.code.to_owned(), about: warning.about })
                .collect(),
            id: reception.id.to_json(),
            title: reception.title,
            station: reception.station.to_json(),
            date: reception.date,
            start_minute: reception.start_minute,
            end_minute: reception.end_minute,
            slot_minutes: reception.slot_minutes,
            per_slot: reception.per_slot,
            venue: reception.venue.to_json(),
            host: reception.host.to_json(),
            deputies: reception.deputies.to_json(),
            status: reception.status.to_string(),
            announced_at: reception.announced_at,
            moved_from: reception.moved_from,
            moved_because: reception.moved_because,
            recorded_at: reception.recorded_at,
            handover_due: reception.handover_due,
            version: reception.version,
        }
    }
}

/// A matter that a resident brings.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Matter, example = json!({
    "number": 1, "startMinute": 540, "subject": "养老金转移", "description": null, "skill": "labour",
    "resident": {"name": "李**", "phone": "139****0000", "isMasked": true}, "status": "case", "note": null,
    "case": "ca-7", "bookedAt": "2026-12-01T02:00:00Z"
}))]
pub struct MatterDocument {
    /// Number within the reception.
    number: u32,
    /// First minute of its window.
    start_minute: u16,
    /// What it is about.
    subject: String,
    /// In the resident's words.
    description: Option<String>,
    /// Id of the domain that it falls into.
    skill: Option<String>,
    /// The resident, masked.
    resident: ResidentDocument,
    /// `booked`, `cancelled`, `solvedBefore`, `case`, `answered` or `absent`.
    status: String,
    /// What was said, or why it was taken out.
    note: Option<String>,
    /// Id of the case that it became.
    case: Option<String>,
    /// When it was booked.
    booked_at: DateTime<Utc>,
}

impl From<Matter> for MatterDocument {
    fn from(matter: Matter) -> Self {
        Self {
            number: matter.number,
            start_minute: matter.start_minute,
            subject: matter.subject,
            description: matter.description,
            skill: matter.skill.to_json(),
            resident: ResidentDocument::new(matter.contact, false),
            status: matter.status.to_string(),
            note: matter.note,
            case: matter.case.to_json(),
            booked_at: matter.booked_at,
        }
    }
}

/// How well a deputy fits.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeputyFitDocument {
    /// Id.
    pub person: String,
    /// Name.
    pub name: String,
    /// Booked matters that fall into a domain of theirs.
    pub matched: usize,
    /// Receptions that they still owe this year.
    pub owed: i64,
    /// Whether they are named for the reception.
    pub is_named: bool,
}

/// Which deputies fit.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "mattersWithDomain": 2,
    "deputies": [{"person": "d-1", "name": "解明", "matched": 2, "owed": 1, "isNamed": true}]
}))]
pub struct FitAnswer {
    /// Booked matters whose domain is known.
    pub matters_with_domain: usize,
    /// Deputies, the best first.
    pub deputies: Vec<DeputyFitDocument>,
}
