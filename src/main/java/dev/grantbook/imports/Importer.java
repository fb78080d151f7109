package dev.grantbook.imports;

import dev.grantbook.catalogue.Provider;
import dev.grantbook.catalogue.account.Account;
import dev.grantbook.catalogue.account.AccountMapping.AccountSource;
import dev.grantbook.catalogue.dialect.ApiFailure.Meaning;
import dev.grantbook.connector.Confirmation;
import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.grant.lifecycle.ReceivedTokens;
import dev.grantbook.imports.ImportItem.Trouble;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.oauth.TokenResponse;
import dev.grantbook.platform.config.ConfigurationException;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.config.StartOrder;
import dev.grantbook.platform.jobs.Job;
import dev.grantbook.platform.jobs.Jobs;
import dev.grantbook.platform.jobs.WorkQueue;
import dev.grantbook.platform.observability.Meters;
import dev.grantbook.platform.persistence.OptimisticRetry;
import dev.grantbook.provider.ProbeResult;
import dev.grantbook.provider.ProviderApi;
import dev.grantbook.provider.ProviderToken;
import dev.grantbook.provider.TokenEndpoint;
import dev.grantbook.provider.client.ClientRegistration;
import dev.grantbook.provider.http.ProviderException;
import dev.grantbook.provider.http.ProviderException.FailureKind;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Probes imported tokens at their providers, a few at a time, and makes grants of those that live. */
@ApplicationScoped
class Importer {

    private static final Logger LOG = Logger.getLogger(Importer.class.getName());

    @Inject
    Imports imports;

    @Inject
    Connectors connectors;

    @Inject
    ProviderApi api;

    @Inject
    TokenEndpoint exchange;

    @Inject
    Jobs jobs;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    /** The reason why an item cannot become a grant. */
    private static final class Useless extends RuntimeException {

        private final Trouble why;

        Useless(Trouble why) {
            super(why.wire());
            this.why = why;
        }
    }

    void start(@Observes @Priority(StartOrder.WORK) Startup event) {
        jobs.start(Job.IMPORTS, this::round);
        jobs.start(Job.IMPORT_RETENTION, imports::sweep);
    }

    /** Settles a few items of each provider; one that does not answer is left until the next round. */
    void round() {
        for (String provider : imports.due()) {
            Jobs.round("imports of tokens of " + provider, () -> round(provider));
        }
    }

    private void round(String provider) {
        var left = new AtomicInteger(settings.imports().perRound());
        WorkQueue.drain(() -> left.getAndDecrement() > 0 ? imports.take(provider) : Optional.empty(), this::settle);
    }

    /** @return false when the provider did not answer */
    private boolean settle(ImportItem item) {
        try {
            imports.settle(item, readReply(item)).ifPresent(Importer::count);
            return true;
        } catch (Useless e) {
            imports.fail(item, e.why).ifPresent(Importer::count);
            return true;
        } catch (ProviderException | ConfigurationException e) {
            LOG.log(Level.INFO, "{0}: item {1} of import {2} waits: {3}", new Object[] {
                item.connector(), item.number(), item.importId(), e.getMessage()
            });
            imports.postpone(item);
            return false;
        } catch (RuntimeException e) {
            // The right keyset may come back, or a concurrent write conflicted: other items are not held up.
            LOG.log(
                    Level.WARNING,
                    e,
                    () -> item.connector() + ": item " + item.number() + " of import " + item.importId() + " waits");
            imports.postpone(item);
            return true;
        }
    }

    private static void count(ImportItem ended) {
        Trouble why = ended.trouble();
        Meters.count(
                "imports", "connector", ended.connector().value(), "outcome", why == null ? "imported" : why.wire());
    }

    private ReceivedTokens readReply(ImportItem item) {
        Connector connector = connectors
                .find(item.connector())
                .filter(Connector::enabled)
                .orElseThrow(() -> new Useless(Trouble.NO_CONNECTOR));
        if (imports.isGranted(item)) {
            throw new Useless(Trouble.ALREADY_GRANTED);
        }
        ClientRegistration client = connectors.registration(connector);
        TokenResponse token = tokens(client.provider(), item);
        ProbeResult probe = isOver(item) ? null : probe(client, token);
        if (probe == null) {
            token = token.with(another(client, item, token.refreshToken()));
            probe = probe(client, token);
        }
        if (probe == null) {
            throw new Useless(Trouble.DEAD);
        }
        Secret access = token.accessToken();
        Account account = account(client, item, access);
        check(connector, item, account);
        return new ReceivedTokens(
                connector.id(),
                item.subject(),
                account,
                item.scopes(),
                token.with(readGranted(client, connector, item, probe, token)),
                importSecondaryTokens(client, access));
    }

