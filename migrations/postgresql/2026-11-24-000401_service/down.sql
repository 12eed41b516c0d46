DROP TABLE schedule_overrides;
DROP TABLE calendar_keys;
DROP TABLE service_records;
DROP TABLE service_policies;
DROP TABLE swaps;
DROP TABLE replan_events;
DROP TABLE duty_records;
