//! Receptions and visits that are not held, held after all where a chain of people makes up for it.
//!
//! Streets give receptions up for residents' minimums one after the other, each with everything around it as it stands. Over
//! a whole region chains ([`super::chains`]) often find others for the posts that a reception's people leave, so that
//! residents lose nothing.

use std::collections::{HashMap, HashSet};

use rustc_hash::{FxHashMap, FxHashSet};

use super::improve::{Bench, ORDER};
use super::price::{ScaledWeights, Week, scaled};
use crate::check::check;
use crate::model::linear::{Costs, in_tier};
use crate::model::person_rules;
use crate::problem::{NeedIx, Reception, ReceptionIx, ReceptionOption, RuleCode, Span, VenueIx};
use crate::roster::TierValues;
use crate::search::city::City;
use crate::search::loads::Loads;
use crate::search::watch::{Watch, parallel};

/// Seconds for each need of the whole that must be left: laying the people of a region out takes a third of that.
const LEAST_SECONDS_FOR_A_NEED: f64 = 1e-4;
/// Most hosts who are tried for one span of a reception.
const MOST_HOSTS: usize = 8;
/// Most attempts at one reception.
const MOST_ATTEMPTS: usize = 40;
/// How chains weigh the tiers: residents first.
const WEIGHTS: ScaledWeights = [1 << 20, 1, 0];

/// Rooms that are taken, and when.
type Rooms = HashMap<VenueIx, Vec<Span>>;

/// Members of a bench who may take a seat, each with the position of the seat in the member's week.
type Sitters = FxHashMap<NeedIx, Vec<(usize, u16)>>;

impl City<'_, '_> {
    /// Holds receptions of which nothing is held yet, over all streets of a region at once, while time is left. The roster
    /// is never worse for it, tier by tier, and keeps every rule that it keeps now.
    pub(in crate::search) fn hold_again(&self, duties: &mut Vec<Vec<NeedIx>>, threads: usize, watch: &Watch<'_>) {
        let held: HashSet<ReceptionIx> = duties.iter().flatten().filter_map(|&need| self.reception_of(need)).collect();
        let unheld: Vec<Vec<ReceptionIx>> = self.regions.iter().map(|parts| self.unheld(parts, &held)).collect();
        let open: Vec<usize> = (0..unheld.len()).filter(|&at| !unheld[at].is_empty()).collect();
        let least = LEAST_SECONDS_FOR_A_NEED * self.network.problem.needs.len() as f64;
        if open.is_empty() || watch.seconds_left() < least {
            return;
        }
        let mut rooms = Rooms::new();
        for (venue, span) in self.room_users(duties.iter().flatten().copied()) {
            rooms.entry(venue).or_default().push(span);
        }
        let loads = Loads::new(self.network, duties);
        let now: &[Vec<NeedIx>] = duties;
        let found = parallel(threads, open.len(), |at| {
            let mut spec = self.among(&self.regions[open[at]], now, &loads, |_| true);
            let seats = self.seats_of(&unheld[open[at]]);
            for member in &mut spec.members {
                let own = self.candidates(member.person).iter().copied().filter(|need| seats.contains(need));
                member.candidates.extend(own);
            }
            let Some(mut bench) = Bench::new(self.network, &spec, None) else { return Vec::new() };
            bench.close(&seats);
            bench.load(&|person| now[person.index()].clone());
            let mut rooms = rooms.clone();
            let is_any = bench.hold_all(self, (&unheld[open[at]], &seats), &mut rooms, &|| watch.is_over());
            if is_any { bench.duties().collect::<Vec<_>>() } else { Vec::new() }
        });
        let mut next = duties.clone();
        for (person, needs) in found.into_iter().flatten() {
            next[person.index()] = needs;
        }
        // Regions do not see which rooms others take meanwhile.
        if next != *duties && self.judged(&next) < self.judged(duties) {
            *duties = next;
        }
    }

    /// Receptions of some parts that are not held and whose being held counts, those that count most first.
    fn unheld(&self, parts: &[usize], held: &HashSet<ReceptionIx>) -> Vec<ReceptionIx> {
        let all = parts.iter().flat_map(|&part| self.receptions(part)).copied();
        let mut unheld: Vec<ReceptionIx> =
            all.filter(|at| !held.contains(at) && self.cost_of_none(*at) > [0; 3]).collect();
        unheld.sort_by_key(|&at| (std::cmp::Reverse(self.cost_of_none(at)), at));
        unheld
    }

