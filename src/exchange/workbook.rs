//! Writing workbooks: tables of text, and the roster sheet that offices print.

use rust_xlsxwriter::{Color, DataValidation, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};

/// A column of a table.
#[derive(Debug, Clone)]
pub struct Column {
    /// Header.
    pub header: &'static str,
    /// How it is filled in.
    pub note: &'static str,
    /// What may be chosen from.
    pub choices: Vec<&'static str>,
    /// An example.
    pub example: &'static str,
}

/// A workbook with a title, headers and rows of text, and a sheet that says how to fill it in. Errors, one text per row
/// that has any, stand in a red last column.
///
/// # Errors
/// When the workbook cannot be written.
pub fn table(
    title: &str,
    columns: &[Column],
    rows: &[Vec<String>],
    errors: Option<&[String]>,
) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let bold = Format::new().set_bold();
    let text = Format::new().set_num_format("@");
    let red = Format::new().set_font_color(Color::Red).set_bold();
    let sheet = book.add_worksheet().set_name("数据")?;
    sheet.write_string_with_format(0, 0, title, &bold)?;
    for (at, column) in (0_u16..).zip(columns) {
        // Codes and numbers stay text, so that no zero is lost and nothing turns into 1.1E+17.
        sheet.set_column_format(at, &text)?.set_column_width(at, 16)?;
        sheet.write_string_with_format(1, at, column.header, &bold)?;
        if !column.choices.is_empty() {
            let list = DataValidation::new().allow_list_strings(&column.choices)?;
            sheet.add_data_validation(2, at, 20_001, at, &list)?;
        }
    }
    for (at, row) in (2_u32..).zip(rows) {
        for (column, value) in (0_u16..).zip(row) {
            if !value.is_empty() {
                sheet.write_string_with_format(at, column, value, &text)?;
            }
        }
    }
    if let Some(errors) = errors {
        let last = u16::try_from(columns.len()).unwrap_or(0);
        sheet.set_column_width(last, 60)?;
        sheet.write_string_with_format(1, last, "错误", &red)?;
        for (at, error) in (2_u32..).zip(errors) {
            if !error.is_empty() {
                sheet.write_string_with_format(at, last, error, &red)?;
            }
        }
    }
    sheet.set_freeze_panes(2, 0)?;
    let help = book.add_worksheet().set_name("填表说明")?;
    for (at, header) in (0_u16..).zip(["列", "说明", "示例"]) {
        help.write_string_with_format(0, at, header, &bold)?;
        help.set_column_width(at, 36)?;
    }
    for (at, column) in (1_u32..).zip(columns) {
        help.write_string(at, 0, column.header)?;
        help.write_string(at, 1, column.note)?;
        help.write_string(at, 2, column.example)?;
    }
    book.save_to_buffer()
}

/// A cell of a report.
#[derive(Debug, Clone, PartialEq)]
pub enum Figure {
    /// Text.
    Text(String),
    /// A number.
    Number(f64),
}

/// A report: a title, a line that says what is reported, headers and rows; numbers are numbers. Printed on A4 landscape,
/// one page wide, with the headers on each page.
///
/// # Errors
/// When the workbook cannot be written.
pub fn report(title: &str, line: &str, headers: &[&str], rows: &[Vec<Figure>]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name(title)?;
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    sheet.set_repeat_rows(2, 2)?;
    let head = Format::new().set_bold().set_text_wrap().set_border(FormatBorder::Thin);
    let text = Format::new().set_num_format("@").set_border(FormatBorder::Thin);
    let number = Format::new().set_border(FormatBorder::Thin);
    sheet.write_string_with_format(0, 0, title, &Format::new().set_bold().set_font_size(16))?;
    sheet.write_string(1, 0, line)?;
    for (at, header) in (0_u16..).zip(headers) {
        sheet.set_column_width(at, 16)?;
        sheet.write_string_with_format(2, at, *header, &head)?;
    }
    for (at, row) in (3_u32..).zip(rows) {
        for (column, figure) in (0_u16..).zip(row) {
            match figure {
                Figure::Text(value) => sheet.write_string_with_format(at, column, value, &text)?,
                Figure::Number(value) => sheet.write_number_with_format(at, column, *value, &number)?,
            };
        }
    }
    sheet.set_freeze_panes(3, 0)?;
    book.save_to_buffer()
}

/// A line of a roster.
#[derive(Debug, Clone)]
pub struct RosterLine {
    /// 日期 星期 时段 岗位 带班领导 值班人员 联系电话 备注.
    pub cells: [String; 8],
    /// A day off.
    pub is_holiday: bool,
}

/// Headers of a roster.
pub const ROSTER_HEADERS: [&str; 8] = ["日期", "星期", "时段", "岗位", "带班领导", "值班人员", "联系电话", "备注"];

/// The roster sheet 值班表: A4 landscape, headers repeated on each page, days off in red.
///
/// # Errors
/// When the workbook cannot be written.
pub fn roster(unit: &str, week: &str, lines: &[RosterLine]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let sheet: &mut Worksheet = book.add_worksheet().set_name("值班表")?;
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    sheet.set_repeat_rows(2, 2)?;
    let framed = || Format::new().set_border(FormatBorder::Thin).set_text_wrap();
    let (plain, red) = (framed(), framed().set_font_color(Color::Red));
    let head = framed().set_bold().set_align(FormatAlign::Center);
    let title = Format::new().set_bold().set_font_size(18).set_align(FormatAlign::Center);
    let centred = Format::new().set_align(FormatAlign::Center);
    sheet.merge_range(0, 0, 0, 7, &format!("{unit}值班表"), &title)?;
    sheet.merge_range(1, 0, 1, 7, week, &centred)?;
    for (at, (header, width)) in (0_u16..).zip(ROSTER_HEADERS.iter().zip([12, 10, 14, 26, 14, 26, 18, 16])) {
        sheet.set_column_width(at, width)?;
        sheet.write_string_with_format(2, at, *header, &head)?;
    }
    let mut at = 3;
    for line in lines {
        let format = if line.is_holiday { &red } else { &plain };
        for (column, text) in (0_u16..).zip(&line.cells) {
            sheet.write_string_with_format(at, column, text, format)?;
        }
        at += 1;
    }
    sheet.write_string(at + 1, 0, "制表人：")?;
    sheet.write_string(at + 1, 5, "审核人：")?;
    book.save_to_buffer()
}
