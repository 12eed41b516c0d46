//! Publishing: preview, versions, differences, undoing, and the past that stays.

use std::sync::Arc;

use paiban::domain::{Clock as _, FixedClock};
use reqwest::Method;
use serde_json::{Value, json};

use crate::app::TestApp;

async fn planned(app: &TestApp) -> (String, Value) {
    let id = app.plan(&json!({})).await.expect(202).json()["id"].as_str().unwrap().to_owned();
    let schedule = app.finish(&id).await;
    assert_eq!(schedule["status"], "planned", "{schedule:#}");
    (format!("/api/v1/schedules/{id}"), schedule)
}

async fn publish(app: &TestApp, path: &str) -> Value {
    app.send(Method::POST, &format!("{path}/publish"), &[("if-match", "*")], None).await.expect(200).json()
}

async fn duties(app: &TestApp, person: &str) -> usize {
    let path = format!("/api/v1/people/{person}/assignments?from=2026-11-30&to=2026-12-06");
    app.get(&path).await.expect(200).json().as_array().unwrap().len()
}

#[actix_web::test]
async fn a_publication_is_previewed_compared_and_undone() {
    let clock = Arc::new(FixedClock::at("2026-11-23T08:00:00Z"));
    let app = TestApp::start_at(clock.clone()).await;
    app.make_week().await;
    let (first, _) = planned(&app).await;
    let preview = app.get(&format!("{first}/publication")).await.expect(200).json();
    assert_eq!((&preview["replaces"], &preview["begun"]), (&Value::Null, &json!(0)));
    let told: usize =
        preview["told"].as_array().unwrap().iter().map(|one| one["added"].as_array().unwrap().len()).sum();
    assert_eq!(told, 5, "the first roster tells everybody of every duty: {preview:#}");
    publish(&app, &first).await;
    assert_eq!(app.get(&format!("{first}/publication")).await.json()["told"], json!([]), "in force already");
    let before = (duties(&app, "p-1").await, duties(&app, "p-2").await);

    // Whoever would rather not on Monday changes the next version for two people at most.
    let away = json!({"person": "p-1", "kind": "unavailable", "weekday": 1, "startMinute": 0, "endMinute": 1440,
        "weight": 1});
    app.post("/api/v1/availability", &away).await.expect(201);
    let away = json!({"person": "p-2", "kind": "unavailable", "weekday": 2, "startMinute": 0, "endMinute": 1440,
        "weight": 1});
    app.post("/api/v1/availability", &away).await.expect(201);
    clock.advance(chrono::Duration::seconds(1));
    let (second, schedule) = planned(&app).await;
    let preview = app.get(&format!("{second}/publication")).await.expect(200).json();
    assert_eq!(first, format!("/api/v1/schedules/{}", preview["replaces"].as_str().unwrap()));
    let id = schedule["id"].as_str().unwrap();
    let compared = app.get(&format!("{first}/diff/{id}")).await.expect(200).json();
    assert_eq!(compared["people"], preview["told"], "who is told is exactly who differs");
    let undone = app.get(&format!("{second}/diff/{}", preview["replaces"].as_str().unwrap())).await.json();
    let sizes = |document: &Value, field: &str| -> usize {
        document["people"].as_array().unwrap().iter().map(|one| one[field].as_array().unwrap().len()).sum()
    };
    assert_eq!(sizes(&compared, "added"), sizes(&undone, "removed"));
    publish(&app, &second).await;
    let versions = app.get(&format!("{second}/versions")).await.expect(200).json();
    let statuses: Vec<&str> =
        versions.as_array().unwrap().iter().map(|version| version["status"].as_str().unwrap()).collect();
    assert_eq!(statuses, ["superseded", "published"]);

    let withdraw = format!("{second}/withdraw");
    let reason = json!({"reason": "名单有误"});
    app.send(Method::POST, &withdraw, &[("if-match", "\"1\"")], Some(&reason))
        .await
        .problem(412, "precondition-failed");
    app.send(Method::POST, &withdraw, &[("if-match", "*")], Some(&json!({"reason": ""})))
        .await
        .problem(422, "invalid-value");
    let back = app.send(Method::POST, &withdraw, &[("if-match", "*")], Some(&reason)).await.expect(200).json();
    assert_eq!((&back["status"], &back["publishedAt"]), (&json!("planned"), &Value::Null));
    assert_eq!(app.get(&first).await.json()["status"], "published");
    assert_eq!((duties(&app, "p-1").await, duties(&app, "p-2").await), before);
    app.send(Method::POST, &withdraw, &[("if-match", "*")], Some(&reason)).await.problem(409, "conflict");
    let trail = app.get("/api/v1/audit?action=withdraw").await.json();
    assert_eq!(trail["items"][0]["reason"], "名单有误");
    app.stop().await;
}

#[actix_web::test]
async fn a_published_past_is_never_rewritten() {
    let clock = Arc::new(FixedClock::at("2026-11-23T08:00:00Z"));
    let app = TestApp::start_at(clock.clone()).await;
    app.make_week().await;
    let (first, _) = planned(&app).await;
    publish(&app, &first).await;
    for (person, weekday) in [("p-1", 1), ("p-1", 2), ("p-2", 1), ("p-2", 2)] {
        let away = json!({"person": person, "kind": "unavailable", "weekday": weekday, "startMinute": 0,
            "endMinute": 1440, "weight": 1});
        app.post("/api/v1/availability", &away).await.expect(201);
    }
    clock.advance(chrono::Duration::seconds(1));
    let (second, _) = planned(&app).await;
    // Monday noon, local time: Monday's duty, from 09:00, has begun, and Tuesday's has not.
    clock.advance(chrono::Duration::days(6) + chrono::Duration::hours(20));
    assert_eq!(clock.now().to_rfc3339(), "2026-11-30T04:00:01+00:00");
    assert_eq!(app.get(&format!("{second}/publication")).await.json()["begun"], 1);
    let refused = app.send(Method::POST, &format!("{second}/publish"), &[("if-match", "*")], None).await;
    refused.problem(409, "past-published");
    assert_eq!(app.get(&first).await.json()["status"], "published", "nothing half-written");
    assert_eq!(app.get(&second).await.json()["status"], "planned");
    let reason = json!({"reason": "名单有误"});
    app.send(Method::POST, &format!("{first}/withdraw"), &[("if-match", "*")], Some(&reason))
        .await
        .problem(409, "past-published");
    app.stop().await;
}
