//! Every route x every role x inside and outside the role's subtree, against the table of rights.

use std::collections::BTreeSet;

use paiban::api::access::rights::{Need, TABLE};
use paiban::db::cases;
use paiban::domain::{CaseId, PersonId, Right, Role};
use reqwest::Method;
use serde_json::{Value, json};

use crate::app::{Answer, TestApp, User};
use crate::bodies::{
    activity, booking, case_body, in_street, loan, matter, need, post, project, reception, reception_body, shared_body,
    template, venue, visit,
};

const STREETS: [(&str, &str); 2] = [("a", "220102001"), ("b", "220102002")];

#[test]
fn the_table_names_exactly_the_routes_that_there_are() {
    let document = serde_json::to_value(paiban::api::router::document()).unwrap();
    let mut routes = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys() {
            routes.insert(format!("{} {path}", method.to_uppercase()));
        }
    }
    let mut table = BTreeSet::new();
    for (path, methods) in TABLE {
        for (method, _) in *methods {
            assert!(table.insert(format!("{method} {path}")), "{method} {path} stands in the table twice");
        }
    }
    assert_eq!(routes.difference(&table).collect::<Vec<_>>(), Vec::<&String>::new(), "not in the table of rights");
    assert_eq!(table.difference(&routes).collect::<Vec<_>>(), Vec::<&String>::new(), "no such route");
}

/// What the network holds once in each street.
pub struct Fixture {
    /// Ids of the schedules of street a and b.
    schedules: [String; 2],
    /// Ids of accounts with a role in street a and b.
    accounts: [String; 2],
    /// Ids of what the server names: one of each kind in street a and b.
    named: [Named; 2],
}

/// Ids of cases, receptions and shared things of a street.
#[derive(Default)]
struct Named {
    case: String,
    reception: String,
    booking: String,
    activity: String,
}

