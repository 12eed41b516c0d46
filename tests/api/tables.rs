//! Every list as a table: what goes out, what comes back in, and what each template says of itself.

use std::collections::BTreeSet;
use std::io::Cursor;

use calamine::{Reader as _, Xlsx};
use paiban::api::access::rights::{Need, TABLE};
use paiban::api::exchange::kinds::{Import, Kind, all, kind};
use paiban::domain::{Right, Role};
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
        "maxDistanceMetres": 2500, "phone": "013900001234", "homeUnit": "220102001001", "home": {"latitude": 43.88123, "longitude": 125.32456},
        "scope": ["220102001000"], "skills": [{"skill": "sk-x", "level": 2, "validUntil": "2027-01-01"}],
        "contract": "co-y", "activeFrom": "2026-01-01"});
    make("/api/v1/people", person).await;
    let case = json!({"unit": "220102001001", "channel": "sms", "subject": "电梯停运", "urgency": 3,
        "description": " 三天了\r\n老人下不了楼 ", "resident": {"name": "张桂英", "phone": "013800005678"}});
    make("/api/v1/cases", case).await;
    make("/api/v1/api-keys", json!({"name": "热线", "scopes": ["read", "edit"]})).await;
    let robot = json!({"unit": "220102001000", "name": "值班群", "kind": "weCom", "enabled": true,
        "target": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=0f3e", "secret": "s3cret"});
    make("/api/v1/channels", robot).await;
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
        // What comes about by people's own duties has a test of its own.
        let by_people = matches!(name, "swaps" | "replan-events" | "open-duties");
        assert!(exported.len() > 2 || by_people, "{name} is empty: {exported:?}");
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
async fn every_role_exports_what_its_rights_allow_and_nothing_of_other_streets() {
    let (app, _clock) = TestApp::start_closed_still("2026-11-24T01:00:00Z").await;
    let admin = app.administrator().await;
    rights::build(&app, &admin).await;
    for role in Role::ALL {
        let user = app.user_with(&admin, role.as_str(), "220102001000", None).await;
        for kind in all() {
            let name = kind.name;
            if matches!(kind.exported_by(), Some(Need::Right(right)) if !role.gives(right)) {
                user.get(&format!("/api/v1/exports/{name}.xlsx")).await.problem(403, "forbidden");
                continue;
            }
            let text = format!("{:?}", export(&app, &user, name).await);
            assert!(!text.contains("220102002") && !text.contains("-b\""), "{role}: {name}: {text}");
        }
    }
    app.stop().await;
}

#[test]
fn each_table_asks_for_the_right_of_its_list() {
    let asked = |name: &str| kind(name).unwrap().exported_by();
    for (name, right) in [
        ("accounts", Right::Administer),
        ("channels", Right::Edit),
        ("deliveries", Right::Edit),
        ("rules", Right::See),
        ("open-duties", Right::See),
        ("quota-progress", Right::Inspect),
        ("people", Right::Inspect),
        // Their lists ask for less and show people what they have a hand in; the whole of them is not for everybody.
        ("cases", Right::Inspect),
        ("receptions", Right::Inspect),
    ] {
        assert_eq!(asked(name), Some(Need::Right(right)), "{name}");
    }
    assert_eq!(asked("api-keys"), Some(Need::SignedIn), "everybody's own");
}

#[actix_web::test]
async fn what_lets_somebody_in_stands_in_no_table() {
    let (app, _clock) = TestApp::start_closed_still("2026-11-24T01:00:00Z").await;
    let admin = app.administrator().await;
    rights::build(&app, &admin).await;
    add_rich_things(&admin).await;
    let accounts = export(&app, &admin, "accounts").await;
    let reader = accounts.iter().find(|row| row[1] == "account-a").unwrap();
    assert_eq!(reader[3], "只读（220102001000）");
    assert!(accounts.iter().any(|row| row[1] == "admin" && row[3] == "管理员（全网）"), "{accounts:?}");
    let keys = export(&app, &admin, "api-keys").await;
    assert_eq!(keys.len(), 3);
    assert_eq!(keys[2][1..4], ["热线", "admin", "查看、修改"]);
    let channels = export(&app, &admin, "channels").await;
    let robot = channels.iter().find(|row| row[2] == "值班群").unwrap();
    assert_eq!(robot[3..6], ["企业微信群", "qyapi.weixin.qq.com", "是"]);
    let other = app.user_with(&admin, "coordinator", "220102001000", None).await;
    assert_eq!(export(&app, &other, "api-keys").await.len(), 2, "keys of others are not listed");
    let all = format!("{accounts:?} {keys:?} {channels:?}");
    for secret in ["argon2", "pb_", "0f3e", "s3cret"] {
        assert!(!all.contains(secret), "{secret} in {all}");
    }
    app.stop().await;
}

#[actix_web::test]
async fn open_duties_are_exported_to_whoever_sees_them() {
    let (app, _clock) = staffed::start().await;
    let staffed = staffed::build(&app).await;
    let [one, two] = &staffed.people;
    assert_eq!(export(&app, two, "open-duties").await.len(), 2);
    let monday = staffed::duty_on(one, "2026-11-30").await.unwrap();
    let decline = format!("/api/v1/me/assignments/{}/{monday}/decline", staffed.schedule);
    one.post(&decline, &json!({"reason": "出差"})).await.expect(200);
    let rows = export(&app, two, "open-duties").await;
    assert_eq!(rows.len(), 3, "{rows:?}");
    assert_eq!(rows[2][3..7], ["桃源社区站", "2026-11-30", "09:00", "12:00"]);
    assert_eq!(rows[2][8..], ["0", "1", "1"]);
    app.stop().await;
}

#[actix_web::test]
async fn skills_and_positions_of_people_come_in_by_table() {
    let (app, _clock) = TestApp::start_closed_still("2026-11-24T01:00:00Z").await;
    let admin = app.administrator().await;
    rights::build(&app, &admin).await;
    let head = "人员编号,姓名,拼音,类别,所属单位,技能,住址坐标,最远距离（米）";
    let rows = |lines: &[&str]| format!("{head}\n{}\n", lines.join("\n")).into_bytes();
    let good = "p-s,单雪梅,shan xuemei,党员志愿者,220102001001,sk-x:2:2027/1/1,43.88123 125.32456,2500";
    let marked = {
        let headers = [("cookie", admin.cookie.as_str()), ("x-csrf-token", admin.csrf.as_str())];
        let mut request = app.client.post(format!("{}/api/v1/imports/people?dryRun=true&report=xlsx", app.address));
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let wrong = [
            good,
            "p-t,甲,jia,党员志愿者,220102001001,sk-x,,",
            "p-u,乙,yi,党员志愿者,220102001001,,东 西,",
            "p-v,丙,bing,党员志愿者,220102001001,sk-x:1、sk-x:2,,",
            "p-w,丁,ding,党员志愿者,220102001001,sk-none:1,,",
            "p-x,戊,wu,党员志愿者,220102001001,,95 125.32,远",
        ];
        cells(&request.body(rows(&wrong)).send().await.unwrap().bytes().await.unwrap())
    };
    let errors: Vec<&str> = marked[2..].iter().map(|row| row.last().unwrap().as_str()).collect();
    assert_eq!(errors[0], "");
    for (error, part) in
        errors[1..].iter().zip(["技能 “sk-x”", "住址坐标 “东 西”", "技能 ", "sk-none", "最远距离（米） “远”"])
    {
        assert!(error.contains(part), "{part} in {error}");
    }
    let report = import(&app, &admin, "people", rows(&[good])).await.expect(200).json();
    assert_eq!(report["created"], 1);
    let stored = admin.get("/api/v1/people/p-s").await.expect(200).json();
    assert_eq!(stored["skills"], json!([{"skill": "sk-x", "level": 2, "validUntil": "2027-01-01"}]));
    assert_eq!(stored["maxDistanceMetres"], 2500);
    let table = export(&app, &admin, "people").await;
    let row = table.iter().find(|row| row[0] == "p-s").unwrap();
    assert_eq!(row[row.len() - 3..], ["sk-x:2:2027-01-01", "43.88 125.32", "2500"], "homes go out rounded");
    // A table that is changed elsewhere leaves the exact home, and an emptied cell takes away.
    let changed = "p-s,单雪梅,shan xuemei,党员志愿者,220102001001,,43.88 125.32,";
    assert_eq!(import(&app, &admin, "people", rows(&[changed])).await.expect(200).json()["updated"], 1);
    let exact = admin.post("/api/v1/people/p-s/unmask", &json!({"reason": "核对"})).await.expect(200).json();
    assert_eq!(exact["home"], json!([43.88123, 125.32456]));
    let stored = admin.get("/api/v1/people/p-s").await.expect(200).json();
    assert_eq!((&stored["skills"], &stored["maxDistanceMetres"]), (&json!([]), &Value::Null));
    app.stop().await;
}

#[test]
fn the_web_page_offers_every_table() {
    let page = include_str!("../../web/src/api/tables.ts");
    let list = |name: &str| -> BTreeSet<&str> {
        let line = page.lines().find(|line| line.starts_with(&format!("export const {name} = "))).unwrap();
        line.split('\'').skip(1).step_by(2).collect()
    };
    let (mut in_and_out, mut out_only) = (BTreeSet::new(), BTreeSet::new());
    for kind in all() {
        let own = if comes_in(&kind) { &mut in_and_out } else { &mut out_only };
        own.insert(kind.name);
    }
    assert_eq!((list("IN_AND_OUT"), list("OUT_ONLY")), (in_and_out, out_only));
}

/// Lists that are no tables: the trail has an export of its own, with the hashes; changes are a stream of notices.
const NO_TABLES: [&str; 2] = ["audit", "changes"];

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
    assert_eq!(found, [(3, ""), (4, "单位"), (5, "来源"), (6, "事由"), (7, "状态")], "{report:#}");
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
