package dev.grantbook.platform.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.grantbook.testing.Configuration;
import jakarta.enterprise.event.Startup;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
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
                .isThrownBy(() -> configuration.settings().publicUrl())
                .withMessageStartingWith("grantbook.public-url: ");
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                arguments("grantbook.provider.timeout", "10s", (Function<Settings, Object>) Settings::providerTimeout),
                arguments("grantbook.provider.timeout", "PT0.0005S", (Function<Settings, Object>)
                        Settings::providerTimeout),
                arguments("grantbook.provider.timeout", "PT0S", (Function<Settings, Object>) Settings::providerTimeout),
                arguments(
                        "grantbook.attempt.lifetime", "-PT1M", (Function<Settings, Object>) Settings::attemptLifetime),
                arguments("grantbook.invitation.lifetime", "1h", (Function<Settings, Object>)
                        Settings::invitationLifetime),
                arguments("grantbook.reask.cool-down", "soon", (Function<Settings, Object>) Settings::reaskCoolDown),
                arguments("grantbook.deliveries.timeout", "15", (Function<Settings, Object>) Settings::deliveryTimeout),
                arguments("grantbook.deliveries.pause", "PT0S", (Function<Settings, Object>) Settings::deliveryPause),
                arguments("grantbook.deliveries.keep", "30d", (Function<Settings, Object>) Settings::deliveriesKept),
                arguments("grantbook.retention.round", "hourly", (Function<Settings, Object>) Settings::retentionRound),
                arguments("grantbook.reask.limit", "two", (Function<Settings, Object>) Settings::reaskLimit),
                arguments("grantbook.reask.limit", "-1", (Function<Settings, Object>) Settings::reaskLimit),
                arguments("grantbook.sandbox.enabled", "maybe", (Function<Settings, Object>) Settings::sandbox));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void aWrongValueNamesTheSetting(String name, String value, Function<Settings, Object> setting) {
        configuration.with(name, value);

        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> setting.apply(configuration.settings()))
                .withMessageStartingWith(name + ": ")
                .withMessageContaining(value);
    }

    @ParameterizedTest
    @DisplayName("5.1 A wrong value of any kind stops the start and is named")
    @CsvSource({
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
        "grantbook.public-url,                   grantbook.example"
    })
    void aWrongValueStopsTheStart(String name, String value) {
        configuration.with(name, value);

        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> configuration.settings().check(new Startup()))
                .withMessageStartingWith(name + ": ")
                .withMessageContaining(value.substring(value.indexOf(',') + 1));
    }

    @Test
    @DisplayName("5.1 Every setting is read at the start, a new one too")
    void everySettingIsReadAtTheStart() throws IOException {
        var read = new TreeSet<String>();
        Config real = ConfigProvider.getConfig();
        var config = (Config) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Config.class}, (proxy, method, arguments) -> {
                    if (method.getName().startsWith("getOptionalValue")) {
                        read.add((String) arguments[0]);
                    }
                    return method.invoke(real, arguments);
                });

        new Settings(config).check(new Startup());

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
        assertThat(settings.sandbox()).isFalse();
        assertThat(settings.providerTimeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(settings.attemptLifetime()).isEqualTo(Duration.ofMinutes(10));
        assertThat(settings.reaskLimit()).isEqualTo(2);
        assertThat(settings.privateHosts()).isEmpty();
        assertThat(settings.connectorsFile()).isEmpty();
        assertThat(settings.databaseUrl()).startsWith("jdbc:h2:file:");
    }

    @Test
    void theDataDirectoryHoldsWhatIsNotPutElsewhere() {
        configuration.with("grantbook.data", "/srv/grantbook/../book");

        assertThat(configuration.settings().data()).isEqualTo(Path.of("/srv/book"));
        assertThat(configuration.settings().keysetFile()).isEqualTo(Path.of("/srv/book/keyset.json"));
        assertThat(configuration.settings().databaseUrl())
                .isEqualTo("jdbc:h2:file:/srv/book/grantbook;LOCK_TIMEOUT=10000");
    }
}
