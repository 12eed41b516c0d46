//! The problem: plain data, no I/O, no serde, no strings where an index will do.
//!
//! Everything a solver, the checker and the explanations read stands here. Times are minutes since
//! 00:00 local time of the first day of the horizon ([`Minute`]), days are offsets from that day,
//! distances are metres, and entities are referred to by index newtypes. The JSON form with its
//! string ids lives in [`crate::document`]; published benchmark files in `crate::formats`.

mod case;
mod ids;
mod need;
mod person;
mod profile;
mod reception;
pub mod rules;
pub mod validate;

pub use case::{Case, Settlement};
pub use ids::{CaseIx, NeedIx, PersonIx, PlaceIx, ReceptionIx, ShiftTypeIx, SkillIx, UnitIx, VenueIx};
pub use need::{Cover, Need, NeedKind, Post};
pub use person::{Category, Contract, History, Limits, Person, PersonSkill, Range, Wish, WishKind};
pub use profile::{Profile, RuleSetting};
pub use reception::{Reception, ReceptionOption, Seat, SeatRole, Venue};
pub use rules::{RuleCode, Tier};

use chrono::{Datelike, NaiveDate, Weekday};

/// Minutes since 00:00 local time of the first day of the horizon; negative in the past.
pub type Minute = i32;

/// Day offset from the first day of the horizon; negative in the past.
pub type DayOffset = i32;

/// Minutes in a day (Asia/Shanghai knows no daylight saving time).
pub const MINUTES_PER_DAY: Minute = 24 * 60;

/// A half-open stretch of time `[start, end)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First minute.
    pub start: Minute,
    /// First minute after the end.
    pub end: Minute,
}

impl Span {
    /// Length in minutes.
    #[must_use]
    pub const fn minutes(self) -> Minute {
        self.end - self.start
    }

    /// Whether the two stretches share a minute.
    #[must_use]
    pub const fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// The day on which the stretch starts; a night duty belongs to the day it starts on.
    #[must_use]
    pub const fn day(self) -> DayOffset {
        self.start.div_euclid(MINUTES_PER_DAY)
    }
}

/// A point on the local plane, metres east and north of the network's origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    /// Metres east.
    pub east_metres: i32,
    /// Metres north.
    pub north_metres: i32,
}

impl Point {
    /// Straight-line distance in whole metres, rounded down.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a city's distances fit u32")]
    pub fn distance_metres(self, other: Self) -> u32 {
        let east = f64::from(self.east_metres) - f64::from(other.east_metres);
        let north = f64::from(self.north_metres) - f64::from(other.north_metres);
        // Squares below 2^53 are exact, and `hypot` takes five times as long.
        (east * east + north * north).sqrt() as u32
    }
}

/// The planned stretch of days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Horizon {
    /// First day.
    pub start: NaiveDate,
    /// Number of days, at least 1.
    pub days: u16,
}

impl Horizon {
    /// The calendar date of a day offset.
    #[must_use]
    pub fn date(&self, day: DayOffset) -> NaiveDate {
        self.start + chrono::Duration::days(i64::from(day))
    }

    /// Whether the day is a Saturday or Sunday.
    #[must_use]
    pub fn is_weekend(&self, day: DayOffset) -> bool {
        matches!(self.date(day).weekday(), Weekday::Sat | Weekday::Sun)
    }

    /// Index of the Monday-to-Sunday week in which the day lies, counted from the week of the first day.
    #[must_use]
    pub fn week(&self, day: DayOffset) -> i32 {
        let first = self.start.weekday().num_days_from_monday();
        (day + i32::try_from(first).unwrap_or(0)).div_euclid(7)
    }
}

/// A node of the unit tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Statutory code, text.
    pub id: String,
    /// Display name.
    pub name: String,
    /// Parent, none for a root.
    pub parent: Option<UnitIx>,
    /// Whether this unit is a street or township: the natural part of a decomposition.
    pub is_street: bool,
    /// Cases that the units right below may hand up to it within the horizon, instead of the profile's `escalations`
    /// of S35.
    pub escalations: Option<u32>,
}

/// Where needs are met: a station, service point, venue or address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// External id.
    pub id: String,
    /// Display name.
    pub name: String,
    /// Unit it belongs to.
    pub unit: UnitIx,
    /// Location, if known; unknown distances count as 0.
    pub location: Option<Point>,
    /// Opening hours over the horizon, sorted and disjoint; `None` means always open.
    pub opening: Option<Vec<Span>>,
}

/// A skill or certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skill {
    /// External id.
    pub id: String,
    /// Display name.
    pub name: String,
}

/// A kind of shift, for successions and per-type limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShiftType {
    /// External id.
    pub id: String,
    /// Display name.
    pub name: String,
    /// Types that may not follow on the next calendar day (H06).
    pub forbidden_next: Vec<ShiftTypeIx>,
    /// Soft range of consecutive days on this type (S37), if any.
    pub consecutive_days: Option<Range>,
}

