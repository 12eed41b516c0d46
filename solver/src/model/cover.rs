//! What a post asks of the people at it: S10, S22, S24, H11, S23 and apart-pairs (H14).

use super::labels::Label;
use super::linear::{add_costs, in_tier};
use super::part::Builder;
use crate::problem::{Category, NeedIx, PersonIx, Post, RuleCode};

pub(super) fn add(builder: &mut Builder<'_, '_>) {
    let mut by_need: Vec<(NeedIx, u32)> =
        builder.pairs.iter().zip(0_u32..).map(|(pair, column)| (pair.need, column)).collect();
    by_need.sort_unstable();
    let problem = builder.network.problem;
    for &need in &builder.spec.needs {
        let Some(post) = problem.needs[need.index()].as_post() else { continue };
        let first = by_need.partition_point(|&(at, _)| at < need);
        let columns: Vec<u32> =
            by_need[first..].iter().take_while(|&&(at, _)| at == need).map(|&(_, column)| column).collect();
        let is_span = problem.needs[need.index()].case.is_some();
        if !is_span {
            heads(builder, need, post, &columns);
        }
        if !is_span && builder.network.settings.is_on(RuleCode::H11) && columns.len() > usize::from(post.cover.max) {
            let terms = columns.iter().map(|&column| (column, 1)).collect();
            builder.add_at_most(i64::from(post.cover.max), terms);
        }
        let day = post.span.day();
        builder.mark(Some(Label::need(RuleCode::H11, need, day)));
        if problem.needs[need.index()].seat.is_none() {
            mix(builder, post, &columns);
        }
        builder.mark(Some(Label::need(RuleCode::S23, need, day)));
    }
    super::cases::add(builder, &by_need, false);
    super::receptions::add(builder, &by_need);
    if builder.network.settings.is_on(RuleCode::H14) && !problem.apart.is_empty() {
        apart(builder, &by_need);
    }
    builder.mark(None);
}

/// The same for person-weeks: cover and capacity of a post in one row where the costs allow it.
///
/// `heads + missing + below - above = target`: the cheaper kind of shortage fills first by itself, and no head beyond
/// the maximum fits.
pub(super) fn add_in_one_row(builder: &mut Builder<'_, '_>) {
    let mut by_need: Vec<(NeedIx, u32)> =
        builder.pairs.iter().zip(0_u32..).map(|(pair, column)| (pair.need, column)).collect();
    by_need.sort_unstable();
    let problem = builder.network.problem;
    for &need in &builder.spec.needs {
        let Some(post) = problem.needs[need.index()].as_post() else { continue };
        let first = by_need.partition_point(|&(at, _)| at < need);
        let columns: Vec<u32> =
            by_need[first..].iter().take_while(|&&(at, _)| at == need).map(|&(_, column)| column).collect();
        let trainees =
            columns.iter().any(|&column| problem.people[builder.pairs[column as usize].person.index()].trainee);
        let is_span = problem.needs[need.index()].case.is_some();
        if !is_span && (trainees || !in_one_row(builder, need, post, &columns)) {
            heads(builder, need, post, &columns);
            if builder.network.settings.is_on(RuleCode::H11) && columns.len() > usize::from(post.cover.max) {
                let terms = columns.iter().map(|&column| (column, 1)).collect();
                builder.add_at_most(i64::from(post.cover.max), terms);
            }
        }
        if problem.needs[need.index()].seat.is_none() {
            mix(builder, post, &columns);
        }
    }
    super::cases::add(builder, &by_need, true);
    super::receptions::add(builder, &by_need);
    if builder.network.settings.is_on(RuleCode::H14) && !problem.apart.is_empty() {
        apart(builder, &by_need);
    }
}

