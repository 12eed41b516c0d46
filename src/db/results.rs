//! What a solve leaves behind: a roster, its proof, and the needs left unmet. Stored in one transaction.

use std::collections::HashSet;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;

use super::assignments;
use super::dialect::{on, rows_per_insert};
use super::error::{ConflictKind, DbError, Verb};
use super::page::{Page, Slice, cursor};
use super::record::{Stored, restore};
use super::schema::{schedule_rules, schedule_tiers, unmet_needs};
use super::{Connection, DbResult, Tx, planned_cases, planned_receptions, planned_visits, schedules};
use crate::domain::{
    Assignment, AssignmentSource, OutcomeStatus, PersonId, PlannedCase, PlannedReception, PlannedVisit, Post, PostId,
    Schedule, ScheduleId, ScheduleStatus, StationId, TierRow, UnmetNeed,
};

const KIND: &str = "schedule";

/// A duty as a solve gives it: who, and at which post.
#[derive(Debug, Clone)]
pub struct PlannedDuty<'a> {
    /// Who.
    pub person: PersonId,
    /// At which post.
    pub post: &'a Post,
}

/// Everything that a solve leaves behind.
#[derive(Debug, Clone)]
pub struct PlanResult<'a> {
    /// How it ended.
    pub outcome: OutcomeStatus,
    /// Hash of the problem.
    pub input_hash: String,
    /// The certificate, JSON.
    pub certificate: String,
    /// The roster.
    pub duties: Vec<PlannedDuty<'a>>,
    /// Tiers 1 to 3.
    pub tiers: Vec<TierRow>,
    /// Cost per rule code.
    pub rules: Vec<(String, i64)>,
    /// Posts below their minimum.
    pub unmet: Vec<UnmetNeed>,
    /// What becomes of residents' cases.
    pub cases: Vec<PlannedCase>,
    /// What becomes of receptions.
    pub receptions: Vec<PlannedReception>,
    /// What becomes of visits.
    pub visits: Vec<PlannedVisit>,
}

/// Replaces a schedule's roster, proof and unmet needs by a result, and answers the schedule as it now stands. Pinned
/// assignments keep their numbers.
///
/// # Errors
/// [`DbError::NotFound`], or [`DbError::Conflict`] when the schedule is published: a roster in force is never
/// overwritten.
pub fn store_result(
    tx: &mut Tx<'_>,
    id: &ScheduleId,
    result: &PlanResult<'_>,
    now: DateTime<Utc>,
) -> DbResult<Schedule> {
    let mut schedule = schedules::get(tx, id)?;
    if !matches!(schedule.status, ScheduleStatus::Draft | ScheduleStatus::Planned) {
        return Err(DbError::conflict(
            KIND,
            ConflictKind::State,
            format!("it is {}; plan the week again as a new schedule", schedule.status),
        ));
    }
    let mut seq = assignments::take_numbers(tx, id, result.duties.len())?;
    assignments::clear_unpinned(tx, id)?;
    let kept: HashSet<(String, String)> = assignments::of_schedule(tx, id)?
        .into_iter()
        .map(|assignment| (assignment.person.store(), assignment.post.store()))
        .collect();
    let mut rows = Vec::with_capacity(result.duties.len());
    for duty in &result.duties {
        if kept.contains(&(duty.person.store(), duty.post.id.store())) {
            continue;
        }
        rows.push(Assignment {
            schedule: id.clone(),
            seq,
            person: duty.person.clone(),
            post: duty.post.id.clone(),
            station: duty.post.station.clone(),
            date: duty.post.date,
            start_minute: duty.post.start_minute,
            end_minute: duty.post.end_minute,
            pinned: false,
            source: AssignmentSource::Solver,
            version: 1,
        });
        seq += 1;
    }
    assignments::insert_many(tx, &rows)?;
    store_proof(tx, id, &result.tiers, &result.rules)?;
    clear_unmet(tx, id)?;
    add_unmet(tx, id, &result.unmet)?;
    planned_cases::store(tx, id, &result.cases)?;
    planned_receptions::store(tx, id, &result.receptions)?;
    planned_visits::store(tx, id, &result.visits)?;
    schedule.status = ScheduleStatus::Planned;
    schedule.outcome = Some(result.outcome);
    schedule.input_hash = Some(result.input_hash.clone());
    schedule.certificate = Some(result.certificate.clone());
    schedule.planned_at = Some(now);
    schedule.version = schedules::update(tx, &schedule)?;
    Ok(schedule)
}

