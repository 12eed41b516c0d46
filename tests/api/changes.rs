//! Changing duties of a planned roster by hand: what it would cost, all or none, with reasons, and taken back.

use reqwest::Method;
use serde_json::{Value, json};

use crate::app::TestApp;

async fn planned(app: &TestApp) -> (String, Value) {
    app.make_week().await;
    let id = app.plan(&json!({})).await.expect(202).json()["id"].as_str().unwrap().to_owned();
    app.finish(&id).await;
    let first = duties(app, &id).await[0].clone();
    (id, first)
}

async fn duties(app: &TestApp, id: &str) -> Vec<Value> {
    let list = app.get(&format!("/api/v1/schedules/{id}/assignments?limit=500")).await.expect(200).json();
    list["items"].as_array().unwrap().clone()
}

/// The change that gives a duty to the other of the two people.
fn hand_over(duty: &Value) -> Value {
    let other = if duty["person"] == "p-1" { "p-2" } else { "p-1" };
    json!({"removed": [{"person": duty["person"], "post": duty["post"]}],
        "added": [{"person": other, "post": duty["post"]}]})
}

fn places(list: &[Value]) -> Vec<(String, String)> {
    let mut places: Vec<_> = list.iter().map(|duty| (duty["person"].to_string(), duty["post"].to_string())).collect();
    places.sort();
    places
}

#[actix_web::test]
async fn the_price_said_before_is_the_one_that_the_ranking_says() {
    let app = TestApp::start().await;
    let (id, duty) = planned(&app).await;
    let path = format!("/api/v1/schedules/{id}");
    let ranked = app.get(&format!("{path}/recommendations?assignment={}&exchange=false", duty["id"])).await.expect(200);
    let price = app.post(&format!("{path}/changes/price"), &hand_over(&duty)).await.expect(200).json();
    assert_eq!(price, ranked.json()[0]["effect"]);
    let gone = json!({"removed": [{"person": duty["person"], "post": duty["post"]}], "added": []});
    let price = app.post(&format!("{path}/changes/price"), &gone).await.expect(200).json();
    assert_eq!(price["tiers"][0], 100, "a post of priority 1 falls empty: {price:#}");
    assert_eq!(duties(&app, &id).await[0], duty, "asking changes nothing");
    app.stop().await;
}

#[actix_web::test]
async fn a_change_is_made_whole_and_its_inverse_takes_it_back() {
    let app = TestApp::start().await;
    let (id, duty) = planned(&app).await;
    let path = format!("/api/v1/schedules/{id}/changes");
    let before = duties(&app, &id).await;
    let change = hand_over(&duty);
    let given = app.post(&path, &change).await.expect(200).json();
    assert_eq!((&given[0]["person"], &given[0]["pinned"]), (&change["added"][0]["person"], &json!(true)));
    assert_ne!(places(&duties(&app, &id).await), places(&before));
    // Thought of on the roster as it was: refused, and nothing of it is done.
    app.post(&path, &change).await.problem(409, "base-replanned");
    let inverse = json!({"removed": change["added"], "added": change["removed"], "pinned": false});
    app.post(&path, &inverse).await.expect(200);
    let after = duties(&app, &id).await;
    assert_eq!(places(&after), places(&before));
    assert!(after.iter().all(|duty| duty["pinned"] == false));
    app.stop().await;
}

#[actix_web::test]
async fn no_number_is_given_twice_even_when_its_assignment_is_gone() {
    let app = TestApp::start().await;
    let (id, _) = planned(&app).await;
    let path = format!("/api/v1/schedules/{id}/changes");
    let number = |duty: &Value| duty["id"].as_i64().unwrap();
    let last = duties(&app, &id).await.into_iter().max_by_key(number).unwrap();
    let place = json!([{"person": last["person"], "post": last["post"]}]);
    app.post(&path, &json!({"removed": place, "added": []})).await.expect(200);
    let given = app.post(&path, &json!({"removed": [], "added": place})).await.expect(200).json();
    assert_eq!(number(&given[0]), number(&last) + 1);
    app.stop().await;
}

#[actix_web::test]
async fn what_breaks_a_rule_needs_a_reason_and_stays_visible() {
    let app = TestApp::start().await;
    let (id, duty) = planned(&app).await;
    let path = format!("/api/v1/schedules/{id}/changes");
    let crowd = json!({"removed": [], "added": hand_over(&duty)["added"]});
    let problem = app.post(&path, &crowd).await.problem(409, "rule-broken");
    assert_eq!(problem["errors"][0]["pointer"], "H11", "{problem:#}");
    let mut reasoned = crowd.clone();
    reasoned["reason"] = json!("带教");
    app.post(&path, &reasoned).await.expect(200);
    let kept = app.get(&format!("/api/v1/schedules/{id}/overrides")).await.expect(200).json();
    assert_eq!((&kept["items"][0]["rule"], &kept["items"][0]["reason"]), (&json!("H11"), &json!("带教")));
    app.stop().await;
}

#[actix_web::test]
async fn empty_changes_foreign_posts_and_rosters_in_force_are_refused() {
    let app = TestApp::start().await;
    let (id, duty) = planned(&app).await;
    let path = format!("/api/v1/schedules/{id}/changes");
    app.post(&path, &json!({"removed": [], "added": []})).await.problem(422, "invalid-value");
    let nowhere = json!({"removed": [], "added": [{"person": "p-1", "post": "po-none"}]});
    app.post(&path, &nowhere).await.problem(404, "not-found");
    let publish = format!("/api/v1/schedules/{id}/publish");
    app.send(Method::POST, &publish, &[("if-match", "*")], None).await.expect(200);
    app.post(&path, &hand_over(&duty)).await.problem(409, "conflict");
    app.stop().await;
}
