//! What follows when a roster in force changes: records of duties, which calendars show, and notifications.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};

use super::notices::{News, tell};
use super::publish::PersonChange;
use crate::db::{DbResult, Tx, duties};
use crate::domain::{Assignment, DutyRecord, Entropy};

/// Brings records in step with what has changed and writes the notifications, in the caller's transaction.
///
/// # Errors
/// Those of the connection.
pub fn follow(
    tx: &mut Tx<'_>,
    changes: &[PersonChange],
    news: &News<'_>,
    now: DateTime<Utc>,
    entropy: &dyn Entropy,
) -> DbResult<()> {
    let all = changes.iter().flat_map(|change| change.added.iter().chain(&change.removed));
    // By post, not by date: the record of a duty whose post has moved may lie in another week.
    let posts: BTreeSet<&str> = all.map(|duty| duty.post.as_str()).collect();
    if posts.is_empty() {
        return Ok(());
    }
    let posts: Vec<&str> = posts.into_iter().collect();
    let mut known: HashMap<(String, String), DutyRecord> = duties::at_posts(tx, &posts)?
        .into_iter()
        .map(|record| ((record.person.to_string(), record.post.to_string()), record))
        .collect();
    let mut touched: Vec<(String, String)> = Vec::new();
    let mut fresh = Vec::new();
    let key = |duty: &Assignment| (duty.person.to_string(), duty.post.to_string());
    for duty in changes.iter().flat_map(|change| &change.removed) {
        if let Some(record) = known.get_mut(&key(duty)) {
            record.in_force = false;
            record.sequence += 1;
            record.changed_at = now;
            touched.push(key(duty));
        }
    }
    for duty in changes.iter().flat_map(|change| &change.added) {
        match known.get_mut(&key(duty)) {
            Some(record) => {
                *record = DutyRecord { sequence: record.sequence + 1, ..record_of(duty, now) };
                touched.push(key(duty));
            }
            None => fresh.push(record_of(duty, now)),
        }
    }
    touched.sort_unstable();
    touched.dedup();
    for key in touched {
        if let Some(record) = known.get(&key) {
            duties::update(tx, record)?;
        }
    }
    duties::insert_many(tx, &fresh)?;
    tell(tx, changes, news, now, entropy)
}

/// The record of a duty of which nothing has become yet.
#[must_use]
pub fn record_of(duty: &Assignment, now: DateTime<Utc>) -> DutyRecord {
    DutyRecord {
        person: duty.person.clone(),
        post: duty.post.clone(),
        station: duty.station.clone(),
        date: duty.date,
        start_minute: duty.start_minute,
        end_minute: duty.end_minute,
        in_force: true,
        sequence: 0,
        changed_at: now,
        confirmed_at: None,
        checked_in_at: None,
        checked_in_by: None,
        checked_out_at: None,
        checked_out_by: None,
        reminded_at: None,
    }
}
