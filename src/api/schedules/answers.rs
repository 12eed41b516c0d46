//! Answers about stored rosters: reasons, repairs, replacements, prices, replans and comparisons, in the reader's
//! language.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use paiban_solver::document::DutyDocument;
use paiban_solver::document::answers as solver;
use serde::Serialize;
use utoipa::ToSchema;

use super::documents::ScheduleDocument;
use super::receptions::PlannedReceptionDocument;
use super::visits::PlannedVisitDocument;
use crate::api::lang::Lang;
use crate::domain::ScheduleId;

/// A rule of tier 0 that would be broken.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BrokenRule {
    /// Code of the rule.
    rule: String,
    /// What it would break, in words.
    text: String,
}

fn broken(lang: Lang, list: Vec<solver::BrokenDocument>) -> Vec<BrokenRule> {
    list.into_iter().map(|one| BrokenRule { rule: one.rule, text: lang.pick(one.zh, one.en) }).collect()
}

/// What a change does to the roster, as the checker counts it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Effect, example = json!({"tiers": [-100, 0, 3], "rules": {"S10": -100, "S32": 3}, "broken": []}))]
pub struct EffectDocument {
    /// Exact change of the cost of tiers 1 to 3.
    tiers: [i64; 3],
    /// Exact change of the cost of each rule whose cost changes.
    rules: BTreeMap<String, i64>,
    /// Rules of tier 0 that would have to be overridden.
    broken: Vec<BrokenRule>,
}

impl EffectDocument {
    /// In the reader's language.
    #[must_use]
    pub fn new(lang: Lang, effect: solver::EffectDocument) -> Self {
        Self { tiers: effect.tiers, rules: effect.rules, broken: broken(lang, effect.broken) }
    }
}

/// A duty that is taken away or given.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ChangedDuty)]
pub struct ChangedDuty {
    /// Id of the person.
    person: String,
    /// Name of the person.
    name: String,
    /// Id of the post.
    post: String,
    /// Name of the station.
    station_name: String,
    /// Start, local time.
    start: Option<String>,
    /// End, local time.
    end: Option<String>,
}

impl From<DutyDocument> for ChangedDuty {
    fn from(duty: DutyDocument) -> Self {
        Self {
            person: duty.person,
            name: duty.person_name.unwrap_or_default(),
            post: duty.need,
            station_name: duty.place_name.unwrap_or_default(),
            start: duty.start.map(|at| at.to_string()),
            end: duty.end.map(|at| at.to_string()),
        }
    }
}

/// Duties taken away and given.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = RosterChange)]
pub struct RosterChange {
    /// Taken away.
    removed: Vec<ChangedDuty>,
    /// Given.
    added: Vec<ChangedDuty>,
}

impl From<solver::ChangeDocument> for RosterChange {
    fn from(change: solver::ChangeDocument) -> Self {
        Self {
            removed: change.removed.into_iter().map(ChangedDuty::from).collect(),
            added: change.added.into_iter().map(ChangedDuty::from).collect(),
        }
    }
}

/// Somebody near to serving a post.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NearestPerson {
    /// Id of the person.
    person: String,
    /// Name of the person.
    name: String,
    /// Metres from home to the station, when known.
    metres: Option<u32>,
    /// Everything that stops this person; empty for one whom no rule stops.
    stopped_by: Vec<BrokenRule>,
}

/// A way to mend an unmet post.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Repair)]
pub struct RepairDocument {
    /// `assign`, `move`, `lend` or `override`.
    kind: &'static str,
    /// What to do, in words.
    text: String,
    /// The change of the roster.
    change: RosterChange,
    /// What it costs, exactly.
    effect: EffectDocument,
}

