//! Receptions that quotas still open ask for: each plan proposes those of its own days.
//!
//! By the last planned day the year's share of every quota should be done, announced or planned. What a station lacks is
//! proposed at that station; what the deputies of a street lack together, at the first station of the street that has a
//! room. A proposal names a station, a day and an hour; the plan decides who receives, who is host and in which room. Its
//! day is at least the notice period ahead, and one that falls on a day off moves to the next working day and says so.
//! A proposal that somebody cancels is not made again for the same week.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{Datelike as _, Days, NaiveDate};
use serde_json::json;

use super::generate::ends;
use super::hearings::street;
use super::sessions::every;
use crate::cases::working_days;
use crate::db::people::PersonFilter;
use crate::db::receptions::ReceptionFilter;
use crate::db::{DbResult, Trail, bulk, people, placement, receptions, resources, units};
use crate::domain::expand::{DatedDay, local_minute, opening_spans};
use crate::domain::{
    AuditDraft, Category, NOTICE_DAYS, QuotaKind, Reception, ReceptionId, ReceptionStatus, Schedule, Station, Unit,
};
use crate::reception::announce::{plan, settle_date};
use crate::reception::quota::{Progress, progress};

/// Most receptions that a street is proposed for a week, those that it has included; the rest follows later.
const MOST_A_WEEK: usize = 2;
/// Minutes of a proposed reception, of a window in it, and minute of the day from which it starts where that is open.
const LASTS: u16 = 120;
const WINDOW: u16 = 20;
const STARTS: u16 = 9 * 60;
/// Weekdays after Monday in the order in which they are proposed.
const DAYS: [u64; 5] = [2, 3, 1, 4, 0];
/// What a proposed reception is headed.
const TITLE: &str = "代表接待日";

/// Adds the receptions that the year's quotas ask for by the end of a schedule's days. Answers how many.
///
/// # Errors
/// [`DbError::NotFound`](crate::db::DbError::NotFound) when the schedule's unit does not exist.
pub fn propose(tx: &mut Trail<'_, '_>, schedule: &Schedule, days: &[DatedDay], today: NaiveDate) -> DbResult<usize> {
    let (first, last) = ends(schedule.week_start, schedule.days);
    let notice = Days::new(u64::try_from(NOTICE_DAYS).unwrap_or(0));
    let Some(earliest) = today.checked_add_days(notice).filter(|earliest| *earliest <= last) else { return Ok(0) };
    let year = u16::try_from(first.year()).unwrap_or(0);
    let rows = progress(tx, &schedule.unit, year, today)?;
    if rows.iter().all(|row| row.missing == 0) {
        return Ok(0);
    }
    let ground = Ground::read(tx, schedule, (first.min(today), last), today)?;
    let mut proposed = 0;
    let mut made: HashMap<String, usize> = HashMap::new();
    for (station, wanted) in ground.wanted(&rows, last) {
        let street = ground.street_of(station);
        for _ in 0..wanted {
            let held = ground.in_week.get(street).copied().unwrap_or(0);
            let so_far = made.entry(street.to_owned()).or_default();
            if held + *so_far >= MOST_A_WEEK {
                break;
            }
            let Some(reception) = proposal(tx, station, days, earliest)? else { break };
            let made = plan(tx, reception, today)?;
            *so_far += 1;
            proposed += 1;
            let unit_path = placement::of_station(tx, &made.station)?;
            tx.tell(AuditDraft {
                action: "propose",
                kind: "reception",
                entity: made.id.to_string(),
                unit_path,
                before: None,
                after: Some(json!({ "date": made.date, "station": made.station.as_str() }).to_string()),
                reason: Some(format!("{year} 年度接待任务")),
            });
        }
    }
    Ok(proposed)
}

