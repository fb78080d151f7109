-- What users of the emulated providers granted. Codes and tokens are hashes. Empty unless the sandbox is on.

CREATE TABLE sandbox_authorization (
    id         VARCHAR(36)    PRIMARY KEY,
    provider   VARCHAR(63)    NOT NULL,
    client_id  VARCHAR(255)   NOT NULL,
    account    VARCHAR(20)    NOT NULL,
    scopes     VARCHAR(65536) NOT NULL,
    challenge  VARCHAR(128),
    code_hash  VARCHAR(64)    UNIQUE,
    token_hash VARCHAR(64)    UNIQUE,
    created_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    version    BIGINT         NOT NULL
);
CREATE INDEX sandbox_authorization_expires ON sandbox_authorization (expires_at);
