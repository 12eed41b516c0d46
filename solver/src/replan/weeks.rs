//! The Lagrangian of a replan: everybody keeps the published week or works another, exactly, at prices of the posts.

use std::collections::HashSet;

use crate::explain::street::Street;
use crate::model::candidates::Network;
use crate::model::linear::fixed;
use crate::model::part::{PartModel, PartSpec};
use crate::problem::{NeedIx, PersonIx, RuleCode, Tier};
use crate::search::weeks::{PersonWeek, Scratch, Week};

/// What rows and columns cost in a stage: tier 1 and a person changed, in whole numbers scaled by
/// [`crate::model::linear::bound_scale`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weights {
    /// One unit of tier 1.
    pub tier1: i64,
    /// One person changed.
    pub change: i64,
}

/// The posts of a street in rows, and its people week by week.
pub struct Weeks {
    /// Pairs first, then what posts lack; rows of posts.
    pub model: PartModel,
    /// Rows that tier 1 or tier 0 needs; leaving out the others weakens bounds and falsifies none.
    pub rows: Vec<usize>,
    /// People, in the order of the specification.
    pub people: Vec<Choice>,
    /// Rows of each pair column, with factors.
    terms: Vec<Vec<(u32, i64)>>,
}

/// What one person may do.
pub struct Choice {
    /// All weeks.
    pub week: PersonWeek,
    /// Pair column of each position of the week.
    pub pairs: Vec<u32>,
    /// The published week, while it is still possible.
    pub published: Option<Week>,
    /// The published week without what is lost: where a start may begin.
    pub rest: Week,
}

/// A person's part of the Lagrangian at some prices.
pub struct Priced {
    /// The least of keeping and changing.
    pub value: i128,
    /// Lower bound of every week that counts as a change, its cost included.
    pub changed: i128,
    /// A week that attains [`Self::changed`], unless that is the published one.
    pub week: Week,
}

impl Weeks {
    /// The weeks of a street, or `None` when its rules do not fit them or single people count in tier 1.
    /// `kept` are the published duties that rules still allow, by person.
    #[must_use]
    pub fn new(street: &Street, network: &Network<'_>, spec: &PartSpec, kept: &[Vec<NeedIx>]) -> Option<Self> {
        const PERSONAL: [RuleCode; 6] =
            [RuleCode::S20, RuleCode::S30, RuleCode::S31, RuleCode::S32, RuleCode::S33, RuleCode::S34];
        let profile = &street.problem.profile;
        if PERSONAL.iter().any(|&code| profile.tier(code) == Tier::Residents && profile.weight(code) != 0) {
            return None;
        }
        let model = PartModel::coupling(network, spec);
        let mut scratch = Scratch::default();
        let mut people = Vec::with_capacity(spec.members.len());
        for (member, columns) in spec.members.iter().zip(&model.members) {
            let week = PersonWeek::new(network, member.person, &member.candidates, &member.kept)?;
            let own = &model.pairs[columns.first..columns.last];
            let pairs = week
                .needs
                .iter()
                .map(|need| own.iter().position(|pair| pair.need == *need).map(|at| columns.first + at))
                .map(|at| at.and_then(|at| u32::try_from(at).ok()))
                .collect::<Option<Vec<u32>>>()?;
            let was: HashSet<NeedIx> = street.duties[member.person.index()].iter().copied().collect();
            let is: HashSet<NeedIx> = kept[member.person.index()].iter().copied().collect();
            let positions: Vec<u16> =
                (0..).zip(&week.needs).filter(|(_, need)| is.contains(need)).map(|(at, _)| at).collect();
            let rest = week.week_of(&positions, &mut scratch)?;
            if rest.positions.len() != is.len() {
                return None;
            }
            let published = (was == is).then(|| rest.clone());
            people.push(Choice { week, pairs, published, rest });
        }
        let rows: Vec<usize> = (0..model.linear.rows.len()).filter(|&row| binds(&model, row)).collect();
        let mut terms = vec![Vec::new(); model.pairs.len()];
        for &row in &rows {
            let of_row = model.linear.terms(row).iter().filter(|(column, _)| (*column as usize) < terms.len());
            let row = u32::try_from(row).ok()?;
            for &(column, factor) in of_row.collect::<Vec<_>>() {
                terms[column as usize].push((row, factor));
            }
        }
        Some(Self { model, rows, people, terms })
    }

    /// Rows of a pair column that bind, with factors.
    #[must_use]
    pub fn rows_of(&self, pair: u32) -> &[(u32, i64)] {
        self.terms.get(pair as usize).map_or(&[], Vec::as_slice)
    }