/// Adds the one row of a post; `false` when its costs do not allow it.
fn in_one_row(builder: &mut Builder<'_, '_>, need: NeedIx, post: &Post, columns: &[u32]) -> bool {
    let problem = builder.network.problem;
    let profile = &problem.profile;
    let settings = &builder.network.settings;
    let weight = |code| if settings.is_on(code) { profile.weight(code) } else { 0 };
    let priority = i64::from(problem.needs[need.index()].priority);
    let own = |code, own: Option<i64>, standard: i64| own.filter(|_| settings.is_on(code)).unwrap_or(standard);
    let missing = in_tier(profile.tier(RuleCode::S10), weight(RuleCode::S10) * priority);
    let below = in_tier(
        profile.tier(RuleCode::S22),
        own(RuleCode::S22, post.cover.weight_below_target, weight(RuleCode::S22) * priority),
    );
    let above =
        in_tier(profile.tier(RuleCode::S24), own(RuleCode::S24, post.cover.weight_above_target, weight(RuleCode::S24)));
    let (min, target) = (i64::from(post.cover.min), i64::from(post.cover.target));
    let most = i64::try_from(columns.len()).unwrap_or(i64::MAX);
    let max = if settings.is_on(RuleCode::H11) { i64::from(post.cover.max).min(most) } else { most };
    if columns.is_empty() || missing.iter().chain(&below).chain(&above).any(|&cost| cost < 0) || below > missing {
        return false;
    }
    let mut terms: Vec<(u32, i64)> = columns.iter().map(|&column| (column, 1)).collect();
    for (most, cost, factor) in [(min, missing, 1), (target - min, below, 1), (max - target, above, -1)] {
        if most > 0 {
            terms.push((builder.linear.add_column(0, most, cost, false), factor));
        }
    }
    builder.linear.add_row(Some(target), Some(target), terms);
    true
}

fn heads(builder: &mut Builder<'_, '_>, need: NeedIx, post: &Post, columns: &[u32]) {
    let problem = builder.network.problem;
    let profile = &problem.profile;
    let settings = &builder.network.settings;
    let weight = |code| if settings.is_on(code) { profile.weight(code) } else { 0 };
    let priority = i64::from(problem.needs[need.index()].priority);
    let uncovered = weight(RuleCode::S10) * priority;
    let own = |code, own: Option<i64>, standard: i64| own.filter(|_| settings.is_on(code)).unwrap_or(standard);
    let below = own(RuleCode::S22, post.cover.weight_below_target, weight(RuleCode::S22) * priority);
    let above = own(RuleCode::S24, post.cover.weight_above_target, weight(RuleCode::S24));
    let (tier10, tier22, tier24) =
        (profile.tier(RuleCode::S10), profile.tier(RuleCode::S22), profile.tier(RuleCode::S24));
    let (min, target) = (i64::from(post.cover.min), i64::from(post.cover.target));
    let counted: Vec<(u32, i64)> = columns
        .iter()
        .filter(|&&column| !problem.people[builder.pairs[column as usize].person.index()].trainee)
        .map(|&column| (column, 1))
        .collect();
    if counted.is_empty() {
        add_costs(&mut builder.linear.offset, in_tier(tier10, uncovered * min));
        add_costs(&mut builder.linear.offset, in_tier(tier22, below * (target - min)));
        return;
    }
    let mut missing = None;
    if min > 0 && (uncovered > 0 || (below > 0 && target > min)) {
        let column = builder.linear.add_column(0, min, in_tier(tier10, uncovered), false);
        builder.define(column, min, counted.iter().copied().chain([(column, 1)]));
        builder.mark(Some(Label::need(RuleCode::S10, need, post.span.day())));
        missing = Some(column);
    }
    if target > min && below > 0 {
        let column = builder.linear.add_column(0, target - min, in_tier(tier22, below), false);
        let others = missing.map(|missing| (missing, 1));
        builder.define(column, target, counted.iter().copied().chain(others).chain([(column, 1)]));
        builder.mark(Some(Label::need(RuleCode::S22, need, post.span.day())));
    }
    let most = i64::try_from(counted.len()).unwrap_or(i64::MAX);
    if above > 0 && most > target {
        let column = builder.linear.add_column(0, most - target, in_tier(tier24, above), false);
        builder.define(column, -target, counted.iter().map(|&(pair, _)| (pair, -1)).chain([(column, 1)]));
        builder.mark(Some(Label::need(RuleCode::S24, need, post.span.day())));
    }
}