/// What proposals are made on.
struct Ground {
    stations: Vec<Station>,
    /// Street of each station.
    streets: HashMap<String, String>,
    /// Stations with a room.
    roomy: HashSet<String>,
    /// Street of each deputy.
    deputies: HashMap<String, String>,
    /// Receptions of the planned days by street, cancelled ones included.
    in_week: HashMap<String, usize>,
    /// Receptions to come that are planned and not announced, and those refused, by station.
    planned: HashMap<String, i64>,
}

impl Ground {
    fn read(
        tx: &mut Trail<'_, '_>,
        schedule: &Schedule,
        (from, last): (NaiveDate, NaiveDate),
        today: NaiveDate,
    ) -> DbResult<Self> {
        let stations = bulk::stations(tx, &schedule.unit)?;
        let ids: Vec<&str> = stations.iter().map(|station| station.id.as_str()).collect();
        let venues = resources::venues_at(tx, &ids)?;
        let roomy = venues.into_iter().filter_map(|venue| Some(venue.station?.to_string())).collect();
        let subtree = Some(schedule.unit.clone());
        let filter =
            PersonFilter { subtree: subtree.clone(), category: Some(Category::Deputy), ..PersonFilter::default() };
        let found = every(|page| people::list(tx, &filter, page))?;
        let units = units::within(tx, &schedule.unit)?;
        let by_id: HashMap<&str, &Unit> = units.iter().map(|unit| (unit.id.as_str(), unit)).collect();
        let deputies = found
            .iter()
            .map(|deputy| (deputy.id.to_string(), street(&by_id, deputy.home_unit.as_str()).to_owned()))
            .collect();
        let streets: HashMap<String, String> = stations
            .iter()
            .map(|station| (station.id.to_string(), street(&by_id, station.unit.as_str()).to_owned()))
            .collect();
        let (mut in_week, mut planned): (HashMap<String, usize>, HashMap<String, i64>) = Default::default();
        let filter = ReceptionFilter { subtree, from: Some(from), ..ReceptionFilter::default() };
        for reception in every(|page| receptions::list(tx, &filter, page))? {
            let Some(street) = streets.get(reception.station.as_str()) else { continue };
            let wanted = reception.moved_from.unwrap_or(reception.date);
            let is_in_week = [reception.date, wanted].iter().any(|day| (schedule.week_start..=last).contains(day));
            if is_in_week {
                *in_week.entry(street.clone()).or_default() += 1;
            }
            let is_ahead = reception.date >= today && reception.date.year() == schedule.week_start.year();
            // What somebody has cancelled in the planned days is not asked for again in them.
            let is_refused = reception.status == ReceptionStatus::Cancelled && is_in_week;
            if reception.status == ReceptionStatus::Planned && is_ahead || is_refused {
                *planned.entry(reception.station.to_string()).or_default() += 1;
            }
        }
        Ok(Self { stations, streets, roomy, deputies, in_week, planned })
    }

    fn street_of(&self, station: &Station) -> &str {
        self.streets.get(station.id.as_str()).map_or("", String::as_str)
    }

    /// How many receptions are due at which station by a day, by station; those whose own quota asks for them first.
    fn wanted(&self, rows: &[Progress], by: NaiveDate) -> Vec<(&Station, i64)> {
        let mut found = Vec::new();
        let mut at_street: BTreeMap<&str, i64> = BTreeMap::new();
        for row in rows.iter().filter(|row| row.kind == QuotaKind::StationReceptions) {
            let Some(station) = self.stations.iter().find(|station| station.id.as_str() == row.subject) else {
                continue;
            };
            let ahead = row.done + row.ahead + self.planned.get(&row.subject).copied().unwrap_or(0);
            let due = due(row.target, by) - ahead;
            if due > 0 && self.roomy.contains(&row.subject) {
                *at_street.entry(self.street_of(station)).or_default() += due;
                found.push((station, due));
            }
        }
        let mut of_street: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
        for row in rows.iter().filter(|row| row.kind == QuotaKind::DeputyReceptions) {
            let Some(street) = self.deputies.get(&row.subject) else { continue };
            let sums = of_street.entry(street).or_default();
            sums.0 += row.target;
            // Who has done more than they owe does not do it for others.
            sums.1 += (row.done + row.ahead).min(row.target);
        }
        let mut by_street: HashMap<&str, Vec<&Station>> = HashMap::new();
        for station in &self.stations {
            by_street.entry(self.street_of(station)).or_default().push(station);
        }
        for (street, (target, done)) in of_street {
            let here = || by_street.get(street).into_iter().flatten().copied();
            let planned: i64 = here().filter_map(|station| self.planned.get(station.id.as_str())).sum();
            let due = due(target, by) - done - planned - at_street.get(street).copied().unwrap_or(0);
            let roomy = || here().filter(|station| self.roomy.contains(station.id.as_str()));
            let main = roomy().find(|station| station.unit.as_str() == street).or_else(|| roomy().next());
            found.extend(main.filter(|_| due > 0).map(|station| (station, due)));
        }
        found
    }
}

