//! The competition's own way of planning, which is also ours: one week at a time, with only the history known.
//!
//! A week planned for its own cost alone spends the counters of the whole period (assignments, weekends) where they
//! are cheapest today. With [`LookAhead::Paced`] a week before the last pays for going beyond its share of what the
//! history leaves of them.

use super::{COST_TOTAL, COST_WEEKEND, HistoryFile, Scenario, WeekFile, next_history, problem, stage};
use crate::formats::put;
use crate::problem::{DayOffset, Duty, MINUTES_PER_DAY, NeedIx, Problem, Range, RuleCode, Span, Tier};

/// What a week before the last makes of the counters of the whole period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LookAhead {
    /// Nothing: they are charged in the last week.
    Off,
    /// An even share a week of what is left.
    Paced,
}

/// Weeks planned one after the other.
#[derive(Debug, Clone)]
pub struct Staged {
    /// The problem of all the weeks, with the competition's costs alone.
    pub whole: Problem,
    /// Duties of all the weeks, as duties of that problem.
    pub duties: Vec<Duty>,
    /// The history after each week.
    pub histories: Vec<HistoryFile>,
}

/// Plans week by week; `plan` gets the week's number, counted from 0, and its problem.
///
/// # Errors
/// The first that `plan` returns.
pub fn plan_by_stages<E>(
    scenario: &Scenario,
    history: &HistoryFile,
    weeks: &[WeekFile],
    look_ahead: LookAhead,
    mut plan: impl FnMut(usize, &Problem) -> Result<Vec<Duty>, E>,
) -> Result<Staged, E> {
    let mut staged = Staged {
        whole: problem(scenario, history, weeks),
        duties: Vec::new(),
        histories: Vec::with_capacity(weeks.len()),
    };
    let mut before = history.clone();
    for (index, week) in weeks.iter().enumerate() {
        let mut own = stage(scenario, &before, week);
        if look_ahead == LookAhead::Paced {
            pace(&mut own, scenario, &before);
        }
        let duties = plan(index, &own)?;
        staged.duties.extend(duties.iter().map(|duty| in_whole(duty, index, own.needs.len())));
        before = next_history(&before, &own, &duties);
        staged.histories.push(before.clone());
    }
    Ok(staged)
}

/// Charges a week before the last for going beyond an even share of the assignments and weekends left.
pub fn pace(week: &mut Problem, scenario: &Scenario, history: &HistoryFile) {
    let left = scenario.weeks.saturating_sub(history.week);
    if left <= 1 {
        return;
    }
    put(&mut week.profile, RuleCode::S39, Some((Tier::Quality, COST_TOTAL)));
    week.profile.rules.entry(RuleCode::S39).or_default().parameters.insert("weekend_factor".to_owned(), COST_WEEKEND);
    for person in &mut week.people {
        let done = person.history.total_duties;
        person.contract.total_duties = person.contract.total_duties.map(|range| Range {
            min: done + range.min.saturating_sub(done) / left,
            max: done + range.max.saturating_sub(done).div_ceil(left),
        });
        let worked = person.history.total_weekends;
        person.contract.max_total_weekends = person.contract.max_total_weekends.map(|most| {
            // One weekend a week at most: those with few left should not be asked now.
            let is_due = 2 * most.saturating_sub(worked) >= left;
            worked + u16::from(is_due)
        });
    }
}

/// A duty of a week's problem as one of the whole problem's, whose needs are those of the weeks in turn.
fn in_whole(duty: &Duty, week: usize, needs_a_week: usize) -> Duty {
    let days = DayOffset::try_from(week * 7).unwrap_or(0);
    let later = days * MINUTES_PER_DAY;
    Duty {
        person: duty.person,
        need: NeedIx::from_index(week * needs_a_week + duty.need.index()),
        span: Span { start: duty.span.start + later, end: duty.span.end + later },
    }
}
