-- One dialect for H2 and PostgreSQL. ${bytewise} makes a column sort and compare by its bytes, whatever the database's
-- language, so that an index serves ranges and prefixes. Secrets that are only compared are hashes; all others are sealed (Tink, base64).

CREATE TABLE vault_check (
    id     INTEGER      PRIMARY KEY,
    sealed VARCHAR(500) NOT NULL
);

CREATE TABLE connector (
    id         VARCHAR(63)    PRIMARY KEY,
    definition VARCHAR(65536) NOT NULL,
    enabled    BOOLEAN        NOT NULL,
    version    BIGINT         NOT NULL
);

CREATE TABLE api_key (
    name        VARCHAR(63)    PRIMARY KEY,
    key_hash    VARCHAR(64)    NOT NULL,
    permissions VARCHAR(100)   NOT NULL,
    connectors  VARCHAR(65536) NOT NULL,
    revoked     BOOLEAN        NOT NULL,
    version     BIGINT         NOT NULL
);
CREATE INDEX api_key_hash ON api_key (key_hash);

CREATE TABLE administrator (
    name          VARCHAR(100) PRIMARY KEY,
    password_hash VARCHAR(500) NOT NULL,
    role          VARCHAR(20)  NOT NULL,
    failures      INTEGER      NOT NULL,
    locked_until  TIMESTAMP(6) WITH TIME ZONE,
    version       BIGINT       NOT NULL
);

-- Which scopes a connector's users granted, each combination once. There are few of them among a million grants, which is
-- what makes filters by scope fast: they pick combinations here, and an index of user_grant does the rest.
CREATE TABLE granted_set (
    id        VARCHAR(32)    PRIMARY KEY,
    connector VARCHAR(63)    NOT NULL REFERENCES connector (id) ON DELETE CASCADE,
    scopes    VARCHAR(65536) NOT NULL
);
CREATE INDEX granted_set_connector ON granted_set (connector);

CREATE TABLE user_grant (
    id            VARCHAR(36) ${bytewise}  PRIMARY KEY,
    connector     VARCHAR(63)    NOT NULL REFERENCES connector (id),
    subject       VARCHAR(255) ${bytewise} NOT NULL,
    account_id    VARCHAR(255)   NOT NULL,
    account_name  VARCHAR(255),
    status        VARCHAR(20)    NOT NULL,
    granted       VARCHAR(65536) NOT NULL,
    granted_set   VARCHAR(32)    NOT NULL REFERENCES granted_set (id),
    access_token  VARCHAR(65536),
    refresh_token VARCHAR(65536),
    token_type    VARCHAR(40)    NOT NULL,
    expires_at    TIMESTAMP(6) WITH TIME ZONE,
    verified_at   TIMESTAMP(6) WITH TIME ZONE,
    created_at    TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    updated_at    TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    version       BIGINT         NOT NULL,
    CONSTRAINT user_grant_once UNIQUE (connector, subject, account_id)
);
CREATE INDEX user_grant_updated ON user_grant (updated_at DESC, id);
CREATE INDEX user_grant_subject ON user_grant (subject, id);
CREATE INDEX user_grant_set_updated ON user_grant (granted_set, status, updated_at DESC, id);
CREATE INDEX user_grant_set_subject ON user_grant (granted_set, status, subject, id);
CREATE INDEX user_grant_expiry ON user_grant (status, expires_at);

-- What an administrator may type to find a grant, in lower case.
CREATE TABLE grant_word (
    word     VARCHAR(255) ${bytewise} NOT NULL,
    grant_id VARCHAR(36) ${bytewise}  NOT NULL REFERENCES user_grant (id) ON DELETE CASCADE,
    PRIMARY KEY (word, grant_id)
);
CREATE INDEX grant_word_grant ON grant_word (grant_id, word);

CREATE TABLE grant_event (
    id          VARCHAR(36)    PRIMARY KEY,
    grant_id    VARCHAR(36) ${bytewise} NOT NULL REFERENCES user_grant (id) ON DELETE CASCADE,
    happened_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    kind        VARCHAR(20)    NOT NULL,
    actor       VARCHAR(120)   NOT NULL,
    asked       VARCHAR(65536) NOT NULL,
    granted     VARCHAR(65536) NOT NULL
);
CREATE INDEX grant_event_grant ON grant_event (grant_id, happened_at DESC);
CREATE INDEX grant_event_latest ON grant_event (happened_at DESC, id);

CREATE TABLE invitation (
    id         VARCHAR(36)    PRIMARY KEY,
    token_hash VARCHAR(64)    NOT NULL UNIQUE,
    connector  VARCHAR(63)    NOT NULL REFERENCES connector (id),
    subject    VARCHAR(255)   NOT NULL,
    account_id VARCHAR(255),
    features   VARCHAR(65536) NOT NULL,
    scopes     VARCHAR(65536) NOT NULL,
    return_to  VARCHAR(2000),
    locale     VARCHAR(35),
    made_by    VARCHAR(120)   NOT NULL,
    status     VARCHAR(20)    NOT NULL,
    grant_id   VARCHAR(36),
    created_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    version    BIGINT         NOT NULL
);

CREATE TABLE attempt (
    id           VARCHAR(36)    PRIMARY KEY,
    state_hash   VARCHAR(64)    NOT NULL UNIQUE,
    browser_hash VARCHAR(64)    NOT NULL,
    handle_hash  VARCHAR(64)    UNIQUE,
    handle_used  BOOLEAN        NOT NULL,
    connector    VARCHAR(63)    NOT NULL REFERENCES connector (id),
    invitation   VARCHAR(36)    REFERENCES invitation (id),
    subject      VARCHAR(255),
    account_id   VARCHAR(255),
    features     VARCHAR(65536) NOT NULL,
    scopes       VARCHAR(65536) NOT NULL,
    asked        VARCHAR(65536) NOT NULL,
    verifier     VARCHAR(500)   NOT NULL,
    return_to    VARCHAR(2000),
    locale       VARCHAR(35),
    asked_before INTEGER        NOT NULL,
    status       VARCHAR(20)    NOT NULL,
    grant_id     VARCHAR(36),
    created_at   TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    expires_at   TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    finished_at  TIMESTAMP(6) WITH TIME ZONE,
    version      BIGINT         NOT NULL
);
