//! Residents' cases over the interface: intake, every move, masking, lists, reports, and bad input.

use std::sync::Arc;

use paiban::cases::watch::{Swept, sweep};
use paiban::domain::FixedClock;
use reqwest::Method;
use serde_json::{Value, json};

use crate::app::{Answer, TestApp, User};

/// Monday morning in the city, with units, calendar, two members of staff, a deputy and a category.
async fn office() -> (TestApp, Arc<FixedClock>) {
    let (app, clock) = TestApp::start_still("2026-11-30T01:00:00Z").await;
    app.make_units().await;
    app.make_calendar(2026, true).await;
    for (id, category) in [("p-1", "recruitedStaff"), ("p-2", "recruitedStaff"), ("d-1", "deputy")] {
        let person = json!({
            "id": id, "name": format!("人员{id}"), "sortKey": id, "category": category, "homeUnit": "220102001001"
        });
        app.post("/api/v1/people", &person).await.expect(201);
    }
    let category = json!({"id": "housing", "name": "房屋维修", "skill": null, "minutes": 90, "workingDays": 5});
    app.post("/api/v1/case-categories", &category).await.expect(201);
    (app, clock)
}

fn lamp() -> Value {
    json!({
        "unit": "220102001001", "channel": "informationOfficer", "subject": "3号楼2单元楼道灯不亮",
        "description": "老人晚上\n上下楼不便", "address": "桃源路12号3号楼",
        "location": {"latitude": 43.88, "longitude": 125.32}, "urgency": 2,
        "resident": {"name": "张桂英", "phone": "13800005678"}
    })
}

async fn register(app: &TestApp, body: &Value) -> Value {
    app.post("/api/v1/cases", body).await.expect(201).json()["case"].clone()
}

/// Moves a case from the version that the document has.
async fn make(app: &TestApp, case: &Value, name: &str, body: Value) -> Answer {
    let path = format!("/api/v1/cases/{}/{name}", case["id"].as_str().unwrap());
    let version = format!("\"{}\"", case["version"]);
    app.send(Method::POST, &path, &[("if-match", &version)], Some(&body)).await
}

async fn made(app: &TestApp, case: &Value, name: &str, body: Value) -> Value {
    make(app, case, name, body).await.expect(200).json()
}

async fn in_progress(app: &TestApp, case: &Value) -> Value {
    let case = made(app, case, "triage", json!({"category": "housing"})).await;
    let case = made(app, &case, "assign", json!({"handler": "p-1"})).await;
    made(app, &case, "accept", json!({})).await
}

