-- What a node is called, since when it seals with its primary key, and why it cannot take the keyset. Running nodes say it anew.
DELETE FROM vault_node;
ALTER TABLE vault_node ADD COLUMN name VARCHAR(300) NOT NULL;
ALTER TABLE vault_node ADD COLUMN primary_since TIMESTAMP(6) WITH TIME ZONE NOT NULL;
ALTER TABLE vault_node ADD COLUMN trouble VARCHAR(500);
