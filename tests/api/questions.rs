//! Questions about stored rosters: reasons, recommendations, prices, what-if, and replans with the least change.

use std::collections::HashMap;

use paiban::domain::ScheduleId;
use paiban::planning::week::prepare;
use paiban_solver::check::check;
use paiban_solver::problem::{Duty, NeedIx, PersonIx};
use reqwest::Method;
use serde_json::{Value, json};

use crate::app::TestApp;

/// The week of `make_week` and a second street, with evening posts, whose people may serve in both.
async fn two_streets(app: &TestApp) {
    app.make_week().await;
    for (id, parent, level) in
        [("220102002000", "220100000000", "street"), ("220102002001", "220102002000", "community")]
    {
        let unit = json!({"id": id, "parent": parent, "level": level, "name": "第二"});
        app.post("/api/v1/units", &unit).await.expect(201);
    }
    let station =
        json!({"id": "st-2", "unit": "220102002001", "name": "第二站", "kind": "workStation", "alwaysOpen": true});
    app.post("/api/v1/stations", &station).await.expect(201);
    for id in ["p-3", "p-4", "p-5"] {
        let person = json!({"id": id, "name": format!("人员{id}"), "sortKey": id, "category": "recruitedStaff",
            "homeUnit": "220102002001",
            "scope": if id == "p-5" { json!([]) } else { json!(["220102002000", "220102001000"]) }});
        app.post("/api/v1/people", &person).await.expect(201);
    }
    let template = json!({"id": "te-2", "station": "st-2", "name": "晚间", "days": ["monday", "wednesday", "saturday"],
        "startMinute": 1110, "endMinute": 1260, "skill": null, "skillLevel": 1, "shiftType": null,
        "minHeads": 2, "targetHeads": 3, "maxHeads": 3, "priority": 2, "validFrom": null, "validTo": null});
    app.post("/api/v1/demand-templates", &template).await.expect(201);
}

async fn planned(app: &TestApp) -> String {
    let id = app.plan(&json!({})).await.expect(202).json()["id"].as_str().unwrap().to_owned();
    let schedule = app.finish(&id).await;
    assert_eq!(schedule["status"], "planned", "{schedule:#}");
    id
}

async fn publish(app: &TestApp, id: &str) {
    let path = format!("/api/v1/schedules/{id}/publish");
    app.send(Method::POST, &path, &[("if-match", "*")], None).await.expect(200);
}

async fn assignments(app: &TestApp, id: &str) -> Vec<Value> {
    let list = app.get(&format!("/api/v1/schedules/{id}/assignments?limit=500")).await.expect(200).json();
    list["items"].as_array().unwrap().clone()
}

/// Tiers and rules of a schedule as the checker counts them over the whole week that the database holds.
async fn judged(app: &TestApp, id: &str) -> ([i64; 3], HashMap<String, i64>) {
    let week = prepare(&app.db, &ScheduleId::parse(id).unwrap(), "2026-11-20".parse().unwrap()).unwrap();
    let problem = week.document.to_problem().unwrap();
    let find = |id: &Value, ids: Vec<&String>| ids.into_iter().position(|other| *id == json!(other)).unwrap();
    let duties: Vec<Duty> = assignments(app, id)
        .await
        .iter()
        .map(|duty| {
            let person = find(&duty["person"], problem.people.iter().map(|person| &person.id).collect());
            let need = find(&duty["post"], problem.needs.iter().map(|need| &need.id).collect());
            let span = problem.needs[need].as_post().unwrap().span;
            Duty { person: PersonIx::from_index(person), need: NeedIx::from_index(need), span }
        })
        .collect();
    let report = check(&problem, &duties);
    assert!(report.is_feasible(), "{:?}", report.broken);
    let rules = report.score.rules.iter().filter(|(_, cost)| **cost != 0);
    (report.score.tiers, rules.map(|(code, cost)| (code.to_string(), *cost)).collect())
}

