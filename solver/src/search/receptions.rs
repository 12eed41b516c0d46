//! Receptions in a stage of their own, before the rosters: which are held, when, with whom.
//!
//! A street has few receptions, and their deputies have hardly any other duty, so that an integer programme over the
//! seats alone is small and solved to the end. Rosters then keep its seats. Bounds do not. Those of street programmes
//! leave out what the seats cost (S21, S36 and what every duty costs): that is at least the optimum of the stage, in which
//! nobody has other duties; and everything else costs at least what their bounds say when seats are free to take and
//! nobody has to. A roster splits into these two parts, so that the sum of both bounds is one of the whole.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::certificate::{Inequality, PartProof};
use super::city::City;
use super::exact::{least, solve_exactly};
use super::part_search::prove_nothing;
use super::watch::parallel;
use crate::model::candidates::Network;
use crate::model::linear::{bound_scale, fixed};
use crate::model::part::{Member, PartModel, PartSpec, Role};
use crate::problem::{Duty, NeedIx, PersonIx, ReceptionIx, RuleCode};

/// Seats that are taken, by person.
pub type Seats = HashMap<PersonIx, Vec<NeedIx>>;

/// Weights of the third stage in sixteenths: whole numbers, so that the optimum is one too.
const SIXTEENTHS: [i64; 3] = [8, 1, 16];
/// Factor that keeps prices of hosts below any cost.
const BELOW_COSTS: i64 = 1 << 16;
/// Most that one host is priced at.
const MOST_PRICE: i64 = 1 << 8;
/// Seconds that one programme may take.
const SECONDS: f64 = 5.0;

/// Decides the receptions of all parts, one part after the other, each around what those before have taken.
#[must_use]
pub(super) fn decide(city: &City<'_, '_>, threads: usize, seconds: f64) -> Seats {
    let parts = parts(city);
    let each = seconds_for_each(parts.len(), threads, seconds);
    let sitters = Sitters::new(city);
    let prices = Prices::new(city, &sitters);
    let alone = parallel(threads, parts.len(), |at| {
        let model = modelled((city, &sitters), parts[at], &Seats::new());
        seats(city, &model, &best(&model, &prices, each).unwrap_or_default())
    });
    let mut taken = Seats::new();
    for (&part, found) in parts.iter().zip(alone) {
        let people: HashSet<PersonIx> = found.iter().map(|duty| duty.person).collect();
        let clashes = people.iter().any(|person| taken.contains_key(person)) || rooms_meet(city.network, &taken, part);
        let found = if clashes {
            let model = modelled((city, &sitters), part, &taken);
            seats(city, &model, &best(&model, &prices, each).unwrap_or_default())
        } else {
            found
        };
        for duty in found {
            taken.entry(duty.person).or_default().push(duty.need);
        }
    }
    taken
}

/// What each part's seats cost at least, wherever everybody else's duties are.
#[must_use]
pub(super) fn prove(city: &City<'_, '_>, threads: usize, seconds: f64) -> Vec<PartProof> {
    let parts = parts(city);
    let each = seconds_for_each(parts.len(), threads, seconds);
    let sitters = Sitters::new(city);
    let prices = Prices::new(city, &sitters);
    parallel(threads, parts.len(), |at| {
        let model = modelled((city, &sitters), parts[at], &Seats::new());
        let costs = best(&model, &prices, each).and_then(|chosen| model.evaluate(&chosen));
        proof(&model, costs, each)
    })
}

/// Receptions of the parts that have any.
fn parts<'c>(city: &'c City<'_, '_>) -> Vec<&'c [ReceptionIx]> {
    (0..city.parts()).map(|part| city.receptions(part)).filter(|receptions| !receptions.is_empty()).collect()
}

/// By reception: who may take a seat there, or is pinned to one.
struct Sitters(Vec<Vec<PersonIx>>);

