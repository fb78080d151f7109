package dev.grantbook.flow;

import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.Settings;
import jakarta.servlet.http.Cookie;
import jakarta.ws.rs.core.NewCookie;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Ties attempts to the browser that started them (RFC 9700 section 4.7.1): one cookie for each attempt, so that several
 * tabs do not disturb each other. After the trip the same cookie lets the visitor see what came of it.
 */
final class BrowserBinding {

    /** How long a visitor may look at the outcome and disconnect. */
    static final Duration VISIT = Duration.ofHours(12);

    /** More cookies than this are not looked at. */
    private static final int MOST = 50;

    private BrowserBinding() {}

    static NewCookie cookie(Settings settings, String attempt, Secret browser, Duration age) {
        return new NewCookie.Builder(prefix(settings) + attempt)
                .value(browser.value())
                .path("/")
                .httpOnly(true)
                .secure(settings.https())
                .sameSite(NewCookie.SameSite.LAX)
                .maxAge((int) age.toSeconds())
                .build();
    }

    /** What the browser shows for an attempt. */
    static Optional<Secret> of(Settings settings, Cookie @Nullable [] cookies, String attempt) {
        return Optional.ofNullable(all(settings, cookies).get(attempt));
    }

    /** What the browser shows, by attempt. */
    static Map<String, Secret> all(Settings settings, Cookie @Nullable [] cookies) {
        var all = new LinkedHashMap<String, Secret>();
        List<Cookie> sent = cookies == null ? List.of() : List.of(cookies);
        for (Cookie cookie : sent) {
            boolean ours = cookie.getName().startsWith(prefix(settings))
                    && !cookie.getValue().isEmpty();
            if (ours && all.size() < MOST) {
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
