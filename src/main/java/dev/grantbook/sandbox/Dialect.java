package dev.grantbook.sandbox;

import dev.grantbook.connector.Connector;
import dev.grantbook.oauth.Parameters;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.json.Json;
import dev.grantbook.sandbox.SandboxReply.Refusal;
import dev.grantbook.sandbox.account.SandboxAccount;
import dev.grantbook.sandbox.account.SandboxAuthorization;
import dev.grantbook.sandbox.account.SandboxAuthorizations;
import dev.grantbook.sandbox.account.SandboxToken;
import jakarta.inject.Inject;
import jakarta.json.JsonObjectBuilder;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/**
 * Emulates one provider below {@code /sandbox/at/ID/}, at the provider's own paths. Each dialect is written from the
 * provider's documentation and never reads our descriptor of it, so that two independent writings meet; and it is as
 * strict as the provider, so that a request that passes here is a correct one.
 */
public abstract class Dialect {

    @Inject
    protected SandboxClients clients;

    @Inject
    protected SandboxAuthorizations authorizations;

    @Inject
    protected SandboxKeys keys;

    @Inject
    protected Clock clock;

    private final String id;
    private final String authorizationPath;

    /**
     * @param id the provider's id in the catalogue, which is the dialect's part of the address too
     * @param authorizationPath path of the consent page, without a leading slash
     */
    protected Dialect(String id, String authorizationPath) {
        this.id = id;
        this.authorizationPath = authorizationPath;
    }

    /** What is wrong with a token request. */
    protected enum TokenFault {
        GRANT_TYPE,
        CODE,
        REDIRECT_URI,
        VERIFIER,
        REFRESH_TOKEN
    }

    /** How often a refresh token works. */
    protected enum Refreshing {
        ALWAYS,
        ONCE,
        /** The provider issues none. */
        NEVER
    }

    public final String id() {
        return id;
    }

    public final String authorizationPath() {
        return authorizationPath;
    }

    /** Whether the consent page is at this path; some providers have it in several versions, or for several tenants. */
    public boolean isAuthorizationPath(String path) {
        return path.equals(authorizationPath);
    }

    /**
     * Checks an authorization request.
     *
     * @throws ConsentRefusal when the page shows an error, or sends the user back with one
     */
    public abstract ConsentQuestion read(ConsentRequest request);

    /** Returns the scopes that are granted when the user ticks these; some providers remember or add some. */
    public Scopes decide(ConsentQuestion ask, SandboxAccount account, Scopes ticked) {
        return ticked;
    }

    /** The parameters of a successful authorization response. */
    public Parameters describeGrant(ConsentQuestion ask, Secret code) {
        return new Parameters()
                .with("code", code.value())
                .with("state", ask.request().get("state"));
    }

    /** The parameters of the authorization response after "Cancel". */
    public Parameters describeDenial(ConsentQuestion ask) {
        return new Parameters()
                .with("error", "access_denied")
                .with("state", ask.request().get("state"));
    }

    /** The redirect URI with the parameters of the authorization response. */
    public URI location(ConsentQuestion ask, Parameters result) {
        return result.appendTo(ask.request().registered());
    }

    /** Called when the user has revoked everything that a bot held; some providers notify the bot. */
    public void revoke(Connector client, SandboxAccount account) {}

    /**
     * Answers a call of the token endpoint, the API, or anything else that is no page.
     *
     * @throws Refusal to answer from further inside
     */
    public abstract SandboxReply answer(SandboxCall call);

    /** @throws Refusal when the body is no form */
    protected static Parameters form(SandboxCall call) {
        return call.form().orElseThrow(() -> refusal(400, "invalid_request", "The body must be a form."));
    }

    /** The client that authenticates by Basic or in the form, but not by both (RFC 6749 section 2.3). */
    protected final Optional<Connector> authenticate(SandboxCall call, Parameters form) {
        Optional<ClientCredentials> header = call.basic();
        Optional<ClientCredentials> body = SandboxCall.credentials(form);
        return header.isPresent() && body.isPresent() ? Optional.empty() : authenticate(header.or(() -> body));
    }

    /** The client that these credentials belong to. */
    protected final Optional<Connector> authenticate(Optional<ClientCredentials> shown) {
        return shown.flatMap(credentials -> clients.authenticate(id, credentials));
    }

