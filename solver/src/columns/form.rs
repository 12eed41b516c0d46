//! The problem as the column engine reads it: posts with convex cover costs, and one option network per person.
//!
//! Every cost is one integer, the tier values times the factors in [`Form::factors`]; the caller gets tier values
//! back by scoring with the checker, never by taking this sum apart.

use std::fmt;

use super::network::Network;
use crate::problem::{MINUTES_PER_DAY, NeedIx, Problem, RuleCode, Tier};
use crate::roster::TierValues;

/// Why the engine cannot take a problem; the caller then uses another method.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsupported(pub String);

impl fmt::Display for Unsupported {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the column method does not cover this problem: {}", self.0)
    }
}

impl std::error::Error for Unsupported {}

/// How much heavier the lightest cost of a tier counts than the heaviest of the tiers below.
const TIER_RATIO: i64 = 20;

/// Most cells (days, run states and counters) that pricing carries, for one person and for all together.
const PRICING_CELLS: usize = 12_000_000;
const ALL_PRICING_CELLS: usize = 100_000_000;

/// A post: one cover row.
#[derive(Debug, Clone)]
pub struct PostRow {
    /// The need.
    pub need: NeedIx,
    /// Day of the horizon.
    pub day: usize,
    /// Shift: posts of one kind differ in day, place and skill only.
    pub kind: u32,
    /// Heads below which `cost_min` is due.
    pub min: i64,
    /// Heads below which `cost_target` is due.
    pub target: i64,
    /// Most heads.
    pub max: i64,
    /// Cost of a head missing from `min`.
    pub cost_min: i64,
    /// Cost of a head missing between `min` and `target`.
    pub cost_target: i64,
    /// Cost of a head above `target`.
    pub cost_over: i64,
}

impl PostRow {
    /// Cost of a number of heads; heads above the maximum cost `forbidden` each.
    #[must_use]
    pub fn cost(&self, heads: i64, forbidden: i64) -> i64 {
        (self.min - heads).max(0) * self.cost_min
            + (self.target - heads.max(self.min)).max(0) * self.cost_target
            + (heads - self.target).max(0) * self.cost_over
            + (heads - self.max).max(0) * forbidden
    }
}

/// The translated problem.
#[derive(Debug, Clone)]
pub struct Form {
    /// Number of days.
    pub days: usize,
    /// Cover rows.
    pub posts: Vec<PostRow>,
    /// One network per person, in the order of `Problem::people`, for pricing: counters too many to carry are rows
    /// of the master instead.
    pub people: Vec<Network>,
    /// The same with every counter.
    pub exact: Vec<Network>,
    /// Cost that every roster has.
    pub constant: i64,
    /// Factor of each tier in the one-number cost.
    pub factors: TierValues,
    /// Greatest common divisor of all costs but the constant; at least 1.
    pub step: i64,
    /// A cost above anything a roster can save: the price of breaking a hard rule during the search.
    pub forbidden: i64,
}

impl Form {
    /// Translates a problem.
    ///
    /// # Errors
    /// When a rule that is in force lies outside what the networks express.
    pub fn new(problem: &Problem) -> Result<Self, Unsupported> {
        refuse_what_networks_lack(problem)?;
        let factors = tier_factors(problem);
        let days = usize::from(problem.horizon.days);
        let posts = post_rows(problem, factors)?;
        let mut constant = 0;
        let mut exact = Vec::with_capacity(problem.people.len());
        let mut people = Vec::with_capacity(problem.people.len());
        let cells = (ALL_PRICING_CELLS / problem.people.len().max(1)).min(PRICING_CELLS);
        for person in 0..problem.people.len() {
            let mut network = Network::new(problem, person, &posts, factors)?;
            constant += network.constant;
            exact.push(network.clone());
            network.relax(cells);
            people.push(network);
        }
        let mut step = 0;
        for post in &posts {
            if post.min > 0 {
                step = gcd(step, post.cost_min);
            }
            if post.target > post.min {
                step = gcd(step, post.cost_target);
            }
            step = gcd(step, post.cost_over);
        }
        let mut heaviest = posts.iter().map(|post| post.cost_min.max(post.cost_target).max(post.cost_over)).max();
        for network in &people {
            step = gcd(step, network.cost_step());
            heaviest = heaviest.max(Some(network.heaviest_cost()));
        }
        let forbidden = heaviest.unwrap_or(0).max(1) * 8;
        Ok(Self { days, posts, people, exact, constant, factors, step: step.max(1), forbidden })
    }

