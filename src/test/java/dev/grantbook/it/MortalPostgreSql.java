package dev.grantbook.it;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A real PostgreSQL that can be killed, and comes back with what it had. */
final class MortalPostgreSql implements AutoCloseable {

    private final Path data;
    private EmbeddedPostgres server;

    private MortalPostgreSql(Path data) throws IOException {
        this.data = data;
        this.server = start(0);
    }

    static MortalPostgreSql start() throws IOException {
        return new MortalPostgreSql(Files.createTempDirectory("mortal-postgresql"));
    }

    /** @param port 0 for a free one */
    private EmbeddedPostgres start(int port) throws IOException {
        return EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setPort(port)
                .setPGStartupWait(Duration.ofMinutes(3))
                .setLocaleConfig("locale", "C")
                .start();
    }

    Map<String, String> configuration() {
        return Map.of(
                "grantbook.database.url",
                "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/postgres",
                "grantbook.database.user",
                "postgres",
                "grantbook.database.password",
                "postgres");
    }

    Connection connect() throws SQLException {
        return server.getPostgresDatabase().getConnection();
    }

    /** As a machine that loses its power ends: all of its processes at once, nothing is said to anybody. */
    void kill() throws IOException {
        long pid = Long.parseLong(
                Files.readAllLines(data.resolve("postmaster.pid")).get(0).strip());
        ProcessHandle postmaster = ProcessHandle.of(pid).orElseThrow();
        List<ProcessHandle> all =
                Stream.concat(Stream.of(postmaster), postmaster.descendants()).toList();
        all.forEach(ProcessHandle::destroyForcibly);
        // Where nobody collects what they leave behind, they count as alive.
        all.forEach(process -> process.onExit()
                .completeOnTimeout(process, 10, TimeUnit.SECONDS)
                .join());
    }

    void revive() throws IOException {
        int port = server.getPort();
        server.close();
        server = start(port);
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
