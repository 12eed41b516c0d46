//! The whole problem by person-weeks: rosters that begin as cheapest flows, street by street, and grow better as people
//! plan again.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread::ScopedJoinHandle;
use std::time::Instant;

use super::bound::StageBounds;
use super::flow::StreetFlow;
use super::improve::Bench;
use super::town::Town;
use crate::columns::Random;
use crate::control::Options;
use crate::model::part::PartSpec;
use crate::problem::{NeedIx, PersonIx};
use crate::search::city::{City, CityResult, Pass, Proofs, SEARCH_SHARE};
use crate::search::finish::Finished;
use crate::search::loads::Loads;
use crate::search::stopping::{is_close, standing, value_of};
use crate::search::watch::{Watch, parallel};

/// Share of the time limit after which rosters are left as they are.
const ROSTER_SHARE: f64 = 0.97;
/// Shares of the time limit after which chains wait until bounds are sought, those for tier 1 and those for tier 2 too: where
/// there is time for the streets' linear programmes, and where there is not.
const FIRST_CHAINS_SHARES: [(f64, f64); 2] = [(0.53, 0.3), (0.75, 0.5)];
/// Share that chains for tier 1 have however late the first roster stands, up to this one: residents come before proofs.
const LEAST_CHAINS_SHARE: f64 = 0.2;
const LATEST_CHAINS_SHARE: f64 = 0.88;
/// The same of chains for tier 2 too.
const LEAST_FURTHER_CHAINS_SHARE: f64 = 0.1;
/// Seconds of computing for a street from which on there is.
const ROOMY: f64 = 1.5;
/// Rounds of people planning in turn before groups of them plan again.
const ROUNDS: usize = 3;
/// Moves of groups for each person while a first roster is sought in turn: most, and for each second of computing that
/// the time limit leaves to a street.
const MOVES_IN_TURN: (f64, f64) = (5.0, 1.0);
/// Moves of groups for each person while shared people plan over all their streets.
const MOVES_TO_SHARE: usize = 20;
/// Seconds of computing for a street that a further round of everybody planning again is worth.
const SECONDS_PER_ROUND: f64 = 1.5;
/// Most such rounds.
const MOST_ROUNDS: f64 = 4.0;
/// Moves without a gain after which a street's roster stands, per person of the street.
const PATIENCE: usize = 15;
/// Moves for each person and each second of computing that the time limit leaves to a street.
const MOVES_PER_SECOND: f64 = 10.0;
/// Most moves in one visit of a street, per person.
const MOST_MOVES: f64 = 90.0;
/// The same where there is one street only: further ones gain a little of tier 3, and somebody waits for the roster.
const MOST_MOVES_ALONE: f64 = 20.0;

/// Somebody's rules do not fit a [`PersonWeek`].
pub(super) struct Unfit;

/// A roster of a part.
pub(super) type Chosen = Vec<(PersonIx, NeedIx)>;

