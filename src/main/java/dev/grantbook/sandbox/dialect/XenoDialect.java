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
import dev.grantbook.sandbox.account.SandboxAccount;
import dev.grantbook.sandbox.account.SandboxAuthorization;
import jakarta.enterprise.context.Dependent;
import java.util.Map;
import java.util.Set;

/**
 * Xeno. Its documentation (xenoapp.help, "OAuth 2") asks for a form without naming a grant type, and demands the
 * redirect URI at the token endpoint exactly when the first request had it. Its errors are not documented; these are
 * RFC 6749's.
 */
@Dependent
class XenoDialect extends Dialect {

    private static final Set<String> SCOPES = Set.of("widgets", "faqs", "contacts", "conversations");

    XenoDialect() {
        super("xeno", "oauth/authorize");
    }

    @Override
    public ConsentQuestion read(ConsentRequest request) {
        request.checkRedirectUri();
        Scopes scopes = request.scopes("scope", " ", SCOPES::contains);
        if (scopes.isEmpty()) {
            throw request.back("invalid_scope", "scope is missing.");
        }
        return new ConsentQuestion(request, scopes, Scopes.NONE, null);
    }

    @Override
    public SandboxReply answer(SandboxCall call) {
        return switch (call.route()) {
            case "POST oauth/token" -> token(call);
            case "GET api/me" -> me(call);
            default -> SandboxReply.notFound();
        };
    }

    private SandboxReply token(SandboxCall call) {
        Parameters form = form(call);
        Connector client = authenticate(SandboxCall.credentials(form))
                .orElseThrow(() -> refusal(401, "invalid_client", "client_id and client_secret are needed."));
        SandboxAuthorization holder = take(client, form)
                .filter(taken -> taken.isBoundTo(form.get("redirect_uri")))
                .orElseThrow(() -> refusal(400, "invalid_grant", "The code is unknown, used, too old or not yours."));
        // The documentation's own sample says "widget" where the request said "widgets".
        String scope = holder.scopes().toString().replace("widgets", "widget");
        return SandboxReply.ok(
                Map.of("access_token", authorizations.grant(holder).value(), "scope", scope));
    }

    private SandboxReply me(SandboxCall call) {
        SandboxAccount account = find(call.bearer())
                .orElseThrow(() -> refusal(401, "invalid_token", "The token is not valid."))
                .account();
        return SandboxReply.ok(Json.createObjectBuilder()
                .add("uid", account.userId())
                .add("username", account.email())
                .add("firstname", account.fullName())
                .add("lastname", "Example")
                .add("email", account.email())
                .add("image", "")
                .add("admin", true)
                .add("team", Json.createObjectBuilder(Map.of("uid", "team-1", "name", "Example", "image", ""))));
    }
}
