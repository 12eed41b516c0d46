//! One street out of a problem: its needs, everyone who may serve there, and what they do elsewhere as it stands.
//!
//! Questions about one street are answered on this small problem: what lies outside is kept as it is, so a change of
//! its cost is the same change of the whole roster's cost.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::model::candidates::{Group, Network};
use crate::model::part::{Member, PartSpec, Role};
use crate::problem::{
    Case, CaseIx, Duty, NeedIx, PersonIx, Problem, Reception, ReceptionIx, ReceptionOption, RuleCode, Seat, SeatRole,
    UnitIx,
};

/// A street with its people, in indices of its own.
#[derive(Debug, Clone)]
pub struct Street {
    /// The small problem. Units, places, skills and shift types keep their indices.
    pub problem: Problem,
    /// The person in the whole problem, for each person here.
    pub people: Vec<PersonIx>,
    /// The need in the whole problem, for each need here.
    pub needs: Vec<NeedIx>,
    /// Whether the need lies in the street: only these are decided here.
    pub decided: Vec<bool>,
    /// Needs of each person, by start.
    pub duties: Vec<Vec<NeedIx>>,
    /// Greatest unsocial load of the people left out, per group that has any.
    pub floors: HashMap<Group, i64>,
}

/// The street of each unit, `None` above street level; parents stand before their children.
#[must_use]
pub fn streets(problem: &Problem) -> Vec<Option<UnitIx>> {
    let mut streets: Vec<Option<UnitIx>> = Vec::with_capacity(problem.units.len());
    for (index, unit) in problem.units.iter().enumerate() {
        let above = unit.parent.and_then(|parent| streets.get(parent.index()).copied().flatten());
        streets.push(if unit.is_street { Some(UnitIx::from_index(index)) } else { above });
    }
    streets
}

/// Needs of each person, by start.
#[must_use]
pub fn by_person(problem: &Problem, duties: &[Duty]) -> Vec<Vec<NeedIx>> {
    let mut sorted: Vec<&Duty> = duties.iter().filter(|duty| duty.person.index() < problem.people.len()).collect();
    sorted.sort_unstable_by_key(|duty| (duty.span.start, duty.need));
    let mut own = vec![Vec::new(); problem.people.len()];
    for duty in sorted {
        own[duty.person.index()].push(duty.need);
    }
    own
}

