//! Cases as JSON documents.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::problem::Problem;
use crate::api::resources::document::JsonField as _;
use crate::api::resources::people::{LocationDocument, mask_phone};
use crate::api::resources::{id_at, word_at};
use crate::cases::duplicates::Suggestion;
use crate::cases::intake::Intake;
use crate::domain::{Case, CaseChannel, CaseEvent, Contact, Location, PersonId};

/// A resident, as far as they want to be named.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ResidentInput {
    /// Name.
    pub name: Option<String>,
    /// Telephone number.
    pub phone: Option<String>,
}

impl From<ResidentInput> for Contact {
    fn from(resident: ResidentInput) -> Self {
        Self { name: resident.name, phone: resident.phone }
    }
}

/// What somebody registers.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({
    "unit": "220102001001", "channel": "informationOfficer", "subject": "3号楼2单元楼道灯不亮",
    "description": "老人晚上上下楼不便", "address": "桃源路12号3号楼",
    "location": {"latitude": 43.88, "longitude": 125.32}, "category": null, "urgency": 2,
    "resident": {"name": "张桂英", "phone": "13800005678"}
}))]
pub struct NewCase {
    /// Code of the unit that takes it in.
    unit: String,
    /// `hotline`, `suggestionBox`, `questionBoard`, `serviceCard`, `website`, `sms`, `informationOfficer`, `reception`
    /// or `visit`.
    channel: String,
    /// What it is about, in one line.
    subject: String,
    /// The resident's words.
    description: Option<String>,
    /// Place of the matter.
    address: Option<String>,
    /// Position of the matter.
    location: Option<LocationDocument>,
    /// Id of the category, if the channel knows it.
    category: Option<String>,
    /// Urgency, 1 ordinary (unless given) to 5.
    urgency: Option<u8>,
    /// How to reach the resident.
    resident: Option<ResidentInput>,
}

impl NewCase {
    /// What is registered.
    ///
    /// # Errors
    /// `invalid-value` with the pointer of what does not parse.
    pub fn into_intake(self) -> Result<Intake, Problem> {
        Ok(Intake {
            unit: id_at(&self.unit, "/unit")?,
            channel: word_at(&self.channel, "/channel", CaseChannel::parse)?,
            subject: self.subject,
            description: self.description,
            address: self.address,
            location: self.location.map(|at| Location { latitude: at.latitude, longitude: at.longitude }),
            category: self.category.map(|id| id_at(&id, "/category")).transpose()?,
            urgency: self.urgency.unwrap_or(1),
            contact: self.resident.map(Contact::from),
            reception: None,
            earlier_handler: None,
        })
    }
}

/// A resident as the reader may see them.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ResidentDocument {
    /// Name.
    pub name: Option<String>,
    /// Telephone number.
    pub phone: Option<String>,
    /// Whether name and number are masked for this reader.
    pub is_masked: bool,
}

impl ResidentDocument {
    /// The contact, masked unless shown.
    #[must_use]
    pub fn new(contact: Contact, is_shown: bool) -> Self {
        if is_shown {
            return Self { name: contact.name, phone: contact.phone, is_masked: false };
        }
        let name = contact.name.map(|name| name.chars().take(1).chain("**".chars()).collect());
        Self { name, phone: contact.phone.as_deref().map(mask_phone), is_masked: true }
    }
}

/// A case.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Case, example = json!({
    "id": "ca-1", "number": "MQ220102-20261130-0001", "unit": "220102001001", "intakeUnit": "220102001001",
    "channel": "hotline", "subject": "3号楼2单元楼道灯不亮", "description": null, "address": "桃源路12号3号楼",
    "location": null, "resident": {"name": "张**", "phone": "138****5678", "isMasked": true}, "category": "housing",
    "skill": null, "minutes": 90, "urgency": 2, "workingDays": 5, "earliest": null, "deadline": "2026-12-07",
    "isOverdue": false, "extended": false, "handler": "p-1", "earlierHandler": null, "excluded": [],
    "status": "assigned", "level": 0, "reopened": 0, "receivedAt": "2026-11-30T01:00:00Z",
    "responseDue": "2026-12-01", "respondedAt": null, "closedAt": null, "satisfaction": null, "reception": null,
    "legalMoves": ["assign", "accept", "return", "escalate", "extend", "explain"], "version": 3
}))]
pub struct CaseDocument {
    /// Id.
    pub id: String,
    /// Speaking number.
    pub number: String,
    /// Code of the unit that answers for it now.
    pub unit: String,
    /// Code of the unit where it came in.
    pub intake_unit: String,
    /// How it came in.
    pub channel: String,
    /// What it is about.
    pub subject: String,
    /// The resident's words.
    pub description: Option<String>,
    /// Place of the matter.
    pub address: Option<String>,
    /// Position of the matter.
    pub location: Option<LocationDocument>,
    /// The resident, as the reader may see them.
    pub resident: Option<ResidentDocument>,
    /// Id of the category.
    pub category: Option<String>,
    /// Id of the skill that its handler needs.
    pub skill: Option<String>,
    /// Expected minutes.
    pub minutes: Option<u32>,
    /// Urgency, 1 ordinary to 5.
    pub urgency: u8,
    /// Working days to the deadline.
    pub working_days: u16,
    /// First day on which it can be worked.
    pub earliest: Option<NaiveDate>,
    /// Last day.
    pub deadline: NaiveDate,
    /// Open and past its deadline.
    pub is_overdue: bool,
    /// Whether the one extension is used up.
    pub extended: bool,
    /// Id of the person who handles it.
    pub handler: Option<String>,
    /// Id of the person who handled it before.
    pub earlier_handler: Option<String>,
    /// Ids of people with a conflict of interest.
    pub excluded: Vec<String>,
    /// `received`, `triaged`, `assigned`, `inProgress`, `escalated`, `returned`, `solved` or `explained`.
    pub status: String,
    /// Steps that it has gone up.
    pub level: u16,
    /// How often it was taken up again.
    pub reopened: u16,
    /// When it came in.
    pub received_at: DateTime<Utc>,
    /// Last day of a timely response.
    pub response_due: NaiveDate,
    /// When somebody took it up or answered.
    pub responded_at: Option<DateTime<Utc>>,
    /// When it was last solved or explained.
    pub closed_at: Option<DateTime<Utc>>,
    /// What the resident said: `satisfied`, `mostlySatisfied`, `dissatisfied` or `noAnswer`.
    pub satisfaction: Option<String>,
    /// Id of the reception where it came up.
    pub reception: Option<String>,
    /// Moves that are legal now.
    pub legal_moves: Vec<String>,
    /// Counts the edits, as in the `ETag`.
    pub version: i64,
}

