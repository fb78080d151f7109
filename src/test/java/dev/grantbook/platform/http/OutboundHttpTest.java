package dev.grantbook.platform.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.sun.net.httpserver.HttpServer;
import dev.grantbook.platform.config.IpNetwork;
import dev.grantbook.testing.Configuration;
import dev.grantbook.testing.Garbler;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Which addresses may be called, and what is told of answers. Everything here is a literal or localhost, so nothing
 * asks a network.
 */
class OutboundHttpTest {

    @RegisterExtension
    final Configuration configuration = new Configuration();

    @ParameterizedTest
    @ValueSource(strings = {"https://192.0.2.1/token", "https://8.8.8.8:8443/", "https://[2001:db8::1]/token"})
    void callsPublicHostsOverHttps(URI target) {
        assertThatCode(() -> check(target)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://8.8.8.8/", "ftp://8.8.8.8/", "file://8.8.8.8/etc/passwd"})
    void callsNothingButHttps(URI target) {
        assertThatIOException().isThrownBy(() -> check(target)).withMessage("8.8.8.8 must be called over https");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://127.0.0.1/",
                "https://127.8.7.6/",
                "https://2130706433/",
                "https://localhost/",
                "https://10.1.2.3/",
                "https://172.16.0.1/",
                "https://172.31.255.255/",
                "https://192.168.1.1/",
                "https://169.254.169.254/latest/meta-data",
                "https://100.64.0.1/",
                "https://100.127.255.255/",
                "https://0.0.0.0/",
                "https://0.1.2.3/",
                "https://224.0.0.1/",
                "https://255.255.255.255/",
                "https://198.18.0.1/",
                "https://[::]/",
                "https://[::1]/",
                "https://[::ffff:10.1.2.3]/",
                "https://[::ffff:127.0.0.1]/",
                "https://[::127.0.0.1]/",
                "https://[fe80::1]/",
                "https://[fec0::1]/",
                "https://[fc00::1]/",
                "https://[fd12:3456::1]/",
                "https://[ff02::1]/",
                "https://[64:ff9b::a01:203]/",
                "https://[2002:a01:203::]/"
            })
    void staysOutOfTheOperatorsOwnNetwork(URI target) {
        assertThatIOException()
                .isThrownBy(() -> check(target))
                .withMessageContaining("is on a private network")
                .withMessageContaining("grantbook.provider.private-hosts");
    }

    @ParameterizedTest(name = "4.14 {0} is not called: it is not for everybody, or leads to any IPv4 address")
    @ValueSource(
            strings = {
                "https://192.0.0.192/opc/v2/instance",
                "https://192.0.0.8/",
                "https://168.63.129.16/machine",
                "https://192.88.99.1/",
                "https://198.19.255.255/",
                "https://240.0.0.1/",
                "https://[2001::1]/",
                "https://[2001:0:a01:203::]/",
                "https://[2001:2::1]/",
                "https://[2001:10::1]/",
                "https://[2001:20::1]/",
                "https://[2002:7f00:1::]/",
                "https://[64:ff9b:1::a01:203]/",
                "https://[::ffff:0:10.1.2.3]/",
                "https://[::ffff:168.63.129.16]/",
                "https://[::ffff:192.0.0.192]/",
                "https://[100::1]/",
                "https://[5f00::1]/",
                "https://[4000::1]/",
                "https://[fd00:ec2::254]/",
                "https://[2a00:1450::5efe:a01:203]/",
                "https://[2a00:1450::200:5efe:a01:203]/"
            })
    void callsNothingSpecial(URI target) {
        assertThatIOException().isThrownBy(() -> check(target)).withMessageContaining("is on a private network");
    }

    @ParameterizedTest(name = "4.14 The host {0} is compared without case and without the dot at its end")
    @ValueSource(strings = {"LocalHost", "localhost.", "LOCALHOST.", "127.0.0.1"})
    void namesOfHostsAreComparedAsDnsDoes(String named) {
        // Only what resolves without a network can be asked here.
        configuration.with("grantbook.provider.private-hosts", "sso.internal," + named);

        for (String host : List.of("localhost", "LOCALHOST", "127.0.0.1")) {
            boolean same =
                    named.toLowerCase(Locale.ROOT).replaceFirst("\\.$", "").equals(host.toLowerCase(Locale.ROOT));
            URI target = URI.create("https://" + host + "/");
            if (same) {
                assertThatCode(() -> check(target)).doesNotThrowAnyException();
            } else {
                assertThatIOException().isThrownBy(() -> check(target));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://LOCALHOST/", "http://localhost./", "http://[::1]/"})
    void thisMachineHasItsNameInEveryCase(URI address) {
        assertThat(IpNetwork.isOwnMachine(address)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://192.0.1.1/",
                "https://168.63.129.17/",
                "https://[2001:200::1]/",
                "https://[2a00:1450:4001::200e]/",
                "https://100.63.255.255/",
                "https://100.128.0.0/",
                "https://172.32.0.1/",
                "https://11.0.0.1/",
                "https://[2003::1]/"
            })
    void doesNotTakeNeighboursOfPrivateNetworksForPrivate(URI target) {
        assertThatCode(() -> check(target)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://127.0.0.1:8080/", "http://localhost:8080/", "http://[::1]/", "https://localhost/"})
    void callsThisMachineWhileTheSandboxIsOn(URI target) {
        assertThatIOException().isThrownBy(() -> check(target));
        configuration.with("grantbook.sandbox.enabled", "true");

        assertThatCode(() -> check(target)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://10.1.2.3/", "http://10.1.2.3/", "http://8.8.8.8/", "https://169.254.169.254/"})
    void callsNothingElseWhileTheSandboxIsOn(URI target) {
        configuration.with("grantbook.sandbox.enabled", "true");

        assertThatIOException().isThrownBy(() -> check(target));
    }

    @Test
    void callsAPrivateHostThatTheOperatorNamedOverHttpsOnly() {
        configuration.with("grantbook.provider.private-hosts", "sso.internal,10.1.2.3");

        assertThatCode(() -> check(URI.create("https://10.1.2.3/"))).doesNotThrowAnyException();
        assertThatIOException()
                .isThrownBy(() -> check(URI.create("http://10.1.2.3/")))
                .withMessageContaining("https");
        assertThatIOException().isThrownBy(() -> check(URI.create("https://10.1.2.4/")));
    }

    @ParameterizedTest
    @CsvSource({
        "https:/token, an address without a host cannot be called",
        "https://127.1/, an address without a host cannot be called",
        "https://grantbook.invalid/, grantbook.invalid is not a known host"
    })
    void saysWhatIsWrongWithAnAddress(URI target, String message) {
        assertThatIOException().isThrownBy(() -> check(target)).withMessage(message);
    }

    @Test
    void checksBeforeItSends() {
        assertThatIOException()
                .isThrownBy(() -> TestHttp.with(configuration.settings())
                        .send(new OutboundRequest(), URI.create("https://169.254.169.254/latest")))
                .withMessageContaining("private network");
    }

    @Test
    @DisplayName("4.2 A reply that is no HTTP is not quoted: it may repeat what was sent")
    void saysInPlainWordsWhatTheOtherSideAnswered() throws Exception {
        configuration.with("grantbook.sandbox.enabled", "true").with("grantbook.provider.timeout", "PT30S");
        OutboundHttp http = TestHttp.with(configuration.settings());
        var bounds = new OutboundHttp.Bounds(Duration.ofSeconds(30), 1000);
        try (var garbler = new Garbler()) {
            assertThatIOException()
                    .isThrownBy(() -> http.send(new OutboundRequest(), garbler.url()))
                    .satisfies(OutboundHttpTest::isPlain);
            assertThatIOException()
                    .isThrownBy(() -> http.stream(new OutboundRequest().method("GET"), garbler.url(), null, bounds))
                    .satisfies(OutboundHttpTest::isPlain);
        }
    }

    @Test
    @DisplayName("4.1 A call of ours in clear asks for no upgrade, which is refused beside a body")
    void asksForNoUpgrade() throws Exception {
        configuration.with("grantbook.sandbox.enabled", "true").with("grantbook.provider.timeout", "PT30S");
        OutboundHttp http = TestHttp.with(configuration.settings());
        List<String> upgrades = new CopyOnWriteArrayList<>();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            upgrades.add(String.valueOf(exchange.getRequestHeaders().getFirst("Upgrade")));
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
        try {
            URI target = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
            http.postJson(target, Map.of(), "{}", Duration.ofSeconds(30));
            http.send(new OutboundRequest().method("POST", "x=1"), target);
            var upload = new OutboundHttp.Upload(new ByteArrayInputStream(new byte[] {1}), 1);
            http.stream(
                            new OutboundRequest().method("POST"),
                            target,
                            upload,
                            new OutboundHttp.Bounds(Duration.ofSeconds(30), 1000))
                    .body()
                    .close();
        } finally {
            server.stop(0);
        }

        assertThat(upgrades).containsExactly("null", "null", "null");
    }

    private static void isPlain(IOException told) {
        assertThat(told).hasNoCause().hasMessage("127.0.0.1 could not be asked: the reply is no HTTP that can be read");
    }

    private void check(URI target) throws IOException {
        TestHttp.with(configuration.settings()).check(target);
    }
}
