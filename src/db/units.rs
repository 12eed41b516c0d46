//! Units: the tree, with a path per unit so that a subtree is one range of an index.

use std::collections::HashMap;

use diesel::prelude::*;

use super::dialect::{IDS_PER_QUERY, on, rows_per_insert};
use super::error::{ConflictKind, DbError, DbResult, Verb};
use super::page::{Page, Slice, cursor};
use super::record::{Stored, check, restore};
use super::schema::units;
use super::{Connection, Tx};
use crate::domain::{Fault, Unit, UnitId, UnitLevel};

const KIND: &str = "unit";

/// The subquery of the ids in a range of paths.
macro_rules! ids_within {
    ($range:expr) => {
        crate::db::schema::units::table
            .filter(
                crate::db::schema::units::path.ge(&$range.first).and(crate::db::schema::units::path.lt(&$range.end)),
            )
            .select(crate::db::schema::units::id)
    };
}

/// The subquery of the ids of the stations in a range of unit paths.
macro_rules! station_ids_within {
    ($range:expr) => {
        crate::db::schema::stations::table
            .filter(crate::db::schema::stations::unit.eq_any(crate::db::units::ids_within!($range)))
            .select(crate::db::schema::stations::id)
    };
}

/// The subquery of the units that a page's reader sees, when that is not all of them.
macro_rules! visible_units {
    ($paths:expr) => {{
        use crate::db::schema::units;
        let mut visible = units::table.select(units::id).filter(units::id.eq("")).into_boxed();
        for range in $paths.iter().map(|path| crate::db::units::PathRange::of(path)) {
            visible = visible.or_filter(units::path.ge(range.first).and(units::path.lt(range.end)));
        }
        visible
    }};
}

/// Narrows a boxed query to what the page's reader sees. The column names a `unit`, a `station` or a `person`; a column
/// that may be null is open to everybody where it is.
macro_rules! only_visible {
    ($query:ident, $page:expr, unit $column:expr) => {
        if let crate::domain::Visible::Subtrees(paths) = &$page.visible {
            $query = $query.filter($column.eq_any(crate::db::units::visible_units!(paths)));
        }
    };
    ($query:ident, $page:expr, unit or null $column:expr) => {
        if let crate::domain::Visible::Subtrees(paths) = &$page.visible {
            $query = $query.filter($column.is_null().or(
                $column.eq_any(crate::db::units::visible_units!(paths).select(crate::db::schema::units::id.nullable())),
            ));
        }
    };
    ($query:ident, $page:expr, station $column:expr) => {
        if let crate::domain::Visible::Subtrees(paths) = &$page.visible {
            use crate::db::schema::stations;
            let seen = stations::table
                .filter(stations::unit.eq_any(crate::db::units::visible_units!(paths)))
                .select(stations::id);
            $query = $query.filter($column.eq_any(seen));
        }
    };
    ($query:ident, $page:expr, person $column:expr) => {
        if let crate::domain::Visible::Subtrees(paths) = &$page.visible {
            use crate::db::schema::people;
            let seen = people::table
                .filter(people::home_unit.eq_any(crate::db::units::visible_units!(paths)))
                .select(people::id);
            $query = $query.filter($column.eq_any(seen));
        }
    };
}

pub(super) use {ids_within, only_visible, station_ids_within, visible_units};

/// The paths of every unit above those with these paths.
pub(super) fn paths_above(paths: &[String]) -> Vec<String> {
    let ends = |path: &str| -> Vec<String> {
        path.match_indices('/').filter_map(|(end, _)| path.get(..=end)).map(str::to_owned).collect()
    };
    paths.iter().map(String::as_str).flat_map(ends).collect()
}

/// The path of the unit.
///
/// # Errors
/// [`DbError::NotFound`].
pub fn path(conn: &mut Connection, id: &UnitId) -> DbResult<String> {
    Ok(find(conn, id.as_str())?.path)
}

/// The paths of units, by unit; those that do not exist are left out.
///
/// # Errors
/// Those of the connection.
pub fn paths(conn: &mut Connection, ids: &[&str]) -> DbResult<HashMap<String, String>> {
    let mut found = HashMap::with_capacity(ids.len());
    for chunk in ids.chunks(IDS_PER_QUERY) {
        let rows: Vec<(String, String)> =
            on!(&mut *conn, c => units::table.filter(units::id.eq_any(chunk)).select((units::id, units::path)).load(c))
                .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
        found.extend(rows);
    }
    Ok(found)
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = units, treat_none_as_null = true, treat_none_as_default_value = false)]
struct UnitRow {
    id: String,
    parent: Option<String>,
    level: String,
    name: String,
    path: String,
    version: i64,
}

