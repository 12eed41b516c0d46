//! What a replan can still change: bounds of tier 1 and of the number of people from exact weeks, a roster that
//! attains them or nearly, and the part of the street outside of which no roster is as good.
//!
//! Two linear programmes over weeks run one after the other: tier 1 with a trace of cost for a change, then people
//! with tier 1 at its optimum. Both start from the published weeks, so that few further weeks are needed. What a
//! programme proposes as prices is counted again exactly. A person, or a pair, whose least Lagrangian cost exceeds
//! what the best roster leaves is settled: the small model without it holds every best roster.

use std::time::Instant;

use super::master::{Column, Duals, Master};
use super::weeks::{Priced, Weeks, Weights};
use crate::explain::stages::{Proof, round_up, step_of};
use crate::explain::street::Street;
use crate::model::candidates::Network;
use crate::model::linear::{bound_scale, ceil_bound, fixed};
use crate::model::part::{Member, PartSpec};
use crate::problem::NeedIx;
use crate::search::weeks::Scratch;

/// What is left to decide.
pub struct Narrowed {
    /// The street with everybody settled who can be.
    pub spec: PartSpec,
    /// A roster of it: needs of each person.
    pub duties: Vec<Vec<NeedIx>>,
    /// Tier 1 of that roster, proven.
    pub tier1: Proof,
    /// People that it changes, and the least number that any roster with this tier 1 changes.
    pub people: Proof,
}

/// What the weeks prove of a street.
pub enum Finding {
    /// Tier 1 is proven.
    Narrowed(Narrowed),
    /// A bound of tier 1 alone, and the best roster found.
    Bound {
        /// Lower bound of tier 1.
        tier1: i64,
        /// Needs of each person.
        duties: Vec<Vec<NeedIx>>,
    },
}

/// The best prices found in a stage.
struct Best {
    bound: i128,
    weights: Weights,
    prices: Vec<i64>,
}

/// Runs both stages. `kept` are the published duties that rules still allow. `None` when the street's rules do not fit.
#[must_use]
pub fn narrow(
    street: &Street,
    network: &Network<'_>,
    spec: &PartSpec,
    kept: &[Vec<NeedIx>],
    deadline: Instant,
) -> Option<Finding> {
    let weeks = Weeks::new(street, network, spec, kept)?;
    let people = i64::try_from(weeks.people.len()).ok()?.max(1);
    let linear = &weeks.model.linear;
    let step = step_of(linear, 0).max(1);
    // All people together cost less than a twentieth of a step.
    let trace = step as f64 / (20 * people) as f64;
    let mut master = Master::new(&weeks, (1.0, trace))?;
    let mut scratch = Scratch::default();
    // One step of tier 1 counts more than all people.
    let factor = (people + 1) as f64 / step as f64;
    let first = generate(&weeks, &mut master, Stage::Tier1 { trace: fixed(trace) }, deadline, &mut scratch)?;
    let spent = i128::from(fixed(trace)) * i128::from(people);
    let least = round_up(linear, 0, ceil_bound(first.bound - spent));
    let seconds = |most: f64| deadline.saturating_duration_since(Instant::now()).as_secs_f64().min(most);
    let (mut chosen, tier1, mut changed) = master.whole(factor, seconds(WHOLE_SECONDS))?;
    if tier1 > least {
        return Some(Finding::Bound { tier1: least, duties: duties(&weeks, &master, &chosen) });
    }
    master.limit_tier1(tier1);
    let second = generate(&weeks, &mut master, Stage::People { tier1 }, deadline, &mut scratch)?;
    let fewest = ceil_bound(second.bound);
    if fewest < changed
        && let Some((better, again, fewer)) = master.whole(factor, seconds(WHOLE_SECONDS))
        && again == tier1
        && fewer < changed
    {
        (chosen, changed) = (better, fewer);
    }
    let room = i128::from(changed) * bound_scale() - second.bound;
    Some(Finding::Narrowed(Narrowed {
        spec: settle(&weeks, spec, kept, &second, room, &mut scratch),
        duties: duties(&weeks, &master, &chosen),
        tier1: Proof { value: tier1, bound: tier1 },
        people: Proof { value: changed, bound: fewest.min(changed) },
    }))
}

