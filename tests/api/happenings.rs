//! What happens after a roster with receptions and cases is in force: people fall ill, rooms are withdrawn, cases come in;
//! and what quotas and open cases make of the next one.

use reqwest::Method;
use serde_json::{Value, json};

use crate::app::{Answer, TestApp};

const STATION: &str = "st-1";
const UNIT: &str = "220102001001";

/// A station with two rooms, three members of staff and two deputies, one of whom knows labour; Thursday before the week.
pub async fn ready() -> TestApp {
    let (app, _clock) = TestApp::start_still("2026-11-26T01:00:00Z").await;
    app.make_week().await;
    app.post("/api/v1/skills", &json!({"id": "labour", "name": "劳动保障"})).await.expect(201);
    let staff = json!({"id": "p-3", "name": "人员p-3", "sortKey": "p-3", "category": "recruitedStaff",
        "homeUnit": UNIT, "scope": [UNIT]});
    app.post("/api/v1/people", &staff).await.expect(201);
    for (id, skills) in [("d-1", json!([])), ("d-2", json!([{"skill": "labour", "level": 1}]))] {
        let deputy = json!({"id": id, "name": format!("代表{id}"), "sortKey": id, "category": "deputy",
            "homeUnit": UNIT, "skills": skills});
        app.post("/api/v1/people", &deputy).await.expect(201);
    }
    let category = json!({"id": "housing", "name": "房屋维修", "skill": null, "minutes": 60, "workingDays": 5});
    app.post("/api/v1/case-categories", &category).await.expect(201);
    for id in ["hall-1", "hall-2"] {
        let hall = json!({"id": id, "kind": "venue", "name": id, "unit": UNIT, "station": STATION, "baseKind": null,
            "capacity": 40, "quantity": 1, "hours": []});
        app.post("/api/v1/resources", &hall).await.expect(201);
    }
    app
}

/// A reception on Wednesday afternoon whose people and room are left to the plan.
pub async fn wanted(app: &TestApp) -> String {
    let body = json!({"title": "代表接待日", "station": STATION, "date": "2026-12-02", "startMinute": 840,
        "endMinute": 900, "slotMinutes": 20, "perSlot": 1, "venue": null, "host": null, "deputies": []});
    app.post("/api/v1/receptions", &body).await.expect(201).json()["id"].as_str().unwrap().to_owned()
}

/// A case that is due in the planned week.
async fn triaged(app: &TestApp, subject: &str, skill: Value) -> String {
    let body = json!({"unit": UNIT, "channel": "hotline", "subject": subject, "address": "测试路1号"});
    let case = app.post("/api/v1/cases", &body).await.expect(201).json()["case"].clone();
    let triage = json!({"category": "housing", "workingDays": 5, "skill": skill, "minutes": 60});
    act(app, "cases", &case, "triage", &triage).await.expect(200);
    case["id"].as_str().unwrap().to_owned()
}

async fn act(app: &TestApp, kind: &str, entity: &Value, name: &str, body: &Value) -> Answer {
    let path = format!("/api/v1/{kind}/{}/{name}", entity["id"].as_str().unwrap());
    app.send(Method::POST, &path, &[("if-match", "*")], Some(body)).await
}

pub async fn planned(app: &TestApp) -> String {
    let id = app.plan(&json!({})).await.expect(202).json()["id"].as_str().unwrap().to_owned();
    let schedule = app.finish(&id).await;
    assert_eq!(schedule["status"], "planned", "{schedule:#}");
    id
}

pub async fn publish(app: &TestApp, id: &str) {
    let path = format!("/api/v1/schedules/{id}/publish");
    app.send(Method::POST, &path, &[("if-match", "*")], None).await.expect(200);
}

/// Replans and publishes: the new schedule's id and the streets' answers.
pub async fn replan(app: &TestApp, base: &str, event: Value) -> (String, Value) {
    let path = format!("/api/v1/schedules/{base}/replan");
    let made = app.post(&path, &json!({"events": [event]})).await.expect(201).json();
    let id = made["schedule"]["id"].as_str().unwrap().to_owned();
    publish(app, &id).await;
    (id, made["streets"].clone())
}

pub fn sick(person: &Value) -> Value {
    json!({"kind": "sick", "person": person, "start": "2026-11-30T00:00", "end": "2026-12-07T00:00"})
}