impl City<'_, '_> {
    /// Rosters and bounds by person-weeks, or `None` when somebody's rules do not fit them.
    #[must_use]
    pub fn search_weeks(&self, options: &Options, watch: &Watch<'_>) -> Option<CityResult> {
        let count = self.parts();
        let town = Town::new(self.network, self, options.threads);
        let town = town.as_ref();
        let mut needs = self.scarce(town, options);
        let steps = (2 + self.rounds(options)) * count;
        let done = AtomicUsize::new(0);
        let tell = || watch.report("parts", done.fetch_add(1, Ordering::Relaxed) + 1, steps);
        // First everybody at home, with the people of several streets kept free; then chains bring people to where they
        // are missing, over all streets; last everybody plans again and serves wherever it helps. Waves hold no neighbours.
        let everywhere: Vec<usize> = (0..count).collect();
        let first = [(Pass::Residents, everywhere, 0)];
        let second = (0..self.rounds(options))
            .flat_map(|round| self.waves.iter().map(move |wave| (Pass::Everyone, wave.clone(), round)));
        let mut search_seconds = 0.0;
        let mut stages = None;
        let mut shared_in = None;
        let proof_seconds = Mutex::new(0.0);
        let prove = |duties: &[Vec<NeedIx>], threads: usize| {
            let started = Instant::now();
            let found = self.prices(duties, town, (options, threads), watch, &tell);
            let seconds = started.elapsed().as_secs_f64() * threads as f64;
            *proof_seconds.lock().unwrap_or_else(PoisonError::into_inner) = seconds;
            found
        };
        // With threads that regions leave idle the bounds are sought beside the rosters, and the first round does not wait
        // for them.
        let spare = options.threads.saturating_sub(self.regions.len());
        let mut duties = Vec::new();
        std::thread::scope(|scope| {
            let mut beside = (spare > 0).then(|| scope.spawn(|| prove(&[], spare)));
            let mut scarce = self.serve_scarce(&needs, options, watch);
            duties = self.first_duties(&scarce.duties, |part| !scarce.is_decided[part]);
            let tell_values = |duties: &[Vec<NeedIx>], stages: StageBounds| {
                let (value, bound) = standing(self.network, duties, &Proofs::Stages(stages));
                watch.report_values("improve", (done.load(Ordering::Relaxed), steps), value, Some(bound));
                is_close(value, bound, options.gap_limits)
            };
            let mut bounds = |duties: &[Vec<NeedIx>]| match beside.take().map(ScopedJoinHandle::join) {
                None => prove(duties, options.threads),
                Some(found) => found.unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            };
            for (pass, wave, round) in first.into_iter().chain(second) {
                if pass == Pass::Everyone && shared_in != Some(round) {
                    self.fill_by_chains(town, (round, true), &mut duties, options, watch).ok()?;
                    if shared_in.is_none() {
                        // Nothing is proven yet, but there is a roster.
                        let value = value_of(self.network, &duties);
                        watch.report_values("parts", (done.load(Ordering::Relaxed), steps), value, None);
                        self.serve_wider(&mut needs, &mut scarce, town, &mut duties, options, watch).ok()?;
                        self.plan_in_turn(town, &mut duties, options, watch).ok()?;
                        self.serve_relaxed(&mut needs, &mut scarce, town, &mut duties, options, watch).ok()?;
                        self.free_hosts(town, &scarce.is_decided, &mut duties, options, watch).ok()?;
                        self.serve_again(&needs, &mut duties, options, watch);
                    }
                    self.fill_by_chains(town, (round, false), &mut duties, options, watch).ok()?;
                }
                if pass == Pass::Everyone && stages.is_none() && (round > 0 || spare == 0) {
                    stages = Some(scarce.with(bounds(&duties)?));
                }
                if pass == Pass::Everyone && stages.is_some_and(|stages| tell_values(&duties, stages)) {
                    break;
                }
                if pass == Pass::Everyone && shared_in != Some(round) {
                    shared_in = Some(round);
                    self.share_out(town, round, &mut duties, options, watch).ok()?;
                }
                let loads = Loads::new(self.network, &duties);
                let found = parallel(options.threads, wave.len(), |at| {
                    let started = Instant::now();
                    let chosen = match pass {
                        Pass::Everyone => self.again(town, (wave[at], round), &duties, &loads, options, watch),
                        _ => self.begin(town, wave[at], &duties, &loads).map(Some),
                    };
                    tell();
                    (chosen, started.elapsed().as_secs_f64())
                });
                for (&part, (chosen, seconds)) in wave.iter().zip(found) {
                    search_seconds += seconds;
                    if let Some(chosen) = chosen.ok()? {
                        self.replace((part, pass), chosen, &mut duties);
                    }
                }
            }
            if stages.is_none() {
                stages = Some(scarce.with(bounds(&duties)?));
                stages.map(|stages| tell_values(&duties, stages));
            }
            Some(())
        })?;
        let stages = stages?;
        for needs in &mut duties {
            needs.sort_unstable();
        }
        let stopped = watch.is_over();
        let proof_seconds = proof_seconds.into_inner().unwrap_or_else(PoisonError::into_inner);
        Some(CityResult {
            duties,
            proofs: Proofs::Stages(stages),
            proof_seconds,
            search_seconds,
            stopped,
            finished: Finished::NOTHING,
        })
    }

