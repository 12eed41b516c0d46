DROP TABLE api_keys;
DROP TABLE sessions;
DROP TABLE account_grants;
DROP TABLE accounts;
