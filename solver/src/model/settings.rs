//! Limits and switches of a problem, with the profile's defaults filled in.

use crate::problem::{Person, Problem, RuleCode};

/// Profile values that the models ask for often, read once.
#[derive(Debug, Clone)]
pub struct Settings {
    on: Vec<bool>,
    /// Travel speed in metres a minute, at least 1.
    pub metres_per_minute: u32,
    /// Minute of the day from which a duty's end counts as evening.
    pub evening_from_minute: i64,
    /// Metres that count as one unit of travel, at least 1.
    pub travel_unit_metres: u32,
    max_minutes_day: Option<i64>,
    max_duties_day: Option<i64>,
    max_minutes_week: Option<i64>,
    max_minutes_four_weeks: Option<i64>,
    min_rest_minutes: i64,
    max_consecutive_days: Option<i64>,
    max_weekends_four_weeks: Option<i64>,
}

impl Settings {
    /// Reads the settings of a problem.
    #[must_use]
    pub fn new(problem: &Problem) -> Self {
        let profile = &problem.profile;
        let parameter = |code, key| profile.parameter(code, key);
        let limit = |code, key| Some(profile.parameter(code, key)).filter(|&value| value > 0);
        Self {
            on: RuleCode::ALL.iter().map(|&code| profile.is_on(code)).collect(),
            metres_per_minute: positive(parameter(RuleCode::H01, "metres_per_minute")),
            evening_from_minute: parameter(RuleCode::S31, "evening_from_minute"),
            travel_unit_metres: positive(parameter(RuleCode::S32, "unit_metres")),
            max_minutes_day: limit(RuleCode::H04, "max_minutes"),
            max_duties_day: limit(RuleCode::H04, "max_duties"),
            max_minutes_week: limit(RuleCode::H05, "max_minutes_week"),
            max_minutes_four_weeks: limit(RuleCode::H05, "max_minutes_four_weeks"),
            min_rest_minutes: parameter(RuleCode::H06, "min_rest_minutes"),
            max_consecutive_days: limit(RuleCode::H07, "max_days"),
            max_weekends_four_weeks: Some(parameter(RuleCode::H08, "max_in_four_weeks")).filter(|&most| most < 4),
        }
    }

    /// Whether a rule is on.
    #[must_use]
    pub fn is_on(&self, code: RuleCode) -> bool {
        self.on[code as usize]
    }

    /// H04: most minutes a day.
    #[must_use]
    pub fn max_minutes_day(&self, person: &Person) -> Option<i64> {
        person.limits.max_minutes_day.map(i64::from).or(self.max_minutes_day).filter(|_| self.is_on(RuleCode::H04))
    }

    /// H04: most duties a day.
    #[must_use]
    pub fn max_duties_day(&self, person: &Person) -> Option<i64> {
        person.limits.max_duties_day.map(i64::from).or(self.max_duties_day).filter(|_| self.is_on(RuleCode::H04))
    }

    /// H05: most minutes a week.
    #[must_use]
    pub fn max_minutes_week(&self, person: &Person) -> Option<i64> {
        person.limits.max_minutes_week.map(i64::from).or(self.max_minutes_week).filter(|_| self.is_on(RuleCode::H05))
    }

    /// H05: most minutes in four weeks.
    #[must_use]
    pub fn max_minutes_four_weeks(&self, person: &Person) -> Option<i64> {
        let own = person.limits.max_minutes_four_weeks.map(i64::from);
        own.or(self.max_minutes_four_weeks).filter(|_| self.is_on(RuleCode::H05))
    }

    /// H06: least rest in minutes.
    #[must_use]
    pub fn min_rest_minutes(&self, person: &Person) -> i64 {
        if !self.is_on(RuleCode::H06) {
            return 0;
        }
        person.limits.min_rest_minutes.map_or(self.min_rest_minutes, i64::from)
    }

    /// H07: most consecutive working days.
    #[must_use]
    pub fn max_consecutive_days(&self, person: &Person) -> Option<i64> {
        let own = person.limits.max_consecutive_days.map(i64::from);
        own.or(self.max_consecutive_days).filter(|_| self.is_on(RuleCode::H07))
    }

    /// H08: most weekends in four weeks.
    #[must_use]
    pub fn max_weekends_four_weeks(&self, person: &Person) -> Option<i64> {
        let own = person.limits.max_weekends_four_weeks.map(i64::from);
        own.or(self.max_weekends_four_weeks).filter(|_| self.is_on(RuleCode::H08))
    }
}

fn positive(value: i64) -> u32 {
    u32::try_from(value.max(1)).unwrap_or(1)
}
