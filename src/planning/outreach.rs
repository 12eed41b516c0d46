//! Which open cases a plan decides about, and from which starts each could be worked: pure, without database or clock.

use std::collections::HashSet;

use chrono::NaiveDate;
use paiban_solver::document::{CaseDocument, LocationDocument, SkillRequirement};

use super::standing::StandingCases;
use crate::domain::expand::{DatedDay, local_minute};
use crate::domain::{Case, CaseStatus, PersonId};

/// Minutes of the day from which outreach starts, two in the morning and two in the afternoon, and when each half day
/// ends.
const STARTS: [(u16, u16); 4] = [(8 * 60, 12 * 60), (10 * 60, 12 * 60), (13 * 60, 17 * 60), (15 * 60, 17 * 60)];
/// Expected minutes are rounded up to these, so that weekly sums stay on the grid of posts.
const GRID_MINUTES: u32 = 30;
/// Most starts of one case: enough to find somebody, few enough for a city.
const MOST_STARTS: usize = 5;

/// What the plan decides about the open cases: those that are triaged and have nobody, or those that a replan names.
/// `present` holds the people of the plan, `units` its units.
pub(super) fn case_documents(
    cases: &[Case],
    days: &[DatedDay],
    present: &HashSet<&str>,
    units: &HashSet<&str>,
    standing: Option<&StandingCases>,
) -> Vec<CaseDocument> {
    let is_decided = |case: &&Case| {
        let is_open =
            standing.map_or(case.status == CaseStatus::Triaged, |standing| standing.decided.contains(case.id.as_str()));
        is_open && units.contains(case.unit.as_str())
    };
    let first = days.iter().position(|day| standing.is_none_or(|standing| day.date >= standing.today));
    let days = first.and_then(|first| days.get(first..)).unwrap_or_default();
    let made = cases.iter().filter(is_decided).enumerate().filter_map(|(turn, case)| {
        let mut made = document(turn, case, days, present)?;
        if let Some((_, date, start)) = standing.and_then(|standing| standing.worked.get(case.id.as_str())) {
            // The hour at which it stands is one of its hours, whatever else could be chosen.
            let stands = local_minute(*date, *start).into();
            if !made.starts.contains(&stands) {
                made.starts.push(stands);
                made.starts.sort_unstable();
            }
        }
        Some(made)
    });
    made.collect()
}

fn document(turn: usize, case: &Case, days: &[DatedDay], present: &HashSet<&str>) -> Option<CaseDocument> {
    let expected = case.minutes.filter(|minutes| *minutes > 0)?;
    let minutes =
        u16::try_from(expected.div_ceil(GRID_MINUTES) * GRID_MINUTES).ok().filter(|minutes| *minutes <= 240)?;
    let person = |id: &PersonId| Some(id.to_string()).filter(|id| present.contains(id.as_str()));
    Some(CaseDocument {
        id: case.id.to_string(),
        name: case.subject.clone(),
        unit: case.unit.to_string(),
        location: case.location.map(|at| LocationDocument { latitude: at.latitude, longitude: at.longitude }),
        skill: case.skill.as_ref().map(|skill| SkillRequirement { id: skill.to_string(), level: 1 }),
        minutes,
        starts: starts(turn, case, minutes, days).into_iter().map(|(day, at)| local_minute(day, at).into()).collect(),
        deadline: local_minute(case.deadline, 24 * 60).into(),
        urgency: case.urgency,
        earlier_handler: case.earlier_handler.as_ref().and_then(person),
        // Once its one extension is used up, the resident is owed a word of explanation rather than another wait.
        explainable: case.extended,
        excluded: case.excluded.iter().filter_map(person).collect(),
    })
}

/// One start in each half day of a working day from the earliest day on, up to the deadline unless that has passed,
/// thinned out evenly; neighbouring cases take turns, so that they do not all want the same hour.
fn starts(turn: usize, case: &Case, minutes: u16, days: &[DatedDay]) -> Vec<(NaiveDate, u16)> {
    let first = days.first().map_or(case.deadline, |day| day.date);
    let fits = |day: &&DatedDay| {
        let is_in_time = day.date <= case.deadline || case.deadline < first;
        !day.is_off && is_in_time && case.earliest.is_none_or(|earliest| day.date >= earliest)
    };
    let half_days: Vec<(NaiveDate, &[(u16, u16)])> =
        days.iter().filter(fits).flat_map(|day| STARTS.chunks(2).map(|half| (day.date, half))).collect();
    let count = half_days.len().min(MOST_STARTS);
    (0..count)
        .filter_map(|number| {
            let at = (number * half_days.len() / count + turn) % half_days.len();
            let (date, half) = half_days.get(at)?;
            let fitting: Vec<u16> =
                half.iter().filter(|(start, end)| start + minutes <= *end).map(|(start, _)| *start).collect();
            Some((*date, *fitting.get(turn % fitting.len().max(1))?))
        })
        .collect()
}
