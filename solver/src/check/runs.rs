//! H07 consecutive, S37 type run, S38 soft run: stretches of like days.

use crate::problem::{DayOffset, Duty, Person, PersonIx, Range, RuleCode, ShiftTypeIx};

use super::context::Context;
use super::report::{At, Findings, Words};

/// A stretch of like days, as long as possible, that history or the horizon holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Run {
    /// Whether the days are set.
    set: bool,
    /// Days of it within the horizon; 0 for a stretch of history that day 0 ends.
    within: i64,
    /// Days of it before the horizon.
    before: i64,
    /// First day within the horizon; 0 when it touches the beginning.
    first: DayOffset,
    /// Whether a day of the horizon ends it.
    ended: bool,
    /// Whether it began at an unknown time before the horizon.
    beginning_unknown: bool,
}

impl Run {
    fn length(&self) -> i64 {
        self.before + self.within
    }

    /// Days that the run is too short by; 0 unless it is ended and its beginning known.
    fn short_of(&self, least: i64) -> i64 {
        if self.ended && !self.beginning_unknown { (least - self.length()).max(0) } else { 0 }
    }

    /// Days of the horizon beyond the greatest length.
    fn beyond(&self, most: i64) -> i64 {
        (self.length() - most).clamp(0, self.within)
    }

    /// The day that ends the run, or the last day of it.
    fn last_or_end(&self) -> DayOffset {
        let end = self.first + DayOffset::try_from(self.within).unwrap_or(DayOffset::MAX);
        if self.ended { end } else { end - 1 }
    }
}

/// What history says about the runs that touch day 0.
#[derive(Debug, Clone, Copy)]
struct Before {
    /// Days set in a row up to the day before the horizon.
    set: u16,
    /// Days not set in a row up to the day before the horizon.
    unset: u16,
    /// Nothing is known.
    unknown: bool,
}

/// The runs of set and unset days, one that history began and day 0 ended included.
fn runs(days: &[bool], before: Before) -> Vec<Run> {
    let mut runs = Vec::new();
    let history = |set: bool| if before.unknown { 0 } else { i64::from(if set { before.set } else { before.unset }) };
    if let Some(first) = days.first().copied()
        && history(!first) > 0
    {
        let before = history(!first);
        runs.push(Run { set: !first, within: 0, before, first: 0, ended: true, beginning_unknown: false });
    }
    let mut start: DayOffset = 0;
    for stretch in days.chunk_by(|one, other| one == other) {
        let (set, within) = (stretch[0], DayOffset::try_from(stretch.len()).unwrap_or(DayOffset::MAX));
        let touches = start == 0;
        runs.push(Run {
            set,
            within: i64::from(within),
            before: if touches { history(set) } else { 0 },
            first: start,
            ended: usize::try_from(start + within).is_ok_and(|end| end < days.len()),
            beginning_unknown: touches && before.unknown,
        });
        start += within;
    }
    runs
}

fn is_new(person: &Person) -> bool {
    person.history.consecutive_days_off == u16::MAX
}

fn working_runs(context: &Context<'_>, person: &Person, duties: &[Duty]) -> Vec<Run> {
    let history = &person.history;
    let before = Before { set: history.consecutive_days, unset: history.consecutive_days_off, unknown: is_new(person) };
    runs(&context.working_days(duties), before)
}

