//! Activities that name no base, or lose theirs: which base they take, and what goes along when they move.

use reqwest::Method;
use serde_json::{Value, json};

use crate::app::{Answer, TestApp};
use crate::happenings::{get, planned, publish};
use crate::sharing::{district, hall};
use crate::{bodies, rights};

const US: &str = "220102001001";
const THEM: &str = "220102001002";
const STREET: &str = "220102001000";

/// A base for health at a station that is always open.
async fn base(app: &TestApp, id: &str, owner: &str, station: &str, capacity: u32) {
    let body = json!({"id": id, "kind": "venue", "name": id, "unit": owner, "station": station, "baseKind": "health",
        "capacity": capacity, "quantity": 1, "hours": []});
    app.post("/api/v1/resources", &body).await.expect(201);
}

async fn station(app: &TestApp, id: &str, unit: &str) {
    let body = json!({"id": id, "unit": unit, "name": id, "kind": "serviceBase", "alwaysOpen": true, "hours": []});
    app.post("/api/v1/stations", &body).await.expect(201);
}

/// A lecture of the community on Wednesday from nine to eleven, wherever there is room.
fn lecture(changes: &[(&str, Value)]) -> Value {
    let mut body = json!({
        "name": "健康讲座", "baseKind": "health", "unit": US, "date": "2026-12-02", "startMinute": 540, "endMinute": 660,
        "participants": 30, "minHeads": 1, "targetHeads": 1, "maxHeads": 1
    });
    for (field, value) in changes {
        body[field] = value.clone();
    }
    body
}

async fn hold(app: &TestApp, changes: &[(&str, Value)]) -> Value {
    app.post("/api/v1/activities", &lecture(changes)).await.expect(201).json()
}

async fn withdraw(app: &TestApp, resource: &str, from: &str) -> Value {
    let body = json!({"from": from, "to": "2026-12-06", "reason": "屋顶漏水"});
    let path = format!("/api/v1/resources/{resource}/withdraw");
    app.send(Method::POST, &path, &[("if-match", "*")], Some(&body)).await.expect(200).json()
}

async fn relocate(app: &TestApp, activity: &Value, version: &str, to: Value) -> Answer {
    let path = format!("/api/v1/activities/{}/move", activity["id"].as_str().unwrap());
    app.send(Method::POST, &path, &[("if-match", version)], Some(&to)).await
}

async fn post_of(app: &TestApp, activity: &Value) -> Value {
    get(app, &format!("/api/v1/posts/{}", activity["post"].as_str().unwrap())).await
}

async fn booked(app: &TestApp, activity: &Value) -> Value {
    let id = activity["id"].as_str().unwrap();
    get(app, &format!("/api/v1/bookings?activity={id}&status=booked")).await["items"].clone()
}

#[actix_web::test]
async fn an_activity_without_a_venue_takes_the_nearest_base_that_can_be_had() {
    let app = district("2026-11-30T01:00:00Z").await;
    station(&app, "st-2", THEM).await;
    let none = app.post("/api/v1/activities", &lecture(&[])).await.problem(409, "booking-clash");
    assert!(none["detail"].as_str().unwrap().contains("没有这类基地"), "{none:#}");
    app.post("/api/v1/resources", &hall()).await.expect(201);
    base(&app, "near", STREET, "st-2", 40).await;
    base(&app, "wide", STREET, "st-2", 100).await;
    base(&app, "theirs", THEM, "st-2", 30).await;

    let saturday = [("date", json!("2026-12-05"))];
    let weekend = hold(&app, &saturday).await;
    assert_eq!((&weekend["venue"], &weekend["station"]), (&json!("near"), &json!("st-2")), "the hall is shut");
    withdraw(&app, "near", "2026-12-05").await;
    assert_eq!(hold(&app, &saturday).await["venue"], "wide", "the nearer one is withdrawn");

    let first = hold(&app, &[("venue", Value::Null)]).await;
    assert_eq!((&first["venue"], &first["venueLost"]), (&json!("hall"), &json!(false)), "{first:#}");
    assert_eq!(post_of(&app, &first).await["station"], "st-1");
    assert_eq!(hold(&app, &[]).await["venue"], "near", "the hall is taken, and the neighbours' own is not lent");
    let full = app.post("/api/v1/activities", &lecture(&[("participants", json!(101))])).await;
    let full = full.problem(409, "booking-clash");
    assert!(full["detail"].as_str().unwrap().contains("共4处，其中1处不归本单位使用，3处容不下"), "{full:#}");
    assert_eq!(hold(&app, &[("participants", json!(41))]).await["venue"], "wide");
    let path = "/api/v1/activities";
    let taken = app.send(Method::POST, path, &[("accept-language", "en")], Some(&lecture(&[]))).await;
    let taken = taken.problem(409, "booking-clash");
    assert!(taken["detail"].as_str().unwrap().contains("of 4 of that kind 1 are not the unit's"), "{taken:#}");
    assert!(taken["detail"].as_str().unwrap().contains("3 taken then"), "{taken:#}");
    let backwards = lecture(&[("endMinute", json!(540))]);
    app.post(path, &backwards).await.problem(422, "invalid-value");
    app.stop().await;
}

