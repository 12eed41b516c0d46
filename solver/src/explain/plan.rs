//! The best roster of a street, everything outside it as it stands, tier after tier with proofs.

use std::time::{Duration, Instant};

use super::stages::Proof;
use super::street::Street;
use crate::control::{Options, Silent};
use crate::model::candidates::Network;
use crate::problem::{NeedIx, PersonIx};
use crate::search::Watch;
use crate::search::programmes::{Course, Programmes};

/// A street planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// Needs of each person of the street's small problem, by start.
    pub duties: Vec<Vec<NeedIx>>,
    /// Tiers 1 to 3, each given the ones above.
    pub tiers: [Proof; 3],
}

/// Plans a street, starting from its present duties where these are still allowed. `None` when pins and duties
/// elsewhere already break a rule.
#[must_use]
pub fn plan_street(street: &Street, time_limit: Duration) -> Option<Planned> {
    let started = Instant::now();
    let network = Network::new(&street.problem);
    let spec = street.spec(&network);
    let present = |person: PersonIx, need: NeedIx| street.duties[person.index()].contains(&need);
    let kept = |person: PersonIx, need: NeedIx| spec.members[person.index()].kept.contains(&need);
    let mut programmes =
        Programmes::new(&network, spec.clone(), &present).or_else(|| Programmes::new(&network, spec.clone(), &kept))?;
    let options = Options { time_limit, ..Options::default() };
    programmes.run(&Course {
        deadline: started + time_limit,
        gap_limits: [0.0; 3],
        outside: [0; 3],
        seed: options.seed,
        is_alone: true,
        is_spare: false,
        watch: &Watch::new(&Silent, started, &options),
        tell: &|_, _| {},
    });
    let mut duties = vec![Vec::new(); street.problem.people.len()];
    for (person, need) in programmes.pairs() {
        duties[person.index()].push(need);
    }
    let proof = |tier: usize| Proof { value: programmes.costs[tier], bound: programmes.bounds[tier] };
    Some(Planned { duties, tiers: [0, 1, 2].map(proof) })
}
