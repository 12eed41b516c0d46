//! What a roster decides about receptions: from the roster document to rows, and on publication from rows to the
//! receptions themselves.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::{Datelike as _, NaiveDate, Timelike as _};
use paiban_solver::document::{PlannedReceptionDocument, ReceptionDocument};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::visiting::is_visit;
use crate::cases::moves::By;
use crate::cases::working_days;
use crate::db::{DbError, DbResult, Trail, placement, planned_receptions, receptions};
use crate::domain::{
    AuditDraft, PersonId, PlannedReception, Reception, ReceptionId, ReceptionStatus, ResourceId, ScheduleId,
    WorkingDays, local_date,
};
use crate::reception::announce::{changed, correct};
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
                former: None,
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
    let mut planned = planned_receptions::of_schedule(tx, schedule)?;
    planned.retain(|planned| planned.is_held && !planned.is_carried_out);
    let ids: Vec<&str> = planned.iter().map(|planned| planned.reception.as_str()).collect();
    let stored = receptions::of_ids(tx, &ids)?;
    let stations: BTreeSet<&str> = stored.iter().map(|reception| reception.station.as_str()).collect();
    let paths = placement::of_stations(tx, &stations.into_iter().collect::<Vec<_>>())?;
    let mut stored: HashMap<ReceptionId, Reception> =
        stored.into_iter().map(|reception| (reception.id.clone(), reception)).collect();
    let mut calendars: HashMap<i32, WorkingDays> = HashMap::new();
    let (mut done, mut changes, mut corrected) = (Vec::new(), Vec::new(), Vec::new());
    for planned in planned {
        let Some(stored) = stored.remove(&planned.reception) else { continue };
        let Some(wanted) = wanted(&stored, planned, today) else { continue };
        if wanted == stored {
            done.push((wanted.id, wanted.version, FormerReception::of(&stored)));
        } else if stored.status == ReceptionStatus::Announced {
            corrected.push((stored, wanted));
        } else {
            if let Entry::Vacant(year) = calendars.entry(wanted.date.year()) {
                year.insert(working_days(tx, wanted.date)?);
            }
            let days = calendars.get(&wanted.date.year());
            let days = days.ok_or_else(|| DbError::Internal("a year has no working days".to_owned()))?;
            let wanted = changed(&stored, wanted, days, today)?;
            changes.push((stored, wanted));
        }
    }
    // What is public is changed one by one: each of these asks who is free and books its room after the others.
    for (stored, wanted) in corrected {
        match correct(tx, wanted, author) {
            Ok(after) => {
                told_of(tx, &paths, "plan", &stored, &after, by);
                done.push((after.id, after.version, FormerReception::of(&stored)));
            }
            Err(DbError::Invalid { .. } | DbError::Conflict { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    let wanted: Vec<Reception> = changes.iter().map(|(_, wanted)| wanted.clone()).collect();
    receptions::replan_many(tx, &wanted)?;
    for (stored, wanted) in changes {
        let after = Reception { version: wanted.version + 1, ..wanted };
        told_of(tx, &paths, "plan", &stored, &after, by);
        done.push((after.id, after.version, FormerReception::of(&stored)));
    }
    for (reception, version, former) in &done {
        planned_receptions::carried_out(tx, schedule, reception.as_str(), *version, &former.json())?;
    }
    Ok(done.len())
}

/// What a roster makes of a reception; none when it leaves it as it is.
fn wanted(stored: &Reception, planned: PlannedReception, today: NaiveDate) -> Option<Reception> {
    let is_open = matches!(stored.status, ReceptionStatus::Planned | ReceptionStatus::Announced);
    let is_untouched = is_open && stored.version == planned.reception_version;
    let date = planned.date.filter(|date| is_untouched && *date >= today)?;
    let is_public = stored.status == ReceptionStatus::Announced;
    if is_public && date != stored.date {
        return None;
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
    (!is_public || wanted != *stored).then_some(wanted)
}

/// What a plan may change of a reception, as it stood before a publication has written to it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FormerReception {
    pub version: i64,
    date: NaiveDate,
    start_minute: u16,
    end_minute: u16,
    moved_from: Option<NaiveDate>,
    moved_because: Option<String>,
    handover_due: NaiveDate,
    deputies: Vec<String>,
    host: Option<String>,
    venue: Option<String>,
}

impl FormerReception {
    fn of(reception: &Reception) -> Self {
        Self {
            version: reception.version,
            date: reception.date,
            start_minute: reception.start_minute,
            end_minute: reception.end_minute,
            moved_from: reception.moved_from,
            moved_because: reception.moved_because.clone(),
            handover_due: reception.handover_due,
            deputies: reception.deputies.iter().map(ToString::to_string).collect(),
            host: reception.host.as_ref().map(ToString::to_string),
            venue: reception.venue.as_ref().map(ToString::to_string),
        }
    }

    fn json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// None when nothing was kept.
    pub(super) fn read(kept: Option<&str>) -> Option<Self> {
        serde_json::from_str(kept?).ok()
    }

    /// The reception as it stood.
    pub(super) fn back(self, stored: &Reception) -> Reception {
        Reception {
            date: self.date,
            start_minute: self.start_minute,
            end_minute: self.end_minute,
            moved_from: self.moved_from,
            moved_because: self.moved_because,
            handover_due: self.handover_due,
            deputies: self.deputies.iter().filter_map(|id| PersonId::parse(id).ok()).collect(),
            host: self.host.and_then(|id| PersonId::parse(&id).ok()),
            venue: self.venue.and_then(|id| ResourceId::parse(&id).ok()),
            ..stored.clone()
        }
    }
}

/// Appends what was written to a reception to the audit trail; `paths` are those of the stations' units.
pub(super) fn told_of(
    tx: &mut Trail<'_, '_>,
    paths: &HashMap<String, String>,
    action: &'static str,
    before: &Reception,
    after: &Reception,
    by: By<'_>,
) {
    tx.tell(AuditDraft {
        action,
        kind: "reception",
        entity: after.id.to_string(),
        unit_path: paths.get(after.station.as_str()).cloned(),
        before: Some(told(before)),
        after: Some(told(after)),
        reason: by.reason.map(str::to_owned),
    });
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
