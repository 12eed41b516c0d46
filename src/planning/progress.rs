//! Who wants to know how far a run has come: one board per process, written by runs and read by event streams.

use std::collections::HashMap;
use std::sync::Mutex;

use tokio::sync::watch;

use crate::domain::{JobId, JobProgress};

/// The latest progress of each run of this process, and a bell that rings at every change.
#[derive(Debug)]
pub struct Board {
    latest: Mutex<HashMap<JobId, JobProgress>>,
    bell: watch::Sender<u64>,
}

impl Default for Board {
    fn default() -> Self {
        Self { latest: Mutex::default(), bell: watch::Sender::new(0) }
    }
}

impl Board {
    /// Puts up the progress of a run.
    pub fn put(&self, job: &JobId, progress: JobProgress) {
        self.lock().insert(job.clone(), progress);
        self.ring();
    }

    /// Takes down a run that has ended; readers look into the database from then on.
    pub fn remove(&self, job: &JobId) {
        self.lock().remove(job);
        self.ring();
    }

    /// The progress of a run, if it runs in this process.
    #[must_use]
    pub fn get(&self, job: &JobId) -> Option<JobProgress> {
        self.lock().get(job).cloned()
    }

    /// Rings for every change of any run.
    #[must_use]
    pub fn subscribe(&self) -> watch::Receiver<u64> {
        self.bell.subscribe()
    }

    fn ring(&self) {
        self.bell.send_modify(|count| *count = count.wrapping_add(1));
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<JobId, JobProgress>> {
        self.latest.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
