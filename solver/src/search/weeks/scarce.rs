//! A bound of tier 1 that costs next to nothing: over the posts alone at which somebody is scarce.
//!
//! Few people have a skill, so that the posts which ask for one decide most of tier 1, and with those at which streets'
//! flows find a head worth something they decide nearly all. A linear programme over all of a region's streets, shared
//! people in one piece, is small. On the demo district it proves what a programme of all its posts does, in a hundredth
//! of the time.

use std::collections::{HashMap, HashSet};

use super::bound::STAGES;
use super::refine::Quote;
use super::town::Town;
use crate::control::Options;
use crate::model::part::{Member, PartModel, PartSpec, Role};
use crate::problem::NeedIx;
use crate::search::city::City;
use crate::search::part_search::Programme;
use crate::search::watch::parallel;

/// A scaled bound, and prices: where each stands, and how much.
type Bound = (i128, Vec<(u32, f64)>);

impl City<'_, '_> {
    /// Lower bound of tier 1, scaled, over the posts that ask for a skill and these, and its prices where there is a town;
    /// none when tier 1 counts more than needs that nobody serves.
    #[must_use]
    pub(super) fn scarce_bound(
        &self,
        scarce: &HashSet<NeedIx>,
        town: Option<&Town>,
        options: &Options,
    ) -> Option<Bound> {
        if !self.tier1_is_of_needs() {
            return None;
        }
        let found = parallel(options.threads, self.regions.len(), |at| self.scarce_in(&self.regions[at], scarce, town));
        found.into_iter().try_fold((0, Vec::new()), |(bound, mut prices), found| {
            let (more, further) = found?;
            prices.extend(further);
            Some((bound + more, prices))
        })
    }

    fn scarce_in(&self, parts: &[usize], scarce: &HashSet<NeedIx>, town: Option<&Town>) -> Option<Bound> {
        let counts = |need: &NeedIx| scarce.contains(need) || self.asks_for_skill(*need);
        let needs: Vec<NeedIx> = parts.iter().flat_map(|&part| self.needs(part)).copied().filter(counts).collect();
        if needs.is_empty() {
            return Some((0, Vec::new()));
        }
        let members = parts.iter().flat_map(|&part| self.residents(part)).map(|&person| {
            let candidates = self.candidates(person).iter().copied().filter(counts).collect();
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
        let prices = town.map(|town| Quote::new(town, &model, &found.multipliers, Vec::new()).heads);
        Some((model.linear.lagrangian(STAGES[0], &found.multipliers, &[]), prices.unwrap_or_default()))
    }

    fn asks_for_skill(&self, need: NeedIx) -> bool {
        let data = &self.network.problem.needs[need.index()];
        data.case.is_none() && data.skill.is_some() && data.as_post().is_some_and(|post| post.cover.min > 0)
    }
}
