-- Which keys each running node knows: a key seals only when every node can open what it sealed.
CREATE TABLE vault_node (
    id          VARCHAR(36)   PRIMARY KEY,
    keys_known  VARCHAR(4000) NOT NULL,
    primary_key VARCHAR(10)   NOT NULL,
    seen_at     TIMESTAMP(6) WITH TIME ZONE NOT NULL
);

-- One row, which whoever changes the keyset locks.
CREATE TABLE vault_rotation (
    id INTEGER PRIMARY KEY
);
INSERT INTO vault_rotation (id) VALUES (1);

-- An attempt that ended has no verifier; an empty text would be neither sealed nor absent.
ALTER TABLE attempt ALTER COLUMN verifier DROP NOT NULL;
UPDATE attempt SET verifier = NULL WHERE verifier = '';
