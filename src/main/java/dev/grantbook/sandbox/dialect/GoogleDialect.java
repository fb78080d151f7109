package dev.grantbook.sandbox.dialect;

import dev.grantbook.connector.Connector;
import dev.grantbook.oauth.Parameters;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.json.Json;
import dev.grantbook.sandbox.ConsentQuestion;
import dev.grantbook.sandbox.ConsentRefusal;
import dev.grantbook.sandbox.ConsentRequest;
import dev.grantbook.sandbox.Dialect;
import dev.grantbook.sandbox.SandboxCall;
import dev.grantbook.sandbox.SandboxReply;
import dev.grantbook.sandbox.SandboxReply.Refusal;
import dev.grantbook.sandbox.account.SandboxAccount;
import dev.grantbook.sandbox.account.SandboxAuthorization;
import dev.grantbook.sandbox.account.SandboxAuthorizations;
import jakarta.enterprise.context.Dependent;
import jakarta.json.JsonObjectBuilder;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Google (developers.google.com, "Using OAuth 2.0 for Web Server Applications"). Everything but the sign-in can be
 * unticked; the short scopes of the sign-in are reported by their long names; a refresh token comes only with
 * {@code access_type=offline} and a consent page that was asked for.
 */
@Dependent
class GoogleDialect extends Dialect {

    private static final String ISSUER = "https://accounts.google.com";

    private static final String API = "https://www.googleapis.com/auth/";
    private static final String CALENDAR = API + "calendar.readonly";

    private static final String ERROR_INFO = "type.googleapis.com/google.rpc.ErrorInfo";

    private static final String OPENID = "openid";
    private static final String PROFILE = "profile";
    private static final String EMAIL = "email";

    private static final Scopes SIGN_IN = Scopes.of(OPENID, PROFILE, EMAIL);

    private static final Set<String> SCOPES = Set.of(
            OPENID,
            PROFILE,
            EMAIL,
            CALENDAR,
            API + "calendar.events",
            API + "gmail.send",
            API + "gmail.readonly",
            API + "drive.file",
            API + "contacts.readonly",
            API + "tasks.readonly");

    /** Stored among the scopes of an authorization, which has no other field for it, and never reported. */
    private static final String REFRESHABLE = "access_type:offline";

    private static final Duration HOUR = Duration.ofHours(1);

    GoogleDialect() {
        super("google", "o/oauth2/v2/auth");
    }

    @Override
    public ConsentQuestion read(ConsentRequest request) {
        request.demandRedirectUri();
        request.demandCode();
        check(request, "access_type", Set.of("online", "offline"));
        check(request, "include_granted_scopes", Set.of("true", "false"));
        prompts(request).forEach(prompt -> {
            if (!Set.of("none", "consent", "select_account").contains(prompt)) {
                throw ConsentRefusal.page("invalid_request", "Invalid prompt: " + prompt);
            }
        });
        Scopes scopes = request.scopes("scope", " ", SCOPES::contains);
        if (scopes.isEmpty()) {
            throw ConsentRefusal.page("invalid_request", "Missing required parameter: scope");
        }
        return new ConsentQuestion(request, scopes, SIGN_IN, request.s256());
    }

    private static void check(ConsentRequest request, String parameter, Set<String> allowed) {
        String value = request.get(parameter);
        if (value != null && !allowed.contains(value)) {
            throw ConsentRefusal.page("invalid_request", "Invalid parameter value for " + parameter);
        }
    }

    private static List<String> prompts(ConsentRequest request) {
        String prompt = request.get("prompt");
        return prompt == null ? List.of() : Arrays.asList(prompt.split(" ", -1));
    }

    @Override
    public Scopes decide(ConsentQuestion ask, SandboxAccount account, Scopes ticked) {
        ConsentRequest request = ask.request();
        List<Scopes> before = authorizations.of(id(), account).stream()
                .filter(known -> known.isHeldBy(request.client().clientId()))
                .map(SandboxAuthorization::scopes)
                .toList();
        Scopes granted = "true".equals(request.get("include_granted_scopes"))
                ? before.stream().reduce(ticked, Scopes::plus)
                : ticked;
        boolean asked = before.isEmpty() || prompts(request).contains("consent");
        return asked && "offline".equals(request.get("access_type"))
                ? granted.plus(Scopes.of(REFRESHABLE))
                : granted.minus(Scopes.of(REFRESHABLE));
    }

    @Override
    public SandboxReply answer(SandboxCall call) {
        return switch (call.route()) {
            case "POST token" -> token(call);
            case "POST revoke" -> revoke(call);
            case "GET oauth2/v3/certs" -> SandboxReply.ok(keys.published());
            case "GET oauth2/v1/certs" -> SandboxReply.ok(keys.certificates());
            case "GET tokeninfo", "POST tokeninfo" -> tokenInfo(call);
            case "GET v1/userinfo", "GET oauth2/v3/userinfo" -> userInfo(call);
            case "GET calendar/v3/users/me/calendarList" -> calendars(call);
            default -> SandboxReply.notFound();
        };
    }

