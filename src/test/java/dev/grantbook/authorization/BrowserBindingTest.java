package dev.grantbook.authorization;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.oauth.Secret;
import dev.grantbook.testing.Configuration;
import jakarta.servlet.http.Cookie;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The cookies that tie attempts to a browser that has many of them. */
class BrowserBindingTest {

    @RegisterExtension
    final Configuration configuration = new Configuration().with("grantbook.public-url", "https://grantbook.example");

    @Test
    @DisplayName("2.14 The cookie of an attempt is found however many others there are")
    void theCookieOfAnAttemptIsFound() {
        for (int trip : new int[] {0, 49, 50, 199}) {
            assertThat(BrowserBinding.of(configuration.settings(), cookies(200), "trip-" + trip))
                    .contains(new Secret("secret-" + trip));
        }
    }

    @Test
    @DisplayName("2.14 A new cookie takes the oldest away when it is one too many")
    void aNewCookieTakesTheOldestAway() {
        assertThat(surplus(cookies(BrowserBinding.MOST), "new")).containsExactly("trip-0");
        assertThat(surplus(cookies(BrowserBinding.MOST + 2), "new")).containsExactly("trip-0", "trip-1", "trip-2");
    }

    @Test
    @DisplayName("2.14 A cookie that is renewed, or has room, takes none away")
    void aCookieThatHasRoomTakesNoneAway() {
        assertThat(surplus(cookies(BrowserBinding.MOST - 1), "new")).isEmpty();
        assertThat(surplus(cookies(BrowserBinding.MOST), "trip-7")).isEmpty();
        assertThat(surplus(null, "new")).isEmpty();
    }

    private List<String> surplus(Cookie @Nullable [] shown, String attempt) {
        return BrowserBinding.surplus(configuration.settings(), shown, attempt);
    }

    private static Cookie[] cookies(int count) {
        return IntStream.range(0, count)
                .mapToObj(trip -> new Cookie("__Host-gb-trip-" + trip, "secret-" + trip))
                .toArray(Cookie[]::new);
    }
}
