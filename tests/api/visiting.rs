//! Open visits: left open, decided by plans, written on publication, and what happens to them afterwards.

use reqwest::Method;
use serde_json::{Value, json};

use crate::app::TestApp;
use crate::happenings::{decision, get, planned, publish, ready, replan, sick, wanted};

const UNIT: &str = "220102001001";

/// An open visit of two hours in the planned week.
fn open(more: &Value) -> Value {
    let mut body = json!({"person": null, "unit": UNIT, "date": null, "startMinute": null, "endMinute": null,
        "households": 5, "status": "open", "note": null, "wantedFrom": "2026-12-01", "wantedUntil": "2026-12-06",
        "earliestMinute": 540, "latestMinute": 1020, "minutes": 120, "candidates": []});
    for (key, value) in more.as_object().unwrap() {
        body[key] = value.clone();
    }
    body
}

async fn left_open(app: &TestApp, more: &Value) -> String {
    app.post("/api/v1/visits", &open(more)).await.expect(201).json()["id"].as_str().unwrap().to_owned()
}

async fn away(app: &TestApp, person: &str) {
    let away = json!({"person": person, "kind": "unavailable", "weekday": null, "fromDate": "2026-11-30",
        "toDate": "2026-12-06", "startMinute": 0, "endMinute": 1440, "weight": 1});
    app.post("/api/v1/availability", &away).await.expect(201);
}

#[actix_web::test]
async fn the_plan_chooses_who_makes_an_open_visit_and_publication_writes_it() {
    let app = ready().await;
    let any = left_open(&app, &json!({})).await;
    let named = left_open(&app, &json!({"candidates": ["p-1"], "latestMinute": 720})).await;
    let first = planned(&app).await;
    let decided = decision(&app, &first, "visits", "visit", &any).await;
    assert_eq!((&decided["made"], &decided["carriedOut"]), (&json!(true), &json!(false)), "{decided:#}");
    assert!(["d-1", "d-2"].contains(&decided["person"].as_str().unwrap()), "a deputy of the street: {decided:#}");
    let by_p1 = decision(&app, &first, "visits", "visit", &named).await;
    assert_eq!(
        (&by_p1["person"], &by_p1["startMinute"], &by_p1["endMinute"]),
        (&json!("p-1"), &json!(540), &json!(660))
    );
    // A member of staff does not stand at a post while visiting.
    let duties = get(&app, &format!("/api/v1/schedules/{first}/assignments?limit=500")).await;
    let clash = |duty: &&Value| duty["person"] == "p-1" && duty["date"] == by_p1["date"];
    assert_eq!(duties["items"].as_array().unwrap().iter().filter(clash).count(), 0, "{duties:#}");
    assert_eq!(duties["items"].as_array().unwrap().len(), 5, "every post is covered all the same");
    let at = format!("/api/v1/visits/{any}");
    assert_eq!(get(&app, &at).await["status"], "open", "a proposal until it is published");

    publish(&app, &first).await;
    let visit = get(&app, &at).await;
    assert_eq!(
        (&visit["status"], &visit["person"], &visit["date"]),
        (&json!("planned"), &decided["person"], &decided["date"])
    );
    assert_eq!((&visit["version"], &visit["wantedFrom"]), (&json!(2), &json!("2026-12-01")));
    assert_eq!(decision(&app, &first, "visits", "visit", &any).await["carriedOut"], true);
    let trail = get(&app, &format!("/api/v1/audit?kind=visit&entity={any}")).await;
    assert!(trail["items"].to_string().contains("\"plan\""), "{trail:#}");

    // Planned again, it keeps its hour while that can be had.
    let again = planned(&app).await;
    let kept = decision(&app, &again, "visits", "visit", &any).await;
    assert_eq!((&kept["date"], &kept["startMinute"]), (&decided["date"], &decided["startMinute"]), "{kept:#}");
    app.stop().await;
}

