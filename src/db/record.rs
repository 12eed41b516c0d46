//! How entities become rows and back, and the functions that every aggregate with a text id and a version shares.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};

use super::error::{DbError, DbResult};
use crate::domain::{Check, DaySet, Location, Milestone, TextEnum, TextId, TierTriple, Trail};

/// A value that a column stores as `C`.
pub(super) trait Stored<C>: Sized {
    /// The column's value.
    fn store(&self) -> C;

    /// The value of a column; `None` when no value of the type is stored so.
    fn restore(column: C) -> Option<Self>;
}

macro_rules! stored_as_is {
    ($($type:ty),*) => {$(
        impl Stored<$type> for $type {
            fn store(&self) -> $type {
                self.clone()
            }

            fn restore(column: $type) -> Option<Self> {
                Some(column)
            }
        }
    )*};
}

macro_rules! stored_as_bigint {
    ($($type:ty),*) => {$(
        impl Stored<i64> for $type {
            fn store(&self) -> i64 {
                i64::from(*self)
            }

            fn restore(column: i64) -> Option<Self> {
                Self::try_from(column).ok()
            }
        }
    )*};
}

stored_as_is!(String, i64, f64, bool, NaiveDate, NaiveDateTime);
stored_as_bigint!(u8, u16, u32, i32);

impl Stored<NaiveDateTime> for DateTime<Utc> {
    fn store(&self) -> NaiveDateTime {
        self.naive_utc()
    }

    fn restore(column: NaiveDateTime) -> Option<Self> {
        Some(column.and_utc())
    }
}

/// Ids and enumerations, which both are text.
macro_rules! stored_as_text {
    (ids: $($id:ident),*; enums: $($enum:ident),* $(,)?) => {
        $(impl Stored<String> for crate::domain::$id {
            fn store(&self) -> String {
                TextId::as_str(self).to_owned()
            }

            fn restore(column: String) -> Option<Self> {
                <Self as TextId>::parse(&column).ok()
            }
        })*
        $(impl Stored<String> for crate::domain::$enum {
            fn store(&self) -> String {
                TextEnum::as_str(*self).to_owned()
            }

            fn restore(column: String) -> Option<Self> {
                <Self as TextEnum>::parse(&column)
            }
        })*
    };
}

stored_as_text! {
    ids: UnitId, StationId, PersonId, ContractId, SkillId, ShiftTypeId, SecondmentId, LendingId, AvailabilityId,
         TemplateId, PostId, ProfileId, ScheduleId, JobId, AccountId, ApiKeyId, CaseId, CaseCategoryId, ReceptionId,
         VisitId, QuotaId, ResourceId, LoanId, BookingId, ActivityId, NeedId, ProjectId, ResourceEventId, SwapId,
         ReplanEventId, CalendarKeyId, OverrideId, ChannelId, DeliveryId;
    enums: UnitLevel, Category, StationKind, HoursDay, AvailabilityKind, ScheduleStatus, OutcomeStatus, JobKind,
           JobStatus, AssignmentSource, Role, CaseChannel, CaseStatus, CaseMove, Satisfaction, ResourceKind,
           BaseKind, BookingSource, BookingStatus, NeedStatus, ProjectStatus, ActivityStatus, ResourceEventKind,
           ReceptionStatus, MatterStatus, VisitStatus, QuotaKind, ReplanKind, SwapMode, SwapStatus, ChannelKind,
           DeliveryStatus, Settlement,
}

impl Stored<i64> for DaySet {
    fn store(&self) -> i64 {
        i64::from(self.bits())
    }

    fn restore(column: i64) -> Option<Self> {
        u8::try_from(column).ok().map(Self::from_bits)
    }
}

/// Written `1,2,3`.
impl Stored<String> for TierTriple {
    fn store(&self) -> String {
        let [first, second, third] = self.0;
        format!("{first},{second},{third}")
    }

    fn restore(column: String) -> Option<Self> {
        let values: Vec<i64> = column.split(',').map(str::parse).collect::<Result<_, _>>().ok()?;
        values.try_into().ok().map(Self)
    }
}

/// A line for each milestone, as `1500 300,20,7 -`: milliseconds, values, bounds; `-` for what was not known.
impl Stored<String> for Trail {
    fn store(&self) -> String {
        let word = |triple: Option<TierTriple>| triple.map_or_else(|| "-".to_owned(), |known| known.store());
        let line = |one: &Milestone| format!("{} {} {}", one.millis, word(one.incumbent), word(one.bound));
        self.milestones().iter().map(line).collect::<Vec<_>>().join("\n")
    }

    fn restore(column: String) -> Option<Self> {
        let triple = |word: &str| if word == "-" { Some(None) } else { TierTriple::restore(word.to_owned()).map(Some) };
        let milestone = |line: &str| {
            let mut words = line.split(' ');
            let millis = words.next()?.parse().ok()?;
            let (incumbent, bound) = (triple(words.next()?)?, triple(words.next()?)?);
            words.next().is_none().then_some(Milestone { millis, incumbent, bound })
        };
        column.lines().map(milestone).collect::<Option<Vec<_>>>().map(Self::from)
    }
}

