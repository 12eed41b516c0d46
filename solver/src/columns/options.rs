//! What a person may do on each day, and what that costs by itself: the rules that look at one duty at a time
//! (H02, H03, H04, H10, H12, H14, H15; S30, S32, S33, S34).

use super::form::{Form, PostRow, Unsupported, factor};
use crate::problem::{Duty, MINUTES_PER_DAY, NeedIx, Person, PersonIx, Post, Problem, RuleCode, Span, Tier, WishKind};
use crate::roster::TierValues;

/// One choice of one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// The post, none for a day off.
    pub post: Option<usize>,
    /// Cost of the choice by itself.
    pub cost: i64,
}

/// The choices of every day, the day off first where it is allowed, and the cost that all of them share.
pub(super) struct Choices {
    /// By day.
    pub days: Vec<Vec<Choice>>,
    /// Cost whatever is chosen.
    pub constant: i64,
}

/// Lists the choices of a person.
pub(super) fn choices(
    problem: &Problem,
    person_index: usize,
    rows: &[PostRow],
    factors: TierValues,
) -> Result<Choices, Unsupported> {
    let person = &problem.people[person_index];
    let days = usize::from(problem.horizon.days);
    let mut by_day = vec![vec![Choice { post: None, cost: 0 }]; days];
    for (index, row) in rows.iter().enumerate() {
        let need = row.need;
        if may_serve(problem, person_index, need) {
            by_day[row.day].push(Choice { post: Some(index), cost: duty_cost(problem, person, need, factors) });
        }
    }
    pin(problem, person_index, rows, &mut by_day);
    refuse_two_duties_a_day(problem, person, rows, &by_day)?;
    let mut constant = 0;
    wishes(problem, person, rows, factors, &mut by_day, &mut constant)?;
    disruption(problem, person_index, rows, factors, &mut by_day, &mut constant);
    Ok(Choices { days: by_day, constant })
}

fn post_of(problem: &Problem, need: NeedIx) -> Option<&Post> {
    problem.needs.get(need.index())?.as_post()
}

/// Whether the person may meet the need as far as the duty alone decides.
fn may_serve(problem: &Problem, person_index: usize, need_ix: NeedIx) -> bool {
    let person = &problem.people[person_index];
    let profile = &problem.profile;
    let need = &problem.needs[need_ix.index()];
    let Some(post) = need.as_post() else { return false };
    let span = post.span;
    let day = span.day();
    if profile.is_on(RuleCode::H02)
        && (day < person.active_days.0
            || day > person.active_days.1
            || person.unavailable.iter().any(|away| away.overlaps(span)))
    {
        return false;
    }
    if profile.is_on(RuleCode::H03)
        && let Some((skill, level)) = need.skill
    {
        let has = person
            .skills
            .iter()
            .any(|own| own.skill == skill && own.level >= level && own.valid_until.is_none_or(|last| last >= day));
        if !has {
            return false;
        }
    }
    if profile.is_on(RuleCode::H04) {
        let parameter = profile.parameter(RuleCode::H04, "max_minutes");
        let limit = person.limits.max_minutes_day.map_or(parameter, i64::from);
        if limit > 0 && i64::from(span.minutes()) > limit {
            return false;
        }
    }
    let place = &problem.places[need.place.index()];
    if profile.is_on(RuleCode::H10) {
        if !person.scope.iter().any(|root| problem.is_within(place.unit, *root)) {
            return false;
        }
        if let (Some(limit), Some(home), Some(there)) = (person.max_distance_metres, person.home, place.location)
            && home.distance_metres(there) > limit
        {
            return false;
        }
    }
    if profile.is_on(RuleCode::H12)
        && let Some(opening) = &place.opening
        && !opening.iter().any(|open| open.start <= span.start && span.end <= open.end)
    {
        return false;
    }
    !(profile.is_on(RuleCode::H14) && need.excluded.contains(&PersonIx::from_index(person_index)))
}

/// S32 and S33 of one duty.
fn duty_cost(problem: &Problem, person: &Person, need_ix: NeedIx, factors: TierValues) -> i64 {
    let need = &problem.needs[need_ix.index()];
    let place = &problem.places[need.place.index()];
    let mut cost = 0;
    if let (Some(home), Some(there)) = (person.home, place.location) {
        let unit = problem.profile.parameter(RuleCode::S32, "unit_metres").max(1);
        let units = i64::from(home.distance_metres(there)) / unit;
        cost += units * Form::weight(problem, RuleCode::S32, factors);
    }
    if !person.familiar_places.is_empty() && !person.familiar_places.contains(&need.place) {
        cost += Form::weight(problem, RuleCode::S33, factors);
    }
    cost
}

