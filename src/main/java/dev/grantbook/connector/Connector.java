package dev.grantbook.connector;

import dev.grantbook.catalogue.AccountSettings;
import dev.grantbook.catalogue.LocalizedText;
import dev.grantbook.catalogue.Provider;
import dev.grantbook.catalogue.Provider.Endpoints;
import dev.grantbook.catalogue.dialect.ClientAuthentication;
import dev.grantbook.oauth.Scopes;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Our registration with a provider for one bot, as the operator declared it.
 *
 * @param enabled false once the declaration is gone: its grants stay, and nobody can start any more
 * @param provider with this connector's own endpoints
 * @param clientSecret null for a public client, and for one that authenticates with a key
 * @param privateKey PEM or JWK; null unless the client authenticates with it
 * @param authentication how the client authenticates; null for the provider's usual way
 * @param verifyToken what the provider shows when it asks for our webhook; null when there is none
 * @param proofSecret what the provider signs account proofs with; null when there is none
 * @param sharedCallback whether the provider comes back to the callback that all such connectors share
 * @param parameters extra parameters of every authorization request; an empty one takes the provider's away
 * @param again extra parameters when the user is asked once more
 * @param pushed whether authorization requests are pushed to servers that take that
 * @param defaultScopes needed whatever feature is asked for
 * @param publicStart whether anyone may start without an invitation
 * @param issuer the authorization server's identifier (RFC 9207); null when unknown
 * @param issuerPromised whether the server said that it always sends {@code iss}
 * @param probeMaxAge how old the proof that a token works may be; null for an hour, and only for tokens without an end
 * @param deliveries where the bot is told what happens; null for nowhere
 * @param retention for how long its data is kept
 */