impl<C, T: Stored<C>> Stored<Option<C>> for Option<T> {
    fn store(&self) -> Option<C> {
        self.as_ref().map(Stored::store)
    }

    fn restore(column: Option<C>) -> Option<Self> {
        match column {
            Some(column) => T::restore(column).map(Some),
            None => Some(None),
        }
    }
}

/// Reads a column into a field, or says which value cannot be read.
pub(super) fn restore<C: Clone + std::fmt::Debug, T: Stored<C>>(
    column: C,
    table: &'static str,
    name: &'static str,
) -> DbResult<T> {
    let shown = column.clone();
    T::restore(column).ok_or_else(|| DbError::Corrupt { table, column: name, value: format!("{shown:?}") })
}

/// Refuses an entity with faults.
pub(super) fn check<T: Check>(entity: &T, kind: &'static str, id: &str) -> DbResult<()> {
    let faults = entity.faults();
    if faults.is_empty() { Ok(()) } else { Err(DbError::Invalid { kind, id: id.to_owned(), faults }) }
}

/// Defines the row of a table and how an entity becomes it and back. `located` names a field of type
/// `Option<Location>`, kept in the columns `latitude` and `longitude`. Fields after `besides` are not columns of the
/// table: they start empty and are filled from child tables.
macro_rules! record {
    (
        $table:ident, $entity:ident, $row:ident { $($field:ident: $column:ty),* $(,)? }
        $(located $located:ident)?
        $(besides { $($besides:ident),* })?
    ) => {
        crate::db::record::row!($table, $row { $($field: $column,)* }
            $({ $located latitude: Option<f64>, longitude: Option<f64> })?);

        impl $row {
            #[allow(dead_code, reason = "aggregates without inserts of many rows need no count")]
            pub(super) const COLUMNS: usize = [$(stringify!($field)),*].len() + 2;

            pub(super) fn store(entity: &$entity) -> Self {
                Self {
                    $($field: crate::db::record::Stored::store(&entity.$field),)*
                    $(
                        latitude: entity.$located.map(|at| at.latitude),
                        longitude: entity.$located.map(|at| at.longitude),
                    )?
                }
            }

            pub(super) fn restore(self) -> crate::db::DbResult<$entity> {
                Ok($entity {
                    $($field: crate::db::record::restore(self.$field, stringify!($table), stringify!($field))?,)*
                    $($located: crate::db::record::location(self.latitude, self.longitude),)?
                    $($($besides: Default::default(),)*)?
                })
            }
        }
    };
}

/// The struct of a row; the name before extra columns only marks that they are there.
macro_rules! row {
    (
        $table:ident, $row:ident { $($field:ident: $column:ty,)* }
        $({ $marker:ident $($extra:ident: $extra_column:ty),* })?
    ) => {
        #[derive(Debug, Clone, diesel::Queryable, diesel::Selectable, diesel::Insertable, diesel::AsChangeset)]
        #[diesel(table_name = crate::db::schema::$table, treat_none_as_null = true, treat_none_as_default_value = false)]
        pub(super) struct $row {
            $($field: $column,)*
            $($($extra: $extra_column,)*)?
        }
    };
}

/// A position from its two columns.
pub(super) fn location(latitude: Option<f64>, longitude: Option<f64>) -> Option<Location> {
    latitude.zip(longitude).map(|(latitude, longitude)| Location { latitude, longitude })
}

