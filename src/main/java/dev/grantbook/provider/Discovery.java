package dev.grantbook.provider;

import dev.grantbook.platform.http.OutboundHttp;
import dev.grantbook.platform.http.OutboundHttp.Reply;
import dev.grantbook.provider.http.ProviderException;
import dev.grantbook.provider.http.ProviderException.FailureKind;
import dev.grantbook.provider.http.ProviderHttp;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds a server's endpoints by its issuer (OpenID Connect Discovery 1.0 section 4, else RFC 8414 section 3), when an
 * attempt needs them and never at the start, so that a server that is down stops only its own attempts.
 */
@ApplicationScoped
public class Discovery {

    static final Duration LONGEST_AGE = Duration.ofHours(1);
    static final Duration SHORTEST_AGE = Duration.ofMinutes(1);

    /** By issuer; failures are not kept. */
    private final Map<String, AgedMetadata> servers = new ConcurrentHashMap<>();

    private record AgedMetadata(ServerMetadata metadata, Instant read) {}

    @Inject
    OutboundHttp http;

    @Inject
    Clock clock;

    /**
     * Metadata that is an hour old at most.
     *
     * @throws ProviderException when the server did not answer, or not as a server of this issuer must
     */
    public ServerMetadata server(String issuer) {
        AgedMetadata known = servers.get(issuer);
        if (known == null || !isYounger(known, LONGEST_AGE)) {
            known = new AgedMetadata(read(issuer), clock.instant());
            servers.put(issuer, known);
        }
        return known.metadata;
    }

    private boolean isYounger(AgedMetadata known, Duration age) {
        return known.read.plus(age).isAfter(clock.instant());
    }

    private ServerMetadata read(String issuer) {
        var reasons = new ArrayList<String>();
        FailureKind kind = FailureKind.MALFORMED;
        for (URI address : addresses(issuer)) {
            // Both addresses have one host: when that does not answer, the other is not tried.
            Reply reply = ProviderHttp.get(http, address, "the metadata of " + issuer);
            try {
                if (reply.status() != 200) {
                    FailureKind why = reply.status() >= 500 ? FailureKind.UNREACHABLE : FailureKind.MALFORMED;
                    throw new ProviderException(why, "HTTP " + reply.status());
                }
                return check(ServerMetadata.parse(issuer, ProviderHttp.object(reply, "the metadata")));
            } catch (ProviderException e) {
                // The other address may have the document.
                kind = e.kind() == FailureKind.UNREACHABLE ? FailureKind.UNREACHABLE : kind;
                reasons.add(address + ": " + e.getMessage());
            }
        }
        throw new ProviderException(
                kind, issuer + " does not say where its endpoints are: " + String.join("; ", reasons));
    }

    /** Reads the metadata anew next time, unless it is fresh: a call to an endpoint that it names failed. */
    public void doubt(String issuer) {
        servers.computeIfPresent(issuer, (same, known) -> isYounger(known, SHORTEST_AGE) ? known : null);
    }

    /** Metadata may name any address; even the one that only the browser uses must be allowed. */
    private ServerMetadata check(ServerMetadata server) {
        server.endpoints().forEach((name, endpoint) -> {
            try {
                http.check(endpoint);
            } catch (IOException e) {
                throw new ProviderException(
                        FailureKind.MALFORMED,
                        "the metadata of " + server.issuer() + " names a bad " + name + ": " + e.getMessage());
            }
        });
        return server;
    }

    /** OpenID Connect appends its name to the issuer's path, RFC 8414 prepends it. */
    static List<URI> addresses(String issuer) {
        String trimmed = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
        URI base = URI.create(trimmed);
        String origin = base.getScheme() + "://" + base.getRawAuthority();
        return List.of(
                URI.create(trimmed + "/.well-known/openid-configuration"),
                URI.create(origin + "/.well-known/oauth-authorization-server" + base.getRawPath()));
    }
}
