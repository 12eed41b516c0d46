//! What a node of the tree is split on: strong branching, by the linear programme over the columns known, with what
//! earlier looks at the same post or person showed, and what nodes came to, in place of a new look (reliability
//! branching: Achterberg, Koch, Martin 2005).

use std::sync::{Mutex, PoisonError};

use super::form::Form;
use super::generate::Masks;
use super::master::{Master, OUT_OF_TIME, Solution};
use super::pool::Pool;

/// Values this close to a whole number are whole.
const TOLERANCE: f64 = 1e-4;
/// Looks at a node after which the best known split is taken, at the root and below it.
const LOOKS: [usize; 2] = [60, 8];
/// Looks in a row without a better split after which no more are taken, at the root and below it.
const FRUITLESS: [usize; 2] = [20, 4];
/// Looks at a post or a person after which what they showed on average stands for new ones.
const RELIABLE: u32 = 2;
/// Simplex iterations of one look.
const ITERATIONS: i32 = 30;
/// Distances below this count as this.
const LEAST_DISTANCE: f64 = 0.05;
/// Least rise that counts, as a share of the costs' step: keeps products of rises apart where one side is free.
const LEAST_RISE: f64 = 1e-4;

/// What a node can be split on. Its two sides are called below and above.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Split {
    /// Heads of a post: at most so many, or one more at least.
    Heads(usize, i64),
    /// Whether a person works on a day: no, or yes.
    Works(usize, usize),
    /// Whether a person takes an option on a day: no, or yes.
    Takes(usize, usize, usize),
}

/// A split that a master leaves between its sides, and what each side is expected to cost.
#[derive(Debug, Clone, Copy)]
struct Candidate {
    split: Split,
    /// How far each side is from the value.
    distances: [f64; 2],
    rises: [f64; 2],
    is_known: bool,
}

/// Rises of the linear programme for each unit of distance.
#[derive(Debug, Clone, Copy, Default)]
struct Rises {
    sum: f64,
    count: u32,
}

impl Rises {
    fn add(&mut self, rise: f64) {
        self.sum += rise;
        self.count += 1;
    }
}

/// What is known of one side of the splits of a post or a person.
#[derive(Debug, Clone, Copy, Default)]
struct Known {
    /// Over the columns known.
    looked: Rises,
    /// After columns answered.
    solved: Rises,
}

/// What looks and nodes showed so far, by post and by person, below and above.
#[derive(Debug, Clone)]
pub struct History {
    posts: Vec<[Known; 2]>,
    people: Vec<[Known; 2]>,
    /// Of the splits whose sides were solved: what had been expected of them, and what came of it.
    expected: f64,
    came: f64,
}

impl History {
    /// Nothing looked at.
    #[must_use]
    pub fn new(form: &Form) -> Self {
        Self {
            posts: vec![[Known::default(); 2]; form.posts.len()],
            people: vec![[Known::default(); 2]; form.people.len()],
            expected: 0.0,
            came: 0.0,
        }
    }

    fn of(&mut self, split: Split) -> &mut [Known; 2] {
        match split {
            Split::Heads(post, _) => &mut self.posts[post],
            Split::Works(person, _) | Split::Takes(person, ..) => &mut self.people[person],
        }
    }

    /// How much of what a look shows is left once columns answer.
    fn share(&self) -> f64 {
        ((self.came + 1.0) / (self.expected + 1.0)).clamp(0.01, 1.0)
    }

    /// The rise to expect of one side, none when nothing is known of it.
    fn expect(&self, known: &Known, distance: f64) -> Option<f64> {
        let looked = (known.looked.count > 0).then(|| known.looked.sum / f64::from(known.looked.count) * self.share());
        let count = f64::from(known.solved.count) + f64::from(u8::from(looked.is_some()));
        (count > 0.0).then(|| (known.solved.sum + looked.unwrap_or(0.0)) / count * distance)
    }

    /// What one side of a split came to once it was solved.
    pub fn learn(&mut self, above: &Parent, value: f64) {
        let rise = (value - above.value).max(0.0);
        self.expected += above.looked;
        self.came += rise.min(above.looked);
        self.of(above.split)[above.side].solved.add(rise / above.distance.max(LEAST_DISTANCE));
    }
}