#[actix_web::test]
async fn an_activity_that_loses_its_venue_says_so_and_moves_with_all_it_needs_or_not_at_all() {
    let app = district("2026-11-30T01:00:00Z").await;
    app.post("/api/v1/resources", &hall()).await.expect(201);
    station(&app, "st-3", US).await;
    let gifts = json!({"id": "gifts", "kind": "goods", "name": "慰问物资", "unit": US, "quantity": 40});
    app.post("/api/v1/resources", &gifts).await.expect(201);
    let items = json!([{"resource": "gifts", "quantity": 30}]);
    let activity = hold(&app, &[("items", items)]).await;
    let at = format!("/api/v1/activities/{}", activity["id"].as_str().unwrap());

    withdraw(&app, "hall", "2026-12-01").await;
    assert_eq!(get(&app, &at).await["venueLost"], true);
    let held = app.send(Method::GET, &at, &[("if-none-match", "\"1\"")], None).await.expect(200).json();
    assert_eq!(held["venueLost"], true, "a copy of the same version is out of date");
    assert_eq!(get(&app, "/api/v1/activities").await["items"][0]["venueLost"], true);
    let nowhere = relocate(&app, &activity, "\"1\"", json!({"reason": "屋顶漏水"})).await.problem(409, "booking-clash");
    assert!(nowhere["detail"].as_str().unwrap().contains("1处停用"), "{nowhere:#}");

    base(&app, "annex", US, "st-3", 60).await;
    app.send(Method::POST, &format!("{at}/move"), &[], Some(&json!({"reason": "x"})))
        .await
        .problem(428, "precondition-required");
    for (body, status, code) in [
        (json!({"reason": " "}), 422, "invalid-value"),
        (json!({"reason": "x", "date": "2026-11-29"}), 422, "invalid-value"),
        (json!({"reason": "x", "endMinute": 540}), 422, "invalid-value"),
        (json!({"reason": "x", "venue": "gifts"}), 422, "invalid-value"),
        (json!({"reason": "x", "venue": "nothing"}), 422, "unknown-reference"),
        (json!({"reason": "x", "venue": "hall"}), 409, "booking-clash"),
    ] {
        relocate(&app, &activity, "\"1\"", body).await.problem(status, code);
    }
    let moved = relocate(&app, &activity, "\"1\"", json!({"reason": "屋顶漏水"})).await.expect(200);
    assert_eq!(moved.header("etag"), "\"2\"");
    let moved = moved.json();
    assert_eq!((&moved["venue"], &moved["station"]), (&json!("annex"), &json!("st-3")), "{moved:#}");
    assert_eq!((&moved["venueLost"], &moved["post"]), (&json!(false), &activity["post"]));
    assert_eq!(get(&app, &at).await, moved);
    assert_eq!(post_of(&app, &moved).await["station"], "st-3");
    assert_eq!(booked(&app, &moved).await.as_array().unwrap().len(), 2, "the room and the goods, once each");
    relocate(&app, &activity, "\"1\"", json!({"reason": "x"})).await.problem(412, "precondition-failed");

    // The room is free on Thursday, and the activity stays in it.
    let thursday = json!({"reason": "改期", "date": "2026-12-03", "startMinute": 600, "endMinute": 720});
    let moved = relocate(&app, &activity, "\"2\"", thursday).await.expect(200).json();
    assert_eq!((&moved["venue"], &moved["date"]), (&json!("annex"), &json!("2026-12-03")));
    let post = post_of(&app, &moved).await;
    assert_eq!(
        (&post["date"], &post["startMinute"], &post["endMinute"]),
        (&json!("2026-12-03"), &json!(600), &json!(720))
    );
    let left = json!({"resource": "gifts", "unit": US, "date": "2026-12-02", "startMinute": 540, "endMinute": 600,
        "quantity": 10, "purpose": "慰问"});
    app.post("/api/v1/bookings", &left).await.expect(201);
    app.post("/api/v1/bookings", &left).await.problem(409, "booking-clash");

    // Where somebody else is, everything stays as it was.
    let other = hold(&app, &[("date", json!("2026-12-04"))]).await;
    assert_eq!(other["venue"], "annex");
    let bookings = booked(&app, &moved).await;
    let friday = json!({"reason": "改期", "date": "2026-12-04", "startMinute": 600, "endMinute": 660});
    relocate(&app, &activity, "*", friday).await.problem(409, "booking-clash");
    assert_eq!(get(&app, &at).await, moved);
    assert_eq!(booked(&app, &moved).await, bookings);
    assert_eq!(post_of(&app, &moved).await, post);
    assert_eq!(get(&app, "/api/v1/audit?action=move").await["items"].as_array().unwrap().len(), 2);

    let cancel = json!({"reason": "疫情"});
    app.send(Method::POST, &format!("{at}/cancel"), &[("if-match", "*")], Some(&cancel)).await.expect(200);
    relocate(&app, &activity, "*", json!({"reason": "x"})).await.problem(409, "conflict");
    assert_eq!(get(&app, &at).await["venueLost"], false, "it does not take place");
    app.stop().await;
}

