//! From the outcome of a solve to the roster document.

use std::collections::BTreeMap;

use super::case::{SettlementDocument, SettlementKind};
use super::network::HorizonDocument;
use super::reception_from::planned_reception;
use super::roster::{
    CertificateDocument, DutyDocument, ProfileVersionDocument, ROSTER_FORMAT, RosterDocument, StatusDocument,
    TierDocument, UnmetDocument,
};
use super::time::TimeSpan;
use crate::control::Options;
use crate::problem::{Duty, Horizon, Problem, RuleCode, Settlement};
use crate::roster::{Outcome, SettledCase, Status, TierCertificate, Unmet, objective};

/// Version of the HiGHS library that the build links; a test holds it against the lock file.
const HIGHS_VERSION: &str = "1.16.0";

impl From<HorizonDocument> for Horizon {
    fn from(document: HorizonDocument) -> Self {
        Self { start: document.start, days: document.days }
    }
}

impl RosterDocument {
    /// The document of an outcome.
    ///
    /// `input_hash` is [`ProblemDocument::input_hash`](super::ProblemDocument::input_hash) of the document that the
    /// problem was made from.
    #[must_use]
    pub fn from_outcome(problem: &Problem, outcome: &Outcome, input_hash: &str, options: &Options) -> Self {
        let certificate = &outcome.certificate;
        Self {
            format: ROSTER_FORMAT.to_owned(),
            status: match outcome.status {
                Status::Optimal => StatusDocument::Optimal,
                Status::Feasible => StatusDocument::Feasible,
                Status::Stopped => StatusDocument::Stopped,
            },
            objective: objective(outcome.score.tiers),
            objective_bound: certificate.objective_bound,
            tiers: certificate.tiers.iter().map(tier).collect(),
            rules: outcome
                .score
                .rules
                .iter()
                .filter(|(_, cost)| **cost != 0)
                .map(|(code, cost)| (code.to_string(), *cost))
                .collect(),
            unmet: outcome.unmet.iter().filter_map(|unmet| unmet_document(problem, unmet)).collect(),
            cases: outcome.cases.iter().filter_map(|settled| settlement_document(problem, settled)).collect(),
            receptions: outcome.receptions.iter().filter_map(|settled| planned_reception(problem, settled)).collect(),
            certificate: CertificateDocument {
                input_hash: input_hash.to_owned(),
                profile: ProfileVersionDocument {
                    name: problem.profile.name.clone(),
                    version: problem.profile.version,
                },
                seed: certificate.seed,
                threads: certificate.threads,
                time_limit_seconds: certificate.time_limit_seconds,
                gap_limits: options.gap_limits,
                parts: certificate.parts,
                seconds: milliseconds(certificate.seconds),
                versions: BTreeMap::from([
                    ("paiban-solver".to_owned(), env!("CARGO_PKG_VERSION").to_owned()),
                    ("highs".to_owned(), HIGHS_VERSION.to_owned()),
                ]),
            },
            duties: outcome.roster.duties.iter().filter_map(|duty| duty_document(problem, duty)).collect(),
        }
    }
}

/// The document of one duty, with names; `None` for indices that the problem does not have.
pub(super) fn duty_document(problem: &Problem, duty: &Duty) -> Option<DutyDocument> {
    let person = problem.people.get(duty.person.index())?;
    let need = problem.needs.get(duty.need.index())?;
    let time = TimeSpan::from_span(&problem.horizon, duty.span);
    Some(DutyDocument {
        person: person.id.clone(),
        need: need.id.clone(),
        start: Some(time.start),
        end: Some(time.end),
        person_name: Some(person.name.clone()),
        place_name: problem.places.get(need.place.index()).map(|place| place.name.clone()),
    })
}

fn tier(certificate: &TierCertificate) -> TierDocument {
    TierDocument {
        tier: certificate.tier.number(),
        value: certificate.value,
        bound: certificate.bound,
        gap: certificate.gap(),
        method: certificate.method.clone(),
        seconds: milliseconds(certificate.seconds),
    }
}

pub(super) fn settlement_document(problem: &Problem, settled: &SettledCase) -> Option<SettlementDocument> {
    let case = problem.cases.get(settled.case.index())?;
    let (settlement, need, unit) = match settled.settlement {
        Settlement::Worked(need) => (SettlementKind::Worked, Some(need), None),
        Settlement::Escalated(unit) => (SettlementKind::Escalated, None, Some(unit)),
        Settlement::Explained => (SettlementKind::Explained, None, None),
        Settlement::Waiting => (SettlementKind::Waiting, None, None),
        Settlement::Late => (SettlementKind::Late, None, None),
    };
    let (mut reason_zh, mut reason_en) = (String::new(), String::new());
    if need.is_none() {
        let (stopped_by, busy) = (&settled.stopped_by, settled.busy_elsewhere);
        reason_zh = format!("未就地办理：{}。", obstacles_zh(stopped_by, busy));
        reason_en = format!("Not worked here: {}.", obstacles_en(stopped_by, busy));
    }
    Some(SettlementDocument {
        case: case.id.clone(),
        settlement,
        need: need.and_then(|need| problem.needs.get(need.index())).map(|need| need.id.clone()),
        unit: unit.and_then(|unit| problem.units.get(unit.index())).map(|unit| unit.id.clone()),
        reason_zh,
        reason_en,
    })
}

