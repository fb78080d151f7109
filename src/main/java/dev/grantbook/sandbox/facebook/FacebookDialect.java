package dev.grantbook.sandbox.facebook;

import dev.grantbook.connector.Connector;
import dev.grantbook.oauth.Parameters;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.sandbox.ConsentQuestion;
import dev.grantbook.sandbox.ConsentRefusal;
import dev.grantbook.sandbox.ConsentRequest;
import dev.grantbook.sandbox.account.SandboxAccount;
import dev.grantbook.sandbox.account.SandboxAuthorization;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Facebook's log-in dialog, as "Manually build a login flow" and "Requesting and revoking permissions" describe it
 * (developers.facebook.com). A user allows a permission to the app as a whole: all of its tokens have it, and it is not
 * asked for again. {@link FacebookGraph} answers programs.
 */
@Dependent
public class FacebookDialect extends FacebookGraph {

    /** Every user shares this with every app. */
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

    /** Requested by every configuration of Login for Business here. */
    private static final Scopes CONFIGURED = Scopes.of("public_profile", "email", "pages_show_list", "pages_messaging");

    private static final Pattern CONFIGURATION = Pattern.compile("[0-9]{5,20}");

    @Inject
    FacebookNotices notices;

    /** Kits name the version that they were written with, or none. */
    @Override
    public boolean isAuthorizationPath(String path) {
        return path.matches("(?:v[0-9]{1,2}\\.0/)?dialog/oauth");
    }

    @Override
    public ConsentQuestion read(ConsentRequest request) {
        request.demandRedirectUri();
        if (request.get("response_type") != null) {
            request.demandCode();
        }
        String configuration = request.get("config_id");
        if (configuration == null) {
            return new ConsentQuestion(
                    request, FIXED.plus(request.scopes("scope", ", ", SCOPES::contains)), FIXED, null);
        }
        if (!CONFIGURATION.matcher(configuration).matches() || request.get("scope") != null) {
            throw ConsentRefusal.page("100", "config_id is no configuration, or scope is there beside it.");
        }
        return new ConsentQuestion(request, CONFIGURED, FIXED, null);
    }

    /** A declined permission is not asked for again, unless the request says {@code auth_type=rerequest}. */
    @Override
    public Scopes decide(ConsentQuestion ask, SandboxAccount account, Scopes ticked) {
        boolean asksAgain = "rerequest".equals(ask.request().get("auth_type"));
        Optional<SandboxAuthorization> before =
                latest(account, ask.request().client().clientId());
        Scopes declined = before.map(SandboxAuthorization::declined).orElse(Scopes.NONE);
        Scopes allowed = before.map(SandboxAuthorization::scopes).orElse(Scopes.NONE);
        return allowed.plus(asksAgain ? ticked : ticked.minus(declined));
    }

    /** Browsers carry the fragment along, past every redirect without one. */
    @Override
    public URI location(ConsentQuestion ask, Parameters result) {
        URI back = result.appendTo(ask.request().registered());
        return result.get("code") == null ? back : URI.create(back + "#_=_");
    }

    @Override
    public Parameters describeDenial(ConsentQuestion ask) {
        return super.describeDenial(ask)
                .with("error_code", "200")
                .with("error_description", "Permissions error")
                .with("error_reason", "user_denied");
    }

    @Override
    public void revoke(Connector client, SandboxAccount account) {
        notices.deauthorize(client, account);
    }
}
