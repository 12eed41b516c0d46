//! H01 and H06 as cliques; H04, H05, H09 as sums.

use super::candidates::PostFacts;
use super::conflicts::most_without_overlap;
use super::labels::{Label, Measure};
use super::part::{Builder, MemberRows};
use crate::problem::RuleCode;

pub(super) fn add(builder: &mut Builder<'_, '_>, rows: &MemberRows<'_>) {
    for clique in &rows.cliques {
        let terms = clique.iter().map(|&position| (rows.column(position), 1)).collect();
        builder.add_at_most(1, terms);
        let (first, second) = (rows.posts[clique[0]], rows.posts[clique[1]]);
        let network = builder.network;
        let rest = network.settings.min_rest_minutes(&network.problem.people[rows.member.person.index()]);
        let rule = network.clash(rest, first, second).unwrap_or(RuleCode::H01);
        builder.mark(Some(Label::person(rule, rows.member.person, Some(first.day), Measure::Duties, 1)));
    }
    daily(builder, rows);
    weekly(builder, rows);
    types(builder, rows);
}

fn daily(builder: &mut Builder<'_, '_>, rows: &MemberRows<'_>) {
    let person = &builder.network.problem.people[rows.member.person.index()];
    let minutes = builder.network.settings.max_minutes_day(person);
    let duties = builder.network.settings.max_duties_day(person);
    let mut days: Vec<i32> = rows.posts.iter().map(|post| post.day).collect();
    days.dedup();
    for day in days {
        let on = (RuleCode::H04, Some(day));
        sum(builder, rows, (on, Measure::Minutes), minutes, |post| if post.day == day { post.minutes } else { 0 });
        sum(builder, rows, (on, Measure::Duties), duties, |post| i64::from(post.day == day));
    }
}

fn weekly(builder: &mut Builder<'_, '_>, rows: &MemberRows<'_>) {
    let network = builder.network;
    let person = &network.problem.people[rows.member.person.index()];
    let horizon = &network.problem.horizon;
    if !network.settings.is_on(RuleCode::H05) {
        return;
    }
    let last_week = horizon.week(i32::from(horizon.days) - 1);
    let minutes_week = network.settings.max_minutes_week(person);
    let four_weeks = network.settings.max_minutes_four_weeks(person);
    let duties_week = person.limits.max_duties_week.map(i64::from);
    for week in 0..=last_week {
        let first = (0..i32::from(horizon.days)).find(|&day| horizon.week(day) == week);
        let on = (RuleCode::H05, first);
        sum(builder, rows, (on, Measure::Minutes), minutes_week, |post| {
            if horizon.week(post.day) == week { post.minutes } else { 0 }
        });
        sum(builder, rows, (on, Measure::Duties), duties_week, |post| i64::from(horizon.week(post.day) == week));
        let before: i64 = (week - 3..0)
            .filter_map(|past| usize::try_from(past + 3).ok())
            .filter_map(|past| person.history.minutes_last_three_weeks.get(past))
            .map(|&minutes| i64::from(minutes))
            .sum();
        sum(builder, rows, (on, Measure::Minutes), four_weeks.map(|most| most - before), |post| {
            if (week - 3..=week).contains(&horizon.week(post.day)) { post.minutes } else { 0 }
        });
    }
    let whole = ((RuleCode::H05, None), Measure::Minutes);
    sum(builder, rows, whole, person.limits.max_minutes_horizon.map(i64::from), |post| post.minutes);
    if let Some(least) = person.limits.min_minutes_horizon.filter(|&least| least > 0) {
        let terms: Vec<_> = rows.posts.iter().enumerate().map(|(at, post)| (rows.column(at), post.minutes)).collect();
        builder.linear.add_row(Some(i64::from(least)), None, terms);
        builder.mark(Some(Label::person(RuleCode::H05, rows.member.person, None, Measure::Minutes, 1)));
    }
}

fn types(builder: &mut Builder<'_, '_>, rows: &MemberRows<'_>) {
    let person = &builder.network.problem.people[rows.member.person.index()];
    if builder.network.settings.is_on(RuleCode::H09) {
        for &(kind, most) in &person.limits.max_duties_of_type {
            let whole = ((RuleCode::H09, None), Measure::Duties);
            sum(builder, rows, whole, Some(i64::from(most)), |post| i64::from(post.shift_type == Some(kind)));
        }
    }
}

/// Adds a limit on the sum of an amount, unless it can never bind.
fn sum(
    builder: &mut Builder<'_, '_>,
    rows: &MemberRows<'_>,
    ((rule, day), measure): ((RuleCode, Option<i32>), Measure),
    limit: Option<i64>,
    amount: impl Fn(&PostFacts) -> i64,
) {
    let Some(limit) = limit else { return };
    let found: Vec<(usize, i64)> =
        rows.posts.iter().enumerate().map(|(at, post)| (at, amount(post))).filter(|&(_, amount)| amount != 0).collect();
    let posts: Vec<(&PostFacts, i64)> = found.iter().map(|&(at, amount)| (rows.posts[at], amount)).collect();
    // A limit that history has used up still lets a person with no duty stand at zero.
    let limit = limit.max(0);
    if most_without_overlap(&posts, builder.network.settings.is_on(RuleCode::H01)) > limit {
        let terms = found.into_iter().map(|(at, amount)| (rows.column(at), amount)).collect();
        let scale = builder.add_at_most(limit, terms);
        builder.mark(Some(Label::person(rule, rows.member.person, day, measure, scale)));
    }
}
