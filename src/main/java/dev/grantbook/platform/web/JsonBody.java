package dev.grantbook.platform.web;

import dev.grantbook.platform.json.Json;
import dev.grantbook.platform.json.Schema;
import dev.grantbook.platform.problem.Problem;
import dev.grantbook.platform.problem.Problem.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import jakarta.json.stream.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Reads JSON bodies, and refuses what the OpenAPI document does not describe: published schemas are enforced. */
@ApplicationScoped
public class JsonBody {

    private static final String SCHEMAS = "#/components/schemas/";

    private final Schema schemas = schemas();

    /**
     * Reads a body of 64 KiB at most by a schema of the OpenAPI document.
     *
     * @throws ProblemException 400 naming the field at fault, 413 for too many bytes
     */
    public JsonObject read(InputStream body, String schema) throws IOException {
        return read(body, schema, RequestBody.SMALL);
    }

    /** Reads a body of so many bytes at most. */
    public JsonObject read(InputStream body, String schema, int limit) throws IOException {
        byte[] bytes = RequestBody.read(body, limit);
        JsonValue value;
        try (JsonParser parser = Json.createParser(new StringReader(utf8(bytes)))) {
            parser.next();
            value = parser.getValue();
            while (parser.hasNext()) {
                parser.next();
            }
        } catch (RuntimeException e) {
            // Parsers report their limits (depth, digits) by exceptions of any type, and their messages may quote the
            // body.
            throw Problem.field("body", "not well-formed JSON").exception();
        }
        return check(value, schema);
    }

    /** @throws ProblemException 400 naming the field that violates the schema */
    public JsonObject check(JsonValue value, String schema) {
        var violations = schemas.violations(value, "/$defs/" + schema);
        if (!violations.isEmpty()) {
            throw Problem.fields(violations.stream()
                            .map(violation -> new Problem.FieldFault(violation.field(), violation.message()))
                            .toList())
                    .exception();
        }
        return value.asJsonObject();
    }

    /** Decodes UTF-8, as RFC 8259 section 8.1 requires. */
    private static String utf8(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw Problem.field("body", "not UTF-8").exception();
        }
    }

    private static Schema schemas() {
        JsonObject all = OpenApiDocument.read().getJsonObject("components").getJsonObject("schemas");
        String defs = all.toString().replace(SCHEMAS, "#/$defs/");
        return new Schema(
                URI.create("urn:grantbook:requests"),
                Json.createObjectBuilder().add("$defs", Json.readObject(defs)).build());
    }
}
