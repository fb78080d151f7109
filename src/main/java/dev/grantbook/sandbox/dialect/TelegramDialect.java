package dev.grantbook.sandbox.dialect;

import dev.grantbook.connector.Connector;
import dev.grantbook.oauth.Parameters;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.platform.json.Json;
import dev.grantbook.sandbox.ConsentQuestion;
import dev.grantbook.sandbox.ConsentRequest;
import dev.grantbook.sandbox.Dialect;
import dev.grantbook.sandbox.SandboxCall;
import dev.grantbook.sandbox.SandboxClients;
import dev.grantbook.sandbox.SandboxKeys;
import dev.grantbook.sandbox.SandboxReply;
import dev.grantbook.sandbox.SandboxReply.Refusal;
import dev.grantbook.sandbox.TokenRequests;
import dev.grantbook.sandbox.TokenRequests.Refreshing;
import dev.grantbook.sandbox.TokenRequests.TokenFault;
import dev.grantbook.sandbox.account.SandboxAccount;
import dev.grantbook.sandbox.account.SandboxAuthorization;
import dev.grantbook.sandbox.account.SandboxAuthorizations;
import dev.grantbook.sandbox.account.SandboxToken;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Telegram (core.telegram.org, "Log In With Telegram"): OpenID Connect without a UserInfo endpoint, scopes in the reply
 * or refresh tokens. Reports from its users say that it never repeats a nonce; so does this.
 */
@ApplicationScoped
class TelegramDialect implements Dialect {

    private static final String ID = "telegram";

    private static final String ISSUER = "https://oauth.telegram.org";

    private static final String OPENID = "openid";
    private static final String PROFILE = "profile";
    private static final String PHONE = "phone";

    private static final Set<String> SCOPES = Set.of(OPENID, PROFILE, PHONE, "telegram:bot_access");

    private static final Scopes FIXED = Scopes.of(OPENID, PROFILE);

    /** Its users report that it limits the state, without saying to what; this is narrower than RFC 6749. */
    private static final Pattern STATE = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    private static final Duration HOUR = Duration.ofHours(1);

    @Inject
    SandboxClients clients;

    @Inject
    SandboxAuthorizations authorizations;

    @Inject
    SandboxKeys keys;

    @Inject
    TokenRequests requests;

    @Inject
    Clock clock;

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String authorizationPath() {
        return "auth";
    }

    @Override
    public ConsentQuestion read(ConsentRequest visit) {
        visit.demandRedirectUri();
        visit.demandCode();
        visit.demandState(STATE);
        Scopes scopes = visit.scopes("scope", " ", SCOPES::contains);
        if (!scopes.tokens().contains(OPENID)) {
            throw visit.back("invalid_scope", "openid is missing.");
        }
        String challenge = visit.s256();
        if (challenge == null) {
            throw visit.back("invalid_request", "code_challenge is missing.");
        }
        return new ConsentQuestion(visit, scopes, FIXED, challenge);
    }

    @Override
    public SandboxReply answer(SandboxCall call) {
        return switch (call.route()) {
            case "POST token" -> token(call);
            case "GET .well-known/jwks.json" -> SandboxReply.ok(keys.published());
            default -> SandboxReply.notFound();
        };
    }

    private SandboxReply token(SandboxCall call) {
        Parameters form = call.form()
                .orElseThrow(() -> SandboxReply.error(400, "invalid_request", "The body must be a form.")
                        .refusal());
        SandboxAuthorization authorization =
                requests.find(ID, client(call, form), form, Refreshing.NEVER, TelegramDialect::refusal);
        return SandboxReply.ok(Json.createObjectBuilder()
                .add(
                        "access_token",
                        authorizations
                                .grant(authorization, SandboxToken.ACCESS, HOUR)
                                .value())
                .add("token_type", "Bearer")
                .add("expires_in", HOUR.toSeconds())
                .add("id_token", keys.sign(claims(authorization)))
                .build());
    }

    /** Basic, and the same client id in the body, where the secret must not be. */
    private Connector client(SandboxCall call, Parameters form) {
        return call.basic()
                .filter(shown -> shown.clientId().equals(form.get("client_id")) && form.get("client_secret") == null)
                .flatMap(shown -> clients.authenticate(ID, shown))
                .orElseThrow(() -> SandboxReply.of(401, SandboxReply.object("error", "invalid_client"))
                        .refusal());
    }

    private JsonObject claims(SandboxAuthorization authorization) {
        SandboxAccount account = authorization.account();
        Instant now = clock.instant();
        JsonObjectBuilder claims = Json.createObjectBuilder()
                .add("iss", ISSUER)
                .add("aud", authorization.clientId())
                .add("sub", "1234" + account.number())
                .add("iat", now.getEpochSecond())
                .add("exp", now.plus(HOUR).getEpochSecond());
        if (authorization.allows(PROFILE)) {
            claims.add("id", Long.parseLong(account.number()))
                    .add("name", account.fullName())
                    .add("preferred_username", account.fullName().toLowerCase(Locale.ROOT));
        }
        if (authorization.allows(PHONE)) {
            claims.add("phone_number", account.phone().substring(1)).add("phone_number_verified", true);
        }
        return claims.build();
    }

    private static Refusal refusal(TokenFault fault) {
        String error = fault == TokenFault.GRANT_TYPE ? "unsupported_grant_type" : "invalid_grant";
        return SandboxReply.of(400, SandboxReply.object("error", error)).refusal();
    }
}