/// The duty at an activity's post that is in force, if there is one.
async fn helper(app: &TestApp, activity: &Value) -> Option<Value> {
    let duties = get(app, "/api/v1/people/p-3/assignments?from=2026-11-30&to=2026-12-13").await;
    duties.as_array().unwrap().iter().find(|duty| duty["post"] == activity["post"]).cloned()
}

#[actix_web::test]
async fn helpers_in_force_go_along_where_the_rules_allow_it_and_are_told() {
    let app = district("2026-11-26T01:00:00Z").await;
    app.post("/api/v1/resources", &hall()).await.expect(201);
    station(&app, "st-3", US).await;
    base(&app, "annex", US, "st-3", 60).await;
    app.post("/api/v1/skills", &json!({"id": "medical", "name": "医疗"})).await.expect(201);
    let nurse = json!({"id": "p-3", "name": "人员p-3", "sortKey": "p-3", "category": "recruitedStaff",
        "homeUnit": US, "scope": [US], "skills": [{"skill": "medical", "level": 1}]});
    app.post("/api/v1/people", &nurse).await.expect(201);
    let channel =
        json!({"unit": STREET, "name": "群", "kind": "weCom", "target": "https://example.org/", "enabled": true});
    let channel = app.post("/api/v1/channels", &channel).await.expect(201).json();
    let activity =
        hold(&app, &[("skill", json!("medical")), ("startMinute", json!(840)), ("endMinute", json!(960))]).await;
    let first = planned(&app).await;
    publish(&app, &first).await;
    let before = helper(&app, &activity).await.unwrap();
    assert_eq!(before["station"], "st-1");

    // At the same time in another room of theirs: the roster in force says so at once.
    withdraw(&app, "hall", "2026-12-01").await;
    relocate(&app, &activity, "*", json!({"reason": "屋顶漏水"})).await.expect(200);
    let after = helper(&app, &activity).await.unwrap();
    assert_eq!((&after["station"], &after["date"]), (&json!("st-3"), &before["date"]), "{after:#}");
    relocate(&app, &activity, "*", json!({"reason": "改期", "date": "2026-12-03"})).await.expect(200);
    let after = helper(&app, &activity).await.unwrap();
    assert_eq!((&after["date"], &after["startMinute"]), (&json!("2026-12-03"), &json!(840)), "{after:#}");
    let path = format!("/api/v1/channels/{}/deliveries", channel["id"].as_str().unwrap());
    let told = get(&app, &path).await;
    let moved = told["items"].as_array().unwrap().iter().filter(|one| one["event"] == "duty.moved").count();
    assert_eq!(moved, 2, "{told:#}");
    let trail = get(&app, "/api/v1/audit?action=move").await;
    let duties = trail["items"].as_array().unwrap().iter().filter(|one| one["kind"] == "assignment").count();
    assert_eq!(duties, 2, "open boards read the trail: {trail:#}");

    // Into the next week: this week's roster loses it, a draft of it can still be replanned, and the next takes it up.
    let draft = planned(&app).await;
    relocate(&app, &activity, "*", json!({"reason": "改期", "date": "2026-12-09"})).await.expect(200);
    assert_eq!(helper(&app, &activity).await, None);
    let sick = json!({"kind": "sick", "person": "p-3", "start": "2026-11-30T00:00", "end": "2026-12-07T00:00"});
    app.post(&format!("/api/v1/schedules/{draft}/replan"), &json!({"events": [sick]})).await.expect(201);
    let next = app.plan(&json!({"week": "2026-W50"})).await.expect(202).json()["id"].as_str().unwrap().to_owned();
    app.finish(&next).await;
    publish(&app, &next).await;
    assert_eq!(helper(&app, &activity).await.unwrap()["date"], "2026-12-09");

    // On a day on which they cannot come they are free, and the duty is open.
    let away = json!({"person": "p-3", "kind": "unavailable", "fromDate": "2026-12-10", "toDate": "2026-12-10",
        "startMinute": 0, "endMinute": 1440, "weight": 1});
    app.post("/api/v1/availability", &away).await.expect(201);
    relocate(&app, &activity, "*", json!({"reason": "改期", "date": "2026-12-10"})).await.expect(200);
    assert_eq!(helper(&app, &activity).await, None);
    app.stop().await;
}

