//! Receptions over the interface: notice, holidays, people and venue, windows, the record, quotas, and bad input.

use reqwest::Method;
use serde_json::{Value, json};

use crate::app::{Answer, TestApp};
use crate::sharing::{district, hall};

/// A district with a room, a labour skill and two deputies, one of whom knows labour.
async fn ready() -> TestApp {
    let app = district("2026-11-30T01:00:00Z").await;
    app.post("/api/v1/resources", &hall()).await.expect(201);
    app.post("/api/v1/skills", &json!({"id": "labour", "name": "劳动保障"})).await.expect(201);
    for (id, name, skills) in
        [("d-1", "解明", json!([])), ("d-2", "<b>仇</b>", json!([{"skill": "labour", "level": 1}]))]
    {
        let deputy = json!({"id": id, "name": name, "sortKey": id, "category": "deputy", "homeUnit": "220102001001",
            "skills": skills});
        app.post("/api/v1/people", &deputy).await.expect(201);
    }
    app
}

fn reception() -> Value {
    json!({
        "title": "人大代表<接待日>", "station": "st-1", "date": "2026-12-05", "startMinute": 540, "endMinute": 600,
        "slotMinutes": 20, "perSlot": 1, "venue": "hall", "host": "p-1", "deputies": ["d-2", "d-1"]
    })
}

async fn plan(app: &TestApp, body: &Value) -> Value {
    app.post("/api/v1/receptions", body).await.expect(201).json()
}

/// Does something to the version of a reception that the document has.
async fn act(app: &TestApp, reception: &Value, name: &str, body: Option<Value>) -> Answer {
    let path = format!("/api/v1/receptions/{}/{name}", reception["id"].as_str().unwrap());
    let version = format!("\"{}\"", reception["version"]);
    app.send(Method::POST, &path, &[("if-match", &version)], body.as_ref()).await
}

async fn announced(app: &TestApp) -> Value {
    let reception = plan(app, &reception()).await;
    act(app, &reception, "announce", None).await.expect(200).json()
}

async fn bring(app: &TestApp, reception: &Value, start: u16, subject: &str) -> Answer {
    let path = format!("/api/v1/receptions/{}/bookings", reception["id"].as_str().unwrap());
    let body = json!({"startMinute": start, "subject": subject, "skill": "labour",
        "resident": {"name": "李明", "phone": "13900001234"}});
    app.post(&path, &body).await
}

#[actix_web::test]
async fn a_reception_on_a_day_off_moves_and_says_so_and_its_notice_is_escaped() {
    let app = ready().await;
    let planned = plan(&app, &reception()).await;
    assert_eq!((planned["date"].clone(), planned["movedFrom"].clone()), (json!("2026-12-07"), json!("2026-12-05")));
    assert!(planned["movedBecause"].as_str().unwrap().contains("顺延至 2026-12-07"), "{planned:#}");
    assert_eq!(planned["handoverDue"], "2026-12-09");
    assert_eq!(planned["windows"], json!([540, 560, 580]));
    let public = act(&app, &planned, "announce", None).await.expect(200).json();
    assert_eq!(public["status"], "announced");
    assert_eq!(public["warnings"], json!([]));
    let path = format!("/api/v1/receptions/{}", public["id"].as_str().unwrap());
    let notice = app.get(&format!("{path}/notice")).await.expect(200);
    assert_eq!(notice.header("content-type"), "text/html; charset=utf-8");
    assert!(notice.header("content-security-policy").contains("style-src 'sha256-"), "its style is allowed");
    for text in [
        "人大代表&lt;接待日&gt;",
        "&lt;b&gt;仇&lt;/b&gt;",
        "2026年12月7日",
        "星期一",
        "09:00–10:00",
        "桃源社区多功能厅",
    ] {
        assert!(notice.text.contains(text), "{text}: {}", notice.text);
    }
    assert!(!notice.text.contains("<b>仇"), "{}", notice.text);
    let booked = app.get("/api/v1/bookings?resource=hall").await.json();
    assert_eq!(booked["items"][0]["reception"], public["id"], "the room is taken");
    app.put(&path, "*", &reception()).await.problem(409, "conflict");
    app.stop().await;
}

