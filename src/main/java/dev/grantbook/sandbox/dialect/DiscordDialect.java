package dev.grantbook.sandbox.dialect;

import dev.grantbook.connector.Connector;
import dev.grantbook.oauth.Parameters;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.json.Json;
import dev.grantbook.sandbox.ClientCredentials;
import dev.grantbook.sandbox.ConsentQuestion;
import dev.grantbook.sandbox.ConsentRequest;
import dev.grantbook.sandbox.Dialect;
import dev.grantbook.sandbox.SandboxCall;
import dev.grantbook.sandbox.SandboxClients;
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
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Discord (its developer documentation, "OAuth2" and "Opcodes and Status Codes", and its published metadata). The user
 * allows all or nothing; forms only; revoking one token ends all of the authorization.
 */
@ApplicationScoped
class DiscordDialect implements Dialect {

    private static final String ID = "discord";

    /** RFC 9207, which its metadata promises. */
    private static final String ISSUER = "https://discord.com";

    private static final Set<String> SCOPES = Set.of(
            "identify",
            "email",
            "guilds",
            "guilds.members.read",
            "guilds.join",
            "connections",
            "gdm.join",
            "role_connections.write");

    private static final Duration WEEK = Duration.ofDays(7);

    @Inject
    SandboxClients clients;

