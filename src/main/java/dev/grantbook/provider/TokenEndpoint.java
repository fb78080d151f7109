package dev.grantbook.provider;

import com.nimbusds.jose.jwk.OctetKeyPair;
import dev.grantbook.catalogue.Provider;
import dev.grantbook.catalogue.account.Account;
import dev.grantbook.catalogue.account.AccountMapping.AccountSource;
import dev.grantbook.catalogue.dialect.ApiFailure;
import dev.grantbook.catalogue.dialect.ChallengeMethod;
import dev.grantbook.catalogue.dialect.ClientAuthentication;
import dev.grantbook.catalogue.dialect.Presentation;
import dev.grantbook.catalogue.dialect.RevocationMethod;
import dev.grantbook.catalogue.dialect.TokenDialect;
import dev.grantbook.catalogue.dialect.TokenDialect.TokenPart;
import dev.grantbook.oauth.OAuthError;
import dev.grantbook.oauth.Parameters;
import dev.grantbook.oauth.Redaction;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.oauth.TokenResponse;
import dev.grantbook.platform.http.OutboundHttp;
import dev.grantbook.platform.http.OutboundHttp.Reply;
import dev.grantbook.platform.observability.Meters;
import dev.grantbook.provider.client.ClientRegistration;
import dev.grantbook.provider.client.SigningKey;
import dev.grantbook.provider.http.ProviderException;
import dev.grantbook.provider.http.ProviderException.FailureKind;
import dev.grantbook.provider.http.ProviderHttp;
import dev.grantbook.provider.http.Reachability;
import dev.grantbook.provider.quirks.Quirk;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonStructure;
import jakarta.json.JsonValue;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Calls token and revocation endpoints (RFC 6749 sections 4.1.3, 5 and 6, RFC 7009). */
@ApplicationScoped
public class TokenEndpoint {

    /** Longer than any token we know; a limit keeps a broken provider from filling the database. */
    static final int LONGEST_TOKEN = 16 * 1024;

    /**
     * The user's turn at a refresh: the RFC's word, and those of OpenID Connect Core 1.0 section 3.1.2.6, which some
     * servers also answer at their token endpoint.
     */
    private static final Set<String> USERS_TURN = Set.of(
            "invalid_grant",
            "interaction_required",
            "consent_required",
            "login_required",
            "account_selection_required");

    private static final String TOKEN_ENDPOINT = "the token endpoint";

    /** Beyond this a lifetime says nothing: the provider means "for ever". */
    private static final BigDecimal LONGEST_LIFETIME =
            BigDecimal.valueOf(Duration.ofDays(36_525).toSeconds());

    private static final Logger LOG = Logger.getLogger(TokenEndpoint.class.getName());

    /** A provider that asks for more is asked again all the same. */
    static final Duration LONGEST_PAUSE = Duration.ofHours(1);

    @Inject
    OutboundHttp http;

    @Inject
    SecureRandom random;

    @Inject
    Clock clock;

    /** Until when token endpoints asked to be left alone, by their servers. */
    private final Map<String, Instant> pauses = new ConcurrentHashMap<>();

    /** What became of a revocation. */
    public enum RevocationReply {
        /** The provider has ended the token. */
        AGREED,
        /** The token had ended before. */
        DEAD_BEFORE,
        /** The provider has no way to revoke this token. */
        NO_WAY
    }

    /**
     * Exchanges a code.
     *
     * @param verifier null when the request had no challenge
     * @throws UnusableReplyException when tokens came back in a reply that cannot be used; the caller discards them
     * @throws ProviderException when no usable token came back
     */
    public TokenReply exchange(ClientRegistration client, Secret code, @Nullable Secret verifier) {
        Provider provider = client.provider();
        var parameters = new Parameters();
        if (provider.token().sendsGrantType()) {
            parameters
                    .with("grant_type", "authorization_code")
                    .with("redirect_uri", client.redirectUri().toString());
        }
        parameters.with("code", code.value());
        if (provider.authorization().challenge() != ChallengeMethod.NONE && verifier != null) {
            parameters.with("code_verifier", verifier.value());
        }
        TokenReply reply = provider.presentation() == Presentation.ED25519_JWT
                ? exchangeForKey(client, parameters)
                : read(provider, ask(client, "exchange", parameters), client.redaction(parameters));
        TokenResponse token = reply.token();
        for (Quirk quirk : client.quirks()) {
            token = improve(client, quirk, token);
        }
        return new TokenReply(token, reply.account(), reply.providerTokens());
    }

