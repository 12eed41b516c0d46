DROP TABLE serials;
DROP TABLE case_events;
DROP TABLE case_exclusions;
DROP TABLE case_contacts;
DROP TABLE cases;
DROP TABLE case_categories;
