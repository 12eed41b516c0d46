//! The whole problem by person-weeks: streets in parallel, people of several streets over all of them, and between the
//! two halves of the search the bounds, so that it ends when they are close enough.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use super::bench::{Bench, Guide};
use super::bound::STAGES;
use super::price::Week;
use super::prove::Prover;
use super::roster::Roster;
use super::town::Town;
use crate::columns::Random;
use crate::control::Options;
use crate::problem::{NeedIx, PersonIx};
use crate::search::city::{City, CityResult, Loads, Pass, Proofs, Watch, parallel};
use crate::search::stopping::{is_close, standing};

/// Seconds of computing for a street from which its roster begins with a dive.
const ROOMY: f64 = 1.2;
/// Shares of the time limit after which rosters are left as they are: before the bounds are sought, and after.
const UNTIL: [f64; 2] = [0.6, 0.97];
/// Visits of every street before the bounds are sought, and after.
const VISITS: [usize; 2] = [2, 3];
/// Rounds of everybody planning in turn, at the start of a visit.
const ROUNDS: usize = 3;
/// Moves of groups for each second of computing that the time limit leaves to a street, in each visit.
const MOVES_PER_SECOND: f64 = 700.0;
/// Least and most moves in a visit, for each person.
const MOVES: [f64; 2] = [3.0, 60.0];
/// Moves in a visit of the people of several streets, for each of them.
const MOVES_TO_SHARE: usize = 4;
/// Moves without a gain after which a street's roster stands, per person of the street.
const PATIENCE: usize = 20;

/// What every visit needs to know.
#[derive(Clone, Copy)]
struct Plan<'t> {
    town: &'t Town,
    options: &'t Options,
    watch: &'t Watch<'t>,
    /// Prices to plan by, once there are any.
    guide: Option<&'t Guide>,
    tell: &'t (dyn Fn(usize) + Sync),
}

/// Weeks that people change to.
type Changes = Vec<(PersonIx, Week)>;

impl City<'_, '_> {
    /// Rosters and bounds by person-weeks, or `None` when somebody's rules do not fit them.
    #[must_use]
    pub fn search_weeks(&self, options: &Options, watch: &Watch<'_>) -> Option<CityResult> {
        let town = Town::new(self.network, self, options.threads)?;
        let mut roster = Roster::idle(&town);
        let visits: usize = VISITS.iter().sum();
        let steps = (visits + 1) * self.parts();
        let done = AtomicUsize::new(0);
        let tell = |count: usize| {
            let done = done.fetch_add(count, Ordering::Relaxed) + count;
            watch.report("parts", done, steps);
        };
        let started = Instant::now();
        let plan = Plan { town: &town, options, watch, guide: None, tell: &tell };
        self.visit(&plan, &mut roster, 0);
        let quality = Prover::new(&town, self, &roster, options, watch).prove_quality();
        let guide = quality.1.guide(STAGES[2]);
        let plan = Plan { guide: Some(&guide), ..plan };
        for visit in 1..VISITS[0] {
            self.visit(&plan, &mut roster, visit);
        }
        let mut search_seconds = started.elapsed().as_secs_f64();
        let started = Instant::now();
        let stages = Prover::new(&town, self, &roster, options, watch).prove(quality);
        tell(self.parts());
        let proof_seconds = started.elapsed().as_secs_f64() * options.threads as f64;
        let started = Instant::now();
        for visit in VISITS[0]..visits {
            let (value, bound) = standing(self.network, &roster.duties(&town), &Proofs::Stages(stages));
            watch.report_values(done.load(Ordering::Relaxed), steps, value, bound);
            if is_close(value, bound, options.gap_limits) || watch.is_past(UNTIL[1]) {
                break;
            }
            self.visit(&plan, &mut roster, visit);
        }
        search_seconds = (search_seconds + started.elapsed().as_secs_f64()) * options.threads as f64;
        let stopped = watch.is_over();
        let duties = roster.duties(&town);
        Some(CityResult { duties, proofs: Proofs::Stages(stages), proof_seconds, search_seconds, stopped })
    }

