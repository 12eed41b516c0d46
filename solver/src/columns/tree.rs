//! Branch and price: what dives leave open is split on the heads of a post or on what one person does on one day,
//! best bound first with plunges, on all threads. A node's prices close choices that no better roster holds; where
//! the lines left are few they are listed and a programme over them ends the node.

use std::collections::BinaryHeap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::bound::IntegerPrices;
use super::branch::{History, Open, Parent, choose_split};
use super::dive::{all_open, rounded};
use super::enumerate::choose;
use super::form::Form;
use super::generate::{Anchor, Context, Effort, Limits, NodeResult, generate};
use super::lines::Lines;
use super::list::listed;
use super::master::{Master, OUT_OF_TIME};
use super::pool::{Column, Duals, Pool};
use super::pricing::{Prices, Workspace};

/// Most lines that a node's programme takes.
const MOST_LINES: usize = 2_000;
/// Failures of the linear solver after which a worker gives up; before, it begins anew.
const MOST_FAILURES: usize = 3;
/// Columns of each person that a worker starts with.
const NEAREST: usize = 120;

/// A part of the space of rosters.
#[derive(Debug, Clone)]
struct Node {
    bound: i64,
    depth: usize,
    masks: Vec<Vec<bool>>,
    heads: Vec<(i64, i64)>,
    /// Prices of the node above.
    anchor: Arc<Anchor>,
    parent: Option<Parent>,
}

impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Node {}

impl Ord for Node {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        other.bound.cmp(&self.bound).then(self.depth.cmp(&other.depth))
    }
}

impl PartialOrd for Node {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// The parts not yet settled. Kept between runs.
#[derive(Debug)]
pub struct Tree {
    open: BinaryHeap<Node>,
    /// Nodes settled so far.
    pub nodes: usize,
    history: Mutex<History>,
    /// Least bound of the nodes that can be split no further.
    stuck: i64,
}

/// What became of a node.
enum Settled {
    /// Nothing better is left in it.
    Done,
    /// To be solved again: time was up.
    Later(Node),
    /// It can be split no further, and its bound stays.
    Stuck(i64),
    /// The child to go on with, and the other.
    Split([Node; 2]),
}

struct Shared {
    open: BinaryHeap<Node>,
    nodes: usize,
    best: Lines,
    /// Workers that hold a node.
    busy: usize,
    /// Least bound of the nodes that can be split no further.
    stuck: i64,
    failure: Option<String>,
}

struct Worker<'a, 'b> {
    context: &'a Context<'b>,
    shared: &'a Mutex<Shared>,
    changed: &'a Condvar,
    history: &'a Mutex<History>,
    pool: Pool,
    until: f64,
}

impl Tree {
    /// The whole space, with its bound and prices.
    #[must_use]
    pub fn new(form: &Form, root: &NodeResult) -> Self {
        let heads = form.posts.iter().map(|row| (0, row.max)).collect();
        let anchor = Arc::new(root.best.clone());
        let root = Node { bound: root.bound, depth: 0, masks: all_open(form), heads, anchor, parent: None };
        Self { open: BinaryHeap::from([root]), nodes: 0, history: Mutex::new(History::new(form)), stuck: i64::MAX }
    }

    /// Least bound of the parts left; none when all are settled.
    #[must_use]
    pub fn bound(&self) -> Option<i64> {
        let open = self.open.peek().map(|node| node.bound);
        open.into_iter().chain((self.stuck < i64::MAX).then_some(self.stuck)).min()
    }

