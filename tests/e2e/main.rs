//! The real binary: starting, stopping, being killed, and the settings that it refuses.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::manual_assert,
    reason = "a test fails by panicking"
)]

mod binary;

use std::process::Command;

use binary::{Server, paiban};
use serde_json::{Value, json};

#[actix_web::test]
async fn the_server_says_where_it_listens_and_stops_cleanly() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(&["serve", "--open", "--database-url", &binary::sqlite(&folder)]);
    assert_eq!(server.get("/readyz").await["status"], "ok");
    let ended = server.terminate();
    assert!(ended.status.success(), "{ended:?}");
    assert!(ended.stdout.contains("open: no signing in, and loopback only"), "{}", ended.stdout);
    ended.assert_quiet();
}

#[test]
fn wrong_settings_are_refused_with_a_code() {
    let folder = tempfile::tempdir().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    let database = binary::sqlite(&folder);
    for (arguments, code, exit) in [
        (vec!["serve", "--open", "--listen", "0.0.0.0:8080"], "listen-not-loopback", 2),
        (vec!["serve", "--runners", "0"], "setting-out-of-range", 2),
        (vec!["serve", "--config", "/nonexistent.toml"], "config-unreadable", 2),
        (vec!["serve", "--database-url", "postgers://x/y"], "bad-database-url", 1),
        (vec!["serve", "--database-url", "sqlite:/no/such/folder/x.db"], "bad-database-url", 1),
        (vec!["serve", "--database-url", "postgres://nobody:hunter2@127.0.0.1:1/x"], "database-unavailable", 1),
        (vec!["serve", "--database-url", &database, "--listen", &taken], "listen-failed", 1),
    ] {
        let output = paiban().current_dir(&folder).args(&arguments).output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(stderr.contains(&format!("error[{code}]: ")), "{arguments:?}: {stderr}");
        assert!(!stderr.contains("hunter2"), "{stderr}");
        assert_eq!(output.status.code(), Some(exit), "{arguments:?}");
    }
    let names: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(names.iter().all(|name| name.to_string_lossy().starts_with("paiban.db")), "a typo made a file: {names:?}");
}

#[test]
fn migrating_twice_does_nothing_the_second_time() {
    let folder = tempfile::tempdir().unwrap();
    let run = || {
        let output = paiban().args(["migrate", "--database-url", &binary::sqlite(&folder)]).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(run().contains(": applied "));
    assert!(run().ends_with(": nothing to do\n"));
}

#[test]
fn the_openapi_document_comes_without_a_database() {
    let output = paiban().arg("openapi").output().unwrap();
    assert!(output.status.success());
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
}

#[actix_web::test]
async fn a_killed_process_loses_nothing_and_the_next_one_ends_its_run() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = ["serve", "--open", "--database-url", &binary::sqlite(&folder)];
    let first = Server::start(&arguments);
    let demo = json!({"preset": "street", "seed": 7, "weekStart": "2026-11-30"});
    assert_eq!(first.post("/api/v1/demo-data", &demo).await.0, 201);
    let root = first.get("/api/v1/units?level=city").await["items"][0]["id"].clone();
    let plan = json!({"unit": root, "week": "2026-W49", "timeLimitSeconds": 10});
    let (status, asked) = first.post("/api/v1/schedules", &plan).await;
    assert_eq!(status, 202, "{asked}");
    let path = format!("/api/v1/schedules/{}", asked["id"].as_str().unwrap());
    first.event(&path, "\"status\":\"running\"").await;
    first.kill();

    let second = Server::start(&arguments);
    let left = second.get(&path).await;
    assert_eq!(left["status"], "draft", "nothing half-written: {left:#}");
    assert_eq!(second.status(&format!("{path}/assignments")).await, 409);
    second.event(&path, "event: finished").await;
    let schedule = second.get(&path).await;
    assert_eq!(schedule["status"], "planned", "{schedule:#}");
    assert_eq!(schedule["run"]["attempts"], 2);
    assert_eq!(second.get(&format!("{path}/certificate")).await["tiers"].as_array().unwrap().len(), 3);
    second.terminate().assert_quiet();
}

#[actix_web::test]
async fn a_full_disk_is_told_and_nothing_is_half_written() {
    let folder = tempfile::tempdir().unwrap();
    // The limit on the size of files stands in for the disk's; the signal that comes with it must not kill.
    let mut shell = Command::new("sh");
    shell.args([
        "-c",
        "trap '' XFSZ; ulimit -f 6000; exec \"$@\"",
        "sh",
        env!("CARGO_BIN_EXE_paiban"),
        "serve",
        "--open",
    ]);
    shell.args(["--database-url", &binary::sqlite(&folder)]);
    let server = Server::spawn(shell);
    let demo = json!({"preset": "district", "seed": 7, "weekStart": "2026-11-30"});
    let (status, problem) = server.post("/api/v1/demo-data", &demo).await;
    assert_eq!((status, problem["code"].as_str()), (507, Some("storage-full")), "{problem}");
    assert_eq!(server.get("/api/v1/units").await["items"], json!([]), "all or nothing");
    assert_eq!(server.get("/readyz").await["status"], "ok");
    server.terminate();
}

