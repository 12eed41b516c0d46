//! Every list as a table: what goes out, what comes back in, and what each template says of itself.

use std::collections::BTreeSet;
use std::io::Cursor;

use calamine::{Reader as _, Xlsx};
use paiban::api::access::rights::TABLE;
use paiban::api::exchange::kinds::{Import, Kind, all};
use serde_json::{Value, json};

use crate::app::{Answer, TestApp, User};
use crate::exchange::{cells, send};
use crate::{rights, staffed};

async fn import(app: &TestApp, user: &User<'_>, path: &str, file: Vec<u8>) -> Answer {
    let headers = [("cookie", user.cookie.as_str()), ("x-csrf-token", user.csrf.as_str())];
    send(app, &format!("/api/v1/imports/{path}"), &headers, file).await
}

async fn download(app: &TestApp, user: &User<'_>, path: &str) -> Vec<u8> {
    let request = app.client.get(format!("{}/api/v1/{path}.xlsx", app.address)).header("cookie", &user.cookie);
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 200, "{path}");
    answer.bytes().await.unwrap().to_vec()
}

async fn export(app: &TestApp, user: &User<'_>, kind: &str) -> Vec<Vec<String>> {
    cells(&download(app, user, &format!("exports/{kind}")).await)
}

fn comes_in(kind: &&Kind) -> bool {
    matches!(kind.import, Import::Rows(_))
}

/// Adds what shows whether nothing is lost: lists within things, private data, texts of several lines.
async fn add_rich_things(admin: &User<'_>) {
    let make = async |path: &str, body: Value| admin.post(path, &body).await.expect(201).json();
    make(
        "/api/v1/shift-types",
        json!({"id": "sh-y", "name": "夜班", "maxConsecutiveDays": 3, "forbiddenNext": ["sh-x"]}),
    )
    .await;
    let limits = json!([{"shiftType": "sh-y", "maxDuties": 2}, {"shiftType": "sh-x", "maxDuties": 4}]);
    let contract = json!({"id": "co-y", "name": "兼职", "maxMinutesWeek": 2400, "minMinutesWeek": 600,
        "completeWeekends": true, "typeLimits": limits});
    make("/api/v1/contracts", contract).await;
    let hours = json!([{"day": "1-monday", "startMinute": 510, "endMinute": 720},
        {"day": "off-day", "startMinute": 540, "endMinute": 1500}]);
    let station = json!({"id": "st-y", "unit": "220102001001", "name": "基地", "kind": "serviceBase", "hours": hours,
        "location": {"latitude": 43.88, "longitude": 125.32}});
    make("/api/v1/stations", station).await;
    let person = json!({"id": "p-y", "name": "解放", "sortKey": "xie fang", "category": "volunteer",
        "phone": "013900001234", "homeUnit": "220102001001", "home": {"latitude": 43.88123, "longitude": 125.32456},
        "scope": ["220102001000"], "skills": [{"skill": "sk-x", "level": 2, "validUntil": "2027-01-01"}],
        "contract": "co-y", "activeFrom": "2026-01-01"});
    make("/api/v1/people", person).await;
    let case = json!({"unit": "220102001001", "channel": "sms", "subject": "电梯停运", "urgency": 3,
        "description": " 三天了\r\n老人下不了楼 ", "resident": {"name": "张桂英", "phone": "013800005678"}});
    make("/api/v1/cases", case).await;
}

#[actix_web::test]
async fn every_list_goes_out_and_what_comes_back_in_changes_nothing() {
    let (app, _clock) = TestApp::start_closed_still("2026-11-24T01:00:00Z").await;
    let admin = app.administrator().await;
    rights::build(&app, &admin).await;
    add_rich_things(&admin).await;
    let unmask = json!({"reason": "核对"});
    let before = admin.get("/api/v1/audit").await.json()["items"][0]["seq"].clone();
    for kind in all() {
        let name = kind.name;
        let file = download(&app, &admin, &format!("exports/{name}")).await;
        let exported = cells(&file);
        assert_eq!(exported[0][0], kind.title);
        // Swaps need people who offer their duties: they have a test of their own.
        assert!(exported.len() > 2 || matches!(name, "swaps" | "replan-events"), "{name} is empty: {exported:?}");
        let Import::Rows(_) = kind.import else {
            import(&app, &admin, name, file).await.problem(422, "export-only");
            admin.get(&format!("/api/v1/templates/{name}.xlsx")).await.problem(422, "export-only");
            continue;
        };
        let report = import(&app, &admin, name, file).await.expect(200).json();
        let expected = json!({"dryRun": false, "rows": exported.len() - 2, "created": 0, "updated": 0,
            "unchanged": exported.len() - 2, "errors": []});
        assert_eq!(report, expected, "{name}");
        assert_eq!(export(&app, &admin, name).await, exported, "{name}");
    }
    let after = admin.get("/api/v1/audit").await.json()["items"][0]["seq"].clone();
    assert_eq!(after, before, "nothing was changed, and so nothing is told");
    let person = admin.post("/api/v1/people/p-y/unmask", &unmask).await.expect(200).json();
    assert_eq!((&person["phone"], &person["home"]), (&json!("013900001234"), &json!([43.88123, 125.32456])));
    app.stop().await;
}

