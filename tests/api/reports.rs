//! Reports: their figures are those of the lists they sum up, as JSON and as sheets.

use std::collections::BTreeMap;

use chrono::Duration;
use reqwest::Method;
use serde_json::{Value, json};

use crate::app::{PASSWORD, TestApp, User};
use crate::exchange::cells;
use crate::staffed::{self, Staffed, duty_on};

const UNIT: &str = "unit=220102001000";

async fn report(user: &User<'_>, path: &str) -> Value {
    user.get(&format!("/api/v1/reports/{path}")).await.expect(200).json()
}

async fn sheet(app: &TestApp, user: &User<'_>, path: &str) -> Vec<Vec<String>> {
    let request = app.client.get(format!("{}/api/v1/reports/{path}", app.address)).header("cookie", &user.cookie);
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 200, "{path}");
    cells(&answer.bytes().await.unwrap())
}

async fn listed(user: &User<'_>, path: &str) -> Vec<Value> {
    user.get(path).await.expect(200).json()["items"].as_array().unwrap().clone()
}

/// The coordinator, signed in again after the clock has moved.
async fn coordinator(app: &TestApp) -> User<'_> {
    app.sign_in("co", PASSWORD).await
}

/// p-1 declines Monday's duty, and p-2 serves Tuesday's from 09:00 to 11:30.
async fn serve(app: &TestApp, week: &Staffed<'_>, clock: &paiban::domain::FixedClock) {
    let monday = duty_on(&week.people[0], "2026-11-30").await.unwrap();
    let decline = format!("/api/v1/me/assignments/{}/{monday}/decline", week.schedule);
    week.people[0].post(&decline, &json!({"reason": "出差"})).await.expect(200);
    let tuesday = duty_on(&week.people[1], "2026-12-01").await.unwrap();
    let own = format!("/api/v1/me/assignments/{}/{tuesday}", week.schedule);
    week.people[1].post(&format!("{own}/confirm"), &json!({})).await.expect(200);
    // From Monday 16:00 of the week before to Tuesday 09:00.
    clock.advance(Duration::days(7) + Duration::hours(17));
    let two = app.sign_in("m2", PASSWORD).await;
    two.post(&format!("{own}/check-in"), &json!({})).await.expect(200);
    clock.advance(Duration::minutes(150));
    two.post(&format!("{own}/check-out"), &json!({})).await.expect(200);
}

