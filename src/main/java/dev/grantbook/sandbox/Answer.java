package dev.grantbook.sandbox;

import dev.grantbook.platform.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonStructure;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What an emulated provider answers to a program.
 *
 * @param type of the body, as in {@code Content-Type}
 * @param headers beside {@code Content-Type} and {@code Cache-Control: no-store}, which is always there
 */
record Answer(int status, String type, String body, Map<String, String> headers) {

    static Answer of(int status, JsonStructure body) {
        return new Answer(status, "application/json", body.toString(), Map.of());
    }

    static Answer ok(JsonStructure body) {
        return of(200, body);
    }

    static Answer empty(int status) {
        return new Answer(status, "text/plain", "", Map.of());
    }

    /** RFC 6749 section 5.2. */
    static Answer error(int status, String error, String description) {
        return of(
                status,
                Json.createObjectBuilder()
                        .add("error", error)
                        .add("error_description", description)
                        .build());
    }

    static Answer notFound() {
        return of(404, Json.createObjectBuilder().add("message", "Not Found").build());
    }

    Answer with(String header, String value) {
        var more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Answer(status, type, body, more);
    }

    /** To throw from further inside. */
    Refusal refusal() {
        return new Refusal(this);
    }

    /** Shorthand for {@code {name: value}}. */
    static JsonObject object(String name, String value) {
        return Json.createObjectBuilder().add(name, value).build();
    }
}
