//! Matters that residents bring to receptions, by number.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::dialect::{IDS_PER_QUERY, on, rows_per_insert};
use super::error::{DbError, Verb};
use super::record::{Stored, check, restore};
use super::schema::reception_matters as t;
use super::{Connection, DbResult, Tx};
use crate::domain::{Contact, Matter, ReceptionId};

const KIND: &str = "matter";

#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = t, treat_none_as_null = true, treat_none_as_default_value = false)]
struct MatterRow {
    reception: String,
    number: i64,
    start_minute: i64,
    subject: String,
    description: Option<String>,
    skill: Option<String>,
    name: Option<String>,
    phone: Option<String>,
    status: String,
    note: Option<String>,
    case_id: Option<String>,
    booked_at: NaiveDateTime,
}

impl MatterRow {
    const COLUMNS: usize = 12;

    fn store(matter: &Matter) -> Self {
        Self {
            reception: matter.reception.store(),
            number: matter.number.store(),
            start_minute: matter.start_minute.store(),
            subject: matter.subject.clone(),
            description: matter.description.clone(),
            skill: matter.skill.store(),
            name: matter.contact.name.clone(),
            phone: matter.contact.phone.clone(),
            status: matter.status.store(),
            note: matter.note.clone(),
            case_id: matter.case.store(),
            booked_at: matter.booked_at.store(),
        }
    }

    fn restore(self) -> DbResult<Matter> {
        Ok(Matter {
            reception: restore(self.reception, "reception_matters", "reception")?,
            number: restore(self.number, "reception_matters", "number")?,
            start_minute: restore(self.start_minute, "reception_matters", "start_minute")?,
            subject: self.subject,
            description: self.description,
            skill: restore(self.skill, "reception_matters", "skill")?,
            contact: Contact { name: self.name, phone: self.phone },
            status: restore(self.status, "reception_matters", "status")?,
            note: self.note,
            case: restore(self.case_id, "reception_matters", "case_id")?,
            booked_at: self.booked_at.and_utc(),
        })
    }
}

/// The matters of a reception, by number.
///
/// # Errors
/// Those of the connection.
pub fn of_reception(conn: &mut Connection, reception: &ReceptionId) -> DbResult<Vec<Matter>> {
    let rows: Vec<MatterRow> = on!(conn, c => {
        t::table
            .filter(t::reception.eq(reception.as_str()))
            .order(t::number)
            .select(MatterRow::as_select())
            .load(c)
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    rows.into_iter().map(MatterRow::restore).collect()
}

/// The matters of several receptions, by reception and number.
///
/// # Errors
/// Those of the connection.
pub fn of_receptions(conn: &mut Connection, receptions: &[&str]) -> DbResult<Vec<Matter>> {
    let mut found = Vec::new();
    for chunk in receptions.chunks(IDS_PER_QUERY) {
        let rows: Vec<MatterRow> = on!(&mut *conn, c => {
            t::table
                .filter(t::reception.eq_any(chunk))
                .order((t::reception, t::number))
                .select(MatterRow::as_select())
                .load(c)
        })
        .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
        for row in rows {
            found.push(row.restore()?);
        }
    }
    Ok(found)
}

/// A matter of a reception.
///
/// # Errors
/// [`DbError::NotFound`].
pub fn get(conn: &mut Connection, reception: &ReceptionId, number: u32) -> DbResult<Matter> {
    let row: Option<MatterRow> = on!(conn, c => {
        t::table
            .find((reception.as_str(), i64::from(number)))
            .select(MatterRow::as_select())
            .first(c)
            .optional()
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    row.ok_or_else(|| DbError::not_found(KIND, number.to_string()))?.restore()
}

/// Adds matters.
///
/// # Errors
/// [`DbError::Invalid`] when one has faults, [`DbError::Conflict`] when a number is taken or a reference is missing.
pub fn insert_many(tx: &mut Tx<'_>, matters: &[Matter]) -> DbResult<()> {
    for matter in matters {
        check(matter, KIND, &matter.number.to_string())?;
    }
    for chunk in matters.chunks(rows_per_insert(MatterRow::COLUMNS)) {
        let rows: Vec<MatterRow> = chunk.iter().map(MatterRow::store).collect();
        on!(&mut **tx, c => diesel::insert_into(t::table).values(&rows).execute(c))
            .map_err(|error| DbError::from_diesel(error, KIND, Verb::Store))?;
    }
    Ok(())
}

/// Replaces a matter; its reception is locked meanwhile.
///
/// # Errors
/// [`DbError::Invalid`] when it has faults.
pub fn update(tx: &mut Tx<'_>, matter: &Matter) -> DbResult<()> {
    check(matter, KIND, &matter.number.to_string())?;
    let row = MatterRow::store(matter);
    on!(&mut **tx, c => {
        diesel::update(t::table.find((matter.reception.as_str(), i64::from(matter.number)))).set(&row).execute(c)
    })
    .map(drop)
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Store))
}
