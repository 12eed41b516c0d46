//! Residents book matters into windows; each window holds so many.

use chrono::{DateTime, Utc};

use super::{invalid, wrong_state};
use crate::db::{ConflictKind, DbError, DbResult, Tx, reception_matters, receptions};
use crate::domain::{Contact, Matter, MatterStatus, Reception, ReceptionId, ReceptionStatus, SkillId, local_date};

/// What a resident brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMatter {
    /// First minute of the window.
    pub start_minute: u16,
    /// What it is about, in one line.
    pub subject: String,
    /// In the resident's words.
    pub description: Option<String>,
    /// Domain that it falls into.
    pub skill: Option<SkillId>,
    /// How to reach the resident.
    pub contact: Contact,
}

/// Books a matter into a window of an announced reception.
///
/// # Errors
/// [`DbError::Conflict`] of kind full when the window is taken, of kind state when the reception takes no bookings;
/// [`DbError::Invalid`] when there is no such window.
pub fn book_matter(tx: &mut Tx<'_>, id: &ReceptionId, wanted: NewMatter, now: DateTime<Utc>) -> DbResult<Matter> {
    let reception = receptions::lock(tx, id)?;
    if reception.status != ReceptionStatus::Announced {
        return Err(wrong_state(format!("the reception is {}; only an announced one is booked", reception.status)));
    }
    if reception.date < local_date(now) {
        return Err(wrong_state(format!("the reception was on {}; choose a later one", reception.date)));
    }
    if !reception.windows().contains(&wanted.start_minute) {
        return Err(invalid(
            "no-such-window",
            "/startMinute",
            format!("no window begins at minute {}", wanted.start_minute),
            "choose one of the reception's windows",
        ));
    }
    let matters = reception_matters::of_reception(tx, id)?;
    if taken(&matters, wanted.start_minute) >= usize::from(reception.per_slot) {
        let free: Vec<String> = free_windows(&reception, &matters).iter().map(|minute| clock(*minute)).collect();
        let free = if free.is_empty() { "none".to_owned() } else { free.join(", ") };
        return Err(DbError::conflict(
            "matter",
            ConflictKind::Full,
            format!("the window at {} is full; free are: {free}", clock(wanted.start_minute)),
        ));
    }
    let matter = Matter {
        reception: id.clone(),
        number: next_number(&matters),
        start_minute: wanted.start_minute,
        subject: wanted.subject,
        description: wanted.description,
        skill: wanted.skill,
        contact: wanted.contact,
        status: MatterStatus::Booked,
        note: None,
        case: None,
        booked_at: now,
    };
    reception_matters::insert_many(tx, std::slice::from_ref(&matter))?;
    Ok(matter)
}

/// The number of a reception's next matter.
pub(super) fn next_number(matters: &[Matter]) -> u32 {
    matters.last().map_or(1, |last| last.number + 1)
}

fn taken(matters: &[Matter], start_minute: u16) -> usize {
    matters.iter().filter(|matter| matter.start_minute == start_minute && matter.status.takes_place()).count()
}

/// The windows in which somebody still fits.
#[must_use]
pub fn free_windows(reception: &Reception, matters: &[Matter]) -> Vec<u16> {
    let per_slot = usize::from(reception.per_slot);
    reception.windows().into_iter().filter(|minute| taken(matters, *minute) < per_slot).collect()
}

/// A minute of the day as a clock shows it.
#[must_use]
pub fn clock(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// Takes a booked matter out: cancelled, or solved before the day.
///
/// # Errors
/// [`DbError::Conflict`] when it is not booked, [`DbError::Invalid`] without a note, [`DbError::NotFound`].
pub fn take_out(tx: &mut Tx<'_>, id: &ReceptionId, number: u32, status: MatterStatus, note: &str) -> DbResult<Matter> {
    receptions::lock(tx, id)?;
    let mut matter = reception_matters::get(tx, id, number)?;
    if matter.status != MatterStatus::Booked {
        return Err(DbError::conflict(
            "matter",
            ConflictKind::State,
            format!("the matter is {}; only a booked one can be taken out", matter.status),
        ));
    }
    if note.trim().is_empty() {
        return Err(invalid("reason-missing", "/note", "there is no note", "say why or how"));
    }
    matter.status = status;
    matter.note = Some(note.trim().to_owned());
    reception_matters::update(tx, &matter)?;
    Ok(matter)
}

/// Cancels every booked matter of a reception that does not take place.
pub(super) fn cancel_all(tx: &mut Tx<'_>, id: &ReceptionId, reason: &str) -> DbResult<()> {
    for mut matter in reception_matters::of_reception(tx, id)? {
        if matter.status == MatterStatus::Booked {
            matter.status = MatterStatus::Cancelled;
            matter.note = Some(reason.trim().to_owned());
            reception_matters::update(tx, &matter)?;
        }
    }
    Ok(())
}
