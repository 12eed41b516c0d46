//! Notifications: written with the change, sent to receivers that speak the real formats, in time and once.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Duration, Utc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use paiban::domain::{Clock as _, FixedClock, SeededEntropy};
use paiban::notify::{Round, Sender};
use paiban::planning::notices::remind;
use reqwest::Method;
use serde_json::{Value, json};
use sha2::Sha256;

use crate::app::{TestApp, User};
use crate::sinks::Sink;
use crate::staffed::{Staffed, build, duty_on, make, plan, plan_and_publish, start};

fn sign(secret: &str, text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// One round of sending, off the test's own thread as in the server.
async fn deliver(app: &TestApp, now: DateTime<Utc>) -> Round {
    let db = app.db.clone();
    actix_web::web::block(move || Sender::new(db).deliver_due(now)).await.unwrap().unwrap()
}

async fn channel(user: &User<'_>, kind: &str, target: &str, more: Value) -> String {
    let mut body = json!({"unit": "220102001000", "name": kind, "kind": kind, "target": target, "secret": null,
        "sender": null, "recipient": null, "enabled": true});
    for (key, value) in more.as_object().unwrap() {
        body[key] = value.clone();
    }
    make(user, "/api/v1/channels", body).await["id"].as_str().unwrap().to_owned()
}

async fn republish(week: &Staffed<'_>, clock: &FixedClock) {
    clock.advance(Duration::seconds(1));
    plan_and_publish(&week.coordinator).await;
}

#[actix_web::test]
async fn a_publication_tells_whom_it_concerns_once_by_webhook_robots_mail_and_text_message() {
    let (app, clock) = start().await;
    let week = build(&app).await;
    let [one, two] = &week.people;
    let sinks: Vec<Sink> = (0..4).map(|_| Sink::http()).collect();
    let mail = Sink::smtp();
    let url = |at: usize| format!("http://127.0.0.1:{}/robot?key=1", sinks[at].port);
    channel(&week.admin, "webhook", &url(0), json!({"secret": "s3cret"})).await;
    channel(&week.admin, "weCom", &url(1), json!({})).await;
    channel(&week.admin, "dingTalk", &url(2), json!({"secret": "SEC1"})).await;
    channel(&week.admin, "sms", &url(3), json!({"sender": "服务民生"})).await;
    let server = format!("smtp://127.0.0.1:{}", mail.port);
    channel(&week.admin, "mail", &server, json!({"sender": "paiban@example.org"})).await;
    let wish = |mail: Value, by_mail: bool, by_sms: bool| json!({"mail": mail, "byMail": by_mail, "bySms": by_sms});
    let put =
        async |user: &User<'_>, wish: Value| user.send(Method::PUT, "/api/v1/me/notifications", &[], Some(&wish)).await;
    put(one, wish(json!("no address"), true, false)).await.problem(422, "invalid-value");
    put(one, wish(json!("shan@example.org"), true, false)).await.expect(200);
    put(two, wish(Value::Null, false, true)).await.expect(200);

    // Nothing changes for anybody: nobody is told. Nor of drafts.
    republish(&week, &clock).await;
    plan(&week.coordinator).await;
    assert_eq!(deliver(&app, clock.now()).await, Round::default());

    // Monday moves from p-1 to p-2.
    let away = json!({"person": "p-1", "kind": "unavailable", "weekday": 1, "startMinute": 0, "endMinute": 1440,
        "weight": 1});
    week.admin.post("/api/v1/availability", &away).await.expect(201);
    republish(&week, &clock).await;
    assert_eq!(deliver(&app, clock.now()).await, Round { sent: 5, failed: 0, dead: 0 });
    assert_eq!(deliver(&app, clock.now()).await, Round::default(), "once");

    let posted = sinks[0].take().pop().unwrap();
    let told: Value = serde_json::from_str(&posted.body).unwrap();
    assert_eq!(told["event"], "roster.published");
    let people: Vec<&Value> = told["people"].as_array().unwrap().iter().map(|person| &person["person"]).collect();
    assert_eq!(people, ["p-1", "p-2"]);
    let expected = sign("s3cret", &format!("{}.{}", posted.header("x-paiban-timestamp"), posted.body));
    assert_eq!(posted.header("x-paiban-signature"), format!("sha256={}", hex(&expected)));
    assert!(posted.header("x-paiban-delivery").starts_with("de-"));

    let robot = sinks[1].take().pop().unwrap();
    let message: Value = serde_json::from_str(&robot.body).unwrap();
    assert_eq!(message["msgtype"], "markdown");
    let text = message["markdown"]["content"].as_str().unwrap();
    assert!(text.contains("单雪梅：取消 11月30日 周一 09:00–12:00 桃源社区站") && !text.contains("138"), "{text}");

    let robot = sinks[2].take().pop().unwrap();
    let time = clock.now().timestamp_millis();
    let mac = STANDARD.encode(sign("SEC1", &format!("{time}\nSEC1")));
    let mac = mac.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
    assert!(robot.head.contains(&format!("&timestamp={time}&sign={mac} ")), "{}", robot.head);
    let message: Value = serde_json::from_str(&robot.body).unwrap();
    assert_eq!(message["markdown"]["title"], "班表已发布");

    let text = sinks[3].take().pop().unwrap();
    let message: Value = serde_json::from_str(&text.body).unwrap();
    assert_eq!((&message["phone"], &message["signature"]), (&json!("13800000002"), &json!("服务民生")));
    assert!(message["text"].as_str().unwrap().contains("新增：11月30日"));

    let mails = mail.take();
    assert_eq!(mails.len(), 1, "p-2 wants no mail");
    assert_eq!(mails[0].head, "<shan@example.org>");
    assert!(mails[0].body.contains("Subject: =?utf-8?b?"), "{}", mails[0].body);
    app.stop().await;
}

#[actix_web::test]
async fn a_failing_receiver_is_tried_with_back_off_given_up_and_sent_again_by_hand() {
    let (app, clock) = start().await;
    let week = build(&app).await;
    let sink = Sink::http();
    let id = channel(&week.admin, "webhook", &format!("http://127.0.0.1:{}/", sink.port), json!({})).await;
    sink.answer(500, "no");
    let monday = duty_on(&week.people[0], "2026-11-30").await.unwrap();
    let decline = format!("/api/v1/me/assignments/{}/{monday}/decline", week.schedule);
    week.people[0].post(&decline, &json!({"reason": "出差"})).await.expect(200);
    let mut now = clock.now();
    for minutes in [1, 5, 30, 120, 360] {
        assert_eq!(deliver(&app, now).await, Round { sent: 0, failed: 1, dead: 0 });
        assert_eq!(deliver(&app, now + Duration::seconds(minutes * 60 - 1)).await, Round::default(), "not yet");
        now += Duration::minutes(minutes);
    }
    assert_eq!(deliver(&app, now).await, Round { sent: 0, failed: 0, dead: 1 });
    assert_eq!(sink.take().len(), 6);
    let dead = week.admin.get(&format!("/api/v1/channels/{id}/deliveries?status=dead")).await.expect(200).json();
    let letter = &dead["items"][0];
    assert_eq!((&letter["attempts"], &letter["event"]), (&json!(6), &json!("duty.declined")));
    assert!(letter["error"].as_str().unwrap().contains("500"));
    sink.answer(200, "");
    let again = format!("/api/v1/channels/{id}/deliveries/{}/redeliver", letter["id"].as_str().unwrap());
    week.admin.post(&again, &json!({})).await.expect(202);
    assert_eq!(deliver(&app, now).await.sent, 1);
    week.admin.post(&again, &json!({})).await.problem(409, "conflict");
    // One that failed and waits for its next try goes out at once when asked.
    sink.answer(500, "no");
    let other = duty_on(&week.people[1], "2026-12-01").await.unwrap();
    let decline = format!("/api/v1/me/assignments/{}/{other}/decline", week.schedule);
    week.people[1].post(&decline, &json!({"reason": "出差"})).await.expect(200);
    assert_eq!(deliver(&app, now).await.failed, 1);
    let waiting = week.admin.get(&format!("/api/v1/channels/{id}/deliveries?status=queued")).await.expect(200).json();
    let again = format!("/api/v1/channels/{id}/deliveries/{}/redeliver", waiting["items"][0]["id"].as_str().unwrap());
    sink.answer(200, "");
    week.admin.post(&again, &json!({})).await.expect(202);
    assert_eq!(deliver(&app, now).await.sent, 1);
    app.stop().await;
}

#[actix_web::test]
async fn what_was_given_up_stands_in_one_list_over_all_channels_and_is_sent_again_from_there() {
    let (app, clock) = start().await;
    let week = build(&app).await;
    let sinks = [Sink::http(), Sink::http()];
    let mut channels = Vec::new();
    for (sink, kind) in sinks.iter().zip(["webhook", "weCom"]) {
        let url = format!("http://127.0.0.1:{}/", sink.port);
        channels.push(channel(&week.admin, kind, &url, json!({})).await);
        // A redirect is not followed, since it could lead anywhere: it is a failure.
        sink.answer(302, "");
    }
    let monday = duty_on(&week.people[0], "2026-11-30").await.unwrap();
    let decline = format!("/api/v1/me/assignments/{}/{monday}/decline", week.schedule);
    week.people[0].post(&decline, &json!({"reason": "出差"})).await.expect(200);
    let listed = async |user: &User<'_>, query: &str| -> Vec<Value> {
        let page = user.get(&format!("/api/v1/deliveries?{query}")).await.expect(200).json();
        page["items"].as_array().unwrap().clone()
    };
    assert_eq!(listed(&week.coordinator, "status=dead").await, Vec::<Value>::new());
    let written = listed(&week.coordinator, "").await.len();
    let mut now = clock.now();
    for minutes in [1, 5, 30, 120, 360, 0] {
        assert_eq!(deliver(&app, now).await.sent, 0);
        now += Duration::minutes(minutes);
    }
    let dead = listed(&week.coordinator, "status=dead").await;
    assert_eq!(dead.len(), written);
    let by: std::collections::BTreeSet<&str> = dead.iter().map(|letter| letter["channel"].as_str().unwrap()).collect();
    assert_eq!(by.into_iter().collect::<Vec<_>>(), channels, "of both channels");
    assert_eq!(listed(&week.coordinator, &format!("status=dead&channel={}", channels[1])).await.len(), written / 2);
    assert_eq!(listed(&week.coordinator, "status=dead&unit=220102001000").await.len(), written);
    assert_eq!(
        listed(&week.admin, "status=dead&unit=220102001001").await,
        Vec::<Value>::new(),
        "the street's channels"
    );
    let first = week.coordinator.get("/api/v1/deliveries?status=dead&limit=1").await.expect(200).json();
    assert_eq!(first["items"], json!([dead[0]]));
    let next = week.coordinator.get(first["next"].as_str().unwrap()).await.expect(200).json();
    assert_eq!(next["items"], json!([dead[1]]));

    // Of the community below nobody sees the street's channels.
    let below = app.user_with(&week.admin, "coordinator", "220102001001", None).await;
    assert_eq!(listed(&below, "").await, Vec::<Value>::new());
    let ids: Vec<&Value> = dead.iter().map(|letter| &letter["id"]).collect();
    let again = json!({"deliveries": ids});
    below.post("/api/v1/deliveries/redeliver", &again).await.problem(422, "unknown-reference");
    week.people[0].get("/api/v1/deliveries").await.problem(403, "forbidden");
    week.coordinator
        .post("/api/v1/deliveries/redeliver", &json!({"deliveries": []}))
        .await
        .problem(422, "invalid-value");

    for sink in &sinks {
        sink.answer(200, r#"{"errcode":0}"#);
        sink.take();
    }
    let queued = week.coordinator.post("/api/v1/deliveries/redeliver", &again).await.expect(202).json();
    assert_eq!((queued.as_array().unwrap().len(), &queued[0]["status"]), (written, &json!("queued")));
    week.coordinator.post("/api/v1/deliveries/redeliver", &again).await.problem(409, "conflict");
    assert_eq!(deliver(&app, now).await, Round { sent: written, failed: 0, dead: 0 });
    assert!(sinks.iter().all(|sink| !sink.take().is_empty()));
    assert_eq!(listed(&week.coordinator, "status=dead").await, Vec::<Value>::new());
    let told = week.admin.get("/api/v1/audit?action=redeliver").await.expect(200).json();
    assert_eq!(told["items"].as_array().unwrap().len(), written);
    app.stop().await;
}

#[actix_web::test]
async fn a_robot_that_refuses_is_tried_again_and_dingtalk_gets_a_digest() {
    let (app, clock) = start().await;
    let week = build(&app).await;
    let sink = Sink::http();
    channel(&week.admin, "dingTalk", &format!("http://127.0.0.1:{}/", sink.port), json!({})).await;
    sink.answer(200, r#"{"errcode":130101,"errmsg":"send too fast"}"#);
    for (user, date) in [(&week.people[0], "2026-11-30"), (&week.people[1], "2026-12-01")] {
        let duty = duty_on(user, date).await.unwrap();
        let decline = format!("/api/v1/me/assignments/{}/{duty}/decline", week.schedule);
        user.post(&decline, &json!({"reason": "出差"})).await.expect(200);
    }
    assert_eq!(deliver(&app, clock.now()).await, Round { sent: 0, failed: 2, dead: 0 });
    assert_eq!(sink.take().len(), 1, "one message for both");
    sink.answer(200, r#"{"errcode":0,"errmsg":"ok"}"#);
    assert_eq!(deliver(&app, clock.now() + Duration::minutes(1)).await.sent, 2);
    let digest = sink.take().pop().unwrap().body;
    assert!(digest.contains("单雪梅") && digest.contains("曾志强"), "{digest}");
    app.stop().await;
}

#[actix_web::test]
async fn people_are_reminded_a_day_before_outside_quiet_hours_and_coordinators_alerted_at_any() {
    let (app, clock) = start().await;
    let week = build(&app).await;
    let (sms, robot) = (Sink::http(), Sink::http());
    channel(&week.admin, "sms", &format!("http://127.0.0.1:{}/", sms.port), json!({})).await;
    channel(&week.admin, "weCom", &format!("http://127.0.0.1:{}/", robot.port), json!({})).await;
    let wish = json!({"mail": null, "byMail": false, "bySms": true});
    for user in &week.people {
        user.send(Method::PUT, "/api/v1/me/notifications", &[], Some(&wish)).await.expect(200);
    }
    let monday = duty_on(&week.people[0], "2026-11-30").await.unwrap();
    let entropy = SeededEntropy::new(5);
    let reminded = |now| app.db.write(|tx| remind(tx, now, &entropy)).unwrap();
    // Sunday 08:59 and 09:00 in China; the duty is on Monday at 09:00.
    let sunday = FixedClock::at("2026-11-29T00:59:00Z").now();
    assert_eq!(reminded(sunday), 0);
    assert_eq!(reminded(sunday + Duration::minutes(1)), 1);
    assert_eq!(reminded(sunday + Duration::minutes(2)), 0, "once");
    assert_eq!(deliver(&app, sunday + Duration::minutes(2)).await.sent, 1);
    assert!(sms.take()[0].body.contains("请登录系统确认"));

    // Sunday 23:00: the change waits for the morning, the alert does not.
    clock.advance(Duration::days(6) + Duration::hours(7));
    let late = app.sign_in("m1", crate::app::PASSWORD).await;
    let decline = format!("/api/v1/me/assignments/{}/{monday}/decline", week.schedule);
    late.post(&decline, &json!({"reason": "发烧"})).await.expect(200);
    assert_eq!(deliver(&app, clock.now()).await.sent, 1);
    let alert = robot.take().pop().unwrap().body;
    assert!(alert.contains("缺人"), "{alert}");
    let morning = FixedClock::at("2026-11-29T23:00:00Z").now();
    assert_eq!(deliver(&app, morning - Duration::minutes(1)).await, Round::default());
    assert_eq!(deliver(&app, morning).await.sent, 2, "the robot's group and the person");
    app.stop().await;
}

#[actix_web::test]
async fn only_an_administrator_lets_messages_into_private_networks() {
    let (app, clock) = start().await;
    let week = build(&app).await;
    let sink = Sink::http();
    let body = |target: &str| {
        json!({"unit": "220102001000", "name": "x", "kind": "webhook", "target": target, "secret": "s",
            "sender": null, "recipient": null, "enabled": true})
    };
    for target in
        ["http://127.0.0.1:1/", "http://localhost/", "https://10.0.0.8/x", "http://[::1]/", "http://169.254.169.254/"]
    {
        week.coordinator.post("/api/v1/channels", &body(target)).await.problem(403, "private-address");
    }
    week.coordinator.post("/api/v1/channels", &body("ftp://example.org/")).await.problem(422, "invalid-value");
    // A name that only resolves to a private address is caught when it is sent.
    let named = body(&format!("http://ip6-localhost.example.invalid:{}/", sink.port));
    let made = week.coordinator.post("/api/v1/channels", &named).await.expect(201).json();
    assert_eq!((&made["hasSecret"], made.get("secret")), (&json!(true), None));
    let monday = duty_on(&week.people[0], "2026-11-30").await.unwrap();
    let decline = format!("/api/v1/me/assignments/{}/{monday}/decline", week.schedule);
    week.people[0].post(&decline, &json!({"reason": "出差"})).await.expect(200);
    assert_eq!(deliver(&app, clock.now()).await, Round { sent: 0, failed: 1, dead: 0 });
    assert!(sink.take().is_empty());
    app.stop().await;
}

#[actix_web::test]
async fn what_is_old_is_forgotten_and_the_trail_says_how_much() {
    let (app, clock) = start().await;
    let week = build(&app).await;
    let sink = Sink::http();
    let id = channel(&week.admin, "webhook", &format!("http://127.0.0.1:{}/", sink.port), json!({})).await;
    let monday = duty_on(&week.people[0], "2026-11-30").await.unwrap();
    let decline = format!("/api/v1/me/assignments/{}/{monday}/decline", week.schedule);
    week.people[0].post(&decline, &json!({"reason": "出差"})).await.expect(200);
    let later = |days| clock.now() + Duration::days(days);
    let queued = outbox_of(&week, &id).await;
    assert!(queued > 0);
    assert_eq!(paiban::housekeeping::retain(&app.db, later(91)).unwrap(), 0, "what waits is not forgotten");
    assert_eq!(deliver(&app, clock.now()).await.sent, queued);
    assert_eq!(paiban::housekeeping::retain(&app.db, later(89)).unwrap(), 0);
    assert_eq!(paiban::housekeeping::retain(&app.db, later(91)).unwrap(), queued);
    assert_eq!(outbox_of(&week, &id).await, 0);
    // Five duties of the week, the declined one as cancelled.
    assert_eq!(paiban::housekeeping::retain(&app.db, later(1900)).unwrap(), 5);
    let trail = week.admin.get("/api/v1/audit?action=retain").await.json();
    assert_eq!(trail["items"].as_array().unwrap().len(), 2, "a round that removes nothing tells nothing");
    app.stop().await;
}

async fn outbox_of(week: &Staffed<'_>, channel: &str) -> usize {
    let path = format!("/api/v1/channels/{channel}/deliveries");
    week.admin.get(&path).await.expect(200).json()["items"].as_array().unwrap().len()
}