/// How a node came out of the one above.
#[derive(Debug, Clone, Copy)]
pub struct Parent {
    /// What was split.
    pub split: Split,
    /// Which side the node is.
    pub side: usize,
    /// How far the side was from what the node above had.
    pub distance: f64,
    /// The linear programme of the node above.
    pub value: f64,
    /// What looks at the split promised.
    pub looked: f64,
}

/// What the node leaves open.
pub struct Open<'a> {
    /// Choices by person.
    pub masks: &'a Masks,
    /// Heads by post.
    pub heads: &'a [(i64, i64)],
    /// How many splits led here.
    pub depth: usize,
    /// What the linear programme can still rise before nothing better is left.
    pub gap: f64,
    /// Seconds for the looks.
    pub seconds: f64,
}

/// Chooses the split whose sides cost most; its sides, the cheaper first, or none when the solution is whole. The master
/// is left as the node has it, but for its basis.
///
/// # Errors
/// When `HiGHS` fails.
pub fn choose_split(
    form: &Form,
    pool: &Pool,
    solution: &Solution,
    open: &Open<'_>,
    master: &mut Master,
    history: &Mutex<History>,
) -> Result<Option<[Parent; 2]>, String> {
    let mut found = fractional(form, pool, solution);
    let mut known = history.lock().unwrap_or_else(PoisonError::into_inner);
    for candidate in &mut found {
        let sides = *known.of(candidate.split);
        for (side, own) in sides.iter().enumerate() {
            let expected = known.expect(own, candidate.distances[side]);
            // What was never looked at is looked at first.
            candidate.rises[side] = expected.unwrap_or(open.gap * candidate.distances[side]);
        }
        candidate.is_known = sides.iter().all(|side| side.looked.count + side.solved.count >= RELIABLE);
    }
    drop(known);
    let worth = |candidate: &Candidate| {
        let least = form.step as f64 * LEAST_RISE;
        candidate.rises.iter().map(|rise| rise.clamp(least, open.gap.max(least))).product::<f64>()
    };
    found.sort_by(|left, right| worth(right).total_cmp(&worth(left)));
    let is_below = usize::from(open.depth > 0);
    let (mut looks, mut fruitless) = (0, 0);
    // Where there is no time for a look, the likeliest serves.
    let likeliest = found.first().copied();
    let mut best: Option<Candidate> = None;
    let mut seen: Vec<usize> = Vec::new();
    let mut left = open.seconds;
    for mut candidate in found {
        if !candidate.is_known {
            // Days of one person that hang together say the same.
            let person = match candidate.split {
                Split::Works(person, _) | Split::Takes(person, ..) => Some(person),
                Split::Heads(..) => None,
            };
            if person.is_some_and(|person| seen.contains(&person))
                || looks >= LOOKS[is_below]
                || fruitless >= FRUITLESS[is_below]
                || left <= 0.0
            {
                continue;
            }
            seen.extend(person);
            looks += 1;
            let Some((rises, seconds)) = look(form, pool, solution.value, open, candidate.split, master)? else {
                break;
            };
            left -= seconds;
            let mut known = history.lock().unwrap_or_else(PoisonError::into_inner);
            for (side, rise) in rises.into_iter().enumerate() {
                let distance = candidate.distances[side];
                known.of(candidate.split)[side].looked.add(rise.min(open.gap) / distance.max(LEAST_DISTANCE));
                let own = known.of(candidate.split)[side];
                candidate.rises[side] = known.expect(&own, distance).unwrap_or(rise);
            }
        }
        if best.as_ref().is_none_or(|best| worth(&candidate) > worth(best)) {
            best = Some(candidate);
            fruitless = 0;
        } else if best.as_ref().is_some_and(|best| best.rises.iter().all(|rise| *rise > 0.1 * form.step as f64)) {
            fruitless += 1;
        }
    }
    let Some(best) = best.or(likeliest) else { return Ok(None) };
    let shown = *history.lock().unwrap_or_else(PoisonError::into_inner).of(best.split);
    let parent = |side: usize| {
        let (distance, looked) = (best.distances[side], shown[side].looked);
        let looked = if looked.count > 0 { looked.sum / f64::from(looked.count) * distance } else { 0.0 };
        Parent { split: best.split, side, distance, value: solution.value, looked }
    };
    let first = usize::from(best.rises[1] < best.rises[0]);
    Ok(Some([parent(first), parent(1 - first)]))
}

