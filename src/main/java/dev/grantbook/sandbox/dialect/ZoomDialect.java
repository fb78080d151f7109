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
import jakarta.enterprise.context.Dependent;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Zoom (developers.zoom.us, "OAuth 2.0", "OAuth error messages"). Which scopes there are, and which of them the user
 * may leave out, is set where the app is registered; here that is what the connector declares. Clients authenticate by
 * Basic alone, and each refresh token works once.
 */
@Dependent
class ZoomDialect extends Dialect {

    /** Every app has it: without it no call identifies the account. */
    private static final String OWN_PROFILE = "user:read:user";

    private static final Duration HOUR = Duration.ofSeconds(3599);
    private static final Duration NINETY_DAYS = Duration.ofDays(90);

    ZoomDialect() {
        super("zoom", "oauth/authorize");
    }

    @Override
    public ConsentQuestion read(ConsentRequest request) {
        request.demandRedirectUri();
        request.demandCode();
        Scopes fixed = Scopes.of(OWN_PROFILE);
        Scopes registered = fixed.plus(request.client().need().scopes());
        Scopes asked = request.scopes("scope", " ", registered.tokens()::contains);
        return new ConsentQuestion(request, asked.isEmpty() ? registered : asked, fixed, request.s256());
    }

    @Override
    public SandboxReply answer(SandboxCall call) {
        return switch (call.route()) {
            case "POST oauth/token" -> token(call);
            case "POST oauth/revoke" -> revoke(call);
            case "GET v2/users/me" -> me(call);
            default -> throw api(404, 2300, "This API endpoint is not recognized.");
        };
    }

    private SandboxReply token(SandboxCall call) {
        Connector client = client(call);
        Parameters form = call.form().orElseThrow(() -> refusal(TokenFault.GRANT_TYPE));
        SandboxAuthorization holder = acceptGrant(client, form, Refreshing.ONCE, ZoomDialect::refusal);
        var reply = beginReply(holder, HOUR, "bearer")
                .add("scope", holder.scopes().toString())
                .add("api_url", "https://api.zoom.us");
        addRefreshToken(reply, holder, NINETY_DAYS);
        return SandboxReply.ok(reply);
    }

    /** Ends the whole authorization, whichever of its tokens is shown; an unknown token has ended already. */
    private SandboxReply revoke(SandboxCall call) {
        Connector client = client(call);
        Optional<Secret> token = call.form().flatMap(form -> SandboxCall.secret(form, "token"));
        if (token.isEmpty()) {
            throw refuse(400, "invalid_request", "Token cannot be empty.");
        }
        findEither(token).filter(found -> found.isHeldBy(client.clientId())).ifPresent(authorizations::end);
        return SandboxReply.ok(Map.of("status", "success"));
    }

    private SandboxReply me(SandboxCall call) {
        SandboxAuthorization holder = find(call.bearer()).orElseThrow(() -> api(401, 124, "Invalid access token."));
        if (!holder.allows(OWN_PROFILE)) {
            throw api(400, 4711, "Invalid access token, does not contain scopes:[" + OWN_PROFILE + "].");
        }
        SandboxAccount account = holder.account();
        return SandboxReply.ok(Json.createObjectBuilder()
                .add("id", account.userId())
                .add("first_name", account.fullName())
                .add("display_name", account.fullName())
                .add("email", account.email())
                .add("account_id", "sandbox"));
    }

    private Connector client(SandboxCall call) {
        return authenticate(call.basic())
                .orElseThrow(() -> refuse(401, "invalid_client", "Invalid client_id or client_secret"));
    }

    private static Refusal api(int status, int code, String message) {
        return SandboxReply.of(status, Map.of("code", code, "message", message)).refusal();
    }

    private static Refusal refusal(TokenFault fault) {
        return switch (fault) {
            case GRANT_TYPE -> refuse(400, "unsupported_grant_type", "unsupported grant type");
            case CODE -> refuse(400, "invalid_grant", "Invalid authorization code");
            case REDIRECT_URI -> refuse(400, "invalid_request", "Redirect URI mismatch.");
            case VERIFIER -> refuse(400, "invalid_grant", "Invalid code verifier");
            case REFRESH_TOKEN -> refuse(400, "invalid_grant", "Invalid Token!");
        };
    }

    private static Refusal refuse(int status, String error, String reason) {
        return SandboxReply.of(status, Map.of("reason", reason, "error", error)).refusal();
    }
}
