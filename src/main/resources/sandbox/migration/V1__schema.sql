-- What users of the emulated providers granted. Codes and tokens are hashes.

CREATE TABLE sandbox_authorization (
    id           VARCHAR(36)    PRIMARY KEY,
    provider     VARCHAR(63)    NOT NULL,
    client_id    VARCHAR(255)   NOT NULL,
    account      VARCHAR(20)    NOT NULL,
    scopes       VARCHAR(65536) NOT NULL,
    declined     VARCHAR(65536) NOT NULL,
    challenge    VARCHAR(128),
    redirect_uri VARCHAR(2000),
    nonce        VARCHAR(2000),
    -- Checks the calls of a provider that has them signed.
    public_key   VARCHAR(64),
    code_hash    VARCHAR(64)    UNIQUE,
    created_at   TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    expires_at   TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    version      BIGINT         NOT NULL
);
CREATE INDEX sandbox_authorization_expires ON sandbox_authorization (expires_at);

CREATE TABLE sandbox_token (
    hash             VARCHAR(64) PRIMARY KEY,
    authorization_id VARCHAR(36) NOT NULL REFERENCES sandbox_authorization (id) ON DELETE CASCADE,
    kind             VARCHAR(20) NOT NULL,
    expires_at       TIMESTAMP(6) WITH TIME ZONE NOT NULL
);
CREATE INDEX sandbox_token_authorization ON sandbox_token (authorization_id);
