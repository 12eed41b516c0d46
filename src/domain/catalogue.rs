//! What plans refer to: skills, shift types, contract forms, the statutory calendar.

use chrono::{DateTime, Datelike, NaiveDate, Utc};

use super::fault::{Check, Fault, check_name, check_order, check_text};
use super::ids::{ContractId, ProfileId, ShiftTypeId, SkillId, UnitId};

/// A skill or certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skill {
    /// Id.
    pub id: SkillId,
    /// Name.
    pub name: String,
    /// Counts the edits, from 1.
    pub version: i64,
}

impl Check for Skill {
    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        check_name(&mut faults, "/name", &self.name);
        faults
    }
}

/// A kind of shift.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShiftType {
    /// Id.
    pub id: ShiftTypeId,
    /// Name.
    pub name: String,
    /// Soft least consecutive days on this type (S37).
    pub min_consecutive_days: Option<u16>,
    /// Soft most consecutive days on this type (S37).
    pub max_consecutive_days: Option<u16>,
    /// Types that may not follow on the next calendar day (H06), sorted.
    pub forbidden_next: Vec<ShiftTypeId>,
    /// Counts the edits, from 1.
    pub version: i64,
}

impl Check for ShiftType {
    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        check_name(&mut faults, "/name", &self.name);
        check_order(&mut faults, "/consecutiveDays", self.min_consecutive_days, self.max_consecutive_days);
        faults
    }
}

/// Most duties of one shift type in the planned stretch (H09).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TypeLimit {
    /// Type.
    pub shift_type: ShiftTypeId,
    /// Most duties.
    pub max_duties: u16,
}

/// A contract form: hard limits (left out: the profile's), obligations and soft ranges.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of the solver's `Limits` and `Contract`, documented there")]
pub struct Contract {
    pub id: ContractId,
    pub name: String,
    pub max_minutes_day: Option<u32>,
    pub max_duties_day: Option<u16>,
    pub max_minutes_week: Option<u32>,
    pub max_duties_week: Option<u16>,
    pub max_minutes_four_weeks: Option<u32>,
    pub min_minutes_horizon: Option<u32>,
    pub max_minutes_horizon: Option<u32>,
    pub min_rest_minutes: Option<u32>,
    pub max_consecutive_days: Option<u16>,
    pub min_consecutive_days: Option<u16>,
    pub min_consecutive_days_off: Option<u16>,
    pub max_weekends_four_weeks: Option<u16>,
    pub max_weekends_horizon: Option<u16>,
    pub min_minutes_week: u32,
    pub soft_min_consecutive_days: Option<u16>,
    pub soft_max_consecutive_days: Option<u16>,
    pub soft_min_consecutive_days_off: Option<u16>,
    pub soft_max_consecutive_days_off: Option<u16>,
    pub min_total_duties: Option<u16>,
    pub max_total_duties: Option<u16>,
    pub max_total_weekends: Option<u16>,
    pub complete_weekends: bool,
    /// Sorted by type.
    pub type_limits: Vec<TypeLimit>,
    /// Counts the edits, from 1.
    pub version: i64,
}

impl Contract {
    /// A contract form without any limit or obligation.
    #[must_use]
    pub fn new(id: ContractId, name: impl Into<String>) -> Self {
        Self {
            id,
            name: name.into(),
            max_minutes_day: None,
            max_duties_day: None,
            max_minutes_week: None,
            max_duties_week: None,
            max_minutes_four_weeks: None,
            min_minutes_horizon: None,
            max_minutes_horizon: None,
            min_rest_minutes: None,
            max_consecutive_days: None,
            min_consecutive_days: None,
            min_consecutive_days_off: None,
            max_weekends_four_weeks: None,
            max_weekends_horizon: None,
            min_minutes_week: 0,
            soft_min_consecutive_days: None,
            soft_max_consecutive_days: None,
            soft_min_consecutive_days_off: None,
            soft_max_consecutive_days_off: None,
            min_total_duties: None,
            max_total_duties: None,
            max_total_weekends: None,
            complete_weekends: false,
            type_limits: Vec::new(),
            version: 1,
        }
    }
}

