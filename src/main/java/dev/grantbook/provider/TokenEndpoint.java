package dev.grantbook.provider;

import com.nimbusds.jose.jwk.OctetKeyPair;
import dev.grantbook.catalogue.Provider;
import dev.grantbook.catalogue.dialect.ApiFailure;
import dev.grantbook.catalogue.dialect.ChallengeMethod;
import dev.grantbook.catalogue.dialect.Presentation;
import dev.grantbook.catalogue.dialect.RevocationMethod;
import dev.grantbook.catalogue.dialect.TokenDialect;
import dev.grantbook.catalogue.dialect.TokenDialect.TokenPart;
import dev.grantbook.oauth.OAuthError;
import dev.grantbook.oauth.Parameters;
import dev.grantbook.oauth.Secret;
import dev.grantbook.oauth.TokenResponse;
import dev.grantbook.platform.http.OutboundHttp;
import dev.grantbook.platform.http.OutboundHttp.Reply;
import dev.grantbook.platform.observability.Meters;
import dev.grantbook.provider.client.ClientRegistration;
import dev.grantbook.provider.client.SigningKey;
import dev.grantbook.provider.http.ProviderException;
import dev.grantbook.provider.http.ProviderException.FailureKind;
import dev.grantbook.provider.http.ProviderReply;
import dev.grantbook.provider.http.Reachability;
import dev.grantbook.provider.quirks.Quirk;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonStructure;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
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

    /**
     * Errors of a refresh that only the user can resolve: RFC 6749's, and those of OpenID Connect Core 1.0 section
     * 3.1.2.6, which some servers also send from their token endpoint.
     */
    private static final Set<String> ASKS_USER = Set.of(
            "invalid_grant",
            "interaction_required",
            "consent_required",
            "login_required",
            "account_selection_required");

    private static final Logger LOG = Logger.getLogger(TokenEndpoint.class.getName());

    /** Longer demands of providers are cut to this. */
    static final Duration LONGEST_PAUSE = Duration.ofHours(1);

    @Inject
    OutboundHttp http;

    @Inject
    SecureRandom random;

    @Inject
    Clock clock;

    /** Until when servers demanded a pause. */
    private final Map<String, Instant> pauses = new ConcurrentHashMap<>();

    public enum RevocationReply {
        AGREED,
        DEAD_BEFORE,
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
        Parameters parameters = present(client, code, verifier);
        TokenReply reply = provider.presentation() == Presentation.ED25519_JWT
                ? exchangeForKey(client, parameters)
                : new TokenReplyReader(ask(client, "exchange", parameters)).read();
        TokenResponse token = reply.token();
        for (Quirk quirk : client.quirks()) {
            token = improve(client, quirk, token);
        }
        return new TokenReply(token, reply.account(), reply.providerTokens());
    }

    /**
     * Tries to exchange a code that nobody issued.
     *
     * @return the code of the error that the server refuses it with, redacted; empty when it names none
     * @throws ProviderException when there is no reply
     */
    public Optional<String> refusal(ClientRegistration client) {
        ProviderReply reply = ask(client, "check", present(client, Secret.random(random), Secret.random(random)));
        return reply.error(reply.jsonOrEmpty())
                .map(error -> OAuthError.of(error.code(), null).redact(reply.redaction()));
    }

    private static Parameters present(ClientRegistration client, Secret code, @Nullable Secret verifier) {
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
        return parameters;
    }

    /**
     * Gets another token without the user (RFC 6749 section 6). The old refresh token may be dead afterwards.
     *
     * @param part the part that the refresh token belongs to, and that the reply is about
     * @return without scopes when the reply names none, or an empty list
     * @throws ProviderException when no usable token came back, or the provider demanded a pause;
     *     {@link FailureKind#REFRESH_REFUSED} when the refresh token is dead
     */
    public TokenResponse refresh(ClientRegistration client, Secret refreshToken, TokenPart part) {
        var parameters =
                new Parameters().with("grant_type", "refresh_token").with("refresh_token", refreshToken.value());
        refuseWhilePaused(client);
        ProviderReply reply = ask(client, "refresh", parameters);
        if (asksForAPause(reply.reply())) {
            refuseWhilePaused(client);
        }
        if (isDead(reply)) {
            throw new ProviderException(
                    FailureKind.REFRESH_REFUSED, "the token endpoint takes the refresh token no more");
        }
        return new TokenReplyReader(reply).readAgain(part);
    }

    /** RFC 6749 section 5.2, or the provider's own error. The status alone says nothing: 401 is about the client. */
    private static boolean isDead(ProviderReply reply) {
        JsonStructure body = reply.jsonOrEmpty();
        return reply.error(body)
                .filter(error ->
                        ASKS_USER.contains(error.code()) || reply.provider().namesDead(reply.status(), body))
                .isPresent();
    }

    private TokenReply exchangeForKey(ClientRegistration client, Parameters parameters) {
        OctetKeyPair pair = SigningKey.pair(random);
        parameters.with("ed25519", pair.getX().toString());
        return new TokenReplyReader(ask(client, "exchange", parameters)).readBound(pair, client.clientId());
    }

    /** Keeps the token when it cannot be improved, since the code is used up. */
    private TokenResponse improve(ClientRegistration client, Quirk quirk, TokenResponse token) {
        try {
            return quirk.afterExchange(token.accessToken())
                    .map(parameters -> new TokenReplyReader(ask(client, "exchange", parameters)))
                    .map(reader -> token.with(
                            reader.readAgain(client.provider().token().parts().get(0))))
                    .orElse(token);
        } catch (ProviderException e) {
            LOG.log(Level.WARNING, "{0}: the token stays as it is: {1}", new Object[] {
                client.provider().id(), e.getMessage()
            });
            return token;
        }
    }

    /**
     * Revokes a token (RFC 7009, or the provider's own way) where the provider has an endpoint for that.
     *
     * @param kind the RFC's token type hint: {@code access_token} or {@code refresh_token}
     * @throws ProviderException when it failed
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
        // A signing key is sent to no endpoint.
        boolean takesAccessTokensOnly = how.bearer() || how.parameter().equals("access_token");
        if (end == null
                || (takesAccessTokensOnly && !kind.equals("access_token"))
                || SigningKey.in(token).isPresent()) {
            return RevocationReply.NO_WAY;
        }
        URI target = URI.create(
                end.toString().replace(":client_id", URLEncoder.encode(client.clientId(), StandardCharsets.UTF_8)));
        var parameters = new Parameters();
        var call = new EndpointCall(client, "the revocation endpoint", parameters);
        if (how.bearer()) {
            call.present(token);
            target = client.besideToken(token, target);
        } else {
            parameters.with(how.parameter(), token.value());
            if (how.parameter().equals("token")) {
                parameters.with("token_type_hint", kind);
            }
            call.authenticate(how.authentication() == null ? client.authentication() : how.authentication());
        }
        ProviderReply reply = call.send(http, how.method(), how.body(), target, token);
        JsonStructure body = reply.jsonOrEmpty();
        Optional<OAuthError> failure = reply.error(body);
        if (failure.isEmpty()) {
            return RevocationReply.AGREED;
        }
        ApiFailure.Meaning meaning =
                client.provider().failure(reply.status(), body).meaning();
        // At GitHub the token names what to delete: it does not exist.
        boolean gone = reply.status() == 404 && !how.bearer() && takesAccessTokensOnly;
        // Google ends both tokens with the first, and refuses the second as invalid.
        boolean dead = failure.get().code().equals("invalid_token")
                || gone
                || (how.bearer() && meaning == ApiFailure.Meaning.DEAD);
        if (dead) {
            return RevocationReply.DEAD_BEFORE;
        }
        if (failure.get().code().equals("unsupported_token_type")) {
            return RevocationReply.NO_WAY;
        }
        throw reply.refusal(failure.get(), body);
    }

    /** @param call its name in the meters */
    private ProviderReply ask(ClientRegistration client, String call, Parameters parameters) {
        TokenDialect dialect = client.provider().token();
        if (dialect.sendsClientId()) {
            parameters.with("client_id", client.clientId());
        }
        URI target = Objects.requireNonNull(client.provider().endpoints().token());
        EndpointCall request =
                new EndpointCall(client, "the token endpoint", parameters).authenticate(client.authentication());
        ProviderReply reply = Reachability.watch(
                client.provider(),
                () -> Meters.time(
                        "token.calls",
                        () -> request.send(http, dialect.body().method(), dialect.body(), target),
                        "provider",
                        client.provider().id(),
                        "call",
                        call));
        heed(target, reply.reply());
        return reply;
    }

    /** Pauses refreshes at this server (RFC 9110 section 10.2.3), but no exchange of a code, whose user waits. */
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
}
