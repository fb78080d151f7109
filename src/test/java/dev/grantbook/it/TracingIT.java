package dev.grantbook.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;

/** A server that traces: its spans tell of the trip, and nothing that only the user and the provider may know. */
@ArquillianTest
@RunAsClient
class TracingIT {

    private static final int SECONDS_TO_ARRIVE = 60;

    /** What the collector was sent (OTLP over HTTP); its texts stand in clear between the bytes. */
    private static final BlockingQueue<String> SPANS = new LinkedBlockingQueue<>();

    @Deployment(testable = false)
    static WebArchive war() throws Exception {
        return StandardSuite.war();
    }

    static Map<String, String> configuration() throws IOException {
        HttpServer collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/v1/traces", exchange -> {
            SPANS.add(new String(exchange.getRequestBody().readAllBytes(), ISO_8859_1));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        collector.start();
        return Map.of(
                "otel.sdk.disabled", "false",
                "otel.traces.exporter", "otlp",
                "otel.exporter.otlp.protocol", "http/protobuf",
                "otel.exporter.otlp.endpoint",
                        "http://127.0.0.1:" + collector.getAddress().getPort(),
                "otel.bsp.schedule.delay", "200");
    }

    @Test
    void aTripIsTracedWithoutItsSecrets() throws Exception {
        String trace = UUID.randomUUID().toString().replace("-", "");
        String subject = "subject-" + UUID.randomUUID();
        String link = Api.withKey("all")
                .with("traceparent", "00-" + trace + "-00f067aa0ba902b7-01")
                .link("demo-mixin", subject);
        var visitor = new Visitor();
        visitor.finish(link, SandboxAccount.ALICE);
        String other = UUID.randomUUID().toString().replace("-", "");
        Http.at(Deployments.base())
                .with("traceparent", "00-" + other + "-00f067aa0ba902b7-01")
                .get("/oauth/callback/demo-mixin?code=a-code-that-nobody-gave&state=a-state-of-nobody");

        String sent =
                sentUntil("callback/{connector}", new String(HexFormat.of().parseHex(other), ISO_8859_1));
        assertThat(sent)
                .as("the bot's own trace goes on")
                .contains(new String(HexFormat.of().parseHex(trace), ISO_8859_1));
        assertThat(Secrets.in(sent)).isEmpty();
        assertThat(sent)
                .doesNotContain("a-code-that-nobody-gave")
                .doesNotContain("a-state-of-nobody")
                .doesNotContain(link.substring(link.lastIndexOf('/') + 1))
                .doesNotContain(subject);
    }

    /** Everything that was sent until some texts are among it, and after them too. */
    private static String sentUntil(String... texts) throws InterruptedException {
        var all = new StringBuilder();
        for (String text : texts) {
            while (all.indexOf(text) < 0) {
                String more = SPANS.poll(SECONDS_TO_ARRIVE, TimeUnit.SECONDS);
                assertThat(more).as("no span tells of " + text + " in: " + all).isNotNull();
                all.append(more);
            }
        }
        return all.toString();
    }
}
