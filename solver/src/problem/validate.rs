//! Checks of a problem's own consistency, one function per code; all run, each says what is wrong and what to do.