    /**
     * Gets another token without the user (RFC 6749 section 6). What the reply does not say stays as it was. Of a
     * rotating refresh token, nothing is left but what this returns.
     *
     * @param part where the refresh token came from: the reply speaks of that part alone
     * @return without scopes when the reply names none, an empty list among them
     * @throws ProviderException when no usable token came back, or the provider asked to be left alone;
     *     {@link Kind#REFRESH_REFUSED} when none ever will
     */
    public TokenResponse refresh(ClientRegistration client, Secret refreshToken, TokenPart part) {
        var parameters =
                new Parameters().with("grant_type", "refresh_token").with("refresh_token", refreshToken.value());
        refuseWhilePaused(client);
        Reply reply = ask(client, "refresh", parameters);
        if (asksForAPause(reply)) {
            refuseWhilePaused(client);
        }
        if (isDead(client.provider(), reply)) {
            throw new ProviderException(
                    FailureKind.REFRESH_REFUSED, "the token endpoint takes the refresh token no more");
        }
        return again(client.provider(), reply, client.redaction(parameters), part);
    }

    /**
     * RFC 6749 section 5.2, or the provider's own word for it. The status alone says nothing: 401 is about the client.
     */
    private static boolean isDead(Provider provider, Reply reply) {
        JsonStructure body = ProviderHttp.jsonOrEmpty(reply);
        return provider.token()
                .failure()
                .detect(reply.status(), body)
                .filter(error -> USERS_TURN.contains(error.code()) || provider.namesDead(reply.status(), body))
                .isPresent();
    }

    /** The authorization is bound to a key pair that is made for it, and that never leaves us. */
    private TokenReply exchangeForKey(ClientRegistration client, Parameters parameters) {
        Provider provider = client.provider();
        OctetKeyPair pair = SigningKey.pair(random);
        parameters.with("ed25519", pair.getX().toString());
        Reply reply = ask(client, "exchange", parameters);
        JsonObject whole = ProviderHttp.readObject(provider, reply, TOKEN_ENDPOINT, client.redaction(parameters));
        var token = new TokenResponse(
                SigningKey.bound(pair, client.clientId(), whole).secret(),
                SigningKey.TOKEN_TYPE,
                lifetime(whole.get("expires_in")),
                null,
                scopes(whole.get("scope"), provider.token(), ""),
                null);
        return new TokenReply(token, account(provider, whole), List.of());
    }

    /** The code is used up by now: a token that could not be made better is better than none. */
    private TokenResponse improve(ClientRegistration client, Quirk quirk, TokenResponse token) {
        try {
            return quirk.afterExchange(token.accessToken())
                    .map(parameters -> token.with(again(
                            client.provider(),
                            ask(client, "exchange", parameters),
                            client.redaction(parameters),
                            client.provider().token().parts().get(0))))
                    .orElse(token);
        } catch (ProviderException e) {
            LOG.log(Level.WARNING, "{0}: the token stays as it is: {1}", new Object[] {
                client.provider().id(), e.getMessage()
            });
            return token;
        }
    }

    /**
     * Tells the provider to forget a token (RFC 7009, or the provider's own way), where it has an endpoint for that.
     *
     * @param kind {@code access_token} or {@code refresh_token}, the RFC's token type hint
     * @throws ProviderException when the provider did not do it
     */
    public RevocationReply revoke(ClientRegistration client, Secret token, String kind) {
        String outcome = "failed";
        try {
            RevocationReply reply = revokeAtProvider(client, token, kind);
            outcome = reply == RevocationReply.NO_WAY ? "impossible" : "done";
            return reply;
        } finally {
            Meters.count("revocations", "provider", client.provider().id(), "outcome", outcome);
        }
    }

