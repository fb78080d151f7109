package dev.grantbook.authorization;

import dev.grantbook.testing.Database;

/** Forgetting without a server. */
public final class TestForgetting {

    private TestForgetting() {}

    public static Forgetting in(Database database) {
        var forgetting = new Forgetting();
        forgetting.entities = database.entities();
        return forgetting;
    }
}
