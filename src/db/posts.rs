//! Posts with the people excluded from them, by date, start and id.

use std::collections::HashSet;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::dialect::{IDS_PER_QUERY, on};
use super::error::{DbError, Verb};
use super::page::{Page, Slice, cursor, dated_cursor};
use super::record::{crud, record, restore};
use super::shapes::children;
use super::units::station_ids_within;
use super::{Connection, DbResult, Tx, schema, units};
use crate::domain::{Post, PostId, StationId, UnitId};

const KIND: &str = "post";

record! {
    posts, Post, PostRow {
        id: String,
        station: String,
        template: Option<String>,
        date: NaiveDate,
        start_minute: i64,
        end_minute: i64,
        skill: Option<String>,
        skill_level: i64,
        shift_type: Option<String>,
        min_heads: i64,
        target_heads: i64,
        max_heads: i64,
        priority: i64,
        mix: bool,
        retired: bool,
        version: i64,
    }
    besides { excluded }
}

crud!(posts, Post, PostId, PostRow, children: exclusions);

children! {
    exclusions: Post.excluded, of PostId,
    post_exclusions by post_id, 2 columns,
    read post_exclusions::person_id, as String,
    |row| restore(row, "post_exclusions", "person_id")?,
    write |post, person| (post_exclusions::post_id.eq(post.id.store()), post_exclusions::person_id.eq(person.store()))
}

/// Which posts a list holds.
#[derive(Debug, Clone, Default)]
pub struct PostFilter {
    /// Only posts of stations in this unit's subtree.
    pub subtree: Option<UnitId>,
    /// Only this station's.
    pub station: Option<StationId>,
    /// Only from this date on.
    pub from: Option<NaiveDate>,
    /// Only up to this date, inclusive.
    pub to: Option<NaiveDate>,
    /// Also posts no longer wanted.
    pub with_retired: bool,
}

