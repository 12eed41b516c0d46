//! Signing in, keys, personal data and the audit trail.

use reqwest::Method;
use serde_json::{Value, json};

use crate::app::{PASSWORD, TestApp, User};

#[actix_web::test]
async fn the_first_administrator_changes_the_one_time_password_first() {
    let app = TestApp::start_closed().await;
    app.get("/api/v1/units").await.problem(401, "not-signed-in");
    app.get("/healthz").await.expect(200);
    let one_time = paiban::accounts::ensure_administrator(
        &app.db,
        &paiban::domain::SystemClock,
        &paiban::domain::SeededEntropy::new(3),
    )
    .unwrap()
    .unwrap();
    let again = paiban::accounts::ensure_administrator(
        &app.db,
        &paiban::domain::SystemClock,
        &paiban::domain::SeededEntropy::new(4),
    );
    assert_eq!(again.unwrap(), None, "once");
    let admin = app.sign_in("admin", &one_time).await;
    assert_eq!(admin.get("/api/v1/session").await.expect(200).json()["mustChangePassword"], true);
    admin.get("/api/v1/units").await.problem(403, "password-change-required");
    for (new, code, status) in [("short", "invalid-value", 422), ("admin admin admin", "invalid-value", 422)] {
        let change = json!({"current": one_time, "new": new});
        admin.post("/api/v1/me/password", &change).await.problem(status, code);
    }
    let wrong = json!({"current": "not it", "new": PASSWORD});
    admin.post("/api/v1/me/password", &wrong).await.problem(401, "wrong-credentials");
    admin.post("/api/v1/me/password", &json!({"current": one_time, "new": PASSWORD})).await.expect(204);
    admin.get("/api/v1/units").await.expect(200);
    app.post("/api/v1/session", &json!({"name": "admin", "password": one_time}))
        .await
        .problem(401, "wrong-credentials");
    let session = admin.get("/api/v1/session").await.json();
    assert_eq!(session["grants"], json!([{"role": "administrator", "unit": null}]));
    let administer = json!({"right": "administer", "units": null});
    assert!(session["rights"].as_array().unwrap().contains(&administer), "{session}");
    admin.send(Method::DELETE, "/api/v1/session", &[], None).await.expect(204);
    admin.get("/api/v1/units").await.problem(401, "not-signed-in");
    app.stop().await;
}

#[actix_web::test]
async fn a_forged_cookie_or_a_missing_csrf_token_changes_nothing() {
    let app = TestApp::start_closed().await;
    let admin = app.administrator().await;
    let skill = json!({"id": "s-1", "name": "医疗"});
    let cookie = ("cookie", admin.cookie.as_str());
    let post = async |headers: &[(&str, &str)]| app.send(Method::POST, "/api/v1/skills", headers, Some(&skill)).await;
    post(&[cookie]).await.problem(403, "csrf-failed");
    post(&[cookie, ("x-csrf-token", "guess")]).await.problem(403, "csrf-failed");
    post(&[("cookie", "paiban_session=guess"), ("x-csrf-token", &admin.csrf)]).await.problem(401, "not-signed-in");
    post(&[("authorization", "Bearer pb_guess")]).await.problem(401, "not-signed-in");
    assert_eq!(admin.get("/api/v1/skills").await.json()["items"], json!([]));
    post(&[cookie, ("x-csrf-token", &admin.csrf)]).await.expect(201);
    app.stop().await;
}

#[actix_web::test]
async fn wrong_passwords_lock_the_account_and_many_tries_the_address() {
    let app = TestApp::start_closed().await;
    let admin = app.administrator().await;
    let wrong = json!({"name": "admin", "password": "wrong"});
    for _ in 0..5 {
        app.post("/api/v1/session", &wrong).await.problem(401, "wrong-credentials");
    }
    let right = json!({"name": "admin", "password": PASSWORD});
    let locked = app.post("/api/v1/session", &right).await;
    locked.problem(429, "too-many-attempts");
    admin.get("/api/v1/units").await.expect(200);
    let trail = admin.get("/api/v1/audit?action=lockOut").await.json();
    assert_eq!(trail["items"].as_array().unwrap().len(), 1);
    let nobody = json!({"name": "nobody", "password": "wrong"});
    app.post("/api/v1/session", &nobody).await.problem(401, "wrong-credentials");
    app.stop().await;

    let app = TestApp::start_with(|settings| {
        settings.open = false;
        settings.sign_ins_per_minute = 2;
    })
    .await;
    for _ in 0..2 {
        app.post("/api/v1/session", &nobody).await.problem(401, "wrong-credentials");
    }
    app.post("/api/v1/session", &nobody).await.problem(429, "too-many-attempts");
    app.stop().await;
}