/// Why a post is as it is: who is missing, whom each rule stops, who is near, and what would mend it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Explanation, example = json!({
    "post": "po-1", "missing": 1, "stoppedBy": {"H02": 12, "H03": 40}, "busyElsewhere": 3,
    "reason": "缺1人：12人不可用或请假（H02），40人不具备所需技能（H03），3人可以但须在别处值班。",
    "nearest": [{"person": "p-1", "name": "单雪梅", "metres": 350, "stoppedBy": [{"rule": "H05", "text": "…"}]}],
    "repairs": [{"kind": "assign", "text": "安排单雪梅到桃源社区站 2026-11-30 08:30-12:00。",
        "change": {"removed": [], "added": []}, "effect": {"tiers": [-100, 0, 3], "rules": {"S10": -100, "S32": 3},
        "broken": []}}]
}))]
pub struct ExplanationDocument {
    /// Id of the post.
    post: String,
    /// Heads missing from the minimum.
    missing: u16,
    /// How many people each rule stops first.
    stopped_by: BTreeMap<String, u32>,
    /// People whom no rule stops but who are needed elsewhere.
    busy_elsewhere: u32,
    /// The reason in words.
    reason: String,
    /// The nearest people, nearest first.
    nearest: Vec<NearestPerson>,
    /// Up to three repairs: those that break nothing first, then the cheapest.
    repairs: Vec<RepairDocument>,
}

impl ExplanationDocument {
    /// The explanation in the reader's language.
    #[must_use]
    pub fn new(lang: Lang, explained: solver::ExplanationDocument) -> Self {
        let unmet = explained.unmet;
        let near = |near: solver::NearestDocument| NearestPerson {
            person: near.person,
            name: near.name,
            metres: near.metres,
            stopped_by: broken(lang, near.stopped_by),
        };
        let repair = |repair: solver::RepairDocument| RepairDocument {
            kind: repair.kind,
            text: lang.pick(repair.zh, repair.en),
            change: repair.change.into(),
            effect: EffectDocument::new(lang, repair.effect),
        };
        Self {
            post: unmet.need,
            missing: unmet.missing,
            stopped_by: unmet.stopped_by,
            busy_elsewhere: unmet.busy_elsewhere,
            reason: lang.pick(unmet.reason_zh, unmet.reason_en),
            nearest: explained.nearest.into_iter().map(near).collect(),
            repairs: explained.repairs.into_iter().map(repair).collect(),
        }
    }
}

/// Somebody who could take a duty.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Recommendation, example = json!({
    "person": "p-2", "name": "曾明", "kind": "free", "change": {"removed": [], "added": []},
    "effect": {"tiers": [0, 0, 4], "rules": {"S32": 4}, "broken": []}
}))]
pub struct RecommendationDocument {
    /// Id of the person.
    person: String,
    /// Name of the person.
    name: String,
    /// `free`, `moved` from another post, `chain` (somebody follows there) or `exchange` (the present holder does).
    kind: &'static str,
    /// The change of the roster.
    change: RosterChange,
    /// What it costs, exactly.
    effect: EffectDocument,
}

impl RecommendationDocument {
    /// The recommendation in the reader's language.
    #[must_use]
    pub fn new(lang: Lang, found: solver::ReplacementDocument) -> Self {
        Self {
            person: found.person,
            name: found.name,
            kind: found.kind,
            change: found.change.into(),
            effect: EffectDocument::new(lang, found.effect),
        }
    }
}

/// A value and what is proven of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Proof)]
pub struct ProofDocument {
    /// Value reached.
    value: i64,
    /// Proven lower bound; none when nothing is proven.
    bound: Option<i64>,
    /// Whether both are equal.
    proven: bool,
}

impl From<solver::ProofDocument> for ProofDocument {
    fn from(proof: solver::ProofDocument) -> Self {
        Self { value: proof.value, bound: proof.bound, proven: proof.proven }
    }
}

/// Price of a rule instance.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Price)]
pub struct PriceDocument {
    /// Code of the rule.
    rule: String,
    /// Id of the person concerned.
    person: Option<String>,
    /// Id of the post concerned.
    post: Option<String>,
    /// First day concerned.
    date: Option<NaiveDate>,
    /// So much more room is what the prices are for.
    step: i64,
    /// Of what: `heads`, `duties`, `minutes`, `days`, `weekends`, `wishes` or `matters`.
    measure: &'static str,
    /// Change of each tier by the linear programme's shadow price: an estimate for a small step.
    shadow: [f64; 3],
    /// Change of each tier found by solving again with one step more room.
    exact: Option<[i64; 3]>,
    /// Whether that change is proven: both solves optimal in every tier.
    exact_proven: Option<bool>,
}

