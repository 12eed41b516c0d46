//! Duties of a day as patterns: how they are made, sorted into classes, and what the states between days are.

use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::model::linear::Costs;

/// Value of a coordinate that a class leaves alone.
pub const MOST_AXES: usize = 8;

/// A movement that the rules forbid.
pub const FORBIDDEN: u32 = u32::MAX;

/// What may be done on one day; patterns of a class differ in posts only.
#[derive(Debug, Clone, Default)]
pub struct Day {
    pub patterns: Vec<Pattern>,
    pub classes: Vec<Class>,
    /// Patterns of a class with the same first duty, class after class.
    pub groups: Vec<Lead>,
    /// Positions of the day's duties.
    pub positions: Range<u16>,
}

impl Day {
    /// The pattern of these duties, and its class.
    pub fn pattern_of(&self, duties: &[u16], nothing: u16) -> Option<(&Class, &Pattern)> {
        let mut posts = [nothing; MOST_DUTIES];
        posts.get_mut(..duties.len())?.copy_from_slice(duties);
        let others = u8::try_from(duties.len().saturating_sub(1)).ok()?;
        let may_hold = |group: &&Lead| group.duty == posts[0] && (group.others.0..=group.others.1).contains(&others);
        self.classes.iter().find_map(|class| {
            let groups = self.groups[class.first as usize..class.last as usize].iter().filter(may_hold);
            let mut patterns = groups.flat_map(|group| &self.patterns[group.first as usize..group.last as usize]);
            patterns.find(|pattern| pattern.posts == posts).map(|pattern| (class, pattern))
        })
    }
}

/// Patterns of a class that have the same first duty.
#[derive(Debug, Clone)]
pub struct Lead {
    pub first: u32,
    pub last: u32,
    /// The first duty; [`PersonWeek::nothing`] where there is none.
    pub duty: u16,
    /// Fewest and most duties besides.
    pub others: (u8, u8),
}

/// Most duties of one day; who may have more does not fit.
pub const MOST_DUTIES: usize = 5;

/// Duties of one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pattern {
    /// Positions of the duties, rising; then [`PersonWeek::nothing`].
    pub posts: [u16; MOST_DUTIES],
    /// Position in [`PersonWeek::extras`].
    pub extra: u16,
}

/// Patterns that move the state alike.
#[derive(Debug, Clone)]
pub struct Class {
    /// First of its groups.
    pub first: u32,
    /// One past the last of them.
    pub last: u32,
    /// Movement along each axis.
    pub moves: [u16; MOST_AXES],
    /// The table of [`PersonWeek::tables`] that says where each state goes.
    pub table: u32,
}

/// A pattern in the making.
#[derive(Clone, Copy)]
pub struct Draft {
    pub posts: [u16; MOST_DUTIES],
    pub count: u8,
    pub extra: Costs,
    pub moves: [u16; MOST_AXES],
}

impl Draft {
    pub const EMPTY: Self = Self { posts: [u16::MAX; MOST_DUTIES], count: 0, extra: [0; 3], moves: [0; MOST_AXES] };

    /// Positions of the duties, rising.
    pub fn posts(&self) -> &[u16] {
        &self.posts[..usize::from(self.count)]
    }

    /// The same with a duty more, or `None` when there are too many.
    pub fn with(mut self, post: usize) -> Option<Self> {
        let at = self.posts().partition_point(|&own| usize::from(own) < post);
        let count = usize::from(self.count);
        if count == MOST_DUTIES {
            return None;
        }
        self.posts.copy_within(at..count, at + 1);
        self.posts[at] = u16::try_from(post).ok()?;
        self.count += 1;
        Some(self)
    }
}

/// What a day's duties forbid on the next.
pub struct LateTable {
    /// Number of different sets of posts that a day may forbid; the first is empty.
    pub classes: usize,
    /// By post: a bit for each class that forbids it.
    pub blocked: Vec<u16>,
    /// By post: a bit for what it forbids; posts that forbid the same have the same.
    alone: Vec<u64>,
    /// The class of what several posts forbid together, by their bits.
    together: FxHashMap<u64, u16>,
}

/// Most classes: [`Pattern`]s move the state by a byte of these.
const MOST_CLASSES: usize = 8;

