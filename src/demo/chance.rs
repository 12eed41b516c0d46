//! Seeded chance: the same seed gives the same city on every machine.

use crate::domain::{Entropy, SeededEntropy};

/// A stream of choices.
#[derive(Debug)]
pub(super) struct Chance(SeededEntropy);

impl Chance {
    /// The stream of a seed and a topic; streams of different topics do not influence each other, so that a change in
    /// one part of the generator leaves the others as they are.
    pub(super) fn new(seed: u64, topic: &str) -> Self {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64 ^ seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        for byte in topic.bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        Self(SeededEntropy::new(hash))
    }

    /// A number below `end`; 0 when `end` is 0.
    pub(super) fn below(&self, end: u32) -> u32 {
        let wide = (self.0.next_u64() >> 32) * u64::from(end);
        u32::try_from(wide >> 32).unwrap_or(0)
    }

    /// A number of the range, both ends included.
    pub(super) fn between(&self, least: u32, most: u32) -> u32 {
        least + self.below(most.saturating_sub(least) + 1)
    }

    /// True in so many of a hundred cases.
    pub(super) fn percent(&self, share: u32) -> bool {
        self.below(100) < share
    }

    /// One of the items; `None` when there are none.
    pub(super) fn pick<'a, T>(&self, items: &'a [T]) -> Option<&'a T> {
        items.get(self.below(u32::try_from(items.len()).unwrap_or(u32::MAX)) as usize)
    }

    /// A number from -1 to 1, those near 0 more likely.
    pub(super) fn around_zero(&self) -> f64 {
        let one = || f64::from(self.below(1 << 20)) / f64::from(1 << 20);
        one() + one() - 1.0
    }
}