#[actix_web::test]
async fn a_key_works_within_its_scopes_until_it_is_revoked() {
    let app = TestApp::start_closed().await;
    let admin = app.administrator().await;
    let made = admin.post("/api/v1/api-keys", &json!({"name": "热线", "scopes": ["read"]})).await.expect(201).json();
    let bearer = format!("Bearer {}", made["key"].as_str().unwrap());
    let headers = [("authorization", bearer.as_str())];
    app.send(Method::GET, "/api/v1/units", &headers, None).await.expect(200);
    let skill = json!({"name": "医疗"});
    app.send(Method::POST, "/api/v1/skills", &headers, Some(&skill)).await.problem(403, "forbidden");
    app.send(Method::GET, "/api/v1/audit", &headers, None).await.problem(403, "forbidden");
    let another = json!({"name": "x", "scopes": ["everything"]});
    app.send(Method::POST, "/api/v1/api-keys", &headers, Some(&another)).await.problem(403, "forbidden");
    let listed = admin.get("/api/v1/api-keys").await.expect(200).text;
    assert!(!listed.contains("pb_") && listed.contains("热线"), "shown once: {listed}");
    for (body, pointer) in [
        (json!({"name": "x", "scopes": []}), "/scopes"),
        (json!({"name": "x", "scopes": ["fly"]}), "/scopes/0"),
        (json!({"name": "x", "scopes": ["read"], "expiresAt": "2020-01-01T00:00:00Z"}), "/expiresAt"),
    ] {
        let problem = admin.post("/api/v1/api-keys", &body).await.problem(422, "invalid-value");
        assert_eq!(problem["errors"][0]["pointer"], pointer);
    }
    let path = format!("/api/v1/api-keys/{}", made["id"].as_str().unwrap());
    admin.send(Method::DELETE, &path, &[], None).await.expect(204);
    admin.send(Method::DELETE, &path, &[], None).await.expect(204);
    app.send(Method::GET, "/api/v1/units", &headers, None).await.problem(401, "not-signed-in");
    assert!(!admin.get("/api/v1/api-keys").await.json()["items"][0]["revokedAt"].is_null());
    app.stop().await;
}

#[actix_web::test]
async fn a_key_ends_when_it_expires() {
    let (app, clock) = TestApp::start_closed_still("2026-11-24T01:00:00Z").await;
    let admin = app.administrator().await;
    let body = json!({"name": "热线", "scopes": ["read"], "expiresAt": "2026-11-24T02:00:00Z"});
    let made = admin.post("/api/v1/api-keys", &body).await.expect(201).json();
    let bearer = format!("Bearer {}", made["key"].as_str().unwrap());
    let units = async || app.send(Method::GET, "/api/v1/units", &[("authorization", bearer.as_str())], None).await;
    clock.advance(chrono::Duration::minutes(59));
    units().await.expect(200);
    clock.advance(chrono::Duration::minutes(1));
    units().await.problem(401, "not-signed-in");
    app.stop().await;
}

#[actix_web::test]
async fn a_disabled_account_is_out_at_once_and_a_reset_lets_it_in_again() {
    let app = TestApp::start_closed().await;
    let admin = app.administrator().await;
    let settings = json!({"name": "lin", "person": null, "grants": [{"role": "reader", "unit": null}]});
    let made = admin.post("/api/v1/accounts", &settings).await.expect(201);
    let path = format!("/api/v1/accounts/{}", made.json()["id"].as_str().unwrap());
    let one_time = made.json()["oneTimePassword"].as_str().unwrap().to_owned();
    let lin = app.first_sign_in("lin", &one_time).await;
    lin.get("/api/v1/people").await.expect(200);
    admin.post("/api/v1/accounts", &settings).await.problem(409, "duplicate");
    let version = admin.get(&path).await.expect(200).header("etag").to_owned();
    let mut off = settings.clone();
    off["disabled"] = json!(true);
    admin.send(Method::PUT, &path, &[("if-match", "\"1\"")], Some(&off)).await.problem(412, "precondition-failed");
    let disabled = admin.send(Method::PUT, &path, &[("if-match", &version)], Some(&off)).await.expect(200);
    lin.get("/api/v1/people").await.problem(401, "not-signed-in");
    let right = json!({"name": "lin", "password": PASSWORD});
    app.post("/api/v1/session", &right).await.problem(401, "wrong-credentials");
    admin.send(Method::PUT, &path, &[("if-match", disabled.header("etag"))], Some(&settings)).await.expect(200);
    let reset = admin.send(Method::POST, &format!("{path}/password"), &[], None).await.expect(200).json();
    app.post("/api/v1/session", &right).await.problem(401, "wrong-credentials");
    app.first_sign_in("lin", reset["oneTimePassword"].as_str().unwrap()).await;
    let text = admin.get(&path).await.expect(200).text;
    assert!(!text.contains("argon2") && !text.contains("oneTimePassword"), "{text}");
    app.stop().await;
}

