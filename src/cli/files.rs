//! Files of the command line: read with a limit, written whole or not at all.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::Path;

use paiban_solver::document::{DocumentError, MAX_DOCUMENT_BYTES, ProblemDocument, RosterDocument};
use paiban_solver::document::{parse_problem, parse_roster};
use serde::Serialize;

use super::BadInput;

/// Most errors of a document that are printed.
const MOST_ERRORS: usize = 50;

/// Reads a text file.
pub(super) fn read_text(path: &Path) -> Result<String, BadInput> {
    let bytes = read(path)?;
    String::from_utf8(bytes)
        .map_err(|_| BadInput(format!("error[not-text]: {} is not UTF-8; save it as UTF-8", path.display())))
}

/// Reads a problem document.
pub(super) fn read_problem(path: &Path) -> Result<ProblemDocument, BadInput> {
    parse_problem(&read(path)?).map_err(|error| from_errors(path, &[error]))
}

/// Reads a roster document.
pub(super) fn read_roster(path: &Path) -> Result<RosterDocument, BadInput> {
    parse_roster(&read(path)?).map_err(|error| from_errors(path, &[error]))
}

/// The errors of a document as the message of bad input: one a line, the first fifty.
pub(super) fn from_errors(path: &Path, errors: &[DocumentError]) -> BadInput {
    let mut lines: Vec<String> = errors
        .iter()
        .take(MOST_ERRORS)
        .map(|error| {
            let pointer = if error.pointer.is_empty() { "/" } else { &error.pointer };
            format!("error[{}]: {} {pointer}: {}; {}", error.code, path.display(), error.cause, error.action)
        })
        .collect();
    if errors.len() > MOST_ERRORS {
        lines.push(format!("... and {} more errors", errors.len() - MOST_ERRORS));
    }
    BadInput(lines.join("\n"))
}

fn read(path: &Path) -> Result<Vec<u8>, BadInput> {
    let unreadable =
        |error: io::Error| BadInput(format!("error[unreadable-file]: {}: {error}; check the path", path.display()));
    let file = File::open(path).map_err(unreadable)?;
    let limit = u64::try_from(MAX_DOCUMENT_BYTES).unwrap_or(u64::MAX);
    // The length is asked before anything is read: a file that is too large must not fill the memory first.
    let length = file.metadata().map_err(unreadable)?.len();
    if length > limit {
        return Err(BadInput(format!(
            "error[too-large]: {} has {length} bytes, more than {limit}; split it by district, or plan fewer days",
            path.display()
        )));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0));
    // Pipes report no length, so the limit holds while reading too.
    let read = io::Read::read_to_end(&mut io::Read::take(file, limit + 1), &mut bytes).map_err(unreadable)?;
    if read > MAX_DOCUMENT_BYTES {
        return Err(BadInput(format!("error[too-large]: {} has more than {limit} bytes", path.display())));
    }
    Ok(bytes)
}

/// Writes a value as compact JSON with a final line break.
pub(super) fn write_json(path: &Path, value: &impl Serialize) -> anyhow::Result<()> {
    write_whole(path, |out| {
        serde_json::to_writer(&mut *out, value)?;
        out.write_all(b"\n")
    })
}

/// Writes a text.
pub(super) fn write_text(path: &Path, text: &str) -> anyhow::Result<()> {
    write_whole(path, |out| out.write_all(text.as_bytes()))
}

/// Writes beside the file and renames at the end: a full disk or a killed process leaves the old file as it was.
fn write_whole(path: &Path, content: impl FnOnce(&mut BufWriter<&File>) -> io::Result<()>) -> anyhow::Result<()> {
    let failed = |error: io::Error| anyhow::anyhow!("error[unwritable-file]: {}: {error}", path.display());
    if path.exists() && !path.is_file() {
        // A device or a pipe, such as /dev/stdout, cannot be renamed over.
        let file = File::options().write(true).open(path).map_err(failed)?;
        let mut out = BufWriter::new(&file);
        return content(&mut out).and_then(|()| out.flush()).map_err(failed);
    }
    let name =
        path.file_name().ok_or_else(|| anyhow::anyhow!("error[unwritable-file]: {} names no file", path.display()))?;
    let part = path.with_file_name(format!(".{}.{}.part", name.to_string_lossy(), std::process::id()));
    let written = File::create(&part).and_then(|file| {
        let mut out = BufWriter::with_capacity(1 << 16, &file);
        content(&mut out)?;
        out.flush()?;
        drop(out);
        file.sync_all()?;
        fs::rename(&part, path)
    });
    written.map_err(|error| {
        // The part is ours alone; that it cannot be removed either changes nothing about the error.
        let _ = fs::remove_file(&part);
        failed(error)
    })
}
