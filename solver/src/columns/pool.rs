//! Columns: one roster line of one person each, kept once.

use std::collections::HashMap;

use super::form::Form;

/// A roster line of one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Position of the person.
    pub person: usize,
    /// Cost without cover.
    pub cost: i64,
    /// Position of the choice within each day.
    pub choice: Vec<u16>,
    /// Cover rows served.
    pub posts: Vec<u32>,
    /// Value of each counter that the master keeps.
    pub usage: Vec<i64>,
}

impl Column {
    /// The column of a choice; none when it breaks a rule that the pricing network carries.
    #[must_use]
    pub fn new(form: &Form, person: usize, choice: Vec<u16>) -> Option<Self> {
        let network = &form.people[person];
        let cost = network.evaluate(&choice)?;
        let posts = choice
            .iter()
            .enumerate()
            .filter_map(|(day, position)| network.day(day)[usize::from(*position)].post)
            .collect();
        let usage = network.relaxed.iter().map(|relaxed| network.usage(relaxed, &choice)).collect();
        Some(Self { person, cost, choice, posts, usage })
    }

    /// Whether the column keeps every rule of the person, counters left to the master included.
    #[must_use]
    pub fn is_allowed(&self, form: &Form) -> bool {
        form.people[self.person].relaxed.is_empty() || form.exact[self.person].evaluate(&self.choice).is_some()
    }

    /// Whether the column takes open choices only.
    #[must_use]
    pub fn fits(&self, form: &Form, mask: &[bool]) -> bool {
        let start = &form.people[self.person].start;
        mask.is_empty()
            || self.choice.iter().zip(start).all(|(position, first)| mask[*first as usize + usize::from(*position)])
    }

    /// Reduced cost under real-valued prices, without the person's own price.
    #[must_use]
    pub fn reduced_cost(&self, duals: &Duals) -> f64 {
        let earned: f64 = self.posts.iter().map(|post| duals.posts[*post as usize]).sum();
        let used: f64 =
            self.usage.iter().zip(&duals.relaxed[self.person]).map(|(usage, price)| *usage as f64 * price).sum();
        self.cost as f64 - earned + used
    }
}

/// Real-valued prices.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Duals {
    /// What serving each post earns.
    pub posts: Vec<f64>,
    /// By person: what each unit of each counter left to the master costs.
    pub relaxed: Vec<Vec<f64>>,
    /// By person: what a line of the person is worth.
    pub people: Vec<f64>,
}

impl Duals {
    /// `share` of `self` and the rest of `other`.
    #[must_use]
    pub fn mixed(&self, other: &Self, share: f64) -> Self {
        let mix = |left: &[f64], right: &[f64]| {
            left.iter().zip(right).map(|(left, right)| share * left + (1.0 - share) * right).collect::<Vec<f64>>()
        };
        Self {
            posts: mix(&self.posts, &other.posts),
            relaxed: self.relaxed.iter().zip(&other.relaxed).map(|(left, right)| mix(left, right)).collect(),
            people: mix(&self.people, &other.people),
        }
    }
}

/// All columns known.
#[derive(Debug, Clone, Default)]
pub struct Pool {
    /// Columns in order of discovery.
    pub columns: Vec<Column>,
    known: HashMap<(usize, Vec<u16>), usize>,
}

impl Pool {
    /// Adds a column unless it is known; returns its position.
    pub fn add(&mut self, column: Column) -> usize {
        let key = (column.person, column.choice.clone());
        if let Some(at) = self.known.get(&key) {
            return *at;
        }
        let at = self.columns.len();
        self.known.insert(key, at);
        self.columns.push(column);
        at
    }

    /// Of each person's columns that pass, the `each` of least reduced cost.
    #[must_use]
    pub fn closest(&self, people: usize, duals: &Duals, each: usize, pass: impl Fn(&Column) -> bool) -> Vec<usize> {
        let mut by_person: Vec<Vec<(f64, usize)>> = vec![Vec::new(); people];
        for (at, column) in self.columns.iter().enumerate().filter(|(_, column)| pass(column)) {
            by_person[column.person].push((column.reduced_cost(duals), at));
        }
        let mut kept = Vec::new();
        for own in &mut by_person {
            if own.len() > each {
                own.select_nth_unstable_by(each, |left, right| left.0.total_cmp(&right.0));
            }
            kept.extend(own.iter().take(each).map(|(_, at)| *at));
        }
        kept
    }
}
