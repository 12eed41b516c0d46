//! H01 and H06 of one person as clique rows: every forbidden pair of posts lies in at least one row.

use super::candidates::{Network, PostFacts};

/// Maximal sets of candidates of which at most one may be served; positions in `posts`, which is sorted by start.
#[must_use]
pub fn cliques(network: &Network<'_>, min_rest_minutes: i64, posts: &[&PostFacts]) -> Vec<Vec<usize>> {
    let count = posts.len();
    let mut clash = vec![false; count * count];
    let mut pairs = Vec::new();
    // No clash reaches farther than the longest rest, a night and the longest way: a pair more than two days apart
    // is looked at only when the rest asked for is longer than a day.
    let reach = min_rest_minutes.max(24 * 60) + 24 * 60;
    for later in 0..count {
        for earlier in (0..later).rev() {
            let gap = i64::from(posts[later].span.start) - i64::from(posts[earlier].span.end);
            if gap >= reach && posts[later].day > posts[earlier].day + 1 {
                continue;
            }
            if network.clash(min_rest_minutes, posts[earlier], posts[later]).is_some() {
                clash[later * count + earlier] = true;
                clash[earlier * count + later] = true;
                pairs.push((earlier, later));
            }
        }
    }
    pairs.sort_unstable();
    let mut covered = vec![false; count * count];
    let mut cliques = Vec::new();
    for (earlier, later) in pairs {
        if covered[earlier * count + later] {
            continue;
        }
        let mut clique = vec![earlier, later];
        for other in 0..count {
            if other != earlier && other != later && clique.iter().all(|&member| clash[member * count + other]) {
                clique.push(other);
            }
        }
        for &one in &clique {
            for &other in &clique {
                covered[one * count + other] = true;
            }
        }
        clique.sort_unstable();
        cliques.push(clique);
    }
    cliques
}

/// An upper bound on the sum of `amount` over any set of posts that do not overlap in time (travel and rest left
/// out): weighted interval scheduling. `posts` is sorted by start.
#[must_use]
pub fn most_without_overlap(posts: &[(&PostFacts, i64)], overlap_forbidden: bool) -> i64 {
    if !overlap_forbidden {
        return posts.iter().map(|&(_, amount)| amount).sum();
    }
    let mut by_end: Vec<(i32, i32, i64)> =
        posts.iter().map(|&(facts, amount)| (facts.span.end, facts.span.start, amount)).collect();
    by_end.sort_unstable();
    let mut best: Vec<i64> = vec![0; by_end.len() + 1];
    for (index, &(_, start, amount)) in by_end.iter().enumerate() {
        let before = by_end[..index].partition_point(|&(end, _, _)| end <= start);
        best[index + 1] = best[index].max(best[before] + amount);
    }
    best[by_end.len()]
}
