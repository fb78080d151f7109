package dev.grantbook.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProxyHeadersTest {

    @Test
    void whatTheBotSaysToTheProviderGoesThrough() {
        assertThat(ProxyHeaders.ofRequest(Map.of(
                        "Accept", List.of("application/json"),
                        "Idempotency-Key", List.of("1"),
                        "X-Custom", List.of("a", "b"))))
                .containsOnlyKeys("Accept", "Idempotency-Key", "X-Custom")
                .containsEntry("X-Custom", List.of("a", "b"));
    }

    @Test
    void theBotsKeyAndWhatIsAboutItsConnectionStayBehind() {
        assertThat(ProxyHeaders.ofRequest(Map.of(
                        "AUTHORIZATION", List.of("Bearer gb_key"),
                        "Cookie", List.of("a=b"),
                        "Connection", List.of("close, X-Hop"),
                        "x-hop", List.of("1"),
                        "Transfer-Encoding", List.of("chunked"),
                        "X-Forwarded-For", List.of("192.0.2.1"),
                        "Grantbook-Api", List.of("https://api.example.com"),
                        "Content-Length", List.of("3"),
                        "Host", List.of("grantbook.example.com"))))
                .isEmpty();
    }

    @Test
    void whatTheProviderSaysToTheBotComesBack() {
        assertThat(ProxyHeaders.ofReply(Map.of(
                        ":status", List.of("200"),
                        "content-type", List.of("application/json"),
                        "etag", List.of("1"),
                        "location", List.of("https://elsewhere.example"))))
                .containsOnlyKeys("content-type", "etag", "location");
    }

    @Test
    void whatTheProviderSaysAboutItsOwnSiteStaysBehind() {
        assertThat(ProxyHeaders.ofReply(Map.of(
                        "Set-Cookie", List.of("session=1"),
                        "Access-Control-Allow-Origin", List.of("*"),
                        "Content-Security-Policy", List.of("default-src *"),
                        "Grantbook-Proxied", List.of("false"),
                        "Transfer-Encoding", List.of("chunked"))))
                .isEmpty();
    }
}
