//! A scripted week in the demo district through the interface, by people who sign in: cases come in, the week is planned, a reception is
//! announced, booked and held, cases are solved, escalated, explained and reopened, a venue is withdrawn and the week
//! planned again, and the reports add up to the database's numbers.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::{Value, json};

use crate::app::{Answer, PASSWORD, TestApp, User};

const STREET: &str = "220105001000";
const DISTRICT: &str = "220105000000";
const COMMUNITY: &str = "220105001001";

async fn post_to(app: &User<'_>, path: &str, version: &Value, body: &Value) -> Answer {
    app.send(Method::POST, path, &[("if-match", &format!("\"{version}\""))], Some(body)).await
}

/// Moves a case on from where the last answer left it.
async fn go(app: &User<'_>, case: &Value, name: &str, body: Value) -> Value {
    let path = format!("/api/v1/cases/{}/{name}", case["id"].as_str().unwrap());
    post_to(app, &path, &case["version"], &body).await.expect(200).json()
}

/// Follows a schedule's run to its end, and gives the schedule.
async fn finish(app: &User<'_>, id: &str) -> Value {
    let path = format!("/api/v1/schedules/{id}");
    let events = app.get(&format!("{path}/events")).await;
    assert!(matches!(events.status.as_u16(), 200 | 410), "{}", events.text);
    app.get(&path).await.expect(200).json()
}

/// Every case of a list, page by page.
async fn every_case(app: &User<'_>, query: &str) -> Vec<Value> {
    let mut path = format!("/api/v1/cases?limit=500&{query}");
    let mut all = Vec::new();
    loop {
        let page = app.get(&path).await.expect(200).json();
        all.extend(page["items"].as_array().unwrap().iter().cloned());
        match page["next"].as_str() {
            Some(next) => next.clone_into(&mut path),
            None => return all,
        }
    }
}

/// What the published week decided about receptions stands on them; announced ones are as they were.
async fn receptions_written(app: &User<'_>, plan: &str) {
    let list = app.get(&format!("{plan}/receptions?limit=500")).await.expect(200).json();
    let planned = list["items"].as_array().unwrap().clone();
    assert_eq!(planned.len(), 3, "{list:#}");
    for item in &planned {
        let at = format!("/api/v1/receptions/{}", item["reception"].as_str().unwrap());
        let reception = app.get(&at).await.expect(200).json();
        if item["carriedOut"] == json!(true) {
            assert_eq!(reception["status"], "planned");
            for field in ["date", "startMinute", "endMinute", "deputies", "host", "venue"] {
                assert_eq!(reception[field], item[field], "{field} of {reception:#}");
            }
        } else {
            assert!(item["held"] == json!(false) || reception["status"] == "announced", "{item:#}");
        }
        assert_eq!(item["reason"] == "", item["held"] == json!(true), "{item:#}");
    }
    let held = app.get(&format!("{plan}/receptions?held=true")).await.expect(200).json();
    assert!(planned.iter().any(|item| item["carriedOut"] == json!(true)), "{held:#}");
}

/// A reception that the plan decided is announced and loses its room: the replan finds it another, or says that there is
/// none, with the fewest people changed, and no resident loses a booking or a case by it. Gives the version in force.
async fn lose_a_room(app: &User<'_>, plan: &str) -> String {
    let list = app.get(&format!("{plan}/receptions?limit=500&held=true")).await.expect(200).json();
    let written = list["items"].as_array().unwrap().iter().find(|item| item["carriedOut"] == json!(true)).unwrap();
    let at = format!("/api/v1/receptions/{}", written["reception"].as_str().unwrap());
    let any = [("if-match", "*")];
    let before = app.send(Method::POST, &format!("{at}/announce"), &any, Some(&json!({}))).await.expect(200).json();
    let booking = json!({"startMinute": before["startMinute"], "subject": "漏水", "resident": {"name": "孙丽", "phone": "13700000000"}});
    app.post(&format!("{at}/bookings"), &booking).await.expect(201);
    let (venue, date) = (before["venue"].as_str().unwrap(), before["date"].as_str().unwrap());
    let lost = json!({"from": date, "to": date, "reason": "停电"});
    let path = format!("/api/v1/resources/{venue}/withdraw");
    let withdrawn = app.send(Method::POST, &path, &any, Some(&lost)).await.expect(200).json();
    let displaced = withdrawn["displaced"].as_array().unwrap();
    assert!(displaced.iter().any(|one| one["reception"] == before["id"]), "{withdrawn:#}");
    let event = json!({"kind": "withdrawn", "venue": venue, "start": format!("{date}T00:00"),
        "end": format!("{date}T23:59")});
    let made = app.post(&format!("{plan}/replan"), &json!({"events": [event]})).await.expect(201).json();
    for street in made["streets"].as_array().unwrap() {
        assert_eq!(
            (&street["people"]["proven"], &street["tier1"]["proven"]),
            (&json!(true), &json!(true)),
            "{street:#}"
        );
    }
    let next = format!("/api/v1/schedules/{}", made["schedule"]["id"].as_str().unwrap());
    app.send(Method::POST, &format!("{next}/publish"), &any, None).await.expect(200);
    let list = app.get(&format!("{next}/receptions?limit=500")).await.expect(200).json();
    let decided = list["items"].as_array().unwrap().iter().find(|item| item["reception"] == before["id"]).unwrap();
    let after = app.get(&at).await.expect(200).json();
    assert_eq!((&after["status"], &after["date"]), (&json!("announced"), &before["date"]), "residents know the day");
    let is_lost = after["warnings"].as_array().unwrap().iter().any(|one| one["code"] == "venue-lost");
    if decided["held"] == json!(true) {
        assert_ne!(after["venue"], before["venue"]);
        assert!(!is_lost && after["venue"] == decided["venue"], "{after:#}");
        assert_eq!((&after["host"], &after["deputies"]), (&before["host"], &before["deputies"]), "nobody changes");
    } else {
        assert!(is_lost && decided["reason"].as_str().unwrap().contains("H11"), "{decided:#}");
    }
    next
}

