//! Good prices before the first master: the volume algorithm (Barahona, Anbil 2000), subgradient steps whose direction
//! is an average of the lines priced so far. The average is also a first fractional roster.

use super::bound::{IntegerPrices, round_up};
use super::form::PostRow;
use super::generate::{Context, price_all};
use super::pool::{Column, Duals, Pool};
use super::pricing::Workspace;

/// Prices to smooth towards, and their Lagrangian value.
#[derive(Debug, Clone)]
pub struct Center {
    /// Prices.
    pub duals: Duals,
    /// Value.
    pub value: f64,
    /// The same as a bound, a multiple of the costs' step.
    pub bound: i64,
    /// By person: averaged value of every option.
    pub shares: Vec<Vec<f64>>,
}

/// When to leave.
#[derive(Debug, Clone, Copy)]
pub struct Warmth {
    /// Most rounds.
    pub rounds: usize,
    /// End at this many seconds since the start.
    pub until: f64,
    /// Stop when this many rounds in a row gain less than a thousandth.
    pub patience: usize,
    /// A roster's cost: a value that the bound cannot pass.
    pub goal: i64,
}

/// What a round's lines and their average use.
#[derive(Debug, Clone)]
struct Use {
    heads: Vec<f64>,
    counters: Vec<Vec<f64>>,
}

impl Use {
    fn mix(&mut self, other: &Self, share: f64) {
        let mix = |own: &mut f64, other: &f64| *own += share * (other - *own);
        self.heads.iter_mut().zip(&other.heads).for_each(|(own, other)| mix(own, other));
        let pairs = self.counters.iter_mut().flatten().zip(other.counters.iter().flatten());
        pairs.for_each(|(own, other)| mix(own, other));
    }
}

/// Highest price that a head can be worth.
fn top(row: &PostRow) -> f64 {
    let target = if row.target > row.min { row.cost_target } else { 0 };
    let least = if row.min > 0 { row.cost_min } else { 0 };
    target.max(least) as f64
}

/// Price at which heads between the minimum and the target begin to be worth having: the slope jumps there.
fn kink(row: &PostRow) -> Option<f64> {
    (row.min > 0 && row.target > row.min).then_some(row.cost_target as f64)
}

/// How far heads are from what the row asks at a price: the slope of the Lagrangian, 0 where it changes sign.
fn slope(row: &PostRow, heads: f64, price: f64) -> f64 {
    let (least, most) = (row.min as f64 - heads, row.target as f64 - heads);
    let missing = match kink(row) {
        Some(kink) if price > kink + 1e-9 => least,
        Some(kink) if price > kink - 1e-9 => least.max(0.0) + most.min(0.0),
        _ => most,
    };
    let is_capped = (price >= top(row) && missing > 0.0) || (price <= -(row.cost_over as f64) && missing < 0.0);
    if is_capped { 0.0 } else { missing }
}

/// A price after a step, which does not pass the kink or leave its range.
fn moved(row: &PostRow, price: f64, change: f64) -> f64 {
    let next = price + change;
    let next = match kink(row) {
        Some(kink) if price < kink - 1e-9 => next.min(kink),
        Some(kink) if price > kink + 1e-9 => next.max(kink),
        _ => next,
    };
    next.clamp(-(row.cost_over as f64), top(row))
}

/// The running state of the algorithm.
struct Climb {
    center: Center,
    average: Use,
    /// Share of the distance to the goal that a step covers.
    pace: f64,
    /// Weight of a new round in the average.
    mixing: f64,
    /// Rounds without gain since the last change of pace.
    failures: usize,
}

/// One round: everybody's cheapest line.
struct Round {
    used: Use,
    lines: Vec<Vec<u16>>,
    value: f64,
    bound: i64,
}

/// Improves prices from flat ones; every line priced goes into the pool. None when somebody has no line at all.
#[must_use]
pub fn warm_up(context: &Context<'_>, pool: &mut Pool, warmth: Warmth, spaces: &mut [Workspace]) -> Option<Center> {
    let form = context.form;
    let duals = Duals {
        posts: form.posts.iter().map(|row| 0.5 * (row.cost_target as f64).min(top(row))).collect(),
        relaxed: form.people.iter().map(|network| vec![0.0; network.relaxed.len()]).collect(),
        people: vec![0.0; form.people.len()],
    };
    let first = round(context, &duals, pool, spaces)?;
    let mut shares: Vec<Vec<f64>> = form.people.iter().map(|network| vec![0.0; network.options.len()]).collect();
    mix_lines(context, &mut shares, &first.lines, 1.0);
    let center = Center { duals, value: first.value, bound: first.bound, shares };
    let mut climb = Climb { center, average: first.used, pace: 0.2, mixing: 0.5, failures: 0 };
    let (mut mark, mut since) = (climb.center.value, 0);
    for _ in 1..warmth.rounds {
        if (context.is_over)() || (context.seconds)() > warmth.until || climb.center.bound >= warmth.goal {
            break;
        }
        let Some(duals) = climb.next_prices(context, warmth.goal) else { break };
        let round = round(context, &duals, pool, spaces)?;
        climb.take(context, warmth.goal, duals, round);
        since += 1;
        if climb.center.value > mark + 1e-3 * mark.abs().max(1.0) {
            (mark, since) = (climb.center.value, 0);
        } else if since > warmth.patience {
            break;
        }
    }
    Some(climb.center)
}

