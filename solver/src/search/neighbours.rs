//! Parts by the people whom they share: which hang together, and which can be searched at the same time.

use std::collections::BTreeSet;

/// Connected parts.
pub(super) fn regions(neighbours: &[BTreeSet<usize>]) -> Vec<Vec<usize>> {
    let mut seen = vec![false; neighbours.len()];
    let mut regions = Vec::new();
    for first in 0..neighbours.len() {
        let mut region = Vec::new();
        let mut open = vec![first];
        while let Some(part) = open.pop() {
            if !std::mem::replace(&mut seen[part], true) {
                region.push(part);
                open.extend(&neighbours[part]);
            }
        }
        if !region.is_empty() {
            region.sort_unstable();
            regions.push(region);
        }
    }
    regions
}

/// Greedy colouring: parts in order, each in the first wave that holds none of its neighbours.
pub(super) fn waves(neighbours: &[BTreeSet<usize>]) -> Vec<Vec<usize>> {
    let mut waves: Vec<Vec<usize>> = Vec::new();
    for (part, near) in neighbours.iter().enumerate() {
        match waves.iter_mut().find(|wave| wave.iter().all(|other| !near.contains(other))) {
            Some(wave) => wave.push(part),
            None => waves.push(vec![part]),
        }
    }
    waves
}
