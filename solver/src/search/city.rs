//! The whole problem as parts: one per street, joined by the people who may serve in several.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

mod specs;

use super::certificate::{PartProof, Proven, combine};
use super::finish::Finished;
use super::loads::Loads;
use super::neighbours::{regions, waves};
use super::part_search::{prove, prove_nothing, search};
use super::receptions::{self, Seats};
use super::rooms::shares;
use super::rounding::round_greedily;
use super::watch::{Watch, parallel};
use super::weeks::StageBounds;
use crate::control::Options;
use crate::model::candidates::Network;
use crate::model::linear::common_divisor;
use crate::model::part::PartModel;
use crate::problem::{CaseIx, NeedIx, PersonIx, ReceptionIx, RuleCode, UnitIx};
use crate::roster::TierValues;

/// The problem split into parts.
pub struct City<'n, 'p> {
    pub(super) network: &'n Network<'p>,
    needs: Vec<Vec<NeedIx>>,
    /// Cases of each part.
    cases: Vec<Vec<CaseIx>>,
    /// Receptions that each part decides: the part of their first option.
    receptions: Vec<Vec<ReceptionIx>>,
    /// Cases that each unit takes from each part; the parts' shares add up to all that it takes.
    rooms: Vec<HashMap<UnitIx, i64>>,
    part_of_need: Vec<usize>,
    /// People who live in the part.
    residents: Vec<Vec<PersonIx>>,
    /// People who live elsewhere and may serve in the part.
    guests: Vec<Vec<PersonIx>>,
    home: Vec<usize>,
    /// Whether a person may serve in several parts.
    shared: Vec<bool>,
    /// Whether a person may serve in a part other than its own: relaxed parts hold copies of it.
    away: Vec<bool>,
    candidates: Vec<Vec<NeedIx>>,
    pinned: HashMap<PersonIx, Vec<NeedIx>>,
    /// Seats of receptions with which rosters begin; bounds do not.
    seats: Seats,
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
    /// What the streets' integer programmes prove besides.
    pub finished: Finished,
}

