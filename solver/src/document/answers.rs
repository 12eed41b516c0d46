//! Answers about rosters as JSON: reasons, repairs, prices, replacements, replans and comparisons, with ids and names.

use std::collections::BTreeMap;

use serde::Serialize;

pub use super::differences::{BeforeAfter, DifferenceDocument, NamedDutyDocument};
use super::time::LocalDateTime;
use super::{DutyDocument, UnmetDocument};
use crate::check::Broken;
use crate::explain::fill::Filling;
use crate::explain::prices::{FairnessPrice, Price, Prices};
use crate::explain::scene::{Change, Effect, Scene};
use crate::explain::stages::Proof;
use crate::explain::street::Street;
use crate::explain::unmet::{Nearest, Repair, RepairKind, count, nearest, repairs};
use crate::model::labels::Measure;
use crate::problem::{NeedIx, PersonIx, Problem};
use crate::replan::Replanned;

/// A rule of tier 0 that would be broken, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BrokenDocument {
    /// Code of the rule.
    pub rule: String,
    /// One Chinese sentence.
    pub zh: String,
    /// One English sentence.
    pub en: String,
}

impl From<&Broken> for BrokenDocument {
    fn from(broken: &Broken) -> Self {
        Self { rule: broken.code.to_string(), zh: broken.zh.clone(), en: broken.en.clone() }
    }
}

/// What a change does to the roster's cost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EffectDocument {
    /// Exact change of the cost of tiers 1 to 3.
    pub tiers: [i64; 3],
    /// Exact change of the cost of each rule whose cost changes.
    pub rules: BTreeMap<String, i64>,
    /// Rules of tier 0 that would have to be overridden.
    pub broken: Vec<BrokenDocument>,
}

impl From<&Effect> for EffectDocument {
    fn from(effect: &Effect) -> Self {
        Self {
            tiers: effect.tiers,
            rules: effect.rules.iter().map(|(code, cost)| (code.to_string(), *cost)).collect(),
            broken: effect.broken.iter().map(BrokenDocument::from).collect(),
        }
    }
}

/// The duties that a change takes away and gives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ChangeDocument {
    /// Taken away.
    pub removed: Vec<DutyDocument>,
    /// Given.
    pub added: Vec<DutyDocument>,
}

fn person_id(problem: &Problem, person: PersonIx) -> String {
    problem.people.get(person.index()).map(|person| person.id.clone()).unwrap_or_default()
}

fn person_name(problem: &Problem, person: PersonIx) -> String {
    problem.people.get(person.index()).map(|person| person.name.clone()).unwrap_or_default()
}

fn need_id(problem: &Problem, need: NeedIx) -> String {
    problem.needs.get(need.index()).map(|need| need.id.clone()).unwrap_or_default()
}

/// A duty with its names and time.
#[must_use]
pub fn duty_document(problem: &Problem, person: PersonIx, need: NeedIx) -> DutyDocument {
    let post = problem.needs.get(need.index());
    let span = post.and_then(|need| need.as_post()).map(|post| post.span);
    let at = |minute| LocalDateTime::from_minute(&problem.horizon, minute);
    let place = post.and_then(|need| problem.places.get(need.place.index()));
    DutyDocument {
        person: person_id(problem, person),
        need: need_id(problem, need),
        start: span.map(|span| at(span.start)),
        end: span.map(|span| at(span.end)),
        person_name: Some(person_name(problem, person)),
        place_name: place.map(|place| place.name.clone()),
    }
}

fn change_document(problem: &Problem, change: &Change) -> ChangeDocument {
    let list = |pairs: &[(PersonIx, NeedIx)]| {
        pairs.iter().map(|&(person, need)| duty_document(problem, person, need)).collect()
    };
    ChangeDocument { removed: list(&change.removed), added: list(&change.added) }
}

/// Somebody near to serving an unmet need.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NearestDocument {
    /// Id of the person.
    pub person: String,
    /// Name of the person.
    pub name: String,
    /// Metres from home to the place, when known.
    pub metres: Option<u32>,
    /// Everything that stops this person.
    pub stopped_by: Vec<BrokenDocument>,
}

impl NearestDocument {
    fn new(problem: &Problem, near: &Nearest) -> Self {
        Self {
            person: person_id(problem, near.person),
            name: person_name(problem, near.person),
            metres: near.metres,
            stopped_by: near.stopped_by.iter().map(BrokenDocument::from).collect(),
        }
    }
}

/// A way to mend an unmet need.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RepairDocument {
    /// `assign`, `move`, `lend` or `override`.
    pub kind: &'static str,
    /// One Chinese sentence.
    pub zh: String,
    /// One English sentence.
    pub en: String,
    /// The change of the roster.
    pub change: ChangeDocument,
    /// What it costs, exactly.
    pub effect: EffectDocument,
}

