-- One dialect for H2 and PostgreSQL. ${bytewise} makes a column sort and compare by its bytes, whatever the database's
-- language, so that an index serves ranges and prefixes. Secrets that are only compared are hashes; all others are sealed (Tink, base64).

-- KEYS

CREATE TABLE vault_check (
    id     INTEGER      PRIMARY KEY,
    sealed VARCHAR(500) NOT NULL
);

-- Which keys each running node knows: a key seals only when every node can open what it sealed.
CREATE TABLE vault_node (
    id            VARCHAR(36)   PRIMARY KEY,
    name          VARCHAR(300)  NOT NULL,
    keys_known    VARCHAR(4000) NOT NULL,
    primary_key   VARCHAR(10)   NOT NULL,
    primary_since TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    seen_at       TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    trouble       VARCHAR(500)
);

-- One row, locked by each change of the keyset.
CREATE TABLE vault_rotation (
    id INTEGER PRIMARY KEY
);
INSERT INTO vault_rotation (id) VALUES (1);

-- CONNECTORS, AND WHO MAY DO WHAT

CREATE TABLE connector (
    id         VARCHAR(63)    PRIMARY KEY,
    definition VARCHAR(65536) NOT NULL,
    enabled    BOOLEAN        NOT NULL,
    version    BIGINT         NOT NULL
);

CREATE TABLE api_key (
    name                VARCHAR(63)    PRIMARY KEY,
    key_hash            VARCHAR(64)    NOT NULL,
    permissions         VARCHAR(100)   NOT NULL,
    connectors          VARCHAR(65536) NOT NULL,
    requests_per_minute INTEGER DEFAULT 6000 NOT NULL,
    revoked             BOOLEAN        NOT NULL,
    version             BIGINT         NOT NULL
);
CREATE INDEX api_key_hash ON api_key (key_hash);

-- Requests with an Idempotency-Key, for a day: the answer is sealed, since it may hold a link.
CREATE TABLE repeatable_request (
    id           VARCHAR(64) PRIMARY KEY,
    request_hash VARCHAR(64) NOT NULL,
    started_at   TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    status       INTEGER,
    answer       VARCHAR(200000),
    version      BIGINT      NOT NULL
);
CREATE INDEX repeatable_request_started ON repeatable_request (started_at);

CREATE TABLE administrator (
    name          VARCHAR(100) PRIMARY KEY,
    password_hash VARCHAR(500) NOT NULL,
    role          VARCHAR(20)  NOT NULL,
    failures      INTEGER      NOT NULL,
    locked_until  TIMESTAMP(6) WITH TIME ZONE,
    version       BIGINT       NOT NULL
);

-- A row for each browser in which an administrator is signed in.
CREATE TABLE console_session (
    id            VARCHAR(36)  PRIMARY KEY,
    token_hash    VARCHAR(64)  NOT NULL UNIQUE,
    administrator VARCHAR(100) NOT NULL REFERENCES administrator (name) ON DELETE CASCADE,
    browser       VARCHAR(60)  NOT NULL,
    address       VARCHAR(45)  NOT NULL,
    created_at    TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    used_at       TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    -- For the next page, once. Sealed.
    notes         VARCHAR(65536)
);
CREATE INDEX console_session_administrator ON console_session (administrator);

-- Who signed in, who tried, and what administrators changed.
CREATE TABLE audit_event (
    id          VARCHAR(36)  PRIMARY KEY,
    occurred_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    kind        VARCHAR(30)  NOT NULL,
    actor       VARCHAR(100) NOT NULL,
    about       VARCHAR(100) NOT NULL,
    address     VARCHAR(45)  NOT NULL,
    network     VARCHAR(45)  NOT NULL
);
CREATE INDEX audit_event_latest ON audit_event (occurred_at DESC, id);
CREATE INDEX audit_event_network ON audit_event (network, kind, occurred_at);

-- GRANTS

-- Which scopes a connector's users granted, each combination once. There are few of them among a million grants, which is
-- what makes filters by scope fast: they pick combinations here, and an index of user_grant does the rest.
CREATE TABLE granted_set (
    id        VARCHAR(32)    PRIMARY KEY,
    connector VARCHAR(63)    NOT NULL REFERENCES connector (id) ON DELETE CASCADE,
    scopes    VARCHAR(65536) NOT NULL
);
CREATE INDEX granted_set_connector ON granted_set (connector);

