//! Bad input: each gets a coded problem document, and nothing is half-written.

use reqwest::Method;
use serde_json::json;

use crate::app::TestApp;

#[actix_web::test]
async fn bodies_that_cannot_be_read_are_refused_with_the_place() {
    let app = TestApp::start().await;
    let people = "/api/v1/people";
    app.post_text(people, "application/json", "{\"name\":").await.problem(400, "invalid-json");
    app.post_text(people, "application/json", "").await.problem(400, "invalid-json");
    app.post_text(people, "text/plain", "{}").await.problem(415, "unsupported-media-type");
    for (body, pointer) in [
        (json!({"name": 7}), "/name"),
        (json!({"name": "x", "colour": 1}), "/colour"),
        (json!({"name": "x", "skills": [{"skill": "s", "level": "high"}]}), "/skills/0/level"),
        (json!({"name": "x", "activeFrom": "2026-02-30"}), "/activeFrom"),
        (json!({"name": "x", "maxDistanceMetres": -1}), "/maxDistanceMetres"),
        (json!([]), ""),
    ] {
        let problem = app.post(people, &body).await.problem(422, "invalid-body");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem:#}");
        assert!(!problem["errors"][0]["action"].as_str().unwrap().is_empty());
    }
    app.stop().await;
}

#[actix_web::test]
async fn values_that_break_a_rule_are_refused_with_cause_and_action() {
    let app = TestApp::start().await;
    app.make_units().await;
    let contract = json!({"name": "x", "minMinutesWeek": 2000, "maxMinutesWeek": 1000});
    let answer = app.send(Method::POST, "/api/v1/contracts", &[("accept-language", "en")], Some(&contract)).await;
    insta::assert_json_snapshot!(answer.problem(422, "invalid-value")["errors"], @r#"
    [
      {
        "action": "put the smaller value first, or leave one end out",
        "cause": "2000 is above 1000",
        "pointer": "/maxMinutesWeek"
      }
    ]
    "#);
    let person = json!({"name": "", "sortKey": "x", "category": "pilot", "homeUnit": "220102001001"});
    let problem = app.post("/api/v1/people", &person).await.problem(422, "invalid-value");
    assert_eq!(problem["errors"][0]["pointer"], "/category");
    let stray = json!({"name": "x", "sortKey": "x", "category": "volunteer", "homeUnit": "999999999999"});
    app.post("/api/v1/people", &stray).await.problem(422, "unknown-reference");
    assert_eq!(app.get("/api/v1/people").await.json()["items"], json!([]));
    app.stop().await;
}

#[actix_web::test]
async fn a_body_of_100_megabytes_is_refused() {
    let app = TestApp::start().await;
    // The server answers before the body has been sent; a client that does not listen meanwhile sees a closed
    // connection instead, so the head is what is asserted, over a plain socket.
    let answer = tokio::task::spawn_blocking({
        let address = app.address.trim_start_matches("http://").to_owned();
        move || {
            use std::io::{Read as _, Write as _};
            let mut socket = std::net::TcpStream::connect(address).unwrap();
            let head = "POST /api/v1/people HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n\
                        content-length: 104857600\r\nconnection: close\r\n\r\n";
            socket.write_all(head.as_bytes()).unwrap();
            let chunk = vec![b' '; 65_536];
            for _ in 0..1600 {
                if socket.write_all(&chunk).is_err() {
                    break;
                }
            }
            let mut answer = Vec::new();
            let _cut_off = socket.read_to_end(&mut answer);
            String::from_utf8_lossy(&answer).into_owned()
        }
    })
    .await
    .unwrap();
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer:?}");
    assert!(answer.contains("application/problem+json") && answer.contains("\"code\":\"body-too-large\""), "{answer}");
    let large = format!("{{\"name\":\"{}\"}}", "x".repeat(1_100_000));
    app.post_text("/api/v1/people", "application/json", large).await.problem(413, "body-too-large");
    app.get("/healthz").await.expect(200);
    app.stop().await;
}

#[actix_web::test]
async fn unknown_paths_and_methods_are_told_apart() {
    let app = TestApp::start().await;
    app.get("/nowhere").await.problem(404, "not-found");
    app.get("/api/v1/nowhere").await.problem(404, "not-found");
    app.get("/api/v1/units/not-a-code").await.problem(404, "not-found");
    let answer = app.send(Method::PATCH, "/api/v1/units/220100000000", &[], None).await;
    answer.problem(405, "method-not-allowed");
    assert_eq!(answer.header("allow"), "GET, PUT, DELETE");
    app.send(Method::DELETE, "/healthz", &[], None).await.problem(405, "method-not-allowed");
    app.stop().await;
}

#[actix_web::test]
async fn a_database_that_stays_locked_is_told_and_tried_again_later() {
    let app = TestApp::start().await;
    app.make_units().await;
    let (release, held) = std::sync::mpsc::channel::<()>();
    let (locked, is_locked) = tokio::sync::oneshot::channel();
    let db = app.db.clone();
    let holder = std::thread::spawn(move || {
        db.write(|tx| {
            let point = paiban::domain::Unit {
                id: paiban::domain::UnitId::parse("220102001002").unwrap(),
                parent: Some(paiban::domain::UnitId::parse("220102001000").unwrap()),
                level: paiban::domain::UnitLevel::Community,
                name: "占用".to_owned(),
                version: 1,
            };
            paiban::db::units::insert(tx, &point)?;
            locked.send(()).unwrap();
            let _released = held.recv();
            Ok(())
        })
    });
    is_locked.await.unwrap();
    let unit = json!({"id": "220102001003", "parent": "220102001000", "level": "community", "name": "桃园"});
    let answer = app.post("/api/v1/units", &unit).await;
    answer.problem(503, "unavailable");
    assert_eq!(answer.header("retry-after"), "5");
    app.get("/api/v1/units").await.expect(200);
    release.send(()).unwrap();
    holder.join().unwrap().unwrap();
    app.post("/api/v1/units", &unit).await.expect(201);
    app.stop().await;
}
