package dev.grantbook.console;

import dev.grantbook.id.TypedId;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the parameters of a list's address, and makes the addresses of the list's other pages. An address carries the
 * filters, so that a list can be kept and shared. Pages read it as {@code list.address}.
 */
public final class ListAddress {

    private static final String AFTER = "after";

    private static final int LONGEST_TEXT = 255;

    /** Parameters that filter nothing. */
    private static final Set<String> ORDERING = Set.of(AFTER, "sort", "size");

    private final Map<String, String> parameters;
    private final String path;
    private final Map<String, String> accepted = new LinkedHashMap<>();
    private final List<String> ignored = new ArrayList<>();
    private String next = "";

    /**
     * @param parameters of the request
     * @param path of the list, without the context path
     */
    public ListAddress(Map<String, String> parameters, String path) {
        this.parameters = parameters;
        this.path = path;
    }

    public String getPath() {
        return path;
    }

    /** Reads a parameter; empty when it is absent or not valid. */
    public String read(String name, Predicate<String> valid) {
        String given = parameters.get(name);
        String value = given == null ? "" : given.strip();
        if (value.isEmpty()) {
            return "";
        }
        // A database refuses texts with control characters and lone surrogates.
        boolean plain = value.codePoints()
                .noneMatch(code -> Character.isISOControl(code)
                        || (code >= Character.MIN_SURROGATE && code <= Character.MAX_SURROGATE));
        if (plain && valid.test(value)) {
            accepted.put(name, value);
            return value;
        }
        ignored.add(name);
        return "";
    }

    /** Reads a text of at most 255 characters. */
    public String readText(String name) {
        return read(name, value -> value.length() <= LONGEST_TEXT);
    }

    /** Reads the cursor of the page; empty for the first. */
    public String readCursor(Predicate<String> valid) {
        return read(AFTER, valid);
    }

    /** A parameter that was read; empty when it is absent or not valid. */
    public String get(String name) {
        return accepted.getOrDefault(name, "");
    }

    public @Nullable String getOrNull(String name) {
        return accepted.get(name);
    }

    /** Reads the id that a parameter names; null when there is none. */
    public <T extends TypedId> @Nullable T getOrNull(String name, Function<String, T> type) {
        return TypedId.parse(accepted.get(name), type).orElse(null);
    }

    /** Sets the cursor of the next page; null at the end of the list. */
    public void setNext(@Nullable Object cursor) {
        next = cursor == null ? "" : address(cursor.toString());
    }

    /** The address of the next page; empty at the end. */
    public String getNext() {
        return next;
    }

    /** The address of the first page; empty on it. */
    public String getFirst() {
        return accepted.containsKey(AFTER) ? getStart() : "";
    }

    /** The address of the first page, also on it. */
    public String getStart() {
        return address("");
    }

    /** The names of parameters whose values are not valid; empty without any. */
    public String getIgnored() {
        return String.join(", ", ignored);
    }

    public boolean isFiltered() {
        return !ORDERING.containsAll(accepted.keySet());
    }

    private String address(String cursor) {
        var query = new LinkedHashMap<>(accepted);
        query.put(AFTER, cursor);
        return address(path, query);
    }

    /** Leaves empty parameters out, so that an address stays short enough to share. */
    public static String address(String path, Map<String, String> query) {
        String joined = query.entrySet().stream()
                .filter(parameter -> !parameter.getValue().isEmpty())
                .map(parameter ->
                        parameter.getKey() + "=" + URLEncoder.encode(parameter.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return joined.isEmpty() ? path : path + "?" + joined;
    }
}
