package dev.grantbook.platform.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.grantbook.platform.json.Schema.Violation;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.net.URI;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a person reads who sent or wrote a wrong value. */
class SchemaTest {

    private static final Schema SCHEMA =
            new Schema(URI.create("urn:test"), json("""
                            {"$defs": {"Order": {
                              "type": "object",
                              "required": ["connector", "subject"],
                              "additionalProperties": false,
                              "properties": {
                                "connector": {"type": "string", "minLength": 1, "maxLength": 10},
                                "subject": {"type": "string", "pattern": "^[a-z ]+$"},
                                "code": {"type": "string", "minLength": 3},
                                "limit": {"type": "integer"},
                                "note": {"type": ["string", "null"]},
                                "locale": {"enum": ["en", "zh"]},
                                "features": {"type": "array", "minItems": 1, "maxItems": 2,
                                             "items": {"$ref": "#/$defs/Feature"}},
                                "texts": {"type": "object", "minProperties": 1,
                                          "propertyNames": {"pattern": "^[a-z]{2}$"},
                                          "additionalProperties": {"type": "string"}}
                              }},
                              "Feature": {"type": "string", "maxLength": 5}}}""").asJsonObject());

    static Stream<Arguments> faults() {
        return Stream.of(
                arguments("\"limit\": \"5\"", "limit", "must be of type integer, not string"),
                arguments("\"limit\": 5.5", "limit", "must be of type integer, not number"),
                arguments("\"note\": 5", "note", "must be of type string, null, not integer"),
                arguments("\"features\": \"a\"", "features", "must be of type array, not string"),
                arguments("\"features\": [\"a\", 7]", "features.1", "must be of type string, not integer"),
                arguments("\"features\": [\"abcdef\"]", "features.0", "is longer than 5 characters"),
                arguments("\"features\": [\"😀😀😀\"]", "features.0", "is longer than 5 characters"),
                arguments("\"features\": []", "features", "must not be empty"),
                arguments("\"features\": [\"a\", \"b\", \"c\"]", "features", "has more than 2 items"),
                arguments("\"code\": \"ab\"", "code", "is shorter than 3 characters"),
                arguments("\"locale\": \"fr\"", "locale", "must be one of en, zh"),
                arguments("\"texts\": {}", "texts", "must not be empty"),
                arguments(
                        "\"texts\": {\"eng\": \"x\"}",
                        "texts",
                        "the key \"eng\" does not have the form that is wanted: ^[a-z]{2}$"),
                arguments("\"lokale\": \"en\"", "lokale", "unknown key \"lokale\""),
                arguments("\"a/b~c\": 1", "a/b~c", "unknown key \"a/b~c\""));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void saysWhatWouldBeRight(String property, String field, String message) {
        var violations = SCHEMA.violations(
                json("{\"connector\": \"bot\", \"subject\": \"alice\", " + property + "}"), "/$defs/Order");

        assertThat(violations).singleElement().returns(field, Violation::field).returns(message, Violation::message);
    }

    @Test
    void takesWhatIsRight() {
        JsonValue right = json("""
                {"connector": "bot", "subject": "alice", "limit": 5, "note": null, "locale": "zh", "features": ["a"]}""");

        assertThat(SCHEMA.violations(right, "/$defs/Order")).isEmpty();
    }

    @Test
    void namesEachMissingKey() {
        assertThat(SCHEMA.violations(JsonValue.EMPTY_JSON_OBJECT, "/$defs/Order"))
                .containsExactlyInAnyOrder(
                        new Violation("/connector", "missing"), new Violation("/subject", "missing"));
    }

    @Test
    void tellsEveryFaultAtOnce() {
        assertThat(SCHEMA.violations(json("{\"connector\": \"\", \"subject\": \"ALICE\"}"), "/$defs/Order"))
                .containsExactlyInAnyOrder(
                        new Violation("/connector", "must not be empty"),
                        new Violation("/subject", "does not have the form that is wanted: ^[a-z ]+$"));
    }

    @Test
    void doesNotRepeatALongOrSecretValue() {
        String value = "swordfish\" is \n".repeat(1000);
        JsonObject request = Json.createObjectBuilder()
                .add("connector", value)
                .add("subject", value)
                .build();

        assertThat(SCHEMA.violations(request, "/$defs/Order"))
                .hasSize(2)
                .allSatisfy(violation -> assertThat(violation.message())
                        .doesNotContain("swordfish")
                        .hasSizeLessThan(100));
    }

    @Test
    void callsTheWholeDocumentTheBody() {
        assertThat(SCHEMA.violations(JsonValue.EMPTY_JSON_ARRAY, "/$defs/Order"))
                .containsExactly(new Violation("", "must be of type object, not array"))
                .first()
                .returns("body", Violation::field);
    }

    private static JsonValue json(String text) {
        try (var reader = Json.createReader(new StringReader(text))) {
            return reader.readValue();
        }
    }
}
