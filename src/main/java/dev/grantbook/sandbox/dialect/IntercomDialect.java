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
import dev.grantbook.sandbox.SandboxReply;
import dev.grantbook.sandbox.account.SandboxAccount;
import dev.grantbook.sandbox.account.SandboxAuthorization;
import dev.grantbook.sandbox.account.SandboxAuthorizations;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/**
 * Intercom (developers.intercom.com, "Setting up OAuth"). What an app may do is set where it is registered: the request
 * names no scope, the user picks none, and no reply tells any. How a refusal comes back is not documented; this one is
 * RFC 6749's.
 */
@ApplicationScoped
class IntercomDialect implements Dialect {

    private static final String ID = "intercom";

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
        return "oauth";
    }

    @Override
    public ConsentQuestion read(ConsentRequest visit) {
        visit.checkRedirectUri();
        if (visit.get("scope") != null) {
            throw visit.back("invalid_request", "Permissions are set in the Developer Hub.");
        }
        return new ConsentQuestion(visit, Scopes.NONE, Scopes.NONE, null);
    }

    @Override
    public SandboxReply answer(SandboxCall call) {
        return switch (call.route()) {
            case "POST auth/eagle/token" -> token(call);
            case "GET me" -> me(call);
            default -> no(404, "not_found", "The requested resource was not found");
        };
    }

    private SandboxReply token(SandboxCall call) {
        Parameters sent = call.formOrJson()
                .orElseThrow(
                        () -> no(400, "parameter_not_found", "A body is needed").refusal());
        Connector client = SandboxCall.credentials(sent)
                .flatMap(shown -> clients.authenticate(ID, shown))
                .orElseThrow(
                        () -> no(401, "unauthorized", "Unauthorized Client").refusal());
        SandboxAuthorization taken = SandboxCall.secret(sent, "code")
                .flatMap(code -> authorizations.take(ID, client.clientId(), code))
                .orElseThrow(() -> no(401, "unauthorized", "Unauthorized Code").refusal());
        String token = authorizations.grant(taken).value();
        return SandboxReply.ok(Json.createObjectBuilder()
                .add("token_type", "Bearer")
                .add("token", token)
                .add("access_token", token)
                .build());
    }

    private SandboxReply me(SandboxCall call) {
        SandboxAccount account = call.bearer()
                .flatMap(token -> authorizations.find(ID, token))
                .map(SandboxAuthorization::account)
                .orElseThrow(
                        () -> no(401, "unauthorized", "Access Token Invalid").refusal());
        return SandboxReply.ok(Json.createObjectBuilder()
                .add("type", "admin")
                .add("id", account.number())
                .add("email", account.email())
                .add("name", account.fullName())
                .add("email_verified", true)
                .add(
                        "app",
                        Json.createObjectBuilder()
                                .add("type", "app")
                                .add("id_code", "sandbox")
                                .add("name", "Sandbox"))
                .build());
    }

    private static SandboxReply no(int status, String code, String message) {
        return SandboxReply.of(
                status,
                Json.createObjectBuilder()
                        .add("type", "error.list")
                        .add("request_id", "sandbox")
                        .add(
                                "errors",
                                Json.createArrayBuilder()
                                        .add(Json.createObjectBuilder()
                                                .add("code", code)
                                                .add("message", message)))
                        .build());
    }
}
