//! Residents' cases with contact and exclusions.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::dialect::{IDS_PER_QUERY, on};
use super::error::{DbError, Verb};
use super::page::{Page, Slice, cursor, malformed};
use super::record::{Stored, crud, record, restore};
use super::units::{ids_within, visible_units};
use super::{Connection, DbResult, schema, units};
use crate::domain::{
    Case, CaseCategoryId, CaseChannel, CaseId, CaseStatus, Location, PersonId, ReceptionId, UnitId, Visible,
};

const KIND: &str = "case";

record! {
    cases, Case, CaseRow {
        id: String,
        number: String,
        unit: String,
        intake_unit: String,
        channel: String,
        subject: String,
        description: Option<String>,
        address: Option<String>,
        category: Option<String>,
        skill: Option<String>,
        minutes: Option<i64>,
        urgency: i64,
        working_days: i64,
        earliest: Option<NaiveDate>,
        deadline: NaiveDate,
        extended: bool,
        handler: Option<String>,
        earlier_handler: Option<String>,
        status: String,
        level: i64,
        reopened: i64,
        received_at: NaiveDateTime,
        response_due: NaiveDate,
        responded_at: Option<NaiveDateTime>,
        closed_at: Option<NaiveDateTime>,
        satisfaction: Option<String>,
        warned_at: Option<NaiveDateTime>,
        reception: Option<String>,
        version: i64,
    }
    located location
    besides { contact, excluded }
}

crud!(cases, Case, CaseId, CaseRow, children: children);

/// Statuses in which work goes on, as stored.
pub(super) const OPEN: [&str; 6] = [
    CaseStatus::Received.as_str(),
    CaseStatus::Triaged.as_str(),
    CaseStatus::Assigned.as_str(),
    CaseStatus::InProgress.as_str(),
    CaseStatus::Escalated.as_str(),
    CaseStatus::Returned.as_str(),
];

/// Order of a list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum CaseSort {
    /// By deadline, then id.
    #[default]
    Deadline,
    /// By id, which is the order in which cases came in.
    Received,
}

/// Which cases a list holds.
#[derive(Debug, Clone, Default)]
pub struct CaseFilter {
    /// Only cases that units of this subtree answer for.
    pub subtree: Option<UnitId>,
    /// Only this status.
    pub status: Option<CaseStatus>,
    /// Only open cases, or only closed ones.
    pub open: Option<bool>,
    /// Only this channel.
    pub channel: Option<CaseChannel>,
    /// Only this category.
    pub category: Option<CaseCategoryId>,
    /// Only this handler's.
    pub handler: Option<PersonId>,
    /// Only of this reception.
    pub reception: Option<ReceptionId>,
    /// Only with a deadline before this day.
    pub due_before: Option<NaiveDate>,
    /// Only open cases with a deadline before this day.
    pub overdue_on: Option<NaiveDate>,
    /// Only cases that have gone up so many steps.
    pub level: Option<u16>,
    /// Only the case with this speaking number.
    pub number: Option<String>,
    /// Whose own cases are on the list besides those that the page's reader sees.
    pub reader: Option<PersonId>,
    /// Order.
    pub sort: CaseSort,
}

