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
import dev.grantbook.sandbox.SandboxClients;
import dev.grantbook.sandbox.SandboxReply;
import dev.grantbook.sandbox.account.SandboxAccount;
import dev.grantbook.sandbox.account.SandboxAuthorization;
import dev.grantbook.sandbox.account.SandboxAuthorizations;
import dev.grantbook.sandbox.account.SandboxToken;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonString;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * GitHub, as it treats an OAuth app (docs.github.com, "Authorizing OAuth apps", "Scopes for OAuth apps", "REST API
 * endpoints for OAuth authorizations"). Its token endpoint answers errors with HTTP 200, and in a form unless JSON is
 * asked for; a scope that another one includes is not reported. User tokens are those that expire, with refresh tokens
 * that work once.
 */
@ApplicationScoped
class GithubDialect implements Dialect {

    private static final String ID = "github";

    private static final Duration EIGHT_HOURS = Duration.ofHours(8);
    private static final Duration SIX_MONTHS = Duration.ofDays(184);

    /** Each scope, and what it includes. */
    private static final Map<String, Set<String>> SCOPES = Map.ofEntries(
            Map.entry(
                    "repo", Set.of("repo:status", "repo_deployment", "public_repo", "repo:invite", "security_events")),
            Map.entry("repo:status", Set.of()),
            Map.entry("repo_deployment", Set.of()),
            Map.entry("public_repo", Set.of()),
            Map.entry("repo:invite", Set.of()),
            Map.entry("security_events", Set.of()),
            Map.entry("admin:repo_hook", Set.of("write:repo_hook", "read:repo_hook")),
            Map.entry("write:repo_hook", Set.of("read:repo_hook")),
            Map.entry("read:repo_hook", Set.of()),
            Map.entry("admin:org", Set.of("write:org", "read:org")),
            Map.entry("write:org", Set.of("read:org")),
            Map.entry("read:org", Set.of()),
            Map.entry("admin:org_hook", Set.of()),
            Map.entry("gist", Set.of()),
            Map.entry("notifications", Set.of()),
            Map.entry("user", Set.of("read:user", "user:email", "user:follow")),
            Map.entry("read:user", Set.of()),
            Map.entry("user:email", Set.of()),
            Map.entry("user:follow", Set.of()),
            Map.entry("project", Set.of("read:project")),
            Map.entry("read:project", Set.of()),
            Map.entry("delete_repo", Set.of()),
            Map.entry("write:packages", Set.of("read:packages")),
            Map.entry("read:packages", Set.of()),
            Map.entry("workflow", Set.of()));

    private static final Pattern APPLICATION =
            Pattern.compile("(?:DELETE|(?:POST|PATCH)(?!.*/grant)) applications/([^/]+)/(grant|token)");

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
        return "login/oauth/authorize";
    }

    @Override
    public ConsentQuestion read(ConsentRequest visit) {
        visit.checkRedirectUri();
        Scopes scopes = visit.scopes("scope", " ,", SCOPES::containsKey);
        // The page has one button for all of them.
        return new ConsentQuestion(visit, scopes, scopes, visit.s256());
    }

    @Override
    public Parameters describeDenial(ConsentQuestion ask) {
        return new Parameters()
                .with("error", "access_denied")
                .with("error_description", "The user has denied your application access.")
                .with("state", ask.request().get("state"));
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
        Optional<Connector> client =
                SandboxCall.credentials(sent).or(call::basic).flatMap(shown -> clients.authenticate(ID, shown));
        if (client.isEmpty()) {
            return no(call, "incorrect_client_credentials", "The client_id and/or client_secret passed are incorrect.");
        }
        String redirect = sent.get("redirect_uri");
        if (redirect != null
                && !redirect.equals(clients.redirectUri(client.get()).toString())) {
            return no(call, "redirect_uri_mismatch", "The redirect_uri must match the registered one.");
        }
        if ("refresh_token".equals(sent.get("grant_type"))) {
            // Each works once.
            return SandboxCall.secret(sent, "refresh_token")
                    .flatMap(token -> authorizations.spend(ID, SandboxToken.REFRESH, token))
                    .filter(holder -> holder.clientId().equals(client.get().clientId()))
                    .map(holder -> tokens(call, holder))
                    .orElseGet(
                            () -> no(call, "bad_refresh_token", "The refresh token passed is incorrect or expired."));
        }
        return SandboxCall.secret(sent, "code")
                .flatMap(code -> authorizations.take(ID, client.get().clientId(), code))
                .filter(authorization -> authorization.isProvedBy(sent.get("code_verifier")))
                .map(taken -> tokens(call, taken))
                .orElseGet(() -> no(call, "bad_verification_code", "The code passed is incorrect or expired."));
    }

    private SandboxReply tokens(SandboxCall call, SandboxAuthorization holder) {
        return writeReply(
                call,
                new Parameters()
                        .with(
                                "access_token",
                                authorizations
                                        .grant(holder, SandboxToken.ACCESS, EIGHT_HOURS)
                                        .value())
                        .with("expires_in", String.valueOf(EIGHT_HOURS.toSeconds()))
                        .with(
                                "refresh_token",
                                authorizations
                                        .grant(holder, SandboxToken.REFRESH, SIX_MONTHS)
                                        .value())
                        .with("refresh_token_expires_in", String.valueOf(SIX_MONTHS.toSeconds()))
                        .with("scope", normalize(holder.scopes()).join(","))
                        .with("token_type", "bearer"));
    }

    private static Scopes normalize(Scopes granted) {
        return Scopes.of(granted.toList().stream()
                .filter(scope -> granted.toList().stream()
                        .noneMatch(other -> SCOPES.getOrDefault(other, Set.of()).contains(scope)))
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
        return SandboxReply.ok(json.build());
    }

    private SandboxReply user(SandboxCall call) {
        if (call.header("user-agent").isEmpty()) {
            return SandboxReply.of(403, SandboxReply.object("message", "Request forbidden by administrative rules."));
        }
        SandboxAuthorization holder = call.bearer()
                .or(() -> call.readCredentials("token"))
                .flatMap(token -> authorizations.find(ID, token))
                .orElseThrow(() -> SandboxReply.of(401, SandboxReply.object("message", "Bad credentials"))
                        .refusal());
        SandboxAccount account = holder.account();
        return SandboxReply.ok(Json.createObjectBuilder()
                        .add("login", account.name().toLowerCase(Locale.ROOT))
                        .add("id", Long.parseLong(account.number()))
                        .add("type", "User")
                        .add("name", account.fullName())
                        .build())
                .with("X-OAuth-Scopes", normalize(holder.scopes()).join(", "));
    }

    /** What an app says of itself: Basic with its own credentials, and the token in a JSON body. */
    private SandboxReply application(SandboxCall call, String clientId, String what) {
        boolean proved = call.basic()
                .filter(shown -> shown.clientId().equals(clientId))
                .flatMap(shown -> clients.authenticate(ID, shown))
                .isPresent();
        if (!proved) {
            return SandboxReply.of(401, SandboxReply.object("message", "Requires authentication"));
        }
        Optional<Secret> token = call.json()
                .map(body -> body.get("access_token"))
                .filter(JsonString.class::isInstance)
                .map(value -> new Secret(((JsonString) value).getString()));
        Optional<SandboxAuthorization> holder = token.flatMap(known -> authorizations.find(ID, known))
                .filter(found -> found.clientId().equals(clientId));
        if (holder.isEmpty()) {
            return SandboxReply.of(token.isEmpty() ? 422 : 404, SandboxReply.object("message", "Not Found"));
        }
        if (call.method().equals("POST")) {
            return describeToken(holder.get(), token.orElseThrow());
        }
        if (call.method().equals("PATCH")) {
            Secret fresh = authorizations.grant(holder.get());
            authorizations.end(token.orElseThrow());
            return describeToken(holder.get(), fresh);
        }
        if (what.equals("grant")) {
            authorizations.revoke(ID, holder.get().account(), clientId);
        } else {
            authorizations.end(token.orElseThrow());
        }
        return SandboxReply.empty(204);
    }

    private static SandboxReply describeToken(SandboxAuthorization holder, Secret token) {
        return SandboxReply.ok(Json.createObjectBuilder()
                .add("token", token.value())
                .add(
                        "scopes",
                        Json.createArrayBuilder(normalize(holder.scopes()).toList()))
                .add("app", Json.createObjectBuilder().add("client_id", holder.clientId()))
                .add(
                        "user",
                        Json.createObjectBuilder()
                                .add("login", holder.account().name().toLowerCase(Locale.ROOT)))
                .build());
    }
}
