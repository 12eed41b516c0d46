//! H04 daily limit, H05 weekly limit, H08 weekends, H09 type limit: how much one person works.

use crate::problem::{DayOffset, Duty, Person, PersonIx, RuleCode};

use super::context::{Context, length, minutes};
use super::report::{At, Findings, Words};

/// H04: too many minutes or duties on one day.
pub(super) fn check_h04_daily_limit(context: &Context<'_>, findings: &mut Findings<'_>) {
    let minutes_default = profile_limit(context, RuleCode::H04, "max_minutes", 0);
    let duties_default = profile_limit(context, RuleCode::H04, "max_duties", 0);
    for (person, record, duties) in context.people() {
        let most_minutes = record.limits.max_minutes_day.map(i64::from).or(minutes_default);
        let most_duties = record.limits.max_duties_day.map(i64::from).or(duties_default);
        for today in duties.chunk_by(|one, other| one.span.day() == other.span.day()) {
            let day = today[0].span.day();
            let (at, name) = (At::person(person).on(day), &record.name);
            if let Some((worked, most)) = above(minutes(today), most_minutes) {
                let date = context.date(day);
                let words = Words {
                    zh: format!("{name}在 {date} 工作 {worked} 分钟，最多 {most} 分钟。"),
                    en: format!("{name} works {worked} minutes on {date}; the most is {most}."),
                };
                findings.hard(RuleCode::H04, at, words);
            }
            if let Some((worked, most)) = above(length(today.len()), most_duties) {
                let date = context.date(day);
                let words = Words {
                    zh: format!("{name}在 {date} 有 {worked} 个班次，最多 {most} 个。"),
                    en: format!("{name} has {worked} duties on {date}; the most is {most}."),
                };
                findings.hard(RuleCode::H04, at, words);
            }
        }
    }
}

/// H05: minutes or duties of a week, minutes of four weeks, or minutes of the horizon outside their limits.
pub(super) fn check_h05_weekly_limit(context: &Context<'_>, findings: &mut Findings<'_>) {
    let week_default = profile_limit(context, RuleCode::H05, "max_minutes_week", 0);
    let four_default = profile_limit(context, RuleCode::H05, "max_minutes_four_weeks", 0);
    let weeks = context.weeks();
    for (person, record, duties) in context.people() {
        let week = record.limits.max_minutes_week.map(i64::from).or(week_default);
        let four = record.limits.max_minutes_four_weeks.map(i64::from).or(four_default);
        single_weeks(context, findings, (person, record, duties), &weeks, week);
        four_weeks(context, findings, (person, record, duties), &weeks, four);
        whole_horizon(findings, person, record, duties);
    }
}

type OnePerson<'a> = (PersonIx, &'a Person, &'a [Duty]);
type Week = (DayOffset, DayOffset);

fn within(duties: &[Duty], (first, last): Week) -> impl Iterator<Item = &Duty> {
    duties.iter().filter(move |duty| (first..=last).contains(&duty.span.day()))
}

fn single_weeks(
    context: &Context<'_>,
    findings: &mut Findings<'_>,
    (person, record, duties): OnePerson<'_>,
    weeks: &[Week],
    most_minutes: Option<i64>,
) {
    let most_duties = record.limits.max_duties_week.map(i64::from);
    for week in weeks {
        let (at, date, name) = (At::person(person).on(week.0), || context.date(week.0), &record.name);
        if let Some((worked, most)) = above(minutes(within(duties, *week)), most_minutes) {
            let date = date();
            let words = Words {
                zh: format!("{name}在 {date} 起的一周工作 {worked} 分钟，最多 {most} 分钟。"),
                en: format!("{name} works {worked} minutes in the week from {date}; the most is {most}."),
            };
            findings.hard(RuleCode::H05, at, words);
        }
        if let Some((worked, most)) = above(length(within(duties, *week).count()), most_duties) {
            let date = date();
            let words = Words {
                zh: format!("{name}在 {date} 起的一周有 {worked} 个班次，最多 {most} 个。"),
                en: format!("{name} has {worked} duties in the week from {date}; the most is {most}."),
            };
            findings.hard(RuleCode::H05, at, words);
        }
    }
}

