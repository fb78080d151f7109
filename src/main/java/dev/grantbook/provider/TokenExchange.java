package dev.grantbook.provider;

import dev.grantbook.oauth.OAuthError;
import dev.grantbook.oauth.Parameters;
import dev.grantbook.oauth.Pkce;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.oauth.TokenResponse;
import dev.grantbook.platform.OutboundHttp;
import dev.grantbook.platform.OutboundHttp.Reply;
import dev.grantbook.provider.ProviderException.Kind;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonException;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Talks to token end points: an authorization code goes in, a token comes out (RFC 6749 sections 4.1.3 and 5). */
@ApplicationScoped
public class TokenExchange {

    /** Longer than any token we know; a limit keeps a broken provider from filling the database. */
    static final int LONGEST_TOKEN = 16 * 1024;

    /** As long as a scope can be in a list of ours, and as all of one token together. */
    static final int LONGEST_SCOPE = 255;

    static final int LONGEST_SCOPES = 16 * 1024;

    /** Beyond this a lifetime says nothing: the provider means "for ever". */
    private static final BigDecimal LONGEST_LIFETIME =
            BigDecimal.valueOf(Duration.ofDays(36_525).toSeconds());

    @Inject
    OutboundHttp http;

    /**
     * Exchanges a code.
     *
     * @throws ProviderException when no usable token came back
     */
    public TokenResponse exchange(ClientRegistration client, Secret code, Pkce pkce) {
        Provider provider = client.provider();
        Provider.Token dialect = provider.token();
        var parameters = new Parameters();
        if (dialect.sendsGrantType()) {
            parameters
                    .with("grant_type", "authorization_code")
                    .with("redirect_uri", client.redirectUri().toString());
        }
        parameters.with("code", code.value());
        if (provider.authorization().challenge() != ChallengeMethod.NONE) {
            parameters.with("code_verifier", pkce.verifier().value());
        }
        return read(
                provider,
                post(client, Objects.requireNonNull(provider.endpoints().token()), parameters));
    }

    /**
     * Tells the provider to forget a token (RFC 7009), where it has an end point for that.
     *
     * @param kind {@code access_token} or {@code refresh_token}, the RFC's token type hint
     * @return whether the provider was told and agreed; false when it has no such end point
     * @throws ProviderException when the provider did not do it
     */
    public boolean revoke(ClientRegistration client, Secret token, String kind) {
        URI revocation = client.provider().endpoints().revocation();
        if (revocation == null) {
            return false;
        }
        Reply reply = post(
                client,
                revocation,
                new Parameters().with("token", token.value()).with("token_type_hint", kind));
        if (reply.status() / 100 != 2) {
            throw new ProviderException(Kind.REFUSED, "the revocation end point answered " + reply.status());
        }
        return true;
    }

    private Reply post(ClientRegistration client, URI target, Parameters parameters) {
        Provider.Token dialect = client.provider().token();
        var request = HttpRequest.newBuilder().header("Accept", "application/json");
        dialect.authentication().apply(client.clientId(), client.clientSecret(), parameters, request);
        request.header("Content-Type", dialect.body().contentType)
                .POST(HttpRequest.BodyPublishers.ofString(dialect.body().encode(parameters)));
        try {
            return http.send(request, target);
        } catch (IOException e) {
            throw new ProviderException(Kind.UNREACHABLE, String.valueOf(e.getMessage()), e);
        }
    }

