package dev.grantbook.platform.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.grantbook.testing.Configuration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

    @RegisterExtension
    final Configuration configuration = new Configuration();

    @ParameterizedTest
    @CsvSource({
        "https://grantbook.example,            https://grantbook.example/x",
        "https://grantbook.example/,           https://grantbook.example/x",
        "https://grantbook.example:443,        https://grantbook.example/x",
        "https://grantbook.example:8443/,      https://grantbook.example:8443/x",
        "http://localhost:80,                  http://localhost/x",
        "http://localhost:443,                 http://localhost:443/x",
        "https://grantbook.example:80,         https://grantbook.example:80/x",
        "https://example.com/bots/grantbook/,  https://example.com/bots/grantbook/x",
        "https://example.com/bots//,           https://example.com/bots/x",
        "HTTPS://Grantbook.Example,            https://grantbook.example/x",
        "http://[::1]:8080,                    http://[::1]:8080/x"
    })
    void thePublicUrlIsNormal(String given, String wanted) {
        configuration.with("grantbook.public-url", given);

        assertThat(configuration.settings().publicUrl("/x")).hasToString(wanted);
        assertThat(configuration.settings().https()).isEqualTo(wanted.startsWith("https:"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "grantbook.example",
                "//grantbook.example",
                "ftp://grantbook.example",
                "https:///x",
                "https://",
                "https://a b/",
                "https://user:secret@grantbook.example",
                "https://grantbook.example?x=1",
                "https://grantbook.example#x",
                "javascript:alert(1)"
            })
    void aWrongPublicUrlNamesTheSetting(String given) {
        configuration.with("grantbook.public-url", given);

        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(configuration::settings)
                .withMessageStartingWith("grantbook.public-url: ");
    }

    @ParameterizedTest
    @DisplayName("5.1 A wrong value of any kind stops the start and is named")
    @CsvSource({
        "grantbook.provider.timeout,             10s",
        "grantbook.provider.timeout,             PT0.0005S",
        "grantbook.provider.timeout,             PT0S",
        "grantbook.provider.clock-skew,          PT11M",
        "grantbook.attempt.lifetime,             -PT1M",
        "grantbook.invitation.lifetime,          1h",
        "grantbook.reask.cool-down,              soon",
        "grantbook.deliveries.timeout,           15",
        "grantbook.deliveries.pause,             PT0S",
        "grantbook.deliveries.keep,              30d",
        "grantbook.retention.round,              hourly",
        "grantbook.reask.limit,                  two",
        "grantbook.reask.limit,                  -1",
        "grantbook.reask.limit,                  10000",
        "grantbook.trusted-proxies,              proxy.example",
        "grantbook.trusted-proxies,              10.0.0.0/33",
        "grantbook.trusted-proxies,              2001:db8::/129",
        "grantbook.trusted-proxies,              '10.0.0.1,10.0.0.x'",
        "grantbook.provider.private-hosts,       https://login.example",
        "grantbook.provider.private-hosts,       login.example:8443",
        "grantbook.revocation.patience,          3d",
        "grantbook.probe.per-round,              0",
        "grantbook.probe.per-round,              10000",
        "grantbook.anonymous.per-minute,         1000001",
        "grantbook.proxy.largest,                16M",
        "grantbook.sandbox.enabled,              yes",
        "grantbook.sandbox.enabled,              maybe",
        "grantbook.public-url,                   grantbook.example"
    })
    void aWrongValueStopsTheStart(String name, String value) {
        configuration.with(name, value);

        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(configuration::settings)
                .withMessageStartingWith(name + ": ")
                .withMessageContaining(value.substring(value.indexOf(',') + 1));
    }

    @Test
    void allFaultsAreNamedAtOnce() {
        configuration
                .with("grantbook.provider.timeout", "10s")
                .with("grantbook.reask.limit", "many")
                .with("grantbook.database.url", "jdbc:mysql://secret@db/x");

        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(configuration::settings)
                .withMessage("""
                        grantbook.database.url: only jdbc:h2: and jdbc:postgresql: are supported
                        grantbook.reask.limit: "many" is not a number from 0 to 9999
                        grantbook.provider.timeout: "10s" is not a duration from PT0.001S; right would be PT10S""");
    }

    @Test
    @DisplayName("5.1 Every setting is read at the start, a new one too")
    void everySettingIsReadAtTheStart() throws IOException {
        var read = new TreeSet<String>();

        Settings.read(name -> {
            read.add(name);
            return Optional.empty();
        });

        assertThat(read).hasSizeGreaterThan(30).containsExactlyInAnyOrderElementsOf(documented());
    }

    /** The names in the first column of the page's first table. */
    private static Set<String> documented() throws IOException {
        return Files.readAllLines(Path.of("docs/configuration.md")).stream()
                .takeWhile(line -> !line.startsWith("## "))
                .filter(line -> line.startsWith("| `"))
                .flatMap(line -> Pattern.compile("`(grantbook\\.[a-z.-]+)`")
                        .matcher(line.substring(0, line.indexOf('|', 1)))
                        .results())
                .map(name -> name.group(1))
                .collect(Collectors.toSet());
    }

    @Test
    void secretsRedactThemselves() {
        Settings settings = configuration
                .with("grantbook.database.url", "jdbc:h2:mem:x;PASSWORD=swordfish")
                .with("grantbook.database.password", "swordfish")
                .with("grantbook.keyset", "swordfish")
                .with("grantbook.admin.password", "swordfish")
                .with("grantbook.auditor.password", "swordfish")
                .settings();

        assertThat(List.of(settings, settings.database(), settings.keyset(), settings.passwords()))
                .allSatisfy(one -> assertThat(one.toString()).doesNotContain("swordfish"));
    }

    @Test
    void listsAreSeparatedByCommasAndSpaces() {
        configuration.with("grantbook.trusted-proxies", "10.0.0.5, 192.0.2.0/24");

        assertThat(configuration.settings().trustedProxies())
                .extracting(IpNetwork::toString)
                .containsExactly("10.0.0.5/32", "192.0.2.0/24");
    }

    @Test
    void whatIsNotSetHasASoundValue() {
        Settings settings = configuration.settings();

        assertThat(settings.publicUrl()).hasToString("http://localhost:8080");
        assertThat(settings.sandbox().enabled()).isFalse();
        assertThat(settings.provider().timeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(settings.attempts().lifetime()).isEqualTo(Duration.ofMinutes(10));
        assertThat(settings.attempts().reaskLimit()).isEqualTo(2);
        assertThat(settings.provider().privateHosts()).isEmpty();
        assertThat(settings.connectorsFile()).isEmpty();
        assertThat(settings.database().url()).startsWith("jdbc:h2:file:");
    }

    @Test
    void theDataDirectoryHoldsWhatIsNotPutElsewhere() {
        configuration.with("grantbook.data", "/srv/grantbook/../book");

        assertThat(configuration.settings().data()).isEqualTo(Path.of("/srv/book"));
        assertThat(configuration.settings().keyset().file()).isEqualTo(Path.of("/srv/book/keyset.json"));
        assertThat(configuration.settings().database().url())
                .isEqualTo("jdbc:h2:file:/srv/book/grantbook;LOCK_TIMEOUT=10000");
    }
}