impl Climb {
    /// Steps from the best prices along the averaged slope; none when it is flat.
    fn next_prices(&self, context: &Context<'_>, goal: i64) -> Option<Duals> {
        let form = context.form;
        let center = &self.center.duals;
        let rows = form.posts.iter().zip(&self.average.heads).zip(&center.posts);
        let slopes: Vec<f64> = rows.map(|((row, heads), price)| slope(row, *heads, *price)).collect();
        let own = form.people.iter().zip(&self.average.counters).zip(&center.relaxed);
        let excess: Vec<Vec<f64>> = own
            .map(|((network, used), prices)| {
                let over = network.relaxed.iter().zip(used).map(|(relaxed, used)| used - relaxed.limit as f64);
                over.zip(prices).map(|(over, price)| if over < 0.0 && *price <= 0.0 { 0.0 } else { over }).collect()
            })
            .collect();
        let length: f64 = slopes.iter().chain(excess.iter().flatten()).map(|part| part * part).sum();
        if length <= 1e-9 {
            return None;
        }
        let step = self.pace * (goal as f64 - self.center.value).max(form.step as f64) / length;
        let rows = form.posts.iter().zip(&center.posts).zip(&slopes);
        let posts = rows.map(|((row, price), slope)| moved(row, *price, step * slope));
        let relaxed = center.relaxed.iter().zip(&excess);
        let each = |(prices, slopes): (&Vec<f64>, &Vec<f64>)| {
            prices.iter().zip(slopes).map(|(price, slope)| (price + step * slope).max(0.0)).collect()
        };
        Some(Duals { posts: posts.collect(), relaxed: relaxed.map(each).collect(), people: center.people.clone() })
    }

    /// Weight of a round's lines that makes the averaged slope at the best prices shortest, within limits.
    fn share(&self, context: &Context<'_>, used: &Use) -> f64 {
        let (mut along, mut length) = (0.0, 1e-9);
        let heads = self.average.heads.iter().zip(&used.heads);
        for ((row, price), (own, other)) in context.form.posts.iter().zip(&self.center.duals.posts).zip(heads) {
            let (own, other) = (slope(row, *own, *price), slope(row, *other, *price));
            along += own * (own - other);
            length += (own - other) * (own - other);
        }
        (along / length).clamp(0.1 * self.mixing, self.mixing)
    }

    /// Judges a round: better prices become the centre and quicken the pace, a row of worse ones slows it.
    fn take(&mut self, context: &Context<'_>, goal: i64, duals: Duals, round: Round) {
        let share = self.share(context, &round.used);
        self.average.mix(&round.used, share);
        mix_lines(context, &mut self.center.shares, &round.lines, share);
        if round.value > self.center.value {
            self.center.duals = duals;
            self.center.value = round.value;
            self.center.bound = self.center.bound.max(round.bound);
            self.pace = (self.pace * 1.2).min(2.0);
            self.failures = 0;
            return;
        }
        self.failures += 1;
        let fall = self.center.value - round.value;
        if fall > 0.2 * (goal as f64 - self.center.value) {
            // Far too long a step.
            self.pace *= 0.5;
        }
        if self.failures.is_multiple_of(4) {
            self.pace = (self.pace * 0.66).max(2e-4);
            self.mixing = (self.mixing * 0.95).max(0.05);
        }
    }
}

fn round(context: &Context<'_>, duals: &Duals, pool: &mut Pool, spaces: &mut [Workspace]) -> Option<Round> {
    let form = context.form;
    let prices = IntegerPrices::new(form, duals);
    let paths = price_all(context, &prices, &[], 0, spaces);
    let least: Vec<i64> = paths.iter().filter_map(|own| own.first().map(|path| path.value)).collect();
    if least.len() < form.people.len() {
        return None;
    }
    let lagrangian = prices.lagrangian(form, &context.pricers, &least, &[]);
    let mut used = Use { heads: vec![0.0; form.posts.len()], counters: Vec::with_capacity(paths.len()) };
    let mut lines = Vec::with_capacity(paths.len());
    for (person, own) in paths.into_iter().enumerate() {
        let column = own.into_iter().next().and_then(|path| Column::new(form, person, path.choice))?;
        for post in &column.posts {
            used.heads[*post as usize] += 1.0;
        }
        used.counters.push(column.usage.iter().map(|usage| *usage as f64).collect());
        lines.push(column.choice.clone());
        pool.add(column);
    }
    let value = lagrangian as f64 / prices.scale as f64;
    Some(Round { used, lines, value, bound: round_up(lagrangian, prices.scale, form.step) })
}

/// Moves the averaged shares of all options towards some lines.
fn mix_lines(context: &Context<'_>, shares: &mut [Vec<f64>], lines: &[Vec<u16>], weight: f64) {
    for ((network, own), line) in context.form.people.iter().zip(shares).zip(lines) {
        for share in own.iter_mut() {
            *share *= 1.0 - weight;
        }
        for (position, first) in line.iter().zip(&network.start) {
            own[*first as usize + usize::from(*position)] += weight;
        }
    }
}
