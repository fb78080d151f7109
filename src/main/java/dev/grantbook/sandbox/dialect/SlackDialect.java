package dev.grantbook.sandbox.dialect;

import dev.grantbook.connector.Connector;
import dev.grantbook.oauth.Parameters;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.json.Json;
import dev.grantbook.sandbox.ClientCredentials;
import dev.grantbook.sandbox.ConsentQuestion;
import dev.grantbook.sandbox.ConsentRequest;
import dev.grantbook.sandbox.Dialect;
import dev.grantbook.sandbox.SandboxCall;
import dev.grantbook.sandbox.SandboxClients;
import dev.grantbook.sandbox.SandboxReply;
import dev.grantbook.sandbox.account.SandboxAuthorization;
import dev.grantbook.sandbox.account.SandboxAuthorizations;
import dev.grantbook.sandbox.account.SandboxToken;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Slack with token rotation switched on (docs.slack.dev, {@code oauth.v2.access}, {@code auth.test},
 * {@code auth.revoke}, "Using token rotation"). An app asks for a bot and for its user at once; scopes of the user are
 * kept with {@code user:} before them. Every refusal is an {@code "ok": false} in HTTP 200.
 */
@ApplicationScoped
class SlackDialect implements Dialect {

    private static final String ID = "slack";

    private static final String USER = "user";
    private static final String USER_REFRESH = "user-refresh";
    private static final String USER_PREFIX = "user:";

    private static final String TEAM = "T0SANDBOX";

    private static final Duration TWELVE_HOURS = Duration.ofHours(12);

