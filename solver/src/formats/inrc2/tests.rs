use super::*;
use crate::check::check;
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
