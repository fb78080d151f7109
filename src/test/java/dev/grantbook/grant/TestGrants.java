package dev.grantbook.grant;

import dev.grantbook.connector.Connectors;
import dev.grantbook.connector.TestConnectors;
import dev.grantbook.grant.confirmation.Confirmations;
import dev.grantbook.grant.history.GrantEvent;
import dev.grantbook.grant.history.GrantEventRecorded;
import dev.grantbook.grant.history.GrantHistory;
import dev.grantbook.grant.lifecycle.AccountGrants;
import dev.grantbook.grant.lifecycle.GrantEnding;
import dev.grantbook.grant.lifecycle.GrantIssuing;
import dev.grantbook.grant.lifecycle.GrantedScopes;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.jobs.TestJobs;
import dev.grantbook.revocation.Revocations;
import dev.grantbook.testing.Database;
import dev.grantbook.testing.WiredBeans;
import dev.grantbook.vault.Vault;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Grants without a server, with all that is done to them at hand. */
@Transactional
public class TestGrants extends Grants {

    @Inject
    public WiredBeans beans;

    @Inject
    public GrantIssuing issuing;

    @Inject
    public GrantEnding ending;

    @Inject
    public Confirmations confirmations;

    @Inject
    public GrantHistory history;

    @Inject
    public GrantedScopes scopes;

    @Inject
    public SecondaryTokens secondaryTokens;

    @Inject
    public AccountGrants accounts;

    @Inject
    public Revocations revocations;

    /** No connector is known. */
    public static TestGrants in(Database database, Vault vault, Clock clock) {
        return in(database, vault, clock, Settings.read(), TestConnectors.none());
    }

    /** @param observer of what happens to them */
    public static TestGrants in(Database database, Vault vault, Clock clock, Consumer<GrantEventRecorded> observer) {
        TestGrants grants = in(database, vault, clock);
        grants.beans.listening(GrantEventRecorded.class, observer);
        return grants;
    }

    public static TestGrants in(Database database, Vault vault, Clock clock, Settings settings, Connectors connectors) {
        var beans = new WiredBeans(database);
        return beans.with(beans, vault, clock, settings, connectors, new TestJobs(), new SecureRandom())
                .get(TestGrants.class);
    }

    public Grant record(Received received, String actor) {
        return issuing.record(received, actor);
    }

    public Grant record(Received received, String actor, @Nullable Instant confirmBy) {
        return issuing.record(received, actor, confirmBy);
    }

    public Grant record(Received received, String actor, @Nullable Instant confirmBy, @Nullable ConfirmationCode code) {
        return issuing.record(received, actor, confirmBy, code);
    }

    public Optional<Grant> disconnect(String id, String actor) {
        return ending.disconnect(id, actor, grant -> {});
    }

    public void forget(Grant grant) {
        ending.forget(grant);
    }

    public List<GrantEvent> history(String id) {
        return history.of(id);
    }
}
