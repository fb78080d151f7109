-- What bots are to be told, written in the same transaction as what it tells of. A later message of a line waits for the
-- earlier ones; a line is a grant or an invitation. No token is in any of it.
CREATE SEQUENCE delivery_number START WITH 1 INCREMENT BY 1;
CREATE TABLE delivery (
    number      BIGINT         PRIMARY KEY,
    id          VARCHAR(36) ${bytewise} NOT NULL UNIQUE,
    type        VARCHAR(40)    NOT NULL,
    connector   VARCHAR(63)    NOT NULL REFERENCES connector (id) ON DELETE CASCADE,
    line        VARCHAR(36) ${bytewise} NOT NULL,
    subject     VARCHAR(255)   NOT NULL,
    body        VARCHAR(300000) NOT NULL,
    state       VARCHAR(10)    NOT NULL,
    created_at  TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    since       TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    due_at      TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    tries       INTEGER        NOT NULL,
    last_answer VARCHAR(200),
    settled_at  TIMESTAMP(6) WITH TIME ZONE,
    version     BIGINT         NOT NULL
);
CREATE INDEX delivery_due ON delivery (state, connector, due_at);
CREATE INDEX delivery_line ON delivery (line, number);
CREATE INDEX delivery_connector ON delivery (connector, number);
CREATE INDEX delivery_settled ON delivery (state, settled_at);

-- Links whose end nobody wrote down yet.
CREATE INDEX invitation_end ON invitation (status, expires_at);
