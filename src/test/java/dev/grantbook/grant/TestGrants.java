package dev.grantbook.grant;

import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.oauth.TokenResponse;
import dev.grantbook.testing.Database;
import dev.grantbook.testing.InjectedField;
import dev.grantbook.testing.Told;
import dev.grantbook.token.ProbeClaims;
import dev.grantbook.token.RefreshLeases;
import dev.grantbook.token.SecondaryRefreshLeases;
import dev.grantbook.vault.Vault;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Grants without a server. */
public final class TestGrants {

    private TestGrants() {}

    public static Grants in(Database database, Vault vault, Clock clock) {
        return in(database, vault, clock, event -> {});
    }

    /** @param observer of what happens to them */
    public static Grants in(Database database, Vault vault, Clock clock, Consumer<GrantEventRecorded> observer) {
        var grants = new Grants();
        grants.search = search(database);
        grants.entities = database.entities();
        grants.holdings = holdings(database, vault, clock);
        grants.revocations = TestRevocations.in(database, grants, vault, clock);
        grants.vault = vault;
        grants.happened = new Told<>(observer);
        grants.clock = clock;
        return grants;
    }

    /** As the server has them: what is looked up is in a transaction of its own. */
    public static Grants transacting(Database database, Vault vault, Clock clock) {
        var grants = new Grants() {
            @Override
            public Optional<Grant> find(String id) {
                return database.in(() -> super.find(id));
            }

            @Override
            public Map<String, Grant> find(String connector, Collection<String> subjects) {
                return database.in(() -> super.find(connector, subjects));
            }

            @Override
            public Optional<Secret> accessToken(Grant grant) {
                return database.in(() -> super.accessToken(grant));
            }

            @Override
            public void recordProof(Grant seen, Instant when) {
                database.run(() -> super.recordProof(seen, when));
            }

            @Override
            public List<String> findUnused(String connector, Instant since) {
                return database.in(() -> super.findUnused(connector, since));
            }

            @Override
            public boolean giveUp(String id, Instant unusedSince) {
                return database.in(() -> super.giveUp(id, unusedSince));
            }

            @Override
            public void recordUse(List<String> ids, Instant before) {
                database.run(() -> super.recordUse(ids, before));
            }

            @Override
            public void recordRejection(Grant seen) {
                database.run(() -> super.recordRejection(seen));
            }

            @Override
            public void callRefused(Grant seen) {
                database.run(() -> super.callRefused(seen));
            }
        };
        Grants plain = in(database, vault, clock);
        grants.search = plain.search;
        grants.entities = plain.entities;
        grants.holdings = plain.holdings;
        grants.revocations = plain.revocations;
        grants.vault = vault;
        grants.happened = plain.happened;
        grants.clock = clock;
        return grants;
    }

    /** As the server has it: each call in a transaction of its own. */
    public static AccountGrants transactingAccounts(Database database, Grants grants) {
        var accounts = new AccountGrants() {
            @Override
            public void recordScopes(Grant asked, Scopes scopes, Instant when) {
                database.run(() -> super.recordScopes(asked, scopes, when));
            }

            @Override
            public void lacks(Grant used, Collection<String> missing) {
                database.run(() -> super.lacks(used, missing));
            }
        };
        accounts.entities = grants.entities;
        accounts.grants = grants;
        accounts.clock = grants.clock;
        return accounts;
    }

    /** As the server has them: each call in a transaction of its own. */
    public static ProbeClaims proofs(Database database, Clock clock) {
        var proofs = new ProbeClaims() {
            @Override
            public void leaveInPeace(String grantId, Instant until) {
                database.run(() -> super.leaveInPeace(grantId, until));
            }

            @Override
            public int countSince(Collection<String> connectors, Instant since) {
                return database.in(() -> super.countSince(connectors, since));
            }

            @Override
            public List<String> claimOldest(
                    String connector, boolean endless, Instant provedBefore, Instant askedBefore, int limit) {
                return database.in(() -> super.claimOldest(connector, endless, provedBefore, askedBefore, limit));
            }
        };
        InjectedField.set(proofs, "entities", database.entities());
        InjectedField.set(proofs, "clock", clock);
        return proofs;
    }