#[actix_web::test]
async fn the_first_start_plans_and_the_second_one_finds_everything_there() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = [
        "start",
        "--open",
        "--preset",
        "street",
        "--week",
        "2026-11-30",
        "--time-limit",
        "5",
        "--database",
        &binary::sqlite(&folder),
    ];
    let first = Server::start(&arguments);
    let people = first.get("/api/v1/people?limit=1").await;
    assert_eq!(people["items"].as_array().unwrap().len(), 1);
    let first = first.terminate();
    assert!(first.stdout.contains("loaded the demo street"), "{}", first.stdout);
    assert!(first.stdout.contains("值班人员") && first.stdout.contains("proven bound"), "{}", first.stdout);
    first.assert_quiet();
    let second = Server::start(&arguments).terminate();
    assert!(!second.stdout.contains("loaded the demo"), "{}", second.stdout);
    let summary = |text: &str| {
        let lines =
            text.lines().filter(|line| !line.starts_with("listening on") && !line.starts_with("loaded the demo"));
        lines.collect::<Vec<_>>().join("\n")
    };
    assert_eq!(summary(&first.stdout), summary(&second.stdout));
    let other =
        paiban().args(["start", "--preset", "district", "--database", &binary::sqlite(&folder)]).output().unwrap();
    assert!(String::from_utf8(other.stderr).unwrap().contains("error[other-demo]: "));
}

#[test]
fn a_worker_without_a_server_works_the_queue_off() {
    use paiban::db::{Db, jobs, schedules, units};
    use paiban::domain::{Clock as _, JobStatus, ScheduleStatus, SeededEntropy, SystemClock};
    use paiban::planning::request::{PlanRequest, request_plan};

    let folder = tempfile::tempdir().unwrap();
    let url = binary::sqlite(&folder);
    let load = || {
        let arguments = ["demo", "--preset", "street", "--seed", "7", "--load", "--database-url", &url];
        let output = paiban().args(arguments).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(load().starts_with("loaded: "));
    assert!(load().starts_with("loaded before: "));
    let db = Db::open(&url).unwrap();
    let root = db.read(units::all).unwrap().remove(0).id;
    let request = PlanRequest {
        unit: root,
        week_start: "2026-11-30".parse().unwrap(),
        time_limit_seconds: 5,
        threads: 2,
        seed: 1,
        profile: None,
        accept_draft_calendar: false,
    };
    let now = SystemClock.now();
    let asked = db.write(|tx| Ok(request_plan(tx, &request, 10, now, &SeededEntropy::new(1)).unwrap())).unwrap();
    let output = paiban().args(["worker", "--drain", "--database-url", &url]).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let job = db.read(|conn| jobs::get(conn, &asked.1.id)).unwrap();
    assert_eq!((job.status, job.attempts), (JobStatus::Done, 1), "{:?}", job.error_detail);
    let schedule = db.read(|conn| schedules::get(conn, &asked.0.id)).unwrap();
    assert_eq!(schedule.status, ScheduleStatus::Planned);
    let idle = paiban().arg("demo").output().unwrap();
    assert_eq!(idle.status.code(), Some(2));
    assert!(String::from_utf8(idle.stderr).unwrap().contains("error[nothing-to-do]"));
}

#[actix_web::test]
async fn the_first_start_shows_the_one_time_password_once_and_the_audit_trail_holds() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = ["serve", "--database-url", &binary::sqlite(&folder)];
    let server = Server::start(&arguments);
    assert_eq!(server.status("/api/v1/units").await, 401);
    let first = server.terminate();
    let line = first.stdout.lines().find(|line| line.contains("one-time password")).unwrap().to_owned();
    let password = line.rsplit(' ').next().unwrap();
    let server = Server::start(&arguments);
    let (status, session) = server.post("/api/v1/session", &json!({"name": "admin", "password": password})).await;
    assert_eq!((status, &session["mustChangePassword"]), (200, &json!(true)), "{session}");
    let second = server.terminate();
    assert!(!second.stdout.contains("one-time"), "{}", second.stdout);
    assert!(!first.stderr.contains(password) && !second.stderr.contains(password));

    let reset = |name: &str| {
        let arguments = ["account", "reset", name, "--database-url", &binary::sqlite(&folder)];
        paiban().args(arguments).output().unwrap()
    };
    let unknown = reset("nobody");
    assert!(String::from_utf8(unknown.stderr).unwrap().contains("error[not-found]"));
    assert!(String::from_utf8(reset("admin").stdout).unwrap().contains("one-time password"));

    let verify = |more: &[&str]| {
        let mut command = paiban();
        command.args(["audit", "verify", "--database-url", &binary::sqlite(&folder)]).args(more);
        let output = command.output().unwrap();
        (output.status.success(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    let (sound, stdout, _) = verify(&[]);
    assert!(sound && stdout.contains("entries: 3") && stdout.contains("the chain holds"), "{stdout}");
    let head = stdout.lines().find_map(|line| line.strip_prefix("head: ")).unwrap().to_owned();
    assert!(verify(&["--head", &head]).0);
    let (sound, _, stderr) = verify(&["--head", &format!("9{head}")]);
    assert!(!sound && stderr.contains("error[audit-cut]"), "{stderr}");
}
