DROP TABLE post_exclusions;
DROP TABLE posts;
DROP TABLE demand_templates;