pub async fn get(app: &TestApp, path: &str) -> Value {
    app.get(path).await.expect(200).json()
}

/// What a schedule decides about one reception or case.
pub async fn decision(app: &TestApp, schedule: &str, kind: &str, key: &str, id: &str) -> Value {
    let list = get(app, &format!("/api/v1/schedules/{schedule}/{kind}?limit=500")).await;
    list["items"].as_array().unwrap().iter().find(|item| item[key] == id).cloned().unwrap_or_default()
}

#[actix_web::test]
async fn a_sick_host_is_replaced_and_withdrawn_rooms_give_way_until_none_is_left() {
    let app = ready().await;
    let reception = wanted(&app).await;
    let at = format!("/api/v1/receptions/{reception}");
    let first = planned(&app).await;
    publish(&app, &first).await;
    let before = get(&app, &at).await;
    assert_eq!((&before["status"], &before["date"]), (&json!("planned"), &json!("2026-12-02")), "{before:#}");
    let before = act(&app, "receptions", &before, "announce", &json!({})).await.expect(200).json();

    // The host falls ill: another member of staff takes the seat, and the deputies stay.
    let (second, streets) = replan(&app, &first, sick(&before["host"])).await;
    let course = get(&app, &format!("/api/v1/schedules/{second}/progress")).await;
    assert_eq!(course, json!({"run": null, "points": []}), "no run has made it");
    assert!(streets[0]["people"]["proven"].as_bool().unwrap(), "{streets:#}");
    let after = get(&app, &at).await;
    assert_eq!(after["status"], "announced");
    assert_ne!(after["host"], before["host"], "{after:#}");
    assert_eq!((&after["deputies"], &after["date"]), (&before["deputies"], &before["date"]));
    assert_eq!(decision(&app, &second, "receptions", "reception", &reception).await["carriedOut"], true);

    // A deputy falls ill as well: the other one of the street steps in.
    let (third, _) = replan(&app, &second, sick(&after["deputies"][0])).await;
    let stepped_in = get(&app, &at).await;
    assert_eq!(stepped_in["host"], after["host"]);
    assert_ne!(stepped_in["deputies"], after["deputies"]);

    // Its room is withdrawn: it has the other one, and nobody's week changes.
    let withdraw = async |room: &Value| {
        let path = format!("/api/v1/resources/{}/withdraw", room.as_str().unwrap());
        let body = json!({"from": "2026-12-01", "to": "2026-12-06", "reason": "屋顶漏水"});
        app.send(Method::POST, &path, &[("if-match", "*")], Some(&body)).await.expect(200).json()
    };
    let event = |room: &Value| json!({"kind": "withdrawn", "venue": room, "start": "2026-12-01T00:00", "end": "2026-12-07T00:00"});
    let lost = withdraw(&stepped_in["venue"]).await;
    assert_eq!(lost["displaced"].as_array().unwrap().len(), 1);
    let (fourth, streets) = replan(&app, &third, event(&stepped_in["venue"])).await;
    let moved = get(&app, &at).await;
    assert_ne!(moved["venue"], stepped_in["venue"]);
    assert_eq!((&moved["host"], &moved["deputies"]), (&stepped_in["host"], &stepped_in["deputies"]), "{streets:#}");
    assert_eq!(moved["warnings"].as_array().unwrap().iter().filter(|one| one["code"] == "venue-lost").count(), 0);
    let bookings = get(&app, &format!("/api/v1/bookings?resource={}", moved["venue"].as_str().unwrap())).await;
    assert_eq!(bookings["items"][0]["status"], "booked", "{bookings:#}");

    // The other room is withdrawn too: the roster says why it cannot be held, and nothing is cancelled behind anyone's back.
    withdraw(&moved["venue"]).await;
    let (fifth, _) = replan(&app, &fourth, event(&moved["venue"])).await;
    let decided = decision(&app, &fifth, "receptions", "reception", &reception).await;
    assert_eq!((&decided["held"], &decided["carriedOut"]), (&json!(false), &json!(false)), "{decided:#}");
    assert!(decided["reason"].as_str().unwrap().contains("H11"), "{decided:#}");
    let left = get(&app, &at).await;
    assert_eq!((&left["status"], &left["host"]), (&json!("announced"), &moved["host"]));
    assert!(left["warnings"].as_array().unwrap().iter().any(|one| one["code"] == "venue-lost"), "{left:#}");
    app.stop().await;
}