/// Defines `get`, `insert`, `insert_many`, `update` and `delete` of a table with a text `id` and a `version`.
/// `children` names the module with `load`, `save` and `clear` of the entity's child tables.
macro_rules! crud {
    ($table:ident, $entity:ident, $id:ident, $row:ident, children: $children:ident) => {
        /// The entity with this id.
        ///
        /// # Errors
        /// [`DbError::NotFound`](crate::db::DbError::NotFound).
        pub fn get(conn: &mut crate::db::Connection, id: &crate::domain::$id) -> crate::db::DbResult<$entity> {
            let row: Option<$row> = crate::db::dialect::on!(&mut *conn, c => {
                schema::$table::table.find(id.as_str()).select($row::as_select()).first(c).optional()
            })
            .map_err(|error| crate::db::DbError::from_diesel(error, KIND, crate::db::error::Verb::Read))?;
            let row = row.ok_or_else(|| crate::db::DbError::not_found(KIND, id.as_str()))?;
            let mut entities = [row.restore()?];
            $children::load(conn, &mut entities)?;
            let [entity] = entities;
            Ok(entity)
        }

        /// Adds an entity.
        ///
        /// # Errors
        /// [`DbError::Invalid`](crate::db::DbError::Invalid) when it has faults,
        /// [`DbError::Conflict`](crate::db::DbError::Conflict) when the id is taken or a reference is missing.
        pub fn insert(tx: &mut crate::db::Tx<'_>, entity: &$entity) -> crate::db::DbResult<()> {
            insert_many(tx, std::slice::from_ref(entity))
        }

        /// Adds many entities with few statements.
        ///
        /// # Errors
        /// As for one; then none is added.
        pub fn insert_many(tx: &mut crate::db::Tx<'_>, entities: &[$entity]) -> crate::db::DbResult<()> {
            for entity in entities {
                crate::db::record::check(entity, KIND, entity.id.as_str())?;
            }
            for chunk in entities.chunks(crate::db::dialect::rows_per_insert($row::COLUMNS)) {
                let rows: Vec<$row> = chunk.iter().map($row::store).collect();
                crate::db::dialect::on!(&mut **tx, c => {
                    diesel::insert_into(schema::$table::table).values(&rows).execute(c)
                })
                .map_err(|error| crate::db::DbError::from_diesel(error, KIND, crate::db::error::Verb::Store))?;
            }
            $children::save(tx, entities)
        }

        /// Replaces an entity whose stored version is the given entity's, and answers the new version.
        ///
        /// # Errors
        /// [`DbError::NotFound`](crate::db::DbError::NotFound), [`DbError::Stale`](crate::db::DbError::Stale),
        /// and those of `insert`.
        pub fn update(tx: &mut crate::db::Tx<'_>, entity: &$entity) -> crate::db::DbResult<i64> {
            crate::db::record::check(entity, KIND, entity.id.as_str())?;
            expect_version(tx, &entity.id, entity.version)?;
            let mut row = $row::store(entity);
            row.version += 1;
            crate::db::dialect::on!(&mut **tx, c => {
                diesel::update(schema::$table::table.find(entity.id.as_str())).set(&row).execute(c)
            })
            .map_err(|error| crate::db::DbError::from_diesel(error, KIND, crate::db::error::Verb::Store))?;
            $children::clear(tx, &entity.id)?;
            $children::save(tx, std::slice::from_ref(entity))?;
            Ok(row.version)
        }

        /// Removes the entity, if it still has the expected version.
        ///
        /// # Errors
        /// [`DbError::NotFound`](crate::db::DbError::NotFound), [`DbError::Stale`](crate::db::DbError::Stale), or
        /// [`DbError::Conflict`](crate::db::DbError::Conflict) while others refer to it.
        pub fn delete(tx: &mut crate::db::Tx<'_>, id: &crate::domain::$id, version: i64) -> crate::db::DbResult<()> {
            expect_version(tx, id, version)?;
            crate::db::dialect::on!(&mut **tx, c => {
                diesel::delete(schema::$table::table.find(id.as_str())).execute(c)
            })
            .map_err(|error| crate::db::DbError::from_diesel(error, KIND, crate::db::error::Verb::Delete))?;
            Ok(())
        }

        /// Fails unless the stored entity has the version, and locks its row until the transaction ends.
        fn expect_version(tx: &mut crate::db::Tx<'_>, id: &crate::domain::$id, version: i64) -> crate::db::DbResult<()> {
            let find = schema::$table::table.find(id.as_str()).select(schema::$table::version);
            let stored: Option<i64> = match &mut **tx {
                crate::db::Connection::Sqlite(c) => find.first(c).optional(),
                crate::db::Connection::Postgresql(c) => find.for_update().first(c).optional(),
            }
            .map_err(|error| crate::db::DbError::from_diesel(error, KIND, crate::db::error::Verb::Read))?;
            match stored {
                None => Err(crate::db::DbError::not_found(KIND, id.as_str())),
                Some(actual) if actual != version => Err(crate::db::DbError::Stale {
                    kind: KIND,
                    id: id.as_str().to_owned(),
                    expected: version,
                    actual,
                }),
                Some(_) => Ok(()),
            }
        }
    };
}

pub(super) use {crud, record, row};

/// The children of an entity without child tables.
pub(super) mod childless {
    use crate::db::{Connection, DbResult, Tx};

    #[expect(clippy::unnecessary_wraps, reason = "the signature of every aggregate's children")]
    pub(in crate::db) fn load<T>(_conn: &mut Connection, _entities: &mut [T]) -> DbResult<()> {
        Ok(())
    }

    #[expect(clippy::unnecessary_wraps, reason = "the signature of every aggregate's children")]
    pub(in crate::db) fn save<T>(_tx: &mut Tx<'_>, _entities: &[T]) -> DbResult<()> {
        Ok(())
    }

    #[expect(clippy::unnecessary_wraps, reason = "the signature of every aggregate's children")]
    pub(in crate::db) fn clear<I>(_tx: &mut Tx<'_>, _id: &I) -> DbResult<()> {
        Ok(())
    }
}
