//! How rosters are found and bounds proven: linear programmes, integer sub-problems, parts and shared people.

pub mod linear_solver;
