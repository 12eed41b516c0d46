//! The best roster of a street, everything outside it as it stands, tier after tier with proofs.

use std::time::{Duration, Instant};

use super::stages::{Proof, Stages};
use super::street::Street;
use crate::model::candidates::Network;
use crate::model::part::PartModel;
use crate::problem::NeedIx;

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
    let deadline = Instant::now() + time_limit;
    let network = Network::new(&street.problem);
    let model = PartModel::build(&network, &street.spec(&network));
    let present = model.pairs.iter().map(|pair| street.duties[pair.person.index()].contains(&pair.need));
    let fixed = model.linear.columns.iter().take(model.pairs.len()).map(|column| column.lower == 1);
    let mut stages =
        Stages::new(&model, present.collect(), deadline).or_else(|| Stages::new(&model, fixed.collect(), deadline))?;
    let first = stages.minimise(0, i64::MIN, &[]);
    let second = stages.minimise(1, i64::MIN, &[(0, first.value)]);
    let third = stages.minimise(2, i64::MIN, &[(0, first.value), (1, second.value)]);
    let mut duties = vec![Vec::new(); street.problem.people.len()];
    for (pair, _) in model.pairs.iter().zip(&stages.chosen).filter(|&(_, &chosen)| chosen) {
        duties[pair.person.index()].push(pair.need);
    }
    Some(Planned { duties, tiers: [first, second, third] })
}
