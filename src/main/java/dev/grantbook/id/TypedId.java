package dev.grantbook.id;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** An id; its text form is the value. */
public sealed interface TypedId permits ConnectorId, GrantId, Subject {

    String value();

    /** The values, as queries bind them. */
    static List<String> values(Collection<? extends TypedId> ids) {
        return ids.stream().map(TypedId::value).toList();
    }

    /** Reads an id from a part of a request; empty without one, and for what no id can be. */
    static <T extends TypedId> Optional<T> parse(@Nullable String text, Function<String, T> type) {
        try {
            return Optional.ofNullable(text).map(type);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** @throws IllegalArgumentException when the value is empty or has more code points than that */
    static void check(String value, int longest) {
        if (value.isEmpty() || value.codePointCount(0, value.length()) > longest) {
            throw new IllegalArgumentException("must have 1 to " + longest + " characters");
        }
    }
}
