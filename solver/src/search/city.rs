//! The whole problem as parts: one per street, joined by the people who may serve in several.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use super::certificate::{PartProof, Proven, combine};
use super::part_search::{prove, prove_nothing, search};
use super::rounding::round_greedily;
use super::weeks::StageBounds;
use crate::control::{Observer, Options, Progress};
use crate::model::candidates::{Group, Network};
use crate::model::part::{Member, PartModel, PartSpec, Role};
use crate::problem::{NeedIx, PersonIx, RuleCode, UnitIx};
use crate::roster::TierValues;

/// The problem split into parts.
pub struct City<'n, 'p> {
    pub(super) network: &'n Network<'p>,
    needs: Vec<Vec<NeedIx>>,
    part_of_need: Vec<usize>,
    /// Position of each need among the needs of its part.
    place_of_need: Vec<u32>,
    /// People who live in the part.
    residents: Vec<Vec<PersonIx>>,
    /// People who live elsewhere and may serve in the part.
    guests: Vec<Vec<PersonIx>>,
    home: Vec<usize>,
    /// Whether a person may serve in several parts.
    shared: Vec<bool>,
    candidates: Vec<Vec<NeedIx>>,
    pinned: HashMap<PersonIx, Vec<NeedIx>>,
    /// Parts in waves: no two parts of a wave share a person.
    pub(super) waves: Vec<Vec<usize>>,
    /// Parts joined by shared people, directly or through others.
    pub(super) regions: Vec<Vec<usize>>,
    between_places: bool,
}

/// Share of the time limit for rosters; the rest is for proofs.
pub(super) const SEARCH_SHARE: f64 = 0.45;

/// How shared people are treated while a part is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pass {
    /// Residents only; shared ones stay free unless a minimum needs them.
    Residents,
    /// Guests too, for minimums only.
    Minimums,
    /// Everyone, wherever it helps.
    Everyone,
}

/// What the search returns.
pub struct CityResult {
    /// Needs of each person, sorted.
    pub duties: Vec<Vec<NeedIx>>,
    /// What is proven.
    pub proofs: Proofs,
    /// Thread seconds spent on proofs.
    pub proof_seconds: f64,
    /// Thread seconds spent on rosters.
    pub search_seconds: f64,
    /// Whether the time limit or a cancel cut the search short.
    pub stopped: bool,
}

/// What a search proves.
#[derive(Debug, Clone)]
pub enum Proofs {
    /// Inequalities of the parts.
    Parts(Vec<PartProof>),
    /// Bounds over the whole.
    Stages(StageBounds),
}

impl Proofs {
    /// The bounds, given a roster's values.
    #[must_use]
    pub fn proven(&self, value: TierValues) -> Proven {
        match self {
            Self::Parts(parts) => combine(parts, value),
            Self::Stages(stages) => stages.proven(value),
        }
    }
}

/// When to stop, and whom to tell.
pub struct Watch<'o> {
    observer: &'o dyn Observer,
    started: Instant,
    deadline: Instant,
}

impl<'o> Watch<'o> {
    /// A watch over one solve.
    #[must_use]
    pub fn new(observer: &'o dyn Observer, started: Instant, options: &Options) -> Self {
        Self { observer, started, deadline: started + options.time_limit }
    }

    /// Whether the time is up or the caller has cancelled.
    #[must_use]
    pub fn is_over(&self) -> bool {
        Instant::now() >= self.deadline || self.observer.is_cancelled()
    }

    /// Whether this share of the time is used up, or the caller has cancelled.
    #[must_use]
    pub fn is_past(&self, share: f64) -> bool {
        let limit = self.deadline.saturating_duration_since(self.started);
        self.started.elapsed() >= limit.mul_f64(share) || self.observer.is_cancelled()
    }

    /// Seconds left.
    #[must_use]
    pub fn seconds_left(&self) -> f64 {
        self.deadline.saturating_duration_since(Instant::now()).as_secs_f64()
    }

    /// Tells the observer of a whole roster's values and of what is proven of them.
    pub fn report_values(&self, parts_done: usize, parts: usize, value: TierValues, bound: TierValues) {
        let seconds = self.started.elapsed().as_secs_f64();
        let (incumbent, bound) = (Some(value), Some(bound));
        self.observer.progress(&Progress { phase: "improve", parts_done, parts, incumbent, bound, seconds });
    }

