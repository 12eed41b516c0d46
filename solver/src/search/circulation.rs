//! Cheapest circulations: the network simplex method on whole numbers.
//!
//! A tree of arcs spans all nodes; every other arc is empty or full. An arc whose price says that more (or less) flow
//! on it is cheaper enters the tree, the flow goes round the circle that it closes as far as it can, and an arc that
//! stops it leaves. Which one leaves is chosen so that the method ends (strongly feasible trees, Cunningham 1976).
//! Costs may change between solves; the tree and the flow stay.

/// No node or arc.
const NONE: u32 = u32::MAX;
/// Arcs looked at before the best of them enters, at least.
const LEAST_BLOCK: usize = 64;

/// Sides of arcs, the factor that makes a reduced cost a loss: an arc outside the tree is empty or full; arcs in the tree,
/// and those that hold nothing, never enter.
const EMPTY: i8 = 1;
const INSIDE: i8 = 0;
const FULL: i8 = -1;

/// What the search for an entering arc reads of one.
#[derive(Debug, Clone, Copy)]
struct Arc {
    from: u32,
    to: u32,
    cost: i64,
}

/// What an arc carries.
#[derive(Debug, Clone, Copy)]
struct Load {
    capacity: i64,
    flow: i64,
}

#[derive(Debug, Clone, Copy)]
struct Node {
    parent: u32,
    /// The arc to the parent; [`NONE`] at the root.
    arc: u32,
    /// Whether the arc leads to the parent.
    is_upward: bool,
    depth: u32,
    first_child: u32,
    next: u32,
    previous: u32,
}

/// A network of arcs with capacities and costs, and a circulation on it.
#[derive(Debug, Clone)]
pub struct Circulation {
    nodes: Vec<Node>,
    /// By node. The search for an entering arc reads these and the arcs' ends and sides alone, so that they stand apart.
    potentials: Vec<i64>,
    arcs: Vec<Arc>,
    sides: Vec<i8>,
    loads: Vec<Load>,
    /// Where the search for an entering arc goes on.
    next: usize,
    stack: Vec<u32>,
}

impl Circulation {
    /// A network of so many nodes without arcs.
    #[must_use]
    pub fn new(nodes: usize) -> Self {
        // The root holds the tree together at the start; arcs lead there from everywhere and from there to nowhere, so
        // that they never carry anything.
        let node = |parent: u32| Node {
            parent,
            arc: NONE,
            is_upward: true,
            depth: u32::from(parent != NONE),
            first_child: NONE,
            next: NONE,
            previous: NONE,
        };
        let root = u32::try_from(nodes).unwrap_or(NONE);
        let mut flow = Self {
            nodes: (0..nodes).map(|_| node(root)).chain([node(NONE)]).collect(),
            potentials: vec![0; nodes + 1],
            arcs: Vec::new(),
            sides: Vec::new(),
            loads: Vec::new(),
            next: 0,
            stack: Vec::new(),
        };
        for at in 0..root {
            flow.nodes[at as usize].arc = at;
            flow.push(Arc { from: at, to: root, cost: 0 }, i64::MAX, INSIDE);
            flow.hang(at, root);
        }
        flow
    }

    /// Adds an arc and returns its number.
    pub fn add(&mut self, from: usize, to: usize, capacity: i64, cost: i64) -> usize {
        let node = |at: usize| u32::try_from(at).unwrap_or(NONE);
        let side = if capacity > 0 { EMPTY } else { INSIDE };
        self.push(Arc { from: node(from), to: node(to), cost }, capacity, side);
        self.arcs.len() - 1
    }

    fn push(&mut self, arc: Arc, capacity: i64, side: i8) {
        self.arcs.push(arc);
        self.sides.push(side);
        self.loads.push(Load { capacity, flow: 0 });
    }

    /// Sets the cost of an arc; [`Self::solve`] then goes on from the present flow.
    pub fn set_cost(&mut self, arc: usize, cost: i64) {
        self.arcs[arc].cost = cost;
    }

    /// What flows on an arc.
    #[must_use]
    pub fn on(&self, arc: usize) -> i64 {
        self.loads[arc].flow
    }

    /// What a unit more at one node is worth when it may leave at another: at an optimum every empty arc costs at
    /// least the difference of its ends, every full one at most.
    #[must_use]
    pub fn worth(&self, at: usize, instead_of: usize) -> i64 {
        self.potentials[at] - self.potentials[instead_of]
    }

    /// What a unit more on an arc costs at the present worth of its ends.
    #[must_use]
    pub fn cost_beyond(&self, arc: usize) -> i64 {
        self.reduced(&self.arcs[arc])
    }

