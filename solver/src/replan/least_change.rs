//! The replan of one street: tier 1 at its optimum, then the least number of people changed, then tiers 2 and 3.
//!
//! One binary per person says whether the person's published duties change. Tier 1 and the number of people carry a
//! proven bound; tiers 2 and 3 do where the people who may change are few.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use crate::explain::fill::{Gap, fillings};
use crate::explain::scene::{Change, Scene};
use crate::explain::stages::Proof;
use crate::explain::street::Street;
use crate::model::candidates::Network;
use crate::model::part::{PartModel, PartSpec};
use crate::model::person_rules;
use crate::problem::{NeedIx, PersonIx, RuleCode, Span, VenueIx};

use super::narrow::{Flag, Narrow};
use super::residents::{leave_out, only, residents_alone};

/// What a caller may choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReplanOptions {
    /// Change at most so many people, also where that leaves more of tier 1 unmet.
    pub most_people: Option<usize>,
    /// Stop after this long; what is not proven by then is said so.
    pub time_limit: Duration,
}

impl Default for ReplanOptions {
    fn default() -> Self {
        Self { most_people: None, time_limit: Duration::from_secs(10) }
    }
}

/// A street replanned.
#[derive(Debug, Clone, PartialEq)]
pub struct Replanned {
    /// Needs of each person of the street's small problem, by start.
    pub duties: Vec<Vec<NeedIx>>,
    /// People whose duties differ from the published ones.
    pub changed: Vec<PersonIx>,
    /// People who lose a published duty whatever is done; they are among those changed.
    pub forced: usize,
    /// Tier 1 of the street.
    pub tier1: Proof,
    /// Number of people changed, given tier 1.
    pub people: Proof,
    /// Tiers 2 and 3 of the street, given tier 1 and the number of people changed; without a bound where more people come
    /// into question than are planned.
    pub quality: [Proof; 2],
    /// Seconds taken.
    pub seconds: f64,
}

/// Column costs of the first run: tier 1, people changed.
const PEOPLE: usize = 1;

/// Replans a street. `street.duties` is the published roster; the problem is as it stands after the events.
#[must_use]
pub fn replan_street(street: &Street, options: ReplanOptions) -> Replanned {
    let started = Instant::now();
    let deadline = started + options.time_limit;
    let light = residents_alone(&street.problem);
    let network = Network::new(&light);
    let mut spec = street.spec(&network);
    leave_out(&mut spec, street, &network);
    let model = PartModel::build(&network, &spec);
    let kept = still_possible(street, &network, &model);
    let Some(fewest) = fewest(street, (&network, &spec), model, &kept, options, deadline) else {
        return unchanged(street, kept, started);
    };
    let (duties, quality) = best_quality(street, &kept, &fewest, deadline);
    Replanned {
        changed: differing(&street.duties, &duties),
        duties,
        forced: usize::try_from(fewest.forced).unwrap_or(0),
        tier1: fewest.tier1,
        people: fewest.people,
        quality,
        seconds: started.elapsed().as_secs_f64(),
    }
}

/// A roster with tier 1 at its optimum and the fewest people changed.
struct Fewest {
    duties: Vec<Vec<NeedIx>>,
    forced: i64,
    tier1: Proof,
    people: Proof,
    /// Whether each person changes in some roster as good.
    may_change: Vec<bool>,
}