/// What a new version of a roster has of its own; the rest it takes from the version before.
#[derive(Debug, Clone)]
pub struct VersionResult {
    /// Duties that only the version before has.
    pub removed: Vec<(PersonId, PostId)>,
    /// Duties that only the new version has.
    pub added: Vec<Assignment>,
    /// Tiers 1 to 3.
    pub tiers: Vec<TierRow>,
    /// Cost per rule code.
    pub rules: Vec<(String, i64)>,
    /// Stations whose unmet needs are told anew.
    pub stations: Vec<StationId>,
    /// Their unmet needs.
    pub unmet: Vec<UnmetNeed>,
    /// Cases about which it decides otherwise.
    pub cases: Vec<PlannedCase>,
    /// Receptions about which it decides otherwise.
    pub receptions: Vec<PlannedReception>,
    /// Visits about which it decides otherwise.
    pub visits: Vec<PlannedVisit>,
}

/// Stores a schedule that takes everything but the given from another one's roster. The numbers of `added` are given
/// here.
///
/// # Errors
/// Those of the connection.
pub fn store_version(
    tx: &mut Tx<'_>,
    schedule: &Schedule,
    before: &ScheduleId,
    result: &VersionResult,
) -> DbResult<()> {
    use unmet_needs as t;

    schedules::insert(tx, schedule)?;
    let id = &schedule.id;
    assignments::copy_all(tx, before, id)?;
    assignments::remove_duties(tx, id, &result.removed)?;
    planned_cases::copy_all(tx, before, id, &result.cases)?;
    planned_receptions::copy_all(tx, before, id, &result.receptions)?;
    planned_visits::copy_all(tx, before, id, &result.visits)?;
    let first = assignments::take_numbers(tx, id, result.added.len())?;
    let added: Vec<Assignment> = (first..)
        .zip(&result.added)
        .map(|(seq, duty)| Assignment { seq, schedule: id.clone(), version: 1, ..duty.clone() })
        .collect();
    assignments::insert_many(tx, &added)?;
    store_proof(tx, id, &result.tiers, &result.rules)?;
    let stations: Vec<&str> = result.stations.iter().map(StationId::as_str).collect();
    on!(&mut **tx, c => {
        let rows = t::table.filter(t::schedule.eq(before.as_str())).filter(t::station.ne_all(&stations)).select((
            diesel::dsl::sql::<diesel::sql_types::Text>("").bind::<diesel::sql_types::Text, _>(id.as_str()), t::post,
            t::station, t::date, t::missing, t::busy_elsewhere, t::stopped_by, t::reason_zh, t::reason_en,
        ));
        diesel::insert_into(t::table)
            .values(rows)
            .into_columns((
                t::schedule, t::post, t::station, t::date, t::missing, t::busy_elsewhere, t::stopped_by, t::reason_zh,
                t::reason_en,
            ))
            .execute(c)
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Store))?;
    add_unmet(tx, id, &result.unmet)
}

fn store_proof(tx: &mut Tx<'_>, id: &ScheduleId, tiers: &[TierRow], rules: &[(String, i64)]) -> DbResult<()> {
    use {schedule_rules as r, schedule_tiers as t};

    let tiers: Vec<_> = tiers
        .iter()
        .map(|tier| {
            (
                t::schedule.eq(id.store()),
                t::tier.eq(tier.tier.store()),
                t::value.eq(tier.value),
                t::bound.eq(tier.bound),
                t::gap.eq(tier.gap),
                t::method.eq(tier.method.clone()),
                t::seconds.eq(tier.seconds),
            )
        })
        .collect();
    let rules: Vec<_> = rules
        .iter()
        .map(|(rule, value)| (r::schedule.eq(id.store()), r::rule.eq(rule.clone()), r::value.eq(*value)))
        .collect();
    on!(&mut **tx, c => {
        diesel::delete(t::table.filter(t::schedule.eq(id.as_str())))
            .execute(c)
            .and_then(|_| diesel::delete(r::table.filter(r::schedule.eq(id.as_str()))).execute(c))
            .and_then(|_| diesel::insert_into(t::table).values(&tiers).execute(c))
            .and_then(|_| diesel::insert_into(r::table).values(&rules).execute(c))
    })
    .map(drop)
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Store))
}

