//! One person's week as a small network: the duties of a day as patterns, the rules that reach over days as states.
//!
//! Everything here is exact: a path through the network is a week that the person may work, and its cost is the cost
//! of the week in all rules that concern the person alone (S20, S30, S32, S33, S34).

use super::maker::Maker;
use super::pattern::Day;
use crate::model::candidates::{Network, PostFacts};
use crate::model::linear::Costs;
use crate::problem::{NeedIx, Person, PersonIx, RuleCode};

/// A person's week.
#[derive(Debug, Clone)]
pub struct PersonWeek {
    /// Who.
    pub person: PersonIx,
    /// Needs that the person may serve or keeps, in order of start, then need; patterns name positions here.
    pub needs: Vec<NeedIx>,
    /// Cost of each pair alone.
    pub costs: Vec<Costs>,
    /// Whether the person has the duty whatever happens.
    pub kept: Vec<bool>,
    /// Costs that no choice changes.
    pub base: Costs,
    pub(super) days: Vec<Day>,
    pub(super) states: usize,
    pub(super) start: usize,
    /// Cost of ending the week in a state.
    pub(super) ends: Vec<Costs>,
    /// Costs besides those of the pairs that patterns have.
    pub(super) extras: Vec<Costs>,
    /// Of each day: the states in which it may begin, rising.
    pub(super) reached: Vec<Vec<u32>>,
    /// The state after each state, one table for each kind of movement; [`FORBIDDEN`] where rules forbid it.
    pub(super) tables: Vec<Vec<u32>>,
    /// How states that differ in minutes alone compare, if they do.
    pub(super) front: Option<Front>,
}

/// Of states that differ in minutes alone, neighbours in their index, some are no better than others.
///
/// Whoever has fewer minutes can do all that somebody with more can, and loses at most `slope` for each step at the end of
/// the week. Where minutes beyond the greatest value do not count, more are never worse either.
#[derive(Debug, Clone)]
pub(super) struct Front {
    /// Number of values.
    pub size: usize,
    /// Most that a step more saves at the end of the week.
    pub slope: Costs,
    /// Whether more minutes forbid nothing.
    pub is_free: bool,
}

impl Front {
    /// From the costs at the end of the week; none where more minutes may cost more there.
    pub fn new(size: usize, is_free: bool, ends: &[Costs]) -> Option<Self> {
        let mut slope = [0; 3];
        for of_others in ends.chunks(size) {
            for (fewer, more) in of_others.iter().zip(&of_others[1..]) {
                for (slope, (fewer, more)) in slope.iter_mut().zip(fewer.iter().zip(more)) {
                    if more > fewer {
                        return None;
                    }
                    *slope = (fewer - more).max(*slope);
                }
            }
        }
        Some(Self { size, slope, is_free })
    }
}

impl PersonWeek {
    /// The network of a person, or `None` when rules apply that it does not hold: more than a week, rests of more
    /// than a day, or more duties and counters than it is worth.
    #[must_use]
    pub fn new(network: &Network<'_>, person: PersonIx, candidates: &[NeedIx], kept: &[NeedIx]) -> Option<Self> {
        let problem = network.problem;
        let who = &problem.people[person.index()];
        let days = usize::from(problem.horizon.days);
        if days == 0 || problem.horizon.week(i32::from(problem.horizon.days) - 1) != 0 {
            return None;
        }
        let mut posts: Vec<(i32, NeedIx, bool)> = Vec::with_capacity(candidates.len());
        let weekend = may_work_weekends(network, who);
        for &need in candidates.iter().filter(|need| !kept.contains(need)) {
            let facts = network.post(need)?;
            if weekend || !problem.horizon.is_weekend(facts.day) {
                posts.push((facts.span.start, need, false));
            }
        }
        for &need in kept {
            posts.push((network.post(need)?.span.start, need, true));
        }
        posts.sort_unstable();
        let facts: Vec<&PostFacts> = posts.iter().filter_map(|&(_, need, _)| network.post(need)).collect();
        let kept: Vec<bool> = posts.iter().map(|&(_, _, kept)| kept).collect();
        let needs: Vec<NeedIx> = posts.iter().map(|&(_, need, _)| need).collect();
        let costs = needs.iter().map(|&need| network.pair_cost(person, need)).collect();
        let mut maker = Maker::new(network, who, facts, kept, days);
        maker.published(person);
        let drafts = maker.drafts()?;
        maker.make(person, needs, costs, drafts)
    }

    /// The position that stands for no duty.
    pub(super) fn nothing(&self) -> u16 {
        u16::try_from(self.needs.len()).unwrap_or(u16::MAX)
    }
}

fn may_work_weekends(network: &Network<'_>, who: &Person) -> bool {
    if !network.settings.is_on(RuleCode::H08) {
        return true;
    }
    let past = who.history.weekends_last_three_weeks.iter().filter(|&&worked| worked).count();
    let past = i64::try_from(past).unwrap_or(3);
    network.settings.max_weekends_four_weeks(who).is_none_or(|most| past < most)
        && who.limits.max_weekends_horizon.is_none_or(|most| most > 0)
}
