//! Everything that may happen at posts of one shape, so that the best of it at given prices is found exactly.

use super::desk::{Desk, Kind, Present};
use super::price::{ScaledWeights, scaled};
use crate::model::linear::Costs;

/// Combinations of people at one post beyond which its table would grow too large.
const MOST_ENTRIES: usize = 4096;

/// Everything that may happen at posts of one shape: how many of each kind are there, and what it costs.
#[derive(Debug, Clone)]
pub struct Table {
    /// Kinds of people who may serve.
    pub kinds: Vec<Kind>,
    /// A post of this shape, which says whom it tells apart.
    desk: Desk,
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
        let kinds: Vec<Kind> = Kind::all().filter(|kind| eligible[kind.index()] > 0).collect();
        let most: Vec<u16> = eligible.into_iter().filter(|&count| count > 0).collect();
        let room = desk.room();
        let (worth, burden) = desk.stakes();
        let mut table = Self { kinds, desk: desk.clone(), counts: Vec::new(), costs: Vec::new(), worth, burden };
        let mut present = vec![0; most.len()];
        table.enumerate(desk, &most, room, &mut present, 0)?;
        Some(table)
    }

    fn enumerate(&mut self, desk: &Desk, most: &[u16], room: u16, counts: &mut Vec<u16>, at: usize) -> Option<()> {
        if at == most.len() {
            let people = self.kinds.iter().zip(counts.iter());
            let present =
                people.fold(Present::default(), |present, (&kind, &count)| present.with_kind(kind, count.into()));
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

    /// A post of this shape.
    #[must_use]
    pub const fn desk(&self) -> &Desk {
        &self.desk
    }

    /// The kind as posts of this shape tell people apart.
    #[must_use]
    pub fn kind(&self, kind: Kind) -> Kind {
        self.desk.kind(kind)
    }

    /// Costs of all entries as one number each, scaled; nobody at all is the first entry.
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