impl CityResult {
    /// The bounds, given the roster's values.
    #[must_use]
    pub fn proven(&self, value: TierValues) -> Proven {
        self.finished.with(self.proofs.proven(value), value)
    }
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
        // A case is settled where its spans are; one without any, where its unit is.
        let part_of_case: Vec<usize> = network
            .cases
            .iter()
            .map(|case| case.desk().map_or_else(|| part_of(case.unit), |need| part_of_need[need.index()]))
            .collect();
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
        for (need, &part) in part_of_need.iter().enumerate() {
            needs[part].push(NeedIx::from_index(need));
        }
        let mut cases = vec![Vec::new(); count];
        for (case, part) in part_of_case.into_iter().enumerate() {
            cases[part].push(CaseIx::from_index(case));
        }
        let mut receptions = vec![Vec::new(); count];
        for (at, reception) in problem.receptions.iter().enumerate() {
            let part = reception.options.first().map_or(0, |option| part_of_need[option.deputies.index()]);
            if let Some(own) = receptions.get_mut(part) {
                own.push(ReceptionIx::from_index(at));
            }
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
        let mut away = vec![false; problem.people.len()];
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
            away[person.index()] = served.iter().any(|&part| part != own);
            served.insert(own);
            for &one in &served {
                neighbours[one].extend(served.iter().copied().filter(|&other| other != one));
            }
        }
        Self {
            network,
            needs,
            rooms: shares(network, &cases),
            cases,
            receptions,
            part_of_need,
            residents,
            guests,
            home,
            shared,
            away,
            candidates,
            pinned,
            seats: Seats::new(),
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

    /// Cases of a part.
    pub(super) fn cases(&self, part: usize) -> &[CaseIx] {
        &self.cases[part]
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

    /// Receptions that a part decides.
    pub(super) fn receptions(&self, part: usize) -> &[ReceptionIx] {
        &self.receptions[part]
    }

    /// Those of them all of whose seats lie in it.
    pub(super) fn receptions_in(&self, part: usize) -> Vec<ReceptionIx> {
        let is_inside = |at: &ReceptionIx| {
            let mut seats =
                self.network.problem.receptions[at.index()].options.iter().flat_map(|option| option.seats());
            seats.all(|seat| self.part_of(seat) == part)
        };
        self.receptions[part].iter().copied().filter(is_inside).collect()
    }

    /// Duties in a part that people may have of whom other parts hold copies.
    pub(super) fn visitors(&self, part: usize) -> impl Iterator<Item = (PersonIx, NeedIx)> {
        let people = self.residents[part].iter().chain(&self.guests[part]).copied();
        people.filter(|person| self.away[person.index()]).flat_map(move |person| {
            let own = self.candidates[person.index()].iter().chain(self.pinned.get(&person).into_iter().flatten());
            own.copied().filter(move |need| self.part_of_need[need.index()] == part).map(move |need| (person, need))
        })
    }

    /// Number of pairs of person and need that the rules of the pair allow.
    #[must_use]
    pub fn pairs(&self) -> usize {
        self.candidates.iter().map(Vec::len).sum()
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
                    self.replace((part, pass), chosen, &mut duties);
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
        let seats = receptions::prove(self, options.threads, watch.seconds_left().max(1.0));
        let proof_seconds = relaxations.iter().map(|(_, seconds)| seconds).sum();
        let proofs = relaxations.into_iter().map(|(proof, _)| proof).chain(seats);
        let proofs = Proofs::Parts(proofs.collect());
        for needs in &mut duties {
            needs.sort_unstable();
        }
        CityResult { duties, proofs, proof_seconds, search_seconds, stopped, finished: Finished::NOTHING }
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
        self.short(part, duties).next().is_some()
    }

    /// Posts of a part that have fewer heads than they need.
    pub(super) fn short(&self, part: usize, duties: &[Vec<NeedIx>]) -> impl Iterator<Item = NeedIx> {
        let problem = self.network.problem;
        let mut heads: HashMap<NeedIx, u16> = HashMap::new();
        for &person in self.residents[part].iter().chain(&self.guests[part]) {
            for &need in duties[person.index()].iter().filter(|_| !problem.people[person.index()].trainee) {
                *heads.entry(need).or_default() += 1;
            }
        }
        self.needs[part].iter().copied().filter(move |need| {
            let post = problem.needs[need.index()].as_post();
            post.is_some_and(|post| heads.get(need).copied().unwrap_or(0) < post.cover.min)
        })
    }

    /// People who serve in one of some parts alone.
    pub(super) fn settled(&self, parts: &[usize]) -> impl Iterator<Item = PersonIx> {
        parts.iter().flat_map(|&part| &self.residents[part]).copied().filter(|person| !self.shared[person.index()])
    }

    /// People of whom a pass decides what they do in a part, and those who serve there.
    fn concerned(&self, (part, pass): (usize, Pass), duties: &[Vec<NeedIx>]) -> Vec<PersonIx> {
        let serves_here = |guest: PersonIx| duties[guest.index()].iter().any(|&need| self.part_of(need) == part);
        let guests = self.guests[part].iter().filter(|&&guest| pass != Pass::Residents || serves_here(guest));
        self.residents[part].iter().chain(guests).copied().collect()
    }

    /// Takes over what a pass has chosen for a part.
    pub(super) fn replace(
        &self,
        (part, pass): (usize, Pass),
        chosen: Vec<(PersonIx, NeedIx)>,
        duties: &mut [Vec<NeedIx>],
    ) {
        for person in self.concerned((part, pass), duties) {
            duties[person.index()].retain(|need| self.part_of_need[need.index()] != part);
        }
        for (person, need) in chosen {
            if self.part_of_need[need.index()] == part {
                duties[person.index()].push(need);
            }
        }
    }

    /// A roster with the pins and the seats of receptions alone.
    pub(super) fn pinned_duties(&self) -> Vec<Vec<NeedIx>> {
        self.first_duties(&[], |_| true)
    }

    /// A roster with the pins, these duties, and the seats of the receptions of some parts.
    pub(super) fn first_duties(
        &self,
        duties: &[(PersonIx, NeedIx)],
        has_seats: impl Fn(usize) -> bool,
    ) -> Vec<Vec<NeedIx>> {
        let mut own: HashMap<PersonIx, Vec<NeedIx>> = HashMap::new();
        for &(person, need) in duties {
            own.entry(person).or_default().push(need);
        }
        let kept = |person: PersonIx| {
            let seats = self.seats.get(&person).into_iter().flatten().copied();
            let seats = seats.filter(|&need| has_seats(self.part_of(need)));
            self.with_pins(person, own.get(&person).into_iter().flatten().copied().chain(seats))
        };
        (0..self.candidates.len()).map(|person| kept(PersonIx::from_index(person))).collect()
    }

    /// Decides which receptions are held, when and with whom; [`Self::search`] keeps to it.
    pub fn decide_receptions(&mut self, threads: usize, seconds: f64) {
        if !self.network.problem.receptions.is_empty() {
            self.seats = receptions::decide(self, threads, seconds);
        }
    }

    /// Pins of a person and further needs, each once.
    pub(super) fn with_pins(&self, person: PersonIx, further: impl Iterator<Item = NeedIx>) -> Vec<NeedIx> {
        let mut kept = self.pins_of(person);
        for need in further {
            if !kept.contains(&need) {
                kept.push(need);
            }
        }
        kept
    }

    /// Seats that are kept in a part, by reception; receptions with pinned ones are left out.
    pub(super) fn seats_in(&self, part: usize) -> Vec<Vec<NeedIx>> {
        let pinned: HashSet<NeedIx> = self.pinned.values().flatten().copied().collect();
        let mut seats: BTreeMap<ReceptionIx, Vec<NeedIx>> = BTreeMap::new();
        for &need in self.seats.values().flatten().filter(|&&need| self.part_of(need) == part) {
            if let Some(seat) = self.network.post(need).and_then(|post| post.seat) {
                seats.entry(seat.reception).or_default().push(need);
            }
        }
        seats.into_values().filter(|seats| seats.iter().all(|seat| !pinned.contains(seat))).collect()
    }

    /// Whether a need is a seat of a reception.
    pub(super) fn is_seat(&self, need: NeedIx) -> bool {
        self.network.post(need).is_some_and(|post| post.seat.is_some())
    }

    /// The part of a need.
    pub(super) fn part_of(&self, need: NeedIx) -> usize {
        self.part_of_need[need.index()]
    }

    /// Needs that the person is pinned to.
    pub(super) fn pins_of(&self, person: PersonIx) -> Vec<NeedIx> {
        self.pinned.get(&person).cloned().unwrap_or_default()
    }

    /// Whether nobody may serve in a part other than its own.
    pub(super) fn is_apart(&self) -> bool {
        !self.away.contains(&true)
    }

    /// Whether the person of this position may serve in a part other than its own, if only in one.
    pub(super) fn is_away(&self, person: usize) -> bool {
        self.away[person]
    }

    /// What all costs of tier 1 are multiples of.
    pub(super) fn tier1_step(&self) -> i64 {
        if !self.tier1_is_of_needs() {
            return 1;
        }
        let problem = self.network.problem;
        let weight = |code| self.weight_in_tier1(code);
        let heads = problem.needs.iter().map(|need| weight(RuleCode::S10) * i64::from(need.priority));
        let late = problem.cases.iter().map(|case| weight(RuleCode::S11) * i64::from(case.urgency));
        heads.chain(late).fold(0, common_divisor)
    }

    fn weight_in_tier1(&self, code: RuleCode) -> i64 {
        let profile = &self.network.problem.profile;
        if profile.tier(code) == crate::problem::Tier::Residents { profile.weight(code) } else { 0 }
    }

    /// Whether nothing but posts and cases that nobody serves counts in tier 1.
    pub(super) fn tier1_is_of_needs(&self) -> bool {
        RuleCode::ALL.iter().all(|&code| match code {
            RuleCode::S10 | RuleCode::S11 => self.weight_in_tier1(code) >= 0,
            _ => self.weight_in_tier1(code) == 0,
        })
    }

    /// The part in which a person lives.
    #[must_use]
    pub fn home(&self, person: PersonIx) -> usize {
        self.home[person.index()]
    }
}
