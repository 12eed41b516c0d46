//! Tables for the terminal, aligned by display width: Chinese characters take two columns.

use unicode_width::UnicodeWidthStr as _;

/// Lines of a table with a header and a rule under it.
pub(super) fn table(header: &[&str], rows: &[Vec<String>]) -> String {
    let mut widths: Vec<usize> = header.iter().map(|cell| cell.width()).collect();
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.width());
        }
    }
    let mut lines = vec![line(&widths, header.iter().copied())];
    lines.push("-".repeat(widths.iter().sum::<usize>() + 2 * widths.len().saturating_sub(1)));
    lines.extend(rows.iter().map(|row| line(&widths, row.iter().map(String::as_str))));
    lines.join("\n")
}

fn line<'a>(widths: &[usize], cells: impl Iterator<Item = &'a str>) -> String {
    let padded: Vec<String> =
        widths.iter().zip(cells).map(|(width, cell)| format!("{cell}{}", " ".repeat(width - cell.width()))).collect();
    padded.join("  ").trim_end().to_owned()
}

/// `08:30` of a minute of the day; minutes after midnight belong to the next day.
pub(super) fn clock_time(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_whatever_the_characters() {
        let rows = vec![vec!["周一".to_owned(), "单雪梅".to_owned()], vec!["Mon".to_owned(), "Li".to_owned()]];
        assert_eq!(table(&["日期", "人员"], &rows), "日期  人员\n------------\n周一  单雪梅\nMon   Li");
        assert_eq!(clock_time(510), "08:30");
    }
}