    /// A better roster of a street and its guests, the rest as it is; `None` when there is no time for it.
    fn again(
        &self,
        town: Option<&Town>,
        (part, round): (usize, usize),
        duties: &[Vec<NeedIx>],
        loads: &Loads,
        options: &Options,
        watch: &Watch<'_>,
    ) -> Result<Option<Chosen>, Unfit> {
        if watch.is_past(ROSTER_SHARE) {
            return Ok(None);
        }
        let spec = self.around(part, duties, loads, Pass::Everyone);
        let mut bench = Bench::new(self.network, &spec, town).ok_or(Unfit)?;
        bench.load(&|person| duties[person.index()].clone());
        let before = bench.costs();
        self.better(random(options, part, round), &mut bench, spec.members.len(), options, watch);
        Ok((bench.costs() <= before).then(|| chosen(&bench)))
    }

    /// The first roster of a street: its cheapest flow. Nobody plans again yet, for people would leave what is scarce for
    /// what chains find others for.
    pub(super) fn begin(
        &self,
        town: Option<&Town>,
        part: usize,
        duties: &[Vec<NeedIx>],
        loads: &Loads,
    ) -> Result<Chosen, Unfit> {
        let spec = self.around(part, duties, loads, Pass::Residents);
        let mut bench = Bench::new(self.network, &spec, town).ok_or(Unfit)?;
        bench.load(&|person| duties[person.index()].clone());
        match town {
            Some(town) => self.load_flow(&mut bench, town, part, &spec, duties),
            None => bench.settle(&mut Random::new(part as u64), ROUNDS),
        }
        Ok(chosen(&bench))
    }

    /// People of every street plan in turn, guests as they are.
    fn plan_in_turn(
        &self,
        town: Option<&Town>,
        duties: &mut [Vec<NeedIx>],
        options: &Options,
        watch: &Watch<'_>,
    ) -> Result<(), Unfit> {
        let loads = Loads::new(self.network, duties);
        let now: &[Vec<NeedIx>] = duties;
        let found = parallel(options.threads, self.parts(), |part| {
            let spec = self.around(part, now, &loads, Pass::Residents);
            let mut bench = Bench::new(self.network, &spec, town).ok_or(Unfit)?;
            bench.load(&|person| now[person.index()].clone());
            let mut random = random(options, part, 0);
            bench.settle(&mut random, ROUNDS);
            if !watch.is_past(SEARCH_SHARE) {
                let people = spec.members.len();
                let (most, a_second) = MOVES_IN_TURN;
                let moves = (self.seconds_for_a_street(options) * a_second).min(most) * people as f64;
                bench.improve(&mut random, whole(moves), PATIENCE * people, &|| watch.is_past(SEARCH_SHARE));
            }
            Ok(chosen(&bench))
        });
        for (part, chosen) in found.into_iter().enumerate() {
            self.replace((part, Pass::Residents), chosen?, duties);
        }
        Ok(())
    }

    /// Seats people as in the cheapest flow of a street beside the duties that they have.
    fn load_flow(&self, bench: &mut Bench<'_, '_>, town: &Town, part: usize, spec: &PartSpec, duties: &[Vec<NeedIx>]) {
        let mut around = spec.clone();
        for member in &mut around.members {
            let has = duties[member.person.index()].iter().copied();
            let further: Vec<NeedIx> = has.filter(|need| !member.kept.contains(need)).collect();
            member.kept.extend(further);
        }
        let mut street = StreetFlow::new(self.network, town, part, &around);
        street.solve_in_order(town, &around, 0);
        let mut found: HashMap<PersonIx, Vec<NeedIx>> = HashMap::new();
        for (person, need) in street.duties() {
            found.entry(person).or_default().push(need);
        }
        bench.load_most(&|person| found.get(&person).cloned().unwrap_or_default());
    }

