//! From demand templates to the posts of dates, kept in step with the templates.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;

use crate::db::{DbResult, Tx, bulk, posts};
use crate::domain::expand::{DatedDay, expand_template};
use crate::domain::{Post, PostId, Station, UnitId};

/// What generating changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Generated {
    /// Posts added.
    pub added: usize,
    /// Posts that followed a changed template.
    pub changed: usize,
    /// Posts no longer wanted that a roster names: kept, but planned no more.
    pub retired: usize,
    /// Posts no longer wanted, removed.
    pub removed: usize,
}

/// Brings the posts of the subtree's stations on the given days in step with the demand templates. Posts made by hand,
/// and generated ones that somebody has edited since, stay as they are.
///
/// # Errors
/// [`DbError::NotFound`](crate::db::DbError::NotFound) when the unit does not exist.
pub fn generate_posts(tx: &mut Tx<'_>, unit: &UnitId, days: &[DatedDay]) -> DbResult<Generated> {
    let (Some(first), Some(last)) = (days.first(), days.last()) else { return Ok(Generated::default()) };
    let wanted = wanted_posts(tx, unit, days)?;
    let stored = posts::within(tx, unit, first.date, last.date)?;
    let known: HashSet<&PostId> = stored.iter().map(|post| &post.id).collect();
    let added: Vec<Post> = wanted.values().filter(|post| !known.contains(&post.id)).cloned().collect();
    posts::insert_many(tx, &sorted(added.clone()))?;

    let mut done = Generated { added: added.len(), ..Generated::default() };
    let mut unwanted = Vec::new();
    for post in stored.iter().filter(|post| post.template.is_some() && post.version == 1) {
        match wanted.get(&post.id) {
            Some(wanted) => {
                let follows = Post { excluded: post.excluded.clone(), ..wanted.clone() };
                if follows != *post {
                    posts::regenerate(tx, &follows)?;
                    done.changed += 1;
                }
            }
            None if post.retired => {}
            None => unwanted.push(post),
        }
    }
    drop_unwanted(tx, &unwanted, &mut done)?;
    Ok(done)
}

fn wanted_posts(tx: &mut Tx<'_>, unit: &UnitId, days: &[DatedDay]) -> DbResult<HashMap<PostId, Post>> {
    let stations = bulk::stations(tx, unit)?;
    let by_id: HashMap<&str, &Station> = stations.iter().map(|station| (station.id.as_str(), station)).collect();
    let templates = bulk::templates(tx, unit)?;
    Ok(templates
        .iter()
        .filter_map(|template| Some((template, *by_id.get(template.station.as_str())?)))
        .flat_map(|(template, station)| expand_template(template, station, days))
        .map(|post| (post.id.clone(), post))
        .collect())
}

fn drop_unwanted(tx: &mut Tx<'_>, unwanted: &[&Post], done: &mut Generated) -> DbResult<()> {
    let ids: Vec<PostId> = unwanted.iter().map(|post| post.id.clone()).collect();
    let used = posts::in_use(tx, &ids)?;
    let unused: Vec<PostId> = ids.into_iter().filter(|id| !used.contains(id)).collect();
    posts::delete_many(tx, &unused)?;
    done.removed = unused.len();
    for post in unwanted.iter().filter(|post| used.contains(&post.id)) {
        posts::regenerate(tx, &Post { retired: true, ..(*post).clone() })?;
        done.retired += 1;
    }
    Ok(())
}

/// In the order of ids, in which indexes grow fastest.
fn sorted(mut posts: Vec<Post>) -> Vec<Post> {
    posts.sort_unstable_by(|left, right| left.id.cmp(&right.id));
    posts
}

/// First and last date of a stretch.
#[must_use]
pub fn ends(start: NaiveDate, days: u16) -> (NaiveDate, NaiveDate) {
    let last = start.checked_add_days(chrono::Days::new(u64::from(days.max(1)) - 1)).unwrap_or(start);
    (start, last)
}
