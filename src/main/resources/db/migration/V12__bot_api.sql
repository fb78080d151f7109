-- What the chat user hands to the bot to confirm a grant: the hash of the code on the outcome page, and the wrong tries so far.
ALTER TABLE user_grant ADD COLUMN confirm_code_hash VARCHAR(64);
ALTER TABLE user_grant ADD COLUMN confirm_tries INTEGER DEFAULT 0 NOT NULL;

-- What the bot wanted to do when it asked for permission; sealed, since it may be what the user said.
ALTER TABLE invitation ADD COLUMN context VARCHAR(8000);
CREATE INDEX invitation_grant ON invitation (grant_id, created_at);

ALTER TABLE api_key ADD COLUMN requests_per_minute INTEGER DEFAULT 6000 NOT NULL;

-- Requests with an Idempotency-Key, for a day: the answer is sealed, since it may hold a link; what is only compared is a hash.
CREATE TABLE repeatable_request (
    id           VARCHAR(64) PRIMARY KEY,
    request_hash VARCHAR(64) NOT NULL,
    started_at   TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    status       INTEGER,
    answer       VARCHAR(200000),
    version      BIGINT      NOT NULL
);
CREATE INDEX repeatable_request_started ON repeatable_request (started_at);