CREATE TABLE user_grant (
    id                VARCHAR(36) ${bytewise}  PRIMARY KEY,
    connector         VARCHAR(63)    NOT NULL REFERENCES connector (id),
    subject           VARCHAR(255) ${bytewise} NOT NULL,
    account_id        VARCHAR(255)   NOT NULL,
    account_name      VARCHAR(255),
    -- What a bot is installed on: a team, a workspace, or the account itself.
    installation_id   VARCHAR(255) ${bytewise} DEFAULT '' NOT NULL,
    installation_name VARCHAR(255),
    status            VARCHAR(20)    NOT NULL,
    reason            VARCHAR(40),
    granted           VARCHAR(65536) NOT NULL,
    granted_set       VARCHAR(32)    NOT NULL REFERENCES granted_set (id),
    access_token      VARCHAR(65536),
    refresh_token     VARCHAR(65536),
    token_type        VARCHAR(40)    NOT NULL,
    expires_at        TIMESTAMP(6) WITH TIME ZONE,
    -- Seconds, as the provider said last: counts anew from each refresh, also when the refresh does not repeat it.
    lifetime          BIGINT,
    -- The chat user confirms by then, or the tokens are destroyed: in the chat, or by the code on the outcome page.
    confirm_by        TIMESTAMP(6) WITH TIME ZONE,
    confirm_code_hash VARCHAR(64),
    confirm_tries     INTEGER DEFAULT 0 NOT NULL,
    -- Nothing but the lease is ever written without the row being locked.
    refreshable       BOOLEAN DEFAULT FALSE NOT NULL,
    refreshed_at      TIMESTAMP(6) WITH TIME ZONE,
    refresh_failures  INTEGER DEFAULT 0 NOT NULL,
    retry_at          TIMESTAMP(6) WITH TIME ZONE,
    lease_owner       VARCHAR(36),
    lease_until       TIMESTAMP(6) WITH TIME ZONE,
    verified_at       TIMESTAMP(6) WITH TIME ZONE,
    probed_at         TIMESTAMP(6) WITH TIME ZONE,
    -- When a bot last got the token, to the hour, or the user granted; none once the grant has ended.
    used_at           TIMESTAMP(6) WITH TIME ZONE,
    created_at        TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    updated_at        TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    version           BIGINT         NOT NULL,
    CONSTRAINT user_grant_once UNIQUE (connector, subject, account_id)
);
CREATE INDEX user_grant_updated ON user_grant (updated_at DESC, id);
CREATE INDEX user_grant_subject ON user_grant (subject, id);
CREATE INDEX user_grant_set_updated ON user_grant (granted_set, status, updated_at DESC, id);
CREATE INDEX user_grant_set_subject ON user_grant (granted_set, status, subject, id);
CREATE INDEX user_grant_account ON user_grant (account_id, connector);
CREATE INDEX user_grant_installation ON user_grant (connector, installation_id, status);
CREATE INDEX user_grant_expiry ON user_grant (status, expires_at);
CREATE INDEX user_grant_confirm ON user_grant (status, confirm_by);
CREATE INDEX user_grant_refreshed ON user_grant (refreshable, refreshed_at);
CREATE INDEX user_grant_verified ON user_grant (connector, status, verified_at);
-- How many questions a provider was asked lately, over all nodes.
CREATE INDEX user_grant_probed ON user_grant (connector, probed_at);
CREATE INDEX user_grant_used ON user_grant (connector, used_at);

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
    occurred_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    kind        VARCHAR(30)    NOT NULL,
    reason      VARCHAR(40),
    actor       VARCHAR(120)   NOT NULL,
    asked       VARCHAR(65536) NOT NULL,
    granted     VARCHAR(65536) NOT NULL
);
CREATE INDEX grant_event_grant ON grant_event (grant_id, occurred_at DESC);
CREATE INDEX grant_event_latest ON grant_event (occurred_at DESC, id);

-- Tokens that came with a grant, as its last exchange brought them. Written only while the grant's row is locked.
CREATE TABLE secondary_token (
    id               VARCHAR(36)    PRIMARY KEY,
    grant_id         VARCHAR(36) ${bytewise} NOT NULL REFERENCES user_grant (id) ON DELETE CASCADE,
    kind             VARCHAR(20)    NOT NULL,
    external_id      VARCHAR(255)   NOT NULL,
    name             VARCHAR(255),
    token            VARCHAR(65536) NOT NULL,
    refresh_token    VARCHAR(65536),
    expires_at       TIMESTAMP(6) WITH TIME ZONE,
    lifetime         BIGINT,
    refresh_failures INTEGER DEFAULT 0 NOT NULL,
    retry_at         TIMESTAMP(6) WITH TIME ZONE,
    lease_owner      VARCHAR(36),
    lease_until      TIMESTAMP(6) WITH TIME ZONE,
    updated_at       TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    CONSTRAINT secondary_token_once UNIQUE (grant_id, kind, external_id)
);
CREATE INDEX secondary_token_updated ON secondary_token (updated_at);