    /// Tells the observer where the solve stands.
    pub fn report(&self, phase: &'static str, parts_done: usize, parts: usize) {
        let seconds = self.started.elapsed().as_secs_f64();
        self.observer.progress(&Progress { phase, parts_done, parts, incumbent: None, bound: None, seconds });
    }
}

/// Runs `work` for each position on the given number of threads; results stand in order of position.
pub(super) fn parallel<T: Send>(threads: usize, count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let results: Mutex<Vec<Option<T>>> = Mutex::new((0..count).map(|_| None).collect());
    std::thread::scope(|scope| {
        for _ in 0..threads.clamp(1, count.max(1)) {
            scope.spawn(|| {
                loop {
                    let position = next.fetch_add(1, Ordering::Relaxed);
                    if position >= count {
                        break;
                    }
                    let result = work(position);
                    results.lock().unwrap_or_else(PoisonError::into_inner)[position] = Some(result);
                }
            });
        }
    });
    results.into_inner().unwrap_or_else(PoisonError::into_inner).into_iter().flatten().collect()
}

impl<'n, 'p> City<'n, 'p> {
    /// Splits the problem by street; what stands above street level forms a part of its own.
    #[must_use]
    pub fn new(network: &'n Network<'p>, threads: usize) -> Self {
        let problem = network.problem;
        let mut parts: BTreeMap<Option<UnitIx>, usize> = BTreeMap::new();
        let mut part_of = |unit: UnitIx| {
            let count = parts.len();
            *parts.entry(network.streets[unit.index()]).or_insert(count)
        };
        let part_of_need: Vec<usize> =
            problem.needs.iter().map(|need| part_of(problem.places[need.place.index()].unit)).collect();
        let home: Vec<usize> = problem.people.iter().map(|person| part_of(person.home_unit)).collect();
        let count = parts.len();
        let chunk = 256;
        let candidates: Vec<Vec<NeedIx>> = parallel(threads, problem.people.len().div_ceil(chunk), |at| {
            let people = at * chunk..((at + 1) * chunk).min(problem.people.len());
            people
                .map(|person| {
                    let mut found = network.candidates(PersonIx::from_index(person));
                    found.retain(|&need| network.post(need).is_some_and(|post| post.in_horizon));
                    found
                })
                .collect::<Vec<_>>()
        })
        .into_iter()
        .flatten()
        .collect();
        let mut needs = vec![Vec::new(); count];
        let mut place_of_need = Vec::with_capacity(part_of_need.len());
        for (need, &part) in part_of_need.iter().enumerate() {
            place_of_need.push(u32::try_from(needs[part].len()).unwrap_or(u32::MAX));
            needs[part].push(NeedIx::from_index(need));
        }
        let mut pinned: HashMap<PersonIx, Vec<NeedIx>> = HashMap::new();
        for pin in &problem.pins {
            let pins = pinned.entry(pin.person).or_default();
            if !pins.contains(&pin.need) {
                pins.push(pin.need);
            }
        }
        let mut residents = vec![Vec::new(); count];
        let mut guests = vec![Vec::new(); count];
        let mut neighbours = vec![BTreeSet::new(); count];
        let mut shared = vec![false; problem.people.len()];
        for person in (0..problem.people.len()).map(PersonIx::from_index) {
            let own = home[person.index()];
            residents[own].push(person);
            let pins = pinned.get(&person).into_iter().flatten();
            let mut served: BTreeSet<usize> =
                candidates[person.index()].iter().chain(pins).map(|need| part_of_need[need.index()]).collect();
            for &part in served.iter().filter(|&&part| part != own) {
                guests[part].push(person);
            }
            shared[person.index()] = served.len() > 1;
            served.insert(own);
            for &one in &served {
                neighbours[one].extend(served.iter().copied().filter(|&other| other != one));
            }
        }
        Self {
            network,
            needs,
            part_of_need,
            place_of_need,
            residents,
            guests,
            home,
            shared,
            candidates,
            pinned,
            waves: waves(&neighbours),
            regions: regions(&neighbours),
            between_places: problem.needs.len() <= 400,
        }
    }

    /// Number of parts.
    #[must_use]
    pub fn parts(&self) -> usize {
        self.needs.len()
    }

