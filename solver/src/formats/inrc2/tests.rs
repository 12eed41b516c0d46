use std::time::Duration;

use super::*;
use crate::check::check;
use crate::columns::solve_columns;
use crate::control::{Options, Silent};
use crate::problem::Duty;

const SCENARIO: &str = "SCENARIO = tiny\n\nWEEKS = 2\n\nSKILLS = 2\nHead\nNurse\n\nSHIFT_TYPES = 2\nEarly (2,5)\n\
    Late (1,2)\n\nFORBIDDEN_SHIFT_TYPES_SUCCESSIONS\nEarly 0\nLate 1 Early\n\nCONTRACTS = 1\nFull (3,4) (2,3) (2,3) 1 1\n\n\
    NURSES = 2\nAnn Full 2 Head Nurse\nBob Full 1 Nurse\n";
const HISTORY: &str = "HISTORY\n0 tiny\n\nNURSE_HISTORY\nAnn 0 0 Late 1 1 0\nBob 0 0 None 0 0 2\n";
const WEEK: &str = "WEEK_DATA\ntiny\n\nREQUIREMENTS\nEarly Nurse (1,2) (0,0) (0,0) (0,0) (0,0) (0,0) (0,0)\n\n\
    SHIFT_OFF_REQUESTS = 2\nBob Any Mon\nBob Late Tue\n";

fn solution(lines: &str) -> String {
    format!("SOLUTION\n0 tiny\n\nASSIGNMENTS = {}\n{lines}", lines.lines().count())
}

fn duties(problem: &Problem, lines: &str) -> Vec<Duty> {
    read_solution(problem, 0, &solution(lines)).unwrap()
}

#[test]
fn a_tiny_stage_costs_what_the_competition_says() {
    let problem = read(SCENARIO, HISTORY, &[WEEK]).unwrap();
    let report = check(&problem, &duties(&problem, "Ann Mon Late Head\nBob Mon Early Nurse\nBob Sat Late Nurse\n"));
    assert_eq!(report.hard().count(), 0, "{:?}", report.broken);
    assert_eq!(report.score.tiers[0], 0);
    let cost = |code| report.score.rules.get(&code).copied();
    // One Early Nurse below the optimum.
    assert_eq!(cost(RuleCode::S22), Some(30));
    // Bob's single Early on Monday.
    assert_eq!(cost(RuleCode::S37), Some(15));
    // Bob: Monday alone, Saturday alone (ended by Sunday); days off Tuesday to Friday one too many.
    // Ann: Sunday + Monday is enough; days off Tuesday to Sunday three too many.
    assert_eq!(cost(RuleCode::S38), Some(30 + 30 + 30 + 3 * 30));
    assert_eq!(cost(RuleCode::S30), Some(10));
    assert_eq!(cost(RuleCode::S40), Some(30));
    // The first of two weeks does not end the period.
    assert_eq!(cost(RuleCode::S39), None);
}

#[test]
fn stages_with_history_cost_as_much_as_the_whole() {
    let scenario = Scenario::parse(SCENARIO).unwrap();
    let history = HistoryFile::parse(&scenario, HISTORY).unwrap();
    let week = WeekFile::parse(&scenario, "week 1", WEEK).unwrap();
    let lines =
        ["Ann Mon Late Head\nBob Mon Early Nurse\nBob Sun Late Nurse\n", "Ann Sat Early Nurse\nBob Tue Late Nurse\n"];

    let whole = problem(&scenario, &history, &[week.clone(), week.clone()]);
    let mut all = Vec::new();
    for (index, text) in (0..).zip(lines) {
        all.extend(read_solution(&whole, index, &solution(text)).unwrap());
    }
    let mut at = history;
    let mut sum = 0;
    for text in lines {
        let stage = stage(&scenario, &at, &week);
        let duties = duties(&stage, text);
        sum += check(&stage, &duties).score.tiers[2];
        at = next_history(&at, &stage, &duties);
        assert_eq!(HistoryFile::parse(&scenario, &write_history(&stage, &at)).unwrap(), at);
    }
    let report = check(&whole, &all);
    assert_eq!(report.score.tiers[2], sum);
    // Two duties of Ann and three of Bob, who worked one weekend each: 3 to 4 suit, one weekend.
    assert_eq!(report.score.rules.get(&RuleCode::S39), Some(&20));
    assert_eq!(at.week, 2);
}

#[test]
fn hard_rules_of_the_competition_are_kept_apart_from_costs() {
    let problem = read(SCENARIO, HISTORY, &[WEEK]).unwrap();
    let report = check(&problem, &duties(&problem, "Ann Mon Early Nurse\nBob Tue Late Head\nBob Tue Late Nurse\n"));
    let codes: Vec<RuleCode> = report.hard().map(|broken| broken.code).collect();
    assert_eq!(codes, [RuleCode::H01, RuleCode::H03, RuleCode::H04, RuleCode::H06]);
    assert_eq!(check(&problem, &[]).score.tiers[0], 1);
}

#[test]
fn solutions_survive_writing_and_reading() {
    let problem = read(SCENARIO, HISTORY, &[WEEK, WEEK]).unwrap();
    let text = solution("Ann Mon Late Head\nBob Mon Early Nurse\n");
    let written = write_solutions(&problem, &read_solution(&problem, 0, &text).unwrap(), 0);
    assert_eq!(written, [text, "SOLUTION\n1 tiny\n\nASSIGNMENTS = 0\n".to_owned()]);
}

