//! H07 (runs of working days and days off) and H08 (weekends), with history.

use super::labels::{Label, Measure};
use super::part::{Builder, MemberRows};
use crate::problem::{Person, RuleCode};

pub(super) fn add(builder: &mut Builder<'_, '_>, rows: &MemberRows<'_>) {
    if rows.posts.is_empty() {
        return;
    }
    if builder.network.settings.is_on(RuleCode::H07) {
        consecutive(builder, rows);
    }
    if builder.network.settings.is_on(RuleCode::H08) {
        weekends(builder, rows);
    }
}

fn consecutive(builder: &mut Builder<'_, '_>, rows: &MemberRows<'_>) {
    let problem = builder.network.problem;
    let person = &problem.people[rows.member.person.index()];
    let days = usize::from(problem.horizon.days);
    let mut busy = vec![false; days];
    for post in &rows.posts {
        if let Some(day) = usize::try_from(post.day).ok().filter(|&day| day < days) {
            busy[day] = true;
        }
    }
    let windows: Vec<(usize, usize, i64)> = builder
        .network
        .settings
        .max_consecutive_days(person)
        .map(|most| windows(person, most, days))
        .unwrap_or_default()
        .into_iter()
        .filter(|&(first, last, most)| {
            busy[first..last].iter().all(|&busy| busy)
                && most < weekly_days(builder, rows, first, last).unwrap_or(i64::MAX)
        })
        .collect();
    let least_on = person.limits.min_consecutive_days.map_or(0, usize::from);
    let least_off = person.limits.min_consecutive_days_off.map_or(0, usize::from);
    let runs = least_on > 1 || least_off > 1;
    if windows.is_empty() && !runs {
        return;
    }
    let mut working: Vec<Option<u32>> = vec![None; days];
    for (day, slot) in working.iter_mut().enumerate() {
        if runs || windows.iter().any(|&(first, last, _)| (first..last).contains(&day)) {
            let column = builder.linear.add_column(0, 1, [0; 3], true);
            let on_day = |post: &super::candidates::PostFacts| usize::try_from(post.day) == Ok(day);
            for clique in rows.cliques_of(on_day) {
                let terms = clique.into_iter().map(|pair| (pair, -1)).chain([(column, 1)]);
                builder.define(column, 0, terms.collect::<Vec<_>>());
            }
            if runs {
                let served = rows.posts.iter().enumerate().filter(|&(_, post)| on_day(post));
                let terms: Vec<_> = served.map(|(at, _)| (rows.column(at), 1)).chain([(column, -1)]).collect();
                builder.linear.add_row(Some(0), None, terms);
            }
            *slot = Some(column);
        }
    }
    builder.mark(None);
    for (first, last, most) in windows {
        let terms: Vec<_> = working[first..last].iter().flatten().map(|&column| (column, 1)).collect();
        builder.linear.add_row(None, Some(most), terms);
        let day = i32::try_from(first).ok();
        builder.mark(Some(Label::person(RuleCode::H07, rows.member.person, day, Measure::Days, 1)));
    }
    let columns: Vec<u32> = working.into_iter().flatten().collect();
    let history = &person.history;
    let known = history.consecutive_days_off != u16::MAX;
    if least_on > 1 {
        least_runs(builder, &columns, least_on, usize::from(history.consecutive_days), known, 1);
    }
    if least_off > 1 {
        least_runs(builder, &columns, least_off, usize::from(history.consecutive_days_off), known, -1);
    }
    builder.mark(None);
}

/// Windows `first..last` of days with the most of them that may be worked.
fn windows(person: &Person, most: i64, days: usize) -> Vec<(usize, usize, i64)> {
    let length = usize::try_from(most).unwrap_or(0) + 1;
    let mut found: Vec<(usize, usize, i64)> =
        (0..days.saturating_sub(length - 1)).map(|first| (first, first + length, most)).collect();
    let before = i64::from(person.history.consecutive_days);
    if before > 0 {
        let left = (most - before).max(0);
        let last = usize::try_from(left).unwrap_or(0) + 1;
        if last <= days && last < length {
            found.insert(0, (0, last, left));
        }
    }
    found
}