pub async fn build(app: &TestApp, admin: &User<'_>) -> Fixture {
    let make = async |path: &str, body: Value| admin.post(path, &body).await.expect(201).json();
    make("/api/v1/units", json!({"id": "220100000000", "parent": null, "level": "city", "name": "长春市"})).await;
    make("/api/v1/calendars", json!({"year": 2026, "published": true, "source": "t", "days": []})).await;
    make("/api/v1/skills", json!({"id": "sk-x", "name": "医疗"})).await;
    make("/api/v1/contracts", json!({"id": "co-x", "name": "全日制", "minMinutesWeek": 0})).await;
    make("/api/v1/shift-types", json!({"id": "sh-x", "name": "上午"})).await;
    make("/api/v1/case-categories", json!({"id": "cc-x", "name": "房屋", "minutes": 60, "workingDays": 5})).await;
    let mut schedules = Vec::new();
    let mut named: [Named; 2] = Default::default();
    let mut accounts = Vec::new();
    for (side, code) in STREETS {
        let (street, community) = (format!("{code}000"), format!("{code}001"));
        make("/api/v1/units", json!({"id": street, "parent": "220100000000", "level": "street", "name": "街道"})).await;
        let unit = json!({"id": community, "parent": street, "level": "community", "name": "社区"});
        make("/api/v1/units", unit).await;
        let station = json!({"id": format!("st-{side}"), "unit": community, "name": "站", "kind": "workStation",
            "alwaysOpen": true});
        make("/api/v1/stations", station).await;
        for id in [format!("p-{side}"), format!("pe-{side}")] {
            let person = json!({"id": id, "name": "人员", "sortKey": id, "category": "recruitedStaff",
                "homeUnit": community});
            make("/api/v1/people", person).await;
        }
        let person = format!("p-{side}");
        let from = "2026-01-01";
        make(
            "/api/v1/secondments",
            json!({"id": format!("se-{side}"), "person": person, "hostUnit": street,
            "fromDate": from, "minMinutesWeek": 0}),
        )
        .await;
        make(
            "/api/v1/lendings",
            json!({"id": format!("le-{side}"), "person": person, "unit": street, "fromDate": from}),
        )
        .await;
        make(
            "/api/v1/availability",
            json!({"id": format!("av-{side}"), "person": person, "kind": "desired",
            "weekday": 1, "startMinute": 0, "endMinute": 600, "weight": 1}),
        )
        .await;
        make("/api/v1/demand-templates", template(side)).await;
        make("/api/v1/posts", post(&format!("po-{side}"), side)).await;
        make("/api/v1/constraint-profiles", json!({"id": format!("pr-{side}"), "name": "平常", "unit": street})).await;
        let plan = json!({"unit": street, "week": "2026-W49", "timeLimitSeconds": 5});
        let asked = admin.post("/api/v1/schedules", &plan).await.expect(202).json();
        let id = asked["id"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/schedules/{id}");
        admin.get(&format!("{path}/events")).await;
        admin.send(Method::POST, &format!("{path}/publish"), &[("if-match", "*")], None).await.expect(200);
        schedules.push(id);
        named[schedules.len() - 1] = share(app, admin, side, &community, &street).await;
        in_street(app, side, &street, schedules.last().unwrap());
        let account = json!({"name": format!("account-{side}"), "grants": [{"role": "reader", "unit": street}]});
        accounts.push(make("/api/v1/accounts", account).await["id"].as_str().unwrap().to_owned());
    }
    assert_eq!(app.get("/readyz").await.status, 200);
    Fixture { schedules: schedules.try_into().unwrap(), accounts: accounts.try_into().unwrap(), named }
}

/// A case that the street's person handles and its deputy heard first, a reception of both, and shared resources.
async fn share(app: &TestApp, admin: &User<'_>, side: &str, community: &str, street: &str) -> Named {
    let make = async |path: &str, body: Value| admin.post(path, &body).await.expect(201).json();
    let step = async |path: String, body: Value| {
        admin.send(Method::POST, &path, &[("if-match", "*")], Some(&body)).await.expect(200);
    };
    let text = |id: &Value| id.as_str().unwrap().to_owned();
    let deputy = json!({"id": format!("d-{side}"), "name": "代表", "sortKey": "d", "category": "deputy",
        "homeUnit": community});
    make("/api/v1/people", deputy).await;
    let body = json!({"unit": community, "channel": "hotline", "subject": format!("路灯-{side}")});
    let case = text(&make("/api/v1/cases", body).await["case"]["id"]);
    step(format!("/api/v1/cases/{case}/triage"), json!({"category": "cc-x"})).await;
    step(format!("/api/v1/cases/{case}/assign"), json!({"handler": format!("p-{side}")})).await;
    let heard = (CaseId::parse(&case).unwrap(), PersonId::parse(&format!("d-{side}")).unwrap());
    app.db
        .write(move |tx| {
            let mut case = cases::get(tx, &heard.0)?;
            case.earlier_handler = Some(heard.1);
            cases::update(tx, &case)
        })
        .unwrap();
    make("/api/v1/resources", venue(side, community)).await;
    let pool =
        json!({"id": format!("rx-{side}"), "kind": "equipment", "name": "轮椅", "unit": community, "quantity": 10});
    make("/api/v1/resources", pool).await;
    let days = json!({"from": "2026-12-01", "to": "2026-12-02", "reason": "检修"});
    let bent = booking(&format!("rx-{side}"), community, "2026-12-01");
    make("/api/v1/bookings", bent).await;
    step(format!("/api/v1/resources/rx-{side}/withdraw"), days).await;
    let booking = text(&make("/api/v1/bookings", booking(&format!("rs-{side}"), community, "2026-12-21")).await["id"]);
    make("/api/v1/resource-loans", loan(side, street, Some(format!("lo-{side}")))).await;
    let activity = text(&make("/api/v1/activities", activity(side, community, "2026-12-22")).await["id"]);
    make("/api/v1/needs", need(community, Some(format!("ne-{side}")))).await;
    make("/api/v1/projects", project(community, Some(format!("pj-{side}")))).await;
    let reception = text(&make("/api/v1/receptions", reception(side, "2026-12-07")).await["id"]);
    step(format!("/api/v1/receptions/{reception}/announce"), Value::Null).await;
    make(&format!("/api/v1/receptions/{reception}/bookings"), matter(540)).await;
    make("/api/v1/visits", visit(side, community, Some(format!("vi-{side}")))).await;
    let quota = json!({"id": format!("qu-{side}"), "kind": "deputyReceptions", "person": format!("d-{side}"),
        "year": 2026, "target": 2, "doneBefore": 0});
    make("/api/v1/quotas", quota).await;
    Named { case, reception, booking, activity }
}

/// A request of a route: what it is about lies in street a or b, unless it is about the whole network.
struct Sample {
    path: String,
    body: Option<Value>,
    /// About the whole network, so that no role in a street may change it.
    whole: bool,
}

/// The sample of every route; a new one has to be added here.
fn sample(method: &str, pattern: &str, at: usize, fixture: &Fixture) -> Option<Sample> {
    let (side, code) = STREETS[at];
    let street = format!("{code}000");
    let rest = pattern.strip_prefix("/api/v1").unwrap_or(pattern);
    let resource = rest.trim_start_matches('/').split('/').next().unwrap();
    let mut whole = matches!(
        resource,
        "skills"
            | "contracts"
            | "shift-types"
            | "calendars"
            | "demo-data"
            | "metrics"
            | "case-categories"
            | "calendar-imports"
    );
    let id = id_of(rest, resource, at, fixture)?;
    whole |= rest == "/audit/verification";
    let body = match (method, resource) {
        ("GET" | "DELETE", _) => None,
        _ => body_of(method, resource, rest, at),
    };
    let query = match resource {
        "reports" | "quota-progress" => format!("?unit={street}"),
        _ => String::new(),
    };
    let path = format!("{pattern}{query}")
        .replace("{assignment}", "1")
        .replace("{number}", "1")
        .replace("{delivery}", &format!("de-{side}"))
        .replace("{kind}", "people")
        .replace("{other}", &id)
        .replace("{unit}", &street)
        .replace("{week}", "2026-W49")
        .replace("{id}", &id);
    Some(Sample { path, body, whole })
}

/// The id of the resource's one thing in the street; empty where a path needs none.
fn id_of(rest: &str, resource: &str, at: usize, fixture: &Fixture) -> Option<String> {
    let (side, code) = STREETS[at];
    let named = &fixture.named[at];
    Some(match resource {
        "units" => format!("{code}001"),
        "stations" => format!("st-{side}"),
        "people" if rest.ends_with("/erase") => format!("pe-{side}"),
        "people" => format!("p-{side}"),
        "secondments" => format!("se-{side}"),
        "lendings" => format!("le-{side}"),
        "availability" => format!("av-{side}"),
        "posts" => format!("po-{side}"),
        "constraint-profiles" => format!("pr-{side}"),
        "schedules" => fixture.schedules[at].clone(),
        "accounts" => fixture.accounts[at].clone(),
        "channels" => format!("ch-{side}"),
        "swaps" => format!("sw-{side}"),
        "skills" => "sk-x".to_owned(),
        "contracts" => "co-x".to_owned(),
        "shift-types" => "sh-x".to_owned(),
        "calendars" => "2026".to_owned(),
        "case-categories" => "cc-x".to_owned(),
        "cases" => named.case.clone(),
        "receptions" => named.reception.clone(),
        "bookings" => named.booking.clone(),
        "activities" => named.activity.clone(),
        "visits" => format!("vi-{side}"),
        "quotas" => format!("qu-{side}"),
        "resources" => format!("rs-{side}"),
        "resource-loans" => format!("lo-{side}"),
        "needs" => format!("ne-{side}"),
        "projects" => format!("pj-{side}"),
        // A demand template has whatever id the server made.
        "demand-templates" | "rosters" | "rules" | "audit" | "metrics" | "demo-data" | "case-transfers" | "reports"
        | "quota-progress" | "resource-events" | "open-duties" | "templates" | "imports" | "calendar-imports"
        | "replan-events" | "service-policies" | "deliveries" => String::new(),
        _ => return None,
    })
}

/// The body of a request that writes, if it has one.
fn body_of(method: &str, resource: &str, rest: &str, at: usize) -> Option<Value> {
    let (side, code) = STREETS[at];
    let (street, community, person) = (format!("{code}000"), format!("{code}001"), format!("p-{side}"));
    match (method, resource, rest) {
        (_, "units", _) => {
            // A unit may not change its code, and a new one needs its own.
            let id = if method == "PUT" { community.clone() } else { format!("{code}077") };
            Some(json!({"id": id, "parent": street, "level": "community", "name": "新社区"}))
        }
        (_, "stations", _) => Some(json!({"unit": community, "name": "站", "kind": "workStation", "alwaysOpen": true})),
        (_, _, "/people/{id}/unmask" | "/people/{id}/erase" | "/schedules/{id}/withdraw") => {
            Some(json!({"reason": "测试"}))
        }
        (
            _,
            _,
            "/schedules/{id}/assignments/{assignment}/check-in" | "/schedules/{id}/assignments/{assignment}/check-out",
        ) => Some(json!({"reason": "测试"})),
        (_, _, "/schedules/{id}/assignments/{assignment}/person") => Some(json!({"person": person})),
        (_, _, "/schedules/{id}/changes" | "/schedules/{id}/changes/price") => {
            Some(json!({"removed": [], "added": [{"person": person, "post": format!("po-{side}")}]}))
        }
        (_, "calendar-imports", _) => Some(json!({"year": 2026, "days": []})),
        (_, "imports" | "swaps", _)
        | (_, _, "/channels/{id}/deliveries/{delivery}/redeliver" | "/accounts/{id}/password") => None,
        (_, "deliveries", _) => Some(json!({"deliveries": [format!("de-{side}")]})),
        (_, "channels", _) => {
            Some(json!({"unit": street, "name": "群", "kind": "weCom", "target": "https://example.org/",
            "enabled": true}))
        }
        (_, "service-policies", _) => Some(json!({"swapMode": "automatic", "availabilityWeekday": 4,
            "availabilityMinute": 1440, "checkInBeforeMinutes": 30, "checkInAfterMinutes": 30, "quietFromMinute": 1320,
            "quietToMinute": 420, "reminderHours": 24, "openAlertHours": 48})),
        (_, "people", _) => {
            Some(json!({"name": "人员", "sortKey": "x", "category": "volunteer", "homeUnit": community}))
        }
        (_, "secondments", _) => {
            Some(json!({"person": person, "hostUnit": street, "fromDate": "2026-01-01", "minMinutesWeek": 0}))
        }
        (_, "lendings", _) => Some(json!({"person": person, "unit": street, "fromDate": "2026-01-01"})),
        (_, "availability", _) => Some(json!({"person": person, "kind": "desired", "weekday": 2, "startMinute": 0,
            "endMinute": 60, "weight": 1})),
        (_, "demand-templates", _) => Some(template(side)),
        (_, "posts", _) => {
            let mut body = post("x", side);
            body.as_object_mut().unwrap().remove("id");
            Some(body)
        }
        (_, "constraint-profiles", "/constraint-profiles/{id}/versions") => Some(json!({"rules": {}})),
        (_, "constraint-profiles", _) => Some(json!({"name": "节假日", "unit": street})),
        ("POST", "schedules", "/schedules") => Some(json!({"unit": street, "week": "2026-W50", "timeLimitSeconds": 1})),
        (_, "schedules", "/schedules/{id}/what-if") => Some(json!({"street": street, "patch": {}})),
        (_, "accounts", _) => {
            let name = if method == "PUT" { "renamed" } else { "another" };
            Some(json!({"name": format!("{name}-{side}"), "grants": [{"role": "reader", "unit": street}]}))
        }
        (_, "calendars", _) if method == "POST" => Some(json!({"year": 2031, "published": false, "days": []})),
        (_, "calendars", _) => Some(json!({"year": 2026, "published": false, "days": []})),
        (_, "cases" | "case-transfers" | "case-categories", _) => Some(case_body(rest, &community, &street, &person)),
        (_, "receptions" | "visits" | "quotas", _) => reception_body(rest, side, &community),
        (_, "resources" | "resource-loans" | "bookings" | "activities" | "needs" | "projects", _) => {
            Some(shared_body(rest, side, &community, &street))
        }
        (_, "demo-data", _) => Some(json!({"preset": "street"})),
        (_, "contracts", _) => Some(json!({"name": "新", "minMinutesWeek": 0})),
        (_, "skills" | "shift-types", _) => Some(json!({"name": "新"})),
        _ => None,
    }
}

/// Edits name a version that nothing has, so that what is let through changes nothing.
const NO_VERSION: (&str, &str) = ("if-match", "\"999\"");

#[actix_web::test]
async fn every_role_gets_what_the_table_says_inside_and_nothing_outside() {
    let (app, _clock) = TestApp::start_closed_still("2026-11-24T01:00:00Z").await;
    let admin = app.administrator().await;
    let fixture = build(&app, &admin).await;
    let templates = admin.get("/api/v1/demand-templates").await.json();
    let template_of = |side: &str| -> String {
        let items = templates["items"].as_array().unwrap();
        let own = items.iter().find(|item| item["station"] == format!("st-{side}")).unwrap();
        own["id"].as_str().unwrap().to_owned()
    };
    let other = &fixture.named[1];
    let outside_marks = [
        "220102002",
        "-b\"",
        &fixture.schedules[1],
        &fixture.accounts[1],
        &other.case,
        &other.reception,
        &other.booking,
        &other.activity,
    ];
    for role in Role::ALL {
        // Members and deputies see cases and receptions of their own; the fixture's are theirs.
        let person = if *role == Role::Deputy { "d-a" } else { "p-a" };
        let user = app.user_with(&admin, role.as_str(), "220102001000", Some(person)).await;
        for (pattern, methods) in TABLE {
            for (method, need) in *methods {
                let name = format!("{role}: {method} {pattern}");
                let Need::Right(right) = need else { continue };
                // What tables hold of whose units is tested with them.
                let sides = if pattern.contains("{kind}") { 0..1 } else { 0..2 };
                for at in sides {
                    let Some(mut sample) = sample(method, pattern, at, &fixture) else {
                        panic!("{name}: the route has no sample in this test");
                    };
                    if pattern.starts_with("/api/v1/demand-templates/") {
                        sample.path = pattern.replace("{id}", &template_of(STREETS[at].0));
                    }
                    let send = method.parse::<Method>().unwrap();
                    let nobody = app.send(send.clone(), &sample.path, &[NO_VERSION], sample.body.as_ref()).await;
                    nobody.problem(401, "not-signed-in");
                    let answer = user.send(send, &sample.path, &[NO_VERSION], sample.body.as_ref()).await;
                    judge(&name, *role, *right, &sample, (method, pattern, at), &answer, &outside_marks);
                }
            }
        }
    }
    app.stop().await;
}

#[actix_web::test]
async fn what_is_about_oneself_asks_for_signing_in_and_what_is_public_does_not() {
    let (app, _clock) = TestApp::start_closed_still("2026-11-24T01:00:00Z").await;
    let admin = app.administrator().await;
    build(&app, &admin).await;
    let fill = |pattern: &str| {
        let kind = pattern.replace("{kind}", "api-keys");
        ["{id}", "{assignment}", "{post}", "{code}", "{key}"].iter().fold(kind, |path, part| path.replace(part, "1"))
    };
    for role in Role::ALL {
        let person = if *role == Role::Deputy { "d-a" } else { "p-a" };
        let user = app.user_with(&admin, role.as_str(), "220102001000", Some(person)).await;
        for (pattern, methods) in TABLE {
            for (method, need) in *methods {
                let name = format!("{role}: {method} {pattern}");
                let (path, send) = (fill(pattern), method.parse::<Method>().unwrap());
                match need {
                    Need::Right(_) => {}
                    Need::Public => {
                        let answer = app.send(send, &path, &[], None).await;
                        assert!(!matches!(answer.status.as_u16(), 401 | 403 | 500), "{name}: {}", answer.text);
                    }
                    Need::SignedIn => {
                        app.send(send.clone(), &path, &[], None).await.problem(401, "not-signed-in");
                        // Signing out would end the walk; what follows from it is tested with sessions.
                        if (*method, *pattern) == ("DELETE", "/api/v1/session") {
                            continue;
                        }
                        let answer = user.send(send, &path, &[], None).await;
                        assert!(!matches!(answer.status.as_u16(), 401 | 403 | 500), "{name}: {}", answer.text);
                    }
                }
            }
        }
    }
    app.stop().await;
}

fn judge(
    name: &str,
    role: Role,
    right: Right,
    sample: &Sample,
    (method, pattern, at): (&str, &str, usize),
    answer: &Answer,
    outside_marks: &[&str],
) {
    let status = answer.status.as_u16();
    let text = &answer.text;
    let is_reading = matches!(right, Right::See | Right::Inspect | Right::Follow);
    let names_one = pattern.contains('{') || sample.path.contains('?');
    if !role.gives(right) {
        assert_eq!(status, 403, "{name}: {text}");
    } else if sample.whole {
        let expected = if is_reading { 200 } else { 403 };
        assert!(status == expected || is_reading && status < 300, "{name} about the whole network: {status} {text}");
    } else if !names_one && method == "GET" {
        assert_eq!(status, 200, "{name}: {text}");
        for mark in outside_marks {
            assert!(!text.contains(mark), "{name} shows {mark}: {text}");
        }
    } else if at == 0 {
        assert!(!matches!(status, 401 | 403 | 404 | 500), "{name} inside: {status} {text}");
    } else if names_one {
        assert_eq!(status, 404, "{name} outside: {text}");
    } else {
        answer.problem(422, "unknown-reference");
    }
}

#[actix_web::test]
async fn nobody_gives_away_more_than_they_have_or_moves_things_out_of_sight() {
    let (app, _clock) = TestApp::start_closed_still("2026-11-24T01:00:00Z").await;
    let admin = app.administrator().await;
    build(&app, &admin).await;
    let settings = json!({"name": "street", "grants": [{"role": "administrator", "unit": "220102001000"}]});
    let made = admin.post("/api/v1/accounts", &settings).await.expect(201).json();
    let street = app.first_sign_in("street", made["oneTimePassword"].as_str().unwrap()).await;
    for grants in [
        json!([{"role": "reader", "unit": null}]),
        json!([{"role": "reader", "unit": "220100000000"}]),
        json!([{"role": "reader", "unit": "220102001000"}, {"role": "reader", "unit": "220102002000"}]),
        json!([]),
    ] {
        let account = json!({"name": "x", "grants": grants});
        street.post("/api/v1/accounts", &account).await.problem(422, "unknown-reference");
    }
    let stranger = json!({"name": "x", "person": "p-b", "grants": [{"role": "member", "unit": "220102001000"}]});
    street.post("/api/v1/accounts", &stranger).await.problem(422, "unknown-reference");
    let person = street.get("/api/v1/people/p-a").await.expect(200);
    let mut moved = person.json();
    moved.as_object_mut().unwrap().remove("version");
    moved["homeUnit"] = json!("220102002001");
    let put =
        street.send(Method::PUT, "/api/v1/people/p-a", &[("if-match", person.header("etag"))], Some(&moved)).await;
    put.problem(422, "unknown-reference");
    let stays = admin.get("/api/v1/people/p-a").await.json();
    assert_eq!(stays["homeUnit"], "220102001001");
    app.stop().await;
}

#[actix_web::test]
async fn a_member_sees_the_own_data_and_duties() {
    let (app, _clock) = TestApp::start_closed_still("2026-11-24T01:00:00Z").await;
    let admin = app.administrator().await;
    build(&app, &admin).await;
    let settings = json!({"name": "m", "person": "p-a", "grants": [{"role": "member", "unit": "220102001001"}]});
    let made = admin.post("/api/v1/accounts", &settings).await.expect(201).json();
    let member = app.first_sign_in("m", made["oneTimePassword"].as_str().unwrap()).await;
    assert_eq!(member.get("/api/v1/me").await.expect(200).json()["person"]["id"], "p-a");
    let duties = member.get("/api/v1/me/assignments?from=2026-11-30&to=2026-12-06").await.expect(200).json();
    assert!(!duties.as_array().unwrap().is_empty());
    member.get("/api/v1/people/p-a").await.problem(403, "forbidden");
    app.stop().await;
}

#[actix_web::test]
async fn units_see_what_is_lent_to_them_or_lies_above_and_owners_see_who_uses_theirs() {
    let (app, _clock) = TestApp::start_closed_still("2026-11-24T01:00:00Z").await;
    let admin = app.administrator().await;
    build(&app, &admin).await;
    let (ours, theirs) = ("220102001000", "220102002000");
    let hall = json!({"id": "city-hall", "kind": "venue", "name": "市民中心", "unit": "220100000000",
        "station": "st-a", "baseKind": "study", "capacity": 100, "quantity": 1, "hours": []});
    admin.post("/api/v1/resources", &hall).await.expect(201);
    let owner = app.user_with(&admin, "coordinator", ours, None).await;
    let user = app.user_with(&admin, "manager", theirs, None).await;
    let seen = async |who: &User<'_>, list: &str| -> BTreeSet<String> {
        let page = who.get(&format!("/api/v1/{list}?limit=500")).await.expect(200).json();
        page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
    };
    let set = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(seen(&user, "resources").await, set(&["city-hall", "rs-b", "rx-b"]));
    user.get("/api/v1/resources/rx-a").await.problem(404, "not-found");
    let lent = json!({"id": "lo-x", "resource": "rx-a", "unit": "220102002001", "fromDate": "2026-12-10",
        "toDate": "2026-12-20", "quantity": 2});
    owner.post("/api/v1/resource-loans", &lent).await.expect(201);
    assert_eq!(seen(&user, "resources").await, set(&["city-hall", "rs-b", "rx-a", "rx-b"]));
    assert_eq!(seen(&user, "resource-loans").await, set(&["lo-b", "lo-x"]));
    user.get("/api/v1/resources/rx-a").await.expect(200);
    user.get("/api/v1/resource-loans/lo-x").await.expect(200);
    user.get("/api/v1/resource-loans/lo-a").await.problem(404, "not-found");
    // Reading is not changing: what is lent stays the owner's.
    let other = app.user_with(&admin, "administrator", theirs, None).await;
    let remove = other.send(Method::DELETE, "/api/v1/resource-loans/lo-x", &[("if-match", "*")], None).await;
    remove.problem(404, "not-found");
    other.send(Method::DELETE, "/api/v1/resources/rx-a", &[("if-match", "*")], None).await.problem(404, "not-found");
    let wanted = booking("rx-a", "220102002001", "2026-12-15");
    let used = other.post("/api/v1/bookings", &wanted).await.expect(201).json()["id"].as_str().unwrap().to_owned();
    let unseen = booking("rs-a", "220102002001", "2026-12-15");
    other.post("/api/v1/bookings", &unseen).await.problem(422, "unknown-reference");
    let path = format!("/api/v1/bookings/{used}");
    assert_eq!(owner.get(&path).await.expect(200).json()["unit"], "220102002001");
    assert!(seen(&owner, "bookings").await.contains(&used));
    let give_up = json!({"reason": "x"});
    let cancel = format!("{path}/cancel");
    owner.send(Method::POST, &cancel, &[("if-match", "*")], Some(&give_up)).await.problem(404, "not-found");
    app.stop().await;
}

