//! The order of the work: a first roster, the root bound, dives, price and branch, and search in between, until the
//! gap is closed or time is up.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use super::bound::IntegerPrices;
use super::dive::{DivePlan, dive, rounded};
use super::enumerate::{choose, promising};
use super::first::construct;
use super::form::{Form, Unsupported};
use super::generate::{Anchor, Context, Effort, Limits, NodeResult, generate};
use super::lines::{Lines, spare};
use super::list::lines_within;
use super::local::search::{Found, Schedule, search};
use super::local::tables::Tables;
use super::master::{Master, OUT_OF_TIME};
use super::neighbourhoods::{Incumbent, search_around};
use super::network::Network;
use super::pool::{Column, Pool};
use super::pricing::{Pricer, Prices, Workspace};
use super::random::Random;
use super::tree::Tree;
use super::volume::{Center, Warmth, warm_up};
use crate::check;
use crate::control::{Observer, Options, Progress};
use crate::problem::{Duty, PersonIx, Problem, Tier};
use crate::roster::{Certificate, OBJECTIVE_FACTORS, Outcome, Roster, Status, TierCertificate, TierValues};

/// Why no outcome came back.
#[derive(Debug, thiserror::Error)]
pub enum Unsolved {
    /// A rule lies outside what the method covers.
    #[error(transparent)]
    Unsupported(#[from] Unsupported),
    /// No roster that keeps every rule was found in time.
    #[error("no roster that keeps every hard rule was found: {0}")]
    NoRoster(String),
}

/// Share of the time limit that the first annealing gets at most.
const ANNEALING_SHARE: f64 = 0.15;
/// The same in a short limit.
const SHORT_ANNEALING_SHARE: f64 = 0.6;
/// Temperature of annealing again, as a share of the first one's.
const REHEAT: f64 = 0.2;
/// Share of the time limit that the search around the best roster and annealing again get in turn.
const TURN_SHARE: f64 = 0.05;
/// Share of what is left of the limit that prices without a linear programme may take.
const WARM_SHARE: f64 = 0.6;
/// Shares of what is left of the limit for the linear master: a first look whether it raises the bound, and at most.
const ROOT_SHARES: [f64; 2] = [0.2, 0.55];
/// Where a linear master that came to no end stands between the bound and the best roster: above this share dives would
/// lead nowhere if it raised no bound, below the other they need no more of it.
const FAR: f64 = 0.25;
const NEAR: f64 = 0.05;
/// Shares of what is left of the limit that a search of parts and annealing again take.
const AROUND_SHARE: f64 = 0.2;
const REHEAT_SHARE: f64 = 0.1;
/// Columns in the first programme over known columns, and the share of what is left of the limit for such programmes.
const FIRST_CHOICE: usize = 3_000;
const CHOICE_SHARE: f64 = 0.2;
/// Share of that which a further programme needs at least.
const LEAST_OF_CHOICES: f64 = 0.3;
/// Share of what is left of the limit that dives may take.
const DIVE_SHARE: f64 = 0.4;
/// Share of what is left of the limit for branch and price: after it gained nothing, and else.
const TREE_SHARES: [f64; 2] = [0.15, 0.35];
/// Seconds for which branch and price is begun at least: a worker's first master takes one or two.
const LEAST_TREE: f64 = 5.0;
/// Dives without a better roster, one after the other on a thread, after which other ways are tried first.
const FRUITLESS_DIVES: usize = 2;
/// Seconds of annealing for each person-day: small rosters gain nothing by more.
const ANNEALING_SECONDS: f64 = 0.006;
/// Seconds of the limit for each person-day below which most of it is for annealing: the linear master would not come to
/// an end, and rosters gain more in that time (Curtois 22 in a minute).
const SHORT_SECONDS: f64 = 0.008;

/// Cells of a person's network up to which whole lines are priced with every counter.
const WHOLE_CELLS: usize = 3_000_000;

struct Engine<'a> {
    problem: &'a Problem,
    options: &'a Options,
    observer: &'a dyn Observer,
    context: &'a Context<'a>,
    incumbent: &'a Incumbent,
    pool: Pool,
    bound: i64,
    spaces: Vec<Workspace>,
    random: Random,
    /// What stopped the linear programmes, if anything did.
    trouble: Option<String>,
}