impl Check for Contract {
    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        check_name(&mut faults, "/name", &self.name);
        check_order(&mut faults, "/maxMinutesWeek", Some(self.min_minutes_week), self.max_minutes_week);
        check_order(&mut faults, "/maxMinutesHorizon", self.min_minutes_horizon, self.max_minutes_horizon);
        check_order(&mut faults, "/maxConsecutiveDays", self.min_consecutive_days, self.max_consecutive_days);
        let soft = (self.soft_min_consecutive_days, self.soft_max_consecutive_days);
        check_order(&mut faults, "/softMaxConsecutiveDays", soft.0, soft.1);
        let soft = (self.soft_min_consecutive_days_off, self.soft_max_consecutive_days_off);
        check_order(&mut faults, "/softMaxConsecutiveDaysOff", soft.0, soft.1);
        check_order(&mut faults, "/maxTotalDuties", self.min_total_duties, self.max_total_duties);
        if super::person::has_repeats(self.type_limits.iter().map(|limit| &limit.shift_type)) {
            faults.push(Fault::new("repeated-shift-type", "/typeLimits", "a type is listed twice", "list each once"));
        }
        faults
    }
}

/// A day on which the statutory calendar departs from the ordinary week, or which it names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarDay {
    /// Date, within the calendar's year.
    pub date: NaiveDate,
    /// Off, or a working day.
    pub is_off: bool,
    /// Name of the holiday.
    pub name: Option<String>,
    /// Where the entry comes from.
    pub source: Option<String>,
}

/// The statutory calendar of a year. Days that it does not list are off on Saturdays and Sundays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarYear {
    /// Year.
    pub year: i32,
    /// Published by the state, not a draft.
    pub published: bool,
    /// The official notice.
    pub source: Option<String>,
    /// Days, sorted by date.
    pub days: Vec<CalendarDay>,
    /// Counts the edits, from 1.
    pub version: i64,
}

impl Check for CalendarYear {
    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        if !(1949..=2200).contains(&self.year) {
            faults.push(Fault::new(
                "impossible-year",
                "/year",
                format!("{} is no year that is planned", self.year),
                "give a year from 1949 to 2200",
            ));
        }
        if let Some(day) = self.days.iter().find(|day| day.date.year() != self.year) {
            faults.push(Fault::new(
                "date-outside-year",
                "/days",
                format!("{} does not lie in {}", day.date, self.year),
                "list the day under its own year",
            ));
        }
        if super::person::has_repeats(self.days.iter().map(|day| day.date)) {
            faults.push(Fault::new("repeated-date", "/days", "a date is listed twice", "list each date once"));
        }
        for day in &self.days {
            check_text(&mut faults, "/days/name", day.name.as_deref().unwrap_or(""), 60);
            check_text(&mut faults, "/days/source", day.source.as_deref().unwrap_or(""), 300);
        }
        faults
    }
}

/// A constraint profile: a name under which versions of rule settings stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConstraintProfile {
    /// Id.
    pub id: ProfileId,
    /// Name.
    pub name: String,
    /// Unit whose subtree it is meant for; none for all.
    pub unit: Option<UnitId>,
    /// Number of the latest version, from 1.
    pub latest: u32,
    /// Counts the edits, from 1.
    pub version: i64,
}

impl Check for ConstraintProfile {
    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        check_name(&mut faults, "/name", &self.name);
        faults
    }
}

/// One version of a profile's settings; never changed once stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileVersion {
    /// Profile.
    pub profile: ProfileId,
    /// Number, from 1.
    pub number: u32,
    /// Settings by rule code, JSON.
    pub rules: String,
    /// What changed and why.
    pub note: Option<String>,
    /// When it was stored.
    pub created_at: DateTime<Utc>,
}