    /// What a reception costs that is not held (S21).
    fn cost_of_none(&self, at: ReceptionIx) -> Costs {
        let profile = &self.network.problem.profile;
        let priority = i64::from(self.network.problem.receptions[at.index()].priority);
        in_tier(profile.tier(RuleCode::S21), profile.weight(RuleCode::S21) * priority)
    }

    /// The seats of some receptions.
    fn seats_of(&self, receptions: &[ReceptionIx]) -> FxHashSet<NeedIx> {
        let receptions = receptions.iter().map(|at| &self.network.problem.receptions[at.index()]);
        receptions.flat_map(|reception| &reception.options).flat_map(|option| option.seats()).collect()
    }

    fn reception_of(&self, need: NeedIx) -> Option<ReceptionIx> {
        Some(self.network.post(need)?.seat?.reception)
    }

    fn judged(&self, own: &[Vec<NeedIx>]) -> (usize, TierValues) {
        check(self.network.problem, &self.network.problem.duties_of(own)).rank()
    }
}

/// A way to hold a reception: who takes a seat, with what week.
struct Attempt {
    people: Vec<(usize, Week)>,
    room: Option<(VenueIx, Span)>,
    /// What holding it saves, without the weeks of its people.
    worth: i64,
    /// What those people's posts and weeks lose.
    loss: i64,
}

impl Bench<'_, '_> {
    /// Holds of some receptions as many as gain; whether any.
    fn hold_all(
        &mut self,
        city: &City<'_, '_>,
        (unheld, seats): (&[ReceptionIx], &FxHashSet<NeedIx>),
        rooms: &mut Rooms,
        is_over: &dyn Fn() -> bool,
    ) -> bool {
        let problem = self.network.problem;
        let places = self.places();
        let sitters = self.sitters(seats);
        let mut is_any = false;
        for &at in unheld {
            let mut attempts: Vec<Attempt> = Vec::new();
            let reception = &problem.receptions[at.index()];
            for option in &reception.options {
                attempts.extend(self.attempts(reception, option, city.cost_of_none(at), (&sitters, rooms)));
            }
            attempts.sort_by_key(|attempt| attempt.loss - attempt.worth);
            for attempt in attempts.into_iter().take(MOST_ATTEMPTS) {
                if is_over() {
                    return is_any;
                }
                let room = attempt.room;
                if self.hold(attempt, &places, is_over) {
                    if let Some((venue, span)) = room {
                        rooms.entry(venue).or_default().push(span);
                    }
                    is_any = true;
                    break;
                }
            }
        }
        is_any
    }

    /// Leaves some seats out of all that chains look at: only who is put there takes one.
    fn close(&mut self, seats: &FxHashSet<NeedIx>) {
        for sitter in &mut self.members {
            let here = sitter.week.needs.iter().enumerate().filter(|(_, need)| seats.contains(need));
            for (position, _) in here {
                sitter.closed[position] = true;
                sitter.desks[position] = None;
            }
        }
    }

    /// Who may take some seats.
    fn sitters(&self, seats: &FxHashSet<NeedIx>) -> Sitters {
        let mut sitters = Sitters::default();
        for (member, sitter) in self.members.iter().enumerate() {
            for (position, need) in (0..).zip(&sitter.week.needs) {
                if seats.contains(need) {
                    sitters.entry(*need).or_default().push((member, position));
                }
            }
        }
        sitters
    }

    /// Ways to hold a reception within one span: the deputies whom it costs least, and each of several hosts.
    fn attempts(
        &mut self,
        reception: &Reception,
        option: &ReceptionOption,
        unheld: Costs,
        (sitters, rooms): (&Sitters, &Rooms),
    ) -> Vec<Attempt> {
        let Some(span) = self.network.post(option.deputies).map(|post| post.span) else { return Vec::new() };
        let room = option.venue.map(|venue| (venue, span));
        let is_taken = |(venue, span): (VenueIx, Span)| {
            rooms.get(&venue).is_some_and(|taken| taken.iter().any(|other| other.overlaps(span)))
        };
        if self.network.settings.is_on(RuleCode::H11) && room.is_some_and(is_taken) {
            return Vec::new();
        }
        let mut deputies: Vec<(i64, usize, Week)> = Vec::new();
        for free in self.free(option.deputies, sitters) {
            let is_met = |(_, other, _): &(i64, usize, Week)| !self.are_apart(*other, free.1);
            if deputies.len() < usize::from(reception.seats) && deputies.iter().all(is_met) {
                deputies.push(free);
            }
        }
        if deputies.len() < usize::from(reception.seats) {
            return Vec::new();
        }
        let profile = &self.network.problem.profile;
        let wanted = in_tier(profile.tier(RuleCode::S30), profile.weight(RuleCode::S30) * i64::from(option.weight));
        let worth = scaled(unheld, ORDER) - scaled(wanted, ORDER);
        let loss: i64 = deputies.iter().map(|(loss, ..)| loss).sum();
        let people: Vec<(usize, Week)> = deputies.into_iter().map(|(_, member, week)| (member, week)).collect();
        let Some(seat) = option.host else { return vec![Attempt { people, room, worth, loss }] };
        let hosts = self.free(seat, sitters);
        let hosts = hosts.into_iter().filter(|(_, host, _)| people.iter().all(|(member, _)| member != host));
        let attempt = |(of_host, host, week): (i64, usize, Week)| {
            let people = people.iter().cloned().chain([(host, week)]).collect();
            Attempt { people, room, worth, loss: loss + of_host }
        };
        hosts.take(MOST_HOSTS).map(attempt).collect()
    }