    static TokenResponse read(Provider provider, Reply reply) {
        Provider.Token dialect = provider.token();
        JsonObject body = object(reply);
        Optional<OAuthError> failure = dialect.failure().detect(reply, body);
        if (failure.isPresent()) {
            // 5xx is the provider's own trouble; everything else is an answer.
            Kind kind = reply.status() >= 500 ? Kind.UNREACHABLE : Kind.REFUSED;
            throw new ProviderException(kind, "the token end point says " + failure.get());
        }
        JsonObject token = envelope(body, dialect.envelope());
        String accessToken = text(token, "access_token");
        if (accessToken == null || accessToken.isEmpty() || accessToken.length() > LONGEST_TOKEN) {
            throw malformed("access_token is missing, empty or longer than " + LONGEST_TOKEN + " characters");
        }
        String refreshToken = text(token, "refresh_token");
        if (refreshToken != null && refreshToken.length() > LONGEST_TOKEN) {
            throw malformed("refresh_token is longer than " + LONGEST_TOKEN + " characters");
        }
        return new TokenResponse(
                new Secret(accessToken),
                tokenType(text(token, "token_type")),
                lifetime(token.get("expires_in")),
                refreshToken == null || refreshToken.isEmpty() ? null : new Secret(refreshToken),
                scopes(
                        token.get("scope"),
                        provider.authorization().scopeSeparator().charAt(0)));
    }

    /** Reads a JSON object out of a reply that may be anything. */
    static JsonObject object(Reply reply) {
        try (var reader = Json.createReader(new StringReader(reply.body()))) {
            return reader.readObject();
        } catch (RuntimeException e) {
            // Parsers tell their limits (depth, digits) by exceptions of any type, and their messages may quote the
            // body.
            Kind kind = reply.status() >= 500 ? Kind.UNREACHABLE : Kind.MALFORMED;
            throw new ProviderException(kind, "HTTP " + reply.status() + " with a body that is no JSON object");
        }
    }

    static JsonObject envelope(JsonObject body, String pointer) {
        if (pointer.isEmpty()) {
            return body;
        }
        try {
            if (Json.createPointer(pointer).getValue(body) instanceof JsonObject inner) {
                return inner;
            }
        } catch (JsonException e) {
            throw new ProviderException(Kind.MALFORMED, "the reply has no " + pointer, e);
        }
        throw malformed(pointer + " is no object");
    }

    private static ProviderException malformed(String what) {
        return new ProviderException(Kind.MALFORMED, "the token end point's reply cannot be used: " + what);
    }

    /** RFC 6749 section 7.1: a token of a type that we cannot present must not be used. Missing means the usual one. */
    private static String tokenType(@Nullable String type) {
        if (type != null && !type.equalsIgnoreCase("bearer")) {
            throw malformed("token_type is not bearer");
        }
        return "Bearer";
    }

    /** Some providers send text; zero (whole seconds count) and less mean "does not expire" where they occur. */
    private static @Nullable Duration lifetime(@Nullable JsonValue value) {
        BigDecimal seconds;
        try {
            if (value instanceof JsonNumber number) {
                seconds = number.bigDecimalValue();
            } else if (value instanceof JsonString text) {
                seconds = new BigDecimal(text.getString().trim());
            } else {
                return null;
            }
        } catch (NumberFormatException e) {
            return null;
        }
        boolean says = seconds.compareTo(BigDecimal.ONE) >= 0 && seconds.compareTo(LONGEST_LIFETIME) <= 0;
        return says ? Duration.ofSeconds(seconds.longValue()) : null;
    }

    private static @Nullable Scopes scopes(@Nullable JsonValue value, char separator) {
        Scopes scopes = list(value, separator);
        if (scopes != null
                && (scopes.toString().length() > LONGEST_SCOPES
                        || scopes.tokens().stream().anyMatch(scope -> scope.length() > LONGEST_SCOPE))) {
            throw malformed(
                    "scope is longer than " + LONGEST_SCOPES + " characters, or one scope than " + LONGEST_SCOPE);
        }
        return scopes;
    }

    private static @Nullable Scopes list(@Nullable JsonValue value, char separator) {
        try {
            if (value instanceof JsonString text) {
                return Scopes.parse(text.getString(), separator);
            }
            if (value instanceof JsonArray array) {
                return Scopes.of(array.getValuesAs(JsonString.class).stream()
                        .map(JsonString::getString)
                        .toList());
            }
            return null;
        } catch (IllegalArgumentException | ClassCastException e) {
            throw new ProviderException(
                    Kind.MALFORMED, "the token end point's reply cannot be used: scope is no list of scopes", e);
        }
    }

    private static @Nullable String text(JsonObject object, String name) {
        return object.get(name) instanceof JsonString text ? text.getString() : null;
    }
}
