//! What the search tries: other duties for some days of one person, or two people exchanging some days.

use super::draft::{Draft, Trail};
use super::tables::{NONE, Tables};
use crate::columns::random::Random;

/// Posts looked at to find one that lacks heads.
const GLANCES: usize = 12;
/// Longest block replanned for one person.
const OWN_BLOCK: usize = 7;
/// Longest block exchanged between two people.
const EXCHANGED_BLOCK: usize = 28;

/// Proposes a change into `trails`; returns how many of them it took, 0 when nothing came of it.
pub fn propose(draft: &Draft<'_>, tables: &Tables<'_>, random: &mut Random, trails: &mut [Trail; 2]) -> usize {
    let people = tables.people.len();
    match random.below(20) {
        0..10 if people > 1 => {
            let left = random.below(people);
            let right = (left + 1 + random.below(people - 1)) % people;
            exchange(draft, tables, random, (left, right), trails)
        }
        0..13 => {
            let person = random.below(people);
            let day = random.below(tables.form.days);
            let network = tables.people[person].network;
            let options = network.day(day).len();
            let position = random.below(options) as u16;
            trails[0].block.clear();
            trails[0].block.push(position);
            usize::from(position != draft.choice(person, day) && draft.follow(person, day, &mut trails[0]))
        }
        13..17 => {
            let person = random.below(people);
            let day = random.below(tables.form.days);
            let position = random.below(tables.people[person].network.day(day).len()) as u16;
            stretch(draft, tables, random, (person, day, position), &mut trails[0])
        }
        _ => {
            let Some((post, person)) = wanted(draft, tables, random) else { return 0 };
            let position = tables.people[person].position(post);
            let day = tables.form.posts[post].day;
            stretch(draft, tables, random, (person, day, position), &mut trails[0])
        }
    }
}

/// A length from 1 to `most`, short ones more often.
fn length(random: &mut Random, most: usize) -> usize {
    let mut length = 1;
    while length < most && random.below(4) > 0 {
        length += 1;
    }
    length
}

/// Two people exchange a block of days. Where one cannot serve the other's post, another of its kind is taken.
fn exchange(
    draft: &Draft<'_>,
    tables: &Tables<'_>,
    random: &mut Random,
    (left, right): (usize, usize),
    trails: &mut [Trail; 2],
) -> usize {
    let days = tables.form.days;
    let first = random.below(days);
    let end = (first + length(random, EXCHANGED_BLOCK)).min(days);
    let [left_trail, right_trail] = trails;
    left_trail.block.clear();
    right_trail.block.clear();
    let mut differs = false;
    for day in first..end {
        let (from_left, from_right) = (draft.post(left, day), draft.post(right, day));
        differs |= from_left != from_right;
        let Some(for_left) = position_for(draft, tables, left, day, from_right) else { return 0 };
        let Some(for_right) = position_for(draft, tables, right, day, from_left) else { return 0 };
        left_trail.block.push(for_left);
        right_trail.block.push(for_right);
    }
    let follows = differs && draft.follow(left, first, left_trail) && draft.follow(right, first, right_trail);
    if follows { 2 } else { 0 }
}

/// The option with which a person takes over a post, or a day off; none when there is none of the post's kind.
fn position_for(draft: &Draft<'_>, tables: &Tables<'_>, person: usize, day: usize, post: Option<usize>) -> Option<u16> {
    let table = &tables.people[person];
    let Some(post) = post else {
        return table.network.day(day).iter().position(|option| option.post.is_none()).map(|at| at as u16);
    };
    let position = table.position(post);
    if position != NONE {
        return Some(position);
    }
    let posts = &tables.form.posts;
    let kind = posts[post].kind;
    cheapest(draft, tables, person, day, |at| at.is_some_and(|post| posts[post].kind == kind))
}

/// The day's option that passes and adds the least cost by itself and in cover.
fn cheapest(
    draft: &Draft<'_>,
    tables: &Tables<'_>,
    person: usize,
    day: usize,
    pass: impl Fn(Option<usize>) -> bool,
) -> Option<u16> {
    let network = tables.people[person].network;
    let added = |post: Option<usize>| {
        let Some(post) = post else { return 0 };
        let (row, heads) = (&tables.form.posts[post], draft.heads(post));
        row.cost(heads + 1, tables.form.forbidden) - row.cost(heads, tables.form.forbidden)
    };
    let options = network.day(day).iter().enumerate();
    options
        .map(|(at, option)| (at as u16, option.post.map(|post| post as usize), option.cost))
        .filter(|(_, post, _)| pass(*post))
        .min_by_key(|(_, post, cost)| cost + added(*post))
        .map(|(at, _, _)| at)
}

/// A block of days off, or of duties that run on as the given one does, around a day.
fn stretch(
    draft: &Draft<'_>,
    tables: &Tables<'_>,
    random: &mut Random,
    (person, day, position): (usize, usize, u16),
    trail: &mut Trail,
) -> usize {
    let network = tables.people[person].network;
    let group = network.day(day)[usize::from(position)].group;
    let days = length(random, OWN_BLOCK);
    let first = (day + 1).saturating_sub(1 + random.below(days));
    let end = (first + days).min(tables.form.days);
    trail.block.clear();
    let mut differs = false;
    for at in first..end {
        let alike = |post: Option<usize>| {
            let Some(post) = post else { return group == 0 };
            let own = tables.people[person].position(post);
            network.day(at)[usize::from(own)].group == group
        };
        let chosen = if at == day { Some(position) } else { cheapest(draft, tables, person, at, alike) };
        let Some(chosen) = chosen else { return 0 };
        differs |= chosen != draft.choice(person, at);
        trail.block.push(chosen);
    }
    usize::from(differs && draft.follow(person, first, trail))
}

/// A post that lacks heads, and somebody who could serve it and does not.
fn wanted(draft: &Draft<'_>, tables: &Tables<'_>, random: &mut Random) -> Option<(usize, usize)> {
    let posts = &tables.form.posts;
    let lacking = |post: &usize| draft.heads(*post) < posts[*post].target;
    let post = (0..GLANCES).map(|_| random.below(posts.len())).find(lacking)?;
    let day = posts[post].day;
    let able = |person: &usize| {
        let position = tables.people[*person].position(post);
        position != NONE && position != draft.choice(*person, day)
    };
    let person = (0..GLANCES).map(|_| random.below(tables.people.len())).find(able)?;
    Some((post, person))
}
