package dev.grantbook.token;

import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.Grants;
import dev.grantbook.grant.SecondaryTokens;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.jobs.TestJobs;
import dev.grantbook.provider.TokenEndpoint;
import java.time.Clock;

/** Fresh tokens without a server. */
public final class TestTokens extends FreshTokens {

    private final Connector usual;

    TestTokens(Connector usual, TokenRefresher refresh, TokenLiveness probe, Grants grants, Clock clock) {
        this.usual = usual;
        this.refresh = refresh;
        this.probe = probe;
        this.grants = grants;
        this.clock = clock;
    }

    /** With other tokens in place of those that are about to end, from whoever gives them; nobody is probed. */
    public static FreshTokens refreshing(
            Connectors connectors,
            Grants grants,
            RefreshLeases renewals,
            TokenEndpoint exchange,
            Settings settings,
            Clock clock) {
        var tokens = new FreshTokens();
        tokens.refresh = new TokenRefresher();
        tokens.refresh.renewals = renewals;
        tokens.refresh.grants = grants;
        tokens.refresh.connectors = connectors;
        tokens.refresh.exchange = exchange;
        tokens.refresh.rounds = new TestJobs();
        tokens.refresh.settings = settings;
        tokens.refresh.clock = clock;
        tokens.probe = new TokenLiveness() {
            @Override
            Grant whenOld(Connector connector, Grant seen) {
                return seen;
            }
        };
        tokens.grants = grants;
        tokens.clock = clock;
        return tokens;
    }

    /** The same for what came with grants. */
    public static FreshSecondaryTokens holdings(
            Connectors connectors,
            SecondaryTokens holdings,
            SecondaryRefreshLeases renewals,
            TokenEndpoint exchange,
            Settings settings,
            Clock clock) {
        var fresh = new FreshSecondaryTokens();
        fresh.renewals = renewals;
        fresh.holdings = holdings;
        fresh.connectors = connectors;
        fresh.exchange = exchange;
        fresh.rounds = new TestJobs();
        fresh.settings = settings;
        fresh.clock = clock;
        return fresh;
    }

    /** A round of what keeps tokens of holdings alive. */
    public static void keepAlive(FreshSecondaryTokens holdings) {
        holdings.keepAlive();
    }

    Fresh of(Grant seen) {
        return of(usual, seen);
    }
}
