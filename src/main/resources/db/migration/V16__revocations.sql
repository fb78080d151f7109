-- Tokens whose provider has still to be told that they ended. No cascade and no reference to the grant: it may be erased first, and
-- its provider is told all the same.
CREATE TABLE revocation (
    id            VARCHAR(36) ${bytewise} PRIMARY KEY,
    connector     VARCHAR(63) NOT NULL REFERENCES connector (id),
    grant_id      VARCHAR(36) ${bytewise},
    access_token  VARCHAR(65536),
    refresh_token VARCHAR(65536),
    created_at    TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    due_at        TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    tries         INTEGER     NOT NULL
);
CREATE INDEX revocation_due ON revocation (connector, due_at);
CREATE INDEX revocation_grant ON revocation (grant_id);

-- How many questions a provider was asked lately, over all nodes.
CREATE INDEX user_grant_probed ON user_grant (connector, probed_at);
