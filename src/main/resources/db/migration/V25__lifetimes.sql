-- The lifetime that a provider told last counts anew from each refresh, also when the refresh does not repeat it.
ALTER TABLE user_grant ADD COLUMN lifetime BIGINT;
UPDATE user_grant SET lifetime = EXTRACT(EPOCH FROM (expires_at - refreshed_at))
    WHERE expires_at IS NOT NULL AND expires_at > refreshed_at;

-- Tokens of holdings may have refresh tokens and ends of their own. Written only while the grant's row is locked.
ALTER TABLE holding ADD COLUMN refresh_token VARCHAR(65536);
ALTER TABLE holding ADD COLUMN expires_at TIMESTAMP(6) WITH TIME ZONE;
ALTER TABLE holding ADD COLUMN lifetime BIGINT;
ALTER TABLE holding ADD COLUMN refresh_failures INTEGER DEFAULT 0 NOT NULL;
ALTER TABLE holding ADD COLUMN retry_at TIMESTAMP(6) WITH TIME ZONE;
ALTER TABLE holding ADD COLUMN lease_owner VARCHAR(36);
ALTER TABLE holding ADD COLUMN lease_until TIMESTAMP(6) WITH TIME ZONE;
CREATE INDEX holding_updated ON holding (updated_at);
