package dev.grantbook.connector;

import static dev.grantbook.platform.json.JsonMembers.constant;
import static dev.grantbook.platform.json.JsonMembers.object;
import static dev.grantbook.platform.json.JsonMembers.texts;
import static dev.grantbook.platform.json.JsonMembers.textsByName;

import dev.grantbook.catalogue.AccountSettings;
import dev.grantbook.catalogue.Endpoints;
import dev.grantbook.catalogue.LocalizedText;
import dev.grantbook.catalogue.Provider;
import dev.grantbook.catalogue.dialect.ClientAuthentication;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.oauth.Scopes;
import jakarta.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Our registration with a provider for one bot, as the operator declared it.
 *
 * @param enabled false once the declaration is gone: its grants stay, and no attempt starts
 * @param provider with this connector's issuer, endpoints, presentation and settings pages
 * @param clientSecret null for a client that is public, or authenticates with a key
 * @param privateKey PEM or JWK; null unless the client authenticates with it
 * @param authentication null for the provider's usual way, or the one that discovery finds
 * @param verifyToken sent by the provider to verify the address of our webhook; null for none
 * @param proofSecret what the provider signs account proofs with; null for none
 * @param sharedCallback whether the redirect URI is the one that all such connectors share
 * @param parameters extra parameters of each authorization request; an empty one removes the provider's
 * @param again extra parameters when the user is asked once more
 * @param pushed whether authorization requests are pushed to servers that accept that
 * @param publicStart whether a user may start without an invitation
 * @param probeMaxAge age of a proof at which a token without expiry is probed again; null for an hour
 * @param deliveries where the bot receives events; null for nowhere
 */
public record Connector(
        ConnectorId id,
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
        @Nullable Duration probeMaxAge,
        @Nullable DeliveryTarget deliveries,
        RetentionPeriods retention) {

    /** Reads a definition that has passed the schema. */
    static Connector from(ConnectorId id, boolean enabled, JsonObject json, Provider provider) {
        var features = new ArrayList<Feature>();
        object(json, "features").forEach((name, value) -> {
            JsonObject feature = value.asJsonObject();
            features.add(new Feature(
                    name,
                    LocalizedText.from(feature.get("name"), name),
                    LocalizedText.from(feature.get("reason"), ""),
                    feature.getBoolean("essential", true),
                    Scopes.of(texts(feature, "required")),
                    Scopes.of(texts(feature, "optional"))));
        });
        return new Connector(
                id,
                enabled,
                LocalizedText.from(json.get("name"), id.value()),
                provider.with(endpoints(provider, json))
                        .with(constant(json, "presentation", provider.presentation()))
                        .with(AccountSettings.from(json.getJsonObject("settings")))
                        .withIssuer(json.getString("issuer", null), json.getBoolean("issuer-promised", false)),
                json.getString("client-id"),
                secret(json, "client-secret"),
                secret(json, "private-key"),
                constant(json, "client-authentication", ClientAuthentication.class),
                secret(json, "verify-token"),
                secret(json, "proof-secret"),
                "shared".equals(json.getString("callback", "own")),
                parameters(provider.authorization().parameters(), object(json, "authorization"), "parameters"),
                parameters(provider.authorization().again(), object(json, "authorization"), "again"),
                object(json, "authorization").getBoolean("pushed", true),
                Scopes.of(texts(json, "default-scopes")),
                List.copyOf(features),
                new ReturnUrls(
                        texts(json, "return-urls").stream().map(URI::create).toList()),
                json.getBoolean("public-start", false),
                constant(json, "confirmation", Confirmation.NONE),
                object(json, "probe").containsKey("max-age")
                        ? Duration.parse(object(json, "probe").getString("max-age"))
                        : null,
                json.containsKey("deliveries") ? target(json.getJsonObject("deliveries")) : null,
                retention(json));
    }

    /** How the client authenticates unless discovery finds another way. */
    ClientAuthentication usualAuthentication() {
        return authentication == null ? provider.token().authentication() : authentication;
    }

    public Optional<Feature> feature(String featureId) {
        return features.stream()
                .filter(feature -> feature.id().equals(featureId))
                .findFirst();
    }

    /** What the bot needs when it names nothing: all features, of which only the essential ones are required. */
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
     * What the bot needs for what it names; {@link #need()} when it names nothing. It is about to use a feature that it
     * names, essential or not; one that this connector no longer has needs nothing.
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

    /** All scopes of the declaration, and those that the provider demands. */
    public Scopes declaredScopes() {
        return provider.catalogue().always().plus(need().scopes());
    }

    public boolean declares(String scope) {
        return provider.catalogue().texts().containsKey(scope)
                || declaredScopes().tokens().contains(scope);
    }

    private static Endpoints endpoints(Provider provider, JsonObject json) {
        Endpoints endpoints = provider.endpoints();
        if (json.containsKey("mirror")) {
            endpoints = endpoints.at(URI.create(json.getString("mirror")));
        }
        return endpoints.with(textsByName(json, "endpoints")).withApi(texts(json, "api"));
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

    private static Map<String, String> parameters(Map<String, String> usual, JsonObject json, String name) {
        var parameters = new LinkedHashMap<>(usual);
        parameters.putAll(textsByName(json, name));
        return parameters;
    }

    /**
     * Scopes to request: what the provider demands, what is needed, and what was granted and would be lost otherwise.
     */
    public Scopes collectScopes(Need need, Optional<Scopes> granted) {
        return provider.catalogue()
                .always()
                .plus(defaultScopes)
                .plus(need.scopes())
                .plus(granted.orElse(Scopes.NONE));
    }
}
