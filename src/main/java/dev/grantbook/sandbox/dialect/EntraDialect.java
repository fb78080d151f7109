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
import dev.grantbook.sandbox.SandboxKeys;
import dev.grantbook.sandbox.SandboxReply;
import dev.grantbook.sandbox.SandboxReply.Refusal;
import dev.grantbook.sandbox.TokenRequests;
import dev.grantbook.sandbox.TokenRequests.Refreshing;
import dev.grantbook.sandbox.TokenRequests.TokenFault;
import dev.grantbook.sandbox.account.SandboxAccount;
import dev.grantbook.sandbox.account.SandboxAuthorization;
import dev.grantbook.sandbox.account.SandboxAuthorizations;
import dev.grantbook.sandbox.account.SandboxToken;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Microsoft Entra with Graph behind it (learn.microsoft.com, "OAuth 2.0 authorization code flow" and "Authentication
 * and authorization error codes"). The user allows all or nothing. Tells Graph's scopes by their full addresses, as it
 * may, and {@code offline_access} never.
 */
@ApplicationScoped
class EntraDialect implements Dialect {

    private static final String ID = "entra";

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

    @Inject
    SandboxClients clients;

    @Inject
    SandboxAuthorizations authorizations;

    @Inject
    SandboxKeys keys;

    @Inject
    TokenRequests requests;

    @Inject
    Clock clock;

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String authorizationPath() {
        return "common/oauth2/v2.0/authorize";
    }

    @Override
    public boolean isAuthorizationPath(String path) {
        return TENANTS.matcher("GET " + path).replaceFirst("$1 common/").equals("GET " + authorizationPath());
    }

    @Override
    public ConsentQuestion read(ConsentRequest visit) {
        visit.demandRedirectUri();
        visit.demandCode();
        Scopes named = visit.scopes("scope", " ", scope -> PLAIN.contains(scope) || OF_GRAPH.contains(plain(scope)));
        if (named.isEmpty()) {
            throw visit.back("invalid_request", "AADSTS900144: The request must contain the parameter 'scope'.");
        }
        Scopes scopes =
                Scopes.of(named.toList().stream().map(EntraDialect::plain).toList());
        return new ConsentQuestion(visit, scopes, scopes, visit.s256());
    }

    private static String plain(String scope) {
        return scope.startsWith(GRAPH) ? scope.substring(GRAPH.length()) : scope;
    }

    @Override
    public Parameters describeDenial(ConsentQuestion ask) {
        return Dialect.super
                .describeDenial(ask)
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
                .orElseThrow(() -> refusal(400, "invalid_request", 900144, "The request body must be a form."));
        Connector client = client(call, form);
        SandboxAuthorization authorization = requests.find(ID, client, form, Refreshing.KEEPS, EntraDialect::refusal);
        JsonObjectBuilder reply = Json.createObjectBuilder()
                .add("token_type", "Bearer")
                .add("scope", reportScopes(authorization.scopes()))
                .add("expires_in", HOUR.toSeconds())
                .add("ext_expires_in", HOUR.toSeconds())
                .add("access_token", grant(authorization, SandboxToken.ACCESS, HOUR));
        if (authorization.allows(OFFLINE)) {
            reply.add("refresh_token", grant(authorization, SandboxToken.REFRESH, QUARTER));
        }
        if (authorization.allows(OPENID)) {
            reply.add("id_token", keys.sign(claims(authorization)));
        }
        if ("1".equals(form.get("client_info"))) {
            reply.add("client_info", clientInfo(authorization.account()));
        }
        return SandboxReply.ok(reply.build());
    }

    /** By which Microsoft's own kits know an account; they ask for it. */
    private static String clientInfo(SandboxAccount account) {
        String json = Json.createObjectBuilder()
                .add("uid", account.userId())
                .add("utid", TENANT)
                .build()
                .toString();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    private String grant(SandboxAuthorization authorization, String kind, Duration lifetime) {
        return authorizations.grant(authorization, kind, lifetime).value();
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
            throw refusal(401, "invalid_client", 7000218, "The request body must contain 'client_secret'.");
        }
        return SandboxCall.credentials(form)
                .or(call::basic)
                .flatMap(shown -> clients.authenticate(ID, shown))
                .orElseThrow(() -> refusal(401, "invalid_client", 7000215, "Invalid client secret provided."));
    }

    private JsonObject claims(SandboxAuthorization authorization) {
        SandboxAccount account = authorization.account();
        Instant now = clock.instant();
        JsonObjectBuilder claims = Json.createObjectBuilder()
                .add("aud", authorization.clientId())
                .add("iss", "https://login.microsoftonline.com/" + TENANT + "/v2.0")
                .add("iat", now.getEpochSecond())
                .add("nbf", now.getEpochSecond())
                .add("exp", now.plus(HOUR).getEpochSecond())
                .add("oid", account.userId())
                .add("sub", "pairwise-" + account.number())
                .add("tid", TENANT)
                .add("ver", "2.0");
        Optional.ofNullable(authorization.nonce()).ifPresent(nonce -> claims.add("nonce", nonce));
        if (authorization.allows("profile")) {
            claims.add("name", account.fullName()).add("preferred_username", account.email());
        }
        return claims.build();
    }

    private SandboxReply me(SandboxCall call) {
        SandboxAccount account = bearer(call, "User.Read").account();
        return SandboxReply.ok(Json.createObjectBuilder()
                .add("@odata.context", GRAPH + "v1.0/$metadata#users/$entity")
                .add("id", account.userId())
                .add("displayName", account.fullName())
                .add("mail", account.email())
                .add("userPrincipalName", account.email())
                .build());
    }

    private SandboxReply list(SandboxCall call, String scope) {
        bearer(call, scope);
        return SandboxReply.ok(Json.createObjectBuilder()
                .add("value", Json.createArrayBuilder())
                .build());
    }

    private SandboxAuthorization bearer(SandboxCall call, String scope) {
        SandboxAuthorization authorization = call.bearer()
                .flatMap(token -> authorizations.find(ID, token))
                .orElseThrow(() -> graph(401, "InvalidAuthenticationToken", "Access token validation failure."));
        if (!authorization.allows(scope)) {
            throw graph(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again.");
        }
        return authorization;
    }

    private static Refusal graph(int status, String code, String message) {
        JsonObject body = Json.createObjectBuilder()
                .add(
                        "error",
                        Json.createObjectBuilder()
                                .add("code", code)
                                .add("message", message)
                                .add("innerError", Json.createObjectBuilder()))
                .build();
        return SandboxReply.of(status, body).refusal();
    }

    private static Refusal refusal(TokenFault fault) {
        return switch (fault) {
            case GRANT_TYPE -> refusal(400, "unsupported_grant_type", 70003, "The app requested an unsupported grant.");
            case CODE -> refusal(400, "invalid_grant", 54005, "The code was already redeemed, or is unknown.");
            case REDIRECT_URI -> refusal(400, "invalid_grant", 500112, "The reply address does not match.");
            case VERIFIER -> refusal(400, "invalid_grant", 501481, "The Code_Verifier does not match.");
            case REFRESH_TOKEN -> refusal(400, "invalid_grant", 700082, "The refresh token has expired.");
        };
    }

    private static Refusal refusal(int status, String error, int code, String description) {
        JsonObject body = Json.createObjectBuilder()
                .add("error", error)
                .add("error_description", "AADSTS" + code + ": " + description)
                .add("error_codes", Json.createArrayBuilder().add(code))
                .build();
        return SandboxReply.of(status, body).refusal();
    }
}
