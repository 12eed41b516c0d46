//! The record of a reception: what became of every matter, and the cases that follow. None is left out silently.

use super::matters::next_number;
use super::{invalid, wrong_state};
use crate::cases::intake::{Intake, receive};
use crate::db::{DbError, DbResult, Tx, reception_matters, receptions, stations};
use crate::domain::{
    Case, CaseCategoryId, CaseChannel, Contact, Fault, Matter, MatterStatus, Reception, ReceptionId, ReceptionStatus,
    SkillId, UnitId, local_date,
};
use crate::sharing::booking::Author;

/// What became of a matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedMatter {
    /// Number of the booked matter; none for somebody who came without booking.
    pub number: Option<u32>,
    /// First minute of its window, for one that was not booked.
    pub start_minute: Option<u16>,
    /// What it is about; the booking's unless given.
    pub subject: Option<String>,
    /// In the resident's words; the booking's unless given.
    pub description: Option<String>,
    /// Domain; the booking's unless given.
    pub skill: Option<SkillId>,
    /// How to reach the resident; the booking's unless given.
    pub contact: Option<Contact>,
    /// Case, answered or absent.
    pub outcome: MatterStatus,
    /// What was said.
    pub note: Option<String>,
    /// Category of the case.
    pub category: Option<CaseCategoryId>,
    /// Urgency of the case, 1 ordinary to 5.
    pub urgency: u8,
}

/// Keeps the record of a reception that took place: each matter's outcome, and a case for each that needs one.
///
/// # Errors
/// [`DbError::Conflict`] when it is not announced or still to come, [`DbError::Invalid`] when a booked matter has no
/// outcome or a number is wrong, [`DbError::NotFound`], [`DbError::Stale`].
pub fn keep_record(
    tx: &mut Tx<'_>,
    id: &ReceptionId,
    version: i64,
    recorded: Vec<RecordedMatter>,
    by: Author<'_>,
) -> DbResult<(Reception, Vec<Matter>)> {
    let mut reception = receptions::get(tx, id)?;
    reception.version = version;
    if reception.status != ReceptionStatus::Announced {
        return Err(wrong_state(format!(
            "the reception is {}; the record is kept of an announced one",
            reception.status
        )));
    }
    if reception.date > local_date(by.now) {
        return Err(wrong_state(format!("the reception is on {}; its record comes after it", reception.date)));
    }
    reception.status = ReceptionStatus::Held;
    reception.recorded_at = Some(by.now);
    receptions::update(tx, &reception)?;
    let mut matters = reception_matters::of_reception(tx, id)?;
    check_complete(&matters, &recorded)?;
    let unit = stations::get(tx, &reception.station)?.unit;
    for (index, line) in recorded.into_iter().enumerate() {
        let at = line.number.and_then(|number| matters.iter().position(|matter| matter.number == number));
        let mut matter = match at.and_then(|at| matters.get(at)) {
            Some(booked) => booked.clone(),
            None => walk_in(&reception, &matters, &line, index, by)?,
        };
        matter.subject = line.subject.clone().unwrap_or(matter.subject);
        matter.description = line.description.clone().or(matter.description);
        matter.skill = line.skill.clone().or(matter.skill);
        matter.contact = line.contact.clone().unwrap_or(matter.contact);
        matter.status = line.outcome;
        matter.note.clone_from(&line.note);
        if line.outcome == MatterStatus::Case {
            matter.case = Some(case_of(tx, &reception, &unit, &matter, &line, by)?.id);
        }
        match at.and_then(|at| matters.get_mut(at)) {
            Some(place) => {
                reception_matters::update(tx, &matter)?;
                *place = matter;
            }
            None => {
                reception_matters::insert_many(tx, std::slice::from_ref(&matter))?;
                matters.push(matter);
            }
        }
    }
    Ok((receptions::get(tx, id)?, matters))
}

/// Every booked matter has one outcome, and every number is one of the booked matters.
fn check_complete(matters: &[Matter], recorded: &[RecordedMatter]) -> DbResult<()> {
    let mut faults = Vec::new();
    for matter in matters.iter().filter(|matter| matter.status == MatterStatus::Booked) {
        let lines = recorded.iter().filter(|line| line.number == Some(matter.number)).count();
        if lines != 1 {
            faults.push(Fault::new(
                "matter-without-outcome",
                "/matters",
                format!("booked matter {} has {lines} outcomes", matter.number),
                "give each booked matter one: case, answered or absent",
            ));
        }
    }
    for (index, line) in recorded.iter().enumerate() {
        let is_booked =
            |number| matters.iter().any(|matter| matter.number == number && matter.status == MatterStatus::Booked);
        if line.number.is_some_and(|number| !is_booked(number)) {
            faults.push(Fault::new(
                "no-such-matter",
                format!("/matters/{index}/number"),
                "no booked matter has this number",
                "leave it out for somebody who came without booking",
            ));
        }
        if !matches!(line.outcome, MatterStatus::Case | MatterStatus::Answered | MatterStatus::Absent) {
            faults.push(Fault::new(
                "no-outcome",
                format!("/matters/{index}/outcome"),
                format!("{} is no outcome", line.outcome),
                "give case, answered or absent",
            ));
        }
        if line.outcome == MatterStatus::Answered && line.note.as_deref().is_none_or(|note| note.trim().is_empty()) {
            faults.push(Fault::new(
                "answer-missing",
                format!("/matters/{index}/note"),
                "it does not say what was answered",
                "write the answer down",
            ));
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(DbError::Invalid { kind: "reception", id: String::new(), faults }) }
}

fn walk_in(
    reception: &Reception,
    matters: &[Matter],
    line: &RecordedMatter,
    index: usize,
    by: Author<'_>,
) -> DbResult<Matter> {
    let Some(subject) = line.subject.clone() else {
        return Err(invalid(
            "subject-missing",
            &format!("/matters/{index}/subject"),
            "it does not say what it is about",
            "give a subject",
        ));
    };
    Ok(Matter {
        reception: reception.id.clone(),
        number: next_number(matters),
        start_minute: line.start_minute.unwrap_or(reception.start_minute),
        subject,
        description: None,
        skill: None,
        contact: Contact { name: None, phone: None },
        status: line.outcome,
        note: None,
        case: None,
        booked_at: by.now,
    })
}

fn case_of(
    tx: &mut Tx<'_>,
    reception: &Reception,
    unit: &UnitId,
    matter: &Matter,
    line: &RecordedMatter,
    by: Author<'_>,
) -> DbResult<Case> {
    let intake = Intake {
        unit: unit.clone(),
        channel: CaseChannel::Reception,
        subject: matter.subject.clone(),
        description: matter.description.clone(),
        address: None,
        location: None,
        category: line.category.clone(),
        urgency: line.urgency,
        contact: Some(matter.contact.clone()),
        reception: Some(reception.id.clone()),
        earlier_handler: None,
    };
    receive(tx, intake, by.actor, by.now, by.entropy)
}
