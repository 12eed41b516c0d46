//! Visits that deputies' quotas still ask for: each plan proposes open ones for its own days.
//!
//! By the last planned day a deputy's share of the year should be done, planned or open. Whoever lacks most is proposed
//! first, one visit to the unit where they are at home; the plan decides the half day. A proposal that somebody cancels is
//! not made again for the same week.

use std::collections::HashMap;

use chrono::{Datelike as _, NaiveDate};
use serde_json::json;

use super::generate::ends;
use super::hearings::street;
use super::proposals::due;
use super::sessions::every;
use crate::db::visits::VisitFilter;
use crate::db::{DbError, DbResult, Trail, people, units, visits};
use crate::domain::{AuditDraft, PersonId, QuotaKind, Schedule, Unit, Visit, VisitId, VisitStatus};
use crate::reception::quota::{Progress, progress};

/// Most visits that a street is proposed for a week; the rest follows later.
const MOST_A_WEEK: usize = 2;
/// Minutes of a proposed visit, and the hours between which it is made.
const LASTS: u16 = 120;
const HOURS: (u16, u16) = (9 * 60, 17 * 60);

/// Adds the open visits that the year's quotas ask for by the end of a schedule's days. Answers how many.
///
/// # Errors
/// [`DbError::NotFound`] when the schedule's unit does not exist.
pub fn propose_visits(tx: &mut Trail<'_, '_>, schedule: &Schedule, today: NaiveDate) -> DbResult<usize> {
    let (first, last) = ends(schedule.week_start, schedule.days);
    let from = first.max(today);
    if from > last {
        return Ok(0);
    }
    let year = u16::try_from(first.year()).unwrap_or(0);
    let owed = |row: &Progress| row.kind == QuotaKind::DeputyVisits && row.missing > 0;
    let rows: Vec<Progress> = progress(tx, &schedule.unit, year, today)?.into_iter().filter(owed).collect();
    if rows.is_empty() {
        return Ok(0);
    }
    let open = open_by_deputy(tx, today)?;
    let due_of = |row: &Progress| {
        due(row.target, last) - row.done - row.ahead - open.get(row.subject.as_str()).copied().unwrap_or(0)
    };
    let mut wanted: Vec<(i64, &str)> = rows.iter().map(|row| (due_of(row), row.subject.as_str())).collect();
    wanted.retain(|(due, _)| *due > 0);
    wanted.sort_unstable_by_key(|&(due, subject)| (std::cmp::Reverse(due), subject));
    let within = units::within(tx, &schedule.unit)?;
    let by_id: HashMap<&str, &Unit> = within.iter().map(|unit| (unit.id.as_str(), unit)).collect();
    let mut in_street: HashMap<&str, usize> = HashMap::new();
    let mut proposed = 0;
    for (_, deputy) in wanted {
        let Ok(person) = PersonId::parse(deputy) else { continue };
        let deputy = people::get(tx, &person)?;
        let Some(home) = by_id.get(deputy.home_unit.as_str()) else { continue };
        let so_far = in_street.entry(street(&by_id, home.id.as_str())).or_default();
        if *so_far == MOST_A_WEEK {
            continue;
        }
        let Ok(id) = VisitId::parse(&format!("vi-{person}-{}", first.format("%y%m%d"))) else { continue };
        match visits::get(tx, &id) {
            // It has been proposed before, and perhaps refused; it has had its place in this week.
            Ok(_) => {
                *so_far += 1;
                continue;
            }
            Err(DbError::NotFound { .. }) => {}
            Err(error) => return Err(error),
        }
        *so_far += 1;
        let visit = Visit {
            id,
            person: None,
            unit: deputy.home_unit.clone(),
            date: None,
            start_minute: None,
            end_minute: None,
            households: 0,
            status: VisitStatus::Open,
            note: None,
            wanted_from: Some(from),
            wanted_until: Some(last),
            earliest_minute: Some(HOURS.0),
            latest_minute: Some(HOURS.1),
            minutes: Some(LASTS),
            candidates: vec![person.clone()],
            version: 1,
        };
        visits::insert(tx, &visit)?;
        proposed += 1;
        let unit_path = Some(units::path(tx, &visit.unit)?);
        tx.tell(AuditDraft {
            action: "propose",
            kind: "visit",
            entity: visit.id.to_string(),
            unit_path,
            before: None,
            after: Some(
                json!({ "wantedFrom": from, "wantedUntil": last, "candidates": [person.as_str()] }).to_string(),
            ),
            reason: Some(format!("{year} 年度走访任务")),
        });
    }
    Ok(proposed)
}

/// How many visits are open that one deputy alone may make, by deputy.
fn open_by_deputy(tx: &mut Trail<'_, '_>, today: NaiveDate) -> DbResult<HashMap<String, i64>> {
    let filter = VisitFilter { status: Some(VisitStatus::Open), from: Some(today), ..VisitFilter::default() };
    let mut open: HashMap<String, i64> = HashMap::new();
    for visit in every(|page| visits::list(tx, &filter, page))? {
        if let [only] = visit.candidates.as_slice() {
            *open.entry(only.to_string()).or_default() += 1;
        }
    }
    Ok(open)
}