    /// What a head below target costs at most, 0 without posts.
    #[must_use]
    pub fn dearest_head(&self) -> i64 {
        self.posts.iter().map(|row| row.cost_target).max().unwrap_or(0)
    }

    /// Factor of the tier of a soft rule.
    #[must_use]
    pub fn weight(problem: &Problem, code: RuleCode, factors: TierValues) -> i64 {
        factor(factors, problem.profile.tier(code)) * problem.profile.weight(code)
    }

    /// A typical small cost: the unit of the search's temperature.
    #[must_use]
    pub fn heat_unit(&self) -> f64 {
        self.step as f64
    }

    /// The one-number cost of tier values.
    #[must_use]
    pub fn combined(&self, tiers: TierValues) -> i64 {
        tiers.iter().zip(self.factors).map(|(value, factor)| value * factor).sum()
    }
}

/// Factor of a tier; hard rules have none.
pub(super) fn factor(factors: TierValues, tier: Tier) -> i64 {
    match tier {
        Tier::Hard => 0,
        Tier::Residents => factors[0],
        Tier::Obligations => factors[1],
        Tier::Quality => factors[2],
    }
}

/// Greatest common divisor; `gcd(0, n) = |n|`.
#[must_use]
pub fn gcd(left: i64, right: i64) -> i64 {
    if right == 0 { left.abs() } else { gcd(right, left % right) }
}

fn refuse_what_networks_lack(problem: &Problem) -> Result<(), Unsupported> {
    let profile = &problem.profile;
    let no = |why: &str| Err(Unsupported(why.to_owned()));
    if profile.weight(RuleCode::S31) > 0 {
        return no("S31 fairness joins people");
    }
    if profile.weight(RuleCode::S23) > 0 && problem.needs.iter().any(|need| need.as_post().is_some_and(|post| post.mix))
    {
        return no("S23 mix joins people");
    }
    if profile.is_on(RuleCode::H14) && !problem.apart.is_empty() {
        return no("H14 apart-pairs join people");
    }
    if problem.people.iter().any(|person| person.trainee) {
        return no("trainees do not count as heads");
    }
    let places: std::collections::BTreeSet<_> = problem
        .places
        .iter()
        .filter_map(|place| place.location.map(|point| (point.east_metres, point.north_metres)))
        .collect();
    if profile.is_on(RuleCode::H01) && places.len() > 1 {
        return no("travel between places on following days");
    }
    for code in RuleCode::ALL {
        if !code.is_hard() && profile.is_on(*code) && profile.tier(*code) == Tier::Hard {
            return no("a soft rule set to tier 0");
        }
    }
    Ok(())
}