    /// Gives up receptions where residents' minimums are served better without them: whether somebody else can hold
    /// them is looked at once the rosters stand.
    fn free_hosts(
        &self,
        town: Option<&Town>,
        is_decided: &[bool],
        duties: &mut [Vec<NeedIx>],
        options: &Options,
        watch: &Watch<'_>,
    ) -> Result<(), Unfit> {
        for wave in &self.waves {
            let loads = Loads::new(self.network, duties);
            let now: &[Vec<NeedIx>] = duties;
            let found = parallel(options.threads, wave.len(), |at| {
                let is_open = !is_decided[wave[at]] && !watch.is_past(SEARCH_SHARE);
                let is_due = is_open && self.lacks_minimum(wave[at], now);
                if is_due { self.without_seats(town, wave[at], now, &loads, options, watch) } else { Ok(None) }
            });
            for (&part, found) in wave.iter().zip(found) {
                if let Some(better) = found? {
                    self.replace((part, Pass::Minimums), better, duties);
                }
            }
        }
        Ok(())
    }

    /// A roster of a street that is better in tier 1 without some receptions, few of them.
    fn without_seats(
        &self,
        town: Option<&Town>,
        part: usize,
        duties: &[Vec<NeedIx>],
        loads: &Loads,
        options: &Options,
        watch: &Watch<'_>,
    ) -> Result<Option<Chosen>, Unfit> {
        let by_reception = self.seats_in(part);
        if by_reception.is_empty() {
            return Ok(None);
        }
        let spec = self.around(part, duties, loads, Pass::Minimums);
        let replan = |given_up: &HashSet<NeedIx>| {
            let mut spec = spec.clone();
            for member in &mut spec.members {
                member.kept.retain(|need| !given_up.contains(need));
            }
            let mut bench = Bench::new(self.network, &spec, town).ok_or(Unfit)?;
            bench.load(&|person| {
                duties[person.index()].iter().copied().filter(|need| !given_up.contains(need)).collect()
            });
            let mut random = random(options, part, 0);
            bench.settle(&mut random, ROUNDS);
            let people = spec.members.len();
            bench.improve(&mut random, people, people, &|| watch.is_past(ROSTER_SHARE));
            Ok((bench.costs()[0], chosen(&bench)))
        };
        let (least, _) = replan(&HashSet::new())?;
        let mut given_up: HashSet<NeedIx> = by_reception.iter().flatten().copied().collect();
        let mut best = replan(&given_up)?;
        if best.0 >= least {
            return Ok(None);
        }
        for seats in &by_reception {
            let mut fewer = given_up.clone();
            fewer.retain(|need| !seats.contains(need));
            let found = replan(&fewer)?;
            if found.0 <= best.0 {
                (best, given_up) = (found, fewer);
            }
        }
        Ok(Some(best.1))
    }

    /// Fills posts that are short by chains of people, over all streets of a region.
    pub(super) fn fill_by_chains(
        &self,
        town: Option<&Town>,
        (round, is_first_alone): (usize, bool),
        duties: &mut [Vec<NeedIx>],
        options: &Options,
        watch: &Watch<'_>,
    ) -> Result<(), Unfit> {
        let first = FIRST_CHAINS_SHARES[usize::from(self.seconds_for_a_street(options) < ROOMY)];
        let share = match (round, is_first_alone) {
            (0, true) => first.0.max((watch.used() + LEAST_CHAINS_SHARE).min(LATEST_CHAINS_SHARE)),
            (0, false) => first.1.max((watch.used() + LEAST_FURTHER_CHAINS_SHARE).min(LATEST_CHAINS_SHARE)),
            _ => ROSTER_SHARE,
        };
        if watch.is_past(share) {
            return Ok(());
        }
        let loads = Loads::new(self.network, duties);
        let now: &[Vec<NeedIx>] = duties;
        let found = parallel(options.threads, self.regions.len(), |at| {
            let spec = self.among(&self.regions[at], now, &loads, |_| true);
            let mut bench = Bench::new(self.network, &spec, town).ok_or(Unfit)?;
            bench.load(&|person| now[person.index()].clone());
            bench.fill_by_chains(is_first_alone, &|| watch.is_past(share));
            Ok(bench.duties().collect::<Vec<_>>())
        });
        for found in found {
            for (person, needs) in found? {
                duties[person.index()] = needs;
            }
        }
        Ok(())
    }

