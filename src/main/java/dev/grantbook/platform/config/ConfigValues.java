package dev.grantbook.platform.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Reads values of settings and collects their faults, so that an operator sees all at once. Until {@link #check}, a
 * faulty value is replaced by its default.
 */
final class ConfigValues {

    /** Executors and HTTP clients count in milliseconds and take less than one for none. */
    private static final Duration SHORTEST = Duration.ofMillis(1);

    private static final Duration LONGEST = Duration.ofSeconds(Long.MAX_VALUE);

    private final Function<String, Optional<String>> source;
    private final List<String> faults = new ArrayList<>();

    ConfigValues(Function<String, Optional<String>> source) {
        this.source = source;
    }

    /** @throws ConfigurationException naming each faulty key, its fault and what would be right */
    void check() {
        if (!faults.isEmpty()) {
            throw new ConfigurationException(String.join("\n", faults));
        }
    }

    Optional<String> text(String name) {
        return source.apply(name);
    }

    String text(String name, String usual) {
        return text(name).orElse(usual);
    }

    /** Never quotes the value, which may hold a secret. */
    String text(String name, String usual, Predicate<String> sound, String right) {
        String value = text(name, usual);
        if (!sound.test(value)) {
            faults.add(name + ": " + right);
        }
        return value;
    }

    boolean flag(String name) {
        return read(
                name,
                "false",
                text -> accept(text.matches("true|false"), Boolean.valueOf(text)),
                "is neither true nor false");
    }

    Optional<Path> path(String name) {
        return text(name).map(value -> path(name, value));
    }

    Path path(String name, String usual) {
        return read(name, usual, Path::of, "is not a path");
    }

    /** Reads a duration (ISO 8601) of at least a millisecond. */
    Duration duration(String name, String usual) {
        return duration(name, usual, LONGEST);
    }

    Duration duration(String name, String usual, Duration longest) {
        return read(
                name,
                usual,
                text -> {
                    Duration value = Duration.parse(text);
                    return accept(value.compareTo(SHORTEST) >= 0 && value.compareTo(longest) <= 0, value);
                },
                "is not a duration from PT0.001S" + (longest.equals(LONGEST) ? "" : " to " + longest)
                        + "; right would be " + usual);
    }

    int number(String name, String usual, int least, int most) {
        return Math.toIntExact(number(name, usual, least, (long) most));
    }

    long number(String name, String usual, long least, long most) {
        return read(
                name,
                usual,
                text -> {
                    long value = Long.parseLong(text);
                    return accept(value >= least && value <= most, value);
                },
                "is not a number from " + least + " to " + most);
    }

    /** Reads values that are separated by commas, with spaces or without. */
    <T> List<T> list(String name, Function<String, Optional<T>> parse, String wrong) {
        return Stream.of(text(name, "").split(",", -1))
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .flatMap(text -> {
                    Optional<T> value = parse.apply(text);
                    if (value.isEmpty()) {
                        faults.add(fault(name, text, wrong));
                    }
                    return value.stream();
                })
                .toList();
    }

    /** Reads an http or https URL, in lower case, without the scheme's own port and without a slash at its end. */
    URI url(String name, String usual) {
        return read(
                name,
                usual,
                ConfigValues::normal,
                "is not the address of this application; right would be https://grantbook.example.com");
    }

    private static URI normal(String text) {
        URI url = URI.create(text);
        String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
        boolean web = scheme.equals("https") || scheme.equals("http");
        boolean more = url.getRawUserInfo() != null || url.getRawQuery() != null || url.getRawFragment() != null;
        accept(web && url.getHost() != null && !more, url);
        int standard = scheme.equals("https") ? 443 : 80;
        String port = url.getPort() < 0 || url.getPort() == standard ? "" : ":" + url.getPort();
        return URI.create(scheme + "://" + url.getHost().toLowerCase(Locale.ROOT) + port
                + url.getRawPath().replaceAll("/+$", ""));
    }

    private static <T> T accept(boolean sound, T value) {
        if (!sound) {
            throw new IllegalArgumentException("out of range");
        }
        return value;
    }

    /** Parsers report what they cannot read by exceptions of many types. */
    private <T> T read(String name, String usual, Function<String, T> parse, String wrong) {
        String value = text(name, usual);
        try {
            return parse.apply(value);
        } catch (RuntimeException unsound) {
            faults.add(fault(name, value, wrong));
            return parse.apply(usual);
        }
    }

    private static String fault(String name, String value, String wrong) {
        return name + ": \"" + value + "\" " + wrong;
    }
}
