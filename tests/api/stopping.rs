//! A stop at any moment: what it leaves is sound. What a worker and a stop do to each other's job is tested on both
//! databases in tests/db/queue.rs.

use std::sync::atomic::{AtomicUsize, Ordering};

use paiban::demo::{Preset, generate, problem_document};
use paiban_solver::check::check;
use paiban_solver::control::{Observer, Options, Progress};
use reqwest::Method;
use serde_json::json;

use crate::app::TestApp;

/// Cancels at the given question.
struct CancelsAt {
    question: usize,
    asked: AtomicUsize,
}

impl Observer for CancelsAt {
    fn progress(&self, _progress: &Progress) {}

    fn is_cancelled(&self) -> bool {
        self.asked.fetch_add(1, Ordering::Relaxed) >= self.question
    }
}

#[test]
fn a_solve_that_is_cancelled_at_any_question_gives_a_roster_that_the_checker_accepts() {
    let city = generate(Preset::Street, 7, "2026-11-30".parse().unwrap());
    let problem = problem_document(&city).to_problem().unwrap();
    for question in [0, 1, 8, 55] {
        let observer = CancelsAt { question, asked: AtomicUsize::new(0) };
        let outcome = paiban_solver::solve(&problem, &Options::default(), &observer).unwrap();
        let report = check(&problem, &outcome.roster.duties);
        let broken: Vec<&str> = report.hard().map(|broken| broken.en.as_str()).collect();
        assert_eq!(broken, Vec::<&str>::new(), "cancelled at question {question}");
    }
}

#[actix_web::test]
async fn stopping_keeps_the_best_and_ends_the_run() {
    let app = TestApp::start().await;
    let demo = json!({"preset": "street", "seed": 7, "weekStart": "2026-11-30"});
    app.post("/api/v1/demo-data", &demo).await.expect(201);
    let root = app.get("/api/v1/units?level=city").await.json()["items"][0]["id"].clone();
    let asked = app.plan(&json!({"unit": root, "timeLimitSeconds": 600})).await.expect(202).json();
    let path = format!("/api/v1/schedules/{}", asked["id"].as_str().unwrap());
    let stopped = app.send(Method::DELETE, &path, &[], None).await;
    let schedule = app.finish(asked["id"].as_str().unwrap()).await;
    // Only a run that had ended already cannot be stopped any more.
    match stopped.status.as_u16() {
        202 => assert!(stopped.json()["run"]["stopRequested"].as_bool().unwrap(), "{}", stopped.text),
        _ => drop(stopped.problem(409, "conflict")),
    }
    assert!(matches!(schedule["run"]["status"].as_str(), Some("stopped" | "done")), "{schedule:#}");
    // It was planned unless no worker had begun.
    let has_roster = schedule["run"]["attempts"] != 0;
    assert_eq!(schedule["status"] == "planned", has_roster, "{schedule:#}");
    app.stop().await;
}

#[actix_web::test]
async fn a_run_that_still_waits_is_stopped_at_once_and_can_be_planned_again() {
    let app = TestApp::start_with(|settings| settings.runners = 0).await;
    app.make_week().await;
    let id = app.plan(&json!({})).await.expect(202).json()["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/schedules/{id}");
    let stopped = app.send(Method::DELETE, &path, &[], None).await.expect(202).json();
    assert_eq!((&stopped["run"]["status"], &stopped["status"]), (&json!("stopped"), &json!("draft")));
    assert!(!stopped["run"]["finishedAt"].is_null());
    app.get(&format!("{path}/events")).await.problem(410, "finished");
    app.send(Method::DELETE, &path, &[], None).await.problem(409, "conflict");
    let again = app.send(Method::POST, &format!("{path}/replan"), &[], None).await.expect(202).json();
    assert_eq!(again["run"]["status"], "queued");
    app.stop().await;
}

#[actix_web::test]
async fn a_full_queue_refuses_and_says_when_to_try_again() {
    let app = TestApp::start_with(|settings| {
        settings.runners = 0;
        settings.queue_limit = 1;
    })
    .await;
    app.make_week().await;
    let first = app.plan(&json!({})).await.expect(202).json()["id"].as_str().unwrap().to_owned();
    let refused = app.plan(&json!({"week": "2026-W50"})).await;
    refused.problem(429, "queue-full");
    assert_eq!(refused.header("retry-after"), "5");
    let path = format!("/api/v1/schedules/{first}");
    app.send(Method::DELETE, &path, &[], None).await.expect(202);
    let second = app.plan(&json!({"week": "2026-W50"})).await.expect(202).json();
    assert_eq!(app.get("/api/v1/schedules").await.json()["items"].as_array().unwrap().len(), 2);
    let replan = format!("{path}/replan");
    app.send(Method::POST, &replan, &[], None).await.problem(429, "queue-full");
    app.send(Method::DELETE, &format!("/api/v1/schedules/{}", second["id"].as_str().unwrap()), &[], None)
        .await
        .expect(202);
    // The same key plans again once, whatever became of the run meanwhile.
    let key = [("idempotency-key", "again-1")];
    let once = app.send(Method::POST, &replan, &key, None).await.expect(202).json();
    let twice = app.send(Method::POST, &replan, &key, None).await.expect(202).json();
    assert_eq!(once["run"]["id"], twice["run"]["id"]);
    app.send(Method::POST, &replan, &[], None).await.problem(409, "conflict");
    app.stop().await;
}

#[actix_web::test]
async fn pins_that_contradict_the_rules_fail_the_run_and_leave_the_roster() {
    let app = TestApp::start().await;
    app.make_week().await;
    let id = app.plan(&json!({})).await.expect(202).json()["id"].as_str().unwrap().to_owned();
    app.finish(&id).await;
    let path = format!("/api/v1/schedules/{id}");
    let before = app.get(&format!("{path}/assignments")).await.json();
    let first = &before["items"][0];
    let pin = format!("{path}/assignments/{}/pin", first["id"]);
    app.send(Method::PUT, &pin, &[("if-match", "\"1\"")], None).await.expect(200);
    let away = json!({"person": first["person"], "kind": "unavailable", "weekday": 1, "startMinute": 0,
        "endMinute": 1440, "weight": 1});
    app.post("/api/v1/availability", &away).await.expect(201);
    app.send(Method::POST, &format!("{path}/replan"), &[], None).await.expect(202);
    let failed = app.finish(&id).await;
    assert_eq!(failed["run"]["status"], "failed", "{failed:#}");
    assert_eq!(failed["run"]["errorCode"], "infeasible");
    assert!(failed["run"]["errorDetail"].as_str().unwrap().contains("p-"), "{failed:#}");
    assert_eq!(failed["status"], "planned", "the roster from before stays");
    let kept = app.get(&format!("{path}/assignments")).await.json();
    assert_eq!(kept["items"].as_array().unwrap().len(), before["items"].as_array().unwrap().len());
    app.stop().await;
}