    /// Multipliers of the rows, in scaled whole numbers of the right sign.
    #[must_use]
    pub fn prices(&self, multipliers: &[f64]) -> Vec<i64> {
        let prices = self.rows.iter().zip(multipliers).map(|(&row, &multiplier)| {
            let price = fixed(multiplier);
            let row = self.model.linear.rows[row];
            match (row.lower, row.upper) {
                (Some(_), None) => price.max(0),
                (None, Some(_)) => price.min(0),
                _ => price,
            }
        });
        prices.collect()
    }

    /// Scaled reduced cost of each column, and what the rows themselves and the columns of posts give.
    #[must_use]
    pub fn reduced(&self, weights: Weights, prices: &[i64]) -> (Vec<i64>, i128) {
        let linear = &self.model.linear;
        let mut reduced: Vec<i64> = linear.columns.iter().map(|column| column.cost[0] * weights.tier1).collect();
        let mut fixed = i128::from(linear.offset[0]) * i128::from(weights.tier1);
        for (&row, &price) in self.rows.iter().zip(prices).filter(|&(_, &price)| price != 0) {
            let limits = linear.rows[row];
            let side = if price > 0 { limits.lower } else { limits.upper };
            fixed += i128::from(price) * i128::from(side.unwrap_or(0));
            for &(column, factor) in linear.terms(row) {
                reduced[column as usize] -= price * factor;
            }
        }
        for (column, &reduced) in linear.columns.iter().zip(&reduced).skip(self.model.pairs.len()) {
            fixed += i128::from(reduced) * i128::from(if reduced > 0 { column.lower } else { column.upper });
        }
        (reduced, fixed)
    }

    /// One person's part at the reduced costs of columns. Weeks of single people cost nothing in tier 1.
    #[must_use]
    pub fn priced(&self, person: usize, reduced: &[i64], weights: Weights, scratch: &mut Scratch) -> Priced {
        let choice = &self.people[person];
        let own: Vec<i64> = choice.pairs.iter().map(|&pair| reduced[pair as usize]).collect();
        let (value, week) = choice.week.cheapest(&own, [0; 3], scratch);
        let changed = i128::from(value) + i128::from(weights.change);
        let kept = choice.published.as_ref().map(|published| sum(&own, published));
        Priced { value: kept.map_or(changed, |kept| kept.min(changed)), changed, week }
    }

    /// A lower bound, for each position of a person, of every week that holds it and counts as a change.
    #[must_use]
    pub fn with_each(&self, person: usize, reduced: &[i64], weights: Weights, scratch: &mut Scratch) -> Vec<i128> {
        // Far below every sum of prices, so that the cheapest week holds the pair whenever any does.
        const DRAW: i64 = 1 << 50;
        let choice = &self.people[person];
        let mut own: Vec<i64> = choice.pairs.iter().map(|&pair| reduced[pair as usize]).collect();
        (0..own.len())
            .map(|at| {
                own[at] -= DRAW;
                let (value, _) = choice.week.cheapest(&own, [0; 3], scratch);
                own[at] += DRAW;
                i128::from(value) + i128::from(DRAW) + i128::from(weights.change)
            })
            .collect()
    }

    /// Cost of a week in tier 1: of its pairs; rules of single people have none.
    #[must_use]
    pub fn tier1(&self, person: usize, week: &Week) -> i64 {
        let choice = &self.people[person];
        let pairs = week.positions.iter().filter_map(|&at| choice.pairs.get(usize::from(at)));
        pairs.map(|&pair| self.model.linear.columns[pair as usize].cost[0]).sum()
    }

    /// Needs of a week.
    #[must_use]
    pub fn needs(&self, person: usize, week: &Week) -> Vec<NeedIx> {
        week.positions.iter().map(|&at| self.people[person].week.needs[usize::from(at)]).collect()
    }

    /// Who a position of [`Self::people`] is.
    #[must_use]
    pub fn who(&self, person: usize) -> PersonIx {
        self.people[person].week.person
    }
}

fn sum(own: &[i64], week: &Week) -> i128 {
    week.positions.iter().map(|&at| i128::from(own[usize::from(at)])).sum()
}

/// Whether a row can bind anything that costs: with every column that is free in tier 1 at its best, some choice of
/// pairs and shortages still breaks it.
fn binds(model: &PartModel, row: usize) -> bool {
    let linear = &model.linear;
    let limits = linear.rows[row];
    let (mut least, mut most) = (0, 0);
    for &(at, factor) in linear.terms(row) {
        let column = &linear.columns[at as usize];
        let is_free = at as usize >= model.pairs.len() && column.cost[0] == 0;
        let (low, high) = (factor * column.lower, factor * column.upper);
        let (low, high) = (low.min(high), low.max(high));
        least += if is_free { high } else { low };
        most += if is_free { low } else { high };
    }
    limits.lower.is_some_and(|lower| least < lower) || limits.upper.is_some_and(|upper| most > upper)
}