public record Connector(
        String id,
        boolean enabled,
        LocalizedText name,
        Provider provider,
        String clientId,
        @Nullable SecretReference clientSecret,
        @Nullable SecretReference privateKey,
        @Nullable ClientAuthentication authentication,
        @Nullable SecretReference verifyToken,
        @Nullable SecretReference proofSecret,
        boolean sharedCallback,
        Map<String, String> parameters,
        Map<String, String> again,
        boolean pushed,
        Scopes defaultScopes,
        List<Feature> features,
        ReturnUrls returnUrls,
        boolean publicStart,
        Confirmation confirmation,
        @Nullable String issuer,
        boolean issuerPromised,
        @Nullable Duration probeMaxAge,
        @Nullable DeliveryTarget deliveries,
        RetentionPeriods retention) {

    /** Reads a definition that the schema has passed. */
    static Connector from(String id, boolean enabled, JsonObject json, Provider provider) {
        var features = new ArrayList<Feature>();
        object(json, "features").forEach((name, value) -> {
            JsonObject feature = value.asJsonObject();
            features.add(new Feature(
                    name,
                    LocalizedText.from(feature.get("name"), name),
                    LocalizedText.from(feature.get("reason"), ""),
                    feature.getBoolean("essential", true),
                    scopes(feature.get("required")),
                    scopes(feature.get("optional"))));
        });
        return new Connector(
                id,
                enabled,
                LocalizedText.from(json.get("name"), id),
                applyPresentation(provider.with(endpoints(provider, json)), json)
                        .with(AccountSettings.from(json.getJsonObject("settings"))),
                json.getString("client-id"),
                secret(json, "client-secret"),
                secret(json, "private-key"),
                json.containsKey("client-authentication")
                        ? ClientAuthentication.byName(json.getString("client-authentication"))
                        : null,
                secret(json, "verify-token"),
                secret(json, "proof-secret"),
                "shared".equals(json.getString("callback", "own")),
                parameters(provider.authorization().parameters(), object(json, "authorization"), "parameters"),
                parameters(provider.authorization().again(), object(json, "authorization"), "again"),
                object(json, "authorization").getBoolean("pushed", true),
                scopes(json.get("default-scopes")),
                List.copyOf(features),
                new ReturnUrls(strings(json.get("return-urls")).stream()
                        .map(URI::create)
                        .toList()),
                json.getBoolean("public-start", false),
                Confirmation.valueOf(json.getString("confirmation", "none").toUpperCase(Locale.ROOT)),
                json.getString("issuer", null),
                json.getBoolean("issuer-promised", false),
                object(json, "probe").containsKey("max-age")
                        ? Duration.parse(object(json, "probe").getString("max-age"))
                        : null,
                json.containsKey("deliveries") ? target(json.getJsonObject("deliveries")) : null,
                retention(json));
    }

    public Optional<Feature> feature(String featureId) {
        return features.stream()
                .filter(feature -> feature.id().equals(featureId))
                .findFirst();
    }

    /** What the bot needs when it names nothing: every feature, and only the essential ones strictly. */
    public Need need() {
        Scopes required = defaultScopes;
        Scopes wanted = Scopes.NONE;
        for (Feature feature : features) {
            required = feature.essential() ? required.plus(feature.required()) : required;
            wanted = wanted.plus(feature.scopes());
        }
        return new Need(features, required, wanted.minus(required));
    }

    /**
     * What the bot needs for what it names. A feature that is named is one that the bot is about to use, essential or
     * not; one that this connector no longer has needs nothing. Naming nothing means {@link #need()}.
     */
    public Need need(List<String> featureIds, Scopes scopes) {
        if (featureIds.isEmpty() && scopes.isEmpty()) {
            return need();
        }
        List<Feature> named = features.stream()
                .filter(feature -> featureIds.contains(feature.id()))
                .toList();
        Scopes required = scopes;
        Scopes wanted = Scopes.NONE;
        for (Feature feature : named) {
            required = required.plus(feature.required());
            wanted = wanted.plus(feature.optional());
        }
        return new Need(named, required, wanted.minus(required));
    }

    /** Every scope that the declaration mentions, and those that the provider demands. */
    public Scopes declaredScopes() {
        return provider.always().plus(need().scopes());
    }

    /** Whether the declaration or the provider's catalogue names a scope. */
    public boolean declares(String scope) {
        return provider.catalogue().containsKey(scope)
                || declaredScopes().tokens().contains(scope);
    }

    private static Endpoints endpoints(Provider provider, JsonObject json) {
        Endpoints endpoints = provider.endpoints();
        if (json.containsKey("mirror")) {
            endpoints = endpoints.at(URI.create(json.getString("mirror")));
        }
        return endpoints.with(object(json, "endpoints")).withApi(strings(json.get("api")));
    }

    private static Provider applyPresentation(Provider provider, JsonObject json) {
        return json.containsKey("presentation") ? provider.withPresentation(json.getString("presentation")) : provider;
    }

    static RetentionPeriods retention(JsonObject definition) {
        return RetentionPeriods.from(object(definition, "retention"));
    }

    private static DeliveryTarget target(JsonObject json) {
        return new DeliveryTarget(
                URI.create(json.getString("url")),
                new SecretReference(json.getString("secret")),
                secret(json, "previous-secret"));
    }

    private static @Nullable SecretReference secret(JsonObject json, String name) {
        return json.containsKey(name) ? new SecretReference(json.getString(name)) : null;
    }

    /** The provider's own, and those that the operator adds or changes. */
    private static Map<String, String> parameters(Map<String, String> usual, JsonObject json, String name) {
        var parameters = new LinkedHashMap<>(usual);
        object(json, name).forEach((parameter, value) -> parameters.put(parameter, ((JsonString) value).getString()));
        return parameters;
    }

    private static JsonObject object(JsonObject json, String name) {
        return json.containsKey(name) ? json.getJsonObject(name) : JsonValue.EMPTY_JSON_OBJECT;
    }

    private static Scopes scopes(@Nullable JsonValue list) {
        return Scopes.of(strings(list));
    }

    static List<String> strings(@Nullable JsonValue list) {
        return list == null
                ? List.of()
                : list.asJsonArray().getValuesAs(JsonString.class).stream()
                        .map(JsonString::getString)
                        .toList();
    }

    /**
     * Requests what the provider demands, what is needed, and what would be lost otherwise.
     *
     * @param granted what the user granted before
     */
    public Scopes collectScopes(Need need, Optional<Scopes> granted) {
        return provider.always().plus(defaultScopes).plus(need.scopes()).plus(granted.orElse(Scopes.NONE));
    }
}
