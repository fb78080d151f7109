package dev.grantbook.portability;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A server that the WAR runs on. Its scripts are {@code deploy/<id>/configure.sh} and {@code start.sh}; its unpacked
 * distribution is the only directory in {@code target/servers/<id>}, and its version the property
 * {@code portability.version.<id>}. Versions of one server, {@code <id>-7} and {@code <id>-8}, share their scripts.
 *
 * @param oldestJdk the feature release that it needs
 */
record AppServer(String id, String name, int oldestJdk) {

    private static final List<AppServer> ALL = List.of(
            new AppServer("wildfly", "WildFly", 17),
            new AppServer("payara-server", "Payara Server", 17),
            new AppServer("open-liberty", "Open Liberty", 17),
            new AppServer("glassfish-7", "GlassFish", 17),
            new AppServer("glassfish-8", "GlassFish", 21));

    /** Those that {@code grantbook.portability.servers} names, separated by commas; all when it names none. */
    static List<AppServer> chosen() {
        List<String> ids = Words.of("grantbook.portability.servers");
        return ids.isEmpty() ? ALL : ids.stream().map(AppServer::find).toList();
    }

    private static AppServer find(String id) {
        return ALL.stream()
                .filter(server -> server.id.equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no server is called " + id + "; there are " + ALL));
    }

    String version() {
        return Objects.requireNonNull(System.getProperty("portability.version." + id), id);
    }

    Path distribution() throws IOException {
        try (Stream<Path> unpacked = Files.list(Path.of("target", "servers", id))) {
            return unpacked.filter(Files::isDirectory).findFirst().orElseThrow();
        }
    }

    String script(String script) {
        return Path.of("deploy", id.replaceFirst("-[0-9]+$", ""), script)
                .toAbsolutePath()
                .toString();
    }
}