    private RevocationReply revokeAtProvider(ClientRegistration client, Secret token, String kind) {
        RevocationMethod how = client.provider().revocation();
        URI end = client.provider().endpoints().revocation();
        // A signing key is for us alone: it is shown to no endpoint.
        boolean takesAccessTokensOnly = how.bearer() || how.parameter().equals("access_token");
        if (end == null
                || (takesAccessTokensOnly && !kind.equals("access_token"))
                || SigningKey.in(token).isPresent()) {
            return RevocationReply.NO_WAY;
        }
        URI target = URI.create(
                end.toString().replace(":client_id", URLEncoder.encode(client.clientId(), StandardCharsets.UTF_8)));
        HttpRequest.Builder request = ProviderHttp.request();
        var parameters = new Parameters();
        if (how.bearer()) {
            ProviderHttp.present(request, token);
            target = client.besideToken(token, target);
        } else {
            parameters.with(how.parameter(), token.value());
            if (how.parameter().equals("token")) {
                parameters.with("token_type_hint", kind);
            }
            ClientAuthentication authentication =
                    how.authentication() == null ? client.authentication() : how.authentication();
            client.authenticate(authentication, parameters, request);
        }
        Redaction redaction = client.redaction(parameters, token);
        ProviderHttp.body(request, how.method(), how.body(), parameters);
        Reply reply = ProviderHttp.send(
                http, request, how.body().target(target, parameters), "the revocation endpoint", redaction);
        JsonStructure body = ProviderHttp.jsonOrEmpty(reply);
        Optional<OAuthError> failure = client.provider().token().failure().detect(reply.status(), body);
        if (failure.isEmpty()) {
            return RevocationReply.AGREED;
        }
        ApiFailure.Meaning meaning =
                client.provider().failure(reply.status(), body).meaning();
        // Google ends both tokens with the first, and says so when the second is shown.
        // GitHub, where the token names what is to be deleted: the token does not exist.
        boolean gone = reply.status() == 404 && !how.bearer() && takesAccessTokensOnly;
        boolean dead = failure.get().code().equals("invalid_token")
                || gone
                || (how.bearer() && meaning == ApiFailure.Meaning.DEAD);
        if (dead) {
            return RevocationReply.DEAD_BEFORE;
        }
        if (failure.get().code().equals("unsupported_token_type")) {
            return RevocationReply.NO_WAY;
        }
        throw ProviderHttp.refusal(
                client.provider(),
                reply,
                body,
                "the revocation endpoint says " + failure.get().redact(redaction));
    }

    /** @param call what it is counted as */
    private Reply ask(ClientRegistration client, String call, Parameters parameters) {
        TokenDialect dialect = client.provider().token();
        HttpRequest.Builder request = ProviderHttp.request();
        if (dialect.sendsClientId()) {
            parameters.with("client_id", client.clientId());
        }
        client.authenticate(client.authentication(), parameters, request);
        URI target = Objects.requireNonNull(client.provider().endpoints().token());
        ProviderHttp.body(request, dialect.body().method(), dialect.body(), parameters);
        URI whole = dialect.body().target(target, parameters);
        Reply reply = Reachability.watch(
                client.provider(),
                () -> Meters.time(
                        "token.calls",
                        () -> ProviderHttp.send(http, request, whole, TOKEN_ENDPOINT, client.redaction(parameters)),
                        "provider",
                        client.provider().id(),
                        "call",
                        call));
        heed(target, reply);
        return reply;
    }

    /**
     * RFC 9110 section 10.2.3, for all that is refreshed at this server. A code of a user who waits is shown all the
     * same.
     */
    private void heed(URI target, Reply reply) {
        if (!asksForAPause(reply)) {
            return;
        }
        Instant now = clock.instant();
        Duration pause = reply.pause(now);
        if (!pause.isZero()) {
            pauses.put(target.getRawAuthority(), now.plus(pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE));
        }
    }

    private static boolean asksForAPause(Reply reply) {
        return reply.retryAfter() != null && (reply.status() == 429 || reply.status() == 503);
    }

    private void refuseWhilePaused(ClientRegistration client) {
        String server =
                Objects.requireNonNull(client.provider().endpoints().token()).getRawAuthority();
        Instant until = pauses.get(server);
        if (until == null) {
            return;
        }
        if (until.isAfter(clock.instant())) {
            throw new ProviderException(
                    FailureKind.UNREACHABLE, "the token endpoint asked to be left alone until " + until, until);
        }
        pauses.remove(server, until);
    }

    /** @param redaction what no error may repeat */
    static TokenReply read(Provider provider, Reply reply, Redaction redaction) {
        JsonObject whole = ProviderHttp.readObject(provider, reply, TOKEN_ENDPOINT, redaction);
        try {
            return read(provider, whole);
        } catch (ProviderException e) {
            throw findIssued(provider.token(), whole)
                    .<ProviderException>map(tokens -> new UnusableReplyException(e, tokens))
                    .orElse(e);
        }
    }

    /** All tokens of a reply, whatever else is wrong with it; empty when there is none. */
    private static Optional<TokenReply> findIssued(TokenDialect dialect, JsonObject whole) {
        List<ProviderToken> all = dialect.parts().stream()
                .flatMap(part -> part.at().object(whole).stream()
                        .flatMap(place -> sound(place, "access_token").stream()
                                .map(access -> new ProviderToken(
                                        part.kind(),
                                        "",
                                        null,
                                        access,
                                        sound(place, "refresh_token").orElse(null),
                                        null))))
                .toList();
        return all.stream()
                .findFirst()
                .map(first -> new TokenReply(
                        new TokenResponse(first.token(), "Bearer", null, first.refreshToken(), null, null),
                        Optional.empty(),
                        all.subList(1, all.size())));
    }

