-- When a bot last got the token, to the hour, or the user granted; none once the grant has ended. Nobody counted before.
ALTER TABLE user_grant ADD COLUMN used_at TIMESTAMP(6) WITH TIME ZONE;
UPDATE user_grant SET used_at = CURRENT_TIMESTAMP WHERE access_token IS NOT NULL;
CREATE INDEX user_grant_used ON user_grant (connector, used_at);

-- What is old.
CREATE INDEX invitation_age ON invitation (connector, expires_at);
CREATE INDEX attempt_age ON attempt (connector, expires_at);
CREATE INDEX attempt_invitation ON attempt (invitation);
CREATE INDEX conversation_age ON conversation (connector, updated_at);
CREATE INDEX conversation_link_age ON conversation_link (expires_at);
