package dev.grantbook.token;

import dev.grantbook.connector.Connector;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.TokenHolder;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.TokenResponse;
import dev.grantbook.testing.Beans;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What tests of other rooms do with this room's inner parts. */
public final class TestTokens {

    private TestTokens() {}

    /** Asks no provider whether a token lives before it is handed out. */
    public static TokenLiveness unasked() {
        return new TokenLiveness() {
            @Override
            Grant check(Connector connector, Grant seen, @Nullable Duration age) {
                return seen;
            }
        };
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
}
