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

    private record Mark(String text, String name) {}

    /** Most browsers also name those that they are like; the first mark tells. */
    private static final List<Mark> BROWSERS = List.of(
            new Mark("Edg", "Edge"),
            new Mark("OPR/", "Opera"),
            new Mark("Firefox/", "Firefox"),
            new Mark("FxiOS/", "Firefox"),
            new Mark("Chrome/", "Chrome"),
            new Mark("CriOS/", "Chrome"),
            new Mark("Safari/", "Safari"));

    private static final List<Mark> SYSTEMS = List.of(
            new Mark("Windows", "Windows"),
            new Mark("Android", "Android"),
            new Mark("iPhone", "iPhone"),
            new Mark("iPad", "iPad"),
            new Mark("Mac OS X", "macOS"),
            new Mark("CrOS", "ChromeOS"),
            new Mark("Linux", "Linux"));

    /** @param userAgent what the browser says of itself (RFC 9110 section 10.1.5); null for nothing */
    public static Device of(@Nullable String userAgent, ClientAddress address) {
        return new Device(userAgent == null ? "" : shorten(userAgent), address);
    }

    private static String shorten(String userAgent) {
        return Stream.of(BROWSERS, SYSTEMS)
                .flatMap(marks -> find(marks, userAgent).stream())
                .collect(Collectors.joining(", "));
    }

    private static Optional<String> find(List<Mark> marks, String userAgent) {
        return marks.stream()
                .filter(mark -> userAgent.contains(mark.text()))
                .map(Mark::name)
                .findFirst();
    }
}
