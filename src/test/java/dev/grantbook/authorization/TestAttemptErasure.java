package dev.grantbook.authorization;

import dev.grantbook.testing.Database;

/** Forgetting without a server. */
public final class TestAttemptErasure {

    private TestAttemptErasure() {}

    public static AttemptErasure in(Database database) {
        var forgetting = new AttemptErasure();
        forgetting.entities = database.entities();
        return forgetting;
    }
}
