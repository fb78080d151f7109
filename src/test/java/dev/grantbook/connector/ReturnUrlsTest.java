package dev.grantbook.connector;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nobody is sent anywhere that the operator did not name. */
class ReturnUrlsTest {

    private static final ReturnUrls URLS = new ReturnUrls(List.of(
            URI.create("https://good.example/chat"),
            URI.create("https://shop.example:8443/"),
            URI.create("http://localhost:3000"),
            URI.create("goodapp://open")));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://good.example/chat",
                "https://good.example/chat/",
                "https://good.example/chat/room/7",
                "https://good.example/chat?room=7&next=https://evil.example",
                "https://good.example/chat?x=%2F%2Fevil",
                "https://good.example/chat#top",
                "https://good.example:443/chat",
                "HTTPS://GOOD.example/chat",
                "https://good.example/chat/%E4%BD%A0",
                "https://good.example/chat/a..b",
                "https://good.example/chat/...",
                "https://shop.example:8443",
                "https://shop.example:8443/anything",
                "http://localhost:3000/back",
                "goodapp://open",
                "goodapp://open/room?x=1"
            })
    void leadToAnAllowedAddressOrBelow(String url) {
        assertThat(URLS.allow(url)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "/",
                "/chat",
                "//evil.example",
                "//good.example/chat",
                "///evil.example",
                "/\\evil.example",
                "\\\\evil.example",
                "https:evil.example",
                "https:/good.example/chat",
                "https:///good.example/chat",
                "https:good.example/chat",
                "https:\\\\good.example/chat",
                "https://evil.example",
                "https://evil.example/chat",
                "https://good.example.evil.example/chat",
                "https://good.example.",
                "https://evilgood.example/chat",
                "https://good.example@evil.example/chat",
                "https://good.example:443@evil.example/chat",
                "https://good.example%40evil.example/chat",
                "https://good.example%2eevil.example/chat",
                "https://user@good.example/chat",
                "https://user:password@good.example/chat",
                "https://@good.example/chat",
                "https://good.example\\@evil.example/chat",
                "https://good.example\\.evil.example/chat",
                "https://evil.example\\good.example/chat",
                "https://evil.example#@good.example/chat",
                "https://evil.example?@good.example/chat",
                "https://evil.example;good.example/chat",
                "https://good.example:444/chat",
                "https://good.example:80/chat",
                "https://good.example:4430/chat",
                "https://good.example:-1/chat",
                "https://good.example:99999999999/chat",
                "https://shop.example/",
                "https://shop.example:443/",
                "http://good.example/chat",
                "http://good.example:443/chat",
                "http://localhost/back",
                "http://localhost:3001/back",
                "https://localhost:3000/back",
                "http://localhost.evil.example:3000/",
                "http://127.0.0.1:3000/",
                "https://good.example",
                "https://good.example/",
                "https://good.example/chatty",
                "https://good.example/chat%2Fx",
                "https://good.example/Chat",
                "https://good.example/CHAT",
                "https://good.example/x/../chat",
                "https://good.example/chat/..",
                "https://good.example/chat/../admin",
                "https://good.example/chat/./../admin",
                "https://good.example/chat/..;/admin",
                "https://good.example/chat/.;/admin",
                "https://good.example/chat/%2e%2e/admin",
                "https://good.example/chat/%2E./admin",
                "https://good.example/chat/%252e%252e/admin",
                "https://good.example/chat/%2f%2fevil.example",
                "https://good.example/chat/%5cevil.example",
                "https://good.example/chat//evil.example",
                "https://good.example//chat",
                "https://good.example/chat\\..\\admin",
                "https://good.example/chat\t",
                "\thttps://good.example/chat",
                " https://good.example/chat",
                "https://good.example/chat ",
                "https://good.example/cha\tt",
                "ht\ntps://good.example/chat",
                "https://good.example/chat\r\nLocation: https://evil.example",
                "https://good.example/chat\u000b",
                "https://good.example/chat\u0000",
                "https://good.example/chat\u2028",
                "https://\u0000good.example/chat",
                "https://g\u00f6\u00f6d.example/chat",
                "https://good\u3002example/chat",
                "https://go\uff4fd.example/chat",
                "https://good.example\u2044@evil.example/chat",
                "https://good.example\uff0fchat",
                "https://good.example/chat/\u4f60",
                "https://[::1]/chat",
                "https://good.example/chat%",
                "https://good.example/chat%zz",
                "https://good.example/chat?x=<script>",
                "https://good.example/chat?x=\"",
                "https://good.example/chat?x='{}'",
                "javascript:alert(1)",
                "javascript://good.example/chat%0aalert(1)",
                "JaVaScRiPt:alert(1)",
                "java\tscript:alert(1)",
                "data:text/html,<script>alert(1)</script>",
                "vbscript:x",
                "file:///etc/passwd",
                "blob:https://good.example/chat",
                "about:blank",
                "view-source:https://good.example/chat",
                "otherapp://open",
                "goodapp://other",
                "goodapp:open",
                "goodapp:///open",
                "goodapp://open:80"
            })
    void leadNowhereElse(String url) {
        assertThat(URLS.allow(url)).isFalse();
    }

    @Test
    void areNotLookedAtBeyondALength() {
        String room = "https://good.example/chat/";

        assertThat(URLS.allow(room + "a".repeat(ReturnUrls.LONGEST - room.length())))
                .isTrue();
        assertThat(URLS.allow(room + "a".repeat(ReturnUrls.LONGEST - room.length() + 1)))
                .isFalse();
    }

    @Test
    void allowNothingWhenNothingIsNamed() {
        assertThat(new ReturnUrls(List.of()).allow("https://good.example/chat")).isFalse();
    }

    @Property
    void neverThrowAndNeverAllowAForeignHost(
            @ForAll
                    @Chars({
                        '/', '\\', ':', '@', '.', '%', '2', 'e', '#', '?', ';', '\t', '\n', ' ', '[', ']', 'h', 's',
                        '\u3002'
                    })
                    String text) {
        assertThat(URLS.allow(text)).isFalse();
        assertThat(URLS.allow("https://evil.example" + text)).isFalse();
        if (!text.contains("://")) {
            assertThat(ReturnUrls.isSound(text)).isFalse();
        }
    }

    @Property
    void leadToTheGoodHostWhateverFollowsIt(
            @ForAll
                    @Chars({'/', '\\', ':', '@', '.', '%', '2', 'e', '#', '?', ';', '\t', '\n', ' ', 'h', 's', '\u3002'
                    })
                    String text) {
        String url = "https://good.example" + text;
        if (URLS.allow(url)) {
            assertThat(URI.create(url).getHost()).isEqualTo("good.example");
            assertThat(URI.create(url).normalize().getPath()).startsWith("/chat");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://good.example",
                "https://good.example:8443/chat",
                "http://localhost:3000",
                "http://127.0.0.1:3000/back",
                "http://[::1]/",
                "goodapp://open"
            })
    void mayBeListedWhenSound(String url) {
        assertThat(ReturnUrls.isSound(url)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "good.example",
                "http://good.example",
                "http://127.evil.example",
                "http://localhost.evil.example",
                "https://good.example?x=1",
                "https://good.example#x",
                "https://user@good.example",
                "https://*.good.example",
                "https://good.example/a/../b",
                "javascript:alert(1)",
                "goodapp:"
            })
    void mayNotBeListedOtherwise(String url) {
        assertThat(ReturnUrls.isSound(url)).isFalse();
    }
}
