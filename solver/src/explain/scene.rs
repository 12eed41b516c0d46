//! A roster with its lookup tables, and the exact effect of a few changes to it.
//!
//! The effect is what the independent checker counts: it judges the people and posts that a change touches, before
//! and after, as a tiny problem of their own. Only fairness (S31), which compares people, is kept in step here.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::check::{Broken, check};
use crate::model::candidates::{Group, Network};
use crate::model::linear::tier_index;
use crate::problem::{Case, CaseIx, Duty, NeedIx, PersonIx, Problem, ReceptionIx, RuleCode, Seat, SeatRole, UnitIx};
use crate::roster::TierValues;

use super::street::{Street, local_reception};

/// A roster, its problem's lookup tables, and who may serve where.
#[derive(Debug)]
pub struct Scene<'p> {
    /// Lookup tables of the problem.
    pub network: Network<'p>,
    /// Needs of each person, by start.
    pub duties: Vec<Vec<NeedIx>>,
    /// People at each need.
    pub at: Vec<Vec<PersonIx>>,
    /// Whether the roster of a need is decided here, so that all people at it are known.
    pub decided: Vec<bool>,
    floors: HashMap<Group, i64>,
    /// Unsocial load of each person, ledger included.
    load: Vec<i64>,
    /// Number of people by load, per group.
    loads: HashMap<Group, BTreeMap<i64, usize>>,
    by_scope: Vec<Vec<PersonIx>>,
    pins: HashMap<PersonIx, Vec<Duty>>,
    published: HashMap<PersonIx, Vec<Duty>>,
    apart: HashMap<PersonIx, Vec<PersonIx>>,
}

/// Duties taken away and given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Change {
    /// Taken away.
    pub removed: Vec<(PersonIx, NeedIx)>,
    /// Given.
    pub added: Vec<(PersonIx, NeedIx)>,
}

/// What a change does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Effect {
    /// Change of the cost of each tier, tier 1 first.
    pub tiers: TierValues,
    /// Change of the cost of each rule whose cost changes.
    pub rules: BTreeMap<RuleCode, i64>,
    /// Rules of tier 0 that the change breaks, in words.
    pub broken: Vec<Broken>,
}

impl<'p> Scene<'p> {
    /// The scene of a whole problem.
    #[must_use]
    pub fn new(problem: &'p Problem, duties: Vec<Vec<NeedIx>>) -> Self {
        let decided = vec![true; problem.needs.len()];
        Self::with(problem, duties, decided, HashMap::new())
    }

    /// The scene of one street.
    #[must_use]
    pub fn of_street(street: &'p Street) -> Self {
        Self::with(&street.problem, street.duties.clone(), street.decided.clone(), street.floors.clone())
    }

    fn with(problem: &'p Problem, duties: Vec<Vec<NeedIx>>, decided: Vec<bool>, floors: HashMap<Group, i64>) -> Self {
        let network = Network::new(problem);
        let mut at = vec![Vec::new(); problem.needs.len()];
        let mut load = Vec::with_capacity(problem.people.len());
        let mut loads: HashMap<Group, BTreeMap<i64, usize>> = HashMap::new();
        let mut by_scope = vec![Vec::new(); problem.units.len()];
        for (index, (person, own)) in problem.people.iter().zip(&duties).enumerate() {
            let ix = PersonIx::from_index(index);
            let mut unsocial = i64::from(person.history.fairness_unsocial_duties);
            for &need in own {
                at[need.index()].push(ix);
                unsocial += i64::from(network.post(need).is_some_and(|post| post.unsocial));
            }
            load.push(unsocial);
            *loads.entry(network.group(person)).or_default().entry(unsocial).or_default() += 1;
            for &root in &person.scope {
                by_scope[root.index()].push(ix);
            }
        }
        let mut apart: HashMap<PersonIx, Vec<PersonIx>> = HashMap::new();
        for &(one, other) in &problem.apart {
            apart.entry(one).or_default().push(other);
        }
        let grouped = |list: &[Duty]| {
            let mut map: HashMap<PersonIx, Vec<Duty>> = HashMap::new();
            for duty in list {
                map.entry(duty.person).or_default().push(*duty);
            }
            map
        };
        let (pins, published) = (grouped(&problem.pins), grouped(&problem.published));
        Self { network, duties, at, decided, floors, load, loads, by_scope, pins, published, apart }
    }

