//! Shared resources of resident units 驻区单位: what there is, who lends it to whom, who uses it when, and what it is for.

use chrono::{DateTime, NaiveDate, Utc};

use super::case::check_prose;
use super::fault::{Check, Fault, check_name, check_order, check_span, check_text};
use super::ids::{
    ActivityId, BookingId, LoanId, NeedId, PersonId, PostId, ProjectId, ReceptionId, ResourceEventId, ResourceId,
    SkillId, StationId, UnitId,
};
use super::person::has_repeats;
use super::station::OpeningHours;
use super::text_enum;

text_enum! {
    /// Kind of a shared resource.
    ResourceKind {
        /// 场所: venue; one user at a time.
        Venue = "venue",
        /// 车辆: pool of vehicles.
        Vehicle = "vehicle",
        /// 设施: pool of equipment.
        Equipment = "equipment",
        /// 物资: stock of goods, used up.
        Goods = "goods",
        /// 资金: fund in yuan, used up.
        Fund = "fund",
    }
}

impl ResourceKind {
    /// Whether use takes it away for good.
    #[must_use]
    pub const fn is_used_up(self) -> bool {
        matches!(self, Self::Goods | Self::Fund)
    }
}

text_enum! {
    /// The four kinds of service base 服务基地.
    BaseKind {
        /// 学习教育: study.
        Study = "study",
        /// 党员活动: party activities.
        PartyActivities = "partyActivities",
        /// 医疗卫生: health.
        Health = "health",
        /// 文体娱乐: culture and sports.
        CultureSports = "cultureSports",
    }
}

/// A shared resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// Id.
    pub id: ResourceId,
    /// Kind.
    pub kind: ResourceKind,
    /// Name.
    pub name: String,
    /// Unit that owns it.
    pub unit: UnitId,
    /// Station at which it is; a venue has one.
    pub station: Option<StationId>,
    /// Kind of base that a venue serves as.
    pub base_kind: Option<BaseKind>,
    /// People who fit into a venue.
    pub capacity: Option<u32>,
    /// Vehicles or pieces in the pool, pieces in stock, yuan in the fund; 1 for a venue.
    pub quantity: u32,
    /// First day on which it is withdrawn.
    pub withdrawn_from: Option<NaiveDate>,
    /// Last day on which it is withdrawn; none for good.
    pub withdrawn_to: Option<NaiveDate>,
    /// Hours in which it can be used, sorted; at any time when empty.
    pub hours: Vec<OpeningHours>,
    /// Counts the edits, from 1.
    pub version: i64,
}

impl Resource {
    /// Whether it is withdrawn on a day.
    #[must_use]
    pub fn is_withdrawn_on(&self, date: NaiveDate) -> bool {
        self.withdrawn_from.is_some_and(|from| from <= date) && self.withdrawn_to.is_none_or(|to| date <= to)
    }
}

impl Check for Resource {
    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        check_name(&mut faults, "/name", &self.name);
        check_order(&mut faults, "/withdrawnTo", self.withdrawn_from, self.withdrawn_to);
        for hours in &self.hours {
            check_span(&mut faults, "/hours", hours.start_minute, hours.end_minute);
        }
        if self.quantity == 0 {
            faults.push(Fault::new("quantity-zero", "/quantity", "there is nothing of it", "give 1 or more"));
        }
        if self.kind == ResourceKind::Venue {
            if self.quantity != 1 {
                faults.push(Fault::new("venue-quantity", "/quantity", "a venue is one", "give 1"));
            }
            if self.station.is_none() {
                faults.push(Fault::new("venue-place", "/station", "a venue stands somewhere", "name its station"));
            }
        } else if self.base_kind.is_some() || self.capacity.is_some() {
            faults.push(Fault::new(
                "no-venue",
                "/kind",
                "only a venue is a base or holds people",
                "leave baseKind and capacity out",
            ));
        }
        faults
    }
}

/// A resource lent to a unit for a stated period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceLoan {
    /// Id.
    pub id: LoanId,
    /// What.
    pub resource: ResourceId,
    /// To whom.
    pub unit: UnitId,
    /// First day.
    pub from_date: NaiveDate,
    /// Last day.
    pub to_date: NaiveDate,
    /// How much of it.
    pub quantity: u32,
    /// Counts the edits, from 1.
    pub version: i64,
}

