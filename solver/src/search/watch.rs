//! The clock, the caller's wish to stop and the threads of one solve.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use crate::control::{Observer, Options, Progress};
use crate::roster::TierValues;

/// When to stop, and whom to tell.
pub struct Watch<'o> {
    observer: &'o dyn Observer,
    started: Instant,
    deadline: Instant,
}

impl<'o> Watch<'o> {
    /// A watch over one solve.
    #[must_use]
    pub fn new(observer: &'o dyn Observer, started: Instant, options: &Options) -> Self {
        Self { observer, started, deadline: started + options.time_limit }
    }

    /// Whether the time is up or the caller has cancelled.
    #[must_use]
    pub fn is_over(&self) -> bool {
        Instant::now() >= self.deadline || self.observer.is_cancelled()
    }

    /// Whether this share of the time is used up, or the caller has cancelled.
    #[must_use]
    pub fn is_past(&self, share: f64) -> bool {
        let limit = self.deadline.saturating_duration_since(self.started);
        self.started.elapsed() >= limit.mul_f64(share) || self.observer.is_cancelled()
    }

    /// Seconds left.
    #[must_use]
    pub fn seconds_left(&self) -> f64 {
        self.deadline.saturating_duration_since(Instant::now()).as_secs_f64()
    }

    /// Tells the observer of a whole roster's values and of what is proven of them, if anything is yet.
    pub fn report_values(
        &self,
        phase: &'static str,
        (parts_done, parts): (usize, usize),
        value: TierValues,
        bound: Option<TierValues>,
    ) {
        let (incumbent, seconds) = (Some(value), self.started.elapsed().as_secs_f64());
        self.observer.progress(&Progress { phase, parts_done, parts, incumbent, bound, seconds });
    }

    /// Tells the observer where the solve stands.
    pub fn report(&self, phase: &'static str, parts_done: usize, parts: usize) {
        let seconds = self.started.elapsed().as_secs_f64();
        self.observer.progress(&Progress { phase, parts_done, parts, incumbent: None, bound: None, seconds });
    }
}

/// Runs `work` for each position on the given number of threads; results stand in order of position.
pub(super) fn parallel<T: Send>(threads: usize, count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let results: Mutex<Vec<Option<T>>> = Mutex::new((0..count).map(|_| None).collect());
    std::thread::scope(|scope| {
        for _ in 0..threads.clamp(1, count.max(1)) {
            scope.spawn(|| {
                loop {
                    let position = next.fetch_add(1, Ordering::Relaxed);
                    if position >= count {
                        break;
                    }
                    let result = work(position);
                    results.lock().unwrap_or_else(PoisonError::into_inner)[position] = Some(result);
                }
            });
        }
    });
    results.into_inner().unwrap_or_else(PoisonError::into_inner).into_iter().flatten().collect()
}