    private static final Pattern SCOPE = Pattern.compile("[a-z_]+(?:[.:][a-z_]+)*");

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
        return "oauth/v2/authorize";
    }

    @Override
    public ConsentQuestion read(ConsentRequest visit) {
        visit.checkRedirectUri();
        Scopes bot = visit.scopes("scope", ",", name -> SCOPE.matcher(name).matches());
        Scopes user =
                visit.scopes("user_scope", ",", name -> SCOPE.matcher(name).matches());
        Scopes all = bot.plus(Scopes.of(
                user.toList().stream().map(scope -> USER_PREFIX + scope).toList()));
        if (all.isEmpty()) {
            throw visit.back("invalid_scope", "No scopes requested.");
        }
        // The page has one button for all of them.
        return new ConsentQuestion(visit, all, all, null);
    }

    @Override
    public SandboxReply answer(SandboxCall call) {
        return switch (call.route()) {
            case "POST api/oauth.v2.access" -> access(call);
            case "GET api/auth.test", "POST api/auth.test" -> test(call);
            case "GET api/auth.revoke", "POST api/auth.revoke" -> revoke(call);
            case "POST api/chat.postMessage" -> post(call);
            default -> no("unknown_method");
        };
    }

    private SandboxReply access(SandboxCall call) {
        Parameters form = call.form().orElseThrow(() -> no("invalid_form_data").refusal());
        ClientCredentials shown = call.basic()
                .or(() -> SandboxCall.credentials(form))
                .orElseThrow(() -> no("invalid_client_id").refusal());
        Connector client = clients.at(ID, shown.clientId())
                .orElseThrow(() -> no("invalid_client_id").refusal());
        if (!clients.isSecret(shown.secret())) {
            return no("bad_client_secret");
        }
        return switch (Optional.ofNullable(form.get("grant_type")).orElse("authorization_code")) {
            case "authorization_code" -> exchange(client, form);
            case "refresh_token" -> refresh(client, form);
            default -> no("invalid_grant_type");
        };
    }

    private SandboxReply exchange(Connector client, Parameters form) {
        SandboxAuthorization taken = SandboxCall.secret(form, "code")
                .flatMap(code -> authorizations.take(ID, client.clientId(), code))
                .orElseThrow(() -> no("invalid_code").refusal());
        if (!taken.isBoundTo(form.get("redirect_uri"))) {
            return no("bad_redirect_uri");
        }
        var reply = yes().add("app_id", "A0SANDBOX");
        if (!bot(taken).isEmpty()) {
            addBot(reply, taken);
        }
        var user = Json.createObjectBuilder().add("id", userId(taken));
        if (!user(taken).isEmpty()) {
            addUser(user, taken);
        }
        return SandboxReply.ok(
                reply.add("team", Json.createObjectBuilder().add("id", TEAM).add("name", "Sandbox"))
                        .addNull("enterprise")
                        .add("is_enterprise_install", false)
                        .add("authed_user", user)
                        .build());
    }

    /** Each refresh token works once, and comes back as a pair of its own kind. */
    private SandboxReply refresh(Connector client, Parameters form) {
        Secret token = SandboxCall.secret(form, "refresh_token")
                .orElseThrow(() -> no("invalid_refresh_token").refusal());
        Optional<SandboxAuthorization> bot = authorizations
                .spend(ID, SandboxToken.REFRESH, token)
                .filter(found -> found.clientId().equals(client.clientId()));
        if (bot.isPresent()) {
            var reply = yes().add("app_id", "A0SANDBOX");
            addBot(reply, bot.get());
            return SandboxReply.ok(
                    reply.add("team", Json.createObjectBuilder().add("id", TEAM).add("name", "Sandbox"))
                            .build());
        }
        SandboxAuthorization user = authorizations
                .spend(ID, USER_REFRESH, token)
                .filter(found -> found.clientId().equals(client.clientId()))
                .orElseThrow(() -> no("invalid_refresh_token").refusal());
        var reply = yes();
        addUser(reply, user);
        return SandboxReply.ok(reply.build());
    }

    private void addBot(JsonObjectBuilder reply, SandboxAuthorization holder) {
        reply.add("scope", bot(holder).join(",")).add("token_type", "bot").add("bot_user_id", "U0SANDBOX");
        addTokens(reply, holder, SandboxToken.ACCESS, SandboxToken.REFRESH);
    }

    private void addUser(JsonObjectBuilder reply, SandboxAuthorization holder) {
        reply.add("scope", user(holder).join(",")).add("token_type", "user");
        addTokens(reply, holder, USER, USER_REFRESH);
    }

    private void addTokens(JsonObjectBuilder reply, SandboxAuthorization holder, String access, String refresh) {
        reply.add(
                        "access_token",
                        authorizations.grant(holder, access, TWELVE_HOURS).value())
                .add("expires_in", TWELVE_HOURS.toSeconds())
                .add(
                        "refresh_token",
                        authorizations
                                .grant(holder, refresh, SandboxAuthorizations.LIFETIME)
                                .value());
    }

    /** In the header, or in a form. */
    private static Optional<Secret> token(SandboxCall call) {
        return call.bearer().or(() -> call.form().flatMap(form -> SandboxCall.secret(form, "token")));
    }

    private SandboxReply test(SandboxCall call) {
        Secret token = token(call).orElseThrow(() -> no("not_authed").refusal());
        Optional<SandboxAuthorization> bot = authorizations.find(ID, token);
        SandboxAuthorization holder = bot.or(() -> authorizations.find(ID, USER, token))
                .orElseThrow(() -> no("invalid_auth").refusal());
        return SandboxReply.ok(yes().add("url", "https://sandbox.slack.com/")
                .add("team", "Sandbox")
                .add("user", bot.isPresent() ? "bot" : holder.account().fullName())
                .add("team_id", TEAM)
                .add("user_id", bot.isPresent() ? "U0SANDBOX" : userId(holder))
                .build());
    }

    private SandboxReply revoke(SandboxCall call) {
        Secret token = token(call).orElseThrow(() -> no("not_authed").refusal());
        if (authorizations
                .find(ID, token)
                .or(() -> authorizations.find(ID, USER, token))
                .isEmpty()) {
            return no("invalid_auth");
        }
        authorizations.end(token);
        return SandboxReply.ok(yes().add("revoked", true).build());
    }

    /** To see what a bot without the scope is told. */
    private SandboxReply post(SandboxCall call) {
        SandboxAuthorization holder = token(call)
                .flatMap(token -> authorizations.find(ID, token))
                .orElseThrow(() -> no("invalid_auth").refusal());
        return holder.allows("chat:write")
                ? SandboxReply.ok(yes().add("channel", "C0SANDBOX").build())
                : SandboxReply.ok(refuse("missing_scope")
                        .add("needed", "chat:write")
                        .add("provided", bot(holder).join(","))
                        .build());
    }

    private static Scopes bot(SandboxAuthorization holder) {
        return Scopes.of(holder.scopes().toList().stream()
                .filter(scope -> !scope.startsWith(USER_PREFIX))
                .toList());
    }

    private static Scopes user(SandboxAuthorization holder) {
        List<String> scopes = holder.scopes().toList().stream()
                .filter(scope -> scope.startsWith(USER_PREFIX))
                .map(scope -> scope.substring(USER_PREFIX.length()))
                .toList();
        return Scopes.of(scopes);
    }

    private static String userId(SandboxAuthorization holder) {
        return "U" + holder.account().number();
    }

    private static JsonObjectBuilder yes() {
        return Json.createObjectBuilder().add("ok", true);
    }

    private static JsonObjectBuilder refuse(String error) {
        return Json.createObjectBuilder().add("ok", false).add("error", error);
    }

    private static SandboxReply no(String error) {
        JsonObject body = refuse(error).build();
        return SandboxReply.ok(body);
    }
}