impl Sitters {
    fn new(city: &City<'_, '_>) -> Self {
        let mut found = vec![Vec::new(); city.network.problem.receptions.len()];
        for person in (0..city.network.problem.people.len()).map(PersonIx::from_index) {
            let pins = city.pins_of(person);
            for need in city.candidates(person).iter().chain(&pins) {
                let Some(seat) = city.network.post(*need).and_then(|post| post.seat) else { continue };
                let there = &mut found[seat.reception.index()];
                if there.last() != Some(&person) {
                    there.push(person);
                }
            }
        }
        Self(found)
    }

    /// Those of some receptions, each once, rising.
    fn of(&self, receptions: &[ReceptionIx]) -> BTreeSet<PersonIx> {
        receptions.iter().flat_map(|at| &self.0[at.index()]).copied().collect()
    }

    fn all(&self) -> BTreeSet<PersonIx> {
        self.0.iter().flatten().copied().collect()
    }
}

fn seconds_for_each(parts: usize, threads: usize, seconds: f64) -> f64 {
    (seconds * threads as f64 / parts.max(1) as f64).clamp(0.1, SECONDS)
}

/// Whether receptions of other parts have taken a room that one of these might take.
fn rooms_meet(network: &Network<'_>, taken: &Seats, part: &[ReceptionIx]) -> bool {
    let venue = |need: &NeedIx| {
        let (reception, seat) = network.problem.seat_of(*need)?;
        reception.options.get(usize::from(seat.option))?.venue
    };
    let theirs: HashSet<_> = taken.values().flatten().filter_map(venue).collect();
    let receptions = part.iter().map(|at| &network.problem.receptions[at.index()]);
    receptions
        .flat_map(|reception| &reception.options)
        .any(|option| option.venue.is_some_and(|at| theirs.contains(&at)))
}

/// The seats of some receptions around what is taken.
fn modelled((city, sitters): (&City<'_, '_>, &Sitters), receptions: &[ReceptionIx], taken: &Seats) -> PartModel {
    let network = city.network;
    let mut spec = spec_of((city, sitters), receptions, taken);
    bar_rooms(network, taken, &mut spec);
    let mut model = PartModel::build(network, &spec);
    // What pinned duties at posts cost counts with the posts.
    for (pair, column) in model.pairs.iter().zip(&mut model.linear.columns) {
        if network.post(pair.need).is_none_or(|post| post.seat.is_none()) {
            column.cost = [0; 3];
        }
    }
    model
}

/// The best choice of pairs; among equals, by the prices of hosts.
fn best(model: &PartModel, prices: &Prices, seconds: f64) -> Option<Vec<bool>> {
    let mut priced = model.clone();
    for column in &mut priced.linear.columns {
        column.cost[2] *= BELOW_COSTS;
    }
    priced.linear.offset[2] *= BELOW_COSTS;
    for (pair, column) in model.pairs.iter().zip(&mut priced.linear.columns) {
        column.cost[2] += prices.of(pair.person, pair.need);
    }
    solve_exactly(&priced, seconds).map(|found| found.chosen)
}

/// The duties at seats of a choice.
fn seats(city: &City<'_, '_>, model: &PartModel, chosen: &[bool]) -> Vec<Duty> {
    let pairs = model.pairs.iter().zip(chosen).filter(|&(_, &chosen)| chosen);
    let seats = pairs.filter_map(|(pair, _)| {
        let post = city.network.post(pair.need).filter(|post| post.seat.is_some())?;
        Some(Duty { person: pair.person, need: pair.need, span: post.span })
    });
    seats.collect()
}

/// What the lexicographic optimum of a model, and the optima of two sums of its tiers, prove; without an optimum no more
/// than what no tier can go below.
fn proof(model: &PartModel, costs: Option<[i64; 3]>, seconds: f64) -> PartProof {
    let alone = prove_nothing(model).alone;
    let at_least = |weights: [i64; 3]| -> i64 {
        let sum = |costs: [i64; 3]| costs.iter().zip(weights).map(|(cost, weight)| cost * weight).sum::<i64>();
        // Where no tier can be lower by itself, no sum can.
        let open = costs.is_some_and(|costs| costs != alone);
        open.then(|| least(model, weights, seconds)).flatten().unwrap_or_else(|| sum(alone))
    };
    let (second, third) = (at_least([1, 1, 0]), at_least(SIXTEENTHS));
    let least_tier1 = costs.map_or(alone[0], |costs| costs[0]);
    let scale = bound_scale();
    let weights = |sixteenths: [i64; 3]| sixteenths.map(|weight| fixed(1.0) / 16 * weight);
    let inequality = |sixteenths, right_side| Inequality { weights: weights(sixteenths), right_side };
    PartProof {
        least_tier1,
        tiers: [
            inequality([16, 0, 0], i128::from(least_tier1) * scale),
            inequality([16, 16, 0], i128::from(second) * scale),
            inequality(SIXTEENTHS, i128::from(third) * scale / 16),
        ],
        alone,
    }
}