/// A reception at a station on a day that has none there yet; none when there is no such day.
fn proposal(
    tx: &mut Trail<'_, '_>,
    station: &Station,
    days: &[DatedDay],
    earliest: NaiveDate,
) -> DbResult<Option<Reception>> {
    let (Some(first), Some(last)) = (days.first(), days.last()) else { return Ok(None) };
    for step in DAYS {
        let Some(date) = first.date.checked_add_days(Days::new(step)).filter(|date| *date >= earliest) else {
            continue;
        };
        let Ok(id) = ReceptionId::parse(&format!("re-{}-{}", station.id, date.format("%y%m%d"))) else { continue };
        let mut reception = Reception {
            id,
            title: TITLE.to_owned(),
            station: station.id.clone(),
            date,
            start_minute: STARTS,
            end_minute: STARTS + LASTS,
            slot_minutes: WINDOW,
            per_slot: 1,
            venue: None,
            host: None,
            status: ReceptionStatus::Planned,
            announced_at: None,
            moved_from: None,
            moved_because: None,
            recorded_at: None,
            handover_due: date,
            deputies: Vec::new(),
            version: 1,
        };
        settle_date(&mut reception, &working_days(tx, date)?);
        let filter = ReceptionFilter {
            station: Some(station.id.clone()),
            from: Some(reception.date),
            to: Some(reception.date),
            ..ReceptionFilter::default()
        };
        let is_taken = !every(|page| receptions::list(tx, &filter, page))?.is_empty();
        let day = days.iter().find(|day| day.date == reception.date);
        let start = day.and_then(|day| start_on(station, day));
        if reception.date > last.date || is_taken || receptions::get(tx, &reception.id).is_ok() {
            continue;
        }
        let Some(start) = start else { continue };
        (reception.start_minute, reception.end_minute) = (start, start + LASTS);
        return Ok(Some(reception));
    }
    Ok(None)
}

/// The first minute from which a reception fits into the opening hours of a day.
fn start_on(station: &Station, day: &DatedDay) -> Option<u16> {
    let Some(spans) = opening_spans(station, std::slice::from_ref(day)) else { return Some(STARTS) };
    let minute = |at: chrono::NaiveDateTime| (at - local_minute(day.date, 0)).num_minutes();
    spans
        .iter()
        .map(|span| (minute(span.start).max(STARTS.into()), minute(span.end)))
        .find(|(start, end)| start + i64::from(LASTS) <= *end)
        .and_then(|(start, _)| u16::try_from(start).ok())
}

/// How many of a year's receptions or visits are due by a day, each no sooner than its share of the year is over.
pub(super) fn due(target: i64, by: NaiveDate) -> i64 {
    let days = if by.leap_year() { 366 } else { 365 };
    target * i64::from(by.ordinal()) / days
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quota_falls_due_evenly_over_the_year() {
        let by = |text: &str| due(24, text.parse().unwrap());
        assert_eq!((by("2026-01-04"), by("2026-01-18"), by("2026-07-05")), (0, 1, 12));
        assert_eq!(by("2026-12-31"), 24);
    }
}
