DROP TABLE demo_loads;
DROP TABLE idempotency_keys;
DROP TABLE audit_entries;
DROP TABLE familiar_places;
DROP TABLE weekly_ledger;