/// Solves a problem by person columns.
///
/// # Errors
/// [`Unsolved::Unsupported`] when a rule in force lies outside the method, before any work is done;
/// [`Unsolved::NoRoster`] when no roster that keeps the hard rules was found.
pub fn solve_columns(problem: &Problem, options: &Options, observer: &dyn Observer) -> Result<Outcome, Unsolved> {
    let begin = Instant::now();
    let form = Form::new(problem)?;
    let limit = options.time_limit.as_secs_f64();
    let seconds = || begin.elapsed().as_secs_f64();
    let is_over = || observer.is_cancelled() || begin.elapsed().as_secs_f64() >= limit;
    let whole = |network: &Network| (network.cells() <= WHOLE_CELLS).then(|| Pricer::new(network.clone()));
    let context = Context {
        form: &form,
        pricers: form.people.iter().cloned().map(Pricer::new).collect(),
        exact: form.exact.iter().map(whole).collect(),
        threads: options.threads.max(1),
        is_over: &is_over,
        seconds: &seconds,
    };
    let mut spaces: Vec<Workspace> = (0..context.threads).map(|_| Workspace::default()).collect();
    let incumbent = Incumbent::new(construct(&context, options.seed, &mut spaces[0]));
    let mut engine = Engine {
        problem,
        options,
        observer,
        context: &context,
        incumbent: &incumbent,
        pool: Pool::default(),
        bound: i64::MIN,
        spaces,
        random: Random::new(options.seed),
        trouble: None,
    };
    engine.run(limit);
    engine.outcome(seconds())
}