impl RepairDocument {
    fn new(problem: &Problem, need: NeedIx, repair: &Repair) -> Self {
        let name = person_name(problem, repair.person);
        let what = describe(problem, need);
        let from = repair.leaves.map(|need| describe(problem, need));
        let (mut zh, mut en) = match (repair.kind, from) {
            (_, Some(from)) => (format!("把{name}从{from}调到{what}"), format!("Move {name} from {from} to {what}")),
            (RepairKind::Lend, None) => (format!("借调{name}到{what}"), format!("Lend {name} to {what}")),
            (RepairKind::Override, None) => {
                (format!("经批准破例安排{name}到{what}"), format!("Override a limit so that {name} serves {what}"))
            }
            (_, None) => (format!("安排{name}到{what}"), format!("Let {name} serve {what}")),
        };
        if let Some(follower) = repair.followed_by {
            let name = person_name(problem, follower);
            zh = format!("{zh}，原岗位由{name}接替");
            en = format!("{en}, with {name} in the place left");
        }
        let kind = match repair.kind {
            RepairKind::Assign => "assign",
            RepairKind::Move => "move",
            RepairKind::Lend => "lend",
            RepairKind::Override => "override",
        };
        Self {
            kind,
            zh: format!("{zh}。"),
            en: format!("{en}."),
            change: change_document(problem, &repair.change),
            effect: EffectDocument::from(&repair.effect),
        }
    }
}

fn describe(problem: &Problem, need: NeedIx) -> String {
    let duty = duty_document(problem, PersonIx(u32::MAX), need);
    let time = duty.start.map(|start| start.to_string().replace('T', " ")).unwrap_or_default();
    let end = duty.end.map(|end| end.to_string()[11..].to_owned()).unwrap_or_default();
    format!("{} {time}-{end}", duty.place_name.unwrap_or_default())
}

/// Why a need is unmet, who is near, and what would mend it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ExplanationDocument {
    /// Need, counts and sentences.
    #[serde(flatten)]
    pub unmet: UnmetDocument,
    /// The nearest people, nearest first.
    pub nearest: Vec<NearestDocument>,
    /// Up to three repairs: those that break nothing first, then the cheapest.
    pub repairs: Vec<RepairDocument>,
}

/// How many nearest people an explanation names.
const MOST_NEAREST: usize = 5;
/// How many repairs an explanation names.
const MOST_REPAIRS: usize = 3;

/// Explains one unmet need.
#[must_use]
pub fn explain_need(scene: &Scene<'_>, need: NeedIx, missing: u16) -> ExplanationDocument {
    let problem = scene.problem();
    let mut judge = scene.judge();
    let counted = count(scene, need, missing);
    let near = nearest(scene, &mut judge, need, MOST_NEAREST);
    let mended = repairs(scene, &mut judge, need, MOST_REPAIRS);
    ExplanationDocument {
        unmet: UnmetDocument {
            need: need_id(problem, need),
            missing,
            stopped_by: counted.stopped_by.iter().map(|(code, people)| (code.to_string(), *people)).collect(),
            busy_elsewhere: counted.busy_elsewhere,
            reason_zh: super::reason_zh(&counted),
            reason_en: super::reason_en(&counted),
        },
        nearest: near.iter().map(|near| NearestDocument::new(problem, near)).collect(),
        repairs: mended.iter().map(|repair| RepairDocument::new(problem, need, repair)).collect(),
    }
}

/// Somebody who could take a duty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReplacementDocument {
    /// Id of the person.
    pub person: String,
    /// Name of the person.
    pub name: String,
    /// `free`, `moved`, `chain` (somebody follows in the place left) or `exchange` (the present holder does).
    pub kind: &'static str,
    /// The change of the roster.
    pub change: ChangeDocument,
    /// What it costs, exactly.
    pub effect: EffectDocument,
}

impl ReplacementDocument {
    /// The document of a filling in place of a holder.
    #[must_use]
    pub fn new(problem: &Problem, filling: &Filling, holder: PersonIx) -> Self {
        let kind = match (filling.leaves, filling.followed_by) {
            (None, _) => "free",
            (Some(_), None) => "moved",
            (Some(_), Some(follower)) if follower == holder => "exchange",
            (Some(_), Some(_)) => "chain",
        };
        Self {
            person: person_id(problem, filling.person),
            name: person_name(problem, filling.person),
            kind,
            change: change_document(problem, &filling.change),
            effect: EffectDocument::from(&filling.effect),
        }
    }
}

/// Value and proven bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProofDocument {
    /// Value reached.
    pub value: i64,
    /// Proven lower bound; left out when nothing is proven.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bound: Option<i64>,
    /// Whether both are equal.
    pub proven: bool,
}

impl From<Proof> for ProofDocument {
    fn from(proof: Proof) -> Self {
        Self {
            value: proof.value,
            bound: Some(proof.bound).filter(|&bound| bound != i64::MIN),
            proven: proof.is_proven(),
        }
    }
}

/// Price of a rule instance.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PriceDocument {
    /// Code of the rule.
    pub rule: String,
    /// Id of the person concerned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// Id of the need concerned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub need: Option<String>,
    /// First day concerned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<chrono::NaiveDate>,
    /// The unit that prices are for: so much more room.
    pub step: i64,
    /// Of what: `heads`, `duties`, `minutes`, `days`, `weekends` or `wishes`.
    pub measure: &'static str,
    /// Change of each tier by the linear programme's shadow price.
    pub shadow: [f64; 3],
    /// Change of each tier found by solving again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exact: Option<[i64; 3]>,
    /// Whether that change is proven: both solves optimal in every tier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exact_proven: Option<bool>,
}