/// What fairness costs the other rules of its tier.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = FairnessPrice)]
pub struct FairnessDocument {
    /// The price.
    price: i64,
    /// Whether both solves are proven, so that the price is exact.
    proven: bool,
    /// Tiers 1 to 3 with S31.
    with: Vec<ProofDocument>,
    /// Tiers 1 to 3 without.
    without: Vec<ProofDocument>,
}

/// What rules cost on a street.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Prices, example = json!({
    "street": "220102001000",
    "instances": [{"rule": "H05", "person": "p-1", "post": null, "date": null, "step": 1, "measure": "duties",
        "shadow": [-100.0, 0.0, 0.0], "exact": [-100, 0, 2], "exactProven": true}],
    "byRule": {"H05": [-100.0, 0.0, 0.0]}, "byUnit": {"220102001001": [-100.0, 0.0, 0.0]}, "byBlock": {},
    "fairness": null
}))]
pub struct PricesDocument {
    /// Code of the street; none for what stands above street level.
    street: Option<String>,
    /// Binding rule instances, dearest first.
    instances: Vec<PriceDocument>,
    /// Sums of shadow prices by rule.
    by_rule: BTreeMap<String, [f64; 3]>,
    /// Sums of shadow prices by unit.
    by_unit: BTreeMap<String, [f64; 3]>,
    /// Sums of shadow prices of posts by block, written `start/end`.
    by_block: BTreeMap<String, [f64; 3]>,
    /// Price of fairness, when asked for.
    fairness: Option<FairnessDocument>,
}

impl From<solver::PricesDocument> for PricesDocument {
    fn from(prices: solver::PricesDocument) -> Self {
        let price = |price: solver::PriceDocument| PriceDocument {
            rule: price.rule,
            person: price.person,
            post: price.need,
            date: price.date,
            step: price.step,
            measure: price.measure,
            shadow: price.shadow,
            exact: price.exact,
            exact_proven: price.exact_proven,
        };
        let proofs = |proofs: [solver::ProofDocument; 3]| proofs.into_iter().map(ProofDocument::from).collect();
        Self {
            street: prices.street,
            instances: prices.instances.into_iter().map(price).collect(),
            by_rule: prices.by_rule,
            by_unit: prices.by_unit,
            by_block: prices.by_block,
            fairness: prices.fairness.map(|fairness| FairnessDocument {
                price: fairness.price,
                proven: fairness.proven,
                with: proofs(fairness.with),
                without: proofs(fairness.without),
            }),
        }
    }
}

/// The replan of one street.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = StreetReplan)]
pub struct StreetReplan {
    /// Code of the street; none for what stands above street level.
    street: Option<String>,
    /// People whom the events themselves force to change.
    forced: usize,
    /// Number of people whose duties change, given tier 1.
    people: ProofDocument,
    /// Ids of these people.
    changed: Vec<String>,
    /// Tier 1 of the street.
    tier1: ProofDocument,
    /// Tier 2, given tier 1 and the number of people changed.
    tier2: ProofDocument,
    /// Tier 3, given these.
    tier3: ProofDocument,
    /// Duties taken away and given.
    change: RosterChange,
    /// Seconds taken.
    seconds: f64,
}

impl From<solver::ReplanDocument> for StreetReplan {
    fn from(made: solver::ReplanDocument) -> Self {
        Self {
            street: made.street,
            forced: made.forced,
            people: made.people.into(),
            changed: made.changed,
            tier1: made.tier1.into(),
            tier2: made.tier2.into(),
            tier3: made.tier3.into(),
            change: made.change.into(),
            seconds: made.seconds,
        }
    }
}

/// A new version of a roster after something has happened.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = LeastChange, example = json!({
    "schedule": {"id": "sc-2", "unit": "220102001000", "week": "2026-W49", "status": "planned"}, "from": "sc-1",
    "streets": [{"street": "220102001000", "forced": 1, "people": {"value": 2, "bound": 2, "proven": true},
        "changed": ["p-1", "p-2"], "tier1": {"value": 0, "bound": 0, "proven": true},
        "tier2": {"value": 240, "bound": 240, "proven": true}, "tier3": {"value": 12, "bound": 12, "proven": true},
        "change": {"removed": [], "added": []}, "seconds": 0.2}],
    "receptions": [],
    "visits": [{"visit": "vi-1", "made": false, "person": null, "date": null, "startMinute": null, "endMinute": null,
        "reason": "未安排：…", "carriedOut": false}]
}))]
pub struct LeastChange {
    /// The new version: planned, and in force once it is published.
    pub schedule: ScheduleDocument,
    /// Id of the version before.
    pub from: String,
    /// Proof and changes of each street touched; none when no duty is.
    pub streets: Vec<StreetReplan>,
    /// Receptions about which it decides otherwise than the version before: moved, given to others, or fallen, and why.
    pub receptions: Vec<PlannedReceptionDocument>,
    /// Visits about which it decides otherwise: given to another, moved, or fallen and open again once the new version is
    /// published, and why.
    pub visits: Vec<PlannedVisitDocument>,
}

