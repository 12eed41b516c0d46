//! Options, progress and cancelling: how a caller steers a solve.

use std::time::Duration;

use crate::roster::TierValues;

/// What a caller may choose.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// Stop after this long and keep the best.
    pub time_limit: Duration,
    /// Worker threads, at least 1.
    pub threads: usize,
    /// Seed of every random choice.
    pub seed: u64,
    /// Stop improving a tier when its proven gap is at most this share, per tier.
    pub gap_limits: [f64; 3],
}

impl Default for Options {
    fn default() -> Self {
        Self { time_limit: Duration::from_mins(1), threads: 1, seed: 1, gap_limits: [0.0, 0.001, 0.005] }
    }
}

/// Where a solve stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Progress {
    /// Phase in kebab-case: `prepare`, `parts`, `join`, `improve`, `finish`, `check`.
    pub phase: &'static str,
    /// Parts finished.
    pub parts_done: usize,
    /// Parts in all.
    pub parts: usize,
    /// Best values so far, when there is a whole roster.
    pub incumbent: Option<TierValues>,
    /// Proven bounds so far, when known for all parts.
    pub bound: Option<TierValues>,
    /// Seconds since the start.
    pub seconds: f64,
}

/// Receives progress and may cancel. Called from worker threads.
pub trait Observer: Sync {
    /// Called now and then.
    fn progress(&self, progress: &Progress);
    /// Asked often; `true` stops the solve, which keeps the best roster so far.
    fn is_cancelled(&self) -> bool {
        false
    }
}

/// An observer that neither listens nor cancels.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Observer for Silent {
    fn progress(&self, _progress: &Progress) {}
}
