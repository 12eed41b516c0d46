//! From what repeats to what is dated: templates become posts, weekly hours and statements become stretches of time.
//!
//! Pure and shared: the database's plans and the demo's documents come from the same rules.

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};

use super::catalogue::CalendarYear;
use super::demand::{DemandTemplate, Post};
use super::ids::PostId;
use super::service::Availability;
use super::station::{HoursDay, Station};

/// A half-open stretch of local time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalSpan {
    /// First minute.
    pub start: NaiveDateTime,
    /// First minute after the end.
    pub end: NaiveDateTime,
}

/// One dated day with what the statutory calendar says of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DatedDay {
    /// Date.
    pub date: NaiveDate,
    /// Off, or a working day.
    pub is_off: bool,
    /// Whether a published calendar says so; otherwise weekends are taken to be off.
    pub is_published: bool,
}

/// The days of a stretch, as the calendars have them.
#[must_use]
pub fn dated_days(years: &[CalendarYear], start: NaiveDate, days: u16) -> Vec<DatedDay> {
    let dates = (0..u64::from(days)).filter_map(|offset| start.checked_add_days(Days::new(offset)));
    dates
        .map(|date| {
            let year = years.iter().find(|year| year.year == date.year());
            let listed = year.and_then(|year| {
                let at = year.days.binary_search_by_key(&date, |day| day.date).ok()?;
                year.days.get(at)
            });
            let is_weekend = date.weekday().number_from_monday() > 5;
            DatedDay {
                date,
                is_off: listed.map_or(is_weekend, |day| day.is_off),
                is_published: year.is_some_and(|year| year.published),
            }
        })
        .collect()
}

/// The local time of a minute of a date; minutes above 1440 lie on the next day.
#[must_use]
pub fn local_minute(date: NaiveDate, minute: u16) -> NaiveDateTime {
    date.and_time(NaiveTime::MIN) + TimeDelta::minutes(i64::from(minute))
}

/// Opening hours on the given days, sorted, touching stretches joined; `None` for a station that is always open.
#[must_use]
pub fn opening_spans(station: &Station, days: &[DatedDay]) -> Option<Vec<LocalSpan>> {
    if station.always_open {
        return None;
    }
    let mut spans = Vec::new();
    for day in days {
        let kind = if day.is_off { HoursDay::OffDay } else { HoursDay::of(day.date.weekday()) };
        spans.extend(station.hours.iter().filter(|hours| hours.day == kind).map(|hours| LocalSpan {
            start: local_minute(day.date, hours.start_minute),
            end: local_minute(day.date, hours.end_minute),
        }));
    }
    Some(join(spans))
}

/// The posts that a template of the station becomes on the given days: one a day, where it applies and the station is
/// open throughout.
#[must_use]
pub fn expand_template(template: &DemandTemplate, station: &Station, days: &[DatedDay]) -> Vec<Post> {
    let open = opening_spans(station, days);
    days.iter()
        .filter(|day| template.days.contains(day.date.weekday(), day.is_off))
        .filter(|day| template.valid_from.is_none_or(|from| from <= day.date))
        .filter(|day| template.valid_to.is_none_or(|to| day.date <= to))
        .filter(|day| {
            let start = local_minute(day.date, template.start_minute);
            let end = local_minute(day.date, template.end_minute);
            open.as_ref().is_none_or(|spans| spans.iter().any(|span| span.start <= start && end <= span.end))
        })
        .filter_map(|day| {
            Some(Post {
                id: PostId::parse(&format!("{}@{}", template.id, day.date)).ok()?,
                station: template.station.clone(),
                template: Some(template.id.clone()),
                date: day.date,
                start_minute: template.start_minute,
                end_minute: template.end_minute,
                skill: template.skill.clone(),
                skill_level: template.skill_level,
                shift_type: template.shift_type.clone(),
                min_heads: template.min_heads,
                target_heads: template.target_heads,
                max_heads: template.max_heads,
                priority: template.priority,
                mix: template.mix,
                retired: false,
                excluded: Vec::new(),
                version: 1,
            })
        })
        .collect()
}

/// The stretches of time that a statement of availability names on the given days, sorted, touching ones joined.
#[must_use]
pub fn availability_spans(statement: &Availability, days: &[DatedDay]) -> Vec<LocalSpan> {
    let spans = days
        .iter()
        .filter(|day| {
            statement.weekday.is_none_or(|weekday| u32::from(weekday) == day.date.weekday().number_from_monday())
                && statement.from_date.is_none_or(|from| from <= day.date)
                && statement.to_date.is_none_or(|to| day.date <= to)
        })
        .map(|day| LocalSpan {
            start: local_minute(day.date, statement.start_minute),
            end: local_minute(day.date, statement.end_minute),
        });
    join(spans.collect())
}

/// Sorts stretches and joins those that touch or overlap.
#[must_use]
pub fn join(mut spans: Vec<LocalSpan>) -> Vec<LocalSpan> {
    spans.sort_unstable();
    let mut joined: Vec<LocalSpan> = Vec::with_capacity(spans.len());
    for span in spans {
        match joined.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => joined.push(span),
        }
    }
    joined
}