    /// Every street plans again, then the people of several streets over all of theirs.
    fn visit(&self, plan: &Plan<'_>, roster: &mut Roster, visit: usize) {
        let town = plan.town;
        let now: &Roster = roster;
        let changes = parallel(plan.options.threads, self.parts(), |part| {
            let changes = self.plan_street(plan, now, (part, visit));
            (plan.tell)(1);
            changes
        });
        for (person, week) in changes.into_iter().flatten() {
            roster.put(town, person, week);
        }
        let now: &Roster = roster;
        let changes =
            parallel(plan.options.threads, self.regions.len(), |at| self.plan_shared(plan, now, (at, visit)));
        for (person, week) in changes.into_iter().flatten() {
            roster.put(town, person, week);
        }
    }

    /// A better roster of a street by the people who live there; what they do elsewhere stays.
    fn plan_street(&self, plan: &Plan<'_>, roster: &Roster, (part, visit): (usize, usize)) -> Changes {
        let &Plan { town, options, watch, guide, .. } = plan;
        let until = UNTIL[usize::from(visit >= VISITS[0])];
        if watch.is_past(until) {
            return Vec::new();
        }
        let desk_of = |need| self.desk_in(part, need);
        let mut bench = Bench::new(town, roster, self.residents(part), self.needs(part).to_vec(), desk_of);
        let before = bench.costs();
        let mut random = random(options, part, visit);
        if let Some(guide) = guide.filter(|_| visit == 1) {
            if self.seconds_for_a_street(options) >= ROOMY {
                self.dive(&mut bench, part, roster.duties(town), watch);
            } else {
                bench.begin(&mut random, guide);
            }
        }
        bench.settle(&mut random, ROUNDS);
        let people = bench.people();
        let moves = (self.seconds_for_a_street(options) * MOVES_PER_SECOND)
            .clamp(MOVES[0] * people as f64, MOVES[1] * people as f64);
        // Without prices a roster only shows where to look for them.
        let moves = if guide.is_some() { whole(moves) } else { 0 };
        bench.improve(&mut random, (moves, PATIENCE * people), guide, &|| watch.is_past(until));
        if bench.costs() < before { bench.into_weeks().collect() } else { Vec::new() }
    }

    /// A street's roster by a dive in its linear programme, others as they are.
    fn dive(&self, bench: &mut Bench<'_>, part: usize, duties: Vec<Vec<NeedIx>>, watch: &Watch<'_>) {
        let loads = Loads::new(self.network, &duties);
        if let Some(chosen) = self.improve(part, &duties, &loads, Pass::Residents, watch) {
            bench.load(&chosen);
        }
    }

    /// People who serve in several streets of a region plan again over all of them, everybody else as they are.
    fn plan_shared(&self, plan: &Plan<'_>, roster: &Roster, (region, visit): (usize, usize)) -> Changes {
        let &Plan { town, options, watch, guide, .. } = plan;
        let until = UNTIL[usize::from(visit >= VISITS[0])];
        let parts = &self.regions[region];
        let people: Vec<PersonIx> = parts
            .iter()
            .flat_map(|&part| self.residents(part))
            .copied()
            .filter(|person| self.is_shared(person.index()))
            .collect();
        if people.is_empty() || watch.is_past(until) {
            return Vec::new();
        }
        let needs: Vec<_> = parts.iter().flat_map(|&part| self.needs(part)).copied().collect();
        let mut desks = vec![u32::MAX; town.desks.len()];
        for (need, at) in needs.iter().zip(0..) {
            desks[need.index()] = at;
        }
        let desk_of = |need: NeedIx| Some(desks[need.index()]).filter(|&at| at != u32::MAX);
        let mut bench = Bench::new(town, roster, &people, needs, desk_of);
        let before = bench.costs();
        let mut random = random(options, parts[0], visit + (1 << 16));
        bench.settle(&mut random, ROUNDS);
        let moves = MOVES_TO_SHARE * people.len();
        let patience = PATIENCE * people.len();
        bench.improve(&mut random, (moves, patience), guide, &|| watch.is_past(until));
        if bench.costs() < before { bench.into_weeks().collect() } else { Vec::new() }
    }

    /// Seconds of computing that the time limit leaves to a street. What depends on it depends on the options alone,
    /// so that the same input gives the same roster.
    pub(super) fn seconds_for_a_street(&self, options: &Options) -> f64 {
        let parts = self.parts().max(1);
        options.time_limit.as_secs_f64() * options.threads.min(parts) as f64 / parts as f64
    }
}

fn random(options: &Options, part: usize, visit: usize) -> Random {
    Random::new(options.seed.wrapping_mul(1_000_003).wrapping_add(part as u64).wrapping_add((visit as u64) << 32))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small positive number")]
pub(super) fn whole(number: f64) -> usize {
    number as usize
}