/// The most days of a window that the weekly limit on duties leaves, when the window lies in one week.
fn weekly_days(builder: &Builder<'_, '_>, rows: &MemberRows<'_>, first: usize, last: usize) -> Option<i64> {
    let network = builder.network;
    let person = &network.problem.people[rows.member.person.index()];
    let week = |day: usize| i32::try_from(day).map(|day| network.problem.horizon.week(day)).ok();
    if week(first) != week(last - 1) || !network.settings.is_on(RuleCode::H05) {
        return None;
    }
    let shortest = rows.posts.iter().map(|post| post.minutes).min().filter(|&minutes| minutes > 0)?;
    let by_minutes = network.settings.max_minutes_week(person).map(|most| most.max(0) / shortest);
    let by_duties = person.limits.max_duties_week.map(i64::from);
    by_minutes.into_iter().chain(by_duties).min()
}

/// Runs of value `sign` (1 working, -1 off) that a day of the horizon ends have at least `least` days.
fn least_runs(builder: &mut Builder<'_, '_>, days: &[u32], least: usize, before: usize, known: bool, sign: i64) {
    // A day counts as `inside` when it continues the run: y for working runs, 1 - y for runs off.
    let inside = |column: u32| (column, sign);
    let constant = |count: usize| if sign > 0 { 0 } else { i64::try_from(count).unwrap_or(0) };
    for length in 0..least {
        for start in 0..days.len() {
            let end = start + length;
            if end >= days.len() || (start > 0 && length == 0) {
                continue;
            }
            if start == 0 && (!known || before + length == 0 || before + length >= least) {
                continue;
            }
            // inside(start..end) all true, `end` outside, and (start > 0) the day before outside: forbidden.
            let mut terms: Vec<(u32, i64)> = days[start..end].iter().map(|&day| inside(day)).collect();
            terms.push((days[end], -sign));
            let mut outside = 1;
            if start > 0 {
                terms.push((days[start - 1], -sign));
                outside = 2;
            }
            // sum inside - sum outside <= length - 1, with inside = y or 1 - y.
            let upper = i64::try_from(length).unwrap_or(0) - 1 - constant(length) + constant(outside);
            builder.linear.add_row(None, Some(upper), terms);
        }
    }
}

fn weekends(builder: &mut Builder<'_, '_>, rows: &MemberRows<'_>) {
    let network = builder.network;
    let horizon = &network.problem.horizon;
    let person = &network.problem.people[rows.member.person.index()];
    let four_weeks = network.settings.max_weekends_four_weeks(person);
    let whole = person.limits.max_weekends_horizon.map(i64::from);
    let last_week = horizon.week(i32::from(horizon.days) - 1);
    let mut limits: Vec<(Vec<i32>, i64)> = Vec::new();
    if let Some(most) = four_weeks {
        for week in 0..=last_week {
            let before = (week - 3..0)
                .filter_map(|past| usize::try_from(past + 3).ok())
                .filter(|&past| person.history.weekends_last_three_weeks.get(past).copied().unwrap_or(false))
                .count();
            let weeks: Vec<i32> = (week - 3..=week).filter(|&week| week >= 0).collect();
            limits.push((weeks, (most - i64::try_from(before).unwrap_or(0)).max(0)));
        }
    }
    limits.extend(whole.map(|most| ((0..=last_week).collect(), most)));
    let mut columns: Vec<Option<u32>> = vec![None; usize::try_from(last_week + 1).unwrap_or(0)];
    for (weeks, most) in limits {
        if i64::try_from(weeks.len()).unwrap_or(0) <= most {
            continue;
        }
        let mut terms = Vec::new();
        for week in weeks {
            let slot = usize::try_from(week).unwrap_or(0);
            if columns[slot].is_none() {
                columns[slot] = weekend_column(builder, rows, week);
            }
            terms.extend(columns[slot].map(|column| (column, 1)));
        }
        builder.mark(None);
        if !terms.is_empty() {
            builder.linear.add_row(None, Some(most), terms);
            builder.mark(Some(Label::person(RuleCode::H08, rows.member.person, None, Measure::Weekends, 1)));
        }
    }
}

fn weekend_column(builder: &mut Builder<'_, '_>, rows: &MemberRows<'_>, week: i32) -> Option<u32> {
    let horizon = &builder.network.problem.horizon;
    let mut days: Vec<i32> = rows
        .posts
        .iter()
        .map(|post| post.day)
        .filter(|&day| horizon.week(day) == week && horizon.is_weekend(day))
        .collect();
    days.dedup();
    if days.is_empty() {
        return None;
    }
    let column = builder.linear.add_column(0, 1, [0; 3], true);
    for day in days {
        for clique in rows.cliques_of(|post| post.day == day) {
            let terms: Vec<_> = clique.into_iter().map(|pair| (pair, -1)).chain([(column, 1)]).collect();
            builder.define(column, 0, terms);
        }
    }
    Some(column)
}
