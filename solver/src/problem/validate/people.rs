//! People, pairs, pins and the published roster.

use std::collections::HashSet;

use super::network::unknown;
use super::{ValidationError, error};
use crate::problem::{Duty, Person, Problem, Range, RuleCode};

/// E1103: people, pairs, pins or published duties refer to entities that do not exist.
pub(super) fn check_e1103_references(problem: &Problem, errors: &mut Vec<ValidationError>) {
    for (p, person) in problem.people.iter().enumerate() {
        for (field, what, index, known) in references(problem, person) {
            if index >= known {
                errors.push(unknown(format!("/people/{p}/{field}"), what, index, known));
            }
        }
    }
    for (a, (one, other)) in problem.apart.iter().enumerate() {
        for person in [one, other].into_iter().filter(|person| person.index() >= problem.people.len()) {
            errors.push(unknown(format!("/apart/{a}"), "person", person.index(), problem.people.len()));
        }
    }
    for (list, index, duty) in duties(problem) {
        if duty.person.index() >= problem.people.len() {
            let pointer = format!("/{list}/{index}/person");
            errors.push(unknown(pointer, "person", duty.person.index(), problem.people.len()));
        }
        if duty.need.index() >= problem.needs.len() {
            let pointer = format!("/{list}/{index}/need");
            errors.push(unknown(pointer, "need", duty.need.index(), problem.needs.len()));
        }
    }
}

/// Field, kind, index and number of known entities of each reference of a person.
fn references<'a>(
    problem: &'a Problem,
    person: &'a Person,
) -> impl Iterator<Item = (&'static str, &'static str, usize, usize)> + 'a {
    let (units, places, types) = (problem.units.len(), problem.places.len(), problem.shift_types.len());
    let home = std::iter::once(("home_unit", "unit", person.home_unit.index(), units));
    let scope = person.scope.iter().map(move |unit| ("scope", "unit", unit.index(), units));
    let host = person.contract.host.iter().map(move |(unit, _)| ("contract/host", "unit", unit.index(), units));
    let skills = problem.skills.len();
    let own_skills = person.skills.iter().map(move |own| ("skills", "skill", own.skill.index(), skills));
    let limits = &person.limits.max_duties_of_type;
    let limits = limits.iter().map(move |(kind, _)| ("limits/max_duties_of_type", "shift type", kind.index(), types));
    let last = person.history.last_shift_type.iter();
    let last = last.map(move |kind| ("history/last_shift_type", "shift type", kind.index(), types));
    let familiar = person.familiar_places.iter();
    let familiar = familiar.map(move |place| ("familiar_places", "place", place.index(), places));
    let wished_types = person.wishes.iter().filter_map(|wish| wish.shift_type);
    let wished_types = wished_types.map(move |kind| ("wishes", "shift type", kind.index(), types));
    let wished_places = person.wishes.iter().filter_map(|wish| wish.place);
    let wished_places = wished_places.map(move |place| ("wishes", "place", place.index(), places));
    let parts = home.chain(scope).chain(host).chain(own_skills).chain(limits).chain(last);
    parts.chain(familiar).chain(wished_types).chain(wished_places)
}

fn duties(problem: &Problem) -> impl Iterator<Item = (&'static str, usize, &Duty)> {
    let pins = problem.pins.iter().enumerate().map(|(index, duty)| ("pins", index, duty));
    pins.chain(problem.published.iter().enumerate().map(|(index, duty)| ("published", index, duty)))
}

/// E1109: a soft range whose least value is above its greatest.
pub(super) fn check_e1109_ranges(problem: &Problem, errors: &mut Vec<ValidationError>) {
    let mut check = |range: Option<Range>, pointer: &dyn Fn() -> String, name: &str| {
        if let Some(range) = range.filter(|range| range.min > range.max) {
            let cause = format!("A range of {name} goes from {} to {}.", range.min, range.max);
            errors.push(error("E1109", pointer(), cause, "Let the least value be at most the greatest."));
        }
    };
    for (t, kind) in problem.shift_types.iter().enumerate() {
        check(kind.consecutive_days, &|| format!("/shift_types/{t}/consecutive_days"), &kind.name);
    }
    for (p, person) in problem.people.iter().enumerate() {
        let contract = &person.contract;
        for (field, range) in [
            ("consecutive_days", contract.consecutive_days),
            ("consecutive_days_off", contract.consecutive_days_off),
            ("total_duties", contract.total_duties),
        ] {
            check(range, &|| format!("/people/{p}/contract/{field}"), &person.name);
        }
    }
}

/// E1112: a wish of weight 0, or a skill of level 0.
pub(super) fn check_e1112_person_numbers(problem: &Problem, errors: &mut Vec<ValidationError>) {
    for (p, person) in problem.people.iter().enumerate() {
        for (w, _) in person.wishes.iter().enumerate().filter(|(_, wish)| wish.weight == 0) {
            let cause = format!("A wish of {} has weight 0.", person.name);
            errors.push(error("E1112", format!("/people/{p}/wishes/{w}/weight"), cause, "Use 1 or more, or drop it."));
        }
        for (s, _) in person.skills.iter().enumerate().filter(|(_, skill)| skill.level == 0) {
            let cause = format!("A skill of {} has level 0.", person.name);
            errors.push(error("E1112", format!("/people/{p}/skills/{s}/level"), cause, "Use 1 for the lowest level."));
        }
    }
}

