//! Planning a week: asking, following, stopping, pinning, publishing, and what a roster carries.

use reqwest::Method;
use serde_json::{Value, json};

use crate::app::TestApp;

#[actix_web::test]
async fn a_week_is_planned_published_and_seen_by_its_people() {
    let app = TestApp::start().await;
    app.make_week().await;
    let asked = app.plan(&json!({})).await.expect(202);
    let id = asked.json()["id"].as_str().unwrap().to_owned();
    assert_eq!(asked.header("location"), format!("/api/v1/schedules/{id}"));
    let schedule = app.finish(&id).await;
    assert_eq!(schedule["run"]["status"], "done", "{schedule:#}");
    assert_eq!(schedule["status"], "planned");
    insta::assert_json_snapshot!(schedule, {
        ".id" => "[id]", ".run.id" => "[id]", ".profile" => "[id]", ".inputHash" => "[hash]",
        ".createdAt" => "[time]", ".plannedAt" => "[time]", ".run.createdAt" => "[time]", ".run.startedAt" => "[time]",
        ".run.finishedAt" => "[time]", ".run.incumbent" => "[values]", ".run.bound" => "[values]",
        ".run.partsDone" => "[parts]", ".run.parts" => "[parts]",
    });
    let path = format!("/api/v1/schedules/{id}");
    app.get(&format!("{path}/events")).await.problem(410, "finished");

    let assignments = app.get(&format!("{path}/assignments?station=st-1")).await.expect(200).json();
    assert_eq!(assignments["items"].as_array().unwrap().len(), 5, "one head at five posts");
    let certificate = app.get(&format!("{path}/certificate")).await.expect(200).json();
    assert_eq!(certificate["tiers"].as_array().unwrap().len(), 3);
    assert_eq!(certificate["tiers"][0]["value"], 0);
    assert_eq!(certificate["solver"]["inputHash"], schedule["inputHash"]);
    assert_eq!(app.get(&format!("{path}/unmet")).await.expect(200).json()["items"], json!([]));
    // How it came about is kept, and ends where the certificate stands.
    let course = app.get(&format!("{path}/progress")).await.expect(200).json();
    let last = course["points"].as_array().unwrap().last().unwrap();
    let tiers =
        |of: &str| certificate["tiers"].as_array().unwrap().iter().map(|tier| tier[of].clone()).collect::<Value>();
    assert_eq!((&last["incumbent"], &last["bound"]), (&tiers("value"), &tiers("bound")), "{course:#}");
    assert_eq!(course["run"], schedule["run"]["id"]);
    assert!(last["seconds"].as_f64().is_some_and(|seconds| (0.0..60.0).contains(&seconds)), "{course:#}");
    app.get("/api/v1/schedules/sc-0/progress").await.problem(404, "not-found");

    let person = assignments["items"][0]["person"].as_str().unwrap();
    let mine = format!("/api/v1/people/{person}/assignments?from=2026-11-30&to=2026-12-06");
    assert_eq!(app.get(&mine).await.expect(200).json(), json!([]), "nobody is bound by a draft");
    let version = format!("\"{}\"", schedule["version"]);
    app.send(Method::POST, &format!("{path}/publish"), &[], None).await.problem(428, "precondition-required");
    let published = app.send(Method::POST, &format!("{path}/publish"), &[("if-match", &version)], None).await;
    assert_eq!(published.expect(200).json()["status"], "published");
    let duties = app.get(&mine).await.expect(200).json();
    assert_eq!(duties[0]["stationName"], "桃源社区站");

    let roster = app.get("/api/v1/rosters/220102001000/2026-W49.json").await.expect(200).json();
    assert_eq!(roster["stations"][0]["assignments"].as_array().unwrap().len(), 5);
    app.get("/api/v1/rosters/220102001000/2026-W50.json").await.problem(404, "not-found");
    app.get("/api/v1/rosters/220102001000/soon.json").await.problem(404, "not-found");
    app.stop().await;
}

