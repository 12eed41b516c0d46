//! Jobs of the queue: what workers and stops do to each other's job.

use std::sync::atomic::{AtomicBool, Ordering};

use chrono::TimeDelta;

use crate::make::{STREET, clock, schedule, small_network};
use crate::support::on_both;
use paiban::db::{Db, jobs, schedules};
use paiban::domain::*;

fn queued(db: &Db) -> JobId {
    small_network(db);
    let id = JobId::parse("jo-1").unwrap();
    db.write(|tx| {
        let schedule = schedule("w1", STREET);
        schedules::insert(tx, &schedule)?;
        jobs::insert(tx, &Job::queued(id.clone(), schedule.id, JobKind::Plan, clock().now()))
    })
    .unwrap();
    id
}

fn claim(db: &Db, worker: &str) -> Option<Job> {
    let now = clock().now();
    db.write(|tx| jobs::claim(tx, worker, now, now - TimeDelta::seconds(10))).unwrap()
}

fn stop(db: &Db, id: &JobId) -> Job {
    db.write(|tx| jobs::request_stop(tx, id, clock().now())).unwrap()
}

on_both! {
    fn a_waiting_job_is_stopped_at_once_and_no_worker_gets_it(db: &Db) {
        let id = queued(db);
        let stopped = stop(db, &id);
        assert_eq!((stopped.status, stopped.attempts), (JobStatus::Stopped, 0));
        assert!(stopped.finished_at.is_some());
        assert_eq!(claim(db, "w"), None);
        assert_eq!(stop(db, &id), stopped, "a second stop changes nothing");
        assert!(db.read(jobs::all_ended).unwrap());
    }

    fn a_running_job_learns_of_the_stop_and_ends_with_what_it_has(db: &Db) {
        let id = queued(db);
        claim(db, "w").unwrap();
        assert_eq!(stop(db, &id).status, JobStatus::Running);
        assert!(db.write(|tx| jobs::heartbeat(tx, &id, "w", &JobProgress::starting(), clock().now())).unwrap());
        db.write(|tx| jobs::finish(tx, &id, "w", JobStatus::Stopped, None, clock().now())).unwrap();
        assert_eq!(stop(db, &id).status, JobStatus::Stopped);
    }

    fn an_abandoned_job_goes_back_unless_it_is_to_stop(db: &Db) {
        let id = queued(db);
        claim(db, "w").unwrap();
        db.write(|tx| jobs::give_back(tx, &id, "another", clock().now())).unwrap();
        assert_eq!(db.read(|conn| jobs::get(conn, &id)).unwrap().status, JobStatus::Running);
        db.write(|tx| jobs::give_back(tx, &id, "w", clock().now())).unwrap();
        let waiting = db.read(|conn| jobs::get(conn, &id)).unwrap();
        assert_eq!((waiting.status, waiting.attempts), (JobStatus::Queued, 0));
        claim(db, "w").unwrap();
        stop(db, &id);
        db.write(|tx| jobs::give_back(tx, &id, "w", clock().now())).unwrap();
        assert_eq!(db.read(|conn| jobs::get(conn, &id)).unwrap().status, JobStatus::Stopped);
    }

    fn a_stop_never_loses_against_a_busy_worker(db: &Db) {
        let id = queued(db);
        claim(db, "w").unwrap();
        let ended = AtomicBool::new(false);
        std::thread::scope(|scope| {
            // The worker changes the job all the time, as heartbeats do.
            scope.spawn(|| {
                while !ended.load(Ordering::Relaxed) {
                    db.write(|tx| jobs::heartbeat(tx, &id, "w", &JobProgress::starting(), clock().now())).unwrap();
                }
            });
            for _ in 0..50 {
                assert!(stop(db, &id).stop_requested);
            }
            ended.store(true, Ordering::Relaxed);
        });
    }
}