fn clear_unmet(tx: &mut Tx<'_>, id: &ScheduleId) -> DbResult<()> {
    use unmet_needs as t;

    on!(&mut **tx, c => diesel::delete(t::table.filter(t::schedule.eq(id.as_str()))).execute(c))
        .map(drop)
        .map_err(|error| DbError::from_diesel(error, KIND, Verb::Delete))
}

fn add_unmet(tx: &mut Tx<'_>, id: &ScheduleId, unmet: &[UnmetNeed]) -> DbResult<()> {
    use unmet_needs as t;

    let rows: Vec<_> = unmet
        .iter()
        .map(|need| {
            (
                t::schedule.eq(id.store()),
                t::post.eq(need.post.store()),
                t::station.eq(need.station.store()),
                t::date.eq(need.date),
                t::missing.eq(need.missing.store()),
                t::busy_elsewhere.eq(need.busy_elsewhere.store()),
                t::stopped_by.eq(need.stopped_by.clone()),
                t::reason_zh.eq(need.reason_zh.clone()),
                t::reason_en.eq(need.reason_en.clone()),
            )
        })
        .collect();
    for chunk in rows.chunks(rows_per_insert(9)) {
        on!(&mut **tx, c => diesel::insert_into(t::table).values(chunk).execute(c))
            .map_err(|error| DbError::from_diesel(error, KIND, Verb::Store))?;
    }
    Ok(())
}

/// Tiers 1 to 3 of a schedule; empty before it is planned.
///
/// # Errors
/// Those of the connection.
pub fn tiers(conn: &mut Connection, id: &ScheduleId) -> DbResult<Vec<TierRow>> {
    use schedule_tiers as t;

    let rows: Vec<(i64, i64, i64, f64, String, f64)> = on!(conn, c => {
        t::table
            .filter(t::schedule.eq(id.as_str()))
            .order(t::tier)
            .select((t::tier, t::value, t::bound, t::gap, t::method, t::seconds))
            .load(c)
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    rows.into_iter()
        .map(|(tier, value, bound, gap, method, seconds)| {
            Ok(TierRow { tier: restore(tier, "schedule_tiers", "tier")?, value, bound, gap, method, seconds })
        })
        .collect()
}

/// Cost per rule code of a schedule, by code.
///
/// # Errors
/// Those of the connection.
pub fn rules(conn: &mut Connection, id: &ScheduleId) -> DbResult<Vec<(String, i64)>> {
    use schedule_rules as r;

    on!(conn, c => {
        r::table.filter(r::schedule.eq(id.as_str())).order(r::rule).select((r::rule, r::value)).load(c)
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))
}

type UnmetRow = (String, String, NaiveDate, i64, i64, String, String, String);

/// A page of a schedule's unmet needs, by post.
///
/// # Errors
/// Those of the connection.
pub fn unmet(
    conn: &mut Connection,
    id: &ScheduleId,
    station: Option<&StationId>,
    page: &Page,
) -> DbResult<Slice<UnmetNeed>> {
    use unmet_needs as t;

    let after = page.cursor_parts::<1>()?;
    let rows: Vec<UnmetRow> = on!(conn, c => {
        let mut query = t::table
            .filter(t::schedule.eq(id.as_str()))
            .select((t::post, t::station, t::date, t::missing, t::busy_elsewhere, t::stopped_by, t::reason_zh, t::reason_en))
            .into_boxed();
        if let Some(station) = station {
            query = query.filter(t::station.eq(station.as_str()));
        }
        if let Some([post]) = after {
            query = query.filter(t::post.gt(post));
        }
        query.order(t::post).limit(page.fetch()).load(c)
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    let items = rows
        .into_iter()
        .map(|(post, station, date, missing, busy_elsewhere, stopped_by, reason_zh, reason_en)| {
            Ok(UnmetNeed {
                post: restore::<_, PostId>(post, "unmet_needs", "post")?,
                station: restore(station, "unmet_needs", "station")?,
                date,
                missing: restore(missing, "unmet_needs", "missing")?,
                busy_elsewhere: restore(busy_elsewhere, "unmet_needs", "busy_elsewhere")?,
                stopped_by,
                reason_zh,
                reason_en,
            })
        })
        .collect::<DbResult<Vec<_>>>()?;
    Ok(Slice::cut(items, page, |need: &UnmetNeed| cursor(&[need.post.as_str()])))
}