impl LeastChange {
    /// A version of which no more is known than what it came from.
    #[must_use]
    pub fn of(schedule: ScheduleDocument, from: &ScheduleId) -> Self {
        Self { schedule, from: from.to_string(), streets: Vec::new(), receptions: Vec::new(), visits: Vec::new() }
    }
}

/// Two values of one thing.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = BeforeAfter)]
pub struct BeforeAfter {
    /// In the first roster.
    pub before: i64,
    /// In the second.
    pub after: i64,
}

/// Tiers and rules of two rosters side by side; entries that do not differ are left out of `rules`.
#[must_use]
pub fn side_by_side(before: Vec<(String, i64)>, after: Vec<(String, i64)>) -> BTreeMap<String, BeforeAfter> {
    let mut found: BTreeMap<String, BeforeAfter> = BTreeMap::new();
    for (rule, cost) in before {
        found.entry(rule).or_insert(BeforeAfter { before: 0, after: 0 }).before = cost;
    }
    for (rule, cost) in after {
        found.entry(rule).or_insert(BeforeAfter { before: 0, after: 0 }).after = cost;
    }
    found.retain(|_, values| values.before != values.after);
    found
}

/// A patched copy of a street, planned and compared with the roster as it stands.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = WhatIf, example = json!({
    "street": "220102001000", "present": [300, 240, 1200],
    "before": [{"value": 300, "bound": 300, "proven": true}], "after": [{"value": 100, "bound": 100, "proven": true}],
    "rules": {"S10": {"before": 300, "after": 100}}, "people": ["p-1"], "change": {"removed": [], "added": []}
}))]
pub struct WhatIfDocument {
    /// Code of the street; none for what stands above street level.
    pub street: Option<String>,
    /// Tiers 1 to 3 of the street's roster as it stands, under the original rules and data.
    pub present: [i64; 3],
    /// Tiers 1 to 3 of the street planned anew under the original rules and data.
    pub before: Vec<ProofDocument>,
    /// The same under the patched ones.
    pub after: Vec<ProofDocument>,
    /// Rules whose cost differs between these two.
    pub rules: BTreeMap<String, BeforeAfter>,
    /// Ids of the people whose duties differ between these two.
    pub people: Vec<String>,
    /// Duties that only the one or the other has.
    pub change: RosterChange,
}

impl From<solver::DifferenceDocument> for WhatIfDocument {
    fn from(difference: solver::DifferenceDocument) -> Self {
        let named = |duties: Vec<solver::NamedDutyDocument>| {
            let one = |duty: solver::NamedDutyDocument| ChangedDuty {
                person: duty.person,
                name: String::new(),
                post: duty.need,
                station_name: String::new(),
                start: None,
                end: None,
            };
            duties.into_iter().map(one).collect()
        };
        let rules = difference.rules.into_iter();
        Self {
            street: None,
            present: [0; 3],
            before: Vec::new(),
            after: Vec::new(),
            rules: rules
                .map(|(rule, values)| (rule, BeforeAfter { before: values.before, after: values.after }))
                .collect(),
            people: difference.people,
            change: RosterChange { removed: named(difference.removed), added: named(difference.added) },
        }
    }
}

impl RosterChange {
    /// Puts in names, stations and times, as far as `known` knows the duties.
    pub fn fill(&mut self, known: impl Fn(&str, &str) -> Option<DutyDocument>) {
        for duty in self.removed.iter_mut().chain(&mut self.added) {
            if let Some(full) = known(&duty.person, &duty.post) {
                *duty = full.into();
            }
        }
    }
}