#[actix_web::test]
async fn the_choice_knows_only_what_its_author_sees_and_nobody_moves_what_is_anothers() {
    let (app, _clock) = TestApp::start_closed_still("2026-11-24T01:00:00Z").await;
    let admin = app.administrator().await;
    rights::build(&app, &admin).await;
    let listed = admin.get("/api/v1/activities").await.expect(200).json();
    let is_theirs = |one: &&Value| one["unit"].as_str().unwrap().starts_with("220102002");
    let theirs = listed["items"].as_array().unwrap().iter().find(is_theirs).unwrap();
    let coordinator = app.user_with(&admin, "coordinator", STREET, None).await;
    let mut wanted = bodies::activity("a", US, "2026-12-29");
    wanted["venue"] = Value::Null;
    let ours = coordinator.post("/api/v1/activities", &wanted).await.expect(201).json();
    assert_eq!(ours["venue"], "rs-a");
    let full = coordinator.post("/api/v1/activities", &wanted).await.problem(409, "booking-clash");
    assert!(full["detail"].as_str().unwrap().contains("共1处"), "the other street's is not counted: {full:#}");
    let steps = async |activity: &Value, body: Value| {
        let path = format!("/api/v1/activities/{}/move", activity["id"].as_str().unwrap());
        coordinator.send(Method::POST, &path, &[("if-match", "*")], Some(&body)).await
    };
    steps(theirs, json!({"reason": "改期", "date": "2026-12-30"})).await.problem(404, "not-found");
    steps(&ours, json!({"reason": "改期", "venue": "rs-b"})).await.problem(422, "unknown-reference");
    steps(&ours, json!({"reason": "改期", "date": "2026-12-30"})).await.expect(200);
    app.stop().await;
}