#[actix_web::test]
async fn a_sick_call_changes_the_fewest_people_and_the_new_version_is_worth_what_the_checker_counts() {
    let app = TestApp::start().await;
    two_streets(&app).await;
    let base = planned(&app).await;
    publish(&app, &base).await;
    let before = assignments(&app, &base).await;
    let sick = before.iter().find(|duty| duty["station"] == "st-1" && duty["date"] == "2026-11-30").unwrap();
    let person = sick["person"].as_str().unwrap();
    let body = json!({"events": [
        {"kind": "sick", "person": person, "start": "2026-11-30T00:00", "end": "2026-12-01T00:00"}]});
    let path = format!("/api/v1/schedules/{base}/replan");
    let key = [("idempotency-key", "sick-1")];
    let answer = app.send(Method::POST, &path, &key, Some(&body)).await.expect(201);
    let made = answer.json();
    let id = made["schedule"]["id"].as_str().unwrap().to_owned();
    assert_eq!(answer.header("location"), format!("/api/v1/schedules/{id}"));
    assert_eq!((&made["schedule"]["status"], &made["from"]), (&json!("planned"), &json!(base)));
    let street = made["streets"].as_array().unwrap().iter().find(|one| one["street"] == "220102001000").unwrap();
    assert_eq!((&street["forced"], &street["tier1"]["value"]), (&json!(1), &json!(0)), "{made:#}");
    assert_eq!(street["people"], json!({"value": 2, "bound": 2, "proven": true}), "the sick one and one other");
    let after = assignments(&app, &id).await;
    let kept = |list: &[Value], other: &[Value]| {
        let same = |one: &Value| other.iter().any(|two| one["person"] == two["person"] && one["post"] == two["post"]);
        list.iter().filter(|one| same(one)).count()
    };
    assert!(kept(&before, &after) + 2 >= before.len(), "no duty but the sick one's changes hands");
    assert!(after.iter().all(|duty| duty["person"] != person || duty["date"] != "2026-11-30"));
    let again = app.send(Method::POST, &path, &key, Some(&body)).await.expect(201).json();
    assert_eq!(again["schedule"]["id"], json!(id), "asked twice, made once");

    // The register learns of the sick call too, so that the whole week can be judged as the version sees it.
    let away = json!({"person": person, "kind": "unavailable", "weekday": 1, "startMinute": 0, "endMinute": 1440,
        "weight": 1, "fromDate": "2026-11-30", "toDate": "2026-11-30"});
    app.post("/api/v1/availability", &away).await.expect(201);
    let certificate = app.get(&format!("/api/v1/schedules/{id}/certificate")).await.expect(200).json();
    let (tiers, rules) = judged(&app, &id).await;
    let stored: Vec<i64> =
        certificate["tiers"].as_array().unwrap().iter().map(|tier| tier["value"].as_i64().unwrap()).collect();
    // The version before was judged when no roster was in force: since then its own disruption is none.
    assert_eq!(stored, tiers);
    assert_eq!(certificate["rules"], json!(rules));
    assert_eq!(certificate["solver"]["replannedFrom"], json!(base));
    let compared = app.get(&format!("/api/v1/schedules/{base}/diff/{id}")).await.expect(200).json();
    assert_eq!(compared["people"].as_array().unwrap().len(), 2, "{compared:#}");
    assert_eq!(compared["tiers"][0], json!({"before": 0, "after": 0}));
    publish(&app, &id).await;
    app.stop().await;
}

