//! What a post costs with the people who are at it: the exact cost of S10, S22, S23 and S24, in whole numbers.

use crate::model::candidates::Network;
use crate::model::linear::{Costs, add_costs, in_tier};
use crate::problem::{NeedIx, Person, RuleCode};

use super::price::{ScaledWeights, scaled};

/// Combinations of people at one post beyond which its table would grow too large.
const MOST_ENTRIES: usize = 4096;

/// A post's costs and limits.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Desk {
    min: i64,
    target: i64,
    max: i64,
    uncovered: Costs,
    below: Costs,
    above: Costs,
    mix: Costs,
    newcomer: Costs,
}

/// What a person counts as at a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Kind(u8);

impl Kind {
    /// Number of kinds.
    pub const COUNT: usize = 8;
    const STAFF: u8 = 1;
    const NEWCOMER: u8 = 2;
    const TRAINEE: u8 = 4;

    /// The kind of a person.
    #[must_use]
    pub const fn of(person: &Person) -> Self {
        let mut bits = 0;
        if person.category.is_staff() {
            bits |= Self::STAFF;
        }
        if person.newcomer {
            bits |= Self::NEWCOMER;
        }
        if person.trainee {
            bits |= Self::TRAINEE;
        }
        Self(bits)
    }

    /// Position among the kinds.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// Who is at a post, counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Present {
    total: i64,
    heads: i64,
    staff: i64,
    newcomers: i64,
}

impl Present {
    /// The same with so many people of a kind more.
    #[must_use]
    pub const fn with_kind(self, kind: Kind, by: i64) -> Self {
        Self {
            total: self.total + by,
            heads: self.heads + if is_bit(kind, Kind::TRAINEE) { 0 } else { by },
            staff: self.staff + if is_bit(kind, Kind::STAFF) { by } else { 0 },
            newcomers: self.newcomers + if is_bit(kind, Kind::NEWCOMER) { by } else { 0 },
        }
    }
}

const fn is_bit(kind: Kind, bit: u8) -> bool {
    kind.0 & bit != 0
}

impl Desk {
    /// The costs of a post; `None` when the need is of another kind.
    #[must_use]
    pub fn new(network: &Network<'_>, need: NeedIx) -> Option<Self> {
        let problem = network.problem;
        let data = &problem.needs[need.index()];
        let post = data.as_post()?;
        let profile = &problem.profile;
        let settings = &network.settings;
        let weight = |code| if settings.is_on(code) { profile.weight(code) } else { 0 };
        let own = |code, own: Option<i64>, standard: i64| own.filter(|_| settings.is_on(code)).unwrap_or(standard);
        let priority = i64::from(data.priority);
        let cost = |code, amount| in_tier(profile.tier(code), amount);
        let below = own(RuleCode::S22, post.cover.weight_below_target, weight(RuleCode::S22) * priority);
        let above = own(RuleCode::S24, post.cover.weight_above_target, weight(RuleCode::S24));
        let mix = cost(RuleCode::S23, weight(RuleCode::S23));
        Some(Self {
            min: i64::from(post.cover.min),
            target: i64::from(post.cover.target),
            max: if settings.is_on(RuleCode::H11) { i64::from(post.cover.max) } else { i64::MAX },
            uncovered: cost(RuleCode::S10, weight(RuleCode::S10) * priority),
            below: cost(RuleCode::S22, below),
            above: cost(RuleCode::S24, above),
            mix: if post.mix { mix } else { [0; 3] },
            newcomer: mix,
        })
    }

    /// Whether another person fits.
    #[must_use]
    pub const fn has_room(&self, present: Present) -> bool {
        present.total < self.max
    }

    /// The cost with these people.
    #[must_use]
    pub fn cost(&self, present: Present) -> Costs {
        let mut costs = [0; 3];
        let mut add = |cost: Costs, times: i64| {
            if times > 0 {
                add_costs(&mut costs, cost.map(|cost| cost * times));
            }
        };
        add(self.uncovered, self.min - present.heads);
        add(self.below, self.target - present.heads.max(self.min));
        add(self.above, present.heads - self.target);
        add(self.mix, i64::from(present.total > present.staff && present.staff == 0));
        add(self.newcomer, i64::from(present.total == 1 && present.newcomers == 1));
        costs
    }

