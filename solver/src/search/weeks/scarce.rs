//! Tier 1 where it is decided: the posts at which somebody is scarce, the cases that compete for them, and the receptions
//! that take their people's time.
//!
//! Few people have a skill, so that the posts which ask for one decide most of tier 1, and with the posts and cases at
//! which streets' flows find a head worth something they decide nearly all. One integer programme over all of a region's
//! streets, shared people in one piece, is small enough to be solved: its duties are the first of the region's roster, and
//! its optimum is a bound of tier 1. Where it takes too long, its linear programme serves instead ([`super::relaxed`]).

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::bound::StageBounds;
use super::flow::StreetFlow;
use super::town::Town;
use crate::control::Options;
use crate::model::candidates::PostFacts;
use crate::model::linear::bound_scale;
use crate::model::part::{Member, PartModel, PartSpec, Role};
use crate::problem::{CaseIx, NeedIx, PersonIx, ReceptionIx, RuleCode, Span, VenueIx};
use crate::search::city::City;
use crate::search::linear_solver::{IntegerLimits, Weights, solve_integer};
use crate::search::watch::{Pending, Watch, parallel};

/// Share of the time left that the integer programmes of all regions may take.
const SHARE: f64 = 0.4;
/// The same where they are solved again around a roster.
const SHARE_AGAIN: f64 = 0.12;
/// Seconds for a street up to which a region has no integer programme.
const LEAST_SECONDS: f64 = 0.4;
/// Most streets of an integer programme.
const MOST_STREETS: usize = 14;
/// What all receptions together weigh in it, or tier 2 around a roster, in steps of tier 1: less than one.
const RECEPTIONS: f64 = 0.9;

/// Seconds of computing for a street from which on what is scarce is looked for without people from elsewhere.
const SECONDS_WITHOUT_GUESTS: f64 = 3.0;

/// What the programmes of all regions say.
#[derive(Debug, Default)]
pub struct Scarce {
    /// By region: least tier 1, scaled, as far as a programme says so.
    pub least: Vec<Option<i128>>,
    /// By region: whether that is of an integer programme.
    pub is_of_programme: Vec<bool>,
    /// Duties that serve residents best.
    pub duties: Vec<(PersonIx, NeedIx)>,
    /// By part: whether its region's duties are among these, the seats of its receptions too.
    pub is_decided: Vec<bool>,
}

impl Scarce {
    /// Other bounds, with the better one of tier 1.
    #[must_use]
    pub fn with(&self, mut bounds: StageBounds) -> StageBounds {
        // No rule rewards: a region of which nothing is proven costs nothing at least.
        let least: i128 = self.least.iter().flatten().sum();
        if !self.least.is_empty() && least >= bounds.stages[0] {
            bounds.stages[0] = least;
            bounds.is_first_of_programmes = self.is_of_programme.iter().all(|&is_proven| is_proven);
        }
        bounds
    }
}

impl City<'_, '_> {
    /// Posts and cases at which a head more is worth something in tier 1 in the cheapest flows of streets whose region has
    /// an integer programme; nothing without a town. With time to spare flows leave out people from elsewhere: more is
    /// scarce then.
    pub(super) fn scarce(&self, town: Option<&Town>, options: &Options) -> HashSet<NeedIx> {
        let has_guests = self.seconds_for_a_street(options) < SECONDS_WITHOUT_GUESTS;
        let tried = self.regions.iter().filter(|region| self.is_tried(region, options));
        let parts: Vec<usize> = tried.flatten().copied().collect();
        self.scarce_in_flows(town, &parts, has_guests, options.threads)
    }

    /// Whether a region has an integer programme: it is not too large, and the time limit leaves enough for it.
    fn is_tried(&self, region: &[usize], options: &Options) -> bool {
        let at_once = options.threads.min(self.regions.len()).max(1) as f64;
        let for_a_street = options.time_limit.as_secs_f64() * SHARE * at_once / self.parts().max(1) as f64;
        region.len() <= MOST_STREETS && for_a_street > LEAST_SECONDS
    }