impl Street {
    /// Takes the street (or, for `None`, what stands above street level) out of the problem.
    #[must_use]
    pub fn of(problem: &Problem, duties: &[Vec<NeedIx>], street: Option<UnitIx>) -> Self {
        let streets = streets(problem);
        let inside = |need: NeedIx| {
            let place = problem.needs[need.index()].place;
            streets[problem.places[place.index()].unit.index()] == street
        };
        let touches = |root: UnitIx| match street {
            Some(street) => problem.is_within(root, street) || problem.is_within(street, root),
            None => streets[root.index()].is_none(),
        };
        let scoped = problem.profile.is_on(RuleCode::H10);
        let pinned: BTreeSet<PersonIx> =
            problem.pins.iter().filter(|pin| inside(pin.need)).map(|pin| pin.person).collect();
        let cases: Vec<CaseIx> = (0..problem.cases.len())
            .map(CaseIx::from_index)
            .filter(|&at| {
                let case = &problem.cases[at.index()];
                case.options.first().map_or(streets[case.unit.index()] == street, |&need| inside(need))
            })
            .collect();
        let handlers: BTreeSet<PersonIx> =
            cases.iter().filter_map(|case| problem.cases[case.index()].earlier_handler).collect();
        let receptions: Vec<ReceptionIx> = (0..problem.receptions.len())
            .map(ReceptionIx::from_index)
            .filter(|at| {
                let reception = &problem.receptions[at.index()];
                reception
                    .options
                    .first()
                    .map_or(streets[reception.unit.index()] == street, |option| inside(option.deputies))
            })
            .collect();
        let named = receptions.iter().map(|at| &problem.receptions[at.index()]);
        let invited: BTreeSet<PersonIx> = named
            .flat_map(|reception| reception.deputies.iter().chain(reception.hosts.iter().flatten()))
            .copied()
            .collect();
        let people: Vec<PersonIx> = (0..problem.people.len())
            .map(PersonIx::from_index)
            .filter(|&person| {
                let record = &problem.people[person.index()];
                streets[record.home_unit.index()] == street
                    || !scoped
                    || record.scope.iter().any(|&root| touches(root))
                    || duties[person.index()].iter().any(|&need| inside(need))
                    || pinned.contains(&person)
                    || handlers.contains(&person)
                    || invited.contains(&person)
            })
            .collect();
        let mut needs: BTreeSet<NeedIx> =
            (0..problem.needs.len()).map(NeedIx::from_index).filter(|&need| inside(need)).collect();
        needs.extend(people.iter().flat_map(|person| duties[person.index()].iter().copied()));
        let local_people: HashMap<PersonIx, PersonIx> =
            people.iter().enumerate().map(|(at, &person)| (person, PersonIx::from_index(at))).collect();
        needs.extend(problem.pins.iter().filter(|pin| local_people.contains_key(&pin.person)).map(|pin| pin.need));
        let needs: Vec<NeedIx> = needs.into_iter().collect();
        let decided = needs.iter().map(|&need| inside(need)).collect();
        let local_needs: HashMap<NeedIx, NeedIx> =
            needs.iter().enumerate().map(|(at, &need)| (need, NeedIx::from_index(at))).collect();
        let own = people
            .iter()
            .map(|person| duties[person.index()].iter().filter_map(|need| local_needs.get(need).copied()).collect());
        let own = own.collect();
        let mut small = Self::small(problem, (&people, &needs, &cases), &local_people, &local_needs);
        add_receptions(problem, (&people, &needs, &receptions), duties, &mut small);
        let floors = floors(problem, duties, &streets, &local_people);
        Self { problem: small, people, needs, decided, duties: own, floors }
    }

    fn small(
        problem: &Problem,
        (people, needs, cases): (&[PersonIx], &[NeedIx], &[CaseIx]),
        local_people: &HashMap<PersonIx, PersonIx>,
        local_needs: &HashMap<NeedIx, NeedIx>,
    ) -> Problem {
        let duties = |list: &[Duty]| -> Vec<Duty> {
            let local = |duty: &Duty| {
                let person = *local_people.get(&duty.person)?;
                let need = *local_needs.get(&duty.need)?;
                Some(Duty { person, need, span: duty.span })
            };
            list.iter().filter_map(local).collect()
        };
        let needs = needs.iter().map(|need| {
            let mut need = problem.needs[need.index()].clone();
            need.excluded = need.excluded.iter().filter_map(|person| local_people.get(person).copied()).collect();
            need.case = need.case.and_then(|case| cases.binary_search(&case).ok()).map(CaseIx::from_index);
            need
        });
        let cases = cases.iter().map(|case| {
            let case = &problem.cases[case.index()];
            Case {
                options: case.options.iter().filter_map(|need| local_needs.get(need).copied()).collect(),
                earlier_handler: case.earlier_handler.and_then(|person| local_people.get(&person).copied()),
                ..case.clone()
            }
        });
        let apart =
            problem.apart.iter().filter_map(|(one, other)| Some((*local_people.get(one)?, *local_people.get(other)?)));
        Problem {
            horizon: problem.horizon.clone(),
            off_days: problem.off_days.clone(),
            units: problem.units.clone(),
            places: problem.places.clone(),
            skills: problem.skills.clone(),
            shift_types: problem.shift_types.clone(),
            people: people.iter().map(|person| problem.people[person.index()].clone()).collect(),
            needs: needs.collect(),
            cases: cases.collect(),
            receptions: Vec::new(),
            venues: Vec::new(),
            apart: apart.collect(),
            profile: problem.profile.clone(),
            pins: duties(&problem.pins),
            published: duties(&problem.published),
        }
    }

