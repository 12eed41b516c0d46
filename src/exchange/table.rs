//! Reading the cells of a spreadsheet that somebody sent: xlsx, or csv in UTF-8 or GBK. Nothing in it is trusted.

use std::io::{Cursor, Read as _};

use calamine::{Data, Reader as _, Xlsx};

/// Most bytes that a workbook may unpack to; 20,000 people need about a tenth.
const MAX_UNPACKED: u64 = 100 * 1024 * 1024;
/// Most parts of a workbook.
const MAX_PARTS: usize = 2_000;
/// Most rows of a table.
pub const MAX_ROWS: usize = 100_000;
/// Most columns of a table.
const MAX_COLUMNS: usize = 100;

/// Why a file cannot be read, in Chinese and in English.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

impl Unreadable {
    fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }
}

/// What a cell holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Text; empty for an empty cell.
    Text(String),
    /// A number: its digits may be lost, if it stands for a code.
    Number(f64),
    /// A date, as `2026-11-30`.
    Date(String),
    /// A formula, which is not computed here.
    Formula,
    /// An error such as `#REF!`.
    Error,
    /// Part of a merged stretch.
    Merged,
}

/// A row with its number in the file, from 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Number.
    pub number: usize,
    /// Cells, as many as there are headers.
    pub cells: Vec<Cell>,
}

/// A table below its headers.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Headers.
    pub headers: Vec<String>,
    /// Rows that are not empty.
    pub rows: Vec<Row>,
}

/// The table of a file, whose header row begins with one of the given headers within its first five rows.
///
/// # Errors
/// What is wrong with the file as a whole.
pub fn read(bytes: &[u8], first_headers: &[&str]) -> Result<Table, Unreadable> {
    let grid = if bytes.starts_with(b"PK") {
        workbook(bytes)?
    } else if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Err(Unreadable::new(
            "这是旧版 .xls 或加密的工作簿，请另存为未加密的 .xlsx",
            "it is an old .xls or an encrypted workbook: save it as plain .xlsx",
        ));
    } else {
        text(bytes)?
    };
    let is_head =
        |row: &Vec<Cell>| matches!(row.first(), Some(Cell::Text(text)) if first_headers.contains(&text.trim()));
    let first_header = first_headers.join("、");
    let at = grid.iter().take(5).position(is_head).ok_or_else(|| {
        Unreadable::new(
            format!("前五行没有以“{first_header}”开头的表头，请使用模板"),
            format!("none of the first five rows begins with the header {first_header:?}: use the template"),
        )
    })?;
    let headers: Vec<String> = grid
        .get(at)
        .into_iter()
        .flatten()
        .map(|cell| if let Cell::Text(text) = cell { text.trim().to_owned() } else { String::new() })
        .collect();
    let width = headers.iter().rposition(|header| !header.is_empty()).map_or(0, |last| last + 1);
    if width > MAX_COLUMNS || grid.len() > MAX_ROWS {
        return Err(Unreadable::new(
            format!("表格过大：最多 {MAX_ROWS} 行 {MAX_COLUMNS} 列"),
            format!("the table is too large: at most {MAX_ROWS} rows and {MAX_COLUMNS} columns"),
        ));
    }
    let empty = Cell::Text(String::new());
    let rows = grid
        .into_iter()
        .enumerate()
        .skip(at + 1)
        .map(|(index, mut cells)| {
            cells.resize(width, empty.clone());
            Row { number: index + 1, cells }
        })
        .filter(|row| row.cells.iter().any(|cell| !matches!(cell, Cell::Text(text) if text.trim().is_empty())))
        .collect();
    Ok(Table { headers: headers.into_iter().take(width).collect(), rows })
}

/// Unpacks everything once, counting: what a file declares of its size may be a lie.
fn check_size(bytes: &[u8]) -> Result<(), Unreadable> {
    let broken = || Unreadable::new("文件已损坏，无法解压", "the file is damaged and cannot be unpacked");
    let too_large =
        || Unreadable::new("文件解压后过大，已拒绝", "the file unpacks to far more than a table needs; refused");
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| broken())?;
    if archive.len() > MAX_PARTS {
        return Err(too_large());
    }
    let mut left = MAX_UNPACKED;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|_| broken())?;
        let unpacked = std::io::copy(&mut part.take(left + 1), &mut std::io::sink()).map_err(|_| broken())?;
        left = left.checked_sub(unpacked).ok_or_else(too_large)?;
    }
    Ok(())
}

