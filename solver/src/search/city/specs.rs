//! Parts, regions and the whole as specifications: who takes part, with what, and what stays as it is.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::{City, Pass};
use crate::model::candidates::Group;
use crate::model::part::{Member, PartSpec, Role};
use crate::problem::{CaseIx, NeedIx, PersonIx, ReceptionIx};
use crate::search::loads::Loads;
use crate::search::receptions::bar_rooms;
use crate::search::rooms::sum_of;

impl City<'_, '_> {
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
            cases: self.cases[part].clone(),
            receptions: Vec::new(),
            counts_seats: false,
            rooms: HashMap::new(),
            group_floor: HashMap::new(),
            reluctant: HashSet::new(),
            between_places: self.between_places,
        }
    }

    /// The relaxation with the part's receptions and its share of what units above take: its programmes price the room
    /// there, and a bound over all parts counts the room at these prices once.
    #[must_use]
    pub fn priced(&self, part: usize) -> PartSpec {
        let rooms = self.rooms[part].clone();
        PartSpec { rooms, receptions: self.receptions_in(part), counts_seats: true, ..self.relaxed(part) }
    }

    /// The same with everybody in one place a day: where a roster has them, at home where it does not. Receptions may
    /// have whomever they name.
    pub(in crate::search) fn in_place(&self, part: usize, duties: &[Vec<NeedIx>]) -> PartSpec {
        let mut spec = self.priced(part);
        let day = |need: NeedIx| self.network.post(need).map(|post| post.day);
        spec.members.retain_mut(|member| {
            if member.role == Role::Whole {
                return true;
            }
            let own = duties.get(member.person.index()).map_or(&[][..], Vec::as_slice);
            let is_at_home = member.role == Role::Home;
            let is_here = |need: NeedIx| {
                let mut of_day = own.iter().filter(|&&other| day(other) == day(need)).peekable();
                if of_day.peek().is_none() { is_at_home } else { of_day.any(|&other| self.part_of(other) == part) }
            };
            member.candidates.retain(|&need| is_here(need) || self.is_seat(need));
            member.elsewhere.retain(|&need| !is_here(need) && own.iter().any(|&other| day(other) == day(need)));
            if is_at_home && member.elsewhere.is_empty() {
                member.role = Role::Whole;
            }
            is_at_home || !member.candidates.is_empty() || !member.kept.is_empty()
        });
        spec
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
            cases: (0..self.network.cases.len()).map(CaseIx::from_index).collect(),
            receptions: (0..self.network.problem.receptions.len()).map(ReceptionIx::from_index).collect(),
            counts_seats: true,
            rooms: HashMap::new(),
            group_floor: HashMap::new(),
            reluctant: HashSet::new(),
            between_places: true,
        }
    }

    /// The part with everything outside it kept as it is, and receptions' seats too.
    pub(in crate::search) fn around(&self, part: usize, duties: &[Vec<NeedIx>], loads: &Loads, pass: Pass) -> PartSpec {
        let mut members = Vec::new();
        for person in self.concerned((part, pass), duties) {
            // Guests who serve here take room from the first, and no more than that.
            let is_open = pass != Pass::Residents || self.home[person.index()] == part;
            let stays = |need: NeedIx| !is_open || self.part_of(need) != part || self.is_seat(need);
            let kept = self.with_pins(person, duties[person.index()].iter().copied().filter(|&need| stays(need)));
            let mut candidates = self.candidates_in(person, part);
            candidates.retain(|&need| is_open && !self.is_seat(need));
            members.push(Member { person, role: Role::Whole, candidates, elsewhere: Vec::new(), kept });
        }
        let inside: BTreeSet<PersonIx> = members.iter().map(|member| member.person).collect();
        let groups: BTreeSet<Group> =
            inside.iter().map(|person| self.network.group(&self.network.problem.people[person.index()])).collect();
        let group_floor = groups.into_iter().map(|group| (group, loads.most_outside(group, &inside))).collect();
        let shared = |person: &PersonIx| self.shared[person.index()];
        let reluctant =
            if pass == Pass::Everyone { HashSet::new() } else { inside.iter().copied().filter(shared).collect() };
        PartSpec {
            members,
            needs: self.needs[part].clone(),
            cases: self.cases[part].clone(),
            receptions: Vec::new(),
            counts_seats: false,
            rooms: self.rooms[part].clone(),
            group_floor,
            reluctant,
            between_places: self.between_places,
        }
    }

    /// The part with everything in it open, receptions too, and everything outside it kept as it is.
    pub(in crate::search) fn opened(&self, part: usize, duties: &[Vec<NeedIx>], loads: &Loads) -> PartSpec {
        let mut spec = self.around(part, duties, loads, Pass::Everyone);
        for member in &mut spec.members {
            let pins = self.pinned.get(&member.person).into_iter().flatten();
            member.kept.retain(|&need| self.part_of(need) != part || pins.clone().any(|&pin| pin == need));
            member.candidates = self.candidates_in(member.person, part);
        }
        spec.receptions.clone_from(&self.receptions[part]);
        let elsewhere = |needs: &Vec<NeedIx>| {
            let seats = needs.iter().copied().filter(|&need| self.is_seat(need) && self.part_of(need) != part);
            seats.collect::<Vec<NeedIx>>()
        };
        let taken = duties.iter().enumerate().map(|(at, needs)| (PersonIx::from_index(at), elsewhere(needs)));
        bar_rooms(self.network, &taken.filter(|(_, seats)| !seats.is_empty()).collect(), &mut spec);
        spec
    }

    /// The people of some parts who serve in several, with everybody else's duties as they are.
    pub(in crate::search) fn sharing(&self, parts: &[usize], duties: &[Vec<NeedIx>], loads: &Loads) -> PartSpec {
        self.among(parts, duties, loads, |person| self.shared[person.index()])
    }

    /// Some of the people of parts, over all of these, with everybody else's duties and receptions' seats as they are.
    pub(in crate::search) fn among(
        &self,
        parts: &[usize],
        duties: &[Vec<NeedIx>],
        loads: &Loads,
        takes_part: impl Fn(&PersonIx) -> bool,
    ) -> PartSpec {
        let people = parts.iter().flat_map(|&part| &self.residents[part]).copied();
        let shared: Vec<PersonIx> = people.filter(takes_part).collect();
        let member = |&person: &PersonIx| {
            let mut candidates = self.candidates[person.index()].clone();
            candidates.retain(|&need| !self.is_seat(need));
            let seats = duties[person.index()].iter().copied().filter(|&need| self.is_seat(need));
            let kept = self.with_pins(person, seats);
            Member { person, role: Role::Whole, candidates, elsewhere: Vec::new(), kept }
        };
        let inside: BTreeSet<PersonIx> = shared.iter().copied().collect();
        let groups: BTreeSet<Group> =
            inside.iter().map(|person| self.network.group(&self.network.problem.people[person.index()])).collect();
        PartSpec {
            members: shared.iter().map(member).collect(),
            needs: parts.iter().flat_map(|&part| &self.needs[part]).copied().collect(),
            cases: parts.iter().flat_map(|&part| &self.cases[part]).copied().collect(),
            receptions: Vec::new(),
            counts_seats: false,
            rooms: sum_of(parts.iter().map(|&part| &self.rooms[part])),
            group_floor: groups.into_iter().map(|group| (group, loads.most_outside(group, &inside))).collect(),
            reluctant: HashSet::new(),
            between_places: self.between_places,
        }
    }
}
