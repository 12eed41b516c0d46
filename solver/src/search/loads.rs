//! How unsocial duties weigh on comparable people (S31).

use std::collections::{BTreeSet, HashMap};

use crate::model::candidates::{Group, Network};
use crate::problem::{NeedIx, PersonIx};

/// Unsocial loads of people, ledgers included, by group in falling order.
pub(super) struct Loads {
    groups: HashMap<Group, Vec<(i64, PersonIx)>>,
}

impl Loads {
    pub(super) fn new(network: &Network<'_>, duties: &[Vec<NeedIx>]) -> Self {
        let mut groups: HashMap<Group, Vec<(i64, PersonIx)>> = HashMap::new();
        for (index, (person, needs)) in network.problem.people.iter().zip(duties).enumerate() {
            let unsocial = needs.iter().filter(|&&need| network.post(need).is_some_and(|post| post.unsocial)).count();
            let load = i64::from(person.history.fairness_unsocial_duties) + i64::try_from(unsocial).unwrap_or(0);
            groups.entry(network.group(person)).or_default().push((load, PersonIx::from_index(index)));
        }
        for members in groups.values_mut() {
            members.sort_unstable_by(|one, other| other.cmp(one));
        }
        Self { groups }
    }

    pub(super) fn most_outside(&self, group: Group, inside: &BTreeSet<PersonIx>) -> i64 {
        let members = self.groups.get(&group).into_iter().flatten();
        members.filter(|(_, person)| !inside.contains(person)).map(|&(load, _)| load).next().unwrap_or(0).max(0)
    }
}
