package dev.grantbook.sandbox;

import dev.grantbook.platform.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonStructure;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An emulated provider's response to a call.
 *
 * @param type of the body, as in {@code Content-Type}
 * @param headers beside {@code Content-Type} and {@code Cache-Control: no-store}, which every response has
 */
public record SandboxReply(int status, String type, String body, Map<String, String> headers) {

    /** Ends a call with a response from further inside. */
    public static final class Refusal extends RuntimeException {

        private final transient SandboxReply answer;

        private Refusal(SandboxReply answer) {
            super("refused with " + answer.status());
            this.answer = answer;
        }

        public SandboxReply answer() {
            return answer;
        }
    }

    /** @param members texts, numbers, booleans, JSON values, and maps and collections of them */
    public static SandboxReply of(int status, Map<String, ?> members) {
        return of(status, Json.createObjectBuilder(members));
    }

    public static SandboxReply of(int status, JsonObjectBuilder members) {
        return write(status, members.build());
    }

    public static SandboxReply ok(Map<String, ?> members) {
        return of(200, members);
    }

    public static SandboxReply ok(JsonObjectBuilder members) {
        return of(200, members);
    }

    public static SandboxReply ok(JsonArrayBuilder elements) {
        return write(200, elements.build());
    }

    private static SandboxReply write(int status, JsonStructure body) {
        return new SandboxReply(status, "application/json", body.toString(), Map.of());
    }

    public static SandboxReply empty(int status) {
        return new SandboxReply(status, "text/plain", "", Map.of());
    }

    /** RFC 6749 section 5.2. */
    public static SandboxReply error(int status, String error, String description) {
        return of(status, Map.of("error", error, "error_description", description));
    }

    public static SandboxReply notFound() {
        return of(404, Map.of("message", "Not Found"));
    }

    public SandboxReply with(String header, String value) {
        var more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new SandboxReply(status, type, body, more);
    }

    public Refusal refusal() {
        return new Refusal(this);
    }
}
