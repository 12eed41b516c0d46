//! The queue of planning runs: rows of the database, worked off by named threads of this process.
//!
//! A run that a killed process leaves behind shows no sign of life and is taken up by the next claim, here or in
//! another process. Invariant: no connection is held while solving, and a run stores all of its result or nothing.

mod run;

use std::collections::HashMap;
use std::io;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use chrono::TimeDelta;

use super::progress::Board;
use crate::db::{Db, DbResult, jobs};
use crate::domain::{Clock, Job, JobId};

/// A running job shows a sign of life this often.
pub const HEARTBEAT: Duration = Duration::from_secs(2);

/// A running job without a sign of life for this long belongs to nobody.
pub const SILENCE_SECONDS: i64 = 10;

/// How often an idle thread looks for jobs that another process left behind or put there.
const POLL: Duration = Duration::from_secs(2);

/// Flags of a running job.
#[derive(Debug, Default)]
pub(super) struct Flags {
    /// Stop and keep the best.
    stop: AtomicBool,
    /// Stop and keep nothing: another worker has the job, or the process ends.
    abandon: AtomicBool,
}

impl Flags {
    fn is_cancelled(&self) -> bool {
        self.stop.load(Ordering::Relaxed) || self.abandon.load(Ordering::Relaxed)
    }
}

/// Told when runs start and end; the server counts with it.
pub trait Listener: Send + Sync {
    /// So many runs are being solved now.
    fn running(&self, runs: usize);
    /// A run ended in the given state.
    fn finished(&self, state: &str);
}

struct Shared {
    db: Db,
    clock: Arc<dyn Clock>,
    board: Arc<Board>,
    listener: Arc<dyn Listener>,
    running: Mutex<HashMap<JobId, Arc<Flags>>>,
    active: AtomicUsize,
    /// Jobs may be waiting.
    hint: Mutex<bool>,
    bell: Condvar,
    /// Rings when a run has ended.
    ended: Condvar,
    closing: AtomicBool,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The threads that solve, and the way to reach them.
pub struct Queue {
    shared: Arc<Shared>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl Queue {
    /// Starts so many solving threads; `name` tells this process from others, and from itself before a restart.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(
        db: Db,
        clock: Arc<dyn Clock>,
        board: Arc<Board>,
        listener: Arc<dyn Listener>,
        name: &str,
        runners: usize,
    ) -> io::Result<Self> {
        let shared = Arc::new(Shared {
            db,
            clock,
            board,
            listener,
            running: Mutex::default(),
            active: AtomicUsize::new(0),
            hint: Mutex::new(true),
            bell: Condvar::new(),
            ended: Condvar::new(),
            closing: AtomicBool::new(false),
        });
        let threads = (0..runners)
            .map(|number| {
                let shared = Arc::clone(&shared);
                let worker = format!("{name}/{number}");
                std::thread::Builder::new().name(format!("paiban-run-{number}")).spawn(move || shared.work(&worker))
            })
            .collect::<io::Result<_>>()?;
        Ok(Self { shared, threads: Mutex::new(threads) })
    }

    /// Says that a job has been put into the database.
    pub fn wake(&self) {
        *locked(&self.shared.hint) = true;
        self.shared.bell.notify_all();
    }

    /// Makes a run of this process stop soon and keep its best; runs elsewhere read the request from the database.
    pub fn stop(&self, job: &JobId) {
        if let Some(flags) = locked(&self.shared.running).get(job) {
            flags.stop.store(true, Ordering::Relaxed);
        }
    }

    /// Returns when no job waits or runs, here or elsewhere.
    ///
    /// # Errors
    /// Those of the database.
    pub fn drain(&self) -> DbResult<()> {
        loop {
            let running = locked(&self.shared.running);
            if self.shared.db.read(jobs::all_ended)? {
                return Ok(());
            }
            // Runs of other processes end without ringing here.
            drop(self.shared.ended.wait_timeout(running, POLL).unwrap_or_else(PoisonError::into_inner));
        }
    }

    /// Takes no more jobs, abandons those at hand (they go back into the queue) and waits for the threads.
    pub fn close(&self) {
        self.shared.closing.store(true, Ordering::Relaxed);
        for flags in locked(&self.shared.running).values() {
            flags.abandon.store(true, Ordering::Relaxed);
        }
        self.wake();
        for thread in locked(&self.threads).drain(..) {
            if thread.join().is_err() {
                tracing::error!("a solving thread has panicked");
            }
        }
    }
}

impl Drop for Queue {
    fn drop(&mut self) {
        self.close();
    }
}

impl Shared {
    fn work(&self, worker: &str) {
        while !self.closing.load(Ordering::Relaxed) {
            match self.claim(worker) {
                Ok(Some(job)) => self.attend(&job, worker),
                Ok(None) => self.wait(),
                Err(error) => {
                    tracing::warn!(%error, "the queue cannot be read");
                    self.wait();
                }
            }
        }
    }

    fn claim(&self, worker: &str) -> DbResult<Option<Job>> {
        let now = self.clock.now();
        let silent_since = now - TimeDelta::seconds(SILENCE_SECONDS);
        self.db.write(|tx| jobs::claim(tx, worker, now, silent_since))
    }

    fn wait(&self) {
        let hint = locked(&self.hint);
        let waited = self.bell.wait_timeout_while(hint, POLL, |hint| !*hint && !self.closing.load(Ordering::Relaxed));
        let (mut hint, _) = waited.unwrap_or_else(PoisonError::into_inner);
        *hint = false;
    }

    fn attend(&self, job: &Job, worker: &str) {
        let flags = Arc::new(Flags::default());
        // Somebody asked while an earlier worker had the job, and that worker did not live to heed it.
        flags.stop.store(job.stop_requested, Ordering::Relaxed);
        locked(&self.running).insert(job.id.clone(), Arc::clone(&flags));
        // `close` may have looked at the map before the run was in it.
        if self.closing.load(Ordering::Relaxed) {
            flags.abandon.store(true, Ordering::Relaxed);
        }
        self.listener.running(self.active.fetch_add(1, Ordering::Relaxed) + 1);
        let state = run::run(self, job, worker, &flags);
        self.listener.running(self.active.fetch_sub(1, Ordering::Relaxed) - 1);
        self.listener.finished(state);
        locked(&self.running).remove(&job.id);
        self.ended.notify_all();
        self.board.remove(&job.id);
    }
}
