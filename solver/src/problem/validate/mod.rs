//! Checks of a problem's own consistency, one function per code; all run, each says what is wrong and what to do.
//!
//! | code | what is wrong |
//! |---|---|
//! | E1101 | the horizon has no day, or more than can be planned |
//! | E1102 | the off days do not fit the horizon |
//! | E1103 | a reference to an entity that does not exist |
//! | E1104 | a unit that stands before its parent, or is its own ancestor |
//! | E1105 | two entities of one kind with the same id |
//! | E1106 | a time that does not start before it ends |
//! | E1107 | a time outside the horizon, or out of all reason |
//! | E1108 | unavailable times or opening hours out of order or overlapping |
//! | E1109 | a range whose least value is above its greatest |
//! | E1110 | a cover whose minimum, target and maximum are out of order |
//! | E1111 | a negative or excessive weight |
//! | E1112 | a priority, level or wish weight of 0 |
//! | E1113 | a person's least time above the greatest |
//! | E1114 | days of service out of order |
//! | E1115 | a history that contradicts itself |
//! | E1116 | a person to be kept apart from themselves |
//! | E1117 | a rule at a tier it cannot have |
//! | E1118 | a parameter that its rule does not have, or outside its limits |
//! | E1119 | the rule of pinned assignments turned off |
//! | E1120 | a pinned or published assignment that stands twice |
//! | E1121 | a pinned assignment at another time than its post |
//! | E1122 | the rule of receptions turned off although there are some |

mod network;
mod people;
mod profile;

#[cfg(test)]
mod tests;

use super::{Problem, Span};

/// One thing wrong with a problem.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code} {pointer}: {cause} {action}")]
pub struct ValidationError {
    /// Stable code, see the table of this module.
    pub code: &'static str,
    /// Where, as a JSON pointer into the fields of [`Problem`], such as `/people/3/unavailable/0`.
    pub pointer: String,
    /// What is wrong, with names and figures.
    pub cause: String,
    /// What to do.
    pub action: String,
}

type Check = fn(&Problem, &mut Vec<ValidationError>);

const CHECKS: &[Check] = &[
    network::check_e1101_horizon,
    network::check_e1102_off_days,
    network::check_e1103_references,
    people::check_e1103_references,
    network::check_e1103_receptions,
    network::check_e1104_unit_order,
    network::check_e1105_ids,
    network::check_e1106_spans,
    network::check_e1107_span_bounds,
    network::check_e1108_disjoint,
    people::check_e1109_ranges,
    network::check_e1110_cover,
    network::check_e1111_cover_weights,
    profile::check_e1111_weights,
    network::check_e1112_need_numbers,
    people::check_e1112_person_numbers,
    people::check_e1113_least_above_most,
    people::check_e1114_active_days,
    people::check_e1115_history,
    people::check_e1116_apart,
    profile::check_e1117_tiers,
    profile::check_e1118_parameters,
    profile::check_e1119_pins_on,
    people::check_e1120_duplicate_duties,
    people::check_e1121_duty_spans,
    network::check_e1122_receptions_on,
];

/// Runs every check; an empty list means that the problem may be solved and checked.
#[must_use]
pub fn validate(problem: &Problem) -> Vec<ValidationError> {
    let mut errors = Vec::new();
    for check in CHECKS {
        check(problem, &mut errors);
    }
    errors
}

fn error(code: &'static str, pointer: String, cause: String, action: &str) -> ValidationError {
    ValidationError { code, pointer, cause, action: action.to_owned() }
}

/// Every stretch of time of the problem with its pointer, given only when it is `wrong`.
fn wrong_spans(problem: &Problem, mut wrong: impl FnMut(Span) -> bool) -> Vec<(String, Span)> {
    let mut found = Vec::new();
    for (p, place) in problem.places.iter().enumerate() {
        for (s, span) in place.opening.iter().flatten().enumerate().filter(|(_, span)| wrong(**span)) {
            found.push((format!("/places/{p}/opening/{s}"), *span));
        }
    }
    for (p, person) in problem.people.iter().enumerate() {
        for (s, span) in person.unavailable.iter().enumerate().filter(|(_, span)| wrong(**span)) {
            found.push((format!("/people/{p}/unavailable/{s}"), *span));
        }
        for (w, wish) in person.wishes.iter().enumerate().filter(|(_, wish)| wrong(wish.span)) {
            found.push((format!("/people/{p}/wishes/{w}/span"), wish.span));
        }
    }
    for (n, need) in problem.needs.iter().enumerate() {
        if let Some(post) = need.as_post().filter(|post| wrong(post.span)) {
            found.push((format!("/needs/{n}/post/span"), post.span));
        }
    }
    found
}
