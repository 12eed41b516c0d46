//! Search around the best roster: parts of it are solved as problems of their own by column generation, a dive and a
//! programme over the columns (large-neighbourhood search, Shaw 1998). Parts grow while they are solved quickly.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::dive::{DivePlan, dive, rounded};
use super::enumerate::{choose, promising};
use super::form::Form;
use super::generate::{Anchor, Context, Effort, Limits, generate};
use super::lines::Lines;
use super::master::Master;
use super::part::{Part, whole_weekends};
use super::pool::{Column, Pool};
use super::pricing::{Pricer, Workspace};
use super::random::Random;
use super::volume::{Warmth, warm_up};

/// Cells of a person's network in a part.
const CELLS: usize = 400_000;
/// Lengths of parts, in days; the whole horizon besides.
const LENGTHS: [usize; 6] = [7, 14, 21, 28, 42, 56];
/// Person-days of a part: at first, and at least.
const FIRST_SIZE: usize = 200;
const LEAST_SIZE: usize = 28;
/// Seconds that a part may take.
const SECONDS: f64 = 4.0;
/// Columns in a part's programme.
const MOST_COLUMNS: usize = 1_500;

/// The best roster, shared by all threads.
#[derive(Debug)]
pub struct Incumbent {
    lines: Mutex<Lines>,
    /// Person-days of the next part.
    size: AtomicUsize,
}

impl Incumbent {
    /// Starts with a roster, allowed or not.
    #[must_use]
    pub fn new(lines: Lines) -> Self {
        Self { lines: Mutex::new(lines), size: AtomicUsize::new(FIRST_SIZE) }
    }

    fn lock(&self) -> MutexGuard<'_, Lines> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A copy of it.
    #[must_use]
    pub fn get(&self) -> Lines {
        self.lock().clone()
    }

    /// Its cost without the form's constant, above anything real while it breaks rules.
    #[must_use]
    pub fn total(&self) -> i64 {
        self.lock().total
    }

    /// Puts another roster in its place.
    pub fn replace(&self, lines: Lines) {
        *self.lock() = lines;
    }

    /// Keeps a roster when it is better; returns whether it is.
    pub fn offer(&self, lines: Lines) -> bool {
        let mut best = self.lock();
        let is_better = lines.total < best.total;
        if is_better {
            *best = lines;
        }
        is_better
    }
}

/// What came of a part.
enum Solved {
    /// Better lines for it.
    Better(Vec<Vec<u16>>),
    /// Nothing better, as the columns prove or as far as was looked.
    Nothing,
    /// Time was up.
    Unfinished,
}

/// Searches until told to stop. What fails in `HiGHS` costs that part only.
pub fn search_around(
    context: &Context<'_>,
    incumbent: &Incumbent,
    stop: &AtomicBool,
    until: f64,
    seed: u64,
    space: &mut Workspace,
) {
    let mut random = Random::new(seed);
    let most = context.form.people.len() * context.form.days;
    // Threads may overwrite each other's sizes: they learn from each other all the same.
    let resize = |size: usize| incumbent.size.store(size.clamp(LEAST_SIZE.min(most), most), Ordering::Relaxed);
    let is_over = || stop.load(Ordering::Relaxed) || (context.is_over)() || (context.seconds)() >= until;
    while !is_over() {
        let now = incumbent.get();
        let size = incumbent.size.load(Ordering::Relaxed);
        let (people, days) = choose_part(context.form, &now, size, &mut random);
        let Some(part) = Part::new(context.form, &now, &people, days, CELLS) else {
            // A line breaks a rule from day to day: there is nothing to keep around it.
            return;
        };
        let begin = (context.seconds)();
        let own = Context {
            form: &part.form,
            pricers: part.form.people.iter().cloned().map(Pricer::new).collect(),
            exact: part.form.exact.iter().map(|_| None).collect(),
            threads: 1,
            is_over: &is_over,
            seconds: context.seconds,
        };
        let start = Lines::new(&own, part.cut(&now));
        let solved = solve_part(&own, &start, (begin + SECONDS).min(until), &mut random, space);
        let took = (context.seconds)() - begin;
        match solved {
            Ok(Solved::Better(lines)) => {
                let latest = incumbent.get();
                incumbent.offer(Lines::new(context, part.put(&latest.choices, &lines)));
            }
            Ok(Solved::Nothing) if took < SECONDS / 4.0 => resize(size + size / 10),
            // Told to stop: says nothing about the size.
            Ok(_) if is_over() => {}
            Ok(Solved::Nothing) => {}
            Ok(Solved::Unfinished) | Err(_) => resize(size * 7 / 8),
        }
    }
}

