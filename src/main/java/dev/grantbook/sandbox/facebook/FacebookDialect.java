package dev.grantbook.sandbox.facebook;

import dev.grantbook.connector.Connector;
import dev.grantbook.oauth.Parameters;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.sandbox.ConsentQuestion;
import dev.grantbook.sandbox.ConsentRefusal;
import dev.grantbook.sandbox.ConsentRequest;
import dev.grantbook.sandbox.Dialect;
import dev.grantbook.sandbox.SandboxCall;
import dev.grantbook.sandbox.SandboxReply;
import dev.grantbook.sandbox.account.SandboxAccount;
import dev.grantbook.sandbox.account.SandboxAuthorization;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Facebook's log-in dialog, as "Manually build a login flow" and "Requesting and revoking permissions" describe it
 * (developers.facebook.com). What a user allows, the user allows to the app: every token of the app can do it, and what
 * was allowed once stays allowed without being asked again. {@link FacebookGraph} has the programs' side.
 */
@ApplicationScoped
public class FacebookDialect implements Dialect {

    static final String ID = FacebookGraph.ID;

    /** What everybody shares with every app. */
    private static final Scopes FIXED = Scopes.of("public_profile");

    private static final Set<String> SCOPES = Set.of(
            "public_profile",
            "email",
            "pages_show_list",
            "pages_messaging",
            "pages_manage_metadata",
            "pages_read_engagement",
            "business_management",
            "instagram_basic",
            "instagram_manage_messages",
            "whatsapp_business_management",
            "whatsapp_business_messaging");

    /** What a configuration of Login for Business asks for, whichever it is. */
    private static final Scopes CONFIGURED = Scopes.of("public_profile", "email", "pages_show_list", "pages_messaging");

    private static final Pattern CONFIGURATION = Pattern.compile("[0-9]{5,20}");

    @Inject
    FacebookGraph graph;

    @Inject
    FacebookNotices notices;

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String authorizationPath() {
        return FacebookGraph.VERSION + "/dialog/oauth";
    }

    /** Kits name the version that they were written with, or none. */
    @Override
    public boolean isAuthorizationPath(String path) {
        return path.matches("(?:v[0-9]{1,2}\\.0/)?dialog/oauth");
    }

    @Override
    public ConsentQuestion read(ConsentRequest visit) {
        visit.demandRedirectUri();
        if (visit.get("response_type") != null) {
            visit.demandCode();
        }
        String configuration = visit.get("config_id");
        if (configuration == null) {
            return new ConsentQuestion(visit, FIXED.plus(visit.scopes("scope", ", ", SCOPES::contains)), FIXED, null);
        }
        if (!CONFIGURATION.matcher(configuration).matches() || visit.get("scope") != null) {
            throw ConsentRefusal.page("100", "config_id is no configuration, or scope is there beside it.");
        }
        return new ConsentQuestion(visit, CONFIGURED, FIXED, null);
    }

    /**
     * Somebody who declined a permission is not asked for it again, unless the request says
     * {@code auth_type=rerequest}.
     */
    @Override
    public Scopes decide(ConsentQuestion ask, SandboxAccount account, Scopes ticked) {
        boolean asksAgain = "rerequest".equals(ask.request().get("auth_type"));
        Optional<SandboxAuthorization> before =
                graph.latest(account, ask.request().client().clientId());
        Scopes declined = before.map(SandboxAuthorization::declined).orElse(Scopes.NONE);
        Scopes allowed = before.map(SandboxAuthorization::scopes).orElse(Scopes.NONE);
        return allowed.plus(asksAgain ? ticked : ticked.minus(declined));
    }

    /** Browsers carry the fragment along, past every redirect that has none of its own. */
    @Override
    public URI location(ConsentQuestion ask, Parameters result) {
        URI back = result.appendTo(ask.request().registered());
        return result.get("code") == null ? back : URI.create(back + "#_=_");
    }

    @Override
    public Parameters describeDenial(ConsentQuestion ask) {
        return new Parameters()
                .with("error", "access_denied")
                .with("error_code", "200")
                .with("error_description", "Permissions error")
                .with("error_reason", "user_denied")
                .with("state", ask.request().get("state"));
    }

    @Override
    public void revoke(Connector client, SandboxAccount account) {
        notices.deauthorize(client, account);
    }

    @Override
    public SandboxReply answer(SandboxCall call) {
        return graph.answer(call);
    }
}
