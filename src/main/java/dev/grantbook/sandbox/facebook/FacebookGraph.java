package dev.grantbook.sandbox.facebook;

import dev.grantbook.connector.Connector;
import dev.grantbook.oauth.Parameters;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.json.Json;
import dev.grantbook.sandbox.ClientCredentials;
import dev.grantbook.sandbox.Dialect;
import dev.grantbook.sandbox.SandboxCall;
import dev.grantbook.sandbox.SandboxReply;
import dev.grantbook.sandbox.SandboxReply.Refusal;
import dev.grantbook.sandbox.account.SandboxAccount;
import dev.grantbook.sandbox.account.SandboxAuthorization;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObjectBuilder;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Facebook's Graph API, as far as a log-in needs it. Every call with a user's token must also show
 * {@code appsecret_proof}, as in an app that demands it; errors are HTTP 400 with Graph's own envelope.
 */
abstract class FacebookGraph extends Dialect {

    static final String VERSION = "v24.0";

    /** Lifetimes of the token for a code, and of the token that it is exchanged for. */
    private static final Duration SHORT = Duration.ofMinutes(90);

    private static final Duration LONG = Duration.ofDays(60);

    /** Pages per reply; {@code limit} is ignored. */
    private static final int PAGES_AT_ONCE = 2;

    /** The Pages that every user runs; each has its own kind of token. */
    private static final List<FacebookPage> PAGES = List.of(
            new FacebookPage("100200300400501", "Corner Café"),
            new FacebookPage("100200300400502", "Corner Café Weddings"),
            new FacebookPage("100200300400503", "Zebra Books"));

    FacebookGraph() {
        super("facebook", VERSION + "/dialog/oauth");
    }

    private record FacebookPage(String id, String name) {

        String kind() {
            return "page-" + id;
        }
    }

    /** @param page null when the token is a user's */
    private record ShownToken(
            SandboxAuthorization authorization, @Nullable FacebookPage page) {}

    @Override
    public SandboxReply answer(SandboxCall call) {
        String path = call.path().replaceFirst("^v[0-9]{1,2}\\.0/", "");
        return switch (call.method() + " " + path) {
            case "GET oauth/access_token" -> token(call.query());
            case "POST oauth/access_token" -> token(readParameters(call));
            case "GET debug_token" -> debug(call.query());
            case "GET me" -> me(call);
            case "GET me/permissions" -> permissions(call);
            case "DELETE me/permissions" -> revoke(call);
            case "GET me/accounts" -> accounts(call);
            default -> throw refusal(2500, "Unknown path components: /" + path);
        };
    }

    /** Id of a user in one app; it differs in each. */
    static String scopeId(SandboxAccount account, String clientId) {
        return account.number() + String.format("%05d", Math.floorMod(clientId.hashCode(), 100_000));
    }

    /** The newest authorization, which counts for every token: a user allows something to the app as a whole. */
    Optional<SandboxAuthorization> latest(SandboxAccount account, String clientId) {
        return authorizations.of(id(), account).stream()
                .filter(authorization -> authorization.isHeldBy(clientId))
                .findFirst();
    }

    private SandboxReply token(Parameters query) {
        Connector client = clients.at(id(), require(query, "client_id"))
                .orElseThrow(() -> refusal(101, "Error validating application. Cannot get application info."));
        if (!clients.isSecret(new Secret(require(query, "client_secret")))) {
            throw refusal(1, "Error validating client secret.");
        }
        return "fb_exchange_token".equals(query.get("grant_type")) ? longLived(client, query) : exchange(client, query);
    }

    /** Form and query: kits post a form, and Facebook reads the query as well. */
    private static Parameters readParameters(SandboxCall call) {
        Parameters all = call.form().orElseGet(Parameters::new);
        call.query().names().forEach(name -> all.with(name, call.query().get(name)));
        return all;
    }

    private SandboxReply exchange(Connector client, Parameters query) {
        String redirectUri = require(query, "redirect_uri");
        require(query, "code");
        SandboxAuthorization taken = take(client, query)
                .filter(authorization -> authorization.isBoundTo(redirectUri))
                .orElseThrow(
                        () -> refusal(100, "This authorization code is not good, or its redirect_uri is another."));
        return token(taken, SHORT);
    }

    private SandboxReply longLived(Connector client, Parameters query) {
        SandboxAuthorization held = find(Optional.of(new Secret(require(query, "fb_exchange_token"))))
                .filter(authorization -> authorization.isHeldBy(client.clientId()))
                .orElseThrow(FacebookGraph::dead);
        return token(held, LONG);
    }

    /** Names no scope: a client that needs to know asks for the permissions. */
    private SandboxReply token(SandboxAuthorization holder, Duration lifetime) {
        return SandboxReply.ok(beginReply(holder, lifetime, "bearer"));
    }

    private SandboxReply debug(Parameters query) {
        String[] app = require(query, "access_token").split("\\|", 2);
        if (app.length < 2
                || app[1].isEmpty()
                || authenticate(Optional.of(new ClientCredentials(app[0], new Secret(app[1]))))
                        .isEmpty()) {
            throw refusal(190, "Invalid OAuth access token.");
        }
        Optional<SandboxAuthorization> held = find(Optional.of(new Secret(require(query, "input_token"))));
        String clientId = app[0];
        if (held.isPresent() && !held.get().isHeldBy(clientId)) {
            throw refusal(100, "The access token of another app cannot be looked at.");
        }
        JsonObjectBuilder data =
                Json.createObjectBuilder().add("app_id", clientId).add("type", "USER");
        if (held.isEmpty()) {
            data.add("is_valid", false)
                    .add("scopes", Json.createArrayBuilder())
                    .add("error", Json.createObjectBuilder().add("code", 190).add("subcode", 458));
        } else {
            data.add("is_valid", true)
                    .add("expires_at", clock.instant().plus(LONG).getEpochSecond())
                    .add(
                            "scopes",
                            Json.createArrayBuilder(
                                    latestOf(held.get()).scopes().toList()))
                    .add("user_id", scopeId(held.get().account(), clientId));
        }
        return SandboxReply.ok(Json.createObjectBuilder().add("data", data));
    }

