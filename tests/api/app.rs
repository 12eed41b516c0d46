//! The server under test and one method per endpoint that tests use.

use std::sync::Arc;
use std::time::Duration;

use diesel::{Connection as _, PgConnection, RunQueryDsl as _};
use paiban::api::application::Sources;
use paiban::api::{Application, StopHandle};
use paiban::config::{Settings, SettingsArgs};
use paiban::db::Db;
use paiban::domain::{Clock, FixedClock, SeededEntropy, SystemClock};
use reqwest::header::HeaderMap;
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {:?}", self.text))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).unwrap_or_else(|| panic!("no header {name}: {self:?}")).to_str().unwrap()
    }

    /// Checks status, code and media type of a problem document, and gives the document.
    #[track_caller]
    pub fn problem(&self, status: u16, code: &str) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        assert_eq!(self.header("content-type"), "application/problem+json");
        let document = self.json();
        assert_eq!(document["code"], code, "{document:#}");
        assert_eq!(document["status"], status);
        assert_eq!(document["requestId"], self.header("x-request-id"));
        document
    }

    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        self
    }
}

/// A running server.
pub struct TestApp {
    pub address: String,
    pub client: Client,
    pub db: Db,
    stop: StopHandle,
    running: actix_web::rt::task::JoinHandle<std::io::Result<()>>,
    /// Keeps the SQLite file.
    pub directory: TempDir,
}

/// Locks are waited for so long only, so that what is refused is refused soon.
const LOCK_WAIT: Duration = Duration::from_secs(2);

/// Settings on a database, with whatever port is free.
pub fn settings(database_url: &str) -> Settings {
    let args = SettingsArgs {
        database_url: Some(database_url.to_owned().into()),
        listen: Some("127.0.0.1:0".parse().unwrap()),
        http_workers: Some(2),
        open: Some(true),
        sign_ins_per_minute: Some(10_000),
        writes_per_minute: Some(1_000_000),
        shutdown_seconds: Some(2),
        housekeeping_seconds: Some(0),
        ..SettingsArgs::default()
    };
    Settings::load(args).unwrap()
}

/// A clock that runs, from a day before the weeks that tests plan: duties that have begun cannot be published again.
struct Running {
    ahead: chrono::Duration,
}

impl Running {
    fn before_the_week() -> Self {
        Self { ahead: FixedClock::at("2026-11-28T02:00:00Z").now() - SystemClock.now() }
    }
}

impl Clock for Running {
    fn now(&self) -> chrono::DateTime<chrono::Utc> {
        SystemClock.now() + self.ahead
    }
}

impl TestApp {
    pub async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// A server whose time the test sets.
    pub async fn start_at(clock: Arc<dyn Clock>) -> Self {
        Self::start_as(|_| {}, clock).await
    }

    /// A server whose clock stands still until the test moves it.
    pub async fn start_still(rfc3339: &str) -> (Self, Arc<FixedClock>) {
        let clock = Arc::new(FixedClock::at(rfc3339));
        (Self::start_at(clock.clone()).await, clock)
    }

    /// As [`TestApp::start_still`], for people who sign in.
    pub async fn start_closed_still(rfc3339: &str) -> (Self, Arc<FixedClock>) {
        let clock = Arc::new(FixedClock::at(rfc3339));
        (Self::start_as(|settings| settings.open = false, clock.clone()).await, clock)
    }

    /// A server with other settings than the usual ones.
    pub async fn start_with(change: impl FnOnce(&mut Settings)) -> Self {
        Self::start_as(change, Arc::new(Running::before_the_week())).await
    }

