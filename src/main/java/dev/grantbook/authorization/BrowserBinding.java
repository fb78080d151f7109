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
 * Binds attempts to the browser that started them (RFC 9700 section 4.7.1): one cookie for each attempt, so that many
 * tabs work at once. After the attempt the cookie gives access to its outcome.
 */
public final class BrowserBinding {

    /** How long the browser may see the outcome and disconnect. */
    static final Duration LIFETIME = Duration.ofHours(12);

    /** Most cookies: browsers keep 50 of a host (RFC 6265 section 6.1), and a request has 8 KiB of headers. */
    public static final int MOST = 50;

    private BrowserBinding() {}

    /**
     * Makes the cookie of an attempt, and deletes the oldest ones beyond {@link #MOST}.
     *
     * @param shown the cookies of the request
     */
    static NewCookie[] cookies(
            Settings settings, Cookie @Nullable [] shown, String attempt, Secret browser, Duration age) {
        return Stream.concat(
                        surplus(settings, shown, attempt).stream().map(old -> cookie(settings, old, "", Duration.ZERO)),
                        Stream.of(cookie(settings, attempt, browser.value(), age)))
                .toArray(NewCookie[]::new);
    }

    /** The attempts whose cookies are deleted to make room for this one's. */
    static List<String> surplus(Settings settings, Cookie @Nullable [] shown, String attempt) {
        var others = new ArrayList<>(all(settings, shown).keySet());
        others.remove(attempt);
        // Browsers send the oldest first (RFC 6265 section 5.4).
        return List.copyOf(others.subList(0, Math.max(0, others.size() - MOST + 1)));
    }

    private static NewCookie cookie(Settings settings, String attempt, String value, Duration age) {
        return make(settings, prefix(settings) + attempt, value, age);
    }

    /** @param name that {@link #name} made */
    public static NewCookie make(Settings settings, String name, String value, Duration age) {
        return new NewCookie.Builder(name)
                .value(value)
                .path("/")
                .httpOnly(true)
                .secure(settings.https())
                .sameSite(NewCookie.SameSite.LAX)
                .maxAge((int) age.toSeconds())
                .build();
    }

    public static Optional<Secret> of(Settings settings, Cookie @Nullable [] shown, String attempt) {
        return Optional.ofNullable(all(settings, shown).get(attempt));
    }

    /** The cookies by attempt, the oldest first. */
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

    private static String prefix(Settings settings) {
        return name(settings, "gb-");
    }

    /** Over https, {@code __Host-} keeps neighbouring hosts from setting the cookie. */
    public static String name(Settings settings, String name) {
        return settings.https() ? "__Host-" + name : name;
    }
}