#[actix_web::test]
async fn a_cap_leaves_a_post_unmet_and_the_version_says_why() {
    let app = TestApp::start().await;
    app.make_week().await;
    let base = planned(&app).await;
    publish(&app, &base).await;
    let duty = assignments(&app, &base).await[0].clone();
    let path = format!("/api/v1/schedules/{base}/replan");
    let event = json!({"kind": "resigned", "person": duty["person"], "from": "2026-11-30"});
    let body = json!({"events": [event], "mostPeople": 1});
    let made = app.post(&path, &body).await.expect(201).json();
    let street = &made["streets"][0];
    assert_eq!((&street["people"]["value"], &street["forced"]), (&json!(1), &json!(1)), "{made:#}");
    let id = made["schedule"]["id"].as_str().unwrap();
    let unmet = app.get(&format!("/api/v1/schedules/{id}/unmet")).await.expect(200).json();
    let lost = unmet["items"].as_array().unwrap().len();
    assert!(lost >= 1 && made["streets"][0]["tier1"]["value"] == json!(100 * lost), "{unmet:#}");
    // The version remembers what has happened: the one who left is nobody to ask.
    let post = unmet["items"][0]["post"].as_str().unwrap();
    let found = app.get(&format!("/api/v1/schedules/{id}/recommendations?post={post}")).await.expect(200).json();
    assert_eq!(found.as_array().unwrap().len(), 1, "{found:#}");
    assert_ne!(found[0]["person"], duty["person"]);
    assert_eq!(found[0]["effect"]["tiers"][0], -100);

    let closed = json!({"events": [{"kind": "closed", "station": "st-1", "start": "2026-12-01T00:00",
        "end": "2026-12-02T00:00"}]});
    let made = app.post(&path, &closed).await.expect(201).json();
    let id = made["schedule"]["id"].as_str().unwrap();
    assert!(assignments(&app, id).await.iter().all(|duty| duty["date"] != "2026-12-01"));
    let post = json!({"id": "po-new", "station": "st-1", "date": "2026-12-03", "startMinute": 840, "endMinute": 960,
        "skillLevel": 1, "minHeads": 1, "targetHeads": 1, "maxHeads": 1, "priority": 1, "mix": false});
    app.post("/api/v1/posts", &post).await.expect(201);
    let body = json!({"events": [{"kind": "newPost", "post": "po-new"}]});
    let made = app.post(&path, &body).await.expect(201).json();
    assert_eq!(made["streets"][0]["change"]["added"][0]["post"], "po-new", "{made:#}");
    assert_eq!(made["streets"][0]["people"]["value"], 1);
    app.stop().await;
}

#[actix_web::test]
async fn a_replan_that_cannot_be_is_refused_with_its_code() {
    let app = TestApp::start().await;
    app.make_week().await;
    let base = planned(&app).await;
    let path = format!("/api/v1/schedules/{base}/replan");
    let nobody = json!({"events": [{"kind": "resigned", "person": "p-0", "from": "2026-12-01"}]});
    app.post(&path, &nobody).await.problem(404, "not-found");
    app.post(&path, &json!({"events": []})).await.problem(422, "invalid-value");
    app.post(&path, &json!({"events": [{"kind": "party"}]})).await.problem(422, "invalid-body");
    let reversed = json!({"events": [{"kind": "sick", "person": "p-1", "start": "2026-12-02T00:00",
        "end": "2026-12-01T00:00"}]});
    let problem = app.post(&path, &reversed).await.problem(422, "invalid-value");
    assert_eq!(problem["errors"][0]["pointer"], "/events/0");
    let duty = assignments(&app, &base).await[0].clone();
    let pin = format!("/api/v1/schedules/{base}/assignments/{}/pin", duty["id"]);
    app.send(Method::PUT, &pin, &[("if-match", "*")], None).await.expect(200);
    let event =
        json!({"kind": "sick", "person": duty["person"], "start": "2026-11-30T00:00", "end": "2026-12-07T00:00"});
    let problem = app.post(&path, &json!({"events": [event]})).await.problem(422, "infeasible");
    assert_eq!(problem["errors"][0]["pointer"], "/H02", "{problem:#}");
    app.stop().await;
}

