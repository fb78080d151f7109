package dev.grantbook.platform.json;

import dev.harrel.jsonschema.Error;
import dev.harrel.jsonschema.Evaluator;
import dev.harrel.jsonschema.EvaluatorFactory;
import dev.harrel.jsonschema.JsonNode;
import dev.harrel.jsonschema.Validator;
import dev.harrel.jsonschema.ValidatorFactory;
import dev.harrel.jsonschema.providers.JakartaJsonNode;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A JSON Schema (draft 2020-12) whose violations are worded for the author of the document. */
public final class Schema {

    /** Keywords that only repeat another keyword's error, less clearly. */
    private static final Set<String> WRAPPERS =
            Set.of("$ref", "properties", "items", "additionalProperties", "allOf", "patternProperties", "$dynamicRef");

    private static final Pattern MISSING = Pattern.compile("[\\[ ]([^\\[\\], ]+)[,\\]]");
    private static final Pattern QUOTED = Pattern.compile("(?s)\"(.*)\" ((?:is|does) .*)");
    private static final Pattern TYPES = Pattern.compile("Value is \\[(.*)] but should be \\[*(.*?)]*");

    private final Validator validator;
    private final URI uri;

    /** @param others documents with an {@code $id} that this one refers to */
    public Schema(URI uri, JsonObject document, JsonObject... others) {
        validator = new ValidatorFactory()
                .withJsonNodeFactory(new JakartaJsonNode.Factory())
                .withEvaluatorFactory(new EvaluatorFactory.Builder()
                        .withKeyword("maxLength", Schema::longest)
                        .build())
                .createValidator();
        Stream.of(others).forEach(other -> validator.registerSchema((Object) other));
        this.uri = validator.registerSchema(uri, (Object) document);
    }

    /** Counts UTF-16 units, as Java and H2's columns do: what passes fits into its column. */
    private static Evaluator longest(JsonNode limit) {
        int longest = limit.asInteger().intValueExact();
        return (context, value) -> !value.isString() || value.asString().length() <= longest
                ? Evaluator.Result.success()
                : Evaluator.Result.failure("is longer than " + longest + " characters");
    }

    /** A violation at a pointer (RFC 6901), empty for the document itself; the message says what would be right. */
    public record Violation(String pointer, String message) {

        /** The pointer in dotted form, {@code features.0}; "body" for the document itself. */
        public String field() {
            return pointer.isEmpty()
                    ? "body"
                    : Json.decodePointer(pointer.substring(1).replace('/', '.'));
        }
    }

    public List<Violation> violations(JsonValue document) {
        return violations(document, "");
    }

    /** Checks against the part of this schema at the pointer, {@code /$defs/AccessRequest}. */
    public List<Violation> violations(JsonValue document, String part) {
        var result = validator.validate(part.isEmpty() ? uri : URI.create(uri + "#" + part), (Object) document);
        return result.isValid()
                ? List.of()
                : result.getErrors().stream()
                        .filter(Schema::tellsSomething)
                        .flatMap(Schema::faults)
                        .distinct()
                        .toList();
    }

    private static boolean tellsSomething(Error error) {
        return error.getKeyword() == null || !WRAPPERS.contains(error.getKeyword());
    }

    /** Rewords an error: the validator's messages quote the value, which may be long or secret. */
    private static Stream<Violation> faults(Error error) {
        String at = error.getInstanceLocation();
        // A closed object is written with additionalProperties: false, which fails at the unknown key itself.
        if (error.getKeyword() == null || error.getError().equals("False schema always fails")) {
            return Stream.of(new Violation(
                    at, "unknown key \"" + Json.decodePointer(at.substring(at.lastIndexOf('/') + 1)) + "\""));
        }
        if (error.getKeyword().equals("required")) {
            return MISSING.matcher(error.getError())
                    .results()
                    .map(name -> new Violation(at + "/" + Json.encodePointer(name.group(1)), "missing"));
        }
        Matcher quoted = QUOTED.matcher(error.getError());
        String value = quoted.matches() ? quoted.group(1) : "";
        String message = quoted.matches() ? quoted.group(2) : error.getError();
        boolean key = error.getEvaluationPath().contains("/propertyNames");
        return Stream.of(new Violation(at, (key ? "the key \"" + value + "\" " : "") + sentence(error, message)));
    }

    private static String sentence(Error error, String message) {
        String number = message.replaceAll("[^0-9]+", "");
        return switch (error.getKeyword()) {
            case "type" -> type(message);
            case "pattern" ->
                "does not have the form that is wanted" + message.replaceFirst(".*expression \\[(.*)]$", ": $1");
            case "minLength", "minItems", "minProperties" -> number.equals("1") ? "must not be empty" : message;
            case "maxItems" -> "has more than " + number + " items";
            case "enum" -> message.replaceFirst("^Expected any of \\[*(.*?)]*$", "must be one of $1");
            case "anyOf" -> "has no form that is wanted here";
            default -> message;
        };
    }

    private static String type(String message) {
        Matcher types = TYPES.matcher(message);
        return types.matches() ? "must be of type " + types.group(2) + ", not " + types.group(1) : message;
    }
}