/// A page of posts, by date, start and id.
///
/// # Errors
/// [`DbError::NotFound`] when the filter's subtree does not exist.
pub fn list(conn: &mut Connection, filter: &PostFilter, page: &Page) -> DbResult<Slice<Post>> {
    use schema::posts as t;

    let range = filter.subtree.as_ref().map(|root| units::subtree(conn, root)).transpose()?;
    let after = page.cursor_parts::<3>()?.map(dated_cursor).transpose()?;
    let rows: Vec<PostRow> = on!(&mut *conn, c => {
        let mut query = t::table.select(PostRow::as_select()).into_boxed();
        if let Some(range) = &range {
            query = query.filter(t::station.eq_any(station_ids_within!(range)));
        }
        if let Some(station) = &filter.station {
            query = query.filter(t::station.eq(station.as_str()));
        }
        if let Some(from) = filter.from {
            query = query.filter(t::date.ge(from));
        }
        if let Some(to) = filter.to {
            query = query.filter(t::date.le(to));
        }
        if !filter.with_retired {
            query = query.filter(t::retired.eq(false));
        }
        units::only_visible!(query, page, station t::station);
        match (page.descending, after) {
            (false, Some((date, start, id))) => {
                query = query.filter(
                    t::date.gt(date).or(t::date
                        .eq(date)
                        .and(t::start_minute.gt(start).or(t::start_minute.eq(start).and(t::id.gt(id))))),
                );
            }
            (true, Some((date, start, id))) => {
                query = query.filter(
                    t::date.lt(date).or(t::date
                        .eq(date)
                        .and(t::start_minute.lt(start).or(t::start_minute.eq(start).and(t::id.lt(id))))),
                );
            }
            _ => {}
        }
        query = if page.descending {
            query.order((t::date.desc(), t::start_minute.desc(), t::id.desc()))
        } else {
            query.order((t::date.asc(), t::start_minute.asc(), t::id.asc()))
        };
        query.limit(page.fetch()).load(c)
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    let mut items = rows.into_iter().map(PostRow::restore).collect::<DbResult<Vec<_>>>()?;
    exclusions::load(conn, &mut items)?;
    Ok(Slice::cut(items, page, |post: &Post| {
        cursor(&[&post.date.to_string(), &post.start_minute.to_string(), post.id.as_str()])
    }))
}

/// Every post of the subtree's stations from one date to another, inclusive, by id; retired ones too.
///
/// # Errors
/// [`DbError::NotFound`] when the unit does not exist.
pub fn within(conn: &mut Connection, root: &UnitId, from: NaiveDate, to: NaiveDate) -> DbResult<Vec<Post>> {
    use schema::posts as t;

    let range = units::subtree(conn, root)?;
    let rows: Vec<PostRow> = on!(&mut *conn, c => {
        t::table
            .filter(t::date.between(from, to))
            .filter(t::station.eq_any(station_ids_within!(range)))
            .order(t::id)
            .select(PostRow::as_select())
            .load(c)
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    let mut items = rows.into_iter().map(PostRow::restore).collect::<DbResult<Vec<_>>>()?;
    exclusions::load(conn, &mut items)?;
    Ok(items)
}

/// What a post asks for and where, without what plans need besides.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Id.
    pub id: String,
    /// Station.
    pub station: String,
    /// Day.
    pub date: NaiveDate,
    /// Minute of the day at which it begins.
    pub start_minute: i64,
    /// Heads that it needs at least.
    pub min_heads: i64,
    /// Heads wished for.
    pub target_heads: i64,
}

/// What every post of the subtree's stations asks for from one date to another, inclusive; retired ones ask for nothing.
///
/// # Errors
/// [`DbError::NotFound`] when the unit does not exist.
pub fn asked_within(conn: &mut Connection, root: &UnitId, from: NaiveDate, to: NaiveDate) -> DbResult<Vec<Asked>> {
    use schema::posts as t;

    let range = units::subtree(conn, root)?;
    let rows: Vec<(String, String, NaiveDate, i64, i64, i64)> = on!(&mut *conn, c => {
        t::table
            .filter(t::date.between(from, to).and(t::retired.eq(false)))
            .filter(t::station.eq_any(station_ids_within!(range)))
            .select((t::id, t::station, t::date, t::start_minute, t::min_heads, t::target_heads))
            .load(c)
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    let asked = |(id, station, date, start_minute, min_heads, target_heads)| Asked {
        id,
        station,
        date,
        start_minute,
        min_heads,
        target_heads,
    };
    Ok(rows.into_iter().map(asked).collect())
}

/// The posts with these ids, retired ones too, by id.
///
/// # Errors
/// Those of the connection.
pub fn of_ids(conn: &mut Connection, ids: &[&str]) -> DbResult<Vec<Post>> {
    use schema::posts as t;

    let mut items = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(IDS_PER_QUERY) {
        let rows: Vec<PostRow> = on!(&mut *conn, c => {
            t::table.filter(t::id.eq_any(chunk)).order(t::id).select(PostRow::as_select()).load(c)
        })
        .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
        items.extend(rows.into_iter().map(PostRow::restore).collect::<DbResult<Vec<_>>>()?);
    }
    exclusions::load(conn, &mut items)?;
    Ok(items)
}

/// Of these posts, the ones that a roster or a list of unmet needs names.
///
/// # Errors
/// Those of the connection.
pub fn in_use(conn: &mut Connection, ids: &[PostId]) -> DbResult<HashSet<PostId>> {
    use schema::{assignments, unmet_needs};

    let mut used = HashSet::new();
    for chunk in ids.chunks(IDS_PER_QUERY) {
        let ids: Vec<&str> = chunk.iter().map(PostId::as_str).collect();
        let rows: Vec<String> = on!(&mut *conn, c => {
            let assigned = assignments::table.filter(assignments::post.eq_any(&ids)).select(assignments::post);
            let unmet = unmet_needs::table.filter(unmet_needs::post.eq_any(&ids)).select(unmet_needs::post);
            assigned.union(unmet).load(c)
        })
        .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
        for row in rows {
            used.insert(restore(row, "assignments", "post")?);
        }
    }
    Ok(used)
}

/// Removes posts whatever their versions, with few statements.
///
/// # Errors
/// [`DbError::Conflict`] when a roster names one of them.
pub fn delete_many(tx: &mut Tx<'_>, ids: &[PostId]) -> DbResult<()> {
    for chunk in ids.chunks(IDS_PER_QUERY) {
        let ids: Vec<&str> = chunk.iter().map(PostId::as_str).collect();
        on!(&mut **tx, c => diesel::delete(schema::posts::table.filter(schema::posts::id.eq_any(&ids))).execute(c))
            .map_err(|error| DbError::from_diesel(error, KIND, Verb::Delete))?;
    }
    Ok(())
}

/// Follows a change of the template: replaces everything but the version, which counts edits by people.
///
/// # Errors
/// Those of `insert`.
pub fn regenerate(tx: &mut Tx<'_>, post: &Post) -> DbResult<()> {
    super::record::check(post, KIND, post.id.as_str())?;
    let row = PostRow::store(post);
    on!(&mut **tx, c => diesel::update(schema::posts::table.find(post.id.as_str())).set(&row).execute(c))
        .map(drop)
        .map_err(|error| DbError::from_diesel(error, KIND, Verb::Store))
}
