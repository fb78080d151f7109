-- Nodes keep rows in memory, and hear from here when one was changed. With H2 there is one node, which keeps none.

CREATE FUNCTION notify_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('grantbook_changes', TG_TABLE_NAME);
    RETURN NULL;
END $$;

CREATE TRIGGER api_key_changed AFTER INSERT OR UPDATE OR DELETE ON api_key
    FOR EACH STATEMENT EXECUTE FUNCTION notify_change();
CREATE TRIGGER connector_changed AFTER INSERT OR UPDATE OR DELETE ON connector
    FOR EACH STATEMENT EXECUTE FUNCTION notify_change();

CREATE FUNCTION notify_grant_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM pg_notify('grantbook_changes', 'user_grant ' || OLD.id || ' ' || OLD.connector || ' ' || OLD.subject);
        RETURN NULL;
    END IF;
    -- A subject's first grant is in no node's memory, and says nothing: transactions that notify commit one after the
    -- other. The lock, until the commit, lets one of two that are inserted at once see the other.
    PERFORM pg_advisory_xact_lock(TG_RELID::int, hashtext(NEW.connector || ' ' || NEW.subject) & 1023);
    IF EXISTS (SELECT 1 FROM user_grant WHERE connector = NEW.connector AND subject = NEW.subject AND id <> NEW.id) THEN
        PERFORM pg_notify('grantbook_changes', 'user_grant ' || NEW.id || ' ' || NEW.connector || ' ' || NEW.subject);
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER user_grant_changed AFTER INSERT OR UPDATE OR DELETE ON user_grant
    FOR EACH ROW EXECUTE FUNCTION notify_grant_change();
