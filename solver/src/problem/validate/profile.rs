//! The constraint profile.

use super::network::{is_weight, wrong_weight};
use super::{ValidationError, error};
use crate::problem::{Problem, RuleCode, Tier};

/// E1111: a rule's weight is negative or excessive.
pub(super) fn check_e1111_weights(problem: &Problem, errors: &mut Vec<ValidationError>) {
    for (code, setting) in &problem.profile.rules {
        if let Some(weight) = setting.weight.filter(|weight| !is_weight(*weight)) {
            errors.push(wrong_weight(format!("/profile/rules/{code}/weight"), weight));
        }
    }
}

/// E1117: a soft rule at tier 0, or a hard rule at another.
pub(super) fn check_e1117_tiers(problem: &Problem, errors: &mut Vec<ValidationError>) {
    for (code, setting) in &problem.profile.rules {
        let Some(tier) = setting.tier else { continue };
        if (tier == Tier::Hard) != code.is_hard() {
            let cause = format!("The rule {code} is set to tier {}.", tier.number());
            let action = if code.is_hard() { "Leave it at tier 0." } else { "Use tier 1, 2 or 3." };
            errors.push(error("E1117", format!("/profile/rules/{code}/tier"), cause, action));
        }
    }
}

/// E1118: a parameter that its rule does not have, or outside its limits.
pub(super) fn check_e1118_parameters(problem: &Problem, errors: &mut Vec<ValidationError>) {
    for (code, setting) in &problem.profile.rules {
        let known = code.info().parameters;
        for (key, value) in &setting.parameters {
            let pointer = || format!("/profile/rules/{code}/parameters/{key}");
            match known.iter().find(|parameter| parameter.key == key) {
                None => {
                    let keys: Vec<&str> = known.iter().map(|parameter| parameter.key).collect();
                    let cause = format!("The rule {code} has no parameter '{key}'.");
                    let action = if keys.is_empty() {
                        "Remove it: the rule has none.".to_owned()
                    } else {
                        format!("Use one of: {}.", keys.join(", "))
                    };
                    errors.push(error("E1118", pointer(), cause, &action));
                }
                Some(parameter) if *value < parameter.min || *value > parameter.max => {
                    let cause = format!("The parameter {key} of {code} is {value}.");
                    let action = format!("Use a value from {} to {}.", parameter.min, parameter.max);
                    errors.push(error("E1118", pointer(), cause, &action));
                }
                Some(_) => {}
            }
        }
    }
}

/// E1119: the rule of pinned assignments is turned off.
pub(super) fn check_e1119_pins_on(problem: &Problem, errors: &mut Vec<ValidationError>) {
    if !problem.profile.is_on(RuleCode::H15) {
        let cause = "The rule H15 (pinned assignments stay) is off.".to_owned();
        errors.push(error("E1119", "/profile/rules/H15/on".to_owned(), cause, "Unpin assignments instead."));
    }
}
