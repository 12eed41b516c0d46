//! The desk for questions that are answered while somebody waits: named threads of their own and a bounded queue, so
//! that neither request threads nor the blocking pool ever compute.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use tokio::sync::oneshot;

type Question = Box<dyn FnOnce() + Send>;

/// Questions that may wait.
const MOST_WAITING: usize = 32;

/// Too many questions wait; ask again later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeskFull;

/// Threads that answer questions.
pub struct Desk {
    sender: Mutex<Option<SyncSender<Question>>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl Desk {
    /// Starts so many threads.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(threads: usize) -> io::Result<Self> {
        let (sender, receiver) = sync_channel::<Question>(MOST_WAITING);
        let receiver = Arc::new(Mutex::new(receiver));
        let threads = (0..threads.max(1))
            .map(|number| {
                let receiver = Arc::clone(&receiver);
                std::thread::Builder::new().name(format!("paiban-ask-{number}")).spawn(move || answer(&receiver))
            })
            .collect::<io::Result<_>>()?;
        Ok(Self { sender: Mutex::new(Some(sender)), threads: Mutex::new(threads) })
    }

    /// Has a question answered. One whose asker is gone before its turn is dropped.
    ///
    /// # Errors
    /// [`DeskFull`] when too many wait, or the desk has closed.
    pub fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<oneshot::Receiver<T>, DeskFull> {
        let (told, answer) = oneshot::channel();
        let question: Question = Box::new(move || {
            if !told.is_closed() {
                // An asker who has left meanwhile needs no answer.
                drop(told.send(work()));
            }
        });
        let sender = self.sender.lock().unwrap_or_else(PoisonError::into_inner);
        match sender.as_ref().map(|sender| sender.try_send(question)) {
            Some(Ok(())) => Ok(answer),
            Some(Err(TrySendError::Full(_) | TrySendError::Disconnected(_))) | None => Err(DeskFull),
        }
    }

    /// Answers what waits, takes no more, and waits for the threads.
    pub fn close(&self) {
        drop(self.sender.lock().unwrap_or_else(PoisonError::into_inner).take());
        for thread in self.threads.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            if thread.join().is_err() {
                tracing::error!("a thread that answers questions has panicked");
            }
        }
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.close();
    }
}

fn answer(receiver: &Mutex<Receiver<Question>>) {
    loop {
        let next = receiver.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(question) = next else { return };
        if catch_unwind(AssertUnwindSafe(question)).is_err() {
            tracing::error!("a question has panicked; its asker is told of an internal error");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;

    use super::*;

    #[test]
    fn a_full_desk_refuses_and_one_that_panics_goes_on() {
        let desk = Desk::start(1).unwrap();
        let failed = desk.ask(|| -> u8 { panic!("a question fails") }).unwrap();
        assert!(failed.blocking_recv().is_err());
        let gate = Arc::new(Barrier::new(2));
        let held = Arc::clone(&gate);
        let begun = Arc::new(Barrier::new(2));
        let begins = Arc::clone(&begun);
        let first = desk
            .ask(move || {
                begins.wait();
                held.wait().is_leader()
            })
            .unwrap();
        // Until it has begun it takes up a place among those that wait.
        begun.wait();
        let mut waiting = Vec::new();
        let refused = loop {
            match desk.ask(|| 1) {
                Ok(answer) => waiting.push(answer),
                Err(full) => break full,
            }
        };
        assert_eq!(refused, DeskFull);
        assert!(waiting.len() >= MOST_WAITING);
        gate.wait();
        assert!(first.blocking_recv().is_ok());
        assert!(waiting.into_iter().all(|answer| answer.blocking_recv() == Ok(1)));
        desk.close();
        assert!(desk.ask(|| 1).is_err());
    }
}
