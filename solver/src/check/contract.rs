//! S20 contract minimum, S39 totals, S40 complete weekend: what contracts ask for.

use crate::problem::{DayOffset, Duty, RuleCode};

use super::context::{Context, is_set, length, minutes};
use super::report::{At, Findings, Words};

/// S20: minutes short of the weekly minimum, in all and at the host unit.
pub(super) fn check_s20_contract_minimum(context: &Context<'_>, findings: &mut Findings<'_>) {
    let weight = context.problem.profile.weight(RuleCode::S20);
    let weeks = context.weeks();
    for (person, data, duties) in context.people() {
        let contract = &data.contract;
        for (first, last) in &weeks {
            let share = |minutes: u32| i64::from(minutes) * i64::from(last - first + 1) / 7;
            let within = || duties.iter().filter(|duty| (*first..=*last).contains(&duty.span.day()));
            let (at, name) = (At::person(person).on(*first), &data.name);
            let least = share(contract.min_minutes_week);
            let worked = minutes(within());
            findings.soft(RuleCode::S20, at, (least - worked).max(0) * weight, || {
                let date = context.date(*first);
                Words {
                    zh: format!("{name}在 {date} 起的一周工作 {worked} 分钟，合同最低 {least} 分钟。"),
                    en: format!(
                        "{name} works {worked} minutes in the week from {date}; the contract asks for {least}."
                    ),
                }
            });
            let Some((host, host_minutes)) = contract.host else { continue };
            let least = share(host_minutes);
            let at_host = |duty: &&Duty| context.problem.is_within(context.place(duty).unit, host);
            let worked = minutes(within().filter(at_host));
            findings.soft(RuleCode::S20, at, (least - worked).max(0) * weight, || {
                let (date, unit) = (context.date(*first), &context.problem.units[host.index()].name);
                Words {
                    zh: format!("{name}在 {date} 起的一周于{unit}工作 {worked} 分钟，最低 {least} 分钟。"),
                    en: format!(
                        "{name} works {worked} minutes at {unit} in the week from {date}; the least is {least}."
                    ),
                }
            });
        }
    }
}

/// S39: duties and weekends of the contract period outside their range.
pub(super) fn check_s39_totals(context: &Context<'_>, findings: &mut Findings<'_>) {
    let profile = &context.problem.profile;
    let (weight, factor) = (profile.weight(RuleCode::S39), profile.parameter(RuleCode::S39, "weekend_factor"));
    let weeks = context.weeks();
    for (person, data, duties) in context.people() {
        let (at, name) = (At::person(person), &data.name);
        if let Some(range) = data.contract.total_duties {
            let total = length(duties.len()) + i64::from(data.history.total_duties);
            let (least, most) = (i64::from(range.min), i64::from(range.max));
            let outside = (least - total).max(0) + (total - most).max(0);
            findings.soft(RuleCode::S39, at, outside * weight, || Words {
                zh: format!("{name}合同期内共 {total} 个班次，宜 {least} 至 {most} 个。"),
                en: format!("{name} has {total} duties in the contract period; {least} to {most} suit."),
            });
        }
        if let Some(most) = data.contract.max_total_weekends.map(i64::from) {
            let worked = context.weekends_worked(&weeks, &context.working_days(duties));
            let own = length(worked.into_iter().filter(|worked| *worked).count());
            let total = own + i64::from(data.history.total_weekends);
            findings.soft(RuleCode::S39, at, (total - most).max(0) * factor, || Words {
                zh: format!("{name}合同期内共工作 {total} 个周末，宜至多 {most} 个。"),
                en: format!("{name} works {total} weekends in the contract period; at most {most} suit."),
            });
        }
    }
}

/// S40: a weekend of which only one day is worked, by people who work weekends whole or not at all.
pub(super) fn check_s40_complete_weekend(context: &Context<'_>, findings: &mut Findings<'_>) {
    let horizon = &context.problem.horizon;
    let weight = context.problem.profile.weight(RuleCode::S40);
    let saturdays: Vec<DayOffset> = (0..DayOffset::from(horizon.days) - 1)
        .filter(|day| horizon.is_weekend(*day) && horizon.is_weekend(day + 1))
        .collect();
    for (person, data, duties) in context.people().filter(|(_, data, _)| data.contract.complete_weekends) {
        let working = context.working_days(duties);
        for saturday in &saturdays {
            if is_set(&working, *saturday) == is_set(&working, saturday + 1) {
                continue;
            }
            findings.soft(RuleCode::S40, At::person(person).on(*saturday), weight, || {
                let (name, date) = (&data.name, context.date(*saturday));
                Words {
                    zh: format!("{name}在 {date} 的周末只上一天。"),
                    en: format!("{name} works only one day of the weekend of {date}."),
                }
            });
        }
    }
}
