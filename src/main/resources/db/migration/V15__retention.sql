-- When a bot last got the token, to the hour; what nobody uses is given up.
ALTER TABLE user_grant ADD COLUMN last_used_at TIMESTAMP(6) WITH TIME ZONE;

-- What is old, by connector.
CREATE INDEX invitation_end ON invitation (connector, expires_at);
CREATE INDEX attempt_end ON attempt (connector, expires_at);
CREATE INDEX attempt_invitation ON attempt (invitation);
