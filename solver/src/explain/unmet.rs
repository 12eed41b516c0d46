//! Needs left below their minimum: whom each rule stops first, who is nearest, and what would mend it.

use std::collections::BTreeMap;

use super::fill::{Filling, Gap, fillings, first_stop};
use super::scene::{Change, Effect, Judge, Scene};
use crate::check::Broken;
use crate::model::candidates::Network;
use crate::problem::{CaseIx, NeedIx, PersonIx, RuleCode, Settlement};
use crate::roster::{SettledCase, Unmet};

/// Explains every need below its minimum, and every case that nobody works: counts by rule, in time near-linear in
/// people and needs. `settlements` says what becomes of the cases, in order.
#[must_use]
pub fn explain(
    network: &Network<'_>,
    duties: &[Vec<NeedIx>],
    settlements: &[Settlement],
) -> (Vec<Unmet>, Vec<SettledCase>) {
    let scene = Scene::new(network.problem, duties.to_vec());
    let unmet = missing(&scene).into_iter().map(|(need, missing)| count(&scene, need, missing)).collect();
    let cases = settlements.iter().enumerate().map(|(at, &settlement)| settled(&scene, at, settlement)).collect();
    (unmet, cases)
}

/// Why nobody works a case: each person counts once, by the span at which the rule that stops them is least strict.
fn settled(scene: &Scene<'_>, case: usize, settlement: Settlement) -> SettledCase {
    let mut found =
        SettledCase { case: CaseIx::from_index(case), settlement, stopped_by: BTreeMap::new(), busy_elsewhere: 0 };
    let options = &scene.problem().cases[case].options;
    let Some(&first) = options.first().filter(|_| !matches!(settlement, Settlement::Worked(_))) else { return found };
    let reachable = scene.reachable(first);
    let outside = scene.problem().people.len() - reachable.len();
    if outside > 0 {
        found.stopped_by.insert(RuleCode::H10, u32::try_from(outside).unwrap_or(u32::MAX));
    }
    for person in reachable {
        let stops = options.iter().map(|&need| first_stop(scene, person, need));
        match stops.min_by_key(|stop| distance_of(*stop)).flatten() {
            Some(rule) => *found.stopped_by.entry(rule).or_default() += 1,
            None => found.busy_elsewhere += 1,
        }
    }
    found
}

/// Needs below their minimum with the number of heads missing.
#[must_use]
pub fn missing(scene: &Scene<'_>) -> Vec<(NeedIx, u16)> {
    let needs = scene.problem().needs.iter().enumerate();
    needs
        .filter(|&(index, _)| scene.decided[index])
        .filter_map(|(index, need)| {
            let need_ix = NeedIx::from_index(index);
            let heads = u16::try_from(scene.heads(need_ix)).unwrap_or(u16::MAX);
            let missing = need.as_post()?.cover.min.saturating_sub(heads);
            (missing > 0).then_some((need_ix, missing))
        })
        .collect()
}

/// Counts, over all people, which rule stops each first. Only people in scope are looked at one by one.
#[must_use]
pub fn count(scene: &Scene<'_>, need: NeedIx, missing: u16) -> Unmet {
    let mut stopped_by: BTreeMap<RuleCode, u32> = BTreeMap::new();
    let mut busy_elsewhere = 0;
    let reachable = scene.reachable(need);
    let outside = scene.problem().people.len() - reachable.len();
    if outside > 0 {
        stopped_by.insert(RuleCode::H10, u32::try_from(outside).unwrap_or(u32::MAX));
    }
    for person in reachable {
        match first_stop(scene, person, need) {
            Some(rule) => *stopped_by.entry(rule).or_default() += 1,
            None => busy_elsewhere += 1,
        }
    }
    Unmet { need, missing, stopped_by, busy_elsewhere }
}

/// Somebody near to serving a need, and everything that stops this person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nearest {
    /// Who.
    pub person: PersonIx,
    /// Metres from home to the place, when both are known.
    pub metres: Option<u32>,
    /// The rules that the duty would break, in words; empty for one whom no rule stops.
    pub stopped_by: Vec<Broken>,
}

/// How a repair fills the need.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RepairKind {
    /// Somebody whom no rule stops takes the duty.
    Assign,
    /// Somebody leaves another post for it, perhaps followed there by a further person.
    Move,
    /// A person of another unit is lent.
    Lend,
    /// One named rule of tier 0 is overridden for one person.
    Override,
}

/// A way to mend an unmet need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repair {
    /// How.
    pub kind: RepairKind,
    /// Who comes to the need.
    pub person: PersonIx,
    /// The post this person leaves, if any.
    pub leaves: Option<NeedIx>,
    /// Who takes that post, if anybody.
    pub followed_by: Option<PersonIx>,
    /// The change of the roster.
    pub change: Change,
    /// Its exact effect; `broken` names what would have to be overridden.
    pub effect: Effect,
}

impl From<Filling> for Repair {
    fn from(filling: Filling) -> Self {
        let kind = if filling.leaves.is_some() { RepairKind::Move } else { RepairKind::Assign };
        let Filling { person, leaves, followed_by, change, effect } = filling;
        Self { kind, person, leaves, followed_by, change, effect }
    }
}

/// Most people who are looked at closely.
const CLOSE_LOOKS: usize = 16;
/// People of other units who are looked at for a loan.
const MOST_LENT: usize = 400;