/// One assignment of a person to a need, at a time.
///
/// A post fixes the span; a case has several spans, each a need of its own, of which one is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duty {
    /// Who.
    pub person: PersonIx,
    /// What for.
    pub need: NeedIx,
    /// When.
    pub span: Span,
}

/// A whole rostering problem.
#[derive(Debug, Clone)]
pub struct Problem {
    /// Days to plan.
    pub horizon: Horizon,
    /// Statutory off days (weekends and holidays less make-up workdays), by day of the horizon.
    pub off_days: Vec<bool>,
    /// Unit tree; parents stand before their children.
    pub units: Vec<Unit>,
    /// Places.
    pub places: Vec<Place>,
    /// Skills.
    pub skills: Vec<Skill>,
    /// Shift types.
    pub shift_types: Vec<ShiftType>,
    /// People.
    pub people: Vec<Person>,
    /// Needs, of every kind.
    pub needs: Vec<Need>,
    /// Residents' cases; what each can be worked by stands among the needs.
    pub cases: Vec<Case>,
    /// Receptions to be held; their seats stand among the needs.
    pub receptions: Vec<Reception>,
    /// Rooms that receptions take.
    pub venues: Vec<Venue>,
    /// Pairs of people who may not share a post (H14).
    pub apart: Vec<(PersonIx, PersonIx)>,
    /// Rules, parameters, weights.
    pub profile: Profile,
    /// Assignments that stay (H15).
    pub pins: Vec<Duty>,
    /// The published roster, for the least change (S34); empty when there is none.
    pub published: Vec<Duty>,
}

impl Problem {
    /// Streets, or 1 where there are none: what solving takes grows with them.
    #[must_use]
    pub fn streets(&self) -> usize {
        self.units.iter().filter(|unit| unit.is_street).count().max(1)
    }

    /// The street or township above (or at) a unit: the part that the unit belongs to. `None` above street level.
    #[must_use]
    pub fn street_of(&self, unit: UnitIx) -> Option<UnitIx> {
        let mut at = Some(unit);
        while let Some(ix) = at {
            let node = self.units.get(ix.index())?;
            if node.is_street {
                return Some(ix);
            }
            at = node.parent;
        }
        None
    }

    /// First minute after the horizon.
    #[must_use]
    pub fn end(&self) -> Minute {
        Minute::from(self.horizon.days) * MINUTES_PER_DAY
    }

    /// Cases that the units right below may hand up to a unit within the horizon.
    #[must_use]
    pub fn escalations(&self, unit: UnitIx) -> i64 {
        let own = self.units.get(unit.index()).and_then(|unit| unit.escalations);
        own.map_or_else(|| self.profile.parameter(RuleCode::S35, "escalations"), i64::from)
    }

    /// The case that a need is a span of, if it is one.
    #[must_use]
    pub fn case_of(&self, need: NeedIx) -> Option<&Case> {
        let case = self.needs.get(need.index())?.case?;
        self.cases.get(case.index())
    }

    /// The duties of a roster that gives the needs of each person, by position; each lasts as long as its post.
    #[must_use]
    pub fn duties_of(&self, by_person: &[Vec<NeedIx>]) -> Vec<Duty> {
        let pairs = by_person.iter().enumerate().flat_map(|(at, needs)| needs.iter().map(move |&need| (at, need)));
        let duty = |(at, need): (usize, NeedIx)| {
            let span = self.needs[need.index()].as_post()?.span;
            Some(Duty { person: PersonIx::from_index(at), need, span })
        };
        pairs.filter_map(duty).collect()
    }

    /// The reception that a need is a seat of, if it is one, with the seat.
    #[must_use]
    pub fn seat_of(&self, need: NeedIx) -> Option<(&Reception, Seat)> {
        let seat = self.needs.get(need.index())?.seat?;
        Some((self.receptions.get(seat.reception.index())?, seat))
    }

    /// Booked matters of a reception that fall outside somebody's domains (S36).
    #[must_use]
    pub fn matters_outside(&self, reception: &Reception, person: PersonIx) -> i64 {
        let Some(who) = self.people.get(person.index()) else { return 0 };
        let known = |skill: SkillIx| who.skills.iter().any(|own| own.skill == skill);
        reception.matters.iter().filter(|(skill, _)| !known(*skill)).map(|&(_, count)| i64::from(count)).sum()
    }

    /// Whether `unit` lies in the subtree of `root`.
    #[must_use]
    pub fn is_within(&self, unit: UnitIx, root: UnitIx) -> bool {
        let mut at = Some(unit);
        while let Some(ix) = at {
            if ix == root {
                return true;
            }
            at = self.units.get(ix.index()).and_then(|node| node.parent);
        }
        false
    }
}
