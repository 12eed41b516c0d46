DROP TABLE outbox;
DROP TABLE notice_wishes;
DROP TABLE channels;
