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
import dev.grantbook.sandbox.SandboxReply;
import dev.grantbook.sandbox.SandboxReply.Refusal;
import dev.grantbook.sandbox.account.SandboxAccount;
import dev.grantbook.sandbox.account.SandboxAuthorization;
import dev.grantbook.sandbox.account.SandboxAuthorizations;
import jakarta.enterprise.context.Dependent;
import jakarta.json.JsonObjectBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Discord (its developer documentation, "OAuth2" and "Opcodes and Status Codes", and its published metadata). The user
 * allows all or nothing; forms only; revoking one token ends all of the authorization.
 */
@Dependent
class DiscordDialect extends Dialect {

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

    DiscordDialect() {
        super("discord", "oauth2/authorize");
    }

    @Override
    public ConsentQuestion read(ConsentRequest request) {
        request.demandRedirectUri();
        request.demandCode();
        Scopes scopes = request.scopes("scope", " ", SCOPES::contains);
        if (scopes.isEmpty()) {
            throw request.back("invalid_scope", "The requested scope is invalid, unknown, or malformed.");
        }
        return new ConsentQuestion(request, scopes, scopes, request.s256());
    }

    @Override
    public Parameters describeGrant(ConsentQuestion ask, Secret code) {
        return super.describeGrant(ask, code).with("iss", ISSUER);
    }

    @Override
    public Parameters describeDenial(ConsentQuestion ask) {
        return super.describeDenial(ask)
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
        SandboxAuthorization holder = acceptGrant(client(call, form), form, Refreshing.ONCE, DiscordDialect::refusal);
        JsonObjectBuilder reply =
                beginReply(holder, WEEK, "Bearer").add("scope", holder.scopes().toString());
        addRefreshToken(reply, holder, SandboxAuthorizations.LIFETIME);
        return SandboxReply.ok(reply);
    }

    private SandboxReply revoke(SandboxCall call) {
        Parameters form = form(call);
        Connector client = client(call, form);
        findEither(SandboxCall.secret(form, "token"))
                .filter(holder -> holder.isHeldBy(client.clientId()))
                .ifPresent(authorizations::end);
        return SandboxReply.ok(Map.of());
    }

    private SandboxReply authorization(SandboxCall call) {
        SandboxAuthorization holder = bearer(call);
        JsonObjectBuilder answer = Json.createObjectBuilder()
                .add("application", Json.createObjectBuilder().add("id", holder.clientId()))
                .add("scopes", Json.createArrayBuilder(holder.scopes().toList()))
                .add("expires", clock.instant().plus(WEEK).toString());
        if (holder.allows("identify")) {
            answer.add("user", user(holder.account()));
        }
        return SandboxReply.ok(answer);
    }

    private SandboxReply me(SandboxCall call) {
        return SandboxReply.ok(user(bearer(call, "identify").account()));
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
        bearer(call, "guilds");
        return SandboxReply.ok(Json.createArrayBuilder(List.of(Map.of("id", "8000100001", "name", "Example"))));
    }

    private SandboxAuthorization bearer(SandboxCall call, String scope) {
        SandboxAuthorization holder = bearer(call);
        if (!holder.allows(scope)) {
            throw api(403, 50026, "Missing required OAuth2 scope");
        }
        return holder;
    }

    private SandboxAuthorization bearer(SandboxCall call) {
        return find(call.bearer()).orElseThrow(() -> api(401, 50025, "Invalid OAuth2 access token provided"));
    }

    private Connector client(SandboxCall call, Parameters form) {
        return authenticate(call, form)
                .orElseThrow(() ->
                        SandboxReply.of(401, Map.of("error", "invalid_client")).refusal());
    }

    private static Refusal refusal(TokenFault fault) {
        return switch (fault) {
            case GRANT_TYPE -> refusal(400, "unsupported_grant_type", "Grant type None is not supported");
            case CODE -> refusal(400, "invalid_grant", "Invalid \"code\" in request.");
            case REDIRECT_URI -> refusal(400, "invalid_grant", "Invalid \"redirect_uri\" in request.");
            case VERIFIER -> refusal(400, "invalid_request", "Missing or invalid \"code_verifier\"");
            case REFRESH_TOKEN -> refusal(400, "invalid_grant", "Invalid \"refresh_token\" in request.");
        };
    }

    private static Refusal api(int status, int code, String message) {
        return SandboxReply.of(status, Map.of("message", message, "code", code)).refusal();
    }
}
