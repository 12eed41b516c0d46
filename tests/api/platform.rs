//! Health, headers, languages, documents and shutdown.

use reqwest::Method;

use crate::app::TestApp;

#[actix_web::test]
async fn a_running_server_is_alive_and_ready() {
    let app = TestApp::start().await;
    for path in ["/healthz", "/readyz"] {
        let answer = app.get(path).await.expect(200);
        assert_eq!(answer.json()["status"], "ok");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("x-frame-options"), "DENY");
        assert!(!answer.header("x-request-id").is_empty());
    }
    app.stop().await;
}

#[actix_web::test]
async fn metrics_count_requests_by_route_and_not_by_id() {
    let app = TestApp::start().await;
    app.make_units().await;
    app.get("/api/v1/units/220100000000").await.expect(200);
    let text = app.get("/metrics").await.expect(200).text;
    assert!(
        text.contains(r#"paiban_http_requests_total{method="GET",route="/api/v1/units/{id}",status="200"} 1"#),
        "{text}"
    );
    assert!(!text.contains("220100000000"));
    assert!(text.contains("paiban_runs_running 0"));
    app.stop().await;
}

#[actix_web::test]
async fn a_harmless_request_id_is_kept_and_another_one_replaced() {
    let app = TestApp::start().await;
    let kept = app.send(Method::GET, "/healthz", &[("x-request-id", "abc-1.2_3")], None).await;
    assert_eq!(kept.header("x-request-id"), "abc-1.2_3");
    let replaced = app.send(Method::GET, "/healthz", &[("x-request-id", "a b")], None).await;
    assert_ne!(replaced.header("x-request-id"), "a b");
    app.stop().await;
}

#[actix_web::test]
async fn errors_speak_the_readers_language() {
    let app = TestApp::start().await;
    let chinese = app.get("/api/v1/units/220100000000").await;
    assert_eq!(chinese.problem(404, "not-found")["title"], "没有这个资源");
    assert_eq!(chinese.header("content-language"), "zh-CN");
    let english = app.send(Method::GET, "/api/v1/units/220100000000", &[("accept-language", "en")], None).await;
    insta::assert_json_snapshot!(english.problem(404, "not-found"), {".requestId" => "[id]"}, @r#"
    {
      "code": "not-found",
      "detail": "there is no unit 220100000000",
      "errors": [],
      "instance": "/api/v1/units/220100000000",
      "requestId": "[id]",
      "status": 404,
      "title": "There is no such resource",
      "type": "urn:paiban:problem:not-found"
    }
    "#);
    app.stop().await;
}

#[actix_web::test]
async fn the_reference_page_needs_nothing_from_elsewhere() {
    let app = TestApp::start().await;
    let page = app.get("/docs/").await.expect(200);
    assert!(page.text.contains("swagger-ui"), "{}", page.text);
    for line in page.text.lines().filter(|line| line.contains("src=") || line.contains("href=")) {
        assert!(!line.contains("http://") && !line.contains("https://") && !line.contains("=\"//"), "{line}");
    }
    app.get("/docs/swagger-ui-bundle.js").await.expect(200);
    assert_eq!(app.get("/docs").await.status, 200, "the redirect leads to the page");
    assert_eq!(app.get("/openapi.json").await.expect(200).json()["openapi"], "3.1.0");
    app.stop().await;
}

#[actix_web::test]
async fn an_open_event_stream_does_not_hold_up_the_shutdown() {
    let app = TestApp::start().await;
    app.make_week().await;
    // A run that the only solving thread cannot end before the stop: the stream is open until then.
    let schedule = app.plan(&serde_json::json!({})).await.expect(202).json();
    let path = format!("{}/api/v1/schedules/{}/events", app.address, schedule["id"].as_str().unwrap());
    let stream = app.client.get(path).send().await.unwrap();
    app.stop().await;
    // Cut off or ended, but not hanging.
    let _ended = stream.bytes().await;
}

#[actix_web::test]
async fn browsers_get_the_app_at_every_address_and_programs_get_problems() {
    let app = TestApp::start().await;
    // Also without the built app: then the page says how to build it.
    for path in ["/", "/board"] {
        let page = app.send(Method::GET, path, &[("accept", "text/html")], None).await.expect(200);
        let kind = page.header("content-type").to_owned();
        assert!(kind.starts_with("text/html") || page.text.contains("make run"), "{path}: {kind}");
        let policy = page.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    }
    app.get("/board").await.problem(404, "not-found");
    for path in ["/api/v1/nowhere", "/assets/gone.js"] {
        app.send(Method::GET, path, &[("accept", "text/html")], None).await.problem(404, "not-found");
    }
    let reference = app.send(Method::GET, "/docs/", &[("accept", "text/html")], None).await.expect(200);
    assert!(reference.header("content-security-policy").contains("style-src 'self' 'unsafe-inline'"));
    app.stop().await;
}