/// What the linear programme over the columns known rises by on either side, and the seconds it took; none when time
/// is up.
fn look(
    form: &Form,
    pool: &Pool,
    now: f64,
    open: &Open<'_>,
    split: Split,
    master: &mut Master,
) -> Result<Option<([f64; 2], f64)>, String> {
    let before = master.spent();
    let mut rises = [0.0; 2];
    for (side, rise) in rises.iter_mut().enumerate() {
        match split {
            Split::Heads(post, floor) => {
                let (low, high) = open.heads[post];
                let range = if side == 0 { (low, high.min(floor)) } else { (low.max(floor + 1), high) };
                master.limit_post(form, post, range);
            }
            Split::Works(person, _) | Split::Takes(person, ..) => {
                master.restrict_some(|at| {
                    let column = &pool.columns[at];
                    (column.person == person).then(|| {
                        column.fits(form, &open.masks[person]) && split.holds(form, &column.choice) == (side == 1)
                    })
                });
            }
        }
        let value = master.value(ITERATIONS, open.seconds);
        match value {
            Err(failure) if failure == OUT_OF_TIME => return Ok(None),
            value => *rise = value?.map_or(0.0, |value| (value - now).max(0.0)),
        }
    }
    match split {
        Split::Heads(post, _) => master.limit_post(form, post, open.heads[post]),
        Split::Works(person, _) | Split::Takes(person, ..) => {
            master.restrict_some(|at| {
                let column = &pool.columns[at];
                (column.person == person).then(|| column.fits(form, &open.masks[person]))
            });
        }
    }
    Ok(Some((rises, master.spent() - before)))
}

impl Split {
    /// Whether a line of the split's person lies above.
    fn holds(self, form: &Form, choice: &[u16]) -> bool {
        match self {
            Self::Heads(..) => false,
            Self::Works(person, day) => form.people[person].day(day)[usize::from(choice[day])].post.is_some(),
            Self::Takes(person, day, at) => form.people[person].start[day] as usize + usize::from(choice[day]) == at,
        }
    }

    /// Narrows what is open to one side.
    pub fn narrow(self, form: &Form, side: usize, masks: &mut [Vec<bool>], heads: &mut [(i64, i64)]) {
        match self {
            Self::Heads(post, floor) => {
                let range = &mut heads[post];
                if side == 0 {
                    range.1 = range.1.min(floor);
                } else {
                    range.0 = range.0.max(floor + 1);
                }
            }
            Self::Works(person, day) => {
                let network = &form.people[person];
                let first = network.start[day] as usize;
                for (position, option) in network.day(day).iter().enumerate() {
                    masks[person][first + position] &= option.post.is_some() == (side == 1);
                }
            }
            Self::Takes(person, day, at) => {
                let network = &form.people[person];
                for option in network.start[day] as usize..network.start[day + 1] as usize {
                    masks[person][option] &= (option == at) == (side == 1);
                }
            }
        }
    }
}

/// Posts and days of people that are not whole; single options where all of these are.
fn fractional(form: &Form, pool: &Pool, solution: &Solution) -> Vec<Candidate> {
    let mut heads = vec![0.0; form.posts.len()];
    let mut works = vec![0.0; form.people.len() * form.days];
    for (at, value) in &solution.columns {
        let column = &pool.columns[*at];
        for post in &column.posts {
            heads[*post as usize] += value;
            works[column.person * form.days + form.posts[*post as usize].day] += value;
        }
    }
    let is_open = |value: f64| (value - value.round()).abs() > TOLERANCE;
    let candidate = |split, value: f64| {
        let below = value - value.floor();
        Candidate { split, distances: [below, 1.0 - below], rises: [0.0; 2], is_known: false }
    };
    let posts = heads.iter().enumerate().filter(|(_, value)| is_open(**value));
    let mut found: Vec<Candidate> =
        posts.map(|(post, value)| candidate(Split::Heads(post, value.floor() as i64), *value)).collect();
    let days = works.iter().enumerate().filter(|(_, value)| is_open(**value));
    found.extend(days.map(|(at, value)| candidate(Split::Works(at / form.days, at % form.days), *value)));
    if found.is_empty() {
        let sums = super::dive::summed(form, pool, solution);
        for (person, own) in sums.iter().enumerate() {
            for day in 0..form.days {
                let range = form.people[person].start[day] as usize..form.people[person].start[day + 1] as usize;
                let options = range.filter(|at| is_open(own[*at]));
                found.extend(options.map(|at| candidate(Split::Takes(person, day, at), own[at])));
            }
        }
    }
    found
}