-- Tokens that ended here, and are to be revoked at their provider. No cascade and no reference to the grant: it may be erased first,
-- and its tokens are revoked all the same.
CREATE TABLE revocation (
    id            VARCHAR(36) ${bytewise} PRIMARY KEY,
    connector     VARCHAR(63) NOT NULL REFERENCES connector (id),
    grant_id      VARCHAR(36) ${bytewise},
    access_token  VARCHAR(65536),
    refresh_token VARCHAR(65536),
    -- Owner of tokens that are not a grant's own, sealed: their end must not be the end of a grant that lives.
    token_owner   VARCHAR(4000),
    created_at    TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    due_at        TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    tries         INTEGER     NOT NULL
);
CREATE INDEX revocation_due ON revocation (connector, due_at);
CREATE INDEX revocation_grant ON revocation (grant_id);

-- Which requests for deletion were done, and when. Nothing here names an account.
CREATE TABLE deletion (
    code_hash VARCHAR(64) PRIMARY KEY,
    done_at   TIMESTAMP(6) WITH TIME ZONE NOT NULL
);

-- That a subject was erased, when, and by which caller. Nothing here names the subject.
CREATE TABLE erasure (
    id          VARCHAR(36)  PRIMARY KEY,
    done_at     TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    actor       VARCHAR(120) NOT NULL,
    rows_erased INTEGER      NOT NULL
);

-- Tokens from elsewhere, sealed from the first moment on. An item becomes a grant once the provider has accepted its token.
CREATE TABLE import (
    id         VARCHAR(36)  PRIMARY KEY,
    made_by    VARCHAR(120) NOT NULL,
    total      INTEGER      NOT NULL,
    created_at TIMESTAMP(6) WITH TIME ZONE NOT NULL
);
CREATE INDEX import_created ON import (created_at);

CREATE TABLE import_item (
    id            VARCHAR(36) ${bytewise} PRIMARY KEY,
    import_id     VARCHAR(36)    NOT NULL REFERENCES import (id) ON DELETE CASCADE,
    number        INTEGER        NOT NULL,
    connector     VARCHAR(63)    NOT NULL REFERENCES connector (id) ON DELETE CASCADE,
    provider      VARCHAR(63)    NOT NULL,
    subject       VARCHAR(255)   NOT NULL,
    account_id    VARCHAR(255),
    access_token  VARCHAR(65536),
    refresh_token VARCHAR(65536),
    expires_at    TIMESTAMP(6) WITH TIME ZONE,
    scopes        VARCHAR(65536) NOT NULL,
    state         VARCHAR(10)    NOT NULL,
    trouble       VARCHAR(20),
    grant_id      VARCHAR(36),
    created_at    TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    due_at        TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    tries         INTEGER        NOT NULL,
    version       BIGINT         NOT NULL
);
CREATE INDEX import_item_due ON import_item (state, provider, due_at);
CREATE INDEX import_item_import ON import_item (import_id, number);
CREATE INDEX import_item_subject ON import_item (subject);

-- ATTEMPTS

CREATE TABLE invitation (
    id                  VARCHAR(36)    PRIMARY KEY,
    token_hash          VARCHAR(64)    NOT NULL UNIQUE,
    connector           VARCHAR(63)    NOT NULL REFERENCES connector (id),
    subject             VARCHAR(255)   NOT NULL,
    account_id          VARCHAR(255),
    features            VARCHAR(65536) NOT NULL,
    scopes              VARCHAR(65536) NOT NULL,
    return_to           VARCHAR(2000),
    locale              VARCHAR(35),
    -- What the bot wanted to do when it asked for permission; sealed, since it may quote the user.
    context             VARCHAR(8000),
    -- Whether the grant of this link must be confirmed in the chat.
    awaits_confirmation BOOLEAN DEFAULT FALSE NOT NULL,
    -- Finds a link, its attempts and their deliveries in the log.
    trace               VARCHAR(32),
    status              VARCHAR(20)    NOT NULL,
    grant_id            VARCHAR(36),
    granted_at          TIMESTAMP(6) WITH TIME ZONE,
    created_at          TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    expires_at          TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    version             BIGINT         NOT NULL
);
CREATE INDEX invitation_end ON invitation (status, expires_at);
CREATE INDEX invitation_grant ON invitation (grant_id, granted_at);
CREATE INDEX invitation_subject ON invitation (subject);
CREATE INDEX invitation_age ON invitation (connector, expires_at);

