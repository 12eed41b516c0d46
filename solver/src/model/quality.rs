//! S30 wishes for work, S31 fairness, S32 between places, S34's published duties.

use std::collections::{BTreeSet, HashMap};

use super::candidates::{Group, Network, PostFacts};
use super::labels::{Label, Measure};
use super::linear::{add_costs, in_tier};
use super::part::{Builder, MemberRows, Role};
use crate::problem::{NeedIx, RuleCode, WishKind};

/// One column per group of comparable people: the largest unsocial load.
pub(super) fn add_groups(builder: &mut Builder<'_, '_>) -> HashMap<Group, u32> {
    let network = builder.network;
    let problem = network.problem;
    let weight = problem.profile.weight(RuleCode::S31);
    let mut groups = HashMap::new();
    if weight == 0 {
        return groups;
    }
    let cost = in_tier(problem.profile.tier(RuleCode::S31), weight);
    for (member, columns) in builder.spec.members.iter().zip(&builder.members) {
        if member.role == Role::Guest {
            continue;
        }
        let person = &problem.people[member.person.index()];
        let group = network.group(person);
        let ledger = i64::from(person.history.fairness_unsocial_duties);
        let unsocial = builder.pairs[columns.first..columns.last]
            .iter()
            .filter(|pair| network.post(pair.need).is_some_and(|post| post.unsocial))
            .count();
        let floor = builder.spec.group_floor.get(&group).copied().unwrap_or(ledger).max(ledger).max(0);
        let most = floor.max(ledger + i64::try_from(unsocial).unwrap_or(0));
        let column = *groups.entry(group).or_insert_with(|| builder.linear.add_column(floor, most, cost, true));
        let column = &mut builder.linear.columns[column as usize];
        column.lower = column.lower.max(floor);
        column.upper = column.upper.max(most);
    }
    groups
}

pub(super) fn add(builder: &mut Builder<'_, '_>, rows: &MemberRows<'_>, groups: &HashMap<Group, u32>) {
    if rows.member.role != Role::Guest {
        wants(builder, rows);
        add_fairness(builder, rows, groups);
        published(builder, rows);
    }
    if builder.spec.between_places {
        between(builder, rows);
        builder.mark(None);
    }
}

fn wants(builder: &mut Builder<'_, '_>, rows: &MemberRows<'_>) {
    let network = builder.network;
    let problem = network.problem;
    let weight = problem.profile.weight(RuleCode::S30);
    let person = &problem.people[rows.member.person.index()];
    for wish in person.wishes.iter().filter(|wish| weight != 0 && wish.kind == WishKind::Want) {
        let matches = |need: &NeedIx| network.post(*need).is_some_and(|post| Network::matches(wish, post));
        if rows.member.role == Role::Home && rows.member.elsewhere.iter().any(matches) {
            continue;
        }
        let cost = in_tier(problem.profile.tier(RuleCode::S30), weight * i64::from(wish.weight));
        let served: Vec<(u32, i64)> = rows
            .posts
            .iter()
            .enumerate()
            .filter(|&(_, post)| Network::matches(wish, post))
            .map(|(at, _)| (rows.column(at), 1))
            .collect();
        if served.is_empty() {
            add_costs(&mut builder.linear.offset, cost);
            continue;
        }
        let column = builder.linear.add_column(0, 1, cost, false);
        builder.define(column, 1, served.into_iter().chain([(column, 1)]));
        let day = Some(wish.span.day());
        builder.mark(Some(Label::person(RuleCode::S30, rows.member.person, day, Measure::Wishes, 1)));
    }
}