    /// Works on the tree until it is settled or time is up. Returns the best roster; new lines go into the pool. Masters
    /// begin with the columns of the root's linear programme, which are all known to `pool`.
    ///
    /// # Errors
    /// When `HiGHS` fails.
    pub fn run(
        &mut self,
        context: &Context<'_>,
        pool: &mut Pool,
        root: &NodeResult,
        best: &Lines,
        until: f64,
        spaces: &mut [Workspace],
    ) -> Result<Lines, String> {
        let open = std::mem::take(&mut self.open);
        let shared = Shared { open, nodes: self.nodes, best: best.clone(), busy: 0, stuck: self.stuck, failure: None };
        let (shared, changed) = (Mutex::new(shared), Condvar::new());
        let known = pool.columns.len();
        let core: &Vec<usize> = &root.solution.columns.iter().map(|(at, _)| *at).collect();
        let found: Vec<Vec<Column>> = std::thread::scope(|scope| {
            let start = |space| {
                let pool = pool.clone();
                let mut worker =
                    Worker { context, shared: &shared, changed: &changed, history: &self.history, pool, until };
                scope.spawn(move || {
                    let done = worker.work(&root.best.duals, core, space);
                    if let Err(failure) = done {
                        worker.lock().failure = Some(failure);
                    }
                    worker.pool.columns.split_off(known)
                })
            };
            let handles: Vec<_> = spaces.iter_mut().map(start).collect();
            handles.into_iter().filter_map(|handle| handle.join().ok()).collect()
        });
        for column in found.into_iter().flatten() {
            pool.add(column);
        }
        let shared = shared.into_inner().unwrap_or_else(PoisonError::into_inner);
        (self.open, self.nodes, self.stuck) = (shared.open, shared.nodes, shared.stuck);
        self.open.retain(|node| node.bound < shared.best.total);
        shared.failure.map_or(Ok(shared.best), Err)
    }
}

impl Worker<'_, '_> {
    fn lock(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_over(&self) -> bool {
        (self.context.is_over)() || (self.context.seconds)() >= self.until
    }

    /// The next node, when there is one for this worker; none when the tree is settled or time is up.
    fn next(&self) -> Option<Node> {
        let mut shared = self.lock();
        loop {
            if self.is_over() || shared.failure.is_some() {
                return None;
            }
            let cutoff = shared.best.total;
            while let Some(node) = shared.open.pop() {
                if node.bound < cutoff {
                    shared.busy += 1;
                    return Some(node);
                }
            }
            if shared.busy == 0 {
                return None;
            }
            let waited = self.changed.wait_timeout(shared, Duration::from_millis(50));
            shared = waited.map_or_else(|error| error.into_inner().0, |(shared, _)| shared);
        }
    }

    fn offer(&self, lines: Lines) {
        let is_allowed = lines.is_allowed(self.context.form);
        let mut shared = self.lock();
        if is_allowed && lines.total < shared.best.total {
            shared.best = lines;
        }
    }

    fn work(&mut self, duals: &Duals, core: &[usize], space: &mut Workspace) -> Result<(), String> {
        let mut master = self.master(duals, core)?;
        let mut failures = 0;
        while let Some(first) = self.next() {
            // A plunge: one child after the other, its siblings wait for whoever is free.
            let mut next = Some(first);
            while let Some(node) = next.take() {
                let is_due = node.bound < self.lock().best.total;
                let mut settled =
                    if is_due { self.settle(node.clone(), &mut master, space) } else { Ok(Settled::Done) };
                if settled.is_err() && failures < MOST_FAILURES {
                    failures += 1;
                    master = self.master(duals, core)?;
                    settled = Ok(Settled::Later(node));
                }
                let mut shared = self.lock();
                match settled {
                    Ok(settled) => {
                        shared.nodes += 1;
                        match settled {
                            Settled::Done => (),
                            Settled::Later(node) => shared.open.push(node),
                            Settled::Stuck(bound) => shared.stuck = shared.stuck.min(bound),
                            Settled::Split([child, sibling]) => {
                                shared.open.push(sibling);
                                next = Some(child);
                            }
                        }
                        // Far above the least bound a plunge proves nothing that will be needed.
                        let least = shared.open.peek().map_or(i64::MAX, |node| node.bound);
                        let high = least.saturating_add(shared.best.total.saturating_sub(least) / 2);
                        if next.as_ref().is_some_and(|node| node.bound > high) {
                            shared.open.extend(next.take());
                        }
                    }
                    Err(failure) => shared.failure = Some(failure),
                }
                if self.is_over() || shared.failure.is_some() {
                    shared.open.extend(next.take());
                }
                if next.is_none() {
                    shared.busy -= 1;
                }
                self.changed.notify_all();
            }
        }
        Ok(())
    }

    /// A master with the columns that a better roster is likeliest to hold.
    fn master(&self, duals: &Duals, core: &[usize]) -> Result<Master, String> {
        let form = self.context.form;
        let mut master = Master::new(form)?;
        let gap = {
            let shared = self.lock();
            (shared.best.total - shared.open.peek().map_or(0, |node| node.bound)) as f64
        };
        let near = |column: &Column| column.reduced_cost(duals) - duals.people[column.person] <= gap;
        let kept = self.pool.closest(form.people.len(), duals, NEAREST, near);
        master.add(&self.pool, kept)?;
        master.add(&self.pool, core.iter().copied())?;
        Ok(master)
    }

    /// Solves a node.
    fn settle(&mut self, mut node: Node, master: &mut Master, space: &mut Workspace) -> Result<Settled, String> {
        let context = self.context;
        let form = context.form;
        let best = self.lock().best.clone();
        let pool = &self.pool;
        master.restrict(|at| pool.columns[at].fits(form, &node.masks[pool.columns[at].person]));
        master.limit_heads(form, &node.heads);
        let cutoff = best.total;
        let effort = Effort { rounds: 1_000, cutoff, until: self.until, enough: f64::NEG_INFINITY };
        let limits = Limits { masks: &node.masks, heads: &node.heads };
        let anchor = Anchor::clone(&node.anchor);
        let spaces = std::slice::from_mut(space);
        let result = match generate(context, master, &mut self.pool, limits, effort, anchor, spaces) {
            Err(failure) if failure == OUT_OF_TIME => return Ok(Settled::Later(node)),
            result => result?,
        };
        if result.is_infeasible {
            return Ok(Settled::Done);
        }
        if let Some(parent) = &node.parent {
            self.history.lock().unwrap_or_else(PoisonError::into_inner).learn(parent, result.solution.value);
        }
        node.bound = node.bound.max(result.bound);
        if node.bound >= cutoff {
            return Ok(Settled::Done);
        }
        if self.is_over() {
            return Ok(Settled::Later(node));
        }
        self.offer(rounded(context, &self.pool, &result.solution, &best));
        if self.close(&mut node, &result, cutoff, space)? || node.bound >= self.lock().best.total {
            return Ok(Settled::Done);
        }
        node.anchor = Arc::new(result.best);
        let open = Open {
            masks: &node.masks,
            heads: &node.heads,
            depth: node.depth,
            gap: cutoff as f64 - result.solution.value,
            seconds: (self.until - (context.seconds)()).max(0.0),
        };
        let chosen = choose_split(form, &self.pool, &result.solution, &open, master, self.history)?;
        let Some(sides) = chosen else {
            // Whole already, so its roster is known; but with rules left out of the relaxation it need not be allowed.
            let is_known = self.lock().best.total <= node.bound;
            return Ok(match result.is_converged {
                true if is_known => Settled::Done,
                true => Settled::Stuck(node.bound),
                false => Settled::Later(node),
            });
        };
        Ok(Settled::Split(sides.map(|parent| {
            let mut child = Node { depth: node.depth + 1, parent: Some(parent), ..node.clone() };
            parent.split.narrow(form, parent.side, &mut child.masks, &mut child.heads);
            child
        })))
    }

    /// Closes what no better roster holds, and the whole node where the lines left are few. Returns whether it did.
    fn close(
        &mut self,
        node: &mut Node,
        result: &NodeResult,
        cutoff: i64,
        space: &mut Workspace,
    ) -> Result<bool, String> {
        let form = self.context.form;
        let prices = IntegerPrices::new(form, &result.best.duals);
        let lagrangian = prices.lagrangian(form, &self.context.pricers, &result.least, &node.heads);
        let slack = (cutoff - form.step) * prices.scale - lagrangian;
        if slack < 0 {
            return Ok(true);
        }
        let mut lines = Some(Vec::new());
        for (person, pricer) in self.context.pricers.iter().enumerate() {
            let seen = Prices { scale: prices.scale, posts: &prices.posts, relaxed: &prices.relaxed[person] };
            let limit = result.least[person] + slack;
            let (_, through) = pricer.through(&seen, &node.masks[person], space);
            if let Some(known) = &mut lines {
                let found = listed(pricer, &seen, &node.masks[person], limit, MOST_LINES - known.len(), space);
                lines = found.map(|found| {
                    known.extend(found.into_iter().map(|line| (person, line)));
                    std::mem::take(known)
                });
            }
            for (open, value) in node.masks[person].iter_mut().zip(through) {
                *open &= value <= limit;
            }
        }
        for (post, (row, range)) in form.posts.iter().zip(&mut node.heads).enumerate() {
            let value = |heads: i64| row.cost(heads, 0) * prices.scale + prices.posts[post] * heads;
            let least = (range.0..=range.1).map(value).min().unwrap_or(0);
            while range.0 < range.1 && value(range.0) > least + slack {
                range.0 += 1;
            }
            while range.0 < range.1 && value(range.1) > least + slack {
                range.1 -= 1;
            }
        }
        let Some(lines) = lines else { return Ok(false) };
        let columns = lines.into_iter().filter_map(|(person, line)| Column::new(form, person, line));
        let allowed: Vec<Column> = columns.filter(|column| column.is_allowed(form)).collect();
        let positions: Vec<usize> = allowed.into_iter().map(|column| self.pool.add(column)).collect();
        let best = self.lock().best.clone();
        let seconds = (self.until - (self.context.seconds)()).clamp(0.1, 10.0);
        let chosen = choose(self.context, &self.pool, &positions, &node.heads, seconds, &best)?;
        if let Some(lines) = chosen.lines {
            self.offer(lines);
        }
        Ok(chosen.is_proven)
    }
}
