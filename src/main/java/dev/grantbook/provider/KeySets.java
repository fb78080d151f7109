package dev.grantbook.provider;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSetBasedJWKSource;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSetUnavailableException;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.SecurityContext;
import dev.grantbook.platform.http.OutboundHttp;
import dev.grantbook.platform.http.OutboundHttp.Reply;
import dev.grantbook.provider.http.ProviderException;
import dev.grantbook.provider.http.ProviderException.FailureKind;
import dev.grantbook.provider.http.ProviderHttp;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Public keys that providers sign with, from their {@code jwks_uri} (RFC 7517 section 5). Nimbus caches them, lets one
 * thread at a time fetch a set, limits how often, and bridges outages; the requests are ours, with their limits.
 */
@ApplicationScoped
class KeySets {

    private static final Logger LOG = Logger.getLogger(KeySets.class.getName());

    /** How long keys are used without a request. */
    private static final Duration AGE = Duration.ofHours(1);

    /** How long after their fetch keys are used while the provider is down. */
    private static final Duration OUTAGE = Duration.ofHours(4);

    /** A set is fetched at most twice in this time, since forged tokens name unknown keys. */
    private static final Duration PAUSE = Duration.ofMinutes(1);

    /** How long a request waits for the fetch of another. */
    private static final Duration WAIT = Duration.ofSeconds(30);

    private final Map<URI, JWKSetSource<SecurityContext>> sources = new ConcurrentHashMap<>();

    @Inject
    OutboundHttp http;

    @Inject
    Clock clock;

    /** @throws ProviderException when there are none */
    JWKSet at(URI address) {
        try {
            return keys(address, JWKSetCacheRefreshEvaluator.noRefresh());
        } catch (RateLimitReachedException e) {
            throw new ProviderException(
                    FailureKind.UNREACHABLE, "the provider's keys: asked for a moment ago, in vain");
        }
    }

    /** Fetches newer keys, since one is missing; empty when the known ones were fetched a moment ago. */
    Optional<JWKSet> newerThan(JWKSet known, URI address) {
        try {
            return Optional.of(keys(address, JWKSetCacheRefreshEvaluator.referenceComparison(known)));
        } catch (RateLimitReachedException e) {
            return Optional.empty();
        }
    }

    private JWKSet keys(URI address, JWKSetCacheRefreshEvaluator refresh) throws RateLimitReachedException {
        try {
            return sources.computeIfAbsent(address, this::source).getJWKSet(refresh, clock.millis(), null);
        } catch (RateLimitReachedException e) {
            throw e;
        } catch (KeySourceException e) {
            throw e.getCause() instanceof ProviderException known
                    ? known
                    : new ProviderException(FailureKind.UNREACHABLE, "the provider's keys: " + e.getMessage());
        }
    }

    /** Nimbus' key source reads the system's clock; the set source behind it takes the time as an argument. */
    private JWKSetSource<SecurityContext> source(URI address) {
        var source = JWKSourceBuilder.create(new Published(address))
                .cache(AGE.toMillis(), WAIT.toMillis())
                .refreshAheadCache(false)
                .rateLimited(PAUSE.toMillis())
                .outageTolerant(OUTAGE.toMillis())
                .build();
        return ((JWKSetBasedJWKSource<SecurityContext>) source).getJWKSetSource();
    }

    private final class Published implements JWKSetSource<SecurityContext> {

        private final URI address;

        Published(URI address) {
            this.address = address;
        }

        @Override
        public JWKSet getJWKSet(JWKSetCacheRefreshEvaluator refresh, long now, SecurityContext context)
                throws JWKSetUnavailableException {
            try {
                return read(address);
            } catch (ProviderException e) {
                if (e.kind() == FailureKind.UNREACHABLE) {
                    throw new JWKSetUnavailableException(e.getMessage(), e);
                }
                throw e;
            }
        }

        @Override
        public void close() throws IOException {
            // nothing is open between requests
        }
    }

    private JWKSet read(URI address) {
        Reply reply = ProviderHttp.get(http, address, "the provider's keys");
        if (reply.status() != 200) {
            FailureKind kind = reply.status() >= 500 ? FailureKind.UNREACHABLE : FailureKind.REFUSED;
            throw new ProviderException(kind, "the provider's keys: HTTP " + reply.status());
        }
        if (!(ProviderHttp.jsonOrEmpty(reply.body()) instanceof JsonObject set
                && set.get("keys") instanceof JsonArray keys)) {
            throw new ProviderException(FailureKind.MALFORMED, "the provider's keys are no JWK set");
        }
        var readable = new ArrayList<JWK>();
        for (int i = 0; i < keys.size(); i++) {
            try {
                readable.add(JWK.parse(keys.getJsonObject(i).toString()));
            } catch (ParseException | RuntimeException e) {
                // RFC 7517 section 5 demands to ignore keys of unknown kinds. The parser's message may quote the key.
                LOG.log(Level.INFO, "{0}: key {1} cannot be read and is passed over", new Object[] {address, i});
            }
        }
        if (readable.isEmpty() && !keys.isEmpty()) {
            throw new ProviderException(FailureKind.MALFORMED, "none of the provider's keys can be read");
        }
        return new JWKSet(readable);
    }
}
