//! The exact Lagrangian bound of one street: its posts in rows with prices, its people week by week.

use std::sync::Arc;

use crate::model::candidates::Network;
use crate::model::linear::fixed;
use crate::model::part::{PartModel, PartSpec, Role};
use crate::problem::{NeedIx, PersonIx, UnitIx};

use super::person::PersonWeek;
use super::price::{ScaledWeights, Scratch, scaled};
use super::town::Town;

/// A street: what its posts ask, and the weeks of the people who serve nowhere else.
#[derive(Debug)]
pub struct StreetWeeks {
    model: PartModel,
    members: Vec<Member>,
}

/// A person in a street.
#[derive(Debug)]
enum Member {
    /// Serves here only; the first pair column of the person follows the order of the week's needs.
    Own { week: Arc<PersonWeek>, pairs: Vec<u32> },
    /// Serves in several streets, and is priced over all of them at once.
    Shared { person: PersonIx, first: usize, last: usize },
}

/// What a street adds to the bound of the whole at some prices.
#[derive(Debug, Clone, Default)]
pub struct StreetShare {
    /// Posts and people of this street only, scaled.
    pub fixed: i128,
    /// Scaled price of each pair of a shared person here, the pair's cost included.
    pub shared: Vec<(PersonIx, NeedIx, i64)>,
    /// For each unit that takes cases of the street: the scaled price of its room, and how many it might take.
    pub rooms: Vec<(UnitIx, i64, i64)>,
}

impl StreetWeeks {
    /// The street of a relaxed part, or `None` when a person's rules do not fit a [`PersonWeek`].
    #[must_use]
    pub fn new(network: &Network<'_>, spec: &PartSpec, town: Option<&Town>) -> Option<Self> {
        let model = PartModel::coupling(network, spec);
        let mut members = Vec::with_capacity(spec.members.len());
        for (member, columns) in spec.members.iter().zip(&model.members) {
            if member.role != Role::Whole {
                members.push(Member::Shared { person: member.person, first: columns.first, last: columns.last });
                continue;
            }
            let week = match town.and_then(|town| town.week(member)) {
                Some(week) => week,
                None => Arc::new(PersonWeek::new(network, member.person, &member.candidates, &member.kept)?),
            };
            let own = &model.pairs[columns.first..columns.last];
            let pair = |need: &NeedIx| own.iter().position(|pair| pair.need == *need);
            // Needs that a rule over the whole week excludes have a pair but no place in the week.
            let pairs = if week.needs.len() == own.len() {
                (columns.first..columns.last).filter_map(|at| u32::try_from(at).ok()).collect()
            } else {
                let found = week.needs.iter().filter_map(pair);
                found.filter_map(|at| u32::try_from(columns.first + at).ok()).collect()
            };
            members.push(Member::Own { week, pairs });
        }
        Some(Self { model, members })
    }

    /// Prices of the rows from multipliers of [`PartModel::relaxation`] of the same specification, in scaled whole
    /// numbers of the right sign.
    #[must_use]
    pub fn prices(&self, relaxation: &PartModel, multipliers: &[f64]) -> Vec<i64> {
        let rows = (0..self.model.covers).chain(relaxation.members.iter().filter_map(|member| member.load));
        let prices = self.model.linear.rows.iter().zip(rows).map(|(row, at)| {
            let price = fixed(multipliers.get(at).copied().unwrap_or(0.0));
            match (row.lower, row.upper) {
                (Some(_), None) => price.max(0),
                (None, Some(_)) => price.min(0),
                _ => price,
            }
        });
        prices.collect()
    }

    /// The street's share of the Lagrangian at some prices, exactly.
    #[must_use]
    pub fn share(&self, weights: ScaledWeights, prices: &[i64], scratch: &mut Scratch) -> StreetShare {
        let linear = &self.model.linear;
        let pairs = self.model.pairs.len();
        let mut reduced: Vec<i64> = linear.columns.iter().map(|column| scaled(column.cost, weights)).collect();
        let mut fixed = i128::from(scaled(linear.offset, weights));
        let rooms: Vec<(UnitIx, usize, i64)> = self.model.rooms().collect();
        for (row, &price) in prices.iter().enumerate().filter(|&(_, &price)| price != 0) {
            let limits = linear.rows[row];
            let side = if price > 0 { limits.lower } else { limits.upper };
            // What a unit above takes is counted over all streets at once.
            let side = side.filter(|_| rooms.iter().all(|&(_, room, _)| room != row));
            fixed += i128::from(price) * i128::from(side.unwrap_or(0));
            for &(column, factor) in linear.terms(row) {
                reduced[column as usize] -= price * factor;
            }
        }
        for (column, &reduced) in linear.columns.iter().zip(&reduced).skip(pairs) {
            fixed += i128::from(reduced) * i128::from(if reduced > 0 { column.lower } else { column.upper });
        }
        let mut shared = Vec::new();
        let mut own = Vec::new();
        for member in &self.members {
            match member {
                Member::Own { week, pairs } => {
                    own.clear();
                    own.extend(pairs.iter().map(|&pair| reduced[pair as usize]));
                    fixed += i128::from(week.cheapest(&own, weights, scratch).0);
                }
                Member::Shared { person, first, last } => {
                    shared.extend((*first..*last).map(|at| (*person, self.model.pairs[at].need, reduced[at])));
                }
            }
        }
        let rooms = rooms.into_iter().map(|(unit, row, most)| (unit, -prices.get(row).copied().unwrap_or(0), most));
        StreetShare { fixed, shared, rooms: rooms.collect() }
    }
}
