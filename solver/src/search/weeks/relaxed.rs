//! Tier 1 of a region by its linear programme, where an integer one takes too long: a bound, and the duties near its point.
//!
//! The first rosters show which streets are short of more than was thought scarce; all that may be scarce there joins the
//! programme. What the roster has beside the duties near the point stays where rules allow it, and chains fill the rest.

use std::collections::HashSet;

use super::bound::STAGES;
use super::city::Unfit;
use super::improve::Bench;
use super::scarce::Scarce;
use super::town::Town;
use crate::control::Options;
use crate::model::linear::bound_scale;
use crate::model::part::{Pair, PartModel};
use crate::problem::{NeedIx, PersonIx};
use crate::search::city::City;
use crate::search::loads::Loads;
use crate::search::part_search::Programme;
use crate::search::watch::{Watch, parallel};

/// Weight of tiers 2 and 3 in a programme: without it one choice is as good as many, and the programme takes twice as long
/// and more. Of a city's bound it costs 0.05 %.
const NUDGE: f64 = 1e-4;
/// Share of the time limit after which linear programmes end without an optimum.
const PROGRAMME_SHARE: f64 = 0.88;
/// Share of the time limit after which linear programmes are no longer brought to whole numbers.
const DIVE_SHARE: f64 = 0.8;
/// Streets with together one in so much of what is lacking at posts that were not thought scarce are left as they are.
const LEAST_LACK: i64 = 25;
/// Share after which chains end.
const CHAINS_SHARE: f64 = 0.9;

/// What a region's people do.
type Duties = Vec<(PersonIx, Vec<NeedIx>)>;

/// What a region's programme says: least tier 1, scaled, and what its people do where that is better than before.
type Found = (Option<i128>, Option<Duties>);

impl City<'_, '_> {
    /// Solves the linear programmes of regions without a proven optimum, and of those where rosters are short of more than
    /// `scarce` needs, and takes over what is better in tier 1.
    pub(super) fn serve_relaxed(
        &self,
        scarce: &mut HashSet<NeedIx>,
        found: &mut Scarce,
        town: Option<&Town>,
        duties: &mut [Vec<NeedIx>],
        options: &Options,
        watch: &Watch<'_>,
    ) -> Result<(), Unfit> {
        let is_known = !found.least.is_empty();
        let mut open: Vec<usize> = (0..self.regions.len()).filter(|_| is_known).collect();
        let streets = open.iter().flat_map(|&at| &self.regions[at]).copied();
        let short = self.shortest(streets, scarce, duties);
        let further = self.scarce_in_flows(town, &short, false, options.threads);
        let joined: HashSet<usize> = further.difference(scarce).map(|&need| self.part_of(need)).collect();
        scarce.extend(further);
        open.retain(|&at| found.least[at].is_none() || self.regions[at].iter().any(|part| joined.contains(part)));
        // The largest first, so that threads end together.
        open.sort_by_key(|&at| std::cmp::Reverse(self.regions[at].len()));
        let (now, needs): (&[Vec<NeedIx>], &HashSet<NeedIx>) = (duties, scarce);
        let loads = Loads::new(self.network, now);
        let regions = parallel(options.threads, open.len(), |at| {
            let parts = &self.regions[open[at]];
            let (least, near) = self.relaxed_in(parts, needs, now, watch);
            let better = near.map(|near| self.around_near(town, parts, &near, (now, &loads), watch));
            Ok((least, better.transpose()?.flatten()))
        });
        for (&at, region) in open.iter().zip(regions) {
            let (least, better): Found = region?;
            if least > found.least[at] {
                (found.least[at], found.is_of_programme[at]) = (least, false);
            }
            for (person, needs) in better.into_iter().flatten() {
                duties[person.index()] = needs;
            }
        }
        Ok(())
    }

