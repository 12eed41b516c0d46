//! Pairs of people who may not share a post, by their ids.

use diesel::prelude::*;

use super::dialect::{on, rows_per_insert};
use super::error::{DbError, Verb};
use super::page::{Page, Slice, cursor};
use super::record::{Stored, restore};
use super::schema::apart_pairs as t;
use super::{Connection, DbResult, Tx};
use crate::domain::{ApartPair, Fault, PersonId};

const KIND: &str = "pair kept apart";

type Row = (String, String, Option<String>);

fn read((first, second, reason): Row) -> DbResult<ApartPair> {
    Ok(ApartPair {
        first: restore(first, "apart_pairs", "first_person_id")?,
        second: restore(second, "apart_pairs", "second_person_id")?,
        reason,
    })
}

/// A page of pairs, by first and second person.
///
/// # Errors
/// Those of the connection.
pub fn list(conn: &mut Connection, person: Option<&PersonId>, page: &Page) -> DbResult<Slice<ApartPair>> {
    let after = page.cursor_parts::<2>()?;
    let rows: Vec<Row> = on!(conn, c => {
        let mut query = t::table.into_boxed();
        if let Some(person) = person {
            let person = person.as_str();
            query = query.filter(t::first_person_id.eq(person).or(t::second_person_id.eq(person)));
        }
        if let Some([first, second]) = after {
            query = query.filter(
                t::first_person_id
                    .gt(first)
                    .or(t::first_person_id.eq(first).and(t::second_person_id.gt(second))),
            );
        }
        query.order((t::first_person_id, t::second_person_id)).limit(page.fetch()).load(c)
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    let items = rows.into_iter().map(read).collect::<DbResult<Vec<_>>>()?;
    Ok(Slice::cut(items, page, |pair: &ApartPair| cursor(&[pair.first.as_str(), pair.second.as_str()])))
}

/// Every pair.
///
/// # Errors
/// Those of the connection.
pub fn all(conn: &mut Connection) -> DbResult<Vec<ApartPair>> {
    let rows: Vec<Row> = on!(conn, c => t::table.order((t::first_person_id, t::second_person_id)).load(c))
        .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    rows.into_iter().map(read).collect()
}

/// Adds a pair.
///
/// # Errors
/// [`DbError::Invalid`] for a person paired with themselves, [`DbError::Conflict`] when the pair exists or a person
/// does not.
pub fn insert(tx: &mut Tx<'_>, pair: &ApartPair) -> DbResult<()> {
    insert_many(tx, std::slice::from_ref(pair))
}

/// Adds many pairs with few statements; the order within a pair does not matter.
///
/// # Errors
/// As for one; then none is added.
pub fn insert_many(tx: &mut Tx<'_>, pairs: &[ApartPair]) -> DbResult<()> {
    if let Some(pair) = pairs.iter().find(|pair| pair.first == pair.second) {
        return Err(DbError::Invalid {
            kind: KIND,
            id: pair.first.store(),
            faults: vec![Fault::new("pair-of-one", "/second", "both are the same person", "name two people")],
        });
    }
    let rows: Vec<_> = pairs
        .iter()
        .map(|pair| {
            let (first, second) = ordered(&pair.first, &pair.second);
            (
                t::first_person_id.eq(first.store()),
                t::second_person_id.eq(second.store()),
                t::reason.eq(pair.reason.clone()),
            )
        })
        .collect();
    for chunk in rows.chunks(rows_per_insert(3)) {
        on!(&mut **tx, c => diesel::insert_into(t::table).values(chunk).execute(c))
            .map_err(|error| DbError::from_diesel(error, KIND, Verb::Store))?;
    }
    Ok(())
}

/// Removes a pair.
///
/// # Errors
/// [`DbError::NotFound`].
pub fn delete(tx: &mut Tx<'_>, first: &PersonId, second: &PersonId) -> DbResult<()> {
    let (first, second) = ordered(first, second);
    let removed = on!(&mut **tx, c => diesel::delete(t::table.find((first.as_str(), second.as_str()))).execute(c))
        .map_err(|error| DbError::from_diesel(error, KIND, Verb::Delete))?;
    if removed == 0 { Err(DbError::not_found(KIND, format!("{first}/{second}"))) } else { Ok(()) }
}

fn ordered<'a>(first: &'a PersonId, second: &'a PersonId) -> (&'a PersonId, &'a PersonId) {
    if first <= second { (first, second) } else { (second, first) }
}