CREATE TABLE attempt (
    id           VARCHAR(36)    PRIMARY KEY,
    state_hash   VARCHAR(64)    NOT NULL UNIQUE,
    browser_hash VARCHAR(64)    NOT NULL,
    nonce_hash   VARCHAR(64) DEFAULT '' NOT NULL,
    handle_hash  VARCHAR(64)    UNIQUE,
    handle_used  BOOLEAN        NOT NULL,
    connector    VARCHAR(63)    NOT NULL REFERENCES connector (id),
    invitation   VARCHAR(36)    REFERENCES invitation (id),
    subject      VARCHAR(255),
    account_id   VARCHAR(255),
    features     VARCHAR(65536) NOT NULL,
    scopes       VARCHAR(65536) NOT NULL,
    asked        VARCHAR(65536) NOT NULL,
    -- None once the attempt has ended.
    verifier     VARCHAR(500),
    return_to    VARCHAR(2000),
    locale       VARCHAR(35),
    asked_before INTEGER        NOT NULL,
    trace        VARCHAR(32),
    status       VARCHAR(20)    NOT NULL,
    grant_id     VARCHAR(36),
    created_at   TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    expires_at   TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    finished_at  TIMESTAMP(6) WITH TIME ZONE,
    version      BIGINT         NOT NULL
);
CREATE INDEX attempt_subject ON attempt (subject);
CREATE INDEX attempt_age ON attempt (connector, expires_at);
CREATE INDEX attempt_invitation ON attempt (invitation);

-- CONVERSATIONS

-- Sessions of bot platforms. Codes and tokens are sealed.
CREATE TABLE conversation (
    id                VARCHAR(36)    PRIMARY KEY,
    connector         VARCHAR(63)    NOT NULL REFERENCES connector (id),
    channel           VARCHAR(20)    NOT NULL,
    session_id        VARCHAR(255) ${bytewise} NOT NULL,
    subject           VARCHAR(255)   NOT NULL,
    grant_id          VARCHAR(36) ${bytewise},
    linked_by         VARCHAR(63),
    auth_code         VARCHAR(65536),
    auth_code_status  VARCHAR(20)    NOT NULL,
    auth_code_until   TIMESTAMP(6) WITH TIME ZONE,
    code_verifier     VARCHAR(2000),
    redirect_uri      VARCHAR(2000),
    access_token      VARCHAR(65536),
    token_scopes      VARCHAR(65536),
    token_expires_at  TIMESTAMP(6) WITH TIME ZONE,
    token_verified_at TIMESTAMP(6) WITH TIME ZONE,
    account_id        VARCHAR(255),
    account_name      VARCHAR(255),
    created_at        TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    updated_at        TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    version           BIGINT         NOT NULL,
    CONSTRAINT conversation_once UNIQUE (connector, channel, session_id)
);
CREATE INDEX conversation_session ON conversation (session_id, channel);
CREATE INDEX conversation_subject ON conversation (subject);
CREATE INDEX conversation_age ON conversation (connector, updated_at);

-- The links given out in a conversation.
CREATE TABLE conversation_link (
    id           VARCHAR(36)    PRIMARY KEY,
    conversation VARCHAR(36)    NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
    invitation   VARCHAR(36),
    return_to    VARCHAR(2000),
    locale       VARCHAR(35),
    handle_hash  VARCHAR(64)    UNIQUE,
    finish_at    VARCHAR(8000),
    code_hash    VARCHAR(64)    UNIQUE,
    code_until   TIMESTAMP(6) WITH TIME ZONE,
    ending       VARCHAR(20),
    grant_id     VARCHAR(36) ${bytewise},
    created_at   TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    expires_at   TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    version      BIGINT         NOT NULL
);
CREATE INDEX conversation_link_conversation ON conversation_link (conversation, expires_at);
CREATE INDEX conversation_link_invitation ON conversation_link (invitation);
CREATE INDEX conversation_link_age ON conversation_link (expires_at);

-- DELIVERIES

-- Messages to bots, stored in the transaction of what they report. A later message of a line waits for the earlier ones; a line is a
-- grant or an invitation. No token is in any of it.
CREATE SEQUENCE delivery_number START WITH 1 INCREMENT BY 1;
CREATE TABLE delivery (
    number      BIGINT         PRIMARY KEY,
    id          VARCHAR(36) ${bytewise} NOT NULL UNIQUE,
    type        VARCHAR(40)    NOT NULL,
    connector   VARCHAR(63)    NOT NULL REFERENCES connector (id) ON DELETE CASCADE,
    line        VARCHAR(36) ${bytewise} NOT NULL,
    subject     VARCHAR(255)   NOT NULL,
    body        VARCHAR(300000) NOT NULL,
    trace       VARCHAR(32),
    state       VARCHAR(10)    NOT NULL,
    created_at  TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    since       TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    due_at      TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    tries       INTEGER        NOT NULL,
    last_answer VARCHAR(200),
    settled_at  TIMESTAMP(6) WITH TIME ZONE,
    version     BIGINT         NOT NULL
);
CREATE INDEX delivery_due ON delivery (state, connector, tries, due_at);
CREATE INDEX delivery_line ON delivery (line, number);
CREATE INDEX delivery_connector ON delivery (connector, number);
CREATE INDEX delivery_subject ON delivery (subject, number);
CREATE INDEX delivery_settled ON delivery (state, settled_at);
