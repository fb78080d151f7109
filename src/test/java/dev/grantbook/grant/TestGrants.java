package dev.grantbook.grant;

import dev.grantbook.testing.Database;
import dev.grantbook.vault.Vault;
import java.time.Clock;

/** Grants without a server. */
public final class TestGrants {

    private TestGrants() {}

    public static Grants in(Database database, Vault vault, Clock clock) {
        var grants = new Grants();
        grants.search = search(database, clock);
        grants.entities = database.entities();
        grants.vault = vault;
        grants.clock = clock;
        return grants;
    }

    static GrantSearch search(Database database, Clock clock) {
        var search = new GrantSearch();
        search.entities = database.entities();
        search.clock = clock;
        return search;
    }
}
