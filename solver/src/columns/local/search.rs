//! Simulated annealing over the moves, with a price of what is broken that follows the search: it falls while rosters
//! keep all counters and rises while they do not (strategic oscillation, Glover 1989).

use super::draft::{Draft, Trail, Worth};
use super::moves::propose;
use super::replan::{Planner, replan};
use super::tables::Tables;
use crate::columns::form::Form;
use crate::columns::random::Random;

/// Moves between two looks at the clock.
const PATIENCE: usize = 512;

/// Person-days up to which limits may be overstepped on the way.
const MOST_OSCILLATING: usize = 6_000;

/// Stretches are planned anew as often as comes to so many steps of theirs for each move: about half of the time.
const REPLAN_WORK: u64 = 60;
/// What chance makes a choice of such a stretch dearer at most, as a share of the temperature.
const NOISE: f64 = 0.5;

/// How a search runs.
#[derive(Debug, Clone, Copy)]
pub struct Schedule {
    /// Ends at this many seconds since the start.
    pub until: f64,
    /// First temperature, in cost units.
    pub hottest: f64,
    /// Last temperature.
    pub coldest: f64,
    /// Nothing below this cost is possible.
    pub bound: i64,
    /// Seed.
    pub seed: u64,
}

impl Schedule {
    /// Temperatures from the costs of a form; the caller sets the rest.
    #[must_use]
    pub fn usual(form: &Form) -> Self {
        // Measured on both published sets: a little above the geometric mean of the least cost and a head's.
        let step = form.step as f64;
        let head = form.dearest_head() as f64;
        let hottest = 1.5 * (step * head.max(step)).sqrt();
        Self { until: 0.0, hottest, coldest: step * 0.3, bound: i64::MIN, seed: 1 }
    }
}

/// The best roster found, by what it breaks and then by cost.
#[derive(Debug, Clone)]
pub struct Found {
    /// By person and day: position of the choice.
    pub choices: Vec<Vec<u16>>,
    /// Its cost and what it breaks.
    pub worth: Worth,
    /// Moves tried.
    pub moves: u64,
}

/// Searches until the schedule ends or the bound is reached. None when the start breaks a rule of one day after the
/// other.
#[must_use]
pub fn search(
    tables: &Tables<'_>,
    start: &[Vec<u16>],
    schedule: Schedule,
    seconds: &(dyn Fn() -> f64 + Sync),
    is_over: &(dyn Fn() -> bool + Sync),
) -> Option<Found> {
    let mut draft = Draft::new(tables, start)?;
    let mut random = Random::new(schedule.seed);
    let mut best = Found { choices: start.to_vec(), worth: draft.worth(), moves: 0 };
    let mut trails = [Trail::default(), Trail::default()];
    let mut planner = Planner::default();
    let mut allowed = 0;
    let begin = seconds();
    let span = (schedule.until - begin).max(1e-3);
    let highest = tables.form.forbidden as f64;
    // In a large roster somebody is always over a limit once that is cheap, and no roster is ever clean.
    let is_large = tables.form.days * tables.people.len() > MOST_OSCILLATING;
    let lowest = if is_large { highest } else { highest / 16.0 };
    let mut price = lowest.max(highest / 4.0);
    // The draft is the best roster, and not copied yet.
    let mut is_unsaved = false;
    let better = |left: Worth, right: Worth| (left.broken, left.cost) < (right.broken, right.cost);
    while best.worth.broken > 0 || best.worth.cost > schedule.bound {
        let share = (seconds() - begin) / span;
        if share >= 1.0 || is_over() {
            break;
        }
        let heat = schedule.hottest * (schedule.coldest / schedule.hottest).powf(share);
        // In the end only rosters that keep everything count.
        let is_late = share > 0.8;
        let mut clean = 0;
        for _ in 0..PATIENCE {
            allowed += REPLAN_WORK;
            let taken = if planner.work() < allowed {
                let memory = (&mut trails[0], &mut planner);
                usize::from(replan(&draft, tables, &mut random, (heat * NOISE, price as i64), memory))
            } else {
                propose(&draft, tables, &mut random, &mut trails)
            };
            clean += usize::from(draft.worth().broken == 0);
            if taken == 0 {
                continue;
            }
            let change = draft.staff(&trails[..taken]);
            let worse = change.at(price as i64);
            if worse > 0 && random.unit() >= (-(worse as f64) / heat).exp() {
                draft.restore(&trails[..taken]);
                continue;
            }
            let after = draft.worth().with(change);
            if is_unsaved && !better(after, best.worth) {
                best.choices = draft.lines();
                is_unsaved = false;
            }
            draft.take(&trails[..taken], change);
            if better(after, best.worth) {
                best.worth = after;
                is_unsaved = true;
            }
        }
        best.moves += PATIENCE as u64;
        let pace = match clean {
            _ if is_late => 1.0 / 256.0,
            0..128 => 1.0 / 128.0,
            384.. => -1.0 / 128.0,
            _ => 0.0,
        };
        price = (price * (1.0 + pace)).clamp(lowest, highest);
    }
    if is_unsaved {
        best.choices = draft.lines();
    }
    Some(best)
}
