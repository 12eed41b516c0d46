-- Notifications: where they go, who wants them how, and the outbox.
CREATE TABLE channels (
    id TEXT NOT NULL PRIMARY KEY,
    unit TEXT REFERENCES units (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    -- Address of the receiver: a URL, or host and port of a mail server.
    target TEXT NOT NULL,
    -- What signs messages, or the password of the mail server; never shown.
    secret TEXT,
    -- Sender's mail address or SMS signature, where the kind has one.
    sender TEXT,
    -- Mail address of the unit, for what concerns its coordinators.
    recipient TEXT,
    -- May reach addresses of private networks: an administrator of the whole network has said so.
    private_allowed BOOLEAN NOT NULL,
    enabled BOOLEAN NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX channels_unit ON channels (unit);

CREATE TABLE notice_wishes (
    person TEXT NOT NULL PRIMARY KEY REFERENCES people (id) ON DELETE CASCADE,
    mail TEXT,
    by_mail BOOLEAN NOT NULL,
    by_sms BOOLEAN NOT NULL,
    version BIGINT NOT NULL
);

CREATE TABLE outbox (
    id TEXT NOT NULL PRIMARY KEY,
    channel TEXT NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    event TEXT NOT NULL,
    -- None for what is told to a group.
    person TEXT REFERENCES people (id) ON DELETE CASCADE,
    -- The same thing is told to the same receiver once.
    once TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    status TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    due_at TIMESTAMP NOT NULL,
    error TEXT,
    created_at TIMESTAMP NOT NULL,
    sent_at TIMESTAMP,
    version BIGINT NOT NULL
);
CREATE UNIQUE INDEX outbox_once ON outbox (once);
CREATE INDEX outbox_due ON outbox (status, due_at, id);
CREATE INDEX outbox_channel ON outbox (channel, id);
CREATE INDEX outbox_person ON outbox (person);
