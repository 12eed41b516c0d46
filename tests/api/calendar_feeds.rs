//! Calendar feeds, read back by an independent parser.

use chrono::Duration;
use ical::IcalParser;
use ical::parser::ical::component::IcalCalendar;
use reqwest::Method;
use serde_json::json;

use crate::app::TestApp;
use crate::staffed::{build, duties, duty_on, start};

async fn read(app: &TestApp, path: &str) -> (String, IcalCalendar) {
    let answer = app.get(path).await.expect(200);
    assert!(answer.header("content-type").starts_with("text/calendar"));
    for line in answer.text.split("\r\n") {
        assert!(line.len() <= 75 && !line.contains('\n'), "{line:?}");
    }
    let calendar = IcalParser::new(answer.text.as_bytes()).next().unwrap().unwrap();
    (answer.text, calendar)
}

/// Of each event the value of a property, by UID.
fn values(calendar: &IcalCalendar, name: &str) -> Vec<(String, String)> {
    let of = |event: &ical::parser::ical::component::IcalEvent, name: &str| {
        event.properties.iter().find(|property| property.name == name).and_then(|property| property.value.clone())
    };
    let mut all: Vec<_> =
        calendar.events.iter().map(|event| (of(event, "UID").unwrap(), of(event, name).unwrap())).collect();
    all.sort();
    all
}

#[actix_web::test]
async fn a_feed_follows_the_duties_and_its_address_can_be_revoked() {
    let (app, clock) = start().await;
    let week = build(&app).await;
    let [one, two] = &week.people;
    let made = one.post("/api/v1/me/calendar-keys", &json!({"name": "手机", "station": null})).await.expect(201).json();
    let path = made["path"].as_str().unwrap().to_owned();
    let (text, before) = read(&app, &path).await;
    assert_eq!(before.events.len(), duties(one).await.len());
    assert_eq!(before.timezones.len(), 1);
    assert!(text.contains("DTSTART;TZID=Asia/Shanghai:20261130T090000\r\n"), "{text}");
    assert!(!text.contains("138"), "no telephone numbers");
    assert!(values(&before, "SEQUENCE").iter().all(|(_, sequence)| sequence == "0"));

    let monday = duty_on(one, "2026-11-30").await.unwrap();
    clock.advance(Duration::minutes(1));
    let decline = format!("/api/v1/me/assignments/{}/{monday}/decline", week.schedule);
    one.post(&decline, &json!({"reason": "出差"})).await.expect(200);
    let (_, after) = read(&app, &path).await;
    let uids = |calendar: &IcalCalendar| values(calendar, "STATUS").into_iter().map(|(uid, _)| uid).collect::<Vec<_>>();
    assert_eq!(uids(&before), uids(&after), "the same duties keep their UIDs");
    let cancelled: Vec<String> =
        values(&after, "STATUS").into_iter().filter(|(_, status)| status == "CANCELLED").map(|(uid, _)| uid).collect();
    assert_eq!(cancelled.len(), 1);
    let of = |name: &str| values(&after, name).into_iter().find(|(uid, _)| *uid == cancelled[0]).unwrap().1;
    assert_eq!(of("SEQUENCE"), "1");
    assert_eq!(of("LAST-MODIFIED"), "20261123T080100Z");
    assert!(of("SUMMARY").starts_with("【取消】"));

    // A member may not subscribe to a station; a coordinator may.
    two.post("/api/v1/me/calendar-keys", &json!({"name": "站", "station": "st-1"})).await.problem(404, "not-found");
    let station = json!({"name": "站", "station": "st-1"});
    let of_station = week.coordinator.post("/api/v1/me/calendar-keys", &station).await.expect(201).json();
    let (text, calendar) = read(&app, of_station["path"].as_str().unwrap()).await;
    assert_eq!(calendar.events.len(), 5);
    assert!(text.contains("曾志强"), "{text}");

    let key = format!("/api/v1/me/calendar-keys/{}", made["id"].as_str().unwrap());
    two.send(Method::DELETE, &key, &[], None).await.problem(404, "not-found");
    one.send(Method::DELETE, &key, &[], None).await.expect(204);
    app.get(&path).await.problem(404, "not-found");
    app.get("/api/v1/ical/guess.ics").await.problem(404, "not-found");
    assert!(one.get("/api/v1/me/calendar-keys").await.json()["items"][0]["revokedAt"].is_string());
    clock.advance(Duration::days(40));
    let (_, later) = read(&app, of_station["path"].as_str().unwrap()).await;
    assert!(later.events.is_empty(), "after four weeks the past is gone");
    app.stop().await;
}
