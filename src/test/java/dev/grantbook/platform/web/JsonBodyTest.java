package dev.grantbook.platform.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.grantbook.platform.json.Json;
import dev.grantbook.platform.problem.Problem;
import dev.grantbook.platform.problem.Problem.FieldFault;
import dev.grantbook.platform.problem.Problem.ProblemException;
import jakarta.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every wrong body is refused with 400 or 413 and the field at fault; none gets as far as the application. */
class JsonBodyTest {

    private static final JsonBody BODIES = new JsonBody();

    static Stream<Arguments> faults() {
        return Stream.of(
                arguments("{}", "connector", "missing"),
                arguments("{\"connector\":\"a\"}", "subject", "missing"),
                arguments("[]", "body", "must be of type object, not array"),
                arguments("7", "body", "must be of type object, not integer"),
                arguments("null", "body", "must be of type object, not null"),
                arguments(request("\"connector\":7"), "connector", "must be of type string, not integer"),
                arguments(
                        request("\"connector\":\"" + "a".repeat(64) + "\""),
                        "connector",
                        "is longer than 63 characters"),
                arguments(request("\"connector\":\"a\\u0000\""), "connector", "does not have the form"),
                arguments(request("\"subject\":\"\""), "subject", "must not be empty"),
                arguments(
                        request("\"subject\":\"" + "a".repeat(256) + "\""), "subject", "is longer than 255 characters"),
                arguments(request("\"subject\":\"a\\u0000b\""), "subject", "does not have the form"),
                arguments(request("\"subject\":\"a\\nb\""), "subject", "does not have the form"),
                arguments(request("\"subject\":\"\\ud800\""), "subject", "does not have the form"),
                arguments(request("\"account\":\"a\\u0000b\""), "account", "does not have the form"),
                arguments(request("\"account\":\"\\udc00\""), "account", "does not have the form"),
                arguments(request("\"account\":null"), "account", "must be of type string, not null"),
                arguments(request("\"features\":\"portfolio\""), "features", "must be of type array, not string"),
                arguments(request("\"features\":[7]"), "features.0", "must be of type string, not integer"),
                arguments(request("\"features\":[\"a\",\"\"]"), "features.1", "must not be empty"),
                arguments(
                        request("\"features\":[" + "\"a\",".repeat(50) + "\"a\"]"),
                        "features",
                        "has more than 50 items"),
                arguments(request("\"scopes\":[\"a b\"]"), "scopes.0", "does not have the form"),
                arguments(request("\"scopes\":[\"\"]"), "scopes.0", "does not have the form"),
                arguments(
                        request("\"return_to\":\"" + "a".repeat(2001) + "\""),
                        "return_to",
                        "is longer than 2000 characters"),
                arguments(request("\"locale\":\"english\""), "locale", "does not have the form"),
                arguments(request("\"scope\":\"a\""), "scope", "unknown key \"scope\""),
                arguments("{\"connector\":\"a\"", "body", "not well-formed JSON"),
                arguments("", "body", "not well-formed JSON"),
                arguments("{\"connector\":\"a\"} x", "body", "not well-formed JSON"),
                arguments("connector=a&subject=b", "body", "not well-formed JSON"),
                arguments("[".repeat(60_000), "body", "not well-formed JSON"),
                arguments(request("\"limit\":" + "9".repeat(5000)), "body", "not well-formed JSON"),
                arguments("{\"a\":1,\"a\":2}", "a", "unknown key"));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void namesTheFieldAtFault(String body, String field, String reason) {
        Problem problem = refusal(body.getBytes(StandardCharsets.UTF_8));

        assertThat(problem.status()).isEqualTo(400);
        assertThat(problem.faults())
                .anySatisfy(fault -> assertThat(fault)
                        .returns(field, FieldFault::field)
                        .extracting(FieldFault::reason)
                        .asString()
                        .startsWith(reason));
    }

    @Test
    void refusesMoreThan64Kibibytes() {
        assertThat(refusal((request("\"locale\":\"en\"") + " ".repeat(64 * 1024)).getBytes(StandardCharsets.UTF_8)))
                .returns(413, Problem::status)
                .extracting(Problem::detail)
                .asString()
                .contains("65536");
    }

    @ParameterizedTest
    @ValueSource(bytes = {(byte) 0xff, (byte) 0xc3, 0, '\n'})
    void refusesBytesThatAreNoText(byte strange) {
        byte[] body = request("\"subject\":\"a?b\"").getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < body.length; i++) {
            body[i] = body[i] == '?' ? strange : body[i];
        }

        assertThat(refusal(body).status()).isEqualTo(400);
    }

    @Test
    void readsARequestOfExactly64Kibibytes() {
        String body = request("\"subject\":\"爱丽丝\"");
        int padding = 64 * 1024 - body.getBytes(StandardCharsets.UTF_8).length;

        assertThat(read((body + " ".repeat(padding)).getBytes(StandardCharsets.UTF_8))
                        .getString("subject"))
                .isEqualTo("爱丽丝");
    }

    @ParameterizedTest
    @DisplayName("2.19 locale: zh_CN is taken from bots")
    @ValueSource(strings = {"zh_CN", "zh-CN", "zh_Hant_TW", "en"})
    void bothFormsOfALocaleAreTaken(String locale) {
        assertThat(read(request("\"locale\":\"" + locale + "\"").getBytes(StandardCharsets.UTF_8)))
                .containsKey("locale");
    }

    @Test
    @DisplayName("2.16 A byte order mark before a bot's JSON is passed over, and only there")
    void aByteOrderMarkIsPassedOver() {
        assertThat(read(("\ufeff" + request("\"locale\":\"en\"")).getBytes(StandardCharsets.UTF_8)))
                .containsKey("locale");
        assertThat(refusal("{\ufeff}".getBytes(StandardCharsets.UTF_8)).status())
                .isEqualTo(400);
        assertThat(refusal("\ufeff\ufeff{}".getBytes(StandardCharsets.UTF_8)).status())
                .isEqualTo(400);
    }

    @Test
    @DisplayName("2.16 A byte order mark before JSON that comes as bytes is passed over")
    void bytesMayBeginWithAByteOrderMark() {
        try (var reader =
                Json.createReader(new ByteArrayInputStream("\ufeff{\"a\":1}".getBytes(StandardCharsets.UTF_8)))) {
            assertThat(reader.readObject()).containsKey("a");
        }
    }

    private static Problem refusal(byte[] body) {
        return catchThrowableOfType(ProblemException.class, () -> read(body)).problem();
    }

    private static JsonObject read(byte[] body) {
        try {
            return BODIES.read(new ByteArrayInputStream(body), "AccessRequest");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A sound request with one property more, or one in place of its own. */
    private static String request(String property) {
        return "{\"connector\":\"a\",\"subject\":\"b\"," + property + "}";
    }
}
