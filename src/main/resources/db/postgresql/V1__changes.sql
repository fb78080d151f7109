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
    ELSE
        PERFORM pg_notify('grantbook_changes', 'user_grant ' || NEW.id || ' ' || NEW.connector || ' ' || NEW.subject);
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER user_grant_changed AFTER INSERT OR UPDATE OR DELETE ON user_grant
    FOR EACH ROW EXECUTE FUNCTION notify_grant_change();
