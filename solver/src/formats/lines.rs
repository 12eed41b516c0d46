//! Reading text line by line, with errors that say where.

use std::str::FromStr;

use super::FormatError;

/// The meaningful lines of one file.
#[derive(Debug, Clone)]
pub(super) struct Lines<'a> {
    part: String,
    meaningful: Vec<Line<'a>>,
    next: usize,
    last: usize,
}

/// One line, trimmed.
#[derive(Debug, Clone)]
pub(super) struct Line<'a> {
    part: String,
    /// Counted from 1.
    number: usize,
    pub(super) text: &'a str,
}

impl<'a> Lines<'a> {
    /// Lines that are neither blank nor comments (`#`).
    pub(super) fn new(part: &str, text: &'a str) -> Self {
        let meaningful = text
            .lines()
            .enumerate()
            .map(|(index, line)| Line { part: part.to_owned(), number: index + 1, text: line.trim() })
            .filter(|line| !line.text.is_empty() && !line.text.starts_with('#'))
            .collect();
        Self { part: part.to_owned(), meaningful, next: 0, last: text.lines().count().max(1) }
    }

    /// The next line, or an error that says what was expected.
    pub(super) fn expect(&mut self, what: &str) -> Result<Line<'a>, FormatError> {
        self.next().ok_or_else(|| FormatError {
            code: "E2101",
            part: self.part.clone(),
            line: self.last,
            cause: format!("The file ends where {what} should stand."),
            action: "Check that the file is complete.".to_owned(),
        })
    }

    /// The text after `NAME =`, on the next line.
    pub(super) fn value(&mut self, name: &str) -> Result<(Line<'a>, &'a str), FormatError> {
        let line = self.expect(&format!("'{name} = ...'"))?;
        match line.text.split_once('=') {
            Some((found, value)) if found.trim() == name => {
                let value = value.trim();
                Ok((line, value))
            }
            _ => Err(line.error("E2102", format!("'{}' stands where '{name} = ...' should.", line.text), SECTIONS)),
        }
    }

    /// The next line must be this heading.
    pub(super) fn heading(&mut self, name: &str) -> Result<Line<'a>, FormatError> {
        let line = self.expect(&format!("'{name}'"))?;
        if line.text == name {
            return Ok(line);
        }
        Err(line.error("E2102", format!("'{}' stands where '{name}' should.", line.text), SECTIONS))
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = Line<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        let line = self.meaningful.get(self.next).cloned();
        self.next += 1;
        line
    }
}

const SECTIONS: &str = "Keep the sections of the format in their order.";

impl<'a> Line<'a> {
    pub(super) fn error(&self, code: &'static str, cause: String, action: &str) -> FormatError {
        FormatError { code, part: self.part.clone(), line: self.number, cause, action: action.to_owned() }
    }

    /// Exactly this many fields between separators.
    pub(super) fn fields<const N: usize>(&self, separator: char, what: &str) -> Result<[&'a str; N], FormatError> {
        let fields: Vec<&'a str> = self.text.split(separator).map(str::trim).collect();
        let found = fields.len();
        fields.try_into().map_err(|_| self.wrong_count(what, N, found))
    }

    /// Exactly this many words.
    pub(super) fn words<const N: usize>(&self, what: &str) -> Result<[&'a str; N], FormatError> {
        let words: Vec<&'a str> = self.text.split_whitespace().collect();
        let found = words.len();
        words.try_into().map_err(|_| self.wrong_count(what, N, found))
    }

    pub(super) fn wrong_count(&self, what: &str, expected: usize, found: usize) -> FormatError {
        self.error("E2103", format!("{what} has {found} fields."), &format!("Write exactly {expected} fields."))
    }

    /// A whole number that fits.
    pub(super) fn number<T: FromStr>(&self, text: &str, what: &str) -> Result<T, FormatError> {
        text.trim().parse().map_err(|_| {
            let cause = format!("{what} is '{text}', not a whole number within the allowed size.");
            self.error("E2104", cause, "Write a plain whole number.")
        })
    }

    /// A pair such as `(2,5)`.
    pub(super) fn pair(&self, text: &str, what: &str) -> Result<(u16, u16), FormatError> {
        let inner = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
        let Some((first, second)) = inner.and_then(|inner| inner.split_once(',')) else {
            return Err(self.error("E2104", format!("{what} is '{text}', not a pair."), "Write it like (2,5)."));
        };
        Ok((self.number(first, what)?, self.number(second, what)?))
    }

    /// Position of a name in a list.
    pub(super) fn position<'n>(
        &self,
        names: impl IntoIterator<Item = &'n str>,
        name: &str,
        what: &str,
    ) -> Result<usize, FormatError> {
        names.into_iter().position(|known| known == name).ok_or_else(|| {
            self.error("E2105", format!("There is no {what} '{name}'."), "Correct the name or define it.")
        })
    }

    /// Refuses a second definition.
    pub(super) fn unique<'n>(
        &self,
        names: impl IntoIterator<Item = &'n str>,
        name: &str,
        what: &str,
    ) -> Result<(), FormatError> {
        if names.into_iter().any(|known| known == name) {
            return Err(self.error("E2106", format!("The {what} '{name}' stands twice."), "Remove one of the two."));
        }
        Ok(())
    }

    /// Refuses a value outside an inclusive range.
    pub(super) fn within<T: Copy + PartialOrd + std::fmt::Display>(
        &self,
        value: T,
        least: T,
        most: T,
        what: &str,
    ) -> Result<T, FormatError> {
        if value < least || value > most {
            let cause = format!("{what} is {value}.");
            return Err(self.error("E2107", cause, &format!("Use a value from {least} to {most}.")));
        }
        Ok(value)
    }
}
