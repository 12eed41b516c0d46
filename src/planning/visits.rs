//! Visits that plans decide, from the database and, on publication, back to it.

use std::collections::HashMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::generate::ends;
use super::sessions::every;
use super::visiting::{StandingVisit, document_id};
use crate::cases::moves::By;
use crate::db::visits::VisitFilter;
use crate::db::{Connection, DbResult, Trail, planned_visits, units, visits};
use crate::domain::{AuditDraft, PersonId, PlannedVisit, Schedule, ScheduleId, UnitId, Visit, VisitStatus, local_date};

/// The visits that a plan decides about.
#[derive(Debug, Default)]
pub(super) struct LoadedVisits {
    pub(super) visits: Vec<Visit>,
    /// How they stand, when something has happened to a roster.
    pub(super) standing: Option<HashMap<String, StandingVisit>>,
}

impl LoadedVisits {
    /// Reads the visits under a schedule's unit to be decided for its days: those that are open, and those that plans
    /// have decided and nobody has changed since.
    pub(super) fn read(conn: &mut Connection, schedule: &Schedule, today: NaiveDate) -> DbResult<Self> {
        let mut found = within(conn, std::slice::from_ref(&schedule.unit), schedule)?;
        let own = decided_by_plans(conn, &found)?;
        found.retain(|visit| match visit.status {
            VisitStatus::Open => true,
            VisitStatus::Planned => {
                visit.date.is_some_and(|date| date >= today) && own.get(visit.id.as_str()) == Some(&visit.version)
            }
            VisitStatus::Done | VisitStatus::Cancelled => false,
        });
        Ok(Self { visits: found, standing: None })
    }

    /// Reads the visits under some units that a schedule has decided about, as they stand from this day on.
    pub(super) fn read_again(
        conn: &mut Connection,
        schedule: &Schedule,
        roots: &[UnitId],
        today: NaiveDate,
    ) -> DbResult<Self> {
        let planned = planned_visits::of_schedule(conn, &schedule.id)?;
        let planned: HashMap<&str, &PlannedVisit> =
            planned.iter().map(|planned| (planned.visit.as_str(), planned)).collect();
        let mut standing = HashMap::new();
        let mut found = if planned.is_empty() { Vec::new() } else { within(conn, roots, schedule)? };
        found.retain(|visit| {
            let decided = planned.get(visit.id.as_str()).copied();
            let is_untouched = decided.is_some_and(|planned| planned.visit_version == visit.version);
            if !is_untouched || !matches!(visit.status, VisitStatus::Open | VisitStatus::Planned) {
                return false;
            }
            let stands = StandingVisit::of(visit, decided);
            if stands.as_ref().is_some_and(|stands| stands.date < today) {
                return false;
            }
            standing.extend(stands.map(|stands| (visit.id.to_string(), stands)));
            true
        });
        Ok(Self { visits: found, standing: Some(standing) })
    }

    /// Everybody whom the visits name.
    pub(super) fn people(&self) -> impl Iterator<Item = &PersonId> {
        let standing = self.standing.iter().flat_map(HashMap::values).map(|stands| &stands.person);
        self.visits.iter().flat_map(|visit| visit.candidates.iter().chain(&visit.person)).chain(standing)
    }

    /// Versions by what the problem calls them.
    pub(super) fn versions(&self) -> impl Iterator<Item = (String, i64)> {
        self.visits.iter().map(|visit| (document_id(&visit.id), visit.version))
    }

    /// Whether the plan decides about a visit.
    pub(super) fn decides(&self, visit: &Visit) -> bool {
        self.visits.iter().any(|known| known.id == visit.id)
    }
}

/// Visits under some units that fall into a schedule's days, or might.
fn within(conn: &mut Connection, roots: &[UnitId], schedule: &Schedule) -> DbResult<Vec<Visit>> {
    let (first, last) = ends(schedule.week_start, schedule.days);
    let mut found = Vec::new();
    for root in roots {
        let filter =
            VisitFilter { subtree: Some(root.clone()), from: Some(first), to: Some(last), ..VisitFilter::default() };
        found.extend(every(|page| visits::list(conn, &filter, page))?);
    }
    Ok(found)
}

