package dev.grantbook.platform.json;

import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonPointer;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import jakarta.json.stream.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackReader;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;

/** Makes JSON with one cached provider; {@link jakarta.json.Json} searches the class path for one at each call. */
public final class Json {

    private static final JsonProvider PROVIDER = JsonProvider.provider();

    private static final char BYTE_ORDER_MARK = '\ufeff';

    private Json() {}

    public static JsonObjectBuilder createObjectBuilder() {
        return PROVIDER.createObjectBuilder();
    }

    /** @param members texts, numbers, booleans, JSON values, and maps and collections of them */
    public static JsonObjectBuilder createObjectBuilder(Map<String, ?> members) {
        return PROVIDER.createObjectBuilder(members);
    }

    public static JsonArrayBuilder createArrayBuilder() {
        return PROVIDER.createArrayBuilder();
    }

    public static JsonArrayBuilder createArrayBuilder(Collection<?> values) {
        return PROVIDER.createArrayBuilder(values);
    }

    public static JsonReader createReader(InputStream text) {
        return PROVIDER.createReader(text);
    }

    public static JsonParser createParser(Reader text) {
        return PROVIDER.createParser(afterMark(text));
    }

    /** @throws RuntimeException of any type when the text is no JSON; its message may quote the text */
    public static JsonValue readValue(String text) {
        try (var reader = PROVIDER.createReader(afterMark(new StringReader(text)))) {
            return reader.readValue();
        }
    }

    /** Reads an object like {@link #readValue}. */
    public static JsonObject readObject(String text) {
        return readValue(text).asJsonObject();
    }

    /** @param name of a resource of the class path, with a slash in front */
    public static JsonObject readResource(String name) {
        try (var reader = createReader(Objects.requireNonNull(Json.class.getResourceAsStream(name), name))) {
            return reader.readObject();
        }
    }

    /** Skips a byte order mark, which some writers put before JSON (RFC 8259 section 8.1). */
    private static Reader afterMark(Reader text) {
        try {
            var marked = new PushbackReader(text);
            int first = marked.read();
            if (first >= 0 && first != BYTE_ORDER_MARK) {
                marked.unread(first);
            }
            return marked;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static JsonString createValue(String text) {
        return PROVIDER.createValue(text);
    }

    public static JsonNumber createValue(long number) {
        return PROVIDER.createValue(number);
    }

    public static JsonNumber createValue(BigDecimal number) {
        return PROVIDER.createValue(number);
    }

    /** @throws jakarta.json.JsonException when it is no JSON Pointer (RFC 6901) */
    public static JsonPointer createPointer(String pointer) {
        return PROVIDER.createPointer(pointer);
    }

    public static String encodePointer(String name) {
        return jakarta.json.Json.encodePointer(name);
    }

    public static String decodePointer(String part) {
        return jakarta.json.Json.decodePointer(part);
    }
}
