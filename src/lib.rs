//! paiban: rosters for a network of community-service stations, each with a proof of how good it is.
