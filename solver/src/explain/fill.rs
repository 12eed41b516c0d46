//! Ways to put one more person at a post: somebody free, somebody moved from another post, with or without a further
//! person in the place left, each with its exact effect.

use std::collections::{BTreeMap, HashMap};

use super::scene::{Change, Effect, Judge, Scene};
use crate::model::person_rules;
use crate::problem::{NeedIx, PersonIx, RuleCode};

/// A way to fill a post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filling {
    /// Who comes to the post.
    pub person: PersonIx,
    /// The post that this person leaves for it, if any.
    pub leaves: Option<NeedIx>,
    /// Who takes that post in turn, if anybody.
    pub followed_by: Option<PersonIx>,
    /// The change as a whole.
    pub change: Change,
    /// Its effect.
    pub effect: Effect,
}

impl Filling {
    /// Order of preference: cost of the tiers, then fewer people, then the person.
    #[must_use]
    pub fn rank(&self) -> ([i64; 3], usize, PersonIx) {
        (self.effect.tiers, self.change.added.len(), self.person)
    }
}

/// Most posts left behind for which somebody else is looked for.
const MOST_CHAINS: usize = 12;
/// Most people tried for such a post.
const MOST_FOLLOWERS: usize = 12;

/// What a search for fillings starts from.
#[derive(Debug, Clone, Copy)]
pub struct Gap {
    /// The post.
    pub need: NeedIx,
    /// The person who leaves it, if somebody does.
    pub leaver: Option<PersonIx>,
    /// Whether the leaver may take the other's post in exchange.
    pub exchange: bool,
}

/// The best ways to fill a gap that break no rule, best first, at most one for each person.
#[must_use]
pub fn fillings(scene: &Scene<'_>, judge: &mut Judge<'_, '_>, gap: Gap, most: usize) -> Vec<Filling> {
    let removed: Vec<(PersonIx, NeedIx)> = gap.leaver.map(|person| (person, gap.need)).into_iter().collect();
    let mut best: BTreeMap<PersonIx, Filling> = BTreeMap::new();
    let mut left_behind: Vec<Filling> = Vec::new();
    let mut offer = |filling: Filling| {
        if filling.effect.is_feasible() && best.get(&filling.person).is_none_or(|known| filling.rank() < known.rank()) {
            best.insert(filling.person, filling);
        }
    };
    for person in scene.reachable(gap.need) {
        if Some(person) == gap.leaver || scene.at[gap.need.index()].contains(&person) {
            continue;
        }
        if scene.network.stopped_by(person, gap.need).is_some() {
            continue;
        }
        let own = &scene.duties[person.index()];
        let added = vec![(person, gap.need)];
        if person_rules::stops(&scene.network, person, own, gap.need).is_none() {
            let change = Change { removed: removed.clone(), added: added.clone() };
            let effect = judge.effect(&change);
            offer(Filling { person, leaves: None, followed_by: None, change, effect });
        }
        for &other in own.iter().filter(|&&other| movable(scene, person, other)) {
            let rest: Vec<NeedIx> = own.iter().copied().filter(|&need| need != other).collect();
            if person_rules::stops(&scene.network, person, &rest, gap.need).is_some() {
                continue;
            }
            let mut change = Change { removed: removed.clone(), added: added.clone() };
            change.removed.push((person, other));
            let effect = judge.effect(&change);
            let filling = Filling { person, leaves: Some(other), followed_by: None, change, effect };
            if let Some(leaver) = gap.leaver.filter(|_| gap.exchange)
                && let Some(swap) = followed(scene, judge, &filling, gap, leaver)
            {
                offer(swap);
            }
            left_behind.push(filling.clone());
            offer(filling);
        }
    }
    // One more move: only where leaving the other post costs something, the promising ones first.
    // A seat of a reception cannot be left at all unless somebody follows.
    let is_seat = |need: NeedIx| scene.problem().seat_of(need).is_some();
    left_behind.retain(|filling| filling.effect.is_feasible() || filling.leaves.is_some_and(is_seat));
    left_behind.sort_by_key(Filling::rank);
    let mut followers: HashMap<NeedIx, Vec<PersonIx>> = HashMap::new();
    for filling in left_behind.into_iter().take(MOST_CHAINS) {
        let Some(other) = filling.leaves else { continue };
        let free = followers.entry(other).or_insert_with(|| free_people(scene, other)).clone();
        for follower in free.into_iter().filter(|&follower| Some(follower) != gap.leaver) {
            if follower != filling.person
                && let Some(chain) = followed(scene, judge, &filling, gap, follower)
            {
                offer(chain);
            }
        }
    }
    let mut found: Vec<Filling> = best.into_values().collect();
    found.sort_by_key(Filling::rank);
    found.truncate(most);
    found
}

/// Whether a duty may be taken away: the post is decided here, and no pin holds it.
fn movable(scene: &Scene<'_>, person: PersonIx, need: NeedIx) -> bool {
    scene.decided[need.index()] && !scene.is_pinned(person, need)
}

/// The nearest people who could take a post without leaving another.
fn free_people(scene: &Scene<'_>, need: NeedIx) -> Vec<PersonIx> {
    let mut free: Vec<(u32, PersonIx)> = scene
        .reachable(need)
        .into_iter()
        .filter(|&person| {
            scene.network.stopped_by(person, need).is_none()
                && person_rules::stops(&scene.network, person, &scene.duties[person.index()], need).is_none()
        })
        .map(|person| (scene.metres(person, need), person))
        .collect();
    free.sort_unstable();
    free.into_iter().take(MOST_FOLLOWERS).map(|(_, person)| person).collect()
}

/// The filling with somebody in the place left, if no rule forbids it.
fn followed(
    scene: &Scene<'_>,
    judge: &mut Judge<'_, '_>,
    filling: &Filling,
    gap: Gap,
    follower: PersonIx,
) -> Option<Filling> {
    let other = filling.leaves?;
    if scene.network.stopped_by(follower, other).is_some() {
        return None;
    }
    let own: Vec<NeedIx> = scene.duties[follower.index()]
        .iter()
        .copied()
        .filter(|&need| !(Some(follower) == gap.leaver && need == gap.need))
        .collect();
    if person_rules::stops(&scene.network, follower, &own, other).is_some() {
        return None;
    }
    let mut change = filling.change.clone();
    change.added.push((follower, other));
    let effect = judge.effect(&change);
    effect.is_feasible().then(|| Filling { followed_by: Some(follower), change, effect, ..filling.clone() })
}

/// The k best people for a duty, best first, each with the exact change of every tier.
///
/// With `exchange`, the present holder may take over the duty that the other leaves.
#[must_use]
pub fn replacements(scene: &Scene<'_>, person: PersonIx, need: NeedIx, most: usize, exchange: bool) -> Vec<Filling> {
    let mut judge = scene.judge();
    fillings(scene, &mut judge, Gap { need, leaver: Some(person), exchange }, most)
}

/// The first rule that stops a person from a need, the present duties included.
#[must_use]
pub fn first_stop(scene: &Scene<'_>, person: PersonIx, need: NeedIx) -> Option<RuleCode> {
    scene
        .network
        .stopped_by(person, need)
        .or_else(|| person_rules::stops(&scene.network, person, &scene.duties[person.index()], need))
}
