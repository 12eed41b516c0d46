//! What people do with the duties in force: records of duties, events that call for planning again, swaps, and the
//! policies of a unit.

use chrono::{DateTime, Datelike as _, Days, NaiveDate, NaiveDateTime, TimeDelta, Timelike as _, Utc};

use super::fault::{Check, Fault, check_name, check_text};
use super::ids::{
    AccountId, CalendarKeyId, OverrideId, PersonId, PostId, ReplanEventId, ScheduleId, StationId, SwapId,
};
use super::{UnitId, expand::local_minute, text_enum};

/// The time in China, in which duties are dated.
#[must_use]
pub fn local(now: DateTime<Utc>) -> NaiveDateTime {
    now.with_timezone(&chrono_tz::Asia::Shanghai).naive_local()
}

/// What has become of one person's duty at one post, whichever version of the roster it stands in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DutyRecord {
    /// Who.
    pub person: PersonId,
    /// At which post.
    pub post: PostId,
    /// The post's station.
    pub station: StationId,
    /// Date.
    pub date: NaiveDate,
    /// First minute of the date.
    pub start_minute: u16,
    /// First minute after the end.
    pub end_minute: u16,
    /// In force; otherwise it was once.
    pub in_force: bool,
    /// Counts the changes.
    pub sequence: u32,
    /// When it last changed.
    pub changed_at: DateTime<Utc>,
    /// When the person confirmed it.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// When service began.
    pub checked_in_at: Option<DateTime<Utc>>,
    /// Name of the account that said so.
    pub checked_in_by: Option<String>,
    /// When service ended.
    pub checked_out_at: Option<DateTime<Utc>>,
    /// Name of the account that said so.
    pub checked_out_by: Option<String>,
    /// When the person was reminded.
    pub reminded_at: Option<DateTime<Utc>>,
}

impl DutyRecord {
    /// Minutes of the plan.
    #[must_use]
    pub fn planned_minutes(&self) -> i64 {
        i64::from(self.end_minute.saturating_sub(self.start_minute))
    }

    /// Minutes between check-in and check-out, as far as they lie within the planned time; 0 without both.
    #[must_use]
    pub fn served_minutes(&self) -> i64 {
        let (Some(from), Some(to)) = (self.checked_in_at, self.checked_out_at) else { return 0 };
        let first = local(from).max(local_minute(self.date, self.start_minute));
        let last = local(to).min(local_minute(self.date, self.end_minute));
        // Who checks in within the first minute has served it.
        (last - first).num_seconds().max(0).saturating_add(30) / 60
    }
}

text_enum! {
    /// What changed a roster in force, outside planning.
    ReplanKind {
        /// Somebody declined a duty.
        Decline = "decline",
        /// Somebody took an open duty.
        Claim = "claim",
        /// Somebody took another's duty over.
        GiveAway = "giveAway",
        /// Two exchanged duties.
        Swap = "swap",
    }
}

/// A change of a roster in force that planning again has to know of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplanEvent {
    /// Id.
    pub id: ReplanEventId,
    /// What.
    pub kind: ReplanKind,
    /// The roster in force then.
    pub schedule: ScheduleId,
    /// The post concerned.
    pub post: PostId,
    /// Its station.
    pub station: StationId,
    /// Its date.
    pub date: NaiveDate,
    /// Its first minute.
    pub start_minute: u16,
    /// Who.
    pub person: PersonId,
    /// Why.
    pub reason: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
    /// Counts the changes, from 1.
    pub version: i64,
}

impl Check for ReplanEvent {
    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        check_text(&mut faults, "/reason", self.reason.as_deref().unwrap_or(""), 300);
        faults
    }
}

text_enum! {
    /// Who has to agree to a swap besides the two people.
    SwapMode {
        /// Nobody: taking is enough, if the rules hold.
        Automatic = "automatic",
        /// A coordinator, after somebody has taken it.
        Coordinator = "coordinator",
        /// A coordinator, before it is offered; then taking is enough.
        CoordinatorFirst = "coordinatorFirst",
    }
}

text_enum! {
    /// Where a swap stands.
    SwapStatus {
        /// A coordinator has to let it be offered.
        Waiting = "waiting",
        /// May be taken.
        Offered = "offered",
        /// Taken; a coordinator has to approve it.
        Taken = "taken",
        /// The duties have changed hands.
        Done = "done",
        /// Refused, by a coordinator or by whom it was offered to.
        Declined = "declined",
        /// Taken back.
        Cancelled = "cancelled",
    }
}