fn solve_part(
    context: &Context<'_>,
    start: &Lines,
    until: f64,
    random: &mut Random,
    space: &mut Workspace,
) -> Result<Solved, String> {
    let form = context.form;
    let spaces = std::slice::from_mut(space);
    let is_late = || (context.is_over)() || (context.seconds)() >= until;
    let mut pool = Pool::default();
    for (person, line) in start.choices.iter().enumerate() {
        if let Some(column) = Column::new(form, person, line.clone()) {
            pool.add(column);
        }
    }
    let warmth = Warmth { rounds: 60, until, patience: 20, goal: start.total };
    let Some(center) = warm_up(context, &mut pool, warmth, spaces) else { return Ok(Solved::Nothing) };
    if center.bound >= start.total {
        return Ok(Solved::Nothing);
    }
    let mut master = Master::new(form)?;
    master.add(&pool, 0..pool.columns.len())?;
    let effort = Effort { rounds: 400, cutoff: start.total, until, enough: f64::NEG_INFINITY };
    let anchor = Anchor { duals: center.duals, value: center.value };
    let root = generate(context, &mut master, &mut pool, Limits::NONE, effort, anchor, spaces)?;
    if root.bound >= start.total || root.is_infeasible {
        return Ok(Solved::Nothing);
    }
    let mut best = rounded(context, &pool, &root.solution, start);
    if best.total >= start.total {
        best = start.clone();
    }
    if best.total > root.bound && !is_late() {
        let plan = DivePlan {
            until,
            bound: root.bound,
            cutoff: best.total,
            rounds: 6,
            slowness: 12,
            quickest: 8,
            flips: 6,
            returns: 0,
            threshold: 0.75 + 0.2 * random.unit(),
            took: 0.0,
        };
        let lines = dive(context, &mut pool, &root, plan, &best, random, spaces)?;
        if lines.total < best.total {
            best = lines;
        }
    }
    if best.total > root.bound && !is_late() {
        let gap = (best.total - root.bound) as f64;
        let positions = promising(form, &pool, &root.best.duals, gap, MOST_COLUMNS, &best);
        let seconds = (until - (context.seconds)()).clamp(0.1, SECONDS / 4.0);
        let chosen = choose(context, &pool, &positions, &[], seconds, &best)?;
        if let Some(lines) = chosen.lines.filter(|lines| lines.total < best.total) {
            best = lines;
        }
    }
    Ok(if best.total < start.total {
        Solved::Better(best.choices)
    } else if is_late() {
        Solved::Unfinished
    } else {
        Solved::Nothing
    })
}

/// People and days of a part: as often as not around a post that costs.
fn choose_part(form: &Form, lines: &Lines, size: usize, random: &mut Random) -> (Vec<usize>, Range<usize>) {
    let all = form.people.len();
    let costs = |post: &usize| {
        let (row, heads) = (&form.posts[*post], lines.heads[*post]);
        row.cost(heads, 0) > row.cost(row.target, 0)
    };
    let costly: Vec<usize> = (0..form.posts.len()).filter(costs).collect();
    let aim = if random.below(3) > 0 { costly.get(random.below(costly.len())).copied() } else { None };
    let lengths: Vec<usize> = LENGTHS.into_iter().filter(|days| *days < form.days).chain([form.days]).collect();
    // At least two people, and no more days than everybody together fills.
    let fitting: Vec<usize> = lengths.iter().copied().filter(|days| size / *days >= 2).collect();
    let length = fitting.get(random.below(fitting.len())).or(lengths.first()).copied().unwrap_or(form.days);
    let count = (size / length).clamp(2.min(all), all);
    let length = if count == all { length.max(size / all).min(form.days) } else { length };
    let first = match aim {
        Some(post) => (form.posts[post].day + random.below(length) + 1).saturating_sub(length),
        None => random.below(form.days),
    };
    let first = first.min(form.days - length);
    let days = whole_weekends(form, first..first + length);
    let mut chosen = vec![false; all];
    if let Some(post) = aim {
        let day = form.posts[post].day;
        let can = |person: &usize| form.people[*person].day(day).iter().any(|at| at.post == Some(post as u32));
        let able: Vec<usize> = (0..all).filter(can).collect();
        for _ in 0..count / 2 {
            if let Some(person) = able.get(random.below(able.len())) {
                chosen[*person] = true;
            }
        }
    }
    let mut taken = chosen.iter().filter(|chosen| **chosen).count();
    while taken < count {
        let person = random.below(all);
        taken += usize::from(!chosen[person]);
        chosen[person] = true;
    }
    ((0..all).filter(|person| chosen[*person]).collect(), days)
}