#[actix_web::test]
async fn an_unmet_post_is_explained_with_the_nearest_and_repairs_in_both_languages() {
    let app = TestApp::start().await;
    two_streets(&app).await;
    for person in ["p-1", "p-2", "p-3", "p-4"] {
        let away = json!({"person": person, "kind": "unavailable", "weekday": 1, "startMinute": 0, "endMinute": 1440,
            "weight": 1});
        app.post("/api/v1/availability", &away).await.expect(201);
    }
    let id = planned(&app).await;
    let path = format!("/api/v1/schedules/{id}/explanation");
    let list = app.get(&format!("{path}?street=220102001000")).await.expect(200).json();
    assert_eq!(list.as_array().unwrap().len(), 1, "{list:#}");
    let post = list[0]["post"].as_str().unwrap();
    let one = app
        .send(Method::GET, &format!("{path}?post={post}"), &[("accept-language", "en")], None)
        .await
        .expect(200)
        .json();
    assert_eq!((&one[0]["missing"], &one[0]["stoppedBy"]["H02"]), (&json!(1), &json!(4)), "{one:#}");
    assert!(one[0]["reason"].as_str().unwrap().contains("unavailable"));
    assert!(list[0]["reason"].as_str().unwrap().contains("不可用"));
    assert_eq!(one[0]["nearest"][0]["stoppedBy"][0]["rule"], "H02");
    let repairs = one[0]["repairs"].as_array().unwrap();
    assert!((1..=3).contains(&repairs.len()));
    for repair in repairs {
        assert_eq!(repair["effect"]["tiers"][0], -100, "{repair:#}");
        assert!(!repair["effect"]["broken"].as_array().unwrap().is_empty(), "nobody is free");
    }
    let met = assignments(&app, &id).await[0]["post"].as_str().unwrap().to_owned();
    let met = app.get(&format!("{path}?post={met}")).await.expect(200).json();
    assert_eq!((&met[0]["missing"], &met[0]["repairs"]), (&json!(0), &json!([])));
    app.get(&path).await.problem(400, "invalid-query");
    app.get(&format!("{path}?post=none")).await.problem(404, "not-found");
    app.get(&format!("{path}?street=none")).await.problem(404, "not-found");
    app.stop().await;
}

#[actix_web::test]
async fn people_for_a_duty_are_ranked_by_what_they_cost() {
    let app = TestApp::start().await;
    two_streets(&app).await;
    let id = planned(&app).await;
    let path = format!("/api/v1/schedules/{id}/recommendations");
    let duty = assignments(&app, &id).await.into_iter().find(|duty| duty["station"] == "st-1").unwrap();
    let found = app.get(&format!("{path}?assignment={}&limit=10", duty["id"])).await.expect(200).json();
    let found = found.as_array().unwrap();
    let people: Vec<&str> = found.iter().map(|one| one["person"].as_str().unwrap()).collect();
    assert!(!people.contains(&duty["person"].as_str().unwrap()) && !people.contains(&"p-5"), "{people:?}");
    assert_eq!(people.len(), 3, "everybody else who may serve in the street: {people:?}");
    let tiers = |one: &Value| -> Vec<i64> {
        one["effect"]["tiers"].as_array().unwrap().iter().map(|tier| tier.as_i64().unwrap()).collect()
    };
    assert!(found.windows(2).all(|pair| tiers(&pair[0]) <= tiers(&pair[1])));
    assert!(found.iter().all(|one| one["effect"]["broken"] == json!([])));
    app.get(&path).await.problem(400, "invalid-query");
    app.get(&format!("{path}?assignment=999")).await.problem(404, "not-found");
    app.get(&format!("{path}?assignment=1&limit=0")).await.problem(400, "invalid-query");
    app.stop().await;
}

