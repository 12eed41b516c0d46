//! Reads documents, turning the reader's complaints into coded errors with a JSON pointer.

use serde::de::DeserializeOwned;
use serde_json::error::Category;
use serde_path_to_error::{Path, Segment};

use super::error::{DocumentError, ErrorCode};
use super::problem::ProblemDocument;
use super::roster::RosterDocument;

/// Most bytes of a document that the readers accept: several times a city's week.
pub const MAX_DOCUMENT_BYTES: usize = 256 << 20;

/// Reads a problem document from JSON.
///
/// # Errors
/// `not-json`, `too-large`, `unknown-field`, `missing-field`, `wrong-type`, `unknown-word` or `impossible-date`: the
/// first such fault, with its place.
pub fn parse_problem(json: &[u8]) -> Result<ProblemDocument, DocumentError> {
    parse(json)
}

/// Reads a roster document from JSON.
///
/// # Errors
/// As [`parse_problem`].
pub fn parse_roster(json: &[u8]) -> Result<RosterDocument, DocumentError> {
    parse(json)
}

fn parse<T: DeserializeOwned>(json: &[u8]) -> Result<T, DocumentError> {
    if json.len() > MAX_DOCUMENT_BYTES {
        return Err(DocumentError {
            code: ErrorCode::TooLarge,
            pointer: String::new(),
            cause: format!("the document has {} bytes, more than {MAX_DOCUMENT_BYTES}", json.len()),
            action: "split it by district, or plan fewer days at once".to_owned(),
        });
    }
    // Tracking the path costs time on every value, so it is done only for a document that is already known to be bad.
    serde_json::from_slice(json).map_err(|plain| {
        let mut reader = serde_json::Deserializer::from_slice(json);
        match serde_path_to_error::deserialize::<_, T>(&mut reader) {
            Ok(_) => explain(&plain, String::new()),
            Err(tracked) => explain(tracked.inner(), pointer(tracked.path())),
        }
    })
}

fn pointer(path: &Path) -> String {
    path.iter().fold(String::new(), |mut text, segment| {
        let step = match segment {
            Segment::Seq { index } => index.to_string(),
            Segment::Map { key } => key.replace('~', "~0").replace('/', "~1"),
            Segment::Enum { .. } | Segment::Unknown => return text,
        };
        text.push('/');
        text.push_str(&step);
        text
    })
}

fn explain(error: &serde_json::Error, pointer: String) -> DocumentError {
    let text = error.to_string();
    let (code, action) = match error.classify() {
        Category::Io | Category::Syntax => (ErrorCode::NotJson, "correct the JSON at that place"),
        Category::Eof => (ErrorCode::NotJson, "the text ends too early: write the file again"),
        Category::Data if text.starts_with("unknown field") => {
            (ErrorCode::UnknownField, "remove the field, or correct its name to one of those expected")
        }
        Category::Data if text.starts_with("missing field") => (ErrorCode::MissingField, "add the field"),
        Category::Data if text.starts_with("unknown variant") => {
            (ErrorCode::UnknownWord, "use one of the words expected")
        }
        Category::Data if is_date_fault(&text) => {
            (ErrorCode::ImpossibleDate, "write a date that exists, such as 2026-11-30, or 2026-11-30T08:30 with a time")
        }
        Category::Data => (ErrorCode::WrongType, "give a value of the type that the format describes"),
    };
    DocumentError { code, pointer, cause: text, action: action.to_owned() }
}

/// Whether a reader's message speaks of a date: our own words, and those of chrono for plain dates.
fn is_date_fault(text: &str) -> bool {
    [
        "impossible date",
        "input is out of range",
        "input contains invalid characters",
        "premature end of input",
        "trailing input",
        "input is not enough for unique date and time",
    ]
    .iter()
    .any(|start| text.starts_with(start))
}
