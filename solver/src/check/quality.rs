//! S30 preference, S31 fairness, S32 travel, S33 continuity: how well a roster suits people.

use std::collections::BTreeMap;

use crate::problem::{Category, Duty, MINUTES_PER_DAY, PersonIx, RuleCode, UnitIx, Wish, WishKind};

use super::context::{Context, length};
use super::report::{At, Findings, Words};

/// S30: unwanted duties given, and wanted ones not given.
pub(super) fn check_s30_preference(context: &Context<'_>, findings: &mut Findings<'_>) {
    let weight = context.problem.profile.weight(RuleCode::S30);
    for (person, data, duties) in context.people() {
        let name = &data.name;
        for wish in &data.wishes {
            let cost = i64::from(wish.weight) * weight;
            let mut matching = duties.iter().filter(|duty| matches_wish(context, wish, duty)).peekable();
            match wish.kind {
                WishKind::Avoid => {
                    for duty in matching {
                        let at = At::person(person).with_need(duty.need).on(duty.span.day());
                        findings.soft(RuleCode::S30, at, cost, || {
                            let what = context.describe(duty);
                            Words {
                                zh: format!("{name}不希望上这个班：{what}。"),
                                en: format!("{name} wished not to work {what}."),
                            }
                        });
                    }
                }
                WishKind::Want => {
                    if matching.peek().is_some() {
                        continue;
                    }
                    findings.soft(RuleCode::S30, At::person(person).on(wish.span.day()), cost, || {
                        let date = context.date(wish.span.day());
                        Words {
                            zh: format!("{name}希望在 {date} 上班而未安排。"),
                            en: format!("{name} wished to work on {date} and has no such duty."),
                        }
                    });
                }
            }
        }
    }
}

fn matches_wish(context: &Context<'_>, wish: &Wish, duty: &Duty) -> bool {
    let need = context.need(duty);
    let shift_type = need.as_post().and_then(|post| post.shift_type);
    duty.span.overlaps(wish.span)
        && wish.place.is_none_or(|place| place == need.place)
        && wish.shift_type.is_none_or(|wanted| shift_type == Some(wanted))
}

/// S31: for each group of comparable people, the largest number of unsocial duties of one of them.
pub(super) fn check_s31_fairness(context: &Context<'_>, findings: &mut Findings<'_>) {
    let weight = context.problem.profile.weight(RuleCode::S31);
    let evening = context.problem.profile.parameter(RuleCode::S31, "evening_from_minute");
    let mut groups: BTreeMap<(UnitIx, Category), (i64, PersonIx)> = BTreeMap::new();
    for (person, data, duties) in context.people() {
        let unsocial = length(duties.iter().filter(|duty| is_unsocial(context, duty, evening)).count());
        let load = unsocial + i64::from(data.history.fairness_unsocial_duties);
        let home = context.problem.street_of(data.home_unit).unwrap_or(data.home_unit);
        let most = groups.entry((home, data.category)).or_insert((load, person));
        if load > most.0 {
            *most = (load, person);
        }
    }
    for ((home, _), (load, person)) in groups {
        findings.soft(RuleCode::S31, At::person(person), load.max(0) * weight, || {
            let (name, unit) =
                (&context.problem.people[person.index()].name, &context.problem.units[home.index()].name);
            Words {
                zh: format!("{unit}同类人员中晚间、周末班最多的是{name}：{load} 个（含往期台账）。"),
                en: format!(
                    "Among comparable people of {unit}, {name} has the most evening and weekend duties: \
                     {load} with the ledger."
                ),
            }
        });
    }
}

fn is_unsocial(context: &Context<'_>, duty: &Duty, evening_from_minute: i64) -> bool {
    let day = duty.span.day();
    let end = duty.span.end - day * MINUTES_PER_DAY;
    i64::from(end) > evening_from_minute
        || context.problem.horizon.is_weekend(day)
        || super::context::is_set(&context.problem.off_days, day)
}

/// S32: whole units of the way from home to each duty, and between consecutive duties of one day.
pub(super) fn check_s32_travel(context: &Context<'_>, findings: &mut Findings<'_>) {
    let profile = &context.problem.profile;
    let weight = profile.weight(RuleCode::S32);
    let unit = u32::try_from(profile.parameter(RuleCode::S32, "unit_metres")).unwrap_or(1).max(1);
    for (person, data, duties) in context.people() {
        for (index, duty) in duties.iter().enumerate() {
            let from_home =
                data.home.zip(context.place(duty).location).map_or(0, |(home, at)| home.distance_metres(at));
            let previous = index.checked_sub(1).map(|before| &duties[before]);
            let between = previous
                .filter(|before| before.span.day() == duty.span.day())
                .and_then(|before| context.metres_between(before, duty))
                .unwrap_or(0);
            let cost = i64::from(from_home / unit + between / unit) * weight;
            let at = At::person(person).with_need(duty.need).on(duty.span.day());
            findings.soft(RuleCode::S32, at, cost, || {
                let (name, what) = (&data.name, context.describe(duty));
                Words {
                    zh: format!("{name}到{what}：距住处 {from_home} 米，距当日上一处 {between} 米。"),
                    en: format!(
                        "{name} goes to {what}: {from_home} metres from home, {between} from the duty before it."
                    ),
                }
            });
        }
    }
}

/// S33: duties at places unfamiliar to people who have familiar ones, and cases that change hands.
pub(super) fn check_s33_continuity(context: &Context<'_>, findings: &mut Findings<'_>) {
    let weight = context.problem.profile.weight(RuleCode::S33);
    for duty in context.duties() {
        let data = &context.problem.people[duty.person.index()];
        let at = At::person(duty.person).with_need(duty.need).on(duty.span.day());
        let (name, what) = (&data.name, || context.describe(duty));
        if let Some(case) = context.problem.case_of(duty.need) {
            if let Some(earlier) = case.earlier_handler.filter(|&earlier| earlier != duty.person) {
                findings.soft(RuleCode::S33, at, weight, || {
                    let (earlier, what) = (&context.problem.people[earlier.index()].name, what());
                    Words {
                        zh: format!("{what}原由{earlier}办理，现由{name}办理。"),
                        en: format!("{what} was handled by {earlier} and goes to {name}."),
                    }
                });
            }
        } else if !data.familiar_places.is_empty() && !data.familiar_places.contains(&context.need(duty).place) {
            findings.soft(RuleCode::S33, at, weight, || {
                let what = what();
                Words { zh: format!("{name}不熟悉{what}。"), en: format!("{name} is not familiar with {what}.") }
            });
        }
    }
}