#[test]
fn errors_name_file_line_cause_and_action() {
    let error = |scenario: &str, history: &str, week: &str| {
        let error = read(scenario, history, &[week]).unwrap_err();
        assert!(!error.cause.is_empty() && !error.action.is_empty());
        (error.code, error.part.clone(), error.line)
    };
    let at = |code, part: &str, line| (code, part.to_owned(), line);
    assert_eq!(error("", HISTORY, WEEK), at("E2101", "scenario", 1));
    assert_eq!(error(&SCENARIO.replace("WEEKS", "WEAKS"), HISTORY, WEEK), at("E2102", "scenario", 3));
    assert_eq!(error(SCENARIO, &HISTORY.replace("1 1 0", "1 1"), WEEK), at("E2103", "history", 5));
    assert_eq!(error(SCENARIO, HISTORY, &WEEK.replace("(1,2)", "(1;2)")), at("E2104", "week 1", 5));
    assert_eq!(error(SCENARIO, HISTORY, &WEEK.replace("Bob Late", "Joe Late")), at("E2105", "week 1", 9));
    assert_eq!(error(SCENARIO, &HISTORY.replace("Bob", "Ann"), WEEK), at("E2106", "history", 6));
    assert_eq!(error(SCENARIO, HISTORY, &WEEK.replace("(1,2)", "(2,1)")), at("E2107", "week 1", 5));
}

/// Ann is the only head nurse and may take five shifts in two weeks; Bob can stand in for her, against his wishes.
const SHARED: &str = "SCENARIO = shared\n\nWEEKS = 2\n\nSKILLS = 2\nHead\nNurse\n\nSHIFT_TYPES = 1\nDay (1,7)\n\n\
    FORBIDDEN_SHIFT_TYPES_SUCCESSIONS\nDay 0\n\nCONTRACTS = 2\nFew (0,5) (1,7) (1,7) 2 0\nMany (0,14) (1,7) (1,7) 2 0\n\n\
    NURSES = 2\nAnn Few 2 Head Nurse\nBob Many 1 Nurse\n";
const SHARED_HISTORY: &str = "HISTORY\n0 shared\n\nNURSE_HISTORY\nAnn 0 0 None 0 0 1\nBob 0 0 None 0 0 1\n";
const SHARED_WEEKS: [&str; 2] = [
    "WEEK_DATA\nshared\n\nREQUIREMENTS\nDay Nurse (0,1) (0,1) (0,1) (0,1) (0,1) (0,0) (0,0)\n\n\
     SHIFT_OFF_REQUESTS = 5\nBob Any Mon\nBob Any Tue\nBob Any Wed\nBob Any Thu\nBob Any Fri\n",
    "WEEK_DATA\nshared\n\nREQUIREMENTS\nDay Head (0,1) (0,1) (0,1) (0,0) (0,0) (0,0) (0,0)\n\nSHIFT_OFF_REQUESTS = 0\n",
];

fn staged(look_ahead: LookAhead) -> Staged {
    let scenario = Scenario::parse(SHARED).unwrap();
    let history = HistoryFile::parse(&scenario, SHARED_HISTORY).unwrap();
    let weeks = SHARED_WEEKS.map(|text| WeekFile::parse(&scenario, "week", text).unwrap());
    let options = Options { time_limit: Duration::from_secs(5), ..Options::default() };
    let plan = |_: usize, week: &Problem| solve_columns(week, &options, &Silent).map(|outcome| outcome.roster.duties);
    plan_by_stages(&scenario, &history, &weeks, look_ahead, plan).unwrap()
}

#[test]
fn looking_ahead_saves_what_a_later_week_needs() {
    let cost = |look_ahead| {
        let staged = staged(look_ahead);
        let report = check(&staged.whole, &staged.duties);
        assert_eq!(report.hard().count(), 0, "{:?}", report.broken);
        assert_eq!(staged.histories.last().map(|history| history.week), Some(2));
        report.score.tiers
    };
    // Ann spends all five shifts in the first week; in the second three more cost 20 each.
    assert_eq!(cost(LookAhead::Off), [0, 0, 60]);
    // Two of them go to Bob for 10 each; Ann ends one over.
    assert_eq!(cost(LookAhead::Paced), [0, 0, 40]);
}

#[test]
fn a_paced_week_gets_an_even_share_of_what_is_left() {
    let scenario = Scenario::parse(SCENARIO).unwrap();
    let mut history = HistoryFile::parse(&scenario, HISTORY).unwrap();
    let week = WeekFile::parse(&scenario, "week 1", WEEK).unwrap();
    history.nurses[0].total_duties = 1;
    history.nurses[1].total_weekends = 1;
    let mut paced = stage(&scenario, &history, &week);
    pace(&mut paced, &scenario, &history);
    // Ann has 2 to 3 of 3 to 4 left for two weeks, and Bob has had his one weekend.
    assert_eq!(paced.people[0].contract.total_duties, Some(Range { min: 2, max: 3 }));
    assert_eq!(paced.people[1].contract.total_duties, Some(Range { min: 1, max: 2 }));
    assert_eq!(paced.people.iter().map(|person| person.contract.max_total_weekends).collect::<Vec<_>>(), [Some(1); 2]);
    history.week = 1;
    let mut last = stage(&scenario, &history, &week);
    pace(&mut last, &scenario, &history);
    let unpaced = stage(&scenario, &history, &week);
    for (own, other) in last.people.iter().zip(&unpaced.people) {
        assert_eq!(own.contract, other.contract, "the last week is charged as the competition says");
    }
}
