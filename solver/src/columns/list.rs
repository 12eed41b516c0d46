//! All lines of a person within a value: depth first with exact completion bounds. With prices whose Lagrangian bound
//! lies close below the best roster, the lines that can stand in a better roster are few enough to list (Baldacci,
//! Christofides, Mingozzi 2008), and a programme over them is a proof.

use super::pricing::{Mask, Pricer, Prices, Workspace};

struct Search<'a, 'b> {
    pricer: &'a Pricer,
    prices: &'a Prices<'b>,
    mask: &'a Mask,
    space: &'a Workspace,
    limit: i64,
    most: usize,
    found: Vec<Vec<u16>>,
    choice: Vec<u16>,
}

/// Every line with a value of at most `limit`; none when there are more than `most`.
#[must_use]
pub fn lines_within(
    person: &Pricer,
    prices: &Prices<'_>,
    mask: &Mask,
    limit: i64,
    most: usize,
    space: &mut Workspace,
) -> Option<Vec<Vec<u16>>> {
    person.forward(prices, mask, space);
    person.backward(prices, space);
    listed(person, prices, mask, limit, most, space)
}

/// The same with the tables that [`Pricer::through`] left in the workspace.
#[must_use]
pub fn listed(
    person: &Pricer,
    prices: &Prices<'_>,
    mask: &Mask,
    limit: i64,
    most: usize,
    space: &Workspace,
) -> Option<Vec<Vec<u16>>> {
    let mut search = Search { pricer: person, prices, mask, space, limit, most, found: Vec::new(), choice: Vec::new() };
    search.extend(0, (0, 0, 0), 0).then_some(search.found)
}

impl Search<'_, '_> {
    /// Whether the list is still complete.
    fn extend(&mut self, day: usize, at: (usize, usize, usize), value: i64) -> bool {
        let network = &self.pricer.network;
        if day == network.days() {
            if self.found.len() == self.most {
                return false;
            }
            self.found.push(self.choice.clone());
            return true;
        }
        let (state, row, inner) = at;
        let first = network.start[day] as usize;
        for step in &network.moves[state] {
            let (cost, weekend) = self.pricer.step_cost(self.prices, day, state, step.group, step.cost);
            let (target, grow) = self.pricer.layout.step(step.group, weekend, row);
            if target == usize::MAX {
                continue;
            }
            let next = (usize::from(step.to), target, inner + grow);
            let Some(rest) = self.pricer.rest(self.space, day + 1, next) else { continue };
            for (position, option) in network.day(day).iter().enumerate() {
                if option.group != step.group || (!self.mask.is_empty() && !self.mask[first + position]) {
                    continue;
                }
                let own = self.pricer.option_cost(self.prices, option.post, option.group, option.cost);
                let value = value + i64::from(cost) + i64::from(own);
                if value + rest > self.limit {
                    continue;
                }
                self.choice.push(position as u16);
                let is_complete = self.extend(day + 1, next, value);
                self.choice.pop();
                if !is_complete {
                    return false;
                }
            }
        }
        true
    }
}