    @Inject
    SandboxAuthorizations authorizations;

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
        return "oauth2/authorize";
    }

    @Override
    public ConsentQuestion read(ConsentRequest visit) {
        visit.demandRedirectUri();
        visit.demandCode();
        Scopes scopes = visit.scopes("scope", " ", SCOPES::contains);
        if (scopes.isEmpty()) {
            throw visit.back("invalid_scope", "The requested scope is invalid, unknown, or malformed.");
        }
        return new ConsentQuestion(visit, scopes, scopes, visit.s256());
    }

    @Override
    public Parameters describeGrant(ConsentQuestion ask, Secret code) {
        return Dialect.super.describeGrant(ask, code).with("iss", ISSUER);
    }

    @Override
    public Parameters describeDenial(ConsentQuestion ask) {
        return Dialect.super
                .describeDenial(ask)
                .with("error_description", "The resource owner or authorization server denied the request")
                .with("iss", ISSUER);
    }

    @Override
    public SandboxReply answer(SandboxCall call) {
        // Whichever version of the API is named.
        return switch (call.route().replaceFirst("^([A-Z]+ api)/v[0-9]{1,2}/", "$1/")) {
            case "POST api/oauth2/token" -> token(call);
            case "POST api/oauth2/token/revoke" -> revoke(call);
            case "GET api/oauth2/@me" -> authorization(call);
            case "GET api/users/@me" -> me(call);
            case "GET api/users/@me/guilds" -> guilds(call);
            default -> SandboxReply.notFound();
        };
    }

    private SandboxReply token(SandboxCall call) {
        Parameters form = form(call);
        SandboxAuthorization authorization =
                requests.find(ID, client(call, form), form, Refreshing.ROTATES, DiscordDialect::refusal);
        return SandboxReply.ok(Json.createObjectBuilder()
                .add("token_type", "Bearer")
                .add("access_token", grant(authorization, SandboxToken.ACCESS, WEEK))
                .add("expires_in", WEEK.toSeconds())
                .add("refresh_token", grant(authorization, SandboxToken.REFRESH, SandboxAuthorizations.LIFETIME))
                .add("scope", authorization.scopes().toString())
                .build());
    }

    private String grant(SandboxAuthorization authorization, String kind, Duration lifetime) {
        return authorizations.grant(authorization, kind, lifetime).value();
    }

    private SandboxReply revoke(SandboxCall call) {
        Parameters form = form(call);
        Connector client = client(call, form);
        Optional.ofNullable(form.get("token"))
                .filter(text -> !text.isEmpty())
                .map(Secret::new)
                .flatMap(token ->
                        authorizations.find(ID, token).or(() -> authorizations.find(ID, SandboxToken.REFRESH, token)))
                .filter(authorization -> authorization.clientId().equals(client.clientId()))
                .ifPresent(authorizations::end);
        return SandboxReply.ok(Json.createObjectBuilder().build());
    }

    private SandboxReply authorization(SandboxCall call) {
        SandboxAuthorization authorization = bearer(call);
        var scopes = Json.createArrayBuilder();
        authorization.scopes().toList().forEach(scopes::add);
        JsonObjectBuilder answer = Json.createObjectBuilder()
                .add("application", Json.createObjectBuilder().add("id", authorization.clientId()))
                .add("scopes", scopes)
                .add("expires", clock.instant().plus(WEEK).toString());
        if (authorization.allows("identify")) {
            answer.add("user", user(authorization.account()));
        }
        return SandboxReply.ok(answer.build());
    }

    private SandboxReply me(SandboxCall call) {
        SandboxAuthorization authorization = bearer(call);
        return authorization.allows("identify")
                ? SandboxReply.ok(user(authorization.account()).build())
                : code(403, 50026, "Missing required OAuth2 scope");
    }

    private static JsonObjectBuilder user(SandboxAccount account) {
        return Json.createObjectBuilder()
                .add("id", account.number())
                .add("username", account.fullName().toLowerCase(Locale.ROOT))
                .add("discriminator", "0")
                .addNull("global_name")
                .addNull("avatar");
    }

    private SandboxReply guilds(SandboxCall call) {
        if (!bearer(call).allows("guilds")) {
            return code(403, 50026, "Missing required OAuth2 scope");
        }
        return SandboxReply.ok(Json.createArrayBuilder()
                .add(Json.createObjectBuilder().add("id", "8000100001").add("name", "Example"))
                .build());
    }

    private SandboxAuthorization bearer(SandboxCall call) {
        return call.bearer()
                .flatMap(token -> authorizations.find(ID, token))
                .orElseThrow(() ->
                        code(401, 50025, "Invalid OAuth2 access token provided").refusal());
    }

    private static Parameters form(SandboxCall call) {
        return call.form()
                .orElseThrow(() -> SandboxReply.error(400, "invalid_request", "The content type must be a form.")
                        .refusal());
    }

    /** Basic or the body, and not both (RFC 6749 section 2.3). */
    private Connector client(SandboxCall call, Parameters form) {
        Optional<ClientCredentials> basic = call.basic();
        Optional<ClientCredentials> body = SandboxCall.credentials(form);
        return (basic.isPresent() && body.isPresent() ? Optional.<ClientCredentials>empty() : basic.or(() -> body))
                .flatMap(shown -> clients.authenticate(ID, shown))
                .orElseThrow(() -> new Refusal(SandboxReply.of(
                        401,
                        Json.createObjectBuilder()
                                .add("error", "invalid_client")
                                .build())));
    }

    private static Refusal refusal(TokenFault fault) {
        return switch (fault) {
            case GRANT_TYPE -> refusal("unsupported_grant_type", "Grant type None is not supported");
            case CODE -> refusal("invalid_grant", "Invalid \"code\" in request.");
            case REDIRECT_URI -> refusal("invalid_grant", "Invalid \"redirect_uri\" in request.");
            case VERIFIER -> refusal("invalid_request", "Missing or invalid \"code_verifier\"");
            case REFRESH_TOKEN -> refusal("invalid_grant", "Invalid \"refresh_token\" in request.");
        };
    }

    private static Refusal refusal(String error, String description) {
        return SandboxReply.error(400, error, description).refusal();
    }

    private static SandboxReply code(int status, int code, String message) {
        JsonObject body = Json.createObjectBuilder()
                .add("message", message)
                .add("code", code)
                .build();
        return SandboxReply.of(status, body);
    }
}
