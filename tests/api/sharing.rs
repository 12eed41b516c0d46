//! Shared resources over the interface: lists, loans, bookings, activities, withdrawals.

use reqwest::Method;
use serde_json::{Value, json};

use crate::app::{Answer, TestApp};

/// Monday morning; a community with a station that is open on weekdays, and one across the street without anything.
pub async fn district(clock: &str) -> TestApp {
    let (app, _clock) = TestApp::start_still(clock).await;
    app.make_week().await;
    let other = json!({"id": "220102001002", "parent": "220102001000", "level": "community", "name": "杏园社区"});
    app.post("/api/v1/units", &other).await.expect(201);
    app
}

pub fn hall() -> Value {
    json!({
        "id": "hall", "kind": "venue", "name": "桃源社区多功能厅", "unit": "220102001001", "station": "st-1",
        "baseKind": "health", "capacity": 40, "quantity": 1, "hours": []
    })
}

async fn add(app: &TestApp, resource: Value) {
    app.post("/api/v1/resources", &resource).await.expect(201);
}

async fn book(app: &TestApp, resource: &str, unit: &str, span: [u16; 2], quantity: u32) -> Answer {
    let body = json!({
        "resource": resource, "unit": unit, "date": "2026-12-02", "startMinute": span[0], "endMinute": span[1],
        "quantity": quantity, "purpose": "议事会"
    });
    app.post("/api/v1/bookings", &body).await
}

const US: &str = "220102001001";
const THEM: &str = "220102001002";

#[actix_web::test]
async fn a_venue_has_one_user_at_a_time_and_a_released_hour_is_an_event() {
    let app = district("2026-11-30T01:00:00Z").await;
    add(&app, hall()).await;
    let first = book(&app, "hall", US, [540, 660], 1).await.expect(201).json();
    let clash = book(&app, "hall", US, [600, 720], 1).await.problem(409, "booking-clash");
    assert!(clash["detail"].as_str().unwrap().contains("议事会"), "{clash:#}");
    book(&app, "hall", US, [660, 720], 1).await.expect(201);
    book(&app, "hall", US, [700, 700], 1).await.problem(422, "invalid-value");
    book(&app, "nothing", US, [540, 660], 1).await.problem(422, "unknown-reference");
    let path = format!("/api/v1/bookings/{}/cancel", first["id"].as_str().unwrap());
    let reason = json!({"reason": "改期"});
    app.send(Method::POST, &path, &[], Some(&reason)).await.problem(428, "precondition-required");
    let given_up = app.send(Method::POST, &path, &[("if-match", "\"1\"")], Some(&reason)).await.expect(200).json();
    assert_eq!(given_up["status"], "cancelled");
    app.send(Method::POST, &path, &[("if-match", "\"2\"")], Some(&reason)).await.problem(409, "conflict");
    book(&app, "hall", US, [600, 660], 1).await.expect(201);
    let events = app.get("/api/v1/resource-events?resource=hall").await.expect(200).json();
    assert_eq!(events["items"][0]["kind"], "released");
    assert_eq!(events["items"][0]["booking"], first["id"]);
    app.stop().await;
}

#[actix_web::test]
async fn pools_hold_so_many_at_once_and_stocks_so_many_in_all() {
    let app = district("2026-11-30T01:00:00Z").await;
    let pool = |id: &str, kind: &str, quantity: u32| json!({"id": id, "kind": kind, "name": id, "unit": US, "quantity": quantity});
    add(&app, pool("cars", "vehicle", 2)).await;
    add(&app, pool("gifts", "goods", 100)).await;
    book(&app, "cars", US, [540, 600], 1).await.expect(201);
    book(&app, "cars", US, [600, 660], 1).await.expect(201);
    book(&app, "cars", US, [540, 660], 1).await.expect(201);
    book(&app, "cars", US, [590, 610], 1).await.problem(409, "booking-clash");
    book(&app, "gifts", US, [540, 600], 60).await.expect(201);
    let short = book(&app, "gifts", US, [900, 960], 50).await.problem(409, "booking-clash");
    assert!(short["detail"].as_str().unwrap().contains("40"), "{short:#}");
    book(&app, "gifts", US, [900, 960], 40).await.expect(201);
    let venue = json!({"kind": "venue", "name": "x", "unit": US, "quantity": 2});
    let problem = app.post("/api/v1/resources", &venue).await.problem(422, "invalid-value");
    assert_eq!(problem["errors"].as_array().unwrap().len(), 2, "two of it, and nowhere: {problem:#}");
    app.stop().await;
}

