//! What people do with their duties: swap, decline, claim, check in; each told as one story.

use chrono::Duration;
use reqwest::Method;
use serde_json::{Value, json};

use crate::staffed::{build, duties, duty_on, plan, plan_and_publish, set_policy, start};

const MONDAY: &str = "2026-11-30";
const TUESDAY: &str = "2026-12-01";

#[actix_web::test]
async fn two_people_swap_their_duties_and_the_coordinator_approves() {
    let (app, _clock) = start().await;
    let week = build(&app).await;
    let [one, two] = &week.people;
    let (monday, tuesday) = (duty_on(one, MONDAY).await.unwrap(), duty_on(two, TUESDAY).await.unwrap());
    let offer = json!({"schedule": week.schedule, "assignment": monday, "to": "p-2", "for": tuesday, "reason": "有会"});
    two.post("/api/v1/swaps", &offer).await.problem(404, "not-found");
    let swap = one.post("/api/v1/swaps", &offer).await.expect(201).json();
    assert_eq!((&swap["status"], &swap["mode"]), (&json!("offered"), &json!("coordinator")));
    let path = format!("/api/v1/swaps/{}", swap["id"].as_str().unwrap());
    assert_eq!(two.get("/api/v1/me/swaps?status=offered").await.expect(200).json()["items"][0]["id"], swap["id"]);
    one.post(&format!("{path}/take"), &json!({})).await.problem(404, "not-found");
    week.coordinator.post(&format!("{path}/approve"), &json!({})).await.problem(409, "conflict");
    two.post(&format!("{path}/approve"), &json!({})).await.problem(403, "forbidden");
    let taken = two.post(&format!("{path}/take"), &json!({})).await.expect(200).json();
    assert_eq!(taken["status"], "taken");
    assert_eq!(duty_on(one, MONDAY).await, Some(monday), "nothing changes before the approval");
    let done = week.coordinator.post(&format!("{path}/approve"), &json!({})).await.expect(200).json();
    assert_eq!(done["status"], "done");
    assert_eq!((duty_on(one, MONDAY).await, duty_on(one, TUESDAY).await), (None, Some(tuesday)));
    assert_eq!((duty_on(two, MONDAY).await, duty_on(two, TUESDAY).await), (Some(monday), None));
    two.post(&format!("{path}/take"), &json!({})).await.problem(409, "conflict");
    let events = week.coordinator.get("/api/v1/replan-events?kind=swap").await.expect(200).json();
    assert_eq!((&events["items"][0]["person"], &events["items"][0]["reason"]), (&json!("p-2"), &json!("有会")));
    let trail = week.admin.get("/api/v1/audit?kind=swap").await.expect(200).json();
    let actions: Vec<&str> =
        trail["items"].as_array().unwrap().iter().map(|entry| entry["action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["approve", "take", "create"]);
    app.stop().await;
}

#[actix_web::test]
async fn a_swap_is_bound_to_the_assignments_and_refused_once_the_roster_has_changed() {
    let (app, clock) = start().await;
    let week = build(&app).await;
    let [one, two] = &week.people;
    set_policy(&week.coordinator, &[("swapMode", json!("automatic"))]).await;
    let monday = duty_on(one, MONDAY).await.unwrap();
    let offer = json!({"schedule": week.schedule, "assignment": monday, "to": null, "for": null, "reason": null});
    let swap = one.post("/api/v1/swaps", &offer).await.expect(201).json();
    let path = format!("/api/v1/swaps/{}/take", swap["id"].as_str().unwrap());
    clock.advance(Duration::seconds(1));
    plan_and_publish(&week.coordinator).await;
    two.post(&path, &json!({})).await.problem(409, "base-replanned");
    assert!(duty_on(one, MONDAY).await.is_some(), "nothing has changed hands");

    // Anew, it takes effect at once, unless a rule stands against it.
    let schedule = duties(one).await[0]["schedule"].clone();
    let monday = duty_on(one, MONDAY).await.unwrap();
    let offer = json!({"schedule": schedule, "assignment": monday, "to": null, "for": null, "reason": null});
    let swap = one.post("/api/v1/swaps", &offer).await.expect(201).json();
    let path = format!("/api/v1/swaps/{}", swap["id"].as_str().unwrap());
    let away = json!({"person": "p-2", "kind": "unavailable", "weekday": 1, "startMinute": 0, "endMinute": 1440,
        "weight": 1});
    let away = week.admin.post("/api/v1/availability", &away).await.expect(201);
    let broken = two.post(&format!("{path}/take"), &json!({})).await.problem(409, "rule-broken");
    assert_eq!(broken["errors"][0]["pointer"], "H02", "{broken:#}");
    let statement = format!("/api/v1/availability/{}", away.json()["id"].as_str().unwrap());
    week.admin.send(Method::DELETE, &statement, &[("if-match", "*")], None).await.expect(204);
    assert_eq!(two.post(&format!("{path}/take"), &json!({})).await.expect(200).json()["status"], "done");
    assert_eq!((duty_on(one, MONDAY).await, duty_on(two, MONDAY).await), (None, Some(monday)));
    app.stop().await;
}

#[actix_web::test]
async fn where_a_coordinator_comes_first_an_offer_waits_and_may_be_taken_back() {
    let (app, _clock) = start().await;
    let week = build(&app).await;
    let [one, two] = &week.people;
    set_policy(&week.coordinator, &[("swapMode", json!("coordinatorFirst"))]).await;
    let monday = duty_on(one, MONDAY).await.unwrap();
    let offer = json!({"schedule": week.schedule, "assignment": monday, "to": "p-2", "for": null, "reason": null});
    let swap = one.post("/api/v1/swaps", &offer).await.expect(201).json();
    let path = format!("/api/v1/swaps/{}", swap["id"].as_str().unwrap());
    two.post(&format!("{path}/take"), &json!({})).await.problem(409, "conflict");
    let listed = week.coordinator.get("/api/v1/swaps?status=waiting").await.expect(200).json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    week.coordinator.post(&format!("{path}/approve"), &json!({})).await.expect(200);
    assert_eq!(one.post(&format!("{path}/decline"), &json!({})).await.expect(200).json()["status"], "cancelled");
    two.post(&format!("{path}/take"), &json!({})).await.problem(409, "conflict");
    let swap = one.post("/api/v1/swaps", &offer).await.expect(201).json();
    let path = format!("/api/v1/swaps/{}", swap["id"].as_str().unwrap());
    week.coordinator.post(&format!("{path}/approve"), &json!({})).await.expect(200);
    assert_eq!(two.post(&format!("{path}/take"), &json!({})).await.expect(200).json()["status"], "done");
    assert_eq!(duty_on(two, MONDAY).await, Some(monday));
    app.stop().await;
}

#[actix_web::test]
async fn a_declined_duty_falls_open_and_planning_again_gives_it_to_somebody_else() {
    let (app, clock) = start().await;
    let week = build(&app).await;
    let [one, two] = &week.people;
    let monday = duty_on(one, MONDAY).await.unwrap();
    let path = format!("/api/v1/me/assignments/{}/{monday}", week.schedule);
    one.post(&format!("{path}/confirm"), &json!({})).await.expect(200);
    assert!(duties(one).await[0]["confirmedAt"].is_string());
    two.post(&format!("{path}/decline"), &json!({"reason": "家人住院"})).await.problem(404, "not-found");
    one.post(&format!("{path}/decline"), &json!({"reason": " "})).await.problem(422, "invalid-value");
    let event = one.post(&format!("{path}/decline"), &json!({"reason": "家人住院"})).await.expect(200).json();
    assert_eq!((&event["kind"], &event["reason"]), (&json!("decline"), &json!("家人住院")));
    one.post(&format!("{path}/decline"), &json!({"reason": "家人住院"})).await.problem(404, "not-found");
    let open = two.get("/api/v1/open-duties").await.expect(200).json();
    let posts: Vec<&Value> = open["items"].as_array().unwrap().iter().map(|duty| &duty["date"]).collect();
    assert_eq!(posts, [MONDAY], "{open:#}");
    let listed = week.coordinator.get("/api/v1/replan-events?kind=decline").await.expect(200).json();
    assert_eq!(listed["items"][0]["id"], event["id"]);

    let kept: Vec<String> = duties(two).await.iter().map(|duty| duty["date"].to_string()).collect();
    clock.advance(Duration::seconds(1));
    plan_and_publish(&week.coordinator).await;
    assert_eq!(duty_on(one, MONDAY).await, None, "who declined is not asked again");
    assert!(duty_on(two, MONDAY).await.is_some());
    let now: Vec<String> = duties(two).await.iter().map(|duty| duty["date"].to_string()).collect();
    assert!(kept.iter().all(|date| now.contains(date)), "nobody else is shuffled: {kept:?} {now:?}");
    app.stop().await;
}

#[actix_web::test]
async fn an_open_duty_is_claimed_once_and_only_within_the_rules() {
    let (app, _clock) = start().await;
    let week = build(&app).await;
    let [one, two] = &week.people;
    let monday = duty_on(one, MONDAY).await.unwrap();
    let decline = format!("/api/v1/me/assignments/{}/{monday}/decline", week.schedule);
    one.post(&decline, &json!({"reason": "出差"})).await.expect(200);
    let claim = "/api/v1/open-duties/te-1@2026-11-30/claim";
    let broken = one.post(claim, &json!({})).await.problem(409, "rule-broken");
    assert_eq!(broken["errors"][0]["pointer"], "H02", "who declined is unavailable then");
    week.coordinator.post(claim, &json!({})).await.problem(404, "not-found");
    assert_eq!(two.post(claim, &json!({})).await.expect(201).json()["person"], "p-2");
    two.post(claim, &json!({})).await.problem(409, "conflict");
    two.post("/api/v1/open-duties/te-1@2027-11-30/claim", &json!({})).await.problem(404, "not-found");
    assert!(duty_on(two, MONDAY).await.is_some());
    assert_eq!(two.get("/api/v1/open-duties").await.json()["items"], json!([]));
    app.stop().await;
}

#[actix_web::test]
async fn service_is_checked_in_within_the_window_counted_and_certified() {
    let (app, clock) = start().await;
    let week = build(&app).await;
    let [one, _] = &week.people;
    let monday = duty_on(one, MONDAY).await.unwrap();
    let path = format!("/api/v1/me/assignments/{}/{monday}", week.schedule);
    one.post(&format!("{path}/check-in"), &json!({})).await.problem(409, "wrong-time");
    // To Monday 09:02 in China, two minutes after the start.
    clock.advance(Duration::days(6) + Duration::hours(17) + Duration::minutes(2));
    // Sessions end after 12 hours without use.
    let one = &app.sign_in("m1", crate::app::PASSWORD).await;
    let coordinator = app.sign_in("co", crate::app::PASSWORD).await;
    one.post(&format!("{path}/check-out"), &json!({})).await.problem(409, "wrong-time");
    one.post(&format!("{path}/check-in"), &json!({})).await.expect(200);
    clock.advance(Duration::minutes(120));
    let out = one.post(&format!("{path}/check-out"), &json!({})).await.expect(200).json();
    assert_eq!(out["servedMinutes"], 120);
    let hours = one.get("/api/v1/me/hours?from=2026-11-30&to=2026-12-06").await.expect(200).json();
    assert_eq!((&hours["servedDuties"], &hours["servedMinutes"]), (&json!(1), &json!(120)));

    // The head corrects the end; beyond the plan nothing counts.
    let by_head = format!("/api/v1/schedules/{}/assignments/{monday}/check-out", week.schedule);
    let late = json!({"at": "2026-11-30T09:00:00Z", "reason": "现场确认"});
    coordinator.post(&by_head, &late).await.problem(409, "wrong-time");
    clock.advance(Duration::hours(8));
    let counted = coordinator.post(&by_head, &late).await.expect(200).json();
    assert_eq!((&counted["servedMinutes"], &counted["checkedOutBy"]), (&json!(178), &json!("co")));
    let seen = coordinator.get("/api/v1/people/p-1/hours?from=2026-11-30&to=2026-12-06").await.expect(200).json();
    assert_eq!(seen["servedMinutes"], 178);

    let record = json!({"from": "2026-11-01", "to": "2026-11-30"});
    let issued = one.post("/api/v1/me/service-records", &record).await.expect(201).json();
    let code = issued["code"].as_str().unwrap();
    assert_eq!((&issued["name"], &issued["minutes"]), (&json!("单雪梅"), &json!(178)));
    let page = one.get(&format!("/api/v1/me/service-records/{code}")).await.expect(200);
    assert!(page.text.contains(code) && page.text.contains("2 小时 58 分钟"), "{}", page.text);
    assert!(page.header("content-security-policy").contains("style-src 'sha256-"));
    let verified = app.get(&format!("/api/v1/service-records/{}", code.to_lowercase())).await.expect(200).json();
    assert_eq!((&verified["name"], &verified["minutes"]), (&json!("单**"), &json!(178)));
    app.get("/api/v1/service-records/AAAA-AAAA-AAAA-AAAA").await.problem(404, "not-found");
    let other = app.sign_in("m2", crate::app::PASSWORD).await;
    other.get(&format!("/api/v1/me/service-records/{code}")).await.problem(404, "not-found");
    app.stop().await;
}

#[actix_web::test]
async fn availability_is_stated_until_the_deadline_and_taken_back_for_weeks_to_come() {
    let (app, clock) = start().await;
    let week = build(&app).await;
    let [one, _] = &week.people;
    let mine = "/api/v1/me/availability";
    assert_eq!(one.get(mine).await.expect(200).json()["firstOpenWeek"], MONDAY);
    let away = |from: &str, to: &str| {
        json!({"kind": "unavailable", "weekday": null, "fromDate": from, "toDate": to, "startMinute": 0,
            "endMinute": 1440, "reason": "出差"})
    };
    one.post(mine, &away("2026-11-29", "2026-11-30")).await.problem(409, "wrong-time");
    let made = one.post(mine, &away("2026-12-02", "2026-12-03")).await.expect(201).json();
    assert_eq!(made["person"], "p-1");
    // Thursday is over: the coming week is closed.
    clock.advance(Duration::days(3) + Duration::hours(8));
    let one = &app.sign_in("m1", crate::app::PASSWORD).await;
    assert_eq!(one.get(mine).await.expect(200).json()["firstOpenWeek"], "2026-12-07");
    one.post(mine, &away("2026-12-04", "2026-12-04")).await.problem(409, "wrong-time");
    let gone = format!("{mine}/{}", made["id"].as_str().unwrap());
    one.send(Method::DELETE, &gone, &[], None).await.problem(409, "wrong-time");
    let weekly = json!({"kind": "undesired", "weekday": 5, "fromDate": null, "toDate": null, "startMinute": 1080,
        "endMinute": 1320, "reason": null});
    let weekly = one.post(mine, &weekly).await.expect(201).json();
    assert_eq!(weekly["fromDate"], "2026-12-07", "a weekly statement holds from the first open week");
    let gone = format!("{mine}/{}", weekly["id"].as_str().unwrap());
    let other = app.sign_in("m2", crate::app::PASSWORD).await;
    other.send(Method::DELETE, &gone, &[], None).await.problem(404, "not-found");
    one.send(Method::DELETE, &gone, &[], None).await.expect(204);
    app.stop().await;
}

#[actix_web::test]
async fn an_override_that_breaks_a_rule_needs_a_reason_and_stays_visible() {
    let (app, clock) = start().await;
    let week = build(&app).await;
    let away = json!({"person": "p-2", "kind": "unavailable", "weekday": 1, "startMinute": 0, "endMinute": 1440,
        "weight": 1});
    week.admin.post("/api/v1/availability", &away).await.expect(201);
    clock.advance(Duration::seconds(1));
    let draft = plan(&week.coordinator).await;
    let path = format!("/api/v1/schedules/{draft}");
    let listed = week.coordinator.get(&format!("{path}/assignments?date=2026-11-30")).await.expect(200).json();
    let put = format!("{path}/assignments/{}/person", listed["items"][0]["id"]);
    let change = |reason: Value| json!({"person": "p-2", "reason": reason});
    let user = &week.coordinator;
    let send = async |tag: &str, body: Value| user.send(Method::PUT, &put, &[("if-match", tag)], Some(&body)).await;
    send("\"9\"", change(Value::Null)).await.problem(412, "precondition-failed");
    let broken = send("*", change(Value::Null)).await.problem(409, "rule-broken");
    assert_eq!(broken["errors"][0]["pointer"], "H02");
    let done = send("*", change(json!("本人同意"))).await.expect(200).json();
    assert_eq!((&done["person"], &done["pinned"], &done["source"]), (&json!("p-2"), &json!(true), &json!("manual")));
    let overrides = user.get(&format!("{path}/overrides")).await.expect(200).json();
    assert_eq!(overrides["items"].as_array().unwrap().len(), 1, "{overrides:#}");
    assert_eq!((&overrides["items"][0]["rule"], &overrides["items"][0]["reason"]), (&json!("H02"), &json!("本人同意")));
    user.send(Method::POST, &format!("{path}/publish"), &[("if-match", "*")], None).await.expect(200);
    assert_eq!(user.get(&format!("{path}/overrides")).await.expect(200).json(), overrides, "it stays visible");
    send("*", change(json!("再改"))).await.problem(409, "conflict");
    app.stop().await;
}
