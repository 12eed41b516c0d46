//! A week in force with two people who sign in, and their coordinator.

use std::sync::Arc;

use paiban::domain::FixedClock;
use reqwest::Method;
use serde_json::{Value, json};

use crate::app::{TestApp, User};

/// Monday, 16:00 in China, of the week before the roster's.
pub const NOW: &str = "2026-11-23T08:00:00Z";

pub async fn start() -> (TestApp, Arc<FixedClock>) {
    let clock = Arc::new(FixedClock::at(NOW));
    (TestApp::start_closed_at(clock.clone()).await, clock)
}

pub struct Staffed<'a> {
    pub admin: User<'a>,
    pub coordinator: User<'a>,
    /// p-1 and p-2.
    pub people: [User<'a>; 2],
    /// Id of the schedule in force.
    pub schedule: String,
}

pub async fn make(user: &User<'_>, path: &str, body: Value) -> Value {
    user.post(path, &body).await.expect(201).json()
}

async fn account<'a>(app: &'a TestApp, admin: &User<'_>, name: &str, person: Value, role: &str) -> User<'a> {
    let grants = json!([{"role": role, "unit": "220102001000"}]);
    let made = make(admin, "/api/v1/accounts", json!({"name": name, "person": person, "grants": grants})).await;
    app.first_sign_in(name, made["oneTimePassword"].as_str().unwrap()).await
}

/// Plans the week of the street and puts it in force; gives the schedule's id.
pub async fn plan_and_publish(user: &User<'_>) -> String {
    let id = plan(user).await;
    let path = format!("/api/v1/schedules/{id}/publish");
    user.send(Method::POST, &path, &[("if-match", "*")], None).await.expect(200);
    id
}

pub async fn plan(user: &User<'_>) -> String {
    let wanted = json!({"unit": "220102001000", "week": "2026-W49", "timeLimitSeconds": 10});
    let id = user.post("/api/v1/schedules", &wanted).await.expect(202).json()["id"].as_str().unwrap().to_owned();
    user.get(&format!("/api/v1/schedules/{id}/events")).await;
    let schedule = user.get(&format!("/api/v1/schedules/{id}")).await.expect(200).json();
    assert_eq!(schedule["status"], "planned", "{schedule:#}");
    id
}

/// Street, community, station with one post a weekday (09:00 to 12:00), two people, accounts, and the week in force.
pub async fn build(app: &TestApp) -> Staffed<'_> {
    let admin = app.administrator().await;
    for (id, parent, level) in [
        ("220100000000", Value::Null, "city"),
        ("220102001000", json!("220100000000"), "street"),
        ("220102001001", json!("220102001000"), "community"),
    ] {
        make(&admin, "/api/v1/units", json!({"id": id, "parent": parent, "level": level, "name": "单位"})).await;
    }
    make(&admin, "/api/v1/calendars", json!({"year": 2026, "published": true, "source": "t", "days": []})).await;
    let station = json!({"id": "st-1", "unit": "220102001001", "name": "桃源社区站", "kind": "workStation",
        "alwaysOpen": true});
    make(&admin, "/api/v1/stations", station).await;
    for (id, name, phone) in [("p-1", "单雪梅", "13800000001"), ("p-2", "曾志强", "13800000002")] {
        let person = json!({"id": id, "name": name, "sortKey": id, "category": "recruitedStaff", "phone": phone,
            "homeUnit": "220102001001"});
        make(&admin, "/api/v1/people", person).await;
    }
    let template = json!({
        "id": "te-1", "station": "st-1", "name": "窗口",
        "days": ["monday", "tuesday", "wednesday", "thursday", "friday"], "startMinute": 540, "endMinute": 720,
        "skill": null, "skillLevel": 1, "shiftType": null, "minHeads": 1, "targetHeads": 1, "maxHeads": 1,
        "priority": 1, "validFrom": null, "validTo": null
    });
    make(&admin, "/api/v1/demand-templates", template).await;
    let coordinator = account(app, &admin, "co", Value::Null, "coordinator").await;
    let one = account(app, &admin, "m1", json!("p-1"), "member").await;
    let two = account(app, &admin, "m2", json!("p-2"), "member").await;
    // So that each of the two has a duty to exchange.
    for (person, weekday) in [("p-1", 1), ("p-2", 2)] {
        let wish = json!({"person": person, "kind": "desired", "weekday": weekday, "startMinute": 0,
            "endMinute": 1440, "weight": 50});
        make(&admin, "/api/v1/availability", wish).await;
    }
    let schedule = plan_and_publish(&coordinator).await;
    Staffed { admin, coordinator, people: [one, two], schedule }
}

/// The person's duties of the week.
pub async fn duties(user: &User<'_>) -> Vec<Value> {
    let path = "/api/v1/me/assignments?from=2026-11-30&to=2026-12-06";
    user.get(path).await.expect(200).json().as_array().unwrap().clone()
}

/// The number of the person's duty on a date.
pub async fn duty_on(user: &User<'_>, date: &str) -> Option<i64> {
    duties(user).await.iter().find(|duty| duty["date"] == date).map(|duty| duty["assignment"].as_i64().unwrap())
}

pub async fn set_policy(user: &User<'_>, changes: &[(&str, Value)]) {
    let path = "/api/v1/service-policies/220102001000";
    let answer = user.get(path).await.expect(200);
    let mut policy = answer.json();
    for (key, value) in changes {
        policy[*key] = value.clone();
    }
    user.send(Method::PUT, path, &[("if-match", answer.header("etag"))], Some(&policy)).await.expect(200);
}
