//! S20: minutes short of a contract's weekly minimum, and short at the host unit.

use super::candidates::PostFacts;
use super::conflicts::most_without_overlap;
use super::labels::{Label, Measure};
use super::linear::{add_costs, in_tier};
use super::part::{Builder, MemberRows, Role};
use crate::problem::RuleCode;

pub(super) fn add(builder: &mut Builder<'_, '_>, rows: &MemberRows<'_>) {
    let network = builder.network;
    let problem = network.problem;
    let person = &problem.people[rows.member.person.index()];
    let weight = problem.profile.weight(RuleCode::S20);
    if weight == 0 || rows.member.role == Role::Guest {
        return;
    }
    let cost = in_tier(problem.profile.tier(RuleCode::S20), weight);
    let last_week = problem.horizon.week(i32::from(problem.horizon.days) - 1);
    let host = person.contract.host.map(|(unit, minutes)| (Some(unit), minutes));
    for (unit, least) in [(None, person.contract.min_minutes_week)].into_iter().chain(host) {
        for week in 0..=last_week {
            let within = (0..i32::from(problem.horizon.days)).filter(|&day| problem.horizon.week(day) == week).count();
            let least = i64::from(least) * i64::try_from(within).unwrap_or(7) / 7;
            if least == 0 {
                continue;
            }
            let counts = |post: &PostFacts| {
                problem.horizon.week(post.day) == week && unit.is_none_or(|unit| network.is_within(post.unit, unit))
            };
            let mut terms: Vec<(u32, i64)> = rows
                .posts
                .iter()
                .enumerate()
                .filter(|&(_, post)| counts(post))
                .map(|(at, post)| (rows.column(at), post.minutes))
                .collect();
            terms.extend(elsewhere(builder, rows).map(|column| (column, 1)));
            if terms.is_empty() {
                add_costs(&mut builder.linear.offset, cost.map(|cost| cost * least));
                continue;
            }
            let short = builder.linear.add_column(0, least, cost, false);
            terms.push((short, 1));
            builder.define(short, least, terms);
            let first = (0..i32::from(problem.horizon.days)).find(|&day| problem.horizon.week(day) == week);
            builder.mark(Some(Label::person(RuleCode::S20, rows.member.person, first, Measure::Minutes, 1)));
        }
    }
}

/// The column of minutes that other copies of the person work; made when first asked for.
fn elsewhere(builder: &mut Builder<'_, '_>, rows: &MemberRows<'_>) -> Option<u32> {
    if rows.member.role != Role::Home || rows.member.elsewhere.is_empty() {
        return None;
    }
    if let Some(column) = builder.members[rows.position].elsewhere {
        return Some(column);
    }
    let network = builder.network;
    let mut posts: Vec<(&PostFacts, i64)> =
        rows.member.elsewhere.iter().filter_map(|&need| network.post(need)).map(|post| (post, post.minutes)).collect();
    posts.sort_unstable_by_key(|(post, _)| (post.span.start, post.span.end));
    let most = most_without_overlap(&posts, network.settings.is_on(RuleCode::H01));
    let column = builder.linear.add_column(0, most, [0; 3], false);
    builder.members[rows.position].elsewhere = Some(column);
    Some(column)
}