    private SandboxReply me(SandboxCall call) {
        ShownToken shown = findShown(call);
        SandboxAuthorization authorization = shown.authorization();
        FacebookPage page = shown.page();
        JsonObjectBuilder me = Json.createObjectBuilder()
                .add("id", page == null ? scopeId(authorization.account(), authorization.clientId()) : page.id());
        String fields = "," + Optional.ofNullable(call.query().get("fields")).orElse("id,name") + ",";
        if (fields.contains(",name,")) {
            me.add("name", page == null ? authorization.account().fullName() : page.name());
        }
        if (fields.contains(",email,") && page == null && allows(authorization, "email")) {
            me.add("email", authorization.account().email());
        }
        return SandboxReply.ok(me);
    }

    private SandboxReply permissions(SandboxCall call) {
        SandboxAuthorization latest = latestOf(findShown(call).authorization());
        JsonArrayBuilder data = Json.createArrayBuilder();
        latest.scopes().forEach(scope -> data.add(permission(scope, "granted")));
        latest.declined().forEach(scope -> data.add(permission(scope, "declined")));
        return SandboxReply.ok(Json.createObjectBuilder().add("data", data));
    }

    private static JsonObjectBuilder permission(String scope, String status) {
        return Json.createObjectBuilder().add("permission", scope).add("status", status);
    }

    /** The app is removed from the user's account, and all of its tokens end. */
    private SandboxReply revoke(SandboxCall call) {
        SandboxAuthorization authorization = findShown(call).authorization();
        authorizations.revoke(id(), authorization.account(), authorization.clientId());
        return SandboxReply.ok(Map.of("success", true));
    }

    /**
     * The Pages with their tokens, a few at once; {@code paging.next} has the user's token in it, as the real one has.
     */
    private SandboxReply accounts(SandboxCall call) {
        SandboxAuthorization authorization = findShown(call).authorization();
        if (!allows(authorization, "pages_show_list")) {
            throw refusal(200, "(#200) This needs the permission pages_show_list.");
        }
        int from = cursor(call.query().get("after"));
        int to = Math.min(from + PAGES_AT_ONCE, PAGES.size());
        JsonArrayBuilder data = Json.createArrayBuilder();
        for (FacebookPage page : PAGES.subList(from, to)) {
            data.add(Json.createObjectBuilder()
                    .add("id", page.id())
                    .add("name", page.name())
                    .add("access_token", grant(authorization, page.kind(), LONG))
                    .add("tasks", Json.createArrayBuilder(List.of("MESSAGING", "MANAGE"))));
        }
        JsonObjectBuilder paging = Json.createObjectBuilder();
        if (to < PAGES.size()) {
            URI next = new Parameters()
                    .with("access_token", bearer(call).value())
                    .with("after", String.valueOf(to))
                    .appendTo(URI.create(clients.home(id()) + "/" + VERSION + "/me/accounts"));
            paging.add("next", next.toString());
        }
        return SandboxReply.ok(Json.createObjectBuilder().add("data", data).add("paging", paging));
    }

    private static int cursor(@Nullable String after) {
        boolean known = after != null && after.matches("[0-9]") && Integer.parseInt(after) <= PAGES.size();
        return known ? Integer.parseInt(after) : 0;
    }

    private boolean allows(SandboxAuthorization authorization, String scope) {
        return latestOf(authorization).allows(scope);
    }

    private SandboxAuthorization latestOf(SandboxAuthorization authorization) {
        return latest(authorization.account(), authorization.clientId()).orElse(authorization);
    }

    private ShownToken findShown(SandboxCall call) {
        Secret token = bearer(call);
        String proof = call.query().get("appsecret_proof");
        if (proof == null) {
            throw refusal(100, "API calls from the server require an appsecret_proof argument");
        }
        if (!proof.equals(clients.secret().hmacSha256(token.value()))) {
            throw refusal(100, "Invalid appsecret_proof provided in the API argument");
        }
        Optional<SandboxAuthorization> user = find(Optional.of(token));
        if (user.isPresent()) {
            return new ShownToken(user.get(), null);
        }
        for (FacebookPage page : PAGES) {
            Optional<SandboxAuthorization> holder = find(page.kind(), Optional.of(token));
            if (holder.isPresent()) {
                return new ShownToken(holder.get(), page);
            }
        }
        throw dead();
    }

    private static Secret bearer(SandboxCall call) {
        return call.bearer()
                .or(() -> SandboxCall.secret(call.query(), "access_token"))
                .orElseThrow(() -> refusal(104, "An access token is required to request this resource."));
    }

    private static String require(Parameters query, String name) {
        String value = query.get(name);
        if (value == null || value.isEmpty() || query.isRepeated(name)) {
            throw refusal(100, "Missing " + name + " parameter.");
        }
        return value;
    }

    private static Refusal dead() {
        return refuse(Json.createObjectBuilder()
                .add("message", "Error validating access token: the user has not authorized the app.")
                .add("code", 190)
                .add("error_subcode", 458));
    }

    private static Refusal refusal(int code, String message) {
        return refuse(Json.createObjectBuilder().add("message", message).add("code", code));
    }

    private static Refusal refuse(JsonObjectBuilder error) {
        error.add("type", "OAuthException").add("fbtrace_id", "sandbox");
        return SandboxReply.of(400, Json.createObjectBuilder().add("error", error))
                .refusal();
    }
}
