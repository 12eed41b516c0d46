//! Working days of the statutory calendar, counted forward: deadlines are promised in working days.

use chrono::{DateTime, Datelike as _, Days, NaiveDate, Utc};

use super::catalogue::CalendarYear;

/// Most days looked at for the next working day; the longest stretch off is the spring festival's nine.
const HORIZON_DAYS: u16 = 60;

/// The city's date at a moment.
#[must_use]
pub fn local_date(at: DateTime<Utc>) -> NaiveDate {
    at.with_timezone(&chrono_tz::Asia::Shanghai).date_naive()
}

/// Tells working days from days off. Days of a year without calendar are off on Saturdays and Sundays.
#[derive(Debug, Clone, Default)]
pub struct WorkingDays {
    years: Vec<CalendarYear>,
}

impl WorkingDays {
    /// The working days of these calendars.
    #[must_use]
    pub const fn new(years: Vec<CalendarYear>) -> Self {
        Self { years }
    }

    /// Whether the day is off, and the holiday's name if the calendar gives one.
    #[must_use]
    pub fn day_off(&self, date: NaiveDate) -> Option<Option<&str>> {
        let listed = self.years.iter().find(|year| year.year == date.year()).and_then(|year| {
            let at = year.days.binary_search_by_key(&date, |day| day.date).ok()?;
            year.days.get(at)
        });
        match listed {
            Some(day) => day.is_off.then_some(day.name.as_deref()),
            None => (date.weekday().number_from_monday() > 5).then_some(None),
        }
    }

    /// Whether the day is a working day.
    #[must_use]
    pub fn is_working(&self, date: NaiveDate) -> bool {
        self.day_off(date).is_none()
    }

    /// The day itself if it is a working day, or the first one after it.
    #[must_use]
    pub fn on_or_after(&self, date: NaiveDate) -> NaiveDate {
        let mut day = date;
        for _ in 0..HORIZON_DAYS {
            if self.is_working(day) {
                break;
            }
            day = next(day);
        }
        day
    }

    /// The working day so many working days after the date; the date's own day does not count.
    #[must_use]
    pub fn after(&self, date: NaiveDate, working_days: u16) -> NaiveDate {
        (0..working_days).fold(date, |day, _| self.on_or_after(next(day)))
    }
}

fn next(date: NaiveDate) -> NaiveDate {
    date.checked_add_days(Days::new(1)).unwrap_or(date)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::CalendarDay;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn october() -> WorkingDays {
        let mut days: Vec<CalendarDay> = (1..=7)
            .map(|day| CalendarDay {
                date: NaiveDate::from_ymd_opt(2026, 10, day).unwrap(),
                is_off: true,
                name: Some("国庆节".to_owned()),
                source: None,
            })
            .collect();
        days.push(CalendarDay { date: date("2026-10-10"), is_off: false, name: None, source: None });
        WorkingDays::new(vec![CalendarYear { year: 2026, published: true, source: None, days, version: 1 }])
    }

    #[test]
    fn a_deadline_counts_make_up_workdays_and_skips_holidays() {
        let days = october();
        assert_eq!(days.after(date("2026-09-30"), 1), date("2026-10-08"));
        assert_eq!(days.after(date("2026-09-30"), 3), date("2026-10-10"), "a Saturday that is worked");
        assert_eq!(days.after(date("2026-09-30"), 4), date("2026-10-12"));
        assert_eq!(days.after(date("2026-10-09"), 0), date("2026-10-09"));
    }

    #[test]
    fn a_holiday_is_named_and_a_weekend_is_not() {
        let days = october();
        assert_eq!(days.day_off(date("2026-10-03")), Some(Some("国庆节")));
        assert_eq!(days.day_off(date("2026-10-11")), Some(None));
        assert_eq!(days.on_or_after(date("2026-10-02")), date("2026-10-08"));
        assert!(days.is_working(date("2026-10-10")));
    }

    #[test]
    fn a_year_without_calendar_has_ordinary_weekends() {
        assert_eq!(WorkingDays::default().after(date("2031-01-03"), 1), date("2031-01-06"));
    }

    #[test]
    fn the_citys_date_changes_at_its_own_midnight() {
        let at = |text: &str| DateTime::parse_from_rfc3339(text).unwrap().with_timezone(&Utc);
        assert_eq!(local_date(at("2026-11-30T15:59:59Z")), date("2026-11-30"));
        assert_eq!(local_date(at("2026-11-30T16:00:00Z")), date("2026-12-01"));
    }
}
