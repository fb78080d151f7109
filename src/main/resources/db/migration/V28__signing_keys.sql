-- What is beside an authorization of the sandbox where calls are signed: the public key that they are checked with.
ALTER TABLE sandbox_authorization ADD COLUMN public_key VARCHAR(64);

-- Mixin ends an authorization after a year, and its grants end with it from now on.
UPDATE user_grant SET expires_at = refreshed_at + INTERVAL '365' DAY
    WHERE status = 'ACTIVE' AND refreshable = FALSE AND expires_at IS NULL
        AND connector IN (SELECT id FROM connector WHERE definition LIKE '%"provider":"mixin"%');
