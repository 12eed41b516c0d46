//! The published sets, read from the folder that `PAIBAN_BENCHMARKS` names; they are not part of this project.
//! Without the variable these tests say so and check nothing.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests end by panicking, their helpers too")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use paiban_solver::check::{Report, check};
use paiban_solver::formats::{FormatError, curtois, inrc2};
use paiban_solver::problem::validate::validate;
use paiban_solver::problem::{PersonIx, Problem, RuleCode};

fn benchmarks() -> Option<PathBuf> {
    let folder = std::env::var_os("PAIBAN_BENCHMARKS").map(PathBuf::from);
    if folder.is_none() {
        println!("not asked to run: set PAIBAN_BENCHMARKS to the folder of the published sets");
    }
    folder
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn read<T>(path: &Path, parse: impl FnOnce(&str) -> Result<T, FormatError>) -> T {
    parse(&text(path)).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn files(folder: &Path, start: &str) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.file_name().unwrap().to_string_lossy().starts_with(start))
        .collect();
    files.sort();
    assert!(!files.is_empty(), "no {start}* in {}", folder.display());
    files
}

fn assert_valid(path: &Path, problem: &Problem) {
    let errors = validate(problem);
    assert!(errors.is_empty(), "{}: {errors:?}", path.display());
}

fn cost(report: &Report, code: RuleCode) -> i64 {
    report.score.rules.get(&code).copied().unwrap_or(0)
}

#[test]
fn the_official_validators_figures_are_reproduced() {
    let Some(folder) = benchmarks().map(|folder| folder.join("inrc2/n005w4")) else { return };
    let weeks = ["1", "2", "3", "3"].map(|week| text(&folder.join(format!("WD-n005w4-{week}.txt"))));
    let scenario = text(&folder.join("Sc-n005w4.txt"));
    let history = text(&folder.join("H0-n005w4-0.txt"));
    let problem = inrc2::read(&scenario, &history, &weeks.each_ref().map(String::as_str)).unwrap();
    let mut duties = Vec::new();
    for (week, name) in (0..).zip(["1-0", "2-1", "3-2", "3-3"]) {
        let solution = text(&folder.join(format!("example/Sol-n005w4-{name}.txt")));
        duties.extend(inrc2::read_solution(&problem, week, &solution).unwrap());
    }

    let report = check(&problem, &duties);
    assert_eq!(report.hard().count(), 0, "{:?}", report.broken);
    let runs = |english: &str| -> i64 {
        let of_kind = report.broken.iter().filter(|broken| broken.code == RuleCode::S38 && broken.en.contains(english));
        of_kind.map(|broken| broken.cost).sum()
    };
    let totals = |english: &str| -> i64 {
        let of_kind = report.broken.iter().filter(|broken| broken.code == RuleCode::S39 && broken.en.contains(english));
        of_kind.map(|broken| broken.cost).sum()
    };
    let found = BTreeMap::from([
        ("Complete weekends", cost(&report, RuleCode::S40)),
        ("Consecutive constraints", cost(&report, RuleCode::S37) + runs("working days")),
        ("Max working weekend", totals("weekends")),
        ("Minimal coverage constraints", cost(&report, RuleCode::S10)),
        ("Non working days constraints", runs("days off")),
        ("Optimal coverage constraints", cost(&report, RuleCode::S22)),
        ("Preferences", cost(&report, RuleCode::S30)),
        ("Total assignment constraints", totals("duties")),
        ("Total cost", report.score.tiers[2]),
    ]);
    let validator = text(&folder.join("example/validator.txt"));
    let published: BTreeMap<&str, i64> = validator
        .lines()
        .filter_map(|line| line.split_once(": "))
        .filter(|(name, _)| found.contains_key(name))
        .map(|(name, figure)| (name, figure.trim().parse().unwrap()))
        .collect();
    assert_eq!(found, published);
}

#[test]
fn every_curtois_instance_parses_and_validates() {
    let Some(folder) = benchmarks().map(|folder| folder.join("curtois")) else { return };
    for path in files(&folder, "Instance") {
        let problem = read(&path, curtois::read);
        assert_valid(&path, &problem);
        let posts = usize::from(problem.horizon.days) * problem.shift_types.len();
        assert_eq!(problem.needs.len(), posts, "{}", path.display());
        let nobody = check(&problem, &[]);
        assert_eq!(nobody.score.tiers[..2], [0, 0]);
        assert!(nobody.score.tiers[2] > 0);
    }
}

#[test]
fn every_inrc2_file_parses_and_validates() {
    let Some(folder) = benchmarks().map(|folder| folder.join("inrc2")) else { return };
    for dataset in files(&folder, "n") {
        let path = files(&dataset, "Sc-").remove(0);
        let scenario = read(&path, inrc2::Scenario::parse);
        let weeks: Vec<inrc2::WeekFile> = files(&dataset, "WD-")
            .iter()
            .map(|path| read(path, |text| inrc2::WeekFile::parse(&scenario, "week", text)))
            .collect();
        for path in files(&dataset, "H0-") {
            let history = read(&path, |text| inrc2::HistoryFile::parse(&scenario, text));
            let problem = inrc2::problem(&scenario, &history, &weeks);
            assert_valid(&path, &problem);
            // The history is that of the file: with it written and read again, the problem is the same.
            let written = inrc2::write_history(&problem, &history);
            assert_eq!(inrc2::HistoryFile::parse(&scenario, &written).unwrap(), history);
            // With nobody at work the next history shows only rest.
            let next = inrc2::next_history(&history, &problem, &[]);
            let first = &next.nurses[PersonIx(0).index()];
            assert_eq!(first.consecutive_days, 0);
            assert!(usize::from(first.consecutive_days_off) >= weeks.len() * 7);
        }
    }
}