impl UnitRow {
    const COLUMNS: usize = 6;

    fn store(unit: &Unit, path: String) -> Self {
        Self {
            id: unit.id.store(),
            parent: unit.parent.store(),
            level: unit.level.store(),
            name: unit.name.clone(),
            path,
            version: unit.version,
        }
    }

    fn restore(self) -> DbResult<Unit> {
        Ok(Unit {
            id: restore(self.id, KIND, "id")?,
            parent: restore(self.parent, KIND, "parent")?,
            level: restore(self.level, KIND, "level")?,
            name: self.name,
            version: self.version,
        })
    }
}

/// Which units a list holds.
#[derive(Debug, Clone, Default)]
pub struct UnitFilter {
    /// Only this unit and those below it.
    pub subtree: Option<UnitId>,
    /// Only the children of this unit.
    pub parent: Option<UnitId>,
    /// Only this level.
    pub level: Option<UnitLevel>,
    /// Only names that contain this text.
    pub name_contains: Option<String>,
}

/// The paths of a subtree: `[first, end)`.
#[derive(Debug, Clone)]
pub(super) struct PathRange {
    pub(super) first: String,
    pub(super) end: String,
}

impl PathRange {
    /// `0` follows `/` in the order of bytes, so that `path0` ends the paths that begin with `path/`.
    pub(super) fn of(path: &str) -> Self {
        Self { first: path.to_owned(), end: format!("{}0", path.trim_end_matches('/')) }
    }
}

/// The range of paths of the unit's subtree.
pub(super) fn subtree(conn: &mut Connection, id: &UnitId) -> DbResult<PathRange> {
    Ok(PathRange::of(&find(conn, id.as_str())?.path))
}

fn find(conn: &mut Connection, id: &str) -> DbResult<UnitRow> {
    on!(conn, c => units::table.find(id).select(UnitRow::as_select()).first(c).optional())
        .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?
        .ok_or_else(|| DbError::not_found(KIND, id))
}

/// The unit with this id.
///
/// # Errors
/// [`DbError::NotFound`].
pub fn get(conn: &mut Connection, id: &UnitId) -> DbResult<Unit> {
    find(conn, id.as_str())?.restore()
}

