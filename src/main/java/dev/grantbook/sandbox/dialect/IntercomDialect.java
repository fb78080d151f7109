package dev.grantbook.sandbox.dialect;

import dev.grantbook.connector.Connector;
import dev.grantbook.oauth.Parameters;
import dev.grantbook.oauth.Scopes;
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
import java.util.List;
import java.util.Map;

/**
 * Intercom (developers.intercom.com, "Setting up OAuth"). What an app may do is set where it is registered: the request
 * names no scope, the user picks none, and no reply reports any. How a refusal comes back is not documented; this one
 * is RFC 6749's.
 */
@Dependent
class IntercomDialect extends Dialect {

    IntercomDialect() {
        super("intercom", "oauth");
    }

    @Override
    public ConsentQuestion read(ConsentRequest request) {
        request.checkRedirectUri();
        if (request.get("scope") != null) {
            throw request.back("invalid_request", "Permissions are set in the Developer Hub.");
        }
        return new ConsentQuestion(request, Scopes.NONE, Scopes.NONE, null);
    }

    @Override
    public SandboxReply answer(SandboxCall call) {
        return switch (call.route()) {
            case "POST auth/eagle/token" -> token(call);
            case "GET me" -> me(call);
            default -> throw errors(404, "not_found", "The requested resource was not found");
        };
    }

    private SandboxReply token(SandboxCall call) {
        Parameters sent = call.formOrJson().orElseThrow(() -> errors(400, "parameter_not_found", "A body is needed"));
        Connector client = authenticate(SandboxCall.credentials(sent))
                .orElseThrow(() -> errors(401, "unauthorized", "Unauthorized Client"));
        SandboxAuthorization taken =
                take(client, sent).orElseThrow(() -> errors(401, "unauthorized", "Unauthorized Code"));
        String token = authorizations.grant(taken).value();
        return SandboxReply.ok(Map.of("token_type", "Bearer", "token", token, "access_token", token));
    }

    private SandboxReply me(SandboxCall call) {
        SandboxAccount account = find(call.bearer())
                .orElseThrow(() -> errors(401, "unauthorized", "Access Token Invalid"))
                .account();
        return SandboxReply.ok(Json.createObjectBuilder()
                .add("type", "admin")
                .add("id", account.number())
                .add("email", account.email())
                .add("name", account.fullName())
                .add("email_verified", true)
                .add("app", Json.createObjectBuilder(Map.of("type", "app", "id_code", "sandbox", "name", "Sandbox"))));
    }

    private static Refusal errors(int status, String code, String message) {
        var errors = List.of(Map.of("code", code, "message", message));
        return SandboxReply.of(status, Map.of("type", "error.list", "request_id", "sandbox", "errors", errors))
                .refusal();
    }
}
