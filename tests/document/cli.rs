//! The binary itself: what it prints, the exit codes, and that files are whole or not there.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use paiban_solver::document::{ProblemDocument, RosterDocument, parse_problem, parse_roster};

use crate::example;

pub fn paiban(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_paiban")).args(arguments).current_dir(folder).output().expect("the binary runs")
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A folder with the worked example in `p.json` and its roster in `r.json`.
pub fn solved_example() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("p.json"), example::text()).unwrap();
    let solved = paiban(folder.path(), &["solve", "p.json", "--threads", "1", "--out", "r.json"]);
    assert_eq!(solved.status.code(), Some(0), "{}", text(&solved.stderr));
    folder
}

#[test]
fn solve_ends_with_the_four_lines_that_programs_read() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("p.json"), example::text()).unwrap();
    let solved = paiban(folder.path(), &["solve", "p.json", "--threads", "1", "--out", "r.json"]);
    let stdout = text(&solved.stdout);
    let lines: Vec<&str> = stdout.lines().rev().take(4).collect();
    let keys: Vec<&str> = lines.iter().rev().filter_map(|line| line.split(':').next()).collect();
    assert_eq!(keys, ["objective", "bound", "gap", "seconds"], "{stdout}");
    assert!(stdout.contains("\ntier1.value: 300\ntier1.bound: 300\n"), "{stdout}");
    let names: Vec<String> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(names.len(), 2, "{names:?}");
}

#[test]
fn check_accepts_what_solve_made() {
    let folder = solved_example();
    let checked = paiban(folder.path(), &["check", "p.json", "r.json"]);
    assert_eq!(checked.status.code(), Some(0), "{}", text(&checked.stderr));
    assert!(text(&checked.stdout).contains("rule.S10: 300 (1 places)"), "{}", text(&checked.stdout));
}

#[test]
fn a_reader_that_stops_early_changes_neither_the_exit_code_nor_the_work() {
    let folder = solved_example();
    for (arguments, code) in [
        (&["check", "p.json", "r.json"][..], 0),
        (&["explain", "p.json", "r.json"], 0),
        (&["solve", "p.json", "--threads", "1", "--out", "r2.json"], 0),
        (&["check", "p.json", "p.json"], 2),
        (&["openapi"], 0),
        (&["schema"], 0),
    ] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = Command::new(env!("CARGO_BIN_EXE_paiban"));
        let run = command.args(arguments).current_dir(folder.path()).stdout(writer).output().unwrap();
        let said = text(&run.stderr);
        assert_eq!(run.status.code(), Some(code), "{arguments:?}: {said}");
        assert!(!said.contains("panicked"), "{arguments:?}: {said}");
    }
    assert!(folder.path().join("r2.json").exists());
}

fn edit_roster(folder: &Path, change: impl FnOnce(&mut RosterDocument)) {
    let path = folder.join("r.json");
    let mut roster = parse_roster(&fs::read(&path).unwrap()).unwrap();
    change(&mut roster);
    fs::write(&path, serde_json::to_vec(&roster).unwrap()).unwrap();
}

#[test]
fn check_refuses_a_roster_that_breaks_tier_0() {
    let folder = solved_example();
    edit_roster(folder.path(), |roster| roster.duties[0].need = "n1".to_owned());
    edit_roster(folder.path(), |roster| (roster.duties[0].start, roster.duties[0].end) = (None, None));
    let checked = paiban(folder.path(), &["check", "p.json", "r.json"]);
    assert_eq!(checked.status.code(), Some(1), "{}", text(&checked.stderr));
    assert!(text(&checked.stdout).contains("broken.H02:"), "{}", text(&checked.stdout));
}

#[test]
fn check_refuses_false_claims_and_other_problems() {
    let folder = solved_example();
    edit_roster(folder.path(), |roster| roster.tiers[0].value = 0);
    let checked = paiban(folder.path(), &["check", "p.json", "r.json"]);
    assert_eq!(checked.status.code(), Some(1));
    assert!(text(&checked.stderr).contains("error[tier-values]"), "{}", text(&checked.stderr));

    let folder = solved_example();
    let mut problem: ProblemDocument = parse_problem(example::text().as_bytes()).unwrap();
    problem.profile.version = 2;
    fs::write(folder.path().join("p.json"), serde_json::to_vec(&problem).unwrap()).unwrap();
    let checked = paiban(folder.path(), &["check", "p.json", "r.json"]);
    assert_eq!(checked.status.code(), Some(1));
    assert!(text(&checked.stderr).contains("error[input-hash]"), "{}", text(&checked.stderr));
}

#[test]
fn bad_input_is_coded_and_leaves_no_roster() {
    let folder = tempfile::tempdir().unwrap();
    let wrong = example::text().replacen("\"min\": 1", "\"minimum\": 1", 1);
    fs::write(folder.path().join("p.json"), wrong).unwrap();
    let solved = paiban(folder.path(), &["solve", "p.json", "--out", "r.json"]);
    assert_eq!(solved.status.code(), Some(2));
    assert!(text(&solved.stderr).contains("error[unknown-field]: p.json /needs/0"), "{}", text(&solved.stderr));
    assert!(!folder.path().join("r.json").exists());
    let missing = paiban(folder.path(), &["solve", "none.json", "--out", "r.json"]);
    assert_eq!(missing.status.code(), Some(2));
    assert!(text(&missing.stderr).contains("error[unreadable-file]: none.json"), "{}", text(&missing.stderr));
    let usage = paiban(folder.path(), &["solve", "p.json"]);
    assert_eq!(usage.status.code(), Some(2));
}

#[test]
fn a_failed_write_leaves_the_old_file_and_no_part() {
    let folder = tempfile::tempdir().unwrap();
    // A folder where the file should go cannot be replaced by it.
    fs::create_dir(folder.path().join("taken.json")).unwrap();
    let demo = paiban(folder.path(), &["demo", "--preset", "street", "--seed", "7", "--out", "taken.json"]);
    assert_eq!(demo.status.code(), Some(1));
    assert!(text(&demo.stderr).contains("error[unwritable-file]: taken.json"), "{}", text(&demo.stderr));
    let demo = paiban(folder.path(), &["demo", "--preset", "street", "--out", "none/p.json"]);
    assert_eq!(demo.status.code(), Some(1));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_reported() {
    let folder = tempfile::tempdir().unwrap();
    let demo = paiban(folder.path(), &["demo", "--preset", "street", "--out", "/dev/full"]);
    assert_eq!(demo.status.code(), Some(1));
    assert!(text(&demo.stderr).contains("error[unwritable-file]: /dev/full"), "{}", text(&demo.stderr));
}

#[test]
fn the_schemas_are_printed() {
    let folder = tempfile::tempdir().unwrap();
    let printed = paiban(folder.path(), &["schema", "problem"]);
    let schema: serde_json::Value = serde_json::from_slice(&printed.stdout).unwrap();
    assert_eq!(schema["title"], "ProblemDocument");
}
