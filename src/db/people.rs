//! People with their skills and scope, in the order of their sort keys.

use std::collections::HashMap;

use diesel::prelude::*;

use super::dialect::on;
use super::error::{DbError, DbResult, Verb};
use super::page::{Page, Slice, cursor};
use super::record::{crud, record};
use super::{Connection, Tx, schema, units};
use crate::domain::{Category, ContractId, Person, PersonId, SkillId, UnitId};

const KIND: &str = "person";

record! {
    people, Person, PersonRow {
        id: String,
        name: String,
        sort_key: String,
        category: String,
        home_unit: String,
        phone: Option<String>,
        max_distance_metres: Option<i64>,
        contract: Option<String>,
        active_from: Option<chrono::NaiveDate>,
        active_to: Option<chrono::NaiveDate>,
        trainee: bool,
        newcomer: bool,
        information_officer: bool,
        version: i64,
    }
    located home
    besides { skills, scope }
}

crud!(people, Person, PersonId, PersonRow, children: children);

/// Which people a list holds.
#[derive(Debug, Clone, Default)]
pub struct PersonFilter {
    /// Only people whose home unit lies in this unit's subtree.
    pub subtree: Option<UnitId>,
    /// Only this category.
    pub category: Option<Category>,
    /// Only people with this skill.
    pub skill: Option<SkillId>,
    /// Only people under this contract form.
    pub contract: Option<ContractId>,
    /// Only names that contain this text.
    pub name_contains: Option<String>,
}

