//! People: what they can do, when, how much, and what came before the horizon.

use super::{DayOffset, Minute, PlaceIx, Point, ShiftTypeIx, SkillIx, Span, UnitIx};

/// Category of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Category {
    /// 挂职干部
    SecondedCadre,
    /// 分流人员
    ReassignedStaff,
    /// 招聘人员
    RecruitedStaff,
    /// 党员志愿者
    Volunteer,
    /// 两代表一委员
    Deputy,
}

impl Category {
    /// Whether the person counts as staff for S23.
    #[must_use]
    pub const fn is_staff(self) -> bool {
        matches!(self, Self::SecondedCadre | Self::ReassignedStaff | Self::RecruitedStaff)
    }
}

/// An inclusive range; each end optional in meaning through 0 and `u16::MAX`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// Least.
    pub min: u16,
    /// Most.
    pub max: u16,
}

/// A skill that a person has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PersonSkill {
    /// Which.
    pub skill: SkillIx,
    /// Level, 1 and up.
    pub level: u8,
    /// Last day on which the certificate is valid; `None` means it does not expire.
    pub valid_until: Option<DayOffset>,
}

/// Hard limits of one person (tier 0). `None` leaves the profile's default in force
/// (see `rules`), which may itself be "no limit".
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Limits {
    /// H04: most minutes on one day.
    pub max_minutes_day: Option<u32>,
    /// H04: most duties on one day.
    pub max_duties_day: Option<u16>,
    /// H05: most minutes in one Monday-to-Sunday week.
    pub max_minutes_week: Option<u32>,
    /// H05: most duties in one Monday-to-Sunday week.
    pub max_duties_week: Option<u16>,
    /// H05: most minutes in any four consecutive weeks, history included.
    pub max_minutes_four_weeks: Option<u32>,
    /// H05: least minutes in the whole horizon, hard (contract option; benchmark sets use it).
    pub min_minutes_horizon: Option<u32>,
    /// H05: most minutes in the whole horizon.
    pub max_minutes_horizon: Option<u32>,
    /// H06: least minutes of rest between duties of different days.
    pub min_rest_minutes: Option<u32>,
    /// H07: most consecutive working days.
    pub max_consecutive_days: Option<u16>,
    /// H07: least consecutive working days (contract option).
    pub min_consecutive_days: Option<u16>,
    /// H07: least consecutive days off (contract option).
    pub min_consecutive_days_off: Option<u16>,
    /// H08: most weekends worked in any four weeks, history included; over the whole horizon if longer is asked for
    /// by `max_weekends_horizon`.
    pub max_weekends_four_weeks: Option<u16>,
    /// H08: most weekends worked in the whole horizon.
    pub max_weekends_horizon: Option<u16>,
    /// H09: most duties of one shift type in the horizon.
    pub max_duties_of_type: Vec<(ShiftTypeIx, u16)>,
    /// H13: most receptions as a deputy in the horizon.
    pub max_receptions: Option<u16>,
}

/// Obligations and soft ranges of one person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contract {
    /// S20: least minutes in each Monday-to-Sunday week of the horizon.
    pub min_minutes_week: u32,
    /// S20: the host unit of a seconded cadre and the least minutes there in each week.
    pub host: Option<(UnitIx, u32)>,
    /// S38: soft range of consecutive working days.
    pub consecutive_days: Option<Range>,
    /// S38: soft range of consecutive days off.
    pub consecutive_days_off: Option<Range>,
    /// S39: soft range of the number of duties, history's count included, over the whole contract period.
    pub total_duties: Option<Range>,
    /// S39: soft most weekends worked, history's count included, over the whole contract period.
    pub max_total_weekends: Option<u16>,
    /// S40: weekends are to be worked whole or not at all.
    pub complete_weekends: bool,
}

/// Whether a wish asks for work or for its absence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WishKind {
    /// Costs its weight once when no matching duty is given.
    Want,
    /// Costs its weight for each matching duty given.
    Avoid,
}

/// A preference (S30). A duty matches when it overlaps the span and fits the other fields that are set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wish {
    /// Work or no work.
    pub kind: WishKind,
    /// When.
    pub span: Span,
    /// Only this shift type.
    pub shift_type: Option<ShiftTypeIx>,
    /// Only this place.
    pub place: Option<PlaceIx>,
    /// Cost, multiplied by the profile's S30 weight; at least 1.
    pub weight: u16,
}

/// What happened before the horizon, as far as rules need it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    /// Minutes worked in the last three weeks, oldest first.
    pub minutes_last_three_weeks: [u32; 3],
    /// Whether the weekends of the last three weeks were worked, oldest first.
    pub weekends_last_three_weeks: [bool; 3],
    /// Working days in a row up to the day before the horizon.
    pub consecutive_days: u16,
    /// Days off in a row up to the day before the horizon; `u16::MAX` when the person is new.
    pub consecutive_days_off: u16,
    /// Days in a row on `last_shift_type` up to the day before the horizon.
    pub consecutive_days_of_type: u16,
    /// Shift type of the last day before the horizon, if that day was worked.
    pub last_shift_type: Option<ShiftTypeIx>,
    /// End of the last duty, if within the last two days (a negative minute, or a small positive one for a night).
    pub last_duty_end: Option<Minute>,
    /// Duties so far in the contract period (S39).
    pub total_duties: u16,
    /// Weekends worked so far in the contract period (S39).
    pub total_weekends: u16,
    /// Ledger of fairness (S31): minutes carried above (+) or below (-) the fair share of comparable people.
    pub fairness_minutes: i32,
    /// Ledger of fairness (S31): evening and weekend duties above (+) or below (-) the fair share.
    pub fairness_unsocial_duties: i32,
}

/// A person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// External id.
    pub id: String,
    /// Display name.
    pub name: String,
    /// Category.
    pub category: Category,
    /// Home unit: decides the person's own street and the group of comparable people.
    pub home_unit: UnitIx,
    /// Home location, for travel.
    pub home: Option<Point>,
    /// Skills.
    pub skills: Vec<PersonSkill>,
    /// H10: roots of the subtrees the person may serve in (home subtree, host unit, lending list).
    pub scope: Vec<UnitIx>,
    /// H10: greatest distance from home to a place.
    pub max_distance_metres: Option<u32>,
    /// H02: first and last day (inclusive) of secondment or membership within the horizon.
    pub active_days: (DayOffset, DayOffset),
    /// H02: unavailable times (leave included), sorted and disjoint.
    pub unavailable: Vec<Span>,
    /// Hard limits.
    pub limits: Limits,
    /// Obligations.
    pub contract: Contract,
    /// S23: a trainee does not count as a head.
    pub trainee: bool,
    /// S23: a newcomer never serves alone.
    pub newcomer: bool,
    /// Preferences.
    pub wishes: Vec<Wish>,
    /// S33: places served in earlier weeks.
    pub familiar_places: Vec<PlaceIx>,
    /// History.
    pub history: History,
}
