//! Receptions 接待日 of deputies, who listen, explain and record, and dispose of no matter alone; and what is owed of
//! receptions and visits in a year.

use chrono::{DateTime, NaiveDate, Utc};

use super::case::{Contact, check_prose};
use super::fault::{Check, Fault, check_name, check_span, check_text};
use super::ids::{CaseId, PersonId, QuotaId, ReceptionId, ResourceId, ScheduleId, SkillId, StationId};
use super::person::has_repeats;
use super::text_enum;

/// Days between the announcement and the reception, at least.
pub const NOTICE_DAYS: i64 = 3;

/// Working days after the reception within which its record is handed over.
pub const HANDOVER_WORKING_DAYS: u16 = 2;

/// Receptions that a deputy owes in a year unless a quota says otherwise.
pub const DEPUTY_RECEPTIONS_A_YEAR: u16 = 2;

text_enum! {
    /// Where a reception stands.
    ReceptionStatus {
        /// It can be changed.
        Planned = "planned",
        /// It is public, and residents book.
        Announced = "announced",
        /// It took place, and its record is in.
        Held = "held",
        /// It does not take place.
        Cancelled = "cancelled",
    }
}

/// A reception day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reception {
    /// Id.
    pub id: ReceptionId,
    /// What the notice is headed.
    pub title: String,
    /// Where.
    pub station: StationId,
    /// Date, a working day.
    pub date: NaiveDate,
    /// First minute of the day.
    pub start_minute: u16,
    /// First minute after the end.
    pub end_minute: u16,
    /// Minutes of a window that residents book.
    pub slot_minutes: u16,
    /// Residents in a window.
    pub per_slot: u16,
    /// Room.
    pub venue: Option<ResourceId>,
    /// Member of staff who is host.
    pub host: Option<PersonId>,
    /// Where it stands.
    pub status: ReceptionStatus,
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
    /// Deputies, sorted; several for a joint reception.
    pub deputies: Vec<PersonId>,
    /// Counts the edits, from 1.
    pub version: i64,
}

impl Reception {
    /// First minutes of the windows; a last piece shorter than a window is none.
    #[must_use]
    pub fn windows(&self) -> Vec<u16> {
        let slot = usize::from(self.slot_minutes.max(1));
        let last = self.end_minute.saturating_sub(self.slot_minutes.max(1));
        if last < self.start_minute {
            return Vec::new();
        }
        (self.start_minute..=last).step_by(slot).collect()
    }

    /// Whether two take place at the same time.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.date == other.date && self.start_minute < other.end_minute && other.start_minute < self.end_minute
    }
}

impl Check for Reception {
    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        check_name(&mut faults, "/title", &self.title);
        check_span(&mut faults, "/startMinute", self.start_minute, self.end_minute);
        if !(5..=240).contains(&self.slot_minutes) || self.windows().is_empty() {
            faults.push(Fault::new(
                "no-window",
                "/slotMinutes",
                "no window fits into the reception",
                "give 5 to 240 minutes, and no more than the reception lasts",
            ));
        }
        if !(1..=20).contains(&self.per_slot) {
            faults.push(Fault::new("impossible-window", "/perSlot", "nobody fits, or too many", "give 1 to 20"));
        }
        if has_repeats(self.deputies.iter()) {
            faults.push(Fault::new("repeated-person", "/deputies", "a deputy is listed twice", "list each once"));
        }
        faults
    }
}

/// A decision of a roster about a reception: a proposal until the roster is published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedReception {
    /// Schedule.
    pub schedule: ScheduleId,
    /// Reception.
    pub reception: ReceptionId,
    /// Version of the reception that was planned, and of the one that publication has written: one that somebody has
    /// changed since stays as it is.
    pub reception_version: i64,
    /// Whether it is held.
    pub is_held: bool,
    /// On which day, when it is held.
    pub date: Option<NaiveDate>,
    /// From which minute of the day.
    pub start_minute: Option<u16>,
    /// To which minute of the day.
    pub end_minute: Option<u16>,
    /// Deputies who receive, sorted.
    pub deputies: Vec<PersonId>,
    /// Member of staff who is host.
    pub host: Option<PersonId>,
    /// Room; none for an announced reception, which has its own.
    pub venue: Option<ResourceId>,
    /// Why it is not held, in Chinese; empty when it is.
    pub reason_zh: String,
    /// The same in English.
    pub reason_en: String,
    /// Whether publication has written it to the reception.
    pub is_carried_out: bool,
    /// How the reception stood before that, as JSON.
    pub former: Option<String>,
}

