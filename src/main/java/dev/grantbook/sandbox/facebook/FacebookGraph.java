package dev.grantbook.sandbox.facebook;

import dev.grantbook.connector.Connector;
import dev.grantbook.oauth.Parameters;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.json.Json;
import dev.grantbook.sandbox.ClientCredentials;
import dev.grantbook.sandbox.Dialects;
import dev.grantbook.sandbox.SandboxCall;
import dev.grantbook.sandbox.SandboxClients;
import dev.grantbook.sandbox.SandboxReply;
import dev.grantbook.sandbox.SandboxReply.Refusal;
import dev.grantbook.sandbox.account.SandboxAccount;
import dev.grantbook.sandbox.account.SandboxAuthorization;
import dev.grantbook.sandbox.account.SandboxAuthorizations;
import dev.grantbook.sandbox.account.SandboxToken;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Facebook's Graph API, as far as a log-in needs it. Every call with a user's token must also show
 * {@code appsecret_proof}, as in an app that demands it; errors are HTTP 400 with Graph's own envelope.
 */
@ApplicationScoped
class FacebookGraph {

    static final String ID = "facebook";

    static final String VERSION = "v24.0";

    /** What a code is worth, and what that is worth. */
    private static final Duration SHORT = Duration.ofMinutes(90);

    private static final Duration LONG = Duration.ofDays(60);

    /** Not more Pages at once, whatever {@code limit} says. */
    private static final int PAGES_AT_ONCE = 2;

    /** What a user runs; the token of each is a kind of its own. */
    private static final List<FacebookPage> PAGES = List.of(
            new FacebookPage("100200300400501", "Corner Café"),
            new FacebookPage("100200300400502", "Corner Café Weddings"),
            new FacebookPage("100200300400503", "Zebra Books"));

    @Inject
    SandboxClients clients;

    @Inject
    SandboxAuthorizations authorizations;

    @Inject
    Settings settings;

    @Inject
    Clock clock;

    /** A Page that a user runs. */
    private record FacebookPage(String id, String name) {

        String kind() {
            return "page-" + id;
        }
    }

    /** Whose token a call shows. */
    private record ShownToken(
            SandboxAuthorization authorization, @Nullable FacebookPage page) {}

    SandboxReply answer(SandboxCall call) {
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

    /** A user's id is another one in each app. */
    static String scopeId(SandboxAccount account, String clientId) {
        return account.number() + String.format("%05d", Math.floorMod(clientId.hashCode(), 100_000));
    }

    /** What a user allows, the user allows to the app: the newest word holds for every token. */
    Optional<SandboxAuthorization> latest(SandboxAccount account, String clientId) {
        return authorizations.of(ID, account).stream()
                .filter(authorization -> authorization.clientId().equals(clientId))
                .findFirst();
    }

    private SandboxReply token(Parameters query) {
        String clientId = require(query, "client_id");
        Connector client = clients.at(ID, clientId)
                .orElseThrow(() -> refusal(101, "Error validating application. Cannot get application info."));
        if (!clients.isSecret(new Secret(require(query, "client_secret")))) {
            throw refusal(1, "Error validating client secret.");
        }
        return "fb_exchange_token".equals(query.get("grant_type")) ? longLived(client, query) : exchange(client, query);
    }

    /** Kits post a form, and Facebook reads the address as well. */
    private static Parameters readParameters(SandboxCall call) {
        Parameters all = call.form().orElseGet(Parameters::new);
        call.query().names().forEach(name -> all.with(name, call.query().get(name)));
        return all;
    }

    private SandboxReply exchange(Connector client, Parameters query) {
        String redirectUri = require(query, "redirect_uri");
        SandboxAuthorization taken = authorizations
                .take(ID, client.clientId(), new Secret(require(query, "code")))
                .filter(authorization -> authorization.isBoundTo(redirectUri))
                .orElseThrow(
                        () -> refusal(100, "This authorization code is not good, or its redirect_uri is another."));
        return token(taken, SHORT);
    }

    private SandboxReply longLived(Connector client, Parameters query) {
        SandboxAuthorization held = authorizations
                .find(ID, new Secret(require(query, "fb_exchange_token")))
                .filter(authorization -> authorization.clientId().equals(client.clientId()))
                .orElseThrow(FacebookGraph::dead);
        return token(held, LONG);
    }

    /** No scope is named: whoever wants to know asks for the permissions. */
    private SandboxReply token(SandboxAuthorization authorization, Duration lifetime) {
        Secret token = authorizations.grant(authorization, SandboxToken.ACCESS, lifetime);
        return SandboxReply.ok(Json.createObjectBuilder()
                .add("access_token", token.value())
                .add("token_type", "bearer")
                .add("expires_in", lifetime.toSeconds())
                .build());
    }

    private SandboxReply debug(Parameters query) {
        String appToken = require(query, "access_token");
        int bar = appToken.indexOf('|');
        boolean proved = bar > 0
                && bar < appToken.length() - 1
                && clients.authenticate(
                                ID,
                                new ClientCredentials(
                                        appToken.substring(0, bar), new Secret(appToken.substring(bar + 1))))
                        .isPresent();
        if (!proved) {
            throw refusal(190, "Invalid OAuth access token.");
        }
        Optional<SandboxAuthorization> held = authorizations.find(ID, new Secret(require(query, "input_token")));
        String clientId = appToken.substring(0, bar);
        if (held.isPresent() && !held.get().clientId().equals(clientId)) {
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
                            Json.createArrayBuilder(findAllowed(held.get()).toList()))
                    .add("user_id", scopeId(held.get().account(), clientId));
        }
        return SandboxReply.ok(Json.createObjectBuilder().add("data", data).build());
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
        return SandboxReply.ok(me.build());
    }