impl Engine<'_> {
    fn run(&mut self, limit: f64) {
        self.tell("prepare");
        let person_days = (self.context.form.people.len() * self.context.form.days) as f64;
        let is_short = limit < person_days * SHORT_SECONDS;
        let share = if is_short { SHORT_ANNEALING_SHARE } else { ANNEALING_SHARE };
        self.anneal((person_days * ANNEALING_SECONDS).min(limit * share), 1.0);
        self.tell("anneal");
        // Prices that did not settle in their time say that a linear master would not come to its end either.
        if let Some(center) = self.beside_search(|engine| engine.warm_up(limit)) {
            // A failing linear programme leaves the search, which needs none.
            self.trouble = self.columns(center, limit).err().filter(|failure| failure != OUT_OF_TIME);
        }
        let turn = (limit * TURN_SHARE).max(0.5);
        while !self.is_done() {
            self.search(((self.context.seconds)() + turn).min(limit));
            self.tell("around");
            // Either finds what the other does not.
            self.anneal(((self.context.seconds)() + turn).min(limit), REHEAT);
            self.tell("again");
        }
        let mut lines = self.incumbent.get();
        spare(self.context, &mut lines, &mut self.spaces[0]);
        self.incumbent.replace(lines);
    }

    fn is_done(&self) -> bool {
        self.incumbent.total() <= self.bound || (self.context.is_over)()
    }

    /// Simulated annealing on every thread from the best roster, from a share of the usual temperature on.
    fn anneal(&mut self, until: f64, heat: f64) {
        let form = self.context.form;
        let tables = Tables::new(form);
        let start = self.incumbent.get();
        let usual = Schedule::usual(form);
        let hottest = (usual.hottest * heat).max(usual.coldest);
        let plan = |seed| Schedule { until, hottest, bound: self.bound, seed, ..usual };
        let plans: Vec<Schedule> = (0..self.spaces.len()).map(|_| plan(self.random.bits())).collect();
        let (context, tables, start) = (self.context, &tables, &start.choices);
        let found: Vec<Found> = std::thread::scope(|scope| {
            let run = |plan| scope.spawn(move || search(tables, start, plan, context.seconds, context.is_over));
            let handles: Vec<_> = plans.into_iter().map(run).collect();
            handles.into_iter().filter_map(|handle| handle.join().ok().flatten()).collect()
        });
        for found in found {
            self.offer(Lines::new(context, found.choices));
        }
    }

    /// Searches around the best roster on every thread.
    fn search(&mut self, until: f64) {
        let mut own = self.spaces.remove(0);
        let seed = self.random.bits();
        let (context, incumbent) = (self.context, self.incumbent);
        self.spaces.insert(0, Workspace::default());
        self.beside_search(|_| search_around(context, incumbent, &AtomicBool::new(false), until, seed, &mut own));
        self.spaces[0] = own;
    }

    /// Does some work on this thread while the others search around the best roster.
    fn beside_search<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
        let mut others = self.spaces.split_off(1);
        let seeds: Vec<u64> = others.iter().map(|_| self.random.bits()).collect();
        let stop = AtomicBool::new(false);
        let (context, incumbent) = (self.context, self.incumbent);
        let result = std::thread::scope(|scope| {
            for (space, seed) in others.iter_mut().zip(seeds) {
                let stop = &stop;
                scope.spawn(move || search_around(context, incumbent, stop, f64::INFINITY, seed, space));
            }
            let result = work(self);
            stop.store(true, Ordering::Relaxed);
            result
        });
        self.spaces.append(&mut others);
        result
    }

    /// Keeps a roster when it is better; its lines become columns either way.
    fn offer(&mut self, lines: Lines) {
        self.keep_columns(&lines);
        self.incumbent.offer(lines);
    }

    fn keep_columns(&mut self, lines: &Lines) {
        for column in columns_of(self.context.form, lines) {
            self.pool.add(column);
        }
    }

    /// A bound by prices that rise and fall, without a linear programme. None when they did not settle in a share of what
    /// is left of the limit.
    fn warm_up(&mut self, limit: f64) -> Option<Center> {
        let now = (self.context.seconds)();
        let until = now + (limit - now) * WARM_SHARE;
        self.keep_columns(&self.incumbent.get());
        let warmth = Warmth { rounds: 2_000, until, patience: 60, goal: self.incumbent.total() };
        let center = warm_up(self.context, &mut self.pool, warmth, &mut self.spaces);
        self.bound = center.as_ref().map_or(self.bound, |center| center.bound);
        self.tell("warm-up");
        center.filter(|_| (self.context.seconds)() < until)
    }

    /// The bound by all lines, and prices that lead to it. None when the linear programme raises no bound: the problem is
    /// too large for it, and dives below would lead nowhere.
    fn root(&mut self, center: Center, limit: f64) -> Result<Option<NodeResult>, String> {
        let form = self.context.form;
        let now = (self.context.seconds)();
        let mut master = Master::new(form)?;
        let kept = self.pool.closest(form.people.len(), &center.duals, 12, |_| true);
        master.add(&self.pool, kept)?;
        let cutoff = self.incumbent.total();
        let mut anchor = Anchor { duals: center.duals, value: center.value };
        let mut found: Option<NodeResult> = None;
        for share in ROOT_SHARES {
            let until = now + (limit - now) * share;
            let effort = Effort { rounds: 100_000, cutoff, until, enough: f64::NEG_INFINITY };
            let (limits, spaces) = (Limits::NONE, &mut self.spaces);
            let root = generate(self.context, &mut master, &mut self.pool, limits, effort, anchor, spaces)?;
            let is_converged = root.is_converged;
            let open = root.solution.value - center.bound.max(root.bound) as f64;
            let gap = (cutoff - center.bound) as f64;
            if !is_converged && root.bound <= center.bound && open > gap * FAR {
                break;
            }
            anchor = root.best.clone();
            found = Some(root);
            if is_converged || open <= gap * NEAR {
                break;
            }
        }
        if let Some(root) = &found {
            self.bound = self.bound.max(root.bound);
            let lines = rounded(self.context, &self.pool, &root.solution, &self.incumbent.get());
            self.offer(lines);
        }
        self.tell("bound");
        Ok(found)
    }

    /// The linear master from prices that settled, then dives, choices and branches in turn.
    fn columns(&mut self, center: Center, limit: f64) -> Result<(), String> {
        let form = self.context.form;
        let Some(root) = self.beside_search(|engine| engine.root(center, limit))? else { return Ok(()) };
        let mut most = 4_000;
        let mut plan = DivePlan::first();
        let mut tree = Tree::new(form, &root);
        let mut few = FIRST_CHOICE;
        let mut tree_share = TREE_SHARES[1];
        while !self.is_done() {
            self.dives(&root, &mut plan, limit)?;
            let before = (self.incumbent.total(), self.bound);
            self.branch(&root, &mut tree, tree_share, limit)?;
            tree_share = TREE_SHARES[usize::from((self.incumbent.total(), self.bound) != before)];
            if self.is_done() || self.beside_search(|engine| engine.choose(&root, &mut few, &mut most, limit))? {
                break;
            }
            self.search_while_it_gains(limit);
        }
        Ok(())
    }

    /// Branch and price for a share of what is left of the limit.
    fn branch(&mut self, root: &NodeResult, tree: &mut Tree, share: f64, limit: f64) -> Result<(), String> {
        if self.is_done() {
            return Ok(());
        }
        let now = (self.context.seconds)();
        let until = (now + ((limit - now) * share).max(LEAST_TREE)).min(limit);
        let best = self.incumbent.get();
        let lines = tree.run(self.context, &mut self.pool, root, &best, until, &mut self.spaces)?;
        self.offer(lines);
        let best = self.incumbent.total();
        self.bound = self.bound.max(tree.bound().unwrap_or(best).min(best));
        self.tell("tree");
        Ok(())
    }

    /// Parts for as long as they gain, and annealing at low heat where they do not: either finds what the other does not.
    fn search_while_it_gains(&mut self, limit: f64) {
        loop {
            let before = self.incumbent.total();
            for (phase, share) in [("around", AROUND_SHARE), ("again", REHEAT_SHARE)] {
                let now = (self.context.seconds)();
                let until = now + (limit - now) * share;
                if phase == "around" {
                    self.search(until);
                } else {
                    self.anneal(until, REHEAT);
                }
                self.tell(phase);
                if self.is_done() {
                    return;
                }
                if self.incumbent.total() < before {
                    break;
                }
            }
            if self.incumbent.total() == before {
                return;
            }
        }
    }

    /// Dives on every thread, each slower than the one before, for as long as their share of the limit lasts.
    fn dives(&mut self, root: &NodeResult, plan: &mut DivePlan, limit: f64) -> Result<(), String> {
        let now = (self.context.seconds)();
        plan.until = now + (limit - now) * DIVE_SHARE;
        plan.bound = self.bound;
        if !plan.has_time(now) {
            return Ok(());
        }
        let tasks: Vec<Random> = self.spaces.iter().map(|_| Random::new(self.random.bits())).collect();
        let (context, incumbent, pool) = (self.context, self.incumbent, &self.pool);
        let known = pool.columns.len();
        let (diving, stop) = (AtomicUsize::new(tasks.len()), AtomicBool::new(false));
        let plans = Mutex::new(*plan);
        let found: Vec<Result<Vec<Column>, String>> = std::thread::scope(|scope| {
            let (diving, stop, plans) = (&diving, &stop, &plans);
            let start = |(mut random, space): (Random, _)| {
                scope.spawn(move || {
                    let mut own = pool.clone();
                    let spaces = std::slice::from_mut(space);
                    let outcome = dive_on(context, incumbent, &mut own, root, plans, &mut random, spaces);
                    // Whoever is done searches around the best roster until the slowest is.
                    if diving.fetch_sub(1, Ordering::Relaxed) == 1 {
                        stop.store(true, Ordering::Relaxed);
                    }
                    search_around(context, incumbent, stop, f64::INFINITY, random.bits(), &mut spaces[0]);
                    outcome.map(|()| own.columns.split_off(known))
                })
            };
            let handles: Vec<_> = tasks.into_iter().zip(&mut self.spaces).map(start).collect();
            handles.into_iter().filter_map(|handle| handle.join().ok()).collect()
        });
        *plan = plans.into_inner().unwrap_or_else(PoisonError::into_inner);
        for columns in found {
            for column in columns? {
                self.pool.add(column);
            }
        }
        self.tell("dive");
        Ok(())
    }

    /// A look whether the lines left are few, and programmes over more and more of the best columns. Returns whether
    /// nothing better is left.
    fn choose(&mut self, root: &NodeResult, few: &mut usize, most: &mut usize, limit: f64) -> Result<bool, String> {
        let form = self.context.form;
        if self.prove(root, most, limit)? {
            return Ok(true);
        }
        let now = (self.context.seconds)();
        let until = now + (limit - now) * CHOICE_SHARE;
        let mut known = 0;
        loop {
            let best = self.incumbent.get();
            self.keep_columns(&best);
            let gap = (best.total - self.bound) as f64;
            let positions = promising(form, &self.pool, &root.best.duals, gap, *few, &best);
            let left = until - (self.context.seconds)();
            // All that can serve have been looked at, or there is no time for more.
            if positions.len() <= known || left <= (until - now) * LEAST_OF_CHOICES || self.is_done() {
                break;
            }
            let chosen = choose(self.context, &self.pool, &positions, &[], left, &best)?;
            if let Some(lines) = chosen.lines {
                self.offer(lines);
            }
            if !chosen.is_proven {
                *few = (*few / 2).max(FIRST_CHOICE);
                break;
            }
            known = positions.len();
            *few *= 2;
        }
        self.tell("branch");
        Ok(self.is_done())
    }

    /// Lists every line that a better roster can hold, if they are few, and chooses among them: a proof when the
    /// programme ends. Returns whether it did.
    fn prove(&mut self, root: &NodeResult, most: &mut usize, limit: f64) -> Result<bool, String> {
        let form = self.context.form;
        let prices = IntegerPrices::new(form, &root.best.duals);
        let space = &mut self.spaces[0];
        let mut least = Vec::with_capacity(form.people.len());
        for (pricer, relaxed) in self.context.pricers.iter().zip(&prices.relaxed) {
            let seen = Prices { scale: prices.scale, posts: &prices.posts, relaxed };
            let Some(path) = pricer.cheapest(&seen, &[], space) else { return Ok(false) };
            least.push(path.value);
        }
        let lagrangian = prices.lagrangian(form, &self.context.pricers, &least, &[]);
        let best = self.incumbent.get();
        let slack = (best.total - form.step) * prices.scale - lagrangian;
        let mut positions = Vec::new();
        for (person, pricer) in self.context.pricers.iter().enumerate() {
            if (self.context.is_over)() {
                return Ok(false);
            }
            let seen = Prices { scale: prices.scale, posts: &prices.posts, relaxed: &prices.relaxed[person] };
            let space_left = *most - positions.len();
            let Some(found) = lines_within(pricer, &seen, &[], least[person] + slack, space_left, space) else {
                self.tell("too-many");
                return Ok(false);
            };
            let columns = found.into_iter().filter_map(|choice| Column::new(form, person, choice));
            let allowed: Vec<Column> = columns.filter(|column| column.is_allowed(form)).collect();
            positions.extend(allowed.into_iter().map(|column| self.pool.add(column)));
        }
        self.tell("listed");
        let left = limit - (self.context.seconds)();
        let chosen = choose(self.context, &self.pool, &positions, &[], left * 0.5, &best)?;
        *most *= 2;
        let before = best.total;
        if let Some(lines) = chosen.lines {
            self.offer(lines);
        }
        let step = form.step as f64;
        // Lines left out cost at least as much as the best roster before; the rest is the programme's to say.
        let proven = ((chosen.bound - 1e-6) / step).ceil() as i64 * form.step;
        let best = self.incumbent.total();
        let proven = if chosen.is_proven { best } else { proven.min(before).min(best) };
        if proven > self.bound {
            self.bound = proven;
        }
        self.tell("proof");
        Ok(chosen.is_proven)
    }

    fn tell(&self, phase: &'static str) {
        let score = check::check(self.problem, &self.duties()).score.tiers;
        let bound = self.tier_bounds(score);
        self.observer.progress(&Progress {
            phase,
            parts_done: 0,
            parts: 1,
            incumbent: Some(score),
            bound: Some(bound),
            seconds: (self.context.seconds)(),
        });
    }

    fn duties(&self) -> Vec<Duty> {
        let form = self.context.form;
        let mut duties = Vec::new();
        for (person, choice) in self.incumbent.get().choices.iter().enumerate() {
            let network = &form.exact[person];
            for (day, position) in choice.iter().enumerate() {
                let post = network.day(day).get(usize::from(*position)).and_then(|option| option.post);
                let Some(row) = post.map(|post| &form.posts[post as usize]) else { continue };
                let Some(post) = self.problem.needs[row.need.index()].as_post() else { continue };
                duties.push(Duty { person: PersonIx::from_index(person), need: row.need, span: post.span });
            }
        }
        duties.sort_by_key(|duty| (duty.person, duty.span.start, duty.need));
        duties
    }

    /// Bounds per tier. Costs are 0 or more, so a tier at 0 is proven; the last tier gets what the one-number bound
    /// leaves when the tiers above keep their values; for a tier between, the one-number bound says nothing, as it
    /// could be made up of the tiers below.
    fn tier_bounds(&self, score: TierValues) -> TierValues {
        let form = self.context.form;
        if self.bound == i64::MIN {
            return [0; 3];
        }
        let above = form.factors[0] * score[0] + form.factors[1] * score[1];
        let last = (self.bound + form.constant - above).clamp(0, score[2].max(0));
        [0, 0, last]
    }

    /// The bound in the one-number summary: factors no heavier than the summary's make the search's bound hold there.
    fn objective_bound(&self) -> i64 {
        let form = self.context.form;
        let is_lighter = form.factors.iter().zip(OBJECTIVE_FACTORS).all(|(own, summary)| *own <= summary);
        if self.bound == i64::MIN || !is_lighter { 0 } else { (self.bound + form.constant).max(0) }
    }

    fn outcome(&self, seconds: f64) -> Result<Outcome, Unsolved> {
        let duties = self.duties();
        let report = check::check(self.problem, &duties);
        if !self.incumbent.get().is_allowed(self.context.form) {
            let first = report.broken.first().map_or_else(String::new, |broken| broken.en.clone());
            return Err(Unsolved::NoRoster(first));
        }
        let score = report.score;
        let bounds = self.tier_bounds(score.tiers);
        let is_optimal = bounds == score.tiers;
        let over = (self.context.is_over)();
        let trouble = self.trouble.as_ref().map_or_else(String::new, |trouble| format!("; stopped early: {trouble}"));
        let method = format!("Lagrangian of the cover rows over person columns{trouble}");
        let entry = |tier: Tier, at: usize| TierCertificate {
            tier,
            value: score.tiers[at],
            bound: bounds[at],
            method: method.clone(),
            seconds: seconds * self.context.threads as f64,
        };
        Ok(Outcome {
            status: if is_optimal {
                Status::Optimal
            } else if over {
                Status::Stopped
            } else {
                Status::Feasible
            },
            certificate: Certificate {
                tiers: [entry(Tier::Residents, 0), entry(Tier::Obligations, 1), entry(Tier::Quality, 2)],
                objective_bound: self.objective_bound(),
                seconds,
                seed: self.options.seed,
                threads: self.context.threads,
                time_limit_seconds: self.options.time_limit.as_secs_f64(),
                parts: 1,
            },
            roster: Roster { duties },
            score,
            unmet: Vec::new(),
            cases: Vec::new(),
            receptions: Vec::new(),
        })
    }
}

