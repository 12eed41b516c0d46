//! The input hash: SHA-256 of a document's canonical JSON.

use std::fmt::Write as _;
use std::io;

use serde::Serialize;
use sha2::{Digest, Sha256};

/// A writer that only hashes.
struct Hashing(Sha256);

impl io::Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// SHA-256, in lower-case hex, of the value's compact JSON with the fields in the order of its type.
///
/// The text is streamed into the hash: a city's document needs no second copy in memory.
pub(super) fn canonical_hash(value: &impl Serialize) -> String {
    let mut writer = Hashing(Sha256::new());
    // Documents hold text keys and finite numbers only, and this writer cannot fail, so neither can this.
    let _ = serde_json::to_writer(&mut writer, value);
    writer.0.finalize().iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