#[actix_web::test]
async fn loans_of_one_resource_never_overlap_and_give_the_right_to_book() {
    let app = district("2026-11-30T01:00:00Z").await;
    add(&app, hall()).await;
    let refused = book(&app, "hall", THEM, [540, 660], 1).await.problem(409, "booking-clash");
    assert!(refused["detail"].as_str().unwrap().contains("loan"), "{refused:#}");
    let loan =
        |from: &str, to: &str| json!({"resource": "hall", "unit": THEM, "fromDate": from, "toDate": to, "quantity": 1});
    let path = "/api/v1/resource-loans";
    let lent = app.post(path, &loan("2026-12-01", "2026-12-05")).await.expect(201).json();
    app.post(path, &loan("2026-12-05", "2026-12-31")).await.problem(409, "booking-clash");
    app.post(path, &loan("2026-11-20", "2026-12-31")).await.problem(409, "booking-clash");
    app.post(path, &loan("2026-12-31", "2026-12-06")).await.problem(422, "invalid-value");
    app.post(path, &loan("2026-12-06", "2026-12-31")).await.expect(201);
    let to_owner =
        json!({"resource": "hall", "unit": US, "fromDate": "2027-01-01", "toDate": "2027-01-02", "quantity": 1});
    app.post(path, &to_owner).await.problem(422, "invalid-value");
    // What is lent away is not the owner's to book.
    book(&app, "hall", US, [540, 660], 1).await.problem(409, "booking-clash");
    book(&app, "hall", THEM, [540, 660], 1).await.expect(201);
    let item = format!("{path}/{}", lent["id"].as_str().unwrap());
    app.put(&item, "\"1\"", &loan("2026-12-01", "2026-12-09")).await.problem(409, "booking-clash");
    app.put(&item, "\"1\"", &loan("2026-12-01", "2026-12-04")).await.expect(200);
    app.delete(&item, "\"2\"").await.expect(204);
    app.stop().await;
}

fn lecture() -> Value {
    json!({
        "name": "健康讲座", "baseKind": "health", "unit": US, "venue": "hall", "date": "2026-12-02",
        "startMinute": 540, "endMinute": 660, "participants": 30, "skill": null, "minHeads": 1, "targetHeads": 1,
        "maxHeads": 2, "project": null, "items": [{"resource": "gifts", "quantity": 30}]
    })
}

#[actix_web::test]
async fn an_activity_takes_venue_goods_and_a_post_or_nothing_at_all() {
    let app = district("2026-11-30T01:00:00Z").await;
    add(&app, hall()).await;
    add(&app, json!({"id": "gifts", "kind": "goods", "name": "慰问物资", "unit": US, "quantity": 40})).await;
    for (field, value, status, code) in [
        ("baseKind", json!("study"), 422, "invalid-value"),
        ("participants", json!(41), 422, "invalid-value"),
        ("date", json!("2026-11-29"), 422, "invalid-value"),
        ("date", json!("2026-12-05"), 422, "invalid-value"),
        ("venue", json!("gifts"), 422, "invalid-value"),
        ("venue", json!("nothing"), 422, "unknown-reference"),
        ("minHeads", json!(5), 422, "invalid-value"),
        ("items", json!([{"resource": "gifts", "quantity": 41}]), 409, "booking-clash"),
    ] {
        let mut body = lecture();
        body[field] = value;
        app.post("/api/v1/activities", &body).await.problem(status, code);
    }
    assert_eq!(app.get("/api/v1/bookings").await.json()["items"], json!([]), "nothing was half-booked");
    let activity = app.post("/api/v1/activities", &lecture()).await.expect(201).json();
    let post = app.get(&format!("/api/v1/posts/{}", activity["post"].as_str().unwrap())).await.expect(200).json();
    assert_eq!((post["station"].clone(), post["minHeads"].clone()), (json!("st-1"), json!(1)));
    let bookings = format!("/api/v1/bookings?activity={}&status=booked", activity["id"].as_str().unwrap());
    let booked = app.get(&bookings).await.expect(200).json();
    assert_eq!(booked["items"].as_array().unwrap().len(), 2);
    // What an activity needs is not given up behind its back.
    let first = format!("/api/v1/bookings/{}/cancel", booked["items"][0]["id"].as_str().unwrap());
    app.send(Method::POST, &first, &[("if-match", "*")], Some(&json!({"reason": "x"}))).await.problem(409, "conflict");
    let cancel = format!("/api/v1/activities/{}/cancel", activity["id"].as_str().unwrap());
    let cancelled = app.send(Method::POST, &cancel, &[("if-match", "\"1\"")], Some(&json!({"reason": "疫情"}))).await;
    assert_eq!(cancelled.expect(200).json()["status"], "cancelled");
    assert_eq!(app.get(&bookings).await.json()["items"], json!([]));
    let post = app.get(&format!("/api/v1/posts/{}", activity["post"].as_str().unwrap())).await.json();
    assert_eq!(post["retired"], true, "nobody is planned for it");
    app.post("/api/v1/activities", &lecture()).await.expect(201);
    app.stop().await;
}