    private static TokenReply read(Provider provider, JsonObject whole) {
        TokenDialect dialect = provider.token();
        JsonObject own = null;
        Scopes scopes = null;
        var providerTokens = new ArrayList<ProviderToken>();
        for (TokenPart part : dialect.parts()) {
            Optional<JsonObject> found = part.at().object(whole);
            if (found.isEmpty()) {
                continue;
            }
            JsonObject place = found.get();
            Scopes here = scopes(place.get("scope"), dialect, part.prefix());
            scopes = scopes == null || here == null ? (here == null ? scopes : here) : scopes.plus(here);
            if (own == null && text(place, "access_token") != null) {
                own = place;
            } else if (text(place, "access_token") != null && part.id().scalar(place) != null) {
                providerTokens.add(new ProviderToken(
                        part.kind(),
                        String.valueOf(part.id().scalar(place)),
                        null,
                        token(place, "access_token").orElseThrow(),
                        token(place, "refresh_token").orElse(null),
                        lifetime(place.get("expires_in"))));
            }
        }
        TokenResponse token = response(dialect, Objects.requireNonNullElse(own, whole), whole, scopes);
        return new TokenReply(token, account(provider, whole), List.copyOf(providerTokens));
    }

    private static Optional<Account> account(Provider provider, JsonObject whole) {
        return provider.account().from() == AccountSource.TOKEN_REPLY
                ? Optional.of(ProviderHttp.account(provider, whole))
                : Optional.empty();
    }

    /** Reads a reply about one part of a grant that is there already: whose it is, it need not say. */
    private static TokenResponse again(Provider provider, Reply reply, Redaction redaction, TokenPart part) {
        TokenDialect dialect = provider.token();
        JsonObject whole = ProviderHttp.readObject(provider, reply, TOKEN_ENDPOINT, redaction);
        // Slack answers a refresh flat, whichever token it is about.
        JsonObject place = part.at()
                .object(whole)
                .filter(found -> text(found, "access_token") != null)
                .orElse(whole);
        Scopes scopes = scopes(place.get("scope"), dialect, part.prefix());
        return response(dialect, place, whole, scopes == null || scopes.isEmpty() ? null : scopes);
    }

    private static TokenResponse response(
            TokenDialect dialect, JsonObject place, JsonObject whole, @Nullable Scopes scopes) {
        return new TokenResponse(
                token(place, "access_token").orElseThrow(() -> rejectMalformed("access_token is missing or empty")),
                tokenType(text(place, "token_type"), dialect),
                lifetime(place.get("expires_in")),
                token(place, "refresh_token").orElse(null),
                scopes,
                token(whole, "id_token").orElse(null));
    }

    /** Empty when it is missing or empty. */
    private static Optional<Secret> token(JsonObject place, String name) {
        String token = text(place, name);
        if (token == null || token.isEmpty()) {
            return Optional.empty();
        }
        if (token.length() > LONGEST_TOKEN) {
            throw rejectMalformed(name + " is longer than " + LONGEST_TOKEN + " characters");
        }
        if (!isPrintable(token)) {
            throw rejectMalformed(name + " has other characters than RFC 6749 appendix A.12 allows");
        }
        return Optional.of(new Secret(token));
    }

    /** Empty when it is missing, or cannot be a token. */
    private static Optional<Secret> sound(JsonObject place, String name) {
        return Optional.ofNullable(text(place, name))
                .filter(token -> !token.isEmpty() && token.length() <= LONGEST_TOKEN && isPrintable(token))
                .map(Secret::new);
    }

    private static boolean isPrintable(String token) {
        return token.chars().allMatch(letter -> letter >= ' ' && letter <= '~');
    }

    private static ProviderException rejectMalformed(String what) {
        return ProviderHttp.unusable(TOKEN_ENDPOINT, what);
    }

    /** RFC 6749 section 7.1: a token of a type that we cannot present must not be used. Missing means the usual one. */
    private static String tokenType(@Nullable String type, TokenDialect dialect) {
        // Where the place tells tokens apart, their type says whose they are (Slack: "bot", "user").
        boolean saysWhose = dialect.parts().size() > 1;
        if ("dpop".equalsIgnoreCase(type)) {
            throw rejectMalformed(
                    "token_type is DPoP (RFC 9449), which is not supported: register the client for bearer tokens");
        }
        if (type != null && !saysWhose && !type.equalsIgnoreCase("bearer")) {
            throw rejectMalformed("token_type is not bearer");
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

    private static @Nullable Scopes scopes(@Nullable JsonValue value, TokenDialect dialect, String prefix) {
        return ProviderHttp.scopes(value, dialect.scopeSeparator().charAt(0), prefix, TOKEN_ENDPOINT);
    }

    private static @Nullable String text(JsonObject object, String name) {
        return object.get(name) instanceof JsonString text ? text.getString() : null;
    }
}
