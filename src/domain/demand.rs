//! Demand: weekly templates and the posts that they become.

use chrono::NaiveDate;

use super::fault::{Check, Fault, check_name, check_order, check_span};
use super::ids::{PersonId, PostId, ShiftTypeId, SkillId, StationId, TemplateId};

/// A set of days: working Mondays to Sundays (bits 0 to 6) and statutory days off (bit 7).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct DaySet(u8);

impl DaySet {
    /// Statutory days off, ordinary weekends included.
    pub const OFF_DAYS: Self = Self(0x80);

    /// The set of the bits.
    #[must_use]
    pub const fn from_bits(bits: u8) -> Self {
        Self(bits)
    }

    /// The bits.
    #[must_use]
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// The set with a working weekday added.
    #[must_use]
    pub const fn with(self, weekday: chrono::Weekday) -> Self {
        Self(self.0 | 1 << weekday.num_days_from_monday())
    }

    /// The set with statutory days off added.
    #[must_use]
    pub const fn with_off_days(self) -> Self {
        Self(self.0 | Self::OFF_DAYS.0)
    }

    /// Whether a day of this weekday, off or not, belongs to the set.
    #[must_use]
    pub const fn contains(self, weekday: chrono::Weekday, is_off: bool) -> bool {
        if is_off { self.0 & Self::OFF_DAYS.0 != 0 } else { self.0 & (1 << weekday.num_days_from_monday()) != 0 }
    }
}

/// A weekly demand: on each of its days that falls into opening hours, a post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemandTemplate {
    /// Id.
    pub id: TemplateId,
    /// Station.
    pub station: StationId,
    /// Name.
    pub name: String,
    /// Days.
    pub days: DaySet,
    /// First minute of the day.
    pub start_minute: u16,
    /// First minute after the end; above 1440 on the next day.
    pub end_minute: u16,
    /// Required skill (H03).
    pub skill: Option<SkillId>,
    /// Least level of the skill, 1 and up.
    pub skill_level: u8,
    /// Kind of shift.
    pub shift_type: Option<ShiftTypeId>,
    /// Heads below which residents are not served (S10).
    pub min_heads: u16,
    /// Heads wanted (S22).
    pub target_heads: u16,
    /// Most heads (H11).
    pub max_heads: u16,
    /// Importance, 1 and up.
    pub priority: u8,
    /// Staff beside volunteers, newcomers not alone (S23).
    pub mix: bool,
    /// First day on which it applies.
    pub valid_from: Option<NaiveDate>,
    /// Last day on which it applies.
    pub valid_to: Option<NaiveDate>,
    /// Counts the edits, from 1.
    pub version: i64,
}

impl Check for DemandTemplate {
    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        check_name(&mut faults, "/name", &self.name);
        check_span(&mut faults, "/startMinute", self.start_minute, self.end_minute);
        check_heads(&mut faults, [self.min_heads, self.target_heads, self.max_heads]);
        check_rank(&mut faults, self.skill_level, self.priority);
        check_order(&mut faults, "/validTo", self.valid_from, self.valid_to);
        if self.days.bits() == 0 {
            faults.push(Fault::new("no-days", "/days", "the template applies on no day", "name at least one day"));
        }
        faults
    }
}

/// A post: a station to be staffed on a date for a fixed time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// Id.
    pub id: PostId,
    /// Station.
    pub station: StationId,
    /// Template it was generated from; none when made by hand.
    pub template: Option<TemplateId>,
    /// Date on which it starts.
    pub date: NaiveDate,
    /// First minute of the date.
    pub start_minute: u16,
    /// First minute after the end; above 1440 on the next day.
    pub end_minute: u16,
    /// Required skill (H03).
    pub skill: Option<SkillId>,
    /// Least level of the skill, 1 and up.
    pub skill_level: u8,
    /// Kind of shift.
    pub shift_type: Option<ShiftTypeId>,
    /// Heads below which residents are not served (S10).
    pub min_heads: u16,
    /// Heads wanted (S22).
    pub target_heads: u16,
    /// Most heads (H11).
    pub max_heads: u16,
    /// Importance, 1 and up.
    pub priority: u8,
    /// Staff beside volunteers, newcomers not alone (S23).
    pub mix: bool,
    /// No longer wanted, kept because a roster names it.
    pub retired: bool,
    /// People who may not serve here (H14), sorted.
    pub excluded: Vec<PersonId>,
    /// Counts the edits, from 1.
    pub version: i64,
}

impl Check for Post {
    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        check_span(&mut faults, "/startMinute", self.start_minute, self.end_minute);
        check_heads(&mut faults, [self.min_heads, self.target_heads, self.max_heads]);
        check_rank(&mut faults, self.skill_level, self.priority);
        faults
    }
}

fn check_heads(faults: &mut Vec<Fault>, [min, target, max]: [u16; 3]) {
    if min > target || target > max || max == 0 {
        faults.push(Fault::new(
            "heads-out-of-order",
            "/maxHeads",
            format!("minimum {min}, target {target}, maximum {max}"),
            "minimum must not exceed target, target not maximum, and the maximum is at least 1",
        ));
    }
}

fn check_rank(faults: &mut Vec<Fault>, skill_level: u8, priority: u8) {
    if skill_level == 0 {
        faults.push(Fault::new("skill-level-zero", "/skillLevel", "the level is 0", "levels start at 1"));
    }
    if priority == 0 {
        faults.push(Fault::new("priority-zero", "/priority", "the priority is 0", "priorities start at 1"));
    }
}