fn mix(builder: &mut Builder<'_, '_>, post: &Post, columns: &[u32]) {
    let problem = builder.network.problem;
    if !builder.network.settings.is_on(RuleCode::S23) || columns.is_empty() {
        return;
    }
    let cost = in_tier(problem.profile.tier(RuleCode::S23), problem.profile.weight(RuleCode::S23));
    let person = |column: u32| builder.pairs[column as usize].person;
    let is_staff = |column: u32| matches!(problem.people[person(column).index()].category, category if Category::is_staff(category));
    let newcomers: Vec<u32> =
        columns.iter().copied().filter(|&column| problem.people[person(column).index()].newcomer).collect();
    let (staff, others): (Vec<u32>, Vec<u32>) = columns.iter().copied().partition(|&column| is_staff(column));
    let alone = post.cover.max == 1 && builder.network.settings.is_on(RuleCode::H11) || columns.len() == 1;
    if alone {
        // The only person at a post decides both clauses, so each is a cost of the pair itself.
        for &column in others.iter().filter(|_| post.mix) {
            add_costs(&mut builder.linear.columns[column as usize].cost, cost);
        }
        for &column in &newcomers {
            add_costs(&mut builder.linear.columns[column as usize].cost, cost);
        }
        return;
    }
    if post.mix && !others.is_empty() {
        let most = i64::from(post.cover.max).min(i64::try_from(others.len()).unwrap_or(i64::MAX)).max(1);
        let most = if builder.network.settings.is_on(RuleCode::H11) {
            most
        } else {
            i64::try_from(others.len()).unwrap_or(i64::MAX)
        };
        let column = builder.linear.add_column(0, 1, cost, true);
        let terms: Vec<_> = staff
            .iter()
            .map(|&pair| (pair, most))
            .chain(others.iter().map(|&pair| (pair, -1)))
            .chain([(column, most)])
            .collect();
        builder.define(column, 0, terms);
    }
    if !newcomers.is_empty() {
        let column = builder.linear.add_column(0, 1, cost, true);
        for &newcomer in &newcomers {
            let terms: Vec<_> = columns
                .iter()
                .map(|&pair| (pair, if pair == newcomer { -1 } else { 1 }))
                .chain([(column, 1)])
                .collect();
            builder.define(column, 0, terms);
        }
    }
}

fn apart(builder: &mut Builder<'_, '_>, by_need: &[(NeedIx, u32)]) {
    let needs_of = |person: PersonIx| -> Vec<(NeedIx, u32)> {
        let mut found: Vec<(NeedIx, u32)> = Vec::new();
        for (member, columns) in builder.spec.members.iter().zip(&builder.members) {
            if member.person == person {
                found.extend(
                    (columns.first..columns.last)
                        .map(|column| (builder.pairs[column].need, super::part::column_index(column))),
                );
            }
        }
        found.sort_unstable();
        found
    };
    let present: std::collections::HashSet<PersonIx> =
        builder.spec.members.iter().map(|member| member.person).collect();
    let mut rows = Vec::new();
    for &(one, other) in &builder.network.problem.apart {
        if !present.contains(&one) || !present.contains(&other) {
            continue;
        }
        let others = needs_of(other);
        for (need, column) in needs_of(one) {
            if let Ok(at) = others.binary_search_by_key(&need, |&(need, _)| need) {
                rows.push((column, others[at].1));
            }
        }
    }
    debug_assert!(rows.len() <= by_need.len() * by_need.len());
    for (one, other) in rows {
        builder.add_at_most(1, vec![(one, 1), (other, 1)]);
    }
}