    /// Needs of a part.
    pub(super) fn needs(&self, part: usize) -> &[NeedIx] {
        &self.needs[part]
    }

    /// Position of a need within its part, when it belongs to this one.
    pub(super) fn desk_in(&self, part: usize, need: NeedIx) -> Option<u32> {
        (self.part_of_need[need.index()] == part).then(|| self.place_of_need[need.index()])
    }

    /// People who live in a part.
    pub(super) fn residents(&self, part: usize) -> &[PersonIx] {
        &self.residents[part]
    }

    /// Needs that a person may serve by the rules of the pair alone.
    #[must_use]
    pub fn candidates(&self, person: PersonIx) -> &[NeedIx] {
        &self.candidates[person.index()]
    }

    fn candidates_in(&self, person: PersonIx, part: usize) -> Vec<NeedIx> {
        let all = &self.candidates[person.index()];
        all.iter().copied().filter(|need| self.part_of_need[need.index()] == part).collect()
    }

    /// The part with a copy of each shared person: the relaxation.
    #[must_use]
    pub fn relaxed(&self, part: usize) -> PartSpec {
        let member = |person: PersonIx, resident: bool| {
            let own = self.candidates_in(person, part);
            let pins: Vec<NeedIx> = self.pinned.get(&person).cloned().unwrap_or_default();
            let (kept, pinned_elsewhere): (Vec<NeedIx>, Vec<NeedIx>) =
                pins.into_iter().partition(|need| self.part_of_need[need.index()] == part);
            let mut elsewhere: Vec<NeedIx> = self.candidates[person.index()]
                .iter()
                .copied()
                .filter(|need| self.part_of_need[need.index()] != part)
                .collect();
            elsewhere.extend(pinned_elsewhere);
            let role = match (resident, elsewhere.is_empty()) {
                (false, _) => Role::Guest,
                (true, true) => Role::Whole,
                (true, false) => Role::Home,
            };
            Member { person, role, candidates: own, elsewhere, kept }
        };
        let residents = self.residents[part].iter().map(|&person| member(person, true));
        let guests = self.guests[part].iter().map(|&person| member(person, false));
        PartSpec {
            members: residents.chain(guests).collect(),
            needs: self.needs[part].clone(),
            group_floor: HashMap::new(),
            reluctant: HashSet::new(),
            between_places: self.between_places,
        }
    }

    /// Number of pairs of person and need that the rules of the pair allow.
    #[must_use]
    pub fn pairs(&self) -> usize {
        self.candidates.iter().map(Vec::len).sum()
    }

    /// The whole problem as one part.
    #[must_use]
    pub fn whole(&self) -> PartSpec {
        let members = (0..self.candidates.len()).map(|person| {
            let person = PersonIx::from_index(person);
            let kept = self.pinned.get(&person).cloned().unwrap_or_default();
            let candidates = self.candidates[person.index()].clone();
            Member { person, role: Role::Whole, candidates, elsewhere: Vec::new(), kept }
        });
        PartSpec {
            members: members.collect(),
            needs: (0..self.part_of_need.len()).map(NeedIx::from_index).collect(),
            group_floor: HashMap::new(),
            reluctant: HashSet::new(),
            between_places: true,
        }
    }

    /// The part with everything outside it kept as it is.
    pub(super) fn around(&self, part: usize, duties: &[Vec<NeedIx>], loads: &Loads, pass: Pass) -> PartSpec {
        let mut members = Vec::new();
        let nobody = Vec::new();
        let guests = if pass == Pass::Residents { &nobody } else { &self.guests[part] };
        for &person in self.residents[part].iter().chain(guests) {
            let mut kept: Vec<NeedIx> =
                duties[person.index()].iter().copied().filter(|need| self.part_of_need[need.index()] != part).collect();
            for &pin in self.pinned.get(&person).into_iter().flatten() {
                if !kept.contains(&pin) {
                    kept.push(pin);
                }
            }
            let candidates = self.candidates_in(person, part);
            members.push(Member { person, role: Role::Whole, candidates, elsewhere: Vec::new(), kept });
        }
        let inside: BTreeSet<PersonIx> = members.iter().map(|member| member.person).collect();
        let groups: BTreeSet<Group> =
            inside.iter().map(|person| self.network.group(&self.network.problem.people[person.index()])).collect();
        let group_floor = groups.into_iter().map(|group| (group, loads.most_outside(group, &inside))).collect();
        let shared = |person: &PersonIx| self.shared[person.index()];
        let reluctant =
            if pass == Pass::Everyone { HashSet::new() } else { inside.iter().copied().filter(shared).collect() };
        let needs = self.needs[part].clone();
        PartSpec { members, needs, group_floor, reluctant, between_places: self.between_places }
    }