    /// What the cost changes by when one of a kind comes.
    #[must_use]
    pub fn change(&self, present: Present, kind: Kind) -> Costs {
        let (before, after) = (self.cost(present), self.cost(present.with_kind(kind, 1)));
        [0, 1, 2].map(|tier| after[tier] - before[tier])
    }

    /// The kind as this post tells people apart.
    #[must_use]
    pub fn kind(&self, kind: Kind) -> Kind {
        let mut bits = kind.0;
        if self.mix == [0; 3] {
            bits &= !Kind::STAFF;
        }
        if self.newcomer == [0; 3] {
            bits &= !Kind::NEWCOMER;
        }
        Kind(bits)
    }

    /// How many of each kind may be there at once, of those who may serve.
    #[must_use]
    pub fn within_capacity(&self, eligible: [u16; Kind::COUNT]) -> [u16; Kind::COUNT] {
        let most = u16::try_from(self.max).unwrap_or(u16::MAX);
        eligible.map(|count| count.min(most))
    }
}

/// Everything that may happen at posts of one shape: how many of each kind are there, and what it costs.
#[derive(Debug, Clone)]
pub struct Table {
    /// Kinds of people who may serve.
    pub kinds: Vec<Kind>,
    /// Heads of each kind, one entry after the other.
    counts: Vec<u16>,
    /// Cost of each entry.
    costs: Vec<Costs>,
    /// Most that a head can be worth in each tier: bounds prices.
    pub worth: Costs,
    /// Most that a head too many can cost in each tier.
    pub burden: Costs,
}

impl Table {
    /// The table of a post with so many people of each kind who may serve; `None` when it would grow too large.
    #[must_use]
    pub fn new(desk: &Desk, eligible: [u16; Kind::COUNT]) -> Option<Self> {
        let kinds: Vec<Kind> = (0..).zip(eligible).filter(|&(_, count)| count > 0).map(|(kind, _)| Kind(kind)).collect();
        let most: Vec<u16> = eligible.into_iter().filter(|&count| count > 0).collect();
        let room = u16::try_from(desk.max).unwrap_or(u16::MAX);
        let mut table = Self { kinds, counts: Vec::new(), costs: Vec::new(), worth: [0; 3], burden: [0; 3] };
        for costs in [desk.uncovered, desk.below, desk.mix, desk.newcomer] {
            add_costs(&mut table.worth, costs.map(|cost| cost.max(0)));
        }
        for costs in [desk.above, desk.mix, desk.newcomer] {
            add_costs(&mut table.burden, costs.map(|cost| cost.max(0)));
        }
        let mut present = vec![0; most.len()];
        table.enumerate(desk, &most, room, &mut present, 0)?;
        Some(table)
    }

    fn enumerate(&mut self, desk: &Desk, most: &[u16], room: u16, counts: &mut Vec<u16>, at: usize) -> Option<()> {
        if at == most.len() {
            let people = self.kinds.iter().zip(counts.iter());
            let present = people.fold(Present::default(), |present, (&kind, &count)| present.with_kind(kind, count.into()));
            self.costs.push(desk.cost(present));
            self.counts.extend(counts.iter());
            return (self.costs.len() <= MOST_ENTRIES).then_some(());
        }
        for count in 0..=most[at].min(room) {
            counts[at] = count;
            self.enumerate(desk, most, room - count, counts, at + 1)?;
        }
        counts[at] = 0;
        Some(())
    }

    /// Costs of all entries as one number each, scaled.
    #[must_use]
    pub fn scaled(&self, weights: ScaledWeights) -> Vec<i64> {
        self.costs.iter().map(|&costs| scaled(costs, weights)).collect()
    }

    /// The least of cost and what its heads would fetch elsewhere at these prices, and the entry that attains it.
    ///
    /// `costs` are those of [`Self::scaled`], `prices` one for each of [`Self::kinds`].
    #[must_use]
    pub fn least(&self, costs: &[i64], prices: &[i64]) -> (i64, &[u16]) {
        let kinds = self.kinds.len();
        let mut best = (i64::MAX, 0);
        for (at, &cost) in costs.iter().enumerate() {
            let counts = &self.counts[at * kinds..(at + 1) * kinds];
            let value = cost + counts.iter().zip(prices).map(|(&count, &price)| i64::from(count) * price).sum::<i64>();
            if value < best.0 {
                best = (value, at);
            }
        }
        (best.0, &self.counts[best.1 * kinds..(best.1 + 1) * kinds])
    }
}
