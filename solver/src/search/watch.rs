//! The clock, the caller's wish to stop and the threads of one solve.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::control::{Observer, Options, Progress};
use crate::roster::TierValues;

/// How often the caller is asked while something runs that cannot ask itself.
const BETWEEN_LOOKS: Duration = Duration::from_millis(50);
/// Seconds for each need that a roster takes once it is found: on two cores a city of 100,000 needs takes 2 s.
const SECONDS_AFTER_FOR_A_NEED: f64 = 2e-5;
/// Most of the limit that is kept back for that.
const MOST_AFTER: f64 = 0.1;

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

    /// The same, with time kept back for what comes after the search: settling, checking and explaining a roster of so many
    /// needs.
    #[must_use]
    pub fn before_the_end(self, needs: usize) -> Self {
        let limit = self.deadline.saturating_duration_since(self.started);
        let after = SECONDS_AFTER_FOR_A_NEED * needs as f64 / limit.as_secs_f64().max(f64::MIN_POSITIVE);
        Self { deadline: self.started + limit.mul_f64(1.0 - after.min(MOST_AFTER)), ..self }
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

    /// Share of the time that is used up.
    #[must_use]
    pub fn used(&self) -> f64 {
        let limit = self.deadline.saturating_duration_since(self.started).as_secs_f64();
        self.started.elapsed().as_secs_f64() / limit.max(f64::MIN_POSITIVE)
    }

    /// Seconds until this share of the time is used up; none when it is.
    #[must_use]
    pub fn seconds_until(&self, share: f64) -> f64 {
        let limit = self.deadline.saturating_duration_since(self.started);
        (limit.mul_f64(share).as_secs_f64() - self.started.elapsed().as_secs_f64()).max(0.0)
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

/// Work that cannot be stopped, on a thread of its own. Whoever no longer waits leaves it to its own end, which it must
/// have.
pub struct Pending<T> {
    receiver: Receiver<T>,
}

impl<T: Send + 'static> Pending<T> {
    /// Begins.
    pub fn start(work: impl FnOnce() -> T + Send + 'static) -> Self {
        let (sender, receiver) = mpsc::channel();
        std::thread::spawn(move || sender.send(work()));
        Self { receiver }
    }

    /// What the work finds; `None` as soon as the caller cancels, or when it is still not there at this time.
    pub fn wait(self, watch: &Watch<'_>, until: Instant) -> Option<T> {
        loop {
            match self.receiver.recv_timeout(BETWEEN_LOOKS) {
                Ok(found) => return Some(found),
                Err(RecvTimeoutError::Timeout) if !watch.observer.is_cancelled() && Instant::now() < until => {}
                Err(_) => return None,
            }
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::Silent;

    struct Cancelled;

    impl Observer for Cancelled {
        fn progress(&self, _progress: &Progress) {}
        fn is_cancelled(&self) -> bool {
            true
        }
    }

    #[test]
    fn nobody_waits_for_work_that_is_no_longer_wanted() {
        let (gate, closed) = mpsc::channel::<()>();
        let options = Options::default();
        let later = Instant::now() + Duration::from_hours(1);
        let watch = Watch::new(&Cancelled, Instant::now(), &options);
        assert_eq!(Pending::start(move || closed.recv().is_ok()).wait(&watch, later), None);
        let (gate_too, closed) = mpsc::channel::<()>();
        let watch = Watch::new(&Silent, Instant::now(), &options);
        let started = Instant::now();
        assert_eq!(Pending::start(move || closed.recv().is_ok()).wait(&watch, started), None, "its time is over");
        assert_eq!(Pending::start(|| 7).wait(&watch, later), Some(7));
        drop((gate, gate_too));
    }
}