    /// Searches all parts: rosters first, wave by wave, then proofs with the time that is left for them.
    #[must_use]
    pub fn search(&self, options: &Options, watch: &Watch<'_>) -> CityResult {
        let count = self.parts();
        let done = AtomicUsize::new(0);
        if let Some(found) = self.search_weeks(options, watch) {
            return found;
        }
        let mut duties = self.pinned_duties();
        let mut search_seconds = 0.0;
        let mut stopped = false;
        // First everybody at home, with shared people kept free; then what minimums still lack is offered to them;
        // last everybody serves wherever it helps. Only the first pass may run all parts at once.
        let all: Vec<usize> = (0..count).collect();
        let shares = |part: &usize| {
            !self.guests[*part].is_empty() || self.residents[*part].iter().any(|person| self.shared[person.index()])
        };
        let sharing = |wave: &Vec<usize>| wave.iter().copied().filter(shares).collect::<Vec<usize>>();
        let first = [(Pass::Residents, all)];
        let second = self.waves.iter().map(|wave| (Pass::Minimums, sharing(wave)));
        let third = self.waves.iter().map(|wave| (Pass::Everyone, sharing(wave)));
        for (pass, wave) in first.into_iter().chain(second).chain(third) {
            let loads = Loads::new(self.network, &duties);
            let found = parallel(options.threads, wave.len(), |at| {
                let started = Instant::now();
                let part = wave[at];
                let over = watch.is_past(SEARCH_SHARE);
                let chosen = self.improve(part, &duties, &loads, pass, watch);
                watch.report("parts", done.fetch_add(1, Ordering::Relaxed) + 1, 4 * count);
                (part, chosen, started.elapsed().as_secs_f64(), over)
            });
            for (part, chosen, seconds, over) in found {
                search_seconds += seconds;
                stopped |= over;
                if let Some(chosen) = chosen {
                    self.replace(part, chosen, &mut duties);
                }
            }
        }
        let relaxations: Vec<(PartProof, f64)> = parallel(options.threads, count, |part| {
            let started = Instant::now();
            let spec = self.relaxed(part);
            let model = PartModel::build(self.network, &spec);
            let proof = if watch.is_over() { prove_nothing(&model) } else { prove(&model).proof };
            watch.report("parts", done.fetch_add(1, Ordering::Relaxed) + 1, 4 * count);
            (proof, started.elapsed().as_secs_f64())
        });
        stopped |= watch.is_over();
        let proof_seconds = relaxations.iter().map(|(_, seconds)| seconds).sum();
        let proofs = Proofs::Parts(relaxations.into_iter().map(|(proof, _)| proof).collect());
        for needs in &mut duties {
            needs.sort_unstable();
        }
        CityResult { duties, proofs, proof_seconds, search_seconds, stopped }
    }

    /// A roster of the part in its surroundings, or `None` when the present one stands.
    pub(super) fn improve(
        &self,
        part: usize,
        duties: &[Vec<NeedIx>],
        loads: &Loads,
        pass: Pass,
        watch: &Watch<'_>,
    ) -> Option<Vec<(PersonIx, NeedIx)>> {
        let in_time = !watch.is_past(SEARCH_SHARE);
        let needed = match pass {
            Pass::Residents => true,
            Pass::Minimums => in_time && self.lacks_minimum(part, duties),
            Pass::Everyone => in_time,
        };
        if !needed {
            return None;
        }
        let spec = self.around(part, duties, loads, pass);
        let model = PartModel::build(self.network, &spec);
        let present: Vec<bool> =
            model.pairs.iter().map(|pair| duties[pair.person.index()].contains(&pair.need)).collect();
        let start = (pass != Pass::Residents).then_some(present.as_slice());
        let chosen = if in_time {
            search(self.network, &spec, &model, start).chosen
        } else {
            round_greedily(self.network, &spec, &model, None)
        };
        let pairs = model.pairs.iter().zip(chosen).filter(|&(_, chosen)| chosen);
        Some(pairs.map(|(pair, _)| (pair.person, pair.need)).collect())
    }