/// What quotas count as held and to come is what the list of receptions holds.
async fn quotas_add_up(app: &User<'_>) {
    let mut receptions = Vec::new();
    let mut path = "/api/v1/receptions?limit=500&from=2026-01-01&to=2026-12-31".to_owned();
    loop {
        let page = app.get(&path).await.expect(200).json();
        receptions.extend(page["items"].as_array().unwrap().iter().cloned());
        match page["next"].as_str() {
            Some(next) => next.clone_into(&mut path),
            None => break,
        }
    }
    let rows = app.get(&format!("/api/v1/quota-progress?unit={STREET}&year=2026")).await.expect(200).json();
    let rows: Vec<&Value> = rows.as_array().unwrap().iter().filter(|row| row["kind"] == "deputyReceptions").collect();
    assert!(!rows.is_empty());
    for row in rows {
        let count = |status: &str| {
            let named = |one: &&Value| one["deputies"].as_array().unwrap().contains(&row["subject"]);
            receptions.iter().filter(|one| one["status"] == status).filter(named).count()
        };
        assert_eq!(row["ahead"], json!(count("announced")), "{row:#}");
        assert!(row["done"].as_i64().unwrap() >= i64::try_from(count("held")).unwrap(), "{row:#}");
    }
}

/// The plan names handlers and sends up what it cannot have worked; its publication has moved the cases accordingly.
async fn carried_out(app: &User<'_>, plan: &str) {
    let decided = app.get(&format!("{plan}/cases?limit=500")).await.expect(200).json();
    let decided = decided["items"].as_array().unwrap();
    let count = |settlement: &str| decided.iter().filter(|case| case["settlement"] == settlement).count();
    assert!(count("worked") > 0 && count("worked") < decided.len(), "{decided:#?}");
    for decision in decided {
        let case = app.get(&format!("/api/v1/cases/{}", decision["case"].as_str().unwrap())).await.expect(200).json();
        match decision["settlement"].as_str().unwrap() {
            "worked" => {
                assert_eq!((&case["status"], &case["handler"]), (&json!("assigned"), &decision["person"]));
                assert_eq!((&decision["carriedOut"], &decision["reason"]), (&json!(true), &json!("")));
            }
            "escalated" => {
                assert_eq!((&case["status"], &decision["carriedOut"]), (&json!("escalated"), &json!(true)));
                assert_ne!(case["unit"], decision["unit"]);
            }
            _ => {
                assert_eq!((&case["status"], &decision["carriedOut"]), (&json!("triaged"), &json!(false)));
                assert_ne!(decision["reason"], "");
            }
        }
    }
}

