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
import jakarta.json.JsonObjectBuilder;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * LINE Login v2.1 (developers.line.biz, "LINE Login v2.1 API reference" and "Integrating LINE Login with your web
 * app"). Signs ID tokens with the channel secret, as for every web login, and never reports the scope {@code email}.
 */
@Dependent
class LineDialect extends Dialect {

    private static final String ISSUER = "https://access.line.me";

    private static final String PROFILE = "profile";
    private static final String OPENID = "openid";
    private static final String EMAIL = "email";
    private static final String PHONE = "phone";

    private static final Set<String> SCOPES =
            Set.of(PROFILE, OPENID, EMAIL, "real_name", "gender", "birthdate", PHONE, "address");

    private static final Scopes FIXED = Scopes.of(PROFILE, OPENID);

    /** Its documentation says "alphanumeric"; the states of the usual kits, in base64url, work. */
    private static final Pattern STATE = Pattern.compile("[A-Za-z0-9_-]+");

    private static final Duration MONTH = Duration.ofDays(30);
    private static final Duration QUARTER = Duration.ofDays(90);

    LineDialect() {
        super("line", "oauth2/v2.1/authorize");
    }

    @Override
    public ConsentQuestion read(ConsentRequest request) {
        request.demandRedirectUri();
        request.demandCode();
        request.demandState(STATE);
        String prompt = request.get("bot_prompt");
        if (prompt != null && !Set.of("normal", "aggressive").contains(prompt)) {
            throw request.back("invalid_request", "bot_prompt must be normal or aggressive.");
        }
        Scopes scopes = request.scopes("scope", " ", SCOPES::contains);
        if (scopes.isEmpty()) {
            throw request.back("invalid_scope", "scope is missing.");
        }
        return new ConsentQuestion(request, scopes, FIXED, request.s256());
    }

    @Override
    public Parameters describeGrant(ConsentQuestion ask, Secret code) {
        // Present only where the page offered the bot as a friend.
        return super.describeGrant(ask, code)
                .with("friendship_status_changed", ask.request().get("bot_prompt") == null ? null : "true");
    }

    @Override
    public Parameters describeDenial(ConsentQuestion ask) {
        return super.describeDenial(ask).with("error_description", "The resource owner denied the request.");
    }

    @Override
    public SandboxReply answer(SandboxCall call) {
        return switch (call.route()) {
            case "POST oauth2/v2.1/token" -> token(call);
            case "POST oauth2/v2.1/revoke" -> revoke(call);
            case "GET oauth2/v2.1/verify" -> verify(call);
            case "GET oauth2/v2.1/certs" -> SandboxReply.ok(keys.published());
            case "GET v2/profile" -> profile(call);
            case "GET friendship/v1/status" -> friendship(call);
            default -> SandboxReply.notFound();
        };
    }

    private SandboxReply token(SandboxCall call) {
        Parameters form = form(call);
        SandboxAuthorization holder = acceptGrant(client(form), form, Refreshing.ALWAYS, LineDialect::refusal);
        JsonObjectBuilder reply = beginReply(holder, MONTH, "Bearer").add("scope", report(holder));
        String refreshToken = form.get("refresh_token");
        if (refreshToken != null) {
            return SandboxReply.ok(reply.add("refresh_token", refreshToken));
        }
        if (holder.allows(OPENID)) {
            reply.add("id_token", keys.sign(claims(holder), clients.secret()));
        }
        addRefreshToken(reply, holder, QUARTER);
        return SandboxReply.ok(reply);
    }

    /** "Note that the email scope isn't returned", says the reference. */
    private static String report(SandboxAuthorization authorization) {
        return authorization.scopes().minus(Scopes.of(EMAIL)).toString();
    }

    private JsonObjectBuilder claims(SandboxAuthorization holder) {
        SandboxAccount account = holder.account();
        JsonObjectBuilder claims = beginClaims(holder, ISSUER, userId(account), Duration.ofHours(1))
                .add("amr", Json.createArrayBuilder().add("linesso"));
        addNonce(claims, holder);
        if (holder.allows(PROFILE)) {
            claims.add("name", account.fullName());
        }
        if (holder.allows(EMAIL)) {
            claims.add("email", account.email());
        }
        if (holder.allows(PHONE)) {
            claims.add("phone_number", account.phone());
        }
        return claims;
    }

    private SandboxReply revoke(SandboxCall call) {
        Parameters form = form(call);
        Connector client = client(form);
        Optional<Secret> token = SandboxCall.secret(form, "access_token");
        if (token.isEmpty()) {
            throw refusal(400, "invalid_request", "access_token is missing.");
        }
        // Ends the refresh token too: the reference only speaks of the access token.
        find(token).filter(holder -> holder.isHeldBy(client.clientId())).ifPresent(authorizations::end);
        return SandboxReply.empty(200);
    }

    private SandboxReply verify(SandboxCall call) {
        SandboxAuthorization holder = find(SandboxCall.secret(call.query(), "access_token"))
                .orElseThrow(() -> refusal(400, "invalid_request", "access token expired"));
        return SandboxReply.ok(
                Map.of("scope", report(holder), "client_id", holder.clientId(), "expires_in", MONTH.toSeconds()));
    }

    private SandboxReply profile(SandboxCall call) {
        SandboxAccount account = bearer(call).account();
        return SandboxReply.ok(
                Map.of("userId", userId(account), "displayName", account.fullName(), "statusMessage", "Hello"));
    }

    private SandboxReply friendship(SandboxCall call) {
        bearer(call);
        return SandboxReply.ok(Map.of("friendFlag", true));
    }

    private SandboxAuthorization bearer(SandboxCall call) {
        SandboxAuthorization holder = find(call.bearer()).orElseThrow(() -> api(401, "invalid token"));
        if (!holder.allows(PROFILE)) {
            throw api(403, "The access token does not have the scope " + PROFILE);
        }
        return holder;
    }

    private static String userId(SandboxAccount account) {
        return "U" + account.userId().replace("-", "");
    }

    /** In the body and nowhere else. */
    private Connector client(Parameters form) {
        return authenticate(SandboxCall.credentials(form))
                .orElseThrow(() -> refusal(400, "invalid_client", "client_id or client_secret is wrong."));
    }

    private static Refusal api(int status, String message) {
        return SandboxReply.of(status, Map.of("message", message)).refusal();
    }

    private static Refusal refusal(TokenFault fault) {
        return switch (fault) {
            case GRANT_TYPE -> refusal(400, "unsupported_grant_type", "grant_type is not supported");
            case CODE -> refusal(400, "invalid_grant", "invalid authorization code");
            case REDIRECT_URI -> refusal(400, "invalid_grant", "redirect_uri does not match");
            case VERIFIER -> refusal(400, "invalid_grant", "code_verifier does not match");
            case REFRESH_TOKEN -> refusal(400, "invalid_grant", "invalid refresh token");
        };
    }
}
