package dev.grantbook.sandbox.dialect;

import dev.grantbook.connector.Connector;
import dev.grantbook.oauth.Parameters;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.json.Json;
import dev.grantbook.sandbox.ClientCredentials;
import dev.grantbook.sandbox.ConsentQuestion;
import dev.grantbook.sandbox.ConsentRefusal;
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
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Google (developers.google.com, "Using OAuth 2.0 for Web Server Applications"). Everything but the sign-in can be
 * unticked; the short scopes of the sign-in are told by their long names; a refresh token comes only with
 * {@code access_type=offline} and a consent page that was asked for.
 */
@ApplicationScoped
class GoogleDialect implements Dialect {

    private static final String ID = "google";

    private static final String ISSUER = "https://accounts.google.com";

    private static final String API = "https://www.googleapis.com/auth/";
    private static final String CALENDAR = API + "calendar.readonly";

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

    /** Kept among the scopes of an authorization, which has no other place for it, and never told. */
    private static final String REFRESHABLE = "access_type:offline";

    private static final Duration HOUR = Duration.ofHours(1);

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
        return "o/oauth2/v2/auth";
    }

    @Override
    public ConsentQuestion read(ConsentRequest visit) {
        visit.demandRedirectUri();
        visit.demandCode();
        check(visit, "access_type", Set.of("online", "offline"));
        check(visit, "include_granted_scopes", Set.of("true", "false"));
        prompts(visit).forEach(prompt -> {
            if (!Set.of("none", "consent", "select_account").contains(prompt)) {
                throw ConsentRefusal.page("invalid_request", "Invalid prompt: " + prompt);
            }
        });
        Scopes scopes = visit.scopes("scope", " ", SCOPES::contains);
        if (scopes.isEmpty()) {
            throw ConsentRefusal.page("invalid_request", "Missing required parameter: scope");
        }
        return new ConsentQuestion(visit, scopes, SIGN_IN, visit.s256());
    }

    private static void check(ConsentRequest visit, String parameter, Set<String> allowed) {
        String value = visit.get(parameter);
        if (value != null && !allowed.contains(value)) {
            throw ConsentRefusal.page("invalid_request", "Invalid parameter value for " + parameter);
        }
    }

    private static List<String> prompts(ConsentRequest visit) {
        String prompt = visit.get("prompt");
        return prompt == null ? List.of() : Arrays.asList(prompt.split(" ", -1));
    }

    @Override
    public Scopes decide(ConsentQuestion ask, SandboxAccount account, Scopes ticked) {
        ConsentRequest visit = ask.request();
        List<Scopes> before = authorizations.of(ID, account).stream()
                .filter(known -> known.clientId().equals(visit.client().clientId()))
                .map(SandboxAuthorization::scopes)
                .toList();
        Scopes granted = "true".equals(visit.get("include_granted_scopes"))
                ? before.stream().reduce(ticked, Scopes::plus)
                : ticked;
        boolean asked = before.isEmpty() || prompts(visit).contains("consent");
        return asked && "offline".equals(visit.get("access_type"))
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
        Connector client = client(call, form);
        SandboxAuthorization authorization = requests.find(ID, client, form, Refreshing.KEEPS, GoogleDialect::refusal);
        JsonObjectBuilder reply = Json.createObjectBuilder()
                .add(
                        "access_token",
                        authorizations
                                .grant(authorization, SandboxToken.ACCESS, HOUR)
                                .value())
                .add("expires_in", HOUR.toSeconds())
                .add("scope", report(authorization.scopes()))
                .add("token_type", "Bearer");
        boolean first = form.get("refresh_token") == null;
        if (first && authorization.allows(REFRESHABLE)) {
            reply.add(
                    "refresh_token",
                    authorizations
                            .grant(authorization, SandboxToken.REFRESH, SandboxAuthorizations.LIFETIME)
                            .value());
        }
        if (authorization.allows(OPENID)) {
            reply.add("id_token", keys.sign(claims(authorization, first ? authorization.nonce() : null)));
        }
        return SandboxReply.ok(reply.build());
    }

    private static String report(Scopes scopes) {
        return scopes.toList().stream()
                .filter(scope -> !scope.equals(REFRESHABLE))
                .map(scope -> scope.equals(PROFILE) || scope.equals(EMAIL) ? API + "userinfo." + scope : scope)
                .collect(Collectors.joining(" "));
    }

    /** The body or Basic, as its metadata says; not both. */
    private Connector client(SandboxCall call, Parameters form) {
        Optional<ClientCredentials> basic = call.basic();
        Optional<ClientCredentials> body = SandboxCall.credentials(form);
        return (basic.isPresent() && body.isPresent() ? Optional.<ClientCredentials>empty() : basic.or(() -> body))
                .flatMap(shown -> clients.authenticate(ID, shown))
                .orElseThrow(() -> SandboxReply.error(401, "invalid_client", "The provided client secret is invalid.")
                        .refusal());
    }

    private JsonObject claims(SandboxAuthorization authorization, @Nullable String nonce) {
        SandboxAccount account = authorization.account();
        Instant now = clock.instant();
        JsonObjectBuilder claims = Json.createObjectBuilder()
                .add("iss", ISSUER)
                .add("azp", authorization.clientId())
                .add("aud", authorization.clientId())
                .add("sub", sub(account))
                .add("iat", now.getEpochSecond())
                .add("exp", now.plus(HOUR).getEpochSecond());
        if (nonce != null) {
            claims.add("nonce", nonce);
        }
        return claims.build();
    }

    private static String sub(SandboxAccount account) {
        return "10000000000" + account.number();
    }

    /** In the header or in the address. */
    private Optional<SandboxAuthorization> findShown(SandboxCall call) {
        return call.bearer()
                .or(() -> SandboxCall.secret(call.query(), "access_token"))
                .flatMap(token -> authorizations.find(ID, token));
    }

    private SandboxReply tokenInfo(SandboxCall call) {
        SandboxAuthorization authorization = findShown(call)
                .or(() -> call.form()
                        .flatMap(form -> SandboxCall.secret(form, "access_token"))
                        .flatMap(token -> authorizations.find(ID, token)))
                .orElseThrow(() -> SandboxReply.error(400, "invalid_token", "Invalid Value")
                        .refusal());
        return SandboxReply.ok(Json.createObjectBuilder()
                .add("azp", authorization.clientId())
                .add("aud", authorization.clientId())
                .add("sub", sub(authorization.account()))
                .add("scope", report(authorization.scopes()))
                .add("exp", String.valueOf(clock.instant().plus(HOUR).getEpochSecond()))
                .add("expires_in", String.valueOf(HOUR.toSeconds()))
                .build());
    }

    private SandboxReply userInfo(SandboxCall call) {
        SandboxAuthorization authorization = findShown(call)
                .orElseThrow(() -> SandboxReply.error(401, "invalid_request", "Invalid Credentials")
                        .refusal());
        SandboxAccount account = authorization.account();
        JsonObjectBuilder answer = Json.createObjectBuilder().add("sub", sub(account));
        if (authorization.allows(PROFILE)) {
            answer.add("name", account.fullName()).add("given_name", account.fullName());
        }
        if (authorization.allows(EMAIL)) {
            answer.add("email", account.email()).add("email_verified", true);
        }
        return SandboxReply.ok(answer.build());
    }

    private SandboxReply calendars(SandboxCall call) {
        SandboxAuthorization authorization = findShown(call)
                .orElseThrow(
                        () -> api(401, "UNAUTHENTICATED", "authError", "Invalid Credentials", "CREDENTIALS_INVALID"));
        if (!authorization.allows(CALENDAR)) {
            throw api(
                    403,
                    "PERMISSION_DENIED",
                    "insufficientPermissions",
                    "Request had insufficient authentication scopes.",
                    "ACCESS_TOKEN_SCOPE_INSUFFICIENT");
        }
        return SandboxReply.ok(Json.createObjectBuilder()
                .add("kind", "calendar#calendarList")
                .add("items", Json.createArrayBuilder())
                .build());
    }

    /** No client has to prove itself here: the token is enough, in the body or in the query. */
    private SandboxReply revoke(SandboxCall call) {
        String text = call.form()
                .map(form -> form.get("token"))
                .or(() -> Optional.ofNullable(call.query().get("token")))
                .filter(some -> !some.isEmpty())
                .orElseThrow(() -> SandboxReply.error(400, "invalid_request", "Missing required parameter: token")
                        .refusal());
        var token = new Secret(text);
        SandboxAuthorization authorization = authorizations
                .find(ID, token)
                .or(() -> authorizations.find(ID, SandboxToken.REFRESH, token))
                .orElseThrow(() -> SandboxReply.error(400, "invalid_token", "Token expired or revoked")
                        .refusal());
        authorizations.revoke(ID, authorization.account(), authorization.clientId());
        return SandboxReply.ok(Json.createObjectBuilder().build());
    }

    private static Parameters form(SandboxCall call) {
        return call.form()
                .orElseThrow(() -> SandboxReply.error(400, "invalid_request", "The body must be a form.")
                        .refusal());
    }

    private static Refusal api(int status, String name, String older, String message, String reason) {
        JsonObject body = Json.createObjectBuilder()
                .add(
                        "error",
                        Json.createObjectBuilder()
                                .add("code", status)
                                .add("message", message)
                                .add(
                                        "errors",
                                        Json.createArrayBuilder()
                                                .add(Json.createObjectBuilder()
                                                        .add("message", message)
                                                        .add("domain", "global")
                                                        .add("reason", older)))
                                .add("status", name)
                                .add(
                                        "details",
                                        Json.createArrayBuilder()
                                                .add(Json.createObjectBuilder()
                                                        .add("@type", "type.googleapis.com/google.rpc.ErrorInfo")
                                                        .add("reason", reason)
                                                        .add("domain", "googleapis.com"))))
                .build();
        return SandboxReply.of(status, body).refusal();
    }

    private static Refusal refusal(TokenFault fault) {
        return switch (fault) {
            case GRANT_TYPE -> refusal("unsupported_grant_type", "Invalid grant_type");
            case CODE -> refusal("invalid_grant", "Malformed auth code.");
            case REDIRECT_URI -> refusal("redirect_uri_mismatch", "Bad Request");
            case VERIFIER -> refusal("invalid_grant", "Invalid code verifier.");
            case REFRESH_TOKEN -> refusal("invalid_grant", "Token has been expired or revoked.");
        };
    }

    private static Refusal refusal(String error, String description) {
        return SandboxReply.error(400, error, description).refusal();
    }
}