#[actix_web::test]
async fn one_call_registers_a_case_and_its_whole_way_is_on_record() {
    let (app, _clock) = office().await;
    let answer = app.post("/api/v1/cases", &lamp()).await.expect(201);
    let case = answer.json()["case"].clone();
    assert_eq!(answer.header("location"), format!("/api/v1/cases/{}", case["id"].as_str().unwrap()));
    assert_eq!(case["number"], "MQ220102-20261130-0001");
    assert_eq!((case["status"].clone(), case["deadline"].clone()), (json!("received"), json!("2026-12-07")));
    assert_eq!(case["responseDue"], "2026-12-01");
    assert_eq!(case["legalMoves"], json!(["triage"]));
    assert_eq!(register(&app, &lamp()).await["number"], "MQ220102-20261130-0002", "no number comes twice");

    let case = in_progress(&app, &case).await;
    assert_eq!((case["minutes"].clone(), case["respondedAt"].clone()), (json!(90), json!("2026-11-30T01:00:00Z")));
    let case = made(&app, &case, "extend", json!({"deadline": "2026-12-10", "reason": "等待配件"})).await;
    let case = made(&app, &case, "resolve", json!({"reason": "已更换灯具"})).await;
    assert_eq!(case["legalMoves"], json!(["callBack", "reopen"]));
    let case = made(&app, &case, "call-back", json!({"satisfaction": "dissatisfied", "reason": "又坏了"})).await;
    let case = made(&app, &case, "reopen", json!({"reason": "又坏了"})).await;
    assert_eq!((case["status"].clone(), case["reopened"].clone()), (json!("triaged"), json!(1)));
    assert_eq!((case["handler"].clone(), case["earlierHandler"].clone()), (Value::Null, json!("p-1")));
    let case = made(&app, &case, "escalate", json!({"reason": "需要街道协调"})).await;
    assert_eq!((case["unit"].clone(), case["level"].clone()), (json!("220102001000"), json!(1)));

    let timeline =
        app.get(&format!("/api/v1/cases/{}/timeline", case["id"].as_str().unwrap())).await.expect(200).json();
    let lines: Vec<String> = timeline
        .as_array()
        .unwrap()
        .iter()
        .map(|line| {
            format!("{} {} {} -> {}: {}", line["number"], line["action"], line["from"], line["to"], line["reason"])
        })
        .collect();
    insta::assert_json_snapshot!(lines, @r#"
    [
      "1 \"receive\" null -> \"received\": \"来源：informationOfficer\"",
      "2 \"triage\" \"received\" -> \"triaged\": \"分类 housing，90 分钟\"",
      "3 \"assign\" \"triaged\" -> \"assigned\": \"指派 p-1\"",
      "4 \"accept\" \"assigned\" -> \"inProgress\": \"承办人接收\"",
      "5 \"extend\" \"inProgress\" -> \"inProgress\": \"等待配件\"",
      "6 \"resolve\" \"inProgress\" -> \"solved\": \"已更换灯具\"",
      "7 \"callBack\" \"solved\" -> \"solved\": \"又坏了\"",
      "8 \"reopen\" \"solved\" -> \"triaged\": \"又坏了\"",
      "9 \"escalate\" \"triaged\" -> \"escalated\": \"需要街道协调\""
    ]
    "#);
    assert!(timeline.as_array().unwrap().iter().all(|line| line["actor"] == "open" && !line["at"].is_null()));
    app.stop().await;
}

#[actix_web::test]
async fn an_illegal_move_is_refused_with_the_legal_ones_and_changes_nothing() {
    let (app, _clock) = office().await;
    let case = register(&app, &lamp()).await;
    let problem = make(&app, &case, "resolve", json!({"reason": "x"})).await.problem(409, "illegal-move");
    assert_eq!(problem["legalMoves"], json!(["triage"]), "{problem:#}");
    let case = in_progress(&app, &case).await;
    let problem = make(&app, &case, "accept", json!({})).await.problem(409, "illegal-move");
    assert_eq!(problem["legalMoves"], json!(["return", "escalate", "extend", "explain", "resolve"]));
    let case = made(&app, &case, "extend", json!({"deadline": "2026-12-09", "reason": "x"})).await;
    make(&app, &case, "extend", json!({"deadline": "2026-12-19", "reason": "x"})).await.problem(409, "illegal-move");
    let stored = app.get(&format!("/api/v1/cases/{}", case["id"].as_str().unwrap())).await.expect(200).json();
    assert_eq!(stored, case);
    // At the top there is nobody to send it to.
    let top = register(&app, &{
        let mut body = lamp();
        body["unit"] = json!("220100000000");
        body
    })
    .await;
    let top = made(&app, &top, "triage", json!({"category": "housing"})).await;
    make(&app, &top, "escalate", json!({"reason": "x"})).await.problem(409, "illegal-move");
    app.stop().await;
}

#[actix_web::test]
async fn moves_need_the_version_a_reason_and_sound_values() {
    let (app, _clock) = office().await;
    let case = register(&app, &lamp()).await;
    let path = format!("/api/v1/cases/{}", case["id"].as_str().unwrap());
    let body = json!({"category": "housing"});
    let triage = format!("{path}/triage");
    app.send(Method::POST, &triage, &[], Some(&body)).await.problem(428, "precondition-required");
    app.send(Method::POST, &triage, &[("if-match", "\"9\"")], Some(&body)).await.problem(412, "precondition-failed");
    for (body, status, code, pointer) in [
        (json!({"category": "nothing"}), 422, "unknown-reference", None),
        (json!({"category": "housing", "skill": "nothing"}), 422, "unknown-reference", None),
        (json!({"category": "housing", "deadline": "2026-11-29"}), 422, "invalid-value", Some("/deadline")),
        (json!({"category": "housing", "urgency": 9}), 422, "invalid-value", Some("/urgency")),
        (json!({"category": "housing", "minutes": 1}), 422, "invalid-value", Some("/minutes")),
        (json!({"category": "housing", "earliest": "2027-01-01"}), 422, "invalid-value", Some("/earliest")),
    ] {
        let problem = make(&app, &case, "triage", body.clone()).await.problem(status, code);
        if let Some(pointer) = pointer {
            assert_eq!(problem["errors"][0]["pointer"], pointer, "{body}: {problem:#}");
        }
    }
    let case = made(&app, &case, "triage", json!({"category": "housing", "excluded": ["p-2"]})).await;
    let conflict = make(&app, &case, "assign", json!({"handler": "p-2"})).await.problem(422, "invalid-value");
    assert!(conflict["errors"][0]["cause"].as_str().unwrap().contains("H14"), "{conflict:#}");
    make(&app, &case, "assign", json!({"handler": "d-1"})).await.problem(422, "invalid-value");
    make(&app, &case, "assign", json!({"handler": "nobody"})).await.problem(422, "unknown-reference");
    let problem = make(&app, &case, "explain", json!({"reason": " "})).await.problem(422, "invalid-value");
    assert_eq!(problem["errors"][0]["pointer"], "/reason");
    app.stop().await;
}

/// Moves a case as somebody who is signed in.
async fn made_by(user: &User<'_>, case: &Value, name: &str, body: Value) -> Value {
    let path = format!("/api/v1/cases/{}/{name}", case["id"].as_str().unwrap());
    let version = format!("\"{}\"", case["version"]);
    user.send(Method::POST, &path, &[("if-match", &version)], Some(&body)).await.expect(200).json()
}

#[actix_web::test]
async fn the_contact_shows_to_the_handler_while_the_case_is_open_and_to_others_for_a_reason() {
    let (app, _clock) = TestApp::start_closed_still("2026-11-30T01:00:00Z").await;
    let admin = app.administrator().await;
    for (id, parent, level) in [
        ("220100000000", Value::Null, "city"),
        ("220102001000", json!("220100000000"), "street"),
        ("220102001001", json!("220102001000"), "community"),
    ] {
        let unit = json!({"id": id, "parent": parent, "level": level, "name": "单位"});
        admin.post("/api/v1/units", &unit).await.expect(201);
    }
    for id in ["p-1", "p-2"] {
        let person = json!({"id": id, "name": "人员", "sortKey": id, "category": "recruitedStaff",
            "homeUnit": "220102001001"});
        admin.post("/api/v1/people", &person).await.expect(201);
    }
    let category = json!({"id": "housing", "name": "房屋维修", "skill": null, "minutes": 90, "workingDays": 5});
    admin.post("/api/v1/case-categories", &category).await.expect(201);
    let street = "220102001000";
    let officer = app.user_with(&admin, "informationOfficer", street, None).await;
    let coordinator = app.user_with(&admin, "coordinator", street, None).await;
    let handler = app.user_with(&admin, "member", street, Some("p-1")).await;
    let masked = json!({"name": "张**", "phone": "138****5678", "isMasked": true});

    let case = officer.post("/api/v1/cases", &lamp()).await.expect(201).json()["case"].clone();
    assert_eq!(case["resident"], masked, "whoever registers a case reads no contacts back");
    let path = format!("/api/v1/cases/{}", case["id"].as_str().unwrap());
    officer.get(&path).await.problem(403, "forbidden");
    handler.get(&path).await.problem(404, "not-found");
    let case = made_by(&coordinator, &case, "triage", json!({"category": "housing"})).await;
    let case = made_by(&coordinator, &case, "assign", json!({"handler": "p-1"})).await;
    assert_eq!(case["resident"], masked);
    let case = made_by(&handler, &case, "accept", json!({})).await;
    assert_eq!(case["resident"], json!({"name": "张桂英", "phone": "13800005678", "isMasked": false}));
    let own = handler.get("/api/v1/cases").await.expect(200).json();
    assert_eq!(own["items"][0]["id"], case["id"]);
    let audit = admin.get("/api/v1/audit?kind=case").await.expect(200);
    assert!(!audit.text.contains("13800005678") && !audit.text.contains("张桂英"), "{}", audit.text);
    let actions: Vec<Value> =
        audit.json()["items"].as_array().unwrap().iter().map(|entry| entry["action"].clone()).collect();
    assert_eq!(actions, ["accept", "assign", "triage", "create"]);
    let timeline = coordinator.get(&format!("{path}/timeline")).await.expect(200).json();
    let actors: Vec<&Value> = timeline.as_array().unwrap().iter().map(|line| &line["actor"]).collect();
    assert_eq!(actors, ["informationOfficer", "coordinator", "coordinator", "member"]);

    let case = made_by(&handler, &case, "resolve", json!({"reason": "已修好"})).await;
    assert_eq!(case["resident"], masked, "the case is closed");
    assert_eq!(handler.get(&path).await.expect(200).json()["resident"], masked);
    handler.post(&format!("{path}/unmask"), &json!({"reason": "回访"})).await.problem(403, "forbidden");
    coordinator.post(&format!("{path}/unmask"), &json!({"reason": " "})).await.problem(422, "invalid-value");
    let shown = coordinator.post(&format!("{path}/unmask"), &json!({"reason": "电话回访"})).await.expect(200).json();
    assert_eq!((shown["name"].clone(), shown["phone"].clone()), (json!("张桂英"), json!("13800005678")));
    let kept = admin.get("/api/v1/audit?kind=case&action=unmask").await.expect(200).json();
    assert_eq!(
        (kept["items"][0]["actor"].clone(), kept["items"][0]["reason"].clone()),
        (json!("coordinator"), json!("电话回访"))
    );
    app.stop().await;
}

#[actix_web::test]
async fn a_unit_follows_what_it_took_in_after_the_case_has_gone_up_and_moves_it_no_more() {
    let (app, _clock) = TestApp::start_closed_still("2026-11-30T01:00:00Z").await;
    let admin = app.administrator().await;
    for (id, parent, level) in [
        ("220100000000", Value::Null, "city"),
        ("220102001000", json!("220100000000"), "street"),
        ("220102001001", json!("220102001000"), "community"),
    ] {
        let unit = json!({"id": id, "parent": parent, "level": level, "name": "单位"});
        admin.post("/api/v1/units", &unit).await.expect(201);
    }
    let category = json!({"id": "housing", "name": "房屋维修", "skill": null, "minutes": 90, "workingDays": 5});
    admin.post("/api/v1/case-categories", &category).await.expect(201);
    let community = app.user_with(&admin, "coordinator", "220102001001", None).await;
    let case = community.post("/api/v1/cases", &lamp()).await.expect(201).json()["case"].clone();
    let mut elsewhere = lamp();
    elsewhere["unit"] = json!("220102001000");
    community.post("/api/v1/cases", &elsewhere).await.problem(422, "unknown-reference");
    let hidden = admin.post("/api/v1/cases", &elsewhere).await.expect(201).json()["case"].clone();
    let case = made_by(&community, &case, "triage", json!({"category": "housing"})).await;
    let up = made_by(&community, &case, "escalate", json!({"reason": "需要街道协调"})).await;
    assert_eq!(up["unit"], "220102001000");
    let path = format!("/api/v1/cases/{}", case["id"].as_str().unwrap());
    assert_eq!(community.get(&path).await.expect(200).json()["status"], "escalated");
    community.get(&format!("{path}/timeline")).await.expect(200);
    let list = community.get("/api/v1/cases").await.expect(200).json();
    let listed: Vec<&Value> = list["items"].as_array().unwrap().iter().map(|item| &item["id"]).collect();
    assert_eq!(listed, [&case["id"]], "the street's own case is not there");
    let alike = community.get(&format!("{path}/duplicates")).await.expect(200).text;
    assert!(!alike.contains(hidden["id"].as_str().unwrap()), "the same matter, registered outside: {alike}");
    let again = json!({"category": "housing"});
    let version = [("if-match", "*")];
    community.send(Method::POST, &format!("{path}/triage"), &version, Some(&again)).await.problem(403, "forbidden");
    app.stop().await;
}

#[actix_web::test]
async fn the_same_matter_is_suggested_by_place_category_and_time() {
    let (app, clock) = office().await;
    let first = register(&app, &lamp()).await;
    let mut elsewhere = lamp();
    elsewhere["address"] = json!("民康路1号");
    elsewhere["location"] = json!({"latitude": 43.90, "longitude": 125.40});
    elsewhere["subject"] = json!("暖气不热");
    register(&app, &elsewhere).await;
    clock.advance(chrono::Duration::days(2));
    let mut again = lamp();
    again["subject"] = json!("楼道灯不亮，摔了人");
    let answer = app.post("/api/v1/cases", &again).await.expect(201).json();
    let suggested = answer["duplicates"].as_array().unwrap();
    assert_eq!(suggested.len(), 1, "{answer:#}");
    assert_eq!(suggested[0]["id"], first["id"]);
    assert_eq!((suggested[0]["samePlace"].clone(), suggested[0]["daysApart"].clone()), (json!(true), json!(2)));
    clock.advance(chrono::Duration::days(40));
    let late = app.post("/api/v1/cases", &lamp()).await.expect(201).json();
    assert_eq!(late["duplicates"], json!([]), "a month later it is another matter");
    app.stop().await;
}

#[actix_web::test]
async fn a_repeated_intake_with_the_same_key_is_one_case() {
    let (app, _clock) = office().await;
    let key = [("idempotency-key", "call-4711")];
    let first = app.send(Method::POST, "/api/v1/cases", &key, Some(&lamp())).await.expect(201).json();
    let second = app.send(Method::POST, "/api/v1/cases", &key, Some(&lamp())).await.expect(201).json();
    assert_eq!(first["case"], second["case"]);
    let mut other = lamp();
    other["subject"] = json!("暖气不热");
    app.send(Method::POST, "/api/v1/cases", &key, Some(&other)).await.problem(422, "idempotency-mismatch");
    assert_eq!(app.get("/api/v1/cases").await.json()["items"].as_array().unwrap().len(), 1);
    app.stop().await;
}

#[actix_web::test]
async fn bad_intake_is_refused_with_the_place() {
    let (app, _clock) = office().await;
    for (field, value, code, pointer) in [
        ("unit", json!("999999999999"), "unknown-reference", None),
        ("unit", json!("here"), "invalid-value", Some("/unit")),
        ("channel", json!("pigeon"), "invalid-value", Some("/channel")),
        ("subject", json!(""), "invalid-value", Some("/subject")),
        ("urgency", json!(0), "invalid-value", Some("/urgency")),
        ("location", json!({"latitude": 99.0, "longitude": 0.0}), "invalid-value", Some("/location")),
        ("colour", json!("red"), "invalid-body", Some("/colour")),
    ] {
        let mut body = lamp();
        body[field] = value;
        let problem = app.post("/api/v1/cases", &body).await.problem(422, code);
        if let Some(pointer) = pointer {
            assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem:#}");
        }
    }
    app.get("/api/v1/cases?sort=colour").await.problem(400, "invalid-query");
    app.get("/api/v1/cases?dueBefore=soon").await.problem(400, "invalid-query");
    app.get("/api/v1/cases?cursor=AAAA").await.problem(400, "invalid-cursor");
    assert_eq!(app.get("/api/v1/cases").await.json()["items"], json!([]), "nothing was half-written");
    app.stop().await;
}

#[actix_web::test]
async fn a_near_deadline_is_warned_of_and_a_late_case_steps_up_to_the_top() {
    let (app, clock) = office().await;
    let case = register(&app, &lamp()).await;
    in_progress(&app, &case).await;
    let path = format!("/api/v1/cases/{}", case["id"].as_str().unwrap());
    let look = async || app.get(&path).await.expect(200).json();
    assert_eq!(sweep(&app.db, &*clock).unwrap(), Swept::default(), "a week is left");
    clock.advance(chrono::Duration::days(4));
    assert_eq!(sweep(&app.db, &*clock).unwrap(), Swept { warned: 1, ..Swept::default() }, "Friday before Monday");
    assert_eq!(sweep(&app.db, &*clock).unwrap(), Swept::default(), "once is enough");
    clock.advance(chrono::Duration::days(4));
    let overdue = app.get("/api/v1/cases?overdue=true").await.expect(200).json();
    assert_eq!(overdue["items"].as_array().unwrap().len(), 1);
    assert_eq!(overdue["items"][0]["isOverdue"], true);
    assert_eq!(sweep(&app.db, &*clock).unwrap(), Swept { stepped_up: 1, ..Swept::default() });
    let up = look().await;
    assert_eq!((up["unit"].clone(), up["level"].clone()), (json!("220102001000"), json!(1)));
    assert_eq!((up["status"].clone(), up["urgency"].clone()), (json!("escalated"), json!(3)));
    assert_eq!((up["deadline"].clone(), up["earlierHandler"].clone()), (json!("2026-12-10"), json!("p-1")));
    assert_eq!(app.get("/api/v1/cases?level=1").await.json()["items"].as_array().unwrap().len(), 1);
    assert_eq!(app.get("/api/v1/cases?dueBefore=2026-12-10").await.json()["items"], json!([]));
    clock.advance(chrono::Duration::days(10));
    assert_eq!(sweep(&app.db, &*clock).unwrap(), Swept { stepped_up: 1, ..Swept::default() }, "to the city");
    clock.advance(chrono::Duration::days(10));
    assert_eq!(sweep(&app.db, &*clock).unwrap(), Swept { overdue: 1, ..Swept::default() }, "nobody is above the city");
    assert_eq!(sweep(&app.db, &*clock).unwrap(), Swept::default());
    let timeline = app.get(&format!("{path}/timeline")).await.json();
    let last = timeline.as_array().unwrap().last().unwrap();
    assert_eq!((last["actor"].clone(), last["action"].clone()), (json!("system"), json!("overdue")));
    app.stop().await;
}

#[actix_web::test]
async fn a_merged_units_cases_go_to_the_other_unit_and_none_is_lost() {
    let (app, _clock) = office().await;
    let other = json!({"id": "220102001002", "parent": "220102001000", "level": "community", "name": "杏园社区"});
    app.post("/api/v1/units", &other).await.expect(201);
    let open = register(&app, &lamp()).await;
    let closed = register(&app, &lamp()).await;
    let closed = in_progress(&app, &closed).await;
    made(&app, &closed, "resolve", json!({"reason": "已修好"})).await;
    app.delete("/api/v1/units/220102001001", "*").await.problem(409, "in-use");
    let transfer = |to: &str, reason: &str| json!({"from": "220102001001", "to": to, "reason": reason});
    app.post("/api/v1/case-transfers", &transfer("220102001002", "")).await.problem(422, "invalid-value");
    app.post("/api/v1/case-transfers", &transfer("220102001001", "x")).await.problem(422, "invalid-value");
    app.post("/api/v1/case-transfers", &transfer("999999999999", "x")).await.problem(422, "unknown-reference");
    let moved = app.post("/api/v1/case-transfers", &transfer("220102001002", "社区合并")).await.expect(200).json();
    assert_eq!(moved["cases"], 2);
    let path = format!("/api/v1/cases/{}", open["id"].as_str().unwrap());
    assert_eq!(app.get(&path).await.json()["unit"], "220102001002");
    let timeline = app.get(&format!("{path}/timeline")).await.json();
    assert_eq!(timeline[0]["unit"], "220102001001", "history keeps the old code");
    assert_eq!(timeline[1]["action"], "transfer");
    let report = app.get("/api/v1/reports/three-rates.json?unit=220102001002").await.expect(200).json();
    assert_eq!((report["total"]["received"].clone(), report["total"]["solved"].clone()), (json!(2), json!(1)));
    app.stop().await;
}

#[actix_web::test]
async fn the_report_counts_explained_apart_and_adds_up_by_every_key() {
    let (app, clock) = office().await;
    let mut bodies = Vec::new();
    for (unit, channel) in [("220102001001", "hotline"), ("220102001001", "hotline"), ("220102001000", "website")] {
        let mut body = lamp();
        body["unit"] = json!(unit);
        body["channel"] = json!(channel);
        bodies.push(register(&app, &body).await);
    }
    let solved = in_progress(&app, &bodies[0]).await;
    let solved = made(&app, &solved, "resolve", json!({"reason": "已修好"})).await;
    made(&app, &solved, "call-back", json!({"satisfaction": "mostlySatisfied"})).await;
    clock.advance(chrono::Duration::days(3));
    let explained = made(&app, &bodies[1], "triage", json!({"category": "housing"})).await;
    made(&app, &explained, "explain", json!({"reason": "列入明年改造计划"})).await;
    let path = "/api/v1/reports/three-rates.json?unit=220100000000";
    for by in ["unit", "channel", "category"] {
        let report = app.get(&format!("{path}&by={by}")).await.expect(200).json();
        let total = &report["total"];
        assert_eq!(
            [&total["received"], &total["open"], &total["solved"], &total["explained"]],
            [&json!(3), &json!(1), &json!(1), &json!(1)],
            "{by}: {report:#}"
        );
        let sum: i64 = report["rows"].as_array().unwrap().iter().map(|row| row["received"].as_i64().unwrap()).sum();
        assert_eq!(sum, 3, "{by}");
        assert_eq!((total["responded"].clone(), total["respondedInTime"].clone()), (json!(2), json!(1)));
        assert_eq!(total["responseRate"], 33.3);
        assert_eq!(total["solutionRate"], 50.0, "the explained case is not among those to be solved");
        assert_eq!(total["satisfactionRate"], 100.0);
    }
    let by_unit = app.get(path).await.json();
    assert_eq!(by_unit["rows"].as_array().unwrap().len(), 1, "the street holds its community's cases: {by_unit:#}");
    assert_eq!(by_unit["rows"][0]["name"], "自强街道");
    let earlier = app.get(&format!("{path}&from=2026-01-01&to=2026-11-29")).await.json();
    assert_eq!(earlier["total"]["received"], 0);
    app.get(&format!("{path}&by=colour")).await.problem(400, "invalid-query");
    app.get(&format!("{path}&from=2026-12-01&to=2026-11-01")).await.problem(400, "invalid-query");
    app.get("/api/v1/reports/three-rates.json?unit=999999999999").await.problem(404, "not-found");
    app.stop().await;
}
