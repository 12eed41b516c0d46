//! Taking back what publication has written to receptions and visits: when it is withdrawn, and when another schedule of
//! the week takes its place.
//!
//! What nobody has touched since goes back to how it stood before. What residents rely on, what somebody has changed and
//! what has begun stays, and is said.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Timelike as _, Utc};

use super::receive::{FormerReception, told_of as told_of_reception};
use super::visits::{FormerVisit, told_of as told_of_visit};
use crate::cases::moves::By;
use crate::db::{
    DbError, DbResult, Trail, Tx, people, placement, planned_receptions, planned_visits, receptions, resources, visits,
};
use crate::domain::{Reception, ReceptionStatus, ScheduleId, Visit, VisitStatus};

/// Why something stays as a withdrawn publication wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Because {
    /// Residents have been told.
    Announced,
    /// Somebody has changed it since.
    Changed,
    /// It has begun, or the day to which it would go back is over.
    Begun,
    /// How it stood before was not kept.
    Unrecorded,
}

impl Because {
    /// The word of the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Announced => "announced",
            Self::Changed => "changed",
            Self::Begun => "begun",
            Self::Unrecorded => "unrecorded",
        }
    }
}

/// A reception or a visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// `reception` or `visit`.
    pub kind: &'static str,
    /// Its id.
    pub id: String,
}

/// What has gone back and what stays.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct TakenBack {
    /// As they stood before publication.
    pub put_back: Vec<Subject>,
    /// As publication wrote them.
    pub kept: Vec<(Subject, Because)>,
}

/// What goes back, with the version that it had, or why it stays; none where it stands as it did before.
type GoesBack<T> = Result<Option<(T, i64)>, Because>;

/// Lets a schedule that takes the place of another know what that one has written, as if it had been planned after it: who
/// of both was planned first does not matter, only that nobody else has touched it since.
///
/// # Errors
/// Those of the connection.
pub fn hand_over(tx: &mut Tx<'_>, from: &ScheduleId, to: &ScheduleId) -> DbResult<()> {
    let known: HashMap<_, _> = planned_receptions::of_schedule(tx, to)?
        .into_iter()
        .filter(|planned| !planned.is_carried_out)
        .map(|planned| (planned.reception, planned.reception_version))
        .collect();
    for written in planned_receptions::of_schedule(tx, from)?.iter().filter(|written| written.is_carried_out) {
        let Some(former) = FormerReception::read(written.former.as_deref()) else { continue };
        if known.get(&written.reception) == Some(&former.version) {
            planned_receptions::knows(tx, to, written.reception.as_str(), written.reception_version)?;
        }
    }
    let known: HashMap<_, _> = planned_visits::of_schedule(tx, to)?
        .into_iter()
        .filter(|planned| !planned.is_carried_out)
        .map(|planned| (planned.visit, planned.visit_version))
        .collect();
    for written in planned_visits::of_schedule(tx, from)?.iter().filter(|written| written.is_carried_out) {
        let Some(former) = FormerVisit::read(written.former.as_deref()) else { continue };
        if known.get(&written.visit) == Some(&former.version) {
            planned_visits::knows(tx, to, written.visit.as_str(), written.visit_version)?;
        }
    }
    Ok(())
}

/// Takes back what the publication of a schedule has written, but for what the schedule now in force, if any, has
/// written too or instead.
///
/// # Errors
/// Those of the connection.
pub fn take_back(
    tx: &mut Trail<'_, '_>,
    schedule: &ScheduleId,
    in_force: Option<&ScheduleId>,
    by: By<'_>,
) -> DbResult<TakenBack> {
    let mut taken = TakenBack::default();
    take_back_receptions(tx, schedule, in_force, by, &mut taken)?;
    take_back_visits(tx, schedule, in_force, by, &mut taken)?;
    Ok(taken)
}

/// Whether a day and minute are over, local time.
fn is_over(date: NaiveDate, minute: u16, now: DateTime<Utc>) -> bool {
    let local = now.with_timezone(&chrono_tz::Asia::Shanghai);
    (date, u32::from(minute)) <= (local.date_naive(), local.hour() * 60 + local.minute())
}

