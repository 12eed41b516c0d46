//! What listeners are told of others' changes: as a stream and once, by their rights.

use chrono::Duration;
use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::app::{PASSWORD, TestApp, User};
use crate::staffed::{self, duty_on, make};

/// An open stream; what has arrived of the next event waits in `rest`.
struct Stream {
    answer: Response,
    rest: String,
}

impl Stream {
    async fn open(app: &TestApp, user: &User<'_>, after: Option<&str>) -> Self {
        let mut request = app.client.get(format!("{}/api/v1/changes", app.address)).header("cookie", &user.cookie);
        if let Some(after) = after {
            request = request.header("last-event-id", after);
        }
        let answer = request.header("accept", "text/event-stream").send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 200);
        assert_eq!(answer.headers()["content-type"], "text/event-stream");
        Self { answer, rest: String::new() }
    }

    /// The next event; none at the stream's end.
    async fn next(&mut self) -> Option<Value> {
        loop {
            if let Some((event, rest)) = self.rest.split_once("\n\n") {
                let (event, rest) = (event.to_owned(), rest.to_owned());
                self.rest = rest;
                if event.starts_with("event: alive\n") {
                    continue;
                }
                let Some(data) = event.lines().find_map(|line| line.strip_prefix("data: ")) else { continue };
                assert!(event.contains("event: changes\n"), "{event}");
                return Some(serde_json::from_str(data).unwrap());
            }
            let piece = self.answer.chunk().await.unwrap()?;
            self.rest.push_str(std::str::from_utf8(&piece).unwrap());
        }
    }

    /// Events up to one that tells of the kind; its notice.
    async fn until(&mut self, kind: &str) -> Value {
        loop {
            let event = self.next().await.expect("the stream ended");
            if let Some(notice) = event["changes"].as_array().unwrap().iter().find(|notice| notice["kind"] == kind) {
                return notice.clone();
            }
        }
    }
}

#[actix_web::test]
async fn open_pages_hear_what_others_change() {
    let (app, _clock) = staffed::start().await;
    let week = staffed::build(&app).await;
    let mut coordinator = Stream::open(&app, &week.coordinator, None).await;
    let mut member = Stream::open(&app, &week.people[1], None).await;
    for stream in [&mut coordinator, &mut member] {
        let first = stream.next().await.unwrap();
        assert_eq!((&first["changes"], &first["everything"]), (&json!([]), &json!(false)));
    }

    // Members learn that a duty near them was changed, and not which.
    let duty = duty_on(&week.people[0], "2026-11-30").await.unwrap();
    let own = format!("/api/v1/me/assignments/{}/{duty}", week.schedule);
    week.people[0].post(&format!("{own}/confirm"), &json!({})).await.expect(200);
    let subject = format!("{}/{duty}", week.schedule);
    assert_eq!(coordinator.until("assignment").await, json!({"kind": "assignment", "id": subject}));
    assert_eq!(member.until("assignment").await, json!({"kind": "assignment", "id": null}));

    // What comes later is told, too, and personal data of it are not.
    let case = json!({"unit": "220102001001", "channel": "hotline", "subject": "楼道灯不亮",
        "resident": {"name": "张桂英", "phone": "13800005678"}});
    let id = make(&week.admin, "/api/v1/cases", case).await["case"]["id"].as_str().map(str::to_owned);
    let notice = coordinator.until("case").await;
    assert!(notice["id"].is_string() && (id.is_none() || notice["id"].as_str() == id.as_deref()), "{notice}");
    assert_eq!(member.until("case").await["id"], Value::Null);
    app.stop().await;
}

#[actix_web::test]
async fn whoever_serves_outside_the_units_of_the_role_hears_of_changes_there() {
    let (app, _clock) = staffed::start().await;
    let week = staffed::build(&app).await;
    for (id, parent, level) in
        [("220103000000", "220100000000", "district"), ("220103001000", "220103000000", "street")]
    {
        let unit = json!({"id": id, "parent": parent, "level": level, "name": "邻区"});
        make(&week.admin, "/api/v1/units", unit).await;
    }
    let (home, there) = ("220103001000", "220102001001");
    for (id, name) in [("p-3", "仇一平"), ("p-4", "查小川")] {
        let person = json!({"id": id, "name": name, "sortKey": id, "category": "secondedCadre", "homeUnit": home});
        make(&week.admin, "/api/v1/people", person).await;
        let grants = json!([{"role": "member", "unit": home}]);
        let account = json!({"name": id, "person": id, "grants": grants});
        let made = make(&week.admin, "/api/v1/accounts", account).await;
        app.first_sign_in(id, made["oneTimePassword"].as_str().unwrap()).await;
    }
    let secondment = json!({"person": "p-3", "hostUnit": there, "fromDate": "2026-11-01", "toDate": null,
        "minMinutesWeek": 0});
    make(&week.admin, "/api/v1/secondments", secondment).await;
    let last = week.admin.get("/api/v1/changes").await.expect(200).json()["last"].clone();
    let case = json!({"unit": there, "channel": "hotline", "subject": "楼道灯不亮", "resident": null});
    make(&week.admin, "/api/v1/cases", case).await;

    let seconded = app.sign_in("p-3", PASSWORD).await;
    let heard = seconded.get(&format!("/api/v1/changes?after={last}")).await.expect(200).json();
    assert_eq!(heard["changes"], json!([{"kind": "case", "id": null}]));
    let stranger = app.sign_in("p-4", PASSWORD).await;
    let heard = stranger.get(&format!("/api/v1/changes?after={last}")).await.expect(200).json();
    assert_eq!(heard["changes"], json!([]));
    app.stop().await;
}

