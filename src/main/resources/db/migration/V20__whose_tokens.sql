-- Whose the tokens were that never became a grant's, sealed: their end must not be the end of a grant that lives.
ALTER TABLE revocation ADD COLUMN whose VARCHAR(4000);
