//! Data in and out in the forms that offices use.
//!
//! - [`ics`]: iCalendar feeds, and the holidays of an iCalendar file.
//! - [`table`]: what a spreadsheet holds, read from xlsx or csv; [`workbook`]: written as xlsx.

pub mod ics;
pub mod table;
pub mod workbook;