impl ResourceLoan {
    /// Whether the loan covers a day.
    #[must_use]
    pub fn covers(&self, date: NaiveDate) -> bool {
        self.from_date <= date && date <= self.to_date
    }
}

impl Check for ResourceLoan {
    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        check_order(&mut faults, "/toDate", Some(self.from_date), Some(self.to_date));
        if self.quantity == 0 {
            faults.push(Fault::new("quantity-zero", "/quantity", "nothing is lent", "give 1 or more"));
        }
        faults
    }
}

text_enum! {
    /// Who made a booking.
    BookingSource {
        /// Somebody.
        Manual = "manual",
        /// A plan.
        Plan = "plan",
    }
}

text_enum! {
    /// Whether a booking stands.
    BookingStatus {
        /// It stands.
        Booked = "booked",
        /// It was given up.
        Cancelled = "cancelled",
        /// The resource was withdrawn; a replan finds another.
        Displaced = "displaced",
    }
}

/// The use of a resource at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booking {
    /// Id.
    pub id: BookingId,
    /// What.
    pub resource: ResourceId,
    /// Unit that uses it.
    pub unit: UnitId,
    /// Date.
    pub date: NaiveDate,
    /// First minute of the day.
    pub start_minute: u16,
    /// First minute after the end.
    pub end_minute: u16,
    /// How much of it.
    pub quantity: u32,
    /// What for.
    pub purpose: String,
    /// Activity that needs it.
    pub activity: Option<ActivityId>,
    /// Reception that needs it.
    pub reception: Option<ReceptionId>,
    /// Who made it.
    pub source: BookingSource,
    /// Whether it stands.
    pub status: BookingStatus,
    /// Counts the edits, from 1.
    pub version: i64,
}

impl Booking {
    /// Whether two stand at the same time.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.date == other.date && self.start_minute < other.end_minute && other.start_minute < self.end_minute
    }
}

impl Check for Booking {
    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        check_name(&mut faults, "/purpose", &self.purpose);
        check_span(&mut faults, "/startMinute", self.start_minute, self.end_minute);
        if self.quantity == 0 {
            faults.push(Fault::new("quantity-zero", "/quantity", "nothing is booked", "give 1 or more"));
        }
        faults
    }
}

text_enum! {
    /// Where a need stands.
    NeedStatus {
        /// Nobody has met it.
        Open = "open",
        /// A resource or project is found.
        Matched = "matched",
        /// It is met.
        Met = "met",
        /// It was given up.
        Dropped = "dropped",
    }
}

/// A line of the list of needs 需求清单.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// Id.
    pub id: NeedId,
    /// Unit whose residents have it.
    pub unit: UnitId,
    /// What is needed, in one line.
    pub title: String,
    /// In full.
    pub description: Option<String>,
    /// Kind of resource that would help.
    pub kind: Option<ResourceKind>,
    /// How much of it.
    pub quantity: u32,
    /// Day by which it is needed.
    pub wanted_by: Option<NaiveDate>,
    /// Resource found for it.
    pub resource: Option<ResourceId>,
    /// Where it stands.
    pub status: NeedStatus,
    /// Counts the edits, from 1.
    pub version: i64,
}

impl Check for Need {
    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        check_name(&mut faults, "/title", &self.title);
        check_prose(&mut faults, "/description", self.description.as_deref(), 2_000);
        if matches!(self.status, NeedStatus::Open) && self.resource.is_some() {
            faults.push(Fault::new(
                "open-with-resource",
                "/status",
                "a resource is found, and yet the need is open",
                "say matched, or leave the resource out",
            ));
        }
        faults
    }
}

text_enum! {
    /// Where a project stands.
    ProjectStatus {
        /// Planned.
        Planned = "planned",
        /// Running.
        Running = "running",
        /// Done.
        Done = "done",
        /// Given up.
        Dropped = "dropped",
    }
}