/// First tier 1, then the people; `None` when the duties kept break a rule that cannot be mended.
fn fewest(
    street: &Street,
    (network, spec): (&Network<'_>, &PartSpec),
    model: PartModel,
    kept: &[Vec<NeedIx>],
    options: ReplanOptions,
    deadline: Instant,
) -> Option<Fewest> {
    let filled = chosen_of(&model, &filled(street, kept));
    let mut holes: BTreeSet<NeedIx> =
        spec.needs.iter().copied().filter(|&need| lacks(&street.problem, kept, need)).collect();
    holes.extend(left_alone(street, kept));
    let near: Vec<usize> = (0..model.pairs.len()).filter(|&pair| holes.contains(&model.pairs[pair].need)).collect();
    let chosen = chosen_of(&model, kept);
    let mut narrow = Narrow::new(model, chosen, deadline)?;
    let mut flags = None;
    if let Some(most) = options.most_people {
        let added = flagged(&mut narrow, street, network);
        let mut most = i64::try_from(most).unwrap_or(i64::MAX).max(added.forced);
        // A reception falls with any of its seats, so that more people may change than lose a duty themselves.
        if narrow.costs()[PEOPLE] > most {
            narrow.open(near.iter().copied());
            most = most.max(narrow.least(PEOPLE).value);
        }
        added.limit(&mut narrow.model, most);
        flags = Some(added);
    }
    narrow.offer(&filled, 0, &[]);
    narrow.open(near);
    let tier1 = narrow.minimise(0, &[]);
    let flags = flags.unwrap_or_else(|| flagged(&mut narrow, street, network));
    let limits = [(0, tier1.value)];
    for (at, &flag) in flags.columns.iter().enumerate() {
        give_back(street, &mut narrow, at, flag, &limits);
    }
    let people = narrow.minimise(PEOPLE, &limits);
    let columns = &narrow.model.linear.columns;
    Some(Fewest {
        duties: duties_of(street, &narrow.model, &narrow.chosen),
        forced: flags.forced,
        tier1,
        people,
        may_change: flags.columns.iter().map(|&flag| columns[flag as usize].upper > 0).collect(),
    })
}

/// Gives a person the published duties back, where tier 1 does not suffer.
fn give_back(street: &Street, narrow: &mut Narrow, at: usize, flag: u32, limits: &[(usize, i64)]) {
    let (first, last) = (narrow.model.members[at].first, narrow.model.members[at].last);
    let mut chosen = narrow.chosen.clone();
    for (pair, chosen) in narrow.model.pairs[first..last].iter().zip(&mut chosen[first..last]) {
        *chosen = street.duties[at].contains(&pair.need);
    }
    if chosen != narrow.chosen && narrow.model.linear.columns[flag as usize].lower == 0 {
        narrow.offer(&chosen, PEOPLE, limits);
    }
}

/// Tiers 2 and 3 with tier 1 and the number of people changed as they are.
fn best_quality(
    street: &Street,
    kept: &[Vec<NeedIx>],
    fewest: &Fewest,
    deadline: Instant,
) -> (Vec<Vec<NeedIx>>, [Proof; 2]) {
    let network = Network::new(&street.problem);
    let mut spec = street.spec(&network);
    let (free, is_whole) = may_plan(street, &spec, kept, fewest);
    only(&mut spec, street, |person| free.contains(&person));
    let model = PartModel::build(&network, &spec);
    let chosen = chosen_of(&model, &fewest.duties);
    let costs = model.evaluate(&chosen);
    let Some(mut narrow) = Narrow::new(model, chosen, deadline) else {
        let [_, second, third] = costs.unwrap_or([0; 3]);
        return (fewest.duties.clone(), [second, third].map(|value| Proof { value, bound: i64::MIN }));
    };
    narrow.opens_few = true;
    let flags = flagged(&mut narrow, street, &network);
    for &flag in &flags.columns {
        narrow.model.linear.columns[flag as usize].cost = [0; 3];
    }
    flags.limit(&mut narrow.model, fewest.people.value);
    let first = fewest.tier1.value;
    let tier2 = narrow.minimise(1, &[(0, first)]);
    let tier3 = narrow.minimise(2, &[(0, first), (1, tier2.value)]);
    // What was proven of some of the people says nothing of the others.
    let proofs = [tier2, tier3].map(|proof| if is_whole { proof } else { Proof { bound: i64::MIN, ..proof } });
    (duties_of(street, &narrow.model, &narrow.chosen), proofs)
}

/// One flag per pair: whether these duties have it.
fn chosen_of(model: &PartModel, duties: &[Vec<NeedIx>]) -> Vec<bool> {
    model.pairs.iter().map(|pair| duties[pair.person.index()].contains(&pair.need)).collect()
}

/// Pairs of the people whose weeks are planned for quality, at most: beyond that a programme takes seconds.
const MOST_PAIRS: usize = 1000;

/// The people whose weeks are planned for quality, and whether these are all who may change: those who change as it
/// stands, then those who would do best in the duties that nobody has.
fn may_plan(street: &Street, spec: &PartSpec, kept: &[Vec<NeedIx>], fewest: &Fewest) -> (BTreeSet<PersonIx>, bool) {
    let pairs = |person: PersonIx| spec.members.get(person.index()).map_or(0, |member| member.candidates.len());
    let mut free: BTreeSet<PersonIx> = differing(&street.duties, &fewest.duties).into_iter().collect();
    let others: Vec<PersonIx> = (0..street.problem.people.len())
        .map(PersonIx::from_index)
        .filter(|person| fewest.may_change[person.index()] && !free.contains(person))
        .collect();
    let mut count: usize = free.iter().map(|&person| pairs(person)).sum();
    if count + others.iter().map(|&person| pairs(person)).sum::<usize>() <= MOST_PAIRS {
        free.extend(others);
        return (free, true);
    }
    let present = Street { duties: kept.to_vec(), ..street.clone() };
    let scene = Scene::of_street(&present);
    let mut judge = scene.judge();
    let holes: Vec<NeedIx> = spec.needs.iter().copied().filter(|&need| lacks(&street.problem, kept, need)).collect();
    let mut ranked: Vec<([i64; 3], PersonIx)> = others
        .into_iter()
        .map(|person| {
            let mut own = kept[person.index()].clone();
            let mut change = Change::default();
            for &need in &holes {
                if scene.network.stopped_by(person, need).is_none()
                    && person_rules::stops(&scene.network, person, &own, need).is_none()
                {
                    own.push(need);
                    change.added.push((person, need));
                }
            }
            let effect = judge.effect(&change);
            (if effect.is_feasible() { effect.tiers } else { [0; 3] }, person)
        })
        .collect();
    ranked.sort_unstable();
    for (_, person) in ranked {
        count += pairs(person);
        if count > MOST_PAIRS {
            break;
        }
        free.insert(person);
    }
    (free, false)
}

/// The flags of a model: one column per person of the street.
struct Flags {
    columns: Vec<u32>,
    /// People who change whatever is done.
    forced: i64,
}

impl Flags {
    /// Lets at most so many people change.
    fn limit(&self, model: &mut PartModel, most: i64) {
        model.linear.add_row(None, Some(most), self.columns.iter().map(|&column| (column, 1)));
        model.labels.push(None);
    }
}

/// Adds a column per person that says whether the person changes, at a cost of one in [`PEOPLE`].
fn flagged(narrow: &mut Narrow, street: &Street, network: &Network<'_>) -> Flags {
    let model = &mut narrow.model;
    let mut flags = Vec::new();
    let mut forced = 0;
    let exclusive = model.exclusive.clone();
    for (index, sets) in exclusive.iter().enumerate() {
        let person = PersonIx::from_index(index);
        let own = &street.duties[index];
        let is_published = |pair: &u32| own.contains(&model.pairs[*pair as usize].need);
        let range = model.members[index].first..model.members[index].last;
        let kept: Vec<u32> = sets.iter().flatten().copied().filter(is_published).collect();
        let new: Vec<Vec<u32>> = sets
            .iter()
            .map(|set| set.iter().copied().filter(|pair| !is_published(pair)).collect::<Vec<u32>>())
            .filter(|set| !set.is_empty())
            .collect();
        let lost = own.iter().filter(|&&need| street.decided[need.index()]).any(|&need| {
            network.post(need).is_none_or(|post| post.in_horizon)
                && !model.pairs[range.clone()].iter().any(|pair| pair.need == need)
        }) || is_withdrawn(street, person);
        forced += i64::from(lost);
        let first = model.linear.rows.len();
        let column = model.add_flag(i64::from(lost), &new, &kept);
        model.linear.columns[column as usize].cost[PEOPLE] = 1;
        flags.push(Flag { column, rows: (first..first + new.len()).collect() });
    }
    let columns = flags.iter().map(|flag| flag.column).collect();
    narrow.recount(flags);
    Flags { columns, forced }
}

/// Whether the person stands at a published post that has room for nobody any more.
fn is_withdrawn(street: &Street, person: PersonIx) -> bool {
    let full = street.problem.profile.is_on(RuleCode::H11);
    full && street.duties[person.index()].iter().any(|need| {
        let post = street.problem.needs[need.index()].as_post();
        street.decided[need.index()] && post.is_some_and(|post| post.cover.max == 0)
    })
}

/// The published duties that rules still allow: the roster with nothing put in place of what is lost.
fn still_possible(street: &Street, network: &Network<'_>, model: &PartModel) -> Vec<Vec<NeedIx>> {
    let problem = &street.problem;
    let mut room: Vec<usize> = problem
        .needs
        .iter()
        .map(|need| need.as_post().map_or(usize::MAX, |post| usize::from(post.cover.max)))
        .collect();
    let mut duties = vec![Vec::new(); problem.people.len()];
    for (member, own) in model.members.iter().zip(&mut duties) {
        // Duties elsewhere and pins come first: they cannot give way.
        let range = member.first..member.last;
        let fixed = range.clone().filter(|&pair| model.linear.columns[pair].lower == 1);
        own.extend(fixed.map(|pair| model.pairs[pair].need));
        for &need in own.iter() {
            room[need.index()] = room[need.index()].saturating_sub(1);
        }
    }
    for (index, published) in street.duties.iter().enumerate() {
        let range = model.members[index].first..model.members[index].last;
        for &need in published {
            let own = &duties[index];
            let possible = !own.contains(&need)
                && model.pairs[range.clone()].iter().any(|pair| pair.need == need)
                && room[need.index()] > 0
                && person_rules::stops(network, PersonIx::from_index(index), own, need).is_none();
            if possible {
                duties[index].push(need);
                room[need.index()] -= 1;
            }
        }
        duties[index].sort_unstable_by_key(|&need| (network.post(need).map(|post| post.span.start), need));
    }
    let fallen = fallen(street, network, &duties);
    for own in &mut duties {
        own.retain(|need| !fallen.contains(need));
    }
    duties
}

/// Seats of receptions that cannot be held as they stand: one of their seats is lost, or their room is.
fn fallen(street: &Street, network: &Network<'_>, duties: &[Vec<NeedIx>]) -> BTreeSet<NeedIx> {
    let problem = &street.problem;
    let asks_for_rooms = network.settings.is_on(RuleCode::H11);
    let at = |need: NeedIx| duties.iter().filter(|own| own.contains(&need)).count();
    let mut users: Vec<(VenueIx, Span)> = Vec::new();
    let mut fallen = BTreeSet::new();
    for reception in &problem.receptions {
        let mut is_held = false;
        for option in &reception.options {
            let span = network.post(option.deputies).map(|post| post.span);
            let room = option.venue.zip(span).filter(|_| asks_for_rooms);
            let is_free = room.is_none_or(|(venue, span)| {
                let is_others = |&(other, theirs): &(VenueIx, Span)| other == venue && theirs.overlaps(span);
                !users.iter().any(is_others)
            });
            let is_full =
                at(option.deputies) == usize::from(reception.seats) && option.host.is_none_or(|host| at(host) == 1);
            if is_full && is_free && !is_held {
                is_held = true;
                users.extend(room);
            } else {
                fallen.extend(option.seats());
            }
        }
    }
    fallen
}

/// The spans of cases and receptions that somebody served and nobody serves now.
fn left_alone<'s>(street: &'s Street, kept: &'s [Vec<NeedIx>]) -> impl Iterator<Item = NeedIx> + 's {
    let cases = street.problem.cases.iter().map(|case| case.options.clone());
    let receptions = street.problem.receptions.iter().map(|reception| {
        let seats = reception.options.iter().flat_map(|option| option.seats());
        seats.collect::<Vec<NeedIx>>()
    });
    let serves = |duties: &[Vec<NeedIx>], needs: &[NeedIx]| duties.iter().flatten().any(|need| needs.contains(need));
    cases.chain(receptions).filter(move |needs| serves(&street.duties, needs) && !serves(kept, needs)).flatten()
}

/// The same with each hole filled greedily by the best move that breaks no rule.
fn filled(street: &Street, kept: &[Vec<NeedIx>]) -> Vec<Vec<NeedIx>> {
    let mut present = Street { duties: kept.to_vec(), ..street.clone() };
    let before: Vec<NeedIx> = (0..street.problem.needs.len())
        .map(NeedIx::from_index)
        .filter(|&need| {
            let served = street.duties.iter().filter(|own| own.contains(&need)).count();
            let now = kept.iter().filter(|own| own.contains(&need)).count();
            street.decided[need.index()] && (now < served || served == 0) && lacks(&street.problem, kept, need)
        })
        .collect();
    for need in before {
        loop {
            let scene = Scene::of_street(&present);
            if !lacks(&present.problem, &present.duties, need) {
                break;
            }
            let mut judge = scene.judge();
            let gap = Gap { need, leaver: None, exchange: false };
            let best = fillings(&scene, &mut judge, gap, 1).into_iter().find(|best| best.effect.tiers[0] < 0);
            let Some(best) = best else { break };
            let mut duties = present.duties.clone();
            for (person, need) in best.change.removed {
                duties[person.index()].retain(|&own| own != need);
            }
            for (person, need) in best.change.added {
                duties[person.index()].push(need);
            }
            present.duties = duties;
        }
    }
    present.duties
}

/// Whether a need has fewer heads than its minimum.
fn lacks(problem: &crate::problem::Problem, duties: &[Vec<NeedIx>], need: NeedIx) -> bool {
    let Some(post) = problem.needs[need.index()].as_post() else { return false };
    let heads = problem.people.iter().zip(duties).filter(|(person, own)| !person.trainee && own.contains(&need));
    heads.count() < usize::from(post.cover.min)
}

fn duties_of(street: &Street, model: &PartModel, chosen: &[bool]) -> Vec<Vec<NeedIx>> {
    let mut duties = vec![Vec::new(); street.problem.people.len()];
    for (pair, _) in model.pairs.iter().zip(chosen).filter(|&(_, &chosen)| chosen) {
        duties[pair.person.index()].push(pair.need);
    }
    duties
}

fn differing(before: &[Vec<NeedIx>], after: &[Vec<NeedIx>]) -> Vec<PersonIx> {
    let set = |needs: &[NeedIx]| needs.iter().copied().collect::<BTreeSet<NeedIx>>();
    let people = before.iter().zip(after).enumerate();
    people.filter(|(_, (was, is))| set(was) != set(is)).map(|(at, _)| PersonIx::from_index(at)).collect()
}

/// When even the kept duties break a rule that cannot be mended: they stand, and nothing is proven.
fn unchanged(street: &Street, kept: Vec<Vec<NeedIx>>, started: Instant) -> Replanned {
    let changed = differing(&street.duties, &kept);
    let count = i64::try_from(changed.len()).unwrap_or(i64::MAX);
    let unproven = |value| Proof { value, bound: i64::MIN };
    Replanned {
        duties: kept,
        forced: changed.len(),
        changed,
        tier1: unproven(i64::MAX),
        people: unproven(count),
        quality: [unproven(i64::MAX); 2],
        seconds: started.elapsed().as_secs_f64(),
    }
}
