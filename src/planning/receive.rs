//! What a roster decides about receptions: from the roster document to rows, and on publication from rows to the
//! receptions themselves.

use std::collections::{HashMap, HashSet};

use chrono::Timelike as _;
use paiban_solver::document::{PlannedReceptionDocument, ReceptionDocument};
use serde_json::json;

use super::visiting::is_visit;
use crate::cases::moves::By;
use crate::db::{DbError, DbResult, Trail, placement, planned_receptions, receptions};
use crate::domain::{
    AuditDraft, PersonId, PlannedReception, Reception, ReceptionId, ReceptionStatus, ResourceId, ScheduleId, local_date,
};
use crate::reception::announce::{change, correct};
use crate::sharing::booking::Author;

/// The needs of the roster's duties at receptions, which are no posts.
#[must_use]
pub fn seats(problem: &[ReceptionDocument]) -> HashSet<String> {
    let of = |reception: &ReceptionDocument| -> Vec<String> {
        let starts = reception.options.iter().map(|option| option.start);
        starts.flat_map(|start| [reception.need_id(start), reception.host_need_id(start)]).collect()
    };
    problem.iter().flat_map(of).collect()
}

/// What the roster decides about the receptions of its problem, visits apart, as rows. `versions` are those of the receptions that
/// were planned.
///
/// # Errors
/// [`DbError::Internal`] when the roster and the problem do not fit each other.
pub(super) fn planned_receptions(
    schedule: &ScheduleId,
    versions: &HashMap<String, i64>,
    decided: &[PlannedReceptionDocument],
) -> DbResult<Vec<PlannedReception>> {
    let odd = |what: &str| DbError::Internal(format!("the roster's reception {what} is not one of its problem"));
    decided
        .iter()
        .filter(|planned| !is_visit(&planned.reception))
        .map(|planned| {
            let id = planned.reception.as_str();
            let person = |id: &String| PersonId::parse(id).map_err(|_| odd(id));
            let (start, end) = (planned.start.map(|at| at.get()), planned.end.map(|at| at.get()));
            let minute = |at: chrono::NaiveDateTime| u16::try_from(at.hour() * 60 + at.minute()).unwrap_or(0);
            // A reception that ends at midnight ends with its day.
            let last = |at: chrono::NaiveDateTime| if minute(at) == 0 { 24 * 60 } else { minute(at) };
            let mut deputies = planned.deputies.iter().map(person).collect::<DbResult<Vec<_>>>()?;
            deputies.sort();
            Ok(PlannedReception {
                schedule: schedule.clone(),
                reception: ReceptionId::parse(id).map_err(|_| odd(id))?,
                reception_version: versions.get(id).copied().ok_or_else(|| odd(id))?,
                is_held: planned.held,
                date: start.map(|at| at.date()),
                start_minute: start.map(minute),
                end_minute: end.map(last),
                deputies,
                host: planned.host.as_ref().map(person).transpose()?,
                venue: planned
                    .venue
                    .as_ref()
                    .map(|venue| ResourceId::parse(venue).map_err(|_| odd(venue)))
                    .transpose()?,
                reason_zh: planned.reason_zh.clone(),
                reason_en: planned.reason_en.clone(),
                is_carried_out: false,
            })
        })
        .collect()
}

/// Writes what a roster that has come into force decided to the receptions: day, deputies, host and room of one that is
/// still planned; deputies, host and room of one that is announced, at the time that residents know. One that has been
/// changed since it was planned, or whose day is over, stays as it is, and so does an announced one whose people or room
/// cannot be had any more. Nothing is announced and nothing is cancelled: that is left to somebody who answers for it.
/// Answers how many were written.
///
/// # Errors
/// Those of the connection.
pub fn carry_out_receptions(
    tx: &mut Trail<'_, '_>,
    schedule: &ScheduleId,
    author: Author<'_>,
    by: By<'_>,
) -> DbResult<usize> {
    let today = local_date(by.now);
    let mut written = 0;
    let planned = planned_receptions::of_schedule(tx, schedule)?;
    for planned in planned.into_iter().filter(|planned| planned.is_held && !planned.is_carried_out) {
        let stored = receptions::get(tx, &planned.reception)?;
        let is_open = matches!(stored.status, ReceptionStatus::Planned | ReceptionStatus::Announced);
        let is_untouched = is_open && stored.version == planned.reception_version;
        let Some(date) = planned.date.filter(|date| is_untouched && *date >= today) else { continue };
        let is_public = stored.status == ReceptionStatus::Announced;
        if is_public && date != stored.date {
            continue;
        }
        let wanted = Reception {
            date,
            start_minute: planned.start_minute.unwrap_or(stored.start_minute),
            end_minute: planned.end_minute.unwrap_or(stored.end_minute),
            deputies: planned.deputies,
            host: planned.host,
            venue: planned.venue.or_else(|| stored.venue.clone()),
            ..stored.clone()
        };
        if is_public && wanted == stored {
            continue;
        }
        if wanted != stored {
            let unit_path = placement::of_station(tx, &stored.station)?;
            let after = if is_public { correct(tx, wanted, author) } else { change(tx, wanted, today) };
            let after = match after {
                Err(DbError::Invalid { .. } | DbError::Conflict { .. }) if is_public => continue,
                after => after?,
            };
            tx.tell(AuditDraft {
                action: "plan",
                kind: "reception",
                entity: after.id.to_string(),
                unit_path,
                before: Some(told(&stored)),
                after: Some(told(&after)),
                reason: by.reason.map(str::to_owned),
            });
        }
        planned_receptions::carried_out(tx, schedule, &planned.reception)?;
        written += 1;
    }
    Ok(written)
}

/// What a plan may change of a reception.
fn told(reception: &Reception) -> String {
    json!({
        "date": reception.date,
        "startMinute": reception.start_minute,
        "endMinute": reception.end_minute,
        "deputies": reception.deputies.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "host": reception.host.as_ref().map(ToString::to_string),
        "venue": reception.venue.as_ref().map(ToString::to_string),
        "version": reception.version,
    })
    .to_string()
}