#[actix_web::test]
async fn a_week_in_the_demo_district_adds_up() {
    let (server, clock) = TestApp::start_closed_still("2026-11-26T01:00:00Z").await;
    let admin = server.administrator().await;
    let demo = json!({"preset": "district", "seed": 7, "weekStart": "2026-11-30"});
    admin.post("/api/v1/demo-data", &demo).await.expect(201);
    let app = server.user_with(&admin, "coordinator", DISTRICT, None).await;
    let officer = server.user_with(&admin, "informationOfficer", STREET, None).await;
    let before = every_case(&app, &format!("unit={STREET}&open=true")).await.len();
    assert!(before >= 25, "the street has {before} open cases");

    // Thursday: cases come in, and a reception is announced for next week.
    let mut cases = Vec::new();
    for (channel, subject) in
        [("hotline", "路灯不亮"), ("sms", "暖气不热"), ("website", "停车难"), ("hotline", "垃圾没有清运")]
    {
        let body = json!({"unit": COMMUNITY, "channel": channel, "subject": subject, "address": "测试路1号",
            "category": "sanitation", "resident": {"name": "赵敏", "phone": "13600000000"}});
        cases.push(officer.post("/api/v1/cases", &body).await.expect(201).json()["case"].clone());
    }
    let staff =
        app.get(&format!("/api/v1/people?unit={STREET}&category=recruitedStaff&limit=2")).await.expect(200).json();
    let handler = staff["items"][0]["id"].as_str().unwrap().to_owned();
    let deputies = app.get(&format!("/api/v1/people?unit={STREET}&category=deputy&limit=2")).await.expect(200).json();
    let deputy = deputies["items"][0]["id"].as_str().unwrap().to_owned();
    server.user_with(&admin, "member", STREET, Some(&handler)).await;
    server.user_with(&admin, "deputy", STREET, Some(&deputy)).await;
    let reception = json!({
        "title": "党代表接待日", "station": format!("s{STREET}"), "date": "2026-12-05", "startMinute": 540,
        "endMinute": 660, "slotMinutes": 30, "perSlot": 1, "venue": "r220105001-room", "host": handler,
        "deputies": [deputy]
    });
    let planned = app.post("/api/v1/receptions", &reception).await.expect(201).json();
    assert_eq!(planned["date"], "2026-12-07", "Saturday moves to Monday");
    let desk = format!("/api/v1/receptions/{}", planned["id"].as_str().unwrap());
    let public = post_to(&app, &format!("{desk}/announce"), &planned["version"], &json!({})).await.expect(200).json();
    for start in [540, 570] {
        let matter = json!({"startMinute": start, "subject": format!("事项{start}"), "resident": {"name": "钱伟", "phone": "13500000000"}});
        officer.post(&format!("{desk}/bookings"), &matter).await.expect(201);
    }

    // The week is planned and published.
    let asked = json!({"unit": STREET, "week": "2026-W49", "timeLimitSeconds": 10, "threads": 1, "seed": 7});
    let id = app.post("/api/v1/schedules", &asked).await.expect(202).json()["id"].as_str().unwrap().to_owned();
    let schedule = finish(&app, &id).await;
    assert_eq!(schedule["run"]["status"], "done", "{schedule:#}");
    let plan = format!("/api/v1/schedules/{id}");
    let published =
        post_to(&app, &format!("{plan}/publish"), &schedule["version"], &json!({})).await.expect(200).json();
    assert_eq!(published["status"], "published");
    carried_out(&app, &plan).await;
    receptions_written(&app, &plan).await;
    lose_a_room(&app, &plan).await;
    quotas_add_up(&app).await;

    // Monday: cases are triaged and handled: one solved, one explained, one escalated, one reopened.
    clock.advance(chrono::Duration::days(4));
    let app = server.sign_in("coordinator", PASSWORD).await;
    let worker = server.sign_in("member", PASSWORD).await;
    for case in &mut cases {
        *case = go(&app, case, "triage", json!({"category": "sanitation", "workingDays": 3})).await;
        *case = go(&app, case, "assign", json!({"handler": handler})).await;
        *case = go(&worker, case, "accept", json!({})).await;
        assert_eq!(case["resident"]["phone"], "13600000000", "the handler can call");
    }
    let solved = go(&worker, &cases[0], "resolve", json!({"reason": "已更换灯泡"})).await;
    go(&app, &solved, "call-back", json!({"satisfaction": "satisfied"})).await;
    go(&worker, &cases[1], "explain", json!({"reason": "管网改造列入明年计划"})).await;
    let up = go(&worker, &cases[2], "escalate", json!({"reason": "需要街道协调"})).await;
    assert_eq!(up["unit"], STREET);
    let closed = go(&worker, &cases[3], "resolve", json!({"reason": "已清运"})).await;
    let closed = go(&app, &closed, "call-back", json!({"satisfaction": "dissatisfied"})).await;
    let reopened = go(&app, &closed, "reopen", json!({"reason": "只清了一半"})).await;
    assert_eq!(reopened["earlierHandler"], json!(handler));

    // A venue is withdrawn: its activity loses it, the event is there for the replan, and the week is planned again.
    let venue = app.get("/api/v1/resources/r220105001-health").await.expect(200).json();
    let lost = json!({"from": "2026-12-01", "to": "2026-12-06", "reason": "屋顶漏水"});
    let path = "/api/v1/resources/r220105001-health/withdraw";
    let withdrawn = post_to(&app, path, &venue["version"], &lost).await.expect(200).json();
    let displaced = withdrawn["displaced"].as_array().unwrap();
    assert_eq!(displaced.len(), 1, "{withdrawn:#}");
    let events = app.get("/api/v1/resource-events?from=2026-12-01&to=2026-12-06").await.expect(200).json();
    assert!(events["items"].as_array().unwrap().iter().any(|event| event["booking"] == displaced[0]["id"]));
    let activity = displaced[0]["activity"].as_str().unwrap();
    app.send(
        Method::POST,
        &format!("/api/v1/activities/{activity}/cancel"),
        &[("if-match", "*")],
        Some(&json!({"reason": "场地不可用"})),
    )
    .await
    .expect(200);
    let again = json!({"unit": STREET, "week": "2026-W49", "timeLimitSeconds": 10, "threads": 1, "seed": 7});
    let second = app.post("/api/v1/schedules", &again).await.expect(202).json()["id"].as_str().unwrap().to_owned();
    assert_eq!(finish(&app, &second).await["run"]["status"], "done");
    let without = app.get(&format!("/api/v1/schedules/{second}/assignments?station=s{STREET}&limit=500")).await.json();
    let post = app.get(&format!("/api/v1/activities/{activity}")).await.json()["post"].clone();
    assert!(
        without["items"].as_array().unwrap().iter().all(|duty| duty["post"] != post),
        "nobody serves at what is off"
    );

    // Next Monday: the reception is held, its deputy keeps the record, and one matter becomes a case.
    clock.advance(chrono::Duration::days(7));
    let app = server.sign_in("coordinator", PASSWORD).await;
    let host = server.sign_in("deputy", PASSWORD).await;
    let record = json!({"matters": [{"number": 1, "outcome": "case", "category": "housing"},
        {"number": 2, "outcome": "answered", "note": "已说明政策"}]});
    let held = post_to(&host, &format!("{desk}/record"), &public["version"], &record).await.expect(200).json();
    assert_eq!(held["reception"]["status"], "held");
    let heard = host.get("/api/v1/cases").await.expect(200).json();
    assert_eq!(heard["items"][0]["id"], held["matters"][0]["case"], "the deputy sees what becomes of it");
    assert_eq!(heard["items"].as_array().unwrap().len(), 1);

    quotas_add_up(&app).await;

    // The reports add up, by every key, to what the database holds.
    let all = every_case(&app, "unit=220105000000").await;
    let mut expected: BTreeMap<&str, i64> = BTreeMap::new();
    for case in &all {
        *expected.entry("received").or_default() += 1;
        let status = case["status"].as_str().unwrap();
        let outcome = if matches!(status, "solved" | "explained") { status } else { "open" };
        *expected.entry(outcome).or_default() += 1;
        *expected.entry("escalated").or_default() += i64::from(case["level"].as_i64().unwrap() > 0);
        *expected.entry("reopened").or_default() += i64::from(case["reopened"].as_i64().unwrap() > 0);
        *expected.entry("overdue").or_default() += i64::from(case["isOverdue"].as_bool().unwrap());
        *expected.entry("responded").or_default() += i64::from(!case["respondedAt"].is_null());
    }
    assert_eq!((expected["solved"], expected["explained"]), (1, 1));
    for by in ["unit", "channel", "category"] {
        let report =
            app.get(&format!("/api/v1/reports/three-rates.json?unit=220105000000&by={by}")).await.expect(200).json();
        for (key, count) in &expected {
            assert_eq!(report["total"][key], json!(count), "{by} {key}: {:#}", report["total"]);
            let sum: i64 = report["rows"].as_array().unwrap().iter().map(|row| row[key].as_i64().unwrap()).sum();
            assert_eq!(sum, *count, "{by} {key}");
        }
    }
    // Every step is in the audit trail, and nobody has changed it since.
    let admin = server.sign_in("admin", PASSWORD).await;
    let verified = admin.get("/api/v1/audit/verification").await.expect(200).json();
    assert_eq!(verified["sound"], true, "{verified:#}");
    let recorded = admin.get("/api/v1/audit?kind=reception&action=record").await.expect(200).json();
    assert_eq!(recorded["items"][0]["actor"], "deputy");
    server.stop().await;
}
