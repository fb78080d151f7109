package dev.grantbook.provider;

import dev.grantbook.platform.http.OutboundHttp;
import dev.grantbook.platform.http.OutboundHttp.Reply;
import dev.grantbook.provider.http.ProviderException;
import dev.grantbook.provider.http.ProviderException.FailureKind;
import dev.grantbook.provider.http.ProviderHttp;
import dev.grantbook.provider.http.TimedCache;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds a server's endpoints by its issuer (OpenID Connect Discovery 1.0 section 4, else RFC 8414 section 3). Asked
 * when an attempt needs it and never at the start: a server that is down stops its own attempts, and nothing else.
 */
@ApplicationScoped
public class Discovery {

    private final TimedCache<ServerMetadata> servers = new TimedCache<>();

    @Inject
    OutboundHttp http;

    @Inject
    Clock clock;

    /**
     * What the server says about itself; an hour old at most.
     *
     * @throws ProviderException when it did not answer, or not as a server of this issuer must
     */
    public ServerMetadata server(String issuer) {
        return servers.get(issuer, clock, this::read);
    }

    private ServerMetadata read(String issuer) {
        var reasons = new ArrayList<String>();
        FailureKind kind = FailureKind.MALFORMED;
        for (URI address : addresses(issuer)) {
            // Of one host: when it does not answer here, it is not asked there.
            Reply reply = ProviderHttp.get(http, address, "the metadata of " + issuer);
            try {
                if (reply.status() != 200) {
                    FailureKind why = reply.status() >= 500 ? FailureKind.UNREACHABLE : FailureKind.MALFORMED;
                    throw new ProviderException(why, "HTTP " + reply.status());
                }
                return check(ServerMetadata.parse(issuer, ProviderHttp.object(reply, "the metadata")));
            } catch (ProviderException e) {
                // Whatever stands there, the other address may have the document: each is judged for itself.
                kind = e.kind() == FailureKind.UNREACHABLE ? FailureKind.UNREACHABLE : kind;
                reasons.add(address + ": " + e.getMessage());
            }
        }
        throw new ProviderException(
                kind, issuer + " does not say where its endpoints are: " + String.join("; ", reasons));
    }

    /**
     * Something that the server's metadata led to failed, so that it may have changed: it is read anew, unless it is as
     * good as new.
     */
    public void doubt(String issuer) {
        servers.forget(issuer, clock);
    }

    /**
     * A server that answers by itself may name any address; also the one that only the browser will see must be
     * allowed.
     */
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

    /** OpenID Connect puts its name behind the issuer's path, RFC 8414 in front of it. */
    static List<URI> addresses(String issuer) {
        String trimmed = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
        URI base = URI.create(trimmed);
        String origin = base.getScheme() + "://" + base.getRawAuthority();
        return List.of(
                URI.create(trimmed + "/.well-known/openid-configuration"),
                URI.create(origin + "/.well-known/oauth-authorization-server" + base.getRawPath()));
    }
}