    /// Streets that are short at posts which are not thought scarce: those that lack most, and together nearly all that
    /// is lacking.
    fn shortest(
        &self,
        streets: impl Iterator<Item = usize>,
        scarce: &HashSet<NeedIx>,
        duties: &[Vec<NeedIx>],
    ) -> Vec<usize> {
        let lacks = |part: usize| {
            let short = self.short(part, duties);
            let others = short.filter(|need| !scarce.contains(need) && !self.asks_for_skill(*need));
            others.map(|need| i64::from(self.network.problem.needs[need.index()].priority)).sum::<i64>()
        };
        let mut short: Vec<(i64, usize)> =
            streets.map(|part| (lacks(part), part)).filter(|&(lack, _)| lack > 0).collect();
        short.sort_unstable_by_key(|&(lack, part)| (std::cmp::Reverse(lack), part));
        let all: i64 = short.iter().map(|&(lack, _)| lack).sum();
        let mut left = all / LEAST_LACK;
        while let Some(&(lack, _)) = short.last().filter(|&&(lack, _)| lack <= left) {
            left -= lack;
            short.pop();
        }
        short.into_iter().map(|(_, part)| part).collect()
    }

    /// The linear programme of a region: a scaled bound of tier 1, and duties near its point beside the receptions that
    /// are held; multipliers of a programme that comes to no end in time still prove something.
    fn relaxed_in(
        &self,
        parts: &[usize],
        scarce: &HashSet<NeedIx>,
        now: &[Vec<NeedIx>],
        watch: &Watch<'_>,
    ) -> (Option<i128>, Option<Vec<(PersonIx, NeedIx)>>) {
        if watch.is_over() {
            return (None, None);
        }
        let spec = self.spec_of(parts, scarce, Vec::new());
        if spec.needs.is_empty() {
            return (Some(0), None);
        }
        let model = PartModel::build(self.network, &spec);
        let mut programme = Programme::new(&model);
        let seconds = watch.seconds_until(PROGRAMME_SHARE);
        let Some(point) = programme.solve_within([1.0, NUDGE, NUDGE], seconds) else { return (None, None) };
        let bound = model.linear.lagrangian(STAGES[0], &point.multipliers, &[]);
        let step = i128::from(self.tier1_step().max(1)) * bound_scale();
        let least = (bound + step - 1).div_euclid(step) * step;
        let near = (point.is_optimal && !watch.is_past(DIVE_SHARE)).then(|| {
            let barred = self.beside_seats(&model, now);
            let chosen = programme.dive((self.network, &model), point, &barred, &|| watch.is_past(DIVE_SHARE));
            self.least_duties(&model, &chosen)
        });
        (Some(least), near)
    }

    /// Pairs that are in the way of the seats which their people have in a roster.
    fn beside_seats(&self, model: &PartModel, now: &[Vec<NeedIx>]) -> Vec<usize> {
        let network = self.network;
        let is_in_way = |pair: &Pair| {
            let rest = network.settings.min_rest_minutes(&network.problem.people[pair.person.index()]);
            let seats = now[pair.person.index()].iter().filter(|&&need| self.is_seat(need));
            let mut seats = seats.filter_map(|&seat| network.post(seat));
            let post = network.post(pair.need);
            post.is_some_and(|post| seats.any(|seat| network.clash(rest, seat, post).is_some()))
        };
        (0..model.pairs.len()).filter(|&at| is_in_way(&model.pairs[at])).collect()
    }

    /// A region's roster with these duties, then with what people do now as far as that goes with them, then with chains;
    /// `None` where it is no better in tier 1.
    fn around_near(
        &self,
        town: Option<&Town>,
        parts: &[usize],
        near: &[(PersonIx, NeedIx)],
        (now, loads): (&[Vec<NeedIx>], &Loads),
        watch: &Watch<'_>,
    ) -> Result<Option<Duties>, Unfit> {
        let spec = self.among(parts, now, loads, |_| true);
        let mut bench = Bench::new(self.network, &spec, town).ok_or(Unfit)?;
        bench.load(&|person| now[person.index()].clone());
        let before = bench.costs();
        let mut bench = Bench::new(self.network, &spec, town).ok_or(Unfit)?;
        let mut own: Vec<Vec<NeedIx>> = vec![Vec::new(); now.len()];
        for &(person, need) in near {
            own[person.index()].push(need);
        }
        bench.load_most(&|person| own[person.index()].clone());
        bench.load_most(&|person| now[person.index()].clone());
        bench.fill_by_chains(true, &|| watch.is_past(CHAINS_SHARE));
        Ok((bench.costs()[0] < before[0]).then(|| bench.duties().collect()))
    }
}
