DROP TABLE availability;
DROP TABLE lendings;
DROP TABLE secondments;
DROP TABLE apart_pairs;
DROP TABLE person_scopes;
DROP TABLE person_skills;
DROP TABLE people;