/// Four consecutive weeks that end in a week of the horizon with work; others cannot be broken by the roster.
fn four_weeks(
    context: &Context<'_>,
    findings: &mut Findings<'_>,
    (person, record, duties): OnePerson<'_>,
    weeks: &[Week],
    most: Option<i64>,
) {
    let mut worked: Vec<i64> = record.history.minutes_last_three_weeks.map(i64::from).to_vec();
    for week in weeks {
        let own = minutes(within(duties, *week));
        worked.push(own);
        let sum = worked.iter().rev().take(4).sum();
        if let Some((worked, most)) = above(sum, most)
            && own > 0
        {
            let (name, date) = (&record.name, context.date(week.1));
            let words = Words {
                zh: format!("{name}在截至 {date} 的四周内工作 {worked} 分钟，最多 {most} 分钟。"),
                en: format!("{name} works {worked} minutes in the four weeks up to {date}; the most is {most}."),
            };
            findings.hard(RuleCode::H05, At::person(person).on(week.0), words);
        }
    }
}

fn whole_horizon(findings: &mut Findings<'_>, person: PersonIx, record: &Person, duties: &[Duty]) {
    let (worked, name) = (minutes(duties), &record.name);
    if let Some((worked, most)) = above(worked, record.limits.max_minutes_horizon.map(i64::from)) {
        let words = Words {
            zh: format!("{name}在整个计划期工作 {worked} 分钟，最多 {most} 分钟。"),
            en: format!("{name} works {worked} minutes in all; the most is {most}."),
        };
        findings.hard(RuleCode::H05, At::person(person), words);
    }
    let least = record.limits.min_minutes_horizon.map_or(0, i64::from);
    if worked < least {
        let words = Words {
            zh: format!("{name}在整个计划期工作 {worked} 分钟，至少 {least} 分钟。"),
            en: format!("{name} works {worked} minutes in all; the least is {least}."),
        };
        findings.hard(RuleCode::H05, At::person(person), words);
    }
}

/// H08: too many weekends worked in four weeks or in the horizon.
pub(super) fn check_h08_weekends(context: &Context<'_>, findings: &mut Findings<'_>) {
    let default = profile_limit(context, RuleCode::H08, "max_in_four_weeks", 4);
    let weeks = context.weeks();
    for (person, record, duties) in context.people() {
        let name = &record.name;
        let own = context.weekends_worked(&weeks, &context.working_days(duties));
        let in_horizon = length(own.iter().filter(|worked| **worked).count());
        let most = record.limits.max_weekends_four_weeks.map(i64::from).or(default);
        let mut worked = record.history.weekends_last_three_weeks.to_vec();
        for (week, weekend) in weeks.iter().zip(own) {
            worked.push(weekend);
            let count = length(worked.iter().rev().take(4).filter(|worked| **worked).count());
            if let Some((count, most)) = above(count, most)
                && weekend
            {
                let date = context.date(week.1);
                let words = Words {
                    zh: format!("{name}在截至 {date} 的四周内工作 {count} 个周末，最多 {most} 个。"),
                    en: format!("{name} works {count} weekends in the four weeks up to {date}; the most is {most}."),
                };
                findings.hard(RuleCode::H08, At::person(person).on(week.0), words);
            }
        }
        if let Some((count, most)) = above(in_horizon, record.limits.max_weekends_horizon.map(i64::from)) {
            let words = Words {
                zh: format!("{name}在整个计划期工作 {count} 个周末，最多 {most} 个。"),
                en: format!("{name} works {count} weekends in all; the most is {most}."),
            };
            findings.hard(RuleCode::H08, At::person(person), words);
        }
    }
}

/// H09: too many duties of one shift type.
pub(super) fn check_h09_type_limit(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (person, record, duties) in context.people() {
        for (shift_type, most) in &record.limits.max_duties_of_type {
            let of_type =
                |duty: &&Duty| context.need(duty).as_post().is_some_and(|post| post.shift_type == Some(*shift_type));
            let count = length(duties.iter().filter(of_type).count());
            if let Some((count, most)) = above(count, Some(i64::from(*most))) {
                let (name, kind) = (&record.name, &context.problem.shift_types[shift_type.index()].name);
                let words = Words {
                    zh: format!("{name}有 {count} 个{kind}，最多 {most} 个。"),
                    en: format!("{name} has {count} duties of type {kind}; the most is {most}."),
                };
                findings.hard(RuleCode::H09, At::person(person), words);
            }
        }
    }
}

/// The profile's limit, unless it has the value that means no limit.
fn profile_limit(context: &Context<'_>, code: RuleCode, key: &str, unlimited: i64) -> Option<i64> {
    Some(context.problem.profile.parameter(code, key)).filter(|limit| *limit != unlimited)
}

/// The value and its limit when it is above.
fn above(value: i64, most: Option<i64>) -> Option<(i64, i64)> {
    most.filter(|most| value > *most).map(|most| (value, most))
}
