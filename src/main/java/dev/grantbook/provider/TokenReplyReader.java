package dev.grantbook.provider;

import com.nimbusds.jose.jwk.OctetKeyPair;
import dev.grantbook.catalogue.account.Account;
import dev.grantbook.catalogue.account.AccountMapping.AccountSource;
import dev.grantbook.catalogue.dialect.TokenDialect;
import dev.grantbook.catalogue.dialect.TokenDialect.TokenPart;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.oauth.TokenResponse;
import dev.grantbook.provider.client.SigningKey;
import dev.grantbook.provider.http.ProviderException;
import dev.grantbook.provider.http.ProviderHttp;
import dev.grantbook.provider.http.ProviderReply;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the reply of a token endpoint (RFC 6749 section 5.1) in the provider's dialect. */
final class TokenReplyReader {

    /** Longer than any token we know; a limit keeps a broken provider from filling the database. */
    static final int LONGEST_TOKEN = 16 * 1024;

    /** A longer lifetime, in seconds, means "for ever". */
    private static final BigDecimal LONGEST_LIFETIME =
            BigDecimal.valueOf(Duration.ofDays(36_525).toSeconds());

    private final ProviderReply reply;
    private final TokenDialect dialect;
    private final JsonObject whole;

    /** @throws ProviderException when the reply is a refusal, or has no envelope */
    TokenReplyReader(ProviderReply reply) {
        this.reply = reply;
        dialect = reply.provider().token();
        whole = reply.requireEnvelope();
    }

    /**
     * Reads the reply to an authorization code.
     *
     * @throws UnusableReplyException when it contains tokens and cannot be used
     * @throws ProviderException when it contains no token
     */
    TokenReply read() {
        try {
            return readAll();
        } catch (ProviderException e) {
            throw findIssued()
                    .<ProviderException>map(tokens -> new UnusableReplyException(e, tokens))
                    .orElse(e);
        }
    }

    /** All tokens of the reply, whatever else is wrong with it; empty when there is none. */
    private Optional<TokenReply> findIssued() {
        List<ProviderToken> all = dialect.parts().stream()
                .flatMap(part -> part.at().object(whole).stream()
                        .flatMap(object -> sound(object, "access_token").stream()
                                .map(access -> new ProviderToken(
                                        part.kind(),
                                        "",
                                        null,
                                        access,
                                        sound(object, "refresh_token").orElse(null),
                                        null))))
                .toList();
        return all.stream()
                .findFirst()
                .map(first -> new TokenReply(
                        new TokenResponse(first.token(), "Bearer", null, first.refreshToken(), null, null),
                        Optional.empty(),
                        all.subList(1, all.size())));
    }

    private TokenReply readAll() {
        JsonObject own = null;
        Scopes scopes = null;
        var providerTokens = new ArrayList<ProviderToken>();
        for (TokenPart part : dialect.parts()) {
            Optional<JsonObject> found = part.at().object(whole);
            if (found.isEmpty()) {
                continue;
            }
            JsonObject object = found.get();
            Scopes here = scopes(object, part);
            scopes = scopes == null || here == null ? (here == null ? scopes : here) : scopes.plus(here);
            if (object.getString("access_token", null) == null) {
                continue;
            }
            String id = part.id().scalar(object);
            if (own == null) {
                own = object;
            } else if (id != null) {
                providerTokens.add(new ProviderToken(
                        part.kind(),
                        id,
                        null,
                        token(object, "access_token").orElseThrow(),
                        token(object, "refresh_token").orElse(null),
                        lifetime(object)));
            }
        }
        return new TokenReply(response(own == null ? whole : own, scopes), account(), List.copyOf(providerTokens));
    }

    /** Reads the authorization that the provider bound to a key pair. */
    TokenReply readBound(OctetKeyPair pair, String clientId) {
        var token = new TokenResponse(
                SigningKey.bound(pair, clientId, whole).secret(),
                SigningKey.TOKEN_TYPE,
                lifetime(whole),
                null,
                scopes(whole, TokenPart.WHOLE),
                null);
        return new TokenReply(token, account(), List.of());
    }

    private Optional<Account> account() {
        return reply.provider().account().from() == AccountSource.TOKEN_REPLY
                ? Optional.of(ProviderHttp.account(reply.provider(), whole))
                : Optional.empty();
    }

    /**
     * Reads a reply about one part of an existing grant; it need not name the account.
     *
     * @return without scopes when the reply names none, an empty list among them
     */
    TokenResponse readAgain(TokenPart part) {
        // Slack answers a refresh flat, whichever token it is about.
        JsonObject object = part.at()
                .object(whole)
                .filter(found -> found.getString("access_token", null) != null)
                .orElse(whole);
        Scopes scopes = scopes(object, part);
        return response(object, scopes == null || scopes.isEmpty() ? null : scopes);
    }

    private TokenResponse response(JsonObject object, @Nullable Scopes scopes) {
        return new TokenResponse(
                token(object, "access_token").orElseThrow(() -> unusable("access_token is missing or empty")),
                tokenType(object.getString("token_type", null)),
                lifetime(object),
                token(object, "refresh_token").orElse(null),
                scopes,
                token(whole, "id_token").orElse(null));
    }

    /** Empty when it is missing or empty. */
    private Optional<Secret> token(JsonObject object, String name) {
        String token = object.getString(name, "");
        if (token.length() > LONGEST_TOKEN) {
            throw unusable(name + " is longer than " + LONGEST_TOKEN + " characters");
        }
        if (!isPrintable(token)) {
            throw unusable(name + " has other characters than RFC 6749 appendix A.12 allows");
        }
        return token.isEmpty() ? Optional.empty() : Optional.of(new Secret(token));
    }

    /** Empty when it is missing, or cannot be a token. */
    private static Optional<Secret> sound(JsonObject object, String name) {
        return Optional.of(object.getString(name, ""))
                .filter(token -> !token.isEmpty() && token.length() <= LONGEST_TOKEN && isPrintable(token))
                .map(Secret::new);
    }

    private static boolean isPrintable(String token) {
        return token.chars().allMatch(letter -> letter >= ' ' && letter <= '~');
    }

    private ProviderException unusable(String why) {
        return ProviderHttp.unusable(reply.endpoint(), why);
    }

    /** RFC 6749 section 7.1: a token of an unknown type must not be used. Missing means the usual one. */
    private String tokenType(@Nullable String type) {
        // With several parts, the type tells their tokens apart (Slack: "bot", "user").
        boolean namesPart = dialect.parts().size() > 1;
        if ("dpop".equalsIgnoreCase(type)) {
            throw unusable(
                    "token_type is DPoP (RFC 9449), which is not supported: register the client for bearer tokens");
        }
        if (type != null && !namesPart && !type.equalsIgnoreCase("bearer")) {
            throw unusable("token_type is not bearer");
        }
        return "Bearer";
    }

    /** Some providers send text; less than a second means "does not expire" where it occurs. */
    private static @Nullable Duration lifetime(JsonObject object) {
        JsonValue value = object.get("expires_in");
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

    private @Nullable Scopes scopes(JsonObject object, TokenPart part) {
        char separator = dialect.scopeSeparator().charAt(0);
        return ProviderHttp.scopes(object.get("scope"), separator, part.prefix(), reply.endpoint());
    }
}