/// H15: a pinned day keeps only the pinned post.
fn pin(problem: &Problem, person_index: usize, rows: &[PostRow], by_day: &mut [Vec<Choice>]) {
    if !problem.profile.is_on(RuleCode::H15) {
        return;
    }
    for pin in problem.pins.iter().filter(|pin| pin.person.index() == person_index) {
        let Some(index) = rows.iter().position(|row| row.need == pin.need) else { continue };
        let day = &mut by_day[rows[index].day];
        day.retain(|choice| choice.post == Some(index));
        if day.is_empty() {
            day.push(Choice { post: Some(index), cost: 0 });
        }
    }
}

/// The networks take one duty a day; a person who could take two needs another method.
fn refuse_two_duties_a_day(
    problem: &Problem,
    person: &Person,
    rows: &[PostRow],
    by_day: &[Vec<Choice>],
) -> Result<(), Unsupported> {
    let profile = &problem.profile;
    let parameter = profile.parameter(RuleCode::H04, "max_duties");
    let most = person.limits.max_duties_day.map_or(parameter, i64::from);
    if profile.is_on(RuleCode::H04) && most == 1 {
        return Ok(());
    }
    for day in by_day {
        let spans: Vec<Span> = day
            .iter()
            .filter_map(|choice| choice.post)
            .filter_map(|post| post_of(problem, rows[post].need))
            .map(|post| post.span)
            .collect();
        for (index, left) in spans.iter().enumerate() {
            if spans[index + 1..].iter().any(|right| !left.overlaps(*right)) {
                return Err(Unsupported(format!("{} may take two duties on one day", person.id)));
            }
        }
    }
    Ok(())
}

/// S30.
fn wishes(
    problem: &Problem,
    person: &Person,
    rows: &[PostRow],
    factors: TierValues,
    by_day: &mut [Vec<Choice>],
    constant: &mut i64,
) -> Result<(), Unsupported> {
    let unit = Form::weight(problem, RuleCode::S30, factors);
    if unit == 0 {
        return Ok(());
    }
    let last = by_day.len();
    for wish in &person.wishes {
        // A duty that starts the day before may reach into the span.
        let from = usize::try_from(wish.span.start.div_euclid(MINUTES_PER_DAY) - 1).unwrap_or(0).min(last);
        let to = usize::try_from(wish.span.end.div_euclid(MINUTES_PER_DAY) + 1).unwrap_or(0).min(last);
        let cost = unit * i64::from(wish.weight);
        let mut wanted_days = 0;
        if wish.kind == WishKind::Want {
            *constant += cost;
        }
        for day in &mut by_day[from..to] {
            let mut matched = false;
            for choice in day.iter_mut() {
                let Some(row) = choice.post else { continue };
                let need = rows[row].need;
                let Some(post) = post_of(problem, need) else { continue };
                if !post.span.overlaps(wish.span)
                    || wish.shift_type.is_some_and(|wanted| post.shift_type != Some(wanted))
                    || wish.place.is_some_and(|wanted| problem.needs[need.index()].place != wanted)
                {
                    continue;
                }
                matched = true;
                choice.cost += if wish.kind == WishKind::Want { -cost } else { cost };
            }
            wanted_days += usize::from(matched);
        }
        if wish.kind == WishKind::Want && wanted_days > 1 {
            return Err(Unsupported(format!("a wish for work of {} spans several days", person.id)));
        }
    }
    Ok(())
}

/// S34: each published duty kept saves its own absence and its being new.
fn disruption(
    problem: &Problem,
    person_index: usize,
    rows: &[PostRow],
    factors: TierValues,
    by_day: &mut [Vec<Choice>],
    constant: &mut i64,
) {
    let profile = &problem.profile;
    let unit = factor(factors, profile.tier(RuleCode::S34)) * profile.weight(RuleCode::S34);
    if problem.published.is_empty() || unit == 0 || profile.tier(RuleCode::S34) == Tier::Hard {
        return;
    }
    let own: Vec<&Duty> = problem.published.iter().filter(|duty| duty.person.index() == person_index).collect();
    *constant += unit * i64::try_from(own.len()).unwrap_or(i64::MAX);
    for choice in by_day.iter_mut().flatten() {
        let Some(row) = choice.post else { continue };
        let kept = own.iter().any(|duty| duty.need == rows[row].need);
        choice.cost += if kept { -unit } else { unit };
    }
}
