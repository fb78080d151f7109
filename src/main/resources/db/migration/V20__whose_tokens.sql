-- Whose the tokens were that are not a grant's own (they never became one's, or are of something beside it), sealed: their end must not be the end of a grant that lives.
ALTER TABLE revocation ADD COLUMN whose VARCHAR(4000);
