//! Duties of a day as patterns: how they are made, sorted into classes, and what the states between days are.

use std::ops::Range;

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
    /// What days may forbid: posts of the next day.
    pub classes: Vec<Vec<usize>>,
    /// By post: what it forbids.
    pub forbids: Vec<Vec<usize>>,
    /// By post: a bit for each class that forbids it.
    pub blocked: Vec<u16>,
}

impl LateTable {
    pub fn class(&self, forbidden: &[usize]) -> Option<usize> {
        self.classes.iter().position(|class| class == forbidden)
    }
}

pub fn union(forbids: &[Vec<usize>], posts: &[u16]) -> Vec<usize> {
    let mut union: Vec<usize> = posts.iter().flat_map(|&at| &forbids[usize::from(at)]).copied().collect();
    union.sort_unstable();
    union.dedup();
    union
}

/// Sorts the patterns of a day into classes; `None` when their extra costs are too many to tell apart.
pub fn pack(mut drafts: Vec<Draft>, nothing: u16, extras: &mut Vec<Costs>) -> Option<Day> {
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
        let extra = extras.iter().position(|&extra| extra == draft.extra).unwrap_or_else(|| {
            extras.push(draft.extra);
            extras.len() - 1
        });
        day.patterns.push(Pattern { posts: draft.posts, extra: u16::try_from(extra).ok()? });
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
