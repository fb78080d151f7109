-- The life of a grant's tokens. Nothing but the lease is ever written without the row being locked.

ALTER TABLE user_grant ADD COLUMN refreshable BOOLEAN DEFAULT FALSE NOT NULL;
ALTER TABLE user_grant ADD COLUMN refreshed_at TIMESTAMP(6) WITH TIME ZONE;
ALTER TABLE user_grant ADD COLUMN refresh_failures INTEGER DEFAULT 0 NOT NULL;
ALTER TABLE user_grant ADD COLUMN retry_at TIMESTAMP(6) WITH TIME ZONE;
ALTER TABLE user_grant ADD COLUMN lease_owner VARCHAR(36);
ALTER TABLE user_grant ADD COLUMN lease_until TIMESTAMP(6) WITH TIME ZONE;
ALTER TABLE user_grant ADD COLUMN probed_at TIMESTAMP(6) WITH TIME ZONE;
ALTER TABLE user_grant ADD COLUMN reason VARCHAR(40);
UPDATE user_grant SET refreshable = TRUE WHERE status = 'ACTIVE' AND refresh_token IS NOT NULL;
UPDATE user_grant SET refreshed_at = updated_at;
CREATE INDEX user_grant_refreshed ON user_grant (refreshable, refreshed_at);
CREATE INDEX user_grant_verified ON user_grant (connector, status, verified_at);

ALTER TABLE grant_event ADD COLUMN reason VARCHAR(40);
