//! Spreadsheets, the roster sheet, and the statutory calendar, in and out.

use std::io::{Cursor, Write as _};

use calamine::{Reader as _, Xlsx};
use reqwest::Method;
use rust_xlsxwriter::{Format, Formula, Workbook};
use serde_json::{Value, json};

use crate::app::TestApp;

pub async fn send(app: &TestApp, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> crate::app::Answer {
    let mut request = app.client.post(format!("{}{path}", app.address));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    crate::app::read(request.body(body).send().await.unwrap()).await
}

pub async fn bytes(app: &TestApp, path: &str) -> Vec<u8> {
    let answer = app.client.get(format!("{}{path}", app.address)).send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 200, "{path}");
    answer.bytes().await.unwrap().to_vec()
}

pub fn cells(workbook: &[u8]) -> Vec<Vec<String>> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(workbook)).unwrap();
    let name = book.sheet_names()[0].clone();
    let range = book.worksheet_range(&name).unwrap();
    range.rows().map(|row| row.iter().map(|cell| cell.to_string()).collect()).collect()
}

const HEADERS: &str = "人员编号,姓名,拼音,类别,所属单位,电话";

fn csv(lines: &[&str]) -> Vec<u8> {
    format!("{HEADERS}\n{}\n", lines.join("\n")).into_bytes()
}

#[actix_web::test]
async fn what_is_exported_and_imported_again_changes_nothing() {
    let app = TestApp::start().await;
    app.make_week().await;
    let skill = json!({"id": "sk-1", "name": "医疗"});
    app.post("/api/v1/skills", &skill).await.expect(201);
    let person = json!({"id": "p-9", "name": "解放", "sortKey": "xie fang", "category": "volunteer", "phone": "013900001234",
        "homeUnit": "220102001001", "home": [43.88123, 125.32456], "scope": ["220102001000"],
        "skills": [{"skill": "sk-1", "level": 2}], "activeFrom": "2026-01-01"});
    app.post("/api/v1/people", &person).await.expect(201);
    let away = json!({"person": "p-9", "kind": "unavailable", "weekday": null, "fromDate": "2026-12-01",
        "toDate": "2026-12-02", "startMinute": 0, "endMinute": 1440, "weight": 1, "reason": "培训"});
    app.post("/api/v1/availability", &away).await.expect(201);
    let post = json!({"id": "po-1", "station": "st-1", "date": "2026-12-01", "startMinute": 510, "endMinute": 1500,
        "skill": "sk-1", "skillLevel": 2, "minHeads": 1, "targetHeads": 2, "maxHeads": 3, "priority": 2, "mix": true});
    app.post("/api/v1/posts", &post).await.expect(201);
    let before = app.get("/api/v1/audit").await.json()["items"][0]["seq"].clone();
    for kind in ["units", "people", "availability", "posts", "skills", "stations"] {
        let exported = bytes(&app, &format!("/api/v1/exports/{kind}.xlsx")).await;
        let report = send(&app, &format!("/api/v1/imports/{kind}"), &[], exported.clone()).await.expect(200).json();
        assert_eq!((&report["created"], &report["updated"]), (&json!(0), &json!(0)), "{kind}: {report:#}");
        assert_eq!(report["unchanged"], report["rows"], "{kind}");
        assert!(report["rows"].as_u64().unwrap() > 0, "{kind}");
        assert_eq!(cells(&exported), cells(&bytes(&app, &format!("/api/v1/exports/{kind}.xlsx")).await));
        let template = cells(&bytes(&app, &format!("/api/v1/templates/{kind}.xlsx")).await);
        assert_eq!(template[1], cells(&exported)[1], "the template has the same headers");
    }
    assert_eq!(app.get("/api/v1/audit").await.json()["items"][0]["seq"], before, "nothing to tell");
    // The masked number changed nothing, and what the table has no column for is still there.
    let unmasked = app.post("/api/v1/people/p-9/unmask", &json!({"reason": "核对"})).await.expect(200).json();
    assert_eq!((&unmasked["phone"], &unmasked["home"]), (&json!("013900001234"), &json!([43.88123, 125.32456])));
    assert_eq!(app.get("/api/v1/people/p-9").await.json()["skills"][0]["level"], 2);
    app.get("/api/v1/exports/secrets.xlsx").await.problem(404, "not-found");
    app.stop().await;
}