    /// The position here of a person of the whole problem.
    #[must_use]
    pub fn person(&self, whole: PersonIx) -> Option<PersonIx> {
        self.people.binary_search(&whole).ok().map(PersonIx::from_index)
    }

    /// The position here of a need of the whole problem.
    #[must_use]
    pub fn need(&self, whole: NeedIx) -> Option<NeedIx> {
        self.needs.binary_search(&whole).ok().map(NeedIx::from_index)
    }

    /// The part in which everything of the street may change and everything else stays. `network` is of the small
    /// problem.
    #[must_use]
    pub fn spec(&self, network: &Network<'_>) -> PartSpec {
        let decided = |need: &NeedIx| self.decided.get(need.index()).copied().unwrap_or(true);
        let mut pins: HashMap<PersonIx, Vec<NeedIx>> = HashMap::new();
        for pin in &self.problem.pins {
            pins.entry(pin.person).or_default().push(pin.need);
        }
        let member = |index: usize| {
            let person = PersonIx::from_index(index);
            let mut candidates = network.candidates(person);
            candidates.retain(|need| decided(need) && network.post(*need).is_some_and(|post| post.in_horizon));
            let mut kept: Vec<NeedIx> = self.duties[index].iter().copied().filter(|need| !decided(need)).collect();
            for &pin in pins.get(&person).into_iter().flatten() {
                if !kept.contains(&pin) {
                    kept.push(pin);
                }
            }
            Member { person, role: Role::Whole, candidates, elsewhere: Vec::new(), kept }
        };
        PartSpec {
            members: (0..self.problem.people.len()).map(member).collect(),
            needs: (0..self.problem.needs.len()).map(NeedIx::from_index).filter(decided).collect(),
            cases: (0..self.problem.cases.len()).map(CaseIx::from_index).collect(),
            receptions: (0..self.problem.receptions.len()).map(ReceptionIx::from_index).collect(),
            counts_seats: true,
            rooms: HashMap::new(),
            group_floor: self.groups(network),
            reluctant: std::collections::HashSet::new(),
            between_places: true,
        }
    }

    /// Least unsocial load of each group that has somebody here.
    fn groups(&self, network: &Network<'_>) -> HashMap<Group, i64> {
        let groups: BTreeMap<Group, i64> = self
            .problem
            .people
            .iter()
            .map(|person| network.group(person))
            .map(|group| (group, self.floors.get(&group).copied().unwrap_or(0).max(0)))
            .collect();
        groups.into_iter().collect()
    }
}

/// Adds the street's receptions to its small problem. Rooms that receptions elsewhere have are taken, and what deputies
/// receive elsewhere counts towards their limits.
fn add_receptions(
    problem: &Problem,
    (people, needs, receptions): (&[PersonIx], &[NeedIx], &[ReceptionIx]),
    duties: &[Vec<NeedIx>],
    small: &mut Problem,
) {
    if problem.receptions.is_empty() {
        return;
    }
    small.receptions =
        receptions.iter().map(|at| local_reception(&problem.receptions[at.index()], people, needs)).collect();
    small.venues.clone_from(&problem.venues);
    for (need, local) in needs.iter().zip(&mut small.needs) {
        local.seat = problem.needs[need.index()].seat.and_then(|seat| {
            let reception = receptions.binary_search(&seat.reception).ok().map(ReceptionIx::from_index)?;
            Some(Seat { reception, ..seat })
        });
    }
    let elsewhere = |need: &NeedIx| {
        let (reception, seat) = problem.seat_of(*need)?;
        let is_here = receptions.binary_search(&seat.reception).is_ok();
        (!is_here).then_some((reception, seat))
    };
    for (reception, seat) in duties.iter().flatten().filter_map(elsewhere) {
        let option = reception.options.get(usize::from(seat.option));
        let post = option.and_then(|option| problem.needs[option.deputies.index()].as_post());
        let venue = option.and_then(|option| small.venues.get_mut(option.venue?.index()));
        if let Some((venue, post)) = venue.zip(post).filter(|(venue, post)| !venue.taken.contains(&post.span)) {
            venue.taken.push(post.span);
            venue.taken.sort_unstable();
        }
    }
    let standard = problem.profile.parameter(RuleCode::H13, "max_receptions");
    for (person, local) in people.iter().zip(&mut small.people) {
        let seats = duties[person.index()].iter().filter_map(elsewhere);
        let count = seats.filter(|(_, seat)| seat.role == SeatRole::Deputy).count();
        let most = local.limits.max_receptions.map(i64::from).or(Some(standard).filter(|&most| most != 0));
        if let Some(most) = most.filter(|_| count > 0) {
            let left = (most - i64::try_from(count).unwrap_or(most)).max(0);
            local.limits.max_receptions = u16::try_from(left).ok();
        }
    }
}

