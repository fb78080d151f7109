package dev.grantbook.token;

import dev.grantbook.connector.Connector;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.TestGrants;
import dev.grantbook.grant.TokenHolder;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.TokenResponse;
import dev.grantbook.testing.Beans;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Fresh tokens without a server. */
public final class TestTokens extends FreshTokens {

    private final Connector usual;

    TestTokens(Connector usual, TokenRefresher refresher, TokenLiveness liveness, TestGrants grants) {
        this.usual = usual;
        grants.beans.wire(this);
        this.refresher = refresher;
        this.liveness = liveness;
    }

    /** With other tokens in place of those that are about to end; no provider is asked whether they live. */
    public static FreshTokens unproved(TestGrants grants) {
        FreshTokens tokens = grants.beans.wire(new FreshTokens());
        tokens.liveness = unasked();
        return tokens;
    }

    static TokenLiveness unasked() {
        return new TokenLiveness() {
            @Override
            Grant check(Connector connector, Grant seen, @Nullable Duration age) {
                return seen;
            }
        };
    }

    /**
     * Answers whether tokens live, by the provider's API; the list takes the account of each token that is to be
     * replaced.
     */
    public static TokenLiveness liveness(TestGrants grants, List<String> replaced) {
        TokenLiveness liveness = grants.beans.wire(new TokenLiveness());
        liveness.refresher = new TokenRefresher() {
            @Override
            Grant replace(Grant seen) {
                if (!seen.isRefreshable()) {
                    return seen;
                }
                replaced.add("replaced " + seen.accountId());
                return grants.find(seen.id()).orElseThrow();
            }
        };
        return liveness;
    }

    /** A round of what keeps tokens alive. */
    public static void keepAlive(TokenRefresher refresher) {
        refresher.keepAlive();
    }

    /**
     * A refresh.
     *
     * @param meanwhile happens while the provider is asked
     * @return whether what it brought was stored
     */
    public static boolean refresh(TokenHolder holder, Runnable meanwhile, TokenResponse token, Scopes granted) {
        var leases = Beans.get(RefreshLeases.class);
        RefreshLeases.RefreshLease lease = lease(leases, holder);
        meanwhile.run();
        return leases.store(lease, token, known -> granted).isPresent();
    }

    /** A refresh that the provider refuses. */
    public static void refuseRefresh(Grant grant) {
        var leases = Beans.get(RefreshLeases.class);
        leases.refuse(lease(leases, grant), known -> known);
    }

    private static RefreshLeases.RefreshLease lease(RefreshLeases leases, TokenHolder holder) {
        return ((RefreshLeases.Taken.Leased) leases.take(holder, any -> true, Duration.ofMinutes(1))).lease();
    }

    Fresh of(Grant seen) {
        return of(usual, seen);
    }
}
