//! Horizon, units, places, shift types and needs.

use std::collections::HashMap;

use super::{ValidationError, error, wrong_spans};
use crate::problem::{DayOffset, MINUTES_PER_DAY, Minute, Problem, Span};

/// Longest horizon, days.
const MOST_DAYS: u16 = 3_660;
/// Farthest that a time may lie from the horizon, days.
const FARTHEST_DAYS: DayOffset = 3_660;
/// Greatest weight of one head: a city's cost then still fits.
const MOST_WEIGHT: i64 = 1_000_000_000;

/// E1101: the horizon has no day, or more than can be planned.
pub(super) fn check_e1101_horizon(problem: &Problem, errors: &mut Vec<ValidationError>) {
    let days = problem.horizon.days;
    if days == 0 || days > MOST_DAYS {
        let cause = format!("The horizon has {days} days.");
        errors.push(error("E1101", "/horizon/days".to_owned(), cause, "Plan between 1 and 3660 days."));
    }
}

/// E1102: the off days do not fit the horizon.
pub(super) fn check_e1102_off_days(problem: &Problem, errors: &mut Vec<ValidationError>) {
    let (given, days) = (problem.off_days.len(), usize::from(problem.horizon.days));
    if given != days {
        let cause = format!("The calendar gives {given} days for a horizon of {days}.");
        errors.push(error("E1102", "/off_days".to_owned(), cause, "Give one entry for each day of the horizon."));
    }
}

/// E1103: units, places, shift types or needs refer to entities that do not exist.
pub(super) fn check_e1103_references(problem: &Problem, errors: &mut Vec<ValidationError>) {
    let mut refer = |known: usize, index: usize, pointer: &dyn Fn() -> String, what: &str| {
        if index >= known {
            errors.push(unknown(pointer(), what, index, known));
        }
    };
    for (u, unit) in problem.units.iter().enumerate() {
        if let Some(parent) = unit.parent {
            refer(problem.units.len(), parent.index(), &|| format!("/units/{u}/parent"), "unit");
        }
    }
    for (p, place) in problem.places.iter().enumerate() {
        refer(problem.units.len(), place.unit.index(), &|| format!("/places/{p}/unit"), "unit");
    }
    for (t, kind) in problem.shift_types.iter().enumerate() {
        for (n, next) in kind.forbidden_next.iter().enumerate() {
            let pointer = || format!("/shift_types/{t}/forbidden_next/{n}");
            refer(problem.shift_types.len(), next.index(), &pointer, "shift type");
        }
    }
    for (n, need) in problem.needs.iter().enumerate() {
        refer(problem.places.len(), need.place.index(), &|| format!("/needs/{n}/place"), "place");
        if let Some((skill, _)) = need.skill {
            refer(problem.skills.len(), skill.index(), &|| format!("/needs/{n}/skill"), "skill");
        }
        for (e, person) in need.excluded.iter().enumerate() {
            refer(problem.people.len(), person.index(), &|| format!("/needs/{n}/excluded/{e}"), "person");
        }
        if let Some(kind) = need.as_post().and_then(|post| post.shift_type) {
            refer(problem.shift_types.len(), kind.index(), &|| format!("/needs/{n}/post/shift_type"), "shift type");
        }
    }
}

/// E1103 of receptions: people, rooms, domains and seats that do not exist.
pub(super) fn check_e1103_receptions(problem: &Problem, errors: &mut Vec<ValidationError>) {
    let mut refer = |known: usize, index: usize, pointer: String, what: &str| {
        if index >= known {
            errors.push(unknown(pointer, what, index, known));
        }
    };
    for (n, seat) in problem.needs.iter().enumerate().filter_map(|(n, need)| Some((n, need.seat?))) {
        refer(problem.receptions.len(), seat.reception.index(), format!("/needs/{n}/seat/reception"), "reception");
    }
    for (r, reception) in problem.receptions.iter().enumerate() {
        for person in reception.deputies.iter().chain(reception.hosts.iter().flatten()) {
            refer(problem.people.len(), person.index(), format!("/receptions/{r}"), "person");
        }
        for (skill, _) in &reception.matters {
            refer(problem.skills.len(), skill.index(), format!("/receptions/{r}/matters"), "skill");
        }
        refer(problem.units.len(), reception.unit.index(), format!("/receptions/{r}/unit"), "unit");
        for (o, option) in reception.options.iter().enumerate() {
            let pointer = || format!("/receptions/{r}/options/{o}");
            for seat in option.seats() {
                refer(problem.needs.len(), seat.index(), pointer(), "need");
            }
            if let Some(venue) = option.venue {
                refer(problem.venues.len(), venue.index(), pointer(), "venue");
            }
        }
    }
}