impl SwapStatus {
    /// Whether nothing can become of it any more.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Done | Self::Declined | Self::Cancelled)
    }
}

/// An offer to give a duty away, or to exchange it for another. It is bound to assignments as they were when it was
/// made, and not to times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Swap {
    /// Id.
    pub id: SwapId,
    /// The roster in force.
    pub schedule: ScheduleId,
    /// The assignment that is given.
    pub seq: i64,
    /// Its version.
    pub assignment_version: i64,
    /// Its post.
    pub post: PostId,
    /// The post's station.
    pub station: StationId,
    /// Date.
    pub date: NaiveDate,
    /// First minute.
    pub start_minute: u16,
    /// Who gives.
    pub giver: PersonId,
    /// Whom it is offered to, or who has taken it.
    pub taker: Option<PersonId>,
    /// The assignment wanted in return.
    pub return_seq: Option<i64>,
    /// Its version.
    pub return_version: Option<i64>,
    /// Who has to agree.
    pub mode: SwapMode,
    /// Where it stands.
    pub status: SwapStatus,
    /// Why.
    pub reason: Option<String>,
    /// When it was offered.
    pub created_at: DateTime<Utc>,
    /// When it was done or refused.
    pub decided_at: Option<DateTime<Utc>>,
    /// Counts the changes, from 1.
    pub version: i64,
}

impl Check for Swap {
    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        check_text(&mut faults, "/reason", self.reason.as_deref().unwrap_or(""), 300);
        faults
    }
}

/// How a unit and those below it handle service; the nearest unit above that has one counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServicePolicy {
    /// Unit.
    pub unit: UnitId,
    /// Who has to agree to swaps.
    pub swap_mode: SwapMode,
    /// Weekday, 1 Monday to 7 Sunday, until which people state their availability for the next week.
    pub availability_weekday: u8,
    /// First minute of that day that is too late.
    pub availability_minute: u16,
    /// Check-in opens so many minutes before a duty's start.
    pub check_in_before_minutes: u16,
    /// Check-in closes so many minutes after a duty's start, and check-out so many after its end.
    pub check_in_after_minutes: u16,
    /// From this minute of the day nobody is disturbed ...
    pub quiet_from_minute: u16,
    /// ... until this one, of the next day when it is smaller.
    pub quiet_to_minute: u16,
    /// People are reminded so many hours before a duty.
    pub reminder_hours: u16,
    /// Coordinators are alerted when a duty falls open so many hours before its start or less.
    pub open_alert_hours: u16,
    /// Counts the edits, from 1.
    pub version: i64,
}

impl ServicePolicy {
    /// What holds for a unit when nothing is said.
    #[must_use]
    pub fn usual(unit: UnitId) -> Self {
        Self {
            unit,
            swap_mode: SwapMode::Coordinator,
            availability_weekday: 4,
            availability_minute: 1440,
            check_in_before_minutes: 30,
            check_in_after_minutes: 30,
            quiet_from_minute: 1320,
            quiet_to_minute: 420,
            reminder_hours: 24,
            open_alert_hours: 48,
            version: 0,
        }
    }

    /// The first Monday whose week a statement made now still reaches.
    #[must_use]
    pub fn first_open_week(&self, now: DateTime<Utc>) -> NaiveDate {
        let now = local(now);
        let weekday = now.weekday().number_from_monday();
        let monday = now.date() - Days::new(u64::from(weekday - 1));
        let minute = now.hour() * 60 + now.minute();
        let late = (weekday, minute) >= (u32::from(self.availability_weekday), u32::from(self.availability_minute));
        monday + Days::new(if late { 14 } else { 7 })
    }

    /// The first time from `at` on at which people may be disturbed.
    #[must_use]
    pub fn after_quiet(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        let (from, to) = (u32::from(self.quiet_from_minute), u32::from(self.quiet_to_minute));
        let clock = local(at);
        let minute = clock.hour() * 60 + clock.minute();
        let quiet = if from <= to { (from..to).contains(&minute) } else { minute >= from || minute < to };
        if !quiet || from == to {
            return at;
        }
        let wait = (to + 1440 - minute) % 1440;
        at + TimeDelta::minutes(i64::from(wait)) - TimeDelta::seconds(i64::from(clock.second()))
    }
}

