//! What the tables of rosters' decisions share: rows by schedule and by what is decided about, read, paged, replaced
//! whole, and copied into the next version.

/// Defines the row of a table of decisions with `of_schedule`, `list`, `store` and `copy_all`. Lists are ordered by the
/// column `by` and narrowed by the column `narrowed by`; `children` fills the list after `besides`.
macro_rules! decisions {
    (
        $table:ident, $entity:ident { $($column:ident: $type:ty => $field:ident),* $(,)? }
        $(besides $list:ident)?,
        by $key:ident => $subject:ident, narrowed by $narrow:ident: $wanted:ty, children: $children:ident
    ) => {
        crate::db::record::row!($table, Row { $($column: $type,)* });

        impl Row {
            const COLUMNS: usize = [$(stringify!($column)),*].len();

            fn store(entity: &$entity) -> Self {
                Self { $($column: crate::db::record::Stored::store(&entity.$field),)* }
            }

            fn restore(self) -> DbResult<$entity> {
                Ok($entity {
                    $($field: crate::db::record::restore(self.$column, stringify!($table), stringify!($column))?,)*
                    $($list: Vec::new(),)?
                })
            }

            fn restore_all(conn: &mut Connection, rows: Vec<Self>) -> DbResult<Vec<$entity>> {
                let mut entities = rows.into_iter().map(Self::restore).collect::<DbResult<Vec<_>>>()?;
                $children::load(conn, &mut entities)?;
                Ok(entities)
            }
        }

        /// Everything that a schedule decides.
        ///
        /// # Errors
        /// Those of the connection.
        pub fn of_schedule(conn: &mut Connection, id: &ScheduleId) -> DbResult<Vec<$entity>> {
            use crate::db::schema::$table as t;

            let rows: Vec<Row> = on!(&mut *conn, c => {
                t::table.filter(t::schedule.eq(id.as_str())).order(t::$key).select(Row::as_select()).load(c)
            })
            .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
            Row::restore_all(conn, rows)
        }

        /// A page of what a schedule decides.
        ///
        /// # Errors
        /// Those of the connection.
        pub fn list(
            conn: &mut Connection,
            id: &ScheduleId,
            wanted: Option<$wanted>,
            page: &crate::db::Page,
        ) -> DbResult<crate::db::Slice<$entity>> {
            use crate::db::schema::$table as t;

            let after = page.cursor_parts::<1>()?;
            let rows: Vec<Row> = on!(&mut *conn, c => {
                let mut query = t::table.filter(t::schedule.eq(id.as_str())).select(Row::as_select()).into_boxed();
                if let Some(wanted) = &wanted {
                    query = query.filter(t::$narrow.eq(crate::db::record::Stored::store(wanted)));
                }
                if let Some([after]) = after {
                    query = query.filter(t::$key.gt(after));
                }
                query.order(t::$key).limit(page.fetch()).load(c)
            })
            .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
            let items = Row::restore_all(conn, rows)?;
            let cursor = |item: &$entity| crate::db::page::cursor(&[item.$subject.as_str()]);
            Ok(crate::db::Slice::cut(items, page, cursor))
        }

        /// Replaces what a schedule decides.
        ///
        /// # Errors
        /// Those of the connection.
        pub(super) fn store(tx: &mut Tx<'_>, id: &ScheduleId, planned: &[$entity]) -> DbResult<()> {
            use crate::db::schema::$table as t;

            on!(&mut **tx, c => diesel::delete(t::table.filter(t::schedule.eq(id.as_str()))).execute(c))
                .map_err(|error| DbError::from_diesel(error, KIND, Verb::Delete))?;
            let own: Vec<$entity> = planned.iter().map(|one| $entity { schedule: id.clone(), ..one.clone() }).collect();
            let rows: Vec<Row> = own.iter().map(Row::store).collect();
            for chunk in rows.chunks(crate::db::dialect::rows_per_insert(Row::COLUMNS)) {
                on!(&mut **tx, c => diesel::insert_into(t::table).values(chunk).execute(c))
                    .map_err(|error| DbError::from_diesel(error, KIND, Verb::Store))?;
            }
            $children::save(tx, &own)
        }

        /// Lets a new version of a roster decide as the version before, but for what it decides anew.
        ///
        /// # Errors
        /// Those of the connection.
        pub(super) fn copy_all(tx: &mut Tx<'_>, from: &ScheduleId, to: &ScheduleId, anew: &[$entity]) -> DbResult<()> {
            let mut planned = of_schedule(tx, from)?;
            planned.retain(|old| anew.iter().all(|new| new.$subject != old.$subject));
            planned.extend_from_slice(anew);
            store(tx, to, &planned)
        }
    };
}

