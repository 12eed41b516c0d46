//! Two shapes that aggregates share: child rows behind a list field, and pages ordered by id.

/// Defines a module with `load`, `save` and `clear` of one child table, for [`crud!`](super::record::crud).
macro_rules! children {
    (
        $module:ident: $entity:ident.$list:ident, of $id:ident,
        $table:ident by $key:ident, $columns:literal columns,
        read $select:expr, as $row:ty, |$read:ident| $child:expr,
        write |$parent:ident, $item:ident| $values:expr
    ) => {
        pub(super) mod $module {
            use super::*;
            use crate::db::dialect::{IDS_PER_QUERY, on, rows_per_insert};
            use crate::db::error::Verb;
            use crate::db::record::Stored as _;
            use crate::db::schema::$table;

            pub(in crate::db) fn load(conn: &mut crate::db::Connection, entities: &mut [$entity]) -> DbResult<()> {
                for chunk in entities.chunks_mut(IDS_PER_QUERY) {
                    let ids: Vec<String> = chunk.iter().map(|entity| entity.id.store()).collect();
                    let rows: Vec<(String, $row)> = on!(&mut *conn, c => {
                        $table::table
                            .filter($table::$key.eq_any(&ids))
                            .order(diesel::Table::primary_key(&$table::table))
                            .select(($table::$key, $select))
                            .load(c)
                    })
                    .map_err(|error| crate::db::DbError::from_diesel(error, KIND, Verb::Read))?;
                    let mut by_id: std::collections::HashMap<String, &mut $entity> =
                        chunk.iter_mut().map(|entity| (entity.id.store(), entity)).collect();
                    for (id, $read) in rows {
                        if let Some(entity) = by_id.get_mut(&id) {
                            entity.$list.push($child);
                        }
                    }
                }
                Ok(())
            }

            pub(in crate::db) fn save(tx: &mut crate::db::Tx<'_>, entities: &[$entity]) -> DbResult<()> {
                let rows: Vec<_> = entities
                    .iter()
                    .flat_map(|entity| entity.$list.iter().map(move |item| (entity, item)))
                    .map(|($parent, $item)| $values)
                    .collect();
                for chunk in rows.chunks(rows_per_insert($columns)) {
                    on!(&mut **tx, c => diesel::insert_into($table::table).values(chunk).execute(c))
                        .map_err(|error| crate::db::DbError::from_diesel(error, KIND, Verb::Store))?;
                }
                Ok(())
            }

            pub(in crate::db) fn clear(tx: &mut crate::db::Tx<'_>, id: &crate::domain::$id) -> DbResult<()> {
                on!(&mut **tx, c => {
                    diesel::delete($table::table.filter($table::$key.eq(id.as_str()))).execute(c)
                })
                .map(drop)
                .map_err(|error| crate::db::DbError::from_diesel(error, KIND, Verb::Delete))
            }
        }
    };
}

/// Defines `list`: a page by id, narrowed by a filter. `prepare` runs before the query and may use the connection;
/// `narrow` may name the page besides the query.
macro_rules! list_by_id {
    (
        $(#[$doc:meta])*
        $table:ident, $entity:ident, $row:ident, $filter_type:ident, children: $children:ident,
        prepare |$conn:ident, $filter:ident| { $($prepare:tt)* },
        narrow |$query:ident $(, $page:ident)?| { $($narrow:tt)* }
    ) => {
        $(#[$doc])*
        ///
        /// # Errors
        /// [`DbError::NotFound`](crate::db::DbError::NotFound) when the filter names a subtree that does not exist.
        pub fn list(
            $conn: &mut crate::db::Connection,
            $filter: &$filter_type,
            page: &crate::db::Page,
        ) -> DbResult<crate::db::Slice<$entity>> {
            $($prepare)*
            let after = page.cursor_parts::<1>()?;
            let rows: Vec<$row> = crate::db::dialect::on!(&mut *$conn, c => {
                let mut $query = schema::$table::table.select($row::as_select()).into_boxed();
                $(let $page = page;)?
                $($narrow)*
                match (page.descending, after) {
                    (false, Some([id])) => $query = $query.filter(schema::$table::id.gt(id)),
                    (true, Some([id])) => $query = $query.filter(schema::$table::id.lt(id)),
                    _ => {}
                }
                $query = if page.descending {
                    $query.order(schema::$table::id.desc())
                } else {
                    $query.order(schema::$table::id.asc())
                };
                $query.limit(page.fetch()).load(c)
            })
            .map_err(|error| crate::db::DbError::from_diesel(error, KIND, crate::db::error::Verb::Read))?;
            let mut items = rows.into_iter().map($row::restore).collect::<DbResult<Vec<_>>>()?;
            $children::load($conn, &mut items)?;
            Ok(crate::db::Slice::cut(items, page, |item: &$entity| crate::db::page::cursor(&[item.id.as_str()])))
        }
    };
}

pub(super) use {children, list_by_id};