/// The people nearest to serving a need, fewest broken rules first, then the shortest way.
#[must_use]
pub fn nearest(scene: &Scene<'_>, judge: &mut Judge<'_, '_>, need: NeedIx, most: usize) -> Vec<Nearest> {
    let mut near: Vec<(u8, u32, PersonIx)> = scene
        .reachable(need)
        .into_iter()
        .filter(|person| !scene.at[need.index()].contains(person))
        .map(|person| (distance_of(first_stop(scene, person, need)), scene.metres(person, need), person))
        .collect();
    near.sort_unstable();
    let mut looked: Vec<Nearest> = near
        .into_iter()
        .take(CLOSE_LOOKS)
        .map(|(_, metres, person)| {
            let effect = judge.effect(&Change { removed: Vec::new(), added: vec![(person, need)] });
            Nearest { person, metres: Some(metres).filter(|&metres| metres != u32::MAX), stopped_by: effect.broken }
        })
        .collect();
    looked.sort_by_key(|near| (near.stopped_by.len(), near.metres.unwrap_or(u32::MAX), near.person));
    looked.truncate(most);
    looked
}

/// How far a rule keeps somebody from a need: what a phone call may mend comes first, what no one can mend last.
const fn distance_of(stop: Option<RuleCode>) -> u8 {
    match stop {
        None => 0,
        Some(RuleCode::H04 | RuleCode::H05 | RuleCode::H06 | RuleCode::H07 | RuleCode::H08 | RuleCode::H09) => 1,
        Some(RuleCode::H01) => 2,
        Some(RuleCode::H10) => 3,
        Some(RuleCode::H02) => 4,
        _ => 5,
    }
}

/// Rules of which one may be overridden for one person: limits and agreements, never skills, places or conflicts.
const fn may_be_overridden(code: RuleCode) -> bool {
    matches!(
        code,
        RuleCode::H02
            | RuleCode::H04
            | RuleCode::H05
            | RuleCode::H06
            | RuleCode::H07
            | RuleCode::H08
            | RuleCode::H09
            | RuleCode::H10
    )
}

/// Up to `most` repairs of an unmet need: those that break nothing first, then the cheapest by tiers; of each kind the
/// best one before a second of any kind.
#[must_use]
pub fn repairs(scene: &Scene<'_>, judge: &mut Judge<'_, '_>, need: NeedIx, most: usize) -> Vec<Repair> {
    let gap = Gap { need, leaver: None, exchange: false };
    let mut found: Vec<Repair> = fillings(scene, judge, gap, 8)
        .into_iter()
        .filter(|filling| filling.effect.tiers < [0; 3])
        .map(Repair::from)
        .collect();
    let helps = |effect: &Effect| effect.tiers[0] < 0;
    for near in nearest(scene, judge, need, CLOSE_LOOKS) {
        let [broken] = near.stopped_by.as_slice() else { continue };
        if may_be_overridden(broken.code) {
            let kind = if broken.code == RuleCode::H10 { RepairKind::Lend } else { RepairKind::Override };
            found.extend(Some(alone(judge, kind, near.person, need)).filter(|repair| helps(&repair.effect)));
        }
    }
    found.extend(lent(scene, judge, need).filter(|repair| helps(&repair.effect)));
    found.sort_by_key(|repair| (repair.effect.broken.len(), repair.effect.tiers, repair.kind, repair.person));
    let (mut first, mut second): (Vec<Repair>, Vec<Repair>) = (Vec::new(), Vec::new());
    for repair in found {
        if first.iter().any(|known| known.kind == repair.kind) { second.push(repair) } else { first.push(repair) }
    }
    first.extend(second);
    first.truncate(most);
    first.sort_by_key(|repair| (repair.effect.broken.len(), repair.effect.tiers, repair.kind, repair.person));
    first
}

fn alone(judge: &mut Judge<'_, '_>, kind: RepairKind, person: PersonIx, need: NeedIx) -> Repair {
    let change = Change { removed: Vec::new(), added: vec![(person, need)] };
    let effect = judge.effect(&change);
    Repair { kind, person, leaves: None, followed_by: None, change, effect }
}

/// The nearest person of another unit whom nothing but scope keeps away.
fn lent(scene: &Scene<'_>, judge: &mut Judge<'_, '_>, need: NeedIx) -> impl Iterator<Item = Repair> + use<> {
    let inside = scene.reachable(need);
    let mut outside: Vec<(u32, PersonIx)> = (0..scene.problem().people.len())
        .map(PersonIx::from_index)
        .filter(|person| inside.binary_search(person).is_err())
        .map(|person| (scene.metres(person, need), person))
        .collect();
    if outside.len() > MOST_LENT {
        outside.select_nth_unstable(MOST_LENT);
        outside.truncate(MOST_LENT);
    }
    outside.sort_unstable();
    let free = |person: PersonIx| {
        crate::model::person_rules::stops(&scene.network, person, &scene.duties[person.index()], need).is_none()
    };
    let found = outside
        .into_iter()
        .filter(|&(_, person)| free(person) && scene.network.has_skill(person, need))
        .take(8)
        .map(|(_, person)| alone(judge, RepairKind::Lend, person, need))
        .find(|repair| repair.effect.broken.iter().all(|broken| broken.code == RuleCode::H10));
    found.into_iter()
}
