//! What rules cost on a street: the linear programme's shadow price of each binding rule instance, added up by rule,
//! unit and block; the exact effect of one more unit for the dearest ones; and the price of fairness.
//!
//! A shadow price of a tier holds with the tiers above at their linear optimum. It says what a small relaxation is
//! worth; the exact effect of a whole unit, found by solving again, may be smaller, and never saves more than
//! the bounds of the two solves allow.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::stages::{Proof, Stages};
use super::street::Street;
use crate::model::candidates::Network;
use crate::model::labels::{Label, Measure};
use crate::model::part::PartModel;
use crate::problem::{NeedIx, RuleCode, Span, UnitIx};
use crate::search::multipliers_by_tier;

/// One unit of a rule instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// How much.
    pub amount: i64,
    /// Of what.
    pub measure: Measure,
}

/// Price of one binding rule instance.
#[derive(Debug, Clone, PartialEq)]
pub struct Price {
    /// The rule instance, in indices of the street's small problem.
    pub label: Label,
    /// The unit that prices are for.
    pub step: Step,
    /// Change of each tier for one step more room, by the linear programme; never positive.
    pub shadow: [f64; 3],
    /// Exact change of each tier for one step more room, when it was solved again.
    pub exact: Option<Exact>,
}

/// Effect of a relaxation, found by solving again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exact {
    /// Change of each tier between the two rosters found.
    pub change: [i64; 3],
    /// Whether both solves are proven optimal in every tier, so that the change is exact.
    pub proven: bool,
}

/// Prices of a street.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Prices {
    /// Binding rule instances, dearest first.
    pub instances: Vec<Price>,
    /// Sums of shadow prices by rule.
    pub by_rule: BTreeMap<RuleCode, [f64; 3]>,
    /// Sums of shadow prices by unit: of the post's place, or of the person's home.
    pub by_unit: BTreeMap<UnitIx, [f64; 3]>,
    /// Sums of shadow prices of posts by block.
    pub by_block: BTreeMap<(i32, i32), [f64; 3]>,
    /// Value and bound of each tier of the street's roster, when relaxations were solved.
    pub base: Option<[Proof; 3]>,
}

/// What a caller may choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PriceOptions {
    /// Solve again for so many of the dearest instances.
    pub exact: usize,
    /// Time for each solve.
    pub time_limit: Duration,
}

/// Price of fairness on a street.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FairnessPrice {
    /// Tiers with the rule on.
    pub with: [Proof; 3],
    /// Tiers with the rule off.
    pub without: [Proof; 3],
    /// Cost of S31 itself in the roster made with the rule.
    pub own_cost: i64,
}

impl FairnessPrice {
    /// What the other rules of the tier pay for fairness: at most so much, exact when both sides are proven.
    #[must_use]
    pub const fn price(&self) -> i64 {
        self.with[2].value - self.own_cost - self.without[2].value
    }

    /// Whether all tiers of both solves are proven.
    #[must_use]
    pub fn is_proven(&self) -> bool {
        self.with.iter().chain(&self.without).all(|proof| proof.is_proven())
    }
}

/// Prices of a street's roster.
#[must_use]
pub fn prices(street: &Street, options: PriceOptions) -> Prices {
    let network = Network::new(&street.problem);
    let spec = street.spec(&network);
    let model = PartModel::with_matches(&network, &spec);
    let multipliers = multipliers_by_tier(&model);
    let mut found: BTreeMap<Label, Price> = BTreeMap::new();
    for (row, label) in model.labels.iter().enumerate() {
        let Some(label) = label else { continue };
        let steps = steps(&model, row, label);
        let shadow = [0, 1, 2].map(|tier: usize| worth(&multipliers[tier], row, steps));
        if shadow.iter().all(|price| price.abs() < 1e-6) {
            continue;
        }
        let step = Step { amount: steps * label.scale, measure: label.measure };
        // A person may have several rows of one rule on one day: their room grows together.
        let price = found.entry(*label).or_insert(Price { label: *label, step, shadow: [0.0; 3], exact: None });
        for (sum, part) in price.shadow.iter_mut().zip(shadow) {
            *sum += part;
        }
    }
    let mut prices = Prices { instances: found.into_values().collect(), ..Prices::default() };
    prices.instances.sort_by(|one, other| compare(&one.shadow, &other.shadow).then(one.label.cmp(&other.label)));
    add_up(street, &network, &mut prices);
    if options.exact > 0 && !prices.instances.is_empty() {
        exact(street, &model, &mut prices, options);
    }
    prices
}

fn compare(one: &[f64; 3], other: &[f64; 3]) -> std::cmp::Ordering {
    one.iter()
        .zip(other)
        .map(|(one, other)| one.total_cmp(other))
        .find(|order| order.is_ne())
        .unwrap_or(std::cmp::Ordering::Equal)
}

/// Units of the row's right side in one step: one head, duty, day, weekend or matter; for minutes one more duty of the
/// shortest kind that counts in the row.
fn steps(model: &PartModel, row: usize, label: &Label) -> i64 {
    if label.measure != Measure::Minutes {
        return 1;
    }
    let pairs = model.pairs.len();
    let factors = model.linear.terms(row).iter().filter(|(column, _)| (*column as usize) < pairs);
    factors.map(|&(_, factor)| factor.abs()).min().unwrap_or(1).max(1)
}

