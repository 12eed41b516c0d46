//! H15 pin, S34 disruption: the roster against assignments made before.

use std::collections::HashSet;

use crate::problem::{Duty, RuleCode};

use super::context::Context;
use super::report::{At, Findings, Words};

/// H15: a pinned duty is missing.
pub(super) fn check_h15_pin(context: &Context<'_>, findings: &mut Findings<'_>) {
    for pin in &context.problem.pins {
        if context.holds(*pin) {
            continue;
        }
        let (name, what) = (&context.problem.people[pin.person.index()].name, context.describe(pin));
        let words = Words {
            zh: format!("锁定的安排缺失：{name}，{what}。"),
            en: format!("A pinned assignment is missing: {name}, {what}."),
        };
        findings.hard(RuleCode::H15, At::person(pin.person).with_need(pin.need).on(pin.span.day()), words);
    }
}

/// S34: published duties that are missing, and duties that were not published.
pub(super) fn check_s34_disruption(context: &Context<'_>, findings: &mut Findings<'_>) {
    if context.problem.published.is_empty() {
        return;
    }
    let weight = context.problem.profile.weight(RuleCode::S34);
    let name = |duty: &Duty| &context.problem.people[duty.person.index()].name;
    let at = |duty: &Duty| At::person(duty.person).with_need(duty.need).on(duty.span.day());
    for duty in context.problem.published.iter().filter(|duty| !context.holds(**duty)) {
        findings.soft(RuleCode::S34, at(duty), weight, || Words {
            zh: format!("已发布的班次被取消：{}，{}。", name(duty), context.describe(duty)),
            en: format!("A published duty is dropped: {}, {}.", name(duty), context.describe(duty)),
        });
    }
    let published: HashSet<&Duty> = context.problem.published.iter().collect();
    for duty in context.duties().iter().filter(|duty| !published.contains(duty)) {
        findings.soft(RuleCode::S34, at(duty), weight, || Words {
            zh: format!("班次不在已发布的班表中：{}，{}。", name(duty), context.describe(duty)),
            en: format!("A duty was not published: {}, {}.", name(duty), context.describe(duty)),
        });
    }
}
