//! The published schemas: a change of the format shows up in review.

use paiban_solver::document::{problem_schema, roster_schema};

#[test]
fn the_schema_of_problems_is_the_published_one() {
    insta::assert_json_snapshot!("problem", problem_schema());
}

#[test]
fn the_schema_of_rosters_is_the_published_one() {
    insta::assert_json_snapshot!("roster", roster_schema());
}
