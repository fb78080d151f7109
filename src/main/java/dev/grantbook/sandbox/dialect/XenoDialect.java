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
import dev.grantbook.sandbox.SandboxReply.Refusal;
import dev.grantbook.sandbox.account.SandboxAccount;
import dev.grantbook.sandbox.account.SandboxAuthorization;
import dev.grantbook.sandbox.account.SandboxAuthorizations;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Set;

/**
 * Xeno. Its documentation (xenoapp.help, "OAuth 2") asks for a form without naming a grant type, and demands the
 * redirect URI at the token endpoint exactly when the first request had it. Its errors are not documented; these are
 * RFC 6749's.
 */
@ApplicationScoped
class XenoDialect implements Dialect {

    private static final String ID = "xeno";

    private static final Set<String> SCOPES = Set.of("widgets", "faqs", "contacts", "conversations");

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
        visit.checkRedirectUri();
        Scopes scopes = visit.scopes("scope", " ", SCOPES::contains);
        if (scopes.isEmpty()) {
            throw visit.back("invalid_scope", "scope is missing.");
        }
        return new ConsentQuestion(visit, scopes, Scopes.NONE, null);
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
        Parameters form = call.form().orElseThrow(() -> refusal(400, "invalid_request", "The body must be a form."));
        Connector client = SandboxCall.credentials(form)
                .flatMap(shown -> clients.authenticate(ID, shown))
                .orElseThrow(() -> refusal(401, "invalid_client", "client_id and client_secret are needed."));
        SandboxAuthorization authorization = SandboxCall.secret(form, "code")
                .flatMap(code -> authorizations.take(ID, client.clientId(), code))
                .filter(taken -> taken.isBoundTo(form.get("redirect_uri")))
                .orElseThrow(() -> refusal(400, "invalid_grant", "The code is unknown, used, too old or not yours."));
        return SandboxReply.ok(Json.createObjectBuilder()
                .add("access_token", authorizations.grant(authorization).value())
                .add("scope", report(authorization.scopes()))
                .build());
    }

    /** The documentation's own sample says {@code widget} where the request said {@code widgets}. */
    private static String report(Scopes scopes) {
        return scopes.toString().replace("widgets", "widget");
    }

    private SandboxReply me(SandboxCall call) {
        SandboxAccount account = call.bearer()
                .flatMap(token -> authorizations.find(ID, token))
                .map(SandboxAuthorization::account)
                .orElseThrow(() -> refusal(401, "invalid_token", "The token is not valid."));
        String first = account.fullName();
        return SandboxReply.ok(Json.createObjectBuilder()
                .add("uid", account.userId())
                .add("username", account.email())
                .add("firstname", first)
                .add("lastname", "Example")
                .add("email", account.email())
                .add("image", "")
                .add("admin", true)
                .add(
                        "team",
                        Json.createObjectBuilder()
                                .add("uid", "team-1")
                                .add("name", "Example")
                                .add("image", ""))
                .build());
    }

    private static Refusal refusal(int status, String error, String description) {
        return SandboxReply.error(status, error, description).refusal();
    }
}