impl CaseDocument {
    /// The case as a person sees it on a day.
    #[must_use]
    pub fn new(case: Case, reader: Option<&PersonId>, today: NaiveDate, has_parent: bool) -> Self {
        let is_shown = case.shows_contact_to(reader);
        Self {
            is_overdue: case.is_overdue(today),
            legal_moves: case.legal_moves(has_parent).into_iter().map(|name| name.to_string()).collect(),
            id: case.id.to_json(),
            number: case.number,
            unit: case.unit.to_json(),
            intake_unit: case.intake_unit.to_json(),
            channel: case.channel.to_string(),
            subject: case.subject,
            description: case.description,
            address: case.address,
            location: case.location.to_json(),
            resident: case.contact.map(|contact| ResidentDocument::new(contact, is_shown)),
            category: case.category.to_json(),
            skill: case.skill.to_json(),
            minutes: case.minutes,
            urgency: case.urgency,
            working_days: case.working_days,
            earliest: case.earliest,
            deadline: case.deadline,
            extended: case.extended,
            handler: case.handler.to_json(),
            earlier_handler: case.earlier_handler.to_json(),
            excluded: case.excluded.to_json(),
            status: case.status.to_string(),
            level: case.level,
            reopened: case.reopened,
            received_at: case.received_at,
            response_due: case.response_due,
            responded_at: case.responded_at,
            closed_at: case.closed_at,
            satisfaction: case.satisfaction.map(|said| said.to_string()),
            reception: case.reception.to_json(),
            version: case.version,
        }
    }
}

/// An earlier case that may be the same matter.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CaseSuggestion, example = json!({
    "id": "ca-0", "number": "MQ220102-20261127-0004", "subject": "楼道灯坏了", "status": "triaged", "samePlace": true,
    "sameCategory": false, "metres": 12, "daysApart": 3
}))]
pub struct SuggestionDocument {
    /// Id.
    id: String,
    /// Speaking number.
    number: String,
    /// What it is about.
    subject: String,
    /// Where it stands.
    status: String,
    /// Same address, or within 100 m.
    same_place: bool,
    /// Same category.
    same_category: bool,
    /// Metres between the places, if both are known.
    metres: Option<u32>,
    /// Days between the two.
    days_apart: i64,
}

impl From<Suggestion> for SuggestionDocument {
    fn from(suggestion: Suggestion) -> Self {
        Self {
            id: suggestion.case.id.to_json(),
            number: suggestion.case.number,
            subject: suggestion.case.subject,
            status: suggestion.case.status.to_string(),
            same_place: suggestion.same_place,
            same_category: suggestion.same_category,
            metres: suggestion.metres,
            days_apart: suggestion.days_apart,
        }
    }
}

/// A registered case, and what may be the same matter.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "case": {"id": "ca-1", "number": "MQ220102-20261130-0001", "status": "received", "version": 1}, "duplicates": []
}))]
pub struct IntakeAnswer {
    /// The case.
    pub case: CaseDocument,
    /// Earlier cases that may be the same matter, the likeliest first.
    pub duplicates: Vec<SuggestionDocument>,
}

/// One line of a case's history.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CaseEvent, example = json!({
    "number": 2, "at": "2026-11-30T02:00:00Z", "actor": "coordinator", "action": "triage", "from": "received",
    "to": "triaged", "unit": "220102001001", "handler": null, "deadline": "2026-12-07", "reason": "分类 housing，90 分钟"
}))]
pub struct CaseEventDocument {
    /// Number, from 1.
    number: u32,
    /// When.
    at: DateTime<Utc>,
    /// Who.
    actor: String,
    /// What.
    action: String,
    /// Status before; null for the first line.
    from: Option<String>,
    /// Status after.
    to: String,
    /// Code of the unit that answers for it afterwards.
    unit: String,
    /// Id of its handler afterwards.
    handler: Option<String>,
    /// Its deadline afterwards.
    deadline: NaiveDate,
    /// Why.
    reason: String,
}

impl From<CaseEvent> for CaseEventDocument {
    fn from(event: CaseEvent) -> Self {
        Self {
            number: event.seq,
            at: event.at,
            actor: event.actor,
            action: event.action.to_string(),
            from: event.from_status.map(|status| status.to_string()),
            to: event.to_status.to_string(),
            unit: event.unit.to_json(),
            handler: event.handler.to_json(),
            deadline: event.deadline,
            reason: event.reason,
        }
    }
}
