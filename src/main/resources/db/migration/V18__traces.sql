-- By which a link, its trips and what bots are told of them are found again in the log.
ALTER TABLE invitation ADD COLUMN trace VARCHAR(32);
ALTER TABLE attempt ADD COLUMN trace VARCHAR(32);
ALTER TABLE delivery ADD COLUMN trace VARCHAR(32);