#[actix_web::test]
async fn an_unmet_post_says_why_in_both_languages() {
    let app = TestApp::start().await;
    app.make_week().await;
    for person in ["p-1", "p-2"] {
        let away = json!({"person": person, "kind": "unavailable", "weekday": 1, "startMinute": 0, "endMinute": 1440,
            "weight": 1});
        app.post("/api/v1/availability", &away).await.expect(201);
    }
    let id = app.plan(&json!({})).await.expect(202).json()["id"].as_str().unwrap().to_owned();
    app.finish(&id).await;
    let path = format!("/api/v1/schedules/{id}/unmet");
    let chinese = app.get(&path).await.expect(200).json();
    assert_eq!(chinese["items"].as_array().unwrap().len(), 1);
    assert_eq!(chinese["items"][0]["date"], "2026-11-30");
    assert_eq!(chinese["items"][0]["stoppedBy"]["H02"], 2);
    assert!(chinese["items"][0]["reason"].as_str().unwrap().contains("不可用"), "{chinese:#}");
    let english = app.send(Method::GET, &path, &[("accept-language", "en")], None).await.expect(200).json();
    assert!(english["items"][0]["reason"].as_str().unwrap().contains("unavailable"), "{english:#}");
    app.stop().await;
}

#[actix_web::test]
async fn a_pin_survives_planning_again() {
    let app = TestApp::start().await;
    app.make_week().await;
    let id = app.plan(&json!({})).await.expect(202).json()["id"].as_str().unwrap().to_owned();
    app.finish(&id).await;
    let path = format!("/api/v1/schedules/{id}");
    let before = app.get(&format!("{path}/assignments")).await.json();
    let first = &before["items"][0];
    let pin = format!("{path}/assignments/{}/pin", first["id"]);
    app.send(Method::PUT, &pin, &[], None).await.problem(428, "precondition-required");
    app.send(Method::PUT, &pin, &[("if-match", "\"7\"")], None).await.problem(412, "precondition-failed");
    let pinned = app.send(Method::PUT, &pin, &[("if-match", "\"1\"")], None).await.expect(200);
    assert_eq!(pinned.json()["pinned"], true);
    // The pinned person would rather not, so that only the pin keeps the duty there.
    let away = json!({"person": first["person"], "kind": "undesired", "weekday": 1, "startMinute": 0,
        "endMinute": 1440, "weight": 100});
    app.post("/api/v1/availability", &away).await.expect(201);
    app.send(Method::POST, &format!("{path}/replan"), &[], None).await.expect(202);
    let again = app.finish(&id).await;
    assert_eq!(again["run"]["kind"], "replan");
    assert_eq!(again["run"]["status"], "done", "{again:#}");
    let kept = app.get(&format!("{path}/assignments?pinned=true")).await.json();
    assert_eq!(kept["items"][0]["person"], first["person"]);
    assert_eq!(kept["items"][0]["post"], first["post"]);
    let unpinned = app.send(Method::DELETE, &pin, &[("if-match", pinned.header("etag"))], None).await.expect(200);
    assert_eq!(unpinned.json()["pinned"], false);
    app.send(Method::PUT, &format!("{path}/assignments/999/pin"), &[("if-match", "*")], None)
        .await
        .problem(404, "not-found");
    app.stop().await;
}

#[actix_web::test]
async fn a_request_that_cannot_be_planned_is_refused_at_once() {
    let app = TestApp::start().await;
    app.make_week().await;
    let problem = app.plan(&json!({"week": "2027-W10"})).await.problem(422, "no-calendar");
    assert_eq!(problem["errors"][0]["pointer"], "/week");
    app.make_calendar(2027, false).await;
    app.plan(&json!({"week": "2027-W10"})).await.problem(422, "no-calendar");
    app.plan(&json!({"week": "2026-W53"})).await.problem(422, "no-calendar");
    app.plan(&json!({"week": "2026-W54"})).await.problem(422, "invalid-value");
    app.plan(&json!({"unit": "999999999999"})).await.problem(422, "unknown-reference");
    app.plan(&json!({"profile": "nobody"})).await.problem(422, "unknown-reference");
    app.plan(&json!({"threads": 0})).await.problem(422, "invalid-value");
    app.plan(&json!({"timeLimitSeconds": 0})).await.problem(422, "invalid-value");
    app.plan(&json!({"colour": "red"})).await.problem(422, "invalid-body");
    assert_eq!(app.get("/api/v1/schedules").await.json()["items"], json!([]));
    app.plan(&json!({"week": "2027-W10", "acceptDraftCalendar": true})).await.expect(202);
    app.stop().await;
}