#[actix_web::test]
async fn a_dry_run_finds_every_error_and_an_import_stores_all_or_nothing() {
    let app = TestApp::start().await;
    app.make_units().await;
    let good = "p-1,单雪梅,shan xuemei,党员志愿者,220102001001,013800000001";
    let wrong = [
        good,
        "p-2,,zeng,党员志愿者,220102001001,",
        "p-3,曾志强,zeng,神仙,220102001001,",
        "p-1,重复,chong fu,招聘人员,220102001001,",
        "p-5,仇某,qiu mou,招聘人员,999999999999,",
        "p-6,查某,zha mou,招聘人员,1.1E+17,",
        ",单雪梅,shan xuemei,党员志愿者,220102001001,013800000001",
    ];
    let path = "/api/v1/imports/people";
    let report = send(&app, &format!("{path}?dryRun=true"), &[], csv(&wrong)).await.expect(200).json();
    let rows: Vec<u64> =
        report["errors"].as_array().unwrap().iter().map(|error| error["row"].as_u64().unwrap()).collect();
    assert_eq!(rows, [3, 4, 5, 6, 7, 8], "{report:#}");
    let columns: Vec<&Value> = report["errors"].as_array().unwrap().iter().map(|error| &error["column"]).collect();
    let unit = &json!("所属单位");
    assert_eq!(columns, [&json!("姓名"), &json!("类别"), &Value::Null, unit, unit, &Value::Null], "{report:#}");
    let problem = send(&app, path, &[], csv(&wrong)).await.problem(422, "import-refused");
    assert_eq!(problem["errors"].as_array().unwrap().len(), 6);
    assert_eq!(app.get("/api/v1/people").await.json()["items"], json!([]), "all or nothing");

    let url = format!("{}{path}?dryRun=true&report=xlsx", app.address);
    let marked = app.client.post(url).body(csv(&wrong)).send().await.unwrap().bytes().await.unwrap();
    let marked = cells(&marked);
    let last = marked[1].len() - 1;
    assert_eq!(marked[1][last], "错误");
    assert_eq!((marked[2][last].as_str(), marked[2][1].as_str()), ("", "单雪梅"));
    assert!(marked[3][last].contains("姓名 必填"), "{:?}", marked[3]);

    let plain = csv(&[good]);
    let (gbk, _, _) = encoding_rs::GBK.encode(std::str::from_utf8(&plain).unwrap());
    let key = [("idempotency-key", "i-1")];
    let first = send(&app, path, &key, gbk.to_vec()).await.expect(200).json();
    assert_eq!(first["created"], 1);
    assert_eq!(send(&app, path, &key, gbk.to_vec()).await.expect(200).json(), first, "once");
    send(&app, path, &key, csv(&wrong)).await.problem(422, "idempotency-mismatch");
    let stored = app.post("/api/v1/people/p-1/unmask", &json!({"reason": "核对"})).await.expect(200).json();
    assert_eq!(stored["phone"], "013800000001", "the leading zero is kept");
    let trail = app.get("/api/v1/audit?kind=person&action=create").await.json();
    assert_eq!(trail["items"][0]["reason"], "表格导入");
    app.stop().await;
}