fn spec_of((city, sitters): (&City<'_, '_>, &Sitters), receptions: &[ReceptionIx], taken: &Seats) -> PartSpec {
    let network = city.network;
    let inside: HashSet<ReceptionIx> = receptions.iter().copied().collect();
    let is_inside = |need: &NeedIx| {
        let seat = network.post(*need).and_then(|post| post.seat);
        seat.is_some_and(|seat| inside.contains(&seat.reception))
    };
    let mut members = Vec::new();
    for person in sitters.of(receptions) {
        let candidates: Vec<NeedIx> = city.candidates(person).iter().copied().filter(is_inside).collect();
        let mut kept = city.pins_of(person);
        kept.extend(taken.get(&person).into_iter().flatten().copied());
        // Only what the seats themselves cost counts here; the rosters' bounds count everything else.
        members.push(Member { person, role: Role::Guest, candidates, elsewhere: Vec::new(), kept });
    }
    let options = receptions.iter().flat_map(|at| &network.problem.receptions[at.index()].options);
    PartSpec {
        members,
        needs: options.flat_map(|option| option.seats()).collect(),
        receptions: receptions.to_vec(),
        ..PartSpec::default()
    }
}

/// Takes away the spans whose room others have taken.
pub(super) fn bar_rooms(network: &Network<'_>, taken: &Seats, spec: &mut PartSpec) {
    if !network.settings.is_on(RuleCode::H11) {
        return;
    }
    let user = |need: &NeedIx| {
        let (reception, seat) = network.problem.seat_of(*need)?;
        Some((reception.options.get(usize::from(seat.option))?.venue?, network.post(*need)?.span))
    };
    let users: HashSet<_> = taken.values().flatten().filter_map(user).collect();
    let is_free = |need: &NeedIx| {
        user(need)
            .is_none_or(|(venue, span)| users.iter().all(|&(theirs, other)| theirs != venue || !other.overlaps(span)))
    };
    for member in &mut spec.members {
        member.candidates.retain(is_free);
    }
}

/// What hosts are worth elsewhere while they host: posts with a minimum that they might serve then, those that ask for
/// a skill counted four times. It decides among equals only.
struct Prices {
    by_pair: HashMap<(PersonIx, NeedIx), i64>,
}

impl Prices {
    fn new(city: &City<'_, '_>, sitters: &Sitters) -> Self {
        let network = city.network;
        let mut by_pair = HashMap::new();
        for person in sitters.all() {
            let (seats, posts): (Vec<NeedIx>, Vec<NeedIx>) = city
                .candidates(person)
                .iter()
                .partition(|need| network.post(**need).is_some_and(|post| post.seat.is_some()));
            for seat in seats {
                let Some(span) = network.post(seat).map(|post| post.span) else { continue };
                let worth = |need: &NeedIx| {
                    let data = &network.problem.needs[need.index()];
                    let post = data.as_post().filter(|post| post.cover.min > 0 && post.span.overlaps(span));
                    post.map_or(0, |_| if data.skill.is_some() { 4 } else { 1 })
                };
                let price = posts.iter().map(worth).sum::<i64>().min(MOST_PRICE);
                by_pair.insert((person, seat), price);
            }
        }
        Self { by_pair }
    }

    fn of(&self, person: PersonIx, need: NeedIx) -> i64 {
        self.by_pair.get(&(person, need)).copied().unwrap_or(0)
    }
}
