-- Accounts, what they may do where, and what they sign in with.
CREATE TABLE accounts (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    -- The name that is typed to sign in.
    name TEXT COLLATE "C" NOT NULL,
    -- argon2id in PHC form.
    password_hash TEXT COLLATE "C" NOT NULL,
    must_change_password BOOLEAN NOT NULL,
    person TEXT COLLATE "C" REFERENCES people (id) ON DELETE SET NULL,
    disabled BOOLEAN NOT NULL,
    failed_sign_ins BIGINT NOT NULL,
    locked_until TIMESTAMP,
    created_at TIMESTAMP NOT NULL,
    version BIGINT NOT NULL
);
CREATE UNIQUE INDEX accounts_name ON accounts (name);
CREATE INDEX accounts_person ON accounts (person);

CREATE TABLE account_grants (
    account_id TEXT COLLATE "C" NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    position BIGINT NOT NULL,
    role TEXT COLLATE "C" NOT NULL,
    -- Root of the subtree; none for the whole network.
    unit TEXT COLLATE "C" REFERENCES units (id) ON DELETE CASCADE,
    PRIMARY KEY (account_id, position)
);
CREATE INDEX account_grants_unit ON account_grants (unit);

CREATE TABLE sessions (
    -- SHA-256 of the token in the cookie.
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    account TEXT COLLATE "C" NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    csrf_token TEXT COLLATE "C" NOT NULL,
    created_at TIMESTAMP NOT NULL,
    seen_at TIMESTAMP NOT NULL
);
CREATE INDEX sessions_account ON sessions (account);
CREATE INDEX sessions_seen ON sessions (seen_at);

CREATE TABLE api_keys (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    account TEXT COLLATE "C" NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    name TEXT COLLATE "C" NOT NULL,
    -- SHA-256 of the key.
    hash TEXT COLLATE "C" NOT NULL,
    -- Words separated by spaces.
    scopes TEXT COLLATE "C" NOT NULL,
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP,
    revoked_at TIMESTAMP,
    used_at TIMESTAMP,
    version BIGINT NOT NULL
);
CREATE UNIQUE INDEX api_keys_hash ON api_keys (hash);
CREATE INDEX api_keys_account ON api_keys (account);
