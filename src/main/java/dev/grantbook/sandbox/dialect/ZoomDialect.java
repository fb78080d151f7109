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
import dev.grantbook.sandbox.SandboxReply;
import dev.grantbook.sandbox.SandboxReply.Refusal;
import dev.grantbook.sandbox.account.SandboxAccount;
import dev.grantbook.sandbox.account.SandboxAuthorization;
import dev.grantbook.sandbox.account.SandboxAuthorizations;
import dev.grantbook.sandbox.account.SandboxToken;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.Optional;

/**
 * Zoom (developers.zoom.us, "OAuth 2.0", "OAuth error messages"). Which scopes there are, and which of them the user
 * may leave out, is set where the app is registered; here that is what the connector declares. Clients authenticate by
 * Basic alone, and each refresh token works once.
 */
@ApplicationScoped
class ZoomDialect implements Dialect {

    private static final String ID = "zoom";

    /** Without it nobody can be told whose token it is, so that every app has it. */
    private static final String OWN_PROFILE = "user:read:user";

    private static final Duration HOUR = Duration.ofSeconds(3599);
    private static final Duration NINETY_DAYS = Duration.ofDays(90);

    @Inject
    SandboxClients clients;

    @Inject
    SandboxAuthorizations authorizations;

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String authorizationPath() {
        return "oauth/authorize";
    }

    @Override
    public ConsentQuestion read(ConsentRequest visit) {
        visit.demandRedirectUri();
        visit.demandCode();
        Scopes fixed = Scopes.of(OWN_PROFILE);
        Scopes registered = fixed.plus(visit.client().need().scopes());
        Scopes asked = visit.scopes("scope", " ", registered.tokens()::contains);
        return new ConsentQuestion(visit, asked.isEmpty() ? registered : asked, fixed, visit.s256());
    }

    @Override
    public SandboxReply answer(SandboxCall call) {
        return switch (call.route()) {
            case "POST oauth/token" -> token(call);
            case "POST oauth/revoke" -> revoke(call);
            case "GET v2/users/me" -> me(call);
            default -> SandboxReply.of(404, error(2300, "This API endpoint is not recognized."));
        };
    }

    private SandboxReply token(SandboxCall call) {
        Connector client = client(call);
        Parameters form = call.form().orElseThrow(() -> no(400, "unsupported_grant_type", "unsupported grant type"));
        SandboxAuthorization holder = switch (String.valueOf(form.get("grant_type"))) {
            case "authorization_code" -> exchange(client, form);
            case "refresh_token" -> refresh(client, form);
            default -> throw no(400, "unsupported_grant_type", "unsupported grant type");
        };
        return SandboxReply.ok(Json.createObjectBuilder()
                .add(
                        "access_token",
                        authorizations.grant(holder, SandboxToken.ACCESS, HOUR).value())
                .add("token_type", "bearer")
                .add(
                        "refresh_token",
                        authorizations
                                .grant(holder, SandboxToken.REFRESH, NINETY_DAYS)
                                .value())
                .add("expires_in", HOUR.toSeconds())
                .add("scope", holder.scopes().toString())
                .add("api_url", "https://api.zoom.us")
                .build());
    }

    private SandboxAuthorization exchange(Connector client, Parameters form) {
        SandboxAuthorization taken = SandboxCall.secret(form, "code")
                .flatMap(code -> authorizations.take(ID, client.clientId(), code))
                .orElseThrow(() -> no(400, "invalid_grant", "Invalid authorization code"));
        if (!taken.isBoundTo(form.get("redirect_uri"))) {
            throw no(400, "invalid_request", "Redirect URI mismatch.");
        }
        if (!taken.isProvedBy(form.get("code_verifier"))) {
            throw no(400, "invalid_grant", "Invalid code verifier");
        }
        return taken;
    }

    private SandboxAuthorization refresh(Connector client, Parameters form) {
        return SandboxCall.secret(form, "refresh_token")
                .flatMap(token -> authorizations.spend(ID, SandboxToken.REFRESH, token))
                .filter(holder -> holder.clientId().equals(client.clientId()))
                .orElseThrow(() -> no(400, "invalid_grant", "Invalid Token!"));
    }

    /** Ends the whole authorization, whichever of its tokens is shown; a token that is unknown has ended already. */
    private SandboxReply revoke(SandboxCall call) {
        Connector client = client(call);
        Secret token = call.form()
                .flatMap(form -> SandboxCall.secret(form, "token"))
                .orElseThrow(() -> no(400, "invalid_request", "Token cannot be empty."));
        Optional<SandboxAuthorization> holder =
                authorizations.find(ID, token).or(() -> authorizations.find(ID, SandboxToken.REFRESH, token));
        holder.filter(found -> found.clientId().equals(client.clientId())).ifPresent(authorizations::end);
        return SandboxReply.ok(SandboxReply.object("status", "success"));
    }

    private SandboxReply me(SandboxCall call) {
        SandboxAuthorization holder = call.bearer()
                .flatMap(token -> authorizations.find(ID, token))
                .orElseThrow(() -> SandboxReply.of(401, error(124, "Invalid access token."))
                        .refusal());
        if (!holder.allows(OWN_PROFILE)) {
            return SandboxReply.of(
                    400, error(4711, "Invalid access token, does not contain scopes:[" + OWN_PROFILE + "]."));
        }
        SandboxAccount account = holder.account();
        return SandboxReply.ok(Json.createObjectBuilder()
                .add("id", account.userId())
                .add("first_name", account.fullName())
                .add("display_name", account.fullName())
                .add("email", account.email())
                .add("account_id", "sandbox")
                .build());
    }

    private Connector client(SandboxCall call) {
        return call.basic()
                .flatMap(shown -> clients.authenticate(ID, shown))
                .orElseThrow(() -> no(401, "invalid_client", "Invalid client_id or client_secret"));
    }

    private static JsonObject error(int code, String message) {
        return Json.createObjectBuilder()
                .add("code", code)
                .add("message", message)
                .build();
    }

    private static Refusal no(int status, String error, String reason) {
        return SandboxReply.of(
                        status,
                        Json.createObjectBuilder()
                                .add("reason", reason)
                                .add("error", error)
                                .build())
                .refusal();
    }
}