/// E1122: the rule of receptions turned off although there are some.
pub(super) fn check_e1122_receptions_on(problem: &Problem, errors: &mut Vec<ValidationError>) {
    if !problem.receptions.is_empty() && !problem.profile.is_on(crate::problem::RuleCode::H13) {
        let cause = "H13 is off, and the problem has receptions.".to_owned();
        errors.push(error("E1122", "/profile/rules/H13".to_owned(), cause, "Turn H13 on, or remove the receptions."));
    }
}

/// The error of a reference to nothing.
pub(super) fn unknown(pointer: String, what: &str, index: usize, known: usize) -> ValidationError {
    let cause = format!("There is no {what} at position {index}; there are {known}.");
    error("E1103", pointer, cause, "Refer to an entity that exists.")
}

/// E1104: a unit stands before its parent; a cycle cannot be written without one.
pub(super) fn check_e1104_unit_order(problem: &Problem, errors: &mut Vec<ValidationError>) {
    for (u, unit) in problem.units.iter().enumerate() {
        if let Some(parent) = unit.parent.filter(|parent| parent.index() >= u && parent.index() < problem.units.len()) {
            let above = &problem.units[parent.index()].name;
            let cause = format!("The unit {} stands before its parent {above}, or above itself.", unit.name);
            let action = "Break the cycle, and list parents before their children.";
            errors.push(error("E1104", format!("/units/{u}/parent"), cause, action));
        }
    }
}

/// E1105: two entities of one kind share an id.
pub(super) fn check_e1105_ids(problem: &Problem, errors: &mut Vec<ValidationError>) {
    distinct("units", problem.units.iter().map(|unit| unit.id.as_str()), errors);
    distinct("places", problem.places.iter().map(|place| place.id.as_str()), errors);
    distinct("skills", problem.skills.iter().map(|skill| skill.id.as_str()), errors);
    distinct("shift_types", problem.shift_types.iter().map(|kind| kind.id.as_str()), errors);
    distinct("people", problem.people.iter().map(|person| person.id.as_str()), errors);
    distinct("needs", problem.needs.iter().map(|need| need.id.as_str()), errors);
}

fn distinct<'a>(list: &str, ids: impl Iterator<Item = &'a str>, errors: &mut Vec<ValidationError>) {
    let mut first: HashMap<&str, usize> = HashMap::new();
    for (index, id) in ids.enumerate() {
        if let Some(other) = first.get(id) {
            let cause = format!("The id '{id}' stands at positions {other} and {index}.");
            errors.push(error("E1105", format!("/{list}/{index}/id"), cause, "Give each its own id."));
        } else {
            first.insert(id, index);
        }
    }
}

/// E1106: a time does not start before it ends.
pub(super) fn check_e1106_spans(problem: &Problem, errors: &mut Vec<ValidationError>) {
    for (pointer, span) in wrong_spans(problem, |span| span.start >= span.end) {
        let cause = format!("The time runs from minute {} to minute {}.", span.start, span.end);
        errors.push(error("E1106", pointer, cause, "Let it start before it ends."));
    }
}

/// E1107: a post starts outside the horizon or lasts longer than a day; any other time is out of all reason.
pub(super) fn check_e1107_span_bounds(problem: &Problem, errors: &mut Vec<ValidationError>) {
    let days = DayOffset::from(problem.horizon.days);
    let bounds = Span {
        start: -FARTHEST_DAYS * MINUTES_PER_DAY,
        end: (DayOffset::from(MOST_DAYS) + FARTHEST_DAYS) * MINUTES_PER_DAY,
    };
    let outside = |span: Span| span.start < bounds.start || span.end > bounds.end;
    for (pointer, span) in wrong_spans(problem, outside) {
        let cause = format!("The time from minute {} to minute {} lies years away.", span.start, span.end);
        errors.push(error("E1107", pointer, cause, "Correct the date."));
    }
    for (n, need) in problem.needs.iter().enumerate() {
        let Some(span) = need.as_post().map(|post| post.span).filter(|span| !outside(*span)) else { continue };
        let pointer = || format!("/needs/{n}/post/span");
        if span.day() < 0 || span.day() >= days {
            let cause = format!("The post {} starts on day {}; the horizon has {days} days.", need.id, span.day());
            errors.push(error("E1107", pointer(), cause, "Move the post into the horizon or remove it."));
        }
        if span.minutes() > MINUTES_PER_DAY {
            let cause = format!("The post {} lasts {} minutes.", need.id, span.minutes());
            errors.push(error("E1107", pointer(), cause, "Split it into posts of at most 24 hours."));
        }
    }
}

