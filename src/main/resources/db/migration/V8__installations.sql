-- What a bot is installed on: a team, a workspace, or the account itself.

ALTER TABLE user_grant ADD COLUMN installation_id VARCHAR(255) ${bytewise} DEFAULT '' NOT NULL;
ALTER TABLE user_grant ADD COLUMN installation_name VARCHAR(255);
UPDATE user_grant SET installation_id = account_id, installation_name = account_name;
CREATE INDEX user_grant_installation ON user_grant (connector, installation_id, status);
