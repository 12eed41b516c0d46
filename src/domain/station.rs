//! Stations: places with opening hours.

use super::fault::{Check, Fault, check_name, check_span};
use super::ids::{StationId, UnitId};
use super::person::Location;
use super::text_enum;

text_enum! {
    /// Kind of a station.
    StationKind {
        /// 服务民生指导服务中心: guidance centre of the city or a district.
        GuidanceCentre = "guidanceCentre",
        /// 服务民生工作总站: general station of a street or township.
        GeneralStation = "generalStation",
        /// 服务民生工作站: work station of a community or village.
        WorkStation = "workStation",
        /// 服务点: service point.
        ServicePoint = "servicePoint",
        /// 服务基地: base for study, party activities, health, culture and sports.
        ServiceBase = "serviceBase",
    }
}

text_enum! {
    /// Day that opening hours are for: a weekday, or any statutory day off.
    HoursDay {
        /// Mondays that are working days.
        Monday = "1-monday",
        /// Tuesdays that are working days.
        Tuesday = "2-tuesday",
        /// Wednesdays that are working days.
        Wednesday = "3-wednesday",
        /// Thursdays that are working days.
        Thursday = "4-thursday",
        /// Fridays that are working days.
        Friday = "5-friday",
        /// Saturdays that are working days (make-up workdays).
        Saturday = "6-saturday",
        /// Sundays that are working days (make-up workdays).
        Sunday = "7-sunday",
        /// Statutory days off, ordinary weekends included.
        OffDay = "off-day",
    }
}

impl HoursDay {
    /// The working weekday of a date's weekday.
    #[must_use]
    pub const fn of(weekday: chrono::Weekday) -> Self {
        match weekday {
            chrono::Weekday::Mon => Self::Monday,
            chrono::Weekday::Tue => Self::Tuesday,
            chrono::Weekday::Wed => Self::Wednesday,
            chrono::Weekday::Thu => Self::Thursday,
            chrono::Weekday::Fri => Self::Friday,
            chrono::Weekday::Sat => Self::Saturday,
            chrono::Weekday::Sun => Self::Sunday,
        }
    }
}

/// One stretch of opening hours. Minutes count from midnight; an end above 1440 lies on the next day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct OpeningHours {
    /// Day.
    pub day: HoursDay,
    /// First minute of the day.
    pub start_minute: u16,
    /// First minute after the end.
    pub end_minute: u16,
}

/// A station, service point or base.
#[derive(Debug, Clone, PartialEq)]
pub struct Station {
    /// Id.
    pub id: StationId,
    /// Unit it belongs to.
    pub unit: UnitId,
    /// Name.
    pub name: String,
    /// Kind.
    pub kind: StationKind,
    /// Position.
    pub location: Option<Location>,
    /// Open day and night; then `hours` is empty.
    pub always_open: bool,
    /// Opening hours, sorted; days without any are closed.
    pub hours: Vec<OpeningHours>,
    /// Counts the edits, from 1.
    pub version: i64,
}

impl Check for Station {
    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        check_name(&mut faults, "/name", &self.name);
        if let Some(location) = self.location {
            location.check(&mut faults, "/location");
        }
        if self.always_open && !self.hours.is_empty() {
            faults.push(Fault::new(
                "hours-of-always-open",
                "/hours",
                "the station is always open and yet has hours",
                "leave the hours out, or say that it is not always open",
            ));
        }
        for hours in &self.hours {
            check_span(&mut faults, "/hours", hours.start_minute, hours.end_minute);
        }
        let mut sorted = self.hours.clone();
        sorted.sort_unstable();
        let overlap = sorted
            .windows(2)
            .any(|pair| matches!(pair, [left, right] if left.day == right.day && left.end_minute > right.start_minute));
        if overlap {
            faults.push(Fault::new("hours-overlap", "/hours", "two stretches of one day overlap", "join them"));
        }
        faults
    }
}