/// Defines what decisions have besides that publication writes to their subjects: `in_force`, and how the versions of
/// the subjects follow what is written and taken back.
macro_rules! written {
    ($table:ident, $entity:ident by $key:ident, $version:ident) => {
        /// What published rosters, other than the given one, have decided from one day to another, inclusive.
        ///
        /// # Errors
        /// Those of the connection.
        pub fn in_force(
            conn: &mut Connection,
            besides: &ScheduleId,
            from: NaiveDate,
            to: NaiveDate,
        ) -> DbResult<Vec<$entity>> {
            use crate::db::schema::{$table as t, schedules};

            let rows: Vec<Row> = on!(&mut *conn, c => {
                t::table
                    .inner_join(schedules::table.on(schedules::id.eq(t::schedule)))
                    .filter(schedules::status.eq(crate::domain::ScheduleStatus::Published.as_str()))
                    .filter(t::schedule.ne(besides.as_str()))
                    .filter(t::date.between(from, to))
                    .order((t::schedule, t::$key))
                    .select(Row::as_select())
                    .load(c)
            })
            .map_err(|error| DbError::from_diesel(error, KIND, Verb::Read))?;
            Row::restore_all(conn, rows)
        }

        /// Says that publication has written a decision to its subject, which stood as `former` says and has this version
        /// now.
        ///
        /// # Errors
        /// Those of the connection.
        pub fn carried_out(
            tx: &mut Tx<'_>,
            schedule: &ScheduleId,
            subject: &str,
            version: i64,
            former: &str,
        ) -> DbResult<()> {
            use crate::db::schema::$table as t;

            on!(&mut **tx, c => {
                diesel::update(t::table.find((schedule.as_str(), subject)))
                    .set((t::carried_out.eq(true), t::$version.eq(version), t::former.eq(former)))
                    .execute(c)
            })
            .map(drop)
            .map_err(|error| DbError::from_diesel(error, KIND, Verb::Store))
        }

        /// Lets a schedule's decision hold for this version of its subject.
        ///
        /// # Errors
        /// Those of the connection.
        pub fn knows(tx: &mut Tx<'_>, schedule: &ScheduleId, subject: &str, version: i64) -> DbResult<()> {
            use crate::db::schema::$table as t;

            on!(&mut **tx, c => {
                diesel::update(t::table.find((schedule.as_str(), subject))).set(t::$version.eq(version)).execute(c)
            })
            .map(drop)
            .map_err(|error| DbError::from_diesel(error, KIND, Verb::Store))
        }

        /// Says that a subject stands again as in its version `former`, under the version `now`: what was written to it
        /// as the version `written` is written no longer, and decisions that hold for either hold for the new one.
        ///
        /// # Errors
        /// Those of the connection.
        pub fn taken_back(
            tx: &mut Tx<'_>,
            subject: &str,
            (former, written): (i64, i64),
            now: i64,
        ) -> DbResult<()> {
            use crate::db::schema::$table as t;

            on!(&mut **tx, c => {
                let rows = t::table.filter(t::$key.eq(subject)).filter(t::$version.eq(written));
                diesel::update(rows).set((t::carried_out.eq(false), t::former.eq(None::<String>))).execute(c)
            })
            .map_err(|error| DbError::from_diesel(error, KIND, Verb::Store))?;
            on!(&mut **tx, c => {
                let rows = t::table.filter(t::$key.eq(subject)).filter(t::$version.eq_any([former, written]));
                diesel::update(rows).set(t::$version.eq(now)).execute(c)
            })
            .map(drop)
            .map_err(|error| DbError::from_diesel(error, KIND, Verb::Store))
        }
    };
}

pub(super) use {decisions, written};