    /// Brings the circulation to the least cost.
    pub fn solve(&mut self) {
        self.settle_potentials();
        while let Some(arc) = self.entering() {
            self.pivot(arc);
        }
    }

    /// Potentials of the tree at the present costs.
    fn settle_potentials(&mut self) {
        let root = self.nodes.len() - 1;
        self.potentials[root] = 0;
        let mut stack = std::mem::take(&mut self.stack);
        stack.clear();
        stack.push(u32::try_from(root).unwrap_or(NONE));
        while let Some(at) = stack.pop() {
            let above = self.potentials[at as usize];
            let mut child = self.nodes[at as usize].first_child;
            while child != NONE {
                let node = self.nodes[child as usize];
                let cost = self.arcs[node.arc as usize].cost;
                self.potentials[child as usize] = if node.is_upward { above - cost } else { above + cost };
                stack.push(child);
                child = node.next;
            }
        }
        self.stack = stack;
    }

    /// An arc that is worth filling or emptying: the best of the next few that has one.
    fn entering(&mut self) -> Option<usize> {
        let count = self.arcs.len();
        let block = LEAST_BLOCK.max(count.isqrt());
        let mut best = (0, None);
        let mut at = self.next;
        let mut left = count;
        while left > 0 && best.1.is_none() {
            // Blocks end where the list does.
            let end = count.min(at + block).min(at + left);
            left -= end - at;
            for (number, (arc, &side)) in (at..).zip(self.arcs[at..end].iter().zip(&self.sides[at..end])) {
                let gain = i64::from(side) * self.reduced(arc);
                if gain < best.0 {
                    best = (gain, Some(number));
                }
            }
            at = if end == count { 0 } else { end };
        }
        self.next = at;
        best.1
    }

    fn reduced(&self, arc: &Arc) -> i64 {
        arc.cost + self.potentials[arc.from as usize] - self.potentials[arc.to as usize]
    }

    /// Lets an arc enter the tree.
    fn pivot(&mut self, entering: usize) {
        let arc = self.arcs[entering];
        // What more flows, flows from the first to the second end and back through the tree.
        let is_empty = self.sides[entering] == EMPTY;
        let (first, second) = if is_empty { (arc.from, arc.to) } else { (arc.to, arc.from) };
        let join = self.join(first, second);
        let mut most = self.loads[entering].capacity;
        let mut leaving = NONE;
        let mut leaves_first = false;
        let mut at = first;
        while at != join {
            let node = self.nodes[at as usize];
            let room = self.room(node.arc, !node.is_upward);
            if room < most {
                (most, leaving, leaves_first) = (room, at, true);
            }
            at = node.parent;
        }
        at = second;
        while at != join {
            let node = self.nodes[at as usize];
            let room = self.room(node.arc, node.is_upward);
            if room <= most {
                (most, leaving, leaves_first) = (room, at, false);
            }
            at = node.parent;
        }
        if most > 0 {
            self.loads[entering].flow += if is_empty { most } else { -most };
            at = first;
            while at != join {
                let node = self.nodes[at as usize];
                self.loads[node.arc as usize].flow += if node.is_upward { -most } else { most };
                at = node.parent;
            }
            at = second;
            while at != join {
                let node = self.nodes[at as usize];
                self.loads[node.arc as usize].flow += if node.is_upward { most } else { -most };
                at = node.parent;
            }
        }
        if leaving == NONE {
            self.sides[entering] = if is_empty { FULL } else { EMPTY };
            return;
        }
        let out = self.nodes[leaving as usize].arc as usize;
        self.sides[out] = if self.loads[out].flow == 0 { EMPTY } else { FULL };
        self.sides[entering] = INSIDE;
        let (inside, outside) = if leaves_first { (first, second) } else { (second, first) };
        self.rehang(inside, outside, u32::try_from(entering).unwrap_or(NONE), leaving);
    }

    /// How much more may flow along an arc, or back on it.
    fn room(&self, arc: u32, is_along: bool) -> i64 {
        let Load { capacity, flow } = self.loads[arc as usize];
        if is_along { capacity - flow } else { flow }
    }

    fn join(&self, mut one: u32, mut other: u32) -> u32 {
        while one != other {
            if self.nodes[one as usize].depth >= self.nodes[other as usize].depth {
                one = self.nodes[one as usize].parent;
            } else {
                other = self.nodes[other as usize].parent;
            }
        }
        one
    }

