//! Small writes that share a commit. Making a commit safe takes the disk several milliseconds, whatever it holds; when
//! many small writes come at once, those that come while the disk is busy go into the next commit together. Each has a
//! savepoint of its own, so that one that fails undoes nothing of the others, and nobody is answered before the commit
//! is safe.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use super::dialect::savepoint;
use super::{Db, DbError, DbResult, Tx};

/// Most writes in one commit; more would keep the first of them waiting for too long.
const MOST: usize = 32;

/// Writes that wait, and whether somebody is at work on a group.
#[derive(Default)]
pub(super) struct Together {
    state: Mutex<State>,
    bell: Condvar,
}

impl std::fmt::Debug for Together {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Together").finish_non_exhaustive()
    }
}

#[derive(Default)]
struct State {
    waiting: Vec<Box<dyn Member>>,
    leading: bool,
}

/// One write of a group.
trait Member: Send {
    /// Does the work; false when it failed.
    fn run(&mut self, tx: &mut Tx<'_>) -> bool;

    /// Gives the result to the one who waits for it: that of the work, unless the commit failed.
    fn settle(self: Box<Self>, failed: Option<&DbError>);
}

type Slot<T> = Arc<Mutex<Option<DbResult<T>>>>;

struct Write<T, W> {
    work: Option<W>,
    outcome: Option<DbResult<T>>,
    slot: Slot<T>,
}

impl<T: Send, W: FnOnce(&mut Tx<'_>) -> DbResult<T> + Send> Member for Write<T, W> {
    fn run(&mut self, tx: &mut Tx<'_>) -> bool {
        let Some(work) = self.work.take() else { return false };
        // A fault in one write must not take the others down with it.
        let outcome = catch_unwind(AssertUnwindSafe(|| work(tx)))
            .unwrap_or_else(|_| Err(DbError::Internal("a write was cut off by a fault of the program".to_owned())));
        self.outcome.insert(outcome).is_ok()
    }

    fn settle(self: Box<Self>, failed: Option<&DbError>) {
        let result = match (self.outcome, failed) {
            (Some(Err(error)), _) => Err(error),
            (Some(Ok(value)), None) => Ok(value),
            (_, failed) => {
                let cause = failed.map_or_else(|| "the write was not made".to_owned(), ToString::to_string);
                Err(DbError::Busy(cause))
            }
        };
        *locked(&self.slot) = Some(result);
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Together {
    /// Makes a write in a group. Whoever finds nobody at work leads the next group on their own thread.
    pub(super) fn write<T: Send + 'static>(
        &self,
        db: &Db,
        work: impl FnOnce(&mut Tx<'_>) -> DbResult<T> + Send + 'static,
    ) -> DbResult<T> {
        let slot: Slot<T> = Arc::default();
        let mut state = locked(&self.state);
        state.waiting.push(Box::new(Write { work: Some(work), outcome: None, slot: Arc::clone(&slot) }));
        loop {
            if let Some(result) = locked(&slot).take() {
                return result;
            }
            if state.leading {
                state = self.bell.wait(state).unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            state.leading = true;
            let most = state.waiting.len().min(MOST);
            let group: Vec<Box<dyn Member>> = state.waiting.drain(..most).collect();
            drop(state);
            commit(db, group);
            state = locked(&self.state);
            state.leading = false;
            self.bell.notify_all();
        }
    }
}

fn commit(db: &Db, mut group: Vec<Box<dyn Member>>) {
    let outcome = db.write(|tx| group.iter_mut().try_for_each(|member| savepoint(tx, |tx| member.run(tx))));
    for member in group {
        member.settle(outcome.as_ref().err());
    }
}
