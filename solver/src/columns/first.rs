//! The first roster: people take their best lines one after the other, against the cover that the others leave.

use super::generate::Context;
use super::lines::{Lines, posts};
use super::network::{Network, Relaxed};
use super::part::{Part, whole_weekends};
use super::pricing::{Pricer, Prices, Workspace};
use super::random::Random;
use crate::columns::form::Form;

/// Prices are counted in this many parts of a cost unit, so that ties can be broken at random.
const SCALE: i64 = 16;
/// Cells of a stretch that is replanned with every counter.
const MENDING_CELLS: usize = 30_000_000;
/// Most stretches replanned for one line.
const MENDING_TRIALS: usize = 400;
/// Most prices of counters tried for one line.
const TRIALS: usize = 40;

/// A network without its hard counters, which prices steer instead: quick however long the horizon.
struct Steered {
    pricer: Pricer,
    /// Least value of each counter left out, in the order of `Network::relaxed`.
    least: Vec<i64>,
}

impl Steered {
    fn new(network: &Network) -> Self {
        let mut light = network.clone();
        let hard = |counter: &super::network::Counter| counter.is_hard();
        let least_of = |relaxed: &Relaxed| {
            let own = network.counters.iter().find(|counter| counter.counted == relaxed.counted);
            own.map_or(0, super::network::Counter::least)
        };
        debug_assert!(light.relaxed.is_empty(), "the exact network carries every counter");
        if light.counters.iter().any(hard) {
            light.relax(0);
        }
        let least = light.relaxed.iter().map(least_of).collect();
        Self { pricer: Pricer::new(light), least }
    }

    /// The line that breaks its counters least among those that some prices lead to, the cheapest of them first.
    fn line(&self, saved: &[i64], first_step: i64, space: &mut Workspace) -> Option<Vec<u16>> {
        let network = &self.pricer.network;
        let mut relaxed = vec![0; network.relaxed.len()];
        let mut steps: Vec<(i64, i64)> = vec![(first_step, 0); network.relaxed.len()];
        let mut best: Option<(i64, Vec<u16>)> = None;
        for _ in 0..TRIALS {
            let prices = Prices { scale: SCALE, posts: saved, relaxed: &relaxed };
            let Some(path) = self.pricer.cheapest(&prices, &[], space) else { break };
            let mut broken = 0;
            for (at, counter) in network.relaxed.iter().enumerate() {
                let used = network.usage(counter, &path.choice);
                let over = (used - counter.limit).max(0) - (self.least[at] - used).max(0);
                broken += over.abs();
                let (step, before) = &mut steps[at];
                // Grow while the sign stays, halve once it turns.
                *step = match over.signum() * *before {
                    1 => *step * 2,
                    -1 => (*step / 2).max(1),
                    _ => *step,
                };
                if over != 0 {
                    *before = over.signum();
                }
                relaxed[at] += over.signum() * *step;
            }
            if best.as_ref().is_none_or(|(least, _)| broken < *least) {
                best = Some((broken, path.choice));
            }
            if broken == 0 {
                break;
            }
        }
        best.map(|(_, choice)| choice)
    }
}

/// A first roster. Its lines keep every rule where the person's network is small enough to be priced whole; else they
/// keep the rules from day to day, and the counters as well as prices can make them.
///
/// People whose own rules leave no path at all (pins against limits) keep a line of first choices.
#[must_use]
pub fn construct(context: &Context<'_>, seed: u64, space: &mut Workspace) -> Lines {
    let form = context.form;
    let mut random = Random::new(seed);
    let mut order: Vec<usize> = (0..form.people.len()).collect();
    for at in (1..order.len()).rev() {
        order.swap(at, random.below(at + 1));
    }
    let mut heads = vec![0; form.posts.len()];
    let mut choices = vec![vec![0; form.days]; form.people.len()];
    for person in order {
        let saved = savings(form, &heads, &mut random);
        let line = if let Some(pricer) = &context.exact[person] {
            let prices = Prices { scale: SCALE, posts: &saved, relaxed: &[] };
            pricer.cheapest(&prices, &[], space).map(|path| path.choice)
        } else {
            Steered::new(&form.exact[person]).line(&saved, (form.forbidden * SCALE / 64).max(1), space)
        };
        if let Some(line) = line {
            choices[person] = line;
        }
        for post in posts(form, person, &choices[person]) {
            heads[post] += 1;
        }
    }
    let mut lines = Lines::new(context, choices);
    for person in 0..form.people.len() {
        if form.exact[person].evaluate(&lines.choices[person]).is_none() {
            mend(context, &mut lines, person, &mut random, space);
        }
    }
    lines
}

/// Replans stretches of a line, each of which breaks the counters less, until they are kept.
fn mend(context: &Context<'_>, lines: &mut Lines, person: usize, random: &mut Random, space: &mut Workspace) {
    let form = context.form;
    for _ in 0..MENDING_TRIALS {
        if (context.is_over)() || form.exact[person].evaluate(&lines.choices[person]).is_some() {
            return;
        }
        let length = (14 + random.below(29)).min(form.days);
        let first = random.below(form.days - length + 1);
        let days = whole_weekends(form, first..first + length);
        let Some(part) = Part::new(form, lines, &[person], days, usize::MAX) else { return };
        let network = &part.form.exact[0];
        if network.cells() > MENDING_CELLS {
            continue;
        }
        let saved: Vec<i64> = part.form.posts.iter().map(|row| row.target.min(1) * SCALE).collect();
        let prices = Prices { scale: SCALE, posts: &saved, relaxed: &[] };
        if let Some(path) = Pricer::new(network.clone()).cheapest(&prices, &[], space) {
            *lines = Lines::new(context, part.put(&lines.choices, &[path.choice]));
        }
    }
}

/// What serving each post saves, in parts of a cost unit, with some noise.
fn savings(form: &Form, heads: &[i64], random: &mut Random) -> Vec<i64> {
    let value = |(row, heads): (&super::form::PostRow, &i64)| {
        let saved = row.cost(*heads, form.forbidden) - row.cost(*heads + 1, form.forbidden);
        saved * SCALE + random.below(SCALE as usize + 1) as i64 - SCALE / 2
    };
    form.posts.iter().zip(heads).map(value).collect()
}
