//! What the server does by itself now and then, on a thread of its own: reminders, sending, and forgetting what is old.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use crate::db::{Db, DbResult, duties, idempotency, outbox};
use crate::domain::{AuditDraft, Clock, Entropy, local};
use crate::notify::Sender;
use crate::planning::notices::remind;

/// Notifications are kept for so many days after they were written.
const OUTBOX_DAYS: i64 = 90;
/// Records of duties are kept for so many days: five years, as long as hours of service are asked for.
const DUTY_DAYS: u64 = 1826;

/// Idempotency keys are remembered for so many days.
const KEY_DAYS: i64 = 30;

/// Removes what is older than it is kept, and tells the audit trail how much; answers how many rows went. Idempotency keys
/// are no records: they go without a word.
///
/// # Errors
/// Those of the connection.
pub fn retain(db: &Db, now: DateTime<Utc>) -> DbResult<usize> {
    db.write(|tx| idempotency::delete_before(tx, now - TimeDelta::days(KEY_DAYS)))?;
    db.change("system", now, |tx| {
        let notices = outbox::delete_before(tx, now - TimeDelta::days(OUTBOX_DAYS))?;
        let records = duties::delete_before(tx, local(now).date() - chrono::Days::new(DUTY_DAYS))?;
        if notices + records == 0 {
            tx.unchanged();
            return Ok(0);
        }
        tx.tell(AuditDraft {
            action: "retain",
            kind: "database",
            entity: "retention".to_owned(),
            unit_path: None,
            before: None,
            after: Some(format!(r#"{{"notifications":{notices},"dutyRecords":{records}}}"#)),
            reason: None,
        });
        Ok(notices + records)
    })
}

/// The thread.
#[derive(Debug)]
pub struct Housekeeping {
    bell: Arc<(Mutex<bool>, Condvar)>,
    thread: Option<JoinHandle<()>>,
}

impl Housekeeping {
    /// Starts it, one round every so many seconds; 0 for never.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(db: Db, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>, seconds: u64) -> std::io::Result<Self> {
        let bell = Arc::new((Mutex::new(false), Condvar::new()));
        if seconds == 0 {
            return Ok(Self { bell, thread: None });
        }
        let ring = Arc::clone(&bell);
        let thread = std::thread::Builder::new().name("housekeeping".to_owned()).spawn(move || {
            let mut retained: Option<DateTime<Utc>> = None;
            loop {
                let (closing, rung) = &*ring;
                let guard = closing.lock().unwrap_or_else(PoisonError::into_inner);
                let waited = rung.wait_timeout_while(guard, Duration::from_secs(seconds), |closing| !*closing);
                if *waited.unwrap_or_else(PoisonError::into_inner).0 {
                    return;
                }
                let now = clock.now();
                if let Err(error) = round(&db, now, &*entropy, &mut retained) {
                    tracing::warn!(%error, "housekeeping will try again");
                }
            }
        })?;
        Ok(Self { bell, thread: Some(thread) })
    }

    /// Ends it and waits for the end.
    pub fn close(&mut self) {
        *self.bell.0.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.bell.1.notify_all();
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

fn round(db: &Db, now: DateTime<Utc>, entropy: &dyn Entropy, retained: &mut Option<DateTime<Utc>>) -> DbResult<()> {
    db.write(|tx| remind(tx, now, entropy))?;
    let sent = Sender::new(db.clone()).deliver_due(now)?;
    if sent.dead > 0 {
        tracing::warn!(dead = sent.dead, "notifications were given up; see /api/v1/channels/ID/deliveries?status=dead");
    }
    if retained.is_none_or(|last| now - last > TimeDelta::days(1)) {
        retain(db, now)?;
        *retained = Some(now);
    }
    Ok(())
}
