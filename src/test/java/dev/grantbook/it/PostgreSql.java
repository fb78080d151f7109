package dev.grantbook.it;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A real PostgreSQL on a free loopback port, since H2's emulation proves nothing about locks and migrations in
 * production. It starts when the first test asks, serves every test of the JVM, and stops with the JVM.
 */
public final class PostgreSql {

    /** An empty database of its own, owned by a user who may do nothing else. */
    public record Database(String url, String user, String password) {

        /** The settings of a server that uses it. */
        public Map<String, String> configuration() {
            return Map.of(
                    "grantbook.database.url", url,
                    "grantbook.database.user", user,
                    "grantbook.database.password", password);
        }
    }

    private static @Nullable EmbeddedPostgres server;

    private static int databases;

    private PostgreSql() {}

    /** A database that nobody has used. */
    public static synchronized Database fresh() throws SQLException {
        EmbeddedPostgres running = running();
        String name = "grantbook_" + ++databases;
        try (Connection connection = running.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE ROLE " + name + " LOGIN PASSWORD '" + name + "'");
            statement.execute("CREATE DATABASE " + name + " OWNER " + name);
        }
        return new Database("jdbc:postgresql://127.0.0.1:" + running.getPort() + "/" + name, name, name);
    }

    private static EmbeddedPostgres running() {
        EmbeddedPostgres running = server;
        for (int tries = 1; running == null; tries++) {
            try {
                running = EmbeddedPostgres.builder()
                        .setPGStartupWait(Duration.ofMinutes(3))
                        .setLocaleConfig("locale", "C")
                        .start();
            } catch (IOException e) {
                // Somebody else may have taken the port that was free a moment ago.
                if (tries == 3) {
                    throw new UncheckedIOException("PostgreSQL did not start", e);
                }
            }
            server = running;
        }
        return running;
    }
}