    public static AccountGrants accounts(Grants grants) {
        var accounts = new AccountGrants();
        accounts.entities = grants.entities;
        accounts.grants = grants;
        accounts.clock = grants.clock;
        return accounts;
    }

    /** As the server has them: each call in a transaction of its own. */
    public static RefreshLeases renewals(Database database, Grants grants) {
        var renewals = new RefreshLeases() {
            @Override
            public Optional<Taken> take(String id, Predicate<Grant> due, Duration length) {
                return database.in(() -> super.take(id, due, length));
            }

            @Override
            public boolean keep(RefreshLeases.RefreshLease lease, Duration length) {
                return database.in(() -> super.keep(lease, length));
            }

            @Override
            public Optional<Grant> storeRefreshed(
                    RefreshLeases.RefreshLease lease, TokenResponse token, UnaryOperator<Scopes> dialect) {
                return database.in(() -> super.storeRefreshed(lease, token, dialect));
            }

            @Override
            public Grant recordFailure(RefreshLeases.RefreshLease lease, RefreshPause pause) {
                return database.in(() -> super.recordFailure(lease, pause));
            }

            @Override
            public Grant recordRefusal(RefreshLeases.RefreshLease lease) {
                return database.in(() -> super.recordRefusal(lease));
            }

            @Override
            public List<String> findAged(String connector, Instant before) {
                return database.in(() -> super.findAged(connector, before));
            }
        };
        InjectedField.set(renewals, "entities", grants.entities);
        InjectedField.set(renewals, "grants", grants);
        InjectedField.set(renewals, "holdings", grants.holdings);
        InjectedField.set(renewals, "revocations", grants.revocations);
        InjectedField.set(renewals, "vault", grants.vault);
        InjectedField.set(renewals, "clock", grants.clock);
        return renewals;
    }

    /** As the server has them: each call in a transaction of its own. */
    public static SecondaryRefreshLeases holdingRenewals(Database database, Grants grants) {
        var renewals = new SecondaryRefreshLeases() {
            @Override
            public Optional<SecondaryRefreshLeases.SecondaryRefreshLease> take(
                    SecondaryToken seen, Predicate<SecondaryToken> due, Duration length) {
                return database.in(() -> super.take(seen, due, length));
            }

            @Override
            public void storeRefreshed(
                    SecondaryRefreshLeases.SecondaryRefreshLease lease,
                    TokenResponse token,
                    UnaryOperator<Scopes> dialect) {
                database.run(() -> super.storeRefreshed(lease, token, dialect));
            }

            @Override
            public void recordFailure(
                    SecondaryRefreshLeases.SecondaryRefreshLease lease, RefreshLeases.RefreshPause pause) {
                database.run(() -> super.recordFailure(lease, pause));
            }

            @Override
            public void recordRefusal(SecondaryRefreshLeases.SecondaryRefreshLease lease, UnaryOperator<Scopes> left) {
                database.run(() -> super.recordRefusal(lease, left));
            }

            @Override
            public List<SecondaryToken> findAged(String connector, Instant before) {
                return database.in(() -> super.findAged(connector, before));
            }
        };
        InjectedField.set(renewals, "entities", grants.entities);
        InjectedField.set(renewals, "grants", grants);
        InjectedField.set(renewals, "holdings", grants.holdings);
        InjectedField.set(renewals, "revocations", grants.revocations);
        InjectedField.set(renewals, "vault", grants.vault);
        InjectedField.set(renewals, "clock", grants.clock);
        return renewals;
    }

    /** As the server has them: what is looked up is in a transaction of its own. */
    public static SecondaryTokens transactingHoldings(Database database, Grants grants) {
        var holdings = new SecondaryTokens() {
            @Override
            public List<SecondaryToken> of(String grantId) {
                return database.in(() -> super.of(grantId));
            }
        };
        holdings.entities = grants.entities;
        holdings.vault = grants.vault;
        holdings.clock = grants.clock;
        return holdings;
    }

    static SecondaryTokens holdings(Database database, Vault vault, Clock clock) {
        var holdings = new SecondaryTokens();
        holdings.entities = database.entities();
        holdings.vault = vault;
        holdings.clock = clock;
        return holdings;
    }

    static GrantSearch search(Database database) {
        var search = new GrantSearch();
        search.entities = database.entities();
        return search;
    }
}
