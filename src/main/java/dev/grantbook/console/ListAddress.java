package dev.grantbook.console;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads what the address of a list asks for, and makes the addresses of the list's other pages. An address carries the
 * filters, so that a list can be kept and shared.
 */
public final class ListAddress {

    private static final String AFTER = "after";

    private final Map<String, String> parameters;
    private final String path;
    private final Map<String, String> asked = new LinkedHashMap<>();
    private final List<String> ignored = new ArrayList<>();

    /**
     * @param parameters of the request
     * @param path of the list, without the context path
     */
    public ListAddress(Map<String, String> parameters, String path) {
        this.parameters = parameters;
        this.path = path;
    }

    /** Gives a parameter's value; empty when it is absent, or is not sound. */
    public String parameter(String name, Predicate<String> sound) {
        String given = parameters.get(name);
        String value = given == null ? "" : given.strip();
        if (value.isEmpty()) {
            return "";
        }
        // A database refuses texts with control characters and lone surrogates.
        boolean plain = value.codePoints()
                .noneMatch(code -> Character.isISOControl(code)
                        || (code >= Character.MIN_SURROGATE && code <= Character.MAX_SURROGATE));
        if (plain && sound.test(value)) {
            asked.put(name, value);
            return value;
        }
        ignored.add(name);
        return "";
    }

    /** Gives the cursor of the page that is asked for; empty for the first. */
    public String cursor(Predicate<String> sound) {
        return parameter(AFTER, sound);
    }

    /** Gives the address of the page at a cursor; empty for null. */
    public String page(@Nullable String cursor) {
        return cursor == null ? "" : address(cursor);
    }

    /** Gives the address of the first page; empty on it. */
    public String first() {
        return asked.containsKey(AFTER) ? start() : "";
    }

    /** Gives the address of the first page, also on it. */
    public String start() {
        return address("");
    }

    /** Names the parameters whose values say nothing that is known; empty without any. */
    public String ignored() {
        return String.join(", ", ignored);
    }

    private String address(String cursor) {
        var query = new LinkedHashMap<>(asked);
        query.put(AFTER, cursor);
        return address(path, query);
    }

    /** Leaves out what is empty, so that an address stays short enough to share. */
    public static String address(String path, Map<String, String> query) {
        String joined = query.entrySet().stream()
                .filter(parameter -> !parameter.getValue().isEmpty())
                .map(parameter ->
                        parameter.getKey() + "=" + URLEncoder.encode(parameter.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return joined.isEmpty() ? path : path + "?" + joined;
    }
}
