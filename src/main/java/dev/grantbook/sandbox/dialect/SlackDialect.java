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
import dev.grantbook.sandbox.SandboxReply;
import dev.grantbook.sandbox.SandboxReply.Refusal;
import dev.grantbook.sandbox.account.SandboxAuthorization;
import dev.grantbook.sandbox.account.SandboxAuthorizations;
import dev.grantbook.sandbox.account.SandboxToken;
import jakarta.enterprise.context.Dependent;
import jakarta.json.JsonObjectBuilder;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Slack with token rotation switched on (docs.slack.dev, {@code oauth.v2.access}, {@code auth.test},
 * {@code auth.revoke}, "Using token rotation"). An app asks for a bot and for its user at once; scopes of the user are
 * kept with {@code user:} before them. Every refusal is an {@code "ok": false} in HTTP 200.
 */
@Dependent
class SlackDialect extends Dialect {

    private static final String USER = "user";
    private static final String USER_REFRESH = "user-refresh";
    private static final String USER_PREFIX = "user:";

    private static final String TEAM = "T0SANDBOX";

    private static final Duration TWELVE_HOURS = Duration.ofHours(12);

    private static final Predicate<String> SCOPE =
            Pattern.compile("[a-z_]+(?:[.:][a-z_]+)*").asMatchPredicate();

    SlackDialect() {
        super("slack", "oauth/v2/authorize");
    }

    @Override
    public ConsentQuestion read(ConsentRequest request) {
        request.checkRedirectUri();
        Scopes bot = request.scopes("scope", ",", SCOPE);
        Scopes user = request.scopes("user_scope", ",", SCOPE);
        Scopes all = bot.plus(Scopes.of(
                user.toList().stream().map(scope -> USER_PREFIX + scope).toList()));
        if (all.isEmpty()) {
            throw request.back("invalid_scope", "No scopes requested.");
        }
        // The page has one button for all of them.
        return new ConsentQuestion(request, all, all, null);
    }

    @Override
    public SandboxReply answer(SandboxCall call) {
        return switch (call.route()) {
            case "POST api/oauth.v2.access" -> access(call);
            case "GET api/auth.test", "POST api/auth.test" -> test(call);
            case "GET api/auth.revoke", "POST api/auth.revoke" -> revoke(call);
            case "POST api/chat.postMessage" -> post(call);
            default -> throw no("unknown_method");
        };
    }

    private SandboxReply access(SandboxCall call) {
        Parameters form = call.form().orElseThrow(() -> no("invalid_form_data"));
        ClientCredentials shown =
                call.basic().or(() -> SandboxCall.credentials(form)).orElseThrow(() -> no("invalid_client_id"));
        Connector client = clients.at(id(), shown.clientId()).orElseThrow(() -> no("invalid_client_id"));
        if (!clients.isSecret(shown.secret())) {
            throw no("bad_client_secret");
        }
        return switch (Optional.ofNullable(form.get("grant_type")).orElse("authorization_code")) {
            case "authorization_code" -> exchange(client, form);
            case "refresh_token" -> refresh(client, form);
            default -> throw no("invalid_grant_type");
        };
    }

    private SandboxReply exchange(Connector client, Parameters form) {
        SandboxAuthorization taken = take(client, form).orElseThrow(() -> no("invalid_code"));
        if (!taken.isBoundTo(form.get("redirect_uri"))) {
            throw no("bad_redirect_uri");
        }
        var reply = bot(taken).isEmpty() ? appReply() : botReply(taken);
        var user = user(taken).isEmpty() ? Json.createObjectBuilder() : userTokens(taken);
        return SandboxReply.ok(reply.addNull("enterprise")
                .add("is_enterprise_install", false)
                .add("authed_user", user.add("id", userId(taken))));
    }

    /** Each refresh token works once, and its reply is a pair of the same kind. */
    private SandboxReply refresh(Connector client, Parameters form) {
        Optional<SandboxAuthorization> bot = spend(client, form, SandboxToken.REFRESH);
        return SandboxReply.ok(
                bot.isPresent()
                        ? botReply(bot.get())
                        : userTokens(spend(client, form, USER_REFRESH).orElseThrow(() -> no("invalid_refresh_token")))
                                .add("ok", true));
    }

