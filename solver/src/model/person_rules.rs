//! Which rule a further duty of a person would break, given the duties that the person already has: the quick test
//! of constructive steps and of explanations (never of the certificate, which the checker decides).

use super::candidates::{Network, PostFacts};
use crate::problem::{NeedIx, PersonIx, Problem, RuleCode, SeatRole};

/// The first rule, in the order H13 (of seats), H01, H04, H05, H06, H07, H08, H09, that a further duty would break.
///
/// `duties` are the person's present needs. Runs that are too short (contract options) are not looked at.
#[must_use]
pub fn stops(network: &Network<'_>, person: PersonIx, duties: &[NeedIx], need: NeedIx) -> Option<RuleCode> {
    let facts = network.post(need)?;
    let present: Vec<&PostFacts> = duties.iter().filter_map(|&need| network.post(need)).collect();
    let who = &network.problem.people[person.index()];
    let rest = network.settings.min_rest_minutes(who);
    let mut clash = None;
    if duties.contains(&need) {
        return Some(RuleCode::H01);
    }
    if facts.seat.is_some() && is_one_too_many(network.problem, person, duties, need) {
        return Some(RuleCode::H13);
    }
    for other in &present {
        match network.clash(rest, facts, other) {
            Some(RuleCode::H01) => return Some(RuleCode::H01),
            Some(rule) => clash = Some(rule),
            None => {}
        }
    }
    let all = || present.iter().copied().chain([facts]);
    let over = |limit: Option<i64>, amount: &dyn Fn(&PostFacts) -> i64| {
        limit.is_some_and(|limit| amount(facts) > 0 && all().map(amount).sum::<i64>() > limit.max(0))
    };
    let same_day = |post: &PostFacts| i64::from(post.day == facts.day);
    if over(network.settings.max_minutes_day(who), &|post| same_day(post) * post.minutes)
        || over(network.settings.max_duties_day(who), &same_day)
    {
        return Some(RuleCode::H04);
    }
    if network.settings.is_on(RuleCode::H05) && breaks_weeks(network, person, facts, &over) {
        return Some(RuleCode::H05);
    }
    if clash.is_some() {
        return clash;
    }
    let days: Vec<i32> = all().map(|post| post.day).collect();
    if let Some(most) = network.settings.max_consecutive_days(who)
        && run_through(&days, facts.day, i32::from(who.history.consecutive_days)) > most
    {
        return Some(RuleCode::H07);
    }
    if network.settings.is_on(RuleCode::H08) && breaks_weekends(network, person, facts, &days) {
        return Some(RuleCode::H08);
    }
    let of_type = |kind| over_type(all(), kind);
    let too_many = network.settings.is_on(RuleCode::H09)
        && who
            .limits
            .max_duties_of_type
            .iter()
            .any(|&(kind, most)| facts.shift_type == Some(kind) && of_type(kind) > usize::from(most));
    too_many.then_some(RuleCode::H09)
}

fn over_type<'a>(posts: impl Iterator<Item = &'a PostFacts>, kind: crate::problem::ShiftTypeIx) -> usize {
    posts.filter(|post| post.shift_type == Some(kind)).count()
}

type Over<'a> = dyn Fn(Option<i64>, &dyn Fn(&PostFacts) -> i64) -> bool + 'a;

fn breaks_weeks(network: &Network<'_>, person: PersonIx, facts: &PostFacts, over: &Over<'_>) -> bool {
    let who = &network.problem.people[person.index()];
    let horizon = &network.problem.horizon;
    let week = horizon.week(facts.day);
    let this_week = |post: &PostFacts| i64::from(horizon.week(post.day) == week);
    if over(network.settings.max_minutes_week(who), &|post| this_week(post) * post.minutes)
        || over(who.limits.max_duties_week.map(i64::from), &this_week)
        || over(who.limits.max_minutes_horizon.map(i64::from), &|post| post.minutes)
    {
        return true;
    }
    let last_week = horizon.week(i32::from(horizon.days) - 1);
    (week..=(week + 3).min(last_week)).any(|last| {
        let before: i64 = (last - 3..0)
            .filter_map(|past| usize::try_from(past + 3).ok())
            .filter_map(|past| who.history.minutes_last_three_weeks.get(past))
            .map(|&minutes| i64::from(minutes))
            .sum();
        let limit = network.settings.max_minutes_four_weeks(who).map(|most| most - before);
        over(limit, &|post| if (last - 3..=last).contains(&horizon.week(post.day)) { post.minutes } else { 0 })
    })
}

/// Length of the run of working days through `day`, history included.
fn run_through(days: &[i32], day: i32, before: i32) -> i64 {
    let works = |day: i32| if day < 0 { -day <= before } else { days.contains(&day) };
    let mut first = day;
    while works(first - 1) {
        first -= 1;
    }
    let mut last = day;
    while works(last + 1) {
        last += 1;
    }
    i64::from(last - first + 1)
}

fn breaks_weekends(network: &Network<'_>, person: PersonIx, facts: &PostFacts, days: &[i32]) -> bool {
    let who = &network.problem.people[person.index()];
    let horizon = &network.problem.horizon;
    if !horizon.is_weekend(facts.day) {
        return false;
    }
    let worked = |week: i32| {
        if week < 0 {
            let past = usize::try_from(week + 3).ok();
            past.and_then(|past| who.history.weekends_last_three_weeks.get(past).copied()).unwrap_or(false)
        } else {
            days.iter().any(|&day| horizon.is_weekend(day) && horizon.week(day) == week)
        }
    };
    let count = |weeks: std::ops::RangeInclusive<i32>| {
        i64::try_from(weeks.filter(|&week| worked(week)).count()).unwrap_or(i64::MAX)
    };
    let week = horizon.week(facts.day);
    let last_week = horizon.week(i32::from(horizon.days) - 1);
    let four_weeks = network.settings.max_weekends_four_weeks(who);
    let too_many =
        four_weeks.is_some_and(|most| (week..=(week + 3).min(last_week)).any(|last| count(last - 3..=last) > most));
    too_many || who.limits.max_weekends_horizon.is_some_and(|most| count(0..=last_week) > i64::from(most))
}

/// Whether a further seat is one reception too many for a deputy, or another seat of one that has this person already
/// (H13).
fn is_one_too_many(problem: &Problem, person: PersonIx, duties: &[NeedIx], need: NeedIx) -> bool {
    let Some((_, seat)) = problem.seat_of(need) else { return false };
    let seats: Vec<_> = duties.iter().filter_map(|&need| problem.seat_of(need)).map(|(_, seat)| seat).collect();
    if seats.iter().any(|other| other.reception == seat.reception) {
        return true;
    }
    let standard = problem.profile.parameter(RuleCode::H13, "max_receptions");
    let own = problem.people.get(person.index()).and_then(|who| who.limits.max_receptions).map(i64::from);
    let most = own.or(Some(standard).filter(|&most| most != 0));
    let count = seats.iter().filter(|other| other.role == SeatRole::Deputy).count();
    seat.role == SeatRole::Deputy && most.is_some_and(|most| i64::try_from(count).unwrap_or(most) >= most)
}
