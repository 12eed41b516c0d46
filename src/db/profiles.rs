//! Constraint profiles, by id, and their versions.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::dialect::on;
use super::error::{DbError, Verb};
use super::record::{Stored, childless, crud, record, restore};
use super::shapes::list_by_id;
use super::{Connection, DbResult, Tx, schema};
use crate::domain::{ConstraintProfile, ProfileId, ProfileVersion};

const KIND: &str = "constraint profile";

record! {
    profiles, ConstraintProfile, ProfileRow {
        id: String,
        name: String,
        unit: Option<String>,
        latest: i64,
        version: i64,
    }
}

crud!(profiles, ConstraintProfile, ProfileId, ProfileRow, children: childless);

/// Which profiles a list holds.
#[derive(Debug, Clone, Default)]
pub struct ProfileFilter {
    /// Only names that contain this text.
    pub name_contains: Option<String>,
}

list_by_id! {
    /// A page of profiles, by id.
    profiles, ConstraintProfile, ProfileRow, ProfileFilter, children: childless,
    prepare |conn, filter| {},
    narrow |query, page| {
        crate::db::units::only_visible!(query, page, unit or null schema::profiles::unit);
        if let Some(text) = &filter.name_contains {
            query = query.filter(schema::profiles::name.like(super::dialect::contains(text)).escape('\\'));
        }
    }
}

/// Adds a profile with its first version.
///
/// # Errors
/// Those of `insert`.
pub fn create(
    tx: &mut Tx<'_>,
    profile: &ConstraintProfile,
    rules: &str,
    note: Option<&str>,
    now: DateTime<Utc>,
) -> DbResult<()> {
    insert(tx, &ConstraintProfile { latest: 1, ..profile.clone() })?;
    save_version(tx, &profile.id, 1, rules, note, now)
}

/// Stores new settings as the profile's next version and answers the version's number. Expects the profile's
/// `version`, which the caller read.
///
/// # Errors
/// [`DbError::NotFound`], [`DbError::Stale`].
pub fn add_version(
    tx: &mut Tx<'_>,
    id: &ProfileId,
    version: i64,
    rules: &str,
    note: Option<&str>,
    now: DateTime<Utc>,
) -> DbResult<u32> {
    let mut profile = get(tx, id)?;
    profile.latest += 1;
    profile.version = version;
    update(tx, &profile)?;
    save_version(tx, id, profile.latest, rules, note, now)?;
    Ok(profile.latest)
}

type VersionRow = (String, i64, String, Option<String>, chrono::NaiveDateTime);

/// One version of a profile.
///
/// # Errors
/// [`DbError::NotFound`].
pub fn get_version(conn: &mut Connection, id: &ProfileId, number: u32) -> DbResult<ProfileVersion> {
    let key = (id.as_str(), i64::from(number));
    let row: Option<VersionRow> = on!(conn, c => schema::profile_versions::table.find(key).first(c).optional())
        .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    row.map(read_version).transpose()?.ok_or_else(|| DbError::not_found("profile version", format!("{id}/{number}")))
}

/// Every version of a profile, the first one first.
///
/// # Errors
/// [`DbError::NotFound`] when the profile does not exist.
pub fn versions(conn: &mut Connection, id: &ProfileId) -> DbResult<Vec<ProfileVersion>> {
    use schema::profile_versions as t;

    get(conn, id)?;
    let rows: Vec<VersionRow> = on!(conn, c => t::table.filter(t::profile.eq(id.as_str())).order(t::number).load(c))
        .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    rows.into_iter().map(read_version).collect()
}

fn read_version((profile, number, rules, note, created_at): VersionRow) -> DbResult<ProfileVersion> {
    Ok(ProfileVersion {
        profile: restore(profile, "profile_versions", "profile")?,
        number: restore(number, "profile_versions", "number")?,
        rules,
        note,
        created_at: created_at.and_utc(),
    })
}

fn save_version(
    tx: &mut Tx<'_>,
    id: &ProfileId,
    number: u32,
    rules: &str,
    note: Option<&str>,
    now: DateTime<Utc>,
) -> DbResult<()> {
    use schema::profile_versions as t;

    on!(&mut **tx, c => {
        diesel::insert_into(t::table)
            .values((
                t::profile.eq(id.as_str()),
                t::number.eq(i64::from(number)),
                t::rules.eq(rules),
                t::note.eq(note),
                t::created_at.eq(now.store()),
            ))
            .execute(c)
    })
    .map(drop)
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Store))
}
