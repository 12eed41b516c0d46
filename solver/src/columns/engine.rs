//! The order of the work: a first roster, the root bound, dives, price and branch, and search in between, until the
//! gap is closed or time is up.

use std::time::Instant;

use super::bound::IntegerPrices;
use super::dive::{DivePlan, all_open, around, dive, rounded};
use super::enumerate::{choose, promising};
use super::form::{Form, Unsupported};
use super::generate::{Context, Effort, Limits, NodeResult, generate};
use super::improve::{Lines, Plan, anneal, construct, spare};
use super::list::lines_within;
use super::master::Master;
use super::pool::{Column, Pool};
use super::pricing::{Pricer, Prices, Workspace};
use super::random::Random;
use super::tree::Tree;
use super::volume::{Warmth, warm_up};
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

struct Engine<'a> {
    problem: &'a Problem,
    options: &'a Options,
    observer: &'a dyn Observer,
    context: Context<'a>,
    pool: Pool,
    best: Lines,
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
    let context = Context {
        form: &form,
        pricers: form.people.iter().cloned().map(Pricer::new).collect(),
        exact: form.exact.iter().cloned().map(Pricer::new).collect(),
        threads: options.threads.max(1),
        is_over: &is_over,
        seconds: &seconds,
    };
    let mut spaces: Vec<Workspace> = (0..context.threads).map(|_| Workspace::default()).collect();
    let best = construct(&context, options.seed, &mut spaces[0]);
    let mut engine = Engine {
        problem,
        options,
        observer,
        context,
        pool: Pool::default(),
        best,
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
        self.search((limit * 0.03).min(3.0), 10.0);
        self.tell("prepare");
        // A failing linear programme leaves the search, which needs none.
        self.trouble = self.columns(limit).err();
        while !self.is_done() {
            let until = (self.context.seconds)() + (limit * 0.2).max(0.5);
            self.search(until.min(limit), 4.0);
            self.tell("improve");
        }
        spare(&self.context, &mut self.best, &mut self.spaces[0]);
    }

    fn is_done(&self) -> bool {
        self.best.total <= self.bound || (self.context.is_over)()
    }

    /// Simulated annealing on every thread from the best roster.
    fn search(&mut self, until: f64, heat: f64) {
        let step = self.context.form.heat_unit();
        let plans: Vec<Plan> = self
            .spaces
            .iter()
            .map(|_| Plan { until, heat: heat * step, bound: self.bound, seed: self.random.bits() })
            .collect();
        let (context, best) = (&self.context, &self.best);
        let found: Vec<Lines> = std::thread::scope(|scope| {
            let spaces = self.spaces.iter_mut().zip(plans);
            let handles: Vec<_> =
                spaces.map(|(space, plan)| scope.spawn(move || anneal(context, best, plan, space))).collect();
            handles.into_iter().filter_map(|handle| handle.join().ok()).collect()
        });
        for lines in found {
            self.offer(lines);
        }
    }

    /// Keeps a roster when it is better; its lines become columns either way.
    fn offer(&mut self, lines: Lines) {
        let form = self.context.form;
        for (person, choice) in lines.choices.iter().enumerate() {
            if let Some(column) = Column::new(form, person, choice.clone()) {
                self.pool.add(column);
            }
        }
        if lines.total < self.best.total {
            self.best = lines;
        }
    }

    fn columns(&mut self, limit: f64) -> Result<(), String> {
        let form = self.context.form;
        self.offer(self.best.clone());
        let goal = self.best.total;
        let warmth = Warmth { rounds: 400, until: limit * 0.15, patience: 60, goal };
        let center = warm_up(&self.context, &mut self.pool, warmth, &mut self.spaces);
        self.bound = center.as_ref().map_or(self.bound, |center| center.bound);
        self.tell("warm-up");
        let mut master = Master::new(form)?;
        let kept = center.as_ref().map_or_else(
            || (0..self.pool.columns.len()).collect(),
            |center| self.pool.closest(form.people.len(), &center.duals, 12, |_| true),
        );
        master.add(&self.pool, kept)?;
        let effort = Effort { rounds: 100_000, cutoff: self.best.total, until: limit * 0.6, enough: f64::NEG_INFINITY };
        let root =
            generate(&self.context, &mut master, &mut self.pool, Limits::NONE, effort, center, &mut self.spaces)?;
        self.bound = self.bound.max(root.bound);
        self.tell("bound");
        let lines = rounded(&self.context, &self.pool, &root.solution, &self.best);
        self.offer(lines);
        let mut most = 4_000;
        let mut plan =
            DivePlan { until: limit, cutoff: 0, aim: 0, room: 1, rounds: 8, slowness: 24, flips: 30, threshold: 0.9 };
        let mut tree = Tree::new(form, self.bound);
        let mut turn = 0;
        while !self.is_done() {
            let now = (self.context.seconds)();
            plan.until = now + (limit - now) * 0.5;
            // First look close to the bound only; the dive widens its aim where nothing lies so close.
            let share = [0.01, 0.003, 0.03][turn % 3];
            plan.cutoff = self.best.total;
            plan.room =
                form.step * ((self.bound + form.constant).max(0) as f64 * share / form.step as f64).ceil() as i64;
            plan.room = plan.room.max(2 * form.step);
            plan.aim = (self.bound + plan.room).min(plan.cutoff);
            let (random, spaces) = (&mut self.random, &mut self.spaces);
            let masks = all_open(form);
            let lines = dive(&self.context, &mut self.pool, &root.solution, plan, &self.best, masks, random, spaces)?;
            self.offer(lines);
            self.tell("dive");
            if self.is_done() || self.prove(&root, &mut most, limit)? {
                break;
            }
            let now = (self.context.seconds)();
            self.search(now + (limit - now) * 0.02, 1.0);
            self.tell("improve");
            let now = (self.context.seconds)();
            self.neighbourhoods(&root, plan, now + (limit - now) * 0.3)?;
            if self.is_done() || self.prove(&root, &mut most, limit)? {
                break;
            }
            let left = limit - (self.context.seconds)();
            let gap = (self.best.total - self.bound) as f64;
            let few = 3000 + 2000 * turn;
            let positions = promising(form, &self.pool, &root.best, &root.solution.duals.people, gap, few);
            let chosen = choose(&self.context, &self.pool, &positions, &[], left * 0.15, &self.best)?;
            if let Some(lines) = chosen.lines {
                self.offer(lines);
            }
            self.tell("branch");
            if self.is_done() {
                break;
            }
            let now = (self.context.seconds)();
            let until = now + ((limit - now) * 0.5).max(2.0);
            let lines = tree.run(&self.context, &mut self.pool, &root.best, &self.best, until, &mut self.spaces)?;
            self.offer(lines);
            self.bound = self.bound.max(tree.bound().unwrap_or(self.best.total).min(self.best.total));
            self.tell("tree");
            plan.rounds += 2;
            plan.slowness += 8;
            plan.threshold = 0.7 + 0.29 * self.random.unit();
            turn += 1;
        }
        Ok(())
    }

    /// Dives in neighbourhoods of the best roster, one per thread at a time: some people's lines, or some days of
    /// everybody, are open, the rest is kept (Shaw 1998, with columns).
    fn neighbourhoods(&mut self, root: &NodeResult, plan: DivePlan, until: f64) -> Result<(), String> {
        let form = self.context.form;
        let mut size = (form.people.len() / 4).clamp(4, 12).min(form.people.len());
        let mut failures = 0;
        while !self.is_done() && (self.context.seconds)() < until && failures < 24 {
            let cutoff = self.best.total;
            let plan = DivePlan { until, cutoff, aim: cutoff, flips: 12, ..plan };
            let seeds: Vec<u64> = self.spaces.iter().map(|_| self.random.bits()).collect();
            let (context, best, pool) = (&self.context, &self.best, &self.pool);
            let known = pool.columns.len();
            let work = |space: &mut Workspace, seed: u64| -> Result<(Lines, Vec<Column>), String> {
                let mut random = Random::new(seed);
                let masks = neighbourhood(form, best, size, &mut random);
                let mut own = pool.clone();
                let spaces = std::slice::from_mut(space);
                let lines = dive(context, &mut own, &root.solution, plan, best, masks, &mut random, spaces)?;
                Ok((lines, own.columns.split_off(known)))
            };
            let work = &work;
            let jobs = self.spaces.iter_mut().zip(seeds);
            let found: Vec<Result<(Lines, Vec<Column>), String>> = std::thread::scope(|scope| {
                let handles: Vec<_> = jobs.map(|(space, seed)| scope.spawn(move || work(space, seed))).collect();
                handles.into_iter().filter_map(|handle| handle.join().ok()).collect()
            });
            let before = self.best.total;
            for result in found {
                let (lines, columns) = result?;
                self.offer(lines);
                for column in columns {
                    self.pool.add(column);
                }
            }
            if self.best.total < before {
                failures = 0;
                self.tell("around");
            } else {
                failures += 1;
                size = (size + 1).min(form.people.len());
            }
        }
        Ok(())
    }

    /// Lists every line that a better roster can hold, if they are few, and chooses among them: a proof when the
    /// programme ends. Returns whether it did.
    fn prove(&mut self, root: &NodeResult, most: &mut usize, limit: f64) -> Result<bool, String> {
        let form = self.context.form;
        let prices = IntegerPrices::new(form, &root.best);
        let space = &mut self.spaces[0];
        let mut least = Vec::with_capacity(form.people.len());
        for (pricer, relaxed) in self.context.pricers.iter().zip(&prices.relaxed) {
            let seen = Prices { scale: prices.scale, posts: &prices.posts, relaxed };
            let Some(path) = pricer.cheapest(&seen, &[], space) else { return Ok(false) };
            least.push(path.value);
        }
        let lagrangian = prices.lagrangian(form, &self.context.pricers, &least, &[]);
        let slack = (self.best.total - form.step) * prices.scale - lagrangian;
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
        let chosen = choose(&self.context, &self.pool, &positions, &[], left * 0.5, &self.best)?;
        *most *= 2;
        let before = self.best.total;
        if let Some(lines) = chosen.lines {
            self.offer(lines);
        }
        let step = form.step as f64;
        // Lines left out cost at least as much as the best roster before; the rest is the programme's to say.
        let proven = ((chosen.bound - 1e-6) / step).ceil() as i64 * form.step;
        let proven = if chosen.is_proven { self.best.total } else { proven.min(before).min(self.best.total) };
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
        for (person, choice) in self.best.choices.iter().enumerate() {
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
        if !self.best.is_allowed(self.context.form) {
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
        })
    }
}

