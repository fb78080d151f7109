package dev.grantbook.provider;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import dev.grantbook.platform.http.OutboundHttp;
import dev.grantbook.platform.http.OutboundHttp.Reply;
import dev.grantbook.provider.ProviderException.FailureKind;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.net.URI;
import java.text.ParseException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The public keys that providers sign with, from their {@code jwks_uri} (RFC 7517 section 5). */
@ApplicationScoped
class KeySets {

    private static final Logger LOG = Logger.getLogger(KeySets.class.getName());

    private final TimedCache<JWKSet> sets = new TimedCache<>();

    @Inject
    OutboundHttp http;

    @Inject
    Clock clock;

    /** An hour old at most. */
    JWKSet at(URI address) {
        return sets.get(address.toString(), clock, this::read);
    }

    /** Read anew, since a key is missing; null when that was just done. */
    @Nullable
    JWKSet again(URI address) {
        return sets.again(address.toString(), clock, this::read);
    }

    private JWKSet read(String address) {
        Reply reply = ProviderHttp.send(http, ProviderHttp.request(), URI.create(address), "the provider's keys");
        if (reply.status() != 200) {
            FailureKind kind = reply.status() >= 500 ? FailureKind.UNREACHABLE : FailureKind.REFUSED;
            throw new ProviderException(kind, "the provider's keys: HTTP " + reply.status());
        }
        if (!(ProviderHttp.jsonOrEmpty(reply) instanceof JsonObject set && set.get("keys") instanceof JsonArray keys)) {
            throw new ProviderException(FailureKind.MALFORMED, "the provider's keys are no JWK set");
        }
        var readable = new ArrayList<JWK>();
        for (int i = 0; i < keys.size(); i++) {
            try {
                readable.add(JWK.parse(keys.getJsonObject(i).toString()));
            } catch (ParseException | RuntimeException e) {
                // RFC 7517 section 5: one of another kind, or without a member that it needs, is passed over. The
                // parser's message may quote it.
                LOG.log(Level.INFO, "{0}: key {1} cannot be read and is passed over", new Object[] {address, i});
            }
        }
        if (readable.isEmpty() && !keys.isEmpty()) {
            throw new ProviderException(FailureKind.MALFORMED, "none of the provider's keys can be read");
        }
        return new JWKSet(readable);
    }
}