    private SandboxReply permissions(SandboxCall call) {
        SandboxAuthorization latest = latestOf(findShown(call).authorization());
        JsonArrayBuilder data = Json.createArrayBuilder();
        latest.scopes().forEach(scope -> data.add(permission(scope, "granted")));
        latest.declined().forEach(scope -> data.add(permission(scope, "declined")));
        return SandboxReply.ok(Json.createObjectBuilder().add("data", data).build());
    }

    private static JsonObject permission(String scope, String status) {
        return Json.createObjectBuilder()
                .add("permission", scope)
                .add("status", status)
                .build();
    }

    /** The app is removed from the user's account, and all of its tokens end. */
    private SandboxReply revoke(SandboxCall call) {
        SandboxAuthorization authorization = findShown(call).authorization();
        authorizations.revoke(ID, authorization.account(), authorization.clientId());
        return SandboxReply.ok(Json.createObjectBuilder().add("success", true).build());
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
                    .add(
                            "access_token",
                            authorizations
                                    .grant(authorization, page.kind(), LONG)
                                    .value())
                    .add("tasks", Json.createArrayBuilder().add("MESSAGING").add("MANAGE")));
        }
        JsonObjectBuilder paging = Json.createObjectBuilder();
        if (to < PAGES.size()) {
            paging.add(
                    "next",
                    new Parameters()
                            .with("access_token", bearer(call).value())
                            .with("after", String.valueOf(to))
                            .appendTo(settings.publicUrl(Dialects.HOME + ID + "/" + VERSION + "/me/accounts"))
                            .toString());
        }
        return SandboxReply.ok(Json.createObjectBuilder()
                .add("data", data)
                .add("paging", paging)
                .build());
    }

    private static int cursor(@Nullable String after) {
        boolean known = after != null && after.matches("[0-9]") && Integer.parseInt(after) <= PAGES.size();
        return known ? Integer.parseInt(after) : 0;
    }

    private boolean allows(SandboxAuthorization authorization, String scope) {
        return findAllowed(authorization).tokens().contains(scope);
    }

    private Scopes findAllowed(SandboxAuthorization authorization) {
        return latestOf(authorization).scopes();
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
        Optional<SandboxAuthorization> user = authorizations.find(ID, token);
        if (user.isPresent()) {
            return new ShownToken(user.get(), null);
        }
        for (FacebookPage page : PAGES) {
            Optional<SandboxAuthorization> holder = authorizations.find(ID, page.kind(), token);
            if (holder.isPresent()) {
                return new ShownToken(holder.get(), page);
            }
        }
        throw dead();
    }

    private static Secret bearer(SandboxCall call) {
        return call.bearer()
                .or(() -> Optional.ofNullable(call.query().get("access_token"))
                        .filter(token -> !token.isEmpty())
                        .map(Secret::new))
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
        return refusal(Json.createObjectBuilder()
                .add("message", "Error validating access token: the user has not authorized the app.")
                .add("code", 190)
                .add("error_subcode", 458));
    }

    private static Refusal refusal(int code, String message) {
        return refusal(Json.createObjectBuilder().add("message", message).add("code", code));
    }

    private static Refusal refusal(JsonObjectBuilder error) {
        return SandboxReply.of(
                        400,
                        Json.createObjectBuilder()
                                .add(
                                        "error",
                                        error.add("type", "OAuthException").add("fbtrace_id", "sandbox"))
                                .build())
                .refusal();
    }
}
