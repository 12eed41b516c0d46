//! INRC-II: scenario, history and week files, and solutions (Second International Nurse Rostering Competition).
//!
//! A post stands for each (day, shift, skill): minimum (S10, tier 1), target = optimum (S22), no maximum. The format
//! knows no hours, so every shift is 00:00 to 08:00 of its day, and one shift a day and the forbidden successions are
//! the format's own rules. A [`problem`] may hold all weeks (static) or one (a stage): totals (S39) are charged only
//! when its last week is the last of the scenario.

mod files;
mod solution;
mod stages;

pub use files::{Contract as ContractKind, HistoryFile, Nurse, Scenario, ShiftKind, WeekFile};
pub use solution::{next_history, read_solution, write_history, write_solutions};
pub use stages::{LookAhead, Staged, pace, plan_by_stages};

use chrono::NaiveDate;

use super::{FormatError, bare_profile, put};
use crate::problem::{
    Category, Contract, Cover, DayOffset, Horizon, Limits, MINUTES_PER_DAY, Need, NeedKind, Person, PersonSkill, Place,
    PlaceIx, Post, Problem, Profile, Range, RuleCode, ShiftType, ShiftTypeIx, Skill, SkillIx, Span, Tier, Unit, UnitIx,
    Wish, WishKind,
};

/// Names of the days of a week in the files.
const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
/// Costs of the competition.
const COST_OPTIMUM: i64 = 30;
const COST_TYPE_RUN: i64 = 15;
const COST_RUN: i64 = 30;
const COST_REQUEST: i64 = 10;
const COST_WEEKEND: i64 = 30;
const COST_TOTAL: i64 = 20;

/// Reads scenario, history and week files into one problem over all the weeks given.
///
/// # Errors
/// The first thing found wrong, with its file and line: `E2101` to `E2107`.
pub fn read(scenario: &str, history: &str, weeks: &[&str]) -> Result<Problem, FormatError> {
    let scenario = Scenario::parse(scenario)?;
    let history = HistoryFile::parse(&scenario, history)?;
    let weeks: Vec<WeekFile> = weeks
        .iter()
        .enumerate()
        .map(|(index, text)| WeekFile::parse(&scenario, &format!("week {}", index + 1), text))
        .collect::<Result<_, _>>()?;
    Ok(problem(&scenario, &history, &weeks))
}

/// The problem of one stage: one week after the history.
#[must_use]
pub fn stage(scenario: &Scenario, history: &HistoryFile, week: &WeekFile) -> Problem {
    problem(scenario, history, std::slice::from_ref(week))
}

/// The problem of consecutive weeks after the history.
#[must_use]
pub fn problem(scenario: &Scenario, history: &HistoryFile, weeks: &[WeekFile]) -> Problem {
    let days = u16::try_from(weeks.len() * 7).unwrap_or(u16::MAX);
    let ends_period = usize::from(history.week) + weeks.len() >= usize::from(scenario.weeks);
    // 2024-01-01 is a Monday.
    let horizon = Horizon { start: NaiveDate::default() + chrono::Duration::days(19_723), days };
    let off_days = (0..DayOffset::from(days)).map(|day| horizon.is_weekend(day)).collect();
    Problem {
        horizon,
        off_days,
        units: vec![Unit {
            id: "unit".to_owned(),
            name: "unit".to_owned(),
            parent: None,
            is_street: true,
            escalations: None,
        }],
        places: vec![Place {
            id: "ward".to_owned(),
            name: "ward".to_owned(),
            unit: UnitIx(0),
            location: None,
            opening: None,
        }],
        skills: scenario.skills.iter().map(|name| Skill { id: name.clone(), name: name.clone() }).collect(),
        shift_types: scenario.shifts.iter().map(shift_type).collect(),
        people: (0..scenario.nurses.len()).map(|nurse| person(scenario, history, weeks, nurse)).collect(),
        needs: needs(scenario, weeks),
        cases: Vec::new(),
        receptions: Vec::new(),
        venues: Vec::new(),
        apart: Vec::new(),
        profile: profile(&scenario.name, ends_period),
        pins: Vec::new(),
        published: Vec::new(),
    }
}

