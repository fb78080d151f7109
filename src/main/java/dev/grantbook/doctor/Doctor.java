package dev.grantbook.doctor;

import dev.grantbook.catalogue.Provider;
import dev.grantbook.connector.Connector;
import dev.grantbook.connector.Connectors;
import dev.grantbook.connector.DeliveryTarget;
import dev.grantbook.connector.SecretReference;
import dev.grantbook.doctor.Finding.Severity;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.config.ConfigurationException;
import dev.grantbook.platform.config.IpNetwork;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.http.OutboundHttp;
import dev.grantbook.platform.http.OutboundHttp.Bounds;
import dev.grantbook.platform.http.OutboundHttp.Streamed;
import dev.grantbook.platform.http.OutboundRequest;
import dev.grantbook.provider.TokenEndpoint;
import dev.grantbook.provider.client.ClientRegistration;
import dev.grantbook.provider.http.ProviderException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tries a connector: its secrets, its provider, its bot. Nothing is stored, and no user is needed. */
@ApplicationScoped
public class Doctor {

    /** Bytes of a reply that is only asked for its headers. */
    private static final long HEADERS_ALONE = 64 * 1024;

    /** RFC 6749 section 5.2, and HTTP's number, which Mixin puts into the body. */
    private static final Set<String> STRANGER = Set.of("invalid_client", "unauthorized_client", "401");

    @Inject
    Settings settings;

    @Inject
    Connectors connectors;

    @Inject
    TokenEndpoint tokens;

    @Inject
    OutboundHttp http;

    @Inject
    Clock clock;

    @Inject
    SecureRandom random;

    /** Returns what was found, in the order in which a user would come across it. */
    public List<Finding> check(Connector connector) {
        var findings = new ArrayList<Finding>();
        findings.add(checkRedirectUri(connector));
        checkScopes(connector, findings);
        checkSecrets(connector, findings);
        if (findings.stream().noneMatch(finding -> finding.severity() == Severity.FAULT)) {
            checkProvider(connector, findings);
        }
        checkDeliveries(connector, findings);
        return findings;
    }

    private Finding checkRedirectUri(Connector connector) {
        URI address = connectors.redirectUri(connector);
        return "https".equals(address.getScheme())
                ? Finding.fine("", "redirect", address.toString())
                : Finding.warning(
                        "", IpNetwork.isOwnMachine(address) ? "redirect.local" : "redirect.clear", address.toString());
    }

    private static void checkScopes(Connector connector, List<Finding> findings) {
        Provider provider = connector.provider();
        Scopes declared = connector.declaredScopes();
        List<String> unknown = declared.toList().stream()
                .filter(scope -> !provider.catalogue().texts().containsKey(scope))
                .toList();
        if (!provider.catalogue().texts().isEmpty() && !unknown.isEmpty()) {
            findings.add(Finding.warning("features", "scopes.unknown", provider.name(), String.join(", ", unknown)));
        }
    }

    private void checkSecrets(Connector connector, List<Finding> findings) {
        checkSecret("client-secret", connector.clientSecret(), findings);
        checkSecret("verify-token", connector.verifyToken(), findings);
        checkSecret("proof-secret", connector.proofSecret(), findings);
        tryToUse("private-key", () -> connectors.key(connector), findings);
        tryToUse("deliveries.secret", () -> connectors.deliverySecrets(connector), findings);
    }

    private void checkSecret(String key, @Nullable SecretReference reference, List<Finding> findings) {
        if (reference != null) {
            tryToUse(key, () -> reference.resolve(settings), findings);
        }
    }

    private static void tryToUse(String key, Runnable use, List<Finding> findings) {
        try {
            use.run();
        } catch (ConfigurationException e) {
            findings.add(Finding.fault(key, "secret", String.valueOf(e.getMessage())));
        }
    }

    private void checkProvider(Connector connector, List<Finding> findings) {
        ClientRegistration client;
        try {
            client = connectors.registration(connector);
        } catch (ProviderException e) {
            findings.add(Finding.fault("issuer", "discovery", String.valueOf(e.getMessage())));
            return;
        }
        URI authorization = client.provider().endpoints().authorization();
        if (authorization != null) {
            checkServer(authorization, findings);
        }
        try {
            findings.add(tryClient(client));
        } catch (ProviderException e) {
            findings.add(Finding.fault("endpoints.token", "token.away", String.valueOf(e.getMessage())));
        }
    }

    /** Asks for headers alone, so that no consent page is made. */
    private void checkServer(URI address, List<Finding> findings) {
        try {
            Streamed reply = ask(address);
            findings.add(Finding.fine("endpoints.authorization", "answers", address.getHost()));
            Instant before = clock.instant();
            date(reply)
                    .map(theirs -> Duration.between(before, theirs))
                    .filter(drift -> drift.abs().compareTo(settings.provider().clockSkew()) > 0)
                    .ifPresent(drift -> findings.add(
                            Finding.fault("", "clock", address.getHost(), String.valueOf(drift.toSeconds()))));
        } catch (IOException e) {
            findings.add(Finding.fault("endpoints.authorization", "away", String.valueOf(e.getMessage())));
        }
    }

    private Streamed ask(URI address) throws IOException {
        Streamed reply = http.stream(
                new OutboundRequest().method("HEAD"),
                address,
                null,
                new Bounds(settings.provider().timeout(), HEADERS_ALONE));
        reply.body().close();
        return reply;
    }

    private static Optional<Instant> date(Streamed reply) {
        return reply.headers().getOrDefault("date", List.of()).stream()
                .findFirst()
                .flatMap(text -> {
                    try {
                        return Optional.of(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text, Instant::from));
                    } catch (DateTimeParseException e) {
                        return Optional.empty();
                    }
                });
    }

    /** Where a server has words of its own, what it says to a wrong secret is compared. */
    private Finding tryClient(ClientRegistration client) {
        String provider = client.provider().name();
        String code = tokens.refusal(client).orElse("-");
        if (STRANGER.contains(code)) {
            return Finding.fault("client-secret", "client.unknown", provider, code);
        }
        boolean known = code.equals("invalid_grant")
                || (client.authentication().needsSecret()
                        && !tokens.refusal(client.with(Secret.random(random)))
                                .orElse("-")
                                .equals(code));
        return known
                ? Finding.fine("client-secret", "client.known", provider, code)
                : Finding.warning("client-secret", "client.undecided", provider, code);
    }

    private void checkDeliveries(Connector connector, List<Finding> findings) {
        DeliveryTarget target = connector.deliveries();
        if (target == null) {
            return;
        }
        try {
            int status = ask(target.url()).status();
            findings.add(
                    status == 404 || status >= 500
                            ? Finding.warning("deliveries.url", "bot.doubtful", String.valueOf(status))
                            : Finding.fine("deliveries.url", "bot.answers", String.valueOf(status)));
        } catch (IOException e) {
            findings.add(Finding.fault("deliveries.url", "away", String.valueOf(e.getMessage())));
        }
    }
}
