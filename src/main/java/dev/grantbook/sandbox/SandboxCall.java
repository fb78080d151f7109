package dev.grantbook.sandbox;

import dev.grantbook.oauth.Parameters;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A program's call of an emulated provider.
 *
 * @param path behind the dialect's id, without a slash at its start
 * @param uri path and query, encoded as they came, with a slash at its start
 * @param headers by their names in lower case
 */
public record SandboxCall(
        String method, String path, Parameters query, String uri, Map<String, String> headers, String body) {

    private static final String FORM = "application/x-www-form-urlencoded";

    /** A call whose path and query need no encoding. */
    public SandboxCall(String method, String path, Parameters query, Map<String, String> headers, String body) {
        this(method, path, query, "/" + path + (query.encoded().isEmpty() ? "" : "?" + query.encoded()), headers, body);
    }

    /** Method and path, to switch over: {@code POST oauth/token}. */
    public String route() {
        return method + " " + path;
    }

    /** Empty when the header is absent. */
    public String header(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }

    /** The body as a form; empty when it is not one. */
    public Optional<Parameters> form() {
        try {
            return isOf(FORM) ? Optional.of(Parameters.parse(body)) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The body as a JSON object; empty when it is not one. */
    public Optional<JsonObject> json() {
        return isOf("application/json") ? readObject(body) : Optional.empty();
    }

    /** Parses a JSON object; empty when the text is not one. */
    public static Optional<JsonObject> readObject(String text) {
        try {
            return Optional.of(Json.readObject(text));
        } catch (RuntimeException e) {
            // The parser reports its limits by exceptions of any type, and its messages may quote the text.
            return Optional.empty();
        }
    }

    /** The body as a form, or as a JSON object whose values are texts; empty when it is neither. */
    public Optional<Parameters> formOrJson() {
        return form().or(() -> json().map(object -> {
            var parameters = new Parameters();
            object.forEach((name, value) -> {
                if (value instanceof JsonString text) {
                    parameters.with(name, text.getString());
                }
            });
            return parameters;
        }));
    }

    /** RFC 6750 section 2.1. */
    public Optional<Secret> bearer() {
        return readCredentials("bearer");
    }

    /** RFC 6749 section 2.3.1: both halves are form-encoded. */
    public Optional<ClientCredentials> basic() {
        return authorization("basic").flatMap(text -> {
            try {
                String pair = new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
                int colon = pair.indexOf(':');
                return colon < 1 || colon == pair.length() - 1
                        ? Optional.empty()
                        : Optional.of(new ClientCredentials(
                                URLDecoder.decode(pair.substring(0, colon), StandardCharsets.UTF_8),
                                new Secret(URLDecoder.decode(pair.substring(colon + 1), StandardCharsets.UTF_8))));
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        });
    }

    /** Client id and secret among the parameters of a form or a query. */
    public static Optional<ClientCredentials> credentials(Parameters parameters) {
        String id = parameters.get("client_id");
        return id == null || id.isEmpty()
                ? Optional.empty()
                : secret(parameters, "client_secret").map(secret -> new ClientCredentials(id, secret));
    }

    /** A code, a token or the like among the parameters; empty when it is not there. */
    public static Optional<Secret> secret(Parameters parameters, String name) {
        return Optional.ofNullable(parameters.get(name))
                .filter(text -> !text.isEmpty())
                .map(Secret::new);
    }

    /** The credentials of the header {@code Authorization} with this scheme. */
    public Optional<Secret> readCredentials(String scheme) {
        return authorization(scheme).map(Secret::new);
    }

    private Optional<String> authorization(String scheme) {
        String header = header("authorization");
        return header.regionMatches(true, 0, scheme + " ", 0, scheme.length() + 1)
                ? Optional.of(header.substring(scheme.length() + 1).strip()).filter(text -> !text.isEmpty())
                : Optional.empty();
    }

    private boolean isOf(String type) {
        return header("content-type")
                .toLowerCase(Locale.ROOT)
                .split(";", 2)[0]
                .strip()
                .equals(type);
    }

    /** Values may be secrets. */
    @Override
    public String toString() {
        return route();
    }
}