/// E1113: a person's least time or run above the greatest; the profile's limits count where the person has none.
pub(super) fn check_e1113_least_above_most(problem: &Problem, errors: &mut Vec<ValidationError>) {
    let profile_week = problem.profile.is_on(RuleCode::H05).then(|| {
        let limit = problem.profile.parameter(RuleCode::H05, "max_minutes_week");
        u32::try_from(limit).ok().filter(|limit| *limit > 0)
    });
    let profile_week = profile_week.flatten();
    for (p, person) in problem.people.iter().enumerate() {
        let (limits, contract) = (&person.limits, &person.contract);
        let week = limits.max_minutes_week.or(profile_week);
        let host = contract.host.map_or(0, |(_, minutes)| minutes);
        let least_run = limits.min_consecutive_days.map_or(0, u32::from);
        let pairs = [
            ("contract/min_minutes_week", contract.min_minutes_week, week, "minutes a week"),
            ("contract/host", host, week, "minutes a week at the host unit"),
            (
                "limits/min_minutes_horizon",
                limits.min_minutes_horizon.unwrap_or(0),
                limits.max_minutes_horizon,
                "minutes in all",
            ),
            (
                "limits/min_consecutive_days",
                least_run,
                limits.max_consecutive_days.map(u32::from),
                "consecutive working days",
            ),
        ];
        for (field, least, most, what) in pairs {
            if let Some(most) = most.filter(|most| least > *most) {
                let cause = format!("{} has at least {least} {what}, but at most {most}.", person.name);
                errors.push(error(
                    "E1113",
                    format!("/people/{p}/{field}"),
                    cause,
                    "Lower the least or raise the most.",
                ));
            }
        }
    }
}

/// E1114: the first day of service after the last.
pub(super) fn check_e1114_active_days(problem: &Problem, errors: &mut Vec<ValidationError>) {
    for (p, person) in problem.people.iter().enumerate() {
        let (first, last) = person.active_days;
        if first > last {
            let cause = format!("The service of {} ends on day {last}, before it starts on day {first}.", person.name);
            let action = "Correct the dates, or leave the person out of this horizon.";
            errors.push(error("E1114", format!("/people/{p}/active_days"), cause, action));
        }
    }
}

/// E1115: the day before the horizon was both worked and off, or a run of a type has no type.
pub(super) fn check_e1115_history(problem: &Problem, errors: &mut Vec<ValidationError>) {
    for (p, person) in problem.people.iter().enumerate() {
        let history = &person.history;
        if history.consecutive_days > 0 && history.consecutive_days_off > 0 {
            let cause = format!(
                "The history of {} ends with {} working days and with {} days off.",
                person.name, history.consecutive_days, history.consecutive_days_off
            );
            let action = "Keep the one that the day before the horizon belongs to and set the other to 0.";
            errors.push(error("E1115", format!("/people/{p}/history"), cause, action));
        }
        if history.consecutive_days_of_type > 0 && history.last_shift_type.is_none() {
            let cause = format!("The history of {} has days on a shift type but names none.", person.name);
            let action = "Name the last shift type or set the days to 0.";
            errors.push(error("E1115", format!("/people/{p}/history/last_shift_type"), cause, action));
        }
    }
}

/// E1116: a person is to be kept apart from themselves.
pub(super) fn check_e1116_apart(problem: &Problem, errors: &mut Vec<ValidationError>) {
    for (a, (one, other)) in problem.apart.iter().enumerate() {
        if one == other {
            let cause = format!("The person at position {} is to be kept apart from themselves.", one.0);
            errors.push(error("E1116", format!("/apart/{a}"), cause, "Name two people or remove the pair."));
        }
    }
}

/// E1120: a pinned or published assignment stands twice.
pub(super) fn check_e1120_duplicate_duties(problem: &Problem, errors: &mut Vec<ValidationError>) {
    let mut seen: HashSet<(&str, &Duty)> = HashSet::new();
    for (list, index, duty) in duties(problem) {
        if !seen.insert((list, duty)) {
            let cause = "The same assignment stands there twice.".to_owned();
            errors.push(error("E1120", format!("/{list}/{index}"), cause, "Remove one of the two."));
        }
    }
}

/// E1121: a pinned assignment at another time than its post; a published one may be of a time since changed.
pub(super) fn check_e1121_duty_spans(problem: &Problem, errors: &mut Vec<ValidationError>) {
    for (index, duty) in problem.pins.iter().enumerate() {
        let post = problem.needs.get(duty.need.index()).and_then(|need| need.as_post().map(|post| (need, post)));
        if let Some((need, post)) = post.filter(|(_, post)| post.span != duty.span) {
            let cause = format!(
                "The assignment is pinned from minute {} to {}, but the post {} runs from {} to {}.",
                duty.span.start, duty.span.end, need.id, post.span.start, post.span.end
            );
            errors.push(error("E1121", format!("/pins/{index}/span"), cause, "Pin the whole time of the post."));
        }
    }
}
