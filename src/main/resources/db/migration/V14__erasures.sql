-- That a subject was forgotten, when, and at whose word. Nothing here says whose data it was.
CREATE TABLE erasure (
    id          VARCHAR(36)  PRIMARY KEY,
    done_at     TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    actor       VARCHAR(120) NOT NULL,
    rows_erased INTEGER      NOT NULL
);

-- All that a room keeps about one subject.
CREATE INDEX invitation_subject ON invitation (subject);
CREATE INDEX attempt_subject ON attempt (subject);
CREATE INDEX conversation_subject ON conversation (subject);