fn unmet_document(problem: &Problem, unmet: &Unmet) -> Option<UnmetDocument> {
    let need = problem.needs.get(unmet.need.index())?;
    Some(UnmetDocument {
        need: need.id.clone(),
        missing: unmet.missing,
        stopped_by: unmet.stopped_by.iter().map(|(code, people)| (code.to_string(), *people)).collect(),
        busy_elsewhere: unmet.busy_elsewhere,
        reason_zh: reason_zh(unmet),
        reason_en: reason_en(unmet),
    })
}

/// What a rule means when it stops somebody: Chinese and English, after "n people".
const fn stop_words(code: RuleCode) -> (&'static str, &'static str) {
    match code {
        RuleCode::H01 => ("同时另有安排", "are elsewhere at that time"),
        RuleCode::H02 => ("不可用或请假", "are unavailable or on leave"),
        RuleCode::H03 => ("不具备所需技能", "lack the skill"),
        RuleCode::H04 => ("当日已达上限", "have reached their limit of the day"),
        RuleCode::H05 => ("本周已达上限", "have reached their limit of the week"),
        RuleCode::H06 => ("休息不足", "would rest too little"),
        RuleCode::H07 => ("连续工作天数已达上限", "would work too many days in a row"),
        RuleCode::H08 => ("周末已达上限", "have reached their limit of weekends"),
        RuleCode::H09 => ("此类班次已达上限", "have reached their limit of such shifts"),
        RuleCode::H10 => ("不在服务范围", "may not serve there"),
        RuleCode::H13 => ("已达接待次数上限", "have received as often as they may"),
        RuleCode::H14 => ("须回避", "are to stay out of it"),
        _ => ("受其他规则限制", "are stopped by another rule"),
    }
}

/// Whom each rule stops first, by code.
type Stopped = BTreeMap<RuleCode, u32>;

/// The rules worth a word: that people of other places may not serve here says nothing when others could.
fn telling(stopped_by: &Stopped, busy_elsewhere: u32) -> impl Iterator<Item = (RuleCode, u32)> {
    let alone = stopped_by.len() == 1 && busy_elsewhere == 0;
    let stopped = stopped_by.iter().map(|(&code, &people)| (code, people));
    stopped.filter(move |&(code, people)| people > 0 && (code != RuleCode::H10 || alone))
}

/// Who is kept from a need by what, in Chinese words.
pub(super) fn obstacles_zh(stopped_by: &Stopped, busy_elsewhere: u32) -> String {
    let mut parts: Vec<String> = telling(stopped_by, busy_elsewhere)
        .map(|(code, people)| format!("{people}人{}（{code}）", stop_words(code).0))
        .collect();
    if busy_elsewhere > 0 {
        parts.push(format!("{busy_elsewhere}人可以但须在别处值班"));
    }
    if parts.is_empty() {
        parts.push("没有可派的人".to_owned());
    }
    parts.join("，")
}

/// The same in English.
pub(super) fn obstacles_en(stopped_by: &Stopped, busy_elsewhere: u32) -> String {
    let mut parts: Vec<String> = telling(stopped_by, busy_elsewhere)
        .map(|(code, people)| format!("{people} {} ({code})", stop_words(code).1))
        .collect();
    if busy_elsewhere > 0 {
        parts.push(format!("{busy_elsewhere} could but are needed elsewhere"));
    }
    if parts.is_empty() {
        parts.push("there is nobody to send".to_owned());
    }
    parts.join(", ")
}

/// Why a need stays unmet, in a Chinese sentence.
#[must_use]
pub fn reason_zh(unmet: &Unmet) -> String {
    format!("缺{}人：{}。", unmet.missing, obstacles_zh(&unmet.stopped_by, unmet.busy_elsewhere))
}

/// Why a need stays unmet, in an English sentence.
#[must_use]
pub fn reason_en(unmet: &Unmet) -> String {
    format!("{} missing: {}.", unmet.missing, obstacles_en(&unmet.stopped_by, unmet.busy_elsewhere))
}

/// Seconds rounded to what JSON readers give back exactly, whatever their care with digits.
fn milliseconds(seconds: f64) -> f64 {
    (seconds * 1000.0).round() / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highs_version_is_that_of_the_lock_file() {
        let lock = include_str!("../../../Cargo.lock");
        let version = lock.split("name = \"highs-sys\"\nversion = \"").nth(1).and_then(|rest| rest.split('"').next());
        assert_eq!(version, Some(HIGHS_VERSION));
    }
}