/// Unit weights that the problem can charge, with their tiers, for the choice of the factors.
fn weights_in_tiers(problem: &Problem) -> Vec<(Tier, i64)> {
    let profile = &problem.profile;
    let mut weights = Vec::new();
    let mut add = |code: RuleCode, weight: i64| {
        if profile.is_on(code) && weight > 0 {
            weights.push((profile.tier(code), weight));
        }
    };
    for need in &problem.needs {
        let Some(post) = need.as_post() else { continue };
        let priority = i64::from(need.priority);
        if post.cover.min > 0 {
            add(RuleCode::S10, profile.weight(RuleCode::S10) * priority);
        }
        if post.cover.target > post.cover.min {
            let own = post.cover.weight_below_target;
            add(RuleCode::S22, own.unwrap_or(profile.weight(RuleCode::S22) * priority));
        }
        add(RuleCode::S24, post.cover.weight_above_target.unwrap_or(profile.weight(RuleCode::S24)));
    }
    for wish in problem.people.iter().flat_map(|person| &person.wishes) {
        add(RuleCode::S30, profile.weight(RuleCode::S30) * i64::from(wish.weight));
    }
    for code in [RuleCode::S32, RuleCode::S33, RuleCode::S34, RuleCode::S37, RuleCode::S39, RuleCode::S40] {
        add(code, profile.weight(code));
    }
    for key in ["work_factor", "off_factor"] {
        add(RuleCode::S38, profile.weight(RuleCode::S38) * profile.parameter(RuleCode::S38, key));
    }
    add(RuleCode::S39, profile.parameter(RuleCode::S39, "weekend_factor"));
    weights
}

fn tier_factors(problem: &Problem) -> TierValues {
    let weights = weights_in_tiers(problem);
    let range = |tier: Tier| {
        let of_tier = weights.iter().filter(|(at, _)| *at == tier).map(|(_, weight)| *weight);
        (of_tier.clone().min(), of_tier.max().unwrap_or(0))
    };
    let mut below = range(Tier::Quality).1;
    // Factors are multiples of what quality counts in, so that every roster's cost is one and bounds round up to it.
    let quality = weights.iter().filter(|(at, _)| *at == Tier::Quality);
    let unit = quality.fold(0, |unit, (_, weight)| gcd(unit, *weight)).max(1);
    let mut factors = [1; 3];
    for (slot, tier) in [(1, Tier::Obligations), (0, Tier::Residents)] {
        let (least, most) = range(tier);
        if let Some(least) = least {
            let enough = (TIER_RATIO * below).div_euclid(least) + 1;
            factors[slot] = enough.max(1) + (-enough.max(1)).rem_euclid(unit);
            below = below.max(most * factors[slot]);
        }
    }
    factors
}

fn post_rows(problem: &Problem, factors: TierValues) -> Result<Vec<PostRow>, Unsupported> {
    let profile = &problem.profile;
    let mut rows = Vec::with_capacity(problem.needs.len());
    let mut kinds = Vec::new();
    for (index, need) in problem.needs.iter().enumerate() {
        let Some(post) = need.as_post() else {
            return Err(Unsupported(format!("need {} is not a post", need.id)));
        };
        let day = usize::try_from(post.span.day()).unwrap_or(usize::MAX);
        if day >= usize::from(problem.horizon.days) {
            return Err(Unsupported(format!("need {} lies outside the horizon", need.id)));
        }
        let priority = i64::from(need.priority);
        let below = |code: RuleCode, own: Option<i64>, times: i64| {
            if !profile.is_on(code) {
                return 0;
            }
            own.unwrap_or(profile.weight(code) * times) * factor(factors, profile.tier(code))
        };
        let kind = (post.shift_type, post.span.start.rem_euclid(MINUTES_PER_DAY), post.span.minutes());
        let known = kinds.iter().position(|other| *other == kind);
        let kind_index = known.unwrap_or_else(|| {
            kinds.push(kind);
            kinds.len() - 1
        });
        let max = if profile.is_on(RuleCode::H11) { post.cover.max } else { u16::MAX };
        rows.push(PostRow {
            need: NeedIx::from_index(index),
            day,
            kind: kind_index as u32,
            min: i64::from(post.cover.min),
            target: i64::from(post.cover.target),
            max: i64::from(max).min(i64::try_from(problem.people.len()).unwrap_or(i64::MAX)).max(0),
            cost_min: below(RuleCode::S10, None, priority),
            cost_target: below(RuleCode::S22, post.cover.weight_below_target, priority),
            cost_over: below(RuleCode::S24, post.cover.weight_above_target, 1),
        });
    }
    Ok(rows)
}