impl Check for ServicePolicy {
    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut range = |pointer: &str, value: u16, least: u16, most: u16| {
            if !(least..=most).contains(&value) {
                let cause = format!("{value} is out of range");
                faults.push(Fault::new("out-of-range", pointer, cause, format!("give {least} to {most}")));
            }
        };
        range("/availabilityWeekday", u16::from(self.availability_weekday), 1, 7);
        range("/availabilityMinute", self.availability_minute, 0, 1440);
        range("/checkInBeforeMinutes", self.check_in_before_minutes, 0, 720);
        range("/checkInAfterMinutes", self.check_in_after_minutes, 0, 720);
        range("/quietFromMinute", self.quiet_from_minute, 0, 1439);
        range("/quietToMinute", self.quiet_to_minute, 0, 1439);
        range("/reminderHours", self.reminder_hours, 1, 168);
        range("/openAlertHours", self.open_alert_hours, 1, 336);
        faults
    }
}

/// A record of service that was issued, so that its print can be verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceRecord {
    /// What a reader types.
    pub code: String,
    /// Whose.
    pub person: PersonId,
    /// First day.
    pub from_date: NaiveDate,
    /// Last day.
    pub to_date: NaiveDate,
    /// Duties served.
    pub duties: u32,
    /// Minutes served.
    pub minutes: i64,
    /// When it was issued.
    pub issued_at: DateTime<Utc>,
}

/// A secret address under which a calendar subscribes to duties.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarKey {
    /// Id.
    pub id: CalendarKeyId,
    /// SHA-256 of the secret, hexadecimal.
    pub hash: String,
    /// What it is for, in words.
    pub name: String,
    /// Who made it.
    pub account: Option<AccountId>,
    /// Whose duties.
    pub person: Option<PersonId>,
    /// Or which station's.
    pub station: Option<StationId>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was revoked.
    pub revoked_at: Option<DateTime<Utc>>,
    /// Counts the changes, from 1.
    pub version: i64,
}

impl Check for CalendarKey {
    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        check_name(&mut faults, "/name", &self.name);
        check_text(&mut faults, "/name", &self.name, 60);
        faults
    }
}

/// A rule that somebody broke by hand, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScheduleOverride {
    /// Id.
    pub id: OverrideId,
    /// In which schedule.
    pub schedule: ScheduleId,
    /// By which assignment.
    pub seq: i64,
    /// Who was put there.
    pub person: PersonId,
    /// At which post.
    pub post: PostId,
    /// Code of the rule.
    pub rule: String,
    /// What is broken, in Chinese.
    pub detail_zh: String,
    /// What is broken, in English.
    pub detail_en: String,
    /// Why.
    pub reason: String,
    /// Name of the account.
    pub actor: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Counts the changes, from 1.
    pub version: i64,
}

impl Check for ScheduleOverride {
    fn faults(&self) -> Vec<Fault> {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Clock as _, FixedClock};

    fn policy() -> ServicePolicy {
        ServicePolicy::usual(UnitId::parse("220100000000").unwrap())
    }

    fn at(text: &str) -> DateTime<Utc> {
        FixedClock::at(text).now()
    }

    #[test]
    fn quiet_hours_end_in_the_morning() {
        // 23:30 and 06:59:59 in China.
        for (time, free) in [
            ("2026-11-30T15:30:00Z", "2026-11-30T23:00:00Z"),
            ("2026-11-30T22:59:59Z", "2026-11-30T23:00:00Z"),
            ("2026-11-30T23:00:00Z", "2026-11-30T23:00:00Z"),
            ("2026-11-30T13:59:00Z", "2026-11-30T13:59:00Z"),
        ] {
            assert_eq!(policy().after_quiet(at(time)), at(free), "{time}");
        }
    }

    #[test]
    fn after_the_deadline_the_week_after_next_is_the_first_open_one() {
        // Thursday 23:59 and Friday 00:00 in China.
        assert_eq!(policy().first_open_week(at("2026-11-26T15:59:00Z")).to_string(), "2026-11-30");
        assert_eq!(policy().first_open_week(at("2026-11-26T16:00:00Z")).to_string(), "2026-12-07");
    }
}
