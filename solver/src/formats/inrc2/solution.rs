//! Solutions of weeks, and the history that follows from them.

use std::fmt::Write as _;

use super::{DAYS, HistoryFile};
use crate::formats::FormatError;
use crate::formats::lines::Lines;
use crate::problem::{DayOffset, Duty, History, Need, NeedIx, PersonIx, Problem, ShiftTypeIx};

/// Writes one solution file a week; `first_week` counts from 0 within the scenario.
#[must_use]
pub fn write_solutions(problem: &Problem, duties: &[Duty], first_week: u16) -> Vec<String> {
    let mut duties = duties.to_vec();
    duties.sort_unstable_by_key(|duty| (duty.person, duty.span.start));
    (0..problem.horizon.days / 7)
        .map(|week| {
            let first = DayOffset::from(week) * 7;
            let lines: Vec<String> = duties
                .iter()
                .filter(|duty| (first..first + 7).contains(&duty.span.day()))
                .filter_map(|duty| assignment(problem, duty))
                .collect();
            let mut text =
                format!("SOLUTION\n{} {}\n\nASSIGNMENTS = {}\n", first_week + week, problem.profile.name, lines.len());
            for line in lines {
                // Writing to a String cannot fail.
                let _ = writeln!(text, "{line}");
            }
            text
        })
        .collect()
}

fn assignment(problem: &Problem, duty: &Duty) -> Option<String> {
    let person = problem.people.get(duty.person.index())?;
    let need = problem.needs.get(duty.need.index())?;
    let shift = problem.shift_types.get(need.as_post()?.shift_type?.index())?;
    let skill = problem.skills.get(need.skill?.0.index())?;
    let day = DAYS[usize::try_from(duty.span.day().rem_euclid(7)).unwrap_or(0)];
    Some(format!("{} {day} {} {}", person.id, shift.id, skill.id))
}

/// Reads the solution of one week; `week` counts from 0 within the problem.
///
/// # Errors
/// The first thing found wrong, with its line: `E2101` to `E2107`.
pub fn read_solution(problem: &Problem, week: u16, text: &str) -> Result<Vec<Duty>, FormatError> {
    let mut lines = Lines::new(&format!("solution {}", week + 1), text);
    let line = lines.heading("SOLUTION")?;
    line.within(week, 0, (problem.horizon.days / 7).saturating_sub(1), "The week")?;
    lines.expect("week and scenario")?;
    let (line, count) = lines.value("ASSIGNMENTS")?;
    let count: u32 = line.number(count, "The number of assignments")?;
    let mut duties = Vec::new();
    for _ in 0..count {
        let line = lines.expect("an assignment")?;
        let [nurse, day, shift, skill] = line.words("An assignment")?;
        let person = line.position(problem.people.iter().map(|person| person.id.as_str()), nurse, "nurse")?;
        let day = line.position(DAYS, day, "day")?;
        let shift = line.position(problem.shift_types.iter().map(|kind| kind.id.as_str()), shift, "shift type")?;
        let skill = line.position(problem.skills.iter().map(|skill| skill.id.as_str()), skill, "skill")?;
        let day = usize::from(week) * DAYS.len() + day;
        let need = NeedIx::from_index((day * problem.shift_types.len() + shift) * problem.skills.len() + skill);
        let Some(post) = problem.needs.get(need.index()).and_then(Need::as_post) else {
            return Err(line.error("E2107", "There is no such post.".to_owned(), "Give the problem it was made for."));
        };
        duties.push(Duty { person: PersonIx::from_index(person), need, span: post.span });
    }
    // Solvers add remarks such as `Cost: 575`, as one of the official examples has them.
    match lines.find(|line| !line.text.contains(':')) {
        Some(line) => {
            Err(line.error("E2103", "There are more assignments than announced.".to_owned(), "Correct the count."))
        }
        None => Ok(duties),
    }
}

/// The history after the problem's weeks, for the next stage.
#[must_use]
pub fn next_history(before: &HistoryFile, problem: &Problem, duties: &[Duty]) -> HistoryFile {
    let days = usize::from(problem.horizon.days);
    let mut worked: Vec<Vec<Option<ShiftTypeIx>>> = vec![vec![None; days]; problem.people.len()];
    for duty in duties {
        let shift = problem.needs.get(duty.need.index()).and_then(|need| need.as_post()?.shift_type);
        let day = usize::try_from(duty.span.day()).ok();
        if let Some(cell) = day.and_then(|day| worked.get_mut(duty.person.index())?.get_mut(day)) {
            *cell = shift;
        }
    }
    HistoryFile {
        week: before.week + problem.horizon.days / 7,
        scenario: before.scenario.clone(),
        nurses: problem.people.iter().zip(&worked).map(|(person, days)| after(&person.history, days)).collect(),
    }
}

fn after(before: &History, days: &[Option<ShiftTypeIx>]) -> History {
    let mut history = before.clone();
    for (day, shift) in days.iter().enumerate() {
        if shift.is_some() {
            history.total_duties += 1;
            let same = history.last_shift_type == *shift;
            history.consecutive_days_of_type = if same { history.consecutive_days_of_type + 1 } else { 1 };
            history.consecutive_days += 1;
            history.consecutive_days_off = 0;
        } else {
            history.consecutive_days_of_type = 0;
            history.consecutive_days = 0;
            history.consecutive_days_off = history.consecutive_days_off.saturating_add(1).min(u16::MAX - 1);
        }
        history.last_shift_type = *shift;
        if day % 7 == 6 && (shift.is_some() || days[day - 1].is_some()) {
            history.total_weekends += 1;
        }
    }
    history
}

/// Writes a history file.
#[must_use]
pub fn write_history(problem: &Problem, history: &HistoryFile) -> String {
    let mut text = format!("HISTORY\n{} {}\n\nNURSE_HISTORY\n", history.week, history.scenario);
    for (person, own) in problem.people.iter().zip(&history.nurses) {
        let last = own.last_shift_type.and_then(|kind| problem.shift_types.get(kind.index()));
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "{} {} {} {} {} {} {}",
            person.id,
            own.total_duties,
            own.total_weekends,
            last.map_or("None", |kind| kind.id.as_str()),
            own.consecutive_days_of_type,
            own.consecutive_days,
            own.consecutive_days_off
        );
    }
    text
}
