//! Faults: what is wrong with a value, where, and what to do about it.

use std::fmt;

/// One thing wrong with an entity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Stable English code in kebab-case.
    pub code: &'static str,
    /// JSON pointer of the field, in the camelCase of the REST documents.
    pub pointer: String,
    /// What is wrong, in English.
    pub cause: String,
    /// What to do, in English.
    pub action: String,
}

impl Fault {
    /// A fault.
    #[must_use]
    pub fn new(
        code: &'static str,
        pointer: impl Into<String>,
        cause: impl Into<String>,
        action: impl Into<String>,
    ) -> Self {
        Self { code, pointer: pointer.into(), cause: cause.into(), action: action.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} at {}: {}; {}", self.code, self.pointer, self.cause, self.action)
    }
}

/// A rule that a change would break, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrokenRule {
    /// Code of the rule.
    pub rule: String,
    /// What would be broken, in Chinese.
    pub zh: String,
    /// What would be broken, in English.
    pub en: String,
}

/// What can find faults in itself; storage refuses entities with faults.
pub trait Check {
    /// Every fault, empty when the value is sound.
    fn faults(&self) -> Vec<Fault>;
}

/// Most characters in a name.
const MAX_NAME_CHARACTERS: usize = 120;

/// Checks a name: 1 to 120 characters, none of them control characters.
pub(super) fn check_name(faults: &mut Vec<Fault>, pointer: &str, name: &str) {
    if name.trim().is_empty() {
        faults.push(Fault::new("empty-name", pointer, "the name is empty", "give a name"));
    }
    check_text(faults, pointer, name, MAX_NAME_CHARACTERS);
}

/// Checks a text: at most so many characters, none of them control characters.
pub(super) fn check_text(faults: &mut Vec<Fault>, pointer: &str, text: &str, max_characters: usize) {
    let characters = text.chars().count();
    if characters > max_characters {
        faults.push(Fault::new(
            "text-too-long",
            pointer,
            format!("the text has {characters} characters"),
            format!("shorten it to {max_characters} characters"),
        ));
    }
    if text.chars().any(char::is_control) {
        faults.push(Fault::new("control-character", pointer, "the text holds a control character", "remove it"));
    }
}

/// Checks that a range is not upside down.
pub(super) fn check_order<T: PartialOrd + fmt::Display>(
    faults: &mut Vec<Fault>,
    pointer: &str,
    least: Option<T>,
    most: Option<T>,
) {
    if let (Some(least), Some(most)) = (least, most)
        && least > most
    {
        faults.push(Fault::new(
            "range-upside-down",
            pointer,
            format!("{least} is above {most}"),
            "put the smaller value first, or leave one end out",
        ));
    }
}

/// Checks a time span within a day: `start < end`, start before midnight, and at most 24 hours long.
pub(crate) fn check_span(faults: &mut Vec<Fault>, pointer: &str, start_minute: u16, end_minute: u16) {
    if start_minute >= end_minute || start_minute >= 1440 || end_minute - start_minute > 1440 {
        faults.push(Fault::new(
            "impossible-time-span",
            pointer,
            format!("minutes {start_minute} to {end_minute} of the day are no time span"),
            "start before 24:00 and end later than the start, at most 24 hours after it",
        ));
    }
}
