package dev.grantbook.provider;

import com.nimbusds.jose.jwk.JWKSet;
import dev.grantbook.platform.OutboundHttp;
import dev.grantbook.platform.OutboundHttp.Reply;
import dev.grantbook.provider.ProviderException.Kind;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpRequest;
import java.text.ParseException;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/** The public keys that providers sign with, from their {@code jwks_uri} (RFC 7517 section 5). */
@ApplicationScoped
class KeySets {

    private final Remembered<JWKSet> sets = new Remembered<>();

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
        Reply reply = ProviderApi.send(
                http, HttpRequest.newBuilder().header("Accept", "application/json"), URI.create(address));
        if (reply.status() != 200) {
            Kind kind = reply.status() >= 500 ? Kind.UNREACHABLE : Kind.REFUSED;
            throw new ProviderException(kind, "the provider's keys: HTTP " + reply.status());
        }
        try {
            return JWKSet.parse(reply.body());
        } catch (ParseException | IllegalArgumentException e) {
            throw new ProviderException(Kind.MALFORMED, "the provider's keys are no JWK set", e);
        }
    }
}