#[actix_web::test]
async fn before_its_announcement_a_reception_is_known_to_insiders_only() {
    let (app, _clock) = TestApp::start_closed_still("2026-11-24T01:00:00Z").await;
    let admin = app.administrator().await;
    build(&app, &admin).await;
    let planned = admin.post("/api/v1/receptions", &reception("a", "2026-12-14")).await.expect(201).json();
    let path = format!("/api/v1/receptions/{}", planned["id"].as_str().unwrap());
    let street = "220102001000";
    let reader = app.user_with(&admin, "reader", street, None).await;
    let deputy = app.user_with(&admin, "deputy", street, Some("d-a")).await;
    let member = app.user_with(&admin, "member", street, Some("pe-a")).await;
    for (who, count) in [(&reader, 2), (&deputy, 2), (&member, 1)] {
        let list = who.get("/api/v1/receptions").await.expect(200).json();
        assert_eq!(list["items"].as_array().unwrap().len(), count, "{list:#}");
    }
    reader.get(&path).await.expect(200);
    deputy.get(&path).await.expect(200);
    for part in ["", "/notice", "/bookings"] {
        member.get(&format!("{path}{part}")).await.problem(404, "not-found");
    }
    let officer = app.user_with(&admin, "informationOfficer", street, None).await;
    officer.post(&format!("{path}/bookings"), &matter(540)).await.problem(404, "not-found");
    app.stop().await;
}