    /**
     * Accepts the grant of a token request, a code or a refresh token, at providers that follow RFC 6749 (sections
     * 4.1.3 and 6) and RFC 7636 (section 4.6).
     *
     * @param client has authenticated
     * @param refusals how the provider words each fault
     */
    protected final SandboxAuthorization acceptGrant(
            Connector client, Parameters form, Refreshing refreshing, Function<TokenFault, Refusal> refusals) {
        return switch (String.valueOf(form.get("grant_type"))) {
            case "authorization_code" -> {
                SandboxAuthorization taken = take(client, form).orElseThrow(() -> refusals.apply(TokenFault.CODE));
                if (!taken.isBoundTo(form.get("redirect_uri"))) {
                    throw refusals.apply(TokenFault.REDIRECT_URI);
                }
                if (!taken.isProvedBy(form.get("code_verifier"))) {
                    throw refusals.apply(TokenFault.VERIFIER);
                }
                yield taken;
            }
            case "refresh_token" -> {
                if (refreshing == Refreshing.NEVER) {
                    throw refusals.apply(TokenFault.GRANT_TYPE);
                }
                yield (refreshing == Refreshing.ONCE
                                ? spend(client, form, SandboxToken.REFRESH)
                                : find(SandboxToken.REFRESH, SandboxCall.secret(form, "refresh_token"))
                                        .filter(holder -> holder.isHeldBy(client.clientId())))
                        .orElseThrow(() -> refusals.apply(TokenFault.REFRESH_TOKEN));
            }
            default -> throw refusals.apply(TokenFault.GRANT_TYPE);
        };
    }

    /** Uses the form's code up. */
    protected final Optional<SandboxAuthorization> take(Connector client, Parameters form) {
        return SandboxCall.secret(form, "code").flatMap(code -> authorizations.take(id, client.clientId(), code));
    }

    /** Uses the form's refresh token up. */
    protected final Optional<SandboxAuthorization> spend(Connector client, Parameters form, String kind) {
        return SandboxCall.secret(form, "refresh_token")
                .flatMap(token -> authorizations.spend(id, kind, token))
                .filter(holder -> holder.isHeldBy(client.clientId()));
    }

    /** The authorization of a live access token. */
    protected final Optional<SandboxAuthorization> find(Optional<Secret> token) {
        return find(SandboxToken.ACCESS, token);
    }

    protected final Optional<SandboxAuthorization> find(String kind, Optional<Secret> token) {
        return token.flatMap(shown -> authorizations.find(id, kind, shown));
    }

    /** The authorization of a live access token or refresh token. */
    protected final Optional<SandboxAuthorization> findEither(Optional<Secret> token) {
        return find(token).or(() -> find(SandboxToken.REFRESH, token));
    }

    /** Issues one more token. */
    protected final String grant(SandboxAuthorization holder, String kind, Duration lifetime) {
        return authorizations.grant(holder, kind, lifetime).value();
    }

    /** Issues an access token and begins a token reply with it (RFC 6749 section 5.1). */
    protected final JsonObjectBuilder beginReply(SandboxAuthorization holder, Duration lifetime, String type) {
        return Json.createObjectBuilder()
                .add("access_token", grant(holder, SandboxToken.ACCESS, lifetime))
                .add("token_type", type)
                .add("expires_in", lifetime.toSeconds());
    }

    /** Issues a refresh token into a token reply. */
    protected final void addRefreshToken(JsonObjectBuilder reply, SandboxAuthorization holder, Duration lifetime) {
        reply.add("refresh_token", grant(holder, SandboxToken.REFRESH, lifetime));
    }

    /** Begins the claims of an ID token (OpenID Connect Core 1.0 section 2). */
    protected final JsonObjectBuilder beginClaims(
            SandboxAuthorization holder, String issuer, String subject, Duration lifetime) {
        Instant now = clock.instant();
        return Json.createObjectBuilder()
                .add("iss", issuer)
                .add("sub", subject)
                .add("aud", holder.clientId())
                .add("iat", now.getEpochSecond())
                .add("exp", now.plus(lifetime).getEpochSecond());
    }

    /** Repeats the authorization request's nonce, if it had one. */
    protected static void addNonce(JsonObjectBuilder claims, SandboxAuthorization holder) {
        Optional.ofNullable(holder.nonce()).ifPresent(nonce -> claims.add("nonce", nonce));
    }

    /** RFC 6749 section 5.2. */
    protected static Refusal refusal(int status, String error, String description) {
        return SandboxReply.error(status, error, description).refusal();
    }
}
