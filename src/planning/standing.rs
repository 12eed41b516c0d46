//! What still stands of a stored roster's decisions about cases and receptions: a replan starts from it and changes as
//! little of it as it can. Pure, without database or clock.
//!
//! A reception stands as it is announced; one that is not stands as publication wrote it, or, before that, as the roster
//! decided, unless somebody has edited it since. A case stands while its handler has not begun. What lies in the past
//! stands outside the replan: its time is gone, and nothing is decided about it.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;

use crate::domain::{
    Case, CaseStatus, PersonId, PlannedCase, PlannedReception, Reception, ReceptionStatus, ResourceId, Settlement,
};

/// How a reception stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandingReception {
    /// On which day.
    pub date: NaiveDate,
    /// From which minute of the day.
    pub start_minute: u16,
    /// Deputies who receive, sorted.
    pub deputies: Vec<PersonId>,
    /// Member of staff who is host.
    pub host: PersonId,
    /// Room.
    pub venue: Option<ResourceId>,
}

impl StandingReception {
    /// How a reception stands after what a roster has decided about it; none while nobody holds it.
    #[must_use]
    pub fn of(stored: &Reception, planned: Option<&PlannedReception>) -> Option<Self> {
        let itself = || {
            Some(Self {
                date: stored.date,
                start_minute: stored.start_minute,
                deputies: stored.deputies.clone(),
                host: stored.host.clone()?,
                venue: stored.venue.clone(),
            })
        };
        let found = match stored.status {
            ReceptionStatus::Announced => itself(),
            ReceptionStatus::Planned => {
                let planned = planned.filter(|planned| planned.is_held)?;
                if planned.is_carried_out {
                    itself()
                } else {
                    Some(Self {
                        date: planned.date?,
                        start_minute: planned.start_minute?,
                        deputies: planned.deputies.clone(),
                        host: planned.host.clone()?,
                        venue: planned.venue.clone().or_else(|| stored.venue.clone()),
                    })
                    .filter(|_| planned.reception_version == stored.version)
                }
            }
            ReceptionStatus::Held | ReceptionStatus::Cancelled => None,
        };
        found.filter(|stands| !stands.deputies.is_empty())
    }

    /// Deputies and host.
    pub fn people(&self) -> impl Iterator<Item = &PersonId> {
        self.deputies.iter().chain([&self.host])
    }
}

/// Which cases a replan decides about, and how they stand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StandingCases {
    /// First day on which anything may change.
    pub today: NaiveDate,
    /// Ids of the cases that it decides about.
    pub decided: HashSet<String>,
    /// Who works which case, on which day, from which minute.
    pub worked: HashMap<String, (PersonId, NaiveDate, u16)>,
}

impl StandingCases {
    /// Adds a case as a roster has decided about it.
    pub fn add(&mut self, case: &Case, planned: &PlannedCase) {
        let is_untouched = case.status == CaseStatus::Triaged && case.handler.is_none() && case.unit == planned.unit;
        let worked = planned.person.clone().zip(planned.date).zip(planned.start_minute);
        match (planned.settlement, worked) {
            (Settlement::Worked, Some(((person, date), start))) => {
                let is_handed_over = case.status == CaseStatus::Assigned && case.handler.as_ref() == Some(&person);
                let stands = if planned.is_carried_out { is_handed_over } else { is_untouched };
                if stands && date >= self.today {
                    self.decided.insert(case.id.to_string());
                    self.worked.insert(case.id.to_string(), (person, date, start));
                }
            }
            _ if is_untouched && !planned.is_carried_out => drop(self.decided.insert(case.id.to_string())),
            _ => {}
        }
    }

    /// Adds a case that has come in since.
    pub fn add_new(&mut self, case: &Case) {
        if case.status == CaseStatus::Triaged && case.handler.is_none() {
            self.decided.insert(case.id.to_string());
        }
    }
}
