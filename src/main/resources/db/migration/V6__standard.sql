-- What the ID token of a trip must hold (OpenID Connect); hashed, since it is only compared.
ALTER TABLE attempt ADD COLUMN nonce_hash VARCHAR(64) DEFAULT '' NOT NULL;
