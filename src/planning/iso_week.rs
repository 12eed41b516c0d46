//! ISO 8601 weeks, as `2026-W49` or as the date of a day in them.

use chrono::{Datelike, NaiveDate, Weekday};

/// The Monday of a week written as `2026-W49`, or of the week in which a date such as `2026-11-30` lies.
#[must_use]
pub fn parse_week(text: &str) -> Option<NaiveDate> {
    if let Some((year, week)) = text.split_once("-W") {
        let digits = |text: &str, length| text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(year, 4) || !digits(week, 2) {
            return None;
        }
        return NaiveDate::from_isoywd_opt(year.parse().ok()?, week.parse().ok()?, Weekday::Mon);
    }
    let date: NaiveDate = text.parse().ok()?;
    Some(date.week(Weekday::Mon).first_day())
}

/// The week of a date as `2026-W49`.
#[must_use]
pub fn format_week(date: NaiveDate) -> String {
    let week = date.iso_week();
    format!("{:04}-W{:02}", week.year(), week.week())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_is_read_in_both_forms() {
        let monday = NaiveDate::from_ymd_opt(2026, 11, 30).unwrap();
        assert_eq!(parse_week("2026-W49"), Some(monday));
        assert_eq!(parse_week("2026-11-30"), Some(monday));
        assert_eq!(parse_week("2026-12-06"), Some(monday));
        assert_eq!(format_week(monday), "2026-W49");
    }

    #[test]
    fn impossible_weeks_are_none() {
        for text in ["2026-W54", "2026-W00", "2025-W53", "2026-W1", "2026-02-30", "next week", ""] {
            assert_eq!(parse_week(text), None, "{text}");
        }
    }
}
