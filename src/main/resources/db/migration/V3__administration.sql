-- Who signed in, who tried, and what administrators changed.
CREATE TABLE audit_event (
    id          VARCHAR(36)  PRIMARY KEY,
    happened_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    kind        VARCHAR(30)  NOT NULL,
    actor       VARCHAR(100) NOT NULL,
    about       VARCHAR(100) NOT NULL,
    address     VARCHAR(45)  NOT NULL,
    network     VARCHAR(45)  NOT NULL
);
CREATE INDEX audit_event_latest ON audit_event (happened_at DESC, id);
CREATE INDEX audit_event_network ON audit_event (network, kind, happened_at);
