//! Needs left below their minimum: whom each rule stops first, and who is nearest.

use std::collections::{BTreeMap, HashMap};

use crate::model::candidates::Network;
use crate::model::person_rules;
use crate::problem::{NeedIx, PersonIx};
use crate::roster::Unmet;

/// Explains every need below its minimum.
#[must_use]
pub fn explain(network: &Network<'_>, duties: &[Vec<NeedIx>]) -> Vec<Unmet> {
    let mut heads: HashMap<NeedIx, u16> = HashMap::new();
    for (person, needs) in network.problem.people.iter().zip(duties) {
        for &need in needs.iter().filter(|_| !person.trainee) {
            *heads.entry(need).or_default() += 1;
        }
    }
    let mut found = Vec::new();
    for (index, need) in network.problem.needs.iter().enumerate() {
        let Some(post) = need.as_post() else { continue };
        let index = NeedIx::from_index(index);
        let missing = post.cover.min.saturating_sub(heads.get(&index).copied().unwrap_or(0));
        if missing > 0 {
            found.push(Unmet { need: index, missing, stopped_by: BTreeMap::new(), busy_elsewhere: 0 });
        }
    }
    for person in (0..network.problem.people.len()).map(PersonIx::from_index) {
        for unmet in &mut found {
            let stopped = network
                .stopped_by(person, unmet.need)
                .or_else(|| person_rules::stops(network, person, &duties[person.index()], unmet.need));
            match stopped {
                Some(rule) => *unmet.stopped_by.entry(rule).or_default() += 1,
                None => unmet.busy_elsewhere += 1,
            }
        }
    }
    found
}