fn take_back_receptions(
    tx: &mut Trail<'_, '_>,
    schedule: &ScheduleId,
    in_force: Option<&ScheduleId>,
    by: By<'_>,
    taken: &mut TakenBack,
) -> DbResult<()> {
    let mut written = planned_receptions::of_schedule(tx, schedule)?;
    written.retain(|written| written.is_carried_out);
    let answered: HashMap<_, _> = match in_force {
        Some(in_force) => planned_receptions::of_schedule(tx, in_force)?
            .into_iter()
            .filter(|planned| planned.is_carried_out)
            .map(|planned| (planned.reception, planned.reception_version))
            .collect(),
        None => HashMap::new(),
    };
    let ids: Vec<&str> = written.iter().map(|written| written.reception.as_str()).collect();
    let stored: HashMap<_, Reception> =
        receptions::of_ids(tx, &ids)?.into_iter().map(|stored| (stored.id.clone(), stored)).collect();
    let mut changes = Vec::new();
    for written in &written {
        let Some(stored) = stored.get(&written.reception) else { continue };
        if answered.get(&stored.id) == Some(&stored.version) {
            continue;
        }
        let former = FormerReception::read(written.former.as_deref());
        let goes_back = reception(stored, written.reception_version, former, by.now);
        let subject = || Subject { kind: "reception", id: stored.id.to_string() };
        match goes_back {
            Ok(None) => {}
            Err(because) => taken.kept.push((subject(), because)),
            Ok(Some((wanted, former))) => {
                taken.put_back.push(subject());
                changes.push((stored, without_what_is_gone(tx, wanted)?, former));
            }
        }
    }
    let wanted: Vec<Reception> = changes.iter().map(|(_, wanted, _)| wanted.clone()).collect();
    receptions::replan_many(tx, &wanted)?;
    let stations: Vec<&str> = changes.iter().map(|(stored, ..)| stored.station.as_str()).collect();
    let paths = placement::of_stations(tx, &stations)?;
    for (stored, wanted, former) in changes {
        let after = Reception { version: stored.version + 1, ..wanted };
        planned_receptions::taken_back(tx, after.id.as_str(), (former, stored.version), after.version)?;
        told_of_reception(tx, &paths, "restore", stored, &after, by);
    }
    Ok(())
}

fn reception(
    stored: &Reception,
    written: i64,
    former: Option<FormerReception>,
    now: DateTime<Utc>,
) -> GoesBack<Reception> {
    if stored.status == ReceptionStatus::Announced {
        return Err(Because::Announced);
    }
    if stored.version != written || stored.status != ReceptionStatus::Planned {
        return Err(Because::Changed);
    }
    let Some(former) = former else { return Err(Because::Unrecorded) };
    let version = former.version;
    let wanted = former.back(stored);
    if wanted == *stored {
        return Ok(None);
    }
    let is_begun = is_over(stored.date, stored.start_minute, now) || is_over(wanted.date, wanted.start_minute, now);
    if is_begun { Err(Because::Begun) } else { Ok(Some((wanted, version))) }
}

/// The reception without people and room that have been deleted meanwhile.
fn without_what_is_gone(tx: &mut Tx<'_>, mut wanted: Reception) -> DbResult<Reception> {
    let named: Vec<_> = wanted.deputies.iter().chain(&wanted.host).collect();
    let known = people::names(tx, &named)?;
    wanted.deputies.retain(|deputy| known.contains_key(deputy.as_str()));
    wanted.host = wanted.host.filter(|host| known.contains_key(host.as_str()));
    match wanted.venue.as_ref().map(|venue| resources::get(tx, venue)).transpose() {
        Ok(_) => {}
        Err(DbError::NotFound { .. }) => wanted.venue = None,
        Err(error) => return Err(error),
    }
    Ok(wanted)
}

fn take_back_visits(
    tx: &mut Trail<'_, '_>,
    schedule: &ScheduleId,
    in_force: Option<&ScheduleId>,
    by: By<'_>,
    taken: &mut TakenBack,
) -> DbResult<()> {
    let mut written = planned_visits::of_schedule(tx, schedule)?;
    written.retain(|written| written.is_carried_out);
    let answered: HashMap<_, _> = match in_force {
        Some(in_force) => planned_visits::of_schedule(tx, in_force)?
            .into_iter()
            .filter(|planned| planned.is_carried_out)
            .map(|planned| (planned.visit, planned.visit_version))
            .collect(),
        None => HashMap::new(),
    };
    for written in written {
        let stored = visits::get(tx, &written.visit)?;
        if answered.get(&stored.id) == Some(&stored.version) {
            continue;
        }
        let former = FormerVisit::read(written.former.as_deref());
        let subject = Subject { kind: "visit", id: stored.id.to_string() };
        match visit(&stored, written.visit_version, former, by.now) {
            Ok(None) => {}
            Err(because) => taken.kept.push((subject, because)),
            Ok(Some((wanted, former))) => {
                let version = visits::update(tx, &wanted)?;
                planned_visits::taken_back(tx, &subject.id, (former, stored.version), version)?;
                told_of_visit(tx, &stored, &Visit { version, ..wanted }, by)?;
                taken.put_back.push(subject);
            }
        }
    }
    Ok(())
}

fn visit(stored: &Visit, written: i64, former: Option<FormerVisit>, now: DateTime<Utc>) -> GoesBack<Visit> {
    let is_open = matches!(stored.status, VisitStatus::Open | VisitStatus::Planned);
    if stored.version != written || !is_open {
        return Err(Because::Changed);
    }
    let Some(former) = former else { return Err(Because::Unrecorded) };
    let version = former.version;
    let wanted = former.back(stored);
    if wanted == *stored {
        return Ok(None);
    }
    let begins = |visit: &Visit| visit.time().is_some_and(|(date, start, _)| is_over(date, start, now));
    if begins(stored) || begins(&wanted) {
        return Err(Because::Begun);
    }
    Ok(Some((wanted, version)))
}