#[actix_web::test]
async fn a_sick_handlers_case_goes_to_another_and_a_new_case_to_somebody() {
    let app = ready().await;
    let case = triaged(&app, "暖气不热", Value::Null).await;
    let at = format!("/api/v1/cases/{case}");
    let first = planned(&app).await;
    publish(&app, &first).await;
    let before = get(&app, &at).await;
    assert_eq!(before["status"], "assigned", "{before:#}");

    let (second, _) = replan(&app, &first, sick(&before["handler"])).await;
    let after = get(&app, &at).await;
    assert_eq!(after["status"], "assigned", "{after:#}");
    assert_ne!(after["handler"], before["handler"]);
    let decided = decision(&app, &second, "cases", "case", &case).await;
    assert_eq!((&decided["person"], &decided["carriedOut"]), (&after["handler"], &json!(true)), "{decided:#}");

    // A case comes in: it goes up, where there is room, and nobody's week changes for it.
    let new = triaged(&app, "路灯不亮", Value::Null).await;
    let event = json!({"kind": "newCase", "case": new});
    let (third, streets) = replan(&app, &second, event.clone()).await;
    assert_eq!((&streets[0]["people"]["value"], &streets[0]["tier1"]["value"]), (&json!(0), &json!(0)), "{streets:#}");
    let taken = get(&app, &format!("/api/v1/cases/{new}")).await;
    assert_eq!((&taken["status"], &taken["unit"]), (&json!("escalated"), &json!("220102001000")), "{taken:#}");
    let decided = decision(&app, &third, "cases", "case", &new).await;
    assert_eq!((&decided["settlement"], &decided["carriedOut"]), (&json!("escalated"), &json!(true)), "{decided:#}");
    assert_eq!(get(&app, &at).await["handler"], after["handler"]);

    // One that has gone up is no new case of the unit.
    let path = format!("/api/v1/schedules/{third}/replan");
    let problem = app.post(&path, &json!({"events": [event]})).await.problem(409, "conflict");
    assert_eq!(problem["errors"][0]["pointer"], "/events");

    // Whoever has begun keeps the case, however the week changes.
    act(&app, "cases", &after, "accept", &json!({})).await.expect(200);
    let (_, _) = replan(&app, &third, sick(&after["handler"])).await;
    let kept = get(&app, &at).await;
    assert_eq!((&kept["status"], &kept["handler"]), (&json!("inProgress"), &after["handler"]));
    app.stop().await;
}

#[actix_web::test]
async fn when_nobody_is_left_a_planned_case_comes_back_and_is_not_lost() {
    let app = ready().await;
    let case = triaged(&app, "暖气不热", Value::Null).await;
    let at = format!("/api/v1/cases/{case}");
    let first = planned(&app).await;
    publish(&app, &first).await;
    assert_eq!(get(&app, &at).await["status"], "assigned");
    let path = format!("/api/v1/schedules/{first}/replan");
    let everybody: Vec<Value> = ["p-1", "p-2", "p-3"].map(|person| sick(&json!(person))).into();
    let made = app.post(&path, &json!({"events": everybody})).await.expect(201).json();
    let id = made["schedule"]["id"].as_str().unwrap();
    let decided = decision(&app, id, "cases", "case", &case).await;
    assert_ne!(decided["settlement"], "worked", "{decided:#}");
    assert_ne!(decided["reason"], "");
    publish(&app, id).await;
    let back = get(&app, &at).await;
    let status = back["status"].as_str().unwrap();
    assert!(matches!(status, "returned" | "escalated"), "{back:#}");
    let open = get(&app, "/api/v1/cases?open=true").await;
    assert!(open["items"].as_array().unwrap().iter().any(|item| item["id"] == json!(case)));
    app.stop().await;
}