    fn are_apart(&self, one: usize, other: usize) -> bool {
        self.apart.get(&one).is_some_and(|others| others.contains(&other))
    }

    /// Members who may take a seat and give up no more than they must: what that costs, and the week; least cost first.
    fn free(&mut self, seat: NeedIx, sitters: &Sitters) -> Vec<(i64, usize, Week)> {
        let mut free = Vec::new();
        for &(member, position) in sitters.get(&seat).into_iter().flatten() {
            let (total, own) = (self.total, self.members[member].chosen.clone());
            let mut best: Option<(i64, Week)> = None;
            for week in self.seated(member, position) {
                self.put(member, week.clone());
                let loss = self.total - total;
                self.put(member, own.clone());
                if best.as_ref().is_none_or(|&(least, _)| loss < least) {
                    best = Some((loss, week));
                }
            }
            free.extend(best.map(|(loss, week)| (loss, member, week)));
        }
        free.sort_by_key(|&(loss, member, _)| (loss, member));
        free
    }

    /// A member's weeks with a seat, without the duties that it clashes with; where rules ask for that, with one fewer.
    fn seated(&self, member: usize, position: u16) -> Vec<Week> {
        let sitter = &self.members[member];
        let need = |at: u16| sitter.week.needs[usize::from(at)];
        let Some(wanted) = self.network.post(need(position)) else { return Vec::new() };
        let rest = self.network.settings.min_rest_minutes(self.person(member));
        let clashes = |other: u16| {
            self.network.post(need(other)).is_some_and(|other| self.network.clash(rest, other, wanted).is_some())
        };
        let may_go = |&at: &u16| !sitter.week.kept[usize::from(at)] && sitter.desks[usize::from(at)].is_some();
        let own = &sitter.chosen.positions;
        if !own.iter().filter(|&&at| clashes(at)).all(may_go) {
            return Vec::new();
        }
        let stays: Vec<u16> = own.iter().copied().filter(|&at| !clashes(at)).collect();
        let week_without = |dropped: Option<u16>| {
            let mut positions: Vec<u16> = stays.iter().copied().filter(|&at| Some(at) != dropped).collect();
            let needs: Vec<NeedIx> = positions.iter().map(|&at| need(at)).collect();
            if person_rules::stops(self.network, sitter.week.person, &needs, need(position)).is_some() {
                return None;
            }
            positions.push(position);
            positions.sort_unstable();
            sitter.week.week_of(&positions)
        };
        match week_without(None) {
            Some(week) => vec![week],
            None => stays.iter().copied().filter(may_go).filter_map(|at| week_without(Some(at))).collect(),
        }
    }

    /// Seats the people of an attempt and fills the posts that they leave; whether the roster is better with it. It stays
    /// as it is otherwise.
    fn hold(&mut self, attempt: Attempt, places: &[Vec<(usize, u16)>], is_over: &dyn Fn() -> bool) -> bool {
        let total = self.total;
        self.journal = Some(Vec::new());
        let mut left = Vec::new();
        for (member, week) in attempt.people {
            let sitter = &self.members[member];
            let gone = sitter.chosen.positions.iter().filter(|at| !week.positions.contains(at));
            left.extend(gone.filter_map(|&at| sitter.desks[usize::from(at)]).map(|desk| desk as usize));
            self.put(member, week);
        }
        for desk in left {
            while self.change(desk, 1, WEIGHTS) < 0 && self.fill(desk, WEIGHTS, places, &mut FxHashSet::default()) {
                if is_over() {
                    break;
                }
            }
        }
        let journal = self.journal.take().unwrap_or_default();
        let is_better = self.total - attempt.worth < total;
        if !is_better {
            for (member, week) in journal.into_iter().rev() {
                self.put(member, week);
            }
        }
        is_better
    }
}
