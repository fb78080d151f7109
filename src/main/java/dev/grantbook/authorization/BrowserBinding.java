package dev.grantbook.authorization;

import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.config.Settings;
import jakarta.servlet.http.Cookie;
import jakarta.ws.rs.core.NewCookie;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Ties attempts to the browser that started them (RFC 9700 section 4.7.1): one cookie for each attempt, so that several
 * tabs do not disturb each other. After the attempt the same cookie lets the visitor see what came of it.
 */
public final class BrowserBinding {

    /** How long a visitor may look at the outcome and disconnect. */
    static final Duration LIFETIME = Duration.ofHours(12);

    /**
     * A browser keeps so many: browsers keep 50 of a host at least (RFC 6265 section 6.1), and a request has 8 KiB of
     * headers.
     */
    public static final int MOST = 50;

    private BrowserBinding() {}

    /**
     * Gives the browser what ties an attempt to it. When that is one too many, the oldest goes.
     *
     * @param shown the cookies of the request
     * @return what the response sets
     */
    static NewCookie[] cookies(
            Settings settings, Cookie @Nullable [] shown, String attempt, Secret browser, Duration age) {
        return Stream.concat(
                        surplus(settings, shown, attempt).stream().map(old -> cookie(settings, old, "", Duration.ZERO)),
                        Stream.of(cookie(settings, attempt, browser.value(), age)))
                .toArray(NewCookie[]::new);
    }

    /** The attempts whose cookies make room for this one's. */
    static List<String> surplus(Settings settings, Cookie @Nullable [] shown, String attempt) {
        var others = new ArrayList<>(all(settings, shown).keySet());
        others.remove(attempt);
        // Browsers send the oldest first (RFC 6265 section 5.4).
        return List.copyOf(others.subList(0, Math.max(0, others.size() - MOST + 1)));
    }

    private static NewCookie cookie(Settings settings, String attempt, String value, Duration age) {
        return new NewCookie.Builder(prefix(settings) + attempt)
                .value(value)
                .path("/")
                .httpOnly(true)
                .secure(settings.https())
                .sameSite(NewCookie.SameSite.LAX)
                .maxAge((int) age.toSeconds())
                .build();
    }

    /** What the browser shows for an attempt, however many others it shows. */
    public static Optional<Secret> of(Settings settings, Cookie @Nullable [] shown, String attempt) {
        return Optional.ofNullable(all(settings, shown).get(attempt));
    }

    /** What the browser shows, by attempt; the oldest first. */
    public static Map<String, Secret> all(Settings settings, Cookie @Nullable [] shown) {
        var all = new LinkedHashMap<String, Secret>();
        List<Cookie> sent = shown == null ? List.of() : List.of(shown);
        for (Cookie cookie : sent) {
            if (cookie.getName().startsWith(prefix(settings))
                    && !cookie.getValue().isEmpty()) {
                all.put(cookie.getName().substring(prefix(settings).length()), new Secret(cookie.getValue()));
            }
        }
        return all;
    }

    /** Browsers take the prefix only over https, where it keeps neighbouring hosts from planting the cookie. */
    private static String prefix(Settings settings) {
        return settings.https() ? "__Host-gb-" : "gb-";
    }
}