#[actix_web::test]
async fn who_keeps_accounts_and_demand_hears_of_them_and_of_the_trail() {
    let (app, _clock) = staffed::start().await;
    let week = staffed::build(&app).await;
    let last = week.admin.get("/api/v1/changes").await.expect(200).json()["last"].clone();
    make(&week.admin, "/api/v1/accounts", json!({"name": "another", "grants": []})).await;
    let template = json!({"station": "st-1", "name": "上午", "days": ["saturday"], "startMinute": 540,
        "endMinute": 720, "skill": null, "skillLevel": 1, "shiftType": null, "minHeads": 1, "targetHeads": 1,
        "maxHeads": 2, "priority": 3, "validFrom": null, "validTo": null});
    let template = make(&week.admin, "/api/v1/demand-templates", template).await["id"].clone();
    make(&week.admin, "/api/v1/calendars", json!({"year": 2031, "published": false, "source": "t", "days": []})).await;

    let heard = async |user: &User<'_>| {
        user.get(&format!("/api/v1/changes?after={last}")).await.expect(200).json()["changes"].clone()
    };
    let everything = json!([
        {"kind": "account", "id": null},
        {"kind": "audit entry", "id": null},
        {"kind": "calendar", "id": "2031"},
        {"kind": "demand template", "id": template},
    ]);
    assert_eq!(heard(&week.admin).await, everything);
    let planner = json!([{"kind": "calendar", "id": "2031"}, {"kind": "demand template", "id": template}]);
    assert_eq!(heard(&week.coordinator).await, planner);
    assert_eq!(heard(&week.people[1]).await, json!([]));
    app.stop().await;
}

#[actix_web::test]
async fn whoever_comes_back_hears_what_was_missed() {
    let (app, _clock) = staffed::start().await;
    let week = staffed::build(&app).await;
    let once = async |after: &str| week.coordinator.get(&format!("/api/v1/changes{after}")).await;
    let last = once("").await.expect(200).json()["last"].as_i64().unwrap();
    let duty = duty_on(&week.people[0], "2026-11-30").await.unwrap();
    let own = format!("/api/v1/me/assignments/{}/{duty}", week.schedule);
    week.people[0].post(&format!("{own}/confirm"), &json!({})).await.expect(200);

    let missed = once(&format!("?after={last}")).await.expect(200).json();
    let subject = format!("{}/{duty}", week.schedule);
    assert_eq!(missed["changes"], json!([{"kind": "assignment", "id": subject}]));
    let mut stream = Stream::open(&app, &week.coordinator, Some(&last.to_string())).await;
    assert_eq!(stream.next().await.unwrap(), missed, "a browser says itself what it was told last");
    let nothing = once(&format!("?after={}", missed["last"])).await.expect(200).json();
    assert_eq!((&nothing["changes"], &nothing["everything"]), (&json!([]), &json!(false)));
    // A number that the database does not know yet comes from another one.
    assert_eq!(once("?after=999999").await.expect(200).json()["everything"], json!(true));
    once("?after=x").await.problem(400, "invalid-query");
    once("?since=1").await.problem(400, "invalid-query");
    app.stop().await;
}

#[actix_web::test]
async fn a_stream_ends_when_the_account_is_changed_and_with_the_server() {
    let (app, _clock) = staffed::start().await;
    let week = staffed::build(&app).await;
    let mut changed = Stream::open(&app, &week.coordinator, None).await;
    let mut other = Stream::open(&app, &week.people[0], None).await;
    assert!(changed.next().await.is_some() && other.next().await.is_some());

    let accounts = week.admin.get("/api/v1/accounts?limit=500").await.expect(200).json();
    let own = accounts["items"].as_array().unwrap().iter().find(|account| account["name"] == "co").unwrap().clone();
    let path = format!("/api/v1/accounts/{}", own["id"].as_str().unwrap());
    let body = json!({"name": "co", "grants": [{"role": "reader", "unit": "220102001001"}]});
    week.admin.send(Method::PUT, &path, &[("if-match", "*")], Some(&body)).await.expect(200);
    while changed.next().await.is_some() {}

    let again = app.sign_in("co", PASSWORD).await;
    assert_eq!(again.get("/api/v1/changes").await.status, 200);
    app.stop().await;
    // Cut off or ended, but not hanging.
    let _ended = other.answer.bytes().await;
}

#[actix_web::test]
async fn a_page_that_lies_open_does_not_keep_its_session_alive() {
    let (app, clock) = staffed::start().await;
    let week = staffed::build(&app).await;
    assert_eq!(week.coordinator.get("/api/v1/changes").await.status, 200);
    clock.advance(Duration::hours(11));
    assert_eq!(week.coordinator.get("/api/v1/changes").await.status, 200, "eleven hours without use are not too many");
    clock.advance(Duration::hours(2));
    week.coordinator.get("/api/v1/changes").await.problem(401, "not-signed-in");
    app.stop().await;
}