fn workbook(bytes: &[u8]) -> Result<Vec<Vec<Cell>>, Unreadable> {
    check_size(bytes)?;
    let broken = |error: calamine::XlsxError| {
        Unreadable::new(
            "不是 Excel 工作簿（.xlsx），或已损坏",
            format!("it is no workbook (.xlsx), or damaged: {error}"),
        )
    };
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(broken)?;
    let name = book
        .sheet_names()
        .first()
        .cloned()
        .ok_or_else(|| Unreadable::new("工作簿没有工作表", "the workbook has no sheet"))?;
    let range = book.worksheet_range(&name).map_err(broken)?;
    let formulas = book.worksheet_formula(&name).map_err(broken)?;
    let merged = book.merge_cells_by_sheet_name(&name).map_err(broken)?;
    let Some((last_row, last_column)) = range.end() else { return Ok(Vec::new()) };
    let size = |value: u32| usize::try_from(value).unwrap_or(usize::MAX);
    if size(last_row) > MAX_ROWS || size(last_column) > 16_384 {
        return Err(Unreadable::new("表格过大", "the table is too large"));
    }
    let last_column = last_column.min(u32::try_from(MAX_COLUMNS).unwrap_or(100));
    let mut grid = Vec::with_capacity(size(last_row) + 1);
    for row in 0..=last_row {
        let cells = (0..=last_column).map(|column| {
            if formulas.get_value((row, column)).is_some_and(|formula| !formula.is_empty()) {
                return Cell::Formula;
            }
            range.get_value((row, column)).map_or_else(|| Cell::Text(String::new()), cell)
        });
        grid.push(cells.collect::<Vec<_>>());
    }
    for stretch in merged {
        // A title over the columns is no row of data: only stretches that begin below the headers matter.
        for row in stretch.start.0..=stretch.end.0.min(last_row) {
            for column in stretch.start.1..=stretch.end.1.min(last_column) {
                let is_first = (row, column) == stretch.start && row < 2;
                if let Some(cell) = grid.get_mut(size(row)).and_then(|cells| cells.get_mut(size(column)))
                    && !is_first
                {
                    *cell = Cell::Merged;
                }
            }
        }
    }
    Ok(grid)
}

fn cell(data: &Data) -> Cell {
    match data {
        Data::Empty => Cell::Text(String::new()),
        Data::String(text) | Data::DurationIso(text) => Cell::Text(text.clone()),
        Data::Int(number) => Cell::Number(f64::from(i32::try_from(*number).unwrap_or(i32::MAX))),
        Data::Float(number) => Cell::Number(*number),
        Data::Bool(flag) => Cell::Text(if *flag { "是" } else { "否" }.to_owned()),
        Data::DateTime(time) => {
            let (year, month, day, ..) = time.to_ymd_hms_milli();
            Cell::Date(format!("{year:04}-{month:02}-{day:02}"))
        }
        Data::DateTimeIso(text) => Cell::Date(text.chars().take(10).collect()),
        Data::Error(_) => Cell::Error,
    }
}

fn text(bytes: &[u8]) -> Result<Vec<Vec<Cell>>, Unreadable> {
    let wrong = || {
        Unreadable::new("不是 .xlsx 也不是 UTF-8 或 GBK 编码的 .csv", "it is neither .xlsx nor .csv in UTF-8 or GBK")
    };
    if bytes.contains(&0) {
        return Err(wrong());
    }
    let plain = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = match std::str::from_utf8(plain) {
        Ok(text) => text.to_owned(),
        Err(_) => {
            let (text, _, had_errors) = encoding_rs::GBK.decode(plain);
            if had_errors {
                return Err(wrong());
            }
            text.into_owned()
        }
    };
    Ok(csv(&text))
}

/// Fields between commas, quoted where they hold commas, quotes or line breaks (RFC 4180).
fn csv(text: &str) -> Vec<Vec<Cell>> {
    let mut rows = Vec::new();
    let (mut row, mut field, mut quoted) = (Vec::new(), String::new(), false);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if quoted && characters.peek() == Some(&'"') => {
                characters.next();
                field.push('"');
            }
            '"' if quoted => quoted = false,
            '"' if field.is_empty() => quoted = true,
            ',' if !quoted => row.push(Cell::Text(std::mem::take(&mut field))),
            '\r' if !quoted && characters.peek() == Some(&'\n') => {}
            '\n' if !quoted => {
                row.push(Cell::Text(std::mem::take(&mut field)));
                rows.push(std::mem::take(&mut row));
            }
            other => field.push(other),
        }
    }
    if !field.is_empty() || !row.is_empty() {
        row.push(Cell::Text(field));
        rows.push(row);
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(table: &Table) -> Vec<Vec<String>> {
        let text = |cell: &Cell| if let Cell::Text(text) = cell { text.clone() } else { format!("{cell:?}") };
        table.rows.iter().map(|row| row.cells.iter().map(text).collect()).collect()
    }

    #[test]
    fn csv_is_read_in_both_encodings_with_quotes() {
        let source = "编号,姓名,备注\r\np-1,单雪梅,\"上午, \"\"急\"\"\"\r\n,,\r\np-2,曾志强,\r\n";
        let (gbk, _, _) = encoding_rs::GBK.encode(source);
        for bytes in [source.as_bytes(), &gbk] {
            let table = read(bytes, &["编号"]).unwrap();
            assert_eq!(texts(&table), [["p-1", "单雪梅", "上午, \"急\""], ["p-2", "曾志强", ""]]);
            assert_eq!(table.rows.iter().map(|row| row.number).collect::<Vec<_>>(), [2, 4]);
        }
    }

    #[test]
    fn what_is_no_table_is_refused() {
        for bytes in
            [&b"%PDF-1.7\0\0"[..], b"PK\x03\x04 not a zip", b"\xd0\xcf\x11\xe0old", b"\xff\xfe\xfd", b"", b"a,b\n1,2"]
        {
            assert!(read(bytes, &["编号"]).is_err(), "{bytes:?}");
        }
    }

    #[test]
    fn a_zip_bomb_is_not_unpacked() {
        use std::io::Write as _;
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        writer.start_file("xl/workbook.xml", zip::write::SimpleFileOptions::default()).unwrap();
        let block = vec![0; 1 << 20];
        for _ in 0..101 {
            writer.write_all(&block).unwrap();
        }
        let bomb = writer.finish().unwrap().into_inner();
        assert!(bomb.len() < 1 << 20);
        assert!(read(&bomb, &["编号"]).unwrap_err().en.contains("unpacks"));
    }
}
