//! Visits 走访 to households and units of a community: made by somebody at a stated time, or open, so that a plan chooses
//! who makes them and when.

use chrono::{Days, NaiveDate};

use super::case::check_prose;
use super::fault::{Check, Fault, check_span};
use super::ids::{PersonId, ScheduleId, UnitId, VisitId};
use super::person::has_repeats;
use super::text_enum;

/// Days that an open visit may be left to, at most.
const MOST_DAYS: u64 = 92;
/// Hours between which an open visit is made unless it says otherwise.
const HOURS: (u16, u16) = (8 * 60, 18 * 60);

text_enum! {
    /// Whether a visit took place.
    VisitStatus {
        /// A plan is to choose who makes it and when.
        Open = "open",
        /// Not yet.
        Planned = "planned",
        /// It did.
        Done = "done",
        /// It will not.
        Cancelled = "cancelled",
    }
}

/// A visit to households or units of a community.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    /// Id.
    pub id: VisitId,
    /// Deputy or volunteer who visits; none while it is open.
    pub person: Option<PersonId>,
    /// Unit visited.
    pub unit: UnitId,
    /// Date; none while it is open.
    pub date: Option<NaiveDate>,
    /// First minute of the day.
    pub start_minute: Option<u16>,
    /// First minute after the end.
    pub end_minute: Option<u16>,
    /// Households visited.
    pub households: u16,
    /// Whether it took place.
    pub status: VisitStatus,
    /// What was heard.
    pub note: Option<String>,
    /// First day on which it may be made, where that is or was open.
    pub wanted_from: Option<NaiveDate>,
    /// Last day.
    pub wanted_until: Option<NaiveDate>,
    /// Minute of the day from which it may be made.
    pub earliest_minute: Option<u16>,
    /// Minute of the day by which it is over.
    pub latest_minute: Option<u16>,
    /// How long it takes.
    pub minutes: Option<u16>,
    /// Who may make it; deputies of the street where nobody is named.
    pub candidates: Vec<PersonId>,
    /// Counts the edits, from 1.
    pub version: i64,
}

/// Within which days and hours a visit is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VisitWish {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub until: NaiveDate,
    /// First minute of each day, and first minute after the last.
    pub hours: (u16, u16),
    /// How long it takes.
    pub minutes: u16,
}

impl Visit {
    /// Date, first minute and first minute after the end, unless that is open.
    #[must_use]
    pub fn time(&self) -> Option<(NaiveDate, u16, u16)> {
        Some((self.date?, self.start_minute?, self.end_minute?))
    }

    /// Within which days and hours it is or was open.
    #[must_use]
    pub fn wish(&self) -> Option<VisitWish> {
        let hours = (self.earliest_minute.unwrap_or(HOURS.0), self.latest_minute.unwrap_or(HOURS.1));
        Some(VisitWish { from: self.wanted_from?, until: self.wanted_until?, hours, minutes: self.minutes? })
    }

    /// The visit as a plan has decided it.
    #[must_use]
    pub fn decided(self, person: PersonId, (date, start, end): (NaiveDate, u16, u16)) -> Self {
        Self {
            person: Some(person),
            date: Some(date),
            start_minute: Some(start),
            end_minute: Some(end),
            status: VisitStatus::Planned,
            ..self
        }
    }

    /// The visit as it was before a plan decided it.
    #[must_use]
    pub fn reopened(self) -> Self {
        Self { person: None, date: None, start_minute: None, end_minute: None, status: VisitStatus::Open, ..self }
    }
}

impl Check for Visit {
    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        let is_open = self.status == VisitStatus::Open;
        let decided = [
            ("/person", self.person.is_some()),
            ("/date", self.date.is_some()),
            ("/startMinute", self.start_minute.is_some()),
            ("/endMinute", self.end_minute.is_some()),
        ];
        // Whoever calls an open visit off does not say who would have made it.
        let is_undecided = self.status == VisitStatus::Cancelled && decided.iter().all(|(_, is_given)| !is_given);
        for (pointer, _) in decided.iter().filter(|(_, is_given)| is_open && *is_given) {
            let action = "leave it out, or make the visit planned";
            faults.push(Fault::new("open-visit-decided", *pointer, "the visit is open: the plan decides this", action));
        }
        for (pointer, _) in decided.iter().filter(|(_, is_given)| !is_open && !is_undecided && !is_given) {
            let action = "say who visits and when, or leave the visit open";
            faults.push(Fault::new("visit-incomplete", *pointer, "the visit does not say it", action));
        }
        if let (Some(start), Some(end)) = (self.start_minute, self.end_minute) {
            check_span(&mut faults, "/startMinute", start, end);
        }
        check_prose(&mut faults, "/note", self.note.as_deref(), 2_000);
        if has_repeats(self.candidates.iter()) {
            faults.push(Fault::new("repeated-person", "/candidates", "somebody is listed twice", "list each once"));
        }
        match self.wish() {
            Some(wish) => check_wish(&mut faults, &wish),
            None if is_open => faults.push(Fault::new(
                "open-visit-incomplete",
                "/wantedFrom",
                "an open visit does not say when it is wanted",
                "give wantedFrom, wantedUntil and minutes",
            )),
            None => {}
        }
        faults
    }
}

