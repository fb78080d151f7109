-- Which of a subject's links led to a grant last.

ALTER TABLE invitation ADD COLUMN granted_at TIMESTAMP(6) WITH TIME ZONE;
DROP INDEX invitation_grant;
CREATE INDEX invitation_grant ON invitation (grant_id, granted_at);