    /** Without a known end, the token has the provider's full lifetime from now on. */
    private TokenResponse tokens(Provider provider, ImportItem item) {
        Imports.ImportedTokens tokens = imports.open(item);
        Instant end = item.expiresAt();
        return new TokenResponse(
                tokens.access(),
                "Bearer",
                end == null ? provider.token().lifetime() : Duration.between(clock.instant(), end),
                tokens.refresh(),
                null,
                null);
    }

    private boolean isOver(ImportItem item) {
        Instant end = item.expiresAt();
        return end != null && !end.isAfter(clock.instant());
    }

    /** Null for a dead token. */
    private @Nullable ProbeResult probe(ClientRegistration client, TokenResponse token) {
        ProbeResult result = api.probe(client, token.accessToken());
        if (result.failure() != null && result.failure().meaning() == Meaning.RATE_LIMITED) {
            throw new ProviderException(FailureKind.UNREACHABLE, "the provider was asked too often");
        }
        return result.isDead() ? null : result;
    }

    private TokenResponse another(ClientRegistration client, ImportItem item, @Nullable Secret refreshToken) {
        if (refreshToken == null) {
            throw new Useless(Trouble.DEAD);
        }
        try {
            TokenResponse reply = exchange.refresh(
                    client, refreshToken, client.provider().token().own(item.scopes(), Set.of()));
            OptimisticRetry.again(() -> imports.replace(item, reply));
            return reply;
        } catch (ProviderException e) {
            throw e.kind() == FailureKind.REFRESH_REFUSED ? new Useless(Trouble.DEAD) : e;
        }
    }

    /** The provider's account; the bot's where the provider has no account endpoint. Null when neither names one. */
    private @Nullable Account account(ClientRegistration client, ImportItem item, Secret token) {
        boolean told = client.provider().account().from() == AccountSource.ENDPOINT
                && client.provider().endpoints().account() != null;
        if (!told) {
            return item.accountId() == null ? null : new Account(item.accountId(), null, null);
        }
        return ask(() -> api.account(client, token).orElseThrow(), Trouble.UNKNOWN_ACCOUNT);
    }

    /** @param otherwise reason when the provider answers without a result */
    private static <T> T ask(Supplier<T> question, Trouble otherwise) {
        try {
            return question.get();
        } catch (ProviderException e) {
            throw e.kind() == FailureKind.UNREACHABLE ? e : new Useless(otherwise);
        }
    }

    private static void check(Connector connector, ImportItem item, @Nullable Account account) {
        boolean itself = connector.confirmation() == Confirmation.SUBJECT;
        String expected = itself ? item.subject().value() : item.accountId();
        if (expected != null && (account == null || !account.id().equals(expected))) {
            throw new Useless(Trouble.WRONG_ACCOUNT);
        }
    }

    /** The provider's granted scopes; the bot's where the provider reports none. */
    private Scopes readGranted(
            ClientRegistration client, Connector connector, ImportItem item, ProbeResult probe, TokenResponse token) {
        var dialect = client.provider().scopeDialect();
        Scopes reported = switch (dialect.source()) {
            case PERMISSIONS_CALL -> ask(() -> api.permissions(client, token.accessToken()), Trouble.UNKNOWN_SCOPES);
            case UNREPORTED -> null;
            case TOKEN_REPLY -> probe.scopes() == null ? token.scopes() : probe.scopes();
        };
        // There was no request of ours: implied scopes follow from the bot's need.
        Scopes asked =
                reported != null && item.scopes().isEmpty() ? connector.need().scopes() : item.scopes();
        return dialect.readGranted(reported, asked);
    }

    /** Empty when they cannot be listed; the next renewal brings them. */
    private List<ProviderToken> importSecondaryTokens(ClientRegistration client, Secret token) {
        try {
            return api.listProviderTokens(client, token);
        } catch (ProviderException e) {
            LOG.log(Level.WARNING, "{0}: secondary tokens are unknown: {1}", new Object[] {
                client.provider().id(), e.getMessage()
            });
            return List.of();
        }
    }
}
