//! Independent feasibility and score of a roster: the sentences of [`crate::problem::rules`], one function per code.
//!
//! Nothing here is shared with the models: a roster that passes was judged by other code than made it. The time is
//! linear in people, needs and duties, but for the pairs of duties of one person that lie near each other in time.

mod cases;
mod context;
mod contract;
mod limits;
mod place;
mod posts;
mod published;
mod quality;
mod receptions;
mod report;
mod runs;
mod time;

#[cfg(test)]
mod tests;

pub use report::{Broken, Report};

use crate::problem::{Duty, Problem, RuleCode};
use context::Context;
use report::Findings;

type RuleCheck = fn(&Context<'_>, &mut Findings<'_>);

/// Every rule that concerns people, posts, cases and receptions.
const CHECKS: &[(RuleCode, RuleCheck)] = &[
    (RuleCode::H01, time::check_h01_overlap),
    (RuleCode::H02, time::check_h02_availability),
    (RuleCode::H03, place::check_h03_qualification),
    (RuleCode::H04, limits::check_h04_daily_limit),
    (RuleCode::H05, limits::check_h05_weekly_limit),
    (RuleCode::H06, time::check_h06_rest),
    (RuleCode::H07, runs::check_h07_consecutive),
    (RuleCode::H08, limits::check_h08_weekends),
    (RuleCode::H09, limits::check_h09_type_limit),
    (RuleCode::H10, place::check_h10_scope),
    (RuleCode::H11, posts::check_h11_capacity),
    (RuleCode::H11, cases::check_h11_one_handler),
    (RuleCode::H11, receptions::check_h11_venue),
    (RuleCode::H12, place::check_h12_opening),
    (RuleCode::H13, receptions::check_h13_reception),
    (RuleCode::H14, posts::check_h14_conflict),
    (RuleCode::H15, published::check_h15_pin),
    (RuleCode::S10, posts::check_s10_uncovered),
    (RuleCode::S11, cases::check_s11_case_late),
    (RuleCode::S20, contract::check_s20_contract_minimum),
    (RuleCode::S21, receptions::check_s21_quota),
    (RuleCode::S22, posts::check_s22_below_target),
    (RuleCode::S23, posts::check_s23_mix),
    (RuleCode::S24, posts::check_s24_above_target),
    (RuleCode::S30, quality::check_s30_preference),
    (RuleCode::S30, receptions::check_s30_time),
    (RuleCode::S31, quality::check_s31_fairness),
    (RuleCode::S32, quality::check_s32_travel),
    (RuleCode::S33, quality::check_s33_continuity),
    (RuleCode::S34, published::check_s34_disruption),
    (RuleCode::S35, cases::check_s35_level),
    (RuleCode::S36, receptions::check_s36_match),
    (RuleCode::S37, runs::check_s37_type_run),
    (RuleCode::S38, runs::check_s38_soft_run),
    (RuleCode::S39, contract::check_s39_totals),
    (RuleCode::S40, contract::check_s40_complete_weekend),
];

/// Judges a roster: every broken place of every rule that is on, and the score.
///
/// The problem must be valid (see [`crate::problem::validate`]); duties may stand in any order and be as wrong as they
/// like: those of unknown people or needs are reported (H02, H12) and left out of everything else.
#[must_use]
pub fn check(problem: &Problem, duties: &[Duty]) -> Report {
    let mut findings = Findings::new(problem);
    let context = Context::new(problem, duties, &mut findings);
    for (code, rule) in CHECKS {
        if problem.profile.is_on(*code) {
            rule(&context, &mut findings);
        }
    }
    Report { settlements: context.settlements, held: context.held, ..findings.into_report() }
}