fn check_wish(faults: &mut Vec<Fault>, wish: &VisitWish) {
    let last = wish.from.checked_add_days(Days::new(MOST_DAYS));
    if wish.until < wish.from || last.is_some_and(|last| wish.until > last) {
        let cause = format!("the days from {} to {} are no stretch of up to {MOST_DAYS} days", wish.from, wish.until);
        faults.push(Fault::new("impossible-visit-days", "/wantedUntil", cause, "correct the days"));
    }
    let (from, until) = wish.hours;
    if until > 24 * 60 || !(15..=480).contains(&wish.minutes) || from.saturating_add(wish.minutes) > until {
        faults.push(Fault::new(
            "visit-does-not-fit",
            "/minutes",
            format!("a visit of {} minutes does not fit between the minutes {from} and {until}", wish.minutes),
            "give 15 to 480 minutes that fit between earliestMinute and latestMinute",
        ));
    }
}

/// A decision of a roster about an open visit: a proposal until the roster is published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedVisit {
    /// Schedule.
    pub schedule: ScheduleId,
    /// Visit.
    pub visit: VisitId,
    /// Version of the visit that was planned, and of the one that publication has written: one that somebody has changed
    /// since stays as it is.
    pub visit_version: i64,
    /// Whether it is made.
    pub is_made: bool,
    /// By whom, when it is made.
    pub person: Option<PersonId>,
    /// On which day.
    pub date: Option<NaiveDate>,
    /// From which minute of the day.
    pub start_minute: Option<u16>,
    /// To which minute of the day.
    pub end_minute: Option<u16>,
    /// Why it is not made, in Chinese; empty when it is.
    pub reason_zh: String,
    /// The same in English.
    pub reason_en: String,
    /// Whether publication has written it to the visit.
    pub is_carried_out: bool,
    /// How the visit stood before that, as JSON.
    pub former: Option<String>,
}

impl PlannedVisit {
    /// Who makes it when, if it is made.
    #[must_use]
    pub fn decision(&self) -> Option<(&PersonId, (NaiveDate, u16, u16))> {
        let time = (self.date?, self.start_minute?, self.end_minute?);
        self.person.as_ref().filter(|_| self.is_made).map(|person| (person, time))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open() -> Visit {
        Visit {
            id: VisitId::parse("vi-1").unwrap(),
            person: None,
            unit: UnitId::parse("220102001001").unwrap(),
            date: None,
            start_minute: None,
            end_minute: None,
            households: 0,
            status: VisitStatus::Open,
            note: None,
            wanted_from: Some("2026-12-01".parse().unwrap()),
            wanted_until: Some("2026-12-05".parse().unwrap()),
            earliest_minute: None,
            latest_minute: None,
            minutes: Some(120),
            candidates: Vec::new(),
            version: 1,
        }
    }

    fn codes(visit: &Visit) -> Vec<&'static str> {
        visit.faults().iter().map(|fault| fault.code).collect()
    }

    #[test]
    fn an_open_visit_says_when_it_is_wanted_and_nothing_that_the_plan_decides() {
        assert_eq!(codes(&open()), [""; 0]);
        assert_eq!(codes(&Visit { minutes: None, ..open() }), ["open-visit-incomplete"]);
        assert_eq!(codes(&Visit { start_minute: Some(540), ..open() }), ["open-visit-decided"]);
        assert_eq!(
            codes(&Visit { wanted_until: open().wanted_from.and_then(|day| day.pred_opt()), ..open() }),
            ["impossible-visit-days"]
        );
        assert_eq!(codes(&Visit { latest_minute: Some(9 * 60), ..open() }), ["visit-does-not-fit"]);
        assert_eq!(codes(&Visit { status: VisitStatus::Cancelled, ..open() }), [""; 0]);
    }

    #[test]
    fn a_decided_visit_goes_back_to_what_was_wanted() {
        let day = "2026-12-02".parse().unwrap();
        let decided = open().decided(PersonId::parse("d-1").unwrap(), (day, 540, 660));
        assert_eq!((codes(&decided), decided.time()), (Vec::new(), Some((day, 540, 660))));
        assert_eq!(codes(&Visit { person: None, ..decided.clone() }), ["visit-incomplete"]);
        assert_eq!(decided.reopened(), open());
    }
}