#[actix_web::test]
async fn a_version_that_leaves_a_visit_out_opens_it_again() {
    let app = ready().await;
    let visit = left_open(&app, &json!({"candidates": ["d-1"]})).await;
    let first = planned(&app).await;
    publish(&app, &first).await;
    let at = format!("/api/v1/visits/{visit}");
    assert_eq!(get(&app, &at).await["person"], "d-1");
    away(&app, "d-1").await;
    let second = planned(&app).await;
    let decided = decision(&app, &second, "visits", "visit", &visit).await;
    assert_eq!(decided["made"], false, "{decided:#}");
    assert!(decided["reason"].as_str().unwrap().contains("H02"), "{decided:#}");
    assert_eq!(get(&app, &at).await["status"], "planned", "until that is published");
    publish(&app, &second).await;
    let visit = get(&app, &at).await;
    assert_eq!((&visit["status"], &visit["person"], &visit["date"]), (&json!("open"), &Value::Null, &Value::Null));
    assert_eq!((&visit["minutes"], &visit["candidates"]), (&json!(120), &json!(["d-1"])));
    app.stop().await;
}

#[actix_web::test]
async fn a_replan_gives_the_visit_of_somebody_ill_to_another_and_leaves_what_somebody_has_changed() {
    let app = ready().await;
    let visit = left_open(&app, &json!({"candidates": ["d-1", "d-2"]})).await;
    let fixed = left_open(&app, &json!({"candidates": ["d-1", "d-2"], "latestMinute": 660})).await;
    let first = planned(&app).await;
    publish(&app, &first).await;
    let at = format!("/api/v1/visits/{visit}");
    let before = get(&app, &at).await;
    // Somebody moves the other one by hand: no plan touches it any more.
    let by_hand = format!("/api/v1/visits/{fixed}");
    let mut moved = get(&app, &by_hand).await;
    moved["date"] = json!("2026-12-05");
    let moved = app.put(&by_hand, "\"2\"", &moved).await.expect(200).json();
    // The deputy who is ill has a reception too, so that another one's week changes in any case: the visit goes with it.
    let (second, streets) = replan(&app, &first, sick(&before["person"])).await;
    let after = get(&app, &at).await;
    assert_eq!((&after["status"], &after["date"]), (&json!("planned"), &before["date"]), "{streets:#}");
    assert_ne!(after["person"], before["person"]);
    assert_eq!(decision(&app, &second, "visits", "visit", &visit).await["carriedOut"], true);
    assert_eq!(get(&app, &by_hand).await, moved);

    // The other deputy falls ill as well: nobody is left, and the visit is open again.
    let (third, _) = replan(&app, &second, sick(&after["person"])).await;
    let decided = decision(&app, &third, "visits", "visit", &visit).await;
    assert_eq!((&decided["made"], &decided["carriedOut"]), (&json!(false), &json!(true)), "{decided:#}");
    assert_eq!(get(&app, &at).await["status"], "open");
    assert_eq!(get(&app, &by_hand).await, moved);
    app.stop().await;
}

#[actix_web::test]
async fn a_replan_names_the_visits_that_fall_and_they_are_open_again_once_it_is_published() {
    let app = ready().await;
    let visit = left_open(&app, &json!({"candidates": ["d-1"]})).await;
    let first = planned(&app).await;
    publish(&app, &first).await;
    let at = format!("/api/v1/visits/{visit}");
    let before = get(&app, &at).await;
    // Nobody else may make it: it falls. The receptions of the same deputy go to the other one.
    let path = format!("/api/v1/schedules/{first}/replan");
    let made = app.post(&path, &json!({"events": [sick(&before["person"])]})).await.expect(201).json();
    let [fallen] = made["visits"].as_array().unwrap().as_slice() else { panic!("one visit: {made:#}") };
    assert_eq!((&fallen["visit"], &fallen["made"]), (&json!(visit), &json!(false)), "{made:#}");
    assert!(fallen["reason"].as_str().unwrap().starts_with("未安排："), "{fallen:#}");
    let moved = made["receptions"].as_array().unwrap();
    assert!(!moved.is_empty(), "{made:#}");
    for reception in moved {
        assert_eq!((&reception["held"], &reception["deputies"]), (&json!(true), &json!(["d-2"])), "{made:#}");
    }
    let second = made["schedule"]["id"].as_str().unwrap();
    assert_eq!(decision(&app, second, "visits", "visit", &visit).await["reason"], fallen["reason"]);
    assert_eq!(get(&app, &at).await, before, "until that is published");
    publish(&app, second).await;
    let after = get(&app, &at).await;
    assert_eq!((&after["status"], &after["person"], &after["date"]), (&json!("open"), &Value::Null, &Value::Null));
    app.stop().await;
}

