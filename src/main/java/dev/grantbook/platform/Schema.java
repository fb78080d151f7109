package dev.grantbook.platform;

import dev.harrel.jsonschema.Error;
import dev.harrel.jsonschema.Validator;
import dev.harrel.jsonschema.ValidatorFactory;
import dev.harrel.jsonschema.providers.JakartaJsonNode;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.net.URI;
import java.util.List;
import java.util.Set;

/** A JSON Schema (draft 2020-12) that says what is wrong in words for the person who wrote the value. */
public final class Schema {

    /** Keywords that only wrap the error of another keyword, which says it better. */
    private static final Set<String> WRAPPERS =
            Set.of("$ref", "properties", "items", "additionalProperties", "allOf", "patternProperties", "$dynamicRef");

    private final Validator validator;
    private final URI uri;

    public Schema(URI uri, JsonObject document) {
        validator = new ValidatorFactory()
                .withJsonNodeFactory(new JakartaJsonNode.Factory())
                .createValidator();
        this.uri = validator.registerSchema(uri, (Object) document);
    }

    /**
     * One fault in a document.
     *
     * @param pointer where it is (RFC 6901); empty for the document itself
     * @param message why it is wrong and what would be right
     */
    public record Violation(String pointer, String message) {

        /** The dotted form people read, {@code features.0}; "body" for the document itself. */
        public String field() {
            return pointer.isEmpty() ? "body" : unescape(pointer.substring(1).replace('/', '.'));
        }
    }

    public List<Violation> violations(JsonValue document) {
        return violations(document, "");
    }

    /** Checks against the part of this schema that the pointer leads to, {@code /$defs/AccessRequest}. */
    public List<Violation> violations(JsonValue document, String part) {
        var result = validator.validate(part.isEmpty() ? uri : URI.create(uri + "#" + part), (Object) document);
        return result.isValid()
                ? List.of()
                : result.getErrors().stream()
                        .filter(Schema::tellsSomething)
                        .map(Schema::violation)
                        .distinct()
                        .toList();
    }

    private static boolean tellsSomething(Error error) {
        return error.getKeyword() == null || !WRAPPERS.contains(error.getKeyword());
    }

    private static Violation violation(Error error) {
        // A closed object is written with additionalProperties: false, which fails at the unknown key itself.
        if (error.getKeyword() == null || error.getError().equals("False schema always fails")) {
            String key = error.getInstanceLocation()
                    .substring(error.getInstanceLocation().lastIndexOf('/') + 1);
            return new Violation(error.getInstanceLocation(), "unknown key \"" + unescape(key) + "\"");
        }
        return new Violation(error.getInstanceLocation(), error.getError());
    }

    private static String unescape(String token) {
        return token.replace("~1", "/").replace("~0", "~");
    }
}