/// E1108: unavailable times or opening hours out of order or overlapping.
pub(super) fn check_e1108_disjoint(problem: &Problem, errors: &mut Vec<ValidationError>) {
    let action = "Sort the times and join those that overlap.";
    for (p, place) in problem.places.iter().enumerate() {
        if let Some((s, at)) = place.opening.as_deref().and_then(first_disorder) {
            let cause = format!("The opening hours of {} overlap or are out of order at minute {at}.", place.name);
            errors.push(error("E1108", format!("/places/{p}/opening/{s}"), cause, action));
        }
    }
    for (p, person) in problem.people.iter().enumerate() {
        if let Some((s, at)) = first_disorder(&person.unavailable) {
            let cause = format!("The unavailable times of {} overlap or are out of order at minute {at}.", person.name);
            errors.push(error("E1108", format!("/people/{p}/unavailable/{s}"), cause, action));
        }
    }
}

fn first_disorder(spans: &[Span]) -> Option<(usize, Minute)> {
    let index = spans.windows(2).position(|pair| pair[0].end > pair[1].start)? + 1;
    Some((index, spans[index].start))
}

/// E1110: minimum, target and maximum of a post out of order.
pub(super) fn check_e1110_cover(problem: &Problem, errors: &mut Vec<ValidationError>) {
    for (n, need) in problem.needs.iter().enumerate() {
        let Some(cover) = need.as_post().map(|post| post.cover) else { continue };
        if cover.min > cover.target || cover.target > cover.max {
            let cause = format!(
                "The post {} has minimum {}, target {} and maximum {}.",
                need.id, cover.min, cover.target, cover.max
            );
            let action = "Let the minimum be at most the target, and the target at most the maximum.";
            errors.push(error("E1110", format!("/needs/{n}/post/cover"), cause, action));
        }
    }
}

/// E1111: a post's own weight is negative or excessive.
pub(super) fn check_e1111_cover_weights(problem: &Problem, errors: &mut Vec<ValidationError>) {
    for (n, need) in problem.needs.iter().enumerate() {
        let Some(cover) = need.as_post().map(|post| post.cover) else { continue };
        let weights =
            [("weight_below_target", cover.weight_below_target), ("weight_above_target", cover.weight_above_target)];
        for (field, weight) in weights {
            if let Some(weight) = weight.filter(|weight| !(0..=MOST_WEIGHT).contains(weight)) {
                errors.push(wrong_weight(format!("/needs/{n}/post/cover/{field}"), weight));
            }
        }
    }
}

/// The error of a weight outside its limits.
pub(super) fn wrong_weight(pointer: String, weight: i64) -> ValidationError {
    error("E1111", pointer, format!("The weight is {weight}."), "Use a weight from 0 to 1000000000.")
}

/// Whether a weight is within its limits.
pub(super) fn is_weight(weight: i64) -> bool {
    (0..=MOST_WEIGHT).contains(&weight)
}

/// E1112: a need of priority 0, or that asks for level 0 of a skill.
pub(super) fn check_e1112_need_numbers(problem: &Problem, errors: &mut Vec<ValidationError>) {
    for (n, need) in problem.needs.iter().enumerate() {
        if need.priority == 0 {
            let cause = format!("The need {} has priority 0.", need.id);
            errors.push(error("E1112", format!("/needs/{n}/priority"), cause, "Use 1 for the lowest priority."));
        }
        if need.skill.is_some_and(|(_, level)| level == 0) {
            let cause = format!("The need {} asks for level 0 of a skill.", need.id);
            errors.push(error("E1112", format!("/needs/{n}/skill"), cause, "Use 1 for the lowest level."));
        }
    }
}
