package dev.grantbook.connector;

import dev.grantbook.platform.config.IpNetwork;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Addresses that users may return to: scheme, host and port must equal those of an allowed address, and the path must
 * be its path or lie below it. What browsers and parsers read differently is refused.
 */
public record ReturnUrls(List<URI> allowed) {

    /** Of an address, in characters. */
    public static final int LONGEST = 2000;

    private static final Set<String> NEVER = Set.of("javascript", "data", "vbscript", "file", "blob", "about");
    private static final Pattern PLAIN = Pattern.compile("[!#-\\[\\]_a-z~?A-Z]+");
    private static final Pattern AMBIGUOUS_PATH = Pattern.compile("(?i)%2e|%2f|%5c|%25|//|/\\.{1,2}(;|/|$)");

    /** Whether an address may be allowed. */
    static boolean isSound(String text) {
        return parse(text)
                .filter(url -> url.getRawQuery() == null && url.getRawFragment() == null)
                .filter(url -> !"http".equals(scheme(url)) || IpNetwork.isOwnMachine(url))
                .isPresent();
    }

    public boolean allow(String text) {
        return parse(text)
                .filter(url -> allowed.stream().anyMatch(candidate -> covers(candidate, url)))
                .isPresent();
    }

    private static Optional<URI> parse(String text) {
        if (text.length() > LONGEST || !PLAIN.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            URI url = new URI(text);
            boolean sound = url.isAbsolute()
                    && !url.isOpaque()
                    && url.getHost() != null
                    && url.getRawUserInfo() == null
                    && !NEVER.contains(scheme(url))
                    && !AMBIGUOUS_PATH.matcher(url.getRawPath()).find();
            return sound ? Optional.of(url) : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    private static boolean covers(URI allowed, URI url) {
        return scheme(allowed).equals(scheme(url))
                && allowed.getHost().equalsIgnoreCase(url.getHost())
                && port(allowed) == port(url)
                && isBelow(path(allowed), path(url));
    }

    private static boolean isBelow(String prefix, String path) {
        String folder = prefix.endsWith("/") ? prefix : prefix + "/";
        return path.equals(prefix) || path.startsWith(folder);
    }

    private static String scheme(URI url) {
        return url.getScheme().toLowerCase(Locale.ROOT);
    }

    private static String path(URI url) {
        return url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    }

    private static int port(URI url) {
        if (url.getPort() >= 0) {
            return url.getPort();
        }
        return switch (scheme(url)) {
            case "https" -> 443;
            case "http" -> 80;
            default -> -1;
        };
    }
}
