//! What deputies and stations owe in a year, what is done, and who is behind (S21).

use std::collections::HashMap;

use chrono::{Datelike as _, NaiveDate};

use super::fit::year_of;
use crate::db::people::PersonFilter;
use crate::db::{Connection, DbResult, people, quotas, receptions, stations, units, visits};
use crate::domain::{Category, DEPUTY_RECEPTIONS_A_YEAR, Quota, QuotaKind, ReceptionStatus, UnitId, VisitStatus};

/// How a deputy or station stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// What is counted.
    pub kind: QuotaKind,
    /// Id of the deputy or station.
    pub subject: String,
    /// Name.
    pub name: String,
    /// How many are owed.
    pub target: i64,
    /// How many are done, earlier ones included.
    pub done: i64,
    /// How many are announced or planned.
    pub ahead: i64,
    /// How many more are needed.
    pub missing: i64,
    /// Whether fewer are done and ahead than the part of the year that is over asks for.
    pub is_behind: bool,
}

/// How everybody stands in a year on a day: every deputy of the subtree by receptions, and whoever has a quota.
///
/// # Errors
/// [`DbError::NotFound`](crate::db::DbError::NotFound) when the unit does not exist.
pub fn progress(conn: &mut Connection, unit: &UnitId, year: u16, today: NaiveDate) -> DbResult<Vec<Progress>> {
    let (from, to) = year_of(i32::from(year), today);
    let counts = Counts::load(conn, from, to)?;
    let within: std::collections::HashSet<UnitId> =
        units::within(conn, unit)?.into_iter().map(|unit| unit.id).collect();
    let mut rows = Vec::new();
    let quotas = quotas::of_year(conn, year)?;
    let of_person = |id: &str, kind: QuotaKind| {
        quotas.iter().find(|quota| quota.kind == kind && quota.person.as_ref().is_some_and(|own| own.as_str() == id))
    };
    let filter =
        PersonFilter { subtree: Some(unit.clone()), category: Some(Category::Deputy), ..PersonFilter::default() };
    let mut page = crate::db::Page::first(crate::db::MAX_PAGE);
    loop {
        let slice = people::list(conn, &filter, &page)?;
        for person in slice.items {
            let id = person.id.as_str();
            let quota = of_person(id, QuotaKind::DeputyReceptions);
            let owed = owed(quota, DEPUTY_RECEPTIONS_A_YEAR);
            rows.push(row(
                QuotaKind::DeputyReceptions,
                id,
                &person.name,
                owed,
                counts.of_deputy(id),
                (from, to, today),
            ));
            if let Some(quota) = of_person(id, QuotaKind::DeputyVisits) {
                let owed = (i64::from(quota.target), i64::from(quota.done_before));
                rows.push(row(
                    QuotaKind::DeputyVisits,
                    id,
                    &person.name,
                    owed,
                    counts.of_visitor(id),
                    (from, to, today),
                ));
            }
        }
        match slice.next {
            Some(next) => page.after = Some(next),
            None => break,
        }
    }
    for quota in quotas.iter().filter(|quota| quota.kind == QuotaKind::StationReceptions) {
        let Some(station) = &quota.station else { continue };
        let station = stations::get(conn, station)?;
        if within.contains(&station.unit) {
            let id = station.id.as_str();
            let owed = (i64::from(quota.target), i64::from(quota.done_before));
            rows.push(row(quota.kind, id, &station.name, owed, counts.of_station(id), (from, to, today)));
        }
    }
    Ok(rows)
}

fn owed(quota: Option<&Quota>, otherwise: u16) -> (i64, i64) {
    quota.map_or((i64::from(otherwise), 0), |quota| (i64::from(quota.target), i64::from(quota.done_before)))
}

/// How somebody stands: `target` and what was done before, what is done and ahead, and the year with its day.
#[must_use]
pub fn row(
    kind: QuotaKind,
    subject: &str,
    name: &str,
    (target, before): (i64, i64),
    (done, ahead): (i64, i64),
    (from, to, today): (NaiveDate, NaiveDate, NaiveDate),
) -> Progress {
    let done = done + before;
    let days = (to - from).num_days() + 1;
    let over = ((today.min(to) - from).num_days() + 1).clamp(0, days);
    Progress {
        kind,
        subject: subject.to_owned(),
        name: name.to_owned(),
        target,
        done,
        ahead,
        missing: (target - done - ahead).max(0),
        is_behind: (done + ahead) * days < target * over && done + ahead < target,
    }
}

struct Counts {
    held: HashMap<String, i64>,
    announced: HashMap<String, i64>,
    station_held: HashMap<String, i64>,
    station_announced: HashMap<String, i64>,
    visits_done: HashMap<String, i64>,
    visits_planned: HashMap<String, i64>,
}

impl Counts {
    fn load(conn: &mut Connection, from: NaiveDate, to: NaiveDate) -> DbResult<Self> {
        use ReceptionStatus::{Announced, Held};
        Ok(Self {
            held: receptions::count_by_deputy(conn, Held, from, to)?.into_iter().collect(),
            announced: receptions::count_by_deputy(conn, Announced, from, to)?.into_iter().collect(),
            station_held: receptions::count_by_station(conn, Held, from, to)?.into_iter().collect(),
            station_announced: receptions::count_by_station(conn, Announced, from, to)?.into_iter().collect(),
            visits_done: visits::count_by_person(conn, VisitStatus::Done, from, to)?.into_iter().collect(),
            visits_planned: visits::count_by_person(conn, VisitStatus::Planned, from, to)?.into_iter().collect(),
        })
    }

    fn of_deputy(&self, id: &str) -> (i64, i64) {
        both(&self.held, &self.announced, id)
    }

    fn of_station(&self, id: &str) -> (i64, i64) {
        both(&self.station_held, &self.station_announced, id)
    }

    fn of_visitor(&self, id: &str) -> (i64, i64) {
        both(&self.visits_done, &self.visits_planned, id)
    }
}

fn both(done: &HashMap<String, i64>, ahead: &HashMap<String, i64>, id: &str) -> (i64, i64) {
    (done.get(id).copied().unwrap_or(0), ahead.get(id).copied().unwrap_or(0))
}

/// The year that a day lies in.
#[must_use]
pub fn year_of_day(day: NaiveDate) -> u16 {
    u16::try_from(day.year()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stand(target: i64, done: i64, ahead: i64, today: &str) -> (i64, bool) {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let days = (day("2026-01-01"), day("2026-12-31"), day(today));
        let row = row(QuotaKind::DeputyReceptions, "d", "d", (target, 0), (done, ahead), days);
        (row.missing, row.is_behind)
    }

    #[test]
    fn a_deputy_is_behind_when_the_year_runs_faster_than_the_receptions() {
        assert_eq!(stand(2, 0, 0, "2026-01-02"), (2, true));
        assert_eq!(stand(2, 1, 0, "2026-06-01"), (1, false));
        assert_eq!(stand(2, 1, 0, "2026-12-01"), (1, true));
        assert_eq!(stand(2, 1, 1, "2026-12-01"), (0, false));
        assert_eq!(stand(0, 0, 0, "2026-12-01"), (0, false));
    }
}
