//! H11 capacity, H14 conflict, S10 uncovered, S22 below target, S23 mix, S24 above target: who stands at a post.

use crate::problem::{Category, RuleCode};

use super::context::{Context, length};
use super::report::{At, Findings, Words};

/// H11: more people at a post than it holds.
pub(super) fn check_h11_capacity(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (need, _, post, people) in context.posts() {
        let (there, most) = (length(people.len()), i64::from(post.cover.max));
        if there > most {
            let what = context.describe_at(need, post.span);
            let words = Words {
                zh: format!("{what}安排了 {there} 人，最多 {most} 人。"),
                en: format!("{what} has {there} people; it holds {most}."),
            };
            findings.hard(RuleCode::H11, At::need(need).on(post.span.day()), words);
        }
    }
}

/// H14: an excluded person meets the need, or two people who are to be kept apart share it.
pub(super) fn check_h14_conflict(context: &Context<'_>, findings: &mut Findings<'_>) {
    for duty in context.duties() {
        if context.need(duty).excluded.contains(&duty.person) {
            let (name, what) = (&context.problem.people[duty.person.index()].name, context.describe(duty));
            let words =
                Words { zh: format!("{name}应回避{what}。"), en: format!("{name} is excluded from {what}.") };
            findings.hard(RuleCode::H14, At::person(duty.person).with_need(duty.need).on(duty.span.day()), words);
        }
    }
    for (one, other) in &context.problem.apart {
        for duty in context.duties_of(*one) {
            if !context.duties_of(*other).iter().any(|theirs| theirs.need == duty.need) {
                continue;
            }
            let name = |person: crate::problem::PersonIx| &context.problem.people[person.index()].name;
            let (first, second, what) = (name(*one), name(*other), context.describe(duty));
            let words = Words {
                zh: format!("{first}和{second}不宜同岗：{what}。"),
                en: format!("{first} and {second} are to be kept apart but share {what}."),
            };
            findings.hard(RuleCode::H14, At::person(*one).with_need(duty.need).on(duty.span.day()), words);
        }
    }
}

/// S10: heads missing from the minimum, times the priority.
pub(super) fn check_s10_uncovered(context: &Context<'_>, findings: &mut Findings<'_>) {
    let weight = context.problem.profile.weight(RuleCode::S10);
    for (need, data, post, people) in context.posts() {
        let (heads, least) = (context.heads(people), i64::from(post.cover.min));
        let missing = (least - heads).max(0);
        let cost = missing * i64::from(data.priority) * weight;
        findings.soft(RuleCode::S10, At::need(need).on(post.span.day()), cost, || {
            let what = context.describe_at(need, post.span);
            Words {
                zh: format!("{what}至少需 {least} 人，缺 {missing} 人。"),
                en: format!("{what} needs at least {least} people and lacks {missing}."),
            }
        });
    }
}

/// S22: heads missing between minimum and target.
pub(super) fn check_s22_below_target(context: &Context<'_>, findings: &mut Findings<'_>) {
    let weight = context.problem.profile.weight(RuleCode::S22);
    for (need, data, post, people) in context.posts() {
        let (heads, target) = (context.heads(people), i64::from(post.cover.target));
        let missing = (target - heads.max(i64::from(post.cover.min))).max(0);
        let each = post.cover.weight_below_target.unwrap_or(weight * i64::from(data.priority));
        findings.soft(RuleCode::S22, At::need(need).on(post.span.day()), missing * each, || {
            let what = context.describe_at(need, post.span);
            Words {
                zh: format!("{what}目标 {target} 人，在最低人数之上还差 {missing} 人。"),
                en: format!("{what} aims at {target} people and is {missing} short above its minimum."),
            }
        });
    }
}

/// S23: volunteers without a member of staff, or a newcomer alone.
pub(super) fn check_s23_mix(context: &Context<'_>, findings: &mut Findings<'_>) {
    let weight = context.problem.profile.weight(RuleCode::S23);
    for (need, _, post, people) in context.posts().filter(|(_, data, ..)| data.seat.is_none()) {
        let at = At::need(need).on(post.span.day());
        let person = |ix: &crate::problem::PersonIx| &context.problem.people[ix.index()];
        let guests = |category| matches!(category, Category::Volunteer | Category::Deputy);
        let has_guest = people.iter().any(|ix| guests(person(ix).category));
        if post.mix && has_guest && !people.iter().any(|ix| person(ix).category.is_staff()) {
            findings.soft(RuleCode::S23, at, weight, || {
                let what = context.describe_at(need, post.span);
                Words {
                    zh: format!("{what}有志愿者或代表而没有工作人员。"),
                    en: format!("{what} has volunteers or deputies but no member of staff."),
                }
            });
        }
        if let [only] = people
            && person(only).newcomer
        {
            findings.soft(RuleCode::S23, at, weight, || {
                let (name, what) = (&person(only).name, context.describe_at(need, post.span));
                Words {
                    zh: format!("新人{name}独自在{what}。"),
                    en: format!("{name}, a newcomer, is alone at {what}."),
                }
            });
        }
    }
}

/// S24: heads above the target.
pub(super) fn check_s24_above_target(context: &Context<'_>, findings: &mut Findings<'_>) {
    let weight = context.problem.profile.weight(RuleCode::S24);
    for (need, _, post, people) in context.posts() {
        let (heads, target) = (context.heads(people), i64::from(post.cover.target));
        let above = (heads - target).max(0);
        let each = post.cover.weight_above_target.unwrap_or(weight);
        findings.soft(RuleCode::S24, At::need(need).on(post.span.day()), above * each, || {
            let what = context.describe_at(need, post.span);
            Words {
                zh: format!("{what}目标 {target} 人，多出 {above} 人。"),
                en: format!("{what} aims at {target} people and has {above} more."),
            }
        });
    }
}
