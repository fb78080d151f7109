package dev.grantbook.sandbox.dialect;

import dev.grantbook.connector.Connector;
import dev.grantbook.oauth.Parameters;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.sandbox.ConsentQuestion;
import dev.grantbook.sandbox.ConsentRequest;
import dev.grantbook.sandbox.Dialect;
import dev.grantbook.sandbox.SandboxCall;
import dev.grantbook.sandbox.SandboxReply;
import dev.grantbook.sandbox.SandboxReply.Refusal;
import dev.grantbook.sandbox.account.SandboxAccount;
import dev.grantbook.sandbox.account.SandboxAuthorization;
import jakarta.enterprise.context.Dependent;
import jakarta.json.JsonObjectBuilder;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Telegram (core.telegram.org, "Log In With Telegram"): OpenID Connect without a UserInfo endpoint, scopes in the reply
 * or refresh tokens. Reports from its users say that it never repeats a nonce; so does this.
 */
@Dependent
class TelegramDialect extends Dialect {

    private static final String ISSUER = "https://oauth.telegram.org";

    private static final String OPENID = "openid";
    private static final String PROFILE = "profile";
    private static final String PHONE = "phone";

    private static final Set<String> SCOPES = Set.of(OPENID, PROFILE, PHONE, "telegram:bot_access");

    private static final Scopes FIXED = Scopes.of(OPENID, PROFILE);

    /** Its users report that it limits the state, without saying to what; this is narrower than RFC 6749. */
    private static final Pattern STATE = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    private static final Duration HOUR = Duration.ofHours(1);

    TelegramDialect() {
        super("telegram", "auth");
    }

    @Override
    public ConsentQuestion read(ConsentRequest request) {
        request.demandRedirectUri();
        request.demandCode();
        request.demandState(STATE);
        Scopes scopes = request.scopes("scope", " ", SCOPES::contains);
        if (!scopes.tokens().contains(OPENID)) {
            throw request.back("invalid_scope", "openid is missing.");
        }
        return new ConsentQuestion(request, scopes, FIXED, request.demandS256());
    }

    @Override
    public SandboxReply answer(SandboxCall call) {
        return switch (call.route()) {
            case "POST token" -> token(call);
            case "GET .well-known/jwks.json" -> SandboxReply.ok(keys.published());
            default -> SandboxReply.notFound();
        };
    }

    private SandboxReply token(SandboxCall call) {
        Parameters form = form(call);
        SandboxAuthorization holder = acceptGrant(client(call, form), form, Refreshing.NEVER, TelegramDialect::refusal);
        return SandboxReply.ok(beginReply(holder, HOUR, "Bearer").add("id_token", keys.sign(claims(holder))));
    }

    /** Basic, and the same client id in the body, where the secret must not be. */
    private Connector client(SandboxCall call, Parameters form) {
        return authenticate(call.basic()
                        .filter(shown ->
                                shown.clientId().equals(form.get("client_id")) && form.get("client_secret") == null))
                .orElseThrow(() -> refuse(401, "invalid_client"));
    }

    private JsonObjectBuilder claims(SandboxAuthorization holder) {
        SandboxAccount account = holder.account();
        JsonObjectBuilder claims = beginClaims(holder, ISSUER, "1234" + account.number(), HOUR);
        if (holder.allows(PROFILE)) {
            claims.add("id", Long.parseLong(account.number()))
                    .add("name", account.fullName())
                    .add("preferred_username", account.fullName().toLowerCase(Locale.ROOT));
        }
        if (holder.allows(PHONE)) {
            claims.add("phone_number", account.phone().substring(1)).add("phone_number_verified", true);
        }
        return claims;
    }

    private static Refusal refusal(TokenFault fault) {
        return refuse(400, fault == TokenFault.GRANT_TYPE ? "unsupported_grant_type" : "invalid_grant");
    }

    private static Refusal refuse(int status, String error) {
        return SandboxReply.of(status, Map.of("error", error)).refusal();
    }
}
