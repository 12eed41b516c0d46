//! The engine's front door.

use std::time::Instant;

use crate::check::check;
use crate::control::{Observer, Options};
use crate::explain::{pins, unmet};
use crate::model::candidates::Network;
use crate::problem::{Duty, NeedIx, PersonIx, Problem, Tier};
use crate::roster::{Certificate, Outcome, Roster, Status, TierCertificate};
use crate::search::{City, combine};
use crate::search::{CityResult, Watch};

pub use crate::explain::pins::Infeasible;

/// Makes a roster and proves how good it is.
///
/// Cancelling and the time limit keep the best roster so far.
///
/// # Errors
///
/// [`Infeasible`] only when pinned duties contradict rules of tier 0.
pub fn solve(problem: &Problem, options: &Options, observer: &dyn Observer) -> Result<Outcome, Infeasible> {
    let started = Instant::now();
    let watch = Watch::new(observer, started, options);
    pins::check_pins(problem)?;
    watch.report("prepare", 0, 0);
    let network = Network::new(problem);
    let city = City::new(&network, options.threads);
    let result = city.search(options, &watch);
    watch.report("check", city.parts(), city.parts());
    let duties = duties(&network, &result);
    let score = check(problem, &duties).score;
    let proven = combine(&result.proofs, score.tiers);
    let unmet = unmet::explain(&network, &city, &result.duties);
    let certificate = Certificate {
        tiers: [0, 1, 2].map(|tier| TierCertificate {
            tier: [Tier::Residents, Tier::Obligations, Tier::Quality][tier],
            value: score.tiers[tier],
            bound: proven.tiers[tier],
            method: "LP relaxation by street, exact Lagrangian".to_owned(),
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
    Ok(Outcome { status, roster: Roster { duties }, score, certificate, unmet })
}

fn duties(network: &Network<'_>, result: &CityResult) -> Vec<Duty> {
    let mut duties: Vec<Duty> = Vec::new();
    for (person, needs) in result.duties.iter().enumerate() {
        let person = PersonIx::from_index(person);
        let mut own: Vec<Duty> = needs.iter().filter_map(|&need| duty(network, person, need)).collect();
        own.sort_unstable_by_key(|duty| (duty.span.start, duty.need));
        duties.extend(own);
    }
    duties
}

fn duty(network: &Network<'_>, person: PersonIx, need: NeedIx) -> Option<Duty> {
    network.post(need).map(|post| Duty { person, need, span: post.span })
}
