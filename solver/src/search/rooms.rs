//! What units above street level take of cases, shared out to the parts that might send them up.

use std::collections::{BTreeMap, HashMap};

use crate::model::candidates::Network;
use crate::problem::{CaseIx, UnitIx};

/// The parts' shares of what each unit takes, in proportion to the cases that might go up, with no case to spare.
pub(super) fn shares(network: &Network<'_>, cases: &[Vec<CaseIx>]) -> Vec<HashMap<UnitIx, i64>> {
    let mut asking: BTreeMap<UnitIx, BTreeMap<usize, i64>> = BTreeMap::new();
    for (part, cases) in cases.iter().enumerate() {
        for above in cases.iter().filter_map(|case| network.cases[case.index()].escalated).map(|(above, _)| above) {
            *asking.entry(above).or_default().entry(part).or_default() += 1;
        }
    }
    let mut shares = vec![HashMap::new(); cases.len()];
    for (unit, asking) in asking {
        let all = network.problem.escalations(unit);
        let total: i64 = asking.values().sum();
        let (mut before, mut given) = (0, 0);
        for (part, asks) in asking {
            before += asks;
            let upto = all * before / total;
            shares[part].insert(unit, upto - given);
            given = upto;
        }
    }
    shares
}

/// Shares of several parts together.
pub(super) fn sum_of<'a>(shares: impl Iterator<Item = &'a HashMap<UnitIx, i64>>) -> HashMap<UnitIx, i64> {
    let mut sum = HashMap::new();
    for (&unit, &share) in shares.flatten() {
        *sum.entry(unit).or_default() += share;
    }
    sum
}
