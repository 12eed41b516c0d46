//! Keyset paging: a page is what comes after a cursor in a total order.

use super::error::{DbError, DbResult};
use crate::domain::{Fault, Visible};

/// Most items on a page.
pub const MAX_PAGE: u16 = 500;

/// Which page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Cursor of the last item of the page before; none for the first page.
    pub after: Option<String>,
    /// Most items, 1 to [`MAX_PAGE`]; other values are brought into that range.
    pub limit: u16,
    /// In the reverse of the list's order.
    pub descending: bool,
    /// Only what the reader may see.
    pub visible: Visible,
}

impl Default for Page {
    fn default() -> Self {
        Self { after: None, limit: 50, descending: false, visible: Visible::Everything }
    }
}

impl Page {
    /// The first page.
    #[must_use]
    pub const fn first(limit: u16) -> Self {
        Self { after: None, limit, descending: false, visible: Visible::Everything }
    }

    /// The page after a cursor.
    #[must_use]
    pub fn after(cursor: impl Into<String>, limit: u16) -> Self {
        Self { after: Some(cursor.into()), limit, descending: false, visible: Visible::Everything }
    }

    /// One row more than the page holds, which tells whether another page follows.
    pub(super) fn fetch(&self) -> i64 {
        i64::from(self.limit.clamp(1, MAX_PAGE)) + 1
    }

    /// The parts of a cursor that was made of so many.
    pub(super) fn cursor_parts<const N: usize>(&self) -> DbResult<Option<[&str; N]>> {
        let Some(cursor) = &self.after else { return Ok(None) };
        let parts: Vec<&str> = cursor.split(SEPARATOR).collect();
        <[&str; N]>::try_from(parts).map(Some).map_err(|_| malformed(cursor))
    }
}

/// Separates the parts of a cursor; never part of a stored text, since control characters are refused.
const SEPARATOR: char = '\u{1f}';

/// A cursor of several parts.
pub(super) fn cursor(parts: &[&str]) -> String {
    parts.join(&SEPARATOR.to_string())
}

/// The parts of a cursor of date, minute and id.
pub(super) fn dated_cursor([date, start, id]: [&str; 3]) -> DbResult<(chrono::NaiveDate, i64, &str)> {
    date.parse().ok().zip(start.parse().ok()).map(|(date, start)| (date, start, id)).ok_or_else(|| malformed(id))
}

/// The error of a cursor that is not one of the list.
pub(super) fn malformed(cursor: &str) -> DbError {
    DbError::Invalid {
        kind: "cursor",
        id: cursor.to_owned(),
        faults: vec![Fault::new(
            "malformed-cursor",
            "/after",
            "the cursor is not one of this list",
            "follow the `next` link of the page before, unchanged",
        )],
    }
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slice<T> {
    /// Items in the list's order.
    pub items: Vec<T>,
    /// Cursor for the page after; none when this is the last.
    pub next: Option<String>,
}

impl<T> Slice<T> {
    /// Cuts the extra row off and makes the cursor from the last that stays.
    pub(super) fn cut(mut items: Vec<T>, page: &Page, cursor: impl Fn(&T) -> String) -> Self {
        let limit = usize::from(page.limit.clamp(1, MAX_PAGE));
        let more = items.len() > limit;
        items.truncate(limit);
        let next = if more { items.last().map(cursor) } else { None };
        Self { items, next }
    }
}