    async fn start_as(change: impl FnOnce(&mut Settings), clock: Arc<dyn Clock>) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let url = match std::env::var("PAIBAN_TEST_POSTGRES") {
            Ok(server) if std::env::var("PAIBAN_TEST_API_ON").is_ok_and(|backend| backend == "postgresql") => {
                database_of_its_own(&server)
            }
            _ => format!("sqlite:{}", directory.path().join("paiban.db").display()),
        };
        let mut settings = settings(&url);
        change(&mut settings);
        let db = Db::open_waiting(&url, LOCK_WAIT).unwrap();
        db.migrate().unwrap();
        let sources = Sources { clock, entropy: Arc::new(SeededEntropy::new(1)) };
        let application = Application::build(&settings, db.clone(), sources).unwrap();
        let address = format!("http://127.0.0.1:{}", application.port());
        let stop = application.stop_handle();
        let running = actix_web::rt::spawn(application.run_until_stopped());
        Self { address, client: Client::new(), db, stop, running, directory }
    }

    /// Stops the server and waits until it has stopped.
    pub async fn stop(self) -> TempDir {
        self.stop.stop().await;
        self.running.await.unwrap().unwrap();
        self.directory
    }

    pub async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Option<&Value>) -> Answer {
        let mut request = self.client.request(method, format!("{}{path}", self.address));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        read(request.send().await.unwrap()).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], None).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::POST, path, &[], Some(body)).await
    }

    pub async fn put(&self, path: &str, etag: &str, body: &Value) -> Answer {
        self.send(Method::PUT, path, &[("if-match", etag)], Some(body)).await
    }

    pub async fn delete(&self, path: &str, etag: &str) -> Answer {
        self.send(Method::DELETE, path, &[("if-match", etag)], None).await
    }

    pub async fn post_text(&self, path: &str, media_type: &str, body: impl Into<reqwest::Body>) -> Answer {
        let request = self.client.post(format!("{}{path}", self.address)).header("content-type", media_type);
        read(request.body(body).send().await.unwrap()).await
    }

    /// A city, a street below it, and a community below that.
    pub async fn make_units(&self) {
        for (id, parent, level, name) in [
            ("220100000000", Value::Null, "city", "长春市"),
            ("220102001000", json!("220100000000"), "street", "自强街道"),
            ("220102001001", json!("220102001000"), "community", "桃源社区"),
        ] {
            let unit = json!({"id": id, "parent": parent, "level": level, "name": name});
            self.post("/api/v1/units", &unit).await.expect(201);
        }
    }

    /// A year of which every weekend is off.
    pub async fn make_calendar(&self, year: i32, published: bool) {
        let calendar = json!({"year": year, "published": published, "source": "test", "days": []});
        self.post("/api/v1/calendars", &calendar).await.expect(201);
    }

    /// Units, a calendar, a station with one post a day and two people: the smallest week that can be planned.
    pub async fn make_week(&self) {
        self.make_units().await;
        self.make_calendar(2026, true).await;
        let hours: Vec<Value> = ["1-monday", "2-tuesday", "3-wednesday", "4-thursday", "5-friday"]
            .map(|day| json!({"day": day, "startMinute": 480, "endMinute": 1080}))
            .into();
        let station = json!({
            "id": "st-1", "unit": "220102001001", "name": "桃源社区站", "kind": "workStation", "hours": hours
        });
        self.post("/api/v1/stations", &station).await.expect(201);
        for id in ["p-1", "p-2"] {
            let person = json!({
                "id": id, "name": format!("人员{id}"), "sortKey": id, "category": "recruitedStaff",
                "homeUnit": "220102001001", "scope": ["220102001001"]
            });
            self.post("/api/v1/people", &person).await.expect(201);
        }
        let template = json!({
            "id": "te-1", "station": "st-1", "name": "窗口",
            "days": ["monday", "tuesday", "wednesday", "thursday", "friday"],
            "startMinute": 540, "endMinute": 720, "skill": null, "skillLevel": 1, "shiftType": null,
            "minHeads": 1, "targetHeads": 1, "maxHeads": 1, "priority": 1, "validFrom": null, "validTo": null
        });
        self.post("/api/v1/demand-templates", &template).await.expect(201);
    }

    /// Asks for the plan of a week of the whole network.
    pub async fn plan(&self, more: &Value) -> Answer {
        let mut body = json!({"unit": "220100000000", "week": "2026-W49", "timeLimitSeconds": 10});
        for (key, value) in more.as_object().unwrap() {
            body[key] = value.clone();
        }
        self.post("/api/v1/schedules", &body).await
    }

    /// Follows a schedule's run over its event stream to the end, and gives the schedule.
    pub async fn finish(&self, id: &str) -> Value {
        let path = format!("/api/v1/schedules/{id}");
        let events = self.get(&format!("{path}/events")).await;
        assert!(matches!(events.status.as_u16(), 200 | 410), "{}", events.text);
        self.get(&path).await.expect(200).json()
    }
}

