package dev.grantbook.grant;

import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Grants and shortfalls as the API writes them. */
public final class GrantJson {

    private GrantJson() {}

    /** The provider account of a grant. */
    public record AccountJson(String id, @Nullable String name) {

        /** Null when the provider does not tell the account. */
        public static @Nullable AccountJson of(@Nullable Grant grant) {
            return grant == null || grant.accountId().isEmpty()
                    ? null
                    : new AccountJson(grant.accountId(), grant.accountName());
        }
    }

    /** Scopes that are needed and not granted. */
    public record MissingJson(Scopes required, Scopes optional) {

        public static MissingJson of(Shortfall shortfall) {
            return new MissingJson(shortfall.required(), shortfall.optional());
        }
    }

    /** A feature and what it lacks. */
    public record FeatureJson(String id, String name, boolean ready, Scopes missing) {

        /** @param locale the language of the names; null for English */
        public static List<FeatureJson> of(Shortfall shortfall, @Nullable Locale locale) {
            Locale language = locale == null ? Locale.ENGLISH : locale;
            return shortfall.features().stream()
                    .map(state -> new FeatureJson(
                            state.feature().id(), state.feature().name().in(language), state.ready(), state.missing()))
                    .toList();
        }
    }

    /** The token of a grant, or where each call is signed in its place. */
    public record TokenJson(
            @Nullable URI signatureUrl,
            @Nullable Secret accessToken,
            @Nullable String tokenType) {

        public static TokenJson of(Secret token, Grant grant, Settings settings) {
            return grant.isSigning()
                    ? new TokenJson(settings.publicUrl("/api/v1/grants/" + grant.id() + "/signature"), null, null)
                    : new TokenJson(null, token, grant.tokenType());
        }
    }

    /** A grant without its tokens. */
    public static JsonObjectBuilder grant(Grant grant, Instant now) {
        var json = Json.createObjectBuilder()
                .add("id", grant.id())
                .add("connector", grant.connector())
                .add("subject", grant.subject())
                .add("status", grant.status(now).wire())
                .add("granted", scopes(grant.granted()))
                .add("created_at", grant.createdAt().toString())
                .add("updated_at", grant.updatedAt().toString());
        account(json, grant);
        time(json, "verified_at", grant.verifiedAt());
        time(json, "expires_at", grant.expiresAt());
        time(json, "confirm_by", grant.confirmBy());
        reason(json, grant.reason(now));
        if (grant.isRefreshFailing()) {
            var refresh = Json.createObjectBuilder().add("tries", grant.refreshFailures());
            time(refresh, "next_try", grant.retryAt());
            json.add("refresh", refresh);
        }
        return json;
    }

    /** How far the provider has been told of an end. */
    static JsonObject revocation(PendingRevocation untold) {
        return Json.createObjectBuilder()
                .add("since", untold.createdAt().toString())
                .add("tries", untold.tries())
                .add("next_try", untold.dueAt().toString())
                .build();
    }

    public static JsonArray history(List<GrantEvent> events) {
        var array = Json.createArrayBuilder();
        for (GrantEvent event : events) {
            var json = Json.createObjectBuilder()
                    .add("at", event.at().toString())
                    .add("event", event.kind().wire())
                    .add("actor", event.actor())
                    .add("asked", scopes(event.asked()))
                    .add("granted", scopes(event.granted()))
                    .add("declined", scopes(event.declined()));
            reason(json, event.reason());
            array.add(json);
        }
        return array.build();
    }

    public static void account(JsonObjectBuilder json, Grant grant) {
        if (!grant.accountId().isEmpty()) {
            var account = Json.createObjectBuilder().add("id", grant.accountId());
            if (grant.accountName() != null) {
                account.add("name", grant.accountName());
            }
            json.add("account", account);
        }
    }

    /** The token of a grant, or where each call is signed in its place. */
    public static void token(JsonObjectBuilder json, Secret token, Grant grant, Settings settings) {
        if (grant.isSigning()) {
            json.add(
                    "signature_url",
                    settings.publicUrl("/api/v1/grants/" + grant.id() + "/signature")
                            .toString());
        } else {
            json.add("access_token", token.value()).add("token_type", grant.tokenType());
        }
    }

    public static JsonObject missing(Shortfall shortfall) {
        return Json.createObjectBuilder()
                .add("required", scopes(shortfall.required()))
                .add("optional", scopes(shortfall.optional()))
                .build();
    }

    public static JsonArray features(Shortfall shortfall, Locale locale) {
        var array = Json.createArrayBuilder();
        for (Shortfall.FeatureState state : shortfall.features()) {
            array.add(Json.createObjectBuilder()
                    .add("id", state.feature().id())
                    .add("name", state.feature().name().in(locale))
                    .add("ready", state.ready())
                    .add("missing", scopes(state.missing())));
        }
        return array.build();
    }

    public static JsonArray scopes(Scopes scopes) {
        return Json.createArrayBuilder(scopes.toList()).build();
    }

    public static void reason(JsonObjectBuilder json, @Nullable EndReason reason) {
        if (reason != null) {
            json.add("reason", reason.wire());
        }
    }

    public static void time(JsonObjectBuilder json, String name, @Nullable Instant time) {
        if (time != null) {
            json.add(name, time.toString());
        }
    }
}