/// Dives one after the other until another would not end in time; good rosters become the incumbent.
fn dive_on(
    context: &Context<'_>,
    incumbent: &Incumbent,
    pool: &mut Pool,
    root: &NodeResult,
    plans: &Mutex<DivePlan>,
    random: &mut Random,
    spaces: &mut [Workspace],
) -> Result<(), String> {
    let mut fruitless = 0;
    while fruitless < FRUITLESS_DIVES {
        let best = incumbent.get();
        let begin = (context.seconds)();
        let plan = {
            let mut row = plans.lock().unwrap_or_else(PoisonError::into_inner);
            if (context.is_over)() || best.total <= row.bound || !row.has_time(begin) {
                return Ok(());
            }
            row.next(best.total, random)
        };
        let lines = dive(context, pool, root, plan, &best, random, spaces)?;
        for column in columns_of(context.form, &lines) {
            pool.add(column);
        }
        fruitless = if incumbent.offer(lines) { 0 } else { fruitless + 1 };
        plans.lock().unwrap_or_else(PoisonError::into_inner).took = (context.seconds)() - begin;
    }
    Ok(())
}

/// The lines of a roster as columns.
fn columns_of<'a>(form: &'a Form, lines: &'a Lines) -> impl Iterator<Item = Column> + 'a {
    lines.choices.iter().enumerate().filter_map(|(person, choice)| Column::new(form, person, choice.clone()))
}