/// A line of the list of projects 项目清单: what meets a need with which resources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    /// Id.
    pub id: ProjectId,
    /// Unit that runs it.
    pub unit: UnitId,
    /// Name.
    pub name: String,
    /// Kind of base that it belongs to.
    pub base_kind: Option<BaseKind>,
    /// Need that it meets.
    pub need: Option<NeedId>,
    /// Who leads it.
    pub lead: Option<PersonId>,
    /// Fund that pays for it.
    pub fund: Option<ResourceId>,
    /// Budget in yuan.
    pub budget_yuan: u32,
    /// First day.
    pub from_date: Option<NaiveDate>,
    /// Last day.
    pub to_date: Option<NaiveDate>,
    /// Where it stands.
    pub status: ProjectStatus,
    /// Counts the edits, from 1.
    pub version: i64,
}

impl Check for Project {
    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        check_name(&mut faults, "/name", &self.name);
        check_order(&mut faults, "/toDate", self.from_date, self.to_date);
        if self.budget_yuan > 0 && self.fund.is_none() {
            faults.push(Fault::new("budget-without-fund", "/fund", "nothing pays the budget", "name the fund"));
        }
        faults
    }
}

text_enum! {
    /// Whether an activity takes place.
    ActivityStatus {
        /// It does.
        Planned = "planned",
        /// It was cancelled.
        Cancelled = "cancelled",
    }
}

/// Something that an activity uses besides its venue.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ActivityItem {
    /// What.
    pub resource: ResourceId,
    /// How much.
    pub quantity: u32,
}

/// An activity at a service base: a post that also needs a venue and perhaps goods, equipment or money.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Activity {
    /// Id.
    pub id: ActivityId,
    /// Name.
    pub name: String,
    /// Kind of base.
    pub base_kind: BaseKind,
    /// Unit that holds it.
    pub unit: UnitId,
    /// Venue.
    pub venue: ResourceId,
    /// Station of the venue.
    pub station: StationId,
    /// Date.
    pub date: NaiveDate,
    /// First minute of the day.
    pub start_minute: u16,
    /// First minute after the end.
    pub end_minute: u16,
    /// People expected.
    pub participants: u32,
    /// Skill that its helpers need.
    pub skill: Option<SkillId>,
    /// Least helpers.
    pub min_heads: u16,
    /// Helpers wished for.
    pub target_heads: u16,
    /// Most helpers.
    pub max_heads: u16,
    /// Project that it belongs to.
    pub project: Option<ProjectId>,
    /// Post through which its helpers are planned.
    pub post: PostId,
    /// Whether it takes place.
    pub status: ActivityStatus,
    /// What else it uses, sorted.
    pub items: Vec<ActivityItem>,
    /// It takes place, and no booking of its venue stands for its time; bookings say so, and it is not stored.
    pub venue_lost: bool,
    /// Counts the edits, from 1.
    pub version: i64,
}

impl Check for Activity {
    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        check_name(&mut faults, "/name", &self.name);
        check_span(&mut faults, "/startMinute", self.start_minute, self.end_minute);
        check_order(&mut faults, "/targetHeads", Some(self.min_heads), Some(self.target_heads));
        check_order(&mut faults, "/maxHeads", Some(self.target_heads), Some(self.max_heads));
        if has_repeats(self.items.iter().map(|item| &item.resource)) {
            faults.push(Fault::new("repeated-resource", "/items", "a resource is listed twice", "list each once"));
        }
        faults
    }
}

text_enum! {
    /// What happened to a resource.
    ResourceEventKind {
        /// It cannot be used.
        Withdrawn = "withdrawn",
        /// It can be used again.
        Restored = "restored",
        /// A booking was given up, and the time is free.
        Released = "released",
    }
}

/// Something that happened to a resource and that a replan has to take into account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceEvent {
    /// Id; sorts by time.
    pub id: ResourceEventId,
    /// When it was said.
    pub at: DateTime<Utc>,
    /// What happened.
    pub kind: ResourceEventKind,
    /// To what.
    pub resource: ResourceId,
    /// Booking that lost its resource or gave it up.
    pub booking: Option<BookingId>,
    /// First day that it is about.
    pub from_date: NaiveDate,
    /// Last day; none for good.
    pub to_date: Option<NaiveDate>,
    /// Who said so.
    pub actor: String,
    /// Why.
    pub reason: String,
}

impl Check for ResourceEvent {
    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        check_text(&mut faults, "/reason", &self.reason, 1_000);
        faults
    }
}
