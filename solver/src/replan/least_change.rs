//! The replan of one street: tier 1 at its optimum, then the least number of people changed, then tiers 2 and 3.
//!
//! One binary per person says whether the person's published duties change. All four values carry a proven bound.

use std::collections::{BTreeSet, HashSet};
use std::time::{Duration, Instant};

use crate::explain::fill::{Gap, fillings};
use crate::explain::scene::Scene;
use crate::explain::stages::{Proof, Stages};
use crate::explain::street::Street;
use crate::model::candidates::Network;
use crate::model::part::PartModel;
use crate::model::person_rules;
use crate::problem::{NeedIx, PersonIx, RuleCode, Span, VenueIx};

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
    /// Tiers 2 and 3 of the street, given tier 1 and the number of people changed.
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
    let problem = &street.problem;
    let network = Network::new(problem);
    let spec = street.spec(&network);
    let model = PartModel::build(&network, &spec);
    let published: HashSet<(PersonIx, NeedIx)> = street
        .duties
        .iter()
        .enumerate()
        .flat_map(|(person, needs)| needs.iter().map(move |&need| (PersonIx::from_index(person), need)))
        .collect();
    let kept = still_possible(street, &network, &model);
    let first = filled(street, &kept);
    let chosen_of = |duties: &[Vec<NeedIx>]| -> Vec<bool> {
        model.pairs.iter().map(|pair| duties[pair.person.index()].contains(&pair.need)).collect()
    };

    // First run: tier 1, then the people.
    let mut counting = model.clone();
    for column in &mut counting.linear.columns {
        column.cost = [column.cost[0], 0, 0];
    }
    counting.linear.offset = [counting.linear.offset[0], 0, 0];
    let flags = add_flags(&mut counting, street, &network, &published);
    let mut holes: BTreeSet<NeedIx> = spec.needs.iter().copied().filter(|&need| lacks(problem, &kept, need)).collect();
    holes.extend(left_alone(street, &kept));
    let near: Vec<usize> = (0..model.pairs.len()).filter(|&pair| holes.contains(&model.pairs[pair].need)).collect();
    let mut start = chosen_of(&kept);
    if let Some(most) = options.most_people {
        let mut most = i64::try_from(most).unwrap_or(i64::MAX).max(flags.forced);
        // A reception falls with any of its seats, so that more people may change than lose a duty themselves.
        if i64::try_from(differing(&street.duties, &kept).len()).unwrap_or(i64::MAX) > most
            && let Some(mut fewest) = Stages::new(&counting, start.clone(), deadline)
        {
            fewest.open(near.iter().copied());
            most = most.max(fewest.minimise(PEOPLE, &[]).value);
            start = fewest.chosen;
        }
        let terms: Vec<(u32, i64)> = flags.columns.iter().map(|&column| (column, 1)).collect();
        counting.linear.add_row(None, Some(most), terms);
        counting.labels.push(None);
    }
    let Some(mut stages) = Stages::new(&counting, start, deadline) else {
        return unchanged(street, kept, started);
    };
    stages.offer(&chosen_of(&first));
    stages.open(near.iter().copied());
    let tier1 = stages.minimise(0, &[]);
    let people = stages.minimise(PEOPLE, &[(0, tier1.value)]);
    let chosen = stages.chosen;

    // Second run: quality, with as few people changed.
    let mut judging = model.clone();
    let flags = add_flags(&mut judging, street, &network, &published);
    for column in &mut judging.linear.columns[flags.columns.first().map_or(0, |&first| first as usize)..] {
        column.cost = [0; 3];
    }
    let terms: Vec<(u32, i64)> = flags.columns.iter().map(|&column| (column, 1)).collect();
    judging.linear.add_row(None, Some(people.value), terms);
    judging.labels.push(None);
    let quality = match Stages::new(&judging, chosen.clone(), deadline) {
        Some(mut stages) => {
            stages.open(near);
            let tier2 = stages.minimise(1, &[(0, tier1.value)]);
            let tier3 = stages.minimise(2, &[(0, tier1.value), (1, tier2.value)]);
            Some((stages.chosen, [tier2, tier3]))
        }
        None => None,
    };
    let (chosen, quality) = quality.unwrap_or_else(|| {
        let costs = model.evaluate(&chosen).unwrap_or([0; 3]);
        let unproven = |value| Proof { value, bound: i64::MIN };
        (chosen, [unproven(costs[1]), unproven(costs[2])])
    });
    let duties = duties_of(street, &model, &chosen);
    let changed = differing(&street.duties, &duties);
    Replanned {
        changed,
        duties,
        forced: usize::try_from(flags.forced).unwrap_or(0),
        tier1,
        people,
        quality,
        seconds: started.elapsed().as_secs_f64(),
    }
}

/// The flags of a model: one column per person of the street.
struct Flags {
    columns: Vec<u32>,
    /// People who change whatever is done.
    forced: i64,
}

fn add_flags(
    model: &mut PartModel,
    street: &Street,
    network: &Network<'_>,
    published: &HashSet<(PersonIx, NeedIx)>,
) -> Flags {
    let mut columns = Vec::new();
    let mut forced = 0;
    let exclusive = model.exclusive.clone();
    for (index, sets) in exclusive.iter().enumerate() {
        let person = PersonIx::from_index(index);
        let is_published = |pair: &u32| {
            let pair = model.pairs[*pair as usize];
            published.contains(&(pair.person, pair.need))
        };
        let range = model.members[index].first..model.members[index].last;
        let kept: Vec<u32> = sets.iter().flatten().copied().filter(is_published).collect();
        let new: Vec<Vec<u32>> = sets
            .iter()
            .map(|set| set.iter().copied().filter(|pair| !is_published(pair)).collect::<Vec<u32>>())
            .filter(|set| !set.is_empty())
            .collect();
        let lost = street.duties[index].iter().filter(|&&need| street.decided[need.index()]).any(|&need| {
            network.post(need).is_none_or(|post| post.in_horizon)
                && !model.pairs[range.clone()].iter().any(|pair| pair.need == need)
        }) || is_withdrawn(street, person);
        forced += i64::from(lost);
        let flag = model.add_flag(i64::from(lost), &new, &kept);
        model.linear.columns[flag as usize].cost[PEOPLE] = 1;
        columns.push(flag);
    }
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
            let is_full = at(option.deputies) == usize::from(reception.seats) && at(option.host) == 1;
            if is_full && is_free && !is_held {
                is_held = true;
                users.extend(room);
            } else {
                fallen.extend([option.deputies, option.host]);
            }
        }
    }
    fallen
}

/// The spans of cases and receptions that somebody served and nobody serves now.
fn left_alone<'s>(street: &'s Street, kept: &'s [Vec<NeedIx>]) -> impl Iterator<Item = NeedIx> + 's {
    let cases = street.problem.cases.iter().map(|case| case.options.clone());
    let receptions = street.problem.receptions.iter().map(|reception| {
        let seats = reception.options.iter().flat_map(|option| [option.deputies, option.host]);
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