async fn withdrawn(app: &TestApp, id: &str) -> Value {
    let path = format!("/api/v1/schedules/{id}/withdraw");
    let reason = json!({"reason": "名单有误"});
    app.send(Method::POST, &path, &[("if-match", "*")], Some(&reason)).await.expect(200).json()
}

#[actix_web::test]
async fn a_withdrawn_publication_takes_back_what_nobody_has_touched_and_says_what_stays() {
    let app = ready().await;
    let visit = left_open(&app, &json!({"candidates": ["d-1"]})).await;
    let fixed = left_open(&app, &json!({"candidates": ["d-2"]})).await;
    let reception = wanted(&app).await;
    let public = wanted(&app).await;
    let at = |kind: &str, id: &str| format!("/api/v1/{kind}/{id}");
    let (open, planned_for) = (get(&app, &at("visits", &visit)).await, get(&app, &at("receptions", &reception)).await);
    let first = planned(&app).await;
    publish(&app, &first).await;
    assert_ne!(get(&app, &at("receptions", &reception)).await["host"], Value::Null, "the plan has chosen a host");
    let announce = format!("{}/announce", at("receptions", &public));
    app.send(Method::POST, &announce, &[("if-match", "*")], Some(&json!({}))).await.expect(200);
    let mut edited = get(&app, &at("visits", &fixed)).await;
    edited["households"] = json!(9);
    app.put(&at("visits", &fixed), "*", &edited).await.expect(200);
    let (kept, told) = (get(&app, &at("visits", &fixed)).await, get(&app, &at("receptions", &public)).await);

    let back = withdrawn(&app, &first).await;
    assert_eq!((&back["status"], &back["restored"]), (&json!("planned"), &Value::Null));
    let stays = json!([{"kind": "reception", "id": public, "because": "announced"},
        {"kind": "visit", "id": fixed, "because": "changed"}]);
    assert_eq!(back["kept"], stays, "{back:#}");
    let gone_back = json!([{"kind": "reception", "id": reception}, {"kind": "visit", "id": visit}]);
    assert_eq!(back["putBack"], gone_back, "{back:#}");
    let but_version = |mut document: Value| {
        document.as_object_mut().unwrap().remove("version");
        document
    };
    assert_eq!(but_version(get(&app, &at("visits", &visit)).await), but_version(open));
    assert_eq!(but_version(get(&app, &at("receptions", &reception)).await), but_version(planned_for));
    assert_eq!(get(&app, &at("visits", &fixed)).await, kept);
    assert_eq!(get(&app, &at("receptions", &public)).await, told);

    // It can be published again, and writes the same again.
    publish(&app, &first).await;
    assert_eq!(get(&app, &at("visits", &visit)).await["person"], "d-1");
    assert_ne!(get(&app, &at("receptions", &reception)).await["host"], Value::Null);

    // The version that takes its place gives the visit up; withdrawn, it leaves things as the first wrote them.
    away(&app, "d-1").await;
    let written = get(&app, &at("visits", &visit)).await;
    let second = planned(&app).await;
    publish(&app, &second).await;
    assert_eq!(get(&app, &at("visits", &visit)).await["status"], "open");
    let back = withdrawn(&app, &second).await;
    assert_eq!(back["restored"], first, "{back:#}");
    assert_eq!(but_version(get(&app, &at("visits", &visit)).await), but_version(written));
    app.stop().await;
}