#[actix_web::test]
async fn open_cases_say_which_deputy_fits_a_reception_that_is_not_announced() {
    for domain in [Value::Null, json!("labour")] {
        let app = ready().await;
        for subject in ["欠薪", "工伤", "退休"] {
            triaged(&app, subject, domain.clone()).await;
        }
        // d-2 would rather not come, and comes for what residents bring.
        let wish = json!({"person": "d-2", "kind": "undesired", "weekday": 3, "startMinute": 0, "endMinute": 1440,
            "weight": 1});
        app.post("/api/v1/availability", &wish).await.expect(201);
        let reception = wanted(&app).await;
        let id = planned(&app).await;
        let decided = decision(&app, &id, "receptions", "reception", &reception).await;
        let expected = if domain.is_null() { "d-1" } else { "d-2" };
        assert_eq!(decided["deputies"], json!([expected]), "{decided:#}");
        app.stop().await;
    }
}

#[actix_web::test]
async fn quotas_propose_receptions_that_the_plan_decides() {
    let app = ready().await;
    let holiday = json!({"date": "2026-12-02", "isOff": true, "name": "纪念日", "source": null});
    let calendar = json!({"year": 2026, "published": true, "source": "test", "days": [holiday]});
    app.put("/api/v1/calendars/2026", "*", &calendar).await.expect(200);
    let quota = json!({"kind": "stationReceptions", "station": STATION, "person": null, "year": 2026, "target": 12,
        "doneBefore": 10});
    app.post("/api/v1/quotas", &quota).await.expect(201);
    for person in ["d-1", "d-2"] {
        let done = json!({"kind": "deputyReceptions", "person": person, "station": null, "year": 2026, "target": 2,
            "doneBefore": if person == "d-1" { 2 } else { 1 }});
        app.post("/api/v1/quotas", &done).await.expect(201);
    }
    let id = planned(&app).await;
    let list = get(&app, "/api/v1/receptions?from=2026-11-30&to=2026-12-06").await;
    let proposed = list["items"].as_array().unwrap();
    assert_eq!(proposed.len(), 1, "eleven of twelve are due by the end of the week: {list:#}");
    let proposal = &proposed[0];
    assert_eq!((&proposal["date"], &proposal["status"]), (&json!("2026-12-03"), &json!("planned")));
    assert_eq!(proposal["movedFrom"], "2026-12-02", "Wednesday is off");
    assert!(proposal["movedBecause"].as_str().unwrap().contains("纪念日"), "{proposal:#}");
    let decided = decision(&app, &id, "receptions", "reception", proposal["id"].as_str().unwrap()).await;
    assert_eq!((&decided["held"], &decided["deputies"]), (&json!(true), &json!(["d-2"])), "d-1 owes none: {decided:#}");
    assert!(!decided["host"].is_null() && !decided["venue"].is_null());
    publish(&app, &id).await;
    let proposal = get(&app, &format!("/api/v1/receptions/{}", proposal["id"].as_str().unwrap())).await;
    act(&app, "receptions", &proposal, "announce", &json!({})).await.expect(200);

    // Planned again, nothing is proposed twice; nor is what somebody has cancelled.
    act(&app, "receptions", &proposal, "cancel", &json!({"reason": "另行安排"})).await.expect(200);
    planned(&app).await;
    let list = get(&app, "/api/v1/receptions?from=2026-11-30&to=2026-12-06").await;
    assert_eq!(list["items"].as_array().unwrap().len(), 1, "{list:#}");
    app.stop().await;
}

#[actix_web::test]
async fn whoever_makes_a_visit_or_is_host_without_standing_at_posts_is_away_meanwhile() {
    let app = ready().await;
    // p-1 and p-2 visit on Tuesday morning, so that p-3 alone is left for the post then.
    for person in ["p-1", "p-2"] {
        let visit = json!({"person": person, "unit": UNIT, "date": "2026-12-01", "startMinute": 540, "endMinute": 720,
            "households": 3, "status": "planned", "note": null});
        app.post("/api/v1/visits", &visit).await.expect(201);
    }
    let officer = json!({"id": "o-1", "name": "信息员", "sortKey": "o-1", "category": "informationOfficer",
        "homeUnit": UNIT});
    app.post("/api/v1/people", &officer).await.expect(201);
    let body = |start: u16, room: &str| {
        json!({"title": "代表接待日", "station": STATION, "date": "2026-12-02", "startMinute": start,
            "endMinute": start + 60, "slotMinutes": 20, "perSlot": 1, "venue": room, "host": "o-1", "deputies": []})
    };
    let first = app.post("/api/v1/receptions", &body(840, "hall-1")).await.expect(201).json();
    let second = app.post("/api/v1/receptions", &body(870, "hall-2")).await.expect(201).json();
    let id = planned(&app).await;
    let duties = get(&app, &format!("/api/v1/schedules/{id}/assignments?limit=500")).await;
    let tuesday = duties["items"].as_array().unwrap().iter().find(|duty| duty["date"] == "2026-12-01").unwrap();
    assert_eq!(tuesday["person"], "p-3", "{duties:#}");
    // The officer is host of both, and so on two days: one cannot be host twice at the same time.
    let mut days = Vec::new();
    for reception in [first, second] {
        let decided = decision(&app, &id, "receptions", "reception", reception["id"].as_str().unwrap()).await;
        assert_eq!((&decided["held"], &decided["host"]), (&json!(true), &json!("o-1")), "{decided:#}");
        days.push(decided["date"].clone());
    }
    assert_ne!(days[0], days[1]);
    app.stop().await;
}