#[actix_web::test]
async fn personal_data_are_masked_unmasked_for_a_reason_and_erased() {
    let app = TestApp::start().await;
    app.make_units().await;
    let person = json!({
        "id": "p-1", "name": "单雪梅", "sortKey": "shan xuemei", "category": "volunteer", "homeUnit": "220102001001",
        "phone": "13800005678", "home": {"latitude": 43.88123, "longitude": 125.32456}
    });
    let made = app.post("/api/v1/people", &person).await.expect(201);
    assert_eq!(made.json()["phone"], "138****5678");
    assert_eq!(made.json()["home"], json!({"latitude": 43.88, "longitude": 125.32}));
    let mut back = made.json();
    back["name"] = json!("单雪");
    back.as_object_mut().unwrap().remove("version");
    app.put("/api/v1/people/p-1", made.header("etag"), &back).await.expect(200);
    let unmask = |reason: &str| json!({"reason": reason});
    app.post("/api/v1/people/p-1/unmask", &unmask(" ")).await.problem(422, "invalid-value");
    let shown = app.post("/api/v1/people/p-1/unmask", &unmask("临时换班")).await.expect(200).json();
    assert_eq!(shown["phone"], "13800005678", "a masked number that comes back keeps the stored one");
    assert_eq!(shown["home"], json!([43.88123, 125.32456]));
    let trail = app.get("/api/v1/audit?kind=person&entity=p-1&sort=seq").await.expect(200).json();
    let actions: Vec<&str> =
        trail["items"].as_array().unwrap().iter().map(|entry| entry["action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["create", "update", "unmask"]);
    assert_eq!(trail["items"][1]["before"]["name"], "单雪梅");
    assert_eq!(trail["items"][1]["after"]["name"], "单雪");
    assert_eq!(trail["items"][2]["reason"], "临时换班");
    assert!(!trail.to_string().contains("13800005678"), "the trail holds no telephone number");

    app.post("/api/v1/people/p-1/erase", &unmask("本人要求")).await.expect(204);
    let bare = app.get("/api/v1/people/p-1").await.expect(200).json();
    assert_eq!((&bare["name"], &bare["phone"], &bare["home"]), (&json!("已删除"), &Value::Null, &Value::Null));
    let export = app.get("/api/v1/audit/export").await.expect(200).text;
    assert!(!export.contains("单雪"), "{export}");
    assert!(export.lines().count() >= 7 && export.contains("本人要求"));
    let chain = app.get("/api/v1/audit/verification").await.expect(200).json();
    assert_eq!((&chain["sound"], &chain["erased"]), (&json!(true), &json!(3)));
    app.stop().await;
}

#[actix_web::test]
async fn without_signing_in_only_pages_of_this_machine_are_answered() {
    let app = TestApp::start().await;
    let skill = json!({"name": "医疗"});
    let post = async |headers: &[(&str, &str)]| app.send(Method::POST, "/api/v1/skills", headers, Some(&skill)).await;
    post(&[("origin", "https://evil.example")]).await.problem(403, "foreign-origin");
    post(&[("origin", "null")]).await.problem(403, "foreign-origin");
    post(&[("host", "evil.example")]).await.problem(403, "foreign-origin");
    post(&[("origin", "http://localhost:5173")]).await.expect(201);
    assert_eq!(app.get("/api/v1/session").await.expect(200).json()["open"], true);
    app.stop().await;
}

/// Writes until one is refused; replenished by one in some seconds, that has to come within a few.
async fn write_until_refused(app: &TestApp, user: Option<&User<'_>>) -> crate::app::Answer {
    for _ in 0..50 {
        let skill = json!({"name": "医疗"});
        let answer = match user {
            Some(user) => user.post("/api/v1/skills", &skill).await,
            None => app.post("/api/v1/skills", &skill).await,
        };
        if answer.status == 429 {
            return answer;
        }
        answer.expect(201);
    }
    panic!("50 writes were let through");
}

#[actix_web::test]
async fn an_account_that_writes_without_end_is_slowed_down_and_no_other() {
    let app = TestApp::start_with(|settings| {
        settings.open = false;
        settings.writes_per_minute = 5;
    })
    .await;
    let admin = app.administrator().await;
    let account = json!({"name": "other", "grants": [{"role": "administrator", "unit": null}]});
    let made = admin.post("/api/v1/accounts", &account).await.expect(201).json();
    let other = app.first_sign_in("other", made["oneTimePassword"].as_str().unwrap()).await;
    let refused = write_until_refused(&app, Some(&admin)).await;
    refused.problem(429, "too-many-writes");
    let wait: u64 = refused.header("retry-after").parse().unwrap();
    assert!((1..=13).contains(&wait), "five a minute are one in twelve seconds: {wait}");
    admin.get("/api/v1/skills").await.expect(200);
    other.post("/api/v1/skills", &json!({"name": "法律"})).await.expect(201);
    app.stop().await;

    let app = TestApp::start_with(|settings| settings.writes_per_minute = 2).await;
    let refused = write_until_refused(&app, None).await;
    let problem = refused.problem(429, "too-many-writes");
    assert!(problem["detail"].as_str().unwrap().contains("--writes-per-minute"), "{problem:#}");
    app.stop().await;
}
