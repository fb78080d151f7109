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
import dev.grantbook.sandbox.account.SandboxToken;
import jakarta.enterprise.context.Dependent;
import jakarta.json.JsonString;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * GitHub, as it treats an OAuth app (docs.github.com, "Authorizing OAuth apps", "Scopes for OAuth apps", "REST API
 * endpoints for OAuth authorizations"). Its token endpoint answers errors with HTTP 200, and in a form unless JSON is
 * asked for; a scope that another one includes is not reported. User tokens are those that expire, with refresh tokens
 * that work once.
 */
@Dependent
class GithubDialect extends Dialect {

    private static final Duration EIGHT_HOURS = Duration.ofHours(8);
    private static final Duration SIX_MONTHS = Duration.ofDays(184);

    /** Scopes that include others. */
    private static final Map<String, Set<String>> INCLUDED = Map.of(
            "repo", Set.of("repo:status", "repo_deployment", "public_repo", "repo:invite", "security_events"),
            "admin:repo_hook", Set.of("write:repo_hook", "read:repo_hook"),
            "write:repo_hook", Set.of("read:repo_hook"),
            "admin:org", Set.of("write:org", "read:org"),
            "write:org", Set.of("read:org"),
            "user", Set.of("read:user", "user:email", "user:follow"),
            "project", Set.of("read:project"),
            "write:packages", Set.of("read:packages"));

    private static final Set<String> SCOPES = Stream.concat(
                    Stream.of("admin:org_hook", "gist", "notifications", "delete_repo", "workflow"),
                    INCLUDED.entrySet().stream()
                            .flatMap(entry -> Stream.concat(Stream.of(entry.getKey()), entry.getValue().stream())))
            .collect(Collectors.toUnmodifiableSet());

    private static final Pattern APPLICATION =
            Pattern.compile("(?:DELETE|(?:POST|PATCH)(?!.*/grant)) applications/([^/]+)/(grant|token)");

    GithubDialect() {
        super("github", "login/oauth/authorize");
    }

    @Override
    public ConsentQuestion read(ConsentRequest request) {
        request.checkRedirectUri();
        Scopes scopes = request.scopes("scope", " ,", SCOPES::contains);
        // The page has one button for all of them.
        return new ConsentQuestion(request, scopes, scopes, request.s256());
    }

    @Override
    public Parameters describeDenial(ConsentQuestion ask) {
        return super.describeDenial(ask).with("error_description", "The user has denied your application access.");
    }

    @Override
    public SandboxReply answer(SandboxCall call) {
        Matcher application = APPLICATION.matcher(call.route());
        if (application.matches()) {
            return application(call, application.group(1), application.group(2));
        }
        return switch (call.route()) {
            case "POST login/oauth/access_token" -> token(call);
            case "GET user" -> user(call);
            default -> SandboxReply.notFound();
        };
    }

    private SandboxReply token(SandboxCall call) {
        Parameters sent = call.formOrJson().orElse(new Parameters());
        Optional<Connector> client = authenticate(SandboxCall.credentials(sent).or(call::basic));
        if (client.isEmpty()) {
            return no(call, "incorrect_client_credentials", "The client_id and/or client_secret passed are incorrect.");
        }
        String redirect = sent.get("redirect_uri");
        if (redirect != null
                && !redirect.equals(clients.redirectUri(client.get()).toString())) {
            return no(call, "redirect_uri_mismatch", "The redirect_uri must match the registered one.");
        }
        if ("refresh_token".equals(sent.get("grant_type"))) {
            return spend(client.get(), sent, SandboxToken.REFRESH)
                    .map(holder -> tokens(call, holder))
                    .orElseGet(
                            () -> no(call, "bad_refresh_token", "The refresh token passed is incorrect or expired."));
        }
        return take(client.get(), sent)
                .filter(authorization -> authorization.isProvedBy(sent.get("code_verifier")))
                .map(taken -> tokens(call, taken))
                .orElseGet(() -> no(call, "bad_verification_code", "The code passed is incorrect or expired."));
    }

    private SandboxReply tokens(SandboxCall call, SandboxAuthorization holder) {
        return writeReply(
                call,
                new Parameters()
                        .with("access_token", grant(holder, SandboxToken.ACCESS, EIGHT_HOURS))
                        .with("expires_in", String.valueOf(EIGHT_HOURS.toSeconds()))
                        .with("refresh_token", grant(holder, SandboxToken.REFRESH, SIX_MONTHS))
                        .with("refresh_token_expires_in", String.valueOf(SIX_MONTHS.toSeconds()))
                        .with("scope", normalize(holder.scopes()).join(","))
                        .with("token_type", "bearer"));
    }

    private static Scopes normalize(Scopes granted) {
        return Scopes.of(granted.toList().stream()
                .filter(scope -> granted.toList().stream()
                        .noneMatch(
                                other -> INCLUDED.getOrDefault(other, Set.of()).contains(scope)))
                .toList());
    }

    private static SandboxReply no(SandboxCall call, String error, String description) {
        return writeReply(call, new Parameters().with("error", error).with("error_description", description));
    }

    private static SandboxReply writeReply(SandboxCall call, Parameters reply) {
        if (!call.header("accept").contains("application/json")) {
            return new SandboxReply(200, "application/x-www-form-urlencoded", reply.encoded(), Map.of());
        }
        var json = Json.createObjectBuilder();
        for (String name : reply.names()) {
            String value = String.valueOf(reply.get(name));
            if (name.endsWith("expires_in")) {
                json.add(name, Long.parseLong(value));
            } else {
                json.add(name, value);
            }
        }
        return SandboxReply.ok(json);
    }

    private SandboxReply user(SandboxCall call) {
        if (call.header("user-agent").isEmpty()) {
            throw api(403, "Request forbidden by administrative rules.");
        }
        SandboxAuthorization holder = find(call.bearer().or(() -> call.readCredentials("token")))
                .orElseThrow(() -> api(401, "Bad credentials"));
        SandboxAccount account = holder.account();
        return SandboxReply.ok(Json.createObjectBuilder()
                        .add("login", login(account))
                        .add("id", Long.parseLong(account.number()))
                        .add("type", "User")
                        .add("name", account.fullName()))
                .with("X-OAuth-Scopes", normalize(holder.scopes()).join(", "));
    }

    /** Calls about a token: the app authenticates by Basic, and sends the token in a JSON body. */
    private SandboxReply application(SandboxCall call, String clientId, String what) {
        if (authenticate(call.basic().filter(shown -> shown.clientId().equals(clientId)))
                .isEmpty()) {
            throw api(401, "Requires authentication");
        }
        Optional<Secret> sent = call.json()
                .map(body -> body.get("access_token"))
                .filter(JsonString.class::isInstance)
                .map(value -> new Secret(((JsonString) value).getString()));
        Secret token = sent.orElseThrow(() -> api(422, "Not Found"));
        SandboxAuthorization holder =
                find(sent).filter(found -> found.isHeldBy(clientId)).orElseThrow(() -> api(404, "Not Found"));
        if (call.method().equals("POST")) {
            return describeToken(holder, token);
        }
        if (call.method().equals("PATCH")) {
            Secret fresh = authorizations.grant(holder);
            authorizations.end(token);
            return describeToken(holder, fresh);
        }
        if (what.equals("grant")) {
            authorizations.revoke(id(), holder.account(), clientId);
        } else {
            authorizations.end(token);
        }
        return SandboxReply.empty(204);
    }

    private static SandboxReply describeToken(SandboxAuthorization holder, Secret token) {
        return SandboxReply.ok(Map.of(
                "token", token.value(),
                "scopes", normalize(holder.scopes()).toList(),
                "app", Map.of("client_id", holder.clientId()),
                "user", Map.of("login", login(holder.account()))));
    }

    private static String login(SandboxAccount account) {
        return account.name().toLowerCase(Locale.ROOT);
    }

    private static Refusal api(int status, String message) {
        return SandboxReply.of(status, Map.of("message", message)).refusal();
    }
}
