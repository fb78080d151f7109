package dev.grantbook.apikey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.platform.config.IpNetwork;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientAddressTest {

    private static final List<IpNetwork> PROXIES = Stream.of("10.0.0.0/8", "192.0.2.1", "2001:db8:1::/48")
            .map(IpNetwork::parse)
            .flatMap(Optional::stream)
            .toList();

    private static String of(String peer, String... forwarded) {
        return ClientAddress.of(peer, List.of(forwarded), PROXIES).text();
    }

    @Test
    void theHeaderOfAStrangerIsNotBelieved() {
        assertThat(of("203.0.113.7", "198.51.100.1")).isEqualTo("203.0.113.7");
    }

    @Test
    void theHeaderOfAProxyIsBelieved() {
        assertThat(of("10.1.2.3", "198.51.100.1")).isEqualTo("198.51.100.1");
    }

    @Test
    void whatTheClientWroteBeforeTheProxyIsNotBelieved() {
        assertThat(of("10.1.2.3", "1.1.1.1, 198.51.100.1")).isEqualTo("198.51.100.1");
        assertThat(of("10.1.2.3", "10.0.0.9, 198.51.100.1")).isEqualTo("198.51.100.1");
        assertThat(of("10.1.2.3", "1.1.1.1", "198.51.100.1")).isEqualTo("198.51.100.1");
    }

    @Test
    void severalProxiesAreSkipped() {
        assertThat(of("10.1.2.3", "1.1.1.1, 198.51.100.1, 192.0.2.1, 10.9.9.9")).isEqualTo("198.51.100.1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "unknown", "evil.example", "999.1.1.1", "1.2.3", "<b>", "127.0.0.1.", ":", "1::2::3"})
    void whatIsNoAddressEndsTheReading(String hop) {
        assertThat(of("10.1.2.3", hop)).isEqualTo("10.1.2.3");
        assertThat(of("10.1.2.3", "198.51.100.1, " + hop)).isEqualTo("10.1.2.3");
    }

    @ParameterizedTest
    @CsvSource({
        "198.51.100.1:4711, 198.51.100.1",
        "2001:db8::7, 2001:db8:0:0:0:0:0:7",
        "[2001:db8::7]:443, 2001:db8:0:0:0:0:0:7",
        "[2001:db8::7], 2001:db8:0:0:0:0:0:7",
        "::ffff:198.51.100.1, 198.51.100.1"
    })
    void proxiesWriteAddressesInManyForms(String hop, String address) {
        assertThat(of("10.1.2.3", hop)).isEqualTo(address);
    }

    @Test
    void proxiesMayBeReachedByIpv6() {
        assertThat(of("2001:db8:1::5", "198.51.100.1")).isEqualTo("198.51.100.1");
        assertThat(of("2001:db8:2::5", "198.51.100.1")).isEqualTo("2001:db8:2:0:0:0:0:5");
    }

    @Test
    void withoutTrustedProxiesNobodyIsBelieved() {
        assertThat(ClientAddress.of("10.1.2.3", List.of("198.51.100.1"), List.of())
                        .text())
                .isEqualTo("10.1.2.3");
    }

    @Test
    void addressesOfOneIpv6CustomerAreOneNetwork() {
        assertThat(new ClientAddress("2001:db8:0:1:aaaa::1").network())
                .isEqualTo(new ClientAddress("2001:db8:0:1:bbbb::2").network())
                .isNotEqualTo(new ClientAddress("2001:db8:0:2::1").network());
        assertThat(new ClientAddress("198.51.100.1").network()).isEqualTo("198.51.100.1");
    }
}
