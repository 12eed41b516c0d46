//! The `paiban` program.

fn main() {}
