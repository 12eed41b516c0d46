//! Whose turn it is to write to SQLite. The file has one writer at a time, and writers of one process that find it
//! locked would ask again and again after growing pauses, the unlucky ones for a second; here they wait for each other
//! instead. Writers of other processes still meet at the file's lock.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The turn of one file's writers.
#[derive(Debug, Default)]
pub(super) struct Turn {
    taken: Mutex<bool>,
    free: Condvar,
}

/// The turn, given up when dropped.
#[derive(Debug)]
pub(super) struct Taken<'a>(&'a Turn);

impl Turn {
    /// Waits for the turn; none when others keep it for longer than the given time.
    pub(super) fn take(&self, longest: Duration) -> Option<Taken<'_>> {
        let begun = Instant::now();
        let mut taken = self.lock();
        while *taken {
            let left = longest.checked_sub(begun.elapsed()).filter(|left| !left.is_zero())?;
            taken = self.free.wait_timeout(taken, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        *taken = true;
        drop(taken);
        Some(Taken(self))
    }

    fn lock(&self) -> MutexGuard<'_, bool> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        *self.0.lock() = false;
        self.0.free.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_turn_is_one_writers_and_passes_on() {
        let turn = Turn::default();
        let first = turn.take(Duration::ZERO).unwrap();
        assert!(turn.take(Duration::ZERO).is_none());
        drop(first);
        assert!(turn.take(Duration::ZERO).is_some());
    }

    #[test]
    fn nobody_who_waits_is_left_out() {
        let turn = Turn::default();
        let count = Mutex::new(0);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..50 {
                        let _turn = turn.take(Duration::from_mins(1)).unwrap();
                        *count.lock().unwrap() += 1;
                    }
                });
            }
        });
        assert_eq!(*count.lock().unwrap(), 400);
    }
}