/// H07: runs of working days too long or too short, or runs of days off too short.
pub(super) fn check_h07_consecutive(context: &Context<'_>, findings: &mut Findings<'_>) {
    let default = Some(context.problem.profile.parameter(RuleCode::H07, "max_days")).filter(|limit| *limit > 0);
    for (person, record, duties) in context.people() {
        let limits = &record.limits;
        let most = limits.max_consecutive_days.map(i64::from).or(default);
        let (least_on, least_off) = (limits.min_consecutive_days, limits.min_consecutive_days_off);
        if most.is_none() && least_on.is_none() && least_off.is_none() {
            continue;
        }
        for run in working_runs(context, record, duties) {
            let (name, length) = (&record.name, run.length());
            if let Some(most) = most.filter(|most| run.set && run.beyond(*most) > 0) {
                let day = run.first + DayOffset::try_from((most - run.before).max(0)).unwrap_or(0);
                let date = context.date(day);
                let words = Words {
                    zh: format!("{name}连续工作 {length} 天，最多 {most} 天（自 {date} 起超出）。"),
                    en: format!("{name} works {length} days in a row; the most is {most}, exceeded from {date}."),
                };
                findings.hard(RuleCode::H07, At::person(person).on(day), words);
            }
            let least = i64::from(if run.set { least_on } else { least_off }.unwrap_or(0));
            if run.short_of(least) > 0 {
                let day = run.last_or_end();
                let (date, zh, en) = (context.date(day), kind_zh(run.set), kind_en(run.set));
                let words = Words {
                    zh: format!("{name}在 {date} 之前只连续{zh} {length} 天，至少 {least} 天。"),
                    en: format!("{name} has {length} {en} in a row before {date}; the least is {least}."),
                };
                findings.hard(RuleCode::H07, At::person(person).on(day), words);
            }
        }
    }
}

const fn kind_zh(working: bool) -> &'static str {
    if working { "工作" } else { "休息" }
}

const fn kind_en(working: bool) -> &'static str {
    if working { "working days" } else { "days off" }
}

/// S37: runs on one shift type outside the type's soft range.
pub(super) fn check_s37_type_run(context: &Context<'_>, findings: &mut Findings<'_>) {
    let weight = context.problem.profile.weight(RuleCode::S37);
    let ranges: Vec<(ShiftTypeIx, Range, &str)> = context
        .problem
        .shift_types
        .iter()
        .enumerate()
        .filter_map(|(position, kind)| {
            kind.consecutive_days.map(|range| (ShiftTypeIx::from_index(position), range, kind.name.as_str()))
        })
        .collect();
    for (person, record, duties) in context.people() {
        for (shift_type, range, kind) in &ranges {
            let history = &record.history;
            let set = if history.last_shift_type == Some(*shift_type) { history.consecutive_days_of_type } else { 0 };
            let before = Before { set, unset: 0, unknown: is_new(record) };
            let days = context.days_with(duties, |duty| {
                context.need(duty).as_post().is_some_and(|post| post.shift_type == Some(*shift_type))
            });
            for run in runs(&days, before).into_iter().filter(|run| run.set) {
                soft_run(context, findings, (RuleCode::S37, weight), (person, record), run, *range, (kind, kind));
            }
        }
    }
}

/// S38: runs of working days, or of days off, outside the contract's soft range.
pub(super) fn check_s38_soft_run(context: &Context<'_>, findings: &mut Findings<'_>) {
    let profile = &context.problem.profile;
    let weight = |key| profile.weight(RuleCode::S38) * profile.parameter(RuleCode::S38, key);
    let (work, off) = (weight("work_factor"), weight("off_factor"));
    for (person, record, duties) in context.people() {
        let (on_range, off_range) = (record.contract.consecutive_days, record.contract.consecutive_days_off);
        if on_range.is_none() && off_range.is_none() {
            continue;
        }
        for run in working_runs(context, record, duties) {
            let (range, weight) = if run.set { (on_range, work) } else { (off_range, off) };
            let Some(range) = range else { continue };
            let kind = (kind_zh(run.set), kind_en(run.set));
            soft_run(context, findings, (RuleCode::S38, weight), (person, record), run, range, kind);
        }
    }
}

fn soft_run(
    context: &Context<'_>,
    findings: &mut Findings<'_>,
    (code, weight): (RuleCode, i64),
    (person, record): (PersonIx, &Person),
    run: Run,
    range: Range,
    (zh, en): (&str, &str),
) {
    let outside = run.beyond(i64::from(range.max)) + run.short_of(i64::from(range.min));
    let day = run.last_or_end();
    findings.soft(code, At::person(person).on(day), outside * weight, || {
        let (name, length, date) = (&record.name, run.length(), context.date(day));
        let (least, most) = (range.min, range.max);
        Words {
            zh: format!("{name}到 {date} 连续{zh} {length} 天，宜 {least} 至 {most} 天，偏离 {outside} 天。"),
            en: format!("{name} has {length} {en} in a row up to {date}; {least} to {most} suit, {outside} outside."),
        }
    });
}