#[actix_web::test]
async fn a_withdrawn_venue_displaces_its_bookings_and_a_replan_can_read_it() {
    let app = district("2026-11-30T01:00:00Z").await;
    add(&app, hall()).await;
    let booking = book(&app, "hall", US, [540, 660], 1).await.expect(201).json();
    let path = "/api/v1/resources/hall/withdraw";
    let days = |from: &str, reason: &str| json!({"from": from, "to": "2026-12-06", "reason": reason});
    let withdraw = async |body: Value| app.send(Method::POST, path, &[("if-match", "\"1\"")], Some(&body)).await;
    withdraw(days("2026-11-29", "漏水")).await.problem(422, "invalid-value");
    withdraw(days("2026-12-01", " ")).await.problem(422, "invalid-value");
    let withdrawn = withdraw(days("2026-12-01", "屋顶漏水")).await.expect(200).json();
    assert_eq!(withdrawn["displaced"][0]["id"], booking["id"]);
    assert_eq!(withdrawn["displaced"][0]["status"], "displaced");
    withdraw(days("2026-12-01", "屋顶漏水")).await.problem(412, "precondition-failed");
    let events = app.get("/api/v1/resource-events?from=2026-12-02&to=2026-12-02").await.expect(200).json();
    let told: Vec<&str> =
        events["items"].as_array().unwrap().iter().map(|event| event["kind"].as_str().unwrap()).collect();
    assert_eq!(told, ["withdrawn", "withdrawn"], "the venue, and the booking that lost it: {events:#}");
    book(&app, "hall", US, [540, 660], 1).await.problem(409, "booking-clash");
    // An edit does not undo a withdrawal by the way.
    let edited = app.put("/api/v1/resources/hall", "\"2\"", &hall()).await.expect(200).json();
    assert_eq!(edited["withdrawnFrom"], "2026-12-01");
    let restored = app
        .send(Method::POST, "/api/v1/resources/hall/restore", &[("if-match", "*")], Some(&json!({"reason": "修好了"})))
        .await
        .expect(200)
        .json();
    assert_eq!(restored["withdrawnFrom"], Value::Null);
    book(&app, "hall", US, [540, 660], 1).await.expect(201);
    app.stop().await;
}

#[actix_web::test]
async fn needs_resources_and_projects_are_three_lists_that_refer_to_each_other() {
    let app = district("2026-11-30T01:00:00Z").await;
    add(&app, json!({"id": "fund", "kind": "fund", "name": "服务民生资金", "unit": US, "quantity": 5000})).await;
    let need = json!({"id": "ne", "unit": US, "title": "独居老人冬季测温", "kind": "fund", "quantity": 3000, "status": "open"});
    app.post("/api/v1/needs", &need).await.expect(201);
    let project = json!({"unit": US, "name": "冬季关爱行动", "baseKind": "health", "need": "ne", "fund": "fund",
        "budgetYuan": 3000, "status": "planned"});
    app.post("/api/v1/projects", &project).await.expect(201);
    let mut unpaid = project.clone();
    unpaid["fund"] = Value::Null;
    app.post("/api/v1/projects", &unpaid).await.problem(422, "invalid-value");
    app.delete("/api/v1/needs/ne", "\"1\"").await.problem(409, "in-use");
    assert_eq!(app.get("/api/v1/needs?status=open&kind=fund").await.json()["items"].as_array().unwrap().len(), 1);
    assert_eq!(app.get("/api/v1/projects?baseKind=study").await.json()["items"], json!([]));
    app.stop().await;
}