    private static JsonObjectBuilder appReply() {
        return Json.createObjectBuilder()
                .add("ok", true)
                .add("app_id", "A0SANDBOX")
                .add("team", Json.createObjectBuilder(Map.of("id", TEAM, "name", "Sandbox")));
    }

    private JsonObjectBuilder botReply(SandboxAuthorization holder) {
        return appReply()
                .add("bot_user_id", "U0SANDBOX")
                .addAll(tokens(holder, "bot", bot(holder), SandboxToken.ACCESS, SandboxToken.REFRESH));
    }

    private JsonObjectBuilder userTokens(SandboxAuthorization holder) {
        return tokens(holder, "user", user(holder), USER, USER_REFRESH);
    }

    private JsonObjectBuilder tokens(
            SandboxAuthorization holder, String type, Scopes scopes, String access, String refresh) {
        return Json.createObjectBuilder()
                .add("scope", scopes.join(","))
                .add("token_type", type)
                .add("access_token", grant(holder, access, TWELVE_HOURS))
                .add("expires_in", TWELVE_HOURS.toSeconds())
                .add("refresh_token", grant(holder, refresh, SandboxAuthorizations.LIFETIME));
    }

    /** In the header, or in a form. */
    private static Optional<Secret> token(SandboxCall call) {
        return call.bearer().or(() -> call.form().flatMap(form -> SandboxCall.secret(form, "token")));
    }

    private SandboxReply test(SandboxCall call) {
        Optional<Secret> token = demandToken(call);
        Optional<SandboxAuthorization> bot = find(token);
        SandboxAuthorization holder = bot.or(() -> find(USER, token)).orElseThrow(() -> no("invalid_auth"));
        return SandboxReply.ok(Json.createObjectBuilder()
                .add("ok", true)
                .add("url", "https://sandbox.slack.com/")
                .add("team", "Sandbox")
                .add("user", bot.isPresent() ? "bot" : holder.account().fullName())
                .add("team_id", TEAM)
                .add("user_id", bot.isPresent() ? "U0SANDBOX" : userId(holder)));
    }

    private SandboxReply revoke(SandboxCall call) {
        Optional<Secret> token = demandToken(call);
        if (find(token).or(() -> find(USER, token)).isEmpty()) {
            throw no("invalid_auth");
        }
        token.ifPresent(authorizations::end);
        return SandboxReply.ok(Map.of("ok", true, "revoked", true));
    }

    private static Optional<Secret> demandToken(SandboxCall call) {
        return Optional.of(token(call).orElseThrow(() -> no("not_authed")));
    }

    /** Shows what a bot without the scope gets. */
    private SandboxReply post(SandboxCall call) {
        SandboxAuthorization holder = find(token(call)).orElseThrow(() -> no("invalid_auth"));
        String needed = "chat:write";
        if (!holder.allows(needed)) {
            String provided = bot(holder).join(",");
            return SandboxReply.ok(
                    Map.of("ok", false, "error", "missing_scope", "needed", needed, "provided", provided));
        }
        return SandboxReply.ok(Map.of("ok", true, "channel", "C0SANDBOX"));
    }

    private static Scopes bot(SandboxAuthorization holder) {
        return Scopes.of(holder.scopes().toList().stream()
                .filter(scope -> !scope.startsWith(USER_PREFIX))
                .toList());
    }

    private static Scopes user(SandboxAuthorization holder) {
        return Scopes.of(holder.scopes().toList().stream()
                .filter(scope -> scope.startsWith(USER_PREFIX))
                .map(scope -> scope.substring(USER_PREFIX.length()))
                .toList());
    }

    private static String userId(SandboxAuthorization holder) {
        return "U" + holder.account().number();
    }

    private static Refusal no(String error) {
        return SandboxReply.ok(Map.of("ok", false, "error", error)).refusal();
    }
}