/// A reception with the indices of a small problem, whose people and needs are sorted.
pub(super) fn local_reception(reception: &Reception, people: &[PersonIx], needs: &[NeedIx]) -> Reception {
    let person = |whole: &PersonIx| people.binary_search(whole).ok().map(PersonIx::from_index);
    let need = |whole: NeedIx| needs.binary_search(&whole).ok().map(NeedIx::from_index);
    let option = |option: &ReceptionOption| {
        let host = match option.host {
            Some(host) => Some(need(host)?),
            None => None,
        };
        Some(ReceptionOption { deputies: need(option.deputies)?, host, ..*option })
    };
    Reception {
        options: reception.options.iter().filter_map(option).collect(),
        deputies: reception.deputies.iter().filter_map(person).collect(),
        hosts: reception.hosts.as_ref().map(|hosts| hosts.iter().filter_map(person).collect()),
        ..reception.clone()
    }
}

/// Greatest unsocial load, per group, of the people who are not in the street's small problem.
fn floors(
    problem: &Problem,
    duties: &[Vec<NeedIx>],
    streets: &[Option<UnitIx>],
    inside: &HashMap<PersonIx, PersonIx>,
) -> HashMap<Group, i64> {
    let group = |person: PersonIx| {
        let record = &problem.people[person.index()];
        (streets[record.home_unit.index()].unwrap_or(record.home_unit), record.category)
    };
    let present: BTreeSet<Group> = inside.keys().map(|&person| group(person)).collect();
    let mut floors = HashMap::new();
    let unsocial = Unsocial::new(problem);
    for person in (0..problem.people.len()).map(PersonIx::from_index).filter(|person| !inside.contains_key(person)) {
        let group = group(person);
        if !present.contains(&group) {
            continue;
        }
        let served = duties[person.index()].iter().filter(|&&need| unsocial.is(problem, need)).count();
        let ledger = i64::from(problem.people[person.index()].history.fairness_unsocial_duties);
        let load = ledger + i64::try_from(served).unwrap_or(i64::MAX);
        let most = floors.entry(group).or_insert(load);
        *most = load.max(*most);
    }
    floors
}

/// Whether duties are unsocial (S31), without the lookup tables of a whole network.
struct Unsocial {
    evening: i64,
}

impl Unsocial {
    fn new(problem: &Problem) -> Self {
        Self { evening: problem.profile.parameter(RuleCode::S31, "evening_from_minute") }
    }

    fn is(&self, problem: &Problem, need: NeedIx) -> bool {
        let Some(post) = problem.needs[need.index()].as_post() else { return false };
        let day = post.span.day();
        let off = usize::try_from(day).ok().and_then(|day| problem.off_days.get(day).copied()).unwrap_or(false);
        let end = i64::from(post.span.end) - i64::from(day) * i64::from(crate::problem::MINUTES_PER_DAY);
        off || problem.horizon.is_weekend(day) || end > self.evening
    }
}
