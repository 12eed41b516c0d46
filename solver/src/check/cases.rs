//! Cases: H11's one handler, S11 case-late and S35 level, and what becomes of the cases that nobody works.

use std::collections::BTreeMap;

use crate::problem::{Case, Duty, NeedIx, Problem, RuleCode, Settlement, UnitIx};
use crate::roster::TierValues;

use super::context::Context;
use super::report::{At, Findings, Words};

/// H11 of cases: more than one duty over all spans of a case.
pub(super) fn check_h11_one_handler(context: &Context<'_>, findings: &mut Findings<'_>) {
    for case in &context.problem.cases {
        let handlers: usize = case.options.iter().map(|&need| context.people_at(need).len()).sum();
        if let Some(&need) = case.options.first().filter(|_| handlers > 1) {
            let name = &context.problem.places[context.problem.needs[need.index()].place.index()].name;
            let words = Words {
                zh: format!("{name}安排了 {handlers} 次办理，只需一人一次。"),
                en: format!("{name} is worked {handlers} times; once by one person is enough."),
            };
            findings.hard(RuleCode::H11, At::need(need), words);
        }
    }
}

/// S11: cases worked, escalated or explained too late, or left late.
pub(super) fn check_s11_case_late(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (case, settlement) in context.problem.cases.iter().zip(&context.settlements) {
        let cost = late_cost(context.problem, case, *settlement);
        findings.soft(RuleCode::S11, place_of(case, *settlement), cost, || {
            let (name, date) = (&case.id, context.date(case.deadline.div_euclid(crate::problem::MINUTES_PER_DAY)));
            Words {
                zh: format!("民情事项 {name} 期限为 {date}，逾期{}。", words(*settlement).0),
                en: format!("Case {name} is due by {date} and {} too late.", words(*settlement).1),
            }
        });
    }
}

/// S35: cases escalated, explained or left waiting.
pub(super) fn check_s35_level(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (case, settlement) in context.problem.cases.iter().zip(&context.settlements) {
        let cost = level_cost(context.problem, *settlement);
        findings.soft(RuleCode::S35, place_of(case, *settlement), cost, || Words {
            zh: format!("民情事项 {} 未就地办理：{}。", case.id, words(*settlement).0),
            en: format!("Case {} is not worked here: it {}.", case.id, words(*settlement).1),
        });
    }
}

fn place_of(case: &Case, settlement: Settlement) -> At {
    let need = match settlement {
        Settlement::Worked(need) => Some(need),
        _ => case.options.first().copied(),
    };
    need.map_or_else(At::default, At::need)
}

const fn words(settlement: Settlement) -> (&'static str, &'static str) {
    match settlement {
        Settlement::Worked(_) => ("办理", "is worked"),
        Settlement::Escalated(_) => ("上转", "is escalated"),
        Settlement::Explained => ("解释", "is explained"),
        Settlement::Waiting => ("留待以后", "waits"),
        Settlement::Late => ("未办理", "is left"),
    }
}

fn late_cost(problem: &Problem, case: &Case, settlement: Settlement) -> i64 {
    let units = match settlement {
        Settlement::Worked(need) => {
            let end = problem.needs[need.index()].as_post().map_or(0, |post| post.span.end);
            i64::from(end > case.deadline)
        }
        Settlement::Escalated(_) | Settlement::Explained => i64::from(case.deadline < 0),
        Settlement::Waiting => 0,
        Settlement::Late => 2,
    };
    units * i64::from(case.urgency) * problem.profile.weight(RuleCode::S11)
}

fn level_cost(problem: &Problem, settlement: Settlement) -> i64 {
    let profile = &problem.profile;
    let units = match settlement {
        Settlement::Worked(_) | Settlement::Late => 0,
        Settlement::Escalated(_) => profile.parameter(RuleCode::S35, "escalated_units"),
        Settlement::Explained => profile.parameter(RuleCode::S35, "explained_units"),
        Settlement::Waiting => 1,
    };
    units * profile.weight(RuleCode::S35)
}

/// S11 and S35 of one case, tier by tier.
fn cost(problem: &Problem, case: &Case, settlement: Settlement) -> TierValues {
    let mut tiers = [0; 3];
    let costs =
        [(RuleCode::S11, late_cost(problem, case, settlement)), (RuleCode::S35, level_cost(problem, settlement))];
    for (code, cost) in costs {
        let tier = usize::from(problem.profile.tier(code).number());
        if let Some(value) = tier.checked_sub(1).and_then(|index| tiers.get_mut(index)) {
            *value += cost;
        }
    }
    tiers
}

/// What becomes of each case: worked where somebody works it, otherwise as the catalogue says.
pub(super) fn settle(problem: &Problem, duties: &[Duty]) -> Vec<Settlement> {
    if problem.cases.is_empty() {
        return Vec::new();
    }
    let mut worked: Vec<Option<NeedIx>> = vec![None; problem.cases.len()];
    for duty in duties {
        let case = problem.needs[duty.need.index()].case;
        if let Some(at) = case.and_then(|case| worked.get_mut(case.index())) {
            *at = Some(at.map_or(duty.need, |known| known.min(duty.need)));
        }
    }
    let mut settlements: Vec<Settlement> = Vec::with_capacity(problem.cases.len());
    let mut upward: BTreeMap<UnitIx, Vec<(TierValues, usize)>> = BTreeMap::new();
    for (index, (case, worked)) in problem.cases.iter().zip(worked).enumerate() {
        if let Some(need) = worked {
            settlements.push(Settlement::Worked(need));
            continue;
        }
        let left = if case.deadline <= problem.end() { Settlement::Late } else { Settlement::Waiting };
        let explained = Some(Settlement::Explained).filter(|_| case.explainable);
        let left =
            explained.filter(|&explained| cost(problem, case, explained) < cost(problem, case, left)).unwrap_or(left);
        if let Some(above) = problem.units[case.unit.index()].parent {
            let (stays, goes) = (cost(problem, case, left), cost(problem, case, Settlement::Escalated(above)));
            let saving = [0, 1, 2].map(|tier| stays[tier] - goes[tier]);
            if saving > [0; 3] {
                upward.entry(above).or_default().push((saving, index));
            }
        }
        settlements.push(left);
    }
    for (above, mut cases) in upward {
        cases.sort_by(|one, other| other.0.cmp(&one.0).then(one.1.cmp(&other.1)));
        let room = usize::try_from(problem.escalations(above)).unwrap_or(0);
        for (_, case) in cases.into_iter().take(room) {
            settlements[case] = Settlement::Escalated(above);
        }
    }
    settlements
}