#[actix_web::test]
async fn a_week_without_posts_fails_with_a_code() {
    let app = TestApp::start().await;
    app.make_units().await;
    app.make_calendar(2026, true).await;
    let id = app.plan(&json!({})).await.expect(202).json()["id"].as_str().unwrap().to_owned();
    let schedule = app.finish(&id).await;
    assert_eq!(schedule["run"]["status"], "failed");
    assert_eq!(schedule["run"]["errorCode"], "nothing-to-plan");
    let path = format!("/api/v1/schedules/{id}");
    for part in ["certificate", "unmet", "assignments"] {
        app.get(&format!("{path}/{part}")).await.problem(409, "not-ready");
    }
    app.send(Method::POST, &format!("{path}/publish"), &[("if-match", "*")], None).await.problem(409, "conflict");
    app.send(Method::DELETE, &path, &[], None).await.problem(409, "conflict");
    app.stop().await;
}

#[actix_web::test]
async fn the_same_key_gives_the_same_schedule() {
    let app = TestApp::start().await;
    app.make_week().await;
    let body = json!({"unit": "220100000000", "week": "2026-W49", "timeLimitSeconds": 10});
    let ask = async |body: &Value| {
        app.send(Method::POST, "/api/v1/schedules", &[("idempotency-key", "k-1")], Some(body)).await
    };
    let first = ask(&body).await.expect(202).json();
    let second = ask(&body).await.expect(202).json();
    assert_eq!(first["id"], second["id"]);
    let other = json!({"unit": "220100000000", "week": "2026-W50", "timeLimitSeconds": 10});
    ask(&other).await.problem(422, "idempotency-mismatch");
    let long = "k".repeat(300);
    let answer = app.send(Method::POST, "/api/v1/schedules", &[("idempotency-key", long.as_str())], Some(&body)).await;
    answer.problem(400, "invalid-header");
    let listed = app.get("/api/v1/schedules?unit=220100000000").await.json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    app.stop().await;
}

#[actix_web::test]
async fn an_event_stream_ends_with_the_finished_run() {
    let app = TestApp::start().await;
    app.make_week().await;
    let id = app.plan(&json!({})).await.expect(202).json()["id"].as_str().unwrap().to_owned();
    let events = app.get(&format!("/api/v1/schedules/{id}/events")).await;
    if events.status == 200 {
        assert!(events.header("content-type").starts_with("text/event-stream"));
        let last = events.text.trim_end().rsplit("\n\n").next().unwrap();
        let (name, data) = last.split_once('\n').unwrap();
        assert_eq!(name, "event: finished");
        let run: Value = serde_json::from_str(data.strip_prefix("data: ").unwrap()).unwrap();
        assert_eq!(run["status"], "done");
    } else {
        events.problem(410, "finished");
    }
    app.get("/api/v1/schedules/sc-0/events").await.problem(404, "not-found");
    app.stop().await;
}

#[actix_web::test]
async fn my_assignments_check_person_and_dates() {
    let app = TestApp::start().await;
    app.make_week().await;
    assert_eq!(app.get("/api/v1/people/p-1/assignments").await.expect(200).json(), json!([]));
    app.get("/api/v1/people/nobody/assignments").await.problem(404, "not-found");
    for query in ["from=2026-02-30", "from=2026-01-02&to=2026-01-01", "from=2026-01-01&to=2026-12-31", "day=1"] {
        app.get(&format!("/api/v1/people/p-1/assignments?{query}")).await.problem(400, "invalid-query");
    }
    app.stop().await;
}