/// A page of people, by sort key and then id.
///
/// # Errors
/// [`DbError::NotFound`] when the filter's subtree does not exist.
pub fn list(conn: &mut Connection, filter: &PersonFilter, page: &Page) -> DbResult<Slice<Person>> {
    use schema::{people, person_skills};

    let range = filter.subtree.as_ref().map(|root| units::subtree(conn, root)).transpose()?;
    let after = page.cursor_parts::<2>()?;
    let rows: Vec<PersonRow> = on!(&mut *conn, c => {
        let mut query = people::table.select(PersonRow::as_select()).into_boxed();
        if let Some(range) = &range {
            query = query.filter(people::home_unit.eq_any(units::ids_within!(range)));
        }
        if let Some(category) = filter.category {
            query = query.filter(people::category.eq(category.as_str()));
        }
        if let Some(skill) = &filter.skill {
            let skilled = person_skills::table
                .filter(person_skills::skill_id.eq(skill.as_str()))
                .select(person_skills::person_id);
            query = query.filter(people::id.eq_any(skilled));
        }
        if let Some(contract) = &filter.contract {
            query = query.filter(people::contract.eq(contract.as_str()));
        }
        if let Some(text) = &filter.name_contains {
            query = query.filter(people::name.like(super::dialect::contains(text)).escape('\\'));
        }
        units::only_visible!(query, page, unit people::home_unit);
        match (page.descending, after) {
            (false, Some([sort_key, id])) => {
                query = query
                    .filter(people::sort_key.gt(sort_key).or(people::sort_key.eq(sort_key).and(people::id.gt(id))));
            }
            (true, Some([sort_key, id])) => {
                query = query
                    .filter(people::sort_key.lt(sort_key).or(people::sort_key.eq(sort_key).and(people::id.lt(id))));
            }
            _ => {}
        }
        query = if page.descending {
            query.order((people::sort_key.desc(), people::id.desc()))
        } else {
            query.order((people::sort_key.asc(), people::id.asc()))
        };
        query.limit(page.fetch()).load(c)
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    let mut items = rows.into_iter().map(PersonRow::restore).collect::<DbResult<Vec<_>>>()?;
    children::load(conn, &mut items)?;
    Ok(Slice::cut(items, page, |person: &Person| cursor(&[&person.sort_key, person.id.as_str()])))
}

/// The names of some people, by id.
///
/// # Errors
/// Those of the connection.
pub fn names(conn: &mut Connection, ids: &[&PersonId]) -> DbResult<HashMap<String, String>> {
    use schema::people;

    let mut names = HashMap::new();
    for chunk in ids.chunks(super::dialect::IDS_PER_QUERY) {
        let ids: Vec<&str> = chunk.iter().map(|id| id.as_str()).collect();
        let rows: Vec<(String, String)> =
            on!(&mut *conn, c => people::table.filter(people::id.eq_any(&ids)).select((people::id, people::name)).load(c))
                .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
        names.extend(rows);
    }
    Ok(names)
}

/// The paths of some people's home units, by id.
///
/// # Errors
/// Those of the connection.
pub fn home_paths(conn: &mut Connection, ids: &[PersonId]) -> DbResult<HashMap<String, String>> {
    use schema::{people, units};

    let mut paths = HashMap::new();
    for chunk in ids.chunks(super::dialect::IDS_PER_QUERY) {
        let ids: Vec<&str> = chunk.iter().map(PersonId::as_str).collect();
        let rows: Vec<(String, String)> = on!(&mut *conn, c => {
            people::table
                .inner_join(units::table.on(units::id.eq(people::home_unit)))
                .filter(people::id.eq_any(&ids))
                .select((people::id, units::path))
                .load(c)
        })
        .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
        paths.extend(rows);
    }
    Ok(paths)
}

/// The paths of the units where a person has to do from a day on: at home, in the scope, seconded or lent, with a duty in
/// force, with a reception as deputy or host, and with a case to handle.
///
/// # Errors
/// Those of the connection.
pub fn ground(conn: &mut Connection, person: &PersonId, from: chrono::NaiveDate) -> DbResult<Vec<String>> {
    use schema::{
        cases, duty_records, lendings, people, person_scopes, reception_deputies, receptions, secondments, stations,
        units,
    };

    let id = person.as_str();
    let paths: QueryResult<Vec<String>> = on!(conn, c => {
        let stations_of_duties = duty_records::table
            .filter(duty_records::person.eq(id).and(duty_records::in_force.eq(true)).and(duty_records::date.ge(from)))
            .select(duty_records::station);
        let invited = reception_deputies::table
            .filter(reception_deputies::person_id.eq(id))
            .select(reception_deputies::reception_id);
        let stations_of_receptions = receptions::table
            .filter(receptions::date.ge(from).and(receptions::host.eq(id).or(receptions::id.eq_any(invited))))
            .select(receptions::station);
        let units_of_stations = stations::table
            .filter(stations::id.eq_any(stations_of_duties).or(stations::id.eq_any(stations_of_receptions)))
            .select(stations::unit);
        let home = people::table.filter(people::id.eq(id)).select(people::home_unit);
        let scope = person_scopes::table.filter(person_scopes::person_id.eq(id)).select(person_scopes::unit_id);
        let hosts = secondments::table
            .filter(secondments::person.eq(id))
            .filter(secondments::to_date.is_null().or(secondments::to_date.ge(from)))
            .select(secondments::host_unit);
        let borrowers = lendings::table
            .filter(lendings::person.eq(id))
            .filter(lendings::to_date.is_null().or(lendings::to_date.ge(from)))
            .select(lendings::unit);
        let handled = cases::table.filter(cases::handler.eq(id).and(cases::closed_at.is_null())).select(cases::unit);
        units::table
            .filter(
                units::id
                    .eq_any(home)
                    .or(units::id.eq_any(scope))
                    .or(units::id.eq_any(hosts))
                    .or(units::id.eq_any(borrowers))
                    .or(units::id.eq_any(handled))
                    .or(units::id.eq_any(units_of_stations)),
            )
            .order(units::path)
            .select(units::path)
            .load(c)
    });
    paths.map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))
}

/// Takes everything personal off a person, who serves no longer: the id stays, since rosters name it.
///
/// # Errors
/// Those of `update`.
pub fn erase(tx: &mut Tx<'_>, person: &Person, last_day: chrono::NaiveDate) -> DbResult<()> {
    use schema::{accounts, availability, calendar_keys, notice_wishes};

    let bare = Person {
        name: "已删除".to_owned(),
        sort_key: format!("zzz {}", person.id),
        phone: None,
        home: None,
        active_from: person.active_from.filter(|first| *first <= last_day),
        active_to: Some(person.active_to.map_or(last_day, |end| end.min(last_day))),
        skills: Vec::new(),
        scope: Vec::new(),
        ..person.clone()
    };
    update(tx, &bare)?;
    let id = person.id.as_str();
    on!(&mut **tx, c => {
        diesel::delete(availability::table.filter(availability::person.eq(id)))
            .execute(c)
            .and_then(|_| diesel::delete(accounts::table.filter(accounts::person.eq(id))).execute(c))
            .and_then(|_| diesel::delete(calendar_keys::table.filter(calendar_keys::person.eq(id))).execute(c))
            .and_then(|_| diesel::delete(notice_wishes::table.find(id)).execute(c))
    })
    .map(drop)
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Delete))
}