#[actix_web::test]
async fn files_that_are_no_tables_and_cells_that_lie_are_refused() {
    let app = TestApp::start().await;
    app.make_units().await;
    let path = "/api/v1/imports/people";
    for bad in
        [&b"%PDF-1.7\0"[..], b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0 old xls", b"", b"a,b\n1,2\n", b"\xff\xfe\x81"]
    {
        send(&app, path, &[], bad.to_vec()).await.problem(422, "unreadable-file");
    }
    send(&app, path, &[], b"\xe4\xba\xba\xe5\x91\x98\xe7\xbc\x96\xe5\x8f\xb7,x\n".to_vec())
        .await
        .problem(422, "unreadable-file");
    let refused = send(&app, path, &[], b"a,b\n".to_vec()).await.problem(422, "unreadable-file");
    assert!(refused["detail"].as_str().unwrap().contains("以“人员编号”开头"), "{refused:#}");
    // Unpacks to 101 MB.
    let mut bomb = zip::ZipWriter::new(Cursor::new(Vec::new()));
    bomb.start_file("xl/workbook.xml", zip::write::SimpleFileOptions::default()).unwrap();
    let block = vec![0; 1 << 20];
    (0..101).for_each(|_| bomb.write_all(&block).unwrap());
    let bomb = bomb.finish().unwrap().into_inner();
    assert!(bomb.len() < 1 << 20);
    let refused = send(&app, path, &[], bomb).await.problem(422, "unreadable-file");
    assert!(refused["detail"].as_str().unwrap().contains("解压后过大"), "{refused:#}");
    send(&app, path, &[], vec![b'x'; 50 * 1024 * 1024]).await.problem(413, "body-too-large");
    send(&app, "/api/v1/imports/secrets", &[], Vec::new()).await.problem(404, "not-found");
    send(&app, "/api/v1/imports/people?dryRun=maybe", &[], Vec::new()).await.problem(400, "invalid-query");

    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_string(0, 0, "人员").unwrap();
    for (at, header) in (0_u16..).zip(HEADERS.split(',')) {
        sheet.write_string(1, at, header).unwrap();
    }
    for row in [2, 3, 4, 5, 8] {
        for (at, text) in (0_u16..).zip([&format!("p-{row}"), "单雪梅", "shan", "党员志愿者", "220102001001"]) {
            sheet.write_string(row, at, text).unwrap();
        }
    }
    sheet.write_formula(2, 1, Formula::new("=A1")).unwrap();
    sheet.write_number(3, 4, 220_102_001_001.0).unwrap();
    sheet.write_number(4, 5, 13_800_000_001.0).unwrap();
    sheet.merge_range(5, 2, 6, 2, "shan", &Format::new()).unwrap();
    // 18 digits typed as a number: Excel has kept 15 of them.
    sheet.write_number(8, 0, 110_101_199_001_011_234.0).unwrap();
    let report =
        send(&app, &format!("{path}?dryRun=true"), &[], book.save_to_buffer().unwrap()).await.expect(200).json();
    let found: Vec<(u64, &str)> = report["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| (error["row"].as_u64().unwrap(), error["column"].as_str().unwrap()))
        .collect();
    for expected in [(3, "姓名"), (4, "所属单位"), (5, "电话"), (6, "拼音"), (9, "人员编号")] {
        assert!(found.contains(&expected), "{expected:?} in {found:?}");
    }
    app.stop().await;
}

#[actix_web::test]
async fn nobody_imports_into_units_of_others() {
    let app = TestApp::start_closed().await;
    let admin = app.administrator().await;
    for (id, parent, level) in [
        ("220100000000", Value::Null, "city"),
        ("220102001000", json!("220100000000"), "street"),
        ("220102002000", json!("220100000000"), "street"),
    ] {
        admin
            .post("/api/v1/units", &json!({"id": id, "parent": parent, "level": level, "name": "单位"}))
            .await
            .expect(201);
    }
    let settings = json!({"name": "co", "grants": [{"role": "coordinator", "unit": "220102001000"}]});
    let made = admin.post("/api/v1/accounts", &settings).await.expect(201).json();
    let user = app.first_sign_in("co", made["oneTimePassword"].as_str().unwrap()).await;
    let headers = [("cookie", user.cookie.as_str()), ("x-csrf-token", user.csrf.as_str())];
    let path = "/api/v1/imports/people";
    send(&app, path, &headers[..1], csv(&[])).await.problem(403, "csrf-failed");
    send(&app, path, &headers, csv(&["p-1,甲,jia,招聘人员,220102002000,"])).await.problem(422, "import-refused");
    assert_eq!(
        send(&app, path, &headers, csv(&["p-1,甲,jia,招聘人员,220102001000,"])).await.expect(200).json()["created"],
        1
    );
    send(&app, "/api/v1/imports/units", &headers, csv(&[])).await.problem(403, "forbidden");
    app.stop().await;
}

#[actix_web::test]
async fn a_week_is_printed_as_the_offices_do() {
    let app = TestApp::start().await;
    app.make_week().await;
    let id = app.plan(&json!({})).await.expect(202).json()["id"].as_str().unwrap().to_owned();
    app.finish(&id).await;
    let book = bytes(&app, "/api/v1/rosters/220102001000/2026-W49.xlsx").await;
    let rows = cells(&book);
    assert_eq!(rows[0][0], "自强街道值班表");
    assert!(rows[1][0].contains("草稿"));
    assert_eq!(rows[2], ["日期", "星期", "时段", "岗位", "带班领导", "值班人员", "联系电话", "备注"]);
    assert_eq!(rows[3][..4], ["2026-11-30", "星期一", "09:00–12:00", "桃源社区站 窗口"]);
    assert_eq!(rows.iter().filter(|row| row[0].starts_with("2026-1")).count(), 5);
    let page = app.get("/api/v1/rosters/220102001000/2026-W49.html").await.expect(200);
    assert!(page.text.contains("<td>星期一</td>") && page.text.contains("A4 landscape"), "{}", page.text);
    assert!(page.header("content-type").starts_with("text/html"));
    app.get("/api/v1/rosters/220102001000/2026-W50.xlsx").await.problem(404, "not-found");
    app.stop().await;
}

#[actix_web::test]
async fn days_off_are_red_and_make_up_workdays_marked() {
    let app = TestApp::start().await;
    app.make_week().await;
    let days = json!([{"date": "2026-12-02", "isOff": true, "name": "纪念日", "source": null},
        {"date": "2026-12-05", "isOff": false, "name": "纪念日", "source": null}]);
    let calendar = json!({"year": 2026, "published": true, "source": "test", "days": days});
    app.put("/api/v1/calendars/2026", "*", &calendar).await.expect(200);
    let open =
        json!({"id": "st-2", "unit": "220102001001", "name": "全天站", "kind": "servicePoint", "alwaysOpen": true});
    app.post("/api/v1/stations", &open).await.expect(201);
    let template = json!({"station": "st-2", "name": "值守", "days": ["wednesday", "saturday", "offDays"],
        "startMinute": 540, "endMinute": 600, "skillLevel": 1, "minHeads": 1, "targetHeads": 1, "maxHeads": 1,
        "priority": 1});
    app.post("/api/v1/demand-templates", &template).await.expect(201);
    let id = app.plan(&json!({})).await.expect(202).json()["id"].as_str().unwrap().to_owned();
    app.finish(&id).await;
    let rows = cells(&bytes(&app, "/api/v1/rosters/220102001000/2026-W49.xlsx").await);
    let marks =
        |date: &str| -> Vec<&str> { rows.iter().filter(|row| row[0] == date).map(|row| row[7].as_str()).collect() };
    assert_eq!((marks("2026-11-30"), marks("2026-12-02"), marks("2026-12-05")), (vec![""], vec!["纪念日"], vec!["班"]));
    let page = app.get("/api/v1/rosters/220102001000/2026-W49.html").await.expect(200).text;
    assert!(page.contains("<tr class=\"holiday\"><td>2026-12-02</td>"), "{page}");
    assert!(page.contains("<tr><td>2026-12-05</td><td>星期六</td>"), "{page}");
    app.stop().await;
}

#[actix_web::test]
async fn statutory_calendars_come_in_as_json_and_as_icalendar() {
    let app = TestApp::start().await;
    app.make_week().await;
    app.plan(&json!({"week": "2027-W01"})).await.problem(422, "no-calendar");
    let list = json!({"year": 2027, "papers": [], "days": [
        {"name": "元旦", "date": "2027-01-01", "isOffDay": true}, {"name": "元旦", "date": "2027-01-09", "isOffDay": false}]});
    let path = "/api/v1/calendar-imports";
    let imported = app.post(&format!("{path}?source=test"), &list).await.expect(200).json();
    assert_eq!((&imported[0]["offDays"], &imported[0]["workdays"]), (&json!(1), &json!(1)));
    let stored = app.get("/api/v1/calendars/2027").await.expect(200).json();
    assert_eq!((&stored["published"], &stored["days"][1]["isOff"]), (&json!(true), &json!(false)));
    app.plan(&json!({"week": "2027-W01"})).await.expect(202);
    let ics = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20280101\r\nDTEND;VALUE=DATE:20280104\r\n\
               SUMMARY:元旦（休）\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    let drafts = app.post_text(&format!("{path}?published=false"), "text/calendar", ics).await.expect(200).json();
    assert_eq!((&drafts[0]["year"], &drafts[0]["offDays"]), (&json!(2028), &json!(3)));
    assert_eq!(app.get("/api/v1/calendars/2028").await.json()["published"], false);
    app.post_text(path, "text/calendar", "BEGIN:VCALENDAR\r\nEND:VCALENDAR").await.problem(422, "unreadable-file");
    app.post_text(path, "application/json", "{\"days\": 7}").await.problem(422, "invalid-body");
    app.send(Method::POST, path, &[], Some(&json!({"year": 3000, "days": []}))).await.problem(422, "invalid-value");
    app.stop().await;
}

#[actix_web::test]
async fn twenty_thousand_people_are_imported_at_once() {
    let app = TestApp::start().await;
    app.make_units().await;
    let lines: Vec<String> =
        (0..20_000).map(|at| format!("p-{at},人员{at},ren {at:05},党员志愿者,220102001001,138{at:08}")).collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let report = send(&app, "/api/v1/imports/people", &[], csv(&lines)).await.expect(200).json();
    assert_eq!(report["created"], 20_000);
    app.stop().await;
}
