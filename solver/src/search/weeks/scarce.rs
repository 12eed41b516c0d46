//! A bound of tier 1 that costs next to nothing: over the posts that ask for a skill alone.
//!
//! Few people have a skill, so that these posts decide most of tier 1, and a linear programme over all of a region's
//! streets, shared people in one piece, is small. On the demo city it stands within a tenth of the streets' own
//! programmes, which may not all be solved in time.

use std::collections::{HashMap, HashSet};

use super::bound::STAGES;
use crate::control::Options;
use crate::model::part::{Member, PartModel, PartSpec, Role};
use crate::problem::NeedIx;
use crate::search::city::City;
use crate::search::part_search::Programme;
use crate::search::watch::parallel;

impl City<'_, '_> {
    /// Lower bound of tier 1, scaled; none when it counts more than needs that nobody serves.
    #[must_use]
    pub(super) fn scarce_bound(&self, options: &Options) -> Option<i128> {
        if !self.tier1_is_of_needs() {
            return None;
        }
        let found = parallel(options.threads, self.regions.len(), |at| self.scarce_in(&self.regions[at]));
        found.into_iter().sum()
    }

    fn scarce_in(&self, parts: &[usize]) -> Option<i128> {
        let needs = parts.iter().flat_map(|&part| self.needs(part)).copied();
        let needs: Vec<NeedIx> = needs.filter(|&need| self.asks_for_skill(need)).collect();
        if needs.is_empty() {
            return Some(0);
        }
        let members = parts.iter().flat_map(|&part| self.residents(part)).map(|&person| {
            let candidates = self.candidates(person).iter().copied().filter(|&need| self.asks_for_skill(need));
            let candidates = candidates.collect();
            Member { person, role: Role::Whole, candidates, elsewhere: Vec::new(), kept: self.pins_of(person) }
        });
        let spec = PartSpec {
            members: members.filter(|member| !member.candidates.is_empty() || !member.kept.is_empty()).collect(),
            needs,
            cases: Vec::new(),
            receptions: Vec::new(),
            rooms: HashMap::new(),
            group_floor: HashMap::new(),
            reluctant: HashSet::new(),
            between_places: false,
        };
        let model = PartModel::build(self.network, &spec);
        let found = Programme::new(&model).solve(STAGES[0])?;
        Some(model.linear.lagrangian(STAGES[0], &found.multipliers, &[]))
    }

    fn asks_for_skill(&self, need: NeedIx) -> bool {
        let data = &self.network.problem.needs[need.index()];
        data.case.is_none() && data.skill.is_some() && data.as_post().is_some_and(|post| post.cover.min > 0)
    }
}