#[actix_web::test]
async fn an_announcement_needs_notice_people_and_a_room() {
    let app = ready().await;
    let away = json!({"person": "d-1", "kind": "unavailable", "fromDate": "2026-12-08", "toDate": "2026-12-08",
        "startMinute": 0, "endMinute": 720, "weight": 1});
    app.post("/api/v1/availability", &away).await.expect(201);
    for (field, value, pointer) in [
        ("date", json!("2026-12-02"), "/date"),
        ("deputies", json!([]), "/deputies"),
        ("deputies", json!(["p-1"]), "/deputies"),
        ("date", json!("2026-12-08"), "/deputies"),
        ("host", Value::Null, "/host"),
        ("host", json!("d-1"), "/host"),
        ("venue", Value::Null, "/venue"),
    ] {
        let mut body = reception();
        body[field] = value.clone();
        let planned = plan(&app, &body).await;
        let problem = act(&app, &planned, "announce", None).await.problem(422, "invalid-value");
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{field} {value}: {problem:#}");
    }
    let past = json!({"date": "2026-11-28"});
    let mut body = reception();
    body["date"] = past["date"].clone();
    app.post("/api/v1/receptions", &body).await.problem(422, "invalid-value");
    body = reception();
    body["slotMinutes"] = json!(90);
    app.post("/api/v1/receptions", &body).await.problem(422, "invalid-value");
    body = reception();
    body["station"] = json!("nowhere");
    app.post("/api/v1/receptions", &body).await.problem(422, "unknown-reference");
    // Nobody and no room is at two receptions at once.
    let first = plan(&app, &reception()).await;
    let second = plan(&app, &reception()).await;
    act(&app, &first, "announce", None).await.expect(200);
    act(&app, &second, "announce", None).await.problem(409, "booking-clash");
    act(&app, &second, "cancel", Some(json!({"reason": "重复"}))).await.expect(200);
    app.stop().await;
}

#[actix_web::test]
async fn a_full_window_is_refused_and_frees_when_a_matter_is_taken_out() {
    let app = ready().await;
    let planned = plan(&app, &reception()).await;
    bring(&app, &planned, 540, "早了").await.problem(409, "conflict");
    let public = act(&app, &planned, "announce", None).await.expect(200).json();
    let matter = bring(&app, &public, 540, "养老金转移").await.expect(201).json();
    assert_eq!(matter["resident"], json!({"name": "李**", "phone": "139****1234", "isMasked": true}));
    let full = bring(&app, &public, 540, "又一件").await.problem(409, "window-full");
    assert!(full["detail"].as_str().unwrap().contains("09:20, 09:40"), "{full:#}");
    bring(&app, &public, 555, "没有这个时段").await.problem(422, "invalid-value");
    bring(&app, &public, 560, "").await.problem(422, "invalid-value");
    let path = format!("/api/v1/receptions/{}/bookings/1", public["id"].as_str().unwrap());
    app.post(&format!("{path}/solved"), &json!({"note": ""})).await.problem(422, "invalid-value");
    let solved = app.post(&format!("{path}/solved"), &json!({"note": "窗口已办结"})).await.expect(200).json();
    assert_eq!(solved["status"], "solvedBefore");
    app.post(&format!("{path}/cancel"), &json!({"note": "x"})).await.problem(409, "conflict");
    bring(&app, &public, 540, "又一件").await.expect(201);
    let seen = app.get(&format!("/api/v1/receptions/{}", public["id"].as_str().unwrap())).await.json();
    assert_eq!((seen["booked"].clone(), seen["freeWindows"].clone()), (json!(1), json!([560, 580])));
    app.stop().await;
}

#[actix_web::test]
async fn booked_domains_say_which_deputy_fits_and_an_absent_one_is_replaced() {
    let app = ready().await;
    let mut alone = reception();
    alone["deputies"] = json!(["d-1"]);
    let planned = plan(&app, &alone).await;
    let public = act(&app, &planned, "announce", None).await.expect(200).json();
    bring(&app, &public, 540, "养老金转移").await.expect(201);
    let path = format!("/api/v1/receptions/{}", public["id"].as_str().unwrap());
    let fit = app.get(&format!("{path}/fit")).await.expect(200).json();
    assert_eq!(fit["mattersWithDomain"], 1);
    assert_eq!((fit["deputies"][0]["person"].clone(), fit["deputies"][0]["matched"].clone()), (json!("d-2"), json!(1)));
    assert_eq!(fit["deputies"][1]["isNamed"], true);
    let away = json!({"person": "d-1", "kind": "unavailable", "fromDate": "2026-12-07", "toDate": "2026-12-07",
        "startMinute": 0, "endMinute": 1440, "weight": 1});
    app.post("/api/v1/availability", &away).await.expect(201);
    let seen = app.get(&path).await.json();
    assert_eq!(seen["warnings"], json!([{"code": "deputy-away", "about": "d-1"}]));
    act(&app, &seen, "replace-deputy", Some(json!({"deputy": "d-2", "by": "d-1"}))).await.problem(409, "conflict");
    act(&app, &seen, "replace-deputy", Some(json!({"deputy": "d-1", "by": "p-1"}))).await.problem(422, "invalid-value");
    let settled =
        act(&app, &seen, "replace-deputy", Some(json!({"deputy": "d-1", "by": "d-2"}))).await.expect(200).json();
    assert_eq!((settled["deputies"].clone(), settled["warnings"].clone()), (json!(["d-2"]), json!([])));
    // A room that is lost after the announcement is said, too.
    let lost = json!({"from": "2026-12-07", "to": null, "reason": "漏水"});
    app.send(Method::POST, "/api/v1/resources/hall/withdraw", &[("if-match", "*")], Some(&lost)).await.expect(200);
    assert_eq!(app.get(&path).await.json()["warnings"], json!([{"code": "venue-lost", "about": "hall"}]));
    app.stop().await;
}

#[actix_web::test]
async fn the_record_gives_each_matter_an_outcome_and_makes_cases() {
    let (app, clock) = {
        let (app, clock) = TestApp::start_still("2026-11-30T01:00:00Z").await;
        app.make_week().await;
        app.post("/api/v1/resources", &hall()).await.expect(201);
        app.post("/api/v1/skills", &json!({"id": "labour", "name": "劳动保障"})).await.expect(201);
        let deputy =
            json!({"id": "d-1", "name": "解明", "sortKey": "d", "category": "deputy", "homeUnit": "220102001001"});
        app.post("/api/v1/people", &deputy).await.expect(201);
        (app, clock)
    };
    let mut alone = reception();
    alone["deputies"] = json!(["d-1"]);
    let planned = plan(&app, &alone).await;
    let public = act(&app, &planned, "announce", None).await.expect(200).json();
    for (start, subject) in [(540, "养老金转移"), (560, "路灯"), (580, "停车")] {
        bring(&app, &public, start, subject).await.expect(201);
    }
    let whole = json!({"matters": [
        {"number": 1, "outcome": "case", "urgency": 3},
        {"number": 2, "outcome": "answered", "note": "已列入下月计划"},
        {"number": 3, "outcome": "absent"},
        {"subject": "临时来访：噪音", "outcome": "case", "resident": {"name": "王芳", "phone": "13700000000"}}
    ]});
    act(&app, &public, "record", Some(whole.clone())).await.problem(409, "conflict");
    clock.advance(chrono::Duration::days(8));
    for bad in [
        json!({"matters": [{"number": 1, "outcome": "case"}]}),
        json!({"matters": [{"number": 1, "outcome": "booked"}, {"number": 2, "outcome": "absent"},
            {"number": 3, "outcome": "absent"}]}),
        json!({"matters": [{"number": 1, "outcome": "answered"}, {"number": 2, "outcome": "absent"},
            {"number": 3, "outcome": "absent"}]}),
        json!({"matters": [{"number": 9, "outcome": "case"}]}),
    ] {
        act(&app, &public, "record", Some(bad)).await.problem(422, "invalid-value");
    }
    assert_eq!(app.get("/api/v1/cases").await.json()["items"], json!([]), "nothing was half-recorded");
    let recorded = act(&app, &public, "record", Some(whole)).await.expect(200).json();
    assert_eq!(recorded["reception"]["status"], "held");
    let outcomes: Vec<&str> =
        recorded["matters"].as_array().unwrap().iter().map(|matter| matter["status"].as_str().unwrap()).collect();
    assert_eq!(outcomes, ["case", "answered", "absent", "case"]);
    let cases = format!("/api/v1/cases?reception={}&sort=received", public["id"].as_str().unwrap());
    let cases = app.get(&cases).await.expect(200).json();
    assert_eq!(cases["items"].as_array().unwrap().len(), 2);
    let made = &recorded["matters"][0]["case"];
    let first = cases["items"].as_array().unwrap().iter().find(|case| case["id"] == *made).unwrap();
    assert_eq!((first["channel"].clone(), first["urgency"].clone()), (json!("reception"), json!(3)));
    // The reception counts towards the deputy's year; who has done nothing else still owes one.
    let quota = json!({"kind": "stationReceptions", "station": "st-1", "year": 2026, "target": 4, "doneBefore": 2});
    app.post("/api/v1/quotas", &quota).await.expect(201);
    let nobodys = json!({"kind": "deputyVisits", "station": "st-1", "year": 2026, "target": 4, "doneBefore": 2});
    app.post("/api/v1/quotas", &nobodys).await.problem(422, "invalid-value");
    let progress = app.get("/api/v1/quota-progress?unit=220102001000").await.expect(200).json();
    assert_eq!(
        progress,
        json!([
            {"kind": "deputyReceptions", "subject": "d-1", "name": "解明", "target": 2, "done": 1, "ahead": 0,
                "missing": 1, "isBehind": true},
            {"kind": "stationReceptions", "subject": "st-1", "name": "桃源社区站", "target": 4, "done": 3, "ahead": 0,
                "missing": 1, "isBehind": true}
        ])
    );
    app.stop().await;
}

#[actix_web::test]
async fn a_cancelled_reception_frees_its_room_and_keeps_its_matters_on_record() {
    let app = ready().await;
    let public = announced(&app).await;
    bring(&app, &public, 540, "养老金转移").await.expect(201);
    act(&app, &public, "cancel", Some(json!({"reason": " "}))).await.problem(422, "invalid-value");
    let cancelled = act(&app, &public, "cancel", Some(json!({"reason": "代表外出"}))).await.expect(200).json();
    assert_eq!(cancelled["status"], "cancelled");
    let matters = app.get(&format!("/api/v1/receptions/{}/bookings", public["id"].as_str().unwrap())).await.json();
    assert_eq!((matters[0]["status"].clone(), matters[0]["note"].clone()), (json!("cancelled"), json!("代表外出")));
    assert_eq!(app.get("/api/v1/bookings?resource=hall&status=booked").await.json()["items"], json!([]));
    let visit = json!({"person": "d-1", "unit": "220102001001", "date": "2026-12-03", "startMinute": 540,
        "endMinute": 660, "households": 5, "status": "planned"});
    app.post("/api/v1/visits", &visit).await.expect(201);
    assert_eq!(app.get("/api/v1/visits?person=d-1&from=2026-12-01").await.json()["items"].as_array().unwrap().len(), 1);
    app.stop().await;
}