    /// People who serve in several streets plan again over all of them, everybody else as they are.
    fn share_out(
        &self,
        town: Option<&Town>,
        round: usize,
        duties: &mut [Vec<NeedIx>],
        options: &Options,
        watch: &Watch<'_>,
    ) -> Result<(), Unfit> {
        let loads = Loads::new(self.network, duties);
        let now: &[Vec<NeedIx>] = duties;
        let found = parallel(options.threads, self.regions.len(), |at| {
            let parts = &self.regions[at];
            let spec = self.sharing(parts, now, &loads);
            if spec.members.is_empty() || watch.is_past(ROSTER_SHARE) {
                return Ok(Vec::new());
            }
            let mut bench = Bench::new(self.network, &spec, town).ok_or(Unfit)?;
            for person in self.settled(parts) {
                bench.seat_outsider(person, &now[person.index()]);
            }
            bench.load(&|person| now[person.index()].clone());
            let before = bench.costs();
            let mut random = random(options, parts[0], round);
            bench.settle(&mut random, ROUNDS);
            let people = spec.members.len();
            bench.improve(&mut random, MOVES_TO_SHARE * people, PATIENCE * people, &|| watch.is_past(ROSTER_SHARE));
            Ok(if bench.costs() <= before { bench.duties().collect() } else { Vec::new() })
        });
        for found in found {
            for (person, needs) in found? {
                duties[person.index()] = needs;
            }
        }
        Ok(())
    }

    /// Rounds of everybody planning again: more where people are shared and time is left.
    fn rounds(&self, options: &Options) -> usize {
        let is_joined = self.regions.iter().any(|region| region.len() > 1);
        if is_joined {
            whole((self.seconds_for_a_street(options) / SECONDS_PER_ROUND).clamp(1.0, MOST_ROUNDS))
        } else {
            1
        }
    }

    /// Seconds of computing that the time limit leaves to a street. What depends on it depends on the options alone,
    /// so that the same input gives the same roster.
    pub(super) fn seconds_for_a_street(&self, options: &Options) -> f64 {
        options.time_limit.as_secs_f64() * options.threads as f64 / self.parts().max(1) as f64
    }

    fn better(
        &self,
        mut random: Random,
        bench: &mut Bench<'_, '_>,
        people: usize,
        options: &Options,
        watch: &Watch<'_>,
    ) {
        bench.settle(&mut random, ROUNDS);
        let most = if self.parts() == 1 { MOST_MOVES_ALONE } else { MOST_MOVES };
        let moves = (self.seconds_for_a_street(options) * MOVES_PER_SECOND).clamp(4.0, most) * people as f64;
        bench.improve(&mut random, whole(moves), PATIENCE * people, &|| watch.is_past(ROSTER_SHARE));
    }
}

fn random(options: &Options, part: usize, round: usize) -> Random {
    Random::new(options.seed.wrapping_mul(1_000_003).wrapping_add(part as u64).wrapping_add((round as u64) << 32))
}

fn chosen(bench: &Bench<'_, '_>) -> Chosen {
    bench.duties().flat_map(|(person, needs)| needs.into_iter().map(move |need| (person, need))).collect()
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small positive number")]
pub(super) fn whole(moves: f64) -> usize {
    moves as usize
}