/// Most seconds for an integer programme over the weeks found.
const WHOLE_SECONDS: f64 = 1.0;

/// What a linear programme minimises.
#[derive(Debug, Clone, Copy)]
enum Stage {
    /// Tier 1, with a trace of cost (scaled) for each person changed.
    Tier1 { trace: i64 },
    /// People changed, with at most so much of tier 1.
    People { tier1: i64 },
}

impl Stage {
    /// Weights at the duals of a solve, and what the limit on tier 1 gives back of them.
    fn weights(self, duals: &Duals) -> (Weights, i128) {
        match self {
            Self::Tier1 { trace } => (Weights { tier1: fixed(1.0), change: trace }, 0),
            Self::People { tier1 } => {
                let held = fixed(duals.tier1);
                (Weights { tier1: held, change: fixed(1.0) }, i128::from(held) * i128::from(tier1))
            }
        }
    }
}

/// Adds weeks until none helps; the best bound on the way.
fn generate(
    weeks: &Weeks,
    master: &mut Master<'_>,
    stage: Stage,
    deadline: Instant,
    scratch: &mut Scratch,
) -> Option<Best> {
    const HELPS: f64 = 1e-6;
    let mut best: Option<Best> = None;
    loop {
        let duals = master.solve()?;
        let (weights, given) = stage.weights(&duals);
        let prices = weeks.prices(&duals.rows);
        let (reduced, mut bound) = weeks.reduced(weights, &prices);
        bound -= given;
        let mut helpful = Vec::new();
        for person in 0..weeks.people.len() {
            let Priced { value, changed, week } = weeks.priced(person, &reduced, weights, scratch);
            bound += value;
            let is_new = weeks.people[person].published.as_ref().is_none_or(|published| *published != week);
            if is_new && (changed as f64 / bound_scale() as f64) < duals.people[person] - HELPS {
                helpful.push(Column { person, week, changed: true });
            }
        }
        if best.as_ref().is_none_or(|best| best.bound < bound) {
            best = Some(Best { bound, weights, prices });
        }
        if helpful.is_empty() || Instant::now() >= deadline {
            return best;
        }
        for column in helpful {
            master.add(column)?;
        }
    }
}

/// The specification with everybody settled whose change costs more than `room`, and without the pairs that do.
fn settle(
    weeks: &Weeks,
    spec: &PartSpec,
    kept: &[Vec<NeedIx>],
    best: &Best,
    room: i128,
    scratch: &mut Scratch,
) -> PartSpec {
    let (reduced, _) = weeks.reduced(best.weights, &best.prices);
    let members = spec.members.iter().enumerate().map(|(person, member)| {
        let own = &kept[member.person.index()];
        let priced = weeks.priced(person, &reduced, best.weights, scratch);
        if priced.changed - priced.value > room && weeks.people[person].published.is_some() {
            return Member { candidates: Vec::new(), kept: own.clone(), ..member.clone() };
        }
        let each = weeks.with_each(person, &reduced, best.weights, scratch);
        let possible = |need: &NeedIx| {
            let at = weeks.people[person].week.needs.iter().position(|other| other == need);
            own.contains(need) || at.is_some_and(|at| each[at] - priced.value <= room)
        };
        Member { candidates: member.candidates.iter().copied().filter(possible).collect(), ..member.clone() }
    });
    PartSpec { members: members.collect(), ..spec.clone() }
}

fn duties(weeks: &Weeks, master: &Master<'_>, chosen: &[usize]) -> Vec<Vec<NeedIx>> {
    let most = (0..weeks.people.len()).map(|person| weeks.who(person).index() + 1).max().unwrap_or(0);
    let mut duties = vec![Vec::new(); most];
    for &at in chosen {
        let column = &master.columns[at];
        duties[weeks.who(column.person).index()] = weeks.needs(column.person, &column.week);
    }
    duties
}
