//! The statutory calendar that is shipped: data, to be edited and imported like any other.

use chrono::NaiveDate;
use serde::Deserialize;

use crate::domain::{CalendarDay, CalendarYear};

/// The shipped calendars as JSON: the official arrangement of 2025 and 2026, with the notices they come from.
pub const STATUTORY_CALENDAR_JSON: &str = include_str!("../data/statutory-calendar.json");

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct File {
    years: Vec<Year>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Year {
    year: i32,
    published: bool,
    source: String,
    days: Vec<Day>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Day {
    date: NaiveDate,
    off: bool,
    name: String,
}

/// Reads calendars from JSON laid out as [`STATUTORY_CALENDAR_JSON`].
///
/// # Errors
/// The reader's message for text that is laid out otherwise.
pub fn read_calendars(json: &str) -> Result<Vec<CalendarYear>, serde_json::Error> {
    let file: File = serde_json::from_str(json)?;
    Ok(file
        .years
        .into_iter()
        .map(|year| {
            let mut days: Vec<CalendarDay> = year
                .days
                .into_iter()
                .map(|day| CalendarDay {
                    date: day.date,
                    is_off: day.off,
                    name: Some(day.name),
                    source: Some(year.source.clone()),
                })
                .collect();
            days.sort_by_key(|day| day.date);
            CalendarYear { year: year.year, published: year.published, source: Some(year.source), days, version: 1 }
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Check;

    #[test]
    fn the_make_up_workdays_of_2026_are_those_of_the_notice() {
        let years = read_calendars(STATUTORY_CALENDAR_JSON).unwrap();
        assert!(years.iter().all(|year| year.faults().is_empty()));
        let year = years.iter().find(|year| year.year == 2026).unwrap();
        let work: Vec<String> =
            year.days.iter().filter(|day| !day.is_off).map(|day| day.date.format("%m-%d").to_string()).collect();
        assert_eq!(work, ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"]);
        assert_eq!(year.days.iter().filter(|day| day.is_off).count(), 3 + 9 + 3 + 5 + 3 + 3 + 7);
    }
}
