package dev.grantbook.token;

import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.Grants;
import dev.grantbook.grant.Holdings;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.jobs.TestRounds;
import dev.grantbook.provider.TokenExchange;
import java.time.Clock;

/** Fresh tokens without a server. */
public final class TestTokens extends FreshTokens {

    private final Connector usual;

    TestTokens(Connector usual, Refresh refresh, Probe probe, Grants grants, Clock clock) {
        this.usual = usual;
        this.refresh = refresh;
        this.probe = probe;
        this.grants = grants;
        this.clock = clock;
    }

    /** Of grants that no provider has to be asked about. */
    public static FreshTokens young(Connectors connectors, Grants grants, Settings settings, Clock clock) {
        var tokens = new FreshTokens();
        tokens.refresh = new Refresh();
        tokens.refresh.settings = settings;
        tokens.refresh.clock = clock;
        tokens.probe = new Probe();
        tokens.probe.connectors = connectors;
        tokens.probe.clock = clock;
        tokens.grants = grants;
        tokens.clock = clock;
        return tokens;
    }

    /** With other tokens in place of those that are about to end, from whoever gives them; nobody is probed. */
    public static FreshTokens refreshing(
            Connectors connectors,
            Grants grants,
            Renewals renewals,
            TokenExchange exchange,
            Settings settings,
            Clock clock) {
        var tokens = new FreshTokens();
        tokens.refresh = new Refresh();
        tokens.refresh.renewals = renewals;
        tokens.refresh.grants = grants;
        tokens.refresh.connectors = connectors;
        tokens.refresh.exchange = exchange;
        tokens.refresh.rounds = new TestRounds();
        tokens.refresh.settings = settings;
        tokens.refresh.clock = clock;
        tokens.probe = new Probe() {
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
    public static FreshHoldings holdings(
            Connectors connectors,
            Holdings holdings,
            HoldingRenewals renewals,
            TokenExchange exchange,
            Settings settings,
            Clock clock) {
        var fresh = new FreshHoldings();
        fresh.renewals = renewals;
        fresh.holdings = holdings;
        fresh.connectors = connectors;
        fresh.exchange = exchange;
        fresh.rounds = new TestRounds();
        fresh.settings = settings;
        fresh.clock = clock;
        return fresh;
    }

    /** A round of what keeps tokens of holdings alive. */
    public static void keepAlive(FreshHoldings holdings) {
        holdings.keepAlive();
    }

    Fresh of(Grant seen) {
        return of(usual, seen);
    }
}
