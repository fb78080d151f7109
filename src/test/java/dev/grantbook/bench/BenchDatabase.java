package dev.grantbook.bench;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;

/** A PostgreSQL of its own that keeps what it was told, as in production, and counts statements. */
final class BenchDatabase implements AutoCloseable {

    static final String USER = "postgres";
    static final String PASSWORD = "postgres";

    private final EmbeddedPostgres server = EmbeddedPostgres.builder()
            .setPGStartupWait(Duration.ofMinutes(3))
            .setLocaleConfig("locale", "C")
            // Tests switch these off.
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("full_page_writes", "on")
            .setServerConfig("max_connections", "200")
            .setServerConfig("shared_buffers", "512MB")
            .setServerConfig("max_wal_size", "4GB")
            .setServerConfig("shared_preload_libraries", "pg_stat_statements")
            .start();

    BenchDatabase() throws IOException, SQLException {
        run("postgres", "CREATE EXTENSION pg_stat_statements");
    }

    void create(String name) throws SQLException {
        run("postgres", "CREATE DATABASE " + name);
    }

    /** The users of these numbers with the columns {@code n} and {@code name}. */
    static String users(int from, int to) {
        return "generate_series(%d, %d) n, concat('seed-', lpad(n::text, 7, '0')) name".formatted(from, to - 1);
    }

    String url(String name) {
        return "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/" + name;
    }

    Connection connect(String name) throws SQLException {
        return DriverManager.getConnection(url(name), USER, PASSWORD);
    }

    /**
     * How many statements one database was sent so far, but for the boundaries of transactions.
     *
     * @param words that the statements contain
     */
    long statements(String name, String words) throws SQLException {
        return Long.parseLong(one(
                "postgres",
                "SELECT coalesce(sum(calls), 0) FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid"
                        + " WHERE d.datname = '" + name + "' AND query NOT IN ('BEGIN', 'COMMIT', 'ROLLBACK')"
                        + " AND strpos(query, '" + words + "') > 0"));
    }

    String version() throws SQLException {
        return "PostgreSQL " + one("postgres", "SHOW server_version");
    }

    private String one(String name, String query) throws SQLException {
        try (Connection connection = connect(name);
                var sql = connection.createStatement();
                var rows = sql.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        }
    }

    void run(String name, String... updates) throws SQLException {
        try (Connection connection = connect(name);
                var sql = connection.createStatement()) {
            for (String update : updates) {
                sql.execute(update);
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
