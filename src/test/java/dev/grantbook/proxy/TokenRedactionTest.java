package dev.grantbook.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.grantbook.catalogue.ProxyRules;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.http.OutboundHttp.Streamed;
import dev.grantbook.platform.problem.Problem.ProblemException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenRedactionTest {

    @ParameterizedTest
    @DisplayName("2.21 The body of a reply that cannot be looked into is closed, also when it says gzip and is none")
    @CsvSource({"gzip, no gzip", "x-gzip, ''", "br, anything"})
    void aBodyThatCannotBeReadIsClosed(String encoding, String body) {
        var closed = new AtomicBoolean();
        var in = new ByteArrayInputStream(body.getBytes(StandardCharsets.US_ASCII)) {
            @Override
            public void close() {
                closed.set(true);
            }
        };
        var reply = new Streamed(200, Map.of("Content-Encoding", List.of(encoding)), in);
        var rules = new ProxyRules(List.of(), List.of(), List.of());

        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> TokenRedaction.reply(reply, true, List.of(new Secret("t0ken")), rules, 1000))
                .satisfies(refused -> assertThat(refused.problem().status()).isEqualTo(502));
        assertThat(closed).isTrue();
    }
}
