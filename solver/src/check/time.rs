//! H01 overlap, H02 availability, H06 rest.

use crate::problem::{Duty, Minute, Person, PersonIx, RuleCode, ShiftTypeIx};

use super::context::Context;
use super::report::{At, Findings, Words};

/// H01: two duties of one person overlap, or leave too little time for the way between their places.
pub(super) fn check_h01_overlap(context: &Context<'_>, findings: &mut Findings<'_>) {
    let speed = speed(context);
    let farthest = minutes_across(context, speed);
    for (person, record, duties) in context.people() {
        for (index, earlier) in duties.iter().enumerate() {
            for later in &duties[index + 1..] {
                let between = later.span.start - earlier.span.end;
                if between >= farthest {
                    break;
                }
                let metres = context.metres_between(earlier, later).unwrap_or(0);
                let needed = travel_minutes(metres, speed);
                if between >= needed {
                    continue;
                }
                let at = At::person(person).with_need(later.need).on(later.span.day());
                let (name, one, other) = (&record.name, context.describe(earlier), context.describe(later));
                let words = if between < 0 {
                    Words {
                        zh: format!("{name}的两个班次时间重叠：{one}，{other}。"),
                        en: format!("{name} has two duties at once: {one} and {other}."),
                    }
                } else {
                    Words {
                        zh: format!("{name}从{one}到{other}路上需 {needed} 分钟，只有 {between} 分钟。"),
                        en: format!("{name} needs {needed} minutes from {one} to {other} but has {between}."),
                    }
                };
                findings.hard(RuleCode::H01, at, words);
            }
        }
    }
}

fn speed(context: &Context<'_>) -> u32 {
    let metres_per_minute = context.problem.profile.parameter(RuleCode::H01, "metres_per_minute");
    u32::try_from(metres_per_minute).unwrap_or(1).max(1)
}

/// Minutes of the way between the two farthest corners of the network: duties farther apart in time cannot clash.
fn minutes_across(context: &Context<'_>, speed: u32) -> Minute {
    let points = || context.problem.places.iter().filter_map(|place| place.location);
    let extent = |along: fn(crate::problem::Point) -> i32| {
        let least = points().map(along).min().unwrap_or(0);
        points().map(along).max().unwrap_or(0).abs_diff(least)
    };
    let across = extent(|point| point.east_metres).saturating_add(extent(|point| point.north_metres));
    travel_minutes(across, speed)
}

fn travel_minutes(metres: u32, speed: u32) -> Minute {
    Minute::try_from(metres.div_ceil(speed)).unwrap_or(Minute::MAX)
}

/// H02: a duty overlaps an unavailable span, or its day lies outside the days of service.
pub(super) fn check_h02_availability(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (person, record, duties) in context.people() {
        for duty in duties {
            let (name, day) = (&record.name, duty.span.day());
            let at = At::person(person).with_need(duty.need).on(day);
            if day < record.active_days.0 || day > record.active_days.1 {
                let what = context.describe(duty);
                let words = Words {
                    zh: format!("{name}当日不在任期内：{what}。"),
                    en: format!("{name} is not in service on the day of {what}."),
                };
                findings.hard(RuleCode::H02, at, words);
            }
            let next = record.unavailable.partition_point(|span| span.end <= duty.span.start);
            if record.unavailable.get(next).is_some_and(|span| span.overlaps(duty.span)) {
                let what = context.describe(duty);
                let words = Words {
                    zh: format!("{name}在此时段不可用：{what}。"),
                    en: format!("{name} is unavailable during {what}."),
                };
                findings.hard(RuleCode::H02, at, words);
            }
        }
    }
}

/// H06: too little rest between duties of different days, or a forbidden succession of shift types.
pub(super) fn check_h06_rest(context: &Context<'_>, findings: &mut Findings<'_>) {
    let default = Minute::try_from(context.problem.profile.parameter(RuleCode::H06, "min_rest_minutes")).unwrap_or(0);
    for (person, record, duties) in context.people() {
        let own = record.limits.min_rest_minutes.map(|minutes| Minute::try_from(minutes).unwrap_or(Minute::MAX));
        rest(context, findings, person, record, duties, own.unwrap_or(default));
        successions(context, findings, person, record, duties);
    }
}

fn rest(
    context: &Context<'_>,
    findings: &mut Findings<'_>,
    person: PersonIx,
    record: &Person,
    duties: &[Duty],
    least: Minute,
) {
    // Latest end of all earlier days; `today` gathers the day that is being read.
    let mut earlier = record.history.last_duty_end;
    let mut today: Option<(i32, Minute)> = None;
    for duty in duties {
        let day = duty.span.day();
        match today {
            Some((read, end)) if read == day => today = Some((day, end.max(duty.span.end))),
            _ => {
                earlier = earlier.max(today.map(|(_, end)| end));
                today = Some((day, duty.span.end));
            }
        }
        let Some(end) = earlier else { continue };
        let rested = duty.span.start - end;
        if rested < least {
            let (name, what) = (&record.name, context.describe(duty));
            let words = Words {
                zh: format!("{name}在{what}之前只休息 {rested} 分钟，至少应为 {least} 分钟。"),
                en: format!("{name} rests {rested} minutes before {what}; the least is {least}."),
            };
            findings.hard(RuleCode::H06, At::person(person).with_need(duty.need).on(day), words);
        }
    }
}

fn successions(context: &Context<'_>, findings: &mut Findings<'_>, person: PersonIx, record: &Person, duties: &[Duty]) {
    let types = &context.problem.shift_types;
    let type_of = |duty: &Duty| context.need(duty).as_post().and_then(|post| post.shift_type);
    for (index, duty) in duties.iter().enumerate() {
        let Some(follower) = type_of(duty) else { continue };
        let day = duty.span.day();
        let mut before: Vec<ShiftTypeIx> = duties[..index]
            .iter()
            .rev()
            .skip_while(|other| other.span.day() == day)
            .take_while(|other| other.span.day() == day - 1)
            .filter_map(type_of)
            .collect();
        if day == 0 {
            before.extend(record.history.last_shift_type);
        }
        before.sort_unstable();
        before.dedup();
        for first in before {
            if !types[first.index()].forbidden_next.contains(&follower) {
                continue;
            }
            let (name, one, other) = (&record.name, &types[first.index()].name, &types[follower.index()].name);
            let date = context.date(day);
            let words = Words {
                zh: format!("{name}在{one}的次日（{date}）不得上{other}。"),
                en: format!("{name} may not work {other} on {date}, the day after {one}."),
            };
            findings.hard(RuleCode::H06, At::person(person).with_need(duty.need).on(day), words);
        }
    }
}