#[actix_web::test]
async fn a_coordinator_exports_nothing_of_other_streets() {
    let (app, _clock) = TestApp::start_closed_still("2026-11-24T01:00:00Z").await;
    let admin = app.administrator().await;
    rights::build(&app, &admin).await;
    let coordinator = app.user_with(&admin, "coordinator", "220102001000", None).await;
    for kind in all() {
        let text = format!("{:?}", export(&app, &coordinator, kind.name).await);
        assert!(!text.contains("220102002") && !text.contains("-b\""), "{}: {text}", kind.name);
    }
    let member = app.user_with(&admin, "member", "220102001000", Some("p-a")).await;
    member.get("/api/v1/exports/people.xlsx").await.problem(403, "forbidden");
    app.stop().await;
}

/// Lists that are no tables: what is about oneself, what holds secrets, and what has an export of its own.
const NO_TABLES: [&str; 8] = [
    "accounts",       // rights are given one by one
    "api-keys",       // secrets
    "audit",          // has its own export with the hashes
    "channels",       // secrets
    "deliveries",     // belongs to the channels
    "open-duties",    // computed from posts and rosters, which are exported
    "quota-progress", // computed from quotas
    "rules",          // a catalogue that the program fixes
];

#[test]
fn every_list_of_the_interface_is_a_table_or_named_here() {
    let lists: BTreeSet<&str> = TABLE
        .iter()
        .filter(|(_, methods)| methods.iter().any(|(method, _)| *method == "GET"))
        .filter_map(|(pattern, _)| pattern.strip_prefix("/api/v1/"))
        .filter(|name| !name.contains(['/', '{']) && !matches!(*name, "me" | "session"))
        .collect();
    let tables: BTreeSet<&str> = all().map(|kind| kind.name).collect();
    let missing: Vec<_> = lists.iter().filter(|name| !tables.contains(*name) && !NO_TABLES.contains(name)).collect();
    assert!(missing.is_empty(), "neither a table nor excused: {missing:?}");
    assert!(tables.iter().all(|name| lists.contains(name)), "a table without a list: {tables:?}");
}

/// The template's headers and, from its second sheet, its examples.
fn template(workbook: &[u8]) -> (Vec<String>, Vec<String>) {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(workbook)).unwrap();
    let notes = book.worksheet_range("填表说明").unwrap();
    let examples = notes.rows().skip(1).map(|row| row.get(2).map_or(String::new(), ToString::to_string)).collect();
    (cells(workbook)[1].clone(), examples)
}

#[actix_web::test]
async fn the_examples_of_every_template_are_true() {
    let (app, _clock) = TestApp::start_closed_still("2026-11-24T01:00:00Z").await;
    let admin = app.administrator().await;
    let make = async |path: &str, body: Value| admin.post(path, &body).await.expect(201).json();
    for (id, parent, level) in [
        ("220100000000", Value::Null, "city"),
        ("220102000000", json!("220100000000"), "district"),
        ("220102001000", json!("220102000000"), "street"),
        ("220102001001", json!("220102001000"), "community"),
        ("220102001002", json!("220102001000"), "community"),
        ("220102002000", json!("220102000000"), "street"),
    ] {
        make("/api/v1/units", json!({"id": id, "parent": parent, "level": level, "name": "单位"})).await;
    }
    make("/api/v1/shift-types", json!({"id": "evening", "name": "晚班"})).await;
    make("/api/v1/shift-types", json!({"id": "morning", "name": "早班"})).await;
    make("/api/v1/contracts", json!({"id": "co-1", "name": "招聘", "minMinutesWeek": 0})).await;
    make("/api/v1/case-categories", json!({"id": "housing", "name": "房屋", "minutes": 60, "workingDays": 5})).await;
    make(
        "/api/v1/stations",
        json!({"id": "st-1", "unit": "220102001001", "name": "站", "kind": "workStation",
        "alwaysOpen": true}),
    )
    .await;
    for (id, category) in [("p-001", "volunteer"), ("d-1", "deputy")] {
        let person = json!({"id": id, "name": "人员", "sortKey": id, "category": category, "homeUnit": "220102001001"});
        make("/api/v1/people", person).await;
    }
    for (id, kind, station, quantity) in [("rs-1", "venue", json!("st-1"), 1), ("rs-9", "fund", Value::Null, 9_000)] {
        let resource = json!({"id": id, "kind": kind, "name": "资源", "unit": "220102001001", "station": station,
            "quantity": quantity});
        make("/api/v1/resources", resource).await;
    }
    let need = json!({"id": "ne-1", "unit": "220102001001", "title": "需求", "quantity": 1, "status": "open"});
    make("/api/v1/needs", need).await;
    for kind in all().filter(comes_in) {
        let (headers, examples) = template(&download(&app, &admin, &format!("templates/{}", kind.name)).await);
        assert_eq!(headers.len(), examples.len(), "{}", kind.name);
        let file = format!("{}\n{}\n", headers.join(","), examples.join(","));
        let report = import(&app, &admin, kind.name, file.into_bytes()).await;
        let report = report.expect(200).json();
        let changed = report["created"].as_u64().unwrap() + report["updated"].as_u64().unwrap();
        assert_eq!(changed, 1, "{}: {report:#}", kind.name);
    }
    let station = admin.get("/api/v1/stations/st-1").await.expect(200).json();
    assert_eq!((&station["kind"], &station["hours"][1]["startMinute"]), (&json!("workStation"), &json!(810)));
    app.stop().await;
}

