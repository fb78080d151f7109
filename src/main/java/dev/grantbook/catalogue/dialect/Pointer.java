package dev.grantbook.catalogue.dialect;

import dev.grantbook.platform.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonStructure;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where something is in a provider's reply (RFC 6901).
 *
 * @param text empty for the reply itself
 */
public record Pointer(String text) {

    public static final Pointer WHOLE = new Pointer("");

    /** Empty when it leads nowhere (section 7), or to null. */
    public Optional<JsonValue> in(JsonStructure reply) {
        if (text.isEmpty()) {
            return Optional.of(reply);
        }
        try {
            return Optional.of(Json.createPointer(text).getValue(reply)).filter(value -> value != JsonValue.NULL);
        } catch (JsonException e) {
            return Optional.empty();
        }
    }

    public Optional<JsonObject> object(JsonStructure reply) {
        return in(reply).filter(JsonObject.class::isInstance).map(JsonValue::asJsonObject);
    }

    /** The members of a list that are objects. */
    public List<JsonObject> objects(JsonStructure reply) {
        return in(reply).filter(value -> value.getValueType() == JsonValue.ValueType.ARRAY).stream()
                .flatMap(list -> list.asJsonArray().stream())
                .filter(JsonObject.class::isInstance)
                .map(JsonValue::asJsonObject)
                .toList();
    }

    /** A string or a number as text; null for anything else. */
    public @Nullable String scalar(JsonStructure reply) {
        return in(reply).map(Pointer::scalar).orElse(null);
    }

    public static @Nullable String scalar(JsonValue value) {
        if (value instanceof JsonString text) {
            return text.getString();
        }
        return value instanceof JsonNumber number ? number.toString() : null;
    }
}
