//! H03 qualification, H10 scope, H12 opening: whether this person may serve there at all.

use crate::problem::RuleCode;

use super::context::Context;
use super::report::{At, Findings, Words};

/// H03: the skill at the level is lacking, or its certificate ends before the day.
pub(super) fn check_h03_qualification(context: &Context<'_>, findings: &mut Findings<'_>) {
    for duty in context.duties() {
        let person = &context.problem.people[duty.person.index()];
        let day = duty.span.day();
        if person.trainee && context.need(duty).case.is_some() {
            let (name, what) = (&person.name, context.describe(duty));
            let words = Words {
                zh: format!("{name}是见习人员，不能独自承办{what}。"),
                en: format!("{name} is a trainee and cannot handle {what} alone."),
            };
            findings.hard(RuleCode::H03, At::person(duty.person).with_need(duty.need).on(day), words);
        }
        let Some((skill, level)) = context.need(duty).skill else { continue };
        let mut at_level = person.skills.iter().filter(|own| own.skill == skill && own.level >= level).peekable();
        let expired = at_level.peek().is_some();
        if at_level.any(|own| own.valid_until.is_none_or(|last| last >= day)) {
            continue;
        }
        let (name, what, skill) = (&person.name, context.describe(duty), &context.problem.skills[skill.index()].name);
        let words = if expired {
            Words {
                zh: format!("{name}的{skill}证书在{what}之前已到期。"),
                en: format!("{name}'s certificate for {skill} has expired by {what}."),
            }
        } else {
            Words {
                zh: format!("{name}不具备{what}所需的{skill}（{level} 级）。"),
                en: format!("{name} lacks {skill} at level {level} for {what}."),
            }
        };
        findings.hard(RuleCode::H03, At::person(duty.person).with_need(duty.need).on(day), words);
    }
}

/// H10: the place lies in no subtree of the person's scope, or too far from home.
pub(super) fn check_h10_scope(context: &Context<'_>, findings: &mut Findings<'_>) {
    for duty in context.duties() {
        let person = &context.problem.people[duty.person.index()];
        let place = context.place(duty);
        let at = At::person(duty.person).with_need(duty.need).on(duty.span.day());
        let (name, what) = (&person.name, &place.name);
        let seat = context.need(duty).seat;
        if seat.is_some_and(|seat| context.problem.receptions[seat.reception.index()].names(duty.person, seat.role)) {
            continue;
        }
        if !person.scope.iter().any(|root| context.problem.is_within(place.unit, *root)) {
            let unit = &context.problem.units[place.unit.index()].name;
            let words = Words {
                zh: format!("{what}（{unit}）不在{name}的服务范围内。"),
                en: format!("{what} ({unit}) is outside the scope of {name}."),
            };
            findings.hard(RuleCode::H10, at, words);
        }
        if let (Some(most), Some(home), Some(there)) = (person.max_distance_metres, person.home, place.location) {
            let metres = home.distance_metres(there);
            if metres > most {
                let words = Words {
                    zh: format!("{what}距{name}住处 {metres} 米，超过上限 {most} 米。"),
                    en: format!("{what} is {metres} metres from the home of {name}; the most is {most}."),
                };
                findings.hard(RuleCode::H10, at, words);
            }
        }
    }
}

/// H12: the duty lies outside the opening hours, or at another time than its post.
pub(super) fn check_h12_opening(context: &Context<'_>, findings: &mut Findings<'_>) {
    for duty in context.duties() {
        let at = At::person(duty.person).with_need(duty.need).on(duty.span.day());
        if let Some(opening) = &context.place(duty).opening {
            let next = opening.partition_point(|open| open.end < duty.span.end);
            if opening.get(next).is_none_or(|open| open.start > duty.span.start) {
                let what = context.describe(duty);
                let words = Words {
                    zh: format!("{what}不在开放时间内。"),
                    en: format!("{what} lies outside the opening hours."),
                };
                findings.hard(RuleCode::H12, at, words);
            }
        }
        if let Some(post) = context.need(duty).as_post()
            && post.span != duty.span
        {
            let (what, own) = (context.describe(duty), context.describe_at(duty.need, post.span));
            let words = Words {
                zh: format!("班次时间（{what}）与岗位时间（{own}）不同。"),
                en: format!("The duty's time ({what}) is not the post's ({own})."),
            };
            findings.hard(RuleCode::H12, at, words);
        }
    }
}