const fn measure(measure: Measure) -> &'static str {
    match measure {
        Measure::Heads => "heads",
        Measure::Duties => "duties",
        Measure::Minutes => "minutes",
        Measure::Days => "days",
        Measure::Weekends => "weekends",
        Measure::Wishes => "wishes",
        Measure::Matters => "matters",
    }
}

impl PriceDocument {
    fn new(street: &Street, price: &Price) -> Self {
        let problem = &street.problem;
        Self {
            rule: price.label.rule.to_string(),
            person: price.label.person.map(|person| person_id(problem, person)),
            need: price.label.need.map(|need| need_id(problem, need)),
            date: price.label.day.map(|day| problem.horizon.date(day)),
            step: price.step.amount,
            measure: measure(price.step.measure),
            shadow: price.shadow,
            exact: price.exact.map(|exact| exact.change),
            exact_proven: price.exact.map(|exact| exact.proven),
        }
    }
}

/// Price of fairness.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FairnessDocument {
    /// What the other rules of the tier pay for fairness.
    pub price: i64,
    /// Whether both solves are proven, so that the price is exact.
    pub proven: bool,
    /// Tiers with S31.
    pub with: [ProofDocument; 3],
    /// Tiers without.
    pub without: [ProofDocument; 3],
}

/// Prices of a street.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PricesDocument {
    /// Id of the street; none for what stands above street level.
    pub street: Option<String>,
    /// Binding rule instances, dearest first.
    pub instances: Vec<PriceDocument>,
    /// Sums of shadow prices by rule.
    pub by_rule: BTreeMap<String, [f64; 3]>,
    /// Sums of shadow prices by unit.
    pub by_unit: BTreeMap<String, [f64; 3]>,
    /// Sums of shadow prices of posts by block, written `start/end`.
    pub by_block: BTreeMap<String, [f64; 3]>,
    /// Price of fairness, when asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fairness: Option<FairnessDocument>,
}

impl PricesDocument {
    /// The document of a street's prices, with at most so many instances.
    #[must_use]
    pub fn new(
        street: &Street,
        id: Option<String>,
        prices: &Prices,
        fairness: Option<&FairnessPrice>,
        most: usize,
    ) -> Self {
        let problem = &street.problem;
        let at = |minute| LocalDateTime::from_minute(&problem.horizon, minute);
        let unit = |unit: crate::problem::UnitIx| problem.units.get(unit.index()).map(|unit| unit.id.clone());
        Self {
            street: id,
            instances: prices.instances.iter().take(most).map(|price| PriceDocument::new(street, price)).collect(),
            by_rule: prices.by_rule.iter().map(|(code, sum)| (code.to_string(), *sum)).collect(),
            by_unit: prices.by_unit.iter().map(|(&ix, sum)| (unit(ix).unwrap_or_default(), *sum)).collect(),
            by_block: prices
                .by_block
                .iter()
                .map(|(&(start, end), sum)| (format!("{}/{}", at(start), at(end)), *sum))
                .collect(),
            fairness: fairness.map(|fairness| FairnessDocument {
                price: fairness.price(),
                proven: fairness.is_proven(),
                with: fairness.with.map(ProofDocument::from),
                without: fairness.without.map(ProofDocument::from),
            }),
        }
    }
}

/// A replan of one street.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReplanDocument {
    /// Id of the street; none for what stands above street level.
    pub street: Option<String>,
    /// Number of people whose published duties change, given tier 1.
    pub people: ProofDocument,
    /// How many of them the events themselves force to change.
    pub forced: usize,
    /// Ids of the people changed.
    pub changed: Vec<String>,
    /// Tier 1 of the street.
    pub tier1: ProofDocument,
    /// Tier 2, given tier 1 and the number of people changed.
    pub tier2: ProofDocument,
    /// Tier 3, given the same and tier 2.
    pub tier3: ProofDocument,
    /// Duties taken away and given.
    pub change: ChangeDocument,
    /// Seconds taken.
    pub seconds: f64,
}

impl ReplanDocument {
    /// The document of a replan.
    #[must_use]
    pub fn new(street: &Street, id: Option<String>, made: &Replanned) -> Self {
        let problem = &street.problem;
        let mut change = Change::default();
        for (index, (was, is)) in street.duties.iter().zip(&made.duties).enumerate() {
            let person = PersonIx::from_index(index);
            change.removed.extend(was.iter().filter(|need| !is.contains(need)).map(|&need| (person, need)));
            change.added.extend(is.iter().filter(|need| !was.contains(need)).map(|&need| (person, need)));
        }
        Self {
            street: id,
            people: made.people.into(),
            forced: made.forced,
            changed: made.changed.iter().map(|&person| person_id(problem, person)).collect(),
            tier1: made.tier1.into(),
            tier2: made.quality[0].into(),
            tier3: made.quality[1].into(),
            change: change_document(problem, &change),
            seconds: made.seconds,
        }
    }
}