#[actix_web::test]
async fn cases_come_in_by_table_and_change_by_their_moves_only() {
    let (app, _clock) = TestApp::start_closed_still("2026-11-24T01:00:00Z").await;
    let admin = app.administrator().await;
    rights::build(&app, &admin).await;
    let coordinator = app.user_with(&admin, "coordinator", "220102001000", None).await;
    let rows = |lines: &[&str]| format!("单位,来源,事由,居民姓名,居民电话,状态\n{}\n", lines.join("\n")).into_bytes();
    let good = "220102001001,热线,楼道灯不亮,张桂英,013800005678,";
    let report = import(
        &app,
        &coordinator,
        "cases?dryRun=true",
        rows(&[
            good,
            good,
            "220102002001,热线,别处的事,,,",
            "220102001001,电报,没有这种来源,,,",
            "220102001001,热线,,,,",
            "220102001001,热线,状态不能填,,,已解决",
        ]),
    )
    .await
    .expect(200)
    .json();
    let found: Vec<(u64, &str)> = report["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| (error["row"].as_u64().unwrap(), error["column"].as_str().unwrap_or("")))
        .collect();
    assert_eq!(found, [(3, ""), (4, ""), (5, "来源"), (6, "事由"), (7, "状态")], "{report:#}");
    assert_eq!(export(&app, &coordinator, "cases").await.len(), 3, "a dry run stores nothing");

    assert_eq!(import(&app, &coordinator, "cases", rows(&[good])).await.expect(200).json()["created"], 1);
    let list = coordinator.get("/api/v1/cases?channel=hotline&status=received").await.expect(200).json();
    let case = &list["items"][0];
    assert_eq!((&case["subject"], &case["resident"]["phone"]), (&json!("楼道灯不亮"), &json!("013****5678")));
    let id = case["id"].as_str().unwrap();
    let told = admin.get(&format!("/api/v1/audit?entity={id}")).await.expect(200).json();
    assert_eq!(told["items"][0]["reason"], "表格导入");
    assert!(!told.to_string().contains("013800005678"), "the trail holds the masked number only");
    let unmask = admin.post(&format!("/api/v1/cases/{id}/unmask"), &json!({"reason": "回访"})).await.expect(200);
    assert_eq!(unmask.json()["phone"], "013800005678", "the leading zero is kept");

    let known = format!("事项编号,单位,来源,事由\n{id},220102001001,热线,改了\n");
    let problem = import(&app, &coordinator, "cases", known.into_bytes()).await.problem(422, "import-refused");
    assert_eq!(problem["errors"][0]["pointer"], "2!事由", "{problem:#}");
    app.stop().await;
}

#[actix_web::test]
async fn swaps_and_what_they_change_are_exported() {
    let (app, _clock) = staffed::start().await;
    let staffed = staffed::build(&app).await;
    let [one, two] = &staffed.people;
    let seq = staffed::duty_on(one, "2026-11-30").await.unwrap();
    let offer = json!({"schedule": staffed.schedule, "assignment": seq, "to": "p-2"});
    let swap = one.post("/api/v1/swaps", &offer).await.expect(201).json();
    let take = format!("/api/v1/swaps/{}/take", swap["id"].as_str().unwrap());
    two.send(reqwest::Method::POST, &take, &[("if-match", "*")], None).await;
    let rows = export(&app, &staffed.coordinator, "swaps").await;
    assert_eq!(rows.len(), 3, "{rows:?}");
    assert_eq!(rows[2][7..9], ["p-1", "p-2"]);
    let events = export(&app, &staffed.coordinator, "replan-events").await;
    let listed = staffed.coordinator.get("/api/v1/replan-events").await.expect(200).json();
    assert_eq!(events.len() - 2, listed["items"].as_array().unwrap().len());
    app.stop().await;
}
