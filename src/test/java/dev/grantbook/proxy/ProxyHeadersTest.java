package dev.grantbook.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProxyHeadersTest {

    private static final URI TARGET = URI.create("https://api.example.com/v1/me");

    @Test
    void whatTheBotSaysToTheProviderGoesThrough() {
        assertThat(ProxyHeaders.ofRequest(Map.of(
                        "Accept", List.of("application/json"),
                        "Idempotency-Key", List.of("1"),
                        "Content-Type", List.of("text/plain"),
                        "X-Custom", List.of("a", "b"))))
                .containsOnlyKeys("Accept", "Content-Type", "Idempotency-Key", "X-Custom")
                .containsEntry("X-Custom", List.of("a", "b"));
    }

    @Test
    void theBotsKeyAndWhatIsAboutItsConnectionStayBehind() {
        assertThat(ProxyHeaders.ofRequest(Map.ofEntries(
                        Map.entry("AUTHORIZATION", List.of("Bearer gb_key")),
                        Map.entry("Proxy-Authorization", List.of("Basic x")),
                        Map.entry("Cookie", List.of("a=b")),
                        Map.entry("Connection", List.of("close, X-Hop")),
                        Map.entry("x-hop", List.of("1")),
                        Map.entry("Transfer-Encoding", List.of("chunked")),
                        Map.entry("Upgrade", List.of("h2c")),
                        Map.entry("Forwarded", List.of("for=192.0.2.1")),
                        Map.entry("X-Forwarded-For", List.of("192.0.2.1")),
                        Map.entry("X-Real-IP", List.of("192.0.2.1")),
                        Map.entry("Grantbook-Api", List.of("https://api.example.com")),
                        Map.entry("Content-Length", List.of("3")),
                        Map.entry("Host", List.of("grantbook.example.com")))))
                .isEmpty();
    }

    @Test
    void whatTheProviderSaysToTheBotComesBack() {
        assertThat(ofReply(Map.of(
                        ":status", List.of("200"),
                        "content-type", List.of("application/json"),
                        "content-length", List.of("7"),
                        "etag", List.of("1"),
                        "location", List.of("https://elsewhere.example"))))
                .containsOnlyKeys("content-type", "content-length", "etag", "location");
    }

    @Test
    void whatTheProviderSaysAboutItsOwnSiteStaysBehind() {
        assertThat(ofReply(Map.of(
                        "Set-Cookie", List.of("session=1"),
                        "Access-Control-Allow-Origin", List.of("*"),
                        "Content-Security-Policy", List.of("default-src *"),
                        "Grantbook-Proxied", List.of("false"),
                        "RateLimit-Limit", List.of("1"),
                        "Connection", List.of("x-hop"),
                        "X-Hop", List.of("1"),
                        "Transfer-Encoding", List.of("chunked"))))
                .isEmpty();
    }

    @Test
    void anAddressIsTheProvidersNotOurs() {
        assertThat(ofReply(Map.of("Location", List.of("/v1/jobs/7"))))
                .containsEntry("Location", List.of("https://api.example.com/v1/jobs/7"));
    }

    @Test
    void whatNobodyCanReadIsLeftOut() {
        assertThat(ofReply(Map.of("Location", List.of("not an address"), "Content-Type", List.of("nothing"))))
                .isEmpty();
    }

    private static Map<String, List<String>> ofReply(Map<String, List<String>> headers) {
        return ProxyHeaders.ofReply(headers, TARGET);
    }
}