/// What one step more room in a row is worth: a lower side goes down, an upper side up.
fn worth(multipliers: &[f64], row: usize, steps: i64) -> f64 {
    -multipliers.get(row).copied().unwrap_or(0.0).abs() * steps as f64
}

fn add_up(street: &Street, network: &Network<'_>, prices: &mut Prices) {
    let add = |to: &mut [f64; 3], shadow: &[f64; 3]| {
        for (sum, part) in to.iter_mut().zip(shadow) {
            *sum += part;
        }
    };
    for price in &prices.instances {
        add(prices.by_rule.entry(price.label.rule).or_default(), &price.shadow);
        let unit = match (price.label.need, price.label.person) {
            (Some(need), _) => network.post(need).map(|post| post.unit),
            (None, Some(person)) => Some(street.problem.people[person.index()].home_unit),
            (None, None) => None,
        };
        if let Some(unit) = unit {
            add(prices.by_unit.entry(unit).or_default(), &price.shadow);
        }
        if let Some(Span { start, end }) = price.label.need.and_then(|need| span_of(street, need)) {
            add(prices.by_block.entry((start, end)).or_default(), &price.shadow);
        }
    }
}

fn span_of(street: &Street, need: NeedIx) -> Option<Span> {
    street.problem.needs.get(need.index())?.as_post().map(|post| post.span)
}

/// Solves the street, and again with one step more room for each of the dearest instances.
fn exact(street: &Street, model: &PartModel, prices: &mut Prices, options: PriceOptions) {
    let start: Vec<bool> =
        model.pairs.iter().map(|pair| street.duties[pair.person.index()].contains(&pair.need)).collect();
    let Some((base, chosen)) = optimum(model, start, options.time_limit) else { return };
    for price in prices.instances.iter_mut().take(options.exact) {
        let relaxed = relaxed(model, &price.label);
        let Some((found, _)) = optimum(&relaxed, chosen.clone(), options.time_limit) else { continue };
        let change = [0, 1, 2].map(|tier: usize| found[tier].value - base[tier].value);
        let proven = found.iter().chain(&base).all(|proof| proof.is_proven());
        price.exact = Some(Exact { change, proven });
    }
    prices.base = Some(base);
}

/// The model with one step more room for a rule instance.
#[must_use]
pub fn relaxed(model: &PartModel, label: &Label) -> PartModel {
    let mut relaxed = model.clone();
    // One more head at a post counts towards its minimum and its target alike.
    let same = |other: &Label| {
        other == label
            || matches!((label.rule, other.rule), (RuleCode::S10, RuleCode::S22) | (RuleCode::S22, RuleCode::S10))
                && other.need == label.need
    };
    for (row, other) in model.labels.iter().enumerate() {
        if other.as_ref().is_some_and(same) {
            relaxed.relax(row, steps(model, row, label));
        }
    }
    relaxed
}

/// The best roster of a model tier by tier, with its proofs.
fn optimum(model: &PartModel, start: Vec<bool>, time_limit: Duration) -> Option<([Proof; 3], Vec<bool>)> {
    let deadline = Instant::now() + time_limit;
    let mut stages = Stages::new(model, start, deadline)?;
    let first = stages.minimise(0, &[]);
    let second = stages.minimise(1, &[(0, first.value)]);
    let third = stages.minimise(2, &[(0, first.value), (1, second.value)]);
    Some(([first, second, third], stages.chosen))
}

/// The price of fairness: the street solved with S31 and without, everything outside it as it stands.
#[must_use]
pub fn fairness(street: &Street, time_limit: Duration) -> Option<FairnessPrice> {
    let weight = street.problem.profile.weight(RuleCode::S31);
    let solve = |street: &Street| {
        let network = Network::new(&street.problem);
        let spec = street.spec(&network);
        let model = PartModel::build(&network, &spec);
        let start = model
            .pairs
            .iter()
            .map(|pair| street.duties[pair.person.index()].contains(&pair.need))
            .collect::<Vec<bool>>();
        let (proofs, chosen) = optimum(&model, start, time_limit)?;
        let point = model.complete(&chosen);
        let labelled =
            model.labels.iter().enumerate().filter(|(_, label)| label.is_some_and(|label| label.rule == RuleCode::S31));
        // The column of the largest load is the one that a row of the rule defines.
        let loads: BTreeMap<u32, i64> = labelled
            .flat_map(|(row, _)| model.linear.terms(row).iter().copied())
            .filter(|&(column, factor)| factor == 1 && column as usize >= model.pairs.len())
            .map(|(column, _)| (column, point[column as usize]))
            .collect();
        Some((proofs, loads.values().sum::<i64>() * weight))
    };
    let (with, own_cost) = solve(street)?;
    let mut off = street.clone();
    off.problem.profile.rules.entry(RuleCode::S31).or_default().on = Some(false);
    let (without, _) = solve(&off)?;
    Some(FairnessPrice { with, without, own_cost })
}
