package dev.grantbook.connector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.apikey.ApiKeys;
import dev.grantbook.catalogue.Endpoints;
import dev.grantbook.catalogue.TestProviders;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.platform.changes.Difference;
import dev.grantbook.testing.Configuration;
import dev.grantbook.testing.TestClock;
import jakarta.enterprise.event.Startup;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code docs/providers} tells operators to write works as it stands there. */
class ProviderPagesTest {

    /** From a fence to the next, wherever a list has moved it. */
    private static final Pattern BLOCK = Pattern.compile("(?ms)^( *)```yaml\\n(.*?)^ *```$");

    @RegisterExtension
    final Configuration configuration = new Configuration();

    @TempDir
    Path folder;

    private final List<Connector> declared = new ArrayList<>();
    private final ConnectorsFile file = new ConnectorsFile();

    @BeforeEach
    void setUp() {
        file.settings = configuration.with("TEST_SECRET", "swordfish").settings();
        file.catalogue = TestProviders.catalogue(file.settings);
        file.random = new SecureRandom();
        file.connectors = new Connectors();
        file.connectors.settings = file.settings;
        file.connectors.clock = new TestClock();
        file.connectors.random = file.random;
        file.declarations = new Declarations() {
            @Override
            public Changes store(Map<ConnectorId, String> definitions, Map<String, ApiKeys.Declared> all) {
                definitions.forEach((id, definition) -> declared.add(connector(id.value(), definition)));
                return new Changes(Difference.between(Map.of(), Map.of()), Difference.between(Map.of(), Map.of()));
            }
        };
    }

    static Stream<Path> pages() throws IOException {
        try (var pages = Files.list(Path.of("docs/providers"))) {
            return pages.sorted().toList().stream();
        }
    }

    /** A token goes to the API, so that an API that stays behind when the rest moves is somebody else's. */
    @ParameterizedTest
    @MethodSource("pages")
    void eachBlockIsAConnectorWhoseApiIsAtItsOwnServers(Path page) throws IOException {
        for (String block : blocks(page)) {
            declare(block);
        }

        assertThat(declared).isNotEmpty().allSatisfy(connector -> {
            Endpoints usual = connector.provider().endpoints();
            boolean moved = !usual.byName().equals(catalogued(connector).byName());
            if (moved && !catalogued(connector).api().isEmpty()) {
                assertThat(usual.api()).isNotEmpty();
                assertThat(usual.byName().values().stream().map(URI::getHost))
                        .containsAll(usual.api().stream().map(URI::getHost).collect(Collectors.toSet()));
            }
        });
    }

    private Endpoints catalogued(Connector connector) {
        return file.catalogue.find(connector.provider().id()).orElseThrow().endpoints();
    }

    /** Each block that is a whole, and each other one as what is added to the whole before it. */
    private static List<String> blocks(Path page) throws IOException {
        var blocks = new ArrayList<String>();
        String whole = "";
        for (var found : BLOCK.matcher(Files.readString(page)).results().toList()) {
            String block = found.group(2).replaceAll("(?m)^" + found.group(1), "");
            whole = block.startsWith("connectors:") ? block : whole;
            blocks.add(block.equals(whole) ? block : whole + block);
        }
        return blocks;
    }

    private void declare(String text) throws IOException {
        Path path = Files.writeString(
                folder.resolve("connectors.yaml"),
                text.replaceAll("env:\\w+", "env:TEST_SECRET").replaceAll(" +private-key: .*\n", ""));
        file.settings =
                configuration.with("grantbook.connectors.file", path.toString()).settings();
        file.declare(new Startup());
    }

    private Connector connector(String id, String definition) {
        var provider = Pattern.compile("\"provider\":\"(\\w+)\"")
                .matcher(definition)
                .results()
                .findFirst();
        return TestConnectors.of(
                id,
                definition,
                file.catalogue.find(provider.orElseThrow().group(1)).orElseThrow());
    }
}
