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
import jakarta.json.JsonObjectBuilder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Microsoft Entra with Graph behind it (learn.microsoft.com, "OAuth 2.0 authorization code flow" and "Authentication
 * and authorization error codes"). The user allows all or nothing. Reports Graph's scopes by their full addresses, as
 * it may, and {@code offline_access} never.
 */
@Dependent
class EntraDialect extends Dialect {

    private static final String GRAPH = "https://graph.microsoft.com/";

    /** The organization that both accounts of the sandbox belong to. */
    private static final String TENANT = "7e4a47e0-0000-4000-8000-000000000001";

    private static final String OPENID = "openid";
    private static final String OFFLINE = "offline_access";

    /** OpenID Connect's own, which have no address. */
    private static final Set<String> PLAIN = Set.of(OPENID, "profile", "email", OFFLINE);

    private static final Set<String> OF_GRAPH = Set.of(
            "User.Read", "Mail.Read", "Mail.Send", "Calendars.Read", "Files.Read", "Chat.Read", "ChatMessage.Send");

    /** What may stand in the place of a tenant; the sandbox has one organization. */
    private static final Pattern TENANTS = Pattern.compile("^([A-Z]+) (?:organizations|consumers|" + TENANT + ")/");

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration QUARTER = Duration.ofDays(90);

    EntraDialect() {
        super("entra", "common/oauth2/v2.0/authorize");
    }

    @Override
    public boolean isAuthorizationPath(String path) {
        return TENANTS.matcher("GET " + path).replaceFirst("$1 common/").equals("GET " + authorizationPath());
    }

    @Override
    public ConsentQuestion read(ConsentRequest request) {
        request.demandRedirectUri();
        request.demandCode();
        Scopes named = request.scopes("scope", " ", scope -> PLAIN.contains(scope) || OF_GRAPH.contains(plain(scope)));
        if (named.isEmpty()) {
            throw request.back("invalid_request", "AADSTS900144: The request must contain the parameter 'scope'.");
        }
        Scopes scopes =
                Scopes.of(named.toList().stream().map(EntraDialect::plain).toList());
        return new ConsentQuestion(request, scopes, scopes, request.s256());
    }

    private static String plain(String scope) {
        return scope.startsWith(GRAPH) ? scope.substring(GRAPH.length()) : scope;
    }

    @Override
    public Parameters describeDenial(ConsentQuestion ask) {
        return super.describeDenial(ask)
                .with("error_description", "AADSTS65004: User declined to consent to access the app.")
                .with("error_subcode", "cancel");
    }

    @Override
    public SandboxReply answer(SandboxCall call) {
        return switch (TENANTS.matcher(call.route()).replaceFirst("$1 common/")) {
            case "POST common/oauth2/v2.0/token" -> token(call);
            case "GET common/discovery/v2.0/keys" -> SandboxReply.ok(keys.published());
            case "GET v1.0/me" -> me(call);
            case "GET v1.0/me/messages" -> list(call, "Mail.Read");
            case "GET v1.0/me/events" -> list(call, "Calendars.Read");
            default -> SandboxReply.notFound();
        };
    }

    private SandboxReply token(SandboxCall call) {
        Parameters form = call.form()
                .orElseThrow(() -> refuse(400, "invalid_request", 900144, "The request body must be a form."));
        SandboxAuthorization holder = acceptGrant(client(call, form), form, Refreshing.ALWAYS, EntraDialect::refusal);
        JsonObjectBuilder reply = beginReply(holder, HOUR, "Bearer")
                .add("scope", reportScopes(holder.scopes()))
                .add("ext_expires_in", HOUR.toSeconds());
        if (holder.allows(OFFLINE)) {
            addRefreshToken(reply, holder, QUARTER);
        }
        if (holder.allows(OPENID)) {
            reply.add("id_token", keys.sign(claims(holder)));
        }
        if ("1".equals(form.get("client_info"))) {
            reply.add("client_info", clientInfo(holder.account()));
        }
        return SandboxReply.ok(reply);
    }

    /** By which Microsoft's own kits, which ask for it, know an account. */
    private static String clientInfo(SandboxAccount account) {
        String json = Json.createObjectBuilder(Map.of("uid", account.userId(), "utid", TENANT))
                .build()
                .toString();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    private static String reportScopes(Scopes scopes) {
        return scopes.toList().stream()
                .filter(scope -> !scope.equals(OFFLINE))
                .map(scope -> PLAIN.contains(scope) ? scope : GRAPH + scope)
                .collect(Collectors.joining(" "));
    }

    /** The body or Basic. */
    private Connector client(SandboxCall call, Parameters form) {
        if (form.get("client_secret") == null && call.basic().isEmpty()) {
            throw refuse(401, "invalid_client", 7000218, "The request body must contain 'client_secret'.");
        }
        return authenticate(SandboxCall.credentials(form).or(call::basic))
                .orElseThrow(() -> refuse(401, "invalid_client", 7000215, "Invalid client secret provided."));
    }

    private JsonObjectBuilder claims(SandboxAuthorization holder) {
        SandboxAccount account = holder.account();
        String issuer = "https://login.microsoftonline.com/" + TENANT + "/v2.0";
        JsonObjectBuilder claims = beginClaims(holder, issuer, "pairwise-" + account.number(), HOUR)
                .add("nbf", clock.instant().getEpochSecond())
                .add("oid", account.userId())
                .add("tid", TENANT)
                .add("ver", "2.0");
        addNonce(claims, holder);
        if (holder.allows("profile")) {
            claims.add("name", account.fullName()).add("preferred_username", account.email());
        }
        return claims;
    }

    private SandboxReply me(SandboxCall call) {
        SandboxAccount account = bearer(call, "User.Read").account();
        return SandboxReply.ok(Map.of(
                "@odata.context", GRAPH + "v1.0/$metadata#users/$entity",
                "id", account.userId(),
                "displayName", account.fullName(),
                "mail", account.email(),
                "userPrincipalName", account.email()));
    }

    private SandboxReply list(SandboxCall call, String scope) {
        bearer(call, scope);
        return SandboxReply.ok(Map.of("value", List.of()));
    }

    private SandboxAuthorization bearer(SandboxCall call, String scope) {
        SandboxAuthorization holder = find(call.bearer())
                .orElseThrow(() -> graph(401, "InvalidAuthenticationToken", "Access token validation failure."));
        if (!holder.allows(scope)) {
            throw graph(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again.");
        }
        return holder;
    }

    private static Refusal graph(int status, String code, String message) {
        var error = Map.of("code", code, "message", message, "innerError", Map.of());
        return SandboxReply.of(status, Map.of("error", error)).refusal();
    }

    private static Refusal refusal(TokenFault fault) {
        return switch (fault) {
            case GRANT_TYPE -> refuse(400, "unsupported_grant_type", 70003, "The app requested an unsupported grant.");
            case CODE -> refuse(400, "invalid_grant", 54005, "The code was already redeemed, or is unknown.");
            case REDIRECT_URI -> refuse(400, "invalid_grant", 500112, "The reply address does not match.");
            case VERIFIER -> refuse(400, "invalid_grant", 501481, "The Code_Verifier does not match.");
            case REFRESH_TOKEN -> refuse(400, "invalid_grant", 700082, "The refresh token has expired.");
        };
    }

    private static Refusal refuse(int status, String error, int code, String description) {
        String text = "AADSTS" + code + ": " + description;
        return SandboxReply.of(status, Map.of("error", error, "error_description", text, "error_codes", List.of(code)))
                .refusal();
    }
}
