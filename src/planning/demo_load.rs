//! A demo city into the database.

use crate::db::demo_loads::{self, DemoLoad};
use crate::db::{
    ConflictKind, Db, DbError, DbResult, Tx, activities, apart, availability, bookings, calendar, case_categories,
    case_events, cases, contracts, demand_templates, ledger, lendings, people, posts, profiles, quotas,
    reception_matters, receptions, resources, secondments, serials, shift_types, skills, stations, units, visits,
};
use crate::demo::DemoCity;
use crate::domain::{Clock, ConstraintProfile, Fault, ProfileId};

/// Id of the profile that demo data come with: the rule catalogue's own settings.
pub const DEFAULT_PROFILE: &str = "default";

/// How loading ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LoadOutcome {
    /// The data are in the database now.
    Loaded {
        /// Units.
        units: usize,
        /// Stations.
        stations: usize,
        /// People.
        people: usize,
    },
    /// The same preset and seed were loaded before; nothing was changed.
    AlreadyLoaded(DemoLoad),
}

/// Loads a demo city in one transaction: all of it or nothing.
///
/// # Errors
/// [`DbError::Conflict`] when the database holds demo data of another preset or seed, or units of its own.
pub fn load_demo(db: &Db, city: &DemoCity, clock: &dyn Clock) -> DbResult<LoadOutcome> {
    db.write(|tx| load_demo_within(tx, city, clock))
}

/// As [`load_demo`], in the caller's transaction.
///
/// # Errors
/// As [`load_demo`].
pub fn load_demo_within(tx: &mut Tx<'_>, city: &DemoCity, clock: &dyn Clock) -> DbResult<LoadOutcome> {
    let loads = demo_loads::all(tx)?;
    let same = |load: &&DemoLoad| load.preset == city.preset.as_str() && load.seed == city.seed;
    if let Some(load) = loads.iter().find(same) {
        return Ok(LoadOutcome::AlreadyLoaded(load.clone()));
    }
    if let Some(other) = loads.first() {
        return Err(occupied(format!(
            "the database holds the demo of preset {} and seed {}; choose that one, or an empty database",
            other.preset, other.seed
        )));
    }
    if !units::list(tx, &units::UnitFilter::default(), &crate::db::Page::first(1))?.items.is_empty() {
        return Err(occupied("the database holds units of its own; load the demo into an empty database".to_owned()));
    }
    load(tx, city, clock)?;
    Ok(LoadOutcome::Loaded { units: city.units.len(), stations: city.stations.len(), people: city.people.len() })
}

fn occupied(detail: String) -> DbError {
    DbError::conflict("demo data", ConflictKind::State, detail)
}

fn load(tx: &mut Tx<'_>, city: &DemoCity, clock: &dyn Clock) -> DbResult<()> {
    for year in &city.calendars {
        // A calendar that somebody has entered stays.
        match calendar::get(tx, year.year) {
            Ok(_) => {}
            Err(DbError::NotFound { .. }) => calendar::insert(tx, year)?,
            Err(error) => return Err(error),
        }
    }
    units::insert_many(tx, &city.units)?;
    skills::insert_many(tx, &city.skills)?;
    shift_types::insert_many(tx, &city.shift_types)?;
    contracts::insert_many(tx, &city.contracts)?;
    stations::insert_many(tx, &city.stations)?;
    people::insert_many(tx, &city.people)?;
    secondments::insert_many(tx, &city.secondments)?;
    lendings::insert_many(tx, &city.lendings)?;
    availability::insert_many(tx, &city.availability)?;
    apart::insert_many(tx, &city.apart)?;
    demand_templates::insert_many(tx, &city.templates)?;
    ledger::put_many(tx, &city.ledger)?;
    ledger::add_familiar_places(tx, &city.familiar_places)?;
    load_cases(tx, city)?;
    load_sharing(tx, city)?;
    ensure_default_profile(tx, clock)?;
    demo_loads::insert(
        tx,
        &DemoLoad {
            preset: city.preset.as_str().to_owned(),
            seed: city.seed,
            week_start: city.week_start,
            loaded_at: clock.now(),
        },
    )?;
    demo_loads::analyze(tx)
}

fn load_cases(tx: &mut Tx<'_>, city: &DemoCity) -> DbResult<()> {
    case_categories::insert_many(tx, &city.case_categories)?;
    cases::insert_many(tx, &city.cases)?;
    case_events::insert_many(tx, &city.case_events)?;
    for (prefix, count) in &city.case_serials {
        serials::take(tx, prefix, *count)?;
    }
    Ok(())
}

fn load_sharing(tx: &mut Tx<'_>, city: &DemoCity) -> DbResult<()> {
    resources::insert_many(tx, &city.resources)?;
    posts::insert_many(tx, &city.activity_posts)?;
    activities::insert_many(tx, &city.activities)?;
    receptions::insert_many(tx, &city.receptions)?;
    bookings::insert_many(tx, &city.bookings)?;
    reception_matters::insert_many(tx, &city.matters)?;
    quotas::insert_many(tx, &city.quotas)?;
    visits::insert_many(tx, &city.visits)
}

/// Adds the profile [`DEFAULT_PROFILE`] unless it exists, and answers its id.
///
/// # Errors
/// Those of the connection.
pub fn ensure_default_profile(tx: &mut Tx<'_>, clock: &dyn Clock) -> DbResult<ProfileId> {
    let id = ProfileId::parse(DEFAULT_PROFILE).map_err(|fault: Fault| DbError::Internal(fault.to_string()))?;
    match profiles::get(tx, &id) {
        Ok(_) => {}
        Err(DbError::NotFound { .. }) => {
            let profile =
                ConstraintProfile { id: id.clone(), name: "default".to_owned(), unit: None, latest: 1, version: 1 };
            profiles::create(tx, &profile, "{}", Some("规则目录的默认设置"), clock.now())?;
        }
        Err(error) => return Err(error),
    }
    Ok(id)
}
