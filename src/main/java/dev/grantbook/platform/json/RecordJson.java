package dev.grantbook.platform.json;

import dev.grantbook.id.TypedId;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.net.URI;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes records as the API's JSON: one member per component, in their order, named in snake_case; null is left out. A
 * {@link Secret} is written in clear: only records made for its receiver may have one.
 */
public final class RecordJson {

    /** Writes the members of a component, a record, in its place. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.RECORD_COMPONENT)
    public @interface Unwrapped {}

    /** Names a member whose name cannot be a component's. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.RECORD_COMPONENT)
    public @interface Name {
        String value();
    }

    private record Member(String name, Method accessor, boolean unwrapped) {

        static Member of(RecordComponent component) {
            Method accessor = component.getAccessor();
            accessor.setAccessible(true);
            Name name = component.getAnnotation(Name.class);
            return new Member(
                    name == null ? snakeCase(component.getName()) : name.value(),
                    accessor,
                    component.isAnnotationPresent(Unwrapped.class));
        }

        private static String snakeCase(String name) {
            return name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
        }

        @Nullable
        Object of(Record all) {
            try {
                return accessor.invoke(all);
            } catch (IllegalAccessException | InvocationTargetException e) {
                throw new IllegalStateException("the accessor " + accessor + " fails", e);
            }
        }
    }

    private static final ClassValue<List<Member>> MEMBERS = new ClassValue<>() {
        @Override
        protected List<Member> computeValue(Class<?> type) {
            return Arrays.stream(type.getRecordComponents()).map(Member::of).toList();
        }
    };

    private RecordJson() {}

    /** Writes the members of all parts into one object; null parts are left out. */
    public static JsonObject write(@Nullable Record... parts) {
        var json = Json.createObjectBuilder();
        for (Record part : parts) {
            if (part != null) {
                write(part, json::add);
            }
        }
        return json.build();
    }

    public static JsonArray array(Collection<?> values) {
        var array = Json.createArrayBuilder();
        values.forEach(value -> array.add(value(value)));
        return array.build();
    }

    private static void write(Record part, BiConsumer<String, JsonValue> json) {
        for (Member member : MEMBERS.get(part.getClass())) {
            Object value = member.of(part);
            if (value != null && member.unwrapped()) {
                write((Record) value, json);
            } else if (value != null) {
                json.accept(member.name(), value(value));
            }
        }
    }

    private static JsonValue value(Object value) {
        if (value instanceof JsonValue json) {
            return json;
        }
        if (value instanceof Boolean flag) {
            return flag ? JsonValue.TRUE : JsonValue.FALSE;
        }
        if (value instanceof Integer || value instanceof Long) {
            return Json.createValue(((Number) value).longValue());
        }
        if (value instanceof Collection<?> values) {
            return array(values);
        }
        if (value instanceof Scopes scopes) {
            return array(scopes.tokens());
        }
        if (value instanceof Record part && !(value instanceof Secret) && !(value instanceof TypedId)) {
            return write(part);
        }
        return Json.createValue(text(value));
    }

    private static String text(Object value) {
        if (value instanceof Secret secret) {
            return secret.value();
        }
        if (value instanceof Enum<?> constant) {
            return constant.name().toLowerCase(Locale.ROOT);
        }
        if (value instanceof Locale locale) {
            return locale.toLanguageTag();
        }
        if (value instanceof String || value instanceof TypedId || value instanceof Instant || value instanceof URI) {
            return value.toString();
        }
        throw new IllegalArgumentException(
                "no JSON is known for " + value.getClass().getName());
    }
}
