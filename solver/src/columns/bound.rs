//! Valid bounds: the Lagrangian of the cover rows at integer prices (Geoffrion 1974), rounded up to the costs' step.

use super::form::Form;
use super::network::Network;
use super::pool::Duals;
use super::pricing::{Pricer, REACH};

/// Prices rounded to integers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IntegerPrices {
    /// Costs are multiplied by this.
    pub scale: i64,
    /// What serving each post earns, scaled.
    pub posts: Vec<i64>,
    /// By person: what each unit of each counter left to the master costs, scaled, at least 0.
    pub relaxed: Vec<Vec<i64>>,
}

impl IntegerPrices {
    /// Rounds prices at the finest scale that keeps paths within reach of the dynamic programme.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "prices are clipped to the costs that bound them")]
    pub fn new(form: &Form, duals: &Duals) -> Self {
        let limit = form.forbidden as f64 * 4.0;
        let clip = |price: f64| if price.is_finite() { price.clamp(-limit, limit) } else { 0.0 };
        let highest = duals.posts.iter().map(|price| clip(*price).abs()).fold(1.0, f64::max);
        let used = duals.relaxed.iter().flatten().map(|price| clip(*price).abs()).fold(0.0, f64::max);
        let heaviest = form.people.iter().map(Network::heaviest_cost).max().unwrap_or(0);
        let longest = (highest + used + 3.0 * heaviest as f64) * (form.days.max(1) as f64);
        let mut scale: i64 = 1 << 16;
        while scale > 1 && scale as f64 * longest > REACH as f64 {
            scale /= 2;
        }
        let round = |price: &f64| (clip(*price) * scale as f64).round() as i64;
        Self {
            scale,
            posts: duals.posts.iter().map(round).collect(),
            relaxed: duals.relaxed.iter().map(|own| own.iter().map(|price| round(price).max(0)).collect()).collect(),
        }
    }

    /// The Lagrangian value, scaled, given the least value of each person and the heads that each post may have
    /// (none given: as the form says).
    #[must_use]
    pub fn lagrangian(&self, form: &Form, pricers: &[Pricer], least: &[i64], heads: &[(i64, i64)]) -> i64 {
        let mut total: i64 = least.iter().sum();
        for (post, (row, price)) in form.posts.iter().zip(&self.posts).enumerate() {
            // Linear between these, so one of them is the least.
            let (low, high) = heads.get(post).copied().unwrap_or((0, row.max.max(row.target)));
            let corners = [low, row.min.clamp(low, high), row.target.clamp(low, high), high];
            let value = |heads: i64| row.cost(heads, 0) * self.scale + price * heads;
            total += corners.into_iter().map(value).min().unwrap_or(0);
        }
        for (pricer, prices) in pricers.iter().zip(&self.relaxed) {
            for (relaxed, price) in pricer.network.relaxed.iter().zip(prices) {
                total -= relaxed.limit * price;
            }
        }
        total
    }
}

/// Rounds a scaled value up to the next multiple of the costs' step.
#[must_use]
pub fn round_up(scaled: i64, scale: i64, step: i64) -> i64 {
    let unit = scale * step;
    let quotient = scaled.div_euclid(unit) + i64::from(scaled.rem_euclid(unit) > 0);
    quotient * step
}