/// A page of units, by code.
///
/// # Errors
/// [`DbError::NotFound`] when the filter's subtree does not exist.
pub fn list(conn: &mut Connection, filter: &UnitFilter, page: &Page) -> DbResult<Slice<Unit>> {
    let range = filter.subtree.as_ref().map(|root| subtree(conn, root)).transpose()?;
    let after = page.cursor_parts::<1>()?;
    let rows: Vec<UnitRow> = on!(conn, c => {
        let mut query = units::table.select(UnitRow::as_select()).into_boxed();
        if let Some(range) = &range {
            query = query.filter(units::path.ge(&range.first).and(units::path.lt(&range.end)));
        }
        if let Some(parent) = &filter.parent {
            query = query.filter(units::parent.eq(parent.as_str()));
        }
        if let Some(level) = filter.level {
            query = query.filter(units::level.eq(level.as_str()));
        }
        if let Some(text) = &filter.name_contains {
            query = query.filter(units::name.like(super::dialect::contains(text)).escape('\\'));
        }
        only_visible!(query, page, unit units::id);
        match (page.descending, after) {
            (false, Some([id])) => query = query.filter(units::id.gt(id)),
            (true, Some([id])) => query = query.filter(units::id.lt(id)),
            _ => {}
        }
        query = if page.descending { query.order(units::id.desc()) } else { query.order(units::id.asc()) };
        query.limit(page.fetch()).load(c)
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    let items = rows.into_iter().map(UnitRow::restore).collect::<DbResult<_>>()?;
    Ok(Slice::cut(items, page, |unit: &Unit| cursor(&[unit.id.as_str()])))
}

/// Every unit of the subtree, parents before their children.
///
/// # Errors
/// [`DbError::NotFound`] when the root does not exist.
pub fn within(conn: &mut Connection, root: &UnitId) -> DbResult<Vec<Unit>> {
    let range = subtree(conn, root)?;
    let rows: Vec<UnitRow> = on!(conn, c => {
        units::table
            .filter(units::path.ge(&range.first).and(units::path.lt(&range.end)))
            .order(units::path)
            .select(UnitRow::as_select())
            .load(c)
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    rows.into_iter().map(UnitRow::restore).collect()
}

/// Every unit, parents before their children.
///
/// # Errors
/// Those of the connection.
pub fn all(conn: &mut Connection) -> DbResult<Vec<Unit>> {
    let rows: Vec<UnitRow> = on!(conn, c => units::table.order(units::path).select(UnitRow::as_select()).load(c))
        .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    rows.into_iter().map(UnitRow::restore).collect()
}

/// The units above this one, the root first.
///
/// # Errors
/// [`DbError::NotFound`].
pub fn ancestors(conn: &mut Connection, id: &UnitId) -> DbResult<Vec<UnitId>> {
    let path = find(conn, id.as_str())?.path;
    path.split('/')
        .filter(|part| !part.is_empty() && *part != id.as_str())
        .map(|part| restore(part.to_owned(), "units", "path"))
        .collect()
}

/// The units with these ids and all above them, parents before their children; unknown ids are left out.
///
/// # Errors
/// Those of the connection.
pub fn with_ancestors(conn: &mut Connection, ids: &[&str]) -> DbResult<Vec<Unit>> {
    let mut wanted: std::collections::BTreeSet<String> = std::collections::BTreeSet::new();
    for chunk in ids.chunks(IDS_PER_QUERY) {
        let paths: Vec<String> =
            on!(&mut *conn, c => units::table.filter(units::id.eq_any(chunk)).select(units::path).load(c))
                .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
        for path in paths {
            wanted.extend(path.split('/').filter(|part| !part.is_empty()).map(str::to_owned));
        }
    }
    let wanted: Vec<String> = wanted.into_iter().collect();
    let mut rows: Vec<UnitRow> = Vec::with_capacity(wanted.len());
    for chunk in wanted.chunks(IDS_PER_QUERY) {
        let found: Vec<UnitRow> =
            on!(&mut *conn, c => units::table.filter(units::id.eq_any(chunk)).select(UnitRow::as_select()).load(c))
                .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
        rows.extend(found);
    }
    rows.sort_unstable_by(|one, other| one.path.cmp(&other.path));
    rows.into_iter().map(UnitRow::restore).collect()
}

/// Adds a unit below its parent.
///
/// # Errors
/// [`DbError::Invalid`] when it has faults or its parent is not on a higher level, [`DbError::Conflict`] when the code
/// is taken or the parent does not exist.
pub fn insert(tx: &mut Tx<'_>, unit: &Unit) -> DbResult<()> {
    insert_many(tx, std::slice::from_ref(unit))
}

/// Adds many units with few statements, in any order.
///
/// # Errors
/// As for one; then none is added.
pub fn insert_many(tx: &mut Tx<'_>, batch: &[Unit]) -> DbResult<()> {
    super::dialect::lock_tree(tx)?;
    let mut sorted: Vec<&Unit> = batch.iter().collect();
    sorted.sort_by_key(|unit| unit.level);
    let mut known: HashMap<String, (String, UnitLevel)> = HashMap::new();
    let mut rows = Vec::with_capacity(batch.len());
    for unit in sorted {
        check(unit, KIND, unit.id.as_str())?;
        let path = match &unit.parent {
            None => format!("{}/", unit.id),
            Some(parent) => {
                if !known.contains_key(parent.as_str()) {
                    let above = parent_row(tx, unit, parent)?;
                    known.insert(above.id, (above.path, restore(above.level, KIND, "level")?));
                }
                let (path, level) = known.get(parent.as_str()).ok_or_else(|| missing_parent(parent))?;
                check_level(unit, *level)?;
                format!("{path}{}/", unit.id)
            }
        };
        known.insert(unit.id.store(), (path.clone(), unit.level));
        rows.push(UnitRow::store(unit, path));
    }
    for chunk in rows.chunks(rows_per_insert(UnitRow::COLUMNS)) {
        on!(&mut **tx, c => diesel::insert_into(units::table).values(chunk).execute(c))
            .map_err(|error| DbError::from_diesel(error, KIND, Verb::Store))?;
    }
    Ok(())
}

/// Replaces a unit whose stored version is the given unit's, moving its subtree when the parent changes, and answers
/// the new version.
///
/// # Errors
/// [`DbError::NotFound`], [`DbError::Stale`], those of `insert`, and [`DbError::Invalid`] when the new parent lies
/// below the unit or a child is not on a lower level.
pub fn update(tx: &mut Tx<'_>, unit: &Unit) -> DbResult<i64> {
    check(unit, KIND, unit.id.as_str())?;
    super::dialect::lock_tree(tx)?;
    let old = expect_version(tx, &unit.id, unit.version)?;
    let path = match &unit.parent {
        None => format!("{}/", unit.id),
        Some(parent) => {
            let above = parent_row(tx, unit, parent)?;
            if above.path.starts_with(&old.path) {
                return Err(invalid(
                    unit,
                    "unit-cycle",
                    "/parent",
                    format!("{parent} lies below {}", unit.id),
                    "choose a parent outside the unit's own subtree",
                ));
            }
            check_level(unit, restore(above.level, KIND, "level")?)?;
            format!("{}{}/", above.path, unit.id)
        }
    };
    check_children(tx, unit)?;
    if path != old.path {
        move_subtree(tx, &old.path, &path)?;
    }
    let mut row = UnitRow::store(unit, path);
    row.version += 1;
    on!(&mut **tx, c => diesel::update(units::table.find(unit.id.as_str())).set(&row).execute(c))
        .map_err(|error| DbError::from_diesel(error, KIND, Verb::Store))?;
    Ok(row.version)
}

/// Removes a unit without children, stations and people, if it still has the expected version.
///
/// # Errors
/// [`DbError::NotFound`], [`DbError::Stale`], or [`DbError::Conflict`] while others refer to it.
pub fn delete(tx: &mut Tx<'_>, id: &UnitId, version: i64) -> DbResult<()> {
    super::dialect::lock_tree(tx)?;
    expect_version(tx, id, version)?;
    on!(&mut **tx, c => diesel::delete(units::table.find(id.as_str())).execute(c))
        .map_err(|error| DbError::from_diesel(error, KIND, Verb::Delete))?;
    Ok(())
}

fn parent_row(tx: &mut Tx<'_>, unit: &Unit, parent: &UnitId) -> DbResult<UnitRow> {
    match find(tx, parent.as_str()) {
        Err(DbError::NotFound { .. }) => Err(missing_parent(parent)),
        Ok(row) if row.id == unit.id.as_str() => {
            Err(invalid(unit, "unit-cycle", "/parent", "a unit is its own parent", "name another unit as parent"))
        }
        other => other,
    }
}

fn missing_parent(parent: &UnitId) -> DbError {
    DbError::conflict(
        KIND,
        ConflictKind::MissingReference,
        format!("its parent {parent} does not exist; create that first or correct the code"),
    )
}

fn invalid(unit: &Unit, code: &'static str, pointer: &str, cause: impl Into<String>, action: &str) -> DbError {
    DbError::Invalid { kind: KIND, id: unit.id.store(), faults: vec![Fault::new(code, pointer, cause, action)] }
}

fn check_level(unit: &Unit, parent_level: UnitLevel) -> DbResult<()> {
    if parent_level < unit.level {
        return Ok(());
    }
    Err(invalid(
        unit,
        "unit-level",
        "/level",
        format!("a {} cannot stand below a {parent_level}", unit.level),
        "choose a parent on a higher level, or correct the level",
    ))
}

fn check_children(tx: &mut Tx<'_>, unit: &Unit) -> DbResult<()> {
    let levels: Vec<String> = on!(&mut **tx, c => {
        units::table.filter(units::parent.eq(unit.id.as_str())).select(units::level).distinct().load(c)
    })
    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
    for level in levels {
        let level: UnitLevel = restore(level, "units", "level")?;
        if level <= unit.level {
            return Err(invalid(
                unit,
                "unit-level",
                "/level",
                format!("it has a child that is a {level}"),
                "move the children first, or keep the level",
            ));
        }
    }
    Ok(())
}

fn move_subtree(tx: &mut Tx<'_>, old: &str, new: &str) -> DbResult<()> {
    let range = PathRange::of(old);
    on!(&mut **tx, c => {
        let moved: Vec<(String, String)> = units::table
            .filter(units::path.ge(&range.first).and(units::path.lt(&range.end)))
            .order(units::path)
            .select((units::id, units::path))
            .load(c)
            .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
        for (id, path) in moved {
            let path = format!("{new}{}", path.strip_prefix(old).unwrap_or_default());
            diesel::update(units::table.find(id)).set(units::path.eq(path)).execute(c)
                .map_err(|error| DbError::from_diesel(error, KIND, Verb::Store))?;
        }
    });
    Ok(())
}

fn expect_version(tx: &mut Tx<'_>, id: &UnitId, version: i64) -> DbResult<UnitRow> {
    let row = find(tx, id.as_str())?;
    if row.version == version {
        Ok(row)
    } else {
        Err(DbError::Stale { kind: KIND, id: id.store(), expected: version, actual: row.version })
    }
}