#[actix_web::test]
async fn quotas_of_visits_are_proposed_as_open_visits_of_whoever_owes_them() {
    let app = ready().await;
    for (deputy, done) in [("d-1", 4), ("d-2", 0)] {
        let quota = json!({"kind": "deputyVisits", "person": deputy, "station": null, "year": 2026, "target": 4,
            "doneBefore": done});
        app.post("/api/v1/quotas", &quota).await.expect(201);
    }
    let first = planned(&app).await;
    let list = get(&app, "/api/v1/visits?from=2026-11-30&to=2026-12-06").await;
    let [proposed] = list["items"].as_array().unwrap().as_slice() else { panic!("one visit: {list:#}") };
    assert_eq!((&proposed["candidates"], &proposed["status"]), (&json!(["d-2"]), &json!("open")), "{proposed:#}");
    let id = proposed["id"].as_str().unwrap();
    assert_eq!(decision(&app, &first, "visits", "visit", id).await["person"], "d-2");
    publish(&app, &first).await;
    let progress = get(&app, "/api/v1/quota-progress?unit=220102001000&year=2026").await;
    let is_d2 = |row: &&Value| row["kind"] == "deputyVisits" && row["subject"] == "d-2";
    let of_d2 = progress.as_array().unwrap().iter().find(is_d2).unwrap();
    assert_eq!((&of_d2["ahead"], &of_d2["missing"]), (&json!(1), &json!(3)), "{of_d2:#}");

    // Called off, it is not proposed again for that week.
    let at = format!("/api/v1/visits/{id}");
    let mut off = get(&app, &at).await;
    off["status"] = json!("cancelled");
    app.put(&at, "*", &off).await.expect(200);
    planned(&app).await;
    let list = get(&app, "/api/v1/visits?from=2026-11-30&to=2026-12-06").await;
    assert_eq!(list["items"].as_array().unwrap().len(), 1, "{list:#}");
    app.stop().await;
}

#[actix_web::test]
async fn an_open_visit_that_says_too_much_or_too_little_is_refused() {
    let app = ready().await;
    for (more, pointer, code) in [
        (json!({"person": "d-1"}), "/person", "invalid-value"),
        (json!({"minutes": null}), "/wantedFrom", "invalid-value"),
        (json!({"wantedUntil": "2026-11-30"}), "/wantedUntil", "invalid-value"),
        (json!({"minutes": 480, "latestMinute": 900}), "/minutes", "invalid-value"),
        (json!({"status": "planned"}), "/person", "invalid-value"),
        (json!({"candidates": ["d-1", "d-1"]}), "/candidates", "invalid-value"),
    ] {
        let problem = app.post("/api/v1/visits", &open(&more)).await.problem(422, code);
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem:#}");
        assert!(!problem["errors"][0]["cause"].as_str().unwrap().is_ascii(), "in Chinese: {problem:#}");
    }
    app.post("/api/v1/visits", &open(&json!({"candidates": ["nobody"]}))).await.problem(422, "unknown-reference");
    // One whose days are over is kept, and no plan decides it.
    let late = left_open(&app, &json!({"wantedFrom": "2026-11-01", "wantedUntil": "2026-11-20"})).await;
    let id = planned(&app).await;
    assert_eq!(decision(&app, &id, "visits", "visit", &late).await, Value::Null);
    let path = format!("/api/v1/schedules/{id}/visits?made=true");
    assert_eq!(get(&app, &path).await["items"], json!([]));
    app.send(Method::GET, "/api/v1/schedules/unknown/visits", &[], None).await.problem(404, "not-found");
    app.stop().await;
}
