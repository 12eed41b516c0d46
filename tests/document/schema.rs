//! The published schemas are those of the types: a change of the format shows up in review.

use paiban_solver::document::{problem_schema, roster_schema};

#[test]
fn the_published_schemas_are_those_of_the_types() {
    let pretty = |schema| serde_json::to_string_pretty(&schema).unwrap() + "\n";
    assert_eq!(
        pretty(problem_schema()),
        include_str!("../../docs/problem.schema.json"),
        "run: paiban schema problem > docs/problem.schema.json"
    );
    assert_eq!(
        pretty(roster_schema()),
        include_str!("../../docs/roster.schema.json"),
        "run: paiban schema roster > docs/roster.schema.json"
    );
}