pub(super) mod children {
    use super::{DbError, DbResult, HashMap, KIND, Person, PersonId, Verb, on, schema};
    use crate::db::dialect::{IDS_PER_QUERY, rows_per_insert};
    use crate::db::record::{Stored, restore};
    use crate::db::{Connection, Tx};
    use crate::domain::PersonSkill;
    use diesel::prelude::*;
    use schema::{person_scopes, person_skills};

    type SkillRow = (String, String, i64, Option<chrono::NaiveDate>);

    pub(in crate::db) fn load(conn: &mut Connection, people: &mut [Person]) -> DbResult<()> {
        for chunk in people.chunks_mut(IDS_PER_QUERY) {
            let ids: Vec<String> = chunk.iter().map(|person| person.id.store()).collect();
            let skills: Vec<SkillRow> = on!(&mut *conn, c => {
                person_skills::table
                    .filter(person_skills::person_id.eq_any(&ids))
                    .order((person_skills::person_id, person_skills::skill_id))
                    .load(c)
            })
            .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
            let scopes: Vec<(String, String)> = on!(&mut *conn, c => {
                person_scopes::table
                    .filter(person_scopes::person_id.eq_any(&ids))
                    .order((person_scopes::person_id, person_scopes::unit_id))
                    .load(c)
            })
            .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
            let mut by_id: HashMap<String, &mut Person> =
                chunk.iter_mut().map(|person| (person.id.store(), person)).collect();
            for (id, skill, level, valid_until) in skills {
                if let Some(person) = by_id.get_mut(&id) {
                    person.skills.push(PersonSkill {
                        skill: restore(skill, "person_skills", "skill_id")?,
                        level: restore(level, "person_skills", "level")?,
                        valid_until,
                    });
                }
            }
            for (id, unit) in scopes {
                if let Some(person) = by_id.get_mut(&id) {
                    person.scope.push(restore(unit, "person_scopes", "unit_id")?);
                }
            }
        }
        Ok(())
    }

    pub(in crate::db) fn save(tx: &mut Tx<'_>, people: &[Person]) -> DbResult<()> {
        let skills: Vec<_> = people
            .iter()
            .flat_map(|person| person.skills.iter().map(move |skill| (person, skill)))
            .map(|(person, skill)| {
                (
                    person_skills::person_id.eq(person.id.store()),
                    person_skills::skill_id.eq(skill.skill.store()),
                    person_skills::level.eq(i64::from(skill.level)),
                    person_skills::valid_until.eq(skill.valid_until),
                )
            })
            .collect();
        let scopes: Vec<_> = people
            .iter()
            .flat_map(|person| person.scope.iter().map(move |unit| (person, unit)))
            .map(|(person, unit)| {
                (person_scopes::person_id.eq(person.id.store()), person_scopes::unit_id.eq(unit.store()))
            })
            .collect();
        on!(&mut **tx, c => {
            skills
                .chunks(rows_per_insert(4))
                .try_for_each(|rows| diesel::insert_into(person_skills::table).values(rows).execute(c).map(drop))
                .and_then(|()| {
                    scopes.chunks(rows_per_insert(2)).try_for_each(|rows| {
                        diesel::insert_into(person_scopes::table).values(rows).execute(c).map(drop)
                    })
                })
        })
        .map_err(|error| DbError::from_diesel(error, KIND, Verb::Store))
    }

    pub(in crate::db) fn clear(tx: &mut Tx<'_>, id: &PersonId) -> DbResult<()> {
        on!(&mut **tx, c => {
            diesel::delete(person_skills::table.filter(person_skills::person_id.eq(id.as_str())))
                .execute(c)
                .and_then(|_| {
                    diesel::delete(person_scopes::table.filter(person_scopes::person_id.eq(id.as_str()))).execute(c)
                })
        })
        .map(drop)
        .map_err(|error| DbError::from_diesel(error, KIND, Verb::Delete))
    }
}
