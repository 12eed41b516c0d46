//! Intake: one call makes a record with a speaking number, whatever the channel.

use chrono::{DateTime, NaiveDate, Utc};

use super::working_days;
use crate::db::{DbResult, Tx, case_events, cases, serials};
use crate::domain::{
    Case, CaseCategoryId, CaseChannel, CaseEvent, CaseId, CaseMove, CaseStatus, Contact, DEFAULT_WORKING_DAYS, Entropy,
    Location, PersonId, RESPONSE_WORKING_DAYS, ReceptionId, UnitId, WorkingDays, local_date,
};

/// What somebody registers.
#[derive(Debug, Clone, PartialEq)]
pub struct Intake {
    /// Unit that takes it in.
    pub unit: UnitId,
    /// How it came in.
    pub channel: CaseChannel,
    /// What it is about, in one line.
    pub subject: String,
    /// The resident's words.
    pub description: Option<String>,
    /// Place of the matter.
    pub address: Option<String>,
    /// Position of the matter.
    pub location: Option<Location>,
    /// Category, if the channel knows it.
    pub category: Option<CaseCategoryId>,
    /// Urgency, 1 ordinary to 5.
    pub urgency: u8,
    /// How to reach the resident.
    pub contact: Option<Contact>,
    /// Reception where it came up.
    pub reception: Option<ReceptionId>,
    /// Who listened to it before, to be asked first.
    pub earlier_handler: Option<PersonId>,
}

/// What a case's speaking number begins with: 民情 as MQ, the district, the day.
#[must_use]
pub fn number_prefix(unit: &UnitId, day: NaiveDate) -> String {
    format!("MQ{}-{}", unit.as_str().get(..6).unwrap_or_default(), day.format("%Y%m%d"))
}

/// The speaking number of a serial under its prefix.
#[must_use]
pub fn number(prefix: &str, serial: i64) -> String {
    format!("{prefix}-{serial:04}")
}

/// Records a case.
///
/// # Errors
/// [`DbError::Invalid`](crate::db::DbError::Invalid) when it has faults,
/// [`DbError::Conflict`](crate::db::DbError::Conflict) when the unit or the category does not exist.
pub fn receive(
    tx: &mut Tx<'_>,
    intake: Intake,
    actor: &str,
    now: DateTime<Utc>,
    entropy: &dyn Entropy,
) -> DbResult<Case> {
    let days = working_days(tx, local_date(now))?;
    receive_within(tx, intake, &days, actor, now, entropy)
}

/// As [`receive`], with the working days from today on, which were read before so that no other writer waits for that.
///
/// # Errors
/// As [`receive`].
pub fn receive_within(
    tx: &mut Tx<'_>,
    intake: Intake,
    days: &WorkingDays,
    actor: &str,
    now: DateTime<Utc>,
    entropy: &dyn Entropy,
) -> DbResult<Case> {
    let prefix = number_prefix(&intake.unit, local_date(now));
    let serial = serials::take(tx, &prefix, 1)?;
    let case = new_case(intake, CaseId::fresh(now, entropy), number(&prefix, serial), now, days);
    cases::insert(tx, &case)?;
    case_events::insert_many(tx, &[first_event(&case, actor)])?;
    Ok(case)
}

/// A case as it comes in.
#[must_use]
pub fn new_case(intake: Intake, id: CaseId, number: String, now: DateTime<Utc>, days: &WorkingDays) -> Case {
    let today = local_date(now);
    Case {
        id,
        number,
        unit: intake.unit.clone(),
        intake_unit: intake.unit,
        channel: intake.channel,
        subject: intake.subject,
        description: intake.description,
        address: intake.address,
        location: intake.location,
        category: intake.category,
        skill: None,
        minutes: None,
        urgency: intake.urgency,
        working_days: DEFAULT_WORKING_DAYS,
        earliest: None,
        deadline: days.after(today, DEFAULT_WORKING_DAYS),
        extended: false,
        handler: None,
        earlier_handler: intake.earlier_handler,
        status: CaseStatus::Received,
        level: 0,
        reopened: 0,
        received_at: now,
        response_due: days.after(today, RESPONSE_WORKING_DAYS),
        responded_at: None,
        closed_at: None,
        satisfaction: None,
        warned_at: None,
        reception: intake.reception,
        contact: intake.contact,
        excluded: Vec::new(),
        version: 1,
    }
}

/// The first line of a case's history.
#[must_use]
pub fn first_event(case: &Case, actor: &str) -> CaseEvent {
    CaseEvent {
        case: case.id.clone(),
        seq: 1,
        at: case.received_at,
        actor: actor.to_owned(),
        action: CaseMove::Receive,
        from_status: None,
        to_status: CaseStatus::Received,
        unit: case.unit.clone(),
        handler: None,
        deadline: case.deadline,
        reason: format!("来源：{}", case.channel),
    }
}
