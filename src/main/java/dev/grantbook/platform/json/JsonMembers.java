package dev.grantbook.platform.json;

import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads members that may be missing from an object that has passed its schema. */
public final class JsonMembers {

    private JsonMembers() {}

    /** The empty object when it is missing. */
    public static JsonObject object(JsonObject json, String name) {
        return json.containsKey(name) ? json.getJsonObject(name) : JsonValue.EMPTY_JSON_OBJECT;
    }

    public static List<JsonObject> objects(JsonObject json, String name) {
        return json.containsKey(name) ? json.getJsonArray(name).getValuesAs(JsonObject.class) : List.of();
    }

    public static List<String> texts(JsonObject json, String name) {
        return json.containsKey(name) ? json.getJsonArray(name).getValuesAs(JsonString::getString) : List.of();
    }

    /** The members of an object whose values are texts, in its order. */
    public static Map<String, String> textsByName(JsonObject json, String name) {
        var texts = new LinkedHashMap<String, String>();
        object(json, name).forEach((key, value) -> texts.put(key, ((JsonString) value).getString()));
        return texts;
    }

    /** The constant that a text names in lower case, with hyphens: {@code private-key-jwt}. */
    public static <E extends Enum<E>> E constant(JsonObject json, String name, E usual) {
        E named = constant(json, name, usual.getDeclaringClass());
        return named == null ? usual : named;
    }

    public static <E extends Enum<E>> @Nullable E constant(JsonObject json, String name, Class<E> type) {
        return json.containsKey(name) ? constant(type, json.getString(name)) : null;
    }

    public static <E extends Enum<E>> E constant(Class<E> type, String text) {
        return Enum.valueOf(type, text.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