    /// The same in some streets, with or without people from elsewhere.
    pub(super) fn scarce_in_flows(
        &self,
        town: Option<&Town>,
        parts: &[usize],
        has_guests: bool,
        threads: usize,
    ) -> HashSet<NeedIx> {
        let Some(town) = town else { return HashSet::new() };
        let found = parallel(threads, parts.len(), |at| {
            let mut street = self.priced(parts[at]);
            street.members.retain(|member| has_guests || member.role != Role::Guest);
            let mut flow = StreetFlow::new(self.network, town, parts[at], &street);
            flow.solve_in_order(town, &street, 1);
            flow.scarce().collect::<Vec<NeedIx>>()
        });
        found.into_iter().flatten().collect()
    }

    /// Solves the programmes over the posts that ask for a skill and over these needs.
    #[must_use]
    pub(super) fn serve_scarce(&self, scarce: &HashSet<NeedIx>, options: &Options, watch: &Watch<'_>) -> Scarce {
        let mut all = Scarce { is_decided: vec![false; self.parts()], ..Scarce::default() };
        if !self.tier1_is_of_needs() {
            return all;
        }
        let limits = self.limits(&self.regions, SHARE, options, watch);
        // The largest first, so that threads end together.
        let mut order: Vec<usize> = (0..self.regions.len()).collect();
        order.sort_by_key(|&at| std::cmp::Reverse(self.regions[at].len()));
        let found = parallel(options.threads, order.len(), |at| {
            let parts = &self.regions[order[at]];
            if self.is_tried(parts, options) {
                self.scarce_in(parts, scarce, (limits[order[at]], options.seed), watch)
            } else {
                (None, None)
            }
        });
        all.least = vec![None; self.regions.len()];
        all.is_of_programme = vec![false; self.regions.len()];
        let mut users = Vec::new();
        for (&at, (least, duties)) in order.iter().zip(found) {
            (all.least[at], all.is_of_programme[at]) = (least, least.is_some());
            let Some(duties) = duties else { continue };
            all.duties.extend(self.without_clashes(duties, &mut users));
            for &part in &self.regions[at] {
                all.is_decided[part] = true;
            }
        }
        all
    }

    /// Regions, larger ones in groups of streets.
    fn groups(&self) -> Vec<Vec<usize>> {
        let groups = self.regions.iter().flat_map(|region| {
            let count = region.len().div_ceil(MOST_STREETS).max(1);
            region.chunks(region.len().div_ceil(count).max(1)).map(<[usize]>::to_vec)
        });
        groups.collect()
    }

    /// The integer programme of a region, its receptions included: a scaled bound of tier 1, and duties; neither where
    /// it does not end in time.
    pub(super) fn scarce_in(
        &self,
        parts: &[usize],
        scarce: &HashSet<NeedIx>,
        limits: (f64, u64),
        watch: &Watch<'_>,
    ) -> (Option<i128>, Option<Vec<(PersonIx, NeedIx)>>) {
        let receptions = parts.iter().flat_map(|&part| self.receptions(part)).copied().collect();
        let spec = self.spec_of(parts, scarce, receptions);
        self.solve_scarce(&spec, limits, watch)
    }

    /// The cases of some parts that compete for somebody scarce in tier 1, and their spans.
    fn scarce_cases(&self, parts: &[usize], is_scarce: impl Fn(&NeedIx) -> bool) -> (Vec<CaseIx>, Vec<NeedIx>) {
        let facts = |case: CaseIx| &self.network.cases[case.index()];
        let counts = |&case: &CaseIx| facts(case).left[0] > 0 && facts(case).desk().as_ref().is_some_and(&is_scarce);
        let cases: Vec<CaseIx> = parts.iter().flat_map(|&part| self.cases(part)).copied().filter(counts).collect();
        let spans = cases.iter().flat_map(|&case| facts(case).options.iter().copied()).collect();
        (cases, spans)
    }

    /// Whoever lives in some parts, with what is scarce there, and these receptions.
    pub(super) fn spec_of(&self, parts: &[usize], scarce: &HashSet<NeedIx>, receptions: Vec<ReceptionIx>) -> PartSpec {
        let (cases, spans) = self.scarce_cases(parts, |need| scarce.contains(need));
        let options = receptions.iter().flat_map(|at| &self.network.problem.receptions[at.index()].options);
        let seats = options.flat_map(|option| option.seats());
        let posts = self.posts(parts, |need| scarce.contains(need));
        let needs: Vec<NeedIx> = posts.into_iter().chain(spans).chain(seats).collect();
        self.spec_with(parts, needs, cases, receptions)
    }

