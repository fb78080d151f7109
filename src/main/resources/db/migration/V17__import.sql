-- Tokens from elsewhere, sealed from the first moment on. An item becomes a grant once the provider has taken its token.
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
