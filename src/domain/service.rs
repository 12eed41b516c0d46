//! Where and when people may serve: secondments, lendings, availability, pairs kept apart.

use chrono::NaiveDate;

use super::fault::{Check, Fault, check_order, check_span, check_text};
use super::ids::{AvailabilityId, LendingId, PersonId, SecondmentId, ShiftTypeId, StationId, UnitId};
use super::text_enum;

/// A secondment: the person serves at the host unit and owes it time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Secondment {
    /// Id.
    pub id: SecondmentId,
    /// Who.
    pub person: PersonId,
    /// Host unit; its subtree joins the person's scope.
    pub host_unit: UnitId,
    /// First day.
    pub from_date: NaiveDate,
    /// Last day; none while open.
    pub to_date: Option<NaiveDate>,
    /// Least minutes a week in the host unit's subtree (S20).
    pub min_minutes_week: u32,
    /// Counts the edits, from 1.
    pub version: i64,
}

impl Check for Secondment {
    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        check_order(&mut faults, "/toDate", Some(self.from_date), self.to_date);
        faults
    }
}

/// A lending: the person may also serve in another unit's subtree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lending {
    /// Id.
    pub id: LendingId,
    /// Who.
    pub person: PersonId,
    /// Unit lent to.
    pub unit: UnitId,
    /// First day.
    pub from_date: NaiveDate,
    /// Last day; none while open.
    pub to_date: Option<NaiveDate>,
    /// Counts the edits, from 1.
    pub version: i64,
}

impl Check for Lending {
    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        check_order(&mut faults, "/toDate", Some(self.from_date), self.to_date);
        faults
    }
}

text_enum! {
    /// What a person says of a time.
    AvailabilityKind {
        /// Cannot serve (H02), leave included.
        Unavailable = "unavailable",
        /// Would rather not serve (S30).
        Undesired = "undesired",
        /// Would like to serve (S30).
        Desired = "desired",
    }
}

/// A statement of availability: minutes of each of the days that fit weekday and dates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Availability {
    /// Id.
    pub id: AvailabilityId,
    /// Who.
    pub person: PersonId,
    /// What is said.
    pub kind: AvailabilityKind,
    /// Only on this weekday, 1 Monday to 7 Sunday; none for every day of the dates.
    pub weekday: Option<u8>,
    /// First day; none for no beginning. A statement without weekday has both dates.
    pub from_date: Option<NaiveDate>,
    /// Last day; none for no end.
    pub to_date: Option<NaiveDate>,
    /// First minute of each day.
    pub start_minute: u16,
    /// First minute after the end; above 1440 on the next day.
    pub end_minute: u16,
    /// Only duties of this shift type (wishes only).
    pub shift_type: Option<ShiftTypeId>,
    /// Only duties at this station (wishes only).
    pub station: Option<StationId>,
    /// Strength of a wish, 1 and up.
    pub weight: u16,
    /// Reason, for the person's own coordinator.
    pub reason: Option<String>,
    /// Counts the edits, from 1.
    pub version: i64,
}

impl Check for Availability {
    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        check_span(&mut faults, "/startMinute", self.start_minute, self.end_minute);
        check_order(&mut faults, "/toDate", self.from_date, self.to_date);
        check_text(&mut faults, "/reason", self.reason.as_deref().unwrap_or(""), 300);
        if self.weekday.is_some_and(|weekday| !(1..=7).contains(&weekday)) {
            faults.push(Fault::new(
                "impossible-weekday",
                "/weekday",
                "there is no such weekday",
                "1 Monday to 7 Sunday",
            ));
        }
        if self.weekday.is_none() && (self.from_date.is_none() || self.to_date.is_none()) {
            faults.push(Fault::new(
                "open-dates",
                "/fromDate",
                "without a weekday the statement needs its first and last day",
                "give both dates, or a weekday for a weekly statement",
            ));
        }
        if self.weight == 0 {
            faults.push(Fault::new("weight-zero", "/weight", "the weight is 0", "weights start at 1"));
        }
        if self.kind == AvailabilityKind::Unavailable && (self.shift_type.is_some() || self.station.is_some()) {
            faults.push(Fault::new(
                "unavailable-for-some",
                "/kind",
                "unavailable means unavailable for everything",
                "leave shift type and station out, or say undesired",
            ));
        }
        faults
    }
}

/// Two people who may not share a post (H14); the first id is the smaller.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ApartPair {
    /// First.
    pub first: PersonId,
    /// Second.
    pub second: PersonId,
    /// Reason.
    pub reason: Option<String>,
}