    /// The problem.
    #[must_use]
    pub fn problem(&self) -> &'p Problem {
        self.network.problem
    }

    /// Heads at a need: people who are not trainees.
    #[must_use]
    pub fn heads(&self, need: NeedIx) -> usize {
        let trainee = |person: &&PersonIx| self.problem().people[person.index()].trainee;
        self.at[need.index()].iter().filter(|person| !trainee(person)).count()
    }

    /// Everyone whose scope holds the need's place; everybody when scope is no rule.
    #[must_use]
    pub fn reachable(&self, need: NeedIx) -> Vec<PersonIx> {
        let problem = self.problem();
        if let Some((reception, seat)) = problem.seat_of(need) {
            match (seat.role, &reception.hosts) {
                (SeatRole::Deputy | SeatRole::Visitor, _) => return reception.deputies.clone(),
                (SeatRole::Host, Some(hosts)) => return hosts.clone(),
                (SeatRole::Host, None) => {}
            }
        }
        if !self.network.settings.is_on(RuleCode::H10) {
            return (0..problem.people.len()).map(PersonIx::from_index).collect();
        }
        let mut found = Vec::new();
        let mut at: Option<UnitIx> = self.network.post(need).map(|post| post.unit);
        while let Some(unit) = at {
            found.extend_from_slice(&self.by_scope[unit.index()]);
            at = problem.units[unit.index()].parent;
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Metres from the person's home to the need's place; the largest number when either is unknown.
    #[must_use]
    pub fn metres(&self, person: PersonIx, need: NeedIx) -> u32 {
        let home = self.problem().people[person.index()].home;
        let place = self.network.post(need).and_then(|post| post.location);
        home.zip(place).map_or(u32::MAX, |(home, place)| home.distance_metres(place))
    }

    /// Whether a duty is pinned.
    #[must_use]
    pub fn is_pinned(&self, person: PersonIx, need: NeedIx) -> bool {
        self.pins.get(&person).is_some_and(|pins| pins.iter().any(|pin| pin.need == need))
    }

    /// A judge of changes; it holds the parts of the problem that no change touches.
    #[must_use]
    pub fn judge(&self) -> Judge<'_, 'p> {
        let problem = self.problem();
        let mut small = Problem {
            horizon: problem.horizon.clone(),
            off_days: problem.off_days.clone(),
            units: problem.units.clone(),
            places: problem.places.clone(),
            skills: problem.skills.clone(),
            shift_types: problem.shift_types.clone(),
            people: Vec::new(),
            needs: Vec::new(),
            cases: Vec::new(),
            receptions: Vec::new(),
            venues: problem.venues.clone(),
            apart: Vec::new(),
            profile: problem.profile.clone(),
            pins: Vec::new(),
            published: Vec::new(),
        };
        small.profile.rules.entry(RuleCode::S31).or_default().on = Some(false);
        Judge { scene: self, small }
    }

    /// The change of S31's cost.
    fn fairness(&self, change: &Change) -> i64 {
        let problem = self.problem();
        let weight = problem.profile.weight(RuleCode::S31);
        if weight == 0 {
            return 0;
        }
        let mut shifts: BTreeMap<PersonIx, i64> = BTreeMap::new();
        let steps = [(&change.removed, -1), (&change.added, 1)];
        for (person, need, step) in
            steps.iter().flat_map(|&(list, step)| list.iter().map(move |&(person, need)| (person, need, step)))
        {
            if self.network.post(need).is_some_and(|post| post.unsocial) {
                *shifts.entry(person).or_default() += step;
            }
        }
        let mut groups: BTreeMap<Group, Vec<(i64, i64)>> = BTreeMap::new();
        for (person, shift) in shifts.into_iter().filter(|&(_, shift)| shift != 0) {
            let load = self.load[person.index()];
            let group = self.network.group(&problem.people[person.index()]);
            groups.entry(group).or_default().push((load, load + shift));
        }
        groups.into_iter().map(|(group, moved)| self.most(group, &moved) - self.most(group, &[])).sum::<i64>() * weight
    }

    /// Largest load of a group when some of its people go from one load to another.
    fn most(&self, group: Group, moved: &[(i64, i64)]) -> i64 {
        let counts = self.loads.get(&group);
        let left = |load: i64| moved.iter().filter(|&&(before, _)| before == load).count();
        let stay = counts.into_iter().flat_map(|counts| counts.iter().rev());
        let stay = stay.filter(|&(&load, &count)| count > left(load)).map(|(&load, _)| load).next();
        let floor = self.floors.get(&group).copied();
        moved.iter().map(|&(_, after)| after).chain(stay).chain(floor).chain([0]).max().unwrap_or(0)
    }
}

/// Judges changes of a scene, one after the other.
pub struct Judge<'s, 'p> {
    scene: &'s Scene<'p>,
    small: Problem,
}

impl Judge<'_, '_> {
    /// The exact effect of a change on the whole roster.
    pub fn effect(&mut self, change: &Change) -> Effect {
        let scene = self.scene;
        let problem = scene.problem();
        let changed: BTreeSet<PersonIx> =
            change.removed.iter().chain(&change.added).map(|&(person, _)| person).collect();
        let mut touched: BTreeSet<NeedIx> = change.removed.iter().chain(&change.added).map(|&(_, need)| need).collect();
        touched.extend(self.seats_beside(&touched));
        let mut before: Vec<(PersonIx, NeedIx)> = Vec::new();
        for &person in &changed {
            before.extend(scene.duties[person.index()].iter().map(|&need| (person, need)));
        }
        // Those who stay at a touched post count there, and nowhere else.
        for &need in &touched {
            let others = scene.at[need.index()].iter().filter(|person| !changed.contains(person));
            before.extend(others.map(|&person| (person, need)));
        }
        let mut after: Vec<(PersonIx, NeedIx)> =
            before.iter().copied().filter(|pair| !change.removed.contains(pair)).collect();
        after.extend(change.added.iter().copied());
        let local = self.load(&before, &after, &changed);
        let duties = |pairs: &[(PersonIx, NeedIx)]| -> Vec<Duty> {
            pairs.iter().filter_map(|&(person, need)| local.duty(problem, person, need)).collect()
        };
        let (was, is) = (check(&self.small, &duties(&before)), check(&self.small, &duties(&after)));
        let mut effect = Effect::default();
        for (&code, &cost) in &is.score.rules {
            let step = cost - was.score.rules.get(&code).copied().unwrap_or(0);
            effect.add(problem, code, step);
        }
        effect.add(problem, RuleCode::S31, scene.fairness(change));
        let known: Vec<&Broken> = was.hard().collect();
        effect.broken = is.hard().filter(|broken| !known.contains(broken)).map(|broken| local.whole(broken)).collect();
        effect
    }

    /// All seats of the receptions that these needs are seats of, and of those that may want the same rooms.
    fn seats_beside(&self, needs: &BTreeSet<NeedIx>) -> Vec<NeedIx> {
        let problem = self.scene.problem();
        let touched: BTreeSet<ReceptionIx> =
            needs.iter().filter_map(|need| problem.needs[need.index()].seat).map(|seat| seat.reception).collect();
        if touched.is_empty() {
            return Vec::new();
        }
        let venues = |at: ReceptionIx| problem.receptions[at.index()].options.iter().filter_map(|option| option.venue);
        let wanted: BTreeSet<_> = touched.iter().flat_map(|&at| venues(at)).collect();
        (0..problem.receptions.len())
            .map(ReceptionIx::from_index)
            .filter(|&at| touched.contains(&at) || venues(at).any(|venue| wanted.contains(&venue)))
            .flat_map(|at| &problem.receptions[at.index()].options)
            .flat_map(|option| option.seats())
            .collect()
    }

    /// Fills the small problem with the people and needs of two sets of duties.
    fn load(
        &mut self,
        before: &[(PersonIx, NeedIx)],
        after: &[(PersonIx, NeedIx)],
        changed: &BTreeSet<PersonIx>,
    ) -> Local {
        let scene = self.scene;
        let problem = scene.problem();
        let mut people: BTreeSet<PersonIx> = changed.clone();
        let mut needs: BTreeSet<NeedIx> = BTreeSet::new();
        for &(person, need) in before.iter().chain(after) {
            people.insert(person);
            needs.insert(need);
        }
        let lists = |map: &HashMap<PersonIx, Vec<Duty>>| -> Vec<Duty> {
            changed.iter().filter_map(|person| map.get(person)).flatten().copied().collect()
        };
        let (pins, mut published) = (lists(&scene.pins), lists(&scene.published));
        // A roster is compared with the published one only when there is one: somebody must stand in it.
        if published.is_empty() {
            published.extend(problem.published.first());
        }
        for duty in pins.iter().chain(&published) {
            people.insert(duty.person);
            needs.insert(duty.need);
        }
        let receptions: BTreeSet<ReceptionIx> =
            needs.iter().filter_map(|need| problem.needs[need.index()].seat).map(|seat| seat.reception).collect();
        for reception in &receptions {
            let options = &problem.receptions[reception.index()].options;
            needs.extend(options.iter().flat_map(|option| option.seats()));
        }
        let receptions: Vec<ReceptionIx> = receptions.into_iter().collect();
        let cases: BTreeSet<CaseIx> = needs.iter().filter_map(|need| problem.needs[need.index()].case).collect();
        let cases: Vec<(CaseIx, &Case)> =
            cases.into_iter().filter_map(|at| Some((at, problem.cases.get(at.index())?))).collect();
        people.extend(cases.iter().filter_map(|(_, case)| case.earlier_handler));
        let local = Local { people: people.into_iter().collect(), needs: needs.into_iter().collect() };
        let small = &mut self.small;
        small.people.clear();
        small.people.extend(local.people.iter().map(|person| problem.people[person.index()].clone()));
        small.needs.clear();
        small.needs.extend(local.needs.iter().map(|need| {
            let mut need = problem.needs[need.index()].clone();
            need.excluded = need.excluded.iter().filter_map(|&person| local.person(person)).collect();
            let case = need.case.and_then(|case| cases.binary_search_by_key(&case, |&(at, _)| at).ok());
            need.case = case.map(CaseIx::from_index);
            need.seat = need.seat.and_then(|seat| {
                let reception = receptions.binary_search(&seat.reception).ok().map(ReceptionIx::from_index)?;
                Some(Seat { reception, ..seat })
            });
            need
        }));
        small.receptions = receptions
            .iter()
            .map(|at| local_reception(&problem.receptions[at.index()], &local.people, &local.needs))
            .collect();
        small.cases.clear();
        small.cases.extend(cases.iter().map(|(_, case)| Case {
            options: case.options.iter().filter_map(|&need| local.need(need)).collect(),
            earlier_handler: case.earlier_handler.and_then(|person| local.person(person)),
            ..(*case).clone()
        }));
        let own = |list: Vec<Duty>| -> Vec<Duty> {
            list.iter().filter_map(|duty| local.duty(problem, duty.person, duty.need)).collect()
        };
        small.pins = own(pins);
        small.published = own(published);
        small.apart = local
            .people
            .iter()
            .filter_map(|one| Some((one, scene.apart.get(one)?)))
            .flat_map(|(&one, others)| others.iter().map(move |&other| (one, other)))
            .filter_map(|(one, other)| Some((local.person(one)?, local.person(other)?)))
            .collect();
        local
    }
}

impl Effect {
    fn add(&mut self, problem: &Problem, code: RuleCode, step: i64) {
        if step == 0 {
            return;
        }
        *self.rules.entry(code).or_default() += step;
        if let Some(tier) = tier_index(problem.profile.tier(code)) {
            self.tiers[tier] += step;
        }
    }

    /// Whether no rule of tier 0 is broken.
    #[must_use]
    pub fn is_feasible(&self) -> bool {
        self.broken.is_empty()
    }
}

/// People and needs of a small problem, sorted; their positions are its indices.
struct Local {
    people: Vec<PersonIx>,
    needs: Vec<NeedIx>,
}

impl Local {
    fn person(&self, whole: PersonIx) -> Option<PersonIx> {
        self.people.binary_search(&whole).ok().map(PersonIx::from_index)
    }

    fn need(&self, whole: NeedIx) -> Option<NeedIx> {
        self.needs.binary_search(&whole).ok().map(NeedIx::from_index)
    }

    fn duty(&self, problem: &Problem, person: PersonIx, need: NeedIx) -> Option<Duty> {
        let span = problem.needs[need.index()].as_post()?.span;
        Some(Duty { person: self.person(person)?, need: self.need(need)?, span })
    }

    /// The finding with the indices of the whole problem.
    fn whole(&self, broken: &Broken) -> Broken {
        let person = broken.person.and_then(|person| self.people.get(person.index()).copied());
        let need = broken.need.and_then(|need| self.needs.get(need.index()).copied());
        Broken { person, need, ..broken.clone() }
    }
}
