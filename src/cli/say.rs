//! Printing to stdout. Whoever reads it may stop early, as `head` does: the rest is then dropped, and the command ends
//! with the exit code that it would have had.

use std::fmt;
use std::io::{self, ErrorKind, Write as _};

/// Prints text as it is.
pub(super) fn text(text: fmt::Arguments<'_>) {
    finish(io::stdout().write_fmt(text));
}

fn finish(written: io::Result<()>) {
    match written {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            eprintln!("error[output]: stdout cannot be written: {error}");
            std::process::exit(1);
        }
        _ => {}
    }
}

/// As `println!`, but for readers that stop early.
macro_rules! say {
    ($($part:tt)*) => {
        $crate::cli::say::text(format_args!("{}\n", format_args!($($part)*)))
    };
}

pub(super) use say;