pub async fn read(response: reqwest::Response) -> Answer {
    let (status, headers) = (response.status(), response.headers().clone());
    Answer { status, headers, text: response.text().await.unwrap() }
}

/// Creates a database on the test server and gives the URL that leads to it.
fn database_of_its_own(server: &str) -> String {
    use std::sync::atomic::{AtomicUsize, Ordering};
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let name = format!("paiban_api_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let mut connection = PgConnection::establish(server).unwrap();
    diesel::sql_query(format!("CREATE DATABASE {name}")).execute(&mut connection).unwrap();
    format!("{}/{name}", server.rsplit_once('/').unwrap().0)
}

/// Somebody who is signed in.
pub struct User<'a> {
    app: &'a TestApp,
    pub cookie: String,
    pub csrf: String,
}

/// A password that tests change one-time passwords to.
pub const PASSWORD: &str = "a sentence of some length";

impl TestApp {
    /// A server to which people sign in, and its administrator, whose password is changed already.
    pub async fn start_closed() -> Self {
        Self::start_with(|settings| settings.open = false).await
    }

    /// As [`TestApp::start_closed`], with a clock that the test sets.
    pub async fn start_closed_at(clock: Arc<dyn Clock>) -> Self {
        Self::start_as(|settings| settings.open = false, clock).await
    }

    /// The first administrator, signed in, with the one-time password changed.
    pub async fn administrator(&self) -> User<'_> {
        let made = paiban::accounts::ensure_administrator(&self.db, &SystemClock, &SeededEntropy::new(9));
        let one_time = made.unwrap().expect("no account yet");
        self.first_sign_in("admin", &one_time).await
    }

    /// Signs in with a one-time password and changes it.
    pub async fn first_sign_in(&self, name: &str, one_time: &str) -> User<'_> {
        let user = self.sign_in(name, one_time).await;
        let change = json!({"current": one_time, "new": PASSWORD});
        user.send(Method::POST, "/api/v1/me/password", &[], Some(&change)).await.expect(204);
        user
    }

    /// An account with one role, signed in.
    pub async fn user_with(&self, admin: &User<'_>, role: &str, unit: &str, person: Option<&str>) -> User<'_> {
        let account = json!({"name": role, "person": person, "grants": [{"role": role, "unit": unit}]});
        let made = admin.post("/api/v1/accounts", &account).await.expect(201).json();
        self.first_sign_in(role, made["oneTimePassword"].as_str().unwrap()).await
    }

    pub async fn sign_in(&self, name: &str, password: &str) -> User<'_> {
        let answer = self.post("/api/v1/session", &json!({"name": name, "password": password})).await.expect(200);
        let cookie = answer.header("set-cookie");
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
        let cookie = cookie.split(';').next().unwrap().to_owned();
        User { app: self, cookie, csrf: answer.json()["csrfToken"].as_str().unwrap().to_owned() }
    }
}

impl User<'_> {
    pub async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Option<&Value>) -> Answer {
        let mut all = vec![("cookie", self.cookie.as_str()), ("x-csrf-token", self.csrf.as_str())];
        all.extend_from_slice(headers);
        self.app.send(method, path, &all, body).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], None).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::POST, path, &[], Some(body)).await
    }
}