/// A page of cases in the filter's order.
///
/// # Errors
/// [`DbError::NotFound`] when the filter's subtree does not exist.
pub fn list(conn: &mut Connection, filter: &CaseFilter, page: &Page) -> DbResult<Slice<Case>> {
    use schema::cases as t;

    let range = filter.subtree.as_ref().map(|root| units::subtree(conn, root)).transpose()?;
    let after = page.cursor_parts::<2>()?;
    let rows: Vec<CaseRow> = on!(&mut *conn, c => {
        let mut query = t::table.select(CaseRow::as_select()).into_boxed();
        if let Some(range) = &range {
            query = query.filter(t::unit.eq_any(ids_within!(range)));
        }
        if let Visible::Subtrees(paths) = &page.visible {
            // A unit goes on seeing what it took in when a case has gone up.
            let here = t::unit.eq_any(visible_units!(paths)).or(t::intake_unit.eq_any(visible_units!(paths)));
            query = match &filter.reader {
                None => query.filter(here),
                Some(own) => {
                    use schema::reception_deputies as d;
                    let heard = d::table.filter(d::person_id.eq(own.as_str())).select(d::reception_id.nullable());
                    query.filter(
                        here.or(t::handler.eq(own.as_str()))
                            .or(t::earlier_handler.eq(own.as_str()))
                            .or(t::reception.eq_any(heard)),
                    )
                }
            };
        }
        if let Some(status) = filter.status {
            query = query.filter(t::status.eq(status.as_str()));
        }
        if let Some(open) = filter.open {
            query = if open { query.filter(t::status.eq_any(OPEN)) } else { query.filter(t::status.ne_all(OPEN)) };
        }
        if let Some(channel) = filter.channel {
            query = query.filter(t::channel.eq(channel.as_str()));
        }
        if let Some(category) = &filter.category {
            query = query.filter(t::category.eq(category.as_str()));
        }
        if let Some(handler) = &filter.handler {
            query = query.filter(t::handler.eq(handler.as_str()));
        }
        if let Some(reception) = &filter.reception {
            query = query.filter(t::reception.eq(reception.as_str()));
        }
        if let Some(day) = filter.due_before {
            query = query.filter(t::deadline.lt(day));
        }
        if let Some(day) = filter.overdue_on {
            query = query.filter(t::deadline.lt(day)).filter(t::status.eq_any(OPEN));
        }
        if let Some(level) = filter.level {
            query = query.filter(t::level.eq(i64::from(level)));
        }
        if let Some(number) = &filter.number {
            query = query.filter(t::number.eq(number));
        }
        match filter.sort {
            CaseSort::Received => {
                if let Some([_, id]) = after {
                    query = query.filter(t::id.gt(id));
                }
                query.order(t::id).limit(page.fetch()).load(c)
            }
            CaseSort::Deadline => {
                if let Some([deadline, id]) = after {
                    let deadline = read_day(deadline)?;
                    query = query.filter(t::deadline.gt(deadline).or(t::deadline.eq(deadline).and(t::id.gt(id))));
                }
                query.order((t::deadline, t::id)).limit(page.fetch()).load(c)
            }
        }
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    let mut items = rows.into_iter().map(CaseRow::restore).collect::<DbResult<Vec<_>>>()?;
    children::load(conn, &mut items)?;
    Ok(Slice::cut(items, page, |case: &Case| cursor(&[&case.deadline.to_string(), case.id.as_str()])))
}

fn read_day(text: &str) -> DbResult<NaiveDate> {
    text.parse().map_err(|_| malformed(text))
}

/// Every open case of the subtree, by id: what a plan decides about.
///
/// # Errors
/// [`DbError::NotFound`] when the root does not exist.
pub fn open_within(conn: &mut Connection, root: &UnitId) -> DbResult<Vec<Case>> {
    use schema::cases as t;

    let range = units::subtree(conn, root)?;
    let rows: Vec<CaseRow> = on!(&mut *conn, c => {
        t::table
            .filter(t::status.eq_any(OPEN))
            .filter(t::unit.eq_any(ids_within!(range)))
            .order(t::id)
            .select(CaseRow::as_select())
            .load(c)
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    let mut items = rows.into_iter().map(CaseRow::restore).collect::<DbResult<Vec<_>>>()?;
    children::load(conn, &mut items)?;
    Ok(items)
}

/// The cases with these ids, by id.
///
/// # Errors
/// Those of the connection.
pub fn of_ids(conn: &mut Connection, ids: &[&str]) -> DbResult<Vec<Case>> {
    use schema::cases as t;

    let mut found = Vec::new();
    for chunk in ids.chunks(IDS_PER_QUERY) {
        let rows: Vec<CaseRow> = on!(&mut *conn, c => {
            t::table.filter(t::id.eq_any(chunk)).select(CaseRow::as_select()).load(c)
        })
        .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
        found.extend(rows.into_iter().map(CaseRow::restore).collect::<DbResult<Vec<_>>>()?);
    }
    found.sort_by(|one, other| one.id.cmp(&other.id));
    children::load(conn, &mut found)?;
    Ok(found)
}

/// Ids of open cases with a deadline up to this day, inclusive, by deadline.
///
/// # Errors
/// Those of the connection.
pub fn due_by(conn: &mut Connection, day: NaiveDate) -> DbResult<Vec<CaseId>> {
    use schema::cases as t;

    let ids: Vec<String> = on!(conn, c => {
        t::table
            .filter(t::status.eq_any(OPEN))
            .filter(t::deadline.le(day))
            .order((t::deadline, t::id))
            .select(t::id)
            .load(c)
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    ids.into_iter().map(|id| restore(id, "cases", "id")).collect()
}

/// Ids of every case that the unit answers for or took in.
///
/// # Errors
/// Those of the connection.
pub fn of_unit(conn: &mut Connection, unit: &UnitId) -> DbResult<Vec<CaseId>> {
    use schema::cases as t;

    let ids: Vec<String> = on!(conn, c => {
        t::table
            .filter(t::unit.eq(unit.as_str()).or(t::intake_unit.eq(unit.as_str())))
            .order(t::id)
            .select(t::id)
            .load(c)
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    ids.into_iter().map(|id| restore(id, "cases", "id")).collect()
}

/// What tells whether a case may be the same matter as another.
#[derive(Debug, Clone, PartialEq)]
pub struct Likeness {
    /// Id.
    pub id: CaseId,
    /// Speaking number.
    pub number: String,
    /// Unit that took it in.
    pub intake_unit: UnitId,
    /// What it is about.
    pub subject: String,
    /// Place.
    pub address: Option<String>,
    /// Position.
    pub location: Option<Location>,
    /// Category.
    pub category: Option<CaseCategoryId>,
    /// Where it stands.
    pub status: CaseStatus,
    /// When it came in.
    pub received_at: DateTime<Utc>,
}

type LikenessRow = (
    (String, String, String, String, Option<String>),
    (Option<f64>, Option<f64>, Option<String>, String, NaiveDateTime),
);

/// Degrees of latitude and longitude around a place within which a case may be about the same matter.
const NEAR_DEGREES: (f64, f64) = (0.003, 0.004);

/// Cases since a moment that came in at the same unit or lie near the place, the latest first, at most so many of each.
///
/// # Errors
/// Those of the connection.
pub fn alike(
    conn: &mut Connection,
    unit: &UnitId,
    near: Option<Location>,
    since: DateTime<Utc>,
    most: i64,
) -> DbResult<Vec<Likeness>> {
    use schema::cases as t;

    let columns = (
        (t::id, t::number, t::intake_unit, t::subject, t::address),
        (t::latitude, t::longitude, t::category, t::status, t::received_at),
    );
    let since = since.store();
    let mut rows: Vec<LikenessRow> = on!(&mut *conn, c => {
        t::table
            .filter(t::intake_unit.eq(unit.as_str()).and(t::received_at.ge(since)))
            .order((t::received_at.desc(), t::id.desc()))
            .limit(most)
            .select(columns)
            .load(c)
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    if let Some(at) = near {
        let (north, east) = NEAR_DEGREES;
        let nearby: Vec<LikenessRow> = on!(&mut *conn, c => {
            t::table
                .filter(t::latitude.between(at.latitude - north, at.latitude + north))
                .filter(t::longitude.between(at.longitude - east, at.longitude + east))
                .filter(t::received_at.ge(since).and(t::intake_unit.ne(unit.as_str())))
                .order((t::received_at.desc(), t::id.desc()))
                .limit(most)
                .select(columns)
                .load(c)
        })
        .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
        rows.extend(nearby);
    }
    rows.into_iter()
        .map(|((id, number, intake_unit, subject, address), (latitude, longitude, category, status, received_at))| {
            Ok(Likeness {
                id: restore(id, "cases", "id")?,
                number,
                intake_unit: restore(intake_unit, "cases", "intake_unit")?,
                subject,
                address,
                location: super::record::location(latitude, longitude),
                category: restore(category, "cases", "category")?,
                status: restore(status, "cases", "status")?,
                received_at: received_at.and_utc(),
            })
        })
        .collect()
}

pub(super) mod children {
    use super::{Case, CaseId, DbError, DbResult, KIND, Stored, Verb, on, restore, schema};
    use crate::db::dialect::{IDS_PER_QUERY, rows_per_insert};
    use crate::db::{Connection, Tx};
    use crate::domain::Contact;
    use diesel::prelude::*;
    use schema::{case_contacts, case_exclusions};
    use std::collections::HashMap;

    type ContactRow = (String, Option<String>, Option<String>);

    pub(in crate::db) fn load(conn: &mut Connection, cases: &mut [Case]) -> DbResult<()> {
        for chunk in cases.chunks_mut(IDS_PER_QUERY) {
            let ids: Vec<String> = chunk.iter().map(|case| case.id.store()).collect();
            let contacts: Vec<ContactRow> =
                on!(&mut *conn, c => case_contacts::table.filter(case_contacts::case_id.eq_any(&ids)).load(c))
                    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
            let excluded: Vec<(String, String)> = on!(&mut *conn, c => {
                case_exclusions::table
                    .filter(case_exclusions::case_id.eq_any(&ids))
                    .order((case_exclusions::case_id, case_exclusions::person_id))
                    .load(c)
            })
            .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
            let mut by_id: HashMap<String, &mut Case> = chunk.iter_mut().map(|case| (case.id.store(), case)).collect();
            for (id, name, phone) in contacts {
                if let Some(case) = by_id.get_mut(&id) {
                    case.contact = Some(Contact { name, phone });
                }
            }
            for (id, person) in excluded {
                if let Some(case) = by_id.get_mut(&id) {
                    case.excluded.push(restore(person, "case_exclusions", "person_id")?);
                }
            }
        }
        Ok(())
    }

    pub(in crate::db) fn save(tx: &mut Tx<'_>, cases: &[Case]) -> DbResult<()> {
        let contacts: Vec<_> = cases
            .iter()
            .filter_map(|case| Some((case, case.contact.as_ref()?)))
            .map(|(case, contact)| {
                (
                    case_contacts::case_id.eq(case.id.store()),
                    case_contacts::name.eq(contact.name.clone()),
                    case_contacts::phone.eq(contact.phone.clone()),
                )
            })
            .collect();
        let excluded: Vec<_> = cases
            .iter()
            .flat_map(|case| case.excluded.iter().map(move |person| (case, person)))
            .map(|(case, person)| {
                (case_exclusions::case_id.eq(case.id.store()), case_exclusions::person_id.eq(person.store()))
            })
            .collect();
        on!(&mut **tx, c => {
            contacts
                .chunks(rows_per_insert(3))
                .try_for_each(|rows| diesel::insert_into(case_contacts::table).values(rows).execute(c).map(drop))
                .and_then(|()| {
                    excluded.chunks(rows_per_insert(2)).try_for_each(|rows| {
                        diesel::insert_into(case_exclusions::table).values(rows).execute(c).map(drop)
                    })
                })
        })
        .map_err(|error| DbError::from_diesel(error, KIND, Verb::Store))
    }

    pub(in crate::db) fn clear(tx: &mut Tx<'_>, id: &CaseId) -> DbResult<()> {
        on!(&mut **tx, c => {
            diesel::delete(case_contacts::table.filter(case_contacts::case_id.eq(id.as_str())))
                .execute(c)
                .and_then(|_| {
                    diesel::delete(case_exclusions::table.filter(case_exclusions::case_id.eq(id.as_str()))).execute(c)
                })
        })
        .map(drop)
        .map_err(|error| DbError::from_diesel(error, KIND, Verb::Delete))
    }
}
