-- Notifications: where they go, who wants them how, and the outbox.
CREATE TABLE channels (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    unit TEXT COLLATE "C" REFERENCES units (id) ON DELETE CASCADE,
    name TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    -- Address of the receiver: a URL, or host and port of a mail server.
    target TEXT COLLATE "C" NOT NULL,
    -- What signs messages, or the password of the mail server; never shown.
    secret TEXT COLLATE "C",
    -- Sender's mail address or SMS signature, where the kind has one.
    sender TEXT COLLATE "C",
    -- Mail address of the unit, for what concerns its coordinators.
    recipient TEXT COLLATE "C",
    -- May reach addresses of private networks: an administrator of the whole network has said so.
    private_allowed BOOLEAN NOT NULL,
    enabled BOOLEAN NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX channels_unit ON channels (unit);

CREATE TABLE notice_wishes (
    person TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES people (id) ON DELETE CASCADE,
    mail TEXT COLLATE "C",
    by_mail BOOLEAN NOT NULL,
    by_sms BOOLEAN NOT NULL,
    version BIGINT NOT NULL
);

CREATE TABLE outbox (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    channel TEXT COLLATE "C" NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    event TEXT COLLATE "C" NOT NULL,
    -- None for what is told to a group.
    person TEXT COLLATE "C" REFERENCES people (id) ON DELETE CASCADE,
    -- The same thing is told to the same receiver once.
    once TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    status TEXT COLLATE "C" NOT NULL,
    attempts BIGINT NOT NULL,
    due_at TIMESTAMP NOT NULL,
    error TEXT COLLATE "C",
    created_at TIMESTAMP NOT NULL,
    sent_at TIMESTAMP,
    version BIGINT NOT NULL
);
CREATE UNIQUE INDEX outbox_once ON outbox (once);
CREATE INDEX outbox_due ON outbox (status, due_at, id);
CREATE INDEX outbox_channel ON outbox (channel, id);
CREATE INDEX outbox_person ON outbox (person);
