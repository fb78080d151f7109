package dev.grantbook.conversation.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.connector.ReturnUrls;
import java.net.URI;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which page is told that its user is back. */
class WebLinkingTest {

    private static final ReturnUrls ALLOWED = allowed(
            "goodapp://open", "https://Chat.example:443/room", "https://other.example:8443", "http://localhost:3000");

    @ParameterizedTest
    @CsvSource(nullValues = "-", textBlock = """
            https://chat.example/room/7,      https://chat.example
            https://other.example:8443/x?y,   https://other.example:8443
            http://localhost:3000/back,       http://localhost:3000
            goodapp://open/room,              https://chat.example
            https://evil.example/,            https://chat.example
            https://chat.example/elsewhere,   https://chat.example
            -,                                https://chat.example
            """)
    void isTheOneTheUserGoesBackToWhenItIsAllowed(@Nullable String returnTo, String origin) {
        assertThat(WebLinking.origin(returnTo, ALLOWED)).hasValue(origin);
    }

    @Test
    void isNoneWhenNoPageIsAllowed() {
        assertThat(WebLinking.origin("https://chat.example/room", allowed("goodapp://open")))
                .isEmpty();
        assertThat(WebLinking.origin(null, allowed())).isEmpty();
        assertThat(WebLinking.origin(null, allowed("http://chat.example/room"))).isEmpty();
    }

    private static ReturnUrls allowed(String... urls) {
        return new ReturnUrls(Stream.of(urls).map(URI::create).toList());
    }
}