fn profile(name: &str, ends_period: bool) -> Profile {
    let mut profile = bare_profile(name);
    put(&mut profile, RuleCode::S10, Some((Tier::Residents, 1)));
    for (code, weight) in [
        (RuleCode::S22, COST_OPTIMUM),
        (RuleCode::S30, COST_REQUEST),
        (RuleCode::S37, COST_TYPE_RUN),
        (RuleCode::S38, 1),
        (RuleCode::S40, COST_WEEKEND),
    ] {
        put(&mut profile, code, Some((Tier::Quality, weight)));
    }
    if ends_period {
        put(&mut profile, RuleCode::S39, Some((Tier::Quality, COST_TOTAL)));
    }
    for (code, key, value) in [
        (RuleCode::S38, "work_factor", COST_RUN),
        (RuleCode::S38, "off_factor", COST_RUN),
        (RuleCode::S39, "weekend_factor", COST_WEEKEND),
    ] {
        profile.rules.entry(code).or_default().parameters.insert(key.to_owned(), value);
    }
    profile
}

fn shift_type(kind: &ShiftKind) -> ShiftType {
    ShiftType {
        id: kind.name.clone(),
        name: kind.name.clone(),
        forbidden_next: kind.forbidden_next.iter().copied().map(ShiftTypeIx::from_index).collect(),
        consecutive_days: Some(kind.consecutive),
    }
}

fn person(scenario: &Scenario, history: &HistoryFile, weeks: &[WeekFile], nurse: usize) -> Person {
    let data = &scenario.nurses[nurse];
    let contract = &scenario.contracts[data.contract];
    let skills =
        data.skills.iter().map(|skill| PersonSkill { skill: SkillIx::from_index(*skill), level: 1, valid_until: None });
    let wishes = weeks.iter().enumerate().flat_map(|(week, file)| {
        let own = file.requests.iter().filter(move |request| request.nurse == nurse);
        own.map(move |request| Wish {
            kind: WishKind::Avoid,
            span: whole_day(day_of(week, request.day)),
            shift_type: request.shift.map(ShiftTypeIx::from_index),
            place: None,
            weight: 1,
        })
    });
    Person {
        id: data.name.clone(),
        name: data.name.clone(),
        category: Category::RecruitedStaff,
        home_unit: UnitIx(0),
        home: None,
        skills: skills.collect(),
        scope: vec![UnitIx(0)],
        max_distance_metres: None,
        active_days: (0, day_of(weeks.len(), 0) - 1),
        unavailable: Vec::new(),
        limits: Limits::default(),
        contract: Contract {
            consecutive_days: Some(contract.working_days),
            consecutive_days_off: Some(contract.days_off),
            total_duties: Some(contract.total),
            max_total_weekends: Some(contract.max_weekends),
            complete_weekends: contract.complete_weekends,
            ..Contract::default()
        },
        trainee: false,
        newcomer: false,
        wishes: wishes.collect(),
        familiar_places: Vec::new(),
        history: history.nurses[nurse].clone(),
    }
}

fn needs(scenario: &Scenario, weeks: &[WeekFile]) -> Vec<Need> {
    let people = u16::try_from(scenario.nurses.len()).unwrap_or(u16::MAX);
    let mut needs = Vec::new();
    for (week, file) in weeks.iter().enumerate() {
        for day in 0..7 {
            for (shift, kind) in scenario.shifts.iter().enumerate() {
                for (skill, skill_name) in scenario.skills.iter().enumerate() {
                    let (min, target) = file.requirement(scenario, day, shift, skill);
                    let offset = day_of(week, day);
                    needs.push(Need {
                        id: format!("{offset}-{}-{skill_name}", kind.name),
                        place: PlaceIx(0),
                        skill: Some((SkillIx::from_index(skill), 1)),
                        priority: 1,
                        excluded: Vec::new(),
                        case: None,
                        seat: None,
                        kind: NeedKind::Post(Post {
                            span: shift_span(offset),
                            shift_type: Some(ShiftTypeIx::from_index(shift)),
                            cover: Cover {
                                min,
                                target,
                                max: people.max(target),
                                weight_below_target: None,
                                weight_above_target: None,
                            },
                            mix: false,
                        }),
                    });
                }
            }
        }
    }
    needs
}

fn day_of(week: usize, day: usize) -> DayOffset {
    DayOffset::try_from(week * 7 + day).unwrap_or(DayOffset::MAX / MINUTES_PER_DAY)
}

const fn whole_day(day: DayOffset) -> Span {
    Span { start: day * MINUTES_PER_DAY, end: (day + 1) * MINUTES_PER_DAY }
}

const fn shift_span(day: DayOffset) -> Span {
    Span { start: day * MINUTES_PER_DAY, end: day * MINUTES_PER_DAY + 480 }
}

const fn range((min, max): (u16, u16)) -> Range {
    Range { min, max }
}

#[cfg(test)]
mod tests;
