package dev.grantbook.oauth;

import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Parameters of a request in {@code application/x-www-form-urlencoded} (RFC 6749 appendix B), in order. */
public final class Parameters {

    private final Map<String, List<String>> values = new LinkedHashMap<>();

    /** @throws IllegalArgumentException when a percent sign is not followed by two hexadecimal digits */
    public static Parameters parse(@Nullable String text) {
        var parameters = new Parameters();
        if (text == null || text.isEmpty()) {
            return parameters;
        }
        for (String pair : text.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                parameters
                        .values
                        .computeIfAbsent(decode(pair.substring(0, equals)), name -> new ArrayList<>())
                        .add(decode(pair.substring(equals + 1)));
            }
        }
        return parameters;
    }

    /** Returns a copy to which parameters can be added. */
    public Parameters copy() {
        var copy = new Parameters();
        copy.values.putAll(values);
        return copy;
    }

    /** Sets a parameter; null leaves it out. */
    public Parameters with(String name, @Nullable String value) {
        if (value != null) {
            values.put(name, List.of(value));
        }
        return this;
    }

    /** Leaves out the parameters without a value (RFC 6749 section 3.1). */
    public Parameters withoutEmpty() {
        values.values().removeIf(List.of("")::equals);
        return this;
    }

    /** Returns the first value; null when absent. */
    public @Nullable String get(String name) {
        var all = values.get(name);
        return all == null ? null : all.get(0);
    }

    public List<String> all(String name) {
        return List.copyOf(values.getOrDefault(name, List.of()));
    }

    /** Whether a parameter occurs more than once, which RFC 6749 section 3.1 forbids. */
    public boolean isRepeated(String name) {
        return values.getOrDefault(name, List.of()).size() > 1;
    }

    public Iterable<String> names() {
        return values.keySet();
    }

    public String encoded() {
        return values.entrySet().stream()
                .flatMap(entry -> entry.getValue().stream().map(value -> encode(entry.getKey()) + "=" + encode(value)))
                .collect(Collectors.joining("&"));
    }

    /** Returns the address with these parameters added to its query. */
    public URI appendTo(URI address) {
        if (values.isEmpty()) {
            return address;
        }
        String text = address.toString();
        int fragment = text.indexOf('#');
        String base = fragment < 0 ? text : text.substring(0, fragment);
        String rest = fragment < 0 ? "" : text.substring(fragment);
        return URI.create(base + (base.contains("?") ? "&" : "?") + encoded() + rest);
    }

    /** Shows names only: values may be secrets. */
    @Override
    public String toString() {
        return values.keySet().toString();
    }

    /** Percent-encodes the space as well: some providers do not read {@code +} in a query as a space. */
    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