/// The versions that publications have written, by visit.
fn decided_by_plans(conn: &mut Connection, visits: &[Visit]) -> DbResult<HashMap<String, i64>> {
    let planned = visits.iter().filter(|visit| visit.status == VisitStatus::Planned && visit.wish().is_some());
    let ids: Vec<&str> = planned.map(|visit| visit.id.as_str()).collect();
    let mut own: HashMap<String, i64> = HashMap::new();
    for written in planned_visits::written_to(conn, &ids)? {
        let newest = own.entry(written.visit.to_string()).or_default();
        *newest = written.visit_version.max(*newest);
    }
    Ok(own)
}

/// Writes what a roster that has come into force decided to the visits: an open one becomes planned, one that an earlier
/// roster has planned goes over to another person or hour, or is open again when this roster leaves it out. One that
/// has been changed since it was planned, or whose day is over, stays as it is. Answers how many were written.
///
/// # Errors
/// Those of the connection.
pub fn carry_out_visits(tx: &mut Trail<'_, '_>, schedule: &ScheduleId, by: By<'_>) -> DbResult<usize> {
    let today = local_date(by.now);
    let mut written = 0;
    let planned = planned_visits::of_schedule(tx, schedule)?;
    for planned in planned.iter().filter(|planned| !planned.is_carried_out) {
        let stored = visits::get(tx, &planned.visit)?;
        let is_ahead = stored.date.is_none_or(|date| date >= today);
        let wanted = match (planned.decision(), stored.status) {
            (Some((person, time)), VisitStatus::Open | VisitStatus::Planned) if time.0 >= today => {
                stored.clone().decided(person.clone(), time)
            }
            (None, VisitStatus::Planned) => stored.clone().reopened(),
            _ => continue,
        };
        if stored.version != planned.visit_version || !is_ahead {
            continue;
        }
        let mut version = stored.version;
        if wanted != stored {
            version = visits::update(tx, &wanted)?;
            told_of(tx, &stored, &Visit { version, ..wanted }, by)?;
        }
        planned_visits::carried_out(tx, schedule, planned.visit.as_str(), version, &FormerVisit::of(&stored).json())?;
        written += 1;
    }
    Ok(written)
}

/// Appends what was written to a visit to the audit trail.
///
/// # Errors
/// Those of the connection.
pub(super) fn told_of(tx: &mut Trail<'_, '_>, before: &Visit, after: &Visit, by: By<'_>) -> DbResult<()> {
    let unit_path = Some(units::path(tx, &before.unit)?);
    tx.tell(AuditDraft {
        action: if after.status == VisitStatus::Open { "reopen" } else { "plan" },
        kind: "visit",
        entity: before.id.to_string(),
        unit_path,
        before: Some(FormerVisit::of(before).json()),
        after: Some(FormerVisit::of(after).json()),
        reason: by.reason.map(str::to_owned),
    });
    Ok(())
}

/// What a plan may change of a visit, as it stood before a publication has written to it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FormerVisit {
    pub version: i64,
    status: String,
    person: Option<String>,
    date: Option<NaiveDate>,
    start_minute: Option<u16>,
    end_minute: Option<u16>,
}

impl FormerVisit {
    fn of(visit: &Visit) -> Self {
        Self {
            version: visit.version,
            status: visit.status.to_string(),
            person: visit.person.as_ref().map(ToString::to_string),
            date: visit.date,
            start_minute: visit.start_minute,
            end_minute: visit.end_minute,
        }
    }

    fn json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// None when nothing was kept.
    pub(super) fn read(kept: Option<&str>) -> Option<Self> {
        serde_json::from_str(kept?).ok()
    }

    /// The visit as it stood: with whoever was to make it, or open.
    pub(super) fn back(self, stored: &Visit) -> Visit {
        let person = self.person.and_then(|id| PersonId::parse(&id).ok());
        match (person, self.date, self.start_minute, self.end_minute) {
            (Some(person), Some(date), Some(start), Some(end)) => stored.clone().decided(person, (date, start, end)),
            _ => stored.clone().reopened(),
        }
    }
}