    /// Hangs the part of the tree below `top` to `outside`, by an arc at `inside`.
    fn rehang(&mut self, inside: u32, outside: u32, arc: u32, top: u32) {
        let (mut at, mut parent, mut by) = (inside, outside, arc);
        loop {
            let node = self.nodes[at as usize];
            self.unhang(at);
            let is_upward = self.arcs[by as usize].from == at;
            let node_now = &mut self.nodes[at as usize];
            (node_now.arc, node_now.is_upward) = (by, is_upward);
            self.hang(at, parent);
            if at == top {
                break;
            }
            (at, parent, by) = (node.parent, at, node.arc);
        }
        let node = self.nodes[inside as usize];
        let above = self.potentials[outside as usize];
        let cost = self.arcs[arc as usize].cost;
        let change = if node.is_upward { above - cost } else { above + cost } - self.potentials[inside as usize];
        let mut stack = std::mem::take(&mut self.stack);
        stack.push(inside);
        while let Some(at) = stack.pop() {
            let depth = self.nodes[self.nodes[at as usize].parent as usize].depth + 1;
            let node = &mut self.nodes[at as usize];
            node.depth = depth;
            let mut child = node.first_child;
            self.potentials[at as usize] += change;
            while child != NONE {
                stack.push(child);
                child = self.nodes[child as usize].next;
            }
        }
        self.stack = stack;
    }

    fn hang(&mut self, at: u32, parent: u32) {
        let next = self.nodes[parent as usize].first_child;
        if next != NONE {
            self.nodes[next as usize].previous = at;
        }
        let node = &mut self.nodes[at as usize];
        (node.parent, node.next, node.previous) = (parent, next, NONE);
        self.nodes[parent as usize].first_child = at;
    }

    fn unhang(&mut self, at: u32) {
        let Node { parent, next, previous, .. } = self.nodes[at as usize];
        if next != NONE {
            self.nodes[next as usize].previous = previous;
        }
        if previous == NONE {
            self.nodes[parent as usize].first_child = next;
        } else {
            self.nodes[previous as usize].next = next;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Circulation;
    use crate::model::linear::Linear;
    use crate::search::linear_solver::LiveProgramme;

    /// From, to, capacity and two costs.
    type Sketch = (usize, usize, i64, i64, i64);

    const NODES: usize = 6;

    fn least(arcs: &[Sketch], cost: impl Fn(&Sketch) -> i64) -> f64 {
        let mut linear = Linear::default();
        for arc in arcs {
            linear.add_column(0, arc.2, [cost(arc), 0, 0], false);
        }
        for node in 0..NODES {
            let mut factors = vec![0; arcs.len()];
            for (at, arc) in arcs.iter().enumerate() {
                factors[at] += i64::from(arc.0 == node) - i64::from(arc.1 == node);
            }
            let terms = (0..).zip(factors).filter(|&(_, factor)| factor != 0);
            linear.add_row(Some(0), Some(0), terms.collect::<Vec<_>>());
        }
        let found = LiveProgramme::new(&linear, [1.0, 0.0, 0.0], None).and_then(|mut live| live.solve());
        found
            .expect("nothing flowing is allowed")
            .values
            .iter()
            .zip(arcs)
            .map(|(value, arc)| value * cost(arc) as f64)
            .sum()
    }

    fn check(flow: &Circulation, arcs: &[Sketch], cost: impl Fn(&Sketch) -> i64) -> Result<(), TestCaseError> {
        let mut balance = [0; NODES];
        let mut total = 0;
        for (number, arc) in arcs.iter().enumerate() {
            let at = NODES + number;
            let on = flow.on(at);
            prop_assert!((0..=arc.2).contains(&on));
            balance[arc.0] -= on;
            balance[arc.1] += on;
            total += on * cost(arc);
            // Nothing is gained by more or less on any arc.
            prop_assert_eq!(flow.cost_beyond(at), cost(arc) - flow.worth(arc.1, arc.0));
            prop_assert!(on == arc.2 || flow.cost_beyond(at) >= 0);
            prop_assert!(on == 0 || flow.cost_beyond(at) <= 0);
        }
        prop_assert_eq!(balance, [0; NODES]);
        prop_assert!((total as f64 - least(arcs, cost)).abs() < 1e-6);
        Ok(())
    }

    proptest! {
        #[test]
        fn nothing_cheaper_flows(
            arcs in prop::collection::vec((0..NODES, 0..NODES, 0..4_i64, -9..9_i64, -9..9_i64), 1..24),
        ) {
            let mut flow = Circulation::new(NODES);
            for (number, &(from, to, capacity, cost, _)) in arcs.iter().enumerate() {
                prop_assert_eq!(flow.add(from, to, capacity, cost), NODES + number);
            }
            flow.solve();
            check(&flow, &arcs, |arc| arc.3)?;
            // Other costs, from the flow that stands.
            for (number, arc) in arcs.iter().enumerate() {
                flow.set_cost(NODES + number, arc.4);
            }
            flow.solve();
            check(&flow, &arcs, |arc| arc.4)?;
        }
    }
}