    private SandboxReply token(SandboxCall call) {
        Parameters form = form(call);
        Connector client = authenticate(call, form)
                .orElseThrow(() -> refusal(401, "invalid_client", "The provided client secret is invalid."));
        SandboxAuthorization holder = acceptGrant(client, form, Refreshing.ALWAYS, GoogleDialect::refusal);
        JsonObjectBuilder reply = beginReply(holder, HOUR, "Bearer").add("scope", report(holder.scopes()));
        boolean first = form.get("refresh_token") == null;
        if (first && holder.allows(REFRESHABLE)) {
            addRefreshToken(reply, holder, SandboxAuthorizations.LIFETIME);
        }
        if (holder.allows(OPENID)) {
            JsonObjectBuilder claims =
                    beginClaims(holder, ISSUER, sub(holder.account()), HOUR).add("azp", holder.clientId());
            if (first) {
                addNonce(claims, holder);
            }
            reply.add("id_token", keys.sign(claims));
        }
        return SandboxReply.ok(reply);
    }

    private static String report(Scopes scopes) {
        return scopes.toList().stream()
                .filter(scope -> !scope.equals(REFRESHABLE))
                .map(scope -> scope.equals(PROFILE) || scope.equals(EMAIL) ? API + "userinfo." + scope : scope)
                .collect(Collectors.joining(" "));
    }

    private static String sub(SandboxAccount account) {
        return "10000000000" + account.number();
    }

    /** In the header or in the address. */
    private Optional<SandboxAuthorization> findShown(SandboxCall call) {
        return find(call.bearer().or(() -> SandboxCall.secret(call.query(), "access_token")));
    }

    private SandboxReply tokenInfo(SandboxCall call) {
        SandboxAuthorization holder = findShown(call)
                .or(() -> find(call.form().flatMap(form -> SandboxCall.secret(form, "access_token"))))
                .orElseThrow(() -> refusal(400, "invalid_token", "Invalid Value"));
        return SandboxReply.ok(Map.of(
                "azp", holder.clientId(),
                "aud", holder.clientId(),
                "sub", sub(holder.account()),
                "scope", report(holder.scopes()),
                "exp", String.valueOf(clock.instant().plus(HOUR).getEpochSecond()),
                "expires_in", String.valueOf(HOUR.toSeconds())));
    }

    private SandboxReply userInfo(SandboxCall call) {
        SandboxAuthorization holder =
                findShown(call).orElseThrow(() -> refusal(401, "invalid_request", "Invalid Credentials"));
        SandboxAccount account = holder.account();
        JsonObjectBuilder answer = Json.createObjectBuilder().add("sub", sub(account));
        if (holder.allows(PROFILE)) {
            answer.add("name", account.fullName()).add("given_name", account.fullName());
        }
        if (holder.allows(EMAIL)) {
            answer.add("email", account.email()).add("email_verified", true);
        }
        return SandboxReply.ok(answer);
    }

    private SandboxReply calendars(SandboxCall call) {
        SandboxAuthorization holder = findShown(call)
                .orElseThrow(
                        () -> api(401, "UNAUTHENTICATED", "authError", "Invalid Credentials", "CREDENTIALS_INVALID"));
        if (!holder.allows(CALENDAR)) {
            throw api(
                    403,
                    "PERMISSION_DENIED",
                    "insufficientPermissions",
                    "Request had insufficient authentication scopes.",
                    "ACCESS_TOKEN_SCOPE_INSUFFICIENT");
        }
        return SandboxReply.ok(Map.of("kind", "calendar#calendarList", "items", List.of()));
    }

    /** No client authenticates here: the token is enough, in the body or in the query. */
    private SandboxReply revoke(SandboxCall call) {
        Optional<Secret> token = call.form()
                .flatMap(form -> SandboxCall.secret(form, "token"))
                .or(() -> SandboxCall.secret(call.query(), "token"));
        if (token.isEmpty()) {
            throw refusal(400, "invalid_request", "Missing required parameter: token");
        }
        SandboxAuthorization holder =
                findEither(token).orElseThrow(() -> refusal(400, "invalid_token", "Token expired or revoked"));
        authorizations.revoke(id(), holder.account(), holder.clientId());
        return SandboxReply.ok(Map.of());
    }

    private static Refusal api(int status, String name, String older, String message, String reason) {
        var error = Map.of(
                "code", status,
                "message", message,
                "errors", List.of(Map.of("message", message, "domain", "global", "reason", older)),
                "status", name,
                "details", List.of(Map.of("@type", ERROR_INFO, "reason", reason, "domain", "googleapis.com")));
        return SandboxReply.of(status, Map.of("error", error)).refusal();
    }

    private static Refusal refusal(TokenFault fault) {
        return switch (fault) {
            case GRANT_TYPE -> refusal(400, "unsupported_grant_type", "Invalid grant_type");
            case CODE -> refusal(400, "invalid_grant", "Malformed auth code.");
            case REDIRECT_URI -> refusal(400, "redirect_uri_mismatch", "Bad Request");
            case VERIFIER -> refusal(400, "invalid_grant", "Invalid code verifier.");
            case REFRESH_TOKEN -> refusal(400, "invalid_grant", "Token has been expired or revoked.");
        };
    }
}
