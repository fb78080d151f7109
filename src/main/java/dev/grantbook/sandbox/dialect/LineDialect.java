package dev.grantbook.sandbox.dialect;

import dev.grantbook.connector.Connector;
import dev.grantbook.oauth.Parameters;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
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
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * LINE Login v2.1 (developers.line.biz, "LINE Login v2.1 API reference" and "Integrating LINE Login with your web
 * app"). Signs ID tokens with the channel secret, as for every web login, and never tells the scope {@code email}.
 */
@ApplicationScoped
class LineDialect implements Dialect {

    private static final String ID = "line";

    private static final String ISSUER = "https://access.line.me";

    private static final String PROFILE = "profile";
    private static final String OPENID = "openid";
    private static final String EMAIL = "email";
    private static final String PHONE = "phone";

    private static final Set<String> SCOPES =
            Set.of(PROFILE, OPENID, EMAIL, "real_name", "gender", "birthdate", PHONE, "address");

    private static final Scopes FIXED = Scopes.of(PROFILE, OPENID);

    /** Its documentation says "alphanumeric"; the states of the usual kits, in base64url, work. */
    private static final Pattern STATE = Pattern.compile("[A-Za-z0-9_-]+");

    private static final Duration MONTH = Duration.ofDays(30);
    private static final Duration QUARTER = Duration.ofDays(90);

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
        return "oauth2/v2.1/authorize";
    }

    @Override
    public ConsentQuestion read(ConsentRequest visit) {
        visit.demandRedirectUri();
        visit.demandCode();
        visit.demandState(STATE);
        String prompt = visit.get("bot_prompt");
        if (prompt != null && !Set.of("normal", "aggressive").contains(prompt)) {
            throw visit.back("invalid_request", "bot_prompt must be normal or aggressive.");
        }
        Scopes scopes = visit.scopes("scope", " ", SCOPES::contains);
        if (scopes.isEmpty()) {
            throw visit.back("invalid_scope", "scope is missing.");
        }
        return new ConsentQuestion(visit, scopes, FIXED, visit.s256());
    }

    @Override
    public Parameters describeGrant(ConsentQuestion ask, Secret code) {
        // Told only where the page offered the bot as a friend.
        return Dialect.super
                .describeGrant(ask, code)
                .with("friendship_status_changed", ask.request().get("bot_prompt") == null ? null : "true");
    }

    @Override
    public Parameters describeDenial(ConsentQuestion ask) {
        return Dialect.super.describeDenial(ask).with("error_description", "The resource owner denied the request.");
    }

    @Override
    public SandboxReply answer(SandboxCall call) {
        return switch (call.route()) {
            case "POST oauth2/v2.1/token" -> token(call);
            case "POST oauth2/v2.1/revoke" -> revoke(call);
            case "GET oauth2/v2.1/verify" -> verify(call);
            case "GET oauth2/v2.1/certs" -> SandboxReply.ok(keys.published());
            case "GET v2/profile" -> profile(call);
            case "GET friendship/v1/status" -> friendship(call);
            default -> SandboxReply.notFound();
        };
    }

    private SandboxReply token(SandboxCall call) {
        Parameters form = form(call);
        Connector client = client(form);
        SandboxAuthorization authorization = requests.find(ID, client, form, Refreshing.KEEPS, LineDialect::refusal);
        Secret access = authorizations.grant(authorization, SandboxToken.ACCESS, MONTH);
        JsonObjectBuilder reply = Json.createObjectBuilder()
                .add("access_token", access.value())
                .add("token_type", "Bearer")
                .add("expires_in", MONTH.toSeconds())
                .add("scope", report(authorization));
        String refreshToken = form.get("refresh_token");
        if (refreshToken != null) {
            return SandboxReply.ok(reply.add("refresh_token", refreshToken).build());
        }
        if (authorization.allows(OPENID)) {
            reply.add("id_token", keys.sign(claims(authorization), clients.secret()));
        }
        return SandboxReply.ok(reply.add(
                        "refresh_token",
                        authorizations
                                .grant(authorization, SandboxToken.REFRESH, QUARTER)
                                .value())
                .build());
    }

    /** "Note that the email scope isn't returned", says the reference. */
    private static String report(SandboxAuthorization authorization) {
        return authorization.scopes().minus(Scopes.of(EMAIL)).toString();
    }

    private JsonObject claims(SandboxAuthorization authorization) {
        SandboxAccount account = authorization.account();
        Instant now = clock.instant();
        JsonObjectBuilder claims = Json.createObjectBuilder()
                .add("iss", ISSUER)
                .add("sub", userId(account))
                .add("aud", authorization.clientId())
                .add("exp", now.plus(Duration.ofHours(1)).getEpochSecond())
                .add("iat", now.getEpochSecond())
                .add("amr", Json.createArrayBuilder().add("linesso"));
        Optional.ofNullable(authorization.nonce()).ifPresent(nonce -> claims.add("nonce", nonce));
        if (authorization.allows(PROFILE)) {
            claims.add("name", account.fullName());
        }
        if (authorization.allows(EMAIL)) {
            claims.add("email", account.email());
        }
        if (authorization.allows(PHONE)) {
            claims.add("phone_number", account.phone());
        }
        return claims.build();
    }

    private SandboxReply revoke(SandboxCall call) {
        Parameters form = form(call);
        Connector client = client(form);
        String token = form.get("access_token");
        if (token == null || token.isEmpty()) {
            return SandboxReply.error(400, "invalid_request", "access_token is missing.");
        }
        // Taken to end the refresh token too: the reference only speaks of the access token.
        authorizations
                .find(ID, new Secret(token))
                .filter(authorization -> authorization.clientId().equals(client.clientId()))
                .ifPresent(authorizations::end);
        return SandboxReply.empty(200);
    }

    private SandboxReply verify(SandboxCall call) {
        return Optional.ofNullable(call.query().get("access_token"))
                .filter(token -> !token.isEmpty())
                .flatMap(token -> authorizations.find(ID, new Secret(token)))
                .map(authorization -> SandboxReply.ok(Json.createObjectBuilder()
                        .add("scope", report(authorization))
                        .add("client_id", authorization.clientId())
                        .add("expires_in", MONTH.toSeconds())
                        .build()))
                .orElseGet(() -> SandboxReply.error(400, "invalid_request", "access token expired"));
    }

    private SandboxReply profile(SandboxCall call) {
        SandboxAuthorization authorization = bearer(call, PROFILE);
        return SandboxReply.ok(Json.createObjectBuilder()
                .add("userId", userId(authorization.account()))
                .add("displayName", authorization.account().fullName())
                .add("statusMessage", "Hello")
                .build());
    }

    private SandboxReply friendship(SandboxCall call) {
        bearer(call, PROFILE);
        return SandboxReply.ok(
                Json.createObjectBuilder().add("friendFlag", true).build());
    }

    private SandboxAuthorization bearer(SandboxCall call, String scope) {
        SandboxAuthorization authorization = call.bearer()
                .flatMap(token -> authorizations.find(ID, token))
                .orElseThrow(() -> SandboxReply.of(401, SandboxReply.object("message", "invalid token"))
                        .refusal());
        if (!authorization.allows(scope)) {
            throw SandboxReply.of(
                            403, SandboxReply.object("message", "The access token does not have the scope " + scope))
                    .refusal();
        }
        return authorization;
    }

    private static String userId(SandboxAccount account) {
        return "U" + account.userId().replace("-", "");
    }

    private static Parameters form(SandboxCall call) {
        return call.form()
                .orElseThrow(() -> SandboxReply.error(400, "invalid_request", "The body must be a form.")
                        .refusal());
    }

    /** In the body and nowhere else. */
    private Connector client(Parameters form) {
        return SandboxCall.credentials(form)
                .flatMap(shown -> clients.authenticate(ID, shown))
                .orElseThrow(() -> SandboxReply.error(400, "invalid_client", "client_id or client_secret is wrong.")
                        .refusal());
    }

    private static Refusal refusal(TokenFault fault) {
        return switch (fault) {
            case GRANT_TYPE -> refusal("unsupported_grant_type", "grant_type is not supported");
            case CODE -> refusal("invalid_grant", "invalid authorization code");
            case REDIRECT_URI -> refusal("invalid_grant", "redirect_uri does not match");
            case VERIFIER -> refusal("invalid_grant", "code_verifier does not match");
            case REFRESH_TOKEN -> refusal("invalid_grant", "invalid refresh token");
        };
    }

    private static Refusal refusal(String error, String description) {
        return SandboxReply.error(400, error, description).refusal();
    }
}
