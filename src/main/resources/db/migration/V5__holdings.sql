-- Things of the user's that have tokens of their own, as the last exchange of the grant told.
CREATE TABLE holding (
    id          VARCHAR(36)    PRIMARY KEY,
    grant_id    VARCHAR(36) ${bytewise} NOT NULL REFERENCES user_grant (id) ON DELETE CASCADE,
    kind        VARCHAR(20)    NOT NULL,
    external_id VARCHAR(255)   NOT NULL,
    name        VARCHAR(255),
    token       VARCHAR(65536) NOT NULL,
    updated_at  TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    CONSTRAINT holding_once UNIQUE (grant_id, kind, external_id)
);

-- Which requests for deletion were done, and when. Nothing here says whose they were.
CREATE TABLE deletion (
    code_hash VARCHAR(64) PRIMARY KEY,
    done_at   TIMESTAMP(6) WITH TIME ZONE NOT NULL
);

-- Providers tell by account that somebody took everything back.
CREATE INDEX user_grant_account ON user_grant (account_id, connector);
