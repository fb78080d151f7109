package dev.grantbook.administrator;

import dev.grantbook.apikey.ClientAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where somebody signs in, so that they know their sessions apart.
 *
 * @param browser browser and system in two names, such as {@code Firefox, Linux}; empty when unknown
 */
public record Device(String browser, ClientAddress address) {

    private record KnownAgent(String mark, String name) {}

    /** Most browsers also name those that they are like; the first mark tells. */
    private static final List<KnownAgent> BROWSERS = List.of(
            new KnownAgent("Edg", "Edge"),
            new KnownAgent("OPR/", "Opera"),
            new KnownAgent("Firefox/", "Firefox"),
            new KnownAgent("FxiOS/", "Firefox"),
            new KnownAgent("Chrome/", "Chrome"),
            new KnownAgent("CriOS/", "Chrome"),
            new KnownAgent("Safari/", "Safari"));

    private static final List<KnownAgent> SYSTEMS = List.of(
            new KnownAgent("Windows", "Windows"),
            new KnownAgent("Android", "Android"),
            new KnownAgent("iPhone", "iPhone"),
            new KnownAgent("iPad", "iPad"),
            new KnownAgent("Mac OS X", "macOS"),
            new KnownAgent("CrOS", "ChromeOS"),
            new KnownAgent("Linux", "Linux"));

    /** @param userAgent what the browser says of itself (RFC 9110 section 10.1.5); null for nothing */
    public static Device of(@Nullable String userAgent, ClientAddress address) {
        return new Device(userAgent == null ? "" : shorten(userAgent), address);
    }

    private static String shorten(String userAgent) {
        return Stream.of(BROWSERS, SYSTEMS)
                .flatMap(marks -> find(marks, userAgent).stream())
                .collect(Collectors.joining(", "));
    }

    private static Optional<String> find(List<KnownAgent> marks, String userAgent) {
        return marks.stream()
                .filter(known -> userAgent.contains(known.mark()))
                .map(KnownAgent::name)
                .findFirst();
    }
}