    /// The same with these needs and cases.
    fn spec_with(
        &self,
        parts: &[usize],
        needs: Vec<NeedIx>,
        cases: Vec<CaseIx>,
        receptions: Vec<ReceptionIx>,
    ) -> PartSpec {
        let inside: HashSet<NeedIx> = needs.iter().copied().collect();
        let members = parts.iter().flat_map(|&part| self.residents(part)).map(|&person| {
            let candidates = self.candidates(person).iter().copied().filter(|need| inside.contains(need)).collect();
            Member { person, role: Role::Whole, candidates, elsewhere: Vec::new(), kept: self.pins_of(person) }
        });
        let members = members.filter(|member| !member.candidates.is_empty() || !member.kept.is_empty()).collect();
        PartSpec { members, needs, cases, receptions, ..PartSpec::default() }
    }

    /// Keeps what people do beside the needs of a specification, and people from elsewhere at these.
    fn add_around<'a>(&'a self, spec: &mut PartSpec, duties: impl Fn(PersonIx) -> &'a [NeedIx]) {
        let problem = self.network.problem;
        let inside: HashSet<NeedIx> = spec.needs.iter().copied().collect();
        let members: HashSet<PersonIx> = spec.members.iter().map(|member| member.person).collect();
        for member in &mut spec.members {
            let own = duties(member.person);
            let stays = own.iter().copied().filter(|need| !inside.contains(need) && !member.kept.contains(need));
            let stays: Vec<NeedIx> = stays.collect();
            member.kept.extend(stays);
            let kept: Vec<&PostFacts> = member.kept.iter().filter_map(|&need| self.network.post(need)).collect();
            let rest = self.network.settings.min_rest_minutes(&problem.people[member.person.index()]);
            let is_free = |post: &PostFacts| kept.iter().all(|kept| self.network.clash(rest, kept, post).is_none());
            member.candidates.retain(|need| own.contains(need) || self.network.post(*need).is_some_and(is_free));
        }
        let others = (0..problem.people.len()).map(PersonIx::from_index).filter(|person| !members.contains(person));
        for person in others {
            let kept = self.with_pins(person, duties(person).iter().copied());
            if kept.iter().any(|need| inside.contains(need)) {
                spec.members.push(Member {
                    person,
                    role: Role::Whole,
                    candidates: Vec::new(),
                    elsewhere: Vec::new(),
                    kept,
                });
            }
        }
    }

    /// Least tier 1 of a region, and under that as many receptions as there can be: a scaled bound of tier 1 and duties.
    fn solve_scarce(
        &self,
        spec: &PartSpec,
        (seconds, seed): (f64, u64),
        watch: &Watch<'_>,
    ) -> (Option<i128>, Option<Vec<(PersonIx, NeedIx)>>) {
        let mut model = PartModel::build(self.network, spec);
        if model.pairs.is_empty() {
            return (None, None);
        }
        let is_reception: HashSet<usize> = model.unheld.iter().map(|&column| column as usize).collect();
        let mut given_up = Vec::new();
        for (at, column) in model.linear.columns.iter_mut().enumerate() {
            if is_reception.contains(&at) {
                given_up.extend(Some(column.cost[1] + column.cost[2]).filter(|&cost| cost > 0));
            } else {
                column.cost = [column.cost[0], 0, 0];
            }
        }
        let step = self.tier1_step().max(1);
        let in_receptions = RECEPTIONS * step as f64;
        let least = given_up.iter().min().copied().unwrap_or(0);
        let sum: i64 = given_up.into_iter().sum();
        let share = if sum > 0 { in_receptions / sum as f64 } else { 0.0 };
        let weights: Weights = [1.0, share, share];
        let gap = if sum > 0 { share * least as f64 } else { step as f64 } * 0.99;
        let limits = limits_of(seconds, gap, seed);
        let model = Arc::new(model);
        let lent = Arc::clone(&model);
        let solving = Pending::start(move || solve_integer(&lent.linear, weights, None, &[], None, limits));
        let Some(found) = solving.wait(watch, patience(seconds)) else { return (None, None) };
        let bound = found.bound.is_finite().then(|| {
            let proven = found.bound + model.linear.offset[0] as f64 - in_receptions;
            i128::from(round_up(proven, step)) * bound_scale()
        });
        let chosen = found.values.map(|values| values[..model.pairs.len()].iter().map(|&value| value > 0.5).collect());
        (bound, chosen.map(|chosen: Vec<bool>| self.least_duties(&model, &chosen)))
    }

    /// Solves the programmes again around a roster: duties at needs that are not scarce stay, those that are short join.
    /// What the programme finds costs no more in tier 1.
    pub(super) fn serve_again(
        &self,
        scarce: &HashSet<NeedIx>,
        duties: &mut [Vec<NeedIx>],
        options: &Options,
        watch: &Watch<'_>,
    ) {
        if !self.tier1_is_of_needs() {
            return;
        }
        let groups = self.groups();
        let limits = self.limits(&groups, SHARE_AGAIN, options, watch);
        let now: &[Vec<NeedIx>] = duties;
        let found = parallel(options.threads, groups.len(), |at| {
            if limits[at] < LEAST_SECONDS * groups[at].len() as f64 {
                return None;
            }
            self.better_around(&groups[at], scarce, now, (limits[at], options.seed), watch)
        });
        for (spec, chosen) in found.into_iter().flatten() {
            let inside: HashSet<NeedIx> = spec.needs.iter().copied().collect();
            for member in &spec.members {
                duties[member.person.index()].retain(|need| !inside.contains(need));
            }
            for (person, need) in chosen {
                if !duties[person.index()].contains(&need) {
                    duties[person.index()].push(need);
                }
            }
        }
    }

    /// A region's programme around a roster, and the duties of its members if they are better than now.
    fn better_around(
        &self,
        parts: &[usize],
        scarce: &HashSet<NeedIx>,
        duties: &[Vec<NeedIx>],
        (seconds, seed): (f64, u64),
        watch: &Watch<'_>,
    ) -> Option<(PartSpec, Vec<(PersonIx, NeedIx)>)> {
        let problem = self.network.problem;
        let mut heads: HashMap<NeedIx, u16> = HashMap::new();
        for (own, _) in duties.iter().zip(&problem.people).filter(|(_, person)| !person.trainee) {
            for &need in own {
                *heads.entry(self.network.desk(need)).or_default() += 1;
            }
        }
        let is_short = |need: &NeedIx| {
            let least = problem.needs[need.index()].as_post().map_or(0, |post| post.cover.min);
            heads.get(need).copied().unwrap_or(0) < least
        };
        let posts = self.posts(parts, |need| scarce.contains(need) || is_short(need));
        let (cases, spans) = self.scarce_cases(parts, |need| scarce.contains(need) || !heads.contains_key(need));
        let mut spec = self.spec_with(parts, posts.into_iter().chain(spans).collect(), cases, Vec::new());
        self.add_around(&mut spec, |person| &duties[person.index()]);
        let model = Arc::new(PartModel::build(self.network, &spec));
        let chosen: Vec<bool> =
            model.pairs.iter().map(|pair| duties[pair.person.index()].contains(&pair.need)).collect();
        let before = model.evaluate(&chosen).filter(|_| !chosen.is_empty())?;
        let step = self.tier1_step().max(1) as f64;
        let weights = [1.0, RECEPTIONS * step / before[1].max(1) as f64, 0.0];
        let limits = limits_of(seconds, 0.99 * step, seed);
        let (lent, start) = (Arc::clone(&model), model.complete(&chosen));
        let solving = Pending::start(move || solve_integer(&lent.linear, weights, None, &[], Some(&start), limits));
        let values = solving.wait(watch, patience(seconds))?.values?;
        let chosen: Vec<bool> = values[..model.pairs.len()].iter().map(|&value| value > 0.5).collect();
        let is_better = model.evaluate(&chosen).is_some_and(|costs| costs < before);
        let pairs = model.pairs.iter().zip(chosen).filter(|&(_, chosen)| chosen);
        let pairs = pairs.map(|(pair, _)| (pair.person, pair.need)).collect();
        is_better.then_some((spec, pairs))
    }

    /// Posts of some parts that ask for a skill, or that count.
    fn posts(&self, parts: &[usize], counts: impl Fn(&NeedIx) -> bool) -> Vec<NeedIx> {
        let is_post = |need: &NeedIx| {
            let data = &self.network.problem.needs[need.index()];
            data.case.is_none() && data.seat.is_none()
        };
        let all = parts.iter().flat_map(|&part| self.needs(part)).copied().filter(is_post);
        all.filter(|need| counts(need) || self.asks_for_skill(*need)).collect()
    }

    /// Seconds for the programme of each group of streets: larger ones have more, counted before the first begins.
    pub(super) fn limits(&self, groups: &[Vec<usize>], share: f64, options: &Options, watch: &Watch<'_>) -> Vec<f64> {
        let at_once = options.threads.min(groups.len()).max(1) as f64;
        let for_a_part = watch.seconds_left() * share * at_once / self.parts().max(1) as f64;
        groups.iter().map(|group| for_a_part * group.len() as f64).collect()
    }

    /// The duties of a choice that posts' minimums, cases and receptions ask for.
    pub(super) fn least_duties(&self, model: &PartModel, chosen: &[bool]) -> Vec<(PersonIx, NeedIx)> {
        let mut heads: HashMap<NeedIx, u16> = HashMap::new();
        let taken = |at: usize| chosen[at] && model.linear.columns[at].lower == 0;
        // Pinned people come first.
        let order = (0..chosen.len()).filter(|&at| !taken(at)).chain((0..chosen.len()).filter(|&at| taken(at)));
        let mut duties = Vec::new();
        for pair in order.filter(|&at| chosen[at]).map(|at| model.pairs[at]) {
            let there = heads.entry(pair.need).or_default();
            *there += u16::from(!self.network.problem.people[pair.person.index()].trainee);
            let need = &self.network.problem.needs[pair.need.index()];
            let is_whole = need.seat.is_some() || need.case.is_some();
            if is_whole || need.as_post().is_some_and(|post| *there <= post.cover.min) {
                duties.push((pair.person, pair.need));
            }
        }
        duties
    }

    /// A region's duties without the receptions whose room an earlier region has taken.
    pub(super) fn without_clashes(
        &self,
        duties: Vec<(PersonIx, NeedIx)>,
        users: &mut Vec<(VenueIx, Span)>,
    ) -> Vec<(PersonIx, NeedIx)> {
        let is_on = self.network.settings.is_on(RuleCode::H11);
        let is_free = |need: NeedIx| {
            self.room_of(need)
                .is_none_or(|(venue, span)| users.iter().all(|&(at, other)| at != venue || !other.overlaps(span)))
        };
        let left: Vec<(PersonIx, NeedIx)> = duties.into_iter().filter(|&(_, need)| !is_on || is_free(need)).collect();
        users.extend(self.room_users(left.iter().map(|&(_, need)| need)));
        left
    }

    /// Which rooms the seats among some needs take, and when.
    pub(super) fn room_users(&self, needs: impl Iterator<Item = NeedIx>) -> Vec<(VenueIx, Span)> {
        needs.filter_map(|need| self.room_of(need)).collect()
    }

    fn room_of(&self, need: NeedIx) -> Option<(VenueIx, Span)> {
        let (reception, seat) = self.network.problem.seat_of(need)?;
        Some((reception.options.get(usize::from(seat.option))?.venue?, self.network.post(need)?.span))
    }

    pub(super) fn asks_for_skill(&self, need: NeedIx) -> bool {
        let data = &self.network.problem.needs[need.index()];
        data.case.is_none() && data.skill.is_some() && data.as_post().is_some_and(|post| post.cover.min > 0)
    }
}

fn limits_of(seconds: f64, absolute_gap: f64, seed: u64) -> IntegerLimits {
    IntegerLimits { seconds, absolute_gap, relative_gap: 0.0, seed: i32::try_from(seed % 1_000_000).unwrap_or(1) }
}

/// When a programme with this limit is given up: it looks at its clock rarely.
fn patience(seconds: f64) -> Instant {
    Instant::now() + Duration::from_secs_f64(1.5 * seconds)
}

/// The least multiple of a step that is no less, what the solver's own tolerance may add taken off.
#[expect(clippy::cast_possible_truncation, reason = "costs are far below the limit of i64")]
fn round_up(bound: f64, step: i64) -> i64 {
    let least = bound - 1e-6 * bound.abs().max(1.0);
    (least / step as f64).clamp(-1e15, 1e15).ceil() as i64 * step
}
