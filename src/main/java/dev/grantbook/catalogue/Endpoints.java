package dev.grantbook.catalogue;

import static dev.grantbook.platform.json.JsonMembers.texts;
import static dev.grantbook.platform.json.JsonMembers.textsByName;

import dev.grantbook.platform.json.YamlDocument;
import jakarta.json.JsonObject;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Endpoints of a provider.
 *
 * @param byName by their names in descriptors
 * @param api addresses that a token may be sent to on a bot's behalf, each with all paths below it
 */
public record Endpoints(Map<String, URI> byName, List<URI> api) {

    static Endpoints of(Map<String, String> byName, List<String> api) {
        return new Endpoints(parse(byName), api.stream().map(URI::create).toList());
    }

    /**
     * Checks what no schema sees in the members {@code endpoints} and {@code api} of descriptors and connectors.
     *
     * @param at pointer to the object that has them
     * @throws dev.grantbook.platform.config.ConfigurationException when one is no https address
     */
    public static void check(YamlDocument document, String at, JsonObject json) {
        textsByName(json, "endpoints").forEach((name, url) -> document.checkEndpoint(at + "/endpoints/" + name, url));
        List<String> api = texts(json, "api");
        for (int i = 0; i < api.size(); i++) {
            document.checkEndpoint(at + "/api/" + i, api.get(i));
        }
    }

    private static Map<String, URI> parse(Map<String, String> byName) {
        return byName.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, one -> URI.create(one.getValue())));
    }

    /**
     * Replaces endpoints. A replaced account endpoint at another server means that the API is elsewhere too: it is then
     * unknown, so that no token goes to the usual one.
     */
    public Endpoints with(Map<String, String> others) {
        Map<String, URI> all = overlay(byName, parse(others));
        URI usual = account();
        boolean elsewhere = usual != null
                && !usual.resolve("/").equals(all.getOrDefault("account", usual).resolve("/"));
        return new Endpoints(all, elsewhere ? List.of() : api);
    }

    /** Replaces the API's addresses, unless the list is empty. */
    public Endpoints withApi(List<String> addresses) {
        return addresses.isEmpty()
                ? this
                : new Endpoints(byName, addresses.stream().map(URI::create).toList());
    }

    /** Adds endpoints that are missing. */
    Endpoints complete(Map<String, URI> others) {
        return new Endpoints(overlay(others, byName), api);
    }

    private static Map<String, URI> overlay(Map<String, URI> below, Map<String, URI> above) {
        var all = new TreeMap<>(below);
        all.putAll(above);
        return Map.copyOf(all);
    }

    Endpoints withoutPushedAuthorization() {
        var left = new TreeMap<>(byName);
        left.remove("pushed-authorization");
        return new Endpoints(Map.copyOf(left), api);
    }

    /** Moves all to another server, with their paths and queries. */
    public Endpoints at(URI mirror) {
        var moved = new TreeMap<String, URI>();
        byName.forEach((name, url) -> moved.put(name, URI.create(mirror + pathAndQuery(url))));
        return new Endpoints(
                Map.copyOf(moved),
                api.stream()
                        .map(base -> URI.create(mirror + base.getRawPath()))
                        .distinct()
                        .toList());
    }

    /** Path and query of a target, without the API's own path. */
    public String apiPath(URI target) {
        String address = target.toString();
        return api.stream()
                .map(URI::toString)
                .filter(base -> address.startsWith(base + "/"))
                .findFirst()
                .map(base -> address.substring(base.length()))
                .orElseGet(() -> pathAndQuery(target));
    }

    private static String pathAndQuery(URI url) {
        return url.getRawQuery() == null ? url.getRawPath() : url.getRawPath() + "?" + url.getRawQuery();
    }

    public @Nullable URI authorization() {
        return byName.get("authorization");
    }

    public @Nullable URI token() {
        return byName.get("token");
    }

    public @Nullable URI account() {
        return byName.get("account");
    }

    /** RFC 7009, or the provider's own. */
    public @Nullable URI revocation() {
        return byName.get("revocation");
    }

    public @Nullable URI permissions() {
        return byName.get("permissions");
    }

    public @Nullable URI providerTokens() {
        return byName.get("secondary-tokens");
    }

    /** RFC 7662. */
    public @Nullable URI introspection() {
        return byName.get("introspection");
    }

    /** The provider's own way to describe a token, which is a parameter of the call. */
    public @Nullable URI verification() {
        return byName.get("verification");
    }

    /** RFC 9126. */
    public @Nullable URI pushedAuthorization() {
        return byName.get("pushed-authorization");
    }

    /** The keys that sign ID tokens (RFC 7517). */
    public @Nullable URI jwks() {
        return byName.get("jwks");
    }
}