#[actix_web::test]
async fn withdrawing_a_publication_takes_no_case_from_its_handler() {
    let app = ready().await;
    let case = triaged(&app, "暖气不热", Value::Null).await;
    let reception = wanted(&app).await;
    let (at, room) = (format!("/api/v1/cases/{case}"), format!("/api/v1/receptions/{reception}"));
    let wanted = get(&app, &room).await;
    let id = planned(&app).await;
    publish(&app, &id).await;
    let (before, written) = (get(&app, &at).await, get(&app, &room).await);
    assert_eq!((&before["status"], written["host"].is_null()), (&json!("assigned"), false));
    let path = format!("/api/v1/schedules/{id}/withdraw");
    app.send(Method::POST, &path, &[("if-match", "*")], Some(&json!({"reason": "名单有误"}))).await.expect(200);
    let (after, left) = (get(&app, &at).await, get(&app, &room).await);
    assert_eq!((&after["status"], &after["handler"]), (&json!("assigned"), &before["handler"]));
    // Nobody has been told of the reception yet: it stands as before.
    assert_eq!((&left["host"], &left["deputies"]), (&wanted["host"], &wanted["deputies"]));
    // In force again, it writes the same once more.
    publish(&app, &id).await;
    assert_eq!(get(&app, &at).await["handler"], before["handler"]);
    assert_eq!(get(&app, &room).await["host"], written["host"]);
    app.stop().await;
}

#[actix_web::test]
async fn a_proposal_to_explain_is_carried_out_when_the_publication_accepts_it() {
    let app = ready().await;
    let top = "220100000000";
    let body = json!({"unit": top, "channel": "website", "subject": "地铁延伸", "address": "测试路2号"});
    let case = app.post("/api/v1/cases", &body).await.expect(201).json()["case"].clone();
    let triage = json!({"category": "housing", "workingDays": 3, "skill": "labour", "minutes": 60});
    act(&app, "cases", &case, "triage", &triage).await.expect(200);
    let longer = json!({"deadline": "2026-12-04", "reason": "等待批复"});
    act(&app, "cases", &case, "extend", &longer).await.expect(200);
    let id = planned(&app).await;
    let case = case["id"].as_str().unwrap();
    let decided = decision(&app, &id, "cases", "case", case).await;
    assert_eq!(decided["settlement"], "explained", "nobody knows the trade, and nobody is above: {decided:#}");
    let path = format!("/api/v1/schedules/{id}/publish");
    let publish = async |explain: Value| {
        app.send(Method::POST, &path, &[("if-match", "*")], Some(&json!({"explain": explain}))).await
    };
    let problem = publish(json!(["ca-unknown"])).await.problem(422, "invalid-value");
    assert_eq!(problem["errors"][0]["pointer"], "/explain/0", "{problem:#}");
    publish(json!([case])).await.expect(200);
    let closed = get(&app, &format!("/api/v1/cases/{case}")).await;
    assert_eq!(closed["status"], "explained", "{closed:#}");
    let timeline = get(&app, &format!("/api/v1/cases/{case}/timeline")).await;
    assert!(timeline.to_string().contains("未就地办理"), "{timeline:#}");
    let rates = get(&app, &format!("/api/v1/reports/three-rates.json?unit={top}&by=unit")).await;
    assert_eq!((&rates["total"]["explained"], &rates["total"]["solved"]), (&json!(1), &json!(0)), "{rates:#}");
    app.stop().await;
}
