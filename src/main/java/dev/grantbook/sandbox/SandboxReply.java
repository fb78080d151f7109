package dev.grantbook.sandbox;

import dev.grantbook.platform.json.Json;
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
public record SandboxReply(int status, String type, String body, Map<String, String> headers) {

    /** An emulated provider says no to a program, in its own words. */
    public static final class Refusal extends RuntimeException {

        private final transient SandboxReply answer;

        public Refusal(SandboxReply answer) {
            super("refused with " + answer.status());
            this.answer = answer;
        }

        public SandboxReply answer() {
            return answer;
        }
    }

    public static SandboxReply of(int status, JsonStructure body) {
        return new SandboxReply(status, "application/json", body.toString(), Map.of());
    }

    public static SandboxReply ok(JsonStructure body) {
        return of(200, body);
    }

    public static SandboxReply empty(int status) {
        return new SandboxReply(status, "text/plain", "", Map.of());
    }

    /** RFC 6749 section 5.2. */
    public static SandboxReply error(int status, String error, String description) {
        return of(
                status,
                Json.createObjectBuilder()
                        .add("error", error)
                        .add("error_description", description)
                        .build());
    }

    public static SandboxReply notFound() {
        return of(404, Json.createObjectBuilder().add("message", "Not Found").build());
    }

    public SandboxReply with(String header, String value) {
        var more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new SandboxReply(status, type, body, more);
    }

    /** To throw from further inside. */
    public Refusal refusal() {
        return new Refusal(this);
    }

    /** Shorthand for {@code {name: value}}. */
    public static JsonObject object(String name, String value) {
        return Json.createObjectBuilder().add(name, value).build();
    }
}
