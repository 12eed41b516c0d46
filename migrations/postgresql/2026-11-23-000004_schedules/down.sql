DROP TABLE jobs;
DROP TABLE assignments;
DROP TABLE unmet_needs;
DROP TABLE schedule_rules;
DROP TABLE schedule_tiers;
DROP TABLE schedules;
DROP TABLE profile_versions;
DROP TABLE profiles;