/// Masks of a random neighbourhood: a stretch of days, or `size` people; as often as not around a post that costs.
fn neighbourhood(form: &Form, best: &Lines, size: usize, random: &mut Random) -> Vec<Vec<bool>> {
    let mut free = vec![false; form.people.len()];
    let costly: Vec<usize> = (0..form.posts.len())
        .filter(|post| {
            let row = &form.posts[*post];
            best.heads[*post] < row.target && row.cost(best.heads[*post], 0) > 0
        })
        .collect();
    let aim = (random.below(3) > 0).then(|| costly.get(random.below(costly.len())).copied()).flatten();
    if form.days > 14 && random.below(3) == 0 {
        let length = (form.days / 3).clamp(7, 21);
        let around_aim = |post: usize| (form.posts[post].day + random.below(length)).saturating_sub(length - 1);
        let first = aim.map_or_else(|| form.days, around_aim);
        let first = if first < form.days { first } else { random.below(form.days) };
        return around(form, best, &free, first..(first + length).min(form.days));
    }
    if let Some(post) = aim {
        let day = form.posts[post].day;
        let can = |person: &usize| form.people[*person].day(day).iter().any(|at| at.post == Some(post as u32));
        let able: Vec<usize> = (0..form.people.len()).filter(can).collect();
        for _ in 0..size.div_ceil(2) {
            if let Some(person) = able.get(random.below(able.len())) {
                free[*person] = true;
            }
        }
    }
    while free.iter().filter(|free| **free).count() < size.min(free.len()) {
        free[random.below(form.people.len())] = true;
    }
    around(form, best, &free, 0..0)
}
