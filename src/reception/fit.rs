//! Which deputy fits a reception: whose domains the booked matters fall into (S36), and who is behind with the year's
//! quota (S21).

use std::collections::HashMap;

use chrono::{Datelike as _, NaiveDate};

use crate::db::people::PersonFilter;
use crate::db::{Connection, DbResult, MAX_PAGE, Page, people, quotas, reception_matters, receptions, stations, units};
use crate::domain::{
    Category, DEPUTY_RECEPTIONS_A_YEAR, MatterStatus, Person, QuotaKind, Reception, ReceptionStatus, SkillId, UnitLevel,
};

/// How well a deputy fits.
#[derive(Debug, Clone, PartialEq)]
pub struct DeputyFit {
    /// Who.
    pub person: Person,
    /// Booked matters that fall into a domain of theirs.
    pub matched: usize,
    /// Receptions that they still owe this year.
    pub owed: i64,
    /// Whether they are named for the reception.
    pub is_named: bool,
}

/// Most deputies listed.
const MOST: usize = 20;

/// Deputies of the station's street, those who fit best first, with the number of matters whose domain is known.
///
/// # Errors
/// Those of the connection.
pub fn fit(conn: &mut Connection, reception: &Reception) -> DbResult<(usize, Vec<DeputyFit>)> {
    let domains: Vec<SkillId> = reception_matters::of_reception(conn, &reception.id)?
        .into_iter()
        .filter(|matter| matter.status == MatterStatus::Booked)
        .filter_map(|matter| matter.skill)
        .collect();
    let station = stations::get(conn, &reception.station)?;
    let mut root = units::get(conn, &station.unit)?;
    while root.level > UnitLevel::Street
        && let Some(parent) = &root.parent
    {
        root = units::get(conn, parent)?;
    }
    let year = reception.date.year();
    let (from, to) = year_of(year, reception.date);
    let held: HashMap<String, i64> =
        receptions::count_by_deputy(conn, ReceptionStatus::Held, from, to)?.into_iter().collect();
    let targets: HashMap<String, i64> = quotas::of_year(conn, u16::try_from(year).unwrap_or(0))?
        .into_iter()
        .filter(|quota| quota.kind == QuotaKind::DeputyReceptions)
        .filter_map(|quota| {
            Some((quota.person?.as_str().to_owned(), i64::from(quota.target) - i64::from(quota.done_before)))
        })
        .collect();
    let filter = PersonFilter { subtree: Some(root.id), category: Some(Category::Deputy), ..PersonFilter::default() };
    let mut fits: Vec<DeputyFit> = people::list(conn, &filter, &Page::first(MAX_PAGE))?
        .items
        .into_iter()
        .map(|person| {
            let has = |skill: &SkillId| {
                person
                    .skills
                    .iter()
                    .any(|own| own.skill == *skill && own.valid_until.is_none_or(|until| until >= reception.date))
            };
            let id = person.id.as_str();
            let owed = targets.get(id).copied().unwrap_or(i64::from(DEPUTY_RECEPTIONS_A_YEAR))
                - held.get(id).copied().unwrap_or(0);
            DeputyFit {
                matched: domains.iter().filter(|domain| has(domain)).count(),
                owed: owed.max(0),
                is_named: reception.deputies.contains(&person.id),
                person,
            }
        })
        .collect();
    fits.sort_by(|one, other| {
        other
            .matched
            .cmp(&one.matched)
            .then(other.owed.cmp(&one.owed))
            .then_with(|| one.person.sort_key.cmp(&other.person.sort_key))
            .then_with(|| one.person.id.cmp(&other.person.id))
    });
    fits.truncate(MOST);
    Ok((domains.len(), fits))
}

/// First and last day of a year; both the given day for a year that no calendar knows.
pub(super) fn year_of(year: i32, day: NaiveDate) -> (NaiveDate, NaiveDate) {
    (NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or(day), NaiveDate::from_ymd_opt(year, 12, 31).unwrap_or(day))
}
