-- Sessions of bot platforms and the links handed out in them. Codes and tokens are sealed; what is only compared is a hash.

-- A grant that waits for its chat user: after the deadline its tokens are destroyed.
ALTER TABLE user_grant ADD COLUMN confirm_by TIMESTAMP(6) WITH TIME ZONE;
CREATE INDEX user_grant_confirm ON user_grant (status, confirm_by);

-- Whether the grant of this link must be confirmed in the chat.
ALTER TABLE invitation ADD COLUMN awaits_confirmation BOOLEAN DEFAULT FALSE NOT NULL;

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
