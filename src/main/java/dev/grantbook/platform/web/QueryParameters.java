package dev.grantbook.platform.web;

import dev.grantbook.id.TypedId;
import dev.grantbook.oauth.Percent;
import dev.grantbook.platform.problem.Problem;
import dev.grantbook.platform.problem.Problem.ProblemException;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the query of a request strictly: an unknown parameter is an error. */
public final class QueryParameters {

    /** Characters of the longest value. */
    public static final int LONGEST = 2000;

    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,6}");

    private final UriInfo uri;

    /** @throws ProblemException 400 for a parameter that is unknown, too long, malformed or has control characters */
    public QueryParameters(UriInfo uri, Set<String> known) {
        this.uri = uri;
        // Servers replace what they cannot decode.
        uri.getQueryParameters(false).forEach((name, values) -> values.forEach(value -> checkEncoding(name, value)));
        uri.getQueryParameters().forEach((name, values) -> {
            if (!known.contains(name)) {
                throw Problem.field(
                                name,
                                "unknown parameter; known are "
                                        + String.join(
                                                ", ", known.stream().sorted().toList()))
                        .exception();
            }
            for (String value : values) {
                if (value.chars().anyMatch(Character::isISOControl)) {
                    throw Problem.field(name, "holds a control character").exception();
                }
                if (value.length() > LONGEST) {
                    throw Problem.field(name, "longer than " + LONGEST + " characters")
                            .exception();
                }
            }
        });
    }

    private static void checkEncoding(String name, String value) {
        try {
            Percent.decode(value);
        } catch (IllegalArgumentException e) {
            throw Problem.field(name, "must be percent-encoded UTF-8").exception();
        }
    }

    /** Returns the value; null when absent or empty. */
    public @Nullable String get(String name) {
        List<String> values = all(name);
        if (values.size() > 1) {
            throw Problem.field(name, "given more than once").exception();
        }
        return values.isEmpty() || values.get(0).isEmpty() ? null : values.get(0);
    }

    /**
     * The id that the value is, or null when absent or empty.
     *
     * @throws ProblemException 400 for what no id can be
     */
    public <T extends TypedId> @Nullable T get(String name, Function<String, T> type) {
        String text = get(name);
        try {
            return text == null ? null : type.apply(text);
        } catch (IllegalArgumentException e) {
            throw Problem.field(name, Objects.requireNonNull(e.getMessage())).exception();
        }
    }

    /** Reads a number from 1 to {@code most}. */
    public int number(String name, int usual, int most) {
        String text = get(name);
        if (text == null) {
            return usual;
        }
        int number = NUMBER.matcher(text).matches() ? Integer.parseInt(text) : 0;
        if (number < 1 || number > most) {
            throw Problem.field(name, "must be a number from 1 to " + most).exception();
        }
        return number;
    }

    public List<String> all(String name) {
        List<String> values = uri.getQueryParameters().get(name);
        return values == null ? List.of() : values;
    }
}
