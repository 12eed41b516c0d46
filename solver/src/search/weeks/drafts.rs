//! What a person may do on each day: every set of duties that the rules of the day allow.

use super::maker::Maker;
use super::pattern::Draft;
use crate::model::linear::{Costs, add_costs, in_tier};
use crate::problem::RuleCode;

/// Patterns of one person beyond which the network grows too large to be worth it.
const MOST_PATTERNS: usize = 600_000;

/// The duties of a day, two by two.
struct Neighbours {
    /// Positions of the day, rising.
    positions: Vec<usize>,
    /// The place of each position in them.
    places: Vec<usize>,
    /// Whether one person may have both.
    fits: Vec<bool>,
    /// Cost of going from the one to the other (S32).
    ways: Vec<Costs>,
}

impl Neighbours {
    /// Where a pair stands.
    fn pair(&self, one: usize, other: usize) -> usize {
        self.places[one] * self.positions.len() + self.places[other]
    }
}

impl Maker<'_, '_> {
    /// All patterns by day; the first of each day is the day without further duties.
    pub(super) fn drafts(&self) -> Option<Vec<Vec<Draft>>> {
        let mut total = 0;
        let mut all = Vec::with_capacity(self.days);
        for day in 0..self.days {
            let of_day = |at: &usize| usize::try_from(self.facts[*at].day) == Ok(day);
            let day = self.neighbours((0..self.facts.len()).filter(of_day).collect());
            let (kept, free): (Vec<usize>, Vec<usize>) = day.positions.iter().partition(|&&at| self.kept[at]);
            let mut forced = Draft::EMPTY;
            for &at in &kept {
                forced = forced.with(at)?;
            }
            let fits = |&at: &usize| kept.iter().all(|&other| day.fits[day.pair(other, at)]);
            let mut free: Vec<usize> = free.into_iter().filter(fits).collect();
            let minutes = kept.iter().map(|&at| self.facts[at].minutes).sum();
            let mut drafts = vec![forced];
            let room = MOST_PATTERNS.saturating_sub(total);
            self.extend(&day, (forced, minutes), 0, &mut free, (&mut drafts, room))?;
            total += drafts.len();
            for draft in &mut drafts {
                for pair in draft.posts.windows(2).take(usize::from(draft.count).saturating_sub(1)) {
                    add_costs(&mut draft.extra, day.ways[day.pair(pair[0].into(), pair[1].into())]);
                }
            }
            all.push(drafts);
        }
        Some(all)
    }

    fn neighbours(&self, positions: Vec<usize>) -> Neighbours {
        let settings = &self.network.settings;
        let rest = settings.min_rest_minutes(self.who);
        let profile = &self.network.problem.profile;
        let weight = profile.weight(RuleCode::S32);
        let mut places = vec![0; self.facts.len()];
        for (place, &at) in positions.iter().enumerate() {
            places[at] = place;
        }
        let count = positions.len();
        let mut fits = vec![false; count * count];
        let mut ways = vec![[0; 3]; count * count];
        for (from, to) in (0..count).flat_map(|to| (0..to).map(move |from| (from, to))) {
            let (one, other) = (self.facts[positions[from]], self.facts[positions[to]]);
            let is_one_case = one.case.is_some() && one.case == other.case;
            if is_one_case || self.network.clash(rest, one, other).is_some() {
                continue;
            }
            let way = if weight == 0 || one.place == other.place {
                [0; 3]
            } else {
                let distance = one.location.zip(other.location).map_or(0, |(from, to)| from.distance_metres(to));
                in_tier(profile.tier(RuleCode::S32), i64::from(distance / settings.travel_unit_metres) * weight)
            };
            for at in [from * count + to, to * count + from] {
                (fits[at], ways[at]) = (true, way);
            }
        }
        Neighbours { positions, places, fits, ways }
    }

    /// Adds every feasible set of the free posts to the present ones, which have so many minutes and leave each of the free
    /// ones possible. Free are those of the list from `first` on; it is left as it was.
    fn extend(
        &self,
        day: &Neighbours,
        (present, minutes): (Draft, i64),
        first: usize,
        free: &mut Vec<usize>,
        (found, room): (&mut Vec<Draft>, usize),
    ) -> Option<()> {
        let settings = &self.network.settings;
        let is_full =
            |draft: Draft| settings.max_duties_day(self.who).is_some_and(|most| i64::from(draft.count) >= most);
        if is_full(present) {
            return Some(());
        }
        let most = settings.max_minutes_day(self.who).unwrap_or(i64::MAX);
        let end = free.len();
        for index in first..end {
            let at = free[index];
            let minutes = minutes + self.facts[at].minutes;
            if minutes > most {
                continue;
            }
            if found.len() >= room {
                return None;
            }
            let next = present.with(at)?;
            found.push(next);
            if is_full(next) {
                continue;
            }
            for other in index + 1..end {
                if day.fits[day.pair(at, free[other])] {
                    free.push(free[other]);
                }
            }
            if free.len() > end {
                self.extend(day, (next, minutes), end, free, (found, room))?;
                free.truncate(end);
            }
        }
        Some(())
    }
}