#[actix_web::test]
async fn a_trainee_is_no_head() {
    let (app, _clock) = staffed::start().await;
    let week = staffed::build(&app).await;
    let [one, two] = &week.people;
    let days: Vec<String> =
        staffed::duties(one).await.iter().map(|duty| duty["date"].as_str().unwrap().to_owned()).collect();
    assert!(!days.is_empty());
    let missing = json!(days.len());
    let person = week.admin.get("/api/v1/people/p-1").await.expect(200);
    let mut body = person.json();
    body["trainee"] = json!(true);
    let tag = [("if-match", person.header("etag"))];
    week.admin.send(Method::PUT, "/api/v1/people/p-1", &tag, Some(&body)).await.expect(200);

    let user = coordinator(&app).await;
    let total = report(&user, &format!("coverage.json?{UNIT}&week=2026-W49")).await["total"].clone();
    assert_eq!((&total["heads"], &total["shortPosts"]), (&json!(5 - days.len()), &missing));
    assert_eq!((&total["missing"], &total["wanted"]), (&missing, &missing));
    let open = two.get("/api/v1/open-duties").await.expect(200).json();
    let open: Vec<(&str, i64)> = open["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|duty| (duty["date"].as_str().unwrap(), duty["heads"].as_i64().unwrap()))
        .collect();
    assert_eq!(open, days.iter().map(|day| (day.as_str(), 0)).collect::<Vec<_>>());
    app.stop().await;
}

#[actix_web::test]
async fn coverage_fairness_and_hours_are_what_the_roster_says() {
    let (app, clock) = staffed::start().await;
    let week = staffed::build(&app).await;
    serve(&app, &week, &clock).await;
    let user = coordinator(&app).await;
    let posts = listed(&user, "/api/v1/posts?from=2026-11-30&to=2026-12-06").await;
    let duties = listed(&user, &format!("/api/v1/schedules/{}/assignments", week.schedule)).await;
    assert_eq!((posts.len(), duties.len()), (5, 4), "one of five duties is open");

    let coverage = report(&user, &format!("coverage.json?{UNIT}&week=2026-W49")).await;
    let total = &coverage["total"];
    let figures = ["posts", "minimum", "target", "heads", "shortPosts", "missing", "wanted"].map(|name| &total[name]);
    assert_eq!(figures, [5, 5, 5, 4, 1, 1, 1].map(|number| json!(number)).each_ref());
    assert_eq!((&total["coverageRate"], &coverage["rows"][0]["key"]), (&json!(80.0), &json!("st-1")));
    let by_day = report(&user, &format!("coverage.json?{UNIT}&week=2026-W49&by=day")).await;
    let by_days: Vec<(&Value, &Value)> =
        by_day["rows"].as_array().unwrap().iter().map(|row| (&row["key"], &row["heads"])).collect();
    let days: Vec<&Value> = by_days.iter().map(|(day, _)| *day).collect();
    for (day, heads) in &by_days {
        let there = duties.iter().filter(|duty| duty["date"] == **day).count();
        assert_eq!(**heads, json!(there), "{day}");
    }
    assert_eq!(days.len(), 5);
    let by_unit = report(&user, &format!("coverage.json?{UNIT}&week=2026-W49&by=unit")).await;
    assert_eq!((&by_unit["rows"][0]["key"], &by_unit["rows"][0]["heads"]), (&json!("220102001001"), &json!(4)));
    let next = report(&user, &format!("coverage.json?{UNIT}&week=2026-W50")).await;
    assert_eq!((&next["rows"], &next["total"]["coverageRate"]), (&json!([]), &Value::Null));

    for (level, row) in [("", "220102001001"), ("&level=street", "220102001000"), ("&level=community", "220102001001")]
    {
        let grid = report(&user, &format!("coverage-grid.json?{UNIT}&week=2026-W49{level}")).await;
        let rows = grid["rows"].as_array().unwrap();
        assert_eq!((rows.len(), &rows[0]["unit"], &rows[0]["stations"]), (1, &json!(row), &json!(1)));
        assert_eq!(rows[0]["isWhole"], true);
        let cells = rows[0]["cells"].as_array().unwrap();
        let sum = |name: &str| cells.iter().map(|cell| cell[name].as_i64().unwrap()).sum::<i64>();
        assert_eq!(["posts", "minimum", "target", "heads", "missing", "wanted"].map(sum), [5, 5, 5, 4, 1, 1]);
        let parts: Vec<(&Value, &Value)> = cells.iter().map(|cell| (&cell["date"], &cell["part"])).collect();
        let morning = json!("morning");
        assert_eq!(parts, days.iter().map(|day| (*day, &morning)).collect::<Vec<_>>());
    }
    user.get(&format!("/api/v1/reports/coverage-grid.json?{UNIT}&level=moon")).await.problem(400, "invalid-query");
    user.get("/api/v1/reports/coverage-grid.json?unit=220100000000").await.problem(404, "not-found");

    let mut minutes: BTreeMap<&str, i64> = BTreeMap::new();
    for duty in &duties {
        let length = duty["endMinute"].as_i64().unwrap() - duty["startMinute"].as_i64().unwrap();
        *minutes.entry(duty["person"].as_str().unwrap()).or_default() += length;
    }
    let fairness = report(&user, &format!("fairness.json?{UNIT}&week=2026-W49&weeks=1")).await;
    let carried: BTreeMap<&str, i64> = fairness["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["person"].as_str().unwrap(), row["minutes"].as_i64().unwrap()))
        .collect();
    assert_eq!(carried, minutes);
    let sum: i64 = minutes.values().sum();
    assert_eq!((&fairness["people"], &fairness["meanMinutes"]), (&json!(2), &json!(sum as f64 / 2.0)));
    assert_eq!(fairness["mostMinutes"].as_i64(), minutes.values().max().copied());

    let hours = report(&user, &format!("hours.json?{UNIT}&week=2026-W49")).await;
    let planned: BTreeMap<&str, i64> = hours["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["person"].as_str().unwrap(), row["plannedMinutes"].as_i64().unwrap()))
        .collect();
    assert_eq!(planned, minutes, "declined duties are no longer in force");
    let total = &hours["total"];
    let figures =
        ["plannedDuties", "confirmedDuties", "servedDuties", "servedMinutes"].map(|name| total[name].as_i64().unwrap());
    assert_eq!(figures, [4, 1, 1, 150]);

    for (name, document, first) in [("coverage", &coverage, 3), ("fairness", &fairness, 3), ("hours", &hours, 3)] {
        let rows = sheet(&app, &user, &format!("{name}.xlsx?{UNIT}&week=2026-W49")).await;
        let sums = usize::from(document.get("total").is_some());
        assert_eq!(rows.len(), first + document["rows"].as_array().unwrap().len() + sums, "{name}: {rows:?}");
        assert!(rows[1][0].contains("220102001000"), "{rows:?}");
    }
    let rows = sheet(&app, &user, &format!("coverage.xlsx?{UNIT}&week=2026-W49")).await;
    assert_eq!(rows[3], ["st-1", "桃源社区站", "5", "5", "5", "4", "1", "1", "1", "80"]);
    assert_eq!(rows[4][0], "合计");

    for bad in ["week=2026-W60", "weeks=0", "weeks=x", "by=moon", "colour=red"] {
        user.get(&format!("/api/v1/reports/coverage.json?{UNIT}&{bad}")).await.problem(400, "invalid-query");
    }
    user.get("/api/v1/reports/hours.json?unit=220100000000").await.problem(404, "not-found");
    let member = app.sign_in("m1", PASSWORD).await;
    member.get(&format!("/api/v1/reports/hours.json?{UNIT}")).await.problem(403, "forbidden");
    app.stop().await;
}

#[actix_web::test]
async fn overdue_cases_are_counted_as_the_list_shows_them() {
    let (app, clock) = staffed::start().await;
    let week = staffed::build(&app).await;
    let category = json!({"id": "housing", "name": "房屋维修", "minutes": 60, "workingDays": 5});
    week.admin.post("/api/v1/case-categories", &category).await.expect(201);
    let mut made = Vec::new();
    for (unit, urgency) in [("220102001001", 5), ("220102001001", 1), ("220102001000", 4)] {
        let case = json!({"unit": unit, "channel": "hotline", "subject": format!("路灯{urgency}"), "urgency": urgency});
        let answer = week.coordinator.post("/api/v1/cases", &case).await.expect(201).json();
        made.push(answer["case"]["id"].as_str().unwrap().to_owned());
    }
    let step = async |path: &str, body: Value| {
        let path = format!("/api/v1/cases/{}/{path}", made[0]);
        week.coordinator.send(Method::POST, &path, &[("if-match", "*")], Some(&body)).await.expect(200);
    };
    step("triage", json!({"category": "housing"})).await;
    step("assign", json!({"handler": "p-1"})).await;
    let path = format!("overdue.json?{UNIT}");
    assert_eq!(report(&week.coordinator, &path).await["total"]["overdue"], 0);

    // A fourth case comes in much later and is not late.
    clock.advance(Duration::days(14));
    let user = coordinator(&app).await;
    let fresh = json!({"unit": "220102001001", "channel": "sms", "subject": "新事"});
    user.post("/api/v1/cases", &fresh).await.expect(201);
    let late = listed(&user, "/api/v1/cases?overdue=true").await;
    assert_eq!(late.len(), 3);
    let deadline = late[0]["deadline"].as_str().unwrap();

    let made = report(&user, &path).await;
    let total = &made["total"];
    let figures = ["overdue", "urgent", "unassigned", "escalated"].map(|name| total[name].as_u64().unwrap());
    assert_eq!(figures, [3, 2, 2, 0]);
    assert_eq!(total["oldestDeadline"], deadline);
    let rows: Vec<(&str, u64)> = made["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["key"].as_str().unwrap(), row["overdue"].as_u64().unwrap()))
        .collect();
    assert_eq!(rows, [("220102001000", 1), ("220102001001", 2)]);
    let by_handler = report(&user, &format!("{path}&by=handler")).await;
    assert_eq!((&by_handler["rows"][1]["name"], &by_handler["rows"][1]["overdue"]), (&json!("单雪梅"), &json!(1)));
    let by_category = report(&user, &format!("{path}&by=category")).await;
    assert_eq!(by_category["rows"][1]["name"], "房屋维修");
    let in_week = report(&user, &format!("{path}&week={deadline}")).await;
    assert_eq!(in_week["total"]["overdue"], 3);
    assert_eq!(report(&user, &format!("{path}&week=2026-W40")).await["total"]["overdue"], 0);

    let sheet_rows = sheet(&app, &user, &format!("overdue.xlsx?{UNIT}")).await;
    assert_eq!(sheet_rows[2][2], "超期事项");
    assert_eq!(sheet_rows.iter().skip(3).map(|row| row[2].as_str()).collect::<Vec<_>>(), ["1", "2", "3"]);
    let rates = sheet(&app, &user, &format!("three-rates.xlsx?{UNIT}")).await;
    let json = report(&user, &format!("three-rates.json?{UNIT}")).await;
    assert_eq!(rates.last().unwrap()[2], json["total"]["received"].to_string());
    app.stop().await;
}
