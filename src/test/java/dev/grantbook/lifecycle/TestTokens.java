package dev.grantbook.lifecycle;

import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.Grants;
import dev.grantbook.platform.Settings;
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

    Fresh of(Grant seen) {
        return of(usual, seen);
    }
}