#[actix_web::test]
async fn rules_have_prices_and_fairness_has_one() {
    let app = TestApp::start().await;
    app.make_week().await;
    let contract = json!({"id": "co-1", "name": "每周一班", "minMinutesWeek": 0, "maxDutiesWeek": 1});
    app.post("/api/v1/contracts", &contract).await.expect(201);
    for id in ["p-1", "p-2"] {
        let stored = app.get(&format!("/api/v1/people/{id}")).await;
        let mut person = stored.json();
        person.as_object_mut().unwrap().remove("version");
        person["contract"] = json!("co-1");
        app.put(&format!("/api/v1/people/{id}"), stored.header("etag"), &person).await.expect(200);
    }
    let id = planned(&app).await;
    let path = format!("/api/v1/schedules/{id}/prices");
    let found = app.get(&format!("{path}?street=220102001000&exact=10&fairness=true")).await.expect(200).json();
    assert_eq!(found["street"], "220102001000");
    let instances = found["instances"].as_array().unwrap();
    // Two duties for five posts: one more duty of either is worth the post that it covers.
    let of = |person: &str| instances.iter().find(|one| one["rule"] == "H05" && one["person"] == person);
    let limits: Vec<&Value> = ["p-1", "p-2"].into_iter().filter_map(of).collect();
    assert!(!limits.is_empty(), "{found:#}");
    for limit in limits {
        assert_eq!((&limit["step"], &limit["measure"]), (&json!(1), &json!("duties")));
        assert!((limit["shadow"][0].as_f64().unwrap() + 100.0).abs() < 1e-3, "{limit:#}");
        assert_eq!((&limit["exact"][0], &limit["exactProven"]), (&json!(-100), &json!(true)));
    }
    let fairness = &found["fairness"];
    assert!(fairness["price"].as_i64().unwrap() >= 0 && fairness["proven"] == true, "{fairness:#}");
    app.get(&path).await.problem(400, "invalid-query");
    app.get(&format!("{path}?street=220102001000&exact=11")).await.problem(400, "invalid-query");
    app.stop().await;
}

#[actix_web::test]
async fn what_if_compares_a_changed_copy_and_stores_nothing() {
    let app = TestApp::start().await;
    app.make_week().await;
    let id = planned(&app).await;
    let path = format!("/api/v1/schedules/{id}/what-if");
    let stays = assignments(&app, &id).await;
    let gone = json!([{"start": "2026-11-30T00:00", "end": "2026-12-07T00:00"}]);
    let patch = json!({"people": {"p-1": {"unavailable": gone}, "p-2": {"unavailable": gone}}});
    let street = "220102001000";
    let compared = app.post(&path, &json!({"street": street, "patch": patch})).await.expect(200).json();
    assert_eq!(compared["before"][0], json!({"value": 0, "bound": 0, "proven": true}), "{compared:#}");
    assert_eq!(compared["after"][0], json!({"value": 500, "bound": 500, "proven": true}));
    assert_eq!(compared["rules"]["S10"], json!({"before": 0, "after": 500}));
    assert_eq!(compared["change"]["removed"].as_array().unwrap().len(), 5);
    assert_eq!(compared["present"][0], 0);
    let profile = json!({"name": "不计下限", "unit": null, "id": "pr-1"});
    app.post("/api/v1/constraint-profiles", &profile).await.expect(201);
    let rules = json!({"rules": {"S10": {"weight": 7}}});
    let path_of_versions = "/api/v1/constraint-profiles/pr-1/versions";
    app.send(Method::POST, path_of_versions, &[("if-match", "*")], Some(&rules)).await.expect(201);
    let body = json!({"street": street, "profile": "pr-1", "patch": patch});
    let compared = app.post(&path, &body).await.expect(200).json();
    assert_eq!(compared["after"][0]["value"], 35, "{compared:#}");
    assert_eq!(assignments(&app, &id).await, stays);
    app.post(&path, &json!({"street": street})).await.problem(422, "invalid-value");
    app.post(&path, &json!({"street": street, "profile": "none"})).await.problem(422, "invalid-value");
    app.post(&path, &json!({"patch": {}})).await.problem(400, "invalid-query");
    let wrong = json!({"street": street, "patch": {"people": {"p-1": {"category": "king"}}}});
    let problem = app.post(&path, &wrong).await.problem(422, "invalid-value");
    assert!(problem["errors"][0]["pointer"].as_str().unwrap().starts_with("/patch"), "{problem:#}");
    app.stop().await;
}
