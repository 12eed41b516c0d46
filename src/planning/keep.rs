//! From a solved roster back to the database.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use paiban_solver::document::{RosterDocument, StatusDocument};

use super::receive::{planned_receptions, seats};
use super::settle::{case_duties, planned_cases};
use super::visiting::planned_visits;
use super::week::PreparedWeek;
use crate::db::results::{PlanResult, PlannedDuty, store_result};
use crate::db::{DbError, DbResult, Tx};
use crate::domain::{OutcomeStatus, PersonId, Post, Schedule, TierRow, UnmetNeed};

/// Stores a roster as the result of the prepared week's schedule, in the caller's transaction, and answers the
/// schedule as it now stands. The certificate is kept as the roster document without its duties, unmet needs, cases and
/// receptions, which have tables of their own.
///
/// # Errors
/// Those of [`store_result`]; [`DbError::NotFound`] when the roster names a post that the week does not have.
pub fn keep_roster(
    tx: &mut Tx<'_>,
    week: &PreparedWeek,
    roster: RosterDocument,
    now: DateTime<Utc>,
) -> DbResult<Schedule> {
    let at_cases = case_duties(&roster.cases, &roster.duties);
    let seats = seats(&week.document.receptions);
    let duties = roster
        .duties
        .iter()
        .filter(|duty| !at_cases.contains_key(duty.need.as_str()) && !seats.contains(&duty.need))
        .map(|duty| Ok(PlannedDuty { person: person(&duty.person)?, post: post(&week.posts, &duty.need)? }))
        .collect::<DbResult<Vec<_>>>()?;
    let unmet = roster
        .unmet
        .iter()
        .map(|need| {
            let post = post(&week.posts, &need.need)?;
            Ok(UnmetNeed {
                post: post.id.clone(),
                station: post.station.clone(),
                date: post.date,
                missing: need.missing,
                busy_elsewhere: need.busy_elsewhere,
                stopped_by: json(&need.stopped_by)?,
                reason_zh: need.reason_zh.clone(),
                reason_en: need.reason_en.clone(),
            })
        })
        .collect::<DbResult<Vec<_>>>()?;
    let tiers = roster
        .tiers
        .iter()
        .map(|tier| TierRow {
            tier: tier.tier,
            value: tier.value,
            bound: tier.bound,
            gap: tier.gap,
            method: tier.method.clone(),
            seconds: tier.seconds,
        })
        .collect();
    let result = PlanResult {
        outcome: match roster.status {
            StatusDocument::Optimal => OutcomeStatus::Optimal,
            StatusDocument::Feasible => OutcomeStatus::Feasible,
            StatusDocument::Stopped => OutcomeStatus::Stopped,
        },
        input_hash: roster.certificate.input_hash.clone(),
        rules: roster.rules.iter().map(|(rule, value)| (rule.clone(), *value)).collect(),
        certificate: json(&RosterDocument {
            duties: Vec::new(),
            unmet: Vec::new(),
            cases: Vec::new(),
            receptions: Vec::new(),
            ..roster.clone()
        })?,
        duties,
        tiers,
        unmet,
        cases: planned_cases(&week.schedule.id, &week.document.cases, &roster.cases, &roster.duties)?,
        receptions: planned_receptions(&week.schedule.id, &week.receptions, &roster.receptions)?,
        visits: planned_visits(&week.schedule.id, &week.receptions, &roster.receptions)?,
    };
    store_result(tx, &week.schedule.id, &result, now)
}

fn person(id: &str) -> DbResult<PersonId> {
    PersonId::parse(id).map_err(|_| DbError::not_found("person", id))
}

fn post<'a>(posts: &'a HashMap<String, Post>, id: &str) -> DbResult<&'a Post> {
    posts.get(id).ok_or_else(|| DbError::not_found("post", id))
}

fn json<T: serde::Serialize>(value: &T) -> DbResult<String> {
    serde_json::to_string(value).map_err(|error| DbError::Internal(error.to_string()))
}