/// S31: the group's column is at least each member's unsocial load.
pub(super) fn add_fairness(builder: &mut Builder<'_, '_>, rows: &MemberRows<'_>, groups: &HashMap<Group, u32>) {
    let person = &builder.network.problem.people[rows.member.person.index()];
    let Some(&column) = groups.get(&builder.network.group(person)) else { return };
    let terms: Vec<(u32, i64)> = rows
        .posts
        .iter()
        .enumerate()
        .filter(|&(_, post)| post.unsocial)
        .map(|(at, _)| (rows.column(at), -1))
        .chain([(column, 1)])
        .collect();
    if terms.len() > 1 {
        builder.members[rows.position].load = Some(builder.linear.rows.len());
        builder.define(column, i64::from(person.history.fairness_unsocial_duties), terms);
        builder.mark(Some(Label::person(RuleCode::S31, rows.member.person, None, Measure::Duties, 1)));
    }
}

fn published(builder: &mut Builder<'_, '_>, rows: &MemberRows<'_>) {
    let profile = &builder.network.problem.profile;
    let duties = builder.network.published_duties();
    let first = duties.partition_point(|&(person, _)| person < rows.member.person);
    let count = duties[first..].iter().take_while(|&&(person, _)| person == rows.member.person).count();
    let cost = i64::try_from(count).unwrap_or(0) * profile.weight(RuleCode::S34);
    add_costs(&mut builder.linear.offset, in_tier(profile.tier(RuleCode::S34), cost));
}

/// S32 between consecutive duties of a day. For each duty, a column for each range of distances that its next duty may
/// lie in: one when that lies as far or farther. Posts of one span exclude each other, so that a row holds all those of a
/// span that are far enough; a row for each pair of duties would leave a linear programme next to no cost.
fn between(builder: &mut Builder<'_, '_>, rows: &MemberRows<'_>) {
    let network = builder.network;
    let profile = &network.problem.profile;
    let weight = profile.weight(RuleCode::S32);
    if weight == 0 {
        return;
    }
    let tier = profile.tier(RuleCode::S32);
    let person = &network.problem.people[rows.member.person.index()];
    let rest = network.settings.min_rest_minutes(person);
    let is_exclusive = network.settings.is_on(RuleCode::H01);
    for (one, &from) in rows.posts.iter().enumerate() {
        let units = |to: &PostFacts| {
            let distance = from.location.zip(to.location).map_or(0, |(from, to)| from.distance_metres(to));
            let is_apart = from.place != to.place && network.clash(rest, from, to).is_none();
            if is_apart { i64::from(distance / network.settings.travel_unit_metres) } else { 0 }
        };
        let later: Vec<(usize, i64)> = (one + 1..rows.posts.len())
            .take_while(|&at| rows.posts[at].day == from.day)
            .map(|at| (at, units(rows.posts[at])))
            .collect();
        let distances: BTreeSet<i64> = later.iter().map(|&(_, units)| units).filter(|&units| units > 0).collect();
        let mut nearer = 0;
        let ranges: Vec<(i64, u32)> = distances
            .into_iter()
            .map(|units| {
                let cost = in_tier(tier, (units - std::mem::replace(&mut nearer, units)) * weight);
                (units, builder.linear.add_column(0, 1, cost, false))
            })
            .collect();
        for next in
            later.chunk_by(|&(one, _), &(other, _)| is_exclusive && rows.posts[one].span == rows.posts[other].span)
        {
            let to = rows.posts[next[0].0];
            let comes_between = |at: usize| {
                let post = rows.posts[at];
                !is_exclusive || post.span.start >= from.span.end && post.span.end <= to.span.start
            };
            let between: Vec<(u32, i64)> =
                (one + 1..next[0].0).filter(|&at| comes_between(at)).map(|at| (rows.column(at), 1)).collect();
            let farthest = next.iter().map(|&(_, units)| units).max().unwrap_or(0);
            for &(least, column) in ranges.iter().take_while(|&&(least, _)| least <= farthest) {
                let far = next.iter().filter(|&&(_, units)| units >= least).map(|&(at, _)| (rows.column(at), -1));
                let terms = between.iter().copied().chain(far).chain([(rows.column(one), -1), (column, 1)]);
                builder.define(column, -1, terms.collect::<Vec<_>>());
            }
        }
    }
}
