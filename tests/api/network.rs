//! Units, stations, people, catalogues and demand: create, read, replace, delete, list.

use reqwest::Method;
use serde_json::{Value, json};

use crate::app::TestApp;

#[actix_web::test]
async fn a_unit_is_created_read_replaced_and_deleted() {
    let app = TestApp::start().await;
    app.make_units().await;
    let unit = json!({"id": "220102002000", "parent": "220100000000", "level": "street", "name": "民康街道"});
    let created = app.post("/api/v1/units", &unit).await.expect(201);
    assert_eq!(created.header("location"), "/api/v1/units/220102002000");
    assert_eq!(created.header("etag"), "\"1\"");
    insta::assert_json_snapshot!(created.json(), @r#"
    {
      "id": "220102002000",
      "level": "street",
      "name": "民康街道",
      "parent": "220100000000",
      "version": 1
    }
    "#);
    let path = "/api/v1/units/220102002000";
    let known = app.send(Method::GET, path, &[("if-none-match", "\"1\"")], None).await;
    assert_eq!(known.status, 304);
    // What was read can be sent back, `id` and `version` included.
    let mut edited = app.get(path).await.expect(200).json();
    edited["name"] = json!("新名");
    let replaced = app.put(path, "\"1\"", &edited).await.expect(200);
    assert_eq!(replaced.header("etag"), "\"2\"");
    assert_eq!(replaced.json()["name"], "新名");
    app.put(path, "\"1\"", &edited).await.problem(412, "precondition-failed");
    app.put(path, "*", &edited).await.expect(200);
    app.delete(path, "\"2\"").await.problem(412, "precondition-failed");
    app.delete(path, "\"3\"").await.expect(204);
    app.get(path).await.problem(404, "not-found");
    app.stop().await;
}

#[actix_web::test]
async fn an_edit_needs_to_say_which_version_it_is_for() {
    let app = TestApp::start().await;
    app.make_units().await;
    let body = json!({"parent": null, "level": "city", "name": "x"});
    let path = "/api/v1/units/220100000000";
    let problem = app.send(Method::PUT, path, &[], Some(&body)).await.problem(428, "precondition-required");
    assert_eq!(problem["errors"][0]["pointer"], "If-Match");
    app.send(Method::DELETE, path, &[], None).await.problem(428, "precondition-required");
    app.stop().await;
}

#[actix_web::test]
async fn the_unit_tree_stays_a_tree() {
    let app = TestApp::start().await;
    app.make_units().await;
    let below = json!({"parent": "220102001001", "level": "street", "name": "x"});
    app.put("/api/v1/units/220102001000", "\"1\"", &below).await.problem(422, "unit-cycle");
    let own = json!({"parent": "220102001000", "level": "street", "name": "x"});
    app.put("/api/v1/units/220102001000", "\"1\"", &own).await.problem(422, "unit-cycle");
    let orphan = json!({"id": "220102009000", "parent": "999999999999", "level": "street", "name": "x"});
    app.post("/api/v1/units", &orphan).await.problem(422, "unknown-reference");
    let twice = json!({"id": "220102001000", "parent": null, "level": "city", "name": "x"});
    app.post("/api/v1/units", &twice).await.problem(409, "duplicate");
    app.delete("/api/v1/units/220102001000", "\"1\"").await.problem(409, "in-use");
    app.stop().await;
}

#[actix_web::test]
async fn lists_are_filtered_and_paged_to_the_end() {
    let app = TestApp::start().await;
    app.make_units().await;
    let mut path = "/api/v1/units?within=220100000000&limit=2".to_owned();
    let mut seen = Vec::new();
    for _page in 0..2 {
        let page = app.get(&path).await.expect(200).json();
        seen.extend(page["items"].as_array().unwrap().iter().map(|unit| unit["id"].as_str().unwrap().to_owned()));
        match page["next"].as_str() {
            Some(next) => path = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(seen, ["220100000000", "220102001000", "220102001001"]);
    let streets = app.get("/api/v1/units?level=street").await.expect(200).json();
    assert_eq!(streets["items"].as_array().unwrap().len(), 1);
    assert_eq!(streets["next"], Value::Null);
    for (query, code) in [
        ("limit=0", "invalid-query"),
        ("limit=501", "invalid-query"),
        ("limit=many", "invalid-query"),
        ("level=village", "invalid-query"),
        ("within=12", "invalid-query"),
        ("colour=red", "invalid-query"),
        ("cursor=!!", "invalid-cursor"),
        ("cursor=YR9iH2M", "invalid-cursor"),
    ] {
        app.get(&format!("/api/v1/units?{query}")).await.problem(400, code);
    }
    app.stop().await;
}

/// One sound document for each resource with an id of its own, after `make_week`.
fn documents() -> Vec<(&'static str, Value)> {
    vec![
        ("skills", json!({"id": "s-1", "name": "医疗卫生"})),
        ("shift-types", json!({"id": "evening", "name": "晚班", "maxConsecutiveDays": 3, "forbiddenNext": []})),
        (
            "contracts",
            json!({"id": "c-1", "name": "招聘人员", "maxMinutesWeek": 2400, "minMinutesWeek": 1200,
                "typeLimits": [{"shiftType": "evening", "maxDuties": 2}]}),
        ),
        (
            "stations",
            json!({"id": "st-9", "unit": "220102001001", "name": "站", "kind": "servicePoint", "alwaysOpen": true,
                "location": {"latitude": 43.9, "longitude": 125.3}}),
        ),
        (
            "people",
            json!({"id": "p-9", "name": "单雪梅", "sortKey": "shan xuemei", "category": "volunteer",
                "homeUnit": "220102001001", "contract": "c-1", "activeFrom": "2026-01-01",
                "skills": [{"skill": "s-1", "level": 2, "validUntil": "2027-12-31"}]}),
        ),
        (
            "secondments",
            json!({"id": "se-1", "person": "p-9", "hostUnit": "220102001000", "fromDate": "2026-01-01",
                "minMinutesWeek": 480}),
        ),
        ("lendings", json!({"id": "le-1", "person": "p-9", "unit": "220102001000", "fromDate": "2026-01-01"})),
        (
            "availability",
            json!({"id": "av-1", "person": "p-9", "kind": "unavailable", "weekday": 3, "startMinute": 0,
                "endMinute": 1440, "weight": 1}),
        ),
        (
            "demand-templates",
            json!({"id": "te-9", "station": "st-9", "name": "窗口", "days": ["monday", "offDays"], "startMinute": 540,
                "endMinute": 720, "skill": "s-1", "skillLevel": 1, "shiftType": "evening", "minHeads": 1,
                "targetHeads": 2, "maxHeads": 3, "priority": 2, "mix": true}),
        ),
        (
            "posts",
            json!({"id": "po-9", "station": "st-9", "date": "2026-12-01", "startMinute": 540, "endMinute": 720,
                "skillLevel": 1, "minHeads": 1, "targetHeads": 1, "maxHeads": 1, "priority": 1, "excluded": ["p-9"]}),
        ),
    ]
}

#[actix_web::test]
async fn every_resource_gives_back_what_was_stored() {
    let app = TestApp::start().await;
    app.make_week().await;
    for (resource, document) in documents() {
        let list = format!("/api/v1/{resource}");
        let created = app.post(&list, &document).await.expect(201);
        let path = created.header("location").to_owned();
        let stored = app.get(&path).await.expect(200).json();
        for (key, value) in document.as_object().unwrap() {
            assert_eq!(&stored[key], value, "{resource}/{key}");
        }
        assert_eq!(stored, created.json(), "{resource}");
        app.post(&list, &document).await.problem(409, "duplicate");
        let again = app.put(&path, "\"1\"", &stored).await.expect(200);
        assert_eq!(again.json()["version"], 2, "{resource}");
        app.put(&path, "\"1\"", &stored).await.problem(412, "precondition-failed");
        let mut other = stored.clone();
        other["id"] = json!("other-id");
        app.put(&path, "\"2\"", &other).await.problem(422, "invalid-value");
        let items = app.get(&list).await.expect(200).json();
        assert!(items["items"].as_array().unwrap().iter().any(|item| item["id"] == document["id"]), "{resource}");
        let mut unknown = document.clone();
        unknown["colour"] = json!("red");
        let problem = app.post(&list, &unknown).await.problem(422, "invalid-body");
        assert_eq!(problem["errors"][0]["pointer"], "/colour", "{resource}");
    }
    // In reverse, so that nothing is deleted that is still referred to.
    for (resource, document) in documents().into_iter().rev() {
        let path = format!("/api/v1/{resource}/{}", document["id"].as_str().unwrap());
        app.delete(&path, "\"2\"").await.expect(204);
        app.get(&path).await.problem(404, "not-found");
    }
    app.stop().await;
}

#[actix_web::test]
async fn a_phone_number_is_masked_and_survives_an_edit() {
    let app = TestApp::start().await;
    app.make_units().await;
    let person = json!({"id": "p-1", "name": "单", "sortKey": "shan", "category": "volunteer",
        "homeUnit": "220102001001", "phone": "13812345678"});
    let created = app.post("/api/v1/people", &person).await.expect(201);
    assert_eq!(created.json()["phone"], "138****5678");
    assert!(!app.get("/api/v1/people").await.text.contains("1234"));
    let mut edited = created.json();
    edited["name"] = json!("单雪梅");
    app.put("/api/v1/people/p-1", "\"1\"", &edited).await.expect(200);
    let id = paiban::domain::PersonId::parse("p-1").unwrap();
    let stored = app.db.read(|conn| paiban::db::people::get(conn, &id)).unwrap();
    assert_eq!((stored.name.as_str(), stored.phone.as_deref()), ("单雪梅", Some("13812345678")));
    app.stop().await;
}

#[actix_web::test]
async fn an_id_is_made_when_left_out() {
    let app = TestApp::start().await;
    let created = app.post("/api/v1/skills", &json!({"name": "法律"})).await.expect(201);
    assert!(created.json()["id"].as_str().unwrap().starts_with("sk-"));
    let unit = json!({"parent": null, "level": "city", "name": "市"});
    let problem = app.post("/api/v1/units", &unit).await.problem(422, "invalid-body");
    assert_eq!(problem["errors"][0]["pointer"], "/id");
    app.stop().await;
}

#[actix_web::test]
async fn a_calendar_lives_by_its_year() {
    let app = TestApp::start().await;
    let day = json!({"date": "2026-02-14", "isOff": false, "name": "调休", "source": null});
    let calendar = json!({"year": 2026, "published": true, "source": "国办", "days": [day]});
    app.post("/api/v1/calendars", &calendar).await.expect(201);
    let stored = app.get("/api/v1/calendars/2026").await.expect(200).json();
    assert_eq!(stored["days"][0]["date"], "2026-02-14");
    let wrong = json!({"year": 2026, "published": true, "days": [{"date": "2027-01-01", "isOff": true}]});
    app.put("/api/v1/calendars/2026", "\"1\"", &wrong).await.problem(422, "invalid-value");
    app.put("/api/v1/calendars/2026", "\"1\"", &stored).await.expect(200);
    assert_eq!(app.get("/api/v1/calendars").await.json()["items"].as_array().unwrap().len(), 1);
    app.delete("/api/v1/calendars/2026", "\"2\"").await.expect(204);
    app.get("/api/v1/calendars/next").await.problem(404, "not-found");
    app.stop().await;
}

#[actix_web::test]
async fn a_profile_keeps_its_versions_and_knows_the_catalogue() {
    let app = TestApp::start().await;
    let rules = app.get("/api/v1/rules").await.expect(200).json();
    let rest = rules.as_array().unwrap().iter().find(|rule| rule["code"] == "H06").unwrap();
    assert_eq!(rest["parameters"][0]["key"], "min_rest_minutes");
    let profile = json!({"id": "pr-1", "name": "平常", "rules": {"S31": {"on": false}}});
    app.post("/api/v1/constraint-profiles", &profile).await.expect(201);
    let next = json!({"rules": {"S31": {"weight": 8}}, "note": "公平"});
    let path = "/api/v1/constraint-profiles/pr-1";
    let added = app.send(Method::POST, &format!("{path}/versions"), &[("if-match", "\"1\"")], Some(&next)).await;
    assert_eq!(added.expect(201).header("location"), "/api/v1/constraint-profiles/pr-1/versions/2");
    assert_eq!(app.get(path).await.json()["rules"], json!({"S31": {"weight": 8}}));
    assert_eq!(app.get(&format!("{path}/versions/1")).await.json()["rules"], json!({"S31": {"on": false}}));
    assert_eq!(app.get(&format!("{path}/versions")).await.json().as_array().unwrap().len(), 2);
    let wrong = json!({"name": "x", "rules": {
        "X99": {}, "H06": {"tier": 2, "parameters": {"min_rest_minutes": -1, "colour": 1}}, "S31": {"weight": -1}
    }});
    let problem = app.post("/api/v1/constraint-profiles", &wrong).await.problem(422, "invalid-value");
    let pointers: Vec<&str> =
        problem["errors"].as_array().unwrap().iter().map(|error| error["pointer"].as_str().unwrap()).collect();
    assert_eq!(
        pointers,
        [
            "/rules/H06/tier",
            "/rules/H06/parameters/colour",
            "/rules/H06/parameters/min_rest_minutes",
            "/rules/S31/weight",
            "/rules/X99"
        ]
    );
    app.stop().await;
}

#[actix_web::test]
async fn lists_can_be_read_in_reverse() {
    let app = TestApp::start().await;
    app.make_week().await;
    let ids = async |path: &str, field: &str| -> Vec<String> {
        let mut all = Vec::new();
        let mut next = Some(path.to_owned());
        while let Some(path) = next {
            let page = app.get(&path).await.expect(200).json();
            let items = page["items"].as_array().unwrap();
            all.extend(items.iter().map(|item| item[field].to_string()));
            next = page["next"].as_str().map(str::to_owned);
        }
        all
    };
    app.make_calendar(2027, false).await;
    for (list, sort, field) in [
        ("/api/v1/units", "id", "id"),
        ("/api/v1/people", "sortKey", "sortKey"),
        ("/api/v1/stations", "id", "id"),
        ("/api/v1/calendars", "year", "year"),
        ("/api/v1/posts", "date", "date"),
    ] {
        let forward = ids(&format!("{list}?sort={sort}&limit=1"), field).await;
        let mut backward = ids(&format!("{list}?sort=-{sort}&limit=1"), field).await;
        backward.reverse();
        assert_eq!(forward, backward, "{list}");
        app.get(&format!("{list}?sort=colour")).await.problem(400, "invalid-query");
    }
    app.stop().await;
}

#[actix_web::test]
async fn a_profile_is_renamed_and_deleted_until_a_schedule_names_it() {
    let app = TestApp::start().await;
    app.make_week().await;
    let made = app.post("/api/v1/constraint-profiles", &json!({"id": "pr-1", "name": "平常"})).await.expect(201);
    let path = "/api/v1/constraint-profiles/pr-1";
    let head = json!({"name": "节假日", "unit": "220100000000"});
    app.put(path, "\"7\"", &head).await.problem(412, "precondition-failed");
    let renamed = app.put(path, made.header("etag"), &head).await.expect(200);
    assert_eq!((&renamed.json()["name"], &renamed.json()["latest"]), (&json!("节假日"), &json!(1)));
    app.delete(path, "\"1\"").await.problem(412, "precondition-failed");
    app.delete(path, renamed.header("etag")).await.expect(204);
    app.get(path).await.problem(404, "not-found");
    let again = app.post("/api/v1/constraint-profiles", &json!({"id": "pr-1", "name": "平常"})).await.expect(201);
    app.plan(&json!({"profile": "pr-1"})).await.expect(202);
    app.delete(path, again.header("etag")).await.problem(409, "in-use");
    app.stop().await;
}

#[actix_web::test]
async fn demo_data_are_loaded_once_whatever_the_key() {
    let app = TestApp::start().await;
    let demo = json!({"preset": "street", "seed": 7, "weekStart": "2026-11-30"});
    let key = [("idempotency-key", "d-1")];
    let load = async |headers: &[(&str, &str)], body: &serde_json::Value| {
        app.send(reqwest::Method::POST, "/api/v1/demo-data", headers, Some(body)).await
    };
    let first = load(&key, &demo).await.expect(201).json();
    assert_eq!(load(&key, &demo).await.expect(200).json(), first);
    assert_eq!(load(&[], &demo).await.expect(200).json(), first);
    let other = json!({"preset": "street", "seed": 8});
    load(&key, &other).await.problem(422, "idempotency-mismatch");
    load(&[], &other).await.problem(409, "conflict");
    app.stop().await;
}
