//! The constraint profile.

use super::Errors;
use crate::document::error::ErrorCode;
use crate::document::profile::{ProfileDocument, RuleSettingDocument};
use crate::problem::{Profile, RuleCode, RuleSetting, Tier};

/// Greatest weight: keeps every tier's sum over a city within 64 bits.
const MAX_WEIGHT: i64 = 1_000_000;

/// The profile; unknown codes and parameters, wrong tiers and values out of range are errors.
pub(super) fn profile(document: &ProfileDocument, errors: &mut Errors) -> Profile {
    let mut profile = Profile { name: document.name.clone(), version: document.version, ..Profile::default() };
    if document.version == 0 {
        errors.add(ErrorCode::OutOfRange, "/profile/version".to_owned(), "version 0".to_owned(), "count from 1");
    }
    for (text, setting) in &document.rules {
        match RuleCode::parse(text) {
            Some(code) => {
                profile.rules.insert(code, rule_setting(code, setting, errors));
            }
            None => errors.add(
                ErrorCode::UnknownRule,
                format!("/profile/rules/{text}"),
                format!("there is no rule {text:?}"),
                "use a code of the catalogue, such as H06 or S22",
            ),
        }
    }
    profile
}

fn rule_setting(code: RuleCode, document: &RuleSettingDocument, errors: &mut Errors) -> RuleSetting {
    let at = |field: &str| format!("/profile/rules/{code}/{field}");
    let info = code.info();
    let tier = document.tier.and_then(|number| {
        let tier = Tier::from_number(number);
        let fits = tier.is_some_and(|tier| (tier == Tier::Hard) == code.is_hard());
        if !fits {
            errors.add(
                ErrorCode::WrongTier,
                at("tier"),
                format!("{code} ({}) cannot be in tier {number}", info.name),
                "tier 0 is for the rules H01 to H15 and only for them; the others take 1 to 3",
            );
        }
        tier.filter(|_| fits)
    });
    if document.weight.is_some_and(|weight| !(0..=MAX_WEIGHT).contains(&weight)) {
        errors.add(
            ErrorCode::OutOfRange,
            at("weight"),
            format!("a weight outside 0 to {MAX_WEIGHT}"),
            "lower it; tiers already keep important rules apart from others",
        );
    }
    for (key, value) in &document.parameters {
        match info.parameters.iter().find(|parameter| parameter.key == key) {
            None => {
                let known: Vec<&str> = info.parameters.iter().map(|parameter| parameter.key).collect();
                errors.add(
                    ErrorCode::UnknownParameter,
                    at(&format!("parameters/{key}")),
                    format!("{code} has no parameter {key:?}"),
                    &if known.is_empty() {
                        "remove it: the rule has no parameters".to_owned()
                    } else {
                        format!("use one of {}", known.join(", "))
                    },
                );
            }
            Some(parameter) if !(parameter.min..=parameter.max).contains(value) => errors.add(
                ErrorCode::OutOfRange,
                at(&format!("parameters/{key}")),
                format!("{value} is outside {} to {}", parameter.min, parameter.max),
                "give a value within the range",
            ),
            Some(_) => {}
        }
    }
    RuleSetting { on: document.on, tier, weight: document.weight, parameters: document.parameters.clone() }
}
