//! The engine's front door: which method a problem takes, and the outcome with its proof.

use std::time::Instant;

use crate::check::check;
use crate::control::{Observer, Options};
use crate::explain::receptions::settle;
use crate::explain::{pins, receptions, unmet};
use crate::model::candidates::Network;
use crate::model::part::PartModel;
use crate::problem::{Problem, RuleCode, Tier};
use crate::roster::{Certificate, Outcome, Roster, Status, TierCertificate, objective};
use crate::search::exact::solve_exactly;
use crate::search::{City, CityResult, Finished, Proofs, Proven, Watch};

pub use crate::explain::pins::Infeasible;

/// How a problem is solved; the certificate names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Method {
    /// One integer programme per tier over the whole problem.
    Exact,
    /// Street by street.
    Streets,
}

/// Pairs of person and need up to which the exact method is tried.
const EXACT_PAIRS: usize = 1500;
/// Share of the time limit that receptions may take before rosters are sought.
const RECEPTION_SHARE: f64 = 0.1;

/// Makes a roster and proves how good it is.
///
/// Cancelling and the time limit keep the best roster so far.
///
/// # Errors
///
/// [`Infeasible`] only when pinned duties contradict rules of tier 0.
pub fn solve(problem: &Problem, options: &Options, observer: &dyn Observer) -> Result<Outcome, Infeasible> {
    let started = Instant::now();
    let watch = Watch::new(observer, started, options).before_the_end(problem.needs.len());
    pins::check_pins(problem)?;
    if needs_columns(problem)
        && problem.cases.is_empty()
        && problem.receptions.is_empty()
        && let Ok(outcome) = crate::columns::solve_columns(problem, options, observer)
    {
        return Ok(outcome);
    }
    watch.report("prepare", 0, 0);
    let network = Network::new(problem);
    let mut city = City::new(&network, options.threads);
    let mut method = Method::Streets;
    let mut result = None;
    if city.pairs() <= EXACT_PAIRS && !needs_columns(problem) {
        result = exactly(&network, &city, &watch);
        method = if result.is_some() { Method::Exact } else { Method::Streets };
    }
    let result = result.unwrap_or_else(|| {
        city.decide_receptions(options.threads, watch.seconds_left() * RECEPTION_SHARE);
        let mut found = city.search(options, &watch);
        found.duties = settle(problem, found.duties);
        city.finish(&mut found, options, &watch);
        found
    });
    watch.report("check", city.parts(), city.parts());
    let mut duties = problem.duties_of(&result.duties);
    duties.sort_unstable_by_key(|duty| (duty.person, duty.span.start, duty.need));
    let report = check(problem, &duties);
    let score = report.score;
    let proven = match method {
        Method::Exact => Proven { tiers: score.tiers, objective: objective_bound_of(&result, score.tiers) },
        Method::Streets => result.proven(score.tiers),
    };
    watch.report_values("check", (city.parts(), city.parts()), score.tiers, Some(proven.tiers));
    let (unmet, cases) = unmet::explain(&network, &result.duties, &report.settlements);
    let receptions = receptions::explain(problem, &result.duties, &report.held);
    let certificate = Certificate {
        tiers: [0, 1, 2].map(|tier| TierCertificate {
            tier: [Tier::Residents, Tier::Obligations, Tier::Quality][tier],
            value: score.tiers[tier],
            bound: proven.tiers[tier],
            method: words(method, &result, tier, proven.tiers[tier]).to_owned(),
            seconds: (result.proof_seconds + result.search_seconds) / 3.0,
        }),
        objective_bound: proven.objective,
        seconds: started.elapsed().as_secs_f64(),
        seed: options.seed,
        threads: options.threads,
        time_limit_seconds: options.time_limit.as_secs_f64(),
        parts: city.parts(),
    };
    let status = if certificate.tiers.iter().all(|tier| tier.value == tier.bound) {
        Status::Optimal
    } else if result.stopped {
        Status::Stopped
    } else {
        Status::Feasible
    };
    Ok(Outcome { status, roster: Roster { duties }, score, certificate, unmet, cases, receptions })
}

const fn words(method: Method, result: &CityResult, tier: usize, bound: i64) -> &'static str {
    match (method, &result.proofs) {
        (Method::Exact, _) => "integer programme",
        (Method::Streets, _) if result.finished.proves(tier, bound) => "integer programme from the roster found",
        (Method::Streets, Proofs::Parts(_)) => "LP relaxation by street, exact Lagrangian",
        (Method::Streets, Proofs::Stages(stages)) if tier == 0 && stages.is_first_of_programmes => {
            "integer programme of what is scarce"
        }
        (Method::Streets, Proofs::Stages(_)) => "exact person-weeks at LP prices, Lagrangian",
    }
}

/// Whether the problem uses rules that only person columns model: sequences, totals, least runs and minutes.
fn needs_columns(problem: &Problem) -> bool {
    let on = |code: RuleCode| problem.profile.weight(code) != 0;
    problem.shift_types.iter().any(|kind| on(RuleCode::S37) && kind.consecutive_days.is_some())
        || problem.people.iter().any(|person| {
            let contract = &person.contract;
            on(RuleCode::S38) && (contract.consecutive_days.is_some() || contract.consecutive_days_off.is_some())
                || on(RuleCode::S39) && (contract.total_duties.is_some() || contract.max_total_weekends.is_some())
                || on(RuleCode::S40) && contract.complete_weekends
                || person.limits.min_minutes_horizon.is_some_and(|least| least > 0)
                || person.limits.min_consecutive_days.is_some_and(|least| least > 1)
                || person.limits.min_consecutive_days_off.is_some_and(|least| least > 1)
        })
}

/// The whole problem by one integer programme per tier.
fn exactly(network: &Network<'_>, city: &City<'_, '_>, watch: &Watch<'_>) -> Option<CityResult> {
    let started = Instant::now();
    let model = PartModel::build(network, &city.whole());
    let found = solve_exactly(&model, watch.seconds_left())?;
    let mut duties = vec![Vec::new(); network.problem.people.len()];
    for (pair, _) in model.pairs.iter().zip(&found.chosen).filter(|&(_, &chosen)| chosen) {
        duties[pair.person.index()].push(pair.need);
    }
    Some(CityResult {
        duties,
        proofs: Proofs::Parts(Vec::new()),
        proof_seconds: 0.0,
        search_seconds: started.elapsed().as_secs_f64(),
        stopped: false,
        finished: Finished::NOTHING,
    })
}

/// The exact method proves tier by tier; of the one-number summary only the leading tier is proven outright.
fn objective_bound_of(_result: &CityResult, tiers: [i64; 3]) -> i64 {
    objective([tiers[0], 0, 0]).min(objective(tiers))
}

#[cfg(test)]
mod tests;