text_enum! {
    /// What became of a booked matter.
    MatterStatus {
        /// The resident will come.
        Booked = "booked",
        /// The resident will not come.
        Cancelled = "cancelled",
        /// It was solved before the day.
        SolvedBefore = "solvedBefore",
        /// It was heard and became a case.
        Case = "case",
        /// It was answered on the spot.
        Answered = "answered",
        /// The resident did not come.
        Absent = "absent",
    }
}

impl MatterStatus {
    /// Whether it takes a place in its window.
    #[must_use]
    pub const fn takes_place(self) -> bool {
        !matches!(self, Self::Cancelled | Self::SolvedBefore)
    }
}

/// A matter that a resident brings to a reception.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matter {
    /// Reception.
    pub reception: ReceptionId,
    /// Number within it, from 1.
    pub number: u32,
    /// First minute of its window.
    pub start_minute: u16,
    /// What it is about, in one line.
    pub subject: String,
    /// In the resident's words.
    pub description: Option<String>,
    /// Domain that it falls into.
    pub skill: Option<SkillId>,
    /// How to reach the resident.
    pub contact: Contact,
    /// What became of it.
    pub status: MatterStatus,
    /// What was said, or why it was cancelled.
    pub note: Option<String>,
    /// Case that it became.
    pub case: Option<CaseId>,
    /// When it was booked.
    pub booked_at: DateTime<Utc>,
}

impl Check for Matter {
    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        check_name(&mut faults, "/subject", &self.subject);
        check_prose(&mut faults, "/description", self.description.as_deref(), 4_000);
        check_text(&mut faults, "/resident/name", self.contact.name.as_deref().unwrap_or(""), 60);
        check_text(&mut faults, "/resident/phone", self.contact.phone.as_deref().unwrap_or(""), 32);
        check_prose(&mut faults, "/note", self.note.as_deref(), 2_000);
        faults
    }
}

text_enum! {
    /// What a quota counts.
    QuotaKind {
        /// Receptions of a deputy.
        DeputyReceptions = "deputyReceptions",
        /// Visits of a deputy.
        DeputyVisits = "deputyVisits",
        /// Receptions at a station.
        StationReceptions = "stationReceptions",
    }
}

/// What a deputy or a station owes in a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quota {
    /// Id.
    pub id: QuotaId,
    /// What it counts.
    pub kind: QuotaKind,
    /// Deputy.
    pub person: Option<PersonId>,
    /// Station.
    pub station: Option<StationId>,
    /// Year.
    pub year: u16,
    /// How many are owed.
    pub target: u16,
    /// How many were done before this service counted.
    pub done_before: u16,
    /// Counts the edits, from 1.
    pub version: i64,
}

impl Check for Quota {
    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        let is_stations = self.kind == QuotaKind::StationReceptions;
        if self.person.is_some() == is_stations || self.station.is_some() != is_stations {
            faults.push(Fault::new(
                "quota-of-nobody",
                if is_stations { "/station" } else { "/person" },
                "the quota does not say whose it is",
                "name a station for stationReceptions, a person for the others, and nothing else",
            ));
        }
        if !(2000..=2200).contains(&self.year) {
            faults.push(Fault::new("impossible-year", "/year", "no such year is planned", "give 2000 to 2200"));
        }
        faults
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_fill_the_reception_and_leave_a_short_rest() {
        let mut reception = Reception {
            id: ReceptionId::parse("re-1").unwrap(),
            title: "代表接待日".to_owned(),
            station: StationId::parse("st-1").unwrap(),
            date: "2026-12-07".parse().unwrap(),
            start_minute: 540,
            end_minute: 610,
            slot_minutes: 20,
            per_slot: 1,
            venue: None,
            host: None,
            status: ReceptionStatus::Planned,
            announced_at: None,
            moved_from: None,
            moved_because: None,
            recorded_at: None,
            handover_due: "2026-12-09".parse().unwrap(),
            deputies: Vec::new(),
            version: 1,
        };
        assert_eq!(reception.windows(), [540, 560, 580]);
        assert_eq!(reception.faults(), []);
        reception.slot_minutes = 90;
        assert_eq!(reception.faults()[0].code, "no-window");
    }
}
