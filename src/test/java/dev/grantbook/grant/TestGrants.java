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
        grants.holdings = holdings(database, vault, clock);
        grants.vault = vault;
        grants.clock = clock;
        return grants;
    }

    public static AccountGrants accounts(Grants grants) {
        var accounts = new AccountGrants();
        accounts.entities = grants.entities;
        accounts.grants = grants;
        accounts.clock = grants.clock;
        return accounts;
    }

    static Holdings holdings(Database database, Vault vault, Clock clock) {
        var holdings = new Holdings();
        holdings.entities = database.entities();
        holdings.vault = vault;
        holdings.clock = clock;
        return holdings;
    }

    static GrantSearch search(Database database, Clock clock) {
        var search = new GrantSearch();
        search.entities = database.entities();
        search.clock = clock;
        return search;
    }
}