impl LateTable {
    /// By what each post forbids, rising, and the patterns of all days; `None` when there is too much to tell apart.
    pub fn new<'d>(forbids: &[Vec<usize>], drafts: impl Iterator<Item = &'d Draft>) -> Option<Self> {
        let mut different: Vec<&[usize]> = Vec::new();
        let mut alone = Vec::with_capacity(forbids.len());
        for own in forbids {
            if own.is_empty() {
                alone.push(0);
                continue;
            }
            let at = different.iter().position(|other| other == own).unwrap_or_else(|| {
                different.push(own);
                different.len() - 1
            });
            alone.push(1_u64.checked_shl(u32::try_from(at).ok()?)?);
        }
        let mut classes: Vec<Vec<usize>> = vec![Vec::new()];
        let mut together: FxHashMap<u64, u16> = FxHashMap::default();
        for draft in drafts {
            let bits = bits(&alone, draft.posts());
            if together.contains_key(&bits) {
                continue;
            }
            let union = union(forbids, draft.posts());
            let class = classes.iter().position(|class| *class == union).unwrap_or(classes.len());
            if class == classes.len() {
                if class == MOST_CLASSES {
                    return None;
                }
                classes.push(union);
            }
            together.insert(bits, u16::try_from(class).ok()?);
        }
        let blocked = (0..forbids.len())
            .map(|post| {
                let holding = classes.iter().zip(0..).filter(|(class, _)| class.contains(&post));
                holding.fold(0_u16, |mask, (_, at)| mask | 1 << at)
            })
            .collect();
        Some(Self { classes: classes.len(), blocked, alone, together })
    }

    /// The class of a pattern.
    pub fn class(&self, posts: &[u16]) -> Option<u16> {
        self.together.get(&bits(&self.alone, posts)).copied()
    }
}

fn bits(alone: &[u64], posts: &[u16]) -> u64 {
    posts.iter().fold(0, |bits, &at| bits | alone[usize::from(at)])
}

fn union(forbids: &[Vec<usize>], posts: &[u16]) -> Vec<usize> {
    let mut union: Vec<usize> = posts.iter().flat_map(|&at| &forbids[usize::from(at)]).copied().collect();
    union.sort_unstable();
    union.dedup();
    union
}

/// Costs of patterns besides those of their duties, each once; the first is none.
pub struct Extras {
    pub costs: Vec<Costs>,
    places: FxHashMap<Costs, u16>,
}

impl Default for Extras {
    fn default() -> Self {
        Self { costs: vec![[0; 3]], places: std::iter::once(([0; 3], 0)).collect() }
    }
}

impl Extras {
    fn place(&mut self, costs: Costs) -> Option<u16> {
        if let Some(&place) = self.places.get(&costs) {
            return Some(place);
        }
        let place = u16::try_from(self.costs.len()).ok()?;
        self.costs.push(costs);
        self.places.insert(costs, place);
        Some(place)
    }
}

/// Sorts the patterns of a day into classes; `None` when their extra costs are too many to tell apart.
pub fn pack(mut drafts: Vec<Draft>, nothing: u16, extras: &mut Extras) -> Option<Day> {
    drafts.sort_by_key(|draft| draft.moves);
    let used = || drafts.iter().flat_map(|draft| draft.posts().iter().copied());
    let positions = used().min().unwrap_or(0)..used().max().map_or(0, |last| last + 1);
    let mut day = Day { patterns: Vec::with_capacity(drafts.len()), positions, ..Day::default() };
    let mut present = None;
    for mut draft in drafts {
        let at = u32::try_from(day.patterns.len()).unwrap_or(u32::MAX);
        let duty = draft.posts().first().copied().unwrap_or(nothing);
        let others = draft.count.saturating_sub(1);
        let is_new = present.replace(draft.moves) != Some(draft.moves);
        match day.groups.last_mut() {
            Some(group) if !is_new && group.duty == duty => {
                group.last = at + 1;
                group.others = (group.others.0.min(others), group.others.1.max(others));
            }
            _ => day.groups.push(Lead { first: at, last: at + 1, duty, others: (others, others) }),
        }
        let groups = u32::try_from(day.groups.len()).unwrap_or(u32::MAX);
        match day.classes.last_mut() {
            Some(class) if !is_new => class.last = groups,
            _ => day.classes.push(Class { first: groups - 1, last: groups, moves: draft.moves, table: 0 }),
        }
        draft.posts[usize::from(draft.count)..].fill(nothing);
        day.patterns.push(Pattern { posts: draft.posts, extra: extras.place(draft.extra)? });
    }
    Some(day)
}

/// The states in which each day may begin.
pub fn reached(days: &[Day], tables: &[Vec<u32>], states: usize, start: usize) -> Vec<Vec<u32>> {
    let mut present = vec![u32::try_from(start).unwrap_or(0)];
    let mut all = Vec::with_capacity(days.len() + 1);
    for day in days {
        let mut is_next = vec![false; states];
        for class in &day.classes {
            let table = &tables[class.table as usize];
            for &state in &present {
                if let Some(next) = is_next.get_mut(table[state as usize] as usize) {
                    *next = true;
                }
            }
        }
        let next = (0..).zip(is_next).filter(|&(_, is_next)| is_next).map(|(state, _)| state).collect();
        all.push(std::mem::replace(&mut present, next));
    }
    all.push(present);
    all
}