    pub(super) fn lacks_minimum(&self, part: usize, duties: &[Vec<NeedIx>]) -> bool {
        let problem = self.network.problem;
        let mut heads: HashMap<NeedIx, u16> = HashMap::new();
        for &person in self.residents[part].iter().chain(&self.guests[part]) {
            for &need in duties[person.index()].iter().filter(|_| !problem.people[person.index()].trainee) {
                *heads.entry(need).or_default() += 1;
            }
        }
        self.needs[part].iter().any(|need| {
            let post = problem.needs[need.index()].as_post();
            post.is_some_and(|post| heads.get(need).copied().unwrap_or(0) < post.cover.min)
        })
    }

    pub(super) fn replace(&self, part: usize, chosen: Vec<(PersonIx, NeedIx)>, duties: &mut [Vec<NeedIx>]) {
        for &person in self.residents[part].iter().chain(&self.guests[part]) {
            duties[person.index()].retain(|need| self.part_of_need[need.index()] != part);
        }
        for (person, need) in chosen {
            if self.part_of_need[need.index()] == part {
                duties[person.index()].push(need);
            }
        }
    }

    /// A roster with the pins alone.
    pub(super) fn pinned_duties(&self) -> Vec<Vec<NeedIx>> {
        (0..self.candidates.len()).map(|person| self.pins_of(PersonIx::from_index(person))).collect()
    }

    /// Needs that the person is pinned to.
    pub(super) fn pins_of(&self, person: PersonIx) -> Vec<NeedIx> {
        self.pinned.get(&person).cloned().unwrap_or_default()
    }

    /// Whether the person of this position may serve in several parts.
    pub(super) fn is_shared(&self, person: usize) -> bool {
        self.shared[person]
    }

    /// What all costs of tier 1 are multiples of.
    pub(super) fn tier1_step(&self) -> i64 {
        let problem = self.network.problem;
        let tier = |code| problem.profile.tier(code) == crate::problem::Tier::Residents;
        if RuleCode::ALL.iter().any(|&code| code != RuleCode::S10 && tier(code) && problem.profile.weight(code) != 0) {
            return 1;
        }
        let weight = problem.profile.weight(RuleCode::S10);
        problem.needs.iter().map(|need| weight * i64::from(need.priority)).fold(0, |step, cost| {
            let (mut one, mut other) = (step, cost.abs());
            while other != 0 {
                (one, other) = (other, one % other);
            }
            one
        })
    }

    /// The part in which a person lives.
    #[must_use]
    pub fn home(&self, person: PersonIx) -> usize {
        self.home[person.index()]
    }
}

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

    fn most_outside(&self, group: Group, inside: &BTreeSet<PersonIx>) -> i64 {
        let members = self.groups.get(&group).into_iter().flatten();
        members.filter(|(_, person)| !inside.contains(person)).map(|&(load, _)| load).next().unwrap_or(0).max(0)
    }
}

/// Connected parts.
fn regions(neighbours: &[BTreeSet<usize>]) -> Vec<Vec<usize>> {
    let mut seen = vec![false; neighbours.len()];
    let mut regions = Vec::new();
    for first in 0..neighbours.len() {
        let mut region = Vec::new();
        let mut open = vec![first];
        while let Some(part) = open.pop() {
            if !std::mem::replace(&mut seen[part], true) {
                region.push(part);
                open.extend(&neighbours[part]);
            }
        }
        if !region.is_empty() {
            region.sort_unstable();
            regions.push(region);
        }
    }
    regions
}

/// Greedy colouring: parts in order, each in the first wave that holds none of its neighbours.
fn waves(neighbours: &[BTreeSet<usize>]) -> Vec<Vec<usize>> {
    let mut waves: Vec<Vec<usize>> = Vec::new();
    for (part, near) in neighbours.iter().enumerate() {
        match waves.iter_mut().find(|wave| wave.iter().all(|other| !near.contains(other))) {
            Some(wave) => wave.push(part),
            None => waves.push(vec![part]),
        }
    }
    waves
}
